package witness

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"zomrobot/telegram/emulator"
)

// answers gathers what the emulator says, as lines of TypeScript that only compile
// when each is what the Bot API's types say.
type answers struct {
	*world
	lines   []string
	called  map[string]bool
	kinds   map[string]bool // of updates
	told    map[string]bool // fields of messages
	members map[string]bool // statuses
}

// declare adds a constant of a type. A message that is replied to must have no
// reply_to_message of its own; the types want that said.
func (a *answers) declare(kind string, value []byte) {
	a.t.Helper()
	d := json.NewDecoder(bytes.NewReader(value))
	d.UseNumber()
	var v any
	a.must(d.Decode(&v))
	const none = "(none)"
	walk(v, func(name string, v any) {
		if m, ok := v.(map[string]any); ok && name == "reply_to_message" && m[name] == nil {
			m[name] = none
		}
	})
	text, err := json.Marshal(v)
	a.must(err)
	text = bytes.ReplaceAll(text, []byte(`"`+none+`"`), []byte("undefined"))
	a.lines = append(a.lines, fmt.Sprintf("export const v%d: %s = %s;", len(a.lines), kind, text))
}

// walk visits all fields in a value.
func walk(v any, visit func(name string, v any)) {
	switch v := v.(type) {
	case map[string]any:
		for name, v := range v {
			visit(name, v)
			walk(v, visit)
		}
	case []any:
		for _, v := range v {
			walk(v, visit)
		}
	}
}

// say calls a method and gathers its answer, which is an error or the result.
func (a *answers) say(method string, p params) json.RawMessage {
	a.t.Helper()
	return a.read(method, a.call(method, "application/json", p.json(a.t)))
}

func (a *answers) read(method string, raw []byte) json.RawMessage {
	a.t.Helper()
	a.called[strings.ToLower(method)] = true
	var v struct {
		OK     bool            `json:"ok"`
		Result json.RawMessage `json:"result"`
	}
	a.must(json.Unmarshal(raw, &v))
	if !v.OK {
		a.declare("ApiError", raw)
		return nil
	}
	a.declare("Result<"+fmt.Sprintf("%q", method)+">", v.Result)
	a.note(v.Result)
	return v.Result
}

// ok is say that must not be refused; it returns the message_id of the result.
func (a *answers) ok(method string, p params) int {
	a.t.Helper()
	raw := a.say(method, p)
	if raw == nil {
		a.t.Fatalf("%s was refused: %s", method, a.lines[len(a.lines)-1])
	}
	var m struct {
		ID int `json:"message_id"`
	}
	_ = json.Unmarshal(raw, &m) // or no message
	return m.ID
}

// updates takes all that waits, each checked for itself.
func (a *answers) updates() {
	a.t.Helper()
	var offset int64
	for range 100 { // far more than there is to say
		var batch []json.RawMessage
		a.must(json.Unmarshal(a.say("getUpdates", params{"offset": offset}), &batch))
		for _, raw := range batch {
			a.declare("Update", raw)
			var u map[string]json.RawMessage
			a.must(json.Unmarshal(raw, &u))
			a.must(json.Unmarshal(u["update_id"], &offset))
			for kind := range u {
				a.kinds[kind] = true
			}
			a.note(raw)
		}
		if len(batch) == 0 {
			return
		}
		offset++
	}
	a.t.Fatal("the updates do not end")
}

// note remembers which fields there were.
func (a *answers) note(raw []byte) {
	var v any
	a.must(json.Unmarshal(raw, &v))
	walk(v, func(name string, v any) {
		a.told[name] = true
		if status, ok := v.(string); ok && name == "status" {
			a.members[status] = true
		}
	})
}

// play makes everything happen that the emulator knows.
func (a *answers) play() {
	a.AddPerson(emulator.Person{ID: 1003, Name: "Vera", Username: "vera", Lang: "ru"})
	a.AddPerson(emulator.Person{ID: other, Name: "Other", Username: "other_bot", Bot: true})
	a.say("getUpdates", params{"allowed_updates": []string{"message", "edited_message", "callback_query", "my_chat_member", "chat_member"}})
	a.inPrivate()
	a.inGroups()
	a.inTopics()
	a.profile()
	a.refusals()
	a.webhook()
}

