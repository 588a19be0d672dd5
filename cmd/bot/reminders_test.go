package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"zomrobot/chat"
	"zomrobot/storage"
	"zomrobot/zomro/profile"
	"zomrobot/zomro/sandbox"
)

// What Anna's reminders say.
const (
	saysBalance = "Your balance won't last"
	saysDraft   = "Your order is not finished"
	saysLeft    = "has ended, but its item is still in the cart"
	saysDown    = "A server is down"
)

// newPoor is a world in which Anna has a server that she cannot pay for much
// longer.
func newPoor(t *testing.T, configure func(*Config)) *world {
	t.Helper()
	w := newWorldWith(t, sandbox.Config{}, configure)
	id := w.vendor.AddService(vendorLogin, "web-1")
	w.vendor.SetPaid(vendorLogin, id, w.clock.Now().AddDate(0, -2, 0), w.clock.Now().AddDate(0, 0, 2))
	w.vendor.SetBalance(vendorLogin, eur(0))
	w.login(anna)
	return w
}

// passDay passes a day: what is due then is late, and made up for in the minutes after.
func (w *world) passDay() {
	w.t.Helper()
	w.pass(24 * time.Hour)
	w.pass(10 * time.Minute)
}

// TestStopThatComesLate: a server that the bot was asked to stop goes down after looks that
// found it running, when it is no longer known what came of it. That is no news.
func TestStopThatComesLate(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{})
	w.vendor.AddService(vendorLogin, "web-1")
	w.login(anna)
	for n := w.called("instances"); w.called("instances") < n+2; {
		w.pass(time.Minute)
	}
	w.pass(22 * time.Minute) // soon before the next look
	w.vendor.Inject(sandbox.Fault{Kind: sandbox.Later, Func: "service.stop", Shape: sandbox.OKShape, Delay: 20 * time.Minute})
	w.say(anna, "/servers")
	w.tap(anna, "🟢 web-1")
	w.tap(anna, "⏹ Stop")
	w.tap(anna, "⏹ Stop")
	for range 14 {
		w.pass(5 * time.Minute)
	}
	w.wantSaid(anna, "did not finish it within 15 minutes")
	if got := w.vendor.Services(vendorLogin)[0].Power; got != "stopped" {
		t.Fatalf("the server is %q", got)
	}
	if w.said(anna, saysDown) {
		t.Error("told of a server that the bot has stopped")
	}
}

// TestBoughtServerIsWatched from when it is active on, not only from the next look of a day.
func TestBoughtServerIsWatched(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{})
	w.login(anna)
	w.pass(3 * time.Hour)
	w.say(anna, shortOrder)
	w.say(anna, "/confirm")
	for range 12 {
		w.pass(5 * time.Minute)
	}
	w.vendor.SetPower(vendorLogin, w.vendor.Services(vendorLogin)[0].ID, "stopped")
	for range 9 {
		w.pass(5 * time.Minute)
	}
	w.wantSaid(anna, saysDown)
}

// TestOnePassADay: however often the bot looks for what is due, each account is
// read once a day, its list of servers each half hour from 9:00 to 21:00, and nothing is
// written.
func TestOnePassADay(t *testing.T) {
	t.Parallel()
	w := newPoor(t, func(*Config) {})
	before := len(w.vendor.Calls())
	for range 3 * 24 * 12 {
		w.pass(5 * time.Minute)
	}
	// The first look is right after the login; a second one bears out that the server runs.
	if balances, lists := w.called("dashboard.info"), w.called("instances"); balances != 3 || lists != 1+24+24+24 {
		t.Errorf("in three days the balance was read %d times, the servers %d times", balances, lists)
	}
	reads := map[string]bool{"auth": true, "keepalive": true, "dashboard.info": true, "dashboard.subaccount_credit": true, "instances": true}
	for _, call := range w.vendor.Calls()[before:] {
		if !reads[call.Func] {
			t.Errorf("%s was called", call.Func)
		}
	}
	if n := w.count(anna, saysBalance); n != 3 {
		t.Errorf("%d reminders in three days", n)
	}
}

// TestOnePassADayWithoutServers: who has none costs one look a day, and one after the login.
func TestOnePassADayWithoutServers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{})
	w.login(anna)
	for range 24 * 12 {
		w.pass(5 * time.Minute)
	}
	if balances, lists := w.called("dashboard.info"), w.called("instances"); balances != 1 || lists != 2 {
		t.Errorf("in a day the balance was read %d times, the servers %d times", balances, lists)
	}
}

