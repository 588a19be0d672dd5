package telegram

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf16"

	"zomrobot/chat"
)

// The part of an update that matters here. The library's own type is not used: all
// of it fails when Telegram adds a variant to a part that is of no interest.
type wireUpdate struct {
	ID       int64         `json:"update_id"`
	Message  *wireMessage  `json:"message"`
	Edited   *wireMessage  `json:"edited_message"`
	Callback *wireCallback `json:"callback_query"`
	MyMember *wireChange   `json:"my_chat_member"` // what the bot is in a chat
	Member   *wireChange   `json:"chat_member"`    // what somebody else is
}

type wireMessage struct {
	ID         int             `json:"message_id"`
	Date       int64           `json:"date"`
	Thread     int             `json:"message_thread_id"`
	IsTopic    bool            `json:"is_topic_message"`
	From       *wireUser       `json:"from"`
	SenderChat *wireChat       `json:"sender_chat"`
	Chat       wireChat        `json:"chat"`
	Text       string          `json:"text"`
	Entities   []wireEntity    `json:"entities"`
	Caption    string          `json:"caption"`
	Marks      []wireEntity    `json:"caption_entities"`
	Forward    json.RawMessage `json:"forward_origin"`

	AutoForward bool `json:"is_automatic_forward"` // a post of the channel that belongs to the group

	ReplyTo *struct {
		From *wireUser `json:"from"`
	} `json:"reply_to_message"`
	wireMedia
	wireService
}

// wireMedia are the kinds of messages without text that people send. All others are
// service messages.
type wireMedia struct {
	Animation json.RawMessage `json:"animation"`
	Audio     json.RawMessage `json:"audio"`
	Checklist json.RawMessage `json:"checklist"`
	Contact   json.RawMessage `json:"contact"`
	Dice      json.RawMessage `json:"dice"`
	Document  json.RawMessage `json:"document"`
	Game      json.RawMessage `json:"game"`
	Location  json.RawMessage `json:"location"`
	PaidMedia json.RawMessage `json:"paid_media"`
	Photo     json.RawMessage `json:"photo"`
	Poll      json.RawMessage `json:"poll"`
	Sticker   json.RawMessage `json:"sticker"`
	Story     json.RawMessage `json:"story"`
	Venue     json.RawMessage `json:"venue"`
	Video     json.RawMessage `json:"video"`
	VideoNote json.RawMessage `json:"video_note"`
	Voice     json.RawMessage `json:"voice"`
}

