package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"zomrobot/book"
	"zomrobot/engine/journal"
	"zomrobot/job"
	"zomrobot/storage"
)

// Books returns the names of the store's books of audit, in order: those that
// have lines or a head, and those that purchases and actions must be in.
func Books(ctx context.Context, store storage.Store) ([]string, error) {
	names, err := book.Names(ctx, store)
	err = errors.Join(err,
		store.Scan(ctx, journal.PurchasePrefix, "", func(key string, value []byte) (bool, error) {
			var p journal.Entry
			if err := json.Unmarshal(value, &p); err != nil {
				return false, fmt.Errorf("%s cannot be read", key)
			}
			names = append(names, bookOf(p))
			return true, nil
		}),
		store.Scan(ctx, jobPrefix, "", func(key string, value []byte) (bool, error) {
			var a job.Record
			if err := json.Unmarshal(value, &a); err != nil {
				return false, fmt.Errorf("%s cannot be read", key)
			}
			names = append(names, bookOfJob(a))
			return true, nil
		}),
	)
	slices.Sort(names)
	return slices.Compact(names), err
}

// RebuildLedger makes the ledger of a team from what its book tells. No
// bot may write meanwhile.
func RebuildLedger(ctx context.Context, store storage.Store, name string) error {
	newest, _, err := storage.Read[time.Time](ctx, store, clockKey)
	if err != nil {
		return err
	}
	now := time.Now()
	if newest.After(now) {
		now = newest // by a clock that was ahead
	}
	return book.Rebuild(ctx, store, name, now)
}
