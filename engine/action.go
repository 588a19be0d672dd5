package engine

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"zomrobot/account"
	"zomrobot/audit"
	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/purchase"
	"zomrobot/storage"
	"zomrobot/zomro"
)

// How long things take that are done with servers.
const (
	actionFresh   = 10 * time.Minute // one that could not be sent for longer is dropped
	actionFor     = 15 * time.Minute // a server is watched, since the call
	actionSettles = 2 * time.Minute  // after which work that was not seen has been done
	actionRetry   = time.Minute      // until one that could not be sent is looked at again
)

// actionPauses are those between the looks at a server; the last is repeated.
var actionPauses = []time.Duration{5 * time.Second, 10 * time.Second, 20 * time.Second, 30 * time.Second, time.Minute}

// action is something that is being done with a server, as it is kept. What is
// about to be called is on disk before the call, and the answer after it; the
// call is made once.
type action struct {
	ID       string                   `json:"id"`
	Owner    chat.Key                 `json:"owner"`
	Act      conversation.Act         `json:"act"`
	Stage    conversation.ActionStage `json:"stage"`
	Revision int                      `json:"revision"`
	Asked    time.Time                `json:"asked"`
	Called   time.Time                `json:"called,omitzero"`  // zero: the call was not begun
	Unsure   bool                     `json:"unsure,omitempty"` // its answer was lost, or does not tell what was done
	Busy     bool                     `json:"busy,omitempty"`   // the server was seen at work since
	Looks    int                      `json:"looks,omitempty"`
	Due      time.Time                `json:"due,omitzero"`
	Service  *zomro.Service           `json:"service,omitempty"` // as last seen
	Problem  *conversation.Problem    `json:"problem,omitempty"`

	// Of a resize, which spends money:
	Before  *sight       `json:"before,omitempty"`  // what the account showed before the call
	Balance *zomro.Money `json:"balance,omitempty"` // spendable, as last read since
}

// view is what a person sees of an action.
func (a action) view() conversation.Action {
	v := conversation.Action{Act: a.Act, Stage: a.Stage, Unsure: a.Unsure, Service: a.Service, Problem: a.Problem, Now: a.Balance}
	if a.Before != nil {
		v.Was = a.Before.Balance
	}
	return v
}

// act opens an action, unless something is being done with the server already.
func (t *turn) act(act conversation.Act) ([]chat.Event, error) {
	slot := secretKey(t.key, conversation.SlotServer)
	password, given, err := storage.Get[secret](t.tx, slot)
	if err != nil {
		return nil, err
	}
	if err := t.tx.Delete(slot); err != nil {
		return nil, err
	}
	_, taken, err := storage.Get[string](t.tx, actionServerKey(act.Account, act.Server))
	if err != nil {
		return nil, err
	}
	if taken {
		return []chat.Event{conversation.ActRefused{Act: act}}, nil
	}
	var random [8]byte
	if _, err := rand.Read(random[:]); err != nil {
		return nil, fmt.Errorf("make an id for an action: %w", err)
	}
	now := t.engine.now()
	a := action{
		ID: hex.EncodeToString(random[:]), Owner: t.key, Act: act, Stage: conversation.ActionSending,
		Asked: now, Due: now.Add(actionRetry),
	}
	puts := []error{
		storage.Put(t.tx, actionServerKey(act.Account, act.Server), a.ID),
		storage.Put(t.tx, actionOpenKey(a.ID), true),
		t.keepAction(action{}, a, audit.StepOpened),
	}
	if given && act.NeedsPassword() {
		puts = append(puts, storage.Put(t.tx, actionSecretKey(a.ID), password), account.KeepTrace(t.tx, t.key.User, act.Account, zomro.NewSecret(password.Text)))
	}
	if err := errors.Join(puts...); err != nil {
		return nil, err
	}
	t.actions = append(t.actions, a.ID)
	return nil, nil
}

// keepAction writes an action as it is after a move, with what is due and, where
// it has got further, its line of the book.
func (t *turn) keepAction(was, is action, step string) error {
	t.due = t.due || !is.Due.IsZero()
	err := errors.Join(
		storage.Put(t.tx, actionKey(is.ID), is),
		moveDue(t.tx, was.Due, is.Due, dueAction, is.ID),
	)
	if err != nil || was.Stage == is.Stage && was.Called.Equal(is.Called) {
		return err // a look that has found nothing new
	}
	return errors.Join(t.recordAction(was, is, step), t.count())
}

