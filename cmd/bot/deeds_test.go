package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"zomrobot/storage"
	"zomrobot/zomro"
	"zomrobot/zomro/sandbox"
)

// deed is something done with a server, its copies and schedules, an image or a key: one
// writing call. {} stands for the name of the server, the image or the key.
type deed struct {
	name  string   // in plain words
	fn    string   // of the vendor that does it
	form  bool     // without sok it only shows its form
	where string   // the command that it is asked for after; "": the card of the server
	steps []string // what is tapped, or said: "say …"
	card  string   // what the job's card calls it

	state    string // of the server before; "": it runs
	clicked  string // what the call says was clicked, where the crashes want to know it
	password bool   // goes with the call, and is kept no longer
	spends   bool   // at once, or by the day: it is sent once, whatever is answered
	once     bool   // so is this, which destroys or interrupts something
	untold   bool   // nothing that is seen tells that it was done; to keep a size, as the bot has not made it
	alone    bool   // the balance tells, so that nothing else may be done meanwhile
}

// deedPassword is one that a person types for a deed.
const deedPassword = "Rescue-Me-4471"

// deeds are all of them, each of a world of deedWorld.
var deeds = []deed{
	{name: "start", fn: "service.start", state: "stopped", steps: []string{"▶️ Start", "▶️ Start"}, card: "{}: start"},
	{name: "stop", fn: "service.stop", steps: []string{"⏹ Stop", "⏹ Stop"}, card: "{}: stop"},
	{name: "reboot", once: true, fn: "service.reboot", steps: []string{"🔁 Reboot", "🔁 Reboot"}, card: "{}: reboot"},
	{name: "rename", fn: "instances.edit", form: true, steps: []string{"⋯ More", "✏️ Rename", "say new-{}", "✏️ Rename"}, card: "{}"},
	{name: "reverse DNS", fn: "instances.edit", clicked: "ok", form: true, steps: []string{"🌐 Network", "✏️ Set reverse DNS", "say mail.example.com", "✏️ Set reverse DNS"}, card: "{}: reverse DNS mail.example.com"},
	{name: "auto-renewal", fn: "instances.edit", form: true, steps: []string{"💶 Billing", "🔁 Auto-renewal", "off", "✅ Change auto-renewal"}, card: "{}: auto-renewal: off"},
	{name: "password", once: true, fn: "instances.fleio.changepassword", clicked: "ok", form: true, password: true, untold: true, steps: []string{"⋯ More", "🔑 Change password", "say " + deedPassword, "🔑 Change password"}, card: "{}: password change"},
	{name: "rebuild", once: true, fn: "instances.fleio.rebuild", form: true, password: true, steps: []string{"⋯ More", "💿 Reinstall", "Debian 13", "say " + deedPassword, "💿 Reinstall"}, card: "{}: reinstallation (Debian 13)"},
	{name: "larger plan", fn: "service.changepricelist.getmoney", clicked: "finish", spends: true, alone: true, steps: []string{"⋯ More", "📈 Larger plan", "Birch Intel| NL-3 · €1.92", "📈 Larger plan"}, card: "{}: upgrade"},
	{name: "keep the new size", fn: "instances.confirm.resize", form: true, state: "resized", untold: true, steps: []string{"✅ Keep new size", "✅ Keep new size"}, card: "{}: keeping the new size"},
	{name: "rescue", once: true, fn: "instances.fleio.rescue", form: true, password: true, steps: []string{"⋯ More", "🛟 Rescue mode", "Debian 13", "say " + deedPassword, "🛟 Rescue mode"}, card: "{}: rescue mode (Debian 13)"},
	{name: "boot from ISO", once: true, fn: "instances.fleio.boot_from_iso", form: true, steps: []string{"⋯ More", "📀 Boot from ISO", "SystemRescue 12", "📀 Boot from ISO"}, card: "{}: boot from ISO (SystemRescue 12)"},
	{name: "leave rescue", once: true, fn: "instances.fleio.unrescue", state: "rescued", steps: []string{"↩️ Leave rescue mode", "↩️ Leave rescue mode"}, card: "{}: leaving rescue mode"},
	{name: "delete", once: true, fn: "instances.delete", steps: []string{"⋯ More", "🗑 Delete…", "say {}"}, card: "{}: deletion"},

	{name: "snapshot", fn: "instances.snapshots.edit", form: true, spends: true, steps: []string{"💾 Backups", "📸 New snapshot", "say daily", "📸 New snapshot"}, card: "{}: snapshot daily"},
	{name: "backup", fn: "instances.fleio_bckps.edit", form: true, spends: true, steps: []string{"💾 Backups", "💾 New backup", "say daily", "💾 New backup"}, card: "{}: backup daily"},
	{name: "restore", once: true, fn: "instances.fleio.rebuild", form: true, steps: []string{"💾 Backups", "📸 old", "♻️ Restore…", "say {}"}, card: "{}: restoring from old"},
	{name: "rename a copy", fn: "image.edit", form: true, steps: []string{"💾 Backups", "📸 old", "✏️ Rename", "say new", "✏️ Rename"}, card: "{}: old → new"},
	{name: "protect a copy", fn: "image.edit", form: true, steps: []string{"💾 Backups", "📸 old", "🔒 Protect", "🔒 Protect"}, card: "{}: protecting old"},
	{name: "delete a copy", once: true, fn: "image.delete", steps: []string{"💾 Backups", "📸 old", "🗑 Delete…", "say old"}, card: "{}: deleting old"},
	{name: "delete an image", once: true, fn: "image.delete", where: "/images", steps: []string{"say golden-{}", "💿 golden-{}", "🗑 Delete…", "say golden-{}"}, card: "golden-{}: deletion"},
	{name: "new schedule", fn: "instances.fleio_bckps.schedule.edit", form: true, spends: true, steps: []string{"💾 Backups", "🗓 Schedule", "➕ New schedule", "daily", "All", "Done", "04:00", "✅ Save schedule"}, card: "{}: backup schedule daily"},
	{name: "change a schedule", fn: "instances.fleio_bckps.schedule.edit", form: true, spends: true, steps: []string{"💾 Backups", "🗓 Schedule", "🗓 weekly", "✏️ Change", "weekly", "All", "Done", "04:00", "✅ Save schedule"}, card: "{}: backup schedule weekly"},
	{name: "delete a schedule", once: true, fn: "instances.fleio_bckps.schedule.delete", steps: []string{"💾 Backups", "🗓 Schedule", "🗓 weekly", "🗑 Delete schedule", "🗑 Delete schedule"}, card: "{}: deleting schedule weekly"},
	{name: "how many to keep", fn: "instances.edit", clicked: "ok", form: true, spends: true, steps: []string{"💾 Backups", "🗓 Schedule", "🔢 How many to keep", "7", "✅ Keep that many"}, card: "{}: scheduled backups to keep: 7"},

	{name: "rename a key", fn: "sshkeys.edit", form: true, where: "/keys", steps: []string{"🔑 {}", "✏️ Rename", "say new-{}"}},
	{name: "delete a key", fn: "sshkeys.delete", where: "/keys", steps: []string{"🔑 {}", "🗑 Delete", "🗑 Yes, delete it"}},
}

