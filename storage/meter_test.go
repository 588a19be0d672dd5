package storage_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"zomrobot/storage"
	"zomrobot/storage/storagetest"

	"github.com/google/go-cmp/cmp"
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
			_, err := tx.Get("c")
			return errors.Join(err, tx.Put("a", noise(size)), tx.Delete("b"))
		})
	}
	if err := s.Update(ctx, func(tx storage.Tx) error { return tx.Put("b", []byte("x")) }); err != nil {
		t.Fatal(err)
	}
	before := meter.Counts()
	meter.Record(true)
	failure := errors.New("the function's own")
	failed := s.Update(ctx, func(tx storage.Tx) error { return errors.Join(tx.Put("a", []byte("x")), failure) })
	if err := errors.Join(put(1), put(2)); err != nil || !errors.Is(failed, failure) {
		t.Fatal(err, failed)
	}
	did := meter.Counts().Less(before)
	if did.Commits != 2 || did.Syncs != 4 || did.Pages < 2*3 || did.Bytes != did.Pages*int64(os.Getpagesize()) {
		t.Errorf("two small commits were counted as %+v", did)
	}
	commits := meter.Record(false)
	var recorded [][]string
	for _, commit := range commits {
		var operations []string
		for _, o := range commit {
			operations = append(operations, fmt.Sprint(o.Kind, " ", o.Key, " ", o.Bytes > 0))
		}
		recorded = append(recorded, operations)
	}
	// Before a key is written it is looked at.
	first := []string{"get c false", "get a false", "put a true", "get b true", "delete b false"}
	second := []string{"get c false", "get a true", "put a true", "get b false"}
	if want := [][]string{first, second}; !cmp.Equal(recorded, want) {
		t.Errorf("the commits were recorded as %s", cmp.Diff(want, recorded))
	}

	if err := put(900_000); err != nil {
		t.Fatal(err)
	}
	before = meter.Counts()
	if err := put(900_001); err != nil { // while the pages of the last one are still kept
		t.Fatal(err)
	}
	if did := meter.Counts().Less(before); did.Commits != 1 || did.Syncs != 3 || did.Bytes < 900_000 {
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
