package trial

import (
	"errors"
	"time"

	"zomrobot/zomro"
	"zomrobot/zomro/profile"
)

var (
	// ErrStale means that the record has moved on: the event changes nothing.
	ErrStale = errors.New("trial: it has moved on")
	// ErrAmount means that what was typed is not the amount that was asked for.
	ErrAmount = errors.New("trial: another amount")
	// ErrNotOffered means that the experiment's conditions do not hold; [Record.Offers] says
	// which.
	ErrNotOffered = errors.New("trial: not offered now")
)

// Event is something that moves a trial.
type Event interface{ event() }

// What a person does.
type (
	// LookAround has the conditions looked at anew, and takes up a trial that was closed.
	LookAround struct{}
	// Chosen begins to prepare an experiment.
	Chosen struct {
		Source profile.Source
		Code   string // with profile.ByPromo: the person's own code; "": they have none

		Terminal bool // in a terminal, and not in the chat
	}
	// Agreed is the consent to the experiment that is prepared.
	Agreed struct {
		Source profile.Source
		Typed  string // as it was typed; where nothing can be paid it is ""
	}
	// PutIn says that a plan lies in the panel's cart.
	PutIn struct{}
	// LeftOut says that the person does not do that.
	LeftOut struct{}
	// Stop ends an experiment; it cleans up first.
	Stop struct{ Source profile.Source }
	// Close ends the trial, when no experiment is under way.
	Close struct{}
)

// What the engine does.
type (
	// Placed says that the trial has its place at the account.
	Placed struct{}
	// Calling says that a call is about to be made.
	Calling struct {
		Source profile.Source // "": of none: [CallAround]
		Call   Call
	}
	// Answered says that a call came back.
	Answered struct {
		Source  profile.Source
		Call    Call
		Failure *Failure // nil: it succeeded

		Around   *Around          // CallAround
		Lessons  []profile.Lesson // CallSurvey, CallOldList: what they show
		Line     string           // of a call that adds: the line item
		Services []zomro.Service
		Balance  *zomro.Balance
		Cart     *zomro.Cart
		Theirs   []string  // with Cart: the rows that open purchases name
		Asked    time.Time // with Cart: when the look was begun
		Charges  []string
		Orders   []string
	}
	// Held says that a call that writes may not be made: purchases were stopped.
	Held struct{}
	// Begun says that the purchase was opened.
	Begun struct{ Purchase string }
	// NotBegun says that it could not be.
	NotBegun struct{ Why Failure }
	// Freed says that the purchase is paid and needs the cart no more.
	Freed struct{}
	// Bought says that the purchase is at its end, or is not waited for any more.
	Bought struct {
		Late    bool         // it is paid, and what was ordered is not there yet
		Line    string       // what it has paid
		Active  bool         // what was ordered is there
		Paid    *zomro.Money // what that has cost, the least that is known; nil: that is not known
		Charged *zomro.Money // what the balance has lost for it; nil: that is not known
		Servers []Server     // what is its own
	}
	// Deletes says that a job was opened that deletes a server.
	Deletes struct{ Server, Job string }
	// Deleted says that such a job is at its end.
	Deleted struct {
		Server  string
		Certain bool // it is gone
		Busy    bool // nothing was done, for it is at another operation
	}
	// Gone says that the account is not connected any more.
	Gone struct{}
	// Tick says that the time Due has come.
	Tick struct{}
	// Resumed says that the program was started.
	Resumed struct {
		Older   bool // the store is an older copy
		Unheard bool // who is asked is no owner any more
	}
)

func (LookAround) event() {}
func (Chosen) event()     {}
func (Agreed) event()     {}
func (PutIn) event()      {}
func (LeftOut) event()    {}
func (Stop) event()       {}
func (Close) event()      {}
func (Placed) event()     {}
func (Calling) event()    {}
func (Answered) event()   {}
func (Held) event()       {}
func (Begun) event()      {}
func (NotBegun) event()   {}
func (Freed) event()      {}
func (Bought) event()     {}
func (Deletes) event()    {}
func (Deleted) event()    {}
func (Gone) event()       {}
func (Tick) event()       {}
func (Resumed) event()    {}
