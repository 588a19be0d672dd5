package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"zomrobot/telegram/emulator"
	"zomrobot/zomro/profile"
	"zomrobot/zomro/sandbox"
)

// jobScene is something that is done with servers, around which the bot is killed.
type jobScene struct {
	name    string
	furnish func(*sandbox.Sandbox)
	tries   profile.Source // the experiment of a trial that it is; "": none
	steps   []string       // of a person who is logged in: what is tapped, or said: "say …"
	points  func(passed []string) []string
	musts   []string                   // points that it passes, at which the bot is killed also while somebody works
	ended   func(*crashWorld) bool     // its end was told; nil: it is a purchase, which ends with one of ends, or tries
	ends    []string                   // what is said of the end
	holds   func(*crashWorld) []string // the faults of how it has ended
}

// jobCell is a scene during which the bot is killed at a point.
type jobCell struct {
	scene  *jobScene
	at     string   // "": at none
	passed []string // the points of the run
	faults []string // what does not hold
	missed bool     // the point was not passed this time
	chat   string
}

// TestCrashOfJobs kills the bot while something is done with servers, starts it again and
// looks at how it ends: each server was asked for at most once, and what is told at the end
// is what the vendor has done. Of a batch of three servers that are stopped it is every
// point from the tap on; of one job for each thing that can tell what was done, and of a
// server that is paid on, those around the writing calls. With make crash it is all, else one
// point of crashSparse, and those that a scene must pass.
func TestCrashOfJobs(t *testing.T) {
	if testing.Short() {
		t.Skip("kills the bot up to seventy times")
	}
	t.Parallel()
	killAtEach(t, jobScenes())
}

// anyTime ends a point that is to be passed for whichever time.
const anyTime = " #"

// isMust reports whether a point is one that has to be passed.
func isMust(point, must string) bool {
	return point == must || strings.HasSuffix(must, anyTime) && strings.HasPrefix(point, must)
}

// killAtEach kills the bot at each point of each scene.
func killAtEach(t *testing.T, scenes []jobScene) {
	t.Helper()
	texts, err := loadPhrases("en")
	if err != nil {
		t.Fatal(err)
	}
	matrix := newCrashMatrix(t, texts)
	if thinned(t) { // races are looked for in a bot that lives
		scenes = scenes[:1]
	}
	plain := make([]jobCell, len(scenes))
	for i := range scenes {
		plain[i].scene = &scenes[i]
	}
	matrix.runJobs(t.Context(), plain)
	var cells []jobCell
	for _, c := range plain {
		if len(c.faults) > 0 {
			t.Fatalf("%s, without a crash: %q\n%s", c.scene.name, c.faults, c.chat)
		}
		points := c.scene.points(c.passed)
		for _, must := range c.scene.musts {
			if !slices.ContainsFunc(points, func(p string) bool { return isMust(p, must) }) {
				t.Errorf("%s: it does not pass the point %q: %q", c.scene.name, must, c.passed)
			}
		}
		for i, point := range points {
			if matrix.takes(i) || slices.ContainsFunc(c.scene.musts, func(must string) bool { return isMust(point, must) }) {
				cells = append(cells, jobCell{scene: c.scene, at: point})
			}
		}
	}
	if thinned(t) {
		return
	}
	matrix.runJobs(t.Context(), cells)
	missed := 0
	for _, c := range cells {
		if c.missed {
			missed++
		} else if len(c.faults) > 0 {
			t.Errorf("%s, killed at %q: %q\n%s", c.scene.name, c.at, c.faults, c.chat)
		}
	}
	if missed > len(cells)/10 {
		t.Errorf("%d of %d points were not passed again", missed, len(cells))
	}
}

