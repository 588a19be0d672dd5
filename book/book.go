package book

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"zomrobot/audit"
	"zomrobot/storage"
)

// Names returns the names of the books that have lines or a head, in order.
func Names(ctx context.Context, store storage.Store) ([]string, error) {
	var names []string
	// From one book's first line to the next book's.
	for from, more := "", true; more; {
		more = false
		err := store.Scan(ctx, linePrefix, from, func(key string, _ []byte) (bool, error) {
			rest := strings.TrimPrefix(key, linePrefix)
			i := strings.LastIndexByte(rest, '/')
			if i < 0 {
				return false, fmt.Errorf("the key %q is no line of a book", key)
			}
			names = append(names, rest[:i])
			from, more = linesPrefix(rest[:i])+"\xff", true
			return false, nil
		})
		if err != nil {
			return nil, err
		}
	}
	err := store.Scan(ctx, headPrefix, "", func(key string, _ []byte) (bool, error) {
		names = append(names, strings.TrimPrefix(key, headPrefix))
		return true, nil
	})
	slices.Sort(names)
	return slices.Compact(names), err
}

// HeadOf returns the head of a book, nil when it has none.
func HeadOf(ctx context.Context, store storage.Store, name string) (*audit.Head, error) {
	head, found, err := storage.Read[audit.Head](ctx, store, headKey(name))
	if err != nil || !found {
		return nil, err
	}
	return &head, nil
}

// Check reads a book from its beginning to its end and returns what is wrong
// with it, and how many lines were read. No bot may write meanwhile.
func Check(ctx context.Context, store storage.Store, name string) ([]audit.Fault, int64, error) {
	faults, lines, err := checkLines(ctx, store, name)
	if err != nil {
		return nil, 0, err
	}
	head, err := HeadOf(ctx, store, name)
	if err != nil {
		return nil, 0, err
	}
	more, err := checkLedger(ctx, store, name, head)
	return append(faults, more...), lines, err
}

// checkLines is Check without the ledger of a team's book.
func checkLines(ctx context.Context, store storage.Store, name string) ([]audit.Fault, int64, error) {
	checker, lines := audit.NewChecker(name), int64(0)
	err := Scan(ctx, store, name, func(n int64, text []byte) (bool, error) {
		checker.Line(n, text)
		lines++
		return true, nil
	})
	if err != nil {
		return nil, 0, err
	}
	head, err := HeadOf(ctx, store, name)
	if err != nil {
		return nil, 0, err
	}
	return checker.End(head), lines, nil
}

// Export writes the lines of a book, as many as it has now. It does not
// check them.
func Export(ctx context.Context, store storage.Store, name string, to audit.Writer) error {
	return Scan(ctx, store, name, func(n int64, text []byte) (bool, error) {
		line, err := ReadLine(name, n, text)
		if err != nil {
			return false, err
		}
		return true, to.Write(line)
	})
}

// Scan calls fn for each line of a book with the number under which it is
// kept.
func Scan(ctx context.Context, store storage.Store, name string, fn func(n int64, text []byte) (bool, error)) error {
	err := store.Scan(ctx, linesPrefix(name), "", func(key string, text []byte) (bool, error) {
		n, err := strconv.ParseInt(strings.TrimPrefix(key, linesPrefix(name)), 10, 64)
		if err != nil {
			return false, fmt.Errorf("the key %q is no line of it", key)
		}
		return fn(n, text)
	})
	if err != nil {
		return fmt.Errorf("book %s: %w", name, err)
	}
	return nil
}

// ReadLine reads the text of a line, which is kept under n.
func ReadLine(book string, n int64, text []byte) (audit.Line, error) {
	var line audit.Line
	if err := json.Unmarshal(text, &line); err != nil {
		return line, fmt.Errorf("line %d of book %s cannot be read: %w", n, book, err)
	}
	return line, nil
}

// OfUser is the book of a person.
func OfUser(user int64) string { return "user/" + strconv.FormatInt(user, 10) }

// OfTeam is the book of a team.
func OfTeam(team string) string { return "team/" + team }

// HeadIn returns the head of a book; a zero one when it has none.
func HeadIn(tx storage.Tx, name string) (audit.Head, error) {
	head, _, err := storage.Get[audit.Head](tx, headKey(name))
	return head, err
}

// LineIn returns a line of a book; false: it is not there.
func LineIn(tx storage.Tx, name string, n int64) (audit.Line, bool, error) {
	return storage.Get[audit.Line](tx, lineKey(name, n))
}

// Append appends a line to a book.
func Append(tx storage.Tx, book string, e audit.Entry) error {
	head, _, err := storage.Get[audit.Head](tx, headKey(book))
	if err != nil {
		return err
	}
	line, head, err := head.Append(book, e)
	if err != nil {
		return err
	}
	text, err := line.Text()
	if err != nil {
		return err
	}
	return errors.Join(tx.Put(lineKey(book, line.N), text), storage.Put(tx, headKey(book), head))
}

// The keys of the store.
const (
	linePrefix = "audit/"
	headPrefix = "audit-head/"
)

func headKey(book string) string { return headPrefix + book }

func linesPrefix(book string) string { return linePrefix + book + "/" }

func lineKey(book string, n int64) string { return linesPrefix(book) + fmt.Sprintf("%020d", n) }

func ledgerKey(team string) string { return "ledger/" + team }
