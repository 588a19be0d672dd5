package zomro

import (
	"errors"
	"regexp"
	"strings"

	"github.com/shopspring/decimal"
)

var (
	errAmount   = errors.New("the amount cannot be read")
	errCurrency = errors.New("the currency cannot be read")
	errNegative = errors.New("the price is negative")
)

var (
	// Thousands are set apart by a space, plain, non-breaking or narrow [g].
	amountForm   = regexp.MustCompile(`^([+-]?)([0-9]{1,3}(?:[ \x{00a0}\x{202f}][0-9]{3})+|[0-9]{1,15})(?:([.,])([0-9]{1,12}))?$`)
	suffixForm   = regexp.MustCompile(`^(.*[0-9])[ \x{00a0}\x{202f}]*(€|[A-Z]{3})$`)
	currencyForm = regexp.MustCompile(`^[A-Z]{3}$`)
	// What a person types: no more decimals than a price has, so that "1.000" is not one, and no
	// more than anybody spends.
	typedForm = regexp.MustCompile(`^[0-9]{1,9}(?:[.,][0-9]{1,2})?$`)
	spaces    = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "")
)

// TypedMoney reads an amount as a person types it, in a currency: "12.5", "12,50 EUR", "€ 12.50",
// with a full stop or without. false: it is none of them, or could be read in two ways.
func TypedMoney(text, currency string) (Money, bool) {
	text = strings.TrimSuffix(strings.ToUpper(strings.TrimSpace(text)), ".")
	signs := []string{currency}
	if currency == "EUR" {
		signs = append(signs, "€")
	}
	for _, sign := range signs {
		rest, named := strings.CutSuffix(text, sign)
		if !named {
			rest, named = strings.CutPrefix(text, sign)
		}
		if named {
			text = strings.TrimSpace(rest)
			break
		}
	}
	if !typedForm.MatchString(text) {
		return Money{}, false
	}
	amount, err := decimal.NewFromString(strings.Replace(text, ",", ".", 1))
	return Money{Amount: amount, Currency: currency}, err == nil
}

// parseMoney reads an amount such as "0.34", "1 234,56 €" or "12.50 EUR".
// currency is the one named next to it, "" for none. An amount that can be read in
// two ways, one without a currency or with two is an error.
func parseMoney(text, currency string) (Money, error) {
	text = clean(text)
	currency, err := currencyCode(clean(currency))
	if err != nil {
		return Money{}, err
	}
	if parts := suffixForm.FindStringSubmatch(text); parts != nil {
		suffix, err := currencyCode(parts[2])
		if err != nil || currency != "" && suffix != currency {
			return Money{}, errCurrency
		}
		text, currency = parts[1], suffix
	}
	if currency == "" {
		return Money{}, errCurrency
	}
	parts := amountForm.FindStringSubmatch(text)
	if parts == nil {
		return Money{}, errAmount
	}
	sign, whole, mark, fraction := parts[1], parts[2], parts[3], parts[4]
	plain := spaces.Replace(whole)
	if mark == "," && len(fraction) == 3 && plain == whole && whole != "0" {
		return Money{}, errAmount // "1,234": thousands or a fraction?
	}
	if fraction != "" {
		plain += "." + fraction
	}
	amount, err := decimal.NewFromString(plain)
	if err != nil {
		return Money{}, errAmount
	}
	if sign == "-" {
		amount = amount.Neg()
	}
	return Money{Amount: amount, Currency: currency}, nil
}

// currencyCode returns the ISO 4217 code of a currency. Only the euro is known by
// its symbol: other currencies share theirs.
func currencyCode(text string) (string, error) {
	switch {
	case text == "€":
		return "EUR", nil
	case text == "", currencyForm.MatchString(text):
		return text, nil
	default:
		return "", errCurrency
	}
}

// money reads the node's text as money; the currency is in the text.
func (n node) money() (Money, error) {
	text, ok := n.scalar()
	if !ok {
		return Money{}, errAmount
	}
	return parseMoney(text, "")
}

// price reads {"cost":…,"currency":…}, or the same one level down under
// "price" [g]. Among several none is chosen.
func (n node) price() (Money, error) {
	if inner := n.at("price"); inner.exists() && !n.at("cost").exists() {
		n = inner
	}
	cost, ok := n.at("cost").scalar()
	if !ok {
		return Money{}, errAmount
	}
	currency, ok := n.at("currency").scalar()
	if !ok && n.at("currency").exists() {
		return Money{}, errCurrency
	}
	money, err := parseMoney(cost, currency)
	if err != nil {
		return Money{}, err
	}
	if money.Amount.IsNegative() {
		return Money{}, errNegative
	}
	return money, nil
}
