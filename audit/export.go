package audit

import (
	"encoding/csv"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"time"

	"zomrobot/zomro"
)

// Writer writes lines for another program. Close writes what is left; it does not
// close the writer below.
type Writer interface {
	Write(l Line) error
	Close() error
}

// NewJSONLines returns a writer of one JSON object per line, exactly as lines
// are kept: their hashes can be computed from it.
func NewJSONLines(w io.Writer) Writer { return jsonLines{w} }

type jsonLines struct{ w io.Writer }

func (j jsonLines) Write(l Line) error {
	text, err := l.Text()
	if err != nil {
		return err
	}
	_, err = j.w.Write(append(text, '\n'))
	return err
}

func (jsonLines) Close() error { return nil }

// NewCSV returns a writer of comma-separated values in UTF-8, for spreadsheets:
// with a byte order mark and a row of headings. A text that a spreadsheet would
// take for a formula gets an apostrophe before it.
func NewCSV(w io.Writer) Writer { return &csvLines{raw: w, w: csv.NewWriter(w)} }

type csvLines struct {
	raw   io.Writer
	w     *csv.Writer
	begun bool
}

var headings = []string{
	"book", "line", "time (UTC)", "person", "name", "event", "purchase", "action", "state before", "state after",
	"agreed", "currency", "charged", "currency", "call", "line item", "failure", "code", "message", "what", "previous hash", "hash",
}

// begin writes what stands before the first line.
func (c *csvLines) begin() error {
	if c.begun {
		return nil
	}
	c.begun = true
	if _, err := io.WriteString(c.raw, "\ufeff"); err != nil {
		return err
	}
	return c.w.Write(headings)
}

func (c *csvLines) Write(l Line) error {
	if err := c.begin(); err != nil {
		return err
	}
	var call, item string
	var failure Failure
	// An event of a later version shows in What alone.
	switch deed, _ := l.Read(); deed := deed.(type) {
	case Called:
		call = deed.Call
	case Answered:
		call, item = deed.Call, deed.LineItem
		if deed.Failure != nil {
			failure = *deed.Failure
		}
	case Tried:
		call = deed.Call
		if deed.Failure != nil {
			failure = *deed.Failure
		}
	case Acted:
		call = deed.Deed
		if deed.Failure != nil {
			failure = *deed.Failure
		}
	}
	agreed, agreedIn := amount(l.Agreed)
	charged, chargedIn := amount(l.Charged)
	row := []string{
		Inert(l.Book), strconv.FormatInt(l.N, 10), l.At.Format(time.RFC3339), strconv.FormatInt(l.Who, 10), Inert(l.Name),
		Inert(l.Event), Inert(l.Purchase), Inert(l.Action), Inert(l.Was), Inert(l.State),
		agreed, Inert(agreedIn), charged, Inert(chargedIn), Inert(call), Inert(item),
		Inert(string(failure.Kind)), Inert(failure.Code), Inert(failure.Message), Inert(string(l.What)), l.Prev, l.Hash,
	}
	if err := c.w.Write(row); err != nil {
		return fmt.Errorf("write line %d of book %s: %w", l.N, l.Book, err)
	}
	return nil
}

func (c *csvLines) Close() error {
	if err := c.begin(); err != nil {
		return err
	}
	c.w.Flush()
	return c.w.Error()
}

func amount(m *zomro.Money) (value, currency string) {
	if m == nil {
		return "", ""
	}
	return m.Amount.String(), m.Currency
}

// formula is where a spreadsheet would begin to calculate: at the beginning of a
// cell, or after a character at which some of them split cells.
var formula = regexp.MustCompile("(^|[;,\t\r\n|])([\\s\"]*)([=+\\-@\uff1d\uff0b\uff0d\uff20])")

// Inert makes a text safe to be opened in a spreadsheet.
func Inert(text string) string { return formula.ReplaceAllString(text, "${1}${2}'${3}") }
