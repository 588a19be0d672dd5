package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// Backup writes a consistent copy of the store to w while the store is in use.
// For bbolt that is a file that [Open] opens; it is sealed as the store is, so the
// keys must be kept too, elsewhere. Writes to the store may have to wait while the
// copy is made, so w should be a local file. The error is [errors.ErrUnsupported]
// for a store that has its own way of backup, as etcd has.
func Backup(ctx context.Context, s Store, w io.Writer) error {
	own, ok := s.(*store)
	if !ok {
		return fmt.Errorf("storage: backup: %w", errors.ErrUnsupported)
	}
	source, ok := own.engine.(interface {
		Backup(ctx context.Context, w io.Writer) error
	})
	if !ok {
		return fmt.Errorf("storage: backup: %w", errors.ErrUnsupported)
	}
	if err := source.Backup(ctx, w); err != nil {
		return fmt.Errorf("storage: backup: %w", err)
	}
	return nil
}
