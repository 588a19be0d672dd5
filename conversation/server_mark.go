package conversation

import (
	"slices"

	"zomrobot/zomro"
)

// The marks of a server's state.
const (
	MarkOn        = "🟢"
	MarkBusy      = "🟡"  // something is being done with it
	MarkOdd       = "⚠️" // a person has to look
	MarkOff       = "🔴"
	MarkSuspended = "⛔" // by the vendor
)

// ServerMark is a server's state as a symbol.
func ServerMark(s zomro.Service) string {
	switch {
	case s.InWork():
		return MarkBusy
	case s.Suspended():
		return MarkSuspended
	case slices.Contains([]string{zomro.PowerResized, zomro.PowerRescued, zomro.PowerISO, zomro.PowerError}, s.PowerState):
		return MarkOdd
	case s.Status == zomro.StatusActive && (s.PowerState == zomro.PowerActive || s.PowerState == ""):
		return MarkOn
	default:
		return MarkOff
	}
}
