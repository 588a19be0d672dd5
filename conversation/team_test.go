package conversation_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/chat"
	"zomrobot/conversation"
	accountflow "zomrobot/conversation/account"
	"zomrobot/conversation/bill"
	orderflow "zomrobot/conversation/order"
	teamflow "zomrobot/conversation/team"
	"zomrobot/purchase"
	"zomrobot/team"
	"zomrobot/zomro"
)

func isTeamCheck(e conversation.Effect) bool { return is[conversation.Check](e) }

func isTeamChange(e conversation.Effect) bool { return is[conversation.ChangeTeam](e) }

func TestTeamIsMade(t *testing.T) {
	k := newTalk(t, group)
	k.command("/order")
	if !strings.Contains(k.notified(), "isn't a team yet") || k.d.Draft != nil {
		t.Error("an order where there is no team")
	}
	k.command("/team")
	if !strings.Contains(k.notified(), "Only a group administrator") || k.team != nil {
		t.Error("a member made a team")
	}
	k.status = ""
	k.command("/team")
	if !strings.Contains(k.notified(), "Telegram isn't telling me") || k.count(isTeamChange) > 0 {
		t.Error("a team was made though Telegram did not answer")
	}
	k.status = team.StatusAdministrator
	k.command("/team").sees("This is now a team", "👥 Backend", "none connected", "Owner: Anna")
	if make := k.has("change", isTeamChange).(conversation.ChangeTeam); !make.Make || make.Status != team.StatusAdministrator {
		t.Errorf("made by %s", encode(t, make))
	}
	k.command("/order")
	if !strings.Contains(k.notified(), "No Zomro account is connected") || k.d.Draft != nil {
		t.Error("an order without an account")
	}
}

func TestTeamIsForGroups(t *testing.T) {
	k := newTalk(t, private).command("/team")
	b := buttons(k.has("notification", isNotify).(conversation.Notify).Screen)
	if len(b) != 1 || !b[0].AddToGroup || k.count(isTeamCheck) > 0 {
		t.Errorf("in private: %+v", b)
	}
}

func TestTeamRule(t *testing.T) {
	k := inTeam(t).command("/team").sees("Approvals: not needed").tap("Approvals").seesNot("By approvers")
	k.tap("2 approvals").sees("every order needs 2.", "24 hours").tap("By the owner only").tap("Own orders: self").tap("72 h")
	k.tap("Above an amount").say("dear").sees("That's not an amount").say("12,50").sees("orders above 12.50 EUR need 2.")
	above := euro("12.5")
	want := team.Rule{Needed: 2, Above: &above, By: team.RoleOwner, Own: true, Expires: 72 * time.Hour}
	if encode(t, k.team.Team.Rule) != encode(t, want) {
		t.Errorf("rule %s, want %s", encode(t, k.team.Team.Rule), encode(t, want))
	}
	k.tap("Every order").tap("By approvers").tap("others approve").tap("8 h").sees("every order needs 2.", "Approvers and the owner", "8 hours")
	k.tap("‹ Back").sees("every order needs 2.").tap("Close")
	if _, ok := machine.Render(k.d); ok {
		t.Error("a list that was closed is still shown")
	}
}

