package main

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"zomrobot/zomro"
	"zomrobot/zomro/sandbox"
)

// copyDeed is something that is done with copies, from the card of the server's copies or
// from the images of the account.
type copyDeed struct {
	name, fn string
	title    string // of its card
	steps    []string
	typed    string // instead of the last tap
	images   bool   // from the images
}

// copyDeeds are all of them, each of a world of copyWorld.
var copyDeeds = []copyDeed{
	{name: "snapshot", fn: "instances.snapshots.edit", title: "web-1: snapshot snapshot-2026", steps: []string{"📸 New snapshot", "snapshot-2026-11-23-0900", "📸 New snapshot"}},
	{name: "backup", fn: "instances.fleio_bckps.edit", title: "web-1: backup backup-2026", steps: []string{"💾 New backup", "backup-2026-11-23-0900", "💾 New backup"}},
	{name: "restore", fn: "instances.fleio.rebuild", title: "web-1: restoring from old", steps: []string{"📸 old", "♻️ Restore…"}, typed: "web-1"},
	{name: "rename", fn: "image.edit", title: "web-1: old → new", steps: []string{"📸 old", "✏️ Rename", "say new", "✏️ Rename"}},
	{name: "protect", fn: "image.edit", title: "web-1: protecting old", steps: []string{"📸 old", "🔒 Protect", "🔒 Protect"}},
	{name: "delete", fn: "image.delete", title: "web-1: deleting old", steps: []string{"📸 old", "🗑 Delete…"}, typed: "old"},
	{name: "delete an image", fn: "image.delete", title: "golden: deletion", steps: []string{"💿 golden", "🗑 Delete…"}, typed: "golden", images: true},
	{name: "new schedule", fn: "instances.fleio_bckps.schedule.edit", title: "web-1: backup schedule daily", steps: []string{"🗓 Schedule", "➕ New schedule", "daily", "All", "Done", "04:00", "✅ Save schedule"}},
	{name: "another schedule", fn: "instances.fleio_bckps.schedule.edit", title: "web-1: backup schedule weekly", steps: []string{"🗓 Schedule", "🗓 weekly", "✏️ Change", "weekly", "All", "Done", "04:00", "✅ Save schedule"}},
	{name: "no schedule", fn: "instances.fleio_bckps.schedule.delete", title: "web-1: deleting schedule weekly", steps: []string{"🗓 Schedule", "🗓 weekly", "🗑 Delete schedule", "🗑 Delete schedule"}},
	{name: "keep", fn: "instances.edit", title: "web-1: scheduled backups to keep: 7", steps: []string{"🗓 Schedule", "🔢 How many to keep", "7", "✅ Keep that many"}},
}

// costs reports whether a deed costs money by the day.
func (d copyDeed) costs() bool {
	return slices.Contains([]string{"snapshot", "backup", "new schedule", "another schedule", "keep"}, d.name)
}

// copyWorld is a world with a server that has a snapshot and a schedule, an image of the
// account's own, and a person who is logged in.
func copyWorld(t *testing.T, config sandbox.Config) *world {
	t.Helper()
	w := newWorld(t, config)
	w.withCopies()
	w.login(anna)
	return w
}

func (w *world) withCopies() {
	id := w.vendor.AddService(vendorLogin, "web-1")
	w.vendor.AddCopy(vendorLogin, id, zomro.KindSnapshot, "old")
	w.vendor.AddOwnImage(vendorLogin, "golden", "iso")
	w.vendor.AddSchedule(vendorLogin, id, zomro.Backups{Name: "weekly", Days: []int{1}, Time: "02:00"})
}

// doCopies asks for a deed, and does it.
func (w *world) doCopies(d copyDeed) {
	w.t.Helper()
	if d.images {
		w.say(anna, "/images")
	} else {
		w.say(anna, "/servers")
		w.tap(anna, "🟢 web-1")
		w.tap(anna, "💾 Backups")
	}
	for _, step := range d.steps {
		if text, typed := cutSay(step); typed {
			w.say(anna, text)
			continue
		}
		w.tap(anna, step)
	}
	if d.typed != "" {
		w.say(anna, d.typed)
	}
}

func cutSay(step string) (string, bool) {
	const say = "say "
	if len(step) < len(say) || step[:len(say)] != say {
		return "", false
	}
	return step[len(say):], true
}

