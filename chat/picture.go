package chat

import (
	"math"
	"time"
)

// Picture is a chart that stands above the text of a screen, which is its caption then: at
// most 1024 characters of it are shown. It is numbers alone; it is drawn when it is sent.
// Exactly one of Lines and Bars is set.
type Picture struct {
	Title Phrase `json:"title"`
	Note  Phrase `json:"note,omitzero"`  // below the title; none without a key
	Empty Phrase `json:"empty,omitzero"` // stands there when there are no numbers
	Dark  bool   `json:"dark,omitempty"` // for a dark chat

	Unit  Unit    `json:"unit"`            // of all values
	Least float64 `json:"least,omitempty"` // how far the axis of values goes at least

	Lines *Lines `json:"lines,omitempty"`
	Bars  *Bars  `json:"bars,omitempty"`
}

// Unit says what numbers are: one of the units here, or the code of a currency.
type Unit string

// Units beside currencies.
const (
	Percent Unit = "%"
	Bytes   Unit = "B" // thousands of thousands are larger units
)

// Lines are values over a time.
type Lines struct {
	From, To time.Time     // what is shown; the times are those of the zone of From
	Gap      time.Duration // points further apart are not joined; 0: all are
	Series   []LineSeries
}

// LineSeries is one of [Lines].
type LineSeries struct {
	Name  Phrase // in the legend, which there is from two on
	Curve Curve
}

// Curve is a series as a picture shows it, and no finer: so it is short. Its levels stand
// for parts of the time, one after the other, of equal length.
type Curve struct {
	Top    float64 `json:"top,omitempty"`    // what the highest level is
	Levels []byte  `json:"levels,omitempty"` // of each part, 1 to 255 for zero to Top; 0: there is none
}

// Point is a value, which is finite and not negative, at a time.
type Point struct {
	At    time.Time
	Value float64
}

// CurveParts is how many parts of the time a curve tells apart.
const CurveParts = 120

// levels is how many levels are told apart from zero.
const levels = 254

// CurveOf is the curve of points from one time to another; of several in one part, the
// greatest counts. Points outside are left out.
func CurveOf(points []Point, from, to time.Time) Curve {
	var c Curve
	parts := make([]float64, CurveParts)
	known := make([]bool, CurveParts)
	span := float64(max(to.Sub(from), 1))
	for _, p := range points {
		if p.At.Before(from) || p.At.After(to) {
			continue
		}
		i := min(int(float64(p.At.Sub(from))/span*CurveParts), CurveParts-1)
		known[i], parts[i], c.Top = true, max(parts[i], p.Value), max(c.Top, p.Value)
	}
	for i, is := range known {
		level := byte(0)
		if is {
			level = 1
			if c.Top > 0 {
				level += byte(math.Round(parts[i] / c.Top * levels))
			}
		}
		c.Levels = append(c.Levels, level)
	}
	return c
}

// Points are those that are drawn of a curve from one time to another, in the middle of
// their parts.
func (c Curve) Points(from, to time.Time) []Point {
	part := to.Sub(from) / time.Duration(max(len(c.Levels), 1))
	var points []Point
	for i, level := range c.Levels {
		if level > 0 {
			points = append(points, Point{from.Add(part*time.Duration(i) + part/2), float64(level-1) / levels * c.Top})
		}
	}
	return points
}

// Bars are values by months.
type Bars struct {
	Months  []time.Time
	Series  []BarSeries
	Stacked bool // on each other, with their sum above; else beside each other
}

// BarSeries is one of [Bars].
type BarSeries struct {
	Name   Phrase    // in the legend, which there is from two on
	Values []float64 // finite, one for each month
}

// Quantity is a number of a [Unit].
type Quantity struct {
	Value float64 `json:"value"` // finite
	Unit  Unit    `json:"unit"`
}

// BytesOf is a number of bytes.
func BytesOf(n int64) Quantity { return Quantity{float64(n), Bytes} }
