package conversation

import (
	"zomrobot/chat"
	"zomrobot/zomro"
)

// PeriodName is a period in words.
func PeriodName(p zomro.Period) chat.Phrase {
	switch p {
	case zomro.Day:
		return chat.Say("button.period_day")
	case zomro.Month:
		return chat.Say("button.period_month")
	case zomro.Quarter:
		return chat.Say("button.period_quarter")
	case zomro.HalfYear:
		return chat.Say("button.period_half")
	case zomro.Year:
		return chat.Say("button.period_year")
	default:
		return Plain(string(p))
	}
}

// LengthOf names how long a period is.
func LengthOf(p zomro.Period) chat.Phrase {
	switch p {
	case zomro.Day:
		return chat.Say("period.length_day")
	case zomro.Month:
		return chat.Say("period.length_month")
	case zomro.Year:
		return chat.Say("period.length_year")
	default:
		return PeriodName(p)
	}
}

// Missing is how much more is needed than there is.
func Missing(need, have zomro.Money) zomro.Money {
	return zomro.Money{Amount: need.Amount.Sub(have.Amount), Currency: need.Currency}
}
