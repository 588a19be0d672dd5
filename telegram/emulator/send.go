package emulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// sendMessage sends a text. What is wrong with the request by itself is refused
// before the chat is looked up, what is wrong with its content after, as the real
// server does (Client.cpp, process_send_message_query).
func (s *Server) sendMessage(a args) (any, error) {
	if a.get("text") == "" {
		return nil, badRequest("message text is empty")
	}
	text, err := s.parseText(a, "text", "entities")
	if err != nil {
		return nil, err
	}
	if err := preview(a); err != nil {
		return nil, err
	}
	m, err := s.draft(a)
	if err != nil {
		return nil, err
	}
	if err := m.fill(text); err != nil {
		return nil, err
	}
	if utf8.RuneCountInString(m.text) > maxText {
		return nil, badRequest("message is too long")
	}
	return s.post(m)
}

// sendDocument sends an uploaded file.
func (s *Server) sendDocument(a args) (any, error) {
	return s.sendUpload(a, "document", func(m *message, file *Document) { m.document = file })
}

// sendPhoto sends an uploaded picture.
func (s *Server) sendPhoto(a args) (any, error) {
	return s.sendUpload(a, "photo", func(m *message, file *Document) { m.photo = file })
}

// sendUpload sends a file that came with the request, with its caption.
func (s *Server) sendUpload(a args, field string, put func(*message, *Document)) (any, error) {
	file, ok := a.files[field]
	if !ok {
		return nil, badRequest("there is no %s in the request", field)
	}
	caption, err := s.parseText(a, "caption", "caption_entities")
	if err != nil {
		return nil, err
	}
	m, err := s.draft(a)
	if err != nil {
		return nil, err
	}
	if len(file.Content) == 0 {
		return nil, badRequest("file must be non-empty")
	}
	put(m, &file)
	if err := m.photo.shows(); err != nil {
		return nil, err
	}
	m.text, m.entities = clean(caption.text, caption.entities)
	if utf8.RuneCountInString(m.text) > maxCaption {
		return nil, badRequest("message caption is too long")
	}
	return s.post(m)
}

// shows refuses a file that is no picture; nil is none, and fine.
func (d *Document) shows() error {
	if d != nil && !strings.HasPrefix(http.DetectContentType(d.Content), "image/") {
		return badRequest("IMAGE_PROCESS_FAILED")
	}
	return nil
}

