package purchase

import (
	"time"

	"zomrobot/zomro"
)

// cancel is a person's wish to give the purchase up.
func (r *Record) cancel(now time.Time) error {
	switch {
	case !r.PaidAt.IsZero(), r.State == StatePaying, r.State == StateUnknown && r.UnknownOf == CallConfirm:
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
// outcome that is not known is found out first, unless a person had to be
// asked about it; one about money always.
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

// giveUp ends the purchase, by way of taking our item out of the cart. An item
// whose id is not known cannot be taken out.
func (r *Record) giveUp(now time.Time) {
	r.GivenUp, r.Removal, r.Attempts = true, "", 0
	if r.LineItem != "" {
		r.UnknownOf = ""
		r.move(StateCancelling, now)
		return
	}
	r.ItemLeft = r.UnknownOf == CallAdd || r.MaybePaid
	r.UnknownOf = ""
	r.move(StateCancelled, now)
}

// cancelling: the cart is read, our item is removed, the cart is read again.
// Removing is [g], so that only the cart tells whether it worked; an item that
// is not seen in the cart is never removed, because which of a row's two ids is
// the line item is not known.
func (r *Record) cancelling(a Answered, now time.Time) {
	if a.Call == CallRemove {
		r.Removal, r.Due = RemovalDone, CallCart
		if a.Failure != nil {
			r.fail(CallRemove, *a.Failure)
			r.Removal = RemovalFailed
			if r.retry(CallCart, *a.Failure, now) {
				r.Removal = "" // it certainly was not sent
			}
		}
		return
	}
	if a.Failure != nil {
		r.fail(CallCart, *a.Failure)
		if !r.retry(CallCart, *a.Failure, now) {
			r.ItemLeft = true
			r.move(StateCancelled, now)
		}
		return
	}
	item, _ := r.mine(*a.Cart)
	switch {
	case item == nil && r.MaybePaid && r.Removal != RemovalDone && !r.ByWord:
		// It left the cart by no act of ours: the confirm was late.
		r.lost(CallConfirm, Failure{Kind: zomro.Unknown}, now)
	case item == nil:
		if r.Removal == RemovalDone {
			r.MaybePaid = false
		}
		r.move(StateCancelled, now)
	case r.Removal != "":
		r.ItemLeft = true
		r.move(StateCancelled, now)
	default:
		r.CartRow, r.Due = key(*item), CallRemove
	}
}
