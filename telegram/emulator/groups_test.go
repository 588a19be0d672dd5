package emulator_test

import (
	"errors"
	"testing"

	"zomrobot/telegram/emulator"
)

// other is another bot in a group.
const other = int64(5001)

// A bot in the privacy mode gets only what is meant for it.
func TestPrivacyMode(t *testing.T) {
	w := newWorld(t)
	w.AddPerson(emulator.Person{ID: other, Name: "Other", Username: "other_bot", Bot: true})
	w.must(w.AddGroup(team, "Team", anna, boris, other))
	w.updates()
	hears := func(want bool, id int, err error) {
		t.Helper()
		w.must(err)
		if got := len(w.updates()) == 1; got != want {
			m, _ := w.Message(team, id)
			t.Errorf("the bot hears %q: %v, want %v", m.Text, got, want)
		}
	}
	say := func(want bool, text string) int {
		t.Helper()
		id, err := w.Say(anna, team, text)
		hears(want, id, err)
		return id
	}
	say(false, "hello")
	say(false, "@zomro_test_bot hello")
	say(false, "/order")
	say(false, "/order@other_bot")
	command := say(true, "/order@Zomro_Test_Bot now")
	reply := func(want bool, to int, text string) int {
		t.Helper()
		id, err := w.Reply(boris, team, to, text)
		hears(want, id, err)
		return id
	}
	again := reply(true, command, "me too") // the command was meant for the bot
	reply(true, again, "and me")            // and so was this
	m := ok[wireMessage](w, "sendMessage", params{"chat_id": team, "text": "which plan?"})
	say(true, "/order") // now that it has spoken
	say(false, "and /order in the middle")
	reply(true, m.ID, "the small one")

	id, err := w.Say(other, team, "/order@zomro_test_bot")
	hears(false, id, err)
	say(false, "/order") // another bot spoke last
	w.must(w.Join(anna, team, w.BotID()))
	w.must(w.Kick(anna, team, boris)) // a service message is for everybody
	if u := w.updates(); len(u) != 1 || u[0].Message.Left.ID != boris {
		t.Errorf("of a member's removal the bot got %+v", u)
	}

	w.must(w.Promote(anna, team, w.BotID(), emulator.Rights{}))
	w.updates()
	say(true, "an administrator hears all")
	id, err = w.Say(other, team, "but not bots")
	hears(false, id, err)

	open := newWorld(t, func(c *emulator.Config) { c.ReadsAll = true })
	open.must(open.AddGroup(team, "Team", anna))
	open.updates()
	open.say(anna, team, "hello")
	if len(open.updates()) != 1 {
		t.Error("without the privacy mode the bot does not hear all")
	}
}

// A basic group that becomes a supergroup says so in both, refuses the old id with
// the new one, and takes no message along.
func TestMigrate(t *testing.T) {
	w := newWorld(t)
	w.must(w.AddGroup(team, "Team", anna, boris))
	m := ok[wireMessage](w, "sendMessage", params{"chat_id": team, "text": "card"})
	w.updates()
	if _, err := w.Migrate(boris, team); !errors.Is(err, emulator.ErrNoRight) {
		t.Errorf("a plain member upgrades: %v", err)
	}
	id, err := w.Migrate(anna, team)
	w.must(err)
	u := w.updates()
	if len(u) != 2 || u[0].Message.MigrateTo != id || u[0].Message.Chat.ID != team ||
		u[1].Message.MigrateFrom != team || u[1].Message.Chat.ID != id || u[1].Message.Chat.Type != "supergroup" {
		t.Fatalf("updates %+v", u)
	}
	movedAway := func(to int64) {
		t.Helper()
		for method, p := range map[string]params{
			"sendMessage":     {"chat_id": team, "text": "hi"},
			"editMessageText": {"chat_id": team, "message_id": m.ID, "text": "x"},
			"deleteMessage":   {"chat_id": team, "message_id": m.ID},
			"getChatMember":   {"chat_id": team, "user_id": boris},
		} {
			a := w.refused(method, p, "Bad Request: group chat was upgraded to a supergroup chat")
			if a.Code != 400 || a.Parameters.Migrate != to {
				t.Errorf("%s: %+v", method, a)
			}
		}
	}
	movedAway(id)
	ok[map[string]any](w, "getChat", params{"chat_id": team})
	w.refused("leaveChat", params{"chat_id": team}, "Bad Request: chat is deactivated")
	w.refused("editMessageText", params{"chat_id": id, "message_id": m.ID, "text": "x"}, "Bad Request: message to edit not found")
	first := ok[wireMessage](w, "sendMessage", params{"chat_id": id, "text": "card"})
	if first.ID != 2 { // 1 is the service message: a supergroup counts for itself
		t.Errorf("id %d in the supergroup", first.ID)
	}
	w.refused("deleteMessage", params{"chat_id": id, "message_id": 1}, "Bad Request: message can't be deleted")
	if _, err := w.Say(boris, team, "hi"); !errors.Is(err, emulator.ErrUnfit) {
		t.Errorf("somebody writes to the old group: %v", err)
	}
	w.say(boris, id, "/order@zomro_test_bot")
}

