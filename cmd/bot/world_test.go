package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/storage"
	"zomrobot/storage/storagetest"
	"zomrobot/telegram/emulator"
	"zomrobot/zomro"
	"zomrobot/zomro/sandbox"
)

// The people and the vendor's account of a world.
const (
	anna  = 1001
	boris = 1002
	vera  = 1003 // Russian, as Boris is
	carol = 1004 // English, as Anna is
	dave  = 1005
	gleb  = 1006

	vendorLogin    = "anna@example.com"
	vendorPassword = "Vendor-Secret-1"
	worldToken     = "4242:bot-token-for-tests"
)

// clock is a clock that a test moves.
type clock struct {
	mu    sync.Mutex
	now   time.Time
	moved func() // told of each move
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) move(by time.Duration) {
	c.mu.Lock()
	c.now = c.now.Add(by)
	c.mu.Unlock()
	if c.moved != nil {
		c.moved()
	}
}

// world is the whole product in one process: the bot between the emulator and
// the sandbox, over real HTTP and a real store, with a clock that a test moves.
type world struct {
	t      testing.TB
	clock  *clock
	vendor *sandbox.Sandbox
	chats  *emulator.Server

	vendorURL, chatsURL string
	store               string // the file, or where it would be; its mark is beside it
	url                 string // of the store
	keys                storage.Keyring
	logs                *safeBuffer

	other    otherVendor // whose facts are those of the vendor
	obliging obliging    // what people have agreed to who oblige

	moved    int64         // the id that the group has now
	patience time.Duration // with what follows from a step; 0: the usual one

	configure func(*Program)
	program   *Program
	stop      func() error
}

