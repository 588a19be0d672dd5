package bill

import (
	"reflect"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/purchase"
)

// HolderNews makes the private message to the person whose account pays for a
// team's purchase: all that it asks, or why it stopped. false: the group is shown
// the same. whole is the purchase as its holder may see it, shown as the group sees
// it.
func HolderNews(whole, shown Purchase, team string) (chat.Screen, bool) {
	said := whole.standing()
	if reflect.DeepEqual(said, shown.standing()) || whole.Question != nil && whole.Question.Kind == purchase.AskLogin { // which they are told anyway
		return chat.Screen{}, false
	}
	s := chat.Screen{Lines: append([]chat.Phrase{chat.Say("holder.about", "Team", team), {}}, whole.title()...)}
	s.Lines = append(append(s.Lines, said...), chat.Phrase{}, chat.Say("holder.private"))
	if whole.Question != nil && whole.Question.Kind == purchase.AskFunds {
		s.Rows = [][]chat.Button{{conversation.TopUpButton()}}
	}
	return s, true
}

// standing says what a purchase asks, or where it stands.
func (p Purchase) standing() []chat.Phrase {
	if p.Question != nil {
		return p.questionText()
	}
	return p.outcome()
}
