package order

import (
	"strconv"

	"github.com/shopspring/decimal"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/zomro"
)

// estimate is what an order costs as far as the catalogue and the order form
// tell it, tax excluded.
type estimate struct {
	price   zomro.Money   // of the plan for one period, one server
	total   zomro.Money   // charged now, for all servers
	unknown []chat.Phrase // what is chosen, and whose price is not known
}

// estimateOf returns what the order costs; false: the price of the plan is not
// known. Prices of add-ons are only [g]: they are counted where the vendor tells
// them, and the cart's own total is compared with the sum before anything is paid.
func estimateOf(dr *conversation.Draft) (estimate, bool) {
	if dr.Plan == nil || dr.Count < 1 {
		return estimate{}, false
	}
	return estimateFor(dr, dr.Period, dr.Count)
}

// estimateFor returns what that many servers cost for a period.
func estimateFor(dr *conversation.Draft, period zomro.Period, count int) (estimate, bool) {
	price, ok := dr.Plan.Price(period)
	if !ok {
		return estimate{}, false
	}
	e := estimate{price: price}
	one := price.Amount
	if formed(dr) && dr.Form.Period == period {
		for _, addon := range dr.Form.Addons {
			cost, known := addonCost(dr, addon, price.Currency)
			one = one.Add(cost)
			if !known {
				e.unknown = append(e.unknown, conversation.Plain(addon.Label))
			}
		}
	} else {
		for _, o := range dr.Options { // the prices of the form are those of another period
			if !o.Default && o.Value != "" {
				e.unknown = append(e.unknown, conversation.Plain(o.Label))
			}
		}
	}
	if cost, ok := systemCost(dr); ok {
		if cost.Currency == price.Currency {
			one = one.Add(cost.Amount)
		} else {
			e.unknown = append(e.unknown, conversation.Plain(dr.Image.Label))
		}
	}
	if dr.Backups != nil {
		e.unknown = append(e.unknown, chat.Say("unknown.backups"))
	}
	e.total = zomro.Money{Amount: one.Mul(decimal.NewFromInt(int64(count))), Currency: price.Currency}
	return e, true
}

// soFar says what the order comes to as it stands: by the usual period and one server,
// until they are chosen.
func soFar(dr *conversation.Draft) []chat.Phrase {
	if dr.Plan == nil {
		return nil
	}
	period := formPeriod(dr)
	cost, ok := estimateFor(dr, period, max(1, dr.Count))
	switch {
	case !ok:
		return nil
	case len(cost.unknown) > 0:
		return []chat.Phrase{chat.Say("total.about", "Total", cost.total, "Period", conversation.PeriodName(period), "What", cost.unknown)}
	default:
		return []chat.Phrase{chat.Say("total.so_far", "Total", cost.total, "Period", conversation.PeriodName(period))}
	}
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