// When the updates about it are lost, only a refused call tells.
func TestMigrateUnseen(t *testing.T) {
	w := newWorld(t)
	w.must(w.AddGroup(team, "Team", anna))
	w.updates()
	id, err := w.MigrateUnseen(anna, team)
	w.must(err)
	if u := w.updates(); len(u) != 0 {
		t.Errorf("updates %+v", u)
	}
	a := w.refused("sendMessage", params{"chat_id": team, "text": "hi"}, "Bad Request: group chat was upgraded to a supergroup chat")
	if a.Parameters.Migrate != id {
		t.Errorf("answer %+v", a)
	}
	ok[wireMessage](w, "sendMessage", params{"chat_id": id, "text": "hi"})
}

func TestDeletedGroup(t *testing.T) {
	for chat, want := range map[int64]string{
		team: "Forbidden: the group chat was deleted", super: "Bad Request: chat not found",
	} {
		w := newWorld(t)
		w.must(w.AddGroup(chat, "Team", anna, boris))
		w.updates()
		if err := w.DeleteGroup(boris, chat); !errors.Is(err, emulator.ErrNoRight) {
			t.Errorf("a plain member deletes the group: %v", err)
		}
		w.must(w.DeleteGroup(anna, chat))
		if u := w.updates(); len(u) != 0 {
			t.Errorf("the bot was told: %+v", u)
		}
		w.refused("sendMessage", params{"chat_id": chat, "text": "hi"}, want)
		if _, err := w.Say(anna, chat, "hi"); !errors.Is(err, emulator.ErrNoChat) {
			t.Errorf("somebody writes to a deleted group: %v", err)
		}
	}
}

// A reply in a supergroup without topics carries the id of the message where its
// conversation began as message_thread_id, and yet is in no topic.
func TestConversationsOfASupergroup(t *testing.T) {
	w := newWorld(t)
	w.must(w.AddGroup(super, "Team", anna))
	w.must(w.Promote(anna, super, w.BotID(), emulator.Rights{}))
	first := w.say(anna, super, "one")
	w.updates()
	second, err := w.Reply(anna, super, first, "two")
	w.must(err)
	_, err = w.Reply(anna, super, second, "three")
	w.must(err)
	for _, u := range w.updates() {
		if u.Message.Thread != first || u.Message.InTopic {
			t.Errorf("a reply is %+v, want the thread %d and no topic", u.Message, first)
		}
	}
	// Such a thread is not one to write to: it is skipped.
	if m := ok[wireMessage](w, "sendMessage", params{"chat_id": super, "text": "hi", "message_thread_id": first}); m.Thread != 0 {
		t.Errorf("the answer is in thread %d", m.Thread)
	}
}

// ForceReply asks everybody, or, when it is selective, those mentioned and answered.
func TestForceReply(t *testing.T) {
	w := newWorld(t)
	w.AddUser(1003, "Vera", "ru")
	w.must(w.AddGroup(super, "Team", anna, boris))
	said := w.say(boris, super, "/order@zomro_test_bot")
	ask := func(text string, extra params) emulator.Message {
		t.Helper()
		p := params{"chat_id": super, "text": text, "parse_mode": "HTML", "reply_markup": params{"force_reply": true, "selective": true, "input_field_placeholder": "token"}}
		for k, v := range extra {
			p[k] = v
		}
		m, _ := w.Message(super, ok[wireMessage](w, "sendMessage", p).ID)
		return m
	}
	for name, c := range map[string]struct {
		got  emulator.Message
		want []int64
	}{
		"answered":        {ask("which?", params{"reply_parameters": params{"message_id": said}}), []int64{boris}},
		"by name":         {ask("@Anna, which?", nil), []int64{anna}},
		"without a name":  {ask(`<a href="tg://user?id=1001">Anna</a>, which?`, nil), []int64{anna}},
		"answered and by": {ask("@anna, which?", params{"reply_parameters": params{"message_id": said}}), []int64{boris, anna}},
	} {
		if !c.got.AsksReply || len(c.got.Asked) != len(c.want) || c.got.Asked[0] != c.want[0] {
			t.Errorf("%s: asked %v, want %v", name, c.got.Asked, c.want)
		}
	}
	if m := ask("everybody?", params{"reply_markup": params{"force_reply": true}}); !m.AsksReply || m.Asked != nil {
		t.Errorf("a question to everybody is %+v", m)
	}
	if v := w.Violations(); len(v) != 0 {
		t.Errorf("violations %q", v)
	}
	ask(`<a href="tg://user?id=1003">Vera</a>, which?`, nil) // who is not there
	ask("which?", nil)
	if v := w.Violations(); len(v) != 2 {
		t.Errorf("violations %q, want two: nobody is asked", v)
	}
	m := ask("everybody?", params{"reply_markup": params{"force_reply": true}})
	w.refused("editMessageText", params{"chat_id": super, "message_id": m.ID, "text": "x"}, "Bad Request: message can't be edited")
}
