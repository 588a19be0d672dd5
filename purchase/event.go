package purchase

import (
	"zomrobot/zomro"
	"zomrobot/zomro/profile"
)

// Event is something that happened to a purchase.
type Event interface{ event() }

// Started says that it is this purchase's turn at its account.
type Started struct {
	Vendor Vendor // what is known of the vendor by now
}

// Calling says that the call is about to be made. It is allowed only while [Next] says
// to make that call.
type Calling struct{ Call Call }

// Answered says that the call came back. Exactly one of the results is set, the one
// that belongs to the call, or Failure. A missing result is an answer that cannot be
// read. The record keeps what it needs of the results without copying: they must not be
// changed afterwards.
type Answered struct {
	Call     Call
	Failure  *Failure
	LineItem string              // CallAdd
	First    bool                // of a call that is held back: this purchase goes before all that hold it back
	Says     profile.Answer      // CallConfirm: what the answer seems to say; it decides nothing
	Cart     *zomro.Cart         // CallCart
	Siblings Siblings            // CallCart
	Services []zomro.Service     // CallServices; empty: the account has none
	Taken    bool                // CallServices: another purchase that is not at its end has the order's server name
	Sold     []Sold              // CallServices: of these, those that other purchases have, or have paid on
	Balance  *zomro.Balance      // CallBalance
	Charges  []zomro.Charge      // CallCharges
	Claimed  []string            // CallCharges: the ids of those of [Record.Uncounted] that another purchase [Record.Claims]
	Rival    bool                // CallBalance: another purchase [Record.MayHaveTaken] what the balance has lost
	Orders   []zomro.UnpaidOrder // CallOrders
}

// Sold is a server that another purchase known to the caller has, or has paid on: two
// logins of the vendor can share one account.
type Sold struct {
	Service  string `json:"service"`
	Purchase string `json:"purchase"`
}

// Codes of a [Failure] of our own: why the outcome of a confirm that may never have
// been sent is not known.
const (
	CodeRestored = "restored"  // the record comes from an older copy of the store
	CodeGone     = "gone"      // an item left the cart, or became a server, by no act of ours
	CodeTakenOut = "taken_out" // an item that we were taking out of the cart may have been paid before
)

// CodeDearer is the code of a [Failure] of our own: [Neighbours] in the cart, or all in it
// together, cost more than was agreed to.
const CodeDearer = "dearer"

// Failure is an error of the vendor's client, as kept in the journal. A call that
// adds or pays certainly did nothing only if it is Unsent; any other may have been
// carried out, whatever the error says.
type Failure struct {
	Kind    zomro.Kind        `json:"kind"`
	Unsent  bool              `json:"unsent,omitempty"` // the call certainly was not sent
	Code    string            `json:"code,omitempty"`
	Object  string            `json:"object,omitempty"`
	Message string            `json:"message,omitempty"`
	Params  map[string]string `json:"params,omitempty"`
}

// Decided says that a person answered the question of this [Question].Number.
type Decided struct {
	Revision int
	Choice   Choice
	Code     string // ChooseOtherPromo: the new code, not empty
	Needed   int    // of a team's purchase: approvals that the new terms need, if the choice makes any; 0: none
}

// Approved is the vote of somebody who may approve for the terms of that number.
// Needed is how many votes such terms need by now; what they needed when they began
// is still needed.
type Approved struct {
	By     int64
	Name   string
	Terms  int
	Needed int
}

// Rejected says that somebody who may approve wants the terms of that number
// not to be bought.
type Rejected struct {
	By     int64
	Name   string
	Terms  int
	Reason string // why, in their words; "": they do not say
}

// Cancelled says that a person wants the purchase to be given up, whether asked or not.
// While a call is under way the wish is kept until the answer is there.
type Cancelled struct{}

// Restarted says that the program was started; a call that was under way is lost. A
// record without one stays as it is.
type Restarted struct{}

// Restored says that the record comes from an older copy of the store, so the
// purchase may have gone further than the record knows.
type Restored struct{}

// Tick says that the time [Action].Until has come. If it is too early, or there is
// nothing to wait for, the record stays as it is.
type Tick struct{}

func (Started) event()   {}
func (Calling) event()   {}
func (Answered) event()  {}
func (Decided) event()   {}
func (Approved) event()  {}
func (Rejected) event()  {}
func (Cancelled) event() {}
func (Restarted) event() {}
func (Restored) event()  {}
func (Tick) event()      {}
