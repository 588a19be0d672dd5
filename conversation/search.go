package conversation

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"zomrobot/zomro"
)

// textSearch narrows the list of the place to what was typed.
func textSearch(t *turn, text string) {
	t.d.Draft.Search, t.d.Draft.Page = clip(text), 0
}

// clip bounds what is remembered of a typed text.
func clip(text string) string {
	const most = 64
	words := []rune(strings.Join(strings.Fields(text), " "))
	if len(words) > most {
		words = words[:most]
	}
	return string(words)
}

// filter returns the indices of those of n texts in which every word of the
// search occurs.
func filter(search string, n int, text func(int) string) []int {
	words := strings.Fields(strings.ToLower(search))
	var found []int
	for i := range n {
		in := strings.ToLower(text(i))
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(in, w) }) {
			found = append(found, i)
		}
	}
	return found
}

// elsewhere returns the other datacenters of the catalogue that words of a search
// name, by the code or the name of their country, and the search without the
// words that name a datacenter.
func (dr *Draft) elsewhere(search string) (others []int, rest string) {
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
	const least = 4 // letters of a name that is not written to its end
	word = strings.ToLower(word)
	country, number := countryOf(centre)
	if code := country.code; code != "" && (word == code || word == code+"-"+number || word == code+number) {
		return true
	}
	name := strings.ToLower(centreTitle(centre))
	return len([]rune(word)) >= least && strings.HasPrefix(name, word)
}

// amounts are a number and its unit in a search: "2 cpu", "4gb".
var amounts = regexp.MustCompile(`(\d+(?:[.,]\d+)?)\s*(\p{L}+)`)

// findPlans returns the indices of the plans that fit a search. An amount asks
// for at least as much: of processors when its unit says so or, where the unit
// is not known, when it is the first of several; else of memory. The other
// words must occur in the plan.
func findPlans(plans []zomro.Plan, search string) []int {
	var cpu, memory float64
	pairs := amounts.FindAllStringSubmatch(search, -1)
	for i, pair := range pairs {
		n, err := strconv.ParseFloat(strings.ReplaceAll(pair[1], ",", "."), 64)
		if err != nil {
			continue
		}
		unit := strings.ToLower(pair[2])
		switch {
		case slices.Contains([]string{"cpu", "vcpu", "core", "cores"}, unit):
			cpu = n
		case slices.Contains([]string{"gb", "g", "ram"}, unit) || i > 0 || len(pairs) == 1:
			memory = n
		default:
			cpu = n
		}
	}
	rest := amounts.ReplaceAllString(search, " ")
	found := filter(rest, len(plans), func(i int) string { return planText(plans[i]) })
	return slices.DeleteFunc(found, func(i int) bool {
		s, ok := specOf(plans[i])
		if cpu == 0 && memory == 0 {
			return false
		}
		return !ok || amount(s.cpu) < cpu || amount(s.memory) < memory
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
