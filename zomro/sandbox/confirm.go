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

// Order is a line item that was paid.
type Order struct {
	LineItem string      `json:"lineItem"`
	Time     time.Time   `json:"time"`
	Amount   zomro.Money `json:"amount"` // what was taken from the balance
	Promo    string      `json:"promo,omitempty"`
	Services []string    `json:"services"` // their ids
	Fields   []Field     `json:"fields"`   // of the call that put it into the cart
}

// Orders returns what an account has paid for, the oldest first.
func (s *Sandbox) Orders(login string) []Order {
	orders := []Order{}
	s.withAccount(login, func(a *account) { orders = append(orders, a.orders...) })
	return orders
}

// confirm answers cartorder.create.confirm: takes the money for one line item
// from the balance and orders its servers [A].
func (s *Sandbox) confirm(r *request) (object, *failure) {
	a := r.account
	if !r.submitted() {
		return object{"paymethod_id": value("0"), "elid": value(r.get("elid"))}, nil
	}
	if r.get("paymethod_id") != "0" {
		return nil, badValue(r, "paymethod_id")
	}
	a.freezeAtConfirm(r.now)
	payable := slices.DeleteFunc(slices.Clone(a.items), func(i *item) bool { return i.rolledBack })
	isNamed := func(i *item) bool { return i.lineItem == r.get("elid") }
	bought := slices.DeleteFunc(slices.Clone(payable), func(i *item) bool { return !isNamed(i) })
	if len(bought) == 0 {
		if again := slices.IndexFunc(a.paid, isNamed); again >= 0 {
			return s.confirmAgain(r, a.paid[again])
		}
		return nil, missed(r, "cartorder")
	}
	if s.is(profile.ConfirmScope, profile.WholeCart) {
		bought = payable
	}
	amount := decimal.Zero
	for _, i := range bought {
		amount = amount.Add(s.charge(i))
	}
	if !s.behaviour.ConfirmDoesNotPay && amount.IsPositive() && amount.GreaterThan(a.spendable()) {
		return s.tooPoor(r, bought, amount)
	}
	services := []*service{}
	for _, i := range bought {
		services = append(services, s.buy(a, i, r.now)...)
	}
	return s.confirmed(r, services), nil
}

// confirmed is what the vendor answers to a confirm that it has carried out [g].
func (s *Sandbox) confirmed(r *request, services []*service) object {
	switch s.answer(profile.ConfirmAnswer) {
	case profile.Service:
		return object{"ok": value(""), "id": value(services[0].id)}
	case profile.Address:
		return object{"ok": value("https://sandbox.invalid/pay/" + strconv.Itoa(s.next("payment")))}
	case profile.Other:
		return genericForm(r)
	default:
		return accepted()
	}
}

// confirmAgain is what becomes of a confirm of what is paid already. A vendor that looks
// at the money first sells it once more to somebody who has enough.
func (s *Sandbox) confirmAgain(r *request, i *item) (object, *failure) {
	answer := s.answer(profile.ConfirmAgain)
	switch answer {
	case profile.Missed:
		return nil, missed(r, "cartorder")
	case profile.Other:
		return nil, unnamedFailure(r)
	case profile.None:
		return s.confirmed(r, s.servicesOf(r.account, i)), nil
	default:
	}
	once := *i
	once.paid, once.services, once.prolongs = time.Time{}, nil, nil
	if amount := s.charge(&once); amount.GreaterThan(r.account.spendable()) {
		return nil, insufficient(r, amount, answer)
	}
	return s.confirmed(r, s.buy(r.account, &once, r.now)), nil
}

// servicesOf are the servers that were bought with a row of the cart and are still there; if
// there are none, one that nobody has.
func (s *Sandbox) servicesOf(a *account, i *item) []*service {
	var all []*service
	for _, order := range a.orders {
		for _, id := range order.Services {
			if v := a.service(id); v != nil && order.LineItem == i.lineItem {
				all = append(all, v)
			}
		}
	}
	if all == nil {
		all = []*service{{id: i.lineItem}}
	}
	return all
}

// tooPoor is what becomes of a confirm for which the balance is too small.
func (s *Sandbox) tooPoor(r *request, unpaid []*item, amount decimal.Decimal) (object, *failure) {
	failed := insufficient(r, amount, s.answer(profile.PoorError)) // which says what is in the cart until now
	for _, i := range unpaid {
		switch left := s.answer(profile.PoorLeft); {
		case i.prolongs != nil:
		case left == profile.Unpaid:
			s.owe(i, s.ordered(r.account, i, r.now), r.now)
		case left == profile.Other: // the row is gone, and nothing else is there
			r.account.drop(i)
		}
	}
	if failed == nil {
		return accepted(), nil
	}
	return nil, failed
}

// ordered takes a row out of the cart and returns its servers, which are only ordered.
func (s *Sandbox) ordered(a *account, i *item, now time.Time) []*service {
	services := i.services
	switch {
	case i.prolongs != nil:
		services = []*service{i.prolongs}
	case services == nil:
		services = s.list(a, i, now)
		for _, v := range services {
			v.bought = now
		}
	}
	i.services = nil // they are no longer the cart's
	a.drop(i)
	return services
}

// orderOf is the order of a row of the cart.
func (s *Sandbox) orderOf(i *item, services []*service, now time.Time) Order {
	order := Order{LineItem: i.lineItem, Time: now, Amount: money(s.charge(i)), Fields: i.fields}
	if i.promo != nil {
		order.Promo = i.promo.Code
	}
	for _, v := range services {
		order.Services = append(order.Services, v.id)
	}
	return order
}

