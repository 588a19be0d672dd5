package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"zomrobot/locales"
	"zomrobot/purchase"
	"zomrobot/storage"
	"zomrobot/telegram/emulator"
	"zomrobot/zomro/sandbox"
)

const (
	crashCells   = 6                // that run at the same time
	crashPatient = 60 * time.Second // for one run of a cell
	crashLinger  = 2 * time.Second  // for what follows the last message
	crashUnhurt  = 10               // how much faster than the world's the bot's clock runs until it is killed
	crashHurt    = 60               // and afterwards, when looking for evidence takes minutes
	crashTries   = 4                // to reach a point that depends on what comes first
	crashAnswers = 6                // of a person, at most
	firstUpdate  = 100_000          // ids of updates in a cell: none that the prepared store has seen
)

// TestCrashMatrix kills the bot at every point of an order, from /confirm to
// the active server, one point in each cell, starts it again and looks at how
// the order ends. The points are those that a run without a crash passes: each
// side of each write, before each call of the vendor, and when it was carried
// out with its answer lost. Where the confirm is in doubt it is killed once more
// while it looks for the outcome. Where a person is asked, they look at what the
// vendor has and answer the truth.
func TestCrashMatrix(t *testing.T) {
	if testing.Short() {
		t.Skip("kills the bot more than two hundred times")
	}
	texts, err := loadPhrases(locales.English)
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	matrix := &crashMatrix{folder: storeDir(t), clock: time.Now(), texts: texts}
	if matrix.key, err = storage.GenerateKey("crash"); err != nil {
		t.Fatal(err)
	}
	if err := matrix.prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	plain := matrix.cell(t.Context())
	if plain.err != nil || len(plain.broken) > 0 {
		t.Fatalf("the order without a crash: %v %v\n%s", plain.err, plain.broken, plain.evidence)
	}
	points := plain.passed[0]
	for _, must := range []string{addUnsent, promoLost, confirmUnsent, confirmLost, "write answered confirm → paid | before the commit"} {
		if !slices.Contains(points, must) {
			t.Errorf("the order does not pass the point %q: %q", must, points)
		}
	}
	var once, twice []crashCell
	for _, point := range points {
		once = append(once, crashCell{at: []string{point}})
	}
	matrix.run(t.Context(), once)
	for _, c := range once {
		for _, point := range c.passed[len(c.passed)-1] {
			if again(c.at[0], point) {
				twice = append(twice, crashCell{at: []string{c.at[0], point}})
			}
		}
	}
	if len(twice) == 0 {
		t.Error("the bot passes no point after it was killed")
	}
	matrix.run(t.Context(), twice)
	ends, missed := map[string]int{}, 0
	for _, c := range slices.Concat(once, twice) {
		name := strings.Join(c.at, ", THEN ")
		t.Logf("cell  %s  → %s", name, c.how)
		ends[c.how]++
		if errors.Is(c.err, errNotReached) {
			missed++
			continue
		}
		if c.err != nil || len(c.broken) > 0 {
			t.Errorf("cell  %s: %v\n%s\n%s", name, c.err, strings.Join(c.broken, "\n"), c.evidence)
		}
	}
	if missed > len(points)/20 {
		t.Errorf("%d points were not passed again", missed)
	}
	for _, how := range slices.Sorted(maps.Keys(ends)) {
		t.Logf("%4d cells ended: %s", ends[how], how)
	}
	t.Logf("%4d cells, %d of them killed twice, in %s", len(once)+len(twice), len(twice), time.Since(began).Round(time.Second))
}

// Points that every order has.
const (
	addUnsent     = "call v2.instances.order.param | before sending"
	promoLost     = "call cart apply_promocode | carried out, the answer lost"
	confirmUnsent = "call cartorder.create.confirm | before sending"
	confirmLost   = "call cartorder.create.confirm | carried out, the answer lost"
)

// again reports whether the bot, killed at a point of the order, is killed once
// more at a point that it passes after that: at all calls and moves while it
// looks for the outcome of a confirm that was carried out, and around the second
// confirm where the first was not.
func again(first, point string) bool {
	switch first {
	case confirmLost:
		return strings.HasPrefix(point, "call ") || strings.Contains(point, " → ")
	case confirmUnsent:
		return strings.Contains(point, "confirm") || strings.Contains(point, "decided")
	default:
		return false
	}
}

// crashMatrix is what all cells have in common.
type crashMatrix struct {
	folder, key string
	clock       time.Time // of the bot, when a world begins
	texts       phrases
}

// crashCell is a cell of the matrix, and how it ended.
type crashCell struct {
	at       []string // the points at which the bot is killed, one in each run
	how      string
	err      error      // it did not come to an end, or the bot was not killed
	broken   []string   // what does not hold
	passed   [][]string // the points of each run
	evidence string     // the chat and the log
}

