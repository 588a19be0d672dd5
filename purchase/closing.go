package purchase

import (
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/zomro"
)

// What is paid may be taken in parts: a tax of its own comes later, or one confirm
// turns out to have sold twice. So the money is looked at again after the payment was
// seen. At the first look the purchase still has its account, so that what the balance
// has lost is nobody else's; at the last one only the vendor's charges tell.

// between is how long after a payment was seen the money is looked at again, and how
// long the next line item of an order waits: the vendor may still be busy with the one
// before.
const between = 30 * time.Second

// Closing is the next look at the money of a paid purchase.
type Closing struct {
	Due   Call      `json:"due"` // CallServices, CallBalance unless it is the last, CallCharges
	At    time.Time `json:"at"`  // not before
	Tries int       `json:"tries,omitempty"`
	Asked bool      `json:"asked,omitempty"` // Due is under way for this look
	Last  bool      `json:"last,omitempty"`  // the account is free; only the charges are looked at

	Services []zomro.Service `json:"services,omitempty"` // as read in this look
	Balance  *zomro.Balance  `json:"balance,omitempty"`  // as read in this look
	Rival    bool            `json:"rival,omitempty"`    // another purchase may have taken what that has lost
}

// Counted is how far the counting of what was taken has come.
type Counted struct {
	At      time.Time    `json:"at"`
	Balance *zomro.Money `json:"balance,omitempty"` // spendable then; nil: not known
	Credit  bool         `json:"credit,omitempty"`  // with the credit
	Charges []string     `json:"charges"`           // ids of those that were there; nil: not known

	// Ahead is what the charges have told of Taken that the balance had not lost when it was
	// read: it may lose that afterwards, and is not to be counted twice. In its currency.
	Ahead decimal.Decimal `json:"ahead,omitzero"`
	// Doubt is what the balance had lost when it was read and Balance has not: more than the
	// charges tell. It is believed when the next look sees it, too.
	Doubt decimal.Decimal `json:"doubt,omitzero"`
	// Rival: another purchase may have taken what the balance loses; no look makes Doubt certain.
	Rival bool `json:"rival,omitempty"`
}

// isDue reports whether the next look at the money is to be made. One that is further away
// than any is put off is: the clock has gone back, and others of the account wait for it.
func (c *Closing) isDue(now time.Time) bool {
	return c != nil && (!now.Before(c.At) || c.At.Sub(now) > late)
}

// holdsForMoney reports whether the purchase keeps its account for the look at the
// money.
func (r *Record) holdsForMoney() bool { return r.Closing != nil && !r.Closing.Last }

// counted notes where the counting stands after a look at the evidence. What the charges had
// told ahead of the balance before it is told so still.
func (r *Record) counted(e Evidence, now time.Time) {
	c := Counted{At: now}
	if was := r.Counted; was != nil {
		if r.Taken != nil {
			c.Ahead = was.Ahead
		}
		r.Unseen = r.Unseen || !was.Doubt.IsZero() // it was looked at no more
	}
	if e.Balance != BalanceNotKnown && e.Now != nil && r.Before != nil && r.Before.Balance != nil {
		c.Balance, c.Credit = e.Now, r.Before.Balance.Credit != nil
	}
	if e.Charges != ChargesNotKnown && r.Before != nil && r.Before.Charges != nil {
		c.Charges = append(append([]string{}, r.Before.Charges...), chargeIDs(e.NewCharges)...)
	}
	r.Counted = &c
	r.list(e.NewCharges, e.Claimed)
}

// list keeps those of the new charges that name our servers, without those that another
// purchase claims.
func (r *Record) list(charges []zomro.Charge, claimed []string) {
	for _, c := range charges {
		if !r.lists(c) && !has(claimed, c.ID) && r.goods().called(r, c.Name) && !r.shared(c.Name) {
			r.Charges = append(slices.Clone(r.Charges), c)
		}
	}
}

