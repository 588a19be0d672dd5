package storagetest

import (
	"context"

	"zomrobot/storage"
)

// Fill writes the records of n things, numbered from 0, many in a transaction, so that
// a large store is soon there. The values are what a reader of the store gets.
func Fill(ctx context.Context, s storage.Store, n int, records func(i int) []storage.Record) error {
	var some []storage.Record
	bytes := 0
	write := func() error {
		err := s.Update(ctx, func(tx storage.Tx) error {
			for _, r := range some {
				if err := tx.Put(r.Key, r.Value); err != nil {
					return err
				}
			}
			return nil
		})
		some, bytes = some[:0], 0
		return err
	}
	for i := range n {
		for _, r := range records(i) {
			more := len(r.Key) + len(r.Value) + storage.RecordBytes
			if len(some) == storage.MostWrites || bytes+more > storage.MostBytes {
				if err := write(); err != nil {
					return err
				}
			}
			some, bytes = append(some, r), bytes+more
		}
	}
	return write()
}
