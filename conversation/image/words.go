package image

import (
	"slices"
	"strings"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/job"
	"zomrobot/zomro"
)

// label is an op on a button.
func label(op job.Op) chat.Phrase { return chat.Say("button.deed." + string(op)) }

// called is how a copy is told from the others.
func (c *Copies) called(one zomro.Copy) string { return conversation.DistinctCopy(one, c.List) }

// mark shows the kind of a copy, and whether it can be used.
func mark(one zomro.Copy) string {
	switch {
	case one.State != zomro.ImageActive:
		return "🟡"
	case one.Protected:
		return "🔒"
	case one.Kind == zomro.KindSnapshot:
		return "📸"
	case one.Kind == zomro.KindBackup:
		return "💾"
	default:
		return "💿"
	}
}

// formatISO is the format of what a server is booted from, and not reinstalled with [F].
const formatISO = "iso"

// kindText is what a copy was made as.
func kindText(one zomro.Copy) chat.Phrase {
	kind := one.Kind
	if kind == zomro.KindImage && one.Format == formatISO {
		return chat.Say("copy.kind.iso")
	}
	if slices.Contains([]zomro.CopyKind{zomro.KindSnapshot, zomro.KindBackup, zomro.KindImage}, kind) {
		return chat.Say("copy.kind." + string(kind))
	}
	return chat.Say("server.part", "Text", string(kind))
}

// stateWords are the states that have words of ours: those that the cabinet knows [F], and
// those of the images of OpenStack, on which the vendor's cloud is taken to run [i].
var stateWords = []string{
	zomro.ImageActive, zomro.ImageSuspended,
	"queued", "saving", "uploading", "importing", "pending_delete", "killed", "error",
}

// madeText is how a backup was made: in our words where they are known, else in the
// vendor's.
func madeText(made string) chat.Phrase {
	switch strings.ToLower(made) {
	case "manual", "manually":
		return chat.Say("copy.made.manual")
	case "scheduled", "schedule":
		return chat.Say("copy.made.scheduled")
	default:
		return chat.Say("server.part", "Text", made)
	}
}

// stateText is the state of a copy: in our words where they are known, else in the
// vendor's.
func stateText(one zomro.Copy) chat.Phrase {
	switch {
	case slices.Contains(stateWords, one.State):
		return chat.Say("copy.state." + one.State)
	case one.State == "":
		return chat.Say("server.state_unknown")
	default:
		return chat.Say("copy.state.other", "State", chat.Arg{Code: one.State})
	}
}

// lineOf describes a copy in a list.
func (c *Copies) lineOf(one zomro.Copy) chat.Phrase {
	what := kindText(one)
	and := func(next chat.Phrase) { what = chat.Say("server.and", "First", what, "Next", next) }
	if one.State != zomro.ImageActive {
		and(stateText(one))
	}
	if one.Size != "" {
		and(chat.Say("copy.size", "Size", one.Size))
	}
	if !one.Created.IsZero() {
		and(chat.Say("copy.day", "Day", chat.Arg{Day: &one.Created}))
	}
	if one.Cost != nil {
		and(chat.Say("copy.cost", "Cost", *one.Cost))
	}
	return chat.Say("server.line", "Mark", mark(one), "Name", c.called(one), "What", what)
}

// price says what a copy of a kind costs.
func (c *Copies) price(op job.Op) chat.Phrase {
	price := c.BackupPrice
	if op == job.Snapshot {
		price = c.SnapshotPrice
	}
	if price == nil {
		return chat.Say("copies.price_unknown." + string(op))
	}
	return chat.Say("copies.price."+string(op), "Price", *price)
}

// prices say what copies cost, once where both kinds cost the same.
func (c *Copies) prices() []chat.Phrase {
	switch a, b := c.SnapshotPrice, c.BackupPrice; {
	case a == nil && b == nil:
		return []chat.Phrase{chat.Say("copies.price_unknown")}
	case a != nil && b != nil && a.Currency == b.Currency && a.Amount.Equal(b.Amount):
		return []chat.Phrase{chat.Say("copies.price", "Price", *a)}
	default:
		return []chat.Phrase{c.price(job.Snapshot), c.price(job.Backup)}
	}
}

// schedulesInShort says when backups are made by themselves.
func (c *Copies) schedulesInShort(v *conversation.View) []chat.Phrase {
	if c.untold(untoldSchedules) {
		return nil
	}
	if len(c.Schedules) == 0 {
		return []chat.Phrase{chat.Say("schedules.none")}
	}
	var lines []chat.Phrase
	for _, s := range c.Schedules[:min(len(c.Schedules), conversation.RowsPerPage)] {
		lines = append(lines, c.scheduleLine(v, s))
	}
	return append(lines, c.kept())
}

// kept says how many scheduled backups are kept.
func (c *Copies) kept() chat.Phrase {
	if c.Kept == 0 {
		return chat.Say("schedules.kept_unknown")
	}
	return chat.Say("schedules.kept", "Kept", c.Kept)
}
