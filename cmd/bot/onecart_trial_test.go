package main

import (
	"fmt"
	"strings"
	"testing"

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
	w.tries(trialflow.Begin{})
	w.tries(trialflow.Run{Source: source})
	run := w.stands().Running
	if run == nil || run.Stage != trial.Consenting {
		t.Fatalf("%s does not ask for consent: %+v, %+v", source, run, w.stands().Done[source].Failure)
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
