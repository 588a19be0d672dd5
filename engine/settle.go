package engine

import (
	"slices"

	"zomrobot/conversation"
	"zomrobot/conversation/bill"
	"zomrobot/purchase"
	"zomrobot/team"
)

// doubted reports whether a purchase asks whether it was paid.
func (e entry) doubted() bool {
	q := e.Record.Question
	return e.Team != "" && q != nil && slices.Contains(q.Choices, purchase.ChooseBought)
}

// settledBy reports whether the answer is that of somebody else than whoever ordered,
// to whether it was paid.
func (e entry) settledBy(d *conversation.Decide, user int64) bool {
	return d != nil && e.doubted() && user != e.Owner.User && slices.Contains(e.Record.Question.Choices, d.Choice)
}

// settle lets the owner of a team say what became of a payment when whoever ordered,
// as Telegram has just said, is not in the group any more.
func (t *transaction) settle(e entry, d conversation.Decide) (conversation.Answer, error) {
	if e.Team == "" || e.Team != teamID(t.key) || !e.settledBy(&d, t.key.User) {
		return conversation.Answer{}, errStale
	}
	tm, _, err := t.teamOf(e)
	if err != nil {
		return conversation.Answer{}, err
	}
	switch {
	case tm.Role(t.key.User, d.Status) != team.RoleOwner:
		why := conversation.NotYours()
		return conversation.Answer{Text: &why, Alert: true}, nil
	case !d.Absent:
		why := bill.StillThere()
		return conversation.Answer{Text: &why, Alert: true}, nil
	}
	return conversation.Answer{}, t.move(e, purchase.Decided{Revision: d.Revision, Choice: d.Choice})
}
