package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"zomrobot/account"
	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/engine/journal"
	"zomrobot/logs"
	"zomrobot/purchase"
	"zomrobot/storage"
	"zomrobot/trial"
	"zomrobot/zomro"
	"zomrobot/zomro/profile"
)

// writeFor is how long a writing call may take. It is not cut short when the
// program is asked to stop: its answer is worth waiting for.
const writeFor = 90 * time.Second

// runners are the purchases, or the trials, that are being moved, each by one goroutine.
type runners struct {
	mu      sync.Mutex
	running map[string]bool // true: to be looked at once more
}

// wake has a purchase looked at and moved as far as it goes.
func (e *Engine) wake(id string) {
	e.runners.wake(e, id, func() { e.runPurchase(id) })
}

// wake has something run, or looked at once more by the one that runs it.
func (r *runners) wake(e *Engine, id string, run func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.running == nil {
		r.running = make(map[string]bool)
	}
	if _, ok := r.running[id]; ok {
		r.running[id] = true
		return
	}
	if e.ctx.Err() != nil {
		return // it stands in the store
	}
	r.running[id] = false
	e.spawn(run)
}

// wakeLater is kick after a time.
func (e *Engine) wakeLater(id string, after time.Duration) {
	e.wait.Go(func() {
		select {
		case <-e.ctx.Done():
		case <-e.after(after):
			e.wake(id)
		}
	})
}

// rest ends a purchase's runner unless it was kicked again.
func (r *runners) rest(id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.running[id] {
		r.running[id] = false
		return false
	}
	delete(r.running, id)
	return true
}

func (e *Engine) runPurchase(id string) {
	ctx := logs.With(e.ctx, ofPurchase(id))
	for rested := false; !rested; {
		err := e.retry(firstPause, func() error {
			moved, err := e.advance(ctx, id)
			for errors.Is(err, errStale) && e.ctx.Err() == nil { // a person, or a commit that failed, has moved it meanwhile
				moved, err = e.advance(ctx, id)
			}
			if moved && err != nil {
				return progressError{err}
			}
			return err
		}, func(err error, pause time.Duration) {
			e.log.ErrorContext(ctx, "a purchase could not be moved; it is tried again", "pause", pause, "error", err)
		})
		if err != nil || e.ctx.Err() != nil {
			return // it stands in the journal
		}
		rested = e.runners.rest(id)
	}
}

// advance moves a purchase until it rests: it waits for its turn, for a
// person, for a time, or is at its end. moved: it got further before it failed.
func (e *Engine) advance(ctx context.Context, id string) (moved bool, err error) {
	r := run{engine: e, id: id}
	defer e.settleMark()
	defer r.release()
	if err := r.read(ctx); err != nil || r.now.Record.ID == "" {
		return false, err
	}
	ctx = logs.With(ctx, ofDialogue(r.now.Owner))
	began := r.kept.Record.Revision
	for rests := false; err == nil && !rests && ctx.Err() == nil; {
		rests, err = r.step(ctx)
	}
	return r.kept.Record.Revision > began, err
}

// run is a purchase while it is advanced. What was read is kept with what follows from
// it: the announcement of a writing call, a rest, or what is told. Until then it is lost
// by a crash, and read again.
type run struct {
	engine *Engine
	id     string
	kept   journal.Entry // as it is in the store
	now    journal.Entry // with what was read since
	steps  []step        // from kept to now: of reading calls
	alone  bool          // reading calls are made one after the other
	took   time.Duration // the last calls that were made at the same time
	lease  storage.Lease // of its account; nil: it has not needed it yet
}

func (r *run) release() {
	if r.lease != nil {
		r.lease.Release()
	}
}

// fence joins the transactions of a run: they are made only as long as the account is
// its own.
func (r *run) fence(tx storage.Tx) error {
	if r.lease == nil {
		return nil
	}
	return r.lease.Check(tx)
}

// read reads the purchase as it is in the store.
func (r *run) read(ctx context.Context) error {
	now, _, err := storage.Read[journal.Entry](ctx, r.engine.store, journal.PurchaseKey(r.id))
	if err == nil {
		r.stands(now)
	}
	return err
}

