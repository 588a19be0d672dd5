package account

import (
	"fmt"
	"slices"
	"time"

	"zomrobot/chat"
	"zomrobot/conversation"
)

// reminders shows what the person is reminded of, and when.
func reminders(t *conversation.Turn) {
	if !t.Dialogue.Key.Private() {
		t.Hint(chat.Say("reminders.private"))
		return
	}
	t.Ask(PlaceReminders, nil)
	t.AsNew = true
}

func askReminders(v *conversation.View) {
	r := v.Dialogue.Reminders
	zone := r.Named(v.Dialogue.Language())
	v.Line(chat.Say("reminders.title"))
	v.Line(chat.Say("reminders.when", "Hour", hourText(r.OfDay()), "Zone", zone))
	v.Line(chat.Say("reminders.servers"))
	switch {
	case r.Zone == nil:
		v.Line(chat.Say("reminders.guessed"))
	case r.Area == "":
		v.Line(chat.Say("reminders.fixed"))
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
		v.Button(chat.Say("button.reminder_zone", "Zone", zone), conversation.VerbZone),
	)
}

func pressReminders(t *conversation.Turn, verb string, n int) bool {
	switch {
	case (verb == conversation.VerbOn || verb == conversation.VerbOff) && n >= 0 && n < len(conversation.Settable):
		m, on := conversation.Settable[n], verb == conversation.VerbOn
		t.Dialogue.Reminders.Turn(m, on)
		if on && slices.Contains(conversation.OfServers, m) {
			beginWatch(t)
		}
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

// matterName is a matter on a button.
func matterName(m conversation.Matter) chat.Phrase {
	switch m {
	case conversation.MatterStopped:
		return chat.Say("button.matter_stopped")
	case conversation.MatterTraffic:
		return chat.Say("button.matter_traffic")
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
