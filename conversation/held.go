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
	HeldByStore HeldBy = "store" // what is bought could not be written down
)

// What holds up one purchase: something on which its payment rests is not so any
// more.
const (
	HeldByTelegram  HeldBy = "telegram"  // Telegram does not say who is in the group
	HeldByOperator  HeldBy = "operator"  // the operator does not let who pays, or who asked for it, use the bot any more
	HeldByAccount   HeldBy = "account"   // the account is not connected any more, or does not pay for the team
	HeldByHolder    HeldBy = "holder"    // whose account it is has left the group
	HeldByRequester HeldBy = "requester" // who asked for it has left the group
	HeldByRole      HeldBy = "role"      // their role does not let them order any more
	HeldByDamage    HeldBy = "damage"    // the record of another purchase of the account cannot be read
	HeldByLedger    HeldBy = "ledger"    // what the team has spent is not known for certain
	HeldByLimit     HeldBy = "limit"     // it is above a limit of the team, which refuses such orders
)

// Own reports whether it holds up one purchase, and not all of them.
func (by HeldBy) Own() bool { return by != HeldByOwner && by != HeldByStore }

// text says what holds a purchase up, and what helps. own: it is one person's.
func (h Held) text(own bool) []chat.Phrase {
	switch {
	case h.By == HeldByStore:
		return []chat.Phrase{chat.Say("held.store")}
	case h.By == HeldByOwner && h.Reason != "":
		return []chat.Phrase{chat.Say("held.owner_reason", "Reason", h.Reason)}
	case h.By == HeldByOwner:
		return []chat.Phrase{chat.Say("held.owner")}
	case h.By == HeldByAccount && own:
		return []chat.Phrase{chat.Say("held.account_own"), chat.Say("held.until", "Until", h.Until)}
	default:
		return []chat.Phrase{chat.Say("held." + string(h.By)), chat.Say("held.until", "Until", h.Until)}
	}
}

// heldRows are the buttons of a purchase that is held up by itself.
func (p Purchase) heldRows() [][]chat.Button {
	return [][]chat.Button{{{Label: chat.Say("button.refresh"), Data: purchaseData(p, choiceStatus)}}, {p.cancelButton()}}
}

// heldProblem says why nothing that costs money is done.
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

// PurchasesStopped tells an owner that no purchase goes on, and why.
func PurchasesStopped(reason string) chat.Screen {
	s := chat.Screen{Lines: []chat.Phrase{chat.Say("owner.stopped")}}
	if reason != "" {
		s.Lines = append(s.Lines, chat.Say("owner.reason", "Reason", reason))
	}
	return s
}

// AllowedTooLate tells an owner that their command came too late to be obeyed.
func AllowedTooLate() chat.Screen {
	return chat.Screen{Lines: []chat.Phrase{chat.Say("owner.allow_old")}}
}

// PurchasesAllowed tells an owner that purchases go on.
func PurchasesAllowed() chat.Screen {
	return chat.Screen{Lines: []chat.Phrase{chat.Say("owner.allowed")}}
}

// StoreUnwell tells a person that what they did could not be written down.
func StoreUnwell() chat.Screen {
	return chat.Screen{Lines: []chat.Phrase{chat.Say("store.unwell")}}
}

// Alarm tells an owner of the bot what only they can mend.
func Alarm(what string) chat.Screen {
	return chat.Screen{Lines: []chat.Phrase{chat.Say("alarm." + what)}}
}
