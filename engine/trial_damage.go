package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"zomrobot/account"
	"zomrobot/chat"
	trialflow "zomrobot/conversation/trial"
	"zomrobot/engine/journal"
	"zomrobot/logs"
	"zomrobot/storage"
	"zomrobot/trial"
)

// lostTrialKey notes that its owner was told that a trial cannot be read.
func lostTrialKey(id string) string { return "damaged/" + journal.TrialKey(id) }

// ofTrialID takes the name of a trial apart.
func ofTrialID(id string) (holder int64, account string, ok bool) {
	parts := strings.SplitN(id, "-", 3)
	if len(parts) != 3 || !isTrial(id) {
		return 0, "", false
	}
	holder, err := strconv.ParseInt(parts[1], 10, 64)
	return holder, parts[2], err == nil
}

// loseTrial has a trial that cannot be read hold up nobody: it leaves the queue of its account,
// and is ticked no more. Its owner is told once. Its record stays, until they begin anew.
func (e *Engine) loseTrial(ctx context.Context, id string, why error, also ...func(storage.Tx) error) error {
	holder, of, ok := ofTrialID(id)
	if !ok {
		return why
	}
	e.log.ErrorContext(ctx, "a trial cannot be read: it does not go on", logs.Trial, id, "error", why)
	err := e.beside(ctx, func(t *transaction) error {
		queue, _, err := storage.Get[[]string](t.tx, queueKey(of))
		if err == nil && slices.Contains(queue, id) {
			err = t.leaveQueue(queue, of, id)
		}
		if err != nil {
			return err
		}
		if _, told, err := storage.Get[bool](t.tx, lostTrialKey(id)); err != nil || told {
			return err
		}
		lost, err := t.lostTrial(id, holder, of)
		if err != nil {
			return err
		}
		said := trialflow.LostNews(lost)
		return errors.Join(
			storage.Put(t.tx, lostTrialKey(id), true),
			t.post(post{To: lost.Owner, Notice: &said}),
		)
	}, also...)
	if err != nil {
		return fmt.Errorf("put the trial %s aside: %w", id, err)
	}
	return nil
}

// lostTrial is what is known of a trial that cannot be read.
func (t *transaction) lostTrial(id string, holder int64, of string) (trial.Record, error) {
	as, err := account.In(t.tx, holder)
	name := of
	if i := as.Index(of); i >= 0 {
		name = as.List[i].Shown()
	}
	return trial.Record{ID: id, Owner: chat.Key{Chat: holder, User: holder}, Account: of, AccountName: name}, err
}

// forgetLost makes room for a new trial where one cannot be read. What was opened and is no
// record is kept under another key.
func (t *transaction) forgetLost(id string, why error) error {
	key := journal.TrialKey(id)
	kept := error(nil)
	if errors.Is(why, storage.ErrRecord) {
		text, err := t.tx.Get(key)
		if err == nil {
			err = t.tx.Put(asidePrefix+key, text)
		}
		kept = err
	}
	return errors.Join(kept, t.tx.Delete(key), t.tx.Delete(lostTrialKey(id)), t.tx.Delete(trialSessionKey(id)))
}
