package sandbox

import (
	"fmt"
	"slices"
	"strconv"

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

// charge is what a confirm takes: the net price with tax.
func (s *Sandbox) charge(i *item) decimal.Decimal {
	return cents(i.net().Mul(s.config.VATPercent.Add(decimal.NewFromInt(100))).Div(decimal.NewFromInt(100)))
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
		lineItem = strconv.Itoa(s.next("lineitem"))
		p := s.plans[1]
		a.items = append(a.items, &item{
			lineItem: lineItem, plan: p, period: zomro.Month, count: 1, name: "foreign",
			image: a.imagesFor(p)[0], addons: initialAddons(p),
		})
	})
	return lineItem
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
	s.withAccount(login, func(a *account) { a.items = nil })
}

// SetCartUnreadable has carts shown, or not any more, in a shape that no reader
// of BILLmanager's carts knows: how the vendor shows one is [g]. What is done to
// a cart is done all the same.
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
			r.account.items = slices.Delete(r.account.items, index, index+1)
		default:
			return nil, badValue(r, "clicked_button")
		}
	}
	if s.cartUnreadable {
		return object{"basket": object{"positions": value(strconv.Itoa(len(r.account.items)))}}, nil
	}
	return s.cartBody(r), nil
}

// cartEmpty answers cart.empty [F].
func (s *Sandbox) cartEmpty(r *request) (object, *failure) {
	r.account.items = nil
	return accepted(), nil
}

// rowIDs are the "id" and the "elid" of an item's row. Which of the two is the
// line item is not known for the vendor.
func (s *Sandbox) rowIDs(i *item) (id, elid string) {
	number, err := strconv.Atoi(i.lineItem)
	if err != nil {
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
	for _, i := range r.account.items {
		total, net, count = total.Add(s.charge(i)), net.Add(i.net()), count+i.count
		rows = append(rows, s.cartRow(r, i))
		if i.promo != nil {
			code = i.promo.Code
		}
	}
	list := object{"$name": "lineitems"}
	if len(rows) > 0 {
		list["elem"] = rows
	}
	return object{
		"total": object{
			"cost": value(total.StringFixed(2)), "currency": value("€"), "count": value(strconv.Itoa(len(rows))),
		},
		"tax":       value(total.Sub(net).StringFixed(2)),
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
	row := object{
		"id": value(id), "elid": value(elid),
		"main":          object{"name": value(name), "period": value(r.word(periodWords[i.period]))},
		"price":         euros(i.net()),
		"configuration": object{"elem": lines},
		"action":        object{"button": object{"$name": "delete", "$type": "action", "$func": "cart"}},
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
