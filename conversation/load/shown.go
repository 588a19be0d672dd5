package load

import (
	"slices"
	"time"

	"zomrobot/chat"
	"zomrobot/zomro"
)

// Shown is what a card shows of what was measured: no more than a picture and a few words
// take, whatever the vendor has sent.
type Shown struct {
	Metric zomro.Metric  `json:"metric"`
	Hours  int           `json:"hours"`
	To     time.Time     `json:"to"`               // up to when
	Gap    time.Duration `json:"gap,omitempty"`    // measures further apart have one missing between them
	Series []Series      `json:"series,omitempty"` // the processor's, or the traffic in and out; empty: there are no data

	Totals *Totals `json:"totals,omitempty"` // with the traffic; nil: the vendor did not tell
}

// Series is one of what was measured.
type Series struct {
	Curve   chat.Curve `json:"curve"`
	Last    float64    `json:"last"`
	LastAt  time.Time  `json:"lastAt"`
	Average float64    `json:"average"`
	Peak    float64    `json:"peak"`
	PeakAt  time.Time  `json:"peakAt"` // the first time
}

// Totals are those of the traffic: of the latest billing cycle and month that the vendor
// lists; nil: it lists none.
type Totals struct {
	Cycle *zomro.Traffic `json:"cycle,omitempty"`
	Month *zomro.Traffic `json:"month,omitempty"`
}

// From is since when.
func (s Shown) From() time.Time { return s.To.Add(-time.Duration(s.Hours) * time.Hour) }

// mostAhead is by how much the vendor's times can be ahead: its zone is GMT+3, and its clock
// need not be right. What is later was not measured.
const mostAhead = 4 * time.Hour

// Show returns what is shown of the measures of the last hours, which are sorted by time. A
// vendor whose clock is ahead is shown up to its last measure.
func Show(asked ReadMeasures, measures []zomro.Measure, now time.Time) Shown {
	s := Shown{Metric: asked.Metric, Hours: asked.Hours, To: now.UTC().Truncate(time.Second)}
	measures = slices.DeleteFunc(slices.Clone(measures), func(m zomro.Measure) bool { return m.At.Sub(now) > mostAhead })
	if n := len(measures); n > 0 && measures[n-1].At.After(s.To) {
		s.To = measures[n-1].At
	}
	measures = slices.DeleteFunc(measures, func(m zomro.Measure) bool { return m.At.Before(s.From()) })
	if len(measures) == 0 {
		return s
	}
	s.Gap = gapOf(measures, s.To.Sub(s.From())/chat.CurveParts)
	values := []func(zomro.Measure) float64{func(m zomro.Measure) float64 { return m.CPU }}
	if s.Metric == zomro.MetricTraffic {
		values = []func(zomro.Measure) float64{
			func(m zomro.Measure) float64 { return m.In },
			func(m zomro.Measure) float64 { return m.Out },
		}
	}
	for _, value := range values {
		s.Series = append(s.Series, seriesOf(measures, value, s.From(), s.To))
	}
	return s
}

func seriesOf(measures []zomro.Measure, value func(zomro.Measure) float64, from, to time.Time) Series {
	last := measures[len(measures)-1]
	s := Series{Last: value(last), LastAt: last.At, PeakAt: measures[0].At}
	points := make([]chat.Point, len(measures))
	for i, m := range measures {
		v := value(m)
		points[i] = chat.Point{At: m.At, Value: v}
		s.Average += v / float64(len(measures))
		if v > s.Peak {
			s.Peak, s.PeakAt = v, m.At
		}
	}
	s.Curve = chat.CurveOf(points, from, to)
	return s
}

// gapOf is how far apart two measures are at least that have one missing between them, by
// how far apart they are usually, and a part of the picture.
func gapOf(measures []zomro.Measure, part time.Duration) time.Duration {
	var apart []time.Duration
	for i := 1; i < len(measures); i++ {
		apart = append(apart, measures[i].At.Sub(measures[i-1].At))
	}
	if len(apart) == 0 {
		return 0
	}
	slices.Sort(apart)
	return max(5*apart[len(apart)/2]/2, 5*part/2)
}

// Latest is the last of the spans that the vendor lists, by their beginnings; nil: there
// are none.
func Latest(spans []zomro.Traffic) *zomro.Traffic {
	if len(spans) == 0 {
		return nil
	}
	latest := slices.MaxFunc(spans, func(a, b zomro.Traffic) int { return a.From.Compare(b.From) })
	return &latest
}
