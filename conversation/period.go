package conversation

import "zomrobot/zomro"

// periods are the periods that the order call takes [A].
var periods = []zomro.Period{zomro.Day, zomro.Month, zomro.Quarter, zomro.HalfYear, zomro.Year}

// periodName is a period in words.
func periodName(p zomro.Period) Phrase {
	switch p {
	case zomro.Day:
		return Say("button.period_day")
	case zomro.Month:
		return Say("button.period_month")
	case zomro.Quarter:
		return Say("button.period_quarter")
	case zomro.HalfYear:
		return Say("button.period_half")
	case zomro.Year:
		return Say("button.period_year")
	default:
		return plain(string(p))
	}
}

func askPeriod(v *view) {
	v.line(Say("ask.period"))
	if v.dr.Plan == nil {
		return
	}
	offered := false
	for i, p := range periods {
		if cost, ok := v.dr.Plan.Price(p); ok {
			v.row(v.option(Say("button.period", "Period", periodName(p), "Price", cost), v.dr.Period == p, verbPick, i))
			offered = true
		}
	}
	if !offered {
		v.line(Say("ask.period_none"))
	}
}

func pressPeriod(t *turn, verb string, n int) bool {
	dr := t.d.Draft
	if verb != verbPick || n < 0 || n >= len(periods) || dr.Plan == nil {
		return false
	}
	if _, ok := dr.Plan.Price(periods[n]); !ok {
		return false
	}
	dr.Period = periods[n]
	t.forward()
	return true
}
