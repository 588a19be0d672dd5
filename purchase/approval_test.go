package purchase_test

import (
	"errors"
	"testing"
	"time"

	"zomrobot/purchase"
	"zomrobot/zomro"
)

// ofTeam starts a walk whose first terms need so many votes.
func ofTeam(t *testing.T, promo string, needed int) *walk {
	t.Helper()
	return &walk{t: t, r: purchase.New(forTeam(opening(promo), needed), start), at: start}
}

// approve has somebody vote for the present terms.
func (w *walk) approve(by int64) {
	w.t.Helper()
	w.do(purchase.Approved{By: by, Name: "Boris", Terms: w.r.Approval.Terms})
}

// refuses checks that an event is no move.
func (w *walk) refuses(e purchase.Event) {
	w.t.Helper()
	if _, err := purchase.Step(w.r, e, w.at); !errors.Is(err, purchase.ErrNoMove) {
		w.t.Fatalf("%s, %#v: %v", text(w.t, w.r), e, err)
	}
}

// awaits checks that that many votes are awaited, and for how long.
func (w *walk) awaits(terms, needed int, voided bool, lives time.Duration) {
	w.t.Helper()
	w.is(purchase.StateAwaiting, purchase.NotCharged)
	a := w.r.Approval
	if a.Terms != terms || a.Needed != needed || len(a.Votes) != 0 || a.Voided != voided || !a.Until.Equal(w.at.Add(lives)) {
		w.t.Fatalf("at %v it awaits %+v", w.at, a)
	}
	if next := purchase.Next(w.r, w.at); next.Kind != purchase.Ask || !next.Until.Equal(a.Until) || next.Call != "" {
		w.t.Fatalf("next is %+v", next)
	}
}

// decideAnew gives an answer that makes new terms, which need that many votes.
func (w *walk) decideAnew(c purchase.Choice, needed int) {
	w.t.Helper()
	w.do(purchase.Decided{Revision: w.r.Revision, Choice: c, Code: "OTHER", Needed: needed})
}

const day = 24 * time.Hour

func TestApproval(t *testing.T) {
	t.Run("two votes, then the straight way", func(t *testing.T) {
		w := ofTeam(t, "", 2)
		w.awaits(1, 2, false, day)
		w.refuses(purchase.Started{})
		w.approve(1)
		w.is(purchase.StateAwaiting, purchase.NotCharged)
		w.at = w.at.Add(time.Minute)
		w.approve(2)
		w.is(purchase.StateDrafted, purchase.NotCharged)
		if a := w.r.Approval; len(a.Votes) != 2 || a.Votes[1] != (purchase.Vote{By: 2, Name: "Boris", At: w.at}) || !a.Complete() {
			t.Errorf("votes %+v", a.Votes)
		}
		w.refuses(purchase.Approved{By: 3, Name: "Vera", Terms: 1})
		w.refuses(purchase.Rejected{By: 3, Name: "Vera", Terms: 1})
		w.toPaying(cart("5", ours("5")))
		w.answer(purchase.CallConfirm, purchase.Answered{})
		w.look(balance("15"), nil, service("2", web, zomro.StatusOpening))
		w.is(purchase.StatePaid, purchase.WasCharged)
	})
	t.Run("votes that do not count", func(t *testing.T) {
		w := ofTeam(t, "", 2)
		w.approve(1)
		for _, vote := range []purchase.Event{
			purchase.Approved{By: 1, Name: "Boris", Terms: 1},
			purchase.Approved{By: requester, Name: "Anna", Terms: 1},
			purchase.Approved{By: 2, Name: "Vera", Terms: 0},
			purchase.Approved{By: 2, Name: "Vera", Terms: 2},
			purchase.Approved{Terms: 1},
			purchase.Rejected{By: 2, Name: "Vera", Terms: 0},
			purchase.Rejected{By: 2, Name: "Vera", Terms: 2},
			purchase.Rejected{Terms: 1},
		} {
			w.refuses(vote)
		}
		w.at = w.at.Add(day)
		w.refuses(purchase.Approved{By: 2, Name: "Vera", Terms: 1})
	})
	t.Run("their own, where the team allows it", func(t *testing.T) {
		o := forTeam(opening(""), 1)
		o.Approval.Own = true
		w := &walk{t: t, r: purchase.New(o, start), at: start}
		w.approve(requester)
		w.is(purchase.StateDrafted, purchase.NotCharged)
	})
	t.Run("none needed", func(t *testing.T) {
		w := ofTeam(t, "", 0)
		w.is(purchase.StateDrafted, purchase.NotCharged)
		w.toPaying(cart("5", ours("5")))
	})
	t.Run("only what the opening says counts", func(t *testing.T) {
		o := forTeam(opening(""), 1)
		o.Approval.Votes = []purchase.Vote{{By: 1}}
		o.Approval.Terms, o.Approval.Voided, o.Approval.Expired = 9, true, true
		o.Approval.Lives = time.Hour
		w := &walk{t: t, r: purchase.New(o, start), at: start}
		w.awaits(1, 1, false, time.Hour)
		if w.r.Approval.Expired || w.r.Approval.Name != "Anna" {
			t.Errorf("%+v", w.r.Approval)
		}
	})
	t.Run("a purchase of one person takes no votes", func(t *testing.T) {
		w := drafted(t, "")
		w.refuses(purchase.Approved{By: 1, Terms: 0})
		w.toInCart()
		w.price(cart("6", ours("6")))
		w.decideAnew(purchase.ChooseAccept, 1)
		w.is(purchase.StatePricing, purchase.NotCharged)
	})
}

