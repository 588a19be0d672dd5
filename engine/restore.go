package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/engine/journal"
	"zomrobot/purchase"
	"zomrobot/storage"
)

// markKey counts the commits that moved purchases; restoringKey is there while an older
// copy of the store is made safe.
const (
	markKey      = "journal/mark"
	restoringKey = "journal/restoring"
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

// Age is what a store says of when it was written.
type Age struct {
	Mark int64     // how many moves of purchases and things done with servers it knows of
	At   time.Time // when the bot last wrote down the time in it; zero: never
	Open int       // purchases and things done with servers that are not at their end
}

// AgeOf reads what a store says of when it was written.
func AgeOf(ctx context.Context, store storage.Store) (Age, error) {
	var a Age
	var err error
	if a.Mark, _, err = storage.Read[int64](ctx, store, markKey); err != nil {
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
	a.Open = len(open) + len(jobs)
	return a, nil
}

// makeSafe makes an older copy of the store safe: updates that wait in it were
// handled once and are dropped, drafts may have been ordered and are closed,
// and every open purchase may have gone further than it knows, so that its
// outcome is looked for before anything else is bought.
func (e *Engine) makeSafe(ctx context.Context, mark int64) error {
	e.log.WarnContext(ctx, "the store is an older copy: open purchases are looked into before anything is bought")
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
	if err := e.resumeJobs(ctx, true); err != nil {
		return err
	}
	err = e.store.Update(ctx, func(tx storage.Tx) error {
		n, _, err := storage.Get[int64](tx, markKey)
		if err != nil {
			return err
		}
		mark = max(mark, n) + 1
		return errors.Join(storage.Put(tx, markKey, mark), tx.Delete(restoringKey))
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
