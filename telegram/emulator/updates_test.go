package emulator_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zomrobot/telegram/emulator"
)

func ids(batch []wireUpdate) []int64 {
	var out []int64
	for _, u := range batch {
		out = append(out, u.ID)
	}
	return out
}

func TestGetUpdatesConfirms(t *testing.T) {
	w := newWorld(t)
	for _, text := range []string{"a", "b", "c"} {
		w.say(anna, anna, text)
	}
	get := func(p params) []int64 {
		t.Helper()
		return ids(ok[[]wireUpdate](w, "getUpdates", p))
	}
	all := get(nil)
	first := all[0]
	for _, c := range []struct {
		p    params
		want []int64
	}{
		{nil, all},                    // not confirmed: again
		{params{"limit": 2}, all[:2]}, // at most
		{params{"offset": first + 1}, all[1:]},
		{params{"offset": first}, all[1:]},        // gone is gone
		{params{"offset": first + 1000}, all[1:]}, // from the future: from the head, and nothing is lost
		{params{"offset": -1}, all[2:]},           // only the last
		{nil, all[2:]},                            // and that forgot the others
		{params{"offset": first + 3}, nil},
	} {
		if d := cmp.Diff(c.want, get(c.p)); d != "" {
			t.Errorf("getUpdates %v: %s", c.p, d)
		}
	}
	w.SkipUpdates(99)
	w.say(anna, anna, "after a silence")
	if d := cmp.Diff([]int64{99}, get(nil)); d != "" {
		t.Error(d)
	}
	w.clock.Advance(24 * time.Hour)
	if n := w.Pending(); n != 0 {
		t.Errorf("%d updates after a day", n)
	}
}

func TestAllowedUpdates(t *testing.T) {
	w := newWorld(t)
	ok[[]wireUpdate](w, "getUpdates", params{"allowed_updates": []string{"Callback_Query", "unknown"}})
	w.say(anna, anna, "not wanted")
	if n := w.Pending(); n != 0 {
		t.Errorf("%d updates that were not allowed", n)
	}
	ok[[]wireUpdate](w, "getUpdates", nil) // keeps the list
	w.say(anna, anna, "not wanted")
	ok[[]wireUpdate](w, "getUpdates", params{"allowed_updates": "[]"})
	w.say(anna, anna, "wanted")
	if u := w.updates(); len(u) != 1 || u[0].Message.Text != "wanted" {
		t.Errorf("updates %+v", u)
	}
}

// later runs a call beside the test.
func (w *world) later(ctx context.Context, method string, p params) <-chan answer {
	out := make(chan answer, 1)
	go func() {
		a, err := w.try(ctx, method, p)
		if err != nil {
			a.Description = err.Error()
		}
		out <- a
	}()
	return out
}

// calls waits until a method was called so many times.
func (w *world) calls(method string, n int) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), 10*time.Second)
	defer cancel()
	w.must(w.Until(ctx, func() bool {
		count := 0
		for _, c := range w.Calls() {
			if c.Method == method {
				count++
			}
		}
		return count >= n
	}))
}

