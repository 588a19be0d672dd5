package conversation_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"zomrobot/chat"
	"zomrobot/conversation"
	orderflow "zomrobot/conversation/order"
	"zomrobot/zomro"
)

// toAccess walks to the question of how to log in, with the smallest plan.
func toAccess(k *talk) *talk {
	return k.command("/order").tap("Choose everything").at(orderflow.PlaceDatacenter).
		tap("Netherlands-3").at(orderflow.PlacePlan).
		tap("Blitz").at(orderflow.PlaceSystem).
		tap("Ubuntu").at(orderflow.PlaceVersion).
		tap("Ubuntu 22.04").at(orderflow.PlaceAccess)
}

// toReview walks to the review, with a key.
func toReview(k *talk) *talk {
	return toAccess(k).tap("SSH key").tap("key-3").at(orderflow.PlaceName).
		say("web-1").at(orderflow.PlaceBackups).
		tap("No backups").at(orderflow.PlacePeriod).
		tap("month").at(orderflow.PlaceCount).
		tap("2").at(orderflow.PlaceReview)
}

func TestOrderFromBeginningToEnd(t *testing.T) {
	k := toReview(loggedIn(t))
	k.seesNot("Step").sees("Review", "🇳🇱 Netherlands-3", "Blitz", "Ubuntu 22.04", "key-3", "web-1", "Backups: none", "month", "2 servers",
		"Plan price: 4.20 EUR", "Charged now: 8.40 EUR", "Excluding tax", "Balance: 100.00 EUR", "terms of service")
	k.tap("Order for 8.40 EUR")
	open := k.has("open", isOpen).(conversation.Open)
	want := zomro.Order{
		Plan: "1700", Datacenter: "17", Period: zomro.Month, Count: 2, Image: "17-Ubuntu 22.04",
		UseKey: true, Key: "493", ServerName: "web-1",
	}
	if !reflect.DeepEqual(open.Order, want) {
		t.Errorf("order %+v, want %+v", open.Order, want)
	}
	if open.Agreed.Total.Amount.String() != "8.4" || open.Agreed.Price.Amount.String() != "4.2" || open.Agreed.Period != zomro.Month || len(open.Agreed.Lines) != 8 {
		t.Errorf("agreed %s", encode(t, open.Agreed))
	}
	if open.PlanTitle != "Blitz" || open.DatacenterName != "Netherlands-3 [Cloud]" {
		t.Errorf("named %q in %q", open.PlanTitle, open.DatacenterName)
	}
	if k.d.Draft != nil || !k.d.Handed {
		t.Error("the draft is still open, or its card is not handed to the purchase")
	}
}

func TestEveryChoiceReachesTheOrder(t *testing.T) {
	k := loggedIn(t).command("/order").tap("Choose everything").tap("Poland-1").say("intel").sees("“intel”: 1 match").tap("Nova").
		at(orderflow.PlaceAddons).sees("network (1 of 3)", "IPv4 · default", "one address is included").tap("only with IPv6").
		sees("Disk space (2 of 3)", "from 35 to 95", "0.50 EUR").say("55").
		sees("traffic (3 of 3)").tap("Skip").
		at(orderflow.PlaceSystem).say("windows 2025").at(orderflow.PlaceVersion).tap("2025").
		at(orderflow.PlaceAccess).seesNot("SSH key]").sees("do not work with Windows").tap("My own").secretly(goodPassword).
		at(orderflow.PlaceName).tap("Skip").
		tap("On a schedule").say("nightly").tap("Mon").tap("Sun").tap("Wed").tap("Mon").tap("Done").say("4:20").
		at(orderflow.PlacePeriod).tap("day").at(orderflow.PlaceCount).say("3").
		at(orderflow.PlaceReview).sees("Windows comes with", "charges 24 hours in advance")
	// A day costs 0.50; IPv6 takes 1.00 off, two steps of disk add 1.00. What
	// backups cost is not told.
	k.sees("Charged now: 1.50 EUR plus backups (price not known)")
	k.command("/promo SUMMER10").sees("Promo code: `SUMMER10`").command("/confirm")
	open := k.has("open", isOpen).(conversation.Open)
	want := zomro.Order{
		Plan: "1201", Datacenter: "12", Period: zomro.Day, Count: 3, Image: "12-Windows Server 2025",
		Addons:  []zomro.AddonValue{{Name: "addon_121", Value: "260"}, {Name: "addon_123", Value: "55"}, {Name: "addon_124", Value: "a"}},
		Backups: &zomro.Backups{Name: "nightly", Days: []int{0, 3}, Time: "04:20"},
	}
	if !reflect.DeepEqual(open.Order, want) {
		t.Errorf("order %+v, want %+v", open.Order, want)
	}
	if open.Promo != "SUMMER10" {
		t.Errorf("promo %q", open.Promo)
	}
}

