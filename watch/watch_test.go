package watch_test

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"zomrobot/watch"
	"zomrobot/zomro"
)

var start = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// rows are what the list shows of a server, by a short name.
var rows = map[string]zomro.Service{
	"runs":      {Status: zomro.StatusActive, Code: "2", PowerState: zomro.PowerActive},
	"stopped":   {Status: zomro.StatusSuspended, Code: "3", PowerState: zomro.PowerStopped},
	"halted":    {Status: zomro.StatusActive, Code: "2", PowerState: zomro.PowerStopped},
	"error":     {Status: zomro.StatusActive, Code: "2", PowerState: zomro.PowerError},
	"abuse":     {Status: zomro.StatusSuspended, Code: "3_abusesuspend", PowerState: zomro.PowerStopped},
	"unpaid":    {Status: zomro.StatusSuspended, Code: "3_autosuspend", PowerState: zomro.PowerStopped},
	"over":      {Status: zomro.StatusSuspended, Code: "3", PowerState: zomro.PowerStopped, PaidUntil: start.AddDate(0, 0, -2)},
	"deleting":  {Status: zomro.StatusBusy, Code: "5_close", PowerState: zomro.PowerStopped},
	"deleted":   {Status: zomro.StatusDeleted, Code: "4", PowerState: zomro.PowerStopped},
	"starting":  {Status: zomro.StatusActive, Code: "2", PowerState: "starting"},
	"rescued":   {Status: zomro.StatusActive, Code: "2", PowerState: "rescued"},
	"resized":   {Status: zomro.StatusActive, Code: "2", PowerState: zomro.PowerResized},
	"odd":       {Status: zomro.StatusActive, Code: "2", PowerState: "melted"},
	"odd, too":  {Status: zomro.StatusOther, Code: "9", PowerState: zomro.PowerStopped},
	"unnamed":   {Status: zomro.StatusActive, Code: "2"},
	"suspended": {Status: zomro.StatusSuspended, Code: "3", PowerState: zomro.PowerActive},
}

// TestNews is the table of what is told after which looks, half an hour apart. "-" is a look
// that does not list the server, "asks" is the bot being asked for what may stop it.
func TestNews(t *testing.T) {
	for _, c := range []struct {
		name  string
		looks []string
		want  watch.Why // "": nothing is told
	}{
		{"it runs", []string{"runs", "runs", "runs"}, ""},
		{"it stopped", []string{"runs", "stopped", "stopped"}, watch.Stopped},
		{"it stopped, and counts as active", []string{"runs", "halted", "halted"}, watch.Stopped},
		{"it is broken", []string{"runs", "error", "error"}, watch.Broken},
		{"it stopped, and is broken by now", []string{"runs", "stopped", "error"}, watch.Broken},
		{"the vendor has suspended it", []string{"runs", "abuse", "abuse"}, watch.Suspended},
		{"one odd answer", []string{"runs", "stopped"}, ""},
		{"one odd answer, and another", []string{"runs", "stopped", "runs", "stopped"}, ""},
		{"an odd answer between", []string{"runs", "stopped", "odd", "stopped"}, ""},
		{"an odd answer before", []string{"runs", "odd", "stopped", "stopped"}, watch.Stopped},
		{"first seen stopped", []string{"stopped", "stopped", "stopped"}, ""},
		{"not paid for", []string{"runs", "unpaid", "unpaid"}, ""},
		{"its paid period is over", []string{"runs", "over", "over"}, ""},
		{"not paid for, and stopped later", []string{"runs", "unpaid", "stopped", "stopped"}, ""},
		{"being deleted", []string{"runs", "deleting", "deleting"}, ""},
		{"deleted", []string{"runs", "deleted", "deleted"}, ""},
		{"vanished", []string{"runs", "-", "-"}, ""},
		{"vanished for a look", []string{"runs", "-", "stopped", "stopped"}, watch.Stopped},
		{"vanished between", []string{"runs", "stopped", "-", "stopped"}, ""},
		{"vanished, and another time stopped", []string{"runs", "-", "-", "stopped", "stopped"}, ""},
		{"work", []string{"runs", "starting", "starting"}, ""},
		{"rescue", []string{"runs", "rescued", "rescued"}, ""},
		{"a size to be decided", []string{"runs", "resized", "resized"}, ""},
		{"words that nobody knows", []string{"runs", "odd, too", "odd, too"}, ""},
		{"a power that is not told", []string{"runs", "unnamed", "suspended"}, ""},
		{"a start that fails", []string{"runs", "starting", "stopped", "stopped"}, watch.Stopped},
		{"the bot was asked", []string{"runs", "asks", "stopped", "stopped"}, ""},
		{"the bot was asked, long ago", []string{"runs", "asks", "stopped", "stopped", "runs", "stopped", "stopped"}, watch.Stopped},
		{"the bot was asked, and it ran on", []string{"runs", "asks", "runs", "stopped", "stopped"}, watch.Stopped},
		{"the bot was asked of what was in doubt", []string{"runs", "stopped", "asks", "stopped", "stopped"}, ""},
		{"the bot was asked before the first look", []string{"asks", "stopped", "stopped"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var r watch.Record
			var news []watch.News
			now := start
			for _, look := range c.looks {
				now = now.Add(30 * time.Minute)
				if look == "asks" {
					r = r.Ask("7", now)
					continue
				}
				list := listed(look)
				r = r.Look(list, now)
				news = r.News(list, now)
			}
			switch {
			case c.want == "" && len(news) > 0:
				t.Errorf("told %v", news)
			case c.want != "" && !reflect.DeepEqual(news, []watch.News{{Server: "7", Why: c.want}}):
				t.Errorf("told %v, want %s", news, c.want)
			}
		})
	}
}

