package trial

import (
	"slices"

	"zomrobot/chat"
	"zomrobot/trial"
	"zomrobot/zomro/profile"
)

// ended says how an experiment has ended: whether money moved, what is left, what was
// learned, and what the bot does otherwise from now on.
func (b Board) ended(end trial.Outcome) []chat.Phrase {
	if end.Unbegun {
		return []chat.Phrase{chat.Say("trial.ended.unbegun")}
	}
	lines := []chat.Phrase{chat.Say("trial.ended."+string(end.How), "At", end.At)}
	switch {
	case end.Failure == nil:
	case end.How == trial.Stopped && end.Failure.Code == trial.CodeLate:
		lines = append(lines, chat.Say("trial.failure.late_stopped"))
	default:
		lines = append(lines, failure(*end.Failure))
	}
	lines = append(lines, money(end)...)
	lines = append(lines, left(end)...)
	return append(lines, b.learned(end)...)
}

// money says whether an experiment has moved money.
func money(end trial.Outcome) []chat.Phrase {
	var lines []chat.Phrase
	if end.How == trial.Alarm {
		lines = append(lines, chat.Say("trial.alarm"))
		for _, sign := range end.Saw {
			if sign == trial.SignBalance && end.Lost != nil {
				lines = append(lines, chat.Say("trial.alarm_lost", "Lost", *end.Lost))
				continue
			}
			lines = append(lines, chat.Say("trial.sign."+string(sign)))
		}
		lines = append(append(lines, unasked(end)...), chat.Say("trial.alarm_next"))
	}
	switch {
	case end.Purchase != "" && len(end.Servers) > 1: // of which the balance tells nothing: others take from it, too
		lines = append(lines, chat.Say("trial.bought_two", "Count", len(end.Servers), "ID", end.Purchase))
	case end.Purchase != "" && end.Charged != nil:
		lines = append(lines, chat.Say("trial.charged", "Charged", *end.Charged, "ID", end.Purchase))
	case end.Purchase != "":
		lines = append(lines, chat.Say("trial.bought", "ID", end.Purchase))
	case end.Unknown:
		lines = append(lines, chat.Say("trial.paid_unknown"))
	case end.Failure != nil && end.Failure.Code == trial.CodeNoRow:
		lines = append(lines, chat.Say("trial.paid_unseen"))
	case end.How != trial.Alarm:
		lines = append(lines, chat.Say("trial.nothing_paid"))
	}
	if end.How != trial.Alarm {
		if end.Lost != nil && end.Typed != nil {
			lines = append(lines, chat.Say("trial.taken_over", "Lost", *end.Lost, "Typed", *end.Typed))
		}
		lines = append(lines, unasked(end)...)
	}
	if paid, typed := end.Charged, end.Typed; paid != nil && typed != nil && paid.Currency == typed.Currency && paid.Amount.GreaterThan(typed.Amount) {
		lines = append(lines, chat.Say("trial.charged_over", "Typed", *typed))
	}
	return lines
}

// unasked names the servers that are there and were not to be bought.
func unasked(end trial.Outcome) []chat.Phrase {
	var lines []chat.Phrase
	for _, s := range end.Unasked {
		lines = append(lines, chat.Say("trial.alarm_server", "Name", s.Name, "ID", s.ID))
	}
	return lines
}

// left says what an experiment has left behind.
func left(end trial.Outcome) []chat.Phrase {
	var lines []chat.Phrase
	for _, s := range end.Servers {
		switch {
		case s.Gone:
			lines = append(lines, chat.Say("trial.server_gone", "Name", s.Name))
		case s.Missing:
			lines = append(lines, chat.Say("trial.server_missing", "Name", s.Name, "ID", s.ID))
		case s.Job == "":
			lines = append(lines, chat.Say("trial.server_not_deleted", "Name", s.Name, "ID", s.ID))
		default:
			lines = append(lines, chat.Say("trial.server_stays", "Name", s.Name, "ID", s.ID))
		}
	}
	if late := end.Failure != nil && end.Failure.Code == trial.CodeLate; late && len(end.Servers) == 0 {
		lines = append(lines, chat.Say("trial.server_unlisted"))
	}
	if panelUsed(end) {
		lines = append(lines, chat.Say("trial.take_out"))
	}
	if unpaid(end) {
		lines = append(lines, chat.Say("trial.unpaid_order"))
	}
	if len(end.Left) > 0 {
		lines = append(append(lines, chat.Say("trial.left")), rows(end.Left)...)
	}
	if end.Blind {
		lines = append(lines, chat.Say("trial.blind"))
	}
	if len(end.Others) > 0 {
		lines = append(append(lines, chat.Say("trial.others")), rows(end.Others)...)
	}
	return lines
}

