package audit

import (
	"time"

	"zomrobot/zomro"
)

// Ledger (ledger): what a team has reserved and spent has changed.
type Ledger struct {
	Expenses []Expense `json:"expenses"`        // those that have changed
	Whole    bool      `json:"whole,omitempty"` // they are all that there are
	// Digest is that of the ledger afterwards; that of the line before if the
	// ledger was found to differ from what the book tells, and was left alone.
	Digest string `json:"digest"`
}

// Expense is what one purchase of a team costs.
type Expense struct {
	Purchase string      `json:"purchase"`
	Who      int64       `json:"who"` // 0: not known
	Amount   zomro.Money `json:"amount"`
	At       time.Time   `json:"at"`
	Spent    bool        `json:"spent,omitempty"`
	Freed    bool        `json:"freed,omitempty"` // nothing is reserved for it now
}

func (Ledger) event() string { return "ledger" }