func listed(look string) []zomro.Service {
	if look == "-" {
		return nil
	}
	s := rows[look]
	s.ID = "7"
	return []zomro.Service{s}
}

// TestToldOnce: a server that is left stopped is told of once, and again when it has run.
func TestToldOnce(t *testing.T) {
	var r watch.Record
	now, told := start, 0
	for _, look := range []string{"runs", "stopped", "stopped", "stopped", "stopped", "runs", "stopped", "stopped", "stopped"} {
		now = now.Add(30 * time.Minute)
		r = r.Look(listed(look), now)
		for _, n := range r.News(listed(look), now) {
			told++
			r = r.Told([]string{n.Server})
		}
	}
	if told != 2 {
		t.Errorf("told %d times", told)
	}
}

// TestNotTold: what could not be told yet is told later, unless it runs by then.
func TestNotTold(t *testing.T) {
	r := watch.Record{"7": {Standing: watch.Down}}
	if after := r.Look(listed("stopped"), start); len(after.News(listed("stopped"), start)) != 1 {
		t.Error("it is forgotten")
	}
	if after := r.Look(listed("runs"), start); len(after.News(listed("runs"), start)) != 0 {
		t.Error("it is told of a server that runs")
	}
}

// TestLookUnderWay: a look that began before the bot was asked shows what was before.
func TestLookUnderWay(t *testing.T) {
	began := start
	r := watch.Record{"7": {Standing: watch.Up}}.Ask("7", began.Add(time.Second))
	r = r.Look(listed("runs"), began)
	for i := range 2 {
		r = r.Look(listed("stopped"), began.Add(time.Duration(i+1)*time.Hour))
	}
	if news := r.News(listed("stopped"), began.Add(3*time.Hour)); len(news) > 0 {
		t.Errorf("told %v", news)
	}
}

// TestSecondLook: two looks right after each other are one.
func TestSecondLook(t *testing.T) {
	r := watch.Record{"7": {Standing: watch.Up}}.Look(listed("stopped"), start)
	if !r.Doubts() {
		t.Fatal("no second look is wanted")
	}
	if r = r.Look(listed("stopped"), start.Add(watch.Apart-time.Second)); len(r.News(listed("stopped"), start)) > 0 {
		t.Error("told of what two looks right after each other found")
	}
	if r = r.Look(listed("stopped"), start.Add(watch.Apart)); r.Doubts() || len(r.News(listed("stopped"), start)) != 1 {
		t.Error("not told of what two looks found")
	}
}

