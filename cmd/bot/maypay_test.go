package main

import (
	"slices"
	"testing"
	"time"

	"zomrobot/telegram/emulator"
	"zomrobot/zomro/sandbox"
)

// beforePaying has Boris order in the big team, and something happen after his
// order was agreed to and before it is paid.
func (w *world) beforePaying(meanwhile func()) {
	w.t.Helper()
	held := w.vendor.Inject(sandbox.Fault{Kind: sandbox.Hold, Func: "expense"})
	w.sayIn(boris, bigTeam, shortOrder)
	w.pressIn(boris, bigTeam, "✅", "web-1")
	<-held.Hit()
	meanwhile()
	held.Release()
}

// unheard has something happen in the big team that the bot is not told of before
// heard.
func (w *world) unheard(what func() error) {
	w.t.Helper()
	if err := w.chats.Break(emulator.Fault{Method: "getUpdates", Kind: emulator.Failure, Times: 1000}); err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.chats.SayIn(anna, bigTeam, 0, "good morning"); err != nil { // ends the request that waits
		w.t.Fatal(err)
	}
	w.until(func() bool { return w.chats.Pending() == 0 })
	if err := what(); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) heard() {
	w.t.Helper()
	w.chats.Mend()
	w.settle()
}

// reply has a person answer the newest message of a group that asks for a reply.
func (w *world) reply(person, chat int64, text string) {
	w.t.Helper()
	for _, m := range slices.Backward(w.chats.Messages(chat)) {
		if m.AsksReply && !m.Deleted {
			if _, err := w.chats.Reply(person, chat, m.ID, text); err != nil {
				w.t.Fatal(err)
			}
			return
		}
	}
	w.t.Fatalf("nothing asks for a reply:\n%s", w.chats.Transcript(chat))
}

// shows reports whether a message has a button of that label.
func (w *world) shows(chat int64, label string) bool {
	return slices.ContainsFunc(w.chats.Messages(chat), func(m emulator.Message) bool {
		_, ok := m.Button(label)
		return ok
	})
}

// until waits for something that is seen in the chats.
func (w *world) until(ok func() bool) {
	w.t.Helper()
	ctx, cancel := w.patient()
	defer cancel()
	if err := w.chats.Until(ctx, func() bool { w.oblige(); return ok() }); err != nil {
		w.t.Fatalf("%v\n%s", err, w.chats.Transcript(bigTeam))
	}
}

