package engine

import (
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"zomrobot/purchase"
	"zomrobot/storage"
)

var clockBegins = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// TestClockGoesOn: wherever the system's clock is set, the time does not go back,
// and goes on as fast.
func TestClockGoesOn(t *testing.T) {
	system := clockBegins
	var said strings.Builder
	c := clock{system: func() time.Time { return system }, log: slog.New(slog.NewTextHandler(&said, nil))}
	for i, step := range []struct {
		by   time.Duration
		want time.Time
	}{
		{0, clockBegins},
		{time.Second, clockBegins.Add(time.Second)},
		{-3 * time.Hour, clockBegins.Add(time.Second)},
		{time.Minute, clockBegins.Add(time.Minute + time.Second)},
		{4 * time.Hour, clockBegins.Add(4*time.Hour + time.Minute + time.Second)},
		{365 * 24 * time.Hour, clockBegins.Add(365*24*time.Hour + 4*time.Hour + time.Minute + time.Second)},
		{-365 * 24 * time.Hour, clockBegins.Add(365*24*time.Hour + 4*time.Hour + time.Minute + time.Second)},
		{time.Hour, clockBegins.Add(365*24*time.Hour + 5*time.Hour + time.Minute + time.Second)},
	} {
		system = system.Add(step.by)
		if got := c.Now(); !got.Equal(step.want) {
			t.Fatalf("step %d, by %v: %v, want %v", i, step.by, got, step.want)
		}
	}
	if n := strings.Count(said.String(), "behind"); n != 1 {
		t.Errorf("that the clock is behind was said %d times:\n%s", n, said.String())
	}
}

func TestClockNeverGoesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		system := clockBegins
		c := clock{system: func() time.Time { return system }, log: slog.New(slog.DiscardHandler)}
		last := c.Now()
		for range rapid.IntRange(1, 50).Draw(t, "steps") {
			by := time.Duration(rapid.Int64Range(-1e15, 1e15).Draw(t, "by"))
			system = system.Add(by)
			if rapid.IntRange(0, 9).Draw(t, "restart") == 0 {
				c = clock{system: c.system, log: c.log}
				c.reach(last)
			}
			now := c.Now()
			if now.Before(last) || now.Before(system) || by > 0 && now.Sub(last) < 0 {
				t.Fatalf("%v after %v, the system's is %v", now, last, system)
			}
			last = now
		}
	})
}

// TestClockOfTheSystem: as long as nobody sets the system's clock the time is its.
func TestClockOfTheSystem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := clock{system: time.Now, log: slog.New(slog.DiscardHandler)}
		for range 3 {
			if got, want := c.Now(), time.Now(); !got.Equal(want) {
				t.Fatalf("%v, want %v", got, want)
			}
			time.Sleep(time.Hour) // of the bubble
		}
	})
}

