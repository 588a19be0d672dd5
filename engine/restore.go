package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/conversation/bill"
	"zomrobot/engine/journal"
	"zomrobot/purchase"
	"zomrobot/storage"
)

// markKey counts the commits that moved purchases; restoringKey is there while an older
// copy of the store is made safe.
const (
	markKey      = "journal/mark"
	restoringKey = "journal/restoring"
	copiedKey    = "journal/copied" // when the copy was made, as far as it says so
)

// Mark keeps a number outside of the store: how many commits have moved purchases.
// A store that knows of fewer is an older copy.
type Mark interface {
	// Load returns the number, and whether one was ever saved.
	Load() (int64, bool, error)
	// Save keeps the number.
	Save(n int64) error
}

// marks brings the mark outside of the store up to date.
type marks struct {
	mu    sync.Mutex
	made  int64 // commits, as far as is known
	saved int64
}

// note notes how many there are after a commit.
func (m *marks) note(n int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.made = max(m.made, n)
}

// count counts a move of a purchase within its transaction.
func (t *transaction) count() error {
	n, _, err := storage.Get[int64](t.tx, markKey)
	if err != nil {
		return err
	}
	t.mark = n + 1
	return errors.Join(storage.Put(t.tx, markKey, t.mark), t.keepTime())
}

// saveMark saves the mark. It is due before a call that pays and before any that does
// something with a server, so that a copy of the store from before its announcement is
// recognised; the call is not made when it fails. Else the mark may stay behind the store
// for a while, and a runner saves it when it rests: from a copy that is not recognised
// then nothing was paid or done since.
func (e *Engine) saveMark() error {
	m := &e.marks
	m.mu.Lock()
	defer m.mu.Unlock()
	if e.mark == nil || m.made <= m.saved {
		return nil
	}
	if err := e.mark.Save(m.made); err != nil {
		return fmt.Errorf("write the mark beside the store: %w", err)
	}
	m.saved = m.made
	return nil
}

// settleMark saves the mark where nothing waits for it.
func (e *Engine) settleMark() {
	if err := e.saveMark(); err != nil {
		e.log.ErrorContext(e.ctx, "an older copy of the store may not be recognised, and nothing is paid until this works again", "error", err)
	}
}

// restored reports whether the store is an older copy of what the bot has
// already written: the mark beside it knows of more moves, or, after moves were
// made, is not there at all; or the store says so itself, see [Distrust]; or the making
// safe of such a copy did not come to its end. Before the first move the mark is made, so
// that a crash between that move's commit and its mark is not taken for a lost mark.
func (e *Engine) restored(ctx context.Context) (bool, int64, error) {
	stored, _, err := storage.Read[int64](ctx, e.store, markKey)
	if err != nil {
		return false, 0, err
	}
	_, restoring, err := storage.Read[bool](ctx, e.store, restoringKey)
	if err != nil {
		return false, 0, err
	}
	if e.mark == nil {
		return restoring, stored, nil
	}
	beside, found, err := e.mark.Load()
	if err != nil {
		return false, 0, fmt.Errorf("read the mark beside the store: %w", err)
	}
	if !found && stored == 0 {
		if err := e.mark.Save(0); err != nil {
			return false, 0, fmt.Errorf("make the mark beside the store: %w", err)
		}
	}
	e.marks.saved = beside
	return restoring || found && beside > stored || !found && stored > 0, max(beside, stored), nil
}

// Distrust has whoever starts on the store take it for an older copy, whatever mark is
// beside it.
func Distrust(tx storage.Tx) error { return storage.Put(tx, restoringKey, true) }

// Copied is [Distrust] for a copy that is made at a moment, which the copy keeps. A copy of
// a copy is as old as that one.
func Copied(at time.Time) func(storage.Tx) error {
	return func(tx storage.Tx) error {
		_, copied, err := storage.Get[time.Time](tx, copiedKey)
		if err == nil && !copied {
			err = storage.Put(tx, copiedKey, at.UTC())
		}
		return errors.Join(err, Distrust(tx))
	}
}

// Stop is that an owner has stopped all purchases, as a store knows it.
type Stop struct{ of *hold }

