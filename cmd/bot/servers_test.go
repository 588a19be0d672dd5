package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"zomrobot/zomro/sandbox"
)

// called is how often the vendor was asked for a function.
func (w *world) called(function string) int {
	n := 0
	for _, call := range w.vendor.Calls() {
		if call.Func == function {
			n++
		}
	}
	return n
}

// TestManyTapsStopAServerOnce: ten taps on the question's answer, and a message
// of the same card re-sent.
func TestManyTapsStopAServerOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{WorkDelay: 20 * time.Second})
	w.vendor.AddService(vendorLogin, "web-1")
	w.login(anna)
	w.say(anna, "/servers")
	w.tap(anna, "🟢 web-1")
	w.tap(anna, "⏹ Stop")
	messages := w.chats.Messages(anna)
	card := messages[len(messages)-1]
	yes, _ := card.Button("⏹ Stop")
	for range 10 {
		if _, err := w.chats.TapData(anna, anna, card.ID, yes.Data); err != nil {
			t.Fatal(err)
		}
	}
	w.settle()
	for range 4 {
		w.pass(10 * time.Second)
	}
	w.wantSaid(anna, "web-1: stop", "Done", "stopped")
	if n := w.called("service.stop"); n != 1 {
		t.Errorf("the server was stopped %d times", n)
	}
}

// TestReviewDoesNotTurnUpUnderAFinger: what was asked beside an order ends, and the
// message in which it was asked does not become the order's review: who taps twice
// would order.
func TestReviewDoesNotTurnUpUnderAFinger(t *testing.T) {
	t.Parallel()
	for name, beside := range map[string]struct{ enter, leave []string }{
		"a server is rebooted":   {[]string{"🟢 web-0", "🔁 Reboot"}, []string{"🔁 Reboot"}},
		"the servers are closed": {nil, []string{"Close"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, sandbox.Config{})
			w.vendor.AddService(vendorLogin, "web-0")
			w.login(anna)
			w.say(anna, shortOrder)
			w.say(anna, "/servers")
			for _, label := range beside.enter {
				w.tap(anna, label)
			}
			for _, label := range beside.leave {
				messages := w.chats.Messages(anna)
				card := messages[len(messages)-1].ID
				w.tap(anna, label)
				for _, m := range w.chats.Messages(anna) {
					if _, pays := m.Button("✅ Order for €5.76"); pays && m.ID <= card {
						t.Fatalf("the review has turned up in the message:\n%s", w.chats.Transcript(anna))
					}
				}
			}
			w.say(anna, "/continue")
			w.tap(anna, "✅ Order for €5.76") // it is there, in a message of its own
			w.wantSaid(anna, "Purchase")
		})
	}
}

// TestOneThingAtATimeWithAServer: what is asked for while something is being
// done is not sent.
func TestOneThingAtATimeWithAServer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{})
	w.vendor.AddService(vendorLogin, "web-1")
	w.login(anna)
	w.say(anna, "/servers")
	w.tap(anna, "🟢 web-1")
	w.tap(anna, "🔁 Reboot")
	w.tap(anna, "🔁 Reboot") // is watched from now on
	w.say(anna, "/servers")
	w.tap(anna, "🟢 web-1")
	w.tap(anna, "⏹ Stop")
	w.tap(anna, "⏹ Stop")
	w.wantSaid(anna, "web-1 is already busy")
	w.pass(3 * time.Minute)
	w.wantSaid(anna, "web-1: reboot", "Done")
	if n := w.called("service.stop"); n != 0 {
		t.Errorf("the server was stopped %d times", n)
	}
	w.tap(anna, "🖥 web-1")
	w.tap(anna, "⏹ Stop")
	w.tap(anna, "⏹ Stop")
	w.pass(10 * time.Second)
	w.wantSaid(anna, "web-1: stop", "Done")
}

// TestServerOfAnotherAccount: between the question and the answer the person
// logs in to another account; nothing is done with either.
func TestServerOfAnotherAccount(t *testing.T) {
	t.Parallel()
	const other = "other@example.com"
	w := newWorld(t, sandbox.Config{})
	w.vendor.AddAccount(other, "Other-Secret-1", eur(50))
	w.vendor.AddService(vendorLogin, "web-1")
	w.login(anna)
	w.say(anna, "/servers")
	w.tap(anna, "🟢 web-1")
	w.tap(anna, "⋯ More")
	w.tap(anna, "🗑 Delete…")
	w.say(anna, "/login")
	w.tap(anna, "Login and password")
	w.say(anna, other)
	w.say(anna, "Other-Secret-1")
	w.say(anna, "web-1") // the question is gone
	if n := w.called("instances.delete"); n != 0 {
		t.Errorf("%d servers were deleted", n)
	}
}

