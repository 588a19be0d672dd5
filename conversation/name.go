package conversation

import (
	"cmp"
	"strings"

	"zomrobot/chat"
	"zomrobot/zomro"
)

func askName(v *view) {
	v.line(chat.Say("ask.name"))
	v.namesake()
}

func textName(t *turn, text string) {
	text = strings.TrimSpace(text)
	if wrong := checkName(text); wrong != nil {
		t.note(*wrong)
		return
	}
	t.d.Draft.Name, t.d.Draft.Named = text, true
	t.forward()
}

// skipName leaves the name to the order, which has one of its own.
func skipName(t *turn) {
	t.d.Draft.Name, t.d.Draft.Named = "", true
	t.forward()
}

// lookForNamesake asks whether a server has the order's name, when the name or
// the account is another one, and again at the review if it was not told. Nothing
// waits for the answer.
func (t *turn) lookForNamesake(before layout) {
	dr := t.d.Draft
	if dr == nil || dr.Name == "" || dr.Form == nil { // with the form the account is settled
		return
	}
	n := dr.Namesake
	reviewed := dr.Place == PlaceReview && before.place != PlaceReview && !n.Known
	if n.Name == dr.Name && n.Account == dr.Account && !reviewed {
		return
	}
	dr.Namesake = Namesake{Account: dr.Account, Name: dr.Name}
	t.do(LoadNamesake{Draft: dr.ID, Account: dr.Account, Name: dr.Name})
}

// namesakeLoaded takes whether a server has the order's name.
func (t *turn) namesakeLoaded(e NamesakeLoaded) {
	dr := t.d.Draft
	if dr == nil || dr.ID != e.Draft || !e.Known || e.Name != dr.Namesake.Name || e.Asked != dr.Namesake.Account {
		return
	}
	dr.Namesake.Known, dr.Namesake.Taken, dr.Namesake.Server = true, e.Taken, e.Server
	warning, taken := dr.namesake()
	if !taken {
		return
	}
	if dr.Place != PlaceReview && dr.Place != PlaceName {
		dr.Note = append(dr.Note, warning)
	}
	t.show = t.d.Aside == nil
}

// namesake warns of a server that has the order's name; false: none is known.
func (dr *Draft) namesake() (chat.Phrase, bool) {
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

// namesake warns of a server that has the order's name.
func (v *view) namesake() {
	if warning, taken := v.dr.namesake(); taken {
		v.line(warning)
	}
}

// NamesakeOf looks for a server of exactly this name among those of an account, and tells
// which one it is.
func NamesakeOf(name string, servers []zomro.Service) (server string, taken bool) {
	for _, s := range servers {
		if s.Status != zomro.StatusDeleted && s.Name == name {
			return which(s.ID, cmp.Or(s.IPv4, s.IPv6)), true
		}
	}
	return "", false
}
