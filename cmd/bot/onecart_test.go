package main

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"zomrobot/purchase"
	"zomrobot/zomro"
	"zomrobot/zomro/profile"
	"zomrobot/zomro/sandbox"
)

// twoAtOnce are Anna and Boris, who have two logins of one account and confirm an order each;
// the vendor has both adds, and has not made them yet.
type twoAtOnce struct {
	*world
	hers, his *sandbox.Injection
}

const addCall = "v2.instances.order.param"

// newOneCart is a world in which Anna and Boris have logged in, each by a login of their own of
// one account.
func newOneCart(t *testing.T, scope profile.Answer) *world {
	t.Helper()
	w := newWorld(t, sandbox.Config{ActivationDelay: time.Minute, Facts: sandbox.Facts{profile.ConfirmScope: scope, profile.LineItem: profile.Both}})
	w.vendor.AddUser("boris@example.com", vendorPassword, vendorLogin)
	w.vendor.SetBalance(vendorLogin, eur(100))
	w.login(anna)
	w.say(boris, "/login")
	w.tap(boris, "Логин и пароль")
	w.say(boris, "boris@example.com")
	w.say(boris, vendorPassword)
	return w
}

func newTwoAtOnce(t *testing.T, scope profile.Answer, his string, lost *sandbox.Fault) *twoAtOnce {
	t.Helper()
	w := newOneCart(t, scope)
	two := &twoAtOnce{world: w}
	add := sandbox.Fault{Kind: sandbox.Hold, Func: addCall, Match: map[string]string{"sok": "ok"}}
	for person, order := range map[int64]string{anna: shortOrder, boris: his} {
		w.say(person, order)
	}
	held := w.vendor.Inject(add)
	for _, person := range []int64{anna, boris} {
		if _, err := w.chats.Say(person, person, "/confirm"); err != nil {
			t.Fatal(err)
		}
		<-held.Hit()
		if person == anna {
			two.hers = held
			w.vendor.SetBalance(vendorLogin, eur(99)) // money moves between, so that they do not hold each other back
			if lost != nil {
				held = w.vendor.Inject(*lost)
			} else {
				held = w.vendor.Inject(add)
			}
		}
	}
	two.his = held
	return two
}

// minutes lets time pass, a look at a time. Nothing is ever paid that its person has not agreed to.
func (w *twoAtOnce) minutes(n int) {
	w.t.Helper()
	for range 6 * n {
		w.pass(10 * time.Second)
		w.paysWhatWasAgreed()
	}
}

// paysWhatWasAgreed: each server that was paid was paid by its own purchase, at the price that
// was agreed to.
func (w *twoAtOnce) paysWhatWasAgreed() {
	w.t.Helper()
	of := map[string]purchase.Record{}
	for _, p := range w.purchases() {
		of[p.Record.Order.ServerName] = p.Record
	}
	names := map[string]string{}
	for _, s := range w.vendor.Services(vendorLogin) {
		names[s.ID] = s.Name
	}
	for _, order := range w.vendor.Orders(vendorLogin) {
		for _, id := range order.Services {
			name := names[id]
			if r := of[name]; r.Confirms == 0 || order.Amount.Amount.GreaterThan(r.Quote.Total.Amount) {
				w.t.Fatalf("%s for %v was paid, and its purchase has sent %d payments for %v at most", name, order.Amount.Amount, r.Confirms, r.Quote.Total.Amount)
			}
		}
	}
}

// bothBought: each has their server, bought once, and the cart is empty.
func (w *twoAtOnce) bothBought() {
	w.t.Helper()
	w.wantSaid(anna, "The server is active", "web-1")
	w.wantSaid(boris, "Сервер активен", "web-2")
	if n, left := w.sold(), len(w.vendor.Cart(vendorLogin)); n != 2 || left != 0 {
		w.t.Errorf("%d orders, and %d rows in the cart\n%s", n, left, w.chats.Transcript(boris))
	}
	for _, person := range []int64{anna, boris} {
		if w.said(person, "not certain") || w.said(person, "неизвестно") {
			w.t.Errorf("somebody was alarmed:\n%s", w.chats.Transcript(person))
		}
	}
	w.booksHold()
}

