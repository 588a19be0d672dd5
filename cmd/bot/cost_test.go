package main

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"zomrobot/audit"
	"zomrobot/engine"
	"zomrobot/purchase"
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
		kept    purchase.Record
		lines   []audit.Line // of the purchase, in its owner's book
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
			for _, p := range m.w.purchases() {
				m.atConfirm.kept = p.Record
			}
			m.atConfirm.lines = m.w.book("user/1001")
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
		{name: "with a promo code", promo: " promocode=WELCOME10", before: 7, toEnd: 10},
		{name: "without", before: 5, toEnd: 8},
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
			kept := m.atConfirm.kept
			if kept.InFlight != purchase.CallConfirm || kept.Before == nil || kept.Before.Balance == nil || kept.Before.Charges == nil ||
				kept.Before.Orders == nil || len(kept.Before.Cart) != 1 || kept.CartTotal == nil {
				t.Errorf("when the payment was asked of the vendor the store did not have what it rests on: %+v", kept)
			}
			if n := len(m.atConfirm.lines); n != kept.Revision {
				t.Errorf("when the payment was asked of the vendor the book had %d lines of %d moves", n, kept.Revision)
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

// TestCancelledWhileItReads: a person cancels while the cart is read before the payment.
// That counts at once, and nothing that was read before counts against it.
func TestCancelledWhileItReads(t *testing.T) {
	for _, call := range []string{"instances", "dashboard.info", "expense", "order", "cart"} {
		t.Run(call, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, sandbox.Config{})
			w.login(anna)
			w.say(anna, shortOrder)
			reads := map[string]int{"cart": 2, "instances": 2, "dashboard.info": 2} // before adding, and now
			held := w.vendor.Inject(sandbox.Fault{Kind: sandbox.Hold, Func: call, Nth: reads[call]})
			if _, err := w.chats.Say(anna, anna, "/confirm"); err != nil {
				t.Fatal(err)
			}
			<-held.Hit()
			for id, p := range w.purchases() {
				if p.Record.State != purchase.StateInCart || p.Record.InFlight != "" {
					t.Errorf("while it reads, the store has purchase %s in %s, with the call %q", id, p.Record.State, p.Record.InFlight)
				}
			}
			w.until(func() bool { return w.tapNewest(anna, "Cancel purchase") == nil })
			w.until(func() bool {
				for _, p := range w.purchases() {
					if p.Record.State == purchase.StateCancelling {
						return true
					}
				}
				return false
			})
			held.Release()
			w.settle()
			w.takenOut()
			w.wantSaid(anna, "Purchase cancelled")
			w.wantTakenOut(anna)
			if n := w.sold(); n != 0 {
				t.Errorf("%d orders were paid, want none", n)
			}
			w.booksHold()
		})
	}
}
