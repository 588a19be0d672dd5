package etcd

import (
	"context"
	"sync"
	"time"

	"go.etcd.io/etcd/api/v3/etcdserverpb"
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
func (t *term) keep(ctx context.Context, client *clientv3.Client) {
	r := newRenewer(client, t.id)
	defer r.close()
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
		granted, err := r.renew(attempt)
		cancel()
		pause = often
		switch {
		case err == nil && granted > 0:
			if t.left() > 0 { // else it is over, whatever was granted
				t.renewed(asked)
			}
		case err == nil: // there is no such lease any more
			t.finish()
			return
		default:
			pause = often / renewals
		}
	}
}

// renewer asks for a lease on one stream, as long as that works: with a user, the client logs in
// anew for each stream that it opens, which costs the member what checking a password does.
type renewer struct {
	lease  etcdserverpb.LeaseClient
	id     clientv3.LeaseID
	stream etcdserverpb.Lease_LeaseKeepAliveClient // nil: none is open
	end    context.CancelFunc                      // of the stream
}

func newRenewer(client *clientv3.Client, id clientv3.LeaseID) *renewer {
	return &renewer{lease: etcdserverpb.NewLeaseClient(client.ActiveConnection()), id: id}
}

// renew returns for how many seconds the lease is granted; 0: there is none any more. After an
// error, also of a ctx that ended, the next call opens a stream anew, so that no answer is taken
// for that of a later request.
func (r *renewer) renew(ctx context.Context) (seconds int64, err error) {
	if r.stream == nil {
		var of context.Context
		of, r.end = context.WithCancel(context.WithoutCancel(ctx))
		defer context.AfterFunc(ctx, r.end)()
		if r.stream, err = r.lease.LeaseKeepAlive(of); err != nil {
			r.close()
			return 0, err
		}
	} else {
		defer context.AfterFunc(ctx, r.end)()
	}
	var granted *etcdserverpb.LeaseKeepAliveResponse
	if err = r.stream.Send(&etcdserverpb.LeaseKeepAliveRequest{ID: int64(r.id)}); err == nil {
		granted, err = r.stream.Recv()
	}
	if err == nil {
		err = ctx.Err() // then the stream has ended, too
	}
	if err != nil {
		r.close()
		return 0, err
	}
	return granted.GetTTL(), nil
}

// close ends the stream.
func (r *renewer) close() {
	if r.end != nil {
		r.end()
	}
	r.stream, r.end = nil, nil
}
