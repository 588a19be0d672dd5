package purchase_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"zomrobot/purchase"
	"zomrobot/zomro"
)

// drafted starts a walk.
func drafted(t *testing.T, promo string) *walk {
	t.Helper()
	return &walk{t: t, r: purchase.New(opening(promo), start), at: start}
}

func TestStraightWay(t *testing.T) {
	w := drafted(t, "")
	if a := purchase.Next(w.r, w.at); a.Kind != purchase.Queue || purchase.Holds(w.r) {
		t.Fatalf("a new purchase: %+v, holds %v", a, purchase.Holds(w.r))
	}
	w.toPaying(cart("5", ours("5")))
	if a := purchase.Next(w.r, w.at); !a.Spends() || !a.Writes() || !purchase.Holds(w.r) {
		t.Fatalf("before paying: %+v", a)
	}
	w.call(purchase.CallConfirm)
	w.is(purchase.StatePaying, purchase.MaybeCharged)
	w.do(purchase.Answered{Call: purchase.CallConfirm})
	w.is(purchase.StateSettling, purchase.MaybeCharged) // the answer proves nothing
	if !purchase.Holds(w.r) {
		t.Error("a purchase that is not known to be paid does not hold the cart")
	}
	w.look(balance("15"), cart("0"), service("2", web, zomro.StatusOpening))
	w.is(purchase.StatePaid, purchase.WasCharged)
	if w.r.Taken == nil || w.r.Taken.Amount.String() != "5" || w.r.MoreThanAgreed() {
		t.Errorf("taken %v", w.r.Taken)
	}
	w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{service("2", web, zomro.StatusOpening)}})
	w.is(purchase.StateActivating, purchase.WasCharged)
	w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{service("2", web, zomro.StatusActive)}})
	w.is(purchase.StateActive, purchase.WasCharged)
	if !purchase.Holds(w.r) {
		t.Error("the account is free before the money was looked at again")
	}
	w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{service("2", web, zomro.StatusActive)}})
	w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("15")})
	w.answer(purchase.CallCharges, purchase.Answered{Charges: []zomro.Charge{{ID: "8", Name: "mail"}, {ID: "9", Name: web}}})
	if purchase.Holds(w.r) || len(w.r.Charges) != 1 || w.r.Charges[0].ID != "9" {
		t.Errorf("holds %v, charges %+v", purchase.Holds(w.r), w.r.Charges)
	}
	w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{service("2", web, zomro.StatusActive)}})
	w.answer(purchase.CallCharges, purchase.Answered{})
	if a := purchase.Next(w.r, w.at); a.Kind != purchase.End || len(w.r.Services) != 1 {
		t.Errorf("at the end: %+v, services %v", a, w.r.Services)
	}
}

func TestNoSecret(t *testing.T) {
	o := opening("")
	o.Order.Password = zomro.NewSecret("Hunter2hunter")
	if r := purchase.New(o, start); !r.Order.Password.IsZero() {
		t.Error("the record keeps the password")
	}
}