func TestTenConfirmsOpenOnce(t *testing.T) {
	k := toReview(loggedIn(t))
	var confirm string
	for _, b := range buttons(k.card()) {
		if strings.HasSuffix(b.Data, ":confirm") {
			confirm = b.Data
		}
	}
	k.auto = false
	opened := 0
	for range 5 {
		k.press(confirm)
		opened += k.count(isOpen)
		k.command("/confirm")
		opened += k.count(isOpen)
	}
	if opened != 1 {
		t.Errorf("%d purchases were opened", opened)
	}
	if toast := k.press(confirm).toast(); toast != "note.opening" {
		t.Errorf("a press on an order that is being placed is answered by %q", toast)
	}
	k.step(orderflow.PurchaseOpened{Draft: k.d.Draft.ID, ID: "A7K-42"}).press(confirm)
	if toast := k.toast(); toast != "toast.ordered" {
		t.Errorf("a press on a closed order is answered by %q", toast)
	}
	if toast := k.command("/order").press(confirm).toast(); toast != "toast.ordered" {
		t.Errorf("with another order begun it is answered by %q", toast)
	}
}

func TestRefusedPurchaseGivesTheDraftBack(t *testing.T) {
	k := toReview(loggedIn(t))
	k.auto = false
	k.tap("Order for").at(orderflow.PlaceOpening)
	id := k.d.Draft.ID
	k.step(orderflow.PurchaseRefused{Draft: "other", Problem: conversation.Problem{}}).at(orderflow.PlaceOpening)
	k.step(orderflow.PurchaseRefused{Draft: id, Problem: conversation.Problem{Kind: zomro.Denied}}).
		at(orderflow.PlaceReview).sees("not placed", "Nothing was charged", "/login")
	k.tap("Order for")
	if k.has("open", isOpen).(conversation.Open).Draft != id {
		t.Error("another draft was opened")
	}
}

func TestRefusedForThePassword(t *testing.T) {
	k := loggedIn(t)
	toAccess(k).tap("Generate").tap("Skip").tap("No backups").tap("month").tap("1").at(orderflow.PlaceReview)
	k.auto = false
	k.tap("Order for").step(orderflow.PurchaseRefused{Draft: k.d.Draft.ID, Problem: conversation.Problem{Code: conversation.CodeNoPassword}})
	k.at(orderflow.PlaceReview).sees("to be entered again").tap("Order for").at(orderflow.PlaceAccess)
	if k.count(isOpen) != 0 {
		t.Error("opened without a password")
	}
}

func TestTypedPasswordLeavesAtOnce(t *testing.T) {
	k := toAccess(loggedIn(t)).tap("My own").at(orderflow.PlacePassword)
	k.secretly(goodPassword).at(orderflow.PlaceName)
	if keep := k.has("keep", isKeep).(conversation.Keep); keep.Slot != conversation.SlotPassword || keep.Value.Reveal() != goodPassword {
		t.Errorf("kept %s in %q", keep.Value.Reveal(), keep.Slot)
	}
	if del := k.has("delete", isDelete).(conversation.Delete); del.Message != k.message {
		t.Errorf("deleted message %d, want %d", del.Message, k.message)
	}
	k.has("new card", isAnew)
}

