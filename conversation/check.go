package conversation

import (
	"time"

	"zomrobot/chat"
	"zomrobot/team"
)

// Check asks Telegram what the person is in a group now, and then does what
// hangs on it: with money at stake nothing is taken from memory. Answered by
// Checked. Exactly one of Open, Decide and Change is set.
type Check struct {
	Chat   int64       `json:"chat,omitempty"` // the group; 0: that of the dialogue
	Open   *Open       `json:"open,omitempty"`
	Decide *Decide     `json:"decide,omitempty"`
	Change *ChangeTeam `json:"change,omitempty"`
	Made   time.Time   `json:"made,omitzero"` // when the person asked for it
}

// Checked answers Check.
type Checked struct {
	Check  Check
	Status team.Status // what the person is in the group
	Absent bool        // with Decide: whoever ordered is somebody else, and not in the group
	Failed bool        // Telegram could not be asked: nothing may be done
}

func (Checked) Event() {}

// checked does what waited for the person's status.
func (t *turn) checked(e Checked) {
	switch c := e.Check; {
	case c.Open != nil:
		t.checkedOpen(*c.Open, e)
	case c.Decide != nil:
		t.checkedDecide(*c.Decide, e)
	case c.Change != nil:
		t.checkedChange(*c.Change, e)
	}
}

func (t *turn) checkedOpen(open Open, e Checked) {
	if dr := t.d.Draft; dr == nil || dr.ID != open.Draft || dr.Place != PlaceOpening {
		return
	}
	if e.Failed {
		t.purchaseRefused(PurchaseRefused{Draft: open.Draft, Problem: Problem{Code: CodeNotChecked}})
		return
	}
	open.Status = e.Status
	t.do(open)
}

func (t *turn) checkedDecide(decide Decide, e Checked) {
	t.press = decide.Press
	switch {
	case e.Failed && t.press == "": // it was typed
		t.tell(chat.Say("problem.not_checked"))
		return
	case e.Failed:
		t.alert(chat.Say("problem.not_checked"))
		return
	}
	decide.Status, decide.Absent = e.Status, e.Absent
	t.press = ""
	t.do(decide)
}

func (t *turn) checkedChange(change ChangeTeam, e Checked) {
	if e.Failed {
		t.teamChanged(TeamChanged{Refused: CodeNotChecked})
		return
	}
	change.Status = e.Status
	t.do(change)
}
