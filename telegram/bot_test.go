package telegram_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"zomrobot/chat"
	"zomrobot/locales"
	"zomrobot/telegram"
	"zomrobot/telegram/emulator"
)

const (
	token  = "123456:THE-token_of-the-bot"
	secret = "hunter2-ДайМнеСервер"
	anna   = int64(1001)
	boris  = int64(1002)
)

// memory is an inbox that outlives its bot, as a store does.
type memory struct {
	mu      sync.Mutex
	seen    map[int64]bool
	pending []telegram.Raw
	emptied time.Time
	fail    func() (before, after error) // of the next transaction: instead of it, or in spite of it
}

func (m *memory) Accept(_ context.Context, updates []telegram.Raw) ([]telegram.Raw, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var before, after error
	if m.fail != nil {
		before, after = m.fail()
	}
	if before != nil {
		return nil, before
	}
	var fresh []telegram.Raw
	for _, u := range updates {
		if !m.seen[u.ID] {
			m.note(u.ID)
			fresh = append(fresh, u)
		}
	}
	m.pending = append(m.pending, fresh...)
	return fresh, after
}

// handle handles an update that was not handled before, as a turn of the engine does.
func (m *memory) handle(id int64, handle func() error) error {
	known, before, after := m.state(id)
	if known || before != nil {
		return before
	}
	if err := handle(); err != nil {
		return err
	}
	m.remove(id)
	return after
}

// state returns whether an update was handled, and whether it can be noted now.
func (m *memory) state(id int64) (handled bool, before, after error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	kept := slices.ContainsFunc(m.pending, func(u telegram.Raw) bool { return u.ID == id })
	if m.seen[id] && !kept {
		return true, nil, nil
	}
	if m.fail != nil {
		before, after = m.fail()
	}
	return false, before, after
}

func (m *memory) After() time.Time { return m.emptiedAt() }

func (m *memory) Pending(context.Context) ([]telegram.Raw, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.pending), nil
}

func (m *memory) Discard(_ context.Context, id int64) error {
	m.remove(id)
	return nil
}

func (m *memory) Emptied(context.Context) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.emptied = time.Now()
	return nil
}

func (m *memory) emptiedAt() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.emptied
}

func (m *memory) remove(id int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.note(id)
	m.pending = slices.DeleteFunc(m.pending, func(u telegram.Raw) bool { return u.ID == id })
}

// note notes that an update was seen. The caller holds the lock.
func (m *memory) note(id int64) {
	if m.seen == nil {
		m.seen = make(map[int64]bool)
	}
	m.seen[id] = true
}

func (m *memory) size() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.pending)
}

// world is a chat with an inbox, and what every bot in it logged.
type world struct {
	*emulator.Server
	url   string
	inbox memory
	logs  syncBuffer
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// newWorld returns an empty world. At the end of the test nothing may have
// been misused, and no secret may have been logged.
func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{Server: emulator.New(emulator.Config{Token: token, BotUsername: "ZomroTestBot"})}
	server := httptest.NewServer(w.Server)
	w.url = server.URL
	t.Cleanup(func() {
		w.Close()
		server.Close()
		if v := w.Violations(); len(v) > 0 {
			t.Errorf("violations: %q", v)
		}
		for _, hidden := range []string{token, strings.Split(token, ":")[1], secret, "ДайМне"} {
			if strings.Contains(w.logs.String(), hidden) {
				t.Errorf("%q was logged: %s", hidden, w.logs.String())
			}
		}
	})
	return w
}

