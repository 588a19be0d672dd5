package main

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"zomrobot/chat"
	"zomrobot/storage"

	"zomrobot/telegram/emulator"
	"zomrobot/zomro/sandbox"

	"github.com/google/go-cmp/cmp"
)

// orderLine is an order in one message, up to its promo code.
const orderLine = "/order datacenter=17 pricelist=9102 order_period=1 instances_os=Ubuntu 22.04 servername=web-1 addon_91021=301 order_count=1 backups_schedule=off password=" + rootPassword

// review brings a person to the review card of an order and returns the card
// and the data of its confirm button.
func (w *world) review(person int64) (card int, confirm string) {
	w.t.Helper()
	w.login(person)
	w.say(person, orderLine)
	return w.confirmButton(person)
}

// confirmButton is where the newest button is that confirms an order.
func (w *world) confirmButton(person int64) (card int, data string) {
	w.t.Helper()
	for _, m := range slices.Backward(w.chats.Messages(person)) {
		for _, row := range m.Keyboard {
			for _, button := range row {
				if strings.HasPrefix(button.Label, "✅") {
					return m.ID, button.Data
				}
			}
		}
	}
	w.t.Fatalf("there is nothing to confirm:\n%s", w.chats.Transcript(person))
	return 0, ""
}

// press taps without waiting for what follows.
func (w *world) press(person int64, card int, data string) {
	w.t.Helper()
	if _, err := w.chats.TapData(person, person, card, data); err != nil {
		w.t.Fatal(err)
	}
}

// boughtOnce fails the test unless the vendor sold exactly one order in all, and
// the bot put nothing else into the cart.
func (w *world) boughtOnce(person int64) {
	w.t.Helper()
	orders, confirms := w.vendor.Orders(vendorLogin), 0
	for _, call := range w.vendor.Calls() {
		if call.Func == "cartorder.create.confirm" {
			confirms++
		}
	}
	if len(orders) != 1 || confirms != 1 || len(w.vendor.Cart(vendorLogin)) != 0 {
		w.t.Errorf("%d orders by %d confirms, %d left in the cart; want one order by one confirm:\n%s",
			len(orders), confirms, len(w.vendor.Cart(vendorLogin)), w.chats.Transcript(person))
	}
}

// TestPresses presses what pays in every way in which it can be pressed more
// than once. However it is done, one server is bought.
func TestPresses(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]func(w *world){
		"ten quick taps": func(w *world) {
			card, confirm := w.review(anna)
			for range 10 {
				w.press(anna, card, confirm)
			}
		},
		"a tap on each of ten days": func(w *world) {
			card, confirm := w.review(anna)
			for range 10 {
				w.press(anna, card, confirm)
				w.settle()
				w.pass(24 * time.Hour)
			}
		},
		"the command beside a tap": func(w *world) {
			card, confirm := w.review(anna)
			w.press(anna, card, confirm)
			if _, err := w.chats.Say(anna, anna, "/confirm"); err != nil {
				w.t.Fatal(err)
			}
			w.press(anna, card, confirm)
		},
		"the command twice": func(w *world) {
			w.review(anna)
			for range 2 {
				if _, err := w.chats.Say(anna, anna, "/confirm"); err != nil {
					w.t.Fatal(err)
				}
			}
		},
		"two devices": func(w *world) {
			card, confirm := w.review(anna)
			done := make(chan error, 2)
			for range 2 {
				go func() {
					_, err := w.chats.TapData(anna, anna, card, confirm)
					done <- err
				}()
			}
			for range 2 {
				if err := <-done; err != nil {
					w.t.Fatal(err)
				}
			}
		},
		"two devices that show two cards": func(w *world) {
			card, confirm := w.review(anna)
			w.say(anna, "/continue") // the card again: one device has not scrolled
			later, again := w.confirmButton(anna)
			if later == card {
				w.t.Fatal("the card was not shown again")
			}
			w.press(anna, card, confirm)
			w.press(anna, later, again)
		},
		"while the payment is under way": func(w *world) {
			card, confirm := w.review(anna)
			held := w.vendor.Inject(sandbox.Fault{Kind: sandbox.Hold, Func: "cartorder.create.confirm"})
			w.press(anna, card, confirm)
			<-held.Hit()
			w.press(anna, card, confirm)
			if _, err := w.chats.Say(anna, anna, "/confirm"); err != nil {
				w.t.Fatal(err)
			}
			held.Release()
		},
		"re-sent by Telegram": func(w *world) {
			card, confirm := w.review(anna)
			// The bot hears of the tap by the request that is waiting; that it
			// has taken it in never reaches Telegram.
			if err := w.chats.Break(emulator.Fault{Method: "getUpdates", Kind: emulator.DropBefore, Times: 1000}); err != nil {
				w.t.Fatal(err)
			}
			w.press(anna, card, confirm)
			for len(w.vendor.Orders(vendorLogin)) == 0 {
				changed := w.vendor.Changed()
				if len(w.vendor.Orders(vendorLogin)) != 0 {
					break
				}
				select {
				case <-changed:
				case <-time.After(patience):
					w.t.Fatalf("nothing was bought:\n%s", w.chats.Transcript(anna))
				}
			}
			if err := w.stop(); err != nil {
				w.t.Fatal(err)
			}
			if w.chats.Pending() == 0 {
				w.t.Fatal("Telegram knows that the tap arrived: nothing will be re-sent")
			}
			w.chats.Mend()
			w.start()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, sandbox.Config{ActivationDelay: time.Minute})
			test(w)
			w.settle()
			w.pass(10 * time.Second)
			w.pass(2 * time.Minute)
			w.boughtOnce(anna)
			if !w.said(anna, "The server is active") {
				t.Errorf("nobody was told that the server is active:\n%s", w.chats.Transcript(anna))
			}
		})
	}
}

