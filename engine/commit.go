package engine

import (
	"context"
	"errors"
	"time"

	"zomrobot/chat"
	"zomrobot/storage"
)

// errConsumed: what a transaction is made for was used up by an earlier one.
var errConsumed = errors.New("this was done already")

// consume removes what a transaction is made for, so that it is made once: a
// commit that fails may have been made, and is still tried again.
func consume(key string) func(storage.Tx) error {
	return func(tx storage.Tx) error {
		there, err := tx.Get(key)
		if err == nil && there == nil {
			err = errConsumed
		}
		if err != nil {
			return err
		}
		return tx.Delete(key)
	}
}

// commit makes a transaction that others follow from. If it fails, but not by
// fn, it may have been made: what follows from it is then looked for.
func (e *Engine) commit(ctx context.Context, fn func(storage.Tx) error) error {
	decided := false
	err := e.store.Update(ctx, func(tx storage.Tx) error {
		err := fn(tx)
		decided = err == nil
		return err
	})
	if err != nil && decided {
		e.doubt.Store(true)
		e.wakeSweep(time.Time{})
	}
	return err
}

// transact makes a transaction of a dialogue, the zero key for none, and sets going
// what was decided in it. also joins it, before fn.
func (e *Engine) transact(ctx context.Context, key chat.Key, fn func(*transaction) error, also ...func(storage.Tx) error) error {
	var t transaction
	first := e.posts.reserve(e.now())
	err := e.commit(ctx, func(tx storage.Tx) error {
		t = transaction{engine: e, ctx: ctx, tx: tx, key: key, next: first}
		for _, join := range also {
			if err := join(tx); err != nil {
				return err
			}
		}
		return fn(&t)
	})
	if err == nil {
		t.follow(ctx)
	}
	return err
}

// beside makes a transaction that is no turn of a dialogue.
func (e *Engine) beside(ctx context.Context, fn func(*transaction) error, also ...func(storage.Tx) error) error {
	return e.transact(ctx, chat.Key{}, fn, also...)
}

// settleDoubt takes up what a commit set down that failed and was made.
func (e *Engine) settleDoubt(ctx context.Context) error {
	if !e.doubt.Swap(false) {
		return nil
	}
	err := errors.Join(e.loadMoves(ctx), e.loadMissed(ctx), e.resumeOutbox(ctx), e.resumePurchases(ctx), e.wakeTrials(ctx))
	if err != nil {
		e.doubt.Store(true)
	}
	return err
}