func (a *answers) inPrivate() {
	keys := params{"inline_keyboard": [][]params{
		{{"text": "Go", "callback_data": "go", "style": "success"}, {"text": "Site", "url": "https://zomro.com/"}},
		{{"text": "IP", "copy_text": params{"text": "1.2.3.4"}}},
	}}
	link, err := a.OpenLink(anna, 0, "https://t.me/zomro_test_bot?start=x")
	a.must(err)
	a.ok("sendChatAction", params{"chat_id": anna, "action": "typing"})
	card := a.ok("sendMessage", params{
		"chat_id": anna, "parse_mode": "HTML", "protect_content": true, "reply_markup": keys,
		"text": `<b>a</b><i>b</i><u>c</u><s>d</s><code>e</code><tg-spoiler>f</tg-spoiler><pre><code class="language-go">g</code></pre>` +
			`<blockquote expandable>h</blockquote><a href="https://zomro.com/">i</a> <a href="tg://user?id=1001">j</a> /help @vera https://zomro.com`,
		"reply_parameters": params{"message_id": link},
	})
	press, err := a.Tap(anna, anna, card, "Go")
	a.must(err)
	a.ok("answerCallbackQuery", params{"callback_query_id": press, "text": "ok"})
	a.ok("editMessageText", params{"chat_id": anna, "message_id": card, "text": "b", "reply_markup": keys})
	a.ok("editMessageReplyMarkup", params{"chat_id": anna, "message_id": card})
	a.ok("sendMessage", params{"chat_id": anna, "text": "token?", "reply_markup": params{"force_reply": true}})
	a.read("sendDocument", a.call("sendDocument", "multipart/form-data; boundary=x", []byte("--x\r\n"+
		"Content-Disposition: form-data; name=\"chat_id\"\r\n\r\n1001\r\n--x\r\n"+
		"Content-Disposition: form-data; name=\"caption\"\r\n\r\nyour /log\r\n--x\r\n"+
		"Content-Disposition: form-data; name=\"document\"; filename=\"log.txt\"\r\n\r\nlog\r\n--x--\r\n")))
	pixel := "GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
	a.read("sendPhoto", a.call("sendPhoto", "multipart/form-data; boundary=x", []byte("--x\r\n"+
		"Content-Disposition: form-data; name=\"chat_id\"\r\n\r\n1001\r\n--x\r\n"+
		"Content-Disposition: form-data; name=\"photo\"; filename=\"a.gif\"\r\n\r\n"+pixel+"\r\n--x--\r\n")))
	a.read("editMessageMedia", a.call("editMessageMedia", "multipart/form-data; boundary=x", []byte("--x\r\n"+
		"Content-Disposition: form-data; name=\"chat_id\"\r\n\r\n1001\r\n--x\r\n"+
		"Content-Disposition: form-data; name=\"message_id\"\r\n\r\n"+fmt.Sprint(card)+"\r\n--x\r\n"+
		"Content-Disposition: form-data; name=\"media\"\r\n\r\n{\"type\":\"photo\",\"media\":\"attach://a\",\"caption\":\"load\"}\r\n--x\r\n"+
		"Content-Disposition: form-data; name=\"a\"; filename=\"a.gif\"\r\n\r\n"+pixel+"\r\n--x--\r\n")))
	said, err := a.Reply(anna, anna, card, "helo")
	a.must(err)
	a.must(a.EditText(anna, anna, said, "hello"))
	_, err = a.Photo(anna, anna, "look /here")
	a.must(err)
	file, err := a.SendFile(anna, anna, emulator.Document{Name: "id.pub", Content: []byte("key")}, "my key")
	a.must(err)
	a.ok("getFile", params{"file_id": fmt.Sprint("document-", file)})
	_, err = a.SayMarked(anna, anna, "bold", "loud")
	a.must(err)
	_, err = a.Forward(anna, anna, said, anna)
	a.must(err)
	a.ok("deleteMessage", params{"chat_id": anna, "message_id": said})
	a.ok("deleteMessages", params{"chat_id": anna, "message_ids": []int{card, 999}})
	_, err = a.TapData(anna, anna, card, "go") // on a message that is gone
	a.must(err)
	a.must(a.Block(anna))
	a.must(a.Unblock(anna))
	a.ok("getChat", params{"chat_id": anna})
	a.ok("getChatMember", params{"chat_id": anna, "user_id": anna})
	a.updates()
}

