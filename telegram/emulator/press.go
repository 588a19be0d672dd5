package emulator

import (
	"fmt"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"
)

// maxAnswer is the length of an answer to a press, in characters (Bot API,
// answerCallbackQuery).
const maxAnswer = 200

// firstPress makes ids of presses as long as Telegram's.
const firstPress = 4_300_000_000_000_000_000

// Press is a tap on an inline button and how the bot answered it.
type Press struct {
	ID       string    `json:"id"`
	User     int64     `json:"user"`
	Chat     int64     `json:"chat"`
	Message  int       `json:"message"`
	Data     string    `json:"data"`
	At       time.Time `json:"at"`
	Answered bool      `json:"answered"`
	Text     string    `json:"text,omitempty"`
	Alert    bool      `json:"alert,omitempty"` // shown in a window, not in passing
}

type press struct {
	Press
	rev   int64
	entry int // in the transcript of its chat, what comes after the tap
}

func (s *Server) answerCallbackQuery(a args) (any, error) {
	text := a.get("text")
	var p *press
	for _, candidate := range s.presses {
		if candidate.ID == a.get("callback_query_id") {
			p = candidate
		}
	}
	if p == nil || p.Answered || s.cfg.Now().Sub(p.At) > s.cfg.AnswerWithin {
		return nil, badRequest("query is too old and response timeout expired or query ID is invalid")
	}
	if utf8.RuneCountInString(text) > maxAnswer {
		return nil, badRequest("MESSAGE_TOO_LONG") // and the press stays open
	}
	if a.get("url") != "" {
		return nil, badRequest("URL_INVALID")
	}
	p.Answered, p.Text, p.Alert = true, text, a.yes("show_alert")
	p.rev = s.touch()
	if c := s.findChat(p.Chat); c != nil && text != "" {
		kind := "toast"
		if p.Alert {
			kind = "alert"
		}
		// It stands with its tap: what the bot does beside it comes before or after.
		c.log = slices.Insert(c.log, p.entry, fmt.Sprintf("%s to %s: %s", kind, s.name(p.User), indent(text)))
		for _, other := range s.presses {
			if other.Chat == p.Chat && other.entry > p.entry {
				other.entry++
			}
		}
	}
	return true, nil
}

// press records a tap and tells the bot, unless it has left the chat. The caller holds the lock and has checked
// that the user may do it.
func (s *Server) press(user int64, m *message, data string) string {
	p := &press{Press: Press{
		ID:   strconv.FormatInt(firstPress+int64(len(s.presses)), 10),
		User: user, Chat: m.chat.id, Message: m.id, Data: data, At: s.cfg.Now(),
	}, entry: len(m.chat.log)}
	s.presses = append(s.presses, p)
	p.rev = s.touch()
	if m.chat.kind != kindPrivate && !m.chat.member(s.bot.ID).present() {
		return p.ID // nobody answers it
	}
	s.push("callback_query", "press "+strconv.FormatInt(user, 10), pressLife, wireQuery{
		ID: p.ID, From: s.wireUser(user), Message: s.wireMessageOf(m), ChatInstance: instance(m.chat.id), Data: data,
	})
	return p.ID
}

// Press returns a tap by the id that [Server.Tap] returned.
func (s *Server) Press(id string) (Press, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.presses {
		if p.ID == id {
			return p.Press, true
		}
	}
	return Press{}, false
}

// Presses returns all taps in their order.
func (s *Server) Presses() []Press {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Press, 0, len(s.presses))
	for _, p := range s.presses {
		out = append(out, p.Press)
	}
	return out
}

// Toasts returns the answers with a text that a user's taps got, in the order of
// the taps.
func (s *Server) Toasts(user int64) []Press {
	var out []Press
	for _, p := range s.Presses() {
		if p.User == user && p.Text != "" {
			out = append(out, p)
		}
	}
	return out
}

// Unanswered returns the taps that the bot left without an answer so far: their
// buttons still show that something is going on.
func (s *Server) Unanswered() []Press {
	var out []Press
	for _, p := range s.Presses() {
		if !p.Answered {
			out = append(out, p)
		}
	}
	return out
}
