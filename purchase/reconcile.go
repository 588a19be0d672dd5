package purchase

import (
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/zomro"
)

// late is how long after it was announced a confirm may still be carried out:
// the time limit of the call, 90 seconds with a login before it, and a minute.
// Before that nothing excludes it.
const late = 150 * time.Second

// certain is how many looks in a row must agree before anything but Done is
// believed.
const certain = 3

// certainNot is the same for an add that the vendor has refused: nothing is paid,
// and what comes late is seen in the cart.
const certainNot = 2

// looks are the pauses between two looks at the evidence; after the last one,
// when a confirm can no longer come late, a person is asked.
var looks = []time.Duration{
	2 * time.Second, 3 * time.Second, 5 * time.Second, 10 * time.Second,
	30 * time.Second, 50 * time.Second, time.Minute,
}

// soon is how many looks are made before a person is told that the outcome of a
// confirm that was answered is not known.
const soon = 3

// reconcile gathers evidence about a call. For an add and for a promo code the cart
// tells; for a confirm the services, the balance, the cart, the charges and the
// unpaid orders together. What cannot be read is an unknown fact.
func (r *Record) reconcile(a Answered, now time.Time) {
	if a.Failure != nil && a.Failure.Kind == zomro.Denied && a.Call != CallCharges && a.Call != CallOrders {
		if r.State == StateSettling {
			r.move(StateUnknown, now)
		}
		if r.Failure == nil || r.UnknownOf != r.FailedCall {
			r.fail(a.Call, *a.Failure)
		}
		r.ask(Question{Kind: AskLogin, Choices: r.doubts()}, now)
		return
	}
	if r.Prolong != nil && r.UnknownOf == CallAdd { // of a former version
		r.refuse(CodeNoRow, now)
		return
	}
	e := Evidence{Of: r.UnknownOf}
	switch {
	case r.Look != nil:
		e = *r.Look
	case r.Evidence != nil:
		e = *r.Evidence
	}
	e.At = now
	if r.UnknownOf != CallConfirm {
		r.seeCart(&e, a)
		r.judge(e, now)
		return
	}
	switch a.Call {
	case CallServices: // a look begins
		e = Evidence{
			Of: e.Of, At: now, Verdict: e.Verdict, InARow: e.InARow,
			Balance: BalanceNotKnown, Charges: ChargesNotKnown, Orders: OrdersNotKnown,
		}
		r.seeServices(&e, a)
		r.Due = CallBalance
	case CallBalance:
		r.seeBalance(&e, a.Balance)
		e.Rival = a.Rival
		r.Due = CallCart
	case CallCart:
		if e.Cart = a.Cart; a.Cart != nil {
			r.Siblings = a.Siblings
		}
		r.Due = CallCharges
	case CallCharges:
		r.seeCharges(&e, a)
		r.Due = CallOrders
	default:
		r.seeOrders(&e, a)
		r.Due = ""
	}
	r.weigh(&e)
	r.Look = &e
	if r.Due == "" {
		r.judge(e, now)
	}
}

// doubts are the answers to a question about an unknown outcome.
func (r *Record) doubts() []Choice {
	if r.UnknownOf == CallConfirm {
		return []Choice{ChooseBought, ChooseNotBought, ChooseAgain}
	}
	return []Choice{ChooseAgain, ChooseGiveUp}
}

