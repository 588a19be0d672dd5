package order

import (
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/zomro"
)

// orderCall takes the vendor's own call for an order, as its article shows it: it is an
// order, and its session can be used to log in. Its message is removed.
func orderCall(t *conversation.Turn, pairs map[string]string, unique string, message int) {
	secret := pairs["auth"] != "" || pairs[paramPassword] != ""
	if message != 0 && secret {
		t.Do(conversation.Delete{Message: message})
	}
	given := shortcut{pairs: make(map[string]string), secret: secret}
	for _, name := range slices.Sorted(maps.Keys(pairs)) {
		switch {
		case slices.Contains(paramsKnown, name) || addonName.MatchString(name):
			given.pairs[name] = pairs[name]
		case slices.Contains(paramsOurs, name), slices.Contains(paramsSecret, name), name == "https", name == "http":
		default:
			given.unknown = append(given.unknown, conversation.Clip(name))
		}
	}
	if chat.HoldsSecret(given.beside()) {
		t.RefuseSecret("", message)
		return
	}
	orderLine(t, given, unique)
	if token := pairs["auth"]; chat.LooksLikeSession(token) {
		t.Raise(conversation.SessionFound{Session: zomro.NewSecret(token)})
	}
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

// callMarks tell a call from the line of an order, whose words have no quotes.
var callMarks = regexp.MustCompile(`--form|--data|(?:^|\s)-[Fd]\s|^\s*\{|[?&]func=`)