func TestTeamLimits(t *testing.T) {
	k := inTeam(t).command("/team").sees("Limits: none").tap("Limits")
	for _, c := range []struct{ button, amount, sees string }{
		{"Single purchase", "50", "Single purchase: at most 50.00 EUR"},
		{"Per person per day", "€ 99.90", "Per person per day: at most 99.90 EUR. You: 5.00 EUR, left: 94.90 EUR"},
		{"Per person per month", "0", "Per person per month: at most 0.00 EUR. You: 5.00 EUR, left: 0.00 EUR"},
		{"Whole team per month", "300 eur", "Whole team per month: at most 300.00 EUR. Spent and reserved: 12.00 EUR, left: 288.00 EUR"},
	} {
		k.team.Ledger = team.Ledger{}.Reserve("A", 42, euro("5.00"), k.now).Reserve("B", 43, euro("7.00"), k.now)
		k.tap(c.button).say(c.amount).sees(c.sees, "Orders above a limit need approval")
	}
	k.tap("Above: refused").sees("Orders above a limit are refused").tap("Above: approval").sees("need approval")
	k.tap("Per person per month").say("-1").sees("That's not an amount").tap("No limit").sees("[Per person per month: no limit]").seesNot("Per person per month: at most")
	if l := k.team.Team.Limits; l.PersonMonth != nil || l.Purchase == nil || l.PersonDay == nil || l.TeamMonth == nil {
		t.Errorf("limits %s", encode(t, l))
	}
}

func TestTeamWithoutLimitsShowsWhatIsSpent(t *testing.T) {
	k := inTeam(t)
	k.team.Ledger = team.Ledger{}.Spend("A", euro("7.00"), start).Spend("B", zomro.Money{Amount: decimal.NewFromInt(3), Currency: "USD"}, start)
	k.command("/team").sees("Spent and reserved this month: 7.00 EUR", "Spent and reserved this month: 3.00 USD")
}

func TestTeamRoles(t *testing.T) {
	k := inTeam(t).command("/team").sees("Vera: viewer").tap("Roles").seesNot("[Anna").tap("Boris").sees("Which role should Boris", "[✓ as in Telegram]")
	k.tap("approver").sees("[Boris: approver]")
	if k.team.Team.Roles[43] != team.RoleApprover {
		t.Error("no role was given")
	}
	k.tap("Boris").tap("as in Telegram").sees("[Boris: as in Telegram]")
	k.tap("Boris").tap("Hand over the team").sees("Hand the team over to Boris?").tap("Yes, to Boris").sees("Owner: Boris").seesNot("Roles]")
	if k.team.Team.Owner != 43 {
		t.Error("the owner stays")
	}
	for range 12 {
		k.ruled(func(tm *team.Team) { *tm = tm.WithName(100+int64(len(tm.Names)), "Zoe") })
	}
	k = inTeam(t).ruled(func(tm *team.Team) {
		for n := range int64(12) {
			*tm = tm.WithName(100+n, "Zoe")
		}
	}).command("/team").tap("Roles").tap("›").tap("Zoe")
	if k.d.Aside.Flow.(*teamflow.Card).User < 100 {
		t.Error("another person was chosen")
	}
}

// TestListOfPeopleIsThatOfTheCard: who comes into the list while it is shown
// does not get the role of another.
func TestListOfPeopleIsThatOfTheCard(t *testing.T) {
	k := inTeam(t).command("/team").tap("Roles")
	data := ""
	for _, b := range buttons(k.card()) {
		if strings.Contains(english(t, b.Label), "Boris") {
			data = b.Data
		}
	}
	k.ruled(func(tm *team.Team) { *tm = tm.WithName(50, "Aaron") }).press(data)
	if k.toast() != "toast.stale" || k.d.Aside.Place != teamflow.PlaceTeamRoles {
		t.Errorf("%s at %s", k.toast(), k.d.Aside.Place)
	}
	k.tap("Boris").sees("Which role should Boris")
}

