package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"zomrobot/telegram/emulator"
	"zomrobot/zomro/sandbox"
)

// teamChat is a basic group, which can become a supergroup.
const teamChat = int64(-5)

// newTeam makes a world with a team of Anna and Boris in it, who have both
// connected the vendor's account; Anna's pays for the team.
func newTeam(t *testing.T, config sandbox.Config, configure func(*Config)) *world {
	t.Helper()
	w := newWorldWith(t, config, configure)
	w.login(anna)
	w.login(boris)
	if err := w.chats.AddGroup(teamChat, "Team", anna, boris); err != nil {
		t.Fatal(err)
	}
	w.settle()
	w.makeTeam(anna)
	return w
}

// sayIn has a person write in a group; a command is addressed to the bot.
func (w *world) sayIn(person, chat int64, text string) {
	w.t.Helper()
	w.sayInTopic(person, chat, 0, text)
}

// sayInTopic is sayIn in a topic; 0: in none.
func (w *world) sayInTopic(person, chat int64, thread int, text string) {
	w.t.Helper()
	if command, args, _ := strings.Cut(text, " "); strings.HasPrefix(command, "/") && chat != person {
		w.until(func() bool { return w.program.Chat.Username() != "" }) // it asks Telegram for it when it starts
		text = strings.TrimSpace(command + "@" + w.program.Chat.Username() + " " + args)
	}
	if _, err := w.chats.SayIn(person, chat, thread, text); err != nil {
		w.t.Fatalf("say %q: %v", text, err)
	}
	w.settle()
}

// tapIn has a person tap the newest button of a group whose label begins so, and
// that is on a message with a text.
func (w *world) tapIn(person, chat int64, label, text string) {
	w.t.Helper()
	w.pressIn(person, chat, label, text)
	w.settle()
}

// pressIn is tapIn that waits for nothing.
func (w *world) pressIn(person, chat int64, label, text string) {
	w.t.Helper()
	for _, m := range slices.Backward(w.chats.Messages(chat)) {
		for _, row := range m.Keyboard {
			for _, b := range row {
				if m.Deleted || !strings.HasPrefix(b.Label, label) || !strings.Contains(m.Text, text) {
					continue
				}
				if _, err := w.chats.Tap(person, chat, m.ID, b.Label); err != nil {
					w.t.Fatal(err)
				}
				return
			}
		}
	}
	w.t.Fatalf("no message with %q has a button %q:\n%s", text, label, w.chats.Transcript(chat))
}

// TestGroupBecomesSupergroup: a draft, a purchase that is followed and one that
// asks something move along when a group becomes a supergroup, however the bot
// learns of it.
func TestGroupBecomesSupergroup(t *testing.T) {
	t.Parallel()
	told := func(restart bool) func(w *world) int64 {
		return func(w *world) int64 {
			if restart {
				w.stopBot()
			}
			to := w.migrate(teamChat)
			if restart {
				w.start()
			}
			w.settle()
			w.tapIn(boris, to, "Без промокода", "NOSUCH")
			return to
		}
	}
	untold := func(restart bool) func(w *world) int64 {
		return func(w *world) int64 {
			to, err := w.chats.MigrateUnseen(anna, teamChat)
			if err != nil {
				w.t.Fatal(err)
			}
			w.pass(25 * time.Hour)
			w.pass(time.Hour)
			if restart {
				w.restart()
				w.settle()
			}
			return to
		}
	}
	for name, tt := range map[string]struct {
		move  func(w *world) int64
		ended string // of the purchase that asks something
		sold  int
	}{
		"by the service messages":                  {told(false), "Сервер активен", 3},
		"by the service messages, after a restart": {told(true), "Сервер активен", 3},
		"by an error":                              {untold(false), "отменена", 2}, // nobody has answered for a day
		"by an error, before a restart":            {untold(true), "отменена", 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newTeam(t, sandbox.Config{ActivationDelay: 26 * time.Hour}, func(c *Config) { c.Allowed.Chats = []int64{teamChat} })
			w.sayIn(anna, teamChat, shortOrder)
			w.tapIn(anna, teamChat, "✅", "web-1") // is paid, and followed
			w.pass(30 * time.Second)
			w.sayIn(anna, teamChat, strings.Replace(shortOrder, "web-1", "web-2", 1))
			w.sayIn(boris, teamChat, strings.Replace(shortOrder, "web-1", "web-3", 1)+" promocode=NOSUCH")
			w.tapIn(boris, teamChat, "✅", "web-3") // asks about the code

			to := tt.move(w)
			w.tapIn(anna, to, "✅", "web-2")
			for range 4 {
				w.pass(27 * time.Hour)
			}
			for server, ended := range map[string]string{"web-1": "server is active", "web-2": "server is active", "web-3": tt.ended} {
				if !w.said(to, server, ended) {
					t.Errorf("%s is not shown as %q:\n%s", server, ended, w.chats.Transcript(to))
				}
			}
			if n := w.sold(); n != tt.sold {
				t.Errorf("%d orders were paid, want %d", n, tt.sold)
			}
		})
	}
}

