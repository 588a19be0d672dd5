package purchase_test

import (
	"slices"
	"testing"
	"time"

	"zomrobot/purchase"
	"zomrobot/zomro"
)

// offersBlind reports whether the open question takes the answer to go on
// without the cart.
func (w *walk) offersBlind() bool {
	w.t.Helper()
	w.asks(purchase.AskTrouble)
	return slices.Contains(w.r.Question.Choices, purchase.ChooseAnyway)
}

// agreeBlind leads a drafted purchase whose cart cannot be read to the point
// where add is due.
func (w *walk) agreeBlind() {
	w.t.Helper()
	w.do(purchase.Started{})
	w.fail(purchase.CallCart, zomro.Unreadable)
	if !w.offersBlind() {
		w.t.Fatalf("choices %v", w.r.Question.Choices)
	}
	w.decide(purchase.ChooseAnyway)
	w.fail(purchase.CallCart, zomro.Unreadable)
	w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("20")})
}

// priceBlind reads what stands before paying, as far as it can be read.
func (w *walk) priceBlind() {
	w.t.Helper()
	w.answer(purchase.CallServices, purchase.Answered{})
	w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("20")})
	w.fail(purchase.CallCharges, zomro.Refused) // what cannot be read is not known
	w.fail(purchase.CallOrders, zomro.Denied)
	w.fail(purchase.CallCart, zomro.Unreadable)
}

// acceptBlind has a person agree to pay a price that cannot be read.
func (w *walk) acceptBlind() {
	w.t.Helper()
	w.asks(purchase.AskPrice)
	if w.r.Question.Now != nil {
		w.t.Fatalf("the cart cannot be read, and says %v", w.r.Question.Now)
	}
	w.decide(purchase.ChooseAccept)
	w.priceBlind()
	w.is(purchase.StatePriced, purchase.NotCharged)
}

// toPayingBlind leads a drafted purchase to the point where confirm is due.
func (w *walk) toPayingBlind() {
	w.t.Helper()
	w.agreeBlind()
	w.answer(purchase.CallAdd, purchase.Answered{LineItem: "1818"})
	w.priceBlind()
	w.acceptBlind()
}

