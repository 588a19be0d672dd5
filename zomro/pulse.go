package zomro

import (
	"sync"
	"time"
)

// KindAnswered is the kind of an [Exchange] without an error.
const KindAnswered Kind = "answered"

// Exchange is one attempt of a call, for whoever counts them. It holds nothing that was
// sent or answered.
type Exchange struct {
	Func    string        // the vendor's function, of those that this package calls
	Kind    Kind          // KindAnswered, or that of the error
	Attempt int           // from 1; of a writing call always 1
	Took    time.Duration // until the answer was read, or given up
}

// WithObserver sets who is told of each attempt of a call, right after it. observe must be
// safe for concurrent use and return at once. The default is nobody.
func WithObserver(observe func(Exchange)) Option {
	return func(c *Client) { c.observe = observe }
}

// Pulse is when the vendor was last heard. Times are zero for what has not happened.
type Pulse struct {
	Answered time.Time // the last answer, a no included
	Failed   time.Time // the last attempt without an answer, or with one that cannot be read
}

// Well reports whether the last attempt was answered.
func (p Pulse) Well() bool { return p.Answered.After(p.Failed) }

// pulse is a [Pulse] that is felt.
type pulse struct {
	mu  sync.Mutex
	now Pulse
}

func (p *pulse) beat(at time.Time, kind Kind) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch kind {
	case KindAnswered, Refused, Denied:
		p.now.Answered = at
	default:
		p.now.Failed = at
	}
}

// Pulse tells when the vendor was last heard by this client and those that [Client.AtOnce]
// has made of it.
func (c *Client) Pulse() Pulse {
	c.pulse.mu.Lock()
	defer c.pulse.mu.Unlock()
	return c.pulse.now
}