// stands takes in how the purchase is in the store now.
func (r *run) stands(now journal.Entry) { r.kept, r.now, r.steps = now, now, nil }

// step makes the next step of a purchase; rests: there is none for now.
func (r *run) step(ctx context.Context) (rests bool, err error) {
	action := purchase.Next(r.now.Record, r.engine.now())
	switch {
	case r.lease == nil && (action.Kind == purchase.Queue || purchase.Holds(r.now.Record)):
		return false, r.own(ctx)
	case r.now.Record.InFlight != "":
		// A purchase has one runner, and this one makes no call now: whoever
		// announced this one is gone, or failed right after.
		return false, r.move(ctx, purchase.Restarted{})
	}
	switch action.Kind {
	case purchase.Queue:
		return r.begin(ctx)
	case purchase.Do:
		return r.call(ctx, action.Call)
	default:
		if len(r.steps) > 0 {
			return false, r.keep(ctx) // what it waits for may have come by the time that is kept
		}
		return true, nil
	}
}

// own waits for the account of the purchase, which may have moved meanwhile.
func (r *run) own(ctx context.Context) (err error) {
	if err := r.keep(ctx); err != nil {
		return err
	}
	if r.lease, err = r.engine.store.Own(ctx, "account/"+r.now.Record.Account); err != nil {
		return fmt.Errorf("own the account of purchase %s: %w", r.id, err)
	}
	return r.read(ctx)
}

// keep keeps what was read.
func (r *run) keep(ctx context.Context) error {
	if len(r.steps) == 0 {
		return nil
	}
	return r.move(ctx, nil)
}

// move makes one move, after those of what was read; nil: only those. It is errStale
// when the purchase has been moved by somebody else meanwhile: a person's word is worth
// more than what was read before it. may are asked, in the transaction, of the purchase as
// it is before the move.
func (r *run) move(ctx context.Context, event purchase.Event, may ...func(storage.Tx, journal.Entry) error) error {
	e := r.engine
	var after journal.Entry
	err := e.beside(ctx, func(t *transaction) error {
		was, found, err := storage.Get[journal.Entry](t.tx, journal.PurchaseKey(r.id))
		switch {
		case err != nil:
			return err
		case !found:
			return errors.New("it is not in the journal")
		case was.Record.Revision != r.kept.Record.Revision:
			return errStale
		}
		t.key, t.moving = was.Owner, r.id
		now, steps := was, slices.Clone(r.steps)
		if len(steps) > 0 {
			now.Record = r.now.Record
		}
		for _, asked := range may {
			if err := asked(t.tx, now); err != nil {
				return err
			}
		}
		if event != nil {
			s, err := e.stepOf(now.Record, event)
			if err != nil {
				return err
			}
			steps = append(steps, s)
		}
		if err := t.keep(was, steps...); err != nil {
			return err
		}
		after, _, err = storage.Get[journal.Entry](t.tx, journal.PurchaseKey(r.id))
		return err
	}, r.fence)
	if err != nil {
		return fmt.Errorf("move purchase %s by %T: %w", r.id, event, err)
	}
	r.stands(after)
	return nil
}

// begin begins with a purchase that is the first of its account; else it rests until
// the one before it leaves.
func (r *run) begin(ctx context.Context) (rests bool, err error) {
	queue, _, err := storage.Read[[]string](ctx, r.engine.store, queueKey(r.now.Record.Account))
	if err != nil {
		return false, err
	}
	if len(queue) > 0 && queue[0] != r.id {
		return true, r.keep(ctx)
	}
	return false, r.move(ctx, r.engine.began(ctx))
}

// call makes a call, unless the purchase is held up.
func (r *run) call(ctx context.Context, call purchase.Call) (rests bool, err error) {
	e := r.engine
	held := e.heldUp(ctx, call)
	if held != nil || r.now.Held != nil {
		if rests, err := r.hold(ctx, held); err != nil || rests {
			return rests, err
		}
	}
	if !call.Writes() {
		return false, r.look(ctx, call)
	}
	err = r.write(ctx, call)
	why := new(notPaid)
	switch {
	case errors.As(err, &why):
		if err := r.keep(ctx); err != nil {
			return false, err
		}
		return true, e.leaveUnpaid(ctx, r.id, why)
	case errors.Is(err, errStopped):
		return false, r.keep(ctx) // after the look above; the next one tells the person
	default:
		return false, err
	}
}

