package telegram_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"zomrobot/chat"
	"zomrobot/telegram"
	"zomrobot/telegram/emulator"
)

func private(user int64) chat.Key { return chat.Key{Chat: user, User: user} }

// screen is a screen of one line, which shows the text because there is no
// such message.
func screen(text string, rows ...[]chat.Button) chat.Screen {
	return chat.Screen{Lines: []chat.Phrase{chat.Say(text)}, Rows: rows}
}

func button(label, data string) chat.Button {
	return chat.Button{Label: chat.Say(label), Data: data, Style: chat.Success}
}

// started is a world in which Anna has started the bot, which is not running.
func started(t *testing.T) (*world, *telegram.Bot) {
	t.Helper()
	w := newWorld(t)
	w.say(t, anna, anna, "/start")
	return w, w.bot(t, newRecord().handle)
}

func (w *world) send(t *testing.T, b *telegram.Bot, s chat.Screen) int {
	t.Helper()
	id, err := b.Send(soon(t), private(anna), "en", telegram.Still(s), false)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestSend(t *testing.T) {
	w, b := started(t)
	id, err := b.Send(soon(t), private(anna), "ru", telegram.Still(chat.Screen{
		Lines: []chat.Phrase{chat.Say("command.bot_description"), {}, chat.Say("end")},
		Rows: [][]chat.Button{
			{button("yes", "y"), {Label: chat.Say("site"), URL: "https://zomro.com/"}},
			{{Label: chat.Say("copy"), Copy: "1.2.3.4"}},
		},
	}), true)
	if err != nil {
		t.Fatal(err)
	}
	got, _ := w.Last(anna)
	if got.ID != id || !got.Protected || !strings.HasSuffix(got.Text, ".\n\nend") || !strings.Contains(got.Text, "Zomro") {
		t.Errorf("message %+v", got)
	}
	want := [][]emulator.Button{
		{{Label: "yes", Style: "success", Data: "y"}, {Label: "site", URL: "https://zomro.com/"}},
		{{Label: "copy", Copy: "1.2.3.4"}},
	}
	if !cmp.Equal(got.Keyboard, want) {
		t.Error(cmp.Diff(want, got.Keyboard))
	}
	call := w.calls("sendMessage")[0]
	if call.Params["parse_mode"] != "HTML" || call.Params["link_preview_options"] != `{"is_disabled":true}` {
		t.Errorf("parameters %v", call.Params)
	}
}

// TestNoButtons: the markup is left out, not sent as null, and an edit without
// it removes the buttons.
func TestNoButtons(t *testing.T) {
	w, b := started(t)
	id := w.send(t, b, screen("one", []chat.Button{button("yes", "y")}))
	if err := b.Edit(soon(t), private(anna), "en", id, telegram.Still(screen("two"))); err != nil {
		t.Fatal(err)
	}
	w.send(t, b, screen("three"))
	for _, call := range append(w.calls("editMessageText"), w.calls("sendMessage")[1]) {
		if markup, ok := call.Params["reply_markup"]; ok {
			t.Errorf("%s with the markup %s", call.Method, markup)
		}
	}
	if m, _ := w.Message(anna, id); m.Text != "two" || len(m.Keyboard) > 0 {
		t.Errorf("message %+v", m)
	}
}

func TestEdit(t *testing.T) {
	w, b := started(t)
	yes := []chat.Button{button("yes", "y")}
	id := w.send(t, b, screen("one", yes))
	for range 2 { // the second time it shows that already
		if err := b.Edit(soon(t), private(anna), "en", id, telegram.Still(screen("two", yes))); err != nil {
			t.Fatal(err)
		}
	}
	if m, _ := w.Message(anna, id); m.Text != "two" || len(m.Keyboard) != 1 {
		t.Errorf("message %+v", m)
	}
	for range 2 {
		if err := b.Strip(soon(t), private(anna), id); err != nil {
			t.Fatal(err)
		}
	}
	if m, _ := w.Message(anna, id); len(m.Keyboard) != 0 {
		t.Errorf("message %+v", m)
	}
	for range 2 { // the second time it is gone already
		if err := b.Delete(soon(t), private(anna), id); err != nil {
			t.Fatal(err)
		}
	}
	if m, _ := w.Message(anna, id); !m.Deleted {
		t.Errorf("message %+v", m)
	}
	for what, err := range map[string]error{
		"edit a deleted message":       b.Edit(soon(t), private(anna), "en", id, telegram.Still(screen("three"))),
		"edit a message of the person": b.Edit(soon(t), private(anna), "en", w.say(t, anna, anna, "hi"), telegram.Still(screen("three"))),
		"strip a deleted message":      b.Strip(soon(t), private(anna), id),
	} {
		if !errors.Is(err, telegram.ErrNoMessage) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// TestDeleteSecret: in a private chat a person's own message is removed.
func TestDeleteSecret(t *testing.T) {
	w, b := started(t)
	id := w.say(t, anna, anna, secret)
	if err := b.Delete(soon(t), private(anna), id); err != nil {
		t.Fatal(err)
	}
	if m, _ := w.Message(anna, id); !m.Deleted {
		t.Errorf("message %+v", m)
	}
}

func TestNobodyReads(t *testing.T) {
	w, b := started(t)
	id := w.send(t, b, screen("one"))
	if err := w.Block(anna); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Send(soon(t), private(anna), "en", telegram.Still(screen("x")), false); !errors.Is(err, telegram.ErrGone) {
		t.Errorf("send after a block: %v", err)
	}
	if err := b.Edit(soon(t), private(anna), "en", id, telegram.Still(screen("x"))); !errors.Is(err, telegram.ErrGone) {
		t.Errorf("edit after a block: %v", err)
	}
	if _, err := b.Send(soon(t), private(boris), "en", telegram.Still(screen("x")), false); !errors.Is(err, telegram.ErrGone) {
		t.Errorf("send to who never wrote: %v", err)
	}
	if _, err := b.Send(soon(t), private(404), "en", telegram.Still(screen("x")), false); !errors.Is(err, telegram.ErrGone) {
		t.Errorf("send to nobody: %v", err)
	}
}

func TestMigration(t *testing.T) {
	w, b := started(t)
	if err := w.AddGroup(-5, "Team", anna); err != nil {
		t.Fatal(err)
	}
	group, err := w.Migrate(anna, -5)
	if err != nil {
		t.Fatal(err)
	}
	_, err = b.Send(soon(t), chat.Key{Chat: -5, User: anna}, "en", telegram.Still(screen("x")), false)
	var migrated *telegram.MigratedError
	if !errors.As(err, &migrated) || migrated.Chat != group {
		t.Errorf("send: %v, want the chat %d", err, group)
	}
}

func TestTopic(t *testing.T) {
	const forum = int64(-1000000000005)
	w, b := started(t)
	if err := w.AddForum(forum, "Team", anna); err != nil {
		t.Fatal(err)
	}
	thread, err := w.AddTopic(anna, forum, "Servers")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Send(soon(t), chat.Key{Chat: forum, Thread: thread, User: anna}, "en", telegram.Still(screen("x")), false); err != nil {
		t.Fatal(err)
	}
	if m, _ := w.Last(forum); m.Thread != thread {
		t.Errorf("message %+v", m)
	}
	_, err = b.Send(soon(t), chat.Key{Chat: forum, Thread: 404, User: anna}, "en", telegram.Still(screen("to no topic")), false)
	if m, _ := w.Last(forum); err != nil || m.Thread != 0 || m.Text != "to no topic" {
		t.Errorf("send to no topic: %v, %+v", err, m)
	}
	file := chat.File{Name: "x.csv", Caption: chat.Say("x"), Content: []byte("x")}
	err = b.SendFile(soon(t), chat.Key{Chat: forum, Thread: 404, User: anna}, "en", file)
	if m, _ := w.Last(forum); err != nil || m.Thread != 0 || m.Document == "" {
		t.Errorf("send a file to no topic: %v, %+v", err, m)
	}
}

func TestAnswer(t *testing.T) {
	w, b := started(t)
	id := w.send(t, b, screen("one", []chat.Button{button("yes", "y")}))
	long := chat.Say(strings.Repeat("я", 300))
	for _, tt := range []struct {
		text  *chat.Phrase
		alert bool
		want  string
	}{
		{nil, true, ""},
		{&chat.Phrase{Key: "toast.nothing"}, false, "toast.nothing"},
		{&long, true, strings.Repeat("я", 199) + "…"},
	} {
		press, err := w.Tap(anna, anna, id, "yes")
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // the second time it is answered already
			if err := b.Answer(soon(t), press, "en", tt.text, tt.alert); err != nil {
				t.Fatal(err)
			}
		}
		got, _ := w.Press(press)
		if !got.Answered || got.Text != tt.want || got.Alert != (tt.alert && tt.text != nil) {
			t.Errorf("press %+v", got)
		}
	}
	if err := b.Answer(soon(t), "404", "en", nil, false); err != nil {
		t.Errorf("answer to an unknown press: %v", err)
	}
}

// TestLostAnswer: a message whose answer was lost is not sent again, whatever
// became of it; an edit is made again.
func TestLostAnswer(t *testing.T) {
	for _, kind := range []emulator.FaultKind{emulator.DropBefore, emulator.DropAfter, emulator.Failure, emulator.BadGateway} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			w, b := started(t)
			id := w.send(t, b, screen("one"))
			for _, method := range []string{"sendMessage", "editMessageText"} {
				if err := w.Break(emulator.Fault{Method: method, Kind: kind}); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := b.Send(soon(t), private(anna), "en", telegram.Still(screen("two")), false); !errors.Is(err, telegram.ErrUncertain) {
				t.Errorf("send: %v", err)
			}
			if n := len(w.calls("sendMessage")); n != 2 {
				t.Errorf("%d messages were sent, want 2", n)
			}
			if err := b.Edit(soon(t), private(anna), "en", id, telegram.Still(screen("three"))); err != nil {
				t.Errorf("edit: %v", err)
			}
			if m, _ := w.Message(anna, id); m.Text != "three" {
				t.Errorf("message %+v", m)
			}
		})
	}
}

