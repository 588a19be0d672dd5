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

// count begins to count, and listens, when METRICS_ADDR says so.
func (p *Program) count(ctx context.Context) error {
	addr := p.Config.Metrics.Addr
	if addr == "" {
		return nil
	}
	c := &counted{metrics: metrics.New(thisBuild().Version)}
	if err := storage.Observe(p.sealed, c.metrics.Commit); err != nil {
		return err
	}
	var err error
	if c.listener, err = (&net.ListenConfig{}).Listen(ctx, "tcp", addr); err != nil {
		return setting("METRICS_ADDR", err)
	}
	if host, _, err := net.SplitHostPort(c.listener.Addr().String()); err == nil && !isLoopback(host) {
		p.Log.WarnContext(ctx, "whoever reaches METRICS_ADDR can read the metrics; 127.0.0.1 is this machine alone", "address", c.listener.Addr().String())
	}
	p.counted = c
	return nil
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

// serve serves the metrics of a program that is open.
func (c *counted) serve(p *Program) {
	if c == nil {
		return
	}
	c.metrics.Watch(p.Engine.Health)
	mux := http.NewServeMux()
	mux.Handle("GET "+metricsPath, c.metrics.Handler(p.Log))
	c.server = &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		if err := c.server.Serve(c.listener); !errors.Is(err, http.ErrServerClosed) {
			p.Log.Error("metrics are not served any more", "error", err)
		}
	}()
}

// close ends serving.
func (c *counted) close(ctx context.Context) error {
	switch {
	case c == nil:
		return nil
	case c.server != nil:
		return c.server.Shutdown(ctx)
	default:
		return c.listener.Close()
	}
}
