package telegram_test

import (
	"fmt"
	"strings"
	"testing"

	"zomrobot/chat"
	"zomrobot/telegram"
	"zomrobot/telegram/emulator"
)

func TestPublish(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.bot(t, newRecord().handle, func(c *telegram.Config) {
		c.Commands = []chat.CommandInfo{
			{Name: "order", Private: true, Group: true},
			{Name: "login", Private: true},
		}
		c.OwnersCommands = []chat.CommandInfo{{Name: "health", Private: true}, {Name: "elsewhere", Group: true}}
		c.Owners = []int64{777, anna} // one of them has never written to the bot
	})
	if err := w.Break(emulator.Fault{Method: "setMyDescription", Kind: emulator.BadGateway}); err != nil {
		t.Fatal(err)
	}
	for range 2 { // as at every start
		if err := b.Publish(soon(t)); err != nil {
			t.Fatal(err)
		}
	}
	names := func(scope, lang string) string {
		var names []string
		for _, c := range w.Commands(scope, lang) {
			names = append(names, c.Name)
		}
		return strings.Join(names, " ")
	}
	for _, lang := range []string{"", "ru"} {
		if got := names("all_private_chats", lang); got != "order login" {
			t.Errorf("private, %q: %s", lang, got)
		}
		if got := names("all_group_chats", lang); got != "order" {
			t.Errorf("groups, %q: %s", lang, got)
		}
		if got := names(fmt.Sprint("chat ", anna), lang); got != "order login health" {
			t.Errorf("an owner, %q: %s", lang, got)
		}
	}
	long, short := w.Description("")
	russianLong, russianShort := w.Description("ru")
	if long == "" || short == "" || russianLong == "" || long == russianLong || short == russianShort {
		t.Errorf("descriptions %q, %q, %q, %q", long, short, russianLong, russianShort)
	}
}
