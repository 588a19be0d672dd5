package team

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/zomro"
)

// Ledger is what a team has reserved, and what it has spent in this month and
// the last.
type Ledger struct {
	Expenses []Expense `json:"expenses,omitempty"`
}

// Expense is what one purchase costs.
type Expense struct {
	Purchase string      `json:"purchase"`
	Who      int64       `json:"who"`    // 0: not known
	Amount   zomro.Money `json:"amount"` // never negative
	At       time.Time   `json:"at"`     // of the payment; for a reservation, when it was made
	Spent    bool        `json:"spent,omitempty"`
}

// Reserve returns the ledger in which the amount is set aside for the purchase,
// in place of what was set aside for it before. What is spent stays as it is.
func (l Ledger) Reserve(purchase string, who int64, amount zomro.Money, now time.Time) Ledger {
	i := l.index(purchase)
	switch {
	case i < 0:
		return l.with(-1, Expense{Purchase: purchase, Who: who, Amount: amount, At: now.UTC()}, now)
	case l.Expenses[i].Spent:
		return l
	default:
		changed := l.Expenses[i]
		changed.Amount = amount
		return l.with(i, changed, now)
	}
}

// Spend returns the ledger in which the amount was paid for the purchase at that
// time. Without a reservation it is not known who spent it: it then counts only for
// the team.
func (l Ledger) Spend(purchase string, amount zomro.Money, at time.Time) Ledger {
	i := l.index(purchase)
	spent := Expense{Purchase: purchase}
	if i >= 0 {
		spent = l.Expenses[i]
	}
	spent.Amount, spent.At, spent.Spent = amount, at.UTC(), true
	return l.with(i, spent, at)
}

// Free returns the ledger in which nothing is set aside for the purchase. What
// is spent stays.
func (l Ledger) Free(purchase string) Ledger {
	l.Expenses = without(l.Expenses, func(e Expense) bool { return e.Purchase == purchase && !e.Spent })
	return l
}

// Used returns how much of a limit in that currency is used up at the time now,
// leaving out the purchase named by except: by the person, or for LimitTeamMonth by
// all; for LimitPurchase it is always zero. What is reserved always counts, for it
// will be paid sooner or later; what is spent counts in the UTC day or month of its
// payment. Amounts in other currencies are not counted.
func (l Ledger) Used(limit Limit, who int64, currency string, except string, now time.Time) zomro.Money {
	sum, _ := l.used(limit, who, currency, except, now)
	return sum
}

// used is Used, and also reports whether all that counts is in that one currency.
func (l Ledger) used(limit Limit, who int64, currency string, except string, now time.Time) (sum zomro.Money, one bool) {
	sum, one = zomro.Money{Amount: decimal.Zero, Currency: currency}, true
	if limit == LimitPurchase {
		return sum, one
	}
	from := month(now)
	if limit == LimitPersonDay {
		from = now.UTC().Truncate(24 * time.Hour)
	}
	for _, e := range l.Expenses {
		switch {
		case e.Purchase == except, limit != LimitTeamMonth && e.Who != who, e.Spent && e.At.Before(from):
		case e.Amount.Currency != currency:
			one = false
		default:
			sum.Amount = sum.Amount.Add(e.Amount.Amount)
		}
	}
	return sum, one
}

// Month returns what counts for the team in the current UTC month, each currency
// separately.
func (l Ledger) Month(now time.Time) []zomro.Money {
	var sums []zomro.Money
	seen := map[string]bool{}
	for _, e := range l.Expenses {
		if !seen[e.Amount.Currency] {
			seen[e.Amount.Currency] = true
			if sum := l.Used(LimitTeamMonth, 0, e.Amount.Currency, "", now); sum.Amount.IsPositive() {
				sums = append(sums, sum)
			}
		}
	}
	return sums
}

// Set returns the ledger in which an expense is what a book, at the time now, tells
// of it. Given every change in order, it comes to the same ledger as [Ledger.Reserve]
// and [Ledger.Spend].
func (l Ledger) Set(e Expense, now time.Time) Ledger {
	if e.Spent {
		now = e.At
	}
	return l.with(l.index(e.Purchase), e, now)
}

// index finds the purchase; -1: it is not there.
func (l Ledger) index(purchase string) int {
	return slices.IndexFunc(l.Expenses, func(e Expense) bool { return e.Purchase == purchase })
}

// with returns the ledger with an expense in place of the one at i, or after the
// last if i is -1, and without what was spent before the last month. The month is
// the current one, but no later than the newest of the other expenses: a single
// time far in the future makes it forget nothing.
func (l Ledger) with(i int, e Expense, now time.Time) Ledger {
	if e.Amount.Amount.IsNegative() {
		e.Amount.Amount = decimal.Zero
	}
	changed := slices.Clone(l.Expenses)
	if i < 0 {
		changed = append(changed, e)
	} else {
		changed[i] = e
	}
	if newest := newestBut(changed, e.Purchase); !newest.IsZero() && newest.Before(now) {
		now = newest
	}
	last := month(month(now).Add(-time.Hour))
	l.Expenses = without(changed, func(e Expense) bool { return e.Spent && e.At.Before(last) })
	return l
}

// newestBut returns the newest time of the expenses of other purchases.
func newestBut(list []Expense, purchase string) (newest time.Time) {
	for _, e := range list {
		if e.Purchase != purchase && e.At.After(newest) {
			newest = e.At
		}
	}
	return newest
}

// without returns a new list without those that must go.
func without(list []Expense, gone func(Expense) bool) []Expense {
	return slices.DeleteFunc(slices.Clone(list), gone)
}

// month returns the beginning of the time's month.
func month(t time.Time) time.Time {
	t = t.UTC()
	return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)
}
