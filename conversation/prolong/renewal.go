package prolong

import (
	"slices"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/job"
	"zomrobot/zomro"
)

// choice returns a choice of the renewal; false: there is none of that key.
func (p *Paying) choice(key string) (zomro.RenewalChoice, bool) {
	if p.Renewal == nil {
		return zomro.RenewalChoice{}, false
	}
	i := slices.IndexFunc(p.Renewal.Choices, func(c zomro.RenewalChoice) bool { return c.Key == key })
	if i < 0 {
		return zomro.RenewalChoice{}, false
	}
	return p.Renewal.Choices[i], true
}

// renewalText says whether the server is paid on by itself, and what that means.
func (p *Paying) renewalText() []chat.Phrase {
	switch {
	case p.Unread:
		return []chat.Phrase{chat.Say("renewal.unread")}
	case p.Renewal == nil:
		return []chat.Phrase{chat.Say("renewal.unnamed")}
	}
	is, _ := p.choice(p.Renewal.Value)
	return append([]chat.Phrase{chat.Say("renewal.is", "Renewal", conversation.RenewalText(is))}, p.means(is)...)
}

// means says what an automatic renewal means for the money, and for the server.
func (p *Paying) means(c zomro.RenewalChoice) []chat.Phrase {
	paid := p.Service.PaidUntil
	if zomro.RenewalOff(c.Key) {
		lines := []chat.Phrase{chat.Say("renewal.off_means")}
		if from, ok := p.Service.DeletedFrom(); ok {
			lines = append(lines, chat.Say("renewal.off_lapses", "Day", chat.Arg{Day: &paid}, "Deleted", chat.Arg{Day: &from}))
		}
		return lines
	}
	cost, period, priced := p.Service.Price()
	switch {
	case !priced || zomro.Period(c.Key) != period:
		return []chat.Phrase{chat.Say("renewal.on_means")}
	case paid.IsZero():
		return []chat.Phrase{chat.Say("renewal.on_costs", "Cost", cost)}
	default:
		return []chat.Phrase{chat.Say("renewal.on_costs_at", "Cost", cost, "Day", chat.Arg{Day: &paid})}
	}
}

func askRenewal(v *conversation.View) {
	p := payingOf(v.Dialogue)
	v.Line(chat.Say("renewal.ask", "Name", p.Name))
	if p.Renewal == nil {
		return
	}
	var buttons []chat.Button
	for i, c := range p.Renewal.Choices {
		buttons = append(buttons, v.Option(conversation.RenewalText(c), c.Key == p.Renewal.Value, conversation.VerbPick, i))
	}
	v.Grid(2, buttons)
}

func pressRenewal(t *conversation.Turn, verb string, n int) bool {
	p := payingOf(t.Dialogue)
	if verb != conversation.VerbPick || p.Renewal == nil || n < 0 || n >= len(p.Renewal.Choices) {
		return false
	}
	if chosen := p.Renewal.Choices[n]; chosen.Key == p.Renewal.Value {
		t.Answer(chat.Say("renewal.same"))
	} else {
		p.Chosen, t.Dialogue.Aside.Place = chosen.Key, PlaceRenewalAsk
	}
	return true
}

// askRenewalAsk says what the change means, and asks whether to make it.
func askRenewalAsk(v *conversation.View) {
	p := payingOf(v.Dialogue)
	chosen, found := p.choice(p.Chosen)
	if !found || p.Service == nil {
		v.Line(chat.Say("server.gone"))
		return
	}
	is, _ := p.choice(p.Renewal.Value)
	if zomro.RenewalOff(chosen.Key) {
		v.Line(chat.Say("renewal.sure_off", "Name", chat.Arg{Code: p.Name}, "Was", conversation.RenewalText(is)))
	} else {
		v.Line(chat.Say("renewal.sure", "Name", chat.Arg{Code: p.Name}, "Was", conversation.RenewalText(is), "Is", conversation.RenewalText(chosen)))
	}
	v.Line(p.means(chosen)...)
	v.Line(chat.Say("renewal.now"))
	yes := v.Button(chat.Say("button.deed.renewal"), conversation.VerbYes)
	yes.Style = chat.Primary
	if zomro.RenewalOff(chosen.Key) {
		yes.Style = chat.Danger
	}
	v.Row(yes)
}

func pressRenewalAsk(t *conversation.Turn, verb string, _ int) bool {
	p := payingOf(t.Dialogue)
	chosen, found := p.choice(p.Chosen)
	if verb != conversation.VerbYes || !found || p.Service == nil {
		return false
	}
	t.Act(conversation.Act{Order: job.Order{
		Account: p.Account, Server: p.Server, Name: p.Name, Op: job.Renewal, NewName: chosen.Key, Label: chosen.Label,
	}})
	return true
}
