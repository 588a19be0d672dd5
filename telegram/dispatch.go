package telegram

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"zomrobot/chat"
	"zomrobot/logs"
)

// queueLimit is how many updates may wait in memory before no more are taken
// from Telegram. A batch that has been begun is taken whole.
const queueLimit = 1000

// lastGrace is how long handlers may take to notice that their context ended.
const lastGrace = time.Second

// dispatcher hands updates to the handler: first in, first out within a
// conversation, conversations beside each other up to a cap.
type dispatcher struct {
	handle  Handler
	discard func(ctx context.Context, id int64) error
	log     *slog.Logger
	slots   chan struct{} // one is held while a handler runs
	limit   int

	ctx     context.Context // of the handlers: ends when a stop has waited long enough
	abort   context.CancelFunc
	stopped chan struct{} // closed: nothing new is begun

	mu     sync.Mutex
	freed  *sync.Cond // an update has left a queue
	queues map[chat.Key][]Update
	ids    map[int64]chan struct{} // what is queued or being handled; closed when it was handled
	stop   sync.Once
	wait   sync.WaitGroup
}

func newDispatcher(parallel int, handle Handler, discard func(context.Context, int64) error, log *slog.Logger) *dispatcher {
	d := &dispatcher{
		handle: handle, discard: discard, log: log,
		slots: make(chan struct{}, parallel), limit: queueLimit,
		stopped: make(chan struct{}),
		queues:  make(map[chat.Key][]Update),
		ids:     make(map[int64]chan struct{}),
	}
	d.freed = sync.NewCond(&d.mu)
	d.ctx, d.abort = context.WithCancel(context.Background())
	return d
}

// room waits until the queues are not full.
func (d *dispatcher) room(ctx context.Context) error {
	wake := context.AfterFunc(ctx, func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.freed.Broadcast()
	})
	defer wake()
	d.mu.Lock()
	defer d.mu.Unlock()
	for len(d.ids) >= d.limit && ctx.Err() == nil {
		d.freed.Wait()
	}
	return ctx.Err()
}

// known returns the ids of what is queued or being handled.
func (d *dispatcher) known() map[int64]bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	known := make(map[int64]bool, len(d.ids))
	for id := range d.ids {
		known[id] = true
	}
	return known
}

// add queues an update behind those of its conversation. That a chat has moved is
// handled at once, for what comes after it is from the new chat. After a stop, add
// does nothing. What it returns is closed when the update was handled.
func (d *dispatcher) add(u Update) <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	if handled, known := d.ids[u.ID]; known || d.isStopped() {
		return handled
	}
	handled := make(chan struct{})
	d.ids[u.ID] = handled
	if _, moved := u.Event.(chat.Moved); moved {
		d.first(u)
		return handled
	}
	queue, working := d.queues[u.Key]
	d.queues[u.Key] = append(queue, u)
	if !working {
		d.wait.Go(func() { d.work(u.Key) })
	}
	return handled
}

// work handles the updates of one conversation until none is queued.
func (d *dispatcher) work(key chat.Key) {
	for {
		d.mu.Lock()
		queue := d.queues[key]
		if len(queue) == 0 {
			delete(d.queues, key)
			d.mu.Unlock()
			return
		}
		u := queue[0]
		d.queues[key] = queue[1:]
		d.mu.Unlock()

		if !d.persist(u) {
			return
		}

		d.forget(u)
	}
}

// first handles an update before add returns. The caller holds the lock, which is
// given up meanwhile.
func (d *dispatcher) first(u Update) {
	done := make(chan struct{})
	d.wait.Go(func() {
		defer close(done)
		if d.persist(u) {
			d.forget(u)
		}
	})
	d.mu.Unlock()
	defer d.mu.Lock()
	<-done
}

// forget notes that an update was handled.
func (d *dispatcher) forget(u Update) {
	d.mu.Lock()
	defer d.mu.Unlock()
	close(d.ids[u.ID])
	delete(d.ids, u.ID)
	d.freed.Broadcast()
}

// persist offers an update to the handler until it is taken. It reports false when
// the dispatcher was stopped before that.
func (d *dispatcher) persist(u Update) bool {
	ctx := logs.With(d.ctx, slog.Int64(logs.Update, u.ID), slog.String(logs.Dialogue, u.Key.String()))
	err := retry(d.stopped, atOnce, func() error {
		select {
		case <-d.stopped:
			return errStopped
		case d.slots <- struct{}{}:
		}
		defer func() { <-d.slots }()
		if d.isStopped() { // both cases of the select were ready
			return errStopped
		}
		return d.once(ctx, u)
	}, func(err error, pause time.Duration) bool {
		if errors.Is(err, errStopped) {
			return false
		}
		d.log.ErrorContext(ctx, "an update could not be handled; it is tried again", "pause", pause, "error", err)
		return true
	})
	return err == nil
}

// errStopped: the dispatcher takes no more.
var errStopped = errors.New("telegram: stopped")

// once calls the handler. A panic costs the update: it would come again with
// every attempt. What the panic says is not logged unless it comes from the
// runtime, for it may quote a person's words.
func (d *dispatcher) once(ctx context.Context, u Update) (err error) {
	defer func() {
		cause := recover()
		if cause == nil {
			return
		}
		reason := fmt.Sprintf("%T", cause)
		if fault, ok := cause.(runtime.Error); ok {
			reason = fault.Error()
		}
		d.log.ErrorContext(ctx, "a handler panicked; its update is dropped", "panic", reason, "stack", string(debug.Stack()))
		err = d.discard(ctx, u.ID)
	}()
	return d.handle(ctx, u)
}

func (d *dispatcher) isStopped() bool {
	select {
	case <-d.stopped:
		return true
	default:
		return false
	}
}

// drain begins nothing new and waits for the handlers that run. After within their
// context ends; it then reports how many had not finished.
func (d *dispatcher) drain(within time.Duration) (running int) {
	d.stop.Do(func() {
		d.mu.Lock() // no add is between its check and its Go
		defer d.mu.Unlock()
		close(d.stopped)
	})
	done := make(chan struct{})
	go func() {
		d.wait.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(within):
		running = len(d.slots)
		d.abort()
		select {
		case <-done:
		case <-time.After(lastGrace):
		}
	}
	d.abort()
	return running
}
