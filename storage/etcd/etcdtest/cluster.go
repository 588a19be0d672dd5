// Package etcdtest starts etcd clusters for tests: real processes, of the module in
// storage/etcd/member.
package etcdtest

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
)

// build builds the member once for a process of tests.
var build = sync.OnceValues(func() (string, error) {
	_, here, _, _ := runtime.Caller(0)
	dir, err := os.MkdirTemp("", "etcd-member-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "member")
	// What go run has linked it keeps, go build links anew each time: cp is what it runs.
	cmd := exec.CommandContext(context.Background(), "go", "run", "-exec", "cp", ".", path) //nolint:gosec // it is our own
	cmd.Dir = filepath.Join(filepath.Dir(here), "..", "member")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build a member of etcd: %w\n%s", err, out)
	}
	return path, nil
})

// built says that a member was asked for.
var built atomic.Bool

// Clean ends the cluster of [Shared] and removes what was built. It is for TestMain, after
// the tests.
func Clean() {
	if !built.Load() {
		return
	}
	for _, end := range slices.Backward(shared.ends) {
		end()
	}
	if path, err := build(); err == nil {
		_ = os.RemoveAll(filepath.Dir(path))
	}
}

// Cluster is a cluster of processes.
type Cluster struct {
	t       testing.TB
	members []*Member
}

// Member is one of them.
type Member struct {
	t       testing.TB
	args    []string
	Address string // of its clients, host:port
	cmd     *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Scanner
}

// Start starts a cluster of so many members, stopped at the end of the test. Their data is
// in memory where the system has such a folder.
func Start(t testing.TB, size int) *Cluster {
	t.Helper()
	return start(t, size, folder(t), "-unsafe-no-fsync")
}

// StartSmall is Start of one member whose file may have so many bytes.
func StartSmall(t testing.TB, quota int) *Cluster {
	t.Helper()
	return start(t, 1, folder(t), "-unsafe-no-fsync", "-quota", strconv.Itoa(quota))
}

// Shared is a cluster of one member for all tests of a process, which give their stores
// prefixes of their own. It starts when it is first asked for, and is ended by [Clean].
func Shared(t testing.TB) *Cluster {
	t.Helper()
	skipShort(t)
	shared.once.Do(func() {
		shared.cluster = Start(&process{TB: t}, 1)
	})
	if shared.cluster == nil {
		t.Fatal("the cluster of all tests did not start")
	}
	return shared.cluster
}

// ShortUnlessNamed makes the tests of a process short, as -short does, where neither -short
// nor any of them is named: whoever runs all tests of the project wants to know soon. It is for
// TestMain, after the flags are parsed.
func ShortUnlessNamed() {
	named := false
	flag.Visit(func(f *flag.Flag) {
		named = named || slices.Contains([]string{"test.short", "test.run", "test.bench"}, f.Name)
	})
	if !named {
		if err := flag.Set("test.short", "true"); err != nil {
			panic(err)
		}
	}
}

// skipShort skips what needs a cluster where the tests are to be short.
func skipShort(t testing.TB) {
	t.Helper()
	if testing.Short() {
		t.Skip("starts an etcd cluster")
	}
}

var shared struct {
	once    sync.Once
	cluster *Cluster
	ends    []func()
}

// process stands for a test where something belongs to the whole process.
type process struct{ testing.TB }

func (*process) Cleanup(f func()) { shared.ends = append(shared.ends, f) }

// StartOnDisk is Start of members that wait for the disk, for benchmarks.
func StartOnDisk(t testing.TB, size int) *Cluster {
	t.Helper()
	return start(t, size, t.TempDir())
}

func start(t testing.TB, size int, dir string, more ...string) *Cluster {
	t.Helper()
	skipShort(t)
	built.Store(true)
	path, err := build()
	if err != nil {
		t.Fatal(err)
	}
	c := &Cluster{t: t}
	var all []string
	for i := range size {
		name, peer := fmt.Sprint("m", i), free(t)
		client := free(t)
		all = append(all, name+"=http://"+peer)
		c.members = append(c.members, &Member{t: t, Address: client, args: []string{
			path, "-name", name, "-dir", filepath.Join(dir, name), "-client", client, "-peer", peer,
		}})
	}
	for _, m := range c.members {
		m.args = append(append(m.args, "-cluster", strings.Join(all, ",")), more...)
	}
	t.Cleanup(func() {
		for _, m := range c.members {
			m.Kill()
		}
	})
	for _, m := range c.members {
		m.begin()
	}
	for _, m := range c.members {
		m.Ready()
	}
	return c
}

