package trial

import "zomrobot/zomro/profile"

// The effects of a trial are carried out in the transaction of the turn, for owners in
// private, and answered by [Told], with which the card is shown, and again whenever the
// trial moves.

// Begin takes up the trial of an account, or begins one: what its experiments rest on is
// read.
type Begin struct {
	Account string // the vendor's, one of the person's; "": the default one
	Below   bool   // the card is opened, as a new message
	Anew    bool   // one that cannot be read is forgotten
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

// SendReport sends the report of a trial as a document, to the person's private chat. It is
// carried out after the commit, and answered by nothing.
type SendReport struct {
	Account string `json:"account"`
}

// Effect marks it.
func (SendReport) Effect() {}

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
