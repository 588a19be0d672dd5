package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"zomrobot/telegram/emulator"
	"zomrobot/zomro/sandbox"
)

// TestOwnersHearThatTheBotIsDeaf: when the bot's polls are refused, its health is red
// after a minute, and its owners, and nobody else, are told once.
func TestOwnersHearThatTheBotIsDeaf(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newBubble(t, sandbox.Config{}, emulator.Config{}, func(p *Program) { p.Config.Owners = []int64{boris} })
		w.say(anna, "/start")
		w.say(boris, "/start")
		health := func() int {
			answer := httptest.NewRecorder()
			healthHandler(w.program.Store, w.program.Chat.Deaf).ServeHTTP(answer, httptest.NewRequest(http.MethodGet, healthPath, http.NoBody))
			return answer.Code
		}
		if code := health(); code != http.StatusOK {
			t.Errorf("before: %d", code)
		}
		if err := w.chats.Break(emulator.Fault{Method: "getUpdates", Kind: emulator.Unauthorized, Times: 1 << 20}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Minute) // of the bubble
		if code := health(); code != http.StatusServiceUnavailable {
			t.Errorf("deaf: %d", code)
		}
		// A new start would not help, so that it is deaf is not taken for being stuck.
		heard, why := w.program.Chat.Pulse()
		if swept := w.program.Engine.Pulse(); why == nil || time.Since(heard) > 90*time.Second || time.Since(swept) > 90*time.Second {
			t.Errorf("polls fail with %v %s ago, what is due was looked at %s ago", why, time.Since(heard), time.Since(swept))
		}
		told := func(person int64) (n int) {
			for _, m := range w.chats.Messages(person) {
				n += strings.Count(m.Text, "🔇")
			}
			return n
		}
		if told(boris) != 1 || told(anna) != 0 {
			t.Errorf("the owner was told %d times, somebody else %d times", told(boris), told(anna))
		}
		w.chats.Mend()
		time.Sleep(time.Minute) // of the bubble
		if code := health(); code != http.StatusOK {
			t.Errorf("after: %d", code)
		}
	})
}