// moveAction makes one move of an action in a transaction of its own. The
// function says how; errStale leaves everything as it is.
func (e *Engine) moveAction(ctx context.Context, id, event string, change func(*action) error, also ...func(storage.Tx) error) (action, error) {
	var after action
	err := e.beside(ctx, func(t *turn) error {
		was, found, err := storage.Get[action](t.tx, actionKey(id))
		if err != nil {
			return err
		}
		if !found || was.Stage.Ended() {
			return errStale
		}
		t.key = was.Owner
		after = was
		if err := change(&after); err != nil {
			return err
		}
		after.Revision++
		return errors.Join(t.endAction(&after), t.keepAction(was, after, event), t.tellAction(was, after))
	}, also...)
	if err != nil {
		return action{}, fmt.Errorf("action %s, %s: %w", id, event, err)
	}
	return after, nil
}

// endAction gives the server free once nothing more happens, and forgets the
// password as soon as the vendor has it or will never have it.
func (t *turn) endAction(a *action) error {
	if a.Stage == conversation.ActionSending {
		return nil
	}
	gone := []string{actionSecretKey(a.ID)}
	if a.Stage.Ended() {
		a.Due = time.Time{}
		gone = append(gone, actionOpenKey(a.ID), actionServerKey(a.Act.Account, a.Act.Server))
	}
	for _, key := range gone {
		if err := t.tx.Delete(key); err != nil {
			return err
		}
	}
	return nil
}

// tellAction brings the action's card up to date, and says in a new message how
// it ended.
func (t *turn) tellAction(was, is action) error {
	if is.Stage.Ended() {
		news := conversation.RenderAction(is.view())
		if err := t.post(post{To: is.Owner, Action: is.ID}); err != nil {
			return err
		}
		return t.post(post{To: is.Owner, Notice: &news})
	}
	if was.Stage != is.Stage || was.Unsure != is.Unsure || was.Service == nil || is.Service == nil || *was.Service != *is.Service {
		return t.post(post{To: is.Owner, Action: is.ID})
	}
	return nil
}

// showAction brings an action's card up to date.
func (e *Engine) showAction(ctx context.Context, to chat.Key, lang, id string) error {
	_, found, err := storage.Read[action](ctx, e.store, actionKey(id))
	if err != nil || !found {
		return err
	}
	draw := func() (chat.Screen, error) {
		a, _, err := storage.Read[action](ctx, e.store, actionKey(id))
		return conversation.RenderAction(a.view()), err
	}
	return e.place(ctx, to, lang, actionCardKey(id), draw, false)
}

// runAction sends an action's call, if nobody has begun to.
func (e *Engine) runAction(id string) {
	if _, busy := e.calling.LoadOrStore(id, true); busy {
		return
	}
	defer e.calling.Delete(id)
	allowed := func(storage.Tx) error { return nil }
	var before *sight
	a, _, err := storage.Read[action](e.ctx, e.store, actionKey(id))
	if err != nil || a.Stage != conversation.ActionSending || !a.Called.IsZero() {
		return // it is due, or was begun
	}
	if a.Act.Deed == conversation.DeedResize && e.now().Sub(a.Asked) <= actionFresh {
		// It spends money, like a purchase.
		if held := e.heldUp(e.ctx, purchase.CallConfirm); held != nil {
			e.refuseAction(id, conversation.Problem{Code: conversation.CodeHeld, Object: string(held.By), Message: held.Reason})
			return
		}
		allowed = notStopped(purchase.CallConfirm)
		seen, ok := e.beforeResize(a)
		if !ok {
			return
		}
		before = &seen
	}
	a, err = e.moveAction(e.ctx, id, "called", func(a *action) error {
		switch now := e.now(); {
		case a.Stage != conversation.ActionSending || !a.Called.IsZero():
			return errStale
		case now.Sub(a.Asked) > actionFresh:
			a.Stage = conversation.ActionDropped
		default:
			a.Called, a.Before = now, before
		}
		return nil
	}, allowed)
	if errors.Is(err, errStale) {
		return
	}
	if err != nil {
		if e.ctx.Err() == nil {
			e.log.Error("an action could not be begun; it is tried again", "action", id, "error", err)
		}
		return // it is due
	}
	if a.Stage != conversation.ActionSending {
		return
	}
	// From here on the answer matters more than stopping.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(e.ctx), writeFor)
	defer cancel()
	begun, err := e.performAction(ctx, a)
	e.log.Info("something was done with a server", "action", id, "deed", string(a.Act.Deed), "error", err)
	e.keepActionAnswer(a, begun, err)
}

