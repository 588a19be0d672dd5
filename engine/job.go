package engine

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"zomrobot/account"
	"zomrobot/chat"
	"zomrobot/conversation"
	imageflow "zomrobot/conversation/image"
	serverflow "zomrobot/conversation/server"
	"zomrobot/engine/journal"
	"zomrobot/job"
	"zomrobot/logs"
	"zomrobot/purchase"
	"zomrobot/storage"
	"zomrobot/team"
	"zomrobot/zomro"
)

// act opens a job, unless something is being done with the server already.
func (t *transaction) act(act serverflow.Act) ([]chat.Event, error) {
	slot := journal.SecretKey(t.key, conversation.SlotServer)
	password, given, err := storage.Get[journal.Secret](t.tx, slot)
	if err != nil {
		return nil, err
	}
	if err := t.tx.Delete(slot); err != nil {
		return nil, err
	}
	if given {
		if err := t.tx.Delete(shownKey(t.key, conversation.SlotServer)); err != nil {
			return nil, err
		}
	}
	order := act.Order
	of, why, err := t.operates(order, act.Status, act.Holder)
	if err != nil {
		return nil, err
	}
	if order.Label, err = t.sizeOf(order); err != nil {
		return nil, err
	}
	if why != "" {
		return []chat.Event{serverflow.ActRefused{Order: order, Why: why}}, nil
	}
	r, begun, err := t.openJob(order, of, "")
	if err != nil {
		return nil, err
	}
	if !begun {
		return []chat.Event{serverflow.ActRefused{Order: order}}, nil
	}
	if given && order.NeedsPassword() {
		err = errors.Join(
			storage.Put(t.tx, jobSecretKey(r.ID), password),
			account.KeepTrace(t.tx, t.key.User, order.Account, zomro.NewSecret(password.Text)),
		)
	}
	if err != nil {
		return nil, err
	}
	t.jobs = append(t.jobs, []string{r.ID})
	t.opened = append(t.opened, post{To: t.key, Job: r.ID, Begins: act.Handed, AsNew: act.Below, Typed: act.Typed})
	return nil, nil
}

// sizeOf is the label of an order. To decide about a new size it is that of the larger plan,
// which tells what was decided; "": the bot was not asked for it.
func (t *transaction) sizeOf(o job.Order) (string, error) {
	if o.Op != job.Keep && o.Op != job.Rollback {
		return o.Label, nil
	}
	id, found, err := storage.Get[string](t.tx, resizedKey(o.Account, o.Server))
	if err != nil || !found {
		return "", err
	}
	r, _, err := storage.Get[job.Record](t.tx, jobKey(id))
	return r.Order.Label, err
}

// openJob opens a job, for a batch or for none; false: something is being done already with
// what it takes.
func (t *transaction) openJob(order job.Order, of *job.For, batch string) (r job.Record, begun bool, err error) {
	for _, what := range order.Takes() {
		if _, taken, err := storage.Get[string](t.tx, jobServerKey(order.Account, what)); err != nil || taken {
			return job.Record{}, false, err
		}
	}
	id, err := newJobID()
	if err != nil {
		return job.Record{}, false, err
	}
	r = job.New(id, t.key, order, t.engine.now())
	r.For, r.Batch = of, batch
	puts := []error{storage.Put(t.tx, jobOpenKey(r.ID), true), t.keepJob(job.Record{}, r, nil)}
	for _, what := range order.Takes() {
		puts = append(puts, storage.Put(t.tx, jobServerKey(order.Account, what), r.ID))
	}
	return r, true, errors.Join(puts...)
}

// newJobID makes the id of a job or of a batch.
func newJobID() (string, error) {
	var random [8]byte
	if _, err := rand.Read(random[:]); err != nil {
		return "", fmt.Errorf("make an id for a job: %w", err)
	}
	return hex.EncodeToString(random[:]), nil
}

