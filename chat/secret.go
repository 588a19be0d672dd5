package chat

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"zomrobot/zomro"
)

// What may be a secret is decided here and nowhere else: a session, a password that is
// called one, a private key, a bot's token, in whatever spelling. Where one is found
// in what a person has sent, the message is deleted, nothing of it is used or
// repeated, and the person is told. Only a place that asks for a secret takes it.

var (
	// A bot's token of Telegram.
	botToken = regexp.MustCompile(`(?:^|[^0-9A-Za-z])\d{8,10}:[A-Za-z0-9_-]{35}(?:$|[^A-Za-z0-9_-])`)
	// A pair of a name and a value: in a form, a query, JSON, an option of curl, or
	// speech.
	pair = regexp.MustCompile(`([\p{L}_][\p{L}0-9_.\-]*)[\\*]*["'*]*[ \t]*[=:][ \t]*[*]*(?:\\?"([^"\\\n]*)\\?"?|'([^'\n]*)'?|([^\s&"',}?]+))`)
	// A login with its password beside it.
	credentials = regexp.MustCompile(`[^\s:]+@[^\s:]+\.[^\s:]+[:\s]+(\S+)`)
)

// Pairs are the pairs of names and values in a text, in order.
func Pairs(text string) [][2]string {
	var all [][2]string
	for rest := PlainQuotes.Replace(text); ; {
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

// PlainQuotes are those that a phone has made curly.
var PlainQuotes = strings.NewReplacer("“", `"`, "”", `"`, "„", `"`, "«", `"`, "»", `"`, "‘", "'", "’", "'")

// AsSeen is a text as a person sees it: without what takes up no space, with
// characters of other widths made plain.
func AsSeen(text string) string {
	return norm.NFKC.String(Typed(PlainQuotes.Replace(text)))
}

// HoldsSecret reports whether a text holds what may be a secret.
func HoldsSecret(text string) bool {
	return zomro.HoldsPrivateKey(text) || HoldsSession(text) || holdsPassword(text)
}

// HoldsSession reports whether a text holds what may be a session, or a bot's token.
func HoldsSession(text string) bool {
	text = AsSeen(text)
	if unescaped, err := url.QueryUnescape(text); err == nil {
		text += "\n" + unescaped
	}
	return SessionIn(text) != "" || botToken.MatchString(text) ||
		slices.ContainsFunc(Pairs(text), func(p [2]string) bool { return named(p[0], sessionWords) && LooksLikeSession(p[1]) })
}

// SessionIn is the first session in a text as the vendor prints it, 24 hex digits [A], by
// itself or glued to its name; "" if there is none. A number is none.
func SessionIn(text string) string {
	const long = 24
	for _, run := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.Is(unicode.ASCII_Hex_Digit, r) }) {
		if len(run) == long && strings.ContainsFunc(run, unicode.IsDigit) && strings.ContainsFunc(run, unicode.IsLetter) {
			return run
		}
	}
	return ""
}

// holdsPassword reports whether a text holds what is called a password and may be one.
// Passwords are spoken of more often than written down, so it has to look like one.
func holdsPassword(text string) bool {
	text = AsSeen(text)
	if slices.ContainsFunc(Pairs(text), func(p [2]string) bool {
		return named(p[0], passwordWords) && mayBePassword(p[1]) || slices.Contains(loginWords, p[0]) && looksLikePassword(p[1])
	}) {
		return true
	}
	for _, found := range credentials.FindAllStringSubmatch(text, -1) {
		if looksLikePassword(found[1]) {
			return true
		}
	}
	return saysSecret(text)
}

// named reports whether a name, or a part of it, is one of the words: "root-password",
// "DB_PASSWORD", "mypassword".
func named(name string, words []string) bool {
	name = strings.ToLower(name)
	parts := strings.FieldsFunc(name, func(r rune) bool { return r == '_' || r == '-' || r == '.' })
	return slices.ContainsFunc(words, func(word string) bool {
		return name == word || slices.Contains(parts, word) || len(word) >= longWord && strings.Contains(name, word)
	})
}

// longWord is how many bytes a word needs to be recognised within another.
const longWord = 6

// saysSecret reports whether a text says a secret as people do, without any sign in
// between: "my password is …". The word after its name has to look like nothing else.
func saysSecret(text string) bool {
	words := strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("|→➡👉🔑>", r) })
	words = slices.DeleteFunc(words, func(word string) bool {
		return !strings.ContainsFunc(word, isAlphanumeric) && !slices.Contains(copulas, word)
	})
	for i, word := range words {
		word, _, _ = strings.Cut(strings.ToLower(strings.TrimFunc(word, func(r rune) bool { return !isAlphanumeric(r) })), "/")
		if !named(word, sessionWords) && !named(word, passwordWords) {
			continue
		}
		for j := i + 1; j < min(i+1+saidAfter, len(words)); j++ {
			said := strings.Trim(words[j], "\"'.,;!?()*`")
			near := j == i+1 || slices.Contains(copulas, strings.ToLower(words[j-1])) || strings.HasSuffix(words[j-1], ":")
			if looksLikePassword(said) && (near || len(said) > longWord+leastPassword/2) {
				return true
			}
		}
	}
	return false
}

func isAlphanumeric(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// saidAfter is within how many words after its name a secret may come: "password for root
// is …".
const saidAfter = 5

// leastPassword is the shortest that a password may be anywhere.
const leastPassword = 8

// looksLikePassword reports whether a word has small and capital letters and digits, as
// passwords must, and is no address.
func looksLikePassword(word string) bool {
	has := func(in *unicode.RangeTable) bool {
		return strings.ContainsFunc(word, func(r rune) bool { return r < unicode.MaxASCII && unicode.Is(in, r) })
	}
	return len(word) >= leastPassword && len(word) <= 128 && has(unicode.Lower) && has(unicode.Upper) && has(unicode.Digit) &&
		!strings.Contains(word, "://") && !strings.HasPrefix(word, "@") && !strings.HasPrefix(word, "/")
}

// mayBePassword reports whether what follows the word "password" may be one: with
// letters, and a digit or a sign.
func mayBePassword(value string) bool {
	const least = 6
	return len(value) >= least && strings.ContainsFunc(value, unicode.IsLetter) && passwordValue.MatchString(value) &&
		!strings.HasPrefix(value, "/") && !strings.Contains(value, "…")
}

// LooksLikeSession reports whether what is called a session may be one: long, in one
// piece, with letters and several digits.
func LooksLikeSession(value string) bool {
	digits := 0
	for _, r := range value {
		if unicode.IsDigit(r) {
			digits++
		}
	}
	const least = 3
	return sessionValue.MatchString(value) && digits >= least && strings.ContainsFunc(value, unicode.IsLetter)
}

var (
	sessionValue  = regexp.MustCompile(`^[A-Za-z0-9+/=_-]{12,}$`)
	passwordValue = regexp.MustCompile(`[0-9!$+,\-./:=\[\]^_{}~#%&*@]`)
)
