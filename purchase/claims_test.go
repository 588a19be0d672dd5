package purchase_test

import (
	"testing"
	"time"

	"zomrobot/purchase"
	"zomrobot/zomro"
)

// TestChargeOfOnePurchase: a server is ordered, and paid on while the order's money is still
// looked at. What was charged for it bears the same name, and is counted once; a second sale
// of the order is not hidden by the other purchase.
func TestChargeOfOnePurchase(t *testing.T) {
	charge := func(id string) zomro.Charge { return zomro.Charge{ID: id, Name: web, Amount: ptr(eur("5"))} }
	order := func(t *testing.T) *walk {
		w := drafted(t, "")
		w.toPaying(cart("5", ours("5")))
		w.answer(purchase.CallConfirm, purchase.Answered{})
		server := service("2", web, zomro.StatusActive)
		w.look(balance("15"), cart("0"), server)
		w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{server}})
		w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{server}})
		w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("15")})
		w.answer(purchase.CallCharges, purchase.Answered{Charges: []zomro.Charge{charge("7")}})
		w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{server}})
		return w
	}
	// renewal is another purchase, that was paid after the order: before it these charges were
	// there, and these it counts.
	renewal := func(r purchase.Record, before []string, counted ...zomro.Charge) purchase.Record {
		o := prolonging()
		o.ID, o.Account = "OTHER1", r.Account
		o.Prolong.Name = web
		other := purchase.New(o, start)
		other.State, other.Bought, other.Charges, other.Confirms = purchase.StatePaid, 1, counted, 1
		other.Sent = r.Sent.Add(time.Minute)
		other.Before = &purchase.Snapshot{At: other.Sent, Charges: before}
		return other
	}
	for name, test := range map[string]struct {
		other func(purchase.Record) purchase.Record
		taken string
	}{
		"counted by the renewal":         {func(r purchase.Record) purchase.Record { return renewal(r, []string{"7"}, charge("8")) }, "5"},
		"not yet counted by the renewal": {func(r purchase.Record) purchase.Record { return renewal(r, []string{"7"}) }, "5"},
		"its charges could not be read":  {func(r purchase.Record) purchase.Record { return renewal(r, nil) }, "5"},
		"there before the renewal":       {func(r purchase.Record) purchase.Record { return renewal(r, []string{"7", "8"}, charge("9")) }, "10"},
		"the renewal is of another server": {func(r purchase.Record) purchase.Record {
			o := renewal(r, []string{"7"})
			o.Prolong.Name = "db"
			return o
		}, "10"},
		"of another account": {func(r purchase.Record) purchase.Record { o := renewal(r, []string{"7"}); o.Account = "other"; return o }, "10"},
		"that was paid before": {func(r purchase.Record) purchase.Record {
			o := renewal(r, nil)
			o.Sent = r.Sent.Add(-time.Minute)
			return o
		}, "10"},
		"that paid nothing": {func(r purchase.Record) purchase.Record {
			o := renewal(r, []string{"7"})
			o.State, o.Bought = purchase.StateCancelled, 0
			return o
		}, "10"},
	} {
		t.Run(name, func(t *testing.T) {
			w := order(t)
			all := []zomro.Charge{charge("7"), charge("8")}
			var claimed []string
			for _, c := range w.r.Uncounted(all) {
				if test.other(w.r).Claims(c, w.r) {
					claimed = append(claimed, c.ID)
				}
			}
			w.answer(purchase.CallCharges, purchase.Answered{Charges: all, Claimed: claimed})
			if w.r.Taken.Amount.String() != test.taken {
				t.Errorf("taken %v, claimed %v, want %s", w.r.Taken, claimed, test.taken)
			}
		})
	}
}
