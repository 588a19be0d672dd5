package emulator_test

import (
	"errors"
	"testing"

	"zomrobot/telegram/emulator"
)

// status asks the bot's way what somebody is in a chat.
func (w *world) status(chat, user int64) wireMember {
	w.t.Helper()
	return ok[wireMember](w, "getChatMember", params{"chat_id": chat, "user_id": user})
}

// A group can be there before the bot, which hears of it from whoever adds it.
func TestFoundedWithoutTheBot(t *testing.T) {
	w := newWorld(t)
	w.must(w.FoundGroup(team, "Team", anna, boris))
	w.must(w.FoundForum(super, "Forum", anna, boris))
	if id, err := w.AddTopic(anna, super, "Shop"); err != nil || id == 1 {
		t.Fatalf("the first topic is %d, %v; 1 is the general one", id, err)
	}
	if u := w.updates(); len(u) != 0 {
		t.Errorf("a bot that is not there heard %+v", u)
	}
	for _, chat := range []int64{team, super} {
		w.must(w.Join(boris, chat, w.BotID()))
		if u := w.updates(); len(u) != 2 || u[0].Member == nil || u[1].Message.From.ID != boris {
			t.Errorf("on being added the bot got %+v", u)
		}
	}
}

// The bot hears what becomes of itself, and its calls are refused by it.
func TestBotInAGroup(t *testing.T) {
	for chat, kind := range map[int64]string{team: "group", super: "supergroup"} {
		t.Run(kind, func(t *testing.T) {
			w := newWorld(t)
			w.must(w.AddGroup(chat, "Team", anna, boris))
			hi := params{"chat_id": chat, "text": "hi"}
			becomes := func(from, to string) []wireUpdate {
				t.Helper()
				u := w.updates()
				if len(u) == 0 || u[0].Member == nil || u[0].Member.Old.Status != from || u[0].Member.New.Status != to || u[0].Member.Chat.ID != chat {
					t.Fatalf("the bot got %+v, want %s→%s", u, from, to)
				}
				return u[1:]
			}
			if u := becomes("left", "member"); len(u) != 1 || u[0].Message.Added[0].ID != w.BotID() {
				t.Errorf("on being added the bot got %+v", u)
			}
			w.must(w.Promote(anna, chat, w.BotID(), emulator.Rights{Delete: true}))
			becomes("member", "administrator")
			if !w.status(chat, w.BotID()).Delete {
				t.Error("the bot does not have the right that it was given")
			}
			w.must(w.Demote(anna, chat, w.BotID()))
			becomes("administrator", "member")

			w.must(w.Kick(anna, chat, w.BotID()))
			if u := becomes("member", "kicked"); len(u) != 1 || u[0].Message.Left.ID != w.BotID() {
				t.Errorf("on being removed the bot got %+v", u)
			}
			for _, method := range []string{"sendMessage", "sendChatAction", "editMessageText", "getChatAdministrators"} {
				a := w.refused(method, params{"chat_id": chat, "text": "hi", "action": "typing", "message_id": 1, "user_id": anna}, "Forbidden: bot was kicked from the "+kind+" chat")
				if a.Code != 403 {
					t.Errorf("%s: code %d", method, a.Code)
				}
			}
			w.say(anna, chat, "/order@zomro_test_bot")
			if u := w.updates(); len(u) != 0 {
				t.Errorf("a bot that is not there heard %+v", u)
			}
			w.must(w.Join(boris, chat, w.BotID()))
			if u := becomes("kicked", "member"); u[0].Message.From.ID != boris {
				t.Errorf("the bot was added by %+v", u[0].Message)
			}
			ok[wireMessage](w, "sendMessage", hi)
			ok[bool](w, "leaveChat", params{"chat_id": chat})
			if u := becomes("member", "left"); len(u) != 1 || u[0].Message.Left.ID != w.BotID() {
				t.Errorf("on leaving the bot got %+v", u)
			}
			w.refused("sendMessage", hi, "Forbidden: bot is not a member of the "+kind+" chat")
			if kind == "group" { // which can still be looked at
				ok[map[string]any](w, "getChat", params{"chat_id": chat})
				if got := w.status(chat, w.BotID()).Status; got != "left" {
					t.Errorf("a bot that has left is %s", got)
				}
			} else {
				w.refused("getChat", params{"chat_id": chat}, "Forbidden: bot is not a member of the supergroup chat")
			}
		})
	}
	w := newWorld(t)
	w.refused("leaveChat", params{"chat_id": anna}, "Bad Request: chat member status can't be changed in private chats")
}

