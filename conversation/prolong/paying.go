package prolong

import (
	"fmt"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/zomro"
)

// Paying is what the cards of how a server is paid are made from.
type Paying struct {
	Account string                `json:"account"`
	Server  string                `json:"server"` // its id
	Name    string                `json:"name"`   // as it is told from the others of the account
	Service *zomro.Service        `json:"service,omitempty"`
	Loaded  bool                  `json:"loaded,omitempty"`
	Loads   int                   `json:"loads,omitempty"`
	Trouble *conversation.Problem `json:"trouble,omitempty"`

	Renewal *zomro.Renewal `json:"renewal,omitempty"` // nil: its form does not name it
	Unread  bool           `json:"unread,omitempty"`  // its form was not told
	Balance *zomro.Money   `json:"balance,omitempty"`

	Renewable bool `json:"renewable,omitempty"` // servers can be renewed from the chat

	Daily *zomro.Money `json:"daily,omitempty"`
	Days  int          `json:"days,omitempty"`

	Chosen string `json:"chosen,omitempty"` // the key of what the renewal is to be
	Offer  Offer  `json:"offer,omitzero"`   // for how long it can be paid on
}

// Stored names the form of its state in the store.
func (p *Paying) Stored() string { return "paying" }

// Clone returns a copy.
func (p *Paying) Clone() conversation.State {
	is := *p
	return &is
}

// Meaning is what the meaning of the card's buttons depends on.
func (p *Paying) Meaning() string {
	return fmt.Sprint(p.Account, p.Server, p.Loads, p.Trouble != nil, p.Chosen, p.Offer.Period, p.Offer.Opening)
}

// open shows how the server is paid whose card was shown.
func open(t *conversation.Turn, s conversation.ServerShown) {
	t.Ask(PlacePaying, &Paying{Account: s.Account, Server: s.Server.ID, Name: s.Name})
	t.Do(LoadPaying{Account: s.Account, Server: s.Server.ID})
}

// backToServer leads to the server's card.
func backToServer(t *conversation.Turn) {
	p := payingOf(t.Dialogue)
	t.Raise(conversation.BackToServer{Account: p.Account, Server: p.Server})
}

func rowOfPaying(d conversation.Dialogue) []chat.Button {
	p := payingOf(d)
	return conversation.ToPlace(p.Server, p.Name, PlacePaying)
}

// payingLoaded takes what the card waits for.
func payingLoaded(t *conversation.Turn, e PayingLoaded) {
	p := payingOf(t.Dialogue)
	if p == nil || p.Server != e.Server || p.Loaded {
		return
	}
	t.Show = true
	p.Loads++
	p.Loaded, p.Trouble = e.Problem == nil, e.Problem
	p.Service, p.Renewal, p.Unread = e.Service, e.Renewal, e.Unread
	p.Balance, p.Daily, p.Days, p.Renewable = e.Balance, e.Daily, e.Days, e.Renewable
}

func askPaying(v *conversation.View) {
	p := payingOf(v.Dialogue)
	v.Line(chat.Say("paying.title", "Name", p.Name))
	if v.Waiting(p.Loaded, p.Trouble) {
		return
	}
	again := v.Button(chat.Say("button.look_again"), conversation.VerbAgain)
	if p.Service == nil {
		v.Line(chat.Say("server.gone"))
		v.Row(again)
		return
	}
	v.Line(p.until()...)
	private := v.Dialogue.Key.Private()
	if private {
		v.Line(p.renewalText()...)
	}
	if p.Balance != nil {
		v.Gap()
		v.Line(chat.Say("accounts.balance", "Balance", *p.Balance))
	}
	if p.Daily != nil {
		v.Line(chat.Say("accounts.days", "Count", p.Days, "Daily", *p.Daily))
	}
	switch {
	case !p.payable():
	case !p.Renewable:
		v.Gap()
		v.Line(chat.Say("problem.renew_off"))
	case private:
		v.Row(v.Button(chat.Say("button.prolong"), conversation.VerbGo))
	default:
		v.Gap()
		v.Line(chat.Say("prolong.in_private"))
	}
	if p.Renewal != nil && private {
		v.Row(v.Button(chat.Say("button.renewal"), conversation.VerbDo))
	}
	if private {
		v.Row(conversation.TopUpButton(), conversation.CommandButton("costs"))
	}
	v.Row(again)
}

func pressPaying(t *conversation.Turn, verb string, _ int) bool {
	p := payingOf(t.Dialogue)
	switch {
	case verb == conversation.VerbAgain:
		p.Loaded, p.Trouble = false, nil
		t.Do(LoadPaying{Account: p.Account, Server: p.Server})
	case verb == conversation.VerbGo && p.Loaded && p.payable() && p.Renewable && t.Dialogue.Key.Private():
		t.Dialogue.Aside.Place = PlacePeriod
		p.ask(t, zomro.NoPeriod)
	case verb == conversation.VerbDo && p.Loaded && p.Renewal != nil && t.Dialogue.Key.Private():
		t.Dialogue.Aside.Place = PlaceRenewal
	default:
		return false
	}
	return true
}

// until says until when the server is paid, and what is charged next.
func (p *Paying) until() []chat.Phrase {
	cost, period, priced := p.Service.Price()
	if period == zomro.Day {
		return []chat.Phrase{chat.Say("paying.daily", "Cost", cost), chat.Say("paying.daily_means")}
	}
	var lines []chat.Phrase
	if paid := p.Service.PaidUntil; paid.IsZero() {
		lines = append(lines, chat.Say("paying.until_unknown"))
	} else {
		lines = append(lines, chat.Say("server.paid_until", "Day", chat.Arg{Day: &paid}))
	}
	if priced {
		lines = append(lines, chat.Say("paying.cost", "Cost", cost, "Period", conversation.PeriodName(period)))
	}
	return lines
}

// payingOf returns the state of the cards of this kind; nil: the card is about something
// else.
func payingOf(d conversation.Dialogue) *Paying {
	state, _ := conversation.StateOf[Paying](d)
	return state
}

// backToPaying forgets what was asked about a renewal.
func backToPaying(t *conversation.Turn) {
	if p := payingOf(t.Dialogue); p != nil {
		p.Chosen, p.Offer = "", Offer{}
	}
}
