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
// that does not list the server, "asks" is the bot being asked for what may stop it, "settled"
// that it is known what came of it, "ran" that its last look shows the server running; "a day"
// passes without a look.
func TestNews(t *testing.T) {
	for _, c := range []struct {
		name  string
		looks []string
		want  watch.Why // "": nothing is told
	}{
		{"it runs", []string{"runs", "runs", "runs"}, ""},
		{"it stopped", []string{"runs", "runs", "stopped", "stopped"}, watch.Stopped},
		{"it stopped, and counts as active", []string{"runs", "runs", "halted", "halted"}, watch.Stopped},
		{"it is broken", []string{"runs", "runs", "error", "error"}, watch.Broken},
		{"it stopped, and is broken by now", []string{"runs", "runs", "stopped", "error"}, watch.Broken},
		{"the vendor has suspended it", []string{"runs", "runs", "abuse", "abuse"}, watch.Suspended},
		{"one odd answer", []string{"runs", "runs", "stopped"}, ""},
		{"one odd answer, and another", []string{"runs", "runs", "stopped", "runs", "stopped"}, ""},
		{"an odd answer between", []string{"runs", "runs", "stopped", "odd", "stopped"}, ""},
		{"an odd answer before", []string{"runs", "runs", "odd", "stopped", "stopped"}, watch.Stopped},
		{"first seen stopped", []string{"stopped", "stopped", "stopped"}, ""},
		{"not paid for", []string{"runs", "runs", "unpaid", "unpaid"}, ""},
		{"its paid period is over", []string{"runs", "runs", "over", "over"}, ""},
		{"not paid for, and stopped later", []string{"runs", "runs", "unpaid", "unpaid", "stopped", "stopped"}, watch.Stopped},
		{"being deleted, and stopped later", []string{"runs", "runs", "deleting", "deleting", "stopped", "stopped"}, watch.Stopped},
		{"deleted, and stopped later", []string{"runs", "runs", "deleted", "deleted", "stopped", "stopped"}, watch.Stopped},
		{"being deleted", []string{"runs", "runs", "deleting", "deleting"}, ""},
		{"deleted", []string{"runs", "runs", "deleted", "deleted"}, ""},
		{"vanished", []string{"runs", "runs", "-", "-"}, ""},
		{"vanished for a look", []string{"runs", "runs", "-", "stopped", "stopped"}, watch.Stopped},
		{"vanished between", []string{"runs", "runs", "stopped", "-", "stopped"}, ""},
		{"vanished for a while", []string{"runs", "runs", "-", "-", "-", "stopped", "stopped"}, watch.Stopped},
		{"vanished for a day", []string{"runs", "runs", "-", "a day", "-", "stopped", "stopped"}, ""},
		{"deleted for a day", []string{"runs", "runs", "deleted", "a day", "deleted", "stopped", "stopped"}, ""},
		{"not paid for, for a day", []string{"runs", "runs", "unpaid", "a day", "unpaid", "stopped", "stopped"}, watch.Stopped},
		{"work", []string{"runs", "runs", "starting", "starting"}, ""},
		{"rescue", []string{"runs", "runs", "rescued", "rescued"}, ""},
		{"a size to be decided", []string{"runs", "runs", "resized", "resized"}, ""},
		{"words that nobody knows", []string{"runs", "runs", "odd, too", "odd, too"}, ""},
		{"a power that is not told", []string{"runs", "runs", "unnamed", "suspended"}, ""},
		{"a start that fails", []string{"runs", "runs", "starting", "stopped", "stopped"}, watch.Stopped},
		{"one odd answer of a server that is stopped", []string{"stopped", "runs", "stopped", "stopped"}, ""},
		{"one odd answer, and one that tells nothing", []string{"stopped", "runs", "odd", "runs", "stopped", "stopped"}, ""},
		{"started", []string{"stopped", "runs", "runs", "stopped", "stopped"}, watch.Stopped},
		{"the bot was asked", []string{"runs", "runs", "asks", "settled", "stopped", "stopped"}, ""},
		{"the bot was asked, and one odd answer", []string{"runs", "runs", "asks", "settled", "stopped", "runs", "stopped", "stopped"}, ""},
		{"the bot was asked, long ago", []string{"runs", "runs", "asks", "settled", "stopped", "stopped", "runs", "runs", "stopped", "stopped"}, watch.Stopped},
		{"the bot was asked, and it ran on", []string{"runs", "runs", "asks", "settled", "runs", "runs", "stopped", "stopped"}, watch.Stopped},
		{"the bot was asked of what was in doubt", []string{"runs", "runs", "stopped", "asks", "settled", "stopped", "stopped"}, ""},
		{"the bot was asked, and it takes long", []string{"runs", "runs", "asks", "runs", "runs", "stopped", "settled", "stopped"}, ""},
		{"the bot was asked, and nobody knows what came of it", []string{"runs", "runs", "asks", "runs", "runs", "runs", "stopped", "stopped"}, ""},
		{"the same, a day ago", []string{"runs", "runs", "asks", "runs", "a day", "runs", "runs", "stopped", "stopped"}, watch.Stopped},
		{"the bot was asked of what is not paid for", []string{"runs", "runs", "asks", "settled", "unpaid", "stopped", "stopped"}, ""},
		{"the bot was asked before the first look", []string{"asks", "settled", "stopped", "stopped"}, ""},
		{"a reboot, and it dies soon", []string{"runs", "runs", "asks", "settled", "ran", "error", "error"}, watch.Broken},
		{"a start, and it dies soon", []string{"stopped", "ran", "error", "error"}, watch.Broken},
		{"a stop that nobody knows of, and a reboot", []string{"runs", "runs", "asks", "asks", "settled", "ran", "runs", "runs", "stopped", "stopped"}, ""},
		{"the same, and one more", []string{"runs", "runs", "asks", "asks", "settled", "asks", "settled", "ran", "runs", "runs", "stopped", "stopped"}, ""},
		{"a stop that nobody knows of, and a start", []string{"runs", "runs", "asks", "stopped", "ran", "stopped", "stopped"}, ""},
		{"a stop that nobody knows of, and a reboot, a day ago", []string{"runs", "runs", "asks", "asks", "settled", "a day", "runs", "runs", "stopped", "stopped"}, watch.Stopped},
		{"the bot was asked, it ran, and a stop", []string{"runs", "runs", "asks", "settled", "ran", "asks", "settled", "stopped", "stopped"}, ""},
		{"settled what nobody asked for", []string{"runs", "runs", "settled", "stopped", "stopped"}, watch.Stopped},
	} {
		t.Run(c.name, func(t *testing.T) {
			var r watch.Record
			var news []watch.News
			now := start
			for _, look := range c.looks {
				now = now.Add(30 * time.Minute)
				switch look {
				case "asks":
					r = r.Ask("7", now)
					continue
				case "settled":
					r = r.Settle("7", now)
					continue
				case "ran":
					r = r.Ran(listed("runs")[0], now)
					continue
				case "a day":
					now = now.Add(watch.Long)
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
	for _, look := range []string{"runs", "runs", "stopped", "stopped", "stopped", "stopped", "runs", "runs", "stopped", "stopped", "stopped"} {
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

// TestOddLook puts an odd look, or two that do not agree, between those of a server that runs
// and stops by turns, and uses its traffic: as much is told as without them.
func TestOddLook(t *testing.T) {
	odd := append(slices.Sorted(maps.Keys(rows)), "-")
	rapid.Check(t, func(t *rapid.T) {
		var r watch.Record
		now, stops, bounds := start, 0, []int(nil)
		look := func(row string, used int64) {
			now = now.Add(30 * time.Minute)
			list := listed(row)
			for i := range list {
				list[i].UsedTraffic, list[i].PaidTraffic = used, 100
			}
			r = r.Look(list, now)
			for _, n := range r.News(list, now) {
				stops++
				r = r.Told([]string{n.Server})
			}
			for _, told := range r.Traffic(list, now) {
				bounds = append(bounds, told.Bound)
				r = r.TrafficTold([]watch.Traffic{told})
			}
		}
		for i, row := range []string{"runs", "stopped", "runs", "stopped"} {
			used := []int64{10, 85, 120, 20}[i]
			for range 3 {
				look(row, used)
				look(row, used)
				if rapid.Bool().Draw(t, "odd") {
					look(rapid.SampledFrom(odd).Draw(t, "row"), rapid.SampledFrom([]int64{0, 10, 85, 120}).Draw(t, "used"))
				}
			}
			look(row, used)
			look(row, used)
		}
		if stops != 2 || !slices.Equal(bounds, []int{80, 100}) {
			t.Fatalf("told of %d stops, and of traffic %v", stops, bounds)
		}
	})
}

// TestClockSetBack: what was noted by a clock that was a year ahead holds nothing off.
func TestClockSetBack(t *testing.T) {
	ahead := start.AddDate(1, 0, 0)
	for name, r := range map[string]watch.Record{
		"seen once":  watch.Record{}.Look(listed("runs"), ahead),
		"in doubt":   watch.Record{"7": {Standing: watch.Up}}.Look(listed("stopped"), ahead),
		"asked":      watch.Record{"7": {Standing: watch.Up}}.Ask("7", ahead),
		"settled":    watch.Record{"7": {Standing: watch.Up}}.Ask("7", ahead).Settle("7", ahead),
		"not listed": watch.Record{"7": {Standing: watch.Up}}.Look(nil, ahead),
		"counted":    {"7": {Standing: watch.Up, Other: 80, Since: ahead}},
	} {
		now := start
		for _, look := range []string{"runs", "runs", "stopped", "stopped"} {
			now = now.Add(30 * time.Minute)
			r = r.Look(listed(look), now)
		}
		if news := r.News(listed("stopped"), now); len(news) != 1 || r.Doubts() && name != "counted" {
			t.Errorf("%s: told %v", name, news)
		}
	}
}

// TestMissing is the table of what is noted of a server that is listed no more, look by look,
// half an hour apart: "+" that it is missing, "-" that it is back. "a week" passes without a look.
func TestMissing(t *testing.T) {
	for _, c := range []struct {
		name  string
		looks []string
		want  string
	}{
		{"listed", []string{"runs", "stopped", "odd", "unpaid"}, "...."},
		{"vanished", []string{"runs", "-", "-", "-", "-", "-"}, "...+.."},
		{"for half an hour", []string{"runs", "-", "-", "runs", "-", "-", "runs"}, "......."},
		{"shown as deleted", []string{"runs", "deleted", "deleted", "deleted", "deleted"}, "...+."},
		{"being deleted for long", []string{"runs", "deleting", "deleting", "deleting", "deleting", "-", "-"}, ".....+."},
		{"back", []string{"runs", "-", "-", "-", "runs", "runs"}, "...+-."},
		{"back, and on its way out again", []string{"runs", "-", "-", "-", "runs", "-", "-", "-"}, "...+-..+"},
		{"back on its way out", []string{"runs", "-", "-", "-", "deleting", "deleting"}, "...+.."},
		{"one look, and another long after", []string{"runs", "-", "a day", "-"}, "..+"},
		{"back in a day", []string{"runs", "-", "-", "-", "a day", "runs", "-", "-", "-"}, "...+-..+"},
		{"back after a week", []string{"runs", "-", "-", "-", "a week", "-", "runs", "-", "-", "-"}, "...+....+"},
		{"never seen", []string{"-", "-", "-", "-"}, "...."},
		{"first seen on its way out", []string{"deleted", "deleted", "deleted", "deleted"}, "...."},
		{"bought, and never listed", []string{"bought", "-", "-", "-", "-"}, "..+."},
		{"bought while it was not listed", []string{"runs", "-", "-", "bought", "-", "-", "-"}, ".....+"},
		{"missing when it was bought", []string{"bought", "-", "-", "-", "bought", "-", "-", "-"}, "..+..+"},
		{"the bot was asked", []string{"runs", "asks", "-", "settled", "-", "-", "-"}, "..+.."},
	} {
		t.Run(c.name, func(t *testing.T) {
			var r watch.Record
			now, got := start, ""
			for _, look := range c.looks {
				now = now.Add(30 * time.Minute)
				switch look {
				case "bought":
					r = r.Expect([]string{"7"})
					continue
				case "asks":
					r = r.Ask("7", now)
					continue
				case "settled":
					r = r.Settle("7", now)
					continue
				case "a day":
					now = now.Add(watch.Long)
					continue
				case "a week":
					now = now.Add(watch.Kept)
					continue
				}
				list := listed(look)
				r = r.Look(list, now)
				missing, back := r.Missing(list, now), r.Back()
				switch {
				case len(missing) == 1 && len(back) == 0 && now.Sub(missing[0].Since) >= watch.Vanished:
					got += "+"
				case len(missing) == 0 && len(back) == 1:
					got += "-"
				case len(missing)+len(back) > 0:
					t.Fatalf("missing are %v, back %v", missing, back)
				default:
					got += "."
				}
				r = r.Note(missing, back)
			}
			if got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// TestMissingByASetBackClock: what was noted by a clock that was ahead counts from now on.
func TestMissingByASetBackClock(t *testing.T) {
	r := watch.Record{"7": {Away: start.AddDate(1, 0, 0)}}
	for _, after := range []time.Duration{0, watch.Vanished - time.Second} {
		if r = r.Look(nil, start.Add(after)); len(r.Missing(nil, start.Add(after))) > 0 {
			t.Fatalf("it is missing %s after", after)
		}
	}
	if r = r.Look(nil, start.Add(watch.Vanished)); len(r.Missing(nil, start.Add(watch.Vanished))) != 1 {
		t.Error("it is not missing")
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
		{"nearly all, once", []int64{79, 80, 85, 99}, []int{0, 0, 80, 0}},
		{"all, once", []int64{85, 85, 100, 120, 100}, []int{0, 80, 0, 100, 0}},
		{"all at once", []int64{10, 130, 130, 130}, []int{0, 0, 100, 0}},
		{"two looks that agree on the lower bound", []int64{85, 100, 100, 100}, []int{0, 80, 0, 100}},
		{"it begins anew", []int64{85, 85, 100, 100, 3, 4, 85, 85, 100, 100}, []int{0, 80, 0, 100, 0, 0, 0, 80, 0, 100}},
		{"more was paid for", []int64{100, 100, 90, 90, 100, 100}, []int{0, 100, 0, 0, 0, 100}},
		{"odd answers that show less", []int64{85, 85, 3, 85, 3, 85, 85}, []int{0, 80, 0, 0, 0, 0, 0}},
		{"odd answers that show more", []int64{10, 100, 10, 85, 10, 100, 3}, []int{0, 0, 0, 0, 0, 0, 0}},
		{"answers that tell nothing", []int64{85, 85, 0, 0, 0, 85}, []int{0, 80, 0, 0, 0, 0}},
		{"not told for a look", []int64{85, -1, 86, -1, 100, -1, 100}, []int{0, 0, 80, 0, 0, 0, 100}},
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
		if got := (watch.Record{}).Look(list, start).Look(list, start.Add(time.Hour)).Traffic(list, start); len(got) > 0 {
			t.Errorf("%s: told %v", look, got)
		}
	}
}

// TestRecordIsQuiet looks in any order: a look at what is as it was changes nothing, nothing is
// told of a server that was not down at the last two looks, what is kept is read as it was
// written, and of a server that was away for long it has only that, and not for ever.
func TestRecordIsQuiet(t *testing.T) {
	names := append(slices.Sorted(maps.Keys(rows)), "-")
	down := map[string]bool{"stopped": true, "halted": true, "error": true, "abuse": true}
	rapid.Check(t, func(t *rapid.T) {
		var r watch.Record
		now, last, before := start, "-", "-"
		var gone time.Time // since when it is away
		for range rapid.IntRange(1, 30).Draw(t, "looks") {
			now = now.Add(rapid.SampledFrom([]time.Duration{30 * time.Minute, 30 * time.Minute, 13 * time.Hour}).Draw(t, "pause"))
			look := rapid.SampledFrom(names).Draw(t, "look")
			was := maps.Clone(r)
			after := r.Look(listed(look), now)
			if !maps.Equal(was, r) {
				t.Fatal("a look changed what it was given")
			}
			if news := after.News(listed(look), now); len(news) > 0 && (!down[look] || !down[last]) {
				t.Fatalf("told %v after %s, %s", news, last, look)
			}
			if look == "runs" && last == "runs" && before == "runs" && !maps.Equal(r, after) {
				t.Fatalf("%v became %v", r, after)
			}
			switch away := look == "-" || look == "deleted" || look == "deleting"; {
			case !away:
				gone = time.Time{}
			case gone.IsZero():
				gone = now
			}
			if away := now.Sub(gone); !gone.IsZero() && away >= watch.Long {
				if is, kept := after["7"]; kept && is != (watch.Server{Away: gone, Noted: is.Noted}) || kept && is.Noted && away >= watch.Kept || after.Watched(now) {
					t.Fatalf("%v is kept of a server that is gone for %s", after, away)
				}
			}
			after = after.Note(after.Missing(listed(look), now), after.Back())
			text, err := json.Marshal(after)
			var read watch.Record
			if err == nil {
				err = json.Unmarshal(text, &read)
			}
			if err != nil || !maps.Equal(read, after) {
				t.Fatalf("%s is read as %v, %v", text, read, err)
			}
			r, last, before = read, look, last
		}
	})
}
