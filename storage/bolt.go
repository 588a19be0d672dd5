package storage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// lockTimeout is how long opening waits for another process to let go of the
// file: long enough for one that is just stopping.
const lockTimeout = 2 * time.Second

// boltBucket holds all records.
var boltBucket = []byte("records")

// bolt is the engine for one process: a bbolt file.
type bolt struct {
	db     *bbolt.DB
	folder string
	writer chan struct{} // taken by the one writer; unlike bbolt's own lock, waiting for it ends with the context
	queues *queues
}

// openBolt opens the file at path, and creates it and its folder when missing.
func openBolt(ctx context.Context, path string) (Backend, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if info, err := os.Stat(path); strings.HasSuffix(path, "/") || err == nil && info.IsDir() {
		return nil, fmt.Errorf("%w: %q is a folder; name a file in it, as bolt:%s", ErrURL, path, filepath.Join(path, "bot.db"))
	}
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("storage: make the folder of %q: %w", path, err)
	}
	if info, err := os.Stat(path); err == nil && info.Size() > 0 {
		if err := inspect(path); err != nil {
			return nil, err
		}
	}
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: lockTimeout})
	if err != nil {
		return nil, openError(path, err)
	}
	if err := prepare(db, folder); err != nil {
		return nil, errors.Join(fmt.Errorf("storage: create %q: %w", path, err), db.Close())
	}
	return &bolt{db: db, folder: folder, writer: make(chan struct{}, 1), queues: newQueues()}, nil
}

// inspect fails with ErrDamaged when the file is not whole. It looks before the
// file is opened for writing, since bbolt trusts what it finds there: reading a
// broken file is a panic or a fault of memory. A broken file is not closed, for
// bbolt's check may still be looking at it, so it stays locked.
func inspect(path string) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if broken := recover(); broken != nil {
			err = fmt.Errorf("%w: %q: %v", ErrDamaged, path, broken)
		}
	}()
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{
		ReadOnly:        true,
		PreLoadFreelist: true, // here, and not in a goroutine where nothing can be recovered
		Timeout:         lockTimeout,
	})
	if err != nil {
		return openError(path, err)
	}
	tx, err := db.Begin(false)
	if err != nil {
		return openError(path, err)
	}
	if err := inspectPages(tx, path); err != nil {
		return fmt.Errorf("%w: %q: %w", ErrDamaged, path, err)
	}
	return errors.Join(tx.Rollback(), db.Close())
}

// inspectPages reads every record, then has bbolt check how its pages hang
// together. That check runs in another goroutine, where a fault cannot be
// recovered, so it comes second; and its first finding is enough, since there can
// be billions.
func inspectPages(tx *bbolt.Tx, path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if info.Size() < tx.Size() {
		return fmt.Errorf("it has %d bytes of %d", info.Size(), tx.Size())
	}
	err = tx.ForEach(func(name []byte, bucket *bbolt.Bucket) error {
		if !bytes.Equal(name, boltBucket) {
			return errors.New("it is not one of ours")
		}
		var last []byte
		return bucket.ForEach(func(key, value []byte) error {
			if len(key) > bbolt.MaxKeySize {
				return errors.New("it has a key that is too long")
			}
			if last != nil && bytes.Compare(last, key) >= 0 {
				return errors.New("its keys are out of order")
			}
			last = bytes.Clone(key) // touches all of it
			_, err := io.Discard.Write(bytes.Clone(value))
			return err
		})
	})
	if err != nil {
		return err
	}
	return <-tx.Check()
}

// prepare makes the bucket of a file that has none yet. Nothing else is written.
func prepare(db *bbolt.DB, folder string) error {
	ready := false
	err := db.View(func(tx *bbolt.Tx) error {
		ready = tx.Bucket(boltBucket) != nil
		return nil
	})
	if err != nil || ready {
		return err
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		_, err := tx.CreateBucket(boltBucket)
		return err
	})
	return errors.Join(err, syncFolder(folder))
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
	return fmt.Errorf("%w: %q: %w", ErrDamaged, path, err)
}

