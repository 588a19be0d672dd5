package main

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"zomrobot/engine"
	"zomrobot/storage"
	"zomrobot/storage/storagetest"
	"zomrobot/zomro/sandbox"
)

// written is what was written to the disk: commits of the store, syncs of them and of
// the mark beside the store, and pages of the store's file.
type written struct{ commits, syncs, pages int64 }

// atMost is how much may be written for what people and operators wait for. None of it
// depends on the machine, except that a purchase's card and news are written beside its
// calls, so that some of them come before its confirm or after it. Whoever makes it need
// less writes the smaller number here.
var atMost = map[string]written{
	"a tap": {commits: 2, syncs: 4, pages: 10},

	"a purchase before its confirm": {commits: 12, syncs: 25, pages: 70},
	"a purchase to its end":         {commits: 21, syncs: 44, pages: 124},

	"a purchase with a promo code before its confirm": {commits: 16, syncs: 33, pages: 94},
	"a purchase with a promo code to its end":         {commits: 26, syncs: 54, pages: 151},

	"a start on an empty store": {commits: 4, syncs: 9, pages: 14},
	"a start amid an order":     {commits: 0, syncs: 0, pages: 0},
}

// within fails when more was written than may be.
func within(t *testing.T, what string, did written) {
	t.Helper()
	most, known := atMost[what]
	if !known {
		t.Fatalf("nothing is said of %q", what)
	}
	if did.commits > most.commits || did.syncs > most.syncs || did.pages > most.pages {
		t.Errorf("%s: %+v, want at most %+v", what, did, most)
	}
	if did.pages < 2*did.commits || did.syncs < 2*did.commits || did.commits == 0 && most.commits > 0 {
		t.Errorf("%s: %+v, which cannot be: not all of it was counted", what, did)
	}
	t.Logf("%s: %+v", what, did)
}

// metered is what is between a program and its disk.
type metered struct {
	store *storagetest.Meter
	marks atomic.Int64
	slow  time.Duration // that each sync takes longer
}

// on puts the meter into a program that has not been opened.
func (m *metered) on(p *Program) {
	m.marks.Store(0)
	p.wrapBackend = func(b storage.Backend) storage.Backend {
		m.store = storagetest.NewMeter(b, strings.TrimPrefix(p.Config.Storage.URL, "bolt:"))
		m.store.Slow(m.slow)
		return m.store
	}
	p.wrapMark = func(mark engine.Mark) engine.Mark { return meteredMark{mark, m} }
}

// so far is what was written since the program was opened.
func (m *metered) soFar() written {
	counts := m.store.Counts()
	return written{counts.Commits, counts.Syncs + m.marks.Load(), counts.Pages}
}

func (w written) less(earlier written) written {
	return written{w.commits - earlier.commits, w.syncs - earlier.syncs, w.pages - earlier.pages}
}

// meteredMark counts the syncs of the mark beside the store.
type meteredMark struct {
	engine.Mark
	meter *metered
}

func (m meteredMark) Save(n int64) error {
	time.Sleep(m.meter.slow) // it is the disk that takes so long
	m.meter.marks.Add(1)
	return m.Mark.Save(n)
}

// newMetered makes a world whose disk is metered, from its next start on again.
func newMetered(t *testing.T, configure func(*Program, *metered)) (*world, *metered) {
	meter := &metered{}
	w := newWorldOf(t, sandbox.Config{}, func(p *Program) {
		meter.on(p)
		configure(p, meter)
	})
	return w, meter
}

// TestWrittenOfATap counts what a tap of one person writes that turns the page of the
// list of plans.
func TestWrittenOfATap(t *testing.T) {
	t.Parallel()
	fileOnly(t)
	w, meter := newMetered(t, func(*Program, *metered) {})
	w.login(anna)
	w.say(anna, "/order")
	w.tap(anna, words["choose"][anna])
	w.tap(anna, "🇳🇱 Netherlands-3")
	w.tap(anna, nextPage)
	for range 3 {
		before := meter.soFar()
		w.tap(anna, nextPage)
		within(t, "a tap", meter.soFar().less(before))
	}
}

// TestWrittenOfAPurchase counts what a purchase writes from /confirm until the vendor
// is asked to take the money, and until the server is active.
func TestWrittenOfAPurchase(t *testing.T) {
	t.Parallel()
	fileOnly(t)
	for name, code := range map[string]string{"a purchase": "", "a purchase with a promo code": " promocode=WELCOME10"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var atConfirm atomic.Pointer[written]
			w, meter := newMetered(t, func(p *Program, meter *metered) {
				p.vendorClient = &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
					body, err := io.ReadAll(r.Body)
					if err != nil {
						return nil, err
					}
					if functionOf(r.Header.Get("Content-Type"), body) == "cartorder.create.confirm" {
						at := meter.soFar()
						atConfirm.Store(&at)
					}
					r.Body = io.NopCloser(bytes.NewReader(body))
					return http.DefaultTransport.RoundTrip(r)
				})}
			})
			w.login(anna)
			w.say(anna, shortOrder+code)
			before := meter.soFar()
			w.say(anna, "/confirm")
			w.pass(10 * time.Second)
			w.wantSaid(anna, "The server is active")
			at := atConfirm.Load()
			if at == nil {
				t.Fatal("nothing was confirmed")
			}
			within(t, name+" before its confirm", at.less(before))
			within(t, name+" to its end", meter.soFar().less(before))
		})
	}
}

// TestWrittenOfAStart counts what a start writes until the bot polls.
func TestWrittenOfAStart(t *testing.T) {
	t.Parallel()
	fileOnly(t)
	w, meter := newMetered(t, func(*Program, *metered) {})
	w.until(w.chats.Polling)
	w.settle()
	within(t, "a start on an empty store", meter.soFar())
	w.login(anna)
	w.say(anna, "/order")
	w.tap(anna, words["choose"][anna])
	w.tap(anna, "🇳🇱 Netherlands-3")
	w.restart()
	w.settle()
	within(t, "a start amid an order", meter.soFar())
}