// relist brings the charges that are kept up to date with a list of all: one says now what it
// is, and one that has gone while a new one of the same amount has come is that one.
func (r *Record) relist(all, fresh []zomro.Charge) {
	var kept, gone, spare []zomro.Charge
	for _, c := range r.Charges {
		at := slices.IndexFunc(all, func(now zomro.Charge) bool { return now.ID == c.ID })
		if at < 0 {
			gone = append(gone, c)
			continue
		}
		kept = append(kept, all[at])
		if slices.ContainsFunc(fresh, func(now zomro.Charge) bool { return now.ID == c.ID }) {
			spare = append(spare, all[at])
		}
	}
	for _, c := range gone {
		at := slices.IndexFunc(spare, func(now zomro.Charge) bool { return sameAmount(now.Amount, c.Amount) })
		if at < 0 {
			kept = append(kept, c)
		} else {
			spare = slices.Delete(spare, at, at+1)
		}
	}
	if !slices.EqualFunc(kept, r.Charges, func(a, b zomro.Charge) bool { return a.ID == b.ID && sameAmount(a.Amount, b.Amount) }) {
		r.Charges = kept
	}
}

func sameAmount(a, b *zomro.Money) bool {
	return a != nil && b != nil && a.Currency == b.Currency && a.Amount.Equal(b.Amount)
}

// lists reports whether a charge is counted for this purchase.
func (r *Record) lists(c zomro.Charge) bool {
	return slices.ContainsFunc(r.Charges, func(known zomro.Charge) bool { return known.ID == c.ID })
}

// Uncounted are the charges that bear the name of what this purchase buys, and are new to
// it: what others do not claim of them is counted for it.
func (r Record) Uncounted(charges []zomro.Charge) []zomro.Charge {
	var known []string
	switch {
	case r.Counted != nil:
		known = r.Counted.Charges
	case r.Before != nil:
		known = r.Before.Charges
	}
	if known == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(charges), func(c zomro.Charge) bool {
		return has(known, c.ID) || !r.goods().called(&r, c.Name)
	})
}

// Claims reports whether a charge that another purchase would count by its name belongs to
// this one: it is counted here already, or may be what this one has paid, of the same
// account, later than the other, and was not there before. One that came before is the
// other's: so a second sale of the other is not hidden by this one.
func (r Record) Claims(c zomro.Charge, other Record) bool {
	if r.lists(c) {
		return true
	}
	if r.Account != other.Account || r.Charged() == NotCharged || !r.goods().called(&r, c.Name) || r.Before == nil {
		return false
	}
	return r.Sent.After(other.Sent) && !has(r.Before.Charges, c.ID)
}

// MayHaveTaken reports whether what a balance has lost since it was read before paying for another
// purchase may have been taken for this one: two logins of the vendor can share one account, and
// a balance can tell of a payment late.
func (r Record) MayHaveTaken(other Record) bool {
	return r.Account != other.Account && other.Before != nil && r.Charged() != NotCharged &&
		!r.Sent.IsZero() && r.Sent.Add(late).After(other.Before.At)
}

// lateLoss settles what was open of what was bought earlier, when the balance has lost so much for
// what is bought now, which costs so much by the cart's total. What it has lost more is what the
// charges had told ahead of it: it is not counted again. If it has lost exactly that, the reading
// before was right, and what was in doubt of it is counted. It returns what Taken is to change by.
func (r *Record) lateLoss(lost zomro.Money, cost *zomro.Money) decimal.Decimal {
	if r.Counted == nil || cost == nil || cost.Currency != lost.Currency {
		return decimal.Zero
	}
	c := *r.Counted
	defer func() { r.Counted = &c }()
	more := lost.Amount.Sub(cost.Amount)
	if more.IsZero() && !c.Rival {
		doubt := c.Doubt
		c.Doubt = decimal.Zero
		return doubt
	}
	late := decimal.Min(decimal.Max(more, decimal.Zero), c.Ahead)
	c.Ahead = c.Ahead.Sub(late)
	return late.Neg()
}

