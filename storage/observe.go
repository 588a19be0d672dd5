package storage

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Commit is one transaction of the engine, for whoever counts them.
type Commit struct {
	Functions int           // how many functions given to Update and Soon shared it
	Ran       time.Duration // how long they ran; the rest is the engine's, with its disk
	Took      time.Duration // from its beginning until it was on disk, or failed
	Err       error         // of the commit itself
}

// Observe has observe told of each transaction in which something was written, right after
// it. observe must return at once: the next one waits for it. nil: nobody is told. The
// store must be one of this package, else the error is [errors.ErrUnsupported].
func Observe(s Store, observe func(Commit)) error {
	own, ok := s.(*store)
	if !ok {
		return fmt.Errorf("storage: observe: %w", errors.ErrUnsupported)
	}
	if observe == nil {
		own.group.observe.Store(nil)
		return nil
	}
	own.group.observe.Store(&observe)
	return nil
}

// Size returns how many bytes the store takes. The error is [errors.ErrUnsupported] where
// the engine cannot tell, and for a store that is not of this package.
func Size(ctx context.Context, s Store) (uint64, error) {
	own, ok := s.(*store)
	if !ok {
		return 0, fmt.Errorf("storage: size: %w", errors.ErrUnsupported)
	}
	sized, ok := own.engine.(interface {
		Size(ctx context.Context) (uint64, error)
	})
	if !ok {
		return 0, fmt.Errorf("storage: size: %w", errors.ErrUnsupported)
	}
	size, err := sized.Size(ctx)
	if err != nil {
		return 0, fmt.Errorf("storage: size: %w", err)
	}
	return size, nil
}

// Free returns how many bytes are free on the store's disk, or of what a cluster may take. The error is
// [errors.ErrUnsupported] where the engine or the system cannot tell, and for a store that
// is not of this package.
func Free(ctx context.Context, s Store) (uint64, error) {
	own, ok := s.(*store)
	if !ok {
		return 0, fmt.Errorf("storage: room: %w", errors.ErrUnsupported)
	}
	disk, ok := own.engine.(interface {
		Free(ctx context.Context) (uint64, error)
	})
	if !ok {
		return 0, fmt.Errorf("storage: room: %w", errors.ErrUnsupported)
	}
	free, err := disk.Free(ctx)
	if err != nil {
		return 0, fmt.Errorf("storage: room: %w", err)
	}
	return free, nil
}
