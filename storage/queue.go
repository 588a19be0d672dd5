package storage

import (
	"context"
	"sync"
)

// queues locks names within a process; each name goes to its callers in the order
// of asking.
type queues struct {
	mu     sync.Mutex
	closed chan struct{}
	waits  map[string][]*ticket // the first of each has the lock
}

func newQueues() *queues {
	return &queues{closed: make(chan struct{}), waits: make(map[string][]*ticket)}
}

// ticket is a place in a queue; at its head it is the lock.
type ticket struct {
	queues *queues
	name   string
	head   chan struct{} // closed at the head of the queue
	done   chan struct{} // closed when it has left the queue
}

func (q *queues) lock(ctx context.Context, name string) (Lock, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	t := &ticket{queues: q, name: name, head: make(chan struct{}), done: make(chan struct{})}
	q.mu.Lock()
	if q.waits == nil {
		q.mu.Unlock()
		return nil, ErrClosed
	}
	q.waits[name] = append(q.waits[name], t)
	if len(q.waits[name]) == 1 {
		close(t.head)
	}
	q.mu.Unlock()

	select {
	case <-t.head:
		return t, nil
	case <-ctx.Done():
		t.Release()
		return nil, ctx.Err()
	case <-q.closed:
		return nil, ErrClosed
	}
}

// close ends all locks and all waiting for one. It may be called twice.
func (q *queues) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.waits == nil {
		return
	}
	close(q.closed)
	for _, queue := range q.waits {
		for _, t := range queue {
			close(t.done)
		}
	}
	q.waits = nil
}

func (t *ticket) Done() <-chan struct{} { return t.done }

func (t *ticket) Release() {
	q := t.queues
	q.mu.Lock()
	defer q.mu.Unlock()
	queue := q.waits[t.name]
	for i, other := range queue {
		if other != t {
			continue
		}
		close(t.done)
		queue = append(queue[:i:i], queue[i+1:]...)
		if len(queue) == 0 {
			delete(q.waits, t.name)
			return
		}
		q.waits[t.name] = queue
		if i == 0 {
			close(queue[0].head)
		}
		return
	}
}
