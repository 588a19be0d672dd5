package zomro

import (
	"github.com/shopspring/decimal"
)

// SpendingOf adds up what services cost, a month having 365/12 days. Deleted ones cost
// nothing.
func SpendingOf(services []Service) Spending {
	var all Spending
	for _, s := range services {
		if s.Status != StatusDeleted {
			all.Add(s)
		}
	}
	return all
}

// DaysPerMonth is the length of a month on average.
var DaysPerMonth = decimal.NewFromInt(365).Div(decimal.NewFromInt(12))

// PerDayAndMonth is what a server costs, rounded to cents; false: the vendor's
// text cannot be read.
func PerDayAndMonth(s Service) (day, month Money, ok bool) {
	cost, period, ok := s.Price()
	if !ok {
		return day, month, false
	}
	day, month = cost, cost
	if months := period.Months(); months == 0 {
		month.Amount = cost.Amount.Mul(DaysPerMonth).Round(2)
	} else {
		exact := cost.Amount.Div(decimal.NewFromInt(months))
		day.Amount, month.Amount = exact.Div(DaysPerMonth).Round(2), exact.Round(2)
	}
	return day, month, true
}

// Spending adds up what servers cost.
type Spending struct {
	Day, Month Money
	Count      int // whose price is in the sum
	Unread     int // whose price cannot be read, or is in another currency
}

// Add adds a service.
func (sp *Spending) Add(s Service) {
	day, month, ok := PerDayAndMonth(s)
	if !ok || sp.Count > 0 && day.Currency != sp.Day.Currency {
		sp.Unread++
		return
	}
	sp.Count++
	sp.Day = Money{Amount: sp.Day.Amount.Add(day.Amount), Currency: day.Currency}
	sp.Month = Money{Amount: sp.Month.Amount.Add(month.Amount), Currency: month.Currency}
}
