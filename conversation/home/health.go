package home

import (
	"time"

	"zomrobot/chat"
	"zomrobot/conversation"
)

// CommandHealth is the command of an owner of the bot who asks how it is.
const CommandHealth = "health"

// Health is how the bot is, for its owners. It holds nothing of a person.
type Health struct {
	Version string
	Up      time.Duration // since it was started

	Deaf   bool          // nothing is heard from Telegram
	Silent time.Duration // with Deaf: for how long
	Unsaid int           // dialogues for which something is kept that Telegram did not take

	Asked    bool          // Zomro was asked since the start
	Answers  bool          // the last call was answered
	Answered time.Duration // since its last answer; 0: there was none

	Open       int           // purchases that are looked after
	Unknown    int           // those of them of which it is not known whether something was bought
	UnknownFor time.Duration // the oldest of these
	Waiting    int           // those of them that wait for a person's answer
	WaitingFor time.Duration // the oldest of these
	Held       int           // those of them that may not go on now
	Damaged    int           // those of them that cannot be read
	Stopped    bool          // an owner has stopped all purchases
	StoppedFor string        // what the owner said why

	Outbox    int           // what is on its way out
	OutboxFor time.Duration // the oldest of it

	Size int64 // of the store, in bytes; 0: not known
	Free int64 // on its disk; negative: not known
	Full bool  // too little is free, so that nothing is bought
}

// Screen tells an owner how the bot is.
func (h Health) Screen() chat.Screen {
	lines := []chat.Phrase{
		chat.Say("health.title", "Version", h.Version, "Up", conversation.AgeText(h.Up)),
		{},
		h.telegram(),
	}
	if h.Unsaid > 0 {
		lines = append(lines, chat.Say("health.unsaid", "Count", h.Unsaid))
	}
	lines = append(lines, h.vendor(), chat.Phrase{}, chat.Say("health.open", "Open", h.Open))
	if h.Unknown > 0 {
		lines = append(lines, chat.Say("health.unknown", "Unknown", h.Unknown, "Age", conversation.AgeText(h.UnknownFor)))
	}
	if h.Waiting > 0 {
		lines = append(lines, chat.Say("health.waiting", "Waiting", h.Waiting, "Age", conversation.AgeText(h.WaitingFor)))
	}
	if h.Damaged > 0 {
		lines = append(lines, chat.Say("health.damaged", "Damaged", h.Damaged))
	}
	if h.Stopped {
		lines = append(lines, chat.Say("health.stopped"))
		if h.StoppedFor != "" {
			lines = append(lines, chat.Say("owner.reason", "Reason", h.StoppedFor))
		}
	}
	if h.Held > 0 {
		lines = append(lines, chat.Say("health.held", "Held", h.Held))
	}
	lines = append(lines, chat.Phrase{})
	if h.Outbox > 0 {
		lines = append(lines, chat.Say("health.outbox", "Outbox", h.Outbox, "Age", conversation.AgeText(h.OutboxFor)))
	} else {
		lines = append(lines, chat.Say("health.outbox_empty"))
	}
	return chat.Screen{Lines: append(lines, h.store()...)}
}

func (h Health) telegram() chat.Phrase {
	if h.Deaf {
		return chat.Say("health.deaf", "Age", conversation.AgeText(h.Silent))
	}
	return chat.Say("health.hears")
}

func (h Health) vendor() chat.Phrase {
	switch {
	case !h.Asked:
		return chat.Say("health.vendor_unasked")
	case h.Answers:
		return chat.Say("health.vendor", "Age", conversation.AgeText(h.Answered))
	case h.Answered > 0:
		return chat.Say("health.vendor_silent", "Age", conversation.AgeText(h.Answered))
	default:
		return chat.Say("health.vendor_never")
	}
}

func (h Health) store() []chat.Phrase {
	var lines []chat.Phrase
	switch size, free := chat.BytesOf(h.Size), chat.BytesOf(h.Free); {
	case h.Size > 0 && h.Free >= 0:
		lines = append(lines, chat.Say("health.store", "Size", size, "Free", free))
	case h.Size > 0:
		lines = append(lines, chat.Say("health.store_size", "Size", size))
	}
	if h.Full {
		lines = append(lines, chat.Say("health.full"))
	}
	return lines
}
