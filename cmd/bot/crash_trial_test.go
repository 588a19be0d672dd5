package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	trialflow "zomrobot/conversation/trial"
	"zomrobot/engine"
	"zomrobot/storage"
	"zomrobot/trial"
	"zomrobot/zomro"
	"zomrobot/zomro/profile"
	"zomrobot/zomro/sandbox"
)

// trialOver is the point at which an experiment has come to its end.
const trialOver = "trial over"

// tryInChild carries out an experiment as an owner does, in the bot that may be killed:
// it begins it, and once more when it was cut short.
func tryInChild(ctx context.Context, e *engine.Engine, source profile.Source, passed *points) {
	again := false
	for ; ctx.Err() == nil; <-time.After(20 * time.Millisecond) {
		told, err := e.TrialNow(ctx, trier, "")
		if err != nil || told.Refused != "" {
			continue // the account is not connected yet
		}
		run, end := told.Record.Running, told.Record.Done[source]
		if source == profile.BySession {
			run = told.Record.Idle
		}
		switch {
		case run == nil && end.How == trial.Lost && !again:
			again = true
			_, _ = e.Trial(ctx, trier, trialflow.Run{Source: source})
		case run == nil && end.How != "" && (end.How != trial.Lost || !told.Record.Refresh):
			passed.pass("%s: %s %v", trialOver, end.How, end.Failure)
			return
		case run == nil && told.Record.ID == "":
			_, _ = e.Trial(ctx, trier, trialflow.Begin{})
		case run == nil && !told.Record.Refresh:
			_, _ = e.Trial(ctx, trier, trialflow.Run{Source: source})
		case run != nil && run.Stage == trial.Consenting:
			amount := ""
			if run.Cost != nil {
				amount = run.Cost.Amount.String()
			}
			_, _ = e.Trial(ctx, trier, trialflow.Consent{Source: source, Amount: amount})
		}
	}
}

// trialScenes are experiments that write, at the gate some of them. One of them has a vendor that wants the other id
// of a row, and one whose confirm pays the whole cart.
func trialScenes() []jobScene {
	scene := func(source profile.Source, furnish func(*sandbox.Sandbox), musts ...string) jobScene {
		return jobScene{
			name: "trial: " + string(source), tries: source,
			furnish: func(v *sandbox.Sandbox) {
				v.AddService(vendorLogin, "old")
				if furnish != nil {
					furnish(v)
				}
			},
			points: ofTrial,
			musts:  append(musts, "write tried add called → called | before the commit"),
			holds:  func(w *crashWorld) []string { return w.trialHolds(source) },
		}
	}
	const sent, lost = " | before sending", " | carried out, the answer lost"
	scenes := []jobScene{
		scene(profile.ByCart, nil, "call cart delete"+sent, "call cart delete"+lost),
		scene(profile.ByPoor, func(v *sandbox.Sandbox) {
			v.SetBalance(vendorLogin, zomro.Money{Amount: eur(0).Amount, Currency: "EUR"})
		}, confirmUnsent, confirmLost),
		scene(profile.ByBuy, nil),
		scene(profile.ByTwo, nil),
	}
	scenes[2].musts = []string{"write acted opened → sending | before the commit"}
	scenes[3].musts = []string{"write tried add-second called → called | before the commit"}
	idle := scene(profile.BySession, nil)
	idle.musts = []string{
		"call auth" + lost + anyTime, // the account may have been logged in again before
		"write tried keep called → called | before the commit", "call logon" + sent,
	}
	scenes = append(scenes, idle)
	if whole() { // which write as the first does
		two := scene(profile.ByCount, nil)
		two.musts = []string{"write tried add-two called → called | before the commit"}
		scenes = append(scenes, two, scene(profile.ByPromo, nil))
	}
	return scenes
}

// tried waits until the bot has ended, and reports whether that was because an experiment has.
func (w *crashWorld) tried(ctx context.Context) (bool, error) {
	select {
	case <-w.gone:
	case <-time.After(crashPatient):
		return false, errNotReached
	case <-ctx.Done():
		return false, ctx.Err()
	}
	passed, err := w.passed()
	return slices.ContainsFunc(passed, func(p string) bool { return strings.HasPrefix(p, trialOver) }), err
}