// TestTimeOfTheJournal: the newest time of a move is kept, and an older one does not
// take its place.
func TestTimeOfTheJournal(t *testing.T) {
	e := testEngine(t)
	for _, at := range []time.Time{clockBegins, clockBegins.Add(time.Hour), clockBegins.Add(-time.Hour)} {
		err := e.store.Update(t.Context(), func(tx storage.Tx) error {
			e.now = func() time.Time { return at }
			return (&transaction{engine: e, tx: tx}).count()
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if newest, _, err := storage.Read[time.Time](t.Context(), e.store, clockKey); err != nil || !newest.Equal(clockBegins.Add(time.Hour)) {
		t.Errorf("%v, %v", newest, err)
	}
}

// TestLeapsDoNotCount: how long a confirm can come late is not shorter because
// somebody sets the clock ahead.
func TestLeapsDoNotCount(t *testing.T) {
	system, passed := clockBegins, time.Duration(0)
	e := New(Config{Now: func() time.Time { return system }, Log: slog.New(slog.DiscardHandler)})
	e.clock.passed = func(time.Time, time.Time) time.Duration { return passed }
	r := purchase.Record{ID: "A7K-42", State: purchase.StateSettling, MaybePaid: true, Sent: e.now()}
	tick := func(real, shown time.Duration) time.Duration {
		passed, system = real, system.Add(shown)
		now := e.now()
		passed = 0
		r = e.steady(r)
		return now.Sub(r.Sent)
	}
	for i, step := range []struct{ real, shown, counted time.Duration }{
		{0, 0, 0},
		{10 * time.Second, 10 * time.Second, 10 * time.Second},
		{time.Second, 10 * time.Minute, 11 * time.Second},
		{time.Second, time.Second, 12 * time.Second},
		{time.Second, -time.Hour, 13 * time.Second},
		{time.Second, 3 * time.Hour, 14 * time.Second},
	} {
		if got := tick(step.real, step.shown); got.Round(time.Second) != step.counted {
			t.Errorf("step %d: %v are counted, want %v", i, got, step.counted)
		}
	}
	// A leap between the announcement and the answer counts no more.
	flying := purchase.Record{ID: "B7K-42", State: purchase.StatePaying, Sent: e.now()}
	e.steady(flying)
	passed, system = time.Second, system.Add(4*time.Hour)
	now := e.now()
	passed, flying.State, flying.MaybePaid = 0, purchase.StateSettling, true
	if got := now.Sub(e.steady(flying).Sent); got.Round(time.Second) != time.Second {
		t.Errorf("of one under way %v are counted", got)
	}
	r.Sent = e.now() // another confirm
	if got := tick(5*time.Second, 5*time.Second); got != 5*time.Second {
		t.Errorf("of another confirm %v are counted", got)
	}
	r.MaybePaid = false
	if e.steady(r); func() bool { _, kept := e.doubts.Load(r.ID); return kept }() {
		t.Error("a doubt that is over is kept")
	}
}

// TestTakenOver: what another process has announced counts from when this one took over, and
// what this one announces, from then.
func TestTakenOver(t *testing.T) {
	system := clockBegins
	e := New(Config{Now: func() time.Time { return system }, Log: slog.New(slog.DiscardHandler), Others: true})
	old := purchase.Record{ID: "A7K-42", State: purchase.StatePaying, Sent: e.now()}
	system = system.Add(time.Minute)
	e.took = e.now()
	for _, by := range []time.Duration{0, time.Second, time.Second} {
		system = system.Add(by)
		old = e.steady(old)
		if !old.Sent.Equal(e.took) {
			t.Errorf("it counts from %v, want %v", old.Sent, e.took)
		}
	}
	own := purchase.Record{ID: "B7K-42", State: purchase.StatePaying, Sent: e.now()}
	if got := e.steady(own).Sent; !got.Equal(own.Sent) {
		t.Errorf("its own counts from %v, want %v", got, own.Sent)
	}
	old.Sent = e.now() // it is confirmed again
	if got := e.steady(old).Sent; !got.Equal(old.Sent) {
		t.Errorf("the next one counts from %v, want %v", got, old.Sent)
	}
}

// TestTakenOverAgainAndAgain: however often another process takes over, what they have looked
// for the outcome of a confirm adds up, and no more than that.
func TestTakenOverAgainAndAgain(t *testing.T) {
	system := clockBegins
	r := purchase.Record{
		ID: "A7K-42", State: purchase.StateUnknown, UnknownOf: purchase.CallConfirm, MaybePaid: true, Sent: clockBegins,
	}
	for n := 1; n <= 4; n++ {
		system = system.Add(time.Minute) // nobody leads
		e := New(Config{Now: func() time.Time { return system }, Log: slog.New(slog.DiscardHandler), Others: true})
		e.took = e.now()
		for range 2 {
			system = system.Add(20 * time.Second)
			r = e.steady(r)
			r.Evidence = &purchase.Evidence{Of: purchase.CallConfirm, At: e.now()}
		}
		system = system.Add(20 * time.Second) // after its last look
		if got, want := r.Evidence.At.Sub(e.steady(r).Sent), time.Duration(n)*40*time.Second; got != want {
			t.Errorf("after %d takeovers %v are counted, want %v", n, got, want)
		}
	}
}
