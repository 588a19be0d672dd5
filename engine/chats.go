package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/engine/journal"
	"zomrobot/storage"
	"zomrobot/telegram"
)

// chats is the way out to the chats. A group that becomes a supergroup gets
// another id. Inside the program it keeps the first one, by which everything of
// it is kept; only here and in [Engine.Handle] one is turned into the other.
type chats struct {
	edge Chat
	// moved is told of a move that an error has told of.
	moved func(ctx context.Context, from, to int64) error

	mu    sync.RWMutex
	first map[int64]int64 // by every later id
	now   map[int64]int64 // by the first id
}

// A spot is where a message stands. The chat's id is the one of that time: no
// message of a group can be reached any more once it has become a supergroup.
type spot struct {
	Chat    int64 `json:"chat,omitempty"` // 0: the first id of the dialogue's chat
	Message int   `json:"message"`
}

// identity returns the first id of a chat.
func (c *chats) identity(chat int64) int64 {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if first, ok := c.first[chat]; ok {
		return first
	}
	return chat
}

// current returns the id that a chat has now, by its first one.
func (c *chats) current(identity int64) int64 {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if now, ok := c.now[identity]; ok {
		return now
	}
	return identity
}

// former reports whether a chat has another id now.
func (c *chats) former(chat int64) bool { return c.current(c.identity(chat)) != chat }

// learn notes a move that is written down.
func (c *chats) learn(first, to int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.first == nil {
		c.first, c.now = make(map[int64]int64), make(map[int64]int64)
	}
	c.first[to], c.now[first] = first, to
}

// in does something in the dialogue's chat, whatever its id is now.
func (c *chats) in(ctx context.Context, to chat.Key, do func(chat.Key) error) error {
	identity := to.Chat
	to.Chat = c.current(identity)
	err := do(to)
	var migrated *telegram.MigratedError
	if !errors.As(err, &migrated) {
		return err
	}
	if err := c.moved(ctx, to.Chat, migrated.Chat); err != nil {
		return err
	}
	to.Chat = c.current(identity)
	return do(to)
}

// Send sends a message to the dialogue's chat.
func (c *chats) Send(ctx context.Context, to chat.Key, lang string, draw telegram.Draw, protect bool) (at spot, err error) {
	err = c.in(ctx, to, func(to chat.Key) (err error) {
		at.Chat = to.Chat
		at.Message, err = c.edge.Send(ctx, to, lang, draw, protect)
		return err
	})
	return at, err
}

// SendAlone sends a message to the dialogue's person alone, where all but them are.
func (c *chats) SendAlone(ctx context.Context, to chat.Key, lang string, draw telegram.Draw, press string) error {
	return c.in(ctx, to, func(to chat.Key) error { return c.edge.SendAlone(ctx, to, lang, draw, press) })
}

// ReadFile returns a file that a person has sent.
func (c *chats) ReadFile(ctx context.Context, id string) ([]byte, error) {
	return c.edge.ReadFile(ctx, id)
}

// SendFile sends a document to the dialogue's chat.
func (c *chats) SendFile(ctx context.Context, to chat.Key, lang string, file chat.File) error {
	return c.in(ctx, to, func(to chat.Key) error { return c.edge.SendFile(ctx, to, lang, file) })
}

// Member returns what a person is in the dialogue's group, in Telegram's words.
func (c *chats) Member(ctx context.Context, in chat.Key, user int64) (status string, err error) {
	err = c.in(ctx, in, func(in chat.Key) (err error) {
		status, err = c.edge.Member(ctx, in, user)
		return err
	})
	return status, err
}

// Administrators returns the people who run the dialogue's group, its creator
// first.
func (c *chats) Administrators(ctx context.Context, in chat.Key) (people []chat.Person, err error) {
	err = c.in(ctx, in, func(in chat.Key) (err error) {
		people, err = c.edge.Administrators(ctx, in)
		return err
	})
	return people, err
}

// Edit makes a message show something else. One of a former chat is
// [telegram.ErrNoMessage], as it is for Strip and Delete.
func (c *chats) Edit(ctx context.Context, at spot, lang string, draw telegram.Draw) error {
	return c.at(ctx, at, func(chat chat.Key) error { return c.edge.Edit(ctx, chat, lang, at.Message, draw) })
}

// Strip takes the buttons off a message.
func (c *chats) Strip(ctx context.Context, at spot) error {
	return c.at(ctx, at, func(chat chat.Key) error { return c.edge.Strip(ctx, chat, at.Message) })
}

// Delete removes a message.
func (c *chats) Delete(ctx context.Context, at spot) error {
	return c.at(ctx, at, func(chat chat.Key) error { return c.edge.Delete(ctx, chat, at.Message) })
}

// Remove removes messages that stand in one chat; it fails with [telegram.ErrNoMessage]
// when one of them stays.
func (c *chats) Remove(ctx context.Context, in int64, messages []int) error {
	return c.at(ctx, spot{Chat: in, Message: messages[0]}, func(chat chat.Key) error { return c.edge.Remove(ctx, chat, messages) })
}

// Typing shows in the dialogue's chat that the bot is at work.
func (c *chats) Typing(ctx context.Context, to chat.Key) error {
	return c.in(ctx, to, func(to chat.Key) error { return c.edge.Typing(ctx, to) })
}

