package engine

import (
	"log/slog"
	"sync"
	"time"

	"zomrobot/purchase"
	"zomrobot/storage"
)

// clockKey keeps the newest time at which a purchase, a job or a trial has moved.
const clockKey = "journal/clock"

// heardKey keeps when nothing waited at Telegram.
const heardKey = "heard"

// astray is how far behind the system's clock has to be for it to be said.
const astray = time.Minute

// clock is the engine's time: the system's, but it never goes back, for limits,
// looks at a cart and questions hang on it. When the system's clock is set back the
// time goes on from where it was, as fast as before. So a clock that was far ahead
// leaves the time ahead, for good once a purchase has moved meanwhile: what is
// counted from one moment to another stays right, and days and months are those of
// the clock that was ahead, until the system's comes after it.
type clock struct {
	system func() time.Time
	log    *slog.Logger

	mu     sync.Mutex
	read   time.Time // the system's, as it was read last
	last   time.Time // what was told last
	behind bool      // the system's is astray, and that was said
	jumped time.Duration

	passed func(now, before time.Time) time.Duration // replaced by tests
}

// leap is by how much the system's clock has to get ahead at once to count as set
// ahead, or as one of a machine that was asleep.
const leap = 2 * time.Second

// Now returns the time.
func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	read := c.system()
	if !c.read.IsZero() {
		// Where the system has one, by a clock that nobody sets.
		passed := time.Time.Sub
		if c.passed != nil {
			passed = c.passed
		}
		c.last = c.last.Add(max(0, passed(read, c.read)))
	}
	c.read = read
	wall := read.Round(0)
	if wall.After(c.last) {
		if ahead := wall.Sub(c.last); !c.last.IsZero() && ahead > leap {
			c.jumped += ahead
		}
		c.last = wall
	}
	if behind := c.last.Sub(wall) >= astray; behind != c.behind {
		c.behind = behind
		if behind {
			c.log.Warn("the system's clock is behind what was written by it; the time goes on from there", "system", wall, "time", c.last)
		}
	}
	return c.last
}

// leaps returns by how much the time has jumped ahead in all. Nothing has happened
// at the vendor in that time, as far as this program can tell.
func (c *clock) leaps() time.Duration {
	c.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.jumped
}

// A doubt is when a confirm was announced of which it is not known what came, and
// the leaps of then.
type doubt struct {
	sent  time.Time
	leaps time.Duration
}

// steady returns the record with the time at which its confirm was announced moved
// on by the leaps since: how long it can come late is counted in time that passed. One that
// another process may have sent is counted from when this one took over: until then it can
// have been sent, however long ago it was announced, and it was announced by another clock.
// What others have looked for it since, each by a clock of its own, is not lost.
func (e *Engine) steady(r purchase.Record) purchase.Record {
	if r.Sent.IsZero() || r.State != purchase.StatePaying && !r.MaybePaid {
		e.doubts.Delete(r.ID)
		return r
	}
	sent := r.Sent
	if sent.Before(e.took) {
		sent = e.took.Add(-r.Watched())
	}
	leaps := e.clock.leaps()
	kept, _ := e.doubts.LoadOrStore(r.ID, doubt{sent, leaps})
	d := kept.(doubt)
	moved := d.sent.Add(leaps - d.leaps)
	if sent.After(moved) { // another one
		e.doubts.Store(r.ID, doubt{sent, leaps})
		moved = sent
	}
	r.Sent = moved
	return r
}

// reach makes the time at least this one.
func (c *clock) reach(at time.Time) {
	c.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	if at.After(c.last) {
		c.last = at
	}
}

// keepTime keeps the time of a move in its transaction. So nothing that is asked for after the
// next start, by whatever clock, is dated before a call that was announced.
func (t *transaction) keepTime() error {
	was, _, err := storage.Get[time.Time](t.tx, clockKey)
	if now := t.engine.now().UTC(); err == nil && now.After(was) {
		err = storage.Put(t.tx, clockKey, now)
	}
	return err
}
