package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"zomrobot/telegram/emulator"
	"zomrobot/zomro/sandbox"
)

// Words of the chat in both languages, as far as the tests below tap or look
// for them. The dialogues' golden files hold all of them.
var words = map[string]map[int64]string{
	"login and password": {anna: "Login and password", boris: "Логин и пароль"},
	"logged in":          {anna: "Logged in", boris: "Вы вошли"},
	"choose":             {anna: "🧭 Choose everything", boris: "🧭 Выбрать всё самому"},
	"plan":               {anna: "1 CPU · 1.5 GB · €3.84 · Acorn AMD", boris: "1 CPU · 1,5 ГБ · 3,84\u00a0€ · Acorn AMD"},
	"skip":               {anna: "Skip ›", boris: "Пропустить ›"},
	"own password":       {anna: "✍️ My own password", boris: "✍️ Свой пароль"},
	"no backups":         {anna: "No backups", boris: "Без бэкапов"},
	"month":              {anna: "month · €3.84", boris: "месяц · 3,84\u00a0€"},
	"confirm":            {anna: "✅ Order for €3.84", boris: "✅ Заказать за 3,84\u00a0€"},
	"promo":              {anna: "WELCOME10", boris: "WELCOME10"},
	"active":             {anna: "The server is active", boris: "Сервер активен"},
	"item":               {anna: "in the cart, item ", boris: "в корзине, позиция "},
	"charged":            {anna: "Charged: ", boris: "Списано: "},
}

// TestProcessOrders runs the built binary as a process of its own, orders in
// both languages, kills it in the middle of the dialogue and while it follows
// the service, and finishes after the restart.
func TestProcessOrders(t *testing.T) {
	t.Parallel()
	for name, person := range map[string]int64{"en": anna, "ru": boris} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newProcess(t)
			word := func(w string) string { return words[w][person] }
			p.start()
			p.say(person, "/login")
			p.tap(person, word("login and password"))
			p.say(person, vendorLogin)
			p.say(person, vendorPassword)
			p.await(person, word("logged in"))
			p.say(person, "/order")
			p.tap(person, words["choose"][person])
			p.tap(person, "🇳🇱 Netherlands-3")
			p.tap(person, word("plan"))
			p.await(person, word("skip"))

			p.kill()
			p.start()

			p.tap(person, word("skip"))
			p.tap(person, "Ubuntu")
			p.tap(person, "Ubuntu 22.04")
			p.tap(person, word("own password"))

			p.say(person, rootPassword) // it arrives while nobody is there
			p.kill()
			p.start()

			p.await(person, word("skip"))
			p.say(person, "web-1")
			p.tap(person, word("no backups"))
			p.tap(person, word("month"))
			p.tap(person, "1")
			p.tap(person, word("confirm"))
			p.await(person, word("charged"))

			p.kill()
			p.start()

			p.await(person, word("active"))
			p.stop()

			orders := p.vendor.Orders(vendorLogin)
			if len(orders) != 1 || len(orders[0].Services) != 1 {
				t.Fatalf("the vendor sold %+v, want one server", orders)
			}
			if !strings.Contains(p.chats.Transcript(person), word("item")+"`"+orders[0].LineItem+"`") {
				t.Errorf("nobody was told of line item %s", orders[0].LineItem)
			}
			if field := (sandbox.Call{Fields: orders[0].Fields}).Field("password"); field != rootPassword {
				t.Error("the server was ordered with another password than the one that was typed")
			}
			lookForSecrets(t, p.chats, read(t, p.store), p.logs.String(), tokens(p.vendor)...)
		})
	}
}

const rootPassword = "Root-Secret-2031"

// tokens are the session ids that the vendor gave out.
func tokens(vendor *sandbox.Sandbox) []string {
	var found []string
	for _, call := range vendor.Calls() {
		if token := call.Field("auth"); token != "" && token != "none" && !slices.Contains(found, token) {
			found = append(found, token)
		}
	}
	return found
}

