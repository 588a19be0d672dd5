package etcd

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"go.etcd.io/etcd/api/v3/v3rpc/rpctypes"
	clientv3 "go.etcd.io/etcd/client/v3"

	"zomrobot/storage"
)

// nested is how many writes are put into one transaction within the transaction. A member
// takes 128 operations in each, by its default, and within one as many less as there are
// beside it.
const nested = 100

var errOver = errors.New("storage: the transaction is over")

// Backend is the engine of the process that leads.
type Backend struct {
	cluster *Cluster
	term    *term
	begun   int64         // the revision at which the leader's key was made
	writer  chan struct{} // taken by the one that writes
	locks   *storage.Locks
	stop    context.CancelFunc
	wait    sync.WaitGroup

	made  int64 // the number of the last commit that was made; the writer's
	sent  int64 // the last number that a commit was sent with; the writer's
	cache cache
	room  room

	running sync.RWMutex // held by all that uses the connection
	closed  bool
}

func newBackend(c *Cluster, t *term, revision int64) *Backend {
	ctx, stop := context.WithCancel(context.Background())
	b := &Backend{cluster: c, term: t, begun: revision, writer: make(chan struct{}, 1), locks: storage.NewLocks(), stop: stop}
	b.cache.start(revision)
	b.wait.Go(func() { t.keep(ctx, c.client) })
	b.wait.Go(func() { b.room.keep(ctx, c) })
	b.wait.Go(func() {
		select {
		case <-t.lost:
			b.locks.Close()
			// Nothing is done with it any more, so the next one need not wait for its end. A
			// cluster that has chosen another leader grants it anew, for longer than it was.
			c.giveBack(ctx, t.id)
		case <-ctx.Done():
		}
	})
	return b
}

// Leads returns nil while this process leads, for at least so long; else the error is
// [storage.ErrLost]. It asks nobody.
func (b *Backend) Leads(margin time.Duration) error {
	if left := b.term.left(); left <= margin {
		return fmt.Errorf("%w: the lease of the leader ends", storage.ErrLost)
	}
	return nil
}

// Lost is closed when this process leads no more, and will not again.
func (b *Backend) Lost() <-chan struct{} { return b.term.lost }

// Alone is always true: only who leads has an engine.
func (b *Backend) Alone() bool { return true }

// Room is what one function may write: a member takes 1.5 MiB.
func (b *Backend) Room() (writes, bytes int) { return storage.MostWrites, storage.MostBytes }

// enter begins to use the connection; leave ends it.
func (b *Backend) enter(ctx context.Context) (leave func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	b.running.RLock()
	if b.closed {
		b.running.RUnlock()
		return nil, storage.ErrClosed
	}
	return b.running.RUnlock, nil
}

// Update is as in [storage.Backend].
func (b *Backend) Update(ctx context.Context, fn func(storage.Tx) error) error {
	leave, err := b.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	select {
	case b.writer <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-b.writer }()
	if err := b.Leads(0); err != nil {
		return err
	}
	tx := &tx{backend: b, ctx: ctx, at: b.cache.now(), wrote: make(map[string][]byte)}
	if err := tx.run(fn); err != nil || len(tx.keys) == 0 {
		return err
	}
	return b.commit(tx)
}

// View is as in [storage.Backend].
func (b *Backend) View(ctx context.Context, fn func(storage.Tx) error) error {
	leave, err := b.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	return (&tx{backend: b, ctx: ctx, at: b.cache.now()}).run(fn)
}

// commit writes what a transaction has written. It is sent until it is known whether it
// was made, or the lease ends: then the next that leads sees what came of it.
func (b *Backend) commit(t *tx) error {
	request, number := b.next(t)
	revision, err := b.send(request, number)
	if err != nil {
		return err
	}
	b.made = number
	b.cache.committed(revision, t.wrote)
	return nil
}

// next is the commit of a transaction, with a number that no commit was sent with before:
// one that failed, and was made after all, is not taken for it.
func (b *Backend) next(t *tx) (request, int64) {
	b.sent++
	return b.request(t, b.made, b.sent), b.sent
}