func TestPromo(t *testing.T) {
	refused := purchase.Answered{Failure: &purchase.Failure{Kind: zomro.Refused, Code: "missed"}}
	promoting := func(t *testing.T) *walk {
		w := drafted(t, "CODE")
		w.toInCart()
		w.answer(purchase.CallCart, purchase.Answered{Cart: cart("5", ours("5"))})
		return w
	}
	t.Run("applied", func(t *testing.T) {
		w := promoting(t)
		w.answer(purchase.CallPromo, purchase.Answered{})
		w.price(cart("4", ours("5")))
		w.is(purchase.StatePriced, purchase.NotCharged)
		if !w.r.PromoApplied || !w.r.CartTotal.Amount.Equal(eur("4").Amount) {
			t.Errorf("applied %v, total %v", w.r.PromoApplied, w.r.CartTotal)
		}
	})
	t.Run("lowers nothing", func(t *testing.T) {
		w := promoting(t)
		w.answer(purchase.CallPromo, purchase.Answered{})
		w.price(cart("5", ours("5")))
		w.is(purchase.StatePricing, purchase.NotCharged)
		w.asks(purchase.AskPromo)
		if q := w.r.Question; q.Was == nil || q.Now == nil || !q.Was.Amount.Equal(eur("5").Amount) || !q.Now.Amount.Equal(eur("5").Amount) {
			t.Errorf("was %v, is %v", q.Was, q.Now)
		}
		w.decide(purchase.ChooseWithoutPromo)
		w.price(cart("5", ours("5")))
		w.is(purchase.StatePriced, purchase.NotCharged)
		if w.r.Promo != "" || w.r.PromoApplied {
			t.Errorf("promo %q, applied %v", w.r.Promo, w.r.PromoApplied)
		}
	})
	t.Run("lowers nothing, another does", func(t *testing.T) {
		w := promoting(t)
		w.answer(purchase.CallPromo, purchase.Answered{})
		w.price(cart("5", ours("5")))
		w.decide(purchase.ChooseOtherPromo)
		w.answer(purchase.CallCart, purchase.Answered{Cart: cart("5", ours("5"))})
		w.answer(purchase.CallPromo, purchase.Answered{})
		w.price(cart("3", ours("3")))
		w.is(purchase.StatePriced, purchase.NotCharged)
		if !w.r.PromoApplied || w.r.Full == nil || !w.r.Full.Amount.Equal(eur("5").Amount) {
			t.Errorf("applied %v, before %v", w.r.PromoApplied, w.r.Full)
		}
	})
	t.Run("lowers nothing, and is given up", func(t *testing.T) {
		w := promoting(t)
		w.answer(purchase.CallPromo, purchase.Answered{})
		w.price(cart("5", ours("5")))
		w.decide(purchase.ChooseGiveUp)
		w.is(purchase.StateCancelling, purchase.NotCharged)
	})
	t.Run("refused, without", func(t *testing.T) {
		w := promoting(t)
		w.answer(purchase.CallPromo, refused)
		w.asks(purchase.AskPromo)
		if w.r.FailedCall != purchase.CallPromo || w.r.Failure.Code != "missed" {
			t.Errorf("failure %+v of %s", w.r.Failure, w.r.FailedCall)
		}
		w.decide(purchase.ChooseWithoutPromo)
		w.price(cart("5", ours("5")))
		w.is(purchase.StatePriced, purchase.NotCharged)
		if w.r.Promo != "" || w.r.PromoApplied || w.r.Failure != nil {
			t.Errorf("promo %q, applied %v, failure %v", w.r.Promo, w.r.PromoApplied, w.r.Failure)
		}
	})
	t.Run("refused, another", func(t *testing.T) {
		w := promoting(t)
		w.answer(purchase.CallPromo, refused)
		w.decide(purchase.ChooseOtherPromo)
		w.answer(purchase.CallCart, purchase.Answered{Cart: cart("5", ours("5"))})
		w.answer(purchase.CallPromo, purchase.Answered{})
		if w.r.Promo != "OTHER" || !w.r.PromoApplied {
			t.Errorf("promo %q, applied %v", w.r.Promo, w.r.PromoApplied)
		}
	})
	t.Run("lost, applied", func(t *testing.T) {
		w := promoting(t)
		w.fail(purchase.CallPromo, zomro.Unknown)
		w.answer(purchase.CallCart, purchase.Answered{Cart: cart("4", ours("4"))})
		w.is(purchase.StatePromoApplied, purchase.NotCharged)
	})
	t.Run("lost, not applied", func(t *testing.T) {
		w := promoting(t)
		w.fail(purchase.CallPromo, zomro.Unknown)
		w.until(func() { w.answer(purchase.CallCart, purchase.Answered{Cart: cart("5", ours("5"))}) })
		w.asks(purchase.AskPromo)
	})
	t.Run("not beside others", func(t *testing.T) {
		w := drafted(t, "CODE")
		w.toInCart()
		w.answer(purchase.CallCart, purchase.Answered{Cart: cart("14", ours("5"), foreign)})
		w.asks(purchase.AskForeign)
		if slices.Contains(w.r.Question.Choices, purchase.ChooseAnyway) {
			t.Error("a promo code is offered beside items of others")
		}
	})
}

func TestPrice(t *testing.T) {
	inCart := func(t *testing.T) *walk {
		w := drafted(t, "")
		w.toInCart()
		return w
	}
	t.Run("lower goes on", func(t *testing.T) {
		w := inCart(t)
		w.price(cart("4.99", ours("5")))
		w.is(purchase.StatePriced, purchase.NotCharged)
	})
	t.Run("higher asks, accepted, higher again asks again", func(t *testing.T) {
		w := inCart(t)
		w.price(cart("6", ours("6")))
		w.asks(purchase.AskPrice)
		if q := w.r.Question; !q.Was.Amount.Equal(eur("5").Amount) || !q.Now.Amount.Equal(eur("6").Amount) {
			t.Errorf("was %v, now %v", q.Was, q.Now)
		}
		w.decide(purchase.ChooseAccept)
		w.price(cart("7", ours("7")))
		w.asks(purchase.AskPrice)
		w.decide(purchase.ChooseAccept)
		w.price(cart("7", ours("7")))
		w.is(purchase.StatePriced, purchase.NotCharged)
	})
	t.Run("another currency asks", func(t *testing.T) {
		w := inCart(t)
		c := cart("5", ours("5"))
		c.Total.Currency = "USD"
		w.price(c)
		w.asks(purchase.AskPrice)
	})
	for name, total := range map[string]string{"unreadable": "", "negative": "-1"} {
		t.Run(name+" asks, accepted, readable and higher asks again", func(t *testing.T) {
			w := inCart(t)
			w.price(cart(total, ours("")))
			w.asks(purchase.AskPrice)
			if w.r.Question.Now != nil {
				t.Errorf("now %v", w.r.Question.Now)
			}
			w.decide(purchase.ChooseAccept)
			w.price(cart("9", ours("9")))
			w.asks(purchase.AskPrice)
		})
	}
	t.Run("beside others the item's own cost counts", func(t *testing.T) {
		w := inCart(t)
		w.price(cart("14", ours("5"), foreign))
		w.asks(purchase.AskForeign)
		w.decide(purchase.ChooseAnyway)
		w.price(cart("14", ours("5"), foreign))
		w.is(purchase.StatePriced, purchase.NotCharged)
	})
	t.Run("held back, it is read again", func(t *testing.T) {
		w := inCart(t)
		w.price(cart("5", ours("5")))
		w.at = w.at.Add(time.Hour)
		if _, err := purchase.Step(w.r, purchase.Calling{Call: purchase.CallConfirm}, w.at); !errors.Is(err, purchase.ErrNoMove) {
			t.Errorf("confirm an hour after the look at the cart: %v", err)
		}
		w.price(cart("6", ours("6")))
		w.asks(purchase.AskPrice)
	})
}

