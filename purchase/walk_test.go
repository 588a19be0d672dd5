package purchase_test

import (
	"testing"
	"time"

	"zomrobot/purchase"
	"zomrobot/zomro"
)

// walk leads one purchase step by step; each step must be allowed.
type walk struct {
	t  *testing.T
	r  purchase.Record
	at time.Time
}

func (w *walk) do(e purchase.Event) {
	w.t.Helper()
	next, err := purchase.Step(w.r, e, w.at)
	if err != nil {
		w.t.Fatalf("%s, %#v: %v", text(w.t, w.r), e, err)
	}
	w.r = next
}

// call waits until a call is due, and makes it.
func (w *walk) call(call purchase.Call) {
	w.t.Helper()
	if a := purchase.Next(w.r, w.at); a.Kind == purchase.Wait && !a.Until.IsZero() {
		w.at = a.Until
	}
	if a := purchase.Next(w.r, w.at); a.Kind != purchase.Do || a.Call != call {
		w.t.Fatalf("%s: next is %+v, want %s", text(w.t, w.r), a, call)
	}
	w.do(purchase.Calling{Call: call})
}

func (w *walk) answer(call purchase.Call, a purchase.Answered) {
	w.t.Helper()
	w.call(call)
	a.Call = call
	w.do(a)
}

func (w *walk) fail(call purchase.Call, kind zomro.Kind) {
	w.t.Helper()
	w.answer(call, purchase.Answered{Failure: &purchase.Failure{Kind: kind}})
}

func (w *walk) decide(c purchase.Choice) {
	w.t.Helper()
	w.do(purchase.Decided{Revision: w.r.Revision, Choice: c, Code: "OTHER"})
}

// asks checks that a question is open.
func (w *walk) asks(kind purchase.QuestionKind) {
	w.t.Helper()
	if a := purchase.Next(w.r, w.at); a.Kind != purchase.Ask || w.r.Question.Kind != kind {
		w.t.Fatalf("%s: next is %+v, want the question %s", text(w.t, w.r), a, kind)
	}
}

func (w *walk) is(state purchase.State, charged purchase.Charged) {
	w.t.Helper()
	if w.r.State != state || w.r.Charged() != charged {
		w.t.Fatalf("%s, charged %s; want %s, %s", w.r.State, w.r.Charged(), state, charged)
	}
}

// toInCart leads a drafted purchase to its line item 1818.
func (w *walk) toInCart() {
	w.t.Helper()
	w.do(purchase.Started{})
	w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
	w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("20")})
	w.answer(purchase.CallAdd, purchase.Answered{LineItem: "1818"})
	w.is(purchase.StateInCart, purchase.NotCharged)
}

// price reads what stands before paying: 20 EUR, these services, this cart.
func (w *walk) price(c *zomro.Cart, services ...zomro.Service) {
	w.t.Helper()
	w.answer(purchase.CallServices, purchase.Answered{Services: services})
	w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("20")})
	w.answer(purchase.CallCharges, purchase.Answered{})
	w.answer(purchase.CallOrders, purchase.Answered{})
	w.answer(purchase.CallCart, purchase.Answered{Cart: c})
}

// nobodyPaid looks whether somebody was faster than our removal: nobody was.
func (w *walk) nobodyPaid() {
	w.t.Helper()
	w.answer(purchase.CallServices, purchase.Answered{})
	if w.r.State == purchase.StateCancelling {
		w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("20")})
	}
}

// until repeats looks until they have come to something.
func (w *walk) until(look func()) {
	w.t.Helper()
	for range 20 {
		if w.r.Question != nil || w.r.State != purchase.StateSettling && w.r.State != purchase.StateUnknown {
			return
		}
		look()
	}
	w.t.Fatalf("it is looked for ever: %s", text(w.t, w.r))
}

// look is one whole look at what became of a confirm: the services, the balance,
// the cart, no new charge and no unpaid order.
func (w *walk) look(b *zomro.Balance, c *zomro.Cart, services ...zomro.Service) {
	w.t.Helper()
	w.answer(purchase.CallServices, purchase.Answered{Services: services})
	w.answer(purchase.CallBalance, purchase.Answered{Balance: b})
	if a := purchase.Next(w.r, w.at); w.r.State != purchase.StateSettling && w.r.State != purchase.StateUnknown || a.Call != purchase.CallCart || a.Kind != purchase.Do {
		return // it is proved already
	}
	w.answer(purchase.CallCart, purchase.Answered{Cart: c})
	w.answer(purchase.CallCharges, purchase.Answered{})
	w.answer(purchase.CallOrders, purchase.Answered{})
}

// toPaying leads a drafted purchase without a promo code to the point where
// confirm is due.
func (w *walk) toPaying(c *zomro.Cart, services ...zomro.Service) {
	w.t.Helper()
	w.toInCart()
	w.price(c, services...)
	w.is(purchase.StatePriced, purchase.NotCharged)
}
