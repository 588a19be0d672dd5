package purchase_test

import (
	"testing"

	"zomrobot/purchase"
)

// TestRequired: terms that need more votes than they have wait for the rest before
// the cart is filled and before it is paid, and nowhere else; who has voted for
// them need not do so again.
func TestRequired(t *testing.T) {
	t.Run("before the cart", func(t *testing.T) {
		w := ofTeam(t, "", 1)
		w.approve(1)
		w.do(purchase.Started{})
		w.is(purchase.StateChecking, purchase.NotCharged)
		w.refuses(purchase.Required{Needed: 1})
		w.do(purchase.Required{Needed: 2})
		w.is(purchase.StateAwaiting, purchase.NotCharged)
		if a := w.r.Approval; a.Terms != 1 || a.Needed != 2 || len(a.Votes) != 1 || a.Voided {
			t.Fatalf("%+v", a)
		}
		w.refuses(purchase.Required{Needed: 3}) // whoever votes is asked again
		w.refuses(purchase.Approved{By: 1, Name: "Boris", Terms: 1})
		w.approve(2)
		w.toPaying(cart("5", ours("5")))
	})
	t.Run("before it is paid", func(t *testing.T) {
		w := ofTeam(t, "", 0)
		w.toInCart()
		w.price(cart("5", ours("5")))
		w.is(purchase.StatePriced, purchase.NotCharged)
		w.do(purchase.Required{Needed: 1})
		w.is(purchase.StateAwaiting, purchase.NotCharged)
		if !purchase.Holds(w.r) {
			t.Error("its item is in the cart, and the cart is another's")
		}
		w.approve(1)
		w.is(purchase.StatePriced, purchase.NotCharged)
		w.do(purchase.Calling{Call: purchase.CallConfirm})
		w.refuses(purchase.Required{Needed: 2})
		w.do(purchase.Answered{Call: purchase.CallConfirm})
		w.refuses(purchase.Required{Needed: 2})
	})
	t.Run("while a person is asked", func(t *testing.T) {
		w := ofTeam(t, "", 0)
		w.toInCart()
		w.price(cart("6", ours("6")))
		w.refuses(purchase.Required{Needed: 1})
	})
	t.Run("a purchase of one person", func(t *testing.T) {
		w := drafted(t, "")
		w.do(purchase.Started{})
		w.refuses(purchase.Required{Needed: 1})
	})
}
