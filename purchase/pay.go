package purchase

import (
	"strings"
	"time"

	"zomrobot/zomro"
	"zomrobot/zomro/profile"

	"github.com/shopspring/decimal"
)

// adding takes in the answer of CallAdd. Nothing costs money yet, but only a line
// item says what became of the call.
func (r *Record) adding(a Answered, now time.Time) {
	if a.held() {
		r.Added = r.AddLost
		r.move(StateChecking, now)
		r.impeded(a, now)
		return
	}
	r.Impeded = time.Time{}
	if a.Failure == nil && has(r.Beside, a.LineItem) { // it was in the cart before: not ours, whatever the answer says
		a.Failure = &Failure{Kind: zomro.Unknown}
	}
	if a.Failure == nil {
		r.LineItem, r.AddedAt, r.Attempts = a.LineItem, now, 0
		r.move(StateInCart, now)
		return
	}
	switch f := *a.Failure; {
	case !f.Unsent && r.Prolong != nil:
		r.rowless(f, now)
	case !f.Unsent:
		r.lost(CallAdd, f, now)
	case f.Kind == zomro.Refused:
		r.Added = r.AddLost
		r.ItemLeft = r.Added
		r.fail(CallAdd, f)
		r.move(StateFailed, now)
	default:
		r.Added = r.AddLost
		r.move(StateChecking, now)
		r.trouble(CallAdd, r.Due, f, now)
	}
}

// inCart looks at the cart before the promo call, because that names no item.
func (r *Record) inCart(a Answered, now time.Time) {
	if r.looked(a, now) {
		r.Full, r.Due = r.CartTotal, CallPromo
	}
}

// promoting takes in the answer of CallPromo.
func (r *Record) promoting(a Answered, now time.Time) {
	if a.Failure == nil {
		r.promoted(now)
		return
	}
	switch f := *a.Failure; f.Kind {
	case zomro.Refused:
		if f.Code == zomro.CodeMissed {
			r.teach(profile.PromoUnknown, profile.Missed)
		}
		r.fail(CallPromo, f)
		r.askPromo(now)
	case zomro.Denied, zomro.Transient:
		r.move(StateInCart, now)
		r.trouble(CallPromo, CallCart, f, now)
	default:
		r.lost(CallPromo, f, now)
	}
}

// promoted: the code was accepted.
func (r *Record) promoted(now time.Time) {
	r.PromoApplied, r.Attempts = true, 0
	r.move(StatePromoApplied, now)
}

func (r *Record) askPromo(now time.Time) {
	r.move(StatePromoRefused, now)
	r.ask(Question{Kind: AskPromo, Choices: []Choice{ChooseWithoutPromo, ChooseOtherPromo, ChooseGiveUp}}, now)
}

// helped reports whether the promo code that was accepted has lowered the
// price; if it certainly has not, a person is asked. Once a confirm may have been
// carried out, codes no longer matter: the price decides.
func (r *Record) helped(now time.Time) bool {
	if r.Promo == "" || !r.PromoApplied || !r.Sent.IsZero() || r.CartTotal == nil || r.CartTotal.Amount.IsZero() {
		return true
	}
	cost, full := *r.CartTotal, r.Quote.Total
	if r.Full != nil {
		full = *r.Full
	}
	lower := cost.Amount.LessThan(full.Amount)
	// Compared with what was agreed, tax may hide what the code took off.
	hidden := r.Full == nil && cost.Amount.GreaterThan(full.Amount)
	if cost.Currency != full.Currency || lower || hidden {
		return true
	}
	r.ask(Question{Kind: AskPromo, Choices: []Choice{ChooseWithoutPromo, ChooseOtherPromo, ChooseGiveUp}, Was: &full, Now: &cost}, now)
	return false
}

