package order

import (
	"slices"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/team"
	"zomrobot/zomro"
)

// termsURL is where the vendor's terms of service are.
const termsURL = "https://zomro.com/oferta"

// askReview says everything that is agreed to. It is where an order is put right, too:
// each answer has a button.
func askReview(v *conversation.View) {
	dr := v.Draft
	fromLink(v)
	v.Line(assumed(v)...)
	v.Line(payer(v.Dialogue)...)
	if len(dr.Assumed) > 0 {
		v.Line(chat.Say("review.assumed_means"))
	}
	showNamesake(v)
	if dr.Promo != "" {
		v.Line(chat.Say("chosen.promo", "Code", chat.Arg{Code: dr.Promo}))
	}
	v.Gap()
	cost, priced := estimateOf(dr)
	if priced {
		costs(v, cost)
	} else {
		v.Line(chat.Say("review.no_price"))
	}
	if dr.Plan != nil && dr.Plan.SoldOut {
		v.Line(chat.Say("plan.sold_out_means"))
	}
	if dr.Image != nil && conversation.Windows(dr.Image.Label) {
		v.Line(chat.Say("review.windows"))
	}
	v.Gap()
	if missing := v.Machine.Open(dr); len(missing) > 0 || dr.Access.Gone {
		v.Line(chat.Say("review.missing", "What", openTitles(v.Machine, dr)))
	} else {
		v.Line(chat.Say("review.terms", "URL", termsURL))
	}
	if priced {
		label := chat.Say("button.confirm", "Total", cost.total)
		if verdict := dr.Verdict; verdict != nil && verdict.Needed > 0 && !verdict.Refused {
			label = chat.Say("button.send_for_approval", "Total", cost.total)
		}
		confirm := v.Button(label, conversation.VerbConfirm)
		confirm.Style = chat.Success
		v.Row(confirm)
	}
	if lowBalance(v, cost) && priced && v.Dialogue.Key.Private() { // in a group it is somebody else's
		v.Row(conversation.TopUpButton())
	}
	v.Grid(2, fields(v))
	last := []chat.Button{v.Button(chat.Say("button.share"), conversation.VerbShare)}
	if v.Dialogue.Key.Private() {
		last = append([]chat.Button{v.Button(chat.Say("button.save_template"), conversation.VerbSave)}, last...)
	}
	v.Row(last...)
}

// costs says what is charged now and what there is to pay with, what is not known of
// that, and when more is charged.
func costs(v *conversation.View, cost estimate) {
	dr := v.Draft
	v.Line(chat.Say("review.price", "Price", cost.price, "Period", conversation.PeriodName(dr.Period)))
	if adds, ok := systemCost(dr); ok {
		v.Line(chat.Say("review.system", "System", dr.Image.Label, "Cost", adds, "Period", conversation.PeriodName(dr.Period)))
	}
	if len(cost.unknown) > 0 {
		v.Line(chat.Say("review.total_without", "Total", cost.total, "What", cost.unknown))
	} else {
		v.Line(chat.Say("review.total", "Total", cost.total))
	}
	repeated(v, cost.total)
	v.Line(chat.Say("review.tax"))
	if dr.Period == zomro.Day {
		v.Line(chat.Say("review.daily"))
	} else {
		v.Line(chat.Say("review.next_charge", "After", after(dr.Period)))
	}
	age(v)
	balance(v, cost)
	verdict(v)
}

// fields are the buttons that lead from the review to each answer.
func fields(v *conversation.View) []chat.Button {
	dr := v.Draft
	var buttons []chat.Button
	for i, p := range v.Machine.Steps() {
		switch {
		case v.Machine.Spot(p).Final || !v.Machine.Applies(dr, p):
		case p == PlaceAddons: // each by itself
			for _, i := range askedIndices(dr) {
				buttons = append(buttons, v.Button(conversation.Plain(dr.Form.Addons[i].Label), conversation.VerbPick, i))
			}
		default:
			buttons = append(buttons, v.Button(chat.Say("button.step", "Title", v.Machine.Spot(p).Title), conversation.VerbGo, i))
		}
	}
	if len(v.Dialogue.Accounts) > 1 {
		buttons = append(buttons, v.Button(chat.Say("button.account"), conversation.VerbAccount))
	}
	if dr.Promo != "" {
		return append(buttons, v.Button(chat.Say("button.unpromo"), conversation.VerbUnpromo))
	}
	return append(buttons, v.Button(chat.Say("button.promo"), conversation.VerbPromo))
}

// verdict says what the team's rule and limits say about the order.
func verdict(v *conversation.View) {
	verdict := v.Draft.Verdict
	if verdict == nil {
		return
	}
	for _, limit := range verdict.Over {
		v.Line(overLimit(v.Dialogue, limit))
	}
	switch {
	case verdict.Refused:
		v.Line(chat.Say("review.refused"))
	case verdict.Needed > 0:
		v.Line(chat.Say("review.approvals", "Count", verdict.Needed))
	}
}

