package telegram

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// A kind of calls, which Telegram may limit by itself.
type kind int

const (
	newMessage kind = iota
	edit
	other
	kinds
)

// lanesKept is how many chats are remembered before idle ones are forgotten.
const lanesKept = 1024

// strictFor is how long after a refusal that was put down to the bot as a whole another
// one in the same chat is not.
const strictFor = 30 * time.Second

// pacer lets calls through at the pace that Telegram allows, as far as it has taught
// it. Each chat has a lane, in which calls go one by one in the order in which they
// came; a lane that waits does not hold up the others.
type pacer struct {
	observe Observer

	mu    sync.Mutex // guards the paces and the gates, too
	whole [kinds]gate
	lanes map[int64]*lane
}

type lane struct {
	turn  chan struct{} // holds one while a call is made; those that wait are served in order
	paces [kinds]pace
	all   pace // of calls of any kind: Telegram may count some together
	users int  // calls made or waiting, guarded by pacer.mu

	strict time.Time // until then each refusal is for the chat, though others are refused
}

func newPacer() *pacer {
	p := &pacer{lanes: make(map[int64]*lane)}
	for k := range p.whole {
		p.whole[k].turn = make(chan struct{}, 1)
	}
	return p
}

// do makes a call in a chat's lane, again and again as insist does. A call that was
// not made because ctx ended fails with ErrUnsent.
func (p *pacer) do(ctx context.Context, chat int64, k kind, harmless bool, call func() error) error {
	l := p.enter(chat)
	defer p.leave(l)
	select {
	case l.turn <- struct{}{}:
	case <-ctx.Done():
		return fmt.Errorf("%w: wait for a turn: %w", ErrUnsent, ctx.Err())
	}
	defer func() { <-l.turn }()
	return p.insist(ctx, l, k, harmless, call)
}

// ask makes a call about a chat, or about none (0), that may be repeated. It does not
// queue with the chat's calls.
func (p *pacer) ask(ctx context.Context, chat int64, call func() error) error {
	l := p.enter(chat)
	defer p.leave(l)
	return p.insist(ctx, l, other, true, call)
}

// How often a call is tried, and how long it waits in between.
const (
	attempts    = 4
	firstPause  = 500 * time.Millisecond
	longestWait = 30 * time.Second // that Telegram may ask for; anything longer is up to the caller
)

// insist makes a call at its pace until it succeeds or must not be repeated. l is the
// lane of the chat, nil for a call that has no pace: it waits for nobody and teaches
// nothing. A call that was refused because calls come too fast, or that did not reach
// Telegram, did nothing and is made again. One whose outcome is not known is made again
// only when that does no harm. The error is one of errs.go.
func (p *pacer) insist(ctx context.Context, l *lane, k kind, harmless bool, call func() error) error {
	var err error
	for attempt := 1; ; attempt++ {
		made, late := p.pass(ctx, l, k)
		if late != nil {
			return cmp.Or(err, late)
		}
		err = classify(call())
		p.learn(l, k, made, err)
		var tooMany *TooManyError
		var pause time.Duration // beyond what the pace knows
		switch {
		case errors.As(err, &tooMany):
			if tooMany.After > longestWait {
				return err
			}
			if l == nil {
				pause = tooMany.After
			}
		case errors.Is(err, ErrUnsent), harmless && errors.Is(err, ErrUncertain):
			pause = firstPause << (attempt - 1)
		default:
			return err
		}
		if attempt == attempts || p.sleep(ctx, pause) != nil {
			return err
		}
	}
}

// passing is when a call was made, and what counted before it towards a burst: of its
// kind and of any kind in the chat.
type passing struct {
	at        time.Time
	kind, any float64
}

