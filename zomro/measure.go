package zomro

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"
)

const (
	opMeasures = "instances.fleio.measures"
	opTraffic  = "instances.fleio.trafficdata"
)

// Metric is what is measured of a server [F].
type Metric string

// The metrics that can be asked for [F].
const (
	MetricCPU     Metric = "cpu_util"          // percent
	MetricTraffic Metric = "interface_traffic" // bytes in and out; of what span of time is not said
)

// MeasuredHours are the spans that can be asked for, in hours back from now [F].
var MeasuredHours = []int{1, 24, 168, 720}

// Measure is one row of what was measured. Its numbers are between zero and 1e21.
type Measure struct {
	At      time.Time `json:"at"`
	CPU     float64   `json:"cpu,omitempty"` // of MetricCPU
	In, Out float64   `json:",omitempty"`    // of MetricTraffic
}

// Measures returns what was measured of a server in the last hours, the oldest first
// (func=instances.fleio.measures [F]); none: the vendor has no data. A row that cannot be
// read is left out; when none of them can, the answer is [Unreadable].
func (c *Client) Measures(ctx context.Context, auth Auth, service string, metric Metric, hours int) ([]Measure, error) {
	switch {
	case !isNumber(service):
		return nil, invalid(opMeasures, &FieldError{"elid", "is not a number"})
	case metric != MetricCPU && metric != MetricTraffic:
		return nil, invalid(opMeasures, &FieldError{"metric", "is not one that is documented"})
	case !slices.Contains(MeasuredHours, hours):
		return nil, invalid(opMeasures, &FieldError{"hours", "is not one of 1, 24, 168, 720"})
	}
	doc, err := c.readFunc(ctx, opMeasures, auth, measuresRequest(service, metric, hours)...)
	if err != nil {
		return nil, err
	}
	measures, err := parseMeasures(doc, metric)
	if err != nil {
		return nil, unreadable(opMeasures, err)
	}
	return measures, nil
}

func measuresRequest(service string, metric Metric, hours int) []field {
	return []field{{"elid", service}, {"hours", strconv.Itoa(hours)}, {"metric", string(metric)}}
}

func parseMeasures(doc node, metric Metric) ([]Measure, error) {
	var measures []Measure
	rows := doc.at("measures").rows()
	for _, row := range rows {
		if m, ok := parseMeasure(row, metric); ok {
			measures = append(measures, m)
		}
	}
	if text, is := doc.at("measures").scalar(); len(measures) == 0 && len(rows) > 0 && (!is || text != "") {
		return nil, errors.New("no row can be read")
	}
	slices.SortStableFunc(measures, func(a, b Measure) int { return a.At.Compare(b.At) })
	return measures, nil
}

func parseMeasure(row node, metric Metric) (m Measure, ok bool) {
	if m.At, ok = row.at("$date").moment(); !ok {
		return m, false
	}
	if metric == MetricCPU {
		m.CPU, ok = row.at("$value").quantity()
		return m, ok
	}
	var out bool
	m.In, ok = row.at("$bytes_in").quantity()
	m.Out, out = row.at("$bytes_out").quantity()
	return m, ok && out
}

// Traffic is what a server has received and sent in a span of time, in bytes [F].
type Traffic struct {
	From time.Time `json:"from,omitzero"` // zero: not told
	To   time.Time `json:"to,omitzero"`   // likewise
	In   float64   `json:"in"`
	Out  float64   `json:"out"`
}

// TrafficData is the traffic of a server in its billing cycle and in the month, as the
// vendor lists them; empty: not told.
type TrafficData struct {
	Cycle []Traffic `json:"cycle,omitempty"`
	Month []Traffic `json:"month,omitempty"`
}

// TrafficData returns the traffic of a server (func=instances.fleio.trafficdata [F]).
func (c *Client) TrafficData(ctx context.Context, auth Auth, service string) (TrafficData, error) {
	doc, err := c.readServer(ctx, opTraffic, auth, service)
	if err != nil {
		return TrafficData{}, err
	}
	return parseTrafficData(doc), nil
}

func parseTrafficData(doc node) TrafficData {
	return TrafficData{Cycle: parseTraffic(doc.at("cycle_traffic")), Month: parseTraffic(doc.at("month_traffic"))}
}

// parseTraffic leaves out what has no numbers.
func parseTraffic(list node) []Traffic {
	var all []Traffic
	for _, row := range list.rows() {
		var t Traffic
		var in, out bool
		t.In, in = row.at("$in").quantity()
		t.Out, out = row.at("$out").quantity()
		if !in || !out {
			continue
		}
		t.From, _ = row.at("$start_dt").moment()
		t.To, _ = row.at("$end_dt").moment()
		all = append(all, t)
	}
	return all
}

// moments are the forms of a time that the vendor's cabinet can read [F]; which of them
// comes is not known.
var moments = []string{
	time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04Z07:00", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 -0700",
	"2006-01-02T15:04:05", "2006-01-02T15:04", time.DateTime, "2006-01-02 15:04", time.DateOnly,
}

// moment returns the node as a time. One without a zone is taken for UTC [i].
func (n node) moment() (time.Time, bool) {
	text, ok := n.scalar()
	if !ok || len(text) < len(time.DateOnly) {
		return time.Time{}, false
	}
	for _, form := range moments {
		if t, err := time.Parse(form, text); err == nil {
			return t.UTC(), t.Year() >= 2000 && t.Year() < 2200
		}
	}
	return time.Time{}, false
}

// mostQuantity is more than can be measured of a server.
const mostQuantity = 1e21

// quantity returns the node as a number that is not negative, and not beyond all measure.
func (n node) quantity() (float64, bool) {
	text, ok := n.scalar()
	if !ok {
		return 0, false
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || !(v >= 0 && v <= mostQuantity) { // which NaN is not
		return 0, false
	}
	return v, true
}