// TestServerIsWatchedWithItsAccount: while a server is watched, the person logs
// in to another account, which has no such server, and out of its own; that is
// not taken for a deletion that is done.
func TestServerIsWatchedWithItsAccount(t *testing.T) {
	t.Parallel()
	const other = "other@example.com"
	w := newWorld(t, sandbox.Config{ActivationDelay: 10 * time.Minute})
	w.vendor.AddAccount(other, "Other-Secret-1", eur(50))
	w.vendor.AddService(vendorLogin, "web-1")
	w.login(anna)
	w.say(anna, "/servers")
	w.tap(anna, "🟢 web-1")
	w.tap(anna, "⋯ More")
	w.tap(anna, "🗑 Delete…")
	w.say(anna, "web-1")
	w.say(anna, "/login")
	w.tap(anna, "Login and password")
	w.say(anna, other)
	w.say(anna, "Other-Secret-1")
	w.logOut(vendorLogin)
	w.pass(10 * time.Second)
	if w.said(anna, "web-1: deletion", "Done") {
		t.Error("the deletion counts as done, though only another account was looked at")
	}
	w.pass(16 * time.Minute)
	w.wantSaid(anna, "web-1: deletion", "did not finish it within 15 minutes")
}

// TestPasswordOfAServerIsKeptNowhere: neither when it was set, nor when the
// question was left, nor when its time was over.
func TestPasswordOfAServerIsKeptNowhere(t *testing.T) {
	t.Parallel()
	const password = "Very-Secret-7731"
	for name, end := range map[string]func(*world){
		"set":     func(w *world) { w.tap(anna, "🔑 Change password"); w.pass(time.Minute) },
		"left":    func(w *world) { w.tap(anna, "‹ Back") },
		"closed":  func(w *world) { w.say(anna, "/cancel") },
		"expired": func(w *world) { w.pass(31 * time.Minute) },
		"another": func(w *world) { w.say(anna, "/orders") },
		"refused": func(w *world) {
			w.vendor.Inject(sandbox.Fault{Kind: sandbox.Reply, Func: "instances.fleio.changepassword", ErrorType: "value", ErrorText: password + " is weak"})
			w.tap(anna, "🔑 Change password")
			w.wantSaid(anna, "did not confirm the request")
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, sandbox.Config{})
			w.vendor.AddService(vendorLogin, "web-1")
			w.login(anna)
			w.say(anna, "/servers")
			w.tap(anna, "🟢 web-1")
			w.tap(anna, "⋯ More")
			w.tap(anna, "🔑 Change password")
			w.say(anna, password)
			end(w)
			w.stopBot()
			store, err := w.openStore(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = store.Close() }()
			err = store.Scan(t.Context(), "", "", func(key string, value []byte) (bool, error) {
				if strings.Contains(string(value), password) {
					t.Errorf("%s has the password", key)
				}
				return true, nil
			})
			if err != nil {
				t.Error(err)
			}
			if strings.Contains(w.logs.String(), password) {
				t.Error("the log has the password")
			}
			for _, m := range w.chats.Messages(anna) {
				if !m.Deleted && strings.Contains(m.Text, password) {
					t.Errorf("message %d has the password", m.ID)
				}
			}
			if want := map[bool]int{true: 1}[name == "set" || name == "refused"]; w.called("instances.fleio.changepassword") != want {
				t.Errorf("the vendor was told %d passwords, want %d", w.called("instances.fleio.changepassword"), want)
			}
		})
	}
}

