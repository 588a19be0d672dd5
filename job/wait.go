package job

import (
	"cmp"
	"slices"
	"time"

	"zomrobot/zomro"
)

// waits is for how long after it was asked for a job waits for another operation on its
// server.
const waits = 15 * time.Minute

// Codes of a [Failure] of our own.
const (
	// CodeGivenUp says that the person waits no longer for another operation on the server.
	CodeGivenUp = "given_up"
	// CodeUnseen says that nobody could see whether the other operation is over.
	CodeUnseen = "unseen"
	// CodeDecided says that it was decided otherwise about the new size of the server. Object
	// is the plan that it has.
	CodeDecided = "decided"
)

// Occupied says that the server was seen at another operation before the call was begun.
type Occupied struct{ Sight Sight }

// GivenUp says that the person waits no longer for another operation on the server.
type GivenUp struct {
	Why string // the code of why nobody may wait; "": they do not want to
}

func (Occupied) event() {}
func (GivenUp) event()  {}

// atWork is why nothing is done with a server that is at another operation.
var atWork = Failure{Kind: zomro.Refused, Object: zomro.ObjectAtWork}

// Blocked reports whether another operation is seen on the server, which the vendor would
// refuse the call for. What changes a setting, an image or a schedule is sent all the same,
// unless it was refused for one.
func (r Record) Blocked(seen Sight) bool {
	op := r.Order.Op
	beside := op.Sets() || op.OfImage() || op.OfSchedule()
	return seen.Service != nil && seen.Service.InWork() && (r.Waited || !beside)
}

// Lacks reports whether the job must not be sent for what the account shows before it. The
// operation that was waited for may have left the server in a state that the person has not
// agreed to the job in.
func (r Record) Lacks(seen Sight) bool {
	return r.Order.Lacks(seen) || r.Waited && !r.Order.stands(seen)
}

// stands reports whether the op makes sense in the state that its server is in.
func (o Order) stands(seen Sight) bool {
	switch {
	case o.Op.Sets() || o.Op.OfImage() || o.Op.OfSchedule():
		return true
	case o.Op.Copies() || o.Op == Restore:
		return Copyable(*seen.Service)
	default:
		return slices.Contains(Possible(*seen.Service), o.Op)
	}
}

// Resends reports whether the job is sent once the other operation is over. One that the
// vendor was asked for and that would do harm when it is carried out twice is not.
func (r Record) Resends() bool {
	return r.Stage == Waiting && (r.Called.IsZero() || !r.Order.Op.Once())
}

// MaySend reports whether the job may still be sent, so that its password is needed.
func (r Record) MaySend() bool { return r.Stage == Sending || r.Resends() }

// occupied has the job wait.
func (r Record) occupied(e Occupied, now time.Time) (Record, error) {
	if Next(r) != Send {
		return r, ErrStale
	}
	r.Service = e.Sight.Service
	r.wait(atWork, now)
	return r, nil
}

// wait has the job wait for another operation, for which it is not done now.
func (r *Record) wait(why Failure, now time.Time) {
	r.Stage, r.Waited, r.Failure = Waiting, true, &why
	r.Due = now.Add(pauses[min(r.Looks, len(pauses)-1)])
}

// givenUp ends a job that waits, or that is about to be sent after that.
func (r Record) givenUp(e GivenUp) (Record, error) {
	if r.Stage != Waiting && (!r.Waited || Next(r) != Send) {
		return r, ErrStale
	}
	r.Stage, r.Failure = Refused, &Failure{Code: cmp.Or(e.Why, CodeGivenUp)}
	return r, nil
}

// watchWork takes what was seen of a server while the job waits for another operation on it.
// What can be repeated and is there already, was done by the other one, or by ours.
func (r *Record) watchWork(e Looked, now time.Time) {
	if e.Seen {
		r.Service = e.Sight.Service
	}
	switch {
	case e.Seen && !r.Called.IsZero() && !r.Order.Op.Once() && r.reached(e.Sight, false):
		if r.Stage = Done; !r.Order.telling(r.Busy) {
			r.Stage, r.Failure = Unclear, nil
		}
	case e.Seen && r.Order.otherwise(r.Service):
		r.Stage, r.Failure = Refused, &Failure{Code: CodeDecided, Object: r.Service.Plan}
	case now.Sub(r.Asked) >= waits && !e.Seen:
		r.Stage, r.Failure = Refused, &Failure{Code: CodeUnseen}
	case now.Sub(r.Asked) >= waits:
		r.Stage = Refused
	case !e.Seen || r.Service != nil && r.Service.InWork():
	case r.Resends():
		r.Stage, r.Called, r.Before, r.Failure, r.Due = Sending, time.Time{}, nil, nil, now.Add(retry)
	default:
		r.Stage = Refused
	}
}
