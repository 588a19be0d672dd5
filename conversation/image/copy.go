package image

import (
	"slices"
	"strconv"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/job"
	"zomrobot/zomro"
)

// copyOps are what can be done with a copy, in the order of their buttons.
var copyOps = []job.Op{job.Restore, job.RenameImage, job.Protect, job.Unprotect, job.DeleteImage}

// possible are the ops that make sense with a copy as it stands.
func (c *Copies) possible(one zomro.Copy) []job.Op {
	return slices.DeleteFunc(slices.Clone(copyOps), func(op job.Op) bool {
		switch op {
		case job.Restore:
			return !c.restores(one)
		case job.RenameImage: // of a backup the vendor wants the server told
			return c.Server == nil && one.Kind == zomro.KindBackup
		case job.Protect:
			return one.Protected
		case job.Unprotect:
			return !one.Protected
		default:
			return !one.Deletable
		}
	})
}

// restores reports whether the server can be put back to a copy now [F].
func (c *Copies) restores(one zomro.Copy) bool {
	return c.Server != nil && !c.Gone && job.Copyable(*c.Server) && one.State == zomro.ImageActive && one.Fleio != "" && one.Format != formatISO
}

func askCopy(v *conversation.View) {
	c := copiesOf(v.Dialogue)
	one, found := c.chosen()
	if !found {
		if !v.Waiting(c.Loaded, c.Trouble) {
			v.Line(chat.Say("copy.gone"))
			v.Row(v.Button(chat.Say("button.look_again"), conversation.VerbAgain))
		}
		return
	}
	copyFacts(v, one)
	if one.Protected {
		v.Line(chat.Say("copy.protected"))
	}
	if v.Waiting(c.Loaded, c.Trouble) {
		return
	}
	if c.Server == nil {
		v.Line(useOf(one)...)
	}
	var buttons []chat.Button
	for _, op := range c.possible(one) {
		b := v.Button(label(op), conversation.VerbDo, slices.Index(copyOps, op))
		if op == job.DeleteImage || op == job.Restore {
			b.Style = chat.Danger
		}
		buttons = append(buttons, b)
	}
	v.Grid(2, buttons)
	v.Row(v.Button(chat.Say("button.look_again"), conversation.VerbAgain))
}

// copyFacts says what is known of a copy.
func copyFacts(v *conversation.View, one zomro.Copy) {
	title := chat.Say("copy.title", "Mark", mark(one), "Name", conversation.Named(one.Name), "ID", one.ID)
	if conversation.Named(one.Name) == "" {
		title = chat.Say("copy.title_id", "Mark", mark(one), "ID", one.ID)
	}
	v.Line(title, chat.Say("copy.kind", "Kind", kindText(one)), chat.Say("copy.state", "State", stateText(one)))
	own := one.Kind == zomro.KindImage
	if one.System != "" {
		v.Line(chat.Say("copy.system", "Text", one.System))
	}
	if own && one.Format != "" && one.Format != formatISO {
		v.Line(chat.Say("copy.format", "Text", one.Format))
	}
	if one.Region != "" {
		v.Line(chat.Say("server.datacenter", "Text", one.Region))
	}
	if !own && one.Made != "" {
		v.Line(chat.Say("copy.made", "How", madeText(one.Made)))
	}
	if one.Size != "" {
		v.Line(chat.Say("copy.size_line", "Size", one.Size))
	}
	if !one.Created.IsZero() {
		v.Line(chat.Say("copy.created", "Day", chat.Arg{Day: &one.Created}))
	}
	if one.Cost != nil {
		v.Line(chat.Say("copy.cost_line", "Cost", conversation.CostOfDay(*one.Cost)))
	} else {
		v.Line(chat.Say("copy.cost_unknown"))
	}
}

// useOf says where an image of the account is used.
func useOf(one zomro.Copy) []chat.Phrase {
	backups, more := chat.Say("button.copies"), chat.Say("button.server_more")
	switch {
	case one.Kind == zomro.KindBackup:
		return []chat.Phrase{chat.Say("copy.at_server", "Button", backups), chat.Say("copy.rename_at_server")}
	case one.Kind == zomro.KindSnapshot:
		return []chat.Phrase{chat.Say("copy.at_server", "Button", backups)}
	case one.Format == formatISO:
		return []chat.Phrase{chat.Say("copy.boot_iso", "More", more)}
	default:
		return []chat.Phrase{chat.Say("copy.install", "More", more)}
	}
}

