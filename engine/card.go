package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"zomrobot/conversation"
	"zomrobot/storage"
	"zomrobot/telegram"
)

// card is where a card stands in the chat, and what it shows.
type card struct {
	Message int    `json:"message"`
	Shown   string `json:"shown"` // digest of the screen and its language; "" after its buttons were taken off
}

// showCard brings a dialogue's card up to date.
func (e *Engine) showCard(ctx context.Context, key conversation.Key, lang string, anew bool) error {
	d, _, err := storage.Read[conversation.Dialogue](ctx, e.store, dialogueKey(key))
	if err != nil {
		return err
	}
	screen, ok := conversation.Render(d)
	if !ok {
		return e.retireCard(ctx, key, cardKey(key))
	}
	return e.place(ctx, key, lang, cardKey(key), screen, anew)
}

// place shows a screen as the card that is kept under name: by an edit where
// the card stands, or as a new message.
func (e *Engine) place(ctx context.Context, to conversation.Key, lang, name string, screen conversation.Screen, anew bool) error {
	now, _, err := storage.Read[card](ctx, e.store, name)
	if err != nil {
		return err
	}
	shown, err := digest(lang, screen)
	if err != nil {
		return err
	}
	if now.Message != 0 && !anew {
		if now.Shown == shown {
			return nil
		}
		err := e.chat.Edit(ctx, to, lang, now.Message, screen)
		if err == nil {
			return e.keepCard(ctx, name, card{Message: now.Message, Shown: shown})
		}
		if !errors.Is(err, telegram.ErrNoMessage) {
			return fmt.Errorf("edit card: %w", err)
		}
		now.Message = 0
	}
	message, err := e.chat.Send(ctx, to, lang, screen, false)
	if err != nil {
		return fmt.Errorf("send card: %w", err)
	}
	if err := e.keepCard(ctx, name, card{Message: message, Shown: shown}); err != nil {
		return err
	}
	if now.Message != 0 {
		e.strip(ctx, to, now.Message)
	}
	return nil
}

// retireCard takes the buttons off a card that has nothing more to show.
func (e *Engine) retireCard(ctx context.Context, to conversation.Key, name string) error {
	now, found, err := storage.Read[card](ctx, e.store, name)
	if err != nil || !found {
		return err
	}
	e.strip(ctx, to, now.Message)
	return e.deleteKeys(ctx, name)
}

// strip takes the buttons off a message. Buttons that stay are harmless: a tap
// on them is told that they are old.
func (e *Engine) strip(ctx context.Context, to conversation.Key, message int) {
	if err := e.chat.Strip(ctx, to, message); err != nil {
		e.log.Debug("buttons of an old card stay", "dialogue", to.String(), "error", err)
	}
}

// keepCard notes where a card stands, also when the program is about to stop:
// the message is in the chat.
func (e *Engine) keepCard(ctx context.Context, name string, c card) error {
	return e.store.Update(context.WithoutCancel(ctx), func(tx storage.Tx) error { return storage.Put(tx, name, c) })
}

func digest(lang string, screen conversation.Screen) (string, error) {
	text, err := json.Marshal(screen)
	if err != nil {
		return "", fmt.Errorf("digest of a screen: %w", err)
	}
	sum := sha256.Sum256(append([]byte(lang+"\n"), text...))
	return hex.EncodeToString(sum[:8]), nil
}
