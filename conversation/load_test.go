package conversation_test

import (
	"math"
	"testing"
	"time"

	"zomrobot/chat"
	"zomrobot/conversation"
	loadflow "zomrobot/conversation/load"
	"zomrobot/zomro"
)

// atLoad is a talk at the card of the load of web-1, without what was measured.
func atLoad(t failer) *talk {
	k := loggedIn(t).press("s1:51")
	k.auto = false
	if k.tap("Load"); whereIs(k.d) != string(loadflow.PlaceLoad) {
		k.t.Fatalf("it is at %s", whereIs(k.d))
	}
	return k
}

// asksLoad returns what is asked for; false: nothing is.
func (k *talk) asksLoad() (asked loadflow.ReadMeasures, is bool) {
	for _, e := range k.effects {
		if e, ok := e.(loadflow.ReadMeasures); ok {
			asked, is = e, true
		}
	}
	return asked, is
}

func TestLoadIsShown(t *testing.T) {
	k := atLoad(t).sees("web-1", "CPU load")
	asked, is := k.asksLoad()
	if want := (loadflow.ReadMeasures{Account: "7", Server: "51", Metric: zomro.MetricCPU, Hours: 24}); !is || asked != want {
		t.Fatalf("asked %+v", asked)
	}
	if k.shown.Picture != nil {
		t.Error("a picture of nothing")
	}
	k.step(measuresOf(asked, k.now))
	p := k.shown.Picture
	if p == nil || p.Unit != chat.Percent || len(p.Lines.Series) != 1 || p.Lines.To.Sub(p.Lines.From) != 24*time.Hour || p.Lines.From.Location() != time.UTC || p.Dark {
		t.Fatalf("the picture is %+v", p)
	}
	k.sees("average", "peak").tap("Traffic")
	asked, _ = k.asksLoad()
	if asked.Metric != zomro.MetricTraffic || asked.Hours != 24 || k.shown.Picture.Unit != chat.Percent {
		t.Errorf("asked %+v, meanwhile shown %+v", asked, k.shown.Picture)
	}
	k.step(measuresOf(asked, k.now)).sees("In:", "Out:", "12000000000 B", "66000000000 B", "This month", "66200000000 B", "3000000000000 B")
	if p := k.shown.Picture; p.Unit != chat.Bytes || len(p.Lines.Series) != 2 {
		t.Errorf("the picture is %+v", p)
	}
}

// TestLoadOfBefore: what was asked for last is shown, whatever comes when.
func TestLoadOfBefore(t *testing.T) {
	k := atLoad(t)
	first, _ := k.asksLoad()
	k.tap("7 days")
	second, _ := k.asksLoad()
	if k.step(measuresOf(first, k.now)); k.shown.Picture != nil {
		t.Error("what was asked for before is shown")
	}
	k.step(measuresOf(second, k.now))
	if k.shown.Picture == nil || k.shown.Picture.Lines.To.Sub(k.shown.Picture.Lines.From) != 168*time.Hour {
		t.Errorf("the picture is %+v", k.shown.Picture)
	}
	before := k.d
	k.step(measuresOf(second, k.now.Add(time.Hour)))
	if encode(t, before) != encode(t, k.d) {
		t.Error("an answer counts twice")
	}
}

// TestLoadIsNotTold: the picture stays, and it can be asked for again.
func TestLoadIsNotTold(t *testing.T) {
	k := atLoad(t)
	asked, _ := k.asksLoad()
	fails := func(asked loadflow.ReadMeasures) {
		k.step(loadflow.MeasuresLoaded{Asked: asked, Problem: &conversation.Problem{Kind: zomro.Unreadable}})
	}
	fails(asked)
	if k.sees("Try again"); k.shown.Picture != nil {
		t.Error("a picture of nothing")
	}
	k.tap("Try again")
	k.step(measuresOf(asked, k.now)).tap("30 days")
	longer, _ := k.asksLoad()
	fails(longer)
	if k.sees("Try again", "last 24 hours"); k.shown.Picture == nil {
		t.Error("the picture is gone")
	}
	k.tap("Try again")
	if again, _ := k.asksLoad(); again != longer {
		t.Errorf("asked again for %+v", again)
	}
	k.step(measuresOf(longer, k.now)).sees("last 30 days")
}