func pressCopy(t *conversation.Turn, verb string, n int) bool {
	c := copiesOf(t.Dialogue)
	if verb == conversation.VerbAgain {
		reload(t)
		return true
	}
	one, found := c.chosen()
	if verb != conversation.VerbDo || !found || !c.Loaded || n < 0 || n >= len(copyOps) || !slices.Contains(c.possible(one), copyOps[n]) {
		return false
	}
	c.Ask = Request{Op: copyOps[n]}
	t.Dialogue.Aside.Place = map[job.Op]conversation.Place{
		job.Restore: PlaceCopyRestore, job.RenameImage: PlaceCopyRename, job.DeleteImage: PlaceCopyDelete,
		job.Protect: PlaceCopyAsk, job.Unprotect: PlaceCopyAsk,
	}[copyOps[n]]
	return true
}

func askCopyName(v *conversation.View) {
	c := copiesOf(v.Dialogue)
	v.Line(chat.Say("copy.ask_name."+string(c.Ask.Op), "Name", chat.Arg{Code: c.Name}))
	v.Row(v.Button(conversation.Plain(c.Ask.Offered), conversation.VerbDone))
}

func pressCopyName(t *conversation.Turn, verb string, _ int) bool {
	if verb != conversation.VerbDone {
		return false
	}
	textCopyName(t, copiesOf(t.Dialogue).Ask.Offered)
	return true
}

func askCopyRename(v *conversation.View) {
	c := copiesOf(v.Dialogue)
	one, _ := c.chosen()
	v.Line(chat.Say("copy.ask_rename", "Name", chat.Arg{Code: c.called(one)}))
}

func textCopyName(t *conversation.Turn, text string) {
	if wrong := conversation.CheckName(text); wrong != nil {
		t.Note(*wrong)
		return
	}
	c := copiesOf(t.Dialogue)
	if one, found := c.chosen(); c.Ask.Op == job.RenameImage && found && one.Name == text {
		t.Note(chat.Say("note.same_name"))
		return
	}
	c.Ask.Name = text
	t.Dialogue.Aside.Place = PlaceCopyAsk
}

// textCopyAsk takes another name for what is asked about.
func textCopyAsk(t *conversation.Turn, text string) {
	if op := copiesOf(t.Dialogue).Ask.Op; op != job.RenameImage && !op.Copies() {
		t.NotTyped()
		return
	}
	textCopyName(t, text)
}

// typedName is what has to be typed to do something that destroys: the name, or the id
// where the name is not told, or does not tell it from others.
func typedName(name, id string, unique bool) string {
	if name == "" || !unique {
		return id
	}
	return name
}

// ofServer is what has to be typed to destroy what is on the server.
func (c *Copies) ofServer() string {
	return typedName(c.Server.Name, c.Server.ID, c.Server.Name == c.Name)
}

// ofCopy is what has to be typed to delete a copy.
func (c *Copies) ofCopy(one zomro.Copy) string {
	return typedName(one.Name, one.ID, !conversation.IsTwinCopy(one, c.List))
}

func askCopyRestore(v *conversation.View) {
	c := copiesOf(v.Dialogue)
	one, _ := c.chosen()
	v.Line(chat.Say("copy.sure.restore", "Name", c.Name, "Copy", c.called(one)), chat.Say("copy.restore_means"))
	v.Line(chat.Say("copy.ask_typed", "Text", chat.Arg{Code: c.ofServer()}))
}

func textCopyRestore(t *conversation.Turn, text string) {
	c := copiesOf(t.Dialogue)
	one, found := c.chosen()
	if !found || !c.restores(one) || !chat.Reads(text, c.ofServer()) {
		t.Note(chat.Say("copy.other_server"))
		return
	}
	do(t)
}

func askCopyDelete(v *conversation.View) {
	c := copiesOf(v.Dialogue)
	one, _ := c.chosen()
	means := chat.Say("copy.delete_means")
	if one.Kind == zomro.KindImage {
		means = chat.Say("copy.delete_image_means")
	}
	v.Line(chat.Say("copy.sure.delete", "Copy", c.called(one)), means)
	v.Line(chat.Say("copy.ask_typed", "Text", chat.Arg{Code: c.ofCopy(one)}))
}