// TestLookThatTookLong: a look at the cart is as old as its beginning.
func TestLookThatTookLong(t *testing.T) {
	w := drafted(t, "")
	w.toInCart()
	w.answer(purchase.CallServices, purchase.Answered{})
	w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("20")})
	w.answer(purchase.CallCharges, purchase.Answered{})
	w.answer(purchase.CallOrders, purchase.Answered{})
	w.call(purchase.CallCart)
	w.at = w.at.Add(100 * time.Second) // the machine stood still
	w.do(purchase.Answered{Call: purchase.CallCart, Cart: cart("5", ours("5"))})
	w.is(purchase.StatePriced, purchase.NotCharged)
	w.price(cart("6", ours("6")))
	w.asks(purchase.AskPrice)
}

func TestFunds(t *testing.T) {
	w := drafted(t, "")
	w.do(purchase.Started{})
	w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
	w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("4.99")})
	w.asks(purchase.AskFunds)
	if q := w.r.Question; !q.Was.Amount.Equal(eur("5").Amount) || !q.Now.Amount.Equal(eur("4.99").Amount) {
		t.Errorf("needed %v, there is %v", q.Was, q.Now)
	}

	w = drafted(t, "CODE") // a code may make it enough
	w.do(purchase.Started{})
	w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
	w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("1")})
	w.call(purchase.CallAdd)

	w = drafted(t, "") // a balance that cannot be read stops nothing
	w.do(purchase.Started{})
	w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
	w.fail(purchase.CallBalance, zomro.Unreadable)
	w.call(purchase.CallAdd)

	for name, c := range map[string]struct {
		failure purchase.Failure
		ask     purchase.QuestionKind
		was     string
	}{
		"parameter":       {purchase.Failure{Params: map[string]string{"amount": "6.05"}, Code: "value"}, purchase.AskFunds, "6.05"},
		"type":            {purchase.Failure{Code: "not_enough_money"}, purchase.AskFunds, "5"},
		"text":            {purchase.Failure{Message: "There are insufficient funds to complete the operation."}, purchase.AskFunds, "5"},
		"russian text":    {purchase.Failure{Message: "Недостаточно средств для завершения операции."}, purchase.AskFunds, "5"},
		"huge exponent":   {purchase.Failure{Params: map[string]string{"amount": "1e999999999"}, Code: "value"}, purchase.AskFunds, "5"},
		"another refusal": {purchase.Failure{Message: "Insufficient privileges to perform"}, purchase.AskTrouble, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := drafted(t, "")
			w.toPaying(cart("5", ours("5")))
			c.failure.Kind = zomro.Unknown
			w.answer(purchase.CallConfirm, purchase.Answered{Failure: &c.failure})
			sent := w.r.Sent
			w.is(purchase.StateSettling, purchase.MaybeCharged)
			w.until(func() { w.look(balance("20"), cart("5", ours("5"))) })
			w.asks(c.ask)
			w.is(purchase.StatePricing, purchase.NotCharged)
			if took := w.at.Sub(sent); took < 2*time.Minute {
				t.Errorf("believed after %v", took)
			}
			if c.was != "" && w.r.Question.Was.Amount.String() != c.was {
				t.Errorf("needed %v, want %s", w.r.Question.Was, c.was)
			}
			w.decide(purchase.ChooseAgain)
			w.price(cart("5", ours("5")))
			w.is(purchase.StatePriced, purchase.NotCharged)
		})
		t.Run(name+", and it was carried out", func(t *testing.T) {
			w := drafted(t, "")
			w.toPaying(cart("5", ours("5")))
			c.failure.Kind = zomro.Unknown
			w.answer(purchase.CallConfirm, purchase.Answered{Failure: &c.failure})
			w.look(balance("15"), cart("5", ours("5")), service("2", web, zomro.StatusOpening)) // the cart is stale
			w.is(purchase.StatePaid, purchase.WasCharged)
		})
	}
}

