package order

import (
	"slices"

	"github.com/shopspring/decimal"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/conversation/order/wording"
	"zomrobot/zomro"
)

// planGroups are the groups of plans that the vendor has [R], in the order in
// which they are offered.
var planGroups = []string{"shared_cpu", "dedicated_cpu", "with_gpu", "forex_server"}

// groupName is the name of a group of plans, in words.
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
		return conversation.Plain(group)
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

// listed returns the indices of the plans that the draft's list shows: those of the
// group that fit the search, and take the system that is wished for unless the search
// names one, in the order that was asked for. What the catalogue does not have, group or
// system, narrows nothing.
func listed(dr *conversation.Draft) []int {
	plans := dr.Catalogue.Plans
	_, words := elsewhere(dr, dr.Search)
	found := findPlans(plans, words)
	if slices.Contains(groups(plans), dr.Group) {
		found = slices.DeleteFunc(found, func(i int) bool { return plans[i].Group != dr.Group })
	}
	if system := wishedSystem(dr); hasSystem(dr, system) && wording.Read(words).System.Family == "" {
		wished := wording.Read(system).System
		found = slices.DeleteFunc(found, func(i int) bool { return !fitsSystem(plans[i], wished) })
	}
	if dr.Cheapest {
		slices.SortStableFunc(found, func(a, b int) int { return monthly(plans[a]).Cmp(monthly(plans[b])) })
	}
	return found
}

// monthly is what a month of a plan costs, as far as its prices tell; plans are
// sorted by it.
func monthly(p zomro.Plan) decimal.Decimal {
	if month, ok := p.Price(zomro.Month); ok {
		return month.Amount
	}
	for _, price := range p.Prices {
		return perMonth(price)
	}
	return decimal.Zero
}

func askPlan(v *conversation.View) {
	if len(v.Draft.Catalogue.Plans) == 0 {
		v.Line(chat.Say("ask.plan_none"))
		v.Row(v.Button(chat.Say("button.again"), conversation.VerbAgain))
		return
	}
	v.Line(chat.Say("ask.plan"))
	plans(v, func(i int, p zomro.Plan) chat.Button {
		return v.Option(planLabel(p), v.Draft.Plan != nil && v.Draft.Plan.ID == p.ID, conversation.VerbPick, i)
	})
	filters(v)
	v.Row(sorting(v), v.Button(chat.Say("button.compare"), conversation.VerbCompare), v.Button(chat.Say("button.reload"), conversation.VerbReload))
}

// plans shows the list of plans, each with a button.
func plans(v *conversation.View, button func(int, zomro.Plan) chat.Button) {
	plans := v.Draft.Catalogue.Plans
	found := listed(v.Draft)
	if system := wishedSystem(v.Draft); system != "" {
		v.Line(chat.Say("plan.wished", "System", system))
	}
	elsewhere, words := elsewhere(v.Draft, v.Draft.Search)
	for _, i := range elsewhere {
		v.Line(chat.Say("search.elsewhere", "Search", v.Draft.Search, "Datacenter", centreName(v.Draft.Catalogue.Datacenters[i]), "Here", centreName(v.Draft.Datacenter)))
	}
	if len(elsewhere) == 0 || words != "" {
		v.Found(len(found))
	}
	age(v)
	if len(found) > 0 {
		v.Gap()
	}
	from, to := v.Page(len(found))
	soldOut := false
	for _, i := range found[from:to] {
		v.Line(planLine(plans[i]))
		soldOut = soldOut || plans[i].SoldOut
		v.Row(button(i, plans[i]))
	}
	if soldOut {
		v.Gap()
		v.Line(chat.Say("plan.sold_out_means"))
	}
	for _, i := range elsewhere {
		v.Row(v.Button(chat.Say("button.elsewhere", "Datacenter", conversation.Short(centreName(v.Draft.Catalogue.Datacenters[i]))), conversation.VerbCentre, i))
	}
	v.Pager(len(found))
}

// filters adds the buttons that narrow and sort the list of plans.
func filters(v *conversation.View) {
	const perRow = 2
	all := groups(v.Draft.Catalogue.Plans)
	if len(all) > 1 {
		var buttons []chat.Button
		if slices.Contains(all, v.Draft.Group) {
			buttons = append(buttons, v.Button(chat.Say("button.group_all"), conversation.VerbGroup))
		}
		for i, group := range all {
			buttons = append(buttons, v.Option(groupName(group), v.Draft.Group == group, conversation.VerbGroup, i))
		}
		v.Grid(perRow, buttons)
	}
}

