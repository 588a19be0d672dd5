package storage

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// Reseal seals again, with the first key of the keyring, every value that was
// sealed with another key, and returns how many there were. It runs beside other
// work: some values are opened and sealed in each transaction. After it the other keys
// can be taken out of the keyring. When it fails or is cut it can be run again, and goes
// on where it was. Where no other key seals anything it reads nothing.
//
// To rotate, put the new key first and keep the old one after it, restart (all
// processes, where several share a store), reseal, remove the old key. The store
// must be one of this package, else the error is [errors.ErrUnsupported].
func Reseal(ctx context.Context, s Store) (int, error) {
	own, ok := s.(*store)
	if !ok {
		return 0, fmt.Errorf("storage: reseal: %w", errors.ErrUnsupported)
	}
	count, err := own.reseal(ctx)
	if err != nil {
		return count, fmt.Errorf("storage: reseal: %w", err)
	}
	return count, nil
}

// resealKey holds how far resealing has got.
const resealKey = metaPrefix + "reseal"

// resealing says that everything below a key is sealed with another. It is true only as
// long as that one seals: opening with another first key drops it.
type resealing struct {
	With string `json:"with"` // the id of the key that seals
	From string `json:"from"`
}

// In one transaction at most so many values are sealed again, of so many bytes; how far it
// is, is kept after at most so many records that needed nothing.
const (
	resealAtOnce = 32
	resealBytes  = MostBytes / 2 // but for one that is longer; it may be a bit longer when it is written
	resealPassed = 10_000
)

func (s *store) reseal(ctx context.Context) (count int, err error) {
	others, err := s.otherWitnesses(ctx)
	if err != nil || len(others) == 0 {
		return 0, err
	}
	done, _, err := Read[resealing](ctx, s, resealKey)
	if err != nil {
		return 0, err
	}
	var keys []string
	passed, bytes := 0, 0
	flush := func(from string) error {
		n, err := s.resealSome(ctx, keys, from)
		count, passed, bytes, keys = count+n, 0, 0, keys[:0]
		return err
	}
	err = s.each(ctx, "", done.From, func(record Record) (bool, error) {
		if len(keys) > 0 && bytes+len(record.Value) > resealBytes {
			if err := flush(record.Key); err != nil {
				return false, err
			}
		}
		passed++
		if !strings.HasPrefix(record.Key, witnessPrefix) && !s.sealedByFirst(record) {
			keys = append(keys, record.Key)
			bytes += len(record.Value)
		}
		if len(keys) < resealAtOnce && passed < resealPassed {
			return true, nil
		}
		return true, flush(record.Key + "\x00")
	})
	if err == nil && len(keys) > 0 {
		err = flush(keys[len(keys)-1] + "\x00")
	}
	if err != nil {
		return count, err
	}
	return count, s.updateOwn(ctx, func(tx Tx) error {
		for _, other := range others {
			if err := tx.Delete(other); err != nil {
				return err
			}
		}
		return tx.Delete(resealKey)
	})
}

// otherWitnesses are the keys of the records that say which keys of the keyring seal
// something, but for the first one.
func (s *store) otherWitnesses(ctx context.Context) (others []string, err error) {
	err = s.each(ctx, witnessPrefix, "", func(record Record) (bool, error) {
		if record.Key != witnessPrefix+s.keys.first() {
			others = append(others, record.Key)
		}
		return true, nil
	})
	return others, err
}

func (s *store) sealedByFirst(record Record) bool {
	id, _, err := sealedBy(record.Key, record.Value)
	return err == nil && id == s.keys.first()
}

// resealSome seals values again as they are now, which may differ from what was seen
// before, notes that everything below from is done, and returns how many needed it.
func (s *store) resealSome(ctx context.Context, keys []string, from string) (count int, err error) {
	n := 0
	err = s.engine.Update(ctx, func(raw Tx) error {
		n = 0
		own := sealedTx{raw, s.keys}
		for _, key := range keys {
			sealed, err := raw.Get(key)
			if err != nil {
				return err
			}
			if sealed == nil || s.sealedByFirst(Record{Key: key, Value: sealed}) {
				continue
			}
			value, err := s.keys.open(key, sealed)
			if err != nil {
				return err
			}
			if err := own.Put(key, value); err != nil {
				return err
			}
			n++
		}
		return Put(own, resealKey, resealing{With: s.keys.first(), From: from})
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

// forgetResealing drops how far resealing with another key has got: from now on the
// first one seals, also what was done.
func (s *store) forgetResealing(ctx context.Context) error {
	done, found, err := Read[resealing](ctx, s, resealKey)
	if err != nil || !found || done.With == s.keys.first() {
		return err
	}
	return s.updateOwn(ctx, func(tx Tx) error { return tx.Delete(resealKey) })
}