// doubtExcess has a loss of the balance beyond the cart's total believed only once a later look
// sees it too, if the charges tell that total and no more: one of the two readings is wrong. Where
// there is a rival, that may have taken it, no look makes certain what the charges do not tell.
// before was taken for what was bought earlier, cost is the cart's total of what is bought now.
func (r *Record) doubtExcess(before, cost *zomro.Money, rival bool) {
	if cost == nil || r.Taken == nil || r.Counted.Balance == nil || cost.Currency != r.Taken.Currency {
		return
	}
	told := *cost
	if before != nil {
		told.Amount = told.Amount.Add(before.Amount)
	}
	sum := r.charged()
	if sum != nil && (sum.Currency != told.Currency || !rival && !sum.Amount.Equal(told.Amount)) || sum == nil && !rival {
		return
	}
	if sum != nil {
		told.Amount = decimal.Max(told.Amount, sum.Amount)
	}
	if excess := r.Taken.Amount.Sub(told.Amount); excess.IsPositive() {
		r.Counted.Balance = &zomro.Money{Amount: r.Counted.Balance.Amount.Add(excess), Currency: told.Currency}
		r.Counted.Doubt, r.Counted.Rival = excess, rival
		r.Taken = &told
	}
}

// countOn adds what was taken since it was last counted: what the balance has lost,
// not counting charges for other servers. A balance from long after tells nothing, for
// an account is charged for other things every day. nil: it could not be read. services
// are those of the account now, a is the answer with the charges. It reports whether the
// balance tells anything.
func (r *Record) countOn(balance *zomro.Balance, services []zomro.Service, a Answered, now time.Time) (seen bool) {
	if r.Counted == nil {
		return false
	}
	was, is, charges := *r.Counted, Counted{At: now, Ahead: r.Counted.Ahead}, read(a)
	var fresh []zomro.Charge
	if charges != nil && was.Charges != nil {
		fresh = slices.DeleteFunc(slices.Clone(charges), func(c zomro.Charge) bool { return has(was.Charges, c.ID) })
		is.Charges = append(slices.Clone(was.Charges), chargeIDs(fresh)...)
		r.list(fresh, a.Claimed)
		r.relist(charges, fresh)
	}
	more := decimal.Zero
	if balance != nil && was.Balance != nil && was.Credit == (balance.Credit != nil) {
		spendable := balance.Spendable()
		others, known := r.takenForOthers(fresh, a.Claimed, services, spendable.Currency)
		known = known && !slices.ContainsFunc(fresh, func(c zomro.Charge) bool { // it may be for either
			return r.goods().called(r, c.Name) && r.shared(c.Name)
		})
		lost := was.Balance.Amount.Sub(spendable.Amount).Sub(others)
		if known && !lost.Neg().GreaterThan(others) {
			lost = lost.Add(r.takeBack(lost.Neg(), spendable.Currency))
		}
		if t := r.Taken; t != nil && known && (!lost.IsNegative() || r.wasMisread(lost)) && now.Sub(was.At) <= late &&
			t.Currency == spendable.Currency && was.Balance.Currency == spendable.Currency {
			rival := a.Rival || was.Rival || r.explains(charges, lost, services)
			is.Doubt = r.doubtful(lost, charges != nil, rival)
			is.Rival = rival && !is.Doubt.IsZero()
			more, seen = lost.Sub(is.Doubt), true
			spendable.Amount = spendable.Amount.Add(is.Doubt)
		}
		if !is.Doubt.IsZero() {
			is.Charges = r.placed(is.Charges, fresh, a.Claimed, services)
		}
		is.Balance, is.Credit = &spendable, was.Credit
	} else if balance == nil && r.Taken != nil {
		if others, known := r.takenForOthers(fresh, a.Claimed, services, r.Taken.Currency); known {
			r.takeBack(others, r.Taken.Currency)
		}
	}
	r.Counted = &is
	r.took(more)
	return seen
}

// explains reports whether a loss is just what one of the charges says that was taken for another
// server, be it one that was listed before paying: a balance can tell of it late.
func (r *Record) explains(charges []zomro.Charge, lost decimal.Decimal, services []zomro.Service) bool {
	names := r.theirs(services)
	return lost.IsPositive() && slices.ContainsFunc(charges, func(c zomro.Charge) bool {
		return c.Amount != nil && c.Amount.Currency == r.Taken.Currency && c.Amount.Amount.Equal(lost) && isOf(names, c)
	})
}

// placed returns those of the ids of charges that are not fresh, or of which it is known whose server
// they are for: what is in doubt may be for one of the others, whose server is not listed yet.
func (r *Record) placed(ids []string, fresh []zomro.Charge, claimed []string, services []zomro.Service) []string {
	names := r.theirs(services)
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool {
		return slices.ContainsFunc(fresh, func(c zomro.Charge) bool {
			return c.ID == id && !r.lists(c) && !isOf(names, c) && !has(claimed, id)
		})
	})
}

