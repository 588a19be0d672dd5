// Package book keeps the audit books in the store: their lines and heads, and a team's
// ledger, which its book tells of. What a line says and how lines are chained is in
// package audit.
package book
