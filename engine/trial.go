package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"zomrobot/account"
	"zomrobot/audit"
	"zomrobot/book"
	"zomrobot/chat"
	"zomrobot/conversation"
	trialflow "zomrobot/conversation/trial"
	"zomrobot/engine/journal"
	"zomrobot/storage"
	"zomrobot/trial"
	"zomrobot/zomro"
	"zomrobot/zomro/profile"
)

// isTrial reports whether an id of a queue is that of a trial.
func isTrial(id string) bool { return strings.HasPrefix(id, "trial-") }

// trialTold is what the dialogue of its owner is told of a trial.
type trialTold struct {
	ID   string         `json:"id"`
	News profile.Source `json:"news,omitempty"` // see [trialflow.Told.News]
}

// event is what is told, as it is now.
func (e *Engine) tellsOf(ctx context.Context, t trialTold) (chat.Event, error) {
	told, err := e.trialNow(ctx, t.ID)
	told.Itself, told.News = true, t.News
	return told, err
}

func (e *Engine) trialNow(ctx context.Context, id string) (trialflow.Told, error) {
	r, _, err := storage.Read[trial.Record](ctx, e.store, journal.TrialKey(id))
	if err != nil {
		return trialflow.Told{}, fmt.Errorf("read the trial %s: %w", id, err)
	}
	known, err := e.Profile(ctx)
	return trialflow.Told{Record: r, Profile: known}, err
}

// trialEffect says of which account an effect of the flow of trials is, and how it moves its
// trial; false: it is none of these.
func trialEffect(effect conversation.Effect) (of string, event trial.Event, ok bool) {
	switch effect := effect.(type) {
	case trialflow.Begin:
		return effect.Account, trial.LookAround{}, true
	case trialflow.Run:
		return effect.Account, trial.Chosen{Source: effect.Source, Code: strings.TrimSpace(effect.Code)}, true
	case trialflow.Consent:
		return effect.Account, trial.Agreed{Source: effect.Source, Typed: effect.Amount}, true
	case trialflow.Put:
		return effect.Account, trial.PutIn{}, true
	case trialflow.Leave:
		return effect.Account, trial.LeftOut{}, true
	case trialflow.Stop:
		return effect.Account, trial.Stop{Source: effect.Source}, true
	case trialflow.Close:
		return effect.Account, trial.Close{}, true
	default:
		return "", nil, false
	}
}

// ofTrial is the handler of the effects of the flow of trials: for owners, in private.
func ofTrial[T conversation.Effect]() handler {
	return within(func(t *transaction, effect T) ([]chat.Event, error) {
		if !t.engine.owners[t.key.User] || !t.key.Private() {
			return []chat.Event{trialflow.Told{Refused: trialflow.RefusedOwner}}, nil
		}
		told, err := t.tries(effect, false)
		if begin, is := any(effect).(trialflow.Begin); is {
			told.Below = begin.Below
		}
		return []chat.Event{told}, err
	})
}

// Trial carries out an effect of the flow of trials for the person of a private dialogue, for
// whoever may use the program's own socket: they need not be an owner.
func (e *Engine) Trial(ctx context.Context, key chat.Key, effect conversation.Effect) (trialflow.Told, error) {
	var told trialflow.Told
	err := e.transact(ctx, key, func(t *transaction) (err error) {
		t.who = chat.Person{Name: audit.Terminal}
		told, err = t.tries(effect, true)
		return err
	})
	return told, err
}

// TrialNow is how the trial of an account of a person stands; "": of the default one. Without
// one its record is the zero value.
func (e *Engine) TrialNow(ctx context.Context, key chat.Key, of string) (trialflow.Told, error) {
	as, err := account.Of(ctx, e.store, key.User)
	if err != nil {
		return trialflow.Told{}, err
	}
	i := as.Index(of)
	if i < 0 {
		return trialflow.Told{Refused: trialflow.RefusedAccount}, nil
	}
	a := as.List[i]
	id := journal.TrialID(key.User, a.ID)
	told, err := e.trialNow(ctx, id)
	if storage.Damaged(err) {
		known, err := e.Profile(ctx)
		lost := trial.Record{ID: id, Owner: key, Account: a.ID, AccountName: a.Shown()}
		return trialflow.Told{Refused: trialflow.RefusedLost, Record: lost, Profile: known}, err
	}
	return told, err
}

