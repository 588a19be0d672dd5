package conversation_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"zomrobot/chat"
	"zomrobot/conversation"
	accountflow "zomrobot/conversation/account"
	"zomrobot/watch"
	"zomrobot/zomro"
)

// Accounts that there is something to say about.
var (
	poor = accountflow.OfAccount{
		ID: "7", Nick: "anna@example.com", Balance: zomro.Balance{Real: euro("0.50")},
		Services: []zomro.Service{{ID: "51", Name: "web-1", Status: zomro.StatusActive, Code: "2", Cost: "0.30 EUR / Day"}},
		Watched:  true,
	}
	debtor = accountflow.OfAccount{
		ID: "8", Nick: "anna@example.com", Balance: zomro.Balance{Real: euro("0.00")},
		Services: []zomro.Service{{
			ID: "52", Name: "db-1", Plan: "Nova", Status: zomro.StatusSuspended, Code: "3_autosuspend", Cost: "5.00 EUR / Month",
			Created: start.AddDate(0, -4, 0), PaidUntil: start.AddDate(0, 0, -2),
		}},
	}
)

// failing is an account of which a server went down.
func failing(servers bool) accountflow.MattersLoaded {
	return accountflow.MattersLoaded{Servers: servers, Accounts: []accountflow.OfAccount{{
		ID: "7", Nick: "anna@example.com", Balance: zomro.Balance{Real: euro("90.00")},
		Services: []zomro.Service{
			{ID: "51", Name: "web-1", Plan: "Nova", Status: zomro.StatusSuspended, Code: "3", PowerState: zomro.PowerStopped},
			{ID: "52", Name: "web-2", Plan: "Nova", Status: zomro.StatusActive, Code: "2", PowerState: zomro.PowerActive},
		},
		News:    []watch.News{{Server: "51", Why: watch.Stopped}},
		Watched: true,
	}}}
}

// thirsty is an account of which servers have used their traffic.
func thirsty() accountflow.MattersLoaded {
	return accountflow.MattersLoaded{Servers: true, Accounts: []accountflow.OfAccount{{
		ID: "7", Nick: "anna@example.com",
		Services: []zomro.Service{
			{ID: "51", Name: "web-1", Status: zomro.StatusActive, Code: "2", UsedTraffic: 1_234e9, PaidTraffic: 1_500e9},
			{ID: "52", Name: "web-2", Status: zomro.StatusActive, Code: "2", UsedTraffic: 1_000e9, PaidTraffic: 1_000e9},
			{ID: "53", Name: "web-3", Status: zomro.StatusActive, Code: "2"},
		},
		Traffic: []watch.Traffic{{Server: "51", Bound: 80}, {Server: "52", Bound: 100}},
	}}}
}

// TestTrafficThatRunsOut is told of by its look, with what is remembered of it.
func TestTrafficThatRunsOut(t *testing.T) {
	k := morning(t)
	if got := k.step(thirsty()).remindedOf(); !slices.Equal(got, []conversation.Matter{conversation.MatterTraffic}) {
		t.Fatalf("told of %v", got)
	}
	for _, part := range []string{"web-1: 1234000000000 B of 1500000000000 B used (82%)", "web-2: all 1000000000000 B are used", "[🖥 web-1]"} {
		if got := k.notified(); !strings.Contains(got, part) || strings.Contains(got, "web-3") {
			t.Errorf("want %q in %s", part, got)
		}
	}
	k.has("what is remembered", func(e conversation.Effect) bool {
		told, ok := e.(accountflow.ServersTold)
		return ok && len(told.Servers) == 0 && reflect.DeepEqual(told.Traffic, thirsty().Accounts[0].Traffic)
	})
	k.press("r1:" + string(conversation.MatterTraffic))
	if k.wait(2 * time.Hour).step(thirsty()); len(k.remindedOf()) > 0 || k.count(is[accountflow.ServersTold]) > 0 {
		t.Error("told of what is not wanted")
	}
}

// isLook is the look of the day, isGlance one at the servers alone.
func isLook(e conversation.Effect) bool {
	load, ok := e.(accountflow.LoadMatters)
	return ok && !load.Servers
}

func isGlance(e conversation.Effect) bool {
	load, ok := e.(accountflow.LoadMatters)
	return ok && load.Servers
}