// A password is taken where it was asked for; before its button is pressed it only goes.
// The name of a key chooses the key.
func TestTypedAtAccess(t *testing.T) {
	k := toAccess(loggedIn(t)).secretly(goodPassword).at(orderflow.PlaceAccess).sees("tap a button first")
	if k.has("delete", isDelete).(conversation.Delete).Message != k.message || k.count(isKeep) > 0 {
		t.Error("the password stays, or is taken")
	}
	k.say(" KEY-3 ").at(orderflow.PlaceName).sees("SSH key key-3")
}

func TestPasswordExpires(t *testing.T) {
	k := toAccess(loggedIn(t)).tap("My own").secretly(goodPassword).tap("Skip").tap("No backups").tap("month").tap("1").at(orderflow.PlaceReview)
	if want := start.Add(30 * time.Minute); !k.d.Wake.Equal(want) {
		t.Errorf("wakes at %v, want %v", k.d.Wake, want)
	}
	k.wait(30 * time.Minute).step(conversation.Tick{})
	if k.has("drop", isDrop).(conversation.Drop).Slot != conversation.SlotPassword {
		t.Error("another secret was dropped")
	}
	k.at(orderflow.PlaceReview).sees("to be entered again").tap("Order for").at(orderflow.PlaceAccess)
	if k.count(isOpen) > 0 {
		t.Error("opened without a password")
	}
	k.tap("My own").secretly(goodPassword).at(orderflow.PlaceReview).tap("Order for")
	k.has("open", isOpen)
}

// The tick may be late: a password is not used after its time.
func TestPasswordExpiresWithoutTick(t *testing.T) {
	k := toAccess(loggedIn(t)).tap("My own").secretly(goodPassword).tap("Skip").tap("No backups").tap("month").tap("1")
	k.wait(31 * time.Minute).command("/confirm").at(orderflow.PlaceAccess)
	if k.count(isOpen) > 0 {
		t.Error("opened with a password that has expired")
	}
}

func TestGeneratedPasswordIsShownOnce(t *testing.T) {
	k := toAccess(loggedIn(t)).tap("Generate")
	notify := k.has("notification", isNotify).(conversation.Notify)
	if !notify.Protect || !strings.Contains(show(t, notify.Screen), "||Made7-by-the-machine||") {
		t.Errorf("protect %v: %s", notify.Protect, show(t, notify.Screen))
	}
	k.at(orderflow.PlaceName).sees("generated password")
	k.press("x1")
	if k.has("delete", isDelete).(conversation.Delete).Message != 900 {
		t.Error("another message was deleted")
	}
}

func TestLatePasswordIsDropped(t *testing.T) {
	k := toAccess(loggedIn(t))
	k.auto = false
	k.tap("Generate").tap("SSH key").tap("key-0").at(orderflow.PlaceName)
	k.step(orderflow.PasswordMade{Draft: k.d.Draft.ID, Password: zomro.NewSecret("Late-One7-word")})
	k.has("drop", isDrop)
	if k.count(isNotify) > 0 {
		t.Error("a password was shown that is not used")
	}
}

func TestGroupNeverTakesSecrets(t *testing.T) {
	k := inTeam(t)
	toAccess(k).seesNot("Generate", "My own").sees("No secrets in a group")
	k.secretly(goodPassword).at(orderflow.PlaceAccess).sees("change that secret")
	k.has("delete", isDelete)
	k.press("w1:" + k.d.Draft.ID + ":" + revision(k) + ":make")
	if k.toast() != "toast.unknown" {
		t.Error("a password is made in a group")
	}
	k.say("I would take the key").at(orderflow.PlaceAccess)
	if k.count(isDelete) > 0 {
		t.Error("what is no password was deleted from a group")
	}
	k.command("/login " + goodToken)
	k.secrets = append(k.secrets, goodToken)
	if !strings.Contains(k.notified(), "change that secret") || k.count(isKeep) > 0 {
		t.Error("a token was taken in a group")
	}
	k.has("delete", isDelete)
}

