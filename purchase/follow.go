package purchase

import (
	"strings"
	"time"

	"zomrobot/zomro"
)

// following is how long a paid purchase is followed. A plan that is sold out
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
	if r.Before != nil {
		services = r.unseen(services)
	} // otherwise there is nothing to compare with: only the name tells
	ours := r.ours(services)
	if len(ours) == 0 || r.Before == nil && r.Order.ServerName == "" {
		return
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

// count is how many servers were ordered.
func (r *Record) count() int { return max(r.Order.Count, 1) }

// unseen returns the services that are not in the snapshot.
func (r *Record) unseen(services []zomro.Service) []zomro.Service {
	var list []zomro.Service
	for _, s := range services {
		if !r.Before.has(s.ID) {
			list = append(list, s)
		}
	}
	return list
}

// ours returns the services that can be the ones ordered: by the name given in
// the order; without one, by plan and datacenter as far as their names are
// known.
func (r *Record) ours(services []zomro.Service) []zomro.Service {
	var list []zomro.Service
	for _, s := range services {
		if r.Order.ServerName != "" {
			if s.ServerName == r.Order.ServerName {
				list = append(list, s)
			}
			continue
		}
		if alike(r.PlanTitle, withoutSuffix(s.Plan)) && alike(r.DatacenterName, s.Datacenter) {
			list = append(list, s)
		}
	}
	return list
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
