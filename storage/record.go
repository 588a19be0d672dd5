package storage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
)

// Get returns the record of key and whether there is one. An error of decoding
// names the key and not the value, which may be secret.
func Get[T any](tx Tx, key string) (value T, found bool, err error) {
	data, err := tx.Get(key)
	if err != nil || data == nil {
		return value, false, err
	}
	value, err = Decode[T](key, data)
	return value, err == nil, err
}

// Decode reads the record of key from its JSON. An error is [ErrRecord]; it names
// the key and not the value, which may be secret.
func Decode[T any](key string, data []byte) (value T, err error) {
	if err := json.Unmarshal(data, &value); err != nil {
		var none T
		// Only the type of the cause is kept: the cause may quote the value.
		return none, fmt.Errorf("%w: %q, not a %T (%T)", ErrRecord, key, none, err)
	}
	return value, nil
}

// Put sets the record of key, as JSON. An error of encoding names the key and
// not the value.
func Put[T any](tx Tx, key string, value T) error {
	data, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("storage: encode %q: not possible for a %T (%T)", key, value, err)
	}
	return tx.Put(key, data)
}

// Read is [Get] in a transaction of its own.
func Read[T any](ctx context.Context, s Store, key string) (value T, found bool, err error) {
	err = s.View(ctx, func(tx Tx) error {
		value, found, err = Get[T](tx, key)
		return err
	})
	return value, found, err
}

// Damaged reports whether an error of reading is about the one value that was read:
// it cannot be opened, or is not a record of its kind. Other values can be read.
func Damaged(err error) bool { return errors.Is(err, ErrSealed) || errors.Is(err, ErrRecord) }

// Keys returns the keys that begin with prefix, in order. Values are not opened, so
// that one that is damaged does not hide the others.
func Keys(ctx context.Context, s Store, prefix string) ([]string, error) {
	return FirstKeys(ctx, s, prefix, "", math.MaxInt)
}

// FirstKeys is [Keys] of those that are not below from, at most limit of them.
func FirstKeys(ctx context.Context, s Store, prefix, from string, limit int) (keys []string, err error) {
	err = EachKey(ctx, s, prefix, from, func(key string) (bool, error) {
		keys = append(keys, key)
		return len(keys) < limit, nil
	})
	return keys, err
}

// EachKey calls fn for keys as [Store.Scan] does for records. Values are not opened.
func EachKey(ctx context.Context, s Store, prefix, from string, fn func(key string) (bool, error)) error {
	own, ok := s.(*store)
	if !ok {
		return s.Scan(ctx, prefix, from, func(key string, _ []byte) (bool, error) { return fn(key) })
	}
	return own.each(ctx, prefix, from, func(record Record) (bool, error) {
		if reserved(record.Key) {
			return true, nil
		}
		return fn(record.Key)
	})
}
