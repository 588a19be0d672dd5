package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
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

	"zomrobot/purchase"
	"zomrobot/storage"
	"zomrobot/telegram/emulator"
	"zomrobot/zomro/profile"
	"zomrobot/zomro/sandbox"
)

const (
	crashCells   = 6               // that run at the same time
	crashPatient = 5 * time.Minute // for one run of a cell
	crashLinger  = 2 * time.Second // for what follows the last message
	crashUnhurt  = 10              // how much faster than the world's the bot's clock runs until it is killed
	crashHurt    = 60              // and afterwards, when looking for evidence takes minutes
	crashIdle    = 1800            // where an hour goes by in which nothing is done
	crashTries   = 4               // to reach a point that depends on what comes first
	crashAnswers = 6               // of a person, at most
	crashSparse  = 32              // of so many points one, but with make crash
	firstMessage = 1000            // ids of messages in a cell: above those of the prepared store
	firstUpdate  = 100_000         // ids of updates in a cell: none that the prepared store has seen
)

// TestCrashMatrix kills the bot at every point of an order, from /confirm to
// the active server, one point in each cell, starts it again and looks at how
// the order ends. The points are those that a run without a crash passes: each
// side of each write, between the commit of a move and the answer to those who share
// it, before each call of the vendor, and when it was carried out with its answer lost. Where the confirm is in doubt it is killed once more
// while it looks for the outcome. Where a person is asked, they look at what the
// vendor has and answer the truth.
//
// The same is done with an order of a team, which is approved twice because the
// price changes, with two orders at the same second by two logins of one account of the
// vendor, and around the confirm with a vendor that answers wrongly.
//
// It is killed at one point of crashSparse and at those that an order must pass, with make
// crash at all. In the sample of what is on a cluster it is one order alone.
func TestCrashMatrix(t *testing.T) {
	if testing.Short() {
		t.Skip("kills the bot more than two hundred times")
	}
	texts, err := loadPhrases("en")
	if err != nil {
		t.Fatal(err)
	}
	t.Parallel()
	began := time.Now()
	matrix := newCrashMatrix(t, texts)
	alone := &crashScene{name: "alone", clock: time.Now(), worth: worthWhile}
	if err := matrix.prepare(t.Context(), alone); err != nil {
		t.Fatal(err)
	}
	scenes := []*crashScene{alone}
	thin := thinned(t)
	if !matrix.few {
		scenes = append(append(scenes, matrix.prepareTeam(t)), matrix.prepareTwo(t)...)
	}
	if !matrix.few && !thin {
		for name, wrong := range wrongVendors {
			scene := *alone
			scene.name, scene.wrong, scene.worth = name, wrong, ofConfirm
			if name == taxLater {
				scene.worth, scene.ends = ofMoney, []string{matrix.texts.more}
			}
			scenes = append(scenes, &scene)
		}
	}
	plain := make([]crashCell, len(scenes))
	for i, scene := range scenes {
		plain[i].scene = scene
	}
	matrix.run(t.Context(), plain)
	var once, twice []crashCell
	for _, c := range plain {
		if c.err != nil || len(c.broken) > 0 {
			t.Fatalf("%s, the order without a crash: %v %v\n%s", c.scene.name, c.err, c.broken, c.evidence)
		}
		t.Logf("cell  %s  → %s", c.scene.name, c.how)
		for _, must := range c.scene.must() {
			if !slices.Contains(c.passed[0], must) {
				t.Errorf("%s: the order does not pass the point %q: %q", c.scene.name, must, c.passed[0])
			}
		}
		for i, point := range c.scene.worth(c.passed[0]) {
			if matrix.takes(i) || slices.Contains(matrix.must(c.scene), point) {
				once = append(once, crashCell{scene: c.scene, at: []string{point}})
			}
		}
	}
	if matrix.site.cluster != "" {
		once = append(once, overtakings(alone, plain[0].passed[0], matrix.few)...)
	}
	if thin { // races are looked for in a bot that lives
		return
	}
	matrix.run(t.Context(), once)
	for _, c := range once {
		if c.scene != alone || c.overtaken {
			continue
		}
		then := slices.DeleteFunc(slices.Clone(c.passed[len(c.passed)-1]), func(point string) bool { return !again(c.at[0], point) })
		for i, point := range then {
			if matrix.takes(i) {
				twice = append(twice, crashCell{scene: alone, at: []string{c.at[0], point}})
			}
		}
	}
	if len(twice) == 0 && !matrix.few {
		t.Error("the bot passes no point after it was killed")
	}
	matrix.run(t.Context(), twice)
	ends, missed := map[string]int{}, 0
	for _, c := range slices.Concat(once, twice) {
		name := c.scene.name + ": " + strings.Join(c.at, ", THEN ")
		if c.overtaken {
			name += ", OVERTAKEN"
		}
		t.Logf("cell  %s  → %s", name, c.how)
		ends[c.scene.name+": "+c.how]++
		if errors.Is(c.err, errNotReached) {
			missed++
			continue
		}
		if c.err != nil || len(c.broken) > 0 {
			t.Errorf("cell  %s: %v\n%s\n%s", name, c.err, strings.Join(c.broken, "\n"), c.evidence)
		}
	}
	if missed > len(once)/20 {
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
	addLost       = "call v2.instances.order.param | carried out, the answer lost"
	promoLost     = "call cart apply_promocode | carried out, the answer lost"
	confirmUnsent = "call cartorder.create.confirm | before sending"
	confirmLost   = "call cartorder.create.confirm | carried out, the answer lost"
)

// worthWhile leaves out points that leave everything as another point does: those
// before a reading call is announced, sent or kept are the one before; most saves of
// the mark beside the store, but for those around the confirm, are like each other,
// and so are most drawings of the card.
func worthWhile(points []string) []string {
	reads := []string{"services", "balance", "cart", "charges", "orders"}
	writes := []string{"v2.instances.order.param", "apply_promocode", "delete", "cartorder.create.confirm"}
	var worth []string
	for i, point := range points {
		what, _, _ := strings.Cut(point, " | ")
		words := strings.Fields(what)
		again := strings.Contains(point, " #")
		alike := false
		switch {
		case words[0] == "call":
			alike = strings.Contains(point, " | before") && !slices.Contains(writes, words[len(words)-1])
		case words[1] == "mark":
			alike = i < 2 || !slices.ContainsFunc(points[i-2:i], func(p string) bool { return strings.Contains(p, " confirm → ") })
		case words[1] == "called" || words[1] == "answered":
			alike = strings.Contains(point, " | before") && slices.Contains(reads, words[2]) && words[len(words)-1] != "paid"
		case strings.Contains(what, "purchase-card"), strings.Contains(what, "card of the purchase"):
			alike = again
		}
		if !alike {
			worth = append(worth, point)
		}
	}
	return worth
}

// ofConfirm are the points from where the confirm is announced until it is known
// to be paid, without those that leave the store as the one before does, and the
// second look and the third.
func ofConfirm(points []string) []string {
	from := slices.IndexFunc(points, func(p string) bool { return strings.HasPrefix(p, "write called confirm ") })
	to := slices.IndexFunc(points, func(p string) bool { return strings.Contains(p, " → paid | after") })
	if from < 0 || to < from {
		return nil
	}
	var worth []string
	for _, point := range points[from : to+1] {
		if point == confirmUnsent || point == confirmLost || strings.Contains(point, " → ") && strings.HasSuffix(point, "after the commit") {
			worth = append(worth, point)
		}
	}
	return worth
}

// ofMoney are the points from the first look at the money of what was paid on.
func ofMoney(points []string) []string {
	from := slices.IndexFunc(points, func(p string) bool { return strings.Contains(p, " → paid | after") })
	var worth []string
	for i, point := range points {
		if i > from && (strings.HasPrefix(point, "call dashboard.info") || strings.HasPrefix(point, "call expense") ||
			strings.Contains(point, " balance ") || strings.Contains(point, " charges ")) {
			worth = append(worth, point)
		}
	}
	return worth
}

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
	site        site
	folder, key string
	keys        storage.Keyring
	texts       phrases
	few         bool // one order alone, and only at the points of sampled
}

