package telegram

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"zomrobot/chat"
	"zomrobot/locales"
)

// Publish tells Telegram what the bot's profile and its menus of commands show,
// in every language: the messages "command.bot_description",
// "command.bot_short_description", and "command." with the name of each
// command. The owners of the bot have their own commands in their menus, too. English also
// serves the languages that have no messages. It may be called again at every start, and
// returns once Telegram has all of it, ctx ends, or the token is not accepted.
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
	private := func(c chat.CommandInfo) bool { return c.Private }
	menu := func(scope models.BotCommandScope, shown func(chat.CommandInfo) bool, of ...chat.CommandInfo) func() error {
		list := make([]models.BotCommand, 0, len(of))
		for _, c := range of {
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
		menu(&models.BotCommandScopeAllPrivateChats{}, private, b.commands...),
		menu(&models.BotCommandScopeAllGroupChats{}, func(c chat.CommandInfo) bool { return c.Group }, b.commands...),
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
	for _, owner := range b.owners {
		err := b.pace.ask(ctx, 0, menu(&models.BotCommandScopeChat{ChatID: owner}, private, slices.Concat(b.commands, b.theirs)...))
		if errors.Is(err, ErrRefused) { // they have not begun a chat with the bot yet
			b.log.InfoContext(ctx, "an owner has no menu of their own yet: they have not written to the bot", "owner", owner)
			err = nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}
