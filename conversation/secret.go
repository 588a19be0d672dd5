package conversation

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"zomrobot/chat"
	"zomrobot/zomro"
)

// refuseSecret removes a message that holds a secret which nobody has asked for; what
// was to be done with it is not done.
func (t *turn) refuseSecret(text string, message int) {
	if zomro.HoldsPrivateKey(text) {
		t.refusePrivateKey(message)
		return
	}
	if message != 0 {
		t.do(Delete{Message: message})
	}
	said := chat.Say("secret.unasked")
	if text != "" && !chat.HoldsSession(text) {
		said = chat.Say("secret.unasked_password")
	}
	if !t.d.Key.Private() {
		said = chat.Say("secret.in_group")
	}
	if t.d.Key.Private() && (t.d.Aside != nil || t.d.Draft != nil) {
		t.note(said)
		t.anew = true
		return
	}
	if t.d.Key.Private() {
		t.tell(said, "login")
		return
	}
	t.tell(said)
}

// beside are the words of an order's line that are no secrets by their names: there
// none may be.
func (s shortcut) beside() string {
	words := slices.Clone(s.words)
	for name, value := range s.pairs {
		if name != paramPassword {
			words = append(words, value)
		}
	}
	return strings.Join(words, "\n")
}

// callOf reads the vendor's own call for an order, as its article shows it for curl
// [A], or as a query or JSON. ok is false for any other text.
func callOf(text string) (pairs map[string]string, ok bool) {
	pairs = make(map[string]string)
	text = strings.ReplaceAll(chat.PlainQuotes.Replace(text), "—", "--")
	for _, p := range chat.Pairs(text) {
		value := p[1]
		if unescaped, err := url.QueryUnescape(value); err == nil && strings.ContainsAny(value, "%") {
			value = unescaped
		}
		if _, known := pairs[p[0]]; !known {
			pairs[p[0]] = value
		}
	}
	return pairs, pairs["func"] == "v2.instances.order.param" && callMarks.MatchString(text)
}

// callMarks tell a call from an order's line, which has words without quotes.
var callMarks = regexp.MustCompile(`--form|--data|(?:^|\s)-[Fd]\s|^\s*\{|[?&]func=`)
