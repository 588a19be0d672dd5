package chat

import (
	"strings"
	"unicode"

	"github.com/rivo/uniseg"
)

// mostMarks is how many marks a letter of a name may carry: more reach into other lines.
const mostMarks = 2

// blanks are letters and signs that look like nothing.
const blanks = "\u115f\u1160\u2800\u3164\uffa0"

// Readable returns a name in a form that can stand in a line with other words:
// without anything that is invisible, reverses what comes after it, or breaks the
// line.
func Readable(name string) string {
	marks := 0
	name = strings.Map(func(r rune) rune {
		if ' ' <= r && r <= '~' { // as most are
			marks = 0
			return r
		}
		if unicode.Is(unicode.M, r) {
			if marks++; marks > mostMarks {
				return -1
			}
			return r
		}
		marks = 0
		switch {
		case r == '\u200c', r == '\u200d': // between letters of some scripts, and emoji
			return r
		case unicode.IsSpace(r), unicode.Is(unicode.Z, r):
			return ' '
		case unicode.Is(unicode.Cf, r), unicode.IsControl(r), strings.ContainsRune(blanks, r):
			return -1
		default:
			return r
		}
	}, name)
	return strings.Trim(strings.Join(strings.Fields(name), " "), "\u200c\u200d ")
}

// Cut shortens a text to a number of characters, as a person counts them: a letter with its
// marks is one, and so is a flag. What is cut off leaves an ellipsis.
func Cut(text string, most int) string {
	if uniseg.GraphemeClusterCount(text) <= most {
		return text
	}
	return head(text, most-1) + "…"
}

// CutMiddle is [Cut] that keeps the beginning and the end of a text.
func CutMiddle(text string, first, last int) string {
	n := uniseg.GraphemeClusterCount(text)
	if n <= first+last {
		return text
	}
	return head(text, first) + "…" + strings.TrimPrefix(text, head(text, n-last))
}

// head is the first n characters of a text.
func head(text string, n int) string {
	end := 0
	for g := uniseg.NewGraphemes(text); n > 0 && g.Next(); n-- {
		_, end = g.Positions()
	}
	return text[:end]
}

// Width is about how wide a text is in a font of letters of different width, in halves of a
// letter: an emoji is as wide as two letters, a space or a punctuation mark as half of one.
func Width(text string) int {
	n := 2 * uniseg.StringWidth(text)
	for _, r := range text {
		if unicode.IsSpace(r) || unicode.IsPunct(r) {
			n--
		}
	}
	return n
}

// Reads reports whether a typed text is a name as it is shown: what cannot be seen, and how
// wide a space is, do not count.
func Reads(typed, name string) bool { return inWords(typed) == inWords(name) }

func inWords(text string) string { return strings.Join(strings.Fields(Typed(Readable(text))), " ") }
