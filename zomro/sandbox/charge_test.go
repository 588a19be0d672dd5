package sandbox_test

import (
	"testing"
	"time"

	"zomrobot/zomro/profile"
	"zomrobot/zomro/sandbox"
)

func TestExpense(t *testing.T) {
	r := newRig(t, sandbox.Config{Facts: sandbox.Facts{profile.CartTotal: profile.WithTax, profile.Rows: profile.One}})
	if doc := r.ok("expense"); doc.has("elem") || doc.text("p_elems", "$") != "0" {
		t.Errorf("nothing was charged: %v", doc.v)
	}
	r.confirm(r.add("order_count", "2"))
	r.clock.Advance(30 * time.Minute)
	r.ok("keepalive")
	r.clock.Advance(30 * time.Minute)
	r.confirm(r.add("servername", "-"))
	doc := r.ok("expense", "p_col", "-time", "clickstat", "yes", "p_cnt", "1")
	row := doc.at("elem", 0)
	if doc.text("p_elems", "$") != "2" || len(doc.rows("elem")) != 1 {
		t.Errorf("list: %v", doc.v)
	}
	if row.text("locale_name", "$") != "server-"+r.Services(login)[2].ID || row.text("amount", "$") != "6.9700 EUR" ||
		row.text("taxamount", "$") != "1.2100 EUR" || row.text("realdate", "$") != "2026-11-23" || row.text("id", "$") == "" ||
		row.text("payments", "$") == "" || row.text("paymethod_name", "$") == "" {
		t.Errorf("newest: %v", row.v)
	}
	oldest := r.ok("expense", "p_col", "+time", "clickstat", "yes").at("elem", 0)
	if oldest.text("locale_name", "$") != "web-1" || oldest.text("amount", "$") != "13.9400 EUR" {
		t.Errorf("oldest: %v", oldest.v)
	}
	equalMoney(t, "taken", r.Taken(login), "20.91")
	equalMoney(t, "balance", r.Balance(login), "79.09")

	r.Behave(sandbox.Behaviour{BooksClosed: true})
	r.refused("access", "expense", "expense")
	r.refused("access", "order", "order", "clickstat", "yes")
	r.ok("instances")
}

// TestGivenBack is a larger plan that was not kept.
func TestGivenBack(t *testing.T) {
	r := newRig(t, sandbox.Config{})
	function, fields := acts["resize"].prepare(r)
	r.ok(function, fields...)
	if r.Taken(login).Amount.IsZero() || len(r.ok("expense").rows("elem")) != 1 {
		t.Errorf("taken: %v", r.Taken(login))
	}
	r.ok("instances.confirm.resize", "elid", r.Services(login)[0].ID, "select_resize", "rollback", "sok", "ok")
	equalMoney(t, "taken in the end", r.Taken(login), "0")
	equalMoney(t, "balance in the end", r.Balance(login), "100")
	if got := len(r.ok("expense").rows("elem")); got != 1 {
		t.Errorf("%d rows", got)
	}
}

func TestBalanceLags(t *testing.T) {
	r := newRig(t, sandbox.Config{})
	r.SetCredit(login, eur("50"))
	r.Behave(sandbox.Behaviour{Facts: sandbox.Facts{profile.BalanceWhen: profile.Later}, LaterBy: 60})
	r.SetBalance(login, eur("6"))
	shown := func(balance, credit string) {
		t.Helper()
		if got := r.ok("dashboard.info").text("elem", 0, "realbalance", "$"); got != balance+" €" {
			t.Errorf("dashboard.info: %s, want %s", got, balance)
		}
		if got := r.ok("notify").text("realbalance", "$"); got != balance {
			t.Errorf("notify: %s, want %s", got, balance)
		}
		if got := r.ok("dashboard.subaccount_credit").text("elem", 0, "available_credit", "$"); got != credit+" EUR" {
			t.Errorf("credit: %s, want %s", got, credit)
		}
	}
	shown("6.00", "50.00") // what comes in shows at once
	r.confirm(r.add())
	r.clock.Advance(30 * time.Second)
	r.confirm(r.add())
	equalMoney(t, "balance", r.Balance(login), "-5.52")
	shown("6.00", "50.00")
	r.clock.Advance(30 * time.Second)
	shown("0.24", "50.00")
	r.clock.Advance(30 * time.Second)
	shown("0.00", "44.48")
	r.SetCredit(login, eur("0"))
	r.SetBalance(login, eur("5"))
	r.confirm(r.add("order_period", "-50"))
	r.refused("not_enough_money", "", confirmCall, "elid", r.add(), "paymethod_id", "0", "sok", "ok")
	r.Behave(sandbox.Behaviour{})
	shown("4.70", "0.00")
}
