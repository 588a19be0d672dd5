package expense

import (
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/zomro"
)

func eur(amount string) zomro.Money {
	return zomro.Money{Amount: decimal.RequireFromString(amount), Currency: "EUR"}
}

func on(day int) time.Time { return time.Date(2026, 11, day, 12, 30, 0, 0, time.UTC) }

// TestExplain: each charge by itself, after whatever is charged before it.
func TestExplain(t *testing.T) {
	services := []zomro.Service{
		{ID: "5100001", Name: "web-1", Cost: "5.76 EUR/Month"},
		{ID: "5100002", Name: "daily", ServerName: "day-1", Cost: "0.24 EUR/Day"},
		{ID: "5100003", Name: "twin", Cost: "1.00 EUR/Month"},
		{ID: "5100004", Name: "twin", Cost: "1.00 EUR/Month"},
	}
	reasons := append(OfServers(services), Reason{
		By: ByPurchase, Of: "A7K-42", Names: []string{"web-1", "gone"}, Listed: []string{"77"}, Day: on(20), Sums: []zomro.Money{eur("10.00"), eur("5.00")}, Most: 2,
	}, Reason{By: ByResize, Of: "web-1", ID: "5100001", Names: []string{"web-1"}, Day: on(21), Sums: []zomro.Money{eur("1.92")}, Most: 1})
	cost := eur("0.0192")
	reasons = append(reasons, OfCopies([]zomro.Copy{
		{ID: "301", Name: "before-42", Cost: &cost}, {ID: "302", Name: "weekly"}, {ID: "303", Name: "web-1", Cost: &cost},
	})...)
	for name, test := range map[string]struct {
		charge, want string // id, day, name, amount, tax; server, by, of
	}{
		"listed for a purchase":              {"77 2026-11-01 anything 99.00", " purchase A7K-42"},
		"by name, day and sum":               {"1 2026-11-20 web-1 10.00", "web-1 purchase A7K-42"},
		"a part of it, a day later":          {"1 2026-11-21 GONE 5.00", " purchase A7K-42"},
		"with its tax":                       {"1 2026-11-19 gone 6.05 1.05", " purchase A7K-42"},
		"two days later":                     {"1 2026-11-22 gone 5.00", "  "},
		"another sum":                        {"1 2026-11-20 gone 5.01", "  "},
		"a larger plan":                      {"1 2026-11-21 web-1 1.92", "web-1 resize web-1"},
		"that plan at another time":          {"1 2026-11-25 web-1 1.92", "web-1  "},
		"the price of a server":              {"1 2026-11-02 web-1 5.76", "web-1 server web-1"},
		"with tax":                           {"1 2026-11-02 web-1 6.97 1.21", "web-1 server web-1"},
		"half of it":                         {"1 2026-11-02 web-1 2.88", "web-1  "},
		"a day":                              {"1 2026-11-02 day-1 0.24", "daily server daily"},
		"a part of a day":                    {"1 2026-11-02 daily 0.0774", "daily server daily"},
		"more than a day":                    {"1 2026-11-02 daily 0.25", "daily  "},
		"given back":                         {"1 2026-11-02 daily -0.10", "daily  "},
		"by its id":                          {"1 2026-11-02 Cloud_(#5100001) 5.76", "web-1 server web-1"},
		"a part of its id":                   {"1 2026-11-02 Cloud_510000 5.76", "  "},
		"a name within another":              {"1 2026-11-02 web-10 5.76", "  "},
		"a name of two":                      {"1 2026-11-02 twin 1.00", " server twin (#5100003)"},
		"an amount that cannot be read":      {"1 2026-11-02 web-1", "web-1  "},
		"a day that cannot be read":          {"1 soon gone 5.00", "  "},
		"the name of a copy within":          {"1 2026-11-02 Snapshot_before-42:_8_GB 0.50", " storage before-42"},
		"the name of one without a cost":     {"1 2026-11-02 WEEKLY 0.03", " storage weekly"},
		"the id of a copy":                   {"1 2026-11-02 Image_#302 0.50", " storage weekly"},
		"a part of its name":                 {"1 2026-11-02 before-421 0.50", "  "},
		"what a copy costs a day":            {"1 2026-11-02 Cloud_storage 0.0192", " storage before-42"},
		"that, with tax":                     {"1 2026-11-02 Cloud_storage 0.0232 0.0040", " storage before-42"},
		"that of a server":                   {"1 2026-11-02 web-1 0.0192", "web-1  "},
		"that of one of two servers":         {"1 2026-11-02 twin 0.0192", "  "},
		"nothing that is known":              {"1 2026-11-02 Domain 9.99", "  "},
		"the price in another currency":      {"1 2026-11-02 web-1 5.76USD", "web-1  "},
		"a tax in another currency is none ": {"1 2026-11-02 web-1 5.86 0.10USD", "web-1  "},
	} {
		got := Explain([]zomro.Charge{chargeOf(test.charge)}, reasons)[0]
		if text := got.Server + " " + string(got.By) + " " + got.Of; text != test.want {
			t.Errorf("%s: %q, want %q", name, text, test.want)
		}
	}
}

// chargeOf reads a charge.
func chargeOf(text string) zomro.Charge {
	words := strings.Fields(text)
	c := zomro.Charge{ID: words[0], Date: words[1], Name: strings.ReplaceAll(words[2], "_", " ")}
	for i, to := range []**zomro.Money{&c.Amount, &c.Tax} {
		if len(words) > 3+i {
			sum, dollars := strings.CutSuffix(words[3+i], "USD")
			m := eur(sum)
			if dollars {
				m.Currency = "USD"
			}
			*to = &m
		}
	}
	return c
}

// TestNothingExplainsMoreThanItIs: a purchase of two servers explains two charges by their
// sums, a larger plan one.
func TestNothingExplainsMoreThanItIs(t *testing.T) {
	reasons := []Reason{
		{By: ByPurchase, Of: "A7K-42", Names: []string{"web"}, Listed: []string{"9"}, Day: on(20), Sums: []zomro.Money{eur("5.00")}, Most: 2},
		{By: ByResize, Of: "web", Names: []string{"web"}, Day: on(20), Sums: []zomro.Money{eur("1.00")}, Most: 1},
		{By: ByResize, Of: "web again", Names: []string{"web"}, Day: on(21), Sums: []zomro.Money{eur("1.00")}, Most: 1},
	}
	var charges []zomro.Charge
	for _, text := range []string{"1 2026-11-20 web 5.00", "2 2026-11-20 web 5.00", "3 2026-11-20 web 5.00", "4 2026-11-20 web 1.00", "5 2026-11-20 web 1.00", "6 2026-11-20 web 1.00", "9 2026-11-20 web 5.00"} {
		charges = append(charges, chargeOf(text))
	}
	var got []string
	for _, row := range Explain(charges, reasons) {
		got = append(got, row.Of)
	}
	if text := strings.Join(got, ","); text != "A7K-42,A7K-42,,web,web again,,A7K-42" {
		t.Error(text)
	}
}
