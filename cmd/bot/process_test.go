package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"zomrobot/storage"
	"zomrobot/storage/etcd/etcdtest"
	"zomrobot/telegram/emulator"
	"zomrobot/zomro/sandbox"
)

// binary builds the program once for all tests that run it as a process, with
// the race detector if they have it, and returns its path.
var binary = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "zomrobot-test-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(folder, "bot")
	// What go run has linked it keeps, go build links anew each time: cp is what it runs.
	build := exec.Command("go", "run", "-race="+strconv.FormatBool(raced), "-exec", "cp", ".", path) //nolint:noctx // built once for all tests, it outlives each
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, out)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	if os.Getenv(crashLog) != "" { // this process is the bot of a cell of the crash matrix
		os.Exit(runPoints())
	}
	if os.Getenv(benchSync) != "" { // this process is the bot beside its peers
		os.Exit(runMeasured())
	}
	// The tests wait more than they compute, for a vendor that is slow and for processes
	// that are killed; and memory is cheaper here than the time to collect it.
	flag.Parse()
	etcdtest.ShortUnlessNamed()
	together, times := flag.Lookup("test.parallel"), 12
	if os.Getenv(onClusterToo) != "" { // all share one member
		times = 4
	}
	if raced { // which takes several times as much of both
		times = 4
	}
	chooseTests()
	if n := strconv.Itoa(runtime.GOMAXPROCS(0)); together.Value.String() == n {
		if err := flag.Set("test.parallel", strconv.Itoa(times*runtime.GOMAXPROCS(0))); err != nil {
			panic(err)
		}
	}
	debug.SetGCPercent(400)
	debug.SetMemoryLimit(2 << 30)
	code := m.Run()
	printTables(os.Stdout)
	if stop := browsing.Load(); stop != nil {
		(*stop)()
	}
	etcdtest.Clean()
	if built.Load() {
		if path, err := binary(); err == nil {
			_ = os.RemoveAll(filepath.Dir(path))
		}
	}
	os.Exit(code)
}

// built says that binary was asked for.
var built atomic.Bool

func buildBinary(t testing.TB) string {
	t.Helper()
	if testing.Short() {
		t.Skip("starts the built bot")
	}
	built.Store(true)
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// process is the built bot as a process of its own, between the emulator and
// the sandbox.
type process struct {
	t       *testing.T
	vendor  *sandbox.Sandbox
	chats   *emulator.Server
	env     []string
	store   string
	command *exec.Cmd
	called  int // how often it had called Telegram when it was started
	done    chan error
	logs    bytes.Buffer
}

func newProcess(t *testing.T) *process {
	t.Helper()
	buildBinary(t)
	p := &process{
		t:      t,
		vendor: sandbox.New(sandbox.Config{ActivationDelay: time.Second}),
		chats:  emulator.New(emulator.Config{Token: worldToken}),
		store:  filepath.Join(storeDir(t), "bot.db"),
	}
	p.vendor.AddAccount(vendorLogin, vendorPassword, eur(100))
	vendorServer, chatsServer := httptest.NewServer(p.vendor), httptest.NewServer(p.chats)
	key, err := storage.GenerateKey("process")
	if err != nil {
		t.Fatal(err)
	}
	p.env = []string{
		"HOME=" + t.TempDir(), "PATH=" + os.Getenv("PATH"),
		"TELEGRAM_TOKEN=" + worldToken, "TELEGRAM_API_URL=" + chatsServer.URL, "ZOMRO_API_URL=" + vendorServer.URL, "ZOMRO_RENEW=true",
		"STORAGE_URL=bolt:" + p.store, "STORAGE_KEYS=" + key, "HTTP_ADDR=127.0.0.1:0", "LOG_LEVEL=debug",
	}
	t.Cleanup(func() {
		p.kill()
		p.vendor.Close()
		p.chats.Close()
		chatsServer.Close()
		vendorServer.Close()
		if v := p.chats.Violations(); len(v) > 0 {
			t.Errorf("the Bot API was used wrongly: %v", v)
		}
		if t.Failed() {
			t.Log(p.logs.String())
		}
	})
	return p
}

func (p *process) start() {
	p.t.Helper()
	p.command = exec.Command(buildBinary(p.t), "run") //nolint:noctx // ended by kill or stop
	p.command.Env = p.env
	p.command.Stderr = &p.logs
	p.called = len(p.chats.Calls())
	if err := p.command.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.done = make(chan error, 1)
	go func(c *exec.Cmd) { p.done <- c.Wait() }(p.command)
}

// kill ends the process as a power cut would.
func (p *process) kill() {
	if p.command == nil {
		return
	}
	_ = p.command.Process.Kill()
	if err := <-p.done; err == nil {
		p.t.Log("the bot had ended by itself before it was killed")
	}
	p.command = nil
}

// stop asks the process to stop, and fails when it takes longer than ten
// seconds or does not end well.
func (p *process) stop() {
	p.t.Helper()
	if err := p.command.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Fatal(err)
	}
	select {
	case err := <-p.done:
		if err != nil {
			p.t.Errorf("the bot stopped with %v", err)
		}
	case <-time.After(patience):
		p.t.Error("the bot did not stop")
		p.kill()
	}
	p.command = nil
}

