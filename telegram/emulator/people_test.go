package emulator_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zomrobot/telegram/emulator"
)

const (
	team  = int64(-55)
	super = int64(-1_000_000_000_066)
)

func TestCommandsOfPeople(t *testing.T) {
	w := newWorld(t)
	type found struct {
		Offset, Length float64
	}
	for text, want := range map[string][]found{
		"/start":                     {{0, 6}},
		"/promo@zomro_test_bot CODE": {{0, 21}},
		"👋 /promo":                   {{3, 6}},
		"мой/promo":                  nil,
		"see /a and /b":              {{4, 2}, {11, 2}},
		"1/2":                        nil,
		"/дом":                       nil,
	} {
		w.say(anna, anna, text)
		var got []found
		for _, e := range w.updates()[0].Message.Entities {
			got = append(got, found{e["offset"].(float64), e["length"].(float64)})
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%q: %s", text, d)
		}
	}
}

func TestTap(t *testing.T) {
	w := started(t)
	m := ok[wireMessage](w, "sendMessage", params{"chat_id": anna, "text": "hi", "reply_markup": keyboard([]params{
		tap("Yes", "y"), {"text": "Copy", "copy_text": params{"text": "c"}}, {"text": "Off", "disabled": params{}},
	})})
	if _, err := w.Tap(anna, anna, m.ID, "No"); !errors.Is(err, emulator.ErrNoButton) {
		t.Errorf("a button that is not there: %v", err)
	}
	if _, err := w.Tap(anna, anna, m.ID, "Copy"); !errors.Is(err, emulator.ErrNoButton) {
		t.Errorf("a button that only copies: %v", err)
	}
	if _, err := w.Tap(anna, anna, m.ID, "Off"); !errors.Is(err, emulator.ErrNoButton) {
		t.Errorf("a button that is disabled: %v", err)
	}
	if _, err := w.Tap(boris, anna, m.ID, "Yes"); !errors.Is(err, emulator.ErrNotHere) {
		t.Errorf("somebody else's chat: %v", err)
	}
	id, err := w.Tap(anna, anna, m.ID, "Yes")
	w.must(err)
	u := w.updates()
	if len(u) != 1 || u[0].Query == nil || u[0].Query.ID != id || u[0].Query.Data != "y" || u[0].Query.Message.ID != m.ID || u[0].Query.Message.Date == 0 {
		t.Fatalf("updates %+v", u)
	}
	const late = "Bad Request: query is too old and response timeout expired or query ID is invalid"
	w.refused("answerCallbackQuery", params{"callback_query_id": "1"}, late)
	w.refused("answerCallbackQuery", params{"callback_query_id": id, "text": string(make([]rune, 201))}, "Bad Request: MESSAGE_TOO_LONG")
	if len(w.Unanswered()) != 1 {
		t.Error("the press does not count as unanswered")
	}
	ok[bool](w, "answerCallbackQuery", params{"callback_query_id": id, "text": "Saved", "show_alert": true})
	w.refused("answerCallbackQuery", params{"callback_query_id": id}, late)
	if got := w.Toasts(anna); len(got) != 1 || got[0].Text != "Saved" || !got[0].Alert {
		t.Errorf("toasts %+v", got)
	}

	slow, err := w.Tap(anna, anna, m.ID, "y") // by its data
	w.must(err)
	w.clock.Advance(16 * time.Second)
	w.refused("answerCallbackQuery", params{"callback_query_id": slow}, late)
	if p, _ := w.Press(slow); p.Answered {
		t.Error("a press that is too old was answered")
	}
	w.clock.Advance(150 * time.Second)
	if n := w.Pending(); n != 0 {
		t.Errorf("%d updates wait, but a press lives 150 seconds", n)
	}

	ok[bool](w, "deleteMessage", params{"chat_id": anna, "message_id": m.ID})
	_, err = w.Tap(anna, anna, m.ID, "Yes")
	if !errors.Is(err, emulator.ErrNoMessage) {
		t.Errorf("a deleted message: %v", err)
	}
	_, err = w.TapData(anna, anna, m.ID, "forged")
	w.must(err)
	if q := w.updates()[0].Query; q.Data != "forged" || q.Message.Date != 0 || q.Message.Text != "" {
		t.Errorf("a press on a deleted message: %+v", q)
	}
}

