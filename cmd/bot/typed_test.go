package main

import (
	"strings"
	"testing"
	"time"

	"zomrobot/zomro/sandbox"
)

// atPassword leads a person's order to the place that takes a root password.
func (w *world) atPassword() {
	w.t.Helper()
	w.say(anna, strings.Replace(passwordOrder, " password="+rootPassword, "", 1))
	w.tap(anna, "✍️ My own password")
}

// ordered confirms the order and returns the root password that the vendor was told.
func (w *world) ordered() string {
	w.t.Helper()
	w.say(anna, "/confirm")
	w.pass(time.Minute)
	orders := w.vendor.Orders(vendorLogin)
	if len(orders) != 1 {
		w.t.Fatalf("%d orders were paid:\n%s", len(orders), w.chats.Transcript(anna))
	}
	return sandbox.Call{Fields: orders[0].Fields}.Field("password")
}

// TestPasswordIsWhatWasTyped: a password that looks like a command, or stands in a
// caption, is bought as it was typed; one that Telegram has changed, or that the chat
// shows to everybody, is not bought at all.
func TestPasswordIsWhatWasTyped(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		send  func(w *world) (int, error)
		wants string // "": it is refused
		says  string
	}{
		"with a slash": {func(w *world) (int, error) { return w.chats.Say(anna, anna, "/Sunny7-Harbour") }, "/Sunny7-Harbour", "Password saved"},
		"a caption":    {func(w *world) (int, error) { return w.chats.Photo(anna, anna, "Sunny7-Harbour") }, "Sunny7-Harbour", "Password saved"},
		"picture":      {func(w *world) (int, error) { return w.chats.Photo(anna, anna, "") }, "", "send it as text"},
		"bold":         {func(w *world) (int, error) { return w.chats.SayMarked(anna, anna, "bold", "Sunny7Harbour") }, "", "Telegram changed this text"},
		"a spoiler":    {func(w *world) (int, error) { return w.chats.SayMarked(anna, anna, "spoiler", "Sunny7Harbour") }, "", "Telegram changed this text"},
		"curly quotes": {func(w *world) (int, error) { return w.chats.Say(anna, anna, "Sunny7“Harbour”") }, "", "Your phone may have replaced"},
		"the example":  {func(w *world) (int, error) { return w.chats.Say(anna, anna, "Sunny-Day-2031") }, "", "the example I show everybody"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, sandbox.Config{})
			w.login(anna)
			w.atPassword()
			id, err := c.send(w)
			if err != nil {
				t.Fatal(err)
			}
			w.settle()
			w.wantSaid(anna, c.says)
			if m, _ := w.chats.Message(anna, id); !m.Deleted {
				t.Errorf("the message stays:\n%s", w.chats.Transcript(anna))
			}
			if c.wants == "" {
				w.tap(anna, "🎲 Generate a password")
			}
			if got := w.ordered(); c.wants != "" && got != c.wants {
				t.Errorf("another password was bought than was typed")
			}
		})
	}
}

// TestKeyIsChosenByItsName: what is typed where one chooses how to log in is the name of
// a key, and no password.
func TestKeyIsChosenByItsName(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{})
	w.login(anna)
	w.say(anna, strings.Replace(passwordOrder, "use_ssh_key=off password="+rootPassword, "", 1))
	w.say(anna, rootPassword)
	w.wantSaid(anna, "Please tap a button first")
	w.say(anna, "Laptop")
	w.wantSaid(anna, "SSH key laptop")
	if got := w.ordered(); got != "" {
		t.Error("what was typed was bought as a password")
	}
}

// TestTypedAsItIsMeant: signs that cannot be seen do not count, what does not fit is
// named, and plans are found in the words of either language.
func TestTypedAsItIsMeant(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{})
	w.login(boris)
	w.say(boris, "/order datacenter=17, order_period=1 & order_count=1; backups_schedule=off")
	w.say(boris, "2\u00a0ядра, 5 гигов")
	w.wantSaid(boris, "найдено: 13", "Dogwood Intel", "2 CPU · 6 ГБ")
	w.login(anna)
	w.say(anna, strings.Replace(shortOrder, "servername=web-1", "", 1))
	w.say(anna, "web№1")
	w.wantSaid(anna, "This name can't contain № (U+2116)")
	w.say(anna, "\ufeffweb—1\u200b")
	w.wantSaid(anna, "Name: web-1")
}

// TestPastedCallIsAnOrder: the vendor's own call for curl is an order, and its session
// logs in.
func TestPastedCallIsAnOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{})
	session := w.vendor.OpenSession(vendorLogin)
	call := strings.Join([]string{
		"curl --location 'https://api.zomro.com/' \\", `--form 'func="v2.instances.order.param"' \`, `--form 'auth="` + session + `"' \`,
		`--form 'out="json"' \`, `--form 'pricelist="9102"' \`, `--form 'datacenter="17"' \`, `--form 'servername="web-1"' \`,
		`--form 'password="` + rootPassword + `"'`,
	}, "\n")
	w.say(anna, call)
	w.wantSaid(anna, "Name: web-1", "the order goes on here")
	w.tap(anna, "🔑 Log in with it")
	w.wantSaid(anna, "Logged in as", "Birch Intel", "Name: web-1")
	w.stopBot()
	lookForSecrets(t, w.chats, w.sealed(), w.logs.String(), session)
}
