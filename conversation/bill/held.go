package bill

import (
	"time"

	"zomrobot/chat"
	"zomrobot/conversation"
)

// text says what holds a purchase up, and what helps. own: it is a single person's.
func text(h conversation.Held, own bool) []chat.Phrase {
	switch {
	case h.By == conversation.HeldByStore:
		return []chat.Phrase{chat.Say("held.store")}
	case h.By == conversation.HeldByOwner && h.Reason != "":
		return []chat.Phrase{chat.Say("held.owner_reason", "Reason", h.Reason)}
	case h.By == conversation.HeldByOwner:
		return []chat.Phrase{chat.Say("held.owner")}
	case h.By == conversation.HeldByAccount && own:
		return []chat.Phrase{chat.Say("held.account_own"), chat.Say("held.until", "Until", h.Until)}
	default:
		return []chat.Phrase{chat.Say("held." + string(h.By)), chat.Say("held.until", "Until", h.Until)}
	}
}

// heldRows are the buttons of a purchase that is held up on its own.
func (p Purchase) heldRows() [][]chat.Button {
	return [][]chat.Button{{{Label: chat.Say("button.refresh"), Data: purchaseData(p, conversation.ChoiceStatus)}}, {p.cancelButton()}}
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

// PurchasesAllowed tells an owner that purchases go on, or that they did already.
func PurchasesAllowed(stopped bool) chat.Screen {
	if !stopped {
		return chat.Screen{Lines: []chat.Phrase{chat.Say("owner.not_stopped")}}
	}
	return chat.Screen{Lines: []chat.Phrase{chat.Say("owner.allowed")}}
}

// StoreUnwell tells a person that what they did could not be saved.
func StoreUnwell() chat.Screen {
	return chat.Screen{Lines: []chat.Phrase{chat.Say("store.unwell")}}
}

// StoreRestored tells an owner that the bot goes on from an older copy of its store, of a
// moment that is zero if it is not known, and whether purchases are stopped.
func StoreRestored(of time.Time, stopped bool) chat.Screen {
	s := chat.Screen{Lines: []chat.Phrase{chat.Say("owner.restored", "At", of)}}
	if of.IsZero() {
		s.Lines[0] = chat.Say("owner.restored_old")
	}
	if stopped {
		s.Lines = append(s.Lines, chat.Say("owner.stopped"))
	}
	return s
}

// Alarm tells an owner of the bot what only they can fix.
func Alarm(what string, silent time.Duration) chat.Screen {
	if what == "silence" {
		return chat.Screen{Lines: []chat.Phrase{chat.Say("alarm.silence", "Age", conversation.AgeText(silent))}}
	}
	return chat.Screen{Lines: []chat.Phrase{chat.Say("alarm." + what)}}
}
