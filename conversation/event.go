package conversation

import (
	"zomrobot/zomro"
)

// FileRead answers ReadFile.
type FileRead struct {
	Message int    // with the file
	Text    string // of the file
	Failed  bool   // it could not be read, or is not a text
}

// Tick says that the time asked for in Dialogue.Wake has come.
type Tick struct{}

// StoreRestored says that the bot was started on an older copy of its store:
// the draft may have been ordered already.
type StoreRestored struct{}

// Left says that the person is no longer in the group.
type Left struct{}

// Problem is what went wrong with an effect, in the vendor's kinds.
type Problem struct {
	Kind    zomro.Kind // "" : a fault of our own
	Code    string     // zomro.Error.Code
	Object  string     // zomro.Error.Object
	Message string     // the vendor's own words, if it said any

	Withheld bool // it said some, which only the account's holder may read
}

func (FileRead) Event() {}

func (Tick) Event() {}

func (StoreRestored) Event() {}

func (Left) Event() {}
