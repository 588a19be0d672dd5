package emulator

import (
	"fmt"
	"slices"
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

// FoundGroup is [Server.AddGroup] without the bot: some member adds it by [Server.Join].
func (s *Server) FoundGroup(id int64, title string, members ...int64) error {
	return s.foundGroup(id, title, false, members)
}

// FoundForum is [Server.AddForum] without the bot.
func (s *Server) FoundForum(id int64, title string, members ...int64) error {
	return s.foundGroup(id, title, true, members)
}

func (s *Server) addGroup(id int64, title string, forum bool, members []int64) error {
	if err := s.foundGroup(id, title, forum, members); err != nil {
		return err
	}
	return s.Join(members[0], id, s.bot.ID)
}

func (s *Server) foundGroup(id int64, title string, forum bool, members []int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &chat{id: id, kind: kindGroup, title: title, forum: forum, topics: map[int]*topic{}}
	if id < lastBasicGroup {
		c.kind = kindSupergroup
	}
	if forum {
		c.topics[generalTopic] = &topic{title: "General"}
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
			m.status, m.Rights = statusCreator, c.all()
		}
		c.members = append(c.members, m)
	}
	c.rev = s.touch()
	s.chats = append(s.chats, c)
	return nil
}

// Migrate turns a basic group into a supergroup, with the same members and none of
// the messages, and returns the new id. The bot is told by a service message in
// each of the two.
func (s *Server) Migrate(by, chatID int64) (int64, error) { return s.migrate(by, chatID, true) }

// MigrateUnseen is [Server.Migrate] without telling the bot: it learns of the move
// only when a call is refused, as if the updates were lost.
func (s *Server) MigrateUnseen(by, chatID int64) (int64, error) { return s.migrate(by, chatID, false) }

func (s *Server) migrate(by, chatID int64, told bool) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	old, err := s.administered(by, chatID)
	if err == nil && old.kind != kindGroup {
		err = ErrUnfit
	}
	if err != nil {
		return 0, fmt.Errorf("emulator: %d upgrades chat %d: %w", by, chatID, err)
	}
	next := &chat{id: supergroupBase + old.id, kind: kindSupergroup, title: old.title, topics: map[int]*topic{}}
	for _, m := range old.members {
		copied := *m
		next.members = append(next.members, &copied)
	}
	next.rev = s.touch()
	s.chats = append(s.chats, next)
	tell := s.announce
	if !told {
		tell = func(c *chat, by int64, _ int, what service) *message {
			return s.add(c, &message{from: by, service: &what})
		}
	}
	tell(old, by, 0, service{migratedTo: next.id})
	old.movedTo = next.id
	old.rev = s.touch()
	old.write("the group becomes a supergroup")
	next.write("the group was a basic group before")
	tell(next, by, 0, service{migratedFrom: old.id})
	return next.id, nil
}

// DeleteGroup deletes a group with all that is in it, which only its owner can. The
// bot is not told.
func (s *Server) DeleteGroup(by, chatID int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.owned(by, chatID)
	if err != nil {
		return fmt.Errorf("emulator: %d deletes chat %d: %w", by, chatID, err)
	}
	for _, m := range c.messages {
		s.forget(m)
	}
	c.write("%s deletes the group", s.name(by))
	c.deleted, c.rev = true, s.touch()
	return nil
}

// group finds a group that still is one.
func (s *Server) group(id int64) (*chat, error) {
	c := s.findChat(id)
	switch {
	case c == nil || c.deleted:
		return nil, ErrNoChat
	case c.kind == kindPrivate || c.movedTo != 0:
		return nil, ErrUnfit
	default:
		return c, nil
	}
}

// administered finds a group that somebody administers.
func (s *Server) administered(by, id int64) (*chat, error) {
	c, err := s.group(id)
	switch {
	case err != nil:
		return nil, err
	case !c.member(by).present():
		return nil, ErrNotHere
	case !c.member(by).admin():
		return nil, ErrNoRight
	default:
		return c, nil
	}
}

// owned finds a group that somebody owns.
func (s *Server) owned(by, id int64) (*chat, error) {
	c, err := s.administered(by, id)
	if err == nil && c.member(by).status != statusCreator {
		err = ErrNoRight
	}
	return c, err
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
