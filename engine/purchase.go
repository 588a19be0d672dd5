package engine

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"zomrobot/account"
	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/conversation/bill"
	orderflow "zomrobot/conversation/order"
	prolongflow "zomrobot/conversation/prolong"
	"zomrobot/engine/journal"
	"zomrobot/purchase"
	"zomrobot/storage"
	"zomrobot/team"
	"zomrobot/zomro"
)

// errStale: the purchase has moved on since the question was asked.
var errStale = errors.New("the question was answered already")

// open opens the purchase of a draft, or finds the one that was opened for it.
func (t *transaction) open(o conversation.Open) ([]chat.Event, error) {
	id, found, err := storage.Get[string](t.tx, draftKey(t.key, o.Draft))
	if err != nil {
		return nil, err
	}
	if found {
		return []chat.Event{openedOf(o, id)}, nil
	}
	if o.Prolong != nil && (!t.engine.desk.Renew || !t.key.Private()) { // the team's limits could not be held
		return []chat.Event{refusedOf(o, conversation.Problem{Code: conversation.CodeRenewOff})}, nil
	}
	b, refused, err := t.buyer(o)
	if err != nil {
		return nil, err
	}
	if refused != nil {
		return []chat.Event{refusedOf(o, *refused)}, nil
	}
	slot := journal.SecretKey(t.key, conversation.SlotPassword)
	password, found, err := storage.Get[journal.Secret](t.tx, slot)
	if err != nil {
		return nil, err
	}
	withPassword := o.Prolong == nil && !o.Order.UseKey
	if !found && withPassword {
		return []chat.Event{refusedOf(o, conversation.Problem{Code: conversation.CodeNoPassword})}, nil
	}
	if !withPassword {
		password = journal.Secret{}
	}
	if id, err = t.openFor(o, b, password); err != nil {
		return nil, err
	}
	if o.Prolong == nil { // else it may be a draft's
		if err := t.tx.Delete(slot); err != nil {
			return nil, err
		}
	}
	return []chat.Event{openedOf(o, id)}, nil
}

// openFor opens the purchase of a buyer. The password of what is ordered is kept for it;
// "": there is none.
func (t *transaction) openFor(o conversation.Open, b buyer, password journal.Secret) (id string, err error) {
	if id, err = t.newID(); err != nil {
		return "", err
	}
	now := t.engine.now()
	e := journal.Entry{
		Owner:  t.key,
		Team:   b.team,
		Holder: b.holder,
		Over:   b.over,
		Agreed: o.Agreed,
		Record: purchase.New(purchase.Opening{
			ID: id, Draft: o.Draft, Account: b.account, Order: o.Order, Prolong: o.Prolong, Promo: o.Promo, Approval: b.approval,
			PlanTitle: o.PlanTitle, DatacenterName: o.DatacenterName,
			Quote:      purchase.Quote{Total: o.Agreed.Total, Price: o.Agreed.Price, Period: o.Agreed.Period, Carts: o.Agreed.Carts},
			Neighbours: o.Neighbours,
		}, now),
	}
	action := purchase.Next(e.Record, now)
	e.Due = action.Until
	t.dueAt(e.Due)
	puts := []error{
		storage.Put(t.tx, draftKey(t.key, o.Draft), id),
		storage.Put(t.tx, journal.OpenKey(id), true),
		t.keepPlace(e.Record, action),
		t.keepLedger(e),
		storage.Put(t.tx, journal.PurchaseKey(id), e),
		moveDue(t.tx, time.Time{}, e.Due, duePurchase, id),
		t.recordMove(step{at: now, is: e.Record}, e),
		t.count(),
	}
	if e.Record.State == purchase.StateAwaiting {
		t.opened = append(t.opened, post{To: t.key, Asks: id})
	}
	// Those who have to approve it are told by a new message.
	below := o.Below || o.Beside || e.Record.State == purchase.StateAwaiting
	t.opened = append(t.opened, post{To: t.key, Purchase: id, Begins: !o.Beside, AsNew: below, Typed: o.Typed})
	if password.Text != "" {
		puts = append(puts, storage.Put(t.tx, purchaseSecretKey(id), password), account.KeepTrace(t.tx, e.Payer(), b.account, zomro.NewSecret(password.Text)))
	}
	if err := errors.Join(puts...); err != nil {
		return "", err
	}
	t.purchases = append(t.purchases, id)
	t.begun++
	return id, nil
}

