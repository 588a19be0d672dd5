// Package storage keeps the bot's records: an ordered space of keys, one atomic
// function per turn, everything sealed at rest.
//
// A key is a path of parts joined by "/": "dialogue/42/0/42". Keys are not
// secret and are stored as they are; values are sealed (see [Keyring]), each
// bound to its key, so that a value moved to another key does not open.
//
// [Open] opens the store that a URL names; [New] puts sealing, schema and leases
// on top of any [Backend]. [Get], [Put] and [Read] keep records as JSON.
// [HasRoom] looks at the disk. [Healthy], [Reseal] and [Backup] are for the operator.
//
// # Caveats
//
// The function given to [Store.Update] may run more than once and must have no
// effects except through its [Tx]. A Tx has no range reads, so that an engine with
// optimistic transactions can stand behind the same interface: look with
// [Store.Scan] first, then check by key inside the transaction. Values are never
// empty. A function writes at most [MostWrites] keys and [MostBytes] of keys and values,
// whatever the engine: who has more to write writes it in several transactions.
//
// A function given to Update or View must not call the store itself: bbolt has
// one writer, and a reader that waits for it can wait for ever. A Tx belongs to the
// goroutine that its function runs in, and only while it runs.
//
// Keys that begin with "meta/" or "lease/" are the store's own: they can be
// read, not written, and Scan passes over them. "lease/" keeps one small record
// for each name that was ever owned, unless the engine shuts other processes out.
//
// Sealing hides what a value says and shows a change of it. It does not hide
// keys or lengths, and does not show that a key was given back an older value of
// its own, or that a record is gone. bbolt has no checksums of its pages: a page that is
// damaged by the disk is mostly recognised when it is read, which for most pages is not
// when the file is opened. The transaction then fails with [ErrDamaged], and so does
// every one that writes from then on, until the file is opened again and is found whole
// from end to end; [Inspect] does only that. But a damaged list of keys can hide
// records without a sign, and a damaged newest meta page brings back the state before
// the last transaction.
package storage

import (
	"context"
	"errors"
)

var (
	// ErrURL means that the URL does not name a known kind of store.
	ErrURL = errors.New("storage: unusable URL")
	// ErrLocked means that another process holds the store.
	ErrLocked = errors.New("storage: held by another process")
	// ErrAccess means that the store's cluster does not let us in.
	ErrAccess = errors.New("storage: no access")
	// ErrSealed means that a value cannot be opened: it was sealed with a key
	// that is not in the keyring, or it was changed or moved.
	ErrSealed = errors.New("storage: value cannot be opened")
	// ErrRecord means that a value was opened but is not a record of its kind.
	ErrRecord = errors.New("storage: not a record of its kind")
	// ErrSchema means that a newer version of the program wrote the store.
	ErrSchema = errors.New("storage: schema is newer than this program")
	// ErrPart means that the store has only a part of what was to be copied to it: that was
	// cut, or the two differ.
	ErrPart = errors.New("storage: only a part of another store")
	// ErrDamaged means that the store is not one of ours, or is cut or broken.
	ErrDamaged = errors.New("storage: damaged")
	// ErrMark means that the number beside the store is none: a person has to see to it.
	ErrMark = errors.New("storage: the mark is not a number")
	// ErrClosed means that the store was closed.
	ErrClosed = errors.New("storage: closed")
	// ErrFull means that the disk, or what a cluster may take, has less free space than was
	// asked for.
	ErrFull = errors.New("storage: nearly full")
	// ErrTooLarge means that a function has written more than a transaction takes:
	// [MostWrites] or [MostBytes]. Nothing of it was written.
	ErrTooLarge = errors.New("storage: more than a transaction takes")
	// ErrLost means that the lease is no longer ours; the transaction is not made.
	ErrLost = errors.New("storage: lease lost")
)

// What one function may write, and every engine takes. A record as it is sealed takes its
// key, its value and up to [RecordBytes] more.
const (
	MostWrites  = 1000    // keys
	MostBytes   = 1 << 20 // of keys and values
	RecordBytes = 80
)

// Tx reads and writes single keys within one atomic function.
type Tx interface {
	// Get returns the value of key, nil when there is none. The slice is the
	// caller's own.
	Get(key string) ([]byte, error)
	// Put sets the value of key, which must not be empty.
	Put(key string, value []byte) error
	// Delete removes key; an absent key is no error.
	Delete(key string) error
}

// Store is an open store. It is safe for concurrent use.
type Store interface {
	// Update runs fn in one transaction and commits it durably before it
	// returns. An error of fn is returned as it is, and nothing is written; nor is
	// anything when fn panics. An error of the commit itself does not say whether
	// it was written: read before trying again. Functions that wait at the same time
	// are committed together, one after the other and in the order in which they
	// came; each succeeds or fails for itself.
	Update(ctx context.Context, fn func(Tx) error) error
	// Soon is Update for what may wait a little: fn shares the transaction of the
	// next Update, or has one of its own 50 milliseconds later.
	Soon(ctx context.Context, fn func(Tx) error) error
	// Flush has nothing that waits in Soon wait any longer.
	Flush()
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
	// Close releases the store and ends its leases. It waits for running
	// transactions. All calls after it, except Close, fail with ErrClosed.
	Close() error
}

// Lease is the ownership of a name.
type Lease interface {
	// Check fails with ErrLost when the name is no longer ours. Called within a
	// transaction it fences that transaction.
	Check(tx Tx) error
	// Done is closed when the lease is lost or released.
	Done() <-chan struct{}
	// Release gives the name to the next in line. It may be called twice.
	Release()
}
