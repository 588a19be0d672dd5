package telegram_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"zomrobot/chat"
	"zomrobot/telegram"
	"zomrobot/telegram/emulator"
)

const (
	group = int64(-1001234567890)
	vera  = int64(1003)
	gleb  = int64(1004)
)

// grouped is a world with a group: Anna owns it, Boris and Vera are in it, Gleb
// never was.
func grouped(t *testing.T) (*world, *telegram.Bot) {
	t.Helper()
	w := newWorld(t)
	for id, name := range map[int64]string{anna: "Anna", boris: "Boris", vera: "Vera", gleb: "Gleb"} {
		w.AddUser(id, name, "en")
	}
	if err := w.AddGroup(group, "Backend", anna, boris, vera); err != nil {
		t.Fatal(err)
	}
	// To be told of others the bot must administer the group.
	if err := w.Promote(anna, group, w.BotID(), emulator.Rights{}); err != nil {
		t.Fatal(err)
	}
	return w, w.bot(t, newRecord().handle)
}

// in is a person's dialogue in the group.
func in(user int64) chat.Key { return chat.Key{Chat: group, User: user} }

func TestMember(t *testing.T) {
	w, b := grouped(t)
	is := func(user int64, want string) {
		t.Helper()
		if got, err := b.Member(soon(t), in(anna), user); got != want || err != nil {
			t.Errorf("%d is %q, %v; want %q", user, got, err, want)
		}
	}
	is(anna, "creator")
	is(boris, "member")
	is(gleb, "left")
	is(999, "left") // Telegram does not know them
	if err := w.Promote(anna, group, boris, emulator.Rights{}); err != nil {
		t.Fatal(err)
	}
	is(boris, "administrator")
	if err := w.Demote(anna, group, boris); err != nil {
		t.Fatal(err)
	}
	is(boris, "member") // what was said before is not remembered
	if err := w.Kick(anna, group, vera); err != nil {
		t.Fatal(err)
	}
	is(vera, "kicked")
}

// TestMemberIsNotGuessed: whatever goes wrong, nobody is anything in the group.
func TestMemberIsNotGuessed(t *testing.T) {
	t.Parallel()
	w, b := grouped(t)
	if err := w.Break(emulator.Fault{Method: "getChatMember", Kind: emulator.BadGateway, Times: 100}); err != nil {
		t.Fatal(err)
	}
	if got, err := b.Member(soon(t), in(anna), anna); got != "" || err == nil {
		t.Errorf("while Telegram fails: %q, %v", got, err)
	}
	w.Mend()
	if err := w.Kick(anna, group, w.BotID()); err != nil {
		t.Fatal(err)
	}
	if got, err := b.Member(soon(t), in(anna), anna); got != "" || !errors.Is(err, telegram.ErrGone) {
		t.Errorf("where the bot was removed: %q, %v", got, err)
	}
}

// TestMemberIsAskedAgain: an answer that was lost does not stop an order.
func TestMemberIsAskedAgain(t *testing.T) {
	t.Parallel()
	w, b := grouped(t)
	if err := w.Break(emulator.Fault{Method: "getChatMember", Kind: emulator.DropAfter}); err != nil {
		t.Fatal(err)
	}
	if got, err := b.Member(soon(t), in(anna), boris); got != "member" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

// TestEachStatus: what Telegram may answer, to the letter.
func TestEachStatus(t *testing.T) {
	for _, c := range []struct {
		code         int
		answer, want string
		kind         error // nil: it is no error
	}{
		{200, `{"ok":true,"result":{"status":"creator"}}`, "creator", nil},
		{200, `{"ok":true,"result":{"status":"administrator"}}`, "administrator", nil},
		{200, `{"ok":true,"result":{"status":"member"}}`, "member", nil},
		{200, `{"ok":true,"result":{"status":"restricted","is_member":true}}`, "restricted", nil},
		{200, `{"ok":true,"result":{"status":"restricted","is_member":false}}`, "left", nil},
		{200, `{"ok":true,"result":{"status":"restricted"}}`, "left", nil},
		{200, `{"ok":true,"result":{"status":"left"}}`, "left", nil},
		{200, `{"ok":true,"result":{"status":"kicked"}}`, "kicked", nil},
		{400, `{"ok":false,"error_code":400,"description":"Bad Request: user not found"}`, "left", nil},
		{400, `{"ok":false,"error_code":400,"description":"Bad Request: member not found"}`, "left", nil},
		{400, `{"ok":false,"error_code":400,"description":"Bad Request: PARTICIPANT_ID_INVALID"}`, "left", nil},
		{400, `{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}`, "", telegram.ErrGone},
		{400, `{"ok":false,"error_code":400,"description":"Bad Request: member list is inaccessible"}`, "", telegram.ErrRefused},
		{403, `{"ok":false,"error_code":403,"description":"Forbidden: bot was kicked from the supergroup chat"}`, "", telegram.ErrGone},
		{401, `{"ok":false,"error_code":401,"description":"Unauthorized"}`, "", telegram.ErrToken},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(c.code)
			_, _ = fmt.Fprint(w, c.answer)
		}))
		w := newWorld(t)
		b := w.bot(t, newRecord().handle, func(config *telegram.Config) { config.APIURL = server.URL })
		got, err := b.Member(soon(t), in(anna), boris)
		if got != c.want || (err != nil) != (c.kind != nil) || c.kind != nil && !errors.Is(err, c.kind) {
			t.Errorf("%s is %q, %v; want %q, %v", c.answer, got, err, c.want, c.kind)
		}
		server.Close()
	}
}

// TestReplyIsAskedOfOnePerson: the prompt names who is to answer, so that
// nobody else is asked to.
func TestReplyIsAskedOfOnePerson(t *testing.T) {
	w, b := grouped(t)
	prompt := chat.Screen{Reply: true, Lines: []chat.Phrase{chat.Say("prompt.reply", "Who", chat.Person{ID: boris, Name: "Boris <b>"})}}
	if _, err := b.Send(soon(t), in(boris), "en", telegram.Still(prompt), false); err != nil {
		t.Fatal(err)
	}
	got, _ := w.Last(group)
	call := w.calls("sendMessage")[0]
	if !got.AsksReply || got.Text != "Boris <b>, please reply to this message." ||
		call.Params["reply_markup"] != `{"force_reply":true,"selective":true}` {
		t.Errorf("message %+v, markup %s", got, call.Params["reply_markup"])
	}
}
