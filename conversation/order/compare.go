package order

import (
	"slices"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/zomro"
)

// mostCompared is how many plans are compared in one card.
const mostCompared = 3

// compared returns the plans that are compared, in the order in which they
// were marked. One that has left the catalogue is not among them.
func compared(dr *conversation.Draft) []zomro.Plan {
	var found []zomro.Plan
	for _, id := range dr.Compared {
		if i := slices.IndexFunc(dr.Catalogue.Plans, func(p zomro.Plan) bool { return p.ID == id }); i >= 0 {
			found = append(found, dr.Catalogue.Plans[i])
		}
	}
	return found
}

func askCompare(v *conversation.View) {
	v.Line(chat.Say("ask.compare", "Most", mostCompared))
	plans(v, func(i int, p zomro.Plan) chat.Button {
		return v.Option(planLabel(p), slices.Contains(v.Draft.Compared, p.ID), conversation.VerbMark, i)
	})
	filters(v)
	v.Row(sorting(v))
	if n := len(compared(v.Draft)); n > 0 {
		show := v.Button(chat.Say("button.compare_show", "Marked", n), conversation.VerbDone)
		show.Style = chat.Primary
		v.Row(show)
	}
}

func pressCompare(t *conversation.Turn, verb string, n int) bool {
	dr := t.Dialogue.Draft
	plans := dr.Catalogue.Plans
	switch {
	case verb == conversation.VerbMark && n >= 0 && n < len(plans):
		mark(t, plans[n].ID)
	case verb == conversation.VerbDone && len(compared(dr)) > 0:
		dr.Place = PlaceCompared
	default:
		return pressFilter(t, verb, n)
	}
	return true
}

// mark marks a plan to be compared, or takes the mark off.
func mark(t *conversation.Turn, id string) {
	dr := t.Dialogue.Draft
	switch i := slices.Index(dr.Compared, id); {
	case i >= 0:
		dr.Compared = slices.Delete(dr.Compared, i, i+1)
	case len(compared(dr)) >= mostCompared:
		t.Answer(chat.Say("toast.compare_full", "Most", mostCompared))
	default:
		dr.Compared = append(dr.Compared, id)
	}
}

func askCompared(v *conversation.View) {
	plans := compared(v.Draft)
	if len(plans) == 0 {
		v.Line(chat.Say("compare.none"))
		return
	}
	for i, p := range plans {
		v.Line(chat.Say("compare.plan", "Place", i+1, "Title", planTitle(p)))
	}
	v.Gap()
	if !slices.ContainsFunc(plans, func(p zomro.Plan) bool { return p.Group == "" }) {
		var kinds []chat.Phrase
		for _, p := range plans {
			kinds = append(kinds, groupName(p.Group))
		}
		v.Line(beside(chat.Say("compare.kind"), kinds))
	}
	v.Line(details(plans)...)
	v.Gap()
	v.Line(chat.Say("compare.prices"))
	for _, period := range periods {
		var costs []chat.Phrase
		for _, p := range plans {
			cost, ok := p.Price(period)
			if !ok {
				costs = append(costs, conversation.Plain("—"))
				continue
			}
			costs = append(costs, chat.Say("compare.cost", "Cost", cost))
		}
		v.Line(beside(conversation.PeriodName(period), costs))
	}
	if slices.ContainsFunc(plans, func(p zomro.Plan) bool { return p.SoldOut }) {
		v.Gap()
		v.Line(chat.Say("plan.sold_out_means"))
	}
	age(v)
	for i, p := range plans {
		v.Row(v.Button(planLabel(p), conversation.VerbPick, i))
	}
}

// details are the lines of the plans' descriptions, each with the values of all
// plans side by side, or once when they are the same.
func details(plans []zomro.Plan) []chat.Phrase {
	var names []string
	for _, p := range plans {
		for _, d := range p.Details {
			if !slices.Contains(names, d.Name) {
				names = append(names, d.Name)
			}
		}
	}
	var lines []chat.Phrase
	for _, name := range names {
		var values []chat.Phrase
		for _, p := range plans {
			value := "—"
			for _, d := range p.Details {
				if d.Name == name {
					value = d.Value
					break
				}
			}
			values = append(values, conversation.Plain(value))
		}
		lines = append(lines, beside(conversation.Plain(name), values))
	}
	return lines
}

// beside is a line with one value for each of the plans that are compared.
func beside(name chat.Phrase, values []chat.Phrase) chat.Phrase {
	same := !slices.ContainsFunc(values, func(p chat.Phrase) bool { return !samePhrase(p, values[0]) })
	switch {
	case same || len(values) == 1:
		return chat.Say("compare.one", "Name", name, "A", values[0])
	case len(values) == 2:
		return chat.Say("compare.two", "Name", name, "A", values[0], "B", values[1])
	default:
		return chat.Say("compare.three", "Name", name, "A", values[0], "B", values[1], "C", values[2])
	}
}

// samePhrase reports whether two values of a comparison read the same.
func samePhrase(a, b chat.Phrase) bool {
	x, y := a.Args["Cost"].Money, b.Args["Cost"].Money
	if x != nil && y != nil {
		return x.Currency == y.Currency && x.Amount.Equal(y.Amount)
	}
	return x == nil && y == nil && a.Key == b.Key && a.Args["Text"].Text == b.Args["Text"].Text
}

func pressCompared(t *conversation.Turn, verb string, n int) bool {
	plans := compared(t.Dialogue.Draft)
	if verb != conversation.VerbPick || n < 0 || n >= len(plans) {
		return false
	}
	pickPlan(t, plans[n])
	return true
}