type wireUser struct {
	ID        int64  `json:"id"`
	IsBot     bool   `json:"is_bot"`
	Username  string `json:"username"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Language  string `json:"language_code"`
}

type wireChat struct {
	ID    int64  `json:"id"`
	Type  string `json:"type"`
	Title string `json:"title"`
}

type wireEntity struct {
	Type   string `json:"type"`
	URL    string `json:"url"`    // of a text_link: it is not seen
	Offset int    `json:"offset"` // in UTF-16 code units
	Length int    `json:"length"` // in UTF-16 code units
}

type wireCallback struct {
	ID      string       `json:"id"`
	From    *wireUser    `json:"from"`
	Message *wireMessage `json:"message"` // nil: sent by way of an inline query; date 0: too old to be shown
	Data    string       `json:"data"`
}

// updateID reads the id of an update of any kind.
func updateID(body []byte) (int64, error) {
	var u struct {
		ID int64 `json:"update_id"`
	}
	if err := json.Unmarshal(body, &u); err != nil {
		return 0, withoutContent(err)
	}
	if u.ID == 0 {
		return 0, errors.New("no update_id")
	}
	return u.ID, nil
}

// decode turns an update into an event of a conversation. ok is false for one that holds
// nothing for the bot: edits without a secret, most service messages, other bots, people
// who hide behind a chat. An error never quotes the update.
func decode(raw Raw, username string, commands []chat.CommandInfo) (u Update, ok bool, err error) {
	var wire wireUpdate
	if err := json.Unmarshal(raw.Body, &wire); err != nil {
		return Update{}, false, withoutContent(err)
	}
	u.ID = raw.ID
	switch {
	case wire.Message != nil:
		if wire.Message.Date > 0 {
			u.Date = time.Unix(wire.Message.Date, 0)
		}
		u.Title = chat.Readable(wire.Message.Chat.Title)
		if u.Key, u.Event, ok = decodeService(*wire.Message); !ok {
			u.Key, u.Event, ok = decodeMessage(raw.ID, *wire.Message, username, commands)
		}
	case wire.Edited != nil:
		u.Title = chat.Readable(wire.Edited.Chat.Title)
		u.Key, u.Event, ok = decodeOverheard(*wire.Edited)
	case wire.Callback != nil:
		if m := wire.Callback.Message; m != nil {
			u.Title = chat.Readable(m.Chat.Title)
		}
		u.Key, u.Event, ok = decodePress(*wire.Callback)
	case wire.MyMember != nil:
		u.Title = chat.Readable(wire.MyMember.Chat.Title)
		u.Key, u.Event, ok = decodeMyMember(*wire.MyMember)
	case wire.Member != nil:
		u.Title = chat.Readable(wire.Member.Chat.Title)
		u.Key, u.Event, ok = decodeMember(*wire.Member)
	}
	return u, ok, nil
}

func decodeMessage(update int64, m wireMessage, username string, commands []chat.CommandInfo) (chat.Key, chat.Event, bool) {
	// An anonymous admin and a channel write as a chat: nobody could be asked
	// to pay.
	if chat.HoldsSecret(m.hidden()) || m.SenderChat != nil && m.Chat.Type != "channel" {
		if key, event, ok := decodeOverheard(m); ok {
			return key, event, true
		}
	}
	if m.SenderChat != nil && !m.AutoForward && m.Chat.Type != "channel" && m.commands(username, commands) {
		return keyOf(m, wireUser{}), chat.Anonymous{Channel: m.SenderChat.ID != m.Chat.ID}, true
	}
	if m.From == nil || m.From.ID == 0 || m.From.IsBot || m.SenderChat != nil || m.Chat.ID == 0 || m.Chat.Type == "channel" {
		return chat.Key{}, nil, false
	}
	key, from := keyOf(m, *m.From), person(*m.From)
	// A bot that is an administrator hears everything in a group. What does not
	// answer the bot is none of its business.
	heard := key.Private() || m.answers(username)
	altered := slices.ContainsFunc(slices.Concat(m.Entities, m.Marks), func(e wireEntity) bool { return slices.Contains(cutting, e.Type) })
	unique := strconv.FormatInt(update, 36)
	if m.Text == "" && heard {
		return key, chat.Other{From: from, Text: m.Caption, Message: m.ID, Altered: altered, File: m.file()}, m.hasMedia()
	}
	name, bot, args, isCommand := parseCommand(m.Text, m.Entities)
	others := bot != "" && !key.Private() && !strings.EqualFold(bot, username)
	if !isCommand && !heard || others {
		return decodeOverheard(m)
	}
	if !isCommand {
		return key, chat.Text{From: from, Text: m.Text, Message: m.ID, Unique: unique, Altered: altered, Forwarded: m.Forward != nil}, true
	}
	return key, chat.Command{
		From: from, Name: name, Args: args, Message: m.ID, Text: m.Text,
		Unique: unique, Altered: altered, Forwarded: m.Forward != nil,
	}, true
}

// cutting are the entities for which Telegram removes signs from what was typed.
var cutting = []string{"bold", "italic", "underline", "strikethrough", "spoiler", "code", "pre", "text_link", "blockquote", "expandable_blockquote"}

// decodeOverheard takes a message that is not for the bot, or was edited, but only if
// it holds a secret.
func decodeOverheard(m wireMessage) (chat.Key, chat.Event, bool) {
	text := strings.Join([]string{m.Text, m.Caption, m.hidden()}, "\n")
	if m.Chat.ID == 0 || m.Chat.Type == "channel" || !chat.HoldsSecret(text) {
		return chat.Key{}, nil, false
	}
	if m.SenderChat != nil { // nobody knows who it is
		return keyOf(m, wireUser{}), chat.Overheard{Text: text, Message: m.ID}, true
	}
	if m.From == nil || m.From.ID == 0 || m.From.IsBot {
		return chat.Key{}, nil, false
	}
	return keyOf(m, *m.From), chat.Overheard{From: person(*m.From), Text: text, Message: m.ID}, true
}

// hidden is what a message carries besides its text: the addresses of its links and
// the name of its file.
func (m wireMessage) hidden() string {
	var words []string
	for _, e := range slices.Concat(m.Entities, m.Marks) {
		words = append(words, e.URL)
	}
	var document struct {
		Name string `json:"file_name"`
	}
	if m.Document != nil && json.Unmarshal(m.Document, &document) == nil {
		words = append(words, document.Name)
	}
	return strings.Join(words, "\n")
}

// commands reports whether a message is a command to the bot: addressed to it, or
// one that it has.
func (m wireMessage) commands(username string, known []chat.CommandInfo) bool {
	name, bot, _, ok := parseCommand(m.Text, m.Entities)
	if !ok || bot != "" {
		return ok && strings.EqualFold(bot, username)
	}
	return slices.ContainsFunc(known, func(c chat.CommandInfo) bool { return c.Group && c.Name == name })
}

// answers reports whether a message is a reply to one of the bot.
func (m wireMessage) answers(username string) bool {
	return m.ReplyTo != nil && m.ReplyTo.From != nil && m.ReplyTo.From.IsBot &&
		username != "" && strings.EqualFold(m.ReplyTo.From.Username, username)
}

func decodePress(c wireCallback) (chat.Key, chat.Event, bool) {
	if c.From == nil || c.From.ID == 0 || c.ID == "" {
		return chat.Key{}, nil, false
	}
	press := chat.Press{From: person(*c.From), ID: c.ID, Data: c.Data}
	if c.Message == nil || c.Message.Chat.ID == 0 {
		// The press can still be answered, as a press on something unknown.
		return chat.Key{Chat: c.From.ID, User: c.From.ID}, press, true
	}
	press.Message = c.Message.ID
	return keyOf(*c.Message, *c.From), press, true
}

// keyOf names the dialogue. Only a topic has a thread id: in other groups the
// number belongs to a chain of replies, and nothing can be sent to it.
func keyOf(m wireMessage, from wireUser) chat.Key {
	key := chat.Key{Chat: m.Chat.ID, User: from.ID}
	if m.IsTopic {
		key.Thread = m.Thread
	}
	return key
}

func person(u wireUser) chat.Person {
	return chat.Person{
		ID:   u.ID,
		Name: u.name(),
		Lang: u.Language,
	}
}

// name is how a person is called. If the name holds nothing that can be read,
// something that nobody else has is added: others approve what the person asks for.
func (u wireUser) name() string {
	name := chat.Readable(u.FirstName + " " + u.LastName)
	if strings.ContainsFunc(name, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }) {
		return name
	}
	unique := "ID " + strconv.FormatInt(u.ID, 10)
	if u.Username != "" {
		unique = "@" + u.Username
	}
	return strings.TrimSpace(name + " " + unique)
}

// parseCommand reads "/order@some_bot args": a command is only what Telegram
// marked as one, at the very beginning.
func parseCommand(text string, entities []wireEntity) (name, bot, args string, ok bool) {
	for _, e := range entities {
		if e.Type != "bot_command" || e.Offset != 0 {
			continue
		}
		command, rest := cutUTF16(text, e.Length)
		command, ok = strings.CutPrefix(command, "/")
		name, bot, _ = strings.Cut(command, "@")
		return strings.ToLower(name), bot, strings.TrimSpace(rest), ok && name != ""
	}
	return "", "", "", false
}

// cutUTF16 cuts text after n UTF-16 code units.
func cutUTF16(text string, n int) (head, tail string) {
	for i, r := range text {
		if n <= 0 {
			return text[:i], text[i:]
		}
		n -= max(utf16.RuneLen(r), 1)
	}
	return text, ""
}

// file is the document that a message carries, nil if there is none.
func (m wireMedia) file() *chat.SentFile {
	var document struct {
		ID   string `json:"file_id"`
		Size int64  `json:"file_size"`
	}
	if m.Document == nil || json.Unmarshal(m.Document, &document) != nil || document.ID == "" {
		return nil
	}
	return &chat.SentFile{ID: document.ID, Bytes: document.Size}
}

func (m wireMedia) hasMedia() bool {
	for _, part := range []json.RawMessage{
		m.Animation, m.Audio, m.Checklist, m.Contact, m.Dice, m.Document, m.Game, m.Location, m.PaidMedia,
		m.Photo, m.Poll, m.Sticker, m.Story, m.Venue, m.Video, m.VideoNote, m.Voice,
	} {
		if part != nil {
			return true
		}
	}
	return false
}

// withoutContent says what is wrong with a JSON text without quoting it.
func withoutContent(err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("not JSON, at byte %d", syntax.Offset)
	case errors.As(err, &kind):
		return fmt.Errorf("unexpected kind of value in %q, at byte %d", kind.Field, kind.Offset)
	default:
		return fmt.Errorf("not readable: %T", err)
	}
}