// await waits until the bot's newest message to a person has a button with
// that label, or contains that text, and returns it.
func (p *process) await(person int64, want string) emulator.Message {
	p.t.Helper()
	return p.until(person, want, func(m emulator.Message) bool {
		_, ok := m.Button(want)
		return ok || strings.Contains(m.Text, want)
	})
}

// until waits until the bot's newest message to a person is one that is good.
func (p *process) until(person int64, want string, good func(emulator.Message) bool) emulator.Message {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), 2*time.Minute)
	defer cancel()
	var found emulator.Message
	err := p.chats.Wait(ctx, person, func(messages []emulator.Message) bool {
		for _, m := range slices.Backward(messages) {
			if !m.Bot || m.Deleted {
				continue
			}
			found = m
			return good(m)
		}
		return false
	})
	if err != nil {
		p.t.Fatalf("wait for %q: %v\n%s", want, err, p.chats.Transcript(person))
	}
	return found
}

func (p *process) say(person int64, text string) {
	p.t.Helper()
	if _, err := p.chats.Say(person, person, text); err != nil {
		p.t.Fatal(err)
	}
}

// tap waits for a button and taps it.
func (p *process) tap(person int64, label string) {
	p.t.Helper()
	m := p.until(person, label, func(m emulator.Message) bool {
		_, ok := m.Button(label)
		return ok
	})
	if _, err := p.chats.Tap(person, person, m.ID, label); err != nil {
		p.t.Fatal(err)
	}
}

// run runs a verb of the built binary and returns what it printed and its exit
// code.
func run(t *testing.T, env []string, args ...string) (out string, code int) {
	t.Helper()
	command := exec.CommandContext(t.Context(), buildBinary(t), args...)
	command.Env = env
	text, err := command.CombinedOutput()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return string(text), exit.ExitCode()
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(text), 0
}

// runHere is run without a process, for a verb that ends before it does anything: it takes a
// fraction of the time. Only a test that is not parallel can have an environment of its own.
func runHere(t *testing.T, env []string, args ...string) (out string, code int) {
	t.Helper()
	for _, variable := range os.Environ() {
		name, value, _ := strings.Cut(variable, "=")
		t.Setenv(name, value) // puts it back
		if err := os.Unsetenv(name); err != nil {
			t.Fatal(err)
		}
	}
	for _, variable := range env {
		name, value, _ := strings.Cut(variable, "=")
		t.Setenv(name, value)
	}
	t.Setenv("GOGC", "as TestMain has it") // bot run sets it otherwise
	var text bytes.Buffer
	code = Main(t.Context(), args, &text, &text)
	return text.String(), code
}
