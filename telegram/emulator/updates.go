package emulator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// How updates are kept and given out (Bot API, getUpdates; Client.cpp).
const (
	firstUpdate  = 700_000_001
	updateLife   = 24 * time.Hour
	pressLife    = 150 * time.Second
	maxBatch     = 100
	maxPoll      = 50 // seconds
	futureOffset = 10 // an offset further ahead than this starts at the head again
)

// updateKinds are the names that allowed_updates may have; only some of these
// updates exist here (Client.cpp, get_update_type_name).
var updateKinds = []string{
	"message", "edited_message", "channel_post", "edited_channel_post", "inline_query", "chosen_inline_result",
	"callback_query", "shipping_query", "pre_checkout_query", "poll", "poll_answer", "my_chat_member", "chat_member",
	"chat_join_request", "chat_boost", "removed_chat_boost", "message_reaction", "message_reaction_count",
	"business_connection", "business_message", "edited_business_message", "deleted_business_messages",
	"purchased_paid_media", "managed_bot", "guest_message",
}

// byRequest are the kinds that a bot gets only when it names them.
var byRequest = []string{"chat_member", "message_reaction", "message_reaction_count"}

// errGone says that the bot hung up before it was answered.
var errGone = errors.New("emulator: the bot is gone")

type update struct {
	id       int64
	queue    string // updates of one queue reach a webhook one at a time, in order
	body     json.RawMessage
	expires  time.Time
	failures int
}

// inbox is what waits for the bot.
type inbox struct {
	next    int64
	pending []*update
	allowed []string // nil: all but those by request
	poll    *poll
	last    struct {
		offset int64
		at     time.Time
	}
	hook webhook
}

// poll is a getUpdates that waits.
type poll struct {
	stop  chan error
	until time.Time // by the clock of the world
	over  bool      // it was, when somebody moved the clock
}

// push adds an update for the bot. The caller holds the lock.
func (s *Server) push(kind, queue string, life time.Duration, payload any) {
	if s.inbox.allowed != nil && !slices.Contains(s.inbox.allowed, kind) || s.inbox.allowed == nil && slices.Contains(byRequest, kind) {
		return
	}
	id := s.inbox.next
	body, err := json.Marshal(map[string]any{"update_id": id, kind: payload})
	if err != nil {
		panic(fmt.Sprintf("emulator: writing an update: %v", err)) // our own plain structs
	}
	s.enqueue(&update{id: id, queue: queue, body: body, expires: s.cfg.Now().Add(life)})
}

// enqueue adds an update to those that wait. The caller holds the lock.
func (s *Server) enqueue(u *update) {
	if u.id == s.inbox.next { // not one of a forger's choosing
		s.inbox.next++
	}
	s.inbox.pending = append(s.inbox.pending, u)
	s.touch()
	s.pump()
}

// expire forgets what waited too long.
func (s *Server) expire() {
	now := s.cfg.Now()
	s.inbox.pending = slices.DeleteFunc(s.inbox.pending, func(u *update) bool { return !now.Before(u.expires) })
}

// allow reads allowed_updates, which counts for updates to come: unknown names are
// skipped, no known name means the default.
func (s *Server) allow(a args) {
	if a.get("allowed_updates") == "" {
		return
	}
	var names []string
	if err := a.json("allowed_updates", &names); err != nil {
		return
	}
	s.inbox.allowed = nil
	for _, n := range names {
		if n = strings.ToLower(n); slices.Contains(updateKinds, n) {
			s.inbox.allowed = append(s.inbox.allowed, n)
		}
	}
}