// request is the commit of a transaction, with its number. It is made only right after the
// commit with the number of the one before it.
func (b *Backend) request(t *tx, before, number int64) request {
	leader := b.cluster.leaderKey()
	ops := []clientv3.Op{clientv3.OpPut(leader, strconv.FormatInt(number, 10), clientv3.WithIgnoreLease())}
	for keys := range slices.Chunk(t.keys, nested) {
		some := make([]clientv3.Op, len(keys))
		for i, key := range keys {
			if value := t.wrote[key]; value != nil {
				some[i] = clientv3.OpPut(b.cluster.dataKey(key), string(value))
			} else {
				some[i] = clientv3.OpDelete(b.cluster.dataKey(key))
			}
		}
		ops = append(ops, clientv3.OpTxn(nil, some, nil))
	}
	return func(ctx context.Context) (*clientv3.TxnResponse, error) {
		return b.cluster.client.Txn(ctx).
			If(
				clientv3.Compare(clientv3.CreateRevision(leader), "=", b.begun),
				clientv3.Compare(clientv3.Value(leader), "=", strconv.FormatInt(before, 10)),
			).
			Then(ops...).
			Else(clientv3.OpGet(leader)).
			Commit()
	}
}

// request sends a commit.
type request func(context.Context) (*clientv3.TxnResponse, error)

// send sends a commit with a number until it is known whether it was made, and returns its
// revision.
func (b *Backend) send(commit request, number int64) (int64, error) {
	var made *clientv3.TxnResponse
	err := b.ask(context.Background(), "commit", func(ctx context.Context) (err error) {
		made, err = commit(ctx)
		return err
	})
	switch {
	case err == nil && made.Succeeded:
		return made.Header.Revision, nil
	case err == nil:
		return b.refused(made, number)
	case errors.Is(err, rpctypes.ErrRequestTooLarge), errors.Is(err, rpctypes.ErrTooManyOps):
		return 0, fmt.Errorf("%w: the cluster takes less than its default: %w", storage.ErrTooLarge, err)
	case errors.Is(err, rpctypes.ErrNoSpace):
		return 0, fmt.Errorf("%w: %w", storage.ErrFull, err)
	default:
		return 0, err
	}
}

// refused is what a refused commit means: it was made when it was sent before, or a commit
// was made of which we do not know, be it of another that leads or one of ours that failed.
// Then what we remember is not what is there.
func (b *Backend) refused(answer *clientv3.TxnResponse, number int64) (int64, error) {
	ours := false
	for _, kv := range answer.Responses[0].GetResponseRange().Kvs {
		if ours = kv.CreateRevision == b.begun; ours && string(kv.Value) == strconv.FormatInt(number, 10) {
			return kv.ModRevision, nil
		}
	}
	b.term.finish()
	if ours {
		return 0, fmt.Errorf("%w: a commit that failed was made after all", storage.ErrLost)
	}
	return 0, fmt.Errorf("%w: another bot leads", storage.ErrLost)
}

// ask makes a request until it is answered, or the lease ends: then it is not known whether
// it was carried out.
func (b *Backend) ask(ctx context.Context, what string, request func(context.Context) error) error {
	within := b.cluster.config.within()
	for pause := firstPause; ; pause = min(2*pause, within/2) {
		left := b.term.left()
		if left == 0 {
			return fmt.Errorf("%w: the lease of the leader has ended", storage.ErrLost)
		}
		attempt, cancel := context.WithTimeout(ctx, min(left, within))
		err := request(attempt)
		cancel()
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case !mayPass(err):
			return fmt.Errorf("storage: %s: %w", what, err)
		}
		b.cluster.retried()
		b.cluster.log.WarnContext(ctx, "the store has not answered; it is asked again", "request", what, "error", err)
		if err := sleep(ctx, pause); err != nil {
			return err
		}
	}
}

// read makes a request that changes nothing.
func (b *Backend) read(ctx context.Context, key string, options ...clientv3.OpOption) (*clientv3.GetResponse, error) {
	var got *clientv3.GetResponse
	return got, b.ask(ctx, "read", func(ctx context.Context) (err error) {
		got, err = b.cluster.client.Get(ctx, key, options...)
		return err
	})
}

