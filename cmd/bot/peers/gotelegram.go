package main

import (
	"context"
	"fmt"
	"os"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
)

// serveGoTelegram is the peer made with github.com/go-telegram/bot.
func serveGoTelegram(ctx context.Context, c config, sessions keeper) error {
	handle := func(ctx context.Context, b *bot.Bot, u *models.Update) {
		if err := handleGoTelegram(ctx, b, u, sessions); err != nil && ctx.Err() == nil {
			fmt.Fprintln(os.Stderr, "peer:", err)
		}
	}
	b, err := bot.New(token,
		bot.WithServerURL(c.api),
		bot.WithHTTPClient(callTimeout/2, client()),
		bot.WithDefaultHandler(handle),
	)
	if err != nil {
		return err
	}
	b.Start(ctx)
	return nil
}

func handleGoTelegram(ctx context.Context, b *bot.Bot, u *models.Update, sessions keeper) error {
	show := func(s session) (string, models.InlineKeyboardMarkup) {
		text, rows := card(s)
		var keyboard models.InlineKeyboardMarkup
		for _, row := range rows {
			var line []models.InlineKeyboardButton
			for _, b := range row {
				line = append(line, models.InlineKeyboardButton{Text: b.label, CallbackData: b.data})
			}
			keyboard.InlineKeyboard = append(keyboard.InlineKeyboard, line)
		}
		return text, keyboard
	}
	if u.Message != nil {
		s, err := sessions.Turn(u.Message.Chat.ID)
		if err != nil {
			return err
		}
		text, keyboard := show(s)
		_, err = b.SendMessage(ctx, &bot.SendMessageParams{ChatID: u.Message.Chat.ID, Text: text, ReplyMarkup: keyboard})
		return err
	}
	if u.CallbackQuery == nil || u.CallbackQuery.Message.Message == nil {
		return nil
	}
	message := u.CallbackQuery.Message.Message
	s, err := sessions.Turn(message.Chat.ID)
	if err != nil {
		return err
	}
	text, keyboard := show(s)
	_, err = b.EditMessageText(ctx, &bot.EditMessageTextParams{ChatID: message.Chat.ID, MessageID: message.ID, Text: text, ReplyMarkup: keyboard})
	if err != nil {
		return err
	}
	_, err = b.AnswerCallbackQuery(ctx, &bot.AnswerCallbackQueryParams{CallbackQueryID: u.CallbackQuery.ID})
	return err
}