// A restricted bot reads and edits, but sends nothing.
func TestRestrictedBot(t *testing.T) {
	w := newWorld(t)
	w.must(w.AddGroup(super, "Team", anna, boris))
	m := ok[wireMessage](w, "sendMessage", params{"chat_id": super, "text": "card"})
	w.updates()
	w.must(w.Restrict(anna, super, w.BotID()))
	if u := w.updates()[0].Member.New; u.Status != "restricted" || *u.Send || !*u.IsMember {
		t.Errorf("the bot became %+v", u)
	}
	a := w.refused("sendMessage", params{"chat_id": super, "text": "hi"}, "Bad Request: not enough rights to send text messages to the chat")
	if a.Code != 400 {
		t.Errorf("answer %+v", a)
	}
	ok[wireMessage](w, "editMessageText", params{"chat_id": super, "message_id": m.ID, "text": "x"})
	w.must(w.Unrestrict(anna, super, w.BotID()))
	ok[wireMessage](w, "sendMessage", params{"chat_id": super, "text": "hi"})
	w.must(w.AddGroup(team, "Basic", anna))
	if err := w.Restrict(anna, team, w.BotID()); !errors.Is(err, emulator.ErrUnfit) {
		t.Errorf("a restriction in a basic group: %v", err)
	}
}

// Each status of a member, as getChatMember tells it.
func TestStatuses(t *testing.T) {
	w := newWorld(t)
	for id := int64(1); id <= 6; id++ {
		w.AddUser(id, "somebody", "")
	}
	w.must(w.AddGroup(super, "Team", anna, boris, 1, 2, 3, 4, 5))
	w.must(w.Promote(anna, super, anna, emulator.Rights{Anonymous: true, Title: "Boss"}))
	w.must(w.Promote(anna, super, 1, emulator.Rights{Delete: true}))
	w.must(w.Restrict(anna, super, 2))
	w.must(w.Restrict(anna, super, 3))
	w.must(w.Leave(3, super))
	w.must(w.Kick(1, super, 4))
	w.must(w.Leave(5, super))
	no, yes := false, true
	for user, want := range map[int64]wireMember{
		anna:      {Status: "creator", Anonymous: true, Title: "Boss"},
		1:         {Status: "administrator", Delete: true},
		boris:     {Status: "member"},
		w.BotID(): {Status: "member"},
		2:         {Status: "restricted", Send: &no, IsMember: &yes},
		3:         {Status: "restricted", Send: &no, IsMember: &no},
		4:         {Status: "kicked"},
		5:         {Status: "left"},
		6:         {Status: "left"}, // was never there
	} {
		got := w.status(super, user)
		want.User.ID = user
		same := func(a, b *bool) bool { return (a == nil) == (b == nil) && (a == nil || *a == *b) }
		if !same(got.Send, want.Send) || !same(got.IsMember, want.IsMember) {
			t.Errorf("%d: %+v, want %+v", user, got, want)
		}
		got.Send, got.IsMember, want.Send, want.IsMember = nil, nil, nil, nil
		if got != want {
			t.Errorf("%d: %+v, want %+v", user, got, want)
		}
	}
	list := ok[[]wireMember](w, "getChatAdministrators", params{"chat_id": super})
	if len(list) != 2 || list[0].User.ID != anna || list[1].User.ID != 1 {
		t.Errorf("administrators %+v", list)
	}
	w.refused("getChatMember", params{"chat_id": super, "user_id": 77}, "Bad Request: user not found")
	w.refused("getChatMember", params{"chat_id": super}, "Bad Request: invalid user_id specified")
	w.refused("getChatMember", params{"chat_id": anna, "user_id": boris}, "Bad Request: member not found")
	w.refused("getChatAdministrators", params{"chat_id": anna}, "Bad Request: there are no administrators in the private chat")

	w.AddPerson(emulator.Person{ID: other, Name: "Other", Bot: true})
	w.must(w.Join(anna, super, other))
	w.must(w.Promote(anna, super, other, emulator.Rights{}))
	if list := ok[[]wireMember](w, "getChatAdministrators", params{"chat_id": super}); len(list) != 2 {
		t.Errorf("administrators with another bot %+v", list)
	}
	if list := ok[[]wireMember](w, "getChatAdministrators", params{"chat_id": super, "return_bots": true}); len(list) != 3 {
		t.Errorf("administrators with the bots asked for %+v", list)
	}
}

// Who comes and goes is told by service messages; chat_member only to an
// administrator who asks for it.
func TestComingAndGoing(t *testing.T) {
	w := newWorld(t)
	w.AddUser(1003, "Vera", "ru")
	w.must(w.AddGroup(super, "Team", anna, boris))
	w.updates()
	w.must(w.Join(1003, super, 1003))
	w.must(w.Leave(boris, super))
	w.must(w.Join(anna, super, boris))
	u := w.updates()
	if len(u) != 3 || u[0].Message.Added[0].ID != 1003 || u[0].Message.From.ID != 1003 ||
		u[1].Message.Left.ID != boris || u[1].Message.From.ID != boris || u[2].Message.Added[0].ID != boris || u[2].Message.From.ID != anna {
		t.Fatalf("updates %+v", u)
	}

	count := func(why string, want int) {
		t.Helper()
		w.must(w.Kick(anna, super, 1003))
		w.must(w.Join(anna, super, 1003))
		n := 0
		for _, u := range w.updates() {
			if u.Another != nil {
				n++
			}
		}
		if n != want {
			t.Errorf("%s: %d updates chat_member, want %d", why, n, want)
		}
	}
	all := params{"allowed_updates": []string{"message", "chat_member", "my_chat_member"}}
	ok[[]wireUpdate](w, "getUpdates", all)
	count("asked for, but no administrator", 0)
	w.must(w.Promote(anna, super, w.BotID(), emulator.Rights{}))
	count("an administrator who asked", 2)
	ok[[]wireUpdate](w, "getUpdates", params{"allowed_updates": []string{}})
	count("an administrator who did not ask", 0)

	w.must(w.Kick(anna, super, 1003))
	if err := w.Join(1003, super, 1003); !errors.Is(err, emulator.ErrNoRight) {
		t.Errorf("a banned person comes back alone: %v", err)
	}
}