func TestBackLeadsThroughEveryStep(t *testing.T) {
	k := loggedIn(t).command("/order").tap("Choose everything").tap("Netherlands").tap("Nova").tap("Skip").tap("Skip").tap("Skip").
		tap("Debian").tap("SSH key").tap("key-1").tap("Skip").tap("On a schedule").tap("daily").tap("All").tap("Done").tap("06:00").tap("year")
	for _, p := range []conversation.Place{
		orderflow.PlaceCount, orderflow.PlacePeriod, orderflow.PlaceBackups, orderflow.PlaceName, orderflow.PlaceAccess,
		orderflow.PlaceSystem, orderflow.PlaceAddons, orderflow.PlaceAddons, orderflow.PlaceAddons, orderflow.PlacePlan,
	} {
		k.at(p).tap("‹ Back")
	}
	k.at(orderflow.PlaceDatacenter).tap("‹ Back").at(orderflow.PlaceOffer).seesNot("‹ Back")
	k.tap("Choose everything").at(orderflow.PlaceCount).tap("‹ Back").tap("‹ Back").at(orderflow.PlaceBackups)
	for k.d.Draft.Place != orderflow.PlaceDatacenter {
		k.tap("‹ Back")
	}
	// What was answered is not asked again.
	k.tap("Netherlands").at(orderflow.PlaceCount)
}

func TestEditOneField(t *testing.T) {
	for _, c := range []struct {
		field string
		do    func(*talk)
		sees  string
	}{
		{"System", func(k *talk) { k.tap("Debian") }, "Debian 12"},
		{"Login", func(k *talk) { k.tap("SSH key").tap("key-5") }, "key-5"},
		{"Name", func(k *talk) { k.say("db-1") }, "db-1"},
		{"Backups", func(k *talk) { k.tap("schedule").tap("daily").tap("All").tap("Done").tap("02:00") }, "Backups: daily, daily, 02:00"},
		{"Period", func(k *talk) { k.tap("year") }, "Charged now: 100.80 EUR"},
		{"Quantity", func(k *talk) { k.say("35") }, "35 servers"},
		{"Plan", func(k *talk) { k.say("series 4").tap("Series 4") }, "Series 4"},
		{"Datacenter", func(k *talk) { k.tap("Germany") }, "Germany-1"},
	} {
		t.Run(c.field, func(t *testing.T) {
			k := loggedIn(t)
			k.quick = true
			toReview(k).quick = false
			k.at(orderflow.PlaceReview).tap(c.field)
			k.tap("‹ Back").at(orderflow.PlaceReview).tap(c.field)
			c.do(k)
			k.at(orderflow.PlaceReview).sees(c.sees)
		})
	}
}

func TestOtherDatacenterKeepsWhatFits(t *testing.T) {
	k := loggedIn(t).command("/order").tap("Choose everything").tap("Netherlands").tap("Nova").tap("IPv6").say("45").tap("24 TB").
		tap("Debian").tap("SSH key").tap("key-1").tap("Skip").tap("No backups").tap("month").tap("1").at(orderflow.PlaceReview)
	k.tap("Datacenter").tap("Poland").at(orderflow.PlaceReview).seesNot("removed").
		sees("Poland-1", "server only with IPv6", "Disk space: 45", "24 TB", "Debian 12", "key-1")
	k.tap("Order for")
	want := []zomro.AddonValue{{Name: "addon_121", Value: "260"}, {Name: "addon_123", Value: "45"}, {Name: "addon_124", Value: "b"}}
	if o := k.has("open", isOpen).(conversation.Open).Order; o.Plan != "1201" || o.Image != "12-Debian 12" || !reflect.DeepEqual(o.Addons, want) {
		t.Errorf("order %+v", o)
	}
}

