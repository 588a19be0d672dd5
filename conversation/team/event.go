package team

import (
	"zomrobot/conversation"
)

// Changed answers ChangeTeam.
type Changed struct {
	Refused string                  // why nothing was changed: a code of [conversation.Problem]; "": it was changed
	State   *conversation.TeamState // as it is now; nil: there is no team
	Made    bool
	Bound   bool
}

// Moved tells a dialogue in a group that its team was changed elsewhere.
type Moved struct{}

func (Changed) Event() {}

func (Moved) Event() {}
