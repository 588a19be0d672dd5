package server

import (
	"zomrobot/conversation"
	"zomrobot/job"
	"zomrobot/team"
	"zomrobot/zomro"
)

// Act has something done with a server. If something is already being done with it, the
// answer is ActRefused.
type Act = conversation.Act

// Acts has the same done with several servers, of one account: a [job.Batch] of at most
// [job.MostAtOnce] jobs is recorded with the commit, and has one card. With those with
// which something is being done already it is not done.
type Acts struct {
	Orders []job.Order

	Status team.Status // as in Act
	Holder int64       // likewise

	Handed bool // likewise
	Below  bool // likewise
	Typed  int  // likewise
}

// RecallBatch asks with which servers a batch has not done what it was to do. Answered by
// BatchRecalled.
type RecallBatch struct{ Batch string }

// StopWaiting ends a job, or those of a batch, by its id, while it waits for another
// operation on its server.
type StopWaiting struct {
	Of    string
	Press string // to be answered by whoever carries this out, with [TooLateToStop] when none waits any more
}

// LoadServers asks the vendor for the servers of the account and, when one is
// named, for its details too. Answered by ServersLoaded.
type LoadServers struct {
	Account string `json:"account,omitempty"` // "": the default one; with Server: whichever has it
	Server  string `json:"server,omitempty"`
}

// LoadSizes asks the vendor for the plans that a server can be moved up to, and
// for the catalogue of its datacenter. Answered by SizesLoaded.
type LoadSizes struct {
	Account    string `json:"account,omitempty"`
	Server     string `json:"server"`
	Datacenter string `json:"datacenter,omitempty"` // by its name; empty: not known
}

// LoadRebuild asks the vendor for what a server can be reinstalled with. Answered
// by RebuildLoaded.
type LoadRebuild struct {
	Account string `json:"account,omitempty"`
	Server  string `json:"server"`
}

// LoadBoot asks the vendor for what a server can be booted from. Answered by BootLoaded.
type LoadBoot struct {
	Account string `json:"account,omitempty"`
	Server  string `json:"server"`
	ISO     bool   `json:"iso,omitempty"` // for the ISO images, not for the systems of a rescue
}

// OpenConsole asks the vendor for the way to a server's screen. Answered by ConsoleOpened.
type OpenConsole struct {
	Account string `json:"account,omitempty"`
	Server  string `json:"server"`
}

// MakeServerPassword makes a random password as MakePassword does, and keeps it
// in SlotServer. Answered by PasswordMade.
type MakeServerPassword struct {
	Server string `json:"server"`
}

// SizeSeen says how a server stands: whether a new size of it is still to be decided.
type SizeSeen struct {
	Account string
	Server  zomro.Service
}

func (Acts) Effect() {}

func (RecallBatch) Effect() {}

func (StopWaiting) Effect() {}

func (SizeSeen) Effect() {}

func (LoadServers) Effect() {}

func (LoadSizes) Effect() {}

func (LoadRebuild) Effect() {}

func (LoadBoot) Effect() {}

func (OpenConsole) Effect() {}

func (MakeServerPassword) Effect() {}

// Commits marks an effect that destroys something, or spends.
func (Acts) Commits() {}
