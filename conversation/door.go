package conversation

import (
	"slices"

	"zomrobot/chat"
	"zomrobot/job"
	"zomrobot/zomro"
)

// Door leads from the card of a server to what another flow knows of that server. The
// card shows one for each flow that has it, in the order of the flows.
type Door struct {
	Label chat.Phrase              // of the button
	Group bool                     // it is shown in groups, too
	Able  func(zomro.Service) bool // there is something behind it, as the server stands; nil: always
	Open  func(*Turn, ServerShown) // asks the flow's place in the place of the server's card
}

// ServerShown is a server whose card is shown.
type ServerShown struct {
	Account string // the vendor's account that it is of
	Server  zomro.Service
	Name    string // as it is told from the others of the account
}

// Doors returns those that a server's card shows where the dialogue is.
func (m *Machine) Doors(d Dialogue, s zomro.Service) []Door {
	var doors []Door
	for _, f := range m.flows {
		if f.opens(d, s) {
			doors = append(doors, *f.Door)
		}
	}
	return doors
}

// Places behind the card of a server, at which something that is done with it begins.
const (
	AtNetwork   Place = "server_network"
	AtCopies    Place = "copies"
	AtSchedules Place = "schedules"
	AtPaying    Place = "paying"
)

var placeLabels = map[Place]chat.Phrase{
	AtNetwork:   chat.Say("button.server_network"),
	AtCopies:    chat.Say("button.copies"),
	AtSchedules: chat.Say("button.schedules"),
	AtPaying:    chat.Say("button.paying"),
}

// beginsAt returns the place behind the card of a server at which an op begins; "": it
// begins on the card.
func beginsAt(op job.Op) Place {
	switch {
	case op == job.ReverseDNS:
		return AtNetwork
	case op == job.Renewal:
		return AtPaying
	case op.OfSchedule():
		return AtSchedules
	case aboutCopies(op):
		return AtCopies
	default:
		return ""
	}
}

// ToBegin leads back to where a job began that was asked for at a server. It never grows old.
func ToBegin(o job.Order, name string) []chat.Button {
	return ToPlace(o.Server, name, beginsAt(o.Op))
}

// ToPlace leads to the card of a server and, unless it is "", to a place behind it. It never
// grows old.
func ToPlace(server, name string, p Place) []chat.Button {
	row := []chat.Button{ToServer(server, name)}
	if p != "" {
		row = append(row, chat.Button{Label: placeLabels[p], Data: KindPlace + ":" + server + ":" + string(p)})
	}
	return row
}

// DoorTo returns the door of the flow that has a place behind a server's card; false: the
// card shows none.
func (m *Machine) DoorTo(d Dialogue, s zomro.Service, p Place) (Door, bool) {
	for _, f := range m.flows {
		if f.opens(d, s) && slices.ContainsFunc(f.Places, func(spot Spot) bool { return spot.Name == p }) {
			return *f.Door, true
		}
	}
	return Door{}, false
}

// opens reports whether a server's card shows the door of a flow.
func (f Flow) opens(d Dialogue, s zomro.Service) bool {
	return f.Door != nil && (d.Key.Private() || f.Door.Group) && (f.Door.Able == nil || f.Door.Able(s))
}

// StartServer asks on the card of a server whether to start it. It never grows old.
func StartServer(server string) chat.Button {
	return chat.Button{Label: chat.Say("button.deed." + string(job.Start)), Data: KindServer + ":" + server + ":" + string(job.Start)}
}

// ToServer leads to the card of a server, by its name. It never grows old.
func ToServer(server, name string) chat.Button {
	return chat.Button{Label: chat.Say("button.server_card", "Name", ShortName(name)), Data: KindServer + ":" + server}
}
