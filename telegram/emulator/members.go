package emulator

import "fmt"

// Rights are what an administrator may do besides what all of them may. In a basic
// group, Delete and Topics are always there and the others never.
type Rights struct {
	Delete    bool   `json:"delete"`      // delete messages of others
	Topics    bool   `json:"topics"`      // write in closed topics, close and open them
	Anonymous bool   `json:"anonymous"`   // speaks in the name of the group
	Title     string `json:"customTitle"` // shown beside the name; the signature of an anonymous administrator
}

// all are the rights of a group's owner.
func (c *chat) all() Rights { return Rights{Delete: true, Topics: true} }

// signature is what an anonymous administrator's messages are signed with.
func (m *member) signature() string {
	if !m.Anonymous {
		return ""
	}
	return m.Title
}

// Join adds a person, or the bot, to a group. A member adds somebody; a person who
// was not banned can also come alone, as by a link: by and id are the same then.
func (s *Server) Join(by, chatID, id int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.group(chatID)
	if err == nil {
		m := c.member(id)
		switch {
		case id != s.bot.ID && s.findPerson(id) == nil:
			err = ErrNoPerson
		case by != id && !c.member(by).present():
			err = ErrNotHere
		case by == id && (id == s.bot.ID || m != nil && m.status == statusKicked):
			err = ErrNoRight
		}
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
	to := member{id: id, status: statusMember}
	if m.muted() {
		to.status = statusRestricted // a restriction outlives leaving
	}
	if by == id {
		c.write("%s joins", s.name(id))
	} else {
		c.write("%s adds %s", s.name(by), s.name(id))
	}
	s.setStatus(c, m, by, to)
	s.announce(c, by, 0, service{added: id})
}

// Leave takes a person out of a group of their own will. A group whose owner leaves
// has none.
func (s *Server) Leave(id, chatID int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.group(chatID)
	if err == nil && (id == s.bot.ID || !c.member(id).present()) {
		err = ErrNotHere
	}
	if err != nil {
		return fmt.Errorf("emulator: %d leaves chat %d: %w", id, chatID, err)
	}
	s.leave(c, id)
	return nil
}

func (s *Server) leave(c *chat, id int64) {
	m := c.member(id)
	to := member{id: id, status: statusLeft}
	if m.muted() {
		to.status, to.away = statusRestricted, true
	}
	c.write("%s leaves", s.name(id))
	s.setStatus(c, m, id, to)
	s.announce(c, id, 0, service{left: id})
}

// Kick removes a person, or the bot, from a group. A supergroup bans them, too; a
// basic group has no ban list.
func (s *Server) Kick(by, chatID, id int64) error {
	return s.change(by, chatID, id, "removes", func(c *chat, _ member) (member, error) {
		if c.kind == kindGroup && id != s.bot.ID {
			return member{id: id, status: statusLeft}, nil
		}
		return member{id: id, status: statusKicked}, nil
	})
}

// Restrict takes from a member of a supergroup, a person or the bot, the right to
// send anything.
func (s *Server) Restrict(by, chatID, id int64) error {
	return s.change(by, chatID, id, "restricts", func(c *chat, _ member) (member, error) {
		if c.kind != kindSupergroup {
			return member{}, ErrUnfit
		}
		return member{id: id, status: statusRestricted}, nil
	})
}

// Unrestrict ends a restriction.
func (s *Server) Unrestrict(by, chatID, id int64) error {
	return s.change(by, chatID, id, "unrestricts", func(_ *chat, was member) (member, error) {
		if !was.muted() {
			return member{}, ErrUnfit
		}
		return member{id: id, status: statusMember}, nil
	})
}

// Promote makes a person, or the bot, an administrator of a group, or changes what
// one may do. Only the owner does so; of the owner's own rights only the anonymity
// and the title can be changed.
func (s *Server) Promote(by, chatID, id int64, r Rights) error {
	return s.change(by, chatID, id, "promotes", func(c *chat, was member) (member, error) {
		if c.kind == kindGroup {
			if r.Anonymous || r.Title != "" {
				return member{}, ErrUnfit
			}
			r = c.all()
		}
		to := member{id: id, status: statusAdministrator, Rights: r}
		if was.status == statusCreator {
			to.status, to.Delete, to.Topics = statusCreator, true, true
		}
		return to, nil
	})
}

// Demote makes an administrator a plain member.
func (s *Server) Demote(by, chatID, id int64) error {
	return s.change(by, chatID, id, "demotes", func(_ *chat, was member) (member, error) {
		if was.status != statusAdministrator {
			return member{}, ErrUnfit
		}
		return member{id: id, status: statusMember}, nil
	})
}

// TransferOwnership gives a group to another person in it. The former owner stays
// an administrator.
func (s *Server) TransferOwnership(by, chatID, id int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.owned(by, chatID)
	switch {
	case err != nil:
	case !c.member(id).present():
		err = ErrNotHere
	case id == by || s.findPerson(id) == nil || s.findPerson(id).Bot:
		err = ErrUnfit
	}
	if err != nil {
		return fmt.Errorf("emulator: %d gives chat %d to %d: %w", by, chatID, id, err)
	}
	old, next := c.member(by), c.member(id)
	c.write("%s gives the group to %s", s.name(by), s.name(id))
	s.setStatus(c, old, by, member{id: by, status: statusAdministrator, Rights: old.Rights})
	s.setStatus(c, next, by, member{id: id, status: statusCreator, Rights: c.all()})
	s.announce(c, by, 0, service{owner: id})
	return nil
}

// change lets an administrator make a member something else. Nobody else can change
// the owner; only the owner can change the administrators, or make somebody one.
func (s *Server) change(by, chatID, id int64, word string, to func(*chat, member) (member, error)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.administered(by, chatID)
	var next member
	if err == nil {
		m, owner := c.member(id), c.member(by).status == statusCreator
		switch {
		case !m.present():
			err = ErrNotHere
		case m.status == statusCreator && by != id, m.admin() && !owner:
			err = ErrNoRight
		default:
			next, err = to(c, *m)
		}
		if err == nil && (next.admin() && !owner || m.status == statusCreator && next.status != statusCreator) {
			err = ErrNoRight
		}
	}
	if err != nil {
		return fmt.Errorf("emulator: %d %s %d in chat %d: %w", by, word, id, chatID, err)
	}
	c.write("%s %s %s", s.name(by), word, s.name(id))
	s.setStatus(c, c.member(id), by, next)
	if !next.present() {
		s.announce(c, by, 0, service{left: id})
	}
	return nil
}

// setStatus changes what somebody is in a group and tells the bot.
func (s *Server) setStatus(c *chat, m *member, by int64, to member) {
	was := *m
	*m = to
	c.rev = s.touch()
	if was != to {
		s.tellMember(c, by, was, to)
	}
}
