package server

import (
	"reflect"
	"slices"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/job"
)

// RenderBatch makes the card of what is being done with several servers, which is edited
// while it goes on, and the message when all of it has ended.
func RenderBatch(b job.Batch, jobs []job.Record) chat.Screen {
	s := renderBatch(b, jobs)
	if b.For != nil {
		s.Lines = append([]chat.Phrase{chat.Say("card.of", "Name", b.For.By)}, s.Lines...)
	}
	return s
}

// HolderNewsOfBatch is [HolderNews] of several servers.
func HolderNewsOfBatch(b job.Batch, jobs []job.Record, team string) (chat.Screen, bool) {
	shown := renderBatch(b, jobs)
	told := slices.Clone(jobs)
	for i := range told {
		told[i].For = nil
	}
	s := renderBatch(b, told)
	if reflect.DeepEqual(s, shown) {
		return chat.Screen{}, false
	}
	s.Lines = append([]chat.Phrase{chat.Say("holder.about_servers", "Team", team), {}}, s.Lines...)
	s.Rows = [][]chat.Button{{conversation.CommandButton("servers")}}
	return s, true
}

// unsure is how far a job is whose answer was lost and that is followed.
const unsure = "unsure"

// busy is how far those are that were not begun.
const busy = "busy"

// ranks are how far jobs can be, what has to be looked at first.
var ranks = []string{
	string(job.Failed), string(job.Refused), string(job.Unclear), string(job.Late), string(job.Dropped), busy,
	unsure, string(job.Waiting), string(job.Sending), string(job.Following), string(job.Done),
}

// alike are the servers of a batch of which the same is to be said.
type alike struct {
	stage string
	why   *conversation.Problem // nil: none is told
	names []string
}

// grouped puts what is the same of several jobs together, in the order of [ranks].
func grouped(b job.Batch, jobs []job.Record) []alike {
	var groups []alike
	add := func(stage string, why *conversation.Problem, name string) {
		i := slices.IndexFunc(groups, func(g alike) bool { return g.stage == stage && reflect.DeepEqual(g.why, why) })
		if i < 0 {
			i, groups = len(groups), append(groups, alike{stage: stage, why: why})
		}
		groups[i].names = append(groups[i].names, conversation.ShortName(name))
	}
	for _, r := range jobs {
		stage := string(r.Stage)
		if r.Stage == job.Following && r.Unsure {
			stage = unsure
		}
		var why *conversation.Problem
		if tellsWhy(r) && (!r.Unsure || r.Failure.Said()) {
			p := problemOfJob(r)
			why = &p
		}
		add(stage, why, r.Order.Name)
	}
	for _, o := range b.Busy {
		add(busy, nil, o.Name)
	}
	slices.SortStableFunc(groups, func(a, b alike) int { return slices.Index(ranks, a.stage) - slices.Index(ranks, b.stage) })
	return groups
}

func renderBatch(b job.Batch, jobs []job.Record) chat.Screen {
	all := len(b.Jobs) + len(b.Busy)
	s := chat.Screen{Lines: []chat.Phrase{chat.Say("batch.title", "Count", all, "Deed", conversation.OpText(job.Order{Op: b.Op}))}}
	ended := job.Ended(jobs)
	if !ended {
		over := len(slices.DeleteFunc(slices.Clone(jobs), func(r job.Record) bool { return !r.Stage.Ended() }))
		s.Lines = append(s.Lines, chat.Say("batch.progress", "Over", over, "All", len(b.Jobs)))
	}
	space := roomForNames
	groups := grouped(b, jobs)
	for i, g := range groups {
		if !space.takes("", aroundGroup) {
			rest := 0
			for _, g := range groups[i:] {
				rest += len(g.names)
			}
			s.Lines = append(s.Lines, chat.Say("several.more", "Count", rest))
			break
		}
		told := g.why != nil && space.takes(g.why.Message, aroundReason)
		s.Lines = append(s.Lines, chat.Say("batch.stage."+g.stage, "Names", space.listed(g.names)))
		if told {
			s.Lines = append(s.Lines, conversation.ProblemText(*g.why))
		}
	}
	if slices.ContainsFunc(jobs, func(r job.Record) bool { return r.Stage == job.Waiting }) {
		s.Rows = append(s.Rows, stopWaiting(b.ID, b.Owner))
	}
	if !ended {
		return s
	}
	if b.Op == job.Stop && slices.ContainsFunc(jobs, func(r job.Record) bool { return r.Stage == job.Done }) {
		s.Lines = append(s.Lines, chat.Say("server.stopped_costs"))
	}
	if undone := len(b.Undone(jobs)); undone > 0 {
		s.Rows = append(s.Rows, []chat.Button{{Label: chat.Say("button.batch_again", "Left", undone), Data: conversation.KindBatch + ":" + b.ID}})
	}
	s.Rows = append(s.Rows, []chat.Button{conversation.CommandButton("servers")})
	return s
}
