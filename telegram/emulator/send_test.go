package emulator_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zomrobot/telegram/emulator"
)

func TestSendRefuses(t *testing.T) {
	w := started(t)
	long := strings.Repeat("я", 4097)
	button := func(extra params) params {
		b := params{"text": "x"}
		for k, v := range extra {
			b[k] = v
		}
		return params{"chat_id": anna, "text": "hi", "reply_markup": keyboard([]params{b})}
	}
	const parse = "Bad Request: can't parse entities: "
	html := func(text string) params { return params{"chat_id": anna, "text": text, "parse_mode": "HTML"} }
	for _, c := range []struct {
		p    params
		want string
	}{
		{params{"chat_id": anna}, "Bad Request: message text is empty"},
		{params{"text": "hi"}, "Bad Request: chat_id is empty"},
		{params{"chat_id": "@nobody", "text": "hi"}, "Bad Request: chat not found"},
		{params{"chat_id": 77, "text": "hi"}, "Bad Request: chat not found"},
		{params{"chat_id": 77, "text": "<b>hi", "parse_mode": "HTML"}, parse + `Can't find end tag corresponding to start tag "b"`},
		{params{"chat_id": boris, "text": "hi"}, "Forbidden: bot can't initiate conversation with a user"},
		{params{"chat_id": anna, "text": " \n\u200b "}, "Bad Request: text must be non-empty"},
		{params{"chat_id": anna, "text": long}, "Bad Request: message is too long"},
		{params{"chat_id": anna, "text": strings.Repeat("a", 1<<15+1)}, "Bad Request: text is too long"},
		{params{"chat_id": anna, "text": "hi", "parse_mode": "XML"}, "Bad Request: unsupported parse_mode"},
		{params{"chat_id": anna, "text": "hi", "reply_parameters": params{"message_id": 999}}, "Bad Request: message to be replied not found"},
		{params{"chat_id": anna, "text": "hi", "reply_parameters": "[]"}, "Bad Request: object expected as reply parameters"},
		{params{"chat_id": anna, "text": "hi", "link_preview_options": "{"}, "Bad Request: can't parse link preview options JSON object"},
		{params{"chat_id": anna, "text": "hi", "reply_markup": "null"}, "Bad Request: object expected as reply markup"},
		{params{"chat_id": anna, "text": "hi", "reply_markup": "{"}, "Bad Request: can't parse reply keyboard markup JSON object"},
		{params{"chat_id": anna, "text": "hi", "reply_markup": `{"inline_keyboard":null}`}, `Bad Request: field "inline_keyboard" must be of type Array`},
		{params{"chat_id": anna, "text": "hi", "reply_markup": `{"inline_keyboard":[{}]}`}, `Bad Request: field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays`},
		{params{"chat_id": anna, "text": "hi", "reply_markup": `{"force_reply":1}`}, `Bad Request: field "force_reply" must be of type Boolean`},
		{params{"chat_id": anna, "text": "hi", "reply_markup": `{"inline_keyboard":[[{"callback_data":"x"}]]}`}, `Bad Request: can't parse inline keyboard button: Can't find field "text"`},
		{button(nil), "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"},
		{button(params{"callback_data": ""}), "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"},
		{button(params{"callback_data": strings.Repeat("я", 33)}), "Bad Request: BUTTON_DATA_INVALID"},
		{button(params{"callback_data": "x", "style": "warning"}), "Bad Request: can't parse inline keyboard button: invalid button style specified"},
		{button(params{"copy_text": params{"text": ""}}), "Bad Request: BUTTON_COPY_TEXT_INVALID"},
		{button(params{"copy_text": params{"text": strings.Repeat("x", 257)}}), "Bad Request: BUTTON_COPY_TEXT_INVALID"},
		{button(params{"url": "nowhere"}), "Bad Request: inline keyboard button URL 'nowhere' is invalid: Wrong HTTP URL"},
		{html("<b>x"), parse + `Can't find end tag corresponding to start tag "b"`},
		{html("я<br>"), parse + `Unsupported start tag "br" at byte offset 2`},
		{html("a < b"), parse + `Unsupported start tag "" at byte offset 2`},
		{html("a <b"), parse + `Unclosed start tag at byte offset 2`},
		{html("x</b>"), parse + `Unexpected end tag at byte offset 1`},
		{html("<b>x</i>"), parse + `Unmatched end tag at byte offset 4, expected "</b>", found "</i>"`},
		{html("<b>x</b"), parse + `Unclosed end tag at byte offset 4`},
		{html(`<span class="x">x</span>`), parse + `Tag "span" must have class "tg-spoiler" at byte offset 0`},
		{html(`<a href=http://x>x</a>`), parse + `Unexpected end of name token at byte offset 8`},
		{html(`<a href="http://x`), parse + `Unclosed start tag at byte offset 0`},
		{html("<b></b>"), "Bad Request: text must be non-empty"},
	} {
		w.refused("sendMessage", c.p, c.want)
	}
	if got := len(w.Messages(anna)); got != 1 {
		t.Errorf("%d messages in the chat, want only the person's", got)
	}
	if v := w.Violations(); len(v) > 0 {
		t.Errorf("violations: %q", v)
	}
}

