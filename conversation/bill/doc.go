// Package bill is the flow of purchases: their cards, questions and approvals, the news of
// them, their list, and the record of what was done.
package bill
