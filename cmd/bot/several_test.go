package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"zomrobot/audit"
	"zomrobot/job"
	"zomrobot/storage"
	"zomrobot/telegram/emulator"
	"zomrobot/zomro/sandbox"
)

// stopAll has a person ask to stop all servers of their account, up to the question.
func (w *world) stopAll(person int64, n int) {
	w.t.Helper()
	w.say(person, "/servers")
	w.tap(person, "☑️ Choose several")
	w.tap(person, fmt.Sprint("☑️ All ", n))
	w.tap(person, "⏹ Stop")
}

// withServers is a world of a person who has so many servers.
func withServers(t *testing.T, n int, config sandbox.Config) *world {
	t.Helper()
	w := newWorld(t, config)
	for i := range n {
		w.vendor.AddService(vendorLogin, fmt.Sprint("web-", i+1))
	}
	w.login(anna)
	return w
}

// perServer is how often a function was called for each server.
func (w *world) perServer(function string) map[string]int {
	calls := map[string]int{}
	for _, call := range w.vendor.Calls() {
		if call.Func == function {
			calls[call.Field("elid")]++
		}
	}
	return calls
}

// wantOnce fails unless a function was called once for each of n servers.
func (w *world) wantOnce(function string, n int) {
	w.t.Helper()
	calls := w.perServer(function)
	for id, times := range calls {
		if times != 1 {
			w.t.Errorf("%s was called %d times for server %s", function, times, id)
		}
	}
	if len(calls) != n {
		w.t.Errorf("%s was called for %d servers, want %d", function, len(calls), n)
	}
}

// TestManyTapsStopServersOnce: ten taps on the question's answer make one batch, with a
// line in the record for each server.
func TestManyTapsStopServersOnce(t *testing.T) {
	t.Parallel()
	w := withServers(t, 3, sandbox.Config{WorkDelay: 20 * time.Second})
	w.stopAll(anna, 3)
	messages := w.chats.Messages(anna)
	card := messages[len(messages)-1]
	yes, _ := card.Button("⏹ Stop")
	for range 10 {
		if _, err := w.chats.TapData(anna, anna, card.ID, yes.Data); err != nil {
			t.Fatal(err)
		}
	}
	w.settle()
	w.wantSaid(anna, "3 servers: stop", "Finished: 0 of 3", "in progress: web-1, web-2 and web-3")
	w.pass(20 * time.Second)
	w.wantSaid(anna, "3 servers: stop", "Done: web-1, web-2 and web-3")
	w.wantOnce("service.stop", 3)
	lines := map[string][]string{}
	for _, line := range w.book(fmt.Sprint("user/", anna)) {
		deed, err := line.Read()
		if err != nil {
			t.Fatal(err)
		}
		if acted, ok := deed.(audit.Acted); ok {
			lines[acted.Server] = append(lines[acted.Server], acted.Step)
		}
	}
	for _, s := range w.vendor.Services(vendorLogin) {
		if got := strings.Join(lines[s.ID], " "); got != "opened called answered looked" {
			t.Errorf("the record of server %s has the steps %q", s.ID, got)
		}
	}
}

