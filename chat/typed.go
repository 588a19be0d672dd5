package chat

import (
	"fmt"
	"strings"
	"unicode"
)

// Typed is what a person has written where signs do not count: without what cannot be
// seen, with plain spaces, quotes and hyphens. It is never done to a password or a
// session.
func Typed(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case ' ' <= r && r <= '~' && r != '`': // as most are
			return r
		case strings.ContainsRune(doubleQuotes, r):
			return '"'
		case strings.ContainsRune(singleQuotes, r):
			return '\''
		case strings.ContainsRune(hyphens, r):
			return '-'
		case r == '\n':
			return r
		case unicode.IsSpace(r), unicode.Is(unicode.Zs, r):
			return ' '
		case unicode.Is(unicode.Cf, r), unicode.IsControl(r), unicode.Is(unicode.Variation_Selector, r):
			return -1
		default:
			return r
		}
	}, text))
}

const (
	doubleQuotes = "“”„‟«»″"
	singleQuotes = "‘’‚‛′`´"
	hyphens      = "‐‑‒–—―−﹣－"
)

// Fold makes texts that are the same to a person the same: letters of either case, and
// ё for е.
func Fold(text string) string {
	return strings.ReplaceAll(strings.ToLower(Typed(text)), yo, ye)
}

// ForeignSign returns the first sign of a text that does not fit, named so that it is
// recognised: "№ (U+2116)".
func ForeignSign(text string, fits func(rune) bool) (string, bool) {
	for _, r := range text {
		switch {
		case fits(r):
		case r == ' ':
			return "␣ (U+0020)", true
		case unicode.IsPrint(r):
			return fmt.Sprintf("%c (U+%04X)", r, r), true
		default:
			return fmt.Sprintf("U+%04X", r), true
		}
	}
	return "", false
}
