package emulator_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"zomrobot/telegram/emulator"
)

const (
	token = "4242:test-token"
	anna  = int64(1001)
	boris = int64(1002)
)

// clock is a clock that tests move.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// world is a server on the loopback with a clock that stands still.
type world struct {
	*emulator.Server
	t     *testing.T
	clock *clock
	url   string
}

func newWorld(t *testing.T, change ...func(*emulator.Config)) *world {
	t.Helper()
	c := newClock()
	cfg := emulator.Config{Token: token, BotUsername: "zomro_test_bot", Now: c.Now}
	for _, f := range change {
		f(&cfg)
	}
	s := emulator.New(cfg)
	web := httptest.NewServer(s)
	t.Cleanup(func() {
		s.Close()
		web.Close()
	})
	return &world{Server: s, t: t, clock: c, url: web.URL}
}

// answer is what the Bot API says.
type answer struct {
	OK          bool            `json:"ok"`
	Result      json.RawMessage `json:"result"`
	Code        int             `json:"error_code"`
	Description string          `json:"description"`
	Parameters  struct {
		RetryAfter int   `json:"retry_after"`
		Migrate    int64 `json:"migrate_to_chat_id"`
	} `json:"parameters"`
}

// params are the fields of a request; what is not a string is sent as JSON.
type params map[string]any

// call calls the Bot API as the library does: a multipart form.
func (w *world) call(method string, p params) answer {
	w.t.Helper()
	a, err := w.try(w.t.Context(), method, p)
	if err != nil {
		w.t.Fatalf("calling %s: %v", method, err)
	}
	return a
}

func (w *world) try(ctx context.Context, method string, p params) (answer, error) {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, v := range p {
		text, ok := v.(string)
		if !ok {
			raw, err := json.Marshal(v)
			if err != nil {
				return answer{}, err
			}
			text = string(raw)
		}
		if err := form.WriteField(name, text); err != nil {
			return answer{}, err
		}
	}
	if err := form.Close(); err != nil {
		return answer{}, err
	}
	return w.post(ctx, method, form.FormDataContentType(), &body)
}

func (w *world) post(ctx context.Context, method, kind string, body io.Reader) (answer, error) {
	var a answer
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.url+"/bot"+token+"/"+method, body)
	if err != nil {
		return a, err
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return a, err
	}
	defer func() { _ = response.Body.Close() }()
	if err := json.NewDecoder(response.Body).Decode(&a); err != nil {
		return a, err
	}
	if !a.OK && response.StatusCode != a.Code {
		return a, errors.New("the status is not the error_code")
	}
	return a, nil
}

// ok calls a method that must work and returns its result as T.
func ok[T any](w *world, method string, p params) T {
	w.t.Helper()
	a := w.call(method, p)
	if !a.OK {
		w.t.Fatalf("%s: %s", method, a.Description)
	}
	var v T
	if err := json.Unmarshal(a.Result, &v); err != nil {
		w.t.Fatalf("%s: %v in %s", method, err, a.Result)
	}
	return v
}

// refused calls a method that must fail with exactly this description.
func (w *world) refused(method string, p params, want string) answer {
	w.t.Helper()
	a := w.call(method, p)
	if a.OK || a.Description != want {
		w.t.Errorf("%s %v:\n got %q (ok %v)\nwant %q", method, p, a.Description, a.OK, want)
	}
	return a
}

