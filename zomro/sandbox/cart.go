package sandbox

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/zomro"
)

// rowOffset is between the two numbers of a row of the cart.
const rowOffset = 50_000

// item is a line of a cart.
type item struct {
	lineItem string
	plan     *plan
	period   zomro.Period
	count    int
	addons   map[string]string
	image    image
	name     string
	fields   []Field

	number     int        // which of several rows of one order it is, from 1; 0: there is one
	services   []*service // the servers that are listed already
	rolledBack bool

	prolongs *service // the server that it pays on; nil: it orders new ones

	promo *Promo
	share decimal.Decimal // of a promo with a fixed amount
}

// Item is a line of a cart, as tests see it.
type Item struct {
	LineItem   string       `json:"lineItem"`
	Plan       string       `json:"plan"`
	Datacenter string       `json:"datacenter"`
	Period     zomro.Period `json:"period"`
	Count      int          `json:"count"`
	ServerName string       `json:"serverName"`
	Promo      string       `json:"promo,omitempty"`
	Full       zomro.Money  `json:"full"`   // before discount and tax
	Charge     zomro.Money  `json:"charge"` // what a confirm takes: discount and tax included
}

// full is what the item costs before discount and tax.
func (i *item) full() decimal.Decimal {
	one := i.plan.prices[i.period]
	for _, a := range i.plan.addons {
		if cost, ok := a.cost(i.addons[a.name], i.period); ok {
			one = one.Add(cost)
		}
	}
	return decimal.Max(one, decimal.Zero).Mul(decimal.NewFromInt(int64(i.count)))
}

// discount is what the item's promo takes off.
func (i *item) discount() decimal.Decimal {
	if i.promo == nil {
		return decimal.Zero
	}
	return decimal.Min(i.promo.percentOf(i.full()).Add(i.share), i.full())
}

// net is what the item costs before tax.
func (i *item) net() decimal.Decimal { return i.full().Sub(i.discount()) }

// gross is what the cart says of an item: the net price with tax.
func (s *Sandbox) gross(i *item) decimal.Decimal { return plusPercent(i.net(), s.config.VATPercent) }

// charge is what a confirm takes.
func (s *Sandbox) charge(i *item) decimal.Decimal {
	return plusPercent(s.gross(i), s.behaviour.SurchargePercent)
}

func plusPercent(amount, percent decimal.Decimal) decimal.Decimal {
	return cents(amount.Mul(percent.Add(decimal.NewFromInt(100))).Div(decimal.NewFromInt(100)))
}

// Cart returns what is in an account's cart.
func (s *Sandbox) Cart(login string) []Item {
	items := []Item{}
	s.withAccount(login, func(a *account) {
		for _, i := range a.items {
			shown := Item{
				LineItem: i.lineItem, Plan: i.plan.id, Datacenter: i.plan.place.id, Period: i.period,
				Count: i.count, ServerName: i.name, Full: money(i.full()), Charge: money(s.charge(i)),
			}
			if i.promo != nil {
				shown.Promo = i.promo.Code
			}
			items = append(items, shown)
		}
	})
	return items
}

// PutForeignItem puts something into an account's cart, as the owner could do
// in the vendor's panel, and returns its line item; "" if there is no such
// account.
func (s *Sandbox) PutForeignItem(login string) string {
	lineItem := ""
	s.withAccount(login, func(a *account) {
		p := s.plans[1]
		foreign := &item{
			plan: p, period: zomro.Month, count: 1, name: "foreign",
			image: a.imagesFor(p)[0], addons: initialAddons(p),
		}
		s.put(a, foreign, s.config.Now())
		lineItem = foreign.lineItem
	})
	return lineItem
}

// RollBack marks a row of an account's cart as rolled back: it is still shown,
// but neither counted nor paid [F]. It reports whether there is such a row.
func (s *Sandbox) RollBack(login, lineItem string) bool {
	found := false
	s.withAccount(login, func(a *account) {
		for _, i := range a.items {
			if i.lineItem == lineItem {
				i.rolledBack, found = true, true
			}
		}
	})
	return found
}

// put puts an item into a cart.
func (s *Sandbox) put(a *account, i *item, now time.Time) {
	i.lineItem = strconv.Itoa(s.next("lineitem"))
	a.items = append(a.items, i)
	if s.behaviour.ListedInCart && i.prolongs == nil {
		s.list(a, i, now)
	}
}

// drop takes items that were not bought out of a cart; servers that are listed for
// them go too.
func (a *account) drop(items ...*item) {
	a.items = slices.DeleteFunc(a.items, func(i *item) bool { return slices.Contains(items, i) })
	for _, i := range items {
		a.services = slices.DeleteFunc(a.services, func(v *service) bool { return slices.Contains(i.services, v) })
	}
}

func initialAddons(p *plan) map[string]string {
	values := map[string]string{}
	for _, a := range p.addons {
		values[a.name] = a.initial
	}
	return values
}

// EmptyCart empties an account's cart, as the owner could do in the vendor's
// panel.
func (s *Sandbox) EmptyCart(login string) {
	s.withAccount(login, func(a *account) { a.drop(slices.Clone(a.items)...) })
}

