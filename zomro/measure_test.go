package zomro

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestMeasureCalls compares what is sent with what the vendor's cabinet sends.
func TestMeasureCalls(t *testing.T) {
	for name, test := range map[string]struct {
		call func(context.Context, *Client) error
		want []field
	}{
		"measures": {ignore(reads["measures"]), []field{{"func", "instances.fleio.measures"}, {"elid", "5116804"}, {"hours", "24"}, {"metric", "cpu_util"}}},
		"traffic":  {ignore(reads["traffic"]), []field{{"func", "instances.fleio.trafficdata"}, {"elid", "5116804"}}},
	} {
		v, c := newVendor(t, ok(`{"doc":{"ok":{"$":""}}}`))
		if err := test.call(t.Context(), c); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		want := append([]field{test.want[0], {"auth", testSession}, {"out", "json"}, {"lang", "en"}}, test.want[1:]...)
		if diff := cmp.Diff(want, v.seen()[0], cmp.AllowUnexported(field{})); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	v, c := newVendor(t, ok(`{"doc":{}}`))
	for _, wrong := range []struct {
		server string
		metric Metric
		hours  int
	}{{"x", MetricCPU, 1}, {"1", "disk", 1}, {"1", MetricCPU, 2}} {
		if _, err := c.Measures(t.Context(), testAuth, wrong.server, wrong.metric, wrong.hours); KindOf(err) != Refused {
			t.Errorf("%+v: %v", wrong, err)
		}
	}
	if n := len(v.seen()); n != 0 {
		t.Errorf("%d calls were sent", n)
	}
}

// TestMeasuresAreRead in every way in which they may be written, and what is nonsense is
// left out.
func TestMeasuresAreRead(t *testing.T) {
	at := time.Date(2026, 11, 27, 12, 5, 0, 0, time.UTC)
	one := []Measure{{At: at, CPU: 12.5}}
	for name, test := range map[string]struct {
		measures string // of the document; "": it has none
		want     []Measure
		nonsense bool
	}{
		"missing":       {"", nil, false},
		"empty":         {`[]`, nil, false},
		"null":          {`null`, nil, false},
		"an empty text": {`{"$":""}`, nil, false},
		"one":           {`{"$date":"2026-11-27T12:05:00+00:00","$value":"12.5"}`, one, false},
		"a list of one": {`[{"$date":"2026-11-27T12:05:00Z","$value":12.5}]`, one, false},
		"nodes":         {`[{"$date":{"$":"2026-11-27T12:05:00.000000Z"},"$value":{"$":"12.5"}}]`, one, false},
		"another zone":  {`[{"$date":"2026-11-27T15:05:00+0300","$value":"12.5"}]`, one, false},
		"no zone":       {`[{"$date":"2026-11-27 12:05:00","$value":"12.5"}]`, one, false},
		"unsorted": {
			`[{"$date":"2026-11-27T12:05:00Z","$value":"12.5"},{"$date":"2026-11-27T12:00:00Z","$value":"0"}]`,
			[]Measure{{At: at.Add(-5 * time.Minute)}, {At: at, CPU: 12.5}},
			false,
		},
		"rows of nonsense": {
			`[{"$date":"2026-11-27T12:05:00Z","$value":"12.5"},{"$date":"soon","$value":"1"},{"$value":"1"},{"$date":"2026-11-27T12:00:00Z"},
			{"$date":"2026-11-27T12:00:00Z","$value":"NaN"},{"$date":"2026-11-27T12:00:00Z","$value":"-1"},{"$date":"2026-11-27T12:00:00Z","$value":"1e999"},{"$date":"2026-11-27T12:00:00Z","$value":1e300},
			{"$date":"0001-01-01T00:00:00Z","$value":"1"},{"$date":"2026-11-27T12:00:00Z","$value":[]},7,"x",null]`,
			one, false,
		},
		"nothing but nonsense": {`[{"$date":"soon","$value":"1"}]`, nil, true},
		"a text":               {`"try later"`, nil, true},
		"traffic":              {`[{"$date":"2026-11-27T12:05:00Z","$bytes_in":"1","$bytes_out":"2"}]`, nil, true},
	} {
		doc := `{"doc":{}}`
		if test.measures != "" {
			doc = `{"doc":{"measures":` + test.measures + `}}`
		}
		_, c := newVendor(t, ok(doc))
		got, err := c.Measures(t.Context(), testAuth, "5116804", MetricCPU, 1)
		if test.nonsense && KindOf(err) != Unreadable || !test.nonsense && err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	_, c := newVendor(t, ok(`{"doc":{"measures":[{"$date":"2026-11-27T12:05:00Z","$bytes_in":"1","$bytes_out":2,"$packets_in":"3"},{"$date":"2026-11-27T12:06:00Z","$bytes_in":"1"}]}}`))
	got, err := c.Measures(t.Context(), testAuth, "5116804", MetricTraffic, 720)
	if diff := cmp.Diff([]Measure{{At: at, In: 1, Out: 2}}, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

// TestTooManyMeasures: nobody keeps a million rows.
func TestTooManyMeasures(t *testing.T) {
	row := `{"$date":"2026-11-27T12:05:00Z","$value":"1"}`
	_, c := newVendor(t, ok(`{"doc":{"measures":[`+strings.Repeat(row+",", 140_000)+row+`]}}`))
	if got, err := c.Measures(t.Context(), testAuth, "5116804", MetricCPU, 720); KindOf(err) != Unreadable {
		t.Errorf("%d rows, %v", len(got), err)
	}
}

// TestTrafficIsRead in every way in which it may be written.
func TestTrafficIsRead(t *testing.T) {
	day := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	_, c := newVendor(t, ok(`{"doc":{
		"cycle_traffic":{"$id":"1","$start_dt":"2026-11-01T00:00:00Z","$end_dt":"2026-12-01","$in":"10","$out":20},
		"month_traffic":[{"$start_dt":"-","$in":"1","$out":"2"},{"$in":"1"},{"$in":"-1","$out":"2"},{"$in":"NaN","$out":"2"},{},"x"]}}`))
	want := TrafficData{Cycle: []Traffic{{From: day, To: day.AddDate(0, 1, 0), In: 10, Out: 20}}, Month: []Traffic{{In: 1, Out: 2}}}
	got, err := c.TrafficData(t.Context(), testAuth, "5116804")
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	for _, none := range []string{`{}`, `{"cycle_traffic":"","month_traffic":null}`, `{"cycle_traffic":[[]],"month_traffic":{"$in":{}}}`} {
		_, c := newVendor(t, ok(`{"doc":`+none+`}`))
		if got, err := c.TrafficData(t.Context(), testAuth, "5116804"); err != nil || len(got.Cycle)+len(got.Month) != 0 {
			t.Errorf("%s: %+v, %v", none, got, err)
		}
	}
}