// folder is a folder for the data.
func folder(t testing.TB) string {
	t.Helper()
	memory := "/dev/shm"
	if info, err := os.Stat(memory); err != nil || !info.IsDir() {
		memory = "" // where temporary files go
	}
	dir, err := os.MkdirTemp(memory, "zomrobot-etcd-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// free returns an address of this machine that nobody listens at. Its port is below those that
// systems give to connections that go out: one of these could take it before the member does, or
// while the member is down.
func free(t testing.TB) string {
	t.Helper()
	const lowest, ephemeral = 15_000, 32_768
	var err error
	for range 100 {
		address := fmt.Sprint("127.0.0.1:", lowest+rand.IntN(ephemeral-lowest)) //nolint:gosec // nobody has to be kept from guessing it
		var l net.Listener
		if l, err = (&net.ListenConfig{}).Listen(context.Background(), "tcp", address); err == nil {
			_ = l.Close() // it was only asked for
			return address
		}
	}
	t.Fatalf("no port is free: %v", err)
	return ""
}

// Members are the members.
func (c *Cluster) Members() []*Member { return c.members }

// Addresses are those for clients, with commas between.
func (c *Cluster) Addresses() string {
	var all []string
	for _, m := range c.members {
		all = append(all, m.Address)
	}
	return strings.Join(all, ",")
}

// Leader is the member that leads.
func (c *Cluster) Leader() *Member {
	c.t.Helper()
	for _, m := range c.members {
		if m.cmd != nil && m.leads() {
			return m
		}
	}
	c.t.Fatal("no member of the cluster leads")
	return nil
}

// begin starts the process.
func (m *Member) begin() {
	m.t.Helper()
	m.cmd = exec.CommandContext(context.Background(), m.args[0], m.args[1:]...) //nolint:gosec // it was just built
	m.cmd.Stderr = os.Stderr
	var err error
	if m.in, err = m.cmd.StdinPipe(); err != nil {
		m.t.Fatal(err)
	}
	out, err := m.cmd.StdoutPipe()
	if err != nil {
		m.t.Fatal(err)
	}
	m.out = bufio.NewScanner(out)
	if err := m.cmd.Start(); err != nil {
		m.t.Fatal(err)
	}
}

// Ready waits until the member is part of a cluster that has a leader.
func (m *Member) Ready() {
	m.t.Helper()
	if !m.out.Scan() || m.out.Text() != "ready" {
		m.t.Fatalf("a member of etcd does not start: %q, %v", m.out.Text(), m.out.Err())
	}
}

func (m *Member) leads() bool {
	if _, err := fmt.Fprintln(m.in); err != nil || !m.out.Scan() {
		m.t.Fatalf("a member of etcd does not answer: %v", errors.Join(err, m.out.Err()))
	}
	return m.out.Text() == "leader"
}

// Kill ends the process at once.
func (m *Member) Kill() {
	if m.cmd == nil {
		return
	}
	_ = m.cmd.Process.Signal(syscall.SIGCONT)
	_ = m.cmd.Process.Kill()
	_ = m.cmd.Wait()
	m.cmd = nil
}

// Begin starts the process again on its data. [Member.Ready] waits for it.
func (m *Member) Begin() {
	m.t.Helper()
	m.begin()
}

// Freeze stops the process, and Thaw has it go on.
func (m *Member) Freeze() { m.signal(syscall.SIGSTOP) }

// Thaw has a frozen process go on.
func (m *Member) Thaw() { m.signal(syscall.SIGCONT) }

func (m *Member) signal(s syscall.Signal) {
	m.t.Helper()
	if err := m.cmd.Process.Signal(s); err != nil {
		m.t.Fatal(err)
	}
}