// ofKey reports whether a deed is no job: it is told at once.
func (d deed) ofKey() bool { return d.card == "" }

// deedOf is the deed of a name.
func deedOf(name string) deed {
	return deeds[slices.IndexFunc(deeds, func(d deed) bool { return d.name == name })]
}

// with is the deed of one server, image or key.
func (d deed) with(name string) deed {
	d.card = strings.ReplaceAll(d.card, "{}", name)
	d.steps = slices.Clone(d.steps)
	for i := range d.steps {
		d.steps[i] = strings.ReplaceAll(d.steps[i], "{}", name)
	}
	return d
}

// hit is a fault at the deed's call.
func (d deed) hit(fault sandbox.Fault) sandbox.Fault {
	fault.Func = d.fn
	if d.form {
		fault.Match = map[string]string{"sok": "ok"}
	}
	return fault
}

// does reports whether a call is of those that do the deed.
func (d deed) does(c sandbox.Call) bool {
	return c.Func == d.fn && (!d.form || c.Field("sok") == "ok")
}

// furnish gives the account what a deed is done with, and returns its id: a key, or a
// server that has a snapshot and a schedule, with an image beside it.
func (d deed) furnish(v *sandbox.Sandbox, name string) (id string) {
	if d.ofKey() {
		return v.AddKey(vendorLogin, name, demoKey)
	}
	id = v.AddService(vendorLogin, name)
	if d.state != "" {
		v.SetPower(vendorLogin, id, d.state)
	}
	v.AddCopy(vendorLogin, id, zomro.KindSnapshot, "old")
	v.AddOwnImage(vendorLogin, "golden-"+name, "iso")
	v.AddSchedule(vendorLogin, id, zomro.Backups{Name: "weekly", Days: []int{1}, Time: "02:00"})
	return id
}