// seeCart takes in the cart after an add or a promo code.
func (r *Record) seeCart(e *Evidence, a Answered) {
	cart := a.Cart
	e.Cart = cart
	e.Added, e.Item, e.Total = "", "", ""
	if cart != nil {
		r.Siblings = a.Siblings
	}
	if r.UnknownOf == CallAdd {
		e.Added = r.added(cart)
		if e.Added == AddedOne && a.Siblings.Adding {
			e.Added = AddedOther // it can be theirs
		}
		return
	}
	e.Item, e.Total = ItemNotKnown, TotalNotKnown
	if cart == nil {
		return
	}
	mine, _ := r.mine(*cart)
	e.Item = ItemGone
	if len(mine) > 0 {
		e.Item = ItemInCart
	}
	cost := price(*cart, mine)
	if cost == nil || r.CartTotal == nil || cost.Currency != r.CartTotal.Currency {
		return
	}
	switch was := r.CartTotal.Amount; {
	case cost.Amount.LessThan(was):
		e.Total = TotalLower
	case cost.Amount.GreaterThan(was):
		e.Total = TotalHigher
	default:
		e.Total = TotalSame
	}
}

// added looks for what a lost CallAdd may have put into the cart.
func (r *Record) added(cart *zomro.Cart) AddedFact {
	if cart == nil {
		return AddedNotKnown
	}
	items := r.unnamed(cart.Items)
	switch {
	case len(items) == 0:
		return AddedNone
	case len(items) > 1 && (len(items) != r.count() || !equal(items)), r.Blind: // what is in the cart may have been there before
		return AddedOther
	}
	sum := zomro.Money{Currency: r.Quote.Total.Currency}
	for _, item := range items {
		if r.Vendor.lineItemOf(item) == "" || !r.fits(item) {
			return AddedOther
		}
		if item.Cost != nil {
			if item.Cost.Currency != sum.Currency {
				return AddedOther
			}
			sum.Amount = sum.Amount.Add(item.Cost.Amount)
		}
	}
	if sum.Amount.GreaterThan(r.Quote.Total.Amount) {
		return AddedOther
	}
	return AddedOne
}

// fits reports whether a row is called what was ordered [g].
func (r *Record) fits(item zomro.CartItem) bool {
	return r.PlanTitle != "" && strings.Contains(strings.ToLower(item.Name), strings.ToLower(strings.TrimSpace(r.PlanTitle)))
}

// MayBeEarlier reports whether a row of the cart that is not known to be ours may come
// from an add of this purchase whose row was not seen, and that was repeated since. As long as its
// further rows are not told apart, it may as well be one of those.
func (r Record) MayBeEarlier(item zomro.CartItem) bool {
	return r.Added && r.fits(item) && (r.LineItem == "" || len(r.More)+1 == r.count())
}

// strange reports whether a row says that it is something other than what was
// ordered: the answer that made it ours can be wrong, like any answer. What was
// accepted holds for that name alone.
func (r *Record) strange(item zomro.CartItem) bool {
	return item.Name != "" && r.PlanTitle != "" && !r.fits(item) && !has(r.Misnamed, item.Name)
}

// seeServices takes in which services are new.
func (r *Record) seeServices(e *Evidence, a Answered) {
	e.Services, e.New, e.Theirs = ServicesNotKnown, nil, nil
	switch {
	case a.Failure != nil:
	case r.Before == nil:
		e.New = r.ours(a.Services)
	default:
		e.New = r.unseen(a.Services)
	}
	if a.Failure == nil && (r.Before != nil || r.owned()) {
		e.Services = ServicesNone // until it is weighed
	}
	for _, s := range e.New {
		i := slices.IndexFunc(a.Sold, func(sold Sold) bool { return sold.Service == s.ID })
		if i >= 0 && (r.Prolong != nil || !r.IsOurs(s)) {
			e.Theirs = append(slices.Clone(e.Theirs), a.Sold[i])
		}
	}
}

// seeCharges takes in which charges are new.
func (r *Record) seeCharges(e *Evidence, a Answered) {
	e.Charges, e.NewCharges, e.Claimed = ChargesNotKnown, nil, a.Claimed
	if a.Failure != nil || r.Before == nil || r.Before.Charges == nil {
		return
	}
	e.Charges = ChargesNone
	for _, c := range a.Charges {
		if !has(r.Before.Charges, c.ID) {
			e.Charges, e.NewCharges = ChargesNew, append(slices.Clone(e.NewCharges), c)
		}
	}
}

