package conversation_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"zomrobot/conversation"
	accountflow "zomrobot/conversation/account"
	"zomrobot/locales"
)

// changes are nights in which clocks are changed somewhere, and one in which none are.
var changes = []time.Time{
	start,
	time.Date(2026, 3, 8, 0, 0, 0, 0, time.UTC),   // on, in America
	time.Date(2026, 3, 29, 0, 0, 0, 0, time.UTC),  // on, in Europe
	time.Date(2026, 10, 4, 0, 0, 0, 0, time.UTC),  // on, in Australia
	time.Date(2026, 10, 25, 0, 0, 0, 0, time.UTC), // back, in Europe
	time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC),  // back, in America
}

// beside checks which question is asked beside the draft.
func (k *talk) beside(p conversation.Place) *talk {
	k.t.Helper()
	if got := whereIs(k.d); got != string(p) {
		k.t.Fatalf("at %s, not at %s", got, p)
	}
	return k
}

// area is the rules of a zone.
func area(t failer, name string) *time.Location {
	t.Helper()
	zone, known := conversation.Area(name)
	if !known {
		t.Fatalf("there is no zone %q", name)
	}
	return zone
}

// choose has a person choose any zone, by its name or by what time it is, and returns it.
func choose(t *rapid.T, k *talk) *time.Location {
	k.command("/reminders").tap("🌍")
	if rapid.Bool().Draw(t, "by name") {
		a := rapid.SampledFrom(conversation.Areas).Draw(t, "area")
		k.say(rapid.SampledFrom([]string{a.Name, a.En, a.Ru}).Draw(t, "called")).beside(accountflow.PlaceReminders).sees("(" + a.En + ")")
		return area(t, a.Name)
	}
	hours := rapid.IntRange(-11, 12).Draw(t, "hours")
	zone := time.FixedZone("", hours*60*60)
	k.tap(conversation.Clock(k.now.In(zone)))
	if k.d.Aside.Place != accountflow.PlaceReminderCity {
		return zone
	}
	if hours != 0 && rapid.Bool().Draw(t, "elsewhere") {
		k.tap("all year")
		return zone
	}
	k.press("w1:" + conversation.NoCard + ":" + fmt.Sprint(k.d.Rev) + ":pick." + fmt.Sprint(conversation.AreasAt(k.now, zone)[0]))
	return area(t, k.d.Reminders.Area)
}

// TestZoneByTime: a time leads to the places that have it now, and to a distance from UTC
// for those that are not listed.
func TestZoneByTime(t *testing.T) {
	winter := time.Date(2026, 11, 23, 12, 7, 0, 0, time.UTC)
	summer := time.Date(2026, 7, 23, 12, 7, 0, 0, time.UTC)
	for _, c := range []struct {
		now    time.Time
		text   string
		places string // "": none is listed
		zone   string // elsewhere; "": there is a row for it
	}{
		{winter, "12:07", "London Lisbon UTC", ""},
		{winter, "12:00", "London", ""},
		{winter, "12:14", "London", ""},
		{summer, "13:07", "London Lisbon", "UTC+01:00"},
		{winter, "13:07", "Berlin Warsaw", "UTC+01:00"},
		{summer, "14:07", "Berlin Warsaw", "UTC+02:00"},
		{winter, "15:05", "Moscow Minsk Istanbul", "UTC+03:00"},
		{summer, "15:05", "Moscow Kyiv", "UTC+03:00"},
		{winter, "17:40", "Kolkata", "UTC+05:30"},
		{winter, "17.52", "Kathmandu", "UTC+05:45"},
		{winter, "7:10", "New York Toronto", "UTC-05:00"},
		{winter, "1:07", "Auckland", "UTC-11:00"}, // it is the same time there, a day later
		{winter, "0:52", "", "UTC+12:45"},
		{winter, "8:37", "", "UTC-03:30"},
	} {
		k := withTwo(t)
		k.now = c.now
		k.command("/reminders").tap("🌍").say(c.text)
		if c.places != "" && c.zone != "" {
			k.beside(accountflow.PlaceReminderCity).sees("Which of these").tap("Elsewhere: " + c.zone + " all year")
		}
		if c.zone != "" {
			k.beside(accountflow.PlaceReminders).sees("("+c.zone+")", "doesn't follow daylight saving")
		}
		for place := range strings.FieldsSeq(strings.ReplaceAll(c.places, "New York", "New_York")) {
			k.command("/reminders").tap("🌍").say(c.text)
			for range 3 { // pages
				if !strings.Contains(show(t, k.card()), strings.ReplaceAll(place, "_", " ")+" · ") {
					k.tap("›")
				}
			}
			k.tap(strings.ReplaceAll(place, "_", " ")+" · ").sees("("+strings.ReplaceAll(place, "_", " ")+")").seesNot("daylight", "guessed")
		}
	}
}

