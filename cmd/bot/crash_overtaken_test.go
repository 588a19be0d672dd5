package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"syscall"
	"time"
)

// overtakings are cells in which the bot is stopped at a point of the payment until another
// one has taken over, at all of them or at a few.
func overtakings(scene *crashScene, points []string, few bool) (cells []crashCell) {
	from := slices.IndexFunc(points, func(p string) bool { return strings.HasPrefix(p, "write called confirm ") })
	to := slices.IndexFunc(points, func(p string) bool { return strings.Contains(p, " → paid | after") })
	if from < 0 || to < from {
		return nil
	}
	for _, point := range slices.Concat([]string{addUnsent}, points[from:to+1]) {
		if !few || slices.Contains(sampled, point) {
			cells = append(cells, crashCell{scene: scene, at: []string{point}, overtaken: true})
		}
	}
	return cells
}

// overtake has a bot stop at the point, as a machine that sleeps, and another one take over
// once its lease has ended. Then the first one goes on where it was, and has to end by itself:
// nothing of what it was about to do is done.
func (w *crashWorld) overtake(ctx context.Context) (all [][]string, err error) {
	active := func(n int) bool {
		return strings.Count(w.errors.String(), "this bot is the active one now") >= n
	}
	if err := w.launch(0, w.at[0]); err != nil {
		return nil, err
	}
	first, gone, log := w.command, w.gone, w.log
	defer func() {
		_ = first.Process.Kill()
		<-gone
	}()
	if ok, err := w.until(ctx, func() bool { return active(1) }); !ok {
		return nil, errors.Join(errors.New("the bot does not begin"), err)
	}
	w.clock = w.clock.Add(w.speed * time.Since(w.launched))
	w.url += "2" // its mark: the other bot has one of its own
	if err := w.launch(1, ""); err != nil {
		return nil, err
	}
	if _, err := w.driveTo(ctx, func() bool { return active(2) || w.ended() }); err != nil {
		return nil, err
	}
	if !active(2) {
		return nil, errors.Join(errNotReached, w.kill())
	}
	if err := first.Process.Signal(syscall.SIGCONT); err != nil {
		return nil, err
	}
	ended, err := w.drive(ctx)
	if err == nil && !ended {
		err = w.endedByItself()
	}
	select {
	case <-gone:
		if code := first.ProcessState.ExitCode(); code != exitFailed || !strings.Contains(w.errors.String(), errTakenOver.Error()) {
			err = errors.Join(err, fmt.Errorf("the bot that was stopped ended with %d", code))
		}
	case <-time.After(crashPatient):
		err = errors.Join(err, errors.New("the bot that was stopped goes on"))
	}
	w.linger()
	err = errors.Join(err, w.kill())
	passed, unread := w.passed()
	w.log = log
	before, lost := w.passed()
	return [][]string{before, passed}, errors.Join(err, unread, lost, wentOn(before, w.at[0]))
}

// wentOn is an error if a bot that was stopped at a point, and overtaken, has done what it was
// about to do there, or has begun and done anything since.
func wentOn(passed []string, at string) error {
	begun := map[string]bool{}
	for i, point := range passed[max(0, slices.Index(passed, at)):] {
		what, side, _ := strings.Cut(point, " | ")
		switch {
		case strings.HasPrefix(side, "before"):
			begun[what] = true
		case i > 0 && begun[what]:
			return fmt.Errorf("the bot that was stopped has come to %q", point)
		}
	}
	return nil
}