// TestConsoleIsKeptNowhere: neither the address nor the cookie stands anywhere once the
// message is sent, and the message goes by itself, also when the bot was not running then.
func TestConsoleIsKeptNowhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{})
	w.vendor.AddService(vendorLogin, "web-1")
	w.login(anna)
	w.say(anna, "/servers")
	w.tap(anna, "🟢 web-1")
	w.tap(anna, "🖥 Console")
	w.wantSaid(anna, "Console of web-1", "console.sandbox.invalid", "I neither keep nor show the cookie")
	var answer struct {
		Doc struct {
			OK struct {
				Text string `json:"$"`
			} `json:"ok"`
			Cookies struct {
				Cookie struct {
					Text string `json:"$"`
				} `json:"cookie"`
			} `json:"cookies"`
		} `json:"doc"`
	}
	calls := w.vendor.Calls()
	if err := json.Unmarshal([]byte(calls[len(calls)-1].Response), &answer); err != nil {
		t.Fatal(err)
	}
	_, token, _ := strings.Cut(answer.Doc.OK.Text, "token=")
	cookie := answer.Doc.Cookies.Cookie.Text
	if token == "" || cookie == "" {
		t.Fatalf("the vendor answered %s", calls[len(calls)-1].Response)
	}
	shown := 0
	for _, m := range w.chats.Messages(anna) {
		if button, there := m.Button("🖥 Open the console"); there && strings.Contains(button.URL, token) && m.Protected {
			shown++
		}
		if text := fmt.Sprintf("%+v", m); strings.Contains(m.Text, token) || strings.Contains(text, cookie) {
			t.Errorf("message %d shows it: %s", m.ID, text)
		}
	}
	if shown != 1 {
		t.Errorf("%d messages lead to it", shown)
	}
	w.stopBot()
	store, err := w.openStore(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	err = store.Scan(t.Context(), "", "", func(key string, value []byte) (bool, error) {
		if strings.Contains(key+string(value), token) || strings.Contains(key+string(value), cookie) {
			t.Errorf("%s has it", key)
		}
		return true, nil
	})
	if err := errors.Join(err, store.Close()); err != nil {
		t.Fatal(err)
	}
	w.clock.move(time.Hour)
	w.start()
	w.pass(time.Minute)
	for _, m := range w.chats.Messages(anna) {
		if _, there := m.Button("🖥 Open the console"); there && !m.Deleted {
			t.Errorf("message %d is still there", m.ID)
		}
	}
	if logs := w.logs.String(); strings.Contains(logs, token) || strings.Contains(logs, cookie) {
		t.Error("the log has it")
	}
}

// TestResizeIsPaidOnce: the answer is lost, and the bot is restarted several times
// while the server is watched.
func TestResizeIsPaidOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{WorkDelay: time.Minute})
	w.vendor.AddService(vendorLogin, "web-1")
	w.login(anna)
	w.vendor.Inject(sandbox.Fault{Kind: sandbox.Drop, Func: "service.changepricelist.getmoney", Effect: true})
	w.say(anna, "/servers")
	w.tap(anna, "🟢 web-1")
	w.tap(anna, "⋯ More")
	w.tap(anna, "📈 Larger plan")
	w.tap(anna, "Birch Intel| NL-3 · €1.92")
	w.tap(anna, "📈 Larger plan")
	w.wantSaid(anna, "Zomro's answer got lost")
	for range 3 {
		w.restart()
		w.settle()
		w.pass(25 * time.Second)
	}
	w.wantSaid(anna, "resized, waiting for your decision")
	if n := w.called("service.changepricelist.getmoney"); n != 1 {
		t.Errorf("the resize was sent %d times", n)
	}
	if got := w.vendor.Balance(vendorLogin).Amount.StringFixed(2); got != "98.08" {
		t.Errorf("%s are left, want 98.08", got)
	}
}

// resize has a person ask for the larger plan of their server.
func (w *world) resize(person int64) {
	w.t.Helper()
	w.say(person, "/servers")
	w.tap(person, "🟢 web-1")
	w.tap(person, "⋯ More")
	w.tap(person, "📈 Larger plan")
	w.tap(person, "Birch Intel| NL-3 · €1.92")
	w.tap(person, "📈 Larger plan")
}

