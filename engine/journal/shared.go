package journal

import (
	"github.com/shopspring/decimal"

	"zomrobot/conversation/bill"
	"zomrobot/purchase"
	"zomrobot/zomro"
)

// Shared is what a group sees of its purchase: nothing that tells how much there is
// on the account. What was left out its holder is told in private.
func Shared(v bill.Purchase) bill.Purchase {
	v.Problem = v.Problem.Withhold()
	if q := v.Question; q != nil && q.Kind != purchase.AskItem && len(q.Items) > 0 {
		asked := *q
		asked.Others, asked.Items = len(q.Items), nil // what somebody has put there is theirs
		v.Question = &asked
	}
	if len(v.Astray) > 0 {
		v.Astray = make([]zomro.CartItem, len(v.Astray)) // likewise
	}
	if t := v.Taken; t != nil && (t.Currency != v.Order.Total.Currency || t.Amount.GreaterThan(v.Order.Total.Amount.Mul(mostTax))) {
		v.Taken = nil // what the balance has lost besides is no tax
		v.Withheld = v.MoreThanAgreed
	}
	if q := v.Question; q != nil && q.Kind == purchase.AskFunds {
		asked := *q
		asked.Was, asked.Now = v.Price, nil // what the vendor says is needed may be what is missing
		if asked.Was == nil {
			asked.Was = &v.Order.Total
		}
		v.Question = &asked
	}
	return v
}

// mostTax is by how much what was taken may be above what was agreed to and is
// told to a group: more is hardly a tax, and may tell what there was.
var mostTax = decimal.RequireFromString("1.5")