// runJobs runs cells, a few at a time.
func (m *crashMatrix) runJobs(ctx context.Context, cells []jobCell) {
	var running sync.WaitGroup
	free := make(chan struct{}, crashCells)
	for i := range cells {
		free <- struct{}{}
		running.Go(func() {
			defer func() { <-free }()
			for range crashTries {
				if cells[i] = m.job(ctx, cells[i].scene, cells[i].at); !cells[i].missed {
					return
				}
			}
		})
	}
	running.Wait()
}

// jobScenes are a batch, which comes first, a deed for each thing that can tell what was
// done (the server's form, the lists of copies and of schedules, the balance, and nothing;
// the batch has its state), and a server that is paid on.
func jobScenes() []jobScene {
	scenes := []jobScene{{
		name: "several are stopped",
		furnish: func(v *sandbox.Sandbox) {
			for i := range 3 {
				v.AddService(vendorLogin, fmt.Sprint("web-", i+1))
			}
		},
		steps:  []string{"say /servers", "☑️ Choose several", "☑️ All 3", "⏹ Stop", "⏹ Stop"},
		points: ofBatch,
		musts: []string{
			"write acted opened → sending, acted opened → sending, acted opened → sending | after the commit",
			"call service.stop | before sending #2", "call service.stop | carried out, the answer lost #3", "write acted looked → done | before the commit #3",
		},
		ended: (*crashWorld).batchEnded, holds: (*crashWorld).batchHolds,
	}}
	for _, name := range []string{"reverse DNS", "snapshot", "how many to keep", "larger plan", "password"} {
		scenes = append(scenes, sceneOf(deedOf(name).with("web-1")))
	}
	return append(scenes, jobScene{
		name: "it is paid on",
		furnish: func(v *sandbox.Sandbox) {
			v.SetFact(profile.LineItem, profile.Both)
			v.AddService(vendorLogin, "web-1")
		},
		steps:  []string{"say /servers web-1", "💶 Billing", "💶 Renew", "month", "🛒 Ask for the price"},
		points: ofPayment,
		musts:  []string{confirmUnsent, confirmLost},
		ends:   []string{"🎉 The server is paid until", "😕 I'm not paying for this renewal"},
		holds:  (*crashWorld).paidOnHolds,
	})
}

// ofPayment are the points around the writing calls of a server that is paid on. Before the
// call that puts it into the cart its form is read.
func ofPayment(passed []string) (points []string) {
	is := func(p string) bool { return strings.HasPrefix(p, "call service.prolong | ") }
	forms := 0
	for _, p := range passed {
		if is(p) {
			forms++
		}
	}
	for _, p := range passed {
		switch {
		case is(p):
			if forms--; forms < 2 {
				points = append(points, p)
			}
		case p == confirmUnsent, p == confirmLost, p == "write answered confirm → settling | before the commit":
			points = append(points, p)
		}
	}
	return points
}

// sceneOf is the scene of a deed with web-1.
func sceneOf(d deed) jobScene {
	call := strings.TrimSpace("call " + d.fn + " " + d.clicked)
	unsent, lost := call+" | before sending", call+" | carried out, the answer lost"
	return jobScene{
		name:    d.name,
		furnish: func(v *sandbox.Sandbox) { d.furnish(v, "web-1") },
		steps:   append([]string{"say /servers web-1"}, d.steps...),
		points: func(passed []string) []string {
			return slices.DeleteFunc(slices.Clone(passed), func(p string) bool {
				return p != unsent && p != lost && p != "write acted answered → following | before the commit" && p != "write acted looked → done | before the commit"
			})
		},
		musts: []string{lost},
		ended: func(w *crashWorld) bool { return w.told(d) != "" },
		holds: func(w *crashWorld) (faults []string) {
			sent, told := 0, w.told(d)
			for _, c := range w.vendor.Calls() {
				if d.does(c) {
					sent++
				}
			}
			if sent > 1 {
				faults = append(faults, fmt.Sprintf("it was sent %d times", sent))
			}
			done := told == isDone || told == isWaiting
			if done != (sent == 1) && (!d.untold || done) {
				faults = append(faults, fmt.Sprintf("it was sent %d times, and is told as %q", sent, told))
			}
			return faults
		},
	}
}

