package server

import (
	"fmt"
	"slices"
	"strconv"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/job"
	"zomrobot/zomro"
)

// Several is what is to be done with several servers at once.
type Several struct {
	IDs []string `json:"ids,omitempty"`  // of those that are chosen
	Op  job.Op   `json:"deed,omitempty"` // what is asked about; "": they are being chosen
}

// together are the ops that can be done with several servers at once, in the order of their
// buttons.
var together = []job.Op{job.Start, job.Stop, job.Reboot, job.Delete}

// mayChoose reports whether something can be done with several of the servers where the
// dialogue is.
func (s *Servers) mayChoose(d conversation.Dialogue) bool {
	return len(s.List) > 1 && (d.Key.Private() || s.Operates)
}

// picked are the servers that are chosen and still listed, in the order of the list.
func (s *Servers) picked() []zomro.Service {
	return slices.DeleteFunc(slices.Clone(s.List), func(v zomro.Service) bool { return !slices.Contains(s.Several.IDs, v.ID) })
}

// divided are the chosen servers with which it can be done as they stand, those with which
// it cannot, and the ids of those that are not listed any more.
func (s *Servers) divided(d conversation.Dialogue) (able, left []zomro.Service, gone []string) {
	picked := s.picked()
	for _, v := range picked {
		if slices.Contains(s.possible(d, v), s.Several.Op) {
			able = append(able, v)
		} else {
			left = append(left, v)
		}
	}
	for _, id := range s.Several.IDs {
		if !slices.ContainsFunc(picked, func(v zomro.Service) bool { return v.ID == id }) {
			gone = append(gone, id)
		}
	}
	return able, left, gone
}

func askServersPick(v *conversation.View) {
	s := serversOf(v.Dialogue)
	v.Line(chat.Say("several.pick", "Most", job.MostAtOnce))
	if v.Waiting(s.Loaded, s.Trouble) {
		return
	}
	chosen := s.picked()
	if n := len(chosen); n > 0 {
		few := roomForChosen
		v.Line(chat.Say("several.chosen", "Count", n, "Names", few.listed(s.names(chosen))))
	}
	v.Gap()
	found, from, to := s.searched()
	v.Searched(s.Search, len(found))
	for _, i := range found[from:to] {
		v.Line(s.lineOf(s.List[i]))
		v.Row(v.Option(s.label(i), slices.Contains(s.Several.IDs, s.List[i].ID), conversation.VerbMark, i))
	}
	v.Pages(s.Page, len(found), s.Search != "")
	var marks []chat.Button
	if slices.ContainsFunc(found, func(i int) bool { return !slices.Contains(s.Several.IDs, s.List[i].ID) }) {
		marks = append(marks, v.Button(chat.Say("button.several_all", "Found", len(found)), conversation.VerbEach))
	}
	if len(chosen) > 0 {
		marks = append(marks, v.Button(chat.Say("button.several_none"), conversation.VerbNone))
	}
	v.Grid(2, marks)
	v.Grid(2, opButtons(v, s.doable(v.Dialogue, chosen)))
}

// doable are the ops that can be done with at least one of the servers.
func (s *Servers) doable(d conversation.Dialogue, servers []zomro.Service) []job.Op {
	return slices.DeleteFunc(slices.Clone(together), func(op job.Op) bool {
		return !slices.ContainsFunc(servers, func(v zomro.Service) bool { return slices.Contains(s.possible(d, v), op) })
	})
}

func pressServersPick(t *conversation.Turn, verb string, n int) bool {
	s := serversOf(t.Dialogue)
	if browsed := pressList(t, verb, n); browsed {
		return true
	}
	switch {
	case !s.Loaded:
		return false
	case verb == conversation.VerbMark && n >= 0 && n < len(s.List):
		markServer(t, s.List[n].ID)
	case verb == conversation.VerbEach:
		markFound(t)
	case verb == conversation.VerbNone:
		s.Several.IDs = nil
	case verb == conversation.VerbDo && n >= 0 && n < len(allOps) && slices.Contains(s.doable(t.Dialogue, s.picked()), allOps[n]):
		s.Several.Op = allOps[n]
		t.Dialogue.Aside.Place = s.place()
		reloadServers(t) // what they are like may have changed while they were chosen
	default:
		return false
	}
	return true
}

// markServer chooses a server, or no longer.
func markServer(t *conversation.Turn, id string) {
	s := serversOf(t.Dialogue)
	switch i := slices.Index(s.Several.IDs, id); {
	case i >= 0:
		s.Several.IDs = slices.Delete(s.Several.IDs, i, i+1)
	case len(s.picked()) >= job.MostAtOnce:
		t.Answer(chat.Say("toast.several_full", "Most", job.MostAtOnce))
	default:
		s.Several.IDs = append(s.Several.IDs, id)
	}
}