// owe makes an unpaid order of servers.
func (s *Sandbox) owe(i *item, services []*service, now time.Time) {
	order := s.orderOf(i, services, now)
	owed := &debt{payment: s.next("payment"), tax: i.tax(order.Amount.Amount), order: order}
	for _, v := range services {
		v.debt = owed
	}
}

// buy orders the servers of a row of the cart and takes the money for them,
// unless the vendor orders without paying. It returns them.
func (s *Sandbox) buy(a *account, i *item, now time.Time) []*service {
	services := s.ordered(a, i, now)
	order, amount := s.orderOf(i, services, now), s.charge(i)
	if s.behaviour.ConfirmDoesNotPay {
		if i.prolongs == nil {
			s.owe(i, services, now)
		}
		return services
	}
	i.paid = now
	a.paid, a.code = append(a.paid, i), nil
	if after := s.behaviour.SurchargeAfter; after > 0 {
		gross := s.gross(i)
		s.surcharges = append(s.surcharges, surcharge{
			due: now.Add(time.Duration(after) * time.Second), account: a, lineItem: i.lineItem,
			name: services[0].shownName(), amount: amount.Sub(gross),
		})
		amount = gross
		order.Amount = money(amount)
	}
	s.take(a, services[0].shownName(), amount, i.tax(amount), now)
	if v := i.prolongs; v != nil {
		v.paid = paidUntil(i.period, v.paid)
	} else {
		for _, v := range services {
			v.activate(now)
		}
	}
	a.orders = append(a.orders, order)
	return services
}

// surcharge is a part of what an order costs that is taken later.
type surcharge struct {
	due      time.Time
	account  *account
	lineItem string
	name     string
	amount   decimal.Decimal
}

// settleSurcharges takes what is due by now.
func (s *Sandbox) settleSurcharges(now time.Time) {
	s.surcharges = slices.DeleteFunc(s.surcharges, func(c surcharge) bool {
		if c.due.After(now) {
			return false
		}
		s.take(c.account, c.name, c.amount, c.amount, c.due)
		for n, order := range c.account.orders {
			if order.LineItem == c.lineItem {
				c.account.orders[n].Amount = money(order.Amount.Amount.Add(c.amount))
			}
		}
		return true
	})
}

// list makes the servers of a row of the cart, which are only ordered.
func (s *Sandbox) list(a *account, i *item, now time.Time) []*service {
	i.services = nil
	for n := range i.count {
		number := i.number
		if i.count > 1 {
			number = n + 1
		}
		created := s.newService(i, now)
		created.name = s.serverName(i.name, number)
		i.services = append(i.services, created)
	}
	a.services = append(a.services, i.services...)
	return i.services
}

// insufficient says that the balance is too small, in the way of an answer of
// [profile.PoorError]; nil: it does not say so. The texts and the parameter are from other
// calls of the vendor [F], the type not_enough_money from another host [g].
func insufficient(r *request, amount decimal.Decimal, how profile.Answer) *failure {
	kind := "not_enough_money"
	switch how {
	case profile.None:
		return nil
	case profile.Other:
		return unnamedFailure(r)
	case profile.Amount:
		kind = "insufficient_funds"
	default:
	}
	required, balance, credit := amount.StringFixed(2), r.account.realBalance().StringFixed(2), r.account.availableCredit().StringFixed(2)
	return &failure{
		kind: kind, params: []object{{"$name": "amount", "$": required}},
		text: r.say(
			fmt.Sprintf("Insufficient funds to complete the operation. Required amount %s. Your current balance: %s, credit limit %s EUR", required, balance, credit),
			fmt.Sprintf("Недостаточно средств для завершения операции. Требуемая сумма %s. Ваш текущий баланс: %s, кредитный лимит %s EUR", required, balance, credit),
		),
	}
}

// unnamedFailure is an error of a type that nobody knows, which does not say why.
func unnamedFailure(r *request) *failure {
	return &failure{kind: "operation_failed", text: r.say("The operation was not completed", "Операция не выполнена")}
}

// newService makes a server that is ordered. Its addresses are from the ranges
// kept for documentation.
func (s *Sandbox) newService(bought *item, now time.Time) *service {
	number := s.next("address")
	created := &service{
		id: strconv.Itoa(s.next("service")), name: bought.name, plan: bought.plan, period: bought.period,
		image: bought.image, created: now, opened: now, paid: paidUntil(bought.period, now), code: codeOrdered,
		cost: bought.full().Div(decimalOf(bought.count)),
		ipv6: fmt.Sprintf("2001:db8::%x", number), soldOut: bought.plan.soldOut,
	}
	if !sixOnly(bought) {
		created.ipv4 = fmt.Sprintf("203.0.113.%d", number%254+1)
	}
	return created
}

// paidUntil is when the first period of a new server ends.
func paidUntil(period zomro.Period, now time.Time) time.Time {
	months, err := strconv.Atoi(string(period))
	if period == zomro.Day || err != nil {
		return now.AddDate(0, 0, 1)
	}
	return now.AddDate(0, months, 0)
}

// sixOnly reports whether the server was ordered without an IPv4 address.
func sixOnly(bought *item) bool {
	for _, a := range bought.plan.addons {
		if a.label == "network" {
			return bought.addons[a.name] != a.initial
		}
	}
	return false
}
