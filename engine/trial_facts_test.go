package engine

import (
	"context"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/chat"
	"zomrobot/trial"
	"zomrobot/zomro"
	"zomrobot/zomro/profile"
	"zomrobot/zomro/sandbox"
)

const triedLogin, triedPassword = "anna@example.com", "Vendor-Secret-1"

// experimenter carries out experiments with the real calls, against the stand-in for the
// vendor.
type experimenter struct {
	t      *testing.T
	vendor *sandbox.Sandbox
	engine *Engine
	auth   zomro.Auth
	idle   zomro.Auth
	now    time.Time
	r      trial.Record
	how    trial.How // in which the last experiment has ended
}

func newExperimenter(t *testing.T) *experimenter {
	t.Helper()
	x := &experimenter{t: t, now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	x.vendor = sandbox.New(sandbox.Config{Now: func() time.Time { return x.now }})
	x.vendor.AddAccount(triedLogin, triedPassword, zomro.Money{Amount: decimal.NewFromInt(100), Currency: "EUR"})
	x.vendor.AddService(triedLogin, "old")
	x.vendor.AddCharge(triedLogin, "old", zomro.Money{Amount: decimal.NewFromInt(1), Currency: "EUR"}, x.now)
	x.vendor.AddKey(triedLogin, "laptop", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGxSs1vx9KzvJd8Q3bU8n7Rz8cVQ2u0tJqJm3h4b6y5P laptop")
	server := httptest.NewServer(x.vendor)
	t.Cleanup(server.Close)
	t.Cleanup(x.vendor.Close)
	x.engine = &Engine{
		store:  emptyStore(t),
		vendor: zomro.New(server.URL, zomro.WithSleep(func(context.Context, time.Duration) error { return nil })),
		now:    func() time.Time { return x.now },
	}
	x.auth = x.session()
	x.r = trial.New("trial-1-7", chat.Key{Chat: 1, User: 1}, "7", "home", x.now)
	return x
}

func (x *experimenter) session() zomro.Auth {
	x.t.Helper()
	session, err := x.engine.vendor.Login(x.t.Context(), triedLogin, zomro.NewSecret(triedPassword), "en")
	if err != nil {
		x.t.Fatal(err)
	}
	return zomro.Auth{Session: session, Lang: "en"}
}

func (x *experimenter) do(event trial.Event) {
	x.t.Helper()
	is, err := trial.Step(x.r, event, x.now)
	if err != nil {
		x.t.Fatalf("%T: %v, %+v", event, err, x.r.Running)
	}
	x.r = is
}

// around is what conditions rest on.
func (x *experimenter) around() *trial.Around {
	x.t.Helper()
	a := &trial.Around{At: x.now, Renews: true, Cart: []zomro.CartItem{}}
	balance, err := x.engine.vendor.Balance(x.t.Context(), x.auth)
	if err != nil {
		x.t.Fatal(err)
	}
	a.Balance = &balance
	if err := x.engine.chooseGoods(x.t.Context(), x.auth, a); err != nil {
		a.Failure = trialFailure(err, true, trial.CallAround)
	}
	return a
}

// call makes a call, and hands in the answer.
func (x *experimenter) call(a trial.Action, around *trial.Around) {
	x.t.Helper()
	if a.Call.Announced() {
		x.do(trial.Calling{Source: a.Source, Call: a.Call})
	}
	answer := trial.Answered{Source: a.Source, Call: a.Call}
	auth := x.auth
	var err error
	switch a.Call {
	case trial.CallAround:
		answer.Around = around
	case trial.CallLogin:
		x.idle = x.session()
	case trial.CallKeep, trial.CallLogout:
		auth = x.idle
		fallthrough
	default:
		err = x.engine.carryOutTrial(x.t.Context(), auth, x.r, a, &answer)
	}
	if err != nil {
		answer.Failure = trialFailure(err, true, a.Call)
	}
	x.do(answer)
}

// tries carries an experiment out to its end.
func (x *experimenter) tries(source profile.Source, code string) map[profile.Name]profile.Answer {
	x.t.Helper()
	x.auth = x.session() // the one before lay idle for as long as the experiments took
	around := x.around()
	x.do(trial.Chosen{Source: source, Code: code})
	for range 500 {
		if end, ended := x.r.Done[source]; ended && x.r.Running == nil && x.r.Idle == nil && !x.r.Refresh {
			x.how = end.How
			all := map[profile.Name]profile.Answer{}
			for _, l := range end.Lessons {
				all[l.Fact] = l.Answer
			}
			return all
		}
		run := x.r.Running
		if run == nil {
			run = x.r.Idle
		}
		if run != nil && run.Asks {
			x.vendor.EmptyCart(triedLogin)
		}
		switch a := trial.Next(x.r, x.now); {
		case a.Kind == trial.Do:
			x.call(a, around)
		case a.Kind == trial.Wait:
			x.now = a.Until
			x.do(trial.Tick{})
		case a.Kind == trial.Place:
			x.do(trial.Placed{})
		case run.Stage == trial.Consenting:
			x.do(trial.Agreed{Source: source})
		case run.Stage == trial.Panel:
			x.vendor.PutForeignItem(triedLogin)
			x.do(trial.PutIn{})
		default:
			x.t.Fatalf("%s does not go on: %+v %+v", source, a, run)
		}
	}
	x.t.Fatalf("%s does not end: %+v", source, x.r.Running)
	return nil
}

// TestTrialLearnsWhatIsSo: whatever is true of a fact that an experiment without a payment
// settles, it learns that, or leaves it open, of the stand-in for the vendor, which answers by
// the same table; and nothing is left in the cart.
func TestTrialLearnsWhatIsSo(t *testing.T) {
	t.Parallel()
	type way struct {
		fact   profile.Name
		answer profile.Answer
	}
	other := map[way]profile.Answer{ // what is learned instead; "": nothing
		{profile.Rows, profile.Other}:          profile.Each, // of two servers a row for one and one for the others
		{profile.PoorLeft, profile.Other}:      "",           // then it may have been bought
		{profile.OrderRows, profile.AsRead}:    "",           // there is no unpaid order
		{profile.OrderRows, profile.Otherwise}: "",
	}
	for _, source := range trial.Experiments() {
		if source == profile.ByBuy || source == profile.ByTwo {
			continue // their purchases are ordinary ones
		}
		t.Run(string(source), func(t *testing.T) {
			t.Parallel()
			try := func(ways ...way) {
				x := newExperimenter(t)
				if source == profile.ByPoor {
					x.vendor.SetBalance(triedLogin, zomro.Money{Amount: decimal.Zero, Currency: "EUR"})
				}
				code, alarms := "", false
				if source == profile.ByPromo {
					code = "WELCOME10"
				}
				for _, w := range ways {
					x.vendor.SetFact(w.fact, w.answer)
					alarms = alarms || w == way{profile.PoorLeft, profile.Other}
				}
				learned := x.tries(source, code)
				for _, w := range ways {
					want := w.answer
					if is, differs := other[w]; differs {
						want = is
					}
					if got := learned[w.fact]; got != want {
						t.Errorf("%s is %s, and was learned as %q; it ended %s: %+v", w.fact, w.answer, got, x.how, x.r.Done[source].Failure)
					}
				}
				if rows := x.vendor.Cart(triedLogin); source != profile.ByRead && len(rows) > 0 {
					t.Errorf("%v: %+v is left in the cart", ways, rows)
				}
				if (x.how == trial.Alarm) != alarms {
					t.Errorf("%v: it ended %s", ways, x.how)
				}
			}
			var expected, otherwise []way // those that do not bear on each other are tried at once
			for _, fact := range profile.Settled(source) {
				expected = append(expected, way{fact.Name, fact.Expects[0]})
				for _, answer := range fact.Answers {
					switch w := (way{fact.Name, answer}); {
					case answer == fact.Expects[0]:
					case answer == profile.Otherwise && fact.Name != profile.CartFields:
						otherwise = append(otherwise, w)
					default:
						try(w)
					}
				}
			}
			try(expected...)
			if len(otherwise) > 0 {
				try(otherwise...)
			}
		})
	}
}
