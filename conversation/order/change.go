package order

import (
	"slices"
	"strings"
	"unicode/utf8"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/conversation/order/wording"
)

// textReview takes what is typed at the review as changes in the person's own words. What
// cannot be had changes nothing, and is said.
func textReview(t *conversation.Turn, text string) {
	dr := t.Dialogue.Draft
	w := wording.Read(text)
	plans := planWords(dr.Catalogue.Plans, w)
	centres := slices.Concat(w.Words(wording.Where), centreWords(dr.Catalogue.Datacenters, w.Words(wording.Left)))
	switch {
	case w.Empty() && len(plans) == 0 && len(centres) == 0:
		t.Keep()
		t.Note(chat.Say("hint.review"))
		return
	case utf8.RuneCountInString(text) > mostWords:
		t.Note(chat.Say("words.too_long", "Most", mostWords))
		return
	}
	changePlain(t, w, text)
	for kind, step := range stepsSaid {
		if len(w.Words(kind)) > 0 {
			dr.Own(step)
		}
	}
	if len(centres) > 0 && changeCentre(t, w, conversation.Clip(strings.Join(centres, " "))) {
		return
	}
	changePlan(t, w, plans)
	changeForm(t, w)
}

// changePlain changes what needs no form.
func changePlain(t *conversation.Turn, w wording.Wish, text string) {
	dr := t.Dialogue.Draft
	period := dr.Period
	if w.Backups != "" {
		dr.NoBackups, dr.Backups = false, nil
	}
	fill(t, shortcut{said: text})
	dr.Quick = false // what is open now is asked
	if _, sold := dr.Plan.Price(dr.Period); w.Period != "" && !sold {
		dr.Period = period
		var names []chat.Phrase
		for _, price := range dr.Plan.Prices {
			names = append(names, conversation.PeriodName(price.Period))
		}
		t.Note(chat.Say("words.no_period", "Words", strings.Join(w.About(wording.Long), ", "), "Periods", names))
	}
}

// changeCentre goes to another datacenter, or asks which; false: it is the same, or there
// is none.
func changeCentre(t *conversation.Turn, w wording.Wish, where string) bool {
	dr := t.Dialogue.Draft
	centres := dr.Catalogue.Datacenters
	found := centresFound(centres, where)
	switch {
	case len(found) == 0:
		t.Note(chat.Say("words.no_place", "Words", where))
	case len(found) == 1 && centres[found[0]].ID == dr.Datacenter.ID:
		return false
	case len(found) == 1:
		dr.Datacenter = centres[found[0]]
		noteCity(t, w)
		if len(w.About(wording.Plan, wording.Cheap)) > 0 {
			dr.Plan = nil // the one there that fits
		}
		forgetForm(t, w)
		t.GoTo(PlacePlan)
		return true
	default:
		t.Note(chat.Say("words.places", "Words", where))
	}
	if rest := w.About(wording.Plan, wording.Cheap, wording.What, wording.Login); len(rest) > 0 {
		t.Note(chat.Say("words.left", "Words", conversation.Clip(strings.Join(rest, ", "))))
	}
	dr.Wanted = nil
	t.GoTo(PlaceDatacenter)
	if len(found) > 1 {
		dr.Search = where
	}
	return true
}

// changePlan changes the plan for the cheapest that fits.
func changePlan(t *conversation.Turn, w wording.Wish, named []string) {
	dr := t.Dialogue.Draft
	if len(w.About(wording.Plan, wording.Cheap)) == 0 && len(named) == 0 {
		return
	}
	was := dr.Plan
	dr.Plan = nil
	if choosePlan(t, w, named); dr.Plan == nil {
		dr.Plan = was
		return
	}
	fitPeriod(t)
}

// changeForm changes the system and the login: at once, or when the form of another plan
// is there.
func changeForm(t *conversation.Turn, w wording.Wish) {
	dr := t.Dialogue.Draft
	image := dr.Image
	forgetForm(t, w)
	if !formed(dr) {
		t.GoTo(PlaceAddons)
		return
	}
	wordsForm(t, dr.Wanted)
	dr.Wanted = nil
	if dr.Image == nil {
		dr.Image = image
	}
	t.Forward()
}

// forgetForm takes back what is to be chosen anew from the form.
func forgetForm(t *conversation.Turn, w wording.Wish) {
	if w.System.Family != "" && w.System.Family != "linux" {
		t.Dialogue.Draft.Image = nil
	}
	if w.Access != "" {
		dropAccess(t)
	}
}
