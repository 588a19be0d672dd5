package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"zomrobot/engine"
	"zomrobot/storage"
	"zomrobot/storage/etcd"
)

// errTakenOver ends a bot that does not lead any more. Nothing of what it remembers is used
// again: what starts it anew makes it one that waits.
var errTakenOver = errors.New("this bot is not the active one any more: another one took over, or the cluster of the store was not reached for the time of the lease")

// onCluster reports whether a URL names a store on a cluster, for several bots.
func onCluster(storageURL string) bool { return strings.HasPrefix(storageURL, etcd.Scheme+":") }

// heldBy says what to do about a store that a bot has open.
func heldBy(storageURL string) string {
	if onCluster(storageURL) {
		return "bots run on " + storageURL + ": stop all of them, for another one takes over from the one that is stopped"
	}
	return "a running bot holds " + storageURL + ": stop it"
}

// openStore opens a store for a command, which does not wait for a bot that holds it.
func openStore(ctx context.Context, storageURL string, keys storage.Keyring) (storage.Store, error) {
	if !onCluster(storageURL) {
		return storage.Open(ctx, storageURL, keys)
	}
	config, err := etcd.Parse(storageURL)
	if err != nil {
		return nil, err
	}
	cluster := etcd.Connect(config, slog.New(slog.DiscardHandler))
	lead, err := cluster.TryLead(ctx)
	if err != nil {
		return nil, errors.Join(err, cluster.Close())
	}
	return storage.New(ctx, lead, keys)
}

// openStore opens the store of the program. One on a cluster is waited for, with health
// served meanwhile.
func (p *Program) openStore(ctx context.Context, wrap func(storage.Backend) storage.Backend) (storage.Store, error) {
	if !onCluster(p.Config.Storage.URL) {
		return storage.OpenWith(ctx, p.Config.Storage.URL, p.Keys, wrap)
	}
	config, err := etcd.Parse(p.Config.Storage.URL)
	if err != nil {
		return nil, err
	}
	p.counted.cluster(&config)
	cluster := etcd.Connect(config, p.Log)
	file := markFile(config.MarkFile)
	if p.owned, err = file.own(ctx); err == nil {
		_, _, err = file.usable() // now, and not only when it has to take over
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("the mark of the store: %w", err), cluster.Close())
	}
	if err := p.standBy(ctx, cluster); err != nil {
		return nil, errors.Join(err, cluster.Close())
	}
	waiting, done := context.WithCancel(ctx)
	go p.manager.waits(waiting, func() string { return waits(cluster) })
	p.lead, err = cluster.Lead(ctx, file.raise)
	done()
	if err != nil {
		return nil, errors.Join(err, cluster.Close())
	}
	p.Log.InfoContext(ctx, "this bot is the active one now")
	store, err := storage.New(ctx, wrap(p.lead), p.Keys)
	if err != nil {
		return nil, err
	}
	// Before anything is told to those who wait: of another bot they believe nothing.
	if bot := p.bot(); bot != 0 {
		err = engine.Belongs(ctx, store, bot)
	}
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	// Those who begin to wait have no mark of their own before they are told.
	mark, found, err := file.usable()
	if err == nil && found {
		err = p.lead.SaveMark(mark)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("the mark of the store: %w", err), store.Close())
	}
	p.mark = clusterMark{file, p.lead}
	p.margin = config.Lease / 5
	return store, nil
}

// waits says how a bot is that waits to take over.
func waits(cluster *etcd.Cluster) string {
	const words = "waiting to take over"
	if since := cluster.Unusable(); !since.IsZero() {
		return words + "; the cluster of the store cannot be used since " + since.UTC().Format(time.RFC3339)
	}
	return words
}

// standBy serves health while another bot is active: this one is well, also when the cluster
// cannot be used, which a new start would not mend. A webhook is told to come again.
func (p *Program) standBy(ctx context.Context, cluster *etcd.Cluster) (err error) {
	if p.Config.HTTP.Addr == "" {
		return nil
	}
	if err := p.listen(ctx); err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.HandleFunc(healthPath, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "ok, "+waits(cluster)+"\n")
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "another bot is active", http.StatusServiceUnavailable)
	})
	p.serve(mux)
	return nil
}

// mayWrite is asked right before each call that writes at the vendor: none is sent close to
// the end of the lease.
func (p *Program) mayWrite() error { return p.lead.Leads(p.margin) }

// untilLost returns a context that ends with [errTakenOver] when this bot leads no more.
func (p *Program) untilLost(ctx context.Context) (context.Context, func()) {
	ctx, end := context.WithCancelCause(ctx)
	stop := func() { end(nil) }
	if p.lead == nil {
		return ctx, stop
	}
	go func() {
		select {
		case <-p.lead.Lost():
			p.lost.Store(true)
			p.Log.ErrorContext(ctx, "the bot ends", "error", errTakenOver)
			end(errTakenOver)
		case <-ctx.Done():
		}
	}()
	return ctx, stop
}

// leading returns a transport whose connections carry nothing any more once the bot leads no
// more: a process that was stopped goes on in the middle of anything.
func leading(transport *http.Transport, leads func(time.Duration) error) *http.Transport {
	dial := transport.DialContext
	transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return leadingConn{conn, leads}, nil
	}
	return transport
}

type leadingConn struct {
	net.Conn

	leads func(time.Duration) error
}

func (c leadingConn) Write(b []byte) (int, error) {
	if err := c.leads(0); err != nil {
		return 0, err
	}
	return c.Conn.Write(b)
}

// clusterMark is the mark of a store on a cluster: in a file of this machine, and told to
// those who wait, who keep it in theirs.
type clusterMark struct {
	markFile

	lead *etcd.Backend
}

var _ engine.Mark = clusterMark{}

// Save keeps the number here, and tells it.
func (m clusterMark) Save(n int64) error {
	if err := m.markFile.Save(n); err != nil {
		return err
	}
	return m.lead.SaveMark(n)
}

// raise keeps a number unless a higher one is there.
func (f markFile) raise(n int64) error {
	was, found, err := f.usable()
	if err == nil && (!found || was < n) {
		if err = f.Save(n); err != nil {
			err = f.toWrite(err)
		}
	}
	if err != nil {
		return fmt.Errorf("the mark of the store: %w", err)
	}
	return nil
}

// replaced is an HTTP handler that can be replaced while it serves.
type replaced struct{ atomic.Pointer[http.Handler] }

func (h *replaced) ServeHTTP(w http.ResponseWriter, r *http.Request) { (*h.Load()).ServeHTTP(w, r) }
