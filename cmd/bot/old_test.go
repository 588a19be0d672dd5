package main

import (
	"errors"
	"strings"
	"testing"
	"time"

	"zomrobot/conversation"
	"zomrobot/storage"
	"zomrobot/zomro/sandbox"
)

// unhandled has something happen that the bot takes in and does not come to: it is
// stopped meanwhile for a time, and started again.
func (w *world) unhandled(b *brokenStore, stopped time.Duration, what func()) {
	w.t.Helper()
	arrived := make(chan struct{}, 100)
	b.set(func() {
		b.commit = func(wrote map[string][]byte) error {
			for key, value := range wrote {
				if strings.HasPrefix(key, "inbox/") && value != nil {
					return nil // it is kept
				}
			}
			for key, value := range wrote {
				if strings.HasPrefix(key, "inbox/") && value == nil || strings.HasPrefix(key, "seen/") {
					arrived <- struct{}{}
					return errors.New("the bot is not to come to this")
				}
			}
			return nil
		}
	})
	what()
	<-arrived
	w.until(func() bool { return w.chats.Pending() == 0 })
	w.stopBot()
	b.set(func() { b.commit = nil })
	w.clock.move(stopped)
	w.startAndReplay()
}

// startAndReplay starts the bot and waits until it has done what was left.
func (w *world) startAndReplay() {
	w.t.Helper()
	w.start()
	w.until(func() bool {
		left, err := storage.Keys(w.t.Context(), w.program.Store, "inbox/")
		// Once it polls, it has seen that nothing older waits.
		return err == nil && len(left) == 0 && w.chats.Pending() == 0 && w.chats.Polling()
	})
	w.settle()
}

// TestOldPressesPayNothing: what was pressed before a stop of more than ten minutes
// is shown again; after a shorter one it counts.
func TestOldPressesPayNothing(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		people func(w *world)
		press  func(w *world)
		done   func(w *world) int
		chat   int64
		whose  string // in a group
	}{
		{"confirm", func(w *world) { w.review(anna) }, func(w *world) {
			card, data := w.confirmButton(anna)
			w.press(anna, card, data)
		}, (*world).sold, anna, ""},
		{"approve", func(w *world) {
			w.login(anna)
			w.login(boris)
			w.must(w.chats.AddGroup(bigTeam, "Big team", anna, boris))
			w.settle()
			w.makeTeamIn(anna, bigTeam, 0)
			w.needs("1 approval")
			w.sayIn(boris, bigTeam, shortOrder)
			w.tapIn(boris, bigTeam, "✅", "web-1")
		}, func(w *world) { w.pressIn(anna, bigTeam, "Согласовать", "web-1") }, (*world).sold, bigTeam, "👤 Anna"},
		{
			"resize", func(w *world) {
				w.vendor.AddService(vendorLogin, "web-1")
				w.login(anna)
				w.say(anna, "/servers")
				w.tap(anna, "🟢 web-1")
				w.tap(anna, "⋯ More")
				w.tap(anna, "📈 Larger plan")
				w.tap(anna, "Birch Intel| NL-3 · €1.92")
			}, func(w *world) {
				if err := w.tapNewest(anna, "📈 Larger plan"); err != nil {
					w.t.Fatal(err)
				}
			},
			func(w *world) int { return w.called("service.changepricelist.getmoney") }, anna, "reached me late",
		},
	} {
		for _, late := range []bool{false, true} {
			t.Run(tt.name+map[bool]string{true: ", late"}[late], func(t *testing.T) {
				b := &brokenStore{}
				w := broken(t, sandbox.Config{}, b, nil)
				tt.people(w)
				stopped := 9 * time.Minute
				if late {
					stopped = 11 * time.Minute
				}
				w.unhandled(b, stopped, func() { tt.press(w) })
				if !late {
					if tt.done(w) != 1 {
						t.Fatalf("it was not done:\n%s", w.chats.Transcript(tt.chat))
					}
					return
				}
				if tt.done(w) != 0 {
					t.Fatalf("it was done:\n%s", w.chats.Transcript(tt.chat))
				}
				w.wantSaid(tt.chat, "reached me late", tt.whose)
				tt.press(w) // what is shown again
				w.settle()
				if tt.done(w) != 1 {
					t.Errorf("it cannot be done any more:\n%s", w.chats.Transcript(tt.chat))
				}
			})
		}
	}
}

