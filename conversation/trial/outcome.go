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
	lines := []chat.Phrase{chat.Say("trial.ended."+string(end.How), "At", end.At)}
	if end.Failure != nil {
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
			lines = append(lines, chat.Say("trial.sign."+string(sign)))
		}
		lines = append(lines, chat.Say("trial.alarm_next"))
	}
	switch {
	case end.Purchase != "":
		lines = append(lines, chat.Say("trial.bought", "ID", end.Purchase))
	case end.Unknown:
		lines = append(lines, chat.Say("trial.paid_unknown"))
	case end.How != trial.Alarm:
		lines = append(lines, chat.Say("trial.nothing_paid"))
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
		default:
			lines = append(lines, chat.Say("trial.server_stays", "Name", s.Name))
		}
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

// learned says what is known by an experiment, how that differs from what was expected, what
// is still open, and what the bot does otherwise. What its purchase has taught is known by it,
// too.
func (b Board) learned(end trial.Outcome) []chat.Phrase {
	var known, open, otherwise []chat.Phrase
	for _, f := range profile.Settled(end.Source) {
		saw := b.Known[f.Name]
		for _, l := range end.Lessons {
			if l.Fact == f.Name && slices.Contains(f.Answers, l.Answer) {
				saw = l.Answer
			}
		}
		if saw == "" {
			open = append(open, topic(f.Name))
			continue
		}
		known = append(known, b.lesson(f, saw))
		if now, changes := fromNow(f.Name, saw); changes && b.Known[f.Name] == saw {
			otherwise = append(otherwise, chat.Say("trial.now", "Now", now))
		}
	}
	var lines []chat.Phrase
	if len(known) > 0 {
		lines = append(append(lines, chat.Phrase{}, chat.Say("trial.learned")), known...)
	}
	if len(open) > 0 {
		lines = append(lines, chat.Phrase{}, chat.Say("trial.still_open", "Count", len(open), "Topics", open))
	}
	switch {
	case len(otherwise) > 0:
		lines = append(append(lines, chat.Phrase{}, chat.Say("trial.from_now")), otherwise...)
	case len(known) > 0:
		lines = append(lines, chat.Phrase{}, chat.Say("trial.same_as_before"))
	}
	return lines
}

// lesson says one thing that was seen.
func (b Board) lesson(f profile.Fact, saw profile.Answer) chat.Phrase {
	said := sentence(f.Name, saw)
	switch {
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
