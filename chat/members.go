package chat

// What happens to a chat is not an event of one person's dialogue: the engine takes
// it. The dialogue of such an event has no user.

// Moved says that a group has become a supergroup: the same people under
// another id.
type Moved struct {
	From, To int64
}

// MemberLeft says that somebody is no longer in a group.
type MemberLeft struct{ User int64 }

// MemberJoined says that somebody has come into a group.
type MemberJoined struct{}

// BotChanged says that somebody has changed what the bot may do in a chat.
type BotChanged struct {
	By      Person
	Was, Is Standing
}

// Standing is what somebody may do in a chat.
type Standing string

// The standings.
const (
	StandingAway  Standing = "away"  // not in it, or the person has blocked the bot
	StandingMute  Standing = "mute"  // in it, but may not write
	StandingWrite Standing = "write" // may write
)

// Anonymous says that somebody who writes in the name of a group has sent the bot
// a command.
type Anonymous struct {
	Channel bool // in that of a channel
}

func (Anonymous) Event() {}

func (Moved) Event() {}

func (MemberLeft) Event() {}

func (MemberJoined) Event() {}

func (BotChanged) Event() {}