func TestOtherDatacenterDropsWhatDoesNotFit(t *testing.T) {
	k := loggedIn(t).command("/order").tap("Choose everything").tap("Netherlands").say("only here").tap("Only here").say("nowhere").tap("Nowhere").tap("SSH key").tap("key-1").
		tap("Skip").tap("No backups").tap("3 months").tap("1").at(orderflow.PlaceReview)
	k.tap("Datacenter").tap("Poland").at(orderflow.PlacePlan).sees("removed: plan Only here")
	k.tap("Zen").at(orderflow.PlaceSystem).sees("removed: period (3 months)", "system Nowhere else 1")
	k.tap("Debian").at(orderflow.PlacePeriod).seesNot("3 months").tap("year").at(orderflow.PlaceReview).sees("sold out")
}

func TestWindowsTakesNoKey(t *testing.T) {
	k := loggedIn(t).command("/order").tap("Choose everything").tap("Netherlands").say("zen").tap("Zen").tap("Debian").tap("SSH key").tap("key-1").tap("Skip").tap("No backups").tap("month").tap("1")
	k.tap("System").say("windows").tap("2022").at(orderflow.PlaceAccess).sees("do not work with Windows").seesNot("SSH key]")
	k.press("w1:" + k.d.Draft.ID + ":" + revision(k) + ":key")
	if k.toast() != "toast.unknown" {
		t.Error("a key was offered to Windows")
	}
}

// revision is that of the card, as its buttons carry it.
func revision(k *talk) string { return strings.Split(buttons(k.card())[0].Data, ":")[2] }

func TestOldButtons(t *testing.T) {
	k := loggedIn(t).command("/order").tap("Choose everything")
	old := buttons(k.card())[0].Data
	k.tap("Netherlands").press(old).at(orderflow.PlacePlan)
	if k.toast() != "toast.stale" {
		t.Errorf("answered by %q", k.toast())
	}
	k.has("card", isShow)
	k.tap("Cancel").press(old)
	if k.toast() != "toast.closed" {
		t.Errorf("answered by %q", k.toast())
	}
	// An older client shows a button that is off as any other, and sends nothing with it.
	if toast := k.press("").toast(); toast != "toast.off" {
		t.Errorf("a button that is off is answered by %q", toast)
	}
	for _, forged := range []string{"w1", "w1:a:b:c", "w1:a:1", "zz:1:2:3", "p1:A7K-42:1:rob", "c1:rob", "g1:xx", "w1:a:1:pick.x", "x1:1"} {
		k.press(forged)
		if toast := k.toast(); toast != "toast.unknown" {
			t.Errorf("%q is answered by %q", forged, toast)
		}
	}
}

func TestTogglesKeepTheirButtons(t *testing.T) {
	k := toReview(loggedIn(t)).tap("Backups").tap("schedule").tap("daily")
	before := revision(k)
	k.tap("Mon").tap("Tue").sees("✓ Mon", "✓ Tue")
	if revision(k) != before {
		t.Error("a toggle made the card's buttons old")
	}
	k.tap("Tue").tap("Mon").tap("Done")
	if k.toast() != "toast.days" {
		t.Error("a schedule without days was taken")
	}
}

func TestTypedAnswersBringTheCardDown(t *testing.T) {
	k := toAccess(loggedIn(t)).tap("SSH key").tap("key-0")
	k.say("web-1")
	k.has("new card", isAnew)
	k.tap("No backups")
	if k.count(isAnew) > 0 {
		t.Error("a press sent the card anew")
	}
}

