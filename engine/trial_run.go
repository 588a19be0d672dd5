package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"zomrobot/account"
	"zomrobot/conversation"
	"zomrobot/engine/handlers"
	"zomrobot/engine/journal"
	"zomrobot/job"
	"zomrobot/logs"
	"zomrobot/purchase"
	"zomrobot/storage"
	"zomrobot/trial"
	"zomrobot/zomro"
	"zomrobot/zomro/profile"
)

// wakeTrial has a trial looked at and moved as far as it goes.
func (e *Engine) wakeTrial(id string) {
	e.trialRunners.wake(e, id, func() { e.runTrial(id) })
}

// wakeTrials has all trials looked at.
func (e *Engine) wakeTrials(ctx context.Context) error {
	ids, err := e.trialIDs(ctx)
	for _, id := range ids {
		e.wakeTrial(id)
	}
	return err
}

func (e *Engine) trialIDs(ctx context.Context) (ids []string, err error) {
	keys, err := storage.Keys(ctx, e.store, journal.TrialPrefix)
	for _, key := range keys {
		ids = append(ids, strings.TrimPrefix(key, journal.TrialPrefix))
	}
	return ids, err
}

// resumeTrials takes up every trial. A call that was under way may have been made. older: the
// store is an older copy.
func (e *Engine) resumeTrials(ctx context.Context, older bool) error {
	ids, err := e.trialIDs(ctx)
	if err != nil {
		return err
	}
	for _, id := range ids {
		r, _, err := storage.Read[trial.Record](ctx, e.store, journal.TrialKey(id))
		if err == nil {
			_, err = e.moveTrial(ctx, id, trial.Resumed{Older: older, Unheard: !e.owners[r.Owner.User]})
		}
		switch {
		case storage.Damaged(err):
			if err := e.loseTrial(ctx, id, err); err != nil {
				return err
			}
		case err != nil && !errors.Is(err, trial.ErrStale):
			return err
		case !older:
			e.wakeTrial(id)
		}
	}
	return nil
}

// tickTrial gives a trial the tick that it waits for.
func (e *Engine) tickTrial(ctx context.Context, id string, consume func(storage.Tx) error) error {
	_, err := e.moveTrial(ctx, id, trial.Tick{}, consume)
	switch {
	case errors.Is(err, trial.ErrStale):
		return e.store.Update(ctx, consume)
	case storage.Damaged(err):
		return e.loseTrial(ctx, id, err, consume)
	}
	return err
}

// moveTrial makes one move of a trial in a transaction of its own.
func (e *Engine) moveTrial(ctx context.Context, id string, event trial.Event, also ...func(storage.Tx) error) (trial.Record, error) {
	r := trialRun{engine: e, id: id}
	return r.move(ctx, event, also...)
}

func (e *Engine) runTrial(id string) {
	ctx := logs.With(e.ctx, slog.String(logs.Trial, id))
	for rested := false; !rested; {
		err := e.retry(firstPause, func() error {
			err := e.advanceTrial(ctx, id)
			if storage.Damaged(err) {
				return e.loseTrial(ctx, id, err)
			}
			return err
		}, func(err error, pause time.Duration) {
			e.log.ErrorContext(ctx, "a trial could not be moved; it is tried again", "pause", pause, "error", err)
		})
		if err != nil || e.ctx.Err() != nil {
			return // it stands in the store
		}
		rested = e.trialRunners.rest(id)
	}
}

// advanceTrial moves a trial until it rests.
func (e *Engine) advanceTrial(ctx context.Context, id string) error {
	r := trialRun{engine: e, id: id, runner: true}
	defer e.settleMark()
	defer func() { r.release() }()
	for ctx.Err() == nil {
		rests, err := r.step(ctx)
		if err != nil || rests {
			return err
		}
	}
	return nil
}

// trialRun is a trial while it is advanced.
type trialRun struct {
	engine *Engine
	id     string
	runner bool // it goes on by itself after a move
	lease  storage.Lease
}

func (r *trialRun) release() {
	if r.lease != nil {
		r.lease.Release()
		r.lease = nil
	}
}

// move makes one move.
func (r *trialRun) move(ctx context.Context, event trial.Event, also ...func(storage.Tx) error) (trial.Record, error) {
	e := r.engine
	var is trial.Record
	if r.lease != nil {
		also = append(also, r.lease.Check)
	}
	err := e.beside(ctx, func(t *transaction) error {
		was, found, err := storage.Get[trial.Record](t.tx, journal.TrialKey(r.id))
		if err != nil {
			return err
		}
		if !found {
			return trial.ErrStale
		}
		t.key = was.Owner
		if r.runner {
			t.trying = r.id
		}
		is, err = t.stepTrial(was, event)
		return err
	}, also...)
	if err != nil {
		return trial.Record{}, fmt.Errorf("move the trial %s by %T: %w", r.id, event, err)
	}
	return is, nil
}

