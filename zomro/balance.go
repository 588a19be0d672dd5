package zomro

import (
	"context"
	"fmt"
	"sync"
)

// Balance returns what the account can spend [F]: the balance of the dashboard,
// and the credit when the vendor tells it. A balance that cannot be read
// exactly is [Unreadable]; such a credit is left out.
func (c *Client) Balance(ctx context.Context, auth Auth) (Balance, error) {
	const op = "dashboard.info"
	var credit node
	var noCredit error
	ask := func() { credit, noCredit = c.readFunc(ctx, "dashboard.subaccount_credit", auth) }
	var beside sync.WaitGroup
	if c.atOnce {
		beside.Go(ask)
	}
	doc, err := c.readFunc(ctx, op, auth)
	beside.Wait()
	if err != nil {
		return Balance{}, err
	}
	balance, err := parseBalance(doc)
	if err != nil {
		return Balance{}, unreadable(op, err)
	}
	// Not every account may ask for its credit: without an answer there is none
	// to count on.
	if !c.atOnce {
		ask()
	}
	switch {
	case noCredit == nil:
		balance.Credit = parseCredit(credit)
	case c.atOnce:
		return Balance{}, noCredit
	}
	return balance, nil
}

// parseBalance reads the dashboard: "12.50 €" or "12.50 EUR" [F].
func parseBalance(doc node) (Balance, error) {
	amount, err := firstRow(doc).at("realbalance").money()
	if err != nil {
		return Balance{}, fmt.Errorf("balance: %w", err)
	}
	return Balance{Real: amount}, nil
}

// parseCredit reads the available credit, nil when there is none to be read.
func parseCredit(doc node) *Money {
	credit, err := firstRow(doc).at("available_credit").money()
	if err != nil || credit.Amount.IsNegative() {
		return nil
	}
	return &credit
}

// firstRow returns the first record of a list function's answer.
func firstRow(doc node) node {
	if rows := doc.at("elem").rows(); len(rows) > 0 {
		return rows[0]
	}
	return node{}
}
