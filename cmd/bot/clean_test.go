package main

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"zomrobot/telegram/emulator"
	"zomrobot/zomro/sandbox"
)

// inChat are the messages of a chat that are there.
func (w *world) inChat(chat int64) []emulator.Message {
	return slices.DeleteFunc(w.chats.Messages(chat), func(m emulator.Message) bool { return m.Deleted })
}

// TestAnOrderLeavesTwoMessages: the review that was confirmed by a tap becomes the card of
// the purchase where it stands, whatever came below it; what is left of the order is that
// card and the news.
func TestAnOrderLeavesTwoMessages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{ActivationDelay: time.Minute})
	w.login(anna)
	before := len(w.inChat(anna))
	w.say(anna, shortOrder)
	review, _ := w.chats.Last(anna)
	w.say(anna, "/help") // which comes below it
	w.tap(anna, "✅ Order for €5.76")
	card, _ := w.chats.Message(anna, review.ID)
	if !strings.HasPrefix(card.Text, "Purchase ") || card.Deleted {
		t.Errorf("the review has become\n%s", card.Text)
	}
	w.pass(2 * time.Minute)
	if left := len(w.inChat(anna)) - before; left != 4 { // with /help and its answer
		t.Errorf("%d messages are left:\n%s", left, w.chats.Transcript(anna))
	}
	w.boughtOnce(anna)
}

// TestNothingCanBeRemoved: where Telegram lets the bot remove nothing, cards that others
// took the place of lose their buttons, and all goes on as ever.
func TestNothingCanBeRemoved(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{ActivationDelay: time.Minute})
	w.login(anna)
	for _, method := range []string{"deleteMessage", "deleteMessages"} {
		if err := w.chats.Break(emulator.Fault{Kind: emulator.Refused, Method: method, Description: "message can't be deleted", Times: 1 << 20}); err != nil {
			t.Fatal(err)
		}
	}
	w.say(anna, shortOrder)
	review, _ := w.chats.Last(anna)
	w.say(anna, "/promo")
	w.say(anna, "WELCOME10")
	w.say(anna, "/confirm")
	w.pass(2 * time.Minute)
	if m, _ := w.chats.Message(anna, review.ID); m.Deleted || len(m.Keyboard) != 0 {
		t.Errorf("the review still has its buttons: %+v", m)
	}
	live := 0
	for _, m := range w.inChat(anna) {
		for _, b := range slices.Concat(m.Keyboard...) {
			if strings.HasPrefix(b.Data, "w1:") {
				live++
			}
		}
	}
	if live != 0 {
		t.Errorf("%d buttons of the order are left:\n%s", live, w.chats.Transcript(anna))
	}
	w.boughtOnce(anna)
}

// TestTypingIsShown: while the vendor takes long, the chat shows that the bot is at work,
// and what comes in the end takes the place of the card that waits.
func TestTypingIsShown(t *testing.T) {
	t.Parallel()
	held := make(chan struct{})
	w := newWorldOf(t, sandbox.Config{}, func(p *Program) {
		p.vendorClient = &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				return nil, err
			}
			if functionOf(r.Header.Get("Content-Type"), body) == "v2.instances.order.pricelist" {
				<-held
			}
			r.Body = io.NopCloser(strings.NewReader(string(body)))
			return http.DefaultTransport.RoundTrip(r)
		})}
	})
	w.login(anna)
	typing := func() (n int) {
		for _, call := range w.chats.Calls() {
			if call.Method == "sendChatAction" {
				n++
			}
		}
		return n
	}
	before := typing() // a slow machine
	if _, err := w.chats.Say(anna, anna, "/order"); err != nil {
		t.Fatal(err)
	}
	w.until(func() bool { return typing() > before })
	waits, _ := w.chats.Last(anna)
	close(held)
	w.settle()
	if m, _ := w.chats.Last(anna); m.ID != waits.ID || strings.Contains(m.Text, "⏳") || len(m.Keyboard) == 0 {
		t.Errorf("what waited has become\n%s", m.Text)
	}
}