// run runs cells, a few at a time.
func (m *crashMatrix) run(ctx context.Context, cells []crashCell) {
	var running sync.WaitGroup
	free := make(chan struct{}, crashCells)
	for i := range cells {
		free <- struct{}{}
		running.Go(func() {
			defer func() { <-free }()
			for range crashTries {
				cells[i] = m.cell(ctx, cells[i].at...)
				if !errors.Is(cells[i].err, errNotReached) {
					return
				}
			}
			cells[i].how = "not killed: the point was not passed again"
		})
	}
	running.Wait()
}

// errNotReached: the bot did not pass the point this time. What goes out to the
// chat goes beside the calls, so that it is not always in the same order.
var errNotReached = errors.New("the bot did not pass the point at which it was to be killed")

// crashWorld is the vendor, Telegram and the bot's store of one cell, and its
// process.
type crashWorld struct {
	matrix  *crashMatrix
	vendor  *sandbox.Sandbox
	chats   *emulator.Server
	servers []*httptest.Server
	folder  string
	log     string // of the points of the run
	errors  safeBuffer
	command *exec.Cmd
	gone    chan struct{} // closed when the process has ended

	launched time.Time     // this run
	clock    time.Time     // of the bot, then
	speed    time.Duration // of its clock

	answered map[string]bool // data of the buttons that the person tapped
	answers  []string
}

func (m *crashMatrix) world() (*crashWorld, error) {
	folder, err := os.MkdirTemp(m.folder, "cell-")
	if err != nil {
		return nil, err
	}
	w := &crashWorld{
		matrix: m, clock: m.clock, folder: folder, answered: map[string]bool{},
		vendor: sandbox.New(sandbox.Config{}),
		chats:  emulator.New(emulator.Config{Token: worldToken}),
	}
	w.vendor.AddAccount(vendorLogin, vendorPassword, eur(100))
	w.servers = []*httptest.Server{httptest.NewServer(w.vendor), httptest.NewServer(w.chats)}
	return w, nil
}

func (w *crashWorld) close() {
	if w.command != nil {
		_ = w.kill()
	}
	w.vendor.Close()
	w.chats.Close()
	for _, s := range w.servers {
		s.Close()
	}
	_ = os.RemoveAll(w.folder)
}

func (w *crashWorld) store() string { return filepath.Join(w.folder, "bot.db") }

// launch starts the bot, to be killed at a point; "": at none.
func (w *crashWorld) launch(run int, at string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	w.launched, w.speed = time.Now(), crashHurt
	if run == 0 {
		w.speed = crashUnhurt
	}
	w.log = filepath.Join(w.folder, "points."+strconv.Itoa(run))
	w.command = exec.Command(self) //nolint:noctx // ended by kill, or by itself
	w.command.Env = []string{
		"HOME=" + w.folder, "PATH=" + os.Getenv("PATH"), "GORACE=halt_on_error=1",
		"TELEGRAM_TOKEN=" + worldToken, "TELEGRAM_API_URL=" + w.servers[1].URL, "ZOMRO_API_URL=" + w.servers[0].URL,
		"STORAGE_URL=bolt:" + w.store(), "STORAGE_KEYS=" + w.matrix.key, "HTTP_ADDR=127.0.0.1:0", "LOG_LEVEL=info",
		crashLog + "=" + w.log, crashAt + "=" + at,
		crashBegan + "=" + w.launched.Format(time.RFC3339Nano), crashClock + "=" + w.clock.Format(time.RFC3339Nano),
		crashSpeed + "=" + strconv.Itoa(int(w.speed)),
	}
	w.command.Stderr = &w.errors
	if err := w.command.Start(); err != nil {
		return err
	}
	w.gone = make(chan struct{})
	go func(command *exec.Cmd, gone chan struct{}) {
		_ = command.Wait()
		close(gone)
	}(w.command, w.gone)
	return nil
}

// kill ends the bot, and returns an error unless it was killed.
func (w *crashWorld) kill() error {
	_ = w.command.Process.Kill()
	w.ran()
	state := w.command.ProcessState
	w.command = nil
	if status, ok := state.Sys().(syscall.WaitStatus); !ok || status.Signal() != syscall.SIGKILL {
		return fmt.Errorf("the bot was not killed, it ended by itself: %s", state)
	}
	return nil
}

// ran waits for the end of a run; the next one's clock goes on from there.
func (w *crashWorld) ran() {
	<-w.gone
	w.clock = w.clock.Add(w.speed * time.Since(w.launched))
}

// passed returns the points of the last run.
func (w *crashWorld) passed() ([]string, error) {
	text, err := os.ReadFile(w.log)
	return strings.Split(strings.TrimSpace(string(text)), "\n"), err
}

