package main

import (
	"strings"
	"testing"
	"time"

	"zomrobot/zomro/sandbox"
)

// TestCostsAreNotInTheWayOfAPayment: the bot has turned the pages of the charges, and a
// purchase in the same session finds the newest of them, with which it proves what it paid.
func TestCostsAreNotInTheWayOfAPayment(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{ActivationDelay: time.Minute})
	for n := range 35 {
		w.vendor.AddCharge(vendorLogin, "db-1", eur(1), w.clock.Now().AddDate(0, 0, n-35))
	}
	w.login(anna)
	w.say(anna, "/costs")
	w.wantSaid(anna, "November 2026: costs", "€22.00")
	if n := w.called("expense"); n != 5 {
		t.Errorf("%d calls read the costs, want four pages and the first again", n)
	}
	w.say(anna, shortOrder)
	w.say(anna, "/confirm")
	w.pass(2 * time.Minute)
	order := w.wantSold(anna)
	for id, p := range w.purchases() {
		if before := p.Record.Before; before == nil || len(before.Charges) != 10 || len(p.Record.Charges) != 1 {
			t.Errorf("purchase %s of line item %s did not read the newest charges: %+v, %+v", id, order.LineItem, before, p.Record.Charges)
		}
	}
	w.say(anna, "/costs")
	w.wantSaid(anna, "November 2026: costs", "web-1: €"+w.costs("5.76").Amount.StringFixed(2))
	charges := w.vendor.Charges(vendorLogin)
	if newest := charges[len(charges)-1].ID; w.said(anna, "costs", "`"+newest+"`") || w.said(anna, "costs", "“web-1”") {
		t.Errorf("what was paid here is not explained:\n%s", w.newest(anna))
	}
}

// TestCostsAreReadOnceForMany: whoever asks twenty times has the pages turned once; half a
// minute later they are turned again.
func TestCostsAreReadOnceForMany(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{})
	w.vendor.AddCharge(vendorLogin, "db-1", eur(1), w.clock.Now())
	w.login(anna)
	for range 20 {
		if _, err := w.chats.Say(anna, anna, "/costs"); err != nil {
			t.Fatal(err)
		}
	}
	w.settle()
	w.wantSaid(anna, "November 2026: costs", "€1.00")
	if n := w.called("expense"); n != 1 {
		t.Errorf("the charges were read %d times", n)
	}
	w.pass(30 * time.Second)
	w.say(anna, "/costs")
	if n := w.called("expense"); n != 2 {
		t.Errorf("half a minute later they were read %d times in all", n)
	}
}

// TestCostsThatBreakOff: a page that fails leaves the session at the first one.
func TestCostsThatBreakOff(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{})
	for n := range 35 {
		w.vendor.AddCharge(vendorLogin, "db-1", eur(1), w.clock.Now().AddDate(0, 0, n-35))
	}
	w.login(anna)
	w.vendor.Inject(sandbox.Fault{Kind: sandbox.Status, Func: "expense", Match: map[string]string{"p_num": "3"}, Times: -1})
	w.say(anna, "/costs")
	pages := ""
	for _, c := range w.vendor.Calls() {
		if c.Func == "expense" {
			pages += c.Field("p_num") + " "
		}
	}
	if !strings.HasSuffix(pages, "3 1 ") {
		t.Errorf("the pages %swere read", pages)
	}
}
