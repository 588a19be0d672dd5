package audit

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"zomrobot/zomro"
)

// Line is one line of a book. The order of its fields is a part of its hash.
type Line struct {
	Book string    `json:"book"`
	N    int64     `json:"n"` // 1 is the first
	At   time.Time `json:"at"`
	Who  int64     `json:"who"`            // Telegram's id of the person who did it; 0: the bot, or with [Terminal] somebody there
	Name string    `json:"name,omitempty"` // of that person, as Telegram told it then; [Terminal]

	Event    string `json:"event"`              // the name of What: "opened", "answered"; see [Event]
	Purchase string `json:"purchase,omitempty"` // id of the purchase that it is about
	Action   string `json:"action,omitempty"`   // id of what is done with a server, that it is about
	Was      string `json:"was,omitempty"`      // the state of either before; empty: it is the same
	State    string `json:"state,omitempty"`    // the state of either afterwards

	What    json.RawMessage `json:"what"` // the [Event]
	Agreed  *zomro.Money    `json:"agreed,omitempty"`
	Charged *zomro.Money    `json:"charged,omitempty"` // nil: nothing, or not known, or not yet

	Prev string `json:"prev"` // hash of the line before, in hex; empty in the first line
	Hash string `json:"hash,omitempty"`
}

// Terminal is the name of whoever has done something in a terminal, on the machine of the bot:
// nobody knows who that was.
const Terminal = "terminal on the bot's machine"

// Text returns the line as it is kept and exported: JSON on one line.
func (l Line) Text() ([]byte, error) {
	text, err := json.Marshal(l)
	if err != nil {
		return nil, fmt.Errorf("write line %d of book %s: %w", l.N, l.Book, err)
	}
	return text, nil
}

// sum returns the hash of the line, in hex.
func (l Line) sum() (string, error) {
	l.Hash = ""
	text, err := l.Text()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

// Read reads What. An event of a later version of the program is an error.
func (l Line) Read() (Event, error) {
	read, ok := events[l.Event]
	if !ok {
		return nil, fmt.Errorf("line %d of book %s: the event %q is not known", l.N, l.Book, l.Event)
	}
	deed, err := read(l.What)
	if err != nil {
		return nil, fmt.Errorf("line %d of book %s: %w", l.N, l.Book, err)
	}
	return deed, nil
}

// Head is the end of a book. The zero value is that of a book without lines.
type Head struct {
	N    int64  `json:"n"` // how many lines the book has
	Hash string `json:"hash"`
	// Ledger is the digest that the last [Ledger] tells; empty: none does.
	Ledger string `json:"ledger,omitempty"`
}

// Entry is what the next line of a book tells. What and At are needed.
type Entry struct {
	At       time.Time
	Who      int64  // 0: the bot, or with [Terminal] somebody there
	Name     string // of the person, or [Terminal]
	Purchase string
	Action   string
	Was      string // the same as State is left out
	State    string
	What     Event
	Agreed   *zomro.Money
	Charged  *zomro.Money
}

// Append makes the next line of a book, and the head as it is with it.
func (h Head) Append(book string, e Entry) (Line, Head, error) {
	if e.What == nil {
		return Line{}, Head{}, errors.New("a line of a book that tells of nothing")
	}
	what, err := json.Marshal(e.What)
	if err != nil {
		return Line{}, Head{}, fmt.Errorf("line %d of book %s: %w", h.N+1, book, err)
	}
	if e.Was == e.State {
		e.Was = ""
	}
	l := Line{
		Book: book, N: h.N + 1, At: e.At.UTC().Round(0), Who: e.Who, Name: e.Name,
		Event: e.What.event(), Purchase: e.Purchase, Action: e.Action, Was: e.Was, State: e.State,
		What: what, Agreed: e.Agreed, Charged: e.Charged, Prev: h.Hash,
	}
	if l.Hash, err = l.sum(); err != nil {
		return Line{}, Head{}, err
	}
	head := Head{N: l.N, Hash: l.Hash, Ledger: h.Ledger}
	if ledger, ok := e.What.(Ledger); ok {
		head.Ledger = ledger.Digest
	}
	return l, head, nil
}
