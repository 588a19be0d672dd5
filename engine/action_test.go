package engine

import (
	"testing"
	"time"

	"zomrobot/conversation"
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
		deed   conversation.Deed
		unsure bool
		busy   bool
		blind  bool // the list could not be read
		seen   []zomro.Service
		after  time.Duration
		want   conversation.ActionStage
	}{
		{"stopped", conversation.DeedStop, false, false, false, state("stopped"), soon, conversation.ActionDone},
		{"stopped, answer lost", conversation.DeedStop, true, false, false, state("stopped"), soon, conversation.ActionDone},
		{"stopping", conversation.DeedStop, false, false, false, state("stopping"), later, conversation.ActionFollowing},
		{"not stopped", conversation.DeedStop, false, false, false, state("active"), end, conversation.ActionLate},
		{"not stopped, answer lost", conversation.DeedStop, true, false, false, state("active"), end, conversation.ActionUnclear},
		{"not seen", conversation.DeedStop, false, false, true, nil, soon, conversation.ActionFollowing},
		{"never seen", conversation.DeedStop, false, false, true, nil, end, conversation.ActionLate},
		{"never seen, answer lost", conversation.DeedStop, true, false, true, nil, end, conversation.ActionUnclear},
		{"gone instead of stopped", conversation.DeedStop, false, false, false, others, end, conversation.ActionLate},
		{"rebooted at once?", conversation.DeedReboot, false, false, false, state("active"), soon, conversation.ActionFollowing},
		{"rebooted", conversation.DeedReboot, false, true, false, state("active"), soon, conversation.ActionDone},
		{"rebooted meanwhile", conversation.DeedReboot, false, false, false, state("active"), later, conversation.ActionDone},
		{"rebooted, answer lost", conversation.DeedReboot, true, true, false, state("active"), soon, conversation.ActionDone},
		{"rebooted? answer lost", conversation.DeedReboot, true, false, false, state("active"), later, conversation.ActionUnclear},
		{"password", conversation.DeedPassword, false, false, false, state("active"), soon, conversation.ActionDone},
		{"password, answer lost", conversation.DeedPassword, true, true, false, state("active"), soon, conversation.ActionUnclear},
		{"kept", conversation.DeedKeep, false, false, false, state("active"), soon, conversation.ActionDone},
		{"not kept", conversation.DeedKeep, false, false, false, state("resized"), later, conversation.ActionFollowing},
		{"deleted", conversation.DeedDelete, true, false, false, others, soon, conversation.ActionDone},
		{"not deleted", conversation.DeedDelete, false, false, false, state("active"), soon, conversation.ActionFollowing},
		{"list not read, not deleted", conversation.DeedDelete, false, false, true, nil, soon, conversation.ActionFollowing},
		{"broken", conversation.DeedRebuild, false, true, false, state("error"), later, conversation.ActionFailed},
		{"broken before", conversation.DeedRebuild, false, false, false, state("error"), soon, conversation.ActionFollowing},
	} {
		called := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
		a := action{
			Act: conversation.Act{Server: "1", Deed: test.deed}, Stage: conversation.ActionFollowing,
			Called: called, Unsure: test.unsure, Busy: test.busy,
		}
		a.look(test.seen, !test.blind, called.Add(test.after))
		if a.Stage != test.want {
			t.Errorf("%s: %s, want %s", test.name, a.Stage, test.want)
		}
	}
}