// deedWorld is a world with what a deed is done with, named web-1, and a person who is
// logged in.
func deedWorld(t *testing.T, d deed, config sandbox.Config) (w *world, server string) {
	t.Helper()
	w = newWorld(t, config)
	server = d.furnish(w.vendor, "web-1")
	w.login(anna)
	return w, server
}

// do asks for a deed, and does it.
func (w *world) do(d deed, name string) {
	w.t.Helper()
	if d.where != "" {
		w.say(anna, d.where)
	} else {
		w.say(anna, "/servers "+name)
	}
	for _, step := range d.with(name).steps {
		if text, typed := strings.CutPrefix(step, "say "); typed {
			w.say(anna, text)
		} else {
			w.tap(anna, step)
		}
	}
}

// sent is how often the vendor was asked to do a deed since a call, not for its form.
func (w *world) sent(d deed, since int) int {
	n := 0
	for _, call := range w.vendor.Calls() {
		if call.Number > since && d.does(call) {
			n++
		}
	}
	return n
}

// passOver lets more time go by than a server is watched, at first so little that it is
// seen at work, and returns how often the vendor was asked to do a deed meanwhile.
func (w *world) passOver(d deed) (sent int) {
	w.t.Helper()
	for _, pause := range []time.Duration{10, 10, 10, 10, 10, 10, 60, 60, 60, 400, 400} {
		last := w.lastCall() // only so many are remembered
		w.pass(pause * time.Second)
		sent += w.sent(d, last)
	}
	return sent
}

// How a deed is told to have ended.
const (
	isDone    = "✅ Done"
	isRefused = "❌ Not done"
	isUnknown = "It's unknown whether the request was carried out"
)

// deedsHead is the second part of the page of faults, which TestDeedFaults holds.
const deedsHead = `## What is done with servers, images and keys

Each row is a writing call about a server, its copies and schedules, an image or a key; in each cell is how it was told to have ended, in the message that says so. That the vendor did not let somebody in, or said no, is no proof that nothing was done: what the server and the lists show decides. Whatever is answered, a call is sent once, with two exceptions, for what neither spends money nor destroys or interrupts anything: it is sent again after a new login when the session had ended, and once another operation on the server is over that it was refused for. "Lost" is an answer that did not come, and one that is an HTML page. Calls that ended alike share a row.

`

// deedFaults are the columns of the table, and the faults of each.
var deedFaults = []struct {
	title  string
	faults []sandbox.Fault
}{
	{"the vendor says no, and has not done it", []sandbox.Fault{documented("value", "", "A wrong value")}},
	{"the vendor says no, and has done it", []sandbox.Fault{done(documented("value", "", "A wrong value"))}},
	{"another operation runs", []sandbox.Fault{documented("value", "runningoperation", "Please wait")}},
	{"lost, done", []sandbox.Fault{{Kind: sandbox.Drop, Effect: true}, {Kind: sandbox.HTML, Effect: true}}},
	{"lost, not done", []sandbox.Fault{{Kind: sandbox.Drop}, {Kind: sandbox.HTML}}},
	{"the session has ended", []sandbox.Fault{{Kind: sandbox.Reply, ErrorType: "auth", ErrorText: "Authorization required", Expire: true}}},
}

// deedCell is how one deed ended that a fault has hit.
type deedCell struct {
	column int
	fault  sandbox.Fault
	name   string
	told   string
	sent   int
}