// hold has the purchase held up, or not any more.
func (r *run) hold(ctx context.Context, held *conversation.Held) (rests bool, err error) {
	e := r.engine
	if err := r.keep(ctx); err != nil {
		return false, err
	}
	if why := e.unpaid(ctx, r.now, held); why != nil {
		return true, e.leaveUnpaid(ctx, r.id, why)
	}
	now, err := e.keepHeld(ctx, r.now, held)
	if err != nil {
		return false, err
	}
	r.stands(now)
	if held != nil && held.By == conversation.HeldByStore {
		e.wakeLater(r.id, lookAgain)
	}
	return held != nil, nil
}

// look makes a reading call, or those that can be made with it. They are not announced,
// and their answers are kept with what follows from them; but what they decide, and what
// is told of them, is in the store before anything else is done.
func (r *run) look(ctx context.Context, call purchase.Call) error {
	was := r.now
	seen, err := r.lookAtOnce(ctx, call)
	if err == nil && !seen {
		err = r.lookAlone(ctx, call)
	}
	if err != nil {
		return err
	}
	if decides(was.Record, r.now.Record) || hasNews(was, r.now) {
		return r.keep(ctx)
	}
	return nil
}

// lookAlone makes a reading call.
func (r *run) lookAlone(ctx context.Context, call purchase.Call) error {
	e := r.engine
	asked, err := e.stepOf(r.now.Record, purchase.Calling{Call: call})
	if err != nil {
		return err
	}
	now := r.now
	now.Record, now.Held = asked.is, nil
	answer := e.callFor(ctx, now, call)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	e.log.InfoContext(ctx, "a purchase made a call", "call", string(call), "failed", answer.Failure != nil)
	answered, err := e.stepOf(asked.is, answer)
	if err != nil {
		return err
	}
	now.Record = answered.is
	r.now, r.steps = now, append(r.steps, asked, answered)
	return nil
}

// decides reports whether what was read led to another state. From what is in the cart
// to the price, and to its being right, is the way to the announcement of the payment.
func decides(was, is purchase.Record) bool {
	onTheWay := func(s purchase.State) bool {
		return s == purchase.StateInCart || s == purchase.StatePromoApplied || s == purchase.StatePricing || s == purchase.StatePriced
	}
	return was.State != is.State && (!onTheWay(was.State) || !onTheWay(is.State))
}

// write makes a writing call: on disk before, with all that it rests on, and the answer
// on disk after.
func (r *run) write(ctx context.Context, call purchase.Call) error {
	e := r.engine
	going := func(tx storage.Tx, _ journal.Entry) error { return notStopped(call)(tx) }
	if err := r.move(ctx, purchase.Calling{Call: call}, going, e.mayPay(ctx, r.now, call)); err != nil {
		return err
	}
	// From here on the answer matters more than stopping.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), writeFor)
	defer cancel()
	var answer purchase.Answered
	impeded, first, err := e.impeded(ctx, r.now.Record, call)
	if err == nil && !impeded {
		err = e.markBefore(call)
	}
	switch {
	case err != nil:
		e.log.ErrorContext(ctx, "a purchase does not go on", "error", err)
		answer = purchase.Answered{Call: call, Failure: &purchase.Failure{Kind: zomro.Transient, Unsent: true}}
	case impeded:
		answer = purchase.Answered{Call: call, First: first, Failure: &purchase.Failure{Kind: zomro.Transient, Unsent: true, Code: purchase.CodeBeside}}
	default:
		answer = e.callFor(ctx, r.now, call)
	}
	e.log.InfoContext(ctx, "a purchase made a call", "call", string(call), "failed", answer.Failure != nil)
	now, err := e.keepAnswer(ctx, r.id, answer)
	if err != nil {
		return err
	}
	r.stands(now)
	return nil
}