func (a *answers) inGroups() {
	a.must(a.AddGroup(team, "Team", anna, boris))
	a.must(a.Promote(anna, team, a.BotID(), emulator.Rights{}))
	a.say("getChatAdministrators", params{"chat_id": team})
	a.ok("getChat", params{"chat_id": team})
	id, err := a.Migrate(anna, team)
	a.must(err)
	a.say("sendMessage", params{"chat_id": team, "text": "hi"})
	a.ok("leaveChat", params{"chat_id": id})

	a.must(a.AddGroup(super, "Super", anna, boris, 1003, other))
	_, err = a.SayAs(boris, super, "News", "/help")
	a.must(err)
	a.must(a.Promote(anna, super, a.BotID(), emulator.Rights{Delete: true, Title: "Robot"}))
	aside := params{
		"chat_id": super, "text": "psst", "ephemeral_message_parameters": params{"receiver_user_id": boris},
		"reply_markup": params{"inline_keyboard": [][]params{{{"text": "Go", "callback_data": "go"}}}},
	}
	a.ok("sendMessage", aside)
	for _, m := range a.Messages(super) {
		if m.Only == boris {
			_, err = a.Tap(boris, super, m.ID, "Go")
			a.must(err)
		}
	}
	a.must(a.Promote(anna, super, anna, emulator.Rights{Anonymous: true, Title: "Boss"}))
	a.must(a.Promote(anna, super, other, emulator.Rights{}))
	said, err := a.Say(anna, super, "hi")
	a.must(err)
	_, err = a.Reply(boris, super, said, "hi")
	a.must(err)
	_, err = a.Forward(boris, super, said, boris)
	a.must(err)
	a.must(a.Restrict(anna, super, 1003))
	a.ok("getChatMember", params{"chat_id": super, "user_id": 1003})
	a.must(a.Leave(1003, super))
	a.must(a.Join(boris, super, 1003))
	a.must(a.Unrestrict(anna, super, 1003))
	a.must(a.Kick(anna, super, 1003))
	for _, user := range []int64{anna, boris, 1003, a.BotID(), other} {
		a.ok("getChatMember", params{"chat_id": super, "user_id": user})
	}
	a.say("getChatAdministrators", params{"chat_id": super, "return_bots": true})
	a.must(a.TransferOwnership(anna, super, boris))
	a.must(a.Leave(anna, super))
	a.ok("getChatMember", params{"chat_id": super, "user_id": anna})
	a.ok("getChat", params{"chat_id": super})
	a.must(a.Demote(boris, super, a.BotID()))
	a.must(a.Restrict(boris, super, a.BotID()))
	a.say("sendMessage", params{"chat_id": super, "text": "hi"})
	a.must(a.Kick(boris, super, a.BotID()))
	a.updates()
}

func (a *answers) inTopics() {
	a.must(a.AddForum(forum, "Forum", anna))
	thread, err := a.AddTopic(anna, forum, "Servers")
	a.must(err)
	_, err = a.SayIn(anna, forum, thread, "/order@zomro_test_bot")
	a.must(err)
	card := a.ok("sendMessage", params{
		"chat_id": forum, "message_thread_id": thread, "text": "card",
		"reply_markup": params{"inline_keyboard": [][]params{{{"text": "Go", "callback_data": "go"}}}},
	})
	_, err = a.Tap(anna, forum, card, "Go")
	a.must(err)
	a.must(a.CloseTopic(anna, forum, thread))
	a.say("sendMessage", params{"chat_id": forum, "message_thread_id": thread, "text": "card"})
	a.must(a.ReopenTopic(anna, forum, thread))
	a.ok("getChat", params{"chat_id": forum})
	a.updates()
}

func (a *answers) profile() {
	commands := params{"commands": []params{{"command": "order", "description": "Order"}}}
	a.ok("getMe", nil)
	a.ok("setMyCommands", commands)
	a.ok("getMyCommands", nil)
	a.ok("deleteMyCommands", nil)
	a.ok("setMyName", params{"name": "Zomro"})
	a.ok("getMyName", nil)
	a.ok("setMyDescription", params{"description": "Servers"})
	a.ok("getMyDescription", nil)
	a.ok("setMyShortDescription", params{"short_description": "Servers"})
	a.ok("getMyShortDescription", nil)
	a.ok("getChatMenuButton", params{"chat_id": anna})
	a.ok("setChatMenuButton", params{"menu_button": params{"type": "commands"}})
	a.ok("getChatMenuButton", params{"chat_id": anna})
}

func (a *answers) refusals() {
	a.say("sendMessage", params{"chat_id": 77, "text": "hi"})
	a.say("sendMessage", params{"chat_id": 1003, "text": "hi"})
	a.must(a.Break(emulator.Fault{Kind: emulator.TooMany, RetryAfter: 3}))
	a.say("sendMessage", params{"chat_id": anna, "text": "hi"})
	a.must(a.Break(emulator.Fault{Kind: emulator.Failure}))
	a.say("getMe", nil)
	a.must(a.Break(emulator.Fault{Kind: emulator.Unauthorized}))
	a.say("getMe", nil)
}

func (a *answers) webhook() {
	a.ok("getWebhookInfo", nil)
	a.ok("setWebhook", params{"url": "https://127.0.0.1:1/hook", "allowed_updates": []string{"message"}})
	a.say("getUpdates", nil)
	_, err := a.Say(anna, anna, "hi")
	a.must(err)
	ctx := soon(a.t)
	a.must(a.Until(ctx, func() bool { // somebody else would be at that port, if anybody
		raw := a.say("getWebhookInfo", nil)
		return bytes.Contains(raw, []byte("last_error_message"))
	}))
	a.ok("deleteWebhook", params{"drop_pending_updates": true})
}

