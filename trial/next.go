package trial

import (
	"slices"
	"time"

	"zomrobot/zomro"
	"zomrobot/zomro/profile"
)

// Kind is what comes next for a trial.
type Kind string

// What comes next.
const (
	Rest   Kind = "rest"   // nothing, until a person does something
	Wait   Kind = "wait"   // nothing, until Action.Until
	Place  Kind = "place"  // its place at the account
	Do     Kind = "do"     // Action.Call
	Buy    Kind = "buy"    // a purchase is opened
	Follow Kind = "follow" // it is looked whether the purchase is at its end
	Delete Kind = "delete" // a job is opened that deletes Action.Server
	Watch  Kind = "watch"  // it is looked whether that job is at its end
)

// Action is what comes next for a trial.
type Action struct {
	Kind   Kind
	Source profile.Source // the experiment; "": of none
	Call   Call
	Row    zomro.CartItem // of the calls that take a row out of the cart
	Line   string         // of CallConfirm
	Server Server
	Until  time.Time
}

// How long a trial waits.
const (
	polls        = 5 * time.Second   // between looks whether a purchase or a job is at its end
	unmoved      = time.Minute       // until what could not be moved is looked at again
	idle         = 61 * time.Minute  // how long a session lies idle
	hour         = 75 * time.Minute  // one that has died by then has died of the hour
	between      = 20 * time.Second  // between looks for what a confirm did
	looks        = 2 * time.Minute   // how long these go on, at least
	unseen       = 10 * time.Minute  // how long they go on where something cannot be read
	late         = 150 * time.Second // how long after it was announced a call may still be carried out
	asking       = time.Minute       // between looks while the person is asked to empty the cart
	rarely       = 5 * time.Minute   // between looks whether what was bought can be deleted
	opening      = 24 * time.Hour    // how long one that is not active then is waited for, to delete it
	active       = 30 * time.Minute  // how long a server that was paid may take to become active
	funds        = time.Minute       // how old the balance may be that a confirm rests on
	besides      = 10 * time.Second  // until it is tried again to make a call that a purchase has held back
	crowding     = 30 * time.Minute  // how long purchases are waited for
	mostLooks    = 2                 // more, before it is believed that the cart shows no row
	mostRemovals = 6                 // before the person is asked
)

// pauses are those before a call that failed is made again.
var pauses = []time.Duration{2 * time.Second, 5 * time.Second, 15 * time.Second, 30 * time.Second}

// Next says what comes next for a trial.
func Next(r Record, now time.Time) Action {
	first, has := r.nextOf(r.Running, now)
	if has && first.Kind != Wait && first.Kind != Rest && first.Kind != Follow && first.Kind != Watch {
		return first
	}
	if r.Refresh {
		if !now.Before(r.NextAt) {
			return Action{Kind: Do, Call: CallAround}
		}
		first, has = sooner(first, has, Action{Kind: Wait, Until: r.NextAt})
	}
	beside, there := r.nextOf(r.Idle, now)
	if there && beside.Kind == Do {
		return beside
	}
	if there {
		first, has = sooner(first, has, beside)
	}
	if !has {
		return Action{Kind: Rest}
	}
	return first
}

// sooner returns what comes first of two things that are waited for.
func sooner(a Action, has bool, b Action) (Action, bool) {
	switch {
	case !has || a.Kind == Rest:
		return b, true
	case a.Kind == Wait && b.Kind == Wait && b.Until.Before(a.Until):
		return b, true
	default:
		return a, true
	}
}

func (r Record) nextOf(run *Run, now time.Time) (Action, bool) {
	if run == nil {
		return Action{}, false
	}
	a := Action{Source: run.Source}
	switch {
	case run.InFlight != "":
		a.Kind = Rest // its answer comes
		return a, true
	case run.Stage == Preparing, run.Stage == Consenting, run.Stage == Panel && len(run.Todo) == 0:
		a.Kind = Rest
		return a, true
	case run.Stage == Queued, run.Apart && run.Stage != Buying && run.Stage != Deleting:
		a.Kind = Place
		return a, true
	case run.Stage == Buying && run.Purchase == "":
		a.Kind = Buy
		return a, true
	case run.Stage == Buying:
		a.Kind = Follow
		return a, true
	case run.Stage == Deleting && len(run.Todo) == 0:
		return run.deletes(a), true
	case now.Before(run.NextAt):
		a.Kind, a.Until = Wait, run.NextAt
		return a, true
	case len(run.Todo) == 0:
		a.Kind = Rest
		return a, true
	}
	a.Kind, a.Call = Do, run.Todo[0].Call
	switch {
	case a.Call.Cleans():
		a.Row = run.target()
	case a.Call == CallConfirm:
		a.Line = run.pays()
	default:
	}
	return a, true
}

// deletes is what comes next for the servers that were bought.
func (run *Run) deletes(a Action) Action {
	i := slices.IndexFunc(run.Servers, func(s Server) bool { return !s.Gone && !s.Kept && !s.Missing })
	if i < 0 {
		a.Kind = Rest
		return a
	}
	a.Kind, a.Server = Watch, run.Servers[i]
	if a.Server.Job == "" {
		a.Kind = Delete
	}
	return a
}

// due is when the record wants a tick; zero: never.
func (r Record) due(now time.Time) time.Time {
	switch a := Next(r, now); a.Kind {
	case Wait:
		return a.Until
	case Follow, Watch:
		return now.Add(polls)
	case Rest:
		if r.Running != nil && r.Running.InFlight != "" || r.Idle != nil && r.Idle.InFlight != "" {
			return now.Add(unmoved)
		}
		return time.Time{}
	default:
		return now.Add(unmoved)
	}
}

// WaitsFor reports whether the experiment still waits for what it has paid to become active.
func (run Run) WaitsFor(paid, now time.Time) bool {
	return run.Ending == "" && now.Sub(paid) < active
}

// Opening reports whether the experiment waits for the vendor to be done with what it has
// bought, which cannot be deleted before.
func (run *Run) Opening() bool { return run != nil && run.Stage == Deleting && len(run.Todo) > 0 }

// Holds reports whether the trial wants, or has, a place at the account, which no purchase
// may have meanwhile but the one that it opens itself. It has none while it waits for what
// needs no cart: a server to become active, or to be deleted.
func (r Record) Holds() bool {
	run := r.Running
	if run == nil || !writes(run.Source) {
		return false
	}
	switch run.Stage {
	case Preparing, Consenting, Deleting:
		return false
	case Buying:
		return !run.Apart
	default:
		return true
	}
}

// run returns the experiment under way of that name; nil: it is not.
func (r *Record) run(s profile.Source) *Run {
	switch {
	case s == "":
		return nil
	case r.Running != nil && r.Running.Source == s:
		return r.Running
	case r.Idle != nil && r.Idle.Source == s:
		return r.Idle
	default:
		return nil
	}
}
