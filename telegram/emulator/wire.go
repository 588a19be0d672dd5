package emulator

import (
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
	MessageID           int           `json:"message_id"`
	MessageThreadID     int           `json:"message_thread_id,omitempty"`
	From                *wireUser     `json:"from,omitempty"`
	SenderChat          *wireChat     `json:"sender_chat,omitempty"`
	AuthorSignature     string        `json:"author_signature,omitempty"`
	Chat                wireChat      `json:"chat"`
	Date                int64         `json:"date"` // 0: inaccessible
	EditDate            int64         `json:"edit_date,omitempty"`
	IsTopicMessage      bool          `json:"is_topic_message,omitempty"`
	HasProtectedContent bool          `json:"has_protected_content,omitempty"`
	ReplyToMessage      *wireMessage  `json:"reply_to_message,omitempty"`
	Text                string        `json:"text,omitempty"`
	Entities            []entity      `json:"entities,omitempty"`
	Caption             string        `json:"caption,omitempty"`
	CaptionEntities     []entity      `json:"caption_entities,omitempty"`
	Document            *wireDocument `json:"document,omitempty"`
	Photo               []wirePhoto   `json:"photo,omitempty"`
	ReplyMarkup         *wireKeyboard `json:"reply_markup,omitempty"`
	NewChatMembers      []wireUser    `json:"new_chat_members,omitempty"`
	LeftChatMember      *wireUser     `json:"left_chat_member,omitempty"`
	MigrateToChatID     int64         `json:"migrate_to_chat_id,omitempty"`
	MigrateFromChatID   int64         `json:"migrate_from_chat_id,omitempty"`
	ForumTopicCreated   *wireTopic    `json:"forum_topic_created,omitempty"`
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

type wireMemberChange struct {
	Chat wireChat   `json:"chat"`
	From wireUser   `json:"from"`
	Date int64      `json:"date"`
	Old  wireMember `json:"old_chat_member"`
	New  wireMember `json:"new_chat_member"`
}

// wireMember is a ChatMember: the fields of rights are there for administrators only.
type wireMember struct {
	Status              string   `json:"status"`
	User                wireUser `json:"user"`
	IsAnonymous         *bool    `json:"is_anonymous,omitempty"`
	CanBeEdited         *bool    `json:"can_be_edited,omitempty"`
	CanManageChat       *bool    `json:"can_manage_chat,omitempty"`
	CanDeleteMessages   *bool    `json:"can_delete_messages,omitempty"`
	CanManageVideoChats *bool    `json:"can_manage_video_chats,omitempty"`
	CanRestrictMembers  *bool    `json:"can_restrict_members,omitempty"`
	CanPromoteMembers   *bool    `json:"can_promote_members,omitempty"`
	CanChangeInfo       *bool    `json:"can_change_info,omitempty"`
	CanInviteUsers      *bool    `json:"can_invite_users,omitempty"`
	CanPostStories      *bool    `json:"can_post_stories,omitempty"`
	CanEditStories      *bool    `json:"can_edit_stories,omitempty"`
	CanDeleteStories    *bool    `json:"can_delete_stories,omitempty"`
	CanSendWelcome      *bool    `json:"can_send_welcome_messages,omitempty"`
	UntilDate           *int64   `json:"until_date,omitempty"` // of who was kicked
}

func (s *Server) wireUser(id int64) wireUser {
	switch id {
	case s.bot.ID:
		return wireUser{ID: id, IsBot: true, FirstName: s.bot.Name, Username: s.bot.Username}
	case anonymousID:
		return wireUser{ID: id, IsBot: true, FirstName: "Group", Username: "GroupAnonymousBot"}
	}
	u := wireUser{ID: id}
	if p := s.findPerson(id); p != nil {
		u.FirstName, u.Username, u.LanguageCode = p.Name, p.Username, p.Lang
	}
	return u
}

func wireChatOf(c *chat) wireChat {
	w := wireChat{ID: c.id, Type: c.kind, Title: c.title, IsForum: c.forum}
	if c.person != nil {
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
	if m.deleted {
		return w
	}
	w.Date = m.date.Unix()
	w.MessageThreadID, w.IsTopicMessage = m.thread, m.thread != 0
	w.HasProtectedContent = m.protected
	from := s.wireUser(m.from)
	if m.anonymous {
		from = s.wireUser(anonymousID)
		sender := wireChatOf(m.chat)
		w.SenderChat = &sender
	}
	w.From = &from
	if !m.edited.IsZero() {
		w.EditDate = m.edited.Unix()
	}
	if replies && m.replyTo != 0 {
		if r := m.chat.find(m.replyTo); r != nil {
			w.ReplyToMessage = s.wireMessageDeep(r, false)
		}
	}
	switch {
	case m.document != nil:
		id := "document-" + strconv.Itoa(m.id)
		w.Document = &wireDocument{FileID: id, FileUniqueID: id, FileName: m.document.Name, FileSize: len(m.document.Content)}
		w.Caption, w.CaptionEntities = m.text, m.entities
	case m.photo:
		id := "photo-" + strconv.Itoa(m.id)
		w.Photo = []wirePhoto{{FileID: id, FileUniqueID: id, Width: 1280, Height: 720}}
		w.Caption, w.CaptionEntities = m.text, m.entities
	default:
		w.Text, w.Entities = m.text, m.entities
	}
	w.ReplyMarkup = m.markup.wire()
	if v := m.service; v != nil {
		if v.added != 0 {
			w.NewChatMembers = []wireUser{s.wireUser(v.added)}
		}
		if v.left != 0 {
			left := s.wireUser(v.left)
			w.LeftChatMember = &left
		}
		w.MigrateToChatID, w.MigrateFromChatID = v.migratedTo, v.migratedFrom
		if v.topic != "" {
			w.ForumTopicCreated = &wireTopic{Name: v.topic, IconColor: 0x6FB9F0}
		}
	}
	return w
}

func (s *Server) wireMember(m member) wireMember {
	w := wireMember{Status: m.status, User: s.wireUser(m.id)}
	yes, no, forever := true, false, int64(0)
	switch m.status {
	case statusCreator:
		w.IsAnonymous = &m.anonymous
	case statusAdministrator:
		w.IsAnonymous, w.CanDeleteMessages = &m.anonymous, &m.canDelete
		w.CanManageChat, w.CanInviteUsers, w.CanManageVideoChats = &yes, &yes, &yes
		w.CanBeEdited, w.CanRestrictMembers, w.CanPromoteMembers, w.CanChangeInfo = &no, &no, &no, &no
		w.CanPostStories, w.CanEditStories, w.CanDeleteStories, w.CanSendWelcome = &no, &no, &no, &no
	case statusKicked:
		w.UntilDate = &forever
	}
	return w
}

// instance is an opaque number, the same for every press in a chat.
func instance(chat int64) string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(strconv.FormatInt(chat, 10)))
	return strconv.FormatInt(int64(h.Sum64()>>1), 10) //nolint:gosec // half of the range fits
}
