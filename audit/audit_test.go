package audit_test

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/audit"
	"zomrobot/zomro"
)

var (
	start = time.Date(2026, 11, 23, 9, 0, 0, 123, time.FixedZone("Kyiv", 2*60*60))
	price = zomro.Money{Amount: decimal.RequireFromString("12.50"), Currency: "EUR"}
)

const book = "team/-1001:7"

// entries tell of one purchase and what is around it, with every kind of deed.
func entries() []audit.Entry {
	deeds := []audit.Event{
		audit.Changed{Setting: "rule", Was: "0", Is: "1"},
		audit.Opened{Account: "7", Order: zomro.Order{Plan: "9100", Count: 2, Addons: []zomro.AddonValue{{Name: "addon_1", Value: "2"}}}, Plan: "Basic <1>", Promo: "WELCOME10"},
		audit.Approved{Terms: 1},
		audit.Moved{By: "started"},
		audit.Called{Call: "add"},
		audit.Answered{Call: "add", LineItem: "4711"},
		audit.Answered{Call: "cart", Items: []string{"4711"}, Total: &price},
		audit.Answered{Call: "confirm", Failure: &audit.Failure{Kind: zomro.Refused, Code: "value", Object: "elid", Message: "Нет."}},
		audit.Decided{Question: "promo", Choice: "other_promo", Code: "OTHER"},
		audit.Rejected{Terms: 2},
		audit.Cancelled{},
		audit.Acted{Step: "called", Account: "7", Server: "51", Name: "web-1", Deed: "reboot"},
		audit.Tried{Step: audit.StepAgreed, Account: "7", Experiment: "buy", Most: &price},
		audit.Ledger{Expenses: []audit.Expense{{Purchase: "A7K-42", Who: 1001, Amount: price, At: start, Spent: true}, {Purchase: "B7K-42", Freed: true}}, Whole: true, Digest: "d1"},
	}
	all := make([]audit.Entry, len(deeds))
	for i, deed := range deeds {
		all[i] = audit.Entry{
			At: start.Add(time.Duration(i) * time.Second), Who: 1001, Name: "Анна \"A\" <a&b>", Purchase: "A7K-42",
			Was: "priced", State: fmt.Sprintf("state %d", i/2), What: deed, Agreed: &price,
		}
	}
	return all
}

// written is a book as it is kept: the text of each line by its number.
type written struct {
	lines map[int64][]byte
	head  *audit.Head
}

func write(t *testing.T, name string, all []audit.Entry) written {
	t.Helper()
	w := written{lines: map[int64][]byte{}, head: &audit.Head{}}
	for _, e := range all {
		line, head, err := w.head.Append(name, e)
		if err != nil {
			t.Fatal(err)
		}
		text, err := line.Text()
		if err != nil {
			t.Fatal(err)
		}
		w.lines[line.N], w.head = text, &head
	}
	return w
}

