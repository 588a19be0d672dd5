package main

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	trialflow "zomrobot/conversation/trial"
	"zomrobot/purchase"
	"zomrobot/trial"
	"zomrobot/zomro/profile"
	"zomrobot/zomro/sandbox"
)

// newTrialBeside is a world in which Anna is about to try something of the vendor, and Boris has
// an order on the screen of the plan that she tries it with: each by a login of their own of one
// account.
func newTrialBeside(t *testing.T, scope profile.Answer, source profile.Source) *twoAtOnce {
	t.Helper()
	w := &twoAtOnce{world: newOneCart(t, scope)}
	if source == profile.ByPoor {
		w.vendor.SetBalance(vendorLogin, eur(8))
	}
	w.tries(trialflow.Begin{})
	w.tries(trialflow.Run{Source: source})
	run := w.stands().Running
	if run == nil || run.Stage != trial.Consenting {
		t.Fatalf("%s does not ask for consent: %+v, %+v", source, run, w.stands().Done[source].Failure)
	}
	if source == profile.ByPoor { // it is too dear
		w.say(boris, strings.Replace(shortOrder, "web-1", "web-2", 1))
		return w
	}
	goods := run.Goods[0]
	w.say(boris, fmt.Sprintf("/order datacenter=%s pricelist=%s order_period=1 instances_os=Ubuntu 22.04 use_ssh_key=on instances_ssh_keys=laptop servername=web-2 order_count=1 backups_schedule=off", goods.Datacenter, goods.Plan))
	return w
}

// agrees has Anna agree to the experiment; it is not waited for.
func (w *twoAtOnce) agrees(source profile.Source) {
	w.t.Helper()
	amount := ""
	if cost := w.stands().Running.Cost; cost != nil {
		amount = cost.Amount.String()
	}
	if told, err := w.program.Engine.Trial(w.t.Context(), trier, trialflow.Consent{Source: source, Amount: amount}); err != nil || told.Refused != "" {
		w.t.Fatalf("%s is refused: %s, %v", source, told.Refused, err)
	}
}

// orders has Boris confirm his order; it is not waited for.
func (w *twoAtOnce) orders() {
	w.t.Helper()
	if _, err := w.chats.Say(boris, boris, "/confirm"); err != nil {
		w.t.Fatal(err)
	}
}

// added is the vendor's call that puts something into the cart.
func added(kind sandbox.FaultKind) sandbox.Fault {
	return sandbox.Fault{Kind: kind, Func: addCall, Match: map[string]string{"sok": "ok"}}
}

// TestLostAddBesideATrial: a row that a trial of another login has put into the cart is not taken
// for that of an order whose answer was lost.
func TestLostAddBesideATrial(t *testing.T) {
	t.Parallel()
	for _, scope := range []profile.Answer{profile.Row, profile.WholeCart} {
		t.Run(string(scope), func(t *testing.T) {
			t.Parallel()
			w := newTrialBeside(t, scope, profile.ByPromo)
			stays := w.notTakenOut()
			hers := w.vendor.Inject(added(sandbox.Hold))
			w.agrees(profile.ByPromo)
			<-hers.Hit()
			w.vendor.Inject(added(sandbox.Drop))
			w.orders()
			w.untilMoved(func(r purchase.Record) bool { return r.State == purchase.StateUnknown && r.Attempts > 0 })
			hers.Release()
			w.settle()
			w.minutes(1)
			stays.Remove()
			w.minutes(8)
			w.tap(boris, "🔄 Повторить")
			w.minutes(2)
			if n := w.sold(); n != 1 {
				t.Errorf("%d orders were paid:\n%s", n, w.chats.Transcript(boris))
			}
			for _, order := range w.vendor.Orders(vendorLogin) {
				for _, f := range order.Fields {
					if f.Name == "servername" && strings.HasPrefix(f.Value, "trial-") {
						t.Errorf("the row of the trial was paid:\n%s", w.chats.Transcript(boris))
					}
				}
			}
			if n := len(w.vendor.Cart(vendorLogin)); n != 0 || w.stands().Running != nil {
				t.Errorf("%d rows are in the cart, the trial is %+v", n, w.stands().Running)
			}
			w.booksHold()
		})
	}
}

