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

func (CopiesLoaded) Event() {}

func (ImagesLoaded) Event() {}
