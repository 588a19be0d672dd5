package emulator

import "strconv"

type wireMemberChange struct {
	Chat wireChat `json:"chat"`
	From wireUser `json:"from"`
	Date int64    `json:"date"`
	Old  any      `json:"old_chat_member"`
	New  any      `json:"new_chat_member"`
}

// wireMember is a ChatMember: the whole of one who is a plain member or has left,
// the head of the others.
type wireMember struct {
	Status string   `json:"status"`
	User   wireUser `json:"user"`
}

type wireOwner struct {
	wireMember
	IsAnonymous bool   `json:"is_anonymous"`
	CustomTitle string `json:"custom_title,omitempty"`
}

type wireAdministrator struct {
	wireMember
	CanBeEdited         bool   `json:"can_be_edited"`
	CanManageChat       bool   `json:"can_manage_chat"`
	CanChangeInfo       bool   `json:"can_change_info"`
	CanDeleteMessages   bool   `json:"can_delete_messages"`
	CanInviteUsers      bool   `json:"can_invite_users"`
	CanRestrictMembers  bool   `json:"can_restrict_members"`
	CanPinMessages      bool   `json:"can_pin_messages"`
	CanManageTopics     *bool  `json:"can_manage_topics,omitempty"` // in supergroups
	CanPromoteMembers   bool   `json:"can_promote_members"`
	CanManageVideoChats bool   `json:"can_manage_video_chats"`
	CanPostStories      bool   `json:"can_post_stories"`
	CanEditStories      bool   `json:"can_edit_stories"`
	CanDeleteStories    bool   `json:"can_delete_stories"`
	CanManageTags       bool   `json:"can_manage_tags"`
	CanSendWelcome      bool   `json:"can_send_welcome_messages"`
	IsAnonymous         bool   `json:"is_anonymous"`
	CustomTitle         string `json:"custom_title,omitempty"`
}

// wireRestricted is of one who may do nothing but read.
type wireRestricted struct {
	wireMember
	IsMember              bool  `json:"is_member"`
	CanSendMessages       bool  `json:"can_send_messages"`
	CanSendAudios         bool  `json:"can_send_audios"`
	CanSendDocuments      bool  `json:"can_send_documents"`
	CanSendPhotos         bool  `json:"can_send_photos"`
	CanSendVideos         bool  `json:"can_send_videos"`
	CanSendVideoNotes     bool  `json:"can_send_video_notes"`
	CanSendVoiceNotes     bool  `json:"can_send_voice_notes"`
	CanSendPolls          bool  `json:"can_send_polls"`
	CanSendOtherMessages  bool  `json:"can_send_other_messages"`
	CanAddWebPagePreviews bool  `json:"can_add_web_page_previews"`
	CanReactToMessages    bool  `json:"can_react_to_messages"`
	CanEditTag            bool  `json:"can_edit_tag"`
	CanChangeInfo         bool  `json:"can_change_info"`
	CanInviteUsers        bool  `json:"can_invite_users"`
	CanPinMessages        bool  `json:"can_pin_messages"`
	CanManageTopics       bool  `json:"can_manage_topics"`
	UntilDate             int64 `json:"until_date"` // 0: for ever
}

type wireBanned struct {
	wireMember
	UntilDate int64 `json:"until_date"` // 0: for ever
}

// wireMemberOf writes what somebody is in a chat.
func (s *Server) wireMemberOf(c *chat, m member) any {
	head := wireMember{Status: m.status, User: s.wireUser(m.id)}
	switch m.status {
	case statusCreator:
		return wireOwner{wireMember: head, IsAnonymous: m.Anonymous, CustomTitle: m.Title}
	case statusAdministrator:
		w := wireAdministrator{
			wireMember: head, CanManageChat: true, CanDeleteMessages: m.Delete, CanInviteUsers: true, CanRestrictMembers: true,
			CanPinMessages: true, CanManageVideoChats: true, IsAnonymous: m.Anonymous, CustomTitle: m.Title,
		}
		if c.kind == kindSupergroup {
			w.CanManageTopics = &m.Topics
		}
		return w
	case statusRestricted:
		return wireRestricted{wireMember: head, IsMember: !m.away}
	case statusKicked:
		return wireBanned{wireMember: head}
	default:
		return head
	}
}

// tellMember tells the bot that somebody became something else: always when it is
// the bot itself, of others when it administers the chat.
func (s *Server) tellMember(c *chat, by int64, was, is member) {
	kind, queue := "my_chat_member", "member "+strconv.FormatInt(c.id, 10)
	if is.id != s.bot.ID {
		if !c.member(s.bot.ID).admin() {
			return
		}
		kind, queue = "chat_member", "member of any chat "+strconv.FormatInt(is.id, 10)
	}
	s.push(kind, queue, updateLife, wireMemberChange{
		Chat: wireChatOf(c), From: s.wireUser(by), Date: s.cfg.Now().Unix(), Old: s.wireMemberOf(c, was), New: s.wireMemberOf(c, is),
	})
}