// TestResizeIsJudgedByTheAccount: whatever the vendor answers, it is done when
// the account shows it, and refused when the account shows nothing of it after
// the time in which it could still happen.
func TestResizeIsJudgedByTheAccount(t *testing.T) {
	t.Parallel()
	const resize = "service.changepricelist.getmoney"
	for name, fault := range map[string]sandbox.Fault{
		"a value":            {Kind: sandbox.Reply, ErrorType: "value", ErrorText: "Field 'pricelist' has a wrong value"},
		"insufficient funds": {Kind: sandbox.Reply, ErrorType: "insufficient_funds", ErrorText: "insufficient funds to complete the operation"},
		"no rights":          {Kind: sandbox.Reply, ErrorType: "access", ErrorText: "Insufficient privileges to perform"},
		"not signed in":      {Kind: sandbox.Reply, ErrorType: "auth", ErrorText: "Authorization required"},
		"HTTP 403":           {Kind: sandbox.Status, Status: 403},
		"HTTP 460":           {Kind: sandbox.Status, Status: 460},
		"HTTP 502":           {Kind: sandbox.Status},
		"cut":                {Kind: sandbox.Drop},
		"empty":              {Kind: sandbox.Empty},
	} {
		fault.Func = resize
		for _, done := range []bool{true, false} {
			fault.Effect = done
			t.Run(fmt.Sprintf("%s, done %v", name, done), func(t *testing.T) {
				w := newWorld(t, sandbox.Config{WorkDelay: 20 * time.Second})
				w.vendor.AddService(vendorLogin, "web-1")
				w.login(anna)
				w.vendor.Inject(fault)
				w.resize(anna)
				for range 12 {
					if w.said(anna, "Not done") && w.clock.Now().Before(time.Date(2026, 11, 23, 9, 2, 30, 0, time.UTC)) {
						t.Fatal("it was told as not done while it could still happen")
					}
					w.pass(20 * time.Second)
				}
				if done {
					w.wantSaid(anna, "upgrade", "The new size is waiting", "Balance: was €100.00, now €98.08 — €1.92 less")
				} else {
					w.wantSaid(anna, "upgrade", "Not done", "Nothing was charged: the balance is still €100.00", fault.ErrorText)
				}
				if done == w.said(anna, "Nothing was charged") {
					t.Error("what was charged is told wrongly")
				}
				if n := w.called(resize); n != 1 {
					t.Errorf("the resize was sent %d times", n)
				}
			})
		}
	}
}

// TestResizeThatCannotBeTold: what is spent meanwhile hides whether it took
// anything, or the account cannot be seen.
func TestResizeThatCannotBeTold(t *testing.T) {
	t.Parallel()
	const resize = "service.changepricelist.getmoney"
	for name, test := range map[string]struct {
		fault sandbox.Fault
		spent int64
		said  string
	}{
		"the balance fell":           {sandbox.Fault{Kind: sandbox.Reply, ErrorType: "value", ErrorText: "A wrong value"}, 7, "€7.00 less"},
		"the account cannot be seen": {sandbox.Fault{Kind: sandbox.Drop}, 0, "The amount charged is unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, sandbox.Config{})
			w.vendor.AddService(vendorLogin, "web-1")
			w.login(anna)
			test.fault.Func = resize
			w.vendor.Inject(test.fault)
			w.resize(anna)
			if test.spent > 0 {
				w.vendor.SetBalance(vendorLogin, eur(100-test.spent))
			}
			if test.fault.Kind == sandbox.Drop {
				w.vendor.Inject(sandbox.Fault{Kind: sandbox.Status, Func: "instances", Times: -1})
			}
			for range 20 {
				w.pass(time.Minute)
			}
			w.wantSaid(anna, "unknown whether the request was carried out", "you might pay twice", test.said)
			if w.said(anna, "Not done") || w.said(anna, "Done") || w.said(anna, "The new size is waiting") {
				t.Error("it was told as done, or as not done")
			}
		})
	}
}

// TestResizeThatCostsMore than the vendor named is said with both numbers.
func TestResizeThatCostsMore(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{WorkDelay: 20 * time.Second})
	w.vendor.AddService(vendorLogin, "web-1")
	w.login(anna)
	w.resize(anna)
	w.vendor.SetBalance(vendorLogin, eur(97))
	w.pass(30 * time.Second)
	w.wantSaid(anna, "The new size is waiting", "€3.00 less", "more than the €1.92 Zomro quoted")
}

// TestResizeAtAnotherPrice: a larger plan is not bought at a price that nobody agreed to.
func TestResizeAtAnotherPrice(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{})
	w.login(anna)
	w.vendor.AddService(vendorLogin, "web-1")
	w.say(anna, "/servers")
	for _, label := range []string{"🟢 web-1", "⋯ More", "📈 Larger plan", "Birch Intel| NL-3 · €1.92"} {
		w.tap(anna, label)
	}
	w.vendor.ScalePrices(eurs("300").Amount)
	w.tap(anna, "📈 Larger plan")
	w.wantSaid(anna, "Not done", "The price has changed")
	if taken := w.vendor.Taken(vendorLogin); !taken.Amount.IsZero() {
		t.Errorf("%s was charged", taken)
	}
}

