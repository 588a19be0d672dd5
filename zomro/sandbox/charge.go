package sandbox

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/zomro"
	"zomrobot/zomro/profile"
)

// Charge is money that was taken from an account.
type Charge struct {
	ID     string      `json:"id"`
	Time   time.Time   `json:"time"`
	Name   string      `json:"name"`   // of the server
	Amount zomro.Money `json:"amount"` // below zero: it was given back
	Tax    zomro.Money `json:"tax"`    // within the amount
}

// Charges returns what was taken from an account, the oldest first.
func (s *Sandbox) Charges(login string) []Charge {
	charges := []Charge{}
	s.withAccount(login, func(a *account) { charges = append(charges, a.charges...) })
	return charges
}

// AddCharge takes money from an account as the vendor does by itself, for a server of that
// name, and returns the charge's id; "" if there is no such account.
func (s *Sandbox) AddCharge(login, name string, amount zomro.Money, at time.Time) string {
	id := ""
	s.withAccount(login, func(a *account) {
		s.take(a, name, amount.Amount, decimal.Zero, at)
		id = a.charges[len(a.charges)-1].ID
	})
	return id
}

// Taken returns how much was taken from an account in all, less what was given
// back.
func (s *Sandbox) Taken(login string) zomro.Money {
	taken := decimal.Zero
	for _, charge := range s.Charges(login) {
		taken = taken.Add(charge.Amount.Amount)
	}
	return money(taken)
}

// take takes money from an account's balance.
func (s *Sandbox) take(a *account, name string, amount, tax decimal.Decimal, now time.Time) {
	if amount.IsZero() {
		return
	}
	a.balance = a.balance.Sub(amount)
	a.charges = append(a.charges, Charge{
		ID: strconv.Itoa(s.next("charge")), Time: now, Name: name, Amount: money(amount), Tax: money(tax),
	})
}

// expense lists the charges, the newest first if p_col says so [F]. The forms of
// the values are another installation's [g]; realdate is a day.
func (s *Sandbox) expense(r *request) (object, *failure) {
	if s.behaviour.BooksClosed {
		return nil, noAccess("expense", r)
	}
	rows := []object{}
	charges := slices.Clone(r.account.charges)
	slices.SortStableFunc(charges, func(a, b Charge) int { return a.Time.Compare(b.Time) })
	lag := s.lag(profile.ChargeWhen, profile.Later)
	for _, charge := range charges {
		if charge.Amount.Amount.IsNegative() || r.now.Before(charge.Time.Add(lag)) {
			continue
		}
		amount := value(charge.Amount.Amount.StringFixed(4) + " " + currency)
		rows = append(rows, object{
			"id": value(charge.ID), "locale_name": value(charge.Name), "payments": amount,
			"realdate":       value(charge.Time.UTC().Format(time.DateOnly)),
			"paymethod_name": value(r.say("Account balance", "Баланс аккаунта")),
			"amount":         amount, "taxamount": value(charge.Tax.Amount.StringFixed(4) + " " + currency),
		})
	}
	if strings.HasPrefix(r.get("p_col"), "-") {
		slices.Reverse(rows)
	}
	return paged(r, rows), nil
}
