package main

import (
	"strings"
	"testing"
	"time"

	"zomrobot/engine"
	"zomrobot/storage"
	"zomrobot/trial"
	"zomrobot/zomro/profile"
	"zomrobot/zomro/sandbox"
)

// known is what the bot knows of the vendor.
func (w *world) known() profile.Profile {
	w.t.Helper()
	w.stopBot()
	defer w.start()
	var p profile.Profile
	w.withStore(func(store storage.Store) (err error) {
		p, err = engine.ProfileIn(w.t.Context(), store)
		return err
	})
	return p
}

// TestLostProfile: what is known of the vendor cannot be read any more, and a purchase goes its
// way all the same, and teaches anew.
func TestLostProfile(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{})
	w.login(anna)
	w.stopBot()
	w.tamper(func(tx storage.Tx) error { return tx.Put("vendor-profile", []byte(`"spoilt"`)) })
	w.start()
	w.say(anna, shortOrder)
	w.say(anna, "/confirm")
	w.pass(2 * time.Minute)
	w.wantSaid(anna, "The server is active")
	if s := w.known().State(profile.LineItem); s != profile.Confirmed {
		t.Errorf("what a purchase has shown since is %s", s)
	}
}

// TestTrialWithoutAProfile: what is known of the vendor cannot be read any more, and a trial
// begins as if nothing were known; the dialogue goes on.
func TestTrialWithoutAProfile(t *testing.T) {
	t.Parallel()
	w := newWorldWith(t, sandbox.Config{}, func(c *Config) { c.Owners = []int64{anna} })
	w.login(anna)
	w.say(anna, "/trial")
	w.stopBot()
	w.tamper(func(tx storage.Tx) error { return tx.Put("vendor-profile", []byte(`"spoilt"`)) })
	w.start()
	w.say(anna, "/trial")
	w.wantSaid(anna, "Known so far: 0 of")
	w.say(anna, "/status")
	w.consents(profile.ByCart, "")
	if o := w.ends(profile.ByCart); o.How != trial.Done {
		t.Errorf("the experiment has ended %s", o.How)
	}
	if s := w.known().State(profile.LineItem); s != profile.Confirmed {
		t.Errorf("what it has shown is %s", s)
	}
	if n := strings.Count(w.logs.String(), "what was known of the vendor cannot be read"); n != 1 {
		t.Errorf("that it cannot be read is logged %d times", n)
	}
}

// TestPurchasesTeach: each purchase adds to what is known of the vendor; one that takes more
// than its cart says is found out, and then nobody pays it unasked.
func TestPurchasesTeach(t *testing.T) {
	t.Parallel()
	w := newWorldWith(t, sandbox.Config{}, func(c *Config) { c.Owners = []int64{anna} })
	w.login(anna)
	buy := func(name string) {
		w.say(anna, strings.Replace(shortOrder, "web-1", name, 1))
		w.say(anna, "/confirm")
		w.pass(2 * time.Minute)
		w.pass(time.Minute) // the last look at the money
	}
	buy("web-1")
	first := w.known()
	for _, f := range profile.Table {
		if !f.InUse {
			continue
		}
		switch f.Name {
		case profile.Rows, profile.RemoveBy, profile.PromoUnknown, profile.PoorError, profile.ConfirmScope: // not of one order of one server
		default:
			if s := first.State(f.Name); s != profile.Confirmed {
				t.Errorf("%s is %s after a purchase: %+v", f.Name, s, first.Facts[f.Name])
			}
		}
	}

	w.vendor.SetFact(profile.Taken, profile.More)
	buy("web-2")
	if s := w.known().State(profile.Taken); s != profile.Open {
		t.Errorf("what is taken is %s after it was seen in two ways", s)
	}
	w.wantSaid(anna, "Zomro is not as I knew it")
	buy("web-3")
	if s := w.known().State(profile.Taken); s != profile.Refuted {
		t.Errorf("what is taken is %s after more was taken twice", s)
	}
	sold := w.sold()
	buy("web-4")
	if n := w.sold(); n != sold {
		t.Fatalf("%d orders were paid without a question", n-sold)
	}
	w.wantSaid(anna, "charged more than its cart said before")
	w.tap(anna, "Pay €5.76 or more")
	w.pass(2 * time.Minute)
	if n := w.sold(); n != sold+1 {
		t.Errorf("%d orders were paid after the person agreed, want 1", n-sold)
	}
}