// Everything that the emulator says has the types that the Bot API gives it.
func TestTypes(t *testing.T) {
	modules, err := filepath.Abs("node_modules")
	if err != nil {
		t.Fatal(err)
	}
	a := &answers{
		world:  newWorld(t, func(c *emulator.Config) { c.RetryDelay = func(int) time.Duration { return time.Hour } }),
		called: map[string]bool{}, kinds: map[string]bool{}, told: map[string]bool{}, members: map[string]bool{},
	}
	a.play()
	a.saidAll()

	dir := t.TempDir()
	a.must(os.Symlink(modules, filepath.Join(dir, "node_modules")))
	head := []string{
		`import type { ApiError, ApiMethods, Update } from "@grammyjs/types";`,
		`type Result<M extends keyof ApiMethods<unknown>> = ReturnType<ApiMethods<unknown>[M]>;`,
		// What is wrong is found: these lines must not compile.
		`// @ts-expect-error: an id is a number`,
		`export const wrongType: Update = {"update_id":"1"};`,
		`// @ts-expect-error: nothing is added`,
		`export const wrongField: Update = {"update_id":1,"my_chat_member_update":{}};`,
		`// @ts-expect-error: nothing is left out`,
		`export const wrongMember: Result<"getChatMember"> = {"status":"kicked","user":{"id":1,"is_bot":false,"first_name":"x"}};`,
	}
	file := filepath.Join(dir, "answers.ts")
	a.must(os.WriteFile(file, []byte(strings.Join(append(head, a.lines...), "\n")+"\n"), 0o600))
	options := `{"compilerOptions":{"noEmit":true,"strict":true,"skipLibCheck":true,"types":[],"target":"es2022","module":"nodenext"},"files":["answers.ts"]}`
	a.must(os.WriteFile(filepath.Join(dir, "tsconfig.json"), []byte(options), 0o600))
	tsc := exec.CommandContext(soon(t), "node", filepath.Join(modules, "typescript", "bin", "tsc"), "--pretty", "false")
	tsc.Dir = dir
	if out, err := tsc.CombinedOutput(); err != nil {
		t.Fatalf("the types of the Bot API say no (%v):\n%s\n%s", err, out, a.blamed(string(out), len(head)))
	}
	t.Logf("%d answers and updates", len(a.lines))
}

// blamed shows the lines that the compiler names.
func (a *answers) blamed(out string, head int) string {
	var b strings.Builder
	for _, line := range strings.Split(out, "\n") {
		var n, column int
		if _, err := fmt.Sscanf(line, "answers.ts(%d,%d)", &n, &column); err == nil && n > head && n <= head+len(a.lines) {
			fmt.Fprintf(&b, "%d: %s\n", n, a.lines[n-head-1])
		}
	}
	return b.String()
}

// saidAll fails the test when something that the emulator can say was not gathered.
func (a *answers) saidAll() {
	a.t.Helper()
	missing := func(what string, got map[string]bool, want ...string) {
		a.t.Helper()
		for _, name := range want {
			if !got[name] {
				a.t.Errorf("no %s %s among %v", what, name, slices.Sorted(maps.Keys(got)))
			}
		}
	}
	missing("call of", a.called, append(emulator.Methods(), "getupdates")...)
	missing("update", a.kinds, "message", "edited_message", "callback_query", "my_chat_member", "chat_member")
	missing("member who is", a.members, "creator", "administrator", "member", "restricted", "left", "kicked")
	missing("field", a.told, "new_chat_members", "left_chat_member", "chat_owner_changed", "migrate_to_chat_id",
		"migrate_from_chat_id", "forum_topic_created", "forum_topic_closed", "forum_topic_reopened", "is_topic_message",
		"message_thread_id", "is_forum", "sender_chat", "author_signature", "forward_origin", "sender_user", "reply_to_message",
		"photo", "document", "caption", "caption_entities", "entities", "reply_markup", "copy_text", "has_protected_content",
		"edit_date", "custom_title", "receiver_user", "ephemeral_message_id", "language_code", "last_error_message")
	if v := a.Violations(); len(v) > 0 {
		a.t.Errorf("violations: %q", v)
	}
	a.refusedAlso(http.StatusBadRequest, http.StatusForbidden, http.StatusTooManyRequests, http.StatusInternalServerError,
		http.StatusUnauthorized, http.StatusConflict)
}

// refusedAlso fails the test when no refusal had one of these codes.
func (a *answers) refusedAlso(codes ...int) {
	a.t.Helper()
	all := strings.Join(a.lines, "\n")
	for _, code := range codes {
		if !strings.Contains(all, fmt.Sprintf(`"error_code":%d,`, code)) {
			a.t.Errorf("no refusal with the code %d", code)
		}
	}
}
