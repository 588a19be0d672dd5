package sandbox

import (
	"slices"
	"strconv"

	"github.com/shopspring/decimal"
)

// debt is an order that was not paid yet.
type debt struct {
	payment int // its number
	tax     decimal.Decimal
	order   Order // as it will be once it is paid
}

// Unpaid returns what an account has ordered and not paid, the oldest first:
// each as it will be in [Sandbox.Orders] once it is paid.
func (s *Sandbox) Unpaid(login string) []Order {
	unpaid := []Order{}
	s.withAccount(login, func(a *account) {
		var last *debt
		for _, v := range a.services {
			if owed := a.owes(v.id); owed != nil && owed != last {
				last, unpaid = owed, append(unpaid, owed.order)
			}
		}
	})
	return unpaid
}

// owes returns the debt that a server stands for; nil: it is paid, or only in
// the cart.
func (a *account) owes(service string) *debt {
	if v := a.service(service); v != nil && v.code == codeOrdered {
		return v.debt
	}
	return nil
}

// PayOrder pays the unpaid order of a server, as its owner could do in the
// vendor's panel: the money is taken, and the activation of all its servers
// begins. It reports whether there was such an order, and money enough.
func (s *Sandbox) PayOrder(login, service string) bool {
	paid := false
	s.withAccount(login, func(a *account) {
		owed := a.owes(service)
		if owed == nil || owed.order.Amount.Amount.GreaterThan(a.spendable()) {
			return
		}
		owed.order.Time = s.config.Now()
		s.take(a, a.service(service).shownName(), owed.order.Amount.Amount, owed.tax, owed.order.Time)
		a.orders = append(a.orders, owed.order)
		for _, id := range owed.order.Services {
			if v := a.service(id); v != nil {
				v.activate(owed.order.Time)
			}
		}
		paid = true
	})
	return paid
}

// CancelOrder takes back the unpaid order of a server, as its owner could do in
// the vendor's panel: its servers are gone. It reports whether there was one.
func (s *Sandbox) CancelOrder(login, serviceID string) bool {
	cancelled := false
	s.withAccount(login, func(a *account) {
		if owed := a.owes(serviceID); owed != nil {
			a.services = slices.DeleteFunc(a.services, func(v *service) bool { return v.debt == owed })
			cancelled = true
		}
	})
	return cancelled
}

// orderList is func=order: what was ordered and is not paid, in list inpaylist
// [F].
func (s *Sandbox) orderList(r *request) (object, *failure) {
	if s.behaviour.BooksClosed {
		return nil, noAccess("order", r)
	}
	rows := []object{}
	for _, v := range r.account.services {
		if owed := r.account.owes(v.id); owed != nil {
			rows = append(rows, object{
				"item_id": value(v.id),
				"desc":    value(v.plan.fullTitle() + " #pfx/" + strconv.Itoa(owed.payment)),
			})
		}
	}
	list := object{"$name": "inpaylist"}
	if len(rows) > 0 {
		list["elem"] = rows
	}
	return object{"list": []object{list}}, nil
}
