package conversation

import (
	"encoding/json"
	"time"

	"zomrobot/chat"
)

// The places of the servers.
const (
	PlaceServers        Place = "servers"
	PlaceServer         Place = "server"
	PlaceServerName     Place = "server_name"
	PlaceServerPassword Place = "server_password"
	PlaceServerImage    Place = "server_image"
	PlaceServerSize     Place = "server_size"
	PlaceServerDelete   Place = "server_delete"
	PlaceServerAsk      Place = "server_ask" // whether to do it
)

// ServerFlow is the flow of the servers that are there, and of what is done with them.
func ServerFlow() Flow {
	return Flow{
		name: "server",
		places: []spot{
			{name: PlaceServers, ask: askServers, press: pressServers, text: textServers, looks: true, entered: func(t *turn) { t.leaveDeed() }},
			{name: PlaceServer, parent: PlaceServers, ask: askServer, press: pressServer, looks: true, entered: func(t *turn) { t.leaveDeed() }},
			{name: PlaceServerName, parent: PlaceServer, ask: askServerName, text: textServerName},
			{name: PlaceServerPassword, parent: PlaceServer, ask: askServerPassword, press: pressServerPassword, secret: secretServerPassword, exact: true},
			{name: PlaceServerImage, parent: PlaceServer, ask: askServerImage, press: pressServerImage, text: textServerChoice},
			{name: PlaceServerSize, parent: PlaceServer, ask: askServerSize, press: pressServerSize, text: textServerChoice},
			{name: PlaceServerDelete, parent: PlaceServer, ask: askServerDelete, text: textServerDelete},
			{name: PlaceServerAsk, parent: PlaceServer, ask: askServerAsk, press: pressServerAsk},
		},
		commands: []commandSpec{
			{name: "servers", menu: 7, private: true, run: func(t *turn, _ call) { t.servers("") }},
		},
		buttons: map[string]func(*turn, data, int){
			kindServer: func(t *turn, d data, _ int) { t.servers(d.verb) },
		},
		thaw:   func(_ Place, stored map[string]json.RawMessage) (State, error) { return Thaw[Servers](stored) },
		take:   takeServer,
		expire: func(t *turn) { t.expireServerSecret() },
		settle: func(t *turn, _ layout) { t.dropServerSecret() },
		wake: func(d Dialogue) []time.Time {
			if !d.hasServerSecret() {
				return nil
			}
			return []time.Time{serversOf(d).Ask.Since.Add(passwordLives)}
		},
	}
}

// takeServer takes what came of what was asked for about servers.
func takeServer(t *turn, e chat.Event) {
	switch e := e.(type) {
	case ServersLoaded:
		t.serversLoaded(e)
	case SizesLoaded:
		t.sizesLoaded(e)
	case RebuildLoaded:
		t.rebuildLoaded(e)
	case ServerPasswordMade:
		t.serverPasswordMade(e)
	case ActRefused:
		t.actRefused(e)
	}
}

// Commits marks an effect that destroys something, or spends.
func (Act) Commits() {}

// dropServerSecret forgets a password that was kept for a server and is not needed any
// more.
func (t *turn) dropServerSecret() {
	if t.was.hasServerSecret() && !t.acted && !t.d.hasServerSecret() {
		t.do(Drop{Slot: SlotServer})
	}
}
