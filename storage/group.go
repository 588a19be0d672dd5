package storage

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// patience is how long a function given to [Store.Soon] waits at most for a
// transaction that it can share.
const patience = 50 * time.Millisecond

// groupMost is how many functions share a transaction at most.
const groupMost = 256

// A commit waits for as many functions as shared the last one, for this part of the time
// that the last one took and never longer than gatherMost: those that were answered come
// back a moment later, and would wait for two commits instead of one.
const (
	gatherPart = 8
	gatherMost = 2 * time.Millisecond
)

// group makes one transaction of the backend of all functions that wait while the
// one before it is written: a disk takes as long for one as for many. One who is alone
// never waits for others. Each function sees what those before it wrote, in the order in
// which they came, and its error or panic undoes what it wrote and nothing else.
// All are answered after the commit. Where the backend has no more room in a transaction,
// the next ones have their turns in another.
type group struct {
	backend Backend
	room    size // what a transaction takes
	keys    Keyring
	observe atomic.Pointer[func(Commit)] // nil: nobody is told of commits

	mu      sync.Mutex
	queue   []*member
	hurried bool // one in the queue does not wait to share
	working bool // a goroutine works the queue off
	timer   *time.Timer
	want    int           // so many in a hurry are waited for; 0: nobody waits
	there   chan struct{} // told that they have come
}

// member is a function on its way into a transaction. It runs in the goroutine of
// its caller.
type member struct {
	turn chan *sharedTx // the transaction, when it is the function's turn
	ran  chan outcome   // what came of it
	done chan error     // the commit's error
	left bool           // the caller waits no more; only the group's goroutine looks at it

	patient bool // it waits for a transaction that somebody else wants
}

// outcome is what came of one run of a function.
type outcome struct {
	wrote *overlay // nil: it failed
	left  bool     // its caller does not wait for the commit
}

// update runs fn in a transaction that others may share. patient: it waits for one
// that somebody else wants, as long as [patience].
func (g *group) update(ctx context.Context, fn func(Tx) error, patient bool) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m := &member{turn: make(chan *sharedTx), ran: make(chan outcome), done: make(chan error, 1), patient: patient}
	g.join(m)
	var own error
	for ended := ctx.Done(); ; {
		select {
		case <-ended:
			if g.leave(m) {
				return ctx.Err()
			}
			ended = nil // its transaction has begun
		case tx := <-m.turn:
			// What others wrote before it is not on disk yet: an error that rests on
			// that is told after the commit.
			waits := tx.written
			if own = m.run(tx, fn, g.keys, waits); own != nil && !waits {
				return own
			}
		case err := <-m.done:
			if err == nil {
				err = own
			}
			return err
		}
	}
}

// run runs the function in its turn. waits: the caller waits for the commit also
// when the function fails.
func (m *member) run(tx *sharedTx, fn func(Tx) error, keys Keyring, waits bool) (own error) {
	o := newOverlay(sealedTx{tx, keys})
	result := outcome{left: true} // after a panic, or the end of the goroutine
	defer func() {
		o.over = true
		m.ran <- result
	}()
	own = fn(o)
	if o.broken != nil {
		own = o.broken
	}
	if n := o.size(); own == nil && !n.within(size{MostWrites, MostBytes}) {
		own = fmt.Errorf("%w: %d keys and %d bytes, at most %d and %d", ErrTooLarge, n.writes, n.bytes, MostWrites, MostBytes)
	}
	if own == nil {
		result = outcome{wrote: o}
	} else {
		result.left = !waits
	}
	return own
}

// join puts a member into the queue.
func (g *group) join(m *member) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.queue = append(g.queue, m)
	if g.want > 0 && !m.patient && hurried(g.queue) >= g.want {
		g.want = 0
		g.there <- struct{}{}
	}
	switch {
	case !m.patient:
		g.hurry()
	case g.timer == nil:
		g.timer = time.AfterFunc(patience, g.flush)
	}
}

// leave takes a member out of the queue, unless its transaction has begun.
func (g *group) leave(m *member) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	before := len(g.queue)
	g.queue = slices.DeleteFunc(g.queue, func(other *member) bool { return other == m })
	return len(g.queue) < before
}

