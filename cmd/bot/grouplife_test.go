package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"zomrobot/telegram/emulator"
	"zomrobot/zomro/sandbox"
)

// bigTeam is a supergroup.
const bigTeam = int64(-1_000_000_000_007)

// newBigTeam is newTeam with a supergroup.
func newBigTeam(t *testing.T, config sandbox.Config, configure func(*Config)) *world {
	t.Helper()
	w := newWorldWith(t, config, configure)
	w.login(anna)
	w.login(boris)
	if err := w.chats.AddGroup(bigTeam, "Big team", anna, boris); err != nil {
		t.Fatal(err)
	}
	w.settle()
	w.makeTeamIn(anna, bigTeam, 0)
	return w
}

// must ends the test when an action of a person does not work.
func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
	w.settle()
}

// after returns what the bot has sent to a chat after a message, as texts.
func (w *world) after(chat int64, message int) []string {
	var texts []string
	for _, m := range w.chats.Messages(chat) {
		if m.Bot && m.ID > message && !m.Deleted {
			texts = append(texts, m.Text)
		}
	}
	return texts
}

func (w *world) lastID(chat int64) int {
	m, _ := w.chats.Last(chat)
	return m.ID
}

// mention counts the texts that hold all of parts.
func mention(texts []string, parts ...string) int {
	n := 0
	for _, text := range texts {
		if !slices.ContainsFunc(parts, func(p string) bool { return !strings.Contains(text, p) }) {
			n++
		}
	}
	return n
}

// TestBotCannotWriteInTheGroup: an order goes on when the bot cannot write in the
// group in which it was made. The person is told in private, where they can also
// answer; once the bot is back, the group sees how things are.
func TestBotCannotWriteInTheGroup(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		away, back func(*emulator.Server) error
	}{
		"removed": {
			func(s *emulator.Server) error { return s.Kick(anna, bigTeam, s.BotID()) },
			func(s *emulator.Server) error { return s.Join(anna, bigTeam, s.BotID()) },
		},
		"muted": {
			func(s *emulator.Server) error { return s.Restrict(anna, bigTeam, s.BotID()) },
			func(s *emulator.Server) error { return s.Unrestrict(anna, bigTeam, s.BotID()) },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newBigTeam(t, sandbox.Config{ActivationDelay: time.Hour}, func(*Config) {})
			w.sayIn(boris, bigTeam, shortOrder+" promocode=NOSUCH")
			w.sayIn(anna, bigTeam, strings.Replace(shortOrder, "web-1", "web-2", 1))
			w.tapIn(boris, bigTeam, "✅", "web-1")
			w.must(tt.away(w.chats))
			group, private := w.lastID(bigTeam), w.lastID(boris)

			w.pass(23 * time.Hour)
			w.restart()
			w.pass(2 * time.Hour) // nobody has answered for a day
			told := w.after(boris, private)
			if mention(told, "Big team", "отменена") == 0 {
				t.Errorf("the person was not told in private:\n%s", w.chats.Transcript(boris))
			}
			if n := len(w.after(bigTeam, group)); n != 0 {
				t.Errorf("%d messages were sent to the group", n)
			}
			w.must(tt.back(w.chats))
			w.tapIn(anna, bigTeam, "✅", "web-2")
			w.pass(2 * time.Hour)
			w.wantSaid(bigTeam, "web-2", "The server is active")
			if n := w.sold(); n != 1 {
				t.Errorf("%d orders were paid, want 1", n)
			}
		})
	}
}

// held presses the confirmation of a purchase of Boris's in the group, has
// something happen while its promo code is being tried, which will be refused, and
// waits for what follows.
func (w *world) held(meanwhile func()) {
	w.t.Helper()
	held := w.vendor.Inject(sandbox.Fault{Kind: sandbox.Hold, Func: "cart", Match: map[string]string{"clicked_button": "apply_promocode"}})
	w.sayIn(boris, bigTeam, shortOrder+" promocode=NOSUCH")
	w.pressIn(boris, bigTeam, "✅", "web-1")
	<-held.Hit()
	meanwhile()
	held.Release()
	w.settle()
}