// TestPaymentBesideATrial: a confirm that pays the whole cart never pays, for one login, a row
// that the other has just put there.
func TestPaymentBesideATrial(t *testing.T) {
	t.Parallel()
	confirm := sandbox.Fault{Kind: sandbox.Hold, Func: "cartorder.create.confirm", Match: map[string]string{"sok": "ok"}}
	t.Run("the trial adds while the order is paid", func(t *testing.T) {
		t.Parallel()
		w := newTrialBeside(t, profile.WholeCart, profile.ByPromo)
		hers := w.vendor.Inject(sandbox.Fault{Kind: sandbox.Hold, Func: "cart", Match: map[string]string{"clicked_button": "apply_promocode"}})
		w.agrees(profile.ByPromo)
		<-hers.Hit() // she has looked at the cart, and has added nothing yet
		paying := w.vendor.Inject(confirm)
		w.orders()
		<-paying.Hit()
		hers.Release()
		w.untilTried(func(run *trial.Run) bool { return !run.Beside.IsZero() || len(run.Lines) > 0 })
		paying.Remove()
		w.settle()
		w.minutes(6)
		w.wantOrdered()
		if o := w.stands().Done[profile.ByPromo]; o.How != trial.Done {
			t.Errorf("the trial has ended %s: %+v", o.How, o.Failure)
		}
	})
	t.Run("the order is paid while the trial adds", func(t *testing.T) {
		t.Parallel()
		w := newTrialBeside(t, profile.WholeCart, profile.ByCount)
		hers := w.vendor.Inject(added(sandbox.Hold))
		w.agrees(profile.ByCount)
		<-hers.Hit()
		paying := w.vendor.Inject(confirm)
		w.orders()
		w.untilMoved(func(r purchase.Record) bool { return !r.Impeded.IsZero() || paying.Held() > 0 })
		hers.Release()
		<-hers.Over()
		paying.Remove()
		w.settle()
		w.minutes(6)
		w.wantOrdered()
	})
	t.Run("the order is added while the trial pays", func(t *testing.T) {
		t.Parallel()
		w := newTrialBeside(t, profile.WholeCart, profile.ByPoor)
		his := w.vendor.Inject(sandbox.Fault{Kind: sandbox.Hold, Func: "dashboard.info"})
		w.orders()
		<-his.Hit() // he looks at the cart before anything is in it
		hers := w.vendor.Inject(confirm)
		w.agrees(profile.ByPoor)
		<-hers.Hit()
		his.Release()
		w.untilMoved(func(r purchase.Record) bool { return !r.Impeded.IsZero() || r.LineItem != "" })
		w.vendor.SetBalance(vendorLogin, eur(100)) // which it did not have when it was looked at
		hers.Remove()
		w.settle()
		w.onlyAgreed()
	})
	t.Run("the trial pays while the order is added", func(t *testing.T) {
		t.Parallel()
		w := newTrialBeside(t, profile.WholeCart, profile.ByPoor)
		his := w.vendor.Inject(added(sandbox.Hold))
		w.orders()
		<-his.Hit()
		hers := w.vendor.Inject(confirm)
		w.agrees(profile.ByPoor)
		w.untilTried(func(run *trial.Run) bool { return !run.Beside.IsZero() || hers.Held() > 0 })
		his.Release()
		<-his.Over()
		w.vendor.SetBalance(vendorLogin, eur(100))
		hers.Remove()
		w.settle()
		w.onlyAgreed()
	})
}

