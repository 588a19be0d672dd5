package job

import (
	"errors"
	"testing"
	"time"

	"zomrobot/chat"
	"zomrobot/zomro"
)

// TestWaitsForAnotherOperation is the table of what becomes of a job whose server is at
// another operation.
func TestWaitsForAnotherOperation(t *testing.T) {
	asked := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	busy := &Failure{Kind: zomro.Refused, Code: "value", Object: zomro.ObjectAtWork, Message: "busy"}
	occupied := func(power string) Event { return Occupied{Sight: sight(power)} }
	seen := func(power string) Event { return Looked{Sight: sight(power), Seen: true} }
	calling, refused, blind := Event(Calling{}), Event(Answered{Failure: busy}), Event(Looked{})
	type move struct {
		event Event
		after time.Duration // since it was asked for
	}
	const soon, end = 10 * time.Second, 15 * time.Minute
	for _, test := range []struct {
		name  string
		op    Op
		moves []move
		want  Stage
		sends bool
	}{
		{"refused", Start, []move{{calling, 0}, {refused, 0}}, Waiting, true},
		{"refused, at work", Start, []move{{calling, 0}, {refused, 0}, {seen("stopping"), soon}}, Waiting, true},
		{"refused, not seen", Start, []move{{calling, 0}, {refused, 0}, {blind, soon}}, Waiting, true},
		{"refused, over", Start, []move{{calling, 0}, {refused, 0}, {seen("stopped"), soon}}, Sending, true},
		{"refused, done by the other", Start, []move{{calling, 0}, {refused, 0}, {seen("active"), soon}}, Done, false},
		{"refused twice", Start, []move{{calling, 0}, {refused, 0}, {seen("stopped"), soon}, {calling, soon}, {refused, soon}}, Waiting, true},
		{"refused, at work to the end", Start, []move{{calling, 0}, {refused, 0}, {seen("stopping"), end}}, Refused, false},
		{"refused, not seen to the end", Start, []move{{calling, 0}, {refused, 0}, {blind, end}}, Refused, false},
		{"over in the end", Start, []move{{calling, 0}, {refused, 0}, {seen("stopped"), end}}, Refused, false},
		{"given up", Start, []move{{calling, 0}, {refused, 0}, {GivenUp{}, soon}}, Refused, false},
		{"about to be sent, given up", Reboot, []move{{occupied("stopping"), 0}, {seen("active"), soon}, {GivenUp{}, soon}}, Refused, false},
		{"refused for sure, once", Reboot, []move{{calling, 0}, {refused, 0}}, Waiting, false},
		{"refused for sure, once, at work", Reboot, []move{{calling, 0}, {refused, 0}, {seen("stopping"), soon}}, Waiting, false},
		{"refused for sure, once, over", Reboot, []move{{calling, 0}, {refused, 0}, {seen("active"), soon}}, Refused, false},
		{"a password of another", Rescue, []move{{calling, 0}, {refused, 0}, {seen("rescued"), soon}}, Refused, false},
		{"not sent", Reboot, []move{{occupied("stopping"), 0}}, Waiting, true},
		{"not sent, over", Reboot, []move{{occupied("stopping"), 0}, {seen("active"), soon}}, Sending, true},
		{"not sent, sent late", Snapshot, []move{{occupied("stopping"), 0}, {seen("active"), 14 * time.Minute}, {calling, 14 * time.Minute}}, Sending, true},
		{"not sent, sent too late", Snapshot, []move{{occupied("stopping"), 0}, {seen("active"), 14 * time.Minute}, {calling, 16 * time.Minute}}, Dropped, false},
		{"not sent, at work to the end", Resize, []move{{occupied("stopping"), 0}, {seen("stopping"), end}}, Refused, false},
		{"the program was down", Start, []move{{calling, 0}, {refused, 0}, {Resumed{}, soon}}, Waiting, true},
		{"the store is older", Start, []move{{calling, 0}, {refused, 0}, {Resumed{Older: true}, soon}}, Following, false},
		{"the store is older, not sent", Reboot, []move{{occupied("stopping"), 0}, {Resumed{Older: true}, soon}}, Following, false},
		{"may have been done", Start, []move{{calling, 0}, {Answered{Failure: busy, Open: true}, 0}}, Following, false},
	} {
		r := New("1", chat.Key{}, Order{Server: "1", Op: test.op}, asked)
		for i, m := range test.moves {
			is, err := Step(r, m.event, asked.Add(m.after))
			if err != nil {
				t.Fatalf("%s: move %d: %v", test.name, i, err)
			}
			r = is
		}
		if r.Stage != test.want || r.MaySend() != test.sends {
			t.Errorf("%s: %s, may be sent: %v; want %s, %v", test.name, r.Stage, r.MaySend(), test.want, test.sends)
		}
		if r.Stage == Waiting && (r.Due.IsZero() || Next(r) != Look) {
			t.Errorf("%s: nobody looks at it", test.name)
		}
		if r.Stage == Sending && r.Called.IsZero() && (Next(r) != Send || !r.LooksFirst() || r.Failure != nil) {
			t.Errorf("%s: it is not sent as it has to be", test.name)
		}
	}
}

