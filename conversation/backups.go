package conversation

import (
	"slices"
	"strings"

	"zomrobot/chat"
	"zomrobot/zomro"
)

// backupDays are the days of the week in the order in which they are shown;
// Sunday is 0 [A].
var backupDays = []int{1, 2, 3, 4, 5, 6, 0}

// backupTimes are the times that are offered as buttons.
var backupTimes = []string{"00:00", "02:00", "04:00", "06:00", "12:00", "18:00"}

// defaultBackupName is what a schedule is called when the person does not care.
const defaultBackupName = "daily"

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

// dayNames names the days of a schedule in the order of the week.
func dayNames(days []int) []chat.Phrase {
	var names []chat.Phrase
	for _, day := range backupDays {
		if slices.Contains(days, day) {
			names = append(names, dayName(day))
		}
	}
	return names
}

func backupsDone(dr *Draft) bool {
	b := dr.Backups
	return dr.NoBackups || b != nil && b.Name != "" && len(b.Days) > 0 && b.Time != ""
}

func askBackups(v *view) {
	v.line(chat.Say("ask.backups"))
	v.row(v.option(chat.Say("button.backups_off"), v.dr.NoBackups, verbOff))
	v.row(v.option(chat.Say("button.backups_on"), v.dr.Backups != nil, verbOn))
}

func pressBackups(t *turn, verb string, _ int) bool {
	dr := t.d.Draft
	switch verb {
	case verbOff:
		dr.Backups, dr.NoBackups = nil, true
		t.forward()
	case verbOn:
		if dr.Backups == nil {
			dr.Backups = &zomro.Backups{}
		}
		dr.NoBackups = false
		t.goTo(PlaceBackupName)
	default:
		return false
	}
	return true
}

// schedule returns the schedule that is being made.
func (t *turn) schedule() *zomro.Backups {
	if t.d.Draft.Backups == nil {
		t.d.Draft.Backups = &zomro.Backups{}
	}
	return t.d.Draft.Backups
}

func askBackupName(v *view) {
	v.line(chat.Say("ask.backup_name"))
	name := defaultBackupName
	if v.dr.Backups != nil && v.dr.Backups.Name != "" {
		name = v.dr.Backups.Name
	}
	v.row(v.button(plain(name), verbDone))
}

func pressBackupName(t *turn, verb string, _ int) bool {
	if verb != verbDone {
		return false
	}
	if b := t.schedule(); b.Name == "" {
		b.Name = defaultBackupName
	}
	t.goTo(PlaceBackupDays)
	return true
}

func textBackupName(t *turn, text string) {
	text = strings.TrimSpace(text)
	if wrong := checkName(text); wrong != nil {
		t.note(*wrong)
		return
	}
	t.schedule().Name = text
	t.goTo(PlaceBackupDays)
}

func askBackupDays(v *view) {
	v.line(chat.Say("ask.backup_days"))
	var days []int
	if v.dr.Backups != nil {
		days = v.dr.Backups.Days
	}
	var buttons []chat.Button
	for _, day := range backupDays {
		buttons = append(buttons, v.option(dayName(day), slices.Contains(days, day), verbDay, day))
	}
	v.grid(4, append(buttons, v.button(chat.Say("button.days_all"), verbDays)))
	done := v.button(chat.Say("button.done"), verbDone)
	done.Style = chat.Primary
	v.row(done)
}

func pressBackupDays(t *turn, verb string, n int) bool {
	b := t.schedule()
	switch {
	case verb == verbDay && slices.Contains(backupDays, n):
		if i := slices.Index(b.Days, n); i >= 0 {
			b.Days = slices.Delete(b.Days, i, i+1)
		} else {
			b.Days = append(b.Days, n)
			slices.Sort(b.Days)
		}
	case verb == verbDays && len(b.Days) == len(backupDays):
		b.Days = nil
	case verb == verbDays:
		b.Days = []int{0, 1, 2, 3, 4, 5, 6}
	case verb == verbDone && len(b.Days) == 0:
		t.answer(chat.Say("toast.days"))
	case verb == verbDone:
		t.goTo(PlaceBackupTime)
	default:
		return false
	}
	return true
}

func askBackupTime(v *view) {
	v.line(chat.Say("ask.backup_time"))
	var buttons []chat.Button
	for i, at := range backupTimes {
		buttons = append(buttons, v.option(plain(at), v.dr.Backups != nil && v.dr.Backups.Time == at, verbPick, i))
	}
	v.grid(3, buttons)
}

func pressBackupTime(t *turn, verb string, n int) bool {
	if verb != verbPick || n < 0 || n >= len(backupTimes) {
		return false
	}
	t.schedule().Time = backupTimes[n]
	t.forward()
	return true
}

func textBackupTime(t *turn, text string) {
	at, wrong := checkTime(text)
	if wrong != nil {
		t.note(*wrong)
		return
	}
	t.schedule().Time = at
	t.forward()
}