// TestDeedFaults does each deed against a vendor that answers its call badly, and compares
// what is told at the end with docs/faults.md. All cells of a deed are in one world.
func TestDeedFaults(t *testing.T) {
	t.Parallel()
	few := thinned(t)
	rows := make([][]string, len(deeds))
	var mu sync.Mutex
	whole := t.Run("deed", func(t *testing.T) {
		for i, d := range deeds {
			if few && i%thinTo > 0 {
				continue
			}
			t.Run(d.name, func(t *testing.T) {
				t.Parallel()
				row := deedRow(t, d)
				mu.Lock()
				defer mu.Unlock()
				rows[i] = row
			})
		}
	})
	if !whole || slices.ContainsFunc(rows, func(row []string) bool { return row == nil }) {
		return // cells failed, or only some of them were to be run
	}
	var b strings.Builder
	b.WriteString(deedsHead + "| call |")
	for _, c := range deedFaults {
		b.WriteString(" " + c.title + " |")
	}
	b.WriteString("\n|" + strings.Repeat("---|", 1+len(deedFaults)) + "\n")
	for i, row := range rows {
		if slices.IndexFunc(rows, func(other []string) bool { return slices.Equal(other, row) }) < i {
			continue // it is in the row of the first
		}
		var calls []string
		for j, other := range rows {
			if slices.Equal(other, row) {
				calls = append(calls, fmt.Sprintf("%s (`%s`)", deeds[j].name, deeds[j].fn))
			}
		}
		fmt.Fprintf(&b, "| %s | %s |\n", strings.Join(calls, "; "), strings.Join(row, " | "))
	}
	holdFaults(t, deedsHead[:strings.Index(deedsHead, "\n")], b.String())
}

// deedRow does a deed once for each fault, and returns what is told at the end, by column.
func deedRow(t *testing.T, d deed) []string {
	t.Helper()
	var cells []deedCell
	for i, c := range deedFaults {
		for _, fault := range c.faults {
			cells = append(cells, deedCell{column: i, fault: fault, name: fmt.Sprint("web-", len(cells)+1)})
		}
	}
	if !d.ofKey() { // a session that is said to have ended, and has not kept it from being done
		cells = append(cells, deedCell{column: 3, fault: done(deedFaults[5].faults[0]), name: "web-9"})
	}
	together := [][]deedCell{cells}
	if d.alone {
		together = slices.Collect(slices.Chunk(cells, 1))
	}
	for _, cells := range together {
		deedWorldOf(t, d, cells)
	}
	row := make([]string, len(deedFaults))
	for _, c := range cells {
		switch {
		case row[c.column] == "":
			row[c.column] = c.told
		case !strings.Contains(row[c.column], c.told):
			row[c.column] += "<br>or " + c.told
		}
	}
	return row
}

// deedWorldOf does a deed for each cell, in one world.
func deedWorldOf(t *testing.T, d deed, cells []deedCell) {
	t.Helper()
	w := newWorld(t, sandbox.Config{WorkDelay: 20 * time.Second})
	w.login(anna)
	for i := range cells {
		c := &cells[i]
		last := w.lastCall()
		key := d.furnish(w.vendor, c.name)
		hit := w.vendor.Inject(d.hit(c.fault))
		w.do(d, c.name)
		c.sent = w.sent(d, last)
		if hit.Hits() != 1 {
			t.Fatalf("the fault was hit %d times:\n%s", hit.Hits(), w.chats.Transcript(anna))
		}
		if d.ofKey() {
			c.told = w.cellOf(c.name, "")
			w.say(anna, "/cancel")
			w.vendor.RemoveKey(vendorLogin, key)
		}
	}
	if !d.ofKey() {
		want := len(slices.DeleteFunc(slices.Clone(cells), func(c deedCell) bool { return !c.later(d) }))
		if again := w.passOver(d); again != want {
			t.Errorf("it was sent %d times more, want %d", again, want)
		}
	}
	for i := range cells {
		c := &cells[i]
		if !d.ofKey() {
			c.told = w.cellOf(c.name, jobMark)
		}
		c.check(t, d)
	}
	if strings.Contains(w.logs.String(), deedPassword) {
		t.Error("the log has the password")
	}
}

// later reports whether a deed is sent again once the other operation is over that it was
// certainly refused for.
func (c deedCell) later(d deed) bool {
	return c.fault.ErrorObject == zomro.ObjectAtWork && !d.spends && !d.once && !d.ofKey() && d.fn != "image.edit"
}

// check holds what is told to what was done.
func (c *deedCell) check(t *testing.T, d deed) {
	t.Helper()
	again := c.fault.Expire && !d.spends && !d.once
	switch carriedOut := c.fault.Effect || again || c.later(d); {
	case strings.Contains(c.told, "✅") && !carriedOut:
		t.Errorf("%s: it was not done, and is told as %q", deedFaults[c.column].title, c.told)
	case strings.Contains(c.told, isRefused) && carriedOut:
		t.Errorf("%s: it was done, and is told as %q", deedFaults[c.column].title, c.told)
	}
	if want := map[bool]int{false: 1, true: 2}[again]; c.sent != want {
		t.Errorf("%s: it was sent %d times, want %d", deedFaults[c.column].title, c.sent, want)
	}
}

