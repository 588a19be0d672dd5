package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"zomrobot/telegram/emulator"
	"zomrobot/zomro/sandbox"
)

// TestNewsOfMoneyAreNotDropped: whatever Telegram says to the message that a server is
// paid and active, the person hears of it: plainly, in private, or when they write.
func TestNewsOfMoneyAreNotDropped(t *testing.T) {
	t.Parallel()
	const all = 1 << 20
	paid := func(w *world, chat int64) bool {
		return w.said(chat, "web-1", "The server is active") || w.said(chat, "web-1", "Сервер активен")
	}
	for _, tt := range []struct {
		name   string
		fault  emulator.Fault
		now    bool // it is heard at once, else when the person writes
		person int64
		group  bool
	}{
		{"markup that is not taken", emulator.Fault{Param: "parse_mode", Description: "can't parse entities of a new kind"}, true, anna, false},
		{"an unknown refusal", emulator.Fault{Description: "no messages on a Friday"}, false, anna, false},
		{"a block with the code of a bad request", emulator.Fault{Description: "bot was blocked by the user"}, false, anna, false},
		{"a peer that is not valid", emulator.Fault{Description: "PEER_ID_INVALID"}, false, anna, false},
		{"an unknown refusal of a group", emulator.Fault{Param: fmt.Sprint("chat_id=", bigTeam), Description: "no messages on a Friday"}, true, boris, true},
		{"everywhere", emulator.Fault{Description: "no messages on a Friday"}, false, boris, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var w *world
			if tt.group {
				w = newBigTeam(t, sandbox.Config{ActivationDelay: time.Minute}, func(*Config) {})
				w.sayIn(boris, bigTeam, shortOrder)
				w.tapIn(boris, bigTeam, "✅", "web-1")
			} else {
				w = newWorld(t, sandbox.Config{ActivationDelay: time.Minute})
				w.login(anna)
				w.say(anna, shortOrder)
				w.tap(anna, "✅ Order for €5.76")
			}
			for _, method := range []string{"sendMessage", "editMessageText"} {
				fault := tt.fault
				fault.Kind, fault.Method, fault.Times = emulator.Refused, method, all
				if err := w.chats.Break(fault); err != nil {
					t.Fatal(err)
				}
			}
			w.pass(2 * time.Minute)
			if heard := paid(w, tt.person); heard != tt.now {
				t.Errorf("heard at once: %v, want %v:\n%s", heard, tt.now, w.chats.Transcript(tt.person))
			}
			w.restart() // what is kept is kept on disk
			w.chats.Mend()
			w.say(tt.person, "/start")
			if !paid(w, tt.person) && !paid(w, bigTeam) {
				t.Errorf("it was never heard:\n%s", w.chats.Transcript(tt.person))
			}
		})
	}
}

// TestNewsOfADeletedTopic: who has deleted the topic of their chat with the bot in which
// they ordered hears the news in the chat itself.
func TestNewsOfADeletedTopic(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{ActivationDelay: time.Minute})
	w.login(anna)
	topic, err := w.chats.AddTopic(anna, anna, "Servers")
	w.must(err)
	say := func(text string) {
		_, err := w.chats.SayIn(anna, anna, topic, text)
		w.must(err)
	}
	say(shortOrder)
	say("/confirm")
	if n := w.sold(); n != 1 {
		t.Fatalf("%d orders were paid:\n%s", n, w.chats.Transcript(anna))
	}
	w.must(w.chats.DeleteTopic(anna, anna, topic))
	w.pass(2 * time.Minute)
	for _, m := range w.chats.Messages(anna) {
		if m.Thread == 0 && strings.Contains(m.Text, "The server is active") {
			return
		}
	}
	t.Errorf("nothing was heard:\n%s", w.chats.Transcript(anna))
}
