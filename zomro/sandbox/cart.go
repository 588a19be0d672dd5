package sandbox

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/zomro"
	"zomrobot/zomro/profile"
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
	paid       time.Time  // zero: it is not
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

// gross is what an item has in the cart's total.
func (s *Sandbox) gross(i *item) decimal.Decimal {
	switch s.answer(profile.CartTotal) {
	case profile.WithTax:
		return plusPercent(i.net(), s.config.VATPercent)
	case profile.Less:
		return plusPercent(i.net(), less)
	default:
		return i.net()
	}
}

// charge is what a confirm takes.
func (s *Sandbox) charge(i *item) decimal.Decimal {
	switch s.answer(profile.Taken) {
	case profile.More:
		return plusPercent(s.gross(i), more)
	case profile.Less:
		return plusPercent(s.gross(i), less)
	default:
		return s.gross(i)
	}
}

// tax is what a price has of tax in it, if it has.
func (i *item) tax(of decimal.Decimal) decimal.Decimal {
	return decimal.Max(of.Sub(i.net()), decimal.Zero)
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
// account. Where the panel's cart is another, it is put there.
func (s *Sandbox) PutForeignItem(login string) string {
	lineItem := ""
	s.withAccount(login, func(a *account) {
		p := s.plans[1]
		foreign := &item{
			plan: p, period: zomro.Month, count: 1, name: "foreign",
			image: a.imagesFor(p)[0], addons: initialAddons(p),
		}
		if s.is(profile.PanelCart, profile.Apart) {
			foreign.lineItem = strconv.Itoa(s.next("lineitem"))
			a.apart = append(a.apart, foreign)
		} else {
			s.put(a, foreign, s.config.Now())
		}
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
	if s.is(profile.ListedInCart, profile.Listed) && i.prolongs == nil {
		s.list(a, i, now)
	}
	if a.code != nil && s.is(profile.PromoKept, profile.Kept) {
		a.code.apply(a.items)
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
// panel. Where the panel's cart is another, that one is emptied.
func (s *Sandbox) EmptyCart(login string) {
	s.withAccount(login, func(a *account) {
		if s.is(profile.PanelCart, profile.Apart) {
			a.apart = nil
			return
		}
		a.drop(slices.Clone(a.items)...)
	})
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
			index := slices.IndexFunc(r.account.items, func(i *item) bool { return s.names(r, i) })
			if index < 0 {
				return nil, missed(r, "cart")
			}
			r.account.drop(r.account.items[index])
		default:
			return nil, badValue(r, "clicked_button")
		}
	}
	return s.cartBody(r), nil
}

// names reports whether a deletion names an item, by the field that the vendor reads.
func (s *Sandbox) names(r *request, i *item) bool {
	id, elid := s.rowIDs(i)
	switch s.answer(profile.RemoveBy) {
	case profile.ID:
		return id == r.get("id")
	case profile.Elid:
		return elid == r.get("elid")
	default: // nobody knows by what
		return false
	}
}

// cartEmpty answers cart.empty [F].
func (s *Sandbox) cartEmpty(r *request) (object, *failure) {
	r.account.drop(slices.Clone(r.account.items)...)
	return accepted(), nil
}

// rowIDs are the "id" and the "elid" of an item's row.
func (s *Sandbox) rowIDs(i *item) (id, elid string) {
	number, err := strconv.Atoi(i.lineItem)
	if err != nil {
		return i.lineItem, i.lineItem
	}
	other, third := strconv.Itoa(number+rowOffset), strconv.Itoa(number+2*rowOffset)
	switch s.answer(profile.LineItem) {
	case profile.Elid:
		return other, i.lineItem
	case profile.Both:
		return i.lineItem, i.lineItem
	case profile.Other:
		return other, third
	default:
		return i.lineItem, other
	}
}

// shownItems are the rows that func=cart shows: those that are there, and those that stay
// there for some time once they are paid.
func (s *Sandbox) shownItems(a *account, now time.Time) []*item {
	if a.isStale(now) {
		return a.stale.items
	}
	items := slices.Clone(a.items)
	lag := s.lag(profile.RowAfter, profile.Kept)
	for _, i := range a.paid {
		if now.Before(i.paid.Add(lag)) {
			items = append(items, i)
		}
	}
	return items
}

// cartBody is the cart as another reseller reads it [g]; tax and discount_percent
// are where the old basket has them [F].
func (s *Sandbox) cartBody(r *request) object {
	total, tax, count := decimal.Zero, decimal.Zero, 0
	rows, code := []object{}, ""
	if kept := r.account.code; kept != nil && s.is(profile.PromoKept, profile.Kept) {
		code = kept.Code
	}
	for _, i := range s.shownItems(r.account, r.now) {
		rows = append(rows, s.cartRow(r, i))
		if i.rolledBack {
			continue
		}
		total, tax, count = total.Add(s.gross(i)), tax.Add(i.tax(s.gross(i))), count+1
		if i.promo != nil {
			code = i.promo.Code
		}
	}
	if s.behaviour.TotalIsZero {
		total = decimal.Zero
	}
	list := object{"$name": "lineitems"}
	if len(rows) > 0 {
		list["elem"] = rows
	}
	sum := object{"cost": value(total.StringFixed(2)), "currency": value("€"), "count": value(strconv.Itoa(count))}
	if s.is(profile.CartTotal, profile.Other) {
		delete(sum, "cost") // what it costs is not said
	}
	return object{
		"total":     sum,
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
		"id": value(id), "elid": value(elid),
		"main":          object{"name": value(name), "period": value(r.word(periodWords[i.period]))},
		"price":         euros(i.net()),
		"configuration": object{"elem": lines},
		"action":        object{"button": object{"$name": "delete", "$type": "action", "$func": "cart"}},
	}
	if i.rolledBack {
		row["rolled_back"] = value("on")
	}
	if s.behaviour.RowsNeedPhone {
		row["needphoneverify"] = value("on")
	}
	if i.promo != nil && s.is(profile.PromoScope, profile.Other) { // the total alone is less
		row["price"] = euros(i.full())
	} else if i.promo != nil {
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