// TestResizeIsNotSentUnseen: without what the account shows before, nothing
// that is seen afterwards would tell what the resize did.
func TestResizeIsNotSentUnseen(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{})
	w.vendor.AddService(vendorLogin, "web-1")
	w.login(anna)
	w.say(anna, "/servers")
	w.tap(anna, "🟢 web-1")
	w.tap(anna, "⋯ More")
	w.tap(anna, "📈 Larger plan")
	w.tap(anna, "Birch Intel| NL-3 · €1.92")
	w.vendor.Inject(sandbox.Fault{Kind: sandbox.Reply, ErrorType: "value", ErrorText: "No list today", Func: "instances"})
	w.tap(anna, "📈 Larger plan")
	w.wantSaid(anna, "Not done", "No list today")
	w.pass(5 * time.Minute)
	if n := w.called("service.changepricelist.getmoney"); n != 0 {
		t.Errorf("the resize was sent %d times", n)
	}
}

// TestOrdersAreTheNewestFirst, on pages of eight.
func TestOrdersAreTheNewestFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{})
	w.login(anna)
	w.vendor.SetBalance(vendorLogin, eur(1000))
	var names []string
	for n := range 9 {
		name := "web-" + string(rune('a'+n))
		names = append(names, name)
		w.say(anna, strings.Replace(shortOrder, "web-1", name, 1))
		w.say(anna, "/confirm")
		w.pass(time.Minute)
	}
	slices.Reverse(names)
	w.say(anna, "/orders")
	shown := func() []string {
		messages := w.chats.Messages(anna)
		var found []string
		for _, row := range messages[len(messages)-1].Keyboard {
			if _, name, ok := strings.Cut(row[0].Label, " · "); ok {
				found = append(found, name)
			}
		}
		return found
	}
	if got := shown(); !slices.Equal(got, names[:8]) {
		t.Errorf("the first page shows %v", got)
	}
	w.tap(anna, "›")
	if got := shown(); !slices.Equal(got, names[8:]) {
		t.Errorf("the second page shows %v", got)
	}
	w.say(boris, "/orders")
	w.wantSaid(boris, "Вы ещё ничего не покупали")
}

// TestTwoServersOfOneName are told apart by id and address wherever they are
// named: in the list and on its buttons, in the question of a deletion and its
// result, in reminders.
func TestTwoServersOfOneName(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{})
	for range 2 {
		id := w.vendor.AddService(vendorLogin, "web-1")
		w.vendor.SetPaid(vendorLogin, id, w.clock.Now().AddDate(0, -2, 0), w.clock.Now().AddDate(0, 0, 2))
	}
	w.vendor.AddService(vendorLogin, "db-1")
	w.vendor.SetBalance(vendorLogin, eur(0))
	w.login(anna)
	listed := w.vendor.Services(vendorLogin)
	first := fmt.Sprintf("web-1 (#%s, %s)", listed[0].ID, listed[0].IPv4)
	second := fmt.Sprintf("web-1 (#%s, %s)", listed[1].ID, listed[1].IPv4)
	w.say(anna, "/servers")
	w.wantSaid(anna, first, second, "db-1: running")
	w.tap(anna, "🟢 "+second)
	w.tap(anna, "⋯ More")
	w.tap(anna, "🗑 Delete…")
	w.say(anna, "web-1")
	w.wantSaid(anna, second, "Nothing was deleted")
	if n := w.called("instances.delete"); n != 0 {
		t.Fatalf("%d servers were deleted by a name that two have", n)
	}
	w.say(anna, listed[1].ID)
	w.pass(time.Minute)
	w.pass(time.Minute) // one look is not enough
	w.wantSaid(anna, second+": deletion", "Done")
	left := w.vendor.Services(vendorLogin)
	if len(left) != 2 || left[0].ID != listed[0].ID {
		t.Errorf("left are %+v", left)
	}
	w.vendor.AddService(vendorLogin, "web-1")
	w.passDay()
	w.wantSaid(anna, "Your balance won't last", first+" is paid until")
}

