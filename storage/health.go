package storage

import (
	"context"
	"errors"
	"fmt"
	"time"
)

const healthKey = metaPrefix + "health"

// Healthy makes sure that the store can be written: it writes a small record
// durably, reads it back, and fails with [ErrFull] when the store's disk has less
// than minFree bytes free, as far as the engine and the system can tell. The
// store must be one of this package, else the error is [errors.ErrUnsupported].
func Healthy(ctx context.Context, s Store, minFree uint64) error {
	if err := HasRoom(ctx, s, minFree); err != nil {
		return err
	}
	if err := s.(*store).healthy(ctx); err != nil {
		return fmt.Errorf("storage: health: %w", err)
	}
	return nil
}

// HasRoom fails with [ErrFull] when the store's disk has less than minFree bytes free,
// as far as the engine and the system can tell. It writes nothing. The store must be one
// of this package, else the error is [errors.ErrUnsupported].
func HasRoom(ctx context.Context, s Store, minFree uint64) error {
	if _, ok := s.(*store); !ok {
		return fmt.Errorf("storage: room: %w", errors.ErrUnsupported)
	}
	free, err := Free(ctx, s)
	switch {
	case errors.Is(err, errors.ErrUnsupported):
		return nil
	case err != nil:
		return err
	case free < minFree:
		return fmt.Errorf("storage: room: %w: %d bytes free, want %d", ErrFull, free, minFree)
	}
	return nil
}

// healthy writes and reads back.
func (s *store) healthy(ctx context.Context) error {
	if err := s.updateOwn(ctx, func(tx Tx) error { return Put(tx, healthKey, time.Now().UTC()) }); err != nil {
		return err
	}
	// What is read was sealed, so it is what was written, here or by another
	// caller.
	_, found, err := Read[time.Time](ctx, s, healthKey)
	if err == nil && !found {
		err = fmt.Errorf("%w: a value that was written is not there", ErrDamaged)
	}
	return err
}
