package conversation

import (
	"zomrobot/chat"
)

// GroupGreeting says to a group that the bot was added to what it does.
func GroupGreeting() chat.Screen {
	return chat.Screen{
		Lines: []chat.Phrase{chat.Say("group.hello"), chat.Say("start.money")},
		Rows:  [][]chat.Button{{CommandButton("team"), CommandButton("help")}},
	}
}

// Advice says how somebody who writes in the name of a group or a channel can order.
func Advice(a chat.Anonymous) chat.Screen {
	if a.Channel {
		return chat.Screen{Lines: []chat.Phrase{chat.Say("group.channel")}}
	}
	return chat.Screen{Lines: []chat.Phrase{chat.Say("group.anonymous")}}
}

// Refused says to a person that the bot is not for them.
func Refused() chat.Screen { return chat.Screen{Lines: []chat.Phrase{chat.Say("access.refused")}} }

// ChatRefused says to a group that the bot is not for it.
func ChatRefused() chat.Screen {
	return chat.Screen{Lines: []chat.Phrase{chat.Say("access.refused_group")}}
}

// InPrivate is what a person sees in private because the bot cannot write in the
// group concerned. title is the group's; "": it is not known.
func InPrivate(s chat.Screen, title string) chat.Screen {
	head := chat.Say("group.elsewhere")
	if title != "" {
		head = chat.Say("group.elsewhere_named", "Title", title)
	}
	s.Lines = append([]chat.Phrase{head, {}}, s.Lines...)
	return s
}
