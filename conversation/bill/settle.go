package bill

import (
	"slices"

	"zomrobot/chat"
	"zomrobot/purchase"
)

// doubted reports whether a team's purchase asks whether it was paid: when whoever
// ordered it is no longer in the group, the owner of the team may answer.
func (p Purchase) doubted() bool {
	return !p.Owner.Private() && p.Question != nil && slices.Contains(p.Question.Choices, purchase.ChooseBought)
}

// settleData is the data of a button that the team's owner may press, too.
func settleData(p Purchase, choice purchase.Choice) string {
	return purchaseData(p, string(choice)+".0")
}

// StillThere tells a team's owner that whoever ordered is in the group, and answers
// for the order.
func StillThere() chat.Phrase { return chat.Say("toast.still_there") }
