package emulator_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"zomrobot/telegram/emulator"
)

// echo is a bot on the real library: it greets, asks for a secret, deletes it and
// counts taps on its card.
func echo(ctx context.Context, b *bot.Bot, u *models.Update) {
	switch {
	case u.CallbackQuery != nil:
		_, _ = b.AnswerCallbackQuery(ctx, &bot.AnswerCallbackQueryParams{CallbackQueryID: u.CallbackQuery.ID, Text: "got " + u.CallbackQuery.Data})
		card := u.CallbackQuery.Message.Message
		_, _ = b.EditMessageText(ctx, &bot.EditMessageTextParams{ChatID: card.Chat.ID, MessageID: card.ID, Text: "card after " + u.CallbackQuery.Data})
	case u.Message != nil && u.Message.Text == "/start":
		_, _ = b.SendMessage(ctx, &bot.SendMessageParams{
			ChatID: u.Message.Chat.ID, Text: "<b>Hello, " + bot.EscapeMarkdown(u.Message.From.FirstName) + "</b>", ParseMode: models.ParseModeHTML,
			LinkPreviewOptions: &models.LinkPreviewOptions{IsDisabled: bot.True()},
			ReplyMarkup: &models.InlineKeyboardMarkup{InlineKeyboard: [][]models.InlineKeyboardButton{{
				{Text: "Go", CallbackData: "go", Style: "success"}, {Text: "Copy", CopyText: &models.CopyTextButton{Text: "1.2.3.4"}},
			}}},
		})
	case u.Message != nil:
		_, _ = b.DeleteMessage(ctx, &bot.DeleteMessageParams{ChatID: u.Message.Chat.ID, MessageID: u.Message.ID})
	}
}

// library starts a bot on the library against a world.
func library(t *testing.T, w *world) *bot.Bot {
	t.Helper()
	b, err := bot.New(token, bot.WithServerURL(w.url), bot.WithDefaultHandler(echo), bot.WithNotAsyncHandlers(),
		bot.WithErrorsHandler(func(error) {}))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestLibrary(t *testing.T) {
	w := newWorld(t)
	b := library(t, w)
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	done := make(chan struct{})
	go func() { defer close(done); b.Start(ctx) }()
	defer func() { stop(); <-done }()

	w.say(anna, anna, "/start")
	w.must(w.Wait(ctx, anna, func(m []emulator.Message) bool { return len(m) == 2 }))
	card, _ := w.Last(anna)
	if card.HTML != "<b>Hello, Anna</b>" {
		t.Errorf("card %+v", card)
	}
	press, err := w.Tap(anna, anna, card.ID, "Go")
	w.must(err)
	w.must(w.Wait(ctx, anna, func([]emulator.Message) bool {
		m, _ := w.Last(anna)
		p, _ := w.Press(press)
		return m.Text == "card after go" && p.Text == "got go"
	}))
	secret := w.say(anna, anna, "hunter2")
	w.must(w.Wait(ctx, anna, func([]emulator.Message) bool {
		m, _ := w.Message(anna, secret)
		return m.Deleted
	}))
	if v := w.Violations(); len(v) > 0 {
		t.Errorf("violations %q", v)
	}
	if strings.Contains(strings.Join(w.Outgoing(), "\n"), "hunter2") {
		t.Error("the bot sent what it got")
	}
}

func TestLibraryReadsErrors(t *testing.T) {
	w := started(t)
	b := library(t, w)
	send := func() error {
		_, err := b.SendMessage(t.Context(), &bot.SendMessageParams{ChatID: anna, Text: "hi"})
		return err
	}
	w.must(w.Break(emulator.Fault{Kind: emulator.TooMany, RetryAfter: 3}))
	var many *bot.TooManyRequestsError
	if err := send(); !errors.As(err, &many) || many.RetryAfter != 3 {
		t.Errorf("429: %v", err)
	}
	w.must(w.Block(anna))
	if err := send(); !errors.Is(err, bot.ErrorForbidden) {
		t.Errorf("403: %v", err)
	}
	w.must(w.AddGroup(team, "Team", anna))
	id, err := w.Migrate(anna, team)
	w.must(err)
	var moved *bot.MigrateError
	_, err = b.SendMessage(t.Context(), &bot.SendMessageParams{ChatID: team, Text: "hi"})
	if !errors.As(err, &moved) || int64(moved.MigrateToChatID) != id {
		t.Errorf("migration: %v", err)
	}
	_, err = b.SendMessage(t.Context(), &bot.SendMessageParams{ChatID: anna, Text: "hi", ReplyMarkup: (*models.InlineKeyboardMarkup)(nil)})
	if err == nil || !strings.Contains(err.Error(), "object expected as reply markup") {
		t.Errorf("a nil keyboard: %v", err)
	}
	members, err := b.GetChatAdministrators(t.Context(), &bot.GetChatAdministratorsParams{ChatID: id})
	if err != nil || len(members) != 1 || members[0].Type != models.ChatMemberTypeOwner {
		t.Errorf("administrators %v, %v", members, err)
	}
	if _, err := b.GetChat(t.Context(), &bot.GetChatParams{ChatID: id}); err != nil {
		t.Errorf("getChat: %v", err)
	}
	for _, scope := range []models.BotCommandScope{nil, &models.BotCommandScopeAllPrivateChats{}, &models.BotCommandScopeAllGroupChats{}} {
		if _, err := b.SetMyCommands(t.Context(), &bot.SetMyCommandsParams{
			Commands: []models.BotCommand{{Command: "order", Description: "Order"}}, Scope: scope, LanguageCode: "ru",
		}); err != nil {
			t.Errorf("setMyCommands: %v", err)
		}
	}
	if v := w.Violations(); len(v) > 0 {
		t.Errorf("violations %q", v)
	}
}
