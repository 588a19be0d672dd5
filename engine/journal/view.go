package journal

import (
	"cmp"
	"reflect"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/conversation/bill"
	"zomrobot/purchase"
	"zomrobot/zomro"
)

// View is what a person sees of a purchase; place is how many of the account
// are before it.
func View(e Entry, place int) bill.Purchase {
	r := e.Record
	v := bill.Purchase{
		ID: r.ID, Owner: e.Owner, Revision: r.Revision, Stage: bill.StageOf(r.Shown()), Order: e.Agreed, PaysOn: r.Prolong,
		Promo: r.Promo, Promoted: r.PromoApplied, LineItem: r.LineItem, Full: r.Full, Price: r.CartTotal, Balance: r.Balance, Unpriced: r.Unpriced,
		Place: place, Services: r.Services, Since: r.Since,
		Charged: r.Charged(), Taken: r.Taken, MoreThanAgreed: r.MoreThanAgreed(), Charges: r.Charges, Bought: r.Bought,
		Surplus: r.Surplus(), Named: purchase.Named(r),
		Crowded: !r.State.Ended() && (!r.Crowded.IsZero() || r.Shown() != r.State), Impeded: !r.State.Ended() && !r.Impeded.IsZero(), ItemLeft: r.ItemLeft, Astray: r.Astray, Held: e.Held, Unclear: r.Unclear, Unseen: r.Unseen,
		Deleted: e.Deleted, Missing: e.Missing, Gone: e.Gone(),
	}
	if v.Unsent = r.Unsent(); v.Unsent && r.State.Ended() && v.Charged != purchase.NotCharged && r.Evidence != nil {
		v.Seen = Evidence(r, !e.Owner.Private())
	}
	if r.MoreThanAgreed() && e.Team != "" {
		for _, vote := range r.Approval.Votes {
			v.ApprovedBy = append(v.ApprovedBy, vote.Name)
		}
	}
	v.Order.Total, v.Order.Carts = r.Quote.Total, r.Quote.Carts // which may have been agreed to since
	if r.Confirms > 1 && !r.PaidAt.IsZero() {                   // it is of the last of several line items
		v.Price = nil
	}
	if r.Approval != nil {
		v.Approval = e.approval()
	}
	if r.Failure != nil {
		v.Problem = &conversation.Problem{Kind: r.Failure.Kind, Code: r.Failure.Code, Object: r.Failure.Object, Message: r.Failure.Message}
		v.Call = r.FailedCall
	}
	if r.State == purchase.StateUnknown && v.Call == "" {
		v.Call = r.UnknownOf
	}
	q := r.Question
	if q == nil {
		q = r.Pending // it is open while it is looked again
	}
	if q != nil {
		v.Revision = cmp.Or(q.Number, r.Revision)
		v.Question = &bill.Question{
			Kind: q.Kind, Was: q.Was, Now: q.Now, Items: q.Items, Scope: r.Vendor.Confirm,
		}
		if q.Kind == purchase.AskForeign {
			askForeign(r, v.Question)
		}
		v.Question.Tax = taxOf(r, q)
		v.Question.Choices = append(v.Question.Choices, q.Choices...)
		if q.Kind == purchase.AskUnknown && r.Evidence != nil && r.Evidence.Verdict != "" {
			v.Question.Evidence = Evidence(r, !e.Owner.Private())
		}
	}
	if !e.Owner.Private() {
		return Shared(v)
	}
	return v
}

// askForeign says what is known of the rows that are asked about.
func askForeign(r purchase.Record, q *bill.Question) {
	for _, item := range q.Items {
		switch {
		case r.Siblings.Has(item):
			q.Unpaid = true
		case r.Siblings.WasLeft(item):
			q.Left++
		case r.Siblings.HasTried(item):
			q.Tried++
		case r.MayBeEarlier(item):
			q.Earlier++
		}
	}
}

// taxOf is what the cart adds to its rows in the price that a question asks about; nil: nothing,
// or that is not known.
func taxOf(r purchase.Record, q *purchase.Question) *zomro.Money {
	rows, now := r.RowsCost, q.Now
	if q.Kind != purchase.AskPrice || rows == nil || now == nil || r.Bought > 0 || rows.Currency != now.Currency || !now.Amount.GreaterThan(rows.Amount) {
		return nil
	}
	return &zomro.Money{Amount: now.Amount.Sub(rows.Amount), Currency: now.Currency}
}