// jobMark begins the card of a job.
const jobMark = "⚙️ "

// cellOf is the newest message that begins with a mark and names something, as a cell of
// the table: without a job's title, the state of the server, and what that means.
func (w *world) cellOf(name, mark string) string {
	w.t.Helper()
	for _, m := range slices.Backward(w.chats.Messages(anna)) {
		title, text, _ := strings.Cut(m.Text, "\n")
		if !m.Bot || m.Deleted || !strings.HasPrefix(title, mark) || !strings.Contains(title, name) {
			continue
		}
		if mark == "" {
			text = title
		}
		var lines []string
		for line := range strings.SplitSeq(text, "\n") {
			if line != "" && !strings.Contains(line, " State: ") && !containsAny(line, ofState) {
				lines = append(lines, line)
			}
		}
		return strings.NewReplacer(name, "web-1", "A wrong value", "(…)", "Authorization required", "(…)", "|", "\\|").Replace(strings.Join(lines, " "))
	}
	w.t.Fatalf("nothing was told:\n%s", w.chats.Transcript(anna))
	return ""
}

// ofState are what is said of a server's state, whatever was done with it.
var ofState = []string{"A stopped server costs", "A rescue system is running", "The server is running from an ISO image"}

// TestDeedsKilledAroundACall: what is on disk when the program is killed before, and during,
// the call of a deed. Before it, it is sent, if it is not too late; during it, it is not sent
// again, and what the account shows tells whether it was done.
func TestDeedsKilledAroundACall(t *testing.T) {
	t.Parallel()
	few := thinned(t)
	for i, d := range deeds {
		if d.ofKey() || few && i%thinTo > 0 {
			continue
		}
		undone := isUnknown
		if d.alone {
			undone = isRefused // the balance says so
		}
		done := isDone
		switch {
		case d.untold:
			done = isUnknown
		case d.alone:
			done = isWaiting
		}
		again := done
		if d.untold {
			again = isDone // this one is answered
		}
		for name, test := range map[string]struct {
			begun, done bool
			down        time.Duration // how long the bot was not running
			sent        int           // calls after the start
			said        string
		}{
			"before":           {false, false, time.Minute, 1, again},
			"before, long ago": {false, false, time.Hour, 0, "Not sent"},
			"during, not done": {true, false, time.Minute, 0, undone},
			"during, done":     {true, true, time.Minute, 0, done},
		} {
			if d.password && !test.begun {
				continue // its password went with the answer, which cannot be undone here
			}
			if test.down == time.Hour && d.name != "reboot" {
				continue // what is to be done does not matter to that
			}
			t.Run(d.name+" "+name, func(t *testing.T) {
				t.Parallel()
				w, _ := deedWorld(t, d, sandbox.Config{WorkDelay: 2 * time.Minute})
				w.vendor.Inject(d.hit(sandbox.Fault{Kind: sandbox.Drop, Effect: test.done}))
				w.do(d, "web-1")
				w.stopBot()
				w.asBeforeTheAnswer(test.begun)
				last := w.lastCall()
				w.clock.move(test.down)
				w.start()
				w.settle()
				n := w.sent(d, last) + w.passOver(d)
				w.wantSaid(anna, d.with("web-1").card, test.said)
				if n != test.sent {
					t.Errorf("it was sent %d times after the start, want %d", n, test.sent)
				}
				if strings.Contains(w.logs.String(), deedPassword) {
					t.Error("the log has the password")
				}
			})
		}
	}
}

// TestWaitsWithItsPassword for another operation, also when the program is restarted meanwhile,
// and is sent once.
func TestWaitsWithItsPassword(t *testing.T) {
	t.Parallel()
	d := deedOf("rebuild")
	w, server := deedWorld(t, d, sandbox.Config{WorkDelay: 2 * time.Minute})
	last := d
	d.steps = d.steps[:len(d.steps)-1]
	w.do(d, "web-1")
	w.vendor.SetPower(vendorLogin, server, "rebooting")
	w.tap(anna, last.steps[len(last.steps)-1])
	w.wantSaid(anna, "Another operation is running")
	w.restart()
	w.pass(time.Minute)
	if n := w.sent(d, 0); n != 0 {
		t.Errorf("it was sent %d times while another operation ran", n)
	}
	w.vendor.SetPower(vendorLogin, server, zomro.PowerActive)
	n := w.passOver(d)
	w.wantSaid(anna, d.with("web-1").card, isDone)
	if n != 1 {
		t.Errorf("it was sent %d times", n)
	}
}

