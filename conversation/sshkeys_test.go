package conversation_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"zomrobot/chat"
	"zomrobot/conversation"
	accountflow "zomrobot/conversation/account"
	orderflow "zomrobot/conversation/order"
	"zomrobot/zomro"
)

// publicKey is a key for the tests. Nobody has its private half.
const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGRlbW8gZGVtbyBkZW1vIGRlbW8gZGVtbyBkZW1vIGRl anna@work-laptop"

// accountKeys are the keys of the account that the tests order with.
var accountKeys = []zomro.SSHKey{
	{ID: "490", Name: "key-0", Public: publicKey},
	{ID: "491", Name: "key-1", Fingerprint: "aa:bb"},
}

func isAddKey(e conversation.Effect) bool { return is[accountflow.AddKey](e) }

func TestPrivateKeyIsRemovedAndNotKept(t *testing.T) {
	for name, text := range map[string]string{
		"openssl":          "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----",
		"openssh":          "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA",
		"without its head": "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAE",
		"putty":            "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none",
		"a tail":           "AAAAB3NzaC1yc2EAAAADAQABAAABAQ\n-----END OPENSSH PRIVATE KEY-----",
		"both halves":      publicKey + "\n-----BEGIN OPENSSH PRIVATE KEY-----",
	} {
		for place, begin := range map[string]func() *talk{
			"nowhere":  func() *talk { return loggedIn(t) },
			"new key":  func() *talk { return loggedIn(t).command("/keys").tap("Add a key") },
			"an order": func() *talk { return toAccess(loggedIn(t)) },
		} {
			t.Run(name+" at "+place, func(t *testing.T) {
				k := begin().secretly(text)
				k.has("the message is deleted", isDelete)
				if k.count(isAddKey) > 0 || k.count(isKeep) > 0 {
					t.Errorf("something is done with it: %s", describe(t, k.effects))
				}
			})
		}
		t.Run(name+" in a command", func(t *testing.T) {
			k := loggedIn(t).command("/keys " + text)
			k.has("the message is deleted", isDelete)
			if strings.Contains(encode(t, k.d), text[:20]) {
				t.Error("the dialogue holds it")
			}
		})
	}
}

func TestKeyIsShownBeforeItIsAdded(t *testing.T) {
	k := loggedIn(t).command("/keys").tap("Add a key").say(publicKey)
	k.sees("anna-work-laptop", "ssh-ed25519", "SHA256:")
	if k.count(isAddKey) > 0 {
		t.Fatal("it is added unasked")
	}
	k.auto = false
	add := k.tap("Add it").has("the key is added", isAddKey).(accountflow.AddKey)
	if add.Name != "anna-work-laptop" || add.Line != strings.Join(strings.Fields(publicKey)[:2], " ") {
		t.Errorf("%+v is added", add)
	}
	if k.tap("Cancel").step(accountflow.KeyAdded{Name: add.Name}); !strings.Contains(k.notified(), "anna-work-laptop") {
		t.Errorf("what came of it is not told to a person who went on: %q", k.notified())
	}
}

func TestTextThatIsNoKey(t *testing.T) {
	for text, want := range map[string]string{
		"hello":            "not a public SSH key",
		"ssh-ed25519 AAAA": "not a public SSH key",
		publicKey + "\nssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f": "One key at a time",
		`from="10.0.0.1" ` + publicKey:  "would be lost",
		"ssh-rsa " + publicKey[12:]:     "not a public SSH key",
		strings.Repeat("QUFBQUFB", 12):  "not a public SSH key",
		"ssh-ed25519-cert-v01@x AAAAC3": "not a public SSH key",
	} {
		k := loggedIn(t).command("/keys").tap("Add a key").say(text).sees(want)
		if whereIs(k.d) != string(accountflow.PlaceKeyNew) {
			t.Errorf("%q leads to %s", text, whereIs(k.d))
		}
		long := slices.ContainsFunc(strings.Fields(text), func(word string) bool { return len(word) > 60 })
		if deleted := k.count(isDelete) > 0; deleted != (long && strings.Contains(want, "not a public")) {
			t.Errorf("%q: the message is deleted: %v", text, deleted)
		}
	}
}

func TestKeyIsAddedOutOfAnOrder(t *testing.T) {
	k := toAccess(loggedIn(t)).tap("Add a key").say(publicKey).tap("Another name").say("key-3").tap("Add it")
	if k.d.Draft == nil || k.d.Aside != nil || k.d.Draft.Access.Key.Name != "key-3" {
		t.Fatalf("the order does not go on with the key: %s", show(t, k.card()))
	}
	k.at(orderflow.PlaceName).sees("key-3", "added")
}

