package image

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/job"
	"zomrobot/zomro"
)

// vendorZone is the one of a schedule's time: GMT+3 [F].
const vendorZone = 3 * time.Hour

// when says in words when backups are made: in the vendor's zone and, where it is known
// and another, in the person's.
func (c *Copies) when(v *conversation.View, b zomro.Backups) chat.Phrase {
	if len(b.Days) == 0 || b.Time == "" {
		return chat.Say("schedules.unread")
	}
	said := chat.Say("schedules.when", "Days", conversation.DayNames(b.Days), "Time", b.Time)
	own, another := c.own(v, b.Time)
	if !another {
		return said
	}
	return chat.Say("server.and", "First", said, "Next", own)
}

// own is a time of the vendor's zone in the person's; false: theirs is not known, or shows
// the same.
func (c *Copies) own(v *conversation.View, vendors string) (chat.Phrase, bool) {
	zone := v.Dialogue.Reminders
	at, day := ownTime(vendors, c.Offset)
	if zone.Area == "" && zone.Zone == nil || at == vendors && day == 0 {
		return chat.Phrase{}, false
	}
	key := []string{"schedules.own_before", "schedules.own", "schedules.own_after"}[day+1]
	return chat.Say(key, "Time", at, "Zone", zone.Named(v.Dialogue.Language())), true
}

// ownTime is a time of the vendor's zone where the clock is so many minutes ahead of UTC,
// and whether that is a day before (-1) or after (1).
func ownTime(at string, offset int) (own string, day int) {
	hours, minutes, _ := strings.Cut(at, ":")
	h, _ := strconv.Atoi(hours)
	m, _ := strconv.Atoi(minutes)
	const whole = 24 * 60
	is := h*60 + m - int(vendorZone.Minutes()) + offset
	switch {
	case is < 0:
		is, day = is+whole, -1
	case is >= whole:
		is, day = is-whole, 1
	}
	return fmt.Sprintf("%02d:%02d", is/60, is%60), day
}

func (c *Copies) scheduleLine(v *conversation.View, s zomro.Schedule) chat.Phrase {
	return chat.Say("schedules.line", "Name", conversation.Named(s.Name), "When", c.when(v, s.Backups))
}

func askSchedules(v *conversation.View) {
	c := copiesOf(v.Dialogue)
	v.Line(chat.Say("schedules.title", "Name", c.Name))
	if v.Waiting(c.Loaded, c.Trouble) {
		return
	}
	if c.Gone || c.untold(untoldSchedules) {
		why := chat.Say("server.gone")
		if !c.Gone {
			why = chat.Say("copies.untold." + untoldSchedules)
		}
		v.Line(why)
		v.Row(v.Button(chat.Say("button.look_again"), conversation.VerbAgain))
		return
	}
	if len(c.Schedules) == 0 {
		v.Line(chat.Say("schedules.none"))
	}
	from, to := conversation.PageOf(c.SchedulePage, len(c.Schedules))
	for i, s := range c.Schedules[from:to] {
		v.Line(c.scheduleLine(v, s))
		v.Row(v.Button(chat.Say("button.schedule_of", "Name", conversation.Short(s.Name)), conversation.VerbPick, from+i))
	}
	v.Pages(c.SchedulePage, len(c.Schedules), false)
	v.Gap()
	v.Line(c.kept(), chat.Say("schedules.zone"), c.price(job.Backup))
	v.Row(v.Button(chat.Say("button.schedule_new"), conversation.VerbMake), v.Button(chat.Say("button.kept"), conversation.VerbKept))
}

func pressSchedules(t *conversation.Turn, verb string, n int) bool {
	c := copiesOf(t.Dialogue)
	switch {
	case verb == conversation.VerbAgain:
		reload(t)
	case verb == conversation.VerbPage:
		c.SchedulePage = n
	case !c.Loaded || c.Gone || c.untold(untoldSchedules):
		return false
	case verb == conversation.VerbPick && n >= 0 && n < len(c.Schedules):
		c.Ask = Request{Schedule: c.Schedules[n]}
		t.Dialogue.Aside.Place = PlaceSchedule
	case verb == conversation.VerbMake:
		c.Ask = Request{Op: job.SetSchedule}
		t.Dialogue.Aside.Place = PlaceScheduleName
	case verb == conversation.VerbKept:
		c.Ask = Request{Op: job.KeepBackups}
		t.Dialogue.Aside.Place = PlaceKept
	default:
		return false
	}
	return true
}

func askSchedule(v *conversation.View) {
	c := copiesOf(v.Dialogue)
	v.Line(chat.Say("schedules.title", "Name", c.Name), c.scheduleLine(v, c.Ask.Schedule), chat.Say("schedules.zone"))
	drop := v.Button(label(job.DropSchedule), conversation.VerbDrop)
	drop.Style = chat.Danger
	v.Row(v.Button(chat.Say("button.schedule_change"), conversation.VerbEdit), drop)
}

