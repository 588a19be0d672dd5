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
	w.answer(purchase.CallCharges, purchase.Answered{})
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
		"a cart that cannot be read":      {balance("15"), nil, paidNext, purchase.StateUnknown, purchase.MaybeCharged, purchase.AskUnknown},
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

// gone ends what is given up: our row is taken out of the cart if it is in it, and once the
// add cannot come late any more the account is looked at.
func (w *walk) gone(c *zomro.Cart, b *zomro.Balance, services ...zomro.Service) {
	w.t.Helper()
	w.is(purchase.StateCancelling, purchase.MaybeCharged)
	w.answer(purchase.CallCart, purchase.Answered{Cart: c})
	if a := purchase.Next(w.r, w.at); a.Call == purchase.CallRemove {
		w.answer(purchase.CallRemove, purchase.Answered{})
		w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
	}
	w.over(b, nil, services...)
}

// over is the look at the account that ends what is given up. A server that is not listed is
// looked for again.
func (w *walk) over(b *zomro.Balance, charges []zomro.Charge, services ...zomro.Service) {
	w.t.Helper()
	for looks := 0; purchase.Next(w.r, w.at).Call == purchase.CallServices; looks++ {
		if looks > 9 {
			w.t.Fatal("it is looked for without an end")
		}
		w.answer(purchase.CallServices, purchase.Answered{Services: services})
	}
	if waited := w.at.Sub(start); waited < 150*time.Second {
		w.t.Errorf("believed after %s", waited)
	}
	w.answer(purchase.CallBalance, purchase.Answered{Balance: b})
	w.answer(purchase.CallCharges, purchase.Answered{Charges: charges})
}

// TestProlongationWithoutARow: what the answer does not name is not paid, not taken out of
// the cart, and nobody is told that nothing was charged before that was looked at. What has
// changed is told, and not by what.
func TestProlongationWithoutARow(t *testing.T) {
	one := cart("5", row("5"))
	for name, test := range map[string]struct {
		answer  purchase.Answered
		cart    *zomro.Cart
		balance string
		until   time.Time
		charged purchase.Charged
		left    bool
		code    string
	}{
		"nothing was done":           {purchase.Answered{}, cart("0"), "20", paidUntil, purchase.NotCharged, false, purchase.CodeNoRow},
		"a row that is not named":    {purchase.Answered{}, one, "20", paidUntil, purchase.NotCharged, true, purchase.CodeNoRow},
		"charged at once":            {purchase.Answered{}, cart("0"), "15", paidNext, purchase.MaybeCharged, false, purchase.CodeNoRow},
		"charged, and a row":         {purchase.Answered{}, one, "15", paidNext, purchase.MaybeCharged, true, purchase.CodeNoRow},
		"charged, the day to come":   {purchase.Answered{}, cart("0"), "15", paidUntil, purchase.MaybeCharged, false, purchase.CodeNoRow},
		"renewed, the money to come": {purchase.Answered{}, one, "20", paidNext, purchase.MaybeCharged, true, purchase.CodeNoRow},
		"topped up meanwhile":        {purchase.Answered{}, one, "30", paidUntil, purchase.MaybeCharged, true, purchase.CodeNoRow},
		"the vendor refused": {
			purchase.Answered{Failure: &purchase.Failure{Kind: zomro.Unknown, Code: "value", Message: "No."}},
			cart("0"), "20", paidUntil, purchase.NotCharged, false, "value",
		},
		"no answer":                     {purchase.Answered{Failure: &purchase.Failure{Kind: zomro.Unknown}}, one, "20", paidUntil, purchase.NotCharged, true, purchase.CodeNoRow},
		"one that was there before":     {purchase.Answered{LineItem: "900"}, cart("9", foreign), "20", paidUntil, purchase.NotCharged, false, purchase.CodeNoRow},
		"one that the cart never shows": {purchase.Answered{LineItem: "1818"}, cart("0"), "20", paidUntil, purchase.NotCharged, true, purchase.CodeNoRow},
	} {
		t.Run(name, func(t *testing.T) {
			w := prolong(t)
			w.do(purchase.Started{})
			w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{until(paidUntil)}})
			w.answer(purchase.CallCart, purchase.Answered{Cart: cart("9", foreign)})
			w.decide(purchase.ChooseAnyway)
			w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{until(paidUntil)}})
			w.answer(purchase.CallCart, purchase.Answered{Cart: cart("9", foreign)})
			w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("20")})
			w.answer(purchase.CallCharges, purchase.Answered{})
			w.answer(purchase.CallAdd, test.answer)
			if w.r.State == purchase.StateInCart {
				w.price(test.cart, until(paidUntil))
			}
			w.gone(test.cart, balance(test.balance), until(test.until))
			w.is(purchase.StateFailed, test.charged)
			if w.r.ItemLeft != test.left || w.r.CartRow != "" || w.r.Failure.Code != test.code || w.r.Confirms != 0 {
				t.Errorf("left %v, removed %q, %+v, %d confirms", w.r.ItemLeft, w.r.CartRow, w.r.Failure, w.r.Confirms)
			}
		})
	}
}

