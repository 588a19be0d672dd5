package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"zomrobot/storage/etcd/etcdtest"
	"zomrobot/telegram/emulator"
	"zomrobot/zomro/sandbox"
)

// fleet is several bots on one cluster, each a process and each with proxies of its own to the
// members, between the emulator and the sandbox.
type fleet struct {
	*process

	cluster *etcdtest.Cluster
	bots    []*fleetBot
	buyers  []buyer
}

// fleetBot is a bot of a fleet. One that ends is started again, as a service manager does.
type fleetBot struct {
	name    string
	env     []string
	http    string
	metrics string // where its metrics are
	proxies []*etcdtest.Proxy
	logs    lockedBuffer
	vendor  *httptest.Server

	mu      sync.Mutex
	wrote   []time.Time // when it has called the vendor to write
	command *exec.Cmd
	ended   bool // the test is over
	runs    int
	starts  chan int // how often it was started, at each start
	wait    sync.WaitGroup
}

type lockedBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// patience is how long something may take on a machine that is busy.
const patience = 5 * time.Minute

// leaseOf is the lease of the bots: short where its times are measured, and long enough to be
// kept on a machine that is busy with other tests.
func leaseOf() time.Duration {
	if *failovers > 0 {
		return 2 * time.Second
	}
	return 5 * time.Second
}

func newFleet(t *testing.T, size int) *fleet {
	f := &fleet{process: newProcess(t), cluster: etcdtest.Start(t, 3)}
	path := buildBinary(t)
	for i := range size {
		b := &fleetBot{name: fmt.Sprint("bot ", i), starts: make(chan int, 100), http: strings.TrimPrefix(closedAddress(t), "http://"), metrics: strings.TrimPrefix(closedAddress(t), "http://")}
		var hosts []string
		for _, m := range f.cluster.Members() {
			proxy := etcdtest.NewProxy(t, m.Address)
			b.proxies, hosts = append(b.proxies, proxy), append(hosts, proxy.Address)
		}
		store := fmt.Sprintf("etcd://%s/bot?lease=%s&mark=%s", strings.Join(hosts, ","), leaseOf(), filepath.Join(t.TempDir(), "mark"))
		b.vendor = httptest.NewServer(b.noting(f.vendor))
		t.Cleanup(b.vendor.Close)
		b.env = append(slices.Clone(f.env), "STORAGE_URL="+store, "HTTP_ADDR="+b.http, "METRICS_ADDR="+b.metrics, "ZOMRO_API_URL="+b.vendor.URL)
		f.bots = append(f.bots, b)
		b.wait.Go(func() { b.run(path) })
		t.Cleanup(func() {
			b.end()
			if t.Failed() {
				t.Logf("%s:\n%s", b.name, b.logs.String())
			}
		})
	}
	return f
}

// noting hands calls on to the vendor, and notes when one came that writes.
func (b *fleetBot) noting(vendor http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		at := time.Now()
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // the bot was killed
		}
		form := r.Clone(r.Context())
		form.Body = io.NopCloser(bytes.NewReader(body))
		if form.FormValue("sok") == "ok" {
			b.mu.Lock()
			b.wrote = append(b.wrote, at)
			b.mu.Unlock()
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		vendor.ServeHTTP(w, r)
	})
}

// written is when it has called the vendor to write.
func (b *fleetBot) written() []time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.wrote)
}

// run runs the bot until the test ends, again and again.
func (b *fleetBot) run(path string) {
	for {
		b.mu.Lock()
		if b.ended {
			b.mu.Unlock()
			return
		}
		command := exec.Command(path, "run") //nolint:noctx // ended by end
		command.Env, command.Stderr = b.env, &b.logs
		err := command.Start()
		if err == nil {
			b.command, b.runs = command, b.runs+1
		}
		runs := b.runs
		b.mu.Unlock()
		select {
		case b.starts <- runs:
		default:
		}
		if err != nil {
			return
		}
		_ = command.Wait()
	}
}

