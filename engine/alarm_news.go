package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"zomrobot/conversation/bill"
	"zomrobot/engine/journal"
	"zomrobot/storage"
	"zomrobot/telegram"
)

// alarming is a message of news that says what will not be so for long: see [bill.Alarming].
// It is noted with the post of the news, and where it stands with the post's removal.
type alarming struct {
	Post  string     `json:"post"`  // the key of its post
	Stage bill.Stage `json:"stage"` // of which it tells
	spot             // zero: it is not sent yet, or could not be
}

// postNews posts news, and notes them if they say what will not be so for long.
func (t *transaction) postNews(p post, of bill.Purchase) error {
	if of.Held != nil || !bill.Alarming(of.Stage) {
		return t.post(p)
	}
	p.Alarm = of.ID
	noted, _, err := storage.Get[[]alarming](t.tx, alarmingKey(of.ID))
	if err != nil {
		return err
	}
	noted = append(noted, alarming{Post: outboxKey(p.To, t.next), Stage: of.Stage})
	return errors.Join(storage.Put(t.tx, alarmingKey(of.ID), noted), t.post(p))
}

// settleAlarms has news say that what they said is over, if there are such.
func (t *transaction) settleAlarms(is journal.Entry) error {
	noted, _, err := storage.Get[[]alarming](t.tx, alarmingKey(is.Record.ID))
	if err != nil || !slices.ContainsFunc(noted, overIn(is)) {
		return err
	}
	return t.post(post{To: is.Owner, Settles: is.Record.ID})
}

// overIn reports of news whether what they said is over.
func overIn(is journal.Entry) func(alarming) bool {
	now := journal.View(is, 0)
	return func(a alarming) bool { return bill.Settled(a.Stage, now) }
}

// showSettled has the news of a purchase that are over say so, where they stand.
func (e *Engine) showSettled(ctx context.Context, er errand, id string) error {
	noted, _, err := storage.Read[[]alarming](ctx, e.store, alarmingKey(id))
	if err != nil {
		return err
	}
	is, found, err := storage.Read[journal.Entry](ctx, e.store, journal.PurchaseKey(id))
	if err != nil || !found {
		return err
	}
	over := overIn(is)
	for _, a := range noted {
		if !over(a) {
			continue
		}
		if view := journal.View(is, 0); bill.Over(a.Stage, view) {
			er.tail.settled = append(er.tail.settled, a.Post)
		}
		if a.Message == 0 {
			continue
		}
		err := e.chat.Edit(ctx, a.spot, er.lang, telegram.Still(bill.SettledNews(a.Stage, journal.View(is, 0))))
		if err != nil && !errors.Is(err, telegram.ErrRefused) {
			return fmt.Errorf("edit news: %w", err)
		}
	}
	return nil
}

// write notes where news stand, forgets those that say that they are over, and notes
// what removes itself and what may be taken back.
func (t tail) write(tx storage.Tx, p post) error {
	return errors.Join(t.fading.write(tx), t.secret.write(tx), t.writeNews(tx, p))
}

func (t tail) writeNews(tx storage.Tx, p post) error {
	id := p.Alarm + p.Settles // it has one of them
	if id == "" || t.sent == (spot{}) && len(t.settled) == 0 {
		return nil
	}
	noted, _, err := storage.Get[[]alarming](tx, alarmingKey(id))
	if err != nil {
		return err
	}
	if at := slices.IndexFunc(noted, func(a alarming) bool { return a.Post == p.Key }); at >= 0 {
		noted[at].spot = t.sent
	}
	noted = slices.DeleteFunc(noted, func(a alarming) bool { return slices.Contains(t.settled, a.Post) })
	if len(noted) == 0 {
		return tx.Delete(alarmingKey(id))
	}
	return storage.Put(tx, alarmingKey(id), noted)
}
