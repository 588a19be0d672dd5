package order

import (
	"slices"
	"strconv"
	"strings"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/conversation/order/wording"
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

// names reports whether a word names a datacenter: "nl", "nl-3", "netherlands", "neth",
// "нидерланды".
func names(word string, centre zomro.Datacenter) bool {
	const least = 4 // the first letters of a name that is not written out
	if slices.ContainsFunc(wording.Read(word).Places, func(p wording.Place) bool { return isAt(p, centre) }) {
		return true
	}
	word = chat.Fold(word)
	name := chat.Fold(centreTitle(centre))
	return len([]rune(word)) >= least && strings.HasPrefix(name, word)
}

// europe are the countries of [countries] that are in it.
var europe = []string{"nl", "pl", "de"}

// isAt reports whether a datacenter is where one is wanted.
func isAt(p wording.Place, centre zomro.Datacenter) bool {
	country, number := countryOf(centre)
	if p.Number != "" && p.Number != number {
		return false
	}
	return country.code != "" && (p.Code == country.code || p.Code == "eu" && slices.Contains(europe, country.code))
}

// findPlans returns the indices of the plans that fit a search.
func findPlans(plans []zomro.Plan, search string) []int {
	w := wording.Read(search)
	return fitting(plans, w, slices.Concat(w.Words(wording.Left, wording.Where), w.Features))
}

// fitting returns the indices of the plans that fit what is said of them, and in which
// every one of the words occurs.
func fitting(plans []zomro.Plan, w wording.Wish, words []string) []int {
	found := conversation.Filter(strings.Join(words, " "), len(plans), func(i int) string { return planText(plans[i]) })
	return slices.DeleteFunc(found, func(i int) bool {
		return !fitsSize(plans[i], w) || !fitsSystem(plans[i], w.System) || !fitsPrice(plans[i], w)
	})
}

// fitsSize reports whether a plan is as large as wanted.
func fitsSize(p zomro.Plan, w wording.Wish) bool {
	if !w.Size() {
		return true
	}
	s, ok := specOf(p)
	return ok && w.CPU.Hold(amount(s.cpu)) && w.Memory.Hold(amount(s.memory)) && w.Disk.Hold(amount(s.disk))
}

// fitsSystem reports whether a plan takes a system, as far as its labels tell.
func fitsSystem(p zomro.Plan, s wording.System) bool {
	const label = "os:"
	told := func(l string) bool { return strings.HasPrefix(strings.ToLower(l), label) }
	if s.Family == "" || !slices.ContainsFunc(p.Labels, told) {
		return true
	}
	kind := "linux"
	if s.Family == "windows" {
		kind = s.Family
	}
	return slices.ContainsFunc(p.Labels, func(l string) bool { return strings.EqualFold(l, label+kind) })
}

// fitsPrice reports whether a plan has the period that is wanted, and costs no more than
// wanted. A limit in another currency than the catalogue's is none.
func fitsPrice(p zomro.Plan, w wording.Wish) bool {
	if _, offered := p.Price(w.Period); w.Period != "" && !offered {
		return false
	}
	if w.Price.Most == 0 {
		return true
	}
	cost, ok := p.Price(w.Price.Period)
	if !ok && w.Price.Period == zomro.Month && len(p.Prices) > 0 {
		cost = zomro.Money{Amount: monthly(p), Currency: p.Prices[0].Cost.Currency}
		ok = true
	}
	if w.Price.Currency != "" && w.Price.Currency != cost.Currency {
		return true
	}
	return ok && cost.Amount.InexactFloat64() <= w.Price.Most
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

// specOf returns it, if the plan tells.
func specOf(p zomro.Plan) (spec, bool) {
	s, ok := p.Spec()
	return spec{s.CPU, s.Memory, s.Disk}, ok
}