// TestPurchaseSaysThatItsServersAreDeleted: once the account shows that, the card of the
// purchase, the list of purchases and the home card say so, and when. An answer alone says
// nothing, and of two servers the other one stays.
func TestPurchaseSaysThatItsServersAreDeleted(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{WorkDelay: time.Minute})
	w.login(anna)
	w.say(anna, strings.Replace(shortOrder, "order_count=1", "order_count=2", 1))
	w.say(anna, "/confirm")
	for range 3 {
		w.pass(time.Minute)
	}
	card := func() string {
		t.Helper()
		for _, m := range w.chats.Messages(anna) {
			if !m.Deleted && strings.Contains(m.Text, "✅ activation") {
				return m.Text
			}
		}
		t.Fatal("the purchase has no card")
		return ""
	}
	news := func() (labels string) {
		t.Helper()
		for _, m := range w.chats.Messages(anna) {
			if !m.Deleted && strings.Contains(m.First, "2 servers are active") {
				return m.Text + fmt.Sprint(m.Labels())
			}
		}
		t.Fatal("there are no news of the servers")
		return ""
	}
	for n, wants := range []struct{ orders, home, card string }{
		{"active, 🗑 1 of 2 deleted by", "active, 🗑 1 of 2 deleted by", "deleted on"},
		{"🗑 2 servers deleted by", "🗑 2 servers deleted by", "🗑 2 servers were deleted, the last one on"},
	} {
		all := w.vendor.Services(vendorLogin)
		server, label, typed := all[0], "🟢 web-1", "web-1"
		if len(all) > 1 {
			typed = server.ID
			label = fmt.Sprintf("🟢 web-1 (#%s, %s)", server.ID, server.IPv4)
		}
		w.say(anna, "/servers")
		w.tap(anna, label)
		w.tap(anna, "⋯ More")
		w.tap(anna, "🗑 Delete…")
		w.say(anna, typed)
		if text := card(); n == 0 && strings.Contains(text, "deleted") {
			t.Errorf("an answer is taken for a deletion:\n%s", text)
		}
		for range 4 {
			w.pass(time.Minute)
		}
		if text := card(); !strings.Contains(text, wants.card) || strings.Contains(text, server.IPv4) {
			t.Errorf("after %d the card is\n%s", n+1, text)
		}
		if text := news(); strings.Contains(text, server.IPv4) || len(all) == 1 && strings.Contains(text, "🖥") {
			t.Errorf("after %d the news are\n%s", n+1, text)
		}
		for asks, want := range map[string]string{"/orders": wants.orders, "/start": wants.home} {
			w.say(anna, asks)
			if text := w.last(anna).Text; !strings.Contains(text, want) {
				t.Errorf("after %d %s shows\n%s", n+1, asks, text)
			}
		}
	}
}

