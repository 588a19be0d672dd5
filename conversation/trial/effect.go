package trial

import "zomrobot/zomro/profile"

// The effects of a trial are carried out in the transaction of the turn, for owners in
// private, and answered by [Told]. [Told] comes again whenever the trial has
// moved.

// Begin takes up the trial of an account, or begins one: what its experiments rest on is
// read.
type Begin struct {
	Account string // the vendor's, one of the person's; "": the default one
	Below   bool   // the card comes as a new message
}

// Run has an experiment prepared. Its question for consent is in the record then.
type Run struct {
	Account string
	Source  profile.Source
	Code    string // with profile.ByPromo: the person's own code; "": they have none
}

// Consent agrees to the experiment that is prepared.
type Consent struct {
	Account string
	Source  profile.Source
	Amount  string // as it was typed, where it can cost something
}

// Put says that a plan lies in the panel's cart.
type Put struct{ Account string }

// Leave says that the person does not put one in.
type Leave struct{ Account string }

// Stop ends an experiment, which cleans up first.
type Stop struct {
	Account string
	Source  profile.Source
}

// Close ends the trial, when no experiment is under way.
type Close struct{ Account string }

// Effect marks it.
func (Begin) Effect() {}

// Effect marks it.
func (Run) Effect() {}

// Effect marks it.
func (Consent) Effect() {}

// Effect marks it.
func (Put) Effect() {}

// Effect marks it.
func (Leave) Effect() {}

// Effect marks it.
func (Stop) Effect() {}

// Effect marks it.
func (Close) Effect() {}

// Commits marks an effect that spends.
func (Consent) Commits() {}
