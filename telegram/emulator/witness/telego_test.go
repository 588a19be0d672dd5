package witness

import (
	"errors"
	"testing"

	"github.com/mymmrac/telego"
	"github.com/mymmrac/telego/telegoapi"
	"github.com/mymmrac/telego/telegoutil"

	"zomrobot/telegram/emulator"
)

// A bot on telego lives here as on Telegram.
func TestTelego(t *testing.T) {
	w := newWorld(t)
	ctx := soon(t)
	bot, err := telego.NewBot(token, telego.WithAPIServer(w.url), telego.WithDiscardLogger())
	w.must(err)
	updates, err := bot.UpdatesViaLongPolling(ctx, &telego.GetUpdatesParams{
		Timeout: 20, AllowedUpdates: []string{telego.MessageUpdates, telego.CallbackQueryUpdates, telego.MyChatMemberUpdates, telego.ChatMemberUpdates},
	})
	w.must(err)
	next := func() telego.Update {
		t.Helper()
		select {
		case u := <-updates:
			return u
		case <-ctx.Done():
			t.Fatalf("no update comes; the chat:\n%s", w.Transcript(anna))
			panic("unreachable")
		}
	}

	_, err = w.Say(anna, anna, "/start")
	w.must(err)
	u := next()
	if u.Message == nil || u.Message.Text != "/start" || u.Message.From.LanguageCode != "en" || u.Message.Entities[0].Type != telego.EntityTypeBotCommand {
		t.Fatalf("the update is %+v", u)
	}
	chat := telegoutil.ID(anna)
	keys := telegoutil.InlineKeyboard(telegoutil.InlineKeyboardRow(telegoutil.InlineKeyboardButton("Go").WithCallbackData("go")))
	card, err := bot.SendMessage(ctx, telegoutil.Message(chat, "<b>Hello</b>").WithParseMode(telego.ModeHTML).WithReplyMarkup(keys).
		WithReplyParameters(&telego.ReplyParameters{MessageID: u.Message.MessageID}))
	w.must(err)
	if card.Text != "Hello" || card.ReplyMarkup == nil || card.ReplyToMessage == nil || card.Entities[0].Type != telego.EntityTypeBold {
		t.Errorf("the card is %+v", card)
	}
	press, err := w.Tap(anna, anna, card.MessageID, "Go")
	w.must(err)
	q := next().CallbackQuery
	if q == nil || q.Data != "go" || q.Message == nil || !q.Message.IsAccessible() || q.Message.GetMessageID() != card.MessageID {
		t.Fatalf("the press is %+v", q)
	}
	w.must(bot.AnswerCallbackQuery(ctx, telegoutil.CallbackQuery(q.ID).WithText("going")))
	if p, _ := w.Press(press); p.Text != "going" {
		t.Errorf("the press was answered %+v", p)
	}
	edit := &telego.EditMessageTextParams{ChatID: chat, MessageID: card.MessageID, Text: "gone"}
	edited, err := bot.EditMessageText(ctx, edit)
	w.must(err)
	if edited.Text != "gone" || edited.ReplyMarkup != nil || edited.EditDate == 0 {
		t.Errorf("the edited card is %+v", edited)
	}
	var refused *telegoapi.Error
	if _, err := bot.EditMessageText(ctx, edit); !errors.As(err, &refused) || refused.ErrorCode != 400 {
		t.Errorf("the same edit again: %v", err)
	}

	w.must(w.AddGroup(team, "Team", anna, boris))
	if m := next().MyChatMember; m == nil || m.OldChatMember.MemberStatus() != telego.MemberStatusLeft || m.NewChatMember.MemberStatus() != telego.MemberStatusMember {
		t.Errorf("the bot became %+v", m)
	}
	if m := next().Message; m == nil || len(m.NewChatMembers) != 1 {
		t.Errorf("the service message is %+v", m)
	}
	id, err := w.Migrate(anna, team)
	w.must(err)
	if a, b := next().Message, next().Message; a.MigrateToChatID != id || b.MigrateFromChatID != team {
		t.Errorf("on the upgrade the bot got %+v and %+v", a, b)
	}
	_, err = bot.SendMessage(ctx, telegoutil.Message(telegoutil.ID(team), "hi"))
	if !errors.As(err, &refused) || refused.Parameters == nil || refused.Parameters.MigrateToChatID != id {
		t.Errorf("the old id: %v", err)
	}
	w.must(w.Promote(anna, id, w.BotID(), emulator.Rights{Delete: true}))
	if m, ok := next().MyChatMember.NewChatMember.(*telego.ChatMemberAdministrator); !ok || !m.CanDeleteMessages {
		t.Errorf("the bot became %+v", m)
	}
	w.must(w.Restrict(anna, id, boris))
	if m, ok := next().ChatMember.NewChatMember.(*telego.ChatMemberRestricted); !ok || !m.IsMember || m.CanSendMessages {
		t.Errorf("the member became %+v", m)
	}
	list, err := bot.GetChatAdministrators(ctx, &telego.GetChatAdministratorsParams{ChatID: telegoutil.ID(id)})
	w.must(err)
	if len(list) != 2 || list[0].MemberStatus() != telego.MemberStatusCreator {
		t.Errorf("the administrators are %+v", list)
	}
	if v := w.Violations(); len(v) > 0 {
		t.Errorf("violations: %q", v)
	}
}