// sent is how often the vendor was asked to do a deed, not for its form.
func (w *world) sent(d copyDeed) int {
	n := 0
	for _, call := range w.vendor.Calls() {
		if call.Func == d.fn && (call.Field("sok") == "ok" || d.fn == "image.delete" || d.fn == "instances.fleio_bckps.schedule.delete") {
			n++
		}
	}
	return n
}

// passOver lets time go by, at first so little that a server is seen at work.
func (w *world) passOver(d time.Duration) {
	for range 6 {
		w.pass(10 * time.Second)
	}
	for range int(d/time.Minute) - 1 {
		w.pass(time.Minute)
	}
}

// How a deed is told to have ended.
const (
	isDone    = "✅ Done"
	isRefused = "❌ Not done"
	isUnknown = "It's unknown whether the request was carried out"
)

// TestCopiesAreJudgedByTheLists: whatever the vendor answers to a deed with copies, it is
// sent once, done when the lists show it, and not done, or not known to be, when they do
// not. A restoration whose answer is lost shows in nothing but that the server was at work.
func TestCopiesAreJudgedByTheLists(t *testing.T) {
	t.Parallel()
	faults := map[string]sandbox.Fault{
		"a value":  {Kind: sandbox.Reply, ErrorType: "value", ErrorText: "A wrong value"},
		"at work":  {Kind: sandbox.Reply, ErrorType: "value", ErrorObject: "runningoperation", ErrorText: "Please wait"},
		"HTTP 502": {Kind: sandbox.Status},
		"cut":      {Kind: sandbox.Drop},
		"a page":   {Kind: sandbox.HTML},
	}
	few := thinned(t)
	for _, deed := range copyDeeds {
		for name, fault := range faults {
			if few && name != "cut" {
				continue
			}
			for _, done := range []bool{true, false} {
				t.Run(fmt.Sprintf("%s, %s, done %v", deed.name, name, done), func(t *testing.T) {
					w := copyWorld(t, sandbox.Config{WorkDelay: 20 * time.Second})
					fault.Func, fault.Effect = deed.fn, done
					if deed.fn != "image.delete" && deed.fn != "instances.fleio_bckps.schedule.delete" {
						fault.Match = map[string]string{"sok": "ok"}
					}
					w.vendor.Inject(fault)
					w.doCopies(deed)
					before := len(w.vendor.Copies(vendorLogin))
					w.passOver(17 * time.Minute)
					said := name == "a value" || name == "at work"
					believed := deed.name == "restore" && name == "at work" // as of every other deed with a server
					want := isUnknown
					switch {
					case done && !believed:
						want = isDone
					case believed, said && deed.name != "restore":
						want = isRefused
					}
					w.wantSaid(anna, deed.title, want)
					for _, other := range []string{isDone, isRefused, isUnknown} {
						if other != want && w.said(anna, deed.title, other) {
							t.Errorf("it is told as %q, want %q", other, want)
						}
					}
					if n := w.sent(deed); n != 1 {
						t.Errorf("it was sent %d times", n)
					}
					if n := len(w.vendor.Copies(vendorLogin)); n != before {
						t.Errorf("there are %d copies, and were %d", n, before)
					}
				})
			}
		}
	}
}

// TestCopiesAreSentOnceWhenTheSessionDies at it: what costs money is not sent again, for it
// may have been done.
func TestCopiesAreSentOnceWhenTheSessionDies(t *testing.T) {
	t.Parallel()
	for _, deed := range copyDeeds {
		if !deed.costs() {
			continue
		}
		t.Run(deed.name, func(t *testing.T) {
			w := copyWorld(t, sandbox.Config{})
			w.vendor.Inject(sandbox.Fault{
				Kind: sandbox.Reply, Func: deed.fn, Match: map[string]string{"sok": "ok"}, ErrorType: "auth", ErrorText: "Authorization required",
				Effect: true, Expire: true,
			})
			w.doCopies(deed)
			w.passOver(3 * time.Minute)
			w.wantSaid(anna, deed.title, isDone)
			if n := w.sent(deed); n != 1 {
				t.Errorf("it was sent %d times", n)
			}
		})
	}
}