func TestHangingServer(t *testing.T) {
	t.Parallel()
	w, b := started(t)
	if err := w.Break(emulator.Fault{Method: "sendMessage", Kind: emulator.Hang}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	_, err := b.Send(ctx, private(anna), "en", telegram.Still(screen("x")), false)
	if !errors.Is(err, telegram.ErrUncertain) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("send: %v", err)
	}
}

// TestTooMany: the pause that Telegram asks for is kept, then the message is
// sent; another chat is not held up.
func TestTooMany(t *testing.T) {
	t.Parallel()
	w, b := started(t)
	w.say(t, boris, boris, "/start")
	if err := w.Break(emulator.Fault{Method: "sendMessage", Kind: emulator.TooMany, RetryAfter: 1}); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		_, err := b.Send(soon(t), private(anna), "en", telegram.Still(screen("one")), false)
		done <- err
	}()
	if err := w.Until(soon(t), func() bool { return len(w.calls("sendMessage")) == 1 }); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Send(soon(t), private(boris), "en", telegram.Still(screen("two")), false); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	calls := w.calls("sendMessage")
	if len(calls) != 3 || calls[1].Params["text"] != "two" {
		t.Fatalf("calls %+v", calls)
	}
	if pause := calls[2].At.Sub(calls[0].At); pause < time.Second {
		t.Errorf("asked again after %s", pause)
	}
}

