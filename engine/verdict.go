package engine

import (
	"zomrobot/conversation"
	"zomrobot/conversation/bill"
	"zomrobot/engine/journal"
	"zomrobot/purchase"
	"zomrobot/team"
)

// settle lets the owner of a team say what became of a payment when whoever ordered,
// as Telegram has just said, is not in the group any more.
func (t *transaction) settle(e journal.Entry, d conversation.Decide) (conversation.Answer, error) {
	if e.Team == "" || e.Team != journal.TeamID(t.key) || !e.SettledBy(&d, t.key.User) {
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
