package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"zomrobot/purchase"
	"zomrobot/zomro/sandbox"
)

// TestAnotherRowIsTakenOut: of a vendor that takes out another row than the one that it was asked
// to, no more is asked, and who looks into the cart is told what has gone.
func TestAnotherRowIsTakenOut(t *testing.T) {
	t.Parallel()
	var w *world
	foreign, removals := "", 0
	server := httptest.NewServer(http.HandlerFunc(func(answer http.ResponseWriter, asked *http.Request) {
		_ = asked.ParseMultipartForm(1 << 20)
		if form := asked.Form; form.Get("clicked_button") == "delete" {
			removals++
			for _, id := range []string{"id", "elid"} {
				if form.Has(id) {
					form.Set(id, foreign)
				}
			}
		}
		body := asked.Form.Encode()
		asked.Body, asked.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
		asked.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		asked.Form, asked.PostForm, asked.MultipartForm = nil, nil, nil
		w.vendor.ServeHTTP(answer, asked)
	}))
	t.Cleanup(server.Close)
	w = newWorldWith(t, sandbox.Config{}, func(c *Config) { c.Zomro.APIURL = server.URL })
	w.login(anna)
	w.say(anna, shortOrder+" promocode=NOSUCH")
	w.say(anna, "/confirm")
	w.vendor.PutForeignItem(vendorLogin)
	foreign = w.vendor.PutForeignItem(vendorLogin)
	w.tap(anna, "Cancel purchase")
	w.settle()
	for range 20 {
		w.pass(10 * time.Second)
	}
	for _, p := range w.purchases() {
		if r := p.Record; r.State != purchase.StateCancelled || !r.ItemLeft || removals != 1 {
			t.Errorf("%s, left %v, taken out %d times", r.State, r.ItemLeft, removals)
		}
	}
	w.wantSaid(anna, "Purchase cancelled", "Nothing was charged", "something else is gone", "• Acorn", "I have stopped")
}