// takeBack takes out of Taken what neither the charges for our servers nor the cart's total tell, if
// that is exactly what charges for other servers say that are listed now: the balance had lost it for
// those. It need not have, so that what was taken later is not certain. It returns what it took.
func (r *Record) takeBack(others decimal.Decimal, currency string) decimal.Decimal {
	told := r.charged()
	if r.Confirms <= 1 && r.CartTotal != nil && (told == nil || told.Currency == r.CartTotal.Currency && told.Amount.LessThan(r.CartTotal.Amount)) {
		told = r.CartTotal
	}
	if told == nil || r.Taken == nil || r.Taken.Currency != currency || told.Currency != currency || !others.IsPositive() ||
		!r.Taken.Amount.Sub(told.Amount).Equal(others) {
		return decimal.Zero
	}
	r.Taken, r.Unseen = told, true
	return others
}

// doubtful returns what of a loss of the balance since the last look is to be seen once more: what
// no charges tell, and the look before has not seen. listed: they were read in this look. What a
// rival may have taken stays in doubt.
func (r *Record) doubtful(lost decimal.Decimal, listed, rival bool) decimal.Decimal {
	untold := lost.Sub(r.Counted.Ahead)
	if sum := r.charged(); listed && sum != nil && sum.Currency == r.Taken.Currency && !sum.Amount.LessThan(r.Taken.Amount) {
		untold = untold.Add(r.Taken.Amount).Sub(sum.Amount)
	}
	if !rival {
		untold = untold.Sub(r.Counted.Doubt)
	}
	return decimal.Max(untold, decimal.Zero)
}

// took counts what the balance has lost more. Taken is what it has lost in all, or what the
// charges for our servers say together, whichever is more: either can come late.
func (r *Record) took(more decimal.Decimal) {
	sum := r.charged()
	if r.Taken == nil {
		r.believeCharges()
		return
	}
	lost := r.Taken.Amount.Sub(r.Counted.Ahead).Add(more)
	is := zomro.Money{Amount: lost, Currency: r.Taken.Currency}
	switch {
	case sum != nil && sum.Currency == is.Currency:
		is.Amount = decimal.Max(lost, sum.Amount)
	case !more.IsNegative(): // what the charges said once, and cannot be read
		is.Amount = decimal.Max(lost, r.Taken.Amount)
	}
	r.Counted.Ahead = is.Amount.Sub(lost)
	if !is.Amount.Equal(r.Taken.Amount) {
		r.Taken = &is
	}
}

// wasMisread reports whether a balance that has risen by so much since the payment is now what
// the cart's total leaves of it: the reading that told of a larger loss was wrong.
func (r *Record) wasMisread(more decimal.Decimal) bool {
	return more.IsNegative() && r.Bought == r.count() && r.Confirms <= 1 && r.charged() == nil && r.MoreThanAgreed() &&
		r.CartTotal != nil && r.CartTotal.Currency == r.Taken.Currency && r.Taken.Amount.Add(more).Equal(r.CartTotal.Amount)
}

// read returns the charges of an answer, nil if they could not be read.
func read(a Answered) []zomro.Charge {
	if a.Failure != nil {
		return nil
	}
	return append([]zomro.Charge{}, a.Charges...)
}

// takenForOthers returns what, by the charges, was taken for servers that are not
// ours, or for ours by another purchase, which claims them; false: that cannot be told.
// fresh are servers that were not there before paying.
func (r *Record) takenForOthers(charges []zomro.Charge, claimed []string, fresh []zomro.Service, currency string) (sum decimal.Decimal, known bool) {
	names := r.theirs(fresh)
	for _, c := range charges {
		if !has(claimed, c.ID) && !isOf(names, c) {
			continue
		}
		if c.Amount == nil || c.Amount.Currency != currency {
			return sum, false
		}
		sum = sum.Add(c.Amount.Amount)
	}
	return sum, true
}

