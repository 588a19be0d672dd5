package server

import (
	"encoding/json"
	"time"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/job"
)

// The places of the servers.
const (
	PlaceServers        conversation.Place = "servers"
	PlaceServersPick    conversation.Place = "servers_pick"   // chooses several
	PlaceServersAsk     conversation.Place = "servers_ask"    // whether to do it with them
	PlaceServersDelete  conversation.Place = "servers_delete" // whether to delete them
	PlaceServer         conversation.Place = "server"
	PlaceServerMore     conversation.Place = "server_more" // what is done less often
	PlaceServerNetwork  conversation.Place = conversation.AtNetwork
	PlaceServerRDNS     conversation.Place = "server_rdns"
	PlaceServerName     conversation.Place = "server_name"
	PlaceServerPassword conversation.Place = "server_password"
	PlaceServerImage    conversation.Place = "server_image"
	PlaceServerSize     conversation.Place = "server_size"
	PlaceServerDelete   conversation.Place = "server_delete"
	PlaceServerAsk      conversation.Place = "server_ask" // whether to do it
)

// Flow is the flow of existing servers, and of what is done with them.
func Flow() conversation.Flow {
	return conversation.Flow{
		Name: "server",
		Places: []conversation.Spot{
			{Name: PlaceServers, Ask: askServers, Press: pressServers, Text: textServers, Looks: true, Entered: leaveDeed},
			{Name: PlaceServersPick, Parent: PlaceServers, Ask: askServersPick, Press: pressServersPick, Text: textServers, Entered: pickAgain},
			{Name: PlaceServersAsk, Parent: PlaceServersPick, Ask: askServersAsk, Press: pressServersAsk},
			{Name: PlaceServersDelete, Parent: PlaceServersPick, Ask: askServersAsk, Press: pressServersAsk, Text: textServersDelete, Agrees: true},
			{Name: PlaceServer, Parent: PlaceServers, Ask: askServer, Press: pressServer, Looks: true, Entered: leaveDeed, Row: rowOfServer},
			{Name: PlaceServerMore, Parent: PlaceServer, Ask: askServerMore, Press: pressOp, Entered: leaveDeed},
			{Name: PlaceServerNetwork, Parent: PlaceServer, Ask: askServerNetwork, Press: pressOp, Looks: true, Entered: leaveDeed, Row: rowOfNetwork},
			{Name: PlaceServerRDNS, Parent: PlaceServerNetwork, Ask: askServerRDNS, Text: textServerRDNS, Typed: chat.Say("field.host")},
			{Name: PlaceServerName, Parent: PlaceServer, Ask: askServerName, Text: textServerName, Typed: chat.Say("field.name"), Back: backInDeed},
			{Name: PlaceServerPassword, Parent: PlaceServer, Ask: askServerPassword, Press: pressServerPassword, Secret: secretServerPassword, Exact: true, Entered: forgetAccess, Back: backInDeed},
			{Name: PlaceServerImage, Parent: PlaceServer, Ask: askServerImage, Press: pressServerImage, Text: textServerChoice, Entered: forgetAccess, Back: backInDeed},
			{Name: PlaceServerSize, Parent: PlaceServer, Ask: askServerSize, Press: pressServerSize, Text: textServerChoice, Back: backInDeed},
			{Name: PlaceServerDelete, Parent: PlaceServer, Ask: askServerDelete, Text: textServerDelete, Agrees: true, Back: backInDeed},
			{Name: PlaceServerAsk, Parent: PlaceServer, Ask: askServerAsk, Press: pressServerAsk, Text: textServerAsk, Again: true, Back: backInDeed},
		},
		Commands: []conversation.CommandSpec{
			{Name: "servers", Topic: conversation.TopicServers, Menu: 7, Private: true, Group: true, Run: listServers},
		},
		Buttons: map[string]func(*conversation.Turn, conversation.Data, int){
			conversation.KindServer: func(t *conversation.Turn, d conversation.Data, _ int) {
				servers(t, &Servers{Chosen: d.Verb, Wanted: job.Op(d.ID)})
			},
			conversation.KindPlace: func(t *conversation.Turn, d conversation.Data, _ int) {
				servers(t, &Servers{Chosen: d.Verb, Behind: conversation.Place(d.ID)})
			},
			conversation.KindJob: func(t *conversation.Turn, d conversation.Data, _ int) {
				t.Do(StopWaiting{Of: d.Verb, Press: t.Press})
				t.Press = ""
			},
			conversation.KindBatch: func(t *conversation.Turn, d conversation.Data, _ int) { t.Do(RecallBatch{Batch: d.Verb}) },
		},
		Thaw: func(_ conversation.Place, stored map[string]json.RawMessage) (conversation.State, error) {
			return conversation.Thaw[Servers](stored)
		},
		Take:   takeServer,
		Expire: func(t *conversation.Turn) { expireServerSecret(t) },
		Settle: func(t *conversation.Turn, _ conversation.Layout) { dropServerSecret(t) },
		Wake: func(d conversation.Dialogue) []time.Time {
			if !hasServerSecret(d) {
				return nil
			}
			return []time.Time{serversOf(d).Ask.Since.Add(conversation.PasswordLives)}
		},
	}
}

// takeServer takes the answers to what was asked for about servers.
func takeServer(t *conversation.Turn, e chat.Event) {
	switch e := e.(type) {
	case ServersLoaded:
		serversLoaded(t, e)
	case SizesLoaded:
		sizesLoaded(t, e)
	case RebuildLoaded:
		rebuildLoaded(t, e)
	case BootLoaded:
		bootLoaded(t, e)
	case ConsoleOpened:
		consoleOpened(t, e)
	case PasswordMade:
		serverPasswordMade(t, e)
	case ActRefused:
		actRefused(t, e)
	case conversation.Checked:
		if order := e.Check.Act; order != nil {
			checkedAct(t, *order, e)
		}
		if orders := e.Check.Acts; orders != nil {
			checkedActs(t, orders, e)
		}
	case conversation.BackToServer:
		t.Ask(PlaceServer, &Servers{Account: e.Account, Chosen: e.Server})
		reloadServers(t)
	case BatchRecalled:
		batchRecalled(t, e)
	case conversation.LinkMade:
		serverLinkMade(t, e)
	case conversation.LinkOpened:
		serverLinkOpened(t, e)
	}
}

// dropServerSecret forgets a password that was kept for a server and is no longer
// needed. One that was made and shown is taken back: nothing has it.
func dropServerSecret(t *conversation.Turn) {
	if !hasServerSecret(t.Was) || t.Acted || hasServerSecret(t.Dialogue) {
		return
	}
	t.Do(conversation.Drop{Slot: conversation.SlotServer})
	if ask := serversOf(t.Was).Ask; ask.Generated && !ask.unseen() {
		t.Do(conversation.TakeBack{Slot: conversation.SlotServer})
	}
}
