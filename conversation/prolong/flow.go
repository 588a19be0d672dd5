package prolong

import (
	"encoding/json"

	"zomrobot/chat"
	"zomrobot/conversation"
)

// The places of paying for a server.
const (
	PlacePaying     conversation.Place = "paying"
	PlaceRenewal    conversation.Place = "paying_renewal"     // what the automatic renewal is to be
	PlaceRenewalAsk conversation.Place = "paying_renewal_ask" // whether to change it
)

// Flow is the flow of paying for servers.
func Flow() conversation.Flow {
	return conversation.Flow{
		Name: "prolong",
		Places: []conversation.Spot{
			{Name: PlacePaying, Ask: askPaying, Press: pressPaying, Looks: true},
			{Name: PlaceRenewal, Parent: PlacePaying, Ask: askRenewal, Press: pressRenewal},
			{Name: PlaceRenewalAsk, Parent: PlaceRenewal, Ask: askRenewalAsk, Press: pressRenewalAsk},
		},
		Door: &conversation.Door{Label: chat.Say("button.paying"), Open: open},
		Thaw: func(_ conversation.Place, stored map[string]json.RawMessage) (conversation.State, error) {
			return conversation.Thaw[Paying](stored)
		},
		Take: func(t *conversation.Turn, e chat.Event) {
			if loaded, ok := e.(PayingLoaded); ok {
				payingLoaded(t, loaded)
			}
		},
	}
}