// getUpdates gives out what waits, and confirms what was given out before the
// offset. It takes the lock itself.
func (s *Server) getUpdates(ctx context.Context, a args) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.inbox.hook.url != "" {
		return nil, conflict("can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first")
	}
	offset := a.number("offset")
	limit := int(a.clamped("limit", maxBatch, 1, maxBatch))
	wait := time.Duration(a.clamped("timeout", 0, 0, maxPoll)) * time.Second
	s.allow(a)
	if s.cfg.Flood {
		wait, limit = s.slow(offset, wait, limit)
	}
	batch := s.take(offset, limit)
	if wait == 0 || len(batch) > 0 {
		return batch, nil
	}
	s.endPoll(conflict("terminated by other getUpdates request; make sure that only one bot instance is running"))
	p := &poll{stop: make(chan error, 1), until: s.cfg.Now().Add(wait)}
	s.inbox.poll = p
	s.touch()
	defer func() {
		if s.inbox.poll == p {
			s.inbox.poll = nil
		}
	}()
	timer := time.NewTimer(wait)
	defer timer.Stop()
	for {
		changed := s.changed
		s.mu.Unlock()
		var err error
		over := false
		select {
		case <-changed:
		case <-timer.C:
			over = true
		case err = <-p.stop:
		case <-ctx.Done():
			err = errGone
		case <-s.done.Done():
			err = errGone
		}
		s.mu.Lock()
		if err != nil {
			return nil, err
		}
		if p.over {
			return batch, nil
		}
		if batch := s.take(offset, limit); len(batch) > 0 || over {
			return batch, nil
		}
	}
}

// ClockMoved makes the world look at its clock, which somebody has moved: a
// getUpdates whose time is over is answered before anything that comes later.
func (s *Server) ClockMoved() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.inbox.poll; p != nil && !s.cfg.Now().Before(p.until) {
		p.over, s.inbox.poll = true, nil
		s.touch()
	}
}

// Polling reports whether a getUpdates waits.
func (s *Server) Polling() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.inbox.poll != nil
}

// slow is what Telegram does to a bot that asks the same again at once
// (Client.cpp, process_get_updates_query).
func (s *Server) slow(offset int64, wait time.Duration, limit int) (time.Duration, int) {
	now := time.Now()
	if offset == s.inbox.last.offset {
		if since := now.Sub(s.inbox.last.at); since < 500*time.Millisecond {
			limit = 1
			wait = max(wait, 3*time.Second)
		} else if since < 3*time.Second {
			wait = max(wait, 3*time.Second)
		}
	}
	s.inbox.last.offset, s.inbox.last.at = offset, now
	return wait, limit
}

// endPoll answers the getUpdates that waits.
func (s *Server) endPoll(err error) {
	if s.inbox.poll != nil {
		s.inbox.poll.stop <- err
		s.inbox.poll = nil
	}
}

// take confirms what is before the offset and returns what comes from there.
func (s *Server) take(offset int64, limit int) []json.RawMessage {
	s.expire()
	q := &s.inbox
	// What the bot confirms is a change like any other: somebody may wait for it.
	defer func(before int) {
		if len(q.pending) < before {
			s.touch()
		}
	}(len(q.pending))
	switch {
	case offset < 0:
		if n := len(q.pending) + int(max(offset, -1<<31)); n > 0 {
			q.pending = q.pending[n:]
		}
	case offset <= q.next+futureOffset:
		q.pending = slices.DeleteFunc(q.pending, func(u *update) bool { return u.id < offset })
	}
	batch := []json.RawMessage{}
	for _, u := range q.pending[:min(limit, len(q.pending))] {
		batch = append(batch, u.body)
	}
	return batch
}

// Pending returns how many updates the bot has not confirmed.
func (s *Server) Pending() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expire()
	return len(s.inbox.pending)
}

// SkipMessages makes the ids of future messages go on from id, in private chats and, if
// there is one of that id, in a group.
func (s *Server) SkipMessages(chat int64, id int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.nextID = max(s.nextID, id)
	if c := s.findChat(chat); c != nil {
		c.nextID = max(c.nextID, id)
	}
}

// SkipUpdates makes the ids of future updates go on from id, as Telegram does after
// a week of silence; id may also be lower than the last one.
func (s *Server) SkipUpdates(id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.inbox.next = id
}
