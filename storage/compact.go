package storage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"

	"go.etcd.io/bbolt"
)

// compactAtOnce is how many bytes are written in one transaction of the new file.
const compactAtOnce = 4 << 20

// Compact writes the file of the store that url names anew without the pages that nothing
// is in, and returns its size in bytes before and after. The new file is compared
// with the old one, record by record, before it takes its place. No key is needed.
// Errors: [ErrURL], [ErrLocked], [ErrDamaged], and [errors.ErrUnsupported] for a store that
// is no file; the store is as it was then.
func Compact(ctx context.Context, url string) (before, after int64, err error) {
	path, err := fileOf(url)
	if err != nil {
		return 0, 0, err
	}
	path = resolved(path)
	if _, err := os.Stat(path); err != nil {
		return 0, 0, fmt.Errorf("storage: compact: %w", err)
	}
	if err := inspect(ctx, path); err != nil {
		return 0, 0, err
	}
	held, err := Hold(url) // and no bot has it meanwhile
	if err != nil {
		return 0, 0, err
	}
	defer held.Release()
	if held.db == nil {
		return 0, 0, fmt.Errorf("storage: compact: %w", damagedFile(path, "it is empty, or was damaged just now"))
	}
	next, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.part")
	if err != nil {
		return 0, 0, fmt.Errorf("storage: compact: %w", err)
	}
	defer func() { err = errors.Join(err, remove(next.Name())) }()
	err = errors.Join(next.Close(), compactInto(ctx, next.Name(), held.db))
	if err == nil {
		err = inspect(ctx, next.Name())
	}
	if err != nil {
		return 0, 0, fmt.Errorf("storage: compact: %w", err)
	}
	now, err := os.Stat(next.Name())
	if err != nil {
		return 0, 0, fmt.Errorf("storage: compact: %w", err)
	}
	err = errors.Join(os.Chmod(next.Name(), held.was.Mode().Perm()), ownedLike(next.Name(), held.was))
	if err != nil {
		return 0, 0, fmt.Errorf("storage: compact: %w", err)
	}
	if err := held.unchanged(); err != nil {
		return 0, 0, err
	}
	return held.was.Size(), now.Size(), replace(next.Name(), path)
}

// compactInto writes all records to the empty file at path, durably, and compares them.
func compactInto(ctx context.Context, path string, from *bbolt.DB) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	to, err := openFor(path, bbolt.Options{NoSync: true, NoGrowSync: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	defer func() {
		if why := recover(); why != nil {
			err = damagedFile(from.Path(), why)
		}
	}()
	if err := bbolt.Compact(to, from, compactAtOnce); err != nil {
		return err
	}
	if err := to.Sync(); err != nil {
		return err
	}
	return from.View(func(a *bbolt.Tx) error {
		return to.View(func(b *bbolt.Tx) error { return sameRecords(ctx, a.Bucket(boltBucket), b.Bucket(boltBucket)) })
	})
}

// sameRecords fails unless two buckets hold the same.
func sameRecords(ctx context.Context, a, b *bbolt.Bucket) error {
	if a == nil || b == nil {
		return fmt.Errorf("%w: its records are gone", ErrDamaged)
	}
	one, other := a.Cursor(), b.Cursor()
	key, value := one.First()
	copied, as := other.First()
	for ; key != nil || copied != nil; copied, as = other.Next() {
		if !bytes.Equal(key, copied) || !bytes.Equal(value, as) {
			return fmt.Errorf("%w: %q was not copied as it is", ErrDamaged, key)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		key, value = one.Next()
	}
	return nil
}