func TestNotApproved(t *testing.T) {
	t.Run("rejected", func(t *testing.T) {
		w := ofTeam(t, "", 2)
		w.approve(1)
		w.do(purchase.Rejected{By: 1, Name: "Boris", Terms: 1}) // who has thought better of it
		w.is(purchase.StateCancelled, purchase.NotCharged)
		if a := w.r.Approval; a.Rejected == nil || *a.Rejected != (purchase.Vote{By: 1, Name: "Boris", At: w.at}) || a.Expired {
			t.Errorf("%+v", a)
		}
		w.refuses(purchase.Approved{By: 2, Name: "Vera", Terms: 1})
	})
	t.Run("cancelled", func(t *testing.T) {
		w := ofTeam(t, "", 1)
		w.do(purchase.Cancelled{})
		w.is(purchase.StateCancelled, purchase.NotCharged)
		w.refuses(purchase.Approved{By: 2, Name: "Vera", Terms: 1})
		w.refuses(purchase.Rejected{By: 2, Name: "Vera", Terms: 1})
	})
	t.Run("nobody in time", func(t *testing.T) {
		w := ofTeam(t, "", 1)
		w.at = w.at.Add(day - time.Second)
		w.do(purchase.Tick{})
		w.is(purchase.StateAwaiting, purchase.NotCharged)
		w.at = w.at.Add(time.Second)
		w.do(purchase.Tick{})
		w.is(purchase.StateCancelled, purchase.NotCharged)
		if a := w.r.Approval; !a.Expired || a.Rejected != nil {
			t.Errorf("%+v", a)
		}
	})
	for name, end := range map[string]purchase.Event{
		"rejected":       purchase.Rejected{By: 1, Name: "Boris", Terms: 2},
		"cancelled":      purchase.Cancelled{},
		"nobody in time": purchase.Tick{},
	} {
		t.Run(name+", with an item in the cart", func(t *testing.T) {
			w := ofTeam(t, "", 0)
			w.toInCart()
			w.price(cart("6", ours("6")))
			w.decideAnew(purchase.ChooseAccept, 1)
			w.awaits(2, 1, false, day)
			if !purchase.Holds(w.r) {
				t.Error("the cart with our item is let go of")
			}
			w.at = w.at.Add(day)
			w.do(end)
			w.is(purchase.StateCancelling, purchase.NotCharged)
			w.answer(purchase.CallCart, purchase.Answered{Cart: cart("6", ours("6"))})
			w.answer(purchase.CallRemove, purchase.Answered{})
			w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
			w.nobodyPaid()
			w.is(purchase.StateCancelled, purchase.NotCharged)
			if w.r.ItemLeft {
				t.Error("it says that the item is left")
			}
		})
	}
}