// TestProlongationThatIsNotPaid: right before the price is asked, and right before it is
// paid, everything must be as it was agreed to. If it is not, our row is taken out, and what
// has changed meanwhile is told: never that this purchase has paid, for it has not.
func TestProlongationThatIsNotPaid(t *testing.T) {
	named := func(change func(*zomro.Service)) []zomro.Service {
		s := until(paidUntil)
		change(&s)
		return []zomro.Service{s}
	}
	year := row("5")
	year.Period = "Year"
	same := named(func(*zomro.Service) {})
	for name, test := range map[string]struct {
		services []zomro.Service
		balance  string
		row      zomro.CartItem
		code     string
		charged  purchase.Charged
	}{
		"renewed by itself, or in the panel": {[]zomro.Service{until(paidNext)}, "15", row("5"), purchase.CodePaidOn, purchase.MaybeCharged},
		"until another day":                  {[]zomro.Service{until(paidUntil.AddDate(0, -1, 0))}, "20", row("5"), purchase.CodePaidOn, purchase.MaybeCharged},
		"gone":                               {nil, "20", row("5"), purchase.CodeNoServer, purchase.MaybeCharged},
		"deleted":                            {named(func(s *zomro.Service) { s.Status = zomro.StatusDeleted }), "20", row("5"), purchase.CodeNoServer, purchase.NotCharged},
		"being deleted":                      {named(func(s *zomro.Service) { s.Code = "5_close" }), "20", row("5"), purchase.CodeNoServer, purchase.NotCharged},
		"charged each day":                   {named(func(s *zomro.Service) { s.Cost = "0.13 EUR / Day" }), "20", row("5"), purchase.CodeDaily, purchase.NotCharged},
		"charged already":                    {same, "15", row("5"), purchase.CodeMoneyMoved, purchase.MaybeCharged},
		"for another period":                 {same, "20", year, purchase.CodeOtherPeriod, purchase.NotCharged},
	} {
		for _, when := range []string{"before the price", "before the payment"} {
			t.Run(name+", "+when, func(t *testing.T) {
				w := prolong(t)
				if when == "before the price" {
					w.before()
					w.answer(purchase.CallAdd, purchase.Answered{LineItem: "1818"})
				} else {
					w.quoted("5")
				}
				w.at = w.at.Add(time.Minute)
				for w.r.State != purchase.StateCancelling {
					a := purchase.Next(w.r, w.at)
					if a.Kind != purchase.Do || a.Writes() {
						t.Fatalf("next is %+v", a)
					}
					w.answer(a.Call, purchase.Answered{Services: test.services, Balance: balance(test.balance), Cart: cart("5", test.row)})
				}
				w.gone(cart("5", test.row), balance(test.balance), test.services...)
				if w.is(purchase.StateFailed, test.charged); w.r.Failure.Code != test.code || w.r.ItemLeft || w.r.Confirms > 0 {
					t.Errorf("%+v, left %v, %d confirms", w.r.Failure, w.r.ItemLeft, w.r.Confirms)
				}
			})
		}
	}
}

// TestProlongationThatIsGivenUp, by a person or because nobody answers for a quarter of an
// hour, while the server is renewed by something else: that is told, and nothing is said to
// be paid by it.
func TestProlongationThatIsGivenUp(t *testing.T) {
	give := map[string]func(*walk){
		"by a press":        func(w *walk) { w.decide(purchase.ChooseGiveUp) },
		"by a word":         func(w *walk) { w.do(purchase.Cancelled{}) },
		"without an answer": func(w *walk) { w.at = w.at.Add(15 * time.Minute); w.do(purchase.Tick{}) },
	}
	for name, up := range give {
		for how, test := range map[string]struct {
			service zomro.Service
			balance string
			state   purchase.State
			charged purchase.Charged
		}{
			"as it was": {until(paidUntil), "20", purchase.StateCancelled, purchase.NotCharged},
			"renewed":   {until(paidNext), "15", purchase.StateFailed, purchase.MaybeCharged},
		} {
			t.Run(name+", "+how, func(t *testing.T) {
				w := prolong(t)
				w.before()
				w.answer(purchase.CallAdd, purchase.Answered{LineItem: "1818"})
				w.price(cart("5", row("5")), until(paidUntil))
				w.asks(purchase.AskPrice)
				up(w)
				w.gone(cart("5", row("5")), balance(test.balance), test.service)
				if w.is(test.state, test.charged); w.r.ItemLeft || w.r.Taken != nil || w.r.CartRow != "1818" {
					t.Errorf("left %v, taken %v, removed %q", w.r.ItemLeft, w.r.Taken, w.r.CartRow)
				}
				if f := w.r.Failure; test.state == purchase.StateFailed && (f == nil || f.Code != purchase.CodePaidOn) {
					t.Errorf("it is not said that it was renewed: %+v", f)
				}
			})
		}
	}
}

