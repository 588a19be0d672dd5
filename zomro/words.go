package zomro

import (
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// Money is an amount in a currency, as the vendor wrote it.
type Money struct {
	Amount   decimal.Decimal `json:"amount"`
	Currency string          `json:"currency"` // ISO 4217 code, "EUR" [R]
}

// Period is the span that the vendor bills at once: "-50" is a day, the others are
// months [A][R].
type Period string

// The periods that the order call takes [A].
const (
	Day      Period = "-50"
	Month    Period = "1"
	Quarter  Period = "3"
	HalfYear Period = "6"
	Year     Period = "12"
	NoPeriod Period = ""
)

// Months returns how many months a period has; 0 for a day, and for one that is not known.
func (p Period) Months() int64 {
	switch p {
	case Month:
		return 1
	case Quarter:
		return 3
	case HalfYear:
		return 6
	case Year:
		return 12
	default:
		return 0
	}
}

// Datacenter is a place where servers can be ordered [R].
type Datacenter struct {
	ID   string `json:"id"`   // "17"
	Name string `json:"name"` // "Netherlands-3 [Cloud]"
}

// Price is what a plan costs for one period, tax excluded [R][F].
type Price struct {
	Period Period `json:"period"`
	Cost   Money  `json:"cost"`
}

// Detail is one line of a plan's description, in the language of the request:
// "CPU count", "3" [R].
type Detail struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Plan is a tariff of the catalogue in one datacenter [R].
type Plan struct {
	ID         string   `json:"id"`              // the pricelist: "8736"
	Datacenter string   `json:"datacenter"`      // "17"
	Title      string   `json:"title"`           // without the datacenter's suffix: "Essential Intel"
	Group      string   `json:"group,omitempty"` // title_tag: "shared_cpu", "dedicated_cpu", "with_gpu", "forex_server"
	Details    []Detail `json:"details,omitempty"`
	Prices     []Price  `json:"prices"`
	SoldOut    bool     `json:"soldOut,omitempty"` // label soldout:True; it can be ordered, activation takes up to 3 days [F]
	Labels     []string `json:"labels,omitempty"`  // decoded: "os:Windows", "cpu:AMD", "type:Basic"
}

// Price returns the plan's price for a period and whether the plan has one.
func (p Plan) Price(period Period) (Money, bool) {
	for _, price := range p.Prices {
		if price.Period == period {
			return price.Cost, true
		}
	}
	return Money{}, false
}

// Spec is what a plan's server is made of, in the vendor's words: "2", "4 Gb", "40 Gb".
type Spec struct {
	CPU    string `json:"cpu"`
	Memory string `json:"memory"`
	Disk   string `json:"disk"`
}

// Spec finds it in the plan's details, and reports whether they tell. Their names are in
// the language of the request, but their order is the same: the first bare number is the
// count of processors, memory and disk follow it [R].
func (p Plan) Spec() (Spec, bool) {
	for i, d := range p.Details {
		if _, err := strconv.Atoi(strings.TrimSpace(d.Value)); err == nil && i+2 < len(p.Details) {
			return Spec{strings.TrimSpace(d.Value), p.Details[i+1].Value, p.Details[i+2].Value}, true
		}
	}
	return Spec{}, false
}

// LeftOut is a row of an answer that could not be offered, and why.
type LeftOut struct {
	ID     string `json:"id"`
	Title  string `json:"title"`
	Reason string `json:"reason"`
}

// Catalogue is what can be ordered in one datacenter.
type Catalogue struct {
	Datacenter  string       `json:"datacenter"`  // whose plans these are
	Datacenters []Datacenter `json:"datacenters"` // all that can be chosen, in the vendor's order
	Plans       []Plan       `json:"plans"`       // in the vendor's order
	LeftOut     []LeftOut    `json:"leftOut,omitempty"`
}

// Choice is one value of an add-on that offers a list.
type Choice struct {
	Key   string `json:"key"`             // what the order call takes: "260"
	Label string `json:"label"`           // "server only with IPv6", the price in brackets removed
	Price *Money `json:"price,omitempty"` // from the brackets at the end of the label [g]; nil: not told
}

// Range is what an add-on that takes a number allows.
type Range struct {
	Min  int64  `json:"min"`
	Max  int64  `json:"max"`
	Step int64  `json:"step"`           // at least 1
	Cost *Money `json:"cost,omitempty"` // of one step [g]; nil: not told
}

// Addon is an option of a plan: the order call takes its Name with one of its
// values. Exactly one of Choices and Range is set.
type Addon struct {
	Name    string   `json:"name"`              // "addon_6746" [A]
	Label   string   `json:"label"`             // "network", "CPU count" [F]
	Hint    string   `json:"hint,omitempty"`    // [g]
	Default string   `json:"default,omitempty"` // key of a choice, or a number [F]
	Choices []Choice `json:"choices,omitempty"`
	Range   *Range   `json:"range,omitempty"`
}

// Image is an operating system that the order form offers [F].
type Image struct {
	ID    string `json:"id"`             // UUID; differs by datacenter
	Label string `json:"label"`          // "Ubuntu 22.04"
	Zone  string `json:"zone"`           // "pub", "own" or "shr"
	Cost  *Money `json:"cost,omitempty"` // what it adds to the price of a server for the period of the form [g]; nil: not told
}

// Key is an SSH key of the account, as the order form offers it [F].
type Key struct {
	ID   string `json:"id"` // "490"
	Name string `json:"name"`
}

// Form is the order form of one plan in one datacenter for one period.
type Form struct {
	Plan       string  `json:"plan"`
	Datacenter string  `json:"datacenter"`
	Period     Period  `json:"period"`
	Addons     []Addon `json:"addons,omitempty"`
	Images     []Image `json:"images"`
	Keys       []Key   `json:"keys,omitempty"` // empty: the account has none
	// LeftOut names the add-ons that cannot be offered. An order without them takes
	// the vendor's defaults.
	LeftOut []LeftOut `json:"leftOut,omitempty"`
}

// AddonValue is an add-on as the order call takes it.
type AddonValue struct {
	Name  string `json:"name"`  // "addon_6746"
	Value string `json:"value"` // key of a choice, or a number
}

// Backups is a backup schedule as the order call takes it [A].
type Backups struct {
	Name string `json:"name"`
	Days []int  `json:"days"` // 0 is Sunday … 6 is Saturday; at least one
	Time string `json:"time"` // "04:20"
}

// Order is everything that v2.instances.order.param takes to put servers into
// the cart [A]. Exactly one of Key and Password is used, as UseKey says.
type Order struct {
	Plan       string       `json:"plan"`
	Datacenter string       `json:"datacenter"`
	Period     Period       `json:"period"`
	Count      int          `json:"count"` // 1 to 35 [A][F]
	Image      string       `json:"image"`
	UseKey     bool         `json:"useKey"`
	Key        string       `json:"key,omitempty"`
	Password   Secret       `json:"-"`
	ServerName string       `json:"serverName,omitempty"`
	Addons     []AddonValue `json:"addons,omitempty"`
	Backups    *Backups     `json:"backups,omitempty"`
	Button     bool         `json:"button,omitempty"` // clicked_button is sent: the vendor is known to need it
}

// CartItem is one line of the cart. Its shape is [g].
type CartItem struct {
	ID     string `json:"id"`             // "id" of the row
	Elid   string `json:"elid,omitempty"` // "elid" of the row; which of the two is the line item is not known
	Name   string `json:"name"`
	Period string `json:"period,omitempty"`
	Cost   *Money `json:"cost,omitempty"`
	// PhoneCheck: the account's phone must be verified before the row can be paid:
	// needphoneverify is "on" [F].
	PhoneCheck bool `json:"phoneCheck,omitempty"`
}

// Is reports whether the row stands for a line item.
func (i CartItem) Is(lineItem string) bool {
	return lineItem != "" && (i.ID == lineItem || i.Elid == lineItem)
}

// Cart is the account's cart: what the next confirm pays for [g].
type Cart struct {
	Items []CartItem `json:"items"`
	Total *Money     `json:"total,omitempty"` // nil: the answer has none that can be read
}

// Charge is a row of the account's list of charges (func=expense) [F]. Amounts
// that cannot be read exactly are nil.
type Charge struct {
	ID     string `json:"id"`
	Name   string `json:"name"` // locale_name: of the service
	Amount *Money `json:"amount,omitempty"`
	Tax    *Money `json:"tax,omitempty"`
	Date   string `json:"date,omitempty"` // realdate, as the vendor writes it
}

// Day is the day of the charge, at its beginning in UTC; the zero time when it cannot be
// read.
func (c Charge) Day() time.Time { return dayOf(c.Date) }

// UnpaidOrder is a row of what was ordered and is not paid (func=order, list
// inpaylist) [F].
type UnpaidOrder struct {
	Item    string `json:"item"`              // item_id: the service
	Text    string `json:"text,omitempty"`    // desc
	Payment string `json:"payment,omitempty"` // NNN of "#pfx/NNN" in desc; empty: there is none
}

// Balance is what the account can spend.
type Balance struct {
	Real   Money  `json:"real"`             // realbalance [F]
	Credit *Money `json:"credit,omitempty"` // available credit [F]; nil: not told
}

// Spendable is the real balance and the credit together [F].
func (b Balance) Spendable() Money {
	sum := b.Real
	if b.Credit != nil && b.Credit.Currency == b.Real.Currency {
		sum.Amount = sum.Amount.Add(b.Credit.Amount)
	}
	return sum
}

// Status is the state of a service, in our words; Service.StatusText has the
// vendor's.
type Status string

// The states of a service: status and item_status.$orig [F][g].
const (
	StatusOrdered   Status = "ordered"   // 1
	StatusActive    Status = "active"    // 2
	StatusSuspended Status = "suspended" // 3 and 3_…
	StatusDeleted   Status = "deleted"   // 4
	StatusOpening   Status = "opening"   // 5_open: "Activation in progress" [A]
	StatusBusy      Status = "busy"      // the other 5_…
	StatusOther     Status = "other"     // anything that is not documented
)

// Service is a row of the account's list of servers (func=instances) [F].
type Service struct {
	ID         string `json:"id"`
	Name       string `json:"name"`       // servername, or name
	ServerName string `json:"serverName"` // as given in the order; empty: none
	Plan       string `json:"plan"`       // "Cloud Essential | NL-2"
	Datacenter string `json:"datacenter"` // name
	Image      string `json:"image"`
	Status     Status `json:"status"`
	StatusText string `json:"statusText"`     // the vendor's word, in the language of the request
	Code       string `json:"code,omitempty"` // item_status.$orig: "2", "3_autosuspend" [F]
	PowerState string `json:"powerState"`     // instance_status: "active", "creating", … [F]
	IPv4       string `json:"ipv4,omitempty"`
	IPv6       string `json:"ipv6,omitempty"`
	Cost       string `json:"cost,omitempty"`  // the vendor's text: "0.13 EUR / Day"; see [Service.Price]
	Fixed      bool   `json:"fixed,omitempty"` // change_pricelist is "off": it cannot be resized [F]

	// What the server has sent and received of what is paid for, in bytes [C]; 0: not told.
	UsedTraffic int64 `json:"usedTraffic,omitempty"`
	PaidTraffic int64 `json:"paidTraffic,omitempty"`

	Created   time.Time `json:"created,omitzero"`   // the day, in the vendor's calendar [F][g]; zero: not told
	PaidUntil time.Time `json:"paidUntil,omitzero"` // also a day; with daily billing the end of what is charged [g]
}

// User is who a session belongs to (func=whoami) [F].
type User struct {
	ID       string `json:"id"`
	RealName string `json:"realName"`
	Email    string `json:"email"`
	// PhoneCheck: the vendor wants the phone verified: $need_phone_validate is
	// "true" [F].
	PhoneCheck bool `json:"phoneCheck,omitempty"`
}

// Auth is how a call identifies itself, and in which language it asks to be
// answered ("en" or "ru"). Hidden and Traces are what is taken out of the vendor's
// errors besides the secrets of the call itself: the vendor may quote those of
// earlier calls.
type Auth struct {
	Session Secret
	Lang    string
	Hidden  []Secret
	Traces  []Trace
}
