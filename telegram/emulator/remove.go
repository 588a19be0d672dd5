package emulator

import (
	"encoding/json"
	"time"
)

// maxAge is the age up to which a message can be deleted (Bot API, deleteMessage).
const maxAge = 48 * time.Hour

func (s *Server) deleteMessage(a args) (any, error) {
	if a.get("chat_id") == "" {
		return nil, badRequest("chat identifier is not specified")
	}
	if a.id("message_id") == 0 {
		return nil, badRequest("message identifier is not specified")
	}
	m, err := s.messageFor(a, toWrite, "message to delete")
	if err != nil {
		return nil, err
	}
	if err := s.deletable(m); err != nil {
		return nil, err
	}
	s.remove(m, s.bot.ID)
	return true, nil
}

// deleteMessages skips what it does not find, but deletes nothing when one of the
// others cannot be deleted.
func (s *Server) deleteMessages(a args) (any, error) {
	var ids []json.Number
	raw := a.get("message_ids")
	switch {
	case raw == "" || raw == "[]":
		return nil, badRequest("message identifiers are not specified")
	case !json.Valid([]byte(raw)):
		return nil, badRequest("can't parse message_ids JSON object")
	case a.json("message_ids", &ids) != nil:
		return nil, badRequest("message identifier must be a Number")
	case len(ids) > 100:
		return nil, badRequest("too many message identifiers specified")
	}
	c, err := s.chatFor(a.get("chat_id"), toWrite)
	if err != nil {
		return nil, err
	}
	var found []*message
	for _, id := range ids {
		n, err := id.Int64()
		if err != nil {
			return nil, badRequest("can't parse message identifier as a Number")
		}
		if n <= 0 {
			return nil, badRequest("invalid message identifier specified")
		}
		if m := c.find(int(n)); m != nil {
			if err := s.deletable(m); err != nil {
				return nil, err
			}
			found = append(found, m)
		}
	}
	for _, m := range found {
		s.remove(m, s.bot.ID)
	}
	return true, nil
}

// deletable refuses what the bot may not delete (MessagesManager.cpp,
// can_delete_channel_message and can_revoke_message).
func (s *Server) deletable(m *message) error {
	bot, age := m.chat.member(s.bot.ID), s.cfg.Now().Sub(m.date)
	own := m.from == s.bot.ID && m.service == nil
	if m.chat.kind == kindSupergroup {
		begins := m.id == 1 || m.service != nil && (m.service.migratedFrom != 0 || m.service.topic != "")
		mayOthers := bot.admin() && bot.Delete
		if age >= maxAge || begins || !own && !mayOthers {
			return badRequest("message can't be deleted")
		}
		return nil
	}
	if age > maxAge || m.chat.kind == kindGroup && !own && !bot.admin() {
		return badRequest("message can't be deleted for everyone")
	}
	return nil
}

// remove takes a message away: nothing of its content is kept.
func (s *Server) remove(m *message, by int64) {
	if m.deleted {
		return
	}
	who := s.name(by)
	switch m.from {
	case s.bot.ID:
		s.note(m, "%s deletes #%d", who, m.number)
	case by:
		s.note(m, "%s deletes %q", who, short(m.text))
	default:
		s.note(m, "%s deletes %s's %q", who, s.name(m.from), short(m.text))
	}
	s.forget(m)
}

// forget empties a message that is there no more.
func (s *Server) forget(m *message) {
	m.deleted = true
	m.text, m.entities, m.markup, m.document, m.photo = "", nil, nil, nil, nil
	m.rev = s.touch()
}
