package storage

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// Reseal seals every value anew that was sealed with another key than the first
// of the keyring, and returns how many they were. It runs beside other work: each
// value is opened and sealed in a transaction of its own. After it the other
// keys can be taken out of the keyring. When it fails it can be run again.
//
// To rotate, put the new key first and keep the old one after it, restart (where
// several processes share a store: all of them), reseal, take the old key away.
// The store must be one of this package, else the error is
// [errors.ErrUnsupported].
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

// resealOne seals a value anew as it is now, which may be another one than was
// seen before. It reports whether there was a need to.
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

// dropWitnesses forgets the keys that seal nothing any more: all but the first.
func (s *store) dropWitnesses(ctx context.Context) error {
	return s.each(ctx, witnessPrefix, "", func(record Record) (bool, error) {
		if record.Key == witnessPrefix+s.keys.first() {
			return true, nil
		}
		return true, s.updateOwn(ctx, func(tx Tx) error { return tx.Delete(record.Key) })
	})
}
