package conversation_test

import (
	"testing"

	"zomrobot/chat"
	"zomrobot/conversation"
	serverflow "zomrobot/conversation/server"
	"zomrobot/job"
)

// TestBackFromBehindTheCard leads from each door to the server's card, read again, in the
// place of what was shown.
func TestBackFromBehindTheCard(t *testing.T) {
	for _, door := range []string{"Backups", "Load", "💶 ", "Network"} {
		k := server(t, "51").tap(door).tap("‹ Back").sees("🖥 web-1 (ID 51)", "Stop")
		for _, e := range k.effects {
			if show, ok := e.(conversation.Show); ok && show.AsNew {
				t.Errorf("%s: the card comes as a new message", door)
			}
		}
		if k.tap("‹ Back"); whereIs(k.d) != string(serverflow.PlaceServers) {
			t.Errorf("%s: then it leads to %s", door, whereIs(k.d))
		}
	}
}

// TestBackGoesOneStep to what was asked before, and from the first question to where it was
// begun. What is not said here stays where it is.
func TestBackGoesOneStep(t *testing.T) {
	for name, test := range map[string]struct {
		taps []string // "=" before a text that is typed
		want []conversation.Place
	}{
		"password":     {[]string{"More", "Change password", "=" + goodPassword}, []conversation.Place{"server_password", "server_more", "server"}},
		"rename":       {[]string{"More", "Rename", "=web-9"}, []conversation.Place{"server_name", "server_more"}},
		"size":         {[]string{"More", "Larger plan", "Zen"}, []conversation.Place{"server_size", "server_more"}},
		"delete":       {[]string{"More", "Delete"}, []conversation.Place{"server_more"}},
		"reinstall":    {[]string{"More", "Reinstall", "Ubuntu 22.04", "=" + goodPassword}, []conversation.Place{"server_password", "server_image", "server_more"}},
		"windows":      {[]string{"More", "Rescue mode", "=Windows", "Windows Server 2022"}, []conversation.Place{"server_image", "server_more"}},
		"rescue":       {[]string{"More", "Rescue mode", "=Debian 12", "Debian 12", "=" + goodPassword}, []conversation.Place{"server_password", "server_image", "server_more"}},
		"power":        {[]string{"Stop"}, []conversation.Place{"server"}},
		"reverse DNS":  {[]string{"Network", "Change reverse DNS", "=web-9.example.com"}, []conversation.Place{"server_rdns", "server_network", "server"}},
		"new schedule": {[]string{"Backups", "Schedule", "New schedule", "=nightly", "Mon", "Done", "04:00"}, []conversation.Place{"schedule_time", "schedule_days", "schedule_name", "schedules", "copies"}},
		"how many":     {[]string{"Backups", "Schedule", "How many", "5"}, []conversation.Place{"backups_kept", "schedules"}},
		"new copy":     {[]string{"Backups", "New snapshot", "=before"}, []conversation.Place{"copy_name", "copies"}},
	} {
		k := server(t, "51")
		for _, tap := range test.taps {
			if tap[0] == '=' {
				k.say(tap[1:])
			} else {
				k.tap(tap)
			}
		}
		for _, want := range test.want {
			if k.tap("‹ Back"); whereIs(k.d) != string(want) {
				t.Errorf("%s: Back leads to %s, want %s", name, whereIs(k.d), want)
			}
		}
	}
}

// TestBackKeepsTheSchedule that was put together, and forgets it at the list.
func TestBackKeepsTheSchedule(t *testing.T) {
	k := server(t, "51").tap("Backups").tap("Schedule").tap("New schedule").say("nightly").tap("Mon").tap("Done").tap("04:00")
	k.tap("‹ Back").tap("‹ Back").sees("✓ Mon").tap("‹ Back").sees("nightly").tap("‹ Back").tap("New schedule").seesNot("nightly")
}

