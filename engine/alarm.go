package engine

import (
	"context"
	"maps"
	"slices"

	"zomrobot/chat"
	"zomrobot/conversation/bill"
	"zomrobot/telegram"
)

// Alarm tells the owners what only they can mend. What cannot be said now is said
// once it can.
func (e *Engine) Alarm(ctx context.Context, what telegram.Alarm) {
	err := e.beside(ctx, func(t *transaction) error {
		for _, owner := range slices.Sorted(maps.Keys(e.owners)) {
			screen := bill.Alarm(string(what))
			if err := t.post(post{To: chat.Key{Chat: owner, User: owner}, Notice: &screen}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		e.log.ErrorContext(ctx, "the owners could not be told", "alarm", string(what), "error", err)
	}
}