func TestWrongAnswersSayWhyAndKeepTheRest(t *testing.T) {
	long := strings.Repeat("a", 101)
	for _, c := range []struct {
		place func(*talk) *talk
		texts []string
		key   string
	}{
		{func(k *talk) *talk { return k.command("/order").tap("Choose everything") }, []string{"nowhere", "e"}, "No datacenter matches"},
		{func(k *talk) *talk {
			return k.command("/order").tap("Choose everything").tap("Nether").tap("Nova").tap("Skip")
		}, []string{"34", "96", "36", "many", "-1", "9999999999999999999999"}, "from 35 to 95 in steps of 10"},
		{func(k *talk) *talk { return toAccess(k).tap("SSH key").tap("key-0") }, []string{"", "web 1", "сервер", long, "-web", "a<b>"}, "For example web-1"},
		{func(k *talk) *talk {
			return toAccess(k).tap("SSH key").tap("key-0").tap("Skip").tap("schedule")
		}, []string{"my plan", "план"}, "For example web-1"},
		{func(k *talk) *talk {
			return toAccess(k).tap("SSH key").tap("key-0").tap("Skip").tap("schedule").tap("daily").tap("All").tap("Done")
		}, []string{"24:00", "4", "04:60", "noon"}, "Write the time as"},
		{func(k *talk) *talk {
			return toAccess(k).tap("SSH key").tap("key-0").tap("Skip").tap("No backups").tap("month")
		}, []string{"0", "36", "two", "1.5"}, "from 1 to 35"},
		{func(k *talk) *talk { return toReview(k).tap("Promo") }, []string{"two words", strings.Repeat("x", 65)}, "one word"},
	} {
		for _, text := range c.texts {
			k := loggedIn(t)
			k.quick = true
			c.place(k).quick = false
			before := k.d.Draft.Place
			k.say(text).at(before).sees(c.key)
		}
	}
}

func TestSearchOfPlans(t *testing.T) {
	for search, want := range map[string][]string{
		"2 cpu 4 gb":  {"Nova"},
		"10 gb":       {"Zen"},
		"INTEL nova":  {"Nova"},
		"windows":     {"Nova"},
		"1704":        {"Series 4"},
		"4 ядра 10гб": {"Zen"},
	} {
		k := loggedIn(t).command("/order").tap("Choose everything").tap("Netherlands").say(search)
		for _, title := range want {
			k.sees(title)
		}
		k.tap("Show all").sees("1/3")
	}
	loggedIn(t).command("/order").tap("Choose everything").tap("Netherlands").say("<nothing>").sees("No matches").tap("‹ Back").sees("1/3")
}

func TestPaging(t *testing.T) {
	k := loggedIn(t).command("/order").tap("Choose everything").tap("Netherlands").sees("Blitz", "1/3").tap("›").sees("2/3").seesNot("Blitz").
		tap("›").sees("3/3").tap("›").sees("1/3").tap("‹").sees("3/3")
	k.tap("Series 17").at(orderflow.PlaceSystem)
}

func TestLoadingAndTrouble(t *testing.T) {
	k := loggedIn(t)
	k.auto = false
	k.command("/order").sees("Asking Zomro", "Cancel")
	id := k.d.Draft.ID
	k.step(orderflow.CatalogueLoaded{Draft: id, Problem: &conversation.Problem{Kind: zomro.Transient}}).sees("isn't responding", "Try again")
	k.tap("Try again").sees("Asking Zomro")
	if load := k.has("load", is[orderflow.LoadCatalogue]).(orderflow.LoadCatalogue); !load.Fresh {
		t.Error("tried again from a cache")
	}
	k.step(orderflow.CatalogueLoaded{Draft: id, Catalogue: catalogueOf("")}).tap("Choose everything").tap("Poland").sees("Asking Zomro")
	k.step(orderflow.CatalogueLoaded{Draft: id, Datacenter: "19", Catalogue: catalogueOf("19")}).sees("Asking Zomro") // of an earlier choice
	k.say("text meanwhile").sees("wasn't expecting").tap("‹ Back").at(orderflow.PlaceDatacenter)
	k.step(orderflow.CatalogueLoaded{Draft: id, Datacenter: "12", Catalogue: catalogueOf("12")}).at(orderflow.PlaceDatacenter)
	k.tap("Poland")
	if k.count(is[orderflow.LoadCatalogue]) != 1 {
		t.Error("not asked again")
	}
	k.step(orderflow.CatalogueLoaded{Draft: id, Datacenter: "12", Catalogue: catalogueOf("12")}).tap("Nova").sees("Asking Zomro")
	k.step(orderflow.FormLoaded{Draft: id, Plan: "1201", Datacenter: "12", Problem: &conversation.Problem{Kind: zomro.Denied}}).sees("Log in")
	k.command("/continue")
	k.has("new card", isAnew)
}

