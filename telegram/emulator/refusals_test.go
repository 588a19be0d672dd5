package emulator_test

import (
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"zomrobot/telegram/emulator"
)

// row is a call that is refused, the words of it and where they are from: a line of
// tdlib/telegram-bot-api 10.0 (01a3679; Client.cpp) or of tdlib/td (022d602; its other
// files), or a page of Telegram's about errors of its own servers.
type row struct {
	text, source, method string
	params               params
}

// scene has in it all that a refusal needs.
type scene struct {
	*world
	thread, card, asks, file, theirs, old int
}

func newScene(t *testing.T) scene {
	t.Helper()
	w := newWorld(t)
	s := scene{world: w}
	w.AddUser(gone, "Gone", "")
	w.AddUser(blocked, "Blocks", "")
	for _, id := range []int64{anna, gone, blocked} {
		s.old = w.say(id, id, "/start")
	}
	w.must(w.DeleteAccount(gone))
	w.must(w.Block(blocked))
	s.old = w.say(anna, anna, "old")
	for _, g := range []int64{team, team - 1, team - 2, team - 3, super, super - 1, super - 2} {
		w.must(w.AddGroup(g, "Team", anna))
	}
	w.must(w.DeleteGroup(anna, team-1))
	w.must(w.Kick(anna, team-2, w.BotID()))
	ok[bool](w, "leaveChat", params{"chat_id": team - 3})
	w.must(w.Restrict(anna, super-1, w.BotID()))
	w.must(w.Kick(anna, super-2, w.BotID()))
	w.must(w.AddForum(board, "Forum", anna))
	thread, err := w.AddTopic(anna, board, "Servers")
	w.must(err)
	s.thread = thread
	w.must(w.CloseTopic(anna, board, thread))
	w.clock.Advance(49 * 60 * 60 * 1e9)
	s.theirs = w.say(anna, team, "mine")
	s.card = ok[wireMessage](w, "sendMessage", params{"chat_id": anna, "text": "card", "reply_markup": keyboard([]params{tap("Yes", "y")})}).ID
	s.asks = ok[wireMessage](w, "sendMessage", params{"chat_id": anna, "text": "token?", "reply_markup": params{"force_reply": true}}).ID
	s.file = s.upload("log.txt", "log").message(w)
	return s
}

const (
	gone    = int64(2001)
	blocked = int64(2002)
	board   = int64(-1_000_000_000_088)
)

// upload sends a document to Anna.
func (w *world) upload(name, content string) answer {
	w.t.Helper()
	a, err := w.post(w.t.Context(), "sendDocument", "multipart/form-data; boundary=x", strings.NewReader(
		"--x\r\nContent-Disposition: form-data; name=\"chat_id\"\r\n\r\n1001\r\n"+
			"--x\r\nContent-Disposition: form-data; name=\"document\"; filename=\""+name+"\"\r\n\r\n"+content+"\r\n--x--\r\n"))
	w.must(err)
	return a
}

func (a answer) message(w *world) int {
	w.t.Helper()
	id, err := strconv.Atoi(regexp.MustCompile(`"message_id":(\d+)`).FindStringSubmatch(string(a.Result))[1])
	w.must(err)
	return id
}

