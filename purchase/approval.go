package purchase

import (
	"slices"
	"time"
)

// Approval is what others say about the terms of a team's purchase. A vote is
// for exactly these terms: a new price or another promo code makes new ones.
type Approval struct {
	Needed    int           `json:"needed,omitempty"`    // votes that the terms need; 0: none
	Requester int64         `json:"requester,omitempty"` // who wants to buy
	Name      string        `json:"name,omitempty"`      // of the requester
	Own       bool          `json:"own,omitempty"`       // the requester may vote too
	Lives     time.Duration `json:"lives,omitempty"`     // how long votes are waited for; zero: 24 hours
	Terms     int           `json:"terms"`               // number of the terms; it only grows
	Votes     []Vote        `json:"votes,omitempty"`     // for the terms, in order
	Until     time.Time     `json:"until,omitzero"`      // StateAwaiting: without enough votes by then, the purchase is given up
	Voided    bool          `json:"voided,omitempty"`    // the terms before these were approved, or waited for approval
	Then      State         `json:"then,omitempty"`      // where the purchase goes on once the terms are approved
	Rejected  *Vote         `json:"rejected,omitempty"`  // who said no
	Expired   bool          `json:"expired,omitempty"`   // nobody said no, but the time ran out
}

// Vote is one person's word on the terms.
type Vote struct {
	By     int64     `json:"by"`
	Name   string    `json:"name"`
	At     time.Time `json:"at"`
	Reason string    `json:"reason,omitempty"` // of a rejection, in the person's words; "": none was given
}

// Complete reports whether the terms have the votes that they need.
func (a Approval) Complete() bool { return len(a.Votes) >= a.Needed }

// Voted reports whether the person has voted for the terms.
func (a Approval) Voted(by int64) bool {
	return slices.ContainsFunc(a.Votes, func(v Vote) bool { return v.By == by })
}

// unapproved reports whether the purchase's terms lack votes.
func (r *Record) unapproved() bool { return r.Approval != nil && !r.Approval.Complete() }

// binds reports whether the call may only be made for approved terms.
func (c Call) binds() bool { return c == CallAdd || c == CallPromo || c == CallConfirm }

// towardsPaying reports whether a purchase in the state is on its way to being
// paid, with nothing under way and nothing in doubt.
func (s State) towardsPaying() bool {
	switch s {
	case StateDrafted, StateChecking, StateInCart, StatePromoApplied, StatePricing, StatePriced:
		return true
	default:
		return false
	}
}

// await notes where the purchase goes on once its terms are approved. With nothing
// in the cart it releases the account meanwhile, and queues again.
func (r *Record) await(then State, now time.Time) {
	a := *r.Approval
	if r.LineItem == "" {
		then = StateDrafted
	}
	lives := a.Lives
	if lives <= 0 {
		lives = patience
	}
	a.Then, a.Until = then, now.Add(lives)
	r.Approval = &a
}

// renew begins new terms that need so many votes: those for the old ones are
// void.
func (r *Record) renew(needed int) {
	if r.Approval == nil {
		return
	}
	a := *r.Approval
	a.Terms++
	a.Voided = a.Needed > 0
	a.Needed, a.Votes = needed, nil
	r.Approval = &a
}

// renumber gives the terms a number that no terms before that time had: numbers
// from a lost copy of the store stand on buttons that can still be pressed.
func (r *Record) renumber(now time.Time) {
	if r.Approval == nil {
		return
	}
	a := *r.Approval
	a.Terms = max(a.Terms+1, int(now.Unix()))
	r.Approval = &a
}

// approved takes in a vote for the terms.
func (r *Record) approved(v Approved, now time.Time) error {
	if r.State != StateAwaiting || v.By == 0 || v.Terms != r.Approval.Terms || !now.Before(r.Approval.Until) {
		return ErrNoMove
	}
	a := *r.Approval
	if a.Voted(v.By) || v.By == a.Requester && !a.Own {
		return ErrNoMove
	}
	a.Needed = max(a.Needed, v.Needed)
	a.Votes = append(slices.Clone(a.Votes), Vote{By: v.By, Name: v.Name, At: now})
	r.Approval = &a
	if a.Complete() {
		r.Attempts, r.Failure, r.FailedCall = 0, nil, ""
		r.move(a.Then, now)
	}
	return nil
}

// rejected gives the purchase up because somebody said no to the terms.
func (r *Record) rejected(v Rejected, now time.Time) error {
	if r.State != StateAwaiting || v.By == 0 || v.Terms != r.Approval.Terms {
		return ErrNoMove
	}
	a := *r.Approval
	a.Rejected = &Vote{By: v.By, Name: v.Name, At: now, Reason: v.Reason}
	r.Approval = &a
	r.giveUp(now)
	return nil
}

// lapsed gives the purchase up because the votes did not come in time.
func (r *Record) lapsed(now time.Time) {
	a := *r.Approval
	a.Expired = true
	r.Approval = &a
	r.giveUp(now)
}
