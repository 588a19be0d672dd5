package engine

import (
	"context"
	"errors"
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

// wakeSweep has what is due looked at again.
func (e *Engine) wakeSweep() {
	select {
	case e.alarm <- struct{}{}:
	default:
	}
}

func (e *Engine) watchDue() {
	var swept time.Time
	for {
		next, err := e.Sweep(e.ctx)
		if err != nil && e.ctx.Err() == nil {
			e.log.Error("what is due could not be looked at", "error", err)
		}
		if now := e.now(); now.Sub(swept) > seenFor/2 {
			swept = now
			e.spawn(func() {
				if err := e.forgetSeen(e.ctx); err != nil && e.ctx.Err() == nil {
					e.log.Error("ids of old updates could not be removed", "error", err)
				}
			})
		}
		pause := idle
		if !next.IsZero() {
			pause = min(idle, max(next.Sub(e.now()), 10*time.Millisecond))
		}
		select {
		case <-e.ctx.Done():
			return
		case <-e.alarm:
		case <-e.after(pause):
		}
	}
}

// Sweep takes up what is in doubt, gives a tick to everything that is due, and
// returns when the next is; zero: nothing waits.
func (e *Engine) Sweep(ctx context.Context) (next time.Time, err error) {
	e.active.add(1)
	defer e.active.add(-1)
	type entry struct {
		key, kind, name string
		at              time.Time
	}
	if err := e.settleDoubt(ctx); err != nil {
		return time.Time{}, err
	}
	var due []entry
	now := e.now()
	err = e.store.Scan(ctx, duePrefix, "", func(key string, _ []byte) (bool, error) {
		at, kind, name, err := parseDue(key)
		if err != nil {
			return false, err
		}
		if at.After(now) {
			next = at
			return false, nil
		}
		due = append(due, entry{key, kind, name, at})
		return true, nil
	})
	if err != nil {
		return time.Time{}, err
	}
	var failed []error
	for _, d := range due {
		consume := func(tx storage.Tx) error { return tx.Delete(d.key) }
		switch d.kind {
		case dueDialogue:
			key, err := chat.ParseKey(d.name)
			if err == nil {
				err = e.turn(ctx, key, conversation.Tick{}, consume)
			}
			failed = append(failed, err)
		case duePurchase:
			failed = append(failed, e.tickPurchase(ctx, d.name, consume))
		case dueLink:
			failed = append(failed, e.store.Update(ctx, func(tx storage.Tx) error {
				return errors.Join(tx.Delete(linkKey(d.name)), consume(tx))
			}))
		case dueJob:
			failed = append(failed, e.tickJob(ctx, d.name, consume))
		}
	}
	return next, errors.Join(failed...)
}