func (s scene) rows() []row {
	to := func(chat int64, extra params) params {
		p := params{"chat_id": chat, "text": "hi"}
		for k, v := range extra {
			p[k] = v
		}
		return p
	}
	markup := func(raw string) params { return to(anna, params{"reply_markup": raw}) }
	button := func(extra params) params {
		b := params{"text": "x"}
		for k, v := range extra {
			b[k] = v
		}
		return to(anna, params{"reply_markup": keyboard([]params{b})})
	}
	html := func(text string) params { return to(anna, params{"text": text, "parse_mode": "HTML"}) }
	edit := func(id int, extra params) params {
		return to(anna, params{"message_id": id}).with(extra)
	}
	list := func(commands ...params) params { return params{"commands": commands} }
	order := params{"command": "order", "description": "Order"}
	scope := func(v any) params { return list(order).with(params{"scope": v}) }
	only := func(user int64, press string) params {
		return params{"ephemeral_message_parameters": params{"receiver_user_id": user, "callback_query_id": press}}
	}
	const (
		unknown = "none: no source of Telegram's says it"

		bad    = "Bad Request: "
		no     = "Forbidden: "
		cell   = bad + "can't parse inline keyboard button: "
		tags   = bad + "can't parse entities: "
		scopes = bad + "can't parse BotCommandScope"
	)
	long := strings.Repeat("x", 4097)
	return []row{
		// One member alone. The words are this server's own but for those of MTProto errors.
		{bad + "can't parse ephemeral message parameters JSON object", unknown, "sendMessage", to(team, params{"ephemeral_message_parameters": "{"})},
		{bad + `can't find field "receiver_user_id"`, unknown, "sendMessage", to(team, params{"ephemeral_message_parameters": "{}"})},
		{bad + "ephemeral messages can be sent only to groups and supergroups", unknown, "sendMessage", to(anna, only(anna, ""))},
		{bad + "PARTICIPANT_ID_INVALID", unknown, "sendMessage", to(team, only(boris, ""))},
		{bad + "PARTICIPANT_ID_INVALID", unknown, "sendMessage", to(team, only(s.BotID(), ""))},
		{bad + "CHAT_ADMIN_REQUIRED", unknown, "sendMessage", to(team, only(anna, ""))},
		{bad + "QUERY_ID_INVALID", unknown, "sendMessage", to(team, only(anna, "77"))},
		{bad + "the ephemeral message can't be sent so", unknown, "sendMessage", to(team, only(anna, "")).with(params{"reply_markup": params{"force_reply": true}})},
		// Files.
		{bad + "wrong file_id or the file is temporarily unavailable", "Client.cpp, on_file_download", "getFile", params{"file_id": "document-0"}},
		// Chats.
		{bad + "chat_id is empty", "Client.cpp:8201", "sendMessage", params{"text": "hi"}},
		{bad + "chat not found", "Client.cpp:6571", "sendMessage", to(77, nil)},
		{no + "user is deactivated", "Client.cpp:8136", "sendMessage", to(gone, nil)},
		{no + "bot was blocked by the user", "Client.cpp:127", "sendMessage", to(blocked, nil)},
		{no + "bot can't initiate conversation with a user", "MessagesManager.cpp:27957", "sendMessage", to(boris, nil)},
		{no + "the group chat was deleted", "Client.cpp:8158", "sendMessage", to(team-1, nil)},
		{no + "bot was kicked from the group chat", "Client.cpp:8162", "sendMessage", to(team-2, nil)},
		{no + "bot is not a member of the group chat", "Client.cpp:8165", "sendMessage", to(team-3, nil)},
		{no + "bot was kicked from the supergroup chat", "Client.cpp:8174", "getChat", to(super-2, nil)},
		{bad + "not enough rights to send text messages to the chat", "MessageContent.cpp:6302", "sendMessage", to(super-1, nil)},
		{bad + "message thread not found", "Client.cpp:8277", "sendMessage", to(board, params{"message_thread_id": 1})},
		{bad + "message thread not found", "Client.cpp:6818", "sendMessage", to(board, params{"message_thread_id": 99})},
		{bad + "TOPIC_CLOSED", "core.telegram.org/method/messages.sendMessage", "sendMessage", to(board, params{"message_thread_id": s.thread})},
		{bad + "wrong parameter action in request", "Client.cpp:13446", "sendChatAction", to(anna, params{"action": "sleeping"})},
		{bad + "chat member status can't be changed in private chats", "DialogParticipantManager.cpp:2341", "leaveChat", to(anna, nil)},
		{bad + "chat is deactivated", "DialogParticipantManager.cpp:1267", "leaveChat", to(team-1, nil)},
		{bad + "user not found", "Client.cpp:6524", "getChatMember", to(team, params{"user_id": 77})},
		{bad + "invalid user_id specified", "Client.cpp:12454", "getChatMember", to(team, nil)},
		{bad + "member not found", "DialogParticipantManager.cpp:1824", "getChatMember", to(anna, params{"user_id": boris})},
		{bad + "there are no administrators in the private chat", "Client.cpp:15121", "getChatAdministrators", to(anna, nil)},

		// Texts.
		{bad + "message text is empty", "Client.cpp:11401", "sendMessage", to(anna, params{"text": ""})},
		{bad + "text must be non-empty", "MessageEntity.cpp:4658", "sendMessage", to(anna, params{"text": " \n "})},
		{bad + "text is too long", "Client.cpp:11310", "sendMessage", to(anna, params{"text": strings.Repeat("a", 1<<15+1)})},
		{bad + "message is too long", "MessagesManager.cpp:27943", "sendMessage", to(anna, params{"text": long})},
		{bad + "MESSAGE_TOO_LONG", "core.telegram.org/method/messages.editMessage", "editMessageText", edit(s.card, params{"text": long})},
		{bad + "unsupported parse_mode", "Client.cpp:11323", "sendMessage", to(anna, params{"parse_mode": "XML"})},
		{bad + "can't parse MessageEntity: Unsupported type specified", "Client.cpp:11341", "sendMessage", to(anna, params{"entities": []params{{"type": "x", "offset": 0, "length": 1}}})},
		{tags + `Can't find end tag corresponding to start tag "b"`, "MessageEntity.cpp:3559", "sendMessage", html("<b>x")},
		{tags + "Unclosed start tag at byte offset 0", "MessageEntity.cpp:3347", "sendMessage", html("<b")},
		{tags + "Unclosed start tag at byte offset 0", "MessageEntity.cpp:3434", "sendMessage", html(`<a href="x`)},
		{tags + `Unclosed start tag "a" at byte offset 0`, "MessageEntity.cpp:3384", "sendMessage", html("<a href")},
		{tags + `Unsupported start tag "br" at byte offset 0`, "MessageEntity.cpp:3356", "sendMessage", html("<br>")},
		{tags + `Empty attribute name in the tag "a" at byte offset 0`, "MessageEntity.cpp:3376", "sendMessage", html(`<a ="x">x</a>`)},
		{tags + "Unexpected end of name token at byte offset 8", "MessageEntity.cpp:3410", "sendMessage", html("<a href=http://x>x</a>")},
		{tags + `Tag "span" must have class "tg-spoiler" at byte offset 0`, "MessageEntity.cpp:3457", "sendMessage", html("<span>x</span>")},
		{tags + "Unexpected end tag at byte offset 1", "MessageEntity.cpp:3465", "sendMessage", html("x</b>")},
		{tags + "Unclosed end tag at byte offset 4", "MessageEntity.cpp:3476", "sendMessage", html("<b>x</b")},
		{tags + `Unmatched end tag at byte offset 4, expected "</b>", found "</i>"`, "MessageEntity.cpp:3481", "sendMessage", html("<b>x</i>")},
		{bad + "can't parse link preview options JSON object", "Client.cpp:11371", "sendMessage", to(anna, params{"link_preview_options": "{"})},
		{bad + "object expected as link preview options", "Client.cpp:11379", "sendMessage", to(anna, params{"link_preview_options": "[]"})},
		{bad + `field "is_disabled" must be of type Boolean`, "JsonBuilder.cpp:608", "sendMessage", to(anna, params{"link_preview_options": `{"is_disabled":1}`})},
		{bad + "can't parse reply parameters JSON object", "Client.cpp:9405", "sendMessage", to(anna, params{"reply_parameters": "{"})},
		{bad + "object expected as reply parameters", "Client.cpp:9413", "sendMessage", to(anna, params{"reply_parameters": "[]"})},
		{bad + `can't find field "message_id"`, "JsonBuilder.cpp:658", "sendMessage", to(anna, params{"reply_parameters": `{"x":1}`})},
		{bad + "message to be replied not found", "Client.cpp:8516", "sendMessage", to(anna, params{"reply_parameters": `{"message_id":999}`})},
		{bad + "there is no document in the request", "Client.cpp:12944", "sendDocument", to(anna, nil)},
		{bad + "there is no photo in the request", "Client.cpp:12958", "sendPhoto", to(anna, nil)},
		{bad + "can't parse input media JSON object", "Client.cpp:11770", "editMessageMedia", params{"media": "{"}},
		{bad + `can't parse InputMedia: type "x" is unsupported`, "Client.cpp:11775, 11759", "editMessageMedia", params{"media": params{"type": "x", "media": "y"}}},
		{bad + "can't parse InputMedia: media not found", "Client.cpp:11775, 11695", "editMessageMedia", params{"media": params{"type": "photo", "media": "attach://y"}}},

		// Keyboards.
		{bad + "can't parse reply keyboard markup JSON object", "Client.cpp:9708", "sendMessage", markup("{")},
		{bad + "object expected as reply markup", "Client.cpp:9717", "sendMessage", markup("null")},
		{bad + `field "inline_keyboard" must be of type Array`, "JsonBuilder.cpp:566", "sendMessage", markup(`{"inline_keyboard":1}`)},
		{bad + `field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays`, "Client.cpp:9748", "sendMessage", markup(`{"inline_keyboard":[1]}`)},
		{bad + `field "input_field_placeholder" must be of type String`, "JsonBuilder.cpp:720", "sendMessage", markup(`{"force_reply":true,"input_field_placeholder":1}`)},
		{bad + `field "force_reply" must be of type Boolean`, "JsonBuilder.cpp:608", "sendMessage", markup(`{"force_reply":1}`)},
		{cell + "InlineKeyboardButton must be an Object", "Client.cpp:9577", "sendMessage", markup(`{"inline_keyboard":[[1]]}`)},
		{cell + `Can't find field "text"`, "JsonBuilder.cpp:736", "sendMessage", markup(`{"inline_keyboard":[[{}]]}`)},
		{cell + `Can't find field "text"`, "JsonBuilder.cpp:736", "sendMessage", button(params{"copy_text": params{}})},
		{cell + `Field "url" must be of type String`, "JsonBuilder.cpp:720", "sendMessage", button(params{"url": 1})},
		{cell + `Field "copy_text" must be of type Object`, "JsonBuilder.cpp:580", "sendMessage", button(params{"copy_text": 1})},
		{cell + `Field "disabled" must be of type Object`, "JsonBuilder.cpp:580", "sendMessage", button(params{"disabled": true})},
		{cell + "invalid button style specified", "Client.cpp:9455", "sendMessage", button(params{"callback_data": "x", "style": "warning"})},
		{cell + "Text buttons are unallowed in the inline keyboard", "Client.cpp:9694", "sendMessage", button(nil)},
		{bad + "inline keyboard button URL 'x' is invalid: Wrong HTTP URL", "ReplyMarkup.cpp:591, LinkManager.cpp:1926", "sendMessage", button(params{"url": "x"})},
		{bad + "BUTTON_DATA_INVALID", "core.telegram.org/method/messages.sendMessage", "sendMessage", button(params{"callback_data": strings.Repeat("x", 65)})},
		{bad + "BUTTON_COPY_TEXT_INVALID", "core.telegram.org/method/messages.sendMessage", "sendMessage", button(params{"copy_text": params{"text": ""}})},

		// Editing, deleting, answering.
		{bad + "message identifier is not specified", "Client.cpp:12446", "editMessageText", params{"text": "x"}},
		{bad + "message to edit not found", "Client.cpp:8420", "editMessageText", edit(999, nil)},
		{bad + "message can't be edited", "MessagesManager.cpp:23386", "editMessageText", edit(s.asks, nil)},
		{bad + "there is no text in the message to edit", "MessagesManager.cpp:23393", "editMessageText", edit(s.file, nil)},
		{bad + "inline keyboard expected", "ReplyMarkup.cpp:733", "editMessageText", edit(s.card, params{"reply_markup": params{"force_reply": true}})},
		{
			bad + "message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message",
			"Client.cpp:109", "editMessageText", edit(s.card, params{"text": "card", "reply_markup": keyboard([]params{tap("Yes", "y")})}),
		},
		{bad + "chat identifier is not specified", "Client.cpp:13797", "deleteMessage", params{"message_id": s.card}},
		{bad + "message identifier is not specified", "Client.cpp:13801", "deleteMessage", to(anna, nil)},
		{bad + "message to delete not found", "Client.cpp:8420", "deleteMessage", edit(999, nil)},
		{bad + "message can't be deleted", "MessagesManager.cpp:8504", "deleteMessage", to(board, params{"message_id": s.thread})},
		{bad + "message can't be deleted for everyone", "MessagesManager.cpp:8507", "deleteMessage", edit(s.old, nil)},
		{bad + "message can't be deleted for everyone", "MessagesManager.cpp:8507", "deleteMessage", to(team, params{"message_id": s.theirs})},
		{bad + "message identifiers are not specified", "Client.cpp:12406", "deleteMessages", to(anna, nil)},
		{bad + "can't parse message_ids JSON object", "Client.cpp:12411", "deleteMessages", to(anna, params{"message_ids": "["})},
		{bad + "too many message identifiers specified", "Client.cpp:12418", "deleteMessages", to(anna, params{"message_ids": make([]int, 101)})},
		{bad + "message identifier must be a Number", "Client.cpp:12429", "deleteMessages", to(anna, params{"message_ids": "[{}]"})},
		{bad + "can't parse message identifier as a Number", "Client.cpp:12433", "deleteMessages", to(anna, params{"message_ids": "[1.5]"})},
		{bad + "invalid message identifier specified", "Client.cpp:12436", "deleteMessages", to(anna, params{"message_ids": "[0]"})},
		{bad + "query is too old and response timeout expired or query ID is invalid", "Client.cpp:148", "answerCallbackQuery", params{"callback_query_id": "1"}},

		// The profile.
		{bad + "can't parse commands JSON object", "Client.cpp:10661", "setMyCommands", params{"commands": "{"}},
		{bad + "expected an Array of BotCommand", "Client.cpp:10666", "setMyCommands", params{"commands": "{}"}},
		{bad + "can't parse BotCommand: expected an Object", "Client.cpp:10640", "setMyCommands", params{"commands": "[null]"}},
		{bad + `can't parse BotCommand: Can't find field "command"`, "JsonBuilder.cpp:736", "setMyCommands", list(params{"description": "x"})},
		{bad + `can't parse BotCommand: Can't find field "description"`, "JsonBuilder.cpp:736", "setMyCommands", list(params{"command": "x"})},
		{bad + "command must be non-empty", "BotCommand.cpp:191", "setMyCommands", list(params{"command": "/", "description": "x"})},
		{bad + "command length must not exceed 32", "BotCommand.cpp:194", "setMyCommands", list(params{"command": strings.Repeat("x", 33), "description": "x"})},
		{bad + "command description must be non-empty", "BotCommand.cpp:201", "setMyCommands", list(params{"command": "x", "description": " "})},
		{bad + "command description length must not exceed 256", "BotCommand.cpp:204", "setMyCommands", list(params{"command": "x", "description": strings.Repeat("x", 257)})},
		{bad + "BOT_COMMAND_INVALID", "core.telegram.org/method/bots.setBotCommands", "setMyCommands", list(params{"command": "Order", "description": "x"})},
		{bad + "BOT_COMMANDS_TOO_MUCH", "the limit: Bot API, setMyCommands; the words: not documented", "setMyCommands", list(many(order, 101)...)},
		{scopes + " JSON object", "Client.cpp:10629", "setMyCommands", scope("{")},
		{scopes + ": BotCommandScope must be an Object", "Client.cpp:10578", "setMyCommands", scope("[]")},
		{scopes + ": Unsupported type specified", "Client.cpp:10597", "setMyCommands", scope(params{"type": "all"})},
		{scopes + ": Empty chat_id specified", "Client.cpp:10602", "setMyCommands", scope(params{"type": "chat"})},
		{scopes + ": Invalid user_id specified", "Client.cpp:10613", "setMyCommands", scope(params{"type": "chat_member", "chat_id": team})},
		{bad + "can't use specified scope in private chats", "BotCommandScope.cpp:71", "setMyCommands", scope(params{"type": "chat_administrators", "chat_id": anna})},
		{bad + "invalid language code specified", "BotInfoManager.cpp:947", "setMyCommands", list(order).with(params{"language_code": "rus"})},
		{bad + "bot name is too long", "the limit: Bot API, setMyName; the words: not documented", "setMyName", params{"name": strings.Repeat("x", 65)}},
		{bad + "can't parse menu button JSON object", "Client.cpp:10715", "setChatMenuButton", params{"menu_button": "{"}},
		{bad + "can't parse menu button: MenuButton has unsupported type", "Client.cpp:10720, 10702", "setChatMenuButton", params{"menu_button": params{"type": "x"}}},
		{bad + "invalid chat_id specified", "Client.cpp:12847, 12454", "setChatMenuButton", params{"chat_id": team}},
		{bad + "user not found", "Client.cpp:6524", "setChatMenuButton", params{"chat_id": 77}},

		// Webhooks, and all the rest.
		{bad + "invalid webhook URL specified", "Client.cpp:16016", "setWebhook", params{"url": "x"}},
		{bad + "secret token is too long", "Client.cpp:16020", "setWebhook", params{"url": "https://x.example/", "secret_token": strings.Repeat("x", 257)}},
		{bad + "secret token contains unallowed characters", "Client.cpp:16023", "setWebhook", params{"url": "https://x.example/", "secret_token": "é"}},
		{"Not Found: method not found: sendpoll", "Client.cpp:12664, which does not name it", "sendPoll", nil},
	}
}