// TestYesterdaysCard taps on a card that nobody has confirmed for a day. What it
// says may no longer hold, so the tap alone must not buy; an order that is placed
// again is bought once, and the old card still buys nothing.
func TestYesterdaysCard(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{ActivationDelay: time.Minute})
	card, confirm := w.review(anna)
	w.pass(25 * time.Hour)
	w.press(anna, card, confirm)
	w.settle()
	if orders := w.vendor.Orders(vendorLogin); len(orders) != 0 {
		t.Errorf("yesterday's card has bought %+v:\n%s", orders, w.chats.Transcript(anna))
	}
	w.say(anna, "/cancel")
	w.say(anna, orderLine)
	w.say(anna, "/confirm")
	w.press(anna, card, confirm)
	w.settle()
	w.boughtOnce(anna)
}

// TestCardIsNeverStale: a card was edited and the bot ends before that is written down,
// when the dialogue is again as the card was shown before. It shows what is so after the
// next start.
func TestCardIsNeverStale(t *testing.T) {
	t.Parallel()
	b := &brokenStore{}
	w := broken(t, sandbox.Config{}, b, nil)
	w.login(anna)
	w.say(anna, "/reminders")
	shown := func() [][]emulator.Button {
		card, _ := w.chats.Last(anna)
		return card.Keyboard
	}
	before := shown()
	toggle := before[0][0].Label
	b.set(func() {
		b.commit = func(wrote map[string][]byte) error {
			kept, carriedOut := false, false
			for key, value := range wrote {
				kept = kept || strings.HasPrefix(key, "dialogue/")
				carriedOut = carriedOut || strings.HasPrefix(key, "outbox/") && value == nil
			}
			if kept && carriedOut { // it is what the card shows
				return errDisk
			}
			return nil
		}
	})
	tap := func(label string) {
		card, _ := w.chats.Last(anna)
		if _, err := w.chats.Tap(anna, anna, card.ID, label); err != nil {
			t.Fatal(err)
		}
	}
	tap(toggle)
	w.until(func() bool { return !cmp.Equal(shown(), before) })
	if err := w.chats.Break(emulator.Fault{Method: "editMessageText", Kind: emulator.Failure, Times: 1 << 20}); err != nil {
		t.Fatal(err)
	}
	tap(shown()[0][0].Label)
	w.until(func() bool { return w.chats.Pending() == 0 })
	w.stopBot()
	b.set(func() { b.commit = nil })
	w.chats.Mend()
	w.start()
	w.settle()
	if diff := cmp.Diff(before, shown()); diff != "" {
		t.Errorf("the card shows what is not so (-is +shown):\n%s", diff)
	}
}

// TestCardOfAnEarlierVersion: where a card stands was kept apart from its dialogue. It is
// found there, edited where it is, and kept with the dialogue from then on.
func TestCardOfAnEarlierVersion(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{})
	w.login(anna)
	w.say(anna, "/order")
	key := chat.Key{Chat: anna, User: anna}.String()
	stored := func(change func(tx storage.Tx, dialogue map[string]json.RawMessage, apart []byte) error) {
		t.Helper()
		w.stopBot()
		store, err := w.openStore(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		err = store.Update(t.Context(), func(tx storage.Tx) error {
			dialogue, _, err := storage.Get[map[string]json.RawMessage](tx, "dialogue/"+key)
			if err != nil {
				return err
			}
			apart, err := tx.Get("card/" + key)
			return errors.Join(err, change(tx, dialogue, apart))
		})
		if err := errors.Join(err, store.Close()); err != nil {
			t.Fatal(err)
		}
		w.start()
		w.settle()
	}
	stored(func(tx storage.Tx, dialogue map[string]json.RawMessage, apart []byte) error {
		stands := dialogue["stands"]
		if stands == nil || apart != nil {
			t.Errorf("the card stands at %s in the dialogue, and at %s", stands, apart)
		}
		delete(dialogue, "stands")
		return errors.Join(tx.Put("card/"+key, stands), storage.Put(tx, "dialogue/"+key, dialogue))
	})
	before := len(w.chats.Messages(anna))
	w.tap(anna, words["choose"][anna])
	if more := len(w.chats.Messages(anna)) - before; more != 0 || !w.said(anna, "Where should we host it?") {
		t.Errorf("the card was not edited, %d messages are new:\n%s", more, w.chats.Transcript(anna))
	}
	stored(func(_ storage.Tx, dialogue map[string]json.RawMessage, apart []byte) error {
		if dialogue["stands"] == nil || apart != nil {
			t.Errorf("afterwards it stands at %s in the dialogue, and at %s", dialogue["stands"], apart)
		}
		return nil
	})
}

// TestReviewThatNobodySawIsNotBought: where Telegram takes no card, or has not taken it
// yet, /confirm buys nothing; it does once the review is in the chat.
func TestReviewThatNobodySawIsNotBought(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{})
	w.login(anna)
	for _, method := range []string{"sendMessage", "editMessageText"} {
		w.must(w.chats.Break(emulator.Fault{Kind: emulator.Refused, Method: method, Description: "Bad Request: not today", Times: 1 << 20}))
	}
	w.say(anna, shortOrder)
	w.say(anna, "/confirm")
	w.pass(time.Minute)
	if n := w.sold(); n != 0 {
		t.Fatalf("%d orders were bought that nobody saw", n)
	}
	w.chats.Mend()
	w.say(anna, "/confirm")
	w.wantSaid(anna, "Please review the order first", "Charged now: €5.76")
	if n := w.sold(); n != 0 {
		t.Fatalf("%d orders were bought before they were seen", n)
	}
	w.say(anna, "/confirm")
	w.pass(time.Minute)
	w.boughtOnce(anna)
}