// TrialReplies returns what the answers to the calls of a trial were like, by experiment.
func (e *Engine) TrialReplies(ctx context.Context, id string) (map[profile.Source][]zomro.Reply, error) {
	all := map[profile.Source][]zomro.Reply{}
	for _, source := range append(trial.Experiments(), "") {
		prefix := trialRepliesKey(id, source)
		err := e.store.Scan(ctx, prefix, "", func(key string, value []byte) (bool, error) {
			replies, err := storage.Decode[[]zomro.Reply](key, value)
			all[source] = append(all[source], replies...)
			return true, err
		})
		if err != nil {
			return nil, fmt.Errorf("read the answers of the trial %s: %w", id, err)
		}
	}
	return all, nil
}

// tries moves the trial of an account by an effect, and says how it stands then. terminal: it
// was not asked for in the chat.
func (t *transaction) tries(effect conversation.Effect, terminal bool) (trialflow.Told, error) {
	of, event, ok := trialEffect(effect)
	if !ok {
		return trialflow.Told{}, fmt.Errorf("%T is no effect of a trial", effect)
	}
	if chosen, is := event.(trial.Chosen); is {
		chosen.Terminal = terminal
		event = chosen
	}
	known, err := t.known()
	if err != nil {
		return trialflow.Told{}, err
	}
	told := trialflow.Told{Profile: known}
	as, err := account.In(t.tx, t.key.User)
	if err != nil {
		return told, err
	}
	i := as.Index(of)
	if i < 0 || !t.engine.allowed(t.key) {
		told.Refused = trialflow.RefusedAccount
		return told, nil
	}
	a := as.List[i]
	id := journal.TrialID(t.key.User, a.ID)
	was, found, err := storage.Get[trial.Record](t.tx, journal.TrialKey(id))
	if storage.Damaged(err) {
		if begin, is := effect.(trialflow.Begin); !is || !begin.Anew {
			told.Refused = trialflow.RefusedLost
			told.Record, err = t.lostTrial(id, t.key.User, a.ID)
			return told, err
		}
		found, err = false, t.forgetLost(id, err)
	}
	if err != nil {
		return told, err
	}
	if _, begins := event.(trial.LookAround); !found && begins {
		was = trial.New(id, t.key, a.ID, a.Shown(), t.engine.now())
	} else if !found {
		told.Refused = trialflow.RefusedStale
		return told, nil
	}
	told.Record = was
	is, err := trial.Step(was, event, t.engine.now())
	switch {
	case errors.Is(err, trial.ErrAmount):
		told.Refused = trialflow.RefusedAmount
	case errors.Is(err, trial.ErrNotOffered):
		told.Refused = trialflow.RefusedOffer
	case errors.Is(err, trial.ErrStale):
		told.Refused = trialflow.RefusedStale
	case err != nil:
		return told, err
	default:
		if is, err = t.placed(is); err != nil {
			return told, err
		}
		is.AccountName = a.Shown()
		told.Record = is
		if err := t.keepTrial(was, is, event); err != nil {
			return told, err
		}
		told.Profile, err = t.known() // with what its end has taught
		return told, err
	}
	return told, nil
}

// keepTrial writes a trial as it is after a move, with all that hangs on it: its place at the
// account, what is due, what was learned, its lines of the book. Its runner looks at it then.
func (t *transaction) keepTrial(was, is trial.Record, event trial.Event) error {
	t.dueAt(is.Due)
	t.trials = append(t.trials, is.ID)
	err := errors.Join(
		storage.Put(t.tx, journal.TrialKey(is.ID), is),
		moveDue(t.tx, was.Due, is.Due, dueTrial, is.ID),
		t.keepTrialPlace(is),
		t.recordTrial(was, is, event),
	)
	for source, end := range is.Done {
		if err != nil || end.At.Equal(was.Done[source].At) {
			continue
		}
		err = errors.Join(t.learn(end.Lessons, source), t.count())
		if source == profile.BySession {
			err = errors.Join(err, t.tx.Delete(trialSessionKey(is.ID)))
		}
	}
	return err
}