// many repeats a value.
func many(p params, n int) []params {
	var out []params
	for range n {
		out = append(out, p)
	}
	return out
}

// with adds fields.
func (p params) with(extra params) params {
	for k, v := range extra {
		p[k] = v
	}
	return p
}

// Every refusal has the words of Telegram's own server.
func TestRefusals(t *testing.T) {
	s := newScene(t)
	said := map[string]bool{}
	for _, r := range s.rows() {
		if r.source == "" {
			t.Errorf("%q is from nowhere", r.text)
		}
		s.refused(r.method, r.params, r.text)
		said[r.text] = true
	}
	// What needs a state of its own, or a body that cannot be written as fields.
	note := func(text, source string, a answer) {
		t.Helper()
		if a.OK || a.Description != text || source == "" {
			t.Errorf("got %+v, want %q (%s)", a, text, source)
		}
		said[a.Description] = true
	}
	press, err := s.Tap(anna, anna, s.card, "Yes")
	s.must(err)
	note("Bad Request: MESSAGE_TOO_LONG", "core.telegram.org/method/messages.setBotCallbackAnswer",
		s.call("answerCallbackQuery", params{"callback_query_id": press, "text": strings.Repeat("x", 201)}))
	note("Bad Request: URL_INVALID", "core.telegram.org/method/messages.setBotCallbackAnswer",
		s.call("answerCallbackQuery", params{"callback_query_id": press, "url": "https://t.me/x"}))
	note("Bad Request: file must be non-empty", "FileLoaderUtils.cpp:304", s.upload("log.txt", ""))
	note("Bad Request: IMAGE_PROCESS_FAILED", "core.telegram.org/method/messages.uploadMedia", s.photo(anna, "no picture"))
	note("Bad Request: not enough rights to send photos to the chat", "MessageContent.cpp, can_send_message_content", s.photo(super-1, pixel))
	note("Bad Request: message caption is too long", "MessageContent.cpp:5242", s.captioned(strings.Repeat("x", 1025)))
	broken, err := s.post(t.Context(), "sendMessage", "application/json", strings.NewReader("{"))
	s.must(err)
	note("Bad Request: can't parse request", "none: Telegram's HTTP server drops what it cannot read", broken)
	id, err := s.Migrate(anna, team)
	s.must(err)
	moved := s.call("sendMessage", params{"chat_id": team, "text": "hi"})
	note("Bad Request: group chat was upgraded to a supergroup chat", "Client.cpp:8156", moved)
	if moved.Parameters.Migrate != id {
		t.Errorf("the new id is %d, want %d", moved.Parameters.Migrate, id)
	}
	s.must(s.Break(emulator.Fault{Kind: emulator.TooMany, RetryAfter: 3}))
	note("Too Many Requests: retry after 3", "Client.cpp:61", s.call("getMe", nil))
	s.must(s.Break(emulator.Fault{Kind: emulator.Failure}))
	note("Internal Server Error", "Client.cpp:175, the beginning of it", s.call("getMe", nil))
	s.must(s.Break(emulator.Fault{Kind: emulator.Unauthorized}))
	note("Unauthorized", "Client.cpp:169", s.call("getMe", nil))
	s.updates()
	first, second := s.later(t.Context(), "getUpdates", params{"timeout": 50}), s.later(t.Context(), "getUpdates", params{"timeout": 50})
	var loser answer
	select { // whichever came first
	case loser = <-first:
		first = second
	case loser = <-second:
	}
	note("Conflict: terminated by other getUpdates request; make sure that only one bot instance is running", "Client.cpp:16232", loser)
	ok[bool](s.world, "setWebhook", params{"url": "https://127.0.0.1:1/"})
	note("Conflict: terminated by setWebhook request", "Client.cpp:16229", <-first)
	note("Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first", "Client.cpp:15703", s.call("getUpdates", nil))

	for _, p := range wordings(t) {
		found := false
		for text := range said {
			found = found || p.MatchString(text)
		}
		if !found {
			t.Errorf("the emulator can say %q, but no row shows it and names its source", p)
		}
	}
}