// TestPurchaseIsDecidedInPrivate: a question that cannot be asked in the group is
// asked, and answered, in private; the card goes back to the group with the bot.
func TestPurchaseIsDecidedInPrivate(t *testing.T) {
	t.Parallel()
	w := newBigTeam(t, sandbox.Config{ActivationDelay: time.Hour}, func(*Config) {})
	w.held(func() {
		if err := w.chats.Kick(anna, bigTeam, w.chats.BotID()); err != nil {
			t.Fatal(err)
		}
	})
	w.wantSaid(boris, "Big team", "NOSUCH", "не принят")
	w.tap(boris, "Без промокода")
	w.pass(time.Minute)
	if n := w.sold(); n != 0 {
		t.Fatalf("%d orders were paid though nobody knows what the person is in the group", n)
	}
	w.say(boris, "/status")
	w.wantSaid(boris, "Big team", "web-1")

	group := w.lastID(bigTeam)
	w.must(w.chats.Join(anna, bigTeam, w.chats.BotID()))
	if n := mention(w.after(bigTeam, group), "web-1", "NOSUCH"); n != 1 {
		t.Errorf("%d cards are in the group again:\n%s", n, w.chats.Transcript(bigTeam))
	}
	w.must(w.chats.Restrict(anna, bigTeam, w.chats.BotID()))
	w.must(w.tapNewestIn(boris, bigTeam, "Без промокода"))
	w.settle()
	w.shown()
	w.wantSaid(bigTeam, "web-1", "Списано")

	private, group := w.lastID(boris), w.lastID(bigTeam)
	w.must(w.chats.Unrestrict(anna, bigTeam, w.chats.BotID()))
	w.restart()
	w.pass(2 * time.Hour)
	if n := mention(w.after(bigTeam, group), "Сервер активен"); n != 1 {
		t.Errorf("the group was told %d times:\n%s", n, w.chats.Transcript(bigTeam))
	}
	if told := w.after(boris, private); len(told) != 0 {
		t.Errorf("private again: %q", told)
	}
	if n := w.sold(); n != 1 {
		t.Errorf("%d orders were paid, want 1", n)
	}
}

// TestNobodyCanBeTold: what could be said neither in the group nor in private is
// said when one of them can be reached, once.
func TestNobodyCanBeTold(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		chat  int64
		reach func(*world) error
	}{
		"the group comes back":  {bigTeam, func(w *world) error { return w.chats.Join(anna, bigTeam, w.chats.BotID()) }},
		"the person comes back": {boris, func(w *world) error { return w.chats.Unblock(boris) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newBigTeam(t, sandbox.Config{ActivationDelay: time.Hour}, func(*Config) {})
			before := map[int64]int{}
			w.held(func() {
				before[boris], before[bigTeam] = w.lastID(boris), w.lastID(bigTeam)
				if err := w.chats.Kick(anna, bigTeam, w.chats.BotID()); err != nil {
					t.Fatal(err)
				}
				if err := w.chats.Block(boris); err != nil {
					t.Fatal(err)
				}
			})
			w.pass(23 * time.Hour)
			w.restart()
			w.pass(2 * time.Hour) // it is given up
			w.must(tt.reach(w))
			w.restart()
			w.settle()
			w.takenOut()
			told := w.after(tt.chat, before[tt.chat])
			if n := mention(told, "отменена"); n == 0 {
				t.Errorf("the end was not told:\n%s", w.chats.Transcript(tt.chat))
			}
			if n := mention(told, "не принят"); n != 0 {
				t.Errorf("what nobody can answer any more is asked:\n%s", w.chats.Transcript(tt.chat))
			}
			for _, text := range told {
				if n := mention(told, text); n != 1 {
					t.Errorf("%d times: %q", n, text)
				}
			}
		})
	}
}

// TestBlockedInPrivate: who blocks the bot while an order is being paid sees what
// has become of it when they let it in again, once.
func TestBlockedInPrivate(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{ActivationDelay: time.Hour})
	w.login(anna)
	w.say(anna, shortOrder)
	w.say(anna, "/confirm")
	before := w.lastID(anna)
	w.must(w.chats.Block(anna))
	w.pass(2 * time.Hour)
	w.restart()
	w.must(w.chats.Unblock(anna))
	w.must(w.chats.Block(anna))
	w.must(w.chats.Unblock(anna))
	if n := mention(w.after(anna, before), "The server is active"); n != 1 {
		t.Errorf("%d messages say that the server is active:\n%s", n, w.chats.Transcript(anna))
	}
	if n := w.sold(); n != 1 {
		t.Errorf("%d orders were paid, want 1", n)
	}
}