// at does something with a message where it stands.
func (c *chats) at(ctx context.Context, at spot, do func(chat.Key) error) error {
	if at.Message == 0 || c.former(at.Chat) {
		return fmt.Errorf("message %d of chat %d, which has moved: %w", at.Message, at.Chat, telegram.ErrNoMessage)
	}
	err := do(chat.Key{Chat: at.Chat})
	var migrated *telegram.MigratedError
	if !errors.As(err, &migrated) {
		return err
	}
	if err := c.moved(ctx, at.Chat, migrated.Chat); err != nil {
		return err
	}
	return fmt.Errorf("%w: %w", telegram.ErrNoMessage, err)
}

// Answer answers a press.
func (c *chats) Answer(ctx context.Context, press, lang string, text *chat.Phrase, alert bool) error {
	return c.edge.Answer(ctx, press, lang, text, alert)
}

// loadMoves reads which groups have become supergroups.
func (e *Engine) loadMoves(ctx context.Context) error {
	return e.store.Scan(ctx, movedPrefix, "", func(key string, value []byte) (bool, error) {
		var first int64
		to, err := strconv.ParseInt(strings.TrimPrefix(key, movedPrefix), 10, 64)
		if err = errors.Join(err, json.Unmarshal(value, &first)); err != nil {
			return false, fmt.Errorf("%s: %w", key, err)
		}
		e.chat.learn(first, to)
		return true, nil
	})
}

// lastBasicGroup is the lowest id of a group that can become a supergroup.
const lastBasicGroup = -999_999_999_999

// moveWaits is how long after Telegram had nothing more the news of a move certainly
// wait there: it keeps them for a day.
const moveWaits = 12 * time.Hour

// lookForMoves asks for each group that can have moved whether it has, after the bot
// was away for long: the news of it may be gone, and people may act in the new chat
// before the bot has anything to say in it.
func (e *Engine) lookForMoves() {
	err := storage.EachKey(e.ctx, e.store, groupPrefix, "", func(key string) (bool, error) {
		group, err := strconv.ParseInt(strings.TrimPrefix(key, groupPrefix), 10, 64)
		if err != nil || group < lastBasicGroup || e.chat.current(group) != group {
			return true, err
		}
		if _, err := e.chat.Administrators(e.ctx, chat.Key{Chat: group}); err != nil {
			e.log.DebugContext(e.ctx, "a group could not be looked at", "chat", group, "error", err)
		}
		return true, nil
	})
	if err != nil && e.ctx.Err() == nil {
		e.log.ErrorContext(e.ctx, "groups that can have moved are not known", "error", err)
	}
}

// moved writes down that a group has become a supergroup, and shows there what
// is under way in it. It is told by two service messages, and by errors.
func (e *Engine) moved(ctx context.Context, from, to int64, also ...func(storage.Tx) error) error {
	first := e.chat.identity(from)
	_, known, err := storage.Read[int64](ctx, e.store, movedKey(to))
	if err != nil {
		return err
	}
	var shown []post
	if !known && first != to {
		if shown, err = e.underWay(ctx, first); err != nil {
			return err
		}
		if len(shown) > postsAtOnce {
			e.chat.learn(first, to) // it is so, whatever becomes of the commits
		}
		if shown, err = e.postMany(ctx, shown); err != nil {
			return err
		}
	}
	err = e.beside(ctx, func(t *transaction) error {
		_, known, err := storage.Get[int64](t.tx, movedKey(to))
		if err != nil || known || first == to {
			return err
		}
		if err := storage.Put(t.tx, movedKey(to), first); err != nil {
			return err
		}
		for _, p := range shown {
			if err := t.post(p); err != nil {
				return err
			}
		}
		e.chat.learn(first, to) // it is so, whatever becomes of the commit
		return nil
	}, also...)
	if err != nil {
		return fmt.Errorf("chat %d has moved to %d: %w", from, to, err)
	}
	return nil
}

// underWay returns what brings the cards of a chat up to date: those of drafts
// and of questions beside them, and of open purchases.
func (e *Engine) underWay(ctx context.Context, chat int64) ([]post, error) {
	var shown []post
	keys, err := e.dialoguesIn(ctx, chat)
	if err != nil {
		return nil, err
	}
	for _, key := range keys {
		d, _, err := e.dialogue(ctx, key)
		switch {
		case storage.Damaged(err):
			e.log.ErrorContext(ctx, "a dialogue cannot be read; its card is not shown", "error", err)
		case err != nil:
			return nil, err
		case d.Draft != nil || d.Aside != nil:
			shown = append(shown, post{To: key, Effect: &outward{conversation.Show{}}})
		}
	}
	ids, err := journal.OpenPurchases(ctx, e.store)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		open, found, err := storage.Read[journal.Entry](ctx, e.store, journal.PurchaseKey(id))
		if err != nil {
			return nil, err
		}
		if found && !open.Record.State.Ended() && open.Owner.Chat == chat {
			shown = append(shown, post{To: open.Owner, Purchase: id})
		}
	}
	return shown, nil
}

// without returns an event of a former chat without the message that it names,
// which cannot be reached any more.
func without(event chat.Event) chat.Event {
	switch e := event.(type) {
	case chat.Command:
		e.Message = 0
		return e
	case chat.Text:
		e.Message = 0
		return e
	case chat.Overheard:
		e.Message = 0
		return e
	case chat.Other:
		e.Message = 0
		return e
	case chat.Press:
		e.Message = 0
		return e
	default:
		return event
	}
}
