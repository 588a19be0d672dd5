package main

import (
	"testing"
	"time"

	"zomrobot/zomro"
	"zomrobot/zomro/sandbox"
)

// TestOneThingAtATimeWithACopy: a copy that a server is being restored from is not
// deleted; another one is.
func TestOneThingAtATimeWithACopy(t *testing.T) {
	t.Parallel()
	restore := deedOf("restore")
	remove := func(name string) deed {
		return deed{where: "/images", steps: []string{"📸 " + name, "🗑 Delete…", "say " + name}}
	}
	w, server := deedWorld(t, restore, sandbox.Config{WorkDelay: 10 * time.Minute})
	w.vendor.AddCopy(vendorLogin, server, zomro.KindSnapshot, "other")
	w.do(restore, "web-1")
	w.do(remove("old"), "")
	w.wantSaid(anna, "old is already busy")
	w.do(remove("other"), "")
	w.pass(time.Minute)
	w.pass(time.Minute) // one look is not enough
	w.wantSaid(anna, "other: deletion", "Done")
	w.passOver(restore)
	w.wantSaid(anna, "web-1: restoring from old", "Done")
	w.do(remove("old"), "")
	w.pass(time.Minute)
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
	for _, name := range []string{"delete a copy", "restore", "rename a copy"} {
		t.Run(name, func(t *testing.T) {
			d := deedOf(name)
			w, _ := deedWorld(t, d, sandbox.Config{})
			w.vendor.Inject(sandbox.Fault{Kind: sandbox.EmptyList, Func: "instances.snapshots", Nth: 2})
			w.do(d, "web-1")
			w.pass(time.Minute)
			w.wantSaid(anna, d.with("web-1").card, isRefused, "no longer shows it")
			if n := w.sent(d, 0); n != 0 {
				t.Errorf("it was sent %d times", n)
			}
		})
	}
}

// TestOpenListShowsWhatWasMade when that has ended, without being asked again.
func TestOpenListShowsWhatWasMade(t *testing.T) {
	t.Parallel()
	d := deedOf("snapshot")
	w, _ := deedWorld(t, d, sandbox.Config{WorkDelay: 20 * time.Second})
	w.do(d, "web-1")
	w.say(anna, "/servers web-1")
	w.tap(anna, "💾 Backups")
	if w.said(anna, "📸 daily: snapshot") {
		t.Fatal("it is made already")
	}
	w.passOver(d)
	w.wantSaid(anna, "📸 daily: snapshot")
}