func TestDatacenterWithoutPlans(t *testing.T) {
	loggedIn(t).command("/order").tap("Choose everything").tap("Atlantis").at(orderflow.PlacePlan).sees("no plans", "Try again").tap("‹ Back").tap("Germany").sees("Blitz")
}

func TestUnfinishedOrder(t *testing.T) {
	k := toAccess(loggedIn(t)).command("/order").sees("unfinished order", "Ubuntu 22.04")
	first := k.d.Draft.ID
	k.tap("Continue").at(orderflow.PlaceAccess)
	k.command("/order").tap("Start over").at(orderflow.PlaceOffer)
	if k.d.Draft.ID == first {
		t.Error("the old draft goes on")
	}
	k.tap("Choose everything").command("/order").at(orderflow.PlaceOffer) // nothing chosen: nothing to ask about
	k.command("/cancel")
	k.sees("Order cancelled").command("/cancel")
	if !strings.Contains(k.notified(), "nothing to cancel") {
		t.Error("an order was cancelled twice")
	}
}

func TestCancelForgetsThePassword(t *testing.T) {
	k := toAccess(loggedIn(t)).tap("My own").secretly(goodPassword).tap("Cancel")
	k.has("drop", isDrop)
	if !k.d.Wake.IsZero() {
		t.Error("wakes for nothing")
	}
}

func TestDraftExpires(t *testing.T) {
	k := toAccess(loggedIn(t)).wait(71 * time.Hour).step(conversation.Tick{}).at(orderflow.PlaceAccess)
	k.tap("SSH key").wait(72 * time.Hour).step(conversation.Tick{})
	if k.d.Draft != nil || !strings.Contains(k.notified(), "closed your unfinished order after three days") {
		t.Error("the draft did not expire, or silently")
	}
}

func TestConfirmSaysWhatIsMissing(t *testing.T) {
	k := toAccess(loggedIn(t)).command("/confirm").at(orderflow.PlaceAccess).sees("Still to choose: Login, Name, Backups, Period, Quantity")
	if k.count(isOpen) > 0 {
		t.Error("opened")
	}
	k = toReview(loggedIn(t)).tap("Period").command("/confirm").at(orderflow.PlaceReview).sees("review the order first")
	if k.count(isOpen) > 0 {
		t.Error("opened unseen")
	}
	k.command("/confirm")
	k.has("open", isOpen)
	loggedIn(t).command("/confirm").has("hint", isNotify)
}

func TestPricesOfThePeriodAreAwaited(t *testing.T) {
	k := toReview(loggedIn(t)).tap("Period")
	k.auto = false
	k.tap("year").at(orderflow.PlaceReview).sees("Asking Zomro").seesNot("Order for")
	k.command("/confirm").sees("price isn't known yet")
	if k.count(isOpen) > 0 {
		t.Error("opened without the price")
	}
}

