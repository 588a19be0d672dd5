package order

import (
	"slices"
	"strings"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/conversation/order/wording"
	"zomrobot/zomro"
)

func askDatacenter(v *conversation.View) {
	centres := v.Draft.Catalogue.Datacenters
	if len(centres) == 0 {
		v.Line(chat.Say("ask.datacenter_none"))
		v.Row(v.Button(chat.Say("button.again"), conversation.VerbAgain))
		return
	}
	v.Line(chat.Say("ask.datacenter"))
	found := centresListed(v.Draft)
	v.Found(len(found))
	from, to := v.Page(len(found))
	for _, i := range found[from:to] {
		v.Row(v.Option(conversation.Plain(centreName(centres[i])), centres[i].ID == v.Draft.Datacenter.ID, conversation.VerbPick, i))
	}
	v.Pager(len(found))
}

// centresListed returns the indices of the datacenters that the list shows: those that a
// search names, else all.
func centresListed(dr *conversation.Draft) []int {
	centres := dr.Catalogue.Datacenters
	if found := centresFound(centres, dr.Search); len(found) > 0 {
		return found
	}
	return conversation.Filter("", len(centres), func(int) string { return "" })
}

func pressDatacenter(t *conversation.Turn, verb string, n int) bool {
	centres := t.Dialogue.Draft.Catalogue.Datacenters
	if verb != conversation.VerbPick || n < 0 || n >= len(centres) {
		return false
	}
	pickDatacenter(t, centres[n])
	return true
}

// textDatacenter takes a datacenter's name, or a whole order.
func textDatacenter(t *conversation.Turn, text string) {
	dr := t.Dialogue.Draft
	if wording.Read(text).Clear() {
		inOwnWords(t, text)
		return
	}
	centres := dr.Catalogue.Datacenters
	found := centresFound(centres, text)
	several := len(found) > 1
	if len(found) == 0 {
		found = conversation.Filter(text, len(centres), func(i int) string { return centres[i].ID + " " + centres[i].Name })
	}
	switch {
	case len(found) == 1:
		pickDatacenter(t, centres[found[0]])
	case several:
		textSearch(t, text)
	default:
		t.Note(chat.Say("wrong.datacenter"))
	}
}

// pickDatacenter chooses where the server stands. What was chosen before and is
// offered there too is found again once the catalogue is known.
func pickDatacenter(t *conversation.Turn, centre zomro.Datacenter) {
	dr := t.Dialogue.Draft
	moved := dr.Datacenter.ID != centre.ID
	dr.Datacenter = centre
	dr.Own(PlaceDatacenter)
	switch {
	case moved && dr.Catalogue.Datacenter == centre.ID:
		fulfilCatalogue(t)
		fitPlan(t)
		t.Forward()
	case moved:
		t.GoTo(PlacePlan)
	default:
		t.Forward()
	}
}

// findDatacenter finds a datacenter by its id or by a part of its name.
func findDatacenter(centres []zomro.Datacenter, asked string) (zomro.Datacenter, bool) {
	if i := slices.IndexFunc(centres, func(c zomro.Datacenter) bool { return c.ID == asked }); i >= 0 {
		return centres[i], true
	}
	found := conversation.Filter(asked, len(centres), func(i int) string { return centres[i].Name })
	if asked == "" || len(found) != 1 {
		return zomro.Datacenter{}, false
	}
	return centres[found[0]], true
}

// country is what is known of a country apart from its name.
type country struct{ flag, code string }

// countries that the vendor's names of datacenters begin with [R].
var countries = map[string]country{
	"Netherlands":   {"🇳🇱", "nl"},
	"Poland":        {"🇵🇱", "pl"},
	"Germany":       {"🇩🇪", "de"},
	"United-States": {"🇺🇸", "us"},
}

// countryOf returns the country of a datacenter, and which of its datacenters
// it is: "3" of Netherlands-3. The zero country: it is not known.
func countryOf(c zomro.Datacenter) (found country, number string) {
	title := centreTitle(c)
	for name, known := range countries {
		if rest, ok := strings.CutPrefix(title, name); ok {
			return known, strings.TrimPrefix(rest, "-")
		}
	}
	return country{}, ""
}

// centreTitle is the vendor's name without the part that all share.
func centreTitle(c zomro.Datacenter) string { return strings.TrimSuffix(c.Name, " [Cloud]") }

// centreName is a datacenter's name as people read it.
func centreName(c zomro.Datacenter) string {
	name := centreTitle(c)
	if found, _ := countryOf(c); found.flag != "" {
		return found.flag + " " + name
	}
	if name == "" {
		return c.ID
	}
	return name
}
