package wording

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"zomrobot/chat"
)

// word is a word of a text, or a phrase, with what it means.
type word struct {
	from, to int
	fold     string
	is       lexeme
	number   string // that is written together with it: of a place or a system
}

// aWord is a number, a word, a flag, or a sign that means something.
var aWord = regexp.MustCompile(`\d+(?:[.,]\d+)?|\p{L}[\p{L}\p{M}\p{N}_]*(?:[.\-'][\p{L}\p{M}\p{N}_]+)*|\p{N}+|[\x{1F1E6}-\x{1F1FF}]{2}|[€$₽£×*]`)

// mostWords is how many words of a text are looked at.
const mostWords = 100

// wordsOf splits a text into its words. Those of a phrase that the lexicon has are one.
func wordsOf(text string) []word {
	places := apart(text, aWord.FindAllStringIndex(text, -1))
	plain := make([]string, len(places))
	for i, at := range places {
		plain[i] = chat.Fold(text[at[0]:at[1]])
	}
	var words []word
	for i := 0; i < len(places); {
		n := phrase(text, places[i:], plain[i:])
		w := word{from: places[i][0], to: places[i+n-1][1], fold: strings.Join(plain[i:i+n], " ")}
		if len(words) < mostWords {
			w.look()
		}
		words = append(words, w)
		i += n
	}
	return words
}

// unitThenNumber is a unit that the next number follows at once: of "2cpu4gb".
var unitThenNumber = regexp.MustCompile(`^(\p{L}+)(\d+(?:[.,]\d+)?)(\p{L}*)$`)

// apart separates a unit behind a number from the number that follows it.
func apart(text string, places [][]int) [][]int {
	var all [][]int
	for i, at := range places {
		parts := unitThenNumber.FindStringSubmatchIndex(text[at[0]:at[1]])
		if i == 0 || places[i-1][1] != at[0] || parts == nil {
			all = append(all, at)
			continue
		}
		for n := 2; n < len(parts); n += 2 {
			if parts[n] < parts[n+1] {
				all = append(all, []int{at[0] + parts[n], at[0] + parts[n+1]})
			}
		}
	}
	return all
}

// phrase is how many of the next words are one phrase: at least one.
func phrase(text string, places [][]int, plain []string) int {
	for n := min(longestPhrase, len(plain)); n > 1; n-- {
		loose := false
		for i := 1; i < n; i++ {
			between := text[places[i-1][1]:places[i][0]]
			loose = loose || between != " " && between != "-"
		}
		if _, known := lexicon[strings.Join(plain[:n], " ")]; known && !loose {
			return n
		}
	}
	return 1
}

// A word and a number written together: "nl-3", "debian12", "x2".
var together = regexp.MustCompile(`^([\p{L} ]+?)[ .\-]?(\d+(?:\.\d+)?)$`)

// look finds what a word means: as it is written, in another form, with a typing error,
// or typed with the other layout of the keyboard.
func (w *word) look() {
	if n, err := strconv.ParseFloat(strings.ReplaceAll(w.fold, ",", "."), 64); err == nil && unicode.IsDigit(rune(w.fold[0])) {
		if n < 1e9 {
			w.is = lexeme{class: number, amount: n}
		}
		return
	}
	spaced := strings.ReplaceAll(w.fold, "-", " ")
	if at := together.FindStringSubmatch(spaced); at != nil {
		if is := meaning(at[1]); slices.Contains([]class{place, system, times}, is.class) {
			w.is, w.number = is, at[2]
			return
		}
	}
	w.is = meaning(spaced)
}

func meaning(word string) lexeme {
	if is, known := lexicon[word]; known {
		return is
	}
	for kind, begins := range stems {
		for _, stem := range begins {
			if strings.HasPrefix(word, stem) && (kind == ofAddress || !strings.ContainsFunc(word, unicode.IsDigit)) {
				return lexeme{class: thing, value: kind}
			}
		}
	}
	if is, found := nearest(word); found {
		return is
	}
	return lexicon[otherLayout(word)]
}