// theirs are the names of servers that are not ours: of those before paying, of those that were new
// after it, which may be deleted by now, and of fresh.
func (r *Record) theirs(fresh []zomro.Service) (names []string) {
	if r.Before != nil {
		for _, s := range r.Before.Services {
			if !r.goods().called(r, s.Name) {
				names = append(names, s.Name)
			}
		}
	}
	if r.Evidence != nil {
		fresh = slices.Concat(r.Evidence.New, fresh)
	}
	for _, s := range fresh {
		if !r.IsOurs(s) {
			names = append(names, s.Name, s.ServerName)
		}
	}
	return names
}

// isOf reports whether a charge bears one of the names.
func isOf(names []string, c zomro.Charge) bool {
	return c.Name != "" && slices.ContainsFunc(names, func(name string) bool { return strings.EqualFold(name, c.Name) })
}

// closing takes in a look at the money of what was paid. What cannot be read is tried
// again for a while; then the count stays as it was, and that is said.
func (r *Record) closing(a Answered, now time.Time) {
	c := *r.Closing
	c.Asked = false
	r.Closing = &c
	poor := a.Failure != nil && a.Failure.Kind != zomro.Refused ||
		a.Call == CallBalance && r.halfRead(a.Balance)
	if poor && c.Tries < len(retries) && (c.Last || now.Sub(r.PaidAt) < late) {
		c.At = now.Add(retries[c.Tries])
		c.Tries++
		return
	}
	c.Tries = 0
	switch a.Call {
	case CallServices:
		c.Services, c.Due = a.Services, CallBalance
		if c.Last {
			c.Due = CallCharges
		}
		if ours := r.ours(a.Services); a.Failure == nil && len(ours) > len(r.Services) && len(r.Services) > 0 {
			r.Services = ours // more were sold than were ordered
		}
		return
	case CallBalance:
		c.Balance, c.Rival, c.Due = a.Balance, a.Rival, CallCharges
		return
	default: // CallCharges, the last
	}
	a.Rival = c.Rival
	seen := r.countOn(c.Balance, c.Services, a, now)
	if !c.Last && r.Counted != nil && !r.Counted.Doubt.IsZero() && now.Sub(r.PaidAt) < late {
		r.Closing = &Closing{Due: CallServices, At: now.Add(between)}
		return
	}
	if c.Last {
		seen = a.Failure == nil
	} else if r.Counted != nil {
		seen = seen && r.Counted.Doubt.IsZero()
	}
	r.Unseen = r.Unseen || r.Taken != nil && !seen
	r.Closing = nil
	if end := r.Sent.Add(late); !c.Last && r.Counted != nil && r.Counted.Charges != nil && now.Before(end) {
		r.Closing = &Closing{Due: CallServices, At: end, Last: true}
		return
	}
	r.teachTakenLater(c.Last && a.Failure == nil)
}

// halfRead reports whether a balance was read without the credit when it must be
// compared with one read with it, or the other way round.
func (r *Record) halfRead(balance *zomro.Balance) bool {
	return balance != nil && r.Counted != nil && r.Counted.Balance != nil && r.Counted.Credit != (balance.Credit != nil)
}

// believeCharges takes what the vendor's charges for our servers say together where
// they say more than the balance has lost, or the balance says nothing.
func (r *Record) believeCharges() {
	sum, least := r.charged(), r.Taken
	if least == nil && r.Confirms <= 1 {
		least = r.CartTotal // anything less is a part
	}
	if sum != nil && least != nil && least.Currency == sum.Currency && !sum.Amount.LessThan(least.Amount) {
		c := *r.Counted
		if c.Ahead = c.Ahead.Add(sum.Amount); r.Taken != nil {
			c.Ahead = c.Ahead.Sub(r.Taken.Amount)
		}
		r.Taken, r.Counted = sum, &c
	}
}

// charged is what the vendor's charges for our servers say together; nil: that cannot be told,
// or there are none.
func (r *Record) charged() *zomro.Money {
	var sum zomro.Money
	for i, c := range r.Charges {
		switch {
		case c.Amount == nil, i > 0 && c.Amount.Currency != sum.Currency:
			return nil
		case i == 0:
			sum = *c.Amount
		default:
			sum.Amount = sum.Amount.Add(c.Amount.Amount)
		}
	}
	if len(r.Charges) == 0 {
		return nil
	}
	return &sum
}
