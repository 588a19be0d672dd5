package main

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"zomrobot/storage"
	"zomrobot/telegram/emulator"
	"zomrobot/zomro/sandbox"
)

// TestOwnersHearThatTheBotIsDeaf: when the bot's polls are refused, its health is red
// after a minute, and its owners, and nobody else, are told once.
func TestOwnersHearThatTheBotIsDeaf(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{
			t: t, clock: &clock{}, logs: &safeBuffer{}, patience: time.Hour,
			store:    filepath.Join(storeDir(t), "bot.db"),
			vendor:   sandbox.New(sandbox.Config{Now: time.Now}),
			chats:    emulator.New(emulator.Config{Token: worldToken, Now: time.Now}),
			chatsURL: "http://chats", vendorURL: "http://vendor/",
		}
		t.Cleanup(w.vendor.Close)
		t.Cleanup(w.chats.Close)
		key, err := storage.GenerateKey("test")
		if err != nil {
			t.Fatal(err)
		}
		if w.keys, err = storage.ParseKeys(key); err != nil {
			t.Fatal(err)
		}
		chats, vendor := serveInside(t, w.chats), serveInside(t, w.vendor)
		w.configure = func(p *Program) {
			p.Now, p.Config.Owners = time.Now, []int64{boris}
			p.chatTransport, p.vendorClient = chats, &http.Client{Transport: vendor}
		}
		w.start()
		t.Cleanup(func() {
			if err := w.stop(); err != nil {
				t.Error(err)
			}
		})
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
