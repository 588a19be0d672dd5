package home

import (
	"time"

	"zomrobot/conversation"
	"zomrobot/zomro"
)

// LoadStore asks the journal for the purchases of the person; in a group for those of its
// team. Answered by StoreTold.
type LoadStore struct{}

// StoreTold answers LoadStore.
type StoreTold struct {
	Open    []Purchase // that are not at their end, the newest first: at most MostOpen
	More    int        // how many others there are
	Last    *Purchase  // the newest that is at its end; nil: there is none
	Problem *conversation.Problem
}

// MostOpen is how many open purchases the home card names.
const MostOpen = 3

// Purchase is a purchase as the home card names it.
type Purchase struct {
	ID     string    `json:"id"`
	What   string    `json:"what"`  // its server, or its plan
	Stage  string    `json:"stage"` // as the list of purchases says it
	Opened time.Time `json:"opened"`

	Deleted conversation.Deleted `json:"deleted,omitzero"` // of its servers
}

// LoadVendor asks the vendor for the state of each of the person's accounts. Answered by
// VendorTold.
type LoadVendor struct{}

// VendorTold answers LoadVendor.
type VendorTold struct {
	Accounts []Account
	Problem  *conversation.Problem
}

// Account is an account as the home card shows it.
type Account struct {
	ID      string                `json:"id"`
	Balance *zomro.Money          `json:"balance,omitempty"` // nil: not known
	Daily   *zomro.Money          `json:"daily,omitempty"`   // what all services cost a day; nil: not every price is known
	Days    int                   `json:"days,omitempty"`    // with Daily: how long the balance lasts
	Servers map[string]int        `json:"servers,omitempty"` // how many there are, by their mark
	Problem *conversation.Problem `json:"problem,omitempty"` // the account cannot be used
}

// LoadExample asks for an order in one line that the price list of today fits, and whether
// the person is an owner of the bot. It asks nobody outside. Answered by ExampleLoaded.
type LoadExample struct{}

// ExampleLoaded answers LoadExample.
type ExampleLoaded struct {
	Line string
	Wish *Wish // the same in one's own words; nil: no price list is known

	Owner bool // the person is an owner of the bot
}

// Wish is what a person asks of a server: cores, memory in Gb, and where it stands.
type Wish struct{ CPU, Memory, Place string }

func (LoadStore) Effect() {}

func (StoreTold) Event() {}

func (LoadVendor) Effect() {}

func (VendorTold) Event() {}

func (LoadExample) Effect() {}

func (ExampleLoaded) Event() {}
