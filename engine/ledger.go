package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"

	"zomrobot/audit"
	"zomrobot/storage"
	"zomrobot/team"
)

// A team's ledger is what its limits are held against, and the team's book tells each
// change of it. The head of the book has the ledger's digest, so that a ledger that
// was deleted, put back or changed in the file is recognised: nothing is ordered or
// paid for the team then, until it was made anew from the book.

// sound reports whether the ledger of a team is the one of which its book tells.
func (t *turn) sound(id string) (bool, error) {
	l, err := t.ledger(id)
	if storage.Damaged(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	book := teamBook(id)
	head, _, err := storage.Get[audit.Head](t.tx, headKey(book))
	if err != nil {
		return false, err
	}
	beyond, err := t.tx.Get(lineKey(book, head.N+1))
	if err != nil {
		return false, err
	}
	is, err := ledgerDigest(l)
	sound := beyond == nil && (head.Ledger == "" || head.Ledger == is)
	if !sound {
		t.engine.log.Error("the ledger of a team is not what its book tells: nothing is ordered for it; see bot audit verify", "team", id)
	}
	return sound, err
}

// ledgerDigest returns the digest of a ledger.
func ledgerDigest(l team.Ledger) (string, error) {
	text, err := json.Marshal(l)
	if err != nil {
		return "", fmt.Errorf("digest of a ledger: %w", err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

// keepLedger brings the ledger of a purchase's team up to date with its record, and
// has the team's book tell of it: reserved from the confirmation, spent once it is, or
// may be, paid, and freed when it ends unpaid. One that is not sound stays as it is;
// the book tells what would have changed.
func (t *turn) keepLedger(e entry) error {
	if e.Team == "" {
		return nil
	}
	now := t.engine.now().UTC().Round(0)
	sound, err := t.sound(e.Team)
	if err != nil {
		return err
	}
	if !sound {
		head, _, err := storage.Get[audit.Head](t.tx, headKey(teamBook(e.Team)))
		if err != nil {
			return err
		}
		// As far as the record alone tells.
		change := changeOf(t.spend(e, team.Ledger{}.Reserve(e.Record.ID, e.Owner.User, e.Record.Quote.Total, now), now), e.Record.ID)
		return t.record(teamBook(e.Team), audit.Entry{At: now, Purchase: e.Record.ID, What: audit.Ledger{Expenses: []audit.Expense{change}, Digest: head.Ledger}})
	}
	was, err := t.ledger(e.Team)
	if err != nil {
		return err
	}
	is := t.spend(e, was, now)
	if reflect.DeepEqual(was, is) {
		return nil
	}
	head, _, err := storage.Get[audit.Head](t.tx, headKey(teamBook(e.Team)))
	if err != nil {
		return err
	}
	deed := audit.Ledger{Expenses: []audit.Expense{changeOf(is, e.Record.ID)}}
	if head.Ledger == "" { // the book has not told of any yet
		deed = wholeLedger(is)
	}
	if deed.Digest, err = ledgerDigest(is); err != nil {
		return err
	}
	return errors.Join(
		storage.Put(t.tx, ledgerKey(e.Team), is),
		t.record(teamBook(e.Team), audit.Entry{At: now, Purchase: e.Record.ID, What: deed}),
	)
}

// spend returns the ledger as it is with a purchase's record.
func (t *turn) spend(e entry, l team.Ledger, now time.Time) team.Ledger {
	r := e.Record
	amount := r.Quote.Total
	switch paid := !r.PaidAt.IsZero(); {
	case paid && r.Taken != nil && r.Taken.Currency == amount.Currency:
		amount = *r.Taken
	case paid && r.CartTotal != nil && r.CartTotal.Currency == amount.Currency:
		amount = *r.CartTotal
	}
	switch {
	case !r.PaidAt.IsZero():
		return l.Spend(r.ID, amount, r.PaidAt)
	case r.State.Ended() && r.MaybePaid:
		return l.Spend(r.ID, amount, r.Since)
	case r.State.Ended():
		t.held = append(t.held, ofTeam(e.Team)) // there is room again
		return l.Free(r.ID)
	default:
		return l.Reserve(r.ID, e.Owner.User, amount, now)
	}
}

// changeOf is what a book tells of a purchase in a ledger.
func changeOf(l team.Ledger, purchase string) audit.Expense {
	for _, e := range l.Expenses {
		if e.Purchase == purchase {
			return audit.Expense{Purchase: e.Purchase, Who: e.Who, Amount: e.Amount, At: e.At, Spent: e.Spent}
		}
	}
	return audit.Expense{Purchase: purchase, Freed: true}
}

func wholeLedger(l team.Ledger) audit.Ledger {
	deed := audit.Ledger{Whole: true}
	for _, e := range l.Expenses {
		deed.Expenses = append(deed.Expenses, changeOf(l, e.Purchase))
	}
	return deed
}

// told returns the ledger of which a team's book tells, and whether it tells of one.
func toldLedger(ctx context.Context, store storage.Store, book string) (l team.Ledger, told bool, err error) {
	err = scanBook(ctx, store, book, func(n int64, text []byte) (bool, error) {
		line, err := readLine(book, n, text)
		if err != nil {
			return true, nil //nolint:nilerr // a fault of its own
		}
		deed, err := line.Deed()
		if err != nil {
			return true, nil //nolint:nilerr // likewise
		}
		change, ok := deed.(audit.Ledger)
		if !ok {
			return true, nil
		}
		told = true
		if change.Whole {
			l = team.Ledger{}
		}
		for _, e := range change.Expenses {
			expense := team.Expense{Purchase: e.Purchase, Who: e.Who, Amount: e.Amount, At: e.At, Spent: e.Spent}
			switch {
			case e.Freed:
				l = l.Free(e.Purchase)
			case change.Whole:
				l.Expenses = append(l.Expenses, expense)
			default:
				l = l.Set(expense, line.At)
			}
		}
		return true, nil
	})
	return l, told, err
}

// checkLedger returns what is wrong with the ledger of a team's book.
func checkLedger(ctx context.Context, store storage.Store, book string, head *audit.Head) ([]audit.Fault, error) {
	id, ok := strings.CutPrefix(book, teamBook(""))
	if !ok || head == nil {
		return nil, nil
	}
	told, tells, err := toldLedger(ctx, store, book)
	if err != nil || !tells {
		return nil, err
	}
	kept, _, err := storage.Read[team.Ledger](ctx, store, ledgerKey(id))
	if err != nil && !storage.Damaged(err) {
		return nil, err
	}
	want, failed := ledgerDigest(told)
	is, failing := ledgerDigest(kept)
	if failed := errors.Join(failed, failing); failed != nil {
		return nil, failed
	}
	if err != nil || is != want || head.Ledger != want {
		return []audit.Fault{{Book: book, N: head.N, What: "the ledger, which the team's limits are held against, is not what the book tells: nothing is ordered for the team; bot audit rebuild makes it anew from the book"}}, nil
	}
	return nil, nil
}

// ErrLedger means that a ledger cannot be made anew.
var ErrLedger = errors.New("engine: the ledger cannot be made anew")

// RebuildLedger makes the ledger of a team's book anew from what the book tells. The
// book must be whole: a ledger is made of no book that is damaged. No bot may write
// meanwhile.
func RebuildLedger(ctx context.Context, store storage.Store, book string) error {
	id, ok := strings.CutPrefix(book, teamBook(""))
	if !ok {
		return fmt.Errorf("%w: %s is not the book of a team", ErrLedger, book)
	}
	faults, _, err := checkLines(ctx, store, book)
	if err != nil {
		return err
	}
	if len(faults) > 0 {
		return fmt.Errorf("%w: %w", ErrLedger, faults[0])
	}
	l, told, err := toldLedger(ctx, store, book)
	if err != nil {
		return err
	}
	if !told {
		return fmt.Errorf("%w: the book tells of none", ErrLedger)
	}
	deed := wholeLedger(l)
	if deed.Digest, err = ledgerDigest(l); err != nil {
		return err
	}
	e := New(Config{Store: store})
	defer e.stop()
	newest, _, err := storage.Read[time.Time](ctx, store, clockKey)
	if err != nil {
		return err
	}
	e.clock.reach(newest)
	return store.Update(ctx, func(tx storage.Tx) error {
		t := turn{engine: e, tx: tx}
		return errors.Join(storage.Put(tx, ledgerKey(id), l), t.record(book, audit.Entry{What: deed}))
	})
}