// refuseAction ends an action whose call was not begun.
func (e *Engine) refuseAction(id string, why conversation.Problem) {
	_, err := e.moveAction(e.ctx, id, "not sent", func(a *action) error {
		if a.Stage != conversation.ActionSending || !a.Called.IsZero() {
			return errStale
		}
		a.Stage, a.Problem = conversation.ActionRefused, &why
		return nil
	})
	if err != nil && !errors.Is(err, errStale) {
		e.log.Error("an action that is not sent could not be ended; it is tried again", "action", id, "error", err)
	}
}

// keepActionAnswer commits the answer to an action's call, as long as it takes.
// One that cannot be kept is lost like one that never came. begun: the vendor's
// client was asked to make the call.
func (e *Engine) keepActionAnswer(a action, begun bool, failed error) {
	// What spends money is refused by what the account shows, not by an error.
	open := zomro.KindOf(failed) == zomro.Unknown || a.Act.Deed == conversation.DeedResize && !unsent(begun, failed)
	var problem *conversation.Problem
	if failed != nil {
		problem = e.problem("action", a.Owner, failed)
		if open {
			problem.Kind = zomro.Unknown
		}
	}
	answer := func(a *action) error {
		switch {
		case a.Stage != conversation.ActionSending:
			return errStale
		case failed == nil, open:
			a.Stage, a.Unsure = conversation.ActionFollowing, failed != nil
			a.Due = e.now().Add(actionPauses[0])
		default:
			a.Stage = conversation.ActionRefused
		}
		a.Problem = problem
		return nil
	}
	_ = e.retry(answerPause, func() error {
		_, err := e.moveAction(context.WithoutCancel(e.ctx), a.ID, "answered", answer)
		if errors.Is(err, errStale) {
			return nil
		}
		return err
	}, func(err error, pause time.Duration) {
		e.log.Error("the answer to an action could not be kept; it is tried again", "action", a.ID, "pause", pause, "error", err)
	})
}

// errNoServerPassword: the password of an action is not kept any more.
var errNoServerPassword = &zomro.Error{Op: "action", Kind: zomro.Refused, Code: conversation.CodeNoPassword}

// performAction makes the one call of an action. begun: the vendor's client was
// asked to make it.
func (e *Engine) performAction(ctx context.Context, a action) (begun bool, err error) {
	var password zomro.Secret
	if a.Act.NeedsPassword() {
		if password, err = e.loadSecret(ctx, actionSecretKey(a.ID)); err != nil {
			return false, err
		}
		if password.IsZero() {
			return false, errNoServerPassword
		}
	}
	act := a.Act
	if act.Deed == conversation.DeedResize {
		err = e.accounts.Once(ctx, a.Owner.User, act.Account, e.langOf(ctx, a.Owner), func(auth zomro.Auth) error {
			begun = true
			return e.vendor.Resize(ctx, auth, act.Server, act.Plan)
		})
		return begun, err
	}
	err = e.asAccount(ctx, a.Owner.User, a.Owner, act.Account, func(auth zomro.Auth) error {
		begun = true
		switch act.Deed {
		case conversation.DeedStart:
			return e.vendor.StartService(ctx, auth, act.Server)
		case conversation.DeedStop:
			return e.vendor.StopService(ctx, auth, act.Server)
		case conversation.DeedReboot:
			return e.vendor.RebootService(ctx, auth, act.Server)
		case conversation.DeedRename:
			return e.vendor.RenameService(ctx, auth, act.Server, act.NewName)
		case conversation.DeedPassword:
			return e.vendor.ChangePassword(ctx, auth, act.Server, password)
		case conversation.DeedRebuild:
			return e.vendor.Rebuild(ctx, auth, act.Server, zomro.Rebuild{Image: act.Image, Zone: act.Zone, Key: act.Key, Password: password})
		case conversation.DeedKeep, conversation.DeedRollback:
			return e.vendor.SettleResize(ctx, auth, act.Server, act.Deed == conversation.DeedKeep)
		case conversation.DeedDelete:
			return e.vendor.DeleteService(ctx, auth, act.Server)
		default:
			return fmt.Errorf("nobody knows how to %q a server", act.Deed)
		}
	})
	return begun, err
}