// isWaiting is how a larger plan is told that is there.
const isWaiting = "The new size is waiting"

// told is how a deed is told to have ended; "": it is not told.
func (w *crashWorld) told(d deed) string {
	for _, m := range slices.Backward(w.chats.Messages(anna)) {
		if !m.Bot || m.Deleted || !strings.HasPrefix(m.Text, jobMark+d.card) {
			continue
		}
		for _, end := range []string{isDone, isWaiting, isRefused, isUnknown} {
			if strings.Contains(m.Text, end) {
				return end
			}
		}
	}
	return ""
}

// paidOnHolds are the faults of how a server that is paid on has ended.
func (w *crashWorld) paidOnHolds() (faults []string) {
	bad := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	if n := carriedOut(w.vendor, "service.prolong"); n > 1 {
		bad("it was put into the cart %d times", n)
	}
	server, paid := w.vendor.Services(vendorLogin)[0], len(w.vendor.Orders(vendorLogin))
	if got, want := w.vendor.PaidUntil(vendorLogin, server.ID), server.Created.AddDate(0, 1+paid, 0); paid > 1 || !got.Equal(want) {
		bad("it was paid on %d times, until %s", paid, got)
	}
	last := ""
	for _, m := range w.chats.Messages(anna) {
		if m.Bot && !m.Deleted && w.matrix.texts.isNews(m.Text) && containsAny(m.Text, w.scene.ends) {
			last = m.Text
		}
	}
	if strings.Contains(last, w.scene.ends[0]) != (paid == 1) {
		bad("it was paid on %d times, and the last news is %q", paid, last)
	}
	if left := len(w.vendor.Cart(vendorLogin)); left > 0 && !strings.Contains(last, w.matrix.texts.itemLeft) {
		bad("%d items are left in the cart, and nobody was told", left)
	}
	return faults
}

// ofBatch are the points of a batch itself; drawings of its card are like each other.
func ofBatch(points []string) []string {
	return slices.DeleteFunc(slices.Clone(points), func(p string) bool {
		return !strings.Contains(p, "acted ") && !strings.HasPrefix(p, "call service.stop") && (!strings.Contains(p, "batch-card") || strings.Contains(p, "#"))
	})
}

// job runs a cell.
func (m *crashMatrix) job(ctx context.Context, scene *jobScene, at string) (c jobCell) {
	c.scene, c.at = scene, at
	fail := func(format string, args ...any) { c.faults = append(c.faults, fmt.Sprintf(format, args...)) }
	w, err := m.world(&crashScene{name: scene.name, clock: time.Now(), ends: scene.ends, tries: scene.tries})
	if err != nil {
		fail("%v", err)
		return c
	}
	defer w.close()
	w.at = []string{at}
	scene.furnish(w.vendor)
	err = w.launch(0, at)
	if err == nil {
		err = w.asks(ctx, scene.steps)
	}
	if err == nil && at != "" {
		if _, err = w.toItsEnd(ctx, scene); err == nil {
			w.linger()
		}
		if killed := w.kill(); err == nil {
			err = killed
		}
		passed, unread := w.passed()
		if c.missed = unread == nil && passed[len(passed)-1] != at; c.missed {
			return c
		}
		if err = errors.Join(err, unread); err == nil {
			err = w.launch(1, "")
		}
	}
	if err == nil {
		var ended bool
		if ended, err = w.toItsEnd(ctx, scene); !ended && err == nil {
			err = errors.New("the bot has ended by itself")
		}
		w.linger()
	}
	c.chat = w.chats.Transcript(anna)
	if err != nil {
		fail("%v; %s", err, w.errors.String())
		return c
	}
	if c.passed, err = w.passed(); err != nil {
		fail("%v", err)
	}
	for _, v := range slices.Concat(w.chats.Violations(), w.vendor.Violations()) {
		fail("used wrongly: %s", v)
	}
	c.faults = append(c.faults, scene.holds(w)...)
	return c
}