func (w written) check() []string {
	c := audit.NewChecker(book)
	numbers := make([]int64, 0, len(w.lines))
	for n := range w.lines {
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	for _, n := range numbers {
		c.Line(n, w.lines[n])
	}
	var faults []string
	for _, f := range c.End(w.head) {
		faults = append(faults, f.Error())
	}
	return faults
}

func TestBookThatWasNotTouched(t *testing.T) {
	w := write(t, book, entries())
	if faults := w.check(); len(faults) > 0 {
		t.Errorf("faults: %q", faults)
	}
	if w.head.N != int64(len(entries())) {
		t.Errorf("the head counts %d lines", w.head.N)
	}
	empty := write(t, book, nil)
	if faults := empty.check(); len(faults) > 0 {
		t.Errorf("faults of an empty book: %q", faults)
	}
}

// TestDeedsAreRead: what a line tells of is read back as it was, also every
// optional part.
func TestDeedsAreRead(t *testing.T) {
	w := write(t, book, entries())
	seen := map[string]bool{}
	for i, e := range entries() {
		var l audit.Line
		if err := json.Unmarshal(w.lines[int64(i+1)], &l); err != nil {
			t.Fatal(err)
		}
		seen[l.Event] = true
		deed, err := l.Read()
		if err != nil || reflect.TypeOf(deed) != reflect.TypeOf(e.What) || encode(t, deed) != encode(t, e.What) {
			t.Errorf("line %d tells of %#v, %v; want %#v", l.N, deed, err, e.What)
		}
		if !l.At.Equal(e.At) || l.At.Location() != time.UTC || l.Who != e.Who || l.Name != e.Name || l.State != e.State || !l.Agreed.Amount.Equal(price.Amount) {
			t.Errorf("line %d is %+v, want %+v", l.N, l, e)
		}
	}
	if len(seen) != audit.Deeds() {
		t.Errorf("%d kinds of deeds were tried, there are %d", len(seen), audit.Deeds())
	}
	later := audit.Line{Event: "of a later version", What: json.RawMessage("{}")}
	if deed, err := later.Read(); err == nil {
		t.Errorf("an unknown event is %#v", deed)
	}
}

func encode(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestEveryFieldIsSealedByTheHash changes each field of a line in turn.
func TestEveryFieldIsSealedByTheHash(t *testing.T) {
	const n = 6
	was := write(t, book, entries())
	var members map[string]any
	if err := json.Unmarshal(was.lines[n], &members); err != nil {
		t.Fatal(err)
	}
	fields := reflect.TypeFor[audit.Line]()
	for i := range fields.NumField() {
		name, _, _ := strings.Cut(fields.Field(i).Tag.Get("json"), ",")
		t.Run(name, func(t *testing.T) {
			w := write(t, book, entries())
			var l audit.Line
			if err := json.Unmarshal(w.lines[n], &l); err != nil {
				t.Fatal(err)
			}
			switch field := reflect.ValueOf(&l).Elem().Field(i).Addr().Interface().(type) {
			case *string:
				*field += "0"
			case *int64:
				*field++
			case *time.Time:
				*field = field.Add(1)
			case *json.RawMessage:
				*field = json.RawMessage(strings.Replace(string(*field), "4711", "4712", 1))
			case **zomro.Money:
				other := zomro.Money{Amount: decimal.NewFromInt(1), Currency: "EUR"}
				*field = &other
			default:
				t.Fatalf("nobody knows how to change a %T", field)
			}
			text, err := l.Text()
			if err != nil {
				t.Fatal(err)
			}
			w.lines[n] = text
			faults := w.check()
			if len(faults) == 0 || !strings.HasPrefix(faults[0], "book "+book+", line 6: it was changed") {
				t.Errorf("faults: %q", faults)
			}
		})
	}
}

// TestTampering does to a book what must be seen.
func TestTampering(t *testing.T) {
	// forge rewrites a line, with the right hash.
	forge := func(n int64, change func(*audit.Entry), after audit.Head, name string) []byte {
		e := entries()[n-1]
		change(&e)
		line, _, err := after.Append(name, e)
		if err != nil {
			t.Fatal(err)
		}
		text, err := line.Text()
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	hashOf := func(text []byte) string {
		var l audit.Line
		if err := json.Unmarshal(text, &l); err != nil {
			t.Fatal(err)
		}
		return l.Hash
	}
	for _, c := range []struct {
		name string
		do   func(*written)
		want []string
	}{
		{"a line is missing", func(w *written) { delete(w.lines, 4) }, []string{"line 4: the line is missing"}},
		{"three lines are missing", func(w *written) {
			for n := range int64(3) {
				delete(w.lines, 4+n)
			}
		}, []string{"line 4: the line is missing, and so are those up to line 6"}},
		{"the first line is missing", func(w *written) { delete(w.lines, 1) }, []string{"line 1: the line is missing"}},
		{"the last lines are missing", func(w *written) { delete(w.lines, 13); delete(w.lines, 14) }, []string{"line 13: the book was cut: lines up to 14 are missing"}},
		{"all lines are missing", func(w *written) { clear(w.lines) }, []string{"line 1: the book was cut: lines up to 14 are missing"}},
		{"the head is missing", func(w *written) { w.head = nil }, []string{"line 14: the head of the book is missing"}},
		{"the head is of another line", func(w *written) { w.head.Hash = hashOf(w.lines[13]) }, []string{"line 14: it is not the line with which the book ends"}},
		{"cut, and the head with it, but not its hash", func(w *written) { delete(w.lines, 14); w.head.N = 13 }, []string{"line 13: it is not the line with which the book ends"}},
		{"two lines are swapped", func(w *written) { w.lines[4], w.lines[5] = w.lines[5], w.lines[4] }, []string{"line 4: it was line 5", "line 5: it was line 4", "line 6: it does not follow"}},
		{"a line is there twice", func(w *written) { w.lines[5] = w.lines[4] }, []string{"line 5: it was line 4", "line 6: it does not follow"}},
		{"a line is of another book", func(w *written) {
			w.lines[5] = forge(5, func(*audit.Entry) {}, audit.Head{N: 4, Hash: hashOf(w.lines[4])}, "team/-1002")
		}, []string{"line 5: it is a line of book team/-1002", "line 6: it does not follow"}},
		{"a line is forged with its hash", func(w *written) {
			w.lines[5] = forge(5, func(e *audit.Entry) { e.Who = 1002 }, audit.Head{N: 4, Hash: hashOf(w.lines[4])}, book)
		}, []string{"line 6: it does not follow"}},
		{"the last line is forged with its hash", func(w *written) {
			w.lines[14] = forge(14, func(e *audit.Entry) { e.Name = "Boris" }, audit.Head{N: 13, Hash: hashOf(w.lines[13])}, book)
		}, []string{"line 14: it is not the line with which the book ends"}},
		{"a line is added", func(w *written) {
			w.lines[15] = forge(1, func(*audit.Entry) {}, *w.head, book)
		}, []string{"line 15: the line is after the end of the book"}},
		{"a line is written in another way", func(w *written) { w.lines[5] = append(w.lines[5], ' ') }, []string{"line 5: it is not written as lines are"}},
		{"a line has a member more", func(w *written) {
			w.lines[5] = []byte(strings.Replace(string(w.lines[5]), `"book"`, `"note":"paid in cash","book"`, 1))
		}, []string{"line 5: it is not written as lines are"}},
		{"a line is no line", func(w *written) { w.lines[5] = []byte("{") }, []string{"line 5: it cannot be read"}},
		{"the last line is no line", func(w *written) { w.lines[14] = []byte("{") }, []string{"line 14: it cannot be read"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := write(t, book, entries())
			c.do(&w)
			faults := w.check()
			if len(faults) != len(c.want) {
				t.Fatalf("faults: %q, want %q", faults, c.want)
			}
			for i, want := range c.want {
				if !strings.HasPrefix(faults[i], "book "+book+", "+want) {
					t.Errorf("fault %q, want %q", faults[i], want)
				}
			}
		})
	}
}

// TestBooksShareNoHash: the same deed at the same time has another hash in
// another book.
func TestBooksShareNoHash(t *testing.T) {
	if a, b := write(t, "user/1", entries()), write(t, "user/2", entries()); a.head.Hash == b.head.Hash {
		t.Error("a line fits into two books")
	}
}

func TestExports(t *testing.T) {
	w := write(t, book, entries())
	var lines, table strings.Builder
	jsonl, csvs := audit.NewJSONLines(&lines), audit.NewCSV(&table)
	for n := range w.head.N {
		var l audit.Line
		if err := json.Unmarshal(w.lines[n+1], &l); err != nil {
			t.Fatal(err)
		}
		for _, to := range []audit.Writer{jsonl, csvs} {
			if err := to.Write(l); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, to := range []audit.Writer{jsonl, csvs} {
		if err := to.Close(); err != nil {
			t.Fatal(err)
		}
	}
	var kept strings.Builder
	for n := range w.head.N {
		kept.Write(w.lines[n+1])
		kept.WriteByte('\n')
	}
	if lines.String() != kept.String() {
		t.Errorf("exported lines differ from those that are kept:\n%s\n%s", lines.String(), kept.String())
	}
	// As a reader without this program computes it.
	for line := range strings.Lines(lines.String()) {
		text, hash, _ := strings.Cut(strings.TrimSuffix(line, "\"}\n"), `,"hash":"`)
		if sum := sha256.Sum256([]byte(text + "}")); hex.EncodeToString(sum[:]) != hash {
			t.Errorf("the hash of %s is %x", line, sum)
		}
	}
	text, marked := strings.CutPrefix(table.String(), "\ufeff")
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || !marked || len(rows) != len(entries())+1 {
		t.Fatalf("%d rows, marked %v, %v:\n%s", len(rows), marked, err, text)
	}
	refused := rows[8]
	for column, want := range map[string]string{
		"line": "8", "name": `Анна "A" <a&b>`, "event": "answered", "purchase": "A7K-42", "state before": "priced", "state after": "state 3",
		"agreed": "12.5", "call": "confirm", "failure": "refused", "code": "value", "message": "Нет.", "time (UTC)": "2026-11-23T07:00:07Z",
	} {
		if got := refused[slices.Index(rows[0], column)]; got != want {
			t.Errorf("column %q is %q, want %q", column, got, want)
		}
	}
	if got := rows[6][slices.Index(rows[0], "line item")]; got != "4711" {
		t.Errorf("the line item is %q", got)
	}
}

// TestSpreadsheetCalculatesNothing: names are what anybody may choose for
// themselves.
func TestSpreadsheetCalculatesNothing(t *testing.T) {
	for name, want := range map[string]string{
		"=HYPERLINK(1)":  "'=HYPERLINK(1)",
		"+1":             "'+1",
		"-1":             "'-1",
		"@SUM(A1)":       "'@SUM(A1)",
		" \t=1":          " \t'=1",
		"a;=1":           "a;'=1",
		"a;\"=1\"":       "a;\"'=1\"",
		"a\n=1":          "a\n'=1",
		"\uff1d1":        "'\uff1d1",
		"Anna-Maria a=b": "Anna-Maria a=b",
		"":               "",
	} {
		w := write(t, book, []audit.Entry{{At: start, Name: name, What: audit.Cancelled{}}})
		var l audit.Line
		if err := json.Unmarshal(w.lines[1], &l); err != nil {
			t.Fatal(err)
		}
		var table strings.Builder
		to := audit.NewCSV(&table)
		if err := to.Write(l); err != nil {
			t.Fatal(err)
		}
		if err := to.Close(); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(strings.NewReader(table.String())).ReadAll()
		if err != nil || rows[1][4] != want {
			t.Errorf("the name %q is the cell %q, %v; want %q", name, rows[1][4], err, want)
		}
	}
}

// TestNothingToTell: a line without a deed is an error, and no line.
func TestNothingToTell(t *testing.T) {
	if l, _, err := (audit.Head{}).Append(book, audit.Entry{At: start}); err == nil {
		t.Errorf("a line that tells of nothing: %+v", l)
	}
}