// TestNewTerms: whatever changes what is bought at what price makes the votes
// for the old terms void.
func TestNewTerms(t *testing.T) {
	// Each leads an approved purchase to a question, and is approved again on
	// the way to where the answer leads.
	for name, c := range map[string]struct {
		promo  string
		lead   func(*walk)
		choice purchase.Choice
		holds  bool
		then   purchase.State
		due    purchase.Call
	}{
		"a new price": {"", func(w *walk) {
			w.toInCart()
			w.price(cart("6", ours("6")))
		}, purchase.ChooseAccept, true, purchase.StatePricing, purchase.CallServices},
		"a price that cannot be read": {"", func(w *walk) {
			w.toInCart()
			w.price(cart("", ours("")))
		}, purchase.ChooseAccept, true, purchase.StatePricing, purchase.CallServices},
		"without the promo code": {"CODE", func(w *walk) {
			w.toInCart()
			w.answer(purchase.CallCart, purchase.Answered{Cart: cart("5", ours("5"))})
			w.fail(purchase.CallPromo, zomro.Refused)
		}, purchase.ChooseWithoutPromo, true, purchase.StateInCart, purchase.CallServices},
		"another promo code": {"CODE", func(w *walk) {
			w.toInCart()
			w.answer(purchase.CallCart, purchase.Answered{Cart: cart("5", ours("5"))})
			w.fail(purchase.CallPromo, zomro.Refused)
		}, purchase.ChooseOtherPromo, true, purchase.StateInCart, purchase.CallCart},
		"beside others, before adding": {"", func(w *walk) {
			w.do(purchase.Started{})
			w.answer(purchase.CallCart, purchase.Answered{Cart: cart("9", foreign)})
		}, purchase.ChooseAnyway, false, purchase.StateDrafted, ""},
		"beside others, in the cart": {"", func(w *walk) {
			w.toInCart()
			w.price(cart("14", ours("5"), foreign))
		}, purchase.ChooseAnyway, true, purchase.StatePricing, purchase.CallServices},
		"without the cart, before adding": {"", func(w *walk) {
			w.do(purchase.Started{})
			w.fail(purchase.CallCart, zomro.Unreadable)
		}, purchase.ChooseAnyway, false, purchase.StateDrafted, ""},
		"without the cart, with an item in it": {"CODE", func(w *walk) {
			w.toInCart()
			w.fail(purchase.CallCart, zomro.Unreadable)
		}, purchase.ChooseAnyway, true, purchase.StateInCart, purchase.CallCart},
	} {
		t.Run(name, func(t *testing.T) {
			w := ofTeam(t, c.promo, 1)
			w.approve(1)
			c.lead(w)
			asked := *w
			w.decideAnew(c.choice, 2)
			w.awaits(2, 2, true, day)
			if purchase.Holds(w.r) != c.holds {
				t.Errorf("holds the cart: %v", !c.holds)
			}
			w.refuses(purchase.Approved{By: 2, Name: "Vera", Terms: 1})
			w.at = w.at.Add(time.Hour)
			w.approve(1)
			w.approve(2)
			if w.is(c.then, purchase.NotCharged); w.r.Due != c.due || w.r.Failure != nil {
				t.Errorf("then %s due, failure %v", w.r.Due, w.r.Failure)
			}

			// Terms that need no votes go on at once; what was approved is void
			// anyway.
			asked.decideAnew(c.choice, 0)
			if a := asked.r.Approval; asked.r.State == purchase.StateAwaiting || a.Terms != 2 || len(a.Votes) != 0 || !a.Voided {
				t.Errorf("%s, %+v", asked.r.State, a)
			}
		})
	}
	t.Run("none were needed before", func(t *testing.T) {
		w := ofTeam(t, "", 0)
		w.toInCart()
		w.price(cart("6", ours("6")))
		w.decideAnew(purchase.ChooseAccept, 1)
		w.awaits(2, 1, false, day)
	})
	t.Run("what changes nothing leaves the votes", func(t *testing.T) {
		w := ofTeam(t, "", 1)
		w.approve(1)
		w.do(purchase.Started{})
		w.answer(purchase.CallCart, purchase.Answered{Cart: cart("9", foreign)})
		w.decideAnew(purchase.ChooseAgain, 2)
		w.answer(purchase.CallCart, purchase.Answered{Cart: cart("9", foreign)})
		w.decideAnew(purchase.ChooseEmptyCart, 2)
		w.is(purchase.StateChecking, purchase.NotCharged)
		if a := w.r.Approval; a.Terms != 1 || len(a.Votes) != 1 || a.Voided {
			t.Errorf("%+v", a)
		}
	})
}

// TestApprovedPriceIsReadAgain: what was approved may be hours old.
func TestApprovedPriceIsReadAgain(t *testing.T) {
	w := ofTeam(t, "", 1)
	w.approve(1)
	w.toInCart()
	w.price(cart("6", ours("6")))
	w.decideAnew(purchase.ChooseAccept, 1)
	w.at = w.at.Add(time.Hour)
	w.approve(1)
	w.price(cart("7", ours("7")))
	w.asks(purchase.AskPrice)
	w.decideAnew(purchase.ChooseAccept, 1)
	w.awaits(3, 1, true, day)
	w.approve(1)
	w.price(cart("7", ours("7")))
	w.answer(purchase.CallConfirm, purchase.Answered{})
	w.look(balance("13"), cart("0"), service("2", web, zomro.StatusOpening))
	w.is(purchase.StatePaid, purchase.WasCharged)
	if a := w.r.Approval; len(a.Votes) != 1 || !w.r.Quote.Total.Amount.Equal(eur("7").Amount) {
		t.Errorf("paid %v with %+v", w.r.Quote.Total, a)
	}
}

