package storage

import (
	"context"
	"sync"
)

// Locks locks names within a process; each name goes to its callers in the order
// of asking. It is for engines whose [Backend.Lock] needs no more.
type Locks struct {
	mu     sync.Mutex
	closed chan struct{}
	waits  map[string][]*ticket // the first of each has the lock
}

// NewLocks returns locks of which none is held.
func NewLocks() *Locks {
	return &Locks{closed: make(chan struct{}), waits: make(map[string][]*ticket)}
}

// ticket is a place in a queue; at its head it is the lock.
type ticket struct {
	locks *Locks
	name  string
	head  chan struct{} // closed at the head of the queue
	done  chan struct{} // closed when it has left the queue
}

// Lock is as in [Backend].
func (l *Locks) Lock(ctx context.Context, name string) (Lock, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	t := &ticket{locks: l, name: name, head: make(chan struct{}), done: make(chan struct{})}
	l.mu.Lock()
	if l.waits == nil {
		l.mu.Unlock()
		return nil, ErrClosed
	}
	l.waits[name] = append(l.waits[name], t)
	if len(l.waits[name]) == 1 {
		close(t.head)
	}
	l.mu.Unlock()

	select {
	case <-t.head:
		return t, nil
	case <-ctx.Done():
		t.Release()
		return nil, ctx.Err()
	case <-l.closed:
		return nil, ErrClosed
	}
}

// Close ends all locks and all waiting for one. It may be called twice.
func (l *Locks) Close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.waits == nil {
		return
	}
	close(l.closed)
	for _, queue := range l.waits {
		for _, t := range queue {
			close(t.done)
		}
	}
	l.waits = nil
}

func (t *ticket) Done() <-chan struct{} { return t.done }

func (t *ticket) Release() {
	l := t.locks
	l.mu.Lock()
	defer l.mu.Unlock()
	queue := l.waits[t.name]
	for i, other := range queue {
		if other != t {
			continue
		}
		close(t.done)
		queue = append(queue[:i:i], queue[i+1:]...)
		if len(queue) == 0 {
			delete(l.waits, t.name)
			return
		}
		l.waits[t.name] = queue
		if i == 0 {
			close(queue[0].head)
		}
		return
	}
}
