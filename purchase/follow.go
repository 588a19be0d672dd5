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

// follow looks for what was paid, and waits until it is active. A list that
// cannot be read is only noted: the money is spent, so that looking goes on.
func (r *Record) follow(a Answered, now time.Time) {
	if a.Failure != nil {
		r.fail(a.Call, *a.Failure)
	} else {
		r.Failure, r.FailedCall = nil, ""
		r.found(a.Services, now)
	}
	switch {
	case r.State.Ended():
		return
	case !now.Before(r.Until) && r.State == StatePaid:
		r.move(StateVanished, now)
		return
	case !now.Before(r.Until):
		r.MaybePaid = r.State == StateOrdered // it can still be, in the panel
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

// found moves the record by the services that are there now. Once seen, a
// service that is not listed any more is shown as it was last.
func (r *Record) found(services []zomro.Service, now time.Time) {
	ours := r.ours(services)
	if r.State == StateOrdered {
		r.settled(ours, now)
		return
	}
	if len(ours) == 0 || r.Before == nil && r.Order.ServerName == "" {
		return // without a name there is nothing that tells ours from others
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
	case deleted == len(ours):
		r.move(StateFailed, now)
	}
}

// settled looks whether what was ordered and not paid was paid since, or was
// given up, both in the vendor's panel. A list without it proves nothing by itself.
func (r *Record) settled(ours []zomro.Service, now time.Time) {
	unpaid := func(s zomro.Service) bool { return s.Status == zomro.StatusOrdered }
	deleted := func(s zomro.Service) bool { return s.Status == zomro.StatusDeleted }
	if len(ours) > 0 {
		r.Missed = 0
	}
	switch {
	case len(ours) == 0:
		if r.Missed++; r.Missed >= certain {
			r.move(StateCancelled, now)
		}
	case !slices.ContainsFunc(ours, func(s zomro.Service) bool { return !deleted(s) }):
		r.move(StateCancelled, now)
	case slices.ContainsFunc(ours, unpaid):
		r.Services = ours
	default:
		r.Services, r.Bought = ours, len(ours)
		r.paid(now)
	}
}

// count is how many servers were ordered.
func (r *Record) count() int { return max(r.Order.Count, 1) }

// unseen returns the services that are not in the snapshot, or were only
// ordered in it and are more now.
func (r *Record) unseen(services []zomro.Service) []zomro.Service {
	var list []zomro.Service
	for _, s := range services {
		if r.fresh(s) {
			list = append(list, s)
		}
	}
	return list
}

func (r *Record) fresh(s zomro.Service) bool {
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

// known reports whether the service was found to be ours before.
func (r *Record) known(s zomro.Service) bool {
	return slices.ContainsFunc(r.Services, func(k zomro.Service) bool { return k.ID == s.ID })
}

// more reports whether servers of ours are there, more than ordered, that are
// not known to be.
func (r *Record) more(services []zomro.Service) bool {
	return slices.ContainsFunc(r.ours(services), func(s zomro.Service) bool {
		return !r.known(s) && s.Status != zomro.StatusOrdered
	})
}

// ours returns the services that are the ones ordered, by their name; those
// that stood before paying are not, unless they are known. Of an order without
// a name, as former versions made, these are those of its plan and datacenter,
// as far as their names are known.
func (r *Record) ours(services []zomro.Service) []zomro.Service {
	var list []zomro.Service
	for _, s := range services {
		if r.known(s) || !r.Before.has(s.ID) && r.named(s) {
			list = append(list, s)
		}
	}
	return list
}

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

// alike reports whether a name that may be unknown does not contradict another.
func alike(known, name string) bool {
	known, name = strings.TrimSpace(known), strings.TrimSpace(name)
	return known == "" || strings.EqualFold(known, name)
}

// withoutSuffix cuts the datacenter off a plan: "Cloud Essential | NL-2" [F].
func withoutSuffix(plan string) string {
	title, _, _ := strings.Cut(plan, "|")
	return title
}
