package home

import (
	"encoding/json"

	"zomrobot/chat"
	"zomrobot/conversation"
)

// PlaceHome is the home card.
const PlaceHome conversation.Place = "home"

// Flow is the flow of coming in.
func Flow() conversation.Flow {
	return conversation.Flow{
		Name: "home",
		Places: []conversation.Spot{
			{Name: PlaceHome, Ask: askHome, Press: pressHome, Looks: true, Alone: true, Rests: true},
		},
		Commands: []conversation.CommandSpec{
			{Name: "help", Menu: 20, Private: true, Group: true, Run: func(t *conversation.Turn, _ conversation.Call) { t.Do(LoadExample{}) }},
			{Name: "start", Menu: 21, Private: true, Run: func(t *conversation.Turn, c conversation.Call) {
				if c.Args != "" && t.Dialogue.Key.Private() {
					t.Do(conversation.OpenLink{Code: c.Args, Unique: c.Unique})
					return
				}
				start(t)
			}},
			{Name: CommandHealth, Owner: true, Private: true},
		},
		Thaw: func(_ conversation.Place, stored map[string]json.RawMessage) (conversation.State, error) {
			return conversation.Thaw[Home](stored)
		},
		Take: func(t *conversation.Turn, e chat.Event) {
			switch e := e.(type) {
			case StoreTold:
				storeTold(t, e)
			case VendorTold:
				vendorTold(t, e)
			case ExampleLoaded:
				help(t, e)
			case conversation.LinkOpened:
				if e.Refused {
					linkRefused(t)
				}
			}
		},
	}
}
