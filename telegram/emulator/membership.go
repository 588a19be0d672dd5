package emulator

// getChat tells what a chat is.
func (s *Server) getChat(a args) (any, error) {
	c, err := s.readable(a.get("chat_id"))
	if err != nil {
		return nil, err
	}
	return struct {
		wireChat
		AccentColorID     int             `json:"accent_color_id"`
		MaxReactionCount  int             `json:"max_reaction_count"`
		AcceptedGiftTypes map[string]bool `json:"accepted_gift_types"`
	}{
		wireChatOf(c), 0, 11,
		map[string]bool{
			"unlimited_gifts": false, "limited_gifts": false, "unique_gifts": false,
			"premium_subscription": false, "gifts_from_channels": false,
		},
	}, nil
}

// getChatMember tells what a user is in a chat: somebody known who was never there
// has left.
func (s *Server) getChatMember(a args) (any, error) {
	user := a.number("user_id")
	if user <= 0 {
		return nil, badRequest("invalid user_id specified")
	}
	need := toReadMembers
	if user == s.bot.ID {
		need = toRead
	}
	c, err := s.chatFor(a.get("chat_id"), need)
	if err != nil {
		return nil, err
	}
	if user != s.bot.ID && s.findPerson(user) == nil {
		return nil, badRequest("user not found")
	}
	if c.kind == kindPrivate {
		if user != s.bot.ID && user != c.id {
			return nil, badRequest("member not found")
		}
		return s.wireMemberOf(c, member{id: user, status: statusMember}), nil
	}
	if m := c.member(user); m != nil {
		return s.wireMemberOf(c, *m), nil
	}
	return s.wireMemberOf(c, member{id: user, status: statusLeft}), nil
}

// getChatAdministrators lists who administers a group, without other bots unless
// they are asked for.
func (s *Server) getChatAdministrators(a args) (any, error) {
	c, err := s.chatFor(a.get("chat_id"), toReadMembers)
	if err != nil {
		return nil, err
	}
	if c.kind == kindPrivate {
		return nil, badRequest("there are no administrators in the private chat")
	}
	list := []any{}
	for _, m := range c.members {
		p := s.findPerson(m.id)
		if m.admin() && (p == nil || !p.Bot || a.yes("return_bots")) {
			list = append(list, s.wireMemberOf(c, *m))
		}
	}
	return list, nil
}

// leaveChat takes the bot out of a group.
func (s *Server) leaveChat(a args) (any, error) {
	c, err := s.readable(a.get("chat_id"))
	if err != nil {
		return nil, err
	}
	if c.kind == kindPrivate {
		return nil, badRequest("chat member status can't be changed in private chats")
	}
	if c.movedTo != 0 || c.deleted {
		return nil, badRequest("chat is deactivated")
	}
	if c.member(s.bot.ID).present() {
		s.leave(c, s.bot.ID)
	}
	return true, nil
}
