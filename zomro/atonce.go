package zomro

import "errors"

// atOnceCalls is how many reading calls are made at the same time at the most: all that
// is read before a payment.
const atOnceCalls = 6

// AtOnce returns a client for reading calls that are made at the same time with one
// session. Whether the vendor serves such calls each by itself is not known [i], so that
// nothing is guessed: an answer must name the function that it is of, in doc.$func [R];
// no call is repeated; and [Client.Balance], which asks for the balance and the credit
// at the same time, fails where either fails. After an error all of them are to be made
// again, one after the other, with the client itself.
func (c *Client) AtOnce() *Client {
	strict := *c
	strict.atOnce = true
	return &strict
}

// named fails unless the answer says that it is of the function.
func named(op string, doc node) error {
	if name, ok := doc.at("$func").scalar(); !ok || name != op {
		return unreadable(op, errors.New("the answer does not say that it is of this function"))
	}
	return nil
}
