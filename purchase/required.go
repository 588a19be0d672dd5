package purchase

import "time"

// Required says that the terms need this many votes by now, because the rule or the
// limits of the team have changed, or what is left of the limits. It is ErrNoMove
// where the terms have these votes, and where the purchase is not on its way to
// being paid with nothing under way.
type Required struct{ Needed int }

func (Required) event() {}

// required has the terms wait for the votes that they lack by now. They are the
// same terms: whoever has voted for them need not do so again.
func (r *Record) required(e Required, now time.Time) error {
	if r.Approval == nil || e.Needed <= len(r.Approval.Votes) ||
		!r.State.towardsPaying() || r.InFlight != "" || r.Question != nil {
		return ErrNoMove
	}
	a := *r.Approval
	a.Needed = e.Needed
	r.Approval = &a
	r.move(r.State, now)
	return nil
}
