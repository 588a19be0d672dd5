package conversation_test

import (
	"slices"
	"strings"
	"testing"

	"zomrobot/chat"
	"zomrobot/conversation"
	orderflow "zomrobot/conversation/order"
	"zomrobot/zomro"
)

// shareOf is the order that the last step has made a link to.
func (k *talk) shareOf() orderflow.ShareOrder {
	k.t.Helper()
	return k.has("share", is[orderflow.ShareOrder]).(orderflow.ShareOrder)
}

// TestWhatIsShared: a link has the configuration, and nothing that is the sharer's own. The
// promo code stays beside it.
func TestWhatIsShared(t *testing.T) {
	t.Parallel()
	k := loggedIn(t).command("/order datacenter=17 pricelist=1701 order_period=1 instances_os=Ubuntu 22.04 servername=web-1 order_count=2 " +
		"addon_171=260 backups_schedule=off use_ssh_key=on instances_ssh_keys=key-0 promocode=SUMMER10").at(orderflow.PlaceReview).tap("Share")
	want := "datacenter=17 pricelist=1701 instances_os=Ubuntu 22.04 servername=web-1 backups_schedule=off order_period=1 order_count=2 addon_171=260 addon_173=35 addon_174=a"
	if got := k.shareOf(); got.Line != want || got.Promo != "SUMMER10" {
		t.Errorf("a draft is shared as %q, with the code %q;\nwant %q", got.Line, got.Promo, want)
	}
	if said := k.notified(); !strings.Contains(said, "SUMMER10 is not passed on") && !strings.Contains(said, "`SUMMER10` is not passed on") {
		t.Errorf("of the code it says %q", said)
	}

	k = loggedIn(t).press("p1:A7K-42:9:share")
	if got := k.shareOf(); !strings.Contains(got.Line, "pricelist=1701 instances_os=17-Debian 12") || strings.Contains(got.Line, "key") || got.Promo != "SUMMER10" {
		t.Errorf("a purchase is shared as %+v", got)
	}
	k = loggedIn(t).command("/templates").tap(keptTemplates[0].Name).tap("Share")
	if got := k.shareOf(); got.Line == "" || strings.Contains(got.Line, "ssh") || got.Promo != "" {
		t.Errorf("a template is shared as %+v", got)
	}
}

// TestHowALinkIsHandedOn: in private it is copied or sent; in a group it is a button for
// everybody, and only the sharer adds the promo code.
func TestHowALinkIsHandedOn(t *testing.T) {
	t.Parallel()
	made := func(k *talk, e orderflow.ShareMade) chat.Screen {
		return k.step(e).has("message", isNotify).(conversation.Notify).Screen
	}
	has := func(s chat.Screen, is func(chat.Button) bool) bool { return slices.ContainsFunc(buttons(s), is) }
	s := made(loggedIn(t), orderflow.ShareMade{Code: linkCode})
	if !has(s, func(b chat.Button) bool { return b.StartCopy == linkCode }) || !has(s, func(b chat.Button) bool { return b.StartShare == linkCode }) || has(s, func(b chat.Button) bool { return b.Data != "" }) {
		t.Errorf("in private it is %s", encode(t, s))
	}
	s = made(inTeam(t), orderflow.ShareMade{Code: linkCode, Promo: "SUMMER10"})
	if !has(s, func(b chat.Button) bool { return b.Start == linkCode }) || !has(s, func(b chat.Button) bool { return b.Data == "l1:"+linkCode+":16" }) {
		t.Errorf("in a group it is %s", encode(t, s))
	}
	k := loggedIn(t).press("l1:" + linkCode)
	if said := k.notified(); !strings.Contains(said, "passed on too") || strings.Contains(said, "Add promo code") {
		t.Errorf("with the code it says %q", said)
	}
	if said := loggedIn(t).step(orderflow.ShareMade{Gone: true}).notified(); !strings.Contains(said, "no longer works") {
		t.Errorf("of a link that is gone it says %q", said)
	}
}

// TestALinkIsFollowed: it opens the configuration, says where that comes from, and is
// checked against today's catalogue.
func TestALinkIsFollowed(t *testing.T) {
	t.Parallel()
	follow := func(k *talk, line, promo string) *talk {
		k.shared = &orderflow.ShareOpened{Line: line, Promo: promo}
		return k.command("/start " + linkCode)
	}
	const line = "datacenter=17 pricelist=1701 order_period=1 instances_os=Debian 12 servername=web-1 order_count=1 backups_schedule=off"
	k := follow(loggedIn(t), line, "SUMMER10").sees("someone else's link", "Nothing is ordered until you confirm")
	dr := k.d.Draft
	if dr.Plan == nil || dr.Plan.ID != "1701" || dr.Image == nil || dr.Image.Label != "Debian 12" || dr.Period != zomro.Month || dr.Promo != "SUMMER10" || dr.Access.Kind != "" {
		t.Fatalf("the draft is %s", encode(t, dr))
	}
	if k.count(isOpen) != 0 {
		t.Fatal("something was ordered")
	}
	if first := dr.ID; follow(k.press("w1:"+first+":0:x"), line, "").tap("Open the link").d.Draft.ID == first {
		t.Error("the same link twice is the same draft")
	}

	follow(loggedIn(t), "datacenter=17 pricelist=9999", "").sees("someone else's link", "9999")

	k = newTalk(t, private)
	k = follow(k, line, "").at(orderflow.PlaceWaits).sees("someone else's link", "Datacenter: 🇳🇱 Netherlands-3", "Plan: Nova", "System: Debian 12", "Period: month", "Name: web-1", "Log in to your Zomro account").seesNot("Step", "pricelist")
	if said := show(t, k.card()); strings.Count(said, "Log in") != 2 { // the sentence and the button
		t.Errorf("the login is asked for more than once:\n%s", said)
	}
	if k.count(is[orderflow.LoadCatalogue]) != 0 {
		t.Error("the vendor is asked for somebody without an account")
	}
	k.d.Know([]conversation.Account{{ID: "7", Nick: "anna@example.com", Default: true}})
	k.step(conversation.AccountChanged{})
	if dr := k.d.Draft; dr == nil || dr.Plan == nil || dr.Plan.ID != "1701" {
		t.Errorf("after the login the draft is %s", encode(t, k.d.Draft))
	}
}

// TestALinkDoesNotTakeADraftAway: whoever has begun an order is asked first.
func TestALinkDoesNotTakeADraftAway(t *testing.T) {
	t.Parallel()
	begun := func() *talk {
		k := toAccess(loggedIn(t))
		k.shared = &orderflow.ShareOpened{Line: "datacenter=12 pricelist=1201"}
		return k.command("/start "+linkCode).sees("not finished", "/order datacenter=12")
	}
	waiting := newTalk(t, private).command("/order 4 gb debian")
	waiting.shared = &orderflow.ShareOpened{Line: "datacenter=12 pricelist=1201"}
	waiting.command("/start " + linkCode).sees("not finished").tap("Cancel").at(orderflow.PlaceWaits).sees("“4 gb debian”")
	was := toAccess(loggedIn(t)).d.Draft.Plan.ID
	if got := begun().tap("Cancel").at(orderflow.PlaceAccess).d.Draft; got.Plan.ID != was || got.Shared {
		t.Errorf("the order that was begun is now %s", encode(t, got))
	}
	if got := begun().tap("Open the link").d.Draft; got.Plan == nil || got.Plan.ID != "1201" || !got.Shared {
		t.Errorf("the link's order is %s", encode(t, got))
	}
}
