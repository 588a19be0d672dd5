package sandbox_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"zomrobot/zomro/sandbox"
)

const (
	addCall     = "v2.instances.order.param"
	confirmCall = "cartorder.create.confirm"
	resizeCall  = "service.changepricelist.getmoney"
)

// acts are the calls that do something, each on a rig that is ready for it; was
// says whether it was done.
var acts = map[string]struct {
	prepare func(*rig) (function string, fields []string)
	was     func(*rig) bool
}{
	"add": {
		func(r *rig) (string, []string) { return addCall, r.wanted() },
		func(r *rig) bool { return len(r.Cart(login)) == 1 },
	},
	"promo": {
		func(r *rig) (string, []string) { r.add(); return "cart", apply("WELCOME10") },
		func(r *rig) bool { return r.Cart(login)[0].Promo == "WELCOME10" },
	},
	"confirm": {
		func(r *rig) (string, []string) {
			return confirmCall, []string{"elid", r.add(), "paymethod_id", "0", "sok", "ok"}
		},
		func(r *rig) bool { return len(r.Orders(login)) == 1 },
	},
	"resize": {
		func(r *rig) (string, []string) {
			return resizeCall, []string{
				"elid", r.AddService(login, "web-1"), "pricelist", "9103", "clicked_button", "finish", "snext", "ok", "sok", "ok",
			}
		},
		func(r *rig) bool { return r.Services(login)[0].Plan == "9103" },
	},
}

// TestActsWork holds that the calls of acts do what they are about to be robbed of.
func TestActsWork(t *testing.T) {
	for name, act := range acts {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, sandbox.Config{})
			function, fields := act.prepare(r)
			if act.was(r) {
				t.Fatal("done before it was asked for")
			}
			r.ok(function, fields...)
			if !act.was(r) {
				t.Error("not done")
			}
		})
	}
}

// TestDoesItButSaysNo answers errors to calls that were carried out.
func TestDoesItButSaysNo(t *testing.T) {
	const short = "Insufficient funds to complete the operation. Required amount 5.76. Your current balance: 0.00, credit limit 0.00 EUR"
	for name, act := range acts {
		for _, kind := range []string{"value", "file", "date", "missed", "access", "insufficient_funds", "not_enough_money"} {
			t.Run(name+" "+kind, func(t *testing.T) {
				r := newRig(t, sandbox.Config{})
				function, fields := act.prepare(r)
				r.Inject(sandbox.Fault{
					Kind: sandbox.Reply, Func: function, Match: map[string]string{"sok": "ok"}, Effect: true,
					ErrorType: kind, ErrorText: short, ErrorParam: "5.76", ErrorParamName: "amount",
				})
				param := r.refused(kind, "", function, fields...).at("param", 0)
				if param.text("$name") != "amount" || param.text("$") != "5.76" {
					t.Errorf("param: %v", param.v)
				}
				if !act.was(r) {
					t.Error("not done")
				}
			})
		}
	}
	for _, status := range []int{403, 460} {
		r := newRig(t, sandbox.Config{})
		lineItem := r.add()
		r.Inject(sandbox.Fault{Kind: sandbox.Status, Status: status, Func: confirmCall, Effect: true})
		got, _, _, err := r.try(confirmCall, "elid", lineItem, "paymethod_id", "0", "sok", "ok")
		if err != nil || got != status || len(r.Orders(login)) != 1 {
			t.Errorf("status %d, %v, %d orders; want %d and one", got, err, len(r.Orders(login)), status)
		}
	}
}

// looks says of an answer without an error whether it is of a shape.
var looks = map[sandbox.AnswerShape]func(node) bool{
	sandbox.PaymentShape: func(doc node) bool {
		return strings.HasPrefix(doc.at("ok").text("$"), "func=payment.add&")
	},
	sandbox.AddressShape: func(doc node) bool { return strings.HasPrefix(doc.at("ok").text("$"), "https://") },
	sandbox.EmptyShape: func(doc node) bool {
		fields, ok := doc.v.(map[string]any)
		return ok && len(fields) == 0
	},
	sandbox.FormShape: func(doc node) bool {
		return doc.has("metadata") && doc.has("tparams") && !doc.has("ok") && !doc.has("lineitem.id") || doc.has("total")
	},
	sandbox.OKShape: func(doc node) bool { return doc.has("ok") || doc.has("lineitem.id") || doc.has("total") },
}

// TestPretends answers calls that were not carried out, and such that were, in
// every shape.
func TestPretends(t *testing.T) {
	for name, act := range acts {
		for shape, is := range looks {
			for _, effect := range []bool{false, true} {
				t.Run(name+" "+string(shape), func(t *testing.T) {
					r := newRig(t, sandbox.Config{})
					function, fields := act.prepare(r)
					r.Inject(sandbox.Fault{
						Kind: sandbox.Pretend, Shape: shape, Func: function, Match: map[string]string{"sok": "ok"}, Effect: effect,
					})
					if doc := r.ok(function, fields...); !is(doc) {
						t.Errorf("answer: %v", doc.v)
					}
					if act.was(r) != effect {
						t.Errorf("done: %v, want %v", act.was(r), effect)
					}
					if text := textOf(node{t, r.Calls()[len(r.Calls())-1].Response}); strings.Contains(text, "Server-Pass-1") || strings.Contains(text, r.auth) {
						t.Error("the answer repeats a secret")
					}
				})
			}
		}
	}
}