// seeOrders takes in which unpaid orders are new.
func (r *Record) seeOrders(e *Evidence, a Answered) {
	e.Orders, e.NewOrders = OrdersNotKnown, nil
	if a.Failure != nil || r.Before == nil || r.Before.Orders == nil {
		return
	}
	e.Orders = OrdersNone
	for _, o := range a.Orders {
		if !has(r.Before.Orders, o.Item) {
			e.Orders, e.NewOrders = OrdersNew, append(slices.Clone(e.NewOrders), o)
		}
	}
}

// weigh makes the facts about a confirm from what was read in one look.
func (r *Record) weigh(e *Evidence) {
	items, gone := r.items(), -1
	e.Item = ItemNotKnown
	if e.Cart != nil && len(items) > 0 {
		mine, _ := r.mine(*e.Cart)
		gone = len(items) - len(mine)
		switch {
		case gone <= 0:
			e.Item = ItemInCart
		case len(mine) == 0:
			e.Item = ItemGone
		default:
			e.Item = ItemSome
		}
	}
	e.Rows = len(items)
	if e.Services != ServicesNotKnown {
		e.Services, e.Rows = r.goods().weigh(r, e.New, gone)
	}
	if e.Orders == OrdersNew && slices.ContainsFunc(e.NewOrders, func(o zomro.UnpaidOrder) bool {
		return slices.ContainsFunc(r.ours(e.New), func(s zomro.Service) bool { return s.ID == o.Item })
	}) {
		e.Orders = OrdersOurs
	}
	r.weighBalance(e)
}

// each is how many servers one of our line items that are not paid stands for.
func (r *Record) each() int { return max(1, (r.count()-r.Bought)/max(1, len(r.items()))) }

// share is what that many of our line items cost, out of what the cart said that
// all cost.
func (r *Record) share(rows int) *zomro.Money {
	if r.CartTotal == nil {
		return nil
	}
	cost, items := *r.CartTotal, max(1, len(r.items()))
	if rows < items {
		cost.Amount = cost.Amount.Mul(decimal.NewFromInt(int64(rows))).Div(decimal.NewFromInt(int64(items))).RoundDown(2)
	}
	return &cost
}

// seeBalance takes in the balance.
func (r *Record) seeBalance(e *Evidence, balance *zomro.Balance) {
	e.Balance, e.Was, e.Now = BalanceNotKnown, nil, nil
	if balance != nil {
		now := balance.Spendable()
		e.Now = &now
	}
	if r.Before == nil || r.Before.Balance == nil {
		return
	}
	was := r.Before.Balance.Spendable()
	e.Was = &was
	if e.Now != nil && (balance.Credit == nil) == (r.Before.Balance.Credit == nil) {
		e.Balance = BalanceSame // until it is weighed
	}
}

// weighBalance says how the balance moved compared with what the items that the
// services stand for cost. If a drop were taken for fewer items than were paid, it
// would be counted twice: it must not be enough for one more.
func (r *Record) weighBalance(e *Evidence) {
	if e.Balance == BalanceNotKnown || e.Was.Currency != e.Now.Currency {
		e.Balance = BalanceNotKnown
		return
	}
	drop, known := r.lossOf(*e)
	if !known {
		e.Balance = BalanceOther
		return
	}
	cost := r.share(e.Rows)
	known = cost != nil && cost.Currency == e.Was.Currency
	next := r.share(e.Rows + 1)
	switch {
	case drop.IsZero() && known && cost.Amount.IsZero():
		e.Balance = BalanceFree
	case drop.IsZero():
		e.Balance = BalanceSame
	case drop.IsNegative(), known && drop.LessThan(cost.Amount):
		e.Balance = BalanceOther
	case known && e.Rows < len(r.items()) && !drop.LessThan(next.Amount):
		e.Balance = BalanceOther
	default:
		e.Balance = BalanceDropped
	}
}

