package engine

import (
	"reflect"
	"time"

	"zomrobot/audit"
	"zomrobot/book"
	"zomrobot/engine/journal"
	"zomrobot/team"
)

// sound reports whether the ledger of a team is the one of which its book tells.
func (t *transaction) sound(id string) (bool, error) {
	sound, err := book.Sound(t.tx, id)
	if err == nil && !sound {
		t.engine.log.ErrorContext(t.ctx, "the ledger of a team is not what its book tells: nothing is ordered for it; see bot audit verify", "team", id)
	}
	return sound, err
}

// keepLedger brings the ledger of a purchase's team up to date with its record, and
// has the team's book tell of it: reserved from the confirmation, spent once it is, or
// may be, paid, and freed when it ends unpaid. One that is not sound stays as it is;
// the book tells what would have changed.
func (t *transaction) keepLedger(e journal.Entry) error {
	if e.Team == "" {
		return nil
	}
	now := t.engine.now().UTC().Round(0)
	line := audit.Entry{At: now, Who: t.who.ID, Name: t.who.Name, Purchase: e.Record.ID}
	sound, err := t.sound(e.Team)
	if err != nil {
		return err
	}
	if !sound {
		alone := team.Ledger{}.Reserve(e.Record.ID, e.Owner.User, e.Record.Quote.Total, now)
		return book.TellLedger(t.tx, e.Team, t.spend(e, alone, now), line)
	}
	was, err := t.ledger(e.Team)
	if err != nil {
		return err
	}
	is := t.spend(e, was, now)
	if reflect.DeepEqual(was, is) {
		return nil
	}
	return book.KeepLedger(t.tx, e.Team, is, line)
}

// spend returns the ledger as it is with a purchase's record.
func (t *transaction) spend(e journal.Entry, l team.Ledger, now time.Time) team.Ledger {
	r := e.Record
	amount := r.Quote.Total
	if !r.Quoted() { // a renewal of a former version, to whose price nobody has agreed
		return l.Free(r.ID)
	}
	switch paid := !r.PaidAt.IsZero(); {
	case paid && r.Taken != nil && r.Taken.Currency == amount.Currency:
		amount = *r.Taken
	case paid && r.CartTotal != nil && r.CartTotal.Currency == amount.Currency:
		amount = *r.CartTotal
	}
	switch {
	case !r.PaidAt.IsZero():
		return l.Spend(r.ID, amount, r.PaidAt)
	case r.State.Ended() && r.MaybePaid:
		return l.Spend(r.ID, amount, r.Since)
	case r.State.Ended():
		t.held = append(t.held, ofTeam(e.Team)) // there is room again
		return l.Free(r.ID)
	default:
		return l.Reserve(r.ID, e.Owner.User, amount, now)
	}
}