// overLimit says which limit of the team the order is above, how high that one is, what of
// it is used already, and what the order costs.
func overLimit(d conversation.Dialogue, limit team.Limit) chat.Phrase {
	name := conversation.LimitName(limit)
	cost, priced := estimateOf(d.Draft)
	if d.Team != nil && priced {
		if most := d.Team.Team.Limits.Of(limit); most != nil {
			used := d.Team.Ledger.Used(limit, d.Key.User, cost.total.Currency, "", d.Told)
			if used.Amount.IsPositive() {
				return chat.Say("review.over_limit_used", "Limit", name, "Most", *most, "Used", used, "Total", cost.total)
			}
			return chat.Say("review.over_limit_by", "Limit", name, "Most", *most, "Total", cost.total)
		}
	}
	return chat.Say("review.over_limit", "Limit", name)
}

// judge looks at what the team's rule and limits say about the order, as the
// team stood at the last turn.
func judge(t *conversation.Turn) {
	dr := t.Dialogue.Draft
	if dr == nil || t.Dialogue.Team == nil || dr.Place != PlaceReview {
		return
	}
	cost, priced := estimateOf(dr)
	dr.Verdict = nil
	if priced {
		verdict := t.Dialogue.Team.Team.Judge(t.Dialogue.Team.Ledger, "", t.Dialogue.Key.User, &cost.total, t.Now)
		dr.Verdict = &verdict
	}
}

// agreed says each choice of the draft in words, and who pays where that is a
// choice too.
func agreed(m *conversation.Machine, d conversation.Dialogue) []chat.Phrase {
	return append(m.Chosen(d.Draft), payer(d)...)
}

// payer says which account pays, where that is a choice.
func payer(d conversation.Dialogue) []chat.Phrase {
	if len(d.Accounts) < 2 {
		return nil
	}
	return []chat.Phrase{chat.Say("chosen.account", "Account", d.Payer().Nick)}
}

// balance says what there is to pay with, where it is known.
func balance(v *conversation.View, cost estimate) {
	if v.Draft.Balance == nil {
		return
	}
	if !v.Dialogue.Key.Private() { // how much there is, is not the group's business, nor is topping it up
		if lowBalance(v, cost) {
			v.Line(chat.Say("review.low_balance_team"))
		}
		return
	}
	v.Line(chat.Say("review.balance", "Balance", v.Draft.Balance.Spendable()))
	if lowBalance(v, cost) {
		v.Line(chat.Say("review.low_balance"))
	}
}

// lowBalance reports whether there is less money than the order costs.
func lowBalance(v *conversation.View, cost estimate) bool {
	if v.Draft.Balance == nil {
		return false
	}
	have := v.Draft.Balance.Spendable()
	return have.Currency == cost.total.Currency && have.Amount.LessThan(cost.total.Amount)
}

// openTitles names what must be answered before the order can be confirmed.
func openTitles(m *conversation.Machine, dr *conversation.Draft) []chat.Phrase {
	var missing []chat.Phrase
	for _, p := range m.Open(dr) {
		missing = append(missing, m.Spot(p).Title)
	}
	if dr.Access.Gone {
		missing = append(missing, m.Spot(PlaceAccess).Title)
	}
	return missing
}

func pressReview(t *conversation.Turn, verb string, n int) bool {
	dr := t.Dialogue.Draft
	switch verb {
	case conversation.VerbConfirm:
		confirm(t)
	case conversation.VerbPromo:
		t.GoTo(PlacePromo)
	case conversation.VerbSave:
		if !t.Dialogue.Key.Private() {
			return false
		}
		openTemplates(t, PlaceTemplateName, templateOf(dr))
		templatesOf(t.Dialogue).Review = true
	case conversation.VerbShare:
		share(t, templateOf(dr), dr.Promo)
	case conversation.VerbUnpromo:
		dr.Promo = ""
	default:
		return pressField(t, verb, n)
	}
	return true
}

// pressField goes to the answer that a button of the review leads to; false: there is no
// such button.
func pressField(t *conversation.Turn, verb string, n int) bool {
	steps := t.Machine.Steps()
	switch {
	case verb == conversation.VerbGo && n >= 0 && n < len(steps) && !t.Machine.Spot(steps[n]).Final && steps[n] != PlaceAddons:
		t.GoTo(steps[n])
	case verb == conversation.VerbPick && slices.Contains(askedIndices(t.Dialogue.Draft), n):
		t.GoTo(PlaceAddons)
		t.Dialogue.Draft.Addon = n
	case verb == conversation.VerbAccount && len(t.Dialogue.Accounts) > 1:
		t.GoTo(PlacePayer)
	default:
		return false
	}
	return true
}