func (w *world) migrate(chat int64) int64 {
	w.t.Helper()
	to, err := w.chats.Migrate(anna, chat)
	if err != nil {
		w.t.Fatal(fmt.Errorf("migrate: %w", err))
	}
	return to
}

// TestMemberLeaves: what somebody was doing in a group is closed in all of its
// topics when they leave it, without a word; their purchases, and what others are
// doing, go on.
func TestMemberLeaves(t *testing.T) {
	t.Parallel()
	const forum = int64(-1_000_000_000_005)
	for name, leave := range map[string]func(*emulator.Server) error{
		"alone":     func(s *emulator.Server) error { return s.Leave(boris, forum) },
		"by others": func(s *emulator.Server) error { return s.Kick(anna, forum, boris) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newTeam(t, sandbox.Config{ActivationDelay: time.Hour}, func(*Config) {})
			if err := w.chats.AddForum(forum, "Forum", anna, boris); err != nil {
				t.Fatal(err)
			}
			topic, err := w.chats.AddTopic(anna, forum, "Servers")
			if err != nil {
				t.Fatal(err)
			}
			w.makeTeamIn(anna, forum, 0)
			w.makeTeamIn(anna, forum, topic)
			w.sayIn(boris, forum, shortOrder)
			w.tapIn(boris, forum, "✅", "web-1")
			for thread, server := range map[int]string{0: "web-2", topic: "web-3"} {
				w.sayInTopic(boris, forum, thread, strings.Replace(shortOrder, "web-1", server, 1))
			}
			w.sayIn(anna, forum, strings.Replace(shortOrder, "web-1", "web-4", 1))

			before := len(w.chats.Messages(forum))
			if err := leave(w.chats); err != nil {
				t.Fatal(err)
			}
			w.settle()
			for _, m := range w.chats.Messages(forum) {
				for server, buttons := range map[string]bool{"web-1": true, "web-2": false, "web-3": false, "web-4": true} {
					if m.Bot && strings.Contains(m.Text, server) && (len(m.Keyboard) > 0) != buttons {
						t.Errorf("message %d has buttons: %v\n%s", m.ID, !buttons, m.Text)
					}
				}
			}
			if n := len(w.chats.Messages(forum)) - before; n != 1 {
				t.Errorf("%d messages were sent, want only the notice that somebody left:\n%s", n, w.chats.Transcript(forum))
			}
			w.tapIn(anna, forum, "✅", "web-4")
			w.pass(2 * time.Hour)
			w.wantSaid(forum, "web-1", "Сервер активен")
			w.pass(2 * time.Hour)
			w.wantSaid(forum, "web-4", "The server is active")
			if n := w.sold(); n != 2 {
				t.Errorf("%d orders were paid, want 2", n)
			}
		})
	}
}

// TestPromptMovesAlong: what waits for a typed answer asks for it again in the
// supergroup that a group has become.
func TestPromptMovesAlong(t *testing.T) {
	t.Parallel()
	w := newTeam(t, sandbox.Config{}, func(*Config) {})
	w.sayIn(boris, teamChat, strings.Replace(shortOrder, "servername=web-1 ", "", 1))
	to := w.migrate(teamChat)
	w.settle()
	for _, m := range slices.Backward(w.chats.Messages(to)) {
		if m.AsksReply && !m.Deleted {
			if _, err := w.chats.Reply(boris, to, m.ID, "web-9"); err != nil {
				t.Fatal(err)
			}
			w.settle()
			w.tapIn(boris, to, "✅", "web-9")
			return
		}
	}
	t.Errorf("nothing asks for a reply:\n%s", w.chats.Transcript(to))
}

// TestMoveThatNobodyTold: a group that became a supergroup while the bot was away
// for days is the same team when somebody orders there. After a short stop no group is
// asked for: the news of a move still wait.
func TestMoveThatNobodyTold(t *testing.T) {
	t.Parallel()
	w := newTeam(t, sandbox.Config{}, func(*Config) {})
	asked := func() (n int) {
		for _, call := range w.chats.Calls() {
			if strings.EqualFold(call.Method, "getChatAdministrators") {
				n++
			}
		}
		return n
	}
	before := asked()
	w.restart()
	w.settle()
	if n := asked() - before; n != 0 {
		t.Errorf("%d groups were asked for after a short stop", n)
	}
	w.stopBot()
	to, err := w.chats.MigrateUnseen(anna, teamChat)
	if err != nil {
		t.Fatal(err)
	}
	w.clock.move(2 * 24 * time.Hour)
	w.start()
	w.settle()
	w.sayIn(boris, to, shortOrder)
	w.tapIn(boris, to, "✅", "web-1")
	w.pass(time.Minute)
	w.wantSaid(to, "web-1", "Сервер активен")
}
