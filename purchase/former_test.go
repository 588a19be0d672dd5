package purchase_test

import (
	"encoding/json"
	"os"
	"testing"

	"zomrobot/purchase"
	"zomrobot/zomro"
)

// former is a record that a version before evidence decided has written.
func former(t *testing.T, name string) *walk {
	t.Helper()
	b, err := os.ReadFile("testdata/former/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	w := &walk{t: t, at: start}
	if err := json.Unmarshal(b, &w.r); err != nil {
		t.Fatal(err)
	}
	return w
}

// TestFormerRecords: what a former version has left goes on, by the rule of now.
func TestFormerRecords(t *testing.T) {
	t.Run("a confirm that was under way, of a server without a name", func(t *testing.T) {
		w := former(t, "paying")
		w.do(purchase.Restarted{})
		w.is(purchase.StateUnknown, purchase.MaybeCharged)
		old, bought := service("1", "mail", zomro.StatusActive), service("2", "", zomro.StatusOpening)
		w.until(func() { w.look(balance("15"), cart("0"), old, bought) })
		w.asks(purchase.AskUnknown) // plan and datacenter prove nothing
		w.decide(purchase.ChooseBought)
		w.is(purchase.StatePaid, purchase.WasCharged)
		bought.Status = zomro.StatusActive
		w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{old, bought}})
		w.is(purchase.StateActive, purchase.WasCharged)
	})
	t.Run("a question, answered by the button of that time", func(t *testing.T) {
		w := former(t, "asks_price")
		w.do(purchase.Decided{Revision: w.r.Revision, Choice: purchase.ChooseAccept})
		w.price(cart("6", ours("6")))
		w.is(purchase.StatePriced, purchase.NotCharged)
	})
	t.Run("a payment that was believed by its answer", func(t *testing.T) {
		w := former(t, "paid")
		w.is(purchase.StatePaid, purchase.WasCharged)
		w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{service("2", "web", zomro.StatusActive)}})
		w.is(purchase.StateActive, purchase.WasCharged)
	})
}
