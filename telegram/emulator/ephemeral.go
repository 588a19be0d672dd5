package emulator

import "encoding/json"

// aside reads ephemeral_message_parameters: the message is then seen by one member alone
// (Bot API 10.3, "Ephemeral messages and commands"). That is for groups, for a bot that
// administers them, or within the time of an answer to a press of the member's.
func (s *Server) aside(a args, m *message) error {
	v := a.get("ephemeral_message_parameters")
	if v == "" {
		return nil
	}
	var of struct {
		Receiver int64  `json:"receiver_user_id"`
		Press    string `json:"callback_query_id"`
		Replace  bool   `json:"replace_callback_query_message"`
	}
	if err := json.Unmarshal([]byte(v), &of); err != nil {
		return badRequest("can't parse ephemeral message parameters JSON object")
	}
	switch {
	case of.Receiver == 0:
		return badRequest("can't find field %q", "receiver_user_id")
	case m.chat.kind == kindPrivate:
		return badRequest("ephemeral messages can be sent only to groups and supergroups")
	case of.Replace || m.replyTo != 0 || m.markup != nil && m.markup.forceReply:
		return badRequest("the ephemeral message can't be sent so")
	case !m.chat.member(of.Receiver).present() || s.isBot(of.Receiver):
		return badRequest("PARTICIPANT_ID_INVALID")
	case of.Press == "" && !m.chat.member(s.bot.ID).admin():
		return badRequest("CHAT_ADMIN_REQUIRED")
	case of.Press != "" && !s.pressedLately(of.Press, of.Receiver, m.chat):
		return badRequest("QUERY_ID_INVALID")
	}
	m.to = of.Receiver
	return nil
}

// pressedLately tells whether somebody has tapped in a chat so shortly ago that it can be
// answered, whether it was or not.
func (s *Server) pressedLately(id string, user int64, c *chat) bool {
	for _, p := range s.presses {
		if p.ID == id {
			return p.User == user && p.Chat == c.id && s.cfg.Now().Sub(p.At) <= s.cfg.AnswerWithin
		}
	}
	return false
}

// isBot tells whether a user is this bot or another one.
func (s *Server) isBot(id int64) bool {
	p := s.findPerson(id)
	return p == nil || p.Bot
}

// seenBy tells whether a member sees a message.
func (m *message) seenBy(user int64) bool { return m.to == 0 || m.to == user }