func TestOtherMessages(t *testing.T) {
	w := started(t)
	id := w.say(anna, anna, "helo")
	w.must(w.EditText(anna, anna, id, "hello"))
	if _, err := w.Photo(anna, anna, "look"); err != nil {
		t.Fatal(err)
	}
	u := w.updates()
	if len(u) != 3 || u[1].Edited == nil || u[1].Edited.Text != "hello" || u[2].Message.Text != "" {
		t.Errorf("updates %+v", u)
	}
	if _, err := w.Say(anna, anna, " \n"); !errors.Is(err, emulator.ErrBlank) {
		t.Errorf("a blank message: %v", err)
	}
	w.must(w.Delete(anna, anna, id))
	if n := len(w.updates()); n != 0 {
		t.Errorf("the bot was told of a deletion: %d updates", n)
	}
	if err := w.Delete(anna, anna, id); !errors.Is(err, emulator.ErrNoMessage) {
		t.Errorf("deleted twice: %v", err)
	}
}

func TestProfile(t *testing.T) {
	w := started(t)
	me := ok[map[string]any](w, "getMe", nil)
	if me["id"] != 4242.0 || me["username"] != "zomro_test_bot" || me["is_bot"] != true || me["can_read_all_group_messages"] != false {
		t.Errorf("getMe %v", me)
	}
	list := func(d string) []params { return []params{{"command": "order", "description": d}} }
	ok[bool](w, "setMyCommands", params{"commands": list("Order"), "scope": params{"type": "all_private_chats"}})
	ok[bool](w, "setMyCommands", params{"commands": list("Заказать"), "scope": params{"type": "all_private_chats"}, "language_code": "ru"})
	ok[bool](w, "setMyCommands", params{"commands": list("In a group"), "scope": params{"type": "all_group_chats"}})
	w.must(w.AddGroup(team, "Team", anna, boris))
	for _, c := range []struct {
		user, chat int64
		want       string
	}{{anna, anna, "Order"}, {boris, boris, "Заказать"}, {boris, team, "In a group"}} {
		if got := w.Menu(c.user, c.chat); len(got) != 1 || got[0].Description != c.want {
			t.Errorf("the menu of %d in %d is %v, want %s", c.user, c.chat, got, c.want)
		}
	}
	if got := w.Commands("all_private_chats", "ru"); len(got) != 1 || got[0].Description != "Заказать" {
		t.Errorf("commands %v", got)
	}
	if got := ok[[]emulator.Command](w, "getMyCommands", params{"language_code": "ru"}); len(got) != 0 {
		t.Errorf("a list that was never set is %v", got)
	}
	ok[bool](w, "deleteMyCommands", params{"scope": params{"type": "all_group_chats"}})
	if got := w.Menu(boris, team); len(got) != 0 {
		t.Errorf("a deleted menu is %v", got)
	}
	for _, c := range []struct {
		p    params
		want string
	}{
		{params{"commands": "{"}, "Bad Request: can't parse commands JSON object"},
		{params{"commands": "{}"}, "Bad Request: expected an Array of BotCommand"},
		{params{"commands": []params{{"command": "Order", "description": "x"}}}, "Bad Request: BOT_COMMAND_INVALID"},
		{params{"commands": []params{{"command": "/", "description": "x"}}}, "Bad Request: command must be non-empty"},
		{params{"commands": []params{{"command": "a"}}}, `Bad Request: can't parse BotCommand: Can't find field "description"`},
		{params{"commands": list("x"), "language_code": "rus"}, "Bad Request: invalid language code specified"},
		{params{"commands": list("x"), "scope": params{"type": "all"}}, "Bad Request: can't parse BotCommandScope: Unsupported type specified"},
		{params{"commands": list("x"), "scope": params{"type": "chat", "chat_id": 5}}, "Bad Request: chat not found"},
	} {
		w.refused("setMyCommands", c.p, c.want)
	}
	ok[bool](w, "setMyDescription", params{"description": "I order servers", "language_code": "en"})
	ok[bool](w, "setMyShortDescription", params{"short_description": "Servers", "language_code": "en"})
	if long, short := w.Description("en"); long != "I order servers" || short != "Servers" {
		t.Errorf("description %q, %q", long, short)
	}
	if got := ok[map[string]string](w, "getMyDescription", params{"language_code": "en"}); got["description"] != "I order servers" {
		t.Errorf("getMyDescription %v", got)
	}
	if got := ok[map[string]string](w, "getMyShortDescription", params{"language_code": "en"}); got["short_description"] != "Servers" {
		t.Errorf("getMyShortDescription %v", got)
	}
	if got := ok[map[string]string](w, "getMyName", nil); got["name"] != "Zomro" {
		t.Errorf("getMyName %v", got)
	}
	ok[bool](w, "setMyName", params{"name": "Servers"})
	if got := ok[map[string]string](w, "getMyName", nil); got["name"] != "Servers" {
		t.Errorf("getMyName %v", got)
	}
	ok[bool](w, "setMyName", params{"name": ""})
	w.refused("setMyName", params{"name": strings.Repeat("x", 65)}, "Bad Request: bot name is too long")
	w.refused("setMyDescription", params{"description": strings.Repeat("x", 513)}, "Bad Request: bot description is too long")
	w.refused("setMyShortDescription", params{"short_description": strings.Repeat("x", 121)}, "Bad Request: bot short description is too long")
}

