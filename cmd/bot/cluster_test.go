package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"zomrobot/storage/etcd"
	"zomrobot/storage/etcd/etcdtest"
)

// TestNothingLeavesWithoutTheLead: a connection of a bot that was stopped and leads no more
// carries nothing, one that is open already, too.
func TestNothingLeavesWithoutTheLead(t *testing.T) {
	t.Parallel()
	var calls atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, _ *http.Request) { calls.Add(1) }))
	defer server.Close()
	var lost atomic.Bool
	no := errors.New("somebody else leads")
	transport := leading(manyConns(), func(margin time.Duration) error {
		if margin != 0 {
			t.Errorf("asked for %s", margin)
		}
		if lost.Load() {
			return no
		}
		return nil
	})
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport}
	ask := func() error {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		response, err := client.Do(request)
		if err != nil {
			return err
		}
		_, err = io.Copy(io.Discard, response.Body)
		return errors.Join(err, response.Body.Close())
	}
	if err := ask(); err != nil {
		t.Fatal(err)
	}
	lost.Store(true)
	for range 2 { // on the open connection, and on a new one
		if err := ask(); !errors.Is(err, no) {
			t.Errorf("a call without the lead: %v", err)
		}
	}
	if n := calls.Load(); n != 1 {
		t.Errorf("%d calls arrived, want 1", n)
	}
}

// TestClusterKeepsOut: a bot that its cluster does not let in ends, says why, and is not started
// again.
func TestClusterKeepsOut(t *testing.T) {
	t.Parallel()
	cluster, files := etcdtest.StartSecure(t)
	other := etcdtest.NewAuthority(t).Issue(t)
	p := newProcess(t)
	url := fmt.Sprintf("etcd://%s/bot?mark=%s&ca=%s&cert=%s&key=%s", cluster.Addresses(), filepath.Join(t.TempDir(), "mark"), other.CA, files.Cert, files.Key)
	out, code := run(t, append(slices.Clone(p.env), "STORAGE_URL="+url), "run")
	want := "STORAGE_URL: storage: no access: TLS: member " + cluster.Addresses()
	if code != exitUsage || !strings.Contains(out, want) || !strings.Contains(out, "signed by unknown authority") {
		t.Errorf("it ended with %d, want %d and %q:\n%s", code, exitUsage, want, out)
	}
}

// TestMarkThatCannotBeKept: a bot that cannot keep the mark ends, when it starts or when it waits and
// is told of one, does not blame the cluster, says what to do, and is not started again where a
// person has to see to it.
func TestMarkThatCannotBeKept(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	// What the file is written under first leads nowhere.
	if err := os.Symlink(filepath.Join(folder, "none", "new"), filepath.Join(folder, "waits.new")); err != nil {
		t.Fatal(err)
	}
	url := fmt.Sprintf("etcd://%s/test/%d?lease=%s&mark=", etcdtest.Shared(t).Addresses(), prefixes.Add(1), leaseOfOthers)
	config, err := etcd.Parse(url + "unused")
	if err != nil {
		t.Fatal(err)
	}
	active, err := etcd.Connect(config, slog.New(slog.DiscardHandler)).TryLead(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = active.Close() }()
	if err := active.SaveMark(7); err != nil {
		t.Fatal(err)
	}
	for _, mark := range []string{filepath.Join(folder, "none", "mark"), filepath.Join(folder, "waits")} {
		out, code := run(t, append(slices.Clone(newProcess(t).env), "STORAGE_URL="+url+mark), "run")
		want := "let the bot write " + mark + " and its folder, then start it again"
		if code != exitUsage || !strings.Contains(out, want) || strings.Contains(out, "cannot be used") {
			t.Errorf("it ended with %d, want %d and %q:\n%s", code, exitUsage, want, out)
		}
	}
}

