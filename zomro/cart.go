package zomro

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
)

// Cart returns what is in the account's cart [g].
//
// Rows that were rolled back are left out [F]. It is empty only when the answer says so: by a list of line items without
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

// isRolledBack reports whether a row is no longer in the cart. The cabinet leaves
// out every row that has the field [F]. One that says "off", or nothing, stays:
// what may still be there is not taken for gone.
func isRolledBack(row node) bool {
	field := row.at("rolled_back")
	text, ok := field.scalar()
	return field.exists() && (!ok || text != "" && text != "off")
}

// parseCart reads a cart; all of its names are [g], but those with a tag.
func parseCart(doc node) (Cart, error) {
	list, listed := doc.at("list").named("lineitems")
	total := doc.at("total")
	count, counted := total.at("count").number()
	all := list.at("elem").rows()
	rows := slices.DeleteFunc(slices.Clone(all), isRolledBack)
	switch {
	case !listed && (!counted || count != 0):
		return Cart{}, errors.New("no list of line items")
	// Whether rows that were rolled back are counted is not known.
	case counted && (count == 0 && len(rows) > 0 || count > 0 && len(all) == 0):
		return Cart{}, errors.New("the count contradicts the list")
	}
	cart := Cart{Items: []CartItem{}}
	for _, row := range rows {
		item := CartItem{
			ID:     row.at("id").text(),
			Elid:   row.at("elid").text(),
			Name:   untagged(row.at("main", "name").text()),
			Period: row.at("main", "period").text(),
			// [F]
			PhoneCheck: row.at("needphoneverify").text() == "on",
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

// promoTrust: no such code, and one that does not fit [F].
var promoTrust = trust{denials: true, refusals: []refusal{{code: CodeMissed}, {code: CodePromoNotUsed}}}

// ApplyPromo applies a promo code to the whole cart [A]: the call names no
// item. It is sent once. A code that does not exist is [Refused] with
// [CodeMissed], one that does not fit with [CodePromoNotUsed] [F]; any other
// error but a denial is [Unknown]. Only [Client.Cart] tells whether, and by how
// much, it lowered the price.
func (c *Client) ApplyPromo(ctx context.Context, auth Auth, code string) error {
	const op = "cart"
	if !isLine(code) {
		return invalid(op, &FieldError{"promocode", "is not one line of text"})
	}
	_, err := c.writeFunc(
		ctx, op, auth, promoTrust,
		field{"promocode", code},
		field{"sok", "ok"},
		field{"clicked_button", "apply_promocode"},
	)
	return err
}

// RemoveFromCart takes an item, by its [CartItem] ID, out of the cart [g]. It
// is sent once. No refusal is documented, not even of an item that is not there:
// any error but a denial is [Unknown].
func (c *Client) RemoveFromCart(ctx context.Context, auth Auth, item string) error {
	return c.removeRow(ctx, auth, item, "")
}

// RemoveFromCartByElid is [Client.RemoveFromCart] by a [CartItem] Elid, for a vendor that
// is known to want that: it is sent as both ids [i].
func (c *Client) RemoveFromCartByElid(ctx context.Context, auth Auth, elid string) error {
	return c.removeRow(ctx, auth, elid, elid)
}

func (c *Client) removeRow(ctx context.Context, auth Auth, id, elid string) error {
	const op = "cart"
	if !isNumber(id) {
		return invalid(op, &FieldError{"id", "is not a number"})
	}
	_, err := c.writeFunc(
		ctx, op, auth, trust{denials: true},
		field{"id", id},
		field{"promocode", ""},
		field{"sok", "ok"},
		field{"elid", elid},
		field{"clicked_button", "delete"},
	)
	return err
}

// EmptyCart takes everything out of the cart, whoever put it there [F]. It is
// sent once. No refusal of it is documented: any error but a denial is [Unknown].
func (c *Client) EmptyCart(ctx context.Context, auth Auth) error {
	_, err := c.writeFunc(ctx, "cart.empty", auth, trust{denials: true})
	return err
}

// Confirm pays for a line item from the account's balance [A]: paymethod_id=0.
// It spends money and is sent once.
//
// Its answer is a hint and no more, nil as well as an error: what happened is
// what the account shows afterwards. nil says that the vendor answered without an
// error [C] and redirects nowhere. Once it was sent, every error is [Unknown], the
// words of a refusal included: nobody has shown an answer of this call. So is an
// answer that redirects to a payment page or to another function, that is the form
// again, or that says nothing at all [i]; the cause says which.
func (c *Client) Confirm(ctx context.Context, auth Auth, lineItem string) error {
	const op = opConfirm
	if !isNumber(lineItem) {
		return invalid(op, &FieldError{"elid", "is not a number"})
	}
	doc, err := c.writeFunc(
		ctx, op, auth, trust{},
		field{"elid", lineItem},
		field{"paymethod_id", "0"},
		field{"sok", "ok"},
	)
	if err != nil {
		return err
	}
	if doubt := confirmDoubt(doc); doubt != nil {
		return unsettled(op, doubt)
	}
	return nil
}

// confirmDoubt says why an answer to a confirm, though it holds no error, does not
// look like that of one that was carried out; nil: it does.
func confirmDoubt(doc node) error {
	next := doc.at("ok")
	switch text, single := next.scalar(); {
	case next.exists() && !single && !isBare(next):
		return errors.New("answered with a word that cannot be read")
	case strings.Contains(text, "//"), strings.HasPrefix(text, "/"):
		return errors.New("answered with an address: a payment page?")
	case text != "" && text != "func=order": // done, in the old cart [F]
		return errors.New("answered with something else to do")
	case doc.at("metadata").exists(), doc.at("elid").exists(), doc.at("paymethod_id").exists():
		return errors.New("answered with its own form")
	case isBare(doc):
		return errors.New("answered with an empty document")
	}
	return nil
}

// isBare reports whether a record holds nothing but what surrounds every answer
// [R]: attributes, and the request again.
func isBare(n node) bool {
	object, ok := n.value.(map[string]any)
	if !ok {
		return false
	}
	for name := range object {
		if name == "$" || !strings.HasPrefix(name, "$") && name != "tparams" {
			return false
		}
	}
	return true
}

// unsettled returns the error of a writing call whose answer is a document that
// does not say what became of it. cause must not quote the answer.
func unsettled(op string, cause error) *Error {
	return &Error{Op: op, Kind: Unknown, Status: http.StatusOK, Err: cause}
}
