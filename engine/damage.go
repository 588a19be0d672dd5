package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"zomrobot/engine/journal"
	"zomrobot/purchase"
	"zomrobot/storage"
)

// asidePrefix is where records are kept that are of no use any more.
const asidePrefix = "aside/"

// damagedKey keeps which purchases cannot be read.
const damagedKey = "damaged/purchases"

// damage is which purchases were not at their end and cannot be read any more, with
// the account of each; "": it is not known. Nothing is bought from that account, or
// from any, until an owner has looked at the vendor what became of them and lets
// purchases go on.
type damage map[string]string

// concern reports whether nothing may be bought from the account.
func (d damage) concern(account string) bool {
	for _, of := range d {
		if of == "" || of == account {
			return true
		}
	}
	return false
}

// setAside takes a record out of the way that was read in vain, and keeps it under
// another key. One that cannot be opened stays where it is: it could not be opened
// there either.
func (e *Engine) setAside(ctx context.Context, key string, why error) error {
	e.log.ErrorContext(ctx, "a damaged record is set aside", "key", key, "error", why)
	if !errors.Is(why, storage.ErrRecord) {
		return nil
	}
	err := e.store.Update(ctx, func(tx storage.Tx) error {
		text, err := tx.Get(key)
		if err != nil || text == nil {
			return err
		}
		return errors.Join(tx.Put(asidePrefix+key, text), tx.Delete(key))
	})
	if err != nil {
		return fmt.Errorf("set %q aside: %w", key, err)
	}
	return nil
}

// lookForDamage takes those open purchases that cannot be read out of the way of the
// others, and keeps anything from being bought from their accounts. One that can be
// read again, by another version of the program, goes on.
func (e *Engine) lookForDamage(ctx context.Context) error {
	damaged, _, err := storage.Read[damage](ctx, e.store, damagedKey)
	if err != nil {
		return err
	}
	for id := range damaged {
		if _, found, err := storage.Read[journal.Entry](ctx, e.store, journal.PurchaseKey(id)); err == nil && found {
			if err := e.mended(ctx, id); err != nil {
				return err
			}
		}
	}
	open, err := journal.OpenPurchases(ctx, e.store)
	if err != nil {
		return err
	}
	for _, id := range open {
		_, _, err := storage.Read[journal.Entry](ctx, e.store, journal.PurchaseKey(id))
		if storage.Damaged(err) {
			e.log.ErrorContext(ctx, "a purchase cannot be read: nothing is bought from its account until an owner has looked at the vendor what became of it and sends /allow_purchases", "purchase", id, "error", err)
			err = e.takeOut(ctx, id)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// takeOut notes that a purchase cannot be read. Its record stays.
func (e *Engine) takeOut(ctx context.Context, id string) error {
	queues, err := storage.Keys(ctx, e.store, queueKey(""))
	if err != nil {
		return err
	}
	return e.store.Update(ctx, func(tx storage.Tx) error {
		damaged, _, err := storage.Get[damage](tx, damagedKey)
		if err != nil {
			return err
		}
		if damaged == nil {
			damaged = damage{}
		}
		damaged[id] = ""
		for _, key := range queues {
			queue, _, err := storage.Get[[]string](tx, key)
			if err != nil {
				return err
			}
			if !slices.Contains(queue, id) {
				continue
			}
			damaged[id] = strings.TrimPrefix(key, queueKey(""))
			queue = slices.DeleteFunc(queue, func(other string) bool { return other == id })
			if err := storage.Put(tx, key, queue); err != nil {
				return err
			}
		}
		return errors.Join(storage.Put(tx, damagedKey, damaged), tx.Delete(journal.OpenKey(id)))
	})
}

// mended has a purchase go on that can be read again. It goes to the end of its queue.
func (e *Engine) mended(ctx context.Context, id string) error {
	return e.store.Update(ctx, func(tx storage.Tx) error {
		damaged, _, err := storage.Get[damage](tx, damagedKey)
		if err != nil {
			return err
		}
		was, _, err := storage.Get[journal.Entry](tx, journal.PurchaseKey(id))
		if err != nil {
			return err
		}
		delete(damaged, id)
		t := transaction{engine: e, tx: tx}
		return errors.Join(
			storage.Put(tx, damagedKey, damaged),
			storage.Put(tx, journal.OpenKey(id), true),
			t.keepPlace(was.Record, purchase.Next(was.Record, e.now())),
		)
	})
}
