package conversation

import (
	"slices"
	"strings"

	"zomrobot/chat"
	"zomrobot/zomro"
)

func askDatacenter(v *view) {
	centres := v.dr.Catalogue.Datacenters
	if len(centres) == 0 {
		v.line(chat.Say("ask.datacenter_none"))
		v.row(v.button(chat.Say("button.again"), verbAgain))
		return
	}
	v.line(chat.Say("ask.datacenter"))
	from, to := v.page(len(centres))
	for i := from; i < to; i++ {
		v.row(v.option(plain(centreName(centres[i])), centres[i].ID == v.dr.Datacenter.ID, verbPick, i))
	}
	v.pager(len(centres))
}

func pressDatacenter(t *turn, verb string, n int) bool {
	centres := t.d.Draft.Catalogue.Datacenters
	if verb != verbPick || n < 0 || n >= len(centres) {
		return false
	}
	t.pickDatacenter(centres[n])
	return true
}

func textDatacenter(t *turn, text string) {
	centres := t.d.Draft.Catalogue.Datacenters
	found := filter(text, len(centres), func(i int) string { return centres[i].ID + " " + centres[i].Name })
	if len(found) != 1 {
		t.note(chat.Say("wrong.datacenter"))
		return
	}
	t.pickDatacenter(centres[found[0]])
}

// pickDatacenter chooses where the server stands. What was chosen before and
// is there too is found again once the catalogue is known.
func (t *turn) pickDatacenter(centre zomro.Datacenter) {
	dr := t.d.Draft
	moved := dr.Datacenter.ID != centre.ID
	dr.Datacenter = centre
	switch {
	case moved && dr.Catalogue.Datacenter == centre.ID:
		t.fitPlan()
		t.forward()
	case moved:
		t.goTo(PlacePlan)
	default:
		t.forward()
	}
}

// findDatacenter finds a datacenter by its id or by a part of its name.
func findDatacenter(centres []zomro.Datacenter, asked string) (zomro.Datacenter, bool) {
	if i := slices.IndexFunc(centres, func(c zomro.Datacenter) bool { return c.ID == asked }); i >= 0 {
		return centres[i], true
	}
	found := filter(asked, len(centres), func(i int) string { return centres[i].Name })
	if asked == "" || len(found) != 1 {
		return zomro.Datacenter{}, false
	}
	return centres[found[0]], true
}

// country is what is known of a country besides its name.
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

// centreTitle is the vendor's name without what is the same in all.
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