// lossOf is what the balance has lost for what is bought: what charges say that was taken for other
// servers is left out; false: that cannot be told. Of a charge that is listed late the balance may
// have lost the amount before: if it has lost what ours cost since, and the charges for our servers,
// which are there, say the same, it was that.
func (r *Record) lossOf(e Evidence) (decimal.Decimal, bool) {
	lost, ours := e.Was.Amount.Sub(e.Now.Amount), decimal.Zero
	for _, c := range e.NewCharges {
		if c.Amount != nil && c.Amount.Currency == e.Was.Currency && r.goods().called(r, c.Name) && !has(e.Claimed, c.ID) {
			ours = ours.Add(c.Amount.Amount)
		}
	}
	cost := r.share(e.Rows)
	if cost != nil && cost.Currency == e.Was.Currency && cost.Amount.IsPositive() && e.Services == ServicesOurs &&
		lost.Equal(cost.Amount) && ours.Equal(cost.Amount) {
		return lost, true
	}
	others, known := r.takenForOthers(e.NewCharges, e.Claimed, e.New, e.Was.Currency)
	return lost.Sub(others), known
}

// judge ends a look: it believes the verdict, plans another look, or asks.
func (r *Record) judge(e Evidence, now time.Time) {
	verdict := Judge(e)
	if verdict != e.Verdict {
		e.InARow = 0
	}
	e.Verdict = verdict
	e.InARow++
	r.noteFirst(e, now)
	r.Evidence, r.Look = &e, nil
	r.Attempts = min(r.Attempts+1, len(looks)+1)
	r.Due = ""
	free := e.Of == CallConfirm && e.Balance == BalanceFree // a charge can come later
	switch {
	case verdict == Done && !free:
		r.wasDone(e, now)
		return
	case verdict != Unclear && e.InARow >= r.certain() && !r.mayComeLate(now):
		switch verdict {
		case Done:
			r.wasDone(e, now)
		case Ordered:
			r.ordered(e, now)
		default:
			r.wasNotDone(e, now)
		}
		return
	}
	// A refusal that the account bears out so far is no reason to alarm anybody.
	if r.State == StateSettling && r.Attempts >= soon && (verdict == Unclear || verdict == NotDone && r.Failure == nil) {
		r.move(StateUnknown, now)
	}
	switch {
	case r.Attempts <= len(looks):
		r.Due, r.NextAt = r.first(), now.Add(looks[r.Attempts-1])
	case verdict != Unclear && r.mayComeLate(now): // the clock has gone back
		r.Due, r.NextAt = r.first(), now.Add(looks[len(looks)-1])
	case r.UnknownOf == CallPromo:
		r.wasNotDone(e, now) // harmless: the price decides
	default:
		if r.State == StateSettling {
			r.move(StateUnknown, now)
		}
		r.Due = ""
		r.ask(Question{Kind: AskUnknown, Choices: r.doubts()}, now)
	}
}

// certain is how many looks in a row are enough.
func (r *Record) certain() int {
	if f := r.Failure; r.UnknownOf == CallAdd && f != nil && f.Code != "" {
		return certainNot
	}
	return certain
}

// mayComeLate reports whether a confirm may still be carried out.
func (r *Record) mayComeLate(now time.Time) bool {
	if r.UnknownOf != CallConfirm {
		return false
	}
	if r.Sent.After(now) {
		r.Sent = now // the clock has gone back: counting starts over
	}
	return now.Sub(r.Sent) < late
}

// Watched is how much of the time in which its confirm may come late was over at the last look
// for its outcome; zero as long as the confirm may be under way.
func (r Record) Watched() time.Duration {
	if r.UnknownOf != CallConfirm || r.Evidence == nil {
		return 0
	}
	return max(0, r.Evidence.At.Sub(r.Sent))
}