// bot returns a bot in the world; configure may change its configuration.
func (w *world) bot(t *testing.T, handle telegram.Handler, configure ...func(*telegram.Config)) *telegram.Bot {
	t.Helper()
	catalog, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	config := telegram.Config{
		Token:  telegram.NewToken(token),
		APIURL: w.url,
		Log:    slog.New(slog.NewJSONHandler(&w.logs, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Drain:  5 * time.Second,
	}
	for _, f := range configure {
		f(&config)
	}
	b, err := telegram.New(config, &w.inbox, catalog, func(ctx context.Context, u telegram.Update) error {
		return w.inbox.handle(u.ID, func() error { return handle(ctx, u) })
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// run runs a bot until stop is called, which returns Run's error.
func run(t *testing.T, b *telegram.Bot) (stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx) }()
	stop = sync.OnceValue(func() error {
		cancel()
		return <-ended
	})
	t.Cleanup(func() { _ = stop() })
	return stop
}

// record is a handler that keeps what it is given.
type record struct {
	mu   sync.Mutex
	got  []telegram.Update
	more chan struct{} // one for each
}

func newRecord() *record { return &record{more: make(chan struct{}, 10_000)} }

func (r *record) handle(_ context.Context, u telegram.Update) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.got = append(r.got, u)
	r.more <- struct{}{}
	return nil
}

// wait waits until n updates were handled in all, and returns their texts by chat.
func (r *record) wait(t *testing.T, n int) map[int64][]string {
	t.Helper()
	deadline := time.After(5 * time.Minute)
	for range n {
		select {
		case <-r.more:
		case <-deadline:
			t.Fatalf("not %d updates, but %d", n, len(r.texts()))
		}
	}
	return r.texts()
}

func (r *record) texts() map[int64][]string {
	r.mu.Lock()
	defer r.mu.Unlock()
	texts := make(map[int64][]string)
	for _, u := range r.got {
		text := fmt.Sprintf("%T", u.Event)
		switch e := u.Event.(type) {
		case chat.Text:
			text = e.Text
		case chat.Command:
			text = "/" + e.Name
		}
		texts[u.Key.Chat] = append(texts[u.Key.Chat], text)
	}
	return texts
}

func (w *world) say(t *testing.T, user, chat int64, text string) int {
	t.Helper()
	id, err := w.Say(user, chat, text)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// polls counts the calls to getUpdates.
func (w *world) polls() int { return len(w.calls("getUpdates")) }

func (w *world) calls(method string) []emulator.Call {
	var calls []emulator.Call
	for _, c := range w.Calls() {
		if strings.EqualFold(c.Method, method) {
			calls = append(calls, c)
		}
	}
	return calls
}

func soon(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func numbered(n int) []string {
	texts := make([]string, n)
	for i := range texts {
		texts[i] = fmt.Sprint("text ", i)
	}
	return texts
}

// TestOrderUnderLoad: many people write at once; each one's messages are
// handled in their order, each once.
func TestOrderUnderLoad(t *testing.T) {
	w, r := newWorld(t), newRecord()
	const people, each = 20, 15
	for id := range int64(people) {
		w.AddUser(id+1, "X", "")
	}
	stop := run(t, w.bot(t, r.handle, func(c *telegram.Config) { c.Parallel = 4 }))
	want := numbered(each)
	for _, text := range want {
		for id := range int64(people) {
			w.say(t, id+1, id+1, text)
		}
	}
	got := r.wait(t, people*each)
	for id := range int64(people) {
		if !slices.Equal(got[id+1], want) {
			t.Errorf("person %d: %q", id+1, got[id+1])
		}
	}
	if err := stop(); err != nil { // what was begun is finished
		t.Error(err)
	}
	if n := w.inbox.size(); n != 0 {
		t.Errorf("%d updates are left in the inbox", n)
	}
}

// TestStopLosesNothing stops a bot in the middle of its work, after Telegram
// has forgotten the updates; the next bot handles the others, in order.
func TestStopLosesNothing(t *testing.T) {
	w, r := newWorld(t), newRecord()
	const each = 10
	want := numbered(each)
	for _, text := range want {
		w.say(t, anna, anna, text)
		w.say(t, boris, boris, text)
	}
	stuck, third := make(chan struct{}), 0
	stop := run(t, w.bot(t, func(ctx context.Context, u telegram.Update) error {
		if u.Key.Chat == boris {
			return r.handle(ctx, u)
		}
		if third++; third < 3 {
			return r.handle(ctx, u)
		}
		close(stuck)
		<-ctx.Done() // until the drain is over
		return ctx.Err()
	}, func(c *telegram.Config) { c.Drain = time.Millisecond }))
	<-stuck
	if err := w.Until(soon(t), func() bool { return w.Pending() == 0 }); err != nil {
		t.Fatal("Telegram still has the updates: ", err)
	}
	if err := stop(); err == nil || !strings.Contains(err.Error(), "still being handled") {
		t.Errorf("stop: %v", err)
	}
	if w.inbox.size() < each-2 {
		t.Fatalf("only %d updates are left in the inbox", w.inbox.size())
	}

	run(t, w.bot(t, r.handle))
	got := r.wait(t, 2*each)
	for _, person := range []int64{anna, boris} {
		if !slices.Equal(got[person], want) {
			t.Errorf("person %d: %q", person, got[person])
		}
	}
}

// TestInboxFailure: while updates cannot be kept Telegram keeps them; one that
// was kept although its Accept failed is handled as well, once.
func TestInboxFailure(t *testing.T) {
	broken := errors.New("the disk is full")
	for name, failure := range map[string]func() (before, after error){
		"not kept": func() (error, error) { return broken, nil },
		"kept":     func() (error, error) { return nil, broken },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, r := newWorld(t), newRecord()
			fails := 2
			w.inbox.fail = func() (before, after error) {
				if fails--; fails < 0 {
					return nil, nil
				}
				if w.Pending() == 0 {
					t.Error("Telegram has forgotten the updates before they were kept")
				}
				return failure()
			}
			want := append(numbered(5), "last")
			for _, text := range want[:5] {
				w.say(t, anna, anna, text)
			}
			stop := run(t, w.bot(t, r.handle))
			if err := w.Until(soon(t), func() bool { return w.Pending() == 0 }); err != nil {
				t.Fatal(err)
			}
			w.say(t, anna, anna, "last")
			if got := r.wait(t, 6)[anna]; !slices.Equal(got, want) {
				t.Errorf("handled %q", got)
			}
			if err := stop(); err != nil { // what was begun is finished
				t.Error(err)
			}
			if n := w.inbox.size(); n != 0 {
				t.Errorf("%d updates are left in the inbox", n)
			}
		})
	}
}

// TestPollingSurvives what may happen to it.
func TestPollingSurvives(t *testing.T) {
	t.Parallel()
	for _, kind := range []emulator.FaultKind{
		emulator.Unauthorized, emulator.Failure, emulator.BadGateway, emulator.DropBefore, emulator.DropAfter, emulator.TooMany,
	} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			w, r := newWorld(t), newRecord()
			if err := w.Break(emulator.Fault{Method: "getUpdates", Kind: kind, Times: 2}); err != nil {
				t.Fatal(err)
			}
			run(t, w.bot(t, r.handle))
			w.say(t, anna, anna, secret)
			if got := r.wait(t, 1)[anna]; !slices.Equal(got, []string{secret}) {
				t.Errorf("handled %q", got)
			}
			if w.polls() < 3 {
				t.Errorf("%d polls", w.polls())
			}
		})
	}
}