// TestProlongationBegunAnew: what was held up, or waited for others in the cart, looks at the
// server again before it is added, and before it is paid.
func TestProlongationBegunAnew(t *testing.T) {
	w := prolong(t)
	w.before()
	w.at = w.at.Add(time.Hour)
	w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{until(paidNext)}})
	w.is(purchase.StateFailed, purchase.NotCharged)

	w = prolong(t)
	w.do(purchase.Started{})
	w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{until(paidUntil)}})
	w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0"), Siblings: purchase.Siblings{Ahead: []string{"7"}}})
	w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{until(paidNext)}})
	w.is(purchase.StateFailed, purchase.NotCharged)
}

// TestProlongationOfARenamedServer is recognised by its id.
func TestProlongationOfARenamedServer(t *testing.T) {
	named := func(name string, day time.Time) zomro.Service {
		s := until(day)
		s.Name, s.ServerName = name, name
		return s
	}
	charge := zomro.Charge{ID: "9", Name: "new", Amount: ptr(eur("5"))}
	w := prolong(t)
	w.quoted("5")
	w.price(cart("5", row("5")), named("new", paidUntil))
	w.answer(purchase.CallConfirm, purchase.Answered{})
	w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{named("new", paidNext)}})
	w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("15")})
	w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
	w.answer(purchase.CallCharges, purchase.Answered{Charges: []zomro.Charge{charge}})
	w.answer(purchase.CallOrders, purchase.Answered{})
	if w.is(purchase.StatePaid, purchase.WasCharged); len(w.r.Charges) != 1 {
		t.Errorf("charges %v", w.r.Charges)
	}
}

// TestProlongationThatIsToppedUp between two looks goes on: the balance has lost nothing.
func TestProlongationThatIsToppedUp(t *testing.T) {
	w := prolong(t)
	w.quoted("5")
	w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{until(paidUntil)}})
	w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("30")})
	w.answer(purchase.CallCharges, purchase.Answered{})
	w.answer(purchase.CallOrders, purchase.Answered{})
	w.answer(purchase.CallCart, purchase.Answered{Cart: cart("5", row("5"))})
	w.is(purchase.StatePriced, purchase.MaybeCharged)
	w.do(purchase.Cancelled{})
	w.gone(cart("5", row("5")), balance("30"), until(paidUntil))
	w.is(purchase.StateCancelled, purchase.MaybeCharged) // what came may hide what was taken
}

// TestProlongationOfFormerRecords: a row that no answer has named is not paid, and an add of
// unknown outcome is looked at anew.
func TestProlongationOfFormerRecords(t *testing.T) {
	t.Run("a row that was guessed", func(t *testing.T) {
		w := former(t, "prolong_guessed")
		w.at = w.r.Since.Add(time.Minute)
		w.do(purchase.Decided{Revision: w.r.Question.Number, Choice: purchase.ChooseAccept})
		w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{until(paidUntil)}})
		w.gone(cart("5", row("5")), balance("20"), until(paidUntil))
		if w.is(purchase.StateFailed, purchase.NotCharged); !w.r.ItemLeft || w.r.CartRow != "" || w.r.Failure.Code != purchase.CodeNoRow {
			t.Errorf("left %v, removed %q, %+v", w.r.ItemLeft, w.r.CartRow, w.r.Failure)
		}
	})
	t.Run("an add of unknown outcome", func(t *testing.T) {
		w := former(t, "prolong_unknown_add")
		w.at = w.r.Since.Add(time.Minute)
		w.answer(purchase.CallCart, purchase.Answered{Cart: cart("5", row("5"))})
		w.gone(cart("5", row("5")), balance("20"), until(paidUntil))
		w.is(purchase.StateFailed, purchase.NotCharged)
	})
	t.Run("looking whether it was charged at once", func(t *testing.T) {
		w := former(t, "prolong_settling")
		w.at = w.r.Since.Add(time.Minute)
		w.until(func() { w.look(balance("15"), cart("0"), until(paidNext)) })
		w.asks(purchase.AskUnknown)
		w.decide(purchase.ChooseNotBought)
		w.is(purchase.StateCancelled, purchase.MaybeCharged)
	})
}

