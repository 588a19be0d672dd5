// Package book has the books of audit where they are kept: their lines and heads in the
// store, and a team's ledger, which its book tells of. What a line says and how lines
// hang together is in package audit.
package book
