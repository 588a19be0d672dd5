package purchase

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/zomro"
	"zomrobot/zomro/profile"
)

// Vendor is what is known of the vendor when a purchase begins, of what changes its way;
// what is not known is empty.
type Vendor struct {
	LineItem profile.Answer `json:"lineItem,omitempty"`
	RemoveBy profile.Answer `json:"removeBy,omitempty"`
	Button   profile.Answer `json:"button,omitempty"`
	Confirm  profile.Answer `json:"confirm,omitempty"`
	Taken    profile.Answer `json:"taken,omitempty"`
}

// KnownOf returns what a profile knows of the vendor.
func KnownOf(p profile.Profile) Vendor {
	return Vendor{
		LineItem: p.Answer(profile.LineItem), RemoveBy: p.Answer(profile.RemoveBy),
		Button: p.Answer(profile.Button), Confirm: p.Answer(profile.ConfirmScope), Taken: p.Answer(profile.Taken),
	}
}

// ByElid is the id by which [Record.CartRow] is taken out of the cart if the vendor is known
// to want the other one of a row's two; "": it is taken out by CartRow.
func (r Record) ByElid() string {
	if r.Vendor.RemoveBy != profile.Elid {
		return ""
	}
	return r.CartElid
}

// lineItemOf is the line item of a row whose add was not answered; "": which of its two ids
// it is is not known.
func (v Vendor) lineItemOf(row zomro.CartItem) string {
	switch {
	case row.Elid == "" || row.ID == row.Elid:
		return row.ID
	case row.ID == "":
		return row.Elid
	case v.LineItem == profile.ID:
		return row.ID
	case v.LineItem == profile.Elid:
		return row.Elid
	default:
		return ""
	}
}

// First is what the first whole look after a confirm has found, if it was made at once.
type First struct {
	Listed  bool `json:"listed,omitempty"`  // our servers are listed
	Dropped bool `json:"dropped,omitempty"` // the balance has lost the price
	Gone    bool `json:"gone,omitempty"`    // our rows have left the cart
	Charged bool `json:"charged,omitempty"` // there is a charge
}

// promptly is how long after a confirm a look has to end to be one made at once.
const promptly = 30 * time.Second

// noteFirst keeps what the first look after the only confirm has found.
func (r *Record) noteFirst(e Evidence, now time.Time) {
	if e.Of != CallConfirm || r.First != nil || r.Confirms != 1 || now.Sub(r.Sent) > promptly || now.Before(r.Sent) {
		return
	}
	r.First = &First{
		Listed:  e.Services == ServicesOurs || e.Services == ServicesUnpaid,
		Dropped: e.Balance == BalanceDropped, Gone: e.Item == ItemGone, Charged: e.Charges == ChargesNew,
	}
}

// teach keeps what was seen of the vendor. What was seen last counts.
func (r *Record) teach(fact profile.Name, answer profile.Answer, word ...string) {
	l := profile.Lesson{Fact: fact, Answer: answer}
	if len(word) > 0 {
		l.Word = word[0]
	}
	r.Lessons = append(slices.DeleteFunc(slices.Clone(r.Lessons), func(old profile.Lesson) bool { return old.Fact == fact }), l)
}

// Taught returns what a move has shown of the vendor for good: when something was paid, or
// nothing more happens. That no more was taken than the total is so once nothing more of it is
// looked for; that more was, at once.
func Taught(was, is Record) []profile.Lesson {
	over := func(r Record) bool { return !r.PaidAt.IsZero() || r.State.Ended() }
	counted := func(r Record) bool { return over(r) && r.Closing == nil }
	return slices.DeleteFunc(slices.Clone(is.Lessons), func(l profile.Lesson) bool {
		switch {
		case l.Fact != profile.Taken:
			return over(was) || !over(is)
		case l.Answer == profile.Total:
			return counted(was) || !counted(is)
		default:
			return over(was) && has(was.Lessons, l) || !over(is)
		}
	})
}

