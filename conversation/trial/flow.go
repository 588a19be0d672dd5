package trial

import (
	"encoding/json"

	"zomrobot/chat"
	"zomrobot/conversation"
)

// The places of a trial.
const (
	PlaceTrial      conversation.Place = "trial"            // all experiments
	PlaceExperiment conversation.Place = "trial_experiment" // one of them
	PlaceCode       conversation.Place = "trial_code"       // the person's own promo code
)

// command is the command of an owner of the bot who tries the vendor.
const command = "trial"

// Flow is the flow of trials.
func Flow() conversation.Flow {
	return conversation.Flow{
		Name: "trial",
		Places: []conversation.Spot{
			{Name: PlaceTrial, Ask: askTrial, Press: pressTrial, Looks: true, Rests: true, Row: rowOfTrial},
			{Name: PlaceExperiment, Parent: PlaceTrial, Ask: askExperiment, Press: pressExperiment, Text: textExperiment, Agrees: true, Looks: true, Rests: true},
			{Name: PlaceCode, Parent: PlaceExperiment, Ask: askCode, Press: pressCode, Text: textCode},
		},
		Commands: []conversation.CommandSpec{
			{Name: command, Owner: true, Private: true, Run: func(t *conversation.Turn, _ conversation.Call) { begin(t, "") }},
		},
		Thaw: func(_ conversation.Place, stored map[string]json.RawMessage) (conversation.State, error) {
			return conversation.Thaw[Card](stored)
		},
		Take: func(t *conversation.Turn, e chat.Event) {
			if e, ok := e.(Told); ok {
				told(t, e)
			}
		},
	}
}

func rowOfTrial(conversation.Dialogue) []chat.Button {
	return []chat.Button{conversation.CommandButton(command)}
}
