package bill

import (
	"fmt"
	"time"

	"zomrobot/chat"
	"zomrobot/conversation"
)

// LoadAudit asks for a page of the book of audit that the person may see here.
// Answered by AuditLoaded.
type LoadAudit struct {
	Before int64 `json:"before,omitempty"` // begins with the line before this one; 0: with the newest
}

// AuditLoaded answers LoadAudit.
type AuditLoaded struct {
	Before  int64        // as asked
	Entries []AuditEntry // the newest first
	Older   int64        // where the next page begins; 0: there is none
	Problem *conversation.Problem
}

// SendAudit sends that book as a document, to the person's private chat.
type SendAudit struct {
	Format AuditFormat `json:"format"`
}

func (LoadAudit) Effect() {}

func (AuditLoaded) Event() {}

func (SendAudit) Effect() {}

// AuditFormat is a form in which a book is sent.
type AuditFormat string

// The forms of a book.
const (
	AuditCSV   AuditFormat = "csv"
	AuditLines AuditFormat = "jsonl" // one JSON object per line
)

// AuditCaption describes a book that is sent: how many lines it has, and when it
// was read.
func AuditCaption(lines int, at time.Time) chat.Phrase {
	return chat.Say("audit.file", "Count", lines, "At", at)
}

// AuditSent says in a group where its book went: to the private chat of whoever asked, or
// nowhere, for they have none with the bot.
func AuditSent(refused bool) chat.Screen {
	if refused {
		return chat.Screen{Lines: []chat.Phrase{chat.Say("audit.not_sent")}}
	}
	return chat.Screen{Lines: []chat.Phrase{chat.Say("audit.sent")}}
}

// AuditTooLarge says that a book cannot be sent.
func AuditTooLarge() chat.Screen {
	return chat.Screen{Lines: []chat.Phrase{chat.Say("audit.too_large")}}
}

// Audit is what the card of a book is made from.
type Audit struct {
	List    []AuditEntry          `json:"list,omitempty"`   // the newest first
	Before  []int64               `json:"before,omitempty"` // where each page that was turned to begins; empty: at the newest
	Older   int64                 `json:"older,omitempty"`  // where the next page begins; 0: there is none
	Loaded  bool                  `json:"loaded,omitempty"`
	Trouble *conversation.Problem `json:"trouble,omitempty"`
	Loads   int                   `json:"loads,omitempty"`
}

// Stored names the form of its state in the store.
func (a *Audit) Stored() string { return "audit" }

// Clone returns a copy.
func (a *Audit) Clone() conversation.State {
	is := *a
	return &is
}

// Lists are the lists that are kept apart.
func (a *Audit) Lists() map[string]any { return map[string]any{"audit": &a.List} }

// Meaning is what the meaning of the card's buttons depends on.
func (a *Audit) Meaning() string {
	return fmt.Sprint(a.Loads, a.Before, a.Loaded, a.Trouble != nil)
}

// at is where the page that is shown begins.
func (a *Audit) at() int64 {
	if len(a.Before) == 0 {
		return 0
	}
	return a.Before[len(a.Before)-1]
}

// showAudit asks for the book.
func showAudit(t *conversation.Turn) {
	if !t.Dialogue.Key.Private() && t.Dialogue.Team == nil {
		t.Hint(chat.Say("problem.no_team"))
		return
	}
	t.Ask(PlaceAudit, &Audit{})
	t.Do(LoadAudit{})
	t.AsNew = true
}

// auditLoaded takes the page that the card waits for.
func auditLoaded(t *conversation.Turn, e AuditLoaded) {
	if auditOf(t.Dialogue) == nil {
		return
	}
	a := auditOf(t.Dialogue)
	if a.Loaded || a.at() != e.Before {
		return
	}
	a.List, a.Older, a.Loaded, a.Trouble = e.Entries, e.Older, e.Problem == nil, e.Problem
	a.Loads++
	t.Show = true
}

func askAudit(v *conversation.View) {
	a := auditOf(v.Dialogue)
	v.Line(chat.Say("audit.title"))
	if a.Trouble != nil && a.Trouble.Code == conversation.CodeNotAllowed {
		v.Line(conversation.ProblemText(*a.Trouble))
		return
	}
	if v.Reading(a.Loaded, a.Trouble) {
		return
	}
	if len(a.List) == 0 {
		v.Line(chat.Say("audit.none"))
	}
	for _, e := range a.List {
		v.Gap()
		v.Line(e.lines()...)
	}
	var turn []chat.Button
	if len(a.Before) > 0 {
		turn = append(turn, v.Button(chat.Say("button.newer"), conversation.VerbNewer))
	}
	if a.Older > 0 {
		turn = append(turn, v.Button(chat.Say("button.older"), conversation.VerbOlder))
	}
	if len(turn) > 0 {
		v.Row(turn...)
	}
	if len(a.List) > 0 {
		v.Row(v.Button(chat.Say("button.csv"), conversation.VerbTable), v.Button(chat.Say("button.jsonl"), conversation.VerbLines))
	}
}

func pressAudit(t *conversation.Turn, verb string, _ int) bool {
	a := auditOf(t.Dialogue)
	switch {
	case verb == conversation.VerbAgain && a.Trouble != nil:
	case verb == conversation.VerbOlder && a.Loaded && a.Older > 0:
		a.Before = append(a.Before[:len(a.Before):len(a.Before)], a.Older)
	case verb == conversation.VerbNewer && a.Loaded && len(a.Before) > 0:
		a.Before = a.Before[:len(a.Before)-1]
	case verb == conversation.VerbTable && a.Loaded:
		t.Do(SendAudit{Format: AuditCSV})
		return true
	case verb == conversation.VerbLines && a.Loaded:
		t.Do(SendAudit{Format: AuditLines})
		return true
	default:
		return false
	}
	a.Loaded, a.Trouble = false, nil
	t.Do(LoadAudit{Before: a.at()})
	return true
}

// auditOf returns the state of the cards of this kind; nil: the card is about something else.
func auditOf(d conversation.Dialogue) *Audit {
	state, _ := conversation.StateOf[Audit](d)
	return state
}
