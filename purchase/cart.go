package purchase

import (
	"slices"
	"time"

	"zomrobot/zomro"
	"zomrobot/zomro/profile"
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

// allKeys are all the ids of cart rows.
func allKeys(items []zomro.CartItem) []string {
	all := keys(items)
	for _, item := range items {
		if item.Elid != "" {
			all = join(all, []string{item.Elid})
		}
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

// mine finds our line items in the cart, and what else is in it.
func (r *Record) mine(cart zomro.Cart) (mine, others []zomro.CartItem) {
	for _, row := range cart.Items {
		if slices.ContainsFunc(r.items(), row.Is) {
			mine = append(mine, row)
		} else {
			others = append(others, row)
		}
	}
	return mine, others
}

// foreign returns the items that nobody accepted.
func (r *Record) foreign(others []zomro.CartItem) []zomro.CartItem {
	var unknown []zomro.CartItem
	for _, item := range others {
		if !has(r.Beside, key(item)) && !r.Siblings.Has(item) && !r.Neighbours.has(item) {
			unknown = append(unknown, item)
		}
	}
	return unknown
}

// unnamed returns those of them that nothing else is known to have put there: only these can
// come from an add whose answer did not name them.
func (r *Record) unnamed(others []zomro.CartItem) []zomro.CartItem {
	return slices.DeleteFunc(r.foreign(others), func(row zomro.CartItem) bool { return r.Siblings.WasLeft(row) || r.Siblings.HasTried(row) })
}

// equal reports whether rows of the cart are alike except for their ids, as those
// of one order of several servers are.
func equal(items []zomro.CartItem) bool {
	for _, item := range items {
		first := items[0]
		if item.Name != first.Name || item.Period != first.Period || (item.Cost == nil) != (first.Cost == nil) {
			return false
		}
		if item.Cost != nil && (item.Cost.Currency != first.Cost.Currency || !item.Cost.Amount.Equal(first.Cost.Amount)) {
			return false
		}
	}
	return true
}

// unfold finds the further rows of an order of several servers: rows that are new
// in the cart since the order was added, equal to our row, and together with it as
// many as were ordered. How many line items an order becomes is not known [i], nor does it
// stay what it was once seen to be.
func (r *Record) unfold(mine, others []zomro.CartItem) (all, rest []zomro.CartItem) {
	news := r.unnamed(others)
	if len(mine) != 1 || len(r.More) > 0 || r.Bought > 0 || r.Blind || len(news) == 0 || 1+len(news) != r.count() {
		return mine, others
	}
	all = append(slices.Clone(mine), news...)
	if !equal(all) {
		return mine, others
	}
	var more []string
	for _, row := range news {
		// Whichever id is the line item in our row is also the line item in the
		// others.
		item := row.ID
		if mine[0].ID != r.LineItem {
			item = row.Elid
		}
		if item == "" {
			return mine, others
		}
		more = append(more, item)
	}
	r.More = more
	return r.mine(zomro.Cart{Items: append(all, slices.DeleteFunc(slices.Clone(others), func(row zomro.CartItem) bool {
		return slices.ContainsFunc(more, row.Is)
	})...)})
}

// crowded has the purchase wait while other purchases that the caller knows of
// are in the cart, and reports whether it does. It waits for those that go first,
// and for all of them before adding, and before paying where a confirm may pay for them, too:
// their price may be one that nobody has agreed to. For those that go first it makes room
// then. Next to a row that nobody accepted it also waits for one that may just have put it
// there; but not for ever.
func (r *Record) crowded(a Answered, due Call, now time.Time) bool {
	s := a.Siblings
	r.Siblings = s
	alone := r.State == StateChecking || !r.paysRows()
	switch {
	case r.Neighbours != nil && r.Confirms == 0 && len(s.Ahead)+len(s.Behind) > 0:
		r.refuse(CodeBeside, now) // whose rows they are waits for the neighbours, which give way to nobody
		return true
	case r.unsent() && r.State != StateChecking && len(s.Ahead) > 0:
		r.refuse(CodeBeside, now) // it makes no room: nobody knows what its add does besides
		return true
	case alone && len(s.Ahead) > 0 && r.State != StateChecking && r.Prolong == nil && r.Confirms == 0 && r.removable():
		r.makeRoom(now)
		return true
	}
	_, others := r.mine(*a.Cart)
	first := len(s.Ahead) > 0 || alone && len(s.Behind) > 0
	if !first && (!s.Adding || len(r.foreign(others)) == 0) {
		r.Crowded = time.Time{}
		return false
	}
	if r.Crowded.IsZero() || r.Crowded.After(now) {
		r.Crowded = now
	}
	if now.Sub(r.Crowded) > crowding {
		if r.paysRows() {
			r.Siblings = Siblings{Left: s.Left, Tried: s.Tried} // they are only in our way: a person is asked
			return false
		}
		if first {
			r.askForeign(slices.DeleteFunc(slices.Clone(others), func(row zomro.CartItem) bool { return !s.Has(row) }), now)
			return true
		}
		return false
	}
	r.Due, r.NextAt = due, now.Add(crowdPause)
	return true
}

// How long a purchase waits for others in the cart, and between two looks; and after it was held
// back by those alone that it goes before.
const (
	crowding   = 30 * time.Minute
	crowdPause = 10 * time.Second
	firstPause = 2 * time.Second
)

// paysRows reports whether a confirm is known to pay one row, and not the whole cart.
func (r *Record) paysRows() bool { return r.Vendor.Confirm == profile.Row }

// askForeign asks about items of others. With them in the cart a promo code is not
// applied, because the promo call names no item; and once our own item is in the
// cart, the cart is not emptied. A vendor that is known to pay the whole cart would pay them;
// and those of other purchases are paid at no price but what their own person agrees to.
func (r *Record) askForeign(items []zomro.CartItem, now time.Time) {
	var choices []Choice
	if r.Promo == "" && r.Vendor.Confirm != profile.WholeCart && r.Neighbours == nil && !slices.ContainsFunc(items, r.Siblings.Has) {
		choices = append(choices, ChooseAnyway)
	}
	if r.State == StateChecking && r.Neighbours == nil {
		choices = append(choices, ChooseEmptyCart)
	}
	choices = append(choices, ChooseAgain, ChooseGiveUp)
	r.CartAmiss = true
	r.ask(Question{Kind: AskForeign, Choices: choices, Items: items}, now)
}

// inOrder looks at the cart after adding: our items must be in it, nothing else
// that was not accepted, and the price is noted. It reports whether all is well;
// if not, the record has moved.
func (r *Record) inOrder(cart zomro.Cart, now time.Time) bool {
	mine, others := r.mine(cart)
	mine, others = r.unfold(mine, others)
	switch {
	case len(mine) < len(r.items()) && r.State == StateInCart:
		r.move(StatePricing, now) // where what is there is compared with what was there
		return false
	case len(mine) < len(r.items()) && r.unsent():
		r.refuse(CodeNoRow, now)
		return false
	case len(mine) < len(r.items()):
		r.left(now)
		return false
	case r.Prolong != nil && r.Prolong.contradicted(mine[0]):
		r.refuse(CodeOtherPeriod, now)
		return false
	}
	if foreign := r.foreign(others); len(foreign) > 0 {
		r.askForeign(foreign, now)
		return false
	}
	if r.dearer(cart, now) {
		return false
	}
	if slices.ContainsFunc(mine, r.strange) {
		r.CartAmiss = true
		r.ask(Question{Kind: AskItem, Choices: []Choice{ChooseAnyway, ChooseAgain, ChooseGiveUp}, Items: mine}, now)
		return false
	}
	if slices.ContainsFunc(mine, func(item zomro.CartItem) bool { return item.PhoneCheck }) {
		r.ask(Question{Kind: AskPhone, Choices: []Choice{ChooseAgain, ChooseGiveUp}}, now)
		return false
	}
	r.CartAt, r.CartAmiss, r.CartTotal, r.RowsCost = r.CartAsked, false, price(cart, mine), sum(mine)
	r.teachCart(cart, mine, others)
	return true
}

// looked takes in a look at the cart after adding, and reports whether the
// purchase goes on.
func (r *Record) looked(a Answered, now time.Time) bool {
	if a.Failure != nil {
		return r.unread(*a.Failure, now)
	}
	if r.crowded(a, r.first(), now) {
		return false
	}
	return r.inOrder(*a.Cart, now)
}

// left: an item of ours left the cart by no act of ours. Somebody may have removed
// it, or paid it with theirs; that is judged as a payment of ours is: against what
// was there when it was last in the cart.
func (r *Record) left(now time.Time) {
	if r.Earlier != nil {
		r.Before, r.Earlier = r.Earlier, nil
	}
	r.CartAmiss = true
	code := CodeGone
	if r.State == StateCancelling && r.Removal != "" {
		code = CodeTakenOut
	}
	r.lost(CallConfirm, Failure{Kind: zomro.Unknown, Code: code}, now)
}

// unread handles a look at the cart that failed, and reports whether the purchase
// goes on anyway.
//
// How the vendor shows a cart is [g], and adding, the promo call and confirm
// need nothing of it. So when its answer cannot be understood, a person may agree
// to go on without the cart; it is still looked at, and counts as soon as it can be
// read. That is not offered, and such an agreement does not count, where the cart
// is more than a precaution: after a look that found it not in order, and while an
// earlier confirm may still be carried out.
func (r *Record) unread(f Failure, now time.Time) bool {
	switch {
	case f.Kind != zomro.Unreadable, r.CartAmiss, !r.Sent.IsZero(), !r.goods().blindly():
		r.trouble(CallCart, CallCart, f, now)
		return false
	case !r.Blind:
		r.fail(CallCart, f)
		r.ask(Question{Kind: AskTrouble, Choices: []Choice{ChooseAgain, ChooseAnyway, ChooseGiveUp}}, now)
		return false
	default:
		r.CartAt, r.CartTotal, r.RowsCost = r.CartAsked, nil, nil
		return true
	}
}

// price is what the cart says that our items cost: the total when they are alone,
// their own cost when there are others. It is nil when that cannot be read; a
// negative amount cannot.
func price(cart zomro.Cart, mine []zomro.CartItem) *zomro.Money {
	cost := cart.Total
	switch {
	case len(mine) == 0:
		return nil
	case len(cart.Items) > len(mine):
		cost = sum(mine)
	}
	if cost == nil || cost.Amount.IsNegative() {
		return nil
	}
	return cost
}

// sum is what the items cost together, nil when that cannot be told.
func sum(items []zomro.CartItem) *zomro.Money {
	var all zomro.Money
	for i, item := range items {
		switch {
		case item.Cost == nil, i > 0 && item.Cost.Currency != all.Currency:
			return nil
		case i == 0:
			all = *item.Cost
		default:
			all.Amount = all.Amount.Add(item.Cost.Amount)
		}
	}
	return &all
}

// checking looks at the services, the cart and the balance before adding.
func (r *Record) checking(a Answered, now time.Time) {
	switch a.Call {
	case CallServices:
		r.checkServices(a, now)
	case CallEmpty:
		r.emptied(a, now)
	case CallCart:
		r.checkCart(a, now)
	case CallCharges: // of a server that is paid on
		if a.Failure == nil {
			r.stood(func(s *Snapshot) { s.Charges = chargeIDs(a.Charges) })
		} else if r.retry(CallCharges, *a.Failure, now) {
			return
		}
		r.toAdd(now)
	default:
		r.checkBalance(a, now)
	}
}

// checkServices takes in the services before adding.
func (r *Record) checkServices(a Answered, now time.Time) {
	if a.Failure != nil {
		r.trouble(CallServices, CallServices, *a.Failure, now)
		return
	}
	r.goods().before(r, a, now)
}

// emptied takes in the answer of CallEmpty. Whether it worked is seen in the cart:
// emptying twice does no harm.
func (r *Record) emptied(a Answered, now time.Time) {
	if a.Failure != nil && a.Failure.Kind != zomro.Unknown {
		r.trouble(CallEmpty, CallEmpty, *a.Failure, now)
		return
	}
	r.CartAmiss = r.CartAmiss && a.Failure != nil
	r.Due = CallCart
}

// checkCart takes in a look at the cart before adding: nothing that nobody accepted
// may be in it, and what is there is noted.
func (r *Record) checkCart(a Answered, now time.Time) {
	if a.Failure != nil {
		if r.unread(*a.Failure, now) {
			r.Due = CallBalance
		}
		return
	}
	if r.crowded(a, r.first(), now) {
		return
	}
	if foreign := r.foreign(a.Cart.Items); len(foreign) > 0 {
		r.askForeign(foreign, now)
		return
	}
	if r.dearer(*a.Cart, now) {
		return
	}
	r.CartAt, r.CartAmiss, r.Beside, r.Due = r.CartAsked, false, allKeys(a.Cart.Items), CallBalance
}

// checkBalance takes in the balance before adding. Before the price is known for
// sure, a balance that cannot be read stops nothing.
func (r *Record) checkBalance(a Answered, now time.Time) {
	was := r.Balance
	going := r.readBalance(a, now)
	if going && r.Before != nil {
		r.stood(func(s *Snapshot) { s.Balance = r.Balance })
	}
	switch {
	case going && r.Added && r.lostPrice(was):
		r.left(now) // an earlier add may have sold it
	case going && r.Prolong != nil:
		r.Due = CallCharges
	case going:
		r.toAdd(now)
	}
}

// toAdd: all is as it should be before adding.
func (r *Record) toAdd(now time.Time) {
	r.Due = CallAdd
	if r.Promo == "" {
		r.checkFunds(r.Quote.Total, now)
	}
}

// lostPrice reports whether the balance has lost the agreed price since it was last
// read.
func (r *Record) lostPrice(was *zomro.Balance) bool {
	if was == nil || r.Balance == nil || (was.Credit == nil) != (r.Balance.Credit == nil) {
		return false
	}
	before, now, cost := was.Spendable(), r.Balance.Spendable(), r.Quote.Total
	return before.Currency == now.Currency && now.Currency == cost.Currency && cost.Amount.IsPositive() &&
		!before.Amount.Sub(now.Amount).LessThan(cost.Amount)
}

// readBalance takes in the balance; a balance that cannot be read is noted as nil.
// It reports whether the purchase goes on.
func (r *Record) readBalance(a Answered, now time.Time) bool {
	r.Balance = a.Balance
	if a.Failure == nil {
		return true
	}
	if a.Failure.Kind == zomro.Denied || !r.goods().blindly() {
		r.trouble(CallBalance, CallBalance, *a.Failure, now)
		return false
	}
	r.fail(CallBalance, *a.Failure)
	return !r.retry(CallBalance, *a.Failure, now)
}

// checkFunds compares the balance with what is needed, as far as they can be
// compared, and reports whether the balance is enough.
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
