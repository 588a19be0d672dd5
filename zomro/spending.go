package zomro

import (
	"github.com/shopspring/decimal"
)

// DailyCost adds up what services cost a day, a month having 365/12 days;
// false: there are none, or not every price can be read.
func DailyCost(services []Service) (Money, bool) {
	var all Spending
	for _, s := range services {
		if s.Status != StatusDeleted {
			all.Add(s)
		}
	}
	return all.Day, all.Count > 0 && !all.Unread
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
	if period == Day {
		month.Amount = cost.Amount.Mul(DaysPerMonth).Round(2)
	} else {
		day.Amount = cost.Amount.Div(DaysPerMonth).Round(2)
	}
	return day, month, true
}

// Spending adds up what servers cost.
type Spending struct {
	Day, Month Money
	Count      int
	Unread     bool // a price cannot be read, or is in another currency
}

// Add adds a service.
func (sp *Spending) Add(s Service) {
	day, month, ok := PerDayAndMonth(s)
	if !ok || sp.Count > 0 && day.Currency != sp.Day.Currency {
		sp.Unread = true
		return
	}
	sp.Count++
	sp.Day = Money{Amount: sp.Day.Amount.Add(day.Amount), Currency: day.Currency}
	sp.Month = Money{Amount: sp.Month.Amount.Add(month.Amount), Currency: month.Currency}
}
