package conversation_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"zomrobot/chat"
	"zomrobot/conversation"
	accountflow "zomrobot/conversation/account"
	orderflow "zomrobot/conversation/order"
	"zomrobot/locales"
)

// spellings of a session and of a password, and texts that are neither.
var (
	sessionSpellings = []string{
		"%s", "token %s", "auth=%s", "auth = %s", `--form 'auth="%s"'`, `-F auth=%s`, `{"auth":"%s"}`, `{"doc":{"auth":{"$":"%s"}}}`,
		"https://api.zomro.com/?func=whoami&auth=%s&out=json", "token: %s", "Токен: %s", "мой токен — %s", "“%s”", "сессия: «%s»", "AUTH=%s",
		"вот, держи\n%s\nспасибо", "(%s)", "session:%s", "token-%s", "session_%s", "id_%s_", "auth%%3D%s", "/%s", "X%s", "t-%s", "\ufeff%s", "%s\u200b",
	}
	passwordSpellings = []string{
		"password=%s", "пароль: %s", "Пароль = %s", `"password": "%s"`, "pass:%s", "pwd=%s", `--form 'password="%s"'`, "пароль %s", "my password is %s", "пароль от root — %s, запомни", "Пароль «%s»",
		"root-password=%s", "ssh.password=%s", "instances_password=%s", "DB_PASSWORD=%s", "export ZOMRO_PASSWORD=%s", "mypassword=%s", "password:\n%s",
		"password => %s", "password -> %s", "password ➡ %s", "пароль 👉 %s", "Password🔑: %s", "**password**: %s", "password：%s", "password|%s",
		"пароль от панели: %s", "паролем будет %s", "паролю %s", "пароли: %s", "пассворд: %s", "parol: %s", "--password %s", "pw: %s", "passwords: %s",
		"passphrase: %s", "login/password anna@x.io %s", "anna@x.io:%s", "anna@x.io %s", "root:%s", "pass\u200bword: %s",
	}
	harmless = []string{
		"", "web-1", "SUMMER10", "my token", "what is a token?", "пароль: как сменить?", "password please", "auth=on",
		"479c96f1-93fd-4fd6-8a5d-3f0f4a0a4d0b", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGq1p5mDk0W4m1Yl8H0cM8h0nYk9m2Q9cV8h9q7XwZ0b anna@laptop",
		"8 gb 4 cpu", "0123456789abcdef0123456789abcdef01234567", "00:1a:2b:3c:4d:5e", "2 cpu: 4 gb", "token: …", "тариф: Cloud-4", "A7K-42",
		"https://t.me/zomro_demo_bot?start=fD-9d6uF3GvdfGuKkZeWRQ", "2001:db8::1", "servername=0123456789abcdef", "the password for Ubuntu22 servers", "токен истёк в 12:30", "пароль для web-1", "secret santa", "пароль: 8-16 символов, буквы и цифры", "пароль: /servers", "session: tomorrow-afternoon",
		"token: not-available-now", "order 123456789012345678901234", "session: planning-meeting", "session=keynote-in-hall-4", "secret: santa-organisers",
		"login: anna@example.com", "user: anna",
	}
)

func TestHoldsSecret(t *testing.T) {
	for _, spelling := range sessionSpellings {
		if text := fmt.Sprintf(spelling, goodToken); !chat.HoldsSecret(text) {
			t.Errorf("no secret in %q", text)
		}
	}
	for _, spelling := range passwordSpellings {
		if text := fmt.Sprintf(spelling, goodPassword); !chat.HoldsSecret(text) {
			t.Errorf("no secret in %q", text)
		}
	}
	for _, text := range []string{"-----BEGIN OPENSSH PRIVATE KEY-----", "1234567890:AAHfiqksKZ8WmR2zSjiQ7_v4TMAKdiHm9T0"} {
		if !chat.HoldsSecret(text) {
			t.Errorf("no secret in %q", text)
		}
	}
	for _, text := range harmless {
		if chat.HoldsSecret(text) {
			t.Errorf("a secret in %q", text)
		}
	}
}

