package purchase

import (
	"slices"
	"strings"
	"time"

	"zomrobot/zomro"
)

// following is how long a purchase that the vendor has is followed. A plan that is sold out
// can take three days to be activated [F].
const following = 7 * 24 * time.Hour

// pauses are those between two looks at the services, from the payment on; the
// last one repeats.
var pauses = []time.Duration{
	3 * time.Second, 5 * time.Second, 10 * time.Second, 20 * time.Second, 30 * time.Second,
	time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 30 * time.Minute, time.Hour,
}

// follow looks for what was paid, and waits until it is active. A list that cannot
// be read is only noted: the money is spent, so the looking goes on.
func (r *Record) follow(a Answered, now time.Time) {
	switch {
	case a.Call == CallOrders && a.Failure == nil && !slices.ContainsFunc(a.Orders, r.unpaidOrder):
		r.Due = CallBalance
		return
	case a.Call == CallBalance && a.Failure == nil:
		r.givenUpInPanel(a.Balance, now)
	case a.Failure != nil:
		r.fail(a.Call, *a.Failure)
	case a.Call == CallServices:
		r.Failure, r.FailedCall = nil, ""
		r.goods().found(r, a.Services, now)
		if r.Due == CallOrders {
			return
		}
	default: // it is ordered anyway
		r.Missing = 0
	}
	switch {
	case r.State.Ended():
		return
	case !now.Before(r.Until) && r.State == StatePaid:
		r.move(StateVanished, now)
		return
	case !now.Before(r.Until):
		r.MaybePaid = r.State == StateOrdered // it can still be paid, in the panel
		r.move(StateFailed, now)
		return
	}
	pause := pauses[min(r.Attempts, len(pauses)-1)]
	r.Attempts++
	r.Due, r.NextAt = CallServices, now.Add(pause)
	if r.NextAt.After(r.Until) {
		r.NextAt = r.Until
	}
}

// settled checks whether what was ordered and not paid has since been paid in the
// vendor's panel. If it is no longer listed, the unpaid orders and the balance are
// read as well.
func (r *Record) settled(ours []zomro.Service, now time.Time) {
	unpaid := func(s zomro.Service) bool { return s.Status == zomro.StatusOrdered }
	deleted := func(s zomro.Service) bool { return s.Status == zomro.StatusDeleted }
	switch {
	case !slices.ContainsFunc(ours, func(s zomro.Service) bool { return !deleted(s) }):
		r.Due = CallOrders
	case slices.ContainsFunc(ours, unpaid):
		r.Services, r.Missing = ours, 0
	default:
		r.Services, r.Bought = ours, len(ours)
		if r.Before != nil {
			r.Counted = &Counted{At: now, Charges: r.Before.Charges} // the charges tell what was paid in the panel
		}
		r.paid(now)
	}
}

// unpaidOrder reports whether an unpaid order is for a server of ours.
func (r *Record) unpaidOrder(o zomro.UnpaidOrder) bool {
	return slices.ContainsFunc(r.Services, func(s zomro.Service) bool { return s.ID == o.Item })
}

// givenUpInPanel ends an order that, look after look, is neither listed nor waiting
// to be paid, if the balance bears that out. If the balance has lost the price, the
// order was paid, and deleted.
func (r *Record) givenUpInPanel(balance *zomro.Balance, now time.Time) {
	e := Evidence{Rows: len(r.items())}
	r.seeBalance(&e, balance)
	r.weighBalance(&e)
	r.Missing++
	switch {
	case r.Missing < certain:
	case e.Balance == BalanceSame || e.Balance == BalanceFree:
		r.move(StateCancelled, now)
	case e.Balance == BalanceDropped:
		r.bought(e, nil, now)
		r.move(StateFailed, now)
	}
}

// count is how many servers were ordered.
func (r *Record) count() int { return max(r.Order.Count, 1) }

// Surplus reports whether more servers were found than were ever ordered.
func (r Record) Surplus() bool { return len(r.Services) > max(r.count(), r.Ordered) }

// unseen returns the services that are other than they were before paying.
func (r *Record) unseen(services []zomro.Service) []zomro.Service {
	var list []zomro.Service
	for _, s := range services {
		if r.goods().fresh(r, s) {
			list = append(list, s)
		}
	}
	return list
}

// known reports whether the service was found to be ours before.
func (r *Record) known(s zomro.Service) bool {
	return slices.ContainsFunc(r.Services, func(k zomro.Service) bool { return k.ID == s.ID })
}

// ours returns the services that are there, or are as they are, because this was paid.
func (r *Record) ours(services []zomro.Service) []zomro.Service {
	var list []zomro.Service
	for _, s := range services {
		if r.goods().ours(r, s) {
			list = append(list, s)
		}
	}
	return list
}

// named reports whether a service has the name that was ordered.
func (r *Record) named(s zomro.Service) bool {
	switch {
	case r.Order.ServerName == "":
		return r.Before != nil && alike(r.PlanTitle, withoutSuffix(s.Plan)) && alike(r.DatacenterName, s.Datacenter)
	case r.owned():
		return strings.Contains(strings.ToLower(s.ServerName), mark(r.ID))
	default:
		return s.ServerName == r.Order.ServerName
	}
}

// MayHave reports whether a new server of the account is one that this purchase has bought, or, by
// the name that was ordered, may have.
func (r Record) MayHave(s zomro.Service) bool {
	return r.known(s) || r.Prolong == nil && r.Order.ServerName != "" && r.Charged() != NotCharged && r.goods().fresh(&r, s) && r.named(s)
}

// Unfamiliar returns the services that were not there before the payment whose outcome
// is not known, and do not have the order's name: they may be anybody's.
func (r Record) Unfamiliar(services []zomro.Service) []zomro.Service {
	if r.UnknownOf != CallConfirm || r.Before == nil || r.Prolong != nil {
		return nil
	}
	return slices.DeleteFunc(r.unseen(services), r.IsOurs)
}

// IsOurs reports whether a service is one that was ordered, as far as its name
// tells, or the one that is paid on.
func (r Record) IsOurs(s zomro.Service) bool {
	if p := r.Prolong; p != nil {
		return s.ID == p.Server
	}
	return r.known(s) || r.named(s)
}

// merge returns both lists, each service once and as it is in the second.
func merge(a, b []zomro.Service) []zomro.Service {
	both := slices.Clone(b)
	for _, s := range a {
		if !slices.ContainsFunc(b, func(other zomro.Service) bool { return other.ID == s.ID }) {
			both = append(both, s)
		}
	}
	return both
}

// alike reports whether a name, which may be unknown, does not contradict another.
func alike(known, name string) bool {
	known, name = strings.TrimSpace(known), strings.TrimSpace(name)
	return known == "" || strings.EqualFold(known, name)
}

// withoutSuffix cuts the datacenter off a plan: "Cloud Essential | NL-2" [F].
func withoutSuffix(plan string) string {
	title, _, _ := strings.Cut(plan, "|")
	return title
}
