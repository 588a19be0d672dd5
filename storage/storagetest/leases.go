package storagetest

import (
	"context"
	"errors"
	"sync"
	"testing"

	"zomrobot/storage"
)

// check runs a transaction that the lease fences.
func check(ctx context.Context, s storage.Store, lease storage.Lease) error {
	return s.Update(ctx, func(tx storage.Tx) error { return lease.Check(tx) })
}

func own(t *testing.T, s storage.Store, name string) storage.Lease {
	t.Helper()
	lease, err := s.Own(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return lease
}

func testLease(t *testing.T, fresh func(testing.TB) Place) {
	s, ctx := start(t, fresh), t.Context()
	if _, err := s.Own(ctx, ""); err == nil {
		t.Error("Own of no name is no error")
	}
	first, other := own(t, s, "account/1"), own(t, s, "account/2")
	if err := check(ctx, s, first); err != nil {
		t.Errorf("Check by the owner: %v", err)
	}
	if err := s.View(ctx, first.Check); err != nil {
		t.Errorf("Check by the owner in a View: %v", err)
	}
	select {
	case <-first.Done():
		t.Error("Done is closed while the lease is owned")
	default:
	}

	// Whoever gives up waiting does not stand in the way of others.
	waiting, giveUp := context.WithCancel(ctx)
	gone := make(chan error, 1)
	go func() { _, err := s.Own(waiting, "account/1"); gone <- err }()
	giveUp()
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Errorf("Own whose context ended: %v", err)
	}

	first.Release()
	first.Release()
	<-first.Done()
	if err := check(ctx, s, first); !errors.Is(err, storage.ErrLost) {
		t.Errorf("Check after Release: %v, want ErrLost", err)
	}
	second := own(t, s, "account/1")
	first.Release() // of a lease that somebody else owns now
	if err := errors.Join(check(ctx, s, second), check(ctx, s, other)); err != nil {
		t.Errorf("Check by the owners: %v", err)
	}
	if err := check(ctx, s, first); !errors.Is(err, storage.ErrLost) {
		t.Errorf("Check by an earlier owner: %v, want ErrLost", err)
	}
	second.Release()
	other.Release()
}

// testLeaseOrder checks that only one owns at a time and that all get their turn.
func testLeaseOrder(t *testing.T, fresh func(testing.TB) Place) {
	s, ctx := start(t, fresh), t.Context()
	var (
		group  sync.WaitGroup
		owners int // race detector and count both say when two own at once
	)
	for range 8 {
		group.Go(func() {
			for range 3 {
				lease, err := s.Own(ctx, "name")
				if err != nil {
					t.Error(err)
					return
				}
				if owners++; owners != 1 {
					t.Errorf("%d own the name at once", owners)
				}
				if err := check(ctx, s, lease); err != nil {
					t.Error(err)
				}
				owners--
				lease.Release()
			}
		})
	}
	group.Wait()
}

// testLeaseFence checks that an owner from before a restart is recognised.
func testLeaseFence(t *testing.T, fresh func(testing.TB) Place) {
	ctx, place, keys := t.Context(), fresh(t), Keys(t, Key(t, "test"))
	s, err := openAt(ctx, place, keys)
	if err != nil {
		t.Fatal(err)
	}
	old := own(t, s, "name")
	closeStore(t, s)
	<-old.Done()
	if s, err = openAt(ctx, place, keys); err != nil {
		t.Fatal(err)
	}
	defer closeStore(t, s)
	if err := check(ctx, s, old); !errors.Is(err, storage.ErrLost) {
		t.Errorf("Check by an owner from before a restart: %v, want ErrLost", err)
	}
	lease := own(t, s, "name")
	if err := check(ctx, s, lease); err != nil {
		t.Errorf("Check after a restart: %v", err)
	}
	lease.Release()
}