// TestThemeIsRemembered with the person, whatever the card is about.
func TestThemeIsRemembered(t *testing.T) {
	k := atLoad(t)
	asked, _ := k.asksLoad()
	k.step(measuresOf(asked, k.now)).tap("Dark")
	if !k.shown.Picture.Dark || k.shown.Picture.Lines == nil {
		t.Errorf("the picture is %+v", k.shown.Picture)
	}
	if _, asks := k.asksLoad(); asks {
		t.Error("the vendor is asked for another colour")
	}
	k.auto = true
	k.tap("‹ Back").tap("Load")
	if !k.shown.Picture.Dark {
		t.Error("the theme is forgotten")
	}
	if k.tap("Light"); k.shown.Picture.Dark {
		t.Error("it stays dark")
	}
}

// TestTimesOfLoadAreThePersons where they have told their zone.
func TestTimesOfLoadAreThePersons(t *testing.T) {
	k := atLoad(t)
	asked, _ := k.asksLoad()
	k.step(measuresOf(asked, k.now))
	if note := write(t, "en", k.shown.Picture.Note); note != "web-1 · last 24 hours · UTC" {
		t.Errorf("the note is %q", note)
	}
	k.d.Reminders.Area = "Europe/Berlin"
	k.tap("Dark")
	p := k.shown.Picture
	if note := write(t, "en", p.Note); note != "web-1 · last 24 hours · Berlin" || p.Lines.From.Location().String() != "Europe/Berlin" {
		t.Errorf("the note is %q, the zone %v", note, p.Lines.From.Location())
	}
}

// TestLoadRests: a picture that nobody looks at any more stays as it is, without the buttons
// that have grown old.
func TestLoadRests(t *testing.T) {
	k := atLoad(t)
	asked, _ := k.asksLoad()
	k.step(measuresOf(asked, k.now))
	was := encode(t, k.shown.Picture)
	k.now = k.d.Wake
	k.step(conversation.Tick{})
	if k.d.Aside != nil || k.shown.Picture == nil || encode(t, k.shown.Picture) != was {
		t.Errorf("it shows %+v", k.shown)
	}
	for _, b := range buttons(*k.shown) {
		if b.Data != "s1:51" {
			t.Errorf("the button %q stays", b.Data)
		}
	}
}