// remindedOf returns what the last step reminded of.
func (k *talk) remindedOf() []conversation.Matter {
	var found []conversation.Matter
	for _, e := range k.effects {
		sent, ok := e.(conversation.Notify)
		if !ok {
			continue
		}
		for _, b := range buttons(sent.Screen) {
			if matter, ok := strings.CutPrefix(b.Data, "r1:"); ok {
				found = append(found, conversation.Matter(matter))
			}
		}
	}
	return found
}

// morning is a talk at the time at which the bot looks for what there is, with the
// language English and no time zone told.
func morning(t failer) *talk {
	k := withTwo(t)
	k.step(conversation.Tick{})
	k.now = k.d.Reminders.Next
	return k
}

func TestReminders(t *testing.T) {
	k := morning(t)
	if h := k.now.Hour(); h != 10 || !k.d.Wake.Equal(k.now) {
		t.Fatalf("it is looked at %s, and woken at %s", k.now, k.d.Wake)
	}
	k.step(conversation.Tick{}).has("look", isLook)
	if k.step(conversation.Tick{}); k.count(isLook) != 0 {
		t.Error("it is looked twice")
	}
	all := accountflow.MattersLoaded{
		Accounts:    []accountflow.OfAccount{poor, debtor},
		Items:       []accountflow.CartMatter{{Purchase: "A7K-42", Since: start.AddDate(0, 0, -2)}, {Purchase: "B2C-10", Since: start.AddDate(0, 0, -3), Ended: true}},
		GroupDrafts: []time.Time{k.now.Add(-13 * time.Hour), k.now.Add(-time.Hour)},
	}
	want := []conversation.Matter{conversation.MatterUnpaid, conversation.MatterBalance, conversation.MatterCart, conversation.MatterDraft}
	if got := k.step(all).remindedOf(); !slices.Equal(got, want) {
		t.Fatalf("reminded of %v", got)
	}
	if got := k.step(all).remindedOf(); len(got) != 0 {
		t.Errorf("reminded again of %v", got)
	}
	k.press("r1:" + string(conversation.MatterBalance))
	if k.toast() != "toast.reminder_off" {
		t.Error("the press is not answered")
	}
	k.now = k.d.Reminders.Next
	if k.step(conversation.Tick{}); k.count(isLook) != 1 {
		t.Error("it is not looked on the next day")
	}
	want = slices.Delete(want, 1, 2)
	if got := k.step(all).remindedOf(); !slices.Equal(got, want) {
		t.Errorf("on the next day reminded of %v", got)
	}
	for _, m := range append(want, conversation.MatterStopped, conversation.MatterTraffic) {
		k.press("r1:" + string(m))
	}
	k.now = k.d.Reminders.Next
	if k.step(conversation.Tick{}); k.count(isLook) != 0 {
		t.Error("it is looked for somebody who wants no reminders")
	}
	k.command("/reminders").tap("Balance lasts under 3 days")
	k.now = k.d.Reminders.Next
	k.step(conversation.Tick{}).has("look", isLook)
	if got := k.step(all).remindedOf(); !slices.Equal(got, []conversation.Matter{conversation.MatterBalance}) {
		t.Errorf("after it was switched on reminded of %v", got)
	}
}

// TestRemindersOffAndOn: what was switched off and on again is as if it never was, as it is
// read from the store.
func TestRemindersOffAndOn(t *testing.T) {
	var r conversation.Reminders
	r.Turn(conversation.Matters[0], false)
	if r.Off == nil {
		t.Error("it was not switched off")
	}
	if r.Turn(conversation.Matters[0], true); r.Off != nil {
		t.Errorf("nothing is off, and is kept as %v", r.Off)
	}
}

// TestNobodyToRemind: a group and somebody without an account have no reminders;
// one who logs out loses them.
func TestNobodyToRemind(t *testing.T) {
	for name, k := range map[string]*talk{"a group": newTalk(t, group), "a stranger": newTalk(t, private), "a topic": newTalk(t, chat.Key{Chat: private.Chat, Thread: 5, User: private.User})} {
		if name != "a stranger" {
			k.d.Accounts = []conversation.Account{{ID: "7", Default: true}}
		}
		if k.step(conversation.Tick{}); !k.d.Reminders.Next.IsZero() || !k.d.Wake.IsZero() {
			t.Errorf("%s is reminded", name)
		}
	}
	k := morning(t)
	k.d.Know(nil)
	if k.step(conversation.Tick{}); !k.d.Reminders.Next.IsZero() {
		t.Error("somebody who has logged out is reminded")
	}
}

