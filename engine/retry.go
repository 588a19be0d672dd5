package engine

import (
	"errors"
	"time"

	"zomrobot/telegram"
)

// How long what failed waits before it is tried again.
const (
	answerPause = 100 * time.Millisecond // an answer to a call: until it is on disk a crash loses it
	firstPause  = time.Second
	lastPause   = 5 * time.Minute
)

// progressError is a failure after something was got done: the next pause is the first
// one again.
type progressError struct{ error }

func (p progressError) Unwrap() error { return p.error }

// retry does something until it succeeds or the engine stops, of which it returns the
// last error. The pauses between the attempts double, beginning with first, up to
// lastPause; a pause that Telegram asks for is kept. failed is told of each before it.
func (e *Engine) retry(first time.Duration, do func() error, failed func(err error, pause time.Duration)) error {
	for next := first; ; next = min(2*next, lastPause) {
		err := do()
		if err == nil || e.ctx.Err() != nil {
			return err
		}
		if errors.As(err, new(progressError)) {
			next = first
		}
		pause := next
		if tooMany := new(telegram.TooManyError); errors.As(err, &tooMany) {
			pause = max(pause, tooMany.After)
		}
		failed(err, pause)
		select {
		case <-e.ctx.Done():
			return err
		case <-e.after(pause):
		}
	}
}
