package emulator_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"zomrobot/telegram/emulator"
)

// A link starts the bot with what it carries, also for who had blocked it.
func TestOpenLink(t *testing.T) {
	w := newWorld(t)
	for link, want := range map[string]string{
		"https://t.me/zomro_test_bot?start=Order_a-1":                  "/start Order_a-1",
		"http://telegram.me/Zomro_Test_Bot?start=":                     "/start",
		"https://t.me/zomro_test_bot":                                  "/start",
		"tg://resolve?domain=zomro_test_bot&start=x":                   "/start x",
		"https://t.me/zomro_test_bot?start=" + strings.Repeat("x", 64): "/start " + strings.Repeat("x", 64),
	} {
		_, err := w.OpenLink(anna, 0, link)
		w.must(err)
		if m := w.updates()[0].Message; m.Text != want || m.Chat.ID != anna || m.Entities[0]["type"] != "bot_command" {
			t.Errorf("%s sent %+v", link, m)
		}
	}
	for _, link := range []string{
		"https://t.me/other_bot?start=x", "https://example.com/zomro_test_bot?start=x", "https://t.me/zomro_test_bot?start=a+b",
		"https://t.me/zomro_test_bot?start=" + strings.Repeat("x", 65), "javascript:x", "%",
	} {
		if _, err := w.OpenLink(anna, 0, link); !errors.Is(err, emulator.ErrLink) {
			t.Errorf("%s: %v", link, err)
		}
	}
	w.must(w.Block(anna))
	w.updates()
	_, err := w.OpenLink(anna, 0, "https://t.me/zomro_test_bot?start=x")
	w.must(err)
	if u := w.updates(); len(u) != 2 || u[0].Member.New.Status != "member" || u[1].Message.Text != "/start x" {
		t.Errorf("after a block the bot got %+v", u)
	}
	ok[wireMessage](w, "sendMessage", params{"chat_id": anna, "text": "hi"})
}

// A link can add the bot to a group; where it is already, only the command is sent.
func TestOpenGroupLink(t *testing.T) {
	w := newWorld(t)
	w.must(w.AddGroup(team, "Team", anna))
	w.must(w.Kick(anna, team, w.BotID()))
	w.updates()
	const link = "https://t.me/zomro_test_bot?startgroup=x"
	_, err := w.OpenLink(anna, team, link)
	w.must(err)
	u := w.updates()
	if len(u) != 3 || u[0].Member.New.Status != "member" || u[1].Message.Added[0].ID != w.BotID() || u[2].Message.Text != "/start@zomro_test_bot x" || u[2].Message.Chat.ID != team {
		t.Errorf("the bot got %+v", u)
	}
	_, err = w.OpenLink(anna, team, link)
	w.must(err)
	if u := w.updates(); len(u) != 1 {
		t.Errorf("a bot that is there got %+v", u)
	}
	if _, err := w.OpenLink(boris, team, link); !errors.Is(err, emulator.ErrNotHere) {
		t.Errorf("somebody outside adds the bot: %v", err)
	}
	w.refused("sendMessage", params{"chat_id": boris, "text": "hi"}, "Forbidden: bot can't initiate conversation with a user")
}

// A forwarded message says whose it was and has no buttons.
func TestForward(t *testing.T) {
	w := started(t)
	card := ok[wireMessage](w, "sendMessage", params{"chat_id": anna, "text": "/confirm", "reply_markup": keyboard([]params{tap("Yes", "y")})})
	w.clock.Advance(60e9)
	id, err := w.Forward(anna, anna, card.ID, anna)
	w.must(err)
	m := w.updates()[0].Message
	if m.ID != id || m.From.ID != anna || m.Origin.Type != "user" || m.Origin.User.ID != w.BotID() || m.Text != "/confirm" || m.Markup != nil {
		t.Errorf("a forwarded message is %+v", m)
	}
	if got, _ := w.Message(anna, id); got.Forwarded != "bot" || len(got.Keyboard) != 0 {
		t.Errorf("people see %+v", got)
	}
	if _, err := w.Tap(anna, anna, id, "Yes"); !errors.Is(err, emulator.ErrNoButton) {
		t.Errorf("a forwarded button: %v", err)
	}
	w.refused("editMessageText", params{"chat_id": anna, "message_id": id, "text": "x"}, "Bad Request: message can't be edited")
	contains(t, w.Transcript(anna), "Anna (forwarding bot): /confirm")

	secret := ok[wireMessage](w, "sendMessage", params{"chat_id": anna, "text": "secret", "protect_content": true})
	if _, err := w.Forward(anna, anna, secret.ID, anna); !errors.Is(err, emulator.ErrProtected) {
		t.Errorf("a protected message: %v", err)
	}
	if _, err := w.Forward(boris, anna, card.ID, boris); !errors.Is(err, emulator.ErrNotHere) {
		t.Errorf("a message of another's chat: %v", err)
	}

	w.must(w.AddGroup(super, "Team", anna))
	w.must(w.Promote(anna, super, anna, emulator.Rights{Anonymous: true}))
	id, err = w.Forward(anna, super, w.say(anna, super, "hi"), anna)
	w.must(err)
	u := w.updates()
	if m := u[len(u)-1].Message; m.ID != id || m.Origin.Type != "chat" || m.Origin.Chat.ID != super {
		t.Errorf("the forwarded message of an anonymous administrator is %+v", m)
	}
}

// A forged update is whatever was made up; a tap, on the other hand, is only of what
// is shown to the person.
func TestForge(t *testing.T) {
	w := started(t)
	id, err := w.Forge(json.RawMessage(`{"callback_query":{"id":"1","from":{"id":77,"is_bot":false,"first_name":"x"},"chat_instance":"1","data":"y"}}`))
	w.must(err)
	u := w.updates()
	if len(u) != 1 || u[0].ID != id || u[0].Query.From.ID != 77 || u[0].Query.Data != "y" {
		t.Errorf("updates %+v", u)
	}
	w.refused("answerCallbackQuery", params{"callback_query_id": "1"}, "Bad Request: query is too old and response timeout expired or query ID is invalid")
	if n, err := w.Forge(json.RawMessage(`{"update_id":5}`)); n != 5 || err != nil {
		t.Errorf("an update_id of the forger's gave %d, %v", n, err)
	}
	w.updates()
	w.say(anna, anna, "hi")
	if u := w.updates(); u[0].ID != id+1 {
		t.Errorf("after a forged update_id the next is %d, want %d", u[0].ID, id+1)
	}
	for _, raw := range []string{"", "[]", "null", `{"update_id":"x"}`} {
		if _, err := w.Forge(json.RawMessage(raw)); err == nil {
			t.Errorf("%q was taken", raw)
		}
	}
}

// Whoever presses when the bot is no longer there gets no answer, and the bot gets
// nothing.
func TestTapWithoutTheBot(t *testing.T) {
	w := newWorld(t)
	w.must(w.AddGroup(super, "Team", anna))
	card := ok[wireMessage](w, "sendMessage", params{"chat_id": super, "text": "card", "reply_markup": keyboard([]params{tap("Yes", "y")})})
	w.must(w.Kick(anna, super, w.BotID()))
	w.updates()
	_, err := w.Tap(anna, super, card.ID, "Yes")
	w.must(err)
	if u := w.updates(); len(u) != 0 || len(w.Unanswered()) != 1 {
		t.Errorf("the bot got %+v", u)
	}
}
