package profile

// Way is what settles a fact that an experiment has left open.
type Way string

// The ways. Those that begin with Order are orders, which settle it as well as the experiment.
const (
	Again        Way = "again"         // the experiment once more
	WithRows     Way = "rows"          // the same, once there is something in the list
	WithPanel    Way = "panel"         // the same, with a plan in the panel's cart
	WithCode     Way = "code"          // the same, with a promo code that the vendor takes
	WithLittle   Way = "little"        // the same, with at most half of the price left after it
	Order        Way = "order"         // any order
	OrderSeveral Way = "order_several" // an order of several servers
	OrderBeside  Way = "order_beside"  // an order beside other rows in the cart
	OrderCode    Way = "order_code"    // an order with a promo code that does not exist
	OrderPoor    Way = "order_poor"    // an order for which the balance is too small
)

// ways are those of facts that neither the experiment alone nor any order settles.
var ways = map[Name]Way{
	PanelCart: WithPanel,

	CartFields: WithRows, ServerRows: WithRows, KeyRows: WithRows, ChargeRows: WithRows, OrderRows: WithRows, PaymentRows: WithRows,

	PromoNoCart: WithCode, PromoScope: WithCode, PromoTwice: WithCode, PromoKept: WithCode,

	ConfirmAgain: WithLittle,

	Rows: OrderSeveral, ConfirmScope: OrderBeside, PromoUnknown: OrderCode, PoorError: OrderPoor,
}

// Way says what settles the fact after its experiment has left it open.
func (f Fact) Way() Way {
	switch way, is := ways[f.Name]; {
	case is:
		return way
	case f.InUse:
		return Order
	default:
		return Again
	}
}
