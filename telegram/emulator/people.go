package emulator

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// The reasons for which an action of a person does not work; errors of the methods
// of people wrap them.
var (
	ErrNoPerson  = errors.New("no such person")
	ErrNoChat    = errors.New("no such chat")
	ErrNoMessage = errors.New("no such message")
	ErrNoButton  = errors.New("no such button")
	ErrNotHere   = errors.New("the person is not in the chat")
	ErrNotTheirs = errors.New("the message is somebody else's")
	ErrTaken     = errors.New("the id is taken")
	ErrUnfit     = errors.New("not possible in this kind of chat")
	ErrBlank     = errors.New("a text that shows nothing cannot be sent")
	ErrNoTopic   = errors.New("no such topic")
	ErrClosed    = errors.New("the topic is closed")
	ErrNoRight   = errors.New("the person may not do that")
	ErrMuted     = errors.New("the person may only read there")
	ErrBlocked   = errors.New("the person has blocked the bot")
	ErrProtected = errors.New("the message cannot be forwarded")
	ErrLink      = errors.New("not a link to this bot")
)

// AddPerson adds somebody with a private chat of their own, whose id is the
// person's. The bot cannot write there before the person has. A bot that is added
// has no such chat.
func (s *Server) AddPerson(p Person) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.findPerson(p.ID) != nil {
		return
	}
	who := &person{Person: p}
	s.people = append(s.people, who)
	who.rev = s.touch()
	if !p.Bot {
		s.chats = append(s.chats, &chat{id: p.ID, kind: kindPrivate, person: who, rev: s.rev})
	}
}

// AddUser is [Server.AddPerson] in short.
func (s *Server) AddUser(id int64, firstName, lang string) {
	s.AddPerson(Person{ID: id, Name: firstName, Lang: lang})
}

// Say sends a text to a chat: in a private chat the person's own, whose id is the
// person's. It returns the id of the message.
func (s *Server) Say(user, chatID int64, text string) (int, error) {
	return s.say(user, chatID, saying{text: text})
}

// SayIn sends a text to a topic of a forum.
func (s *Server) SayIn(user, chatID int64, thread int, text string) (int, error) {
	return s.say(user, chatID, saying{text: text, thread: thread})
}

// Reply answers a message with a text, in the message's topic.
func (s *Server) Reply(user, chatID int64, message int, text string) (int, error) {
	return s.say(user, chatID, saying{text: text, reply: message})
}

// Photo sends a photo with a caption, which may be empty.
func (s *Server) Photo(user, chatID int64, caption string) (int, error) {
	return s.say(user, chatID, saying{text: caption, photo: true})
}

// SayMarked sends a text as Telegram has made it of what was typed: the marks between
// which it stood, as "**", are gone, and the whole of it is an entity of the kind.
func (s *Server) SayMarked(user, chatID int64, kind, text string) (int, error) {
	return s.say(user, chatID, saying{text: text, marked: kind})
}

// SendFile sends a file with a caption, which may be empty.
func (s *Server) SendFile(user, chatID int64, file Document, caption string) (int, error) {
	return s.say(user, chatID, saying{text: caption, file: &file})
}

// SayAs sends a text to a group in the name of a channel of the person's.
func (s *Server) SayAs(user, chatID int64, channel, text string) (int, error) {
	return s.say(user, chatID, saying{text: text, channel: channel})
}

type saying struct {
	text          string
	channel       string // in whose name; "": the person's own
	thread, reply int
	photo         bool
	file          *Document
	marked        string // the entity that all of the text is; "": none
}

func (s *Server) say(user, chatID int64, what saying) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.writable(user, chatID)
	if err != nil {
		return 0, fmt.Errorf("emulator: %d says in chat %d: %w", user, chatID, err)
	}
	text := strings.Trim(what.text, " \n")
	if blank(text) && !what.photo && what.file == nil {
		return 0, fmt.Errorf("emulator: %d says in chat %d: %w", user, chatID, ErrBlank)
	}
	m := &message{thread: what.thread, replyTo: what.reply, document: what.file, channel: what.channel, text: text, entities: detect(text, nil)}
	if what.photo {
		m.photo = &Document{Name: "photo.jpg"}
	}
	if what.marked != "" {
		m.entities = []entity{{Type: what.marked, Length: units(text)}}
	}
	if m.thread == generalTopic && c.forum {
		m.thread = 0
	}
	if what.reply != 0 {
		r := c.find(what.reply)
		if r == nil {
			return 0, fmt.Errorf("emulator: %d replies to %d in chat %d: %w", user, what.reply, chatID, ErrNoMessage)
		}
		m.thread = r.thread
	}
	if m.thread != 0 && c.topics[m.thread] == nil {
		err = ErrNoTopic
	} else if c.shut(m.thread, c.member(user)) {
		err = ErrClosed
	}
	if err != nil {
		return 0, fmt.Errorf("emulator: %d says in topic %d of chat %d: %w", user, m.thread, chatID, err)
	}
	return s.speak(c, user, m), nil
}