func TestSendAccepts(t *testing.T) {
	w := started(t)
	first := w.Messages(anna)[0].ID
	m := ok[wireMessage](w, "sendMessage", params{
		"chat_id": anna, "parse_mode": "HTML", "protect_content": "true",
		"text":             "\n <b>Привет 👋 <i>Анна</i></b>\n<code>1.2.3.4</code> <tg-spoiler>a&lt;b</tg-spoiler> /help https://zomro.com. ",
		"reply_parameters": params{"message_id": first},
		"reply_markup": keyboard(
			[]params{{"text": "Да", "callback_data": strings.Repeat("x", 64), "style": "success"}, {"text": "Site", "url": "zomro.com"}},
			[]params{{"text": "IP", "copy_text": params{"text": "1.2.3.4"}}, {"text": "Off", "disabled": params{}}},
		),
	})
	want := "Привет 👋 Анна\n1.2.3.4 a<b /help https://zomro.com."
	if m.Text != want {
		t.Errorf("text %q", m.Text)
	}
	got := w.Messages(anna)[1]
	if d := cmp.Diff([][]string{{"Да", "Site"}, {"IP", "Off"}}, got.Labels()); d != "" {
		t.Error(d)
	}
	if b, there := got.Button("IP"); !there || b.Copy != "1.2.3.4" {
		t.Errorf("the button IP is %+v", b)
	}
	if b, there := got.Button("Off"); !there || b != (emulator.Button{Label: "Off", Off: true}) {
		t.Errorf("the button Off is %+v", b)
	}
	contains(t, got.HTML, "<b>Привет 👋 <i>Анна</i></b>\n<code>1.2.3.4</code> <tg-spoiler>a&lt;b</tg-spoiler> /help")
	if !got.Protected || got.ReplyTo != first || !got.Bot || got.Name != "Zomro" {
		t.Errorf("message %+v", got)
	}
	contains(t, string(m.Markup), `"style":"success"`)
	contains(t, string(m.Markup), `"copy_text":{"text":"1.2.3.4"}`)
	contains(t, string(m.Markup), `"url":"http://zomro.com"`)
	contains(t, string(m.Markup), `{"text":"Off","disabled":{}}`)
	kinds := map[string]bool{}
	for _, e := range m.Entities {
		kinds[e["type"].(string)] = true
	}
	for _, k := range []string{"bold", "italic", "code", "spoiler", "bot_command", "url"} {
		if !kinds[k] {
			t.Errorf("no entity %s in %v", k, m.Entities)
		}
	}
	ok[wireMessage](w, "sendMessage", params{"chat_id": anna, "text": strings.Repeat("👋", 4096)})
	ok[wireMessage](w, "sendMessage", params{"chat_id": anna, "text": "<b>" + strings.Repeat("я", 4096) + "</b>", "parse_mode": "html"})
	ok[wireMessage](w, "sendMessage", params{
		"chat_id": anna, "text": "hi", "reply_parameters": params{"message_id": 999, "allow_sending_without_reply": true},
	})
	if v := w.Violations(); len(v) > 0 {
		t.Errorf("violations: %q", v)
	}
}

