package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"net/http"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"zomrobot/audit"
	"zomrobot/engine"
	"zomrobot/storage"
	"zomrobot/storage/storagetest"
	"zomrobot/zomro/profile"
)

// The environment of a process of this test binary that is the bot. Each place
// at which it could be killed is a point: it is written to the log as it is
// passed, and at the one that is named the process kills itself.
const (
	crashLog   = "CRASH_LOG"   // file that the names of the points are appended to
	crashAt    = "CRASH_AT"    // the point; empty: none
	crashClock = "CRASH_CLOCK" // what the bot's clock says until it has started, RFC 3339
	crashTrial = "CRASH_TRIAL" // the experiment of a trial that is carried out; empty: none
	crashSpeed = "CRASH_SPEED" // how much faster than the world's it runs
	crashStops = "CRASH_STOPS" // true: at the point it does not kill itself but stops, until it is woken
)

// runPoints is bot run with points: the same configuration, store, edges and
// shutdown.
func runPoints() int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	if err := servePoints(ctx); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "bot with points:", err)
		return exitFailed
	}
	return exitDone
}

func servePoints(ctx context.Context) error {
	clock, noClock := time.Parse(time.RFC3339Nano, os.Getenv(crashClock))
	speed, noSpeed := strconv.Atoi(os.Getenv(crashSpeed))
	if err := errors.Join(noClock, noSpeed); err != nil {
		return err
	}
	faster := time.Duration(speed)
	moves := make(chan struct{})        // closed when the clock moves
	var began atomic.Pointer[time.Time] // a start that takes long must not make old what was said before
	log, err := os.OpenFile(os.Getenv(crashLog), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	c, err := ReadConfig()
	if err != nil {
		return err
	}
	keys, err := c.Keyring()
	if err != nil {
		return err
	}
	points := &points{log: log, at: os.Getenv(crashAt), stops: os.Getenv(crashStops) == "true", passed: map[string]int{}}
	var p *Program
	p = &Program{
		Config: c,
		Keys:   keys,
		Log:    c.Logger(os.Stderr),
		Now: func() time.Time {
			if at := began.Load(); at != nil {
				return clock.Add(faster * time.Since(*at))
			}
			return clock
		},
		started: func() {
			now := time.Now()
			began.Store(&now)
			close(moves)
		},
		after: func(d time.Duration) <-chan time.Time {
			over := make(chan time.Time, 1)
			go func() {
				<-moves
				over <- <-time.After(d / faster)
			}()
			return over
		},
		wrapBackend: func(b storage.Backend) storage.Backend {
			return &pointedBackend{storagetest.Strict{Backend: b}, points}
		},
		wrapStore: func(s storage.Store) storage.Store { return &pointedStore{s, points} },
		wrapMark:  func(m engine.Mark) engine.Mark { return &pointedMark{m, points} },
		vendorClient: &http.Client{Transport: &pointedCalls{
			leading(&http.Transport{DisableKeepAlives: true, DialContext: (&net.Dialer{}).DialContext}, func(margin time.Duration) error {
				if p.lead == nil {
					return nil
				}
				return p.lead.Leads(margin)
			}), points,
		}},
	}
	err = p.Open(ctx)
	if err == nil {
		if source := profile.Source(os.Getenv(crashTrial)); source != "" {
			var over context.CancelFunc
			ctx, over = context.WithCancel(ctx)
			go func() {
				<-moves
				tryInChild(ctx, p.Engine, source, points)
				over()
			}()
		}
		err = p.Run(ctx)
	}
	return errors.Join(err, p.Close())
}

// points are the places that the process passes.
type points struct {
	mu     sync.Mutex
	log    *os.File
	at     string
	stops  bool
	passed map[string]int
	shared []string // what the transaction that is being made writes
}

// share notes that a function has come to its end in the transaction that is being made.
func (p *points) share(name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.shared = append(p.shared, name)
}

// sharing returns the first move that the transaction makes, and begins the next.
func (p *points) sharing() (move string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, name := range p.shared {
		if strings.Contains(name, " → ") && move == "" {
			move = name
		}
	}
	p.shared = nil
	return move
}

// pointedBackend has a point between a commit that moves a purchase and the answer to
// those who share it.
type pointedBackend struct {
	storage.Backend
	points *points
}

func (b *pointedBackend) Alone() bool { return true }

func (b *pointedBackend) Update(ctx context.Context, fn func(storage.Tx) error) error {
	var move string
	err := b.Backend.Update(ctx, func(tx storage.Tx) error {
		b.points.sharing()
		err := fn(tx)
		move = b.points.sharing()
		return err
	})
	if err == nil && move != "" {
		b.points.pass("write %s | committed, nobody is told", move)
	}
	return err
}

// pass notes a point, or ends the process there. What is passed more than once
// has a number.
func (p *points) pass(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	name := fmt.Sprintf(format, args...)
	p.passed[name]++
	if n := p.passed[name]; n > 1 {
		name = fmt.Sprintf("%s #%d", name, n)
	}
	_, _ = fmt.Fprintln(p.log, name)
	if name != p.at {
		return
	}
	if p.stops {
		woken := make(chan os.Signal, 1)
		signal.Notify(woken, syscall.SIGCONT)
		_ = syscall.Kill(os.Getpid(), syscall.SIGSTOP)
		<-woken
	} else {
		if self, err := os.FindProcess(os.Getpid()); err == nil {
			_ = self.Kill()
		}
		select {} // nothing is done between the signal and the end
	}
}

// pointedStore has a point on each side of each commit.
type pointedStore struct {
	storage.Store
	points *points
}

func (s *pointedStore) Update(ctx context.Context, fn func(storage.Tx) error) error {
	return s.write(ctx, s.Store.Update, fn)
}

func (s *pointedStore) Soon(ctx context.Context, fn func(storage.Tx) error) error {
	return s.write(ctx, s.Store.Soon, fn)
}

func (s *pointedStore) write(ctx context.Context, update func(context.Context, func(storage.Tx) error) error, fn func(storage.Tx) error) error {
	var name string
	err := update(ctx, func(tx storage.Tx) error {
		seen := &writes{Tx: tx}
		err := fn(seen)
		if name = seen.name(); err == nil && name != "" {
			s.points.share(name)
			s.points.pass("write %s | before the commit", name)
		}
		return err
	})
	if err == nil && name != "" {
		s.points.pass("write %s | after the commit", name)
	}
	return err
}

func (s *pointedStore) Own(ctx context.Context, name string) (storage.Lease, error) {
	s.points.pass("write lease | before the commit")
	lease, err := s.Store.Own(ctx, name)
	if err == nil {
		s.points.pass("write lease | after the commit")
	}
	return lease, err
}

// pointedMark has a point on each side of each save of the mark.
type pointedMark struct {
	engine.Mark
	points *points
}

func (m *pointedMark) Save(n int64) error {
	m.points.pass("write mark beside the store | before")
	err := m.Mark.Save(n)
	if err == nil {
		m.points.pass("write mark beside the store | after")
	}
	return err
}

// writes is a transaction that knows what was written in it.
type writes struct {
	storage.Tx
	kinds []string
	moves []string
}

func (w *writes) Put(key string, value []byte) error {
	err := w.Tx.Put(key, value)
	kind := kindOf(key)
	w.kinds = append(w.kinds, kind+about(kind, value))
	if kind == "audit" {
		w.moves = append(w.moves, moveOf(value))
	}
	return err
}

func (w *writes) Delete(key string) error {
	was, err := w.Get(key)
	if err != nil {
		return err
	}
	if kind := kindOf(key); was != nil {
		w.kinds = append(w.kinds, "-"+kind+about(kind, was))
	}
	return w.Tx.Delete(key)
}

// name says what is written: a purchase's move, without the reading calls that it rests
// on, or the kinds of the records.
func (w *writes) name() string {
	if len(w.moves) > 0 {
		last := len(w.moves) - 1
		for last > 0 && !isOfCall(w.moves[last]) {
			last--
		}
		return strings.Join(w.moves[last:], ", ")
	}
	slices.Sort(w.kinds)
	return strings.Join(slices.Compact(w.kinds), ", ")
}

// isOfCall reports whether a move is of a call.
func isOfCall(move string) bool {
	return strings.HasPrefix(move, "called ") || strings.HasPrefix(move, "answered ")
}

func kindOf(key string) string {
	kind, _, _ := strings.Cut(key, "/")
	return kind
}

// about says what a post in the outbox is.
func about(kind string, value []byte) string {
	if kind != "outbox" {
		return ""
	}
	var post struct {
		Effect   map[string]any
		Purchase string
		Notice   any
	}
	if err := json.Unmarshal(value, &post); err != nil {
		return ""
	}
	switch {
	case post.Purchase != "":
		return " card of the purchase"
	case post.Notice != nil:
		return " news"
	}
	for name, effect := range post.Effect {
		if effect != nil {
			return " " + name
		}
	}
	return ""
}

// moveOf says which move a line of a book tells of.
func moveOf(value []byte) string {
	var line struct {
		Event, State string
		What         struct {
			Call, Choice, By, Step string
			Failure                *audit.Failure
		}
	}
	if err := json.Unmarshal(value, &line); err != nil {
		return "audit"
	}
	name := line.Event
	for _, part := range []string{line.What.Call, line.What.Choice, line.What.By, line.What.Step} {
		if part != "" {
			name += " " + part
		}
	}
	if line.What.Failure != nil {
		name += " (failed)"
	}
	return name + " → " + line.State
}

// pointedCalls has two points at each call of the vendor: before it is sent,
// and when it was carried out and answered, but the answer was not seen. The
// third, when it was seen and is not kept, is the store's.
type pointedCalls struct {
	next   http.RoundTripper
	points *points
}

func (c *pointedCalls) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	_ = r.Body.Close()
	sent := r.Clone(r.Context())
	sent.Body = io.NopCloser(bytes.NewReader(body))
	name := functionOf(r.Header.Get("Content-Type"), body)
	c.points.pass("call %s | before sending", name)
	answer, err := c.next.RoundTrip(sent)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(answer.Body)
	_ = answer.Body.Close()
	if err == nil {
		c.points.pass("call %s | carried out, the answer lost", name)
	}
	answer.Body = io.NopCloser(io.MultiReader(bytes.NewReader(text), failing{err}))
	return answer, nil
}

// failing is a reader that ends with an error; nil: it is at its end.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) {
	if f.err != nil {
		return 0, f.err
	}
	return 0, io.EOF
}

// functionOf names the vendor's function that a form calls.
func functionOf(contentType string, body []byte) string {
	form := formOf(contentType, body)
	name := form("func")
	if button := form("clicked_button"); button != "" {
		name += " " + button
	}
	return name
}

// formOf returns the fields of a form, each by its name.
func formOf(contentType string, body []byte) func(field string) string {
	_, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return func(string) string { return "?" }
	}
	form, err := multipart.NewReader(bytes.NewReader(body), params["boundary"]).ReadForm(1 << 20)
	if err != nil {
		return func(string) string { return "?" }
	}
	return func(field string) string { return strings.Join(form.Value[field], "") }
}
