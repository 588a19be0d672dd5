package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/conversation/bill"
	"zomrobot/conversation/home"
	"zomrobot/engine/journal"
	"zomrobot/purchase"
	"zomrobot/storage"
	"zomrobot/telegram"
)

// holdKey keeps whether an owner has stopped all purchases.
const holdKey = "hold/purchases"

// MinFree is the free space of the store, in bytes, below which it is nearly full and nothing
// is bought: what is paid must be written down.
const MinFree = 64 << 20

// lookAgain is how long a purchase that is held up waits before it looks again
// whether it may go on.
const lookAgain = time.Minute

// hold says that an owner has stopped all purchases.
type hold struct {
	Reason string    `json:"reason,omitempty"`
	By     int64     `json:"by"` // 0: see [StopUnread]
	Since  time.Time `json:"since"`
}

// ownerCommand returns the command of an owner that the event is, if it is one. One with
// a secret in it is none: the dialogue removes it.
func (e *Engine) ownerCommand(key chat.Key, event chat.Event) (chat.Command, bool) {
	c, ok := event.(chat.Command)
	return c, ok && e.owners[key.User] && e.machine.OwnersCommand(c.Name, key.Private()) && !chat.HoldsSecret(c.Args)
}

// obey carries out the command of an owner.
func (e *Engine) obey(ctx context.Context, key chat.Key, c chat.Command, also func(storage.Tx) error) error {
	if c.Name == home.CommandHealth {
		return e.tellHealth(ctx, key, e.langFor(ctx, key, c), also)
	}
	return e.switchPurchases(ctx, key, c, also)
}

// switchPurchases stops all purchases, or allows them again.
func (e *Engine) switchPurchases(ctx context.Context, key chat.Key, c chat.Command, also func(storage.Tx) error) error {
	lang := e.langFor(ctx, key, c)
	old := c.Name == bill.CommandAllow && c.Age > conversation.IntentLives // much may have happened since
	err := e.transact(ctx, key, func(t *transaction) error {
		said := bill.AllowedTooLate()
		if !old {
			var err error
			if said, err = t.switchPurchases(c); err != nil {
				return err
			}
		}
		return t.post(post{To: key, Lang: lang, Notice: &said})
	}, also)
	if err != nil {
		return fmt.Errorf("/%s: %w", c.Name, err)
	}
	if old {
		return nil
	}
	e.log.WarnContext(ctx, "an owner switched purchases", "command", c.Name, "owner", key.User)
	open, err := journal.OpenPurchases(ctx, e.store)
	if err != nil {
		e.log.ErrorContext(ctx, "open purchases cannot be listed", "error", err)
	}
	for _, id := range open {
		e.wake(id)
	}
	return nil
}

// switchPurchases stops all purchases, or allows them again, and returns what the owner is
// told. A reason that was given before stays while none is given in its place.
func (t *transaction) switchPurchases(c chat.Command) (chat.Screen, error) {
	was, stopped, err := storage.Get[hold](t.tx, holdKey)
	if storage.Damaged(err) {
		was, stopped, err = hold{}, true, nil
	}
	if err != nil {
		return chat.Screen{}, err
	}
	if c.Name == bill.CommandStop {
		reason := cmp.Or(strings.TrimSpace(c.Args), was.Reason)
		return bill.PurchasesStopped(reason), storage.Put(t.tx, holdKey, hold{Reason: reason, By: t.key.User, Since: t.engine.now()})
	}
	unread, err := t.tx.Get(damagedKey)
	if err != nil {
		return chat.Screen{}, err
	}
	return bill.PurchasesAllowed(stopped || unread != nil), errors.Join(t.tx.Delete(holdKey), t.tx.Delete(damagedKey))
}

// holdable reports whether a call may be held up. What takes an order back
// never is.
func holdable(call purchase.Call) bool {
	return call.Writes() && call != purchase.CallRemove && call != purchase.CallEmpty
}

// errStopped: an owner has stopped all purchases.
var errStopped = errors.New("an owner has stopped all purchases")

