package book

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"zomrobot/audit"
	"zomrobot/storage"
	"zomrobot/team"
)

// A team's ledger is what its limits are held against, and the team's book tells each
// change of it. The head of the book has the ledger's digest, so that a ledger that
// was deleted, put back or changed in the file is recognised: nothing is then ordered
// or paid for the team until it is rebuilt from the book.

// LedgerIn returns what a team has reserved and spent, as it is kept.
func LedgerIn(tx storage.Tx, id string) (team.Ledger, error) {
	l, _, err := storage.Get[team.Ledger](tx, ledgerKey(id))
	return l, err
}

// Sound reports whether the ledger of a team is the one that its book tells of.
func Sound(tx storage.Tx, id string) (bool, error) {
	l, err := LedgerIn(tx, id)
	if storage.Damaged(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	book := OfTeam(id)
	head, _, err := storage.Get[audit.Head](tx, headKey(book))
	if err != nil {
		return false, err
	}
	beyond, err := tx.Get(lineKey(book, head.N+1))
	if err != nil {
		return false, err
	}
	is, err := ledgerDigest(l)
	return beyond == nil && (head.Ledger == "" || head.Ledger == is), err
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

// KeepLedger keeps the ledger of a team after a purchase has changed it, and records the
// change in the team's book.
func KeepLedger(tx storage.Tx, id string, is team.Ledger, e audit.Entry) error {
	head, _, err := storage.Get[audit.Head](tx, headKey(OfTeam(id)))
	if err != nil {
		return err
	}
	deed := audit.Ledger{Expenses: []audit.Expense{changeOf(is, e.Purchase)}}
	if head.Ledger == "" { // the book does not tell of any yet
		deed = wholeLedger(is)
	}
	if deed.Digest, err = ledgerDigest(is); err != nil {
		return err
	}
	e.What = deed
	return errors.Join(storage.Put(tx, ledgerKey(id), is), Append(tx, OfTeam(id), e))
}

// TellLedger records in a team's book what would have changed in a ledger that is not
// sound; the ledger stays as it is. would is what the ledger would be as far as the
// purchase alone tells.
func TellLedger(tx storage.Tx, id string, would team.Ledger, e audit.Entry) error {
	head, _, err := storage.Get[audit.Head](tx, headKey(OfTeam(id)))
	if err != nil {
		return err
	}
	e.What = audit.Ledger{Expenses: []audit.Expense{changeOf(would, e.Purchase)}, Digest: head.Ledger}
	return Append(tx, OfTeam(id), e)
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

// toldLedger returns the ledger that a team's book tells of, and whether it tells of
// one.
func toldLedger(ctx context.Context, store storage.Store, book string) (l team.Ledger, told bool, err error) {
	err = Scan(ctx, store, book, func(n int64, text []byte) (bool, error) {
		line, err := ReadLine(book, n, text)
		if err != nil {
			return true, nil //nolint:nilerr // a fault of its own
		}
		deed, err := line.Read()
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
	id, ok := strings.CutPrefix(book, OfTeam(""))
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

// errLedger means that a ledger cannot be rebuilt.
var errLedger = errors.New("book: the ledger cannot be made anew")

// Rebuild rebuilds the ledger of a team's book from what the book tells. The book
// must be whole: no ledger is made from a damaged book. No bot may write meanwhile.
func Rebuild(ctx context.Context, store storage.Store, book string, now time.Time) error {
	id, ok := strings.CutPrefix(book, OfTeam(""))
	if !ok {
		return fmt.Errorf("%w: %s is not the book of a team", errLedger, book)
	}
	faults, _, err := checkLines(ctx, store, book)
	if err != nil {
		return err
	}
	if len(faults) > 0 {
		return fmt.Errorf("%w: %w", errLedger, faults[0])
	}
	l, told, err := toldLedger(ctx, store, book)
	if err != nil {
		return err
	}
	if !told {
		return fmt.Errorf("%w: the book tells of none", errLedger)
	}
	deed := wholeLedger(l)
	if deed.Digest, err = ledgerDigest(l); err != nil {
		return err
	}
	return store.Update(ctx, func(tx storage.Tx) error {
		return errors.Join(storage.Put(tx, ledgerKey(id), l), Append(tx, book, audit.Entry{At: now, What: deed}))
	})
}
