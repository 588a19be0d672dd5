package sandbox

import (
	"slices"

	"github.com/shopspring/decimal"

	"zomrobot/zomro"
	"zomrobot/zomro/profile"
)

// Promo is a promo code. It takes off Percent of every item that it suits, and
// Amount once for all of them together.
type Promo struct {
	Code    string
	Percent decimal.Decimal // 0 to 100
	Amount  decimal.Decimal // EUR, zero or more
	Periods []zomro.Period  // the items that it suits; empty: all
	Idle    bool            // it is accepted, although it takes nothing off
}

// DemoPromos are the codes that exist unless the configuration has others:
// WELCOME10 (10 %), MINUS2 (2 EUR), YEAR25 (25 %, years only), USELESS, which
// can never be applied because it takes nothing off, and IDLE, which takes nothing
// off either and is applied anyway.
func DemoPromos() []Promo {
	return []Promo{
		{Code: "WELCOME10", Percent: decimal.NewFromInt(10)},
		{Code: "MINUS2", Amount: decimal.NewFromInt(2)},
		{Code: "YEAR25", Percent: decimal.NewFromInt(25), Periods: []zomro.Period{zomro.Year}},
		{Code: "USELESS"},
		{Code: "IDLE", Idle: true},
	}
}

func (p *Promo) percentOf(cost decimal.Decimal) decimal.Decimal {
	return cents(cost.Mul(p.Percent).Div(decimal.NewFromInt(100)))
}

func (p *Promo) suits(i *item) bool {
	return len(p.Periods) == 0 || slices.Contains(p.Periods, i.period)
}

// shares splits the promo's fixed amount over the items that it suits, in their
// order, and returns them with all that the promo takes off.
func (p *Promo) shares(items []*item) (shares []decimal.Decimal, discount decimal.Decimal) {
	left := p.Amount
	for _, i := range items {
		share := decimal.Zero
		if p.suits(i) {
			percent := decimal.Min(p.percentOf(i.full()), i.full())
			share = decimal.Min(left, i.full().Sub(percent))
			left = left.Sub(share)
			discount = discount.Add(percent).Add(share)
		}
		shares = append(shares, share)
	}
	return shares, discount
}

// apply gives items the promo, in place of the one that they have.
func (p *Promo) apply(items []*item) {
	shares, _ := p.shares(items)
	for n, i := range items {
		i.promo, i.share = nil, decimal.Zero
		if p.suits(i) {
			i.promo, i.share = p, shares[n]
		}
	}
}

// applyPromo applies a code to everything in the cart [A], unless the vendor applies it to
// a row. A code that suits nothing, or takes off no more than is taken off already, is
// "promocode_not_use" [F].
func (s *Sandbox) applyPromo(r *request) *failure {
	code, items := r.get("promocode"), r.account.items
	index := slices.IndexFunc(s.config.Promos, func(p Promo) bool { return p.Code == code })
	if index < 0 {
		return badPromo(r, code, s.answer(profile.PromoUnknown))
	}
	promo := &s.config.Promos[index]
	switch {
	case len(items) == 0:
		return badPromo(r, code, s.answer(profile.PromoNoCart))
	case promo.Idle:
		return nil
	case s.is(profile.PromoScope, profile.Row):
		items = promo.row(r, items, s)
	}
	already, twice := decimal.Zero, false
	for _, i := range items {
		already, twice = already.Add(i.discount()), twice || i.promo == promo
	}
	if _, discount := promo.shares(items); discount.GreaterThan(already) {
		promo.apply(items)
		r.account.code = promo
		return nil
	}
	if twice {
		return badPromo(r, code, s.answer(profile.PromoTwice))
	}
	return badPromo(r, code, profile.NotUsable)
}

// row is the item that a promo is applied to where it is applied to one: the one that the
// call names, or the first that it suits.
func (p *Promo) row(r *request, items []*item, s *Sandbox) []*item {
	named := slices.IndexFunc(items, func(i *item) bool { id, _ := s.rowIDs(i); return id == r.get("id") })
	if named < 0 {
		named = slices.IndexFunc(items, p.suits)
	}
	if named < 0 {
		return nil
	}
	return items[named : named+1]
}

// badPromo says that a code was not applied, in one of the ways in which that may be said;
// nil: it does not say so.
func badPromo(r *request, code string, how profile.Answer) *failure {
	switch how {
	case profile.None:
		return nil
	case profile.Missed:
		return &failure{kind: "missed", object: "promocode", text: r.say("Invalid promo code", "Недействительный промо-код")}
	case profile.NotUsable:
		return &failure{kind: "promocode_not_use", params: value(code), text: r.say(
			"Promo code '"+code+"' can not be applied to ordered services or its discount doesn't exceed the existing one",
			"Промокод '"+code+"' нельзя применить к заказанным услугам или скидка по нему не превышает существующую.")}
	default:
		return unnamedFailure(r)
	}
}