// TestJoinKeepsTheMeaningOfButtons: the revision grows when, and only when, what
// the buttons mean may have changed.
func TestJoinKeepsTheMeaningOfButtons(t *testing.T) {
	shown := inTeam(t).command("/team").tap("Roles")
	state := func(change func(*team.Team)) *conversation.TeamState {
		return inTeam(t).ruled(change).team
	}
	for _, c := range []struct {
		name  string
		is    *conversation.TeamState
		grows bool
	}{
		{"the same", state(func(*team.Team) {}), false},
		{"isn't a team", nil, true},
		{"another rule", state(withRules), false},
		{"another account", state(func(tm *team.Team) { tm.Account = &team.Account{Holder: 43, ID: "9", Nick: "Other"} }), true},
		{"no account", state(func(tm *team.Team) { tm.Account = nil }), true},
		{"somebody new", state(func(tm *team.Team) { *tm = tm.WithName(50, "Aaron") }), true},
		{"another owner", state(func(tm *team.Team) { tm.Owner = 43 }), true},
	} {
		d := shown.d
		d.Join(c.is)
		if (d.Rev > shown.d.Rev) != c.grows || d.Rev < shown.d.Rev {
			t.Errorf("%s: revision %d after %d", c.name, d.Rev, shown.d.Rev)
		}
		if c.is == nil && d.Account != "" {
			t.Error("an account without a team")
		}
	}
	d := shown.d
	d.Aside = nil
	d.Join(state(func(tm *team.Team) { *tm = tm.WithName(50, "Aaron") }))
	if d.Rev != shown.d.Rev {
		t.Error("a card of nothing of the team is out of date")
	}
}

// TestOnlyTheOwnerChangesTheTeam: whatever button of whatever place a person
// sends who is not the owner, nothing is asked of Telegram and nothing changes.
func TestOnlyTheOwnerChangesTheTeam(t *testing.T) {
	verbs := []string{"account", "rule", "limits", "roles", "own", "all", "above", "by.0", "by.1", "self.0", "self.1", "hours.8", "on", "off", "drop", "pick.0", "pick.1", "page.1"}
	for _, p := range machine.Places() {
		if !strings.HasPrefix(string(p), "team") {
			continue
		}
		for _, verb := range verbs {
			k := inTeam(t).ruled(func(tm *team.Team) { tm.Owner = 43 })
			k.command("/team")
			k.d.Aside.Place = p
			card := k.d.Aside.Flow.(*teamflow.Card)
			card.User, card.Limit = 44, team.LimitPurchase
			before := encode(t, k.team)
			k.press("w1:-:" + revision(k) + ":" + verb + conversation.OwnerSuffix(group))
			if k.count(isTeamCheck)+k.count(isTeamChange) > 0 || encode(t, k.team) != before || k.d.Aside.Place != p || k.toast() != "toast.unknown" {
				t.Errorf("%s at %s: %s, now at %s", verb, p, describe(t, k.effects), k.d.Aside.Place)
			}
		}
		if p == teamflow.PlaceTeamAbove || p == teamflow.PlaceTeamLimit {
			k := inTeam(t).ruled(func(tm *team.Team) { tm.Owner = 43 })
			k.command("/team")
			k.d.Aside.Place, k.d.Aside.Flow.(*teamflow.Card).Limit = p, team.LimitPurchase
			k.say("50")
			if k.count(isTeamCheck) > 0 {
				t.Errorf("a text at %s is taken", p)
			}
		}
	}
}

// TestTheStatusOfNowCounts: who is no member of anything changes nothing.
func TestTheStatusOfNowCounts(t *testing.T) {
	k := inTeam(t).command("/team").tap("Approvals")
	k.status = team.StatusLeft
	k.tap("1 approval").sees("Your role in the team doesn't allow this")
	if k.team.Team.Rule.Needed != 0 {
		t.Error("an owner who has left changed the rule")
	}
	k.status = ""
	k.tap("1 approval").sees("Telegram isn't telling me")
}

func TestNobodyOwnsTheTeam(t *testing.T) {
	k := inTeam(t).ruled(func(tm *team.Team) { tm.Owner = 0 })
	k.status = team.StatusMember
	k.command("/team").sees("Owner: none").tap("Become the owner").sees("Only a group administrator")
	k.status = team.StatusAdministrator
	k.tap("Become the owner").sees("Owner: Anna")
}