// TestWaitsAsLongAsItMay: what waits for another operation is not sent after the right to it
// has gone.
func TestWaitsAsLongAsItMay(t *testing.T) {
	t.Parallel()
	t.Run("logged out", func(t *testing.T) {
		w := newWorld(t, sandbox.Config{})
		server := w.vendor.AddService(vendorLogin, "web-1")
		w.login(anna)
		w.say(anna, "/servers web-1")
		w.tap(anna, "🔁 Reboot")
		w.vendor.SetPower(vendorLogin, server, "processing")
		w.tap(anna, "🔁 Reboot")
		w.wantSaid(anna, "Another operation is running")
		w.say(anna, "/logout")
		w.tap(anna, "Log out")
		w.wantSaid(anna, "Not done", "account is not connected")
		w.login(anna)
		w.vendor.SetPower(vendorLogin, server, "active")
		w.pass(2 * time.Minute)
		if n := w.called("service.reboot"); n != 0 {
			t.Errorf("it was sent %d times", n)
		}
	})
	t.Run("removed from the group", func(t *testing.T) {
		w := newWorld(t, sandbox.Config{ActivationDelay: time.Minute})
		w.newGroup([]int64{anna, dave, carol})
		w.login(anna)
		w.makeTeam(anna)
		w.sayIn(anna, teamChat, shortOrder)
		w.sayIn(anna, teamChat, "/confirm")
		for range 4 {
			w.pass(time.Minute)
		}
		server := w.vendor.Services(vendorLogin)[0].ID
		w.sayIn(carol, teamChat, "/servers web-1")
		w.tapIn(carol, teamChat, "🔁 Reboot", "")
		w.vendor.SetPower(vendorLogin, server, "processing")
		w.tapIn(carol, teamChat, "🔁 Reboot", "")
		if err := w.chats.Kick(anna, teamChat, carol); err != nil {
			t.Fatal(err)
		}
		w.settle()
		w.vendor.SetPower(vendorLogin, server, "active")
		w.pass(2 * time.Minute)
		if n := w.called("service.reboot"); n != 0 || !strings.Contains(w.chats.Transcript(teamChat), "role") {
			t.Errorf("it was sent %d times:\n%s", n, w.chats.Transcript(teamChat))
		}
	})
}

// TestNoSpendingWhilePurchasesAreStopped: what costs money, at once or by the day, is not
// sent; the rest is.
func TestNoSpendingWhilePurchasesAreStopped(t *testing.T) {
	t.Parallel()
	for _, d := range deeds {
		if !d.spends && d.name != "stop" && d.name != "delete a copy" {
			continue
		}
		t.Run(d.name, func(t *testing.T) {
			w := newWorldWith(t, sandbox.Config{WorkDelay: time.Minute}, func(c *Config) { c.Owners = []int64{boris} })
			d.furnish(w.vendor, "web-1")
			w.login(anna)
			w.say(boris, "/stop_purchases maintenance at Zomro")
			w.do(d, "web-1")
			n := w.sent(d, 0) + w.passOver(d)
			want := 1
			if d.spends {
				want = 0
				w.wantSaid(anna, d.with("web-1").card, isRefused, "maintenance at Zomro")
			} else {
				w.wantSaid(anna, d.with("web-1").card, isDone)
			}
			if n != want {
				t.Errorf("it was sent %d times, want %d", n, want)
			}
		})
	}
}

// asBeforeTheAnswer puts the action that is in the store back to what it was
// before its call was answered or, unless it was begun, announced.
func (w *world) asBeforeTheAnswer(begun bool) {
	w.t.Helper()
	store, err := w.openStore(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	found := 0
	err = store.Scan(w.t.Context(), "action/", "", func(key string, value []byte) (bool, error) {
		var record map[string]any
		if err := json.Unmarshal(value, &record); err != nil {
			return false, err
		}
		found++
		record["stage"] = "sending"
		if !begun {
			delete(record, "called")
		}
		return true, store.Update(w.t.Context(), func(tx storage.Tx) error { return storage.Put(tx, key, record) })
	})
	if err = errors.Join(err, store.Close()); err != nil || found != 1 {
		w.t.Fatalf("%d actions: %v", found, err)
	}
}