// markFound chooses all servers that the search finds, as many as can be chosen.
func markFound(t *conversation.Turn) {
	s := serversOf(t.Dialogue)
	for _, i := range find(s.Search, s.List) {
		id := s.List[i].ID
		switch {
		case slices.Contains(s.Several.IDs, id):
		case len(s.picked()) >= job.MostAtOnce:
			t.Answer(chat.Say("toast.several_full", "Most", job.MostAtOnce))
			return
		default:
			s.Several.IDs = append(s.Several.IDs, id)
		}
	}
}

// pickAgain goes back from the question to the choice, of what is still there.
func pickAgain(t *conversation.Turn) {
	s, ok := asideServers(t)
	if !ok {
		return
	}
	s.Several.Op = ""
	s.Several.IDs = slices.DeleteFunc(s.Several.IDs, func(id string) bool {
		return !slices.ContainsFunc(s.List, func(v zomro.Service) bool { return v.ID == id })
	})
	if !s.Loaded {
		reloadServers(t)
	}
}

// severalLoaded goes on with what is asked about several servers, once it is known how they
// stand: if only one of them is left, with that one alone.
func severalLoaded(t *conversation.Turn, s *Servers) {
	able, _, _ := s.divided(t.Dialogue)
	if len(able) != 1 {
		return
	}
	space := roomForNames
	left := s.leftOut(t.Dialogue, &space)
	op := s.Several.Op
	s.Several, s.Chosen, s.Details = nil, able[0].ID, nil
	begin(t, op)
	t.Note(left...)
}

func askServersAsk(v *conversation.View) {
	s := serversOf(v.Dialogue)
	if v.Waiting(s.Loaded, s.Trouble) {
		return
	}
	if !v.Dialogue.Key.Private() && !s.Operates { // it came by the button of somebody else's
		v.Line(conversation.ProblemText(conversation.Problem{Code: conversation.CodeNotAllowed}))
		return
	}
	if len(sure(v, s)) == 0 {
		return
	}
	if s.Several.Op == job.Delete {
		v.Line(chat.Say("several.type_number"))
		return
	}
	yes := v.Button(opLabel(s.Several.Op), conversation.VerbYes)
	if yes.Style = chat.Danger; s.Several.Op == job.Start {
		yes.Style = chat.Primary
	}
	v.Row(yes)
}

// sure names each server, says what doing it means, and what is left out. It returns those
// with which it would be done; none: so it says.
func sure(v *conversation.View, s *Servers) []zomro.Service {
	op := s.Several.Op
	able, _, _ := s.divided(v.Dialogue)
	space := roomForNames
	if len(able) == 0 {
		v.Line(chat.Say("several.none_able"))
		v.Line(s.leftOut(v.Dialogue, &space)...)
		return nil
	}
	v.Line(chat.Say("several.sure."+string(op), "Count", len(able)))
	names := s.names(able)
	if op == job.Delete {
		names = withIDs(able)
	}
	for i, server := range able {
		if !space.takes(names[i], aroundName) {
			v.Line(chat.Say("several.more", "Count", len(able)-i))
			break
		}
		v.Line(chat.Say("several.server", "Mark", conversation.ServerMark(server), "Name", names[i]))
	}
	if left := s.leftOut(v.Dialogue, &space); len(left) > 0 {
		v.Gap()
		v.Line(left...)
	}
	v.Gap()
	switch op {
	case job.Stop:
		v.Line(stopCosts(able)...)
	case job.Reboot:
		v.Line(chat.Say("several.reboot_means"))
	case job.Delete:
		v.Line(chat.Say("several.delete_means"), chat.Say("delete.copies"))
	default:
	}
	return able
}

// stopCosts says that servers are paid for also while they are stopped.
func stopCosts(servers []zomro.Service) []chat.Phrase {
	all := zomro.SpendingOf(servers)
	if all.Count == 0 {
		return []chat.Phrase{chat.Say("server.stopped_costs")}
	}
	lines := []chat.Phrase{chat.Say("several.stop_costs", "Month", all.Month, "Day", all.Day)}
	if all.Unread > 0 {
		lines = append(lines, chat.Say("services.unread", "Count", all.Unread))
	}
	return lines
}

