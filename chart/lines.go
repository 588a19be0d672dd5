package chart

import (
	"math"
	"time"

	"github.com/go-analyze/charts"
)

// Point is a value at a time.
type Point struct {
	At    time.Time
	Value float64 // one that is not finite is left out
}

// Line is a series of points by their time.
type Line struct {
	Name   string // in the legend, which there is from two lines on
	Points []Point
}

// Lines is a chart of values over a time. The times along its axis are those of the zone
// of From.
type Lines struct {
	Frame
	From, To time.Time     // what the axis spans; points outside are left out
	Gap      time.Duration // points further apart than this are not joined; 0: all are
	Lines    []Line

	Clock func(time.Time) string // writes a time of the day: "15:04"
	Day   func(time.Time) string // writes a day: "2 Jan"
}

// PNG draws the chart.
func (l Lines) PNG() ([]byte, error) {
	var names []string
	low, high, any := 0.0, 0.0, false
	for _, line := range l.Lines {
		names = append(names, line.Name)
		for _, p := range line.Points {
			if l.shows(p) {
				low, high, any = min(low, p.Value), max(high, p.Value), true
			}
		}
	}
	return l.draw(names, func(c *canvas) {
		if !any {
			c.nothing(l.Frame)
			return
		}
		s := c.values(l.Frame, low, high)
		for i, line := range l.Lines {
			for _, run := range l.runs(line) {
				c.area(l.trace(c, s, run), s.at(0), c.colour(i).WithAlpha(40))
			}
		}
		for i, line := range l.Lines {
			for _, run := range l.runs(line) {
				c.LineStroke(l.trace(c, s, run), c.colour(i), stroke)
			}
		}
		l.times(c)
	})
}

// shows reports whether a point is drawn.
func (l Lines) shows(p Point) bool {
	return finite(p.Value) && !p.At.Before(l.From) && !p.At.After(l.To)
}

// runs are the points of a line that are joined.
func (l Lines) runs(line Line) [][]Point {
	var runs [][]Point
	var last time.Time
	for _, p := range line.Points {
		if !l.shows(p) {
			continue
		}
		if len(runs) == 0 || l.Gap > 0 && p.At.Sub(last) > l.Gap {
			runs = append(runs, nil)
		}
		end := len(runs) - 1
		runs[end], last = append(runs[end], p), p.At
	}
	return runs
}

// trace is where points are drawn.
func (l Lines) trace(c *canvas, s scale, run []Point) []charts.Point {
	trace := make([]charts.Point, len(run))
	for i, p := range run {
		trace[i] = charts.Point{X: l.x(c, p.At), Y: s.at(p.Value)}
	}
	return trace
}

// x returns where a time is drawn.
func (l Lines) x(c *canvas, at time.Time) int {
	part := float64(at.Sub(l.From)) / float64(max(l.To.Sub(l.From), 1))
	return c.left + int(math.Round(part*float64(c.right-c.left)))
}

// area fills what is between points and the zero.
func (c *canvas) area(trace []charts.Point, zero int, colour charts.Color) {
	if len(trace) < 2 {
		return
	}
	around := append([]charts.Point{{X: trace[0].X, Y: zero}}, trace...)
	around = append(around, charts.Point{X: trace[len(trace)-1].X, Y: zero}, around[0])
	c.FillArea(around, colour)
}

// times draws the axis of times.
func (l Lines) times(c *canvas) {
	mark := max(c.width(l.Clock(l.From), labelSize), c.width(l.Day(l.From), labelSize)) + 3*gap
	free := c.left - gap // where the next word may begin: beside those of the other axis
	for _, at := range marks(l.From, l.To, max(1, (c.right-c.left)/mark)) {
		x := l.x(c, at)
		c.LineStroke([]charts.Point{{X: x, Y: c.bottom}, {X: x, Y: c.bottom + gap/2}}, c.faint, 2)
		word, colour := l.Clock(at), c.faint
		if at.Hour() == 0 && at.Minute() == 0 {
			word, colour = l.Day(at), c.text
		}
		half := c.width(word, labelSize) / 2
		if x-half < free || x+half > Width-gap {
			continue
		}
		c.write(word, x, c.bottom+labelSize+gap, 0.5, labelSize, colour)
		free = x + half + gap
	}
}

// paces are how far apart the marks of times may be, in minutes.
var paces = []int{1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360, 720}

// marks are the times that are marked from one to another, at most so many: at round
// times of the zone of from.
func marks(from, to time.Time, most int) []time.Time {
	year, month, day := from.Date()
	for _, pace := range paces {
		at, few := until(from, to, most, time.Duration(pace)*time.Minute, func(n int) time.Time {
			return time.Date(year, month, day, 0, n*pace, 0, 0, from.Location())
		})
		if few {
			return at
		}
	}
	for days := 1; ; days++ {
		at, few := until(from, to, most, time.Duration(days)*24*time.Hour, func(n int) time.Time {
			return time.Date(year, month, day+n*days, 0, 0, 0, 0, from.Location())
		})
		if few {
			return at
		}
	}
}

// until are the times of nth from one to another, which are about a pace apart; false: there
// are more than most.
func until(from, to time.Time, most int, pace time.Duration, nth func(n int) time.Time) (at []time.Time, few bool) {
	if to.Sub(from)/pace > time.Duration(most) {
		return nil, false
	}
	for n := 0; ; n++ {
		switch t := nth(n); {
		case t.After(to):
			return at, true
		case t.Before(from):
		case len(at) == most:
			return nil, false
		default:
			at = append(at, t)
		}
	}
}
