package zomro

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

func TestTypedMoney(t *testing.T) {
	for text, want := range map[string]string{
		"50": "50", " 12,50 ": "12.5", "0": "0", "0.01": "0.01", "007": "7", "999999999.99": "999999999.99", "5.": "5",
		"0.31 EUR": "0.31", "0,31€": "0.31", "0.31 eur": "0.31", "€0.31": "0.31", "€ 0,31": "0.31", "EUR 0.31.": "0.31",
		"": "", ".": "", "€": "", "fifty": "", "٥": "", "NaN": "", "Inf": "", "0x10": "",
		"-1": "", "+5": "", "€-0.31": "", "1e3": "", "1e-1": "", ".5": "", "0.31..": "", "0.31.0": "", "1,2.3": "",
		"5 USD": "", "$5": "", "5 €€": "", "€5€": "", "EUR 5 EUR": "",
		"1,000": "", "1.000": "", "1.005": "", "1 000": "", "1,000.00": "", "1000000000": "", "0." + strings.Repeat("0", 1_000_000): "",
	} {
		got, ok := TypedMoney(text, "EUR")
		if ok != (want != "") || ok && (got.Amount.String() != want || got.Currency != "EUR") {
			t.Errorf("%.20q is %v, %v, want %q", text, got, ok, want)
		}
	}
	if got, ok := TypedMoney("5 usd", "USD"); !ok || got.Currency != "USD" {
		t.Errorf("dollars are %+v", got)
	}
	for _, text := range []string{"5 EUR", "€5"} {
		if got, ok := TypedMoney(text, "USD"); ok {
			t.Errorf("%s is %v", text, got)
		}
	}
}

func FuzzTypedMoney(f *testing.F) {
	for _, seed := range []string{"50", "12,50", "€ 5", "-1", "1e9", "1E-99999999", "0.001", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, ok := TypedMoney(text, "EUR")
		if ok && (got.Amount.IsNegative() || !got.Amount.Equal(got.Amount.Round(2)) || got.Amount.GreaterThan(decimal.New(1, 9))) {
			t.Errorf("%q is %s", text, got.Amount)
		}
	})
}

func TestParseMoney(t *testing.T) {
	for _, test := range []struct{ text, currency, want string }{
		{"0.34", "EUR", "0.34 EUR"},
		{" 77.76 ", "€", "77.76 EUR"},
		{"12.50 EUR", "", "12.5 EUR"},
		{"12.50 €", "", "12.5 EUR"},
		{"12.50€", "EUR", "12.5 EUR"},
		{"1 234,56 €", "", "1234.56 EUR"},
		{"1\u00a0234,56\u00a0€", "", "1234.56 EUR"},
		{"1\u202f234,5\u202f€", "", "1234.5 EUR"},
		{"1&nbsp;234.56&nbsp;EUR", "", "1234.56 EUR"},
		{"1 234 567 EUR", "", "1234567 EUR"},
		{"1 234,567 EUR", "", "1234.567 EUR"},
		{"0,077 EUR", "", "0.077 EUR"},
		{"0.0774 EUR", "", "0.0774 EUR"},
		{"-5.00 €", "", "-5 EUR"},
		{"+1.00 €", "", "1 EUR"},
		{"7", "USD", "7 USD"},
		{"0.00", "EUR", "0 EUR"},
	} {
		money, err := parseMoney(test.text, test.currency)
		if got := money.Amount.String() + " " + money.Currency; err != nil || got != test.want {
			t.Errorf("%q, %q: got %s, %v, want %s", test.text, test.currency, got, err, test.want)
		}
	}
	for _, test := range []struct{ text, currency string }{
		{"", "EUR"},
		{"5", ""},           // no currency
		{"5 EUR", "USD"},    // two
		{"5 $", ""},         // whose dollar?
		{"5", "$"},          //
		{"5", "euro"},       //
		{"1,234", "EUR"},    // thousands or a fraction
		{"1.234,56", "EUR"}, // two marks
		{"1,234.56", "EUR"}, //
		{"1 23", "EUR"},     // no group of three
		{"1 2345", "EUR"},   //
		{"12 34 567", "EUR"},
		{"1e5", "EUR"},
		{"0x10", "EUR"},
		{"NaN", "EUR"},
		{"٣", "EUR"},
		{".5", "EUR"},
		{"5.", "EUR"},
		{"5.00 EUR / Month", ""},
		{"from 5.00 EUR", ""},
		{"--5", "EUR"},
		{"1234567890123456", "EUR"},
		{"free", "EUR"},
	} {
		if money, err := parseMoney(test.text, test.currency); err == nil {
			t.Errorf("%q, %q: got %v, want an error", test.text, test.currency, money)
		}
	}
}

