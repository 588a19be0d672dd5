package storage

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// Reseal seals again, with the first key of the keyring, every value that was
// sealed with another key, and returns how many there were. It runs beside other
// work: each value is opened and sealed in a transaction of its own. After it the
// other keys can be taken out of the keyring. When it fails it can be run again.
//
// To rotate, put the new key first and keep the old one after it, restart (all
// processes, where several share a store), reseal, remove the old key. The store
// must be one of this package, else the error is [errors.ErrUnsupported].
func Reseal(ctx context.Context, s Store) (int, error) {
	own, ok := s.(*store)
	if !ok {
		return 0, fmt.Errorf("storage: reseal: %w", errors.ErrUnsupported)
	}
	return own.reseal(ctx)
}

func (s *store) reseal(ctx context.Context) (count int, err error) {
	err = s.each(ctx, "", "", func(record Record) (bool, error) {
		if strings.HasPrefix(record.Key, witnessPrefix) || s.sealedByFirst(record) {
			return true, nil
		}
		done, err := s.resealOne(ctx, record.Key)
		if done {
			count++
		}
		return true, err
	})
	if err != nil {
		return count, fmt.Errorf("storage: reseal: %w", err)
	}
	if err := s.dropWitnesses(ctx); err != nil {
		return count, fmt.Errorf("storage: reseal: %w", err)
	}
	return count, nil
}

func (s *store) sealedByFirst(record Record) bool {
	id, _, err := sealedBy(record.Key, record.Value)
	return err == nil && id == s.keys.first()
}

// resealOne seals a value again as it is now, which may differ from what was seen
// before. It reports whether it needed to.
func (s *store) resealOne(ctx context.Context, key string) (done bool, err error) {
	err = s.engine.Update(ctx, func(raw Tx) error {
		done = false
		sealed, err := raw.Get(key)
		if err != nil || sealed == nil || s.sealedByFirst(Record{Key: key, Value: sealed}) {
			return err
		}
		value, err := s.keys.open(key, sealed)
		if err != nil {
			return err
		}
		done = true
		return sealedTx{raw, s.keys}.Put(key, value)
	})
	return done && err == nil, err
}

// dropWitnesses forgets the keys that no longer seal anything: all but the first.
func (s *store) dropWitnesses(ctx context.Context) error {
	return s.each(ctx, witnessPrefix, "", func(record Record) (bool, error) {
		if record.Key == witnessPrefix+s.keys.first() {
			return true, nil
		}
		return true, s.updateOwn(ctx, func(tx Tx) error { return tx.Delete(record.Key) })
	})
}