// TestSecondPollerIsOutlived: of two programs with one token Telegram answers
// 409 to the one that waits already, in turn.
func TestSecondPollerIsOutlived(t *testing.T) {
	t.Parallel()
	w, r := newWorld(t), newRecord()
	run(t, w.bot(t, r.handle))
	ctx, cancel := context.WithCancel(soon(t))
	var second sync.WaitGroup
	second.Go(func() {
		for {
			req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.url+"/bot"+token+"/getUpdates?timeout=50", nil)
			if err != nil {
				t.Error(err)
				return
			}
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				return // the second program ends
			}
			_ = resp.Body.Close()
		}
	})
	conflicts := func() bool {
		n := 0
		for _, call := range w.calls("getUpdates") {
			if call.Code == http.StatusConflict {
				n++
			}
		}
		return n >= 3
	}
	if err := w.Until(soon(t), conflicts); err != nil {
		t.Fatal(err)
	}
	cancel()
	second.Wait()
	w.say(t, anna, anna, "hello")
	r.wait(t, 1)
	if !strings.Contains(w.logs.String(), "Conflict") {
		t.Errorf("the conflict was not told: %s", w.logs.String())
	}
}

func TestStartOutlivesTheNetwork(t *testing.T) {
	t.Parallel()
	w, r := newWorld(t), newRecord()
	for _, method := range []string{"getMe", "deleteWebhook"} {
		for _, kind := range []emulator.FaultKind{emulator.DropBefore, emulator.BadGateway} {
			if err := w.Break(emulator.Fault{Method: method, Kind: kind}); err != nil {
				t.Fatal(err)
			}
		}
	}
	b := w.bot(t, r.handle)
	if b.Username() != "" {
		t.Errorf("username %q before Telegram was asked", b.Username())
	}
	run(t, b)
	w.say(t, anna, anna, "hello")
	r.wait(t, 1)
	if b.Username() != "ZomroTestBot" {
		t.Errorf("username %q", b.Username())
	}
}

func TestWrongTokenEndsRun(t *testing.T) {
	w, r := newWorld(t), newRecord()
	b := w.bot(t, r.handle, func(c *telegram.Config) { c.Token = telegram.NewToken("123456:another") })
	if err := b.Check(soon(t)); !errors.Is(err, telegram.ErrToken) || strings.Contains(err.Error(), "another") {
		t.Errorf("check: %v", err)
	}
	if err := b.Run(soon(t)); !errors.Is(err, telegram.ErrToken) {
		t.Errorf("run: %v", err)
	}
}