// sorting is the button that lists the plans in the other order.
func sorting(v *conversation.View) chat.Button {
	if v.Draft.Cheapest {
		return v.Button(chat.Say("button.sort_vendor"), conversation.VerbSort, 0)
	}
	return v.Button(chat.Say("button.sort_price"), conversation.VerbSort, 1)
}

func pressPlan(t *conversation.Turn, verb string, n int) bool {
	dr := t.Dialogue.Draft
	plans := dr.Catalogue.Plans
	switch {
	case verb == conversation.VerbPick && n >= 0 && n < len(plans):
		pickPlan(t, plans[n])
	case verb == conversation.VerbCompare && len(plans) > 0:
		dr.Place, dr.Compared = PlaceCompare, nil
		if dr.Plan != nil {
			dr.Compared = []string{dr.Plan.ID}
		}
	case verb == conversation.VerbReload:
		dr.Refreshing, t.Reload, t.Fresh = true, true, true
	default:
		return pressFilter(t, verb, n)
	}
	return true
}

// pressFilter carries out a button that narrows or sorts the list of plans, or
// leads to those of another datacenter.
func pressFilter(t *conversation.Turn, verb string, n int) bool {
	dr := t.Dialogue.Draft
	all, centres := groups(dr.Catalogue.Plans), dr.Catalogue.Datacenters
	switch {
	case verb == conversation.VerbGroup && n < len(all):
		chosen := dr.Group
		dr.Group, dr.Page = "", 0
		if n >= 0 && chosen != all[n] {
			dr.Group = all[n]
		}
	case verb == conversation.VerbSort:
		dr.Cheapest, dr.Page = n == 1, 0
	case verb == conversation.VerbCentre && n >= 0 && n < len(centres):
		_, words := elsewhere(dr, dr.Search)
		pickDatacenter(t, centres[n])
		if dr.Place == PlacePlan {
			dr.Search = words
		}
	default:
		return false
	}
	return true
}

func textPlan(t *conversation.Turn, text string) {
	if len(t.Dialogue.Draft.Catalogue.Plans) == 0 {
		t.Note(chat.Say("hint.text"))
		return
	}
	textSearch(t, text)
}

// pickPlan chooses a plan. What was chosen before and fits this plan too is found
// again once its order form is known.
func pickPlan(t *conversation.Turn, plan zomro.Plan) {
	dr := t.Dialogue.Draft
	dr.Plan = &plan
	fitPeriod(t)
	if formed(dr) {
		t.Forward()
		return
	}
	t.GoTo(PlaceAddons)
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
	s, ok := p.Spec()
	if !ok {
		return chat.Say("plan.no_spec")
	}
	return conversation.SpecText(s)
}

// planPrice names the price of a month, and of a day next to it.
func planPrice(p zomro.Plan) chat.Phrase {
	month, monthly := p.Price(zomro.Month)
	day, daily := p.Price(zomro.Day)
	switch {
	case monthly && daily:
		return chat.Say("plan.price", "Month", month, "Day", day)
	case monthly:
		return chat.Say("plan.price_month", "Month", month)
	case len(p.Prices) > 0:
		return chat.Say("plan.price_other", "Price", p.Prices[0].Cost, "Period", conversation.PeriodName(p.Prices[0].Period))
	default:
		return chat.Say("plan.price_none")
	}
}

// planLabel is a plan on a button: what decides comes first.
func planLabel(p zomro.Plan) chat.Phrase {
	title := planTitle(p)
	month, ok := p.Price(zomro.Month)
	if !ok {
		return conversation.Plain(title)
	}
	if _, told := specOf(p); !told {
		return chat.Say("button.plan", "Title", title, "Price", month)
	}
	return chat.Say("button.plan_spec", "Spec", brief(p), "Price", month, "Title", title)
}

// planTitle is a plan's name on a button, marked when it is sold out.
func planTitle(p zomro.Plan) string {
	if p.SoldOut {
		return "⏳ " + conversation.Short(p.Title)
	}
	return conversation.Short(p.Title)
}
