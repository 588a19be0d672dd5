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
	"strconv"
	"strings"
	"sync"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// lockTimeout is how long opening waits for another process to let go of the
// file: long enough for one that is just stopping.
const lockTimeout = 2 * time.Second

// boltFill is how full the first of two pages is that one is split into: fuller than the
// other, for some keys come in order, and then nothing more comes to the first. Fuller still,
// and keys in any order leave the second nearly empty. With two thirds the pages of both are
// full by 0.63 to 0.67.
const boltFill = 0.66

// growBy is by how many bytes the file grows.
const growBy = 1 << 20

// boltBucket holds all records.
var boltBucket = []byte("records")

// bolt is the engine for one process: a bbolt file.
type bolt struct {
	db     *bbolt.DB
	path   string
	writer chan struct{} // taken by the one writer; unlike bbolt's own lock, waiting for it ends with the context
	locks  *Locks

	mu     sync.Mutex
	broken error // what was found damaged: nothing is written any more
	stuck  bool  // with broken: bbolt's locks are held for good, so that it is not called any more
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
		if err := checkFile(ctx, path); err != nil {
			return nil, err
		}
	}
	db, err := openFor(path, bbolt.Options{InitialMmapSize: mapAhead()})
	if err != nil {
		return nil, err
	}
	db.AllocSize = growBy
	if err := prepare(db, folder); err != nil {
		return nil, errors.Join(fmt.Errorf("storage: create %q: %w", path, err), db.Close())
	}
	return boltOn(db, path), nil
}

func boltOn(db *bbolt.DB, path string) *bolt {
	return &bolt{db: db, path: path, writer: make(chan struct{}, 1), locks: NewLocks()}
}

// openBoltToRead opens the file at path for reading alone; nobody has it open for writing
// meanwhile.
func openBoltToRead(path string) (*bolt, error) {
	if err := glance(path); err != nil {
		return nil, err
	}
	db, err := openFor(path, bbolt.Options{ReadOnly: true})
	if err != nil {
		return nil, err
	}
	return boltOn(db, path), nil
}

// mapAhead is how much of the address space is kept for the file from the start. When it
// outgrows that, bbolt waits for every reader before it goes on to write, and nobody reads
// either: a copy that is being made would hold everybody up. It takes no memory; but
// where the system makes the file as long as that, there is none.
func mapAhead() int {
	switch {
	case runtime.GOOS == "windows":
		return 0
	case strconv.IntSize == 32:
		return 128 << 20
	default:
		return 1 << 30
	}
}

// checkFile looks at a file before it is opened for writing: from end to end when it
// was found damaged while it was used, else at what is cheap.
func checkFile(ctx context.Context, path string) error {
	suspect := path + suspectSuffix
	switch _, err := os.Stat(suspect); {
	case errors.Is(err, fs.ErrNotExist):
		return glance(path)
	case err != nil:
		return fmt.Errorf("storage: open %q: %w", path, err)
	}
	if err := inspect(ctx, path); err != nil {
		return err
	}
	return os.Remove(suspect)
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
	return errors.Join(err, SyncFolder(folder))
}

// SyncFolder makes a new file's name as durable as its content.
func SyncFolder(folder string) error {
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
	if err := b.refused(true); err != nil {
		return err
	}
	return b.run(b.db.Update, "commit", fn)
}

func (b *bolt) View(ctx context.Context, fn func(Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := b.refused(false); err != nil {
		return err
	}
	return b.run(b.db.View, "view", fn)
}

// run runs fn in a transaction of bbolt's and returns its error as it is. Where bbolt
// comes upon a broken page the transaction is not made, and the error is ErrDamaged; a
// panic of fn goes on.
func (b *bolt) run(begin func(func(*bbolt.Tx) error) error, what string, fn func(Tx) error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	tx := &boltTx{found: func(why any) error { return b.found(why, false) }}
	theirs := false // fn runs
	defer func() {
		// The locks of a transaction that did not begin, or is not over, are held.
		stuck := tx.raw == nil || tx.raw.DB() != nil
		switch {
		case theirs && stuck:
			_ = b.found("a transaction cannot be taken back", true) // its panic goes on
		case theirs:
		default:
			if why := recover(); why != nil {
				err = b.found(why, stuck)
			}
		}
	}()
	var failed error
	err = begin(func(raw *bbolt.Tx) error {
		tx.raw, tx.bucket = raw, raw.Bucket(boltBucket)
		defer func() { tx.bucket = nil }()
		if tx.bucket == nil {
			tx.broken = tx.found("its records are gone")
			return tx.broken
		}
		tx.bucket.FillPercent = boltFill
		theirs = true
		failed = fn(tx)
		theirs = false
		if tx.broken != nil {
			return tx.broken // whatever fn made of it
		}
		return failed
	})
	switch {
	case tx.broken != nil:
		return tx.broken
	case failed != nil:
		return failed
	case errors.Is(err, bolterrors.ErrDatabaseNotOpen):
		return ErrClosed
	case err != nil:
		return fmt.Errorf("storage: %s: %w", what, err)
	}
	return nil
}

// found notes what was found damaged. A damaged list of keys hides records, such as
// that something was bought: from now on nothing is written, so that nothing is decided
// by what is not seen, and the next opening reads the whole file. stuck: bbolt cannot
// be used any more.
func (b *bolt) found(why any, stuck bool) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.broken == nil {
		b.broken = fmt.Errorf("%w; nothing is written any more, and the next start reads all of it; bot check says whether it is whole", damagedFile(b.path, why))
		if err := os.WriteFile(b.path+suspectSuffix, []byte(b.broken.Error()+"\n"), 0o600); err != nil {
			b.broken = fmt.Errorf("%w; the next start does not know of it: %w", b.broken, err)
		}
	}
	b.stuck = b.stuck || stuck
	return b.broken
}