// syncFolder makes a new file's name as durable as its content.
func syncFolder(folder string) error {
	if runtime.GOOS == "windows" { // this system has no such call
		return nil
	}
	f, err := os.Open(filepath.Clean(folder))
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func (b *bolt) Update(ctx context.Context, fn func(Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case b.writer <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-b.writer }()
	return b.run(b.db.Update, "commit", fn)
}

func (b *bolt) View(ctx context.Context, fn func(Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return b.run(b.db.View, "view", fn)
}

// run runs fn in a transaction of bbolt's and returns its error as it is.
func (b *bolt) run(begin func(func(*bbolt.Tx) error) error, what string, fn func(Tx) error) error {
	var failed error
	err := begin(func(raw *bbolt.Tx) error {
		tx := &boltTx{bucket: raw.Bucket(boltBucket)}
		defer func() { tx.bucket = nil }()
		failed = fn(tx)
		return failed
	})
	switch {
	case failed != nil:
		return failed
	case errors.Is(err, bolterrors.ErrDatabaseNotOpen):
		return ErrClosed
	case err != nil:
		return fmt.Errorf("storage: %s: %w", what, err)
	}
	return nil
}

func (b *bolt) Page(ctx context.Context, prefix, from string, limit int) ([]Record, error) {
	var page []Record
	err := b.View(ctx, func(tx Tx) error {
		cursor := tx.(*boltTx).bucket.Cursor()
		for key, value := cursor.Seek([]byte(max(prefix, from))); key != nil && len(page) < limit; key, value = cursor.Next() {
			if !bytes.HasPrefix(key, []byte(prefix)) {
				break
			}
			page = append(page, Record{Key: string(key), Value: bytes.Clone(value)})
		}
		return nil
	})
	return page, err
}

func (b *bolt) Lock(ctx context.Context, name string) (Lock, error) { return b.queues.lock(ctx, name) }

func (b *bolt) Close() error {
	b.queues.close()
	if err := b.db.Close(); err != nil {
		return fmt.Errorf("storage: close: %w", err)
	}
	return nil
}

// Free returns the free bytes of the disk that holds the file.
func (b *bolt) Free(_ context.Context) (uint64, error) { return freeSpace(b.folder) }

// Backup writes a copy of the file as it is at one moment.
func (b *bolt) Backup(ctx context.Context, w io.Writer) error {
	copied := &contextWriter{ctx: ctx, w: w}
	err := b.db.View(func(tx *bbolt.Tx) error {
		_, err := tx.WriteTo(copied)
		return err
	})
	switch {
	case copied.err != nil: // bbolt's error is only its text
		return copied.err
	case errors.Is(err, bolterrors.ErrDatabaseNotOpen):
		return ErrClosed
	}
	return err
}

// contextWriter writes until the context ends, and remembers why it failed.
type contextWriter struct {
	ctx context.Context
	w   io.Writer
	err error
}

func (c *contextWriter) Write(p []byte) (n int, err error) {
	if err = c.ctx.Err(); err == nil {
		n, err = c.w.Write(p)
	}
	c.err = err
	return n, err
}

// boltTx is a transaction of bbolt's while its function runs; then the bucket is
// nil.
type boltTx struct{ bucket *bbolt.Bucket }

func (t *boltTx) Get(key string) ([]byte, error) {
	if t.bucket == nil {
		return nil, errTxOver
	}
	return bytes.Clone(t.bucket.Get([]byte(key))), nil
}

func (t *boltTx) Put(key string, value []byte) error {
	if t.bucket == nil {
		return errTxOver
	}
	if err := t.bucket.Put([]byte(key), value); err != nil {
		return fmt.Errorf("storage: put %q: %w", key, err)
	}
	return nil
}

func (t *boltTx) Delete(key string) error {
	if t.bucket == nil {
		return errTxOver
	}
	if err := t.bucket.Delete([]byte(key)); err != nil {
		return fmt.Errorf("storage: delete %q: %w", key, err)
	}
	return nil
}
