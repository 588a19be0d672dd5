package conversation

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"zomrobot/zomro"
)

// What may be a secret is decided here and nowhere else: a session, a password that is
// called one, a private key, a bot's token, in whatever spelling. Where it is found in
// what a person has sent, the message goes, nothing of it is taken or said again, and
// the person is told. Only a place that asks for a secret takes it.

var (
	// A session as the vendor prints it [A], by itself in a text.
	session = regexp.MustCompile(`(?i)(?:^|[^0-9a-z_-])[0-9a-f]{24}(?:$|[^0-9a-z_-])`)
	// A bot's token of Telegram.
	botToken = regexp.MustCompile(`(?:^|[^0-9A-Za-z])\d{8,10}:[A-Za-z0-9_-]{35}(?:$|[^A-Za-z0-9_-])`)
	// A pair of a name and a value: in a form, a query, JSON, an option of curl, or
	// speech.
	pair = regexp.MustCompile(`([\p{L}_][\p{L}0-9_]*)\\?["']?[ \t]*[=:][ \t]*(?:\\?"([^"\\\n]*)\\?"?|'([^'\n]*)'?|([^\s&"',}?]+))`)
)

// pairsIn are the pairs of names and values in a text, in order.
func pairsIn(text string) [][2]string {
	var all [][2]string
	for rest := plainQuotes.Replace(text); ; {
		at := pair.FindStringSubmatchIndex(rest)
		if at == nil {
			return all
		}
		group := func(n int) string {
			if at[2*n] < 0 {
				return ""
			}
			return rest[at[2*n]:at[2*n+1]]
		}
		all = append(all, [2]string{strings.ToLower(group(1)), group(2) + group(3) + group(4)})
		rest = rest[at[1]:]
	}
}

// plainQuotes are those that a phone has made curly.
var plainQuotes = strings.NewReplacer("“", `"`, "”", `"`, "„", `"`, "«", `"`, "»", `"`, "‘", "'", "’", "'")

// HoldsSecret reports whether a text holds what may be a secret.
func HoldsSecret(text string) bool {
	return zomro.HoldsPrivateKey(text) || session.MatchString(text) || botToken.MatchString(text) ||
		slices.ContainsFunc(pairsIn(text), func(p [2]string) bool { return namesSecret(p[0], p[1]) }) || saysSecret(text)
}

// saysSecret reports whether a text says a secret as people do, without any sign between:
// "my password is …". The word after its name has to look like nothing else.
func saysSecret(text string) bool {
	words := strings.Fields(plainQuotes.Replace(text))
	for i, word := range words {
		word = strings.ToLower(strings.Trim(word, `"'.,;!?()`))
		if !slices.Contains(sessionWords, word) && !slices.Contains(passwordWords, word) {
			continue
		}
		for j := i + 1; j < min(i+1+saidAfter, len(words)); j++ {
			said := j == i+1 || slices.Contains(copulas, strings.ToLower(words[j-1]))
			if said && looksLikePassword(strings.Trim(words[j], `"'.,;!?()`)) {
				return true
			}
		}
	}
	return false
}

// saidAfter is how many words after its name a secret may come: "password for root is …".
const saidAfter = 5

// looksLikePassword reports whether a word has small and capital letters and digits, as
// passwords must, and is no address.
func looksLikePassword(word string) bool {
	has := func(in *unicode.RangeTable) bool {
		return strings.ContainsFunc(word, func(r rune) bool { return r < unicode.MaxASCII && unicode.Is(in, r) })
	}
	return len(word) >= passwordLeast && len(word) <= 128 && has(unicode.Lower) && has(unicode.Upper) && has(unicode.Digit) &&
		!strings.Contains(word, "://") && !strings.HasPrefix(word, "@")
}

// namesSecret reports whether a pair is of a secret: what is called a session is one
// as soon as it may be; a password is spoken of more often than written down, so that
// its value has to look like one.
func namesSecret(name, value string) bool {
	switch {
	case slices.Contains(sessionWords, name):
		return sessionValue.MatchString(value)
	case slices.Contains(passwordWords, name):
		return len(value) >= 4 && passwordValue.MatchString(value) && !strings.Contains(value, "…")
	default:
		return false
	}
}

var (
	sessionValue  = regexp.MustCompile(`^[A-Za-z0-9+/=_-]{12,}$`)
	passwordValue = regexp.MustCompile(`[0-9!$+,\-./:=\[\]^_{}~#%&*@]`)
)

// refuseSecret removes a message that holds a secret which nobody has asked for; what
// was to be done with it is not done.
func (t *turn) refuseSecret(text string, message int) {
	if zomro.HoldsPrivateKey(text) {
		t.refusePrivateKey(message)
		return
	}
	if message != 0 {
		t.do(Effect{Delete: &Delete{Message: message}})
	}
	said := Say("secret.unasked")
	if !t.d.Key.Private() {
		said = Say("secret.in_group")
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
	for _, p := range pairsIn(text) {
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
