package sandbox_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"zomrobot/zomro/sandbox"
)

// TestBeside calls three functions with one session at the same time, and then one more
// alone.
func TestBeside(t *testing.T) {
	const latency, patience = 100 * time.Millisecond, time.Second
	functions := []string{"cart", "expense", "order"}
	for beside, want := range map[sandbox.Beside]string{
		sandbox.BesideServed:  "cart expense order | 100ms | cart",
		sandbox.BesideQueued:  "cart expense order | 300ms | cart",
		sandbox.BesideRefused: "cart busy busy | 100ms | cart",
		sandbox.BesideHeld:    "cart - - | 1s | cart",
		sandbox.BesideMixed:   "expense order cart | 100ms | cart",
		sandbox.BesideRenamed: "cart=expense expense=order order=cart | 100ms | cart",
		sandbox.BesideLogsOut: "auth auth auth | 100ms | auth",
	} {
		t.Run(string(beside), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := sandbox.New(sandbox.Config{Latency: latency})
				s.AddAccount(login, password, eur("10"))
				s.Behave(sandbox.Behaviour{Beside: beside})
				session := s.OpenSession(login)
				call := func(function string) string {
					ctx, cancel := context.WithTimeout(t.Context(), patience)
					defer cancel()
					form := url.Values{"func": {function}, "auth": {session}, "out": {"json"}}
					r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/", strings.NewReader(form.Encode()))
					r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
					w := httptest.NewRecorder()
					func() {
						defer func() { _ = recover() }() // how a connection is cut
						s.ServeHTTP(w, r)
					}()
					return answered(w.Body.String())
				}
				began := time.Now()
				got := make([]string, len(functions))
				var all sync.WaitGroup
				for i, function := range functions {
					all.Go(func() { got[i] = call(function) })
					synctest.Wait() // they come in this order, at the same time
				}
				all.Wait()
				took := time.Since(began)
				if all := strings.Join(got, " ") + " | " + took.String() + " | " + call("cart"); all != want {
					t.Errorf("answered %q, want %q", all, want)
				}
			})
		})
	}
}

// answered says of which function an answer is: the one that it names and, if it is
// another, the one whose list it has; or its error; "-" if there is none.
func answered(body string) string {
	_, name, named := strings.Cut(body, `"$func":"`)
	name, _, _ = strings.Cut(name, `"`)
	_, failure, failed := strings.Cut(body, `"$type":"`)
	failure, _, _ = strings.Cut(failure, `"`)
	content := map[string]string{"lineitems": "cart", "inpaylist": "order", `"p_elems"`: "expense"}
	switch {
	case !named:
		return "-"
	case failed && strings.Contains(body, `"error":`):
		return failure
	}
	for mark, of := range content {
		if strings.Contains(body, mark) && of != name {
			return name + "=" + of
		}
	}
	return name
}
