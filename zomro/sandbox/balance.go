package sandbox

import (
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/zomro"
	"zomrobot/zomro/profile"
)

// Balance returns what an account has, without its credit; zero if there is no
// such account.
func (s *Sandbox) Balance(login string) zomro.Money {
	balance := money(decimal.Zero)
	s.withAccount(login, func(a *account) { balance = money(a.balance) })
	return balance
}

// SetBalance changes what an account has, as a top-up or a charge elsewhere
// would. The amount is in EUR.
func (s *Sandbox) SetBalance(login string, balance zomro.Money) {
	s.withAccount(login, func(a *account) { a.balance = cents(balance.Amount) })
}

// SetCredit sets by how much an account may overdraw its balance. The amount is in
// EUR.
func (s *Sandbox) SetCredit(login string, credit zomro.Money) {
	s.withAccount(login, func(a *account) { a.credit = cents(credit.Amount) })
}

// shown returns what the vendor shows of an account's money. A charge may show in the
// balance, and in the credit, later than it is; what can be spent is less at once.
func (s *Sandbox) shown(a *account, now time.Time) *account {
	shown := account{balance: a.balance, credit: a.credit}
	lag := s.lag(profile.BalanceWhen, profile.Later)
	for _, charge := range a.charges {
		if now.Before(charge.Time.Add(lag)) {
			shown.balance = shown.balance.Add(charge.Amount.Amount)
		}
	}
	return &shown
}

// spendable is the balance and the credit that is not used yet [F].
func (a *account) spendable() decimal.Decimal { return a.balance.Add(a.credit) }

// availableCredit is what is left of the credit once the balance is below zero.
func (a *account) availableCredit() decimal.Decimal {
	if a.balance.IsNegative() {
		return a.spendable()
	}
	return a.credit
}

// realBalance never shows less than zero: what is below zero is used credit.
func (a *account) realBalance() decimal.Decimal {
	return decimal.Max(a.balance, decimal.Zero)
}

// dashboardInfo is one row with the balance and the sign of the currency [F].
func (s *Sandbox) dashboardInfo(r *request) (object, *failure) {
	return object{"elem": []object{{
		"realbalance": value(s.shown(r.account, r.now).realBalance().StringFixed(2) + " €"),
		"phone":       value(""),
	}}}, nil
}

// dashboardCredit is one row with the credit [F].
func (s *Sandbox) dashboardCredit(r *request) (object, *failure) {
	shown := s.shown(r.account, r.now)
	return object{"elem": []object{{
		"available_credit": value(shown.availableCredit().StringFixed(2) + " " + currency),
		"credit":           value(shown.credit.StringFixed(2) + " " + currency),
	}}}, nil
}

// notify has the balance as a bare number [F].
func (s *Sandbox) notify(r *request) (object, *failure) {
	return object{
		"realbalance": value(s.shown(r.account, r.now).realBalance().StringFixed(2)),
		"notify":      object{"item": []object{}},
	}, nil
}
