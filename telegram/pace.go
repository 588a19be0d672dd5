package telegram

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// What Telegram asks of a bot: about 30 messages a second in all, one a second
// in a chat with short bursts, 20 a minute in a group. A group's burst and one
// minute of its rate make 20 together.
const (
	overallRate  = rate.Limit(30)
	overallBurst = 30
	chatRate     = rate.Limit(1)
	chatBurst    = 3
	groupRate    = rate.Limit(17.0 / 60)
	groupBurst   = 3
)

// lanesKept is how many chats are remembered before idle ones are forgotten.
const lanesKept = 1024

// pacer lets calls through at the pace that Telegram allows. Each chat has a
// lane, in which calls go one by one in the order in which they came; a lane
// that waits does not hold up the others.
type pacer struct {
	overall *rate.Limiter
	unpaced bool // calls go in order and at once

	mu    sync.Mutex
	lanes map[int64]*lane
}

type lane struct {
	turn  chan struct{} // holds one while a call is made; those that wait are served in order
	limit *rate.Limiter
	users int // calls made or waiting, guarded by pacer.mu
}

func newPacer(unpaced bool) *pacer {
	p := &pacer{overall: rate.NewLimiter(overallRate, overallBurst), unpaced: unpaced, lanes: make(map[int64]*lane)}
	if unpaced {
		p.overall.SetLimit(rate.Inf)
	}
	return p
}

// do makes a call in a chat's lane. message says that the call writes a
// message, which the chat's own pace counts. A call that was not made because
// ctx ended fails with ErrUnsent.
func (p *pacer) do(ctx context.Context, chat int64, message bool, call func() error) error {
	l := p.enter(chat)
	defer p.leave(l)
	select {
	case l.turn <- struct{}{}:
	case <-ctx.Done():
		return fmt.Errorf("%w: wait for a turn: %w", ErrUnsent, ctx.Err())
	}
	defer func() { <-l.turn }()
	if message {
		if err := l.limit.Wait(ctx); err != nil {
			return fmt.Errorf("%w: wait for the chat's pace: %w", ErrUnsent, err)
		}
	}
	if err := p.overall.Wait(ctx); err != nil {
		return fmt.Errorf("%w: wait for the bot's pace: %w", ErrUnsent, err)
	}
	return call()
}

func (p *pacer) enter(chat int64) *lane {
	p.mu.Lock()
	defer p.mu.Unlock()
	l, ok := p.lanes[chat]
	if !ok {
		if len(p.lanes) >= lanesKept {
			p.forget()
		}
		limit := rate.NewLimiter(chatRate, chatBurst)
		if chat < 0 { // groups have negative ids
			limit = rate.NewLimiter(groupRate, groupBurst)
		}
		if p.unpaced {
			limit.SetLimit(rate.Inf)
		}
		l = &lane{turn: make(chan struct{}, 1), limit: limit}
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

// forget drops the lanes that are the same as a new one.
func (p *pacer) forget() {
	for chat, l := range p.lanes {
		if l.users == 0 && l.limit.Tokens() >= float64(l.limit.Burst()) {
			delete(p.lanes, chat)
		}
	}
}

// How often a call is tried, and how long it waits in between.
const (
	attempts    = 4
	firstPause  = 500 * time.Millisecond
	longestWait = 30 * time.Second // that Telegram may ask for; anything longer is up to the caller
)

// insist makes a call until it succeeds or must not be repeated. A call that was
// refused because calls come too fast, or that did not reach Telegram, did nothing
// and is made again. One whose outcome is not known is made again only when that
// does no harm. The error is one of errs.go.
func insist(ctx context.Context, harmless bool, call func() error) error {
	pause := firstPause
	for attempt := 1; ; attempt++ {
		err := classify(call())
		wait := pause
		var tooMany *TooManyError
		switch {
		case errors.As(err, &tooMany):
			wait = tooMany.After
		case errors.Is(err, ErrUnsent), harmless && errors.Is(err, ErrUncertain):
			pause *= 2
		default:
			return err
		}
		if attempt == attempts || wait > longestWait {
			return err
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return err
		}
	}
}
