package zomro

import (
	"context"
	"errors"
	"net/http"
	"strings"
)

// Cart returns what is in the account's cart [g].
//
// It is empty only when the answer says so: by a list of line items without
// elements, or by a count of 0. An answer with neither, or whose count and list
// contradict each other, is [Unreadable]: an unreadable cart must not pass for
// an empty one. A total that cannot be read exactly is nil.
func (c *Client) Cart(ctx context.Context, auth Auth) (Cart, error) {
	const op = "cart"
	doc, err := c.readFunc(ctx, op, auth)
	if err != nil {
		return Cart{}, err
	}
	cart, err := parseCart(doc)
	if err != nil {
		return Cart{}, unreadable(op, err)
	}
	return cart, nil
}

// parseCart reads a cart; all of its names are [g].
func parseCart(doc node) (Cart, error) {
	list, listed := doc.at("list").named("lineitems")
	total := doc.at("total")
	count, counted := total.at("count").number()
	rows := list.at("elem").rows()
	switch {
	case !listed && (!counted || count != 0):
		return Cart{}, errors.New("no list of line items")
	case counted && (count == 0) != (len(rows) == 0):
		return Cart{}, errors.New("the count contradicts the list")
	}
	cart := Cart{Items: []CartItem{}}
	for _, row := range rows {
		item := CartItem{
			ID:     row.at("id").text(),
			Elid:   row.at("elid").text(),
			Name:   row.at("main", "name").text(),
			Period: row.at("main", "period").text(),
		}
		if item.ID == "" && item.Elid == "" {
			return Cart{}, errors.New("a line item without an id")
		}
		if cost, err := row.at("price").price(); err == nil {
			item.Cost = &cost
		}
		cart.Items = append(cart.Items, item)
	}
	if cost, err := total.price(); err == nil {
		cart.Total = &cost
	}
	return cart, nil
}

// ApplyPromo applies a promo code to the whole cart [A]: the call names no
// item. It is sent once. A code that does not exist is [Refused] with
// [CodeMissed], one that does not fit with [CodePromoNotUsed] [F]. Whether and
// how much it lowered the price only [Client.Cart] tells.
func (c *Client) ApplyPromo(ctx context.Context, auth Auth, code string) error {
	const op = "cart"
	if !isLine(code) {
		return invalid(op, &FieldError{"promocode", "is not one line of text"})
	}
	_, err := c.writeFunc(
		ctx, op, auth,
		field{"promocode", code},
		field{"sok", "ok"},
		field{"clicked_button", "apply_promocode"},
	)
	return err
}

// RemoveFromCart takes an item, by its [CartItem] ID, out of the cart [g]. It
// is sent once.
func (c *Client) RemoveFromCart(ctx context.Context, auth Auth, item string) error {
	const op = "cart"
	if !isNumber(item) {
		return invalid(op, &FieldError{"id", "is not a number"})
	}
	_, err := c.writeFunc(
		ctx, op, auth,
		field{"id", item},
		field{"promocode", ""},
		field{"sok", "ok"},
		field{"elid", ""},
		field{"clicked_button", "delete"},
	)
	return err
}

// EmptyCart takes everything out of the cart, whoever put it there [F]. It is
// sent once.
func (c *Client) EmptyCart(ctx context.Context, auth Auth) error {
	_, err := c.writeFunc(ctx, "cart.empty", auth)
	return err
}

// Confirm pays for a line item from the account's balance [A]: paymethod_id=0.
// It spends money and is sent once.
//
// nil says that the vendor took it without an error, which is all that is known
// of its success [C]. An answer that sends to a payment page instead is
// [Unknown] [i]. How a balance that is too small is refused is not known.
func (c *Client) Confirm(ctx context.Context, auth Auth, lineItem string) error {
	const op = "cartorder.create.confirm"
	if !isNumber(lineItem) {
		return invalid(op, &FieldError{"elid", "is not a number"})
	}
	doc, err := c.writeFunc(
		ctx, op, auth,
		field{"elid", lineItem},
		field{"paymethod_id", "0"},
		field{"sok", "ok"},
	)
	if err != nil {
		return err
	}
	if next := doc.at("ok").text(); strings.HasPrefix(next, "http://") || strings.HasPrefix(next, "https://") {
		return unsettled(op, errors.New("answered with a payment page"))
	}
	return nil
}

// unsettled returns the error of a writing call whose answer is a document that
// does not say what became of it. cause must not quote the answer.
func unsettled(op string, cause error) *Error {
	return &Error{Op: op, Kind: Unknown, Status: http.StatusOK, Err: cause}
}