func TestPretendedLineItem(t *testing.T) {
	r := newRig(t, sandbox.Config{})
	r.Inject(sandbox.Fault{Kind: sandbox.Pretend, Func: addCall, Match: map[string]string{"sok": "ok"}})
	lineItem := r.add()
	r.refused("missed", "cartorder", confirmCall, "elid", lineItem, "paymethod_id", "0", "sok", "ok")
	r.Inject(sandbox.Fault{Kind: sandbox.Pretend, Func: "keepalive"})
	r.auth = "dead"
	r.refused("access", "keepalive", "keepalive") // no session is made up
}

// TestLater has calls carried out after they were answered, by the clock, when
// somebody looks.
func TestLater(t *testing.T) {
	for name, act := range acts {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, sandbox.Config{})
			function, fields := act.prepare(r)
			r.Inject(sandbox.Fault{
				Kind: sandbox.Later, Func: function, Match: map[string]string{"sok": "ok"}, Delay: 75 * time.Second,
			})
			if _, _, _, err := r.try(function, fields...); !errors.Is(err, io.EOF) {
				t.Errorf("the connection was not cut: %v", err)
			}
			r.clock.Advance(74 * time.Second)
			if act.was(r) || r.Calls()[len(r.Calls())-1].Done {
				t.Error("done before its time")
			}
			r.clock.Advance(time.Hour) // the session has ended meanwhile
			if !act.was(r) || !r.Calls()[len(r.Calls())-1].Done {
				t.Error("not done")
			}
		})
	}
}

func TestLaterAnswers(t *testing.T) {
	r := newRig(t, sandbox.Config{ActivationDelay: time.Minute})
	later := func(fault sandbox.Fault) string {
		lineItem := r.add()
		fault.Kind, fault.Func, fault.Delay = sandbox.Later, confirmCall, time.Minute
		r.Inject(fault)
		return lineItem
	}
	pay := func(lineItem string) []string { return []string{"elid", lineItem, "paymethod_id", "0", "sok", "ok"} }
	began := r.clock.Now()
	first := later(sandbox.Fault{ErrorType: "runningoperation", ErrorText: "wait"})
	r.refused("runningoperation", "", confirmCall, pay(first)...)
	r.clock.Advance(time.Second)
	second := later(sandbox.Fault{Shape: sandbox.OKShape})
	r.ok(confirmCall, pay(second)...)
	r.clock.Advance(time.Second)
	third := later(sandbox.Fault{Status: 504})
	if status, _, _, err := r.try(confirmCall, pay(third)...); status != 504 || err != nil {
		t.Errorf("status %d, %v", status, err)
	}
	equalMoney(t, "taken", r.Taken(login), "0")

	// Each at its own time, in the order in which they came.
	r.clock.Advance(time.Hour)
	orders := r.Orders(login)
	if len(orders) != 3 || orders[0].LineItem != first || orders[1].LineItem != second || orders[2].LineItem != third {
		t.Fatalf("orders: %+v", orders)
	}
	if first, last := orders[0].Time.Sub(began), orders[2].Time.Sub(began); first != time.Minute || last != time.Minute+2*time.Second {
		t.Errorf("paid after %v and %v", first, last)
	}
	for _, service := range r.Services(login) {
		if service.Status != "2" {
			t.Errorf("its activation is over: %+v", service)
		}
	}

	// What is due by then has happened before.
	r.auth = r.OpenSession(login)
	r.confirm(r.add())
	opening := r.Services(login)[3].ID
	r.Inject(sandbox.Fault{Kind: sandbox.Later, Func: "service.stop", Delay: 2 * time.Minute})
	_, _, _, _ = r.try("service.stop", "elid", opening)
	r.clock.Advance(time.Hour)
	if got := r.Services(login)[3]; got.Power != "stopped" {
		t.Errorf("stopped after its activation: %+v", got)
	}

	// What cannot be done then is dropped.
	r.auth = r.OpenSession(login)
	gone, dear := later(sandbox.Fault{}), ""
	_, _, _, _ = r.try(confirmCall, pay(gone)...)
	r.EmptyCart(login)
	dear = later(sandbox.Fault{})
	_, _, _, _ = r.try(confirmCall, pay(dear)...)
	r.SetBalance(login, eur("1"))
	r.clock.Advance(time.Hour)
	if got := r.Orders(login); len(got) != 4 {
		t.Errorf("orders: %+v", got)
	}
	equalMoney(t, "balance", r.Balance(login), "1")

	// So is a call that would have been turned away.
	r.auth = "dead"
	r.Inject(sandbox.Fault{Kind: sandbox.Later, Func: confirmCall})
	r.SetBalance(login, eur("100"))
	_, _, _, _ = r.try(confirmCall, pay(dear)...)
	if got := r.Orders(login); len(got) != 4 {
		t.Errorf("paid without a session: %+v", got)
	}
}

// TestSessionDiesAtConfirm ends the sessions of all users of the account.
func TestSessionDiesAtConfirm(t *testing.T) {
	r := newRig(t, sandbox.Config{})
	r.AddAccount("other", password, eur("1"))
	r.AddUser("colleague", password, login)
	other, colleague := r.OpenSession("other"), r.OpenSession("colleague")
	lineItem := r.add()
	r.Inject(sandbox.Fault{Kind: sandbox.Reply, ErrorType: "auth", Func: confirmCall, Effect: true, Expire: true})
	failed := r.call(confirmCall, "elid", lineItem, "paymethod_id", "0", "sok", "ok").at("error")
	if failed.text("$type") != "auth" || len(r.Orders(login)) != 1 {
		t.Errorf("answer %v, %d orders", failed.v, len(r.Orders(login)))
	}
	r.refused("auth", "", "instances")
	r.auth = colleague
	r.refused("auth", "", "instances")
	r.auth = other
	r.ok("instances")
}