// ofTrial are the points from the consent to the end: each side of each write that the trial
// makes, of those that are alike the first, and around each call that writes. Those of its
// purchase are those of any purchase.
func ofTrial(passed []string) []string {
	from := slices.IndexFunc(passed, func(p string) bool { return strings.HasPrefix(p, "write tried agreed ") })
	to := slices.IndexFunc(passed, func(p string) bool {
		return strings.Contains(p, "tried ended ") && strings.HasSuffix(p, "after the commit")
	})
	if from < 0 || to < from {
		return nil
	}
	calls := []string{"v2.instances.order.param", "cart"}
	if slices.ContainsFunc(passed, func(p string) bool { return strings.HasPrefix(p, "write tried confirm called ") }) {
		calls = append(calls, "cartorder.create.confirm")
	}
	if slices.ContainsFunc(passed, func(p string) bool { return strings.HasPrefix(p, "write tried login called ") }) {
		calls = []string{"auth", "keepalive", "logon"} // which ends it
	}
	bought := false // its purchase is open
	return slices.DeleteFunc(slices.Clone(passed[from:to+1]), func(p string) bool {
		what, side, _ := strings.Cut(p, " | ")
		words := strings.Fields(what)
		bought = bought || words[1] == "opened"
		switch {
		case bought && words[0] == "call" && words[1] == "v2.instances.order.param": // the purchase's
			return true
		case words[0] == "call":
			reads := len(words) == 2 && words[1] == "cart"
			return !slices.Contains(calls, words[1]) || reads && (side != "carried out, the answer lost")
		case strings.HasPrefix(side, "before the commit #"), side == "committed, nobody is told": // it is made twice, to see that it can be
			return true
		case words[1] == "tried", words[1] == "acted" && words[2] == "opened", words[1] == "opened":
			return false
		default:
			return !slices.Contains(words, "trial") || strings.Contains(p, "#")
		}
	})
}

// trialHolds are the faults of how an experiment has ended.
func (w *crashWorld) trialHolds(source profile.Source) (faults []string) {
	bad := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	most := map[profile.Source]int{profile.ByBuy: 1, profile.ByTwo: 1}[source]
	if paid := len(w.vendor.Orders(vendorLogin)); paid > most {
		bad("%d orders were paid", paid)
	}
	rows := w.vendor.Cart(vendorLogin)
	// Two rows that no answer has named are taken for nobody's: the person is asked to look.
	asked := source == profile.ByCount && len(rows) == 2 && strings.Contains(w.chats.Transcript(anna), "This may be mine and is still in the cart")
	if len(rows) > 0 && !asked {
		bad("in the cart is %+v", rows)
	}
	for _, s := range w.vendor.Services(vendorLogin) {
		if s.Name != "old" {
			bad("the server %s is there", s.Name)
		}
	}
	kept, unread := w.sessionsKept()
	passed, err := w.passed()
	if err = errors.Join(err, unread); err != nil {
		bad("%v", err)
	}
	if len(kept) > 0 {
		bad("the session of the trial is kept: %q", kept)
	}
	over := slices.IndexFunc(passed, func(p string) bool { return strings.HasPrefix(p, trialOver) })
	ends := trialOver + ": " + string(trial.Done)
	if asked { // beside which it cannot be begun once more
		ends = trialOver + ": " + string(trial.Failed)
	}
	if over < 0 || !strings.HasPrefix(passed[over], ends) {
		bad("it has not ended well: %q", passed[max(over, 0):])
	}
	return faults
}

// sessionsKept names the sessions of trials that the bot has left in its store.
func (w *crashWorld) sessionsKept() ([]string, error) {
	store, err := openLeft(context.Background(), w.url, w.matrix.keys)
	if err != nil {
		return nil, err
	}
	kept, err := storage.Keys(context.Background(), store, "trial-session/")
	return kept, errors.Join(err, store.Close())
}

// TestCrashOfTrials kills the bot while it tries the vendor, starts it again and looks at how
// it ends: nothing is bought that nobody agreed to, nothing is left in the cart of which nobody is
// told, and what was cut short is begun once more and done.
func TestCrashOfTrials(t *testing.T) {
	if testing.Short() {
		t.Skip("kills the bot up to a hundred times")
	}
	t.Parallel()
	killAtEach(t, trialScenes())
}
