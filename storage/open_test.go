package storage_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"zomrobot/storage"
	"zomrobot/storage/storagetest"
)

func TestURL(t *testing.T) {
	for url, want := range map[string]string{
		"":                      "bot.db",
		"bolt:bot.db":           "bot.db",
		"bolt:/data/bot.db":     "/data/bot.db",
		"bolt:../with space.db": "../with space.db",
		"bolt:C:\\bot.db":       "C:\\bot.db",
	} {
		if scheme, got, err := storage.Split(url); err != nil || scheme != "bolt" || got != want {
			t.Errorf("%q: %q, %v; want %q", url, got, err, want)
		}
	}
	keys := storagetest.Keys(t, storagetest.Key(t, "test"))
	for _, url := range []string{"bot.db", "bolt:", "bolt://host/bot.db", "etcd://user:password@host/prefix", ":bot.db", "Bolt:bot.db"} {
		_, err := storage.Open(t.Context(), url, keys)
		if err == nil || !strings.Contains(err.Error(), "bolt:path") {
			t.Errorf("%q: %v, want an error that shows the right form", url, err)
		}
		if err != nil && strings.Contains(err.Error(), "password") {
			t.Errorf("the error shows a password: %v", err)
		}
	}
}

func TestOpenWithoutKeyMakesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "folder", "bot.db")
	if _, err := storage.Open(t.Context(), "bolt:"+path, storage.Keyring{}); err == nil {
		t.Error("no key is no error")
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if _, err := storage.Open(ended, "bolt:"+path, storagetest.Keys(t, storagetest.Key(t, "test"))); !errors.Is(err, context.Canceled) {
		t.Errorf("Open whose context ended: %v", err)
	}
	if _, err := os.Stat(filepath.Dir(path)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("something was made: %v", err)
	}
}

func TestMigrations(t *testing.T) {
	ctx, path := t.Context(), filepath.Join(t.TempDir(), "bot.db")
	keys := storagetest.Keys(t, storagetest.Key(t, "test"))
	var ran []string
	step := func(name string, err error) func(context.Context, storage.Store) error {
		return func(ctx context.Context, s storage.Store) error {
			ran = append(ran, name)
			return errors.Join(err, s.Update(ctx, func(tx storage.Tx) error {
				before, _, err := storage.Get[string](tx, "log")
				if err != nil {
					return err
				}
				return storage.Put(tx, "log", before+name)
			}))
		}
	}
	broken := errors.New("broken")
	open := func(steps ...func(context.Context, storage.Store) error) (schema int, log string, err error) {
		t.Helper()
		engine, err := storage.OpenBolt(ctx, path)
		if err != nil {
			t.Fatal(err)
		}
		s, err := storage.NewWith(ctx, engine, keys, steps...)
		if err != nil {
			return 0, "", err
		}
		defer func() { _ = s.Close() }()
		schema, _, errSchema := storage.Read[int](ctx, s, "meta/schema")
		log, _, errLog := storage.Read[string](ctx, s, "log")
		return schema, log, errors.Join(errSchema, errLog)
	}
	expect := func(wantSchema int, wantLog string, steps ...func(context.Context, storage.Store) error) {
		t.Helper()
		schema, log, err := open(steps...)
		if err != nil || schema != wantSchema || log != wantLog {
			t.Fatalf("schema %d, log %q, %v; want %d, %q", schema, log, err, wantSchema, wantLog)
		}
	}

	expect(1, "")
	expect(2, "a", step("a", nil))
	expect(2, "a", step("a", nil))
	if _, _, err := open(step("a", nil), step("b", nil), step("c", broken), step("d", nil)); !errors.Is(err, broken) {
		t.Fatalf("a broken migration: %v", err)
	}
	expect(5, "abccd", step("a", nil), step("b", nil), step("c", nil), step("d", nil))
	if want := []string{"a", "b", "c", "c", "d"}; !slices.Equal(ran, want) {
		t.Errorf("ran %v, want %v", ran, want)
	}
	for newest := range 4 {
		steps := slices.Repeat([]func(context.Context, storage.Store) error{step("x", nil)}, newest)
		if _, _, err := open(steps...); !errors.Is(err, storage.ErrSchema) || !strings.Contains(err.Error(), fmt.Sprint("up to ", newest+1)) {
			t.Errorf("a newer schema: %v, want ErrSchema", err)
		}
	}
	expect(5, "abccd", slices.Repeat([]func(context.Context, storage.Store) error{step("x", nil)}, 4)...)

	// A new store begins at the newest schema.
	path = filepath.Join(t.TempDir(), "bot.db")
	expect(3, "", step("x", nil), step("x", nil))
}