// TestTraffic is the table of what is told of a server's traffic: look by look, in percent of
// what is paid for; -1 is a look that tells neither.
func TestTraffic(t *testing.T) {
	for _, c := range []struct {
		name string
		used []int64
		want []int // 0: nothing is told
	}{
		{"little", []int64{0, 10, 79}, []int{0, 0, 0}},
		{"nearly all, once", []int64{79, 80, 85, 99}, []int{0, 80, 0, 0}},
		{"all, once", []int64{85, 100, 120, 100}, []int{80, 100, 0, 0}},
		{"all at once", []int64{10, 130, 130}, []int{0, 100, 0}},
		{"it begins anew", []int64{85, 100, 3, 85, 100}, []int{80, 100, 0, 80, 100}},
		{"more was paid for", []int64{100, 90, 100}, []int{100, 0, 100}},
		{"not told for a look", []int64{85, -1, 86, -1, 100}, []int{80, 0, 0, 0, 100}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var r watch.Record
			for i, used := range c.used {
				now := start.Add(time.Duration(i) * time.Hour)
				list := listed([]string{"runs", "stopped"}[i%2])
				if used >= 0 {
					list[0].UsedTraffic, list[0].PaidTraffic = used*1e10, 100*1e10
				}
				r = r.Look(list, now)
				got := r.Traffic(list, now)
				switch {
				case c.want[i] == 0 && len(got) > 0:
					t.Errorf("look %d: told %v", i, got)
				case c.want[i] > 0 && !reflect.DeepEqual(got, []watch.Traffic{{Server: "7", Bound: c.want[i]}}):
					t.Errorf("look %d: told %v, want %d", i, got, c.want[i])
				}
				r = r.TrafficTold(got).Told([]string{"7"})
				if i%3 == 0 {
					r = r.Ask("7", now)
				}
			}
		})
	}
	for _, look := range []string{"unpaid", "deleting", "deleted"} {
		list := listed(look)
		list[0].UsedTraffic, list[0].PaidTraffic = 10, 10
		if got := (watch.Record{}).Traffic(list, start); len(got) > 0 {
			t.Errorf("%s: told %v", look, got)
		}
	}
}

// TestRecordIsQuiet looks in any order: a look at what is as it was changes nothing, nothing is
// told of a server that was not down at the last two looks, what is kept is read as it was
// written, and it never has more servers than those that two looks listed.
func TestRecordIsQuiet(t *testing.T) {
	names := append(slices.Sorted(maps.Keys(rows)), "-")
	down := map[string]bool{"stopped": true, "halted": true, "error": true, "abuse": true}
	rapid.Check(t, func(t *rapid.T) {
		var r watch.Record
		now, last := start, "-"
		for range rapid.IntRange(1, 30).Draw(t, "looks") {
			now = now.Add(30 * time.Minute)
			look := rapid.SampledFrom(names).Draw(t, "look")
			was := maps.Clone(r)
			after := r.Look(listed(look), now)
			if !maps.Equal(was, r) {
				t.Fatal("a look changed what it was given")
			}
			if news := after.News(listed(look), now); len(news) > 0 && (!down[look] || !down[last]) {
				t.Fatalf("told %v after %s, %s", news, last, look)
			}
			if look == "runs" && last == "runs" && !maps.Equal(r, after) {
				t.Fatalf("%v became %v", r, after)
			}
			if look == "-" && last == "-" && len(after) > 0 {
				t.Fatalf("%v is kept of a server that is gone", after)
			}
			text, err := json.Marshal(after)
			var read watch.Record
			if err == nil {
				err = json.Unmarshal(text, &read)
			}
			if err != nil || !maps.Equal(read, after) {
				t.Fatalf("%s is read as %v, %v", text, read, err)
			}
			r, last = read, look
		}
	})
}
