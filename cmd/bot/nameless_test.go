package main

import (
	"strings"
	"testing"
	"time"

	"zomrobot/telegram/emulator"
	"zomrobot/zomro/sandbox"
)

// TestWhoApprovesCanBeRead: somebody whose name cannot be seen is called by what nobody
// else has, where others read who asks and who approves.
func TestWhoApprovesCanBeRead(t *testing.T) {
	t.Parallel()
	const ghost, spare = int64(1901), int64(1902)
	w := newWorldWith(t, sandbox.Config{}, func(*Config) {})
	w.login(anna)
	w.chats.AddPerson(emulator.Person{ID: ghost, Name: "\u3164", Username: "ghost", Lang: "en"})
	w.chats.AddPerson(emulator.Person{ID: spare, Name: "\u202e\u200b", Lang: "en"})
	w.must(w.chats.AddGroup(bigTeam, "Big team", anna, ghost, spare))
	w.makeTeamIn(anna, bigTeam, 0)
	w.must(w.chats.Promote(anna, bigTeam, spare, emulator.Rights{}))
	w.needs("1 approval")
	w.sayIn(ghost, bigTeam, shortOrder)
	w.tapIn(ghost, bigTeam, "✅", "web-1")
	w.wantSaid(bigTeam, "Ordered by: @ghost")
	w.tapIn(spare, bigTeam, "Approve", "@ghost")
	w.wantSaid(bigTeam, "ID 1902")
	for _, m := range w.chats.Messages(bigTeam) {
		if m.Bot && strings.ContainsAny(m.Text, "\u202e\u3164") {
			t.Errorf("a name turns around what comes after it:\n%q", m.Text)
		}
	}
}

// TestChannelIsToldHowToWrite: who writes in the name of a channel is told, from time to
// time, how to write as a person.
func TestChannelIsToldHowToWrite(t *testing.T) {
	t.Parallel()
	w := newBigTeam(t, sandbox.Config{}, func(*Config) {})
	told := func() int { return strings.Count(w.chats.Transcript(bigTeam), "posting as a channel") }
	for range 2 {
		if _, err := w.chats.SayAs(boris, bigTeam, "News", "/order@"+w.program.Chat.Username()); err != nil {
			t.Fatal(err)
		}
		w.settle()
	}
	if n := told(); n != 1 {
		t.Errorf("it is told %d times:\n%s", n, w.chats.Transcript(bigTeam))
	}
	w.pass(2 * time.Hour)
	if _, err := w.chats.SayAs(boris, bigTeam, "News", "/order@"+w.program.Chat.Username()); err != nil {
		t.Fatal(err)
	}
	w.settle()
	if n := told(); n != 2 {
		t.Errorf("it is told %d times after two hours", n)
	}
}
