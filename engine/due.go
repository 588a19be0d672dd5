package engine

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/storage"
)

// idle is the longest time between two looks at what is due.
const idle = time.Minute

// moveDue keeps the index of what is due in step with a record: was and is are
// the times at which the record wants a tick, zero for none. A time that stays
// is looked for: a tick that came too early, by a clock that went back, has
// removed it.
func moveDue(tx storage.Tx, was, is time.Time, kind, name string) error {
	if !was.IsZero() && !was.Equal(is) {
		if err := tx.Delete(dueKey(was, kind, name)); err != nil {
			return err
		}
	}
	if is.IsZero() {
		return nil
	}
	return mark(tx, dueKey(is, kind, name))
}

// mark puts a key that says all by being there, unless it is.
func mark(tx storage.Tx, key string) error {
	there, err := tx.Get(key)
	if err == nil && there != nil {
		return nil
	}
	if err != nil && !storage.Damaged(err) {
		return err
	}
	return storage.Put(tx, key, true)
}

// ticksAtOnce is how many dialogues one sweep gives their tick at the most. After a
// long stop there can be a million: the others get theirs beside, see [Engine.catchUpDue].
const ticksAtOnce = 256

// sweeps are the looks at what is due.
type sweeps struct {
	alarm chan struct{} // something is due before the next look, or in doubt

	mu     sync.Mutex
	began  time.Time // the last look, by the system's clock
	next   time.Time // when the next look is at the latest; zero: it is being looked
	behind time.Time // the dialogues that were due until then get their ticks beside; zero: none
}

// wakeSweep has what is due looked at again, unless there is a look soon enough for
// what is due at this time; zero: at once.
func (e *Engine) wakeSweep(at time.Time) {
	e.sweeps.mu.Lock()
	soon := !e.sweeps.next.IsZero() && !at.Before(e.sweeps.next)
	e.sweeps.mu.Unlock()
	if soon {
		return
	}
	select {
	case e.sweeps.alarm <- struct{}{}:
	default:
	}
}

// waits notes when the next look is; zero: now. What becomes due before it, from now
// on, wakes it.
func (s *sweeps) waits(until time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next = until
}

// begins notes that a look begins.
func (s *sweeps) begins() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next, s.began = time.Time{}, time.Now()
}

// Pulse returns when the engine last began to look at what is due, which it does every
// minute unless it is stuck; zero before [Engine.Start] is over.
func (e *Engine) Pulse() time.Time {
	e.sweeps.mu.Lock()
	defer e.sweeps.mu.Unlock()
	return e.sweeps.began
}

func (e *Engine) watchDue() {
	var swept time.Time
	for {
		e.sweeps.begins()
		e.lookAtRoom(e.ctx)
		next, err := e.Sweep(e.ctx)
		if err != nil && e.ctx.Err() == nil {
			e.log.ErrorContext(e.ctx, "what is due could not be looked at", "error", err)
		}
		now := e.now()
		if now.Sub(swept) > seenFor/2 {
			swept = now
			e.spawn(func() {
				if err := e.forgetOld(e.ctx); err != nil && e.ctx.Err() == nil {
					e.log.ErrorContext(e.ctx, "what is old could not be removed", "error", err)
				}
			})
		}
		pause := idle
		if !next.IsZero() {
			pause = min(idle, max(next.Sub(now), 10*time.Millisecond))
		}
		e.sweeps.waits(now.Add(pause))
		select {
		case <-e.ctx.Done():
			return
		case <-e.sweeps.alarm:
		case <-e.after(pause):
		}
	}
}

// Sweep takes up what is in doubt, gives a tick to everything that is due, and
// returns when the next is; zero: nothing waits. When it is much, most dialogues get
// their ticks later, beside.
func (e *Engine) Sweep(ctx context.Context) (next time.Time, err error) {
	e.active.add(1)
	defer e.active.add(-1)
	if err := e.settleDoubt(ctx); err != nil {
		return time.Time{}, err
	}
	now, behind := e.now(), e.sweeps.left()
	ticks, more := 0, ""
	var failed failures
	err = storage.EachKey(ctx, e.store, duePrefix, "", func(key string) (bool, error) {
		d, err := parseDue(key)
		switch {
		case err != nil:
			return false, err
		case d.at.After(now):
			next = d.at
			return false, nil
		case d.kind != dueDialogue:
		case !d.at.After(behind):
			return true, nil
		case ticks == ticksAtOnce:
			if more == "" {
				more = key
			}
			return true, nil
		default:
			ticks++
		}
		failed.add(e.tick(ctx, d))
		return true, nil
	})
	if err != nil {
		return time.Time{}, err
	}
	if more != "" {
		e.catchUpDue(more, now)
	}
	return next, failed.err()
}

// tick gives the tick to what is due.
func (e *Engine) tick(ctx context.Context, d due) error {
	ctx = tickOf(ctx, d)
	consume := func(tx storage.Tx) error { return tx.Delete(d.key) }
	switch d.kind {
	case dueDialogue:
		key, err := chat.ParseKey(d.name)
		if err != nil {
			return err
		}
		return e.turn(ctx, key, conversation.Tick{}, consume)
	case duePurchase:
		return e.tickPurchase(ctx, d.name, consume)
	case dueLink:
		return e.store.Update(ctx, func(tx storage.Tx) error {
			return errors.Join(tx.Delete(linkKey(d.name)), consume(tx))
		})
	case dueMessage:
		return e.tickFading(d.name, consume)
	case dueJob:
		return e.tickJob(ctx, d.name, consume)
	case dueTrial:
		return e.tickTrial(ctx, d.name, consume)
	default:
		return nil
	}
}

// left is until when dialogues get their ticks beside.
func (s *sweeps) left() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.behind
}

// catchUpDue has the dialogues from a key on get their ticks that were due at a time,
// beside: one after the other, and no more than what follows from them is carried out.
// So people's turns come in between, and what waits in memory is little.
func (e *Engine) catchUpDue(from string, until time.Time) {
	e.sweeps.mu.Lock()
	under := !e.sweeps.behind.IsZero()
	e.sweeps.behind = until
	e.sweeps.mu.Unlock()
	if under {
		return // it gets there
	}
	e.spawn(func() {
		var failed failures
		err := storage.EachKey(e.ctx, e.store, duePrefix, from, func(key string) (bool, error) {
			d, err := parseDue(key)
			if err != nil || d.at.After(e.sweeps.left()) {
				return false, err
			}
			if d.kind != dueDialogue {
				return true, nil
			}
			if err := e.posts.room(e.ctx); err != nil {
				return false, err
			}
			failed.add(e.tick(e.ctx, d))
			return true, nil
		})
		e.sweeps.caughtUp()
		if err := errors.Join(err, failed.err()); err != nil && e.ctx.Err() == nil {
			e.log.ErrorContext(e.ctx, "not everything that was due could be caught up with; it is tried again", "error", err)
		}
	})
}

// caughtUp notes that nothing gets its tick beside any more.
func (s *sweeps) caughtUp() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.behind = time.Time{}
}

// failures are the first of many errors, and how many there are.
type failures struct {
	first []error
	count int
}

func (f *failures) add(err error) {
	const most = 10
	if err == nil {
		return
	}
	if f.count++; len(f.first) < most {
		f.first = append(f.first, err)
	}
}

func (f *failures) err() error {
	if f.count == len(f.first) {
		return errors.Join(f.first...)
	}
	return fmt.Errorf("%d failed, the first of them: %w", f.count, errors.Join(f.first...))
}