func TestBlind(t *testing.T) {
	t.Run("paid after two consents", func(t *testing.T) {
		w := drafted(t, "")
		w.toPayingBlind()
		w.answer(purchase.CallConfirm, purchase.Answered{})
		w.look(balance("15"), nil, service("2", web, zomro.StatusOpening))
		w.is(purchase.StatePaid, purchase.WasCharged)
	})
	t.Run("with a promo code", func(t *testing.T) {
		w := drafted(t, "CODE")
		w.agreeBlind()
		w.answer(purchase.CallAdd, purchase.Answered{LineItem: "1818"})
		w.fail(purchase.CallCart, zomro.Unreadable)
		w.answer(purchase.CallPromo, purchase.Answered{})
		w.priceBlind()
		w.acceptBlind()
		if w.call(purchase.CallConfirm); !w.r.PromoApplied {
			t.Error("the code was not applied")
		}
	})
	t.Run("lost promo: a person decides", func(t *testing.T) {
		w := drafted(t, "CODE")
		w.agreeBlind()
		w.answer(purchase.CallAdd, purchase.Answered{LineItem: "1818"})
		w.fail(purchase.CallCart, zomro.Unreadable)
		w.fail(purchase.CallPromo, zomro.Unknown)
		w.until(func() { w.fail(purchase.CallCart, zomro.Unreadable) })
		w.asks(purchase.AskPromo)
		w.decide(purchase.ChooseWithoutPromo)
		w.priceBlind()
		w.acceptBlind()
	})
	t.Run("the price is accepted once, and held back it does not look for ever", func(t *testing.T) {
		w := drafted(t, "")
		w.toPayingBlind()
		for range 3 {
			w.at = w.at.Add(time.Hour)
			w.priceBlind()
			w.is(purchase.StatePriced, purchase.NotCharged)
		}
		w.call(purchase.CallConfirm)
	})
	t.Run("held back before adding", func(t *testing.T) {
		w := drafted(t, "")
		w.agreeBlind()
		w.at = w.at.Add(time.Hour)
		w.fail(purchase.CallCart, zomro.Unreadable)
		w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("20")})
		w.call(purchase.CallAdd)
	})
	t.Run("readable before, not at the price", func(t *testing.T) {
		w := drafted(t, "")
		w.toInCart()
		w.priceBlind()
		if !w.offersBlind() {
			t.Fatalf("choices %v", w.r.Question.Choices)
		}
		w.decide(purchase.ChooseAnyway)
		w.priceBlind()
		w.acceptBlind()
	})
	t.Run("a price that a cart did not tell was another question", func(t *testing.T) {
		w := drafted(t, "")
		w.toInCart()
		w.price(cart("", ours("")))
		w.decide(purchase.ChooseAccept)
		w.priceBlind()
		w.decide(purchase.ChooseAnyway)
		w.priceBlind()
		w.acceptBlind()
	})
	t.Run("what can be read counts", func(t *testing.T) {
		w := drafted(t, "")
		w.toPayingBlind()
		w.at = w.at.Add(time.Hour)
		w.price(cart("6", ours("6")))
		w.asks(purchase.AskPrice)
		w.decide(purchase.ChooseAccept)
		w.price(cart("14", ours("5"), foreign))
		w.asks(purchase.AskForeign)
		w.decide(purchase.ChooseAgain)
		w.priceBlind() // not in order when it was last seen
		if w.offersBlind() {
			t.Error("it may go on blindly although something else is in the cart")
		}
		w.decide(purchase.ChooseAgain)
		w.price(cart("5", ours("5")))
		w.is(purchase.StatePriced, purchase.NotCharged)
		w.at = w.at.Add(time.Hour)
		w.priceBlind()
		w.acceptBlind() // and a price of an hour ago counts no more
	})
	t.Run("a cart that is in order again is an obstacle no more", func(t *testing.T) {
		w := drafted(t, "CODE")
		w.do(purchase.Started{})
		w.answer(purchase.CallCart, purchase.Answered{Cart: cart("9", foreign)})
		w.decide(purchase.ChooseAgain)
		w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
		w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("20")})
		w.at = w.at.Add(time.Hour)
		w.fail(purchase.CallCart, zomro.Unreadable)
		if !w.offersBlind() {
			t.Error("it may not go on, though nothing is amiss")
		}
	})
	t.Run("nothing is offered after an item of others was seen", func(t *testing.T) {
		w := drafted(t, "CODE")
		w.do(purchase.Started{})
		w.answer(purchase.CallCart, purchase.Answered{Cart: cart("9", foreign)})
		w.decide(purchase.ChooseAgain)
		w.fail(purchase.CallCart, zomro.Unreadable)
		if w.offersBlind() {
			t.Error("a promo code is offered beside an item of others")
		}
		w.decide(purchase.ChooseAgain)
		w.answer(purchase.CallCart, purchase.Answered{Cart: cart("9", foreign)})
		w.decide(purchase.ChooseEmptyCart)
		w.fail(purchase.CallEmpty, zomro.Unknown)
		w.fail(purchase.CallCart, zomro.Unreadable)
		if w.offersBlind() {
			t.Error("it is not known whether the cart was emptied")
		}
		w.decide(purchase.ChooseAgain)
		w.answer(purchase.CallCart, purchase.Answered{Cart: cart("9", foreign)})
		w.decide(purchase.ChooseEmptyCart)
		w.answer(purchase.CallEmpty, purchase.Answered{})
		w.fail(purchase.CallCart, zomro.Unreadable)
		if !w.offersBlind() {
			t.Error("the cart was emptied, and it may not go on")
		}
	})
	t.Run("an item that is gone is looked for, and not paid blindly", func(t *testing.T) {
		w := drafted(t, "")
		w.agreeBlind()
		w.answer(purchase.CallAdd, purchase.Answered{LineItem: "1818"})
		w.price(cart("0"))
		w.is(purchase.StateUnknown, purchase.MaybeCharged)
	})
	t.Run("accepted items of others are no obstacle", func(t *testing.T) {
		w := drafted(t, "")
		w.do(purchase.Started{})
		w.answer(purchase.CallCart, purchase.Answered{Cart: cart("9", foreign)})
		w.decide(purchase.ChooseAnyway)
		w.fail(purchase.CallCart, zomro.Unreadable)
		if !w.offersBlind() || w.r.Blind {
			t.Errorf("choices %v, blind %v", w.r.Question.Choices, w.r.Blind)
		}
	})
}

// TestBlindOnlyForAnswers: what may pass by itself, or a person can mend, is no
// reason to go on without the cart; and no other call can be done without.
func TestBlindOnlyForAnswers(t *testing.T) {
	for kind, ask := range map[zomro.Kind]purchase.QuestionKind{
		zomro.Denied: purchase.AskLogin, zomro.Refused: purchase.AskTrouble,
		zomro.Transient: purchase.AskTrouble, zomro.Unknown: purchase.AskTrouble,
	} {
		for _, blind := range []bool{false, true} {
			w := drafted(t, "")
			if blind {
				w.agreeBlind()
				w.at = w.at.Add(time.Hour)
			} else {
				w.do(purchase.Started{})
			}
			for w.r.Question == nil {
				w.fail(purchase.CallCart, kind)
			}
			if w.asks(ask); slices.Contains(w.r.Question.Choices, purchase.ChooseAnyway) {
				t.Errorf("%s, blind %v: choices %v", kind, blind, w.r.Question.Choices)
			}
		}
	}
	w := drafted(t, "")
	w.toInCart()
	w.fail(purchase.CallServices, zomro.Unreadable)
	if w.offersBlind() {
		t.Error("it may go on without the snapshot")
	}
}

