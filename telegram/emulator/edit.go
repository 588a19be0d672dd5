package emulator

import (
	"slices"
	"strings"
	"unicode/utf8"
)

const notModified = "message is not modified: specified new message content and reply markup are exactly the same " +
	"as a current content and reply markup of the message"

// editMessageText changes the text and the keyboard of a message of the bot. An
// edit without reply_markup takes the keyboard away.
func (s *Server) editMessageText(a args) (any, error) {
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
	m, keyboard, err := s.toEdit(a)
	if err != nil {
		return nil, err
	}
	if m.document != nil || m.photo != nil {
		return nil, badRequest("there is no text in the message to edit")
	}
	next := *m
	next.markup = keyboard
	if err := next.fill(text); err != nil {
		return nil, err
	}
	if utf8.RuneCountInString(next.text) > maxText {
		return nil, badRequest("MESSAGE_TOO_LONG") // only sends have words for it
	}
	return s.edit(m, next)
}

// editMessageMedia gives a message of the bot an uploaded picture with a caption, in place
// of its picture or its text.
func (s *Server) editMessageMedia(a args) (any, error) {
	var media struct {
		Type      string `json:"type"`
		Media     string `json:"media"`
		Caption   string `json:"caption"`
		ParseMode string `json:"parse_mode"`
	}
	if err := a.json("media", &media); err != nil {
		return nil, badRequest("can't parse input media JSON object")
	}
	name, uploaded := strings.CutPrefix(media.Media, "attach://")
	file, ok := a.files[name]
	switch {
	case media.Type != "photo":
		return nil, badRequest("can't parse InputMedia: type %q is unsupported", media.Type) // here alone: only photos are known
	case !uploaded || !ok:
		return nil, badRequest("can't parse InputMedia: media not found")
	case len(file.Content) == 0:
		return nil, badRequest("file must be non-empty")
	}
	if err := file.shows(); err != nil {
		return nil, err
	}
	a.values["caption"], a.values["parse_mode"] = media.Caption, media.ParseMode
	caption, err := s.parseText(a, "caption", "caption_entities")
	if err != nil {
		return nil, err
	}
	m, keyboard, err := s.toEdit(a)
	if err != nil {
		return nil, err
	}
	next := *m
	next.markup, next.document, next.photo = keyboard, nil, &file
	next.text, next.entities = clean(caption.text, caption.entities)
	if utf8.RuneCountInString(next.text) > maxCaption {
		return nil, badRequest("message caption is too long")
	}
	return s.edit(m, next)
}

// editMessageReplyMarkup changes only the keyboard, or takes it away.
func (s *Server) editMessageReplyMarkup(a args) (any, error) {
	m, keyboard, err := s.toEdit(a)
	if err != nil {
		return nil, err
	}
	next := *m
	next.markup = keyboard
	return s.edit(m, next)
}

// toEdit reads the keyboard of an edit and finds its message.
func (s *Server) toEdit(a args) (*message, *markup, error) {
	keyboard, err := s.parseMarkup(a)
	if err != nil {
		return nil, nil, err
	}
	if a.get("chat_id") == "" && a.id("message_id") == 0 {
		return nil, nil, badRequest("message identifier is not specified")
	}
	m, err := s.messageFor(a, toEdit, "message to edit")
	if err != nil {
		return nil, nil, err
	}
	if m.from != s.bot.ID || m.origin != nil || m.service != nil || !m.markup.editable() {
		return nil, nil, badRequest("message can't be edited")
	}
	if !keyboard.editable() {
		return nil, nil, badRequest("inline keyboard expected")
	}
	return m, keyboard, nil
}

// edit replaces a message of the bot by the next state of it and answers with it.
func (s *Server) edit(m *message, next message) (any, error) {
	if err := next.markup.check(); err != nil {
		return nil, err
	}
	sameText := m.text == next.text && slices.Equal(m.entities, next.entities)
	samePicture := m.photo == next.photo // one that is uploaded again is another
	if sameText && samePicture && m.markup.same(next.markup) {
		return nil, badRequest(notModified)
	}
	if err := s.pacing(m.chat, true); err != nil {
		return nil, err
	}
	next.edited = s.cfg.Now()
	*m = next
	m.rev = s.touch()
	switch {
	case !sameText || !samePicture:
		s.note(m, "bot #%d edited: %s", m.number, body(m))
	case len(m.markup.keyboard()) == 0:
		s.note(m, "bot #%d: buttons removed", m.number)
	default:
		s.note(m, "bot #%d: new buttons%s", m.number, buttons(m))
	}
	return s.wireMessageOf(m), nil
}
