package main

import (
	"strings"
	"testing"
	"time"

	"zomrobot/zomro"
	"zomrobot/zomro/sandbox"
)

// The second vendor's account of a person.
const (
	workLogin    = "work@example.com"
	workPassword = "Vendor-Secret-2"
)

// passwordOrder goes straight to the review, with any account.
var passwordOrder = strings.Replace(shortOrder, "use_ssh_key=on instances_ssh_keys=laptop", "use_ssh_key=off password="+rootPassword, 1)

// newTwoAccounts is a world in which Anna has connected two accounts; hers is
// the default one.
func newTwoAccounts(t *testing.T, workBalance zomro.Money) *world {
	t.Helper()
	w := newWorld(t, sandbox.Config{ActivationDelay: time.Minute})
	w.vendor.AddAccount(workLogin, workPassword, workBalance)
	w.login(anna)
	w.loginWork()
	return w
}

func (w *world) loginWork() {
	w.t.Helper()
	w.say(anna, "/login "+workLogin+" "+workPassword)
}

// logOut has one of several accounts forgotten.
func (w *world) logOut(login string) {
	w.t.Helper()
	w.say(anna, "/logout")
	w.tap(anna, login)
	w.tap(anna, "Log out")
}

// makeDefault has new orders paid by an account.
func (w *world) makeDefault(login string) {
	w.t.Helper()
	w.say(anna, "/accounts")
	w.tap(anna, login)
	w.tap(anna, "Make default")
	w.tap(anna, "Close")
}

// wantPaid fails unless each account was charged for so many orders.
func (w *world) wantPaid(own, work int) {
	w.t.Helper()
	if o, k := w.sold(), len(w.vendor.Orders(workLogin)); o != own || k != work {
		w.t.Fatalf("the accounts paid for %d and %d orders, want %d and %d", o, k, own, work)
	}
}

func TestChosenAccountPays(t *testing.T) {
	t.Parallel()
	w := newTwoAccounts(t, eur(100))
	w.say(anna, passwordOrder)
	w.tap(anna, "👤 Account")
	w.tap(anna, workLogin)
	w.wantSaid(anna, "Account: "+workLogin, "Charged now")
	w.say(anna, "/confirm")
	w.pass(2 * time.Minute)
	w.wantPaid(0, 1)
	if have := w.vendor.Balance(vendorLogin); !have.Amount.Equal(eur(100).Amount) {
		t.Errorf("the other account has %s left", have.Amount)
	}
}

// TestReviewedAccountPays: what becomes the default one after the review was
// shown does not pay for it.
func TestReviewedAccountPays(t *testing.T) {
	t.Parallel()
	w := newTwoAccounts(t, eur(100))
	w.say(anna, passwordOrder)
	w.makeDefault(workLogin)
	w.say(anna, "/confirm")
	w.pass(2 * time.Minute)
	w.wantPaid(1, 0)
	w.say(anna, passwordOrder)
	w.say(anna, "/confirm")
	w.pass(2 * time.Minute)
	w.wantPaid(1, 1)
}

// TestPurchaseKeepsItsAccount: a purchase that waits for a person goes on with
// the account that it was agreed for, whatever becomes of the others.
func TestPurchaseKeepsItsAccount(t *testing.T) {
	t.Parallel()
	w := newTwoAccounts(t, eur(1))
	w.makeDefault(workLogin)
	w.say(anna, passwordOrder)
	w.say(anna, "/confirm")
	w.wantSaid(anna, "Not enough money")
	w.makeDefault(vendorLogin)
	w.tap(anna, "🔄 Try again")
	w.wantPaid(0, 0)
	w.vendor.SetBalance(workLogin, eur(50))
	w.restart()
	w.settle()
	w.tap(anna, "🔄 Try again")
	w.pass(2 * time.Minute)
	w.wantPaid(0, 1)
}