// TestCancelLeadsBackToWhereItBegan, and so does a question whose time is over.
func TestCancelLeadsBackToWhereItBegan(t *testing.T) {
	for name, test := range map[string]struct {
		begin func() *talk
		want  string // the data of a button
	}{
		"server":    {func() *talk { return server(t, "51").tap("Stop") }, "s1:51"},
		"list":      {func() *talk { return loggedIn(t).command("/servers").tap("Choose several") }, "c1:servers"},
		"network":   {func() *talk { return server(t, "51").tap("Network").tap("Change reverse DNS") }, "d1:51:server_network"},
		"copies":    {func() *talk { return server(t, "51").tap("Backups").tap("New snapshot") }, "d1:51:copies"},
		"schedules": {func() *talk { return server(t, "51").tap("Backups").tap("Schedule").tap("New schedule") }, "d1:51:schedules"},
		"billing":   {func() *talk { return server(t, "52").tap("💶 ").tap("🔁 Auto-renewal") }, "d1:52:paying"},
		"keys":      {func() *talk { return loggedIn(t).command("/keys").tap("Add a key") }, "c1:keys"},
		"reminders": {func() *talk { return loggedIn(t).command("/reminders").tap("🌍 UTC") }, "c1:reminders"},
	} {
		for how, end := range map[string]func(*talk){
			"cancel": func(k *talk) { k.tap("Cancel").sees("Cancelled") },
			"expired": func(k *talk) {
				k.wait(conversation.AsideLives).step(conversation.Tick{}).sees("No answer for too long")
			},
		} {
			k := test.begin()
			end(k)
			if !leadsTo(k.card(), test.want) {
				t.Errorf("%s, %s: no button %s:\n%s", name, how, test.want, show(t, k.card()))
			}
		}
	}
}

// TestJobLeadsToWhereItBegan and says nothing of a state that it does not change.
func TestJobLeadsToWhereItBegan(t *testing.T) {
	running := elsewhere()[0]
	for op, test := range map[job.Op]struct {
		want  string
		state bool
	}{
		job.Stop:        {"s1:51", true},
		job.Rename:      {"s1:51", false},
		job.ReverseDNS:  {"d1:51:server_network", false},
		job.Renewal:     {"d1:51:paying", false},
		job.Snapshot:    {"d1:51:copies", true},
		job.SetSchedule: {"d1:51:schedules", false},
		job.DeleteImage: {"d1:51:copies", false},
	} {
		done := serverflow.RenderJob(job.Record{Order: job.Order{Server: "51", Name: "web-1", Op: op}, Stage: job.Late, Service: &running})
		if !leadsTo(done, test.want) {
			t.Errorf("%s: no button %s:\n%s", op, test.want, show(t, done))
		}
		state := false
		for _, line := range done.Lines {
			state = state || line.Key == "server.state"
		}
		if state != test.state {
			t.Errorf("%s: it says the server's state: %v", op, state)
		}
	}
}

func leadsTo(s chat.Screen, data string) bool {
	for _, b := range buttons(s) {
		if b.Data == data {
			return true
		}
	}
	return false
}

// TestOrderThatWaitsTakesNoOthersPlace: what was looked at beside it stays on the card, when
// its time is over and when something is done with a server.
func TestOrderThatWaitsTakesNoOthersPlace(t *testing.T) {
	for name, test := range map[string]struct {
		begin func(*talk)
		end   func(*talk)
		want  conversation.Place
	}{
		"costs":    {func(k *talk) { k.command("/costs") }, func(k *talk) { k.wait(conversation.AsideLives).step(conversation.Tick{}) }, "costs"},
		"question": {func(k *talk) { k.press("s1:51").tap("Stop") }, func(k *talk) { k.wait(conversation.AsideLives).step(conversation.Tick{}) }, "server"},
		"job":      {func(k *talk) { k.press("s1:51").tap("Stop") }, func(k *talk) { k.tap("Stop") }, "server"},
		"snapshot": {func(k *talk) { k.press("d1:51:copies").tap("New snapshot").say("before-42") }, func(k *talk) { k.tap("New snapshot") }, "copies"},
	} {
		k := toAccess(loggedIn(t))
		test.begin(k)
		test.end(k)
		if whereIs(k.d) != string(test.want) || k.d.Draft == nil {
			t.Errorf("%s: the card shows %s", name, whereIs(k.d))
		}
		if k.wait(conversation.DraftLives).step(conversation.Tick{}); k.d.Aside != nil || k.d.Draft != nil {
			t.Errorf("%s: it stays after the order", name)
		}
	}
}
