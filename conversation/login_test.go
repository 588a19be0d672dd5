package conversation_test

import (
	"strings"
	"testing"
	"time"

	"zomrobot/chat"
	"zomrobot/conversation"
	accountflow "zomrobot/conversation/account"
	orderflow "zomrobot/conversation/order"
	"zomrobot/zomro"
)

func isCheck(e conversation.Effect) bool { return is[accountflow.CheckLogin](e) }

func TestLoginByToken(t *testing.T) {
	k := newTalk(t, private).command("/order")
	if !strings.Contains(k.notified(), "/login") || k.d.Draft != nil {
		t.Error("an order without an account")
	}
	k.press("c1:login").sees("How should I log in").tap("Session token").sees("session token", "delete your message")
	k.secretly(goodToken).sees("Checking")
	if keep := k.has("keep", isKeep).(conversation.Keep); keep.Slot != k.has("check", isCheck).(accountflow.CheckLogin).Slot() || keep.Value.Reveal() != goodToken {
		t.Error("another secret was kept")
	}
	if k.has("delete", isDelete).(conversation.Delete).Message != k.message || k.has("check", isCheck).(accountflow.CheckLogin).Username != "" {
		t.Error("not deleted, or not checked as a token")
	}
	k.secretly(goodToken) // impatient: the second message goes too
	k.has("delete", isDelete)
	if k.count(isKeep) > 0 {
		t.Error("kept twice")
	}
	k.step(accountflow.LoginChecked{Attempt: k.d.Logins, Account: "Anna"}).sees("Logged in as Anna", "after an hour without calls", "Order a server")
	k.press("c1:order").at(orderflow.PlaceOffer)
}

func TestLoginByPassword(t *testing.T) {
	k := newTalk(t, private).command("/login").tap("Login and password").say("two words").sees("no spaces").
		say("anna@example.com").sees("password for anna@example.com")
	k.secretly("p w with spaces")
	if k.has("check", isCheck).(accountflow.CheckLogin).Username != "anna@example.com" || k.has("keep", isKeep).(conversation.Keep).Value.Reveal() != "p w with spaces" {
		t.Error("not checked as given")
	}
	k.step(accountflow.LoginChecked{Attempt: k.d.Logins, Account: "anna@example.com", Renews: true}).sees("renew the session automatically")
}

// TestCredentialsBeforeTheyAreAsked: what is written too early is no less a
// secret.
func TestCredentialsBeforeTheyAreAsked(t *testing.T) {
	k := newTalk(t, private).command("/login")
	k.secretly(goodToken).sees("Checking")
	if k.has("delete", isDelete).(conversation.Delete).Message != k.message || k.has("keep", isKeep).(conversation.Keep).Value.Reveal() != goodToken {
		t.Error("the token was not taken as one")
	}
	k = newTalk(t, private).command("/login").say("anna@example.com").sees("password for anna@example.com")
	if k.count(isDelete) > 0 {
		t.Error("a login was deleted")
	}
	k = newTalk(t, private).command("/login")
	k.secretly("anna@example.com pass-phrase").sees("Checking")
	if k.has("delete", isDelete).(conversation.Delete).Message != k.message || k.has("check", isCheck).(accountflow.CheckLogin).Username != "anna@example.com" {
		t.Error("login and password were not taken")
	}
	k = newTalk(t, private).command("/login").tap("Login and password")
	k.secretly("anna@example.com:pass-phrase").sees("no spaces")
	k.has("delete", isDelete)
}

// TestWordsAtTheLoginAreNoCredentials: what is not certainly a login is not tried at the
// vendor, and leaves the chat, for it may be a password.
func TestWordsAtTheLoginAreNoCredentials(t *testing.T) {
	for _, text := range []string{"hello", "how are you", "как дела", "what is", "Sunny7-Harbour", "token"} {
		k := newTalk(t, private).command("/login").say(text).sees("with a button first", "How should I log in")
		if k.count(isCheck)+k.count(isKeep) != 0 || k.d.Aside.Place != accountflow.PlaceLoginWay {
			t.Errorf("%q was tried: %s", text, describe(t, k.effects))
		}
		k.has("delete", isDelete)
	}
}

func TestLoginInOneLine(t *testing.T) {
	k := newTalk(t, private)
	k.secrets = []string{goodToken}
	k.command("/login " + goodToken).sees("Checking")
	if k.has("delete", isDelete).(conversation.Delete).Message != k.message || k.has("keep", isKeep).(conversation.Keep).Value.Reveal() != goodToken {
		t.Error("not taken as a secret")
	}
	k = newTalk(t, private).command("/login anna@example.com word")
	if k.has("check", isCheck).(accountflow.CheckLogin).Username != "anna@example.com" {
		t.Error("not taken as a login and a password")
	}
	k = newTalk(t, private)
	k.secrets = []string{"pass-phrase"}
	k.command("/login anna a pass-phrase").sees("only the token")
	k.has("delete", isDelete)
}