// TestPurchaseSaysThatItsServersAreMissing: what the bot has not deleted and the vendor lists no
// more for an hour is told apart from what it has, by the card of the purchase, the news before
// it, the list of purchases and the home card, until it is listed again.
func TestPurchaseSaysThatItsServersAreMissing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{WorkDelay: time.Minute})
	w.login(anna)
	w.say(anna, strings.Replace(shortOrder, "order_count=1", "order_count=2", 1))
	w.say(anna, "/confirm")
	pass := func(long time.Duration) {
		t.Helper()
		for range long / (5 * time.Minute) {
			w.pass(5 * time.Minute)
		}
	}
	pass(5 * time.Minute)
	all := w.vendor.Services(vendorLogin)
	says := func(step string, orders, first, card string, addresses ...string) {
		t.Helper()
		for _, m := range w.chats.Messages(anna) {
			news := strings.Contains(m.First, "2 servers are active")
			if m.Deleted || !news && !strings.Contains(m.Text, "✅ activation") {
				continue
			}
			shown := m.Text + fmt.Sprint(m.Labels())
			if !strings.Contains(m.Text, first) || !strings.Contains(m.Text, card) || strings.Contains(m.Text, "charges for what is missing") != strings.Contains(orders, "missing") {
				t.Errorf("%s: want %q and %q in\n%s", step, first, card, shown)
			}
			for _, s := range all {
				if there := slices.Contains(addresses, s.IPv4); strings.Contains(shown, s.IPv4) != there {
					t.Errorf("%s: %s is shown: %v\n%s", step, s.IPv4, !there, shown)
				}
			}
		}
		for _, command := range []string{"/orders", "/start"} {
			w.say(anna, command)
			if text := w.last(anna).Text; !strings.Contains(text, orders) {
				t.Errorf("%s: want %q in\n%s", step, orders, text)
			}
		}
	}

	w.vendor.SetServiceStatus(vendorLogin, all[0].ID, "4")
	pass(45 * time.Minute)
	says("for less than an hour", "✅ active, 23 Nov", "2 servers are active", "🖥 web-1 (ID "+all[0].ID, all[0].IPv4, all[1].IPv4)
	w.vendor.SetServiceStatus(vendorLogin, all[0].ID, "2")
	pass(45 * time.Minute)
	w.vendor.SetServiceStatus(vendorLogin, all[0].ID, "4")
	pass(45 * time.Minute)
	says("twice for less than an hour", "✅ active, 23 Nov", "2 servers are active", "🖥 web-1 (ID "+all[0].ID, all[0].IPv4, all[1].IPv4)
	pass(time.Hour)
	says("one", "active, ❔ 1 of 2 missing from Zomro's list since 23 Nov", "1 server is active", "(ID "+all[0].ID+"), missing from Zomro's list since", all[1].IPv4)
	w.vendor.SetServiceStatus(vendorLogin, all[0].ID, "2")
	pass(time.Hour)
	says("it is back", "✅ active, 23 Nov", "2 servers are active", "🖥 web-1 (ID "+all[0].ID, all[0].IPv4, all[1].IPv4)
	for _, s := range all {
		w.vendor.SetServiceStatus(vendorLogin, s.ID, "4")
	}
	pass(2 * time.Hour)
	says("both", "❔ 2 servers missing from Zomro's list since", "❔ 2 servers have been missing from Zomro's list since", "(ID "+all[1].ID+"), missing")
	w.vendor.SetServiceStatus(vendorLogin, all[1].ID, "2")
	pass(time.Hour)
	says("one is back", "active, ❔ 1 of 2 missing from Zomro's list since 23 Nov", "1 server is active", "(ID "+all[0].ID+"), missing from Zomro's list since", all[1].IPv4)
	w.say(anna, "/servers web-1")
	w.tap(anna, "⋯ More")
	w.tap(anna, "🗑 Delete…")
	w.say(anna, "web-1")
	pass(3 * time.Hour)
	says("the other is deleted", "🗑 1 server deleted by 23 Nov 2026, 16:30 UTC, ❔ 1 server missing from Zomro's list since", "🗑 1 server was deleted by", "❔ 1 server has been missing from Zomro's list since")
	w.vendor.SetServiceStatus(vendorLogin, all[0].ID, "2")
	pass(time.Hour)
	says("the first is back, too", "✅ active, 🗑 1 of 2 deleted by", "1 server is active", "(ID "+all[1].ID+"), deleted on", all[0].IPv4)
}

// TestServerThatVanishesBeforeItIsActive is told of in a message, as its card promises.
func TestServerThatVanishesBeforeItIsActive(t *testing.T) {
	t.Parallel()
	w := newWorldWith(t, sandbox.Config{ActivationDelay: 3 * time.Hour}, func(c *Config) { c.Owners = []int64{anna, boris} })
	w.login(boris)
	w.say(boris, shortOrder)
	w.say(boris, "/confirm")
	id := w.vendor.Services(vendorLogin)[0].ID
	w.pass(5 * time.Second)
	w.vendor.RemoveService(vendorLogin, id)
	for range 24 {
		w.pass(5 * time.Minute)
	}
	w.wantSaid(boris, "Слежу дальше", "❔ Сервера нет в списке Zomro с 23 ноября 2026", "Списывает ли Zomro деньги")
	if n := len(w.chats.Messages(boris)); !strings.Contains(w.chats.Messages(boris)[n-1].First, "❔ Сервера нет в списке") {
		t.Errorf("it is told in no message:\n%s", w.chats.Transcript(boris))
	}
	w.say(boris, "/orders")
	w.wantSaid(boris, "❔ сервера нет в списке Zomro с 23 ноября 2026")
}