// tickAction looks at an action that is due, beside the sweep.
func (e *Engine) tickAction(ctx context.Context, id string, consume func(storage.Tx) error) error {
	a, err := e.moveAction(ctx, id, "due", func(a *action) error {
		a.Looks++
		a.Due = e.now().Add(actionPauses[min(a.Looks, len(actionPauses)-1)])
		_, calling := e.calling.Load(id)
		switch {
		case a.Stage != conversation.ActionSending:
		case !a.Called.IsZero() && !calling:
			// The commit that announced the call failed, and was made all the same.
			a.Stage, a.Unsure = conversation.ActionFollowing, true
		default:
			a.Due = e.now().Add(actionRetry)
		}
		return nil
	}, consume)
	switch {
	case errors.Is(err, errStale):
		return e.store.Update(ctx, consume)
	case err != nil:
		return err
	case a.Stage == conversation.ActionSending:
		e.spawn(func() { e.runAction(id) })
	default:
		e.spawn(func() { e.lookAction(a) })
	}
	return nil
}

// lookAction looks whether what was asked for is done.
func (e *Engine) lookAction(a action) {
	if a.Act.Deed == conversation.DeedResize {
		e.lookResize(a)
		return
	}
	var services []zomro.Service
	err := e.asAccount(e.ctx, a.Owner.User, a.Owner, a.Act.Account, func(auth zomro.Auth) (err error) {
		services, err = e.vendor.Services(e.ctx, auth)
		return err
	})
	if e.ctx.Err() != nil {
		return // it is due
	}
	if err != nil {
		e.log.Info("a server could not be looked at", "action", a.ID, "error", err)
	}
	e.keepLook(a.ID, func(a *action) { a.look(services, err == nil, e.now()) })
}

// lookResize looks what the account shows of a resize.
func (e *Engine) lookResize(a action) {
	at := e.now()
	seen, err := e.see(e.ctx, a)
	if e.ctx.Err() != nil {
		return // it is due
	}
	if err != nil {
		e.log.Info("a resize could not be looked at", "action", a.ID, "error", err)
	}
	e.keepLook(a.ID, func(a *action) {
		if err == nil {
			a.Service = seen.Service
		}
		a.judgeResize(seen, at, e.now())
	})
}

// keepLook commits what was seen of an action's server.
func (e *Engine) keepLook(id string, look func(*action)) {
	_, err := e.moveAction(e.ctx, id, "looked", func(a *action) error {
		look(a)
		return nil
	})
	if err != nil && !errors.Is(err, errStale) && e.ctx.Err() == nil {
		e.log.Error("what was seen of a server could not be kept; it is looked at again", "action", id, "error", err)
	}
}

// look takes what was seen of the account's servers, if anything was.
func (a *action) look(services []zomro.Service, seen bool, now time.Time) {
	since := now.Sub(a.Called)
	if seen {
		a.Service = a.serverIn(services)
		a.Busy = a.Busy || a.Service != nil && a.Service.InWork()
		reached := a.Act.Reached(a.Service, a.Busy, since >= actionSettles)
		switch {
		case reached && a.Unsure && !a.Act.Telling(a.Busy):
			a.Stage = conversation.ActionUnclear
		case reached:
			a.Stage = conversation.ActionDone
		case a.Service != nil && a.Service.PowerState == zomro.PowerError && since >= actionSettles:
			a.Stage = conversation.ActionFailed
		}
	}
	switch {
	case a.Stage.Ended() || since < actionFor:
	case a.Unsure:
		a.Stage = conversation.ActionUnclear
	default:
		a.Stage = conversation.ActionLate
	}
}

// resumeActions takes up every action that is not at its end. The answer to a
// call that was begun is lost. older: the store is an older copy, in which also
// what was not begun may have been sent since.
func (e *Engine) resumeActions(ctx context.Context, older bool) error {
	var ids []string
	err := e.store.Scan(ctx, actionOpenPrefix, "", func(key string, _ []byte) (bool, error) {
		ids = append(ids, strings.TrimPrefix(key, actionOpenPrefix))
		return true, nil
	})
	if err != nil {
		return err
	}
	for _, id := range ids {
		_, err := e.moveAction(ctx, id, "resumed", func(a *action) error {
			now := e.now()
			if older && a.Called.IsZero() {
				a.Called = now
			}
			if a.Stage == conversation.ActionSending && !a.Called.IsZero() {
				a.Stage, a.Unsure = conversation.ActionFollowing, true
				a.Due = now.Add(actionPauses[0])
			}
			return nil
		})
		if storage.Damaged(err) {
			e.log.Error("what is being done with a server cannot be read; it is left as it is", "action", id, "error", err)
			continue
		}
		if err != nil && !errors.Is(err, errStale) {
			return err
		}
		e.spawn(func() { e.runAction(id) })
	}
	return nil
}
