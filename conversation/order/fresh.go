package order

import (
	"time"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/zomro"
)

// CatalogueFresh is how long a catalogue is offered without telling its age, and
// ordered from without another look at it.
const CatalogueFresh = 5 * time.Minute

// outdated reports whether what the draft offers must be looked at again before
// the person relies on it. After a try that the vendor did not answer, the draft
// makes do with it for a while.
func outdated(t *conversation.Turn) bool {
	dr := t.Dialogue.Draft
	return dr != nil && dr.Catalogue != nil && dr.Place != PlaceOpening &&
		(dr.Datacenter.ID == "" || dr.Catalogue.Datacenter == dr.Datacenter.ID) &&
		t.Now.Sub(dr.Looked) >= CatalogueFresh
}

// lookAgain has the catalogue loaded again when it is outdated; what was chosen
// from it stays until the answer comes.
func lookAgain(t *conversation.Turn) {
	if outdated(t) {
		t.Dialogue.Draft.Refreshing = true
	}
}

// aged reports whether the age of the catalogue has to be told.
func aged(dr *conversation.Draft) bool {
	return dr.Catalogue != nil && (dr.Silent || dr.Age >= CatalogueFresh)
}

// age says how old the catalogue is, once that matters.
func age(v *conversation.View) {
	if !aged(v.Draft) {
		return
	}
	age := conversation.AgeText(v.Draft.Age)
	if v.Draft.Silent {
		v.Line(chat.Say("catalogue.silent", "Age", age, "At", v.Draft.CatalogueAt.UTC()))
		return
	}
	v.Line(chat.Say("catalogue.age", "Age", age))
}

// refreshed takes the answer to a second look at a catalogue, and reports whether
// it was one. Without an answer the old catalogue stays.
func refreshed(t *conversation.Turn, e CatalogueLoaded) bool {
	dr := t.Dialogue.Draft
	if !dr.Refreshing {
		return false
	}
	dr.Refreshing, dr.Looked = false, t.Now
	confirming := dr.Confirming
	dr.Confirming, dr.Confirmed = false, time.Time{}
	if e.Problem != nil {
		dr.Silent = !conversation.IsDenied(*e.Problem)
		t.Note(chat.Say("catalogue.not_reloaded"), conversation.ProblemText(*e.Problem))
		return true
	}
	before := dr.Plan
	keepCatalogue(t, e)
	fitPlan(t)
	changed := priceChange(t, before)
	if confirming && changed {
		t.AsNew = true // what they confirm next stands below what they have written
	}
	switch {
	case before != nil && dr.Plan == nil:
		t.GoTo(PlacePlan)
	case !t.Machine.Complete(dr) && t.Machine.Spot(dr.Place).Step == t.Machine.Spot(PlaceReview).Step:
		t.Forward()
	case confirming && dr.Silent:
		t.Note(chat.Say("note.confirm_again"))
	case confirming && !changed && dr.Place == PlaceReview:
		confirm(t)
	}
	return true
}

// keepCatalogue keeps a catalogue that was loaded.
func keepCatalogue(t *conversation.Turn, e CatalogueLoaded) {
	dr := t.Dialogue.Draft
	catalogue := e.Catalogue
	catalogue.LeftOut = nil // nobody can order it
	if e.Datacenter != "" {
		catalogue.Datacenter = e.Datacenter
	}
	dr.Catalogue, dr.Trouble = &catalogue, nil
	dr.CatalogueAt, dr.Looked, dr.Silent = e.At.Truncate(time.Second), t.Now, e.Silent
	if dr.CatalogueAt.IsZero() {
		dr.CatalogueAt = t.Now
	}
	dr.Loads++
}

// priceChange says what has changed in the chosen plan since it was chosen, and
// reports whether any of it must be seen before the order is confirmed.
func priceChange(t *conversation.Turn, before *zomro.Plan) bool {
	dr := t.Dialogue.Draft
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
			t.Note(chat.Say("note.price_changed", "Plan", after.Title, "Period", conversation.PeriodName(period), "Was", was, "Is", is))
			changed = true
		}
	}
	if after.SoldOut && !before.SoldOut {
		t.Note(chat.Say("note.sold_out_now", "Plan", after.Title))
		changed = true
	}
	return changed || after.ID != before.ID
}
