package order

import (
	"cmp"
	"strings"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/zomro"
)

func askName(v *conversation.View) {
	v.Line(chat.Say("ask.name"))
	showNamesake(v)
}

func textName(t *conversation.Turn, text string) {
	text = strings.TrimSpace(text)
	if wrong := conversation.CheckName(text); wrong != nil {
		t.Note(*wrong)
		return
	}
	t.Dialogue.Draft.Name, t.Dialogue.Draft.Named = text, true
	t.Forward()
}

// skipName leaves the name to the order, which has one of its own.
func skipName(t *conversation.Turn) {
	t.Dialogue.Draft.Name, t.Dialogue.Draft.Named = "", true
	t.Forward()
}

// lookForNamesake asks whether a server has the order's name, when the name or the
// account has changed, and again at the review if that is not known. Nothing waits
// for the answer.
func lookForNamesake(t *conversation.Turn, before conversation.Layout) {
	dr := t.Dialogue.Draft
	if dr == nil || dr.Name == "" || dr.Form == nil { // once there is a form, the account is settled
		return
	}
	n := dr.Namesake
	reviewed := dr.Place == PlaceReview && before.Place != PlaceReview && !n.Known
	if n.Name == dr.Name && n.Account == dr.Account && !reviewed {
		return
	}
	dr.Namesake = conversation.Namesake{Account: dr.Account, Name: dr.Name}
	t.Do(LoadNamesake{Draft: dr.ID, Account: dr.Account, Name: dr.Name})
}

// namesakeLoaded takes whether a server has the order's name.
func namesakeLoaded(t *conversation.Turn, e NamesakeLoaded) {
	dr := t.Dialogue.Draft
	if dr == nil || dr.ID != e.Draft || !e.Known || e.Name != dr.Namesake.Name || e.Asked != dr.Namesake.Account {
		return
	}
	dr.Namesake.Known, dr.Namesake.Taken, dr.Namesake.Server = true, e.Taken, e.Server
	warning, taken := namesake(dr)
	if !taken {
		return
	}
	if dr.Place != PlaceReview && dr.Place != PlaceName {
		dr.Note = append(dr.Note, warning)
	}
	t.Show = t.Dialogue.Aside == nil
}

// namesake warns of a server that has the order's name; false: none is known.
func namesake(dr *conversation.Draft) (chat.Phrase, bool) {
	n := dr.Namesake
	switch {
	case dr.Name == "" || !n.Taken || n.Name != dr.Name || n.Account != dr.Account:
		return chat.Phrase{}, false
	case n.Server == "":
		return chat.Say("name.taken_order_somewhere", "Name", dr.Name), true
	default:
		return chat.Say("name.taken_order", "Name", dr.Name, "Which", n.Server), true
	}
}

// showNamesake warns of a server that has the order's name, and of several that will have it.
func showNamesake(v *conversation.View) {
	showShared(v)
	if warning, taken := namesake(v.Draft); taken {
		v.Line(warning)
	}
}

// NamesakeOf looks for a server of exactly this name among those of an account, and tells
// which one it is.
func NamesakeOf(name string, servers []zomro.Service) (server string, taken bool) {
	for _, s := range servers {
		if s.Status != zomro.StatusDeleted && s.Name == name {
			return conversation.Which(s.ID, cmp.Or(s.IPv4, s.IPv6)), true
		}
	}
	return "", false
}
