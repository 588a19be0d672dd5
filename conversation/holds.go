package conversation

import (
	"time"

	"zomrobot/chat"
)

// Held says why a purchase may not go on for now.
type Held struct {
	By     HeldBy    `json:"by"`
	Reason string    `json:"reason,omitempty"` // of an owner, in their words
	Until  time.Time `json:"until,omitzero"`   // when it is given up if that does not change; zero: never
}

// HeldBy is what holds purchases up.
type HeldBy string

// What holds purchases up.
const (
	HeldByOwner HeldBy = "owner" // an owner of the bot has stopped all purchases
	HeldByStore HeldBy = "store" // what is bought could not be saved
)

// What holds up one purchase: something on which its payment rests no longer holds.
const (
	HeldByTelegram  HeldBy = "telegram"  // Telegram does not say who is in the group
	HeldByOperator  HeldBy = "operator"  // the operator no longer lets the payer, or the requester, use the bot
	HeldByAccount   HeldBy = "account"   // the account is no longer connected, or does not pay for the team
	HeldByHolder    HeldBy = "holder"    // the account's holder has left the group
	HeldByRequester HeldBy = "requester" // the requester has left the group
	HeldByRole      HeldBy = "role"      // the requester's role no longer lets them order
	HeldByDamage    HeldBy = "damage"    // the record of another purchase of the account cannot be read
	HeldByLedger    HeldBy = "ledger"    // what the team has spent is not known for certain
	HeldByLimit     HeldBy = "limit"     // it is above a limit of the team, which refuses such orders
)

// Own reports whether it holds up one purchase, and not all of them.
func (by HeldBy) Own() bool { return by != HeldByOwner && by != HeldByStore }

// heldProblem says why nothing is done that costs money.
func heldProblem(p Problem) chat.Phrase {
	switch {
	case p.Object == string(HeldByStore):
		return chat.Say("problem.held_store")
	case p.Message != "":
		return chat.Say("problem.held_owner_reason", "Reason", p.Message)
	default:
		return chat.Say("problem.held_owner")
	}
}