// FuzzHoldsSecret hides a session in any text: it is found as long as it stands by
// itself.
func FuzzHoldsSecret(f *testing.F) {
	for _, text := range append(harmless, sessionSpellings...) {
		f.Add(text, text)
	}
	f.Fuzz(func(t *testing.T, before, after string) {
		text := before + " " + goodToken + "\n" + after
		if !chat.HoldsSecret(text) {
			t.Errorf("it is not found in %q", text)
		}
		k := newTalk(t, private)
		k.secrets = []string{goodToken}
		k.step(chat.Text{From: anna, Text: text, Message: 7})
		if k.count(isDelete) != 1 {
			t.Errorf("%q stays", text)
		}
	})
}

// TestNothingSecretStays: whatever carries a secret, and wherever it comes, the message
// goes, the secret is neither taken nor said again, and the person is told once.
func TestNothingSecretStays(t *testing.T) {
	atName := func(t *testing.T) *talk {
		return toAccess(loggedIn(t)).tap("My own").secretly(goodPassword).at(orderflow.PlaceName)
	}
	places := map[string]func(t *testing.T) *talk{
		"nowhere":        func(t *testing.T) *talk { return newTalk(t, private) },
		"nothing open":   func(t *testing.T) *talk { return loggedIn(t) },
		"server's name":  atName,
		"promo code":     func(t *testing.T) *talk { return toReview(loggedIn(t)).tap("Promo code") },
		"search of plan": func(t *testing.T) *talk { return loggedIn(t).command("/order datacenter=17") },
		"servers":        func(t *testing.T) *talk { return loggedIn(t).command("/servers") },
		"new key":        func(t *testing.T) *talk { return loggedIn(t).command("/keys").tap("Add") },
		"template":       func(t *testing.T) *talk { return loggedIn(t).command("/templates").tap("From a colleague") },
		"a group":        func(t *testing.T) *talk { return newTalk(t, group) },
	}
	carriers := map[string]func(k *talk, text string){
		"text":       func(k *talk, text string) { k.step(chat.Text{From: anna, Text: text, Message: 900}) },
		"caption":    func(k *talk, text string) { k.step(chat.Other{From: anna, Text: text, Message: 900}) },
		"overheard":  func(k *talk, text string) { k.step(chat.Overheard{From: anna, Text: text, Message: 900}) },
		"/promo":     command("promo"),
		"/keys":      command("keys"),
		"/start":     command("start"),
		"/order":     command("order"),
		"/help":      command("help"),
		"/templates": command("templates"),
		"/unknown":   command("unknown"),
	}
	for place, enter := range places {
		there := enter(t)
		for carrier, carry := range carriers {
			for _, spelling := range sessionSpellings {
				name := place + ", " + carrier + ", " + spelling
				t.Run(name, func(t *testing.T) {
					k := there.again(t)
					k.secrets = append(k.secrets, goodToken)
					drafted := k.d.Draft
					carry(k, fmt.Sprintf(spelling, goodToken))
					if n := k.count(isDelete); n != 1 || k.has("delete", isDelete).(conversation.Delete).Message != 900 {
						t.Errorf("%d messages are deleted", n)
					}
					if n := k.count(isKeep) + k.count(isCheck); n > 0 {
						t.Errorf("it is taken: %d", n)
					}
					said := describe(t, k.effects) + encode(t, k.d)
					told := 0
					for _, key := range []string{"secret.unasked", "secret.in_group", "shortcut.unknown_secret", "wrong.key_new", "wrong.template_text"} {
						told += strings.Count(said, `"`+key+`"`)
					}
					if told == 0 {
						t.Errorf("nothing is said of it: %s", describe(t, k.effects))
					}
					if k.d.Draft != nil && drafted != nil && k.d.Draft.ID == drafted.ID && (k.d.Draft.Name != drafted.Name || k.d.Draft.Promo != drafted.Promo) {
						t.Error("it was taken for an answer")
					}
				})
			}
		}
	}
}

func command(name string) func(k *talk, text string) {
	return func(k *talk, text string) {
		k.step(chat.Command{From: anna, Name: name, Args: text, Text: "/" + name + " " + text, Message: 900, Unique: "u900"})
	}
}

