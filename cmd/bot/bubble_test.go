package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"zomrobot/telegram/emulator"
	"zomrobot/zomro/sandbox"
)

// newBubble makes a world within a bubble of time: all waiting is of the bubble, and only
// a vendor that takes its time, or chats that have Telegram's limits, make time pass.
func newBubble(t *testing.T, vendor sandbox.Config, chats emulator.Config, configure func(*Program)) *world {
	t.Helper()
	w := &world{t: t, clock: &clock{}, patience: time.Hour, chatsURL: "http://chats", vendorURL: "http://vendor/"}
	vendor.Now, chats.Now = time.Now, time.Now
	w.furnish(vendor, chats)
	toChats, toVendor := serveInside(t, w.chats), serveInside(t, w.vendor)
	w.configure = func(p *Program) {
		p.Now = time.Now
		p.chatTransport, p.vendorClient, p.vendorOptions = toChats, &http.Client{Transport: toVendor}, nil
		configure(p)
	}
	w.open()
	return w
}

// pipes are a network within the process, whose waiting a bubble of time sees.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	here, there := net.Pipe()
	select {
	case p.conns <- there:
		return here, nil
	case <-p.done:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.done) })
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipe", Net: "pipe"} }

// serveInside serves a handler within the process until the test ends.
func serveInside(t *testing.T, handler http.Handler) *http.Transport {
	p := &pipes{conns: make(chan net.Conn), done: make(chan struct{})}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: time.Minute}
	served := make(chan error, 1)
	go func() { served <- server.Serve(p) }()
	transport := &http.Transport{DialContext: p.dial}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		if err := errors.Join(server.Close(), p.Close()); err != nil {
			t.Error(err)
		}
		if err := <-served; !errors.Is(err, http.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
			t.Error(err)
		}
	})
	return transport
}