// TestRefused: a message that Telegram refuses for a reason that is not known is tried
// plainly, then outside of its topic; what is blocked is not.
// TestRemove: messages that may be removed go by one call. One that has to stay keeps
// none of the others in the chat, and what is gone already is no failure.
func TestRemove(t *testing.T) {
	w, b := started(t)
	remove := func(messages ...int) error { return b.Remove(soon(t), private(anna), messages) }
	gone := func(id int) bool { m, _ := w.Message(anna, id); return m.Deleted }

	old := w.send(t, b, screen("old"))
	for method, param := range map[string]string{"deleteMessages": "message_ids", "deleteMessage": fmt.Sprint("message_id=", old)} {
		if err := w.Break(emulator.Fault{Kind: emulator.Refused, Method: method, Param: param, Description: "message can't be deleted"}); err != nil {
			t.Fatal(err)
		}
	}
	card, typed := w.send(t, b, screen("card")), w.say(t, anna, anna, "web-1")
	if err := remove(old, card, typed); !errors.Is(err, telegram.ErrNoMessage) || gone(old) || !gone(card) || !gone(typed) {
		t.Errorf("one has to stay: %v, %t %t %t", err, gone(old), gone(card), gone(typed))
	}
	if err := remove(card, typed); err != nil {
		t.Errorf("both are gone: %v", err)
	}
	before := len(w.Calls())
	card, typed = w.send(t, b, screen("card")), w.say(t, anna, anna, "web-1")
	if err := remove(card, typed); err != nil || !gone(card) || !gone(typed) || len(w.calls("deleteMessages")) != 3 || len(w.Calls()) != before+2 {
		t.Errorf("removed by %d calls: %v", len(w.Calls())-before-1, err)
	}
}

