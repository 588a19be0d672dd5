package job

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/zomro"
)

// TestWeigh is the table of what the account shows of a resize, and what is
// told of it.
func TestWeigh(t *testing.T) {
	money := func(text string) *zomro.Money {
		if text == "" {
			return nil
		}
		return &zomro.Money{Amount: decimal.RequireFromString(text), Currency: "EUR"}
	}
	before := zomro.Service{
		ID: "1", Plan: "Nova | NL-3", Cost: "1.00 EUR / Month", Status: zomro.StatusActive, PowerState: zomro.PowerActive,
	}
	same := func(*zomro.Service) {}
	state := func(power string) func(*zomro.Service) { return func(s *zomro.Service) { s.PowerState = power } }
	plan := func(title string) func(*zomro.Service) { return func(s *zomro.Service) { s.Plan = title } }
	cost := func(text string) func(*zomro.Service) { return func(s *zomro.Service) { s.Cost = text } }
	const soon, later, end = 10 * time.Second, 150 * time.Second, 15 * time.Minute
	const going, done, refused = Following, Done, Refused
	const unclear = Unclear
	for _, test := range []struct {
		name     string
		unsure   bool
		was, now string // spendable
		seen     func(*zomro.Service)
		after    time.Duration
		want     Stage
	}{
		{"resized", false, "100", "98", state("resized"), soon, done},
		{"resized, answer lost", true, "100", "98", state("resized"), soon, done},
		{"resized, the balance lags", false, "100", "100", state("resized"), soon, going},
		{"resized, the balance still lags", false, "100", "100", state("resized"), later, done},
		{"resized, no balance", true, "", "", state("resized"), later, done},
		{"the new plan", true, "100", "98", plan("Zen| NL-3"), soon, done},
		{"another plan", true, "100", "98", plan("Oak | NL-3"), later, going},
		{"costs more", true, "100", "98", cost("2.00 EUR / Month"), soon, going},
		{"costs less", true, "100", "98", cost("0.50 EUR / Month"), later, going},
		{"is billed otherwise", true, "100", "98", cost("2.00 EUR / Day"), later, going},
		{"at work", true, "100", "98", state("resizing"), later, going},
		{"at work until the end", true, "100", "98", state("resizing"), end, Late},
		{"broken", false, "100", "98", state("error"), later, Failed},
		{"broken for now", false, "100", "98", state("error"), soon, going},
		{"untouched, early", true, "100", "100", same, later - time.Second, going},
		{"untouched", true, "100", "100", same, later, refused},
		{"untouched, answered without an error", false, "100", "100", same, later, going},
		{"untouched to the end, answered without an error", false, "100", "100", same, end, unclear},
		{"untouched, the balance fell", true, "100", "98", same, later, going},
		{"untouched, the balance rose", true, "100", "200", same, end, unclear},
		{"untouched, no balance before", true, "", "100", same, end, unclear},
		{"untouched, no balance now", true, "100", "", same, end, unclear},
		{"stopped meanwhile", true, "100", "100", state("stopped"), later, going},
		{"not listed", true, "100", "100", nil, later, going},
		{"not listed to the end", true, "100", "100", nil, end, unclear},
	} {
		called := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
		was, is := before, before
		r := Record{
			Order: Order{Server: "1", Op: Resize, Label: "Zen | NL-3"}, Stage: going,
			Called: called, Unsure: test.unsure, Before: &Sight{Service: &was, Balance: money(test.was)},
		}
		seen := Sight{Balance: money(test.now)}
		if test.seen != nil {
			test.seen(&is)
			seen.Service = &is
		}
		at := called.Add(test.after)
		r.weigh(Weighed{Sight: seen, Seen: true, At: at}, at)
		if r.Stage != test.want {
			t.Errorf("%s: %s, want %s", test.name, r.Stage, test.want)
		}
	}
}

// TestDecided: what was decided about a new size is seen from the server, wherever it was
// decided.
func TestDecided(t *testing.T) {
	r := Record{Order: Order{Server: "1", Op: Resize, Label: "Zen | NL-3"}, Stage: Done, Service: &zomro.Service{PowerState: zomro.PowerResized}}
	if !r.Awaits() {
		t.Fatal("nobody is asked about the new size")
	}
	for _, c := range []struct {
		plan, power string
		want        Op
	}{
		{"Zen| NL-3", zomro.PowerResized, ""},
		{"Zen| NL-3", "resizing", ""},
		{"Zen| NL-3", zomro.PowerActive, Keep},
		{"Nova | NL-3", zomro.PowerActive, Rollback},
		{"Nova | NL-3", zomro.PowerStopped, Rollback},
	} {
		if got := r.Decided(zomro.Service{ID: "1", Plan: c.plan, PowerState: c.power, Status: zomro.StatusActive}); got != c.want {
			t.Errorf("%s, %s: %q, want %q", c.plan, c.power, got, c.want)
		}
	}
	if r.Settled = Keep; r.Awaits() {
		t.Error("it is asked again")
	}
}