// TestClosedTopic: in a topic that is closed the bot is as if muted; what it had
// to say there is said there when it is opened again.
func TestClosedTopic(t *testing.T) {
	t.Parallel()
	const forum = int64(-1_000_000_000_008)
	for name, general := range map[string]bool{"a topic": false, "the general topic": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newBigTeam(t, sandbox.Config{ActivationDelay: time.Hour}, func(*Config) {})
			w.must(w.chats.AddForum(forum, "Forum", anna, boris))
			topic, err := w.chats.AddTopic(anna, forum, "Servers")
			w.must(err)
			thread, closing := topic, topic
			if general {
				thread, closing = 0, 1
			}
			w.makeTeamIn(anna, forum, thread)
			w.sayInTopic(boris, forum, thread, shortOrder)
			w.tapIn(boris, forum, "✅", "web-1")
			w.must(w.chats.CloseTopic(anna, forum, closing))
			private := w.lastID(boris)
			w.pass(2 * time.Hour)
			if n := mention(w.after(boris, private), "Forum", "Сервер активен"); n == 0 {
				t.Errorf("the person was not told in private:\n%s", w.chats.Transcript(boris))
			}
			w.must(w.chats.ReopenTopic(anna, forum, closing))
			for _, m := range w.chats.Messages(forum) {
				if m.Bot && m.Thread != thread && strings.Contains(m.Text, "web-1") {
					t.Errorf("message %d is in topic %d, not %d", m.ID, m.Thread, thread)
				}
			}
		})
	}
}

// TestGreeting: a group in which the bot is added is greeted once, in the language
// of who added it; one that the operator has not let in is refused once.
func TestGreeting(t *testing.T) {
	t.Parallel()
	w := newWorldWith(t, sandbox.Config{}, func(c *Config) { c.Allowed.Chats = []int64{-11} })
	w.must(w.chats.AddGroup(-11, "Let in", boris, anna))
	w.must(w.chats.AddGroup(-12, "Not let in", anna, boris))
	w.restart()
	w.settle()
	for chat, text := range map[int64]string{-11: "Здравствуйте", -12: "private"} {
		if said := w.after(chat, 0); len(said) != 1 || !strings.Contains(said[0], text) {
			t.Errorf("chat %d is greeted with %q", chat, said)
		}
	}
	to, err := w.chats.Migrate(boris, -11)
	w.must(err)
	_, err = w.chats.Migrate(anna, -12)
	w.must(err)
	w.must(w.chats.Kick(boris, to, w.chats.BotID()))
	for range 2 {
		w.sayIn(boris, -1_000_000_000_012, "/order")
		w.sayIn(anna, -1_000_000_000_012, "/help")
	}
	w.must(w.chats.Join(anna, to, w.chats.BotID()))
	if said := w.after(to, 0); len(said) != 1 || !strings.Contains(said[0], "Hello") {
		t.Errorf("added again, the bot says %q", said)
	}
	if said := w.after(-1_000_000_000_012, 0); len(said) != 0 {
		t.Errorf("the group that was not let in is told %q", said)
	}
}

// TestAnonymousAdministrator: who writes in the name of the group is told how to
// order, at most once in an hour, and orders nothing.
func TestAnonymousAdministrator(t *testing.T) {
	t.Parallel()
	w := newBigTeam(t, sandbox.Config{}, func(*Config) {})
	w.must(w.chats.Promote(anna, bigTeam, anna, emulator.Rights{Anonymous: true}))
	before := w.lastID(bigTeam)
	w.sayIn(anna, bigTeam, "hello")
	for range 3 {
		w.sayIn(anna, bigTeam, shortOrder)
	}
	if said := w.after(bigTeam, before); len(said) != 1 || !strings.Contains(said[0], "Remain anonymous") {
		t.Errorf("said %q", said)
	}
	w.sayIn(boris, bigTeam, "/help")
	w.pass(time.Hour)
	before = w.lastID(bigTeam)
	w.sayIn(anna, bigTeam, shortOrder)
	if said := w.after(bigTeam, before); len(said) != 1 || !strings.Contains(said[0], "Анонимность") {
		t.Errorf("an hour later: %q", said)
	}
}
