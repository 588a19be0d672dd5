package purchase

import (
	"strings"
	"time"

	"zomrobot/zomro"

	"github.com/shopspring/decimal"
)

// adding takes in the answer of CallAdd. Nothing costs money yet.
func (r *Record) adding(a Answered, now time.Time) {
	if a.Failure == nil {
		r.LineItem, r.Attempts = a.LineItem, 0
		r.move(StateInCart, now)
		return
	}
	switch f := *a.Failure; f.Kind {
	case zomro.Refused:
		r.fail(CallAdd, f)
		r.move(StateFailed, now)
	case zomro.Denied, zomro.Transient:
		r.move(StateChecking, now)
		r.trouble(CallAdd, CallCart, f, now)
	default:
		r.lost(CallAdd, f, now)
	}
}

// inCart looks at the cart before the promo call, which names no item.
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
// price; if it certainly has not, a person is asked. Once a confirm may have
// been carried out, codes are not looked at any more: the price decides.
func (r *Record) helped(now time.Time) bool {
	if r.Promo == "" || !r.PromoApplied || r.MaybePaid || r.CartTotal == nil || r.CartTotal.Amount.IsZero() {
		return true
	}
	cost, full := *r.CartTotal, r.Quote.Total
	if r.Full != nil {
		full = *r.Full
	}
	lower := cost.Amount.LessThan(full.Amount)
	// Against what was agreed, tax may hide what the code took off.
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
		// While an earlier confirm may still be carried out late, what stood
		// before it is what counts.
		if !r.MaybePaid {
			r.Before = &Snapshot{At: now, Services: seen(a.Services)}
		}
		r.Due = CallBalance
	case CallBalance:
		if !r.readBalance(a, now) {
			return
		}
		if !r.MaybePaid {
			before := *r.Before
			before.Balance = r.Balance
			r.Before = &before
		}
		r.Due = CallCart
	default:
		if r.looked(a, now) && r.helped(now) && r.agreed(now) {
			r.move(StatePriced, now)
		}
	}
}

func seen(services []zomro.Service) []Seen {
	var all []Seen
	for _, s := range services {
		all = append(all, Seen{ID: s.ID, Name: s.Name})
	}
	return all
}

// agreed compares the price with what the person agreed to, and with the
// balance; it reports whether both allow paying.
func (r *Record) agreed(now time.Time) bool {
	choices := []Choice{ChooseAccept, ChooseGiveUp}
	if r.CartTotal == nil {
		if !r.Unpriced {
			r.ask(Question{Kind: AskPrice, Choices: choices, Was: &r.Quote.Total}, now)
		}
		return r.Unpriced
	}
	cost, quote := *r.CartTotal, r.Quote.Total
	if cost.Currency != quote.Currency || cost.Amount.GreaterThan(quote.Amount) {
		r.ask(Question{Kind: AskPrice, Choices: choices, Was: &quote, Now: &cost}, now)
		return false
	}
	return r.checkFunds(cost, now)
}

// paying takes in the answer of CallConfirm.
func (r *Record) paying(a Answered, now time.Time) {
	if a.Failure == nil {
		r.paid(now)
		return
	}
	f := *a.Failure
	switch {
	case f.Kind == zomro.Denied, f.Kind == zomro.Transient:
		r.move(StatePricing, now)
		r.trouble(CallConfirm, CallServices, f, now)
	case f.Kind != zomro.Refused, gone(f):
		r.lost(CallConfirm, f, now)
	default:
		r.move(StatePricing, now)
		if need, poor := r.poor(f); poor {
			r.fail(CallConfirm, f)
			r.askFunds(need, now)
			return
		}
		r.trouble(CallConfirm, CallServices, f, now)
	}
}

// gone reports whether the vendor says that the line item does not exist: type
// missed [F][g], or "does not exist" in the text [F]. It was in the cart a moment
// ago, so this is no plain refusal.
func gone(f Failure) bool {
	text := strings.ToLower(f.Message)
	return f.Code == zomro.CodeMissed ||
		strings.Contains(text, "does not exist") || strings.Contains(text, "не существует")
}

// poor reports whether the vendor says that the balance is too small, and what
// it says is needed, tax included. The answer of confirm is not known; these are
// the forms of resizing (a parameter "amount") and of the cabinet's texts [F].
func (r *Record) poor(f Failure) (*zomro.Money, bool) {
	text := strings.ToLower(f.Message)
	amount, told := f.Params["amount"]
	if !told && !strings.Contains(text, "insufficient funds") && !strings.Contains(text, "недостаточно средств") {
		return nil, false
	}
	need := r.Quote.Total
	if r.CartTotal != nil {
		need = *r.CartTotal
	}
	// An exponent would let a few characters stand for a gigabyte of digits.
	if value, err := decimal.NewFromString(amount); err == nil && !strings.ContainsAny(amount, "eE") {
		need.Amount = value
	}
	return &need, true
}

// paid: the money was taken. From here the service is followed.
func (r *Record) paid(now time.Time) {
	r.UnknownOf, r.Failure, r.FailedCall = "", nil, ""
	r.PaidAt, r.Until, r.Attempts = now, now.Add(following), 0
	r.move(StatePaid, now)
}
