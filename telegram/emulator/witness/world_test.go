// Package witness holds the emulator against what others wrote after the same Bot
// API: the types of grammY, and the libraries grammY and telego, which poll, send,
// press and edit through it as through Telegram. It is a module of its own, so that
// the bot does not depend on them; `make witness` runs it.
package witness

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"zomrobot/telegram/emulator"
)

const (
	token = "4242424242:test-token-of-thirty-five-letters--"

	anna  = int64(1001)
	boris = int64(1002)
	other = int64(5001) // a bot
	team  = int64(-55)
	super = int64(-1_000_000_000_066)
	forum = int64(-1_000_000_000_077)
)

// world is an emulator on the loopback.
type world struct {
	*emulator.Server
	t   *testing.T
	url string
}

func newWorld(t *testing.T, change ...func(*emulator.Config)) *world {
	t.Helper()
	cfg := emulator.Config{Token: token, BotUsername: "zomro_test_bot"}
	for _, f := range change {
		f(&cfg)
	}
	s := emulator.New(cfg)
	web := httptest.NewServer(s)
	t.Cleanup(func() {
		s.Close()
		web.Close()
	})
	return &world{Server: s, t: t, url: web.URL}
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// soon is how long a witness may take.
func soon(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// call posts a request to the Bot API and returns the body of the answer.
func (w *world) call(method, kind string, body []byte) []byte {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, w.url+"/bot"+token+"/"+method, bytes.NewReader(body))
	w.must(err)
	r.Header.Set("Content-Type", kind)
	response, err := http.DefaultClient.Do(r)
	w.must(err)
	raw, err := io.ReadAll(response.Body)
	w.must(err)
	w.must(response.Body.Close())
	return raw
}

// params are the fields of a request.
type params map[string]any

func (p params) json(t *testing.T) []byte {
	t.Helper()
	raw, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}