func TestTeamAccountIsBoundInPrivate(t *testing.T) {
	k := inTeam(t).command("/team").tap("Account").sees("Company (connected by Anna)", "only for you")
	i := slices.IndexFunc(buttons(k.card()), func(b chat.Button) bool { return b.Start == linkCode })
	if i < 0 || k.has("link", is[conversation.MakeLink]).(conversation.MakeLink).Purpose != conversation.LinkAccount {
		t.Errorf("no link into the private chat:\n%s", show(t, k.card()))
	}
	k.tap("Disconnect").sees("none connected").seesNot("Open the private chat")
	if k.team.Team.Account != nil {
		t.Error("the account stays")
	}
	k.step(teamflow.Moved{}).sees("👥 Backend")

	bound := teamflow.AccountBound("Company", "Anna")
	checkScreen(t, bound)
	if text := show(t, bound); !strings.Contains(text, "Company") || strings.Contains(text, "anna@example.com") {
		t.Errorf("the group is told %s", text)
	}
}

func TestBind(t *testing.T) {
	k := withTwo(t)
	k.link = bindLink
	k.command("/start " + linkCode).sees("pays for the group Backend").tap("work").sees("What should the group Backend").
		say("   ").sees("1 to 32").say(strings.Repeat("я", 33)).sees("1 to 32").say("The  Company").sees("Backend now pays from this account")
	check := k.has("check", isTeamCheck).(conversation.Check)
	if check.Chat != group.Chat || check.Change.Team != "-1001:7" || *check.Change.Bind != (team.Binding{Account: "8", Nick: "The Company"}) {
		t.Errorf("bound as %s", encode(t, check))
	}

	k = withTwo(t)
	k.link = bindLink
	k.status = team.StatusLeft
	k.command("/start " + linkCode).tap("anna@").tap("Zomro").sees("Your role in the team doesn't allow this")
	if nick := k.has("check", isTeamCheck).(conversation.Check).Change.Bind.Nick; nick != "Zomro" {
		t.Errorf("the login is shown as %q", nick)
	}
	k.status = ""
	k.tap("Zomro").sees("Telegram isn't telling me")
	if k.count(isTeamChange) > 0 {
		t.Error("bound though Telegram did not answer")
	}
}

// TestBindAfterLogin: who has no account connects one on the way.
func TestBindAfterLogin(t *testing.T) {
	k := newTalk(t, private)
	k.link = bindLink
	k.command("/start " + linkCode).sees("connect your Zomro account first").tap("Log in").tap("Session token").secretly(goodToken)
	k.d.Know([]conversation.Account{{ID: "7", Nick: "anna@example.com", Default: true}})
	k.step(accountflow.LoginChecked{Attempt: k.d.Logins, Account: "anna@example.com"}).sees("Which account pays for the group Backend", "[anna@example.com]")
	k.tap("anna@").tap("Zomro").sees("Backend now pays from this account")
}

func TestStartWithACode(t *testing.T) {
	k := newTalk(t, private).command("/start " + linkCode)
	if open := k.has("open", is[conversation.OpenLink]).(conversation.OpenLink); open.Code != linkCode {
		t.Errorf("opened %q", open.Code)
	}
	if !strings.Contains(k.notified(), "This link no longer works") || k.d.Aside != nil {
		t.Error("a link that is not there led somewhere")
	}
	if strings.Contains(encode(t, k.effects), linkCode) {
		t.Error("the code is written into the store")
	}
	k = inTeam(t).command("/start " + linkCode)
	if k.count(is[conversation.OpenLink]) > 0 {
		t.Error("a link was opened in a group")
	}
}