// Page is as in [storage.Backend].
func (b *Backend) Page(ctx context.Context, prefix, from string, limit int) ([]storage.Record, error) {
	leave, err := b.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	all := b.cluster.dataKey(prefix)
	end := clientv3.GetPrefixRangeEnd(all)
	first := max(all, b.cluster.dataKey(from))
	if first >= end || limit <= 0 {
		return nil, nil
	}
	got, err := b.read(ctx, first, clientv3.WithRange(end), clientv3.WithLimit(int64(limit)))
	if err != nil {
		return nil, err
	}
	page := make([]storage.Record, len(got.Kvs))
	for i, kv := range got.Kvs {
		page[i] = storage.Record{Key: string(kv.Key)[len(b.cluster.dataKey("")):], Value: kv.Value}
	}
	return page, nil
}

// Lock is as in [storage.Backend]. Only who leads has locks, so they are its own.
func (b *Backend) Lock(ctx context.Context, name string) (storage.Lock, error) {
	return b.locks.Lock(ctx, name)
}

// SaveMark keeps a number beside the store, for those who wait to lead.
func (b *Backend) SaveMark(n int64) error {
	leave, err := b.enter(context.Background())
	if err != nil {
		return err
	}
	defer leave()
	var made *clientv3.TxnResponse
	err = b.ask(context.Background(), "mark", func(ctx context.Context) (err error) {
		made, err = b.cluster.client.Txn(ctx).
			If(clientv3.Compare(clientv3.CreateRevision(b.cluster.leaderKey()), "=", b.begun)).
			Then(clientv3.OpPut(b.cluster.markKey(), strconv.FormatInt(n, 10))).
			Commit()
		return err
	})
	if err != nil {
		return err
	}
	if !made.Succeeded {
		b.term.finish()
		return fmt.Errorf("%w: another bot leads", storage.ErrLost)
	}
	return nil
}

// Close is as in [storage.Backend]. The next that waits leads at once.
func (b *Backend) Close() error {
	b.locks.Close()
	b.running.Lock() // waits for what runs
	was := b.closed
	b.closed = true
	b.running.Unlock()
	if was {
		return nil
	}
	b.stop()
	b.wait.Wait()
	b.term.finish()
	ctx, cancel := context.WithTimeout(context.Background(), requestWithin)
	b.cluster.giveBack(ctx, b.term.id)
	cancel()
	if err := b.cluster.client.Close(); err != nil && !errors.Is(err, context.Canceled) {
		return fmt.Errorf("storage: close: %w", err)
	}
	return nil
}

// tx is a transaction: a view when nothing can be written.
type tx struct {
	backend *Backend
	ctx     context.Context
	at      int64    // the revision of our last commit, which is read
	keys    []string // in the order in which they were first written
	wrote   map[string][]byte
	over    bool
}

// run runs a function in the transaction.
func (t *tx) run(fn func(storage.Tx) error) error {
	defer func() { t.over = true }()
	return fn(t)
}

func (t *tx) Get(key string) ([]byte, error) {
	if t.over {
		return nil, errOver
	}
	if value, ok := t.wrote[key]; ok {
		return bytes.Clone(value), nil
	}
	c := &t.backend.cache
	if value, ok := c.get(key, t.at); ok {
		return bytes.Clone(value), nil
	}
	got, err := t.backend.read(t.ctx, t.backend.cluster.dataKey(key), clientv3.WithRev(t.at))
	if errors.Is(err, rpctypes.ErrCompacted) {
		// Others use the cluster, too, and we have written nothing for long. What is there now
		// is what was there then, unless we have written meanwhile.
		if got, err = t.backend.read(t.ctx, t.backend.cluster.dataKey(key)); err == nil && c.now() != t.at {
			err = errors.New("storage: read: the transaction took too long")
		}
	}
	if err != nil {
		return nil, err
	}
	var value []byte
	if len(got.Kvs) > 0 {
		value = got.Kvs[0].Value
	}
	c.keep(key, value, t.at)
	return bytes.Clone(value), nil
}

func (t *tx) Put(key string, value []byte) error {
	if len(value) == 0 {
		return fmt.Errorf("storage: put %q: empty value", key)
	}
	return t.set(key, value)
}

func (t *tx) Delete(key string) error { return t.set(key, nil) }

func (t *tx) set(key string, value []byte) error {
	switch {
	case t.over:
		return errOver
	case t.wrote == nil:
		return errors.New("storage: nothing can be written in a view")
	}
	if _, again := t.wrote[key]; !again {
		t.keys = append(t.keys, key)
	}
	t.wrote[key] = value
	return nil
}