func TestBalanceThatDoesNotLast(t *testing.T) {
	service := func(change func(*zomro.Service)) zomro.Service {
		s := zomro.Service{ID: "51", Name: "web-1", Status: zomro.StatusActive, Code: "2", Cost: "0.30 EUR / Day"}
		change(&s)
		return s
	}
	monthly := func(left int) zomro.Service {
		return service(func(s *zomro.Service) {
			s.Cost = "5.00 EUR / Month"
			if left != 0 {
				s.PaidUntil = start.AddDate(0, 0, left)
			}
		})
	}
	credit := euro("10.00")
	for _, c := range []struct {
		name     string
		balance  string
		credit   *zomro.Money
		reserved []zomro.Money
		services []zomro.Service
		want     string // "": no reminder
	}{
		{"three days by the day", "0.90", nil, nil, []zomro.Service{service(func(*zomro.Service) {})}, ""},
		{"less", "0.89", nil, nil, []zomro.Service{service(func(*zomro.Service) {})}, "at least 0.90 EUR"},
		{"with credit", "0.89", &credit, nil, []zomro.Service{service(func(*zomro.Service) {})}, ""},
		{"what purchases take", "5.89", nil, []zomro.Money{euro("5.00")}, []zomro.Service{service(func(*zomro.Service) {})}, "Reserved by open purchases: 5.00 EUR"},
		{"nothing to pay for", "0.00", nil, nil, nil, ""},
		{"nothing to pay for yet", "0.00", nil, nil, []zomro.Service{monthly(20)}, ""},
		{"a period that ends", "4.99", nil, nil, []zomro.Service{monthly(2)}, "web-1 is paid until"},
		{"a period that is paid for", "5.00", nil, nil, []zomro.Service{monthly(2)}, ""},
		{"an end that is not told", "0.48", nil, nil, []zomro.Service{monthly(0)}, "at least 0.49 EUR"},
		{"an end of three months that is not told", "0.48", nil, nil, []zomro.Service{service(func(s *zomro.Service) { s.Cost = "15.00 EUR / Three months" })}, "at least 0.49 EUR"},
		{"another currency", "0.00", nil, nil, []zomro.Service{service(func(s *zomro.Service) { s.Cost = "1.00 USD / Day" })}, ""},
		{"a price that cannot be read", "0.00", nil, nil, []zomro.Service{service(func(s *zomro.Service) { s.Cost = "cheap" })}, ""},
		{"what can be read", "0.00", nil, nil, []zomro.Service{service(func(s *zomro.Service) { s.Cost = "cheap" }), monthly(1)}, "at least 5.00 EUR"},
		{"deleted", "0.00", nil, nil, []zomro.Service{service(func(s *zomro.Service) { s.Status, s.Code = zomro.StatusDeleted, "4" })}, ""},
		{"being deleted", "0.00", nil, nil, []zomro.Service{service(func(s *zomro.Service) { s.Status, s.Code = zomro.StatusBusy, "5_close" })}, ""},
		{"stopped costs all the same", "0.00", nil, nil, []zomro.Service{service(func(s *zomro.Service) { s.Status, s.Code = zomro.StatusSuspended, "3" })}, "at least 0.90 EUR"},
	} {
		t.Run(c.name, func(t *testing.T) {
			k := withTwo(t)
			k.now = start
			k.step(accountflow.MattersLoaded{Accounts: []accountflow.OfAccount{{
				ID: "7", Nick: "anna@example.com", Balance: zomro.Balance{Real: euro(c.balance), Credit: c.credit}, Reserved: c.reserved, Services: c.services,
			}}})
			switch got := k.remindedOf(); {
			case c.want == "" && len(got) > 0:
				t.Errorf("reminded of %v: %s", got, k.notified())
			case c.want != "" && !strings.Contains(k.notified(), c.want):
				t.Errorf("want %q in %s", c.want, k.notified())
			}
		})
	}
}

