package conversation_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"zomrobot/conversation"
	"zomrobot/conversation/home"
	"zomrobot/team"
	"zomrobot/zomro"
)

// What the home card of somebody who has logged in is made from.
var (
	homeStore = home.StoreTold{
		Open: []home.Purchase{{ID: "A7K-42", What: "web-1", Stage: "in_cart", Opened: start}}, More: 2,
		Last: &home.Purchase{ID: "B8L-53", What: "Zen", Stage: "active", Opened: start.Add(-time.Hour)},
	}
	homeVendor = func() home.VendorTold {
		balance, daily := euro("100.00"), euro("0.30")
		return home.VendorTold{Accounts: []home.Account{{
			ID: "7", Balance: &balance, Daily: &daily, Days: 333, Servers: map[string]int{conversation.MarkOn: 2, conversation.MarkOff: 1, conversation.MarkSuspended: 3},
		}}}
	}()
)

// atHome is a talk at the home card, of which only the journal has told.
func atHome(t *testing.T, k *talk) *talk {
	t.Helper()
	k.auto = false
	k.command("/start")
	if k.count(isShow) != 0 {
		t.Fatal("the card is shown before the journal has told")
	}
	return k.step(homeStore)
}

// TestHome: what the journal knows is shown at once, and what the vendor tells when it
// comes, in the same message.
func TestHome(t *testing.T) {
	t.Parallel()
	k := atHome(t, loggedIn(t)).sees("A7K-42 · web-1", "in the cart", "and 2 more", "Last: B8L-53", "Asking Zomro", "[🖥 Order a server]", "[🖥 My servers]", "[👤 Accounts]", "[❓ Help]")
	if k.count(isAnew) != 1 {
		t.Error("it is not sent as a new message")
	}
	k.step(homeVendor).sees("🟢 2 running", "🔴 1 off", "⛔ 3 suspended", "100.00 EUR", "333 days").seesNot("Asking Zomro")
	if k.count(isAnew) != 0 || k.count(isShow) != 1 {
		t.Errorf("what the vendor tells does %s", describe(t, k.effects))
	}
}

// TestHomeWhoseVendorTellsFirst: it is one new message, and what stood there before stays what
// it was.
func TestHomeWhoseVendorTellsFirst(t *testing.T) {
	t.Parallel()
	k := loggedIn(t)
	k.auto = false
	k.command("/start").step(homeVendor)
	if k.count(isShow) != 0 {
		t.Errorf("before the journal has told, what the vendor tells does %s", describe(t, k.effects))
	}
	k.step(homeStore).sees("A7K-42 · web-1", "🟢 2 running", "100.00 EUR").seesNot("Asking Zomro")
	if k.count(isAnew) != 1 || k.count(isShow) != 1 {
		t.Errorf("what the journal tells then does %s", describe(t, k.effects))
	}
}

// TestHomeInTrouble: a vendor that does not tell hides nothing of what the journal knows,
// and is asked again by a button.
func TestHomeInTrouble(t *testing.T) {
	t.Parallel()
	k := atHome(t, loggedIn(t)).step(home.VendorTold{Problem: &conversation.Problem{Kind: zomro.Transient}}).sees("A7K-42")
	k.tap("Try again")
	k.has("vendor", is[home.LoadVendor])
	k.sees("Asking Zomro").step(home.VendorTold{Accounts: []home.Account{{ID: "7", Problem: &conversation.Problem{Kind: zomro.Denied}}}}).sees("[🔐 Log in]", "[🔄 Try again]")

	k = loggedIn(t)
	k.auto = false
	k.command("/start").step(home.StoreTold{Problem: &conversation.Problem{}}).sees("could not be read", "[🖥 Order a server]")
}

// TestHomeOfATeam says nothing of money, and asks the vendor nothing.
func TestHomeOfATeam(t *testing.T) {
	t.Parallel()
	k := atHome(t, inTeam(t)).sees("Backend", "A7K-42", "[👥 Team]").seesNot("balance", "EUR", "Asking Zomro")
	for _, b := range buttons(k.card()) {
		if strings.Contains(b.Data, "servers") || strings.Contains(b.Data, "accounts") {
			t.Errorf("the group has the button %s", b.Data)
		}
	}
	unbound := inTeam(t).ruled(func(tm *team.Team) { tm.Account = nil })
	atHome(t, unbound).sees("No Zomro account is connected", "[👥 Team]").seesNot("Order a server")
	k = inTeam(t)
	k.auto = false
	if k.command("/start").count(is[home.LoadVendor]) != 0 {
		t.Error("the vendor is asked for a group")
	}
}

// TestHomeIsForThoseWhoAreKnown: others are greeted.
func TestHomeIsForThoseWhoAreKnown(t *testing.T) {
	t.Parallel()
	for button, k := range map[string]*talk{"[🔐 Log in]": newTalk(t, private), "[👥 Team]": newTalk(t, group)} {
		if said := k.command("/start").notified(); !strings.Contains(said, "Hello") || !strings.Contains(said, button) || k.d.Aside != nil {
			t.Errorf("somebody new is told %q", said)
		}
	}
	k := newTalk(t, private)
	k.d.Accounts = []conversation.Account{{ID: "7", Nick: "anna@example.com", Default: true, Lost: true}}
	if k.command("/start"); k.d.Aside == nil || k.d.Aside.Place != home.PlaceHome {
		t.Error("somebody whose session was lost is a stranger")
	}
}

