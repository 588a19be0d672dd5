package account

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"zomrobot/chat"
	"zomrobot/conversation"
)

// Zones is what the list of time zones is made from: those whose clocks show a time, or
// those that a word names.
type Zones struct {
	East   int    `json:"east,omitempty"`   // of UTC, in minutes, where it is that time now
	Search string `json:"search,omitempty"` // "": by East
	Page   int    `json:"page,omitempty"`
}

// Stored names the form of its state in the store.
func (z *Zones) Stored() string { return "zones" }

// Meaning is what the meaning of the card's buttons depends on.
func (z *Zones) Meaning() string { return fmt.Sprint(z.East, z.Search, z.Page) }

// Clone returns a copy.
func (z *Zones) Clone() conversation.State {
	is := *z
	return &is
}

// The times that are offered, in hours east of UTC: each that a clock can show now.
const (
	westernmost = -11
	easternmost = 12
)

// askReminderZone offers the times that it can be now: people know what time it is
// where they are.
func askReminderZone(v *conversation.View) {
	v.Line(chat.Say("ask.reminder_zone"))
	asked := askedAt(v)
	chosen := conversation.Clock(asked.In(v.Dialogue.Reminders.Location(v.Dialogue.Language())))
	var buttons []chat.Button
	for east := westernmost; east <= easternmost; east++ {
		now := conversation.Clock(asked.In(conversation.ZoneOf(east * 60)))
		buttons = append(buttons, v.Option(conversation.Plain(now), now == chosen, conversation.VerbPick, east))
	}
	v.Grid(4, buttons)
}

func pressReminderZone(t *conversation.Turn, verb string, n int) bool {
	if verb != conversation.VerbPick || n < westernmost || n > easternmost {
		return false
	}
	timeIs(t, n*60)
	return true
}

// textReminderZone takes a place, or the time that it is there. Zones lie whole quarters
// of an hour apart.
func textReminderZone(t *conversation.Turn, text string) {
	local, wrong := conversation.CheckTime(text)
	if wrong != nil {
		placeIs(t, text)
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
	timeIs(t, east)
}

// timeIs asks which place it is that has this time, in minutes east of UTC.
func timeIs(t *conversation.Turn, east int) {
	if z := (&Zones{East: east}); len(z.found(t.Now)) > 0 {
		t.Dialogue.Aside.Place, t.Dialogue.Aside.Flow = PlaceReminderCity, z
		return
	}
	setZone(t, "", east)
}

// placeIs takes the time zone that a word names, or asks which of several it is.
func placeIs(t *conversation.Turn, text string) {
	z := &Zones{Search: conversation.Clip(text)}
	switch found := conversation.AreasNamed(z.Search); {
	case z.Search == "": // signs that cannot be seen
		t.Note(chat.Say("wrong.zone"))
	case len(found) == 1:
		setArea(t, conversation.Areas[found[0]].Name)
	case len(found) > 1:
		t.Dialogue.Aside.Place, t.Dialogue.Aside.Flow = PlaceReminderCity, z
	case strings.Contains(text, "/"):
		setArea(t, strings.TrimSpace(text))
	default:
		t.Note(chat.Say("wrong.zone"))
	}
}

// found returns the indices of the areas that fit.
func (z *Zones) found(now time.Time) []int {
	if z.Search != "" {
		return conversation.AreasNamed(z.Search)
	}
	return conversation.AreasAt(now, conversation.ZoneOf(z.East))
}

// elsewhere reports whether only a distance from UTC is offered, too. UTC itself is an area.
func (z *Zones) elsewhere() bool { return z.Search == "" && z.East != 0 }

// askReminderCity asks which of the zones that fit it is.
func askReminderCity(v *conversation.View) {
	z, asked := v.Dialogue.Aside.Flow.(*Zones), askedAt(v)
	found := z.found(asked)
	v.Searched(z.Search, len(found))
	v.Line(chat.Say("ask.reminder_city"))
	from, to := conversation.PageOf(z.Page, len(found))
	for _, i := range found[from:to] {
		a := conversation.Areas[i]
		area, known := conversation.Area(a.Name)
		if !known {
			continue
		}
		label := chat.Say("button.zone_place", "Place", a.In(v.Dialogue.Language()), "Time", conversation.Clock(asked.In(area)))
		v.Row(v.Option(label, a.Name == v.Dialogue.Reminders.Area, conversation.VerbPick, i))
	}
	v.Pages(z.Page, len(found), false)
	if z.elsewhere() {
		v.Row(v.Button(chat.Say("button.zone_fixed", "Zone", conversation.OffsetName(z.East)), conversation.VerbZone))
	}
}

func pressReminderCity(t *conversation.Turn, verb string, n int) bool {
	z := t.Dialogue.Aside.Flow.(*Zones)
	switch {
	case verb == conversation.VerbPage:
		z.Page = n
	case verb == conversation.VerbZone && z.elsewhere():
		setZone(t, "", z.East)
	case verb == conversation.VerbPick && n >= 0 && n < len(conversation.Areas):
		setArea(t, conversation.Areas[n].Name)
	default:
		return false
	}
	return true
}

// setArea takes the person's time zone by its name. How far from UTC it is now is kept
// too: an earlier version of the program goes by that.
func setArea(t *conversation.Turn, name string) {
	area, known := conversation.Area(name)
	if !known {
		t.Note(chat.Say("wrong.zone"))
		return
	}
	_, seconds := t.Now.In(area).Zone()
	setZone(t, name, seconds/60)
}

// setZone takes the person's time zone: its name, if it has one, and how many minutes
// east of UTC it is.
func setZone(t *conversation.Turn, name string, east int) {
	r := &t.Dialogue.Reminders
	r.Area, r.Zone = name, &east
	r.Next = time.Time{} // planned again
	t.Dialogue.Aside.Place, t.Dialogue.Aside.Flow = PlaceReminders, nil
}

// askedAt is when the person last did something with the card.
func askedAt(v *conversation.View) time.Time {
	return v.Dialogue.Aside.Until.Add(-conversation.AsideLives)
}
