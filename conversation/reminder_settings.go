package conversation

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"zomrobot/chat"
)

// reminders shows what the person is reminded of, and when.
func (t *turn) reminders() {
	if !t.d.Key.Private() {
		t.tell(chat.Say("reminders.private"))
		return
	}
	t.aside(PlaceReminders, nil)
	t.anew = true
}

func askReminders(v *view) {
	r, lang := v.d.Reminders, v.d.Language()
	v.line(chat.Say("reminders.title"))
	v.line(chat.Say("reminders.when", "Hour", hourText(r.hour()), "Zone", zoneName(r.location(lang))))
	if r.Zone == nil {
		v.line(chat.Say("reminders.guessed"))
	}
	if len(v.d.Accounts) == 0 {
		v.line(chat.Say("reminders.no_account"))
		v.row(commandButton("login"))
	}
	for i, m := range matters {
		if slices.Contains(r.Off, m) {
			v.row(v.button(chat.Say("button.matter_off", "What", matterName(m)), verbOn, i))
		} else {
			v.row(v.button(chat.Say("button.matter_on", "What", matterName(m)), verbOff, i))
		}
	}
	v.row(
		v.button(chat.Say("button.reminder_hour", "Hour", hourText(r.hour())), verbHour),
		v.button(chat.Say("button.reminder_zone", "Zone", zoneName(r.location(lang))), verbZone),
	)
}

func pressReminders(t *turn, verb string, n int) bool {
	switch {
	case (verb == verbOn || verb == verbOff) && n >= 0 && n < len(matters):
		t.d.Reminders.turn(matters[n], verb == verbOn)
	case verb == verbHour:
		t.d.Aside.Place = PlaceReminderHour
	case verb == verbZone:
		t.d.Aside.Place = PlaceReminderZone
	default:
		return false
	}
	return true
}

func askReminderHour(v *view) {
	v.line(chat.Say("ask.reminder_hour"))
	var buttons []chat.Button
	for hour := firstHour; hour < lastHour; hour++ {
		buttons = append(buttons, v.option(plain(hourText(hour)), hour == v.d.Reminders.hour(), verbPick, hour))
	}
	v.grid(4, buttons)
}

func pressReminderHour(t *turn, verb string, n int) bool {
	if verb != verbPick || n < firstHour || n >= lastHour {
		return false
	}
	t.d.Reminders.Hour = n
	t.d.Reminders.Next = time.Time{} // planned anew
	t.d.Aside.Place = PlaceReminders
	return true
}

// The time zones that are offered, in hours east of UTC: one for each time that
// a clock can show now.
const (
	westernmost = -11
	easternmost = 12
)

// askReminderZone offers the times that it can be now: what it is where they
// are, people know.
func askReminderZone(v *view) {
	v.line(chat.Say("ask.reminder_zone"))
	asked := v.d.Aside.Until.Add(-asideLives)
	chosen := v.d.Reminders.location(v.d.Language())
	var buttons []chat.Button
	for east := westernmost; east <= easternmost; east++ {
		zone := zoneOf(east * 60)
		buttons = append(buttons, v.option(plain(asked.In(zone).Format("15:04")), zoneName(zone) == zoneName(chosen), verbPick, east))
	}
	v.grid(4, buttons)
}

func pressReminderZone(t *turn, verb string, n int) bool {
	if verb != verbPick || n < westernmost || n > easternmost {
		return false
	}
	t.setZone(n * 60)
	return true
}

// textReminderZone takes the time that it is where the person is. Zones lie
// whole quarters of an hour apart.
func textReminderZone(t *turn, text string) {
	local, wrong := checkTime(text)
	if wrong != nil {
		t.note(*wrong)
		return
	}
	const quarter, day = 15, 24 * 60
	hour, _ := strconv.Atoi(local[:2])
	minute, _ := strconv.Atoi(local[3:])
	east := hour*60 + minute - t.now.Hour()*60 - t.now.Minute()
	east = (east + day + quarter/2) / quarter * quarter % day // rounded, 0 to 23:45
	if east >= day+westernmost*60 {
		east -= day
	}
	t.setZone(east)
}

// setZone takes the person's time zone, in minutes east of UTC.
func (t *turn) setZone(minutes int) {
	t.d.Reminders.Zone = &minutes
	t.d.Reminders.Next = time.Time{} // planned anew
	t.d.Aside.Place = PlaceReminders
}

// matterName is a matter on a button.
func matterName(m Matter) chat.Phrase {
	switch m {
	case MatterUnpaid:
		return chat.Say("button.matter_unpaid")
	case MatterBalance:
		return chat.Say("button.matter_balance")
	case MatterCart:
		return chat.Say("button.matter_cart")
	default:
		return chat.Say("button.matter_draft")
	}
}

func hourText(hour int) string { return fmt.Sprintf("%d:00", hour) }

// zoneName is "UTC" or "UTC+03:00".
func zoneName(zone *time.Location) string {
	if zone == time.UTC {
		return "UTC"
	}
	return time.Time{}.In(zone).Format("UTC-07:00")
}
