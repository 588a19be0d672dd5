package main

import (
	"fmt"
	"net/url"
	"slices"

	"zomrobot/telegram/emulator"
)

// peopleNames are the names of the world's people.
var peopleNames = map[int64]string{anna: "Anna", boris: "Борис", vera: "Вера", gleb: "Глеб", carol: "Carol", dave: "Dave"}

// newGroup makes the group of the world: the first person owns it, the second is
// a member, the third an administrator.
func (w *world) newGroup(people []int64) {
	w.t.Helper()
	for id, lang := range map[int64]string{vera: "ru", gleb: "ru", carol: "en", dave: "en"} {
		w.chats.AddUser(id, peopleNames[id], lang)
	}
	w.moved = teamChat
	if err := w.chats.AddGroup(teamChat, "Servers", people...); err != nil {
		w.t.Fatal(err)
	}
	if err := w.chats.Promote(people[0], teamChat, people[2], emulator.Rights{}); err != nil {
		w.t.Fatal(err)
	}
	w.settle()
}

// group is the id that the group has now.
func (w *world) group() int64 { return w.moved }

// makeTeam makes the group a team whose account is that of the person, who is
// logged in.
func (w *world) makeTeam(owner int64) {
	w.t.Helper()
	w.makeTeamIn(owner, teamChat, 0)
}

// makeTeamIn is makeTeam with another group, or a topic of it.
func (w *world) makeTeamIn(owner, chat int64, thread int) {
	w.t.Helper()
	russian := owner == boris
	label := func(en, ru string) string {
		if russian {
			return ru
		}
		return en
	}
	w.sayInTopic(owner, chat, thread, "/team")
	w.tapIn(owner, chat, label("🔑 Account", "🔑 Аккаунт"), "")
	w.openLinkIn(owner, chat, label("🔒 Open the private chat", "🔒 Открыть личный чат"))
	w.tap(owner, vendorLogin)
	w.tap(owner, "Zomro")
	w.tapIn(owner, chat, label("Close", "Закрыть"), "")
}

// openLinkIn has a person open the newest link of a label in a chat, which leads
// to their private chat with the bot.
func (w *world) openLinkIn(person, chat int64, label string) {
	w.t.Helper()
	code, err := w.linkIn(chat, label)
	if err != nil {
		w.t.Fatal(err)
	}
	w.say(person, "/start "+code)
}

// linkIn is the code in the newest link of a label.
func (w *world) linkIn(chat int64, label string) (string, error) {
	for _, m := range slices.Backward(w.chats.Messages(chat)) {
		b, ok := m.Button(label)
		if !ok || m.Deleted {
			continue
		}
		u, err := url.Parse(b.URL)
		if err != nil {
			return "", err
		}
		return u.Query().Get("start"), nil
	}
	return "", fmt.Errorf("no message has a link %q", label)
}

// openLink has the person of a step open the newest link of a label.
func (d *dialogue) openLink(label string) {
	d.t.Helper()
	d.openLinkIn(d.person, d.chat, label)
}

// atGroup has something happen to the group.
func (d *dialogue) atGroup(words []string) error {
	group := d.group()
	var err error
	switch words[0] {
	case "demotes": // the third
		err = d.chats.Demote(d.people[0], group, d.people[2])
	case "promotes": // the second
		err = d.chats.Promote(d.people[0], group, d.people[1], emulator.Rights{})
	default:
		return fmt.Errorf("nothing of the name %q happens to a group", words[0])
	}
	d.settle()
	return err
}
