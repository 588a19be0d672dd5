package purchase

import (
	"slices"
	"time"

	"zomrobot/zomro"
)

// Neighbours are rows of the cart that may stand beside what is bought: whoever opened the
// purchase has put them there, and has agreed to the price of the whole cart. They are not
// asked about. Beside them nothing else is accepted, and the cart is not emptied.
type Neighbours struct {
	Items []string    `json:"items"` // their line items; none: nothing may stand there
	Each  zomro.Money `json:"each"`  // what each of them may cost at most
	Most  zomro.Money `json:"most"`  // what the whole cart may cost at most
}

// has reports whether a row is one of the neighbours.
func (n *Neighbours) has(row zomro.CartItem) bool {
	return n != nil && slices.ContainsFunc(n.Items, row.Is)
}

// dearer gives a purchase up beside whose row the neighbours, or all together, cost more than
// was agreed to, or than can be seen, and reports whether it does.
func (r *Record) dearer(cart zomro.Cart, now time.Time) bool {
	n := r.Neighbours
	if n == nil || !slices.ContainsFunc(cart.Items, n.has) {
		return false
	}
	over := func(cost *zomro.Money, most zomro.Money) bool {
		return cost == nil || cost.Currency != most.Currency || cost.Amount.GreaterThan(most.Amount)
	}
	if !over(cart.Total, n.Most) && !slices.ContainsFunc(cart.Items, func(row zomro.CartItem) bool {
		return n.has(row) && over(row.Cost, n.Each)
	}) {
		return false
	}
	r.refuse(CodeDearer, now)
	return true
}
