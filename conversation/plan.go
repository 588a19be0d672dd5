package conversation

import (
	"slices"

	"github.com/shopspring/decimal"

	"zomrobot/chat"
	"zomrobot/zomro"
)

// planGroups are the groups of plans that the vendor has [R], in the order in
// which they are offered.
var planGroups = []string{"shared_cpu", "dedicated_cpu", "with_gpu", "forex_server"}

// groupName is a group of plans in words.
func groupName(group string) chat.Phrase {
	switch group {
	case "shared_cpu":
		return chat.Say("button.group_shared")
	case "dedicated_cpu":
		return chat.Say("button.group_dedicated")
	case "with_gpu":
		return chat.Say("button.group_gpu")
	case "forex_server":
		return chat.Say("button.group_forex")
	default:
		return plain(group)
	}
}

// groups returns the groups of a catalogue's plans: those that are known in
// their order, then others in the vendor's.
func groups(plans []zomro.Plan) []string {
	var found, others []string
	for _, p := range plans {
		if p.Group != "" && !slices.Contains(planGroups, p.Group) && !slices.Contains(others, p.Group) {
			others = append(others, p.Group)
		}
	}
	for _, group := range planGroups {
		if slices.ContainsFunc(plans, func(p zomro.Plan) bool { return p.Group == group }) {
			found = append(found, group)
		}
	}
	return append(found, others...)
}

// listed returns the indices of the plans that the draft's list shows: of the
// group, by the search, in the order that was asked for. A group that the
// catalogue does not have narrows nothing.
func (dr *Draft) listed() []int {
	plans := dr.Catalogue.Plans
	_, words := dr.elsewhere(dr.Search)
	found := findPlans(plans, words)
	if slices.Contains(groups(plans), dr.Group) {
		found = slices.DeleteFunc(found, func(i int) bool { return plans[i].Group != dr.Group })
	}
	if dr.Cheapest {
		slices.SortStableFunc(found, func(a, b int) int { return monthly(plans[a]).Cmp(monthly(plans[b])) })
	}
	return found
}

// monthly is what a month of a plan costs, as far as its prices tell: what
// plans are sorted by.
func monthly(p zomro.Plan) decimal.Decimal {
	if month, ok := p.Price(zomro.Month); ok {
		return month.Amount
	}
	for _, price := range p.Prices {
		return perMonth(price)
	}
	return decimal.Zero
}

func askPlan(v *view) {
	if len(v.dr.Catalogue.Plans) == 0 {
		v.line(chat.Say("ask.plan_none"))
		v.row(v.button(chat.Say("button.again"), verbAgain))
		return
	}
	v.line(chat.Say("ask.plan"))
	v.plans(func(i int, p zomro.Plan) chat.Button {
		return v.option(planLabel(p), v.dr.Plan != nil && v.dr.Plan.ID == p.ID, verbPick, i)
	})
	v.filters()
	v.row(v.sorting(), v.button(chat.Say("button.compare"), verbCompare), v.button(chat.Say("button.reload"), verbReload))
}

// plans shows the list of plans, each with a button.
func (v *view) plans(button func(int, zomro.Plan) chat.Button) {
	plans := v.dr.Catalogue.Plans
	found := v.dr.listed()
	elsewhere, words := v.dr.elsewhere(v.dr.Search)
	for _, i := range elsewhere {
		v.line(chat.Say("search.elsewhere", "Search", v.dr.Search, "Datacenter", centreName(v.dr.Catalogue.Datacenters[i]), "Here", centreName(v.dr.Datacenter)))
	}
	if len(elsewhere) == 0 || words != "" {
		v.found(len(found))
	}
	v.age()
	if len(found) > 0 {
		v.gap()
	}
	from, to := v.page(len(found))
	soldOut := false
	for _, i := range found[from:to] {
		v.line(planLine(plans[i]))
		soldOut = soldOut || plans[i].SoldOut
		v.row(button(i, plans[i]))
	}
	if soldOut {
		v.gap()
		v.line(chat.Say("plan.sold_out_means"))
	}
	for _, i := range elsewhere {
		v.row(v.button(chat.Say("button.elsewhere", "Datacenter", short(centreName(v.dr.Catalogue.Datacenters[i]))), verbCentre, i))
	}
	v.pager(len(found))
}