// openedOf says to whoever asked for it that a purchase was opened.
func openedOf(o conversation.Open, id string) chat.Event {
	if o.Prolong != nil {
		return prolongflow.Opened{Draft: o.Draft, ID: id}
	}
	return orderflow.PurchaseOpened{Draft: o.Draft, ID: id}
}

// refusedOf says that none was.
func refusedOf(o conversation.Open, why conversation.Problem) chat.Event {
	if o.Prolong != nil {
		return prolongflow.Refused{Draft: o.Draft, Problem: why}
	}
	return orderflow.PurchaseRefused{Draft: o.Draft, Problem: why}
}

// buyer is who buys, and from which account it is paid.
type buyer struct {
	account  string
	team     string             // "": a person for themselves
	holder   int64              // with team: the person whose account it is
	approval *purchase.Approval // with team: what others have to say about it
	over     []team.Limit       // with team: the limits that it is above
}

// buyer says who buys and pays, or why it may not be bought.
func (t *transaction) buyer(o conversation.Open) (buyer, *conversation.Problem, error) {
	if !t.key.Private() {
		tm, verdict, refused, err := t.teamOrder(o)
		if err != nil || refused != nil {
			return buyer{}, refused, err
		}
		return buyer{
			account: tm.Account.ID, team: tm.ID, holder: tm.Account.Holder, over: verdict.Over,
			approval: &purchase.Approval{
				Needed: verdict.Needed, Requester: t.key.User, Name: tm.Name(t.key.User), Own: tm.Rule.Own, Lives: tm.Rule.Lives(),
			},
		}, nil, nil
	}
	as, err := account.In(t.tx, t.key.User)
	if err != nil {
		return buyer{}, nil, err
	}
	i := as.Index(o.Account)
	switch {
	case len(as.List) == 0:
		return buyer{}, &conversation.Problem{Kind: zomro.Denied}, nil
	case i < 0 || o.Account == "" && len(as.List) > 1:
		// What was not agreed to be paid from an account is not paid from it.
		return buyer{}, &conversation.Problem{Kind: zomro.Denied, Code: conversation.CodeNoAccount}, nil
	}
	return buyer{account: as.List[i].ID}, nil, nil
}

// newID returns an id that no purchase has.
func (t *transaction) newID() (string, error) {
	for {
		var random [5]byte
		if _, err := rand.Read(random[:]); err != nil {
			return "", fmt.Errorf("make an id for a purchase: %w", err)
		}
		id := purchase.NewID(random)
		taken, err := t.tx.Get(journal.PurchaseKey(id))
		if err != nil || taken == nil {
			return id, err
		}
	}
}

// decide gives a person's answer to a purchase. One that comes too late, or
// from somebody else, changes nothing and says so.
func (t *transaction) decide(d conversation.Decide) ([]chat.Event, error) {
	e, found, err := storage.Get[journal.Entry](t.tx, journal.PurchaseKey(d.Purchase))
	if err != nil {
		return nil, err
	}
	stale := errStale
	var said conversation.Answer
	if found {
		said, stale = t.decideOn(e, d)
	}
	if err := t.sayDecided(d, said, stale); err != nil {
		return nil, err
	}
	if d.Begins && stale == nil && said.Text == nil {
		return []chat.Event{bill.ReasonWanted{Purchase: d.Purchase, Terms: d.Revision}}, nil
	}
	return nil, nil
}

// sayDecided says what an answer has come to, or that it came too late.
func (t *transaction) sayDecided(d conversation.Decide, said conversation.Answer, stale error) error {
	switch {
	case stale == nil:
		switch said.Press = d.Press; {
		case d.Press != "":
			t.answers = append(t.answers, said)
		case said.Alert: // it was typed, and may not be
			screen := chat.Screen{Lines: []chat.Phrase{*said.Text}}
			return t.post(post{To: t.key, Notice: &screen})
		}
		return nil
	case errors.Is(stale, errStale):
		text := bill.StaleChoice()
		if errors.Is(stale, purchase.ErrTooLate) {
			text = bill.TooLate()
		}
		if d.Press != "" {
			t.answers = append(t.answers, conversation.Answer{Press: d.Press, Text: &text, Alert: true})
			return nil
		}
		screen := chat.Screen{Lines: []chat.Phrase{text}}
		return t.post(post{To: t.key, Notice: &screen})
	default:
		return stale
	}
}

