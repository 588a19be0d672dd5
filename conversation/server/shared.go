package server

import (
	"zomrobot/chat"
	"zomrobot/conversation"
)

// In a group a team looks at the servers that it has bought. What is done with a server
// is done in private, by whoever holds the account: they alone get a link to its card.

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
		servers(t, e.Draft, "")
	}
}

// askInPrivate is the end of a server's card in a group.
func askInPrivate(v *conversation.View, s *Servers) {
	if s.Link != "" {
		v.Row(chat.Button{Label: chat.Say("button.server_private"), Start: s.Link})
	}
	v.Row(v.Button(chat.Say("button.look_again"), conversation.VerbAgain))
}
