package main

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"zomrobot/engine"
	"zomrobot/storage"
	"zomrobot/zomro/sandbox"
)

// costMeter counts what a purchase costs: commits, by what they write, and saves of the
// mark; and holds what must be on the disk when the payment is asked of the vendor.
type costMeter struct {
	t *testing.T
	w *world

	mu      sync.Mutex
	commits []string
	marks   int
	mark    int64 // as it was saved last
	counted int64 // the store's, as far as it was committed

	atConfirm struct {
		commits []string
		marks   int
	}
	confirms int
}

// newCounted makes a world with a meter.
func newCounted(t *testing.T, config sandbox.Config) (*world, *costMeter) {
	t.Helper()
	m := &costMeter{t: t}
	m.w = newWorldOf(t, config, func(p *Program) {
		p.wrapStore = func(s storage.Store) storage.Store { return &countedStore{s, m} }
		p.wrapMark = func(mark engine.Mark) engine.Mark { return &countedMark{mark, m} }
		p.vendorClient = &http.Client{Transport: m.calls(&http.Transport{DisableKeepAlives: true})}
	})
	return m.w, m
}

// reset begins to count anew.
func (m *costMeter) reset() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.commits, m.marks, m.confirms = nil, 0, 0
}

// calls looks at the disk when the payment is asked of the vendor.
func (m *costMeter) calls(next http.RoundTripper) http.RoundTripper {
	return roundTrip(func(r *http.Request) (*http.Response, error) {
		body, err := sent(r)
		if err != nil {
			return nil, err
		}
		if bytes.Contains(body, []byte("cartorder.create.confirm")) {
			m.mu.Lock()
			m.confirms++
			m.atConfirm.commits, m.atConfirm.marks = slices.Clone(m.commits), m.marks
			if m.mark != m.counted || m.counted == 0 {
				m.t.Errorf("the payment is asked of the vendor while the mark says %d, and the store %d", m.mark, m.counted)
			}
			m.mu.Unlock()
		}
		return next.RoundTrip(r) //nolint:wrapcheck // it stands in for it
	})
}

// countedStore has each commit counted.
type countedStore struct {
	storage.Store
	meter *costMeter
}

func (s *countedStore) Update(ctx context.Context, fn func(storage.Tx) error) error {
	var name string
	var counted int64
	err := s.Store.Update(ctx, func(tx storage.Tx) error {
		seen := &writes{Tx: tx}
		err := fn(seen)
		name = seen.name()
		if err == nil {
			counted, _, err = storage.Get[int64](tx, "journal/mark")
		}
		return err
	})
	if err == nil {
		s.meter.mu.Lock()
		s.meter.commits = append(s.meter.commits, name)
		s.meter.counted = max(s.meter.counted, counted)
		s.meter.mu.Unlock()
	}
	return err
}

// countedMark has each save of the mark counted.
type countedMark struct {
	engine.Mark
	meter *costMeter
}

func (m *countedMark) Save(n int64) error {
	err := m.Mark.Save(n)
	if err == nil {
		m.meter.mu.Lock()
		m.meter.marks++
		m.meter.mark = n
		m.meter.mu.Unlock()
	}
	return err
}

// TestWhatAPurchaseCosts holds how many commits move an order, to the call that pays and
// to its end, and that the mark beside the store is on the disk before that call.
func TestWhatAPurchaseCosts(t *testing.T) {
	for _, c := range []struct {
		name, promo   string
		before, toEnd int // commits that move the purchase: before the payment, and in all
	}{
		{name: "with a promo code", promo: " promocode=WELCOME10", before: 25, toEnd: 38},
		{name: "without", before: 21, toEnd: 34},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w, m := newCounted(t, sandbox.Config{})
			w.login(anna)
			w.say(anna, shortOrder+c.promo)
			m.reset()
			w.say(anna, "/confirm")
			if n := w.sold(); n != 1 {
				t.Fatalf("%d orders were paid, want 1", n)
			}
			m.mu.Lock()
			defer m.mu.Unlock()
			if m.confirms != 1 {
				t.Errorf("the payment was asked %d times", m.confirms)
			}
			for what, c := range map[string]struct {
				commits []string
				want    int
			}{"before the payment": {m.atConfirm.commits, c.before}, "in all": {m.commits, c.toEnd}} {
				moves := slices.DeleteFunc(slices.Clone(c.commits), func(name string) bool { return !strings.Contains(name, " → ") })
				if len(moves) != c.want {
					t.Errorf("%d commits move the purchase %s, want %d:\n%s", len(moves), what, c.want, strings.Join(moves, "\n"))
				}
			}
			if m.atConfirm.marks > 1 {
				t.Errorf("the mark was saved %d times before the payment, want once", m.atConfirm.marks)
			}
		})
	}
}

// TestNothingElseIsWritten holds that an order makes no commits beside those that
// [TestWhatAPurchaseCosts] sees: none for a lease, and none to see whether the store is
// well.
func TestNothingElseIsWritten(t *testing.T) {
	w := newWorld(t, sandbox.Config{})
	w.login(anna)
	w.say(anna, shortOrder)
	w.say(anna, "/confirm")
	if n := w.sold(); n != 1 {
		t.Fatalf("%d orders were paid, want 1", n)
	}
	keys := []string{"meta/health"}
	for _, p := range w.purchases() {
		keys = append(keys, "lease/account/"+p.Record.Account)
	}
	for _, key := range keys {
		err := w.program.Store.View(t.Context(), func(tx storage.Tx) error {
			value, err := tx.Get(key)
			if value != nil {
				t.Errorf("%s was written", key)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