// impeded reports whether another purchase, or a trial, keeps one from the call that it has
// announced; first: it goes before all that do.
func (e *Engine) impeded(ctx context.Context, r purchase.Record, call purchase.Call) (impeded, first bool, err error) {
	if call != purchase.CallConfirm && call != purchase.CallAdd {
		return false, false, nil
	}
	ids, err := journal.OpenPurchases(ctx, e.store)
	if err != nil {
		return false, false, err
	}
	first = true
	for _, id := range ids {
		other, _, err := storage.Read[journal.Entry](ctx, e.store, journal.PurchaseKey(id))
		if err != nil {
			return false, false, err
		}
		if other.Record.Impedes(r, call) {
			impeded, first = true, first && r.GoesBefore(other.Record)
		}
	}
	tries, err := e.allTrials(ctx)
	for _, t := range tries {
		if t := besides(t); t.Impedes(r, call) {
			impeded, first = true, first && t.Calls() // of two that hold each other back the trial comes back later
		}
	}
	return impeded, first, err
}

// markBefore saves the mark before a call that spends money.
func (e *Engine) markBefore(call purchase.Call) error {
	if !call.Spends() {
		return nil
	}
	return e.saveMark()
}

// keepAnswer commits an answer, as long as it takes: the call is not repeated
// for a store that hesitates. An answer that cannot be kept is lost like one
// that never came.
func (e *Engine) keepAnswer(ctx context.Context, id string, answer purchase.Answered) (journal.Entry, error) {
	keep := context.WithoutCancel(ctx)
	var now journal.Entry
	var stale error
	err := e.retry(answerPause, func() (err error) {
		if now, err = e.move(keep, id, answer); errors.Is(err, errStale) {
			stale, err = err, nil
		}
		return err
	}, func(err error, pause time.Duration) {
		e.log.ErrorContext(ctx, "the answer to a call could not be kept; it is tried again", "call", string(answer.Call), "pause", pause, "error", err)
	})
	return now, cmp.Or(err, stale)
}

// callFor makes one call to the vendor for a purchase.
func (e *Engine) callFor(ctx context.Context, now journal.Entry, call purchase.Call) purchase.Answered {
	r := now.Record
	answer := purchase.Answered{Call: call}
	order := r.Order
	if call == purchase.CallAdd && r.Prolong == nil && !order.UseKey {
		password, err := e.desk.LoadSecret(ctx, purchaseSecretKey(r.ID))
		switch {
		case err != nil:
			answer.Failure = e.failure(ctx, call, false, err)
			return answer
		case password.IsZero():
			answer.Failure = &purchase.Failure{Kind: zomro.Refused, Unsent: true, Code: conversation.CodeNoPassword}
			return answer
		}
		order.Password = password
	}
	order.Button = r.Vendor.Button == profile.Needed
	begun := false
	err := e.withPayer(ctx, now, call, func(auth zomro.Auth) (err error) {
		begun = true
		switch call {
		case purchase.CallAdd:
			answer.LineItem, err = e.addFor(ctx, auth, r, order)
		case purchase.CallPromo:
			err = e.vendor.ApplyPromo(ctx, auth, r.Promo)
		case purchase.CallConfirm:
			err = e.vendor.Confirm(zomro.WithReplies(ctx, func(reply zomro.Reply) { answer.Says = reply.Says }), auth, r.LineItem)
		case purchase.CallRemove:
			err = e.removeFor(ctx, auth, r)
		case purchase.CallEmpty:
			err = e.vendor.EmptyCart(ctx, auth)
		default:
			answer, err = e.readFor(ctx, e.vendor, auth, r, call)
		}
		return err
	})
	if err != nil {
		answer = purchase.Answered{Call: call, Says: answer.Says, Failure: e.failure(ctx, call, begun, err)}
	}
	return answer
}

// removeFor takes what a purchase has put into the cart out of it.
func (e *Engine) removeFor(ctx context.Context, auth zomro.Auth, r purchase.Record) error {
	if elid := r.ByElid(); elid != "" {
		return e.vendor.RemoveFromCartByElid(ctx, auth, elid)
	}
	return e.vendor.RemoveFromCart(ctx, auth, r.CartRow)
}

// addFor puts what a purchase buys into the cart.
func (e *Engine) addFor(ctx context.Context, auth zomro.Auth, r purchase.Record, order zomro.Order) (lineItem string, err error) {
	if p := r.Prolong; p != nil {
		return e.vendor.Prolong(ctx, auth, p.Server, p.Period)
	}
	return e.vendor.AddToCart(ctx, auth, order)
}