// TestDayOfADeletion: a server that is deleted about midnight was deleted on the day on which
// the account shows it, wherever that is said.
func TestDayOfADeletion(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{WorkDelay: 2 * time.Minute})
	w.login(anna)
	w.say(anna, shortOrder)
	w.say(anna, "/confirm")
	for range 3 {
		w.pass(time.Minute)
	}
	w.pass(time.Date(2026, 11, 23, 23, 58, 30, 0, time.UTC).Sub(w.clock.Now()))
	w.say(anna, "/servers web-1")
	w.tap(anna, "⋯ More")
	w.tap(anna, "🗑 Delete…")
	w.say(anna, "web-1")
	for range 6 {
		w.pass(time.Minute)
	}
	w.wantSaid(anna, "✅ activation", "🗑 The server was deleted on 24 Nov 2026")
	w.say(anna, "/costs")
	w.wantSaid(anna, "November 2026: costs", "web-1", "deleted on 24 Nov 2026")
}

// TestOrdersOfOneName are told apart by the servers that came of them.
func TestOrdersOfOneName(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{})
	w.login(anna)
	w.say(anna, strings.Replace(shortOrder, "order_count=1", "order_count=2", 1))
	w.say(anna, "/confirm")
	for range 3 {
		w.pass(time.Minute)
	}
	w.say(anna, "/orders")
	listed := w.vendor.Services(vendorLogin)
	if len(listed) != 2 {
		t.Fatalf("there are %d servers", len(listed))
	}
	w.wantSaid(anna, fmt.Sprintf("web-1 (#%s, %s; #%s, %s)", listed[0].ID, listed[0].IPv4, listed[1].ID, listed[1].IPv4))
}

// TestNameOfAnotherServerIsWarnedOf: in private with its id and address; a team's
// group, to which servers are not shown, hears only that there is one. When the
// vendor does not tell, nothing is said and the order goes on.
func TestNameOfAnotherServerIsWarnedOf(t *testing.T) {
	t.Parallel()
	t.Run("private", func(t *testing.T) {
		w := newWorld(t, sandbox.Config{})
		id := w.vendor.AddService(vendorLogin, "web-1")
		w.login(anna)
		w.say(anna, shortOrder)
		w.wantSaid(anna, "Review", fmt.Sprintf("A server named web-1 already exists (#%s, %s). The order number will be appended", id, w.vendor.Services(vendorLogin)[0].IPv4))
	})
	t.Run("not told", func(t *testing.T) {
		w := newWorld(t, sandbox.Config{})
		w.vendor.AddService(vendorLogin, "web-1")
		w.login(anna)
		w.vendor.Inject(sandbox.Fault{Kind: sandbox.Reply, Func: "instances", ErrorType: "value", ErrorText: "No list today"})
		w.say(anna, shortOrder)
		w.say(anna, "/confirm")
		for range 3 {
			w.pass(time.Minute)
		}
		if w.said(anna, "already exists") || w.said(anna, "No list today") || w.sold() != 1 {
			t.Errorf("%d were sold", w.sold())
		}
	})
	t.Run("group", func(t *testing.T) {
		w := newTeam(t, sandbox.Config{}, func(*Config) {})
		w.vendor.AddService(vendorLogin, "web-1")
		w.sayIn(anna, teamChat, shortOrder)
		w.wantSaid(teamChat, "The account already has a server named web-1. The order number will be appended")
		if ip := w.vendor.Services(vendorLogin)[0].IPv4; w.said(teamChat, ip) {
			t.Error("the group was told the address of a server")
		}
	})
}

// TestConsoleLinkGoesAfterDaysOff: Telegram lets the bot remove no message that is so old, so
// its text and its buttons go.
func TestConsoleLinkGoesAfterDaysOff(t *testing.T) {
	t.Parallel()
	w, _ := deedWorld(t, deedOf("stop"), sandbox.Config{})
	w.say(anna, "/servers web-1")
	w.tap(anna, "🖥 Console")
	links := func() (n int) {
		for _, m := range w.chats.Messages(anna) {
			for _, row := range m.Keyboard {
				for _, b := range row {
					if strings.Contains(b.URL, "console") || strings.Contains(b.URL, "vnc") {
						n++
					}
				}
			}
		}
		return n
	}
	if links() == 0 {
		t.Fatalf("there is no link:\n%s", w.chats.Transcript(anna))
	}
	w.stopBot()
	w.clock.move(49 * time.Hour)
	w.start()
	w.settle()
	if n := links(); n != 0 || !w.said(anna, "What stood here") {
		t.Errorf("%d links are left:\n%s", n, w.chats.Transcript(anna))
	}
}