// TestItemGone: an item that left the cart by no act of ours may have been paid, or
// removed, and only what the account shows tells which.
func TestItemGone(t *testing.T) {
	asked := func(t *testing.T) *walk { // the price is asked about, with 20 EUR there
		w := drafted(t, "")
		w.toInCart()
		w.price(cart("6", ours("6")))
		w.asks(purchase.AskPrice)
		return w
	}
	gone := func(t *testing.T) *walk { // and then somebody does something in the panel
		w := asked(t)
		w.decide(purchase.ChooseGiveUp)
		w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
		w.is(purchase.StateUnknown, purchase.MaybeCharged)
		return w
	}
	t.Run("paid", func(t *testing.T) {
		w := gone(t)
		w.look(balance("14"), cart("0"), service("2", web, zomro.StatusOpening))
		w.is(purchase.StatePaid, purchase.WasCharged)
	})
	t.Run("paid, and the vendor drops the name", func(t *testing.T) {
		w := gone(t)
		w.until(func() { w.look(balance("14"), cart("0"), service("2", "", zomro.StatusOpening)) })
		w.asks(purchase.AskUnknown)
		w.is(purchase.StateUnknown, purchase.MaybeCharged)
	})
	t.Run("removed, says a person, and all that can be seen", func(t *testing.T) {
		w := gone(t)
		w.until(func() { w.look(balance("20"), cart("0")) })
		w.asks(purchase.AskUnknown)
		w.decide(purchase.ChooseNotBought)
		w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
		w.is(purchase.StateCancelled, purchase.NotCharged)
	})
	t.Run("removed, says a person alone", func(t *testing.T) {
		w := gone(t)
		w.until(func() { w.look(nil, cart("0")) })
		w.decide(purchase.ChooseNotBought)
		w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
		w.is(purchase.StateCancelled, purchase.MaybeCharged)
	})
	t.Run("seen when the price is accepted: it counts what stood before", func(t *testing.T) {
		w := asked(t)
		w.decide(purchase.ChooseAccept)
		w.answer(purchase.CallServices, purchase.Answered{})
		w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("14")})
		w.answer(purchase.CallCharges, purchase.Answered{})
		w.answer(purchase.CallOrders, purchase.Answered{})
		w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
		w.is(purchase.StateUnknown, purchase.MaybeCharged)
		w.look(balance("14"), cart("0"), service("2", web, zomro.StatusOpening))
		w.is(purchase.StatePaid, purchase.WasCharged)
	})
	t.Run("before the promo code", func(t *testing.T) {
		w := drafted(t, "CODE")
		w.toInCart()
		w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
		w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{service("2", web, zomro.StatusActive)}})
		w.is(purchase.StateUnknown, purchase.MaybeCharged)
	})
	missed := &purchase.Failure{Kind: zomro.Unknown, Code: zomro.CodeMissed}
	for name, c := range map[string]struct {
		remove  purchase.Answered
		balance string
		state   purchase.State
	}{
		"removed by us":                              {purchase.Answered{}, "20", purchase.StateCancelled},
		"removed by us, the answer lost":             {purchase.Answered{Failure: &purchase.Failure{Kind: zomro.Unknown}}, "20", purchase.StateCancelled},
		"paid between our look and our remove":       {purchase.Answered{}, "14", purchase.StateUnknown},
		"removed by us, and denied":                  {purchase.Answered{Failure: missed}, "20", purchase.StateCancelled},
		"it was gone already, and paid":              {purchase.Answered{Failure: missed}, "14", purchase.StateUnknown},
		"it was gone already, it cannot be seen why": {purchase.Answered{Failure: missed}, "", purchase.StateCancelled},
	} {
		t.Run(name, func(t *testing.T) {
			w := asked(t)
			w.decide(purchase.ChooseGiveUp)
			w.answer(purchase.CallCart, purchase.Answered{Cart: cart("6", ours("6"))})
			w.answer(purchase.CallRemove, c.remove)
			removed := w.at
			w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
			w.answer(purchase.CallServices, purchase.Answered{})
			if lost := c.remove.Failure != nil; lost != (w.at.Sub(removed) >= 150*time.Second) {
				t.Errorf("the account is looked at after %s", w.at.Sub(removed))
			}
			if c.balance != "" {
				w.answer(purchase.CallBalance, purchase.Answered{Balance: balance(c.balance)})
			} else {
				w.fail(purchase.CallBalance, zomro.Unreadable)
			}
			charged := purchase.NotCharged
			if c.balance != "20" {
				charged = purchase.MaybeCharged
			}
			if w.is(c.state, charged); c.state == purchase.StateUnknown && w.r.Failure.Code != purchase.CodeTakenOut {
				t.Errorf("it is said to have left the cart by itself: %+v", w.r.Failure)
			}
		})
	}
}