// TestDisabledButtons: a button that is off is sent as one. A server that does not know
// such buttons gets the message without them, and is not asked again.
func TestDisabledButtons(t *testing.T) {
	shown := screen("paying", []chat.Button{{Label: chat.Say("cancel"), Off: true}}, []chat.Button{button("help", "h"), {Label: chat.Say("pay"), Off: true}})
	for _, method := range []string{"sendMessage", "editMessageText"} {
		t.Run(method, func(t *testing.T) {
			w, b := started(t)
			id := w.send(t, b, shown)
			m, _ := w.Message(anna, id)
			if off, _ := m.Button("cancel"); !off.Off || len(m.Labels()) != 2 {
				t.Fatalf("the buttons are %+v", m.Keyboard)
			}
			err := w.Break(emulator.Fault{Kind: emulator.Refused, Method: method, Param: "reply_markup", Description: "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"})
			if err != nil {
				t.Fatal(err)
			}
			for range 2 {
				shown.Lines = append(shown.Lines, chat.Say("more"))
				if method == "sendMessage" {
					id = w.send(t, b, shown)
				} else if err := b.Edit(soon(t), private(anna), "en", id, telegram.Still(shown)); err != nil {
					t.Fatal(err)
				}
				m, _ = w.Message(anna, id)
				if labels := m.Labels(); len(labels) != 1 || len(labels[0]) != 1 || labels[0][0] != "help" {
					t.Errorf("the buttons are %v", labels)
				}
			}
			want := map[string]int{"sendMessage": 4, "editMessageText": 3}[method]
			if n := len(w.calls(method)); n != want {
				t.Errorf("%d calls, want %d", n, want)
			}
		})
	}
}

// TestTyping: it is shown where the dialogue is, and tried once.
func TestTyping(t *testing.T) {
	w, b := started(t)
	if err := b.Typing(soon(t), private(anna)); err != nil {
		t.Fatal(err)
	}
	if err := w.Break(emulator.Fault{Kind: emulator.Failure, Method: "sendChatAction", Times: 2}); err != nil {
		t.Fatal(err)
	}
	if err := b.Typing(soon(t), private(anna)); err == nil {
		t.Error("a failure is not told")
	}
	calls := w.calls("sendChatAction")
	if len(calls) != 2 || calls[0].Params["action"] != "typing" || calls[0].Params["chat_id"] != strconv.FormatInt(anna, 10) {
		t.Errorf("calls %+v", calls)
	}
}

