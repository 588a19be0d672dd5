package telegram_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"zomrobot/telegram"
)

const webhookSecret = "a-secret_of-the-webhook"

// webhooked is a bot that is posted to, behind a server of its own.
func webhooked(t *testing.T, w *world, r *record) (*telegram.Bot, string) {
	t.Helper()
	var b *telegram.Bot
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) { b.Webhook().ServeHTTP(rw, req) }))
	t.Cleanup(server.Close)
	b = w.bot(t, r.handle, func(c *telegram.Config) {
		c.WebhookURL = server.URL + "/hook"
		c.WebhookSecret = telegram.NewToken(webhookSecret)
	})
	return b, server.URL + "/hook"
}

func post(t *testing.T, method, url, secret, body string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(soon(t), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if secret != "" {
		req.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	return resp.StatusCode
}

const update = `{"update_id":77,"message":{"message_id":5,"date":1,"from":{"id":7,"is_bot":false,"first_name":"X"},"chat":{"id":7,"type":"private"},"text":"hi"}}`

func TestWebhookAnswers(t *testing.T) {
	w, r := newWorld(t), newRecord()
	b, url := webhooked(t, w, r)
	if got := post(t, http.MethodPost, url, webhookSecret, update); got != http.StatusServiceUnavailable {
		t.Errorf("before the start: %d", got)
	}
	stop := run(t, b)
	if err := w.Until(soon(t), func() bool { return len(w.calls("setWebhook")) > 0 }); err != nil {
		t.Fatal(err)
	}
	if n := w.calls("setWebhook")[0].Params["max_connections"]; n != "100" {
		t.Errorf("Telegram may deliver %s updates at the same time", n)
	}
	w.say(t, anna, anna, "it runs") // by Telegram's own way
	r.wait(t, 1)

	for _, tt := range []struct {
		name, method, secret, body string
		want                       int
	}{
		{"update", http.MethodPost, webhookSecret, update, http.StatusOK},
		{"the same again", http.MethodPost, webhookSecret, update, http.StatusOK},
		{"no secret", http.MethodPost, "", update, http.StatusUnauthorized},
		{"wrong secret", http.MethodPost, webhookSecret + "x", update, http.StatusUnauthorized},
		{"other method", http.MethodGet, webhookSecret, "", http.StatusMethodNotAllowed},
		{"no JSON", http.MethodPost, webhookSecret, secret, http.StatusBadRequest},
		{"no update", http.MethodPost, webhookSecret, `{"message":{}}`, http.StatusBadRequest},
		{"too large", http.MethodPost, webhookSecret, `{"update_id":78,"x":"` + strings.Repeat("x", 1<<20) + `"}`, http.StatusRequestEntityTooLarge},
		{"of a kind that holds nothing", http.MethodPost, webhookSecret, `{"update_id":79,"comet":{}}`, http.StatusOK},
	} {
		if got := post(t, tt.method, url, tt.secret, tt.body); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.want)
		}
	}
	w.inbox.mu.Lock()
	w.inbox.fail = func() (before, after error) { return errors.New("the disk is full"), nil }
	w.inbox.mu.Unlock()
	other := strings.Replace(update, "77", "80", 1)
	if got := post(t, http.MethodPost, url, webhookSecret, other); got != http.StatusServiceUnavailable {
		t.Errorf("while the inbox fails: %d", got)
	}
	w.inbox.mu.Lock()
	w.inbox.fail = nil
	w.inbox.mu.Unlock()
	if got := post(t, http.MethodPost, url, webhookSecret, other); got != http.StatusOK {
		t.Errorf("after the inbox failed: %d", got)
	}
	if got := r.wait(t, 2); !slices.Equal(got[7], []string{"hi", "hi"}) {
		t.Errorf("handled %v", got)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
	if got := post(t, http.MethodPost, url, webhookSecret, update); got != http.StatusServiceUnavailable {
		t.Errorf("after the stop: %d", got)
	}
	if strings.Contains(w.logs.String(), webhookSecret) {
		t.Error("the secret was logged")
	}
}

// TestWebhookInOrder: Telegram posts, the bot handles in order; then another
// bot polls, which takes the webhook away.
func TestWebhookInOrder(t *testing.T) {
	w, r := newWorld(t), newRecord()
	b, _ := webhooked(t, w, r)
	stop := run(t, b)
	want := numbered(20)
	for _, text := range want[:10] {
		w.say(t, anna, anna, text)
	}
	r.wait(t, 10)
	if err := stop(); err != nil {
		t.Error(err)
	}
	for _, text := range want[10:] {
		w.say(t, anna, anna, text)
	}
	run(t, w.bot(t, r.handle))
	if got := r.wait(t, 10)[anna]; !slices.Equal(got, want) {
		t.Errorf("handled %q", got)
	}
}

// TestWebhookWithoutSecretIsClosed: a bot that polls has no door.
func TestWebhookWithoutSecretIsClosed(t *testing.T) {
	w, r := newWorld(t), newRecord()
	b := w.bot(t, r.handle)
	stop := run(t, b)
	if err := w.Until(soon(t), func() bool { return w.polls() > 0 }); err != nil {
		t.Fatal(err)
	}
	rec := httptest.NewRecorder()
	b.Webhook().ServeHTTP(rec, httptest.NewRequestWithContext(context.Background(), http.MethodPost, "/", strings.NewReader(update)))
	if rec.Code != http.StatusNotFound {
		t.Errorf("answer %d", rec.Code)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
	if len(r.texts()) != 0 {
		t.Errorf("handled %v", r.texts())
	}
}
