package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	orderflow "zomrobot/conversation/order"
	"zomrobot/zomro/sandbox"
)

// sharedCode has a person share the template that they are looking at, and returns the
// code of the link.
func (w *world) sharedCode(person int64) string {
	w.t.Helper()
	w.tap(person, "🔗 Share")
	for _, m := range slices.Backward(w.chats.Messages(person)) {
		if _, after, ok := strings.Cut(m.Text, "?start="); ok {
			code, _, _ := strings.Cut(after, "\n")
			return code
		}
	}
	w.t.Fatal("no link was made")
	return ""
}

// TestSharedLinksAreBounded: a person has only so many, and each works only so long. They
// survive a restart, and nothing of those that are gone is kept.
func TestSharedLinksAreBounded(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{})
	w.login(anna)
	w.say(anna, "/templates import datacenter=17 pricelist=9101")
	w.say(anna, "small")
	var codes []string
	for range orderflow.MostShares + 1 {
		codes = append(codes, w.sharedCode(anna))
		w.clock.move(time.Second)
	}
	opens := func(code string) bool {
		t.Helper()
		before := w.lastID(anna)
		w.say(anna, "/start "+code)
		return strings.Contains(strings.Join(w.after(anna, before), "\n"), "someone else's link")
	}
	kept := func() int {
		t.Helper()
		w.stopBot()
		keys := w.keysUnder("link/")
		w.start()
		w.until(w.chats.Polling)
		return len(keys)
	}
	if opens(codes[0]) || !opens(codes[1]) {
		t.Error("of too many links the oldest is not the one that is gone")
	}
	if n := kept(); n != orderflow.MostShares {
		t.Errorf("%d links are kept, want %d", n, orderflow.MostShares)
	}
	w.say(anna, "/cancel")
	if !opens(codes[1]) {
		t.Error("a link does not survive a restart, or works only once")
	}
	w.say(anna, "/cancel")
	w.pass(orderflow.ShareLives)
	if opens(codes[len(codes)-1]) {
		t.Error("a link works for ever")
	}
	if n := kept(); n != 0 {
		t.Errorf("%d links are kept of which none works", n)
	}
}
