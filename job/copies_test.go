package job

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/zomro"
)

// sight is what an account shows of a server and its copies.
func sight(power string, copies ...zomro.Copy) Sight {
	s := zomro.Service{ID: "1", ServerName: "web-1", Status: zomro.StatusActive, PowerState: power}
	return Sight{Service: &s, Copies: &zomro.Copies{List: copies}}
}

// TestLookAtCopies is the table of what was asked for with copies, what the lists show
// before and after it, and what is told of it.
func TestLookAtCopies(t *testing.T) {
	ready := func(id, name string) zomro.Copy {
		return zomro.Copy{ID: id, Name: name, State: zomro.ImageActive, Deletable: true}
	}
	with := func(c zomro.Copy, change func(*zomro.Copy)) zomro.Copy { change(&c); return c }
	locked := with(ready("7", "old"), func(c *zomro.Copy) { c.Protected = true })
	saving := with(ready("9", "new"), func(c *zomro.Copy) { c.State = "saving" })
	schedules := func(kept int, all ...zomro.Schedule) Sight {
		seen := sight("active")
		seen.Copies, seen.Schedules = nil, &zomro.Schedules{List: all, Kept: kept}
		return seen
	}
	daily := zomro.Schedule{ID: "3", Backups: zomro.Backups{Name: "daily", Days: []int{0, 1}, Time: "04:20"}}
	asked := daily
	asked.ID, asked.Days = "", []int{1, 0}
	changed := daily
	changed.Time = "05:00"
	unread := sight("active")
	unread.Copies = nil
	counted := func(seen Sight) Sight { seen.Copies.MadeToday = 1; return seen }
	old := sight("active", ready("7", "old"))
	mine := Sight{Copies: &zomro.Copies{List: []zomro.Copy{ready("7", "old")}}}
	const soon, later, quarter, end = 10 * time.Second, 150 * time.Second, 15 * time.Minute, time.Hour
	no := &Failure{Kind: zomro.Unknown, Code: "value", Message: "no"}
	lost := &Failure{Kind: zomro.Unknown}
	makes := Order{Server: "1", Op: Snapshot, Kind: zomro.KindSnapshot, NewName: "new"}
	deletes := Order{Server: "1", Op: DeleteImage, Copy: "7"}
	renames := Order{Server: "1", Op: RenameImage, Copy: "7", NewName: "new"}
	sets := Order{Server: "1", Op: SetSchedule, Schedule: &asked}
	changes := Order{Server: "1", Op: SetSchedule, Schedule: &changed}
	drops := Order{Server: "1", Op: DropSchedule, Schedule: &daily}
	restores := Order{Server: "1", Op: Restore, Copy: "7", Image: "uuid"}
	for _, test := range []struct {
		name    string
		order   Order
		failure *Failure // nil: answered without an error
		before  Sight
		seen    Sight
		after   time.Duration
		want    Stage
	}{
		{"made", makes, nil, old, sight("active", ready("7", "old"), ready("9", "new")), soon, Done},
		{"made, the answer lost", makes, lost, old, sight("active", ready("7", "old"), ready("9", "new")), soon, Done},
		{"made, and refused in words", makes, no, old, counted(sight("active", ready("9", "new"))), soon, Done},
		{"made by a schedule, and refused in words", makes, no, old, sight("active", ready("9", "new")), later, Following},
		{"made by a schedule, and refused in words, to the end", makes, no, old, sight("active", ready("9", "new")), quarter, Unclear},
		{"older than the call", makes, nil, old, sight("active", with(ready("9", "new"), func(c *zomro.Copy) { c.Created = time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC) })), later, Following},
		{"made, the server is still at work", makes, nil, old, sight("image_uploading", ready("9", "new")), soon, Following},
		{"being made", makes, nil, old, sight("active", saving), later, Following},
		{"being made for long", makes, nil, old, sight("active", saving), quarter, Following},
		{"being made for too long", makes, nil, old, sight("active", saving), end, Late},
		{"another one of the name was there", makes, nil, sight("active", ready("9", "new")), sight("active", ready("9", "new")), later, Following},
		{"another one was made", makes, nil, old, sight("active", ready("7", "old"), ready("9", "other")), later, Following},
		{"not made", makes, no, old, old, later, Refused},
		{"not made yet", makes, no, old, old, later - time.Second, Following},
		{"not made, at work", makes, no, old, sight("image_uploading", ready("7", "old")), later, Following},
		{"not made, being made", makes, no, old, sight("active", saving), later, Following},
		{"not made, the lists cannot be read", makes, no, old, unread, later, Following},
		{"not made, the answer lost", makes, lost, old, old, later, Following},
		{"not made to the end, the answer lost", makes, lost, old, old, quarter, Unclear},
		{"not made, answered without an error", makes, nil, old, old, quarter, Following},
		{"broken", makes, nil, old, sight("error", ready("7", "old")), later, Failed},

		{"deleted", deletes, nil, old, sight("active"), soon, Done},
		{"deleted, the answer lost", deletes, lost, old, sight("active"), soon, Done},
		{"not deleted", deletes, no, old, old, later, Refused},
		{"being deleted", deletes, no, old, sight("active", with(ready("7", "old"), func(c *zomro.Copy) { c.State = "deleting" })), later, Following},
		{"not deleted, answered without an error", deletes, nil, old, old, quarter, Late},
		{"not deleted, the answer lost", deletes, lost, old, old, quarter, Unclear},
		{"the list cannot be read", deletes, nil, old, unread, soon, Following},
		{"deleted on a broken server", deletes, nil, old, sight("error", ready("7", "old")), later, Following},
		{"an image of no server", Order{Op: DeleteImage, Copy: "7"}, nil, mine, Sight{Copies: &zomro.Copies{}}, soon, Done},
		{"renamed", renames, lost, old, sight("active", ready("7", "new")), soon, Done},
		{"renamed, another", renames, nil, old, sight("active", ready("7", "old"), ready("8", "new")), soon, Following},
		{"protected", Order{Server: "1", Op: Protect, Copy: "7"}, lost, old, sight("active", locked), soon, Done},
		{"not protected", Order{Server: "1", Op: Protect, Copy: "7"}, nil, old, old, soon, Following},
		{"unprotected", Order{Server: "1", Op: Unprotect, Copy: "7"}, nil, sight("active", locked), old, soon, Done},

		{"scheduled", sets, nil, schedules(3), schedules(3, daily), soon, Done},
		{"scheduled, the answer lost", sets, lost, schedules(3), schedules(3, daily), soon, Done},
		{"not scheduled", sets, no, schedules(3), schedules(3), later, Refused},
		{"one like it was there", sets, nil, schedules(3, daily), schedules(3, daily), soon, Following},
		{"scheduled otherwise", sets, nil, schedules(3), schedules(3, changed), soon, Following},
		{"changed", changes, nil, schedules(3, daily), schedules(3, changed), soon, Done},
		{"not changed", changes, nil, schedules(3, daily), schedules(3, daily), soon, Following},
		{"dropped", drops, lost, schedules(3, daily), schedules(3), soon, Done},
		{"not dropped", drops, nil, schedules(3, daily), schedules(3, daily), quarter, Late},
		{"kept", Order{Server: "1", Op: KeepBackups, Kept: 5}, lost, schedules(3), schedules(5), soon, Done},
		{"not kept", Order{Server: "1", Op: KeepBackups, Kept: 5}, no, schedules(3), schedules(3), later, Refused},
		{"schedules cannot be read", Order{Server: "1", Op: KeepBackups, Kept: 5}, no, schedules(3), unread, later, Following},

		{"not seen to be restored", restores, nil, Sight{}, sight("active"), later, Following},
		{"never seen to be restored", restores, nil, Sight{}, sight("active"), end, Late},
		{"being restored for long", restores, nil, Sight{}, sight("rebuilding"), quarter, Following},
		{"never seen to be restored, the answer lost", restores, lost, Sight{}, sight("active"), quarter, Unclear},
	} {
		called := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
		before := test.before
		r := Record{Order: test.order, Stage: Following, Called: called, Before: &before, Failure: test.failure, Unsure: test.failure != nil}
		at := called.Add(test.after)
		if r.Order.gone(test.seen) && test.want == Done { // one look is not enough
			once, err := Step(r, Looked{Sight: test.seen, Seen: true, At: at}, at)
			if err != nil || once.Stage != Following {
				t.Errorf("%s: one look makes it %s (%v)", test.name, once.Stage, err)
			}
			back, _ := Step(once, Looked{Sight: test.before, Seen: true, At: at}, at)
			if again, _ := Step(back, Looked{Sight: test.seen, Seen: true, At: at}, at); again.Stage != Following {
				t.Errorf("%s: two looks with it between them make it %s", test.name, again.Stage)
			}
			r = once
		}
		is, err := Step(r, Looked{Sight: test.seen, Seen: true, At: at}, at)
		if err != nil || is.Stage != test.want {
			t.Errorf("%s: %s (%v), want %s", test.name, is.Stage, err, test.want)
		}
		if test.want == Refused && is.Failure.Kind != zomro.Refused {
			t.Errorf("%s: it is told as %q", test.name, is.Failure.Kind)
		}
		if made := is.Made != nil; made != (test.order.Op.Copies() && slices.ContainsFunc(copiesIn(test.seen), func(c zomro.Copy) bool { return c.ID == "9" && c.Name == "new" }) && !strings.Contains(test.name, "another one of the name") && !strings.Contains(test.name, "by a schedule") && !strings.Contains(test.name, "older") && test.name != "not made, being made") {
			t.Errorf("%s: the copy that was made is known: %v", test.name, made)
		}
	}
}

