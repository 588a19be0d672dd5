package telegram

import (
	"slices"

	"zomrobot/chat"
)

// wireService are the service messages that matter here.
type wireService struct {
	MovedTo   int64      `json:"migrate_to_chat_id"`
	MovedFrom int64      `json:"migrate_from_chat_id"`
	Left      *wireUser  `json:"left_chat_member"`
	Joined    []wireUser `json:"new_chat_members"`
	Reopened  *struct{}  `json:"forum_topic_reopened"`
}

// wireChange is a change in what somebody is in a chat.
type wireChange struct {
	Chat wireChat   `json:"chat"`
	From *wireUser  `json:"from"`
	Was  wireMember `json:"old_chat_member"`
	Is   wireMember `json:"new_chat_member"`
}

type wireMember struct {
	Status   string   `json:"status"`
	User     wireUser `json:"user"`
	IsMember bool     `json:"is_member"`         // for somebody restricted
	CanWrite bool     `json:"can_send_messages"` // likewise
}

// standing says what somebody may do. An unknown status is taken for a member's:
// what cannot be written then fails by itself.
func (m wireMember) standing() chat.Standing {
	switch {
	case m.Status == "left" || m.Status == "kicked" || m.Status == "restricted" && !m.IsMember:
		return chat.StandingAway
	case m.Status == "restricted" && !m.CanWrite:
		return chat.StandingMute
	default:
		return chat.StandingWrite
	}
}

// decodeService reads what a service message says about the chat.
func decodeService(m wireMessage) (chat.Key, chat.Event, bool) {
	key := chat.Key{Chat: m.Chat.ID}
	switch {
	case m.Chat.ID == 0:
		return key, nil, false
	case m.MovedTo != 0:
		return key, chat.Moved{From: m.Chat.ID, To: m.MovedTo}, true
	case m.MovedFrom != 0:
		return key, chat.Moved{From: m.MovedFrom, To: m.Chat.ID}, true
	case m.Left != nil && !m.Left.IsBot && m.Left.ID != 0:
		return key, chat.MemberLeft{User: m.Left.ID}, true
	case slices.ContainsFunc(m.Joined, func(u wireUser) bool { return !u.IsBot }):
		return key, chat.MemberJoined{}, true
	case m.Reopened != nil && m.From != nil:
		return keyOf(m, wireUser{}), chat.BotChanged{By: person(*m.From), Was: chat.StandingMute, Is: chat.StandingWrite}, true
	default:
		return key, nil, false
	}
}

// decodeMyMember reads what the bot may now do in a chat.
func decodeMyMember(c wireChange) (chat.Key, chat.Event, bool) {
	was, is := c.Was.standing(), c.Is.standing()
	if c.Chat.ID == 0 || c.From == nil || c.Chat.Type == "channel" || was == is {
		return chat.Key{}, nil, false
	}
	key := chat.Key{Chat: c.Chat.ID}
	if c.Chat.Type == "private" {
		key.User = c.Chat.ID
	}
	return key, chat.BotChanged{By: person(*c.From), Was: was, Is: is}, true
}

// decodeMember reads who left or joined a group.
func decodeMember(c wireChange) (chat.Key, chat.Event, bool) {
	key, user := chat.Key{Chat: c.Chat.ID}, c.Is.User
	was, is := c.Was.standing() != chat.StandingAway, c.Is.standing() != chat.StandingAway
	if was == is || c.Chat.ID == 0 || user.ID == 0 || user.IsBot || c.Chat.Type == "channel" {
		return key, nil, false
	}
	if is {
		return key, chat.MemberJoined{}, true
	}
	return key, chat.MemberLeft{User: user.ID}, true
}
