package main

import (
	"errors"
	"strings"
	"testing"
	"time"

	"zomrobot/chat"
	"zomrobot/storage"
	"zomrobot/storage/storagetest"
	"zomrobot/trial"
	"zomrobot/zomro/profile"
	"zomrobot/zomro/sandbox"
)

// spoil puts something that is no record in place of those whose keys begin so,
// while the bot is stopped, and returns how many there were.
func (w *world) spoil(prefixes ...string) (n int) {
	w.t.Helper()
	store, err := w.openStore(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	for _, prefix := range prefixes {
		keys, err := storage.Keys(w.t.Context(), store, prefix)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, key := range keys {
			n++
			if err := store.Update(w.t.Context(), func(tx storage.Tx) error { return tx.Put(key, []byte(`"a canary"`)) }); err != nil {
				w.t.Fatal(err)
			}
		}
	}
	if err := store.Close(); err != nil {
		w.t.Fatal(err)
	}
	return n
}

// TestDamageDoesNotStopARestore: a damaged dialogue, and a damaged message that
// waits, are left out where an older copy of the store is made safe; the rest is.
func TestDamageDoesNotStopARestore(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{ActivationDelay: time.Minute})
	w.login(boris)
	w.say(boris, shortOrder)
	w.buy(anna, " promocode=NOSUCH") // asks, and holds the cart
	w.stopBot()
	older := w.copied()
	w.start()
	w.tap(anna, "Without a code")
	w.stopBot()
	w.putBack(older)
	if n := w.spoil("dialogue/1002/"); n != 1 {
		t.Fatalf("%d dialogues were spoilt", n)
	}
	w.start()
	w.settle()
	for range 20 {
		w.pass(time.Minute)
	}
	if n := w.sold(); n != 1 {
		t.Errorf("%d orders were paid, want 1", n)
	}
	if !strings.Contains(w.logs.String(), "damaged and were left out") || strings.Contains(w.logs.String(), "a canary") {
		t.Error("the log does not tell of the damaged dialogue, or tells what is in it")
	}
	w.wantSaid(anna, "It's unclear whether the last request") // hers was looked into anyway
	w.say(boris, "/help")                                     // and he can begin again
	w.wantSaid(boris, "/order")
}

// TestDamagedPurchase: nothing is bought from the account of a purchase that cannot be
// read until an owner says so, and from others something is.
func TestDamagedPurchase(t *testing.T) {
	t.Parallel()
	w := newWorldWith(t, sandbox.Config{}, func(c *Config) { c.Owners = []int64{boris} })
	w.buy(anna, " promocode=NOSUCH") // asks, and holds the cart
	w.stopBot()
	if n := w.spoil("purchase/"); n != 1 {
		t.Fatalf("%d purchases were spoilt", n)
	}
	w.start()
	w.settle()
	w.vendor.EmptyCart(vendorLogin)
	w.say(anna, strings.Replace(shortOrder, "web-1", "web-2", 1))
	w.say(anna, "/confirm")
	w.wantSaid(anna, "My record of another purchase", "Nothing was charged")
	w.say(anna, "/orders")
	w.restart()
	w.settle()
	if n := w.sold() + len(w.vendor.Cart(vendorLogin)); n != 0 {
		t.Fatalf("%d orders are in the cart or paid", n)
	}
	w.vendor.AddAccount("boris@example.com", vendorPassword, eur(100))
	w.say(boris, "/login")
	w.tap(boris, "Логин и пароль")
	w.say(boris, "boris@example.com")
	w.say(boris, vendorPassword)
	w.say(boris, strings.Replace(passwordOrder, "web-1", "web-3", 1))
	w.say(boris, "/confirm")
	if n := len(w.vendor.Orders("boris@example.com")); n != 1 {
		t.Errorf("%d orders were paid from another account, want 1:\n%s", n, w.chats.Transcript(boris))
	}
	w.say(boris, "/allow_purchases")
	w.shown() // hers waits for his, which may be in the same cart
	if n := w.sold(); n != 1 {
		t.Errorf("%d orders were paid after an owner has looked, want 1:\n%s", n, w.chats.Transcript(anna))
	}
}

// TestPurchaseThatCanBeReadAgain goes on.
func TestPurchaseThatCanBeReadAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{})
	w.buy(anna, " promocode=NOSUCH")
	w.stopBot()
	good := w.copied()
	w.spoil("purchase/")
	w.start()
	w.stopBot()
	var kept []byte
	bad, err := w.openStore(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	copied := w.store + ".good"
	write(t, copied, good)
	old, err := storage.Open(t.Context(), "bolt:"+copied, w.keys)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := storage.Keys(t.Context(), bad, "purchase/")
	if err != nil || len(keys) != 1 {
		t.Fatal(keys, err)
	}
	err = errors.Join(
		old.View(t.Context(), func(tx storage.Tx) (err error) {
			kept, err = tx.Get(keys[0])
			return err
		}),
		bad.Update(t.Context(), func(tx storage.Tx) error { return tx.Put(keys[0], kept) }),
		old.Close(), bad.Close(),
	)
	if err != nil {
		t.Fatal(err)
	}
	w.start()
	w.settle()
	w.tap(anna, "Without a code")
	if n := w.sold(); n != 1 {
		t.Errorf("%d orders were paid, want 1:\n%s", n, w.chats.Transcript(anna))
	}
}