// wasDone goes on after the call that turned out to have been carried out.
func (r *Record) wasDone(e Evidence, now time.Time) {
	call := r.UnknownOf
	switch call {
	case CallAdd:
		var items []string
		for _, row := range r.unnamed(e.Cart.Items) {
			items = append(items, r.Vendor.lineItemOf(row))
		}
		r.UnknownOf, r.Attempts = "", 0
		r.Failure, r.FailedCall = nil, ""
		r.LineItem, r.More, r.Found, r.AddedAt = items[0], items[1:], true, now
		r.move(StateInCart, now)
	case CallPromo:
		r.UnknownOf, r.Failure, r.FailedCall = "", nil, ""
		r.promoted(now)
	default:
		r.bought(e, r.ours(e.New), now)
	}
}

// bought: line items were paid, all of ours or some, and these are their servers.
// What they cost is what the balance has lost, if that can be told.
func (r *Record) bought(e Evidence, fresh []zomro.Service, now time.Time) {
	r.teachPaid(e, fresh)
	items, before := r.items(), r.Taken
	if r.Taken = nil; e.Balance == BalanceDropped || e.Balance == BalanceFree {
		lost, _ := r.lossOf(e)
		taken := zomro.Money{Amount: lost, Currency: e.Was.Currency}
		switch {
		case r.Bought == 0:
			r.Taken = &taken
		case before != nil && before.Currency == taken.Currency:
			late := r.lateLoss(taken, r.share(e.Rows))
			taken.Amount = taken.Amount.Add(before.Amount).Add(late)
			r.Taken = &taken
		}
	}
	r.ItemLeft = r.Prolong != nil && e.Item == ItemInCart // by a person's word
	r.counted(e, now)
	r.doubtExcess(before, r.share(e.Rows), e.Rival)
	r.believeCharges()
	r.Services = merge(r.Services, fresh)
	r.Bought += r.each() * e.Rows
	if e.Rows >= len(items) {
		r.More = nil
		r.paid(now)
		return
	}
	// The rest is paid separately, after everything has been read again.
	left := r.More
	if e.Item == ItemSome {
		left = slices.DeleteFunc(items, func(item string) bool {
			return !slices.ContainsFunc(e.Cart.Items, func(row zomro.CartItem) bool { return row.Is(item) })
		})
	}
	r.LineItem, r.More = left[0], left[1:]
	r.UnknownOf, r.Attempts, r.MaybePaid, r.Earlier = "", 0, false, nil
	r.Failure, r.FailedCall = nil, ""
	r.move(StatePricing, now)
	r.NextAt = now.Add(between)
}

// ordered: the vendor has the order and has taken nothing for it.
func (r *Record) ordered(e Evidence, now time.Time) {
	r.Services = merge(r.Services, r.ours(e.New))
	r.UnknownOf, r.MaybePaid = "", false
	r.followed(StateOrdered, now)
}

// wasNotDone stops before the call that was not carried out: only a person
// repeats it.
func (r *Record) wasNotDone(e Evidence, now time.Time) {
	call := r.UnknownOf
	r.UnknownOf, r.Attempts = "", 0
	switch call {
	case CallAdd:
		r.move(StateChecking, now)
	case CallPromo:
		if e.Item == ItemGone {
			r.move(StatePricing, now) // its outcome is looked for there
			return
		}
		r.askPromo(now)
		return
	default:
		r.MaybePaid = false
		r.move(StatePricing, now)
		if f := r.Failure; f != nil {
			if need, poor := r.poor(*f); poor {
				r.teachPoor(*f)
				r.Balance = nil // as it was before the payment was refused
				r.askFunds(need, now)
				return
			}
		}
	}
	r.ask(Question{Kind: AskTrouble, Choices: []Choice{ChooseAgain, ChooseGiveUp}}, now)
}

// owned reports whether the order's name carries the purchase's id, so that no
// other order can have it.
func (r *Record) owned() bool {
	return strings.Contains(strings.ToLower(r.Order.ServerName), mark(r.ID))
}