// TestCopiesKilledAroundACall: a deed whose call was not begun is sent once after the
// start; one that was begun is not sent again, and the lists tell whether it was done.
func TestCopiesKilledAroundACall(t *testing.T) {
	t.Parallel()
	few := thinned(t)
	for i, deed := range copyDeeds {
		if few && i > 1 {
			continue
		}
		for name, test := range map[string]struct {
			begun, done bool
			sent        int // calls after the start
			said        string
		}{
			"before":           {false, false, 1, isDone},
			"during, not done": {true, false, 0, isUnknown},
			"during, done":     {true, true, 0, isDone},
		} {
			t.Run(deed.name+" "+name, func(t *testing.T) {
				w := copyWorld(t, sandbox.Config{WorkDelay: 2 * time.Minute})
				fault := sandbox.Fault{Kind: sandbox.Drop, Func: deed.fn, Effect: test.done}
				if deed.fn != "image.delete" && deed.fn != "instances.fleio_bckps.schedule.delete" {
					fault.Match = map[string]string{"sok": "ok"}
				}
				w.vendor.Inject(fault)
				w.doCopies(deed)
				w.stopBot()
				w.asBeforeTheAnswer(test.begun)
				before := w.sent(deed)
				w.clock.move(time.Minute)
				w.start()
				w.settle()
				w.passOver(17 * time.Minute)
				w.wantSaid(anna, deed.title, test.said)
				if n := w.sent(deed) - before; n != test.sent {
					t.Errorf("it was sent %d times after the start, want %d", n, test.sent)
				}
			})
		}
	}
}

// TestNoCopiesWhilePurchasesAreStopped: what costs money by the day is not sent, the rest
// is.
func TestNoCopiesWhilePurchasesAreStopped(t *testing.T) {
	t.Parallel()
	for _, deed := range copyDeeds {
		t.Run(deed.name, func(t *testing.T) {
			w := newWorldWith(t, sandbox.Config{WorkDelay: time.Minute}, func(c *Config) { c.Owners = []int64{boris} })
			w.withCopies()
			w.login(anna)
			w.say(boris, "/stop_purchases maintenance at Zomro")
			w.doCopies(deed)
			w.passOver(3 * time.Minute)
			want := 1
			if deed.costs() {
				want = 0
				w.wantSaid(anna, deed.title, isRefused, "maintenance at Zomro")
			} else {
				w.wantSaid(anna, deed.title, isDone)
			}
			if n := w.sent(deed); n != want {
				t.Errorf("it was sent %d times, want %d", n, want)
			}
		})
	}
}

// TestOneThingAtATimeWithACopy: a copy that a server is being restored from is not
// deleted; another one is.
func TestOneThingAtATimeWithACopy(t *testing.T) {
	t.Parallel()
	w := copyWorld(t, sandbox.Config{WorkDelay: 10 * time.Minute})
	w.vendor.AddCopy(vendorLogin, w.vendor.Services(vendorLogin)[0].ID, zomro.KindSnapshot, "other")
	w.doCopies(copyDeed{steps: []string{"📸 old", "♻️ Restore…"}, typed: "web-1"})
	w.doCopies(copyDeed{steps: []string{"📸 old", "🗑 Delete…"}, typed: "old", images: true})
	w.wantSaid(anna, "old is already busy")
	w.doCopies(copyDeed{steps: []string{"📸 other", "🗑 Delete…"}, typed: "other", images: true})
	w.pass(time.Minute)
	w.wantSaid(anna, "other: deletion", "Done")
	w.passOver(12 * time.Minute)
	w.wantSaid(anna, "web-1: restoring from old", "Done")
	w.doCopies(copyDeed{steps: []string{"📸 old", "🗑 Delete…"}, typed: "old", images: true})
	w.pass(time.Minute)
	w.wantSaid(anna, "old: deletion", "Done")
	if n := w.called("image.delete"); n != 2 {
		t.Errorf("%d copies were deleted", n)
	}
}

// TestCopyThatIsGone before it is to be deleted is not, for nothing would tell that it was;
// and no server is emptied for one.
func TestCopyThatIsGone(t *testing.T) {
	t.Parallel()
	for _, deed := range copyDeeds {
		if deed.name != "delete" && deed.name != "restore" && deed.name != "rename" {
			continue
		}
		t.Run(deed.name, func(t *testing.T) {
			w := copyWorld(t, sandbox.Config{})
			w.vendor.Inject(sandbox.Fault{Kind: sandbox.EmptyList, Func: "instances.snapshots", Nth: 2})
			w.doCopies(deed)
			w.pass(time.Minute)
			w.wantSaid(anna, deed.title, isRefused, "no longer shows it")
			if n := w.sent(deed); n != 0 {
				t.Errorf("it was sent %d times", n)
			}
		})
	}
}
