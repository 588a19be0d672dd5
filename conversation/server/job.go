package server

import (
	"reflect"
	"slices"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/job"
	"zomrobot/zomro"
)

// RenderJob makes the card of something that is being done with a server, which is
// edited while it goes on, and the message when it ends.
func RenderJob(r job.Record) chat.Screen {
	s := renderJob(r)
	if r.For != nil {
		s.Lines = append([]chat.Phrase{chat.Say("card.of", "Name", r.For.By)}, s.Lines...)
	}
	return s
}

func renderJob(r job.Record) chat.Screen {
	name, deed := r.Order.Name, conversation.OpText(r.Order)
	if r.Stage == job.Done && (r.Order.Op == job.Rename || r.Order.Op == job.RenameImage && r.Order.Server == "") { // that is what it is called now
		name, deed = r.Order.NewName, chat.Say("deed.renamed", "Name", r.Order.Name)
	}
	s := chat.Screen{Lines: []chat.Phrase{chat.Say("action.title", "Name", name, "Deed", deed), conversation.JobStage(r.Order.Op, r.Stage)}}
	said := r.Failure != nil && r.Failure.Said()
	switch {
	case r.Unsure && denied(r) && (r.Stage == job.Following || r.Stage == job.Unclear):
		s.Lines[1] = chat.Say("action.denied." + string(r.Stage))
	case r.Stage == job.Following && r.Unsure:
		s.Lines[1] = conversation.JobUnsure(r.Order.Op, said)
	case r.Stage == job.Waiting:
		s.Lines[1] = waitingFor(r)
		s.Rows = append(s.Rows, stopWaiting(r.ID, r.Owner))
	}
	if tellsWhy(r) && (!r.Unsure || said) {
		s.Lines = append(s.Lines, conversation.ProblemText(problemOfJob(r)))
	}
	if showsState(r) {
		s.Lines = append(s.Lines, chat.Say("server.state", "Mark", conversation.ServerMark(*r.Service), "State", serverState(*r.Service)))
	}
	if !r.Stage.Ended() {
		return s
	}
	if r.Order.NeedsPassword() && (r.Stage == job.Dropped || r.Stage == job.Refused) {
		s.Lines = append(s.Lines, chat.Say("action.password_void"))
	}
	s.Lines = append(s.Lines, jobCharged(r)...)
	s.Lines = append(s.Lines, copyMade(r)...)
	if r.Order.Op == job.Renewal && (r.Stage == job.Late || r.Stage == job.Unclear) {
		s.Lines = append(s.Lines, chat.Say("renewal.not_seen"))
	}
	switch {
	case r.Stage != job.Done:
	case r.Order.Op == job.Stop:
		s.Lines = append(s.Lines, chat.Say("server.stopped_costs"))
	case r.Order.Op == job.Rescue:
		s.Lines = append(s.Lines, chat.Say("server.means."+zomro.PowerRescued))
		s.Rows = append(s.Rows, askFor(r, job.Unrescue))
	case r.Order.Op == job.BootISO:
		s.Lines = append(s.Lines, chat.Say("server.means."+zomro.PowerISO))
		s.Rows = append(s.Rows, askFor(r, job.EjectISO))
	case r.Order.Op == job.Delete:
		s.Lines = append(s.Lines, chat.Say("delete.copies"))
		s.Rows = append(s.Rows, []chat.Button{conversation.CommandButton("images")})
		return s
	case r.Settled != "":
		s.Lines[1] = chat.Say("server.size_settled." + string(r.Settled))
	case r.Awaits():
		s.Lines[1] = chat.Say("server.means." + zomro.PowerResized) // it is not done before that is decided
		for _, op := range []job.Op{job.Keep, job.Rollback} {
			s.Rows = append(s.Rows, askFor(r, op))
		}
	}
	if r.For == nil && tellsWhy(r) && conversation.IsDenied(problemOfJob(r)) {
		s.Rows = append(s.Rows, []chat.Button{conversation.CommandButton("login")})
	}
	s.Rows = append(s.Rows, afterJob(r, name)...)
	return s
}

// askFor is the button that asks whether to do something with the server of a job.
func askFor(r job.Record, op job.Op) []chat.Button {
	return []chat.Button{{Label: opLabel(op), Data: conversation.KindServer + ":" + r.Order.Server + ":" + string(op)}}
}

// afterJob are the buttons of a job that has ended: they ask again, and lead to where it began.
func afterJob(r job.Record, name string) (rows [][]chat.Button) {
	back := []chat.Button{conversation.CommandButton("images")}
	if r.Order.Server != "" {
		back = conversation.ToBegin(r.Order, name)
	}
	if r.Crossed() {
		again := back[len(back)-1] // to where it began
		if slices.Contains(allOps, r.Order.Op) {
			again.Data = conversation.KindServer + ":" + r.Order.Server + ":" + string(r.Order.Op)
		} else {
			back = back[:len(back)-1]
		}
		again.Label = chat.Say("button.again")
		rows = append(rows, []chat.Button{again})
	}
	if len(back) > 0 {
		rows = append(rows, back)
	}
	return rows
}

// tellsWhy reports whether it is told why a job was not done. What is waited for says the
// card itself.
func tellsWhy(r job.Record) bool {
	return r.Failure != nil && r.Stage != job.Done && r.Stage != job.Waiting
}

// denied reports whether the vendor did not let a job's call in. Of one that spends nothing
// follows from that.
func denied(r job.Record) bool {
	return r.Failure != nil && r.Failure.Denied() && !r.Order.Op.Spends()
}

