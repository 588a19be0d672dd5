package sandbox

import (
	"math"
	"slices"
	"strconv"
	"time"

	"zomrobot/zomro"
)

// What a server is measured like.
const (
	measuredStep = 300    // seconds between two measures of a day and less
	dayOfTraffic = 86_400 // how fast a server's traffic repeats, in seconds
)

// measureStep is how far apart the rows are of what is asked for so many hours.
func measureStep(hours int) time.Duration {
	if hours <= 24 {
		return measuredStep * time.Second
	}
	return time.Duration(hours/24) * measuredStep * time.Second
}

// measures are what was measured of a server, the oldest first [F]. A row is a record of
// attributes; the numbers are made up, and the same for a server and a time. There are
// none from before it was active, nor while it is stopped.
func (s *Sandbox) measures(r *request) (object, *failure) {
	v := r.account.service(r.get("elid"))
	hours := positive(r.get("hours"), 0)
	metric := zomro.Metric(r.get("metric"))
	switch {
	case v == nil:
		return nil, missed(r, "instances")
	case !slices.Contains(zomro.MeasuredHours, hours):
		return nil, badValue(r, "hours")
	case metric != zomro.MetricCPU && metric != zomro.MetricTraffic:
		return nil, badValue(r, "metric")
	}
	step := measureStep(hours)
	rows := []object{}
	for at := r.now.Add(-time.Duration(hours) * time.Hour).Truncate(step).Add(step); !at.After(r.now); at = at.Add(step) {
		if at.Before(v.created) || v.power == "stopped" {
			continue
		}
		rows = append(rows, v.measure(at, metric, step))
	}
	if len(rows) == 0 {
		return object{}, nil
	}
	return object{"measures": rows}, nil
}

// measure is a row.
func (v *service) measure(at time.Time, metric zomro.Metric, step time.Duration) object {
	row := object{"$date": at.UTC().Format("2006-01-02T15:04:05+00:00")}
	if metric == zomro.MetricCPU {
		row["$value"] = strconv.FormatFloat(v.load(at), 'f', 3, 64)
		return row
	}
	in, out := v.transferred(at.Add(-step), at)
	for name, n := range map[string]float64{"$bytes_in": in, "$bytes_out": out, "$packets_in": in / 900, "$packets_out": out / 1200} {
		row[name] = strconv.FormatFloat(n, 'f', 0, 64)
	}
	return row
}

// load is how busy the processor is at a time, in percent: a wave of the day, and work
// that comes now and then.
func (v *service) load(at time.Time) float64 {
	day := float64(at.Unix()%86_400) / 86_400
	wave := 22 - 14*math.Cos(2*math.Pi*(day-0.1))
	burst := 38 * math.Pow(max(0, math.Sin(float64(at.Unix()/measuredStep%97)/97*2*math.Pi)), 8)
	noise := float64(hash(v.id, at.Unix()/measuredStep)%700) / 100
	return min(wave+burst+noise, 100)
}

// transferred are the bytes that came and went in a span of time.
func (v *service) transferred(from, to time.Time) (in, out float64) {
	seconds := to.Sub(from).Seconds()
	middle := from.Unix() + int64(seconds/2)
	wave := 1 - 0.8*math.Cos(2*math.Pi*float64(middle%dayOfTraffic)/dayOfTraffic)
	noise := 0.7 + float64(hash(v.id, middle/measuredStep)%600)/1000
	return 60_000 * seconds * wave * noise, 260_000 * seconds * wave * wave * noise
}

// hash is a number that is another one for another server or time, and always the same.
func hash(id string, n int64) uint64 {
	h := uint64(1469598103934665603)
	for _, b := range []byte(id + "/" + strconv.FormatInt(n, 10)) {
		h = (h ^ uint64(b)) * 1099511628211
	}
	return h >> 17
}

// since is what a server has received and sent from a time on.
func (v *service) since(from, now time.Time) (in, out float64) {
	if from.Before(v.created) {
		from = v.created
	}
	if !now.After(from) {
		return 0, 0
	}
	seconds := now.Sub(from).Seconds()
	return math.Round(60_000 * seconds), math.Round(340_000 * seconds)
}

// cycle is when the month began that a server is paid for.
func (v *service) cycle(now time.Time) time.Time {
	from := v.created
	for next := from.AddDate(0, 1, 0); !next.After(now); next = from.AddDate(0, 1, 0) {
		from = next
	}
	return from
}

// trafficData is the traffic of a server in its cycle and in the month [F].
func (s *Sandbox) trafficData(r *request) (object, *failure) {
	v := r.account.service(r.get("elid"))
	if v == nil {
		return nil, missed(r, "instances")
	}
	span := func(from, to time.Time) object {
		in, out := v.since(from, r.now)
		return object{
			"$id": v.id, "$start_dt": from.UTC().Format("2006-01-02T15:04:05+00:00"), "$end_dt": to.UTC().Format("2006-01-02T15:04:05+00:00"),
			"$in": strconv.FormatFloat(in, 'f', 0, 64), "$out": strconv.FormatFloat(out, 'f', 0, 64),
		}
	}
	cycle := v.cycle(r.now)
	year, month, _ := r.now.UTC().Date()
	first := time.Date(year, month, 1, 0, 0, 0, 0, time.UTC)
	return object{
		"cycle_traffic": span(cycle, cycle.AddDate(0, 1, 0)),
		"month_traffic": []object{span(first, first.AddDate(0, 1, 0))},
	}, nil
}
