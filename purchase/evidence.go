package purchase

import (
	"slices"
	"time"

	"zomrobot/zomro"
)

// Finding is what evidence says about a call whose outcome is not known.
type Finding string

// The verdicts.
const (
	Done    Finding = "done"
	NotDone Finding = "not_done"
	Ordered Finding = "ordered" // CallConfirm: the vendor has the order, and has taken nothing for it
	Unclear Finding = "unclear"
)

// ItemFact is what the cart says about our line items.
type ItemFact string

// Where our line items are.
const (
	ItemInCart   ItemFact = "in_cart"
	ItemSome     ItemFact = "some" // some of the several items of one order have left the cart
	ItemGone     ItemFact = "gone"
	ItemNotKnown ItemFact = "not_known" // the cart cannot be read, or the line item has no id yet
)

// AddedFact is what the cart says about items that may be ours but whose ids are
// not known.
type AddedFact string

// What is in the cart that was not there before adding.
const (
	AddedNone     AddedFact = "none"
	AddedOne      AddedFact = "one"       // what can be the order: one item, or as many equal ones as servers, each with one id, that cost no more than was agreed
	AddedOther    AddedFact = "other"     // something else, a row with two ids, a higher price, or the cart could not be read before adding
	AddedNotKnown AddedFact = "not_known" // the cart cannot be read
)

// TotalFact is what our item costs now compared with before the promo call.
type TotalFact string

// How the price has moved.
const (
	TotalLower    TotalFact = "lower"
	TotalSame     TotalFact = "same"
	TotalHigher   TotalFact = "higher"
	TotalNotKnown TotalFact = "not_known" // one of the two cannot be read, or they are in two currencies
)

// ServicesFact is what the list of services says compared with the snapshot.
type ServicesFact string

// Which services are new. Ours are those with the order's name, which carries the
// purchase's id or belonged to no other server of the account.
const (
	ServicesNone     ServicesFact = "none"      // there is no new one
	ServicesOurs     ServicesFact = "ours"      // as many of ours are new as the items that have left the cart stand for
	ServicesUnpaid   ServicesFact = "unpaid"    // the same, and the vendor says of each that it is only ordered
	ServicesOther    ServicesFact = "other"     // there are new ones, and it is not certain that they are ours, or all of ours
	ServicesNotKnown ServicesFact = "not_known" // the list cannot be read, or there is no snapshot
)

// BalanceFact is what the balance says compared with the snapshot.
type BalanceFact string

// How the balance has moved.
const (
	BalanceSame     BalanceFact = "same"
	BalanceDropped  BalanceFact = "dropped"   // by the price at least, not counting charges for other servers; by anything if the price is not known
	BalanceOther    BalanceFact = "other"     // by less than the price, or it grew
	BalanceFree     BalanceFact = "free"      // the cart says that there is nothing to pay, and nothing was taken
	BalanceNotKnown BalanceFact = "not_known" // one of the two cannot be read, or they cannot be compared
)

// ChargesFact is what the list of charges says compared with the snapshot [F].
type ChargesFact string

// Which charges are new. The absence of one proves nothing, for it is not known
// when the vendor writes one.
const (
	ChargesNone     ChargesFact = "none"
	ChargesNew      ChargesFact = "new" // it is not certain what for
	ChargesNotKnown ChargesFact = "not_known"
)

// OrdersFact is what the list of unpaid orders says compared with the snapshot [F].
type OrdersFact string

// Which orders are new in it.
const (
	OrdersNone     OrdersFact = "none"
	OrdersNew      OrdersFact = "new"  // of other servers
	OrdersOurs     OrdersFact = "ours" // one of the new servers that are ours is in it
	OrdersNotKnown OrdersFact = "not_known"
)

