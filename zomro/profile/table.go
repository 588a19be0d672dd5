package profile

import "slices"

// Name names a fact.
type Name string

// The facts. What each asks is in docs/vendor.md and in the words of the locales.
const (
	LineItem      Name = "line-item"
	RemoveBy      Name = "remove-by"
	Rows          Name = "rows"
	Button        Name = "button"
	BadField      Name = "bad-field"
	CartTotal     Name = "cart-total"
	PanelCart     Name = "panel-cart"
	ListedInCart  Name = "listed-in-cart"
	PromoUnknown  Name = "promo-unknown"
	PromoNoCart   Name = "promo-no-cart"
	PromoScope    Name = "promo-scope"
	PromoTwice    Name = "promo-twice"
	PromoKept     Name = "promo-kept"
	PoorError     Name = "poor-error"
	PoorLeft      Name = "poor-left"
	ConfirmAnswer Name = "confirm-answer"
	ConfirmScope  Name = "confirm-scope"
	ConfirmAgain  Name = "confirm-again"
	Taken         Name = "taken"
	RowAfter      Name = "row-after"
	BalanceWhen   Name = "balance-when"
	ListedWhen    Name = "listed-when"
	ChargeWhen    Name = "charge-when"
	ServerName    Name = "server-name"
	SessionIdle   Name = "session-idle"
	OrderForm     Name = "order-form"
	CartFields    Name = "cart-fields"
	ServerRows    Name = "server-rows"
	KeyRows       Name = "key-rows"
	ChargeRows    Name = "charge-rows"
	OrderRows     Name = "order-rows"
	PaymentRows   Name = "payment-rows"
	ServerList    Name = "server-list"
	DatacenterUS  Name = "datacenter-21"
	CallLimits    Name = "call-limits"
	EveryCall     Name = "every-call"
)

// Answer is what may be true of a fact: one of its [Fact].Answers.
type Answer string

// The answers. A fact has some of them.
const (
	ID    Answer = "id"    // the field id
	Elid  Answer = "elid"  // the field elid
	Both  Answer = "both"  // both show the same
	Other Answer = "other" // something else; what it is stands in [Known].Word where that is a type of error

	One  Answer = "one"  // one row
	Each Answer = "each" // a row for each server

	Unneeded Answer = "unneeded"
	Needed   Answer = "needed"

	Value     Answer = "value"             // an error of the type value
	Missed    Answer = "missed"            // an error of the type missed
	NotUsable Answer = "promocode_not_use" // an error of that type
	None      Answer = "none"              // no error, or nothing at all
	NotEnough Answer = "not_enough_money"  // an error of that type
	Amount    Answer = "amount"            // another error, with the parameter amount or the words of the cabinet

	Sum     Answer = "sum"      // what its rows say together
	WithTax Answer = "with-tax" // more than its rows say together
	Less    Answer = "less"     // less than that

	Shared Answer = "shared"
	Apart  Answer = "apart"

	WholeCart Answer = "cart" // the whole cart
	Row       Answer = "row"  // the row that was named, or the one that it fits
	Kept      Answer = "kept"
	Dropped   Answer = "dropped"
	Changed   Answer = "changed"
	Unpaid    Answer = "unpaid" // an unpaid order

	Word    Answer = "ok"      // an ok without more, or an empty document
	Service Answer = "service" // the id of a server or of an order
	Address Answer = "address" // a place to go on, as for a payment

	Total Answer = "total" // what the cart's total said
	More  Answer = "more"  // more than that

	Listed   Answer = "listed"
	Unlisted Answer = "unlisted"

	AtOnce Answer = "at-once" // in the first look
	Later  Answer = "later"

	Ended Answer = "ended"
	Alive Answer = "alive"

	AsRead    Answer = "as-read"   // with all fields that the client reads, in the forms that it reads
	Otherwise Answer = "otherwise" // some of them are missing or have another form
)

// Source says who can settle a fact.
type Source string

// Who settles a fact: an experiment of the trial, or nobody yet.
const (
	ByRead    Source = "read"
	ByCart    Source = "cart"
	ByCount   Source = "count"
	ByPromo   Source = "promo"
	ByPoor    Source = "poor"
	BySession Source = "session"
	ByBuy     Source = "buy"
	ByTwo     Source = "two"
	ByNobody  Source = ""
)

// Fact is one thing that nobody has published about the vendor.
type Fact struct {
	Name    Name
	Func    string   // the vendor's function whose answer shows it
	Tag     string   // how well Expects is known: [R], [A], [F], [C], [g], [i]
	Answers []Answer // all that may be true
	Expects []Answer // what is taken for granted; more than one: either suits
	By      Source   // the experiment that settles it
	InUse   bool     // purchases show it as well
	Does    string   // what the bot does about it, for docs/vendor.md
}

