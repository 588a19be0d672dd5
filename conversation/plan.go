package conversation

import "zomrobot/zomro"

func askPlan(v *view) {
	plans := v.dr.Catalogue.Plans
	if len(plans) == 0 {
		v.line(Say("ask.plan_none"))
		v.row(v.button(Say("button.again"), verbAgain))
		return
	}
	v.line(Say("ask.plan"))
	found := findPlans(plans, v.dr.Search)
	if v.found(len(found)) {
		v.gap()
	}
	from, to := v.page(len(found))
	soldOut := false
	for _, i := range found[from:to] {
		v.line(planLine(plans[i]))
		soldOut = soldOut || plans[i].SoldOut
		v.row(v.option(planLabel(plans[i]), v.dr.Plan != nil && v.dr.Plan.ID == plans[i].ID, verbPick, i))
	}
	if soldOut {
		v.gap()
		v.line(Say("plan.sold_out_means"))
	}
	v.pager(len(found))
}

func pressPlan(t *turn, verb string, n int) bool {
	plans := t.d.Draft.Catalogue.Plans
	if verb != verbPick || n < 0 || n >= len(plans) {
		return false
	}
	t.pickPlan(plans[n])
	return true
}

func textPlan(t *turn, text string) {
	if len(t.d.Draft.Catalogue.Plans) == 0 {
		t.note(Say("hint.text"))
		return
	}
	textSearch(t, text)
}

// pickPlan chooses a plan. What was chosen before and fits it too is found
// again once its order form is known.
func (t *turn) pickPlan(plan zomro.Plan) {
	dr := t.d.Draft
	dr.Plan = &plan
	t.fitPeriod()
	if dr.formed() {
		t.forward()
		return
	}
	t.goTo(PlaceAddons)
}

// planLine describes a plan in the text of the card.
func planLine(p zomro.Plan) Phrase {
	key := "plan.line"
	if p.SoldOut {
		key = "plan.line_sold_out"
	}
	return Say(key, "Title", p.Title, "Spec", planSpec(p), "Price", planPrice(p))
}

// planSpec says what a plan's server is made of.
func planSpec(p zomro.Plan) Phrase {
	s, ok := specOf(p)
	if !ok {
		return Say("plan.no_spec")
	}
	return Say("plan.spec", "CPU", s.cpu, "Memory", s.memory, "Disk", s.disk)
}

// planPrice names the price of a month, and of a day beside it.
func planPrice(p zomro.Plan) Phrase {
	month, monthly := p.Price(zomro.Month)
	day, daily := p.Price(zomro.Day)
	switch {
	case monthly && daily:
		return Say("plan.price", "Month", month, "Day", day)
	case monthly:
		return Say("plan.price_month", "Month", month)
	case len(p.Prices) > 0:
		return Say("plan.price_other", "Price", p.Prices[0].Cost, "Period", periodName(p.Prices[0].Period))
	default:
		return Say("plan.price_none")
	}
}

// planLabel is a plan on a button.
func planLabel(p zomro.Plan) Phrase {
	title := short(p.Title)
	if p.SoldOut {
		title = "⏳ " + title
	}
	if month, ok := p.Price(zomro.Month); ok {
		return Say("button.plan", "Title", title, "Price", month)
	}
	return plain(title)
}
