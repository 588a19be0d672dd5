package engine

import (
	"context"
	"maps"
	"slices"
	"time"

	"zomrobot/chat"
	"zomrobot/conversation/bill"
	"zomrobot/telegram"
)

// Alarm tells the owners what only they can mend, and for how long nothing was heard. What cannot be said now is said
// once it can.
func (e *Engine) Alarm(ctx context.Context, what telegram.Alarm, silent time.Duration) {
	err := e.beside(ctx, func(t *transaction) error { return t.tellOwners(bill.Alarm(string(what), silent)) })
	if err != nil {
		e.log.ErrorContext(ctx, "the owners could not be told", "alarm", string(what), "error", err)
	}
}

// tellOwners tells each owner.
func (t *transaction) tellOwners(said chat.Screen) error {
	for _, owner := range slices.Sorted(maps.Keys(t.engine.owners)) {
		if err := t.post(post{To: chat.Key{Chat: owner, User: owner}, Notice: &said}); err != nil {
			return err
		}
	}
	return nil
}