// TestPaidWhileTakenOut: before the price was looked at, the balance of before the add tells what
// was taken while the row was being taken out, unless one removal is known to have done it.
func TestPaidWhileTakenOut(t *testing.T) {
	for name, removals := range map[string][]purchase.Answered{
		"the answer lost":      {{Failure: &purchase.Failure{Kind: zomro.Unknown}}},
		"denied":               {{Failure: &purchase.Failure{Kind: zomro.Unknown, Code: zomro.CodeMissed}}},
		"said, and not done":   {{}, {}},
		"denied after it said": {{}, {Failure: &purchase.Failure{Kind: zomro.Unknown, Code: zomro.CodeMissed}}},
	} {
		for amount, want := range map[string]purchase.State{"20": purchase.StateCancelled, "14": purchase.StateUnknown} {
			t.Run(name+", "+amount, func(t *testing.T) {
				w := drafted(t, "CODE")
				w.toInCart()
				w.do(purchase.Cancelled{})
				for _, removal := range removals {
					w.answer(purchase.CallCart, purchase.Answered{Cart: cart("6", ours("6"))})
					w.answer(purchase.CallRemove, removal)
				}
				removed := w.at
				w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
				w.answer(purchase.CallServices, purchase.Answered{})
				if after := w.at.Sub(removed); after < 150*time.Second {
					t.Errorf("the account is looked at after %s", after)
				}
				w.answer(purchase.CallBalance, purchase.Answered{Balance: balance(amount)})
				if w.r.State != want {
					t.Errorf("%s, want %s", w.r.State, want)
				}
			})
		}
	}
}

func TestForeignBeforeAdding(t *testing.T) {
	w := drafted(t, "")
	w.do(purchase.Started{})
	w.answer(purchase.CallCart, purchase.Answered{Cart: cart("9", foreign)})
	w.asks(purchase.AskForeign)
	w.decide(purchase.ChooseEmptyCart)
	w.fail(purchase.CallEmpty, zomro.Unknown) // settled by the cart
	w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
	w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("20")})
	w.call(purchase.CallAdd)
}

func TestRetriesThenAsks(t *testing.T) {
	w := drafted(t, "")
	w.toPaying(cart("5", ours("5")))
	for range 4 {
		w.answer(purchase.CallConfirm, purchase.Answered{Failure: &purchase.Failure{Kind: zomro.Transient, Unsent: true}})
		if a := purchase.Next(w.r, w.at); a.Kind != purchase.Wait || !a.Until.After(w.at) {
			t.Fatalf("after a transient failure: %+v", a)
		}
		w.price(cart("5", ours("5")))
	}
	w.answer(purchase.CallConfirm, purchase.Answered{Failure: &purchase.Failure{Kind: zomro.Transient, Unsent: true}})
	w.asks(purchase.AskTrouble)
	w.decide(purchase.ChooseAgain)
	w.price(cart("5", ours("5")))
	w.answer(purchase.CallConfirm, purchase.Answered{Failure: &purchase.Failure{Kind: zomro.Denied, Unsent: true}})
	w.asks(purchase.AskLogin)
	w.is(purchase.StatePricing, purchase.NotCharged)
}

