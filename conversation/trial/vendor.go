package trial

import (
	"slices"

	"zomrobot/chat"
	"zomrobot/zomro/profile"
)

// mostReopened is how many facts that are open again a message names.
const mostReopened = 12

// topic says what a fact is about.
func topic(fact profile.Name) chat.Phrase { return chat.Say("vendor.fact." + string(fact)) }

// sentence says an answer of a fact as a sentence.
func sentence(fact profile.Name, answer profile.Answer) chat.Phrase {
	return chat.Say("vendor.answer." + string(fact) + "." + string(answer))
}

// changing are the answers by which the bot does something otherwise, each with its fact.
var changing = map[profile.Name][]profile.Answer{
	profile.LineItem:     {profile.ID, profile.Elid},
	profile.RemoveBy:     {profile.Elid},
	profile.Button:       {profile.Needed},
	profile.ConfirmScope: {profile.Row, profile.WholeCart},
	profile.Taken:        {profile.More},
}

// fromNow says what the bot does otherwise once an answer is known; false: nothing.
func fromNow(fact profile.Name, answer profile.Answer) (chat.Phrase, bool) {
	if !slices.Contains(changing[fact], answer) {
		return chat.Phrase{}, false
	}
	return chat.Say("vendor.now." + string(fact) + "." + string(answer)), true
}

// Reopened tells the owners of the bot which facts are open again, and what that means;
// false: there are none among the changes. p is the profile after them.
func Reopened(p profile.Profile, changes []profile.Change) (chat.Screen, bool) {
	open := slices.DeleteFunc(slices.Clone(changes), func(c profile.Change) bool {
		return c.Is != profile.Open || c.Was == profile.Open
	})
	if len(open) == 0 {
		return chat.Screen{}, false
	}
	s := chat.Screen{Lines: []chat.Phrase{chat.Say("trial.reopened", "Count", len(open)), {}}}
	for i, c := range open {
		if i == mostReopened {
			s.Lines = append(s.Lines, chat.Say("trial.reopened_more", "Count", len(open)-mostReopened))
			break
		}
		doubt := p.Doubts[c.Fact]
		line := chat.Say("trial.reopened_build", "Was", sentence(c.Fact, doubt.Was.Answer))
		if doubt.Why == profile.Contradicted {
			line = chat.Say("trial.reopened_seen", "Was", sentence(c.Fact, doubt.Was.Answer), "Saw", sentence(c.Fact, doubt.Saw))
		}
		s.Lines = append(s.Lines, line)
	}
	s.Lines = append(s.Lines, chat.Phrase{}, chat.Say("trial.reopened_next"))
	return s, true
}
