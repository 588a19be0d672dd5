package emulator

import (
	"fmt"
	"slices"
	"strconv"
)

// supergroupBase is what the ids of supergroups are counted from.
const supergroupBase = -1_000_000_000_000

// AddGroup adds a group with the bot and these members in it; the first of them
// owns it. An id down to -999,999,999,999 makes a basic group, a lower one a
// supergroup.
func (s *Server) AddGroup(id int64, title string, members ...int64) error {
	return s.addGroup(id, title, false, members)
}

// AddForum adds a supergroup with topics. See [Server.AddTopic].
func (s *Server) AddForum(id int64, title string, members ...int64) error {
	return s.addGroup(id, title, true, members)
}

func (s *Server) addGroup(id int64, title string, forum bool, members []int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &chat{id: id, kind: kindGroup, title: title, forum: forum, topics: map[int]string{}}
	if id < lastBasicGroup {
		c.kind = kindSupergroup
	}
	switch {
	case s.findChat(id) != nil:
		return fmt.Errorf("emulator: adding the group %d: %w", id, ErrTaken)
	case id >= 0 || len(members) == 0 || forum && c.kind != kindSupergroup:
		return fmt.Errorf("emulator: adding the group %d: %w", id, ErrUnfit)
	}
	for i, user := range members {
		if s.findPerson(user) == nil {
			return fmt.Errorf("emulator: adding %d to the group %d: %w", user, id, ErrNoPerson)
		}
		m := &member{id: user, status: statusMember}
		if i == 0 {
			m.status, m.canDelete = statusCreator, true
		}
		c.members = append(c.members, m)
	}
	c.rev = s.touch()
	s.chats = append(s.chats, c)
	s.join(c, members[0], s.bot.ID)
	return nil
}

// Join adds a person, or the bot, to a group; by is who does it.
func (s *Server) Join(by, chatID, id int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.group(chatID)
	if err == nil && id != s.bot.ID && s.findPerson(id) == nil {
		err = ErrNoPerson
	}
	if err != nil {
		return fmt.Errorf("emulator: %d adds %d to chat %d: %w", by, id, chatID, err)
	}
	s.join(c, by, id)
	return nil
}

func (s *Server) join(c *chat, by, id int64) {
	m := c.member(id)
	if m == nil {
		m = &member{id: id, status: statusLeft}
		c.members = append(c.members, m)
	}
	if m.present() {
		return
	}
	s.setStatus(c, m, by, member{id: id, status: statusMember})
	c.write("%s adds %s", s.name(by), s.name(id))
	s.announce(c, by, service{added: id})
}

// Kick removes a person, or the bot, from a group.
func (s *Server) Kick(by, chatID, id int64) error {
	return s.change(by, chatID, id, "removes", member{id: id, status: statusKicked})
}

// Rights are what an administrator may do beside what all of them may.
type Rights struct {
	Delete    bool `json:"delete"`    // delete messages of others
	Anonymous bool `json:"anonymous"` // speaks in the name of the group
}

// Promote makes a person, or the bot, an administrator of a group. The owner can
// be promoted, too: it only sets the anonymity.
func (s *Server) Promote(by, chatID, id int64, r Rights) error {
	return s.change(by, chatID, id, "promotes", member{id: id, status: statusAdministrator, canDelete: r.Delete, anonymous: r.Anonymous})
}

// Demote makes an administrator a plain member.
func (s *Server) Demote(by, chatID, id int64) error {
	return s.change(by, chatID, id, "demotes", member{id: id, status: statusMember})
}

func (s *Server) change(by, chatID, id int64, word string, to member) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.group(chatID)
	if err != nil {
		return fmt.Errorf("emulator: %d %s %d in chat %d: %w", by, word, id, chatID, err)
	}
	m := c.member(id)
	if !m.present() {
		return fmt.Errorf("emulator: %d %s %d in chat %d: %w", by, word, id, chatID, ErrNotHere)
	}
	if m.status == statusCreator && to.status != statusKicked {
		to.status, to.canDelete = statusCreator, true
	}
	c.write("%s %s %s", s.name(by), word, s.name(id))
	s.setStatus(c, m, by, to)
	if to.status == statusKicked {
		s.announce(c, by, service{left: id})
	}
	return nil
}

// setStatus changes what somebody is in a group; the bot hears of its own changes.
func (s *Server) setStatus(c *chat, m *member, by int64, to member) {
	was := *m
	*m = to
	c.rev = s.touch()
	if m.id == s.bot.ID {
		s.tellMember(c, by, was, to)
	}
}

func (s *Server) tellMember(c *chat, by int64, was, is member) {
	s.push("my_chat_member", "member "+strconv.FormatInt(c.id, 10), updateLife, wireMemberChange{
		Chat: wireChatOf(c), From: s.wireUser(by), Date: s.cfg.Now().Unix(), Old: s.wireMember(was), New: s.wireMember(is),
	})
}

// announce posts a service message.
func (s *Server) announce(c *chat, by int64, what service) *message {
	m := s.add(c, &message{from: by, service: &what})
	if s.hears(m) || what.left == s.bot.ID {
		s.tell("message", m)
	}
	return m
}

// AddTopic opens a topic in a forum and returns its id, the message_thread_id.
func (s *Server) AddTopic(by, chatID int64, title string) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.here(by, chatID)
	if err == nil && !c.forum {
		err = ErrUnfit
	}
	if err != nil {
		return 0, fmt.Errorf("emulator: %d opens a topic in chat %d: %w", by, chatID, err)
	}
	m := s.announce(c, by, service{topic: title})
	c.topics[m.id] = title
	c.write("%s opens the topic %q", s.name(by), title)
	c.rev = s.touch()
	return m.id, nil
}

// Migrate turns a basic group into a supergroup, with the same members and none of
// the messages, and returns the new id.
func (s *Server) Migrate(by, chatID int64) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	old, err := s.here(by, chatID)
	if err == nil && old.kind != kindGroup {
		err = ErrUnfit
	}
	if err != nil {
		return 0, fmt.Errorf("emulator: %d upgrades chat %d: %w", by, chatID, err)
	}
	next := &chat{id: supergroupBase + old.id, kind: kindSupergroup, title: old.title, topics: map[int]string{}}
	for _, m := range old.members {
		copied := *m
		next.members = append(next.members, &copied)
	}
	next.rev = s.touch()
	s.chats = append(s.chats, next)
	s.announce(old, by, service{migratedTo: next.id})
	old.movedTo = next.id
	old.rev = s.touch()
	old.write("the group becomes a supergroup")
	next.write("the group was a basic group before")
	s.announce(next, by, service{migratedFrom: old.id})
	return next.id, nil
}

func (s *Server) group(id int64) (*chat, error) {
	c := s.findChat(id)
	switch {
	case c == nil:
		return nil, ErrNoChat
	case c.kind == kindPrivate || c.movedTo != 0:
		return nil, ErrUnfit
	default:
		return c, nil
	}
}

// BotID returns the bot's user id, the number before the colon of its token.
func (s *Server) BotID() int64 { return s.bot.ID }

// present lists the people in a group.
func (c *chat) present() []int64 {
	var ids []int64
	for _, m := range c.members {
		if m.present() {
			ids = append(ids, m.id)
		}
	}
	slices.Sort(ids)
	return ids
}
