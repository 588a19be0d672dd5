package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"go.etcd.io/bbolt"
)

// Backup writes a consistent copy of the store to w while the store is in use.
// For bbolt that is a file that [Open] opens; it is sealed as the store is, so the
// keys must be kept too, elsewhere. Reading and writing go on meanwhile. What is
// replaced while the copy is made stays in the file until it is made, which grows by as
// much, so w should not be slow. The error is [errors.ErrUnsupported] for a store that
// has its own way of backup, as etcd has.
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

// BackupFile is [Backup] of the store that url names, which nobody has open for writing.
// It needs no key and changes nothing. Errors: [ErrURL], [ErrLocked], [ErrDamaged],
// [fs.ErrNotExist], and [errors.ErrUnsupported] for a store that is no file.
func BackupFile(ctx context.Context, url string, w io.Writer) error {
	path, err := fileOf(url)
	if err != nil {
		return err
	}
	if _, err := os.Stat(path); err != nil {
		return fmt.Errorf("storage: backup: %w", err)
	}
	engine, err := openBoltToRead(path)
	if err != nil {
		return err
	}
	if err := engine.Backup(ctx, w); err != nil {
		return errors.Join(fmt.Errorf("storage: backup: %w", err), engine.Close())
	}
	return engine.Close()
}

// Held is the place of a store that nobody opens until it is let go.
type Held struct {
	path string
	was  fs.FileInfo // nil: there was no file
	db   *bbolt.DB   // nil: there is nothing that can be held
}

// Hold keeps others from opening the store that url names until it is let go, so that
// another file can be put in its place. Errors: [ErrURL], [ErrLocked], and
// [errors.ErrUnsupported] for a store that is no file. One that is not there, or is
// damaged, cannot be held; what is begun there meanwhile is noticed by [Copy.Replace].
func Hold(url string) (*Held, error) {
	path, err := fileOf(url)
	if err != nil {
		return nil, err
	}
	h := &Held{path: resolved(path)}
	if h.was, err = os.Stat(h.path); err != nil || h.was.Size() == 0 {
		return h, nil //nolint:nilerr // what cannot be looked at cannot be opened either
	}
	h.db, err = openFor(h.path, bbolt.Options{ReadOnly: true})
	switch {
	case errors.Is(err, ErrDamaged):
		return h, nil
	case err != nil:
		return nil, err
	}
	if h.was, err = os.Stat(h.path); err != nil { // it may have been replaced before
		return nil, errors.Join(fmt.Errorf("storage: hold: %w", err), h.db.Close())
	}
	return h, nil
}

// Release lets go.
func (h *Held) Release() {
	if h.db != nil {
		_ = h.db.Close()
	}
}

// unchanged fails when there is another file now than when it was held, which somebody may
// have open.
func (h *Held) unchanged() error {
	now, err := os.Stat(h.path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && h.was == nil:
		return nil
	case err != nil:
		return fmt.Errorf("storage: %w", err)
	case h.was == nil || !os.SameFile(h.was, now) || h.was.Size() == 0 && now.Size() > 0:
		return fmt.Errorf("%w: somebody has put another file at %q meanwhile", ErrLocked, h.path)
	}
	return nil
}

// Room returns the bytes that are free on the disk of the folder that a file is in, or
// [errors.ErrUnsupported] where that is not known.
func Room(path string) (uint64, error) { return freeSpace(filepath.Dir(path)) }