// TestMomentsAreLookedAt: one that no client could show, or where Telegram takes none, is
// complained of, and shown as text.
func TestMomentsAreLookedAt(t *testing.T) {
	for text, wrong := range map[string]bool{
		`<b><tg-time unix="5" format="wDT">x</tg-time></b>`:       false,
		`<tg-time unix="5">x</tg-time>`:                           false,
		`<tg-time>x</tg-time>`:                                    true,
		`<tg-time unix="soon">x</tg-time>`:                        true,
		`<tg-time unix="-1">x</tg-time>`:                          true,
		`<tg-time unix="5" format="tD">x</tg-time>`:               true,
		`<tg-time unix="5" format="rt">x</tg-time>`:               true,
		`<code>a <tg-time unix="5" format="t">x</tg-time></code>`: true,
	} {
		w := started(t)
		m := ok[wireMessage](w, "sendMessage", params{"chat_id": anna, "text": text, "parse_mode": "HTML"})
		moments := 0
		for _, e := range m.Entities {
			if e["type"] == "date_time" {
				moments++
			}
		}
		if v := w.Violations(); (len(v) > 0) != wrong || (moments == 0) != wrong {
			t.Errorf("%s: violations %q, %d moments", text, v, moments)
		}
	}
}

func TestViolations(t *testing.T) {
	for name, p := range map[string]params{
		"empty row":   {"reply_markup": `{"inline_keyboard":[[],[{"text":"x","callback_data":"x"}]]}`},
		"no text":     {"reply_markup": `{"inline_keyboard":[[{"text":" ","callback_data":"x"}]]}`},
		"two actions": {"reply_markup": `{"inline_keyboard":[[{"text":"x","callback_data":"x","url":"https://zomro.com"}]]}`},
		"moment":      {"entities": `[{"type":"date_time","offset":0,"length":1,"unix_time":5,"date_time_format":"x"}]`},
		"entity":      {"entities": `[{"type":"bold","offset":1,"length":9}]`},
	} {
		t.Run(name, func(t *testing.T) {
			w := started(t)
			p["chat_id"], p["text"] = anna, "hi"
			ok[wireMessage](w, "sendMessage", p)
			if v := w.Violations(); len(v) != 1 {
				t.Errorf("violations %q, want one", v)
			}
		})
	}
	w := started(t)
	if a := w.refused("sendPoll", nil, "Not Found: method not found: sendpoll"); a.Code != 404 {
		t.Errorf("code %d", a.Code)
	}
	if v := w.Violations(); len(v) != 1 || !strings.Contains(v[0], "sendpoll") {
		t.Errorf("violations %q", v)
	}
}

func TestEdit(t *testing.T) {
	w := started(t)
	keys := keyboard([]params{tap("A", "a")})
	m := ok[wireMessage](w, "sendMessage", params{"chat_id": anna, "text": "one", "reply_markup": keys})
	same := "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message"
	edit := func(p params) params {
		p["chat_id"], p["message_id"] = anna, m.ID
		return p
	}
	w.refused("editMessageText", edit(params{"text": "one", "reply_markup": keys}), same)
	w.refused("editMessageText", edit(params{"text": strings.Repeat("x", 4097)}), "Bad Request: MESSAGE_TOO_LONG")
	w.refused("editMessageReplyMarkup", edit(params{"reply_markup": keys}), same)
	w.clock.Advance(time.Minute)
	edited := ok[wireMessage](w, "editMessageText", edit(params{"text": "<b>one</b>", "parse_mode": "HTML"}))
	if edited.EditDate-edited.Date != 60 || edited.Markup != nil {
		t.Errorf("an edit without reply_markup gave %+v", edited)
	}
	if got, _ := w.Message(anna, m.ID); !got.Edited || len(got.Keyboard) != 0 || got.HTML != "<b>one</b>" {
		t.Errorf("people see %+v", got)
	}
	w.refused("editMessageReplyMarkup", edit(params{}), same)
	ok[wireMessage](w, "editMessageReplyMarkup", edit(params{"reply_markup": keys}))
	w.refused("editMessageText", edit(params{"text": "x", "reply_markup": params{"force_reply": true}}), "Bad Request: inline keyboard expected")

	theirs := w.say(anna, anna, "mine")
	w.refused("editMessageText", params{"chat_id": anna, "message_id": theirs, "text": "x"}, "Bad Request: message can't be edited")
	asks := ok[wireMessage](w, "sendMessage", params{"chat_id": anna, "text": "token?", "reply_markup": params{"force_reply": true, "input_field_placeholder": "token"}})
	w.refused("editMessageText", params{"chat_id": anna, "message_id": asks.ID, "text": "x"}, "Bad Request: message can't be edited")
	w.refused("editMessageText", params{"chat_id": anna, "message_id": 999, "text": "x"}, "Bad Request: message to edit not found")
	w.refused("editMessageText", params{"text": "x"}, "Bad Request: message identifier is not specified")
	ok[bool](w, "deleteMessage", params{"chat_id": anna, "message_id": m.ID})
	w.refused("editMessageText", edit(params{"text": "x"}), "Bad Request: message to edit not found")
	if v := w.Violations(); len(v) > 0 {
		t.Errorf("violations: %q", v)
	}
}

