package purchase

import (
	"slices"
	"strings"
	"time"

	"zomrobot/zomro"
)

// goods is what a purchase buys: the questions whose answers depend on that. Everything
// else is the same for all: what is on disk before a call, whose turn it is at the
// account, what a person is asked, and that nothing but evidence moves it to paid.
type goods interface {
	// before takes in the services before adding, and says how the purchase goes on.
	before(r *Record, a Answered, now time.Time)
	// blindly reports whether a person may go on without seeing the cart, the price or the
	// balance.
	blindly() bool

	// called reports whether that is the name of what was bought, as the vendor's lists of
	// charges and of services have it.
	called(r *Record, name string) bool
	// fresh reports whether a service is other than it was before paying.
	fresh(r *Record, s zomro.Service) bool
	// ours reports whether a service is there, or is as it is, because it was paid.
	ours(r *Record, s zomro.Service) bool
	// weigh says what services that are fresh prove, and for how many of our line items;
	// gone is how many of those have left the cart, as far as that was read, -1 if that is
	// not known.
	weigh(r *Record, fresh []zomro.Service, gone int) (ServicesFact, int)
	// unwanted reports whether the services say that this is not to be paid any more: the
	// purchase has moved then.
	unwanted(r *Record, a Answered, now time.Time) bool
	// more reports whether something of ours is paid that is not known to be.
	more(r *Record, services []zomro.Service) bool
	// found moves what was paid by the services that are there now.
	found(r *Record, services []zomro.Service, now time.Time)
}

// goods returns what the purchase buys.
func (r *Record) goods() goods {
	if r.Prolong != nil {
		return prolongation{r.Prolong}
	}
	return servers{}
}

// servers are new ones that are ordered. They are recognised by their names.
type servers struct{}

// before gives the server a name of its own where a server of the account has the one
// that was wished.
func (servers) before(r *Record, a Answered, _ time.Time) {
	r.Checked, r.Due = true, CallCart
	name := r.Order.ServerName
	if a.Taken || slices.ContainsFunc(a.Services, func(s zomro.Service) bool {
		return strings.EqualFold(s.Name, name) || strings.EqualFold(s.ServerName, name)
	}) {
		r.Order.ServerName = marked(name, r.ID)
	}
}

func (servers) blindly() bool { return true }

func (servers) called(r *Record, name string) bool {
	return r.named(zomro.Service{ServerName: name})
}

// fresh are services that are not in the snapshot, or were only ordered in it and have
// got further now.
func (servers) fresh(r *Record, s zomro.Service) bool {
	if r.Before == nil {
		return true
	}
	for _, seen := range r.Before.Services {
		if seen.ID == s.ID {
			return seen.Status == zomro.StatusOrdered && s.Status != zomro.StatusOrdered
		}
	}
	return true
}

// ours are the services that were ordered, by their name; those that existed before
// paying are not ours, unless they are known to be. For an order without a name, as
// former versions made, these are the services of its plan and datacenter, as far as
// their names are known.
func (servers) ours(r *Record, s zomro.Service) bool {
	return r.known(s) || !r.Before.has(s.ID) && r.named(s)
}

// weigh: with several items, as many must have left the cart.
func (servers) weigh(r *Record, fresh []zomro.Service, gone int) (ServicesFact, int) {
	ours, items := r.ours(fresh), max(1, len(r.items()))
	each := r.each()
	rows := len(ours) / each
	unpaid := 0
	for _, s := range ours {
		if s.Status == zomro.StatusOrdered {
			unpaid++
		}
	}
	switch {
	case len(fresh) == 0:
		return ServicesNone, items
	case len(ours) == 0, // it is not known whether the vendor keeps names
		r.Order.ServerName == "", len(ours)%each != 0, rows > items,
		items > 1 && rows != gone,
		!r.owned() && gone == 0, // somebody else's can have a given name
		unpaid > 0 && unpaid < len(ours):
		return ServicesOther, items
	case unpaid > 0:
		return ServicesUnpaid, rows
	default:
		return ServicesOurs, rows
	}
}

// unwanted: what others have does not matter to what is ordered.
func (servers) unwanted(*Record, Answered, time.Time) bool { return false }

func (servers) more(r *Record, services []zomro.Service) bool {
	return slices.ContainsFunc(r.ours(services), func(s zomro.Service) bool {
		return !r.known(s) && s.Status != zomro.StatusOrdered
	})
}

// found: a service that was seen but is no longer listed is shown as it was last.
func (servers) found(r *Record, services []zomro.Service, now time.Time) {
	ours := r.ours(services)
	if r.State == StateOrdered {
		r.settled(ours, now)
		return
	}
	if len(ours) == 0 || r.Before == nil && r.Order.ServerName == "" {
		return // without a name there is nothing that tells ours from others
	}
	if len(ours) > r.count() && len(ours) > len(r.Services) && r.Closing == nil && r.Counted != nil {
		r.Closing = &Closing{Due: CallCharges, At: now, Last: true} // what were they sold for?
	}
	r.Services = ours
	if r.State == StatePaid {
		r.Attempts = 0
		r.move(StateActivating, now)
	}
	active, deleted := 0, 0
	for _, s := range ours {
		switch s.Status {
		case zomro.StatusActive:
			active++
		case zomro.StatusDeleted:
			deleted++
		default: // on its way
		}
	}
	switch {
	case len(ours) < r.count():
	case active == len(ours):
		r.move(StateActive, now)
	case deleted < len(ours):
		r.Missing = 0
	default: // one look can be wrong
		if r.Missing++; r.Missing >= certain {
			r.move(StateFailed, now)
		}
	}
}