// operates says for which team something is done with a server, and why it may not be, by
// the accounts of now, in a group also by the team and the role; nil: for no team, in private.
func (t *transaction) operates(order job.Order, status team.Status, holder int64) (of *job.For, why string, err error) {
	if t.key.Private() {
		holder = t.key.User
	}
	as, err := account.In(t.tx, holder)
	switch {
	case err != nil:
		return nil, "", err
	case !t.engine.allowed(t.key):
		return nil, conversation.CodeNotAllowed, nil
	case as.Index(order.Account) < 0:
		return nil, conversation.CodeNoAccount, nil
	case t.key.Private():
		return nil, "", nil
	}
	tm, found, err := t.teamAt(t.key)
	switch {
	case err != nil:
		return nil, "", err
	case !found || !order.Op.Shared() || !tm.Role(t.key.User, status).May(team.RightOperate):
		return nil, conversation.CodeNotAllowed, nil
	case tm.Account == nil || order.Account != tm.Account.ID || holder != tm.Account.Holder ||
		!t.engine.allowed(chat.Key{Chat: holder, User: holder}):
		return nil, conversation.CodeNoAccount, nil
	}
	return &job.For{Team: tm.ID, Holder: holder, By: tm.Name(t.key.User)}, "", nil
}

// keepJob writes a job as it is after a move, its opening being the move by nil, with
// what is due and, where it has got further, its line of the book.
func (t *transaction) keepJob(was, is job.Record, event job.Event) error {
	t.dueAt(is.Due)
	err := errors.Join(
		storage.Put(t.tx, jobKey(is.ID), is),
		moveDue(t.tx, was.Due, is.Due, dueJob, is.ID),
	)
	if err != nil || was.Stage == is.Stage && was.Called.Equal(is.Called) {
		return err // a look that has found nothing new
	}
	return errors.Join(t.recordJob(was, is, event), t.count(), t.keepResized(is), t.watchJob(was, is, event), t.tellDeleted(was, is))
}

// keepResized notes a resize whose new size has to be decided, and that one is.
func (t *transaction) keepResized(r job.Record) error {
	switch {
	case r.Awaits():
		return storage.Put(t.tx, resizedKey(r.Order.Account, r.Order.Server), r.ID)
	case r.Stage.Ended() && r.Service != nil && (r.Order.Op == job.Keep || r.Order.Op == job.Rollback):
		return t.settleSize(r.Order.Account, r.Order.Server, func(resize job.Record) job.Op { return resize.Decided(*r.Service) })
	default:
		return nil
	}
}

// sizeSeen takes how a server stands, which may show what was decided elsewhere.
func (t *transaction) sizeSeen(seen serverflow.SizeSeen) error {
	return t.settleSize(seen.Account, seen.Server.ID, func(r job.Record) job.Op { return r.Decided(seen.Server) })
}

// settleSize has the message of a resize say what was decided about its new size, and
// takes off the buttons that ask it.
func (t *transaction) settleSize(account, server string, decided func(job.Record) job.Op) error {
	key := resizedKey(account, server)
	id, found, err := storage.Get[string](t.tx, key)
	if err != nil || !found {
		return err
	}
	r, _, err := storage.Get[job.Record](t.tx, jobKey(id))
	if err != nil {
		return err
	}
	if r.Settled = decided(r); r.Settled == "" {
		return nil
	}
	return errors.Join(storage.Put(t.tx, jobKey(id), r), t.tx.Delete(key), t.noteEnded(endedJob, id), t.post(post{To: r.Owner, Job: id}))
}

// moveJob makes one move of a job in a transaction of its own. [job.ErrStale] leaves
// everything as it is.
func (e *Engine) moveJob(ctx context.Context, id string, event job.Event, also ...func(storage.Tx) error) (job.Record, error) {
	return e.moveJobBy(ctx, id, func() job.Event { return event }, also...)
}

// moveJobBy is moveJob with an event that is made within the transaction.
func (e *Engine) moveJobBy(ctx context.Context, id string, make func() job.Event, also ...func(storage.Tx) error) (job.Record, error) {
	var after job.Record
	var event job.Event
	err := e.beside(ctx, func(t *transaction) error {
		was, found, err := storage.Get[job.Record](t.tx, jobKey(id))
		if err != nil {
			return err
		}
		if !found {
			return job.ErrStale
		}
		t.key, event = was.Owner, make()
		if after, err = job.Step(was, event, e.now()); err != nil {
			return err
		}
		return errors.Join(t.endJob(after), t.keepJob(was, after, event), t.tellJob(was, after))
	}, also...)
	if err != nil {
		return job.Record{}, fmt.Errorf("job %s by %T: %w", id, event, err)
	}
	if after.Stage.Ended() && after.Order.Listed() {
		e.spawn(func() { e.tellCopies(after) })
	}
	return after, nil
}

