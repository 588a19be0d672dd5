package conversation

import (
	"slices"
	"unicode"

	"zomrobot/chat"
	"zomrobot/zomro"
)

func askReview(v *view) {
	dr := v.dr
	v.line(agreed(v.m, v.d)...)
	v.namesake()
	if dr.Promo != "" {
		v.line(chat.Say("chosen.promo", "Code", chat.Arg{Code: dr.Promo}))
	}
	v.gap()
	cost, priced := dr.estimate()
	if !priced {
		v.line(chat.Say("review.no_price"))
	} else {
		v.line(chat.Say("review.price", "Price", cost.price, "Period", periodName(dr.Period)))
		if adds, ok := dr.systemCost(); ok {
			v.line(chat.Say("review.system", "System", dr.Image.Label, "Cost", adds, "Period", periodName(dr.Period)))
		}
		if cost.about {
			v.line(chat.Say("review.total_about", "Total", cost.total))
		} else {
			v.line(chat.Say("review.total", "Total", cost.total))
		}
		v.repeated(cost.total)
		v.line(chat.Say("review.tax"))
		if dr.Period == zomro.Day {
			v.line(chat.Say("review.daily"))
		}
		v.age()
		v.balance(cost)
		v.verdict()
	}
	if dr.Plan != nil && dr.Plan.SoldOut {
		v.line(chat.Say("plan.sold_out_means"))
	}
	if dr.Image != nil && windows(dr.Image.Label) {
		v.line(chat.Say("review.windows"))
	}
	v.gap()
	if missing := v.m.open(dr); len(missing) > 0 || dr.Access.Gone {
		v.line(chat.Say("review.missing", "What", openTitles(v.m, dr)))
	} else {
		v.line(chat.Say("review.licence"))
	}
	if priced {
		confirm := v.button(chat.Say("button.confirm", "Total", cost.total), verbConfirm)
		confirm.Style = chat.Success
		v.row(confirm)
	}
	if v.lowBalance(cost) && priced {
		v.row(topUpButton())
	}
	promo := v.button(chat.Say("button.promo"), verbPromo)
	if dr.Promo != "" {
		promo = v.button(chat.Say("button.unpromo"), verbUnpromo)
	}
	v.row(v.button(chat.Say("button.edit"), verbEdit), promo)
	if v.d.Key.Private() {
		v.row(v.button(chat.Say("button.save_template"), verbSave))
	}
}

// verdict says what the team's rule and limits say about the order.
func (v *view) verdict() {
	verdict := v.dr.Verdict
	if verdict == nil {
		return
	}
	for _, limit := range verdict.Over {
		v.line(chat.Say("review.over_limit", "Limit", limitName(limit)))
	}
	switch {
	case verdict.Refused:
		v.line(chat.Say("review.refused"))
	case verdict.Needed > 0:
		v.line(chat.Say("review.approvals", "Count", verdict.Needed))
	}
}

// judge looks at what the team's rule and limits say about the order, as the
// team stood at the last turn.
func (t *turn) judge() {
	dr := t.d.Draft
	if dr == nil || t.d.Team == nil || dr.Place != PlaceReview {
		return
	}
	cost, priced := dr.estimate()
	dr.Verdict = nil
	if priced {
		verdict := t.d.Team.Team.Judge(t.d.Team.Ledger, "", t.d.Key.User, &cost.total, t.now)
		dr.Verdict = &verdict
	}
}

// agreed says each choice of the draft in words, and who pays when there is a
// choice of that too.
func agreed(m *Machine, d Dialogue) []chat.Phrase {
	lines := m.chosen(d.Draft)
	if len(d.Accounts) > 1 {
		lines = append(lines, chat.Say("chosen.account", "Account", d.payer().Nick))
	}
	return lines
}

// balance says what there is to pay with, where it is known.
func (v *view) balance(cost estimate) {
	if v.dr.Balance == nil {
		return
	}
	if v.d.Key.Private() { // how much there is, is no business of a group's
		v.line(chat.Say("review.balance", "Balance", v.dr.Balance.Spendable()))
	}
	if v.lowBalance(cost) {
		v.line(chat.Say("review.low_balance"))
	}
}

