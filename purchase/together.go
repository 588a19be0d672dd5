package purchase

// Together returns the reading calls that [Next] asks for one after another, beginning
// with the one that is due, if all goes well. None of them rests on the answer of another,
// so that they may be made at the same time, and their moves be made in this order
// afterwards; with an exception: a look at the cart before paying has to be the last one
// that comes back. nil: the one that is due is made alone. So it is as soon as anything is
// not as it should be.
func Together(r Record) []Call {
	if r.Attempts > 0 || r.Failure != nil || r.Pending != nil || r.Question != nil || r.InFlight != "" ||
		r.Closing != nil || r.Blind || r.CartAmiss || r.Unpriced || !r.Crowded.IsZero() {
		return nil
	}
	if r.State == StateChecking && r.Prolong != nil {
		if r.Due != CallServices {
			return nil
		}
		return []Call{CallServices, CallCart, CallBalance, CallCharges}
	}
	switch r.State {
	case StateChecking:
		switch r.Due {
		case CallServices:
			return []Call{CallServices, CallCart, CallBalance}
		case CallCart:
			return []Call{CallCart, CallBalance}
		default:
			return nil
		}
	case StateInCart, StatePromoApplied, StatePricing:
		if r.Due != CallServices {
			return nil
		}
		return []Call{CallServices, CallBalance, CallCharges, CallOrders, CallCart}
	case StateSettling:
		if r.Due != CallServices {
			return nil
		}
		return []Call{CallServices, CallBalance, CallCart, CallCharges, CallOrders}
	default:
		return nil
	}
}

// Straight reports whether answers that were read together led from the one record to
// the other as they do if all is well: to a writing call, or to what is left to be read
// before it, and to a payment that is proved. Anything else is read again, one after the
// other, before something is made of it.
func Straight(was, is Record) bool {
	if is.Question != nil || is.Failure != nil || is.GivenUp || !is.NextAt.IsZero() || is.InFlight != "" || is.CartAmiss {
		return false
	}
	switch was.State {
	case StateChecking:
		return is.State == StateChecking && is.Due == CallAdd
	case StateInCart, StatePromoApplied, StatePricing:
		return is.State == StatePriced || is.State == StatePricing && is.Due == CallCart
	case StateSettling:
		return is.State == StatePaid
	default:
		return false
	}
}