func TestPasswordIsGivenInPrivate(t *testing.T) {
	k := toAccess(inTeam(t)).tap("Password").sees("Open the private chat with the button")
	if make := k.has("link", is[conversation.MakeLink]).(conversation.MakeLink); make.Purpose != conversation.LinkPassword || make.Draft != k.d.Draft.ID {
		t.Errorf("a link to %+v", make)
	}
	if i := slices.IndexFunc(buttons(k.card()), func(b chat.Button) bool { return b.Start == linkCode }); i < 0 {
		t.Error("no link on the card")
	}
	if _, ok := machine.Prompt(k.d); ok {
		t.Error("a password is asked for in the group")
	}
	k.secretly(goodPassword).at(orderflow.PlaceAccess).sees("change that secret")
	if k.has("delete", isDelete); k.count(isKeep) > 0 {
		t.Error("a password was taken in the group")
	}
	k.step(orderflow.PasswordGiven{Draft: "another"}).at(orderflow.PlaceAccess)
	k.has("drop", isDrop)

	// One that comes when they have chosen a key meanwhile is not kept either.
	other := toAccess(inTeam(t)).tap("Password").tap("SSH key").tap("key-0")
	other.step(orderflow.PasswordGiven{Draft: other.d.Draft.ID})
	other.has("drop", isDrop)
	if kind := other.d.Draft.Access.Kind; kind != conversation.AccessKey {
		t.Errorf("access by %q, want the key", kind)
	}
	k.step(orderflow.PasswordGiven{Draft: k.d.Draft.ID, Generated: true}).at(orderflow.PlaceName).sees("was set in private")
	if a := k.d.Draft.Access; a.Kind != conversation.AccessPassword || !a.Generated || !a.Since.Equal(k.now) || a.Link != "" {
		t.Errorf("access %+v", a)
	}
	// It is forgotten like any other, and asked for again.
	k.wait(31 * time.Minute).step(conversation.Tick{})
	if !k.d.Draft.Access.Gone {
		t.Error("the password is kept for ever")
	}
}

func TestLinkOfAnotherDraftIsNotShown(t *testing.T) {
	k := toAccess(inTeam(t)).tap("Password").tap("SSH key")
	before := encode(t, k.d)
	k.step(conversation.LinkMade{Purpose: conversation.LinkPassword, Draft: "another", Code: "other"})
	k.step(conversation.LinkMade{Purpose: conversation.LinkAccount, Code: "other"})
	if encode(t, k.d) != before || len(k.effects) > 0 {
		t.Error("a link came where none was asked for")
	}
}

func TestHandPassword(t *testing.T) {
	hands := is[orderflow.HandPassword]
	k := newTalk(t, private)
	k.link = handLink
	k.command("/start "+linkCode).sees("your order in Backend").secretly("short").sees("password must be").has("delete", isDelete)
	k.secretly(goodPassword).sees("The password for your order in Backend is saved").has("delete", isDelete)
	if hand := k.has("hand", hands).(orderflow.HandPassword); hand.To != group || hand.Draft != "a draft" || hand.Value.Reveal() != goodPassword {
		t.Errorf("handed %+v", hand)
	}
	if strings.Contains(encode(t, k.effects), goodPassword) || k.count(isNotify) > 0 {
		t.Error("the password is written into the store, or shown")
	}

	k = newTalk(t, private)
	k.link = handLink
	k.command("/start " + linkCode).tap("Generate").sees("The password for your order in Backend is saved")
	shown := k.has("notification", isNotify).(conversation.Notify)
	if !shown.Protect || !strings.Contains(show(t, shown.Screen), madePassword.Reveal()) {
		t.Error("the password that was made is not shown, or can be forwarded")
	}

	k = newTalk(t, private)
	k.link, k.auto = handLink, false
	k.command("/start " + linkCode).step(handLink).secretly(goodPassword).step(orderflow.PasswordHanded{Refused: true}).sees("Nothing was saved")
	k.step(orderflow.PasswordHanded{})
	if len(k.effects) > 0 {
		t.Error("a password was handed twice")
	}
}