// tellCopies has an open card of copies, images or schedules read them again after a job. One
// that is not told has a button for it.
func (e *Engine) tellCopies(r job.Record) {
	err := e.turn(e.ctx, r.Owner, imageflow.Changed{Account: r.Order.Account, Server: r.Order.Server})
	if err != nil && e.ctx.Err() == nil {
		e.log.WarnContext(e.ctx, "a card of copies is not read again", "job", r.ID, "error", err)
	}
}

// endJob gives the server free once nothing more happens, and forgets the
// password as soon as the vendor has it or will never have it.
func (t *transaction) endJob(r job.Record) error {
	if r.MaySend() {
		return nil
	}
	gone := []string{jobSecretKey(r.ID)}
	if r.Stage.Ended() {
		gone = append(gone, jobOpenKey(r.ID))
		for _, what := range r.Order.Takes() {
			gone = append(gone, jobServerKey(r.Order.Account, what))
		}
		if err := t.noteEnded(endedJob, r.ID); err != nil {
			return err
		}
	}
	for _, key := range gone {
		if err := t.tx.Delete(key); err != nil {
			return err
		}
	}
	return nil
}

// tellJob brings the job's card up to date. How it ended comes as a new message, in the
// place of the card.
func (t *transaction) tellJob(was, is job.Record) error {
	switch {
	case is.Batch != "":
		return t.tellBatch(was, is)
	case is.Trial != "" && (is.Stage == job.Done || !is.Stage.Ended()):
		return nil // its card says so
	}
	if is.Stage.Ended() {
		return errors.Join(t.post(post{To: is.Owner, Job: is.ID, AsNew: true}), t.tellHolderOfJob(is))
	}
	if was.Stage != is.Stage || was.Unsure != is.Unsure || was.Service == nil || is.Service == nil || *was.Service != *is.Service {
		return t.post(post{To: is.Owner, Job: is.ID})
	}
	return nil
}

// tellHolderOfJob tells the holder of a team's account in private what its group is not
// shown of why something was not done with a server.
func (t *transaction) tellHolderOfJob(r job.Record) error {
	return t.tellAccountHolder(r.For, func(team string) (chat.Screen, bool) { return serverflow.HolderNews(r, team) })
}

// tellAccountHolder tells the holder of a team's account the news for them, which are made for
// the title of the team, if there are any.
func (t *transaction) tellAccountHolder(of *job.For, news func(team string) (chat.Screen, bool)) error {
	if of == nil {
		return nil
	}
	tm, _, err := storage.Get[team.Team](t.tx, journal.TeamKey(of.Team))
	if err != nil {
		return err
	}
	screen, differs := news(tm.Title)
	if !differs {
		return nil
	}
	return t.post(post{To: chat.Key{Chat: of.Holder, User: of.Holder}, Notice: &screen})
}

// showJob brings a job's card up to date.
func (e *Engine) showJob(ctx context.Context, er errand, id string, how placing) error {
	_, found, err := storage.Read[job.Record](ctx, e.store, jobKey(id))
	if err != nil || !found {
		return err
	}
	draw := func() (picture, error) {
		r, _, err := storage.Read[job.Record](ctx, e.store, jobKey(id))
		return picture{screen: serverflow.RenderJob(r), matter: jobCardKey(id)}, err
	}
	return e.place(ctx, er, jobCardKey(id), draw, how)
}

