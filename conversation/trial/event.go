package trial

import (
	"zomrobot/trial"
	"zomrobot/zomro/profile"
)

// Told says how a trial stands: it answers the effects of this package, and comes by itself
// when an experiment gets to another stage or ends.
type Told struct {
	Record  trial.Record // the zero value: there is none
	Profile profile.Profile
	Refused Refused // "": what was asked for is done

	Below  bool           // it answers a [Begin] that opens the card
	Itself bool           // it answers nothing: the trial has moved
	News   profile.Source // it comes by itself, and of this experiment there is something to tell: it has ended, or waits for the person
}

// NewsOf returns the experiment that has ended by a move of a trial, or waits since for the
// person, or longer than expected for what it has bought; "": there is none.
func NewsOf(was, is trial.Record) profile.Source {
	for _, source := range trial.Experiments() {
		before, now := runOf(was, source), runOf(is, source)
		if !is.Done[source].At.Equal(was.Done[source].At) || waits(now) && !waits(before) || now.Opening() && !before.Opening() {
			return source
		}
	}
	return ""
}

// Shows reports whether the card reads otherwise after a move of a trial.
func Shows(was, is trial.Record) bool {
	return NewsOf(was, is) != "" || appearance(was) != appearance(is)
}

// Refused says why what was asked for is not done.
type Refused string

// Why something is not done.
const (
	RefusedOwner   Refused = "owner"   // it is for owners, in private
	RefusedAccount Refused = "account" // the account is not connected
	RefusedAmount  Refused = "amount"  // what was typed is not the amount
	RefusedOffer   Refused = "offer"   // the experiment is not offered now: [trial.Record.Offers]
	RefusedStale   Refused = "stale"   // the trial has moved on
	RefusedLost    Refused = "lost"    // what was kept of the trial cannot be read: of the record its id, owner and account are set
)

// Event marks it.
func (Told) Event() {}