// approval is what a person sees of the approvals of a team's purchase.
func (e Entry) approval() *bill.Approval {
	a := e.Record.Approval
	v := bill.Approval{
		Needed: a.Needed, Terms: a.Terms, Until: a.Until, Voided: a.Voided, Expired: a.Expired,
		Requester: a.Name, Over: e.Over, Blind: e.Record.Blind, Beside: len(e.Record.Beside) > 0,
		Misnamed: e.Record.Misnamed,
	}
	if !e.Record.Unpriced {
		v.Total = &e.Record.Quote.Total
	}
	for _, vote := range a.Votes {
		v.Votes = append(v.Votes, bill.ApprovalVote{Name: vote.Name, At: vote.At})
	}
	if a.Rejected != nil {
		v.RejectedBy, v.Reason = cmp.Or(a.Rejected.Name, "?"), a.Rejected.Reason
	}
	return &v
}

// Evidence says what was found out, fact by fact. shared: to a group, whose
// business it is not how much there is on the balance, but only which way it moved.
func Evidence(r purchase.Record, shared bool) []chat.Phrase {
	e := *r.Evidence
	var lines []chat.Phrase
	fact := func(of, value string, pairs ...any) {
		if value != "" {
			lines = append(lines, chat.Say("evidence."+of+"."+value, pairs...))
		}
	}
	fact("added", string(e.Added))
	fact("item", string(e.Item))
	fact("total", string(e.Total))
	if r.Prolong != nil {
		fact("paid_on", string(e.Services))
	} else {
		fact("services", string(e.Services))
	}
	others := 0
	for _, s := range e.New {
		if shared && !r.IsOurs(s) {
			others++ // whoever holds the account has other servers
			continue
		}
		if until := s.PaidUntil; r.Prolong != nil {
			lines = append(lines, chat.Say("evidence.paid_until", "Name", s.Name, "Until", chat.Arg{Day: &until}))
			continue
		}
		if buyer := e.Buyer(s); buyer != "" {
			lines = append(lines, chat.Say("evidence.service_sold", "ID", s.ID, "Name", s.Name, "Purchase", buyer))
			continue
		}
		lines = append(lines, chat.Say("evidence.service", "ID", s.ID, "Name", s.Name, "Plan", s.Plan, "Status", s.StatusText))
	}
	if others > 0 {
		lines = append(lines, chat.Say("evidence.services_others", "Count", others))
	}
	fact("charges", string(e.Charges))
	fact("orders", string(e.Orders))
	for _, c := range e.NewCharges {
		if shared {
			break
		}
		amount := chat.Say("evidence.amount_not_known")
		if c.Amount != nil {
			amount = chat.Say("evidence.amount", "Amount", *c.Amount)
		}
		lines = append(lines, chat.Say("evidence.charge", "Name", c.Name, "Amount", amount))
	}
	switch {
	case e.Balance == "":
	case shared && e.Was != nil && e.Now != nil && e.Was.Currency == e.Now.Currency:
		lines = append(lines, balanceMoved(*e.Was, *e.Now))
	case !shared && e.Was != nil && e.Now != nil:
		lines = append(lines, chat.Say("evidence.balance", "Was", *e.Was, "Now", *e.Now))
	default:
		fact("balance", string(purchase.BalanceNotKnown))
	}
	return lines
}

// balanceMoved says which way the balance moved, and not how much there is or was.
func balanceMoved(was, now zomro.Money) chat.Phrase {
	switch now.Amount.Cmp(was.Amount) {
	case -1:
		return chat.Say("evidence.balance.less")
	case 1:
		return chat.Say("evidence.balance.more")
	default:
		return chat.Say("evidence.balance.same")
	}
}

// SameView reports whether two views look the same. The revision and the time
// are seen only in the buttons of a question.
func SameView(a, b bill.Purchase) bool {
	if a.Question == nil && b.Question == nil {
		a.Revision, b.Revision = 0, 0
	}
	a.Since = b.Since
	return reflect.DeepEqual(a, b)
}