// runJob sends a job's call, if nobody has begun to.
func (e *Engine) runJob(ctx context.Context, id string) {
	if _, busy := e.calling.LoadOrStore(id, true); busy {
		return
	}
	defer e.calling.Delete(id)
	r, _, err := storage.Read[job.Record](ctx, e.store, jobKey(id))
	if err != nil || r.ID == "" || job.Next(r) != job.Send {
		return // it is due, or was begun
	}
	ctx = logs.With(ctx, ofJob(r)...)
	leave, err := e.enterLane(ctx, r)
	if err != nil {
		return // it is due
	}
	defer leave()
	defer e.settleMark()
	if err := e.saveMark(); err != nil {
		e.log.ErrorContext(ctx, "nothing is done with servers", "error", err)
		e.refuseJob(ctx, id, job.Failure{Code: conversation.CodeHeld, Object: string(conversation.HeldByStore)})
		return
	}
	var event job.Event = job.Calling{}
	allowed := []func(storage.Tx) error{e.mayCall(ctx, r)}
	if r.Spends(e.now()) {
		if held := e.heldUp(ctx, purchase.CallConfirm); held != nil {
			e.refuseJob(ctx, id, job.Failure{Code: conversation.CodeHeld, Object: string(held.By), Message: held.Reason})
			return
		}
		allowed = append(allowed, notStopped(purchase.CallConfirm)) // like a purchase
	}
	if r.LooksFirst() && r.Sendable(e.now()) {
		event = e.beforeJob(ctx, r)
		if _, sends := event.(job.Calling); !sends {
			e.holdJob(ctx, id, event)
			return
		}
	}
	r, err = e.moveJob(ctx, id, event, allowed...)
	var gone *notCalled
	switch {
	case errors.Is(err, job.ErrStale):
		return
	case errors.As(err, &gone):
		e.refuseJob(ctx, id, job.Failure{Code: gone.why})
		return
	}
	if err != nil {
		if e.ctx.Err() == nil {
			e.log.ErrorContext(ctx, "a job could not be begun; it is tried again", "error", err)
		}
		return // it is due
	}
	if r.Stage != job.Sending {
		return
	}
	// From here on the answer matters more than stopping.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), job.WriteFor)
	defer cancel()
	if err := e.saveMark(); err != nil { // of the announcement
		e.log.ErrorContext(ctx, "nothing is done with servers", "error", err)
		e.keepJobAnswer(ctx, r, false, errNoMark)
		return
	}
	open, err := e.callJob(ctx, r)
	e.log.InfoContext(ctx, "something was done with a server", "op", string(r.Order.Op), "error", err)
	e.keepJobAnswer(ctx, r, open, err)
}

// beforeJob looks what the account shows before a job is sent, and says what follows for
// it: without that nothing that is seen afterwards would tell what the job did. nil: it is
// due again.
func (e *Engine) beforeJob(ctx context.Context, r job.Record) job.Event {
	seen, err := e.see(ctx, r)
	switch {
	case err != nil:
	case r.Blocked(seen):
		return job.Occupied{Sight: seen}
	case r.Lacks(seen):
		err = errNotThere
	case r.Order.Op.Spends():
		err = e.costsAsAgreed(ctx, r, seen)
	}
	switch {
	case err == nil && r.Order.Needs().Before:
		return job.Calling{Before: &seen}
	case err == nil:
		return job.Calling{}
	case e.ctx.Err() != nil:
		return nil
	default:
		return job.NotSent{Why: *e.jobFailure(ctx, "a server before a job", r, err)}
	}
}

// errNotThere and errPriceMoved: the account does not show what the person agreed to.
var (
	errNotThere   = &zomro.Error{Op: "job", Kind: zomro.Refused, Unsent: true, Code: conversation.CodeNotThere}
	errPriceMoved = &zomro.Error{Op: "job", Kind: zomro.Refused, Unsent: true, Code: conversation.CodePriceMoved}
)

// costsAsAgreed fails unless what a job spends for has the price that the person agreed to, by
// the list that it was asked from.
func (e *Engine) costsAsAgreed(ctx context.Context, r job.Record, seen job.Sight) error {
	if r.Order.Op.Copies() {
		return agreed(r.Order, seen.Copies.Price)
	}
	return e.asAccount(ctx, r.Holder(), r.Owner, r.Order.Account, func(auth zomro.Auth) error {
		if r.Order.Op != job.Resize {
			copies, err := e.vendor.Copies(ctx, auth, r.Order.Server, zomro.KindBackup)
			if err != nil {
				return err
			}
			return agreed(r.Order, copies.Price)
		}
		sizes, err := e.vendor.Sizes(ctx, auth, r.Order.Server)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(sizes, func(s zomro.Size) bool { return s.ID == r.Order.Plan })
		if i < 0 {
			return errNotThere
		}
		return agreed(r.Order, sizes[i].Cost)
	})
}