// TestSecretPlacesTakeWhateverComes: where a secret is asked for, a text that begins
// with a slash and a caption are that secret; a file goes.
func TestSecretPlacesTakeWhateverComes(t *testing.T) {
	atPassword := func(t *testing.T) *talk {
		k := toAccess(loggedIn(t)).tap("My own")
		k.secrets = []string{goodPassword, "/Sunny7"}
		return k
	}
	k := atPassword(t)
	k.step(chat.Command{From: anna, Name: "sunny7", Text: "/Sunny7-Harbour", Args: "-Harbour", Message: 900, Unique: "u"})
	k.at(orderflow.PlaceName)
	if k.has("keep", isKeep).(conversation.Keep).Value.Reveal() != "/Sunny7-Harbour" || k.has("delete", isDelete).(conversation.Delete).Message != 900 {
		t.Error("a password with a slash is not taken as it was typed")
	}
	k = atPassword(t)
	k.step(chat.Other{From: anna, Text: goodPassword, Message: 900})
	k.at(orderflow.PlaceName)
	if k.has("keep", isKeep).(conversation.Keep).Value.Reveal() != goodPassword || k.has("delete", isDelete).(conversation.Delete).Message != 900 {
		t.Error("a caption is not taken")
	}
	k = atPassword(t)
	k.step(chat.Other{From: anna, Message: 900})
	k.at(orderflow.PlacePassword).sees("send it as text")
	if k.has("delete", isDelete).(conversation.Delete).Message != 900 {
		t.Error("a file stays")
	}
	k.step(chat.Command{From: anna, Name: "cancel", Text: "/cancel", Message: 901, Unique: "u"}) // a command is one
	if k.d.Draft != nil {
		t.Error("/cancel was taken for a password")
	}
}

// TestAlteredPassword: a text from which Telegram has removed signs is not what was
// typed, and neither is one in which a phone has changed quotes.
func TestAlteredPassword(t *testing.T) {
	for name, event := range map[string]chat.Text{
		"cut":    {Text: "Sunny7Harbour", Message: 900, Altered: true},
		"quotes": {Text: "Sunny7“Harbour”", Message: 900},
		"dash":   {Text: "Sunny7—Harbour", Message: 900},
	} {
		t.Run(name, func(t *testing.T) {
			k := toAccess(loggedIn(t)).tap("My own")
			event.From = anna
			k.step(event).at(orderflow.PlacePassword).sees("isn't what you typed", "let me generate one")
			if k.has("delete", isDelete).(conversation.Delete).Message != 900 || k.count(isKeep) > 0 {
				t.Error("it stays, or is taken")
			}
			k.tap("Generate")
		})
	}
}

// TestRefusedIsCalledWhatItIs: a password that was not asked for is not said to be a
// session, in whatever way it came.
func TestRefusedIsCalledWhatItIs(t *testing.T) {
	for text, want := range map[string]string{"token " + goodToken: "secret.unasked", "password: " + goodPassword: "secret.unasked_password"} {
		for _, e := range []chat.Event{
			chat.Text{From: anna, Text: text, Message: 900},
			chat.Overheard{From: anna, Text: text, Message: 900},
			chat.Other{From: anna, Text: text, Message: 900},
			conversation.FileRead{Text: text, Message: 900},
		} {
			if said := describe(t, newTalk(t, private).step(e).effects); !strings.Contains(said, `"`+want+`"`) {
				t.Errorf("%T: %q is answered %s", e, want, said)
			}
		}
	}
}

// TestMarkedToken: signs that were cut out do not matter to a session, which has none.
func TestMarkedToken(t *testing.T) {
	k := newTalk(t, private).command("/login").tap("Session token")
	k.secrets = []string{goodToken}
	k.step(chat.Text{From: anna, Text: goodToken, Message: 900, Altered: true})
	k.has("check", isCheck)
	k = newTalk(t, private).command("/login").tap("Login and password").say("anna@example.com")
	k.secrets = []string{"Vendor1Secret"}
	k.step(chat.Text{From: anna, Text: "Vendor1Secret", Message: 900, Altered: true}).sees("without formatting")
	if k.count(isCheck) > 0 || k.has("delete", isDelete).(conversation.Delete).Message != 900 {
		t.Error("it stays, or is taken")
	}
}

