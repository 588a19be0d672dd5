package chart

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestScaleHasRoundSteps(t *testing.T) {
	for _, c := range []struct{ low, high, bottom, top, step float64 }{
		{0, 100, 0, 100, 20},
		{0, 10, 0, 10, 2},
		{0, 11, 0, 12.5, 2.5},
		{0, 0.3, 0, 0.3, 0.1},
		{3, 4, 0, 4, 1},
		{0, 0, 0, 1, 0.2},
		{-30, 60, -40, 60, 20},
		{0, 4.6e9, 0, 5e9, 1e9},
	} {
		near := func(a, b float64) bool { return math.Abs(a-b) < 1e-9*max(1, math.Abs(b)) }
		if s := scaleOf(c.low, c.high); !near(s.bottom, c.bottom) || !near(s.top, c.top) || !near(s.step, c.step) {
			t.Errorf("%g to %g: from %g to %g by %g", c.low, c.high, s.bottom, s.top, s.step)
		}
	}
}

func TestScaleHoldsWhatItIsMadeOf(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		low, high := rapid.Float64Range(-1e12, 1e12).Draw(t, "low"), rapid.Float64Range(-1e12, 1e12).Draw(t, "high")
		if low > high {
			low, high = high, low
		}
		s := scaleOf(low, high)
		s.from, s.to = 500, 100
		slack := s.step * 1e-6
		if s.bottom > min(low, 0)+slack || s.top < max(high, 0)-slack {
			t.Fatalf("%g to %g does not fit on %+v", low, high, s)
		}
		if n := len(s.ticks()); n < 2 || n > steps+3 {
			t.Fatalf("%+v has %d lines", s, n)
		}
		if y := s.at(high); y < s.to || y > s.from || s.at(s.bottom) != s.from || s.at(s.top) != s.to {
			t.Fatalf("%g is drawn at %d of %+v", high, y, s)
		}
	})
}

func TestMarksAreRound(t *testing.T) {
	moscow := time.FixedZone("", 3*60*60)
	from := time.Date(2026, 11, 26, 17, 37, 12, 0, moscow)
	for _, c := range []struct {
		span        time.Duration
		first, then string
	}{
		{time.Hour, "26 17:40", "26 17:50"},
		{24 * time.Hour, "26 18:00", "26 21:00"},
		{7 * 24 * time.Hour, "27 00:00", "28 00:00"},
		{30 * 24 * time.Hour, "30 00:00", "4 00:00"},
	} {
		at := marks(from, from.Add(c.span), 8)
		if len(at) < 4 || at[0].Format("2 15:04") != c.first || at[1].Format("2 15:04") != c.then {
			t.Errorf("%v has the marks %v", c.span, at)
		}
	}
}

func TestMarksAreFew(t *testing.T) {
	names := []string{"UTC", "Europe/Berlin", "Asia/Kathmandu", "America/St_Johns", "Australia/Lord_Howe"}
	zones := map[string]*time.Location{}
	for _, name := range names {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		zones[name] = zone
	}
	rapid.Check(t, func(t *rapid.T) {
		from := time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "from"), 0).In(zones[rapid.SampledFrom(names).Draw(t, "zone")])
		span := time.Duration(rapid.Int64Range(0, 1e9).Draw(t, "span")) * time.Second
		most := rapid.IntRange(1, 12).Draw(t, "most")
		at := marks(from, from.Add(span), most)
		if len(at) > most {
			t.Fatalf("%d marks of at most %d", len(at), most)
		}
		if len(at) == 0 && span > time.Hour && most > 4 {
			t.Fatalf("no marks in %v", span)
		}
		for i, m := range at {
			if m.Before(from) || m.After(from.Add(span)) || i > 0 && !m.After(at[i-1]) {
				t.Fatalf("marks %v from %v over %v", at, from, span)
			}
		}
	})
}
