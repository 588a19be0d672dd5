package engine

import (
	"time"

	"zomrobot/purchase"
)

// Observer is told what the engine does, for whoever counts it. What it is told holds
// nothing of a person. Its functions must be safe for concurrent use and return at once;
// one that is nil is not called.
type Observer struct {
	// Spent is told how long a part of a turn took. PartCommit comes once for each turn
	// that was committed, PartSend once for each post that was carried out.
	Spent func(part Part, took time.Duration)
	// Opened is told of each purchase that was opened.
	Opened func()
	// Ended is told of each purchase that came to its end, with its last state.
	Ended func(outcome purchase.State)
}

// Part is what a turn spends time on.
type Part string

// The parts of a turn, in order.
const (
	PartWait   Part = "wait"   // until its transaction is its own
	PartRead   Part = "read"   // the dialogue out of the store
	PartDecide Part = "decide" // the step of the dialogue, and writing down what follows
	PartCommit Part = "commit" // until that is on disk
	PartSend   Part = "send"   // carrying out one thing that follows, in Telegram: with its pace
)

// stopwatch measures the parts of a turn; nil: nobody wants to know.
type stopwatch struct {
	spent func(Part, time.Duration)
	since time.Time
}

func (e *Engine) stopwatch() *stopwatch {
	if e.observe.Spent == nil {
		return nil
	}
	return &stopwatch{e.observe.Spent, time.Now()}
}

// lap ends a part; the next one begins.
func (s *stopwatch) lap(part Part) {
	if s == nil {
		return
	}
	now := time.Now()
	s.spent(part, now.Sub(s.since))
	s.since = now
}

// observed tells what became of purchases in a transaction that is committed.
func (t *transaction) observed() {
	o := t.engine.observe
	if o.Opened != nil {
		for range t.begun {
			o.Opened()
		}
	}
	if o.Ended != nil {
		for _, outcome := range t.ended {
			o.Ended(outcome)
		}
	}
}
