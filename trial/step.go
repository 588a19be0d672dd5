package trial

import (
	"errors"
	"maps"
	"slices"
	"time"

	"zomrobot/zomro"
	"zomrobot/zomro/profile"
)

// errStill: the event is allowed and changes nothing but what is due.
var errStill = errors.New("trial: nothing changes")

// Step makes one move of a trial. The record that it returns is a new value; r is not
// changed. For an event that the record does not allow it returns [ErrStale], for an
// experiment whose conditions do not hold [ErrNotOffered], for another amount [ErrAmount];
// the record is then what it was.
func Step(r Record, e Event, now time.Time) (Record, error) {
	now = now.UTC()
	is := r.clone()
	switch err := is.step(e, now); {
	case errors.Is(err, errStill):
		is = r.clone()
	case err != nil:
		return r, err
	}
	is.Running.reread(now)
	is.Revision++
	is.Due = is.due(now)
	return is, nil
}

func (r Record) clone() Record {
	r.Running, r.Idle, r.Done = r.Running.clone(), r.Idle.clone(), maps.Clone(r.Done)
	return r
}

func (run *Run) clone() *Run {
	if run == nil {
		return nil
	}
	is := *run
	is.Todo, is.Lines, is.Shown = slices.Clone(run.Todo), slices.Clone(run.Lines), slices.Clone(run.Shown)
	is.Servers, is.Lessons, is.Saw = slices.Clone(run.Servers), slices.Clone(run.Lessons), slices.Clone(run.Saw)
	is.Unasked = slices.Clone(run.Unasked)
	is.Of, is.Owed, is.Kin, is.Theirs = slices.Clone(run.Of), slices.Clone(run.Owed), slices.Clone(run.Kin), slices.Clone(run.Theirs)
	return &is
}

func (r *Record) step(e Event, now time.Time) error {
	switch e := e.(type) {
	case LookAround:
		r.Ended, r.Refresh, r.Tries, r.NextAt = time.Time{}, true, 0, time.Time{}
	case Chosen:
		return r.chosen(e, now)
	case Agreed:
		return r.agreed(e, now)
	case PutIn, LeftOut:
		return r.inPanel(e, now)
	case Stop:
		return r.stop(e, now)
	case Close:
		if r.Running != nil || r.Idle != nil {
			return ErrStale
		}
		r.Ended, r.Refresh = now, false
	case Calling:
		return r.calling(e, now)
	case Answered:
		return r.answered(e, now)
	case Resumed:
		return r.resumed(e, now)
	case Gone:
		return r.gone(now)
	case Tick:
		return errStill
	default:
		return r.moved(e, now)
	}
	return nil
}

// chosen begins to prepare an experiment: what it depends on is read anew.
func (r *Record) chosen(e Chosen, now time.Time) error {
	if !slices.Contains(Experiments(), e.Source) {
		return ErrStale
	}
	if why := r.why(e.Source); why == WhyRuns || why == WhyBusy || !r.Ended.IsZero() {
		return ErrNotOffered
	}
	run := &Run{Source: e.Source, Tag: tag(r.ID), Stage: Preparing, Begun: now, Since: now, Terminal: e.Terminal}
	if e.Source == profile.ByPromo {
		run.Code = e.Code
	}
	if e.Source == profile.BySession {
		r.Idle = run
	} else {
		r.Running = run
	}
	r.Refresh, r.Tries, r.NextAt = true, 0, time.Time{}
	return nil
}

// agreed is the consent of the person.
func (r *Record) agreed(e Agreed, now time.Time) error {
	run := r.run(e.Source)
	if run == nil || run.Stage != Consenting {
		return ErrStale
	}
	if run.Cost != nil {
		if !SameAmount(e.Typed, *run.Cost) {
			return ErrAmount
		}
		run.Typed = true
	} else if spends(run.Source) {
		return ErrStale
	}
	run.Todo, run.Unheard = run.script(), false
	if writes(run.Source) {
		run.move(Queued, now)
		return nil
	}
	run.move(Working, now)
	return nil
}

// inPanel: the person has put something into the panel's cart, or does not.
func (r *Record) inPanel(e Event, now time.Time) error {
	run := r.Running
	if run == nil || run.Stage != Panel || len(run.Todo) > 0 {
		return ErrStale
	}
	if _, put := e.(PutIn); put {
		run.Todo, run.Tries, run.Looks, run.NextAt = []Move{{CallCart, asPanel}}, 0, 0, time.Time{}
		return nil
	}
	r.end(run, Done, now)
	return nil
}

