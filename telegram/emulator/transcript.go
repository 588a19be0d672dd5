package emulator

import (
	"fmt"
	"strings"
)

// Transcript returns everything that happened in a chat, in order, for people to
// read: what was said, sent, edited, deleted and tapped, with keyboards as rows of
// labels. The answer to a tap stands with it. The bot's messages are numbered from 1;
// nothing in it depends on ids or on the time. In texts, ||…|| is hidden and `…` has a fixed width.
func (s *Server) Transcript(chatID int64) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.findChat(chatID)
	if c == nil || len(c.log) == 0 {
		return ""
	}
	return strings.Join(c.log, "\n") + "\n"
}

// write adds an entry to the transcript of a chat.
func (c *chat) write(format string, args ...any) {
	c.log = append(c.log, fmt.Sprintf(format, args...))
}

// note adds an entry about a message.
func (s *Server) note(m *message, format string, args ...any) {
	m.chat.write(format, args...)
}

// indent sets the further lines of a text off from the names of who speaks.
func indent(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines[1:] {
		if lines[i+1] != "" {
			lines[i+1] = "  " + lines[i+1]
		}
	}
	return strings.Join(lines, "\n")
}

// body is what a message shows: its text and its buttons.
func body(m *message) string {
	text := indent(asTranscript(m.text, m.entities))
	switch {
	case m.document != nil:
		text = strings.TrimSpace("[document " + m.document.Name + "] " + text)
	case m.photo != nil:
		text = strings.TrimSpace("[photo] " + text)
	}
	return text + buttons(m)
}

// buttons draws a keyboard, each row on a line of its own.
func buttons(m *message) string {
	var b strings.Builder
	for _, row := range m.markup.keyboard() {
		b.WriteString("\n ")
		for _, button := range row {
			b.WriteString(" [" + button.Label + "]")
			switch {
			case button.URL != "":
				b.WriteString("(link)")
			case button.Copy != "":
				b.WriteString("(copy)")
			case button.Off:
				b.WriteString("(disabled)")
			}
		}
	}
	return b.String()
}

// short is the beginning of a text, to name a message by.
func short(text string) string {
	const limit = 40
	line, _, more := strings.Cut(text, "\n")
	if r := []rune(line); len(r) > limit {
		line, more = string(r[:limit]), true
	}
	if more {
		line += "…"
	}
	return line
}
