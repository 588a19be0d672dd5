package emulator

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// The kinds of a chat, as the Bot API names them.
const (
	kindPrivate    = "private"
	kindGroup      = "group"
	kindSupergroup = "supergroup"
)

// The statuses of a member, as the Bot API names them.
const (
	statusCreator       = "creator"
	statusAdministrator = "administrator"
	statusMember        = "member"
	statusRestricted    = "restricted"
	statusLeft          = "left"
	statusKicked        = "kicked"
)

// anonymousID is the user that stands for every anonymous administrator
// (@GroupAnonymousBot).
const anonymousID = 1087968824

// channelID is the user that stands for whoever writes in the name of a channel
// (@Channel_Bot), and channelChat the channel.
const (
	channelID   = 136817688
	channelChat = -1_001_900_000_000
)

// generalTopic is the topic of a forum that is always there. Its messages carry no
// message_thread_id, and none can be sent to it by that id.
const generalTopic = 1

// lastBasicGroup is the lowest id of a basic group; below are supergroups.
const lastBasicGroup = -999_999_999_999

type person struct {
	Person
	started bool // has written to the bot, so the bot may write back
	blocked bool // has blocked the bot
	gone    bool // has deleted the account
	rev     int64
}

type chat struct {
	id       int64
	kind     string
	title    string // of a group
	forum    bool
	person   *person // of a private chat
	members  []*member
	messages []*message
	topics   map[int]*topic
	typing   map[int]time.Time // until when the bot seems to write, by thread
	nextID   int               // of messages in a supergroup
	movedTo  int64             // the supergroup that a basic group became
	deleted  bool              // by its owner
	sent     int               // messages of the bot, numbered in the transcript
	alone    int               // of them, those that one member sees
	lastBot  int64             // the bot that posted last
	log      []string
	pace     pace
	rev      int64
}

// topic is a part of a forum.
type topic struct {
	title  string
	closed bool // only administrators who manage topics may write
}

type member struct {
	id     int64
	status string
	away   bool // restricted, but not in the chat
	Rights
}

// present tells whether the member is in the chat.
func (m *member) present() bool {
	return m != nil && m.status != statusLeft && m.status != statusKicked && !m.away
}

// muted tells whether the member may only read.
func (m *member) muted() bool { return m != nil && m.status == statusRestricted }

// admin tells whether the member administers the chat.
func (m *member) admin() bool {
	return m != nil && (m.status == statusCreator || m.status == statusAdministrator)
}

type message struct {
	chat      *chat
	id        int
	thread    int // the topic of a forum, 0 for the general one
	root      int // of a reply in a supergroup without topics: where the conversation began
	from      int64
	anonymous bool   // sent in the name of the group
	signature string // the title of the administrator who sent it so
	channel   string // the channel in whose name it was sent; "": none
	origin    *origin
	date      time.Time
	edited    time.Time
	text      string
	first     string // that it was sent with
	entities  []entity
	markup    *markup
	replyTo   int
	to        int64 // who alone sees it; 0: everybody does
	ephemeral int   // with to: its id among those of the chat, by which alone the Bot API names it
	number    int   // the bot's messages: which one of the chat it is, from 1
	document  *Document
	photo     *Document // without contents where a person has sent it
	service   *service
	protected bool
	silent    bool
	deleted   bool
	meant     bool // was delivered to the bot although it does not read everything
	rev       int64
}

func (s *Server) findPerson(id int64) *person {
	for _, p := range s.people {
		if p.ID == id {
			return p
		}
	}
	return nil
}

func (s *Server) findChat(id int64) *chat {
	for _, c := range s.chats {
		if c.id == id {
			return c
		}
	}
	return nil
}

// name returns how a user is called in transcripts and on the page.
func (s *Server) name(id int64) string {
	if id == s.bot.ID {
		return "bot"
	}
	if p := s.findPerson(id); p != nil {
		return p.Name
	}
	if id == anonymousID {
		return "Group"
	}
	return fmt.Sprintf("user %d", id)
}

func (c *chat) member(id int64) *member {
	for _, m := range c.members {
		if m.id == id {
			return m
		}
	}
	return nil
}

// find returns a message that is still there, of those that everybody sees.
func (c *chat) find(id int) *message {
	if m := c.ever(id); m != nil && !m.deleted && m.to == 0 {
		return m
	}
	return nil
}

// ever returns a message, deleted or not.
func (c *chat) ever(id int) *message {
	i, found := slices.BinarySearchFunc(c.messages, id, func(m *message, id int) int { return m.id - id })
	if !found {
		return nil
	}
	return c.messages[i]
}

// add puts a message at the end of a chat and gives it an id.
func (s *Server) add(c *chat, m *message) *message {
	sequence := &s.nextID
	if c.kind == kindSupergroup {
		sequence = &c.nextID // each supergroup counts for itself
	}
	*sequence++
	m.chat, m.id, m.date, m.first = c, *sequence, s.cfg.Now(), m.text
	if r := c.ever(m.replyTo); r != nil && c.kind == kindSupergroup && !c.forum {
		m.root = cmp.Or(r.root, r.id)
	}
	if p := s.findPerson(m.from); m.from == s.bot.ID || p != nil && p.Bot {
		c.lastBot = m.from
	}
	c.messages = append(c.messages, m)
	m.rev = s.touch()
	if _, ok := c.typing[m.thread]; ok && m.from == s.bot.ID {
		delete(c.typing, m.thread)
		c.rev = m.rev
	}
	return m
}

// place is the suffix of a name in a transcript: the topic, when there is one.
func (c *chat) place(thread int) string {
	if t := c.topics[thread]; t != nil && thread != 0 {
		return " (" + t.title + ")"
	}
	return ""
}
