package server

import (
	"zomrobot/conversation"
	"zomrobot/job"
	"zomrobot/zomro"
)

// ServersLoaded answers LoadServers.
type ServersLoaded struct {
	Asked    string // the account as asked
	Server   string // as asked
	Account  string // the vendor's account
	Services []zomro.Service
	Operates bool                  // in a group: the person's role lets them do something with them
	Details  *zomro.ServiceDetails // of the server asked for; nil: not known
	Problem  *conversation.Problem
}

// SizesLoaded answers LoadSizes.
type SizesLoaded struct {
	Server  string
	Sizes   []zomro.Size
	Plans   []zomro.Plan // of the server's datacenter; empty: not known
	Problem *conversation.Problem
}

// RebuildLoaded answers LoadRebuild.
type RebuildLoaded struct {
	Server  string
	Form    zomro.RebuildForm
	Names   map[string]string // of the images that are not the vendor's own, by their ids, as far as they are known
	Problem *conversation.Problem
}

// BootLoaded answers LoadBoot.
type BootLoaded struct {
	Server  string
	ISO     bool // as asked
	Images  []zomro.Image
	Names   map[string]string // as in RebuildLoaded
	Problem *conversation.Problem
}

// ConsoleOpened answers OpenConsole. The address is there only to be shown once.
type ConsoleOpened struct {
	Server  string
	Console zomro.Console
	Problem *conversation.Problem
}

// PasswordMade answers MakeServerPassword: it is kept in SlotServer. The
// text is there only to be shown once.
type PasswordMade struct {
	Server   string
	Password zomro.Secret
}

// ActRefused answers Act: something else is being done with the server.
type ActRefused struct {
	Order job.Order
	Why   string // in a group: the code of a problem; "": it is at work
}

// BatchRecalled answers RecallBatch.
type BatchRecalled struct {
	Batch   string // as asked
	Account string // the vendor's account
	Op      job.Op
	Servers []string // their ids; empty: there is nothing to do again, or no such batch is shown there
}

func (ServersLoaded) Event() {}

func (BatchRecalled) Event() {}

func (SizesLoaded) Event() {}

func (RebuildLoaded) Event() {}

func (BootLoaded) Event() {}

func (ConsoleOpened) Event() {}

func (PasswordMade) Event() {}

func (ActRefused) Event() {}
