package emulator

import (
	"cmp"
	"hash/fnv"
	"strconv"
)

// The forms of the Bot API, with the fields that this server fills.

type wireUser struct {
	ID           int64  `json:"id"`
	IsBot        bool   `json:"is_bot"`
	FirstName    string `json:"first_name"`
	Username     string `json:"username,omitempty"`
	LanguageCode string `json:"language_code,omitempty"`
}

// wireMe is what getMe tells; what this bot has nothing to do with is false.
type wireMe struct {
	wireUser
	CanJoinGroups              bool `json:"can_join_groups"`
	CanReadAllGroupMessages    bool `json:"can_read_all_group_messages"`
	SupportsInlineQueries      bool `json:"supports_inline_queries"`
	CanConnectToBusiness       bool `json:"can_connect_to_business"`
	HasMainWebApp              bool `json:"has_main_web_app"`
	HasTopicsEnabled           bool `json:"has_topics_enabled"`
	AllowsUsersToCreateTopics  bool `json:"allows_users_to_create_topics"`
	CanManageBots              bool `json:"can_manage_bots"`
	SupportsJoinRequestQueries bool `json:"supports_join_request_queries"`
}

type wireChat struct {
	ID        int64  `json:"id"`
	Type      string `json:"type"`
	Title     string `json:"title,omitempty"`
	FirstName string `json:"first_name,omitempty"`
	Username  string `json:"username,omitempty"`
	IsForum   bool   `json:"is_forum,omitempty"`
}

type wireMessage struct {
	MessageID           int              `json:"message_id"`
	MessageThreadID     int              `json:"message_thread_id,omitempty"`
	From                *wireUser        `json:"from,omitempty"`
	SenderChat          *wireChat        `json:"sender_chat,omitempty"`
	AuthorSignature     string           `json:"author_signature,omitempty"`
	Chat                wireChat         `json:"chat"`
	Date                int64            `json:"date"` // 0: inaccessible
	EditDate            int64            `json:"edit_date,omitempty"`
	ForwardOrigin       *wireOrigin      `json:"forward_origin,omitempty"`
	IsTopicMessage      bool             `json:"is_topic_message,omitempty"`
	HasProtectedContent bool             `json:"has_protected_content,omitempty"`
	ReceiverUser        *wireUser        `json:"receiver_user,omitempty"`
	EphemeralMessageID  int              `json:"ephemeral_message_id,omitempty"`
	ReplyToMessage      *wireMessage     `json:"reply_to_message,omitempty"`
	Text                string           `json:"text,omitempty"`
	Entities            []entity         `json:"entities,omitempty"`
	Caption             string           `json:"caption,omitempty"`
	CaptionEntities     []entity         `json:"caption_entities,omitempty"`
	Document            *wireDocument    `json:"document,omitempty"`
	Photo               []wirePhoto      `json:"photo,omitempty"`
	ReplyMarkup         *wireKeyboard    `json:"reply_markup,omitempty"`
	NewChatMembers      []wireUser       `json:"new_chat_members,omitempty"`
	LeftChatMember      *wireUser        `json:"left_chat_member,omitempty"`
	MigrateToChatID     int64            `json:"migrate_to_chat_id,omitempty"`
	MigrateFromChatID   int64            `json:"migrate_from_chat_id,omitempty"`
	ForumTopicCreated   *wireTopic       `json:"forum_topic_created,omitempty"`
	ForumTopicClosed    *struct{}        `json:"forum_topic_closed,omitempty"`
	ForumTopicReopened  *struct{}        `json:"forum_topic_reopened,omitempty"`
	ChatOwnerChanged    *wireOwnerChange `json:"chat_owner_changed,omitempty"`
}

type wireOwnerChange struct {
	NewOwner wireUser `json:"new_owner"`
}

type wireDocument struct {
	FileID       string `json:"file_id"`
	FileUniqueID string `json:"file_unique_id"`
	FileName     string `json:"file_name,omitempty"`
	FileSize     int    `json:"file_size"`
}

type wirePhoto struct {
	FileID       string `json:"file_id"`
	FileUniqueID string `json:"file_unique_id"`
	Width        int    `json:"width"`
	Height       int    `json:"height"`
}

type wireTopic struct {
	Name      string `json:"name"`
	IconColor int    `json:"icon_color"`
}

type wireKeyboard struct {
	InlineKeyboard [][]wireButton `json:"inline_keyboard"`
}

