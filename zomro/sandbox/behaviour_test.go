package sandbox_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/zomro/profile"
	"zomrobot/zomro/sandbox"
)

func TestRowPerServer(t *testing.T) {
	r := newRig(t, sandbox.Config{ActivationDelay: time.Minute})
	first := r.add("order_count", "3")
	cart := r.Cart(login)
	if len(cart) != 3 || cart[0].LineItem != first || cart[1].LineItem == first || cart[2].LineItem == cart[1].LineItem {
		t.Fatalf("cart: %+v", cart)
	}
	doc := r.ok("cart", apply("MINUS2")...)
	rows := doc.named("lineitems", "list").rows("elem")
	for _, row := range rows[1:] {
		same := row.text("main", "name", "$") == rows[0].text("main", "name", "$") && row.text("main", "period", "$") == rows[0].text("main", "period", "$")
		if !same || row.text("id", "$") == rows[0].text("id", "$") {
			t.Errorf("row %v beside %v", row.v, rows[0].v)
		}
	}
	if doc.text("total", "cost", "$") != "15.28" || doc.text("total", "count", "$") != "3" {
		t.Errorf("total: %v", doc.at("total").v)
	}
	r.confirm(first)
	if len(r.Cart(login)) != 2 || len(r.Services(login)) != 1 {
		t.Errorf("after one confirm: cart %+v, servers %+v", r.Cart(login), r.Services(login))
	}
	equalMoney(t, "taken", r.Taken(login), "3.76")

	r.SetFact(profile.ConfirmScope, profile.WholeCart)
	foreign := r.PutForeignItem(login)
	r.confirm(cart[2].LineItem)
	orders := r.Orders(login)
	if len(r.Cart(login)) != 0 || len(r.Services(login)) != 4 || len(orders) != 4 || orders[3].LineItem != foreign {
		t.Errorf("after the second: cart %+v, servers %+v, orders %+v", r.Cart(login), r.Services(login), orders)
	}
	equalMoney(t, "taken", r.Taken(login), "19.12")

	r.add()
	last := r.add()
	r.SetBalance(login, eur("10"))
	failed := r.refused("not_enough_money", "", confirmCall, "elid", last, "paymethod_id", "0", "sok", "ok")
	if failed.text("param", 0, "$") != "11.52" || len(r.Orders(login)) != 4 {
		t.Errorf("a cart that is too dear: %v", failed.v)
	}
}

func TestRowsHaveOneID(t *testing.T) {
	r := newRig(t, sandbox.Config{Facts: sandbox.Facts{profile.LineItem: profile.Elid}})
	r.SetFact(profile.LineItem, profile.Both)
	lineItem := r.add()
	row := r.ok("cart").named("lineitems", "list").rows("elem")[0]
	if row.text("id", "$") != lineItem || row.text("elid", "$") != lineItem {
		t.Errorf("line item %s has the row %v", lineItem, row.v)
	}
	r.ok("cart", "sok", "ok", "clicked_button", "delete", "id", lineItem)
	if left := r.Cart(login); len(left) != 0 {
		t.Errorf("cart: %+v", left)
	}
}

func TestSurchargeThatComesLater(t *testing.T) {
	r := newRig(t, sandbox.Config{})
	r.Behave(sandbox.Behaviour{Facts: sandbox.Facts{profile.Taken: profile.More}, SurchargeAfter: 20})
	r.confirm(r.add())
	equalMoney(t, "taken at once", r.Taken(login), "5.76")
	r.clock.Advance(19 * time.Second)
	equalMoney(t, "taken after 19 s", r.Taken(login), "5.76")
	r.clock.Advance(time.Second)
	r.ok("whoami")
	equalMoney(t, "taken after 20 s", r.Taken(login), "6.97")
	equalMoney(t, "order", r.Orders(login)[0].Amount, "6.97")
	if n := len(r.Charges(login)); n != 2 {
		t.Errorf("%d charges", n)
	}
}