// stop ends an experiment on the person's word. What was begun is brought to its end: a
// call under way, a purchase, the deletion of what was bought.
func (r *Record) stop(e Stop, now time.Time) error {
	run := r.run(e.Source)
	if run == nil {
		return ErrStale
	}
	switch run.Stage {
	case Preparing, Consenting, Queued, Panel:
		r.end(run, Stopped, now)
	case Working:
		if run.Ending != "" {
			return ErrStale
		}
		run.Ending = Stopped
		switch {
		case run.InFlight != "":
		case run.Purchase == "":
			r.finish(run, now)
		case run.Source == profile.ByBuy:
			r.rid(run, now)
		}
	case Cleaning:
		if !run.Asks {
			return ErrStale
		}
		r.cleaned(run, now) // it says what is left
	case Buying, Deleting, Looking:
		if run.Opening() {
			r.undeleted(run, now) // it says so
			return nil
		}
		if run.Ending != "" && (run.Ending != Done || run.Stage != Deleting) {
			return ErrStale
		}
		run.Ending = Stopped
		if run.Stage == Buying && run.Purchase == "" {
			r.finish(run, now)
		}
	}
	return nil
}

// calling writes down the call that is about to be made.
func (r *Record) calling(e Calling, now time.Time) error {
	run := r.run(e.Source)
	if run == nil || !e.Call.Announced() {
		return ErrStale
	}
	if a, _ := r.nextOf(run, now); a.Kind != Do || a.Call != e.Call {
		return ErrStale
	}
	switch {
	case e.Call == CallConfirm:
		if !run.mayConfirm(now) {
			return ErrStale
		}
		stood := run.Now
		run.Stood, run.Confirmed = &stood, now
	case e.Call.Fills():
		r.AddedBy = now.Add(late)
		for range e.Call.rows() {
			run.Added, run.Owed = run.Added+1, append(run.Owed, run.of(e.Call))
		}
	case e.Call.Cleans():
		run.Taken, run.ByElid = run.target().ID, e.Call == CallRemoveBy
		run.Removals++
	default:
	}
	run.InFlight, run.Sent = e.Call, now
	return nil
}

// answered takes in an answer.
func (r *Record) answered(e Answered, now time.Time) error {
	if e.Call == CallAround && e.Source == "" {
		return r.lookedAround(e, now)
	}
	run := r.run(e.Source)
	switch {
	case run == nil, len(run.Todo) == 0, run.Todo[0].Call != e.Call:
		return ErrStale
	case e.Call.Announced() != (run.InFlight == e.Call), run.InFlight != "" && run.InFlight != e.Call:
		return ErrStale
	}
	run.InFlight = ""
	if e.Call.Announced() && (e.Failure == nil || e.Failure.Code != CodeBeside) {
		run.Beside = time.Time{}
	}
	if f := e.Failure; e.Call.Fills() && !run.Unsure && (f == nil || f.Unsent || f.Heard) {
		r.AddedBy = now // it cannot come late any more
	}
	if r.again(run, e, now) {
		return nil
	}
	as := run.Todo[0].As
	run.Todo, run.Tries, run.NextAt = run.Todo[1:], 0, time.Time{}
	run.sees(e, now)
	r.learn(run, as, e, now)
	if r.run(run.Source) != run { // it has ended
		return nil
	}
	if run.Ending != "" && run.Stage == Working && run.Purchase == "" {
		r.finish(run, now)
	} else if len(run.Todo) == 0 && run.Stage == Working {
		r.worked(run, now)
	}
	return nil
}

