package order

import (
	"github.com/shopspring/decimal"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/zomro"
)

// periods are the periods that the order call takes [A].
var periods = []zomro.Period{zomro.Day, zomro.Month, zomro.Quarter, zomro.HalfYear, zomro.Year}

// What prices of different periods are compared by.
var (
	daysOfMonth  = decimal.NewFromInt(30)
	daysOfYear   = decimal.NewFromInt(365)
	monthsOfYear = decimal.NewFromInt(12)
	hundred      = decimal.NewFromInt(100)
)

// months returns how many months a period has; zero for a day.
func months(p zomro.Period) decimal.Decimal {
	switch p {
	case zomro.Month:
		return decimal.NewFromInt(1)
	case zomro.Quarter:
		return decimal.NewFromInt(3)
	case zomro.HalfYear:
		return decimal.NewFromInt(6)
	case zomro.Year:
		return monthsOfYear
	default:
		return decimal.Zero
	}
}

// perMonth is what a month costs at a price; at a price by the day, thirty days.
func perMonth(p zomro.Price) decimal.Decimal {
	if n := months(p.Period); n.IsPositive() {
		return p.Cost.Amount.Div(n)
	}
	return p.Cost.Amount.Mul(daysOfMonth)
}

// cents rounds an amount to what can be paid.
func cents(amount decimal.Decimal, currency string) zomro.Money {
	return zomro.Money{Amount: amount.Round(2), Currency: currency}
}

// after is how long a period is: "one month".
func after(p zomro.Period) chat.Phrase {
	switch p {
	case zomro.Month:
		return chat.Say("period.after_month")
	case zomro.Quarter:
		return chat.Say("period.after_quarter")
	case zomro.HalfYear:
		return chat.Say("period.after_half")
	case zomro.Year:
		return chat.Say("period.after_year")
	default:
		return conversation.PeriodName(p)
	}
}

func askPeriod(v *conversation.View) {
	v.Line(chat.Say("ask.period"))
	if v.Draft.Plan == nil {
		return
	}
	offered := false
	for i, p := range periods {
		if cost, ok := v.Draft.Plan.Price(p); ok {
			if !offered {
				v.Gap()
			}
			v.Line(periodLine(*v.Draft.Plan, zomro.Price{Period: p, Cost: cost}))
			v.Row(v.Option(chat.Say("button.period", "Period", conversation.PeriodName(p), "Price", cost), v.Draft.Period == p, conversation.VerbPick, i))
			offered = true
		}
	}
	if !offered {
		v.Line(chat.Say("ask.period_none"))
	}
}

// periodLine says what a period costs by the day, the month and the year, and
// what it saves.
func periodLine(plan zomro.Plan, p zomro.Price) chat.Phrase {
	currency := p.Cost.Currency
	month := perMonth(p)
	day, year := cents(month.Div(daysOfMonth), currency), cents(month.Mul(monthsOfYear), currency)
	saves := saved(plan, p)
	switch p.Period {
	case zomro.Day:
		return chat.Say("period.day", "Cost", p.Cost, "Month", cents(month, currency), "Year", cents(p.Cost.Amount.Mul(daysOfYear), currency))
	case zomro.Month:
		return chat.Say("period.month", "Cost", p.Cost, "Day", day, "Year", year, "Saves", saves)
	case zomro.Year:
		return chat.Say("period.year", "Cost", p.Cost, "Day", day, "Month", cents(month, currency), "Saves", saves)
	default:
		return chat.Say("period.months", "Period", conversation.PeriodName(p.Period), "Cost", p.Cost, "Day", day, "Month", cents(month, currency), "Year", year, "Saves", saves)
	}
}

// saved says what a period saves compared with paying by the day and by the month,
// as far as the plan has these prices.
func saved(plan zomro.Plan, p zomro.Price) chat.Phrase {
	month := perMonth(p)
	byDay, daily := plan.Price(zomro.Day)
	byMonth, monthly := plan.Price(zomro.Month)
	daily = daily && byDay.Currency == p.Cost.Currency && byDay.Amount.IsPositive()
	monthly = monthly && byMonth.Currency == p.Cost.Currency && p.Period != zomro.Month
	percent := 0
	if daily {
		full := byDay.Amount.Mul(daysOfMonth)
		percent = int(full.Sub(month).Div(full).Mul(hundred).Round(0).IntPart())
	}
	less := zomro.Money{Currency: p.Cost.Currency}
	if monthly {
		less.Amount = byMonth.Amount.Mul(months(p.Period)).Sub(p.Cost.Amount)
	}
	switch {
	case percent > 0 && less.Amount.IsPositive():
		return chat.Say("period.saves_both", "Percent", percent, "Less", less)
	case monthly && less.Amount.IsZero():
		return chat.Say("period.saves_no_more")
	case percent > 0:
		return chat.Say("period.saves_day", "Percent", percent)
	case less.Amount.IsPositive():
		return chat.Say("period.saves_month", "Less", less)
	case daily || monthly:
		return chat.Say("period.saves_nothing")
	default:
		return chat.Say("period.alone")
	}
}

func pressPeriod(t *conversation.Turn, verb string, n int) bool {
	dr := t.Dialogue.Draft
	if verb != conversation.VerbPick || n < 0 || n >= len(periods) || dr.Plan == nil {
		return false
	}
	if _, ok := dr.Plan.Price(periods[n]); !ok {
		return false
	}
	dr.Period = periods[n]
	t.Forward()
	return true
}
