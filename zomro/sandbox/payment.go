package sandbox

import (
	"strconv"
	"time"

	"github.com/shopspring/decimal"
)

// payment is money that was paid in, or is to be.
type payment struct {
	number int
	at     time.Time
	amount decimal.Decimal
	status string
}

// The states of a payment [g].
const (
	paymentNew      = "1"
	paymentCredited = "4"
)

// paymentList is func=payment [g]: what was paid in, and what unpaid orders wait for. The
// forms of the values are a guess.
func (s *Sandbox) paymentList(r *request) (object, *failure) {
	all := r.account.payments
	var last *debt
	for _, v := range r.account.services {
		if owed := r.account.owes(v.id); owed != nil && owed != last {
			last, all = owed, append(all[:len(all):len(all)], payment{owed.payment, owed.order.Time, owed.order.Amount.Amount, paymentNew})
		}
	}
	rows := []object{}
	for _, p := range all {
		amount := value(p.amount.StringFixed(2) + " " + currency)
		rows = append(rows, object{
			"id": value(strconv.Itoa(p.number)), "number": value("pfx/" + strconv.Itoa(p.number)),
			"create_date":          value(p.at.UTC().Format(time.DateOnly)),
			"paymethod_name":       value(r.say("Account balance", "Баланс аккаунта")),
			"subaccountamount_iso": amount, "paymethodamount_iso": amount,
			"status": object{"$": map[string]string{paymentNew: r.say("New", "Новый"), paymentCredited: r.say("Credited", "Зачислен")}[p.status], "$orig": p.status},
		})
	}
	return paged(r, rows), nil
}
