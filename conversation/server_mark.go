package conversation

import "zomrobot/zomro"

// The marks of a server's state.
const (
	MarkOn   = "🟢"
	MarkBusy = "🟡"  // something is being done with it
	MarkOdd  = "⚠️" // a person has to look
	MarkOff  = "🔴"
)

// ServerMark is a server's state as a symbol.
func ServerMark(s zomro.Service) string {
	switch {
	case s.InWork():
		return MarkBusy
	case s.PowerState == zomro.PowerResized || s.PowerState == zomro.PowerError:
		return MarkOdd
	case s.Status == zomro.StatusActive && (s.PowerState == zomro.PowerActive || s.PowerState == ""):
		return MarkOn
	default:
		return MarkOff
	}
}
