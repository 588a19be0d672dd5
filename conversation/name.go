package conversation

import (
	"cmp"
	"regexp"
	"strings"
	"unicode"

	"zomrobot/chat"
	"zomrobot/zomro"
)

// serverNames are the names that are offered: letters, digits, dot, underscore
// and hyphen. The vendor's cabinet only bounds the length, by 100 [F]; but the
// new server is recognised by its name, so none is sent that might come back
// changed.
var serverNames = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$`)

// checkName returns what is wrong with a name of a server or of a backup
// schedule; nil: nothing is.
func checkName(text string) *chat.Phrase {
	if serverNames.MatchString(text) {
		return nil
	}
	wrong := chat.Say("wrong.name")
	if sign, found := chat.ForeignSign(text, fitsName); found {
		wrong = chat.Say("wrong.name_sign", "Sign", chat.Arg{Code: sign})
	}
	return &wrong
}

// fitsName reports whether a sign can be in a server's name.
func fitsName(r rune) bool {
	return r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("._-", r))
}

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

// Namesake is what is known of a server that has the order's name already.
type Namesake struct {
	Account string `json:"account,omitempty"` // whose servers were asked for
	Name    string `json:"name,omitempty"`    // that was asked about
	Known   bool   `json:"known,omitempty"`   // the vendor told
	Taken   bool   `json:"taken,omitempty"`
	Server  string `json:"server,omitempty"` // which one it is; empty: not told here
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
