package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"zomrobot/telegram/emulator"
	"zomrobot/zomro/sandbox"
)

// shortOrder is an order that goes straight to the review.
const shortOrder = "/order datacenter=17 pricelist=9102 order_period=1 instances_os=Ubuntu 22.04 use_ssh_key=on instances_ssh_keys=laptop servername=web-1 addon_91021=301 order_count=1 backups_schedule=off"

// sold is how many orders the vendor was paid for.
func (w *world) sold() int { return len(w.vendor.Orders(vendorLogin)) }

// wantSaid fails unless the bot said all of it in one message, which may say something
// else by now.
func (w *world) wantSaid(person int64, parts ...string) {
	w.t.Helper()
	first := slices.ContainsFunc(w.chats.Messages(person), func(m emulator.Message) bool {
		return m.Bot && !slices.ContainsFunc(parts, func(part string) bool { return !strings.Contains(m.First, part) })
	})
	if !first && !w.said(person, parts...) {
		w.t.Errorf("nobody said %q:\n%s", parts, w.chats.Transcript(person))
	}
}

func TestOwnerStopsAndAllowsPurchases(t *testing.T) {
	t.Parallel()
	w := newWorldWith(t, sandbox.Config{}, func(c *Config) { c.Owners = []int64{boris} })
	w.login(anna)
	w.say(boris, "/stop_purchases maintenance at Zomro")
	w.wantSaid(boris, "Все покупки остановлены")
	w.say(anna, "/stop_purchases mine") // she is no owner
	w.say(anna, shortOrder)
	w.say(anna, "/confirm")
	w.wantSaid(anna, "paused all purchases", "maintenance at Zomro", "Nothing was charged")
	if n := w.sold(); n != 0 {
		t.Fatalf("%d orders were paid while purchases are stopped", n)
	}
	w.restart()
	w.settle()
	w.say(anna, "/status")
	w.say(anna, "/allow_purchases")
	if n := w.sold(); n != 0 {
		t.Fatalf("%d orders were paid while purchases are stopped", n)
	}
	w.say(boris, "/allow_purchases")
	w.pass(10 * time.Second)
	w.shown()
	w.wantSaid(anna, "The server is active")
	if n := w.sold(); n != 1 {
		t.Errorf("%d orders were paid, want 1", n)
	}
}

// TestOlderCopyOfTheStore starts the bot on a copy of the store that was made
// while an order waited for an answer; since then it was paid.
func TestOlderCopyOfTheStore(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{ActivationDelay: time.Minute})
	w.login(anna)
	w.say(anna, strings.Replace(shortOrder, "web-1", "web-2", 1)+" promocode=NOSUCH")
	w.say(anna, "/confirm")
	w.say(anna, "/status")
	w.stopBot()
	older := w.copied()
	w.start()
	w.tap(anna, "Without a code")
	w.pass(2 * time.Minute)
	if n := w.sold(); n != 1 {
		t.Fatalf("%d orders were paid, want 1", n)
	}
	w.stopBot()
	w.putBack(older)
	w.start()
	w.settle()
	for range 20 {
		w.pass(time.Minute)
	}
	w.wantSaid(anna, "It's unclear whether the last request was carried out")
	w.tap(anna, "Yes, it was bought")
	w.pass(time.Minute)
	w.wantSaid(anna, "The server is active", "web-2")
	if n := w.sold(); n != 1 {
		t.Errorf("%d orders were paid, want 1", n)
	}
}

// TestStatusIsInOrder: open purchases are shown as they were opened, whatever their ids.
func TestStatusIsInOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{})
	w.login(anna)
	names := []string{"web-1", "web-2", "web-3", "web-4", "web-5"}
	for _, name := range names {
		w.say(anna, strings.Replace(shortOrder, "web-1", name, 1)+" promocode=NOSUCH")
		w.say(anna, "/confirm")
		w.pass(time.Second)
	}
	before := w.lastID(anna)
	w.say(anna, "/status")
	var shown []string
	for _, text := range w.after(anna, before) {
		for _, name := range names {
			if strings.Contains(text, name) {
				shown = append(shown, name)
			}
		}
	}
	if !slices.Equal(shown, names) {
		t.Errorf("shown are %q", shown)
	}
}