// TestTeamPaysAsItIsNow: what a payment rests on is checked when it is paid. What
// no longer allows it holds it up, says so, and lets it go on once it does.
func TestTeamPaysAsItIsNow(t *testing.T) {
	t.Parallel()
	// roleOf opens Boris's role, and gives him another.
	roleOf := func(w *world) {
		w.sayIn(boris, bigTeam, "/help") // now he is known
		w.sayIn(anna, bigTeam, "/team")
		w.tapIn(anna, bigTeam, "👤 Roles", "")
		w.tapIn(anna, bigTeam, "Борис", "")
	}
	// limits opens the limit of a purchase, above which orders are refused.
	limits := func(w *world) {
		w.sayIn(anna, bigTeam, "/team")
		w.tapIn(anna, bigTeam, "💶 Limits", "")
		w.tapIn(anna, bigTeam, "Above: refused", "")
		w.tapIn(anna, bigTeam, "Single purchase", "")
	}
	for name, tt := range map[string]struct {
		before, meanwhile, then func(*world)
		says                    string
		cancelled               bool // in the end
	}{
		"the account is disconnected": {
			before: func(w *world) {
				w.sayIn(anna, bigTeam, "/team")
				w.tapIn(anna, bigTeam, "🔑 Account", "")
			},
			meanwhile: func(w *world) {
				w.pressIn(anna, bigTeam, "Disconnect account", "")
				w.until(func() bool { return w.said(bigTeam, "none connected") })
			},
			says: "больше не платит за команду",
			then: func(w *world) { w.makeTeamIn(anna, bigTeam, 0) },
		},
		"the holder has left unseen": {
			meanwhile: func(w *world) { w.unheard(func() error { return w.chats.Leave(anna, bigTeam) }) },
			says:      "Того, кто подключил аккаунт, больше нет в группе",
			then: func(w *world) { // the team is Boris's now, and the account is gone
				w.heard()
				w.tapIn(boris, bigTeam, "Отменить покупку", "web-1")
			},
			cancelled: true,
		},
		"the requester was removed unseen": {
			meanwhile: func(w *world) { w.unheard(func() error { return w.chats.Kick(anna, bigTeam, boris) }) },
			says:      "Того, кто сделал заказ, больше нет в группе",
			then: func(w *world) {
				if err := w.chats.Join(anna, bigTeam, boris); err != nil {
					w.t.Fatal(err)
				}
				w.heard()
			},
		},
		"the requester may not order any more": {
			before: roleOf,
			meanwhile: func(w *world) {
				w.pressIn(anna, bigTeam, "viewer", "")
				w.until(func() bool { return w.shows(bigTeam, "Борис: viewer") })
			},
			says: "больше не позволяет заказывать",
			then: func(w *world) {
				roleOf(w)
				w.tapIn(anna, bigTeam, "buyer", "")
			},
		},
		"the limit was lowered": {
			before: limits,
			meanwhile: func(w *world) {
				w.reply(anna, bigTeam, "5")
				w.until(func() bool { return w.shows(bigTeam, "Single purchase: €5.00") })
			},
			says: "выше лимита команды",
			then: func(w *world) {
				w.tapIn(anna, bigTeam, "Single purchase", "")
				w.reply(anna, bigTeam, "50")
			},
		},
		"Telegram does not answer": {
			meanwhile: func(w *world) {
				if err := w.chats.Break(emulator.Fault{Method: "getChatMember", Kind: emulator.Failure, Times: 1000}); err != nil {
					w.t.Fatal(err)
				}
			},
			says: "Telegram не сообщает",
			then: func(w *world) {
				w.pass(time.Minute)
				w.chats.Mend()
				if n := w.sold(); n != 0 {
					t.Errorf("%d orders were paid before Telegram answered", n)
				}
				w.pass(time.Minute)
			},
		},
		"more approvals are needed": {
			before: func(w *world) {
				w.sayIn(anna, bigTeam, "/team")
				w.tapIn(anna, bigTeam, "✅ Approvals", "")
			},
			meanwhile: func(w *world) {
				w.pressIn(anna, bigTeam, "1 approval", "")
				w.until(func() bool { return w.said(bigTeam, "every order needs 1") })
			},
			says: "Ждёт согласования: 0 из 1",
			then: func(w *world) { w.tapIn(anna, bigTeam, "Согласовать", "web-1") },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newBigTeam(t, sandbox.Config{}, func(*Config) {})
			if tt.before != nil {
				tt.before(w)
			}
			w.beforePaying(func() { tt.meanwhile(w) })
			w.until(func() bool { return w.said(bigTeam, "web-1", tt.says) })
			if n := w.sold(); n != 0 {
				t.Fatalf("%d orders were paid", n)
			}
			tt.then(w)
			w.settle()
			want := 1
			if tt.cancelled {
				want = 0
				w.takenOut()
				w.wantSaid(bigTeam, "web-1", "отменена", "Деньги не списаны")
			}
			if n := w.sold(); n != want {
				t.Errorf("%d orders were paid in the end, want %d:\n%s", n, want, w.chats.Transcript(bigTeam))
			}
			w.wantTakenOut(bigTeam)
		})
	}
}

// TestOwnPurchasePaysAsItIsNow: a purchase of one person is paid from an account
// that is theirs, and while they may use the bot.
func TestOwnPurchasePaysAsItIsNow(t *testing.T) {
	t.Parallel()
	stopped := func(t *testing.T) *world {
		w := newWorldWith(t, sandbox.Config{}, func(c *Config) { c.Owners = []int64{boris} })
		w.say(boris, "/stop_purchases")
		w.buy(anna, "")
		return w
	}
	t.Run("the account is disconnected", func(t *testing.T) {
		t.Parallel()
		w := stopped(t)
		w.say(anna, "/logout")
		w.tap(anna, "Log out")
		w.say(boris, "/allow_purchases")
		w.wantSaid(anna, "no longer connected", "Nothing was charged")
		if n := w.sold() + len(w.vendor.Cart(vendorLogin)); n != 0 {
			t.Errorf("%d orders are in the cart or paid", n)
		}
		w.login(anna)
		if n := w.sold(); n != 1 {
			t.Errorf("%d orders were paid after the account was connected again, want 1:\n%s", n, w.chats.Transcript(anna))
		}
	})
	t.Run("the person may not use the bot any more", func(t *testing.T) {
		t.Parallel()
		w := stopped(t)
		was := w.configure
		w.configure = func(p *Program) {
			was(p)
			p.Config.Allowed.Users = []int64{boris}
		}
		w.restart()
		w.say(boris, "/allow_purchases")
		w.wantSaid(anna, "The bot's administrator", "Nothing was charged")
		w.pass(23 * time.Hour)
		if w.said(anna, "Purchase cancelled", "Nothing was charged") {
			t.Error("it was given up early")
		}
		w.pass(time.Hour)
		w.wantSaid(anna, "Purchase cancelled", "Nothing was charged")
		if n := w.sold() + len(w.vendor.Cart(vendorLogin)); n != 0 {
			t.Errorf("%d orders are in the cart or paid", n)
		}
	})
}
