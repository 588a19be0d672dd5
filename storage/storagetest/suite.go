// Package storagetest is the suite that every engine of the store must pass, and a
// store for other packages' tests.
//
// An engine's own test is
//
//	storagetest.Run(t, func(t testing.TB) storagetest.Place { … })
//
// # Caveats
//
// Every function that the suite gives to Update runs twice, see [Strict]. The suite works through real transactions; it takes as long as the engine needs
// for about a thousand commits.
package storagetest

import (
	"context"
	"path/filepath"
	"testing"

	"zomrobot/storage"
)

// Place is somewhere that an engine keeps its data: it opens the engine there.
// Called again after the engine was closed it opens the same data.
type Place func(ctx context.Context) (storage.Backend, error)

// Run runs the suite on an engine. fresh returns an empty place, a new one at
// each call.
func Run(t *testing.T, fresh func(t testing.TB) Place) {
	RunRemote(t, fresh)
	runAll(t, fresh, map[string]func(*testing.T, func(testing.TB) Place){
		"group room":  testGroupRoom,
		"group":       testGroup,
		"group fails": testGroupFails,
		"group model": testGroupModel,
		"nothing":     testNothingWritten,
		"soon":        testSoon,
	})
}

// RunRemote runs the part of the suite that needs no bubble of synctest, in which an engine
// cannot wait for a network. The rest of it is about what is above every engine.
func RunRemote(t *testing.T, fresh func(t testing.TB) Place) {
	runAll(t, fresh, map[string]func(*testing.T, func(testing.TB) Place){
		"transactions": testTransactions,
		"limits":       testLimits,
		"too large":    testTooLarge,
		"own keys":     testOwnKeys,
		"conflicts":    testConflicts,
		"panic":        testPanic,
		"context":      testContext,
		"closed":       testClosed,
		"scan":         testScan,
		"scan paging":  testScanPaging,
		"scan writing": testScanWriting,
		"model":        testModel,
		"lease":        testLease,
		"lease order":  testLeaseOrder,
		"lease fence":  testLeaseFence,
		"sealed":       testSealed,
		"keys":         testKeys,
		"rotation":     testRotation,
		"rotation cut": testRotationCut,
		"rotation run": testRotationRunning,
		"records":      testRecords,
		"health":       testHealth,
	})
}

func runAll(t *testing.T, fresh func(testing.TB) Place, tests map[string]func(*testing.T, func(testing.TB) Place)) {
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, fresh)
		})
	}
}

// Open returns an empty bbolt store in a folder of the test's own, closed at the
// test's end. It is strict.
func Open(t testing.TB) storage.Store {
	t.Helper()
	s, err := storage.OpenWith(t.Context(), "bolt:"+filepath.Join(t.TempDir(), "bot.db"), Keys(t, Key(t, "test")), BeStrict)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeStore(t, s) })
	return s
}

// Key returns a new key as [storage.ParseKeys] reads it.
func Key(t testing.TB, id string) string {
	t.Helper()
	key, err := storage.GenerateKey(id)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// Keys returns a ring of keys; the first one seals.
func Keys(t testing.TB, keys ...string) storage.Keyring {
	t.Helper()
	text := ""
	for i, key := range keys {
		if i > 0 {
			text += ","
		}
		text += key
	}
	ring, err := storage.ParseKeys(text)
	if err != nil {
		t.Fatal(err)
	}
	return ring
}

// start opens a store on a fresh place, closed at the test's end.
func start(t testing.TB, fresh func(testing.TB) Place) storage.Store {
	t.Helper()
	s, err := openAt(t.Context(), fresh(t), Keys(t, Key(t, "test")))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeStore(t, s) })
	return s
}

func openAt(ctx context.Context, place Place, keys storage.Keyring) (storage.Store, error) {
	engine, err := place(ctx)
	if err != nil {
		return nil, err
	}
	return storage.New(ctx, Strict{engine}, keys)
}

// failer is what testing and rapid have in common here.
type failer interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

func closeStore(t failer, s storage.Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// put sets one key in a transaction of its own.
func put(ctx context.Context, t failer, s storage.Store, key, value string) {
	t.Helper()
	if err := s.Update(ctx, func(tx storage.Tx) error { return tx.Put(key, []byte(value)) }); err != nil {
		t.Fatal(err)
	}
}

// get returns one key in a transaction of its own; "" when there is none.
func get(ctx context.Context, t failer, s storage.Store, key string) string {
	t.Helper()
	var value []byte
	err := s.View(ctx, func(tx storage.Tx) (err error) {
		value, err = tx.Get(key)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(value)
}

// pair is a record as a scan gives it.
type pair struct{ Key, Value string }

// scan returns what a scan gives, at most limit pairs; 0 is all.
func scan(ctx context.Context, t failer, s storage.Store, prefix, from string, limit int) []pair {
	t.Helper()
	var pairs []pair
	err := s.Scan(ctx, prefix, from, func(key string, value []byte) (bool, error) {
		pairs = append(pairs, pair{key, string(value)})
		return len(pairs) != limit, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return pairs
}
