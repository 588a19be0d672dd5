package purchase

import "time"

// ActionKind is what the caller does next.
type ActionKind string

// The kinds of action.
const (
	Queue ActionKind = "queue" // wait for its turn at the account, then Started
	Do    ActionKind = "do"    // make Action.Call
	Ask   ActionKind = "ask"   // a person must decide Record.Question or, in StateAwaiting, vote on Record.Approval
	Wait  ActionKind = "wait"  // until Action.Until, then Tick
	End   ActionKind = "end"   // nothing more will happen
)

// Action is what Next says.
type Action struct {
	Kind ActionKind
	Call Call // Do: the call to make. Wait: the one under way, or to make then
	// Until is when the wait is over (Wait), or when a Tick is due although nobody
	// has answered the question or given their vote (Ask). Zero: there is no such
	// time; a Wait is then for the answer to Call.
	Until time.Time
}

// Writes reports whether the action changes something at the vendor.
func (a Action) Writes() bool { return a.Kind == Do && a.Call.Writes() }

// Spends reports whether the action takes money.
func (a Action) Spends() bool { return a.Kind == Do && a.Call.Spends() }

// fresh is how long, from its beginning, a look at the cart is good for the writing
// call after it. It is longer than a slow look takes.
const fresh = 90 * time.Second

// prompt is how long after its last look at the cart was answered a renewal may be paid: the
// cart alone has told its price, and that can rise.
const prompt = 5 * time.Second

// stale reports whether the look at the cart is too old for a writing call, or the one at
// a server that is renewed. A look dated in the future is: the clock has gone back.
func (r *Record) stale(now time.Time) bool {
	old := func(at time.Time) bool { return now.Before(at) || now.Sub(at) > fresh }
	return old(r.CartAt) || r.Prolong != nil && (r.Before == nil || old(r.Before.At)) ||
		r.Prolong != nil && r.State == StatePriced && now.Sub(r.Since) > prompt
}

// Next says what to do with the record at now. It is total.
//
// A writing call that was not made within two minutes of the look at the cart,
// because it was held back or the program was down, needs a new look first.
func Next(r Record, now time.Time) Action {
	money := r.Closing
	switch {
	case r.State.Ended() && money == nil:
		return Action{Kind: End}
	case r.State == StateAwaiting:
		return Action{Kind: Ask, Until: r.Approval.Until}
	case r.State == StateDrafted:
		return Action{Kind: Queue}
	case r.InFlight != "":
		return Action{Kind: Wait, Call: r.InFlight}
	case r.Question != nil:
		return Action{Kind: Ask, Until: r.Question.next()}
	case money.isDue(now):
		return Action{Kind: Do, Call: money.Due}
	case money != nil && (r.State.Ended() || now.Before(r.NextAt) && money.At.Before(r.NextAt)):
		return Action{Kind: Wait, Call: money.Due, Until: money.At}
	case now.Before(r.NextAt):
		return Action{Kind: Wait, Call: r.Due, Until: r.NextAt}
	}
	if r.Due.binds() && r.unapproved() {
		return Action{Kind: Ask} // no move leads here; and if one did, nothing is bought
	}
	switch r.Due {
	case CallAdd, CallPromo:
		if r.stale(now) {
			return Action{Kind: Do, Call: r.first()}
		}
	case CallConfirm:
		if r.stale(now) {
			return Action{Kind: Do, Call: CallServices}
		}
	default:
	}
	return Action{Kind: Do, Call: r.Due}
}