// TestProlongationBesideAnother: a confirm can pay the whole cart, and nobody may have agreed
// to the price of a renewal yet. One that goes behind gives way, and one that goes first waits;
// and no confirm is sent while one is on its way into the cart.
func TestProlongationBesideAnother(t *testing.T) {
	for _, siblings := range []purchase.Siblings{{Ahead: []string{"900"}}, {Behind: []string{"900"}}, {Ahead: []string{"900"}, Behind: []string{"901"}}} {
		w := prolong(t)
		w.before()
		w.answer(purchase.CallAdd, purchase.Answered{LineItem: "1818"})
		w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{until(paidUntil)}})
		w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("20")})
		w.answer(purchase.CallCharges, purchase.Answered{})
		w.answer(purchase.CallOrders, purchase.Answered{})
		w.answer(purchase.CallCart, purchase.Answered{Cart: cart("14", row("5"), foreign), Siblings: siblings})
		if len(siblings.Ahead) == 0 {
			if w.is(purchase.StatePricing, purchase.MaybeCharged); w.r.Question != nil {
				t.Errorf("asks %+v", w.r.Question)
			}
			w.price(cart("5", row("5")), until(paidUntil)) // the other has made room
			w.asks(purchase.AskPrice)
			continue
		}
		w.gone(cart("14", row("5"), foreign), balance("20"), until(paidUntil))
		if w.is(purchase.StateFailed, purchase.NotCharged); w.r.Failure.Code != purchase.CodeBeside || w.r.ItemLeft {
			t.Errorf("%+v, left %v", w.r.Failure, w.r.ItemLeft)
		}
	}
	renewal, order := prolong(t), drafted(t, "")
	order.r.ID, order.r.State, order.r.Due, order.r.CartAt, order.r.Before = "OTHER1", purchase.StatePriced, purchase.CallConfirm, order.at, &purchase.Snapshot{Services: []purchase.Seen{{ID: until(paidUntil).ID}}}
	elsewhere := order.r
	elsewhere.Before = &purchase.Snapshot{Services: []purchase.Seen{{ID: "77"}}}
	impedes := func(what string, r, other purchase.Record, call purchase.Call, want bool) {
		t.Helper()
		if got := r.Impedes(other, call); got != want {
			t.Errorf("%s: %v", what, got)
		}
	}
	impedes("it is not added yet", renewal.r, order.r, purchase.CallConfirm, false)
	renewal.before()
	renewal.do(purchase.Calling{Call: purchase.CallAdd})
	impedes("it is being added", renewal.r, order.r, purchase.CallConfirm, true)
	impedes("of another account", renewal.r, elsewhere, purchase.CallConfirm, false)
	impedes("nothing is paid yet", order.r, renewal.r, purchase.CallAdd, false)
	order.do(purchase.Calling{Call: purchase.CallConfirm})
	elsewhere.State = order.r.State
	impedes("it is being paid", order.r, renewal.r, purchase.CallAdd, true)
	impedes("another account is being paid", elsewhere, renewal.r, purchase.CallAdd, false)
	renewal.do(purchase.Answered{Call: purchase.CallAdd, LineItem: "1818"})
	impedes("it is in the cart", renewal.r, order.r, purchase.CallConfirm, true)
	renewal.r.State = purchase.StateCancelled
	impedes("it has ended", renewal.r, order.r, purchase.CallConfirm, false)
}

