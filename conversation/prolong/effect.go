package prolong

import (
	"zomrobot/conversation"
	"zomrobot/zomro"
)

// LoadPaying asks the vendor how a server of one of the person's accounts is paid, and
// what there is to pay it from. Answered by PayingLoaded.
type LoadPaying struct {
	Account string `json:"account"`
	Server  string `json:"server"`
}

// PayingLoaded answers LoadPaying. What is not told is left out.
type PayingLoaded struct {
	Server  string         // as asked
	Service *zomro.Service // nil: the account has it no more
	Renewal *zomro.Renewal // nil: its form does not name it, or was not told
	Unread  bool           // its form was not told

	Renewable bool // servers can be renewed from the chat

	Balance *zomro.Money // what there is to spend
	Daily   *zomro.Money // what all servers of the account cost a day; nil: not known, or not of all
	Days    int          // with Daily: how long the balance lasts
	Problem *conversation.Problem
}

// LoadPeriods asks the vendor for how long a server can be paid on, and until when it then
// is. Answered by PeriodsLoaded.
type LoadPeriods struct {
	Account string       `json:"account"`
	Server  string       `json:"server"`
	Period  zomro.Period `json:"period,omitempty"` // "": that of the server
}

// PeriodsLoaded answers LoadPeriods.
type PeriodsLoaded struct {
	Server  string       // as asked
	Period  zomro.Period // as asked
	Form    *zomro.ProlongForm
	Problem *conversation.Problem
}

// Opened answers Open: the purchase exists, with this id.
type Opened struct {
	Draft string
	ID    string
}

// Refused answers Open: no purchase was opened.
type Refused struct {
	Draft   string
	Problem conversation.Problem
}

func (LoadPaying) Effect() {}

func (LoadPeriods) Effect() {}

func (PeriodsLoaded) Event() {}

func (Opened) Event() {}

func (Refused) Event() {}

func (PayingLoaded) Event() {}