// TestServersOfALostAccount are looked at no more, until its owner has logged in again.
func TestServersOfALostAccount(t *testing.T) {
	t.Parallel()
	w := newPoor(t, func(*Config) {})
	w.pass(75 * time.Minute)
	w.vendor.SetPassword(vendorLogin, "Another-Secret-9")
	w.vendor.ExpireSessions(vendorLogin)
	for range 6 {
		w.pass(5 * time.Minute)
	}
	calls := len(w.vendor.Calls())
	for range 12 * 12 {
		w.pass(5 * time.Minute)
	}
	if n := len(w.vendor.Calls()); n != calls {
		t.Errorf("the vendor was asked %d times for a session that is lost", n-calls)
	}
	if n := w.count(anna, "Zomro ended your session"); n != 1 {
		t.Errorf("Anna was told %d times to log in", n)
	}
}

// TestUnpaidIsToldWhenSeen: a server that is suspended for non-payment may be gone in two
// days, so that its owner hears of it before the next look of a day, and from then on once a
// day.
func TestUnpaidIsToldWhenSeen(t *testing.T) {
	t.Parallel()
	const saysUnpaid = "Zomro is about to delete unpaid servers"
	w := newWorld(t, sandbox.Config{})
	id := w.vendor.AddService(vendorLogin, "web-1")
	w.login(anna)
	w.pass(75 * time.Minute) // the look of the day
	w.vendor.SetPaid(vendorLogin, id, w.clock.Now().AddDate(0, 0, -10), w.clock.Now().AddDate(0, 0, -1))
	w.vendor.SetServiceStatus(vendorLogin, id, "3_autosuspend")
	silence := w.vendor.Inject(sandbox.Fault{Kind: sandbox.Drop, Func: "instances", Times: -1})
	for range 8 {
		w.pass(5 * time.Minute)
	}
	if w.said(anna, saysUnpaid) {
		t.Fatal("told of what could not be read")
	}
	silence.Remove()
	for range 7 {
		w.pass(5 * time.Minute)
	}
	w.wantSaid(anna, saysUnpaid, "24 Nov 2026")
	for range 24 * 12 {
		w.pass(5 * time.Minute)
	}
	if n := w.count(anna, saysUnpaid); n != 2 {
		t.Errorf("told %d times in a day", n)
	}
}

// TestServerIsForgotten: what is remembered of the servers goes with the account.
func TestServerIsForgotten(t *testing.T) {
	t.Parallel()
	w := newPoor(t, func(*Config) {})
	w.passDay()
	remembered := func() []string {
		w.stopBot()
		defer w.start()
		return w.keysUnder("watched/")
	}
	if keys := remembered(); len(keys) != 1 {
		t.Fatalf("of the servers %v is kept", keys)
	}
	w.say(anna, "/logout")
	w.tap(anna, "Log out")
	if keys := remembered(); len(keys) != 0 {
		t.Errorf("%v is kept of the servers of an account that is forgotten", keys)
	}
}

// TestNobodyIsRemindedOfALostAccount: its owner is told once that the session
// died; after that it is left alone until they log in again.
func TestNobodyIsRemindedOfALostAccount(t *testing.T) {
	t.Parallel()
	w := newPoor(t, func(*Config) {})
	w.vendor.SetPassword(vendorLogin, "Another-Secret-9")
	w.vendor.ExpireSessions(vendorLogin)
	w.passDay()
	calls := len(w.vendor.Calls())
	for range 3 {
		w.passDay()
	}
	if n := len(w.vendor.Calls()); n != calls {
		t.Errorf("the vendor was asked %d times for a session that is lost", n-calls)
	}
	if n := w.count(anna, "Zomro ended your session"); n != 1 || w.said(anna, saysBalance) {
		t.Errorf("Anna was told %d times to log in; reminded: %v", n, w.said(anna, saysBalance))
	}
	w.say(anna, "/login "+vendorLogin+" Another-Secret-9")
	w.passDay()
	w.wantSaid(anna, saysBalance)
}

// TestVendorThatFailsIsSilent: what cannot be read is not told, what does not
// need the vendor is.
func TestVendorThatFailsIsSilent(t *testing.T) {
	t.Parallel()
	w := newPoor(t, func(*Config) {})
	w.say(anna, shortOrder)
	silence := w.vendor.Inject(sandbox.Fault{Kind: sandbox.Drop, Func: "dashboard.info", Times: -1})
	sent := len(w.chats.Messages(anna))
	w.passDay()
	if messages := w.chats.Messages(anna)[sent:]; len(messages) != 1 || !strings.Contains(messages[0].Text, saysDraft) {
		t.Errorf("Anna was sent %v", messages)
	}
	silence.Remove()
	w.passDay()
	w.wantSaid(anna, saysBalance)
}

