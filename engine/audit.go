package engine

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

// Books returns the names of the store's books of audit, in order: those that
// have lines or a head, and those that purchases and actions must be in.
func Books(ctx context.Context, store storage.Store) ([]string, error) {
	var names []string
	// From one book's first line to the next book's.
	for from, more := "", true; more; {
		more = false
		err := store.Scan(ctx, bookPrefix, from, func(key string, _ []byte) (bool, error) {
			name, _, found := cutLast(strings.TrimPrefix(key, bookPrefix))
			if !found {
				return false, fmt.Errorf("the key %q is no line of a book", key)
			}
			names = append(names, name)
			from, more = linesPrefix(name)+"\xff", true
			return false, nil
		})
		if err != nil {
			return nil, err
		}
	}
	err := errors.Join(
		store.Scan(ctx, headPrefix, "", func(key string, _ []byte) (bool, error) {
			names = append(names, strings.TrimPrefix(key, headPrefix))
			return true, nil
		}),
		store.Scan(ctx, purchasePrefix, "", func(key string, value []byte) (bool, error) {
			var p entry
			if err := json.Unmarshal(value, &p); err != nil {
				return false, fmt.Errorf("%s cannot be read", key)
			}
			names = append(names, bookOf(p))
			return true, nil
		}),
		store.Scan(ctx, actionPrefix, "", func(key string, value []byte) (bool, error) {
			var a action
			if err := json.Unmarshal(value, &a); err != nil {
				return false, fmt.Errorf("%s cannot be read", key)
			}
			names = append(names, userBook(a.Owner.User))
			return true, nil
		}),
	)
	slices.Sort(names)
	return slices.Compact(names), err
}

// BookHead returns the head of a book, nil when it has none.
func BookHead(ctx context.Context, store storage.Store, name string) (*audit.Head, error) {
	head, found, err := storage.Read[audit.Head](ctx, store, headKey(name))
	if err != nil || !found {
		return nil, err
	}
	return &head, nil
}

// CheckBook reads a book from its beginning to its end and returns what is wrong
// with it, and how many lines were read. No bot may write meanwhile.
func CheckBook(ctx context.Context, store storage.Store, name string) ([]audit.Fault, int64, error) {
	faults, lines, err := checkLines(ctx, store, name)
	if err != nil {
		return nil, 0, err
	}
	head, err := BookHead(ctx, store, name)
	if err != nil {
		return nil, 0, err
	}
	more, err := checkLedger(ctx, store, name, head)
	return append(faults, more...), lines, err
}

// checkLines is CheckBook without the ledger of a team's book.
func checkLines(ctx context.Context, store storage.Store, name string) ([]audit.Fault, int64, error) {
	checker, lines := audit.NewChecker(name), int64(0)
	err := scanBook(ctx, store, name, func(n int64, text []byte) (bool, error) {
		checker.Line(n, text)
		lines++
		return true, nil
	})
	if err != nil {
		return nil, 0, err
	}
	head, err := BookHead(ctx, store, name)
	if err != nil {
		return nil, 0, err
	}
	return checker.End(head), lines, nil
}

// ExportBook writes the lines of a book, as many as it has now. It does not
// check them.
func ExportBook(ctx context.Context, store storage.Store, name string, to audit.Writer) error {
	return scanBook(ctx, store, name, func(n int64, text []byte) (bool, error) {
		line, err := readLine(name, n, text)
		if err != nil {
			return false, err
		}
		return true, to.Write(line)
	})
}

// scanBook calls fn for each line of a book with the number under which it is
// kept.
func scanBook(ctx context.Context, store storage.Store, name string, fn func(n int64, text []byte) (bool, error)) error {
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

func readLine(book string, n int64, text []byte) (audit.Line, error) {
	var line audit.Line
	if err := json.Unmarshal(text, &line); err != nil {
		return line, fmt.Errorf("line %d of book %s cannot be read: %w", n, book, err)
	}
	return line, nil
}