func TestPromptOnlyWhereSomethingIsTypedInAGroup(t *testing.T) {
	prompted := func(d conversation.Dialogue) bool { _, ok := machine.Prompt(d); return ok }
	named := toAccess(inTeam(t)).tap("SSH key").tap("key-3").at(orderflow.PlaceName)
	s, ok := machine.Prompt(named.d)
	if !ok || !s.Reply || *s.Lines[0].Args["Who"].Person != (chat.Person{ID: 42, Name: "Anna"}) {
		t.Errorf("prompt %s", encode(t, s))
	}
	for name, d := range map[string]conversation.Dialogue{
		"in private":    toAccess(loggedIn(t)).tap("SSH key").tap("key-3").at(orderflow.PlaceName).d,
		"nothing":       inTeam(t).d,
		"of the team":   inTeam(t).command("/team").d,
		"to be chosen":  toAccess(inTeam(t)).d,
		"at the review": toReview(inTeam(t)).d,
	} {
		if prompted(d) {
			t.Errorf("%s: a prompt", name)
		}
	}
	k := inTeam(t).command("/team").tap("Limits").tap("Single purchase")
	if !prompted(k.d) {
		t.Error("no prompt for an amount")
	}
	k.say("50")
	if prompted(k.d) {
		t.Error("the prompt stays")
	}
	if !prompted(inTeam(t).press("p1:A7K-42:3:other_promo:16").d) {
		t.Error("no prompt for another promo code")
	}
}

// TestGroupOrderIsChecked: what the person is in the group is asked at the last
// moment, and goes with the order.
func TestGroupOrderIsChecked(t *testing.T) {
	k := toReview(inTeam(t)).seesNot("Balance:").tap("Order for 8.40 EUR")
	if open := k.has("open", isOpen).(conversation.Open); open.Status != team.StatusCreator || open.Account != "7" {
		t.Errorf("opened %s", encode(t, open))
	}
	if k.d.Draft != nil || !k.d.Handed {
		t.Error("the draft is still open, or its card is not handed to the purchase")
	}

	k = toReview(inTeam(t))
	k.status = ""
	k.tap("Order for").at(orderflow.PlaceReview).sees("Telegram isn't telling me")
	if k.count(isOpen) > 0 {
		t.Error("opened though Telegram did not answer")
	}

	// An answer that comes after the draft was given up opens nothing.
	k = toReview(inTeam(t))
	k.auto = false
	check := k.tap("Order for").has("check", isTeamCheck).(conversation.Check)
	k.d.Draft = nil
	k.step(conversation.Checked{Check: check, Status: team.StatusMember})
	if k.count(isOpen) > 0 {
		t.Error("opened without a draft")
	}

	// Meanwhile nothing takes its place but giving it up.
	for _, command := range []string{"/order", "/order servername=web-2", "/order 2 cpu 4 gb"} {
		k = toReview(inTeam(t))
		k.auto = false
		check := k.tap("Order for").has("check", isTeamCheck).(conversation.Check)
		k.command(command).at(orderflow.PlaceOpening).sees("already being placed")
		if k.step(conversation.Checked{Check: check, Status: team.StatusMember}); k.count(isOpen) != 1 {
			t.Errorf("%s has made an order vanish", command)
		}
	}
	k = toReview(inTeam(t))
	k.auto = false
	check = k.tap("Order for").has("check", isTeamCheck).(conversation.Check)
	k.command("/cancel").sees("Order cancelled")
	if k.step(conversation.Checked{Check: check, Status: team.StatusMember}); k.count(isOpen) > 0 {
		t.Error("bought though it was given up")
	}
}

