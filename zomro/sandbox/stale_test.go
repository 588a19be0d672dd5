package sandbox_test

import (
	"testing"
	"time"

	"zomrobot/zomro"
	"zomrobot/zomro/sandbox"
)

// shownRows are the line items that func=cart shows, and its total.
func (r *rig) shownRows() (lineItems []string, total string) {
	r.t.Helper()
	doc := r.ok("cart")
	for _, row := range doc.named("lineitems", "list").rows("elem") {
		lineItems = append(lineItems, row.text("id", "$"))
	}
	return lineItems, doc.text("total", "cost", "$")
}

func TestFrozenCart(t *testing.T) {
	r := newRig(t, sandbox.Config{})
	first := r.add()
	r.FreezeCart(login, time.Minute)
	second := r.add()
	r.SetPrice("9102", zomro.Month, eur("7.77"))
	r.ok("cart", apply("WELCOME10")...)
	r.confirm(first)
	if rows, total := r.shownRows(); len(rows) != 1 || rows[0] != first || total != "5.76" {
		t.Errorf("shown: %v, %s", rows, total)
	}
	if cart := r.Cart(login); len(cart) != 1 || cart[0].LineItem != second || cart[0].Promo != "WELCOME10" {
		t.Errorf("the cart: %+v", cart)
	}
	r.clock.Advance(time.Minute)
	if rows, total := r.shownRows(); len(rows) != 1 || rows[0] != second || total != "6.99" {
		t.Errorf("shown afterwards: %v, %s", rows, total)
	}

	r.FreezeCart(login, sandbox.Never)
	r.EmptyCart(login)
	r.clock.Advance(time.Hour)
	r.auth = r.OpenSession(login)
	if rows, _ := r.shownRows(); len(rows) != 1 {
		t.Errorf("shown for ever: %v", rows)
	}
	r.ThawCart(login)
	if rows, _ := r.shownRows(); len(rows) != 0 {
		t.Errorf("shown in the end: %v", rows)
	}
}

func TestCartFrozenAtConfirm(t *testing.T) {
	r := newRig(t, sandbox.Config{})
	r.FreezeCartAtConfirm(login, time.Minute)
	lineItem := r.add()
	if rows, _ := r.shownRows(); len(rows) != 1 {
		t.Errorf("shown before: %v", rows)
	}
	r.clock.Advance(time.Hour - time.Second)
	r.confirm(lineItem)
	r.clock.Advance(59 * time.Second)
	if rows, _ := r.shownRows(); len(rows) != 1 || rows[0] != lineItem || len(r.Orders(login)) != 1 {
		t.Errorf("shown after: %v", rows)
	}
	r.refused("missed", "cartorder", confirmCall, "elid", lineItem, "paymethod_id", "0", "sok", "ok")
	r.clock.Advance(time.Second)
	if rows, _ := r.shownRows(); len(rows) != 0 {
		t.Errorf("shown in the end: %v", rows)
	}
}