// TestProlongationThatIsChargedByTheAdd is not paid as well: a new charge that bears its name
// stops it, whatever the balance and the day say, and is told at the end.
func TestProlongationThatIsChargedByTheAdd(t *testing.T) {
	charges := []zomro.Charge{{ID: "9", Name: "old", Amount: ptr(eur("5"))}, {ID: "8", Name: "mail", Amount: ptr(eur("1"))}}
	look := func(w *walk, b string, charges []zomro.Charge) {
		w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{until(paidUntil)}})
		w.answer(purchase.CallBalance, purchase.Answered{Balance: balance(b)})
		w.answer(purchase.CallCharges, purchase.Answered{Charges: charges})
	}
	for name, test := range map[string]struct {
		charges []zomro.Charge
		want    purchase.State
	}{
		"of it":            {charges, purchase.StateCancelling},
		"of another":       {charges[1:], purchase.StatePricing},
		"which was before": {nil, purchase.StatePricing},
	} {
		for _, b := range []string{"20", "30"} { // the balance lags, or a top-up hides it
			w := prolong(t)
			w.quoted("5")
			if look(w, b, test.charges); w.r.State != test.want {
				t.Errorf("%s: %s", name, w.r.State)
			}
			if w.r.State == purchase.StatePricing {
				w.do(purchase.Cancelled{})
			}
			w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
			w.over(balance("20"), test.charges, until(paidUntil))
			want := map[purchase.State]purchase.Charged{purchase.StateCancelling: purchase.MaybeCharged, purchase.StatePricing: purchase.NotCharged}
			if w.r.Charged() != want[test.want] || w.r.Confirms > 0 {
				t.Errorf("%s, %s: charged %s, %+v", name, b, w.r.Charged(), w.r.Failure)
			}
		}
	}
	w := prolong(t)
	w.quoted("5")
	w.price(cart("5", row("5")), until(paidUntil))
	w.do(purchase.Calling{Call: purchase.CallConfirm})
	w.do(purchase.Answered{Call: purchase.CallConfirm, Failure: &purchase.Failure{Kind: zomro.Transient, Unsent: true}})
	w.at = w.at.Add(time.Minute)
	look(w, "20", charges)
	w.is(purchase.StateCancelling, purchase.MaybeCharged)
}

// TestProlongationOfAServerThatIsNotListed: nothing is known of its day then, and that is
// said; one list that is cut short is read again.
func TestProlongationOfAServerThatIsNotListed(t *testing.T) {
	for charged, services := range map[purchase.Charged][]zomro.Service{purchase.MaybeCharged: nil, purchase.NotCharged: {until(paidUntil)}} {
		w := prolong(t)
		w.before()
		w.answer(purchase.CallAdd, purchase.Answered{})
		w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
		w.answer(purchase.CallServices, purchase.Answered{})
		w.over(balance("20"), nil, services...)
		if w.is(purchase.StateFailed, charged); (w.r.Evidence.Services == purchase.ServicesNotKnown) != (charged == purchase.MaybeCharged) {
			t.Errorf("%s: %+v", charged, w.r.Evidence)
		}
	}
}

// TestProlongationOfOneOddDay: it is not said to be paid until another day when the later
// looks show the one that was agreed to.
func TestProlongationOfOneOddDay(t *testing.T) {
	w := prolong(t)
	w.quoted("5")
	w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{until(paidNext)}})
	w.gone(cart("5", row("5")), balance("20"), until(paidUntil))
	if w.is(purchase.StateFailed, purchase.NotCharged); w.r.Failure.Code != purchase.CodeOddDay {
		t.Errorf("%+v", w.r.Failure)
	}
}

// TestProlongationIsPaidPromptly after the look at the cart, whose price can rise.
func TestProlongationIsPaidPromptly(t *testing.T) {
	w := prolong(t)
	w.quoted("5")
	w.price(cart("5", row("5")), until(paidUntil))
	for call, after := range map[purchase.Call]time.Duration{purchase.CallConfirm: 5 * time.Second, purchase.CallServices: 6 * time.Second} {
		if a := purchase.Next(w.r, w.at.Add(after)); a.Call != call {
			t.Errorf("after %s: %+v", after, a)
		}
	}
}

// TestProlongationOfANamesake: a charge that bears the name of two servers is not said to be
// this one's, and that it could not be told apart is said.
func TestProlongationOfANamesake(t *testing.T) {
	for _, other := range []string{"old", "mail"} {
		w := prolong(t)
		w.quoted("5")
		w.price(cart("5", row("5")), until(paidUntil), service("2", other, zomro.StatusActive))
		w.answer(purchase.CallConfirm, purchase.Answered{})
		w.look(balance("15"), cart("0"), until(paidNext), service("2", other, zomro.StatusActive))
		charge := zomro.Charge{ID: "9", Name: "old", Amount: ptr(eur("0.1"))}
		for w.r.Closing != nil && !w.r.Closing.Last {
			if a := purchase.Next(w.r, w.at); a.Kind == purchase.Wait {
				w.at = a.Until
				continue
			}
			w.answer(purchase.Next(w.r, w.at).Call, purchase.Answered{
				Services: []zomro.Service{until(paidNext)}, Balance: balance("14.9"), Charges: []zomro.Charge{charge},
			})
		}
		if namesake := other == "old"; len(w.r.Charges) > 0 == namesake || w.r.MoreThanAgreed() == namesake || w.r.Unseen != namesake {
			t.Errorf("%s: %d charges, taken %v, unseen %v", other, len(w.r.Charges), w.r.Taken, w.r.Unseen)
		}
	}
}
