package emulator

import (
	"slices"
	"strings"
)

// asked lists whom a selective ForceReply asks: those whom the text mentions and
// whom the message answers, as far as they are there (Bot API, ForceReply).
func (s *Server) asked(m *message) []int64 {
	var who []int64
	add := func(id int64) {
		if p := s.findPerson(id); p != nil && !p.Bot && !slices.Contains(who, id) && (m.chat.kind == kindPrivate || m.chat.member(id).present()) {
			who = append(who, id)
		}
	}
	if r := m.chat.ever(m.replyTo); r != nil {
		add(r.from)
	}
	for _, e := range m.entities {
		if e.Type == "text_mention" {
			add(e.User.ID)
		}
		if e.Type != "mention" {
			continue
		}
		name := strings.TrimPrefix(slice16(m.text, e.Offset, e.end()), "@")
		for _, p := range s.people {
			if p.Username != "" && strings.EqualFold(p.Username, name) {
				add(p.ID)
			}
		}
	}
	return who
}

// checkAsking counts a question that nobody sees as one.
func (s *Server) checkAsking(m *message) {
	if m.markup != nil && m.markup.forceReply && m.markup.selective && m.chat.kind != kindPrivate && len(s.asked(m)) == 0 {
		s.violate("a selective force_reply in a group answers and mentions nobody who is there, so nobody is asked")
	}
}