// reader makes the reading calls of a purchase.
type reader interface {
	Services(ctx context.Context, auth zomro.Auth) ([]zomro.Service, error)
	Balance(ctx context.Context, auth zomro.Auth) (zomro.Balance, error)
	Cart(ctx context.Context, auth zomro.Auth) (zomro.Cart, error)
	Charges(ctx context.Context, auth zomro.Auth) ([]zomro.Charge, error)
	UnpaidOrders(ctx context.Context, auth zomro.Auth) ([]zomro.UnpaidOrder, error)
}

// readFor makes one reading call for a purchase.
func (e *Engine) readFor(ctx context.Context, vendor reader, auth zomro.Auth, r purchase.Record, call purchase.Call) (answer purchase.Answered, err error) {
	answer.Call = call
	switch call {
	case purchase.CallCart:
		answer.Cart, answer.Siblings, err = e.lookAtCart(ctx, vendor, auth, r)
	case purchase.CallServices:
		if answer.Services, err = vendor.Services(ctx, auth); err == nil {
			answer.Taken, err = e.nameTaken(ctx, r)
		}
		if err == nil {
			answer.Sold, err = e.sold(ctx, r, answer.Services)
		}
	case purchase.CallCharges:
		if answer.Charges, err = vendor.Charges(ctx, auth); err == nil {
			answer.Claimed, err = e.claimed(ctx, r, answer.Charges)
		}
	case purchase.CallOrders:
		answer.Orders, err = vendor.UnpaidOrders(ctx, auth)
	case purchase.CallBalance:
		var balance zomro.Balance
		if balance, err = vendor.Balance(ctx, auth); err == nil {
			answer.Balance = &balance
			answer.Rival, err = e.hasRival(ctx, r)
		}
	default:
		err = fmt.Errorf("%s is no reading call", call)
	}
	return answer, err
}

// withPayer runs a call with the session of the account that pays for a
// purchase, and of no other: its owner may have others, and may have logged out since.
// One that adds or pays is made once, whatever comes back.
func (e *Engine) withPayer(ctx context.Context, now journal.Entry, call purchase.Call, run func(zomro.Auth) error) error {
	if call == purchase.CallAdd || call == purchase.CallConfirm {
		return e.accounts.Once(ctx, now.Payer(), now.Record.Account, e.langOf(ctx, now.Owner), run)
	}
	return e.asAccount(ctx, now.Payer(), now.Owner, now.Record.Account, run)
}

// nameTaken reports whether another purchase that is not at its end has the same
// server name, of whatever account: two logins can share one.
func (e *Engine) nameTaken(ctx context.Context, r purchase.Record) (bool, error) {
	if r.State != purchase.StateChecking || r.Prolong != nil {
		return false, nil
	}
	ids, err := journal.OpenPurchases(ctx, e.store)
	if err != nil {
		return false, err
	}
	for _, id := range ids {
		p, _, err := storage.Read[journal.Entry](ctx, e.store, journal.PurchaseKey(id))
		if err != nil {
			return false, err
		}
		if id != r.ID && strings.EqualFold(p.Record.Order.ServerName, r.Order.ServerName) {
			return true, nil
		}
	}
	return false, nil
}

// sold tells which of the servers that nobody can place after a payment of unknown
// outcome other purchases have, of whatever account: two logins can share one; and which
// other purchase has paid on a server that this one was to.
func (e *Engine) sold(ctx context.Context, r purchase.Record, services []zomro.Service) (found []purchase.Sold, err error) {
	if s, renewed := r.Renewed(services); renewed {
		err = e.eachOther(ctx, r, func(other purchase.Record) {
			if other.HasPaidOn(s) {
				found = append(found, purchase.Sold{Service: s.ID, Purchase: other.ID})
			}
		})
		return found, err
	}
	unfamiliar := r.Unfamiliar(services)
	if len(unfamiliar) == 0 {
		return nil, nil
	}
	err = e.eachOther(ctx, r, func(other purchase.Record) {
		for _, s := range unfamiliar {
			if other.MayHave(s) {
				found = append(found, purchase.Sold{Service: s.ID, Purchase: other.ID})
			}
		}
	})
	return found, err
}