func (b *fleetBot) end() {
	b.mu.Lock()
	b.ended = true
	b.mu.Unlock()
	b.signal(syscall.SIGCONT)
	b.signal(syscall.SIGKILL)
	b.wait.Wait()
}

func (b *fleetBot) signal(s syscall.Signal) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.command != nil {
		_ = b.command.Process.Signal(s)
	}
}

// started is how often it was started.
func (b *fleetBot) started() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.runs
}

// set changes what its proxies let through.
func (b *fleetBot) set(m etcdtest.Mode) {
	for _, p := range b.proxies {
		p.Set(m)
	}
}

// page asks the bot for a page; "" while it does not answer.
func (b *fleetBot) page(ctx context.Context, path string) (status int, text string) {
	ctx, cancel := context.WithTimeout(ctx, time.Second) // it may be frozen
	defer cancel()
	return pageAt(ctx, b.http, path)
}

func pageAt(ctx context.Context, address, path string) (status int, text string) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+path, http.NoBody)
	if err != nil {
		return 0, ""
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, ""
	}
	defer response.Body.Close() //nolint:errcheck // it was read
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, ""
	}
	return response.StatusCode, strings.TrimSpace(string(body))
}

// active waits until one bot is active that is not one of others, and returns it.
func (f *fleet) active(others ...*fleetBot) *fleetBot {
	f.t.Helper()
	ctx, cancel := context.WithTimeout(f.t.Context(), patience)
	defer cancel()
	for ctx.Err() == nil {
		for _, b := range f.bots {
			if status, text := b.page(ctx, healthPath); !slices.Contains(others, b) && status == http.StatusOK && text == "ok" {
				return b
			}
		}
		select { // it is asked over HTTP, and nothing tells of it
		case <-ctx.Done():
		case <-time.After(20 * time.Millisecond):
		}
	}
	f.t.Fatal("no bot is active")
	return nil
}

// failovers is how often TestFailover does all that it can do; 0: a sample of it, once.
var failovers = flag.Int("failovers", 0, "how often each failover is tried; 0: a sample")

// harm is what is done to a bot that pays, or to the cluster.
type harm struct {
	name  string
	do    func(active *fleetBot) (since time.Time, mend func())
	over  bool // another bot takes over
	often bool // it is in the sample
}

func (f *fleet) harms() []harm {
	members := f.cluster.Members()
	nothing := func() {}
	kill := func(m *etcdtest.Member) (time.Time, func()) {
		since := time.Now()
		m.Kill()
		return since, func() { m.Begin(); m.Ready() }
	}
	// follower is a member that does not lead.
	follower := func() *etcdtest.Member {
		leader := f.cluster.Leader()
		return members[slices.IndexFunc(members, func(m *etcdtest.Member) bool { return m != leader })]
	}
	// back has the two come back that were killed.
	back := func() {
		for _, m := range members[:2] {
			m.Begin()
		}
		for _, m := range members[:2] {
			m.Ready()
		}
	}
	return []harm{
		{"killed", func(active *fleetBot) (time.Time, func()) {
			since := time.Now()
			active.signal(syscall.SIGKILL)
			return since, nothing
		}, true, true},
		{"stopped and woken", func(active *fleetBot) (time.Time, func()) {
			since := time.Now()
			active.signal(syscall.SIGSTOP)
			return since, func() { active.signal(syscall.SIGCONT) }
		}, true, true},
		{"cut off", func(active *fleetBot) (time.Time, func()) {
			since := time.Now()
			active.set(etcdtest.Cut)
			return since, func() { active.set(etcdtest.Open) }
		}, true, false},
		{"its machine is gone, with a member", func(active *fleetBot) (time.Time, func()) {
			m, since := follower(), time.Now()
			m.Freeze() // nothing refuses a connection to it
			active.signal(syscall.SIGKILL)
			return since, m.Thaw
		}, true, false},
		{"a member is killed", func(*fleetBot) (time.Time, func()) { return kill(follower()) }, false, false},
		{"the member that leads is killed", func(*fleetBot) (time.Time, func()) { return kill(f.cluster.Leader()) }, false, false},
		{"no majority", func(*fleetBot) (time.Time, func()) {
			since := time.Now()
			members[0].Kill()
			members[1].Kill()
			back()
			return since, nothing
		}, false, false},
		{"a majority after longer than the lease", func(active *fleetBot) (time.Time, func()) {
			runs := active.started()
			members[0].Kill()
			members[1].Kill()
			f.ended(active, runs)
			since := time.Now()
			back()
			return since, nothing
		}, false, false},
	}
}