// TestWaitingIsGivenUpOnlyWhileItLasts, and an old look tells nothing of a newer call.
func TestWaitingIsGivenUpOnlyWhileItLasts(t *testing.T) {
	asked := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	later := asked.Add(time.Minute)
	for name, test := range map[string]struct {
		r     Record
		event Event
	}{
		"sending":         {Record{Stage: Sending}, GivenUp{}},
		"sent after it":   {Record{Stage: Sending, Waited: true, Called: asked}, GivenUp{}},
		"sent":            {Record{Stage: Sending, Called: asked}, GivenUp{}},
		"followed":        {Record{Stage: Following, Called: asked}, GivenUp{}},
		"begun":           {Record{Stage: Sending, Called: asked}, Occupied{}},
		"being answered":  {Record{Stage: Sending, Called: asked}, Looked{Seen: true, Sight: sight("active"), At: later}},
		"seen before":     {Record{Stage: Following, Called: later}, Looked{Seen: true, Sight: sight("active"), At: asked}},
		"weighed before":  {Record{Order: Order{Op: Resize}, Stage: Following, Called: later}, Weighed{Seen: true, Sight: sight("active"), At: asked}},
		"over, given up":  {Record{Stage: Refused}, GivenUp{}},
		"over, at a look": {Record{Stage: Done}, Occupied{}},
	} {
		if _, err := Step(test.r, test.event, later); !errors.Is(err, ErrStale) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestBlocked says what is not sent while the server is at something, and what is not sent
// after it.
func TestBlocked(t *testing.T) {
	for _, test := range []struct {
		op             Op
		waited         bool
		power          string
		blocked, lacks bool
	}{
		{Reboot, false, "active", false, false},
		{Reboot, false, "rebooting", true, false},
		{Snapshot, false, "image_uploading", true, false},
		{Restore, false, "image_uploading", true, true}, // there is no copy
		{Resize, false, "starting", true, false},
		{Rename, false, "starting", false, false},
		{Rename, true, "starting", true, false},
		{SetSchedule, false, "starting", false, false},
		{DeleteImage, false, "starting", false, true},
		{Reboot, false, "stopped", false, false}, // the vendor says whether it can be
		{Reboot, true, "stopped", false, true},
		{Reboot, true, "active", false, false},
		{Snapshot, true, "rescued", false, true},
		{Snapshot, true, "stopped", false, false},
		{Delete, true, "stopped", false, false},
		{Delete, true, "resized", false, true},
		{Start, true, "stopped", false, false},
	} {
		r := Record{Order: Order{Server: "1", Op: test.op, Schedule: &zomro.Schedule{}}, Waited: test.waited}
		if blocked := r.Blocked(sight(test.power)); blocked != test.blocked {
			t.Errorf("%s, %s: blocked %v", test.op, test.power, blocked)
		}
		if lacks := r.Lacks(sight(test.power)); !test.blocked && lacks != test.lacks {
			t.Errorf("%s, %s: lacks %v", test.op, test.power, lacks)
		}
	}
	if r := (Record{Order: Order{Server: "1", Op: Stop}, Waited: true}); !r.Lacks(Sight{}) {
		t.Error("a server that is gone is sent something")
	}
}

// TestNoToAServer: what the vendor said no to, also because it did not let the call in, is
// told as not done only when the server shows it.
func TestNoToAServer(t *testing.T) {
	called := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	denied := Failure{Kind: zomro.Denied, Code: zomro.CodeAuth}
	says := Failure{Kind: zomro.Unknown, Code: "value", Message: "no"}
	lost := Failure{Kind: zomro.Unknown}
	form := func(value string) *zomro.ServiceDetails {
		return &zomro.ServiceDetails{Renewal: &zomro.Renewal{Value: value}}
	}
	const early, late = excluded - time.Second, excluded
	for _, test := range []struct {
		op      Op
		failure Failure
		power   string // "": it is not listed
		details *zomro.ServiceDetails
		after   time.Duration
		want    Stage
	}{
		{Start, denied, "stopped", nil, early, Following},
		{Start, denied, "stopped", nil, late, Refused},
		{Start, says, "stopped", nil, late, Refused},
		{Start, lost, "stopped", nil, late, Following},
		{Start, denied, "active", nil, early, Done},
		{Start, denied, "starting", nil, late, Following},
		{Start, denied, "", nil, late, Following},
		{Stop, denied, "active", nil, late, Refused},
		{Stop, denied, "rescued", nil, late, Following},
		{Rename, denied, "active", nil, late, Refused},
		{ReverseDNS, denied, "active", form(""), late, Refused},
		{ReverseDNS, denied, "active", nil, late, Following},
		{Renewal, denied, "active", form("1"), late, Refused},
		{Renewal, denied, "active", form("12"), early, Done},
		{Renewal, denied, "active", &zomro.ServiceDetails{}, late, Following},
		{Keep, denied, "resized", nil, late, Refused},
		{Rescue, denied, "active", nil, late, Refused},
		{Rescue, denied, "error", nil, late, Failed},
		{Unrescue, denied, "rescued", nil, late, Refused},
		{EjectISO, denied, "booted_from_iso", nil, late, Refused},
		{Delete, denied, "active", nil, late, Refused},
		{Delete, denied, "processing", nil, late, Following},
		{Reboot, denied, "active", nil, late, Unclear},
		{Password, denied, "active", nil, early, Unclear},
		{Rebuild, denied, "active", nil, late, Following},
		{Rebuild, denied, "active", nil, watched, Unclear},
	} {
		r := Record{Order: Order{Server: "1", Op: test.op, NewName: "12"}, Stage: Following, Called: called, Unsure: true, Failure: &test.failure}
		seen := Sight{Details: test.details}
		if test.power != "" {
			seen = sight(test.power)
			seen.Details = test.details
		}
		at := called.Add(test.after)
		is, err := Step(r, Looked{Sight: seen, Seen: true, At: at}, at)
		if err != nil || is.Stage != test.want {
			t.Errorf("%s, %s after %s: %s (%v), want %s", test.op, test.power, test.after, is.Stage, err, test.want)
		}
		if is.Stage == Refused && is.Failure.Denied() != test.failure.Denied() {
			t.Errorf("%s: it is told as %+v", test.op, *is.Failure)
		}
	}
}

// TestDecidedOtherwise is the table of what is told of deciding about a new size when somebody
// else decides meanwhile: it is done only if the server shows the plan that was asked for.
func TestDecidedOtherwise(t *testing.T) {
	asked := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	busy := Answered{Failure: &Failure{Kind: zomro.Refused, Object: zomro.ObjectAtWork}}
	lost := Answered{Failure: &Failure{Kind: zomro.Unknown}, Open: true}
	const larger, former = "Birch Intel| NL-3", "Nova | NL-3"
	for _, test := range []struct {
		op     Op
		label  string
		answer Answered
		plan   string
		after  time.Duration
		want   Stage
		code   string
	}{
		{Keep, larger, busy, "Birch Intel | NL-3", time.Minute, Done, ""},
		{Keep, larger, busy, former, time.Minute, Refused, CodeDecided},
		{Rollback, larger, busy, former, time.Minute, Done, ""},
		{Rollback, larger, busy, "Birch Intel | NL-3", time.Minute, Refused, CodeDecided},
		{Keep, larger, Answered{}, larger, time.Minute, Done, ""},
		{Keep, larger, Answered{}, former, excluded, Following, ""},
		{Keep, larger, Answered{}, former, watched, Late, ""},
		{Keep, larger, lost, larger, time.Minute, Done, ""},
		{Keep, larger, lost, former, time.Minute, Following, ""},
		{Keep, larger, lost, former, excluded, Refused, CodeDecided},
		{Keep, "", busy, former, time.Minute, Unclear, ""},
		{Keep, "", Answered{}, former, time.Minute, Done, ""},
		{Keep, "", lost, former, time.Minute, Unclear, ""},
	} {
		r := New("1", chat.Key{}, Order{Server: "1", Op: test.op, Label: test.label}, asked)
		s := zomro.Service{ID: "1", Status: zomro.StatusActive, PowerState: zomro.PowerActive, Plan: test.plan}
		at := asked.Add(test.after)
		for _, e := range []Event{Calling{}, test.answer, Looked{Sight: Sight{Service: &s}, Seen: true, At: at}} {
			is, err := Step(r, e, at)
			if _, looked := e.(Looked); !looked {
				is, err = Step(r, e, asked)
			}
			if err != nil {
				t.Fatal(err)
			}
			r = is
		}
		code := ""
		if r.Failure != nil && r.Stage == Refused {
			code = r.Failure.Code
		}
		if r.Stage != test.want || code != test.code {
			t.Errorf("%s %q, %s after %s: %s %q, want %s %q", test.op, test.label, test.plan, test.after, r.Stage, code, test.want, test.code)
		}
	}
}

// TestNobodyCouldLook: what waited until the end is told as what was seen last, or as unseen,
// and can be asked again either way.
func TestNobodyCouldLook(t *testing.T) {
	asked := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	for seen, code := range map[bool]string{true: "", false: CodeUnseen} {
		r := Record{Order: Order{Server: "1", Op: Reboot}, Stage: Waiting, Waited: true, Asked: asked, Failure: &atWork}
		is, err := Step(r, Looked{Sight: sight("stopping"), Seen: seen}, asked.Add(waits))
		if err != nil || is.Stage != Refused || is.Failure.Code != code || !is.Crossed() {
			t.Errorf("seen %v: %+v, %v", seen, is, err)
		}
	}
}
