package emulator

import "strings"

// hears tells whether the bot gets a message. In groups, in the privacy mode, it
// gets commands meant for it, bare commands if it spoke last of all bots, replies
// to its own messages and to those it got, service messages, and everything when it
// is an administrator; it never gets what other bots say (Bot API, "Privacy mode").
func (s *Server) hears(m *message) bool {
	c := m.chat
	if c.kind == kindPrivate {
		return true
	}
	bot := c.member(s.bot.ID)
	if !bot.present() {
		return false
	}
	if m.service != nil {
		return true
	}
	if p := s.findPerson(m.from); p != nil && p.Bot {
		return false
	}
	if s.cfg.ReadsAll || bot.admin() {
		return true
	}
	for _, e := range m.entities {
		if e.Type != "bot_command" {
			continue
		}
		_, to, named := strings.Cut(slice16(m.text, e.Offset, e.end()), "@")
		if named && strings.EqualFold(to, s.bot.Username) || !named && e.Offset == 0 && c.lastBot == s.bot.ID {
			return true
		}
	}
	if r := c.ever(m.replyTo); r != nil && r.service == nil {
		return r.from == s.bot.ID || r.meant
	}
	return false
}
