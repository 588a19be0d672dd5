package zomro

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
)

const (
	listPage = 500 // rows asked for at once
	maxPages = 100
	maxRows  = listPage * maxPages
)

// readList reads all rows of one of the vendor's lists, which comes in pages,
// sorted by a column. parse reads a page: its rows, and how many there are in all,
// -1 when it is not told; id names a row, for the same row may come on two pages. A
// list that cannot be understood, or is shorter than the vendor counts, is
// [Unreadable]. of says what the list is about, where the account has several.
func readList[T any](ctx context.Context, c *Client, op string, auth Auth, column string, parse func(node) ([]T, int, error), id func(T) string, of ...field) ([]T, error) {
	all := []T{}
	seen := map[string]bool{}
	for page := 1; page <= maxPages; page++ {
		doc, err := c.readFunc(ctx, op, auth, append(
			slices.Clone(of),
			field{"p_cnt", strconv.Itoa(listPage)},
			field{"p_num", strconv.Itoa(page)},
			field{"p_col", column},
		)...)
		if err != nil {
			return nil, err
		}
		rows, total, err := parse(doc)
		if err != nil {
			return nil, unreadable(op, err)
		}
		before := len(all)
		for _, row := range rows {
			if !seen[id(row)] {
				seen[id(row)] = true
				all = append(all, row)
			}
		}
		// Without a count only a page with nothing new is the end: how many rows it
		// sends at once is the vendor's own choice.
		fresh := len(all) > before
		switch {
		case total >= 0 && len(all) >= total, total < 0 && !fresh:
			return all, nil
		case len(all) > maxRows:
			return nil, unreadable(op, fmt.Errorf("the list has more than %d rows", maxRows))
		case !fresh:
			return nil, unreadable(op, errors.New("fewer rows are listed than counted"))
		}
	}
	return nil, unreadable(op, errors.New("the list does not end"))
}
