package engine

import (
	"context"
	"errors"
	"fmt"

	"zomrobot/chat"
	"zomrobot/telegram"
)

// showPrompt brings the prompt of a dialogue in a group up to date, the message
// to which the person is to reply: it stands below the card that asks, and is
// gone when there is nothing left to type. It is kept as a card is; what it
// shows is the revision of the card that asks.
func (e *Engine) showPrompt(ctx context.Context, key chat.Key, lang string) error {
	if key.Private() {
		return nil
	}
	d, _, err := e.dialogue(ctx, key)
	if err != nil {
		return err
	}
	name := promptKey(key)
	now, found, err := e.loadCard(ctx, key, name)
	if err != nil {
		return err
	}
	screen, wanted := e.machine.Prompt(d)
	shown := fmt.Sprint(d.Rev, " ", lang)
	if found && wanted && now.Shown == shown || !found && !wanted {
		return nil
	}
	if now.Message != 0 {
		if err := e.chat.Delete(ctx, now.spot); err != nil && !errors.Is(err, telegram.ErrNoMessage) {
			return fmt.Errorf("remove a prompt: %w", err)
		}
	}
	if !wanted {
		return e.deleteKeys(context.WithoutCancel(ctx), name)
	}
	at, err := e.chat.Send(ctx, key, lang, telegram.Still(screen), false)
	if err != nil {
		return fmt.Errorf("send a prompt: %w", err)
	}
	return e.keepCard(ctx, name, card{at, appearance{Shown: shown}}, "")
}
