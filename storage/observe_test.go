package storage_test

import (
	"errors"
	"path/filepath"
	"testing"

	"zomrobot/storage"
	"zomrobot/storage/storagetest"
)

// TestObserve: the observer is told of what was written, and of nothing else.
func TestObserve(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	s, err := storage.Open(ctx, "bolt:"+filepath.Join(t.TempDir(), "bot.db"), storagetest.Keys(t, storagetest.Key(t, "test")))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	var told []storage.Commit
	if err := storage.Observe(s, func(c storage.Commit) { told = append(told, c) }); err != nil {
		t.Fatal(err)
	}
	failure := errors.New("the function's own")
	if err := s.Update(ctx, func(tx storage.Tx) error { return errors.Join(tx.Put("a", []byte("x")), failure) }); !errors.Is(err, failure) {
		t.Fatal(err)
	}
	if err := s.Update(ctx, func(tx storage.Tx) error { _, err := tx.Get("a"); return err }); err != nil || len(told) > 0 {
		t.Fatalf("%v; nothing was written, and it told of %v", err, told)
	}
	if err := s.Update(ctx, func(tx storage.Tx) error { return tx.Put("a", []byte("x")) }); err != nil {
		t.Fatal(err)
	}
	if len(told) != 1 || told[0].Functions != 1 || told[0].Err != nil || told[0].Ran <= 0 || told[0].Took <= told[0].Ran {
		t.Errorf("of one commit it told %+v", told)
	}
	if size, err := storage.Size(ctx, s); err != nil || size == 0 {
		t.Errorf("its size is %d, %v", size, err)
	}
	if err := storage.Observe(struct{ storage.Store }{s}, nil); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("another store: %v", err)
	}
}
