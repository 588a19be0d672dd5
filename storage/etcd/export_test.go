package etcd

import (
	"context"
	"time"
)

// What the tests of this folder need of the inside.

// SetClock replaces the clock by which a cluster counts its leases. It is for before it leads.
func (c *Cluster) SetClock(now func() time.Time) { c.now = now }

// Term is the time for which a process leads.
type Term = term

// NewTerm returns a term that was asked for now.
func NewTerm(ttl time.Duration, now func() time.Time) *Term { return newTerm(0, ttl, now(), now) }

// Left is for how long it goes on.
func (t *term) Left() time.Duration { return t.left() }

// Password is the password that a URL has led to.
func (c Config) Password() string { return c.password }

// SendLate sends a commit with an earlier number, as one that was on its way for long, and
// returns whether it was made.
func (b *Backend) SendLate(ctx context.Context, number int64, key, value string) (bool, error) {
	answer, err := b.request(one(key, value), number-1, number)(ctx)
	return err == nil && answer.Succeeded, err
}

// SendUnheard sends the next commit and takes it for failed, whatever comes of it.
func (b *Backend) SendUnheard(ctx context.Context, key, value string) (bool, error) {
	request, _ := b.next(one(key, value))
	answer, err := request(ctx)
	return err == nil && answer.Succeeded, err
}

// Renewing asks for the lease of a leader again, as it does itself.
func (b *Backend) Renewing() func(context.Context) (seconds int64, err error) {
	return newRenewer(b.cluster.client, b.term.id).renew
}

func one(key, value string) *tx {
	return &tx{keys: []string{key}, wrote: map[string][]byte{key: []byte(value)}}
}

// LookForRoom asks the members how much room there is.
func (b *Backend) LookForRoom(ctx context.Context) { b.room.look(ctx, b.cluster) }
