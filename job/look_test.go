package job

import (
	"testing"
	"time"

	"zomrobot/zomro"
)

// TestLook is the table of what was asked for, what is seen of the server, and
// what is told of it.
func TestLook(t *testing.T) {
	active := zomro.Service{ID: "1", ServerName: "web-1", Status: zomro.StatusActive, PowerState: zomro.PowerActive}
	state := func(power string) []zomro.Service {
		s := active
		s.PowerState = power
		return []zomro.Service{s}
	}
	others := []zomro.Service{{ID: "2", PowerState: zomro.PowerStopped}}
	const soon, later, end = 10 * time.Second, 3 * time.Minute, 15 * time.Minute
	for _, test := range []struct {
		name   string
		op     Op
		unsure bool
		busy   bool
		blind  bool // the list could not be read
		seen   []zomro.Service
		after  time.Duration
		want   Stage
	}{
		{"stopped", Stop, false, false, false, state("stopped"), soon, Done},
		{"stopped, answer lost", Stop, true, false, false, state("stopped"), soon, Done},
		{"stopping", Stop, false, false, false, state("stopping"), later, Following},
		{"not stopped", Stop, false, false, false, state("active"), end, Late},
		{"not stopped, answer lost", Stop, true, false, false, state("active"), end, Unclear},
		{"not seen", Stop, false, false, true, nil, soon, Following},
		{"never seen", Stop, false, false, true, nil, end, Late},
		{"never seen, answer lost", Stop, true, false, true, nil, end, Unclear},
		{"gone instead of stopped", Stop, false, false, false, others, end, Late},
		{"rebooted at once?", Reboot, false, false, false, state("active"), soon, Following},
		{"rebooted", Reboot, false, true, false, state("active"), soon, Done},
		{"rebooted meanwhile", Reboot, false, false, false, state("active"), later, Done},
		{"rebooted, answer lost", Reboot, true, true, false, state("active"), soon, Done},
		{"rebooted? answer lost", Reboot, true, false, false, state("active"), later, Unclear},
		{"password", Password, false, false, false, state("active"), soon, Done},
		{"password, answer lost", Password, true, true, false, state("active"), soon, Unclear},
		{"kept", Keep, false, false, false, state("active"), soon, Done},
		{"not kept", Keep, false, false, false, state("resized"), later, Following},
		{"deleted", Delete, true, false, false, others, soon, Done},
		{"not deleted", Delete, false, false, false, state("active"), soon, Following},
		{"list not read, not deleted", Delete, false, false, true, nil, soon, Following},
		{"broken", Rebuild, false, true, false, state("error"), later, Failed},
		{"broken before", Rebuild, false, false, false, state("error"), soon, Following},
	} {
		called := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
		r := Record{
			Order: Order{Server: "1", Op: test.op}, Stage: Following,
			Called: called, Unsure: test.unsure, Busy: test.busy,
		}
		r.look(Looked{Sight: Sight{Service: r.ServerIn(test.seen)}, Seen: !test.blind}, called.Add(test.after))
		if r.Stage != test.want {
			t.Errorf("%s: %s, want %s", test.name, r.Stage, test.want)
		}
	}
}
