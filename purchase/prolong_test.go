package purchase_test

import (
	"slices"
	"testing"
	"time"

	"zomrobot/purchase"
	"zomrobot/zomro"
)

// prolong is a purchase of a server that is paid on.
func prolong(t *testing.T) *walk {
	t.Helper()
	return &walk{t: t, at: start, r: purchase.New(prolonging(), start)}
}

// before reads what stands before adding: the server, an empty cart, 20 EUR.
func (w *walk) before() {
	w.t.Helper()
	w.do(purchase.Started{})
	w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{until(paidUntil)}})
	w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
	w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("20")})
}

// row is what the cart calls it.
func row(cost string) zomro.CartItem {
	item := ours(cost)
	item.Name = "Renewal: old"
	return item
}

// quoted leads to where the price that the cart tells is agreed to.
func (w *walk) quoted(cost string) {
	w.t.Helper()
	w.before()
	w.answer(purchase.CallAdd, purchase.Answered{LineItem: "1818"})
	w.price(cart(cost, row(cost)), until(paidUntil))
	w.asks(purchase.AskPrice)
	if q := w.r.Question; q.Was != nil || q.Now == nil || !q.Now.Amount.Equal(eur(cost).Amount) || len(q.Items) != 1 || w.r.Quoted() {
		w.t.Fatalf("asks %+v", q)
	}
	w.decide(purchase.ChooseAccept)
}

// paying leads to where the confirm has been answered.
func (w *walk) paying(cost string) {
	w.t.Helper()
	w.quoted(cost)
	w.price(cart(cost, row(cost)), until(paidUntil))
	w.answer(purchase.CallConfirm, purchase.Answered{})
}

func TestProlongation(t *testing.T) {
	w := prolong(t)
	w.paying("5")
	w.look(balance("15"), cart("0"), until(paidNext))
	w.is(purchase.StatePaid, purchase.WasCharged)
	w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{until(paidNext)}})
	w.is(purchase.StateActive, purchase.WasCharged)
	if w.r.Taken == nil || !w.r.Taken.Amount.Equal(eur("5").Amount) || w.r.MoreThanAgreed() || w.r.Confirms != 1 {
		t.Errorf("taken %v, %d confirms", w.r.Taken, w.r.Confirms)
	}
}

// TestProlongationThatIsNotAsAgreed is stopped before anything is put into the cart.
func TestProlongationThatIsNotAsAgreed(t *testing.T) {
	closing := until(paidUntil)
	closing.Code = "5_close"
	deleted := until(paidUntil)
	deleted.Status = zomro.StatusDeleted
	for name, test := range map[string]struct {
		services []zomro.Service
		code     string
	}{
		"paid on meanwhile": {[]zomro.Service{until(paidNext)}, purchase.CodePaidOn},
		"paid until before": {[]zomro.Service{until(paidUntil.AddDate(0, -1, 0))}, purchase.CodePaidOn},
		"no day":            {[]zomro.Service{until(time.Time{})}, purchase.CodePaidOn},
		"gone":              {[]zomro.Service{service("2", "old", zomro.StatusActive)}, purchase.CodeNoServer},
		"deleted":           {[]zomro.Service{deleted}, purchase.CodeNoServer},
		"being deleted":     {[]zomro.Service{closing}, purchase.CodeNoServer},
	} {
		w := prolong(t)
		w.do(purchase.Started{})
		w.answer(purchase.CallServices, purchase.Answered{Services: test.services})
		if w.is(purchase.StateFailed, purchase.NotCharged); w.r.Failure.Code != test.code {
			t.Errorf("%s: %+v", name, w.r.Failure)
		}
	}
}