func newCrashMatrix(t *testing.T, texts phrases) *crashMatrix {
	t.Helper()
	m := &crashMatrix{site: siteOf(t), folder: storeDir(t), texts: texts, few: inSample(t)}
	var err error
	if m.key, err = storage.GenerateKey("crash"); err == nil {
		m.keys, err = storage.ParseKeys(m.key)
	}
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// takes reports whether the bot is killed at a point that it need not be killed at, by its
// number.
func (m *crashMatrix) takes(i int) bool {
	return !m.few && (i%crashSparse == 0 || whole())
}

// sampled are the points around a payment at which the sample on a cluster has its bot killed, and
// stopped until another one has taken over.
var sampled = []string{
	"write called confirm → paying | before the commit", confirmUnsent, confirmLost,
	"write answered confirm → settling | before the commit",
}

// must are the points of a scene at which the bot is killed always.
func (m *crashMatrix) must(s *crashScene) []string {
	if m.few {
		return sampled
	}
	return s.must()
}

// crashScene is what a cell begins with.
type crashScene struct {
	name  string
	clock time.Time // of the bot
	team  bool
	two   profile.Answer                 // what a confirm pays where Carol orders, too, by another login of the account; "": she does not
	asked string                         // what confirms the order; "": /confirm
	tries profile.Source                 // the experiment of a trial that is carried out; "": none
	wrong func(*sandbox.Sandbox)         // has the vendor do something other than what it answers
	worth func(points []string) []string // those to kill the bot at
	ends  []string                       // one of which the person is told at the end; nil: how the purchase has ended
}

// must are points that the order passes.
func (s *crashScene) must() []string {
	must := []string{addUnsent, confirmUnsent, confirmLost}
	switch {
	case s.team:
		must = append(must, "write approved → awaiting | before the commit", "write approved → drafted | after the commit", "write approved → pricing | after the commit")
	case s.two != "":
		must = append(must, rowStays, rowGone, confirmUnsent+" #2", confirmLost+" #2")
	case s.wrong == nil:
		must = append(must, promoLost, "write answered confirm → settling | before the commit", "write answered confirm → settling | committed, nobody is told", "write answered orders → paid | before the commit")
	}
	return must
}

// store is the file that the scene's cells begin with.
func (m *crashMatrix) store(s *crashScene) string {
	switch {
	case s.team:
		return filepath.Join(m.folder, "team.db")
	case s.two != "":
		return filepath.Join(m.folder, "two.db")
	}
	return filepath.Join(m.folder, "bot.db")
}

// crashLate is how late a vendor does what it was asked to, in the time of the
// world, and crashStale how long it shows an old cart.
const (
	crashLate  = time.Second
	crashStale = 5 * time.Second
)

const taxLater = "a tax that is taken later"

// wrongVendors are those who do something other than what they answer.
var wrongVendors = map[string]func(*sandbox.Sandbox){
	"an error, and it is done": func(v *sandbox.Sandbox) {
		fault := documented("value", "elid", "Invalid value")
		fault.Func, fault.Effect, fault.Expire = "cartorder.create.confirm", true, true
		v.Inject(fault)
	},
	"it is done late, and the cart is stale": func(v *sandbox.Sandbox) {
		v.FreezeCartAtConfirm(vendorLogin, crashStale)
		v.Inject(sandbox.Fault{Kind: sandbox.Later, Func: "cartorder.create.confirm", Shape: sandbox.PaymentShape, Delay: crashLate})
	},
	taxLater: func(v *sandbox.Sandbox) {
		v.Behave(sandbox.Behaviour{Facts: sandbox.Facts{profile.Taken: profile.More}, SurchargeAfter: 1})
	},
	"no error, and it is not done": func(v *sandbox.Sandbox) {
		v.Inject(sandbox.Fault{Kind: sandbox.Pretend, Func: "cartorder.create.confirm", Shape: sandbox.OKShape})
	},
}

// crashCell is a cell of the matrix, and how it ended.
type crashCell struct {
	scene     *crashScene
	at        []string // the points at which the bot is killed, one in each run
	overtaken bool     // it is not killed there but stopped, until another one has taken over
	how       string
	err       error      // it did not come to an end, or the bot was not killed
	broken    []string   // what does not hold
	passed    [][]string // the points of each run
	evidence  string     // the chat and the log
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
				cells[i] = m.cell(ctx, cells[i])
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
	matrix *crashMatrix
	scene  *crashScene
	at     []string // the points at which the bot must be killed

	overtaken bool // it is stopped there

	vendor  *sandbox.Sandbox
	chats   *emulator.Server
	servers []*httptest.Server
	folder  string
	url     string // of the store
	log     string // of the points of the run
	errors  safeBuffer
	command *exec.Cmd
	gone    chan struct{} // closed when the process has ended

	launched time.Time     // this run
	clock    time.Time     // of the bot, then
	speed    time.Duration // of its clock

	people []*crashPerson
	votes  []crashVote
	adds   *sandbox.Injection // which the vendor makes at the same time; nil: it makes each when it comes
}

// crashPerson is somebody who orders in a cell.
type crashPerson struct {
	id, chat int64
	server   string // that they order, where others order, too; "": all is theirs

	answered map[string]bool // numbers of the questions that the person has answered
	answers  []string
	again    int // how often the order was confirmed again, because the review was not seen
	late     int // how often what the person had said came late, and was said again
}

// owns reports whether a server of that name is of the person's order.
func (p *crashPerson) owns(name string) bool { return p.server == "" || p.server == name }

func (m *crashMatrix) world(scene *crashScene) (*crashWorld, error) {
	folder, err := os.MkdirTemp(m.folder, "cell-")
	if err != nil {
		return nil, err
	}
	w := &crashWorld{
		matrix: m, scene: scene, clock: scene.clock, folder: folder, people: scene.people(),
		vendor: sandbox.New(sandbox.Config{}),
		chats:  emulator.New(emulator.Config{Token: worldToken}),
	}
	w.url = m.site.url(w.store(), leaseOfKilled)
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
	program, err := os.Executable()
	if err != nil {
		return err
	}
	if w.adds != nil && run > 0 {
		w.adds.Remove()
	}
	w.launched, w.speed = time.Now(), crashHurt
	switch {
	case w.scene.tries == profile.BySession:
		w.speed = crashIdle
	case run == 0 && w.scene.wrong == nil && w.scene.tries == "":
		w.speed = crashUnhurt
	}
	w.log = filepath.Join(w.folder, "points."+strconv.Itoa(run))
	w.command = exec.Command(program) //nolint:noctx // ended by kill, or by itself
	w.command.Env = []string{
		"HOME=" + w.folder, "PATH=" + os.Getenv("PATH"), "GORACE=halt_on_error=1", "GOGC=400", // it does not live long
		"TELEGRAM_TOKEN=" + worldToken, "TELEGRAM_API_URL=" + w.servers[1].URL, "ZOMRO_API_URL=" + w.servers[0].URL, "ZOMRO_RENEW=true",
		"STORAGE_URL=" + w.url, "STORAGE_KEYS=" + w.matrix.key, "HTTP_ADDR=127.0.0.1:0", "LOG_LEVEL=info",
		crashLog + "=" + w.log, crashAt + "=" + at, crashStops + "=" + strconv.FormatBool(w.overtaken),
		crashClock + "=" + w.clock.Format(time.RFC3339Nano),
		crashSpeed + "=" + strconv.Itoa(int(w.speed)),
		crashTrial + "=" + string(w.scene.tries),
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
		return fmt.Errorf("%w: %s", w.endedByItself(), state)
	}
	return nil
}

// endedByItself is the error of a bot that was not killed. One that has lost its lease,
// because the machine is too busy to renew it in time, has done right: the cell is run again.
func (w *crashWorld) endedByItself() error {
	lost := strings.Count(w.errors.String(), "bot with points: "+errTakenOver.Error())
	if w.overtaken {
		lost-- // it had to
	}
	if lost > 0 {
		return fmt.Errorf("%w: it has lost its lease", errNotReached)
	}
	return errors.New("the bot was not killed, it has ended by itself")
}

// ran waits for the end of a run; the next one's clock goes on from there.
func (w *crashWorld) ran() {
	<-w.gone
	w.clock = w.clock.Add(w.speed * time.Since(w.launched))
}

// passed returns the points of the last run; none of one that was at its end, with all that
// it was to be asked, before it had begun.
func (w *crashWorld) passed() ([]string, error) {
	text, err := os.ReadFile(w.log)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
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
func (m *crashMatrix) prepare(ctx context.Context, scene *crashScene) error {
	w, err := m.world(scene)
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
	scene.clock = w.clock // the cells go on from there
	return copyStore(ctx, w.url, "bolt:"+m.store(scene), m.keys)
}

// cell runs one cell: the order is confirmed, the bot is killed at each of the
// points in turn, one in each run, and then left alone until the order has
// ended.
func (m *crashMatrix) cell(ctx context.Context, of crashCell) (c crashCell) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	scene := of.scene
	c.scene, c.at, c.overtaken, c.how = scene, of.at, of.overtaken, "no end"
	w, err := m.world(scene)
	if err != nil {
		c.err = err
		return c
	}
	w.at, w.overtaken = c.at, c.overtaken
	defer w.close()
	defer func() {
		if c.err != nil || len(c.broken) > 0 {
			for _, p := range w.people {
				c.evidence += w.chats.Transcript(p.chat) + "\n"
			}
			c.evidence += w.errors.String()
		}
	}()
	begin := func() error {
		store, err := os.ReadFile(m.store(scene))
		if err != nil {
			return err
		}
		if err := os.WriteFile(w.store(), store, 0o600); err != nil {
			return err
		}
		if onCluster(w.url) {
			if err := copyStore(ctx, "bolt:"+w.store(), w.url, m.keys); err != nil {
				return err
			}
		}
		if scene.team {
			if err := w.gather(); err != nil {
				return err
			}
		}
		if scene.two != "" {
			w.share(ctx)
		}
		if scene.wrong != nil {
			scene.wrong(w.vendor)
		}
		w.chats.SkipUpdates(firstUpdate)
		for _, p := range w.people {
			w.chats.SkipMessages(p.chat, firstMessage)
			if err := w.confirm(p); err != nil {
				return err
			}
		}
		return nil
	}
	if c.err = begin(); c.err != nil {
		return c
	}
	runs := w.runs
	if c.overtaken {
		runs = w.overtake
	}
	if c.passed, c.err = runs(ctx); c.err != nil {
		return c
	}
	c.how = ""
	for _, p := range w.people {
		e, err := w.ending(ctx, p)
		if err != nil {
			c.err = err
			return c
		}
		c.broken = append(c.broken, e.holds(m.texts)...)
		switch {
		case scene.team:
			c.broken = append(c.broken, w.teamHolds(e)...)
		case scene.two != "":
			c.broken = append(c.broken, e.asAgreed()...)
		case scene.ends != nil && (e.record.Taken == nil || !e.record.Taken.Amount.Equal(w.vendor.Taken(vendorLogin).Amount)):
			c.broken = append(c.broken, fmt.Sprintf("the record says that %v was taken", e.record.Taken))
		}
		if c.how != "" {
			c.how += "; "
		}
		c.how += fmt.Sprintf("%v, %d orders, %d left in the cart", slices.Sorted(maps.Values(e.states)), len(e.orders), len(e.cart))
		if len(p.answers) > 0 {
			c.how += "; the person answered " + strings.Join(p.answers, ", ")
		}
	}
	if strings.Contains(w.errors.String(), "DATA RACE") {
		c.broken = append(c.broken, "a data race")
	}
	for _, v := range slices.Concat(w.chats.Violations(), w.vendor.Violations()) {
		c.broken = append(c.broken, "used wrongly: "+v)
	}
	if len(c.broken) > 0 {
		c.how = "BROKEN: " + c.how
	}
	return c
}

// runs has the bot run, be killed at each of the points in turn, one in each run, and be left
// alone until the order has ended. It returns the points of each run.
func (w *crashWorld) runs(ctx context.Context) (all [][]string, err error) {
	for run, point := range append(slices.Clone(w.at), "") {
		if err := w.launch(run, point); err != nil {
			return all, err
		}
		ended, err := w.drive(ctx)
		if err == nil && ended && (point != "" || len(w.at) == 0) {
			w.linger()
		}
		if err == nil && !ended && point == "" {
			err = w.endedByItself()
		}
		if killed := w.kill(); err == nil {
			err = killed
		}
		passed, unread := w.passed()
		all = append(all, passed)
		if err == nil && point != "" && passed[len(passed)-1] != point {
			err = fmt.Errorf("%w; the last was %q", errNotReached, passed[len(passed)-1])
		}
		if err = cmp.Or(err, unread); err != nil {
			return all, err
		}
	}
	return all, nil
}

// people are those who order in a scene.
func (s *crashScene) people() []*crashPerson {
	one := func(id, chat int64, server string) *crashPerson {
		return &crashPerson{id: id, chat: chat, server: server, answered: map[string]bool{}}
	}
	switch {
	case s.team:
		return []*crashPerson{one(carol, teamChat, "")}
	case s.two != "":
		return []*crashPerson{one(anna, anna, "web-1"), one(carol, carol, "web-2")}
	}
	return []*crashPerson{one(anna, anna, "")}
}

// confirm has a person confirm what the review shows.
func (w *crashWorld) confirm(p *crashPerson) error {
	_, err := w.chats.SayIn(p.id, p.chat, 0, cmp.Or(w.scene.asked, "/confirm"))
	return err
}

// timesSaid is how many messages of the bot began as the text.
func timesSaid(messages []emulator.Message, text string) (n int) {
	for _, m := range messages {
		if m.Bot && strings.Contains(m.First, text) {
			n++
		}
	}
	return n
}

// sayAgain has a person say once more what came late.
func (w *crashWorld) sayAgain(p *crashPerson) error {
	p.late++
	if len(p.answers) == 0 {
		return w.confirm(p)
	}
	clear(p.answered) // it is asked as before
	p.answers = p.answers[:len(p.answers)-1]
	return nil
}

// crashTurn is what people have to do now; the zero value: nothing.
type crashTurn struct {
	of       *crashPerson
	unseen   bool // the review came after it had been confirmed, and has to be confirmed again
	late     bool // what was said last came late, as on a machine that is busy: nothing was done
	vote     *crashVote
	question *openQuestion
}

// turn returns what somebody has to do now whose purchase has not ended.
func (w *crashWorld) turn() crashTurn {
	for _, p := range w.people {
		messages := w.chats.Messages(p.chat)
		if w.toldEnd(messages) {
			continue
		}
		turn := crashTurn{
			of: p, unseen: timesSaid(messages, w.matrix.texts.unseen) > p.again, late: timesSaid(messages, w.matrix.texts.late) > p.late,
			vote: w.vote(messages), question: p.question(messages),
		}
		if turn != (crashTurn{of: p}) {
			return turn
		}
	}
	return crashTurn{}
}

// drive answers what people are asked, and has the team vote, until all purchases
// have ended; false: the bot has ended before.
func (w *crashWorld) drive(ctx context.Context) (bool, error) { return w.driveTo(ctx, w.ended) }

// driveTo is drive to another end.
func (w *crashWorld) driveTo(ctx context.Context, end func() bool) (bool, error) {
	for {
		var ended bool
		var turn crashTurn
		alive, err := w.until(ctx, func() bool {
			ended, turn = end(), w.turn()
			return ended || turn.of != nil
		})
		if !alive || ended {
			return ended, err
		}
		if err := w.take(turn); err != nil {
			return false, err
		}
	}
}

// take has a person do what they have to.
func (w *crashWorld) take(turn crashTurn) error {
	p, q := turn.of, turn.question
	switch {
	case turn.unseen:
		p.again++
		return w.confirm(p)
	case turn.late:
		return w.sayAgain(p)
	case turn.vote != nil:
		return w.cast(*turn.vote)
	case len(p.answers) == crashAnswers:
		return fmt.Errorf("the person was asked more than %d times", crashAnswers)
	}
	choice := q.answer(len(w.ordersOf(p)) > 0, slices.Contains(p.answers, string(purchase.ChooseAgain)))
	p.answered[q.number] = true
	p.answers = append(p.answers, string(choice))
	_, err := w.chats.TapData(p.id, p.chat, q.message, q.data[choice])
	return err
}

// ended reports whether all were told that their purchases have ended, and the bot of this run
// is there.
func (w *crashWorld) ended() bool {
	here := slices.ContainsFunc(w.chats.Calls(), func(c emulator.Call) bool {
		return c.Method == "getUpdates" && c.At.After(w.launched)
	})
	return here && !slices.ContainsFunc(w.people, func(p *crashPerson) bool { return !w.toldEnd(w.chats.Messages(p.chat)) })
}

// toldEnd reports whether messages tell that a purchase has ended.
func (w *crashWorld) toldEnd(messages []emulator.Message) bool {
	ends := w.scene.ends
	if ends == nil {
		ends = w.matrix.texts.ends()
	}
	return slices.ContainsFunc(messages, func(m emulator.Message) bool {
		return m.Bot && w.matrix.texts.isNews(m.Text) && containsAny(m.Text, ends)
	})
}

// openQuestion is a question of a purchase that has not been answered.
type openQuestion struct {
	message int
	number  string                     // as its buttons name it
	data    map[purchase.Choice]string // of the buttons
}

// buttonOf takes the data of a purchase's button apart.
func buttonOf(data string) (number string, choice purchase.Choice, ok bool) {
	parts := strings.Split(data, ":")
	if len(parts) < 4 || parts[0] != "p1" {
		return "", "", false
	}
	name, _, _ := strings.Cut(parts[3], ".")
	return parts[2], purchase.Choice(name), true
}

// question returns what the person's purchase asks last.
func (p *crashPerson) question(messages []emulator.Message) *openQuestion {
	var newest *openQuestion
	latest := -1
	for _, m := range messages {
		q := openQuestion{message: m.ID, data: map[purchase.Choice]string{}}
		asked := -1
		for _, b := range slices.Concat(m.Keyboard...) {
			number, choice, ok := buttonOf(b.Data)
			n, err := strconv.Atoi(number)
			if !ok || err != nil || slices.Contains([]purchase.Choice{"status", "cancel", "approve", "reject", "repeat", "share"}, choice) {
				continue
			}
			asked, q.number = n, number
			q.data[choice] = b.Data
		}
		if asked >= latest && asked >= 0 && !m.Deleted {
			latest, newest = asked, &q
		}
	}
	if newest == nil || p.answered[newest.number] {
		return nil
	}
	return newest
}

// answer is what a person says who has looked into the vendor's panel. Once
// they tried again in vain they give up.
func (q *openQuestion) answer(bought, tried bool) purchase.Choice {
	has := func(choice purchase.Choice) bool { return q.data[choice] != "" }
	switch {
	case has(purchase.ChooseBought) && bought:
		return purchase.ChooseBought
	case has(purchase.ChooseNotBought):
		return purchase.ChooseNotBought
	case has(purchase.ChooseWithoutPromo):
		return purchase.ChooseWithoutPromo
	case has(purchase.ChooseAccept):
		return purchase.ChooseAccept
	case has(purchase.ChooseAgain) && !tried:
		return purchase.ChooseAgain
	default:
		return purchase.ChooseGiveUp
	}
}

// ordersOf are the orders that a person's purchase was paid for.
func (w *crashWorld) ordersOf(p *crashPerson) []sandbox.Order {
	names := map[string]string{}
	for _, s := range w.vendor.Services(vendorLogin) {
		names[s.ID] = s.Name
	}
	return slices.DeleteFunc(w.vendor.Orders(vendorLogin), func(o sandbox.Order) bool {
		return !slices.ContainsFunc(o.Services, func(id string) bool { return p.owns(names[id]) })
	})
}

// ending gathers how it ended for a person. The bot is no longer running.
func (w *crashWorld) ending(ctx context.Context, p *crashPerson) (ending, error) {
	e := ending{
		orders: w.ordersOf(p), messages: w.chats.Messages(p.chat), states: map[string]purchase.State{},
		cart: slices.DeleteFunc(w.vendor.Cart(vendorLogin), func(i sandbox.Item) bool { return !p.owns(i.ServerName) }),
	}
	for _, call := range w.chats.Calls() {
		if text := call.Params["text"]; text != "" && (p.server == "" || call.Params["chat_id"] == strconv.FormatInt(p.chat, 10)) {
			e.said = append(e.said, said{call.At, text})
		}
	}
	store, err := openLeft(ctx, w.url, w.matrix.keys)
	if err != nil {
		return e, err
	}
	all := store.Scan(ctx, "purchase/", "", func(key string, value []byte) (bool, error) {
		var kept struct{ Record purchase.Record }
		err := json.Unmarshal(value, &kept)
		if !p.owns(kept.Record.Order.ServerName) {
			return true, err
		}
		e.states[strings.TrimPrefix(key, "purchase/")] = kept.Record.State
		e.record = kept.Record
		return true, err
	})
	open := store.Scan(ctx, "purchase-open/", "", func(key string, _ []byte) (bool, error) {
		id := strings.TrimPrefix(key, "purchase-open/")
		if _, theirs := e.states[id]; theirs || p.server == "" {
			e.open = append(e.open, id)
		}
		return true, nil
	})
	var books, unread error
	e.faults, e.lines, books = faultsOf(ctx, store)
	lists, counts := listFaults(ctx, store)
	if len(lists) > 0 {
		counts = fmt.Errorf("the lists of dialogues: %q", lists)
	}
	if w.scene.team {
		unread = e.readTeam(ctx, store)
	}
	return e, errors.Join(open, all, books, counts, unread, store.Close())
}