// flush has nobody wait for others to share with.
func (g *group) flush() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.hurry()
}

// hurry has the queue worked off. The caller holds the lock.
func (g *group) hurry() {
	if g.timer != nil {
		g.timer.Stop()
		g.timer = nil
	}
	g.hurried = len(g.queue) > 0
	if g.hurried && !g.working {
		g.working = true
		go g.work()
	}
}

// work makes transactions until nobody is in a hurry.
func (g *group) work() {
	for batch := g.take(); len(batch) > 0; batch = g.take() {
		began := time.Now()
		if n := hurried(g.commit(batch)); n > 1 {
			g.gather(n, min(time.Since(began)/gatherPart, gatherMost))
		}
	}
}

// hurried returns how many did not wait for somebody else.
func hurried(batch []*member) (n int) {
	for _, m := range batch {
		if !m.patient {
			n++
		}
	}
	return n
}

// gather waits until so many in the queue are in a hurry, but not for long.
func (g *group) gather(want int, within time.Duration) {
	there := make(chan struct{}, 1)
	g.mu.Lock()
	enough := hurried(g.queue) >= want
	if !enough {
		g.want, g.there = want, there
	}
	g.mu.Unlock()
	if enough {
		return
	}
	late := time.NewTimer(within)
	defer late.Stop()
	select {
	case <-there:
	case <-late.C:
		g.mu.Lock()
		g.want = 0
		g.mu.Unlock()
	}
}

// take takes the next members out of the queue; none: the work is done.
func (g *group) take() []*member {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.hurried || len(g.queue) == 0 {
		g.hurried, g.working = false, false
		return nil
	}
	batch := slices.Clone(g.queue[:min(len(g.queue), groupMost)])
	g.queue = slices.Delete(g.queue, 0, len(batch))
	g.hurried = len(g.queue) > 0
	return batch
}

// errNothing rolls a transaction back in which nothing was written.
var errNothing = errors.New("storage: nothing was written")

// commit makes one transaction of a batch, and returns those who were in it. Those for
// whom there was no room go back to the head of the queue.
func (g *group) commit(batch []*member) []*member {
	var rest []*member
	began, ran := time.Now(), time.Duration(0)
	// It is made for many: that one of them gives up does not end it.
	err := g.backend.Update(context.Background(), func(raw Tx) error {
		defer func(since time.Time) { ran += time.Since(since) }(time.Now())
		tx := &sharedTx{raw: raw}
		rest = nil
		for i, m := range batch {
			if m.left { // in an earlier run of this function
				continue
			}
			m.turn <- tx
			result := <-m.ran
			m.left = result.left
			if result.wrote == nil {
				continue
			}
			used := tx.used.plus(result.wrote.size())
			if !used.within(g.room) {
				rest = batch[i:]
				break
			}
			tx.used = used
			if err := result.wrote.apply(); err != nil {
				return err
			}
		}
		if !tx.written {
			return errNothing
		}
		return nil
	})
	if errors.Is(err, errNothing) {
		err = nil
	} else if observe := g.observe.Load(); observe != nil {
		(*observe)(Commit{Functions: len(batch) - len(rest), Ran: ran, Took: time.Since(began), Err: err})
	}
	g.putBack(rest)
	made := batch[:len(batch)-len(rest)]
	for _, m := range made {
		if !m.left {
			m.done <- err
		}
	}
	return made
}

// putBack puts members at the head of the queue again. They run anew.
func (g *group) putBack(rest []*member) {
	if len(rest) == 0 {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.queue = append(slices.Clone(rest), g.queue...)
	g.hurried = true
}

// roomOf is what a transaction of an engine takes that is shared.
func roomOf(engine Backend) size {
	limited, ok := engine.(interface{ Room() (writes, bytes int) })
	if !ok {
		return size{math.MaxInt, math.MaxInt}
	}
	writes, bytes := limited.Room()
	return size{max(writes, MostWrites), max(bytes, MostBytes)}
}