// toItsEnd waits until the end of a scene was told, and answers what is asked; false: the
// bot has ended before.
func (w *crashWorld) toItsEnd(ctx context.Context, scene *jobScene) (bool, error) {
	switch {
	case scene.tries != "":
		return w.tried(ctx)
	case scene.ended == nil:
		return w.drive(ctx)
	}
	return w.until(ctx, func() bool { return scene.ended(w) })
}

// asks logs in and takes the steps of a scene. What is tapped is waited for.
func (w *crashWorld) asks(ctx context.Context, steps []string) error {
	login := []string{"say /login", "Login and password", "say " + vendorLogin, "say " + vendorPassword}
	last := ""
	for i, step := range slices.Concat(login, steps) {
		if i == len(login) {
			shown := func() bool { return strings.Contains(w.chats.Transcript(anna), "Logged in") }
			if ok, err := w.until(ctx, shown); !ok {
				return fmt.Errorf("log in: %w", errors.Join(err, errNotReached))
			}
		}
		if text, typed := strings.CutPrefix(step, "say "); typed {
			if _, err := w.chats.Say(anna, anna, text); err != nil {
				return err
			}
			continue
		}
		var on emulator.Message
		var data string
		shown := func() bool {
			for _, m := range slices.Backward(w.chats.Messages(anna)) {
				if b, there := m.Button(step); there && !m.Deleted && b.Data != last {
					on, data = m, b.Data
					return true
				}
			}
			return false
		}
		if ok, err := w.until(ctx, shown); !ok {
			return fmt.Errorf("wait for %q: %w", step, errors.Join(err, errNotReached))
		}
		last = data
		if _, err := w.chats.TapData(anna, anna, on.ID, data); err != nil {
			return err
		}
	}
	return nil
}

// batchCards are the messages about the batch that are in the chat.
func (w *crashWorld) batchCards() []emulator.Message {
	return slices.DeleteFunc(w.chats.Messages(anna), func(m emulator.Message) bool {
		return !m.Bot || m.Deleted || !strings.Contains(m.Text, "3 servers: stop")
	})
}

// batchEnded reports whether the end of the batch was told.
func (w *crashWorld) batchEnded() bool {
	cards := w.batchCards()
	return len(cards) > 0 && !strings.Contains(cards[len(cards)-1].Text, "Finished:")
}

// batchHolds are the faults of how a batch has ended.
func (w *crashWorld) batchHolds() (faults []string) {
	bad := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	cards := w.batchCards()
	most := 1
	if strings.Contains(w.at[0], "batch-card") {
		most = 2 // what was sent and is not noted is sent again
	}
	if len(cards) == 0 || len(cards) > most {
		bad("%d cards of the batch are in the chat", len(cards))
		return faults
	}
	calls := map[string]int{}
	for _, call := range w.vendor.Calls() {
		if call.Func == "service.stop" {
			calls[call.Field("elid")]++
		}
	}
	told := map[string]string{} // by name: the line that names it
	for line := range strings.Lines(cards[len(cards)-1].Text) {
		for i := range 3 {
			if name := fmt.Sprint("web-", i+1); strings.Contains(line, name) {
				told[name] += line
			}
		}
	}
	for _, s := range w.vendor.Services(vendorLogin) {
		if calls[s.ID] > 1 {
			bad("%s was asked for %d times", s.Name, calls[s.ID])
		}
		stopped := s.Power == "stopped"
		switch line := told[s.Name]; {
		case strings.HasPrefix(line, "✅ Done") != stopped:
			bad("%s is stopped: %v, and it is told %q", s.Name, stopped, line)
		case !stopped && !strings.HasPrefix(line, "⚠️ Unknown"):
			bad("%s is not stopped, and it is told %q", s.Name, line)
		}
	}
	return faults
}
