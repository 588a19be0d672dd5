package emulator

import (
	"net/http"
	"strconv"
)

// access is what a method needs of a chat.
type access int

const (
	toRead access = iota
	toReadMembers
	toEdit
	toWrite
)

// readable finds a chat for a method that only looks at it.
func (s *Server) readable(chatID string) (*chat, error) { return s.chatFor(chatID, toRead) }

// chatFor finds a chat that the bot may use so (Client.cpp, check_chat_access). The
// caller holds the lock.
func (s *Server) chatFor(chatID string, need access) (*chat, error) {
	if chatID == "" {
		return nil, badRequest("chat_id is empty")
	}
	id, err := strconv.ParseInt(chatID, 10, 64)
	if err != nil {
		return nil, badRequest("chat not found")
	}
	c := s.findChat(id)
	if c == nil || c.deleted && c.kind == kindSupergroup {
		return nil, badRequest("chat not found")
	}
	if c.kind == kindPrivate {
		return c, c.person.reachable(need)
	}
	if c.movedTo != 0 && need != toRead {
		return nil, &refusal{
			code:        http.StatusBadRequest,
			description: "Bad Request: group chat was upgraded to a supergroup chat",
			migrateTo:   c.movedTo,
		}
	}
	if c.deleted && need != toRead {
		return nil, forbidden("the group chat was deleted")
	}
	bot := c.member(s.bot.ID)
	if bot.present() || c.kind == kindGroup && need == toRead {
		return c, nil
	}
	if bot == nil {
		return nil, badRequest("chat not found")
	}
	if bot.status == statusKicked {
		return nil, forbidden("bot was kicked from the %s chat", c.kind)
	}
	return nil, forbidden("bot is not a member of the %s chat", c.kind)
}

// reachable refuses what a person does not let the bot do.
func (p *person) reachable(need access) error {
	switch {
	case need != toWrite && need != toEdit:
		return nil
	case p.gone:
		return forbidden("user is deactivated")
	case !p.started:
		return forbidden("bot can't initiate conversation with a user")
	case p.blocked:
		return forbidden("bot was blocked by the user")
	default:
		return nil
	}
}

// messageFor finds a message of a chat; what names its role in the error.
func (s *Server) messageFor(a args, need access, what string) (*message, error) {
	c, err := s.chatFor(a.get("chat_id"), need)
	if err != nil {
		return nil, err
	}
	m := c.find(a.id("message_id"))
	if m == nil {
		return nil, badRequest("%s not found", what)
	}
	return m, nil
}