// pixel is the smallest picture.
const pixel = "GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"

// photo sends a picture.
func (w *world) photo(chat int64, content string) answer {
	w.t.Helper()
	a, err := w.post(w.t.Context(), "sendPhoto?chat_id="+strconv.FormatInt(chat, 10), "multipart/form-data; boundary=x", strings.NewReader(
		"--x\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a.gif\"\r\n\r\n"+content+"\r\n--x--\r\n"))
	w.must(err)
	return a
}

// captioned sends a document with a caption.
func (w *world) captioned(caption string) answer {
	w.t.Helper()
	a, err := w.post(w.t.Context(), "sendDocument?caption="+caption, "multipart/form-data; boundary=x", strings.NewReader(
		"--x\r\nContent-Disposition: form-data; name=\"chat_id\"\r\n\r\n1001\r\n"+
			"--x\r\nContent-Disposition: form-data; name=\"document\"; filename=\"log.txt\"\r\n\r\nlog\r\n--x--\r\n"))
	w.must(err)
	return a
}

// wordings finds in the source every text that a refusal can have, with what varies
// left open.
func wordings(t *testing.T) []*regexp.Regexp {
	t.Helper()
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var all []*regexp.Regexp
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(gotoken.NewFileSet(), f.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			name := ""
			switch fn := call.Fun.(type) {
			case *ast.Ident:
				name = fn.Name
			case *ast.SelectorExpr:
				if f.Name() == "html.go" {
					name = fn.Sel.Name
				}
			}
			if name != "badRequest" && name != "forbidden" && name != "conflict" && name != "Errorf" {
				return true
			}
			if p := pattern(call.Args[0]); p != ".*" {
				all = append(all, regexp.MustCompile("(?s): "+p+"$"))
			}
			return true
		})
	}
	if len(all) < 80 {
		t.Fatalf("only %d texts were found", len(all))
	}
	return all
}

var verb = regexp.MustCompile(`%[a-z]`)

// pattern makes a format a regular expression; what is no literal may be anything.
func pattern(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		if err != nil {
			return ".*"
		}
		return strings.ReplaceAll(regexp.QuoteMeta(verb.ReplaceAllString(text, "\x00")), "\x00", ".*")
	case *ast.BinaryExpr:
		return pattern(e.X) + pattern(e.Y)
	default:
		return ".*"
	}
}
