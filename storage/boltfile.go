package storage

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime/debug"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// bbolt trusts what it finds in its file, which has no checksums but those of its two
// meta pages: reading a broken page is a panic or a fault of memory. So a file is looked
// at before it is opened for writing. [glance] looks at what every transaction depends
// on and takes as long for a large file as for a small one; [inspect] reads everything.
// What a glance cannot see is found where it is read: see [bolt.run].

// suspectSuffix is that of the file beside the store that says that it was found
// damaged while it was used. The next opening reads all of it.
const suspectSuffix = ".damaged"

// openFor opens a bbolt file. A panic or a fault is ErrDamaged. While the lock is waited for,
// its holder may put another file in the place: then it is that one that is opened, for
// what is written to the former would be gone.
func openFor(path string, options bbolt.Options) (db *bbolt.DB, err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if why := recover(); why != nil {
			err = damagedFile(path, why)
		}
	}()
	options.Timeout = lockTimeout
	var opened *os.File
	options.OpenFile = func(name string, flag int, mode os.FileMode) (_ *os.File, err error) {
		opened, err = os.OpenFile(name, flag, mode) //nolint:gosec // the operator names it
		return opened, err
	}
	for {
		if db, err = bbolt.Open(path, 0o600, &options); err != nil {
			return nil, openError(path, err)
		}
		is, err := opened.Stat()
		if err == nil && isAt(path, is) {
			return db, nil
		}
		if err := errors.Join(err, db.Close()); err != nil {
			return nil, openError(path, err)
		}
	}
}

// isAt reports whether a file is what a path leads to.
func isAt(path string, file fs.FileInfo) bool {
	there, err := os.Stat(path)
	return err == nil && os.SameFile(there, file)
}

// glance fails with ErrDamaged when what every transaction depends on is not whole.
func glance(path string) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	db, err := openFor(path, bbolt.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() {
		if why := recover(); why != nil {
			err = damagedFile(path, why)
		}
		err = errors.Join(err, db.Close())
	}()
	err = db.View(func(tx *bbolt.Tx) error { return errors.Join(glanceAtFree(tx, path), glanceAtRecords(tx)) })
	if err != nil {
		err = damagedFile(path, err)
	}
	return err
}

// inspect reads a file from end to end and fails with ErrDamaged when it is not whole.
// A broken file is not closed, for bbolt's check may still be looking at it, so it stays
// locked.
func inspect(ctx context.Context, path string) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if why := recover(); why != nil {
			err = damagedFile(path, why)
		}
	}()
	if err := glance(path); err != nil {
		return err
	}
	db, err := openFor(path, bbolt.Options{
		ReadOnly:        true,
		PreLoadFreelist: true, // here, and not in a goroutine where nothing can be recovered
	})
	if err != nil {
		return err
	}
	tx, err := db.Begin(false)
	if err != nil {
		return openError(path, err)
	}
	err = inspectPages(ctx, tx)
	if ended := ctx.Err(); ended != nil {
		err = ended
	} else if err != nil {
		return damagedFile(path, err)
	}
	return errors.Join(err, tx.Rollback(), db.Close())
}

// damagedFile is ErrDamaged for a file, and why.
func damagedFile(path string, why any) error {
	if err, ok := why.(error); ok {
		return fmt.Errorf("%w: %q: %w", ErrDamaged, path, err)
	}
	return fmt.Errorf("%w: %q: %v", ErrDamaged, path, why)
}

// glanceAtRecords looks at the buckets, and at the pages on the way to the first and the
// last record.
func glanceAtRecords(tx *bbolt.Tx) error {
	return tx.ForEach(func(name []byte, bucket *bbolt.Bucket) error {
		if !bytes.Equal(name, boltBucket) {
			return errors.New("it is not one of ours")
		}
		cursor := bucket.Cursor()
		key, value := cursor.First()
		first, _ := bytes.Clone(key), bytes.Clone(value) // touches all of them
		key, value = cursor.Last()
		_ = bytes.Clone(value)
		if bytes.Compare(first, key) > 0 {
			return errors.New("its keys are out of order")
		}
		return nil
	})
}