// TestServersAreLookedAt: from the look of a day that finds servers on, they are looked at
// each half hour of the person's day, and no more once none is remembered: a list that comes
// empty by mistake ends nothing.
func TestServersAreLookedAt(t *testing.T) {
	k := morning(t)
	if !k.d.Reminders.Watch.IsZero() {
		t.Fatal("the servers of somebody who has none are looked at")
	}
	k.step(conversation.Tick{}).has("look", isLook)
	k.step(accountflow.MattersLoaded{Accounts: []accountflow.OfAccount{poor}})
	glances, looks := 0, 0
	for range 24 * 60 {
		k.wait(time.Minute).step(conversation.Tick{})
		glances += k.count(isGlance)
		looks += k.count(isLook)
	}
	if glances != 23 || looks != 1 {
		t.Errorf("in a day the servers were looked at %d times, and all of it %d times", glances, looks)
	}
	k.step(accountflow.MattersLoaded{Servers: true, Unread: true})
	if k.d.Reminders.Watch.IsZero() {
		t.Error("servers that could not be read are not looked at any more")
	}
	k.step(accountflow.MattersLoaded{Servers: true, Accounts: []accountflow.OfAccount{{ID: "7", Watched: true}}})
	if k.d.Reminders.Watch.IsZero() {
		t.Error("servers that one list does not have are not looked at any more")
	}
	k.step(accountflow.MattersLoaded{Servers: true, Accounts: []accountflow.OfAccount{{ID: "7"}}})
	if !k.d.Reminders.Watch.IsZero() {
		t.Error("it is looked for servers of which none is remembered")
	}
}

// TestWatchBegins within half an hour of a login, and of a server that was bought; by night,
// in the morning.
func TestWatchBegins(t *testing.T) {
	for name, event := range map[string]chat.Event{
		"login":    accountflow.LoginChecked{Attempt: 1, ID: "7", Account: "anna@example.com"},
		"purchase": accountflow.ServerBought{},
	} {
		for hour := range 24 {
			k := morning(t)
			k.now = k.now.Add(time.Duration(hour)*time.Hour + 7*time.Minute)
			looks := k.now.Add(conversation.Between)
			if h := k.now.Hour(); h < conversation.FirstHour || h >= conversation.LastHour-1 {
				looks = k.now.Add(13 * time.Hour)
			}
			at := k.step(event).d.Reminders.Watch
			if at.IsZero() || at.After(looks) || !k.d.Reminders.Awake(at, "en") {
				t.Errorf("%s at %s: it is looked at %s", name, k.now, at)
			}
			if k.step(event); !k.d.Reminders.Watch.Equal(at) {
				t.Errorf("%s, another time: it is looked at %s instead of %s", name, k.d.Reminders.Watch, at)
			}
		}
	}
}

// TestLateLooksAreSpread: after a stop the looks of the day of all people are late. They are
// made in the next ten minutes, each person's at a second of their own, and once.
func TestLateLooksAreSpread(t *testing.T) {
	const people = 600
	looks := map[time.Duration]int{}
	for user := range int64(people) {
		k := newTalk(t, chat.Key{Chat: 1000 + user, User: 1000 + user})
		k.quick = true
		k.d.Know([]conversation.Account{{ID: "7", Nick: "anna@example.com", Default: true}})
		k.step(conversation.Tick{})
		k.now = k.d.Reminders.Next
		k.wait(2 * time.Hour)
		late := k.now
		for k.step(conversation.Tick{}); k.count(isLook) == 0 && k.now.Sub(late) < time.Hour; k.step(conversation.Tick{}) {
			k.now = k.d.Wake
		}
		looks[k.now.Sub(late)]++
	}
	for after, n := range looks {
		if after <= 0 || after > 10*time.Minute || n > 2 {
			t.Errorf("after %s %d people are looked after at once", after, n)
		}
	}
}

// TestLateLookIsStillToday: what is late in the last minutes of the day is not put off into the night.
func TestLateLookIsStillToday(t *testing.T) {
	k := morning(t)
	k.now = k.now.Add(10*time.Hour + 47*time.Minute + 30*time.Second) // 20:59:30
	k.step(conversation.Tick{}).has("look", isLook)
}

// TestWatchOfWhatIsWantedAgain begins at once, not with the look of the next day.
func TestWatchOfWhatIsWantedAgain(t *testing.T) {
	k := morning(t)
	k.step(conversation.Tick{}).step(failing(false))
	for _, m := range conversation.OfServers {
		k.press("r1:" + string(m))
	}
	for !k.d.Reminders.Watch.IsZero() {
		k.now = k.d.Reminders.Watch
		k.step(conversation.Tick{})
	}
	k.command("/reminders").tap("A server went down")
	if at := k.d.Reminders.Watch; at.IsZero() || at.Sub(k.now) > conversation.Between {
		t.Errorf("it is %s, and the servers are looked at %s", k.now, at)
	}
}