// TestTwoLoginsAddAtTheSameSecond: neither's payment pays for the other, whatever a confirm
// pays, and both get their servers.
func TestTwoLoginsAddAtTheSameSecond(t *testing.T) {
	t.Parallel()
	his := strings.Replace(shortOrder, "web-1", "web-2", 1)
	for _, scope := range []profile.Answer{profile.Row, profile.WholeCart} {
		t.Run("both are carried out, "+string(scope), func(t *testing.T) {
			t.Parallel()
			w := newTwoAtOnce(t, scope, his, nil)
			w.hers.Release()
			w.his.Release()
			w.settle()
			w.minutes(6)
			w.bothBought()
		})
		t.Run("the later one is carried out while the other pays, "+string(scope), func(t *testing.T) {
			t.Parallel()
			w := newTwoAtOnce(t, scope, his, nil)
			paying := w.vendor.Inject(sandbox.Fault{Kind: sandbox.Hold, Func: "cartorder.create.confirm", Match: map[string]string{"sok": "ok"}})
			w.hers.Release()
			w.untilMoved(func(r purchase.Record) bool {
				return !r.Impeded.IsZero() || paying.Held() > 0
			})
			w.his.Release()
			<-w.his.Over()
			paying.Remove()
			w.settle()
			w.minutes(6)
			w.bothBought()
		})
		t.Run("the later one stands at a question, "+string(scope), func(t *testing.T) {
			t.Parallel()
			w := newTwoAtOnce(t, scope, his, nil)
			w.vendor.SetPrice("9102", zomro.Month, zomro.Money{Amount: crashDearer, Currency: "EUR"})
			w.his.Release()
			w.untilMoved(func(r purchase.Record) bool { return r.Question != nil })
			w.vendor.SetPrice("9102", zomro.Month, eurs("5.76"))
			w.hers.Release()
			w.settle()
			w.minutes(32)
			if n := w.sold(); n != 0 {
				t.Fatalf("%d orders", n)
			}
			w.wantSaid(anna, "another purchase made through me", "Nothing was charged")
			for _, p := range w.purchases() {
				if p.Owner.User == boris && !w.pressOf(p, boris, ":"+string(purchase.ChooseAccept)) {
					t.Fatal("the price cannot be accepted")
				}
			}
			w.settle()
			w.minutes(1)
			w.tap(anna, "🔄 Try again")
			w.minutes(6)
			w.bothBought()
		})
		t.Run("the answer to the later one is lost, and the bot ends, "+string(scope), func(t *testing.T) {
			t.Parallel()
			w := newTwoAtOnce(t, scope, his, &sandbox.Fault{Kind: sandbox.Drop, Effect: true, Func: addCall, Match: map[string]string{"sok": "ok"}})
			w.hers.Release()
			w.restart()
			w.settle()
			w.minutes(6)
			w.bothBought()
		})
	}
}

// TestTheLaterRowIsTakenOutAgain: whatever comes of taking it out once, both are bought.
func TestTheLaterRowIsTakenOutAgain(t *testing.T) {
	t.Parallel()
	his := strings.Replace(passwordOrder, "web-1", "web-2", 1)
	for name, fault := range map[string]sandbox.Fault{
		"an error page":                {Kind: sandbox.Status},
		"dropped":                      {Kind: sandbox.Drop},
		"said, and not done":           {Kind: sandbox.Pretend},
		"denied, for there is none":    {Kind: sandbox.Reply, ErrorType: "missed"},
		"denied in the same way, done": {Kind: sandbox.Reply, ErrorType: "missed", Effect: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newTwoAtOnce(t, profile.WholeCart, his, nil)
			fault.Func, fault.Match, fault.Times = "cart", map[string]string{"clicked_button": "delete"}, 1
			remove := w.vendor.Inject(fault)
			w.hers.Release()
			w.his.Release()
			w.settle()
			w.minutes(6)
			if remove.Hits() != 1 {
				t.Errorf("no row was taken out")
			}
			w.bothBought()
		})
	}
}