// unpaid reports whether an experiment has left an unpaid order behind.
func unpaid(end trial.Outcome) bool {
	return slices.ContainsFunc(end.Lessons, func(l profile.Lesson) bool { return l.Fact == profile.PoorLeft && l.Answer == profile.Unpaid })
}

// panelUsed reports whether the person has put something into the panel's cart for it.
func panelUsed(end trial.Outcome) bool {
	return slices.ContainsFunc(end.Lessons, func(l profile.Lesson) bool { return l.Fact == profile.PanelCart })
}

// panelHelps reports whether what an experiment has left behind is seen to in the panel.
func panelHelps(end trial.Outcome) bool {
	return len(end.Left) > 0 || end.Blind || unpaid(end) || panelUsed(end)
}

// learned says what an experiment has shown, how that differs from what was expected, what
// is still open, and what the bot does otherwise. What was known before, or what its purchase
// may have shown, is told apart, and only of one that was carried through.
func (b Board) learned(end trial.Outcome) []chat.Phrase {
	var shown, bought, before, otherwise []chat.Phrase
	var open openFacts
	for _, f := range profile.Table {
		saw, seen := shownBy(end, f)
		known := b.Known[f.Name]
		mine := f.By == end.Source
		switch {
		case seen:
			shown = append(shown, b.lesson(f, saw))
		case !mine || known != "" && end.How != trial.Done:
			continue
		case known == "":
			way := f.Way()
			if end.How == trial.Alarm { // what was bought comes first
				way = settledLater
			}
			open.add(f, way)
			continue
		case f.InUse && end.Purchase != "":
			saw, bought = known, append(bought, b.lesson(f, known))
		default:
			before = append(before, topic(f.Name))
			continue
		}
		if now, changes := fromNow(f.Name, saw); changes && known == saw {
			otherwise = append(otherwise, chat.Say("trial.now", "Now", now))
		}
	}
	var lines []chat.Phrase
	under := func(title chat.Phrase, all []chat.Phrase) {
		if len(all) > 0 {
			lines = append(append(lines, chat.Phrase{}, title), all...)
		}
	}
	under(chat.Say("trial.learned"), shown)
	under(chat.Say("trial.by_purchases"), bought)
	lines = append(lines, open.lines()...)
	if len(before) > 0 {
		lines = append(lines, chat.Phrase{}, chat.Say("trial.known_before", "Count", len(before), "Topics", before))
	}
	under(chat.Say("trial.from_now"), otherwise)
	if len(otherwise) == 0 && len(shown) > 0 && end.How == trial.Done {
		lines = append(lines, chat.Phrase{}, chat.Say("trial.same_as_before"))
	}
	return lines
}

// openFacts are facts that an experiment has left open, by what settles them.
type openFacts []struct {
	way    profile.Way
	topics []chat.Phrase
}

// settledLater says of facts that there is something else to do first.
const settledLater profile.Way = "later"

func (o *openFacts) add(f profile.Fact, way profile.Way) {
	for i := range *o {
		if one := &(*o)[i]; one.way == way {
			one.topics = append(one.topics, topic(f.Name))
			return
		}
	}
	*o = append(*o, struct {
		way    profile.Way
		topics []chat.Phrase
	}{way, []chat.Phrase{topic(f.Name)}})
}

func (o openFacts) lines() []chat.Phrase {
	var lines []chat.Phrase
	for _, one := range o {
		settles := chat.Say("trial.settles." + string(one.way))
		lines = append(lines, chat.Say("trial.still_open", "Count", len(one.topics), "Topics", one.topics, "Settles", settles))
	}
	if len(lines) > 0 {
		lines = append([]chat.Phrase{{}}, lines...)
	}
	return lines
}

// shownBy returns what the calls of an experiment have shown of a fact, last; false: nothing.
func shownBy(end trial.Outcome, f profile.Fact) (answer profile.Answer, seen bool) {
	for _, l := range end.Lessons {
		if l.Fact == f.Name && slices.Contains(f.Answers, l.Answer) {
			answer, seen = l.Answer, true
		}
	}
	return answer, seen
}

// lesson says one thing that was seen.
func (b Board) lesson(f profile.Fact, saw profile.Answer) chat.Phrase {
	said := sentence(f.Name, saw)
	switch {
	case b.Known[f.Name] != saw && slices.Contains(b.Rebuilt, f.Name):
		return chat.Say("trial.lesson_rebuilt", "Saw", said)
	case b.Known[f.Name] != saw:
		return chat.Say("trial.lesson_doubted", "Saw", said)
	case slices.Contains(f.Expects, saw):
		return chat.Say("trial.lesson_expected", "Saw", said)
	default:
		return chat.Say("trial.lesson_otherwise", "Saw", said, "Expected", sentence(f.Name, f.Expects[0]))
	}
}

// ReportCaption describes the file of a report.
func ReportCaption() chat.Phrase { return chat.Say("trial.report") }
