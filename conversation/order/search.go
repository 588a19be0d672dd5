package order

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/zomro"
)

// textSearch narrows the list of the place to what was typed.
func textSearch(t *conversation.Turn, text string) {
	t.Dialogue.Draft.Search, t.Dialogue.Draft.Page = conversation.Clip(text), 0
}

// elsewhere returns the other datacenters of the catalogue that words of a search
// name, by the code or the name of their country, and the search without the
// words that name a datacenter.
func elsewhere(dr *conversation.Draft, search string) (others []int, rest string) {
	var words []string
	for word := range strings.FieldsSeq(search) {
		named := false
		for i, centre := range dr.Catalogue.Datacenters {
			if !names(word, centre) {
				continue
			}
			named = true
			if centre.ID != dr.Datacenter.ID && !slices.Contains(others, i) {
				others = append(others, i)
			}
		}
		if !named {
			words = append(words, word)
		}
	}
	return others, strings.Join(words, " ")
}

// names reports whether a word names a datacenter: "nl", "nl-3", "netherlands",
// "neth".
func names(word string, centre zomro.Datacenter) bool {
	const least = 4 // the first letters of a name that is not written out
	word = strings.ToLower(word)
	country, number := countryOf(centre)
	if code := country.code; code != "" && (word == code || word == code+"-"+number || word == code+number) {
		return true
	}
	name := strings.ToLower(centreTitle(centre))
	return len([]rune(word)) >= least && strings.HasPrefix(name, word)
}

// wish is what a search asks of a plan: at least as much of each, and words that occur
// in it.
type wish struct {
	cpu, memory, disk bounds // cores, Gb, Gb
	words             []string
}

// bounds are the least and the most that is wanted; 0: any.
type bounds struct{ least, most float64 }

func (b bounds) hold(n float64) bool { return n >= b.least && (b.most == 0 || n <= b.most) }

// set notes an amount.
func (b *bounds) set(n float64, most bool) {
	if most {
		b.most = n
	} else {
		b.least = n
	}
}

// The kinds of what an amount is of.
type kind int

const (
	noKind kind = iota
	cpuKind
	memoryKind
	diskKind
	otherKind // what a search does not ask for: traffic, a port
)

// wordParts are the numbers and the words of a search: "4gb" are two.
var wordParts = regexp.MustCompile(`\d+(?:[.,]\d+)?|[\p{L}\d][\p{L}\d.\-]*`)

// parseWish reads a search in the words of either language: "2 cpu 4gb", "8 гб озу".
// A number is an amount if its unit, or a word before it, says what it is an amount
// of.
func parseWish(search string) wish {
	var w wish
	parts := splitUnits(wordParts.FindAllString(chat.Fold(search), -1))
	ahead := noKind // of a word that no number has followed yet
	most := false
	for i := 0; i < len(parts); i++ {
		n, isNumber := quantity(parts[i])
		if !isNumber {
			of := kindOf(parts[i])
			if slices.Contains(atMost, parts[i]) {
				most = true
				continue
			}
			if of == noKind && !slices.Contains(fillers, parts[i]) {
				w.words = append(w.words, parts[i])
			}
			if of != noKind || !slices.Contains(fillers, parts[i]) {
				ahead = of
			}
			continue
		}
		scale, sized := 0.0, false
		next := i + 1
		if next < len(parts) {
			if scale, sized = sizes[parts[next]]; sized {
				n *= scale
				next++
			}
		}
		of, behind := behind(parts, next, ahead != noKind)
		if of == noKind {
			of, behind = ahead, next
		}
		switch {
		case of == otherKind:
		case of == cpuKind:
			w.cpu.set(n, most)
		case of == diskKind, of == noKind && sized && w.memory != (bounds{}):
			w.disk.set(n, most)
		case of == memoryKind, sized:
			w.memory.set(n, most)
		default:
			w.words = append(w.words, parts[i])
		}
		ahead, most, i = noKind, false, behind-1
	}
	return w
}

// behind returns the kind of amount that the word after a number names, and where the
// search goes on. If a word before the number has named it, a word after it that is
// followed by a number of its own belongs to that one: "ram 8 cpu 2".
func behind(parts []string, at int, said bool) (kind, int) {
	for at < len(parts) && slices.Contains(fillers, parts[at]) {
		at++
	}
	if at >= len(parts) {
		return noKind, at
	}
	if at+1 < len(parts) && said {
		if _, isNumber := quantity(parts[at+1]); isNumber {
			return noKind, at
		}
	}
	return kindOf(parts[at]), at + 1
}

// splitUnits separates a number from the unit after it.
func splitUnits(words []string) []string {
	var parts []string
	for _, word := range words {
		at := strings.IndexFunc(word, unicode.IsLetter)
		_, isNumber := quantity(word[:max(at, 0)])
		if unit := word[max(at, 0):]; at > 0 && isNumber && (kindOf(unit) != noKind || sizes[unit] > 0) {
			parts = append(parts, word[:at], unit)
			continue
		}
		parts = append(parts, word)
	}
	return parts
}

// quantity reads a number, in digits or in words.
func quantity(word string) (float64, bool) {
	if n, ok := numbers[word]; ok {
		return n, true
	}
	n, err := strconv.ParseFloat(strings.ReplaceAll(word, ",", "."), 64)
	return n, err == nil && n < 1e9
}

// kindOf is what a word, in any of its forms, is about.
func kindOf(word string) kind {
	for k, stems := range kindStems {
		if slices.ContainsFunc(stems, func(stem string) bool { return strings.HasPrefix(word, stem) }) {
			return k
		}
	}
	return noKind
}

// findPlans returns the indices of the plans that fit a search.
func findPlans(plans []zomro.Plan, search string) []int {
	w := parseWish(search)
	found := conversation.Filter(strings.Join(w.words, " "), len(plans), func(i int) string { return planText(plans[i]) })
	return slices.DeleteFunc(found, func(i int) bool {
		s, ok := specOf(plans[i])
		if w.cpu == (bounds{}) && w.memory == (bounds{}) && w.disk == (bounds{}) {
			return false
		}
		return !ok || !w.cpu.hold(amount(s.cpu)) || !w.memory.hold(amount(s.memory)) || !w.disk.hold(amount(s.disk))
	})
}

// planText is everything that can be searched in a plan.
func planText(p zomro.Plan) string {
	parts := []string{p.ID, p.Title, strings.ReplaceAll(p.Group, "_", " "), strings.Join(p.Labels, " ")}
	for _, d := range p.Details {
		parts = append(parts, d.Name, d.Value)
	}
	return strings.Join(parts, " ")
}

// amount reads the number that a detail begins with: "2.5 Gb" is 2.5.
func amount(text string) float64 {
	number, _, _ := strings.Cut(strings.TrimSpace(text), " ")
	n, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return 0
	}
	return n
}

// spec is what a plan's server is made of.
type spec struct{ cpu, memory, disk string }

// specOf finds it in the plan's details. Their names are in the language of
// the request, but their order is the same: the first bare number is the count
// of processors, memory and disk follow it [R].
func specOf(p zomro.Plan) (spec, bool) {
	for i, d := range p.Details {
		if _, err := strconv.Atoi(strings.TrimSpace(d.Value)); err == nil && i+2 < len(p.Details) {
			return spec{strings.TrimSpace(d.Value), p.Details[i+1].Value, p.Details[i+2].Value}, true
		}
	}
	return spec{}, false
}
