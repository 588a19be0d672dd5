package order

import (
	"strconv"

	"github.com/shopspring/decimal"

	"zomrobot/conversation"
	"zomrobot/zomro"
)

// estimate is what an order costs as far as the catalogue and the order form
// tell it, tax excluded.
type estimate struct {
	price zomro.Money // of the plan for one period, one server
	total zomro.Money // charged now, for all servers
	about bool        // the price of an add-on, of the system or of backups is not known
}

// estimateOf returns what the order costs; false: the price of the plan is not
// known. Prices of add-ons are only [g]: they are counted where the vendor tells
// them, and the cart's own total is compared with the sum before anything is paid.
func estimateOf(dr *conversation.Draft) (estimate, bool) {
	if dr.Plan == nil || dr.Count < 1 {
		return estimate{}, false
	}
	price, ok := dr.Plan.Price(dr.Period)
	if !ok {
		return estimate{}, false
	}
	e := estimate{price: price, about: dr.Backups != nil || !formed(dr) || dr.Form.Period != dr.Period}
	one := price.Amount
	if formed(dr) {
		for _, addon := range dr.Form.Addons {
			cost, known := addonCost(dr, addon, price.Currency)
			one = one.Add(cost)
			e.about = e.about || !known
		}
	}
	if cost, ok := systemCost(dr); ok {
		if cost.Currency == price.Currency {
			one = one.Add(cost.Amount)
		} else {
			e.about = true
		}
	}
	e.total = zomro.Money{Amount: one.Mul(decimal.NewFromInt(int64(dr.Count))), Currency: price.Currency}
	return e, true
}

// systemCost returns what the chosen system adds to the price of a server, if
// the order form says that it adds anything.
func systemCost(dr *conversation.Draft) (zomro.Money, bool) {
	if dr.Image == nil || dr.Image.Cost == nil || dr.Image.Cost.Amount.IsZero() {
		return zomro.Money{}, false
	}
	return *dr.Image.Cost, true
}

// addonCost returns what the choice for an add-on adds to the plan's price, and
// whether that is known. The vendor's default without a price is included.
func addonCost(dr *conversation.Draft, addon zomro.Addon, currency string) (decimal.Decimal, bool) {
	option, ok := dr.Option(addon.Name)
	if !ok || option.Value == "" {
		return decimal.Zero, true
	}
	if r := addon.Range; r != nil {
		value, err := strconv.ParseInt(option.Value, 10, 64)
		included, err2 := strconv.ParseInt(addon.Default, 10, 64)
		if err2 != nil {
			included = r.Min
		}
		if err == nil && value == included {
			return decimal.Zero, true
		}
		if err != nil || value < included || r.Cost == nil || r.Cost.Currency != currency || r.Step < 1 {
			return decimal.Zero, false
		}
		return r.Cost.Amount.Mul(decimal.NewFromInt((value - included) / r.Step)), true
	}
	for _, c := range addon.Choices {
		if c.Key != option.Value {
			continue
		}
		switch {
		case c.Price != nil && c.Price.Currency == currency:
			return c.Price.Amount, true
		case c.Price == nil && option.Default:
			return decimal.Zero, true
		}
	}
	return decimal.Zero, false
}
