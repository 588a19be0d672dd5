package telegram

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"zomrobot/chat"
)

func testDispatcher(parallel int, handle Handler) (*dispatcher, *bytes.Buffer) {
	logged := new(bytes.Buffer)
	discard := func(context.Context, int64) error { return nil }
	return newDispatcher(parallel, handle, discard, slog.New(slog.NewTextHandler(logged, nil))), logged
}

// TestDispatchOrder: whatever comes, and however long each update takes, a
// conversation's updates are handled one by one in their order, each once, and
// no more conversations at once than the cap allows.
func TestDispatchOrder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		chats := rapid.SliceOfN(rapid.Int64Range(1, 6), 1, 60).Draw(rt, "chats")
		takes := rapid.SliceOfN(rapid.IntRange(0, 50), len(chats), len(chats)).Draw(rt, "takes")
		fails := rapid.SliceOfN(rapid.IntRange(0, 2), len(chats), len(chats)).Draw(rt, "fails")
		parallel := rapid.IntRange(1, 4).Draw(rt, "parallel")
		synctest.Test(t, func(*testing.T) {
			var mu sync.Mutex
			handled := make(map[int64][]int64)
			running := make(map[int64]bool)
			most := 0
			d, _ := testDispatcher(parallel, func(_ context.Context, u Update) error {
				mu.Lock()
				if running[u.Key.Chat] {
					rt.Errorf("two updates of chat %d at once", u.Key.Chat)
				}
				running[u.Key.Chat] = true
				most = max(most, len(running))
				mu.Unlock()
				time.Sleep(time.Duration(takes[u.ID]) * time.Millisecond)
				mu.Lock()
				defer mu.Unlock()
				delete(running, u.Key.Chat)
				if fails[u.ID]--; fails[u.ID] >= 0 {
					return errors.New("not now")
				}
				handled[u.Key.Chat] = append(handled[u.Key.Chat], u.ID)
				return nil
			})
			want := make(map[int64][]int64)
			for id, group := range chats {
				u := Update{ID: int64(id), Key: chat.Key{Chat: group, User: group}}
				d.add(u)
				d.add(u) // a second time changes nothing
				want[group] = append(want[group], u.ID)
			}
			d.wait.Wait()
			for chat, ids := range want {
				if !slices.Equal(handled[chat], ids) {
					rt.Errorf("chat %d: handled %v, want %v", chat, handled[chat], ids)
				}
			}
			if most > parallel {
				rt.Errorf("%d conversations at once, the cap is %d", most, parallel)
			}
			if len(d.ids) != 0 || len(d.queues) != 0 {
				rt.Errorf("left over: %v, %v", d.ids, d.queues)
			}
			d.drain(time.Second)
		})
	})
}

func TestPanicCostsOneUpdate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var handled, discarded []int64
		d, logged := testDispatcher(1, func(_ context.Context, u Update) error {
			switch u.ID {
			case 1:
				panic("hunter2")
			case 2:
				var none []int
				_ = none[u.ID]
			}
			handled = append(handled, u.ID)
			return nil
		})
		d.discard = func(_ context.Context, id int64) error {
			discarded = append(discarded, id)
			return nil
		}
		for id := range int64(4) {
			d.add(Update{ID: id})
		}
		d.wait.Wait()
		if !slices.Equal(handled, []int64{0, 3}) || !slices.Equal(discarded, []int64{1, 2}) {
			t.Errorf("handled %v, discarded %v", handled, discarded)
		}
		if text := logged.String(); strings.Contains(text, "hunter2") || !strings.Contains(text, "index out of range") || !strings.Contains(text, "dispatch_test.go") {
			t.Errorf("log: %s", text)
		}
		d.drain(time.Second)
	})
}

func TestRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		next := make(chan struct{})
		d, _ := testDispatcher(1, func(context.Context, Update) error { <-next; return nil })
		d.limit = 2
		if err := d.room(t.Context()); err != nil {
			t.Fatal(err)
		}
		d.add(Update{ID: 1})
		d.add(Update{ID: 2})

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := d.room(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("there is room in a full queue: %v", err)
		}
		got := make(chan error)
		for range 3 {
			go func() { got <- d.room(t.Context()) }()
		}
		synctest.Wait()
		next <- struct{}{}
		for range 3 {
			if err := <-got; err != nil {
				t.Error(err)
			}
		}
		next <- struct{}{}
		d.drain(time.Second)
	})
}

func TestDrain(t *testing.T) {
	for _, tt := range []struct {
		name    string
		takes   time.Duration
		obeys   bool // ends with its context
		running int
		took    time.Duration
	}{
		{"in time", 3 * time.Second, true, 0, 3 * time.Second},
		{"too long", time.Hour, true, 1, 10 * time.Second},
		{"deaf", time.Hour, false, 1, 10*time.Second + lastGrace},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var handled, begun atomic.Int64
				d, _ := testDispatcher(1, func(ctx context.Context, _ Update) error {
					begun.Add(1)
					done := ctx.Done()
					if !tt.obeys {
						done = nil
					}
					select {
					case <-time.After(tt.takes):
						handled.Add(1)
						return nil
					case <-done:
						return ctx.Err()
					}
				})
				for id := range int64(3) {
					d.add(Update{ID: id})
				}
				d.add(Update{ID: 9, Key: chat.Key{Chat: 9}}) // waits for the slot
				synctest.Wait()
				begin := time.Now()
				if running := d.drain(10 * time.Second); running != tt.running || time.Since(begin) != tt.took {
					t.Errorf("%d running after %s, want %d after %s", running, time.Since(begin), tt.running, tt.took)
				}
				if want := int64(1 - tt.running); handled.Load() != want {
					t.Errorf("%d handled, want %d", handled.Load(), want)
				}
				d.add(Update{ID: 10})
				d.wait.Wait()
				if n := begun.Load(); n != 1 {
					t.Errorf("%d were begun, want the first alone", n)
				}
			})
		})
	}
}