func TestEachLoginFailureIsExplained(t *testing.T) {
	for _, c := range []struct {
		problem conversation.Problem
		token   string
		login   string
	}{
		{conversation.Problem{Kind: zomro.Denied, Code: "auth", Object: "badpassword"}, "Wrong login", "Wrong login"},
		{conversation.Problem{Kind: zomro.Denied, Code: "auth", Object: "badip"}, "from my address", "from my address"},
		{conversation.Problem{Kind: zomro.Denied, Code: "auth", Object: "blocklogon"}, "20 seconds", "20 seconds"},
		{conversation.Problem{Kind: zomro.Denied, Code: "auth", Object: "blockgeoip"}, "new region", "new region"},
		{conversation.Problem{Kind: zomro.Denied, Code: "auth", Object: "blocked_ip"}, "Too many failed", "Too many failed"},
		{conversation.Problem{Kind: zomro.Denied, Code: zomro.CodeBlockedAddress}, "blocked my address", "blocked my address"},
		{conversation.Problem{Kind: zomro.Denied, Code: zomro.CodeSecondFactor}, "two-factor", "two-factor"},
		{conversation.Problem{Kind: zomro.Denied, Code: "auth"}, "does not accept this token", "does not accept this login and password"},
		{conversation.Problem{Kind: zomro.Transient}, "isn't responding", "isn't responding"},
		{conversation.Problem{Kind: zomro.Unreadable}, "makes no sense to me", "makes no sense to me"},
		{conversation.Problem{Kind: zomro.Unknown}, "got lost", "got lost"},
		{conversation.Problem{Kind: zomro.Refused, Message: "No <b>luck</b>"}, "Zomro says: No", "Zomro says: No"},
		{conversation.Problem{Kind: zomro.Refused}, "refused the request", "refused the request"},
		{conversation.Problem{}, "on my side", "on my side"},
	} {
		k := newTalk(t, private).command("/login").tap("Session token").secretly(goodToken)
		k.step(accountflow.LoginChecked{Attempt: k.d.Logins, Problem: &c.problem}).sees(c.token, "Send me a Zomro API session token")
		k = newTalk(t, private).command("/login").tap("Login and").say("anna").secretly("a password")
		k.step(accountflow.LoginChecked{Attempt: k.d.Logins, Problem: &c.problem}).sees(c.login, "password for anna")
	}
}

func TestLoginCancelled(t *testing.T) {
	k := newTalk(t, private).command("/login").tap("Session token").secretly(goodToken).tap("Cancel").sees("Cancelled")
	k.step(accountflow.LoginChecked{Attempt: k.d.Logins, Problem: &conversation.Problem{Kind: zomro.Denied}}).sees("Cancelled")
	k.step(accountflow.LoginChecked{Attempt: k.d.Logins, Account: "Anna"}).sees("Logged in as Anna")
	k = newTalk(t, private).command("/login").tap("Session token").wait(30 * time.Minute).step(conversation.Tick{}).sees("closed")
	k.say(goodToken)
	if k.count(isKeep) > 0 {
		t.Error("a token was taken that was not asked for any more")
	}
}

// TestLoginBesideALogin: the answer to a login that was cancelled says nothing of
// the one that was begun after it, and each has a slot of its own.
func TestLoginBesideALogin(t *testing.T) {
	k := newTalk(t, private).command("/login").tap("Session token").secretly(goodToken)
	first := k.has("check", isCheck).(accountflow.CheckLogin)
	k.tap("Cancel").command("/login").tap("Login and").say("anna").secretly("a password")
	second := k.has("check", isCheck).(accountflow.CheckLogin)
	if first.Slot() == second.Slot() {
		t.Error("two logins share a slot")
	}
	k.step(accountflow.LoginChecked{Attempt: first.Attempt, Problem: &conversation.Problem{Kind: zomro.Denied}}).sees("Checking")
	k.step(accountflow.LoginChecked{Attempt: second.Attempt, Account: "anna", Renews: true}).sees("Logged in as anna")
}

// The keys, own images and balance of the draft are those of the account.
func TestLoginInTheMiddleOfAnOrder(t *testing.T) {
	k := toReview(loggedIn(t)).step(accountflow.SessionLost{})
	if !strings.Contains(k.notified(), "log in again") || k.d.Account != "" {
		t.Error("the loss was not told")
	}
	k.tap("Order for")
	if k.count(isOpen) > 0 || !strings.Contains(k.notified(), "/login") {
		t.Error("opened without an account")
	}
	k.command("/login").tap("Session token").secretly(goodToken).step(accountflow.LoginChecked{Attempt: k.d.Logins, Account: "Anna"})
	k.at(orderflow.PlaceReview).sees("Logged in as Anna", "key-3")
	if k.count(is[orderflow.LoadForm]) != 1 {
		t.Error("the form of another account is used")
	}
	k.tap("Order for").has("open", isOpen)
}

