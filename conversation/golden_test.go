package conversation_test

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"zomrobot/chat"
	"zomrobot/conversation"
	accountflow "zomrobot/conversation/account"
	orderflow "zomrobot/conversation/order"
	teamflow "zomrobot/conversation/team"
	trialflow "zomrobot/conversation/trial"
	"zomrobot/team"
	"zomrobot/zomro"
)

// scenes are whole dialogues; testdata has them as they read in both languages.
// They are renewed by go test ./conversation -run TestScenes -rewrite, and the
// difference is read before it is committed.
var scenes = []struct {
	name string
	key  chat.Key
	play func(*scene)
}{
	{"login", private, func(s *scene) {
		s.command("/start")
		s.command("/order")
		s.press("c1:login")
		s.tap("Login and password")
		s.say("anna@example.com")
		s.say("her own word")
		s.step(accountflow.LoginChecked{Attempt: s.d.Logins, Problem: &conversation.Problem{Kind: zomro.Denied, Code: "auth", Object: "badpassword"}})
		s.say("her own word, well written")
		s.step(accountflow.LoginChecked{Attempt: s.d.Logins, Account: "anna@example.com", Renews: true})
		s.command("/logout")
		s.tap("Log out")
	}},
	{"order", private, func(s *scene) {
		s.d.Account = "anna@example.com"
		s.command("/order")
		s.tap("Choose everything")
		s.tap("Netherlands")
		s.say("2 cpu 4 gb")
		s.tap("Nova")
		s.tap("IPv6")
		s.say("50")
		s.say("55")
		s.tap("Skip")
		s.tap("Ubuntu")
		s.tap("Ubuntu 22.04")
		s.tap("My own")
		s.say("short")
		s.say(goodPassword)
		s.say("мой сервер")
		s.say("web-1")
		s.tap("On a schedule")
		s.tap("daily")
		s.tap("Mon")
		s.tap("Thu")
		s.tap("Done")
		s.say("4:20")
		s.tap("month")
		s.say("2")
		s.tap("Datacenter")
		s.tap("Poland")
		s.tap("Promo")
		s.say("SUMMER10")
		s.wait(31 * time.Minute)
		s.step(conversation.Tick{})
		s.tap("Order for")
		s.tap("Generate")
		s.tap("Order for")
	}},
	{"shortcut", private, func(s *scene) {
		s.d.Account = "anna@example.com"
		s.command("/order datacenter=17 pricelist=1702 order_period=3 instances_os=Windows Server 2022 order_count=40 servername=trade-1 colour=red")
		s.tap("My own")
		s.command("/cancel")
	}},
	{"group", group, func(s *scene) {
		s.command("/help")
		s.command("/login")
		s.command("/order")
		s.command("/team")
		s.status = team.StatusCreator
		s.command("/team")
		s.tap("Account")
		s.ruled(func(tm *team.Team) {
			*tm = tm.WithName(43, "Борис")
			tm.Account = &team.Account{Holder: 42, ID: "7", Nick: "Company", Currency: "EUR"}
		})
		s.step(teamflow.Moved{})
		s.tap("Approvals")
		s.tap("1 approval")
		s.tap("Above an amount")
		s.say("a lot")
		s.say("5")
		s.tap("Own orders: self")
		s.tap("72 h")
		s.tap("‹ Back")
		s.tap("Limits")
		s.tap("Per person per month")
		s.say("100")
		s.tap("Single purchase")
		s.say("7,50")
		s.tap("‹ Back")
		s.tap("Roles")
		s.tap("Борис")
		s.tap("viewer")
		s.tap("‹ Back")
		s.tap("Close")
		s.command("/order pricelist=1700 instances_os=Debian 12")
		s.say(goodPassword)
		s.press(strings.TrimSuffix(buttons(s.card())[0].Data, "16") + "17")
		s.tap("Password")
		s.step(orderflow.PasswordGiven{Draft: s.d.Draft.ID})
		s.say("web-1")
		s.tap("No backups")
		s.tap("month")
		s.tap("2")
		s.status = ""
		s.tap("✅")
		s.status = team.StatusCreator
		s.tap("✅")
		s.ruled(func(tm *team.Team) { *tm = tm.WithRole(43, team.RoleNone); tm.Owner = 43 })
		s.command("/team")
		s.ruled(func(tm *team.Team) { tm.Owner = 0 })
		s.command("/team")
		s.tap("owner")
	}},
	{"bind", private, func(s *scene) {
		s.command("/team")
		s.command("/start an-old-one")
		s.link = bindLink
		s.command("/start " + linkCode)
		s.tap("Log in")
		s.tap("Session token")
		s.say(goodToken)
		s.d.Know([]conversation.Account{
			{ID: "7", Nick: "anna@example.com", Login: "anna@example.com", Default: true},
			{ID: "8", Nick: "work", Login: "work@example.com"},
		})
		s.step(accountflow.LoginChecked{Attempt: s.d.Logins, Account: "anna@example.com"})
		s.tap("anna@")
		s.say("a name that is much longer than anybody would call it")
		s.status = team.StatusLeft
		s.tap("Zomro")
		s.status = team.StatusMember
		s.say("Company")
		s.link = handLink
		s.command("/start " + linkCode)
		s.say("short")
		s.say(goodPassword)
		s.command("/start " + linkCode)
		s.tap("Generate")
		s.auto = false
		s.command("/start " + linkCode)
		s.step(handLink)
		s.say(goodPassword)
		s.step(orderflow.PasswordHanded{Refused: true})
	}},
	{"names", private, func(s *scene) {
		s.d.Account = "anna@example.com"
		s.servers = twoOfOneName()
		s.command("/order datacenter=17 pricelist=1702 order_period=1 instances_os=Ubuntu 22.04 servername=WEB-1 order_count=1 backups_schedule=off use_ssh_key=on instances_ssh_keys=key-0")
		s.tap("Name")
		s.tap("Skip")
		s.command("/servers")
		s.tap("#72")
		s.tap("More")
		s.tap("Delete")
		s.say("web-1")
		s.say("72")
	}},
	{"trial", private, playTrial},
	{"trouble", private, func(s *scene) {
		s.d.Account = "anna@example.com"
		s.auto = false
		s.command("/order")
		s.step(orderflow.CatalogueLoaded{Draft: s.d.Draft.ID, Problem: &conversation.Problem{Kind: zomro.Transient}})
		s.tap("Try again")
		s.step(orderflow.CatalogueLoaded{Draft: s.d.Draft.ID, Problem: &conversation.Problem{Kind: zomro.Denied}})
		s.step(accountflow.SessionLost{})
		s.wait(80 * time.Hour)
		s.step(conversation.Tick{})
	}},
}

