package storagetest

import (
	"context"
	"errors"
	"io"
	"math"
	"os"
	"sync"
	"time"

	"zomrobot/storage"
)

// Meter stands between a store and its engine. It counts what reaches the engine,
// and can make the disk as slow as another.
type Meter struct {
	storage.Backend
	path string

	mu        sync.Mutex
	slow      time.Duration
	counts    Counts
	size      int64 // of the file
	recording bool
	recorded  []Commit
}

// Counts are what an engine of a file has done.
type Counts struct {
	Commits int64
	Syncs   int64 // two a commit, and one each time the file grew
	Pages   int64 // written
	Bytes   int64 // written, in whole pages
}

// Commit is what one commit read and wrote, in order.
type Commit []Operation

// Operation is a read or a write of one key.
type Operation struct {
	Kind  Kind
	Key   string
	Bytes int // of the value, sealed
}

// Kind is what is done with a key.
type Kind string

// The kinds of operations.
const (
	Got     Kind = "get"
	Put     Kind = "put"
	Deleted Kind = "delete"
)

// NewMeter returns a meter of an engine that keeps its data in the file at path.
func NewMeter(engine storage.Backend, path string) *Meter {
	m := &Meter{Backend: engine, path: path}
	m.size = m.fileSize()
	return m
}

// Slow makes each sync of the disk take so much longer from now on, with nobody else
// writing meanwhile.
func (m *Meter) Slow(by time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.slow = by
}

// Counts returns what was done since the meter was made.
func (m *Meter) Counts() Counts {
	m.mu.Lock()
	defer m.mu.Unlock()
	counts := m.counts
	if engine, ok := m.Backend.(interface{ Written() (pages, bytes int64) }); ok {
		counts.Pages, counts.Bytes = engine.Written()
		counts.Pages += counts.Commits
		counts.Bytes += counts.Commits * int64(os.Getpagesize())
	}
	return counts
}

// Less returns the counts without those of an earlier moment.
func (c Counts) Less(earlier Counts) Counts {
	return Counts{
		Commits: c.Commits - earlier.Commits, Syncs: c.Syncs - earlier.Syncs,
		Pages: c.Pages - earlier.Pages, Bytes: c.Bytes - earlier.Bytes,
	}
}

// Record keeps what each commit does until it is called again, and returns what was
// kept since it was called before.
func (m *Meter) Record(on bool) []Commit {
	m.mu.Lock()
	defer m.mu.Unlock()
	kept := m.recorded
	m.recording, m.recorded = on, nil
	return kept
}

// Update is as in [storage.Backend].
func (m *Meter) Update(ctx context.Context, fn func(storage.Tx) error) error {
	var commit Commit
	err := m.Backend.Update(ctx, func(tx storage.Tx) error {
		commit = nil
		m.mu.Lock()
		slow, recording := m.slow, m.recording
		m.mu.Unlock()
		if recording {
			tx = recordedTx{tx, &commit}
		}
		err := fn(tx)
		if err == nil && slow > 0 {
			time.Sleep(2 * slow) // it is the disk that takes so long
		}
		return err
	})
	if err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.counts.Commits++
	m.counts.Syncs += 2
	if size := m.fileSize(); size > m.size {
		m.size = size
		m.counts.Syncs++
	}
	if m.recording {
		m.recorded = append(m.recorded, commit)
	}
	return nil
}

// Alone is the engine's.
func (m *Meter) Alone() bool {
	engine, ok := m.Backend.(interface{ Alone() bool })
	return ok && engine.Alone()
}

// Room is the engine's.
func (m *Meter) Room() (writes, bytes int) {
	if engine, ok := m.Backend.(interface{ Room() (writes, bytes int) }); ok {
		return engine.Room()
	}
	return math.MaxInt, math.MaxInt
}

// Free is the engine's, for [storage.Healthy].
func (m *Meter) Free(ctx context.Context) (uint64, error) {
	disk, ok := m.Backend.(interface {
		Free(ctx context.Context) (uint64, error)
	})
	if !ok {
		return 0, errors.ErrUnsupported
	}
	return disk.Free(ctx)
}

// Backup is the engine's, for [storage.Backup].
func (m *Meter) Backup(ctx context.Context, w io.Writer) error {
	source, ok := m.Backend.(interface {
		Backup(ctx context.Context, w io.Writer) error
	})
	if !ok {
		return errors.ErrUnsupported
	}
	return source.Backup(ctx, w)
}

func (m *Meter) fileSize() int64 {
	info, err := os.Stat(m.path)
	if err != nil {
		return 0 // there is none yet
	}
	return info.Size()
}

// recordedTx keeps what is done in it.
type recordedTx struct {
	storage.Tx
	commit *Commit
}

func (t recordedTx) Get(key string) ([]byte, error) {
	value, err := t.Tx.Get(key)
	*t.commit = append(*t.commit, Operation{Got, key, len(value)})
	return value, err
}

func (t recordedTx) Put(key string, value []byte) error {
	*t.commit = append(*t.commit, Operation{Put, key, len(value)})
	return t.Tx.Put(key, value)
}

func (t recordedTx) Delete(key string) error {
	*t.commit = append(*t.commit, Operation{Deleted, key, 0})
	return t.Tx.Delete(key)
}