func TestLogout(t *testing.T) {
	k := toAccess(loggedIn(t)).tap("My own").secretly(goodPassword).command("/logout").sees("Forget the account anna@example.com", "unfinished order will be closed")
	k.tap("Cancel").at(orderflow.PlaceName)
	k.command("/logout").tap("Log out")
	k.has("forget", is[accountflow.Forget])
	k.has("drop", isDrop)
	k.sees("account is forgotten")
	if k.d.Account != "" || k.d.Draft != nil {
		t.Error("not forgotten")
	}
	if !strings.Contains(k.command("/logout").notified(), "not logged in") {
		t.Error("logged out twice")
	}
}

func TestLoginIsPrivate(t *testing.T) {
	k := newTalk(t, group).command("/login")
	if !strings.Contains(k.notified(), "private chat") || k.d.Aside != nil {
		t.Error("a login was begun in a group")
	}
}

func TestLanguage(t *testing.T) {
	k := newTalk(t, private)
	for code, want := range map[string]string{"": "en", "en": "en", "pt-br": "en", "ru": "ru", "ru-RU": "ru"} {
		d, _ := machine.Step(k.d, chat.Command{From: chat.Person{ID: 42, Lang: code}, Name: "start"}, k.now)
		if d.Language() != want {
			t.Errorf("%q is answered in %q, want %q", code, d.Language(), want)
		}
		if got := chat.LanguageOf(chat.Text{From: chat.Person{Lang: code}}); got != want {
			t.Errorf("a stranger with %q is answered in %q, want %q", code, got, want)
		}
	}
	k.command("/language").press("g1:ru").say("hello")
	if k.d.Language() != "ru" {
		t.Error("what was chosen did not last")
	}
	k.command("/order")
	k.press("g1:en")
	if k.d.Language() != "en" || k.toast() != "toast.language" {
		t.Error("not changed back")
	}
	if chat.LanguageOf(conversation.Tick{}) != "en" {
		t.Error("nobody speaks another language")
	}
}

// TestLanguageInTheMiddleOfAnOrder: what the vendor calls things is loaded again, also when
// the person's Telegram has changed its language, and what was chosen stays.
func TestLanguageInTheMiddleOfAnOrder(t *testing.T) {
	for name, change := range map[string]func(*talk){
		"chosen": func(k *talk) { k.press("g1:ru") },
		"heard":  func(k *talk) { k.step(chat.Text{From: chat.Person{ID: 42, Name: "Anna", Lang: "ru"}, Text: "hello"}) },
	} {
		k := toReview(loggedIn(t))
		was := machine.Chosen(k.d.Draft)
		change(k)
		if k.count(is[orderflow.LoadCatalogue]) != 1 || k.count(is[orderflow.LoadForm]) != 1 || k.count(isShow) == 0 {
			t.Errorf("%s: %s", name, describe(t, k.effects))
		}
		k.at(orderflow.PlaceReview)
		if is := machine.Chosen(k.d.Draft); encode(t, is) != encode(t, was) || strings.Contains(encode(t, k.d), "foreign") {
			t.Errorf("%s: it was %s and is %s", name, encode(t, was), encode(t, is))
		}
	}
}

func TestCommands(t *testing.T) {
	for _, c := range machine.Commands() {
		if !c.Private {
			t.Errorf("/%s works nowhere that is tested", c.Name)
		}
		for _, k := range []*talk{newTalk(t, private), loggedIn(t), toReview(loggedIn(t)), inTeam(t), toReview(inTeam(t))} {
			k.command("/" + c.Name + " ")
			if len(k.effects) == 0 {
				t.Errorf("/%s does nothing", c.Name)
			}
			for _, e := range k.effects {
				if e, ok := e.(conversation.Notify); ok && strings.Contains(show(t, e.Screen), "don't know this command") {
					t.Errorf("/%s is not known", c.Name)
				}
			}
		}
	}
}