// scene is a talk that is written down.
type scene struct {
	*talk
	lang string
	text strings.Builder
}

func (s *scene) command(line string) { s.note("> "+line, func() { s.talk.command(line) }) }

func (s *scene) say(text string) { s.note("> "+text, func() { s.talk.say(text) }) }

func (s *scene) press(data string) { s.note("> ("+data+")", func() { s.talk.press(data) }) }

func (s *scene) step(e chat.Event) {
	s.note(nameOf(e), func() { s.talk.step(e) })
}

func (s *scene) tap(label string) {
	shown := label
	for _, b := range buttons(s.card()) {
		if strings.Contains(english(s.t, b.Label), label) {
			shown = write(s.t, s.lang, b.Label)
			break
		}
	}
	s.note("> ["+shown+"]", func() { s.talk.tap(label) })
}

// note writes down what was done and what is seen after it.
func (s *scene) note(deed string, do func()) {
	do()
	s.text.WriteString(deed + "\n")
	indent := func(text string) {
		for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
			s.text.WriteString(strings.TrimRight("    "+line, " ") + "\n")
		}
	}
	for _, e := range s.effects {
		switch e := e.(type) {
		case conversation.Delete:
			s.text.WriteString("  (the message is deleted)\n")
		case conversation.Show:
			if e.Typed != 0 {
				s.text.WriteString("  (what was typed goes)\n")
			}
		case conversation.Answer:
			if e.Text != nil {
				s.text.WriteString("  toast: " + write(s.t, s.lang, *e.Text) + "\n")
			}
		case conversation.Notify:
			who := ""
			if e.Alone {
				who = " that they alone see"
			}
			s.text.WriteString("  message" + who + ":\n")
			indent(showIn(s.t, s.lang, e.Screen))
		}
	}
	if s.d.Handed && s.count(isShow) > 0 {
		s.text.WriteString("  card: becomes that of what was begun\n")
	}
	if card, ok := machine.Render(s.d); ok && s.count(isShow) > 0 {
		s.text.WriteString("  card:\n")
		indent(showIn(s.t, s.lang, card))
	}
	if prompt, ok := machine.Prompt(s.d); ok && s.count(isShow) > 0 {
		s.text.WriteString("  prompt:\n")
		indent(showIn(s.t, s.lang, prompt))
	}
	s.text.WriteString("\n")
}

func TestScenes(t *testing.T) {
	for _, c := range scenes {
		for _, lang := range []string{"en", "ru"} {
			t.Run(c.name+"."+lang, func(t *testing.T) {
				s := &scene{talk: newTalk(t, c.key), lang: lang}
				c.play(s)
				path := filepath.Join("testdata", c.name+"."+lang+".txt")
				if *rewrite {
					if err := os.WriteFile(path, []byte(s.text.String()), 0o644); err != nil {
						t.Fatal(err)
					}
					return
				}
				want, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				if s.text.String() != string(want) {
					t.Errorf("%s reads differently now:\n%s", path, firstDifference(string(want), s.text.String()))
				}
			})
		}
	}
}

// firstDifference shows where two texts part.
func firstDifference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range w {
		if i >= len(g) || w[i] != g[i] {
			return fmt.Sprintf("line %d\nwant %s\ngot  %s", i+1, w[i], strings.Join(g[min(i, len(g)):min(i+1, len(g))], ""))
		}
	}
	return "it goes on longer"
}

// nameOf is what the scenes call an event.
func nameOf(e chat.Event) string {
	switch e.(type) {
	case teamflow.Moved:
		return "TeamMoved"
	case trialflow.Told:
		return "TrialTold"
	default:
	}
	return reflect.TypeOf(e).Name()
}