type wireMessage struct {
	ID       int    `json:"message_id"`
	Thread   int    `json:"message_thread_id"`
	Text     string `json:"text"`
	Date     int64  `json:"date"`
	EditDate int64  `json:"edit_date"`
	Receiver struct {
		ID int64 `json:"id"`
	} `json:"receiver_user"`
	Ephemeral int `json:"ephemeral_message_id"`

	Entities []map[string]any `json:"entities"`
	Markup   json.RawMessage  `json:"reply_markup"`
	From     struct {
		ID int64 `json:"id"`
	} `json:"from"`
	Chat struct {
		ID      int64  `json:"id"`
		Type    string `json:"type"`
		IsForum bool   `json:"is_forum"`
	} `json:"chat"`
	SenderChat struct {
		ID int64 `json:"id"`
	} `json:"sender_chat"`
	Signature string `json:"author_signature"`
	InTopic   bool   `json:"is_topic_message"`
	Origin    *struct {
		Type string `json:"type"`
		User struct {
			ID int64 `json:"id"`
		} `json:"sender_user"`
		Chat struct {
			ID int64 `json:"id"`
		} `json:"sender_chat"`
	} `json:"forward_origin"`
	ReplyTo *struct {
		ID int `json:"message_id"`
	} `json:"reply_to_message"`
	MigrateTo   int64 `json:"migrate_to_chat_id"`
	MigrateFrom int64 `json:"migrate_from_chat_id"`
	Added       []struct {
		ID int64 `json:"id"`
	} `json:"new_chat_members"`
	Topic *struct {
		Name string `json:"name"`
	} `json:"forum_topic_created"`
	TopicClosed   *struct{} `json:"forum_topic_closed"`
	TopicReopened *struct{} `json:"forum_topic_reopened"`
	Left          *struct {
		ID int64 `json:"id"`
	} `json:"left_chat_member"`
	Owner *struct {
		New struct {
			ID int64 `json:"id"`
		} `json:"new_owner"`
	} `json:"chat_owner_changed"`
}

type wireUpdate struct {
	ID      int64        `json:"update_id"`
	Message *wireMessage `json:"message"`
	Edited  *wireMessage `json:"edited_message"`
	Query   *struct {
		ID      string       `json:"id"`
		Data    string       `json:"data"`
		Message *wireMessage `json:"message"`
		From    struct {
			ID int64 `json:"id"`
		} `json:"from"`
	} `json:"callback_query"`
	Member  *wireChange `json:"my_chat_member"`
	Another *wireChange `json:"chat_member"`
}

type wireChange struct {
	Chat struct {
		ID int64 `json:"id"`
	} `json:"chat"`
	From struct {
		ID int64 `json:"id"`
	} `json:"from"`
	Old wireMember `json:"old_chat_member"`
	New wireMember `json:"new_chat_member"`
}

type wireMember struct {
	Status string `json:"status"`
	User   struct {
		ID int64 `json:"id"`
	} `json:"user"`
	Anonymous bool   `json:"is_anonymous"`
	Delete    bool   `json:"can_delete_messages"`
	Send      *bool  `json:"can_send_messages"`
	IsMember  *bool  `json:"is_member"`
	Title     string `json:"custom_title"`
}

// updates takes all that waits, and confirms it.
func (w *world) updates() []wireUpdate {
	w.t.Helper()
	var all []wireUpdate
	var offset int64
	for {
		batch := ok[[]wireUpdate](w, "getUpdates", params{"offset": offset})
		if len(batch) == 0 {
			return all
		}
		all = append(all, batch...)
		offset = batch[len(batch)-1].ID + 1
	}
}

// say lets somebody write and fails the test when that does not work.
func (w *world) say(user, chat int64, text string) int {
	w.t.Helper()
	id, err := w.Say(user, chat, text)
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// started is a world in which Anna has started the bot.
func started(t *testing.T, change ...func(*emulator.Config)) *world {
	t.Helper()
	w := newWorld(t, change...)
	w.say(anna, anna, "/start")
	w.updates()
	return w
}

func keyboard(rows ...[]params) params { return params{"inline_keyboard": rows} }

func tap(label, data string) params { return params{"text": label, "callback_data": data} }

func contains(t *testing.T, text, want string) {
	t.Helper()
	if !strings.Contains(text, want) {
		t.Errorf("%q is not in:\n%s", want, text)
	}
}