// TestZoneByName: in either language, by city or country, as the database has it or not.
func TestZoneByName(t *testing.T) {
	for text, want := range map[string]string{
		"Berlin": "Europe/Berlin", "берлин": "Europe/Berlin", "Europe/Berlin": "Europe/Berlin", " BERLIN ": "Europe/Berlin", "Мюнхен": "Europe/Berlin", "germany": "Europe/Berlin",
		"Киев": "Europe/Kyiv", "Київ": "Europe/Kyiv", "Kiev": "Europe/Kyiv", "Europe/Kyiv": "Europe/Kyiv", "Кишинев": "Europe/Chisinau", "Рим": "Europe/Rome",
		"Москва": "Europe/Moscow", "Питер": "Europe/Moscow", "казань": "Europe/Moscow", "Хабаровск": "Asia/Vladivostok", "нью-йорк": "America/New_York", "new york": "America/New_York",
		"UTC": "UTC", "Europe/Oslo": "Europe/Oslo",
	} {
		k := withTwo(t)
		k.command("/reminders").tap("🌍").say(text).beside(accountflow.PlaceReminders)
		if got := k.d.Reminders.Area; got != want {
			t.Errorf("%q is taken for %q, want %q", text, got, want)
		}
	}
	for _, text := range []string{"Atlantis", "Mars/Base", "../etc/passwd", "/etc/localtime", "Local", "25:10", "\u200b"} {
		k := withTwo(t)
		k.command("/reminders").tap("🌍").say(text).beside(accountflow.PlaceReminderZone).sees("I don't know this place")
		if k.d.Reminders.Zone != nil {
			t.Errorf("%q is a zone", text)
		}
	}
	k := withTwo(t)
	k.command("/reminders").tap("🌍").say("Россия").beside(accountflow.PlaceReminderCity).sees("Moscow · 18:00", "1/2").tap("›").sees("Kamchatka · 03:00")
	k.tap("Back").beside(accountflow.PlaceReminderZone).say("США").say("Чикаго").beside(accountflow.PlaceReminders).sees("(Chicago)")
	k.tap("🌍").say("9:00").beside(accountflow.PlaceReminderCity).sees("✓ Chicago · 09:00", "Mexico City · 09:00").say("Tokyo").sees("(Tokyo)")
}

// TestZonesAreThere: each that is offered has rules and a place in each language, is found
// by it, and is offered once; where people are taken to be is one of them.
func TestZonesAreThere(t *testing.T) {
	seen := map[string]bool{}
	for i, a := range conversation.Areas {
		area(t, a.Name)
		for _, called := range []string{a.Name, a.In("en"), a.In("ru")} {
			if found := conversation.AreasNamed(called); called == "" || len(found) != 1 || found[0] != i {
				t.Errorf("%s is called %q, which finds %v", a.Name, called, found)
			}
		}
		if seen[a.Name] {
			t.Errorf("%s is there twice", a.Name)
		}
		seen[a.Name] = true
	}
	for _, lang := range locales.Languages() {
		if !seen[locales.Home(lang)] {
			t.Errorf("who speaks %s is taken to be in %q", lang, locales.Home(lang))
		}
	}
}

// TestRemindersFollowSummerTime: through a year, in any zone, there is one look a day, at
// the hour that the person has chosen by their own clock, and it is allowed to remind.
func TestRemindersFollowSummerTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := conversation.Reminders{
			Area: rapid.SampledFrom(conversation.Areas).Draw(t, "area").Name,
			Hour: rapid.IntRange(conversation.FirstHour, conversation.LastHour-1).Draw(t, "hour"),
		}
		zone, user := area(t, r.Area), rapid.Int64Range(1, 1<<40).Draw(t, "user")
		now := rapid.SampledFrom(changes).Draw(t, "season").Add(time.Duration(rapid.IntRange(-3*24*60, 24*60).Draw(t, "start")) * time.Minute)
		var last time.Time
		for range 370 {
			next := r.After(now, "en", user)
			local := next.In(zone)
			if local.Hour() != r.Hour || !next.After(now) || !r.Allow(conversation.MatterUnpaid, next, "en") {
				t.Fatalf("after %s it is looked at %s", now.In(zone), local)
			}
			if !last.IsZero() && local.Format(time.DateOnly) != last.In(zone).AddDate(0, 0, 1).Format(time.DateOnly) {
				t.Fatalf("after %s it is looked at %s", last.In(zone), local)
			}
			r.Said = map[conversation.Matter]time.Time{conversation.MatterUnpaid: next}
			now, last = next, next
		}
	})
}

