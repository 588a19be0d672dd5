package telegram

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"zomrobot/chat"
	"zomrobot/locales"
)

// Publish tells Telegram what the bot's profile and its menus of commands show,
// in every language: the messages "command.bot_description",
// "command.bot_short_description", and "command." with the name of each
// command. English also serves the languages that have no messages. It may be called
// again at every start, and returns once Telegram has all of it, ctx ends, or the token
// is not accepted.
func (b *Bot) Publish(ctx context.Context) error {
	return retry(ctx.Done(), pauses{time.Second, 5 * time.Minute}, func() error { return b.publishAll(ctx) }, func(err error, pause time.Duration) bool {
		if ctx.Err() != nil || errors.Is(err, ErrToken) {
			return false
		}
		b.log.WarnContext(ctx, "the commands could not be registered with Telegram; it is tried again", "pause", pause, "error", err)
		return true
	})
}

func (b *Bot) publishAll(ctx context.Context) error {
	for _, lang := range locales.Languages() {
		code := lang
		if lang == locales.Languages()[0] {
			code = "" // everybody else
		}
		if err := b.publish(ctx, lang, code); err != nil {
			return fmt.Errorf("publish the profile in %q: %w", lang, err)
		}
	}
	return nil
}

func (b *Bot) publish(ctx context.Context, lang, code string) error {
	text := func(id string) string { return b.render.plain(lang, chat.Say("command."+id)) }
	menu := func(scope models.BotCommandScope, shown func(chat.CommandInfo) bool) func() error {
		list := make([]models.BotCommand, 0, len(b.commands))
		for _, c := range b.commands {
			if shown(c) {
				list = append(list, models.BotCommand{Command: c.Name, Description: text(c.Name)})
			}
		}
		return func() error {
			_, err := b.api.SetMyCommands(ctx, &bot.SetMyCommandsParams{Commands: list, Scope: scope, LanguageCode: code})
			return err
		}
	}
	for _, call := range []func() error{
		menu(&models.BotCommandScopeAllPrivateChats{}, func(c chat.CommandInfo) bool { return c.Private }),
		menu(&models.BotCommandScopeAllGroupChats{}, func(c chat.CommandInfo) bool { return c.Group }),
		func() error {
			_, err := b.api.SetMyDescription(ctx, &bot.SetMyDescriptionParams{Description: text("bot_description"), LanguageCode: code})
			return err
		},
		func() error {
			_, err := b.api.SetMyShortDescription(ctx, &bot.SetMyShortDescriptionParams{ShortDescription: text("bot_short_description"), LanguageCode: code})
			return err
		},
	} {
		if err := b.pace.ask(ctx, 0, call); err != nil {
			return err
		}
	}
	return nil
}
