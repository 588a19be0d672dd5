package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"zomrobot/storage"
	"zomrobot/telegram"
)

// seenFor is how long an update's id is remembered. Telegram keeps an update
// for 24 hours, so a repeated one cannot be older.
const seenFor = 48 * time.Hour

// Inbox keeps updates from their arrival until their turn is committed. Ids
// are recognised by a set, never by order: Telegram may restart its numbering.
type Inbox struct{ engine *Engine }

// Inbox returns the engine's inbox, for the chat's edge.
func (e *Engine) Inbox() Inbox { return Inbox{engine: e} }

// Accept keeps those updates that were not seen before, in one transaction,
// and returns them.
func (i Inbox) Accept(ctx context.Context, updates []telegram.Raw) ([]telegram.Raw, error) {
	var fresh []telegram.Raw
	now := i.engine.now()
	err := i.engine.store.Update(ctx, func(tx storage.Tx) error {
		fresh = fresh[:0]
		for _, u := range updates {
			_, seen, err := storage.Get[time.Time](tx, seenKey(u.ID))
			if err != nil {
				return err
			}
			if seen {
				continue
			}
			if err := storage.Put(tx, seenKey(u.ID), now); err != nil {
				return err
			}
			if err := storage.Put(tx, inboxKey(u.ID), json.RawMessage(u.Body)); err != nil {
				return err
			}
			fresh = append(fresh, u)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("keep %d updates: %w", len(updates), err)
	}
	i.engine.active.add(len(fresh))
	return fresh, nil
}

// Pending returns what was accepted and has not had its turn, in order.
func (i Inbox) Pending(ctx context.Context) ([]telegram.Raw, error) {
	var pending []telegram.Raw
	err := i.engine.store.Scan(ctx, inboxPrefix, "", func(key string, value []byte) (bool, error) {
		id, err := strconv.ParseInt(strings.TrimPrefix(key, inboxPrefix), 10, 64)
		if err != nil {
			return false, fmt.Errorf("inbox key %q: %w", key, err)
		}
		pending = append(pending, telegram.Raw{ID: id, Body: value})
		return true, nil
	})
	i.engine.active.add(len(pending))
	return pending, err
}

// Discard removes an update that holds nothing for the bot.
func (i Inbox) Discard(ctx context.Context, id int64) error {
	if err := i.engine.deleteKeys(ctx, inboxKey(id)); err != nil {
		return fmt.Errorf("discard update %d: %w", id, err)
	}
	i.engine.active.add(-1)
	return nil
}

// forgetSeen removes the ids that cannot come again.
func (e *Engine) forgetSeen(ctx context.Context) error {
	var old []string
	now := e.now()
	err := e.store.Scan(ctx, seenPrefix, "", func(key string, value []byte) (bool, error) {
		var at time.Time
		if err := json.Unmarshal(value, &at); err != nil {
			return false, fmt.Errorf("%s: %w", key, err)
		}
		if now.Sub(at) > seenFor {
			old = append(old, key)
		}
		return true, nil
	})
	if err != nil || len(old) == 0 {
		return err
	}
	return e.deleteKeys(ctx, old...)
}

func (e *Engine) deleteKeys(ctx context.Context, keys ...string) error {
	return e.store.Update(ctx, func(tx storage.Tx) error {
		for _, key := range keys {
			if err := tx.Delete(key); err != nil {
				return err
			}
		}
		return nil
	})
}