// SetCartUnreadable starts or stops showing carts in a shape that no reader of
// BILLmanager's carts knows: how the vendor shows one is [g]. What is done to a
// cart is done anyway.
func (s *Sandbox) SetCartUnreadable(unreadable bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cartUnreadable = unreadable
}

// cart answers func=cart: reads, applies a promo code, deletes an item.
func (s *Sandbox) cart(r *request) (object, *failure) {
	if r.submitted() {
		switch r.get("clicked_button") {
		case "apply_promocode":
			if failed := s.applyPromo(r); failed != nil {
				return nil, failed
			}
		case "delete":
			index := slices.IndexFunc(r.account.items, func(i *item) bool {
				id, _ := s.rowIDs(i)
				return id == r.get("id")
			})
			if index < 0 {
				return nil, missed(r, "cart")
			}
			r.account.drop(r.account.items[index])
		default:
			return nil, badValue(r, "clicked_button")
		}
	}
	if s.cartUnreadable {
		return object{"basket": object{"positions": value(strconv.Itoa(len(r.account.shownItems(r.now))))}}, nil
	}
	return s.cartBody(r), nil
}

// cartEmpty answers cart.empty [F].
func (s *Sandbox) cartEmpty(r *request) (object, *failure) {
	r.account.drop(slices.Clone(r.account.items)...)
	return accepted(), nil
}

// rowIDs are the "id" and the "elid" of an item's row. Which of the two is the
// line item is not known for the vendor.
func (s *Sandbox) rowIDs(i *item) (id, elid string) {
	number, err := strconv.Atoi(i.lineItem)
	if err != nil || s.behaviour.RowsHaveOneID {
		return i.lineItem, ""
	}
	other := strconv.Itoa(number + rowOffset)
	if s.config.LineItemIsElid {
		return other, i.lineItem
	}
	return i.lineItem, other
}

// cartBody is the cart as another reseller reads it [g]; tax and discount_percent
// are where the old basket has them [F].
func (s *Sandbox) cartBody(r *request) object {
	total, net, count := decimal.Zero, decimal.Zero, 0
	rows, code := []object{}, ""
	for _, i := range r.account.shownItems(r.now) {
		rows = append(rows, s.cartRow(r, i))
		if i.rolledBack {
			continue
		}
		total, net, count = total.Add(s.gross(i)), net.Add(i.net()), count+1
		if i.promo != nil {
			code = i.promo.Code
		}
	}
	tax := total.Sub(net)
	if s.behaviour.TotalIsZero {
		total = decimal.Zero
	}
	list := object{"$name": "lineitems"}
	if len(rows) > 0 {
		list["elem"] = rows
	}
	return object{
		"total": object{
			"cost": value(total.StringFixed(2)), "currency": value("€"), "count": value(strconv.Itoa(count)),
		},
		"tax":       value(tax.StringFixed(2)),
		"promocode": value(code),
		"list":      []object{list},
	}
}

func (s *Sandbox) cartRow(r *request, i *item) object {
	id, elid := s.rowIDs(i)
	lines := []object{}
	for _, a := range i.plan.addons {
		cost, _ := a.cost(i.addons[a.name], i.period)
		shown := i.addons[a.name]
		for _, c := range a.choices {
			if c.key == shown {
				shown = r.word(c.label)
			}
		}
		lines = append(lines, object{
			"configuration_name":  value("&nbsp;-&nbsp;" + r.word(a.label)),
			"configuration_value": value(shown),
			"configuration_price": euros(cost),
		})
	}
	name := i.plan.fullTitle()
	if i.count > 1 {
		name += fmt.Sprintf(" × %d", i.count)
	}
	if i.prolongs != nil {
		name = r.say("Renewal: ", "Продление: ") + i.prolongs.shownName() + " (" + i.plan.fullTitle() + ")"
	}
	if s.behaviour.RowsMisnamed {
		name = "Virtual server"
	}
	row := object{
		"id":            value(id),
		"main":          object{"name": value(name), "period": value(r.word(periodWords[i.period]))},
		"price":         euros(i.net()),
		"configuration": object{"elem": lines},
		"action":        object{"button": object{"$name": "delete", "$type": "action", "$func": "cart"}},
	}
	if elid != "" {
		row["elid"] = value(elid)
	}
	if i.rolledBack {
		row["rolled_back"] = value("on")
	}
	if s.behaviour.RowsNeedPhone {
		row["needphoneverify"] = value("on")
	}
	if i.promo != nil {
		row["fullcost"] = value(i.full().StringFixed(2))
		row["discount_percent"] = value(percentage(i.discount(), i.full()))
	}
	return row
}

func euros(cost decimal.Decimal) object {
	return object{"price": object{"cost": value(cost.StringFixed(2)), "currency": value("€")}}
}

func percentage(part, all decimal.Decimal) string {
	if all.IsZero() {
		return "0%"
	}
	return part.Mul(decimal.NewFromInt(100)).DivRound(all, 0).String() + "%"
}