func TestBlindGivenUp(t *testing.T) {
	w := drafted(t, "")
	w.do(purchase.Started{})
	w.fail(purchase.CallCart, zomro.Unreadable)
	w.decide(purchase.ChooseGiveUp)
	if w.is(purchase.StateCancelled, purchase.NotCharged); w.r.ItemLeft {
		t.Error("nothing was added, and an item is said to be left")
	}

	w = drafted(t, "")
	w.agreeBlind()
	w.answer(purchase.CallAdd, purchase.Answered{LineItem: "1818"})
	w.priceBlind()
	w.decide(purchase.ChooseGiveUp)
	w.fail(purchase.CallCart, zomro.Unreadable) // an item that is not seen is not removed
	if w.is(purchase.StateCancelled, purchase.NotCharged); !w.r.ItemLeft {
		t.Error("the item is not said to be left")
	}
}

func TestBlindLostAdd(t *testing.T) {
	lost := func(t *testing.T) *walk {
		w := drafted(t, "")
		w.agreeBlind()
		w.fail(purchase.CallAdd, zomro.Unknown)
		return w
	}
	t.Run("unreadable", func(t *testing.T) {
		w := lost(t)
		w.until(func() { w.fail(purchase.CallCart, zomro.Unreadable) })
		w.asks(purchase.AskUnknown)
		w.decide(purchase.ChooseGiveUp)
		if w.is(purchase.StateCancelled, purchase.NotCharged); !w.r.ItemLeft {
			t.Error("the item is not said to be left")
		}
	})
	t.Run("what is there may have been there before", func(t *testing.T) {
		w := lost(t)
		w.until(func() { w.answer(purchase.CallCart, purchase.Answered{Cart: cart("5", ours("5"))}) })
		if w.asks(purchase.AskUnknown); w.r.LineItem != "" {
			t.Errorf("item %s is taken for ours", w.r.LineItem)
		}
	})
	t.Run("an empty cart holds nothing of ours", func(t *testing.T) {
		w := lost(t)
		w.until(func() { w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")}) })
		w.asks(purchase.AskTrouble)
		w.is(purchase.StateChecking, purchase.NotCharged)
	})
}

func TestBlindLostConfirm(t *testing.T) {
	lost := func(t *testing.T) *walk {
		w := drafted(t, "")
		w.toPayingBlind()
		w.call(purchase.CallConfirm)
		w.do(purchase.Restarted{})
		return w
	}
	t.Run("the services and the balance tell", func(t *testing.T) {
		w := lost(t)
		w.look(balance("15"), nil, service("2", web, zomro.StatusOpening))
		w.is(purchase.StatePaid, purchase.WasCharged)
	})
	t.Run("a person decides what they do not tell", func(t *testing.T) {
		for choice, want := range map[purchase.Choice]purchase.State{
			purchase.ChooseBought:    purchase.StatePaid,
			purchase.ChooseNotBought: purchase.StateCancelling,
		} {
			w := lost(t)
			w.until(func() {
				w.answer(purchase.CallServices, purchase.Answered{})
				w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("20")})
				w.fail(purchase.CallCart, zomro.Unreadable)
				w.fail(purchase.CallCharges, zomro.Unreadable)
				w.fail(purchase.CallOrders, zomro.Unreadable)
			})
			w.asks(purchase.AskUnknown)
			e := w.r.Evidence
			if e.Item != purchase.ItemNotKnown || e.Services != purchase.ServicesNone || e.Balance != purchase.BalanceSame {
				t.Errorf("evidence %+v", e)
			}
			if w.decide(choice); w.r.State != want {
				t.Errorf("%s: %s, want %s", choice, w.r.State, want)
			}
		}
	})
	t.Run("the confirm after a doubt is never blind", func(t *testing.T) {
		w := lost(t)
		w.until(func() { w.look(balance("20"), cart("5", ours("5"))) })
		w.decide(purchase.ChooseAgain)
		w.priceBlind()
		if w.offersBlind() {
			t.Error("it may be paid a second time without a look at the cart")
		}
		w.is(purchase.StatePricing, purchase.NotCharged)
	})
}
