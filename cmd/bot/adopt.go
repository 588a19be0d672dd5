package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"zomrobot/engine"
	"zomrobot/storage"
	"zomrobot/telegram"
)

// runAdopt gives the store of a stopped bot to the bot of the configuration's token, once
// Telegram knows that one.
func runAdopt(ctx context.Context, args []string, stdout, stderr io.Writer) (err error) {
	flags := flag.NewFlagSet("adopt", flag.ContinueOnError)
	yes := flags.Bool("yes", false, "do not ask")
	if err := parse(flags, args, stderr); err != nil {
		return err
	}
	c, err := ReadConfig()
	if err != nil {
		return usage(err)
	}
	token, err := c.Token()
	if err != nil {
		return usage(err)
	}
	bot := telegram.NewToken(token).Bot()
	store, err := openThere(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	former, err := engine.BotOf(ctx, store)
	switch {
	case err != nil:
		return err
	case former == bot:
		_, err = fmt.Fprintf(stdout, "ok: %s belongs to bot %d already\n", c.Storage.URL, bot)
		return err
	}
	name, err := askTelegram(ctx, c, token, "")
	switch {
	case errors.Is(err, telegram.ErrToken):
		return usage(fmt.Errorf("TELEGRAM_TOKEN: nothing was changed: %s: %w", c.Telegram.APIURL, err))
	case err != nil:
		return fmt.Errorf("nothing was changed: %s: %w", c.Telegram.APIURL, err)
	}
	_, _ = fmt.Fprintf(stdout, "The store belongs to %s, and TELEGRAM_TOKEN is of bot %d, @%s.\n"+
		"Which messages the former bot has sent, and what people have sent to it and was not handled, is forgotten for good.\n", botName(former), bot, name)
	if !*yes {
		if err := unlessStopped(ctx, func() error { return agreed(os.Stdin, stdout, "Give the store to @"+name+"?") }); err != nil {
			return fmt.Errorf("nothing was changed: %w", err)
		}
	}
	if err := engine.Adopt(ctx, store, bot); err != nil {
		return err
	}
	_, err = fmt.Fprintf(stdout, "ok: %s belongs to bot %d now, and no longer to %s\n", c.Storage.URL, bot, botName(former))
	return err
}

// botName is what a bot is called by its id.
func botName(id int64) string {
	if id == 0 {
		return "whichever bot was started on it"
	}
	return fmt.Sprintf("bot %d", id)
}

// ownedBy reports whether a store is that of the token's bot, or would be at its start.
func ownedBy(ctx context.Context, store storage.Store, token string) error {
	bot, err := engine.BotOf(ctx, store)
	if own := telegram.NewToken(token).Bot(); err == nil && bot != 0 && own != 0 && bot != own {
		err = fmt.Errorf("it belongs to bot %d, and TELEGRAM_TOKEN is of bot %d, which does not start on it; bot adopt gives it to that one", bot, own)
	}
	return err
}