// notStopped joins the transaction that announces a call: once the owner was told
// that all purchases are stopped, none is announced.
func notStopped(call purchase.Call) func(storage.Tx) error {
	return func(tx storage.Tx) error {
		if !holdable(call) {
			return nil
		}
		_, stopped, err := storage.Get[hold](tx, holdKey)
		if err == nil && stopped {
			err = errStopped
		}
		return err
	}
}

// heldUp returns why a purchase may not make a call now; nil: it may.
func (e *Engine) heldUp(ctx context.Context, call purchase.Call) *conversation.Held {
	if !holdable(call) {
		return nil
	}
	h, stopped, err := storage.Read[hold](ctx, e.store, holdKey)
	if err == nil && stopped {
		return &conversation.Held{By: conversation.HeldByOwner, Reason: h.Reason}
	}
	if err == nil {
		// Whether it can be written is seen by the announcement of the call.
		err = storage.HasRoom(ctx, e.store, MinFree)
	}
	if err != nil && !errors.Is(err, errors.ErrUnsupported) && ctx.Err() == nil {
		e.log.ErrorContext(ctx, "nothing is bought: the store is not well", "error", err)
		return &conversation.Held{By: conversation.HeldByStore}
	}
	return nil
}

// lookAtRoom says in the log when the store begins to be nearly full, and when it ends.
func (e *Engine) lookAtRoom(ctx context.Context) {
	err := storage.HasRoom(ctx, e.store, MinFree)
	full := errors.Is(err, storage.ErrFull)
	switch was := e.full.Swap(full); {
	case full && !was:
		e.log.WarnContext(ctx, "nothing is bought until the store has room", "error", err)
	case was && !full:
		e.log.InfoContext(ctx, "the store has room again: purchases go on")
	}
}

// keepHeld notes that a purchase is held up, or not any more, and tells it
// when that is new.
func (e *Engine) keepHeld(ctx context.Context, now journal.Entry, held *conversation.Held) (journal.Entry, error) {
	if now.Held == nil && held == nil || now.Held != nil && held != nil && *now.Held == *held {
		return now, nil
	}
	var is journal.Entry
	err := e.transact(ctx, now.Owner, func(t *transaction) error {
		was, found, err := storage.Get[journal.Entry](t.tx, journal.PurchaseKey(now.Record.ID))
		if err != nil || !found {
			return err
		}
		is = was
		is.Held = held
		if err := storage.Put(t.tx, journal.PurchaseKey(now.Record.ID), is); err != nil {
			return err
		}
		return t.tell(was, is)
	})
	if err != nil {
		return journal.Entry{}, fmt.Errorf("hold purchase %s up: %w", now.Record.ID, err)
	}
	return is, nil
}

// unwellEvery is how often a person is told at the most that the store fails.
const unwellEvery = 5 * time.Minute

// reportStoreFailure tells a person that nothing could be written down. It is the one thing
// that is said without having been committed.
func (e *Engine) reportStoreFailure(ctx context.Context, key chat.Key, event chat.Event) {
	if ctx.Err() != nil {
		return
	}
	e.storeFailures.mu.Lock()
	said := e.storeFailures.last[key]
	due := e.now().Sub(said) >= unwellEvery
	if due {
		e.storeFailures.last[key] = e.now()
	}
	e.storeFailures.mu.Unlock()
	if !due {
		return
	}
	if _, err := e.chat.Send(ctx, key, chat.LanguageOf(event), telegram.Still(bill.StoreUnwell()), false); err != nil {
		e.log.WarnContext(ctx, "nobody could be told that the store fails", "dialogue", key.String(), "error", err)
	}
}

// storeFailures is when each dialogue was last told that the store fails.
type storeFailures struct {
	mu   sync.Mutex
	last map[chat.Key]time.Time
}

// langFor is the language that an owner's command is answered in: what they have chosen for
// the dialogue, else what they write in.
func (e *Engine) langFor(ctx context.Context, key chat.Key, c chat.Command) string {
	d, _, err := e.dialogue(ctx, key)
	if err != nil || d.Lang == "" { // one that cannot be read must not keep an owner from stopping purchases
		return chat.LanguageOf(c)
	}
	return d.Lang
}