// TestProlongationWithoutARow: what cannot be told to be ours in the cart is not paid, and
// that nothing was paid by the add either is said only on evidence.
func TestProlongationWithoutARow(t *testing.T) {
	twoIDs, unpriced := row("5"), row("")
	twoIDs.Elid = "777"
	other := row("5")
	other.ID = "1819"
	for name, test := range map[string]struct {
		answer purchase.Answered
		cart   *zomro.Cart
		left   bool
		code   string
	}{
		"none":               {purchase.Answered{}, cart("0"), false, purchase.CodeNoRow},
		"two":                {purchase.Answered{}, cart("10", row("5"), other), true, purchase.CodeNoRow},
		"with two ids":       {purchase.Answered{}, cart("5", twoIDs), true, purchase.CodeNoRow},
		"without a price":    {purchase.Answered{}, cart("5", unpriced), true, purchase.CodeNoRow},
		"the vendor refused": {purchase.Answered{Failure: &purchase.Failure{Kind: zomro.Unknown, Code: "value", Message: "No."}}, cart("0"), false, "value"},
	} {
		t.Run(name, func(t *testing.T) {
			w := prolong(t)
			w.before()
			w.answer(purchase.CallAdd, test.answer)
			w.is(purchase.StateUnknown, purchase.MaybeCharged)
			for w.r.UnknownOf == purchase.CallAdd {
				w.answer(purchase.CallCart, purchase.Answered{Cart: test.cart})
			}
			w.is(purchase.StateSettling, purchase.MaybeCharged)
			w.until(func() { w.look(balance("20"), test.cart, until(paidUntil)) })
			w.is(purchase.StateFailed, purchase.NotCharged)
			if w.r.ItemLeft != test.left || w.r.Failure.Code != test.code || w.r.Confirms != 0 {
				t.Errorf("left %v, %+v, %d confirms", w.r.ItemLeft, w.r.Failure, w.r.Confirms)
			}
			if waited := w.at.Sub(start); waited < 150*time.Second {
				t.Errorf("believed after %s", waited)
			}
		})
	}
}

// TestProlongationThatIsChargedAtOnce is paid, and it is said that nobody has agreed to
// its price.
func TestProlongationThatIsChargedAtOnce(t *testing.T) {
	w := prolong(t)
	w.before()
	w.answer(purchase.CallAdd, purchase.Answered{})
	for w.r.UnknownOf == purchase.CallAdd {
		w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
	}
	w.until(func() { w.look(balance("15"), cart("0"), until(paidNext)) })
	if w.is(purchase.StatePaid, purchase.WasCharged); w.r.Quoted() || w.r.Confirms != 0 {
		t.Errorf("agreed to %v", w.r.Quote)
	}
}

// TestProlongationThatTheAnswerDoesNotName: the one row that was not there before is ours.
func TestProlongationThatTheAnswerDoesNotName(t *testing.T) {
	w := prolong(t)
	w.before()
	w.answer(purchase.CallAdd, purchase.Answered{})
	w.answer(purchase.CallCart, purchase.Answered{Cart: cart("5", row("5"))})
	w.is(purchase.StateInCart, purchase.MaybeCharged)
	w.price(cart("5", row("5")), until(paidUntil))
	w.asks(purchase.AskPrice)
	// It may be somebody else's, so it is not taken out: that it is left is said.
	w.decide(purchase.ChooseGiveUp)
	w.until(func() { w.look(balance("20"), cart("5", row("5")), until(paidUntil)) })
	if w.is(purchase.StateCancelled, purchase.NotCharged); !w.r.ItemLeft || w.r.CartRow != "" {
		t.Errorf("left %v, removed %q", w.r.ItemLeft, w.r.CartRow)
	}
}

// TestProlongationThatIsPaidElsewhere between the add and the payment: with our row in the
// cart it was not this purchase, which takes its row out; without it, it was our row.
func TestProlongationThatIsPaidElsewhere(t *testing.T) {
	inCart := func() *walk {
		w := prolong(t)
		w.before()
		w.answer(purchase.CallAdd, purchase.Answered{LineItem: "1818"})
		w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{until(paidNext)}})
		w.is(purchase.StateCancelling, purchase.MaybeCharged)
		return w
	}
	w := inCart()
	w.answer(purchase.CallCart, purchase.Answered{Cart: cart("5", row("5"))})
	w.answer(purchase.CallRemove, purchase.Answered{})
	w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
	w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{until(paidNext)}})
	if w.is(purchase.StateCancelled, purchase.NotCharged); w.r.ItemLeft || w.r.Failure.Code != purchase.CodePaidOn {
		t.Errorf("left %v, %+v", w.r.ItemLeft, w.r.Failure)
	}
	w = inCart()
	w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
	w.until(func() { w.look(balance("15"), cart("0"), until(paidNext)) })
	w.is(purchase.StatePaid, purchase.WasCharged)
}

