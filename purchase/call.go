package purchase

// Call is one call to the vendor that a purchase makes.
type Call string

// The calls of a purchase.
const (
	CallServices Call = "services" // reads the list of services
	CallBalance  Call = "balance"  // reads the balance
	CallCart     Call = "cart"     // reads the cart
	CallCharges  Call = "charges"  // reads the newest charges
	CallOrders   Call = "orders"   // reads what is ordered and not paid
	CallAdd      Call = "add"      // writes: puts the order into the cart
	CallPromo    Call = "promo"    // writes: applies Record.Promo to the cart
	CallConfirm  Call = "confirm"  // writes: pays Record.LineItem from the balance
	CallRemove   Call = "remove"   // writes: takes Record.CartRow out of the cart
	CallEmpty    Call = "empty"    // writes: empties the cart
)

// Writes reports whether the call changes something at the vendor.
func (c Call) Writes() bool {
	switch c {
	case CallAdd, CallPromo, CallConfirm, CallRemove, CallEmpty:
		return true
	default:
		return false
	}
}

// Spends reports whether the call takes money.
func (c Call) Spends() bool { return c == CallConfirm }