// teachCart keeps what a look at the cart in good order shows, before anything is paid.
func (r *Record) teachCart(cart zomro.Cart, mine, others []zomro.CartItem) {
	if r.Prolong != nil || !r.Sent.IsZero() || r.Blind {
		return
	}
	if i := slices.IndexFunc(mine, func(row zomro.CartItem) bool { return row.Is(r.LineItem) }); i >= 0 && !r.Found {
		is := profile.ID
		switch r.LineItem {
		case mine[i].ID:
			if mine[i].Elid == r.LineItem {
				is = profile.Both
			}
		default:
			is = profile.Elid
		}
		r.teach(profile.LineItem, is)
		if r.Vendor.Button != profile.Needed {
			r.teach(profile.Button, profile.Unneeded)
		}
	}
	if r.count() > 1 && len(others) == 0 {
		switch len(mine) {
		case 1:
			r.teach(profile.Rows, profile.One)
		case r.count():
			r.teach(profile.Rows, profile.Each)
		default:
			r.teach(profile.Rows, profile.Other)
		}
	}
	if rows := sum(mine); rows != nil && cart.Total != nil && len(others) == 0 && rows.Currency == cart.Total.Currency {
		switch cart.Total.Amount.Cmp(rows.Amount) {
		case 0:
			r.teach(profile.CartTotal, profile.Sum)
		case 1:
			r.teach(profile.CartTotal, profile.WithTax)
		default:
			r.teach(profile.CartTotal, profile.Less)
		}
	}
}

// teachListed keeps whether what is in the cart and was not paid is among the services.
func (r *Record) teachListed(services []zomro.Service) {
	if r.Prolong != nil || !r.Sent.IsZero() || r.LineItem == "" || !r.owned() && !r.Checked {
		return
	}
	if slices.ContainsFunc(services, r.named) {
		r.teach(profile.ListedInCart, profile.Listed)
	} else {
		r.teach(profile.ListedInCart, profile.Unlisted)
	}
}

// teachPaid keeps what the evidence of one whole payment shows, made by one confirm.
func (r *Record) teachPaid(e Evidence, fresh []zomro.Service) {
	if r.Prolong != nil || r.Confirms != 1 || r.Bought > 0 || e.Rows < len(r.items()) || Judge(e) != Done {
		return
	}
	if r.Said != "" {
		r.teach(profile.ConfirmAnswer, r.Said)
	}
	when := func(first bool) profile.Answer {
		if first {
			return profile.AtOnce
		}
		return profile.Later
	}
	if f := r.First; f != nil {
		r.teach(profile.ListedWhen, when(f.Listed))
		if e.Balance == BalanceDropped {
			r.teach(profile.BalanceWhen, when(f.Dropped))
		}
		if e.Charges != ChargesNotKnown {
			r.teach(profile.ChargeWhen, when(f.Charged))
		}
		if e.Item != ItemNotKnown {
			row := profile.Kept
			if f.Gone {
				row = profile.Dropped
			}
			r.teach(profile.RowAfter, row)
		}
	}
	if len(fresh) > 0 && r.Order.ServerName != "" {
		name := profile.Kept
		if !slices.ContainsFunc(fresh, func(s zomro.Service) bool { return s.ServerName == r.Order.ServerName }) {
			name = profile.Changed
		}
		r.teach(profile.ServerName, name)
	}
	if scope := r.scopeSeen(e, fresh); scope != "" {
		r.teach(profile.ConfirmScope, scope)
	}
	r.teachTaken(e)
}

