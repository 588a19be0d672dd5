package server

import (
	"slices"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/job"
	"zomrobot/zomro"
)

// In a group a team looks at the servers that it has bought. Those whose role lets them
// start, stop, reboot and rename them there; everything else is done in private, by
// whoever holds the account: they alone get a link to the server's card.

// possible are the ops that can be asked for with a server where the dialogue is.
func (s *Servers) possible(d conversation.Dialogue, server zomro.Service) []job.Op {
	ops := job.Possible(server)
	if d.Key.Private() {
		return ops
	}
	return slices.DeleteFunc(ops, func(op job.Op) bool { return !s.Operates || !op.Shared() })
}

// checkedAct has something done with a server in a group, if the person still wants it
// and Telegram has told what they are there. Who may not is told by whoever carries it out.
func checkedAct(t *conversation.Turn, order job.Order, e conversation.Checked) {
	s, ok := asideServers(t)
	if !ok || t.Dialogue.Aside.Place != PlaceServerAsk || s.Chosen != order.Server || s.Ask.Op != order.Op || s.Ask.NewName != order.NewName {
		return
	}
	if e.Failed {
		t.Note(chat.Say("problem.not_checked"))
		t.Show = true
		return
	}
	t.Act(Act{Order: order, Status: e.Status, Holder: e.Holder})
}

// holds reports whether the account that pays for the group is the person's own.
func holds(d conversation.Dialogue) bool {
	return d.Team != nil && d.Team.Team.Account != nil && d.Team.Team.Account.Holder == d.Key.User
}

// linkToPrivate asks for the link from a server's card in a group to the one in private.
func linkToPrivate(t *conversation.Turn, s *Servers) {
	if _, found := s.chosen(); found && holds(t.Dialogue) {
		s.Link = ""
		t.Do(conversation.MakeLink{Purpose: conversation.LinkServer, Draft: s.Chosen})
	}
}

// serverLinkMade shows the link on the card that waits for it.
func serverLinkMade(t *conversation.Turn, e conversation.LinkMade) {
	if s, ok := asideServers(t); ok && e.Purpose == conversation.LinkServer && s.Chosen == e.Draft {
		s.Link = e.Code
		t.Show = true
	}
}

// serverLinkOpened shows the server in private.
func serverLinkOpened(t *conversation.Turn, e conversation.LinkOpened) {
	if !e.Refused && e.Purpose == conversation.LinkServer {
		servers(t, &Servers{Chosen: e.Draft})
	}
}

// askInPrivate is the end of a server's card in a group.
func askInPrivate(v *conversation.View, s *Servers) {
	if s.Link != "" {
		v.Row(chat.Button{Label: chat.Say("button.server_private"), Start: s.Link})
	}
	v.Row(v.Button(chat.Say("button.look_again"), conversation.VerbAgain))
}
