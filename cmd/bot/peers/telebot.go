package main

import (
	"context"
	"fmt"
	"os"
	"time"

	tele "gopkg.in/telebot.v4"
)

// serveTelebot is the peer made with gopkg.in/telebot.v4.
func serveTelebot(ctx context.Context, c config, sessions keeper) error {
	b, err := tele.NewBot(tele.Settings{
		URL: c.api, Token: token, Client: client(),
		Poller: &tele.LongPoller{Timeout: 30 * time.Second},
		OnError: func(err error, _ tele.Context) {
			if ctx.Err() == nil {
				fmt.Fprintln(os.Stderr, "peer:", err)
			}
		},
	})
	if err != nil {
		return err
	}
	show := func(person int64) (string, *tele.ReplyMarkup, error) {
		s, err := sessions.Turn(person)
		if err != nil {
			return "", nil, err
		}
		text, rows := card(s)
		keyboard := &tele.ReplyMarkup{}
		for _, row := range rows {
			var line []tele.InlineButton
			for _, b := range row {
				line = append(line, tele.InlineButton{Text: b.label, Data: b.data})
			}
			keyboard.InlineKeyboard = append(keyboard.InlineKeyboard, line)
		}
		return text, keyboard, nil
	}
	b.Handle(tele.OnText, func(c tele.Context) error {
		text, keyboard, err := show(c.Chat().ID)
		if err != nil {
			return err
		}
		return c.Send(text, keyboard)
	})
	b.Handle(tele.OnCallback, func(c tele.Context) error {
		text, keyboard, err := show(c.Chat().ID)
		if err != nil {
			return err
		}
		if err := c.Edit(text, keyboard); err != nil {
			return err
		}
		return c.Respond()
	})
	context.AfterFunc(ctx, b.Stop)
	b.Start()
	return nil
}
