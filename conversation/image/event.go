package image

import (
	"zomrobot/conversation"
	"zomrobot/zomro"
)

// CopiesLoaded answers LoadCopies. What the vendor did not tell is nil.
type CopiesLoaded struct {
	Server    string
	Service   *zomro.Service // nil: it is no longer listed
	Snapshots *zomro.Copies
	Backups   *zomro.Copies
	Schedules *zomro.Schedules
	Problem   *conversation.Problem // nothing was told
}

// ImagesLoaded answers LoadImages.
type ImagesLoaded struct {
	Asked   string // the account as asked
	Account string // the vendor's account
	Images  []zomro.Copy
	Problem *conversation.Problem
}

// Changed says that something that was done with copies, images or schedules has ended, so
// that a card may show what is no longer so.
type Changed struct {
	Account string // the vendor's account
	Server  string // whose they are; "": of none that is known
}

func (Changed) Event() {}

func (CopiesLoaded) Event() {}

func (ImagesLoaded) Event() {}
