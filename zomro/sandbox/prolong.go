package sandbox

import (
	"maps"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/zomro"
)

// Prolonging is what becomes of a service.prolong that is sent with sok=ok. Nobody has
// shown it for the new cart; what the old one did is [F].
type Prolonging string

// What may become of it.
const (
	ProlongNamed   Prolonging = ""        // a row in the cart, which the answer names
	ProlongUnnamed Prolonging = "unnamed" // a row, which the answer does not name
	ProlongTwice   Prolonging = "twice"   // two rows, of which the answer names none
	ProlongNothing Prolonging = "nothing" // the answer is no error, and nothing is done
	ProlongAtOnce  Prolonging = "at once" // it is charged, and nothing is put into the cart
)

var prolongings = []Prolonging{ProlongNamed, ProlongUnnamed, ProlongTwice, ProlongNothing, ProlongAtOnce}

// prolong shows for how long a server can be paid on, or puts that into the cart [F].
func (s *Sandbox) prolong(r *request) (object, *failure) {
	if _, sent := r.lookup("skipbasket"); sent {
		s.violations = append(s.violations, "skipbasket was sent: it would charge at once")
		return nil, badValue(r, "skipbasket")
	}
	v := r.account.service(r.get("elid"))
	switch {
	case v == nil:
		return nil, missed(r, "service")
	case v.period == zomro.Day:
		return object{"elid": value(v.id), "billdaily": value("on"), "expiredate": value(r.word("Daily charges"))}, nil
	}
	period := v.period
	if asked, sent := r.lookup("period"); sent {
		period = zomro.Period(asked)
	}
	if _, offered := v.plan.prices[period]; !offered || period == zomro.Day {
		return nil, badValue(r, "period")
	}
	if r.submitted() {
		return s.prolonged(r, v, period), nil
	}
	entries := []object{}
	for _, p := range periods {
		if _, offered := v.plan.prices[p]; offered && p != zomro.Day {
			entries = append(entries, entry(string(p), r.word(periodWords[p])))
		}
	}
	return object{
		"elid": value(v.id), "title_name": value(v.shownName()), "status": value(v.status()), "period": value(string(period)),
		"expiredate":    value(v.paid.UTC().Format(time.DateOnly)),
		"newexpiredate": value(paidUntil(period, v.paid).UTC().Format(time.DateOnly)),
		"slist":         []object{{"$name": "period", "val": entries}},
	}, nil
}

// prolonged does what the vendor does with a server that is to be paid on.
func (s *Sandbox) prolonged(r *request, v *service, period zomro.Period) object {
	row := func() *item {
		return &item{
			plan: v.plan, period: period, count: 1, addons: initialAddons(v.plan), image: v.image,
			name: v.name, fields: slices.Clone(r.fields), prolongs: v,
		}
	}
	switch s.behaviour.Prolonging {
	case ProlongNothing:
		return accepted()
	case ProlongAtOnce:
		paid := row()
		paid.lineItem = "0"
		s.buy(r.account, paid, r.now)
		return accepted()
	case ProlongTwice:
		s.put(r.account, row(), r.now)
		s.put(r.account, row(), r.now)
		return accepted()
	default:
		added := row()
		s.put(r.account, added, r.now)
		if s.behaviour.Prolonging == ProlongUnnamed {
			return accepted()
		}
		answer := maps.Clone(accepted())
		maps.Copy(answer, lineItemAnswer(added.lineItem))
		return answer
	}
}

// PaidUntil returns until when a server is paid; the zero time if there is no such server.
func (s *Sandbox) PaidUntil(login, id string) time.Time {
	var until time.Time
	s.withAccount(login, func(a *account) {
		if v := a.service(id); v != nil {
			until = v.paid
		}
	})
	return until
}

// PayOn pays a server on for another period of its own, as its owner could do in the
// vendor's panel, or the vendor by itself. It reports whether there is such a server.
func (s *Sandbox) PayOn(login, id string) bool {
	found := false
	s.withAccount(login, func(a *account) {
		if v := a.service(id); v != nil {
			now := s.config.Now()
			v.paid, found = paidUntil(v.period, v.paid), true
			s.take(a, v.shownName(), v.cost, decimal.Zero, now)
		}
	})
	return found
}