// until waits until ok, and reports false when the bot has ended before.
func (w *crashWorld) until(ctx context.Context, ok func() bool) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, crashPatient)
	defer cancel()
	ended, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	errGone := errors.New("the bot has ended")
	go func(gone chan struct{}) {
		select {
		case <-gone:
			stop(errGone)
		case <-ended.Done():
		}
	}(w.gone)
	err := w.chats.Until(ended, ok)
	if err != nil && errors.Is(context.Cause(ended), errGone) {
		return false, nil
	}
	return err == nil, err
}

// linger waits for what the bot does after the last message, or for its end.
func (w *crashWorld) linger() {
	select {
	case <-w.gone:
	case <-time.After(crashLinger):
	}
}

// prepare makes the store that all cells begin with: logged in, everything
// chosen, the review on the screen.
func (m *crashMatrix) prepare(ctx context.Context) error {
	w, err := m.world()
	if err != nil {
		return err
	}
	defer w.close()
	if err := w.launch(0, ""); err != nil {
		return err
	}
	shows := func(text string) func() bool {
		return func() bool {
			return slices.ContainsFunc(w.chats.Messages(anna), func(m emulator.Message) bool {
				return m.Bot && strings.Contains(fmt.Sprint(m.Text, m.Labels()), text)
			})
		}
	}
	for _, step := range []struct{ say, tap, then string }{
		{say: "/login", then: "Login and password"},
		{tap: "Login and password", then: "login"},
		{say: vendorLogin, then: "assword"},
		{say: vendorPassword, then: "Logged in"},
		{say: "/order datacenter=17 pricelist=9102 order_period=1 instances_os=Ubuntu 22.04 servername=web-1 addon_91021=301 order_count=1 backups_schedule=off promocode=WELCOME10 password=" + rootPassword, then: "✅ Order for"},
	} {
		if step.tap != "" {
			for _, message := range slices.Backward(w.chats.Messages(anna)) {
				if _, ok := message.Button(step.tap); ok {
					_, err = w.chats.Tap(anna, anna, message.ID, step.tap)
					break
				}
			}
		} else {
			_, err = w.chats.Say(anna, anna, step.say)
		}
		if err != nil {
			return err
		}
		if ok, err := w.until(ctx, shows(step.then)); !ok {
			return fmt.Errorf("prepare: wait for %q: %w\n%s\n%s", step.then, cmp.Or(err, errNotReached), w.chats.Transcript(anna), w.errors.String())
		}
	}
	if err := w.command.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	w.ran()
	w.command = nil
	m.clock = w.clock // the cells go on from there
	return os.Rename(w.store(), filepath.Join(m.folder, "bot.db"))
}

// cell runs one cell: the order is confirmed, the bot is killed at each of the
// points in turn, one in each run, and then left alone until the order has
// ended.
func (m *crashMatrix) cell(ctx context.Context, at ...string) (c crashCell) {
	c.at, c.how = at, "no end"
	w, err := m.world()
	if err != nil {
		c.err = err
		return c
	}
	defer w.close()
	defer func() {
		if c.err != nil || len(c.broken) > 0 {
			c.evidence = w.chats.Transcript(anna) + "\n" + w.errors.String()
		}
	}()
	begin := func() error {
		store, err := os.ReadFile(filepath.Join(m.folder, "bot.db"))
		if err != nil {
			return err
		}
		if err := os.WriteFile(w.store(), store, 0o600); err != nil {
			return err
		}
		w.chats.SkipUpdates(firstUpdate)
		_, err = w.chats.Say(anna, anna, "/confirm")
		return err
	}
	if err := begin(); err != nil {
		c.err = err
		return c
	}
	for run, point := range append(slices.Clone(at), "") {
		if err := w.launch(run, point); err != nil {
			c.err = err
			return c
		}
		ended, err := w.drive(ctx)
		if err == nil && ended && (point != "" || len(at) == 0) {
			w.linger()
		}
		if err == nil && !ended && point == "" {
			err = errors.New("the bot has ended by itself")
		}
		if killed := w.kill(); err == nil {
			err = killed
		}
		passed, unread := w.passed()
		c.passed = append(c.passed, passed)
		if err == nil && point != "" && passed[len(passed)-1] != point {
			err = fmt.Errorf("%w; the last was %q", errNotReached, passed[len(passed)-1])
		}
		if err = cmp.Or(err, unread); err != nil {
			c.err = err
			return c
		}
	}
	e, err := w.ending(ctx)
	if err != nil {
		c.err = err
		return c
	}
	c.broken = e.holds(m.texts)
	if strings.Contains(w.errors.String(), "DATA RACE") {
		c.broken = append(c.broken, "a data race")
	}
	for _, v := range slices.Concat(w.chats.Violations(), w.vendor.Violations()) {
		c.broken = append(c.broken, "used wrongly: "+v)
	}
	c.how = fmt.Sprintf("%v, %d orders, %d left in the cart", slices.Sorted(maps.Values(e.states)), len(e.orders), len(e.cart))
	if len(w.answers) > 0 {
		c.how += "; the person answered " + strings.Join(w.answers, ", ")
	}
	if len(c.broken) > 0 {
		c.how = "BROKEN: " + c.how
	}
	return c
}

