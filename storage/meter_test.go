package storage_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"zomrobot/storage"
	"zomrobot/storage/storagetest"
)

// TestMeter: what reaches the engine is counted and recorded, and nothing else of the
// store is different.
func TestMeter(t *testing.T) {
	t.Parallel()
	ctx, path := t.Context(), filepath.Join(t.TempDir(), "bot.db")
	var meter *storagetest.Meter
	s, err := storage.OpenWith(ctx, "bolt:"+path, storagetest.Keys(t, storagetest.Key(t, "test")), func(engine storage.Backend) storage.Backend {
		meter = storagetest.NewMeter(engine, path)
		return meter
	})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	put := func(size int) error {
		return s.Update(ctx, func(tx storage.Tx) error {
			_, err := tx.Get("a")
			return errors.Join(err, tx.Put("a", bytes.Repeat([]byte("x"), size)), tx.Delete("b"))
		})
	}
	before := meter.Counts()
	meter.Record(true)
	failure := errors.New("the function's own")
	failed := s.Update(ctx, func(tx storage.Tx) error { return errors.Join(tx.Put("a", []byte("x")), failure) })
	if err := errors.Join(put(1), put(1)); err != nil || !errors.Is(failed, failure) {
		t.Fatal(err, failed)
	}
	did := meter.Counts().Less(before)
	if did.Commits != 2 || did.Syncs != 4 || did.Pages < 2*3 || did.Bytes != did.Pages*int64(os.Getpagesize()) {
		t.Errorf("two small commits were counted as %+v", did)
	}
	commits := meter.Record(false)
	if len(commits) != 2 || len(commits[1]) != 3 || commits[1][1].Bytes < 2 {
		t.Fatalf("two commits were recorded as %+v", commits)
	}
	kinds := []storagetest.Kind{commits[1][0].Kind, commits[1][1].Kind, commits[1][2].Kind}
	if !slices.Equal(kinds, []storagetest.Kind{storagetest.Got, storagetest.Put, storagetest.Deleted}) || commits[1][2].Key != "b" {
		t.Errorf("a commit was recorded as %+v", commits[1])
	}

	before = meter.Counts()
	if err := put(1 << 20); err != nil {
		t.Fatal(err)
	}
	if did := meter.Counts().Less(before); did.Commits != 1 || did.Syncs != 3 || did.Bytes < 1<<20 {
		t.Errorf("a commit for which the file grew was counted as %+v", did)
	}
	if more := meter.Record(false); len(more) > 0 {
		t.Errorf("it was still recorded: %+v", more)
	}
	if err := storage.Healthy(ctx, s, 1<<62); !errors.Is(err, storage.ErrFull) {
		t.Errorf("the free space is not seen: %v", err)
	}
	if err := storage.Backup(ctx, s, io.Discard); err != nil {
		t.Errorf("a backup: %v", err)
	}
}
