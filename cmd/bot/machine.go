package main

import (
	"zomrobot/conversation"
	accountflow "zomrobot/conversation/account"
	"zomrobot/conversation/bill"
	"zomrobot/conversation/expense"
	"zomrobot/conversation/home"
	imageflow "zomrobot/conversation/image"
	loadflow "zomrobot/conversation/load"
	orderflow "zomrobot/conversation/order"
	prolongflow "zomrobot/conversation/prolong"
	serverflow "zomrobot/conversation/server"
	teamflow "zomrobot/conversation/team"
	trialflow "zomrobot/conversation/trial"
)

// newMachine returns the dialogue with all of its flows. An earlier flow is the first to
// hear what happens.
func newMachine() *conversation.Machine {
	return conversation.Assemble(
		conversation.Basics(), accountflow.Flow(), serverflow.Flow(), imageflow.Flow(), loadflow.Flow(), prolongflow.Flow(), bill.Flow(), expense.Flow(),
		orderflow.Flow(), teamflow.Flow(), trialflow.Flow(), home.Flow(),
	)
}
