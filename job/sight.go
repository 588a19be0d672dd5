package job

import "zomrobot/zomro"

// Sight is what an account shows of a server: what tells whether something was done
// with it.
type Sight struct {
	Service *zomro.Service        `json:"service,omitempty"` // nil: not listed
	Balance *zomro.Money          `json:"balance,omitempty"` // spendable; nil: not read
	Details *zomro.ServiceDetails `json:"details,omitempty"` // its form; nil: not read

	Copies    *zomro.Copies    `json:"copies,omitempty"`    // the images that [Order.Kind] says; nil: not read
	Schedules *zomro.Schedules `json:"schedules,omitempty"` // of the server's backups; nil: not read
}

// Needs says what has to be read, beside the list of servers, to see whether an op was
// done. What is needed and cannot be read is as if nothing had been seen.
type Needs struct {
	Before  bool // all of it once before the call, too; without it the call is not made
	Details bool // the server's form

	Copies    bool // the images that [Order.Kind] says
	Schedules bool // of the server's backups
}

// Needs says what shows whether the order was carried out.
func (o Order) Needs() Needs {
	switch {
	case o.Op == Resize:
		return Needs{Before: true}
	case o.Op.OfSchedule():
		return Needs{Before: true, Schedules: true}
	case o.Op.listed(), o.Op == Restore:
		return Needs{Before: true, Copies: true}
	case o.Op == ReverseDNS, o.Op == Renewal:
		return Needs{Details: true}
	default:
		return Needs{}
	}
}