// TestWhateverWasMeasured can be shown.
func TestWhateverWasMeasured(t *testing.T) {
	asked := loadflow.ReadMeasures{Account: "7", Server: "51", Metric: zomro.MetricCPU, Hours: 1}
	k := atLoad(t)
	now := k.now
	at := func(ago time.Duration, v float64) zomro.Measure { return zomro.Measure{At: now.Add(-ago), CPU: v} }
	many := make([]zomro.Measure, 100_000)
	for i := range many {
		many[i] = at(time.Hour*time.Duration(len(many)-i)/time.Duration(len(many)), float64(i%7))
	}
	for name, test := range map[string]struct {
		measures                []zomro.Measure
		last, average, peak     float64
		peakAgo, gapMost, ahead time.Duration
		then                    bool
	}{
		"one":           {measures: []zomro.Measure{at(time.Minute, 4)}, last: 4, average: 4, peak: 4, peakAgo: time.Minute},
		"zeros":         {measures: []zomro.Measure{at(2*time.Minute, 0), at(time.Minute, 0)}, peakAgo: 2 * time.Minute},
		"two peaks":     {measures: []zomro.Measure{at(9*time.Minute, 8), at(5*time.Minute, 2), at(time.Minute, 8)}, last: 8, average: 6, peak: 8, peakAgo: 9 * time.Minute},
		"older ones":    {measures: []zomro.Measure{at(2*time.Hour, 100), at(time.Minute, 4)}, last: 4, average: 4, peak: 4, peakAgo: time.Minute},
		"nothing since": {measures: []zomro.Measure{at(50*time.Minute, 1), at(45*time.Minute, 3)}, last: 3, average: 2, peak: 3, peakAgo: 45 * time.Minute, then: true},
		"a clock ahead": {measures: []zomro.Measure{at(-2*time.Hour, 1), at(-3*time.Hour, 3)}, last: 3, average: 2, peak: 3, peakAgo: -3 * time.Hour, ahead: 3 * time.Hour},
		"many":          {measures: many, last: float64((len(many) - 1) % 7), average: 3, peak: 6, peakAgo: many[6].At.Sub(now).Abs()},
		"the greatest":  {measures: []zomro.Measure{at(time.Minute, 1e21)}, last: 1e21, average: 1e21, peak: 1e21, peakAgo: time.Minute},
	} {
		shown := loadflow.Show(asked, test.measures, now)
		if len(shown.Series) != 1 {
			t.Errorf("%s: %d series", name, len(shown.Series))
			continue
		}
		s := shown.Series[0]
		if s.Last != test.last || math.Abs(s.Average-test.average) > 1e-3*max(1, test.average) || s.Peak != test.peak || !s.PeakAt.Equal(now.Add(-test.peakAgo)) {
			t.Errorf("%s: %+v", name, s)
		}
		if ahead := shown.To.Sub(now); ahead.Round(time.Second) != test.ahead {
			t.Errorf("%s: it ends %v from now", name, ahead)
		}
		c := k.again(t)
		c.tap("1 hour")
		c.step(loadflow.MeasuresLoaded{Asked: asked, Shown: shown})
		if c.shown.Picture == nil {
			t.Errorf("%s: no picture", name)
		}
		if test.then {
			c.sees("nothing since")
		}
	}
	for name, measures := range map[string][]zomro.Measure{"none": nil, "long ago": {at(100*time.Hour, 5)}} {
		shown := loadflow.Show(asked, measures, now)
		c := k.again(t)
		c.tap("1 hour")
		c.step(loadflow.MeasuresLoaded{Asked: asked, Shown: shown}).sees("no data")
		if len(shown.Series) != 0 || len(c.shown.Picture.Lines.Series) != 0 {
			t.Errorf("%s: %+v", name, shown)
		}
	}
}

// TestGapsOfLoad: what is missing is not drawn over, and what is sparse is joined.
func TestGapsOfLoad(t *testing.T) {
	now := start
	for name, test := range map[string]struct {
		apart time.Duration
		want  time.Duration
	}{"dense": {10 * time.Second, 75 * time.Second}, "sparse": {5 * time.Minute, 750 * time.Second}} {
		var measures []zomro.Measure
		for at := now.Add(-time.Hour); !at.After(now); at = at.Add(test.apart) {
			measures = append(measures, zomro.Measure{At: at, CPU: 1})
		}
		shown := loadflow.Show(loadflow.ReadMeasures{Metric: zomro.MetricCPU, Hours: 1}, measures, now)
		if shown.Gap != test.want {
			t.Errorf("%s: gaps of %v", name, shown.Gap)
		}
	}
}

func TestLatestTraffic(t *testing.T) {
	if loadflow.Latest(nil) != nil {
		t.Error("something of nothing")
	}
	got := loadflow.Latest([]zomro.Traffic{{From: start, In: 1}, {From: start.AddDate(0, 1, 0), In: 2}, {In: 3}})
	if got == nil || got.In != 2 {
		t.Errorf("the latest is %+v", got)
	}
}

// TestNoLoadBeforeItRuns: there is nothing to see of a server that is not activated.
func TestNoLoadBeforeItRuns(t *testing.T) {
	k := loggedIn(t)
	k.servers = []zomro.Service{{ID: "51", Name: "web-1", Status: zomro.StatusOpening, PowerState: "creating"}}
	k.press("s1:51")
	for _, b := range buttons(*k.shown) {
		if b.Label.Key == "button.load" {
			t.Error("its load is offered")
		}
	}
}

// TestMeasuresOfTheFuture are left out: one of years ahead would hide those of now.
func TestMeasuresOfTheFuture(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	measures := []zomro.Measure{{At: now.Add(-time.Minute), CPU: 5}, {At: now.AddDate(70, 0, 0), CPU: 6}}
	shown := loadflow.Show(loadflow.ReadMeasures{Metric: zomro.MetricCPU, Hours: 24}, measures, now)
	if !shown.To.Equal(now) || len(shown.Series) != 1 || shown.Series[0].Last != 5 {
		t.Errorf("%+v", shown)
	}
}
