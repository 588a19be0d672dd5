package conversation_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/conversation/bill"
	orderflow "zomrobot/conversation/order"
	prolongflow "zomrobot/conversation/prolong"
	serverflow "zomrobot/conversation/server"
	"zomrobot/job"
	"zomrobot/team"
	"zomrobot/zomro"
)

func isAct(e conversation.Effect) bool { return is[serverflow.Act](e) }

// server is a talk at the card of a server.
func server(t *testing.T, id string) *talk {
	t.Helper()
	return loggedIn(t).press("s1:" + id)
}

// TestWhatCanBeDoneInEachState is the table of the states and of the deeds that
// are offered in them.
func TestWhatCanBeDoneInEachState(t *testing.T) {
	for id, want := range map[string]string{
		"51": "stop reboot reverse_dns rename password rebuild resize rescue boot_iso delete",
		"52": "start reverse_dns rename rebuild rescue boot_iso delete",
		"53": "keep rollback",
		"54": "reboot rename rebuild delete",
		"55": "rename delete",
		"56": "",
		"57": "",
		"71": "unrescue rename delete",
		"72": "eject_iso rename delete",
	} {
		k := loggedIn(t)
		if id > "70" {
			k.servers = elsewhere()
		}
		k.press("s1:" + id)
		shown := buttons(k.card())
		if slices.ContainsFunc(shown, func(b chat.Button) bool { return b.Label.Key == "button.server_network" }) {
			shown = append(shown, buttons(k.tap("Network").card())...)
			k.tap("‹ Back")
		}
		if slices.ContainsFunc(shown, func(b chat.Button) bool { return b.Label.Key == "button.server_more" }) {
			shown = append(shown, buttons(k.tap("More").card())...)
		}
		var got []string
		for _, b := range shown {
			if deed, ok := strings.CutPrefix(b.Label.Key, "button.deed."); ok {
				got = append(got, deed)
			}
			if b.Label.Key == "button.rdns_change" {
				got = append(got, "reverse_dns")
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("server %s offers %v, want %s", id, got, want)
		}
	}
}

// TestNothingIsDoneUnasked: a deed's button asks first, and only the answer acts.
func TestNothingIsDoneUnasked(t *testing.T) {
	for _, deed := range []struct{ server, button string }{
		{"51", "Stop"},
		{"51", "Reboot"},
		{"52", "Start"},
		{"53", "Keep"},
		{"53", "Revert to old size"},
	} {
		k := server(t, deed.server).tap(deed.button)
		if k.count(isAct) != 0 {
			t.Errorf("%s was done unasked", deed.button)
		}
		k.tap(deed.button)
		if k.count(isAct) != 1 {
			t.Errorf("%s was not done", deed.button)
		}
	}
}

// TestReverseDNSIsAHostName: what is none is said and not taken; a dot at the end and
// blanks around it are left out.
func TestReverseDNSIsAHostName(t *testing.T) {
	k := server(t, "51").tap("Network").sees("203.0.113.7", "2001:db8::7", "Reverse DNS: web.example").tap("Change reverse DNS").sees("only changed")
	for wrong, said := range map[string]string{
		"web-1":               "full name with its domain",
		"203.0.113.7":         "IP address",
		"пример.рф":           "Punycode",
		"https://example.com": "without https://",
		"-.example.com":       "hyphen",
		"example.c":           "domain zone",
	} {
		k.say(wrong).sees(said, "Which host name")
	}
	k.say(" web-1.example.com. ").sees("to `web-1.example.com`?", "point to this address").tap("Change reverse DNS")
	if act := k.has("act", isAct).(serverflow.Act).Order; act.Op != job.ReverseDNS || act.NewName != "web-1.example.com" || act.Server != "51" {
		t.Errorf("got %+v", act)
	}
}

// TestNetworkInAGroup: whose role lets them operate sets the reverse DNS there.
func TestNetworkInAGroup(t *testing.T) {
	k := inTeam(t)
	k.command("/servers").tap("web-1").tap("Network").sees("203.0.113.7").seesNot("Change reverse DNS", "in this state")
	k = inTeam(t)
	k.operates = true
	k.command("/servers").tap("web-1").tap("Network").sees("Change reverse DNS")
}

// TestRescueAsksForWhatItTakes: the image, and a password as far as the image takes one.
func TestRescueAsksForWhatItTakes(t *testing.T) {
	for name, test := range map[string]struct {
		image, said string
		give        func(*talk)
		shown       bool // a password is sent to the person
	}{
		"typed":     {"Debian 12", "Login: 🔒 your password", func(k *talk) { k.say(goodPassword) }, false},
		"generated": {"Debian 12", "Login: 🔒 generated password", func(k *talk) { k.tap("Generate") }, true},
		"own image": {"my image", "depends on the image", func(k *talk) { k.say(goodPassword) }, false},
		"windows":   {"Windows Server 2022", "set it in the console", func(*talk) {}, false},
	} {
		k := server(t, "51").tap("More").tap("Rescue mode").say(test.image).tap(test.image)
		shown := k.count(isNotify)
		test.give(k)
		if shown += k.count(isNotify); (shown > 0) != test.shown {
			t.Errorf("%s: %d messages", name, shown)
		}
		k.sees(test.said, "Its disk isn't changed", "costs the same").tap("Rescue mode")
		act := k.has("act", isAct).(serverflow.Act).Order
		if act.Op != job.Rescue || strings.TrimPrefix(act.Label, "📦 ") != test.image || act.Image == "" || act.Zone == "" || !act.NeedsPassword() {
			t.Errorf("%s: %+v", name, act)
		}
	}
}

// TestPasswordThatNobodySees goes with the image that it is made for: another image asks
// for one, and one that has grown old is made anew.
func TestPasswordThatNobodySees(t *testing.T) {
	k := server(t, "51").tap("More").tap("Rescue mode").say("windows")
	k.auto = false
	k.tap("Windows Server 2022").say("debian 12")
	k.auto = true
	k.tap("Debian 12").step(serverflow.PasswordMade{Server: "51", Password: zomro.NewSecret(goodPassword)})
	if k.count(isDrop) != 1 || k.count(isNotify) != 0 {
		t.Errorf("a password that nobody waits for: %s", describe(t, k.effects))
	}
	k.sees("temporary password")
	k = server(t, "51").tap("More").tap("Rescue mode").say("windows").tap("Windows Server 2022").sees("set it in the console")
	k.wait(20 * time.Minute).say("hm").wait(11 * time.Minute).step(conversation.Tick{})
	k.sees("choose again", "Which system")
}

// TestBootFromISO needs no password, and says that it is for the console.
func TestBootFromISO(t *testing.T) {
	k := server(t, "51").tap("More").tap("Boot from ISO").tap("SystemRescue 12").sees("console", "Its disk isn't changed").tap("Boot from ISO")
	if act := k.has("act", isAct).(serverflow.Act).Order; act.Op != job.BootISO || act.Image != "iso-1" || act.NeedsPassword() {
		t.Errorf("got %+v", act)
	}
	k = server(t, "51").tap("More")
	k.auto = false
	k.tap("Boot from ISO").step(serverflow.BootLoaded{Server: "51", Images: []zomro.Image{{ID: "1", Label: "Debian", Zone: "pub"}}}).seesNot("Debian")
	k.step(serverflow.BootLoaded{Server: "51", ISO: true}).sees("no image")
}

// TestRunningFromElsewhere is explained, with the way back.
func TestRunningFromElsewhere(t *testing.T) {
	for id, test := range map[string]struct{ means, back string }{
		"71": {"disk is untouched", "Leave rescue mode"},
		"72": {"Eject it to boot from the disk", "Eject ISO"},
	} {
		k := loggedIn(t)
		k.servers = elsewhere()
		k.press("s1:"+id).sees("⚠️ State", test.means).tap(test.back).tap(test.back)
		if k.count(isAct) != 1 {
			t.Errorf("%s: nothing is done", id)
		}
	}
}

// TestConsoleIsHandedOverOnce, in a protected message that removes itself, with the address
// under a button alone.
func TestConsoleIsHandedOverOnce(t *testing.T) {
	for _, bound := range []bool{false, true} {
		k := server(t, "51")
		k.bound = bound
		k.tap("Console")
		sent := k.has("message", isNotify).(conversation.Notify)
		if !sent.Protect || sent.Fades != 5*time.Minute || sent.Alone {
			t.Errorf("sent as %+v", sent)
		}
		if text := encode(t, sent.Screen.Lines); strings.Contains(text, "5ecret") || !strings.Contains(text, "console.example.com") {
			t.Errorf("it says %s", text)
		}
		if address := sent.Screen.Rows[0][0].URL; address != consoleAddress {
			t.Errorf("the button opens %q", address)
		}
		if said := strings.Contains(encode(t, sent.Screen), "console.bound"); said != bound {
			t.Errorf("with a cookie %v, and that is said: %v", bound, said)
		}
		if kept := encode(t, k.d); strings.Contains(kept, "5ecret") {
			t.Errorf("the dialogue keeps it: %s", kept)
		}
	}
}

// TestConsoleThatNobodyWaitsFor is not handed over, and one is asked for at a time.
func TestConsoleThatNobodyWaitsFor(t *testing.T) {
	isOpen := that(func(serverflow.OpenConsole) bool { return true })
	opened := serverflow.ConsoleOpened{Server: "51", Console: zomro.Console{Address: zomro.NewSecret(consoleAddress), Host: "console.example.com"}}
	for name, leave := range map[string]func(*talk){
		"closed":        func(k *talk) { k.tap("Close") },
		"back":          func(k *talk) { k.tap("‹ Back") },
		"another":       func(k *talk) { k.press("s1:52") },
		"asked for all": func(k *talk) { k.command("/servers") },
	} {
		k := server(t, "51")
		k.auto = false
		k.tap("Console")
		if k.count(isOpen) != 1 {
			t.Fatalf("%s: it was not asked for", name)
		}
		if k.tap("Console"); k.count(isOpen) != 0 {
			t.Errorf("%s: it was asked for twice", name)
		}
		leave(k)
		if k.step(opened); k.count(isNotify) != 0 {
			t.Errorf("%s: it was handed over", name)
		}
	}
	k := server(t, "51")
	if k.step(opened); k.count(isNotify) != 0 {
		t.Error("it was handed over unasked")
	}
	k.auto = false
	k.tap("Console").step(serverflow.ConsoleOpened{Server: "51", Problem: &conversation.Problem{Kind: zomro.Unreadable}})
	if k.count(isNotify) != 0 {
		t.Error("a failed one was handed over")
	}
	if k.tap("Console"); k.count(isOpen) != 1 {
		t.Error("it cannot be asked for again")
	}
}

// TestConsoleIsOffered in private alone, where the server has a screen.
func TestConsoleIsOffered(t *testing.T) {
	for id, want := range map[string]bool{"51": true, "52": false, "53": true, "54": false, "55": false, "56": false, "71": true, "72": true} {
		k := loggedIn(t)
		if id > "70" {
			k.servers = elsewhere()
		}
		k.press("s1:" + id)
		if has := strings.Contains(show(t, k.card()), "Console]"); has != want {
			t.Errorf("%s: %v", id, has)
		}
	}
	k := inTeam(t)
	k.operates = true
	k.command("/servers").tap("web-1").seesNot("Console")
}

func TestDeletionNeedsTheExactName(t *testing.T) {
	k := server(t, "51").tap("More").tap("Delete")
	for _, wrong := range []string{"web", "WEB-1", "web-2", "web-11", "yes"} {
		k.say(wrong).sees("Nothing was deleted")
		if k.count(isAct) != 0 {
			t.Fatalf("%q deleted the server", wrong)
		}
	}
	k.say("web-1")
	act := k.has("act", isAct).(serverflow.Act).Order
	if act.Op != job.Delete || act.Server != "51" || act.Account != "7" {
		t.Errorf("got %+v", act)
	}
}

// TestPasswordOfAServerIsDropped when its question is left, in every way.
func TestPasswordOfAServerIsDropped(t *testing.T) {
	isServerDrop := that(func(e conversation.Drop) bool { return e.Slot == conversation.SlotServer })
	given := func() *talk {
		k := server(t, "51").tap("More").tap("Change password").say(goodPassword)
		if keep := k.has("keep", isKeep).(conversation.Keep); keep.Slot != conversation.SlotServer || keep.Value.Reveal() != goodPassword {
			t.Fatalf("kept in %s", keep.Slot)
		}
		return k
	}
	for name, leave := range map[string]func(*talk){
		"back":    func(k *talk) { k.tap("‹ Back") },
		"cancel":  func(k *talk) { k.tap("Cancel") },
		"login":   func(k *talk) { k.command("/login") },
		"another": func(k *talk) { k.press("s1:52") },
		"time":    func(k *talk) { k.wait(31 * time.Minute).step(conversation.Tick{}) },
	} {
		k := given()
		leave(k)
		if k.count(isServerDrop) == 0 {
			t.Errorf("%s: the password stays", name)
		}
	}
	k := given().tap("Change password")
	if k.count(isAct) != 1 || k.count(isServerDrop) != 0 {
		t.Errorf("the password does not go with what is done: %s", describe(t, k.effects))
	}
}

// TestPasswordThatWasMadeForNothing: the message that shows it goes with the question, and
// says what the password is for.
func TestPasswordThatWasMadeForNothing(t *testing.T) {
	isTakeBack := is[conversation.TakeBack]
	for name, test := range map[string]struct {
		op    []string
		leave func(*talk)
		taken int
	}{
		"rescue, back":     {[]string{"Rescue mode", "Debian 12", "Generate"}, func(k *talk) { k.tap("‹ Back") }, 1},
		"rescue, done":     {[]string{"Rescue mode", "Debian 12", "Generate"}, func(k *talk) { k.tap("Rescue mode") }, 0},
		"reinstall, time":  {[]string{"Reinstall", "Debian 12", "Generate"}, func(k *talk) { k.wait(31 * time.Minute).step(conversation.Tick{}) }, 1},
		"change, command":  {[]string{"Change password", "Generate"}, func(k *talk) { k.command("/servers") }, 1},
		"change, done":     {[]string{"Change password", "Generate"}, func(k *talk) { k.tap("Change password") }, 0},
		"seen by nobody":   {[]string{"Rescue mode", "Windows"}, func(k *talk) { k.tap("‹ Back") }, 0},
		"one's own, typed": {[]string{"Change password", "=" + goodPassword}, func(k *talk) { k.tap("‹ Back") }, 0},
	} {
		k := server(t, "51").tap("More")
		for _, label := range test.op {
			if text, typed := strings.CutPrefix(label, "="); typed {
				k.say(text)
				continue
			}
			if label == "Debian 12" || label == "Windows" {
				k.say(label)
			}
			if k.tap(label); label != "Generate" {
				continue
			}
			shown := show(t, k.has("the password", isNotify).(conversation.Notify).Screen)
			if rescue := strings.Contains(shown, "Temporary rescue password for web-1"); rescue != strings.HasPrefix(name, "rescue") {
				t.Errorf("%s: %s", name, shown)
			}
		}
		if test.leave(k); k.count(isTakeBack) != test.taken {
			t.Errorf("%s: %d messages are taken back, want %d", name, k.count(isTakeBack), test.taken)
		}
	}
}

// TestCopiesAreNotTakenForSystems: an image of one's own says so where a system is chosen,
// in the question and on the card of the job, and is found by its name too.
func TestCopiesAreNotTakenForSystems(t *testing.T) {
	images := []zomro.Image{
		{ID: "a", Label: "Ubuntu 24.04", Zone: "pub"},
		{ID: "b", Label: "Ubuntu 24.04", Zone: "own"},
		{ID: "c1-2-3", Label: "Debian 13", Zone: "own"},
		{ID: "c4-5-6", Label: "Debian 13", Zone: "own"},
		{ID: "d", Label: "Debian 13", Zone: "shr"},
		{ID: "e", Label: "golden", Zone: "own"},
	}
	names := map[string]string{"b": "snap1", "e": "golden"}
	for op, loaded := range map[string]chat.Event{
		"Reinstall":     serverflow.RebuildLoaded{Server: "51", Form: zomro.RebuildForm{Images: images}, Names: names},
		"Rescue mode":   serverflow.BootLoaded{Server: "51", Images: images, Names: names},
		"Boot from ISO": serverflow.BootLoaded{Server: "51", ISO: true, Images: images, Names: names},
	} {
		k := server(t, "51").tap("More")
		k.auto = false
		k.tap(op).step(loaded)
		want := "Ubuntu 24.04\n📦 snap1 (Ubuntu 24.04)\n📦 Debian 13 #c1 (own)\n📦 Debian 13 #c4 (own)\n📦 Debian 13 (shared)\n📦 golden (own)\n"
		if !strings.HasPrefix(k.labels(), want) {
			t.Errorf("%s offers\n%s", op, k.labels())
		}
		k.say("snap1").offers(false, "Debian").tap("snap1")
		if op != "Boot from ISO" {
			k.sees("snap1 (Ubuntu 24.04)").say(goodPassword)
		}
		if o := k.sees("📦 snap1 (Ubuntu 24.04)").tap(op).orderedJob(); o.Image != "b" || o.Zone != "own" || o.Label != "📦 snap1 (Ubuntu 24.04)" {
			t.Errorf("%s: %+v", op, o)
		}
	}
}

// TestSuspendedServerExplainsItself: why it may be, and what helps; one that its owner has
// stopped is none.
func TestSuspendedServerExplainsItself(t *testing.T) {
	for code, said := range map[string]string{"3_autosuspend": "usually for non-payment", "3_abusesuspend": "Contact Zomro support", "3_employeesuspend": "Contact Zomro support"} {
		k := loggedIn(t)
		k.servers = []zomro.Service{{ID: "51", Name: "web-1", Status: zomro.StatusSuspended, Code: code, PowerState: zomro.PowerStopped}}
		k.press("s1:51").sees("⛔ State: suspended", said)
	}
	server(t, "52").sees("🔴 State: stopped").seesNot("suspended", "⛔")
}

// TestPasswordOfAServerMadeTooLate is dropped: nobody is waiting for it.
func TestPasswordOfAServerMadeTooLate(t *testing.T) {
	k := server(t, "51").tap("More").tap("Change password")
	k.auto = false
	k.tap("Generate").tap("‹ Back")
	k.step(serverflow.PasswordMade{Server: "51", Password: zomro.NewSecret(goodPassword)})
	if k.count(isDrop) != 1 || k.count(isNotify) != 0 {
		t.Errorf("got %s", describe(t, k.effects))
	}
}

// TestResizeSaysWhatItCosts as far as it is told.
func TestResizeSaysWhatItCosts(t *testing.T) {
	k := server(t, "51")
	k.auto = false
	k.tap("More").tap("Larger plan")
	more := euro("0.10")
	price := func(id, title, cost string) zomro.Plan {
		return zomro.Plan{ID: id, Title: title, Prices: []zomro.Price{{Period: zomro.Day, Cost: euro(cost)}}}
	}
	k.step(serverflow.SizesLoaded{
		Server: "51",
		Sizes:  []zomro.Size{{ID: "1", Label: "Told", Cost: &more}, {ID: "2", Label: "Listed"}, {ID: "3", Label: "Unknown"}, {ID: "4", Label: "Cheaper"}},
		Plans:  []zomro.Plan{price("0", "nova", "0.13"), price("2", "Listed", "0.20"), price("4", "Cheaper", "0.05")},
	})
	k.tap("Told").sees("0.10 EUR will be charged").seesNot("List price").tap("‹ Back").sees("Which larger plan").tap("‹ Back").tap("Larger plan")
	k.auto = true
	for label, want := range map[string][]string{"Zen": {"3.50 EUR will be charged"}, "Only here": {"doesn't say in advance"}} {
		server(t, "51").tap("More").tap("Larger plan").tap(label).sees(want...)
	}
	k = server(t, "51")
	k.auto = false
	k.tap("More").tap("Larger plan").step(serverflow.SizesLoaded{
		Server: "51", Sizes: []zomro.Size{{ID: "2", Label: "Listed"}, {ID: "4", Label: "Cheaper"}},
		Plans: []zomro.Plan{price("0", "nova", "0.13"), price("2", "Listed", "0.20"), price("4", "Cheaper", "0.05")},
	})
	k.tap("Listed").sees("doesn't say in advance", "now 0.13 EUR, then 0.20 EUR, 0.07 EUR more")
}

// TestServersOfAnyPeriodAreCounted: what a server costs is said for a month and a day
// whatever it is paid for at once, and one price that cannot be read does not take the sum
// of the others away.
func TestServersOfAnyPeriodAreCounted(t *testing.T) {
	k := loggedIn(t)
	k.servers = []zomro.Service{
		{ID: "1", Name: "a", Cost: "36.00 EUR / Three months", PowerState: zomro.PowerStopped},
		{ID: "2", Name: "b", Cost: "60.00 EUR / Полгода"},
		{ID: "3", Name: "c", Cost: "120.00 EUR / Year"},
	}
	k.command("/servers").sees("32.00 EUR a month, 1.05 EUR a day", "still costs 12.00 EUR a month",
		"36.00 EUR per 3 months (≈ 12.00 EUR a month, 0.39 EUR a day)", "60.00 EUR per 6 months", "120.00 EUR per year (≈ 10.00 EUR").
		seesNot("Three months", "Полгода", "Not counted")
	k.servers = append(k.servers, zomro.Service{ID: "4", Name: "d", Cost: "1.00 EUR / Decade"})
	k.command("/servers").sees("32.00 EUR a month", "Not counted: 1 server whose price")
}

// TestLargerPlansAreComparable: what each is made of, and what it costs more, is said
// before one is chosen.
func TestLargerPlansAreComparable(t *testing.T) {
	k := server(t, "51")
	k.auto = false
	k.tap("More").tap("Larger plan")
	plan := func(id, title, cost, cpu string) zomro.Plan {
		return zomro.Plan{
			ID: id, Title: title, Prices: []zomro.Price{{Period: zomro.Day, Cost: euro(cost)}},
			Details: []zomro.Detail{{Name: "CPU count", Value: cpu}, {Name: "Memory", Value: "4 Gb"}, {Name: "Disk space", Value: "40 Gb"}},
		}
	}
	more := euro("0.05")
	k.step(serverflow.SizesLoaded{
		Server: "51", Sizes: []zomro.Size{{ID: "2", Label: "Zen | NL-3", Cost: &more}, {ID: "3", Label: "Unknown"}},
		Plans: []zomro.Plan{plan("1", "Nova", "0.13", "1"), plan("2", "Zen", "0.20", "2")},
	})
	k.sees("Zen | NL-3: 2 CPU · 4 GB · 40 GB · 0.07 EUR more per day · 0.05 EUR charged now").tap("Zen")
	k.sees("1 CPU · 4 GB · 40 GB → 2 CPU · 4 GB · 40 GB")
}

// TestEndOfAJobSaysWhatIsSo: a server that was renamed is called by its new name, and one
// that waits for a decision is not done and has the buttons to decide.
func TestEndOfAJobSaysWhatIsSo(t *testing.T) {
	renamed := serverflow.RenderJob(job.Record{Order: job.Order{Server: "51", Name: "web-1", Op: job.Rename, NewName: "api-1"}, Stage: job.Done})
	if got := show(t, renamed); !strings.Contains(got, "api-1: new name, web-1 before") || !strings.Contains(got, "[🖥 api-1]") {
		t.Errorf("after a rename:\n%s", got)
	}
	resized := job.Record{Order: job.Order{Server: "53", Name: "web-3", Op: job.Resize, Label: "Zen"}, Stage: job.Done, Service: &zomro.Service{PowerState: zomro.PowerResized}}
	if got := show(t, serverflow.RenderJob(resized)); strings.Contains(got, "Done") {
		t.Errorf("it waits for a decision and is called done:\n%s", got)
	}
	for i, label := range []string{"Keep new size", "Revert to old size"} {
		k := loggedIn(t).press(buttons(serverflow.RenderJob(resized))[i].Data)
		if k.count(isAct) != 0 {
			t.Errorf("%s was done unasked", label)
		}
		if k.tap(label); k.count(isAct) != 1 {
			t.Errorf("%s was not done", label)
		}
	}
	resized.Service.PowerState = zomro.PowerActive
	if got := show(t, serverflow.RenderJob(resized)); !strings.Contains(got, "Done") || strings.Contains(got, "Keep") {
		t.Errorf("it is done and asks:\n%s", got)
	}
}

// TestJobButtonThatIsTooLate leads to the server's card: there is nothing to decide any more.
func TestJobButtonThatIsTooLate(t *testing.T) {
	k := loggedIn(t).press("s1:51:keep")
	if k.d.Aside == nil || k.d.Aside.Place != serverflow.PlaceServer || k.count(isAct) != 0 {
		t.Errorf("at %s: %s", whereIs(k.d), describe(t, k.effects))
	}
}

// TestServersInAGroup: only a team sees servers, and what is done with them is done in
// private, where a link leads that only the account's holder gets.
func TestServersInAGroup(t *testing.T) {
	for _, data := range []string{"s1:51", "c1:servers"} {
		k := newTalk(t, group).press(data)
		if k.d.Aside != nil || k.count(is[serverflow.LoadServers]) != 0 {
			t.Errorf("%s shows servers in a group that is no team", data)
		}
		k = inTeam(t).ruled(func(tm *team.Team) { tm.Account = nil })
		k.d.Account = ""
		if k.press(data); k.d.Aside != nil || k.count(is[serverflow.LoadServers]) != 0 {
			t.Errorf("%s shows servers of no account", data)
		}
	}
	for holder, links := range map[int64]int{42: 1, 43: 0} {
		k := inTeam(t).ruled(func(tm *team.Team) { tm.Account.Holder = holder })
		k.command("/servers").sees("Servers of this team").tap("web-1").sees("web-1", "203.0.113").seesNot("[Delete", "[Reboot")
		n := 0
		for _, b := range buttons(k.card()) {
			if b.Start == linkCode {
				n++
			}
		}
		if n != links {
			t.Errorf("the holder is %d: %d links, want %d:\n%s", holder, n, links, show(t, k.card()))
		}
		for i := range 10 {
			k.press(fmt.Sprintf("w1:%s:%d:do.%d:16", conversation.NoCard, k.d.Rev, i))
			if whereIs(k.d) != string(serverflow.PlaceServer) {
				t.Fatalf("deed %d leads to %s in a group", i, whereIs(k.d))
			}
		}
	}
	k := loggedIn(t)
	k.link = conversation.LinkOpened{Purpose: conversation.LinkServer, Draft: "51", Team: "-1001", Title: "Backend"}
	k.command("/start "+linkCode).sees("web-1", "Reboot")
}

// TestServersOfATeamByRole: who may asks for what costs and destroys nothing, and it is done
// only when Telegram has told what they are in the group, for a word of theirs that is not
// old and that they have not taken back.
func TestServersOfATeamByRole(t *testing.T) {
	at := func() *talk {
		k := inTeam(t)
		k.operates = true
		return k.command("/servers").tap("web-1").sees("[⏹ Stop", "[🔁 Reboot", "[✏️ Rename").seesNot("Delete", "Reinstall", "password", "Larger", "Same again")
	}
	for i := range 10 {
		k := at()
		k.press(fmt.Sprintf("w1:%s:%d:do.%d:16", conversation.NoCard, k.d.Rev, i))
		if shared := i == 1 || i == 2 || i == 5; shared == (whereIs(k.d) == string(serverflow.PlaceServer)) {
			t.Errorf("deed %d leads to %s in a group", i, whereIs(k.d))
		}
	}
	k := at().tap("Stop").sees("Stop `web-1`?")
	k.auto = false
	check := k.tap("Stop").has("check", is[conversation.Check]).(conversation.Check)
	if check.Act == nil || check.Act.Op != job.Stop || check.Act.Server != "51" || k.count(isAct) != 0 {
		t.Fatalf("asked for %+v", check)
	}
	asks := k.d
	for name, c := range map[string]struct {
		d       conversation.Dialogue
		checked conversation.Checked
		acts    int
	}{
		"allowed":    {asks, conversation.Checked{Check: check, Status: team.StatusMember, Holder: 42}, 1},
		"not known":  {asks, conversation.Checked{Check: check, Failed: true}, 0},
		"taken back": {at().d, conversation.Checked{Check: check, Status: team.StatusMember, Holder: 42}, 0},
	} {
		k.d = c.d
		k.step(c.checked)
		if k.count(isAct) != c.acts {
			t.Errorf("%s: %s", name, describe(t, k.effects))
			continue
		}
		if c.acts == 0 {
			continue
		}
		if act := k.has("act", isAct).(serverflow.Act); act.Status != team.StatusMember || act.Holder != 42 || act.Order != *check.Act {
			t.Errorf("%s: done is %+v", name, act)
		}
	}
	k.d = asks
	k.now = k.now.Add(conversation.IntentLives + time.Second)
	if k.step(conversation.Checked{Check: check, Status: team.StatusMember, Holder: 42}); k.count(isAct) != 0 {
		t.Error("done on an old word")
	}
}

// TestOrderAgainFillsInEverything that the vendor still offers, and asks for
// the password.
func TestOrderAgainFillsInEverything(t *testing.T) {
	k := loggedIn(t).command("/orders").tap("Same again")
	k.at(orderflow.PlaceAccess).sees("A7K-42", "Passwords are not stored", "SUMMER10")
	dr := k.d.Draft
	if dr.Plan.ID != "1701" || dr.Image.ID != "17-Debian 12" || dr.Count != 2 || dr.Period != zomro.Month || !dr.Named ||
		dr.Backups == nil || !slices.Equal(dr.Backups.Days, []int{1, 4}) || dr.Promo != "" {
		t.Errorf("draft %s", encode(t, dr))
	}
	if i := slices.IndexFunc(dr.Options, func(o conversation.Option) bool { return o.Value == "260" }); i < 0 {
		t.Errorf("options %+v", dr.Options)
	}
	k.tap("My own").say(goodPassword).at(orderflow.PlaceReview).sees("was quoted at 9.00 EUR")
}

// twins is a talk in an account that has two servers of one name, and a third
// whose name differs in case.
func twins(t *testing.T) *talk {
	t.Helper()
	k := loggedIn(t)
	k.servers = twoOfOneName()
	return k
}

func twoOfOneName() []zomro.Service {
	return []zomro.Service{
		{ID: "71", Name: "web-1", Status: zomro.StatusActive, Code: "2", PowerState: "active", Plan: "Nova | NL-3", IPv4: "203.0.113.7"},
		{ID: "72", Name: "web-1", Status: zomro.StatusActive, Code: "2", PowerState: "active", Plan: "Nova | NL-3", IPv6: "2001:db8::7"},
		{ID: "73", Name: "WEB-1", Status: zomro.StatusActive, Code: "2", PowerState: "active", Plan: "Nova | NL-3"},
		{ID: "74", Name: "db-1", Status: zomro.StatusActive, Code: "2", PowerState: "active", Plan: "Nova | NL-3", IPv4: "203.0.113.9"},
	}
}

// TestServersOfOneNameAreToldApart in the list, on its buttons, in questions and
// in what is done.
func TestServersOfOneNameAreToldApart(t *testing.T) {
	k := twins(t).command("/servers").
		sees("web-1 (#71, 203.0.113.7)").sees("web-1 (#72, 2001:db8::7)").sees("WEB-1 (#73)").sees("db-1: running · 203.0.113.9")
	k.tap("web-1 (#72, 2001:db8::7)").sees("ID 72").tap("Stop").sees("web-1 (#72, 2001:db8::7)").tap("Stop")
	if act := k.has("act", isAct).(serverflow.Act).Order; act.Server != "72" || act.Name != "web-1 (#72, 2001:db8::7)" {
		t.Errorf("got %+v", act)
	}
	k = twins(t)
	k.command("/servers").tap("db-1").tap("More").tap("Rename").say("Web-1").sees("already exists: #71, 203.0.113.7")
}

// TestDeletionOfOneOfTwoIsByItsID: their name does not tell which is meant.
func TestDeletionOfOneOfTwoIsByItsID(t *testing.T) {
	k := twins(t).command("/servers").tap("(#72").tap("More").tap("Delete").sees("web-1 (#72, 2001:db8::7), type its ID: `72`")
	for _, wrong := range []string{"web-1", "71", "#72", "web-1 (#72, 2001:db8::7)"} {
		k.say(wrong).sees("Nothing was deleted")
		if k.count(isAct) != 0 {
			t.Fatalf("%q deleted the server", wrong)
		}
	}
	k.say("72")
	if act := k.has("act", isAct).(serverflow.Act).Order; act.Op != job.Delete || act.Server != "72" {
		t.Errorf("got %+v", act)
	}
}

// TestShortNamesKeepTheirEnds: what tells a server from others is at the end.
func TestShortNamesKeepTheirEnds(t *testing.T) {
	long := strings.Repeat("n", 99)
	k := twins(t)
	k.servers[0].Name, k.servers[1].Name = long, long
	k.command("/servers")
	for _, end := range []string{"(#71, 203.0.113.7)", "(#72, 2001:db8::7)"} {
		if !slices.ContainsFunc(buttons(k.card()), func(b chat.Button) bool { return strings.HasSuffix(b.Label.Args["Name"].Text, end) }) {
			t.Errorf("no button ends with %s", end)
		}
	}
}

// TestNameThatIsTakenIsWarnedOf after it was typed, at its step and in the
// review; a group hears only that there is such a server. Without an answer
// nothing is said, and nothing is blocked.
func TestNameThatIsTakenIsWarnedOf(t *testing.T) {
	const order = "/order datacenter=17 pricelist=1702 order_period=1 instances_os=Ubuntu 22.04 order_count=1 backups_schedule=off use_ssh_key=on instances_ssh_keys=key-0"
	const warning = "already exists (#71, 203.0.113.7). The order number will be appended"
	isNamesake := is[orderflow.LoadNamesake]

	k := twins(t).command(order).at(orderflow.PlaceName).seesNot("already exists")
	k.say("web-1").at(orderflow.PlaceReview).sees(warning)
	k.tap("Name").sees(warning)
	k.say("web-2").at(orderflow.PlaceReview).seesNot("already exists")
	k.tap("Name").say("DB-1").seesNot("already exists")
	k.tap("Name").say("db-1").sees("already exists (#74, 203.0.113.9)")
	k.tap("Name").tap("Skip").seesNot("already exists").sees("vps- plus the order number")

	k = twins(t).command("/order datacenter=17 pricelist=1702 order_count=1 instances_os=Ubuntu 22.04 use_ssh_key=on instances_ssh_keys=key-0").say("web-1")
	k.at(orderflow.PlaceBackups).sees(warning).tap("No backups").at(orderflow.PlacePeriod).seesNot(warning)

	k = inTeam(t)
	k.servers = twoOfOneName()
	k.command(order).say("web-1").at(orderflow.PlaceReview).sees("already has a server named web-1").seesNot("#71", "203.0.113.7")

	k = twins(t)
	k.servers = nil
	k.command(order)
	k.auto = false
	k.say("web-1")
	asked := k.has("namesake", isNamesake).(orderflow.LoadNamesake)
	k.step(orderflow.NamesakeLoaded{Draft: asked.Draft, Asked: asked.Account, Name: asked.Name}).seesNot("already exists")
	k.tap("Order for")
	if k.count(isOpen) != 1 {
		t.Error("it was not ordered")
	}
	k.step(orderflow.NamesakeLoaded{Draft: asked.Draft, Asked: asked.Account, Name: "web-9", Known: true, Taken: true, Server: "#1"}).seesNot("already exists")
}

// TestNameOfSeveralIsWarnedOf: one order gives all of its servers one name.
func TestNameOfSeveralIsWarnedOf(t *testing.T) {
	const order = "/order datacenter=17 pricelist=1702 order_period=1 instances_os=Ubuntu 22.04 backups_schedule=off use_ssh_key=on instances_ssh_keys=key-0 order_count="
	loggedIn(t).command(order + "3").say("web-1").at(orderflow.PlaceReview).sees("All 3 servers will be called web-1")
	loggedIn(t).command(order + "1").say("web-1").at(orderflow.PlaceReview).seesNot("will be called")
	loggedIn(t).command(order + "3").tap("Skip").at(orderflow.PlaceReview).seesNot("servers will be called")
}

// TestOwnRecordsAreNotAskedOfZomro: what the bot has written down is read, and the vendor is
// not spoken of.
func TestOwnRecordsAreNotAskedOfZomro(t *testing.T) {
	for _, command := range []string{"/orders", "/audit", "/templates", "/logout"} {
		k := withTwo(t)
		k.auto = false
		if k.command(command); command == "/logout" {
			k.tap("work")
		}
		k.sees("One moment").seesNot("Zomro…")
	}
	k := loggedIn(t)
	k.auto = false
	k.command("/audit").step(bill.AuditLoaded{Problem: &conversation.Problem{}}).sees("could not read").seesNot("Zomro did not")
}

// TestGroupIsToldHowToType: a bot hears only replies there.
func TestGroupIsToldHowToType(t *testing.T) {
	inTeam(t).command("/order").tap("Choose everything").sees("reply to this message").tap("Netherlands").sees("reply to this message")
	loggedIn(t).command("/order").seesNot("reply to this message")
	toReview(inTeam(t)).tap("Backups").seesNot("reply to this message").tap("Back").sees("reply to this message").step(chat.Other{From: anna}).sees("replies to my messages")
}

// TestOrderedAgainByItsGivenName: the number of the order that is repeated is no
// part of the new one's name.
func TestOrderedAgainByItsGivenName(t *testing.T) {
	for ordered, want := range map[string]string{
		"vps-a7k42": "", "web-1-a7k42": "web-1", "web-1": "web-1", "vps-b8l53": "vps-b8l53", "vps": "vps", "": "",
	} {
		k := loggedIn(t)
		k.ordered = ordered
		k.command("/orders").tap("Same again")
		if dr := k.d.Draft; dr.Name != want || !dr.Named {
			t.Errorf("%q is ordered again as %q, named %v", ordered, dr.Name, dr.Named)
		}
		k.command("/orders").tap("💾")
		if line := k.d.Aside.Flow.(*orderflow.Templates).Line; strings.Contains(line, "a7k42") {
			t.Errorf("the template of %q is %s", ordered, line)
		}
	}
}

// TestServerAgain: an order like a server that is there begins on its card, from the
// account that has it, and asks for what the list of servers does not tell.
func TestServerAgain(t *testing.T) {
	t.Parallel()
	server := zomro.Service{
		ID: "51", Name: "web-1", Status: zomro.StatusActive, Code: "2", PowerState: "active", IPv4: "203.0.113.7",
		Plan: "Nova | NL-3", Datacenter: "Netherlands-3 [Cloud]", Image: "Ubuntu 22.04", Cost: "0.13 EUR / Day",
		PaidUntil: time.Date(2026, 12, 4, 0, 0, 0, 0, time.UTC),
	}
	again := func(change func(*zomro.Service)) *talk {
		one := server
		change(&one)
		k := loggedIn(t)
		k.servers = []zomro.Service{one}
		return k.press("s1:51")
	}
	k := again(func(*zomro.Service) {}).sees("ssh root@203.0.113.7", "Paid until").tap("ame again")
	dr := k.d.Draft
	if dr == nil || dr.Datacenter.ID != "17" || dr.Plan == nil || dr.Plan.ID != "1701" || dr.Period != zomro.Day || dr.Account != "7" {
		t.Fatalf("the draft is %s", encode(t, dr))
	}
	k.sees("order like your server web-1").at(orderflow.PlaceAccess)

	k = again(func(s *zomro.Service) { s.Datacenter, s.Plan, s.Image, s.Cost = "", "Nova", "", "" }).tap("ame again")
	if dr := k.d.Draft; dr.Plan != nil || dr.Period != "" {
		t.Errorf("something was guessed: %s", encode(t, dr))
	}
	again(func(s *zomro.Service) { s.Image, s.PaidUntil = "Windows Server 2022", time.Time{} }).seesNot("ssh root", "Paid until")
}

// TestServersAreFound by each of what is known of them, and by their state in words of
// either language; every word of a search has to fit.
func TestServersAreFound(t *testing.T) {
	k := loggedIn(t)
	k.servers = []zomro.Service{
		{ID: "6100001", Name: "web-1", Plan: "Nova | NL-3", Datacenter: "Netherlands-3 [Cloud]", Image: "Ubuntu 22.04", IPv4: "203.0.113.7", Code: "2", Status: zomro.StatusActive, PowerState: "active"},
		{ID: "6100002", Name: "web-2", Plan: "Zen | PL-1", Datacenter: "Poland-1 [Cloud]", Image: "Debian 12", IPv6: "2001:db8::7", Code: "3", Status: zomro.StatusSuspended, PowerState: "stopped"},
		{ID: "6100003", Name: "форум", Plan: "Zen | PL-1", Code: "3_autosuspend", Status: zomro.StatusSuspended, PowerState: "suspended"},
		{ID: "6100004", Name: "mail", Plan: "Zen | PL-1", Code: "2", Status: zomro.StatusActive, PowerState: "stopping"},
		{ID: "6100005", Name: "odd", StatusText: "Waiting for a miracle"},
	}
	for search, want := range map[string]string{
		"web": "web-1 web-2", "6100002": "web-2", "203.0.113": "web-1", "DB8::7": "web-2", "db8": "", "nova": "web-1", "poland": "web-2", "debian": "web-2",
		"stopped": "web-2", "stop": "web-2 mail", "остановлен": "web-2", "Остановленные": "web-2", "останавливается": "mail", "running": "web-1",
		"работающие": "web-1", "web работает": "web-1", "pl-1 stopped": "web-2", "web mail": "", "suspended": "форум", "приостановлен": "форум",
		"ФОРУМ": "форум", "miracle": "odd", "ru": "", "web-1 stopped": "", "unstopped": "",
	} {
		k.command("/servers").say(search)
		var got []string
		for _, b := range buttons(k.card()) {
			if b.Label.Key == "button.server" {
				got = append(got, b.Label.Args["Name"].Text)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q finds %q, want %q", search, got, want)
		}
		if len(got) == 0 {
			k.sees("No matches for “"+search+"”").tap("Show all").sees("web-1", "odd")
		}
	}
}

// TestOneServerIsShownAtOnce when the command names it; what is typed into the list only
// narrows it.
func TestOneServerIsShownAtOnce(t *testing.T) {
	for line, want := range map[string]conversation.Place{
		"/servers db-62": serverflow.PlaceServer, "/servers running db-62": serverflow.PlaceServer, "/servers db": serverflow.PlaceServers,
		"/servers no such": serverflow.PlaceServers, "/servers": serverflow.PlaceServers,
	} {
		if k := loggedIn(t).command(line); whereIs(k.d) != string(want) {
			t.Errorf("%s leads to %s, want %s", line, whereIs(k.d), want)
		}
	}
	k := loggedIn(t).command("/servers db-62").sees("ID 62").tap("‹ Back").sees("1 match", "db-62").seesNot("db-61").tap("Show all").sees("web-1")
	if k.command("/servers").say("db-62"); whereIs(k.d) != string(serverflow.PlaceServers) {
		t.Error("the list is left for what was typed into it")
	}
	k = inTeam(t).command("/servers db-62")
	if whereIs(k.d) != string(serverflow.PlaceServer) {
		t.Errorf("in a group it leads to %s", whereIs(k.d))
	}
}

// TestTroubleOfOurOwnIsNotZomros: where the vendor was not asked, nobody says that it gave
// nothing.
func TestTroubleOfOurOwnIsNotZomros(t *testing.T) {
	load := func(problem conversation.Problem) *talk {
		k := inTeam(t)
		k.auto = false
		return k.command("/servers").step(serverflow.ServersLoaded{Problem: &problem})
	}
	load(conversation.Problem{Code: conversation.CodeNotChecked}).sees("Telegram isn't telling me").seesNot("Zomro did not")
	load(conversation.Problem{Kind: zomro.Transient}).sees("Zomro did not give me")
}

// TestRenewingIsSwitchedOff: where the operator has not switched it on, the card says so.
func TestRenewingIsSwitchedOff(t *testing.T) {
	k := server(t, "51")
	k.auto = false
	k.tap("Billing")
	paying := payingOf(k.has("load", func(e conversation.Effect) bool { return is[prolongflow.LoadPaying](e) }).(prolongflow.LoadPaying))
	paying.Service = &zomro.Service{ID: "51", Name: "web-1", Cost: "3.84 EUR / Month", Status: zomro.StatusActive, PaidUntil: start.AddDate(0, 1, 0)}
	paying.Renewable = false
	k.step(paying).sees("switched off here", "[💶 Top up").seesNot("[💶 Renew")
}

// TestCardOfAJobThatWaits says what for, and has a button that ends it, for whoever it is of;
// what was not done for another operation is asked again where it began.
func TestCardOfAJobThatWaits(t *testing.T) {
	busy := &job.Failure{Kind: zomro.Refused, Object: zomro.ObjectAtWork, Message: "Busy."}
	r := job.Record{ID: "0011223344556677", Owner: group, Order: job.Order{Server: "51", Name: "web-1", Op: job.Rename, NewName: "api-1"}, Stage: job.Waiting, Called: start, Failure: busy, Service: &zomro.Service{PowerState: "rebooting"}}
	got := show(t, serverflow.RenderJob(r))
	for _, part := range []string{"send the request as soon as", "State: rebooting", "Stop waiting"} {
		if !strings.Contains(got, part) {
			t.Errorf("it does not say %q:\n%s", part, got)
		}
	}
	if strings.Contains(got, "Busy.") || strings.Contains(got, "being done") {
		t.Errorf("it says twice what it waits for:\n%s", got)
	}
	stop := buttons(serverflow.RenderJob(r))[0].Data
	if k := inTeam(t).press(stop); k.count(func(e conversation.Effect) bool {
		stop, ok := e.(serverflow.StopWaiting)
		return ok && stop.Press != ""
	}) != 1 || k.count(is[conversation.Answer]) != 0 {
		t.Errorf("%s does not end it: %s", stop, describe(t, k.effects))
	}
	r.Owner.User++
	if k := inTeam(t).press(buttons(serverflow.RenderJob(r))[0].Data); k.count(is[serverflow.StopWaiting]) != 0 {
		t.Error("somebody else ends it")
	}
	r.Order.Op = job.Reboot
	if got := show(t, serverflow.RenderJob(r)); !strings.Contains(got, "I'll tell you when it's over") {
		t.Errorf("it was refused, and would be sent twice:\n%s", got)
	}
	r.Stage = job.Refused
	for _, test := range []struct {
		order      job.Order
		power      string
		says, data string
	}{
		{job.Order{Server: "51", Op: job.Reboot}, "active", "That is over now", "s1:51:reboot"},
		{job.Order{Server: "51", Op: job.Reboot}, "rebooting", "right now", "s1:51:reboot"},
		{job.Order{Server: "51", Op: job.Snapshot}, "active", "That is over now", "d1:51:copies"},
		{job.Order{Server: "51", Op: job.DropSchedule}, "active", "That is over now", "d1:51:schedules"},
		{job.Order{Server: "51", Op: job.Renewal}, "active", "That is over now", "d1:51:paying"},
		{job.Order{Op: job.DeleteImage}, "", "right now", "c1:images"},
	} {
		r.Order, r.Service = test.order, nil
		if test.power != "" {
			r.Service = &zomro.Service{PowerState: test.power}
		}
		s := serverflow.RenderJob(r)
		if got := show(t, s); !strings.Contains(got, test.says) || !strings.Contains(got, "Try again") {
			t.Errorf("%s:\n%s", test.order.Op, got)
		}
		if b := buttons(s)[0]; b.Data != test.data {
			t.Errorf("%s is asked again by %s", test.order.Op, b.Data)
		}
	}
	r.Order, r.Service = job.Order{Server: "51", Op: job.Reboot}, &zomro.Service{PowerState: "active"}
	for code, says := range map[string]string{
		job.CodeUnseen: "couldn't see whether it is over", job.CodeDecided: "the server's plan is now Nova",
		conversation.CodeNoAccount: "account is not connected. To connect it",
	} {
		r.Failure = &job.Failure{Code: code, Object: map[string]string{job.CodeDecided: "Nova"}[code]}
		if got := show(t, serverflow.RenderJob(r)); !strings.Contains(got, says) || strings.Contains(got, "right now") {
			t.Errorf("%s:\n%s", code, got)
		}
	}
	r.For = &job.For{Team: "t", Holder: 1, By: "Anna"}
	r.Failure = &job.Failure{Code: conversation.CodeNoAccount}
	if got := show(t, serverflow.RenderJob(r)); !strings.Contains(got, "connected to this team") {
		t.Errorf("a group:\n%s", got)
	}
	b, jobs := batchOf(job.Start, job.Waiting, job.Done)
	if got := show(t, serverflow.RenderBatch(b, jobs)); !strings.Contains(got, "Waiting for another operation on the server: s-1") || !strings.Contains(got, "Stop waiting") {
		t.Errorf("a batch:\n%s", got)
	}
}

// TestSuspendedServerOffersNothingThatIsRefused, stopped or not; and the news of a server that
// runs from something else than its disk has the button that ends it.
func TestSuspendedServerOffersNothingThatIsRefused(t *testing.T) {
	for _, power := range []string{zomro.PowerStopped, zomro.PowerRescued, zomro.PowerError} {
		s := zomro.Service{ID: "51", Status: zomro.StatusSuspended, Code: "3_abusesuspend", PowerState: power}
		if got := job.Possible(s); !slices.Equal(got, []job.Op{job.Rename, job.Delete}) {
			t.Errorf("%s: got %v", power, got)
		}
	}
	for op, out := range map[job.Op]job.Op{job.Rescue: job.Unrescue, job.BootISO: job.EjectISO} {
		rows := serverflow.RenderJob(job.Record{Order: job.Order{Op: op, Server: "51", Name: "web-1"}, Stage: job.Done}).Rows
		if rows[0][0].Data != conversation.KindServer+":51:"+string(out) {
			t.Errorf("%s: got %v", op, rows)
		}
	}
	failed := job.Record{Order: job.Order{Op: job.Rescue, Server: "51", Name: "web-1"}, Stage: job.Refused, Failure: &job.Failure{Kind: zomro.Refused}}
	if lines := serverflow.RenderJob(failed).Lines; !slices.ContainsFunc(lines, func(l chat.Phrase) bool { return l.Key == "action.password_void" }) {
		t.Errorf("the password of a refused rescue is not said to be void: %v", lines)
	}
}

// TestServerInAnErrorSaysWhatToDo, and what is not known of it.
func TestServerInAnErrorSaysWhatToDo(t *testing.T) {
	k := loggedIn(t)
	k.servers = []zomro.Service{{ID: "51", Name: "web-1", Status: zomro.StatusActive, Code: "2", PowerState: zomro.PowerError}}
	k.press("s1:51").sees("State: error", "doesn't say what went wrong", "costs money until it is deleted", "contact its support")
}

// TestNameThatCannotBeTyped is not said to be that of several servers.
func TestNameThatCannotBeTyped(t *testing.T) {
	k := loggedIn(t)
	k.servers = []zomro.Service{{ID: "51", Name: strings.Repeat("a", 120), Status: zomro.StatusActive, Code: "2", PowerState: zomro.PowerActive}}
	k.press("s1:51").tap("More").tap("Delete").sees("too long to type", "51").seesNot("Several servers")
}
