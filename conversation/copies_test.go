package conversation_test

import (
	"strings"
	"testing"

	"zomrobot/chat"
	"zomrobot/conversation"
	imageflow "zomrobot/conversation/image"
	"zomrobot/job"
	"zomrobot/zomro"
)

// copies is a talk at the card of a server's copies.
func copies(t *testing.T, change func(*imageflow.CopiesLoaded)) *talk {
	t.Helper()
	k := loggedIn(t)
	k.copies = change
	return k.press("s1:51").tap("Backups")
}

// ordered is what the last step has done.
func (k *talk) orderedJob() job.Order {
	k.t.Helper()
	return k.has("act", isAct).(conversation.Act).Order
}

// labels are the labels of the card's buttons, in English.
func (k *talk) labels() string {
	k.t.Helper()
	var all []string
	for _, b := range buttons(k.card()) {
		all = append(all, english(k.t, b.Label))
	}
	return strings.Join(all, "\n")
}

func (k *talk) offers(want bool, labels ...string) *talk {
	k.t.Helper()
	for _, label := range labels {
		if got := strings.Contains(k.labels(), label); got != want {
			k.t.Fatalf("%q is offered: %v\n%s", label, got, show(k.t, k.card()))
		}
	}
	return k
}

// TestCopiesSayWhatTheyCost before one is made: the price, or that it is not known.
func TestCopiesSayWhatTheyCost(t *testing.T) {
	copies(t, nil).sees("0.0024 EUR per gigabyte a day").tap("New snapshot").tap("snapshot-2026-11-23-1500").
		sees("0.0024 EUR per gigabyte a day", "unavailable while")
	dear := euro("0.01")
	copies(t, func(e *imageflow.CopiesLoaded) { e.Backups.Price = &dear }).
		sees("0.0024 EUR per gigabyte a day until it is deleted. (snapshot)", "0.01 EUR per gigabyte a day until it is deleted. (backup)").
		tap("New backup").tap("backup-2026").sees("0.01 EUR per gigabyte").seesNot("0.0024")
	copies(t, func(e *imageflow.CopiesLoaded) { e.Backups.Price = nil }).tap("New backup").tap("backup-2026").sees("did not tell me the price")
	k := copies(t, func(e *imageflow.CopiesLoaded) { e.Snapshots.Price, e.Backups.Price = nil, nil })
	k.sees("did not tell me the price").tap("New backup").say("before-42").sees("did not tell me the price")
	if k.count(isAct) != 0 {
		t.Error("it was done unasked")
	}
	k.tap("New backup")
	if o := k.orderedJob(); o.Op != job.Backup || o.Server != "51" || o.Account != "7" || o.NewName != "before-42" || o.Kind != zomro.KindBackup {
		t.Errorf("%+v", o)
	}
	k = copies(t, nil).tap("Schedule").tap("New schedule").tap("daily").tap("All").tap("Done").tap("04:00")
	k.sees("0.0024 EUR per gigabyte a day", "Scheduled backups kept: 3")
	copies(t, nil).tap("Schedule").tap("How many").tap("7").sees("0.0024 EUR per gigabyte a day")
}

// TestSnapshotsOfADay: no more are offered than the vendor makes in a day.
func TestSnapshotsOfADay(t *testing.T) {
	copies(t, func(e *imageflow.CopiesLoaded) { e.Snapshots.MadeToday = zomro.MostSnapshots }).
		sees("made today: 5 of 5").offers(false, "New snapshot").offers(true, "New backup")
	copies(t, nil).sees("made today: 2 of 5").offers(true, "New snapshot")
}