// step makes the next step of a trial; rests: there is none for now.
func (r *trialRun) step(ctx context.Context) (rests bool, err error) {
	e := r.engine
	now, found, err := storage.Read[trial.Record](ctx, e.store, journal.TrialKey(r.id))
	if err != nil || !found {
		return true, err
	}
	for _, run := range []*trial.Run{now.Running, now.Idle} {
		if run != nil && run.InFlight != "" {
			// A trial has one runner, and this one makes no call now.
			_, err := r.move(ctx, trial.Resumed{})
			return false, err
		}
	}
	a := trial.Next(now, e.now())
	switch run := now.Running; {
	case run == nil || !now.Holds() || a.Kind == trial.Place || run.Stage == trial.Buying || run.Stage == trial.Deleting:
		r.release() // for the purchase of the trial, too
	case r.lease == nil:
		if r.lease, err = e.store.Own(ctx, "account/"+now.Account); err != nil {
			return false, fmt.Errorf("own the account of the trial %s: %w", r.id, err)
		}
		return false, nil // it may have moved meanwhile
	}
	switch a.Kind {
	case trial.Place:
		return r.place(ctx, now)
	case trial.Do:
		return r.call(ctx, now, a)
	case trial.Buy:
		return r.buy(ctx, now)
	case trial.Follow:
		return r.follow(ctx, now)
	case trial.Delete:
		return r.delete(ctx, a.Server)
	case trial.Watch:
		return r.watch(ctx, a.Server)
	default:
		return true, nil
	}
}

// place takes the trial's place once it is the first of its account.
func (r *trialRun) place(ctx context.Context, now trial.Record) (rests bool, err error) {
	queue, _, err := storage.Read[[]string](ctx, r.engine.store, queueKey(now.Account))
	if err != nil {
		return false, err
	}
	if len(queue) == 0 || queue[0] != r.id {
		return true, nil
	}
	_, err = r.move(ctx, trial.Placed{})
	return false, err
}

// call makes a call.
func (r *trialRun) call(ctx context.Context, now trial.Record, a trial.Action) (rests bool, err error) {
	e := r.engine
	if !a.Call.Announced() {
		if a.Call == trial.CallAround {
			if err := r.forgetReplies(ctx, now); err != nil {
				return false, err
			}
		}
		answer, replies := e.callTrial(ctx, now, a)
		if ctx.Err() != nil {
			return true, nil
		}
		return r.answered(ctx, now, answer, replies)
	}
	if a.Call.Writes() && !a.Call.Cleans() {
		if e.heldUp(ctx, purchase.CallAdd) != nil || e.saveMark() != nil {
			return r.held(ctx)
		}
	}
	may := []func(storage.Tx) error{e.mayTry(now)}
	if a.Call.Writes() && !a.Call.Cleans() {
		may = append(may, notStopped(purchase.CallAdd))
	}
	is, err := r.move(ctx, trial.Calling{Source: a.Source, Call: a.Call}, may...)
	switch {
	case errors.Is(err, errStopped):
		return r.held(ctx)
	case errors.Is(err, account.ErrOther):
		_, err := r.move(ctx, trial.Gone{})
		return false, err
	case errors.Is(err, trial.ErrStale):
		_, err := r.move(ctx, trial.Tick{}) // what it rests on may be too old by now
		return false, err
	case err != nil:
		return false, err
	}
	// From here on the answer matters more than stopping.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), writeFor)
	defer cancel()
	var answer trial.Answered
	var replies []zomro.Reply
	impeded, err := e.trialImpeded(ctx, is, a.Call)
	if err == nil {
		err = e.saveMark()
	}
	unsent := trial.Failure{Kind: zomro.Transient, Unsent: true}
	switch {
	case err != nil:
		e.log.ErrorContext(ctx, "a trial does not go on", "error", err)
		answer = trial.Answered{Source: a.Source, Call: a.Call, Failure: &unsent}
	case impeded:
		unsent.Code = trial.CodeBeside
		answer = trial.Answered{Source: a.Source, Call: a.Call, Failure: &unsent}
	default:
		answer, replies = e.callTrial(ctx, is, a)
	}
	e.log.InfoContext(ctx, "a trial made a call", "call", string(a.Call), "failed", answer.Failure != nil)
	err = e.retry(answerPause, func() error {
		_, err := r.answered(context.WithoutCancel(ctx), now, answer, replies)
		if errors.Is(err, trial.ErrStale) {
			return nil
		}
		return err
	}, func(err error, pause time.Duration) {
		e.log.ErrorContext(ctx, "the answer to a call of a trial could not be kept; it is tried again", "pause", pause, "error", err)
	})
	return false, err
}

