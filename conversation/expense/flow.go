package expense

import (
	"encoding/json"
	"time"

	"zomrobot/chat"
	"zomrobot/conversation"
)

// The places of the costs: the card of a month, and the picture of the last ones.
const (
	PlaceCosts conversation.Place = "costs"
	PlaceChart conversation.Place = "costs_chart"
)

// LoadCosts asks the vendor for the charges of an account, and the store for what it knows
// money to be taken for. Answered by CostsLoaded.
type LoadCosts struct {
	Account string `json:"account,omitempty"` // "": the default one
}

// CostsLoaded answers LoadCosts.
type CostsLoaded struct {
	Account string    // as asked
	Rows    []Row     // the newest first
	From    time.Time // the first day of which all charges are there; zero: all that there are
	Problem *conversation.Problem
}

// SendCosts sends charges as a document, to the person's private chat.
type SendCosts struct {
	Rows []Row     `json:"rows"`
	At   time.Time `json:"at"` // when they were read
}

func (LoadCosts) Effect() {}

func (SendCosts) Effect() {}

func (CostsLoaded) Event() {}

// Flow is the flow of the costs.
func Flow() conversation.Flow {
	return conversation.Flow{
		Name: "expense",
		Places: []conversation.Spot{
			{Name: PlaceCosts, Ask: askCosts, Press: pressCosts, Looks: true},
			{Name: PlaceChart, Parent: PlaceCosts, Ask: askChart, Press: pressChart, Looks: true, Rests: true},
		},
		Commands: []conversation.CommandSpec{
			{Name: "costs", Topic: conversation.TopicMoney, Menu: 9, Private: true, Run: func(t *conversation.Turn, _ conversation.Call) { costs(t) }},
		},
		Thaw: func(_ conversation.Place, stored map[string]json.RawMessage) (conversation.State, error) {
			return conversation.Thaw[Costs](stored)
		},
		Take: func(t *conversation.Turn, e chat.Event) {
			if e, ok := e.(CostsLoaded); ok {
				costsLoaded(t, e)
			}
		},
	}
}