func TestLowBalanceIsSaid(t *testing.T) {
	k := toReview(loggedIn(t)).step(orderflow.BalanceLoaded{Draft: "other", Balance: &zomro.Balance{Real: euro("1.00")}}).sees("100.00 EUR")
	k.step(orderflow.BalanceLoaded{Draft: k.d.Draft.ID, Asked: k.d.Draft.Account, Balance: &zomro.Balance{Real: euro("8.39")}}).sees("8.39 EUR", "That's not enough")
	k.step(orderflow.BalanceLoaded{Draft: k.d.Draft.ID, Asked: k.d.Draft.Account}).seesNot("balance:")
}

func TestPromo(t *testing.T) {
	k := loggedIn(t).command("/promo SUMMER10")
	if !strings.Contains(k.notified(), "needs an order") {
		t.Error("a code without an order")
	}
	toReview(loggedIn(t)).tap("Promo").say("SUMMER10").at(orderflow.PlaceReview).sees("Promo code: `SUMMER10`").
		tap("Remove code").seesNot("SUMMER10").command("/promo").at(orderflow.PlacePromo).tap("‹ Back").at(orderflow.PlaceReview)
	k = toAccess(loggedIn(t)).command("/promo EARLY").at(orderflow.PlaceAccess).sees("EARLY")
	k.command("/promo").at(orderflow.PlacePromo).sees("Step 5 of 10").say("LATER").at(orderflow.PlaceAccess)
	if k.d.Draft.Promo != "LATER" {
		t.Errorf("promo %q", k.d.Draft.Promo)
	}
}

// TestForwardedWordsConfirmNothing: what somebody else wrote, and the person has
// passed on, begins an order as a template does, but does not pay for it.
func TestForwardedWordsConfirmNothing(t *testing.T) {
	k := toReview(loggedIn(t))
	k.step(chat.Command{From: anna, Name: "confirm", Message: 7, Unique: "f", Forwarded: true})
	if k.count(isOpen) > 0 {
		t.Error("a forwarded message has ordered")
	}
	k.at(orderflow.PlaceReview).sees("A forwarded message confirms nothing")
}

// TestOnlyWhatIsSeenIsConfirmed: a command that was written before the chat showed the
// review, or while it showed another question, does not pay; once the review is there it
// does.
func TestOnlyWhatIsSeenIsConfirmed(t *testing.T) {
	beside := map[string]func(*talk){
		"not shown yet":     func(k *talk) { k.blind = true },
		"servers":           func(k *talk) { k.command("/servers") },
		"templates":         func(k *talk) { k.command("/templates") },
		"an unfinished one": func(k *talk) { k.command("/order") },
		"somebody's link": func(k *talk) {
			k.shared = &orderflow.ShareOpened{Line: "datacenter=17 pricelist=1701 order_period=1"}
			k.command("/start " + string(conversation.LinkOrder))
		},
		"whether to stop a server": func(k *talk) { k.press("s1:51").tap("Stop") },
	}
	for name, put := range beside {
		t.Run(name, func(t *testing.T) {
			k := toReview(loggedIn(t))
			put(k)
			if k.command("/confirm"); k.count(isOpen) > 0 {
				t.Fatal("what the person does not see is bought")
			}
			k.at(orderflow.PlaceReview).sees("Please review the order first").has("new card", isAnew)
			k.blind = false
			if k.command("/confirm"); k.count(isOpen) != 1 {
				t.Error("what the person sees is not bought")
			}
		})
	}
}

// TestRemovedPromoIsAnotherReview: the button of the review that still shows the code does
// not order without it.
func TestRemovedPromoIsAnotherReview(t *testing.T) {
	k := toReview(loggedIn(t)).command("/promo LATER")
	with := buttons(k.card())[0].Data
	if k.tap("Remove code").press(with); k.count(isOpen) > 0 {
		t.Error("ordered without the code that the card shows")
	}
	if k.tap("Order for"); k.count(isOpen) != 1 {
		t.Error("not ordered")
	}
}
