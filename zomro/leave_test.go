package zomro_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"zomrobot/zomro"
)

// TestWithoutLeave: a writing call that may not be sent has certainly not been sent. A
// reading call is.
func TestWithoutLeave(t *testing.T) {
	t.Parallel()
	var calls atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		calls.Add(1)
		http.Error(w, "not now", http.StatusNotFound)
	}))
	defer server.Close()
	no := errors.New("somebody else leads")
	client := zomro.New(server.URL, zomro.WithLeave(func() error { return no }))
	auth := zomro.Auth{Session: zomro.NewSecret("session")}
	err := client.Confirm(t.Context(), auth, "17")
	var failure *zomro.Error
	if !errors.As(err, &failure) || !failure.Unsent || failure.Kind != zomro.Transient || !errors.Is(err, no) {
		t.Errorf("a confirm without leave: %#v", err)
	}
	if n := calls.Load(); n != 0 {
		t.Errorf("%d calls were sent", n)
	}
	if _, err := client.Balance(t.Context(), auth); err == nil || calls.Load() == 0 {
		t.Errorf("a reading call: %v, %d sent", err, calls.Load())
	}
}
