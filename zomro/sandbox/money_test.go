package sandbox_test

import (
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"zomrobot/zomro/profile"
	"zomrobot/zomro/sandbox"
)

// TestMoneyAddsUp does random things to an account and holds after each that
// the balance never goes below zero, that what is missing from it is the sum of
// the orders, that the cart's total is the sum of what its items will charge,
// and that every paid server exists once.
func TestMoneyAddsUp(t *testing.T) {
	server := newRig(t, sandbox.Config{}) // only to read the forms
	images := map[string]string{}
	for _, plan := range []string{"9101", "9102", "9103", "9110"} {
		images[plan] = server.ok("v2.instances.order.param", "pricelist", plan, "period", "1").text("slist", 0, "val", 0, "$key")
	}
	rapid.Check(t, func(rt *rapid.T) {
		c := &clock{now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
		vat := rapid.SampledFrom([]string{"19", "21", "7.7"}).Draw(rt, "vat")
		total := rapid.SampledFrom([]profile.Answer{profile.Sum, profile.WithTax, profile.Less}).Draw(rt, "total")
		start := decimal.New(rapid.Int64Range(0, 30_000).Draw(rt, "start"), -2)
		s := sandbox.New(sandbox.Config{Now: c.Now, VATPercent: decimal.RequireFromString(vat), Facts: sandbox.Facts{profile.CartTotal: total, profile.Rows: profile.One}})
		s.AddAccount(login, password, eur(start.String()))
		auth := s.OpenSession(login)
		call := func(function string, pairs ...string) node {
			form := url.Values{"func": {function}, "out": {"json"}, "auth": {auth}}
			for i := 0; i < len(pairs); i += 2 {
				form.Set(pairs[i], pairs[i+1])
			}
			request := httptest.NewRequest("POST", "/", strings.NewReader(form.Encode()))
			request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			recorder := httptest.NewRecorder()
			s.ServeHTTP(recorder, request)
			return parse(t, recorder.Body.Bytes()).at("doc")
		}
		var confirmed []string
		counts := map[string]int{}
		rt.Repeat(map[string]func(*rapid.T){
			"add": func(rt *rapid.T) {
				if len(s.Cart(login)) >= 3 {
					return
				}
				plan := rapid.SampledFrom([]string{"9101", "9102", "9103", "9110"}).Draw(rt, "plan")
				count := rapid.IntRange(1, 3).Draw(rt, "count")
				lineItem := call("v2.instances.order.param",
					"sok", "ok", "licence_agreement", "on", "force_use_new_cart", "on", "pricelist", plan, "datacenter", "17",
					"order_period", rapid.SampledFrom([]string{"-50", "1", "3", "6", "12"}).Draw(rt, "period"),
					"order_count", strconv.Itoa(count), "instances_os", images[plan], "password", "Server-Pass-1",
					"addon_"+plan+"1", rapid.SampledFrom([]string{"301", "302"}).Draw(rt, "network"),
				).text("lineitem.id", "$")
				if lineItem == "" {
					rt.Fatal("not added")
				}
				counts[lineItem] = count
			},
			"foreign": func(*rapid.T) {
				if len(s.Cart(login)) < 4 {
					counts[s.PutForeignItem(login)] = 1
				}
			},
			"promo": func(rt *rapid.T) {
				call("cart", apply(rapid.SampledFrom([]string{"WELCOME10", "MINUS2", "YEAR25", "USELESS", "NOPE"}).Draw(rt, "code"))...)
			},
			"delete": func(rt *rapid.T) {
				if cart := s.Cart(login); len(cart) > 0 {
					call("cart", "sok", "ok", "clicked_button", "delete", "id", rapid.SampledFrom(cart).Draw(rt, "item").LineItem)
				}
			},
			"confirm": func(rt *rapid.T) {
				cart := s.Cart(login)
				if len(cart) == 0 {
					return
				}
				item := rapid.SampledFrom(cart).Draw(rt, "item")
				before := s.Balance(login).Amount
				doc := call("cartorder.create.confirm", "elid", item.LineItem, "paymethod_id", "0", "sok", "ok")
				if enough := !item.Charge.Amount.GreaterThan(before); enough == doc.has("error") {
					rt.Fatalf("balance %s, charge %s, answer %v", before, item.Charge.Amount, doc.v)
				}
				if doc.has("error") {
					return
				}
				if after := s.Balance(login).Amount; !before.Sub(after).Equal(item.Charge.Amount) {
					rt.Fatalf("charged %s, shown %s", before.Sub(after), item.Charge.Amount)
				}
				confirmed = append(confirmed, item.LineItem)
			},
			"confirm again": func(rt *rapid.T) {
				if len(confirmed) == 0 {
					return
				}
				elid := rapid.SampledFrom(confirmed).Draw(rt, "elid")
				if doc := call("cartorder.create.confirm", "elid", elid, "paymethod_id", "0", "sok", "ok"); doc.text("error", "$type") != "missed" {
					rt.Fatalf("paid twice: %v", doc.v)
				}
			},
			"price": func(rt *rapid.T) {
				s.SetPrice("9102", "1", eur(decimal.New(rapid.Int64Range(0, 2000).Draw(rt, "price"), -2).String()))
			},
			"time": func(*rapid.T) {
				c.Advance(30 * time.Minute)
				call("keepalive")
			},
			"": func(rt *rapid.T) {
				balance := s.Balance(login).Amount
				if balance.IsNegative() {
					rt.Fatalf("balance %s", balance)
				}
				spent, servers := decimal.Zero, 0
				seen := map[string]bool{}
				for _, order := range s.Orders(login) {
					spent = spent.Add(order.Amount.Amount)
					if len(order.Services) != counts[order.LineItem] {
						rt.Fatalf("order %+v has other servers", order.LineItem)
					}
					for _, id := range order.Services {
						if seen[id] {
							rt.Fatalf("server %s twice", id)
						}
						seen[id] = true
						servers++
					}
				}
				if !start.Sub(spent).Equal(balance) {
					rt.Fatalf("started with %s, spent %s, have %s", start, spent, balance)
				}
				if got := len(s.Services(login)); got != servers {
					rt.Fatalf("%d servers, ordered %d", got, servers)
				}
				total, cart := decimal.Zero, s.Cart(login)
				if len(cart) == 0 {
					return
				}
				for _, item := range cart {
					if item.Charge.Amount.IsNegative() || item.Charge.Amount.Exponent() < -2 {
						rt.Fatalf("charge %s", item.Charge.Amount)
					}
					total = total.Add(item.Charge.Amount)
				}
				if got := call("cart").text("total", "cost", "$"); got != total.StringFixed(2) {
					rt.Fatalf("cart's total %s, its items %s", got, total)
				}
			},
		})
	})
}

// TestMoneyAddsUpWhateverIsAnswered is TestMoneyAddsUp for a vendor that answers
// wrongly: the orders, the charges and the balance tell the same, no row is paid
// twice, and what was not paid has taken nothing.
func TestMoneyAddsUpWhateverIsAnswered(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r := newRig(t, sandbox.Config{Facts: sandbox.Facts{profile.CartTotal: profile.WithTax}})
		fields := r.wanted()
		var rows []string
		last := func() string { return rapid.SampledFrom(append(rows, "1")).Draw(rt, "row") }
		rt.Repeat(map[string]func(*rapid.T){
			"behave": func(rt *rapid.T) {
				r.Behave(sandbox.Behaviour{
					Facts: sandbox.Facts{
						profile.Rows:         rapid.SampledFrom([]profile.Answer{profile.Each, profile.One, profile.Other}).Draw(rt, "rows"),
						profile.ConfirmScope: rapid.SampledFrom([]profile.Answer{profile.Row, profile.WholeCart}).Draw(rt, "scope"),
						profile.ListedInCart: rapid.SampledFrom([]profile.Answer{profile.Unlisted, profile.Listed}).Draw(rt, "listed"),
						profile.Taken:        rapid.SampledFrom([]profile.Answer{profile.Total, profile.More, profile.Less}).Draw(rt, "taken"),
						profile.PoorLeft:     rapid.SampledFrom([]profile.Answer{profile.None, profile.Unpaid, profile.Other}).Draw(rt, "left"),
						profile.PromoKept:    rapid.SampledFrom([]profile.Answer{profile.Dropped, profile.Kept}).Draw(rt, "promo"),
					},
					ConfirmDoesNotPay: rapid.Bool().Draw(rt, "unpaid"),
				})
			},
			"go wrong": func(rt *rapid.T) {
				r.Inject(sandbox.Fault{
					Kind: rapid.SampledFrom([]sandbox.FaultKind{
						sandbox.Drop, sandbox.Status, sandbox.Reply, sandbox.Pretend, sandbox.Later, sandbox.CutBody,
					}).Draw(rt, "kind"),
					Func:   rapid.SampledFrom([]string{addCall, confirmCall}).Draw(rt, "func"),
					Shape:  rapid.SampledFrom([]sandbox.AnswerShape{"", sandbox.OKShape, sandbox.FormShape, sandbox.EmptyShape}).Draw(rt, "shape"),
					Effect: rapid.Bool().Draw(rt, "effect"),
					Delay:  time.Duration(rapid.IntRange(0, 3).Draw(rt, "minutes")) * time.Minute,
				})
			},
			"add": func(rt *rapid.T) {
				fields := append([]string{}, fields...)
				for i := 0; i < len(fields); i += 2 {
					if fields[i] == "order_count" {
						fields[i+1] = strconv.Itoa(rapid.IntRange(1, 3).Draw(rt, "count"))
					}
				}
				_, _, _, _ = r.try(addCall, fields...)
				for _, item := range r.Cart(login) {
					if !slices.Contains(rows, item.LineItem) {
						rows = append(rows, item.LineItem)
					}
				}
			},
			"confirm": func(*rapid.T) {
				_, _, _, _ = r.try(confirmCall, "elid", last(), "paymethod_id", "0", "sok", "ok")
			},
			"panel": func(rt *rapid.T) {
				for _, service := range r.Services(login) {
					if service.Unpaid && rapid.Bool().Draw(rt, "pay") {
						r.PayOrder(login, service.ID)
					}
				}
			},
			"time": func(*rapid.T) {
				r.clock.Advance(time.Minute)
				r.auth = r.OpenSession(login)
			},
			"": func(rt *rapid.T) {
				ordered, seen, running := decimal.Zero, map[string]bool{}, map[string]bool{}
				for _, order := range r.Orders(login) {
					if seen[order.LineItem] {
						rt.Fatalf("row %s was paid twice", order.LineItem)
					}
					seen[order.LineItem] = true
					ordered = ordered.Add(order.Amount.Amount)
					for _, id := range order.Services {
						running[id] = true
					}
				}
				taken, left := r.Taken(login).Amount, r.Balance(login).Amount
				if !taken.Equal(ordered) || !taken.Add(left).Equal(decimal.NewFromInt(100)) || left.IsNegative() {
					rt.Fatalf("ordered for %s, taken %s, left %s", ordered, taken, left)
				}
				for _, service := range r.Services(login) {
					if (service.Status != "1") != running[service.ID] {
						rt.Fatalf("server %+v, paid: %v", service, running[service.ID])
					}
				}
				for _, item := range r.Cart(login) {
					if seen[item.LineItem] {
						rt.Fatalf("row %s is paid and in the cart", item.LineItem)
					}
				}
			},
		})
	})
}

// TestConcurrentConfirms lets many callers confirm the same items: each is paid
// once.
func TestConcurrentConfirms(t *testing.T) {
	r := newRig(t, sandbox.Config{})
	var items []string
	for range 4 {
		items = append(items, r.add())
	}
	var wait sync.WaitGroup
	var mu sync.Mutex
	paid := map[string]int{}
	for range 5 {
		for _, item := range items {
			wait.Go(func() {
				_, _, body, err := r.try("cartorder.create.confirm", "elid", item, "paymethod_id", "0", "sok", "ok")
				if err != nil {
					t.Error(err)
					return
				}
				r.Calls()
				r.Services(login)
				mu.Lock()
				defer mu.Unlock()
				if !parse(t, body).at("doc").has("error") {
					paid[item]++
				}
			})
		}
	}
	wait.Wait()
	for _, item := range items {
		if paid[item] != 1 {
			t.Errorf("%s was paid %d times", item, paid[item])
		}
	}
	equalMoney(t, "balance", r.Balance(login), "76.96")
}
