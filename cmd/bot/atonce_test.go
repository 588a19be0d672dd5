package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"zomrobot/purchase"
	"zomrobot/telegram/emulator"
	"zomrobot/zomro/sandbox"
)

const latency = 100 * time.Millisecond

// callsSince are the calls of the vendor after the n-th.
func (w *world) callsSince(n int) []sandbox.Call {
	return slices.DeleteFunc(w.vendor.Calls(), func(c sandbox.Call) bool { return c.Number <= n })
}

// depth is how many calls follow each other from the first of them to the end of the
// last whose function is named.
func depth(t *testing.T, calls []sandbox.Call, last string) float64 {
	t.Helper()
	for _, c := range slices.Backward(calls) {
		if c.Func == last {
			return float64(c.Ended.Sub(calls[0].Time)) / float64(latency)
		}
	}
	t.Fatalf("%s was not called", last)
	return 0
}

// log is what was called when, for people.
func logOf(calls []sandbox.Call) string {
	var text strings.Builder
	for _, c := range calls {
		fmt.Fprintf(&text, "%6s – %6s %s %s\n", c.Time.Sub(calls[0].Time), c.Ended.Sub(calls[0].Time), c.Func, c.Field("clicked_button"))
	}
	return text.String()
}

// TestHowLongAPurchaseTakes holds how many calls follow each other in an order, by the
// time that a vendor takes for it of which each takes as long.
func TestHowLongAPurchaseTakes(t *testing.T) {
	for _, c := range []struct {
		name, promo  string
		sold, proved float64
	}{
		{"with a promo code", " promocode=WELCOME10", 6.25, 7.25}, // a quarter, so that the cart is the last
		{"without", "", 4.25, 5.25},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newBubble(t, sandbox.Config{Latency: latency}, emulator.Config{}, asItIs)
				w.login(anna)
				w.say(anna, shortOrder+c.promo)
				before := len(w.vendor.Calls())
				w.say(anna, "/confirm")
				calls := w.callsSince(before)
				if n := w.sold(); n != 1 {
					t.Fatalf("%d orders were paid, want 1:\n%s", n, logOf(calls))
				}
				if n := depth(t, calls, "cartorder.create.confirm"); n != c.sold {
					t.Errorf("%v calls follow each other to the payment, want %v:\n%s", n, c.sold, logOf(calls))
				}
				if n := depth(t, calls, "expense"); n != c.proved {
					t.Errorf("%v calls follow each other until it is proved, want %v:\n%s", n, c.proved, logOf(calls))
				}
				w.wantSaid(anna, "Charged: ")
			})
		})
	}
}

// TestSessionsThatServeOneCallAtATime: a vendor that does not serve calls of one session
// at the same time is called one after the other, and the order comes out right.
func TestSessionsThatServeOneCallAtATime(t *testing.T) {
	for _, beside := range []sandbox.Beside{
		sandbox.BesideQueued, sandbox.BesideRefused, sandbox.BesideHeld, sandbox.BesideMixed, sandbox.BesideRenamed, sandbox.BesideLogsOut,
	} {
		t.Run(string(beside), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newBubble(t, sandbox.Config{Latency: latency}, emulator.Config{}, asItIs)
				w.vendor.AddService(vendorLogin, "old-1") // so that lists have rows to be mixed up
				w.vendor.Behave(sandbox.Behaviour{Beside: beside})
				w.login(anna)
				for i, promo := range []string{" promocode=WELCOME10", ""} {
					w.say(anna, strings.Replace(shortOrder, "web-1", fmt.Sprintf("web-%d", i+1), 1)+promo)
					before := len(w.vendor.Calls())
					w.say(anna, "/confirm")
					calls := w.callsSince(before)
					w.wantSaid(anna, "Charged: ")
					if n := w.sold(); n != i+1 {
						t.Fatalf("%d orders were paid, want %d:\n%s", n, i+1, logOf(calls))
					}
					if i == 1 && beside != sandbox.BesideQueued && crowded(calls) {
						t.Errorf("calls are made at the same time again:\n%s", logOf(calls))
					}
					time.Sleep(5 * time.Minute) // of the bubble: its money is looked at
					w.settle()
				}
				for id, p := range w.purchases() {
					if p.Record.State != purchase.StateActive || !p.Record.Taken.Amount.Equal(p.Record.CartTotal.Amount) {
						t.Errorf("purchase %s is %s, with %v taken of %v", id, p.Record.State, p.Record.Taken, p.Record.CartTotal)
					}
				}
				// All but a vendor that has them wait were noticed.
				if noticed := strings.Contains(w.logs.String(), "one after the other from now on"); noticed != (beside != sandbox.BesideQueued) {
					t.Errorf("that calls cannot be made at the same time was noticed: %v", noticed)
				}
				if said := w.chats.Transcript(anna); strings.Contains(said, "Log in again") || strings.Contains(said, "not certain") {
					t.Errorf("somebody was alarmed:\n%s", said)
				}
				w.booksHold()
			})
		})
	}
}

