package account

import (
	"fmt"
	"strconv"
	"time"

	"zomrobot/chat"
	"zomrobot/conversation"
)

// reminders shows what the person is reminded of, and when.
func reminders(t *conversation.Turn) {
	if !t.Dialogue.Key.Private() {
		t.Tell(chat.Say("reminders.private"))
		return
	}
	t.Ask(PlaceReminders, nil)
	t.AsNew = true
}

func askReminders(v *conversation.View) {
	r, lang := v.Dialogue.Reminders, v.Dialogue.Language()
	v.Line(chat.Say("reminders.title"))
	v.Line(chat.Say("reminders.when", "Hour", hourText(r.OfDay()), "Zone", zoneName(r.Location(lang))))
	if r.Zone == nil {
		v.Line(chat.Say("reminders.guessed"))
	}
	if len(v.Dialogue.Accounts) == 0 {
		v.Line(chat.Say("reminders.no_account"))
		v.Row(conversation.CommandButton("login"))
	}
	for i, m := range conversation.Settable {
		switch {
		case m == conversation.MatterApproval && r.Wants(m):
			// Few are asked to approve anything; what asks them has the button that ends it.
		case !r.Wants(m):
			v.Row(v.Button(chat.Say("button.matter_off", "What", matterName(m)), conversation.VerbOn, i))
		default:
			v.Row(v.Button(chat.Say("button.matter_on", "What", matterName(m)), conversation.VerbOff, i))
		}
	}
	v.Row(
		v.Button(chat.Say("button.reminder_hour", "Hour", hourText(r.OfDay())), conversation.VerbHour),
		v.Button(chat.Say("button.reminder_zone", "Zone", zoneName(r.Location(lang))), conversation.VerbZone),
	)
}

func pressReminders(t *conversation.Turn, verb string, n int) bool {
	switch {
	case (verb == conversation.VerbOn || verb == conversation.VerbOff) && n >= 0 && n < len(conversation.Settable):
		t.Dialogue.Reminders.Turn(conversation.Settable[n], verb == conversation.VerbOn)
	case verb == conversation.VerbHour:
		t.Dialogue.Aside.Place = PlaceReminderHour
	case verb == conversation.VerbZone:
		t.Dialogue.Aside.Place = PlaceReminderZone
	default:
		return false
	}
	return true
}

func askReminderHour(v *conversation.View) {
	v.Line(chat.Say("ask.reminder_hour"))
	var buttons []chat.Button
	for hour := conversation.FirstHour; hour < conversation.LastHour; hour++ {
		buttons = append(buttons, v.Option(conversation.Plain(hourText(hour)), hour == v.Dialogue.Reminders.OfDay(), conversation.VerbPick, hour))
	}
	v.Grid(4, buttons)
}

func pressReminderHour(t *conversation.Turn, verb string, n int) bool {
	if verb != conversation.VerbPick || n < conversation.FirstHour || n >= conversation.LastHour {
		return false
	}
	t.Dialogue.Reminders.Hour = n
	t.Dialogue.Reminders.Next = time.Time{} // planned again
	t.Dialogue.Aside.Place = PlaceReminders
	return true
}

// The time zones that are offered, in hours east of UTC: one for each time that
// a clock can show now.
const (
	westernmost = -11
	easternmost = 12
)

// askReminderZone offers the times that it can be now: people know what time it is
// where they are.
func askReminderZone(v *conversation.View) {
	v.Line(chat.Say("ask.reminder_zone"))
	asked := v.Dialogue.Aside.Until.Add(-conversation.AsideLives)
	chosen := v.Dialogue.Reminders.Location(v.Dialogue.Language())
	var buttons []chat.Button
	for east := westernmost; east <= easternmost; east++ {
		zone := conversation.ZoneOf(east * 60)
		buttons = append(buttons, v.Option(conversation.Plain(asked.In(zone).Format("15:04")), zoneName(zone) == zoneName(chosen), conversation.VerbPick, east))
	}
	v.Grid(4, buttons)
}

func pressReminderZone(t *conversation.Turn, verb string, n int) bool {
	if verb != conversation.VerbPick || n < westernmost || n > easternmost {
		return false
	}
	setZone(t, n*60)
	return true
}

// textReminderZone takes the time that it is where the person is. Zones lie
// whole quarters of an hour apart.
func textReminderZone(t *conversation.Turn, text string) {
	local, wrong := conversation.CheckTime(text)
	if wrong != nil {
		t.Note(*wrong)
		return
	}
	const quarter, day = 15, 24 * 60
	hour, _ := strconv.Atoi(local[:2])
	minute, _ := strconv.Atoi(local[3:])
	east := hour*60 + minute - t.Now.Hour()*60 - t.Now.Minute()
	east = (east + day + quarter/2) / quarter * quarter % day // rounded, 0 to 23:45
	if east >= day+westernmost*60 {
		east -= day
	}
	setZone(t, east)
}

// setZone takes the person's time zone, in minutes east of UTC.
func setZone(t *conversation.Turn, minutes int) {
	t.Dialogue.Reminders.Zone = &minutes
	t.Dialogue.Reminders.Next = time.Time{} // planned again
	t.Dialogue.Aside.Place = PlaceReminders
}

// matterName is a matter on a button.
func matterName(m conversation.Matter) chat.Phrase {
	switch m {
	case conversation.MatterUnpaid:
		return chat.Say("button.matter_unpaid")
	case conversation.MatterBalance:
		return chat.Say("button.matter_balance")
	case conversation.MatterCart:
		return chat.Say("button.matter_cart")
	case conversation.MatterApproval:
		return chat.Say("button.matter_approval")
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