func TestLostConfirm(t *testing.T) {
	lost := func(t *testing.T) *walk {
		w := drafted(t, "")
		w.toPaying(cart("5", ours("5")))
		w.call(purchase.CallConfirm)
		w.do(purchase.Restarted{})
		w.is(purchase.StateUnknown, purchase.MaybeCharged)
		return w
	}
	look := func(w *walk, c *zomro.Cart, amount string, services ...zomro.Service) {
		w.look(balance(amount), c, services...)
	}
	unpaid := func(w *walk) { w.until(func() { look(w, cart("5", ours("5")), "20") }) }
	web := service("2", web, zomro.StatusOpening)
	t.Run("bought", func(t *testing.T) {
		w := lost(t)
		look(w, cart("0"), "15")
		look(w, cart("0"), "15", web)
		w.is(purchase.StatePaid, purchase.WasCharged)
	})
	t.Run("not bought, tried again by a person", func(t *testing.T) {
		w := lost(t)
		began := w.r.PaidAt
		w.until(func() {
			w.is(purchase.StateUnknown, purchase.MaybeCharged)
			look(w, cart("5", ours("5")), "20")
		})
		if took := w.at.Sub(began); took < 2*time.Minute {
			t.Errorf("believed after %v", took)
		}
		w.asks(purchase.AskTrouble)
		w.is(purchase.StatePricing, purchase.NotCharged)
		w.decide(purchase.ChooseAgain)
		w.price(cart("5", ours("5")))
		w.answer(purchase.CallConfirm, purchase.Answered{})
		look(w, cart("0"), "15", web)
		w.is(purchase.StatePaid, purchase.WasCharged)
	})
	t.Run("carried out after it was believed not to be", func(t *testing.T) {
		w := lost(t)
		unpaid(w)
		w.decide(purchase.ChooseAgain)
		w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{web}})
		w.is(purchase.StateUnknown, purchase.MaybeCharged)
		look(w, cart("0"), "15", web)
		w.is(purchase.StatePaid, purchase.WasCharged)
	})
	t.Run("carried out after it was given up", func(t *testing.T) {
		w := lost(t)
		unpaid(w)
		w.decide(purchase.ChooseGiveUp)
		w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
		w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{web}})
		w.is(purchase.StateUnknown, purchase.MaybeCharged)
	})
	t.Run("given up, taken out", func(t *testing.T) {
		w := lost(t)
		unpaid(w)
		w.decide(purchase.ChooseGiveUp)
		w.answer(purchase.CallCart, purchase.Answered{Cart: cart("5", ours("5"))})
		w.answer(purchase.CallRemove, purchase.Answered{})
		w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
		w.nobodyPaid()
		w.is(purchase.StateCancelled, purchase.NotCharged)
	})
	t.Run("unclear: a person decides", func(t *testing.T) {
		for choice, want := range map[purchase.Choice]purchase.State{
			purchase.ChooseBought:    purchase.StatePaid,
			purchase.ChooseNotBought: purchase.StateCancelling,
			purchase.ChooseAgain:     purchase.StateUnknown,
		} {
			w := lost(t)
			w.until(func() { look(w, cart("0"), "15") })
			w.asks(purchase.AskUnknown)
			if w.r.Question.Expires != (time.Time{}) {
				t.Errorf("it expires at %v", w.r.Question.Expires)
			}
			if _, err := purchase.Step(w.r, purchase.Cancelled{}, w.at); !errors.Is(err, purchase.ErrTooLate) {
				t.Errorf("cancelled: %v", err)
			}
			w.decide(choice)
			if w.r.State != want {
				t.Errorf("%s: %s, want %s", choice, w.r.State, want)
			}
			if choice == purchase.ChooseNotBought {
				w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
				w.is(purchase.StateCancelled, purchase.MaybeCharged)
			}
		}
	})
	t.Run("denied: a person decides, too", func(t *testing.T) {
		w := lost(t)
		w.fail(purchase.CallServices, zomro.Denied)
		w.asks(purchase.AskLogin)
		if !slices.Contains(w.r.Question.Choices, purchase.ChooseBought) {
			t.Errorf("choices %v", w.r.Question.Choices)
		}
	})
	t.Run("what nobody answers is looked at again by time, under the same number", func(t *testing.T) {
		for kind, again := range map[purchase.QuestionKind]func(w *walk){
			purchase.AskLogin:   func(w *walk) { w.fail(purchase.CallServices, zomro.Denied) },
			purchase.AskUnknown: func(w *walk) { look(w, cart("0"), "15") },
		} {
			w := lost(t)
			w.until(func() { again(w) })
			w.asks(kind)
			number, since := w.r.Question.Number, w.at
			for range 6 {
				w.at = purchase.Next(w.r, w.at).Until
				w.do(purchase.Tick{})
				if w.r.Question != nil || w.r.Pending == nil {
					t.Fatalf("%s: question %v, pending %v", kind, w.r.Question, w.r.Pending)
				}
				if open := w.r.Open().Since; !open.Equal(since) {
					t.Errorf("%s: asked since %s, and looked for again since %s", kind, since, open)
				}
				again(w)
				if open := w.r.Open().Since; !open.Equal(since) {
					t.Errorf("%s: asked since %s, then since %s", kind, since, open)
				}
				if w.asks(kind); w.r.Question.Number != number {
					t.Errorf("%s: asked under %d, then %d", kind, number, w.r.Question.Number)
				}
			}
			w.at = purchase.Next(w.r, w.at).Until
			w.do(purchase.Tick{})
			look(w, cart("0"), "15", web)
			w.is(purchase.StatePaid, purchase.WasCharged)
		}
	})
	t.Run("nothing is believed while it can come late, and the clock goes back", func(t *testing.T) {
		w := lost(t)
		w.at = w.at.Add(-3 * time.Hour)
		began := w.r.PaidAt
		w.until(func() { look(w, cart("5", ours("5")), "20") })
		w.asks(purchase.AskTrouble)
		if took := w.at.Sub(began); took < 2*time.Minute {
			t.Errorf("believed after %v", took)
		}
	})
}

func TestLostAdd(t *testing.T) {
	w := drafted(t, "")
	w.do(purchase.Started{})
	w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
	w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("20")})
	w.call(purchase.CallAdd)
	w.do(purchase.Cancelled{}) // a wish, until it is known
	w.do(purchase.Answered{Call: purchase.CallAdd, Failure: &purchase.Failure{Kind: zomro.Unknown}})
	w.is(purchase.StateUnknown, purchase.NotCharged)
	w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
	w.is(purchase.StateUnknown, purchase.NotCharged)
	w.answer(purchase.CallCart, purchase.Answered{Cart: cart("5", ours("5"))})
	w.is(purchase.StateCancelling, purchase.NotCharged)
	w.answer(purchase.CallCart, purchase.Answered{Cart: cart("5", ours("5"))})
	w.answer(purchase.CallRemove, purchase.Answered{})
	w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
	w.nobodyPaid()
	if w.is(purchase.StateCancelled, purchase.NotCharged); w.r.ItemLeft {
		t.Error("the item is said to be left")
	}
}

func TestAddRefused(t *testing.T) {
	w := drafted(t, "")
	w.do(purchase.Started{})
	w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
	w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("20")})
	w.answer(purchase.CallAdd, purchase.Answered{Failure: &purchase.Failure{Kind: zomro.Refused, Code: zomro.CodeInvalid, Unsent: true}})
	w.is(purchase.StateFailed, purchase.NotCharged)
}