// placed returns a trial with the place at the account that it has by a move, if nothing is
// before it: it waits for nothing then.
func (t *transaction) placed(r trial.Record) (trial.Record, error) {
	now := t.engine.now()
	if trial.Next(r, now).Kind != trial.Place {
		return r, nil
	}
	queue, _, err := storage.Get[[]string](t.tx, queueKey(r.Account))
	if err != nil || len(queue) > 0 && queue[0] != r.ID {
		return r, err
	}
	return trial.Step(r, trial.Placed{}, now)
}

// keepTrialPlace has a trial in the queue of its account as long as an experiment wants the
// cart or has it.
func (t *transaction) keepTrialPlace(r trial.Record) error {
	queue, _, err := storage.Get[[]string](t.tx, queueKey(r.Account))
	if err != nil {
		return err
	}
	switch in := slices.Contains(queue, r.ID); {
	case r.Holds() == in:
		return nil
	case !in:
		return storage.Put(t.tx, queueKey(r.Account), append(queue, r.ID))
	}
	return t.leaveQueue(queue, r.Account, r.ID)
}

// leaveQueue takes a purchase or a trial out of the queue of an account; the next one goes on.
func (t *transaction) leaveQueue(queue []string, account, id string) error {
	queue = slices.DeleteFunc(slices.Clone(queue), func(other string) bool { return other == id })
	if len(queue) == 0 {
		return t.tx.Delete(queueKey(account))
	}
	if err := t.showWaiting(queue); err != nil { // they see their place change
		return err
	}
	if isTrial(queue[0]) {
		t.trials = append(t.trials, queue[0])
	} else {
		t.purchases = append(t.purchases, queue[0])
	}
	return storage.Put(t.tx, queueKey(account), queue)
}

// tellTrial tells the dialogue of its owner what has changed.
func (t *transaction) tellTrial(was, is trial.Record) error {
	if !trialflow.Shows(was, is) {
		return nil
	}
	return t.post(post{To: is.Owner, Told: &told{Trial: &trialTold{ID: is.ID, News: trialflow.NewsOf(was, is)}}})
}

// recordTrial records a consent, a call that writes and its answer, and the end of an
// experiment.
func (t *transaction) recordTrial(was, is trial.Record, event trial.Event) error {
	line := func(tried audit.Tried, state string) error {
		tried.Account = is.Account
		return book.Append(t.tx, book.OfUser(is.Owner.User), audit.Entry{
			At: t.engine.now(), Who: t.who.ID, Name: t.who.Name, Action: is.ID, State: state, What: tried,
		})
	}
	var err error
	switch e := event.(type) {
	case trial.Agreed:
		tried := audit.Tried{Step: audit.StepAgreed, Experiment: string(e.Source)}
		if run := is.Running; run != nil && run.Source == e.Source {
			tried.Most = run.Cost
		}
		err = errors.Join(line(tried, "agreed"), t.count())
	case trial.Calling:
		err = errors.Join(line(audit.Tried{Step: audit.StepCalled, Experiment: string(e.Source), Call: string(e.Call)}, "called"), t.count())
	case trial.Answered:
		if e.Call.Announced() {
			err = line(audit.Tried{Step: audit.StepAnswered, Experiment: string(e.Source), Call: string(e.Call), Failure: auditedFailure(e.Failure)}, "answered")
		}
	}
	for _, source := range trial.Experiments() {
		if end := is.Done[source]; err == nil && !end.At.Equal(was.Done[source].At) {
			tried := audit.Tried{Step: audit.StepEnded, Experiment: string(source), Failure: auditedFailure(end.Failure)}
			for _, s := range end.Servers {
				if s.Cost != nil {
					tried.Beside = append(tried.Beside, audit.Beside{Server: s.ID, Name: s.Name, Cost: s.Cost.Cart, Deleted: s.Gone})
				}
			}
			err = line(tried, string(end.How))
		}
	}
	return err
}

func auditedFailure(f *trial.Failure) *audit.Failure {
	if f == nil {
		return nil
	}
	return &audit.Failure{Kind: f.Kind, Code: f.Code, Object: f.Object, Message: f.Message}
}
