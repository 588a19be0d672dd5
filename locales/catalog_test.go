package locales_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"zomrobot/locales"
)

func load(t testing.TB) *locales.Catalog {
	t.Helper()
	c, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestMatch(t *testing.T) {
	for code, want := range map[string]string{
		"": "en", "en": "en", "en-GB": "en", "pt-br": "en", "de": "en", "uk": "en", "be": "en",
		"ru": "ru", "RU": "ru", "ru-RU": "ru", "ru_KZ": "ru", "run": "en", "-ru": "en",
	} {
		if got := locales.Match(code); got != want {
			t.Errorf("Match(%q) = %q, want %q", code, got, want)
		}
	}
}

func TestNumber(t *testing.T) {
	c := load(t)
	for _, tt := range []struct {
		n      int
		en, ru string
	}{
		{0, "0", "0"},
		{35, "35", "35"},
		{999, "999", "999"},
		{1000, "1,000", "1 000"},
		{-1000, "−1,000", "−1 000"},
		{-999, "−999", "−999"},
		{1234567, "1,234,567", "1 234 567"},
	} {
		if got := c.Number("en", tt.n); got != tt.en {
			t.Errorf("en %d = %q, want %q", tt.n, got, tt.en)
		}
		if got, want := c.Number("ru", tt.n), nbsp(tt.ru); got != want {
			t.Errorf("ru %d = %q, want %q", tt.n, got, want)
		}
	}
}

func TestMoney(t *testing.T) {
	c := load(t)
	for _, tt := range []struct{ amount, currency, en, ru string }{
		{"1234.56", "EUR", "€1,234.56", "1 234,56 €"},
		{"6.6", "EUR", "€6.60", "6,60 €"},
		{"0", "EUR", "€0.00", "0,00 €"},
		{"5", "USD", "$5.00", "5,00 $"},
		{"1e3", "USD", "$1,000.00", "1 000,00 $"},
		{"0.1334", "EUR", "€0.1334", "0,1334 €"},
		{"0.1300", "EUR", "€0.13", "0,13 €"},
		{"-0.5", "EUR", "−€0.50", "−0,50 €"},
		{"1234.5", "XYZ", "1,234.50 XYZ", "1 234,50 XYZ"},
		{"1234.5", "", "1,234.50", "1 234,50"},
	} {
		amount := decimal.RequireFromString(tt.amount)
		if got, want := c.Money("en", amount, tt.currency), nbsp(tt.en); got != want {
			t.Errorf("en %s %s = %q, want %q", tt.amount, tt.currency, got, want)
		}
		if got, want := c.Money("ru", amount, tt.currency), nbsp(tt.ru); got != want {
			t.Errorf("ru %s %s = %q, want %q", tt.amount, tt.currency, got, want)
		}
	}
}

// TestMoneyKeepsTheAmount: what is written stands for the very same amount,
// with at least two decimals.
func TestMoneyKeepsTheAmount(t *testing.T) {
	c := load(t)
	rapid.Check(t, func(t *rapid.T) {
		amount := decimal.New(rapid.Int64().Draw(t, "value"), rapid.Int32Range(-9, 6).Draw(t, "exp"))
		en := strings.ReplaceAll(c.Money("en", amount, ""), ",", "")
		if got := decimal.RequireFromString(en); !got.Equal(amount) {
			t.Fatalf("%s is written %q", amount, en)
		}
		if _, decimals, _ := strings.Cut(en, "."); len(decimals) < 2 {
			t.Fatalf("%s is written %q", amount, en)
		}
		ru := strings.NewReplacer("\u00a0", "", ",", ".").Replace(c.Money("ru", amount, ""))
		if ru != en {
			t.Fatalf("ru %q, en %q", ru, en)
		}
	})
}

func TestTime(t *testing.T) {
	c := load(t)
	moment := time.Date(2026, 11, 23, 21, 4, 59, 0, time.UTC)
	for _, tt := range []struct {
		zone   *time.Location
		en, ru string
	}{
		{time.UTC, "23 Nov 2026, 21:04 UTC", "23 ноября 2026, 21:04 UTC"},
		{time.FixedZone("", 3*60*60), "24 Nov 2026, 00:04 UTC+03:00", "24 ноября 2026, 00:04 UTC+03:00"},
		{time.FixedZone("", -150*60), "23 Nov 2026, 18:34 UTC-02:30", "23 ноября 2026, 18:34 UTC-02:30"},
	} {
		if got := c.Time("en", moment.In(tt.zone)); got != tt.en {
			t.Errorf("en %q, want %q", got, tt.en)
		}
		if got := c.Time("ru", moment.In(tt.zone)); got != tt.ru {
			t.Errorf("ru %q, want %q", got, tt.ru)
		}
	}
	if en, ru := c.Date("en", moment), c.Date("ru", moment); en != "23 Nov 2026" || ru != "23 ноября 2026" {
		t.Errorf("dates %q, %q", en, ru)
	}
	for month := time.January; month <= time.December; month++ {
		got := c.Time("ru", time.Date(2026, month, 1, 0, 0, 0, 0, time.UTC))
		if !strings.HasPrefix(got, "1 ") || !strings.HasSuffix(got, " 2026, 00:00 UTC") {
			t.Errorf("month %d: %q", month, got)
		}
	}
}

func TestJoin(t *testing.T) {
	c := load(t)
	for _, tt := range []struct {
		parts  []string
		en, ru string
	}{
		{nil, "", ""},
		{[]string{"a"}, "a", "a"},
		{[]string{"a", "b"}, "a and b", "a и b"},
		{[]string{"a", "b", "c"}, "a, b and c", "a, b и c"},
	} {
		if got := c.Join("en", tt.parts); got != tt.en {
			t.Errorf("en %q, want %q", got, tt.en)
		}
		if got := c.Join("ru", tt.parts); got != tt.ru {
			t.Errorf("ru %q, want %q", got, tt.ru)
		}
	}
}

func TestTextOfUnknownMessageFails(t *testing.T) {
	c := load(t)
	for _, lang := range locales.Languages() {
		if text, err := c.Text(lang, "no.such.message", nil, nil); err == nil || text != "" {
			t.Errorf("%s: %q, %v", lang, text, err)
		}
	}
}

func TestTextWithoutAnArgumentFails(t *testing.T) {
	c := load(t)
	if text, err := c.Text("en", "accounts.line", map[string]string{"Nick": "a"}, nil); err != nil || text != "<b>a</b>" {
		t.Errorf("with it: %q, %v", text, err)
	}
	if text, err := c.Text("en", "accounts.line", nil, nil); err == nil || text != "<b></b>" {
		t.Errorf("without it: %q, %v", text, err)
	}
}

func TestPlain(t *testing.T) {
	for key, want := range map[string]bool{
		"button.back": true, "toast.stale": true, "command.order": true,
		"order.plan.title": false, "buttons.back": false, "": false,
	} {
		if got := locales.Plain(key); got != want {
			t.Errorf("Plain(%q) = %v", key, got)
		}
	}
}

// nbsp writes an expectation's spaces as the ones that do not break a line.
func nbsp(s string) string { return strings.ReplaceAll(s, " ", "\u00a0") }

// TestEveryFileIsALanguage: a language is its messages and its row in the table.
func TestEveryFileIsALanguage(t *testing.T) {
	files, err := filepath.Glob("*.json")
	if err != nil {
		t.Fatal(err)
	}
	var codes []string
	for _, name := range files {
		codes = append(codes, strings.TrimSuffix(name, ".json"))
	}
	rows := slices.Sorted(slices.Values(locales.Languages()))
	if !slices.Equal(codes, rows) {
		t.Errorf("there are messages in %v and rows of %v", codes, rows)
	}
	for _, code := range rows {
		if locales.Name(code) == "" || locales.Match(code) != code || locales.Match(code+"-xx") != code {
			t.Errorf("%s is called %q, and %q is spoken to it", code, locales.Name(code), locales.Match(code))
		}
	}
}

func TestQuantities(t *testing.T) {
	c := load(t)
	when := time.Date(2026, 11, 3, 5, 7, 0, 0, time.UTC)
	for _, tt := range []struct{ en, ru, gotEN, gotRU string }{
		{"2.5%", "2,5\u00a0%", c.Percent("en", 2.5), c.Percent("ru", 2.5)},
		{"100%", "100\u00a0%", c.Percent("en", 99.96), c.Percent("ru", 100.4)},
		{"0%", "0\u00a0%", c.Percent("en", 0), c.Percent("ru", 0.001)},
		{"999\u00a0B", "0\u00a0Б", c.Bytes("en", 999, 999), c.Bytes("ru", 0, 0)},
		{"1.5\u00a0GB", "1,5\u00a0ГБ", c.Bytes("en", 1.5e9, 1.5e9), c.Bytes("ru", 1.5e9, 1.5e9)},
		{"0.5\u00a0TB", "0,5\u00a0ТБ", c.Bytes("en", 5e11, 2e12), c.Bytes("ru", 5e11, 2e12)},
		{"32\u00a0TB", "12,3\u00a0МБ", c.Bytes("en", 32e12, 32e12), c.Bytes("ru", 12.34e6, 12.34e6)},
		{"1,234,567\u00a0PB", "1\u00a0234\u00a0567\u00a0ПБ", c.Bytes("en", 1234567e15, 1234567e15), c.Bytes("ru", 1234567e15, 1234567e15)},
		{"3 Nov", "03.11", c.Day("en", when), c.Day("ru", when)},
		{"Nov", "ноя", c.Month("en", when), c.Month("ru", when)},
		{"05:07", "05:07", c.Clock(when), c.Clock(when)},
	} {
		if tt.gotEN != tt.en || tt.gotRU != tt.ru {
			t.Errorf("got %q and %q, want %q and %q", tt.gotEN, tt.gotRU, tt.en, tt.ru)
		}
	}
}