// TestSeenTooEarly: what was asked for before the call could no longer be carried out
// excludes nothing, however late it is answered.
func TestSeenTooEarly(t *testing.T) {
	called := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	before := sight("active")
	r := Record{
		Order: Order{Server: "1", Op: Backup, NewName: "new"}, Stage: Following, Called: called, Before: &before,
		Failure: &Failure{Kind: zomro.Unknown, Code: "value"}, Unsure: true,
	}
	is, err := Step(r, Looked{Sight: before, Seen: true, At: called.Add(time.Minute)}, called.Add(3*time.Minute))
	if err != nil || is.Stage != Following {
		t.Errorf("%s, %v", is.Stage, err)
	}
}

// TestWhatIsNotThere: what is not seen before it is to be done is not done.
func TestWhatIsNotThere(t *testing.T) {
	image := zomro.Copy{ID: "7", Deletable: true}
	locked := zomro.Copy{ID: "7", Protected: true}
	ready := zomro.Copy{ID: "7", State: zomro.ImageActive, Fleio: "uuid"}
	restore := Order{Server: "1", Op: Restore, Copy: "7", Image: "uuid"}
	nobody := sight("active", image)
	nobody.Service = nil
	daily := zomro.Schedule{ID: "3"}
	listed := sight("active")
	listed.Schedules = &zomro.Schedules{List: []zomro.Schedule{daily}}
	for name, test := range map[string]struct {
		order Order
		seen  Sight
		want  bool
	}{
		"a copy":                 {Order{Server: "1", Op: DeleteImage, Copy: "7"}, sight("active", image), false},
		"an image of no server":  {Order{Op: DeleteImage, Copy: "7"}, nobody, false},
		"no server":              {Order{Server: "1", Op: Snapshot}, nobody, true},
		"no copy":                {Order{Server: "1", Op: DeleteImage, Copy: "8"}, sight("active", image), true},
		"a protected copy":       {Order{Server: "1", Op: DeleteImage, Copy: "7"}, sight("active", locked), true},
		"a protected copy, kept": {Order{Server: "1", Op: Unprotect, Copy: "7"}, sight("active", locked), false},
		"no copy to rename":      {Order{Server: "1", Op: RenameImage, Copy: "8"}, sight("active", image), true},
		"a copy to restore":      {restore, sight("active", ready), false},
		"one that is not ready":  {restore, sight("active", image), true},
		"another one to restore": {restore, sight("active", zomro.Copy{ID: "7", State: zomro.ImageActive, Fleio: "other"}), true},
		"none to restore":        {restore, sight("active"), true},
		"a schedule":             {Order{Server: "1", Op: DropSchedule, Schedule: &daily}, listed, false},
		"no schedule":            {Order{Server: "1", Op: SetSchedule, Schedule: &daily}, sight("active"), true},
		"a new schedule":         {Order{Server: "1", Op: SetSchedule, Schedule: &zomro.Schedule{}}, sight("active"), false},
	} {
		if got := test.order.Lacks(test.seen); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestWhatAJobKeepsForItself(t *testing.T) {
	for name, test := range map[string]struct {
		order Order
		want  []string
	}{
		"a server":       {Order{Server: "1", Op: Stop}, []string{"1"}},
		"a copy made":    {Order{Server: "1", Op: Backup}, []string{"1"}},
		"a schedule":     {Order{Server: "1", Op: SetSchedule}, []string{"1"}},
		"an image":       {Order{Op: DeleteImage, Copy: "7"}, []string{"image-7"}},
		"a copy's name":  {Order{Server: "1", Op: RenameImage, Copy: "7"}, []string{"image-7"}},
		"a restoration":  {Order{Server: "1", Op: Restore, Copy: "7"}, []string{"1", "image-7"}},
		"a reinstalling": {Order{Server: "1", Op: Rebuild}, []string{"1"}},
	} {
		if got := test.order.Takes(); !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}

// TestCopyable is the table of the states in which a server can be copied.
func TestCopyable(t *testing.T) {
	for _, test := range []struct {
		status zomro.Status
		power  string
		want   bool
	}{
		{zomro.StatusActive, "active", true},
		{zomro.StatusActive, "", true},
		{zomro.StatusSuspended, "stopped", true},
		{zomro.StatusActive, "stopped", true},
		{zomro.StatusActive, "image_uploading", false},
		{zomro.StatusActive, "resized", false},
		{zomro.StatusActive, "rescued", false},
		{zomro.StatusActive, "error", false},
		{zomro.StatusSuspended, "suspended", false},
		{zomro.StatusSuspended, "active", false},
		{zomro.StatusBusy, "active", false},
		{zomro.StatusDeleted, "active", false},
	} {
		if got := Copyable(zomro.Service{Status: test.status, PowerState: test.power}); got != test.want {
			t.Errorf("%s, %s: %v", test.status, test.power, got)
		}
	}
}

// TestWhatWorksOnARestore: a server that is at something else was not restored.
func TestWhatWorksOnARestore(t *testing.T) {
	called := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	for word, want := range map[string]Stage{"rebuilding": Done, "processing": Done, "image_uploading": Following, "rebooting": Following, "starting": Following} {
		for _, op := range []Op{Restore, Rebuild} {
			r := Record{Order: Order{Server: "1", Op: op}, Stage: Following, Called: called, Before: &Sight{}}
			for i, power := range []string{word, "active"} {
				at := called.Add(time.Duration(i+1) * time.Minute)
				s := zomro.Service{ID: "1", Status: zomro.StatusActive, PowerState: power}
				r, _ = Step(r, Looked{Sight: Sight{Service: &s}, Seen: true, At: at}, at)
			}
			if r.Stage != want {
				t.Errorf("%s after %s: %s, want %s", op, word, r.Stage, want)
			}
		}
	}
}

// TestCopyAskedForWhileSomethingRuns is not waited for because the other operation is seen.
func TestCopyAskedForWhileSomethingRuns(t *testing.T) {
	called := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	busy := &Failure{Kind: zomro.Unknown, Code: "value", Object: zomro.ObjectAtWork, Message: "busy"}
	r := Record{Order: Order{Server: "1", Op: Snapshot, NewName: "new"}, Stage: Following, Called: called, Before: &Sight{Copies: &zomro.Copies{}}, Failure: busy, Unsure: true}
	for _, look := range []struct {
		power string
		after time.Duration
	}{{"image_uploading", 10 * time.Second}, {"active", 3 * time.Minute}} {
		at := called.Add(look.after)
		s := zomro.Service{ID: "1", Status: zomro.StatusActive, PowerState: look.power}
		r, _ = Step(r, Looked{Sight: Sight{Service: &s, Copies: &zomro.Copies{}}, Seen: true, At: at}, at)
	}
	if r.Stage != Refused {
		t.Errorf("it is %s", r.Stage)
	}
}

// TestNotAsSeen: what is not as the person saw it is not destroyed, and nothing is made at
// another price.
func TestNotAsSeen(t *testing.T) {
	copies := func(all ...zomro.Copy) Sight {
		return Sight{Service: &zomro.Service{ID: "1", Name: "web-1"}, Copies: &zomro.Copies{List: all}}
	}
	image := zomro.Copy{ID: "7", Name: "old", State: zomro.ImageActive, Fleio: "uuid", Deletable: true}
	other := image
	other.Name = "the only backup"
	weekly := zomro.Schedule{ID: "3", Backups: zomro.Backups{Name: "weekly", Days: []int{1}, Time: "04:20"}}
	critical := zomro.Schedule{ID: "3", Backups: zomro.Backups{Name: "critical", Days: []int{0, 1, 2}, Time: "04:20"}}
	listed := func(s zomro.Schedule) Sight {
		return Sight{Service: &zomro.Service{ID: "1"}, Schedules: &zomro.Schedules{List: []zomro.Schedule{s}}}
	}
	for _, test := range []struct {
		order Order
		seen  Sight
		lacks bool
	}{
		{Order{Server: "1", Op: DeleteImage, Copy: "7", Seen: "old"}, copies(image), false},
		{Order{Server: "1", Op: DeleteImage, Copy: "7", Seen: "old"}, copies(other), true},
		{Order{Server: "1", Op: Restore, Copy: "7", Image: "uuid", Seen: "old"}, copies(image), false},
		{Order{Server: "1", Op: Restore, Copy: "7", Image: "uuid", Seen: "old"}, copies(other), true},
		{Order{Server: "1", Op: Delete, Seen: "web-1"}, copies(), false},
		{Order{Server: "1", Op: Delete, Seen: "web-2"}, copies(), true},
		{Order{Server: "1", Op: Rebuild, Seen: "web-2"}, copies(), true},
		{Order{Server: "1", Op: Rescue}, Sight{Service: &zomro.Service{PowerState: zomro.PowerRescued}}, true},
		{Order{Server: "1", Op: Rescue}, copies(), false},
		{Order{Server: "1", Op: DropSchedule, Schedule: &weekly}, listed(weekly), false},
		{Order{Server: "1", Op: DropSchedule, Schedule: &weekly}, listed(critical), true},
	} {
		if got := test.order.Lacks(test.seen); got != test.lacks {
			t.Errorf("%s %q: %v, want %v", test.order.Op, test.order.Seen, got, test.lacks)
		}
	}
	price := func(amount string) *zomro.Money {
		if amount == "" {
			return nil
		}
		return &zomro.Money{Amount: decimal.RequireFromString(amount), Currency: "EUR"}
	}
	for _, test := range []struct {
		op      Op
		was, is string
		moved   bool
	}{
		{Snapshot, "0.0024", "0.0024", false},
		{Snapshot, "0.0024", "0.00240", false},
		{Snapshot, "0.0024", "9.9999", true},
		{Snapshot, "0.0024", "0.001", true},
		{Backup, "0.0024", "", true},
		{Backup, "", "0.0024", true},
		{Backup, "", "", false},
		{SetSchedule, "0.0024", "0.0048", true},
		{KeepBackups, "0.0024", "0.0048", true},
		{Resize, "1.92", "7.68", true},
		{Resize, "1.92", "1.92", false},
		{Reboot, "", "7.68", false},
		{DropSchedule, "", "7.68", false},
	} {
		o := Order{Server: "1", Op: test.op, Cost: price(test.was)}
		if got := o.Moved(price(test.is)); got != test.moved {
			t.Errorf("%s: %s, then %s: %v", test.op, test.was, test.is, got)
		}
	}
}