// Whatever amount is written in a form that is read, that amount is read.
func TestParseMoneyIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cents := rapid.Int64Range(-1e12, 1e12).Draw(t, "cents")
		want := decimal.New(cents, -2)
		whole, fraction, _ := strings.Cut(want.Abs().StringFixed(2), ".")
		space := rapid.SampledFrom([]string{"", " ", "\u00a0", "\u202f", "&nbsp;"}).Draw(t, "space")
		for i := len(whole) - 3; i > 0; i -= 3 {
			whole = whole[:i] + space + whole[i:]
		}
		sign := ""
		if cents < 0 {
			sign = "-"
		}
		text := sign + whole + rapid.SampledFrom([]string{".", ","}).Draw(t, "mark") + fraction
		got, err := parseMoney(text+rapid.SampledFrom([]string{" €", "€", " EUR"}).Draw(t, "suffix"), "")
		if err != nil || !got.Amount.Equal(want) || got.Currency != "EUR" {
			t.Fatalf("%q: got %v, %v, want %s", text, got, err, want)
		}
	})
}

func TestPriceForms(t *testing.T) {
	for document, want := range map[string]string{
		`{"cost":{"$":"1.11"},"currency":{"$":"EUR"}}`:                                       "1.11 EUR",
		`{"cost":"1.11","currency":"€"}`:                                                     "1.11 EUR",
		`{"cost":1.11,"currency":"EUR"}`:                                                     "1.11 EUR",
		`[{"cost":[{"$":"1.11 €"}]}]`:                                                        "1.11 EUR",
		`{"price":{"cost":{"$":"1.11"},"currency":{"$":"€"},"noDiscountCost":{"$":"2.00"}}}`: "1.11 EUR",
		`{"price":[{"cost":{"$":"1.11"},"currency":{"$":"€"}}]}`:                             "1.11 EUR",
		`{"price":[{"cost":"1.11 €"},{"cost":"2.22 €"}]}`:                                    "",
		`{"cost":[{"$":"1.11 €"},{"$":"2.22 €"}]}`:                                           "",
		`{"cost":"1.11","currency":["EUR","USD"]}`:                                           "",
		`{"cost":"1.11","currency":{}}`:                                                      "",
		`{"cost":"-1.11 €"}`:                                                                 "",
		`{"cost":1e2,"currency":"EUR"}`:                                                      "",
		`{"cost":null,"currency":"EUR"}`:                                                     "",
		`{"cost":true,"currency":"EUR"}`:                                                     "",
		`{}`:                                                                                 "",
		`[]`:                                                                                 "",
	} {
		money, err := parse(t, document).price()
		got := ""
		if err == nil {
			got = money.Amount.String() + " " + money.Currency
		}
		if got != want {
			t.Errorf("%s: got %q (%v), want %q", document, got, err, want)
		}
	}
}

// parse reads a JSON value as the client does.
func parse(t testing.TB, document string) node {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(document))
	decoder.UseNumber()
	var n node
	if err := decoder.Decode(&n.value); err != nil {
		t.Fatalf("%s: %v", document, err)
	}
	return n
}

// checkMoney fails when an amount stands nowhere in the document: it was
// guessed. Separators are not compared.
func checkMoney(t testing.TB, document string, money *Money) {
	t.Helper()
	if money == nil {
		return
	}
	if money.Currency == "" {
		t.Errorf("an amount without a currency: %s", money.Amount)
	}
	digits := func(text string) string {
		return strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' {
				return r
			}
			return -1
		}, text)
	}
	if amount := digits(fmt.Sprint(money.Amount)); !strings.Contains(digits(document), strings.TrimLeft(amount, "0")) {
		t.Errorf("an amount from nowhere: %s", money.Amount)
	}
}