// Evidence is what was found out about a call whose outcome is not known: the
// facts that [Judge] judges by, and what they were taken from, to be shown.
type Evidence struct {
	Of      Call      `json:"of"`
	At      time.Time `json:"at"`                // of the last look
	Verdict Finding   `json:"verdict,omitempty"` // of the last whole look
	InARow  int       `json:"inARow,omitempty"`  // whole looks in a row with this verdict

	Added    AddedFact    `json:"added,omitempty"`    // CallAdd
	Item     ItemFact     `json:"item,omitempty"`     // CallPromo, CallConfirm
	Total    TotalFact    `json:"total,omitempty"`    // CallPromo
	Services ServicesFact `json:"services,omitempty"` // CallConfirm
	Balance  BalanceFact  `json:"balance,omitempty"`  // CallConfirm
	Charges  ChargesFact  `json:"charges,omitempty"`  // CallConfirm
	Orders   OrdersFact   `json:"orders,omitempty"`   // CallConfirm

	Cart       *zomro.Cart         `json:"cart,omitempty"`   // as read; nil: it could not be
	New        []zomro.Service     `json:"new,omitempty"`    // services that were not there before; without a snapshot, those that can be ours
	Theirs     []Sold              `json:"theirs,omitempty"` // of New, those that other purchases have: said, but no fact
	Was        *zomro.Money        `json:"was,omitempty"`    // spendable, before
	Now        *zomro.Money        `json:"now,omitempty"`    // spendable, at the last look
	NewCharges []zomro.Charge      `json:"newCharges,omitempty"`
	Claimed    []string            `json:"claimed,omitempty"` // of NewCharges, the ids of those that other purchases claim
	Rival      bool                `json:"rival,omitempty"`   // another purchase may have taken what the balance has lost
	NewOrders  []zomro.UnpaidOrder `json:"newOrders,omitempty"`
	Rows       int                 `json:"rows,omitempty"` // CallConfirm: how many of our items the services stand for
}

// Buyer returns the other purchase that has a service; empty: none is known.
func (e Evidence) Buyer(s zomro.Service) string {
	return buyer(e.Theirs, s)
}

func buyer(all []Sold, s zomro.Service) string {
	for _, sold := range all {
		if sold.Service == s.ID {
			return sold.Purchase
		}
	}
	return ""
}

// unsold are the new services that no other purchase has.
func (e Evidence) unsold() []zomro.Service {
	return slices.DeleteFunc(slices.Clone(e.New), func(s zomro.Service) bool { return e.Buyer(s) != "" })
}

// Judge says what the facts mean. Its tables are in docs/purchase.md. What is not
// certain is Unclear; that a service is the newest counts for nothing.
func Judge(e Evidence) Finding {
	switch e.Of {
	case CallAdd:
		switch e.Added {
		case AddedOne:
			return Done
		case AddedNone:
			return NotDone
		default:
			return Unclear
		}
	case CallPromo:
		switch {
		case e.Item == ItemInCart && e.Total == TotalLower:
			return Done
		case e.Item == ItemInCart && e.Total == TotalSame:
			return NotDone
		default:
			return Unclear
		}
	case CallConfirm:
		return judgeConfirm(e)
	default:
		return Unclear
	}
}

// judgeConfirm believes a payment that the services and the balance show, even
// where the cart, which can be stale, still lists the item. It believes that
// nothing was paid only where nothing at all suggests a payment.
func judgeConfirm(e Evidence) Finding {
	still := e.Balance == BalanceSame || e.Balance == BalanceFree
	switch {
	case e.Orders == OrdersOurs && e.Services != ServicesUnpaid:
		return Unclear
	case e.Services == ServicesOurs && e.Balance == BalanceDropped,
		e.Services == ServicesOurs && e.Balance == BalanceFree && e.Item == ItemGone:
		return Done
	case e.Services == ServicesUnpaid && still && e.Item != ItemInCart &&
		(e.Orders == OrdersOurs || e.Orders == OrdersNotKnown) && e.Charges != ChargesNew:
		return Ordered
	case e.Services == ServicesNone && still && e.Item == ItemInCart &&
		e.Charges != ChargesNew && e.Orders != OrdersNew:
		return NotDone
	default:
		return Unclear
	}
}
