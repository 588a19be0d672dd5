package etcdtest

import (
	"context"
	"io"
	"net"
	"sync"
	"testing"
)

// Proxy stands between a client and a member, and can be cut.
type Proxy struct {
	Address string // of the proxy, host:port
	to      string

	mu    sync.Mutex
	mode  Mode
	conns map[net.Conn]bool
}

// Mode is what a proxy lets through.
type Mode int

// The modes.
const (
	Open Mode = iota // everything
	Deaf             // requests, and no answers
	Cut              // nothing; connections stay open
)

// NewProxy starts a proxy to an address, stopped at the end of the test.
func NewProxy(t testing.TB, to string) *Proxy {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{Address: l.Addr().String(), to: to, conns: make(map[net.Conn]bool)}
	var wait sync.WaitGroup
	wait.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			wait.Go(func() { p.serve(conn, &wait) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		p.Reset()
		wait.Wait()
	})
	return p
}

// Set changes what is let through.
func (p *Proxy) Set(m Mode) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mode = m
}

// Reset breaks all connections. What was held back is lost.
func (p *Proxy) Reset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for conn := range p.conns {
		_ = conn.Close()
	}
	clear(p.conns)
}

func (p *Proxy) serve(in net.Conn, wait *sync.WaitGroup) {
	out, err := (&net.Dialer{}).DialContext(context.Background(), "tcp", p.to)
	if err != nil {
		_ = in.Close()
		return
	}
	p.mu.Lock()
	p.conns[in], p.conns[out] = true, true
	p.mu.Unlock()
	wait.Go(func() { p.pass(in, out, Cut) })
	p.pass(out, in, Deaf)
}

// pass passes bytes on, but for those that come while the proxy is in this mode or a
// stricter one: they are lost.
func (p *Proxy) pass(from io.ReadCloser, to io.WriteCloser, none Mode) {
	defer from.Close() //nolint:errcheck // it is over
	defer to.Close()   //nolint:errcheck // the same
	for buffer := make([]byte, 32<<10); ; {
		n, err := from.Read(buffer)
		if err != nil {
			return
		}
		p.mu.Lock()
		lost := p.mode >= none
		p.mu.Unlock()
		if lost {
			continue
		}
		if _, err := to.Write(buffer[:n]); err != nil {
			return
		}
	}
}