// StopOf reads from a store whether an owner has stopped all purchases.
func StopOf(ctx context.Context, store storage.Store) (Stop, error) {
	h, found, err := storage.Read[hold](ctx, store, holdKey)
	if err != nil || !found {
		return Stop{}, err
	}
	return Stop{&h}, nil
}

// StopUnread is that it cannot be read whether an owner has stopped all purchases: they are
// stopped from a moment on, if there is an owner who can allow them.
func StopUnread(now time.Time) Stop { return Stop{&hold{Since: now.UTC()}} }

// Is reports whether purchases are stopped.
func (s Stop) Is() bool { return s.of != nil }

// Carry has purchases stopped in another store too, if they are.
func (s Stop) Carry(tx storage.Tx) error {
	if s.of == nil {
		return nil
	}
	return storage.Put(tx, holdKey, *s.of)
}

// Age is what a store says of when it was written.
type Age struct {
	Mark   int64     // how many moves of purchases and things done with servers it knows of
	Copied time.Time // when the copy was made; zero: it does not say
	At     time.Time // when the bot last wrote down the time in it; zero: never
	Open   int       // purchases and things done with servers that are not at their end
}

// Of is the moment of which the store is, as far as it says: zero, it does not.
func (a Age) Of() time.Time {
	if a.Copied.IsZero() {
		return a.At
	}
	return a.Copied
}

// AgeOf reads what a store says of when it was written.
func AgeOf(ctx context.Context, store storage.Store) (Age, error) {
	var a Age
	var err error
	if a.Mark, _, err = storage.Read[int64](ctx, store, markKey); err != nil {
		return Age{}, err
	}
	if a.Copied, _, err = storage.Read[time.Time](ctx, store, copiedKey); err != nil {
		return Age{}, err
	}
	for _, key := range []string{clockKey, heardKey} {
		at, _, err := storage.Read[time.Time](ctx, store, key)
		if err != nil {
			return Age{}, err
		}
		if at.After(a.At) {
			a.At = at
		}
	}
	open, err := journal.OpenPurchases(ctx, store)
	if err != nil {
		return Age{}, err
	}
	jobs, err := storage.Keys(ctx, store, jobOpenPrefix)
	if err != nil {
		return Age{}, err
	}
	a.Open = len(jobs)
	for _, id := range open {
		p, found, err := storage.Read[journal.Entry](ctx, store, journal.PurchaseKey(id))
		if err != nil && !storage.Damaged(err) {
			return Age{}, err
		}
		if err != nil || found && !p.Record.State.Ended() { // what became of one that cannot be read is not known
			a.Open++
		}
	}
	return a, nil
}

// makeSafe makes an older copy of the store safe: updates that wait in it were
// handled once and are dropped, drafts may have been ordered and are closed,
// and every open purchase may have gone further than it knows, so that its
// outcome is looked for before anything else is bought. The owners are told.
func (e *Engine) makeSafe(ctx context.Context, mark int64) error {
	age, err := AgeOf(ctx, e.store)
	if err != nil {
		return err
	}
	e.log.WarnContext(ctx, "the store is an older copy: open purchases are looked into before anything is bought", "of", age.Of())
	inbox, err := storage.Keys(ctx, e.store, inboxPrefix)
	if err != nil {
		return err
	}
	// The moves that follow are counted, too: after a crash between them the mark
	// alone would not tell.
	err = e.store.Update(ctx, func(tx storage.Tx) error { return storage.Put(tx, restoringKey, true) })
	if err != nil {
		return err
	}
	if err := e.deleteKeys(ctx, inbox...); err != nil {
		return err
	}
	if err := e.closeDrafts(ctx); err != nil {
		return err
	}
	if err := e.lookForDamage(ctx); err != nil {
		return err
	}
	open, err := journal.OpenPurchases(ctx, e.store)
	if err != nil {
		return err
	}
	for _, id := range open {
		if _, err := e.move(ctx, id, purchase.Restored{}); err != nil && !errors.Is(err, errStale) {
			return err
		}
	}
	if err := errors.Join(e.resumeJobs(ctx, true), e.resumeTrials(ctx, true)); err != nil {
		return err
	}
	err = e.beside(ctx, func(t *transaction) error {
		n, _, err := storage.Get[int64](t.tx, markKey)
		if err != nil {
			return err
		}
		mark = max(mark, n) + 1
		h, stopped, err := storage.Get[hold](t.tx, holdKey)
		if err != nil && !storage.Damaged(err) {
			return err
		}
		if err == nil && stopped && h.By == 0 && len(e.owners) == 0 { // nobody could have, nor allow them
			stopped = false
			if err := t.tx.Delete(holdKey); err != nil {
				return err
			}
		}
		return errors.Join(
			storage.Put(t.tx, markKey, mark), t.tx.Delete(restoringKey), t.tx.Delete(copiedKey),
			t.tellOwners(bill.StoreRestored(age.Of(), stopped)),
		)
	})
	if err != nil {
		return err
	}
	e.marks.note(mark)
	e.settleMark()
	return nil
}

