package trial

import (
	"slices"
	"strings"

	"zomrobot/zomro"
	"zomrobot/zomro/profile"
)

// Forms returns which answers were as the client reads them, and which were not, as far as
// they had rows to show it.
func Forms(c zomro.Conformance) []profile.Lesson {
	var all []profile.Lesson
	for _, f := range profile.Table {
		if !slices.Contains(f.Answers, profile.AsRead) {
			continue
		}
		rows, other := false, false
		for _, fact := range c.Facts {
			if fact.Func != f.Func {
				continue
			}
			within := strings.Contains(fact.Path, "elem.") || strings.Contains(fact.Path, ".val.")
			rows = rows || within && fact.Verdict == zomro.Confirmed
			other = other || fact.Verdict == zomro.Refuted
		}
		other = other || slices.ContainsFunc(c.Calls, func(call zomro.SurveyCall) bool {
			return call.Func == f.Func && zomro.KindOf(call.Err) == zomro.Unreadable
		})
		switch {
		case other:
			all = append(all, profile.Lesson{Fact: f.Name, Answer: profile.Otherwise})
		case rows:
			all = append(all, profile.Lesson{Fact: f.Name, Answer: profile.AsRead})
		}
	}
	return all
}
