package purchase

import (
	"errors"
	"fmt"
	"time"

	"zomrobot/zomro"
)

var (
	// ErrNoMove is returned by Step for an event that the state does not allow: a
	// call that is not due, an answer to no call, a decision about a question that
	// is no longer open.
	ErrNoMove = errors.New("purchase: no such move")
	// ErrTooLate is returned by Step for Cancelled once the purchase is, or
	// may be, paid.
	ErrTooLate = errors.New("purchase: too late to cancel")

	// errStill: the event is allowed and changes nothing.
	errStill = errors.New("purchase: nothing changes")
)

// Step moves the record by an event. The record returned is a new value, its
// revision one higher; r is not changed. [Tick], [Restarted] and [Restored]
// never fail; where they have nothing to do, r is returned as it is. With an error,
// [ErrNoMove] or [ErrTooLate], it is as well.
func Step(r Record, e Event, now time.Time) (Record, error) {
	next, now := r, now.UTC()
	var err error
	switch e := e.(type) {
	case Started:
		err = next.started(e, now)
	case Calling:
		err = next.calling(e.Call, now)
	case Answered:
		err = next.answered(e, now)
	case Decided:
		err = next.decided(e, now)
	case Approved:
		err = next.approved(e, now)
	case Rejected:
		err = next.rejected(e, now)
	case Required:
		err = next.required(e, now)
	case Cancelled:
		err = next.cancel(now)
	case Restarted:
		err = next.restarted(now)
	case Restored:
		err = next.restored(now)
	case Tick:
		err = next.expired(now)
	default:
		err = ErrNoMove
	}
	if errors.Is(err, errStill) {
		return r, nil
	}
	if err != nil {
		return r, fmt.Errorf("purchase %s, %s, %T: %w", r.ID, r.State, e, err)
	}
	next.Revision++
	if q := next.Question; q != nil && q.Number == 0 {
		numbered := *q
		numbered.Number = next.Revision
		next.Question = &numbered
	}
	return next, nil
}

func (r *Record) started(e Started, now time.Time) error {
	if r.State != StateDrafted {
		return ErrNoMove
	}
	r.Vendor = e.Vendor
	r.move(StateChecking, now)
	return nil
}

// calling writes down the call that is about to be made.
func (r *Record) calling(call Call, now time.Time) error {
	if a := Next(*r, now); a.Kind != Do || a.Call != call {
		return ErrNoMove
	}
	if c := r.Closing; c.isDue(now) && call == c.Due {
		asked := *c
		asked.Asked = true
		r.Closing, r.InFlight = &asked, call // what the state is about stays due
		return nil
	}
	switch call {
	case CallAdd:
		r.Added = true
		r.asked(now)
		r.move(StateAdding, now)
	case CallPromo:
		r.move(StatePromoting, now)
	case CallCart:
		r.CartAsked = now
	case CallConfirm:
		r.Sent, r.Earlier = now, nil
		r.Confirms++
		r.move(StatePaying, now)
	case CallServices:
		switch r.State {
		case StateInCart, StatePromoApplied, StatePriced:
			r.move(StatePricing, now)
		default: // it is a part of the state
		}
	default:
	}
	r.Due, r.InFlight, r.NextAt = "", call, time.Time{}
	return nil
}

// answered takes in the answer of the call that was under way.
func (r *Record) answered(a Answered, now time.Time) error {
	if r.InFlight == "" || a.Call != r.InFlight {
		return ErrNoMove
	}
	if a.Failure == nil {
		a.Failure = a.missing()
	}
	r.InFlight = ""
	if c := r.Closing; c != nil && c.Asked {
		r.closing(a, now)
		return nil
	}
	if a.Failure == nil && a.Call == r.FailedCall && r.State != StateUnknown {
		r.Failure, r.FailedCall = nil, ""
	}
	switch r.State {
	case StateChecking:
		r.checking(a, now)
	case StateAdding:
		r.adding(a, now)
	case StateInCart:
		r.inCart(a, now)
	case StatePromoting:
		r.promoting(a, now)
	case StatePricing:
		r.pricing(a, now)
	case StatePaying:
		r.paying(a, now)
	case StateOrdered, StatePaid, StateActivating:
		r.follow(a, now)
	case StateCancelling:
		r.cancelling(a, now)
	case StateSettling, StateUnknown:
		r.reconcile(a, now)
	default:
		return ErrNoMove
	}
	if r.GivenUp && r.cancellable() {
		r.giveUp(now)
	}
	return nil
}