// TestItemLeftInTheCart is reminded of until it is there no more.
func TestItemLeftInTheCart(t *testing.T) {
	t.Parallel()
	w := newBlindWorld(t, anna)
	w.say(anna, shortOrder)
	w.say(anna, "/confirm")
	w.tap(anna, "Continue without the cart")
	w.tap(anna, "Cancel purchase")
	w.wantSaid(anna, "Purchase cancelled", "may still be in the Zomro cart")
	w.passDay()
	if w.said(anna, saysLeft) {
		t.Error("an item is said to be in a cart that cannot be read")
	}
	w.vendor.SetFact(profile.CartFields, "")
	w.passDay()
	w.restart()
	w.settle()
	if n := w.count(anna, saysLeft); n != 1 {
		t.Fatalf("reminded %d times", n)
	}
	w.vendor.EmptyCart(vendorLogin)
	w.passDay()
	carts := w.called("cart")
	w.passDay()
	if n := w.count(anna, saysLeft); n != 1 || w.called("cart") != carts {
		t.Errorf("reminded %d times; a cart of which nothing is left is read: %v", n, w.called("cart") != carts)
	}
}

// TestGroupDraftIsRemindedOfInPrivate, and not in the group.
func TestGroupDraftIsRemindedOfInPrivate(t *testing.T) {
	t.Parallel()
	w := newTeam(t, sandbox.Config{}, func(*Config) {})
	w.sayIn(anna, teamChat, shortOrder)
	sent := len(w.chats.Messages(teamChat))
	w.passDay()
	w.wantSaid(anna, saysDraft, "1 unfinished order in groups")
	if messages := w.chats.Messages(teamChat)[sent:]; len(messages) > 0 {
		t.Errorf("the group was sent %v", messages)
	}
	w.sayIn(anna, teamChat, "/cancel")
	w.passDay()
	if n := w.count(anna, saysDraft); n != 1 {
		t.Errorf("reminded %d times", n)
	}
}

// TestNobodyIsRemindedWhoIsNotAllowed: somebody whom the operator lets in no
// more hears nothing, and the vendor is not asked for them.
func TestNobodyIsRemindedWhoIsNotAllowed(t *testing.T) {
	t.Parallel()
	allowed := []int64{anna}
	w := newPoor(t, func(c *Config) { c.Allowed.Users = allowed })
	w.say(anna, shortOrder)
	allowed = []int64{boris}
	w.restart()
	sent, calls := len(w.chats.Messages(anna)), len(w.vendor.Calls())
	w.passDay()
	if len(w.chats.Messages(anna)) != sent || len(w.vendor.Calls()) != calls {
		t.Error("somebody who is not allowed is reminded")
	}
}

// TestRemindersBeginWithAnOlderStore: people who connected an account before
// there were reminders get them too. Everybody is looked at once, and not again.
func TestRemindersBeginWithAnOlderStore(t *testing.T) {
	t.Parallel()
	w := newPoor(t, func(*Config) {})
	w.stopBot()
	w.rewriteDialogue(anna, func(d map[string]any) {
		delete(d, "reminders")
		delete(d, "wake")
	})
	w.start()
	w.settle()
	w.passDay()
	if w.said(anna, saysBalance) {
		t.Error("everybody was looked at again")
	}
	w.stopBot()
	store, err := w.openStore(t.Context())
	if err == nil {
		err = store.Update(t.Context(), func(tx storage.Tx) error { return tx.Delete("reminders/begun") })
		err = errors.Join(err, store.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	w.start()
	w.settle()
	w.passDay()
	w.wantSaid(anna, saysBalance)
}

// rewriteDialogue changes a person's dialogue in the store of a bot that does
// not run, and forgets what is due.
func (w *world) rewriteDialogue(person int64, change func(map[string]any)) {
	w.t.Helper()
	store, err := w.openStore(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	var due []string
	err = store.Scan(w.t.Context(), "due/", "", func(key string, _ []byte) (bool, error) {
		due = append(due, key)
		return true, nil
	})
	rewrite := func(tx storage.Tx) error {
		for _, key := range due {
			if err := tx.Delete(key); err != nil {
				return err
			}
		}
		key := "dialogue/" + chat.Key{Chat: person, User: person}.String()
		text, err := tx.Get(key)
		if err != nil {
			return err
		}
		var d map[string]any
		if err := json.Unmarshal(text, &d); err != nil {
			return fmt.Errorf("dialogue: %w", err)
		}
		change(d)
		return storage.Put(tx, key, d)
	}
	if err == nil {
		err = store.Update(context.WithoutCancel(w.t.Context()), rewrite)
	}
	if err := errors.Join(err, store.Close()); err != nil {
		w.t.Fatal(err)
	}
}
