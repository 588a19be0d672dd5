package engine

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/storage"
	"zomrobot/telegram"
)

// fading is a message that removes itself. Only where it stands is kept, in the index of
// what is due.
type fading struct {
	at  spot
	due time.Time // zero: there is none
}

// write notes when the message is to be removed.
func (f fading) write(tx storage.Tx) error {
	if f.due.IsZero() {
		return nil
	}
	return mark(tx, dueKey(f.due, dueMessage, fmt.Sprintf("%d/%d", f.at.Chat, f.at.Message)))
}

// parseSpot reads where a message stands that removes itself.
func parseSpot(name string) (spot, error) {
	in, message, _ := strings.Cut(name, "/")
	chat, err := strconv.ParseInt(in, 10, 64)
	if err != nil {
		return spot{}, fmt.Errorf("a message that removes itself, %q: %w", name, err)
	}
	id, err := strconv.Atoi(message)
	if err != nil {
		return spot{}, fmt.Errorf("a message that removes itself, %q: %w", name, err)
	}
	return spot{Chat: chat, Message: id}, nil
}

// tickFading removes a message that is due, beside the sweep. One that Telegram does not let
// go, for it is older than 48 hours, loses what it showed.
func (e *Engine) tickFading(name string, consume func(storage.Tx) error) error {
	at, err := parseSpot(name)
	if err != nil {
		return err
	}
	e.spawn(func() {
		err := e.chat.Delete(e.ctx, at)
		if errors.Is(err, telegram.ErrRefused) {
			private := chat.Key{Chat: at.Chat, User: at.Chat} // such messages are sent nowhere else
			err = e.chat.Edit(e.ctx, at, e.langOf(e.ctx, private), telegram.Still(conversation.Faded()))
		}
		if errors.Is(err, telegram.ErrRefused) {
			e.log.WarnContext(e.ctx, "a message that was to remove itself stays", "chat", at.Chat, "message", at.Message, "error", err)
			err = nil
		}
		if err == nil {
			err = e.store.Update(e.ctx, consume)
		}
		if err != nil && e.ctx.Err() == nil {
			e.log.WarnContext(e.ctx, "a message could not be removed; it is tried again", "chat", at.Chat, "message", at.Message, "error", err)
		}
	})
	return nil
}

// secret is a message that shows a secret, until the secret is used or the message is taken
// back.
type secret struct {
	at  spot
	key string // in the store; "": there is none
}

// write notes where the message stands.
func (s secret) write(tx storage.Tx) error {
	if s.key == "" {
		return nil
	}
	return storage.Put(tx, s.key, s.at)
}

// takeBack removes the message that shows a secret. One that the person has removed, or that
// Telegram does not let go, stays as it is.
func takeBack(ctx context.Context, e *Engine, er errand, effect conversation.TakeBack) error {
	key := shownKey(er.key, effect.Slot)
	at, found, err := storage.Read[spot](ctx, e.store, key)
	if err != nil || !found {
		return err
	}
	if err := e.chat.Delete(ctx, at); err != nil && !errors.Is(err, telegram.ErrRefused) {
		return err
	}
	return e.deleteKeys(ctx, key)
}
