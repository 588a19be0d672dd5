package main

import "zomrobot/conversation"

// newMachine returns the dialogue with all of its flows. An earlier one hears first of what
// happens.
func newMachine() *conversation.Machine {
	return conversation.Assemble(
		conversation.Basics(), conversation.AccountFlow(), conversation.ServerFlow(), conversation.BillFlow(),
		conversation.OrderFlow(), conversation.TeamFlow(),
	)
}