// TestWatchFollowsTheZone: whose day begins elsewhere is watched by that day at once.
func TestWatchFollowsTheZone(t *testing.T) {
	k := morning(t)
	k.step(conversation.Tick{}).step(failing(false))
	for k.now.Hour() < 22 { // the night in UTC, the afternoon in New York
		k.wait(30 * time.Minute).step(conversation.Tick{})
	}
	night := k.d.Reminders.Watch
	k.command("/reminders").tap("UTC").say("America/New_York")
	if at := k.d.Reminders.Watch; at.Sub(k.now) > conversation.Between || night.Sub(k.now) < 10*time.Hour {
		t.Errorf("it is %s, and the servers are looked at %s, before %s", k.now, at, night)
	}
}

// TestRemindersAfterAClockSetBack: what was planned and noted by a clock that was a year ahead
// holds nothing off once the person is heard of.
func TestRemindersAfterAClockSetBack(t *testing.T) {
	k := morning(t)
	k.now = k.now.AddDate(1, 0, 0)
	k.step(conversation.Tick{})
	for k.count(isLook) == 0 {
		k.now = k.d.Wake
		k.step(conversation.Tick{})
	}
	k.step(failing(false))
	k.now = start
	k.command("/servers")
	for range 24 * 60 {
		if k.wait(time.Minute).step(conversation.Tick{}); k.count(isLook) > 0 {
			if got := k.step(failing(false)).remindedOf(); len(got) == 0 {
				t.Error("not told of a server that is down")
			}
			return
		}
	}
	t.Errorf("nothing is looked at before %s", k.d.Wake)
}

// TestAccountThatIsForgottenMeanwhile: nothing is told of an account that was forgotten while
// it was looked at.
func TestAccountThatIsForgottenMeanwhile(t *testing.T) {
	k := morning(t)
	k.step(conversation.Tick{}).step(accountflow.LoggedOut{Account: "7"})
	k.d.Know([]conversation.Account{{ID: "8", Nick: "work", Default: true}})
	if got := k.step(failing(false)).remindedOf(); len(got) > 0 || k.count(is[accountflow.ServersTold]) > 0 {
		t.Errorf("told of %v", got)
	}
}

// TestServersOfOneWhoDoesNotWant: nobody looks at the servers of a person who wants to hear
// nothing of them.
func TestServersOfOneWhoDoesNotWant(t *testing.T) {
	k := morning(t)
	k.step(conversation.Tick{}).step(failing(false))
	for _, m := range conversation.OfServers {
		k.press("r1:" + string(m))
	}
	for range 24 * 60 {
		if k.wait(time.Minute).step(conversation.Tick{}); k.count(isGlance) > 0 {
			t.Fatal("they are looked at")
		}
	}
}

// TestSecondLookIsSoon, and no third one follows it. What is late is not made up for.
func TestSecondLookIsSoon(t *testing.T) {
	k := morning(t)
	k.step(conversation.Tick{})
	doubt := failing(true)
	doubt.Accounts[0].News, doubt.Accounts[0].Doubt = nil, true
	k.step(doubt)
	if in := k.d.Reminders.Watch.Sub(k.now); in != conversation.Again {
		t.Fatalf("the second look is in %s", in)
	}
	k.wait(conversation.Again).step(conversation.Tick{}).has("second look", func(e conversation.Effect) bool {
		return e == conversation.Effect(accountflow.LoadMatters{Servers: true, Second: true})
	})
	doubt.Second = true
	if k.step(doubt); k.d.Reminders.Watch.Sub(k.now) < conversation.Between/2 {
		t.Error("a third look follows")
	}
	if k.wait(k.d.Reminders.Watch.Add(20 * time.Minute).Sub(k.now)).step(conversation.Tick{}); k.count(isGlance) > 0 {
		t.Error("a look that is late is made up for")
	}
	if !k.d.Reminders.Watch.After(k.now) {
		t.Error("no look is due any more")
	}
}