func TestLongPoll(t *testing.T) {
	w := newWorld(t)
	poll := w.later(t.Context(), "getUpdates", params{"timeout": 50})
	w.calls("getUpdates", 1)
	w.say(anna, anna, "hi")
	if a := <-poll; !a.OK || !strings.Contains(string(a.Result), `"hi"`) {
		t.Errorf("the poll got %+v", a)
	}
	w.updates()

	const other = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
	first := w.later(t.Context(), "getUpdates", params{"timeout": 50})
	w.calls("getUpdates", 4)
	// Which of the two comes to wait first is not known; the other one ends it.
	second := w.later(t.Context(), "getUpdates", params{"timeout": 50})
	var loser answer
	left := first
	select {
	case loser = <-first:
		left = second
	case loser = <-second:
	}
	if loser.Code != 409 || loser.Description != other {
		t.Errorf("the poll that was ended got %+v", loser)
	}
	ok[bool](w, "setWebhook", params{"url": "http://127.0.0.1:1/hook"})
	if a := <-left; a.Code != 409 || a.Description != "Conflict: terminated by setWebhook request" {
		t.Errorf("at setWebhook the poll got %+v", a)
	}
	w.refused("getUpdates", nil, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first")
	ok[bool](w, "deleteWebhook", nil)

	ctx, hangUp := context.WithCancel(t.Context())
	gone := w.later(ctx, "getUpdates", params{"timeout": 50})
	w.calls("getUpdates", 7)
	hangUp()
	<-gone
	w.say(anna, anna, "still there")
	if u := w.updates(); len(u) != 1 {
		t.Errorf("after a poll that hung up: %+v", u)
	}
}

func TestPollPacing(t *testing.T) {
	w := newWorld(t, func(c *emulator.Config) { c.Flood = true })
	w.say(anna, anna, "a")
	w.say(anna, anna, "b")
	if n := len(ok[[]wireUpdate](w, "getUpdates", nil)); n != 2 {
		t.Errorf("the first request got %d updates", n)
	}
	if n := len(ok[[]wireUpdate](w, "getUpdates", nil)); n != 1 {
		t.Errorf("the same request at once got %d updates, want one at a time", n)
	}
}

func TestUnauthorized(t *testing.T) {
	w := newWorld(t)
	for path, want := range map[string]int{"/bot1:x/getMe": 401, "/bot" + token: 404, "/bot" + token + "/": 404} {
		r, err := http.Get(w.url + path)
		w.must(err)
		var a answer
		w.must(json.NewDecoder(r.Body).Decode(&a))
		w.must(r.Body.Close())
		if a.OK || a.Code != want || r.StatusCode != want {
			t.Errorf("%s: %+v, want %d", path, a, want)
		}
	}
}

// receiver is a webhook that answers as told and records what it got.
type receiver struct {
	mu     sync.Mutex
	got    []string
	secret string
	status func(n int) int
	more   chan struct{}
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	var u wireUpdate
	body, _ := io.ReadAll(req.Body)
	if json.Unmarshal(body, &u) != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	r.mu.Lock()
	what := "press"
	if u.Message != nil {
		what = u.Message.Text
	}
	r.got = append(r.got, what)
	r.secret = req.Header.Get("X-Telegram-Bot-Api-Secret-Token")
	code := r.status(len(r.got))
	r.mu.Unlock()
	w.WriteHeader(code)
	r.more <- struct{}{}
}

func TestWebhook(t *testing.T) {
	w := newWorld(t, func(c *emulator.Config) { c.RetryDelay = func(int) time.Duration { return 0 } })
	hook := &receiver{more: make(chan struct{}, 100), status: func(n int) int {
		if n == 1 || n == 2 { // the first update is refused twice
			return http.StatusInternalServerError
		}
		return http.StatusOK
	}}
	web := httptest.NewServer(hook)
	defer web.Close()
	w.say(anna, anna, "a")
	w.say(anna, anna, "b")
	w.refused("setWebhook", params{"url": "nonsense"}, "Bad Request: invalid webhook URL specified")
	w.refused("setWebhook", params{"url": web.URL, "secret_token": "no spaces"}, "Bad Request: secret token contains unallowed characters")
	ok[bool](w, "setWebhook", params{"url": web.URL, "secret_token": "s3cret"})
	w.say(anna, anna, "c")
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	w.must(w.Until(ctx, func() bool { return w.Pending() == 0 }))
	hook.mu.Lock()
	got, secret := strings.Join(hook.got, " "), hook.secret
	hook.mu.Unlock()
	if got != "a a a b c" || secret != "s3cret" {
		t.Errorf("the webhook got %q with the secret %q", got, secret)
	}
	info := ok[map[string]any](w, "getWebhookInfo", nil)
	if info["url"] != web.URL || info["pending_update_count"] != 0.0 || info["last_error_message"] != "Wrong response from the webhook: 500 Internal Server Error" {
		t.Errorf("info %v", info)
	}
	if a := w.call("setWebhook", params{"url": web.URL, "secret_token": "s3cret"}); a.Description != "Webhook is already set" {
		t.Errorf("again: %+v", a)
	}
	ok[bool](w, "deleteWebhook", params{"drop_pending_updates": true})
	w.say(anna, anna, "d")
	if u := w.updates(); len(u) != 1 || u[0].Message.Text != "d" {
		t.Errorf("without the webhook: %+v", u)
	}
}

func TestFaults(t *testing.T) {
	w := started(t)
	hi := params{"chat_id": anna, "text": "hi"}
	sent := func() int { return len(w.Messages(anna)) - 1 }

	w.must(w.Break(emulator.Fault{Method: "sendMessage", Kind: emulator.TooMany, RetryAfter: 7, Skip: 1, Times: 2}))
	ok[wireMessage](w, "sendMessage", hi)
	for range 2 {
		if a := w.refused("sendMessage", hi, "Too Many Requests: retry after 7"); a.Parameters.RetryAfter != 7 {
			t.Errorf("retry after %d", a.Parameters.RetryAfter)
		}
	}
	ok[wireMessage](w, "sendMessage", hi)
	if sent() != 2 {
		t.Errorf("%d messages, want 2", sent())
	}
	w.must(w.Break(emulator.Fault{Kind: emulator.Failure}))
	if a := w.refused("sendMessage", hi, "Internal Server Error"); a.Code != 500 {
		t.Errorf("code %d", a.Code)
	}
	w.must(w.Break(emulator.Fault{Kind: emulator.Unauthorized}))
	w.refused("getMe", nil, "Unauthorized")
	w.must(w.Break(emulator.Fault{Kind: emulator.BadGateway}))
	if _, err := w.try(t.Context(), "sendMessage", hi); err == nil {
		t.Error("a page of HTML was read as JSON")
	}
	w.must(w.Break(emulator.Fault{Kind: emulator.DropBefore}))
	if _, err := w.try(t.Context(), "sendMessage", hi); err == nil || sent() != 2 {
		t.Errorf("dropped before: %v, %d messages", err, sent())
	}
	w.must(w.Break(emulator.Fault{Kind: emulator.DropAfter}))
	if _, err := w.try(t.Context(), "sendMessage", hi); err == nil || sent() != 3 {
		t.Errorf("dropped after: %v, %d messages", err, sent())
	}
	w.must(w.Break(emulator.Fault{Kind: emulator.Hang}))
	ctx, giveUp := context.WithCancel(t.Context())
	hung := w.later(ctx, "answerCallbackQuery", params{"callback_query_id": "1"})
	w.calls("answerCallbackQuery", 1)
	giveUp()
	if a := <-hung; !strings.Contains(a.Description, context.Canceled.Error()) || sent() != 3 {
		t.Errorf("hung: %+v", a)
	}
	w.must(w.Break(emulator.Fault{Kind: emulator.Failure, Times: 9}))
	w.Mend()
	ok[map[string]any](w, "getMe", nil)
	if err := w.Break(emulator.Fault{Kind: "rain"}); err == nil {
		t.Error("an unknown fault is accepted")
	}

	w.updates()
	w.say(anna, anna, "lost on the way")
	w.must(w.Break(emulator.Fault{Method: "getUpdates", Kind: emulator.DropAfter}))
	if _, err := w.try(t.Context(), "getUpdates", nil); err == nil {
		t.Error("the answer came")
	}
	if u := w.updates(); len(u) != 1 {
		t.Errorf("an update whose delivery was cut comes %d times", len(u))
	}
}

func TestCalls(t *testing.T) {
	w := started(t)
	ok[wireMessage](w, "sendMessage", params{"chat_id": anna, "text": "hi"})
	w.call("sendMessage", params{"chat_id": 5, "text": "hi"})
	calls := w.Calls()
	last := calls[len(calls)-1]
	if last.Method != "sendMessage" || last.Code != 400 || last.Description != "Bad Request: chat not found" || last.Params["text"] != "hi" {
		t.Errorf("call %+v", last)
	}
	if calls[len(calls)-2].Code != 200 {
		t.Errorf("call %+v", calls[len(calls)-2])
	}
}

func TestWaitEnds(t *testing.T) {
	w := started(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := w.Wait(ctx, anna, func([]emulator.Message) bool { return false })
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v", err)
	}
	contains(t, err.Error(), "Anna: /start")
}
