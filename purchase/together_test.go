package purchase_test

import (
	"slices"
	"testing"
	"time"

	"zomrobot/purchase"
	"zomrobot/zomro"
)

// together leads a purchase on by the calls that can be made at the same time, answered in
// this order, and holds that [purchase.Next] asks for just these, and that they lead
// straight on.
func (w *walk) together(answers map[purchase.Call]purchase.Answered, want ...purchase.Call) {
	w.t.Helper()
	calls := purchase.Together(w.r)
	if !slices.Equal(calls, want) {
		w.t.Fatalf("%s: %v can be made together, want %v", text(w.t, w.r), calls, want)
	}
	was := w.r
	for _, call := range calls {
		if a := purchase.Next(w.r, w.at); a.Kind != purchase.Do || a.Call != call {
			w.t.Fatalf("%s: next is %+v, want %s", text(w.t, w.r), a, call)
		}
		w.answer(call, answers[call])
	}
	if !purchase.Straight(was, w.r) {
		w.t.Errorf("that does not lead straight on: %s", text(w.t, w.r))
	}
}

// TestTogether: the calls that can be made at the same time are those that are asked for
// one after another, as long as all is well.
func TestTogether(t *testing.T) {
	const add, confirm = purchase.CallAdd, purchase.CallConfirm
	services, fund, list := purchase.CallServices, purchase.CallBalance, purchase.CallCart
	charges, orders := purchase.CallCharges, purchase.CallOrders
	w := drafted(t, "")
	w.do(purchase.Started{})
	w.together(map[purchase.Call]purchase.Answered{
		list: {Cart: cart("0")}, fund: {Balance: balance("20")},
	}, list, fund)
	w.answer(add, purchase.Answered{LineItem: "1818"})
	w.together(map[purchase.Call]purchase.Answered{
		fund: {Balance: balance("20")}, list: {Cart: cart("5", ours("5"))},
	}, services, fund, charges, orders, list)
	w.is(purchase.StatePriced, purchase.NotCharged)
	w.answer(confirm, purchase.Answered{})
	w.together(map[purchase.Call]purchase.Answered{
		services: {Services: []zomro.Service{service("2", web, zomro.StatusOpening)}}, fund: {Balance: balance("15")}, list: {Cart: cart("0")},
	}, services, fund, list, charges, orders)
	w.is(purchase.StatePaid, purchase.WasCharged)
}

// TestTogetherOnlyIfAllIsWell: whatever is not as it should be is looked at one after the
// other, and what is read together then counts for nothing.
func TestTogetherOnlyIfAllIsWell(t *testing.T) {
	well := drafted(t, "")
	well.do(purchase.Started{})
	well.at = well.at.Add(time.Second)
	for name, change := range map[string]func(*purchase.Record){
		"a failure":        func(r *purchase.Record) { r.Failure = &purchase.Failure{} },
		"tried before":     func(r *purchase.Record) { r.Attempts = 1 },
		"a question":       func(r *purchase.Record) { r.Question = &purchase.Question{} },
		"an open question": func(r *purchase.Record) { r.Pending = &purchase.Question{} },
		"no cart":          func(r *purchase.Record) { r.Blind = true },
		"a cart amiss":     func(r *purchase.Record) { r.CartAmiss = true },
		"others in it":     func(r *purchase.Record) { r.Crowded = well.at },
		"no price":         func(r *purchase.Record) { r.Unpriced = true },
		"a call under way": func(r *purchase.Record) { r.InFlight = purchase.CallCart },
		"money looked at":  func(r *purchase.Record) { r.Closing = &purchase.Closing{} },
		"an unknown add":   func(r *purchase.Record) { r.State, r.UnknownOf = purchase.StateUnknown, purchase.CallAdd },
		"an unknown payment": func(r *purchase.Record) {
			r.State, r.UnknownOf, r.Due = purchase.StateUnknown, purchase.CallConfirm, purchase.CallServices
		},
		"given up": func(r *purchase.Record) { r.State = purchase.StateCancelling },
	} {
		r := well.r
		change(&r)
		if calls := purchase.Together(r); calls != nil {
			t.Errorf("%s: %v can be made together", name, calls)
		}
	}
	was := well.r
	for name, answer := range map[string]purchase.Answered{
		"something of others": {Call: purchase.CallCart, Cart: cart("9", foreign)},
		"a failure":           {Call: purchase.CallCart, Failure: &purchase.Failure{Kind: zomro.Transient}},
	} {
		w := *well
		w.r = was
		w.answer(purchase.CallCart, answer)
		if purchase.Straight(was, w.r) {
			t.Errorf("%s: that leads straight on: %s", name, text(t, w.r))
		}
	}
	w := *well
	w.r = was
	w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
	w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("1")})
	if purchase.Straight(was, w.r) {
		t.Errorf("too little money: that leads straight on: %s", text(t, w.r))
	}
}

// TestCounting: only a purchase that nothing but its money keeps is told as such.
func TestCounting(t *testing.T) {
	for _, c := range []struct {
		r    purchase.Record
		want bool
	}{
		{purchase.Record{State: purchase.StatePaid, Closing: &purchase.Closing{}}, true},
		{purchase.Record{State: purchase.StateActive, Closing: &purchase.Closing{}}, true},
		{purchase.Record{State: purchase.StateActive, Closing: &purchase.Closing{Last: true}}, false},
		{purchase.Record{State: purchase.StateSettling, Closing: &purchase.Closing{}}, false},
		{purchase.Record{State: purchase.StatePaid}, false},
	} {
		if got := purchase.Counting(c.r); got != c.want || c.r.Closing != nil && !c.r.Closing.Last && !purchase.Holds(c.r) {
			t.Errorf("%s %+v: %v", c.r.State, c.r.Closing, got)
		}
	}
}
