package conversation

import (
	"zomrobot/chat"
)

// Prompt makes the message to which a person in a group replies with what they
// type; false: nothing needs to be typed now. A bot that is not an administrator
// hears only replies to its messages there.
func (m *Machine) Prompt(d Dialogue) (chat.Screen, bool) {
	p, ok := m.place(d)
	if !ok || d.Key.Private() || p.Typed.Key == "" {
		return chat.Screen{}, false
	}
	if d.Aside == nil && m.Want(d.Draft) != nil {
		return chat.Screen{}, false // it is not asked yet
	}
	who := chat.Person{ID: d.Key.User, Name: d.Name}
	return chat.Screen{Lines: []chat.Phrase{chat.Say("prompt.reply", "Who", who)}, Reply: true, Field: p.Typed}, true
}
