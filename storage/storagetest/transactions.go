package storagetest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync"
	"testing"

	"zomrobot/storage"
)

var errOwn = errors.New("the function's own error")

func testTransactions(t *testing.T, fresh func(testing.TB) Place) {
	s, ctx := start(t, fresh), t.Context()

	value := []byte("one")
	err := s.Update(ctx, func(tx storage.Tx) error {
		if got, err := tx.Get("a"); err != nil || got != nil {
			t.Errorf("Get of an absent key: %q, %v; want nil", got, err)
		}
		if err := tx.Put("a", value); err != nil {
			return err
		}
		if got, err := tx.Get("a"); err != nil || string(got) != "one" {
			t.Errorf("Get within the transaction: %q, %v; want its own write", got, err)
		}
		if err := tx.Delete("absent"); err != nil {
			t.Errorf("Delete of an absent key: %v", err)
		}
		return tx.Put("b", []byte("two"))
	})
	if err != nil {
		t.Fatal(err)
	}
	value[0] = 'X'
	if got := get(ctx, t, s, "a"); got != "one" {
		t.Errorf("the value follows the slice that was put: %q", got)
	}

	var kept []byte
	if err := s.View(ctx, func(tx storage.Tx) (err error) {
		if kept, err = tx.Get("a"); err != nil {
			return err
		}
		kept[0] = 'X'
		again, err := tx.Get("a")
		if string(again) != "one" {
			t.Errorf("the value follows the slice that was got: %q", again)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	put(ctx, t, s, "a", "three")
	if string(kept) != "Xne" {
		t.Errorf("a slice that was got changed afterwards: %q", kept)
	}

	err = s.Update(ctx, func(tx storage.Tx) error {
		if err := errors.Join(tx.Put("a", []byte("lost")), tx.Delete("b"), tx.Put("c", []byte("lost"))); err != nil {
			return err
		}
		return errOwn
	})
	if err != errOwn { //nolint:errorlint // it must be returned as it is
		t.Errorf("Update returned %v; want the function's error as it is", err)
	}
	if a, b, c := get(ctx, t, s, "a"), get(ctx, t, s, "b"), get(ctx, t, s, "c"); a != "three" || b != "two" || c != "" {
		t.Errorf("after a failed transaction: %q %q %q", a, b, c)
	}
	if err := s.View(ctx, func(storage.Tx) error { return errOwn }); err != errOwn { //nolint:errorlint // the same
		t.Errorf("View returned %v; want the function's error as it is", err)
	}
}

func testLimits(t *testing.T, fresh func(testing.TB) Place) {
	s, ctx := start(t, fresh), t.Context()

	for name, fn := range map[string]func(storage.Tx) error{
		"empty key":   func(tx storage.Tx) error { return tx.Put("", []byte("x")) },
		"empty value": func(tx storage.Tx) error { return tx.Put("k", []byte{}) },
		"nil value":   func(tx storage.Tx) error { return tx.Put("k", nil) },
	} {
		if err := s.Update(ctx, fn); err == nil {
			t.Errorf("Put with an %s is no error", name)
		}
	}
	put(ctx, t, s, "k", "v")
	for name, fn := range map[string]func(storage.Tx) error{
		"Put":    func(tx storage.Tx) error { return tx.Put("k", []byte("x")) },
		"Delete": func(tx storage.Tx) error { return tx.Delete("k") },
	} {
		if err := s.View(ctx, fn); err == nil {
			t.Errorf("%s in a View is no error", name)
		}
	}
	var over storage.Tx
	if err := s.Update(ctx, func(tx storage.Tx) error { over = tx; return nil }); err != nil {
		t.Fatal(err)
	}
	if _, err := over.Get("k"); err == nil {
		t.Error("Get after the transaction is no error")
	}
	if err := over.Put("k", []byte("x")); err == nil {
		t.Error("Put after the transaction is no error")
	}
	if err := over.Delete("k"); err == nil {
		t.Error("Delete after the transaction is no error")
	}
	if got := get(ctx, t, s, "k"); got != "v" {
		t.Errorf("the value is %q, want it untouched", got)
	}
	long := string(make([]byte, 200_000))
	put(ctx, t, s, "long", long)
	if got := get(ctx, t, s, "long"); got != long {
		t.Errorf("a long value came back with %d bytes of %d", len(got), len(long))
	}
}

// testTooLarge: what a transaction takes is written whole, and of what is more, nothing.
func testTooLarge(t *testing.T, fresh func(testing.TB) Place) {
	s, ctx := start(t, fresh), t.Context()
	many := func(n int) func(storage.Tx) error {
		return func(tx storage.Tx) error {
			for i := range n {
				if err := storage.Put(tx, fmt.Sprintf("n/%05d", i), n); err != nil {
					return err
				}
			}
			return nil
		}
	}
	// It cannot be packed.
	long := func(n int) func(storage.Tx) error {
		value := make([]byte, n)
		_, _ = rand.NewChaCha8([32]byte{}).Read(value)
		return func(tx storage.Tx) error { return tx.Put("long", value) }
	}
	const longest = storage.MostBytes - storage.RecordBytes - len("long")
	for name, fn := range map[string]func(storage.Tx) error{
		"keys":  many(storage.MostWrites + 1),
		"bytes": long(longest + 1),
	} {
		if err := s.Update(ctx, fn); !errors.Is(err, storage.ErrTooLarge) {
			t.Errorf("too many %s: %v, want ErrTooLarge", name, err)
		}
	}
	if pairs := scan(ctx, t, s, "", "", 0); pairs != nil {
		t.Fatalf("%d records are there of what was too much", len(pairs))
	}
	for _, fn := range []func(storage.Tx) error{many(storage.MostWrites), long(longest)} {
		if err := s.Update(ctx, fn); err != nil {
			t.Error(err)
		}
	}
	if n, size := len(scan(ctx, t, s, "n/", "", 0)), len(get(ctx, t, s, "long")); n != storage.MostWrites || size != longest {
		t.Errorf("%d keys and %d bytes, want %d and %d", n, size, storage.MostWrites, longest)
	}
}

func testOwnKeys(t *testing.T, fresh func(testing.TB) Place) {
	s, ctx := start(t, fresh), t.Context()

	for _, key := range []string{"meta/schema", "meta/x", "lease/x"} {
		if err := s.Update(ctx, func(tx storage.Tx) error { return tx.Put(key, []byte("1")) }); err == nil {
			t.Errorf("Put of %q is no error", key)
		}
		if err := s.Update(ctx, func(tx storage.Tx) error { return tx.Delete(key) }); err == nil {
			t.Errorf("Delete of %q is no error", key)
		}
	}
	if got := get(ctx, t, s, "meta/schema"); got == "" {
		t.Error("the schema cannot be read")
	}
	if pairs := scan(ctx, t, s, "", "", 0); pairs != nil {
		t.Errorf("a new store is not empty: %v", pairs)
	}
}

func testConflicts(t *testing.T, fresh func(testing.TB) Place) {
	const workers, rounds = 8, 15
	s, ctx := start(t, fresh), t.Context()

	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for range rounds {
				err := s.Update(ctx, func(tx storage.Tx) error {
					count, _, err := storage.Get[int](tx, "count")
					if err != nil {
						return err
					}
					if err := storage.Put(tx, "twin", count+1); err != nil {
						return err
					}
					return storage.Put(tx, "count", count+1)
				})
				if err != nil {
					t.Error(err)
				}
				err = s.View(ctx, func(tx storage.Tx) error {
					count, twin := "", ""
					for key, value := range map[string]*string{"count": &count, "twin": &twin} {
						data, err := tx.Get(key)
						if err != nil {
							return err
						}
						*value = string(data)
					}
					if count != twin {
						t.Errorf("View saw half of a transaction: %s and %s", count, twin)
					}
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	if got, want := get(ctx, t, s, "count"), strconv.Itoa(workers*rounds); got != want {
		t.Errorf("count is %s, want %s: updates were lost", got, want)
	}
}

func testPanic(t *testing.T, fresh func(testing.TB) Place) {
	s, ctx := start(t, fresh), t.Context()
	put(ctx, t, s, "k", "v")

	for name, run := range map[string]func(context.Context, func(storage.Tx) error) error{"Update": s.Update, "View": s.View} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s swallowed a panic", name)
				}
			}()
			_ = run(ctx, func(tx storage.Tx) error {
				_ = tx.Put("k", []byte("lost"))
				panic("on purpose")
			})
		}()
	}
	if got := get(ctx, t, s, "k"); got != "v" {
		t.Errorf("after a panic the value is %q, want the old one", got)
	}
	put(ctx, t, s, "k", "w")
	if got := get(ctx, t, s, "k"); got != "w" {
		t.Errorf("after a panic a write gave %q", got)
	}
}

func testContext(t *testing.T, fresh func(testing.TB) Place) {
	s, ctx := start(t, fresh), t.Context()
	put(ctx, t, s, "a", "1")
	put(ctx, t, s, "b", "2")
	ended, end := context.WithCancel(ctx)
	end()

	fn := func(storage.Tx) error {
		t.Error("the function ran although the context had ended")
		return nil
	}
	if err := s.Update(ended, fn); !errors.Is(err, context.Canceled) {
		t.Errorf("Update: %v", err)
	}
	if err := s.View(ended, fn); !errors.Is(err, context.Canceled) {
		t.Errorf("View: %v", err)
	}
	err := s.Scan(ended, "", "", func(string, []byte) (bool, error) { return true, fn(nil) })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Scan: %v", err)
	}
	if _, err := s.Own(ended, "name"); !errors.Is(err, context.Canceled) {
		t.Errorf("Own: %v", err)
	}
	between, cancel := context.WithCancel(ctx)
	seen := 0
	err = s.Scan(between, "", "", func(string, []byte) (bool, error) {
		seen++
		cancel()
		return true, nil
	})
	if seen != 1 || !errors.Is(err, context.Canceled) {
		t.Errorf("Scan went on for %d records after its context had ended: %v", seen, err)
	}
}

func testClosed(t *testing.T, fresh func(testing.TB) Place) {
	ctx := t.Context()
	s, err := openAt(ctx, fresh(t), Keys(t, Key(t, "test")))
	if err != nil {
		t.Fatal(err)
	}
	held, err := s.Own(ctx, "held")
	if err != nil {
		t.Fatal(err)
	}

	// Close waits for a transaction that runs, and what it wrote is kept.
	inside, closing := make(chan struct{}), make(chan struct{})
	var begin sync.Once
	updated, closed := make(chan error, 1), make(chan error, 1)
	go func() {
		updated <- s.Update(ctx, func(tx storage.Tx) error {
			begin.Do(func() { close(inside) })
			<-closing
			return tx.Put("k", []byte("v"))
		})
	}()
	<-inside
	go func() {
		close(closing)
		closed <- s.Close()
	}()
	if err := errors.Join(<-updated, <-closed); err != nil {
		t.Fatal(err)
	}
	<-held.Done()
	held.Release()

	for name, call := range map[string]func() error{
		"Update": func() error { return s.Update(ctx, func(storage.Tx) error { return nil }) },
		"View":   func() error { return s.View(ctx, func(storage.Tx) error { return nil }) },
		"Scan":   func() error { return s.Scan(ctx, "", "", func(string, []byte) (bool, error) { return true, nil }) },
		"Own":    func() error { _, err := s.Own(ctx, "name"); return err },
		"Reseal": func() error { _, err := storage.Reseal(ctx, s); return err },
	} {
		if err := call(); !errors.Is(err, storage.ErrClosed) {
			t.Errorf("%s after Close: %v, want ErrClosed", name, err)
		}
	}
	if err := s.Close(); err != nil {
		t.Errorf("Close again: %v", err)
	}
}