func TestDelete(t *testing.T) {
	w := started(t)
	secret := w.say(anna, anna, "hunter2")
	own := ok[wireMessage](w, "sendMessage", params{"chat_id": anna, "text": "hi"})
	ok[bool](w, "deleteMessage", params{"chat_id": anna, "message_id": secret})
	if got, _ := w.Message(anna, secret); !got.Deleted || got.Text != "" || got.HTML != "" {
		t.Errorf("a deleted message is seen as %+v", got)
	}
	w.refused("deleteMessage", params{"chat_id": anna, "message_id": secret}, "Bad Request: message to delete not found")
	w.refused("deleteMessage", params{"message_id": own.ID}, "Bad Request: chat identifier is not specified")
	w.refused("deleteMessage", params{"chat_id": anna}, "Bad Request: message identifier is not specified")
	ok[bool](w, "deleteMessages", params{"chat_id": anna, "message_ids": []int{secret, own.ID, 999}})
	w.refused("deleteMessages", params{"chat_id": anna}, "Bad Request: message identifiers are not specified")
	w.refused("deleteMessages", params{"chat_id": anna, "message_ids": "[0]"}, "Bad Request: invalid message identifier specified")

	old := w.say(anna, anna, "old")
	w.clock.Advance(48*time.Hour + time.Second)
	w.refused("deleteMessage", params{"chat_id": anna, "message_id": old}, "Bad Request: message can't be deleted for everyone")
}

func TestDeleteInGroups(t *testing.T) {
	const basic, super = int64(-55), int64(-1_000_000_000_055)
	w := newWorld(t)
	for _, g := range []int64{basic, super} {
		w.must(w.AddGroup(g, "Team", anna, boris))
		p := params{"chat_id": g, "message_id": w.say(boris, g, "secret")}
		theirs := "Bad Request: message can't be deleted"
		if g == basic {
			theirs += " for everyone"
		}
		w.refused("deleteMessage", p, theirs)
		w.must(w.Promote(anna, g, w.BotID(), emulator.Rights{}))
		if g == super { // a supergroup's administrator needs the right
			w.refused("deleteMessage", p, "Bad Request: message can't be deleted")
			w.must(w.Promote(anna, g, w.BotID(), emulator.Rights{Delete: true}))
		}
		ok[bool](w, "deleteMessage", p)
	}
}

func TestDocument(t *testing.T) {
	w := started(t)
	body := "--x\r\nContent-Disposition: form-data; name=\"chat_id\"\r\n\r\n1001\r\n" +
		"--x\r\nContent-Disposition: form-data; name=\"caption\"\r\n\r\nyour log\r\n" +
		"--x\r\nContent-Disposition: form-data; name=\"document\"; filename=\"log.txt\"\r\n\r\nsecret-content\r\n--x--\r\n"
	a, err := w.post(t.Context(), "sendDocument", "multipart/form-data; boundary=x", strings.NewReader(body))
	if err != nil || !a.OK {
		t.Fatal(err, a.Description)
	}
	m, _ := w.Last(anna)
	if m.Document != "log.txt" || m.Text != "your log" {
		t.Errorf("message %+v", m)
	}
	contains(t, strings.Join(w.Outgoing(), "\n"), "secret-content")
	w.refused("sendDocument", params{"chat_id": anna}, "Bad Request: there is no document in the request")
	w.refused("editMessageText", params{"chat_id": anna, "message_id": m.ID, "text": "x"}, "Bad Request: there is no text in the message to edit")
}

