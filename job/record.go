package job

import (
	"slices"
	"time"

	"zomrobot/chat"
	"zomrobot/zomro"
)

// Stage is how far a job is.
type Stage string

// The stages of a job; from Done on nothing more happens.
const (
	Sending   Stage = "sending"
	Waiting   Stage = "waiting"   // for another operation on the server to be over; what was sent until now was refused
	Following Stage = "following" // the vendor has it; the server is looked at
	Done      Stage = "done"
	Refused   Stage = "refused" // the vendor, or its error, said no: nothing was done; for a resize, the account shows it
	Failed    Stage = "failed"  // the vendor reports an error state
	Late      Stage = "late"    // it was taken, but not seen done in the time for it
	Unclear   Stage = "unclear" // neither the answer nor the server's state tells
	Dropped   Stage = "dropped" // it was never sent: too much time had passed
)

// Ended reports whether nothing more happens in the stage.
func (s Stage) Ended() bool { return s != Sending && s != Waiting && s != Following }

// Known reports whether nothing more happens in the stage, and it is known what came of it.
func (s Stage) Known() bool { return s.Ended() && s != Late && s != Unclear }

// How long the things done with servers take.
const (
	fresh   = 10 * time.Minute // one that could not be sent for longer is dropped
	watched = 15 * time.Minute // how long a server is watched, from the call on
	settles = 2 * time.Minute  // after this, work that was not seen counts as done
	retry   = time.Minute      // until a job that could not be sent is tried again
)

// WriteFor is how long the call of a job may take.
const WriteFor = 90 * time.Second

// excluded is how long after a resize was sent it may still be carried out: the time
// limit of the call, and a margin.
const excluded = WriteFor + time.Minute

// pauses are those between the looks at a server; the last is repeated.
var pauses = []time.Duration{5 * time.Second, 10 * time.Second, 20 * time.Second, 30 * time.Second, time.Minute}

// Failure is why a job was not done, by the kinds of errors of the vendor's client.
type Failure struct {
	Kind    zomro.Kind // "": a fault of our own
	Code    string     // zomro.Error.Code
	Object  string     // zomro.Error.Object
	Message string     // the vendor's own words, if it said any
}

// Said reports whether there is more to tell than a lost answer.
func (f Failure) Said() bool { return f.Message != "" || f.Code != "" }

// Denied reports whether the vendor did not let the call in. That alone is no proof that
// nothing was done.
func (f Failure) Denied() bool {
	return f.Kind == zomro.Denied || f.Code == zomro.CodeAuth || f.Code == zomro.CodeAccess
}

// Record is a job as it is kept.
type Record struct {
	ID       string         `json:"id"`
	Owner    chat.Key       `json:"owner"`
	Order    Order          `json:"act"`
	Batch    string         `json:"batch,omitempty"` // the id of the batch that it belongs to; "": to none
	Trial    string         `json:"trial,omitempty"` // the id of the trial that does it, and tells of it; "": a person does
	For      *For           `json:"for,omitempty"`   // nil: for its owner, on an account of theirs
	Stage    Stage          `json:"stage"`
	Revision int            `json:"revision"`
	Asked    time.Time      `json:"asked"`
	Called   time.Time      `json:"called,omitzero"`   // zero: the call was not begun
	Over     time.Time      `json:"over,omitzero"`     // when it came to its end; zero: it has not, or an earlier version noted none
	Counted  Count          `json:"counted,omitzero"`  // of the call, since it is looked for
	Waited   bool           `json:"waited,omitempty"`  // another operation was waited for
	Unsure   bool           `json:"unsure,omitempty"`  // its answer was lost, or does not tell what was done
	Busy     bool           `json:"busy,omitempty"`    // the server was seen at the op's work since
	Missing  int            `json:"missing,omitempty"` // in how many looks until now what is to be deleted was not there
	Looks    int            `json:"looks,omitempty"`
	Due      time.Time      `json:"due,omitzero"`      // when it wants a tick
	Service  *zomro.Service `json:"service,omitempty"` // as last seen
	Failure  *Failure       `json:"problem,omitempty"`

	Settled Op `json:"settled,omitempty"` // of a resize that is done: [Keep] or [Rollback], once that is decided

	Made    *zomro.Copy  `json:"made,omitempty"`    // the copy that was made
	Before  *Sight       `json:"before,omitempty"`  // what the account showed before the call, where [Order.Needs] asks for it
	Balance *zomro.Money `json:"balance,omitempty"` // of a resize: spendable, as last read since
}

// Count is how much of the time in which a call can come late, or is watched, is over: what lies
// between From and Until, both by the clock of the process that looks for it.
type Count struct {
	Called time.Time `json:"called"` // which call, as in Record
	From   time.Time `json:"from"`
	Until  time.Time `json:"until"`         // the last look
	Took   time.Time `json:"took,omitzero"` // when that process took over, as in [Looked]; zero: it is the only one
}

// For is the team for whose server something is done.
type For struct {
	Team   string `json:"team"`   // its id
	Holder int64  `json:"holder"` // who holds the account that the server is of
	By     string `json:"by"`     // how whoever asked is called
}

// Holder is who holds the account that the server is of.
func (r Record) Holder() int64 {
	if r.For != nil {
		return r.For.Holder
	}
	return r.Owner.User
}

// New returns the record of a job that was asked for.
func New(id string, owner chat.Key, order Order, now time.Time) Record {
	return Record{ID: id, Owner: owner, Order: order, Stage: Sending, Asked: now, Due: now.Add(retry)}
}

// ServerIn returns the server of a job; nil: it is not listed.
func (r Record) ServerIn(services []zomro.Service) *zomro.Service {
	i := slices.IndexFunc(services, func(s zomro.Service) bool { return s.ID == r.Order.Server })
	if i < 0 {
		return nil
	}
	return &services[i]
}

// Sendable reports whether the job may still be sent: one that waited for too long is not.
func (r Record) Sendable(now time.Time) bool {
	if r.Waited { // and its card said so
		return now.Sub(r.Asked) <= waits
	}
	return now.Sub(r.Asked) <= fresh
}

// Spends reports whether the job spends money and may still be sent.
func (r Record) Spends(now time.Time) bool { return r.Order.Op.Spends() && r.Sendable(now) }

// LooksFirst reports whether what the account shows is read before the call: where it tells
// afterwards what the call did, and where the call would do harm to something that is not as
// the person saw it any more, or when it was sent again for a session that died, which the
// look renews. Many reboots at once do without. So is it after another operation.
func (r Record) LooksFirst() bool {
	return r.Waited || r.Order.Needs().Before || r.Order.Op.Once() && (r.Batch == "" || r.Order.Op.deletes())
}

// Action is what comes next for a job.
type Action int

// What comes next.
const (
	Wait  Action = iota // for the answer to its call, or nothing: it has ended
	Send                // its call
	Look                // at the server
	Weigh               // what the account shows of its cost
)

// Next says what comes next for a job.
func Next(r Record) Action {
	switch {
	case r.Stage.Ended() || r.Stage == Sending && !r.Called.IsZero():
		return Wait
	case r.Stage == Sending:
		return Send
	case r.Order.Op == Resize && r.Stage != Waiting:
		return Weigh
	default:
		return Look
	}
}

// Crossed reports whether nothing was done because another operation ran on the server, also
// where nobody could see whether it is over.
func (r Record) Crossed() bool {
	return r.Stage == Refused && r.Failure != nil && (r.Failure.Object == zomro.ObjectAtWork || r.Failure.Code == CodeUnseen)
}
