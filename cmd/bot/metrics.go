package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"

	"zomrobot/engine"
	"zomrobot/metrics"
	"zomrobot/storage"
	"zomrobot/storage/etcd"
	"zomrobot/telegram"
	"zomrobot/zomro"
)

const metricsPath = "/metrics"

// counted are the bot's metrics and where they are served. nil: nobody counts, and
// nothing is told to anybody.
type counted struct {
	metrics  *metrics.Metrics
	listener net.Listener
	server   *http.Server
}

// count begins to count, and serves what was counted, when METRICS_ADDR says so: also while
// another bot is active.
func (p *Program) count(ctx context.Context) error {
	addr := p.Config.Metrics.Addr
	if addr == "" {
		return nil
	}
	c := &counted{metrics: metrics.New(thisBuild().Version)}
	var err error
	if c.listener, err = (&net.ListenConfig{}).Listen(ctx, "tcp", addr); err != nil {
		return setting("METRICS_ADDR", err)
	}
	if host, _, err := net.SplitHostPort(c.listener.Addr().String()); err == nil && !isLoopback(host) {
		p.Log.WarnContext(ctx, "whoever reaches METRICS_ADDR can read the metrics; 127.0.0.1 is this machine alone", "address", c.listener.Addr().String())
	}
	mux := http.NewServeMux()
	mux.Handle("GET "+metricsPath, c.metrics.Handler(p.Log))
	c.server = &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		if err := c.server.Serve(c.listener); !errors.Is(err, http.ErrServerClosed) {
			p.Log.ErrorContext(ctx, "metrics are not served any more", "error", err)
		}
	}()
	p.counted = c
	return nil
}

// store counts the commits of a store.
func (c *counted) store(sealed storage.Store) error {
	if c == nil {
		return nil
	}
	return storage.Observe(sealed, c.metrics.Commit)
}

// cluster counts the requests to a cluster that are made once more.
func (c *counted) cluster(config *etcd.Config) {
	if c != nil {
		config.Retried = c.metrics.Retried
	}
}

// engine is the engine's observer.
func (c *counted) engine() engine.Observer {
	if c == nil {
		return engine.Observer{}
	}
	return c.metrics.Engine()
}

// telegram is the observer of the edge to Telegram.
func (c *counted) telegram() telegram.Observer {
	if c == nil {
		return telegram.Observer{}
	}
	return c.metrics.Telegram()
}

// vendor are the options of the vendor's client.
func (c *counted) vendor() []zomro.Option {
	if c == nil {
		return nil
	}
	return []zomro.Option{zomro.WithObserver(c.metrics.Vendor)}
}

// watch has the metrics tell how a bot is that has become the active one.
func (c *counted) watch(e *engine.Engine) {
	if c != nil {
		c.metrics.Watch(e.Health)
	}
}

// close ends serving.
func (c *counted) close(ctx context.Context) error {
	if c == nil {
		return nil
	}
	return c.server.Shutdown(ctx)
}
