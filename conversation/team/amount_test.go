package team

import (
	"testing"

	"github.com/shopspring/decimal"

	"zomrobot/conversation"
	"zomrobot/team"
)

// paidIn is a dialogue in a team whose account has a currency.
func paidIn(currency string) conversation.Dialogue {
	return conversation.Dialogue{Team: &conversation.TeamState{Team: team.Team{Account: &team.Account{Currency: currency}}}}
}

func TestAmount(t *testing.T) {
	d := paidIn("EUR")
	for text, want := range map[string]string{
		"50": "50", " 12,50 ": "12.5", "12.50": "12.5", "€5": "5", "5 €": "5", "5 eur": "5", "EUR 5": "5", "0": "0", "0.01": "0.01", "999999999.99": "999999999.99",
		"": "", "-1": "", "1.005": "", "1,000": "", "1 000": "", "1e3": "", "1e-1": "", "5 USD": "", "5 €€": "", "€5€": "", "+5": "", ".5": "", "5.": "", "NaN": "", "Inf": "", "0x10": "", "1,2.3": "",
		"1000000000000": "", "fifty": "", "€": "", "٥": "",
	} {
		got, ok := amount(d, text)
		if ok != (want != "") || ok && (!got.Amount.Equal(decimal.RequireFromString(want)) || got.Currency != "EUR") {
			t.Errorf("%q is %s %s, %v; want %q", text, got.Amount, got.Currency, ok, want)
		}
	}
	dollars := paidIn("USD")
	if got, ok := amount(dollars, "5 usd"); !ok || got.Currency != "USD" {
		t.Errorf("dollars are %+v", got)
	}
	for _, text := range []string{"5 EUR", "€5"} {
		if got, ok := amount(dollars, text); ok {
			t.Errorf("%s is %s %s", text, got.Amount, got.Currency)
		}
	}
}

func FuzzAmount(f *testing.F) {
	for _, seed := range []string{"50", "12,50", "€ 5", "-1", "1e9", "1E-99999999", "0.001", ""} {
		f.Add(seed)
	}
	d := paidIn("EUR")
	f.Fuzz(func(t *testing.T, text string) {
		got, ok := amount(d, text)
		if ok && (got.Amount.IsNegative() || !got.Amount.Equal(got.Amount.Round(2)) || got.Currency != "EUR" || got.Amount.GreaterThan(decimal.New(1, 12))) {
			t.Errorf("%q is %s %s", text, got.Amount, got.Currency)
		}
	})
}
