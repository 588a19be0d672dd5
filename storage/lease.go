package storage

import (
	"context"
	"errors"
	"fmt"
)

// lease is a lock. Where another process can hold the store, too, it has a generation:
// a number in the store that grows with each owner, and by which a transaction of an
// earlier owner is recognised.
type lease struct {
	Lock
	name       string
	generation uint64 // 0: the lock alone is enough
}

func (s *store) Own(ctx context.Context, name string) (Lease, error) {
	if name == "" {
		return nil, errors.New("storage: own: empty name")
	}
	lock, err := s.engine.Lock(ctx, name)
	if err != nil {
		return nil, fmt.Errorf("storage: own %q: %w", name, err)
	}
	l := &lease{Lock: lock, name: name}
	if s.alone() {
		return l, nil
	}
	err = s.updateOwn(ctx, func(tx Tx) error {
		last, _, err := Get[uint64](tx, leasePrefix+name)
		if err != nil {
			return err
		}
		l.generation = last + 1
		return Put(tx, leasePrefix+name, l.generation)
	})
	if err != nil {
		lock.Release()
		return nil, fmt.Errorf("storage: own %q: %w", name, err)
	}
	return l, nil
}

// alone reports whether no other process can hold the store.
func (s *store) alone() bool {
	engine, ok := s.engine.(interface{ Alone() bool })
	return ok && engine.Alone()
}

func (l *lease) Check(tx Tx) error {
	select {
	case <-l.Done():
		return fmt.Errorf("%w: %q", ErrLost, l.name)
	default:
	}
	if l.generation == 0 {
		return nil
	}
	generation, _, err := Get[uint64](tx, leasePrefix+l.name)
	if err != nil {
		return err
	}
	if generation != l.generation {
		return fmt.Errorf("%w: %q has a later owner", ErrLost, l.name)
	}
	return nil
}