// TestServersAreStoppedOneAfterTheOther: while the call for one is under way, none is made
// for another, of this batch or the next; a purchase from the same account does not wait.
func TestServersAreStoppedOneAfterTheOther(t *testing.T) {
	t.Parallel()
	w := withServers(t, 6, sandbox.Config{WorkDelay: 20 * time.Second})
	w.say(anna, "/servers")
	w.tap(anna, "☑️ Choose several")
	for _, name := range []string{"web-1", "web-2", "web-3", "web-4"} {
		w.tap(anna, "🟢 "+name)
	}
	w.tap(anna, "⏹ Stop")
	held := w.vendor.Inject(sandbox.Fault{Kind: sandbox.Hold, Func: "service.stop", Nth: 2})
	if err := w.tapNewest(anna, "⏹ Stop"); err != nil {
		t.Fatal(err)
	}
	<-held.Hit()
	if _, err := w.chats.Say(anna, anna, "/servers"); err != nil {
		t.Fatal(err)
	}
	// What is tapped is there once what is awaited is.
	for _, step := range []struct{ awaited, label string }{
		{"Refresh", "☑️ Choose several"}, {"☑️ All 6", "🟢 web-5"}, {"✓ 🟢 web-5", "🟢 web-6"}, {"✓ 🟢 web-6", "🔁 Reboot"}, {"Reboot 2 servers?", "🔁 Reboot"},
	} {
		w.until(func() bool {
			return slices.ContainsFunc(w.chats.Messages(anna), func(m emulator.Message) bool {
				return m.Bot && !m.Deleted && strings.Contains(fmt.Sprint(m.Text, m.Labels()), step.awaited)
			})
		})
		if err := w.tapNewest(anna, step.label); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.chats.Say(anna, anna, shortOrder); err != nil {
		t.Fatal(err)
	}
	w.until(func() bool { return w.tapNewest(anna, "✅ Order for €5.76") == nil })
	w.untilCalled("cartorder.create.confirm", 1)
	if n := w.called("service.stop") + w.called("service.reboot"); n != 2 {
		t.Errorf("%d calls were made while one was held", n)
	}
	held.Release()
	w.settle()
	w.pass(time.Minute)
	w.wantSaid(anna, "Done: web-1, web-2, web-3 and web-4")
	w.wantOnce("service.stop", 4)
	w.wantOnce("service.reboot", 2)
}

// TestBatchGoesOnAfterARestart: what was not sent is sent, what was is not sent again, and
// the card goes on.
func TestBatchGoesOnAfterARestart(t *testing.T) {
	t.Parallel()
	w := withServers(t, 3, sandbox.Config{WorkDelay: 20 * time.Second})
	w.stopAll(anna, 3)
	held := w.vendor.Inject(sandbox.Fault{Kind: sandbox.Hold, Func: "service.stop", Nth: 2})
	if err := w.tapNewest(anna, "⏹ Stop"); err != nil {
		t.Fatal(err)
	}
	<-held.Hit()
	stopped := make(chan error)
	go func(stop func() error) { stopped <- stop() }(w.stop)
	held.Release()
	if err := <-stopped; err != nil {
		t.Fatal(err)
	}
	w.start()
	w.until(w.chats.Polling)
	w.settle()
	w.pass(time.Minute)
	w.pass(time.Minute)
	w.wantSaid(anna, "3 servers: stop", "Done: web-1, web-2 and web-3")
	w.wantOnce("service.stop", 3)
}

// TestBusyServersAreSkipped: with those with which something is being done it is not done,
// and the card says so; when there is no other, too.
func TestBusyServersAreSkipped(t *testing.T) {
	t.Parallel()
	w := withServers(t, 2, sandbox.Config{})
	w.say(anna, "/servers")
	w.tap(anna, "🟢 web-1")
	w.tap(anna, "🔁 Reboot")
	w.tap(anna, "🔁 Reboot") // is watched from now on
	w.stopAll(anna, 2)
	w.tap(anna, "⏹ Stop")
	w.wantSaid(anna, "2 servers: stop", "Skipped, busy with another action: web-1", "in progress: web-2")
	w.pass(10 * time.Second)
	w.wantSaid(anna, "Skipped, busy with another action: web-1", "Done: web-2")
	w.wantOnce("service.stop", 1)
	w.pass(3 * time.Minute) // the reboot is over
	w.tap(anna, "🔁 Try again: 1")
	w.wantSaid(anna, "Stop web-1?")
	w.tap(anna, "⏹ Stop")
	w.pass(10 * time.Second)
	w.wantSaid(anna, "web-1: stop", "Done")
	w.wantOnce("service.stop", 2)

	busy := withServers(t, 2, sandbox.Config{})
	for range 2 {
		busy.say(anna, "/servers")
		busy.tap(anna, "☑️ Choose several")
		busy.tap(anna, "☑️ All 2")
		busy.tap(anna, "🔁 Reboot")
		busy.tap(anna, "🔁 Reboot")
	}
	busy.wantSaid(anna, "2 servers: reboot", "Skipped, busy with another action: web-1 and web-2")
	busy.wantOnce("service.reboot", 2)
}

// TestAsManyServersAsCanBe: fifty of sixty are stopped, each by one call; the list is read
// for all of them at once, and the card is one message that fits.
func TestAsManyServersAsCanBe(t *testing.T) {
	t.Parallel()
	w := withServers(t, job.MostAtOnce+10, sandbox.Config{WorkDelay: 20 * time.Second})
	w.stopAll(anna, job.MostAtOnce+10)
	w.wantSaid(anna, fmt.Sprintf("Stop %d servers?", job.MostAtOnce))
	w.tap(anna, "⏹ Stop")
	reads := w.called("instances")
	w.pass(20 * time.Second)
	w.wantSaid(anna, fmt.Sprintf("%d servers: stop", job.MostAtOnce), "Done: web-1, web-2", "web-50")
	w.wantOnce("service.stop", job.MostAtOnce)
	// Who comes while the list is read shares the next look: there are no more looks than
	// jobs, and with many at once far fewer.
	most := job.MostAtOnce / 2
	if onCluster(w.url) { // a commit takes longer there than the sandbox's list
		most = 2 * job.MostAtOnce
	}
	if n := w.called("instances") - reads; n > most {
		t.Errorf("the list was read %d times", n)
	}
	cards := 0
	for _, m := range w.chats.Messages(anna) {
		if m.Bot && !m.Deleted && strings.Contains(m.Text, "servers: stop") {
			cards++
			if n := len(utf16.Encode([]rune(m.Text))); n > 4096 {
				t.Errorf("the card takes %d", n)
			}
		}
	}
	if cards != 1 {
		t.Errorf("%d cards are left", cards)
	}
}

// TestBatchIsOfItsChat: the button that does it again does nothing elsewhere.
func TestBatchIsOfItsChat(t *testing.T) {
	t.Parallel()
	w := withServers(t, 2, sandbox.Config{})
	w.vendor.Inject(sandbox.Fault{Kind: sandbox.Reply, Func: "service.stop", ErrorType: "value", ErrorObject: "runningoperation", ErrorText: "Busy."})
	w.stopAll(anna, 2)
	w.tap(anna, "⏹ Stop")
	w.tap(anna, "✖ Stop waiting")
	w.pass(10 * time.Second)
	messages := w.chats.Messages(anna)
	again, ok := messages[len(messages)-1].Button("🔁 Try again: 1")
	if !ok {
		t.Fatalf("nothing can be done again:\n%s", w.chats.Transcript(anna))
	}
	w.vendor.AddAccount("boris@example.com", "Boris-Secret-1", eur(50))
	w.say(boris, "/login")
	w.tap(boris, "Логин и пароль")
	w.say(boris, "boris@example.com")
	w.say(boris, "Boris-Secret-1")
	w.say(boris, "/servers")
	theirs := slices.Clone(w.chats.Messages(boris))
	if _, err := w.chats.TapData(boris, boris, theirs[len(theirs)-1].ID, again.Data); err != nil {
		t.Fatal(err)
	}
	w.settle()
	theirs = w.chats.Messages(boris)
	if last := theirs[len(theirs)-1]; !strings.Contains(last.Text, "Ваши серверы") || w.said(boris, "web-") {
		t.Errorf("somebody else is asked:\n%s", w.chats.Transcript(boris))
	}
	w.wantOnce("service.stop", 2)
}

// TestDamagedBatch: its card is not shown any more; each job goes on to its end all the
// same, and what comes next is shown.
func TestDamagedBatch(t *testing.T) {
	t.Parallel()
	w := withServers(t, 2, sandbox.Config{WorkDelay: 20 * time.Second})
	w.stopAll(anna, 2)
	w.tap(anna, "⏹ Stop")
	w.stopBot()
	if w.spoil("batch/") != 1 {
		t.Fatal("nothing was spoilt")
	}
	w.start()
	w.settle()
	w.pass(time.Minute)
	w.say(anna, "/servers")
	w.tap(anna, "☑️ Choose several")
	w.tap(anna, "☑️ All 2")
	w.tap(anna, "▶️ Start")
	w.tap(anna, "▶️ Start")
	w.pass(time.Minute)
	w.wantSaid(anna, "2 servers: start", "Done: web-1 and web-2")
}

// TestBatchWithADamagedJob: the others end, and the card says so.
func TestBatchWithADamagedJob(t *testing.T) {
	t.Parallel()
	w := withServers(t, 3, sandbox.Config{WorkDelay: 20 * time.Second})
	w.stopAll(anna, 3)
	w.tap(anna, "⏹ Stop")
	w.stopBot()
	store, err := w.openStore(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	spoilt := ""
	find := store.Scan(t.Context(), "action/", "", func(key string, value []byte) (bool, error) {
		r, err := storage.Decode[job.Record](key, value)
		if r.Order.Name == "web-2" {
			spoilt = key
		}
		return true, err
	})
	spoil := store.Update(t.Context(), func(tx storage.Tx) error { return storage.Put(tx, spoilt, []int{1}) })
	if err := errors.Join(find, spoil, store.Close()); err != nil {
		t.Fatal(err)
	}
	w.start()
	w.settle()
	w.clock.move(time.Minute)
	if _, err := w.program.Engine.Sweep(t.Context()); !storage.Damaged(err) {
		t.Errorf("what cannot be read is not said: %v", err)
	}
	w.settle()
	w.wantSaid(anna, "3 servers: stop", "Done: web-1 and web-3")
	w.wantOnce("service.stop", 3)
}
