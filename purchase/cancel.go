package purchase

import (
	"slices"
	"time"

	"zomrobot/zomro"
)

// cancel is a person's wish to give the purchase up.
func (r *Record) cancel(now time.Time) error {
	switch {
	case !r.PaidAt.IsZero(), r.State == StatePaying, r.State == StateSettling, r.State == StateOrdered,
		r.State == StateUnknown && r.UnknownOf == CallConfirm:
		return ErrTooLate
	case r.State.Ended(), r.GivenUp:
		return ErrNoMove
	case r.InFlight == "" && r.cancellable():
		r.giveUp(now)
	default:
		r.GivenUp = true // carried out when what is under way is known
	}
	return nil
}

// cancellable reports whether the purchase can be given up at this point. An
// unknown outcome is found out first, unless a person had to be asked about it; one
// about money always is.
func (r *Record) cancellable() bool {
	switch r.State {
	case StateAwaiting, StateDrafted, StateChecking, StateInCart, StatePromoApplied, StatePromoRefused, StatePricing, StatePriced:
		return true
	case StateUnknown:
		return r.UnknownOf != CallConfirm && r.Question != nil
	default:
		return false
	}
}

// giveUp ends the purchase, by way of taking our items out of the cart. An item
// whose id is not known cannot be taken out.
func (r *Record) giveUp(now time.Time) {
	r.GivenUp, r.Removal, r.Unsure, r.Attempts = true, "", false, 0
	if r.removable() || r.unsent() {
		r.UnknownOf = ""
		r.move(StateCancelling, now)
		if r.unsent() {
			r.undo(now)
		}
		return
	}
	r.ItemLeft = r.Added || r.MaybePaid
	r.UnknownOf = ""
	r.move(StateCancelled, now)
}

// cancelling: the cart is read, our item is removed, the cart is read again.
// Removing is [g], so that only the cart tells whether it worked; an item that
// is not seen in the cart is never removed, because which of a row's two ids is
// the line item is not known. If it left the cart by no act of ours, it may have
// been paid. After our own removal the services and the balance tell whether
// somebody was faster.
func (r *Record) cancelling(a Answered, now time.Time) {
	switch {
	case a.Call != CallRemove && r.unsent():
		r.undoing(a, now)
	case a.Call == CallRemove:
		sent := r.Removal != ""
		r.Removal, r.Due = RemovalDone, CallCart
		if a.Failure != nil {
			r.fail(CallRemove, *a.Failure)
			r.Removal = RemovalFailed
			if r.retry(CallCart, *a.Failure, now) && !sent {
				r.Removal = "" // it was certainly not sent
			}
		} else if sent {
			r.Removal = RemovalRepeated
		}
	case a.Failure != nil:
		if r.retry(a.Call, *a.Failure, now) {
			return
		}
		r.fail(a.Call, *a.Failure)
		// What cannot be seen counts as not known.
		r.MaybePaid = r.MaybePaid || a.Call == CallBalance && r.removalUnsure()
		r.ItemLeft = r.ItemLeft || a.Call == CallCart
		r.MaybePaid = r.MaybePaid || a.Call == CallServices
		r.cancelled(now)
	case a.Call == CallBalance && r.makesRoom() && r.paidMeanwhile(a.Balance):
		// For whom room is made may have paid. If it was for us, our servers are listed by then.
		if r.Balance = a.Balance; r.Before != nil {
			r.stood(func(s *Snapshot) { s.Balance = a.Balance })
		}
		r.Due, r.NextAt = CallServices, now.Add(late)
	case a.Call == CallServices && r.goods().more(r, a.Services), a.Call == CallBalance && r.paidMeanwhile(a.Balance):
		r.left(now)
	case a.Call == CallServices && r.stoodAtRemoval() != nil && r.Bought == 0 && !r.disowned():
		r.Due = CallBalance
	case a.Call == CallServices, a.Call == CallBalance:
		r.cancelled(now)
	default:
		r.outOfCart(a, now)
	}
}

// paidMeanwhile reports whether the balance has lost the price since it was last
// read before paying.
func (r *Record) paidMeanwhile(balance *zomro.Balance) bool {
	look, e := *r, Evidence{Rows: len(r.items())}
	look.Before = r.stoodAtRemoval()
	look.seeBalance(&e, balance)
	look.weighBalance(&e)
	return e.Balance == BalanceDropped
}

// stoodAtRemoval is the snapshot with a balance that one after the removal is compared with; nil:
// there is none. Before the price was looked at, that is the balance of before the add, which was
// read long ago: it counts only where it is not known that our removal did it.
func (r *Record) stoodAtRemoval() *Snapshot {
	switch {
	case r.Before != nil && r.Before.Balance != nil:
		return r.Before
	case r.Before == nil && r.removalUnsure() && r.Balance != nil:
		return &Snapshot{Balance: r.Balance}
	default:
		return nil
	}
}

// removalUnsure reports whether rows that have gone need not have gone by our removals: nothing says
// that one was carried out, or it was asked for again because the row stood there still.
func (r *Record) removalUnsure() bool {
	return r.Unsure || r.Removal == RemovalFailed || r.Removal == RemovalRepeated
}