// TestExamplesAreNoPasswords: whatever the chat shows as an example is refused.
func TestExamplesAreNoPasswords(t *testing.T) {
	texts, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range locales.Languages() {
		shown, err := texts.Text(lang, "wrong.password_digit", nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		_, after, _ := strings.Cut(shown, "<code>")
		example, _, ok := strings.Cut(after, "</code>")
		if wrong := conversation.CheckPassword(example); !ok || wrong == nil || wrong.Key != "wrong.password_example" {
			t.Errorf("%s: the example %q is a password", lang, example)
		}
	}
}

// articleCall is the vendor's call for an order as its article shows it for curl.
func articleCall(token string) string {
	return `curl --location 'https://api.zomro.com/' \
--form 'func="v2.instances.order.param"' \
--form 'auth="` + token + `"' \
--form 'out="json"' \
--form 'order_period="-50"' \
--form 'licence_agreement="on"' \
--form 'use_ssh_key="off"' \
--form 'pricelist="1201"' \
--form 'servername="MyServer-1"' \
--form 'password="` + goodPassword + `"' \
--form 'instances_os="Debian 12"' \
--form 'order_count="1"' \
--form 'addon_121="260"' \
--form 'datacenter="12"' \
--form 'sok="ok"' \
--form 'force_use_new_cart="on"'`
}

// TestArticlesCallIsAnOrder: the vendor's own call is an order, in each of its forms,
// and its session is offered to log in with.
func TestArticlesCallIsAnOrder(t *testing.T) {
	for name, call := range map[string]string{
		"curl, --form":  articleCall(goodToken),
		"curly quotes":  strings.ReplaceAll(articleCall(goodToken), `"`, "”"),
		"in one line":   strings.ReplaceAll(articleCall(goodToken), "\\\n", " "),
		"curl, --data":  "curl https://api.zomro.com/ --data 'func=v2.instances.order.param&auth=" + goodToken + "&pricelist=1201&servername=MyServer-1&datacenter=12&password=" + goodPassword + "&instances_os=Debian%2012'",
		"a query":       "https://api.zomro.com/?func=v2.instances.order.param&auth=" + goodToken + "&pricelist=1201&servername=MyServer-1&datacenter=12&instances_os=Debian+12",
		"JSON":          `{"func":"v2.instances.order.param","auth":"` + goodToken + `","pricelist":"1201","servername":"MyServer-1","datacenter":"12"}`,
		"behind /order": "/order " + articleCall(goodToken),
	} {
		t.Run(name, func(t *testing.T) {
			k := loggedIn(t)
			k.secrets = []string{goodToken, goodPassword}
			if args, isCommand := strings.CutPrefix(call, "/order "); isCommand {
				command("order")(k, args)
			} else {
				k.step(chat.Text{From: anna, Text: call, Message: 900, Unique: "u900"})
			}
			if k.has("delete", isDelete).(conversation.Delete).Message != 900 {
				t.Error("the call stays")
			}
			if k.d.Draft == nil || k.d.Draft.Plan == nil || k.d.Draft.Plan.ID != "1201" || k.d.Draft.Name != "MyServer-1" {
				t.Fatalf("the draft is %s", encode(t, k.d.Draft))
			}
			k.press("c1:session")
			if check := k.has("check", isCheck).(accountflow.CheckLogin); check.Username != "" || check.Attempt != k.d.Logins {
				t.Errorf("it is logged in with %+v", check)
			}
			k.press("c1:session") // once
			if k.count(isCheck) > 0 {
				t.Error("the session is offered for ever")
			}
		})
	}
	k := newTalk(t, private)
	k.secrets = []string{goodToken, goodPassword}
	k.step(chat.Text{From: anna, Text: articleCall(goodToken), Message: 900, Unique: "u900"})
	k.at(orderflow.PlaceWaits).sees("Plan: ", "Log in")
	if want := k.d.Offer.Until; !k.d.Wake.Equal(want) {
		t.Errorf("the session is dropped at %v, want %v", k.d.Wake, want)
	}
	k.wait(31 * time.Minute).step(conversation.Tick{})
	if k.has("drop", isDrop).(conversation.Drop).Slot != (accountflow.CheckLogin{Attempt: 1}).Slot() || k.d.Offer != nil {
		t.Error("the session is kept")
	}
}

// TestAWordBeforeTheFormIsThere: what is typed where one logs in, while the vendor is
// asked for the account's keys, is removed like any other.
func TestAWordBeforeTheFormIsThere(t *testing.T) {
	t.Parallel()
	k := toAccess(loggedIn(t))
	k.auto = false
	k.step(conversation.AccountChanged{}).say("laptop")
	k.has("the message is deleted", isDelete)
}