// TestTwoPurchasesOfOneAccount: the second waits, sees its place, and goes on by
// itself.
func TestTwoPurchasesOfOneAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{})
	w.login(anna)
	w.login(boris)
	w.say(anna, shortOrder+" promocode=NOSUCH")
	w.say(anna, "/confirm") // asks about the code, and holds the cart
	w.say(boris, strings.Replace(shortOrder, "web-1", "web-2", 1))
	w.say(boris, "/confirm")
	w.wantSaid(boris, "В очереди", "1 покупка", "ждёт ответа того, кто её заказал")
	if n := w.sold(); n != 0 {
		t.Fatalf("%d orders were paid, want none yet", n)
	}
	w.tap(anna, "Without a code")
	w.pass(30 * time.Second)
	w.shown()
	w.pass(10 * time.Second)
	w.shown()
	w.wantSaid(anna, "The server is active", "web-1")
	w.wantSaid(boris, "Сервер активен", "web-2")
	if n := w.sold(); n != 2 {
		t.Errorf("%d orders were paid, want 2", n)
	}
}

// TestCancelBeforePaying takes the item out of the cart.
func TestCancelBeforePaying(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{})
	w.login(anna)
	w.say(anna, shortOrder+" promocode=NOSUCH")
	w.say(anna, "/confirm")
	w.tap(anna, "Cancel purchase")
	w.takenOut()
	w.wantSaid(anna, "Purchase cancelled", "Nothing was charged")
	w.wantTakenOut(anna)
	if n := w.sold(); n != 0 {
		t.Errorf("%d orders were paid", n)
	}
}

// TestPurchaseStaysWithItsAccount: its owner logs in to another account, and out
// of its own, while it waits for an answer; nothing of it happens there.
func TestPurchaseStaysWithItsAccount(t *testing.T) {
	t.Parallel()
	const other = "other@example.com"
	w := newWorld(t, sandbox.Config{})
	w.vendor.AddAccount(other, "Other-Secret-1", eur(50))
	w.login(anna)
	w.say(anna, shortOrder+" promocode=NOSUCH")
	w.say(anna, "/confirm")
	w.say(anna, "/login")
	w.tap(anna, "Login and password")
	w.say(anna, other)
	w.say(anna, "Other-Secret-1")
	w.logOut(vendorLogin)
	w.tap(anna, "Without a code")
	w.pass(time.Minute)
	if n := len(w.vendor.Orders(other)); n != 0 {
		t.Errorf("%d orders were paid by another account", n)
	}
	w.wantSaid(anna, "Zomro does not accept the session")
	w.login(anna)
	w.tap(anna, "🔄 Try again")
	w.pass(time.Minute)
	if n := w.sold(); n != 1 {
		t.Errorf("%d orders were paid, want 1:\n%s", n, w.chats.Transcript(anna))
	}
}

// TestSessionThatCannotBeRenewed: the purchase waits, nothing is lost or
// repeated, and it goes on after a new login.
func TestSessionThatCannotBeRenewed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{})
	w.say(anna, "/login")
	w.tap(anna, "Session token")
	w.say(anna, w.vendor.OpenSession(vendorLogin))
	w.say(anna, shortOrder+" promocode=NOSUCH")
	w.say(anna, "/confirm")
	w.vendor.ExpireSessions(vendorLogin)
	w.tap(anna, "Without a code")
	w.wantSaid(anna, "Zomro ended your session")
	w.wantSaid(anna, "Zomro does not accept the session", "Nothing was charged")
	w.say(anna, "/login")
	w.tap(anna, "Session token")
	w.say(anna, w.vendor.OpenSession(vendorLogin))
	w.tap(anna, "🔄 Try again")
	w.pass(time.Minute)
	if n := w.sold(); n != 1 {
		t.Errorf("%d orders were paid, want 1:\n%s", n, w.chats.Transcript(anna))
	}
	w.wantSaid(anna, "The server is active")
}

// TestAlarmsSayThatTheyAreOver: also when the bot is started again between an alarm and
// what became of it.
func TestAlarmsSayThatTheyAreOver(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{ActivationDelay: 4 * time.Minute})
	w.login(anna)
	w.say(anna, shortOrder)
	w.vendor.Inject(sandbox.Fault{Kind: sandbox.Drop, Func: "cartorder.create.confirm", Effect: true})
	w.say(anna, "/confirm")
	w.wantSaid(anna, "It's unclear whether", "Please don't order the same again yet")
	w.wantSaid(anna, "I'll message you when the server is ready")
	w.restart()
	for range 8 {
		w.pass(time.Minute)
	}
	w.wantSaid(anna, "The server is active")
	if w.said(anna, "Please don't order the same again yet") || w.said(anna, "I'll message you when the server is ready") {
		t.Errorf("an alarm is still there:\n%s", w.chats.Transcript(anna))
	}
	if n := strings.Count(w.chats.Transcript(anna), "Settled since: 💶 paid"); n != 1 {
		t.Errorf("it was said %d times that the alarm is over:\n%s", n, w.chats.Transcript(anna))
	}
}