// TestHomeStays: it leads on for ever, and back to an order that was begun.
func TestHomeStays(t *testing.T) {
	t.Parallel()
	k := loggedIn(t).command("/start")
	before := show(t, k.card())
	k.wait(conversation.AsideLives).step(conversation.Tick{})
	if after := show(t, k.card()); k.d.Aside != nil || after != before {
		t.Errorf("after its time it says\n%s\nand not\n%s", after, before)
	}
	k.tap("My servers").sees("web-1")

	k = atHome(t, loggedIn(t)).step(home.VendorTold{Problem: &conversation.Problem{Kind: zomro.Transient}}).sees("Try again")
	k.wait(conversation.AsideLives).step(conversation.Tick{}).sees("A7K-42").seesNot("Try again")

	k = toAccess(loggedIn(t))
	at := k.d.Draft.Place
	k.command("/start").tap("Continue order").at(at)
	if k.d.Aside != nil {
		t.Error("the home card stays above the order")
	}
}

// TestHelp: each command that is offered stands in one place, but for the two that need
// no help, and the example is one that is taken.
func TestHelp(t *testing.T) {
	t.Parallel()
	for _, k := range []*talk{loggedIn(t), inTeam(t)} {
		said := k.command("/help").notified()
		for _, c := range machine.Commands() {
			offered := k.d.Key.Private() && c.Private || !k.d.Key.Private() && c.Group
			self := slices.Contains([]string{"help", "start"}, c.Name)
			got := 0
			for _, word := range strings.Fields(said) {
				if word == "/"+c.Name {
					got++
				}
			}
			if c.Name != "order" && (got == 1) != (offered && !self) {
				t.Errorf("/%s stands in the help %d times:\n%s", c.Name, got, said)
			}
		}
		_, example, _ := strings.Cut(said, "API parameters: `")
		example, _, found := strings.Cut(example, "`")
		if k.command(example); !found || k.d.Draft == nil || k.d.Draft.Plan == nil || k.d.Draft.Plan.ID != "1700" || k.d.Draft.Count != 1 {
			t.Errorf("the example %q is not taken", example)
		}
		if shown := show(t, k.card()); strings.Contains(shown, "❗") {
			t.Errorf("the example is taken with\n%s", shown)
		}
	}
}

// TestHelpOfOwners: an owner of the bot is told of their own commands, and nobody else.
func TestHelpOfOwners(t *testing.T) {
	t.Parallel()
	for _, k := range []*talk{loggedIn(t), inTeam(t)} {
		for _, owner := range []bool{true, false} {
			said := k.step(home.ExampleLoaded{Line: "/order", Owner: owner}).notified()
			for _, c := range machine.OwnersCommands() {
				here := k.d.Key.Private() && c.Private || !k.d.Key.Private() && c.Group
				if got := strings.Contains(said, "/"+c.Name); got != (owner && here) {
					t.Errorf("owner %v: /%s in the help: %v\n%s", owner, c.Name, got, said)
				}
			}
		}
	}
}

// TestALinkThatDoesNotWork leads home, and takes no question away.
func TestALinkThatDoesNotWork(t *testing.T) {
	t.Parallel()
	if said := newTalk(t, private).command("/start gone").notified(); !strings.Contains(said, "no longer works") || !strings.Contains(said, "Hello") {
		t.Errorf("somebody new is told %q", said)
	}
	loggedIn(t).command("/start gone").sees("no longer works", "Home", "A7K-42")
	k := loggedIn(t).command("/logout")
	was := k.d.Aside.Place
	if said := k.command("/start gone").notified(); !strings.Contains(said, "no longer works") || k.d.Aside.Place != was {
		t.Errorf("during a question it says %q and goes to %s", said, whereIs(k.d))
	}
}

// TestWhatOnlyShowsStays: what makes no sense is answered beside a card that only shows
// something, and with one that asks.
func TestWhatOnlyShowsStays(t *testing.T) {
	t.Parallel()
	for _, at := range []func(k *talk) *talk{
		func(k *talk) *talk { return atHome(t, k).step(homeVendor) },
		func(k *talk) *talk { return atHome(t, k.command("/order")).step(homeVendor) }, // before an order
	} {
		for _, command := range []string{"/teapot", "/startt"} {
			k := at(loggedIn(t)).command(command)
			if k.count(isShow) != 0 || !strings.Contains(k.notified(), "don't know this command") {
				t.Errorf("%s at the home card does %s", command, describe(t, k.effects))
			}
		}
	}
	if k := loggedIn(t).command("/order").command("/teapot").sees("don't know this command"); k.count(isAnew) != 1 {
		t.Errorf("in an order it does %s", describe(t, k.effects))
	}
}