// scopeSeen returns what a payment beside rows of others has shown of what a confirm pays: one row
// where they are all in the cart still, and ours has left it; the whole cart where all have left it
// together, and more was sold, or taken, than ours. Empty: neither.
func (r *Record) scopeSeen(e Evidence, fresh []zomro.Service) profile.Answer {
	if e.Cart == nil || r.Before == nil || e.Item != ItemGone { // an old cart still shows ours
		return ""
	}
	left, stay, gone := keys(e.Cart.Items), 0, 0
	for _, row := range r.Before.Cart {
		switch {
		case !has(r.Beside, row):
		case has(left, row):
			stay++
		default:
			gone++
		}
	}
	cost := r.share(e.Rows)
	more := len(e.unsold()) > len(fresh) || cost != nil && e.Balance == BalanceDropped && cost.Currency == e.Was.Currency &&
		e.Was.Amount.Sub(e.Now.Amount).GreaterThan(cost.Amount)
	switch {
	case stay > 0 && gone == 0:
		return profile.Row
	case gone > 0 && stay == 0 && more && !e.Rival:
		return profile.WholeCart
	default:
		return ""
	}
}

// besideOthers reports whether rows of others were in the cart at the payment.
func (r *Record) besideOthers() bool {
	return r.Before != nil && slices.ContainsFunc(r.Before.Cart, func(row string) bool { return has(r.Beside, row) })
}

// teachTaken compares what was taken with what the cart's total said. More is believed only
// where the charges say the same.
func (r *Record) teachTaken(e Evidence) {
	cost := r.share(e.Rows)
	if e.Balance != BalanceDropped || cost == nil || cost.Currency != e.Was.Currency {
		return
	}
	others, known := r.takenForOthers(e.NewCharges, e.Claimed, e.New, e.Was.Currency)
	if !known {
		return
	}
	drop, charged := e.Was.Amount.Sub(e.Now.Amount).Sub(others), decimal.Zero
	for _, c := range e.NewCharges {
		if c.Amount == nil || c.Amount.Currency != e.Was.Currency {
			return
		}
		charged = charged.Add(c.Amount.Amount)
	}
	switch charged = charged.Sub(others); {
	case drop.Equal(cost.Amount):
		r.teach(profile.Taken, profile.Total)
	case drop.GreaterThan(cost.Amount) && charged.Equal(drop) && !r.besideOthers(): // with them in the cart the total does not tell what ours cost
		r.teach(profile.Taken, profile.More)
	}
}

// teachTakenLater corrects how much was taken, compared with the cart's total, by what has come
// since the payment. That nothing has is believed only after a whole last look.
func (r *Record) teachTakenLater(whole bool) {
	i := slices.IndexFunc(r.Lessons, func(l profile.Lesson) bool { return l.Fact == profile.Taken })
	if i < 0 || r.Lessons[i].Answer != profile.Total {
		return
	}
	taken, cost, charged := r.Taken, r.CartTotal, r.charged()
	switch {
	case taken == nil || cost == nil || taken.Currency != cost.Currency, len(r.Services) > r.count():
	case taken.Amount.Equal(cost.Amount) && whole && !r.Unseen:
		return
	case taken.Amount.GreaterThan(cost.Amount) && charged != nil && charged.Currency == taken.Currency && charged.Amount.Equal(taken.Amount) && !r.besideOthers():
		r.teach(profile.Taken, profile.More)
		return
	}
	r.Lessons = slices.Delete(slices.Clone(r.Lessons), i, i+1)
}

// teachPoor keeps how a confirm was refused that the evidence shows not to be carried out.
func (r *Record) teachPoor(f Failure) {
	answer := profile.Amount
	if f.Code == string(profile.NotEnough) {
		answer = profile.NotEnough
	}
	r.teach(profile.PoorError, answer, f.Code)
}

// teachRemoved keeps by which id our row was taken out of the cart.
func (r *Record) teachRemoved() {
	switch {
	case r.Prolong != nil || r.Removal != RemovalDone:
	case r.ByElid() != "":
		r.teach(profile.RemoveBy, profile.Elid)
	default:
		r.teach(profile.RemoveBy, profile.ID)
	}
}
