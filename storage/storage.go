// Package storage keeps the bot's records: an ordered space of keys, one atomic
// function per turn, everything sealed at rest.
//
// A key is a path of parts joined by "/": "dialogue/42/0/42". Keys are not
// secret and are stored as they are; values are sealed (see [Keyring]), each
// bound to its key, so that a value moved to another key does not open.
//
// # Caveats
//
// The function given to [Store.Update] may run more than once and must have no
// effect but through its [Tx]. A Tx has no range reads, so that an engine with
// optimistic transactions can stand behind the same interface: look with
// [Store.Scan] first, then check by key inside the transaction. Values are
// never empty.
package storage

import (
	"context"
	"errors"
)

var (
	// ErrLocked: another process holds the store.
	ErrLocked = errors.New("storage: held by another process")
	// ErrSealed: a value cannot be opened: it was sealed with a key that is
	// not in the keyring, or it was changed or moved.
	ErrSealed = errors.New("storage: value cannot be opened")
	// ErrSchema: the store was written by a newer version of the program.
	ErrSchema = errors.New("storage: schema is newer than this program")
	// ErrLost: the lease is not ours any more; the transaction is not made.
	ErrLost = errors.New("storage: lease lost")
)

// Tx reads and writes single keys within one atomic function.
type Tx interface {
	// Get returns the value of key, nil when there is none. The slice is the
	// caller's own.
	Get(key string) ([]byte, error)
	// Put sets the value of key, which must not be empty.
	Put(key string, value []byte) error
	// Delete removes key; an absent one is no error.
	Delete(key string) error
}

// Store is an open store. It is safe for concurrent use.
type Store interface {
	// Update runs fn in one transaction and commits it durably before it
	// returns. An error of fn is returned as it is, and nothing is written.
	Update(ctx context.Context, fn func(Tx) error) error
	// View runs fn on a consistent state; writing is an error.
	View(ctx context.Context, fn func(Tx) error) error
	// Scan calls fn for each key that begins with prefix and is not below
	// from (both may be empty), in ascending byte order, until fn returns
	// false or an error. It runs outside of any transaction: fn may call the
	// store.
	Scan(ctx context.Context, prefix, from string, fn func(key string, value []byte) (bool, error)) error
	// Own waits until this process alone owns name, and keeps it owned until
	// the lease is released or lost.
	Own(ctx context.Context, name string) (Lease, error)
	// Close releases the store. It waits for running transactions.
	Close() error
}

// Lease is the ownership of a name.
type Lease interface {
	// Check fails with ErrLost when the name is not ours any more. Called
	// within a transaction it fences that transaction.
	Check(tx Tx) error
	// Done is closed when the lease is lost or released.
	Done() <-chan struct{}
	// Release gives the name to the next who waits. It may be called twice.
	Release()
}
