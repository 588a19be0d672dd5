package sandbox_test

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/zomro/profile"
	"zomrobot/zomro/sandbox"
)

// seen is what the wire shows of each fact: an experiment, and what it tells.
var seen = map[profile.Name]func(r *rig) profile.Answer{
	profile.LineItem: func(r *rig) profile.Answer {
		lineItem := r.add()
		row := r.rows()[0]
		switch id, elid := row.text("id", "$") == lineItem, row.text("elid", "$") == lineItem; {
		case id && elid:
			return profile.Both
		case id:
			return profile.ID
		case elid:
			return profile.Elid
		}
		return profile.Other
	},
	profile.RemoveBy: func(r *rig) profile.Answer {
		for field, answer := range map[string]profile.Answer{"id": profile.ID, "elid": profile.Elid} {
			r.ok("cart.empty")
			r.add()
			r.call("cart", "sok", "ok", "clicked_button", "delete", field, r.rows()[0].text(field, "$"))
			if len(r.rows()) == 0 {
				return answer
			}
		}
		return profile.Other
	},
	profile.Rows: func(r *rig) profile.Answer {
		r.add("order_count", "3")
		switch len(r.rows()) {
		case 1:
			return profile.One
		case 3:
			return profile.Each
		}
		return profile.Other
	},
	profile.Button: func(r *rig) profile.Answer {
		if r.ok(addCall, r.wanted()...).has("lineitem.id") {
			return profile.Unneeded
		}
		if len(r.rows()) != 0 || !r.ok(addCall, r.wanted("clicked_button", "order")...).has("lineitem.id") {
			return ""
		}
		return profile.Needed
	},
	profile.BadField: func(r *rig) profile.Answer {
		failed := r.failure(addCall, r.wanted("order_count", "0")...)
		if len(r.rows()) != 0 {
			return ""
		}
		return kindOf(failed, map[string]profile.Answer{"value": profile.Value})
	},
	profile.CartTotal: func(r *rig) profile.Answer {
		r.add("order_count", "2")
		sum := decimal.Zero
		for _, row := range r.rows() {
			sum = sum.Add(decimal.RequireFromString(row.text("price", "price", "cost", "$")))
		}
		total := r.ok("cart").at("total")
		if !total.has("cost") {
			return profile.Other
		}
		return compared(decimal.RequireFromString(total.text("cost", "$")), sum, profile.Less, profile.Sum, profile.WithTax)
	},
	profile.PanelCart: func(r *rig) profile.Answer {
		r.PutForeignItem(login)
		if len(r.rows()) == 1 {
			return profile.Shared
		}
		return profile.Apart
	},
	profile.ListedInCart: func(r *rig) profile.Answer {
		r.add()
		return listed(len(r.ok("instances").rows("elem")) > 0, profile.Listed, profile.Unlisted)
	},
	profile.PromoUnknown: func(r *rig) profile.Answer {
		r.add()
		return kindOf(r.failure("cart", apply("NOSUCH")...), promoKinds)
	},
	profile.PromoNoCart: func(r *rig) profile.Answer { return kindOf(r.failure("cart", apply("WELCOME10")...), promoKinds) },
	profile.PromoScope: func(r *rig) profile.Answer {
		r.add()
		r.add()
		r.ok("cart", apply("WELCOME10")...)
		rows := r.rows()
		switch first, second := rows[0].has("discount_percent"), rows[1].has("discount_percent"); {
		case first && second:
			return profile.WholeCart
		case first != second:
			return profile.Row
		case r.ok("cart").text("total", "cost", "$") == "10.36":
			return profile.Other
		}
		return ""
	},
	profile.PromoTwice: func(r *rig) profile.Answer {
		r.add()
		r.ok("cart", apply("WELCOME10")...)
		return kindOf(r.failure("cart", apply("WELCOME10")...), promoKinds)
	},
	profile.PromoKept: func(r *rig) profile.Answer {
		r.add()
		r.ok("cart", apply("WELCOME10")...)
		r.ok("cart", "sok", "ok", "clicked_button", "delete", "id", r.rows()[0].text("id", "$"))
		r.add()
		return listed(r.rows()[0].has("discount_percent"), profile.Kept, profile.Dropped)
	},
	profile.PoorError: func(r *rig) profile.Answer {
		failed := r.poor()
		if failed.v != nil && failed.text("$type") == "insufficient_funds" && failed.text("param", 0, "$name") == "amount" {
			return profile.Amount
		}
		return kindOf(failed, map[string]profile.Answer{"not_enough_money": profile.NotEnough})
	},
	profile.PoorLeft: func(r *rig) profile.Answer {
		r.poor()
		switch rows, owed := len(r.rows()), len(r.inPay()); {
		case owed > 0:
			return profile.Unpaid
		case rows > 0:
			return profile.None
		}
		return profile.Other
	},
	profile.ConfirmAnswer: func(r *rig) profile.Answer {
		doc := r.confirm(r.add())
		switch {
		case doc.has("ok") && doc.text("ok", "$") != "":
			return profile.Address
		case doc.has("id") && doc.text("id", "$") == r.Services(login)[0].ID:
			return profile.Service
		case doc.has("ok"):
			return profile.Word
		}
		return profile.Other
	},
	profile.ConfirmScope: func(r *rig) profile.Answer {
		r.confirm(r.add())
		r.add()
		r.confirm(r.add())
		return listed(len(r.rows()) == 0, profile.WholeCart, profile.Row)
	},
	profile.ConfirmAgain: func(r *rig) profile.Answer {
		lineItem := r.add()
		r.confirm(lineItem)
		r.SetBalance(login, eur("1"))
		failed := r.failure(confirmCall, "elid", lineItem, "paymethod_id", "0", "sok", "ok")
		if len(r.Orders(login)) != 1 {
			return ""
		}
		return kindOf(failed, map[string]profile.Answer{"missed": profile.Missed, "insufficient_funds": profile.Amount, "not_enough_money": profile.NotEnough})
	},
	profile.Taken: func(r *rig) profile.Answer {
		lineItem := r.add()
		total := decimal.RequireFromString(r.ok("cart").text("total", "cost", "$"))
		r.confirm(lineItem)
		return compared(decimal.NewFromInt(100).Sub(r.balance()), total, profile.Less, profile.Total, profile.More)
	},
	profile.RowAfter: func(r *rig) profile.Answer {
		r.confirm(r.add())
		return r.until(profile.Dropped, profile.Kept, func() bool { return len(r.rows()) == 0 })
	},
	profile.BalanceWhen: func(r *rig) profile.Answer {
		r.confirm(r.add())
		return r.until(profile.AtOnce, profile.Later, func() bool { return r.balance().String() == "94.24" })
	},
	profile.ListedWhen: func(r *rig) profile.Answer {
		r.confirm(r.add())
		return r.until(profile.AtOnce, profile.Later, func() bool { return len(r.ok("instances").rows("elem")) == 1 })
	},
	profile.ChargeWhen: func(r *rig) profile.Answer {
		r.confirm(r.add())
		return r.until(profile.AtOnce, profile.Later, func() bool { return len(r.ok("expense").rows("elem")) == 1 })
	},
	profile.ServerName: func(r *rig) profile.Answer {
		r.confirm(r.add("servername", "web-1"))
		switch r.ok("instances").text("elem", 0, "servername", "$") {
		case "web-1":
			return profile.Kept
		case "":
			return profile.Dropped
		}
		return profile.Changed
	},
	profile.SessionIdle: func(r *rig) profile.Answer {
		r.ok("keepalive")
		r.clock.Advance(61 * time.Minute)
		return listed(r.call("keepalive").has("error"), profile.Ended, profile.Alive)
	},
	profile.OrderForm: func(r *rig) profile.Answer {
		return asRead(r.ok(addCall, "pricelist", "9102", "period", "1").has("slist"))
	},
	profile.CartFields: func(r *rig) profile.Answer { return asRead(r.ok("cart").has("total")) },
	profile.ServerRows: func(r *rig) profile.Answer {
		r.AddService(login, "web-1")
		return asRead(r.ok("instances").at("elem", 0).has("id"))
	},
	profile.KeyRows: func(r *rig) profile.Answer {
		r.AddKey(login, "laptop", publicKey)
		return asRead(r.ok("sshkeys").at("elem", 0).has("comment"))
	},
	profile.ChargeRows: func(r *rig) profile.Answer {
		r.AddCharge(login, "web-1", eur("1"), r.clock.Now())
		return asRead(r.ok("expense").at("elem", 0).has("amount"))
	},
	profile.OrderRows: func(r *rig) profile.Answer {
		b := r.Behaviour()
		b.ConfirmDoesNotPay = true
		r.Behave(b)
		r.confirm(r.add())
		return asRead(r.ok("order", "clickstat", "yes").named("inpaylist", "list").at("elem", 0).has("item_id"))
	},
	profile.PaymentRows: func(r *rig) profile.Answer {
		row := r.ok("payment").at("elem", 0)
		return asRead(row.has("status") && row.has("subaccountamount_iso"))
	},
	profile.ServerList: func(r *rig) profile.Answer {
		r.AddService(login, "web-1")
		doc := r.call("v2.instances")
		switch {
		case doc.has("error") && doc.text("error", "$type") == "missed":
			return profile.Missed
		case doc.has("elem"):
			return profile.Listed
		}
		return profile.Other
	},
	profile.DatacenterUS: func(r *rig) profile.Answer {
		rows := r.ok("v2.instances.order.pricelist", "datacenter", "21").named("instances", "list").rows("elem")
		return listed(len(rows) > 0, profile.Listed, profile.None)
	},
}

