package conversation

import (
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
		if f.Door != nil && (d.Key.Private() || f.Door.Group) && (f.Door.Able == nil || f.Door.Able(s)) {
			doors = append(doors, *f.Door)
		}
	}
	return doors
}

// StartServer asks on the card of a server whether to start it. It never grows old.
func StartServer(server string) chat.Button {
	return chat.Button{Label: chat.Say("button.deed." + string(job.Start)), Data: KindServer + ":" + server + ":" + string(job.Start)}
}

// ToServer leads to the card of a server, by its name. It never grows old.
func ToServer(server, name string) chat.Button {
	return chat.Button{Label: chat.Say("button.server_card", "Name", ShortName(name)), Data: KindServer + ":" + server}
}
