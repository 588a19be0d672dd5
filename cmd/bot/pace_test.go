package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"zomrobot/storage"
	"zomrobot/telegram/emulator"
	"zomrobot/zomro/sandbox"
)

// countingStore counts what is put into the outbox for the group.
type countingStore struct {
	storage.Store
	posts *atomic.Int64
}

func (s countingStore) Update(ctx context.Context, fn func(storage.Tx) error) error {
	return s.Store.Update(ctx, func(tx storage.Tx) error { return fn(countingTx{tx, s.posts}) })
}

type countingTx struct {
	storage.Tx
	posts *atomic.Int64
}

func (t countingTx) Put(key string, value []byte) error {
	if strings.HasPrefix(key, fmt.Sprintf("outbox/%d/", bigTeam)) {
		t.posts.Add(1)
	}
	return t.Tx.Put(key, value)
}

// TestNobodyWaitsOnTheWayToAnOrder: from the first word to the review of an order a
// person who types and taps fast waits for nothing: nothing is refused, and in no step
// does any time go by before all is shown.
func TestNobodyWaitsOnTheWayToAnOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newBubble(t, sandbox.Config{}, emulator.Config{Flood: true}, asItIs)
		waits := 0
		w.toReview(func(act func()) {
			began := time.Now()
			act()
			// What is written down after an edit may wait for 50 ms, for which nobody waits.
			if waited := time.Since(began); waited > 50*time.Millisecond {
				waits++
				t.Logf("waited %s:\n%s", waited, w.chats.Transcript(anna))
			}
		})
		if n := w.refused(); waits > 0 || n > 0 {
			t.Errorf("%d steps waited, %d calls were refused", waits, n)
		}
	})
}

// toReview has a person go from the first word to the review of an order, as fast as
// one can. step is given each step.
func (w *world) toReview(step func(act func())) {
	w.t.Helper()
	say := func(text string) {
		time.Sleep(time.Second) // of the bubble: the person types
		step(func() { w.say(anna, text) })
	}
	tap := func(label string) {
		time.Sleep(300 * time.Millisecond) // of the bubble: the person taps
		step(func() { w.tap(anna, label) })
	}
	say("/start")
	say("/login")
	tap(words["login and password"][anna])
	say(vendorLogin)
	say(vendorPassword)
	say("/order")
	tap(words["choose"][anna])
	tap("🇳🇱 Netherlands-3")
	tap(nextPage)
	tap("‹")
	tap(words["plan"][anna])
	tap(words["skip"][anna])
	tap("Ubuntu")
	tap("Ubuntu 22.04")
	tap(words["own password"][anna])
	say(rootPassword)
	say("web-1")
	tap(words["no backups"][anna])
	tap(words["month"][anna])
	tap("1")
	w.confirmButton(anna)
}

// refused is how many calls of the bot were refused for their frequency.
func (w *world) refused() (n int) {
	for _, c := range w.chats.Calls() {
		if c.Code == http.StatusTooManyRequests {
			n++
		}
	}
	return n
}

// TestStricterLimitsAreLearned: where Telegram allows less than anybody thinks, a few
// refusals teach it, and all the same steps lead to the same review.
func TestStricterLimitsAreLearned(t *testing.T) {
	for name, limits := range map[string]emulator.Limits{
		"edits count":          {Edits: true},
		"edits count, no rest": {Burst: 1, Edits: true},
		"long pauses":          {Burst: 1, Edits: true, Pause: 25},
		"longer pauses":        {Burst: 1, Edits: true, Pause: 60}, // than a call waits by itself
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newBubble(t, sandbox.Config{}, emulator.Config{Flood: true, Limits: limits}, asItIs)
				w.toReview(func(act func()) { act() })
				const lessons = 8
				if n := w.refused(); n == 0 || n > lessons {
					t.Errorf("%d calls were refused, want 1 to %d", n, lessons)
				}
			})
		})
	}
}

// TestAPressIsAnsweredBesideItsCard: a card follows a press while Telegram does not take
// the answer to it.
func TestAPressIsAnsweredBesideItsCard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newBubble(t, sandbox.Config{}, emulator.Config{Flood: true}, asItIs)
		w.login(anna)
		w.say(anna, "/order")
		w.must(w.chats.Break(emulator.Fault{Method: "answerCallbackQuery", Kind: emulator.Hang}))
		began := time.Now()
		if err := w.tapNewest(anna, words["choose"][anna]); err != nil {
			t.Fatal(err)
		}
		w.until(func() bool { return w.said(anna, "Step 1 of 10") })
		if waited := time.Since(began); waited > 0 || len(w.chats.Unanswered()) != 1 {
			t.Errorf("the card waited %s for the answer", waited)
		}
	})
}

