package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"zomrobot/storage"
	"zomrobot/storage/etcd"
	"zomrobot/storage/etcd/etcdtest"
)

// onClusterToo is in the environment where all stores of the tests are on a cluster, as make
// cluster has it.
const onClusterToo = "ON_CLUSTER"

// sampleOnCluster is the test whose subtests have their stores on a cluster.
const sampleOnCluster = "TestOnCluster"

// site is where a test has its stores: in files, or on a cluster, beneath a prefix each. The
// cluster is one for all tests: one member, in memory, that waits for no disk. What is shown
// there is how the program is with it; how safe etcd is is etcd's to show.
type site struct{ cluster string } // its addresses; "": in files

// siteOf is the site of a test. Benchmarks measure both where they want to.
func siteOf(t testing.TB) site {
	t.Helper()
	_, measured := t.(*testing.B)
	if measured || os.Getenv(onClusterToo) == "" && !strings.HasPrefix(t.Name(), sampleOnCluster+"/") {
		return site{}
	}
	return site{etcdtest.Shared(t).Addresses()}
}

// fileOnly skips what is about the store's file.
func fileOnly(t testing.TB) {
	t.Helper()
	if siteOf(t).cluster != "" {
		t.Skip("about a store that is a file")
	}
}

// How long a bot that is silent still has its store on a cluster. One that a test kills is
// waited for; another one must not lose it because the machine is busy.
const (
	leaseOfKilled = 3 * time.Second
	leaseOfOthers = time.Minute
)

var prefixes atomic.Int64

// url names an empty store that nobody else has. Where it is no file, its mark is beside
// where the file would be.
func (s site) url(file string, lease time.Duration) string {
	if s.cluster == "" {
		return "bolt:" + file
	}
	return fmt.Sprintf("etcd://%s/test/%d?lease=%s&mark=%s", s.cluster, prefixes.Add(1), lease, markOf(file))
}

// markOf is where the mark of a store is kept.
func markOf(file string) string { return file + ".mark" }

// openLeft opens a store that its bot has left. Of one that was killed the lease is waited
// for.
func openLeft(ctx context.Context, url string, keys storage.Keyring) (storage.Store, error) {
	if !onCluster(url) {
		return storage.Open(ctx, url, keys)
	}
	lead, err := leadLeft(ctx, url)
	if err != nil {
		return nil, err
	}
	return storage.New(ctx, lead, keys)
}

func leadLeft(ctx context.Context, url string) (*etcd.Backend, error) {
	config, err := etcd.Parse(url)
	if err != nil {
		return nil, err
	}
	config.Lease = leaseOfOthers
	cluster := etcd.Connect(config, slog.New(slog.DiscardHandler))
	lead, err := cluster.Lead(ctx, func(int64) error { return nil })
	if err != nil {
		return nil, errors.Join(err, cluster.Close())
	}
	return lead, nil
}

// copyStore copies a store that its bot has left to an empty one.
func copyStore(ctx context.Context, from, to string, keys storage.Keyring) error {
	source, err := openLeft(ctx, from, keys)
	if err != nil {
		return err
	}
	return errors.Join(copyRecords(ctx, source, to, keys), source.Close())
}

func copyRecords(ctx context.Context, source storage.Store, to string, keys storage.Keyring) error {
	target, err := openLeft(ctx, to, keys)
	if err != nil {
		return err
	}
	if _, err = storage.CopyRecords(ctx, source, target); err == nil {
		err = storage.Whole(ctx, target)
	}
	return errors.Join(err, target.Close())
}

// open opens the store of a world whose bot is stopped.
func (w *world) openStore(ctx context.Context) (storage.Store, error) {
	return openLeft(ctx, w.url, w.keys)
}

// copied is a copy of the store as it is, without its mark.
func (w *world) copied() []byte {
	w.t.Helper()
	if !onCluster(w.url) {
		return read(w.t, w.store)
	}
	file := filepath.Join(storeDir(w.t), "copy.db")
	var err error
	if w.stop != nil {
		err = copyRecords(w.t.Context(), w.program.sealed, "bolt:"+file, w.keys)
	} else {
		err = copyStore(w.t.Context(), w.url, "bolt:"+file, w.keys)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return read(w.t, file)
}

// sealed is what everybody sees who sees the file of the store, or its cluster.
func (w *world) sealed() (all []byte) {
	w.t.Helper()
	if !onCluster(w.url) {
		return read(w.t, w.store)
	}
	lead := w.program.lead
	if w.stop == nil {
		var err error
		if lead, err = leadLeft(w.t.Context(), w.url); err != nil {
			w.t.Fatal(err)
		}
		defer func() { _ = lead.Close() }()
	}
	for from, more := "", true; more; {
		page, err := lead.Page(w.t.Context(), "", from, 100)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, record := range page {
			all, from = append(append(all, record.Key...), record.Value...), record.Key+"\x00"
		}
		more = len(page) > 0
	}
	return all
}

// putBack has the next bot start on a copy of the store, beside the mark that is there.
func (w *world) putBack(copied []byte) {
	w.t.Helper()
	if !onCluster(w.url) {
		write(w.t, w.store, copied)
		return
	}
	file := filepath.Join(storeDir(w.t), "copy.db")
	write(w.t, file, copied)
	w.url = siteOf(w.t).url(w.store, leaseOfOthers)
	if err := copyStore(w.t.Context(), "bolt:"+file, w.url, w.keys); err != nil {
		w.t.Fatal(err)
	}
}

// inSample reports whether a test runs in the sample of those on a cluster.
func inSample(t testing.TB) bool { return strings.HasPrefix(t.Name(), sampleOnCluster+"/") }
