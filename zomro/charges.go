package zomro

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"time"
)

// Charges returns the newest charges of the account, the newest first
// (func=expense [F]). It is the first page. The vendor keeps the size of a page as a
// setting that also affects the person who looks at the panel [C], so no size is asked
// for, and the page as one of the session [C], so it is always named. A charge that is
// not there may be on another page, or may come late.
//
// The answer is asked for in descending order [i]; an answer in ascending order is
// reversed when it holds all charges, else it is [Unreadable]. So is an answer that
// is not such a list, that is not its first page, or that has a row without an id.
// There are no charges only when the answer is such a list without rows.
func (c *Client) Charges(ctx context.Context, auth Auth) ([]Charge, error) {
	charges, _, err := c.chargePage(ctx, auth, 1)
	return charges, err
}

const (
	maxChargePages = 30   // of a size that is the person's
	maxCharges     = 3000 // after so many no further page is read
)

// Expenses are the charges of an account from a day on.
type Expenses struct {
	Charges []Charge  `json:"charges"`       // the newest first
	From    time.Time `json:"from,omitzero"` // the first day of which all are there; zero: all that there are
}

// ChargesSince returns the charges of an account since a day, and maybe some from before
// it, page by page (func=expense [F]). Of very many only the newest are read. The last
// page that is asked for is always the first one, so that the session stands there
// afterwards as it does for somebody who opens the panel. Charges that are booked
// meanwhile are among those returned.
//
// It fails as [Client.Charges] does; an answer that holds fewer charges than it counts,
// or of which some are left out and that is not in descending order, is [Unreadable].
func (c *Client) ChargesSince(ctx context.Context, auth Auth, since time.Time) (Expenses, error) {
	r := chargeReader{seen: map[string]bool{}}
	page := 1
	for ; ; page++ {
		charges, total, err := c.chargePage(ctx, auth, page)
		if err != nil {
			if page > 1 { // the session is to stand there again; the failure is what is told
				_, _, _ = c.chargePage(ctx, auth, 1)
			}
			return Expenses{}, err
		}
		fresh := r.fresh(charges)
		r.all, r.ended = append(r.all, fresh...), len(fresh) == 0
		if page == 1 {
			r.total = total // what is booked from now on stands on the first page
		}
		if r.ended || r.whole() || page == maxChargePages || len(r.all) >= maxCharges || endsBefore(charges, since) {
			break
		}
	}
	if page > 1 {
		charges, total, err := c.chargePage(ctx, auth, 1)
		if err != nil {
			return Expenses{}, err
		}
		r.all, r.total = append(r.fresh(charges), r.all...), total
	}
	expenses, err := r.expenses(since)
	if err != nil {
		return Expenses{}, unreadable("expense", err)
	}
	return expenses, nil
}

// chargeReader gathers the pages of a list of charges.
type chargeReader struct {
	all   []Charge
	seen  map[string]bool // their ids: a charge that is booked meanwhile moves those below it to the next page
	total int             // as the vendor counts them; -1: it does not
	ended bool            // the last page had nothing that was not known
}

// fresh returns those of a page that are not known, which they are from then on.
func (r *chargeReader) fresh(charges []Charge) (fresh []Charge) {
	for _, charge := range charges {
		if !r.seen[charge.ID] {
			r.seen[charge.ID] = true
			fresh = append(fresh, charge)
		}
	}
	return fresh
}

// whole reports whether all charges are there.
func (r *chargeReader) whole() bool {
	return r.total >= 0 && len(r.all) >= r.total || r.total < 0 && r.ended
}

// expenses are what was gathered.
func (r *chargeReader) expenses(since time.Time) (Expenses, error) {
	newestFirst := func(a, b Charge) int { return b.Day().Compare(a.Day()) }
	switch {
	case r.whole():
		slices.SortStableFunc(r.all, newestFirst)
		return Expenses{Charges: r.all}, nil
	case r.ended:
		return Expenses{}, errors.New("fewer charges are listed than counted")
	}
	dated := slices.DeleteFunc(slices.Clone(r.all), func(c Charge) bool { return c.Day().IsZero() })
	if len(dated) == 0 || !slices.IsSortedFunc(dated, newestFirst) {
		return Expenses{}, errors.New("charges are left out, and those that are there are in no order")
	}
	from := dated[len(dated)-1].Day().AddDate(0, 0, 1) // more of its day may follow
	if from.Before(since) {
		from = since
	}
	return Expenses{Charges: r.all, From: from}, nil
}

// endsBefore reports whether all charges of a page are from before a day.
func endsBefore(charges []Charge, day time.Time) bool {
	dated := false
	for _, c := range charges {
		at := c.Day()
		if !at.IsZero() && !at.Before(day) {
			return false
		}
		dated = dated || !at.IsZero()
	}
	return dated
}

// chargePage returns a page of the charges, and how many there are in all; -1: that is
// not told.
func (c *Client) chargePage(ctx context.Context, auth Auth, page int) ([]Charge, int, error) {
	const op = "expense"
	doc, err := c.readFunc(ctx, op, auth, chargesRequest(page)...)
	if err != nil {
		return nil, 0, err
	}
	charges, total, err := parseCharges(doc, page)
	if err != nil {
		return nil, 0, unreadable(op, err)
	}
	return charges, total, nil
}

// chargesRequest asks for a page of the charges: p_col, clickstat and p_num as the
// cabinet sends them [F], but in the other order [i].
func chargesRequest(page int) []field {
	return []field{{"p_col", "-time"}, {"clickstat", "yes"}, {"p_num", strconv.Itoa(page)}}
}

// parseCharges reads a page of charges. total is how many there are in all, -1 when it is
// not told.
func parseCharges(doc node, page int) (charges []Charge, total int, err error) {
	total, counted := doc.at("p_elems").number()
	if !counted {
		total = -1
	}
	rows := doc.at("elem").rows()
	shown, paged := doc.at("p_num").number()
	switch {
	case !doc.at("elem").exists() && !counted && !paged: // without rows only the frame shows that it is the list [F]
		return nil, 0, errors.New("no list of charges")
	case doc.at("p_num").exists() && shown != page:
		return nil, 0, fmt.Errorf("not page %d", page)
	case counted && (len(rows) == 0 && total > 0 && page == 1 || len(rows) > total):
		return nil, 0, errors.New("the count contradicts the list")
	}
	charges = make([]Charge, 0, len(rows))
	for _, row := range rows {
		charge := Charge{Name: row.at("locale_name").text(), Date: row.at("realdate").text()}
		if charge.ID, _ = row.at("id").scalar(); charge.ID == "" {
			return nil, 0, errors.New("a charge without an id")
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
		return nil, 0, errors.New("the oldest charges come first")
	}
	return charges, total, nil
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