// pricing makes the snapshot that evidence is compared with, and looks at the
// cart last, so that nothing stands between that look and the confirm.
func (r *Record) pricing(a Answered, now time.Time) {
	switch a.Call {
	case CallServices:
		if a.Failure != nil {
			r.trouble(CallServices, CallServices, *a.Failure, now)
			return
		}
		if r.paidAlready(a, now) {
			return
		}
		r.teachListed(a.Services)
		if r.Earlier == nil && r.Bought == 0 {
			r.Earlier = r.Before
		}
		r.Before = &Snapshot{At: now, Services: seen(a.Services)}
		r.Due = CallBalance
	case CallBalance:
		was := r.Balance
		if !r.readBalance(a, now) {
			return
		}
		switch {
		case r.lostMoney():
			r.left(now)
			return
		case r.unsent() && !r.keptMoney(was):
			r.refuse(CodeMoneyMoved, now)
			return
		}
		r.stood(func(s *Snapshot) { s.Balance = r.Balance })
		if c := r.Counted; c != nil && a.Rival {
			is := *c
			is.Rival, r.Counted = true, &is
		}
		r.Due = CallCharges
	case CallCharges:
		r.priceCharges(a, now)
	case CallOrders:
		if a.Failure == nil {
			r.stood(func(s *Snapshot) { s.Orders = orderItems(a.Orders) })
		}
		r.Due = CallCart
	default:
		if a.Cart != nil && r.Before != nil {
			r.stood(func(s *Snapshot) { s.Cart = keys(a.Cart.Items) })
		}
		if r.looked(a, now) && r.helped(now) && r.agreed(a.Cart, now) {
			r.move(StatePriced, now)
		}
	}
}

// priceCharges takes in the charges before paying. A new one that bears the name of a server
// that is to be paid on stops that: it may have been paid by the add.
func (r *Record) priceCharges(a Answered, now time.Time) {
	if r.Bought > 0 && !r.countOn(r.Balance, nil, a, now) { // a part of what was paid before may have come since
		r.Unseen = r.Unseen || r.Taken != nil
	}
	switch {
	case r.unsent() && a.Failure != nil && r.retry(CallCharges, *a.Failure, now):
		return
	case r.unsent() && len(r.chargedSince(a)) > 0:
		r.refuse(CodeCharged, now)
		return
	case a.Failure == nil:
		r.stood(func(s *Snapshot) { s.Charges = chargeIDs(a.Charges) })
	}
	r.Due = CallOrders
}

// paidAlready reports whether what is about to be paid is paid: then the record has moved.
// It was by a confirm that came late, or by somebody else's confirm of the same cart.
func (r *Record) paidAlready(a Answered, now time.Time) bool {
	switch {
	case r.goods().unwanted(r, a, now):
	case r.goods().more(r, a.Services):
		r.left(now)
	default:
		return false
	}
	return true
}

// lostMoney reports whether the balance has lost the price since before an earlier
// confirm, which may have come later than anybody waited for it.
func (r *Record) lostMoney() bool {
	if r.Earlier == nil || r.Balance == nil || r.Sent.IsZero() {
		return false
	}
	e := Evidence{Rows: len(r.items())}
	look := *r
	look.Before = r.Earlier
	look.seeBalance(&e, r.Balance)
	look.weighBalance(&e)
	return e.Balance == BalanceDropped
}

// stood notes what was there before paying.
func (r *Record) stood(note func(*Snapshot)) {
	before := *r.Before
	note(&before)
	r.Before = &before
}

func seen(services []zomro.Service) []Seen {
	var all []Seen
	for _, s := range services {
		all = append(all, Seen{ID: s.ID, Name: s.Name, Status: s.Status})
	}
	return all
}

func chargeIDs(charges []zomro.Charge) []string {
	ids := make([]string, len(charges))
	for i, c := range charges {
		ids[i] = c.ID
	}
	return ids
}

func orderItems(orders []zomro.UnpaidOrder) []string {
	ids := make([]string, len(orders))
	for i, o := range orders {
		ids[i] = o.Item
	}
	return ids
}

// agreed reports whether the price, and that more may be taken where the vendor is known
// to do that, are agreed to, and the balance is enough.
func (r *Record) agreed(cart *zomro.Cart, now time.Time) bool {
	if !r.priceAgreed(cart, now) {
		return false
	}
	if r.Vendor.Taken == profile.More && !r.Surcharged {
		quote := r.Quote.Total
		r.ask(Question{Kind: AskSurcharge, Choices: []Choice{ChooseAccept, ChooseGiveUp}, Was: &quote, Now: r.CartTotal}, now)
		return false
	}
	return true
}