// TestFailover: whatever becomes of the bot that is active, or of the cluster, while people
// tap and several purchases are under way, each is paid once at most and comes to its end,
// each tap has its effect, who writes is answered once, and only the bot that is active
// writes at the vendor.
func TestFailover(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 3)
	f.active()
	f.say(boris, "/help")
	f.await(boris, "/order")
	people, buyers := 4, 1
	if *failovers > 0 {
		people, buyers = 30, 3
	}
	crowd := f.newTappers(people)
	took := map[string][]time.Duration{}
	for range max(1, *failovers) {
		for _, h := range f.harms() {
			if *failovers == 0 && !h.often {
				continue
			}
			t.Run(h.name, func(t *testing.T) {
				defer func(whole *testing.T) { f.t = whole }(f.t)
				f.t = t
				took[h.name] = append(took[h.name], f.failOver(h, buyers))
			})
		}
	}
	if err := crowd.stop(); err != nil {
		t.Error(err)
	}
	t.Logf("%d people have tapped %d times", people, crowd.taps.Load())
	for _, h := range f.harms() {
		if all := took[h.name]; len(all) > 0 {
			slices.Sort(all)
			t.Logf("%s: the next turn after %s in the middle, %s at most, of %d, with a lease of 2s", h.name, all[len(all)/2].Round(time.Millisecond), all[len(all)-1].Round(time.Millisecond), len(all))
		}
	}
	f.wantWaiting()
	f.wantBought()
	f.wantWhole()
	f.wantOneWriter()
}

// buyer is somebody with an account of their own, who orders once.
type buyer struct {
	person int64
	login  string
}

// newBuyer brings an order of somebody to its review.
func (f *fleet) newBuyer() buyer {
	f.t.Helper()
	b := buyer{person: int64(20000 + len(f.buyers))}
	b.login = fmt.Sprintf("buyer%d@example.com", b.person)
	f.buyers = append(f.buyers, b)
	f.chats.AddUser(b.person, "Buyer", "en")
	f.vendor.AddAccount(b.login, vendorPassword, eur(100))
	f.vendor.AddKey(b.login, "laptop", demoKey)
	f.connectTo(b.person, b.login)
	f.say(b.person, shortOrder)
	f.await(b.person, shortPay)
	return b
}

const shortPay = "✅ Order for €5.76"

// failOver has people order while something is done to the bot or the cluster, and returns
// how long Boris has waited then for an answer.
func (f *fleet) failOver(h harm, buyers int) time.Duration {
	f.t.Helper()
	was := f.active()
	for range buyers {
		f.newBuyer()
	}
	ordering := f.buyers[len(f.buyers)-buyers:]
	runs := was.started()
	late := f.vendor.Inject(sandbox.Fault{Kind: sandbox.Late, Func: "cartorder.create.confirm"})
	defer late.Remove()
	for _, b := range ordering {
		f.tap(b.person, shortPay)
	}
	select {
	case <-late.Hit():
	case <-time.After(patience):
		f.t.Fatalf("%s: nothing is paid\n%s", h.name, f.chats.Transcript(ordering[0].person))
	}
	before := f.answers(boris)
	since, mend := h.do(was)
	f.say(boris, "/help")
	ctx, cancel := context.WithTimeout(f.t.Context(), patience)
	defer cancel()
	if err := f.chats.Until(ctx, func() bool { return f.answers(boris) > before }); err != nil {
		f.t.Fatalf("%s: nobody answers: %v", h.name, err)
	}
	waited := time.Since(since)
	late.Release()
	mend()
	if h.over {
		f.ended(was, runs)
	}
	f.active()
	if n := f.answers(boris) - before; n != 1 {
		f.t.Errorf("%s: who wrote meanwhile was answered %d times\n%s", h.name, n, f.chats.Transcript(boris))
	}
	return waited
}

