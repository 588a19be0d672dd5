package prolong

import (
	"slices"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/purchase"
	"zomrobot/zomro"
)

// A server is paid on as anything is bought: the vendor's cart is the first to tell the
// price, so that it is agreed to on the card of the purchase.

// Offer is for how long a server can be paid on.
type Offer struct {
	Loaded  bool                  `json:"loaded,omitempty"`
	Trouble *conversation.Problem `json:"trouble,omitempty"`
	Form    *zomro.ProlongForm    `json:"form,omitempty"`
	Period  zomro.Period          `json:"period,omitempty"` // which the form was asked for; "": none yet
	Opening string                `json:"opening,omitempty"`
}

// payable reports whether there is a paid period that can be made longer.
func (p *Paying) payable() bool {
	if p.Service == nil || p.Service.PaidUntil.IsZero() || p.Service.Closing() {
		return false
	}
	_, period, priced := p.Service.Price()
	return priced && period.Months() > 0
}

// ask asks the vendor's form for a period; "": for which there are.
func (p *Paying) ask(t *conversation.Turn, period zomro.Period) {
	p.Offer = Offer{Period: period}
	t.Do(LoadPeriods{Account: p.Account, Server: p.Server, Period: period})
}

// periodsLoaded takes the form that the card waits for.
func periodsLoaded(t *conversation.Turn, e PeriodsLoaded) {
	p := payingOf(t.Dialogue)
	if p == nil || p.Server != e.Server || p.Offer.Period != e.Period || p.Offer.Loaded {
		return
	}
	p.Loads++
	p.Offer.Loaded, p.Offer.Trouble, p.Offer.Form = e.Problem == nil, e.Problem, e.Form
	t.Show = true
}

func askPeriod(v *conversation.View) {
	p := payingOf(v.Dialogue)
	v.Line(chat.Say("prolong.ask", "Name", p.Name))
	if v.Waiting(p.Offer.Loaded, p.Offer.Trouble) || p.Offer.Form == nil {
		return
	}
	if p.Offer.Form.Daily {
		v.Line(chat.Say("paying.daily_means"))
		return
	}
	var buttons []chat.Button
	for i, c := range p.Offer.Form.Choices {
		buttons = append(buttons, v.Button(conversation.PeriodName(c.Period), conversation.VerbPick, i))
	}
	v.Grid(2, buttons)
}

func pressPeriod(t *conversation.Turn, verb string, n int) bool {
	p := payingOf(t.Dialogue)
	form := p.Offer.Form
	switch {
	case verb == conversation.VerbAgain:
		p.ask(t, p.Offer.Period)
	case verb == conversation.VerbPick && form != nil && n >= 0 && n < len(form.Choices):
		p.ask(t, form.Choices[n].Period)
		t.Dialogue.Aside.Place = PlaceProlongAsk
	default:
		return false
	}
	return true
}

// backToPeriods asks again which periods there are.
func backToPeriods(t *conversation.Turn) {
	if p := payingOf(t.Dialogue); p != nil {
		p.ask(t, zomro.NoPeriod)
	}
}

// wanted is what is bought, if the vendor has told all of it: the day until which the
// server is paid, the same in its list and its form, and the day that it will be.
func (p *Paying) wanted() (purchase.Prolongation, bool) {
	form := p.Offer.Form
	if !p.Offer.Loaded || form == nil || !p.payable() || form.Next.IsZero() || form.Period != p.Offer.Period ||
		!form.Until.Equal(p.Service.PaidUntil) ||
		!slices.ContainsFunc(form.Choices, func(c zomro.ProlongChoice) bool { return c.Period == p.Offer.Period }) {
		return purchase.Prolongation{}, false
	}
	return purchase.Prolongation{Server: p.Server, Name: p.Service.Name, Period: form.Period, Until: form.Until, Next: form.Next}, true
}

// askProlongAsk says what will be done, and asks whether to.
func askProlongAsk(v *conversation.View) {
	p := payingOf(v.Dialogue)
	v.Line(chat.Say("prolong.sure", "Name", chat.Arg{Code: p.Name}, "Period", conversation.LengthOf(p.Offer.Period)))
	if v.Waiting(p.Offer.Loaded, p.Offer.Trouble) {
		return
	}
	on, told := p.wanted()
	if !told {
		v.Line(chat.Say("prolong.not_announced"))
		return
	}
	v.Line(conversation.PaysOnLines(on)...)
	v.Gap()
	v.Line(chat.Say("prolong.means"))
	yes := v.Button(chat.Say("button.prolong_yes"), conversation.VerbYes)
	yes.Style, yes.Off = chat.Primary, p.Offer.Opening != ""
	if yes.Off {
		yes.Data = ""
	}
	v.Row(yes)
}

func pressProlongAsk(t *conversation.Turn, verb string, _ int) bool {
	p := payingOf(t.Dialogue)
	on, told := p.wanted()
	switch {
	case verb == conversation.VerbAgain:
		p.ask(t, p.Offer.Period)
	case verb == conversation.VerbYes && told && p.Offer.Opening == "":
		p.buy(t, on)
	default:
		return false
	}
	return true
}

// buy opens the purchase.
func (p *Paying) buy(t *conversation.Turn, on purchase.Prolongation) {
	o := conversation.Open{
		Draft: conversation.DraftID(t.Dialogue.Key, t.Press), Account: p.Account, Prolong: &on,
		Agreed: conversation.Agreed{Lines: conversation.PaysOnLines(on), Period: on.Period},
		Beside: t.Dialogue.Draft != nil,
	}
	p.Offer.Opening = o.Draft
	t.Do(o)
}

// opened ends the question: its card becomes that of the purchase.
func opened(t *conversation.Turn, e Opened) {
	if p := payingOf(t.Dialogue); p == nil || p.Offer.Opening != e.Draft {
		return
	}
	t.Show = true
	if t.Remain() {
		return
	}
	t.Dialogue.Aside, t.Dialogue.Ended = nil, nil
	t.Dialogue.Handed = t.Dialogue.Draft == nil
}

// refused says why nothing was opened.
func refused(t *conversation.Turn, e Refused) {
	p := payingOf(t.Dialogue)
	if p == nil || p.Offer.Opening != e.Draft {
		return
	}
	p.Offer.Opening = ""
	t.Note(chat.Say("prolong.refused"), conversation.ProblemText(e.Problem))
	t.Show = true
}
