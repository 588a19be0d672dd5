package conversation_test

import (
	"fmt"
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
	copies(t, nil).sees("A copy: 0.0024 EUR per GB a day").tap("New snapshot").tap("snapshot-2026-11-23-1500").
		sees("Snapshot: 0.0024 EUR per GB a day until it is deleted", "unavailable while")
	dear := euro("0.01")
	copies(t, func(e *imageflow.CopiesLoaded) { e.Backups.Price = &dear }).
		sees("Snapshot: 0.0024 EUR per GB a day", "Backup: 0.01 EUR per GB a day").
		tap("New backup").tap("backup-2026").sees("0.01 EUR per GB").seesNot("0.0024")
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
	k.sees("0.0024 EUR per GB a day", "Scheduled backups kept: 3")
	copies(t, nil).tap("Schedule").tap("How many").tap("7").sees("0.0024 EUR per GB a day")
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
	copies(t, nil).tap("🟡 now").sees("being saved").offers(false, "Restore", "Delete").offers(true, "Rename")
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
	images().tap("daily").offers(false, "Restore", "Rename").sees("A backup is renamed there too") // the vendor wants to be told the server
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
	loggedIn(t).command("/images").tap("golden").tap("Delete").sees("no server can be created from it or booted from it")
	copies(t, nil).tap("before").tap("Delete").sees("no server can be restored from it")
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
	at("Asia/Tokyo", "20:20").tap("Schedule").tap("New schedule").tap("daily").tap("All").tap("Done").sees("04:00 is 10:00 your time (Tokyo)").say("4 o'clock").sees("Write the time as 04:20")
	at("", "20:20").tap("Schedule").tap("New schedule").tap("daily").tap("All").tap("Done").seesNot("your time")
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
	if !strings.Contains(show(t, chat.Screen{Lines: []chat.Phrase{conversation.OpText(k.orderedJob())}}), "protection") {
		t.Error("it is called otherwise")
	}
}

// TestCardOfACopySaysWhatPeopleKnow: nothing twice, and no words of the machine.
func TestCardOfACopySaysWhatPeopleKnow(t *testing.T) {
	of := func(change func(*zomro.Copy)) *talk {
		k := copies(t, func(e *imageflow.CopiesLoaded) {
			one := &e.Backups.List[0]
			one.Format = "qcow2"
			change(one)
		})
		return k.tap("#303")
	}
	of(func(c *zomro.Copy) { c.Region = "Netherlands-3" }).sees("daily (ID 303)", "Datacenter: Netherlands-3", "Made: on schedule").seesNot("#303", "qcow2", "Format")
	of(func(c *zomro.Copy) { c.Made, c.State = "MANUAL", "saving" }).sees("Made: by hand", "State: being saved").seesNot("Datacenter")
	of(func(c *zomro.Copy) { c.Made, c.State, c.Name = "by hook", "odd", "" }).sees("Made: by hook", "not ready (`odd`)", "ID 303").seesNot("#303")
	copies(t, nil).tap("before").sees("Costs 0.02 EUR a day", "0.61 EUR a month)")
	loggedIn(t).command("/images").tap("golden").sees("Kind: ISO image", "→ 📀").seesNot("Format", "restore", "Made")
	loggedIn(t).command("/images").tap("before").sees("To restore a server from this copy", "→ 💾 Backups").seesNot("→ 📀")
	loggedIn(t).command("/images").sees("take a snapshot: /servers → the server → 💾 Backups.")
}

// TestAnotherNameAtTheQuestion is taken as one at the question before it, and the one that
// is there already is not sent.
func TestAnotherNameAtTheQuestion(t *testing.T) {
	k := copies(t, nil).tap("before").tap("Rename").say("before").sees("already the name").say("after").sees("Rename `before` to `after`?").say("later").sees("Rename `before` to `later`?")
	if o := k.say("before").sees("already the name", "to `later`?").tap("Rename").orderedJob(); o.NewName != "later" {
		t.Errorf("%+v", o)
	}
	if o := copies(t, nil).tap("New backup").say("one").say("two").tap("New backup").orderedJob(); o.NewName != "two" {
		t.Errorf("%+v", o)
	}
	copies(t, nil).tap("before").tap("🔒 Protect").say("two").sees("wasn't expecting text")
	k = server(t, "51").tap("More").tap("Rename").say("web-1").sees("already the name").say("api-1").say("api-2")
	if o := k.tap("Rename").orderedJob(); o.NewName != "api-2" {
		t.Errorf("%+v", o)
	}
	k = server(t, "51").tap("Network").tap("reverse DNS").say("WEB.example.").sees("already the reverse DNS").say("a.example.com").say("b.example.com")
	if o := k.tap("reverse DNS").orderedJob(); o.NewName != "b.example.com" {
		t.Errorf("%+v", o)
	}
	server(t, "51").tap("Stop").say("api-1").sees("wasn't expecting text")
}