// TestAddAnsweredByAnError: whatever the vendor says of an add, the cart tells
// what it has done.
func TestAddAnsweredByAnError(t *testing.T) {
	for _, kind := range []zomro.Kind{zomro.Unknown, zomro.Refused, zomro.Denied, zomro.Transient} {
		refused := func(t *testing.T) *walk {
			w := drafted(t, "")
			w.do(purchase.Started{})
			w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
			w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("20")})
			w.answer(purchase.CallAdd, purchase.Answered{Failure: &purchase.Failure{Kind: kind, Code: "file"}})
			w.is(purchase.StateUnknown, purchase.NotCharged)
			return w
		}
		t.Run(string(kind)+", done", func(t *testing.T) {
			w := refused(t)
			w.answer(purchase.CallCart, purchase.Answered{Cart: cart("4", ours("4"))}) // cheaper than agreed
			if w.is(purchase.StateInCart, purchase.NotCharged); w.r.LineItem != "1818" {
				t.Errorf("line item %q", w.r.LineItem)
			}
		})
		t.Run(string(kind)+", not done", func(t *testing.T) {
			w := refused(t)
			w.until(func() { w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")}) })
			w.asks(purchase.AskTrouble)
			if w.is(purchase.StateChecking, purchase.NotCharged); w.r.Failure == nil || w.r.Failure.Code != "file" {
				t.Errorf("failure %+v", w.r.Failure)
			}
		})
	}
}

func TestCancel(t *testing.T) {
	t.Run("drafted", func(t *testing.T) {
		w := drafted(t, "")
		w.do(purchase.Cancelled{})
		w.is(purchase.StateCancelled, purchase.NotCharged)
	})
	t.Run("the item stays", func(t *testing.T) {
		w := drafted(t, "")
		w.toPaying(cart("5", ours("5")))
		w.do(purchase.Cancelled{})
		w.answer(purchase.CallCart, purchase.Answered{Cart: cart("5", ours("5"))})
		for _, kind := range []zomro.Kind{zomro.Refused, zomro.Unknown, zomro.Unreadable, zomro.Denied, zomro.Refused} {
			w.is(purchase.StateCancelling, purchase.NotCharged)
			w.fail(purchase.CallRemove, kind)
			w.answer(purchase.CallCart, purchase.Answered{Cart: cart("5", ours("5"))})
		}
		if w.is(purchase.StateCancelled, purchase.NotCharged); !w.r.ItemLeft {
			t.Error("the item is not said to be left")
		}
	})
	t.Run("the item goes at last", func(t *testing.T) {
		w := drafted(t, "")
		w.toPaying(cart("5", ours("5")))
		w.do(purchase.Cancelled{})
		w.answer(purchase.CallCart, purchase.Answered{Cart: cart("5", ours("5"))})
		w.answer(purchase.CallRemove, purchase.Answered{}) // it says so, and nothing was done
		w.answer(purchase.CallCart, purchase.Answered{Cart: cart("5", ours("5"))})
		w.fail(purchase.CallRemove, zomro.Unknown)
		w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
		w.nobodyPaid()
		if w.is(purchase.StateCancelled, purchase.NotCharged); w.r.ItemLeft {
			t.Error("the item is said to be left")
		}
	})
	for name, c := range map[string]struct {
		before, after purchase.Siblings
		left          bool
	}{
		"another row goes, and ours stays":          {left: true},
		"the row of a sibling goes":                 {before: purchase.Siblings{Behind: []string{foreign.ID}}},
		"the row goes of what turned out a sibling": {after: purchase.Siblings{Ahead: []string{foreign.ID}}},
		"the row goes that was just being added":    {before: purchase.Siblings{Adding: true}},
	} {
		t.Run(name, func(t *testing.T) {
			w := drafted(t, "")
			w.toPaying(cart("5", ours("5")))
			w.do(purchase.Cancelled{})
			w.answer(purchase.CallCart, purchase.Answered{Cart: cart("14", ours("5"), foreign), Siblings: c.before})
			w.answer(purchase.CallRemove, purchase.Answered{})
			w.answer(purchase.CallCart, purchase.Answered{Cart: cart("5", ours("5")), Siblings: c.after})
			if !c.left {
				w.call(purchase.CallRemove) // once more
				return
			}
			if w.is(purchase.StateCancelled, purchase.NotCharged); !w.r.ItemLeft || len(w.r.Astray) != 1 || w.r.Astray[0].ID != foreign.ID {
				t.Errorf("left: %v, gone: %+v", w.r.ItemLeft, w.r.Astray)
			}
		})
	}
	t.Run("the row is removed by its own id", func(t *testing.T) {
		w := drafted(t, "")
		w.toInCart()
		w.do(purchase.Cancelled{})
		w.answer(purchase.CallCart, purchase.Answered{Cart: cart("5", zomro.CartItem{ID: "7", Elid: "1818"})})
		if w.call(purchase.CallRemove); w.r.CartRow != "7" {
			t.Errorf("row %q", w.r.CartRow)
		}
	})
	t.Run("paid", func(t *testing.T) {
		w := drafted(t, "")
		w.toPaying(cart("5", ours("5")))
		w.call(purchase.CallConfirm)
		if _, err := purchase.Step(w.r, purchase.Cancelled{}, w.at); !errors.Is(err, purchase.ErrTooLate) {
			t.Errorf("while it is paid: %v", err)
		}
		w.do(purchase.Answered{Call: purchase.CallConfirm})
		if _, err := purchase.Step(w.r, purchase.Cancelled{}, w.at); !errors.Is(err, purchase.ErrTooLate) {
			t.Errorf("once it is paid: %v", err)
		}
	})
	t.Run("unanswered", func(t *testing.T) {
		w := drafted(t, "")
		w.toInCart()
		w.price(cart("6", ours("6")))
		w.at = purchase.Next(w.r, w.at).Until.Add(-time.Second)
		revision := w.r.Revision
		if w.do(purchase.Tick{}); w.r.Revision != revision {
			t.Error("given up too early")
		}
		w.at = w.at.Add(time.Second)
		w.do(purchase.Tick{})
		w.is(purchase.StateCancelling, purchase.NotCharged)
	})
}