func TestRefused(t *testing.T) {
	const thread = 77
	shown := chat.Screen{
		Lines: []chat.Phrase{chat.Say("templates.line", "Line", "a<b")},
		Rows:  [][]chat.Button{{button("b", "b")}},
	}
	for _, tt := range []struct {
		name  string
		fault emulator.Fault
		key   chat.Key
		calls int
		want  error // nil: it is sent in the end
		plain bool
	}{
		{"markup", emulator.Fault{Param: "parse_mode", Description: "can't parse entities of a new kind"}, private(anna), 2, nil, true},
		{"buttons", emulator.Fault{Param: "reply_markup", Description: "BUTTON_OF_A_NEW_KIND_INVALID"}, private(anna), 2, nil, true},
		{"topic", emulator.Fault{Param: "message_thread_id", Description: "topics of a new kind"}, chat.Key{Chat: anna, Thread: thread, User: anna}, 3, nil, false},
		{"topic that is gone", emulator.Fault{Kind: ""}, chat.Key{Chat: anna, Thread: thread, User: anna}, 2, nil, false},
		{"anything", emulator.Fault{Description: "not today"}, private(anna), 2, telegram.ErrRefused, false},
		{"blocked", emulator.Fault{Description: "bot was blocked by the user"}, private(anna), 1, telegram.ErrGone, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w, b := started(t)
			if tt.fault.Description != "" {
				tt.fault.Kind, tt.fault.Method, tt.fault.Times = emulator.Refused, "sendMessage", 100
				if err := w.Break(tt.fault); err != nil {
					t.Fatal(err)
				}
			}
			_, err := b.Send(soon(t), tt.key, "en", telegram.Still(shown), false)
			if n := len(w.calls("sendMessage")); n != tt.calls {
				t.Errorf("%d calls, want %d", n, tt.calls)
			}
			m, _ := w.Last(anna)
			switch {
			case tt.want != nil:
				if !errors.Is(err, tt.want) || errors.Is(err, telegram.ErrGone) != errors.Is(tt.want, telegram.ErrGone) {
					t.Errorf("send: %v, want %v", err, tt.want)
				}
			case err != nil || !strings.Contains(m.Text, "a<b"):
				t.Errorf("sent %+v, %v", m, err)
			case (len(m.Keyboard) == 0) != tt.plain:
				t.Errorf("the buttons are %v", m.Keyboard)
			}
		})
	}
}

func TestLongText(t *testing.T) {
	w, b := started(t)
	w.send(t, b, screen(strings.Repeat("long ", 2000)))
	if m, _ := w.Last(anna); len([]rune(m.Text)) != 4096 || !strings.HasSuffix(m.Text, "…") {
		t.Errorf("message of %d characters", len([]rune(m.Text)))
	}
}

// TestSendFile sends a document whose caption is too long, and one whose answer
// is lost: it is not sent again by itself.
func TestSendFile(t *testing.T) {
	w, b := started(t)
	file := chat.File{Name: "book.csv", Caption: chat.Say(strings.Repeat("щ<", 600)), Content: []byte("a,b\n\x00\xff")}
	if err := b.SendFile(soon(t), private(anna), "en", file); err != nil {
		t.Fatal(err)
	}
	call := w.calls("sendDocument")[0]
	got := call.Files["document"]
	if got.Name != file.Name || string(got.Content) != string(file.Content) {
		t.Errorf("the document %q arrives as %q: %q", file.Content, got.Name, got.Content)
	}
	if m, _ := w.Last(anna); m.Document != file.Name || len([]rune(m.Text)) != 1024 || !strings.HasSuffix(m.Text, "щ…") && !strings.HasSuffix(m.Text, "<…") {
		t.Errorf("message %+v", m)
	}
	if err := w.Break(emulator.Fault{Method: "sendDocument", Kind: emulator.DropAfter}); err != nil {
		t.Fatal(err)
	}
	if err := b.SendFile(soon(t), private(anna), "en", file); !errors.Is(err, telegram.ErrUncertain) {
		t.Errorf("an answer that was lost: %v", err)
	}
	if n := len(w.calls("sendDocument")); n != 2 {
		t.Errorf("%d documents were sent, want 2", n)
	}
}

