package etcd_test

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"os"
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
	if err := flag.Set("rapid.checks", "10"); err != nil {
		panic(err)
	}
	code := m.Run()
	etcdtest.Clean()
	os.Exit(code)
}

var prefixes atomic.Int64

// urlOf returns the URL of an empty store on a cluster, with the shortest lease.
func urlOf(t testing.TB, addresses string) string { return urlFor(t, addresses, 2*time.Second) }

// urlFor is urlOf with another lease.
func urlFor(t testing.TB, addresses string, lease time.Duration) string {
	return fmt.Sprintf("etcd://%s/test/%d?mark=%s/mark&lease=%s", addresses, prefixes.Add(1), t.TempDir(), lease)
}

func connect(t testing.TB, url string) *etcd.Cluster {
	t.Helper()
	config, err := etcd.Parse(url)
	if err != nil {
		t.Fatal(err)
	}
	c, err := etcd.Connect(config, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func ignore(int64) error { return nil }

// lead returns the engine of a store once it leads.
func lead(t testing.TB, url string) *etcd.Backend {
	t.Helper()
	b, err := connect(t, url).Lead(t.Context(), ignore)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestSuite: what every engine promises, on three members.
func TestSuite(t *testing.T) {
	cluster := etcdtest.Start(t, 3)
	storagetest.RunRemote(t, func(t testing.TB) storagetest.Place {
		url := urlOf(t, cluster.Addresses())
		return func(ctx context.Context) (storage.Backend, error) { return connect(t, url).Lead(ctx, ignore) }
	})
}
