package emulator

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Message is a message as people see it.
type Message struct {
	ID          int        `json:"id"`
	Chat        int64      `json:"chat"`
	Thread      int        `json:"thread,omitempty"`
	From        int64      `json:"from"`
	Name        string     `json:"name"` // of who sent it
	Bot         bool       `json:"bot"`  // the bot sent it
	Date        time.Time  `json:"date"`
	Text        string     `json:"text"`               // without markup; "" once deleted
	First       string     `json:"-"`                  // the text that it was sent with
	HTML        string     `json:"html,omitempty"`     // the same in Telegram's HTML
	Keyboard    [][]Button `json:"keyboard,omitempty"` // rows of inline buttons
	ReplyTo     int        `json:"replyTo,omitempty"`
	Document    string     `json:"document,omitempty"` // name of the file
	Photo       bool       `json:"photo,omitempty"`
	Service     string     `json:"service,omitempty"` // what happened, of a message that tells just that
	Placeholder string     `json:"placeholder,omitempty"`
	AsksReply   bool       `json:"asksReply,omitempty"` // sent with force_reply
	Asked       []int64    `json:"asked,omitempty"`     // of whom, when it is selective; else of everybody
	Forwarded   string     `json:"forwarded,omitempty"` // whose message it was
	Edited      bool       `json:"edited,omitempty"`
	Deleted     bool       `json:"deleted,omitempty"`
	Protected   bool       `json:"protected,omitempty"` // cannot be forwarded or saved
	Silent      bool       `json:"silent,omitempty"`
	Only        int64      `json:"only,omitempty"` // who alone sees it; 0: everybody does
}

// Button is an inline button. Exactly one of Data, URL, Copy and Off is set.
type Button struct {
	Label string `json:"label"`
	Style string `json:"style,omitempty"` // "", "primary", "success" or "danger"
	Data  string `json:"data,omitempty"`
	URL   string `json:"url,omitempty"`
	Copy  string `json:"copy,omitempty"`
	Off   bool   `json:"off,omitempty"` // it is disabled: nobody can press it
}

// Button returns the button of a message with a label.
func (m Message) Button(label string) (Button, bool) {
	for _, row := range m.Keyboard {
		for _, b := range row {
			if b.Label == label {
				return b, true
			}
		}
	}
	return Button{}, false
}

// Labels returns what is written on the buttons of a message, by rows.
func (m Message) Labels() [][]string {
	var rows [][]string
	for _, row := range m.Keyboard {
		var line []string
		for _, b := range row {
			line = append(line, b.Label)
		}
		rows = append(rows, line)
	}
	return rows
}

// Messages returns the messages of a chat in their order, with the deleted ones.
func (s *Server) Messages(chatID int64) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seen(s.findChat(chatID))
}

func (s *Server) seen(c *chat) []Message {
	if c == nil {
		return nil
	}
	out := make([]Message, 0, len(c.messages))
	for _, m := range c.messages {
		out = append(out, s.see(m))
	}
	return out
}

func (s *Server) see(m *message) Message {
	v := Message{
		ID: m.id, Chat: m.chat.id, Thread: m.thread, From: m.from, Name: s.name(m.from), Bot: m.from == s.bot.ID,
		Date: m.date, Text: m.text, First: m.first, HTML: asHTML(m.text, m.entities), Keyboard: clip(m.markup.keyboard()),
		ReplyTo: m.replyTo, Photo: m.photo != nil, Edited: !m.edited.IsZero(), Deleted: m.deleted, Protected: m.protected, Silent: m.silent,
		Only: m.to,
	}
	if m.anonymous {
		v.Name = m.chat.title
	}
	if m.channel != "" {
		v.Name = m.channel
	}
	if v.Bot {
		v.Name = s.bot.Name
	}
	if m.origin != nil {
		v.Forwarded = m.origin.name(s)
	}
	if m.document != nil {
		v.Document = m.document.Name
	}
	if m.markup != nil && m.markup.forceReply {
		v.AsksReply, v.Placeholder = true, m.markup.placeholder
		if m.markup.selective {
			v.Asked = s.asked(m)
		}
	}
	if e := m.service; e != nil {
		v.Service = e.words(s, m.from)
	}
	return v
}

// Picture returns the contents of a photo that the bot has sent; nil: the message has none.
func (s *Server) Picture(chatID int64, id int) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.findChat(chatID)
	if c == nil {
		return nil
	}
	if m := c.ever(id); m != nil && m.photo != nil {
		return m.photo.Content
	}
	return nil
}

// Last returns the last message of a chat that is not deleted and tells more than
// who came and went.
func (s *Server) Last(chatID int64) (Message, bool) {
	for _, m := range slices.Backward(s.Messages(chatID)) {
		if !m.Deleted && m.Service == "" {
			return m, true
		}
	}
	return Message{}, false
}

// Message returns one message of a chat, deleted or not.
func (s *Server) Message(chatID int64, id int) (Message, bool) {
	for _, m := range s.Messages(chatID) {
		if m.ID == id {
			return m, true
		}
	}
	return Message{}, false
}

// Wait waits until ok holds of the messages of a chat. It is woken by every change
// and needs no pauses. When ctx ends first, the error shows the transcript.
func (s *Server) Wait(ctx context.Context, chatID int64, ok func([]Message) bool) error {
	err := s.Until(ctx, func() bool { return ok(s.Messages(chatID)) })
	if err != nil {
		return fmt.Errorf("%w; the chat %d so far:\n%s", err, chatID, s.Transcript(chatID))
	}
	return nil
}

// Until waits until ok holds, which may ask this Server anything. It is woken by
// every change.
func (s *Server) Until(ctx context.Context, ok func() bool) error {
	for {
		s.mu.Lock()
		changed := s.changed
		s.mu.Unlock()
		if ok() {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("emulator: what was waited for did not happen: %w", ctx.Err())
		}
	}
}