func TestUnreachableServer(t *testing.T) {
	t.Parallel()
	w, r := newWorld(t), newRecord()
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	b := w.bot(t, r.handle, func(c *telegram.Config) { c.APIURL = closed.URL })
	err := b.Check(soon(t))
	if !errors.Is(err, telegram.ErrUnsent) || strings.Contains(err.Error(), "THE-token") {
		t.Errorf("check: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := b.Send(ctx, private(anna), "en", telegram.Still(screen("x")), false); !errors.Is(err, telegram.ErrUnsent) || strings.Contains(err.Error(), "THE-token") {
		t.Errorf("send: %v", err)
	}
	ctx, cancel = context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if err := b.Run(ctx); err != nil {
		t.Errorf("run: %v", err)
	}
}

// TestNothingIsLoggedOfUpdates: words of people, good and garbled, appear in no
// log. newWorld looks for them.
func TestNothingIsLoggedOfUpdates(t *testing.T) {
	t.Parallel()
	bodies := []string{
		`{"ok":true,"result":[{"update_id":5,"message":{"message_id":"` + secret + `"}}]}`,
		`{"ok":true,"result":[{"update_id":"` + secret + `"}]}`,
		`{"ok":true,"result":[{"message":{"text":"` + secret + `"}}]}`,
		`{"ok":true,"result":"` + secret + `"}`,
		`{"ok":true,"result":[{"update_id":5,"message":{"text":"` + secret,
		secret,
	}
	w, r := newWorld(t), newRecord()
	rounds, good := 2*len(bodies), false
	var mu sync.Mutex
	asked := make(chan struct{}, 100)
	garbled := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
		switch req.URL.Path[strings.LastIndexByte(req.URL.Path, '/')+1:] {
		case "getUpdates":
			select {
			case asked <- struct{}{}:
			default:
			}
			mu.Lock()
			defer mu.Unlock()
			body := `{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":60}}`
			switch {
			case good:
				body = `{"ok":true,"result":[]}` // polling goes on at full speed
			case len(bodies) > 0:
				body, bodies = bodies[0], bodies[1:]
			}
			good = !good && len(bodies) > 0
			_, _ = io.WriteString(rw, body)
		case "getMe":
			_, _ = io.WriteString(rw, `{"ok":true,"result":{"id":1,"is_bot":true,"username":"ZomroTestBot"}}`)
		default:
			_, _ = io.WriteString(rw, `{"ok":true,"result":true}`)
		}
	}))
	defer garbled.Close()
	stop := run(t, w.bot(t, r.handle, func(c *telegram.Config) { c.APIURL = garbled.URL }))
	for range rounds {
		select {
		case <-asked:
		case <-time.After(5 * time.Minute):
			t.Fatal("polling has ended")
		}
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
	if !strings.Contains(w.logs.String(), "tried again") || !strings.Contains(w.logs.String(), "left out") {
		t.Errorf("the troubles were not told: %s", w.logs.String())
	}
}

// TestFailingHandler: an update that could not be handled comes again before
// those after it; one that panics is gone.
func TestFailingHandler(t *testing.T) {
	t.Parallel()
	w, r := newWorld(t), newRecord()
	fails := 2
	stop := run(t, w.bot(t, func(ctx context.Context, u telegram.Update) error {
		switch u.Event.(chat.Text).Text {
		case "text 1":
			if fails--; fails >= 0 {
				return errors.New("the store is away")
			}
		case "text 2":
			panic(secret)
		}
		return r.handle(ctx, u)
	}))
	for _, text := range numbered(4) {
		w.say(t, anna, anna, text)
	}
	if got, want := r.wait(t, 3)[anna], []string{"text 0", "text 1", "text 3"}; !slices.Equal(got, want) {
		t.Errorf("handled %q, want %q", got, want)
	}
	if err := stop(); err != nil { // what was begun is finished
		t.Error(err)
	}
	if n := w.inbox.size(); n != 0 {
		t.Errorf("%d updates are left in the inbox", n)
	}
}

// TestGroup: what is not for the bot is neither handled nor kept.
func TestGroup(t *testing.T) {
	w, r := newWorld(t), newRecord()
	if err := w.AddGroup(-5, "Team", anna, boris); err != nil {
		t.Fatal(err)
	}
	run(t, w.bot(t, r.handle))
	for _, text := range []string{"/order@OtherBot", "/order@zomroTESTbot x", "hello all"} {
		w.say(t, anna, -5, text)
	}
	w.say(t, boris, boris, "end")
	got := r.wait(t, 3)
	slices.Sort(got[-5]) // what happens to the chat is no dialogue of Anna's
	if !slices.Equal(got[-5], []string{"/order", "chat.BotChanged"}) {
		t.Errorf("handled %q", got[-5])
	}
	w.inbox.mu.Lock()
	defer w.inbox.mu.Unlock()
	if len(w.inbox.seen) != 3 {
		t.Errorf("%d updates were kept, want 3", len(w.inbox.seen))
	}
}