func agreed(o job.Order, price *zomro.Money) error {
	if o.Moved(price) {
		return errPriceMoved
	}
	return nil
}

// see reads what the account shows of a job's server, and what else its op needs. The
// balance of one that spends is left out when it is not told.
func (e *Engine) see(ctx context.Context, r job.Record) (job.Sight, error) {
	var seen job.Sight
	needs := r.Order.Needs()
	err := e.asAccount(ctx, r.Holder(), r.Owner, r.Order.Account, func(auth zomro.Auth) error {
		seen = job.Sight{}
		if r.Order.Server != "" {
			services, err := e.vendor.Services(ctx, auth)
			if err != nil {
				return err
			}
			seen.Service = r.ServerIn(services)
		}
		if err := e.seeCopies(ctx, auth, r.Order, &seen); err != nil {
			return err
		}
		if needs.Details && seen.Service != nil {
			details, err := e.vendor.Details(ctx, auth, r.Order.Server)
			if err != nil {
				return err
			}
			seen.Details = &details
		}
		if r.Order.Op != job.Resize {
			return nil
		}
		// After the list: what was taken for what it shows is gone by now.
		balance, err := e.vendor.Balance(ctx, auth)
		if err != nil {
			e.log.InfoContext(ctx, "the balance around a resize is not known", "error", err)
			return nil
		}
		spendable := balance.Spendable()
		seen.Balance = &spendable
		return nil
	})
	return seen, err
}

// seeCopies reads the images, or the schedules, that an order needs to be seen.
func (e *Engine) seeCopies(ctx context.Context, auth zomro.Auth, o job.Order, seen *job.Sight) error {
	needs := o.Needs()
	if needs.Schedules && seen.Service != nil {
		schedules, err := e.vendor.Schedules(ctx, auth, o.Server)
		seen.Schedules = &schedules
		return err
	}
	if !needs.Copies || o.Server != "" && seen.Service == nil {
		return nil
	}
	var copies zomro.Copies
	var err error
	if o.Server != "" {
		copies, err = e.vendor.Copies(ctx, auth, o.Server, o.Kind)
	} else {
		copies.List, err = e.vendor.Images(ctx, auth)
	}
	seen.Copies = &copies
	return err
}

// jobFailure turns an error into what a job keeps of it, with all that its holder may read.
func (e *Engine) jobFailure(ctx context.Context, what string, r job.Record, err error) *job.Failure {
	p := e.desk.Problem(ctx, what, chat.Key{Chat: r.Holder(), User: r.Holder()}, err)
	return &job.Failure{Kind: p.Kind, Code: p.Code, Object: p.Object, Message: p.Message}
}

// refuseJob ends a job whose call was not begun.
func (e *Engine) refuseJob(ctx context.Context, id string, why job.Failure) {
	e.holdJob(ctx, id, job.NotSent{Why: why})
}

// holdJob makes the move of a job whose call is not begun now; nil: it is due.
func (e *Engine) holdJob(ctx context.Context, id string, event job.Event) {
	if event == nil {
		return
	}
	_, err := e.moveJob(ctx, id, event)
	if err != nil && !errors.Is(err, job.ErrStale) {
		e.log.ErrorContext(ctx, "a job that is not sent could not be moved; it is tried again", "error", err)
	}
}

// notCalled says that the right to a job has gone since it was asked for, or is not known.
type notCalled struct{ why string }

func (n *notCalled) Error() string { return "the job may not be done now: " + n.why }