// confirm opens the purchase of what the review shows; else it says what is
// still missing.
func confirm(t *conversation.Turn) {
	dr := t.Dialogue.Draft
	cost, priced := estimateOf(dr)
	missing := t.Machine.Open(dr)
	switch {
	case dr.Place == PlaceOpening:
		t.Note(chat.Say("note.opening"))
	case t.Dialogue.Account == "":
		tellNoAccount(t)
	case len(missing) > 0:
		t.Note(chat.Say("review.missing", "What", openTitles(t.Machine, dr)))
		if dr.Place == PlaceReview {
			t.Forward()
		}
	case dr.Place != PlaceReview:
		t.GoTo(PlaceReview)
		t.Note(chat.Say("note.look_first"))
	case dr.Access.Gone:
		t.GoTo(PlaceAccess)
		t.Note(chat.Say("note.password_again"))
	case t.Machine.Want(dr) != nil || !priced:
		t.Note(chat.Say("note.price_first"))
	case outdated(t):
		// They have seen the review: the order goes ahead if it still holds.
		dr.Refreshing, dr.Confirming, dr.Confirmed = true, true, t.Made
	default:
		open(t, conversation.Open{
			Draft: dr.ID, Account: dr.Account,
			Order:  vendorOrder(dr),
			Promo:  dr.Promo,
			Agreed: conversation.Agreed{Lines: agreed(t.Machine, t.Dialogue), Total: cost.total, Period: dr.Period, Price: cost.price},

			PlanTitle: dr.Plan.Title, DatacenterName: dr.Datacenter.Name,
		})
		t.GoTo(PlaceOpening)
	}
	t.Show = true
}

// open opens a purchase. In a group it first checks what the person is there now.
func open(t *conversation.Turn, o conversation.Open) {
	o.Typed, o.Below = t.Typed()
	if t.Dialogue.Key.Private() {
		t.Do(o)
		return
	}
	t.Do(conversation.Check{Open: &o})
}

func askPromo(v *conversation.View) {
	if code := v.Draft.Promo; code != "" {
		v.Line(chat.Say("ask.promo_other", "Code", chat.Arg{Code: code}))
		return
	}
	v.Line(chat.Say("ask.promo"))
}

func textPromo(t *conversation.Turn, text string) {
	if promo(t, text) {
		t.Forward()
	}
}

// promo remembers a promo code; false: it is not one.
func promo(t *conversation.Turn, code string) bool {
	if wrong := conversation.CheckPromo(code); wrong != nil {
		t.Note(*wrong)
		return false
	}
	t.Dialogue.Draft.Promo = code
	t.Note(chat.Say("note.promo", "Code", chat.Arg{Code: code}))
	return true
}

func askOpening(v *conversation.View) {
	v.Line(chat.Say("ask.opening"))
	// In private it is decided at once; in a group the person's rights are looked up first.
	if cost, priced := estimateOf(v.Draft); priced && !v.Dialogue.Key.Private() {
		v.Row(chat.Button{Label: chat.Say("button.confirm", "Total", cost.total), Off: true})
	}
}

// purchaseOpened ends the draft: its card becomes that of the purchase.
func purchaseOpened(t *conversation.Turn, e PurchaseOpened) {
	dr := t.Dialogue.Draft
	if dr == nil || dr.ID != e.Draft {
		return
	}
	t.Dialogue.Bought, t.Dialogue.Centre = e.ID, dr.Datacenter.ID
	t.Dialogue.Draft = nil // its password has gone to the purchase
	t.Dialogue.Handed = true
	t.Dialogue.Ordered = &conversation.Ordered{Draft: e.Draft, Purchase: e.ID}
}

// purchaseRefused gives the draft back, and says why.
func purchaseRefused(t *conversation.Turn, e PurchaseRefused) {
	dr := t.Dialogue.Draft
	if dr == nil || dr.ID != e.Draft {
		return
	}
	if e.Problem.Code == conversation.CodeNoPassword && dr.Access.Kind == conversation.AccessPassword {
		forgetPassword(t)
	}
	t.Forward()
	t.Note(chat.Say("order.refused"), conversation.ProblemText(e.Problem))
	t.AsNew = true
}

func checkedOpen(t *conversation.Turn, open conversation.Open, e conversation.Checked) {
	if dr := t.Dialogue.Draft; dr == nil || dr.ID != open.Draft || dr.Place != PlaceOpening {
		return
	}
	if e.Failed {
		purchaseRefused(t, PurchaseRefused{Draft: open.Draft, Problem: conversation.Problem{Code: conversation.CodeNotChecked}})
		return
	}
	open.Status = e.Status
	t.Do(open)
}
