package conversation_test

import (
	"testing"

	"zomrobot/conversation"
	orderflow "zomrobot/conversation/order"
)

// TestTyped: what cannot be seen, and what a phone has made of quotes, spaces and
// hyphens, does not count where a text is matched.
func TestTyped(t *testing.T) {
	for text, want := range map[string]string{
		"\ufeffweb-1": "web-1", "web\u200b-1": "web-1", "web—1": "web-1", "web‑1": "web-1", "\u00a0web-1\u202f": "web-1", "we\u00adb-1": "web-1",
		"web\ufe0f-1": "web-1", "\u202eweb-1": "web-1",
	} {
		k := toAccess(loggedIn(t)).tap("SSH key").tap("key-0").at(orderflow.PlaceName).say(text)
		if k.d.Draft.Name != want {
			t.Errorf("%q is the name %q, want %q", text, k.d.Draft.Name, want)
		}
	}
	for text, sign := range map[string]string{"web№1": "№ (U+2116)", "мой": "м (U+043C)", "web 1": "␣ (U+0020)", "web/1": "/ (U+002F)", "web🚀": "🚀 (U+1F680)"} {
		toAccess(loggedIn(t)).tap("SSH key").tap("key-0").say(text).at(orderflow.PlaceName).sees("can't contain `" + sign + "`")
	}
	for line, name := range map[string]string{
		"servername=web-1, datacenter=12 & pricelist=1201": "web-1", "servername=web-1&datacenter=12&pricelist=1201": "web-1",
		"servername = web—1; datacenter=12,pricelist=1201": "web-1", "SERVERNAME=web-1\u00a0datacenter=12 pricelist=1201": "web-1",
		"\ufeffservername=\u200bweb-1 datacenter=12 ,pricelist=1201": "web-1",
	} {
		k := loggedIn(t).command("/order " + line)
		if k.d.Draft == nil || k.d.Draft.Name != name || k.d.Draft.Datacenter.ID != "12" || k.d.Draft.Plan == nil || k.d.Draft.Plan.ID != "1201" {
			t.Errorf("%q is read as %s", line, encode(t, k.d.Draft))
		}
	}
	for line, password := range map[string]string{
		"password=Sunny7-Harbour & datacenter=12": "Sunny7-Harbour", "password=Sunny7-Harbour; datacenter=12": "Sunny7-Harbour",
		"password=Sunny7-Harbour, datacenter=12": "", "password=Sunny7-Harbour,": "", "datacenter=12, password=Sunny7-Harbour": "Sunny7-Harbour",
	} {
		k := loggedIn(t)
		k.secrets = []string{"Sunny7-Harbour"}
		k.command("/order " + line)
		got := ""
		if k.count(isKeep) > 0 {
			got = k.has("keep", isKeep).(conversation.Keep).Value.Reveal()
		} else {
			k.sees("a comma")
		}
		if got != password {
			t.Errorf("%q: the password is %q", line, got)
		}
	}
	for line, off := range map[string]bool{"backups_schedule=off": true, "backups_schedule=нет": true, "backups_schedule=maybe": false, "backups_schedule=да": false} {
		if k := loggedIn(t).command("/order datacenter=12 " + line); k.d.Draft.NoBackups != off {
			t.Errorf("%q: no backups: %v", line, k.d.Draft.NoBackups)
		}
	}
	loggedIn(t).command("/order datacenter=12 backups_schedule=maybe").sees("It can be on or off")
	if k := loggedIn(t).command("/order promocode=summer\u200b10\u00a0 datacenter=17"); k.d.Draft.Promo != "summer10" {
		t.Errorf("the promo code is %q", k.d.Draft.Promo)
	}
}