// TestDeedsNameWhatTheyAreDoneWithOnce: an image of the account stands in the title already.
func TestDeedsNameWhatTheyAreDoneWithOnce(t *testing.T) {
	for _, test := range []struct {
		order job.Order
		want  string
	}{
		{job.Order{Op: job.RenameImage, Label: "golden", NewName: "silver"}, "renaming to silver"},
		{job.Order{Op: job.RenameImage, Server: "51", Label: "golden", NewName: "silver"}, "golden → silver"},
		{job.Order{Op: job.DeleteImage, Label: "golden"}, "deletion"},
		{job.Order{Op: job.DeleteImage, Server: "51", Label: "golden"}, "deleting golden"},
		{job.Order{Op: job.Protect, Server: "51", Label: "golden"}, "protecting golden"},
		{job.Order{Op: job.Unprotect, Label: "golden"}, "removing protection"},
		{job.Order{Op: job.DropSchedule, Server: "51", Label: "nightly"}, "deleting schedule nightly"},
	} {
		if got := english(t, conversation.OpText(test.order)); got != test.want {
			t.Errorf("%s: %q, want %q", test.order.Op, got, test.want)
		}
	}
}

// TestSchedulesBeyondAPage can be reached, too.
func TestSchedulesBeyondAPage(t *testing.T) {
	k := copies(t, func(e *imageflow.CopiesLoaded) {
		one := e.Schedules.List[0]
		e.Schedules = &zomro.Schedules{Kept: 3}
		for n := range 12 {
			one.ID, one.Name = fmt.Sprint(n), fmt.Sprint("plan-", n)
			e.Schedules.List = append(e.Schedules.List, one)
		}
	})
	k.tap("Schedule").sees("plan-7").seesNot("plan-8").tap("1/2").sees("plan-11").tap("plan-11").tap("Delete schedule")
	if o := k.tap("Delete schedule").orderedJob(); o.Schedule.ID != "11" {
		t.Errorf("%+v", o)
	}
}

// TestCopiesOfStrangeNames: whatever a copy, a schedule or a server is called, it is told
// from the others, fits, and what has to be typed can be.
func TestCopiesOfStrangeNames(t *testing.T) {
	long := strings.Repeat("👨‍👩‍👧", 200)
	for _, test := range []struct {
		name, shown, button, typed string
	}{
		{"a\nb", "a b", "a b", "a b"},
		{"\u202egnp.1", "gnp.1", "gnp.1", "gnp.1"},
		{"\u200b\u2060", "#301", "#301", "301"},
		{long, strings.Repeat("👨‍👩‍👧", 99) + "… (#301)", strings.Repeat("👨‍👩‍👧", 47) + "…", "301"},
	} {
		k := copies(t, func(e *imageflow.CopiesLoaded) {
			e.Snapshots.List[0].Name = test.name
			e.Schedules.List[0].Name = test.name
		})
		k.sees(test.shown+": snapshot").offers(true, test.button).tap(test.button).tap("Delete")
		if asked := chat.Readable(show(t, k.card())); !strings.Contains(asked, test.typed) {
			t.Errorf("%q is asked for with %s", test.name, asked)
		}
		if k.say("x"); k.count(isAct) != 0 {
			t.Errorf("%q was deleted", test.name)
		}
		if k.say(test.typed); k.count(isAct) != 1 || k.orderedJob().Seen != test.name {
			t.Errorf("%q is not deleted: %s", test.name, describe(t, k.effects))
		}
		if got := k.orderedJob().Label; got != test.shown {
			t.Errorf("%q is called %q", test.name, got)
		}
	}
}

// TestOpenListIsReadAgain when something that was done with it has ended, unless something is
// being asked.
func TestOpenListIsReadAgain(t *testing.T) {
	of := imageflow.Changed{Account: "7", Server: "51"}
	for name, test := range map[string]struct {
		taps  []string
		event imageflow.Changed
		want  int
	}{
		"a list":             {nil, of, 1},
		"a copy":             {[]string{"before"}, of, 1},
		"schedules":          {[]string{"Schedule"}, of, 1},
		"a question":         {[]string{"before", "Delete"}, of, 0},
		"another server":     {nil, imageflow.Changed{Account: "7", Server: "52"}, 0},
		"another account":    {nil, imageflow.Changed{Account: "8", Server: "51"}, 0},
		"another one's card": {[]string{"Back"}, of, 0},
	} {
		k := copies(t, nil)
		for _, label := range test.taps {
			k.tap(label)
		}
		if k.step(test.event); k.count(is[imageflow.LoadCopies]) != test.want {
			t.Errorf("%s is read %d times, want %d", name, k.count(is[imageflow.LoadCopies]), test.want)
		}
	}
}
