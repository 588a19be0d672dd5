package order

import (
	"zomrobot/chat"
	"zomrobot/conversation"
)

func askPayer(v *conversation.View) {
	v.Line(chat.Say("ask.payer"))
	for i, a := range v.Dialogue.Accounts {
		v.Row(v.Option(conversation.Plain(a.Nick), a.ID == v.Dialogue.Payer().ID, conversation.VerbPick, i))
	}
}

// pressPayer chooses the account that pays. Its order form has keys and images of
// its own: what was chosen from another's is dropped.
func pressPayer(t *conversation.Turn, verb string, n int) bool {
	if verb != conversation.VerbPick || n < 0 || n >= len(t.Dialogue.Accounts) {
		return false
	}
	dr := t.Dialogue.Draft
	if chosen := t.Dialogue.Accounts[n].ID; chosen != t.Dialogue.Payer().ID {
		if dr.Access.Kind == conversation.AccessKey {
			t.Note(chat.Say("note.dropped", "What", []chat.Phrase{chat.Say("part.key", "Key", dr.Access.Key.Name)}))
			dr.Access = conversation.Access{}
		}
		dr.Account, dr.Form, dr.Balance, dr.NewKey = chosen, nil, nil, ""
	}
	t.GoTo(PlaceReview)
	return true
}
