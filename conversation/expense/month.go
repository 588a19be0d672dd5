package expense

import (
	"cmp"
	"slices"
	"time"

	"zomrobot/zomro"
)

// Months is how many months are looked at, with the one that is not over.
const Months = 12

// Since is the first day of the months that are looked at.
func Since(now time.Time) time.Time { return firstOf(now).AddDate(0, 1-Months, 0) }

// firstOf is the first day of a month.
func firstOf(day time.Time) time.Time {
	return time.Date(day.UTC().Year(), day.UTC().Month(), 1, 0, 0, 0, 0, time.UTC)
}

// sum is an amount in each of several currencies: they are never added.
type sum []zomro.Money

// plus adds an amount.
func (s sum) plus(m zomro.Money) sum {
	i := slices.IndexFunc(s, func(have zomro.Money) bool { return have.Currency == m.Currency })
	if i < 0 {
		return append(s, m)
	}
	s = slices.Clone(s)
	s[i].Amount = s[i].Amount.Add(m.Amount)
	return s
}

// month is what a month cost.
type month struct {
	first   time.Time
	total   sum
	tax     sum
	shares  []share // by server, the most expensive first
	strange []Row   // what nothing explains
	beyond  sum     // what those cost
	stored  int     // charges that are likely for copies
	storage sum     // what those cost
	unread  int     // charges whose amount cannot be read
}

// share is what a server cost in a month.
type share struct {
	owner
	sum  sum
	gone time.Time // when the server was deleted through the bot; zero: it was not
}

// owner is what a share is of.
type owner struct {
	name    string
	storage bool // all copies together; they have no name
}

// monthOf adds up the charges of a month. What the vendor's calendar has in a later one
// than the current is of the current one: its day begins before ours.
func monthOf(first, current time.Time, rows []Row) month {
	m := month{first: first}
	for _, row := range rows {
		of := firstOf(row.Day)
		if of.After(current) {
			of = current
		}
		if row.Day.IsZero() || !of.Equal(first) {
			continue
		}
		if row.By == "" {
			m.strange = append(m.strange, row)
		}
		if row.Amount == nil {
			m.unread++
			continue
		}
		m.total = m.total.plus(*row.Amount)
		if row.Tax != nil && !row.Tax.Amount.IsZero() {
			m.tax = m.tax.plus(*row.Tax)
		}
		if row.By == "" {
			m.beyond = m.beyond.plus(*row.Amount)
		}
		if row.By == ByStorage {
			m.stored++
			m.storage = m.storage.plus(*row.Amount)
		}
		m.share(ownerOf(row), row.Gone, *row.Amount)
	}
	slices.SortStableFunc(m.shares, func(a, b share) int { return dearer(b.sum, a.sum) })
	return m
}

// ownerOf is whose costs a charge is among.
func ownerOf(row Row) owner {
	if row.By == ByStorage {
		return owner{storage: true}
	}
	return owner{name: cmp.Or(row.Server, row.Name)}
}

// share adds an amount to one of the shares.
func (m *month) share(of owner, gone time.Time, amount zomro.Money) {
	i := slices.IndexFunc(m.shares, func(s share) bool { return s.owner == of })
	if i < 0 {
		i = len(m.shares)
		m.shares = append(m.shares, share{owner: of})
	}
	m.shares[i].sum = m.shares[i].sum.plus(amount)
	if gone.After(m.shares[i].gone) {
		m.shares[i].gone = gone
	}
}

// dearer compares two sums; those of other currencies are as they come.
func dearer(a, b sum) int {
	if len(a) != 1 || len(b) != 1 || a[0].Currency != b[0].Currency {
		return cmp.Compare(len(a), len(b))
	}
	return a[0].Amount.Cmp(b[0].Amount)
}

// whole reports whether all charges of a month are among those that were read, if all from
// a day on are.
func whole(first, from time.Time) bool { return !from.After(first) }