// missing returns the failure of an answer that says neither its result nor a
// failure.
func (a Answered) missing() *Failure {
	switch {
	case a.Call == CallAdd && a.LineItem == "":
		return &Failure{Kind: zomro.Unknown}
	case a.Call == CallCart && a.Cart == nil, a.Call == CallBalance && a.Balance == nil:
		return &Failure{Kind: zomro.Unreadable}
	default:
		return nil
	}
}

// restarted loses the call that was under way: a reading call is made again, a
// writing call has an unknown outcome.
func (r *Record) restarted(now time.Time) error {
	call := r.InFlight
	if call == "" {
		return errStill
	}
	if call.Writes() {
		return r.answered(Answered{Call: call, Failure: &Failure{Kind: zomro.Unknown}}, now)
	}
	r.InFlight = ""
	if c := r.Closing; c != nil && c.Asked {
		asked := *c
		asked.Asked = false
		r.Closing = &asked // it is due still
		return nil
	}
	r.Due = call
	if r.GivenUp && r.cancellable() {
		r.giveUp(now)
	}
	return nil
}

// restored treats the record as what it may have become since the copy was made:
// everything that is not paid or given up may be paid by now, even what was only
// drafted then.
func (r *Record) restored(now time.Time) error {
	switch r.State {
	case StateOrdered, StatePaid, StateActivating:
		return r.restarted(now)
	default:
		if r.State.Ended() || r.State == StateCancelling && r.GivenUp {
			return r.restarted(now)
		}
	}
	r.InFlight = ""
	r.renumber(now)
	r.lost(CallConfirm, Failure{Kind: zomro.Unknown, Code: CodeRestored}, now)
	return nil
}

// lost: it is not known whether a writing call was carried out.
func (r *Record) lost(call Call, f Failure, now time.Time) {
	r.AddLost = r.AddLost || call == CallAdd
	r.fail(call, f)
	r.doubt(call, StateUnknown, now)
}

// doubt has the outcome of a call looked for, in the state.
func (r *Record) doubt(call Call, state State, now time.Time) {
	r.UnknownOf, r.Evidence, r.Look, r.Attempts = call, nil, nil, 0
	if call == CallConfirm {
		r.MaybePaid = true
		if r.Sent.IsZero() || r.Sent.After(now) {
			r.Sent = now // nobody knows when: it is counted from now
		}
	}
	r.move(state, now)
}

// fail notes why a call did not succeed.
func (r *Record) fail(call Call, f Failure) { r.Failure, r.FailedCall = &f, call }

// retries are the pauses before a call that certainly did nothing is tried
// again, within one state; after them a person is asked.
var retries = []time.Duration{2 * time.Second, 5 * time.Second, 15 * time.Second, 30 * time.Second}

// retry plans another try of Due if the failure allows one.
func (r *Record) retry(due Call, f Failure, now time.Time) bool {
	if f.Kind != zomro.Transient || r.Attempts >= len(retries) {
		return false
	}
	r.Due, r.NextAt = due, now.Add(retries[r.Attempts])
	r.Attempts++
	return true
}

// trouble handles a call that certainly did nothing: it is tried again, then a
// person is asked. The state is the one that repeats the call, beginning with due.
func (r *Record) trouble(call, due Call, f Failure, now time.Time) {
	r.fail(call, f)
	if r.retry(due, f, now) {
		return
	}
	kind := AskTrouble
	if f.Kind == zomro.Denied {
		kind = AskLogin
	}
	r.ask(Question{Kind: kind, Choices: []Choice{ChooseAgain, ChooseGiveUp}}, now)
}