// Who may do what to whom.
func TestRightsOfPeople(t *testing.T) {
	w := newWorld(t)
	w.AddUser(1003, "Vera", "ru")
	w.AddUser(1004, "Gleb", "ru")
	w.must(w.AddGroup(super, "Team", anna, boris, 1003))
	w.must(w.Promote(anna, super, boris, emulator.Rights{}))
	for name, c := range map[string]struct{ got, want error }{
		"a member removes":                    {w.Kick(1003, super, boris), emulator.ErrNoRight},
		"an administrator removes the owner":  {w.Kick(boris, super, anna), emulator.ErrNoRight},
		"an administrator promotes":           {w.Promote(boris, super, 1003, emulator.Rights{}), emulator.ErrNoRight},
		"an administrator demotes the owner":  {w.Demote(boris, super, anna), emulator.ErrNoRight},
		"the owner demotes a member":          {w.Demote(anna, super, 1003), emulator.ErrUnfit},
		"the owner restricts themselves":      {w.Restrict(anna, super, anna), emulator.ErrNoRight},
		"somebody outside adds":               {w.Join(1004, super, w.BotID()), emulator.ErrNotHere},
		"somebody outside removes":            {w.Kick(1004, super, boris), emulator.ErrNotHere},
		"somebody who is not there is muted":  {w.Restrict(anna, super, 1004), emulator.ErrNotHere},
		"an administrator gives the group":    {w.TransferOwnership(boris, super, 1003), emulator.ErrNoRight},
		"the group is given to the bot":       {w.TransferOwnership(anna, super, w.BotID()), emulator.ErrUnfit},
		"a basic group without that promotes": {w.Promote(anna, team, boris, emulator.Rights{}), emulator.ErrNoChat},
	} {
		if !errors.Is(c.got, c.want) {
			t.Errorf("%s: %v, want %v", name, c.got, c.want)
		}
	}
	w.must(w.Restrict(boris, super, 1003))
	if _, err := w.Say(1003, super, "hi"); !errors.Is(err, emulator.ErrMuted) {
		t.Errorf("a restricted member writes: %v", err)
	}
}

func TestTransferOwnership(t *testing.T) {
	w := newWorld(t)
	w.must(w.AddGroup(super, "Team", anna, boris))
	w.updates()
	w.must(w.TransferOwnership(anna, super, boris))
	if u := w.updates(); len(u) != 1 || u[0].Message.Owner.New.ID != boris || u[0].Message.From.ID != anna {
		t.Errorf("updates %+v", u)
	}
	if w.status(super, boris).Status != "creator" || w.status(super, anna).Status != "administrator" {
		t.Errorf("the owners are %+v and %+v", w.status(super, boris), w.status(super, anna))
	}
}

// An anonymous administrator writes in the name of the group, but presses as a
// person.
func TestAnonymousAdministrator(t *testing.T) {
	w := newWorld(t)
	w.must(w.AddGroup(super, "Team", anna, boris))
	w.must(w.Promote(anna, super, boris, emulator.Rights{Anonymous: true, Title: "Boss"}))
	w.updates()
	w.say(boris, super, "/order@zomro_test_bot")
	m := w.updates()[0].Message
	if m.From.ID != 1087968824 || m.SenderChat.ID != super || m.Signature != "Boss" {
		t.Errorf("an anonymous administrator wrote as %+v", m)
	}
	card := ok[wireMessage](w, "sendMessage", params{"chat_id": super, "text": "card", "reply_markup": keyboard([]params{tap("Yes", "y")})})
	_, err := w.Tap(boris, super, card.ID, "Yes")
	w.must(err)
	if q := w.updates()[0].Query; q.From.ID != boris {
		t.Errorf("an anonymous administrator pressed as %d", q.From.ID)
	}
	w.must(w.Demote(anna, super, boris))
	w.updates()
	w.say(boris, super, "/order@zomro_test_bot")
	if m := w.updates()[0].Message; m.From.ID != boris || m.SenderChat.ID != 0 || m.Signature != "" {
		t.Errorf("a member wrote as %+v", m)
	}
	w.must(w.AddGroup(team, "Basic", anna))
	if err := w.Promote(anna, team, anna, emulator.Rights{Anonymous: true}); !errors.Is(err, emulator.ErrUnfit) {
		t.Errorf("anonymity in a basic group: %v", err)
	}
}
