package etcd

import (
	"context"
	"errors"
	"sync"
	"time"

	"go.etcd.io/etcd/api/v3/v3rpc/rpctypes"
	clientv3 "go.etcd.io/etcd/client/v3"
)

// renewals is how often a lease is asked for again in its time.
const renewals = 4

// term is the time for which this process leads, as it sees it.
type term struct {
	id   clientv3.LeaseID
	ttl  time.Duration
	now  func() time.Time
	lost chan struct{} // closed when it is over

	mu    sync.Mutex
	begun time.Time // when the lease was asked for that is granted now
	over  bool
}

func newTerm(id clientv3.LeaseID, ttl time.Duration, asked time.Time, now func() time.Time) *term {
	return &term{id: id, ttl: ttl, now: now, lost: make(chan struct{}), begun: asked}
}

// left is for how long it goes on at least; nothing when it is over, and once over, it stays
// so.
func (t *term) left() time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.over {
		return 0
	}
	now := t.now()
	// The first clock stops while the machine sleeps, the second can be set.
	passed := max(now.Sub(t.begun), now.Round(0).Sub(t.begun.Round(0)))
	if passed >= t.ttl {
		t.end()
		return 0
	}
	return t.ttl - passed
}

// renewed notes that a lease that was asked for at a time was granted.
func (t *term) renewed(asked time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.begun = asked
}

// end ends it. The caller holds the lock.
func (t *term) end() {
	if !t.over {
		t.over = true
		close(t.lost)
	}
}

// finish ends it, whatever is left of it.
func (t *term) finish() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.end()
}

// keep asks for the lease again and again until it is over.
func (t *term) keep(ctx context.Context, client clientv3.Lease) {
	often := t.ttl / renewals
	for pause := often; ; {
		left := t.left()
		if left == 0 {
			return
		}
		wait := time.NewTimer(min(pause, left))
		select {
		case <-ctx.Done():
			wait.Stop()
			return
		case <-t.lost:
			wait.Stop()
			return
		case <-wait.C:
		}
		if left = t.left(); left == 0 {
			return
		}
		asked := t.now()
		attempt, cancel := context.WithTimeout(ctx, min(left, often))
		granted, err := client.KeepAliveOnce(attempt, t.id)
		cancel()
		pause = often
		switch {
		case err == nil && granted.TTL > 0:
			if t.left() > 0 { // else it is over, whatever was granted
				t.renewed(asked)
			}
		case err == nil || errors.Is(err, rpctypes.ErrLeaseNotFound):
			t.finish()
			return
		default:
			pause = often / renewals
		}
	}
}
