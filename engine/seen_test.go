package engine

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"zomrobot/storage"
	"zomrobot/storage/storagetest"
	"zomrobot/telegram"
)

// seenWorld is the inbox alone, on a store that outlives the engine.
type seenWorld struct {
	t     *testing.T
	store *storagetest.Counted
	now   time.Time
	*Engine
}

func newSeenWorld(t *testing.T) *seenWorld {
	w := &seenWorld{t: t, store: &storagetest.Counted{Store: storagetest.Open(t)}, now: time.Date(2026, 11, 23, 23, 0, 0, 0, time.UTC)}
	w.restart()
	return w
}

// restart takes what is known from the store alone.
func (w *seenWorld) restart() {
	w.t.Helper()
	w.Engine = New(Config{Store: w.store, Now: func() time.Time { return w.now }})
	if err := w.seenIDs.load(w.t.Context(), w.store); err != nil {
		w.t.Fatal(err)
	}
}

// accept has updates come, and returns which of them are new.
func (w *seenWorld) accept(ids ...int64) (fresh []int64) {
	w.t.Helper()
	var updates []telegram.Raw
	for _, id := range ids {
		updates = append(updates, telegram.Raw{ID: id, Body: []byte("{}")})
	}
	kept, err := w.Inbox().Accept(w.t.Context(), updates)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, u := range kept {
		fresh = append(fresh, u.ID)
	}
	return fresh
}

func (w *seenWorld) forget() {
	w.t.Helper()
	if err := w.forgetSeen(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

// left returns how many keys of ids begin so.
func (w *seenWorld) left(prefix string) int {
	w.t.Helper()
	keys, err := storage.Keys(w.t.Context(), w.store, prefix)
	if err != nil {
		w.t.Fatal(err)
	}
	return len(keys)
}

// TestSeenIDs: an id is recognised for two days, whatever day it came on, also after a
// restart and by a clock that went back, and then it is forgotten.
func TestSeenIDs(t *testing.T) {
	t.Parallel()
	w := newSeenWorld(t)
	if fresh := w.accept(1, 2, 1); !slices.Equal(fresh, []int64{1, 2}) {
		t.Fatalf("%v are new", fresh)
	}
	for range 48 {
		w.now = w.now.Add(time.Hour)
		w.restart()
		w.forget()
		if fresh := w.accept(1, 2); len(fresh) > 0 {
			t.Fatalf("%v are new at %v", fresh, w.now)
		}
	}
	w.accept(3)
	w.now = w.now.Add(-24 * time.Hour)
	w.restart()
	if fresh := w.accept(3, 1); len(fresh) > 0 {
		t.Errorf("%v are new for a clock that went back", fresh)
	}
	w.now = w.now.Add(48 * time.Hour)
	w.restart()
	w.forget()
	if fresh := w.accept(3, 1); !slices.Equal(fresh, []int64{1}) {
		t.Errorf("%v are new after a day that is over", fresh)
	}
	w.now = w.now.Add(96 * time.Hour)
	w.forget()
	if n := w.left(seenPrefix); n != 0 {
		t.Errorf("%d ids are left", n)
	}
}

// TestSeenIDsOfEarlierVersions are recognised for two days, and then are forgotten.
func TestSeenIDsOfEarlierVersions(t *testing.T) {
	t.Parallel()
	w := newSeenWorld(t)
	const old = 2*atOnce + 10
	err := w.store.Update(t.Context(), func(tx storage.Tx) error {
		for id := range int64(old) {
			if err := storage.Put(tx, fmt.Sprintf("seen/%020d", id), w.now); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	w.restart()
	for range 48 {
		if fresh := w.accept(7, old-1); len(fresh) > 0 {
			t.Fatalf("%v are new at %v", fresh, w.now)
		}
		w.accept(1_000_000) // the new form is there
		w.now = w.now.Add(time.Hour)
		w.restart()
		w.forget()
	}
	w.now = w.now.Add(24 * time.Hour)
	w.restart()
	w.forget()
	if n := w.left(seenPrefix); n != 0 {
		t.Errorf("%d ids are left", n)
	}
	if fresh := w.accept(7); len(fresh) != 1 {
		t.Error("an id is not new that was forgotten")
	}
}

// TestForgettingReadsNoOthers: forgetting costs by what is forgotten, and a start by
// the days that there are.
func TestForgettingReadsNoOthers(t *testing.T) {
	t.Parallel()
	reads := func(kept int64) (start, forget int) {
		w := newSeenWorld(t)
		w.accept(1, 2, 3)
		w.now = w.now.Add(72 * time.Hour)
		var ids []int64
		for id := range kept {
			ids = append(ids, 10+id)
		}
		w.accept(ids...)
		w.store.Reset()
		w.restart()
		start = w.store.Reads()
		w.store.Reset()
		w.forget()
		forget = w.store.Reads()
		if n := w.left(seenPrefix); n != int(kept) {
			t.Errorf("%d ids are left, want %d", n, kept)
		}
		w.store.Reset()
		w.forget()
		if n := w.store.Reads(); n != 0 {
			t.Errorf("%d records are read when nothing is to be forgotten", n)
		}
		return start, forget
	}
	start, forget := reads(atOnce)
	if more, again := reads(4 * atOnce); more != start || again != forget {
		t.Errorf("a start reads %d records, and %d in a larger store; forgetting %d and %d", start, more, forget, again)
	}
}
