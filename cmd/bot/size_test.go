package main

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"zomrobot/storage"
	"zomrobot/zomro/sandbox"
)

// TestBytesPerDraft: how many bytes of the file a person takes who is logged in and has
// begun an order, or has chosen all of it. What is kept of one is copied for many, who
// come in any order and hold the same lists. What is kept for a while of each update is
// not counted.
func TestBytesPerDraft(t *testing.T) {
	t.Parallel()
	fileOnly(t)
	for _, draft := range []struct {
		name string
		make func(*world)
		most int
	}{
		{"the list of plans", func(w *world) {
			w.say(anna, "/order")
			w.tap(anna, words["choose"][anna])
			w.tap(anna, "🇳🇱 Netherlands-3")
		}, 925},
		{"the review", func(w *world) { w.say(anna, shortOrder) }, 1150},
	} {
		t.Run(draft.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, sandbox.Config{})
			w.login(anna)
			draft.make(w)
			w.stopBot()
			store, err := w.openStore(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			own := map[string]string{}
			err = store.Scan(t.Context(), "", "", func(key string, value []byte) (bool, error) {
				if strings.Contains(key, strconv.Itoa(anna)) {
					own[key] = string(value)
				}
				return true, nil
			})
			if err != nil {
				t.Fatal(err)
			}
			each := copyPeople(t, store, own)
			if err := store.Close(); err != nil {
				t.Fatal(err)
			}
			if each > draft.most {
				var parts []string
				for _, key := range slices.Sorted(maps.Keys(own)) {
					parts = append(parts, fmt.Sprintf("%s has %d bytes", key, len(own[key])))
				}
				t.Errorf("a person takes %d bytes, want at most %d: %s", each, draft.most, strings.Join(parts, ", "))
			}
		})
	}
}

// copyPeople keeps what is kept of Anna for many others, and returns how many bytes of the
// file each takes.
func copyPeople(t *testing.T, store storage.Store, own map[string]string) int {
	t.Helper()
	const people = 2000
	size := func() int {
		var n counter
		if err := storage.Backup(t.Context(), store, &n); err != nil {
			t.Fatal(err)
		}
		return int(n)
	}
	before := size()
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // people are any
	for range people {
		other := strings.NewReplacer(strconv.Itoa(anna), strconv.FormatInt(1e9+random.Int64N(9e9), 10))
		err := store.Update(t.Context(), func(tx storage.Tx) error {
			for key, value := range own {
				if err := tx.Put(other.Replace(key), []byte(other.Replace(value))); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	each := (size() - before) / people
	lists, err := storage.Keys(t.Context(), store, "list-held/")
	if err != nil {
		t.Fatal(err)
	}
	err = store.Update(t.Context(), func(tx storage.Tx) (err error) {
		for _, key := range lists {
			err = errors.Join(err, storage.Put(tx, key, 1+people))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return each
}

// counter counts what is written.
type counter int

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}
