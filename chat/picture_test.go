package chat_test

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"zomrobot/chat"
)

// TestCurve: what is drawn of it is near what it was made of.
func TestCurve(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "from"), 0).UTC()
		span := time.Duration(rapid.Int64Range(1, 1e7).Draw(t, "span")) * time.Second
		to := from.Add(span)
		var points []chat.Point
		top := 0.0
		for range rapid.IntRange(0, 300).Draw(t, "points") {
			p := chat.Point{
				At:    from.Add(time.Duration(rapid.Float64Range(0, 1).Draw(t, "at") * float64(span))),
				Value: rapid.Float64Range(0, 1e15).Draw(t, "value"),
			}
			points, top = append(points, p), max(top, p.Value)
		}
		outside := []chat.Point{{At: from.Add(-time.Second), Value: 1e18}, {At: to.Add(time.Second), Value: 1e18}}
		c := chat.CurveOf(append(outside, points...), from, to)
		if c.Top != top || len(c.Levels) != chat.CurveParts {
			t.Fatalf("top %g of %g, %d levels", c.Top, top, len(c.Levels))
		}
		drawn := c.Points(from, to)
		if (len(drawn) == 0) != (len(points) == 0) || len(drawn) > len(points) {
			t.Fatalf("%d points are drawn of %d", len(drawn), len(points))
		}
		highest := 0.0
		for _, d := range drawn {
			highest = max(highest, d.Value)
			near := false
			for _, p := range points {
				near = near || d.At.Sub(p.At).Abs() <= span/chat.CurveParts && math.Abs(d.Value-p.Value) <= top/254
			}
			if !near {
				t.Fatalf("%v is drawn, and nothing is near it", d)
			}
		}
		if math.Abs(highest-top) > top/254 {
			t.Fatalf("the highest is drawn as %g, and is %g", highest, top)
		}
	})
}
