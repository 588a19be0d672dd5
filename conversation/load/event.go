package load

import (
	"zomrobot/conversation"
)

// MeasuresLoaded answers ReadMeasures.
type MeasuresLoaded struct {
	Asked   ReadMeasures
	Shown   Shown
	Problem *conversation.Problem
}

// Event marks it.
func (MeasuresLoaded) Event() {}
