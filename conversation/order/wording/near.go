package wording

import (
	"slices"
	"strings"
)

// Words that are not in the lexicon may be there with a typing error, or as the other
// layout of the keyboard writes them.

// leastToErr is how many letters a word needs for a typing error in it to be seen.
const leastToErr = 5

// known is a word of the lexicon by its letters.
type known struct {
	letters []rune
	is      lexeme
}

// byLength has the words of the lexicon in which a typing error can be seen, by how many
// letters they have.
var byLength = func() map[int][]known {
	words := map[int][]known{}
	for word, is := range lexicon {
		if letters := []rune(word); len(letters) >= leastToErr {
			words[len(letters)] = append(words[len(letters)], known{letters, is})
		}
	}
	return words
}()

// nearest finds what a word means that has one typing error: a letter too many, missing,
// wrong, or swapped with the next; false: nothing, or more than one thing.
func nearest(word string) (lexeme, bool) {
	letters := []rune(word)
	if len(letters) < leastToErr {
		return lexeme{}, false
	}
	found, none := lexeme{}, true
	for length := len(letters) - 1; length <= len(letters)+1; length++ {
		for _, k := range byLength[length] {
			if !oneOff(letters, k.letters) {
				continue
			}
			if !none && found != k.is {
				return lexeme{}, false
			}
			found, none = k.is, false
		}
	}
	return found, !none
}

// oneOff reports whether one typing error makes two words the same, whose lengths differ
// by no more than one.
func oneOff(a, b []rune) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	at := 0
	for at < len(a) && a[at] == b[at] {
		at++
	}
	a, b = a[at:], b[at:]
	switch {
	case len(a) < len(b):
		return slices.Equal(a, b[1:])
	case len(a) == 0:
		return true
	case slices.Equal(a[1:], b[1:]):
		return true
	default:
		return len(a) > 1 && a[0] == b[1] && a[1] == b[0] && slices.Equal(a[2:], b[2:])
	}
}

// leastToTurn is how many letters a word needs for the layout of the keyboard to be
// looked at.
const leastToTurn = 3

// otherLayout is a word as the other layout of the keyboard writes it; "": it has signs
// that are elsewhere there.
func otherLayout(word string) string {
	if len([]rune(word)) < leastToTurn {
		return ""
	}
	latin, cyrillic := []rune(latinKeys), []rune(cyrillicKeys)
	turned := true
	text := strings.Map(func(r rune) rune {
		for i := range latin {
			switch r {
			case latin[i]:
				return cyrillic[i]
			case cyrillic[i]:
				return latin[i]
			}
		}
		turned = false
		return r
	}, word)
	if !turned {
		return ""
	}
	return text
}
