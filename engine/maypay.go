package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"zomrobot/account"
	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/engine/journal"
	"zomrobot/purchase"
	"zomrobot/storage"
	"zomrobot/team"
)

// waits is how long a purchase waits for what keeps it from being paid to change;
// then it is given up, as one whose question nobody answers.
const waits = 24 * time.Hour

// notPaid says why a purchase may not be paid now: either it is held up, or its
// terms need more approvals than they have.
type notPaid struct {
	Revision int // of the record that was judged
	By       conversation.HeldBy
	Needed   int
	Over     []team.Limit
}

func (n *notPaid) Error() string {
	if n.Needed > 0 {
		return fmt.Sprintf("it may not be paid without %d approvals", n.Needed)
	}
	return fmt.Sprintf("it may not be paid now: %s", n.By)
}

// mayPay is looked at in the transaction that announces a call with which money is
// about to be spent, or the cart filled for it, of the purchase as it is then. It fails
// with notPaid unless everything on which a payment rests is so now. Who is in the group
// is asked of Telegram right away, before the transaction.
func (e *Engine) mayPay(ctx context.Context, asked journal.Entry, call purchase.Call) func(storage.Tx, journal.Entry) error {
	if call != purchase.CallAdd && call != purchase.CallConfirm {
		return func(storage.Tx, journal.Entry) error { return nil }
	}
	requester, holder, unknown := e.present(ctx, asked)
	return func(tx storage.Tx, now journal.Entry) error {
		why := &notPaid{Revision: now.Record.Revision}
		damaged, _, err := storage.Get[damage](tx, damagedKey)
		if err != nil {
			return err
		}
		as, err := account.In(tx, now.Payer())
		switch {
		case err != nil:
			return err
		case damaged.concern(now.Record.Account):
			why.By = conversation.HeldByDamage
		case !e.allowed(now.Owner) || !e.allowed(chat.Key{Chat: now.Payer(), User: now.Payer()}):
			why.By = conversation.HeldByOperator
		case now.Record.Account == "" || as.Index(now.Record.Account) < 0:
			why.By = conversation.HeldByAccount
		case now.Team == "":
			return nil
		case unknown:
			why.By = conversation.HeldByTelegram
		case !holder.Present():
			why.By = conversation.HeldByHolder
		case !requester.Present():
			why.By = conversation.HeldByRequester
		default:
			t := transaction{engine: e, tx: tx}
			tm, l, err := t.teamOf(now)
			if err != nil {
				return err
			}
			sound, err := t.sound(now.Team)
			if err != nil {
				return err
			}
			if !sound {
				why.By = conversation.HeldByLedger
				return why
			}
			e.judge(now, tm, l, requester, why)
		}
		if why.By == "" && why.Needed == 0 {
			return nil
		}
		return why
	}
}

// present asks Telegram what the requester of a team's purchase and the holder of
// its account are in the group. unknown: it did not say.
func (e *Engine) present(ctx context.Context, p journal.Entry) (requester, holder team.Status, unknown bool) {
	if p.Team == "" {
		return "", "", false
	}
	ask := func(user int64) team.Status {
		status, err := e.chat.Member(ctx, p.Owner, user)
		if err != nil {
			unknown = true
			e.log.WarnContext(ctx, "Telegram did not tell what a person is in a group; nothing is paid", "purchase", p.Record.ID, "error", err)
		}
		return team.Status(status)
	}
	requester = ask(p.Owner.User)
	if holder = requester; p.Holder != p.Owner.User && !unknown {
		holder = ask(p.Holder)
	}
	return requester, holder, unknown
}

// judge says what a team has against a purchase of somebody who is in its group.
func (e *Engine) judge(p journal.Entry, tm team.Team, l team.Ledger, requester team.Status, why *notPaid) {
	if !p.PaidBy(tm) {
		why.By = conversation.HeldByAccount
		return
	}
	if !tm.Role(p.Owner.User, requester).May(team.RightOrder) {
		why.By = conversation.HeldByRole
		return
	}
	verdict := tm.Judge(l, p.Record.ID, p.Owner.User, p.TotalAfter(""), e.now())
	votes := 0
	if p.Record.Approval != nil {
		votes = len(p.Record.Approval.Votes)
	}
	switch {
	case verdict.Refused:
		why.By = conversation.HeldByLimit
	case verdict.Needed > votes:
		why.Needed, why.Over = verdict.Needed, verdict.Over
	}
}

