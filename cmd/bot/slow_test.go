package main

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"zomrobot/storage"
	"zomrobot/zomro/sandbox"
)

// slowStore makes time pass before each transaction that writes.
type slowStore struct {
	storage.Store
	wait func()
}

func (s slowStore) Update(ctx context.Context, fn func(storage.Tx) error) error {
	s.wait()
	return s.Store.Update(ctx, fn)
}

func (s slowStore) Soon(ctx context.Context, fn func(storage.Tx) error) error {
	s.wait()
	return s.Store.Soon(ctx, fn)
}

// TestStoreSlowerThanLooks: a purchase that rests until a time which has come by the time
// that is kept goes on at once: nothing else would wake it.
func TestStoreSlowerThanLooks(t *testing.T) {
	t.Parallel()
	var slow atomic.Bool
	var w *world
	w = newWorldOf(t, sandbox.Config{ActivationDelay: 10 * time.Minute}, func(p *Program) {
		p.wrapStore = func(s storage.Store) storage.Store {
			return slowStore{s, func() {
				if slow.Load() {
					w.clock.move(time.Minute)
				}
			}}
		}
	})
	w.login(anna)
	w.say(anna, shortOrder)
	w.tap(anna, "✅ Order for €5.76")
	slow.Store(true)
	w.pass(time.Minute)
	if !w.said(anna, "The server is active") {
		t.Errorf("it stands still:\n%s", w.chats.Transcript(anna))
	}
}