// TestDamagedTrial: a trial that cannot be read, whether its value cannot be opened or is no
// record, while the bot runs or when it starts, is told once to its owner and holds up nobody;
// they can forget it and begin anew.
func TestDamagedTrial(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ sealed, running bool }{
		"no record, at the start":   {},
		"not opened, at the start":  {sealed: true},
		"no record, while it runs":  {running: true},
		"not opened, while it runs": {sealed: true, running: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var raw storage.Backend
			w := newWorldOf(t, sandbox.Config{}, func(p *Program) {
				p.Config.Owners = []int64{anna}
				p.wrapBackend = func(b storage.Backend) storage.Backend {
					raw = b
					return storagetest.BeStrict(b)
				}
			})
			w.login(anna)
			w.say(anna, "/trial")
			stays := w.vendor.Inject(sandbox.Fault{Kind: sandbox.Drop, Func: "cart", Match: map[string]string{"clicked_button": "delete"}, Times: -1})
			w.consents(profile.ByCart, "")
			for range 12 {
				w.pass(10 * time.Second)
			}
			r := w.stands()
			if r.Running == nil || !r.Holds() || len(w.vendor.Cart(vendorLogin)) != 1 {
				t.Fatalf("the trial does not hold its place: %+v", r.Running)
			}
			if !c.running {
				w.stopBot()
				if !c.sealed {
					w.spoil("trial/")
				}
				w.start()
			}
			damage := func(tx storage.Tx) error {
				value, err := tx.Get("trial/" + r.ID)
				if err != nil {
					return err
				}
				value[len(value)-1] ^= 1
				return tx.Put("trial/"+r.ID, value)
			}
			switch {
			case c.sealed:
				w.must(raw.Update(t.Context(), damage))
			case c.running:
				w.must(w.program.Store.Update(t.Context(), func(tx storage.Tx) error { return tx.Put("trial/"+r.ID, []byte(`"a canary"`)) }))
			default:
			}
			if c.sealed && !c.running {
				w.restart()
			}
			const lost = "My record of this trial is damaged"
			for range 12 {
				w.pass(time.Minute)
			}
			w.restart()
			for range 3 {
				w.pass(time.Minute)
			}
			if n := timesSaid(w.chats.Messages(anna), lost); n != 1 {
				t.Errorf("it is told %d times:\n%s", n, w.chats.Transcript(anna))
			}
			// Once for each that comes upon it before it is known, and not at each of the passes.
			if n := strings.Count(w.logs.String(), "a trial cannot be read"); n == 0 || n >= 12 || strings.Contains(w.logs.String(), "a canary") {
				t.Errorf("the log tells of it %d times, or what is in it", n)
			}
			report, err := w.program.Engine.TrialReport(t.Context(), chat.Key{Chat: anna, User: anna}, "")
			w.must(err)
			var text strings.Builder
			w.must(report.Write(&text))
			if !strings.Contains(text.String(), "record of the trial is damaged") {
				t.Errorf("the report does not tell of it: %s", text.String())
			}
			stays.Remove()
			w.vendor.EmptyCart(vendorLogin)
			w.say(anna, shortOrder)
			w.say(anna, "/confirm")
			if n := w.sold(); n != 1 {
				t.Errorf("%d orders were paid beside it, want 1:\n%s", n, w.chats.Transcript(anna))
			}
			w.say(anna, "/trial")
			w.tap(anna, "🗑 Forget it and begin anew")
			for range 12 {
				w.pass(time.Minute)
			}
			w.consents(profile.ByCart, "")
			if o := w.ends(profile.ByCart); o.How != trial.Done {
				t.Errorf("the new trial ended %s: %+v", o.How, o)
			}
			w.wantSaid(anna, "Trial of Zomro")
		})
	}
}

// TestDamagedAccounts: a person whose accounts cannot be read has none, and logs in again.
func TestDamagedAccounts(t *testing.T) {
	t.Parallel()
	w := newWorldWith(t, sandbox.Config{}, func(c *Config) { c.Owners = []int64{anna} })
	w.login(anna)
	w.stopBot()
	if n := w.spoil("account/"); n != 1 {
		t.Fatalf("%d records of accounts were spoilt", n)
	}
	w.start()
	for _, asks := range []string{"/trial", "/servers", "/orders", "/start"} {
		w.say(anna, asks)
	}
	w.wantSaid(anna, "/login")
	w.login(boris)
	found, err := w.program.Engine.AccountsNamed(t.Context(), vendorLogin)
	if w.must(err); len(found) != 1 || found[0].Person != boris {
		t.Errorf("of the others are found %+v", found)
	}
	if _, err := w.program.Engine.AccountsNamed(t.Context(), "another@example.com"); !storage.Damaged(err) {
		t.Errorf("an account that may be among the damaged is not found: %v", err)
	}
	if w.said(anna, "storage") || strings.Contains(w.logs.String(), "a canary") {
		t.Errorf("somebody was told of the store:\n%s", w.chats.Transcript(anna))
	}
	w.buy(anna, "")
	if n := w.sold(); n != 1 {
		t.Errorf("%d orders were paid after a new login, want 1:\n%s", n, w.chats.Transcript(anna))
	}
}
