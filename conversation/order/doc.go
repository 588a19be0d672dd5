// Package order is the flow of an order: the steps of the draft from the datacenter to
// the review, orders in one line, the vendor's own call, and templates.
package order