// TestOldWordsPayNothing: a message that waited at Telegram while the bot was stopped
// is as old as its date says.
func TestOldWordsPayNothing(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		before, after time.Duration // how long it was stopped, and then until it was started
		ahead         time.Duration // of the bot's clock
		want          int
	}{
		"new, after a long stop":            {before: time.Hour, after: 9 * time.Minute, want: 1},
		"old":                               {before: time.Minute, after: 11 * time.Minute, want: 0},
		"by a clock that is ahead, at once": {ahead: 5 * time.Hour, want: 1},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorldOf(t, sandbox.Config{}, func(p *Program) {
				now := p.Now
				p.Now = func() time.Time { return now().Add(tt.ahead) }
			})
			w.login(anna)
			w.say(anna, shortOrder)
			if tt.before+tt.after > 0 {
				w.stopBot()
				w.clock.move(tt.before)
			}
			if _, err := w.chats.Say(anna, anna, "/confirm"); err != nil {
				t.Fatal(err)
			}
			if w.stop == nil {
				w.clock.move(tt.after)
				w.startAndReplay()
			}
			w.settle()
			if n := w.sold(); n != tt.want {
				t.Fatalf("%d orders were paid, want %d:\n%s", n, tt.want, w.chats.Transcript(anna))
			}
			if tt.want == 0 {
				w.wantSaid(anna, "reached me late", "web-1")
				w.say(anna, "/confirm")
				if n := w.sold(); n != 1 {
					t.Errorf("%d orders were paid in the end:\n%s", n, w.chats.Transcript(anna))
				}
			}
		})
	}
}

// TestOldNameDeletesNothing: the name that was typed to delete a server is as old as
// its date, too.
func TestOldNameDeletesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{})
	w.vendor.AddService(vendorLogin, "web-1")
	w.login(anna)
	w.say(anna, "/servers")
	w.tap(anna, "🟢 web-1")
	w.tap(anna, "⋯ More")
	w.tap(anna, "🗑 Delete…")
	w.stopBot()
	if _, err := w.chats.Say(anna, anna, "web-1"); err != nil {
		t.Fatal(err)
	}
	w.clock.move(conversation.IntentLives + time.Minute)
	w.startAndReplay()
	if n := w.called("instances.delete"); n != 0 {
		t.Fatalf("%d servers were deleted:\n%s", n, w.chats.Transcript(anna))
	}
	w.say(anna, "web-1")
	if n := w.called("instances.delete"); n != 1 {
		t.Errorf("%d servers were deleted:\n%s", n, w.chats.Transcript(anna))
	}
}

// TestConfirmThatWaitsForTheCatalogue: a confirm that was heard in time, and waits for
// a look at the prices when the bot is stopped, is old by the time the bot looks.
func TestConfirmThatWaitsForTheCatalogue(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{})
	w.login(anna)
	w.say(anna, shortOrder)
	w.pass(6 * time.Minute) // the catalogue must be looked at again
	held := w.vendor.Inject(sandbox.Fault{Kind: sandbox.Hold, Func: "v2.instances.order.pricelist"})
	if err := w.tapNewest(anna, "✅"); err != nil {
		if _, err := w.chats.Say(anna, anna, "/confirm"); err != nil {
			t.Fatal(err)
		}
	}
	<-held.Hit()
	w.stopBot()
	held.Release()
	w.clock.move(11 * time.Minute)
	w.startAndReplay()
	if n := w.sold(); n != 0 {
		t.Errorf("%d orders were paid, want none:\n%s", n, w.chats.Transcript(anna))
	}
	w.wantSaid(anna, "reached me late")
}

// TestOldWordAllowsNothing: an owner's word that purchases go on is not obeyed when it
// comes late, and no secret is a reason that others read.
func TestOldWordAllowsNothing(t *testing.T) {
	t.Parallel()
	w := newWorldWith(t, sandbox.Config{}, func(c *Config) { c.Owners = []int64{boris} })
	session := w.vendor.OpenSession(vendorLogin)
	w.login(anna)
	w.say(boris, "/stop_purchases token "+session)
	w.wantSaid(boris, "Похоже на токен сессии")
	w.say(boris, "/stop_purchases")
	w.wantSaid(boris, "Все покупки остановлены")
	w.stopBot()
	if _, err := w.chats.Say(boris, boris, "/allow_purchases"); err != nil {
		t.Fatal(err)
	}
	w.clock.move(11 * time.Minute)
	w.startAndReplay()
	w.wantSaid(boris, "дошла с опозданием")
	w.say(anna, shortOrder)
	w.say(anna, "/confirm")
	if n := w.sold(); n != 0 {
		t.Fatalf("%d orders were paid", n)
	}
	w.say(boris, "/allow_purchases")
	w.pass(time.Minute)
	if n := w.sold(); n != 1 {
		t.Errorf("%d orders were paid, want 1", n)
	}
	w.stopBot()
	lookForSecrets(t, w.chats, w.sealed(), w.logs.String(), session)
}