// decideOn gives a person's answer to a purchase that is there. The answer to
// their press says what it has come to.
func (t *transaction) decideOn(e journal.Entry, d conversation.Decide) (conversation.Answer, error) {
	switch {
	case d.Choice == purchase.ChooseApprove || d.Choice == purchase.ChooseReject:
		return t.vote(e, d)
	case e.Owner != t.key && (!t.key.Private() || e.Owner.User != t.key.User):
		return t.settle(e, d)
	case d.Choice == purchase.ChooseCancel:
		return conversation.Answer{}, t.move(e, purchase.Cancelled{})
	}
	event := purchase.Decided{Revision: d.Revision, Choice: d.Choice, Code: d.Code}
	if e.Team != "" && goesOn(d.Choice) {
		verdict, refused, err := t.newTerms(e, d)
		if err != nil || refused != nil {
			return conversation.Answer{Text: refused, Alert: refused != nil}, err
		}
		event.Needed, e.Over = verdict.Needed, verdict.Over
	}
	return conversation.Answer{}, t.move(e, event)
}

// goesOn reports whether the answer lets a purchase go on to be paid. What became
// of a payment, and that it is given up, whoever asked for it can always say: the
// account waits for that.
func goesOn(c purchase.Choice) bool {
	return c != purchase.ChooseGiveUp && c != purchase.ChooseBought && c != purchase.ChooseNotBought
}

// step is a move of a purchase's record.
type step struct {
	event purchase.Event
	at    time.Time
	was   purchase.Record
	is    purchase.Record
}

// stepOf makes a move of a record now. An event that the record's state does not allow
// is errStale.
func (e *Engine) stepOf(was purchase.Record, event purchase.Event) (step, error) {
	return e.stepAt(was, event, e.now())
}

// stepAt is stepOf at a time.
func (e *Engine) stepAt(was purchase.Record, event purchase.Event, at time.Time) (step, error) {
	s := step{event: event, at: at, was: was}
	var err error
	s.is, err = purchase.Step(e.steady(was), event, s.at)
	if errors.Is(err, purchase.ErrNoMove) || errors.Is(err, purchase.ErrTooLate) {
		return step{}, errors.Join(errStale, err)
	}
	if err != nil {
		return step{}, fmt.Errorf("purchase %s: %w", was.ID, err)
	}
	e.steady(s.is) // from its announcement on
	return s, nil
}

// move makes one move of a purchase's record, with all that hangs on it.
func (t *transaction) move(was journal.Entry, event purchase.Event) error {
	s, err := t.engine.stepOf(was.Record, event)
	if err != nil {
		return err
	}
	return t.keep(was, s)
}

// keep keeps moves that were made of a purchase's record, the first of them of the one
// that is in the store, and all that hangs on them: the lines of the book, the queue of
// its account, what is due, and what is told. One that changes nothing leaves no trace
// but in what is due.
func (t *transaction) keep(was journal.Entry, steps ...step) error {
	record := steps[len(steps)-1].is
	is := was
	is.Record = record
	if record.Revision != was.Record.Revision {
		is.Held = nil // whatever comes next is looked at again
	}
	if record.State == purchase.StateActive && was.Record.State != record.State {
		is.Missing = nil // all are listed
	}
	t.moved = append(t.moved, steps...)
	action := purchase.Next(record, t.engine.now())
	is.Due = time.Time{}
	if action.Kind == purchase.Wait || !action.Until.IsZero() {
		is.Due = action.Until
	}
	t.dueAt(is.Due)
	t.purchases = append(t.purchases, record.ID)
	if err := errors.Join(
		storage.Put(t.tx, journal.PurchaseKey(record.ID), is),
		moveDue(t.tx, was.Due, is.Due, duePurchase, record.ID),
	); err != nil || record.Revision == was.Record.Revision {
		return err
	}
	way := []journal.Entry{was}
	for _, s := range steps {
		entry := is
		entry.Record = s.is
		if err := t.recordMove(s, entry); err != nil {
			return err
		}
		way = append(way, entry)
	}
	if err := errors.Join(
		t.count(),
		t.keepPlace(record, action),
		t.showBlocked(was.Record, record),
		t.keepLedger(is),
		t.forgetPassword(record, action),
		t.tell(way...),
		t.watchBought(was, is),
		t.learn(purchase.Taught(was.Record, record), ""),
	); err != nil {
		return err
	}
	if record.State.Ended() && !was.Record.State.Ended() {
		t.ended = append(t.ended, record.State)
	}
	if record.ItemLeft {
		if err := storage.Put(t.tx, journal.LeftKey(is.Owner.User, record.ID), true); err != nil {
			return err
		}
	}
	if action.Kind == purchase.End {
		return errors.Join(t.tx.Delete(journal.OpenKey(record.ID)), t.tx.Delete(askedKey(record.ID)), t.noteEnded(endedPurchase, record.ID))
	}
	return nil
}