type wireButton struct {
	Text         string        `json:"text"`
	Style        string        `json:"style,omitempty"`
	URL          string        `json:"url,omitempty"`
	CallbackData string        `json:"callback_data,omitempty"`
	CopyText     *wireCopyText `json:"copy_text,omitempty"`
	Disabled     *struct{}     `json:"disabled,omitempty"`
}

type wireCopyText struct {
	Text string `json:"text"`
}

type wireQuery struct {
	ID           string       `json:"id"`
	From         wireUser     `json:"from"`
	Message      *wireMessage `json:"message,omitempty"`
	ChatInstance string       `json:"chat_instance"`
	Data         string       `json:"data"`
}

func (s *Server) wireUser(id int64) wireUser {
	switch id {
	case s.bot.ID:
		return wireUser{ID: id, IsBot: true, FirstName: s.bot.Name, Username: s.bot.Username}
	case anonymousID:
		return wireUser{ID: id, IsBot: true, FirstName: "Group", Username: "GroupAnonymousBot"}
	case channelID:
		return wireUser{ID: id, IsBot: true, FirstName: "Channel", Username: "Channel_Bot"}
	}
	u := wireUser{ID: id}
	if p := s.findPerson(id); p != nil {
		u.IsBot = p.Bot
		if !p.gone { // of a deleted account, only the id is left
			u.FirstName, u.Username, u.LanguageCode = p.Name, p.Username, p.Lang
		}
	}
	return u
}

func wireChatOf(c *chat) wireChat {
	w := wireChat{ID: c.id, Type: c.kind, Title: c.title, IsForum: c.forum}
	if c.person != nil && !c.person.gone {
		w.FirstName, w.Username = c.person.Name, c.person.Username
	}
	return w
}

// wireMessageOf writes a message as the bot sees it; a deleted one is
// inaccessible: only its chat and id are left.
func (s *Server) wireMessageOf(m *message) *wireMessage {
	return s.wireMessageDeep(m, true)
}

func (s *Server) wireMessageDeep(m *message, replies bool) *wireMessage {
	w := &wireMessage{MessageID: m.id, Chat: wireChatOf(m.chat)}
	if m.to != 0 {
		to := s.wireUser(m.to)
		w.MessageID, w.EphemeralMessageID, w.ReceiverUser = 0, m.ephemeral, &to
	}
	if m.deleted {
		return w
	}
	w.Date = m.date.Unix()
	w.MessageThreadID, w.IsTopicMessage = cmp.Or(m.thread, m.root), m.thread != 0
	w.ForwardOrigin = m.origin.wire(s)
	w.HasProtectedContent = m.protected
	from := s.wireUser(m.from)
	if m.anonymous {
		from = s.wireUser(anonymousID)
		sender := wireChatOf(m.chat)
		w.SenderChat, w.AuthorSignature = &sender, m.signature
	}
	if m.channel != "" {
		from = s.wireUser(channelID)
		w.SenderChat = &wireChat{ID: channelChat, Type: "channel", Title: m.channel}
	}
	w.From = &from
	if !m.edited.IsZero() {
		w.EditDate = m.edited.Unix()
	}
	replyTo := m.replyTo
	if replyTo == 0 && m.thread != m.id {
		replyTo = m.thread // what answers nothing else in a topic answers its beginning
	}
	if replies && replyTo != 0 {
		if r := m.chat.find(replyTo); r != nil {
			w.ReplyToMessage = s.wireMessageDeep(r, false)
		}
	}
	switch {
	case m.document != nil:
		id := "document-" + strconv.Itoa(m.id)
		w.Document = &wireDocument{FileID: id, FileUniqueID: id, FileName: m.document.Name, FileSize: len(m.document.Content)}
		w.Caption, w.CaptionEntities = m.text, m.entities
	case m.photo != nil:
		id := "photo-" + strconv.Itoa(m.id)
		w.Photo = []wirePhoto{{FileID: id, FileUniqueID: id, Width: 1280, Height: 720}}
		w.Caption, w.CaptionEntities = m.text, m.entities
	default:
		w.Text, w.Entities = m.text, m.entities
	}
	w.ReplyMarkup = m.markup.wire()
	if m.service != nil {
		m.service.wire(s, w)
	}
	return w
}

// instance is an opaque number, the same for every press in a chat.
func instance(chat int64) string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(strconv.FormatInt(chat, 10)))
	return strconv.FormatInt(int64(h.Sum64()>>1), 10) //nolint:gosec // half of the range fits
}
