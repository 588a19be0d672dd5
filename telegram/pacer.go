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
	answer // to a press
	kinds
)

// lanesKept is how many chats are remembered before idle ones are forgotten.
const lanesKept = 1024

// When a refusal is for the bot as a whole and not for the chat: nothing in the chat
// counted before it, and so many calls of the bot did; or it is the last of so many like
// that, which came one soon after the other, to one chat and another.
const (
	wholeCalls  = 5
	severalOnes = 3
	soonAfter   = time.Second
)

// pacer lets calls through at the pace that Telegram allows, as far as it has taught
// it. Each chat has a lane, in which calls go one by one in the order in which they
// came; a lane that waits does not hold up the others.
type pacer struct {
	mu      sync.Mutex // guards the paces, too
	whole   [kinds]gate
	refused [kinds]refusal
	lanes   map[int64]*lane
}

// gate is the pace of the bot as a whole. Calls pass it in the order in which they came.
type gate struct {
	pace
	turn chan struct{} // holds one while a call waits
}

// refusal is the last one of a kind: how many came soon after each other, each to
// another chat than the one before it.
type refusal struct {
	lane *lane
	at   time.Time
	row  int
}

type lane struct {
	turn  chan struct{} // holds one while a call is made; those that wait are served in order
	paces [kinds]pace
	all   pace // of calls of any kind: Telegram may count some together
	users int  // calls made or waiting, guarded by pacer.mu
}

func newPacer() *pacer {
	p := &pacer{lanes: make(map[int64]*lane)}
	for k := range p.whole {
		p.whole[k] = gate{pace: pace{usual: wholeEvery, most: wholeBurst}, turn: make(chan struct{}, 1)}
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
// lane of the chat, nil for the answer to a press. A call that was refused because calls
// come too fast, or that did not reach Telegram, did nothing and is made again. One whose
// outcome is not known is made again only when that does no harm. The error is one of
// errs.go.
func (p *pacer) insist(ctx context.Context, l *lane, k kind, harmless bool, call func() error) error {
	var err error
	for attempt := 1; ; attempt++ {
		at, late := p.pass(ctx, l, k)
		if late != nil {
			return cmp.Or(err, late)
		}
		err = classify(call())
		after := p.learn(l, k, at, err)
		var pause time.Duration // beyond what the pace knows
		switch {
		case after > 0:
		case errors.Is(err, ErrUnsent), harmless && errors.Is(err, ErrUncertain):
			pause = firstPause << (attempt - 1)
		default:
			return err
		}
		if attempt == attempts || after > longestWait || sleep(ctx, pause) != nil {
			return err
		}
	}
}

// passing is when a call was made, and what counted before it towards a burst: of its
// kind and of any kind in the chat, and of its kind in all.
type passing struct {
	at               time.Time
	kind, any, whole float64
}

// pass waits until a call of a kind may be made. It fails with ErrUnsent when that is
// not before ctx ends, and with a TooManyError when Telegram wants to be left alone for
// long.
func (p *pacer) pass(ctx context.Context, l *lane, k kind) (passing, error) {
	if l != nil {
		for _, of := range []*pace{&l.paces[k], &l.all} {
			if err := p.await(ctx, of); err != nil {
				return passing{}, err
			}
		}
	}
	g := &p.whole[k]
	select {
	case g.turn <- struct{}{}:
	case <-ctx.Done():
		return passing{}, fmt.Errorf("%w: wait for a turn: %w", ErrUnsent, ctx.Err())
	}
	defer func() { <-g.turn }()
	if err := p.await(ctx, &g.pace); err != nil {
		return passing{}, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	made := passing{at: time.Now()}
	made.whole = g.take(made.at)
	if l != nil {
		made.kind, made.any = l.paces[k].take(made.at), l.all.take(made.at)
	}
	return made, nil
}

// await waits until a pace lets a call through. What is learned meanwhile counts.
func (p *pacer) await(ctx context.Context, of *pace) error {
	for {
		now := time.Now()
		p.mu.Lock()
		at, asked := of.ready(now), of.until.Sub(now)
		p.mu.Unlock()
		switch end, ends := ctx.Deadline(); {
		case !at.After(now):
			return nil
		case ends && end.Before(at):
			return fmt.Errorf("%w: wait for the pace: %w", ErrUnsent, context.DeadlineExceeded)
		case asked > longestWait:
			return &TooManyError{After: asked}
		}
		if err := sleep(ctx, at.Sub(now)); err != nil {
			return fmt.Errorf("%w: wait for the pace: %w", ErrUnsent, err)
		}
	}
}

// learn notes how a call was answered. It returns how long Telegram wants to be left
// alone, 0 when it does not say so.
func (p *pacer) learn(l *lane, k kind, made passing, err error) (after time.Duration) {
	var tooMany *TooManyError
	refused := errors.As(err, &tooMany)
	now := time.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	whole := &p.whole[k].pace
	if l != nil {
		l.paces[k].answered(made.at, now, refused)
		l.all.answered(made.at, now, refused)
	}
	switch {
	case !refused:
		return 0
	case l == nil, made.any < slack && (made.whole >= wholeCalls || p.several(l, k, now)):
		whole.refused(made.at, made.whole, now, tooMany.After)
	case l.together(k, made):
		l.all.refused(made.at, made.any, now, tooMany.After)
	default:
		l.paces[k].refused(made.at, made.kind, now, tooMany.After)
	}
	return tooMany.After
}

// together reports whether what was refused was refused for calls of other kinds:
// nothing of its own kind counted, and one of another came just before it.
func (l *lane) together(k kind, made passing) bool {
	if made.kind >= slack || len(l.paces[k].recent) >= minuteCalls {
		return false
	}
	return made.any >= 1-slack || l.all.burst > 0 && made.at.Sub(l.all.last) < 2*l.all.interval(made.at)
}

// several notes the refusal of a chat, and reports whether others were refused at the
// same time.
func (p *pacer) several(l *lane, k kind, now time.Time) bool {
	last := &p.refused[k]
	switch {
	case last.lane == nil || now.Sub(last.at) > soonAfter:
		last.row = 1
	case last.lane != l:
		last.row++
	}
	last.lane, last.at = l, now
	return last.row >= severalOnes
}

func (p *pacer) enter(chat int64) *lane {
	p.mu.Lock()
	defer p.mu.Unlock()
	l, ok := p.lanes[chat]
	if !ok {
		if len(p.lanes) >= lanesKept {
			p.forget()
		}
		unknown := pace{usual: chatEvery, group: chat < 0} // groups have negative ids
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

// sleep waits, or fails when ctx ends before.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