// TestProlongationOfUnknownOutcome: only the announced day with a row that has left the
// cart, and a balance that bears it out, is paid.
func TestProlongationOfUnknownOutcome(t *testing.T) {
	inCart := cart("5", row("5"))
	for name, test := range map[string]struct {
		balance *zomro.Balance
		cart    *zomro.Cart
		until   time.Time
		state   purchase.State
		charged purchase.Charged
		asks    purchase.QuestionKind
	}{
		"done":                            {balance("15"), cart("0"), paidNext, purchase.StatePaid, purchase.WasCharged, ""},
		"not done":                        {balance("20"), inCart, paidUntil, purchase.StatePricing, purchase.NotCharged, purchase.AskTrouble},
		"renewed by itself":               {balance("15"), inCart, paidNext, purchase.StateUnknown, purchase.MaybeCharged, purchase.AskUnknown},
		"renewed by itself, and paid":     {balance("10"), cart("0"), paidNext.AddDate(0, 1, 0), purchase.StateUnknown, purchase.MaybeCharged, purchase.AskUnknown},
		"paid, and not shown":             {balance("15"), cart("0"), paidUntil, purchase.StateUnknown, purchase.MaybeCharged, purchase.AskUnknown},
		"shown, and not taken":            {balance("20"), cart("0"), paidNext, purchase.StateUnknown, purchase.MaybeCharged, purchase.AskUnknown},
		"a cart that cannot be read":      {balance("15"), nil, paidNext, purchase.StatePaid, purchase.WasCharged, ""},
		"a cart that cannot be read, not": {balance("20"), nil, paidUntil, purchase.StateUnknown, purchase.MaybeCharged, purchase.AskUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			w := prolong(t)
			w.quoted("5")
			w.price(inCart, until(paidUntil))
			w.fail(purchase.CallConfirm, zomro.Unknown)
			w.until(func() {
				w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{until(test.until)}})
				w.answer(purchase.CallBalance, purchase.Answered{Balance: test.balance})
				if test.cart == nil {
					w.fail(purchase.CallCart, zomro.Unreadable)
				} else {
					w.answer(purchase.CallCart, purchase.Answered{Cart: test.cart})
				}
				w.answer(purchase.CallCharges, purchase.Answered{})
				w.answer(purchase.CallOrders, purchase.Answered{})
			})
			if w.is(test.state, test.charged); test.asks != "" {
				w.asks(test.asks)
			}
		})
	}
}

// TestProlongationIsNotPaidBlindly: without the cart, or without its price, nobody can
// have it go on.
func TestProlongationIsNotPaidBlindly(t *testing.T) {
	w := prolong(t)
	w.do(purchase.Started{})
	w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{until(paidUntil)}})
	w.fail(purchase.CallCart, zomro.Unreadable)
	w.asks(purchase.AskTrouble)
	if slices.Contains(w.r.Question.Choices, purchase.ChooseAnyway) {
		t.Errorf("offers %v", w.r.Question.Choices)
	}
	w = prolong(t)
	w.before()
	w.answer(purchase.CallAdd, purchase.Answered{LineItem: "1818"})
	w.price(cart("", row("")), until(paidUntil))
	w.asks(purchase.AskPrice)
	if slices.Contains(w.r.Question.Choices, purchase.ChooseAccept) {
		t.Errorf("offers %v", w.r.Question.Choices)
	}
	w.decide(purchase.ChooseAgain)
	w.price(cart("5", row("5")), until(paidUntil))
	if w.asks(purchase.AskPrice); !slices.Contains(w.r.Question.Choices, purchase.ChooseAccept) {
		t.Errorf("offers %v", w.r.Question.Choices)
	}
}

// TestProlongationWhosePriceMoves is asked about again.
func TestProlongationWhosePriceMoves(t *testing.T) {
	w := prolong(t)
	w.quoted("5")
	w.price(cart("6", row("6")), until(paidUntil))
	w.asks(purchase.AskPrice)
	if q := w.r.Question; q.Was == nil || !q.Was.Amount.Equal(eur("5").Amount) || !q.Now.Amount.Equal(eur("6").Amount) {
		t.Errorf("asks %+v", q)
	}
}

// TestProlongationThatIsRenewedElsewhere: a row that the answer did not name lies in the
// cart, so that nothing was charged at once: this purchase has paid nothing, and says that
// the row may be left.
func TestProlongationThatIsRenewedElsewhere(t *testing.T) {
	second := row("5")
	second.ID = "1819"
	one, two := cart("5", row("5")), cart("10", row("5"), second)
	for name, test := range map[string]struct {
		cart  *zomro.Cart
		until time.Time
		sold  []purchase.Sold
		buyer string
	}{
		"one row":                            {one, paidNext, nil, ""},
		"two rows":                           {two, paidNext, nil, ""},
		"for longer than was asked for":      {one, paidNext.AddDate(1, 0, 0), nil, ""},
		"by another purchase":                {two, paidNext, []purchase.Sold{{Service: "1", Purchase: "OTHER1"}}, "OTHER1"},
		"one row, which another one was for": {one, paidNext, []purchase.Sold{{Service: "1", Purchase: "OTHER1"}}, "OTHER1"},
	} {
		t.Run(name, func(t *testing.T) {
			w := prolong(t)
			w.before()
			w.answer(purchase.CallAdd, purchase.Answered{})
			for w.r.UnknownOf == purchase.CallAdd {
				w.answer(purchase.CallCart, purchase.Answered{Cart: test.cart})
			}
			renewed := []zomro.Service{until(test.until)}
			if w.r.LineItem != "" { // the only new row is ours, and is asked about
				w.price(test.cart, until(paidUntil))
				w.asks(purchase.AskPrice)
				w.decide(purchase.ChooseAccept)
				w.answer(purchase.CallServices, purchase.Answered{Services: renewed})
			}
			w.until(func() {
				w.answer(purchase.CallServices, purchase.Answered{Services: renewed, Sold: test.sold})
				w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("15")})
				w.answer(purchase.CallCart, purchase.Answered{Cart: test.cart})
				w.answer(purchase.CallCharges, purchase.Answered{})
				w.answer(purchase.CallOrders, purchase.Answered{})
			})
			w.is(purchase.StateFailed, purchase.NotCharged)
			if f := w.r.Failure; !w.r.ItemLeft || f.Code != purchase.CodePaidOn || f.Object != test.buyer || w.r.Taken != nil {
				t.Errorf("left %v, %+v, taken %v", w.r.ItemLeft, f, w.r.Taken)
			}
			if waited := w.at.Sub(start); waited < 150*time.Second {
				t.Errorf("believed after %s", waited)
			}
		})
	}
}

