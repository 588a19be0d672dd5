package engine

import (
	"cmp"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/conversation/bill"
	"zomrobot/engine/journal"
	"zomrobot/purchase"
	"zomrobot/storage"
	"zomrobot/team"
)

// teamOf returns the team that a purchase is bought for.
func (t *transaction) teamOf(e journal.Entry) (team.Team, team.Ledger, error) {
	tm, _, err := storage.Get[team.Team](t.tx, journal.TeamKey(e.Team))
	if err != nil {
		return tm, team.Ledger{}, err
	}
	l, err := t.shownLedger(e.Team) // whether it is sound is another matter
	return tm, l, err
}

// vote approves or rejects a purchase on behalf of a person whose status
// Telegram has just told. Who may not is told so, and nothing changes.
func (t *transaction) vote(e journal.Entry, d conversation.Decide) (conversation.Answer, error) {
	if e.Team == "" || !t.key.Private() && e.Team != journal.TeamID(t.key) || !t.engine.chatAllowed(e.Owner) {
		return conversation.Answer{}, errStale
	}
	if asked, err := t.requested(e.Record.ID); err != nil || !asked {
		return conversation.Answer{}, cmp.Or(err, errStale)
	}
	tm, l, err := t.teamOf(e)
	if err != nil {
		return conversation.Answer{}, err
	}
	who, requester := t.key.User, e.Owner.User
	tm = tm.WithName(who, t.who.Name) // in private the group does not hear it
	if !tm.MayApprove(who, d.Status, requester) {
		why := bill.NotApprover()
		if who == requester && !tm.Rule.Own {
			why = bill.OwnOrder()
		}
		return conversation.Answer{Text: &why, Alert: true}, nil
	}
	if a := e.Record.Approval; d.Choice == purchase.ChooseApprove && e.Record.State == purchase.StateAwaiting && a.Terms == d.Revision && a.Voted(who) {
		why := bill.ApprovedAlready()
		return conversation.Answer{Text: &why, Alert: true}, nil
	}
	if d.Choice == purchase.ChooseApprove && !e.PaidBy(tm) {
		why := bill.AccountGone()
		return conversation.Answer{Text: &why, Alert: true}, nil
	}
	if d.Choice == purchase.ChooseReject {
		return t.reject(e, d, tm.Name(who))
	}
	if sound, err := t.sound(e.Team); err != nil || !sound {
		why := conversation.LedgerDamaged()
		return conversation.Answer{Text: &why, Alert: true}, err
	}
	// The rule and the limits may have become stricter while it waited.
	verdict := tm.Judge(l, e.Record.ID, requester, e.TotalAfter(d.Choice), t.engine.now())
	if verdict.Refused {
		why := bill.OverLimit()
		return conversation.Answer{Text: &why, Alert: true}, nil
	}
	said := bill.Approved()
	return conversation.Answer{Text: &said}, t.move(e, purchase.Approved{
		By: who, Name: tm.Name(who), Terms: d.Revision, Needed: verdict.Needed,
	})
}

// reject gives up a purchase because somebody who may approve says no, or only looks
// whether they can, when they are to say why first.
func (t *transaction) reject(e journal.Entry, d conversation.Decide, name string) (conversation.Answer, error) {
	event := purchase.Rejected{By: t.key.User, Name: name, Terms: d.Revision, Reason: d.Reason}
	if d.Begins {
		_, err := t.engine.stepOf(e.Record, event)
		return conversation.Answer{}, err
	}
	said := bill.Rejected()
	return conversation.Answer{Text: &said}, t.move(e, event)
}

// newTerms says what the team's rule and limits say about a purchase once its
// requester has answered its question; refused: why they may not.
func (t *transaction) newTerms(e journal.Entry, d conversation.Decide) (verdict team.Ruling, refused *chat.Phrase, err error) {
	tm, l, err := t.teamOf(e)
	if err != nil {
		return verdict, nil, err
	}
	if !tm.Role(t.key.User, d.Status).May(team.RightOrder) {
		why := bill.NotBuyer()
		return verdict, &why, nil
	}
	if !e.PaidBy(tm) {
		why := bill.AccountGone()
		return verdict, &why, nil
	}
	if sound, err := t.sound(e.Team); err != nil || !sound {
		why := conversation.LedgerDamaged()
		return verdict, &why, err
	}
	verdict = tm.Judge(l, e.Record.ID, e.Owner.User, e.TotalAfter(d.Choice), t.engine.now())
	if verdict.Refused && newTerms(d.Choice) {
		why := bill.OverLimit()
		return verdict, &why, nil
	}
	return verdict, nil, nil
}

// newTerms reports whether the answer changes what is bought at what price.
func newTerms(c purchase.Choice) bool {
	switch c {
	case purchase.ChooseAccept, purchase.ChooseWithoutPromo, purchase.ChooseOtherPromo, purchase.ChooseAnyway:
		return true
	default:
		return false
	}
}
