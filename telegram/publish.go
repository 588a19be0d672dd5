package telegram

import (
	"context"
	"fmt"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"zomrobot/conversation"
	"zomrobot/locales"
)

// Publish tells Telegram what the bot's profile and its menus of commands show,
// in every language: the messages "command.bot_description",
// "command.bot_short_description", and "command." with the name of each
// command. English is also for the languages that there is no message in. It
// may be called again at every start.
func (b *Bot) Publish(ctx context.Context, commands []conversation.CommandInfo) error {
	for _, lang := range b.render.catalog.Languages() {
		code := lang
		if lang == locales.English {
			code = "" // everybody else
		}
		if err := b.publish(ctx, lang, code, commands); err != nil {
			return fmt.Errorf("publish the profile in %q: %w", lang, err)
		}
	}
	return nil
}

func (b *Bot) publish(ctx context.Context, lang, code string, commands []conversation.CommandInfo) error {
	text := func(id string) string { return b.render.plain(lang, conversation.Say("command."+id)) }
	menu := func(scope models.BotCommandScope, shown func(conversation.CommandInfo) bool) func() error {
		list := make([]models.BotCommand, 0, len(commands))
		for _, c := range commands {
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
		menu(&models.BotCommandScopeAllPrivateChats{}, func(c conversation.CommandInfo) bool { return c.Private }),
		menu(&models.BotCommandScopeAllGroupChats{}, func(c conversation.CommandInfo) bool { return c.Group }),
		func() error {
			_, err := b.api.SetMyDescription(ctx, &bot.SetMyDescriptionParams{Description: text("bot_description"), LanguageCode: code})
			return err
		},
		func() error {
			_, err := b.api.SetMyShortDescription(ctx, &bot.SetMyShortDescriptionParams{ShortDescription: text("bot_short_description"), LanguageCode: code})
			return err
		},
	} {
		if err := insist(ctx, true, call); err != nil {
			return err
		}
	}
	return nil
}