// The vendor's functions, as the documents name them.
const (
	funcAdd     = "v2.instances.order.param"
	funcCart    = "cart"
	funcConfirm = "cartorder.create.confirm"
	funcServers = "instances"
	funcCharges = "expense"
	funcOrders  = "order"
	funcBalance = "dashboard.info"
	funcKeys    = "sshkeys"
)

// Table has every fact, each once.
var Table = []Fact{
	{
		LineItem, funcCart, "[g]",
		[]Answer{ID, Elid, Both, Other},
		[]Answer{ID, Both},
		ByCart, true,
		"A row is a purchase's own when either of its ids is the line item. After an add whose answer was lost a row with two different ids is nobody's until a person says so; once it is known which of them is the line item, it is taken without a question.",
	},
	{
		RemoveBy, funcCart, "[g]",
		[]Answer{ID, Elid, Other},
		[]Answer{ID},
		ByCart, true,
		"A row is taken out by its id. Once it is known that its elid is wanted, by that. Whether it is gone is only ever seen in the cart.",
	},
	{
		Rows, funcAdd, "[F][i]",
		[]Answer{One, Each, Other},
		[]Answer{Each},
		ByCount, true,
		"Both are understood: rows that are equal to ours, new since the add and together as many as servers are ours, and each is confirmed by itself.",
	},
	{
		Button, funcAdd, "[A][C]",
		[]Answer{Unneeded, Needed},
		[]Answer{Unneeded},
		ByCart, true,
		"clicked_button=order is not sent. Once it is known to be needed, it is.",
	},
	{
		BadField, funcAdd, "[g]",
		[]Answer{Value, Other, None},
		[]Answer{Value},
		ByCart, false,
		"No error of an add is believed to mean that nothing was added: the cart is looked at.",
	},
	{
		CartTotal, funcCart, "[g]",
		[]Answer{Sum, WithTax, Less, Other},
		[]Answer{Sum, WithTax},
		ByCart, true,
		"The total is what a purchase compares with the agreed price; where the rows say more, the rows.",
	},
	{
		PanelCart, funcCart, "[g]",
		[]Answer{Shared, Apart},
		[]Answer{Shared},
		ByRead, false,
		"Every row that the bot did not put there may be the person's own, put there in the panel: a purchase asks about it.",
	},
	{
		ListedInCart, funcServers, "[i]",
		[]Answer{Unlisted, Listed},
		[]Answer{Unlisted},
		ByCart, true,
		"A server that is listed as ordered does not count as paid.",
	},
	{
		PromoUnknown, funcCart, "[F][i]",
		[]Answer{Missed, NotUsable, Other, None},
		[]Answer{Missed},
		ByPromo, true,
		"missed means that there is no such code and nothing was done. Any other error leaves it unknown until the cart shows the price.",
	},
	{
		PromoNoCart, funcCart, "[i]",
		[]Answer{NotUsable, Missed, Other, None},
		[]Answer{NotUsable},
		ByPromo, false,
		"A code is only ever applied with the purchase's own rows in the cart.",
	},
	{
		PromoScope, funcCart, "[A]",
		[]Answer{WholeCart, Row, Other},
		[]Answer{WholeCart},
		ByPromo, false,
		"The call names no row, so no code is applied beside rows of others.",
	},
	{
		PromoTwice, funcCart, "[F][i]",
		[]Answer{NotUsable, None, Missed, Other},
		[]Answer{NotUsable, None},
		ByPromo, false,
		"A code is sent once, and again only where the cart shows that it was not applied.",
	},
	{
		PromoKept, funcCart, "[i]",
		[]Answer{Dropped, Kept},
		[]Answer{Dropped},
		ByPromo, false,
		"A purchase whose rows were taken out adds them anew and compares the price anew.",
	},
	{
		PoorError, funcConfirm, "[F][g]",
		[]Answer{NotEnough, Amount, Other, None},
		[]Answer{NotEnough, Amount},
		ByPoor, true,
		"It only adds the needed sum to the question that follows: whether something was paid is seen by services, balance, cart, charges and orders.",
	},
	{
		PoorLeft, funcOrders, "[i]",
		[]Answer{None, Unpaid, Other},
		[]Answer{None},
		ByPoor, false,
		"An unpaid order that is there afterwards is shown as ordered and not paid; it is paid or cancelled in the panel.",
	},
	{
		ConfirmAnswer, funcConfirm, "[g]",
		[]Answer{Word, Service, Address, Other},
		[]Answer{Word, Service},
		ByBuy, true,
		"The answer decides nothing, whatever it is.",
	},
	{
		ConfirmScope, funcConfirm, "[A]",
		[]Answer{Row, WholeCart},
		[]Answer{Row},
		ByTwo, true,
		"A purchase asks before it pays beside rows of others. What was seen of it is said with the question; once a confirm is known to pay the whole cart, to pay beside them is not offered. Unless it is known to pay one row, two logins, which may have one cart, do not add and pay at the same time, be it by purchases or by a trial.",
	},
	{
		ConfirmAgain, funcConfirm, "[i]",
		[]Answer{Missed, Amount, NotEnough, Other, None},
		[]Answer{Missed},
		ByBuy, false,
		"A confirm is repeated only where the evidence shows that nothing was paid.",
	},
	{
		Taken, funcBalance, "[g]",
		[]Answer{Total, More, Less},
		[]Answer{Total},
		ByBuy, true,
		"The balance is compared with the cart's total. Once more was taken than the total said, the total is no price that anybody agreed to: a person is asked before every payment.",
	},
	{
		RowAfter, funcCart, "[A]",
		[]Answer{Dropped, Kept},
		[]Answer{Dropped},
		ByBuy, true,
		"A payment that services and balance show is believed even if the cart still lists the row.",
	},
	{
		BalanceWhen, funcBalance, "[i]",
		[]Answer{AtOnce, Later},
		[]Answer{AtOnce},
		ByBuy, true,
		"Two minutes of looks in which nothing has moved come before a confirm counts as not carried out.",
	},
	{
		ListedWhen, funcServers, "[A]",
		[]Answer{AtOnce, Later},
		[]Answer{AtOnce},
		ByBuy, true,
		"The same.",
	},
	{
		ChargeWhen, funcCharges, "[g]",
		[]Answer{AtOnce, Later},
		[]Answer{AtOnce},
		ByBuy, true,
		"That there is no charge yet proves nothing.",
	},
	{
		ServerName, funcServers, "[A]",
		[]Answer{Kept, Dropped, Changed},
		[]Answer{Kept},
		ByBuy, true,
		"A purchase finds its servers by their name. One whose name is another needs the balance, the cart and a person.",
	},
	{
		SessionIdle, "keepalive", "[g]",
		[]Answer{Ended, Alive},
		[]Answer{Ended},
		BySession, false,
		"A call that is refused for its session logs in anew, whatever the age of the session.",
	},
	{
		OrderForm, funcAdd, "[F]",
		[]Answer{AsRead, Otherwise},
		[]Answer{AsRead},
		ByRead, false,
		"What cannot be read of a form cannot be chosen; an order without a field that the vendor wants is refused by it.",
	},
	{
		CartFields, funcCart, "[g]",
		[]Answer{AsRead, Otherwise},
		[]Answer{AsRead},
		ByRead, false,
		"A cart that cannot be read is no empty cart: a person is asked.",
	},
	{
		ServerRows, funcServers, "[F]",
		[]Answer{AsRead, Otherwise},
		[]Answer{AsRead},
		ByRead, false,
		"A list that cannot be read shows neither a new server nor that there is none.",
	},
	{
		KeyRows, funcKeys, "[F]",
		[]Answer{AsRead, Otherwise},
		[]Answer{AsRead},
		ByRead, false,
		"Keys that cannot be read are not offered.",
	},
	{
		ChargeRows, funcCharges, "[g]",
		[]Answer{AsRead, Otherwise},
		[]Answer{AsRead},
		ByRead, false,
		"Charges are evidence that something was taken, and never that nothing was.",
	},
	{
		OrderRows, funcOrders, "[F]",
		[]Answer{AsRead, Otherwise},
		[]Answer{AsRead},
		ByRead, false,
		"The same of unpaid orders.",
	},
	{
		PaymentRows, "payment", "[g]",
		[]Answer{AsRead, Otherwise},
		[]Answer{AsRead},
		ByRead, false,
		"Nothing: the bot reads payments in the trial alone.",
	},
	{
		ServerList, "v2.instances", "[i]",
		[]Answer{Missed, Listed, Other},
		[]Answer{Missed},
		ByRead, false,
		"Servers are listed by instances [F].",
	},
	{
		DatacenterUS, "v2.instances.order.pricelist", "[i]",
		[]Answer{Listed, None},
		[]Answer{Listed},
		ByRead, false,
		"A datacenter is offered with the plans that its price list has, and not without one.",
	},
	{
		CallLimits, "", "[i]",
		[]Answer{None, Other},
		[]Answer{None},
		ByNobody, false,
		"An account is asked at most six things at once; a 429 or 403 is waited for.",
	},
	{
		EveryCall, "", "[g]",
		[]Answer{Unneeded, Needed},
		[]Answer{Unneeded},
		ByNobody, false,
		"The bot logs in with auth and keeps a session; it sends no login and password with other calls.",
	},
}

// Find returns the fact of that name; false: there is none.
func Find(name Name) (Fact, bool) {
	i := slices.IndexFunc(Table, func(f Fact) bool { return f.Name == name })
	if i < 0 {
		return Fact{}, false
	}
	return Table[i], true
}

// Settled returns the facts that an experiment settles, in the order of the table.
func Settled(by Source) []Fact {
	var all []Fact
	for _, f := range Table {
		if f.By == by {
			all = append(all, f)
		}
	}
	return all
}

// Findable is how many facts the bot can find out.
func Findable() int { return len(Table) - len(Settled(ByNobody)) }
