package job

import (
	"strings"
	"time"

	"zomrobot/zomro"
)

// weigh takes what the account shows after a resize was sent. Only that ends the
// resize as done or as refused; the answer to the call does not.
func (r *Record) weigh(e Weighed, now time.Time) {
	seen := e.Sight
	if e.Seen {
		r.Service = seen.Service
	}
	if seen.Balance != nil {
		r.Balance = seen.Balance
	}
	sent := r.count(e.Took, e.At)
	late := e.At.Sub(sent) >= excluded
	s := seen.Service
	switch {
	case s == nil:
	case !s.InWork() && r.grown(*s) && (late || r.taken()):
		r.Stage = Done
	case s.PowerState == zomro.PowerError && r.was().PowerState != zomro.PowerError && now.Sub(sent) >= settles:
		r.Stage = Failed
	case late && r.Unsure && r.untouched(seen):
		r.refused()
	}
	switch {
	case r.Stage.Ended() || now.Sub(sent) < watched:
	case s != nil && s.PowerState == "resizing":
		r.Stage = Late
	default:
		r.Stage = Unclear
	}
}

// refused ends a job as one of which the account shows that it was not done.
func (r *Record) refused() {
	r.Stage = Refused
	if r.Failure != nil && r.Failure.Kind != zomro.Denied {
		told := *r.Failure
		told.Kind = zomro.Refused
		r.Failure = &told
	}
}

// Awaits reports whether a person has to decide about the new size of a resize.
func (r Record) Awaits() bool {
	return r.Order.Op == Resize && r.Stage == Done && r.Settled == "" && r.Service != nil && r.Service.PowerState == zomro.PowerResized
}

// Decided is what its server shows to be decided about the new size of a resize; "":
// nothing is.
func (r Record) Decided(s zomro.Service) Op {
	switch {
	case !sized(s):
		return ""
	case samePlan(s.Plan, r.Order.Label):
		return Keep
	default:
		return Rollback
	}
}

// sized reports whether a server has no new size that is being made or has to be decided about.
func sized(s zomro.Service) bool { return !s.InWork() && s.PowerState != zomro.PowerResized }

// otherwise reports whether a server shows that it was decided otherwise about its new size.
func (o Order) otherwise(s *zomro.Service) bool {
	decides := (o.Op == Keep || o.Op == Rollback) && o.Label != ""
	return decides && s != nil && sized(*s) && samePlan(s.Plan, o.Label) != (o.Op == Keep)
}

// was is the server as it was before the call, as far as it is known.
func (r *Record) was() zomro.Service {
	if r.Before == nil || r.Before.Service == nil {
		return zomro.Service{}
	}
	return *r.Before.Service
}

// grown reports whether a server is what it was asked to become: it waits for
// its new size to be confirmed, or has the plan asked for. A higher cost proves
// nothing: prices move.
func (r *Record) grown(s zomro.Service) bool {
	was := r.was()
	return s.PowerState == zomro.PowerResized && was.PowerState != zomro.PowerResized ||
		samePlan(s.Plan, r.Order.Label) && !samePlan(was.Plan, r.Order.Label)
}

// samePlan compares the title of a plan in the list of servers with that in the
// list of larger plans: "Birch Intel | NL-3", "Birch Intel| NL-3" [F].
func samePlan(a, b string) bool {
	bare := func(title string) string {
		return strings.Join(strings.Fields(strings.ReplaceAll(title, "|", " | ")), " ")
	}
	return strings.EqualFold(bare(a), bare(b))
}

// taken reports whether there is less to spend than before.
func (r *Record) taken() bool {
	return r.Before != nil && less(r.Before.Balance, r.Balance)
}

func less(was, is *zomro.Money) bool {
	return was != nil && is != nil && was.Currency == is.Currency && is.Amount.LessThan(was.Amount)
}

// untouched reports whether the account shows what it showed before the resize.
func (r *Record) untouched(seen Sight) bool {
	if r.Before == nil || r.Before.Service == nil || r.Before.Balance == nil || seen.Balance == nil {
		return false
	}
	was, is := *r.Before.Service, *seen.Service
	return !is.InWork() && is.Plan == was.Plan && is.Cost == was.Cost &&
		is.Status == was.Status && is.PowerState == was.PowerState &&
		r.Before.Balance.Currency == seen.Balance.Currency && r.Before.Balance.Amount.Equal(seen.Balance.Amount)
}