// mayCall is looked at in the transaction that announces the call of a job, which may have
// waited since it was asked for. It fails with notCalled unless whoever asked may still do so.
// What they are in the group is asked of Telegram right away, before the transaction.
func (e *Engine) mayCall(ctx context.Context, r job.Record) func(storage.Tx) error {
	var status string
	var unknown error
	if r.For != nil {
		if status, unknown = e.chat.Member(ctx, r.Owner, r.Owner.User); unknown != nil {
			e.log.WarnContext(ctx, "Telegram did not tell what a person is in a group; nothing is done", "error", unknown)
		}
	}
	return func(tx storage.Tx) error {
		if unknown != nil {
			return &notCalled{why: conversation.CodeNotChecked}
		}
		t := transaction{engine: e, ctx: ctx, tx: tx, key: r.Owner}
		of, why, err := t.operates(r.Order, team.Status(status), r.Holder())
		if err == nil && why == "" && r.For != nil && of.Team != r.For.Team {
			why = conversation.CodeNoTeam
		}
		if err == nil && why != "" {
			err = &notCalled{why: why}
		}
		return err
	}
}

// endWaiting ends the jobs that wait with an account of a person who has logged out of it.
func (e *Engine) endWaiting(ctx context.Context, holder int64, of string) {
	var waiting []string
	err := e.store.Scan(ctx, jobOpenPrefix, "", func(key string, _ []byte) (bool, error) {
		id := strings.TrimPrefix(key, jobOpenPrefix)
		r, _, err := storage.Read[job.Record](ctx, e.store, jobKey(id))
		if err == nil && r.Holder() == holder && r.Order.Account == of {
			waiting = append(waiting, id)
		}
		return true, nil // what cannot be read is told of elsewhere
	})
	for _, id := range waiting {
		_, moved := e.moveJob(ctx, id, job.GivenUp{Why: conversation.CodeNoAccount})
		if !errors.Is(moved, job.ErrStale) {
			err = errors.Join(err, moved)
		}
	}
	if err != nil && e.ctx.Err() == nil {
		e.log.ErrorContext(ctx, "jobs of an account that is gone are not ended now; the next look at them does", "error", err)
	}
}

// stopWaiting ends a job, or those of a batch, that wait for another operation, for whoever
// sees their card. What waits no longer is shown as it is.
func (t *transaction) stopWaiting(stop serverflow.StopWaiting) error {
	b, jobs, err := batchOf(t.tx, stop.Of)
	if err != nil {
		return err
	}
	if b.ID == "" {
		r, _, err := storage.Get[job.Record](t.tx, jobKey(stop.Of))
		if err != nil {
			return err
		}
		jobs = []job.Record{r}
	}
	ended, late := false, false
	for _, was := range jobs {
		if was.ID == "" || was.Owner != t.key && !near(was.Owner, t.key) {
			continue
		}
		is, err := job.Step(was, job.GivenUp{}, t.engine.now())
		ended, late = ended || err == nil, late || err != nil
		if err == nil {
			err = errors.Join(t.endJob(is), t.keepJob(was, is, job.GivenUp{}), t.tellJob(was, is))
		}
		if err != nil && !errors.Is(err, job.ErrStale) {
			return err
		}
	}
	answer := conversation.Answer{Press: stop.Press}
	if late && !ended {
		text := serverflow.TooLateToStop()
		answer.Text, answer.Alert = &text, true
	}
	if stop.Press != "" {
		t.answers = append(t.answers, answer)
	}
	return nil
}

// keepJobAnswer commits the answer to a job's call, as long as it takes.
// One that cannot be kept is lost like one that never came. open: it may have been carried
// out, although it failed.
func (e *Engine) keepJobAnswer(ctx context.Context, r job.Record, open bool, failed error) {
	var answer job.Answered
	if failed != nil {
		answer.Failure, answer.Open = e.jobFailure(ctx, "a job", r, failed), open && !crossed(failed)
		if answer.Open && answer.Failure.Kind != zomro.Denied {
			answer.Failure.Kind = zomro.Unknown
		}
	}
	_ = e.retry(answerPause, func() error {
		_, err := e.moveJob(context.WithoutCancel(ctx), r.ID, answer)
		if errors.Is(err, job.ErrStale) {
			return nil
		}
		return err
	}, func(err error, pause time.Duration) {
		e.log.ErrorContext(ctx, "the answer to a job could not be kept; it is tried again", "pause", pause, "error", err)
	})
}