// keepPlace has a purchase in the queue of its account as long as it wants the
// cart or has it: it joins at the end, and once it needs the cart no more gives
// it to the next.
func (t *transaction) keepPlace(record purchase.Record, action purchase.Action) error {
	queue, _, err := storage.Get[[]string](t.tx, queueKey(record.Account))
	if err != nil {
		return err
	}
	wants := action.Kind == purchase.Queue || purchase.Holds(record)
	switch in := slices.Contains(queue, record.ID); {
	case wants && !in:
		return storage.Put(t.tx, queueKey(record.Account), append(queue, record.ID))
	case wants || !in:
		return nil
	}
	return t.leaveQueue(queue, record.Account, record.ID)
}

// showWaiting draws the cards of purchases that wait again.
func (t *transaction) showWaiting(queue []string) error {
	for _, id := range queue {
		e, found, err := storage.Get[journal.Entry](t.tx, journal.PurchaseKey(id))
		if err != nil {
			return err
		}
		if found {
			if err := t.post(post{To: e.Owner, Purchase: id}); err != nil {
				return err
			}
		}
	}
	return nil
}

// showBlocked has those who wait behind a purchase see that it waits for an answer, or
// does no more, and that only its money is still looked at.
func (t *transaction) showBlocked(was, is purchase.Record) error {
	if (was.Question == nil) == (is.Question == nil) && purchase.Counting(was) == purchase.Counting(is) {
		return nil
	}
	queue, _, err := storage.Get[[]string](t.tx, queueKey(is.Account))
	if err != nil || len(queue) == 0 || queue[0] != is.ID {
		return err
	}
	return t.showWaiting(queue[1:])
}

// forgetPassword removes the root password as soon as the vendor has it for good, or
// will never have it.
func (t *transaction) forgetPassword(record purchase.Record, action purchase.Action) error {
	if record.MayAddAgain() && action.Kind != purchase.End {
		return nil
	}
	return t.tx.Delete(purchaseSecretKey(record.ID))
}

// tell brings the purchase's card up to date, and sends news where there are any. way is
// how the purchase was, step by step, and how it is.
func (t *transaction) tell(way ...journal.Entry) error {
	is := way[len(way)-1]
	card, begins, voted := false, false, false
	show := post{To: is.Owner, Purchase: is.Record.ID}
	for i, now := range way[1:] {
		was := way[i]
		if !looksOther(was, now) {
			continue
		}
		card = true
		// What somebody has to answer is asked in a new message, and the buttons of the old
		// one go.
		show.AsNew = show.AsNew || asks(journal.View(was, 0), journal.View(now, 0)) && !t.lookedAt(now)
		before, after := bill.StageOf(was.Record.Shown()), bill.StageOf(now.Record.Shown())
		begins = begins || before != after && after == bill.StageAwaiting
		voted = voted || before == bill.StageAwaiting
	}
	if !card {
		return nil
	}
	if begins {
		if err := t.post(post{To: is.Owner, Asks: is.Record.ID}); err != nil {
			return err
		}
	}
	if err := t.post(show); err != nil {
		return err
	}
	if voted {
		if err := t.tellAsked(is.Record.ID); err != nil {
			return err
		}
	}
	for i, now := range way[1:] {
		if err := t.tellNews(way[i], now); err != nil {
			return err
		}
	}
	return t.settleAlarms(is)
}

// glance is how long whoever has asked for the price of a renewal looks at the card that
// tells it.
const glance = 10 * time.Second