// trialImpeded reports whether a purchase, or a trial, of another login keeps a trial from the call
// that it has announced.
func (e *Engine) trialImpeded(ctx context.Context, r trial.Record, call trial.Call) (bool, error) {
	as := purchase.CallAdd
	if call == trial.CallConfirm {
		as = purchase.CallConfirm
	} else if !call.Fills() {
		return false, nil
	}
	open, err := e.openPurchases(ctx)
	if err != nil {
		return false, err
	}
	tries, err := e.allTrials(ctx)
	return slices.ContainsFunc(open, func(p journal.Entry) bool { return p.Record.ImpedesTrial(besides(r), as) }) ||
		slices.ContainsFunc(tries, func(t trial.Record) bool { return besides(t).ImpedesTrial(besides(r), as) }), err
}

// besides is what a trial has to do with the cart of a purchase.
func besides(r trial.Record) purchase.Trial {
	t := purchase.Trial{Account: r.Account, Rows: r.InCart(), Adding: r.Adding(), AddedBy: r.AddedBy}
	t.Looked, t.Saw = r.Looked()
	t.Paying, t.Doubts = r.Paying()
	return t
}

// held ends an experiment because nothing may be written now.
func (r *trialRun) held(ctx context.Context) (bool, error) {
	_, err := r.move(ctx, trial.Held{})
	if errors.Is(err, trial.ErrStale) {
		return true, nil // of a session alone: it is due
	}
	return false, err
}

// mayTry joins the transaction that announces a call: the account is still connected.
func (e *Engine) mayTry(r trial.Record) func(storage.Tx) error {
	return func(tx storage.Tx) error {
		as, err := account.In(tx, r.Owner.User)
		if err == nil && as.Index(r.Account) < 0 {
			err = account.ErrOther
		}
		return err
	}
}

// answered keeps an answer, and what it was like.
func (r *trialRun) answered(ctx context.Context, now trial.Record, answer trial.Answered, replies []zomro.Reply) (bool, error) {
	if f := answer.Failure; f != nil && f.Code == trial.CodeAccount {
		_, err := r.move(ctx, trial.Gone{})
		if errors.Is(err, trial.ErrStale) {
			return true, nil
		}
		return false, err
	}
	key := trialRepliesKey(r.id, answer.Source) + ordered(int64(now.Revision))
	_, err := r.move(ctx, answer, func(tx storage.Tx) error {
		if len(replies) == 0 || answer.Source != "" && now.Running.Opening() { // it asks the same for hours
			return nil
		}
		return storage.Put(tx, key, replies)
	})
	return false, err
}

