package etcd_test

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"zomrobot/storage"
	"zomrobot/storage/etcd"
	"zomrobot/storage/etcd/etcdtest"
	"zomrobot/storage/storagetest"
)

func TestMain(m *testing.M) {
	flag.Parse()
	etcdtest.ShortUnlessNamed()
	if err := flag.Set("rapid.checks", "10"); err != nil {
		panic(err)
	}
	code := m.Run()
	etcdtest.Clean()
	os.Exit(code)
}

var prefixes atomic.Int64

// kept is a lease that is not lost because the machine is busy, where no test waits for its end.
const kept = 30 * time.Second

// urlOf returns the URL of an empty store on a cluster, with the shortest lease.
func urlOf(t testing.TB, addresses string) string { return urlFor(t, addresses, 2*time.Second) }

// urlFor is urlOf with another lease.
func urlFor(t testing.TB, addresses string, lease time.Duration) string {
	return fmt.Sprintf("etcd://%s/test/%d?mark=%s/mark&lease=%s", addresses, prefixes.Add(1), t.TempDir(), lease)
}

func connect(t testing.TB, url string) *etcd.Cluster {
	t.Helper()
	return connectWith(t, url, slog.DiscardHandler)
}

func connectWith(t testing.TB, url string, log slog.Handler) *etcd.Cluster {
	t.Helper()
	config, err := etcd.Parse(url)
	if err != nil {
		t.Fatal(err)
	}
	return etcd.Connect(config, slog.New(log))
}

func ignore(int64) error { return nil }

// lines is a log of which a test waits for a line.
type lines chan string

func (lines) Enabled(context.Context, slog.Level) bool { return true }

func (l lines) Handle(_ context.Context, r slog.Record) error {
	select {
	case l <- r.Message:
	default:
	}
	return nil
}

func (l lines) WithAttrs([]slog.Attr) slog.Handler { return l }

func (l lines) WithGroup(string) slog.Handler { return l }

// forget forgets the lines of before.
func (l lines) forget() {
	for len(l) > 0 {
		<-l
	}
}

// asksAgain waits until a request is made once more.
func (l lines) asksAgain(t testing.TB) {
	t.Helper()
	l.says(t, "asked again")
}

// says waits for a line with these words.
func (l lines) says(t testing.TB, words string) {
	t.Helper()
	for {
		select {
		case line := <-l:
			if strings.Contains(line, words) {
				return
			}
		case <-t.Context().Done():
			t.Fatalf("nothing says %q", words)
		}
	}
}

// counting connects to a store, and counts the requests that are made once more.
func counting(t testing.TB, url string, log slog.Handler) (*etcd.Cluster, *atomic.Int64) {
	t.Helper()
	config, err := etcd.Parse(url)
	if err != nil {
		t.Fatal(err)
	}
	var retries atomic.Int64
	config.Retried = func() { retries.Add(1) }
	return etcd.Connect(config, slog.New(log)), &retries
}

// lead returns the engine of a store once it leads.
func lead(t testing.TB, url string) *etcd.Backend {
	t.Helper()
	return leadWith(t, url, slog.DiscardHandler)
}

func leadWith(t testing.TB, url string, log slog.Handler) *etcd.Backend {
	t.Helper()
	b, err := connectWith(t, url, log).Lead(t.Context(), ignore)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestSuite: what every engine promises. One member is enough for that: what becomes of a commit
// when there are several and some of them fail, TestClusterFails shows.
func TestSuite(t *testing.T) {
	t.Parallel()
	cluster := etcdtest.Shared(t)
	storagetest.RunRemote(t, func(t testing.TB) storagetest.Place {
		url := urlFor(t, cluster.Addresses(), kept)
		return func(ctx context.Context) (storage.Backend, error) { return connect(t, url).Lead(ctx, ignore) }
	})
}