// TestCopiesThatAreNotTold: a list that is not told is said, and nothing is offered that
// only it would show; the others are shown.
func TestCopiesThatAreNotTold(t *testing.T) {
	copies(t, func(e *imageflow.CopiesLoaded) { e.Snapshots = nil }).
		sees("did not tell which snapshots", "daily").offers(false, "New snapshot").offers(true, "New backup", "Schedule")
	copies(t, func(e *imageflow.CopiesLoaded) { e.Backups = nil }).
		sees("did not tell which backups", "before").offers(false, "New backup").offers(true, "New snapshot")
	copies(t, func(e *imageflow.CopiesLoaded) { e.Schedules = nil }).
		sees("did not tell the backup schedule").offers(false, "Schedule").offers(true, "New backup")
	copies(t, func(e *imageflow.CopiesLoaded) {
		*e = imageflow.CopiesLoaded{Server: e.Server, Problem: &conversation.Problem{Kind: zomro.Transient}}
	}).offers(false, "New backup", "Schedule").offers(true, "Try again")
	copies(t, func(e *imageflow.CopiesLoaded) { e.Service = nil }).sees("no longer lists this server").offers(false, "New backup")
}

// TestWhatCanBeDoneWithACopy as it stands, and as its server does.
func TestWhatCanBeDoneWithACopy(t *testing.T) {
	copies(t, nil).tap("before").offers(true, "Restore", "Rename", "🔒 Protect", "Delete").offers(false, "Remove protection")
	copies(t, nil).tap("🟡 now").sees("not ready").offers(false, "Restore", "Delete").offers(true, "Rename")
	copies(t, nil).tap("daily (#303)").sees("Protected").offers(true, "Restore", "Remove protection").offers(false, "Delete", "🔒 Protect")
	at := func(power string) *talk {
		return copies(t, func(e *imageflow.CopiesLoaded) {
			is := *e.Service
			is.PowerState = power
			e.Service = &is
		})
	}
	at("resized").sees("no copy can be made").offers(false, "New backup", "New snapshot").tap("before").offers(false, "Restore").offers(true, "Delete")
	at("image_uploading").offers(false, "New backup").tap("before").offers(false, "Restore")
	images := func() *talk { return loggedIn(t).command("/images") }
	images().tap("golden").offers(true, "Rename", "Delete").offers(false, "Restore")
	images().tap("daily").offers(false, "Restore", "Rename") // the vendor wants to be told the server
}

// TestWhatDestroysIsTyped exactly; a name that is not a copy's own is its id.
func TestWhatDestroysIsTyped(t *testing.T) {
	for _, test := range []struct {
		way   []string
		wrong []string
		right string
		want  job.Order
	}{
		{[]string{"before", "Restore"}, []string{"before", "WEB-1", "51", "web-11"}, "web-1", job.Order{Op: job.Restore, Copy: "301", Image: "0b6c9a14-0000-4000-8000-000000000301"}},
		{[]string{"before", "Delete"}, []string{"web-1", "Before", "301"}, "before", job.Order{Op: job.DeleteImage, Copy: "301"}},
		{[]string{"daily (#304)", "Delete"}, []string{"daily", "303"}, "304", job.Order{Op: job.DeleteImage, Copy: "304"}},
	} {
		k := copies(t, nil)
		for _, label := range test.way {
			k.tap(label)
		}
		for _, wrong := range test.wrong {
			if k.say(wrong).sees("That isn't it"); k.count(isAct) != 0 {
				t.Fatalf("%v: %q did it", test.way, wrong)
			}
		}
		o := k.say(test.right).orderedJob()
		if o.Op != test.want.Op || o.Copy != test.want.Copy || o.Image != test.want.Image || o.Server != "51" || o.Account != "7" {
			t.Errorf("%v: %+v", test.way, o)
		}
	}
	o := loggedIn(t).command("/images").tap("golden").tap("Delete").say("golden").orderedJob()
	if o.Server != "" || o.Copy != "310" || o.Account != "7" || o.Name != "golden" {
		t.Errorf("%+v", o)
	}
	// Of two servers of one name the id is typed.
	k := loggedIn(t)
	k.servers = serversOf()[:1]
	k.servers = append(k.servers, zomro.Service{ID: "71", Name: "web-1", ServerName: "web-1", Status: zomro.StatusActive, PowerState: "active"})
	k.press("s1:51").tap("Backups").tap("before").tap("Restore")
	if k.say("web-1"); k.count(isAct) != 0 {
		t.Error("one of two servers of a name was restored by it")
	}
	if o := k.say("51").orderedJob(); o.Op != job.Restore {
		t.Errorf("%+v", o)
	}
}