// again has a call that failed made again, or ends the experiment for it; false: it goes on.
func (r *Record) again(run *Run, e Answered, now time.Time) bool {
	f := e.Failure
	if f == nil {
		return false
	}
	switch {
	case e.Call.Fills():
		if !f.Unsent {
			run.Unsure = run.Unsure || !f.Heard
			return false
		}
		run.Added -= e.Call.rows()
		run.Owed = run.Owed[:max(len(run.Owed)-e.Call.rows(), 0)]
	case e.Call == CallConfirm:
		if !f.Unsent {
			return false
		}
		run.Confirmed, run.Stood = time.Time{}, nil // what it rests on is read anew before
	case e.Call == CallLogout, e.Call == CallKeep && f.Kind == zomro.Denied, e.Call.Cleans() && !f.Unsent,
		(e.Call == CallPromo || e.Call == CallBadPromo) && !f.Unsent, e.Call == CallSurvey && len(e.Lessons) > 0,
		e.Call == CallOldList && (f.Kind == zomro.Unreadable || f.Kind == zomro.Refused):
		return false
	case run.Stage == Looking && run.Tries >= len(pauses):
		return false // it counts as not seen
	default: // it is made again
	}
	if run.Stage == Deleting || run.Stage == Cleaning {
		r.lookLater(run, now)
		return true
	}
	if f.Code == CodeBeside {
		r.heldBack(run, now)
		return true
	}
	if run.Stage != Looking && (run.Tries >= len(pauses) || run.Ending != "" && run.Purchase == "") {
		r.fail(run, *f, now)
		return true
	}
	run.Tries++
	run.NextAt = now.Add(pauses[run.Tries-1])
	return true
}

// heldBack has an experiment wait, quietly, until a purchase of another login is out of the way of
// what it has announced; what that rests on is read anew then. But it does not wait for ever.
func (r *Record) heldBack(run *Run, now time.Time) {
	if run.Ending != "" { // it has been stopped
		run.Todo = nil
		r.worked(run, now)
		return
	}
	if run.Beside.IsZero() || run.Beside.After(now) {
		run.Beside = now
	}
	if now.Sub(run.Beside) > crowding {
		r.fail(run, Failure{Code: CodeBeside}, now)
		return
	}
	run.Todo, run.NextAt = run.anew(), now.Add(besides)
}

// lookLater has a look made again that an experiment cannot end without.
func (r *Record) lookLater(run *Run, now time.Time) {
	if run.Stage == Deleting {
		if run.NextAt = now.Add(rarely); now.Sub(run.Since) >= opening {
			r.undeleted(run, now)
		}
		return
	}
	run.Tries++
	run.Asks = run.Asks || run.Tries > len(pauses)
	run.Todo = []Move{{CallCart, asClean}}
	run.NextAt = now.Add(pauses[min(run.Tries, len(pauses))-1])
	if run.Asks {
		run.NextAt = now.Add(asking)
	}
}

// sees takes in what the account shows.
func (run *Run) sees(e Answered, now time.Time) {
	failed := e.Failure != nil
	if !failed && !e.Call.Announced() {
		run.Now.At = now
	}
	switch e.Call {
	case CallServices:
		run.Now.Services = e.Services
		if !failed && e.Services == nil {
			run.Now.Services = []zomro.Service{}
		}
		if run.Older && !failed {
			run.missing(e.Services)
		}
	case CallBalance:
		run.Now.Balance = e.Balance
	case CallCart:
		run.Now.Cart, run.Now.Total = nil, nil
		if e.Cart != nil {
			run.Now.Cart, run.Now.Total = append([]zomro.CartItem{}, e.Cart.Items...), e.Cart.Total
			run.Theirs, run.Asked = e.Theirs, e.Asked
			run.recognise()
		}
	case CallCharges:
		run.Now.Charges = e.Charges
		if !failed && e.Charges == nil {
			run.Now.Charges = []string{}
		}
	case CallOrders:
		run.Now.Orders = e.Orders
		if !failed && e.Orders == nil {
			run.Now.Orders = []string{}
		}
	default:
		if e.Line != "" {
			run.Lines, run.Of = append(run.Lines, e.Line), append(run.Of, run.of(e.Call))
		}
	}
}

// lookedAround takes in what conditions rest on.
func (r *Record) lookedAround(e Answered, now time.Time) error {
	if !r.Refresh {
		return ErrStale
	}
	if e.Around == nil {
		if r.Tries++; !e.Failure.denied() && r.Tries <= len(pauses) {
			r.NextAt = now.Add(pauses[r.Tries-1])
			return nil
		}
		e.Around = &Around{At: now, Failure: e.Failure}
	}
	r.Refresh, r.Tries, r.NextAt = false, 0, time.Time{}
	around := *e.Around
	around.First, around.Second, around.Dear = r.reckoned(around.First), r.reckoned(around.Second), r.reckoned(around.Dear)
	r.Around = &around
	for _, run := range []*Run{r.Running, r.Idle} {
		if run != nil && run.Stage == Preparing {
			r.prepared(run, around, now)
		}
	}
	return nil
}

