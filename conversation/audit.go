package conversation

import (
	"fmt"
	"time"

	"zomrobot/chat"
)

// AuditFormat is a form in which a book is sent.
type AuditFormat string

// The forms of a book.
const (
	AuditCSV   AuditFormat = "csv"
	AuditLines AuditFormat = "jsonl" // one JSON object per line
)

// AuditCaption says what a book is that is sent: how many lines it has, and
// when it was read.
func AuditCaption(lines int, at time.Time) chat.Phrase {
	return chat.Say("audit.file", "Count", lines, "At", at)
}

// AuditTooLarge says that a book cannot be sent.
func AuditTooLarge() chat.Screen {
	return chat.Screen{Lines: []chat.Phrase{chat.Say("audit.too_large")}}
}

// Audit is what the card of a book is made from.
type Audit struct {
	List    []AuditEntry `json:"list,omitempty"`   // the newest first
	Before  []int64      `json:"before,omitempty"` // where each page that was turned begins; empty: at the newest
	Older   int64        `json:"older,omitempty"`  // where the next page begins; 0: there is none
	Loaded  bool         `json:"loaded,omitempty"`
	Trouble *Problem     `json:"trouble,omitempty"`
	Loads   int          `json:"loads,omitempty"`
}

// Stored names the form of its state in the store.
func (a *Audit) Stored() string { return "audit" }

// Clone returns a copy.
func (a *Audit) Clone() State {
	is := *a
	return &is
}

// Meaning is what the meaning of the card's buttons hangs on.
func (a *Audit) Meaning() string {
	return fmt.Sprint(a.Loads, a.Before, a.Loaded, a.Trouble != nil)
}

// at is where the page begins that is shown.
func (a *Audit) at() int64 {
	if len(a.Before) == 0 {
		return 0
	}
	return a.Before[len(a.Before)-1]
}

// audit asks for the book.
func (t *turn) audit() {
	if !t.d.Key.Private() && t.d.Team == nil {
		t.tell(chat.Say("problem.no_team"))
		return
	}
	t.aside(PlaceAudit, &Audit{})
	t.do(LoadAudit{})
	t.anew = true
}

// auditLoaded takes the page that the card waits for.
func (t *turn) auditLoaded(e AuditLoaded) {
	if auditOf(t.d) == nil {
		return
	}
	a := auditOf(t.d)
	if a.Loaded || a.at() != e.Before {
		return
	}
	a.List, a.Older, a.Loaded, a.Trouble = e.Entries, e.Older, e.Problem == nil, e.Problem
	a.Loads++
	t.show = true
}

func askAudit(v *view) {
	a := auditOf(v.d)
	v.line(chat.Say("audit.title"))
	if a.Trouble != nil && a.Trouble.Code == CodeNotAllowed {
		v.line(problemText(*a.Trouble))
		return
	}
	if v.waiting(a.Loaded, a.Trouble) {
		return
	}
	if len(a.List) == 0 {
		v.line(chat.Say("audit.none"))
	}
	for _, e := range a.List {
		v.gap()
		v.line(e.lines()...)
	}
	var turn []chat.Button
	if len(a.Before) > 0 {
		turn = append(turn, v.button(chat.Say("button.newer"), verbNewer))
	}
	if a.Older > 0 {
		turn = append(turn, v.button(chat.Say("button.older"), verbOlder))
	}
	if len(turn) > 0 {
		v.row(turn...)
	}
	if len(a.List) > 0 {
		v.row(v.button(chat.Say("button.csv"), verbTable), v.button(chat.Say("button.jsonl"), verbLines))
	}
}

func pressAudit(t *turn, verb string, _ int) bool {
	a := auditOf(t.d)
	switch {
	case verb == verbAgain && a.Trouble != nil:
	case verb == verbOlder && a.Loaded && a.Older > 0:
		a.Before = append(a.Before[:len(a.Before):len(a.Before)], a.Older)
	case verb == verbNewer && a.Loaded && len(a.Before) > 0:
		a.Before = a.Before[:len(a.Before)-1]
	case verb == verbTable && a.Loaded:
		t.do(SendAudit{Format: AuditCSV})
		return true
	case verb == verbLines && a.Loaded:
		t.do(SendAudit{Format: AuditLines})
		return true
	default:
		return false
	}
	a.Loaded, a.Trouble = false, nil
	t.do(LoadAudit{Before: a.at()})
	return true
}

// auditOf returns the state of the cards of this kind; nil: the card is about something else.
func auditOf(d Dialogue) *Audit {
	state, _ := stateOf[Audit](d)
	return state
}
