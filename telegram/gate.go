package telegram

import (
	"slices"
	"time"
)

// A refusal is for the bot as a whole when so many chats are refused within so long.
const (
	severalChats = 3
	severalIn    = 2 * time.Second
)

// How fast the bot as a whole may go after that. Until a call goes through, one is tried
// now and then, in whatever chat has one to make. Then it goes a little slower than what
// went through in the second before the refusals. That many are needed to say
// anything; fewer were not refused for their rate. The rate grows again with what goes
// through, for what looked like it need not have been the rate. One that is not needed
// for long is forgotten.
const (
	probeEvery = 250 * time.Millisecond
	wholeLeast = 10   // calls in a second
	wholeSlack = 1.05 // of an interval: clocks and networks hesitate
	wholeGrows = 4 * time.Second
	wholeStep  = 1.25                 // times the rate
	wholeEnds  = 5 * time.Millisecond // between calls: there is no limit
	wholeKept  = 10 * time.Minute
)

// gate is how fast calls of one kind may be made by the bot as a whole. Calls pass it
// in the order in which they came. It has no clock of its own.
type gate struct {
	turn chan struct{} // holds one while a call waits

	every   time.Duration // between calls; 0: there is no limit
	probing bool          // nothing has gone through since it was closed
	closed  time.Time     // when several chats were refused
	grown   time.Time     // when the rate was last changed
	last    time.Time     // when the last call was made
	through []time.Time   // when calls of the last second were made that went through
	refused []refusal     // those of a short while before it was closed
}

// refusal is one of a chat: what has learned from it, and may have to unlearn it.
type refusal struct {
	chat   *lane
	at     time.Time
	taught *pace
	before limits
}

// ready returns when the next call may be made.
func (g *gate) ready(now time.Time) time.Time {
	if now.Sub(g.last) > wholeKept {
		g.every = 0
	}
	if g.probing {
		return g.last.Add(max(g.every, probeEvery))
	}
	return g.last.Add(g.every)
}

// passed notes that a call went through that was made at began.
func (g *gate) passed(began, now time.Time) {
	switch {
	case !began.After(g.closed): // it was on its way
	case g.probing:
		g.probing, g.grown = false, now
		if rate := g.within(g.closed); rate >= wholeLeast {
			g.every = time.Duration(wholeSlack * float64(time.Second) / float64(rate))
			for _, r := range slices.Backward(g.refused) { // a chat may be there twice
				if r.chat.pardon(now, r.taught.until) {
					r.taught.limits = r.before
				}
			}
		}
		g.refused = nil
	case g.every > 0 && now.Sub(g.grown) >= wholeGrows:
		g.every, g.grown = time.Duration(float64(g.every)/wholeStep), now
		if g.every < wholeEnds {
			g.every = 0
		}
	}
	if !g.probing { // else what went through before it was closed is still needed
		for len(g.through) > 0 && now.Sub(g.through[0]) > time.Second {
			g.through = g.through[1:]
		}
	}
	g.through = append(g.through, began)
}

// within is how many calls went through in the second before a time.
func (g *gate) within(end time.Time) (n int) {
	for _, at := range g.through {
		if !at.After(end) && end.Sub(at) < time.Second {
			n++
		}
	}
	return n
}

// note notes that a chat was refused, and what it learned from that. When several were,
// the gate is closed until a call goes through. Then they unlearn it if it was for the
// bot's rate.
func (g *gate) note(r refusal) {
	g.refused = append(slices.DeleteFunc(g.refused, func(old refusal) bool { return r.at.Sub(old.at) > severalIn }), r)
	chats := make(map[*lane]bool)
	for _, one := range g.refused {
		chats[one.chat] = true
	}
	if len(chats) >= severalChats {
		g.probing, g.closed, g.last = true, r.at, r.at
	}
}
