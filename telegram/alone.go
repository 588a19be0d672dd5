package telegram

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"zomrobot/chat"
)

// errAloud: nothing can be said there to one member alone.
var errAloud = fmt.Errorf("%w: all would see it", ErrRefused)

// aloudFor is how long a group that has refused it is not tried again: the bot may have
// become an administrator.
const aloudFor = time.Hour

// aloud is where nothing can be said to one member alone.
type aloud struct {
	everywhere atomic.Bool // the Bot API server does not know of it
	groups     sync.Map    // by id, until when it is not tried again
}

// in reports whether it is known that nothing can be said alone in a group, without a press.
func (a *aloud) in(group int64) bool {
	until, known := a.groups.Load(group)
	return known && time.Now().Before(until.(time.Time))
}

// SendAlone shows a screen in the dialogue's group to the dialogue's person alone (an
// ephemeral message, Bot API 10.3). Telegram allows it for some seconds after a press of
// theirs, and at any time to a bot that administers the group. press: they have just
// pressed; "": they have not. It is not certain that it arrives, it may be gone later, and
// it cannot be changed: it is for what does no harm when it is missed.
//
// It fails as [Bot.Send] does; [ErrRefused] is for every reason for which Telegram does
// not show it so, and then nobody has seen it.
func (b *Bot) SendAlone(ctx context.Context, key chat.Key, lang string, draw Draw, press string) error {
	if key.Private() || b.aloud.everywhere.Load() || press == "" && b.aloud.in(key.Chat) {
		return errAloud
	}
	var sent struct {
		ID        int `json:"message_id"`
		Ephemeral int `json:"ephemeral_message_id"`
	}
	err := b.deliver(ctx, "send message to one member", key.Chat, newMessage, false, func() error {
		return b.say(lang, draw, bare, func(shown drawn) error {
			return b.caller.call(ctx, "sendMessage", &bot.SendMessageParams{
				ChatID:                     key.Chat,
				MessageThreadID:            key.Thread,
				EphemeralMessageParameters: &models.EphemeralMessageParameters{ReceiverUserID: key.User, CallbackQueryID: press},
				Text:                       shown.text,
				ParseMode:                  shown.mode,
				LinkPreviewOptions:         noPreview(),
				ReplyMarkup:                shown.keyboard,
			}, &sent)
		})
	})
	switch {
	case errors.Is(err, ErrRefused) && press != "": // it came too late
		return b.SendAlone(ctx, key, lang, draw, "")
	case errors.Is(err, ErrRefused):
		b.log.DebugContext(ctx, "a group takes no message to one member", "chat", key.Chat, "error", err)
		b.aloud.groups.Store(key.Chat, time.Now().Add(aloudFor))
		return fmt.Errorf("%w: %w", errAloud, err)
	case err != nil || sent.Ephemeral != 0:
		return err
	}
	// A server of somebody's own that is older shows it to all.
	b.aloud.everywhere.Store(true)
	b.log.WarnContext(ctx, "the Bot API server does not know messages to one member; they are sent to all")
	if err := b.Delete(ctx, key, sent.ID); err != nil {
		return fmt.Errorf("take back what all can see: %w", err)
	}
	return errAloud
}