// inside carries calls to a server in the same process.
type inside struct{ http.Handler }

func (h inside) RoundTrip(r *http.Request) (resp *http.Response, err error) {
	defer func() {
		if cause := recover(); cause == http.ErrAbortHandler { //nolint:errorlint // as it was given to panic
			resp, err = nil, io.ErrUnexpectedEOF
		} else if cause != nil {
			panic(cause)
		}
	}()
	answer := httptest.NewRecorder()
	h.ServeHTTP(answer, r)
	return answer.Result(), nil
}

// TestWhatWaitsShowsTheNewest: a screen is drawn when its message's turn has come.
func TestWhatWaitsShowsTheNewest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{Server: emulator.New(emulator.Config{Token: token})}
		defer w.Close()
		w.say(t, anna, anna, "/start")
		b := w.bot(t, newRecord().handle, func(c *telegram.Config) {
			c.APIURL, c.Transport = "http://chats", inside{w}
		})
		last := w.send(t, b, screen("begun"))
		if err := w.Break(emulator.Fault{Method: "editMessageText", Kind: emulator.TooMany, RetryAfter: 7}); err != nil {
			t.Fatal(err)
		}
		var done atomic.Bool
		var wait sync.WaitGroup
		wait.Go(func() {
			err := b.Edit(t.Context(), private(anna), "en", last, func() (chat.Screen, error) {
				if done.Load() {
					return screen("done"), nil
				}
				return screen("begun"), nil
			})
			if err != nil {
				t.Error(err)
			}
		})
		synctest.Wait()
		done.Store(true)
		wait.Wait()
		if m, _ := w.Last(anna); m.Text != "done" {
			t.Errorf("shown is %q", m.Text)
		}
	})
}

// TestScreenThatCannotBeDrawn: nothing is sent, and the error is told as it is.
func TestScreenThatCannotBeDrawn(t *testing.T) {
	w, b := started(t)
	broken := errors.New("broken")
	draw := func() (chat.Screen, error) { return chat.Screen{}, broken }
	if _, err := b.Send(soon(t), private(anna), "en", draw, false); !errors.Is(err, broken) || errors.Is(err, telegram.ErrUncertain) {
		t.Errorf("send: %v", err)
	}
	if m, ok := w.Last(anna); ok && m.Bot {
		t.Errorf("sent %q", m.Text)
	}
}

// TestServerThatDoesNotKnowMoments: an older Bot API server refuses them once; then they
// are sent as text, with the buttons.
func TestServerThatDoesNotKnowMoments(t *testing.T) {
	w, b := started(t)
	at := time.Date(2026, 11, 23, 15, 4, 0, 0, time.UTC)
	s := chat.Screen{
		Lines: []chat.Phrase{chat.Say("approval.until", "Until", at)},
		Rows:  [][]chat.Button{{button("yes", "y")}},
	}
	if id := w.send(t, b, s); id == 0 || w.Violations() != nil {
		t.Fatalf("violations %q", w.Violations())
	}
	calls := func() (n int) {
		for _, c := range w.Calls() {
			if c.Method == "sendMessage" {
				n++
			}
		}
		return n
	}
	before := calls()
	err := w.Break(emulator.Fault{Method: "sendMessage", Kind: emulator.Refused, Description: `can't parse entities: Unsupported start tag "tg-time" at byte offset 30`})
	if err != nil {
		t.Fatal(err)
	}
	for n, want := range []int{2, 3} {
		w.send(t, b, s)
		if m, _ := w.Last(anna); !strings.Contains(m.Text, "23 Nov 2026, 15:04 UTC") || len(m.Keyboard) != 1 {
			t.Errorf("message %d is %q with %v", n, m.Text, m.Keyboard)
		}
		if got := calls() - before; got != want {
			t.Errorf("%d calls after message %d, want %d", got, n, want)
		}
	}
}
