package engine

import (
	"context"
	"errors"
	"fmt"

	"zomrobot/storage"
)

// botKey keeps which bot of Telegram the store belongs to.
const botKey = "bot"

// ErrOtherBot means that the store belongs to another bot of Telegram: people would be
// written to by one that they do not know, and the two would buy beside each other.
var ErrOtherBot = errors.New("engine: the store belongs to another bot")

// belonging is what a store says of the bot that it belongs to.
type belonging struct {
	Bot  int64 `json:"bot"`            // Telegram's id of it
	Anew bool  `json:"anew,omitempty"` // it was given to this bot, and still knows the messages of the former one
}

// BotOf returns Telegram's id of the bot that a store belongs to; 0: it does not say yet.
func BotOf(ctx context.Context, store storage.Store) (int64, error) {
	b, _, err := storage.Read[belonging](ctx, store, botKey)
	return b.Bot, err
}

// Belongs fails with [ErrOtherBot] when a store belongs to another bot than this. One that
// does not say yet is anybody's.
func Belongs(ctx context.Context, store storage.Store, bot int64) error {
	_, _, err := whose(ctx, store, bot)
	return err
}

// whose reads what a store says of its bot, which must be this one.
func whose(ctx context.Context, store storage.Store, bot int64) (b belonging, found bool, err error) {
	b, found, err = storage.Read[belonging](ctx, store, botKey)
	if err == nil && found && b.Bot != bot {
		err = fmt.Errorf("%w: to %d, and this one is %d", ErrOtherBot, b.Bot, bot)
	}
	return b, found, err
}

// Adopt gives a store, which no bot has open, to another bot. At its start that one forgets
// which messages the former one has sent, and which updates it was given: both are counted
// by each bot for itself.
func Adopt(ctx context.Context, store storage.Store, bot int64) error {
	return store.Update(ctx, func(tx storage.Tx) error {
		b, found, err := storage.Get[belonging](tx, botKey)
		if err != nil || found && b.Bot == bot {
			return err
		}
		return storage.Put(tx, botKey, belonging{Bot: bot, Anew: true})
	})
}

// claim makes sure that the store belongs to this bot. One that does not say yet is its own
// from then on.
func (e *Engine) claim(ctx context.Context) error {
	if e.bot == 0 {
		return nil
	}
	b, found, err := whose(ctx, e.store, e.bot)
	switch {
	case err != nil:
		return err
	case found && !b.Anew:
		return nil
	case found:
		if err := e.forgetFormer(ctx); err != nil {
			return err
		}
	}
	return e.store.Update(ctx, func(tx storage.Tx) error { return storage.Put(tx, botKey, belonging{Bot: e.bot}) })
}

// forgetFormer forgets where the messages stand that a former bot has sent, and the updates
// that it was given.
func (e *Engine) forgetFormer(ctx context.Context) error {
	if err := e.forgetCards(ctx); err != nil {
		return err
	}
	var gone []string
	for _, prefix := range []string{inboxPrefix, seenPrefix, shownPrefix} {
		keys, err := storage.Keys(ctx, e.store, prefix)
		if err != nil {
			return err
		}
		gone = append(gone, keys...)
	}
	err := storage.EachKey(ctx, e.store, duePrefix, "", func(key string) (bool, error) {
		d, err := parseDue(key)
		if err == nil && d.kind == dueMessage {
			gone = append(gone, key)
		}
		return true, err
	})
	if err != nil {
		return err
	}
	return e.deleteKeys(ctx, gone...)
}
