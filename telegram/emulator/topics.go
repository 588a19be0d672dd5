package emulator

import "fmt"

// AddTopic opens a topic in a forum, or in a person's chat with the bot, and returns
// its id, the message_thread_id.
func (s *Server) AddTopic(by, chatID int64, title string) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.writable(by, chatID)
	if err == nil && !c.forum && c.person == nil {
		err = ErrUnfit
	}
	if err != nil {
		return 0, fmt.Errorf("emulator: %d opens a topic in chat %d: %w", by, chatID, err)
	}
	c.write("%s opens the topic %q", s.name(by), title)
	if c.forum {
		c.nextID = max(c.nextID, generalTopic) // the general topic's number is no other's
	}
	m := s.announce(c, by, 0, service{topic: title})
	if c.topics == nil {
		c.topics = map[int]*topic{} // the first of a person's
	}
	c.topics[m.id] = &topic{title: title}
	c.rev = s.touch()
	return m.id, nil
}

// CloseTopic closes a topic, or the general one with the id 1: only administrators
// with that right write there from now on.
func (s *Server) CloseTopic(by, chatID int64, thread int) error {
	return s.toggle(by, chatID, thread, true)
}

// ReopenTopic opens a closed topic again.
func (s *Server) ReopenTopic(by, chatID int64, thread int) error {
	return s.toggle(by, chatID, thread, false)
}

func (s *Server) toggle(by, chatID int64, thread int, closed bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, t, err := s.topicOf(by, chatID, thread)
	if err == nil && t.closed == closed {
		err = ErrUnfit
	}
	word := "opens"
	if closed {
		word = "closes"
	}
	if err != nil {
		return fmt.Errorf("emulator: %d %s topic %d of chat %d: %w", by, word, thread, chatID, err)
	}
	t.closed = closed
	c.write("%s %s the topic %q", s.name(by), word, t.title)
	if thread == generalTopic {
		thread = 0
	}
	s.announce(c, by, thread, service{topicClosed: closed, topicReopened: !closed})
	c.rev = s.touch()
	return nil
}

// DeleteTopic deletes a topic with all that was said there. The bot is not told.
func (s *Server) DeleteTopic(by, chatID int64, thread int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, t, err := s.topicOf(by, chatID, thread)
	if err == nil && thread == generalTopic {
		err = ErrUnfit
	}
	if err != nil {
		return fmt.Errorf("emulator: %d deletes topic %d of chat %d: %w", by, thread, chatID, err)
	}
	c.write("%s deletes the topic %q", s.name(by), t.title)
	for _, m := range c.messages {
		if m.thread == thread {
			s.forget(m)
		}
	}
	delete(c.topics, thread)
	c.rev = s.touch()
	return nil
}

// topicOf finds a topic that somebody may manage.
func (s *Server) topicOf(by, chatID int64, thread int) (*chat, *topic, error) {
	if c, err := s.here(by, chatID); err == nil && c.person != nil {
		if c.topics[thread] == nil {
			return nil, nil, ErrNoTopic
		}
		return c, c.topics[thread], nil
	}
	c, err := s.administered(by, chatID)
	switch {
	case err != nil:
		return nil, nil, err
	case !c.forum:
		return nil, nil, ErrUnfit
	case !c.member(by).Topics:
		return nil, nil, ErrNoRight
	case c.topics[thread] == nil:
		return nil, nil, ErrNoTopic
	default:
		return c, c.topics[thread], nil
	}
}

// shut tells whether a topic, 0 for the general one, is closed to a member.
func (c *chat) shut(thread int, m *member) bool {
	if thread == 0 {
		thread = generalTopic
	}
	t := c.topics[thread]
	manages := m.admin() && m.Topics
	return t != nil && t.closed && !manages
}
