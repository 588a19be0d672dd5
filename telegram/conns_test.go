package telegram

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
)

func post(t *testing.T, client *http.Client, url string) ([]byte, error) {
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, http.NoBody)
	if err != nil {
		return nil, err
	}
	_, body, err := fetch(client, req, callLimit)
	return body, err
}

// TestConnectionsAreKept: calls that are made at once use the connections of those
// before them.
func TestConnectionsAreKept(t *testing.T) {
	const calls, rounds = 100, 3
	var conns atomic.Int64
	var come sync.WaitGroup
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		come.Done()
		come.Wait() // all calls of a round are here
		_, _ = fmt.Fprint(w, `{"ok":true,"result":true}`)
	}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			conns.Add(1)
		}
	}
	server.Start()
	defer server.Close()
	client := http.Client{Transport: Config{}.transport()}
	defer client.CloseIdleConnections()
	for range rounds {
		come.Add(calls)
		var round sync.WaitGroup
		for range calls {
			round.Go(func() {
				if _, err := post(t, &client, server.URL); err != nil {
					t.Error(err)
				}
			})
		}
		round.Wait()
	}
	if n := conns.Load(); n != calls {
		t.Errorf("%d connections for %d calls at once", n, calls)
	}
}

// TestOneConnectionIsEnough: to a server that speaks HTTP/2, as Telegram's does, all
// calls go over one connection, also where the way to it is chosen.
func TestOneConnectionIsEnough(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprintf(w, `{"ok":%t}`, r.ProtoMajor == 2)
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	for _, network := range []string{"", "tcp4"} {
		own := Config{Network: network}.transport().(*http.Transport)
		own.TLSClientConfig = server.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
		body, err := post(t, &http.Client{Transport: own}, server.URL)
		if err != nil || string(body) != `{"ok":true}` {
			t.Errorf("network %q: %s, %v", network, body, err)
		}
		own.CloseIdleConnections()
	}
}
