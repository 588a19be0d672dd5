package storagetest

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"zomrobot/storage"
)

// tamper changes raw records behind the store's back.
func tamper(ctx context.Context, t *testing.T, place Place, fn func(storage.Tx) error) {
	t.Helper()
	engine, err := place(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(engine.Update(ctx, fn), engine.Close()); err != nil {
		t.Fatal(err)
	}
}

// dump returns all raw records of a place.
func dump(ctx context.Context, t *testing.T, place Place) map[string]string {
	t.Helper()
	engine, err := place(ctx)
	if err != nil {
		t.Fatal(err)
	}
	page, err := engine.Page(ctx, "", "", 10_000)
	if err := errors.Join(err, engine.Close()); err != nil {
		t.Fatal(err)
	}
	records := map[string]string{}
	for _, record := range page {
		records[record.Key] = string(record.Value)
	}
	return records
}

func testSealed(t *testing.T, fresh func(testing.TB) Place) {
	const secret = "the-very-secret-value"
	ctx, place, keys := t.Context(), fresh(t), Keys(t, Key(t, "test"))
	with := func(fn func(storage.Store)) {
		t.Helper()
		s, err := openAt(ctx, place, keys)
		if err != nil {
			t.Fatal(err)
		}
		defer closeStore(t, s)
		fn(s)
	}
	with(func(s storage.Store) {
		put(ctx, t, s, "good", secret)
		put(ctx, t, s, "other", secret)
		own(t, s, "name").Release()
	})
	before := dump(ctx, t, place)
	for key, value := range before {
		if strings.Contains(value, secret) || len(value) < 40 {
			t.Errorf("the value of %q is not sealed", key)
		}
	}
	if before["good"][30:] == before["other"][30:] {
		t.Error("equal values look equal")
	}

	sealed := []byte(before["good"])
	flipped := bytes.Clone(sealed)
	flipped[len(flipped)/2] ^= 1
	for key, value := range map[string][]byte{
		"moved":   sealed,
		"flipped": flipped,
		"cut":     sealed[:10],
		"short":   sealed[:1],
		"plain":   []byte("plain text"),
		"version": append([]byte{99}, sealed[1:]...),
	} {
		tamper(ctx, t, place, func(raw storage.Tx) error { return raw.Put("bad/"+key, value) })
	}
	// A flipped byte must show at its own key too, not only at another's.
	tamper(ctx, t, place, func(raw storage.Tx) error { return raw.Put("other", flipped) })
	with(func(s storage.Store) {
		for _, key := range []string{"bad/moved", "bad/flipped", "bad/cut", "bad/short", "bad/plain", "bad/version", "other"} {
			_, _, err := storage.Read[string](ctx, s, key)
			if !errors.Is(err, storage.ErrSealed) || !strings.Contains(err.Error(), key) || strings.Contains(err.Error(), secret) {
				t.Errorf("reading %q: %v, want ErrSealed naming the key", key, err)
			}
			err = s.Scan(ctx, key, "", func(string, []byte) (bool, error) { return true, nil })
			if !errors.Is(err, storage.ErrSealed) {
				t.Errorf("scanning %q: %v, want ErrSealed", key, err)
			}
		}
		if got := get(ctx, t, s, "good"); got != secret {
			t.Errorf("the untouched value is %q", got)
		}
	})
}

func testKeys(t *testing.T, fresh func(testing.TB) Place) {
	ctx, place := t.Context(), fresh(t)
	a, b := Key(t, "a"), Key(t, "b")
	if _, err := openAt(ctx, place, storage.Keyring{}); err == nil {
		t.Error("a store without a key is no error")
	}
	s, err := openAt(ctx, place, Keys(t, a))
	if err != nil {
		t.Fatal(err)
	}
	put(ctx, t, s, "k", "v")
	closeStore(t, s)

	before := dump(ctx, t, place)
	for name, ring := range map[string]storage.Keyring{
		"missing":   Keys(t, b),
		"other":     Keys(t, Key(t, "a")),
		"other two": Keys(t, b, Key(t, "a")),
	} {
		_, err := openAt(ctx, place, ring)
		if !errors.Is(err, storage.ErrSealed) || !strings.Contains(err.Error(), `"a"`) {
			t.Errorf("open with a %s key: %v, want ErrSealed naming the id", name, err)
		}
	}
	if diff := cmp.Diff(before, dump(ctx, t, place)); diff != "" {
		t.Errorf("a wrong key changed the store:\n%s", diff)
	}

	// From its first use on, a key is needed, even if nothing was written with it.
	if s, err = openAt(ctx, place, Keys(t, b, a)); err != nil {
		t.Fatal(err)
	}
	if got := get(ctx, t, s, "k"); got != "v" {
		t.Errorf("the old value is %q", got)
	}
	closeStore(t, s)
	if _, err := openAt(ctx, place, Keys(t, a)); !errors.Is(err, storage.ErrSealed) || !strings.Contains(err.Error(), `"b"`) {
		t.Errorf("open without the newer key: %v, want ErrSealed naming it", err)
	}
}

func testRotation(t *testing.T, fresh func(testing.TB) Place) {
	ctx, place := t.Context(), fresh(t)
	a, b := Key(t, "a"), Key(t, "b")
	s, err := openAt(ctx, place, Keys(t, a))
	if err != nil {
		t.Fatal(err)
	}
	fill(t, s, "n/", 40)
	own(t, s, "name").Release()
	sealed := 41 // 40 records and the schema
	if _, found, err := storage.Read[uint64](ctx, s, "lease/name"); err != nil {
		t.Fatal(err)
	} else if found {
		sealed++
	}
	want := scan(ctx, t, s, "", "", 0)
	closeStore(t, s)

	if s, err = openAt(ctx, place, Keys(t, b, a)); err != nil {
		t.Fatal(err)
	}
	count, err := storage.Reseal(ctx, s)
	if err != nil || count != sealed {
		t.Errorf("Reseal: %d values, %v; want %d", count, err, sealed)
	}
	if count, err := storage.Reseal(ctx, s); err != nil || count != 0 {
		t.Errorf("Reseal again: %d values, %v; want none", count, err)
	}
	closeStore(t, s)

	if s, err = openAt(ctx, place, Keys(t, b)); err != nil {
		t.Fatalf("open with the new key alone: %v", err)
	}
	defer closeStore(t, s)
	if diff := cmp.Diff(want, scan(ctx, t, s, "", "", 0)); diff != "" {
		t.Errorf("resealing changed values (-before +after):\n%s", diff)
	}
	own(t, s, "name").Release()
}

// cutBackend fails to write after some transactions, and counts what is scanned.
type cutBackend struct {
	storage.Backend
	left    int // how many transactions are made; negative: all
	scanned int
}

func (c *cutBackend) Update(ctx context.Context, fn func(storage.Tx) error) error {
	if c.left == 0 {
		return errOwn
	}
	c.left--
	return c.Backend.Update(ctx, fn)
}

func (c *cutBackend) Page(ctx context.Context, prefix, from string, limit int) ([]storage.Record, error) {
	page, err := c.Backend.Page(ctx, prefix, from, limit)
	c.scanned += len(page)
	return page, err
}

// testRotationCut cuts resealing and goes on with it. What was done is not looked at
// again, unless another key has sealed since.
func testRotationCut(t *testing.T, fresh func(testing.TB) Place) {
	const records, some = 2000, 10
	ctx, place := t.Context(), fresh(t)
	a, b := Key(t, "a"), Key(t, "b")
	s, err := openAt(ctx, place, Keys(t, a))
	if err != nil {
		t.Fatal(err)
	}
	fill(t, s, "n/", records)
	want := scan(ctx, t, s, "", "", 0)
	closeStore(t, s)

	// cut reseals with b for some transactions; -1: to the end.
	cut := func(transactions int) (scanned int) {
		t.Helper()
		engine, err := place(ctx)
		if err != nil {
			t.Fatal(err)
		}
		backend := &cutBackend{Backend: Strict{engine}, left: -1}
		s, err := storage.New(ctx, backend, Keys(t, b, a))
		if err != nil {
			t.Fatal(err)
		}
		defer closeStore(t, s)
		backend.scanned, backend.left = 0, transactions
		if _, err := storage.Reseal(ctx, s); (transactions < 0) != (err == nil) {
			t.Errorf("Reseal with %d transactions: %v", transactions, err)
		}
		return backend.scanned
	}
	first := cut(some)
	if second := cut(0); second > first/2 {
		t.Errorf("%d records were looked at, and %d when it went on", first, second)
	}
	if s, err = openAt(ctx, place, Keys(t, a, b)); err != nil {
		t.Fatal(err)
	}
	put(ctx, t, s, "n/00000", "0") // with a again
	closeStore(t, s)
	cut(-1)
	if n := cut(-1); n > some {
		t.Errorf("%d records are looked at when nothing is left to do", n)
	}
	if s, err = openAt(ctx, place, Keys(t, b)); err != nil {
		t.Fatal(err)
	}
	defer closeStore(t, s)
	if diff := cmp.Diff(want, scan(ctx, t, s, "", "", 0)); diff != "" {
		t.Errorf("resealing changed values (-before +after):\n%s", diff)
	}
}

// testRotationRunning reseals while others write: no write is lost.
func testRotationRunning(t *testing.T, fresh func(testing.TB) Place) {
	ctx, place := t.Context(), fresh(t)
	a, b := Key(t, "a"), Key(t, "b")
	s, err := openAt(ctx, place, Keys(t, a))
	if err != nil {
		t.Fatal(err)
	}
	fill(t, s, "n/", 100)
	closeStore(t, s)
	if s, err = openAt(ctx, place, Keys(t, b, a)); err != nil {
		t.Fatal(err)
	}
	defer closeStore(t, s)
	var group sync.WaitGroup
	group.Go(func() {
		for i := range 30 {
			put(ctx, errorer{t}, s, "n/00099", strings.Repeat("x", i+1))
			if err := s.Update(ctx, func(tx storage.Tx) error { return tx.Delete("n/00098") }); err != nil {
				t.Error(err)
			}
		}
	})
	_, err = storage.Reseal(ctx, s)
	group.Wait()
	if err != nil {
		t.Fatal(err)
	}
	if got := get(ctx, t, s, "n/00099"); got != strings.Repeat("x", 30) {
		t.Errorf("the last write was lost: %q", got)
	}
	if got := get(ctx, t, s, "n/00098"); got != "" {
		t.Errorf("a deleted value came back: %q", got)
	}
}

// errorer fails a test from a goroutine other than its own.
type errorer struct{ *testing.T }

func (e errorer) Fatal(args ...any)                 { e.Helper(); e.Error(args...) }
func (e errorer) Fatalf(format string, args ...any) { e.Helper(); e.Errorf(format, args...) }
