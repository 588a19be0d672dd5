package conversation

// What happens to a chat is no event of one person's dialogue: the engine takes
// it. The dialogue of such an event has no user.

// ChatMoved says that a group has become a supergroup: the same people under
// another id.
type ChatMoved struct {
	From, To int64
}

// MemberLeft says that somebody is not in a group any more.
type MemberLeft struct{ User int64 }

// MemberJoined says that somebody is in a group who was not.
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

func (Anonymous) event()    {}
func (ChatMoved) event()    {}
func (MemberLeft) event()   {}
func (MemberJoined) event() {}
func (BotChanged) event()   {}

// GroupGreeting says to a group that the bot was added to what it does.
func GroupGreeting() Screen {
	return Screen{
		Lines: []Phrase{Say("group.hello"), Say("start.money")},
		Rows:  [][]Button{{commandButton("team"), commandButton("help")}},
	}
}

// Advice says how somebody who writes in the name of a group or a channel can order.
func (a Anonymous) Advice() Screen {
	if a.Channel {
		return Screen{Lines: []Phrase{Say("group.channel")}}
	}
	return Screen{Lines: []Phrase{Say("group.anonymous")}}
}

// Refused says to a person that the bot is not for them.
func Refused() Screen { return Screen{Lines: []Phrase{Say("access.refused")}} }

// ChatRefused says to a group that the bot is not for it.
func ChatRefused() Screen { return Screen{Lines: []Phrase{Say("access.refused_group")}} }

// InPrivate is what a person sees in private because the bot cannot write in the
// group that it concerns. title is the group's; "": it is not known.
func InPrivate(s Screen, title string) Screen {
	head := Say("group.elsewhere")
	if title != "" {
		head = Say("group.elsewhere_named", "Title", title)
	}
	s.Lines = append([]Phrase{head, {}}, s.Lines...)
	return s
}