// lowBalance reports whether there is less to pay with than the order costs.
func (v *view) lowBalance(cost estimate) bool {
	if v.dr.Balance == nil {
		return false
	}
	have := v.dr.Balance.Spendable()
	return have.Currency == cost.total.Currency && have.Amount.LessThan(cost.total.Amount)
}

// openTitles names what must be answered before the order can be confirmed.
func openTitles(m *Machine, dr *Draft) []chat.Phrase {
	var missing []chat.Phrase
	for _, p := range m.open(dr) {
		missing = append(missing, m.places[p].title)
	}
	if dr.Access.Gone {
		missing = append(missing, m.places[PlaceAccess].title)
	}
	return missing
}

func pressReview(t *turn, verb string, _ int) bool {
	dr := t.d.Draft
	switch verb {
	case verbConfirm:
		t.confirm()
	case verbEdit:
		t.goTo(PlaceEdit)
	case verbPromo:
		t.goTo(PlacePromo)
	case verbSave:
		if !t.d.Key.Private() {
			return false
		}
		t.openTemplates(PlaceTemplateName, dr.templateOf())
	case verbUnpromo:
		dr.Promo = ""
	default:
		return false
	}
	return true
}

// confirm opens the purchase of what the review shows; else it says what is
// still missing.
func (t *turn) confirm() {
	dr := t.d.Draft
	cost, priced := dr.estimate()
	missing := t.m.open(dr)
	switch {
	case dr.Place == PlaceOpening:
		t.note(chat.Say("note.opening"))
	case t.d.Account == "":
		t.tellNoAccount()
	case len(missing) > 0:
		t.note(chat.Say("review.missing", "What", openTitles(t.m, dr)))
		if dr.Place == PlaceReview {
			t.forward()
		}
	case dr.Place != PlaceReview:
		t.goTo(PlaceReview)
		t.note(chat.Say("note.look_first"))
	case dr.Access.Gone:
		t.goTo(PlaceAccess)
		t.note(chat.Say("note.password_again"))
	case t.m.want(dr) != nil || !priced:
		t.note(chat.Say("note.price_first"))
	case t.outdated():
		// They have seen the review: it is ordered if it still holds.
		dr.Refreshing, dr.Confirming, dr.Confirmed = true, true, t.made
	default:
		t.open(Open{
			Draft: dr.ID, Account: dr.Account,
			Order:  dr.order(),
			Promo:  dr.Promo,
			Agreed: Agreed{Lines: agreed(t.m, t.d), Total: cost.total, Period: dr.Period, Price: cost.price},

			PlanTitle: dr.Plan.Title, DatacenterName: dr.Datacenter.Name,
		})
		t.goTo(PlaceOpening)
	}
	t.show = true
}

// open opens a purchase. In a group it is first looked at what the person is
// there now.
func (t *turn) open(o Open) {
	if t.d.Key.Private() {
		t.do(o)
		return
	}
	t.do(Check{Open: &o})
}

// order is the draft as the vendor takes it.
func (dr *Draft) order() zomro.Order {
	o := zomro.Order{
		Plan: dr.Plan.ID, Datacenter: dr.Datacenter.ID, Period: dr.Period, Count: dr.Count,
		Image: dr.Image.ID, ServerName: dr.Name,
	}
	if dr.Access.Kind == AccessKey {
		o.UseKey, o.Key = true, dr.Access.Key.ID
	}
	for _, option := range dr.Options {
		if option.Value != "" {
			o.Addons = append(o.Addons, zomro.AddonValue{Name: option.Name, Value: option.Value})
		}
	}
	if dr.Backups != nil && !dr.NoBackups {
		backups := *dr.Backups
		backups.Days = slices.Clone(backups.Days)
		o.Backups = &backups
	}
	return o
}