// closeDrafts tells every dialogue that the store is an older copy.
func (e *Engine) closeDrafts(ctx context.Context) error {
	aside := 0
	err := storage.EachKey(ctx, e.store, journal.DialoguePrefix, "", func(name string) (bool, error) {
		key, err := chat.ParseKey(strings.TrimPrefix(name, journal.DialoguePrefix))
		if err == nil {
			err = e.turn(ctx, key, conversation.StoreRestored{})
		}
		if storage.Damaged(err) {
			aside++
			err = e.setAside(ctx, name, err)
		}
		return true, err
	})
	if aside > 0 {
		e.log.ErrorContext(ctx, "dialogues of the older copy are damaged and were left out", "count", aside)
	}
	return err
}

// isCheck reports whether a post asks Telegram what a person is in a group.
func isCheck(p post) bool {
	if p.Effect == nil {
		return false
	}
	_, ok := p.Effect.Effect.(conversation.Check)
	return ok
}

// dropChecks removes from the outbox of an older copy of the store what people
// wanted done once Telegram has told what they are in a group: it was done, and a
// purchase that they have approved is not to go on before its outcome is looked
// for.
func (e *Engine) dropChecks(ctx context.Context) error {
	var checks []string
	keys, err := storage.Keys(ctx, e.store, outboxPrefix)
	if err != nil {
		return err
	}
	for _, key := range keys {
		p, _, err := storage.Read[post](ctx, e.store, key)
		if storage.Damaged(err) {
			continue // it is set aside when the outbox is taken up
		}
		if err != nil {
			return err
		}
		if isCheck(p) {
			checks = append(checks, key)
		}
	}
	if len(checks) == 0 {
		return nil
	}
	return e.deleteKeys(ctx, checks...)
}

// forgetCards forgets where the cards of an older copy of the store stand. Since then they
// may have come to show what the copy does not know, such as what was bought: nothing that
// stands in the chats is edited, and what is shown from now on is shown anew.
func (e *Engine) forgetCards(ctx context.Context) error {
	var gone []string
	for _, prefix := range []string{jobCardKey(""), batchCardKey(""), purchaseCardKey(""), alarmingKey(""), promptPrefix, cardPrefix} {
		keys, err := storage.Keys(ctx, e.store, prefix)
		if err != nil {
			return err
		}
		gone = append(gone, keys...)
	}
	if err := e.deleteKeys(ctx, gone...); err != nil {
		return err
	}
	requests, err := storage.Keys(ctx, e.store, requestPrefix)
	if err != nil {
		return err
	}
	dialogues, err := storage.Keys(ctx, e.store, journal.DialoguePrefix)
	if err != nil {
		return err
	}
	for some := range slices.Chunk(append(requests, dialogues...), atOnce) {
		err := e.store.Update(ctx, func(tx storage.Tx) error {
			for _, key := range some {
				if err := forgetCard(tx, key); err != nil && !storage.Damaged(err) { // that is set aside later
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// forgetCard forgets where the card stands that is kept in a record: who was asked in private
// to vote may still.
func forgetCard(tx storage.Tx, key string) error {
	of, isDialogue := strings.CutPrefix(key, journal.DialoguePrefix)
	if !isDialogue {
		return putCard(tx, key, card{})
	}
	c, found, err := getCard(tx, cardPrefix+of)
	if err != nil || !found || c == (card{}) {
		return err
	}
	return deleteCard(tx, cardPrefix+of)
}