// waitingFor says that a job waits for another operation, and what comes then.
func waitingFor(r job.Record) chat.Phrase {
	if r.Resends() {
		return conversation.JobStage(r.Order.Op, r.Stage)
	}
	return chat.Say("action.waiting_only")
}

// stopWaiting is the button that ends the waiting of a job, or of those of a batch.
func stopWaiting(id string, owner chat.Key) []chat.Button {
	return []chat.Button{{Label: chat.Say("button.stop_waiting"), Data: conversation.KindJob + ":" + id + conversation.OwnerSuffix(owner)}}
}

// TooLateToStop tells a person that a job does not wait any more.
func TooLateToStop() chat.Phrase { return chat.Say("toast.waits_no_more") }

// showsState reports whether the server's state says something about a job.
func showsState(r job.Record) bool {
	op := r.Order.Op
	said := !op.OfImage() && !op.OfSchedule() && !op.Sets() || r.Stage == job.Failed || r.Stage == job.Waiting
	return r.Service != nil && r.Settled == "" && said && (r.Stage != job.Done || op != job.Delete)
}

// copyMade says what came of making a copy, as far as it is known.
func copyMade(r job.Record) []chat.Phrase {
	switch {
	case !r.Order.Op.Copies():
		return nil
	case r.Stage == job.Unclear:
		return []chat.Phrase{chat.Say("action.copy_unclear")}
	case r.Stage != job.Done || r.Made == nil:
		return nil
	}
	var lines []chat.Phrase
	if r.Made.Size != "" {
		lines = append(lines, chat.Say("copy.size_line", "Size", r.Made.Size))
	}
	if r.Made.Cost == nil {
		return append(lines, chat.Say("copy.cost_unknown"))
	}
	return append(lines, chat.Say("copy.cost_line", "Cost", conversation.CostOfDay(*r.Made.Cost)))
}

// jobCharged says what a move to a larger plan took from the balance, as far as the
// balance tells.
func jobCharged(r job.Record) []chat.Phrase {
	if r.Order.Op != job.Resize || r.Stage == job.Dropped || r.Stage == job.Refused && !r.Unsure {
		return nil
	}
	var was *zomro.Money
	if r.Before != nil {
		was = r.Before.Balance
	}
	now := r.Balance
	var lines []chat.Phrase
	if was == nil || now == nil || was.Currency != now.Currency {
		lines = append(lines, chat.Say("action.balance_unknown"))
	} else if less := conversation.Missing(*was, *now); less.Amount.IsPositive() {
		lines = append(lines, chat.Say("action.balance_less", "Was", *was, "Now", *now, "Less", less))
		if shown := r.Order.Cost; shown != nil && shown.Currency == less.Currency && less.Amount.GreaterThan(shown.Amount) {
			lines = append(lines, chat.Say("action.balance_more_than", "Shown", *shown, "Less", less))
		}
	} else if r.Stage == job.Refused {
		lines = append(lines, chat.Say("action.nothing_charged", "Now", *now))
	} else {
		lines = append(lines, chat.Say("action.balance", "Was", *was, "Now", *now))
	}
	if r.Stage == job.Unclear {
		lines = append(lines, chat.Say("action.resize_unclear"))
	}
	return lines
}

// problemOfJob is why a job was not done; a group is not told the vendor's own words.
func problemOfJob(r job.Record) conversation.Problem {
	f := r.Failure
	p := conversation.Problem{Kind: f.Kind, Code: f.Code, Object: f.Object, Message: f.Message}
	switch {
	case !r.Crossed() || f.Object != zomro.ObjectAtWork || r.Service == nil:
	case r.Service.Suspended():
		p = conversation.Problem{Kind: f.Kind, Code: conversation.CodeSuspended}
	case !r.Service.InWork():
		p = conversation.Problem{Kind: f.Kind, Code: conversation.CodeWasAtWork}
	}
	if r.For != nil {
		p = *p.Withhold()
		if p.Code == conversation.CodeNoAccount {
			p.Code = conversation.CodeNoTeamAccount
		}
	}
	return p
}

// HolderNews is the private message to whoever holds the account of a team, about what was
// not done with a server of theirs; false: the group is shown the same.
func HolderNews(r job.Record, team string) (chat.Screen, bool) {
	shown := renderJob(r)
	r.For = nil
	s := renderJob(r)
	if reflect.DeepEqual(s, shown) {
		return chat.Screen{}, false
	}
	s.Lines = append([]chat.Phrase{chat.Say("holder.about_server", "Team", team), {}}, s.Lines...)
	return s, true
}

// actRefused says that something is already being done with a server: in the card in
// which it was asked, or beside the order that the card goes back to.
func actRefused(t *conversation.Turn, e ActRefused) {
	if e.Why != "" {
		code := e.Why
		if code == conversation.CodeNoAccount && !t.Dialogue.Key.Private() {
			code = conversation.CodeNoTeamAccount
		}
		why := conversation.ProblemText(conversation.Problem{Code: code})
		t.End(why, conversation.CommandButton("servers"))
		t.Note(why)
		t.Show = true
		return
	}
	busy, look := chat.Say("action.busy", "Name", e.Order.Name), conversation.ToServer(e.Order.Server, e.Order.Name)
	if e.Order.Server == "" {
		look = conversation.CommandButton("images")
	}
	if t.Dialogue.Aside != nil || t.Dialogue.Draft != nil {
		t.Notify(chat.Screen{Lines: []chat.Phrase{busy}, Rows: [][]chat.Button{{look}}})
		return
	}
	t.End(busy, look)
	t.Dialogue.Passing, t.Show = true, true
}