// outOfCart takes our items out of the cart, one by one. Of an order of several servers
// more rows may be ours than could be told: what is called like it then may be left.
func (r *Record) outOfCart(a Answered, now time.Time) {
	mine, others := r.unfold(r.mine(*a.Cart))
	if r.count() > 1 && r.Bought == 0 && len(r.More) == 0 && slices.ContainsFunc(r.foreign(others), r.fits) {
		r.ItemLeft = true
	}
	gone := r.CartRow != "" && !slices.ContainsFunc(mine, func(item zomro.CartItem) bool { return key(item) == r.CartRow })
	switch {
	case !gone && r.astray(a):
		r.ItemLeft = true
		r.cancelled(now)
	case len(mine) == 0 && gone && r.removalUnsure() && r.stoodAtRemoval() == nil && !r.ByWord:
		r.left(now)
	case len(mine) == 0 && gone && r.removalUnsure():
		// The deletion was carried out although nothing says so, or somebody was faster:
		// a payment of theirs is seen by then.
		r.Due, r.NextAt = CallServices, now.Add(late)
	case len(mine) == 0 && gone && r.Removal != "":
		r.teachRemoved()
		r.Due = CallServices
	case len(mine) == 0 && r.ByWord:
		r.ItemLeft = r.Removal == "" // we did not take it out
		r.cancelled(now)
	case len(mine) == 0:
		r.left(now)
	case r.Removal != "" && !gone:
		if !r.removeAgain(now) {
			r.ItemLeft = true
			r.cancelled(now)
		}
	default:
		if gone {
			r.Unsure = r.removalUnsure()
			r.Attempts = 0 // of another row
		}
		r.CartRow, r.CartElid, r.Removal, r.Due = key(mine[0]), mine[0].Elid, "", CallRemove
		r.noteStanding(others, a.Siblings)
	}
}

// noteStanding keeps which rows stand in the cart before ours is taken out, and nobody but
// a person has a reason to take out: other purchases pay theirs, or make room, and so may one that
// is adding just now. Rows of ours that are paid go later than that is known.
func (r *Record) noteStanding(others []zomro.CartItem, siblings Siblings) {
	r.Standing = nil
	if siblings.Adding {
		return
	}
	r.Standing = slices.DeleteFunc(slices.Clone(others), func(row zomro.CartItem) bool {
		return r.Siblings.Has(row) || siblings.Has(row) || r.Neighbours.has(row) || r.Bought > 0 && r.fits(row)
	})
}

// astray reports whether our row, which is to be taken out, stands in the cart still and another
// one that stood beside it does not: the vendor may have taken out the wrong one, and is not asked
// again. Those that are gone are kept.
func (r *Record) astray(a Answered) bool {
	if r.Removal == "" {
		return false
	}
	for _, row := range r.Standing {
		if !a.Siblings.Has(row) && !slices.ContainsFunc(a.Cart.Items, func(item zomro.CartItem) bool { return key(item) == key(row) }) {
			r.Astray = append(slices.Clone(r.Astray), row)
		}
	}
	return len(r.Astray) > 0
}

// removeAgain has our row taken out once more: whatever was answered, it is in the cart still. It
// reports whether it does, for that is not done for ever.
func (r *Record) removeAgain(now time.Time) bool {
	if r.Attempts >= len(retries) {
		return false
	}
	r.Due, r.NextAt = CallRemove, now.Add(retries[r.Attempts])
	r.Attempts++
	return true
}

// makeRoom takes our rows out of the cart for a purchase that goes first; then this one
// begins anew. Nobody has given it up.
func (r *Record) makeRoom(now time.Time) {
	r.Removal, r.Unsure, r.CartRow, r.CartElid, r.Attempts = "", false, "", "", 0
	r.move(StateCancelling, now)
}

// makesRoom reports whether our rows are taken out of the cart only for another purchase.
func (r *Record) makesRoom() bool { return r.State == StateCancelling && !r.GivenUp }

// MayAddAgain reports whether what is bought is not in the cart yet, or may have to be put
// there once more, because it makes room. Once a confirm may have been sent, no room is made any
// more.
func (r Record) MayAddAgain() bool {
	return r.LineItem == "" || !r.paysRows() && r.confirmed() == 0 && !r.GivenUp && r.PaidAt.IsZero()
}

// confirmed is how many confirms may have been sent; one that was only announced may turn out to
// be held back.
func (r *Record) confirmed() int {
	if r.State == StatePaying {
		return r.Confirms - 1
	}
	return r.Confirms
}

// Shown is the state as a person is told of it: what makes room is as it will be after that.
func (r Record) Shown() State {
	if r.makesRoom() {
		return StateChecking
	}
	return r.State
}

// anew begins from the look at the cart, as if nothing had been added.
func (r *Record) anew(now time.Time) {
	r.Added, r.AddLost, r.LineItem, r.More, r.Found, r.AddedAt = false, false, "", nil, false, time.Time{}
	r.Removal, r.Unsure, r.CartRow, r.CartElid, r.Attempts = "", false, "", "", 0
	r.CartTotal, r.RowsCost, r.Full, r.PromoApplied = nil, nil, nil, false
	r.Before, r.Earlier, r.Failure, r.FailedCall = nil, nil, nil, ""
	r.move(StateChecking, now)
}

// cancelled ends what was given up. Any part of it that was bought is followed. What has only
// made room begins anew, if all its rows are certainly out of the cart and were not paid.
func (r *Record) cancelled(now time.Time) {
	if r.makesRoom() {
		if !r.ItemLeft && !r.MaybePaid {
			r.anew(now)
			return
		}
		r.GivenUp = true
		r.fail("", Failure{Kind: zomro.Refused, Code: CodeBeside})
	}
	if r.Failure != nil && r.FailedCall == CallConfirm && !r.MaybePaid {
		r.Failure, r.FailedCall = nil, "" // its outcome is known
	}
	if r.Bought == 0 {
		r.move(StateCancelled, now)
		return
	}
	r.Ordered = r.count()
	r.Order.Count, r.More = r.Bought, nil
	r.paid(now)
}