func TestBlock(t *testing.T) {
	w := started(t)
	m := ok[wireMessage](w, "sendMessage", params{"chat_id": anna, "text": "hi"})
	w.must(w.Block(anna))
	const blocked = "Forbidden: bot was blocked by the user"
	w.refused("sendMessage", params{"chat_id": anna, "text": "hi"}, blocked)
	w.refused("sendChatAction", params{"chat_id": anna, "action": "typing"}, blocked)
	w.refused("editMessageText", params{"chat_id": anna, "message_id": m.ID, "text": "x"}, blocked)
	if _, err := w.Say(anna, anna, "hi"); !errors.Is(err, emulator.ErrBlocked) {
		t.Errorf("somebody writes to a bot that they have blocked: %v", err)
	}
	w.must(w.Unblock(anna))
	ok[bool](w, "sendChatAction", params{"chat_id": anna, "action": "typing"})
	w.refused("sendChatAction", params{"chat_id": anna, "action": "sleeping"}, "Bad Request: wrong parameter action in request")
	var seen []string
	for _, u := range w.updates() {
		seen = append(seen, u.Member.Old.Status+"→"+u.Member.New.Status)
	}
	if d := cmp.Diff([]string{"member→kicked", "kicked→member"}, seen); d != "" {
		t.Error(d)
	}
}

func TestDeletedAccount(t *testing.T) {
	w := started(t)
	m := ok[wireMessage](w, "sendMessage", params{"chat_id": anna, "text": "hi"})
	w.must(w.DeleteAccount(anna))
	const gone = "Forbidden: user is deactivated"
	w.refused("sendMessage", params{"chat_id": anna, "text": "hi"}, gone)
	w.refused("editMessageText", params{"chat_id": anna, "message_id": m.ID, "text": "x"}, gone)
	if _, err := w.Say(anna, anna, "hi"); !errors.Is(err, emulator.ErrNoPerson) {
		t.Errorf("somebody who is gone writes: %v", err)
	}
}

func TestFlood(t *testing.T) {
	w := started(t, func(c *emulator.Config) { c.Flood = true })
	hi := params{"chat_id": anna, "text": "hi"}
	for range 3 {
		ok[wireMessage](w, "sendMessage", hi)
	}
	if a := w.refused("sendMessage", hi, "Too Many Requests: retry after 1"); a.Code != 429 || a.Parameters.RetryAfter != 1 {
		t.Errorf("answer %+v", a)
	}
	w.clock.Advance(time.Second)
	ok[wireMessage](w, "sendMessage", hi)

	w.must(w.AddGroup(-55, "Team", anna))
	for range 20 {
		ok[wireMessage](w, "sendMessage", params{"chat_id": -55, "text": "hi"})
		w.clock.Advance(2 * time.Second)
	}
	w.refused("sendMessage", params{"chat_id": -55, "text": "hi"}, "Too Many Requests: retry after 20")
	w.clock.Advance(20 * time.Second)
	ok[wireMessage](w, "sendMessage", params{"chat_id": -55, "text": "hi"})
}

// In all chats together, 30 messages a second get through.
func TestFloodOfAll(t *testing.T) {
	w := newWorld(t, func(c *emulator.Config) { c.Flood = true })
	hi := func(i int) params { return params{"chat_id": 2000 + i, "text": "hi"} }
	for i := range 31 {
		w.AddUser(int64(2000+i), "somebody", "")
		w.say(int64(2000+i), int64(2000+i), "/start")
	}
	for i := range 30 {
		ok[wireMessage](w, "sendMessage", hi(i))
	}
	w.refused("sendMessage", hi(30), "Too Many Requests: retry after 1")
	w.clock.Advance(time.Second)
	ok[wireMessage](w, "sendMessage", hi(30))
}

