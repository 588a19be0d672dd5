package conversation

import (
	"slices"

	"zomrobot/chat"
)

// Weekdays are the days of the week in the order in which they are shown; Sunday is 0 [A].
var Weekdays = []int{1, 2, 3, 4, 5, 6, 0}

// BackupTimes are the times for a schedule of backups that are offered as buttons.
var BackupTimes = []string{"00:00", "02:00", "04:00", "06:00", "12:00", "18:00"}

// BackupName is what a schedule is called when the person gives no name.
const BackupName = "daily"

// dayName is a day of the week, short.
func dayName(day int) chat.Phrase {
	switch day {
	case 0:
		return chat.Say("button.day_0")
	case 1:
		return chat.Say("button.day_1")
	case 2:
		return chat.Say("button.day_2")
	case 3:
		return chat.Say("button.day_3")
	case 4:
		return chat.Say("button.day_4")
	case 5:
		return chat.Say("button.day_5")
	default:
		return chat.Say("button.day_6")
	}
}

// DayNames names the days of a schedule in the order of the week.
func DayNames(days []int) []chat.Phrase {
	var names []chat.Phrase
	if len(days) == len(Weekdays) {
		return []chat.Phrase{chat.Say("backups.daily")}
	}
	for _, day := range Weekdays {
		if slices.Contains(days, day) {
			names = append(names, dayName(day))
		}
	}
	return names
}

// DayButtons are those that toggle the days of a schedule, and the one that is done with it.
func (v *View) DayButtons(days []int) {
	var buttons []chat.Button
	for _, day := range Weekdays {
		buttons = append(buttons, v.Option(dayName(day), slices.Contains(days, day), VerbDay, day))
	}
	v.Grid(4, append(buttons, v.Button(chat.Say("button.days_all"), VerbDays)))
	done := v.Button(chat.Say("button.done"), VerbDone)
	done.Style = chat.Primary
	v.Row(done)
}

// PressDays carries out a button of DayButtons: it returns the days as they are then, and
// whether the person is done with them. known: it was one of them.
func (t *Turn) PressDays(days []int, verb string, n int) (is []int, done, known bool) {
	switch {
	case verb == VerbDay && slices.Contains(Weekdays, n) && slices.Contains(days, n):
		return slices.DeleteFunc(slices.Clone(days), func(day int) bool { return day == n }), false, true
	case verb == VerbDay && slices.Contains(Weekdays, n):
		return slices.Sorted(slices.Values(append(slices.Clone(days), n))), false, true
	case verb == VerbDays && len(days) == len(Weekdays):
		return nil, false, true
	case verb == VerbDays:
		return []int{0, 1, 2, 3, 4, 5, 6}, false, true
	case verb == VerbDone && len(days) == 0:
		t.Answer(chat.Say("toast.days"))
		return days, false, true
	case verb == VerbDone:
		return days, true, true
	default:
		return days, false, false
	}
}

// TimeButtons are those of the times that are offered for a schedule.
func (v *View) TimeButtons(chosen string) {
	var buttons []chat.Button
	for i, at := range BackupTimes {
		buttons = append(buttons, v.Option(Plain(at), chosen == at, VerbPick, i))
	}
	v.Grid(3, buttons)
}
