package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
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
}

// fleetBot is a bot of a fleet. One that ends is started again, as a service manager does.
type fleetBot struct {
	name    string
	env     []string
	http    string
	proxies []*etcdtest.Proxy
	logs    lockedBuffer

	mu      sync.Mutex
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

func newFleet(t *testing.T, size int) *fleet {
	f := &fleet{process: newProcess(t), cluster: etcdtest.Start(t, 3)}
	path := buildBinary(t)
	for i := range size {
		b := &fleetBot{name: fmt.Sprint("bot ", i), starts: make(chan int, 100), http: strings.TrimPrefix(closedAddress(t), "http://")}
		var hosts []string
		for _, m := range f.cluster.Members() {
			proxy := etcdtest.NewProxy(t, m.Address)
			b.proxies, hosts = append(b.proxies, proxy), append(hosts, proxy.Address)
		}
		url := fmt.Sprintf("etcd://%s/bot?lease=2s&mark=%s", strings.Join(hosts, ","), filepath.Join(t.TempDir(), "mark"))
		b.env = append(slices.Clone(f.env), "STORAGE_URL="+url, "HTTP_ADDR="+b.http)
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
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+b.http+path, http.NoBody)
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
	ctx, cancel := context.WithTimeout(f.t.Context(), time.Minute)
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

// draft brings an order to its review.
func (f *fleet) draft(name string) {
	f.t.Helper()
	f.say(anna, "/order")
	for _, label := range []string{words["choose"][anna], "🇳🇱 Netherlands-3", words["plan"][anna], words["skip"][anna], "Ubuntu", "Ubuntu 22.04", words["own password"][anna]} {
		f.tap(anna, label)
	}
	f.say(anna, rootPassword)
	f.await(anna, words["skip"][anna])
	f.say(anna, name)
	for _, label := range []string{words["no backups"][anna], words["month"][anna], "1"} {
		f.tap(anna, label)
	}
	f.await(anna, words["confirm"][anna])
}

// failovers is how often TestFailover does all that it can do; 0: a sample of it, once.
var failovers = flag.Int("failovers", 0, "how often each failover is tried; 0: a sample")

// harm is what is done to a bot that pays, or to the cluster.
type harm struct {
	name  string
	do    func(active *fleetBot) (mend func())
	over  bool // another bot takes over
	often bool // it is in the sample
}

func (f *fleet) harms() []harm {
	members := f.cluster.Members()
	return []harm{
		{"killed", func(active *fleetBot) func() {
			active.signal(syscall.SIGKILL)
			return func() {}
		}, true, true},
		{"stopped and woken", func(active *fleetBot) func() {
			active.signal(syscall.SIGSTOP)
			return func() { active.signal(syscall.SIGCONT) }
		}, true, true},
		{"cut off", func(active *fleetBot) func() {
			active.set(etcdtest.Cut)
			return func() { active.set(etcdtest.Open) }
		}, true, false},
		{"the member that leads is killed", func(*fleetBot) func() {
			m := f.cluster.Leader()
			m.Kill()
			return func() { m.Begin(); m.Ready() }
		}, false, false},
		{"no majority", func(*fleetBot) func() {
			for _, m := range members[:2] {
				m.Kill()
			}
			for _, m := range members[:2] {
				m.Begin()
			}
			for _, m := range members[:2] {
				m.Ready()
			}
			return func() {}
		}, false, false},
	}
}

// TestFailover: whatever becomes of the bot that is active, or of the cluster, while it pays, a
// purchase is paid once and comes to its end, and who writes meanwhile is answered once.
func TestFailover(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 3)
	f.active()
	f.connect(anna)
	f.say(boris, "/help")
	f.await(boris, "/order")
	sold, took := 0, map[string][]time.Duration{}
	for round := range max(1, *failovers) {
		for _, h := range f.harms() {
			if *failovers == 0 && !h.often {
				continue
			}
			sold++
			took[h.name] = append(took[h.name], f.failOver(h, fmt.Sprintf("web-%d", sold)))
			if orders := f.vendor.Orders(vendorLogin); len(orders) != sold {
				t.Fatalf("round %d, %s: the vendor sold %d, want %d", round, h.name, len(orders), sold)
			}
		}
	}
	for name, all := range took {
		slices.Sort(all)
		t.Logf("%s: the next turn after %s in the middle, %s at most, of %d, with a lease of 2s", name, all[len(all)/2].Round(time.Millisecond), all[len(all)-1].Round(time.Millisecond), len(all))
	}
	f.wantWaiting()
	f.wantWhole()
}

// failOver has Anna order while something is done to the bot or the cluster, and returns how
// long Boris has waited then for an answer.
func (f *fleet) failOver(h harm, name string) time.Duration {
	f.t.Helper()
	f.draft(name)
	was := f.active()
	runs := was.started()
	late := f.vendor.Inject(sandbox.Fault{Kind: sandbox.Late, Func: "cartorder.create.confirm"})
	defer late.Remove()
	f.tap(anna, words["confirm"][anna])
	select {
	case <-late.Hit():
	case <-time.After(2 * time.Minute): // the account waits half a minute for the money of the last one
		f.t.Fatalf("%s: nothing is paid\n%s", h.name, f.chats.Transcript(anna))
	}
	before := f.answers(boris)
	began := time.Now()
	mend := h.do(was)
	f.say(boris, "/help")
	ctx, cancel := context.WithTimeout(f.t.Context(), time.Minute)
	defer cancel()
	if err := f.chats.Until(ctx, func() bool { return f.answers(boris) > before }); err != nil {
		f.t.Fatalf("%s: nobody answers: %v", h.name, err)
	}
	waited := time.Since(began)
	late.Release()
	f.until(anna, words["active"][anna], func(m emulator.Message) bool {
		return strings.Contains(m.Text, words["active"][anna]) && strings.Contains(m.Text, name)
	})
	mend()
	for now := runs; h.over && now <= runs; { // until it has ended, and was started again
		select {
		case <-ctx.Done():
			f.t.Fatalf("%s: the bot that was active does not end", h.name)
		case now = <-was.starts:
		}
	}
	if n := f.answers(boris) - before; n != 1 {
		f.t.Errorf("%s: who wrote meanwhile was answered %d times\n%s", h.name, n, f.chats.Transcript(boris))
	}
	return waited
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

// wantWaiting: of the bots that do not lead, health says so, and a webhook has to come again.
func (f *fleet) wantWaiting() {
	f.t.Helper()
	waiting := 0
	for _, b := range f.bots {
		if _, text := b.page(f.t.Context(), healthPath); text != "ok, waiting to take over" {
			continue
		}
		waiting++
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
	for { // until the lease of the last one has ended
		out, code := run(f.t, f.bots[0].env, "audit", "verify")
		if code == exitDone {
			return
		}
		if !strings.Contains(out, "a running bot holds") {
			f.t.Fatalf("the books: %s", out)
		}
	}
}
