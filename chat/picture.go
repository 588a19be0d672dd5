package chat

import "time"

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

// LineSeries is one of [Lines], by time.
type LineSeries struct {
	Name   Phrase // in the legend, which there is from two on
	Points []Point
}

// Point is a value, which is finite, at a time.
type Point struct {
	At    time.Time
	Value float64
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
