package prolong

import (
	"encoding/json"

	"zomrobot/chat"
	"zomrobot/conversation"
)

// The places of paying for a server.
const (
	PlacePaying     conversation.Place = conversation.AtPaying
	PlaceRenewal    conversation.Place = "paying_renewal"     // what the automatic renewal is to be
	PlaceRenewalAsk conversation.Place = "paying_renewal_ask" // whether to change it
	PlacePeriod     conversation.Place = "paying_period"      // for how long to pay on
	PlaceProlongAsk conversation.Place = "paying_ask"         // whether to
)

// Flow is the flow of paying for servers.
func Flow() conversation.Flow {
	return conversation.Flow{
		Name: "prolong",
		Places: []conversation.Spot{
			{Name: PlacePaying, Ask: askPaying, Press: pressPaying, Looks: true, Entered: backToPaying, Back: backToServer, Row: rowOfPaying},
			{Name: PlaceRenewal, Parent: PlacePaying, Ask: askRenewal, Press: pressRenewal},
			{Name: PlaceRenewalAsk, Parent: PlaceRenewal, Ask: askRenewalAsk, Press: pressRenewalAsk},
			{Name: PlacePeriod, Parent: PlacePaying, Ask: askPeriod, Press: pressPeriod, Entered: backToPeriods},
			{Name: PlaceProlongAsk, Parent: PlacePeriod, Ask: askProlongAsk, Press: pressProlongAsk},
		},
		Door: &conversation.Door{Label: chat.Say("button.paying"), Group: true, Open: open},
		Thaw: func(_ conversation.Place, stored map[string]json.RawMessage) (conversation.State, error) {
			return conversation.Thaw[Paying](stored)
		},
		Take: func(t *conversation.Turn, e chat.Event) {
			switch e := e.(type) {
			case PayingLoaded:
				payingLoaded(t, e)
			case PeriodsLoaded:
				periodsLoaded(t, e)
			case Opened:
				opened(t, e)
			case Refused:
				refused(t, e)
			}
		},
	}
}