// refused is what was found damaged, for a transaction that is not made for it.
func (b *bolt) refused(writing bool) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if writing || b.stuck {
		return b.broken
	}
	return nil
}

func (b *bolt) Page(ctx context.Context, prefix, from string, limit int) ([]Record, error) {
	var page []Record
	err := b.View(ctx, func(tx Tx) error {
		return tx.(*boltTx).read(func(bucket *bbolt.Bucket) error {
			var last []byte
			cursor := bucket.Cursor()
			for key, value := cursor.Seek([]byte(max(prefix, from))); key != nil && len(page) < limit; key, value = cursor.Next() {
				if err := sound(last, key); err != nil {
					panic(err)
				}
				if !bytes.HasPrefix(key, []byte(prefix)) {
					break
				}
				page = append(page, Record{Key: string(key), Value: copied(value)})
				last = key
			}
			return nil
		})
	})
	return page, err
}

func (b *bolt) Lock(ctx context.Context, name string) (Lock, error) { return b.locks.Lock(ctx, name) }

func (b *bolt) Close() error {
	b.locks.Close()
	b.mu.Lock()
	stuck := b.stuck
	b.mu.Unlock()
	if stuck {
		return nil // bbolt would wait for ever; the file is let go when the program ends
	}
	if err := b.db.Close(); err != nil {
		return fmt.Errorf("storage: close: %w", err)
	}
	return nil
}

// Alone is always true: the file is locked against other processes.
func (b *bolt) Alone() bool { return true }

// Free returns the free bytes of the disk that holds the file.
func (b *bolt) Free(_ context.Context) (uint64, error) { return freeSpace(filepath.Dir(b.path)) }

// Size returns the length of the file.
func (b *bolt) Size(_ context.Context) (uint64, error) {
	info, err := os.Stat(b.path)
	if err != nil {
		return 0, err
	}
	return uint64(max(info.Size(), 0)), nil
}

// Backup writes a copy of the file as it is at one moment.
func (b *bolt) Backup(ctx context.Context, w io.Writer) error {
	return b.View(ctx, func(tx Tx) error {
		out := &contextWriter{ctx: ctx, w: w}
		_, err := tx.(*boltTx).raw.WriteTo(out)
		if out.err != nil { // bbolt's error is only its text
			return out.err
		}
		return err
	})
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
type boltTx struct {
	raw    *bbolt.Tx
	bucket *bbolt.Bucket
	found  func(why any) error
	broken error // what bbolt came upon
}

// read has bbolt do something, and takes a panic or a fault for a broken page. It ends
// the transaction: whatever is tried afterwards fails, too.
func (t *boltTx) read(do func(*bbolt.Bucket) error) (err error) {
	switch {
	case t.bucket == nil:
		return errTxOver
	case t.broken != nil:
		return t.broken
	}
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true)) // it may be another goroutine than the transaction's
	defer func() {
		if why := recover(); why != nil {
			t.broken = t.found(why)
			err = t.broken
		}
	}()
	return do(t.bucket)
}

func (t *boltTx) Get(key string) (value []byte, err error) {
	err = t.read(func(bucket *bbolt.Bucket) error {
		value = copied(bucket.Get([]byte(key)))
		return nil
	})
	return value, err
}

// copied is [bytes.Clone] of what is in the file. Its end is read first: where the
// length is broken it is mostly not there, and nothing is copied.
func copied(value []byte) []byte {
	if len(value) > 0 {
		_ = bytes.Clone(value[len(value)-1:])
	}
	return bytes.Clone(value)
}

func (t *boltTx) Put(key string, value []byte) error {
	return t.read(func(bucket *bbolt.Bucket) error {
		if err := bucket.Put([]byte(key), value); err != nil {
			return fmt.Errorf("storage: put %q: %w", key, err)
		}
		return nil
	})
}

func (t *boltTx) Delete(key string) error {
	return t.read(func(bucket *bbolt.Bucket) error {
		if err := bucket.Delete([]byte(key)); err != nil {
			return fmt.Errorf("storage: delete %q: %w", key, err)
		}
		return nil
	})
}
