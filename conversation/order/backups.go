package order

import (
	"slices"
	"strings"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/zomro"
)

// backupDays are the days of the week in the order in which they are shown;
// Sunday is 0 [A].
var backupDays = []int{1, 2, 3, 4, 5, 6, 0}

// backupTimes are the times that are offered as buttons.
var backupTimes = []string{"00:00", "02:00", "04:00", "06:00", "12:00", "18:00"}

// defaultBackupName is what a schedule is called when the person gives no name.
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
	if len(days) == len(backupDays) {
		return []chat.Phrase{chat.Say("backups.daily")}
	}
	for _, day := range backupDays {
		if slices.Contains(days, day) {
			names = append(names, dayName(day))
		}
	}
	return names
}

func backupsDone(dr *conversation.Draft) bool {
	b := dr.Backups
	return dr.NoBackups || b != nil && b.Name != "" && len(b.Days) > 0 && b.Time != ""
}

func askBackups(v *conversation.View) {
	v.Line(chat.Say("ask.backups"))
	v.Row(v.Option(chat.Say("button.backups_off"), v.Draft.NoBackups, conversation.VerbOff))
	v.Row(v.Option(chat.Say("button.backups_on"), v.Draft.Backups != nil, conversation.VerbOn))
}

func pressBackups(t *conversation.Turn, verb string, _ int) bool {
	dr := t.Dialogue.Draft
	switch verb {
	case conversation.VerbOff:
		dr.Backups, dr.NoBackups = nil, true
		t.Forward()
	case conversation.VerbOn:
		if dr.Backups == nil {
			dr.Backups = &zomro.Backups{}
		}
		dr.NoBackups = false
		t.GoTo(PlaceBackupName)
	default:
		return false
	}
	return true
}

// schedule returns the schedule that is being made.
func schedule(t *conversation.Turn) *zomro.Backups {
	if t.Dialogue.Draft.Backups == nil {
		t.Dialogue.Draft.Backups = &zomro.Backups{}
	}
	return t.Dialogue.Draft.Backups
}

func askBackupName(v *conversation.View) {
	v.Line(chat.Say("ask.backup_name"))
	name := defaultBackupName
	if v.Draft.Backups != nil && v.Draft.Backups.Name != "" {
		name = v.Draft.Backups.Name
	}
	v.Row(v.Button(conversation.Plain(name), conversation.VerbDone))
}

func pressBackupName(t *conversation.Turn, verb string, _ int) bool {
	if verb != conversation.VerbDone {
		return false
	}
	if b := schedule(t); b.Name == "" {
		b.Name = defaultBackupName
	}
	t.GoTo(PlaceBackupDays)
	return true
}

func textBackupName(t *conversation.Turn, text string) {
	text = strings.TrimSpace(text)
	if wrong := conversation.CheckName(text); wrong != nil {
		t.Note(*wrong)
		return
	}
	schedule(t).Name = text
	t.GoTo(PlaceBackupDays)
}

func askBackupDays(v *conversation.View) {
	v.Line(chat.Say("ask.backup_days"))
	var days []int
	if v.Draft.Backups != nil {
		days = v.Draft.Backups.Days
	}
	var buttons []chat.Button
	for _, day := range backupDays {
		buttons = append(buttons, v.Option(dayName(day), slices.Contains(days, day), conversation.VerbDay, day))
	}
	v.Grid(4, append(buttons, v.Button(chat.Say("button.days_all"), conversation.VerbDays)))
	done := v.Button(chat.Say("button.done"), conversation.VerbDone)
	done.Style = chat.Primary
	v.Row(done)
}

func pressBackupDays(t *conversation.Turn, verb string, n int) bool {
	b := schedule(t)
	switch {
	case verb == conversation.VerbDay && slices.Contains(backupDays, n):
		if i := slices.Index(b.Days, n); i >= 0 {
			b.Days = slices.Delete(b.Days, i, i+1)
		} else {
			b.Days = append(b.Days, n)
			slices.Sort(b.Days)
		}
	case verb == conversation.VerbDays && len(b.Days) == len(backupDays):
		b.Days = nil
	case verb == conversation.VerbDays:
		b.Days = []int{0, 1, 2, 3, 4, 5, 6}
	case verb == conversation.VerbDone && len(b.Days) == 0:
		t.Answer(chat.Say("toast.days"))
	case verb == conversation.VerbDone:
		t.GoTo(PlaceBackupTime)
	default:
		return false
	}
	return true
}

func askBackupTime(v *conversation.View) {
	v.Line(chat.Say("ask.backup_time"))
	var buttons []chat.Button
	for i, at := range backupTimes {
		buttons = append(buttons, v.Option(conversation.Plain(at), v.Draft.Backups != nil && v.Draft.Backups.Time == at, conversation.VerbPick, i))
	}
	v.Grid(3, buttons)
}

func pressBackupTime(t *conversation.Turn, verb string, n int) bool {
	if verb != conversation.VerbPick || n < 0 || n >= len(backupTimes) {
		return false
	}
	schedule(t).Time = backupTimes[n]
	t.Forward()
	return true
}

func textBackupTime(t *conversation.Turn, text string) {
	at, wrong := conversation.CheckTime(text)
	if wrong != nil {
		t.Note(*wrong)
		return
	}
	schedule(t).Time = at
	t.Forward()
}