// ended waits until a bot has ended that was started so often, and is started again.
func (f *fleet) ended(b *fleetBot, runs int) {
	f.t.Helper()
	over := time.After(patience)
	for now := runs; now <= runs; {
		select {
		case <-over:
			f.t.Fatalf("%s does not end", b.name)
		case now = <-b.starts:
		}
	}
}

// answers counts the messages of the bot to a person.
func (f *fleet) answers(person int64) (n int) {
	for _, m := range f.chats.Messages(person) {
		if m.Bot {
			n++
		}
	}
	return n
}

// tappers are people who go to and fro in an order, each as soon as they have their card, with
// a short look at it.
type tappers struct {
	taps   atomic.Int64
	tapped chan struct{} // is sent at a tap to who waits for one
	over   chan struct{}
	wait   sync.WaitGroup
	errs   chan error
}

func (p *process) newTappers(people int) *tappers {
	p.t.Helper()
	c := &tappers{tapped: make(chan struct{}), over: make(chan struct{}), errs: make(chan error, people)}
	for i := range int64(people) {
		person := 10000 + i
		p.chats.AddUser(person, "Somebody", "en")
		p.connectTo(person, vendorLogin)
		p.say(person, "/order")
		p.await(person, words["choose"][anna])
		c.wait.Go(func() { c.errs <- c.tap(p.chats, person) })
	}
	return c
}

// tap taps until the crowd goes. It fails when a tap has no effect; one that is answered in words
// is made again, as people do who are told that the button is outdated: a bot that was the active
// one may have renewed their card too late.
func (c *tappers) tap(chats *emulator.Server, person int64) error {
	labels := []string{words["choose"][anna], "‹ Back"}
	const tries = 3
	press, refused := "", 0
	for i := 0; ; i++ {
		id, there, err := c.shown(chats, person, labels[i%2], press)
		switch {
		case err != nil:
			return fmt.Errorf("the tap before %q has no effect: %w", labels[i%2], err)
		case there:
			refused = 0
		case refused == tries:
			return fmt.Errorf("the tap before %q was refused %d times", labels[i%2], refused)
		default:
			refused++
			press, i = "", i-2
			continue
		}
		select {
		case <-c.over:
			return nil
		case <-time.After(250 * time.Millisecond): // they look at their card
		}
		if press, err = chats.Tap(person, person, id, labels[i%2]); err != nil {
			return err
		}
		c.taps.Add(1)
		select {
		case c.tapped <- struct{}{}:
		default:
		}
	}
}

// shown waits until a person's newest message of the bot has a button, and returns its id, or
// until a tap of theirs was answered in words.
func (*tappers) shown(chats *emulator.Server, person int64, label, press string) (id int, there bool, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	err = chats.Until(ctx, func() bool {
		for _, m := range slices.Backward(chats.Messages(person)) {
			if m.Bot && !m.Deleted {
				_, there = m.Button(label)
				id = m.ID
				break
			}
		}
		answered, _ := chats.Press(press)
		return there || answered.Text != ""
	})
	return id, there, err
}

// stop ends tapping once each last tap has its effect.
func (c *tappers) stop() (err error) {
	close(c.over)
	c.wait.Wait()
	for range cap(c.errs) {
		err = errors.Join(err, <-c.errs)
	}
	return err
}