func askEdit(v *view) {
	v.line(chat.Say("ask.edit"))
	var buttons []chat.Button
	for i, p := range v.m.steps {
		switch {
		case p == PlaceReview || !v.m.applies(v.dr, p):
		case p == PlaceAddons:
			// each by itself, below
		default:
			buttons = append(buttons, v.button(chat.Say("button.step", "Title", v.m.places[p].title), verbGo, i))
		}
	}
	for _, i := range v.dr.askedIndices() {
		buttons = append(buttons, v.button(plain(v.dr.Form.Addons[i].Label), verbPick, i))
	}
	if len(v.d.Accounts) > 1 {
		buttons = append(buttons, v.button(chat.Say("button.account"), verbAccount))
	}
	v.grid(2, buttons)
}

func pressEdit(t *turn, verb string, n int) bool {
	dr := t.d.Draft
	switch {
	case verb == verbGo && n >= 0 && n < len(t.m.steps) && t.m.steps[n] != PlaceReview && t.m.steps[n] != PlaceAddons:
		t.goTo(t.m.steps[n])
	case verb == verbAccount && len(t.d.Accounts) > 1:
		t.goTo(PlacePayer)
	case verb == verbPick && slices.Contains(dr.askedIndices(), n):
		t.goTo(PlaceAddons)
		dr.Addon = n
	default:
		return false
	}
	return true
}

func askPromo(v *view) { v.line(chat.Say("ask.promo")) }

// checkPromo returns what is wrong with a promo code; nil: nothing is that can
// be told without the vendor.
func checkPromo(code string) *chat.Phrase {
	const most = 64
	bad := func(r rune) bool { return !unicode.IsPrint(r) || unicode.IsSpace(r) }
	if code == "" || len([]rune(code)) > most || slices.ContainsFunc([]rune(code), bad) {
		wrong := chat.Say("wrong.promo")
		if sign, found := chat.ForeignSign(code, func(r rune) bool { return !bad(r) }); found {
			wrong = chat.Say("wrong.promo_sign", "Sign", chat.Arg{Code: sign})
		}
		return &wrong
	}
	return nil
}

func textPromo(t *turn, text string) {
	if t.promo(text) {
		t.forward()
	}
}

// promo remembers a promo code; false: it is none.
func (t *turn) promo(code string) bool {
	if wrong := checkPromo(code); wrong != nil {
		t.note(*wrong)
		return false
	}
	t.d.Draft.Promo = code
	t.note(chat.Say("note.promo", "Code", chat.Arg{Code: code}))
	return true
}

func askOpening(v *view) { v.line(chat.Say("ask.opening")) }

// purchaseOpened ends the draft: the purchase has a card of its own.
func (t *turn) purchaseOpened(e PurchaseOpened) {
	dr := t.d.Draft
	if dr == nil || dr.ID != e.Draft {
		return
	}
	t.d.Draft = nil // its password has gone to the purchase
	opened := "order.opened"
	if e.Awaiting {
		opened = "order.asked"
	}
	t.end(chat.Say(opened, "ID", e.ID))
	t.show = true
}

// purchaseRefused gives the draft back, and says why.
func (t *turn) purchaseRefused(e PurchaseRefused) {
	dr := t.d.Draft
	if dr == nil || dr.ID != e.Draft {
		return
	}
	if e.Problem.Code == CodeNoPassword && dr.Access.Kind == AccessPassword {
		t.forgetPassword()
	}
	t.forward()
	t.note(chat.Say("order.refused"), problemText(e.Problem))
	t.anew = true
}

func (t *turn) checkedOpen(open Open, e Checked) {
	if dr := t.d.Draft; dr == nil || dr.ID != open.Draft || dr.Place != PlaceOpening {
		return
	}
	if e.Failed {
		t.purchaseRefused(PurchaseRefused{Draft: open.Draft, Problem: Problem{Code: CodeNotChecked}})
		return
	}
	open.Status = e.Status
	t.do(open)
}
