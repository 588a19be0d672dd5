package etcd_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"zomrobot/storage"
	"zomrobot/storage/etcd/etcdtest"
)

// TestRoom: how much a member may take is known, and that it takes no more.
func TestRoom(t *testing.T) {
	t.Parallel()
	const quota = 16 << 20
	url := urlOf(t, etcdtest.StartSmall(t, quota).Addresses())
	b := lead(t, url)
	room := func() (size, free uint64) {
		t.Helper()
		b.LookForRoom(t.Context())
		size, err := b.Size(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if free, err = b.Free(t.Context()); err != nil {
			t.Fatal(err)
		}
		return size, free
	}
	if size, free := room(); size == 0 || size+free != quota {
		t.Errorf("%d bytes are taken and %d free, of %d", size, free, quota)
	}
	value := make([]byte, 1<<20-1000)
	var err error
	for i := 0; err == nil; i++ {
		if i > 2*quota/len(value) {
			t.Fatal("more is taken than the quota")
		}
		err = b.Update(t.Context(), func(tx storage.Tx) error { return tx.Put(fmt.Sprint(i), value) })
	}
	if !errors.Is(err, storage.ErrFull) {
		t.Errorf("a commit into a full store: %v, want ErrFull", err)
	}
	if size, free := room(); size < quota/2 || free != 0 {
		t.Errorf("of a full store %d bytes are taken and %d free", size, free)
	}
	if err := b.Leads(0); err != nil {
		t.Errorf("a full store ends the lead: %v", err)
	}
	closed(t, b)

	// Who wants to lead a full store waits until somebody makes room.
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	said := make(lines, 1)
	go func() {
		<-said // that it cannot be used yet
		cancel()
	}()
	waiting := connectWith(t, url, said)
	if _, err := waiting.Lead(ctx, ignore); !errors.Is(err, context.Canceled) {
		t.Errorf("a full store is led: %v, want that it is waited for", err)
	}
	_ = waiting.Close()
}