// lookedAt reports whether a purchase asks what somebody is waiting for, in the card in which
// they have asked for it: the price of a renewal, which only the cart tells.
func (t *transaction) lookedAt(now journal.Entry) bool {
	r := now.Record
	return r.Prolong != nil && r.State != purchase.StateAwaiting && r.Quote.Total.Currency == "" && t.engine.now().Sub(r.Opened) < glance
}

// asks reports whether a step of a purchase has put a question to somebody.
func asks(before, now bill.Purchase) bool {
	moved := before.Stage != now.Stage
	if now.Question == nil {
		return moved && now.Stage == bill.StageAwaiting
	}
	return moved || before.Question == nil || before.Question.Kind != now.Question.Kind
}

// recounted reports whether it was seen that more was taken than was agreed, in one
// state. What a group is not shown its holder is told: so it is the record that is
// compared.
func recounted(was, is journal.Entry) bool {
	return was.Record.State == is.Record.State && is.Record.MoreThanAgreed() && !reflect.DeepEqual(was.Record.Taken, is.Record.Taken)
}

// looksOther reports whether a step of a purchase is seen by somebody.
func looksOther(was, is journal.Entry) bool {
	return !journal.SameView(journal.View(was, 0), journal.View(is, 0)) || recounted(was, is)
}

// surplus reports whether it was seen that more servers were sold than were ordered.
func surplus(before, now bill.Purchase) bool {
	return now.Surplus && !before.Surplus && before.Stage == now.Stage && now.Stage.Ended()
}

// hasNews reports whether a step of a purchase is told in a message of its own.
func hasNews(was, is journal.Entry) bool {
	if !looksOther(was, is) {
		return false
	}
	before, now := journal.View(was, 0), journal.View(is, 0)
	switch {
	case recounted(was, is) || surplus(before, now), approved(was, is):
		return true
	case now.Question != nil:
		return false // the card asks it, in a new message
	case now.Held == nil && before.Stage == now.Stage:
		return false
	case isTrial(is.Record.Draft) && bill.AsPlanned(now):
		return false // the card of the trial goes on, and tells it
	default:
		_, ok := bill.PurchaseNews(before.Stage, now)
		return ok
	}
}

// approved reports whether a step was the last approval that a purchase needed.
func approved(was, is journal.Entry) bool {
	return was.Record.State == purchase.StateAwaiting && is.Record.State != purchase.StateAwaiting &&
		is.Record.Approval.Complete() && !is.Record.State.Ended()
}

// tellNews sends the news of one step, if there are any.
func (t *transaction) tellNews(was, is journal.Entry) error {
	before, now := journal.View(was, 0), journal.View(is, 0)
	if !hasNews(was, is) {
		if looksOther(was, is) && asks(before, now) {
			return t.tellHolder(is)
		}
		return nil
	}
	if recounted(was, is) || surplus(before, now) {
		news := bill.TakenNews(now)
		return errors.Join(t.post(post{To: is.Owner, Notice: &news}), t.tellHolder(is))
	}
	if approved(was, is) {
		// The requester hears of it first, and only then the group.
		news := bill.PurchaseApproved(now)
		if err := t.post(post{To: is.Owner, Notice: &news, First: true}); err != nil {
			return err
		}
	}
	news, ok := bill.PurchaseNews(before.Stage, now)
	if !ok {
		return nil
	}
	p := post{To: is.Owner, Notice: &news, Unspent: is.Unspent(), First: was.Record.State == purchase.StateAwaiting}
	return errors.Join(t.postNews(p, now), t.tellHolder(is))
}

// move makes one move of a purchase in a transaction of its own and returns
// the entry as it is afterwards.
func (e *Engine) move(ctx context.Context, id string, event purchase.Event, also ...func(storage.Tx) error) (journal.Entry, error) {
	var after journal.Entry
	err := e.beside(ctx, func(t *transaction) error {
		was, found, err := storage.Get[journal.Entry](t.tx, journal.PurchaseKey(id))
		if err != nil {
			return err
		}
		if !found {
			return fmt.Errorf("purchase %s is not in the journal", id)
		}
		t.key, t.moving = was.Owner, id
		if err := t.move(was, event); err != nil {
			return err
		}
		after, _, err = storage.Get[journal.Entry](t.tx, journal.PurchaseKey(id))
		return err
	}, also...)
	if err != nil {
		return journal.Entry{}, fmt.Errorf("move purchase %s by %T: %w", id, event, err)
	}
	return after, nil
}