// preview checks link_preview_options.
func preview(a args) error {
	v := a.get("link_preview_options")
	if v == "" {
		return nil
	}
	if !json.Valid([]byte(v)) {
		return badRequest("can't parse link preview options JSON object")
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal([]byte(v), &object); err != nil || object == nil {
		return badRequest("object expected as link preview options")
	}
	for _, name := range []string{"is_disabled", "prefer_small_media", "prefer_large_media", "show_above_text"} {
		if v, ok := object[name]; ok && string(v) != "true" && string(v) != "false" {
			return badRequest("field %q must be of type Boolean", name)
		}
	}
	return nil
}

// draft reads what all sends have in common and finds their chat.
func (s *Server) draft(a args) (*message, error) {
	m := &message{from: s.bot.ID, protected: a.yes("protect_content"), silent: a.yes("disable_notification")}
	reply, err := replyParameters(a)
	if err != nil {
		return nil, err
	}
	if m.markup, err = s.parseMarkup(a); err != nil {
		return nil, err
	}
	if m.chat, err = s.chatFor(a.get("chat_id"), toWrite); err != nil {
		return nil, err
	}
	if m.thread, err = m.chat.threadOf(a); err != nil {
		return nil, err
	}
	if err := s.aside(a, m); err != nil {
		return nil, err
	}
	if reply.MessageID != 0 {
		if m.chat.find(reply.MessageID) == nil {
			if !reply.AllowWithout {
				return nil, badRequest("message to be replied not found")
			}
			reply.MessageID = 0
		}
		m.replyTo = reply.MessageID
	}
	return m, nil
}

type reply struct {
	MessageID    int  `json:"message_id"`
	AllowWithout bool `json:"allow_sending_without_reply"`
}

func replyParameters(a args) (reply, error) {
	var r reply
	v := a.get("reply_parameters")
	if v == "" {
		return reply{a.id("reply_to_message_id"), a.yes("allow_sending_without_reply")}, nil
	}
	if !json.Valid([]byte(v)) {
		return r, badRequest("can't parse reply parameters JSON object")
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal([]byte(v), &object); err != nil || object == nil {
		return r, badRequest("object expected as reply parameters")
	}
	if _, ok := object["message_id"]; !ok && len(object) > 0 {
		return r, badRequest("can't find field %q", "message_id")
	}
	if err := json.Unmarshal([]byte(v), &r); err != nil {
		return r, badRequest("can't parse reply parameters JSON object")
	}
	return r, nil
}

// fill puts a text in a message.
func (m *message) fill(p parsed) error {
	text, es := clean(p.text, p.entities)
	if blank(text) {
		return badRequest("text must be non-empty")
	}
	m.text, m.entities = text, detect(text, es)
	return nil
}

// post adds a message of the bot to its chat and answers with it.
func (s *Server) post(m *message) (any, error) {
	if err := m.markup.check(); err != nil {
		return nil, err
	}
	me := m.chat.member(s.bot.ID)
	if me.muted() {
		kind := "text messages"
		switch {
		case m.document != nil:
			kind = "documents"
		case m.photo != nil:
			kind = "photos"
		}
		return nil, badRequest("not enough rights to send %s to the chat", kind)
	}
	if m.chat.shut(m.thread, me) {
		return nil, badRequest("TOPIC_CLOSED")
	}
	if err := s.pacing(m.chat, false); err != nil {
		return nil, err
	}
	s.checkAsking(m)
	m.chat.sent++
	m.number = m.chat.sent
	if m.to != 0 {
		m.chat.alone++
		m.ephemeral = m.chat.alone
	}
	s.add(m.chat, m)
	s.note(m, "bot%s #%d%s: %s", m.chat.place(m.thread), m.number, s.marksOf(m), body(m))
	return s.wireMessageOf(m), nil
}

var chatActions = []string{
	"typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
	"upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note",
}

func (s *Server) sendChatAction(a args) (any, error) {
	if !slices.Contains(chatActions, a.get("action")) {
		return nil, badRequest("wrong parameter action in request")
	}
	c, err := s.chatFor(a.get("chat_id"), toWrite)
	if err != nil {
		return nil, err
	}
	thread, err := c.threadOf(a)
	if err != nil {
		return nil, err
	}
	if c.typing == nil {
		c.typing = map[int]time.Time{}
	}
	c.typing[thread] = s.cfg.Now().Add(typingLife)
	c.rev = s.touch()
	return true, nil
}

// typingLife is how long a chat action is shown at most (Bot API).
const typingLife = 5 * time.Second

// threadOf reads message_thread_id, which counts in forums and in private chats with
// topics. The general topic is written to without it (Client.cpp, check_message_topic).
func (c *chat) threadOf(a args) (int, error) {
	thread := a.id("message_thread_id")
	if thread == 0 || !c.forum && c.person == nil {
		return 0, nil
	}
	if thread == generalTopic || c.topics[thread] == nil {
		return 0, badRequest("message thread not found")
	}
	return thread, nil
}

// marksOf tells in a transcript what is special about a message.
func (s *Server) marksOf(m *message) string {
	var marks string
	if m.to != 0 {
		marks += " (only " + s.name(m.to) + " sees it)"
	}
	if m.protected {
		marks += " (protected)"
	}
	if m.markup != nil && m.markup.forceReply {
		marks += " (asks for a reply)"
	}
	if r := m.chat.ever(m.replyTo); r != nil {
		marks += " (replying to " + r.title() + ")"
	}
	return marks
}

// title names a message in a transcript without an id that could vary.
func (m *message) title() string {
	if m.number > 0 {
		return fmt.Sprintf("#%d", m.number)
	}
	return fmt.Sprintf("%q", short(m.text))
}