// mayBeDone reports whether a call that failed may have been carried out all the same. What
// spends money is refused by what the account shows, not by an error; and who was not let in
// is only said to have done nothing.
func mayBeDone(op job.Op, err error) bool {
	var failure *zomro.Error
	switch kind := zomro.KindOf(err); {
	case err == nil || errors.As(err, &failure) && failure.Unsent:
		return false
	default:
		return op.Spends() || kind == zomro.Unknown || kind == zomro.Denied
	}
}

// crossed reports whether the vendor certainly did nothing because another operation runs. A
// call that was made before it, with a session that had died, can be repeated.
func crossed(err error) bool {
	var failure *zomro.Error
	return errors.As(err, &failure) && failure.Kind == zomro.Refused && failure.Object == zomro.ObjectAtWork
}

// errNoMark: the mark beside the store cannot be written.
var errNoMark = &zomro.Error{Op: "job", Kind: zomro.Refused, Unsent: true, Code: conversation.CodeHeld, Object: string(conversation.HeldByStore)}

// errNoServerPassword: the password of a job is not kept any more.
var errNoServerPassword = &zomro.Error{Op: "job", Kind: zomro.Refused, Code: conversation.CodeNoPassword}

// callJob makes the one call of a job. open: it may have been carried out, although it
// failed.
func (e *Engine) callJob(ctx context.Context, r job.Record) (open bool, err error) {
	var password zomro.Secret
	if r.Order.NeedsPassword() {
		if password, err = e.desk.LoadSecret(ctx, jobSecretKey(r.ID)); err != nil {
			return false, err
		}
		if password.IsZero() {
			return false, errNoServerPassword
		}
	}
	call := func(auth zomro.Auth) error {
		err := e.perform(ctx, auth, r.Order, password)
		open = open || mayBeDone(r.Order.Op, err)
		return err
	}
	if r.Order.Op.Once() {
		err = e.accounts.Once(ctx, r.Holder(), r.Order.Account, e.langOf(ctx, r.Owner), call)
	} else {
		err = e.asAccount(ctx, r.Holder(), r.Owner, r.Order.Account, call)
	}
	return open, err
}

// perform has the vendor do something with a server.
func (e *Engine) perform(ctx context.Context, auth zomro.Auth, o job.Order, password zomro.Secret) error {
	switch o.Op {
	case job.Start:
		return e.vendor.StartService(ctx, auth, o.Server)
	case job.Stop:
		return e.vendor.StopService(ctx, auth, o.Server)
	case job.Reboot:
		return e.vendor.RebootService(ctx, auth, o.Server)
	case job.Rename:
		return e.vendor.RenameService(ctx, auth, o.Server, o.NewName)
	case job.Rescue:
		return e.vendor.Rescue(ctx, auth, o.Server, zomro.Boot{Image: o.Image, Zone: o.Zone}, password)
	case job.BootISO:
		return e.vendor.BootISO(ctx, auth, o.Server, zomro.Boot{Image: o.Image, Zone: o.Zone})
	case job.Unrescue, job.EjectISO:
		return e.vendor.Unrescue(ctx, auth, o.Server)
	case job.ReverseDNS:
		return e.vendor.SetReverseDNS(ctx, auth, o.Server, o.NewName)
	case job.Password:
		return e.vendor.ChangePassword(ctx, auth, o.Server, password)
	case job.Rebuild:
		return e.vendor.Rebuild(ctx, auth, o.Server, zomro.Rebuild{Image: o.Image, Zone: o.Zone, Key: o.Key, Password: password})
	case job.Resize:
		return e.vendor.Resize(ctx, auth, o.Server, o.Plan)
	case job.Keep, job.Rollback:
		return e.vendor.SettleResize(ctx, auth, o.Server, o.Op == job.Keep)
	case job.Delete:
		return e.vendor.DeleteService(ctx, auth, o.Server)
	case job.Renewal:
		return e.vendor.SetRenewal(ctx, auth, o.Server, o.NewName)
	default:
		return e.performOnCopies(ctx, auth, o)
	}
}