// promoKinds are the errors of a promo code.
var promoKinds = map[string]profile.Answer{"missed": profile.Missed, "promocode_not_use": profile.NotUsable}

func (r *rig) rows() []node { return r.ok("cart").named("lineitems", "list").rows("elem") }

// failure is the error of a call; that of one without has nothing.
func (r *rig) failure(function string, pairs ...string) node {
	doc := r.call(function, pairs...)
	if !doc.has("error") {
		return node{r.t, nil}
	}
	return doc.at("error")
}

// poor is the error of a confirm for which the balance is too small.
func (r *rig) poor() node {
	lineItem := r.add()
	r.SetBalance(login, eur("1"))
	failed := r.failure(confirmCall, "elid", lineItem, "paymethod_id", "0", "sok", "ok")
	equalMoney(r.t, "taken", r.Taken(login), "0")
	return failed
}

func (r *rig) balance() decimal.Decimal {
	return decimal.RequireFromString(r.ok("notify").text("realbalance", "$"))
}

// until is now where it is so now, and later where it is in a minute.
func (r *rig) until(now, later profile.Answer, so func() bool) profile.Answer {
	if so() {
		return now
	}
	r.clock.Advance(39 * time.Second)
	before := so()
	r.clock.Advance(time.Second)
	if before || !so() {
		return ""
	}
	return later
}

