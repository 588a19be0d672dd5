package job

import (
	"testing"
	"time"

	"zomrobot/zomro"
)

// TestRenewalIsSeenInTheForm: only the form, read again, shows that a renewal was changed.
func TestRenewalIsSeenInTheForm(t *testing.T) {
	called := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	active := zomro.Service{ID: "1", Status: zomro.StatusActive, PowerState: zomro.PowerActive}
	renewed := func(value string) *zomro.ServiceDetails {
		return &zomro.ServiceDetails{Renewal: &zomro.Renewal{Value: value}}
	}
	for _, test := range []struct {
		name    string
		unsure  bool
		details *zomro.ServiceDetails
		after   time.Duration
		want    Stage
	}{
		{"shown", false, renewed("12"), 10 * time.Second, Done},
		{"shown, answer lost", true, renewed("12"), 10 * time.Second, Done},
		{"as before", false, renewed("1"), 10 * time.Second, Following},
		{"as before, for long", false, renewed("1"), 15 * time.Minute, Late},
		{"as before, for long, answer lost", true, renewed("1"), 15 * time.Minute, Unclear},
		{"not named any more", false, &zomro.ServiceDetails{}, 3 * time.Minute, Following},
		{"form not read", false, nil, 15 * time.Minute, Late},
	} {
		r := Record{Order: Order{Server: "1", Op: Renewal, NewName: "12"}, Stage: Following, Called: called, Unsure: test.unsure}
		r.look(Looked{Sight: Sight{Service: &active, Details: test.details}, Seen: true}, called.Add(test.after))
		if r.Stage != test.want {
			t.Errorf("%s: %s, want %s", test.name, r.Stage, test.want)
		}
		if !r.Order.Needs().Details {
			t.Errorf("%s: the form is not read", test.name)
		}
	}
}

// TestLook is the table of what was asked for, what is seen of the server, and
// what is told of it.
func TestLook(t *testing.T) {
	active := zomro.Service{ID: "1", ServerName: "web-1", Status: zomro.StatusActive, PowerState: zomro.PowerActive}
	host := func(host string) *zomro.ServiceDetails { return &zomro.ServiceDetails{ReverseDNS: host} }
	state := func(power string) []zomro.Service {
		s := active
		s.PowerState = power
		return []zomro.Service{s}
	}
	others := []zomro.Service{{ID: "2", PowerState: zomro.PowerStopped}}
	const soon, later, end = 10 * time.Second, 3 * time.Minute, 15 * time.Minute
	for _, test := range []struct {
		name    string
		op      Op
		unsure  bool
		busy    bool
		blind   bool // the list could not be read
		seen    []zomro.Service
		after   time.Duration
		want    Stage
		details *zomro.ServiceDetails
	}{
		{"stopped", Stop, false, false, false, state("stopped"), soon, Done, nil},
		{"stopped, answer lost", Stop, true, false, false, state("stopped"), soon, Done, nil},
		{"stopping", Stop, false, false, false, state("stopping"), later, Following, nil},
		{"not stopped", Stop, false, false, false, state("active"), end, Late, nil},
		{"not stopped, answer lost", Stop, true, false, false, state("active"), end, Unclear, nil},
		{"not seen", Stop, false, false, true, nil, soon, Following, nil},
		{"never seen", Stop, false, false, true, nil, end, Late, nil},
		{"never seen, answer lost", Stop, true, false, true, nil, end, Unclear, nil},
		{"gone instead of stopped", Stop, false, false, false, others, end, Late, nil},
		{"rebooted at once?", Reboot, false, false, false, state("active"), soon, Following, nil},
		{"rebooted", Reboot, false, true, false, state("active"), soon, Done, nil},
		{"rebooted meanwhile", Reboot, false, false, false, state("active"), later, Done, nil},
		{"rebooted, answer lost", Reboot, true, true, false, state("active"), soon, Done, nil},
		{"rebooted? answer lost", Reboot, true, false, false, state("active"), later, Unclear, nil},
		{"password", Password, false, false, false, state("active"), soon, Done, nil},
		{"password, answer lost", Password, true, true, false, state("active"), soon, Unclear, nil},
		{"kept", Keep, false, false, false, state("active"), soon, Done, nil},
		{"not kept", Keep, false, false, false, state("resized"), later, Following, nil},
		{"deleted", Delete, true, true, false, others, soon, Done, nil},
		{"not listed for once", Delete, true, false, false, others, soon, Following, nil},
		{"not deleted", Delete, false, false, false, state("active"), soon, Following, nil},
		{"list not read, not deleted", Delete, false, false, true, nil, soon, Following, nil},
		{"rescued", Rescue, false, false, false, state("rescued"), soon, Done, nil},
		{"rescued, answer lost", Rescue, true, false, false, state("rescued"), soon, Done, nil},
		{"rescuing", Rescue, false, false, false, state("rescuing"), later, Following, nil},
		{"not rescued", Rescue, false, false, false, state("active"), end, Late, nil},
		{"not rescued, answer lost", Rescue, true, true, false, state("active"), end, Unclear, nil},
		{"broken by the rescue", Rescue, false, true, false, state("error"), later, Failed, nil},
		{"back", Unrescue, false, false, false, state("active"), soon, Done, nil},
		{"back, answer lost", Unrescue, true, false, false, state("active"), soon, Done, nil},
		{"on the way back", Unrescue, false, false, false, state("unrescuing"), later, Following, nil},
		{"not back", Unrescue, false, false, false, state("rescued"), end, Late, nil},
		{"from the image", BootISO, false, false, false, state("booted_from_iso"), soon, Done, nil},
		{"from the image, answer lost", BootISO, true, false, false, state("booted_from_iso"), soon, Done, nil},
		{"rescued instead", BootISO, false, false, false, state("rescued"), end, Late, nil},
		{"from the disk", EjectISO, true, false, false, state("active"), soon, Done, nil},
		{"still from the image", EjectISO, true, false, false, state("booted_from_iso"), end, Unclear, nil},
		{"reverse DNS", ReverseDNS, false, false, false, state("active"), soon, Done, host("Web.example.com.")},
		{"reverse DNS, answer lost", ReverseDNS, true, false, false, state("active"), soon, Done, host("web.example.com")},
		{"another reverse DNS", ReverseDNS, false, false, false, state("active"), later, Following, host("old.example.com")},
		{"reverse DNS never seen", ReverseDNS, false, false, false, state("active"), end, Late, host("")},
		{"reverse DNS never seen, answer lost", ReverseDNS, true, false, false, state("active"), end, Unclear, host("")},
		{"no form", ReverseDNS, false, false, true, nil, soon, Following, nil},
		{"broken", Rebuild, false, true, false, state("error"), later, Failed, nil},
		{"broken before", Rebuild, false, false, false, state("error"), soon, Following, nil},
	} {
		called := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
		r := Record{
			Order: Order{Server: "1", Op: test.op, NewName: "web.example.com"}, Stage: Following,
			Called: called, Unsure: test.unsure, Busy: test.busy,
		}
		r.look(Looked{Sight: Sight{Service: r.ServerIn(test.seen), Details: test.details}, Seen: !test.blind}, called.Add(test.after))
		if r.Stage != test.want {
			t.Errorf("%s: %s, want %s", test.name, r.Stage, test.want)
		}
	}
}