// leftOut names the chosen servers with which it is not done, by how they stand.
func (s *Servers) leftOut(d conversation.Dialogue, space *room) []chat.Phrase {
	_, left, gone := s.divided(d)
	var lines []chat.Phrase
	for len(left) > 0 {
		state := serverState(left[0])
		alike := func(v zomro.Service) bool { return sameState(serverState(v), state) }
		same := slices.DeleteFunc(slices.Clone(left), func(v zomro.Service) bool { return !alike(v) })
		left = slices.DeleteFunc(left, alike)
		lines = append(lines, chat.Say("several.left", "Left", len(same), "All", len(s.Several.IDs), "State", state, "Names", space.listed(s.names(same))))
	}
	if len(gone) > 0 {
		for i, id := range gone {
			gone[i] = conversation.Which(id, "")
		}
		lines = append(lines, chat.Say("several.gone", "Names", space.listed(gone)))
	}
	return lines
}

// sameState reports whether two states are said alike.
func sameState(a, b chat.Phrase) bool {
	return a.Key == b.Key && a.Args["Text"].Text == b.Args["Text"].Text
}

// names are how servers are told from the others of the account, no longer than a button
// has them.
func (s *Servers) names(servers []zomro.Service) []string {
	names := make([]string, len(servers))
	for i, server := range servers {
		names[i] = conversation.ShortName(s.called(server))
	}
	return names
}

// withIDs are the names of servers that are to be deleted.
func withIDs(servers []zomro.Service) []string {
	names := make([]string, len(servers))
	for i, server := range servers {
		names[i] = fmt.Sprintf("%s (%s)", conversation.Short(server.Name), conversation.Which(server.ID, ""))
	}
	return names
}

func pressServersAsk(t *conversation.Turn, verb string, _ int) bool {
	s := serversOf(t.Dialogue)
	switch {
	case verb == conversation.VerbAgain:
		reloadServers(t)
	case verb == conversation.VerbYes && s.Loaded && s.Several.Op != job.Delete && len(s.orders(t.Dialogue)) > 0:
		doTogether(t)
	default:
		return false
	}
	return true
}

// textServersDelete deletes the servers when the person has typed how many they are.
func textServersDelete(t *conversation.Turn, text string) {
	s := serversOf(t.Dialogue)
	switch orders := s.orders(t.Dialogue); {
	case !s.Loaded || len(orders) == 0:
		t.Note(chat.Say("several.not_asked"))
	case text != strconv.Itoa(len(orders)):
		t.Note(chat.Say("several.other_number"))
	default:
		doTogether(t)
	}
}

// orders are what is done when the question is answered with yes.
func (s *Servers) orders(d conversation.Dialogue) []job.Order {
	able, _, _ := s.divided(d)
	orders := make([]job.Order, len(able))
	for i, server := range able {
		orders[i] = job.Order{Account: s.Account, Server: server.ID, Name: s.called(server), Op: s.Several.Op, Seen: server.Name}
	}
	return orders
}

// doTogether has it done; in a group once Telegram has told what the person is there.
func doTogether(t *conversation.Turn) {
	orders := serversOf(t.Dialogue).orders(t.Dialogue)
	if !t.Dialogue.Key.Private() {
		t.Do(conversation.Check{Acts: orders})
		return
	}
	actTogether(t, Acts{Orders: orders})
}

// checkedActs has it done in a group, if the person still wants it and Telegram has told
// what they are there.
func checkedActs(t *conversation.Turn, orders []job.Order, e conversation.Checked) {
	s, ok := asideServers(t)
	if !ok || t.Dialogue.Aside.Place != PlaceServersAsk || !slices.Equal(s.orders(t.Dialogue), orders) {
		return
	}
	if e.Failed {
		t.Note(chat.Say("problem.not_checked"))
		t.Show = true
		return
	}
	actTogether(t, Acts{Orders: orders, Status: e.Status, Holder: e.Holder})
}

// actTogether has the same done with several servers. The question's card becomes the one
// of it, unless it goes back to an order.
func actTogether(t *conversation.Turn, acts Acts) {
	if acts.Handed = t.Dialogue.Draft == nil; acts.Handed {
		acts.Typed, acts.Below = t.Typed()
	}
	t.Do(acts)
	t.Show = true
	t.Dialogue.Aside, t.Dialogue.Ended, t.Dialogue.Handed = nil, nil, acts.Handed
}

// batchRecalled asks again about the servers with which a batch has not done what it was to
// do, as they stand now.
func batchRecalled(t *conversation.Turn, e BatchRecalled) {
	s := &Servers{Account: e.Account}
	if len(e.Servers) > 0 {
		s.Several = &Several{IDs: e.Servers, Op: e.Op}
	}
	servers(t, s)
}