// priceAgreed compares the price with what the person agreed to, and with the
// balance; it reports whether both allow paying.
func (r *Record) priceAgreed(cart *zomro.Cart, now time.Time) bool {
	choices := []Choice{ChooseAccept, ChooseGiveUp}
	quote := r.Quote.Total
	if r.CartTotal == nil && !r.goods().blindly() {
		r.ask(Question{Kind: AskPrice, Choices: []Choice{ChooseAgain, ChooseGiveUp}}, now)
		return false
	}
	if r.CartTotal == nil {
		if !r.Unpriced {
			r.ask(Question{Kind: AskPrice, Choices: choices, Was: &quote}, now)
		}
		return r.Unpriced
	}
	cost := r.whole()
	if rows := r.RowsCost; cost != nil && rows != nil && rows.Currency == cost.Currency && r.Bought == 0 && rows.Amount.GreaterThan(cost.Amount) {
		cost = rows // the cart contradicts itself: the dearer counts
	}
	if cost == nil && r.Unpriced { // what the paid part has cost is not known, and the person goes on anyway
		return r.checkFunds(*r.CartTotal, now)
	}
	if cost != nil && !r.Quoted() { // the cart is the first to tell it
		mine, _ := r.mine(*cart)
		r.ask(Question{Kind: AskPrice, Choices: choices, Now: cost, Items: mine}, now)
		return false
	}
	if cost == nil || cost.Currency != quote.Currency || cost.Amount.GreaterThan(quote.Amount) {
		r.ask(Question{Kind: AskPrice, Choices: choices, Was: &quote, Now: cost}, now)
		return false
	}
	return r.checkFunds(*r.CartTotal, now)
}

// whole is what the order costs in all: what is unpaid, by the cart, and what was
// taken already. It is nil when they cannot be added.
func (r *Record) whole() *zomro.Money {
	cost := *r.CartTotal
	switch {
	case r.Bought == 0:
	case r.Taken == nil || r.Taken.Currency != cost.Currency:
		return nil
	default:
		cost.Amount = cost.Amount.Add(r.Taken.Amount)
	}
	return &cost
}

// paying takes in the answer of CallConfirm. Whatever it is, the outcome of the
// call is looked for, unless the call certainly was not sent.
func (r *Record) paying(a Answered, now time.Time) {
	f := a.Failure
	if a.held() {
		r.unsend(now)
		r.impeded(a, now)
		return
	}
	r.Said, r.Impeded = a.Says, time.Time{}
	switch {
	case f == nil:
		r.Failure, r.FailedCall = nil, ""
		r.doubt(CallConfirm, StateSettling, now)
	case f.Unsent:
		r.unsend(now)
		r.trouble(CallConfirm, r.Due, *f, now)
	case f.Code != "" || f.Object != "" || f.Message != "": // the vendor has said something
		r.fail(CallConfirm, *f)
		r.doubt(CallConfirm, StateSettling, now)
	default:
		r.lost(CallConfirm, *f, now)
	}
}

// unsend takes the announcement of a confirm back that certainly was not sent.
func (r *Record) unsend(now time.Time) {
	if r.Confirms--; r.Confirms == 0 {
		r.Sent = time.Time{} // none was before this one
	}
	r.move(StatePricing, now)
}

// poor reports whether the vendor says that the balance is too small, and what
// it says is needed, tax included. The answer of confirm is not known; these are
// the forms of resizing (a parameter "amount") and of the cabinet's texts [F],
// and the type that another host of the platform answers with [g]. A type that was learned may
// stand for anything: it says nothing of the balance.
func (r *Record) poor(f Failure) (need *zomro.Money, poor bool) {
	cost := r.Quote.Total
	if r.CartTotal != nil {
		cost = *r.CartTotal
	}
	text := strings.ToLower(f.Message)
	amount, told := f.Params["amount"]
	switch {
	case told, f.Code == string(profile.NotEnough), strings.Contains(text, "insufficient funds"), strings.Contains(text, "недостаточно средств"):
	default:
		return nil, false
	}
	// With an exponent a few characters could stand for a gigabyte of digits.
	if value, err := decimal.NewFromString(amount); err == nil && !strings.ContainsAny(amount, "eE") {
		cost.Amount = value
	}
	return &cost, true
}

// paid: the money was taken. From here the service is followed.
func (r *Record) paid(now time.Time) {
	r.UnknownOf, r.Failure, r.FailedCall = "", nil, ""
	r.PaidAt, r.MaybePaid = now, false
	if r.Counted != nil {
		r.Closing = &Closing{Due: CallServices, At: now.Add(between)}
	}
	r.followed(StatePaid, now)
}

// followed begins to follow the servers, in the state.
func (r *Record) followed(state State, now time.Time) {
	r.Until, r.Attempts = now.Add(following), 0
	r.move(state, now)
}