func TestSurcharge(t *testing.T) {
	r := newRig(t, sandbox.Config{VATPercent: decimal.NewFromInt(10), Facts: sandbox.Facts{profile.CartTotal: profile.WithTax}})
	r.SetFact(profile.Taken, profile.More)
	lineItem := r.add()
	if _, total := r.shownRows(); total != "6.34" {
		t.Errorf("the cart says %s", total)
	}
	equalMoney(t, "the charge that is to come", r.Cart(login)[0].Charge, "7.67")
	r.confirm(lineItem)
	equalMoney(t, "order", r.Orders(login)[0].Amount, "7.67")
	equalMoney(t, "balance", r.Balance(login), "92.33")

	r.Behave(sandbox.Behaviour{TotalIsZero: true})
	lineItem = r.add()
	doc := r.ok("cart")
	if doc.text("total", "cost", "$") != "0.00" || doc.named("lineitems", "list").text("elem", 0, "price", "price", "cost", "$") != "5.76" {
		t.Errorf("cart: %v", doc.v)
	}
	r.confirm(lineItem)
	equalMoney(t, "order", r.Orders(login)[1].Amount, "6.34")
}

func TestNames(t *testing.T) {
	for names, want := range map[profile.Answer][3]string{
		profile.Kept:    {"web", "web", "web"},
		profile.Dropped: {"", "", ""},
		profile.Changed: {"web-1", "web-1", "web-2"},
	} {
		for _, rows := range []profile.Answer{profile.One, profile.Each} {
			r := newRig(t, sandbox.Config{})
			r.Behave(sandbox.Behaviour{Facts: sandbox.Facts{profile.ServerName: names, profile.Rows: rows, profile.ConfirmScope: profile.WholeCart}})
			r.confirm(r.add("servername", "web"))
			r.confirm(r.add("servername", "web", "order_count", "2"))
			got := [3]string{}
			for n, service := range r.Services(login) {
				got[n] = service.Name
			}
			if got != want {
				t.Errorf("names %q, rows: %v: %q, want %q", names, rows, got, want)
			}
		}
	}
}

func TestPhoneChecks(t *testing.T) {
	r := newRig(t, sandbox.Config{})
	lineItem := r.add()
	row := func() node { return r.ok("cart").named("lineitems", "list").at("elem", 0) }
	if r.ok("whoami").text("user", "$need_phone_validate") == "true" || row().has("needphoneverify") {
		t.Error("a phone is asked for")
	}
	r.Behave(sandbox.Behaviour{PhoneUnverified: true})
	if r.ok("whoami").text("user", "$need_phone_validate") != "true" || row().has("needphoneverify") {
		t.Errorf("user %v, row %v", r.ok("whoami").v, row().v)
	}
	r.Behave(sandbox.Behaviour{RowsNeedPhone: true})
	if r.ok("whoami").text("user", "$need_phone_validate") == "true" || row().text("needphoneverify", "$") != "on" {
		t.Errorf("user %v, row %v", r.ok("whoami").v, row().v)
	}
	r.confirm(lineItem)
}

func TestRolledBackRow(t *testing.T) {
	r := newRig(t, sandbox.Config{})
	gone, left := r.add(), r.add()
	if !r.RollBack(login, gone) || r.RollBack(login, "1") || r.RollBack("nobody", gone) {
		t.Error("rolled back what is not there, or not what is")
	}
	doc := r.ok("cart")
	rows := doc.named("lineitems", "list").rows("elem")
	if len(rows) != 2 || rows[0].text("rolled_back", "$") != "on" || rows[1].has("rolled_back") ||
		doc.text("total", "count", "$") != "1" || doc.text("total", "cost", "$") != "5.76" {
		t.Errorf("cart: %v", doc.v)
	}
	r.refused("missed", "cartorder", confirmCall, "elid", gone, "paymethod_id", "0", "sok", "ok")
	r.SetFact(profile.ConfirmScope, profile.WholeCart)
	r.confirm(left)
	if orders, cart := r.Orders(login), r.Cart(login); len(orders) != 1 || len(cart) != 1 || cart[0].LineItem != gone {
		t.Errorf("orders %+v, cart %+v", orders, cart)
	}
}

func TestNoSuchBehaviour(t *testing.T) {
	r := newRig(t, sandbox.Config{})
	for _, b := range []sandbox.Behaviour{
		{SurchargeAfter: -1},
		{LaterBy: -1},
		{Facts: sandbox.Facts{profile.Rows: profile.Missed}},
		{Facts: sandbox.Facts{profile.CallLimits: profile.None}},
		{Facts: sandbox.Facts{"none": profile.None}},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%+v was taken", b)
				}
			}()
			r.Behave(b)
		}()
	}
	if !reflect.DeepEqual(r.Behaviour(), sandbox.Behaviour{}) {
		t.Errorf("behaves: %+v", r.Behaviour())
	}
}