func textCopyDelete(t *conversation.Turn, text string) {
	c := copiesOf(t.Dialogue)
	one, found := c.chosen()
	if !found || !chat.Reads(text, c.ofCopy(one)) {
		t.Note(chat.Say("copy.other_name"))
		return
	}
	do(t)
}

// askCopyAsk asks whether to go ahead.
func askCopyAsk(v *conversation.View) {
	c := copiesOf(v.Dialogue)
	one, _ := c.chosen()
	ask := c.Ask
	switch ask.Op {
	case job.Snapshot, job.Backup:
		v.Line(chat.Say("copy.sure."+string(ask.Op), "Name", chat.Arg{Code: c.Name}, "NewName", chat.Arg{Code: ask.Name}), chat.Say("copy.make_means"), c.price(ask.Op))
	case job.RenameImage:
		v.Line(chat.Say("copy.sure.rename", "Copy", chat.Arg{Code: c.called(one)}, "NewName", chat.Arg{Code: ask.Name}))
	case job.Protect, job.Unprotect:
		v.Line(chat.Say("copy.sure."+string(ask.Op), "Copy", chat.Arg{Code: c.called(one)}))
	case job.SetSchedule:
		v.Line(chat.Say("copy.sure.set_schedule", "Name", chat.Arg{Code: c.Name}), c.scheduleLine(v, ask.Schedule), c.kept(), chat.Say("schedules.means"), c.price(job.Backup))
	case job.DropSchedule:
		v.Line(chat.Say("copy.sure.drop_schedule", "Name", chat.Arg{Code: c.Name}), c.scheduleLine(v, ask.Schedule), chat.Say("schedules.drop_means"))
	default: // job.KeepBackups
		v.Line(chat.Say("copy.sure.keep_backups", "Name", chat.Arg{Code: c.Name}, "Count", ask.Kept), chat.Say("schedules.kept_means"), c.price(job.Backup))
	}
	yes := v.Button(label(ask.Op), conversation.VerbYes)
	yes.Style = chat.Primary
	if ask.Op == job.DropSchedule || ask.Op == job.Unprotect {
		yes.Style = chat.Danger
	}
	v.Row(yes)
}

// backFromAsk leads back to the last question, whose answer stays, or to where it was begun.
func backFromAsk(t *conversation.Turn) {
	t.Dialogue.Aside.Place = map[job.Op]conversation.Place{
		job.Snapshot: PlaceCopyName, job.Backup: PlaceCopyName, job.RenameImage: PlaceCopyRename,
		job.Protect: PlaceCopy, job.Unprotect: PlaceCopy,
		job.SetSchedule: PlaceScheduleTime, job.DropSchedule: PlaceSchedule, job.KeepBackups: PlaceKept,
	}[copiesOf(t.Dialogue).Ask.Op]
}

func pressCopyAsk(t *conversation.Turn, verb string, _ int) bool {
	if verb != conversation.VerbYes {
		return false
	}
	do(t)
	return true
}

// do has done what was asked for.
func do(t *conversation.Turn) {
	c := copiesOf(t.Dialogue)
	ask := c.Ask
	order := job.Order{Account: c.Account, Name: c.Name, Op: ask.Op, NewName: ask.Name}
	if c.Server != nil {
		order.Server = c.Server.ID
	}
	switch ask.Op {
	case job.Snapshot:
		order.Kind, order.Cost = zomro.KindSnapshot, c.SnapshotPrice
	case job.Backup:
		order.Kind, order.Cost = zomro.KindBackup, c.BackupPrice
	case job.SetSchedule, job.DropSchedule:
		schedule := ask.Schedule
		if ask.Op.Spends() {
			order.Cost = c.BackupPrice
		}
		order.Schedule, order.Label = &schedule, conversation.Named(schedule.Name)
	case job.KeepBackups:
		order.Kept, order.Label, order.Cost = ask.Kept, strconv.Itoa(ask.Kept), c.BackupPrice
	default:
		one, found := c.chosen()
		if !found {
			return
		}
		order.Copy, order.Kind, order.Label, order.Seen = one.ID, one.Kind, c.called(one), one.Name
		if ask.Op == job.Restore {
			order.Image = one.Fleio
		}
		if c.Server == nil {
			order.Name = c.called(one)
		}
	}
	t.Act(conversation.Act{Order: order})
}