// TestProlongationBesideARowOfOthers: where the new row may be one of another login of the
// account, a person decides.
func TestProlongationBesideARowOfOthers(t *testing.T) {
	w := prolong(t)
	w.before()
	w.answer(purchase.CallAdd, purchase.Answered{})
	for w.r.UnknownOf == purchase.CallAdd {
		w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
	}
	w.until(func() {
		w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{until(paidNext)}})
		w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("15")})
		w.answer(purchase.CallCart, purchase.Answered{Cart: cart("5", row("5")), Siblings: purchase.Siblings{Adding: true}})
		w.answer(purchase.CallCharges, purchase.Answered{})
		w.answer(purchase.CallOrders, purchase.Answered{})
	})
	w.asks(purchase.AskUnknown)
	w.decide(purchase.ChooseBought)
	if w.is(purchase.StatePaid, purchase.WasCharged); !w.r.ItemLeft {
		t.Error("it is not said that a row may be left")
	}
}

// TestProlongationWhoseRowIsNotShown: what the answer named may come to light in the cart.
func TestProlongationWhoseRowIsNotShown(t *testing.T) {
	w := prolong(t)
	w.before()
	w.answer(purchase.CallAdd, purchase.Answered{LineItem: "1818"})
	w.price(cart("0"), until(paidUntil))
	for w.r.State != purchase.StateSettling {
		if w.r.UnknownOf == purchase.CallAdd {
			w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
			continue
		}
		w.price(cart("0"), until(paidUntil))
	}
	w.until(func() { w.look(balance("20"), cart("0"), until(paidUntil)) })
	if w.is(purchase.StateFailed, purchase.NotCharged); !w.r.ItemLeft || w.r.Failure.Code != purchase.CodeNoRow {
		t.Errorf("left %v, %+v", w.r.ItemLeft, w.r.Failure)
	}
}

// TestProlongationThatAnotherHasPaid: the other purchase is named, before adding and between
// the add and the payment; nothing is paid a second time.
func TestProlongationThatAnotherHasPaid(t *testing.T) {
	other := prolong(t)
	other.paying("5")
	other.look(balance("15"), cart("0"), until(paidNext))
	paid, later := until(paidNext), until(paidNext.AddDate(0, 1, 0))
	if w := prolong(t); !other.r.HasPaidOn(paid) || other.r.HasPaidOn(later) || w.r.HasPaidOn(paid) {
		t.Error("it is not told which purchase has paid a server on")
	}
	sold := purchase.Answered{Services: []zomro.Service{paid}, Sold: []purchase.Sold{{Service: paid.ID, Purchase: "OTHER1"}}}
	for name, w := range map[string]*walk{"before adding": prolong(t), "in the cart": prolong(t)} {
		t.Run(name, func(t *testing.T) {
			if name == "in the cart" {
				w.before()
				w.answer(purchase.CallAdd, purchase.Answered{LineItem: "1818"})
			} else {
				w.do(purchase.Started{})
			}
			if s, renewed := w.r.Renewed(sold.Services); !renewed || s.ID != paid.ID {
				t.Errorf("renewed %v, %+v", renewed, s)
			}
			w.answer(purchase.CallServices, sold)
			if f := w.r.Failure; f.Code != purchase.CodePaidOn || f.Object != "OTHER1" || w.r.Confirms > 0 {
				t.Errorf("%+v, %d confirms", f, w.r.Confirms)
			}
		})
	}
}
