package storage

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
)

// ErrNotEmpty means that a store has records where none were expected.
var ErrNotEmpty = errors.New("storage: not empty")

// partKey is there from before the first record is copied to a store until [Whole].
const partKey = metaPrefix + "part"

// CopyRecords writes every record of a store to another, which must have none: else the error is
// [ErrNotEmpty]. It returns how many there were. Values are sealed anew by the second store. Nobody
// may write to either meanwhile. From then on nobody opens the second one, the error is
// [ErrPart], until [Whole] says that it has everything.
func CopyRecords(ctx context.Context, from, to Store) (count int, err error) {
	there, err := FirstKeys(ctx, to, "", "", 1)
	if err != nil {
		return 0, err
	}
	if len(there) > 0 {
		return 0, ErrNotEmpty
	}
	if err := putOwn(ctx, to, func(tx Tx) error { return Put(tx, partKey, true) }); err != nil {
		return 0, fmt.Errorf("storage: copy: %w", err)
	}
	var some []Record
	used := size{}
	write := func() error {
		err := to.Update(ctx, func(tx Tx) error {
			for _, r := range some {
				if err := tx.Put(r.Key, r.Value); err != nil {
					return err
				}
			}
			return nil
		})
		count += len(some)
		some, used = some[:0], size{}
		return err
	}
	err = from.Scan(ctx, "", "", func(key string, value []byte) (bool, error) {
		more := used.plus(size{1, len(key) + len(value) + RecordBytes})
		if !more.within(size{MostWrites, MostBytes}) && len(some) > 0 {
			if err := write(); err != nil {
				return false, err
			}
			more = size{1, len(key) + len(value) + RecordBytes}
		}
		some, used = append(some, Record{Key: key, Value: value}), more
		return true, nil
	})
	if err == nil {
		err = write()
	}
	if err != nil {
		return 0, fmt.Errorf("storage: copy: %w", err)
	}
	return count, nil
}

// Whole says of a store that everything is there that was copied to it.
func Whole(ctx context.Context, s Store) error {
	if err := putOwn(ctx, s, func(tx Tx) error { return tx.Delete(partKey) }); err != nil {
		return fmt.Errorf("storage: copy: %w", err)
	}
	return nil
}

// putOwn writes one of the store's own records.
func putOwn(ctx context.Context, s Store, fn func(Tx) error) error {
	own, ok := s.(*store)
	if !ok {
		return errors.ErrUnsupported
	}
	return own.updateOwn(ctx, fn)
}

// Digest is a hash of all records of a store, their keys and values, and their number. It
// does not depend on the engine or the keys that seal.
func Digest(ctx context.Context, s Store) (count int, sum [sha256.Size]byte, err error) {
	h := sha256.New()
	part := func(b []byte) {
		_, _ = h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(b))))
		_, _ = h.Write(b)
	}
	err = s.Scan(ctx, "", "", func(key string, value []byte) (bool, error) {
		count++
		part([]byte(key))
		part(value)
		return true, nil
	})
	if err != nil {
		return 0, sum, fmt.Errorf("storage: digest: %w", err)
	}
	return count, [sha256.Size]byte(h.Sum(nil)), nil
}
