package locales

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// symbols of the currencies that have a common one, by ISO 4217 code.
var symbols = map[string]string{"EUR": "€", "USD": "$", "GBP": "£", "RUB": "₽", "UAH": "₴"}

// Number writes a whole number: "1,234" in English, "1 234" in Russian.
func (c *Catalog) Number(lang string, n int) string {
	return c.figure(lang, strconv.Itoa(n))
}

// Money writes an amount: "€1,234.56" in English, "1 234,56 €" in Russian. It
// has at least two decimals, and more where they are not zero: a charge by the
// day may be a fraction of a cent. A currency without a common symbol is
// written as its code, after the amount.
func (c *Catalog) Money(lang string, amount decimal.Decimal, currency string) string {
	digits := amount.String() // never in exponential form, no zeros at the end
	if _, fraction, _ := strings.Cut(digits, "."); len(fraction) < 2 {
		digits = amount.StringFixed(2)
	}
	figure := c.figure(lang, digits)
	symbol, known := symbols[currency]
	switch {
	case currency == "":
		return figure
	case !known:
		return figure + space + currency
	default:
		return match(lang).sign(figure, symbol)
	}
}

// Time writes a moment to the minute, in its own time zone: "23 Nov 2026, 15:04
// UTC" in English, "23 ноября 2026, 15:04 UTC+03:00" in Russian.
func (c *Catalog) Time(lang string, t time.Time) string {
	zone := "UTC"
	if _, offset := t.Zone(); offset != 0 {
		zone = t.Format("UTC-07:00")
	}
	return c.Date(lang, t) + t.Format(", 15:04 ") + zone
}

// Date writes the day of a moment, in its own time zone: "23 Nov 2026" in
// English, "23 ноября 2026" in Russian.
func (c *Catalog) Date(lang string, t time.Time) string {
	return match(lang).date(t)
}

// Clock writes the time of a day to the minute: "15:04".
func (c *Catalog) Clock(t time.Time) string { return t.Format("15:04") }

// Day writes the day of a moment without its year, in its own time zone: "23 Nov" in
// English, "23.11" in Russian.
func (c *Catalog) Day(lang string, t time.Time) string { return t.Format(match(lang).daily) }

// Month writes the month of a moment in short: "Nov" in English, "ноя" in Russian.
func (c *Catalog) Month(lang string, t time.Time) string { return match(lang).months[t.Month()-1] }

// Percent writes a finite part of a hundred with a decimal where it is small: "2.5%" in
// English, "2,5 %" in Russian.
func (c *Catalog) Percent(lang string, value float64) string {
	return c.rounded(lang, value) + match(lang).percent
}

// Bytes writes a finite number of bytes in the unit that suits one of so many: "1.5 GB" in
// English, "1,5 ГБ" in Russian. A unit is a thousand of the one before.
func (c *Catalog) Bytes(lang string, value, like float64) string {
	units := match(lang).bytes
	n := 0
	for ; n < len(units)-1 && math.Abs(like) >= 1000; n++ {
		value, like = value/1000, like/1000
	}
	return c.rounded(lang, value) + space + units[n]
}

// rounded writes a number with as many decimals as help: three figures, and no zeros at
// the end.
func (c *Catalog) rounded(lang string, value float64) string {
	decimals := 0
	switch size := math.Abs(value); {
	case size < 10:
		decimals = 2
	case size < 100:
		decimals = 1
	}
	return c.figure(lang, decimal.NewFromFloat(value).Round(int32(decimals)).String())
}

// figure writes plain decimal digits ("-1234.5") in the language's way.
func (c *Catalog) figure(lang, digits string) string {
	l := match(lang)
	whole, fraction, fractional := strings.Cut(digits, ".")
	whole, negative := strings.CutPrefix(whole, "-")

	var b strings.Builder
	if negative {
		b.WriteString(minus)
	}
	for i, digit := range []byte(whole) {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(l.group)
		}
		b.WriteByte(digit)
	}
	if fractional {
		b.WriteString(l.point)
		b.WriteString(fraction)
	}
	return b.String()
}
