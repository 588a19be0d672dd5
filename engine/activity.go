package engine

import (
	"context"
	"sync"
)

// activity counts what is under way: updates that were accepted and have not
// had their turn, effects on their way out, purchases being moved.
type activity struct {
	mu    sync.Mutex
	count int
	quiet chan struct{} // closed when count falls to zero; nil: nobody waits
}

func (a *activity) add(n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.count += n
	if a.count <= 0 && a.quiet != nil {
		close(a.quiet)
		a.quiet = nil
	}
}

// settling reports whether somebody waits for everything to come to rest.
func (a *activity) settling() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.quiet != nil
}

// Settle waits until nothing is under way: every accepted update had its turn
// and everything that follows from it was carried out, but for what waits for
// a person or a time.
func (e *Engine) Settle(ctx context.Context) error {
	e.active.mu.Lock()
	if e.active.count <= 0 {
		e.active.mu.Unlock()
		return nil
	}
	if e.active.quiet == nil {
		e.active.quiet = make(chan struct{})
	}
	quiet := e.active.quiet
	e.active.mu.Unlock()
	e.store.Flush()
	select {
	case <-quiet:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// spawn runs fn beside the turns.
func (e *Engine) spawn(fn func()) {
	e.active.add(1)
	e.wait.Go(func() {
		defer e.active.add(-1)
		fn()
	})
}
