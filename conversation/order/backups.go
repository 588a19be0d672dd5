package order

import (
	"strings"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/zomro"
)

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
	name := conversation.BackupName
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
		b.Name = conversation.BackupName
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
	v.DayButtons(days)
}

func pressBackupDays(t *conversation.Turn, verb string, n int) bool {
	b := schedule(t)
	days, done, known := t.PressDays(b.Days, verb, n)
	b.Days = days
	if done {
		t.GoTo(PlaceBackupTime)
	}
	return known
}

func askBackupTime(v *conversation.View) {
	v.Line(chat.Say("ask.backup_time"))
	chosen := ""
	if v.Draft.Backups != nil {
		chosen = v.Draft.Backups.Time
	}
	v.TimeButtons(chosen)
}

func pressBackupTime(t *conversation.Turn, verb string, n int) bool {
	if verb != conversation.VerbPick || n < 0 || n >= len(conversation.BackupTimes) {
		return false
	}
	schedule(t).Time = conversation.BackupTimes[n]
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