func TestHints(t *testing.T) {
	if !strings.Contains(newTalk(t, private).say("hello").notified(), "wasn't expecting text") {
		t.Error("no hint for a text")
	}
	if !strings.Contains(newTalk(t, private).command("/teapot").notified(), "don't know this command") {
		t.Error("no hint for a command")
	}
	for typed, want := range map[string]string{
		"oder": "/order", "ordr": "/order", "oredr": "/order", "server": "/servers", "Order": "/order", "ORDER": "/order", "statsu": "/status", "hepl": "/help",
		"keyz": "/keys", "teapot": "", "log": "", "logn": "/login", "o": "", "stat": "/start",
	} {
		said := newTalk(t, private).command("/" + typed).notified()
		if got := strings.Contains(said, "mean "+want+"?"); want != "" && !got || want == "" && strings.Contains(said, "mean") {
			t.Errorf("/%s is answered by %s", typed, said)
		}
	}
	if got := toReview(loggedIn(t)).command("/oder").sees("mean /order?"); got.d.Draft == nil {
		t.Error("a mistyped command has closed the draft")
	}
	k := newTalk(t, group).command("/oder")
	if said := k.has("notification", isNotify).(conversation.Notify); len(k.effects) != 1 || !said.Alone || !said.Spare || !strings.Contains(k.notified(), "mean /order?") {
		t.Errorf("a group was disturbed by a mistyped command: %s", describe(t, k.effects))
	}
	if k := newTalk(t, group).command("/teapot"); len(k.effects) > 0 {
		t.Error("a group was disturbed by a command that may be meant for another bot")
	}
	k = toReview(loggedIn(t)).step(chat.Other{From: anna}).sees("only understand text")
	k.has("new card", isAnew)
	k.say("thanks").sees("don't see what to change")
	k = newTalk(t, group).say("hello all")
	if len(k.effects) > 0 {
		t.Error("a group was disturbed")
	}
}

// TestContinueIsTheDraft, whatever is shown beside it; and what is only looked at is
// closed, not cancelled.
func TestContinueIsTheDraft(t *testing.T) {
	for _, beside := range []string{"/servers", "/orders", "/templates", "/login", "/logout"} {
		k := toReview(loggedIn(t)).command(beside).command("/continue").at(orderflow.PlaceReview)
		if k.d.Aside != nil {
			t.Errorf("%s is shown instead of the order", beside)
		}
		k.sees("Order for").has("new card", isAnew)
	}
	loggedIn(t).command("/servers").command("/continue").sees("Your servers")
	loggedIn(t).command("/servers").command("/cancel").sees("Closed").seesNot("Cancelled")
	loggedIn(t).command("/logout").command("/cancel").sees("Cancelled")
}

// TestWhatNeedsAnAccountSaysSo, and does not speak of an order that nobody wants.
func TestWhatNeedsAnAccountSaysSo(t *testing.T) {
	for _, command := range []string{"/servers", "/keys", "/accounts"} {
		said := newTalk(t, private).command(command).notified()
		if !strings.Contains(said, "[🔐 Log in]") || strings.Contains(strings.ToLower(said), "order") {
			t.Errorf("%s is answered by %s", command, said)
		}
	}
}

// TestUnaskedToken: a session token that is typed while none is asked for leaves
// the chat, and is not tried.
func TestUnaskedToken(t *testing.T) {
	for name, c := range map[string]struct {
		talk *talk
		text string
		want bool
	}{
		"nothing is asked":          {newTalk(t, private), goodToken, true},
		"with spaces around":        {newTalk(t, private), " " + goodToken + "\n", true},
		"a card without text":       {toReview(loggedIn(t)), goodToken, true},
		"a question without text":   {loggedIn(t).command("/logout"), goodToken, true},
		"a card that takes text":    {loggedIn(t).command("/servers"), goodToken, true},
		"another length":            {newTalk(t, private), goodToken + "0", false},
		"another alphabet":          {newTalk(t, private), "g" + goodToken[1:], false},
		"a word more":               {newTalk(t, private), "token " + goodToken, true},
		"a group, where it is seen": {newTalk(t, group), goodToken, true},
	} {
		t.Run(name, func(t *testing.T) {
			k := c.talk
			k.t = t
			k.say(c.text)
			if got := k.count(isDelete) == 1; got != c.want || k.count(isKeep)+k.count(isCheck) > 0 {
				t.Errorf("deleted %v, kept or tried %d", got, k.count(isKeep)+k.count(isCheck))
			}
			said := describe(t, k.effects) + encode(t, k.d)
			if c.want && !strings.Contains(said, "secret.unasked") && !strings.Contains(said, "secret.in_group") {
				t.Error("nothing is said of it")
			}
		})
	}
}

// TestPasswordAfterTheQuestionHasExpired: it is not taken for what the order asks.
func TestPasswordAfterTheQuestionHasExpired(t *testing.T) {
	k := loggedIn(t).command("/order").command("/login").tap("Login and password").say("anna@example.com")
	k.now = k.now.Add(31 * time.Minute)
	k.say(goodPassword)
	k.has("the message is deleted", isDelete)
	if k.d.Draft == nil || k.d.Draft.Search != "" || strings.Contains(encode(t, k.d), goodPassword) {
		t.Errorf("the password is kept: %s", k.d.Draft.Search)
	}
}
