package job

import (
	"errors"
	"time"

	"zomrobot/zomro"
)

// ErrStale means that the record has moved on or has ended: the event changes
// nothing.
var ErrStale = errors.New("job: it has moved on")

// Event is something that moves a job.
type Event interface{ event() }

// Calling says that the call is about to be made.
type Calling struct {
	Before *Sight // what the account shows; nil where [Order.Needs] does not ask for it
}

// NotSent says that the call was not made.
type NotSent struct{ Why Failure }

// Answered says that the call came back.
type Answered struct {
	Failure *Failure // nil: the vendor did it
	Open    bool     // it may have been carried out anyway
}

// Tick says that the time Due has come.
type Tick struct {
	Calling bool // its call is being made
}

// Looked says what was seen of the server.
type Looked struct {
	Sight Sight
	Seen  bool      // false: it could not be read
	At    time.Time // when it was asked for
	Took  time.Time // until then another process, with a clock of its own, may have sent the call; zero: none
}

// Weighed says what the account shows after a resize was sent.
type Weighed struct {
	Sight Sight
	Seen  bool      // false: it could not be read
	At    time.Time // when it was asked for
	Took  time.Time // as in Looked
}

// Resumed says that the program was started: the answer to a call that was begun is
// lost.
type Resumed struct {
	Older bool // the store is an older copy: what was not begun may have been sent since
}

func (Calling) event()  {}
func (NotSent) event()  {}
func (Answered) event() {}
func (Tick) event()     {}
func (Looked) event()   {}
func (Weighed) event()  {}
func (Resumed) event()  {}

// Step makes one move of a job. It returns [ErrStale] for an event that the record's
// stage does not allow; the record is then what it was.
func Step(r Record, e Event, now time.Time) (Record, error) {
	if r.Stage.Ended() {
		return r, ErrStale
	}
	is, err := r.step(e, now)
	if err != nil {
		return r, err
	}
	is.Revision++
	if is.Stage.Ended() {
		is.Due, is.Over = time.Time{}, now.UTC()
	}
	return is, nil
}

func (r Record) step(e Event, now time.Time) (Record, error) {
	switch e := e.(type) {
	case Calling:
		return r.calling(e, now)
	case NotSent:
		if Next(r) != Send {
			return r, ErrStale
		}
		r.Stage, r.Failure = Refused, &e.Why
	case Occupied:
		return r.occupied(e, now)
	case GivenUp:
		return r.givenUp(e)
	case Answered:
		return r.answered(e, now)
	case Tick:
		r.tick(e, now)
	case Looked:
		if r.early(e.At) {
			return r, ErrStale
		}
		r.look(e, now)
	case Weighed:
		if r.early(e.At) {
			return r, ErrStale
		}
		r.weigh(e, now)
	case Resumed:
		r.resume(e, now)
	}
	return r, nil
}

// early reports whether what was asked for at a time tells nothing of the call: it was not
// made yet, or its answer is still to come.
func (r Record) early(at time.Time) bool {
	return r.Stage == Sending || r.Stage == Following && at.Before(r.Called)
}

// count has the time since the call go on to a look at a time. The call of a process before,
// which another took over from, can have been sent until then, however long ago it was
// announced. What each process has counted, by a clock of its own, adds up: a call that was
// looked for was not under way any more. The time between its last look and the next takeover
// does not count. It returns from when on it counts, by the clock of this process.
func (r *Record) count(took, at time.Time) time.Time {
	c := &r.Counted
	switch {
	case c.Until.IsZero() || !c.Called.Equal(r.Called):
		*c = Count{Called: r.Called, From: r.Called, Took: took}
		if c.From.Before(took) {
			c.From = took
		}
	case !c.Took.Equal(took):
		c.From, c.Took = took.Add(-c.Until.Sub(c.From)), took
	}
	if c.Until = at; at.Before(c.From) {
		c.Until = c.From
	}
	return c.From
}

func (r Record) calling(e Calling, now time.Time) (Record, error) {
	switch {
	case Next(r) != Send:
		return r, ErrStale
	case !r.Sendable(now):
		r.Stage = Dropped
	default:
		r.Called, r.Before = now, e.Before
	}
	return r, nil
}

func (r Record) answered(e Answered, now time.Time) (Record, error) {
	switch {
	case r.Stage != Sending:
		return r, ErrStale
	case e.Failure == nil, e.Open:
		r.Stage, r.Unsure, r.Due = Following, e.Failure != nil, now.Add(pauses[0])
	case e.Failure.Object == zomro.ObjectAtWork:
		r.wait(*e.Failure, now)
		return r, nil
	default:
		r.Stage = Refused
	}
	r.Failure = e.Failure
	return r, nil
}

func (r *Record) tick(e Tick, now time.Time) {
	r.Looks++
	r.Due = now.Add(pauses[min(r.Looks, len(pauses)-1)])
	switch {
	case r.Stage != Sending:
	case !r.Called.IsZero() && !e.Calling:
		// The commit that announced the call reported a failure, but was made
		// anyway.
		r.Stage, r.Unsure = Following, true
	default:
		r.Due = now.Add(retry)
	}
}

func (r *Record) resume(e Resumed, now time.Time) {
	if e.Older && r.Stage == Waiting {
		r.Stage, r.Called, r.Failure = Sending, time.Time{}, nil
	}
	if e.Older && r.Called.IsZero() {
		r.Called = now
	}
	if r.Stage == Sending && !r.Called.IsZero() {
		r.Stage, r.Unsure, r.Due = Following, true, now.Add(pauses[0])
	}
}

// look takes what was seen of the server, if anything was.
func (r *Record) look(e Looked, now time.Time) {
	if r.Stage == Waiting {
		r.watchWork(e, now)
		return
	}
	sent := r.count(e.Took, e.At)
	since := now.Sub(sent)
	if e.Seen {
		r.Service = e.Sight.Service
		r.Busy = r.Busy || r.Service != nil && r.works(*r.Service)
		if r.Missing++; !r.Order.gone(e.Sight) {
			r.Missing = 0
		}
		reached := r.reached(e.Sight, since >= settles)
		r.keepMade(e.Sight)
		switch {
		case reached && r.Unsure && !r.Order.telling(r.Busy):
			r.Stage = Unclear
		case reached:
			r.Stage = Done
		case r.Unsure && e.At.Sub(sent) >= excluded && r.Order.otherwise(r.Service):
			r.Stage, r.Failure = Refused, &Failure{Code: CodeDecided, Object: r.Service.Plan}
		case r.excludes(e):
			r.refused()
		case r.Order.Op.OfImage(), r.Order.Op.OfSchedule(): // the server stands as it stood
		case r.Service != nil && r.Service.PowerState == zomro.PowerError && since >= settles:
			r.Stage = Failed
		}
	}
	switch {
	case r.Stage.Ended() || since < r.watchedFor():
	case r.Unsure:
		r.Stage = Unclear
	default:
		r.Stage = Late
	}
}
