package emulator

import (
	"fmt"
	"time"
)

// origin is where a forwarded message came from: a user, or a group in whose name
// an administrator wrote.
type origin struct {
	user      int64
	chat      *chat
	signature string
	date      time.Time
}

type wireOrigin struct {
	Type            string    `json:"type"`
	Date            int64     `json:"date"`
	SenderUser      *wireUser `json:"sender_user,omitempty"`
	SenderChat      *wireChat `json:"sender_chat,omitempty"`
	AuthorSignature string    `json:"author_signature,omitempty"`
}

func (o *origin) wire(s *Server) *wireOrigin {
	if o == nil {
		return nil
	}
	w := &wireOrigin{Date: o.date.Unix()}
	if o.chat != nil {
		sender := wireChatOf(o.chat)
		w.Type, w.SenderChat, w.AuthorSignature = "chat", &sender, o.signature
		return w
	}
	sender := s.wireUser(o.user)
	w.Type, w.SenderUser = "user", &sender
	return w
}

func (o *origin) name(s *Server) string {
	if o.chat != nil {
		return o.chat.title
	}
	return s.name(o.user)
}

// Forward sends a message on to another chat, or again to the same one, and returns
// the id of the copy. It keeps the text and says whose it was; its buttons stay
// behind. What is protected cannot be forwarded.
func (s *Server) Forward(user, from int64, id int, to int64) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, err := s.shown(user, from, id)
	if err == nil {
		switch {
		case m.service != nil, m.to != 0:
			err = ErrUnfit
		case m.protected:
			err = ErrProtected
		}
	}
	var c *chat
	if err == nil {
		c, err = s.writable(user, to)
	}
	if err == nil && c.shut(0, c.member(user)) {
		err = ErrClosed
	}
	if err != nil {
		return 0, fmt.Errorf("emulator: %d forwards %d of chat %d to chat %d: %w", user, id, from, to, err)
	}
	copied := &message{text: m.text, entities: m.entities, document: m.document, photo: m.photo, origin: m.origin}
	if copied.origin == nil {
		copied.origin = &origin{user: m.from, date: m.date}
		if m.anonymous {
			copied.origin.chat, copied.origin.signature = m.chat, m.signature
		}
	}
	return s.speak(c, user, copied), nil
}