// drive answers what the person is asked until the purchase has ended; false:
// the bot has ended before.
func (w *crashWorld) drive(ctx context.Context) (bool, error) {
	for {
		var ended bool
		var q *openQuestion
		alive, err := w.until(ctx, func() bool {
			messages := w.chats.Messages(anna)
			ended, q = w.ended(messages), w.question(messages)
			return ended || q != nil
		})
		if !alive || ended {
			return ended, err
		}
		if len(w.answers) == crashAnswers {
			return false, fmt.Errorf("the person was asked more than %d times", crashAnswers)
		}
		label := q.answer(w.matrix.texts, len(w.vendor.Orders(vendorLogin)) > 0, slices.Contains(w.answers, w.matrix.texts.again))
		w.answered[q.revision] = true
		w.answers = append(w.answers, label)
		if _, err := w.chats.Tap(anna, anna, q.message, label); err != nil {
			return false, err
		}
	}
}

// ended reports whether the person was told that the purchase has ended, and
// the bot of this run is there.
func (w *crashWorld) ended(messages []emulator.Message) bool {
	here := slices.ContainsFunc(w.chats.Calls(), func(c emulator.Call) bool {
		return c.Method == "getUpdates" && c.At.After(w.launched)
	})
	return here && slices.ContainsFunc(messages, func(m emulator.Message) bool {
		return m.Bot && w.matrix.texts.isNews(m.Text) && containsAny(m.Text, w.matrix.texts.ends())
	})
}

// openQuestion is a question of a purchase that has not been answered.
type openQuestion struct {
	message  int
	revision string // of the purchase, as its buttons name it
	labels   []string
}

// question returns what the newest revision of the purchase asks.
func (w *crashWorld) question(messages []emulator.Message) *openQuestion {
	var newest *openQuestion
	latest := -1
	for _, m := range messages {
		var q openQuestion
		revision := -1
		for _, b := range slices.Concat(m.Keyboard...) {
			parts := strings.Split(b.Data, ":")
			if len(parts) != 4 || parts[0] != "p1" || parts[3] == "status" || parts[3] == "cancel" {
				continue
			}
			n, err := strconv.Atoi(parts[2])
			if err != nil {
				continue
			}
			revision = n
			q.message, q.revision, q.labels = m.ID, parts[2], append(q.labels, b.Label)
		}
		if revision >= latest && revision >= 0 && !m.Deleted {
			latest, newest = revision, &q
		}
	}
	if newest == nil || w.answered[newest.revision] {
		return nil
	}
	return newest
}

// answer is what a person says who has looked into the vendor's panel. Once
// they tried again in vain they give up.
func (q *openQuestion) answer(p phrases, bought, tried bool) string {
	has := func(label string) bool { return slices.Contains(q.labels, label) }
	switch {
	case has(p.bought) && bought:
		return p.bought
	case has(p.notBought):
		return p.notBought
	case has(p.noPromo):
		return p.noPromo
	case has(p.again) && !tried:
		return p.again
	default:
		return p.giveUp
	}
}

// ending gathers how it ended. The bot does not run any more.
func (w *crashWorld) ending(ctx context.Context) (ending, error) {
	e := ending{
		orders: w.vendor.Orders(vendorLogin), cart: w.vendor.Cart(vendorLogin),
		messages: w.chats.Messages(anna), states: map[string]purchase.State{},
	}
	for _, call := range w.chats.Calls() {
		if text := call.Params["text"]; text != "" {
			e.said = append(e.said, said{call.At, text})
		}
	}
	keys, err := storage.ParseKeys(w.matrix.key)
	if err != nil {
		return e, err
	}
	store, err := storage.Open(ctx, "bolt:"+w.store(), keys)
	if err != nil {
		return e, err
	}
	open := store.Scan(ctx, "purchase-open/", "", func(key string, _ []byte) (bool, error) {
		e.open = append(e.open, strings.TrimPrefix(key, "purchase-open/"))
		return true, nil
	})
	all := store.Scan(ctx, "purchase/", "", func(key string, value []byte) (bool, error) {
		var kept struct{ Record purchase.Record }
		err := json.Unmarshal(value, &kept)
		e.states[strings.TrimPrefix(key, "purchase/")] = kept.Record.State
		return true, err
	})
	var books error
	e.faults, e.lines, books = faultsOf(ctx, store)
	return e, errors.Join(open, all, books, store.Close())
}