func TestDecisionsInAGroupAreChecked(t *testing.T) {
	decides := is[conversation.Decide]
	for _, choice := range []string{"accept:16", "approve", "reject"} {
		k := inTeam(t).press("p1:A7K-42:3:" + choice)
		d := k.has("decision", decides).(conversation.Decide)
		if d.Status != team.StatusCreator || d.Name != "Anna" || d.Press == "" || d.Revision != 3 || k.count(is[conversation.Answer]) > 0 {
			t.Errorf("%s: %s", choice, describe(t, k.effects))
		}
		k.status = ""
		k.press("p1:A7K-42:3:" + choice)
		if k.toast() != "problem.not_checked" || k.count(decides) > 0 {
			t.Errorf("%s though Telegram did not answer: %s", choice, describe(t, k.effects))
		}
	}
	// To give up spends nothing, and must be possible also when Telegram is silent.
	k := inTeam(t)
	k.status = ""
	for _, choice := range []string{"cancel:16", "give_up:16"} {
		if k.press("p1:A7K-42:3:" + choice); k.count(decides) != 1 || k.count(isTeamCheck) > 0 {
			t.Errorf("%s: %s", choice, describe(t, k.effects))
		}
	}
	k = inTeam(t).press("p1:A7K-42:3:accept:17")
	if k.toast() != "toast.not_yours" || k.count(isTeamCheck) > 0 {
		t.Error("somebody else's purchase was decided")
	}
	k = inTeam(t).press("p1:A7K-42:3:rework:16")
	if recall := k.has("recall", is[bill.RecallOrder]).(bill.RecallOrder); recall.Purchase != "A7K-42" || recall.Draft == "" {
		t.Errorf("the order is not begun anew: %+v", recall)
	}
	k = inTeam(t).press("p1:A7K-42:3:rework:17")
	if k.toast() != "toast.not_yours" || k.count(is[bill.RecallOrder]) > 0 {
		t.Error("somebody else's order was begun anew")
	}
	// From the private chat it is asked in the same way.
	k = loggedIn(t).press("p1:A7K-42:3:approve")
	if k.count(isTeamCheck) != 1 {
		t.Errorf("in private: %s", describe(t, k.effects))
	}
}

// TestRejectionHasAReason, or none; a secret is no reason.
func TestRejectionHasAReason(t *testing.T) {
	decision := func(k *talk) conversation.Decide {
		return k.has("decision", is[conversation.Decide]).(conversation.Decide)
	}
	for _, c := range []struct{ name, typed, want string }{
		{"in a line", "  too dear,\n take web-1  ", "too dear, take web-1"},
		{"too long", strings.Repeat("дорого ", 60), strings.Repeat("дорого ", 28) + "дор…"},
	} {
		k := inTeam(t).press("p1:A7K-42:3:reject").sees("Why is A7K-42 rejected?").say(c.typed)
		if d := decision(k); d.Reason != c.want || d.Begins || d.Revision != 3 || d.Choice != purchase.ChooseReject || d.Status != team.StatusCreator {
			t.Errorf("%s: %+v, want %q", c.name, d, c.want)
		}
	}
	k := inTeam(t).press("p1:A7K-42:3:reject").tap("Reject without a reason")
	if d := decision(k); d.Reason != "" || d.Begins || d.Press == "" {
		t.Errorf("without a reason: %+v", d)
	}
	k = inTeam(t).press("p1:A7K-42:3:reject").say("the password: " + goodPassword)
	if k.count(is[conversation.Decide]) > 0 || k.d.Aside == nil {
		t.Error("a secret was taken for a reason")
	}
	if k = inTeam(t).press("p1:A7K-42:3:reject").tap("Cancel"); k.count(is[conversation.Decide]) > 0 {
		t.Error("it was rejected though the person has not gone on")
	}
}