// pass waits until a call of a kind may be made. It fails with ErrUnsent when that is
// not before ctx ends, and with a TooManyError when Telegram wants to be left alone for
// long.
func (p *pacer) pass(ctx context.Context, l *lane, k kind) (passing, error) {
	if l == nil {
		return passing{}, nil
	}
	for _, of := range []*pace{&l.paces[k], &l.all} {
		if err := p.await(ctx, func(now time.Time) (time.Time, time.Time) { return of.ready(now), of.until }); err != nil {
			return passing{}, err
		}
	}
	g := &p.whole[k]
	select {
	case g.turn <- struct{}{}:
	case <-ctx.Done():
		return passing{}, fmt.Errorf("%w: wait for a turn: %w", ErrUnsent, ctx.Err())
	}
	defer func() { <-g.turn }()
	if err := p.await(ctx, func(now time.Time) (time.Time, time.Time) { return g.ready(now), time.Time{} }); err != nil {
		return passing{}, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	g.last = now
	return passing{at: now, kind: l.paces[k].take(now), any: l.all.take(now)}, nil
}

// await waits until a call is let through. ready tells when that is, as far as is known,
// and until when Telegram wants to be left alone. What is learned meanwhile counts.
func (p *pacer) await(ctx context.Context, ready func(now time.Time) (at, until time.Time)) error {
	for {
		now := time.Now()
		p.mu.Lock()
		at, until := ready(now)
		p.mu.Unlock()
		switch {
		case !at.After(now):
			return nil
		case until.Sub(now) > longestWait && inTime(ctx, at):
			return &TooManyError{After: until.Sub(now)}
		}
		if err := p.sleep(ctx, at.Sub(now)); err != nil {
			return fmt.Errorf("%w: wait for the pace: %w", ErrUnsent, err)
		}
	}
}

// learn notes how a call was answered.
func (p *pacer) learn(l *lane, k kind, made passing, err error) {
	if l == nil {
		return
	}
	var tooMany *TooManyError
	refused := errors.As(err, &tooMany)
	now := time.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	g, own := &p.whole[k], &l.paces[k]
	own.answered(made.at, now, refused)
	l.all.answered(made.at, now, refused)
	if !refused {
		g.passed(made.at, now)
		return
	}
	own.until = later(own.until, now.Add(tooMany.After))
	of, level := own, made.kind
	onItsWay := !made.at.After(g.closed)
	switch {
	case g.probing && !onItsWay:
		// Nothing at all goes through, at whatever pace: it teaches nobody anything.
		return
	case onItsWay && l.pardon(now, own.until):
		// Others were refused at the same time, for the same reason: it is not the chat's.
		return
	case l.together(k, made):
		// Calls of other kinds used up what the chat may do: all kinds learn it.
		of, level = &l.all, made.any
	default:
		// The chat has a limit of its own for calls of this kind, or as a group for a minute.
	}
	before := of.limits
	of.refused(made.at, level, now, tooMany.After)
	if !onItsWay {
		g.note(refusal{l, now, of, before})
	}
}

// pardon reports whether a chat learns nothing from a refusal that came while others were
// refused, after which it waits until a time. That is so once in a while: chats that are
// busy at the same time may also be refused at the same time, each for itself.
func (l *lane) pardon(now, until time.Time) bool {
	if now.Before(l.strict) {
		return false
	}
	l.strict = until.Add(strictFor)
	return true
}

// together reports whether what was refused was refused for calls of other kinds:
// nothing of its own kind counted, and one of another came just before it.
func (l *lane) together(k kind, made passing) bool {
	if made.kind >= slack || len(l.paces[k].recent) >= minuteCalls {
		return false
	}
	return made.any >= 1-slack || l.all.burst > 0 && made.at.Sub(l.all.last) < 2*l.all.interval(made.at)
}

func (p *pacer) enter(chat int64) *lane {
	p.mu.Lock()
	defer p.mu.Unlock()
	l, ok := p.lanes[chat]
	if !ok {
		if len(p.lanes) >= lanesKept {
			p.forget()
		}
		unknown := pace{group: chat < 0} // groups have negative ids
		l = &lane{turn: make(chan struct{}, 1), all: unknown}
		for k := range l.paces {
			l.paces[k] = unknown
		}
		p.lanes[chat] = l
	}
	l.users++
	return l
}

func (p *pacer) leave(l *lane) {
	p.mu.Lock()
	defer p.mu.Unlock()
	l.users--
}

// forget drops the lanes that are the same as a new one; when that are few, all that
// are idle: what is forgotten will be taught again.
func (p *pacer) forget() {
	now := time.Now()
	drop := func(also func(*lane) bool) {
		for chat, l := range p.lanes {
			if l.users == 0 && also(l) {
				delete(p.lanes, chat)
			}
		}
	}
	drop(func(l *lane) bool {
		for k := range l.paces {
			if !l.paces[k].blank(now) {
				return false
			}
		}
		return l.all.blank(now)
	})
	if len(p.lanes) > lanesKept/2 {
		drop(func(*lane) bool { return true })
	}
}

// sleep is sleep, of which the observer is told.
func (p *pacer) sleep(ctx context.Context, d time.Duration) error {
	began := time.Now()
	err := sleep(ctx, d)
	p.observe.waited(time.Since(began))
	return err
}

// sleep waits, or fails when ctx ends before; at once when that is known.
func sleep(ctx context.Context, d time.Duration) error {
	if !inTime(ctx, time.Now().Add(d)) {
		return context.DeadlineExceeded
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// inTime reports whether ctx does not end before a time, as far as is known.
func inTime(ctx context.Context, at time.Time) bool {
	end, ends := ctx.Deadline()
	return !ends || !end.Before(at)
}
