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

	"zomrobot/storage"
	"zomrobot/telegram/emulator"
)

// batchCell is a batch during which the bot is killed at a point.
type batchCell struct {
	at     string   // "": at none
	passed []string // the points of the run
	faults []string // what does not hold
	missed bool     // the point was not passed this time
	chat   string
}

// TestCrashOfABatch kills the bot at every point of a batch of three servers that are
// stopped, from the tap on, starts it again and looks at how the batch ends: each server was
// asked for at most once, and what is told of each at the end, in one message, is what the
// vendor has done. While somebody works it is killed at one point of crashSparse, and at
// those that a batch must pass.
func TestCrashOfABatch(t *testing.T) {
	if testing.Short() {
		t.Skip("kills the bot up to forty times")
	}
	t.Parallel()
	matrix := &crashMatrix{folder: storeDir(t)}
	var err error
	if matrix.key, err = storage.GenerateKey("crash"); err != nil {
		t.Fatal(err)
	}
	plain := matrix.batch(t.Context(), "")
	if len(plain.faults) > 0 {
		t.Fatalf("without a crash: %q\n%s", plain.faults, plain.chat)
	}
	if thinned(t) { // races are looked for in a bot that lives
		return
	}
	points := ofBatch(plain.passed)
	musts := []string{
		"write acted opened → sending, acted opened → sending, acted opened → sending | after the commit",
		"call service.stop | before sending #2", "call service.stop | carried out, the answer lost #3", "write acted looked → done | before the commit #3",
	}
	for _, must := range musts {
		if !slices.Contains(points, must) {
			t.Errorf("the batch does not pass the point %q", must)
		}
	}
	if sparse() {
		i := 0
		points = slices.DeleteFunc(points, func(p string) bool {
			i++
			return i%crashSparse > 0 && !slices.Contains(musts, p)
		})
	}
	var running sync.WaitGroup
	free := make(chan struct{}, crashCells)
	cells := make([]batchCell, len(points))
	for i, point := range points {
		free <- struct{}{}
		running.Go(func() {
			defer func() { <-free }()
			for range crashTries {
				if cells[i] = matrix.batch(t.Context(), point); !cells[i].missed {
					return
				}
			}
		})
	}
	running.Wait()
	missed := 0
	for _, c := range cells {
		if c.missed {
			missed++
		} else if len(c.faults) > 0 {
			t.Errorf("killed at %q: %q\n%s", c.at, c.faults, c.chat)
		}
	}
	if missed > len(cells)/10 {
		t.Errorf("%d of %d points were not passed again", missed, len(cells))
	}
}

// ofBatch are the points of a batch itself; drawings of its card are like each other.
func ofBatch(points []string) []string {
	return slices.DeleteFunc(slices.Clone(points), func(p string) bool {
		return !strings.Contains(p, "acted ") && !strings.HasPrefix(p, "call service.stop") && (!strings.Contains(p, "batch-card") || strings.Contains(p, "#"))
	})
}

// batch runs a cell.
func (m *crashMatrix) batch(ctx context.Context, at string) (c batchCell) {
	c.at = at
	fail := func(format string, args ...any) { c.faults = append(c.faults, fmt.Sprintf(format, args...)) }
	w, err := m.world(&crashScene{name: "several", clock: time.Now()})
	if err != nil {
		fail("%v", err)
		return c
	}
	defer w.close()
	for i := range 3 {
		w.vendor.AddService(vendorLogin, fmt.Sprint("web-", i+1))
	}
	err = w.launch(0, at)
	if err == nil {
		err = w.askToStop(ctx)
	}
	if err == nil && at != "" {
		if _, err = w.until(ctx, w.batchEnded); err == nil {
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
		if ended, err = w.until(ctx, w.batchEnded); !ended && err == nil {
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
	c.faults = append(c.faults, w.batchHolds(at)...)
	return c
}

// askToStop logs in, marks all servers and confirms that they are stopped.
func (w *crashWorld) askToStop(ctx context.Context) error {
	for _, step := range []struct{ say, tap, then string }{
		{say: "/login", then: "Login and password"},
		{tap: "Login and password", then: "login"},
		{say: vendorLogin, then: "assword"},
		{say: vendorPassword, then: "Logged in"},
		{say: "/servers", then: "☑️ Choose several"},
		{tap: "☑️ Choose several", then: "☑️ All 3"},
		{tap: "☑️ All 3", then: "3 marked"},
		{tap: "⏹ Stop", then: "Stop 3 servers?"},
		{tap: "⏹ Stop"},
	} {
		var err error
		if step.tap != "" {
			for _, message := range slices.Backward(w.chats.Messages(anna)) {
				if _, ok := message.Button(step.tap); ok {
					_, err = w.chats.Tap(anna, anna, message.ID, step.tap)
					break
				}
			}
		} else {
			_, err = w.chats.Say(anna, anna, step.say)
		}
		if err != nil {
			return err
		}
		if step.then == "" {
			return nil
		}
		shown := func() bool {
			return slices.ContainsFunc(w.chats.Messages(anna), func(m emulator.Message) bool {
				return m.Bot && strings.Contains(fmt.Sprint(m.Text, m.Labels()), step.then)
			})
		}
		if ok, err := w.until(ctx, shown); !ok {
			return fmt.Errorf("wait for %q: %w", step.then, errors.Join(err, errNotReached))
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
func (w *crashWorld) batchHolds(at string) (faults []string) {
	bad := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	cards := w.batchCards()
	most := 1
	if strings.Contains(at, "batch-card") {
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
