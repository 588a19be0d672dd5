package load

import "zomrobot/zomro"

// ReadMeasures asks the vendor for what was measured of a server in the last hours, one of
// [zomro.MeasuredHours]; with the traffic, for its totals too. Answered by MeasuresLoaded.
type ReadMeasures struct {
	Account string       `json:"account,omitempty"`
	Server  string       `json:"server"`
	Metric  zomro.Metric `json:"metric"`
	Hours   int          `json:"hours"`
}

// Effect marks it.
func (ReadMeasures) Effect() {}
