package order

import (
	"regexp"
	"strings"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/zomro"
)

// orderRecalled begins a draft of what a purchase ordered: everything is checked
// against what the vendor offers today, and the password is asked for again.
func orderRecalled(t *conversation.Turn, e Recalled) {
	e.Order.ServerName = givenName(e.Order.ServerName, e.Purchase)
	if e.Template {
		openTemplates(t, PlaceTemplateName, templateLine(orderPairs(e.Order)))
		return
	}
	if e.Share {
		share(t, templateLine(orderPairs(e.Order)), e.Promo)
		return
	}
	switch {
	case mustWait(t) && !t.Dialogue.Key.Private():
		tellNoAccount(t)
		return
	case t.Dialogue.Draft != nil && t.Dialogue.Draft.Place == PlaceOpening:
		t.Note(chat.Say("note.opening"))
		t.AsNew = true
		return
	}
	replaced := t.Dialogue.Draft != nil && !t.Dialogue.Draft.Empty()
	begin(t, e.Draft)
	t.Fresh = true
	if replaced {
		t.Note(chat.Say("note.replaced"))
	}
	t.Note(chat.Say("orders.repeats", "ID", e.Purchase))
	if !e.Order.UseKey {
		t.Note(chat.Say("orders.password_again"))
	}
	if e.Promo != "" {
		t.Note(chat.Say("orders.promo_again", "Code", chat.Arg{Code: e.Promo}))
	}
	fill(t, shortcut{pairs: orderPairs(e.Order)})
	dr := t.Dialogue.Draft
	dr.Repeat = &conversation.Repeat{Purchase: e.Purchase, Total: e.Total}
	if e.Order.ServerName == "" {
		dr.Named = true // left out, as before
	}
	waitForLogin(t)
}

// serverWanted begins a draft of what the list of servers tells of one: everything is
// checked against what the vendor offers today, and what the list does not tell is asked
// for.
func serverWanted(t *conversation.Turn, e conversation.ServerWanted) {
	if dr := t.Dialogue.Draft; dr != nil && dr.Place == PlaceOpening {
		t.Note(chat.Say("note.opening"))
		return
	}
	replaced := t.Dialogue.Draft != nil && !t.Dialogue.Draft.Empty()
	begin(t, t.Press)
	t.Fresh = true
	if replaced {
		t.Note(chat.Say("note.replaced"))
	}
	t.Note(chat.Say("note.like_server", "Name", conversation.Named(e.Server.Name)))
	fill(t, shortcut{pairs: serverPairs(e.Server)})
	t.Dialogue.Draft.Account = e.Account
}

// trialName is a name that a trial gives to what it buys.
var trialName = regexp.MustCompile(`^trial-[0-9a-z]{7,}-[12]$`)

// givenName is the name that a person gave to a purchase's server, without the
// order's number that was added to it; empty: the whole name is the order's own.
func givenName(name, purchase string) string {
	own := "-" + strings.ToLower(strings.ReplaceAll(purchase, "-", ""))
	if given := strings.TrimSuffix(name, own); trialName.MatchString(given) {
		return "" // the next one would be taken for what a trial has left behind
	} else if given != "vps" {
		return given
	}
	if name == "vps" { // given so
		return name
	}
	return ""
}

// repeated says what an order that is repeated was to cost, next to what it
// costs now.
func repeated(v *conversation.View, now zomro.Money) {
	r := v.Draft.Repeat
	switch {
	case r == nil:
	case r.Total.Currency != now.Currency:
		v.Line(chat.Say("review.repeat_was", "ID", r.Purchase, "Was", r.Total))
	case r.Total.Amount.Equal(now.Amount):
		v.Line(chat.Say("review.repeat_same", "ID", r.Purchase))
	case r.Total.Amount.LessThan(now.Amount):
		v.Line(chat.Say("review.repeat_more", "ID", r.Purchase, "Was", r.Total, "More", zomro.Money{Amount: now.Amount.Sub(r.Total.Amount), Currency: now.Currency}))
	default:
		v.Line(chat.Say("review.repeat_less", "ID", r.Purchase, "Was", r.Total, "Less", zomro.Money{Amount: r.Total.Amount.Sub(now.Amount), Currency: now.Currency}))
	}
}