// wantBought: each purchase was paid once and its person knows, or it was not paid, as the
// call was never sent or its answer was lost, and its person is asked.
func (f *fleet) wantBought() {
	f.t.Helper()
	ctx, cancel := context.WithTimeout(f.t.Context(), 5*time.Minute)
	defer cancel()
	asked := 0
	for _, b := range f.buyers {
		want := 0
		err := f.chats.Wait(ctx, b.person, func(messages []emulator.Message) bool {
			for _, m := range messages {
				if m.Bot && !m.Deleted && strings.Contains(m.Text, words["active"][anna]) {
					want = 1
					return true
				}
			}
			return slices.ContainsFunc(messages, func(m emulator.Message) bool {
				_, asks := m.Button("🔄 Try again")
				return !m.Deleted && asks
			})
		})
		if sold := f.vendor.Orders(b.login); err != nil || len(sold) != want {
			f.t.Errorf("%s has %d orders, want %d: %v\n%s", b.login, len(sold), want, err, f.chats.Transcript(b.person))
		}
		asked += 1 - want
	}
	f.t.Logf("%d have ordered, %d of them are asked", len(f.buyers), asked)
}

// wantOneWriter: what was written at the vendor was sent by the bot that led at that time.
func (f *fleet) wantOneWriter() {
	f.t.Helper()
	type led struct {
		since time.Time
		by    *fleetBot
	}
	var all []led
	began := regexp.MustCompile(`time=(\S+) level=INFO msg="this bot is the active one now"`)
	for _, b := range f.bots {
		for _, found := range began.FindAllStringSubmatch(b.logs.String(), -1) {
			at, err := time.Parse(time.RFC3339, found[1])
			if err != nil {
				f.t.Fatal(err)
			}
			all = append(all, led{at, b})
		}
	}
	slices.SortFunc(all, func(a, b led) int { return a.since.Compare(b.since) })
	count, sold := 0, 0
	for _, b := range f.buyers {
		sold += len(f.vendor.Orders(b.login))
	}
	for _, b := range f.bots {
		for _, at := range b.written() {
			count++
			next, _ := slices.BinarySearchFunc(all, at, func(l led, at time.Time) int { return l.since.Compare(at) })
			if next == 0 || all[next-1].by != b {
				f.t.Errorf("at %s %s has written at the vendor while another bot led", at.Format(time.RFC3339Nano), b.name)
			}
		}
	}
	if count < 2*sold { // what goes into the cart, and what is paid
		f.t.Errorf("%d writing calls were seen, of %d purchases", count, sold)
	}
}

// wantWaiting: of the bots that do not lead, health says so, and a webhook has to come again.
func (f *fleet) wantWaiting() {
	f.t.Helper()
	waiting := 0
	for _, b := range f.bots {
		if _, text := b.page(f.t.Context(), healthPath); text != "ok, waiting to take over" {
			continue
		}
		waiting++
		if _, text := pageAt(f.t.Context(), b.metrics, metricsPath); !strings.Contains(text, "\nzomrobot_active 0\n") {
			f.t.Errorf("one that waits does not say so in its metrics: %.500s", text)
		}
		if status, _ := b.page(f.t.Context(), "/telegram"); status != http.StatusServiceUnavailable {
			f.t.Errorf("a webhook of one that waits is answered with %d, want 503", status)
		}
	}
	if waiting == 0 {
		f.t.Error("nobody waits")
	}
}

// wantWhole: the vendor has nothing to object to, and the books are whole.
func (f *fleet) wantWhole() {
	f.t.Helper()
	if v := f.vendor.Violations(); len(v) > 0 {
		f.t.Errorf("the vendor's API was used wrongly: %v", v)
	}
	for _, b := range f.bots {
		b.end()
	}
	left, err := leadLeft(f.t.Context(), fmt.Sprintf("etcd://%s/bot?mark=unused", f.cluster.Addresses()))
	if err != nil {
		f.t.Fatal(err)
	}
	if err := left.Close(); err != nil {
		f.t.Fatal(err)
	}
	if out, code := run(f.t, f.bots[0].env, "audit", "verify"); code != exitDone {
		f.t.Fatalf("the books: %s", out)
	}
}