// unpaid says what still keeps a purchase from being paid that is held up by one
// of the reasons of mayPay; nil: nothing, or nothing that has to be looked at
// before its next call.
func (e *Engine) unpaid(ctx context.Context, now journal.Entry, held *conversation.Held) *notPaid {
	if held != nil || now.Held == nil || !now.Held.By.Own() {
		return nil
	}
	var why *notPaid
	may := e.mayPay(ctx, now, purchase.CallConfirm)
	err := e.store.View(ctx, func(tx storage.Tx) error { return may(tx, now) })
	if errors.As(err, &why) && why.By != "" {
		return why
	}
	return nil // the transaction that announces its call looks again
}

// leaveUnpaid holds a purchase up that may not be paid, or has its terms wait for
// the approvals that they need by now. One that was held up for long is given up.
func (e *Engine) leaveUnpaid(ctx context.Context, id string, why *notPaid) error {
	return e.beside(ctx, func(t *transaction) error {
		was, _, err := storage.Get[journal.Entry](t.tx, journal.PurchaseKey(id))
		if err != nil {
			return err
		}
		if was.Record.Revision != why.Revision {
			return errStale // somebody has decided meanwhile
		}
		t.key = was.Owner
		if why.Needed > 0 {
			was.Over = why.Over
			return t.move(was, purchase.Required{Needed: why.Needed})
		}
		now := t.engine.now().UTC()
		held := conversation.Held{By: why.By, Until: now.Add(waits)}
		if was.Held != nil && was.Held.By.Own() {
			held.Until = was.Held.Until
		}
		if !now.Before(held.Until) {
			if err := t.move(was, purchase.Cancelled{}); !errors.Is(err, errStale) {
				return err
			}
			held.Until = now.Add(waits) // it may be paid already: it is not ours to give up
		}
		is := was
		is.Held, is.Due = &held, held.Until
		if why.By == conversation.HeldByTelegram && now.Add(lookAgain).Before(is.Due) {
			is.Due = now.Add(lookAgain)
		}
		t.dueAt(is.Due)
		return errors.Join(
			storage.Put(t.tx, journal.PurchaseKey(id), is),
			moveDue(t.tx, was.Due, is.Due, duePurchase, id),
			t.tell(was, is),
		)
	})
}

// lookAtHeld has those purchases looked at again that are held up and match one
// of the conditions: what held them up may have changed. The cards of those that wait
// for approvals are drawn again.
func (e *Engine) lookAtHeld(ctx context.Context, match ...func(journal.Entry) bool) {
	if len(match) == 0 {
		return
	}
	ids, err := journal.OpenPurchases(ctx, e.store)
	if err != nil {
		e.log.ErrorContext(ctx, "purchases that are held up are not looked at now", "error", err)
	}
	for _, id := range ids {
		p, _, err := storage.Read[journal.Entry](ctx, e.store, journal.PurchaseKey(id))
		if err != nil {
			e.log.ErrorContext(ctx, "a purchase cannot be read", "purchase", id, "error", err)
			continue
		}
		if !slices.ContainsFunc(match, func(fits func(journal.Entry) bool) bool { return fits(p) }) {
			continue
		}
		switch {
		case p.Held != nil:
			e.wake(id)
		case p.Record.State == purchase.StateAwaiting: // its card tells what is in the way
			if err := e.beside(ctx, func(t *transaction) error { return t.post(post{To: p.Owner, Purchase: id}) }); err != nil {
				e.log.ErrorContext(ctx, "the card of a purchase is not brought up to date", "purchase", id, "error", err)
			}
		}
	}
}

// ofTeam, inChat and paidFrom are conditions of lookAtHeld: the purchase is for the
// team, of the chat, from an account of the person.
func ofTeam(id string) func(journal.Entry) bool {
	return func(p journal.Entry) bool { return p.Team == id }
}

func inChat(chat int64) func(journal.Entry) bool {
	return func(p journal.Entry) bool { return p.Owner.Chat == chat }
}

func paidFrom(user int64) func(journal.Entry) bool {
	return func(p journal.Entry) bool { return p.Payer() == user }
}
