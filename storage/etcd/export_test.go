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
	answer, err := b.request(&tx{keys: []string{key}, wrote: map[string][]byte{key: []byte(value)}}, number)(ctx)
	return err == nil && answer.Succeeded, err
}
