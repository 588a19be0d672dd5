package main

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/storage"
	"zomrobot/team"
	"zomrobot/zomro/sandbox"
)

// ledger is that of the big team.
func (w *world) ledger() team.Ledger {
	w.t.Helper()
	l, _, err := storage.Read[team.Ledger](w.t.Context(), w.program.Store, "ledger/-1000000000007")
	if err != nil {
		w.t.Fatal(err)
	}
	return l
}

// TestClockThatWasAhead: what was paid while the system's clock was far ahead counts
// when it is set right, also after a restart; and what waits goes on meanwhile. The
// vendor's clock is right all the time.
func TestClockThatWasAhead(t *testing.T) {
	t.Parallel()
	vendors := &clock{now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	w := newBigTeam(t, sandbox.Config{ActivationDelay: time.Minute, Now: vendors.Now}, func(*Config) {})
	order := func() {
		w.sayIn(boris, bigTeam, shortOrder)
		w.tapIn(boris, bigTeam, "✅", "web-1")
	}
	pass := func() {
		vendors.move(time.Minute)
		w.pass(time.Minute)
	}
	order()
	pass()
	w.clock.move(100 * 24 * time.Hour)
	order()
	pass() // those of an account wait for each other
	if n := w.sold(); n != 2 {
		t.Fatalf("%d orders were paid while the clock was ahead, want 2", n)
	}
	w.clock.move(-100 * 24 * time.Hour)
	order()
	w.restart()
	order()
	for range 6 {
		pass()
	}
	if n := w.sold(); n != 4 {
		t.Fatalf("%d orders were paid, want 4", n)
	}
	last := time.Time{}
	for _, line := range w.book("team/-1000000000007") {
		if line.At.Before(last) {
			t.Fatalf("line %d was written at %v, after one of %v", line.N, line.At, last)
		}
		last = line.At
	}
	if spent := w.ledger().Used(team.LimitTeamMonth, 0, "EUR", "", last); !spent.Amount.Equal(w.costs("5.76").Amount.Mul(decimal.NewFromInt(3))) {
		t.Errorf("%v counts in the month of the clock that was ahead", spent.Amount)
	}
	if !w.said(bigTeam, "Сервер активен") {
		t.Errorf("nothing goes on:\n%s", w.chats.Transcript(bigTeam))
	}
}

// TestJobOfAClockThatWasAhead: a job that was begun by a clock that was ahead is looked for as
// any other once the bot, or the one that has taken over from it, has one that is right: what
// it sees is not taken for older than the call, and the call is made once.
func TestJobOfAClockThatWasAhead(t *testing.T) {
	t.Parallel()
	const ahead = 100 * 24 * time.Hour
	vendors := &clock{now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	w := newWorld(t, sandbox.Config{Now: vendors.Now})
	w.vendor.AddService(vendorLogin, "web-1")
	w.login(anna)
	w.clock.move(ahead)
	w.say(anna, "/servers")
	w.tap(anna, "🟢 web-1")
	w.tap(anna, "🔁 Reboot")
	w.tap(anna, "🔁 Reboot")
	w.stopBot()
	w.clock.move(-ahead)
	w.start()
	w.settle()
	vendors.move(3 * time.Minute)
	w.pass(3 * time.Minute)
	w.wantSaid(anna, "web-1: reboot", "Done")
	if n := w.called("service.reboot"); n != 1 {
		t.Errorf("the server was rebooted %d times", n)
	}
}
