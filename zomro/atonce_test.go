package zomro

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestAtOnceGuessesNothing: an answer must say of which function it is, and no call is
// repeated.
func TestAtOnceGuessesNothing(t *testing.T) {
	for name, test := range map[string]struct {
		answer answer
		kind   Kind
	}{
		"its own":         {ok(`{"doc":{"$func":"instances","p_elems":{"$":"0"}}}`), ""},
		"another's":       {ok(`{"doc":{"$func":"expense","p_elems":{"$":"0"}}}`), Unreadable},
		"without a name":  {ok(`{"doc":{"p_elems":{"$":"0"}}}`), Unreadable},
		"with two names":  {ok(`{"doc":{"$func":["instances","expense"],"p_elems":{"$":"0"}}}`), Unreadable},
		"an error":        {ok(accessAnswer), Denied},
		"no answer":       {answer{cut: true}, Transient},
		"a busy vendor":   {answer{status: http.StatusTooManyRequests}, Transient},
		"something empty": {ok(""), Unreadable},
	} {
		v, c := newVendor(t, test.answer)
		if _, err := c.AtOnce().Services(t.Context(), testAuth); KindOf(err) != test.kind {
			t.Errorf("%s: %v, want %q", name, err, test.kind)
		}
		if n := len(v.seen()); n != 1 {
			t.Errorf("%s: called %d times, want once", name, n)
		}
	}
	// The client itself stays as it was.
	v, c := newVendor(t, answer{cut: true}, ok(`{"doc":{"p_elems":{"$":"0"}}}`))
	_ = c.AtOnce()
	if _, err := c.Services(t.Context(), testAuth); err != nil || len(v.seen()) != 2 {
		t.Errorf("one after the other: %v after %d calls", err, len(v.seen()))
	}
}

// TestBalanceAtOnce: the balance and the credit are asked for at the same time, and both
// are needed.
func TestBalanceAtOnce(t *testing.T) {
	credit := eur("5")
	const (
		dashboard = `{"doc":{"$func":"dashboard.info","elem":[{"realbalance":{"$":"12.50 €"}}]}}`
		unknown   = `{"doc":{"$func":"dashboard.info"}}`
		available = `{"doc":{"$func":"dashboard.subaccount_credit","elem":[{"available_credit":{"$":"5.00 EUR"}}]}}`
	)
	for name, test := range map[string]struct {
		dashboard, credit string
		want              Balance
		kind              Kind
	}{
		"both":                   {dashboard, available, Balance{eur("12.5"), &credit}, ""},
		"no right to the credit": {dashboard, accessAnswer, Balance{}, Denied},
		"no balance":             {accessAnswer, available, Balance{}, Denied},
		"no amount":              {unknown, available, Balance{}, Unreadable},
		"mixed up":               {available, dashboard, Balance{}, Unreadable},
	} {
		var asked atomic.Int32
		all := make(chan struct{})
		both := transport(func(r *http.Request) (*http.Response, error) {
			form, err := readForm(r)
			if err != nil {
				return nil, err
			}
			// Each is answered only when both were asked for.
			if asked.Add(1) == 2 {
				close(all)
			}
			select {
			case <-all:
			case <-r.Context().Done():
				return nil, r.Context().Err()
			}
			body := test.dashboard
			if form[0].value == "dashboard.subaccount_credit" {
				body = test.credit
			}
			return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
		})
		c := New("http://vendor/", WithHTTPClient(&http.Client{Transport: both}))
		got, err := c.AtOnce().Balance(t.Context(), testAuth)
		if KindOf(err) != test.kind {
			t.Errorf("%s: %v, want %q", name, err, test.kind)
		}
		if diff := cmp.Diff(test.want, got, equalMoney); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// TestConnectionsForCallsAtOnce: calls that are made at the same time find the
// connections of those before them.
func TestConnectionsForCallsAtOnce(t *testing.T) {
	var opened, asked atomic.Int32
	var round atomic.Pointer[chan struct{}]
	begin := func() {
		all := make(chan struct{})
		asked.Store(0)
		round.Store(&all)
	}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		all := *round.Load()
		if asked.Add(1) == atOnceCalls {
			close(all)
		}
		<-all
		_, _ = io.WriteString(w, `{"doc":{"$func":"instances","p_elems":{"$":"0"}}}`)
	}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	c := New(server.URL).AtOnce()
	for range 3 {
		begin()
		var calls sync.WaitGroup
		for range atOnceCalls {
			calls.Go(func() {
				if _, err := c.Services(t.Context(), testAuth); err != nil {
					t.Error(err)
				}
			})
		}
		calls.Wait()
	}
	if n := opened.Load(); n != atOnceCalls {
		t.Errorf("%d connections were opened, want %d", n, atOnceCalls)
	}
}