// TestTheVendorIsAskedWhileMessagesWait: what a dialogue asks the vendor does not stand
// behind a message that Telegram does not take.
func TestTheVendorIsAskedWhileMessagesWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newBubble(t, sandbox.Config{}, emulator.Config{Flood: true}, asItIs)
		w.login(anna)
		before, began := w.lastCall(), time.Now()
		w.must(w.chats.Break(emulator.Fault{Method: "sendMessage", Kind: emulator.Hang}))
		for _, text := range []string{"/help", "/order"} {
			if _, err := w.chats.Say(anna, anna, text); err != nil {
				t.Fatal(err)
			}
		}
		for w.lastCall() == before {
			<-w.vendor.Changed()
		}
		if waited := time.Since(began); waited > 0 || w.said(anna, "Netherlands") {
			t.Errorf("the vendor was asked after %s", waited)
		}
	})
}

// TestOrdersInAGroupKeepTelegramsPace: three people order at once in a group, and
// the bot really waits for Telegram's limits. A few calls are refused for their
// frequency, by which it learns the limits, every question and every result arrives,
// and what is shown at the end is how things are.
func TestOrdersInAGroupKeepTelegramsPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		people := []int64{anna, boris, vera}
		var posts atomic.Int64
		w := newBubble(t, sandbox.Config{Latency: time.Second, ActivationDelay: 40 * time.Second}, emulator.Config{
			Flood: true, People: append(emulator.Demo(), emulator.Person{ID: vera, Name: "Vera", Lang: "en"}),
		}, func(p *Program) {
			p.wrapStore = func(s storage.Store) storage.Store { return countingStore{s, &posts} }
		})
		w.login(anna)
		w.must(w.chats.AddGroup(bigTeam, "Big team", people...))
		w.makeTeamIn(anna, bigTeam, 0)
		for i, person := range people {
			order := strings.Replace(shortOrder, "web-1", fmt.Sprintf("web-%d", i), 1)
			if person == vera {
				order += " promocode=NOSUCH" // she will be asked
			}
			_, err := w.chats.Say(person, bigTeam, strings.Replace(order, " ", "@"+w.program.Chat.Username()+" ", 1))
			if err != nil {
				t.Fatal(err)
			}
		}
		w.settle()
		for i, person := range people {
			w.pressIn(person, bigTeam, "✅", fmt.Sprintf("web-%d", i))
		}
		w.settle()
		time.Sleep(time.Duration(len(people)) * time.Minute) // of the bubble: the money of each is looked at before the next
		w.settle()
		w.pressIn(vera, bigTeam, "Without a code", "NOSUCH")
		time.Sleep(10 * time.Minute) // of the bubble: all of them become active
		w.settle()

		sent := 0
		edits := 0
		for _, c := range w.chats.Calls() {
			if c.Code == http.StatusTooManyRequests {
				continue
			}
			if c.Params["chat_id"] != fmt.Sprint(bigTeam) || c.Method != "sendMessage" && c.Method != "editMessageText" {
				continue
			}
			if c.Method == "editMessageText" {
				edits++
			}
			sent++
		}
		const lessons = 6 // a burst and the minute, of messages, of edits, and of both together
		if n := w.refused(); n > lessons {
			t.Errorf("%d calls were refused for their frequency, want %d at most", n, lessons)
		}
		t.Logf("%d things to show or say became %d messages, %d of them edits", posts.Load(), sent, edits)
		if int(posts.Load()) <= sent {
			t.Error("nothing was merged: the test has not put the pace to the proof")
		}
		for i := range people {
			server := fmt.Sprintf("web-%d", i)
			results, cards := 0, 0
			for _, m := range w.chats.Messages(bigTeam) {
				if !m.Bot || !strings.Contains(m.Text, server) {
					continue
				}
				active := strings.Contains(m.Text, "The server is active") || strings.Contains(m.Text, "Сервер активен")
				switch {
				case strings.Contains(m.Text, "Netherlands"):
					cards++
					if !active && strings.Contains(m.Text, "⏳") {
						t.Errorf("the card of %s is of an earlier state:\n%s", server, m.Text)
					}
				case active:
					results++
				}
			}
			if results != 1 || cards == 0 {
				t.Errorf("%s: %d results and %d cards", server, results, cards)
			}
		}
	})
}