// TestAwaitingInARestoredStore: what was only asked for may have been approved
// and paid after the copy was made. If it certainly was not, approval is asked for
// again, under a number that no button has.
func TestAwaitingInARestoredStore(t *testing.T) {
	look := func(w *walk, c *zomro.Cart) { w.until(func() { w.look(balance("20"), c) }) }
	inCart := func(t *testing.T) *walk {
		w := ofTeam(t, "", 1)
		w.approve(1)
		w.toInCart()
		w.price(cart("6", ours("6")))
		w.decideAnew(purchase.ChooseAccept, 2)
		w.approve(1)
		return w
	}
	t.Run("not bought, approved again", func(t *testing.T) {
		w := inCart(t)
		w.at = w.at.Add(2 * day)
		w.do(purchase.Restored{})
		w.is(purchase.StateUnknown, purchase.MaybeCharged)
		look(w, cart("6", ours("6")))
		w.is(purchase.StateAwaiting, purchase.NotCharged)
		a := w.r.Approval
		if len(a.Votes) != 1 || a.Then != purchase.StatePricing || !a.Until.Equal(w.at.Add(day)) || a.Terms <= 2 || w.r.Question != nil {
			t.Fatalf("question %v, %+v", w.r.Question, a)
		}
		w.refuses(purchase.Approved{By: 2, Name: "Vera", Terms: 2})
		w.refuses(purchase.Approved{By: 2, Name: "Vera", Terms: 3})
		w.refuses(purchase.Approved{By: 1, Name: "Boris", Terms: a.Terms})
		w.approve(2)
		if w.r.Failure != nil {
			t.Errorf("failure %v", w.r.Failure)
		}
		w.price(cart("6", ours("6")))
		w.is(purchase.StatePriced, purchase.NotCharged)
	})
	t.Run("not bought, and rejected", func(t *testing.T) {
		w := inCart(t)
		w.do(purchase.Restored{})
		look(w, cart("6", ours("6")))
		w.do(purchase.Rejected{By: 2, Name: "Vera", Terms: w.r.Approval.Terms})
		w.is(purchase.StateCancelling, purchase.NotCharged)
	})
	t.Run("restored twice at once", func(t *testing.T) {
		w := inCart(t)
		w.do(purchase.Restored{})
		terms := w.r.Approval.Terms
		if w.do(purchase.Restored{}); w.r.Approval.Terms <= terms {
			t.Errorf("terms %d, then %d", terms, w.r.Approval.Terms)
		}
	})
	t.Run("bought after the copy was made", func(t *testing.T) {
		w := inCart(t)
		w.do(purchase.Restored{})
		look(w, cart("0"))
		w.asks(purchase.AskUnknown)
		w.decide(purchase.ChooseBought)
		w.is(purchase.StatePaid, purchase.WasCharged)
	})
}

// TestNothingIsBoughtUnapproved: even a record that no move leads to makes no
// call that approvals are for.
func TestNothingIsBoughtUnapproved(t *testing.T) {
	adding, promo, paying := drafted(t, ""), drafted(t, "CODE"), drafted(t, "")
	adding.do(purchase.Started{})
	adding.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
	adding.answer(purchase.CallBalance, purchase.Answered{Balance: balance("20")})
	promo.toInCart()
	promo.answer(purchase.CallCart, purchase.Answered{Cart: cart("5", ours("5"))})
	paying.toPaying(cart("5", ours("5")))
	for call, w := range map[purchase.Call]*walk{purchase.CallAdd: adding, purchase.CallPromo: promo, purchase.CallConfirm: paying} {
		due := purchase.Next(w.r, w.at)
		if due.Kind != purchase.Do || due.Call != call {
			t.Fatalf("next is %+v, want %s", due, call)
		}
		vote := purchase.Vote{By: 1, Name: "Boris", At: start}
		w.r.Approval = &purchase.Approval{Needed: 2, Terms: 1, Votes: []purchase.Vote{vote}}
		w.refuses(purchase.Calling{Call: call})
		if a := purchase.Next(w.r, w.at); a.Kind != purchase.Ask {
			t.Errorf("%s: next is %+v", call, a)
		}
		w.r.Approval.Needed = 1
		w.call(call)
	}
}
