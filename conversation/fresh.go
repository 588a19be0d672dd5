package conversation

import (
	"time"

	"zomrobot/chat"
	"zomrobot/zomro"
)

// CatalogueFresh is how long a catalogue is offered without saying how old it
// is, and ordered from without looking at it again.
const CatalogueFresh = 5 * time.Minute

// outdated reports whether what the draft offers must be looked at again before
// the person relies on it. Once it was tried, and the vendor did not answer, it
// is left at that for a while.
func (t *turn) outdated() bool {
	dr := t.d.Draft
	return dr != nil && dr.Catalogue != nil && dr.Place != PlaceOpening &&
		(dr.Datacenter.ID == "" || dr.Catalogue.Datacenter == dr.Datacenter.ID) &&
		t.now.Sub(dr.Looked) >= CatalogueFresh
}

// lookAgain has the catalogue loaded again when it is outdated; what was chosen
// from it stays until the answer is there.
func (t *turn) lookAgain() {
	if t.outdated() {
		t.d.Draft.Refreshing = true
	}
}

// aged reports whether the age of the catalogue has to be said.
func (dr *Draft) aged() bool {
	return dr.Catalogue != nil && (dr.Silent || dr.Age >= CatalogueFresh)
}

// age says how old the catalogue is, once that matters.
func (v *view) age() {
	if !v.dr.aged() {
		return
	}
	age := ageText(v.dr.Age)
	if v.dr.Silent {
		v.line(chat.Say("catalogue.silent", "Age", age, "At", v.dr.CatalogueAt.UTC()))
		return
	}
	v.line(chat.Say("catalogue.age", "Age", age))
}

// ageText is a time that has passed, in words.
func ageText(age time.Duration) chat.Phrase {
	if age >= 2*time.Hour {
		return chat.Say("age.hours", "Count", int(age/time.Hour))
	}
	return chat.Say("age.minutes", "Count", max(1, int(age/time.Minute)))
}

// refreshed takes the answer to a second look at a catalogue, and returns
// whether it was one. Without an answer the old catalogue stays.
func (t *turn) refreshed(e CatalogueLoaded) bool {
	dr := t.d.Draft
	if !dr.Refreshing {
		return false
	}
	dr.Refreshing, dr.Looked = false, t.now
	confirming := dr.Confirming
	dr.Confirming, dr.Confirmed = false, time.Time{}
	if e.Problem != nil {
		dr.Silent = !isDenied(*e.Problem)
		t.note(chat.Say("catalogue.not_reloaded"), problemText(*e.Problem))
		return true
	}
	before := dr.Plan
	t.keepCatalogue(e)
	t.fitPlan()
	changed := t.priceChange(before)
	switch {
	case before != nil && dr.Plan == nil:
		t.goTo(PlacePlan)
	case !t.m.complete(dr) && t.m.places[dr.Place].step == t.m.places[PlaceReview].step:
		t.forward()
	case confirming && dr.Silent:
		t.note(chat.Say("note.confirm_again"))
	case confirming && !changed && dr.Place == PlaceReview:
		t.confirm()
	}
	return true
}

// keepCatalogue keeps a catalogue that was loaded.
func (t *turn) keepCatalogue(e CatalogueLoaded) {
	dr := t.d.Draft
	catalogue := e.Catalogue
	catalogue.LeftOut = nil // nobody can order it
	if e.Datacenter != "" {
		catalogue.Datacenter = e.Datacenter
	}
	dr.Catalogue, dr.Trouble = &catalogue, nil
	dr.CatalogueAt, dr.Looked, dr.Silent = e.At, t.now, e.Silent
	if dr.CatalogueAt.IsZero() {
		dr.CatalogueAt = t.now
	}
	dr.Loads++
}

// priceChange says what has changed of the chosen plan since it was chosen, and
// reports whether anything has that a person must see before they confirm.
func (t *turn) priceChange(before *zomro.Plan) bool {
	dr := t.d.Draft
	after := dr.Plan
	if before == nil || after == nil {
		return before != nil
	}
	changed := dr.Period == "" && dr.Place == PlaceReview
	for _, period := range periods {
		if dr.Period != "" && period != dr.Period {
			continue
		}
		was, had := before.Price(period)
		is, has := after.Price(period)
		if had && has && (was.Currency != is.Currency || !was.Amount.Equal(is.Amount)) {
			t.note(chat.Say("note.price_changed", "Plan", after.Title, "Period", periodName(period), "Was", was, "Is", is))
			changed = true
		}
	}
	if after.SoldOut && !before.SoldOut {
		t.note(chat.Say("note.sold_out_now", "Plan", after.Title))
		changed = true
	}
	return changed || after.ID != before.ID
}
