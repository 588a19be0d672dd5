package storage

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// The namespaces that are the store's own.
const (
	metaPrefix  = "meta/"
	leasePrefix = "lease/"
)

// A scan holds so many records at once: few at first, for most scans end soon, and
// twice as many each time.
const (
	firstPage   = 8
	largestPage = 128
)

// store seals what it gives to its engine and opens what it gets back. All values
// pass through it, in either direction.
type store struct {
	engine Backend
	keys   Keyring
	group  group
}

// New returns a store on top of an engine, which it owns from then on: it is
// closed with the store, and when New fails. Its errors are those of [Open].
func New(ctx context.Context, engine Backend, keys Keyring) (Store, error) {
	return newStore(ctx, engine, keys, migrations)
}

func newStore(ctx context.Context, engine Backend, keys Keyring, steps []migration) (Store, error) {
	s := storeOn(engine, keys)
	if err := s.start(ctx, steps); err != nil {
		return nil, errors.Join(err, engine.Close())
	}
	return s, nil
}

// storeOn returns a store that was not looked at.
func storeOn(engine Backend, keys Keyring) *store {
	return &store{engine: engine, keys: keys, group: group{backend: engine, room: roomOf(engine), keys: keys}}
}

func (s *store) Update(ctx context.Context, fn func(Tx) error) error {
	return s.group.update(ctx, func(tx Tx) error { return fn(guardedTx{tx}) }, false)
}

func (s *store) Soon(ctx context.Context, fn func(Tx) error) error {
	return s.group.update(ctx, func(tx Tx) error { return fn(guardedTx{tx}) }, true)
}

func (s *store) Flush() { s.group.flush() }

func (s *store) View(ctx context.Context, fn func(Tx) error) error {
	return s.engine.View(ctx, func(raw Tx) error { return fn(guardedTx{sealedTx{raw, s.keys}}) })
}

// updateOwn is Update for the store's own records.
func (s *store) updateOwn(ctx context.Context, fn func(Tx) error) error {
	return s.group.update(ctx, fn, false)
}

func (s *store) Scan(ctx context.Context, prefix, from string, fn func(key string, value []byte) (bool, error)) error {
	return s.each(ctx, prefix, from, func(record Record) (bool, error) {
		if reserved(record.Key) {
			return true, nil
		}
		value, err := s.keys.open(record.Key, record.Value)
		if err != nil {
			return false, err
		}
		return fn(record.Key, value)
	})
}

// each calls fn for raw records as Scan does for opened ones.
func (s *store) each(ctx context.Context, prefix, from string, fn func(Record) (bool, error)) error {
	for size := firstPage; ; size = min(2*size, largestPage) {
		page, err := s.engine.Page(ctx, prefix, from, size)
		if err != nil {
			return err
		}
		for _, record := range page {
			if err := ctx.Err(); err != nil {
				return err
			}
			if more, err := fn(record); err != nil || !more {
				return err
			}
		}
		if len(page) < size {
			return nil
		}
		from = page[len(page)-1].Key + "\x00" // the least key above the last one
	}
}

func (s *store) Close() error { return s.engine.Close() }

// reserved reports whether a key is the store's own.
func reserved(key string) bool {
	return strings.HasPrefix(key, metaPrefix) || strings.HasPrefix(key, leasePrefix)
}

// sealedTx seals and opens the values of a raw transaction.
type sealedTx struct {
	raw  Tx
	keys Keyring
}

func (t sealedTx) Get(key string) ([]byte, error) {
	sealed, err := t.raw.Get(key)
	if err != nil || sealed == nil {
		return nil, err
	}
	return t.keys.open(key, sealed)
}

func (t sealedTx) Put(key string, value []byte) error {
	sealed, err := t.keys.seal(key, value)
	if err != nil {
		return err
	}
	return t.raw.Put(key, sealed)
}

func (t sealedTx) Delete(key string) error { return t.raw.Delete(key) }

// guardedTx keeps others from writing the store's own records.
type guardedTx struct{ Tx }

func (t guardedTx) Put(key string, value []byte) error {
	if reserved(key) {
		return fmt.Errorf("storage: put %q: the key is the store's own", key)
	}
	return t.Tx.Put(key, value)
}

func (t guardedTx) Delete(key string) error {
	if reserved(key) {
		return fmt.Errorf("storage: delete %q: the key is the store's own", key)
	}
	return t.Tx.Delete(key)
}
