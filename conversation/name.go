package conversation

import (
	"regexp"
	"strings"
)

// serverNames are the names that are offered: letters, digits, dot, underscore
// and hyphen. The vendor's cabinet only bounds the length, by 100 [F]; but the
// new server is recognised by its name, so none is sent that might come back
// changed.
var serverNames = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$`)

// checkName returns what is wrong with a name of a server or of a backup
// schedule; nil: nothing is.
func checkName(text string) *Phrase {
	if serverNames.MatchString(text) {
		return nil
	}
	wrong := Say("wrong.name")
	return &wrong
}

func askName(v *view) { v.line(Say("ask.name")) }

func textName(t *turn, text string) {
	text = strings.TrimSpace(text)
	if wrong := checkName(text); wrong != nil {
		t.note(*wrong)
		return
	}
	t.d.Draft.Name, t.d.Draft.Named = text, true
	t.forward()
}

// skipName leaves the name to the vendor.
func skipName(t *turn) {
	t.d.Draft.Name, t.d.Draft.Named = "", true
	t.forward()
}