// untilTried waits until the experiment is as it is waited for, or has ended.
func (w *twoAtOnce) untilTried(is func(*trial.Run) bool) {
	w.t.Helper()
	ctx, cancel := w.patient()
	defer cancel()
	for ctx.Err() == nil {
		if run := w.stands().Running; run == nil || is(run) {
			return
		}
		runtime.Gosched() // nothing outside tells that a call was not made
	}
	w.t.Fatal("the trial has not moved")
}

// wantOrdered: the order is bought, and nothing else is.
func (w *twoAtOnce) wantOrdered() {
	w.t.Helper()
	w.wantSaid(boris, "Сервер активен", "web-2")
	if n, left := w.sold(), len(w.vendor.Cart(vendorLogin)); n != 1 || left != 0 || w.stands().Running != nil {
		w.t.Errorf("%d orders, and %d rows in the cart; the trial: %+v\n%s", n, left, w.stands().Running, w.chats.Transcript(boris))
	}
	w.booksHold()
}

// onlyAgreed: the order is paid by its own payment, or not at all.
func (w *twoAtOnce) onlyAgreed() {
	w.t.Helper()
	for range 60 {
		w.pass(10 * time.Second)
	}
	for _, p := range w.purchases() {
		bought := slices.ContainsFunc(w.vendor.Services(vendorLogin), func(s sandbox.Service) bool { return s.Name == p.Record.Order.ServerName })
		if bought != (p.Record.Confirms > 0) {
			w.t.Errorf("bought: %v, with %d payments:\n%s", bought, p.Record.Confirms, w.chats.Transcript(boris))
		}
	}
	w.booksHold()
}

// TestTwoPlansBesideAnOrder: an order of another login that comes at the same moment as the
// experiment with two plans is paid, or the experiment is carried out: neither waits for the other
// until a person gives one of them up.
func TestTwoPlansBesideAnOrder(t *testing.T) {
	t.Parallel()
	for name, begin := range map[string]func(*twoAtOnce){
		"the order first": func(w *twoAtOnce) { w.orders(); w.agrees(profile.ByTwo) },
		"the trial first": func(w *twoAtOnce) { w.agrees(profile.ByTwo); w.orders() },
		"the order is added": func(w *twoAtOnce) {
			held := w.vendor.Inject(sandbox.Fault{Kind: sandbox.Hold, Func: addCall, Match: map[string]string{"sok": "ok"}, Times: 1})
			w.orders()
			<-held.Hit()
			w.agrees(profile.ByTwo)
			w.until(func() bool {
				run := w.stands().Running
				return run == nil || len(run.Lines) > 0 || !run.Beside.IsZero()
			})
			held.Remove()
		},
	} {
		for _, scope := range []profile.Answer{profile.Row, profile.WholeCart} {
			t.Run(fmt.Sprint(name, ", ", scope), func(t *testing.T) {
				t.Parallel()
				w := &twoAtOnce{world: newWorldWith(t, sandbox.Config{ActivationDelay: time.Minute, Facts: sandbox.Facts{profile.ConfirmScope: scope}}, func(c *Config) { c.Owners = []int64{anna, boris} })}
				w.vendor.AddUser("boris@example.com", vendorPassword, vendorLogin)
				w.login(anna)
				w.say(boris, "/login boris@example.com "+vendorPassword)
				w.say(boris, strings.Replace(shortOrder, "web-1", "web-2", 1))
				w.tries(trialflow.Begin{})
				w.tries(trialflow.Run{Source: profile.ByTwo})
				begin(w)
				w.settle()
				for range 20 * 6 {
					w.pass(10 * time.Second)
				}
				for id, p := range w.purchases() {
					if !p.Record.State.Ended() {
						t.Errorf("%s of %s stands at %s: %+v", id, p.Record.Order.ServerName, p.Record.State, p.Record.Question)
					}
				}
				if run := w.stands().Running; run != nil {
					t.Errorf("the trial stands at %s", run.Stage)
				}
			})
		}
	}
}