// lookForSecrets searches what was kept, logged and sent for every secret of
// the test.
func lookForSecrets(t *testing.T, chats *emulator.Server, store []byte, logs string, tokens ...string) {
	t.Helper()
	if len(tokens) == 0 {
		t.Error("no session was ever used: the search would find nothing")
	}
	places := map[string]string{
		"the store":      string(store),
		"the log":        logs,
		"a message sent": strings.Join(chats.Outgoing(), "\n"),
	}
	secrets := append([]string{vendorPassword, rootPassword, worldToken, strings.SplitN(worldToken, ":", 2)[1]}, tokens...)
	for place, text := range places {
		if text == "" {
			t.Errorf("%s is empty: the search would find nothing", place)
		}
		for i, secret := range secrets {
			if strings.Contains(text, secret) {
				t.Errorf("%s holds secret %d", place, i)
			}
		}
	}
}

// TestSecretsStayInside looks for the secrets of an order with a promo code, a
// wrong password, a session that expires in the middle and a failing vendor.
func TestSecretsStayInside(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{ActivationDelay: time.Minute})
	w.login(anna)
	w.say(anna, "/order datacenter=17 pricelist=9102 order_period=1 instances_os=Ubuntu 22.04 servername=web-1 addon_91021=301 order_count=1 backups_schedule=off password="+rootPassword)
	w.vendor.ExpireSessions(vendorLogin)
	w.vendor.Inject(sandbox.Fault{Kind: sandbox.HTML, Func: "cart", Times: 2})
	w.say(anna, "/promo WELCOME10")
	w.say(anna, "/confirm")
	w.pass(10 * time.Second)
	w.pass(2 * time.Minute)
	if !w.said(anna, "The server is active") {
		t.Errorf("the order did not end well:\n%s", w.chats.Transcript(anna))
	}
	w.say(anna, "/logout")
	w.tap(anna, "Log out")
	if err := w.stop(); err != nil {
		t.Fatal(err)
	}
	lookForSecrets(t, w.chats, w.sealed(), w.logs.String(), tokens(w.vendor)...)
}

// TestCallsOfArticle462 compares the three calls of an order, field by field,
// with the complete example of the vendor's article 462: Ubuntu, IPv6 only, a
// password, MyServer-1, daily.
func TestCallsOfArticle462(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{WithArticle462: true})
	w.login(anna)
	w.say(anna, "/order datacenter=13 pricelist=6740 order_period=-50 instances_os=479c96f1-ccc6-47a2-952c-c9e3bbdc8d07 addon_6746=260 servername=MyServer-1 order_count=1 backups_schedule=off use_ssh_key=off promocode=WELCOME10 password="+rootPassword)
	w.say(anna, "/confirm")
	orders := w.vendor.Orders(vendorLogin)
	if len(orders) != 1 {
		t.Fatalf("the vendor sold %d orders, want one:\n%s", len(orders), w.chats.Transcript(anna))
	}
	session := tokens(w.vendor)[0]
	want := [][]string{
		{
			"func=v2.instances.order.param", "auth=" + session, "out=json", "lang=en", "sok=ok",
			"order_period=-50", "licence_agreement=on", "use_ssh_key=off", "pricelist=6740", "servername=MyServer-1",
			"password=" + rootPassword, "instances_os=479c96f1-ccc6-47a2-952c-c9e3bbdc8d07", "order_count=1",
			"addon_6746=260", "datacenter=13", "force_use_new_cart=on",
		},
		{
			"func=cart", "auth=" + session, "out=json", "lang=en", "promocode=WELCOME10", "sok=ok", "clicked_button=apply_promocode",
		},
		{
			"func=cartorder.create.confirm", "auth=" + session, "out=json", "lang=en", "elid=" + orders[0].LineItem, "paymethod_id=0", "sok=ok",
		},
	}
	var got [][]string
	for _, call := range w.vendor.Calls() {
		if call.Field("sok") != "ok" || call.Func == "auth" {
			continue
		}
		var fields []string
		for _, f := range call.Fields {
			fields = append(fields, f.Name+"="+f.Value)
		}
		got = append(got, fields)
	}
	if len(got) != len(want) {
		t.Fatalf("%d writing calls, want %d: %q", len(got), len(want), got)
	}
	for i := range want {
		slices.Sort(want[i])
		slices.Sort(got[i])
		if !slices.Equal(got[i], want[i]) {
			t.Errorf("call %d:\n got %q\nwant %q", i+1, got[i], want[i])
		}
	}
}
