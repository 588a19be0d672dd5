package main

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"testing"

	"github.com/cockroachdb/datadriven"

	"zomrobot/telegram/emulator"
)

// peopleNames are the names of the world's people.
var peopleNames = map[int64]string{anna: "Anna", boris: "Борис", vera: "Вера", gleb: "Глеб", carol: "Carol", dave: "Dave"}

// teamForum is a supergroup with topics.
const teamForum = int64(-1_000_000_000_009)

// newGroup makes the group of the world: the first person owns it, the second is
// a member, the third an administrator.
func (w *world) newGroup(people []int64) {
	w.t.Helper()
	w.addPeople()
	w.moved = teamChat
	w.must(w.chats.AddGroup(teamChat, "Servers", people...))
	w.must(w.chats.Promote(people[0], teamChat, people[2], emulator.Rights{}))
}

// newForum is newGroup with a forum, and a topic in it.
func (w *world) newForum(people []int64) (topic int) {
	w.t.Helper()
	w.addPeople()
	w.moved = teamForum
	w.must(w.chats.AddForum(teamForum, "Servers", people...))
	w.must(w.chats.Promote(people[0], teamForum, people[2], emulator.Rights{}))
	topic, err := w.chats.AddTopic(people[0], teamForum, "Orders")
	w.must(err)
	return topic
}

// addPeople adds those who are not in every world.
func (w *world) addPeople() {
	for id, lang := range map[int64]string{vera: "ru", gleb: "ru", carol: "en", dave: "en"} {
		w.chats.AddUser(id, peopleNames[id], lang)
	}
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

// tapStep has the person of a step tap a button: of the message that the step
// names, or else the newest of that label.
func (d *dialogue) tapStep(step *datadriven.TestData, label string) error {
	if !step.HasArg("on") {
		return d.tapNewestIn(d.person, d.chat, label)
	}
	var n int
	step.ScanArgs(d.t.(*testing.T), "on", &n)
	for _, m := range d.chats.Messages(d.chat) {
		if m.Bot {
			n--
		}
		if n == 0 {
			_, err := d.chats.Tap(d.person, d.chat, m.ID, label)
			return err
		}
	}
	return errors.New("the bot has not sent so many messages")
}

// atGroup has something happen to the group.
func (d *dialogue) atGroup(words []string) error {
	group, owner := d.group(), d.people[0]
	var err error
	switch words[0] {
	case "demotes": // the third
		err = d.chats.Demote(owner, group, d.people[2])
	case "promotes": // the second
		err = d.chats.Promote(owner, group, d.people[1], emulator.Rights{})
	case "loses": // the person of the step
		err = d.chats.Leave(d.person, group)
	case "moves": // it becomes a supergroup
		d.moved, err = d.chats.Migrate(owner, group)
	case "lets-bot-delete": // what people write
		err = d.chats.Promote(owner, group, d.chats.BotID(), emulator.Rights{Delete: true})
	case "mutes-bot":
		err = d.chats.Restrict(owner, group, d.chats.BotID())
	case "unmutes-bot":
		err = d.chats.Unrestrict(owner, group, d.chats.BotID())
	case "removes-bot":
		err = d.chats.Kick(owner, group, d.chats.BotID())
	case "adds-bot":
		err = d.chats.Join(owner, group, d.chats.BotID())
	default:
		return fmt.Errorf("nothing of the name %q happens to a group", words[0])
	}
	d.settle()
	d.places[len(d.people)] = d.group()
	return err
}