// speak adds a message of a person to a chat and tells the bot if the bot should
// get it.
func (s *Server) speak(c *chat, user int64, m *message) int {
	m.from = user
	if me := c.member(user); me != nil {
		m.anonymous, m.signature = me.Anonymous, me.signature()
	}
	s.add(c, m)
	if c.person != nil {
		c.person.started = true
		c.person.rev = s.rev
	}
	about := ""
	if r := c.ever(m.replyTo); r != nil {
		about = " (replying to " + r.title() + ")"
	}
	if m.origin != nil {
		about += " (forwarding " + m.origin.name(s) + ")"
	}
	s.note(m, "%s%s%s: %s", s.name(user), c.place(m.thread), about, body(m))
	if m.meant = s.hears(m); m.meant {
		s.tell("message", m)
	}
	return m.id
}

// tell sends a message to the bot as an update.
func (s *Server) tell(kind string, m *message) {
	s.push(kind, "chat "+strconv.FormatInt(m.chat.id, 10), updateLife, s.wireMessageOf(m))
}

// EditText changes a text that the person sent before.
func (s *Server) EditText(user, chatID int64, message int, text string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, err := s.own(user, chatID, message)
	if err == nil && m.origin != nil {
		err = ErrNotTheirs
	}
	if err != nil {
		return fmt.Errorf("emulator: %d edits %d in chat %d: %w", user, message, chatID, err)
	}
	m.text = strings.Trim(text, " \n")
	m.entities = detect(m.text, nil)
	m.edited = s.cfg.Now()
	m.rev = s.touch()
	s.note(m, "%s edits: %s", s.name(user), body(m))
	if s.hears(m) {
		s.tell("edited_message", m)
	}
	return nil
}

// Delete takes a message away: the person's own, or any of a private chat. The bot
// is not told.
func (s *Server) Delete(user, chatID int64, message int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.here(user, chatID)
	if err == nil && c.kind != kindPrivate {
		_, err = s.own(user, chatID, message)
	}
	if err == nil && c.find(message) == nil {
		err = ErrNoMessage
	}
	if err != nil {
		return fmt.Errorf("emulator: %d deletes %d in chat %d: %w", user, message, chatID, err)
	}
	s.remove(c.find(message), user)
	return nil
}

// Tap taps an inline button, named by its label or its data, and returns the id of
// the press. It is an error when the message shows no such button to tap.
func (s *Server) Tap(user, chatID int64, message int, button string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, err := s.shown(user, chatID, message)
	if err != nil {
		return "", fmt.Errorf("emulator: %d taps %q on %d in chat %d: %w", user, button, message, chatID, err)
	}
	var labels []string
	for _, by := range []func(Button) string{func(b Button) string { return b.Label }, func(b Button) string { return b.Data }} {
		for _, row := range m.markup.keyboard() {
			for _, b := range row {
				if b.Data == "" {
					continue
				}
				if by(b) == button {
					m.chat.write("%s taps [%s] on %s", s.name(user), b.Label, m.title())
					return s.press(user, m, b.Data), nil
				}
				labels = append(labels, by(b))
			}
		}
	}
	return "", fmt.Errorf("emulator: %d taps %q on %d in chat %d: %w; there are %q", user, button, message, chatID, ErrNoButton, labels)
}

