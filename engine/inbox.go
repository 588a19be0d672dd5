package engine

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"zomrobot/chat"
	"zomrobot/storage"
	"zomrobot/telegram"
)

// Inbox keeps updates that do not have their turn at once, from their arrival until
// their turn is committed. An update that was kept or has had its turn is recognised by
// its id, by a set and never by order: Telegram may restart its numbering.
type Inbox struct{ engine *Engine }

// Inbox returns the engine's inbox, for the chat's edge.
func (e *Engine) Inbox() Inbox { return Inbox{engine: e} }

// keepHeard is how often it is written down that nothing older waits, when there is
// nothing else to write.
const keepHeard = time.Minute

// kept is an update in the inbox.
type kept struct {
	After  time.Time       `json:"after,omitzero"` // it was not made before
	Update json.RawMessage `json:"update"`
}

// heard is when nothing waited at Telegram: what comes later was made later.
type heard struct {
	mu   sync.Mutex
	at   time.Time
	kept time.Time // what is written down
}

func (h *heard) get() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.at
}

// Emptied notes that Telegram has nothing that was made before.
func (i Inbox) Emptied(ctx context.Context) error {
	now, h := i.engine.now(), &i.engine.lastHeard
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at = now
	if since := now.Sub(h.kept); since >= 0 && since < keepHeard {
		return nil
	}
	err := i.engine.store.Update(ctx, func(tx storage.Tx) error { return storage.Put(tx, heardKey, now) })
	if err != nil {
		return fmt.Errorf("write down when nothing waited: %w", err)
	}
	h.kept = now
	return nil
}

// age returns how long ago a person has done what an update tells of, at most: by
// Telegram's date where it has one that can be, for the clocks may differ, else by
// when nothing waited. What may be of any age is as old as can be.
func (e *Engine) age(u telegram.Update) time.Duration {
	now, made := e.now(), u.After
	if d := now.Sub(u.Date); !u.Date.IsZero() && d > -time.Minute && u.Date.After(made) {
		made = u.Date
	}
	return max(0, now.Sub(made))
}

// dated returns what a person did with its age.
func (e *Engine) dated(u telegram.Update) chat.Event {
	switch event := u.Event.(type) {
	case chat.Command:
		event.Age = e.age(u)
		return event
	case chat.Text:
		event.Age = e.age(u)
		return event
	case chat.Press:
		event.Age = e.age(u)
		return event
	default:
		return u.Event
	}
}

// After returns since when nothing was waiting at Telegram.
func (i Inbox) After() time.Time { return i.engine.lastHeard.get() }

// acceptAtOnce is how many bytes of updates are kept in one transaction: a batch of usual ones.
const acceptAtOnce = storage.MostBytes / 4

// Accept keeps those updates that were not seen before, and returns them; after an error,
// those that were kept before it. Usual ones are kept in one transaction.
func (i Inbox) Accept(ctx context.Context, updates []telegram.Raw) ([]telegram.Raw, error) {
	var fresh []telegram.Raw
	for from := 0; from < len(updates); {
		to, bytes := from+1, len(updates[from].Body)
		for ; to < len(updates) && to-from < atOnce; to++ {
			if bytes += len(updates[to].Body); bytes > acceptAtOnce {
				break
			}
		}
		some, err := i.accept(ctx, updates[from:to])
		fresh = append(fresh, some...)
		if err != nil {
			return fresh, err
		}
		from = to
	}
	return fresh, nil
}

// accept is Accept in one transaction.
func (i Inbox) accept(ctx context.Context, updates []telegram.Raw) ([]telegram.Raw, error) {
	var fresh []telegram.Raw
	now := i.engine.now()
	for _, u := range updates { // before its turn can be over
		i.engine.inboxed.add(&i.engine.active, u.ID)
	}
	err := i.engine.store.Update(ctx, func(tx storage.Tx) error {
		fresh = fresh[:0]
		for _, u := range updates {
			seen, err := i.engine.seenIDs.seen(tx, u.ID)
			if err != nil {
				return err
			}
			if seen {
				continue
			}
			if err := i.engine.seenIDs.note(tx, u.ID, now); err != nil {
				return err
			}
			if err := storage.Put(tx, inboxKey(u.ID), kept{After: u.After, Update: u.Body}); err != nil {
				return err
			}
			fresh = append(fresh, u)
		}
		return nil
	})
	for _, u := range updates {
		if !slices.ContainsFunc(fresh, func(f telegram.Raw) bool { return f.ID == u.ID }) {
			i.engine.inboxed.remove(&i.engine.active, u.ID)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("keep %d updates: %w", len(updates), err)
	}
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
		var u kept
		if err := json.Unmarshal(value, &u); err != nil {
			return false, fmt.Errorf("%s: %w", key, err)
		}
		if u.Update == nil { // as earlier versions kept it
			u.Update = bytes.Clone(value)
		}
		pending = append(pending, telegram.Raw{ID: id, After: u.After, Body: u.Update})
		i.engine.inboxed.add(&i.engine.active, id)
		return true, nil
	})
	return pending, err
}

// Discard removes an update that holds nothing for the bot, or that it cannot handle.
// It does not come again.
func (i Inbox) Discard(ctx context.Context, id int64) error {
	if err := i.engine.store.Update(ctx, i.engine.takeUp(id)); err != nil && !errors.Is(err, errConsumed) {
		return fmt.Errorf("discard update %d: %w", id, err)
	}
	i.engine.inboxed.remove(&i.engine.active, id)
	return nil
}

// takeUp joins the transaction of an update's turn, so that it has one: the update leaves
// the inbox, or its id is noted when it was not kept there. It fails with errConsumed
// when the update has had its turn.
func (e *Engine) takeUp(id int64) func(storage.Tx) error {
	return func(tx storage.Tx) error {
		kept, err := tx.Get(inboxKey(id))
		if err != nil {
			return err
		}
		if kept != nil {
			return tx.Delete(inboxKey(id))
		}
		seen, err := e.seenIDs.seen(tx, id)
		if err == nil && seen {
			err = errConsumed
		}
		if err != nil {
			return err
		}
		return e.seenIDs.note(tx, id, e.now())
	}
}

// inboxed are the updates that may stand in the inbox. Each counts as under way.
type inboxed struct {
	mu  sync.Mutex
	ids map[int64]bool
}

func (i *inboxed) add(active *activity, id int64) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.ids == nil {
		i.ids = make(map[int64]bool)
	}
	if !i.ids[id] {
		i.ids[id] = true
		active.add(1)
	}
}

func (i *inboxed) remove(active *activity, id int64) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.ids[id] {
		delete(i.ids, id)
		active.add(-1)
	}
}

// deleteKeys deletes keys, many of them in several transactions.
func (e *Engine) deleteKeys(ctx context.Context, keys ...string) error {
	for some := range slices.Chunk(keys, atOnce) {
		err := e.store.Update(ctx, func(tx storage.Tx) error {
			for _, key := range some {
				if err := tx.Delete(key); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