func TestReviewSaysWhatTheTeamWants(t *testing.T) {
	low := euro("5.00")
	for _, c := range []struct {
		name   string
		change func(*team.Team)
		says   []string
		not    []string
	}{
		{"nothing", func(*team.Team) {}, nil, []string{"approval", "limit of the team", "refuses"}},
		{"approvals", func(tm *team.Team) { tm.Rule.Needed = 2 }, []string{"needs 2 approvals before"}, []string{"limit of the team"}},
		{"one is enough", func(tm *team.Team) { tm.Rule = team.Rule{Needed: 1, Above: &low} }, []string{"needs 1 approval before"}, nil},
		{"a limit", func(tm *team.Team) { tm.Limits.PersonDay = &low }, []string{"Above a limit of the team: Per person per day", "needs 1 approval before"}, []string{"refuses"}},
		{"a limit that is kept", func(tm *team.Team) { tm.Limits = team.Limits{Purchase: &low, TeamMonth: &low, Refuse: true} }, []string{"Single purchase. Limit 5.00 EUR, this order ", "Whole team per month. Limit 5.00 EUR, this order ", "refuses orders above"}, []string{"needs"}},
	} {
		t.Run(c.name, func(t *testing.T) { toReview(inTeam(t).ruled(c.change)).sees(c.says...).seesNot(c.not...) })
	}
	toReview(loggedIn(t)).seesNot("approval", "team")
}

func TestButtonData(t *testing.T) {
	if conversation.OwnerSuffix(private) != "" || conversation.OwnerSuffix(group) != ":16" {
		t.Error("whom a button is for")
	}
	for text, want := range map[string]conversation.Data{
		"w1:abc:12:pick.3:16":           {Kind: "w1", ID: "abc", Rev: 12, Verb: "pick", N: 3, Owner: 42},
		"w1:-:0:back":                   {Kind: "w1", ID: "-", Verb: "back", N: -1},
		"p1:A7K-42:3:accept:zz":         {Kind: "p1", ID: "A7K-42", Rev: 3, Verb: "accept", N: -1, Owner: 1295},
		"p1:A7K-42:3:approve":           {Kind: "p1", ID: "A7K-42", Rev: 3, Verb: "approve", N: -1},
		"c1:team":                       {Kind: "c1", Verb: "team", N: -1},
		"x1":                            {Kind: "x1", N: -1},
		"":                              {},
		"w1:abc:12":                     {},
		"w1:abc:x:back":                 {},
		"w1:abc:1:pick.x":               {},
		"w1:abc:1:back:":                {},
		"w1:abc:1:back:!":               {},
		"w1:abc:1:back:16:17":           {},
		"c1:team:16":                    {},
		"p1:A:1:accept:zzzzzzzzzzzzzzz": {},
	} {
		got, ok := conversation.ParseData(text)
		if ok != (want != conversation.Data{}) || ok && got != want {
			t.Errorf("%q is %+v, %v", text, got, ok)
		}
	}
	// The longest id that Telegram gives fits.
	key := chat.Key{Chat: -1001234567890, User: 1<<52 - 1}
	k := newTalk(t, key)
	k.team = inTeam(t).team
	toAccess(k)
}

// TestWhatIsPrivateIsRefusedInGroups: a command that is not offered in groups does
// nothing there but say so, and an older card there forgets no account.
func TestWhatIsPrivateIsRefusedInGroups(t *testing.T) {
	for _, c := range machine.Commands() {
		if c.Group || c.Name == "start" || c.Name == "orders" { // these say what is there
			continue
		}
		k := inTeam(t)
		k.d.Account, k.d.Accounts = "Company", []conversation.Account{{ID: "7", Nick: "Company"}}
		k.command("/" + c.Name)
		if k.d.Aside != nil || k.count(isNotify) != 1 || len(k.effects) != 1 {
			t.Errorf("/%s in a group does %v", c.Name, k.effects)
		}
	}
	k := inTeam(t)
	k.d.Account, k.d.Accounts = "Company", []conversation.Account{{ID: "7", Nick: "Company"}}
	k.d.Aside = &conversation.Aside{Place: accountflow.PlaceLogout, Until: k.now.Add(time.Hour), Flow: &accountflow.Accounts{
		Brief: true, Chosen: "7", Loaded: true, States: []accountflow.State{{ID: "7"}},
	}}
	k.tap("Log out")
	if k.count(is[accountflow.Forget]) != 0 || k.d.Account == "" {
		t.Errorf("an account was forgotten in a group: %v", k.effects)
	}
}