// TapData sends data as a tap on a message, whether it has such a button or not, and
// even if it is deleted: a client can do so, or can show a keyboard that is old.
func (s *Server) TapData(user, chatID int64, message int, data string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.here(user, chatID)
	if err != nil {
		return "", fmt.Errorf("emulator: %d sends data for %d in chat %d: %w", user, message, chatID, err)
	}
	m := c.ever(message)
	if m == nil || m.from != s.bot.ID || !m.seenBy(user) {
		return "", fmt.Errorf("emulator: %d sends data for %d in chat %d: %w", user, message, chatID, ErrNoMessage)
	}
	label := ""
	for _, row := range m.markup.keyboard() {
		for _, b := range row {
			if b.Data == data && data != "" {
				label = b.Label
			}
		}
	}
	if label != "" {
		c.write("%s taps [%s] on %s", s.name(user), label, m.title())
	} else {
		c.write("%s taps a button that %s does not have", s.name(user), m.title())
	}
	return s.press(user, m, data), nil
}

// shown finds a message that a person sees.
func (s *Server) shown(user, chatID int64, message int) (*message, error) {
	c, err := s.here(user, chatID)
	if err != nil {
		return nil, err
	}
	m := c.ever(message)
	if m == nil || m.deleted || !m.seenBy(user) {
		return nil, ErrNoMessage
	}
	return m, nil
}

// Block blocks the bot in the person's private chat, as "Stop bot" does.
func (s *Server) Block(user int64) error { return s.block(user, true) }

// Unblock ends a block.
func (s *Server) Unblock(user int64) error { return s.block(user, false) }

func (s *Server) block(user int64, blocked bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.findPerson(user)
	if p == nil || p.Bot || p.gone {
		return fmt.Errorf("emulator: %d blocks the bot: %w", user, ErrNoPerson)
	}
	if p.blocked == blocked {
		return nil
	}
	was, is, word := statusMember, statusKicked, "blocks"
	if !blocked {
		was, is, word = statusKicked, statusMember, "unblocks"
	}
	p.blocked = blocked
	p.rev = s.touch()
	c := s.findChat(user)
	c.write("%s %s the bot", p.Name, word)
	s.tellMember(c, user, member{id: s.bot.ID, status: was}, member{id: s.bot.ID, status: is})
	return nil
}

// here finds a chat that a person is in.
func (s *Server) here(user, chatID int64) (*chat, error) {
	if p := s.findPerson(user); p == nil || p.gone {
		return nil, ErrNoPerson
	}
	c := s.findChat(chatID)
	switch {
	case c == nil || c.deleted:
		return nil, ErrNoChat
	case c.kind == kindPrivate && c.id != user, c.kind != kindPrivate && !c.member(user).present():
		return nil, ErrNotHere
	case c.movedTo != 0:
		return nil, ErrUnfit
	default:
		return c, nil
	}
}

// writable finds a chat that a person may write to.
func (s *Server) writable(user, chatID int64) (*chat, error) {
	c, err := s.here(user, chatID)
	switch {
	case err != nil:
		return nil, err
	case c.person != nil && c.person.blocked:
		return nil, ErrBlocked
	case c.member(user).muted():
		return nil, ErrMuted
	default:
		return c, nil
	}
}

// DeleteAccount deletes a person's account: the private chat can no longer be used
// and the person does nothing. The bot is not told.
func (s *Server) DeleteAccount(user int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.findPerson(user)
	if p == nil || p.Bot {
		return fmt.Errorf("emulator: %d deletes the account: %w", user, ErrNoPerson)
	}
	s.findChat(user).write("%s deletes the account", p.Name)
	p.gone, p.rev = true, s.touch()
	return nil
}

// own finds a message that a person sent.
func (s *Server) own(user, chatID int64, message int) (*message, error) {
	c, err := s.here(user, chatID)
	if err != nil {
		return nil, err
	}
	m := c.find(message)
	if m == nil {
		return nil, ErrNoMessage
	}
	if m.from != user {
		return nil, ErrNotTheirs
	}
	return m, nil
}

// slice16 cuts a text at UTF-16 offsets.
func slice16(text string, from, to int) string {
	at := 0
	start, end := len(text), len(text)
	for i, r := range text {
		if at == from {
			start = i
		}
		if at == to {
			end = i
			break
		}
		at += units(string(r))
	}
	return text[min(start, end):end]
}

// clip is a copy, so that nobody outside shares memory with the world.
func clip(rows [][]Button) [][]Button {
	var out [][]Button
	for _, row := range rows {
		out = append(out, slices.Clone(row))
	}
	return out
}