// TestMissingServersAreNoted by every look, whatever the person wants to be reminded of, and
// without a message; not those of an account that was forgotten meanwhile.
func TestMissingServersAreNoted(t *testing.T) {
	k := morning(t)
	note := accountflow.NoteMissing{Account: "7", Missing: []watch.Missing{{Server: "51", Since: start}}, Back: []string{"52"}}
	for _, servers := range []bool{true, false} {
		e := accountflow.MattersLoaded{Servers: servers, Accounts: []accountflow.OfAccount{
			{ID: "7", Missing: note.Missing}, {ID: "7", Back: note.Back}, {ID: "7"}, {ID: "9", Missing: note.Missing},
		}}
		k.press("r1:" + string(conversation.MatterStopped)).step(e)
		var noted []conversation.Effect
		for _, e := range k.effects {
			if is[accountflow.NoteMissing](e) {
				noted = append(noted, e)
			}
		}
		want := []conversation.Effect{accountflow.NoteMissing{Account: "7", Missing: note.Missing}, accountflow.NoteMissing{Account: "7", Back: note.Back}}
		if got := k.remindedOf(); !reflect.DeepEqual(noted, want) || len(got) > 0 {
			t.Errorf("%v is noted, and told of %v", noted, got)
		}
	}
}

// TestServerThatWentDown is told of by its look and at most once an hour, with what is
// remembered of it, and leads to what can be done.
func TestServerThatWentDown(t *testing.T) {
	k := morning(t)
	if got := k.step(failing(true)).remindedOf(); !slices.Equal(got, []conversation.Matter{conversation.MatterStopped}) {
		t.Fatalf("told of %v", got)
	}
	k.has("what is remembered", func(e conversation.Effect) bool {
		told, ok := e.(accountflow.ServersTold)
		return ok && told.Account == "7" && slices.Equal(told.Servers, []string{"51"})
	})
	if got := k.notified(); !strings.Contains(got, "web-1") || strings.Contains(got, "web-2") {
		t.Errorf("told %s", got)
	}
	if k.wait(59 * time.Minute).step(failing(true)); len(k.remindedOf()) > 0 || k.count(is[accountflow.ServersTold]) > 0 {
		t.Error("told again within an hour")
	}
	if k.wait(time.Minute).step(failing(true)); len(k.remindedOf()) != 1 {
		t.Error("another one an hour later is not told of")
	}
	many := failing(true)
	a := &many.Accounts[0]
	a.Services, a.News = nil, nil
	for i := range 7 {
		id := string(rune('1' + i))
		a.Services = append(a.Services, zomro.Service{ID: id, Name: "web-" + id, Status: zomro.StatusActive, Code: "2", PowerState: zomro.PowerError})
		a.News = append(a.News, watch.News{Server: id, Why: watch.Broken})
	}
	k.wait(time.Hour).step(many)
	if got := k.notified(); !strings.Contains(got, "7 servers") || strings.Contains(got, "[🖥 web-6]") || !strings.Contains(got, "My servers") {
		t.Errorf("told %s", got)
	}
	for range 24 {
		if k.wait(30 * time.Minute); k.now.Hour() >= 21 || k.now.Hour() < 9 {
			if k.step(failing(true)); len(k.remindedOf()) > 0 {
				t.Fatalf("told at %s", k.now)
			}
		}
	}
}

