package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"zomrobot/zomro/sandbox"
)

// TestMarkRecognisesAnOlderCopy starts the bot on a copy of the store that was
// made before an order was paid, in each way in which the mark beside it may be
// left, as docs/operating.md tells.
func TestMarkRecognisesAnOlderCopy(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		mark   func(path string, older []byte) error
		remade bool
	}{
		"the mark left in place":     {func(string, []byte) error { return nil }, true},
		"the mark deleted":           {func(path string, _ []byte) error { return os.Remove(path) }, true},
		"an old mark beside the old": {func(path string, older []byte) error { return os.WriteFile(path, older, 0o600) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, sandbox.Config{})
			w.login(anna)
			w.say(anna, shortOrder+" promocode=NOSUCH")
			w.say(anna, "/confirm") // asks about the code
			w.stopBot()
			older, err := os.ReadFile(w.store)
			if err != nil {
				t.Fatal(err)
			}
			mark, err := os.ReadFile(w.store + ".mark")
			if err != nil {
				t.Fatal(err)
			}
			w.start()
			w.tap(anna, "Without a code")
			w.pass(10 * time.Second)
			if n := w.sold(); n != 1 {
				t.Fatalf("%d orders were paid, want 1", n)
			}
			w.stopBot()
			if err := errors.Join(os.WriteFile(w.store, older, 0o600), c.mark(w.store+".mark", mark)); err != nil {
				t.Fatal(err)
			}
			w.start()
			w.settle()
			if remade := strings.Contains(w.logs.String(), "the store is an older copy"); remade != c.remade {
				t.Errorf("recognised as an older copy: %v, want %v", remade, c.remade)
			}
			if n := w.sold(); n != 1 {
				t.Errorf("%d orders were paid, want 1", n)
			}
		})
	}
}

// TestMarkFile reads what it wrote, and tells a missing mark from a broken one.
func TestMarkFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bot.db")
	mark := markBeside("bolt:" + path)
	if _, found, err := mark.Load(); found || err != nil {
		t.Errorf("a missing mark: %v, %v", found, err)
	}
	for _, n := range []int64{1, 1 << 40} {
		if err := mark.Save(n); err != nil {
			t.Fatal(err)
		}
		if got, found, err := mark.Load(); got != n || !found || err != nil {
			t.Errorf("saved %d, loaded %d, %v, %v", n, got, found, err)
		}
	}
	if _, err := os.Stat(path + ".mark.new"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("something is left: %v", err)
	}
	if err := os.WriteFile(path+".mark", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := mark.Load(); err == nil {
		t.Error("a broken mark is read")
	}
	if markBeside("other:somewhere") != nil {
		t.Error("another engine has a mark in a file")
	}
}