// TestSchedulesInThePersonsZone: the vendor's time is said, and the person's own where
// they have told their zone, with the day when it is another.
func TestSchedulesInThePersonsZone(t *testing.T) {
	at := func(zone, clock string) *talk {
		k := loggedIn(t)
		k.d.Reminders.Area = zone
		k.copies = func(e *imageflow.CopiesLoaded) { e.Schedules.List[0].Time = clock }
		return k.press("s1:51").tap("Backups")
	}
	at("", "01:20").sees("Mon, Thu, 01:20 (GMT+3)").seesNot("your time")
	at("Europe/Moscow", "01:20").sees("01:20 (GMT+3)").seesNot("your time")
	at("Europe/Berlin", "01:20").sees("23:20 your time (Berlin), the day before")
	at("Europe/Berlin", "14:20").sees("12:20 your time (Berlin)").seesNot("the day")
	at("Asia/Tokyo", "20:20").sees("02:20 your time (Tokyo), the day after")
	copies(t, func(e *imageflow.CopiesLoaded) { e.Schedules.List[0].Days = nil }).sees("days or time unreadable")
	copies(t, func(e *imageflow.CopiesLoaded) { e.Schedules.Kept = 0 }).sees("Zomro did not tell")
}

// TestScheduleIsChanged: what is asked for has the id of the schedule, and what was not
// changed of it.
func TestScheduleIsChanged(t *testing.T) {
	k := copies(t, nil).tap("Schedule").tap("🗓 daily").tap("Change").tap("daily").tap("Tue").tap("Done").say("4.20").tap("Save schedule")
	o := k.orderedJob()
	if o.Op != job.SetSchedule || o.Schedule.ID != "9" || o.Schedule.Time != "04:20" || len(o.Schedule.Days) != 3 || o.Label != "daily" {
		t.Errorf("%+v, %+v", o, o.Schedule)
	}
	k = copies(t, nil).tap("Schedule").tap("🗓 daily").tap("Delete schedule").tap("Delete schedule")
	if o := k.orderedJob(); o.Op != job.DropSchedule || o.Schedule.ID != "9" {
		t.Errorf("%+v", o)
	}
	k = copies(t, nil).tap("Schedule").tap("How many")
	if k.tap("✓ 3").count(isAct); k.d.Aside.Place != imageflow.PlaceKept {
		t.Errorf("what is so already is asked at %s", k.d.Aside.Place)
	}
	if o := k.tap("5").tap("Keep that many").orderedJob(); o.Op != job.KeepBackups || o.Kept != 5 {
		t.Errorf("%+v", o)
	}
}

// TestNoCopiesInAGroup: they cost money, or destroy.
func TestNoCopiesInAGroup(t *testing.T) {
	k := inTeam(t)
	k.operates = true
	k.d.Account = "Company"
	k.command("/servers").tap("web-1").offers(false, "Backups")
	if k.command("/images"); k.count(that(func(n conversation.Notify) bool {
		return n.Screen.Lines[0].Key == "images.private"
	})) != 1 {
		t.Errorf("got %s", describe(t, k.effects))
	}
}

// TestImagesBelongToTheirAccount: another account has others.
func TestImagesBelongToTheirAccount(t *testing.T) {
	k := withTwo(t).command("/images").tap("work").tap("golden").tap("🔒 Protect").tap("🔒 Protect")
	if o := k.orderedJob(); o.Account != "8" || o.Op != job.Protect || o.Copy != "310" {
		t.Errorf("%+v", o)
	}
	if !strings.Contains(show(t, chat.Screen{Lines: []chat.Phrase{conversation.OpText(k.orderedJob())}}), "protection of the copy golden") {
		t.Error("it is called otherwise")
	}
}