// claimed tells which of the charges that a purchase would count by their name are another
// one's, so that none is counted for two.
func (e *Engine) claimed(ctx context.Context, r purchase.Record, charges []zomro.Charge) (ids []string, err error) {
	uncounted := r.Uncounted(charges)
	if len(uncounted) == 0 {
		return nil, nil
	}
	err = e.eachOther(ctx, r, func(other purchase.Record) {
		for _, c := range uncounted {
			if other.Claims(c, r) {
				ids = append(ids, c.ID)
			}
		}
	})
	return ids, err
}

// hasRival reports whether another purchase can have taken what a balance that was just read has
// lost. Before a payment nothing is compared with it, and nobody waits for all purchases to be read.
func (e *Engine) hasRival(ctx context.Context, r purchase.Record) (has bool, err error) {
	if r.Before == nil || r.Confirms == 0 {
		return false, nil
	}
	err = e.eachOther(ctx, r, func(other purchase.Record) { has = has || other.MayHaveTaken(r) })
	return has, err
}

// eachOther looks at all purchases but one, of whatever account.
func (e *Engine) eachOther(ctx context.Context, r purchase.Record, look func(purchase.Record)) error {
	return e.store.Scan(ctx, journal.PurchasePrefix, "", func(name string, value []byte) (bool, error) {
		p, err := storage.Decode[journal.Entry](name, value)
		switch {
		case err != nil:
			e.log.ErrorContext(ctx, "a purchase cannot be read; nothing is known to be its, and not another's", "error", err)
		case p.Record.ID != r.ID:
			look(p.Record)
		}
		return true, nil
	})
}

// lookAtCart reads the cart, and whose its rows are. A purchase that has put one there
// may be at its end when the cart has been read.
func (e *Engine) lookAtCart(ctx context.Context, vendor reader, auth zomro.Auth, r purchase.Record) (*zomro.Cart, purchase.Siblings, error) {
	before, err := journal.OpenPurchases(ctx, e.store)
	if err != nil {
		return nil, purchase.Siblings{}, err
	}
	cart, err := vendor.Cart(ctx, auth)
	if err != nil {
		return nil, purchase.Siblings{}, err
	}
	after, err := journal.OpenPurchases(ctx, e.store)
	if err != nil {
		return nil, purchase.Siblings{}, err
	}
	ids := slices.Concat(before, after)
	slices.Sort(ids)
	siblings, err := e.siblings(ctx, r, cart, slices.Compact(ids))
	return &cart, siblings, err
}

// siblings are the rows of the cart that other purchases have put there, of this
// account or of another of the vendor's users who has the same cart; and those that a trial of
// such a user has there, which is soon over, and takes them out.
func (e *Engine) siblings(ctx context.Context, r purchase.Record, cart zomro.Cart, ids []string) (purchase.Siblings, error) {
	var found purchase.Siblings
	if !slices.ContainsFunc(cart.Items, func(row zomro.CartItem) bool { return !row.Is(r.LineItem) }) {
		return found, nil
	}
	for _, id := range ids {
		p, _, err := storage.Read[journal.Entry](ctx, e.store, journal.PurchaseKey(id))
		if err != nil {
			return found, err
		}
		other := p.Record
		if id == r.ID {
			continue
		}
		adding := other.State == purchase.StateAdding || other.State == purchase.StateUnknown && other.UnknownOf == purchase.CallAdd
		found.Adding = found.Adding || adding && other.Account != r.Account
		if other.LineItem == "" {
			continue
		}
		items := inCart(cart, append([]string{other.LineItem}, other.More...))
		if other.GoesBefore(r) {
			found.Ahead = append(found.Ahead, items...)
		} else {
			found.Behind = append(found.Behind, items...)
		}
	}
	tries, err := e.allTrials(ctx)
	if err != nil {
		return found, err
	}
	for _, t := range tries {
		found.Tried = append(found.Tried, inCart(cart, t.LeftInCart())...)
		if t.Account != r.Account { // its own purchase stands beside its rows
			found.Adding = found.Adding || besides(t).AddsSince(r.CartAsked)
			found.Behind = append(found.Behind, inCart(cart, t.InCart())...)
		}
	}
	found.Left, err = e.leftRows(ctx, cart)
	return found, err
}