func TestStaleDecision(t *testing.T) {
	w := drafted(t, "")
	w.toInCart()
	w.price(cart("6", ours("6")))
	old := w.r.Revision
	w.decide(purchase.ChooseAccept)
	w.price(cart("7", ours("7")))
	if _, err := purchase.Step(w.r, purchase.Decided{Revision: old, Choice: purchase.ChooseAccept}, w.at); !errors.Is(err, purchase.ErrNoMove) {
		t.Errorf("a button of an older question: %v", err)
	}
}

func TestRestored(t *testing.T) {
	for name, lead := range map[string]func(w *walk){
		"drafted": func(*walk) {},
		"in cart": func(w *walk) { w.toInCart() },
		"priced":  func(w *walk) { w.toPaying(cart("5", ours("5"))) },
	} {
		t.Run(name, func(t *testing.T) {
			w := drafted(t, "")
			lead(w)
			w.do(purchase.Restored{})
			w.is(purchase.StateUnknown, purchase.MaybeCharged)
			if a := purchase.Next(w.r, w.at); a.Kind != purchase.Do || a.Writes() {
				t.Errorf("next is %+v", a)
			}
			w.until(func() { w.look(balance("15"), cart("0")) })
			w.asks(purchase.AskUnknown)
		})
	}
}

func TestFollowing(t *testing.T) {
	paid := func(t *testing.T, count int) *walk {
		o := opening("")
		o.Order.Count = count
		w := &walk{t: t, r: purchase.New(o, start), at: start}
		w.toPaying(cart("5", ours("5")), service("1", "mail", zomro.StatusActive))
		w.answer(purchase.CallConfirm, purchase.Answered{})
		w.until(func() { w.look(balance("15"), cart("0"), service("1", "mail", zomro.StatusActive)) })
		w.decide(purchase.ChooseBought) // there was no server to be seen
		for w.r.Closing != nil {
			if a := purchase.Next(w.r, w.at); a.Kind == purchase.Wait {
				w.at = a.Until
				continue
			}
			w.fail(purchase.Next(w.r, w.at).Call, zomro.Denied)
		}
		return w
	}
	t.Run("vanished after seven days, failures included", func(t *testing.T) {
		w := paid(t, 1)
		began := w.r.PaidAt
		calls := 0
		for !w.r.State.Ended() {
			calls++
			if calls%2 == 0 {
				w.fail(purchase.CallServices, zomro.Denied)
			} else {
				w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{service("1", "mail", zomro.StatusActive)}})
			}
		}
		w.is(purchase.StateVanished, purchase.WasCharged)
		if took := w.at.Sub(began); took != 7*24*time.Hour || calls > 200 {
			t.Errorf("%d looks in %v", calls, took)
		}
	})
	t.Run("never active", func(t *testing.T) {
		w := paid(t, 1)
		for !w.r.State.Ended() {
			w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{service("2", web, zomro.StatusOpening)}})
		}
		w.is(purchase.StateFailed, purchase.WasCharged)
	})
	t.Run("two servers", func(t *testing.T) {
		w := paid(t, 2)
		two, three := service("2", web, zomro.StatusActive), service("3", web, zomro.StatusOpening)
		w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{two}})
		w.is(purchase.StateActivating, purchase.WasCharged)
		w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{two, three}})
		w.is(purchase.StateActivating, purchase.WasCharged)
		three.Status = zomro.StatusActive
		w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{two, three}})
		w.is(purchase.StateActive, purchase.WasCharged)
	})
	t.Run("a restart keeps the times", func(t *testing.T) {
		w := paid(t, 1)
		w.answer(purchase.CallServices, purchase.Answered{})
		before := purchase.Next(w.r, w.at)
		w.do(purchase.Restarted{})
		if after := purchase.Next(w.r, w.at); after != before {
			t.Errorf("%+v, before %+v", after, before)
		}
	})
}

func TestErrorsSayWhat(t *testing.T) {
	_, err := purchase.Step(purchase.New(opening(""), start), purchase.Calling{Call: purchase.CallAdd}, start)
	if err == nil || !strings.Contains(err.Error(), "A7K-42") || !strings.Contains(err.Error(), "drafted") {
		t.Errorf("error %v", err)
	}
}