// performOnCopies has the vendor do something with the copies of a server, their
// schedules or an image.
func (e *Engine) performOnCopies(ctx context.Context, auth zomro.Auth, o job.Order) error {
	switch o.Op {
	case job.Snapshot, job.Backup:
		return e.vendor.MakeCopy(ctx, auth, o.Server, o.Kind, o.NewName)
	case job.Restore:
		return e.vendor.Restore(ctx, auth, o.Server, o.Image)
	case job.RenameImage:
		server := ""
		if o.Kind == zomro.KindBackup {
			server = o.Server
		}
		return e.vendor.RenameImage(ctx, auth, o.Copy, server, o.NewName)
	case job.Protect, job.Unprotect:
		return e.vendor.ProtectImage(ctx, auth, o.Copy, o.Op == job.Protect)
	case job.DeleteImage:
		return e.vendor.DeleteImage(ctx, auth, o.Copy)
	case job.SetSchedule:
		return e.vendor.SetSchedule(ctx, auth, o.Server, *o.Schedule)
	case job.DropSchedule:
		return e.vendor.DeleteSchedule(ctx, auth, o.Schedule.ID)
	case job.KeepBackups:
		return e.vendor.KeepBackups(ctx, auth, o.Server, o.Kept)
	default:
		return fmt.Errorf("nobody knows how to %q a server", o.Op)
	}
}

// tickJob looks at a job that is due, beside the sweep.
func (e *Engine) tickJob(ctx context.Context, id string, consume func(storage.Tx) error) error {
	r, err := e.moveJobBy(ctx, id, func() job.Event {
		_, calling := e.calling.Load(id)
		return job.Tick{Calling: calling}
	}, consume)
	switch {
	case errors.Is(err, job.ErrStale):
		return e.store.Update(ctx, consume)
	case err != nil:
		return err
	case r.Stage == job.Sending:
		e.spawn(func() { e.runJob(e.ctx, id) })
	default:
		e.spawn(func() { e.lookAtJob(r) })
	}
	return nil
}

// lookAtJob looks whether what was asked for is done.
func (e *Engine) lookAtJob(r job.Record) {
	ctx := logs.With(e.ctx, ofJob(r)...)
	at := e.now()
	look := e.see
	if r.Batch != "" {
		look = e.seeTogether
	}
	seen, err := look(ctx, r)
	var event job.Event = job.Looked{Sight: seen, Seen: err == nil, At: at, Took: e.took}
	if job.Next(r) == job.Weigh {
		event = job.Weighed{Sight: seen, Seen: err == nil, At: at, Took: e.took}
	}
	if e.ctx.Err() != nil {
		return // it is due
	}
	if err != nil {
		e.log.InfoContext(ctx, "a server could not be looked at", "error", err)
	}
	if r.Stage == job.Waiting && (errors.Is(err, account.ErrNone) || errors.Is(err, account.ErrOther)) {
		event = job.GivenUp{Why: conversation.CodeNoAccount}
	}
	is, err := e.moveJob(ctx, r.ID, event)
	switch {
	case err == nil && job.Next(is) == job.Send: // what it waited for is over
		e.spawn(func() { e.runJob(ctx, r.ID) })
	case err != nil && !errors.Is(err, job.ErrStale) && e.ctx.Err() == nil:
		e.log.ErrorContext(ctx, "what was seen of a server could not be kept; it is looked at again", "error", err)
	}
}

// resumeJobs takes up every job that is not at its end. The answer to a
// call that was begun is lost. older: the store is an older copy, in which also
// what was not begun may have been sent since.
func (e *Engine) resumeJobs(ctx context.Context, older bool) error {
	var ids []string
	err := e.store.Scan(ctx, jobOpenPrefix, "", func(key string, _ []byte) (bool, error) {
		ids = append(ids, strings.TrimPrefix(key, jobOpenPrefix))
		return true, nil
	})
	if err != nil {
		return err
	}
	for _, id := range ids {
		_, err := e.moveJob(ctx, id, job.Resumed{Older: older})
		if storage.Damaged(err) {
			e.log.ErrorContext(ctx, "what is being done with a server cannot be read; it is left as it is", "job", id, "error", err)
			continue
		}
		if err != nil && !errors.Is(err, job.ErrStale) {
			return err
		}
		e.spawn(func() { e.runJob(e.ctx, id) })
	}
	return nil
}