// TestRemindersAreRare does anything in any order, at any hour: nobody is
// reminded of a matter twice a day, at night, or of what they have switched off,
// the bot looks at most once a day, and at the servers at most twice in half an hour of the
// person's day: so five times in any hour, where a second look came late.
func TestRemindersAreRare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := withTwo(t)
		k.quick = true
		k.now = rapid.SampledFrom(changes).Draw(t, "season").Add(time.Duration(rapid.IntRange(-3*24*60, 24*60).Draw(t, "start")) * time.Minute)
		said := map[conversation.Matter]time.Time{}
		var looked time.Time
		var glanced []time.Time
		var asked *accountflow.LoadMatters // the last look at the servers, if nothing has come of it
		off := map[conversation.Matter]bool{}
		all := []conversation.Matter{conversation.MatterUnpaid, conversation.MatterBalance, conversation.MatterCart, conversation.MatterDraft, conversation.MatterStopped, conversation.MatterTraffic}
		zone := time.UTC // of the person
		for range rapid.IntRange(1, 60).Draw(t, "events") {
			switch rapid.SampledFrom([]string{"time", "time", "time", "half an hour", "half an hour", "found", "found", "down", "doubt", "off", "on", "zone", "hour"}).Draw(t, "event") {
			case "time":
				k.wait(time.Duration(rapid.IntRange(1, 26*60).Draw(t, "minutes")) * time.Minute).step(conversation.Tick{})
			case "half an hour":
				k.wait(max(time.Minute, k.d.Wake.Sub(k.now))).step(conversation.Tick{})
			case "down":
				k.step(failing(rapid.Bool().Draw(t, "servers"))).step(thirsty())
			case "doubt":
				if asked != nil {
					found := failing(true)
					found.Accounts[0].Doubt, found.Second = true, asked.Second
					k.step(found)
					asked = nil
				} else {
					k.step(conversation.Tick{})
				}
			case "found":
				k.step(accountflow.MattersLoaded{
					Accounts:    []accountflow.OfAccount{poor, debtor},
					Items:       []accountflow.CartMatter{{Purchase: "A7K-42"}},
					GroupDrafts: []time.Time{{}},
				})
			case "off":
				m := rapid.SampledFrom(all).Draw(t, "matter")
				off[m] = true
				k.press("r1:" + string(m))
			case "on":
				i := rapid.IntRange(0, len(all)-1).Draw(t, "matter")
				k.command("/reminders")
				if off[all[i]] {
					k.tap([]string{"about to be deleted", "under 3 days", "in the cart", "Unfinished", "went down", "Traffic"}[i])
				}
				off[all[i]] = false
			case "zone":
				zone = choose(t, k)
			case "hour":
				k.command("/reminders").tap("🕙").tap(rapid.SampledFrom([]string{"9:00", "15:00", "20:00"}).Draw(t, "hour"))
			}
			if k.count(isLook) > 0 {
				if n := k.count(isLook); n > 1 || k.now.Sub(looked) < 20*time.Hour {
					t.Fatalf("it is looked %d times, %s after the last", n, k.now.Sub(looked))
				}
				looked = k.now
			}
			if n := k.count(isGlance); n > 0 {
				hour := k.now.In(zone).Hour()
				load := k.effects[slices.IndexFunc(k.effects, isGlance)].(accountflow.LoadMatters)
				asked = &load
				if glanced = append(glanced, k.now); n > 1 || hour < 9 || hour >= 21 {
					t.Fatalf("the servers are looked at %d times at %s", n, k.now.In(zone))
				}
				if i := len(glanced) - 6; i >= 0 && k.now.Sub(glanced[i]) < time.Hour {
					t.Fatalf("the servers are looked at %v", glanced)
				}
			}
			for _, m := range k.remindedOf() {
				local := k.now.In(zone)
				apart := 20 * time.Hour
				if m == conversation.MatterStopped || m == conversation.MatterTraffic {
					apart = time.Hour
				}
				switch {
				case k.now.Sub(said[m]) < apart:
					t.Fatalf("reminded of %s at %s and at %s", m, said[m], k.now)
				case local.Hour() < 9 || local.Hour() >= 21:
					t.Fatalf("reminded of %s at %s", m, local)
				case off[m]:
					t.Fatalf("reminded of %s, which is not wanted", m)
				}
				said[m] = k.now
			}
			if next := k.d.Reminders.Next; !next.After(k.now) || next.Sub(k.now) > 25*time.Hour {
				t.Fatalf("at %s the next look is at %s", k.now, next)
			}
		}
	})
}

// TestRussianIsMoscow: who speaks Russian is taken to be in Moscow.
func TestRussianIsMoscow(t *testing.T) {
	k := withTwo(t).press("g1:ru")
	if h := k.d.Reminders.Next.Hour(); h != 7 {
		t.Errorf("it is looked at %s", k.d.Reminders.Next)
	}
}

func TestDraftReminder(t *testing.T) {
	k := toReview(withTwo(t))
	k.now = k.now.Add(5 * time.Hour)
	if got := k.step(accountflow.MattersLoaded{}).remindedOf(); len(got) > 0 {
		t.Fatalf("reminded of %v after five hours", got)
	}
	k.d.Reminders = conversation.Reminders{}
	k.d.Lang = "ru"
	k.now = time.Date(k.now.Year(), k.now.Month(), k.now.Day()+1, 9, 0, 0, 0, time.UTC)
	k.step(accountflow.MattersLoaded{})
	if got := k.notified(); !strings.Contains(got, "+03:00") || !strings.Contains(got, "Blitz") {
		t.Errorf("the reminder says %s", got)
	}
}
