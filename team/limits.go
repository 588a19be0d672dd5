package team

import (
	"strings"

	"zomrobot/zomro"
)

// Limits are how much may be spent, tax excluded; nil: no limit. Days and months
// are those of UTC.
type Limits struct {
	Purchase    *zomro.Money `json:"purchase,omitempty"`    // with one purchase
	PersonDay   *zomro.Money `json:"personDay,omitempty"`   // by one person in a day
	PersonMonth *zomro.Money `json:"personMonth,omitempty"` // by one person in a month
	TeamMonth   *zomro.Money `json:"teamMonth,omitempty"`   // by all in a month
	// Refuse: an order above a limit is refused. Otherwise it needs at least one
	// approval.
	Refuse bool `json:"refuse,omitempty"`
}

// Limit names one of the [Limits].
type Limit string

// The limits.
const (
	LimitPurchase    Limit = "purchase"
	LimitPersonDay   Limit = "person_day"
	LimitPersonMonth Limit = "person_month"
	LimitTeamMonth   Limit = "team_month"
)

// AllLimits returns the names of all limits, from the narrowest.
func AllLimits() []Limit {
	return []Limit{LimitPurchase, LimitPersonDay, LimitPersonMonth, LimitTeamMonth}
}

// Of returns the limit of that name; nil: it is not set.
func (l Limits) Of(limit Limit) *zomro.Money {
	switch limit {
	case LimitPurchase:
		return l.Purchase
	case LimitPersonDay:
		return l.PersonDay
	case LimitPersonMonth:
		return l.PersonMonth
	default:
		return l.TeamMonth
	}
}

// With returns the limits with the limit of that name replaced; nil: it is not set.
func (l Limits) With(limit Limit, most *zomro.Money) Limits {
	switch limit {
	case LimitPurchase:
		l.Purchase = most
	case LimitPersonDay:
		l.PersonDay = most
	case LimitPersonMonth:
		l.PersonMonth = most
	default:
		l.TeamMonth = most
	}
	return l
}

// String returns the limits as books show them: "purchase 50 EUR, team_month 200
// EUR, else refused".
func (l Limits) String() string {
	var parts []string
	for _, limit := range AllLimits() {
		if most := l.Of(limit); most != nil {
			parts = append(parts, string(limit)+" "+most.Amount.String()+" "+most.Currency)
		}
	}
	if len(parts) == 0 {
		return "none"
	}
	if l.Refuse {
		return strings.Join(append(parts, "else refused"), ", ")
	}
	return strings.Join(append(parts, "else approved"), ", ")
}
