package trial

// Call is one call to the vendor that a trial makes.
type Call string

// The calls of a trial.
const (
	CallAround   Call = "around"   // reads what conditions and prices rest on: balance, cart, price lists, order forms
	CallSurvey   Call = "survey"   // reads all that is read, and holds it against what the client expects
	CallOldList  Call = "old-list" // asks whether v2.instances is a list
	CallServices Call = "services"
	CallBalance  Call = "balance"
	CallCart     Call = "cart"
	CallCharges  Call = "charges"
	CallOrders   Call = "orders"

	CallAdd       Call = "add"        // writes: puts Goods[0] into the cart
	CallAddTwo    Call = "add-two"    // writes: the same with a count of 2
	CallAddSecond Call = "add-second" // writes: puts Goods[1] into the cart
	CallAddButton Call = "add-button" // writes: as CallAdd, with clicked_button
	CallAddBad    Call = "add-bad"    // writes: an order with a field that cannot be
	CallBadPromo  Call = "bad-promo"  // writes: applies a code that nobody has
	CallPromo     Call = "promo"      // writes: applies Run.Code
	CallRemove    Call = "remove"     // writes: takes a row of its own out of the cart, by its id
	CallRemoveBy  Call = "remove-by"  // writes: the same, in the field elid
	CallConfirm   Call = "confirm"    // writes: pays, and is made only where there is certainly too little to pay with

	CallLogin  Call = "login"  // begins a session of its own
	CallKeep   Call = "keep"   // asks whether that session lives
	CallLogout Call = "logout" // ends it
)

// Writes reports whether the call changes something at the vendor that others see.
func (c Call) Writes() bool {
	switch c {
	case CallAddBad, CallBadPromo, CallPromo, CallRemove, CallRemoveBy, CallConfirm:
		return true
	default:
		return c.Adds()
	}
}

// Announced reports whether a call is on disk, by [Calling], before it is made. Others are
// made again after a crash.
func (c Call) Announced() bool {
	return c.Writes() || c == CallLogin || c == CallKeep || c == CallLogout
}

// Adds reports whether the call puts something into the cart.
func (c Call) Adds() bool {
	return c == CallAdd || c == CallAddTwo || c == CallAddSecond || c == CallAddButton
}

// Fills reports whether the call may put something into the cart, if only by mistake.
func (c Call) Fills() bool { return c.Adds() || c == CallAddBad }

// rows is how many rows a call puts into the cart at most.
func (c Call) rows() int {
	if c == CallAddTwo {
		return 2
	}
	return 1
}

// Cleans reports whether the call takes something back. It is never held up.
func (c Call) Cleans() bool { return c == CallRemove || c == CallRemoveBy }

// Move is a call with what its answer is to show.
type Move struct {
	Call Call `json:"call"`
	As   As   `json:"as,omitempty"`
}

// As is what an answer is to show; "": it is only kept.
type As string
