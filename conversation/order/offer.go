package order

import (
	"slices"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/conversation/order/wording"
	"zomrobot/team"
	"zomrobot/zomro"
)

// An order opens with an offer: what most people want is one tap away from the review.

// LoadOffers asks for what can be offered besides the catalogue: the purchase that was
// the last one here, and how many templates the person has. Answered by OffersLoaded.
type LoadOffers struct {
	Draft    string `json:"draft"`
	Purchase string `json:"purchase,omitempty"` // "": there was none
}

// OffersLoaded answers LoadOffers.
type OffersLoaded struct {
	Draft string
	Last  *conversation.Last // nil: there is none that may be told here

	Templates int
}

func (LoadOffers) Effect() {}

func (OffersLoaded) Event() {}

// beginOffered starts a draft with an offer.
func beginOffered(t *conversation.Turn, unique string) {
	begin(t, unique)
	t.GoTo(PlaceOffer)
}

// enterOffer looks for what can be offered.
func enterOffer(t *conversation.Turn) {
	t.Dialogue.Draft.Offers.Centre = t.Dialogue.Centre
	t.Do(LoadOffers{Draft: t.Dialogue.Draft.ID, Purchase: lastPurchase(t)})
}

// lastPurchase is the person's last purchase, in a group the team's; "": none is known.
func lastPurchase(t *conversation.Turn) string {
	if t.Dialogue.Team == nil || len(t.Dialogue.Team.Ledger.Expenses) == 0 {
		return t.Dialogue.Bought
	}
	return slices.MaxFunc(t.Dialogue.Team.Ledger.Expenses, func(a, b team.Expense) int { return a.At.Compare(b.At) }).Purchase
}

func offersLoaded(t *conversation.Turn, e OffersLoaded) {
	if dr := t.Dialogue.Draft; dr != nil && dr.ID == e.Draft {
		dr.Offers.Last, dr.Offers.Templates = e.Last, e.Templates
		t.Show = true
	}
}

// What the popular plan has at least.
const (
	popularCores  = 2
	popularMemory = 4 // Gb
)

// popular is the plan that is offered to somebody who has no wishes: the cheapest that
// has what most people need, else the one in the middle of the price list. What is sold
// out, has no price, or runs nothing but Windows is left out. -1: there is none.
func popular(plans []zomro.Plan) (at int, middle bool) {
	var fit, all []int
	for i, p := range plans {
		if p.SoldOut || len(p.Prices) == 0 || slices.Contains(p.Labels, "os:Windows") && !slices.Contains(p.Labels, "os:Linux") {
			continue
		}
		all = append(all, i)
		if s, ok := specOf(p); ok && amount(s.cpu) >= popularCores && amount(s.memory) >= popularMemory {
			fit = append(fit, i)
		}
	}
	byPrice := func(a, b int) int { return monthly(plans[a]).Cmp(monthly(plans[b])) }
	switch {
	case len(fit) > 0:
		return slices.MinFunc(fit, byPrice), false
	case len(all) > 0:
		slices.SortStableFunc(all, byPrice)
		return all[len(all)/2], true
	default:
		return -1, false
	}
}

func askOffer(v *conversation.View) {
	dr := v.Draft
	v.Line(chat.Say("ask.offer"), chat.Say("offer.how"))
	age(v)
	if last := dr.Offers.Last; last != nil {
		v.Gap()
		v.Line(chat.Say("offer.last", "ID", last.Purchase, "Plan", last.Plan, "Datacenter", centreName(zomro.Datacenter{Name: last.Datacenter}), "Price", last.Total))
		again := v.Button(chat.Say("button.offer_last"), conversation.VerbRepeat)
		again.Style = chat.Primary
		v.Row(again)
	}
	if i, middle := popular(dr.Catalogue.Plans); i >= 0 {
		rule := chat.Say("offer.cheapest", "CPU", popularCores, "Memory", popularMemory)
		if middle {
			rule = chat.Say("offer.middle")
		}
		plan := dr.Catalogue.Plans[i]
		period := usualPeriod(plan)
		price, _ := plan.Price(period)
		v.Gap()
		v.Line(chat.Say("offer.popular", "Plan", plan.Title, "Datacenter", centreName(offeredCentre(dr)), "Rule", rule))
		v.Row(v.Button(chat.Say("button.offer_popular", "Spec", brief(plan), "Price", price, "Period", conversation.PeriodName(period)), conversation.VerbPick, i))
	}
	if dr.Offers.Templates > 0 {
		v.Row(v.Button(chat.Say("button.offer_saved", "Saved", dr.Offers.Templates), conversation.VerbSave))
	}
	v.Row(v.Button(chat.Say("button.offer_all"), conversation.VerbContinue))
	v.Gap()
	v.Line(chat.Say("offer.typed"))
}

// offeredCentre is the datacenter whose catalogue is there.
func offeredCentre(dr *conversation.Draft) zomro.Datacenter {
	i := slices.IndexFunc(dr.Catalogue.Datacenters, func(c zomro.Datacenter) bool { return c.ID == dr.Catalogue.Datacenter })
	if i < 0 {
		return zomro.Datacenter{ID: dr.Catalogue.Datacenter}
	}
	return dr.Catalogue.Datacenters[i]
}

func pressOffer(t *conversation.Turn, verb string, n int) bool {
	dr := t.Dialogue.Draft
	switch {
	case verb == conversation.VerbRepeat && dr.Offers.Last != nil:
		last := dr.Offers.Last
		orderRecalled(t, Recalled{Purchase: last.Purchase, Draft: t.Press, Order: last.Order, Promo: last.Promo, Total: last.Total})
		t.AsNew = false
	case verb == conversation.VerbPick && n >= 0 && n < len(dr.Catalogue.Plans):
		dr.Quick = true
		fill(t, shortcut{pairs: map[string]string{paramDatacenter: dr.Catalogue.Datacenter, paramPlan: dr.Catalogue.Plans[n].ID}})
		fulfilCatalogue(t)
		t.Forward()
	case verb == conversation.VerbSave && t.Dialogue.Key.Private():
		openTemplates(t, PlaceTemplates, "")
		t.AsNew = false
	case verb == conversation.VerbContinue:
		t.Forward()
	default:
		return false
	}
	return true
}

// textOffer takes an order in the person's own words. What says nothing of one is looked
// for among the plans of the usual datacenter.
func textOffer(t *conversation.Turn, text string) {
	if !wording.Read(text).Empty() {
		inOwnWords(t, text)
		return
	}
	dr := t.Dialogue.Draft
	dr.Quick = true
	usualDatacenter(t)
	t.GoTo(PlacePlan)
	textPlan(t, text)
}

// backToOffer leads from the first step to the offer, until the order has been reviewed;
// false: it leads elsewhere.
func backToOffer(t *conversation.Turn) bool {
	if dr := t.Dialogue.Draft; dr.Reviewed && t.Machine.Complete(dr) {
		return false
	}
	t.GoTo(PlaceOffer)
	return true
}

// brief says the two things of a plan by which people choose.
func brief(p zomro.Plan) chat.Phrase {
	s, ok := specOf(p)
	if !ok {
		return conversation.Plain(p.Title)
	}
	return chat.Say("plan.brief", "CPU", s.cpu, "Memory", conversation.Size(s.memory))
}