// forgetReplies forgets what earlier answers were like of what is begun anew.
func (r *trialRun) forgetReplies(ctx context.Context, now trial.Record) error {
	gone := []profile.Source{""}
	for _, run := range []*trial.Run{now.Running, now.Idle} {
		if run != nil && run.Stage == trial.Preparing {
			gone = append(gone, run.Source)
		}
	}
	for _, source := range gone {
		keys, err := storage.Keys(ctx, r.engine.store, trialRepliesKey(r.id, source))
		if err == nil && len(keys) > 0 {
			err = r.engine.deleteKeys(ctx, keys...)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// buy opens the ordinary purchase of an experiment. It stands before the trial in the queue.
func (r *trialRun) buy(ctx context.Context, now trial.Record) (rests bool, err error) {
	e, run := r.engine, now.Running
	if e.heldUp(ctx, purchase.CallAdd) != nil {
		return r.held(ctx)
	}
	goods := run.Goods[0]
	password := journal.Secret{Text: handlers.NewPassword().Reveal()}
	open := conversation.Open{
		Draft: fmt.Sprintf("trial-%d", run.Begun.UnixNano()), Account: now.Account,
		Order: zomro.Order{
			Plan: goods.Plan, Datacenter: goods.Datacenter, Period: goods.Period, Count: 1,
			Image: goods.Image, ServerName: run.ServerName(0),
		},
		Agreed: conversation.Agreed{Total: goods.Most, Price: goods.Price, Period: goods.Period, Carts: now.Taxed()},
		Beside: true, Below: true, PlanTitle: goods.Title, DatacenterName: goods.DatacenterName,
		Neighbours: neighboursOf(run),
	}
	err = e.beside(ctx, func(t *transaction) error {
		was, _, err := storage.Get[trial.Record](t.tx, journal.TrialKey(r.id))
		if err != nil {
			return err
		}
		if trial.Next(was, e.now()).Kind != trial.Buy || was.Running.Begun != run.Begun {
			return trial.ErrStale
		}
		t.key, t.trying = was.Owner, r.id
		if err := e.mayTry(was)(t.tx); err != nil {
			return err
		}
		event, err := t.buyFor(was, open, password)
		if err != nil {
			return err
		}
		_, err = t.stepTrial(was, event)
		return err
	})
	switch {
	case errors.Is(err, trial.ErrStale):
		return false, nil
	case errors.Is(err, account.ErrOther):
		_, err = r.move(ctx, trial.Gone{})
		return false, err
	case err != nil:
		return false, fmt.Errorf("open the purchase of the trial %s: %w", r.id, err)
	}
	return false, nil
}

// buyFor opens the purchase of an experiment, or says why it may not be.
func (t *transaction) buyFor(r trial.Record, open conversation.Open, password journal.Secret) (trial.Event, error) {
	b, refused, err := t.buyer(open)
	if err != nil {
		return nil, err
	}
	if refused != nil {
		return trial.NotBegun{Why: trial.Failure{Kind: refused.Kind, Code: cmp.Or(refused.Code, trial.CodePurchase)}}, nil
	}
	id, err := t.openFor(open, b, password)
	if err != nil {
		return nil, err
	}
	for _, card := range t.opened {
		if err := t.post(card); err != nil {
			return nil, err
		}
	}
	return trial.Begun{Purchase: id}, t.goesBefore(r.Account, id, r.ID)
}

// stepTrial makes a move of a trial within a transaction.
func (t *transaction) stepTrial(was trial.Record, event trial.Event) (is trial.Record, err error) {
	is, err = trial.Step(was, event, t.engine.now())
	if err == nil {
		is, err = t.placed(is)
	}
	if err != nil {
		return trial.Record{}, err
	}
	return is, errors.Join(t.keepTrial(was, is, event), t.tellTrial(was, is))
}

// goesBefore moves a purchase before a trial in the queue of an account.
func (t *transaction) goesBefore(account, purchase, trial string) error {
	queue, _, err := storage.Get[[]string](t.tx, queueKey(account))
	if err != nil {
		return err
	}
	queue = slices.DeleteFunc(slices.Clone(queue), func(id string) bool { return id == purchase })
	at := max(0, slices.Index(queue, trial))
	return storage.Put(t.tx, queueKey(account), slices.Insert(queue, at, purchase))
}

// follow looks whether the purchase of an experiment is at its end, and gives it up when the
// person has stopped the experiment.
func (r *trialRun) follow(ctx context.Context, now trial.Record) (rests bool, err error) {
	e, run := r.engine, now.Running
	entry, found, err := storage.Read[journal.Entry](ctx, e.store, journal.PurchaseKey(run.Purchase))
	if err != nil {
		return false, err
	}
	p := entry.Record
	switch {
	case !found:
		_, err := r.move(ctx, trial.Bought{})
		return false, err
	case !purchase.Holds(p) && (p.State.Ended() || !p.PaidAt.IsZero() && !run.WaitsFor(p.PaidAt, e.now())):
		bought := trial.Bought{Late: !p.State.Ended(), Line: p.LineItem, Active: p.State == purchase.StateActive, Paid: paidFor(p), Charged: p.Taken}
		for _, s := range p.Services {
			bought.Servers = append(bought.Servers, trial.Server{ID: s.ID, Name: s.Name})
		}
		_, err := r.move(ctx, bought)
		return false, err
	case !p.PaidAt.IsZero() && !purchase.Holds(p) && !run.Apart && run.Added == 0:
		_, err := r.move(ctx, trial.Freed{})
		return false, err
	}
	if !stops(run, p) {
		return true, nil
	}
	err = e.beside(ctx, func(t *transaction) error {
		was, _, err := storage.Get[journal.Entry](t.tx, journal.PurchaseKey(run.Purchase))
		if err != nil {
			return err
		}
		if was.Record.Revision != p.Revision {
			return errStale
		}
		t.key = was.Owner
		return t.move(was, purchase.Cancelled{})
	})
	if errors.Is(err, errStale) {
		err = nil
	}
	return true, err
}

// stops reports whether the person wants the purchase of an experiment to be given up, and it
// can be.
func stops(run *trial.Run, p purchase.Record) bool {
	return run.Ending == trial.Stopped && p.Sent.IsZero() && !p.GivenUp && !p.State.Ended()
}

// neighboursOf are the rows of an experiment that may stand beside what it buys. Beside anything
// else it buys nothing, whatever a person would answer: only its own cost was typed.
func neighboursOf(run *trial.Run) *purchase.Neighbours {
	if run.Cost == nil {
		return nil
	}
	beside := &purchase.Neighbours{Most: *run.Cost}
	if len(run.Goods) > 1 {
		beside.Items, beside.Each = run.Lines, run.Goods[1].Most
	}
	return beside
}

// paidFor is what a purchase has cost, the least that is known; nil: that is not known.
func paidFor(p purchase.Record) *zomro.Money {
	if p.Taken != nil && p.CartTotal != nil && p.CartTotal.Currency == p.Taken.Currency && p.CartTotal.Amount.LessThan(p.Taken.Amount) {
		return p.CartTotal
	}
	return p.Taken
}

// delete opens the job that deletes a server.
func (r *trialRun) delete(ctx context.Context, s trial.Server) (rests bool, err error) {
	e := r.engine
	err = e.beside(ctx, func(t *transaction) error {
		was, _, err := storage.Get[trial.Record](t.tx, journal.TrialKey(r.id))
		if err != nil {
			return err
		}
		t.key, t.trying = was.Owner, r.id
		if err := e.mayTry(was)(t.tx); err != nil {
			return err
		}
		order := job.Order{Account: was.Account, Server: s.ID, Name: s.Name, Op: job.Delete, Seen: s.Name}
		opened, begun, err := t.openJob(order, nil, "")
		if err != nil {
			return err
		}
		if !begun {
			return errBusy
		}
		t.jobs = append(t.jobs, []string{opened.ID})
		opened.Trial = r.id
		if err := storage.Put(t.tx, jobKey(opened.ID), opened); err != nil {
			return err
		}
		_, err = t.stepTrial(was, trial.Deletes{Server: s.ID, Job: opened.ID})
		return err
	})
	switch {
	case errors.Is(err, errBusy):
		return true, nil // it is due
	case errors.Is(err, trial.ErrStale):
		return false, nil
	case errors.Is(err, account.ErrOther):
		_, err = r.move(ctx, trial.Gone{})
		return false, err
	}
	return false, err
}

// errBusy: something else is done with a server.
var errBusy = errors.New("something is being done with the server")

// watch looks whether the job that deletes a server is at its end.
func (r *trialRun) watch(ctx context.Context, s trial.Server) (rests bool, err error) {
	j, found, err := storage.Read[job.Record](ctx, r.engine.store, jobKey(s.Job))
	if err != nil {
		return false, err
	}
	if found && !j.Stage.Ended() {
		return true, nil
	}
	_, err = r.move(ctx, trial.Deleted{Server: s.ID, Certain: found && j.Stage == job.Done, Busy: found && j.Crossed()})
	return false, err
}

// callTrial makes one call of a trial, and says what the answers were like.
func (e *Engine) callTrial(ctx context.Context, r trial.Record, a trial.Action) (trial.Answered, []zomro.Reply) {
	answer := trial.Answered{Source: a.Source, Call: a.Call}
	var mu sync.Mutex
	var replies []zomro.Reply
	ctx = zomro.WithReplies(ctx, func(reply zomro.Reply) {
		mu.Lock()
		defer mu.Unlock()
		replies = append(replies, reply)
	})
	begun := false
	call := func(auth zomro.Auth) error {
		begun = true
		return e.carryOutTrial(ctx, auth, r, a, &answer)
	}
	var err error
	switch {
	case a.Call == trial.CallLogin:
		begun = true
		err = e.beginIdle(ctx, r)
	case a.Call == trial.CallKeep || a.Call == trial.CallLogout:
		err = e.asIdle(ctx, r, call)
	case a.Call.Writes():
		err = e.accounts.Once(ctx, r.Owner.User, r.Account, e.langOf(ctx, r.Owner), call)
	default:
		err = e.asAccount(ctx, r.Owner.User, r.Owner, r.Account, call)
	}
	if err != nil && answer.Around == nil {
		e.log.WarnContext(ctx, "a call of a trial failed", "call", string(a.Call), "error", zomro.Wordless(err))
		answer.Failure = trialFailure(err, begun, a.Call)
	}
	mu.Lock()
	defer mu.Unlock()
	return answer, replies
}

// carryOutTrial makes a call with a session.
func (e *Engine) carryOutTrial(ctx context.Context, auth zomro.Auth, r trial.Record, a trial.Action, answer *trial.Answered) (err error) {
	run := r.Running
	switch a.Call {
	case trial.CallAround:
		answer.Around, err = e.lookAround(ctx, auth, r)
	case trial.CallSurvey:
		answer.Lessons, err = e.surveyTrial(ctx, auth)
	case trial.CallOldList:
		answer.Lessons, err = oldListLesson(e.vendor.OldList(ctx, auth))
	case trial.CallServices:
		answer.Services, err = e.vendor.Services(ctx, auth)
	case trial.CallBalance:
		var balance zomro.Balance
		if balance, err = e.vendor.Balance(ctx, auth); err == nil {
			answer.Balance = &balance
		}
	case trial.CallCart:
		var cart zomro.Cart
		answer.Asked = e.now().UTC()
		if cart, err = e.vendor.Cart(ctx, auth); err == nil {
			if answer.Theirs, err = e.rowsOfPurchases(ctx); err == nil {
				answer.Cart = &cart
			}
		}
	case trial.CallCharges:
		var charges []zomro.Charge
		if charges, err = e.vendor.Charges(ctx, auth); err == nil {
			answer.Charges = []string{}
			for _, c := range charges {
				answer.Charges = append(answer.Charges, c.ID)
			}
		}
	case trial.CallOrders:
		var orders []zomro.UnpaidOrder
		if orders, err = e.vendor.UnpaidOrders(ctx, auth); err == nil {
			answer.Orders = []string{}
			for _, o := range orders {
				answer.Orders = append(answer.Orders, o.Item)
			}
		}
	case trial.CallAdd, trial.CallAddTwo, trial.CallAddSecond, trial.CallAddButton, trial.CallAddBad:
		answer.Line, err = e.addForTrial(ctx, auth, run, a.Call)
	case trial.CallBadPromo:
		err = e.vendor.ApplyPromo(ctx, auth, run.ServerName(0))
	case trial.CallPromo:
		err = e.vendor.ApplyPromo(ctx, auth, run.Code)
	case trial.CallRemove:
		err = e.vendor.RemoveFromCart(ctx, auth, cmp.Or(a.Row.ID, a.Row.Elid))
	case trial.CallRemoveBy:
		err = e.vendor.RemoveFromCartByElid(ctx, auth, cmp.Or(a.Row.Elid, a.Row.ID))
	case trial.CallConfirm:
		err = e.vendor.Confirm(ctx, auth, a.Line)
	case trial.CallKeep:
		err = e.vendor.KeepAlive(ctx, auth)
	case trial.CallLogout:
		err = e.vendor.Logout(ctx, auth)
	default:
		err = fmt.Errorf("nobody knows how to make the call %q", a.Call)
	}
	return err
}

// rowsOfPurchases are the rows of carts that open purchases name: of all accounts, for two
// logins of the vendor can share one cart.
func (e *Engine) rowsOfPurchases(ctx context.Context) ([]string, error) {
	open, err := e.openPurchases(ctx)
	if err != nil {
		return nil, err
	}
	var all []string
	for _, p := range open {
		r := p.Record
		all = append(all, append([]string{r.LineItem, r.CartRow, r.CartElid}, r.More...)...)
	}
	return slices.DeleteFunc(all, func(id string) bool { return id == "" }), nil
}

// noImage is an image that no form offers.
const noImage = "00000000-0000-0000-0000-000000000000"

// addForTrial adds what a call of an experiment adds: with the button where the vendor is
// known to need it, but in the experiment that finds that out.
func (e *Engine) addForTrial(ctx context.Context, auth zomro.Auth, run *trial.Run, call trial.Call) (string, error) {
	known, err := e.Profile(ctx)
	if err != nil {
		return "", &zomro.Error{Op: "trial", Kind: zomro.Transient, Unsent: true}
	}
	order := trialOrder(run, call)
	order.Button = order.Button || run.Source != profile.ByCart && known.Answer(profile.Button) == profile.Needed
	return e.vendor.AddToCart(ctx, auth, order)
}

// trialOrder is what a call of an experiment adds. Its password is kept nowhere: no server is
// made of it.
func trialOrder(run *trial.Run, call trial.Call) zomro.Order {
	n := 0
	if call == trial.CallAddSecond || run.Source == profile.ByTwo {
		n = 1
	}
	goods := run.Goods[n]
	order := zomro.Order{
		Plan: goods.Plan, Datacenter: goods.Datacenter, Period: goods.Period, Count: 1, Image: goods.Image,
		Password: handlers.NewPassword(), ServerName: run.ServerName(n), Button: call == trial.CallAddButton,
	}
	switch call {
	case trial.CallAddTwo:
		order.Count = 2
	case trial.CallAddBad:
		order.Image = noImage
	default:
	}
	return order
}

// trialFailure turns an error into what a trial keeps of it.
func trialFailure(err error, begun bool, call trial.Call) *trial.Failure {
	if errors.Is(err, account.ErrNone) || errors.Is(err, account.ErrOther) {
		return &trial.Failure{Kind: zomro.Denied, Unsent: true, Code: trial.CodeAccount}
	}
	var failure *zomro.Error
	if !errors.As(err, &failure) {
		if call.Writes() && begun { // nobody can tell whether it left
			return &trial.Failure{Kind: zomro.Unknown}
		}
		return &trial.Failure{Kind: zomro.Transient, Unsent: !begun}
	}
	f := &trial.Failure{
		Kind: failure.Kind, Unsent: failure.Unsent || !begun, Heard: failure.Status == http.StatusOK && !failure.Unsent,
		Code: failure.Code, Object: failure.Object, Message: failure.Message,
	}
	_, amount := failure.Params["amount"]
	f.Money = amount || trial.SpeaksOfFunds(failure.Message)
	return f
}

// surveyTrial reads all that is read.
func (e *Engine) surveyTrial(ctx context.Context, auth zomro.Auth) ([]profile.Lesson, error) {
	survey, err := e.vendor.Survey(ctx, auth)
	if err != nil {
		return nil, err
	}
	lessons := trial.Forms(survey)
	const unitedStates = "21"
	switch c, err := e.vendor.Catalogue(ctx, auth, unitedStates); {
	case err != nil && zomro.KindOf(err) != zomro.Unreadable:
	case err == nil && len(c.Plans) > 0:
		lessons = append(lessons, profile.Lesson{Fact: profile.DatacenterUS, Answer: profile.Listed})
	default:
		lessons = append(lessons, profile.Lesson{Fact: profile.DatacenterUS, Answer: profile.None})
	}
	return lessons, nil
}

// oldListLesson says whether v2.instances is a list.
func oldListLesson(err error) ([]profile.Lesson, error) {
	l := profile.Lesson{Fact: profile.ServerList, Answer: profile.Listed}
	var failure *zomro.Error
	switch {
	case err == nil:
	case errors.As(err, &failure) && failure.Kind == zomro.Refused && failure.Code == zomro.CodeMissed:
		l.Answer = profile.Missed
	case zomro.KindOf(err) == zomro.Refused || zomro.KindOf(err) == zomro.Unreadable:
		l.Answer = profile.Other
	default:
		return nil, err
	}
	return []profile.Lesson{l}, nil
}

// lookAround reads what conditions and prices of experiments rest on. What cannot be read is
// left out.
func (e *Engine) lookAround(ctx context.Context, auth zomro.Auth, r trial.Record) (*trial.Around, error) {
	around := &trial.Around{At: e.now().UTC()}
	note := func(err error) {
		if around.Failure == nil && err != nil {
			around.Failure = trialFailure(err, true, trial.CallAround)
		}
	}
	balance, err := e.vendor.Balance(ctx, auth)
	if zomro.KindOf(err) == zomro.Denied { // the session is renewed, and all is asked again
		return nil, err
	}
	if note(err); err == nil {
		around.Balance = &balance
	}
	cart, err := e.vendor.Cart(ctx, auth)
	if note(err); err == nil {
		around.Cart = append([]zomro.CartItem{}, cart.Items...)
	}
	services, err := e.vendor.Services(ctx, auth)
	if note(err); err == nil {
		around.Left = r.LeftBehind(services)
	}
	note(e.chooseGoods(ctx, auth, around))
	if around.Left, err = e.notBought(ctx, around.Left); err != nil {
		return nil, err
	}
	if err := e.judgeAround(ctx, r, around); err != nil {
		return nil, err
	}
	return around, nil
}

// notBought returns those of servers that no ordinary purchase has bought, whatever they are
// called.
func (e *Engine) notBought(ctx context.Context, all []trial.Server) ([]trial.Server, error) {
	if len(all) == 0 {
		return nil, nil
	}
	err := e.store.Scan(ctx, journal.PurchasePrefix, "", func(key string, value []byte) (bool, error) {
		p, err := storage.Decode[journal.Entry](key, value)
		if err != nil || isTrial(p.Record.Draft) {
			return true, nil //nolint:nilerr // of what cannot be read nobody can tell: it stays listed
		}
		all = slices.DeleteFunc(all, func(s trial.Server) bool {
			return slices.ContainsFunc(p.Record.Services, func(bought zomro.Service) bool { return bought.ID == s.ID })
		})
		return true, nil
	})
	if err != nil {
		return nil, fmt.Errorf("read which servers were bought: %w", err)
	}
	return all, nil
}

// judgeAround adds what the store says.
func (e *Engine) judgeAround(ctx context.Context, r trial.Record, around *trial.Around) error {
	return e.store.View(ctx, func(tx storage.Tx) error {
		queue, _, err := storage.Get[[]string](tx, queueKey(r.Account))
		if err != nil {
			return err
		}
		around.Others = slices.ContainsFunc(queue, func(id string) bool { return id != r.ID })
		if _, around.Halted, err = storage.Get[hold](tx, holdKey); err != nil {
			return err
		}
		as, err := account.In(tx, r.Owner.User)
		if i := as.Index(r.Account); err == nil && i >= 0 {
			around.Renews = as.List[i].Username != ""
		}
		return err
	})
}

// mostCentres is of how many datacenters plans are read.
const mostCentres = 12

// chooseGoods chooses what experiments order from the vendor's price lists.
func (e *Engine) chooseGoods(ctx context.Context, auth zomro.Auth, around *trial.Around) error {
	first, err := e.vendor.Catalogue(ctx, auth, "")
	if err != nil {
		return err
	}
	all := []zomro.Catalogue{first}
	for i, centre := range first.Datacenters {
		if centre.ID == first.Datacenter || i >= mostCentres {
			continue
		}
		c, err := e.vendor.Catalogue(ctx, auth, centre.ID)
		if err != nil {
			return err
		}
		all = append(all, c)
	}
	wanted := trial.Rank(all, around.Balance)
	if around.First, err = e.fitGoods(ctx, auth, wanted.First, ""); err != nil {
		return err
	}
	if around.First != nil {
		if around.Second, err = e.fitGoods(ctx, auth, wanted.First, around.First.Title); err != nil {
			return err
		}
	}
	around.Dear, err = e.fitGoods(ctx, auth, wanted.Dear, "")
	return err
}

// fitGoods returns the first of goods, of those that are called otherwise than a title, that
// has an image; nil: none of the first few has.
func (e *Engine) fitGoods(ctx context.Context, auth zomro.Auth, all []trial.Goods, unlike string) (*trial.Goods, error) {
	const forms = 6 // that are asked for
	asked := 0
	for _, g := range all {
		if strings.EqualFold(g.Title, unlike) {
			continue
		}
		if asked++; asked > forms {
			break
		}
		form, err := e.vendor.Form(ctx, auth, g.Plan, g.Datacenter, g.Period)
		if err != nil {
			return nil, err
		}
		if found, ok := trial.Fit(g, form); ok {
			return &found, nil
		}
	}
	return nil, nil //nolint:nilnil // there is none
}

// beginIdle begins a session that a trial lets lie idle.
func (e *Engine) beginIdle(ctx context.Context, r trial.Record) error {
	a, err := e.accounts.Get(ctx, r.Owner.User, r.Account)
	if err != nil {
		return err
	}
	session, err := e.vendor.Login(ctx, a.Username, zomro.NewSecret(a.Password), e.langOf(ctx, r.Owner))
	if err != nil {
		return err
	}
	return e.store.Update(ctx, func(tx storage.Tx) error {
		return storage.Put(tx, trialSessionKey(r.ID), journal.Secret{Text: session.Reveal()})
	})
}

// errNoSession: the session of a trial is not there any more.
var errNoSession = &zomro.Error{Op: "trial", Kind: zomro.Denied, Code: zomro.CodeNoSession, Unsent: true}

// asIdle makes a call with that session.
func (e *Engine) asIdle(ctx context.Context, r trial.Record, call func(zomro.Auth) error) error {
	session, err := e.desk.LoadSecret(ctx, trialSessionKey(r.ID))
	if err != nil {
		return err
	}
	if session.IsZero() {
		return errNoSession
	}
	return call(zomro.Auth{Session: session, Lang: e.langOf(ctx, r.Owner)})
}
