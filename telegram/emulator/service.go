package emulator

// service is what a message tells instead of a text.
type service struct {
	added         int64 // new_chat_members
	left          int64 // left_chat_member
	owner         int64 // chat_owner_changed
	migratedTo    int64
	migratedFrom  int64
	topic         string // forum_topic_created
	topicClosed   bool
	topicReopened bool
}

// announce posts a service message, in a topic or outside of all. The bot gets all
// of those of its chats, and the one about its own leaving.
func (s *Server) announce(c *chat, by int64, thread int, what service) *message {
	m := &message{from: by, thread: thread, service: &what}
	if me := c.member(by); me != nil {
		m.anonymous, m.signature = me.Anonymous, me.signature()
	}
	if s.add(c, m); what.topic != "" {
		m.thread = m.id // a topic is called by the id of the message that began it
	}
	if s.hears(m) || what.left == s.bot.ID {
		s.tell("message", m)
	}
	return m
}

// wire writes what happened into the message that tells it.
func (v *service) wire(s *Server, w *wireMessage) {
	switch {
	case v.added != 0:
		w.NewChatMembers = []wireUser{s.wireUser(v.added)}
	case v.left != 0:
		left := s.wireUser(v.left)
		w.LeftChatMember = &left
	case v.owner != 0:
		w.ChatOwnerChanged = &wireOwnerChange{NewOwner: s.wireUser(v.owner)}
	case v.topic != "":
		w.ForumTopicCreated = &wireTopic{Name: v.topic, IconColor: 0x6FB9F0}
	case v.topicClosed:
		w.ForumTopicClosed = &struct{}{}
	case v.topicReopened:
		w.ForumTopicReopened = &struct{}{}
	default:
		w.MigrateToChatID, w.MigrateFromChatID = v.migratedTo, v.migratedFrom
	}
}

// words tells people what happened.
func (v *service) words(s *Server, by int64) string {
	switch {
	case v.added != 0:
		return s.name(v.added) + " joined"
	case v.left != 0 && v.left == by:
		return s.name(v.left) + " left"
	case v.left != 0:
		return s.name(v.left) + " was removed"
	case v.owner != 0:
		return s.name(v.owner) + " owns the group now"
	case v.migratedTo != 0:
		return "the group became a supergroup"
	case v.migratedFrom != 0:
		return "the group was a basic group before"
	case v.topicClosed:
		return "the topic was closed"
	case v.topicReopened:
		return "the topic was opened again"
	default:
		return "topic: " + v.topic
	}
}