// prepared asks the person, if the conditions hold.
func (r *Record) prepared(run *Run, a Around, now time.Time) {
	why := unfit(run.Source, a)
	if why != "" {
		f := Failure{Code: CodeChanged, Object: string(why)}
		if a.Failure != nil {
			f = *a.Failure
		}
		run.Failure = &f
		r.end(run, Failed, now)
		r.Refresh = false // it is known
		return
	}
	run.Cost, run.Goods = costOf(run.Source, a), goodsFor(run, a)
	run.Before = &Sight{At: a.At, Balance: a.Balance, Cart: a.Cart}
	run.move(Consenting, now)
}

func goodsFor(run *Run, a Around) []Goods {
	var all []Goods
	switch run.Source {
	case profile.ByPoor:
		all = append(all, *a.Dear)
	case profile.ByTwo:
		all = append(all, *a.First, *a.Second)
	case profile.ByPromo:
		all = append(all, *a.First)
		if a.Second != nil && run.Code != "" {
			all = append(all, *a.Second)
		}
	case profile.ByCart, profile.ByCount, profile.ByBuy:
		all = append(all, *a.First)
	default:
	}
	return all
}

// moved takes in what the engine did.
func (r *Record) moved(e Event, now time.Time) error {
	run := r.Running
	if run == nil {
		return ErrStale
	}
	switch e := e.(type) {
	case Placed:
		return r.placed(run, now)
	case Held:
		if run.Stage != Working && run.Stage != Buying || run.InFlight != "" || run.Purchase != "" && run.Stage == Buying {
			return ErrStale
		}
		r.fail(run, Failure{Code: CodeHalted}, now)
	case Begun:
		if run.Stage != Buying || run.Purchase != "" || !run.Typed {
			return ErrStale
		}
		run.Purchase = e.Purchase
	case NotBegun:
		if run.Stage != Buying || run.Purchase != "" {
			return ErrStale
		}
		r.fail(run, e.Why, now)
	case Freed:
		// A row of its own beside what was paid keeps the cart for the trial.
		if run.Stage != Buying || run.Purchase == "" || run.Apart || run.Added > 0 {
			return ErrStale
		}
		run.Apart = true
	case Bought:
		if run.Stage != Buying || run.Purchase == "" {
			return ErrStale
		}
		r.bought(run, e, now)
	case Deletes, Deleted:
		return r.deleting(run, e, now)
	default:
		return ErrStale
	}
	return nil
}

// placed: it has its place, for the first time or again.
func (r *Record) placed(run *Run, now time.Time) error {
	switch {
	case run.Apart && run.Stage != Buying && run.Stage != Deleting:
		run.Apart = false
	case run.Stage != Queued:
		return ErrStale
	default:
		run.move(Working, now)
		if len(run.Todo) == 0 {
			r.worked(run, now)
		}
	}
	return nil
}

// bought: the purchase is at its end.
func (r *Record) bought(run *Run, e Bought, now time.Time) {
	for _, s := range e.Servers {
		run.own(s)
	}
	run.Line, run.Paid, run.Charged = e.Line, e.Paid, e.Charged
	if run.Source == profile.ByBuy && run.Charged != nil && run.Cost != nil && !within(run.Charged, *run.Cost) {
		r.took(*run.Charged, *run.Cost)
	}
	switch {
	case e.Late, !e.Active, len(e.Servers) == 0:
		run.Failure = &Failure{Code: CodePurchase}
		if e.Late {
			run.Failure.Code = CodeLate
		}
		if run.Ending == "" {
			run.Ending = Failed
		}
	case run.Source == profile.ByBuy && e.Line != "" && run.Ending == "":
		run.move(Working, now)
		run.Todo = run.beforeConfirm()
		return
	default:
	}
	if run.Source == profile.ByTwo { // whatever became of its own row is to be known
		run.move(Working, now)
		run.Todo = []Move{{CallServices, ""}, {CallBalance, ""}, {CallCart, asTwo}}
		return
	}
	if run.Older && len(run.Servers) > 0 { // they may be deleted long since
		run.move(Working, now)
		run.Todo = []Move{{CallServices, ""}}
		return
	}
	r.rid(run, now)
}

// missing takes in which of the servers that were bought are not listed any more.
func (run *Run) missing(listed []zomro.Service) {
	for i, s := range run.Servers {
		run.Servers[i].Missing = !slices.ContainsFunc(listed, func(l zomro.Service) bool { return l.ID == s.ID && l.Status != zomro.StatusDeleted })
	}
}

