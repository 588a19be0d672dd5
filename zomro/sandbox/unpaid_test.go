package sandbox_test

import (
	"strings"
	"testing"
	"time"

	"zomrobot/zomro/profile"
	"zomrobot/zomro/sandbox"
)

// inPay are the servers of the list of unpaid orders, with their texts.
func (r *rig) inPay() map[string]string {
	r.t.Helper()
	rows := map[string]string{}
	for _, row := range r.ok("order", "clickstat", "yes").named("inpaylist", "list").rows("elem") {
		rows[row.text("item_id", "$")] = row.text("desc", "$")
	}
	return rows
}

func TestOrderedNotPaid(t *testing.T) {
	r := newRig(t, sandbox.Config{ActivationDelay: time.Minute, Facts: sandbox.Facts{profile.Rows: profile.One}})
	r.Behave(sandbox.Behaviour{ConfirmDoesNotPay: true})
	r.SetBalance(login, eur("1"))
	r.confirm(r.add("order_count", "2"))
	r.confirm(r.add("servername", "later"))
	services := r.Services(login)
	if len(services) != 3 || len(r.Cart(login)) != 0 || len(r.Orders(login)) != 0 {
		t.Fatalf("servers %+v, cart %+v, orders %+v", services, r.Cart(login), r.Orders(login))
	}
	equalMoney(t, "taken", r.Taken(login), "0")
	row := r.ok("instances").at("elem", 0)
	if row.text("status", "$") != "1" || row.text("item_status", "$orig") != "1" || row.text("item_status", "$") != "Ordered" || row.text("ip", "$") != "" {
		t.Errorf("row: %v", row.v)
	}
	if unpaid := r.Unpaid(login); len(unpaid) != 2 || len(unpaid[0].Services) != 2 || unpaid[1].Services[0] != services[2].ID {
		t.Errorf("not paid: %+v", unpaid)
	}
	listed := r.inPay()
	first, third := listed[services[0].ID], listed[services[2].ID]
	if len(listed) != 3 || first != listed[services[1].ID] || first == third || !strings.Contains(first, " #pfx/") || !services[0].Unpaid {
		t.Errorf("unpaid: %v", listed)
	}

	if r.PayOrder(login, services[0].ID) || r.PayOrder(login, "1") || r.PayOrder("nobody", services[0].ID) {
		t.Error("paid without money, or without an order")
	}
	r.SetBalance(login, eur("100"))
	r.clock.Advance(30 * time.Minute)
	if !r.PayOrder(login, services[1].ID) || r.PayOrder(login, services[0].ID) {
		t.Error("not paid, or twice")
	}
	equalMoney(t, "taken", r.Taken(login), "11.52")
	if orders := r.Orders(login); len(orders) != 1 || len(orders[0].Services) != 2 || !orders[0].Time.Equal(r.clock.Now()) || len(orders[0].Fields) == 0 {
		t.Errorf("orders: %+v", orders)
	}
	services = r.Services(login)
	if services[0].Status != "5_open" || services[1].Status != "5_open" || services[2].Status != "1" || len(r.inPay()) != 1 {
		t.Errorf("after the payment: %+v, %v", services, r.inPay())
	}
	r.clock.Advance(time.Minute)
	if got := r.Services(login)[0]; got.Status != "2" || got.Unpaid {
		t.Errorf("in the end: %+v", got)
	}

	if !r.CancelOrder(login, services[2].ID) || r.CancelOrder(login, services[2].ID) || r.CancelOrder(login, services[0].ID) {
		t.Error("not cancelled, or twice, or what is paid")
	}
	if len(r.Services(login)) != 2 || len(r.inPay()) != 0 {
		t.Errorf("after the cancellation: %+v", r.Services(login))
	}
}

func TestListedInCart(t *testing.T) {
	r := newRig(t, sandbox.Config{ActivationDelay: time.Minute, Facts: sandbox.Facts{profile.Rows: profile.One}})
	r.SetFact(profile.ListedInCart, profile.Listed)
	lineItem := r.add("order_count", "2")
	r.add()
	foreign := r.PutForeignItem(login)
	services := r.Services(login)
	if len(services) != 4 || services[0].Status != "1" || services[0].Unpaid || len(r.inPay()) != 0 || r.PayOrder(login, services[0].ID) {
		t.Fatalf("servers: %+v", services)
	}
	r.clock.Advance(30 * time.Minute)
	r.confirm(lineItem)
	after := r.Services(login)
	if len(after) != 4 || after[0].ID != services[0].ID || after[0].Status != "5_open" || after[1].Status != "5_open" || after[2].Status != "1" {
		t.Errorf("after the confirm: %+v", after)
	}
	if got := r.Orders(login)[0].Services; len(got) != 2 || got[0] != services[0].ID {
		t.Errorf("order: %v", got)
	}
	r.ok("cart", "sok", "ok", "clicked_button", "delete", "id", foreign, "promocode", "", "elid", "")
	if got := r.Services(login); len(got) != 3 {
		t.Errorf("after the deletion: %+v", got)
	}
	r.ok("cart.empty")
	if got := r.Services(login); len(got) != 2 {
		t.Errorf("after emptying: %+v", got)
	}

	// Both: listed from the add on, and not paid by the confirm.
	r.Behave(sandbox.Behaviour{Facts: sandbox.Facts{profile.ListedInCart: profile.Listed}, ConfirmDoesNotPay: true})
	r.confirm(r.add())
	services = r.Services(login)
	if len(services) != 3 || services[2].Status != "1" || !services[2].Unpaid || len(r.Orders(login)) != 1 {
		t.Errorf("ordered: %+v", services)
	}
	if !r.PayOrder(login, services[2].ID) || len(r.Orders(login)) != 2 {
		t.Error("not paid")
	}
}
