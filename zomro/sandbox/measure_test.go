package sandbox_test

import (
	"strconv"
	"testing"
	"time"

	"zomrobot/zomro/sandbox"
)

func TestServersAreMeasured(t *testing.T) {
	r := newRig(t, sandbox.Config{})
	id := r.AddService(login, "web-1")
	if doc := r.ok("instances.fleio.measures", "elid", id, "hours", "1", "metric", "cpu_util"); len(doc.rows("measures")) > 1 {
		t.Errorf("a new server has %d measures", len(doc.rows("measures")))
	}
	r.clock.Advance(50 * 24 * time.Hour)
	r.auth = r.OpenSession(login)
	for hours, rows := range map[string]int{"1": 12, "24": 288, "168": 288, "720": 288} {
		for _, metric := range []string{"cpu_util", "interface_traffic"} {
			doc := r.ok("instances.fleio.measures", "elid", id, "hours", hours, "metric", metric)
			if got := len(doc.rows("measures")); got != rows {
				t.Errorf("%s hours of %s have %d rows, want %d", hours, metric, got, rows)
			}
			again := r.ok("instances.fleio.measures", "elid", id, "hours", hours, "metric", metric)
			first, same := doc.at("measures", 0), again.at("measures", 0)
			if at, err := time.Parse(time.RFC3339, first.text("$date")); err != nil || r.clock.Now().Sub(at) > 721*time.Hour {
				t.Errorf("the first row is of %v, %v", at, err)
			}
			for _, member := range map[string][]string{"cpu_util": {"$value"}, "interface_traffic": {"$bytes_in", "$bytes_out", "$packets_in", "$packets_out"}}[metric] {
				if v, err := strconv.ParseFloat(first.text(member), 64); err != nil || v <= 0 || metric == "cpu_util" && v > 100 || first.text(member) != same.text(member) {
					t.Errorf("%s of %s is %q, then %q", member, metric, first.text(member), same.text(member))
				}
			}
		}
	}
	r.refused("missed", "instances", "instances.fleio.measures", "elid", "1", "hours", "1", "metric", "cpu_util")
	r.refused("value", "hours", "instances.fleio.measures", "elid", id, "hours", "2", "metric", "cpu_util")
	r.refused("value", "metric", "instances.fleio.measures", "elid", id, "hours", "1", "metric", "disk")
	r.ok("service.stop", "elid", id)
	if doc := r.ok("instances.fleio.measures", "elid", id, "hours", "1", "metric", "cpu_util"); len(doc.rows("measures")) != 0 {
		t.Error("a stopped server is measured")
	}
}

func TestTrafficIsCounted(t *testing.T) {
	r := newRig(t, sandbox.Config{})
	id := r.AddService(login, "web-1")
	r.clock.Advance(40 * 24 * time.Hour)
	r.auth = r.OpenSession(login)
	doc := r.ok("instances.fleio.trafficdata", "elid", id)
	cycle, month := doc.at("cycle_traffic"), doc.at("month_traffic", 0)
	for name, span := range map[string]node{"cycle": cycle, "month": month} {
		from, err := time.Parse(time.RFC3339, span.text("$start_dt"))
		if err != nil || r.clock.Now().Sub(from) > 31*24*time.Hour || span.text("$in") == "0" || span.text("$out") == "" {
			t.Errorf("%s: %v, %v", name, span.v, err)
		}
	}
	r.refused("missed", "instances", "instances.fleio.trafficdata", "elid", "1")
}
