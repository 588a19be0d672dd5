package audit

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Fault is what is wrong with a line of a book, or with its end.
type Fault struct {
	Book string
	N    int64 // number of the line, as it should be
	What string
}

// Error names the book, the line and what is wrong.
func (f Fault) Error() string { return fmt.Sprintf("book %s, line %d: %s", f.Book, f.N, f.What) }

// Checker checks a book, line by line. Create it with [NewChecker], give it
// every line in the order in which they are kept, then the head.
type Checker struct {
	book   string
	n      int64  // of the last line
	last   string // its hash
	lost   bool   // its hash is not known
	faults []Fault
}

// NewChecker returns a checker of the book of that name.
func NewChecker(book string) *Checker { return &Checker{book: book} }

func (c *Checker) fault(n int64, format string, args ...any) {
	c.faults = append(c.faults, Fault{Book: c.book, N: n, What: fmt.Sprintf(format, args...)})
}

// Line takes the next line: at is the number under which it is kept, text the
// line itself. A line that is not as it should be is a fault; the lines after it
// are compared with it as it stands.
func (c *Checker) Line(at int64, text []byte) {
	switch {
	case at == c.n+2:
		c.fault(c.n+1, "the line is missing")
	case at > c.n+1:
		c.fault(c.n+1, "the line is missing, and so are those up to line %d", at-1)
	case at <= c.n:
		c.fault(at, "the line is kept after line %d", c.n)
	}
	lost := c.lost || at != c.n+1
	c.n, c.lost = at, false
	var l Line
	if err := json.Unmarshal(text, &l); err != nil {
		c.fault(at, "it cannot be read")
		c.lost = true
		return
	}
	follows := lost || l.Prev == c.last
	c.last = l.Hash
	if same, err := l.Text(); err != nil || !bytes.Equal(same, text) {
		c.fault(at, "it is not written as lines are")
		return
	}
	sum, err := l.sum()
	switch {
	case err != nil || sum != l.Hash:
		c.fault(at, "it was changed: its hash is another one")
	case l.Book != c.book:
		c.fault(at, "it is a line of book %s", l.Book)
	case l.N != at:
		c.fault(at, "it was line %d", l.N)
	case !follows:
		c.fault(at, "it does not follow the line before it")
	}
}

// End takes the head of the book, nil when there is none, and returns all
// faults in the order of the lines.
func (c *Checker) End(head *Head) []Fault {
	switch {
	case head == nil:
		c.fault(c.n, "the head of the book is missing: whether lines after this one are missing cannot be told")
	case head.N > c.n:
		c.fault(c.n+1, "the book was cut: lines up to %d are missing", head.N)
	case head.N < c.n:
		c.fault(head.N+1, "the line is after the end of the book")
	case !c.lost && head.Hash != c.last:
		c.fault(c.n, "it is not the line with which the book ends")
	}
	return c.faults
}