// TestTwoLoginsOrderSeveral: neither has rows in the cart while the other adds, so that each can
// tell its own, whatever their number; an add that hangs is waited for.
func TestTwoLoginsOrderSeveral(t *testing.T) {
	t.Parallel()
	for _, hangs := range []bool{false, true} {
		t.Run(fmt.Sprint(hangs), func(t *testing.T) {
			t.Parallel()
			w := &twoAtOnce{world: newOneCart(t, profile.WholeCart)}
			w.vendor.SetFact(profile.Rows, profile.Each)
			for person, name := range map[int64]string{anna: "web-1", boris: "web-2"} {
				w.say(person, strings.NewReplacer("web-1", name, "order_count=1", "order_count=2").Replace(passwordOrder))
			}
			add := w.vendor.Inject(sandbox.Fault{Kind: sandbox.Hold, Func: addCall, Match: map[string]string{"sok": "ok"}})
			for _, person := range []int64{anna, boris} {
				if _, err := w.chats.Say(person, person, "/confirm"); err != nil {
					t.Fatal(err)
				}
				<-add.Hit() // hers
			}
			w.untilMoved(func(r purchase.Record) bool { return !r.Impeded.IsZero() })
			if hangs {
				for range 40 {
					w.clock.move(2 * time.Second)
					if _, err := w.program.Engine.Sweep(t.Context()); err != nil {
						t.Fatal(err)
					}
				}
			}
			add.Remove()
			w.settle()
			w.minutes(8)
			if n, left := len(w.vendor.Services(vendorLogin)), len(w.vendor.Cart(vendorLogin)); n != 4 || left != 0 {
				t.Errorf("%d servers, and %d rows in the cart\n%s\n%s", n, left, w.chats.Transcript(anna), w.chats.Transcript(boris))
			}
			for _, p := range w.purchases() {
				if r := p.Record; r.State != purchase.StateActive || r.Bought != 2 {
					t.Errorf("%s is %s, and has bought %d", r.Order.ServerName, r.State, r.Bought)
				}
			}
			w.booksHold()
		})
	}
}

// TestHeldBackKeepsItsPassword: whose payment is held back may have to add once more, and has
// what that needs.
func TestHeldBackKeepsItsPassword(t *testing.T) {
	t.Parallel()
	w := &twoAtOnce{world: newOneCart(t, profile.WholeCart)}
	w.say(anna, passwordOrder)
	w.say(boris, strings.Replace(passwordOrder, "web-1", "web-2", 1))
	hers := w.vendor.Inject(sandbox.Fault{Kind: sandbox.Hold, Func: addCall, Match: map[string]string{"sok": "ok"}})
	if _, err := w.chats.Say(anna, anna, "/confirm"); err != nil {
		t.Fatal(err)
	}
	<-hers.Hit()
	w.vendor.SetBalance(vendorLogin, eur(99)) // so that he sees another balance than she did
	if _, err := w.chats.Say(boris, boris, "/confirm"); err != nil {
		t.Fatal(err)
	}
	w.untilMoved(func(r purchase.Record) bool { return r.LineItem != "" && !r.Impeded.IsZero() })
	hers.Release()
	w.settle()
	w.minutes(6)
	w.bothBought()
}

// untilMoved waits until some purchase is as it is waited for.
func (w *twoAtOnce) untilMoved(is func(purchase.Record) bool) {
	w.t.Helper()
	ctx, cancel := w.patient()
	defer cancel()
	for ctx.Err() == nil {
		for _, p := range w.purchases() {
			if is(p.Record) {
				return
			}
		}
		runtime.Gosched() // nothing outside tells that a call was not made
	}
	w.t.Fatal("no purchase has moved")
}
