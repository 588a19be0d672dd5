package conversation_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"zomrobot/conversation"
	orderflow "zomrobot/conversation/order"
)

// keptTemplates are the templates of the person that the tests speak for.
var keptTemplates = []orderflow.Template{
	{Name: "small", Line: "datacenter=17 pricelist=1700 instances_os=Debian 12 use_ssh_key=on instances_ssh_keys=key-1 servername=web-1 order_period=1 order_count=2"},
	{Name: "tiny", Line: "datacenter=12 pricelist=1200"},
}

func isKeepTemplate(e conversation.Effect) bool { return is[orderflow.KeepTemplate](e) }

// kept saves what the review shows, and returns the line that is kept.
func kept(k *talk) string {
	k.tap("Save as template")
	return k.say("night job").has("a template is kept", isKeepTemplate).(orderflow.KeepTemplate).Line
}

func TestTemplateHoldsNoSecret(t *testing.T) {
	k := toReview(loggedIn(t)).command("/promo SUMMER10")
	line := kept(k)
	for _, secret := range append(k.secrets, goodPassword, "SUMMER10", "password", "promocode") {
		if strings.Contains(line, secret) {
			t.Errorf("%q is in %q", secret, line)
		}
	}
	if k.at(orderflow.PlaceReview); k.d.Aside != nil {
		t.Error("it does not go on at the review")
	}
}

func TestTemplateGivesTheSameOrder(t *testing.T) {
	k := loggedIn(t).command("/templates").tap("small").tap("Order this")
	if k.d.Draft == nil || k.d.Draft.Access.Key.Name != "key-1" || k.d.Draft.Count != 2 || k.d.Draft.Image.Label != "Debian 12" {
		t.Fatalf("the draft is another: %s", show(t, k.card()))
	}
	for k.d.Draft.Place != orderflow.PlaceReview {
		k.tap("No backups")
	}
	if line, want := kept(k), keptTemplates[0].Line; line != strings.Replace(want, "servername=web-1", "servername=web-1 backups_schedule=off", 1) {
		t.Errorf("saved again it is %q, it was %q", line, want)
	}
}

func TestTemplateForAColleagueHasNoKey(t *testing.T) {
	k := loggedIn(t).command("/templates").tap("small")
	found := false
	for _, b := range buttons(k.card()) {
		if b.Copy == "" {
			continue
		}
		found = true
		if strings.Contains(b.Copy, "key") || !strings.HasPrefix(b.Copy, "/order datacenter=17 pricelist=1700") {
			t.Errorf("%q is copied", b.Copy)
		}
	}
	if !found {
		t.Error("nothing can be copied")
	}
}

func TestTemplateOfAColleague(t *testing.T) {
	for name, send := range map[string]func(*talk) *talk{
		"with the command": func(k *talk) *talk { return k.command("/templates import " + "datacenter=17 pricelist=1700") },
		"as it was copied": func(k *talk) *talk {
			return k.command("/templates").tap("From a colleague").command("/order datacenter=17 pricelist=1700")
		},
		"without /order": func(k *talk) *talk {
			return k.command("/templates").tap("From a colleague").say("datacenter=17 pricelist=1700")
		},
		"with more than one": func(k *talk) *talk { return k.command("/templates import datacenter=17 pricelist=1700 colour=red") },
	} {
		t.Run(name, func(t *testing.T) {
			keep := send(loggedIn(t)).say("from Boris").has("it is kept", isKeepTemplate).(orderflow.KeepTemplate)
			if keep.Line != "datacenter=17 pricelist=1700" || keep.Name != "from Boris" {
				t.Errorf("%+v", keep)
			}
		})
	}
	k := loggedIn(t).command("/templates").tap("From a colleague").secretly("datacenter=17 password=" + goodPassword)
	k.has("the message with the password is deleted", isDelete)
	if line := k.say("x").has("it is kept", isKeepTemplate).(orderflow.KeepTemplate).Line; line != "datacenter=17" {
		t.Errorf("%q is kept", line)
	}
	loggedIn(t).command("/templates").tap("From a colleague").say("hello").sees("I can't find an order")
}

func TestTemplateNames(t *testing.T) {
	for _, name := range []string{strings.Repeat("x", 33), "two\nlines"} {
		k := loggedIn(t).command("/templates").tap("tiny").tap("Rename").say(name).sees("at most 32")
		if k.count(isKeepTemplate) > 0 {
			t.Errorf("%q is taken", name)
		}
	}
	keep := loggedIn(t).command("/templates").tap("tiny").tap("Rename").say(" Small one ").has("it is renamed", isKeepTemplate).(orderflow.KeepTemplate)
	if keep != (orderflow.KeepTemplate{Name: "Small one", Was: "tiny", Line: keptTemplates[1].Line}) {
		t.Errorf("%+v", keep)
	}
}

// TestAnyLineIsKeptAsItIsRead: what is kept of a text reads as the same again.
func TestAnyLineIsKeptAsItIsRead(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		text := rapid.StringMatching(`((datacenter|instances_os|addon_12|servername|password|promocode|x)=?[a-zа-я0-9 =]{0,12} ?){0,6}`).Draw(r, "text")
		read := func(text string) string {
			k := loggedIn(t).command("/templates import " + text)
			if k.d.Aside.Place != orderflow.PlaceTemplateName {
				return ""
			}
			return k.d.Aside.Flow.(*orderflow.Templates).Line
		}
		line := read(text)
		if strings.Contains(line, "password=") || strings.Contains(line, "promocode=") {
			t.Fatalf("%q is kept of %q", line, text)
		}
		if again := read(line); again != line {
			t.Fatalf("%q is kept of %q, and %q of that", line, text, again)
		}
	})
}
