package storage

import (
	"context"
)

// Backend keeps raw values for a store; [New] makes a [Store] of it. Nothing else
// uses it, so no value reaches an engine unsealed. It is safe for concurrent use,
// and after Close its calls fail with [ErrClosed].
//
// An engine may also have
//
//	Free(ctx context.Context) (bytes uint64, err error)
//	Size(ctx context.Context) (bytes uint64, err error)
//	Backup(ctx context.Context, w io.Writer) error
//	Written() (pages, bytes int64)
//	Alone() bool
//	Room() (writes, bytes int)
//
// for [HasRoom] and [Healthy], for [Size], for [Backup], for the meter of storagetest, to say
// that while it is open no other process can have the same records open: then its locks
// need no record beside them; and to say how much a transaction takes that several
// functions share, counted as in [MostWrites] and [MostBytes], and not less than those.
// Without it, there is room for whatever they write.
type Backend interface {
	// Update and View are as in [Store], on raw values. Their Tx returns slices
	// that are the caller's own, and keeps the slices that it is given.
	Update(ctx context.Context, fn func(Tx) error) error
	View(ctx context.Context, fn func(Tx) error) error
	// Page returns the first records whose key begins with prefix and is not
	// below from, in ascending byte order, at most limit of them.
	Page(ctx context.Context, prefix, from string, limit int) ([]Record, error)
	// Lock waits until this call alone has locked name; those who wait get it in
	// the order in which they came. A lock that may be lost without notice is good
	// enough, unless the engine is alone: leases are fenced by a record.
	Lock(ctx context.Context, name string) (Lock, error)
	// Close is as in [Store].
	Close() error
}

// Record is a key and its raw value. The slice is the caller's own.
type Record struct {
	Key   string
	Value []byte
}

// Lock is a locked name.
type Lock interface {
	// Done is closed when the lock is lost or released.
	Done() <-chan struct{}
	// Release unlocks the name. It may be called twice.
	Release()
}