// deleting takes in how far the deletion of what was bought is.
func (r *Record) deleting(run *Run, e Event, now time.Time) error {
	if run.Stage != Deleting {
		return ErrStale
	}
	a := run.deletes(Action{})
	i := slices.IndexFunc(run.Servers, func(s Server) bool { return s.ID == a.Server.ID })
	switch e := e.(type) {
	case Deletes:
		if a.Kind != Delete || a.Server.ID != e.Server {
			return ErrStale
		}
		if e.Job == "" { // it cannot be
			run.Servers[i].Kept = true
			break
		}
		run.Servers[i].Job = e.Job
	case Deleted:
		if a.Kind != Watch || a.Server.ID != e.Server {
			return ErrStale
		}
		if e.Busy && now.Sub(run.Since) < opening {
			run.Servers[i].Job, run.Todo = "", lookAgain(Deleting)
			return nil
		}
		run.Servers[i].Gone, run.Servers[i].Kept = e.Certain, !e.Certain
	}
	if run.deletes(Action{}).Kind == Rest {
		r.end(run, run.Ending, now)
	}
	return nil
}

// resumed: the program was started. A call that was under way may have been made.
func (r *Record) resumed(e Resumed, now time.Time) error {
	if r.Running == nil && r.Idle == nil {
		return ErrStale
	}
	if run := r.Idle; run != nil && (run.InFlight != "" || e.Older) {
		r.lost(run, e, now)
	}
	run := r.Running
	if run == nil {
		return nil
	}
	if e.Older {
		run.Older, run.Kin = true, nil
	}
	run.Unheard = e.Unheard || run.Unheard && run.InFlight != ""
	switch {
	case run.Unheard && run.Asks && run.Stage == Cleaning:
		r.cleaned(run, now) // it says what is left
	case run.Stage == Preparing && !e.Older:
		r.Refresh = true
	case run.Stage == Cleaning || run.Stage == Looking:
		if run.InFlight != "" {
			run.InFlight = ""
			run.Todo = nil
		}
		if len(run.Todo) == 0 {
			run.Todo = lookAgain(run.Stage)
		}
	case run.InFlight == CallConfirm:
		run.InFlight = ""
		r.looking(run, now)
	case run.InFlight != "":
		r.lost(run, e, now)
	case e.Older && writes(run.Source) && (run.Stage == Queued || run.Stage == Working || run.Stage == Buying && run.Purchase == ""):
		r.lost(run, e, now)
	case e.Older && run.Stage == Deleting && len(run.Todo) == 0:
		run.move(Working, now)
		run.Todo = []Move{{CallServices, ""}} // they may be deleted long since
	case e.Older && (run.Stage == Consenting || run.Stage == Preparing):
		r.lost(run, e, now)
	default:
	}
	return nil
}

// lost ends an experiment of which it is not known how far it got.
func (r *Record) lost(run *Run, e Resumed, now time.Time) {
	code := CodeRestarted
	if e.Older {
		code = CodeRestored
		run.Apart = run.Apart || run.Stage == Preparing || run.Stage == Consenting || run.Stage == Queued // it has no place yet
		run.Unsure, run.Sent, r.AddedBy = true, now, now.Add(late)
		run.Unknown = spends(run.Source) || run.Source == profile.ByPoor
		if run.confirms() {
			run.Saw = []Sign{SignUnseen} // nor whether it has confirmed
		}
	}
	if run.InFlight.Fills() {
		run.Unsure, run.Sent, r.AddedBy = true, now, now.Add(late) // another machine may have been about to make it until now
	}
	run.InFlight, run.Failure, run.Ending = "", &Failure{Code: code}, Lost
	if len(run.Saw) > 0 {
		run.Ending = Alarm
	}
	r.finish(run, now)
}

// confirms reports whether it was consented to, and may come to a confirm of its own, or have
// come to it since.
func (run *Run) confirms() bool {
	switch run.Source {
	case profile.ByPoor:
		return run.Stage == Queued || run.Stage == Working
	case profile.ByBuy:
		return run.Stage == Working && run.Purchase != ""
	default:
		return false
	}
}