func TestMenus(t *testing.T) {
	w := started(t)
	w.must(w.AddGroup(team, "Team", anna, boris))
	set := func(d string, scope params) {
		t.Helper()
		ok[bool](w, "setMyCommands", params{"commands": []params{{"command": "order", "description": d}}, "scope": scope})
	}
	shows := func(user, chat int64, want string) {
		t.Helper()
		if got := w.Menu(user, chat); len(got) != 1 || got[0].Description != want {
			t.Errorf("the menu of %d in %d is %v, want %s", user, chat, got, want)
		}
	}
	set("all", params{"type": "default"})
	shows(boris, team, "all")
	set("administrators", params{"type": "all_chat_administrators"})
	shows(anna, team, "administrators")
	set("here", params{"type": "chat", "chat_id": team})
	shows(anna, team, "here")
	shows(boris, team, "here")
	set("administrators here", params{"type": "chat_administrators", "chat_id": team})
	shows(anna, team, "administrators here")
	set("Boris", params{"type": "chat_member", "chat_id": team, "user_id": boris})
	shows(boris, team, "Boris")
	set("Anna", params{"type": "chat", "chat_id": anna})
	shows(anna, anna, "Anna")
	for _, c := range []struct {
		scope params
		want  string
	}{
		{params{"type": "chat"}, "Bad Request: can't parse BotCommandScope: Empty chat_id specified"},
		{params{"type": "chat_member", "chat_id": team}, "Bad Request: can't parse BotCommandScope: Invalid user_id specified"},
		{params{"type": "chat_administrators", "chat_id": anna}, "Bad Request: can't use specified scope in private chats"},
	} {
		w.refused("getMyCommands", params{"scope": c.scope}, c.want)
	}

	ok[bool](w, "setChatMenuButton", params{"menu_button": params{"type": "commands"}})
	w.refused("setChatMenuButton", params{"menu_button": params{"type": "x"}}, "Bad Request: can't parse menu button: MenuButton has unsupported type")
	w.refused("setChatMenuButton", params{"chat_id": team}, "Bad Request: invalid chat_id specified")
	if got := ok[map[string]string](w, "getChatMenuButton", params{"chat_id": anna}); got["type"] != "commands" {
		t.Errorf("the menu button is %v", got)
	}
}

func TestTranscript(t *testing.T) {
	w := newWorld(t)
	w.say(anna, anna, "/start")
	m := ok[wireMessage](w, "sendMessage", params{
		"chat_id": anna, "text": "<b>Hello</b>\n\npassword <tg-spoiler><code>x</code></tg-spoiler>, <a href=\"https://zomro.com/\">site</a>", "parse_mode": "HTML",
		"protect_content": true,
		"reply_markup":    keyboard([]params{tap("Order", "o"), tap("Help", "h")}, []params{{"text": "IP", "copy_text": params{"text": "1"}}}),
	})
	id, err := w.Tap(anna, anna, m.ID, "Order")
	w.must(err)
	ok[bool](w, "answerCallbackQuery", params{"callback_query_id": id, "text": "Wait"})
	secret := w.say(anna, anna, "hunter2")
	ok[bool](w, "deleteMessage", params{"chat_id": anna, "message_id": secret})
	ok[wireMessage](w, "editMessageText", params{"chat_id": anna, "message_id": m.ID, "text": "Done", "reply_markup": keyboard([]params{tap("Again", "a")})})
	ok[wireMessage](w, "editMessageReplyMarkup", params{"chat_id": anna, "message_id": m.ID})
	ok[bool](w, "deleteMessage", params{"chat_id": anna, "message_id": m.ID})
	w.must(w.Block(anna))
	want := "Anna: /start\n" +
		"bot #1 (protected): Hello\n" +
		"\n" +
		"  password ||`x`||, site <https://zomro.com/>\n" +
		"  [Order] [Help]\n" +
		"  [IP](copy)\n" +
		"Anna taps [Order] on #1\n" +
		"toast to Anna: Wait\n" +
		"Anna: hunter2\n" +
		"bot deletes Anna's \"hunter2\"\n" +
		"bot #1 edited: Done\n" +
		"  [Again]\n" +
		"bot #1: buttons removed\n" +
		"bot deletes #1\n" +
		"Anna blocks the bot\n"
	if d := cmp.Diff(want, w.Transcript(anna)); d != "" {
		t.Error(d)
	}
}