// crowded reports whether two of the calls were made at the same time.
func crowded(calls []sandbox.Call) bool {
	for i, c := range calls[1:] {
		if c.Time.Before(calls[i].Ended) {
			return true
		}
	}
	return false
}

// TestSessionAloneIsSpared: what might end a session that cannot be renewed is not
// tried with it.
func TestSessionAloneIsSpared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newBubble(t, sandbox.Config{Latency: latency}, emulator.Config{}, asItIs)
		w.say(anna, "/login")
		w.tap(anna, "Session token")
		w.say(anna, w.vendor.OpenSession(vendorLogin))
		w.say(anna, shortOrder)
		before := len(w.vendor.Calls())
		w.say(anna, "/confirm")
		calls := w.callsSince(before)
		w.wantSaid(anna, "Charged: ")
		if crowded(calls) {
			t.Errorf("calls were made at the same time:\n%s", logOf(calls))
		}
	})
}

// TestTheCartIsLookedAtLast: where one of the others that were asked together with the
// cart comes back after it, it is looked at once more, and what was put there meanwhile is
// seen.
func TestTheCartIsLookedAtLast(t *testing.T) {
	for _, c := range []struct {
		late    time.Duration // how much later one of them is
		looks   int           // at the cart, before the payment
		foreign bool          // something is put there meanwhile
	}{
		{late: latency / 5, looks: 2},
		{late: latency / 3, looks: 3},
		{late: 10 * latency, looks: 3},
		{late: 10 * latency, looks: 3, foreign: true},
	} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newBubble(t, sandbox.Config{Latency: latency}, emulator.Config{}, asItIs)
				w.login(anna)
				w.say(anna, shortOrder)
				before := len(w.vendor.Calls())
				held := w.vendor.Inject(sandbox.Fault{Kind: sandbox.Hold, Func: "expense", Delay: c.late})
				if _, err := w.chats.Say(anna, anna, "/confirm"); err != nil {
					t.Fatal(err)
				}
				<-held.Hit()
				if c.foreign {
					time.Sleep(2 * latency) // of the bubble: the cart has been answered
					w.vendor.PutForeignItem(vendorLogin)
				}
				w.settle()
				calls := w.callsSince(before)
				if c.foreign {
					w.wantSaid(anna, "This account's Zomro cart holds something else")
					if n := w.sold(); n != 0 {
						t.Errorf("%d orders were paid, want none:\n%s", n, logOf(calls))
					}
					return
				}
				if n := w.sold(); n != 1 {
					t.Fatalf("%d orders were paid, want 1:\n%s", n, logOf(calls))
				}
				paid := slices.IndexFunc(calls, func(c sandbox.Call) bool { return c.Func == "cartorder.create.confirm" })
				looks, last := 0, time.Time{}
				for _, call := range calls[:paid] {
					if call.Func == "cart" {
						looks++
						last = call.Ended
					}
				}
				if looks != c.looks {
					t.Errorf("the cart was looked at %d times before the payment, want %d:\n%s", looks, c.looks, logOf(calls))
				}
				if age := calls[paid].Time.Sub(last); age > 0 {
					t.Errorf("the cart was looked at %s before the payment:\n%s", age, logOf(calls))
				}
			})
		})
	}
}