// TestForgottenAccountPaysNothing: a purchase whose account was forgotten waits
// until the person logs in to it again; the other account is not charged.
func TestForgottenAccountPaysNothing(t *testing.T) {
	t.Parallel()
	w := newTwoAccounts(t, eur(1))
	w.makeDefault(workLogin)
	w.say(anna, passwordOrder)
	w.say(anna, "/confirm")
	w.wantSaid(anna, "Not enough money")
	w.say(anna, "/logout")
	w.tap(anna, workLogin)
	w.wantSaid(anna, "Open purchases of this account")
	w.tap(anna, "Log out")
	w.vendor.SetBalance(workLogin, eur(50))
	w.tap(anna, "🔄 Try again")
	w.pass(2 * time.Minute)
	w.wantPaid(0, 0)
	w.loginWork()
	w.tap(anna, "🔄 Try again")
	w.pass(2 * time.Minute)
	w.wantPaid(0, 1)
}

// TestLoginBesideALogin: a login that was cancelled while it was checked, and is
// checked again after a restart, takes nothing from the one begun after it: the
// password of one account never goes to the vendor with the login of another.
func TestLoginBesideALogin(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{})
	w.vendor.AddAccount(workLogin, workPassword, eur(1))
	held := w.vendor.Inject(sandbox.Fault{Kind: sandbox.Hold, Func: "auth", Times: -1})
	checked := 0
	begin := func(text string) {
		t.Helper()
		if _, err := w.chats.Say(anna, anna, text); err != nil {
			t.Fatal(err)
		}
		checked++
		w.untilCalled("auth", checked)
	}
	begin("/login " + workLogin + " Wrong-Secret-1")
	if _, err := w.chats.Say(anna, anna, "/cancel"); err != nil {
		t.Fatal(err)
	}
	begin("/login " + vendorLogin + " " + vendorPassword)
	w.restart()
	w.untilCalled("auth", checked+2)
	held.Remove()
	held.Release()
	w.settle()
	for _, call := range w.vendor.Calls() {
		given, work := strings.CutPrefix(call.Field("authinfo"), workLogin+":")
		if work && given != "Wrong-Secret-1" {
			t.Errorf("the login %s was tried with another password than its own", workLogin)
		}
	}
	w.wantSaid(anna, "Logged in as "+vendorLogin)
	w.say(anna, "/servers")
	w.wantSaid(anna, "Your servers")
}

// untilCalled waits until the vendor was asked so often for a function.
func (w *world) untilCalled(function string, times int) {
	w.t.Helper()
	ctx, cancel := w.patient()
	defer cancel()
	for {
		changed := w.vendor.Changed()
		if w.called(function) >= times {
			return
		}
		select {
		case <-changed:
		case <-ctx.Done():
			w.t.Fatalf("%s was called %d times, not %d", function, w.called(function), times)
		}
	}
}

// TestIdleSessionIsRenewed: a session that lay idle for long is renewed before
// the vendor forgets it, so that no call is denied; one that is used is not.
func TestIdleSessionIsRenewed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{})
	w.login(anna)
	logins := func() (n int) {
		for _, call := range w.vendor.Calls() {
			if call.Func == "auth" {
				n++
			}
		}
		return n
	}
	for _, step := range []struct {
		pass time.Duration
		want int
	}{{0, 1}, {40 * time.Minute, 1}, {40 * time.Minute, 1}, {50 * time.Minute, 2}, {time.Minute, 2}} {
		w.pass(step.pass)
		w.say(anna, "/servers")
		if n := logins(); n != step.want {
			t.Fatalf("after %s there were %d logins, want %d", step.pass, n, step.want)
		}
	}
	w.restart()
	w.pass(10 * time.Minute)
	w.say(anna, "/servers")
	if n := logins(); n != 2 {
		t.Errorf("a session that was young at the restart was renewed")
	}
}

// TestPhoneToBeVerified: an account whose phone the vendor wants verified is told
// so at the login and among the accounts.
func TestPhoneToBeVerified(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{})
	w.login(anna)
	if w.said(anna, "phone number verified") {
		t.Error("it is said of an account whose phone is verified")
	}
	w.vendor.Behave(sandbox.Behaviour{PhoneUnverified: true})
	w.login(boris)
	w.wantSaid(boris, "номер телефона")
	w.say(anna, "/accounts")
	w.wantSaid(anna, "phone number verified")
}