// filters adds the buttons that narrow and sort the list of plans.
func (v *view) filters() {
	const perRow = 2
	all := groups(v.dr.Catalogue.Plans)
	if len(all) > 1 {
		var buttons []chat.Button
		if slices.Contains(all, v.dr.Group) {
			buttons = append(buttons, v.button(chat.Say("button.group_all"), verbGroup))
		}
		for i, group := range all {
			buttons = append(buttons, v.option(groupName(group), v.dr.Group == group, verbGroup, i))
		}
		v.grid(perRow, buttons)
	}
}

// sorting is the button that lists the plans in the other order.
func (v *view) sorting() chat.Button {
	if v.dr.Cheapest {
		return v.button(chat.Say("button.sort_vendor"), verbSort, 0)
	}
	return v.button(chat.Say("button.sort_price"), verbSort, 1)
}

func pressPlan(t *turn, verb string, n int) bool {
	dr := t.d.Draft
	plans := dr.Catalogue.Plans
	switch {
	case verb == verbPick && n >= 0 && n < len(plans):
		t.pickPlan(plans[n])
	case verb == verbCompare && len(plans) > 0:
		dr.Place, dr.Compared = PlaceCompare, nil
		if dr.Plan != nil {
			dr.Compared = []string{dr.Plan.ID}
		}
	case verb == verbReload:
		dr.Refreshing, t.reload, t.fresh = true, true, true
	default:
		return t.pressFilter(verb, n)
	}
	return true
}

// pressFilter carries out a button that narrows or sorts the list of plans, or
// leads to those of another datacenter.
func (t *turn) pressFilter(verb string, n int) bool {
	dr := t.d.Draft
	all, centres := groups(dr.Catalogue.Plans), dr.Catalogue.Datacenters
	switch {
	case verb == verbGroup && n < len(all):
		chosen := dr.Group
		dr.Group, dr.Page = "", 0
		if n >= 0 && chosen != all[n] {
			dr.Group = all[n]
		}
	case verb == verbSort:
		dr.Cheapest, dr.Page = n == 1, 0
	case verb == verbCentre && n >= 0 && n < len(centres):
		_, words := dr.elsewhere(dr.Search)
		t.pickDatacenter(centres[n])
		if dr.Place == PlacePlan {
			dr.Search = words
		}
	default:
		return false
	}
	return true
}

func textPlan(t *turn, text string) {
	if len(t.d.Draft.Catalogue.Plans) == 0 {
		t.note(chat.Say("hint.text"))
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
func planLine(p zomro.Plan) chat.Phrase {
	key := "plan.line"
	if p.SoldOut {
		key = "plan.line_sold_out"
	}
	return chat.Say(key, "Title", p.Title, "Spec", planSpec(p), "Price", planPrice(p))
}

// planSpec says what a plan's server is made of.
func planSpec(p zomro.Plan) chat.Phrase {
	s, ok := specOf(p)
	if !ok {
		return chat.Say("plan.no_spec")
	}
	return chat.Say("plan.spec", "CPU", s.cpu, "Memory", s.memory, "Disk", s.disk)
}

// planPrice names the price of a month, and of a day beside it.
func planPrice(p zomro.Plan) chat.Phrase {
	month, monthly := p.Price(zomro.Month)
	day, daily := p.Price(zomro.Day)
	switch {
	case monthly && daily:
		return chat.Say("plan.price", "Month", month, "Day", day)
	case monthly:
		return chat.Say("plan.price_month", "Month", month)
	case len(p.Prices) > 0:
		return chat.Say("plan.price_other", "Price", p.Prices[0].Cost, "Period", periodName(p.Prices[0].Period))
	default:
		return chat.Say("plan.price_none")
	}
}

// planLabel is a plan on a button.
func planLabel(p zomro.Plan) chat.Phrase {
	title := planTitle(p)
	if month, ok := p.Price(zomro.Month); ok {
		return chat.Say("button.plan", "Title", title, "Price", month)
	}
	return plain(title)
}

// planTitle is a plan's name on a button, marked when it is sold out.
func planTitle(p zomro.Plan) string {
	if p.SoldOut {
		return "⏳ " + short(p.Title)
	}
	return short(p.Title)
}
