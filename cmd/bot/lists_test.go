package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"zomrobot/storage"
	"zomrobot/zomro/sandbox"
)

// listFaults says what is wrong with the lists that are kept apart from the dialogues:
// each is there, and is counted as often as a dialogue holds it.
func listFaults(ctx context.Context, store storage.Store) (faults []string, err error) {
	held, counted, there := map[string]int{}, map[string]int{}, map[string]bool{}
	err = store.Scan(ctx, "", "", func(key string, value []byte) (bool, error) {
		begin, rest, _ := strings.Cut(strings.TrimPrefix(key, "aside/"), "/")
		switch begin {
		case "dialogue":
			var kept struct {
				Lists map[string]string `json:"lists"`
			}
			err := json.Unmarshal(value, &kept)
			for _, name := range slices.Compact(slices.Sorted(maps.Values(kept.Lists))) {
				held[name]++
			}
			return true, err
		case "list-held":
			var n int
			err := json.Unmarshal(value, &n)
			counted[rest] = n
			return true, err
		case "list":
			there[rest] = true
		}
		return true, nil
	})
	for name, n := range held {
		if counted[name] != n || !there[name] {
			faults = append(faults, fmt.Sprintf("%d dialogues hold the list %s, it is counted %d times, is it there: %t", n, name, counted[name], there[name]))
		}
	}
	for name := range there {
		if held[name] == 0 {
			faults = append(faults, fmt.Sprintf("nobody holds the list %s, it is counted %d times", name, counted[name]))
		}
	}
	return faults, err
}

// wantListsCounted checks the lists in the store of a bot that does not run. Of one that
// a test has spoilt nothing is said.
func (w *world) wantListsCounted() {
	w.t.Helper()
	ctx := context.WithoutCancel(w.t.Context())
	store, err := w.openStore(ctx)
	if err != nil {
		return
	}
	faults, err := listFaults(ctx, store)
	if closed := store.Close(); closed != nil {
		w.t.Error(closed)
	}
	if err == nil && len(faults) > 0 {
		w.t.Errorf("the lists of dialogues: %q", faults)
	}
}

// TestListsOfDialogues: the lists of people who look at the same plans are kept once, go
// when nobody looks at them any more, and are loaded again when they cannot be read.
func TestListsOfDialogues(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{})
	w.chats.AddUser(carol, "Carol", "en")
	lists := func() (n int) {
		t.Helper()
		w.stopBot()
		w.wantListsCounted()
		keys := w.keysUnder("list/")
		w.start()
		w.until(w.chats.Polling)
		return len(keys)
	}
	for _, person := range []int64{anna, carol} {
		w.say(person, "/login")
		w.tap(person, "Login and password")
		w.say(person, vendorLogin)
		w.say(person, vendorPassword)
		w.say(person, "/order")
		w.tap(person, words["choose"][anna])
		w.tap(person, "🇳🇱 Netherlands-3")
	}
	if n := lists(); n != 1 {
		t.Errorf("%d lists are kept of one catalogue", n)
	}
	w.say(anna, "/cancel")
	if n := lists(); n != 1 {
		t.Errorf("%d lists are kept of one catalogue at which one person looks", n)
	}
	w.stopBot()
	if n := w.spoil("list/"); n != 1 {
		t.Errorf("%d lists were spoilt", n)
	}
	w.start()
	w.until(w.chats.Polling)
	w.say(carol, "/order")
	w.tap(carol, "▶️ Continue order")
	w.tap(carol, nextPage)
	if n := lists(); n != 1 {
		t.Errorf("%d lists are kept of one catalogue that was loaded again", n)
	}
	if strings.Contains(w.logs.String(), "a canary") {
		t.Error("the log tells what is in the damaged list")
	}
	w.say(carol, "/cancel")
	if n := lists(); n != 0 {
		t.Errorf("%d lists are kept of nobody's catalogue", n)
	}
}

// keysUnder returns the keys of the store that begin so, while the bot is stopped.
func (w *world) keysUnder(prefix string) []string {
	w.t.Helper()
	store, err := w.openStore(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	keys, err := storage.Keys(w.t.Context(), store, prefix)
	if err := errors.Join(err, store.Close()); err != nil {
		w.t.Fatal(err)
	}
	return keys
}