func TestFormsOfRequests(t *testing.T) {
	w := started(t)
	for i, c := range []struct{ kind, body, query string }{
		{"application/json", `{"chat_id":1001,"text":"m0","reply_markup":{"inline_keyboard":[[{"text":"A","callback_data":"a"}]]}}`, ""},
		{"application/x-www-form-urlencoded", "chat_id=1001&text=m1", ""},
		{"", "", "?chat_id=1001&text=m2"},
	} {
		a, err := w.post(t.Context(), "sendMessage"+c.query, c.kind, strings.NewReader(c.body))
		if err != nil || !a.OK {
			t.Fatalf("form %d: %v %s", i, err, a.Description)
		}
		if m, _ := w.Last(anna); m.Text != fmt.Sprintf("m%d", i) {
			t.Errorf("form %d: got %q", i, m.Text)
		}
	}
	a, err := w.post(t.Context(), "SENDMESSAGE", "application/json", strings.NewReader("{"))
	if err != nil || a.OK {
		t.Errorf("a broken body gave %+v, %v", a, err)
	}
}

// One member alone sees an ephemeral message: within 15 seconds after a tap of theirs, also
// when it was answered, or at any time when the bot is an administrator. Nothing else names it.
func TestEphemeral(t *testing.T) {
	w := newWorld(t)
	w.must(w.AddGroup(team, "Team", anna, boris))
	yes := keyboard([]params{tap("Yes", "y")})
	card := ok[wireMessage](w, "sendMessage", params{"chat_id": team, "text": "card", "reply_markup": yes})
	press, err := w.Tap(boris, team, card.ID, "Yes")
	w.must(err)
	w.updates()
	to := func(user int64, press string) params {
		return params{"chat_id": team, "text": "psst", "reply_markup": yes, "ephemeral_message_parameters": params{"receiver_user_id": user, "callback_query_id": press}}
	}
	ok[bool](w, "answerCallbackQuery", params{"callback_query_id": press})
	if m := ok[wireMessage](w, "sendMessage", to(boris, press)); m.ID != 0 || m.Ephemeral != 1 || m.Receiver.ID != boris {
		t.Errorf("got %+v", m)
	}
	w.refused("sendMessage", to(anna, press), "Bad Request: QUERY_ID_INVALID")
	w.clock.Advance(16 * time.Second)
	w.refused("sendMessage", to(boris, press), "Bad Request: QUERY_ID_INVALID")
	w.refused("sendMessage", to(boris, ""), "Bad Request: CHAT_ADMIN_REQUIRED")

	last, _ := w.Last(team)
	if last.Only != boris || last.Text != "psst" || !strings.Contains(w.Transcript(team), "(only ") {
		t.Errorf("the last message is %+v", last)
	}
	if _, err := w.Tap(anna, team, last.ID, "Yes"); !errors.Is(err, emulator.ErrNoMessage) {
		t.Errorf("somebody else taps it: %v", err)
	}
	if _, err := w.TapData(anna, team, last.ID, "y"); !errors.Is(err, emulator.ErrNoMessage) {
		t.Errorf("somebody else taps it: %v", err)
	}
	if _, err := w.Reply(boris, team, last.ID, "thanks"); !errors.Is(err, emulator.ErrNoMessage) {
		t.Errorf("it is answered: %v", err)
	}
	if _, err := w.Forward(boris, team, last.ID, team); !errors.Is(err, emulator.ErrUnfit) {
		t.Errorf("it is forwarded: %v", err)
	}
	w.refused("deleteMessage", params{"chat_id": team, "message_id": last.ID}, "Bad Request: message to delete not found")
	_, err = w.Tap(boris, team, last.ID, "Yes")
	w.must(err)
	if u := w.updates(); len(u) != 1 || u[0].Query.Message.ID != 0 || u[0].Query.Message.Ephemeral != 1 {
		t.Errorf("the tap is told as %+v", u)
	}
	w.must(w.Promote(anna, team, w.BotID(), emulator.Rights{}))
	ok[wireMessage](w, "sendMessage", to(anna, ""))
}