// kindOf is the answer that an error's type stands for.
func kindOf(failed node, kinds map[string]profile.Answer) profile.Answer {
	if failed.v == nil {
		return profile.None
	}
	if answer, known := kinds[failed.text("$type")]; known {
		return answer
	}
	return profile.Other
}

func compared(amount, with decimal.Decimal, less, same, more profile.Answer) profile.Answer {
	return []profile.Answer{less, same, more}[amount.Cmp(with)+1]
}

func listed(is bool, yes, no profile.Answer) profile.Answer {
	if is {
		return yes
	}
	return no
}

func asRead(is bool) profile.Answer { return listed(is, profile.AsRead, profile.Otherwise) }

// TestFactsAreShown: with nothing said each fact is as the table expects, and each answer
// of each fact is shown by the wire once it is true.
func TestFactsAreShown(t *testing.T) {
	t.Parallel()
	for _, fact := range profile.Table {
		look, has := seen[fact.Name]
		if has != sandbox.Shows(fact) {
			t.Errorf("%s is shown: %v, and looked for: %v", fact.Name, sandbox.Shows(fact), has)
		}
		if !has {
			continue
		}
		if got := look(newRig(t, sandbox.Config{})); got != fact.Expects[0] {
			t.Errorf("%s: with nothing said %q is shown, and %q expected", fact.Name, got, fact.Expects[0])
		}
		for _, answer := range fact.Answers {
			made := newRig(t, sandbox.Config{Facts: sandbox.Facts{fact.Name: answer}})
			if got := look(made); got != answer {
				t.Errorf("%s: %q is shown of a vendor where it is %q", fact.Name, got, answer)
			}
			told := newRig(t, sandbox.Config{})
			told.SetFact(fact.Name, answer)
			if got := look(told); got != answer {
				t.Errorf("%s: %q is shown once it is %q", fact.Name, got, answer)
			}
		}
	}
}

// TestBehaviourGoesBeforeTheVendor: what is said of a vendor's facts goes before how it is
// made, and is taken back by nothing.
func TestBehaviourGoesBeforeTheVendor(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Config{Facts: sandbox.Facts{profile.Rows: profile.One}})
	for _, step := range []struct{ say, want profile.Answer }{{profile.Each, profile.Each}, {"", profile.One}} {
		r.SetFact(profile.Rows, step.say)
		r.ok("cart.empty")
		if got := seen[profile.Rows](r); got != step.want {
			t.Errorf("after %q: %q, want %q", step.say, got, step.want)
		}
	}
	if facts := r.Behaviour().Facts; facts != nil {
		t.Errorf("facts: %v", facts)
	}
}

// TestBuild: each answer says of which build of the panel it is.
func TestBuild(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Config{})
	first := r.ok("cart").text("$features")
	r.Behave(sandbox.Behaviour{Build: "next"})
	if first == "" || r.ok("cart").text("$features") != "next" || r.call("none").text("$features") != "next" {
		t.Errorf("builds: %q, then %q", first, r.ok("cart").text("$features"))
	}
}

// TestConfirmAgain: a vendor that looks at the money first sells it once more.
func TestConfirmAgain(t *testing.T) {
	t.Parallel()
	for answer, want := range map[profile.Answer]int{
		profile.Missed: 1, profile.Other: 1, profile.None: 1, profile.Amount: 2, profile.NotEnough: 2,
	} {
		r := newRig(t, sandbox.Config{Facts: sandbox.Facts{profile.ConfirmAgain: answer}})
		lineItem := r.add()
		r.confirm(lineItem)
		r.call(confirmCall, "elid", lineItem, "paymethod_id", "0", "sok", "ok")
		if got := len(r.Orders(login)); got != want || len(r.Services(login)) != want {
			t.Errorf("%s: %d orders, want %d", answer, got, want)
		}
	}
}
