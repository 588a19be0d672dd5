package engine

import (
	"context"
	"time"

	"zomrobot/chat"
)

const (
	// patience is how long a person waits for an answer before they see that the bot is at
	// work.
	patience = time.Second
	// typingLasts is how long Telegram shows it, with something to spare.
	typingLasts = 4 * time.Second
)

// typing has a chat see that the bot is at work, if it takes longer than people wait for
// without a sign, until stop is called. Nothing waits for it, and nothing is kept of it.
func (e *Engine) typing(ctx context.Context, key chat.Key) (stop func()) {
	ctx, cancel := context.WithCancel(e.goesOn(ctx))
	e.spawn(func() {
		for pause := patience; ; pause = typingLasts {
			if wait(ctx, pause); ctx.Err() != nil {
				return
			}
			if err := e.chat.Typing(ctx, key); err != nil {
				e.log.DebugContext(ctx, "it is not seen that the bot is at work", "error", err)
				return
			}
		}
	})
	return cancel
}
