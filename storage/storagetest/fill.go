package storagetest

import (
	"context"

	"zomrobot/storage"
)

// Fill writes the records of n things, numbered from 0, many in a transaction, so that
// a large store is soon there. The values are what a reader of the store gets.
func Fill(ctx context.Context, s storage.Store, n int, records func(i int) []storage.Record) error {
	const atOnce = 5000 // things
	for first := 0; first < n; first += atOnce {
		err := s.Update(ctx, func(tx storage.Tx) error {
			for i := first; i < min(first+atOnce, n); i++ {
				for _, r := range records(i) {
					if err := tx.Put(r.Key, r.Value); err != nil {
						return err
					}
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
