package storage_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"zomrobot/storage"
	"zomrobot/storage/storagetest"
)

// TestCopyRecords: all is there afterwards, in as many transactions as it needs, and a store that has
// something is left alone.
func TestCopyRecords(t *testing.T) {
	t.Parallel()
	ctx, from, to := t.Context(), storagetest.Open(t), storagetest.Open(t)
	long := strings.Repeat("long ", 60_000) // 300 kB, four of which are too many for one transaction
	err := storagetest.Fill(ctx, from, 1500, func(i int) []storage.Record {
		value := fmt.Sprint(i)
		if i%300 == 0 {
			value = long
		}
		return []storage.Record{{Key: fmt.Sprintf("n/%05d", i), Value: []byte(value)}}
	})
	if err != nil {
		t.Fatal(err)
	}
	if n, err := storage.CopyRecords(ctx, from, to); err != nil || n != 1500 {
		t.Fatalf("%d records, %v", n, err)
	}
	n, sum, err := storage.Digest(ctx, from)
	if err != nil || n != 1500 {
		t.Fatalf("%d records, %v", n, err)
	}
	if n, other, err := storage.Digest(ctx, to); err != nil || n != 1500 || other != sum {
		t.Errorf("the copy has %d records, the same: %v, %v", n, other == sum, err)
	}
	if _, err := storage.CopyRecords(ctx, from, to); !errors.Is(err, storage.ErrNotEmpty) {
		t.Errorf("into a store that has something: %v", err)
	}
	if err := storage.Whole(ctx, to); err != nil {
		t.Fatal(err)
	}
	if n, other, err := storage.Digest(ctx, to); err != nil || n != 1500 || other != sum {
		t.Errorf("called whole it has %d records, the same: %v, %v", n, other == sum, err)
	}
	for what, change := range map[string]func(storage.Tx) error{
		"another value":    func(tx storage.Tx) error { return tx.Put("n/00007", []byte("8")) },
		"a record more":    func(tx storage.Tx) error { return tx.Put("o", []byte("8")) },
		"a record is gone": func(tx storage.Tx) error { return tx.Delete("n/00001") },
	} {
		if err := to.Update(ctx, change); err != nil {
			t.Fatal(err)
		}
		_, other, err := storage.Digest(ctx, to)
		if err != nil || other == sum {
			t.Errorf("%s: the digest is the same, %v", what, err)
		}
		sum = other
	}
}

// TestPartIsNotOpened: a store to which not everything was copied is opened by nobody, and has
// no copies.
func TestPartIsNotOpened(t *testing.T) {
	t.Parallel()
	path, keys := filepath.Join(t.TempDir(), "bot.db"), storagetest.Keys(t, storagetest.Key(t, "test"))
	ctx, place := t.Context(), "bolt:"+path
	to, err := storage.Open(ctx, place, keys)
	if err != nil {
		t.Fatal(err)
	}
	from := storagetest.Open(t)
	if err := from.Update(ctx, func(tx storage.Tx) error { return storage.Put(tx, "n", 1) }); err != nil {
		t.Fatal(err)
	}
	if _, err := storage.CopyRecords(ctx, from, to); err != nil {
		t.Fatal(err)
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := storage.Open(ctx, place, keys); !errors.Is(err, storage.ErrPart) {
		t.Errorf("open a part: %v", err)
	}
	if _, err := storage.OpenToRead(ctx, path, keys); !errors.Is(err, storage.ErrPart) {
		t.Errorf("read a part: %v", err)
	}
	if _, err := storage.MakeCopy(ctx, path+".copy", keys, written(read(t, path)), nothing); !errors.Is(err, storage.ErrPart) {
		t.Errorf("copy a part: %v", err)
	}
}