// The layout of bbolt's pages, as far as its list of free pages goes.
const (
	pageHeader   = 16   // bytes: id 8, flags 2, count 2, overflow 4
	freelistFlag = 0x10 // in the flags
	metaFreelist = 32   // where a meta says which page has the list
	metaTxid     = 48   // where it says which transaction wrote it
	firstPageOf  = 2    // the two before are metas
)

// glanceAtFree looks at the size of the file, and at the list of free pages, from which
// pages are taken to be written. It reads the file and not memory.
func glanceAtFree(tx *bbolt.Tx, path string) error {
	file, err := os.Open(path) //nolint:gosec // the operator names it
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if info.Size() < tx.Size() {
		return fmt.Errorf("it has %d bytes of %d", info.Size(), tx.Size())
	}
	size := int64(tx.DB().Info().PageSize)
	pages := uint64(tx.Size() / size) //nolint:gosec // neither is negative
	var at uint64
	for meta := range int64(2) {
		head := make([]byte, pageHeader+metaTxid+8)
		if _, err := file.ReadAt(head, meta*size); err != nil {
			return err
		}
		if body := head[pageHeader:]; binary.NativeEndian.Uint64(body[metaTxid:]) == uint64(tx.ID()) { //nolint:gosec // it is not negative
			at = binary.NativeEndian.Uint64(body[metaFreelist:])
		}
	}
	if at < firstPageOf || at >= pages {
		return errors.New("it has no list of free pages")
	}
	list := io.NewSectionReader(file, int64(at)*size, int64(pages-at)*size) //nolint:gosec // both are of a file's size
	header := make([]byte, pageHeader)
	if _, err := io.ReadFull(list, header); err != nil {
		return err
	}
	if binary.NativeEndian.Uint64(header) != at || binary.NativeEndian.Uint16(header[8:]) != freelistFlag {
		return errors.New("its list of free pages is none")
	}
	count := uint64(binary.NativeEndian.Uint16(header[10:]))
	if count == 0xFFFF { // more than it can say: the number comes first
		if err := binary.Read(list, binary.NativeEndian, &count); err != nil {
			return err
		}
	}
	if count > pages {
		return errors.New("its list of free pages is too long")
	}
	free := make([]uint64, count)
	if err := binary.Read(list, binary.NativeEndian, free); err != nil {
		return err
	}
	last := uint64(firstPageOf - 1)
	for _, page := range free {
		if page <= last || page >= pages || page == at {
			return fmt.Errorf("its list of free pages has %d", page)
		}
		last = page
	}
	return nil
}

// inspectPages reads every record, then has bbolt check how its pages hang together. That
// check runs in another goroutine, where a fault cannot be recovered, so it comes
// second; and its first finding is enough, since there can be billions.
func inspectPages(ctx context.Context, tx *bbolt.Tx) error {
	bucket := tx.Bucket(boltBucket)
	if bucket == nil {
		return nil // none was made yet
	}
	var last []byte
	err := bucket.ForEach(func(key, value []byte) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := sound(last, key); err != nil {
			return err
		}
		last = append(last[:0], key...) // touches all of it
		_, err := io.Discard.Write(bytes.Clone(value))
		return err
	})
	if err != nil {
		return err
	}
	return <-tx.Check()
}

// sound fails when a key cannot be one, or cannot follow the last one.
func sound(last, key []byte) error {
	switch {
	case len(key) > bbolt.MaxKeySize:
		return errors.New("it has a key that is too long")
	case last != nil && bytes.Compare(last, key) >= 0:
		return errors.New("its keys are out of order")
	}
	return nil
}

// openError says in our words why a file cannot be opened.
func openError(path string, err error) error {
	var system *fs.PathError
	switch {
	case errors.Is(err, bolterrors.ErrTimeout):
		return fmt.Errorf("%w: %q", ErrLocked, path)
	case errors.As(err, &system):
		return fmt.Errorf("storage: open %q: %w", path, err)
	}
	return damagedFile(path, err)
}