// TestHoursThatClocksLeaveOutOrRepeat: the plan of the night is the same at every moment
// of it, and who is awake then is not reminded.
func TestHoursThatClocksLeaveOutOrRepeat(t *testing.T) {
	r := conversation.Reminders{Area: "Europe/Berlin"}
	for _, c := range []struct{ from, want time.Time }{
		{time.Date(2026, 3, 28, 23, 0, 0, 0, time.UTC), time.Date(2026, 3, 29, 8, 12, 0, 0, time.UTC)},   // there is no 2:00 to 3:00
		{time.Date(2026, 10, 24, 22, 0, 0, 0, time.UTC), time.Date(2026, 10, 25, 9, 12, 0, 0, time.UTC)}, // it is 2:00 to 3:00 twice
	} {
		for now := c.from; now.Before(c.from.Add(6 * time.Hour)); now = now.Add(10 * time.Minute) {
			if next := r.After(now, "en", 42); !next.Equal(c.want) {
				t.Errorf("at %s the next look is at %s, want %s", now, next, c.want)
			}
			if r.Allow(conversation.MatterUnpaid, now, "en") {
				t.Errorf("somebody is reminded at %s", now)
			}
		}
	}
}

// TestZoneOfAnEarlierStore: who has told how far from UTC they are, to a version that knew
// no names, is reminded by that, is told what it leaves out, and can choose a place.
func TestZoneOfAnEarlierStore(t *testing.T) {
	for place, sees := range map[string]string{"reminders": "(UTC+05:30)", "reminder_zone": "[20:00]"} {
		d, err := machine.Decode([]byte(`{"version":1,"key":{"chat":42,"user":42},"heard":"en","name":"Anna","account":"anna@example.com","wake":"2026-11-23T15:30:00Z","rev":5,`+
			`"aside":{"place":"`+place+`","until":"2026-11-23T15:30:00Z"},`+
			`"accounts":[{"id":"7","nick":"anna@example.com","login":"anna@example.com","renews":true,"default":true}],`+
			`"reminders":{"zone":330,"next":"2026-11-24T04:42:00Z"}}`), nil)
		if err != nil {
			t.Fatal(err)
		}
		k := &talk{t: t, d: d, now: start, auto: true}
		card, _ := machine.Render(d)
		if text := show(t, card); whereIs(d) != place || !strings.Contains(text, sees) {
			t.Errorf("%s shows %s", place, text)
		}
		if at := k.d.Reminders.After(start, "en", 42); !at.Equal(k.d.Reminders.Next) {
			t.Errorf("%s is planned for %s, was %s", place, at, k.d.Reminders.Next)
		}
		if place == "reminder_zone" { // with a button of that version
			k.press("w1:-:5:pick.-5").beside(accountflow.PlaceReminderCity).tap("Elsewhere").sees("(UTC-05:00)", "doesn't follow daylight saving")
		}
		k.command("/reminders").tap("🌍").say("Delhi").sees("(Kolkata)").seesNot("daylight")
		if at := k.d.Reminders.Next; !at.Equal(d.Reminders.Next) {
			t.Errorf("in Delhi it is looked at %s", at)
		}
	}
}

// TestZoneWithoutRules: a machine that does not know a zone goes by how far from UTC it was.
func TestZoneWithoutRules(t *testing.T) {
	east := 150
	r := conversation.Reminders{Area: "Europe/Nowhere", Zone: &east}
	if got := start.In(r.Location("ru")); got.Hour() != 17 || got.Minute() != 30 {
		t.Errorf("it is %s there", got)
	}
	k := withTwo(t)
	if k.command("/reminders").tap("🌍").say("Berlin"); *k.d.Reminders.Zone != 60 {
		t.Errorf("Berlin is kept as %d minutes from UTC", *k.d.Reminders.Zone)
	}
}