// inCart are those of ids that are rows of a cart.
func inCart(cart zomro.Cart, ids []string) []string {
	return slices.DeleteFunc(ids, func(id string) bool {
		return !slices.ContainsFunc(cart.Items, func(row zomro.CartItem) bool { return row.Is(id) })
	})
}

// allTrials are the trials that can be read.
func (e *Engine) allTrials(ctx context.Context) (all []trial.Record, err error) {
	ids, err := e.trialIDs(ctx)
	for _, id := range ids {
		r, _, unread := storage.Read[trial.Record](ctx, e.store, journal.TrialKey(id))
		switch {
		case unread == nil:
			all = append(all, r)
		case !storage.Damaged(unread):
			return nil, unread
		}
	}
	return all, err
}

// leftRows are the rows of a cart that purchases have left there that have ended.
func (e *Engine) leftRows(ctx context.Context, cart zomro.Cart) (left []string, err error) {
	err = storage.EachKey(ctx, e.store, journal.LeftPrefix, "", func(key string) (bool, error) {
		_, id, _ := cutLast(key)
		p, _, err := storage.Read[journal.Entry](ctx, e.store, journal.PurchaseKey(id))
		if err != nil && !storage.Damaged(err) {
			return false, err
		}
		left = append(left, inCart(cart, p.Record.LeftInCart())...)
		return true, nil
	})
	return left, err
}

// asAccount runs a call with the session of one account of the vendor, of those
// that the holder has connected, and of no other. owner is for whom the call is
// made.
func (e *Engine) asAccount(ctx context.Context, holder int64, owner chat.Key, id string, call func(zomro.Auth) error) error {
	if id == "" {
		return account.ErrOther // never the default one instead
	}
	a, err := e.accounts.Get(ctx, holder, id)
	if err != nil {
		return err
	}
	return e.accounts.WithAccount(ctx, holder, a, e.langOf(ctx, owner), call)
}

// failure turns an error into what the journal keeps of it. begun: the vendor's
// client was asked to make the call.
func (e *Engine) failure(ctx context.Context, call purchase.Call, begun bool, err error) *purchase.Failure {
	e.log.WarnContext(ctx, "a call of a purchase failed", "call", string(call), "error", zomro.Wordless(err))
	if errors.Is(err, account.ErrNone) || errors.Is(err, account.ErrOther) {
		return &purchase.Failure{Kind: zomro.Denied, Unsent: true, Code: zomro.CodeAuth}
	}
	var failure *zomro.Error
	if errors.As(err, &failure) {
		return &purchase.Failure{
			Kind: failure.Kind, Unsent: failure.Unsent || !begun,
			Code: failure.Code, Object: failure.Object, Message: failure.Message, Params: failure.Params,
		}
	}
	// A fault of our own. Around a writing call nobody can tell whether it left.
	if call.Writes() && begun {
		return &purchase.Failure{Kind: zomro.Unknown}
	}
	return &purchase.Failure{Kind: zomro.Transient, Unsent: !begun}
}

func (e *Engine) langOf(ctx context.Context, key chat.Key) string {
	d, _, err := e.dialogue(ctx, key)
	if err != nil {
		e.log.ErrorContext(ctx, "the language of a dialogue could not be read", "dialogue", key.String(), "error", err)
	}
	return d.Language()
}

// tickPurchase gives a purchase the tick that it waits for.
func (e *Engine) tickPurchase(ctx context.Context, id string, consume func(storage.Tx) error) error {
	_, err := e.move(ctx, id, purchase.Tick{}, consume)
	if errors.Is(err, errStale) {
		err = e.store.Update(ctx, consume) // it moved on by itself
	}
	if err == nil {
		e.wake(id)
	}
	return err
}

// resumePurchases takes up every purchase that is not at its end. A call that
// was under way when the program ended is lost, as its runner will find.
func (e *Engine) resumePurchases(ctx context.Context) error {
	if err := e.lookForDamage(ctx); err != nil {
		return err
	}
	ids, err := journal.OpenPurchases(ctx, e.store)
	if err != nil {
		return err
	}
	for _, id := range ids {
		e.wake(id)
	}
	return nil
}
