package zomro

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestBalance(t *testing.T) {
	price := func(text string) *Money { m := eur(text); return &m }
	dashboard := ok(`{"doc":{"elem":[{"realbalance":{"$":"12.50 €"},"phone":{"$":"+1"}}]}}`)
	for name, test := range map[string]struct {
		answers []answer
		want    Balance
		spend   string
	}{
		"with credit": {
			[]answer{dashboard, ok(`{"doc":{"elem":[{"available_credit":{"$":"5.00 EUR"},"credit":{"$":"9.00 EUR"}}]}}`)},
			Balance{eur("12.5"), price("5")},
			"17.5",
		},
		"other currency": {
			[]answer{dashboard, ok(`{"doc":{"elem":{"available_credit":"5.00 USD"}}}`)},
			Balance{eur("12.5"), &Money{eur("5").Amount, "USD"}},
			"12.5",
		},
		"credit without a currency": {[]answer{dashboard, ok(`{"doc":{"elem":{"available_credit":"5.00"}}}`)}, Balance{Real: eur("12.5")}, "12.5"},
		"credit below zero":         {[]answer{dashboard, ok(`{"doc":{"elem":{"available_credit":"-5.00 EUR"}}}`)}, Balance{Real: eur("12.5")}, "12.5"},
		"no right to the credit":    {[]answer{dashboard, ok(accessAnswer)}, Balance{Real: eur("12.5")}, "12.5"},
		"no credit":                 {[]answer{dashboard, ok(`{"doc":{}}`)}, Balance{Real: eur("12.5")}, "12.5"},
		"in debt": {
			[]answer{ok(`{"doc":{"elem":{"realbalance":{"$":"-1 234,56 EUR"}}}}`), ok(`{"doc":{}}`)},
			Balance{Real: eur("-1234.56")},
			"-1234.56",
		},
	} {
		v, c := newVendor(t, test.answers...)
		got, err := c.Balance(t.Context(), testAuth)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(test.want, got, equalMoney); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if spend := got.Spendable(); !spend.Amount.Equal(eur(test.spend).Amount) {
			t.Errorf("%s: spendable %s, want %s", name, spend.Amount, test.spend)
		}
		if a, b := v.seen()[0][0].value, v.seen()[1][0].value; a != "dashboard.info" || b != "dashboard.subaccount_credit" {
			t.Errorf("%s: called %s and %s", name, a, b)
		}
	}
}

func TestBalanceThatCannotBeRead(t *testing.T) {
	for _, body := range []string{
		`{"doc":{}}`, `{"doc":{"elem":[]}}`, `{"doc":{"elem":[{}]}}`,
		`{"doc":{"elem":[{"realbalance":{"$":"12.50"}}]}}`,
		`{"doc":{"elem":[{"realbalance":{"$":"many €"}}]}}`,
		`{"doc":{"elem":[{"realbalance":[{"$":"1 €"},{"$":"2 €"}]}]}}`,
	} {
		_, c := newVendor(t, ok(body))
		if balance, err := c.Balance(t.Context(), testAuth); KindOf(err) != Unreadable {
			t.Errorf("%s: got %+v, %v", body, balance, err)
		}
	}
}

func FuzzBalance(f *testing.F) {
	f.Add(`{"doc":{"elem":[{"realbalance":{"$":"1 234,56 €"},"available_credit":{"$":"5.00 EUR"}}]}}`)
	f.Add(`{"doc":{"elem":{"realbalance":[[-5]]}}}`)
	f.Fuzz(func(t *testing.T, body string) {
		doc, err := parseDocument([]byte(body))
		if err != nil {
			return
		}
		text, _ := json.Marshal(doc.value)
		checkMoney(t, string(text), parseCredit(doc))
		if balance, err := parseBalance(doc); err == nil {
			checkMoney(t, string(text), &balance.Real)
		}
	})
}
