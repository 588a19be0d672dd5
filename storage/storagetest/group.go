package storagetest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"zomrobot/storage"
)

// gate is a backend whose transactions wait before they begin, while it is shut.
type gate struct {
	storage.Backend
	mu    sync.Mutex
	shut  chan struct{} // nil: it is open
	made  int           // transactions that were committed
	fails error         // of each commit, after it was made
}

func (g *gate) Update(ctx context.Context, fn func(storage.Tx) error) error {
	g.mu.Lock()
	shut := g.shut
	g.mu.Unlock()
	if shut != nil {
		<-shut
	}
	err := g.Backend.Update(ctx, fn)
	g.mu.Lock()
	defer g.mu.Unlock()
	if err != nil {
		return err
	}
	g.made++
	return g.fails
}

// Room is what every engine has.
func (g *gate) Room() (writes, bytes int) { return storage.MostWrites, storage.MostBytes }

func (g *gate) close() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shut = make(chan struct{})
}

func (g *gate) open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	close(g.shut)
	g.shut = nil
}

// commits returns how many transactions were committed since it was called last.
func (g *gate) commits() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	made := g.made
	g.made = 0
	return made
}

// fail has every commit from now on fail after it was made.
func (g *gate) fail(err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.fails = err
}

// gated is a store behind a gate. It belongs into a bubble of synctest.
func gated(t testing.TB, fresh func(testing.TB) Place) (storage.Store, *gate) {
	t.Helper()
	backend, err := fresh(t)(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	g := &gate{Backend: Strict{backend}}
	s, err := storage.New(t.Context(), g, Keys(t, Key(t, "test")))
	if err != nil {
		t.Fatal(err)
	}
	g.commits()
	return s, g
}

// together runs functions that all wait while the gate is shut, so that they share
// what comes after the transaction that waits in the gate.
func together(s storage.Store, g *gate, calls ...func()) {
	g.close()
	var group sync.WaitGroup
	group.Go(func() {
		_ = s.Update(context.Background(), func(tx storage.Tx) error { return tx.Put("first", []byte("1")) })
	})
	synctest.Wait()
	for _, call := range calls {
		group.Go(call)
		synctest.Wait() // it has its place
	}
	g.open()
	group.Wait()
}

func testGroup(t *testing.T, fresh func(testing.TB) Place) {
	synctest.Test(t, func(t *testing.T) {
		s, g := gated(t, fresh)
		defer closeStore(t, s)
		ctx, cancel := context.WithCancel(t.Context())
		update := func(fn func(storage.Tx) error) func() {
			return func() {
				if err := s.Update(t.Context(), fn); err != nil {
					t.Error(err)
				}
			}
		}
		together(s, g,
			update(func(tx storage.Tx) error { return storage.Put(tx, "count", 1) }),
			func() {
				err := s.Update(t.Context(), func(tx storage.Tx) error {
					return errors.Join(tx.Put("count", []byte("77")), tx.Put("lost", []byte("1")), errOwn)
				})
				if !errors.Is(err, errOwn) {
					t.Errorf("a function that failed: %v", err)
				}
			},
			func() {
				defer func() {
					if said := recover(); said != "on purpose" {
						t.Errorf("a function that panicked: %v", said)
					}
				}()
				_ = s.Update(t.Context(), func(tx storage.Tx) error {
					_ = tx.Put("lost", []byte("2"))
					panic("on purpose")
				})
			},
			func() { // a test that ends within a function
				_ = s.Update(t.Context(), func(tx storage.Tx) error {
					_ = tx.Put("lost", []byte("3"))
					runtime.Goexit()
					return nil
				})
			},
			func() {
				err := s.Update(ctx, func(storage.Tx) error {
					t.Error("a function ran whose caller had given up")
					return nil
				})
				if !errors.Is(err, context.Canceled) {
					t.Errorf("a caller that gave up: %v", err)
				}
			},
			cancel,
			update(func(tx storage.Tx) error {
				n, _, err := storage.Get[int](tx, "count")
				return errors.Join(err, storage.Put(tx, "count", n+1))
			}),
		)
		if got := get(t.Context(), t, s, "count"); got != "2" {
			t.Errorf("the second function has not seen what the first wrote: %s", got)
		}
		if got := get(t.Context(), t, s, "lost"); got != "" {
			t.Errorf("a function that failed has left %q", got)
		}
		if n := g.commits(); n != 2 {
			t.Errorf("%d transactions, want the one in the gate and one for all others", n)
		}
	})
}

// testGroupFails: a commit that fails may have been made. All are told, also those
// whose own error rests on what others wrote in it.
func testGroupFails(t *testing.T, fresh func(testing.TB) Place) {
	synctest.Test(t, func(t *testing.T) {
		s, g := gated(t, fresh)
		defer closeStore(t, s)
		lost := errors.New("the disk is gone")
		calls := []func(storage.Tx) error{
			func(storage.Tx) error { return errOwn }, // has seen what is on disk
			func(tx storage.Tx) error { return tx.Put("a", []byte("1")) },
			func(tx storage.Tx) error {
				if there, err := tx.Get("a"); err != nil || there == nil {
					t.Errorf("a: %q, %v", there, err)
				}
				return errOwn
			},
		}
		var run []func()
		told := make([]error, len(calls))
		for i, fn := range calls {
			run = append(run, func() { told[i] = s.Update(t.Context(), fn) })
		}
		g.fail(lost)
		together(s, g, run...)
		g.fail(nil)
		if told[0] != errOwn || !errors.Is(told[1], lost) || !errors.Is(told[2], lost) { //nolint:errorlint // it must be returned as it is
			t.Errorf("told %v", told)
		}
	})
}

// testGroupRoom: of those who wait, as many share a transaction as it has room for, and the
// others another, in their order.
func testGroupRoom(t *testing.T, fresh func(testing.TB) Place) {
	const each = storage.MostWrites/2 - 10
	synctest.Test(t, func(t *testing.T) {
		s, g := gated(t, fresh)
		defer closeStore(t, s)
		var order []int
		var calls []func()
		for i := range 5 {
			calls = append(calls, func() {
				err := s.Update(t.Context(), func(tx storage.Tx) error {
					for j := range each {
						if err := storage.Put(tx, fmt.Sprintf("n/%d/%d", i, j), true); err != nil {
							return err
						}
					}
					n, _, err := storage.Get[[]int](tx, "order")
					order = append(n, i)
					return errors.Join(err, storage.Put(tx, "order", order))
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		together(s, g, calls...)
		if want := []int{0, 1, 2, 3, 4}; !slices.Equal(order, want) {
			t.Errorf("they came in the order %v", order)
		}
		if n := g.commits(); n != 4 {
			t.Errorf("%d transactions, want the one in the gate and three of two, two and one", n)
		}
		if n := len(scan(t.Context(), t, s, "n/", "", 0)); n != 5*each {
			t.Errorf("%d records, want %d", n, 5*each)
		}
	})
}

// testNothingWritten: what changes nothing costs no commit.
func testNothingWritten(t *testing.T, fresh func(testing.TB) Place) {
	synctest.Test(t, func(t *testing.T) {
		s, g := gated(t, fresh)
		defer closeStore(t, s)
		ctx := t.Context()
		put(ctx, t, s, "k", "v")
		g.commits()
		put(ctx, t, s, "k", "v")
		err := s.Update(ctx, func(tx storage.Tx) error {
			_, err := tx.Get("k")
			return errors.Join(err, tx.Put("k", []byte("w")), tx.Put("k", []byte("v")), tx.Delete("absent"))
		})
		if n := g.commits(); err != nil || n != 0 {
			t.Errorf("%d commits for nothing: %v", n, err)
		}
	})
}

// testSoon: what can wait shares the transaction of somebody else, and has one of its
// own when nobody comes.
func testSoon(t *testing.T, fresh func(testing.TB) Place) {
	synctest.Test(t, func(t *testing.T) {
		s, g := gated(t, fresh)
		defer closeStore(t, s)
		var group sync.WaitGroup
		soon := func(key string) {
			group.Go(func() {
				if err := s.Soon(t.Context(), func(tx storage.Tx) error { return tx.Put(key, []byte("1")) }); err != nil {
					t.Error(err)
				}
			})
			synctest.Wait()
		}
		began := time.Now()
		soon("a")
		soon("b")
		if n := g.commits(); n != 0 {
			t.Fatalf("%d commits before anybody came", n)
		}
		put(t.Context(), t, s, "c", "1")
		group.Wait()
		if n := g.commits(); n != 1 || time.Since(began) != 0 {
			t.Errorf("%d commits for three, after %s", n, time.Since(began))
		}
		soon("d")
		soon("e")
		group.Wait()
		if n := g.commits(); n != 1 || time.Since(began) > 100*time.Millisecond {
			t.Errorf("nobody came: %d commits, after %s", n, time.Since(began))
		}
		began = time.Now()
		soon("f")
		s.Flush()
		group.Wait()
		soon("g")
		s.Flush()
		group.Wait()
		if n := g.commits(); n != 2 || time.Since(began) != 0 {
			t.Errorf("hurried: %d commits, after %s", n, time.Since(began))
		}
		given, cancel := context.WithCancel(t.Context())
		group.Go(func() {
			if err := s.Soon(given, func(tx storage.Tx) error { return tx.Put("h", []byte("1")) }); !errors.Is(err, context.Canceled) {
				t.Errorf("given up: %v", err)
			}
		})
		synctest.Wait()
		cancel()
		group.Wait()
		soon("i")
		group.Wait()
		for _, key := range []string{"a", "b", "d", "e", "f", "g", "i"} {
			if get(t.Context(), t, s, key) != "1" {
				t.Errorf("%s was not written", key)
			}
		}
		if get(t.Context(), t, s, "h") != "" {
			t.Error("what was given up was written")
		}
	})
}

// testGroupModel has random functions share transactions, some of which fail, and
// compares with a map that has them one after the other.
func testGroupModel(t *testing.T, fresh func(testing.TB) Place) {
	rapid.Check(t, func(r *rapid.T) {
		type step struct {
			key, value string // no value: deleted
		}
		type call struct {
			steps []step
			end   string
		}
		ends := rapid.SampledFrom([]string{"done", "done", "done", "error", "panic", "soon"})
		calls := rapid.SliceOfN(rapid.Custom(func(r *rapid.T) call {
			return call{end: ends.Draw(r, "end"), steps: rapid.SliceOfN(rapid.Custom(func(r *rapid.T) step {
				return step{rapid.StringMatching(`[ab]{1,2}`).Draw(r, "key"), rapid.StringMatching(`[xyz]{0,2}`).Draw(r, "value")}
			}), 1, 4).Draw(r, "steps")}
		}), 1, 20).Draw(r, "calls")
		synctest.Test(t, func(t *testing.T) {
			s, g := gated(t, fresh)
			defer closeStore(t, s)
			models := make([]map[string]string, len(calls)+1) // before each call
			models[0] = map[string]string{}
			var run []func()
			for i, c := range calls {
				run = append(run, func() {
					defer func() { _ = recover() }()
					update := s.Update
					if c.end == "soon" {
						update = s.Soon
					}
					err := update(t.Context(), func(tx storage.Tx) error {
						models[i+1] = models[i]
						is := maps.Clone(models[i])
						for _, step := range c.steps {
							if got, err := tx.Get(step.key); err != nil || string(got) != is[step.key] {
								t.Errorf("call %d: %s is %q, %v; want %q", i, step.key, got, err, is[step.key])
							}
							if step.value == "" {
								delete(is, step.key)
								_ = tx.Delete(step.key)
								continue
							}
							is[step.key] = step.value
							_ = tx.Put(step.key, []byte(step.value))
						}
						switch c.end {
						case "error":
							return errOwn
						case "panic":
							panic(errOwn)
						}
						models[i+1] = is
						return nil
					})
					if errors.Is(err, errOwn) != (c.end == "error") {
						t.Errorf("call %d: %v", i, err)
					}
				})
			}
			together(s, g, run...)
			model := models[len(calls)]
			model["first"] = "1"
			var want []pair
			for _, key := range slices.Sorted(maps.Keys(model)) {
				want = append(want, pair{key, model[key]})
			}
			if diff := cmp.Diff(want, scan(t.Context(), t, s, "", "", 0)); diff != "" {
				t.Errorf("the store (-want +got):\n%s", diff)
			}
			if n := g.commits(); n > 2 {
				t.Errorf("%d transactions, want at most 2", n)
			}
		})
		if t.Failed() {
			r.Fatal("with these calls", calls)
		}
	})
}