func pressSchedule(t *conversation.Turn, verb string, _ int) bool {
	c := copiesOf(t.Dialogue)
	switch verb {
	case conversation.VerbEdit:
		c.Ask.Op = job.SetSchedule
		t.Dialogue.Aside.Place = PlaceScheduleName
	case conversation.VerbDrop:
		c.Ask.Op = job.DropSchedule
		t.Dialogue.Aside.Place = PlaceCopyAsk
	default:
		return false
	}
	return true
}

// backFromSchedule leads to the schedule that was to be changed, as it is, or to all of them.
func backFromSchedule(t *conversation.Turn) {
	c := copiesOf(t.Dialogue)
	i := slices.IndexFunc(c.Schedules, func(s zomro.Schedule) bool { return s.ID == c.Ask.Schedule.ID })
	if i < 0 {
		c.Ask = Request{}
		t.BackTo(PlaceSchedules)
		return
	}
	c.Ask = Request{Schedule: c.Schedules[i]}
	t.BackTo(PlaceSchedule)
}

func askScheduleName(v *conversation.View) {
	v.Line(chat.Say("ask.backup_name"))
	v.Row(v.Button(conversation.Plain(copiesOf(v.Dialogue).scheduleName()), conversation.VerbDone))
}

// scheduleName is the one that the schedule has, or is offered.
func (c *Copies) scheduleName() string {
	if c.Ask.Schedule.Name == "" {
		return conversation.BackupName
	}
	return c.Ask.Schedule.Name
}

func pressScheduleName(t *conversation.Turn, verb string, _ int) bool {
	if verb != conversation.VerbDone {
		return false
	}
	c := copiesOf(t.Dialogue)
	c.Ask.Schedule.Name = c.scheduleName()
	t.Dialogue.Aside.Place = PlaceScheduleDays
	return true
}

func textScheduleName(t *conversation.Turn, text string) {
	text = strings.TrimSpace(text)
	if wrong := conversation.CheckName(text); wrong != nil {
		t.Note(*wrong)
		return
	}
	copiesOf(t.Dialogue).Ask.Schedule.Name = text
	t.Dialogue.Aside.Place = PlaceScheduleDays
}

func askScheduleDays(v *conversation.View) {
	v.Line(chat.Say("ask.backup_days"))
	v.DayButtons(copiesOf(v.Dialogue).Ask.Schedule.Days)
}

func pressScheduleDays(t *conversation.Turn, verb string, n int) bool {
	ask := &copiesOf(t.Dialogue).Ask
	days, done, known := t.PressDays(ask.Schedule.Days, verb, n)
	ask.Schedule.Days = days
	if done {
		t.Dialogue.Aside.Place = PlaceScheduleTime
	}
	return known
}

func askScheduleTime(v *conversation.View) {
	c := copiesOf(v.Dialogue)
	v.Line(chat.Say("schedules.ask_time"))
	const example = "04:00"
	if own, another := c.own(v, example); another {
		v.Line(chat.Say("schedules.is", "Time", example, "Own", own))
	}
	v.TimeButtons(c.Ask.Schedule.Time)
}

func pressScheduleTime(t *conversation.Turn, verb string, n int) bool {
	if verb != conversation.VerbPick || n < 0 || n >= len(conversation.BackupTimes) {
		return false
	}
	timeGiven(t, conversation.BackupTimes[n])
	return true
}

func textScheduleTime(t *conversation.Turn, text string) {
	at, wrong := conversation.CheckTime(text)
	if wrong != nil {
		t.Note(*wrong)
		return
	}
	timeGiven(t, at)
}

func timeGiven(t *conversation.Turn, at string) {
	copiesOf(t.Dialogue).Ask.Schedule.Time = at
	t.Dialogue.Aside.Place = PlaceCopyAsk
}

func askKept(v *conversation.View) {
	c := copiesOf(v.Dialogue)
	v.Line(chat.Say("schedules.ask_kept", "Name", c.Name), c.kept())
	if c.Kept == 0 {
		v.Line(chat.Say("schedules.kept_means"))
	}
	v.Line(c.price(job.Backup))
	var buttons []chat.Button
	for n := zomro.LeastKept; n <= zomro.MostKept; n++ {
		buttons = append(buttons, v.Option(conversation.Plain(strconv.Itoa(n)), n == c.Kept, conversation.VerbPick, n))
	}
	v.Grid(5, buttons)
}

func pressKept(t *conversation.Turn, verb string, n int) bool {
	c := copiesOf(t.Dialogue)
	if verb != conversation.VerbPick || n < zomro.LeastKept || n > zomro.MostKept {
		return false
	}
	if n == c.Kept {
		t.Answer(chat.Say("toast.kept"))
		return true
	}
	c.Ask.Kept = n
	t.Dialogue.Aside.Place = PlaceCopyAsk
	return true
}
