package sandbox

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/zomro"
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
// from the balance and orders its servers [A]. Its answer is as empty as may
// be: what the vendor's holds is not known.
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
	bought := slices.DeleteFunc(slices.Clone(payable), func(i *item) bool { return i.lineItem != r.get("elid") })
	if len(bought) == 0 {
		return nil, missed(r, "cartorder")
	}
	if s.behaviour.ConfirmPaysCart {
		bought = payable
	}
	amount := decimal.Zero
	for _, i := range bought {
		amount = amount.Add(s.charge(i))
	}
	if !s.behaviour.ConfirmDoesNotPay && amount.IsPositive() && amount.GreaterThan(a.spendable()) {
		return nil, insufficient(r, amount)
	}
	for _, i := range bought {
		s.buy(a, i, r.now)
	}
	return accepted(), nil
}

// buy orders the servers of a row of the cart and takes the money for them,
// unless the vendor orders without paying.
func (s *Sandbox) buy(a *account, i *item, now time.Time) {
	amount := s.charge(i)
	order := Order{LineItem: i.lineItem, Time: now, Amount: money(amount), Fields: i.fields}
	if i.promo != nil {
		order.Promo = i.promo.Code
	}
	services := i.services
	if i.prolongs != nil {
		services = []*service{i.prolongs}
	}
	if services == nil {
		services = s.list(a, i, now)
	}
	for _, v := range services {
		order.Services = append(order.Services, v.id)
	}
	i.services = nil // they are no longer the cart's
	a.drop(i)
	if s.behaviour.ConfirmDoesNotPay && i.prolongs != nil {
		return
	}
	if s.behaviour.ConfirmDoesNotPay {
		owed := &debt{payment: s.next("payment"), tax: amount.Sub(i.net()), order: order}
		for _, v := range services {
			v.debt = owed
		}
		return
	}
	if after := s.behaviour.SurchargeAfter; after > 0 {
		gross := s.gross(i)
		s.surcharges = append(s.surcharges, surcharge{
			due: now.Add(time.Duration(after) * time.Second), account: a, lineItem: i.lineItem,
			name: services[0].shownName(), amount: amount.Sub(gross),
		})
		amount = gross
		order.Amount = money(amount)
	}
	s.take(a, services[0].shownName(), amount, amount.Sub(i.net()), now)
	if v := i.prolongs; v != nil {
		v.paid = paidUntil(i.period, v.paid)
	} else {
		for _, v := range services {
			v.activate(now)
		}
	}
	a.orders = append(a.orders, order)
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
		created.name = s.behaviour.serverName(i.name, number)
		i.services = append(i.services, created)
	}
	a.services = append(a.services, i.services...)
	return i.services
}

// insufficient says that the balance is too small. The texts and the parameter
// are from other calls of the vendor [F]; the type is a guess.
func insufficient(r *request, amount decimal.Decimal) *failure {
	required, balance, credit := amount.StringFixed(2), r.account.realBalance().StringFixed(2), r.account.availableCredit().StringFixed(2)
	return &failure{
		kind: "insufficient_funds", params: []object{{"$name": "amount", "$": required}},
		text: r.say(
			fmt.Sprintf("Insufficient funds to complete the operation. Required amount %s. Your current balance: %s, credit limit %s EUR", required, balance, credit),
			fmt.Sprintf("Недостаточно средств для завершения операции. Требуемая сумма %s. Ваш текущий баланс: %s, кредитный лимит %s EUR", required, balance, credit),
		),
	}
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
