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

// Function is the vendor's name for the call.
func (c Call) Function() string {
	switch c {
	case CallServices:
		return "instances"
	case CallBalance:
		return "dashboard.info"
	case CallCart:
		return "cart"
	case CallCharges:
		return "expense"
	case CallOrders:
		return "order"
	case CallAdd:
		return "v2.instances.order.param"
	case CallPromo:
		return "cart (apply_promocode)"
	case CallConfirm:
		return "cartorder.create.confirm"
	case CallRemove:
		return "cart (delete)"
	case CallEmpty:
		return "cart.empty"
	default:
		return ""
	}
}