func TestKeysNeedAnAccountAndAPrivateChat(t *testing.T) {
	if k := newTalk(t, private).command("/keys"); !strings.Contains(k.notified(), "/login") {
		t.Errorf("nothing says how to log in: %q", k.notified())
	}
	if k := newTalk(t, group).command("/keys"); !strings.Contains(k.notified(), "private chat") {
		t.Errorf("in a group: %q", k.notified())
	}
}

// TestKeyIsChanged: a key is renamed and deleted as it was seen, once, and what is said
// is what the list has shown.
func TestKeyIsChanged(t *testing.T) {
	isChange := func(e conversation.Effect) bool { return is[accountflow.ChangeKey](e) }
	open := func() *talk {
		k := loggedIn(t)
		k.auto = false
		k.command("/keys").step(accountflow.KeysLoaded{Keys: accountKeys, Servers: map[string][]string{"490": {"web-1", "web-2"}}})
		return k.tap("key-0")
	}
	k := open()
	k.tap("Delete").sees("web-1, web-2", "as far as I know", "keep it")
	change := k.tap("Yes, delete").has("it is deleted", isChange).(accountflow.ChangeKey)
	if len(change.Others) != len(accountKeys)-1 || change.Key.ID != "490" || change.Key.Name != "key-0" || change.Name != "" {
		t.Errorf("%+v is asked for", change)
	}
	if again := k.sees("Deleting"); len(buttons(again.card())) != 2 {
		t.Errorf("it can be asked for twice:\n%s", show(t, again.card()))
	}
	k = open().tap("Rename").say("key/0").sees("up to 32").say("key-0").sees("already").say("key-1").sees("another key of this name").say("key-9")
	change = k.has("it is renamed", isChange).(accountflow.ChangeKey)
	if change.Name != "key-9" || k.say("key-8").count(isChange) > 0 {
		t.Errorf("%+v is asked for, and then another", change)
	}
	refused := accountflow.KeyChanged{Change: change, Problem: &conversation.Problem{Kind: zomro.Refused, Code: zomro.CodeKeyTaken}}
	if k.step(refused).sees("another name"); whereIs(k.d) != string(accountflow.PlaceKeyRename) {
		t.Errorf("after a refusal it stands at %s", whereIs(k.d))
	}
	for end, want := range map[accountflow.KeyEnd]string{
		accountflow.KeyDone: "now called", accountflow.KeyUndone: "as before", accountflow.KeyUnsure: "restarted", accountflow.KeyUnseen: "can't tell", accountflow.KeyOther: "no longer what you saw", accountflow.KeyGone: "I sent nothing",
	} {
		waiting := open().tap("Rename").say("key-9")
		gone := *waiting
		ended := accountflow.KeyChanged{Change: change, End: end}
		waiting.step(ended).sees(want).has("the list is loaded again", func(e conversation.Effect) bool { return is[accountflow.LoadKeys](e) })
		if said := gone.tap("Cancel").step(ended).notified(); !strings.Contains(said, want) {
			t.Errorf("%s: somebody who went on is told %q", end, said)
		}
	}
	late := open().tap("Delete")
	for _, b := range buttons(late.card()) {
		if strings.Contains(english(t, b.Label), "Yes, delete") {
			late.step(chat.Press{From: anna, ID: "late", Data: b.Data, Message: 900, Age: conversation.IntentLives + time.Second})
		}
	}
	if late.count(isChange) != 0 || whereIs(late.d) != string(accountflow.PlaceKeyDrop) {
		t.Errorf("a key is deleted on an old word, at %s", whereIs(late.d))
	}
	if k := open().tap("Rename"); k.step(chat.Text{From: anna, Text: "key-9", Message: 5, Forwarded: true, Seen: true}).count(isChange) != 0 {
		t.Error("a key is renamed by what somebody else wrote")
	}
	if k := loggedIn(t).command("/keys").tap("key-1"); strings.Contains(show(t, k.card()), "Rename") {
		t.Error("a key that the vendor does not tell can be renamed")
	}
}

// TestDraftFollowsTheKey: an order that is being put together goes on with the new name of
// its key, and asks again for one that is gone.
func TestDraftFollowsTheKey(t *testing.T) {
	for end, want := range map[accountflow.KeyEnd]int{accountflow.KeyDone: 1, accountflow.KeyUndone: 0} {
		k := toReview(loggedIn(t))
		k.auto = false
		k.step(accountflow.KeyChanged{Change: accountflow.ChangeKey{Key: accountflow.KeyRow{ID: "490", Name: "key-0"}}, End: end})
		if n := k.count(func(e conversation.Effect) bool { return is[orderflow.LoadForm](e) }); n != want {
			t.Errorf("%s: the form is loaded %d times", end, n)
		}
	}
}
