package purchase

import (
	"slices"
	"time"

	"zomrobot/zomro"
)

// key names a cart row from one look to the next.
func key(item zomro.CartItem) string {
	if item.ID != "" {
		return item.ID
	}
	return item.Elid
}

func keys(items []zomro.CartItem) []string {
	var all []string
	for _, item := range items {
		all = append(all, key(item))
	}
	return all
}

// join returns the names of both lists, each once, in a new list.
func join(a, b []string) []string {
	both := slices.Clone(a)
	for _, name := range b {
		if !has(both, name) {
			both = append(both, name)
		}
	}
	return both
}

func has[T comparable](list []T, one T) bool { return slices.Contains(list, one) }

// mine finds our line item in the cart, and what else is in it.
func (r *Record) mine(cart zomro.Cart) (item *zomro.CartItem, others []zomro.CartItem) {
	for _, row := range cart.Items {
		if item == nil && row.Is(r.LineItem) {
			item = &row
		} else {
			others = append(others, row)
		}
	}
	return item, others
}

// foreign returns the items that nobody accepted.
func (r *Record) foreign(others []zomro.CartItem) []zomro.CartItem {
	var unknown []zomro.CartItem
	for _, item := range others {
		if !has(r.Beside, key(item)) {
			unknown = append(unknown, item)
		}
	}
	return unknown
}

// askForeign asks about items of others. Beside them a promo code is not
// applied, because the promo call names no item; and once our own item is in
// the cart, the cart is not emptied.
func (r *Record) askForeign(items []zomro.CartItem, now time.Time) {
	var choices []Choice
	if r.Promo == "" {
		choices = append(choices, ChooseAnyway)
	}
	if r.State == StateChecking {
		choices = append(choices, ChooseEmptyCart)
	}
	choices = append(choices, ChooseAgain, ChooseGiveUp)
	r.CartAmiss = true
	r.ask(Question{Kind: AskForeign, Choices: choices, Items: items}, now)
}

// inOrder looks at the cart after adding: our item must be in it, nothing else
// that was not accepted, and the price is noted. It reports whether all is well;
// if not, the record has moved.
func (r *Record) inOrder(cart zomro.Cart, now time.Time) bool {
	item, others := r.mine(cart)
	if item == nil {
		if r.MaybePaid {
			r.lost(CallConfirm, Failure{Kind: zomro.Unknown}, now)
			return false
		}
		r.askGone(now)
		return false
	}
	if foreign := r.foreign(others); len(foreign) > 0 {
		r.askForeign(foreign, now)
		return false
	}
	r.CartAt, r.CartAmiss, r.CartTotal = now, false, price(cart, *item)
	return true
}

// looked takes in a look at the cart after adding, and reports whether the
// purchase goes on.
func (r *Record) looked(a Answered, now time.Time) bool {
	if a.Failure != nil {
		return r.unread(*a.Failure, now)
	}
	return r.inOrder(*a.Cart, now)
}

func (r *Record) askGone(now time.Time) {
	r.CartAmiss = true
	r.ask(Question{Kind: AskGone, Choices: []Choice{ChooseAgain, ChooseGiveUp}}, now)
}

// unread handles a look at the cart that failed, and reports whether the
// purchase goes on all the same.
//
// How the vendor shows a cart is [g], and adding, the promo call and confirm
// need nothing of it. So when its answer cannot be understood, a person may
// agree to go on without; it is looked at in vain from then on, and counts as
// soon as it can be read. That is not offered, and what was agreed to does not
// count, where the cart is more than a precaution: after a look that found it
// not in order, and while an earlier confirm may still be carried out.
func (r *Record) unread(f Failure, now time.Time) bool {
	switch {
	case f.Kind != zomro.Unreadable, r.CartAmiss, r.MaybePaid:
		r.trouble(CallCart, CallCart, f, now)
		return false
	case !r.Blind:
		r.fail(CallCart, f)
		r.ask(Question{Kind: AskTrouble, Choices: []Choice{ChooseAgain, ChooseAnyway, ChooseGiveUp}}, now)
		return false
	default:
		r.CartAt, r.CartTotal = now, nil
		return true
	}
}

// price is what the cart says that our item costs: the total when it is alone,
// its own cost beside others. It is nil when that cannot be read; a negative
// amount cannot.
func price(cart zomro.Cart, item zomro.CartItem) *zomro.Money {
	cost := cart.Total
	if len(cart.Items) > 1 {
		cost = item.Cost
	}
	if cost == nil || cost.Amount.IsNegative() {
		return nil
	}
	return cost
}

// checking looks at the cart and the balance before adding.
func (r *Record) checking(a Answered, now time.Time) {
	switch a.Call {
	case CallEmpty:
		// Whether it worked is seen in the cart: emptying twice does no harm.
		if a.Failure != nil && a.Failure.Kind != zomro.Unknown {
			r.trouble(CallEmpty, CallEmpty, *a.Failure, now)
			return
		}
		r.CartAmiss = r.CartAmiss && a.Failure != nil
		r.Due = CallCart
	case CallCart:
		if a.Failure != nil {
			if r.unread(*a.Failure, now) {
				r.Due = CallBalance
			}
			return
		}
		if foreign := r.foreign(a.Cart.Items); len(foreign) > 0 {
			r.askForeign(foreign, now)
			return
		}
		r.CartAt, r.CartAmiss, r.Beside, r.Due = now, false, keys(a.Cart.Items), CallBalance
	default:
		// Before the price is known for sure, a balance that cannot be read
		// stops nothing.
		if r.readBalance(a, now) {
			r.Due = CallAdd
			if r.Promo == "" {
				r.checkFunds(r.Quote.Total, now)
			}
		}
	}
}

// readBalance takes in the balance; one that cannot be read is noted as nil. It
// reports whether the purchase goes on.
func (r *Record) readBalance(a Answered, now time.Time) bool {
	r.Balance = a.Balance
	if a.Failure == nil {
		return true
	}
	if a.Failure.Kind == zomro.Denied {
		r.trouble(CallBalance, CallBalance, *a.Failure, now)
		return false
	}
	r.fail(CallBalance, *a.Failure)
	return !r.retry(CallBalance, *a.Failure, now)
}

// checkFunds compares the balance with what is needed, as far as they can be
// compared, and reports whether it is enough.
func (r *Record) checkFunds(need zomro.Money, now time.Time) bool {
	if r.Balance == nil {
		return true
	}
	have := r.Balance.Spendable()
	if have.Currency != need.Currency || !have.Amount.LessThan(need.Amount) {
		return true
	}
	r.askFunds(&need, now)
	return false
}

func (r *Record) askFunds(need *zomro.Money, now time.Time) {
	q := Question{Kind: AskFunds, Choices: []Choice{ChooseAgain, ChooseGiveUp}, Was: need}
	if r.Balance != nil {
		have := r.Balance.Spendable()
		q.Now = &have
	}
	r.ask(q, now)
}