// gone ends all: nothing of the account can be seen any more.
func (r *Record) gone(now time.Time) error {
	if r.Running == nil && r.Idle == nil {
		return ErrStale
	}
	for _, run := range []*Run{r.Running, r.Idle} {
		if run != nil {
			run.Failure = &Failure{Code: CodeAccount}
			run.Blind = run.Blind || run.Added > 0 && run.Stage != Deleting
			pays := run.Source == profile.ByTwo && run.Purchase != "" && run.Stage != Deleting // its own row, too, for all that is known
			if pays || !run.Confirmed.IsZero() && run.Stage == Looking {
				run.Saw = append(run.Saw, SignUnseen)
				r.end(run, Alarm, now)
				continue
			}
			r.end(run, Failed, now)
		}
	}
	r.Refresh = false
	return nil
}

// move takes an experiment to a stage.
func (run *Run) move(to Stage, now time.Time) {
	run.Stage, run.Since, run.Tries, run.Removals, run.NextAt = to, now, 0, 0, time.Time{}
}

// fail ends an experiment that cannot go on.
func (r *Record) fail(run *Run, why Failure, now time.Time) {
	run.Failure = &why
	if run.Ending == "" {
		run.Ending = Failed
	}
	if run.Source == profile.ByTwo && run.Purchase != "" {
		run.Saw = []Sign{SignUnseen} // what became of its own row
	}
	run.Todo = nil
	r.worked(run, now)
}

// worked: what an experiment had to call is called.
func (r *Record) worked(run *Run, now time.Time) {
	switch {
	case run.Ending == "" && run.Source == profile.ByRead && run.Stage == Working:
		run.move(Panel, now)
	case run.Ending == "" && spends(run.Source) && run.Purchase == "":
		run.move(Buying, now)
	default:
		r.rid(run, now)
	}
}

// rid has what was bought deleted, once none of its own rows is in the cart: it needs no
// place at the account then.
func (r *Record) rid(run *Run, now time.Time) {
	if run.Added > 0 || !run.Apart && run.deletes(Action{}).Kind == Rest {
		r.finish(run, now)
		return
	}
	r.cleaned(run, now)
}

// cleaned: nothing of an experiment is to be done in the cart any more.
func (r *Record) cleaned(run *Run, now time.Time) {
	if run.Ending == "" {
		run.Ending = Done
	}
	if run.Added > 0 || run.Older {
		run.Blind = run.Blind || run.Now.Cart == nil || run.unshown() || run.Stage == Cleaning && run.Now.At.Before(run.Since)
	}
	late := run.Failure != nil && run.Failure.Code == CodeLate
	if run.Ending != Alarm && (late || run.deletes(Action{}).Kind != Rest) {
		run.move(Deleting, now)
		if run.Todo = nil; late {
			run.Todo = lookAgain(Deleting)
		}
		run.Apart = true
		return
	}
	r.end(run, run.Ending, now)
}

// finish has an experiment cleaned up after.
func (r *Record) finish(run *Run, now time.Time) {
	if run.Ending == "" {
		run.Ending = Done
	}
	if run.Source == profile.BySession {
		run.Todo = []Move{{CallLogout, asOut}}
		if run.Stage == Preparing || run.Stage == Consenting || run.Sent.IsZero() {
			r.end(run, run.Ending, now)
		}
		return
	}
	if !writes(run.Source) {
		r.end(run, run.Ending, now)
		return
	}
	run.Todo = lookAgain(Cleaning)
	run.move(Cleaning, now)
}

// end ends an experiment.
func (r *Record) end(run *Run, how How, now time.Time) {
	o := Outcome{
		Source: run.Source, How: how, At: now, Lessons: run.Lessons, Failure: run.Failure, Saw: run.Saw,
		Servers: run.Servers, Unasked: run.Unasked, Lost: run.Lost, Charged: run.Charged, Purchase: run.Purchase, Unknown: run.Unknown && run.Purchase == "",
		Terminal: run.Terminal,
	}
	if run.Typed {
		o.Typed = run.Cost
	}
	o.Unbegun = how == Stopped && run.Stage == Consenting
	if run.Added > 0 || run.Older || run.Purchase != "" {
		o.Left, o.Others = run.left()
		o.Blind = run.Blind
	}
	if r.Done == nil {
		r.Done = map[profile.Source]Outcome{}
	}
	r.Done[run.Source] = o
	for _, s := range run.Servers {
		if s.Cost != nil {
			r.Beside = append(slices.Clone(r.Beside), s)
		}
	}
	if r.Idle == run {
		r.Idle = nil
		return
	}
	r.Running, r.Refresh, r.Tries, r.NextAt = nil, true, 0, time.Time{}
}
