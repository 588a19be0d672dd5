package zomro

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"time"
)

// Charges returns the newest charges of the account, the newest first
// (func=expense [F]). It is one page. The vendor keeps its size as a setting that
// also affects the person who looks at the panel [C], so no size is asked for. A
// charge that is not there may be on another page, or may come late.
//
// The answer is asked for in descending order [i]; an answer in ascending order is
// reversed when it holds all charges, else it is [Unreadable]. So is an answer that
// is not such a list, that is not its first page, or that has a row without an id.
// There are no charges only when the answer is such a list without rows.
func (c *Client) Charges(ctx context.Context, auth Auth) ([]Charge, error) {
	const op = "expense"
	doc, err := c.readFunc(ctx, op, auth, chargesRequest...)
	if err != nil {
		return nil, err
	}
	charges, err := parseCharges(doc)
	if err != nil {
		return nil, unreadable(op, err)
	}
	return charges, nil
}

// chargesRequest asks for the newest charges: p_col and clickstat as the cabinet
// sends them [F], but in the other order [i].
var chargesRequest = []field{{"p_col", "-time"}, {"clickstat", "yes"}}

// parseCharges reads a page of charges.
func parseCharges(doc node) ([]Charge, error) {
	total, counted := doc.at("p_elems").number()
	rows := doc.at("elem").rows()
	page, paged := doc.at("p_num").number()
	switch {
	case !doc.at("elem").exists() && !counted && !paged: // without rows only the frame shows that it is the list [F]
		return nil, errors.New("no list of charges")
	case doc.at("p_num").exists() && page != 1:
		return nil, errors.New("not the first page")
	case counted && (len(rows) == 0 && total > 0 || len(rows) > total):
		return nil, errors.New("the count contradicts the list")
	}
	charges := make([]Charge, 0, len(rows))
	for _, row := range rows {
		charge := Charge{Name: row.at("locale_name").text(), Date: row.at("realdate").text()}
		if charge.ID, _ = row.at("id").scalar(); charge.ID == "" {
			return nil, errors.New("a charge without an id")
		}
		if amount, err := row.at("amount").money(); err == nil {
			charge.Amount = &amount
		}
		if tax, err := row.at("taxamount").money(); err == nil {
			charge.Tax = &tax
		}
		charges = append(charges, charge)
	}
	switch whole := counted && len(rows) == total; {
	case !oldestFirst(rows):
	case whole:
		slices.Reverse(charges)
	default:
		return nil, errors.New("the oldest charges come first")
	}
	return charges, nil
}

// oldestFirst reports whether the last row of charges is newer than the first.
func oldestFirst(rows []node) bool {
	var first, last time.Time
	for _, row := range rows {
		at := row.at("realdate").date()
		if at.IsZero() {
			continue
		}
		if last = at; first.IsZero() {
			first = at
		}
	}
	return last.After(first)
}

// UnpaidOrders returns what was ordered and is not paid (func=order, list
// inpaylist [F]). An answer without that list, or with a row that names no
// service, is [Unreadable]: nothing is unpaid only when the list is there and has
// no rows. It is not known whether the vendor then sends the list at all.
func (c *Client) UnpaidOrders(ctx context.Context, auth Auth) ([]UnpaidOrder, error) {
	const op = "order"
	doc, err := c.readFunc(ctx, op, auth, unpaidRequest...)
	if err != nil {
		return nil, err
	}
	unpaid, err := parseUnpaidOrders(doc)
	if err != nil {
		return nil, unreadable(op, err)
	}
	return unpaid, nil
}

// unpaidRequest asks for unpaid orders as the cabinet does [F].
var unpaidRequest = []field{{"clickstat", "yes"}}

// paymentOf finds the payment of an unpaid order in its text [F].
var paymentOf = regexp.MustCompile(`#pfx/([0-9]+)`)

// parseUnpaidOrders reads a list of unpaid orders.
func parseUnpaidOrders(doc node) ([]UnpaidOrder, error) {
	list, ok := doc.at("list").named("inpaylist")
	if !ok {
		return nil, errors.New("no list of unpaid orders")
	}
	unpaid := []UnpaidOrder{}
	for _, row := range list.at("elem").rows() {
		order := UnpaidOrder{Text: row.at("desc").text()}
		if order.Item, _ = row.at("item_id").scalar(); order.Item == "" {
			return nil, errors.New("an unpaid order without a service")
		}
		if found := paymentOf.FindStringSubmatch(order.Text); found != nil {
			order.Payment = found[1]
		}
		unpaid = append(unpaid, order)
	}
	return unpaid, nil
}