// safeBuffer keeps what is logged.
type safeBuffer struct {
	mu   sync.Mutex
	text strings.Builder
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// newWorld makes a world and starts the bot in it.
func newWorld(t testing.TB, config sandbox.Config) *world {
	t.Helper()
	return newWorldOf(t, config, asItIs)
}

// newWorldWith is newWorld with another configuration of the bot.
func newWorldWith(t testing.TB, config sandbox.Config, configure func(*Config)) *world {
	t.Helper()
	return newWorldOf(t, config, func(p *Program) { configure(&p.Config) })
}

// storeDir is a folder for a store: in memory where the system has one, for these
// worlds are many and each commit is synced. A killed process loses nothing there
// either; what only a disk can show is tested in storage. A benchmark measures the
// disk, too.
func storeDir(t testing.TB) string {
	const memory = "/dev/shm"
	info, err := os.Stat(memory)
	if _, measured := t.(*testing.B); measured || err != nil || !info.IsDir() {
		return t.TempDir()
	}
	dir, err := os.MkdirTemp(memory, "zomrobot-test-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// newWorldOf is newWorld with a program that is changed before it is opened.
func newWorldOf(t testing.TB, config sandbox.Config, configure func(*Program)) *world {
	t.Helper()
	w := &world{t: t, clock: &clock{now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}, configure: configure}
	if config.Now == nil {
		config.Now = w.clock.Now
	}
	w.furnish(config, emulator.Config{Now: w.clock.Now})
	w.clock.moved = w.chats.ClockMoved
	vendorServer, chatsServer := httptest.NewServer(w.vendor), httptest.NewServer(w.chats)
	t.Cleanup(vendorServer.Close)
	t.Cleanup(chatsServer.Close)
	w.vendorURL, w.chatsURL = vendorServer.URL, chatsServer.URL
	w.url = siteOf(t).url(w.store, leaseOfOthers)
	if onCluster(w.url) { // which is busy with all other worlds
		w.patience = 15 * time.Minute
	}
	w.open()
	return w
}

// asItIs leaves a program unchanged.
func asItIs(*Program) {}

// furnish gives a world its vendor, its chats and the place of its store, and looks at
// the end how they were used.
func (w *world) furnish(vendor sandbox.Config, chats emulator.Config) {
	w.t.Helper()
	w.logs, w.store = &safeBuffer{}, filepath.Join(storeDir(w.t), "bot.db")
	w.url = "bolt:" + w.store
	w.other, w.obliging = vendorOf(w.t).beside(vendor.Facts), obliging{accepted: map[string]bool{}, approve: map[string][]int64{}}
	if len(w.other.facts) > 0 {
		facts := maps.Clone(w.other.facts)
		maps.Copy(facts, vendor.Facts)
		vendor.Facts = facts
	}
	w.vendor = sandbox.New(vendor)
	w.vendor.AddAccount(vendorLogin, vendorPassword, eur(100))
	w.vendor.AddKey(vendorLogin, "laptop", demoKey)
	chats.Token = worldToken
	w.chats = emulator.New(chats)
	key, err := storage.GenerateKey("test")
	if err != nil {
		w.t.Fatal(err)
	}
	if w.keys, err = storage.ParseKeys(key); err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() {
		if v := w.chats.Violations(); len(v) > 0 {
			w.t.Errorf("the Bot API was used wrongly: %v", v)
		}
		if v := w.vendor.Violations(); len(v) > 0 {
			w.t.Errorf("the vendor's API was used wrongly: %v", v)
		}
		if w.t.Failed() && testing.Verbose() {
			w.t.Log(w.logs.String())
		}
	})
}

// open starts the bot of a world that is furnished and served. At the end it is stopped
// first.
func (w *world) open() {
	w.t.Helper()
	w.t.Cleanup(func() {
		if w.stop != nil {
			if err := w.stop(); err != nil {
				w.t.Errorf("stop the bot: %v", err)
			}
		}
		w.wantListsCounted()
		w.vendor.Close()
		w.chats.Close()
	})
	w.teach()
	w.start()
}

func eur(amount int64) zomro.Money {
	return zomro.Money{Amount: decimal.NewFromInt(amount), Currency: "EUR"}
}

// awaitUnlocked waits, for some seconds at most, until nobody holds the file of a store: a child that
// another test has just forked holds what the test had open, until it is another program. The bot
// would wait as well, but in a bubble that takes no time.
func awaitUnlocked(url string) {
	path, ok := strings.CutPrefix(url, "bolt:")
	if !ok {
		return
	}
	file, err := os.Open(path) //nolint:gosec // it is the test's own
	if err != nil {
		return // there is none yet
	}
	defer file.Close() //nolint:errcheck // it was only read
	for range 500 {
		if syscall.Flock(int(file.Fd()), syscall.LOCK_SH|syscall.LOCK_NB) == nil { //nolint:gosec // a descriptor is small
			_ = syscall.Flock(int(file.Fd()), syscall.LOCK_UN) //nolint:gosec // also for such a child
			return
		}
		pause := syscall.Timespec{Nsec: 10_000_000}
		_ = syscall.Nanosleep(&pause, nil) // of the machine's clock, in a bubble, too
	}
}

// start opens and runs the bot.
func (w *world) start() {
	w.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	p := &Program{
		Config: Config{
			Telegram: TelegramConfig{Token: worldToken, APIURL: w.chatsURL},
			Zomro:    ZomroConfig{APIURL: w.vendorURL, Renew: true},
			Storage:  StorageConfig{URL: w.url},
		},
		Keys:          w.keys,
		Log:           slog.New(slog.NewTextHandler(io.MultiWriter(w.logs), &slog.HandlerOptions{Level: slog.LevelDebug})),
		Now:           w.clock.Now,
		vendorOptions: []zomro.Option{zomro.WithSleep(noPause)},
	}
	if _, measured := w.t.(*testing.B); !measured {
		p.wrapBackend = storagetest.BeStrict
	}
	started := make(chan struct{})
	p.started = func() { close(started) }
	w.configure(p)
	awaitUnlocked(p.Config.Storage.URL)
	if err := p.Open(ctx); err != nil {
		w.t.Fatalf("open the bot: %v", errors.Join(err, p.Close()))
	}
	done := make(chan error, 1)
	go func() { done <- p.Run(ctx) }()
	select {
	case <-started:
	case err := <-done:
		w.t.Fatalf("run the bot: %v", errors.Join(err, p.Close()))
	}
	w.program = p
	w.stop = func() error {
		cancel()
		w.stop = nil
		return errors.Join(<-done, p.Close())
	}
}

// restart stops the bot and starts it again on the same store.
func (w *world) restart() {
	w.t.Helper()
	w.stopBot()
	w.start()
	w.until(w.chats.Polling)
}

// stopBot stops the bot.
func (w *world) stopBot() {
	w.t.Helper()
	if err := w.stop(); err != nil {
		w.t.Fatalf("stop the bot: %v", err)
	}
}

// settle waits until the bot has taken in everything and done what follows, and what people
// do who oblige.
func (w *world) settle() {
	w.t.Helper()
	for w.rest(); w.oblige(); {
		w.rest()
	}
}

// patient is a context that is over when what was to follow has not followed in the time that
// this may take.
func (w *world) patient() (context.Context, context.CancelFunc) {
	return context.WithTimeout(w.t.Context(), cmp.Or(w.patience, patience))
}

// rest waits until the bot has taken in everything and done what follows.
func (w *world) rest() {
	w.t.Helper()
	ctx, cancel := w.patient()
	defer cancel()
	err := w.chats.Until(ctx, func() bool { return w.chats.Pending() == 0 })
	if err == nil {
		err = w.program.Engine.Settle(ctx)
	}
	if err != nil {
		w.t.Fatalf("the bot does not come to rest: %v\n%s", err, w.logs.String())
	}
}

// pass lets time go by; what is due is done.
func (w *world) pass(by time.Duration) {
	w.t.Helper()
	w.clock.move(by)
	if _, err := w.program.Engine.Sweep(w.t.Context()); err != nil {
		w.t.Fatalf("sweep: %v", err)
	}
	w.settle()
}

// say has a person write to the bot in private.
func (w *world) say(person int64, text string) {
	w.t.Helper()
	if _, err := w.chats.Say(person, person, text); err != nil {
		w.t.Fatalf("say %q: %v", text, err)
	}
	w.settle()
}

// tap has a person tap the newest button with a label.
func (w *world) tap(person int64, label string) {
	w.t.Helper()
	if err := w.tapNewest(person, label); err != nil {
		w.t.Fatal(err)
	}
	w.settle()
}

func (w *world) tapNewest(person int64, label string) error {
	return w.tapNewestIn(person, person, label)
}

// tapNewestIn has a person tap the newest button with a label in a chat.
func (w *world) tapNewestIn(person, chat int64, label string) error {
	for _, m := range slices.Backward(w.chats.Messages(chat)) {
		if _, ok := m.Button(label); ok && !m.Deleted {
			_, err := w.chats.Tap(person, chat, m.ID, label)
			return err
		}
	}
	return fmt.Errorf("no message has a button %q", label)
}

// said reports whether the bot has sent, or edited into a message, a text that
// contains all of parts.
func (w *world) said(person int64, parts ...string) bool {
	return slices.ContainsFunc(w.chats.Messages(person), func(m emulator.Message) bool {
		return m.Bot && !slices.ContainsFunc(parts, func(part string) bool { return !strings.Contains(m.Text, part) })
	})
}

// login connects the vendor's account of the world to a person, in their
// language.
func (w *world) login(person int64) {
	w.t.Helper()
	w.say(person, "/login")
	w.tap(person, map[int64]string{anna: "Login and password", boris: "Логин и пароль"}[person])
	w.say(person, vendorLogin)
	w.say(person, vendorPassword)
}

// lastCall is the number of the vendor's last call; only so many are remembered.
func (w *world) lastCall() int {
	calls := w.vendor.Calls()
	if len(calls) == 0 {
		return 0
	}
	return calls[len(calls)-1].Number
}