// TestMarkHasOneBot: of two bots of one machine with the same mark the second one ends and says why;
// the first goes on and is asked at its socket. One that is started after it was killed, when its
// socket is still there, has both.
func TestMarkHasOneBot(t *testing.T) {
	t.Parallel()
	p, mark := newProcess(t), filepath.Join(storeDir(t), "mark")
	p.env = append(p.env, fmt.Sprintf("STORAGE_URL=etcd://%s/test/%d?lease=%s&mark=%s", etcdtest.Shared(t).Addresses(), prefixes.Add(1), leaseOfKilled, mark))
	listens := func() {
		t.Helper()
		if err := askBackup(t.Context(), mark+".sock", io.Discard); err == nil || errors.Is(err, errNobody) {
			t.Errorf("at its socket: %v", err)
		}
	}
	p.start()
	p.polled()
	out, code := run(t, p.env, "run")
	if code != exitFailed || !strings.Contains(out, "another bot of this machine has "+mark+"; stop that one") {
		t.Errorf("the second one ended with %d, want %d:\n%s", code, exitFailed, out)
	}
	listens()
	p.kill()
	if !exists(mark + ".sock") {
		t.Fatal("a bot that was killed has left no socket")
	}
	p.start()
	p.polled()
	listens()
	p.stop()
	if exists(mark + ".sock") {
		t.Error("the socket stays")
	}
}

// heardLines is a log of which a test waits for a line.
type heardLines chan string

func (heardLines) Enabled(context.Context, slog.Level) bool { return true }

func (l heardLines) Handle(_ context.Context, r slog.Record) error {
	select {
	case l <- r.Message:
	default:
	}
	return nil
}

func (l heardLines) WithAttrs([]slog.Attr) slog.Handler { return l }

func (l heardLines) WithGroup(string) slog.Handler { return l }

// TestWaitsWithoutACluster: a bot that waits and whose cluster cannot be used is well, and says
// so in its health, to its manager and in its metrics.
func TestWaitsWithoutACluster(t *testing.T) {
	t.Parallel()
	log, told := make(heardLines, 100), make(chan string, 100)
	url := fmt.Sprintf("etcd://%s/bot?mark=%s", strings.TrimPrefix(closedAddress(t), "http://"), filepath.Join(t.TempDir(), "mark"))
	p := &Program{Log: slog.New(log), manager: manager{tell: func(state string) {
		select {
		case told <- state:
		default:
		}
	}}}
	p.Config.Storage.URL, p.Config.HTTP.Addr, p.Config.Metrics.Addr = url, "127.0.0.1:0", "127.0.0.1:0"
	ctx, stop := context.WithCancel(t.Context())
	opened := make(chan error, 1)
	go func() { opened <- p.Open(ctx) }()
	for line := ""; line != "the cluster of the store cannot be used yet"; {
		select {
		case line = <-log:
		case err := <-opened:
			t.Fatal(err)
		}
	}
	status, text := pageAt(t.Context(), p.listener.Addr().String(), healthPath)
	since, found := strings.CutPrefix(text, "ok, waiting to take over; the cluster of the store cannot be used since ")
	if _, err := time.Parse(time.RFC3339, since); status != http.StatusOK || !found || err != nil {
		t.Errorf("its health is %d, %q", status, text)
	}
	if state := <-told; !strings.Contains(state, "STATUS=waiting to take over") {
		t.Errorf("its manager is told %q", state)
	}
	_, counted := pageAt(t.Context(), p.counted.listener.Addr().String(), metricsPath)
	if !strings.Contains(counted, "\nzomrobot_active 0\n") || !regexp.MustCompile(`(?m)^zomrobot_store_retries_total [1-9]`).MatchString(counted) {
		t.Errorf("its metrics do not tell:\n%s", counted)
	}
	stop()
	if err := <-opened; !errors.Is(err, context.Canceled) {
		t.Errorf("it was stopped while it waited: %v", err)
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
}

// TestMarkIsRaised: who waits keeps the highest number that it was told of.
func TestMarkIsRaised(t *testing.T) {
	t.Parallel()
	mark := markFile(filepath.Join(t.TempDir(), "mark"))
	for _, step := range []struct{ told, want int64 }{{7, 7}, {9, 9}, {8, 9}} {
		if err := mark.raise(step.told); err != nil {
			t.Fatal(err)
		}
		if n, found, err := mark.Load(); err != nil || !found || n != step.want {
			t.Errorf("after %d it is %d, %v, %v; want %d", step.told, n, found, err, step.want)
		}
	}
}
