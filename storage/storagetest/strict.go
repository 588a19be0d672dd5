package storagetest

import (
	"bytes"
	"context"
	"errors"
	"io"

	"zomrobot/storage"
)

// Strict stands between a store and its engine and uses all that the contract leaves
// open: each function of Update runs twice, and nothing of its first run is kept; a
// transaction that is shared has no more room than one function may use.
type Strict struct{ storage.Backend }

// BeStrict puts an engine behind [Strict], for [storage.OpenWith].
func BeStrict(engine storage.Backend) storage.Backend { return Strict{engine} }

// Update is as in [storage.Backend].
func (s Strict) Update(ctx context.Context, fn func(storage.Tx) error) error {
	return s.Backend.Update(ctx, func(tx storage.Tx) error {
		if err := fn(&rehearsal{below: tx, wrote: make(map[string][]byte)}); err != nil {
			return err
		}
		return fn(tx)
	})
}

// Room is what every engine has.
func (s Strict) Room() (writes, bytes int) { return storage.MostWrites, storage.MostBytes }

// Alone is the engine's.
func (s Strict) Alone() bool {
	engine, ok := s.Backend.(interface{ Alone() bool })
	return ok && engine.Alone()
}

// Free is the engine's, for [storage.Healthy].
func (s Strict) Free(ctx context.Context) (uint64, error) {
	disk, ok := s.Backend.(interface {
		Free(ctx context.Context) (uint64, error)
	})
	if !ok {
		return 0, errors.ErrUnsupported
	}
	return disk.Free(ctx)
}

// Size is the engine's, for [storage.Size].
func (s Strict) Size(ctx context.Context) (uint64, error) {
	engine, ok := s.Backend.(interface {
		Size(ctx context.Context) (uint64, error)
	})
	if !ok {
		return 0, errors.ErrUnsupported
	}
	return engine.Size(ctx)
}

// Backup is the engine's, for [storage.Backup].
func (s Strict) Backup(ctx context.Context, w io.Writer) error {
	source, ok := s.Backend.(interface {
		Backup(ctx context.Context, w io.Writer) error
	})
	if !ok {
		return errors.ErrUnsupported
	}
	return source.Backup(ctx, w)
}

// Written is the engine's, for the [Meter].
func (s Strict) Written() (pages, bytes int64) {
	engine, ok := s.Backend.(interface{ Written() (pages, bytes int64) })
	if !ok {
		return 0, 0
	}
	return engine.Written()
}

// rehearsal is a transaction of which nothing is kept.
type rehearsal struct {
	below storage.Tx
	wrote map[string][]byte // nil: deleted
}

func (r *rehearsal) Get(key string) ([]byte, error) {
	if value, ok := r.wrote[key]; ok {
		return bytes.Clone(value), nil
	}
	return r.below.Get(key)
}

func (r *rehearsal) Put(key string, value []byte) error {
	r.wrote[key] = value
	return nil
}

func (r *rehearsal) Delete(key string) error {
	r.wrote[key] = nil
	return nil
}
