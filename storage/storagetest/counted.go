package storagetest

import (
	"context"
	"sync/atomic"

	"zomrobot/storage"
)

// Counted is a store that counts what is read and written, so that a test can say
// that something does not grow with the store.
type Counted struct {
	storage.Store

	reads, writes atomic.Int64
}

// Reads returns how many records were read since the last call of Reset: by key,
// whether there was one or not, and in scans.
func (c *Counted) Reads() int { return int(c.reads.Load()) }

// Writes returns how many records were put or deleted since the last call of Reset.
func (c *Counted) Writes() int { return int(c.writes.Load()) }

// Reset begins to count anew.
func (c *Counted) Reset() {
	c.reads.Store(0)
	c.writes.Store(0)
}

// Update counts what the transaction reads and writes.
func (c *Counted) Update(ctx context.Context, fn func(storage.Tx) error) error {
	return c.Store.Update(ctx, func(tx storage.Tx) error { return fn(countedTx{tx, c}) })
}

// View counts what the transaction reads.
func (c *Counted) View(ctx context.Context, fn func(storage.Tx) error) error {
	return c.Store.View(ctx, func(tx storage.Tx) error { return fn(countedTx{tx, c}) })
}

// Scan counts the records that it gives.
func (c *Counted) Scan(ctx context.Context, prefix, from string, fn func(key string, value []byte) (bool, error)) error {
	return c.Store.Scan(ctx, prefix, from, func(key string, value []byte) (bool, error) {
		c.reads.Add(1)
		return fn(key, value)
	})
}

type countedTx struct {
	storage.Tx
	of *Counted
}

func (t countedTx) Get(key string) ([]byte, error) {
	t.of.reads.Add(1)
	return t.Tx.Get(key)
}

func (t countedTx) Put(key string, value []byte) error {
	t.of.writes.Add(1)
	return t.Tx.Put(key, value)
}

func (t countedTx) Delete(key string) error {
	t.of.writes.Add(1)
	return t.Tx.Delete(key)
}
