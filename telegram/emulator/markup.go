package emulator

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// The limits of an inline keyboard (Bot API; ReplyMarkup.cpp for the sizes).
const (
	maxData      = 64 // bytes of callback_data
	maxCopy      = 256
	maxRow       = 12
	maxButtons   = 300
	buttonStyles = " primary success danger "
)

// markup is the reply_markup of a message.
type markup struct {
	rows        [][]Button
	forceReply  bool
	selective   bool // asks only whom the message mentions or answers
	other       bool // a reply keyboard, or the removal of one
	placeholder string
}

// editable tells whether a message with this markup can be edited: only an inline
// keyboard, or nothing, allows it (MessagesManager.cpp, can_edit_message).
func (m *markup) editable() bool { return m == nil || len(m.rows) > 0 }

// same tells whether two markups show the same keyboard.
func (m *markup) same(o *markup) bool {
	a, _ := json.Marshal(m.keyboard())
	b, _ := json.Marshal(o.keyboard())
	return string(a) == string(b)
}

func (m *markup) keyboard() [][]Button {
	if m == nil {
		return nil
	}
	return m.rows
}

// wire returns the markup as a message carries it: only inline keyboards are told.
func (m *markup) wire() *wireKeyboard {
	if len(m.keyboard()) == 0 {
		return nil
	}
	w := &wireKeyboard{}
	for _, row := range m.rows {
		var line []wireButton
		for _, b := range row {
			v := wireButton{Text: b.Label, Style: b.Style, URL: b.URL, CallbackData: b.Data}
			if b.Copy != "" {
				v.CopyText = &wireCopyText{Text: b.Copy}
			}
			if b.Off {
				v.Disabled = &struct{}{}
			}
			line = append(line, v)
		}
		w.InlineKeyboard = append(w.InlineKeyboard, line)
	}
	return w
}

