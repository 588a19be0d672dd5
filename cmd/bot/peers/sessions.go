package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"go.etcd.io/bbolt"

	"zomrobot/telegram/emulator/crowd"
)

// keeper keeps the sessions.
type keeper interface {
	// Turn turns the page of a person and returns what they have then.
	Turn(person int64) (session, error)
	Disk() crowd.Disk
	Close() error
}

func open(c config) (keeper, error) {
	switch c.keep {
	case "nothing":
		return nothing{}, nil
	case "update", "batch":
	default:
		return nil, fmt.Errorf("there is no way %q to keep sessions", c.keep)
	}
	db, err := bbolt.Open(c.store, 0o600, nil)
	if err != nil {
		return nil, err
	}
	k := &bolt{db: db, slow: c.sync}
	k.write = db.Update
	if c.keep == "batch" {
		db.MaxBatchDelay = time.Millisecond // the default is 10, in which one person alone waits
		k.write = db.Batch
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		_, err := tx.CreateBucketIfNotExists(bucket)
		return err
	})
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return k, nil
}

var bucket = []byte("sessions")

// bolt keeps the sessions in a file of bbolt.
type bolt struct {
	db    *bbolt.DB
	write func(func(*bbolt.Tx) error) error
	slow  time.Duration

	last    int // transaction, of the writer alone
	commits atomic.Int64
	mu      sync.Mutex
	grown   int64 // how often the file was
	size    int64
}

func (b *bolt) Turn(person int64) (s session, err error) {
	key := binary.BigEndian.AppendUint64(nil, uint64(person)) //nolint:gosec // an id
	err = b.write(func(tx *bbolt.Tx) error {
		if b.last != tx.ID() { // the first of those that share a transaction
			b.last = tx.ID()
			tx.OnCommit(b.committed)
			time.Sleep(2 * b.slow) // a commit syncs twice, and nobody else writes meanwhile
		}
		var kept []byte
		if s, kept, err = turn(tx.Bucket(bucket).Get(key)); err != nil {
			return err
		}
		return tx.Bucket(bucket).Put(key, kept)
	})
	return s, err
}

func (b *bolt) committed() {
	b.commits.Add(1)
	b.mu.Lock()
	defer b.mu.Unlock()
	if info, err := os.Stat(b.db.Path()); err == nil && info.Size() > b.size {
		if b.size > 0 {
			b.grown++
		}
		b.size = info.Size()
	}
}

// Disk counts two syncs a commit, and one each time the file grew.
func (b *bolt) Disk() crowd.Disk {
	stats, commits := b.db.Stats().TxStats, b.commits.Load()
	b.mu.Lock()
	defer b.mu.Unlock()
	return crowd.Disk{
		Commits: commits, Syncs: 2*commits + b.grown,
		Pages: stats.GetPageCount() + commits, Bytes: stats.GetPageAlloc() + commits*int64(os.Getpagesize()),
	}
}

func (b *bolt) Close() error { return b.db.Close() }

// nothing keeps nothing: everybody is always on the first page.
type nothing struct{}

func (nothing) Turn(int64) (session, error) {
	s, _, err := turn(nil)
	return s, err
}

func (nothing) Disk() crowd.Disk { return crowd.Disk{} }

func (nothing) Close() error { return nil }