// readBackend counts what is read.
type readBackend struct {
	storage.Backend
	gets, records, pages int
}

type readTx struct {
	storage.Tx
	of *readBackend
}

func (t readTx) Get(key string) ([]byte, error) {
	t.of.gets++
	return t.Tx.Get(key)
}

func (c *readBackend) View(ctx context.Context, fn func(storage.Tx) error) error {
	return c.Backend.View(ctx, func(tx storage.Tx) error { return fn(readTx{tx, c}) })
}

func (c *readBackend) Update(ctx context.Context, fn func(storage.Tx) error) error {
	return c.Backend.Update(ctx, func(tx storage.Tx) error { return fn(readTx{tx, c}) })
}

func (c *readBackend) Page(ctx context.Context, prefix, from string, limit int) ([]storage.Record, error) {
	page, err := c.Backend.Page(ctx, prefix, from, limit)
	c.records += len(page)
	c.pages++
	return page, err
}

// TestOpeningReadsAsMuchOfALargeStore: a store is opened, sealed anew where there is
// nothing to seal, and read at its first record, with as many reads when it is ten times
// as large.
func TestOpeningReadsAsMuchOfALargeStore(t *testing.T) {
	t.Parallel()
	keys := storagetest.Keys(t, storagetest.Key(t, "test"))
	reads := func(n int) readBackend {
		path := filepath.Join(t.TempDir(), "bot.db")
		s, err := storage.Open(t.Context(), "bolt:"+path, keys)
		if err == nil {
			err = storagetest.Fill(t.Context(), s, n, func(i int) []storage.Record {
				return []storage.Record{{Key: fmt.Sprintf("n/%d", i), Value: []byte("value")}}
			})
			err = errors.Join(err, s.Close())
		}
		if err != nil {
			t.Fatal(err)
		}
		engine, err := storage.OpenBolt(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		counted := &readBackend{Backend: engine}
		if s, err = storage.New(t.Context(), counted, keys); err != nil {
			t.Fatal(err)
		}
		if count, err := storage.Reseal(t.Context(), s); err != nil || count != 0 {
			t.Errorf("%d were sealed anew, %v", count, err)
		}
		if first, err := storage.FirstKeys(t.Context(), s, "n/", "", 1); err != nil || len(first) != 1 {
			t.Errorf("the first keys are %v, %v", first, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		counted.Backend = nil
		return *counted
	}
	if small, large := reads(300), reads(3000); small != large {
		t.Errorf("%+v is read, and of a large store %+v", small, large)
	}
}

// TestLostMeta opens stores whose own records are gone.
func TestLostMeta(t *testing.T) {
	for _, lost := range []string{"meta/schema", "meta/key/test"} {
		path, key := makeStore(t)
		engine, err := storage.OpenBolt(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		err = engine.Update(t.Context(), func(raw storage.Tx) error { return raw.Delete(lost) })
		if err := errors.Join(err, engine.Close()); err != nil {
			t.Fatal(err)
		}
		if _, err := storage.Open(t.Context(), "bolt:"+path, storagetest.Keys(t, key)); !errors.Is(err, storage.ErrDamaged) {
			t.Errorf("without %s: %v, want ErrDamaged", lost, err)
		}
	}
}

// TestStoreOfTheFirstSchema: a store that an earlier version wrote is opened, and not by
// that version any more.
func TestStoreOfTheFirstSchema(t *testing.T) {
	t.Parallel()
	path, keys := filepath.Join(t.TempDir(), "bot.db"), storagetest.Keys(t, storagetest.Key(t, "test"))
	open := func(put func(context.Context, storage.Backend) (storage.Store, error)) (storage.Store, error) {
		engine, err := storage.OpenBolt(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		return put(t.Context(), engine)
	}
	earlier := func(ctx context.Context, engine storage.Backend) (storage.Store, error) {
		return storage.NewWith(ctx, engine, keys)
	}
	s, err := open(earlier)
	if err == nil {
		err = s.Update(t.Context(), func(tx storage.Tx) error { return storage.Put(tx, "k", "v") })
		err = errors.Join(err, s.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	s, err = open(func(ctx context.Context, engine storage.Backend) (storage.Store, error) {
		return storage.New(ctx, engine, keys)
	})
	if err != nil {
		t.Fatal(err)
	}
	value, _, err := storage.Read[string](t.Context(), s, "k")
	if err := errors.Join(err, s.Close()); err != nil || value != "v" {
		t.Errorf("after the upgrade: %q, %v", value, err)
	}
	if _, err := open(earlier); !errors.Is(err, storage.ErrSchema) {
		t.Errorf("the earlier version: %v, want ErrSchema", err)
	}
}