// parseMarkup reads the reply_markup of a request; nil when there is none.
func (s *Server) parseMarkup(a args) (*markup, error) {
	raw := a.get("reply_markup")
	if raw == "" {
		return nil, nil //nolint:nilnil // no markup is not an error
	}
	if !json.Valid([]byte(raw)) {
		return nil, badRequest("can't parse reply keyboard markup JSON object")
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal([]byte(raw), &object); err != nil || object == nil {
		return nil, badRequest("object expected as reply markup")
	}
	rows, err := s.parseRows(object)
	if err != nil {
		return nil, err
	}
	var m markup
	var flags struct{ remove, force bool }
	for name, into := range map[string]*bool{"remove_keyboard": &flags.remove, "force_reply": &flags.force, "selective": &m.selective} {
		if v, ok := object[name]; ok {
			if string(v) != "true" && string(v) != "false" {
				return nil, badRequest("field %q must be of type Boolean", name)
			}
			*into = string(v) == "true"
		}
	}
	if v, ok := object["input_field_placeholder"]; ok {
		if err := json.Unmarshal(v, &m.placeholder); err != nil {
			return nil, badRequest("field %q must be of type String", "input_field_placeholder")
		}
	}
	switch {
	case object["keyboard"] != nil:
		m.other = true
	case len(rows) > 0:
		m.rows = rows
	case flags.remove:
		m.other = true
	case flags.force:
		if n := utf8.RuneCountInString(m.placeholder); n > 64 {
			s.violate("input_field_placeholder has %d characters; Telegram takes 1 to 64", n)
		}
		m.forceReply = true
	default:
		return nil, nil //nolint:nilnil // an empty keyboard is no markup
	}
	return &m, nil
}

// parseRows reads the inline keyboard. Telegram drops empty rows and nameless
// buttons and cuts what is too much; each of these counts as a violation here.
func (s *Server) parseRows(object map[string]json.RawMessage) ([][]Button, error) {
	raw, ok := object["inline_keyboard"]
	if !ok {
		return nil, nil
	}
	var lines []json.RawMessage
	if err := json.Unmarshal(raw, &lines); err != nil || lines == nil {
		return nil, badRequest("field %q must be of type Array", "inline_keyboard")
	}
	var rows [][]Button
	total := 0
	for _, line := range lines {
		var cells []json.RawMessage
		if err := json.Unmarshal(line, &cells); err != nil || cells == nil {
			return nil, badRequest("field \"inline_keyboard\" of the InlineKeyboardMarkup must be an Array of Arrays")
		}
		var row []Button
		for _, cell := range cells {
			b, err := s.parseButton(cell)
			if err != nil {
				return nil, err
			}
			switch {
			case b.Label == "":
				s.violate("an inline button has no text; Telegram drops it")
			case len(row) == maxRow || total == maxButtons:
				s.violate("an inline keyboard has more than %d buttons in a row or %d in all; Telegram drops the rest", maxRow, maxButtons)
			default:
				row = append(row, b)
				total++
			}
		}
		if len(cells) == 0 {
			s.violate("an inline keyboard has an empty row; Telegram drops it")
		}
		if len(row) > 0 {
			rows = append(rows, row)
		}
	}
	return rows, nil
}

func (s *Server) parseButton(raw json.RawMessage) (Button, error) {
	const prefix = "can't parse inline keyboard button: "
	var object map[string]json.RawMessage
	if err := json.Unmarshal(raw, &object); err != nil || object == nil {
		return Button{}, badRequest(prefix + "InlineKeyboardButton must be an Object")
	}
	fields := map[string]string{}
	for _, name := range []string{"text", "style", "url", "callback_data"} {
		v, ok := object[name]
		if !ok {
			if name == "text" {
				return Button{}, badRequest(prefix+"Can't find field %q", name)
			}
			continue
		}
		var text string
		if err := json.Unmarshal(v, &text); err != nil || string(v) == "null" {
			return Button{}, badRequest(prefix+"Field %q must be of type String", name)
		}
		fields[name] = text
	}
	b := Button{Label: strings.Trim(fields["text"], " \n"), Style: strings.ToLower(fields["style"])}
	if b.Style == "default" {
		b.Style = ""
	}
	if b.Style != "" && !strings.Contains(buttonStyles, " "+b.Style+" ") {
		return Button{}, badRequest(prefix + "invalid button style specified")
	}
	if n := actions(object, fields); n > 1 {
		s.violate("the inline button %q has %d actions; Telegram keeps the first", b.Label, n)
	}
	switch {
	case fields["url"] != "":
		if b.URL = checkLink(fields["url"]); b.URL == "" {
			return Button{}, badRequest("inline keyboard button URL '%s' is invalid: Wrong HTTP URL", fields["url"])
		}
	case fields["callback_data"] != "":
		b.Data = fields["callback_data"]
	case object["copy_text"] != nil:
		var c struct {
			Text *string `json:"text"`
		}
		if err := json.Unmarshal(object["copy_text"], &c); err != nil {
			return Button{}, badRequest(prefix+"Field %q must be of type Object", "copy_text")
		}
		if c.Text == nil {
			return Button{}, badRequest(prefix+"Can't find field %q", "text")
		}
		b.Copy = *c.Text
	case object["disabled"] != nil:
		var nothing map[string]json.RawMessage
		if err := json.Unmarshal(object["disabled"], &nothing); err != nil || nothing == nil {
			return Button{}, badRequest(prefix+"Field %q must be of type Object", "disabled")
		}
		b.Off = true
	default:
		return Button{}, badRequest(prefix + "Text buttons are unallowed in the inline keyboard")
	}
	return b, nil
}

// actions counts what a button would do.
func actions(object map[string]json.RawMessage, fields map[string]string) int {
	n := 0
	for _, name := range []string{"url", "callback_data"} {
		if fields[name] != "" {
			n++
		}
	}
	for _, name := range []string{
		"copy_text", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
		"switch_inline_query_chosen_chat", "callback_game", "pay", "disabled",
	} {
		if object[name] != nil {
			n++
		}
	}
	return n
}

// check refuses what the keyboard may hold only after the chat and the message
// were found, as the real order is.
func (m *markup) check() error {
	for _, row := range m.keyboard() {
		for _, b := range row {
			switch {
			case len(b.Data) > maxData:
				return badRequest("BUTTON_DATA_INVALID")
			case b.URL == "" && b.Data == "" && !b.Off && (b.Copy == "" || utf8.RuneCountInString(b.Copy) > maxCopy):
				return badRequest("BUTTON_COPY_TEXT_INVALID")
			}
		}
	}
	return nil
}
