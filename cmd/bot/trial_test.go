package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"zomrobot/chat"
	"zomrobot/conversation"
	trialflow "zomrobot/conversation/trial"
	"zomrobot/purchase"
	"zomrobot/trial"
	"zomrobot/zomro"
	"zomrobot/zomro/profile"
	"zomrobot/zomro/sandbox"
)

// trier is whose trial it is.
var trier = chat.Key{Chat: anna, User: anna}

// tries carries out an effect of the flow of trials, as the program's own socket does.
func (w *world) tries(effect conversation.Effect) trialflow.Told {
	w.t.Helper()
	told, err := w.program.Engine.Trial(w.t.Context(), trier, effect)
	if err != nil {
		w.t.Fatalf("%T: %v", effect, err)
	}
	w.settle()
	return told
}

// stands reads the trial.
func (w *world) stands() trial.Record {
	w.t.Helper()
	told, err := w.program.Engine.TrialNow(w.t.Context(), trier, "")
	if err != nil {
		w.t.Fatal(err)
	}
	return told.Record
}

// consents begins an experiment and agrees to it.
func (w *world) consents(source profile.Source, code string) {
	w.t.Helper()
	w.tries(trialflow.Begin{})
	if told := w.tries(trialflow.Run{Source: source, Code: code}); told.Refused != "" {
		w.t.Fatalf("%s is refused: %s", source, told.Refused)
	}
	r := w.stands()
	run := r.Running
	if source == profile.BySession {
		run = r.Idle
	}
	if run == nil || run.Stage != trial.Consenting {
		w.t.Fatalf("%s does not ask for consent: %+v, %+v", source, run, r.Done[source].Failure)
	}
	amount := ""
	if run.Cost != nil {
		amount = strings.Replace(run.Cost.Amount.String(), ".", ",", 1)
	}
	told := w.tries(trialflow.Consent{Source: source, Amount: amount})
	if told.Refused != "" {
		w.t.Fatalf("%s is refused: %s", source, told.Refused)
	}
	if run := told.Record.Running; run != nil && run.Stage == trial.Queued {
		w.t.Errorf("%s is shown to wait, though nothing is before it", source)
	}
}

// ends lets time go by until an experiment has ended.
func (w *world) ends(source profile.Source) trial.Outcome {
	w.t.Helper()
	for range 150 {
		r := w.stands()
		running := r.Running != nil && r.Running.Source == source || r.Idle != nil && r.Idle.Source == source
		if end, ended := r.Done[source]; ended && !running {
			return end
		}
		w.pass(10 * time.Second)
	}
	w.t.Fatalf("%s does not end: %+v\n%s", source, w.stands().Running, w.logs.String())
	return trial.Outcome{}
}

func taught(o trial.Outcome) map[profile.Name]profile.Answer {
	all := map[profile.Name]profile.Answer{}
	for _, l := range o.Lessons {
		all[l.Fact] = l.Answer
	}
	return all
}

// TestTrial carries out every experiment against the stand-in for the vendor.
func TestTrial(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{})
	w.login(anna)
	w.vendor.AddService(vendorLogin, "old")

	w.consents(profile.ByRead, "")
	if r := w.stands(); r.Running == nil || r.Running.Stage != trial.Panel {
		t.Fatalf("it does not ask for a plan in the panel: %+v", r.Running)
	}
	w.vendor.PutForeignItem(vendorLogin)
	w.tries(trialflow.Put{})
	if got := taught(w.ends(profile.ByRead)); got[profile.PanelCart] != profile.Shared || got[profile.ServerRows] != profile.AsRead {
		t.Errorf("reading taught %v", got)
	}
	if told := w.tries(trialflow.Run{Source: profile.ByCart}); told.Refused != "" || w.stands().Done[profile.ByCart].Failure == nil {
		t.Errorf("an experiment begins beside a row of the person's: %+v", w.stands().Running)
	}
	w.vendor.EmptyCart(vendorLogin)

	for _, source := range []profile.Source{profile.ByCart, profile.ByCount, profile.ByPromo} {
		w.consents(source, "")
		o := w.ends(source)
		if o.How != trial.Done || len(o.Lessons) == 0 {
			t.Errorf("%s ended %s: %+v", source, o.How, o)
		}
		t.Logf("%s taught %v", source, taught(o))
		w.cleanCart(source)
	}
	if n := len(w.vendor.Orders(vendorLogin)); n != 0 {
		t.Fatalf("%d orders were paid", n)
	}

	w.consents(profile.ByBuy, "")
	o := w.ends(profile.ByBuy)
	if o.How != trial.Done || len(o.Servers) != 1 || !o.Servers[0].Gone || o.Charged == nil || o.Charged.Amount.String() != "0.2" {
		t.Errorf("buying ended %s: %+v, cost %v, %+v", o.How, o.Servers, o.Charged, o.Failure)
	}
	if n := len(w.vendor.Orders(vendorLogin)); n != 1 {
		t.Errorf("%d orders were paid", n)
	}
	w.cleanCart(profile.ByBuy)

	w.consents(profile.ByTwo, "")
	if o := w.ends(profile.ByTwo); o.How != trial.Done || taught(o)[profile.ConfirmScope] != profile.Row {
		t.Errorf("two ended %s: %v %+v", o.How, taught(o), o)
	}
	w.cleanCart(profile.ByTwo)
	for _, text := range w.chats.Outgoing() {
		if strings.Contains(text, "holds something else") {
			t.Errorf("of the trial's own row it is asked: %s", text)
		}
	}

	// What the terminal shows, or the trial says of its purchases, is not told in the chat as well;
	// what was paid is.
	told := strings.Join(w.chats.Outgoing(), "\n")
	for _, needless := range []string{"Prepared", "Reading", "🎉 The server is active.\n\n", ": deletion"} {
		if strings.Contains(told, needless) {
			t.Errorf("the chat is told %q", needless)
		}
	}
	for _, paid := range []string{"More is on the card of purchase", "is deleted"} {
		if !strings.Contains(told, paid) {
			t.Errorf("the chat is not told %q", paid)
		}
	}

	w.vendor.SetBalance(vendorLogin, zomro.Money{Amount: eur(0).Amount, Currency: "EUR"})
	w.consents(profile.ByPoor, "")
	if o := w.ends(profile.ByPoor); o.How != trial.Done || taught(o)[profile.PoorLeft] == "" {
		t.Errorf("poor ended %s: %v %+v", o.How, taught(o), o)
	}
	w.cleanCart(profile.ByPoor)

	w.consents(profile.BySession, "")
	w.pass(59 * time.Minute)
	if r := w.stands(); r.Idle == nil {
		t.Error("the session was asked for too early")
	}
	w.pass(3 * time.Minute)
	if o := w.ends(profile.BySession); taught(o)[profile.SessionIdle] != profile.Ended {
		t.Errorf("the session taught %v: %+v", taught(o), o)
	}
	known, err := w.program.Engine.Profile(t.Context())
	if err != nil || known.State(profile.PanelCart) != profile.Confirmed || known.State(profile.SessionIdle) != profile.Confirmed {
		t.Errorf("the profile is %+v, %v", known.Facts, err)
	}
	if replies, err := w.program.Engine.TrialReplies(t.Context(), w.stands().ID); err != nil || len(replies[profile.ByCart]) < 5 {
		t.Errorf("of the answers is kept %v, %v", len(replies[profile.ByCart]), err)
	}
}

// TestTrialWithTax: where the cart adds tax, two plans are not paid for before the amount was
// typed that the cart says; a purchase asks nothing then, and what it took is not taken for more
// than the cart said.
func TestTrialWithTax(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{Facts: sandbox.Facts{profile.CartTotal: profile.WithTax}})
	w.login(anna)
	w.consents(profile.ByTwo, "")
	if o := w.ends(profile.ByTwo); o.How != trial.Failed || o.Failure.Code != trial.CodePrice || len(w.vendor.Orders(vendorLogin)) > 0 {
		t.Fatalf("two ended %s: %+v", o.How, o.Failure)
	}
	w.consents(profile.ByTwo, "")
	if o := w.ends(profile.ByTwo); o.How != trial.Done || taught(o)[profile.ConfirmScope] != profile.Row {
		t.Errorf("two ended %s: %v %+v", o.How, taught(o), o.Failure)
	}
	w.cleanCart(profile.ByTwo)
	w.consents(profile.ByBuy, "")
	if o := w.ends(profile.ByBuy); o.How != trial.Done {
		t.Errorf("buying ended %s: %+v", o.How, o.Failure)
	}
	w.pass(3 * time.Minute) // the last look at the money
	if answer := w.known().Answer(profile.Taken); answer != profile.Total {
		t.Errorf("how much is taken is known as %q", answer)
	}
	if n := len(w.vendor.Orders(vendorLogin)); n != 2 {
		t.Errorf("%d orders were paid", n)
	}
}

// TestTrialOfASlowServer: a server that is paid and not active in the time for it is deleted when
// the vendor is done with it, and its person is told meanwhile.
func TestTrialOfASlowServer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{ActivationDelay: sandbox.Never})
	w.login(anna)
	w.consents(profile.ByBuy, "")
	told := func() bool {
		return slices.ContainsFunc(w.chats.Outgoing(), func(text string) bool { return strings.Contains(text, "still busy at Zomro") })
	}
	for minutes := 0; w.stands().Running != nil && minutes < 150; minutes++ {
		if minutes == 28 && told() {
			t.Error("the server is told to be late too early")
		}
		if minutes == 45 && !told() {
			t.Errorf("nobody is told that the server is late: %+v", w.stands().Running)
		}
		if minutes == 90 {
			w.vendor.SetActivation(0)
		}
		w.pass(time.Minute)
	}
	o := w.stands().Done[profile.ByBuy]
	if o.How != trial.Failed || o.Failure.Code != trial.CodeLate || len(o.Servers) != 1 || !o.Servers[0].Gone {
		t.Errorf("it ended %s: %+v, %+v", o.How, o.Servers, o.Failure)
	}
	if all := w.vendor.Services(vendorLogin); len(all) > 0 {
		t.Errorf("there is %+v", all)
	}
}

// TestTrialBuysBesideNothing: what else is in the cart is no part of what was typed, so that nobody
// can have it paid, too.
func TestTrialBuysBesideNothing(t *testing.T) {
	t.Parallel()
	w := newWorldWith(t, sandbox.Config{}, func(c *Config) { c.Owners = []int64{anna} })
	w.login(anna)
	w.say(anna, "/trial")
	w.tries(trialflow.Run{Source: profile.ByBuy})
	w.vendor.PutForeignItem(vendorLogin)
	w.tries(trialflow.Consent{Source: profile.ByBuy, Amount: w.stands().Running.Cost.Amount.String()})
	for range 30 {
		w.pass(2 * time.Second)
	}
	var q *purchase.Question
	for _, e := range w.purchases() {
		q = e.Record.Question
	}
	if q == nil || q.Kind != purchase.AskForeign {
		t.Fatalf("it asks %+v: %+v\n%s", q, w.stands().Running, w.chats.Transcript(anna))
	}
	for _, pays := range []purchase.Choice{purchase.ChooseAnyway, purchase.ChooseEmptyCart} {
		if slices.Contains(q.Choices, pays) {
			t.Errorf("%s can be answered: %q", pays, q.Choices)
		}
	}
}

// cleanCart fails unless the cart is empty and nobody waits for the account.
func (w *world) cleanCart(source profile.Source) {
	w.t.Helper()
	if rows := w.vendor.Cart(vendorLogin); len(rows) > 0 {
		w.t.Errorf("after %s there is %+v in the cart", source, rows)
	}
	if r := w.stands(); r.Holds() {
		w.t.Errorf("after %s the trial keeps its place", source)
	}
}

// TestTrialBesidePurchases: while an experiment writes, a purchase of the account waits; while
// purchases are stopped, or one is open, no experiment that writes begins.
func TestTrialBesidePurchases(t *testing.T) {
	t.Parallel()
	w := newWorldWith(t, sandbox.Config{}, func(c *Config) { c.Owners = []int64{anna} })
	w.login(anna)
	w.tries(trialflow.Begin{})
	w.say(anna, "/stop_purchases")
	w.tries(trialflow.Run{Source: profile.ByCart})
	if f := w.stands().Done[profile.ByCart].Failure; f == nil || f.Object != string(trial.WhyHalted) {
		t.Errorf("with purchases stopped it is not offered for %+v", f)
	}
	w.say(anna, "/allow_purchases")

	w.tries(trialflow.Run{Source: profile.ByCart})
	w.say(anna, "/stop_purchases") // since the question
	w.tries(trialflow.Consent{Source: profile.ByCart})
	if o := w.ends(profile.ByCart); o.How != trial.Failed || o.Failure.Code != trial.CodeHalted || carriedOut(w.vendor, "v2.instances.order.param") > 0 {
		t.Errorf("with purchases stopped it ended %s: %+v", o.How, o.Failure)
	}
	w.say(anna, "/allow_purchases")

	w.say(anna, "/audit")
	if text := w.last(anna).Text; !strings.Contains(text, "agreed to the experiment “One plan in the cart”") || !strings.Contains(text, "“One plan in the cart” did not work out") {
		t.Errorf("the log in the chat is %s", text)
	}

	// What cannot be taken out of the cart keeps the account; the person is asked, and can leave it.
	w.vendor.SetFact(profile.RemoveBy, profile.Other)
	w.consents(profile.ByCount, "")
	for range 60 {
		if run := w.stands().Running; run != nil && run.Asks {
			break
		}
		w.pass(10 * time.Second)
	}
	if run := w.stands().Running; run == nil || !run.Asks || !w.stands().Holds() {
		t.Fatalf("the person is not asked to empty the cart: %+v", run)
	}
	w.tries(trialflow.Stop{Source: profile.ByCount})
	if o := w.stands().Done[profile.ByCount]; len(o.Left) != 2 || w.stands().Holds() {
		t.Errorf("it does not say what is left: %+v", o)
	}
	w.vendor.EmptyCart(vendorLogin)

	// An amount that is another, and somebody who is no owner.
	w.tries(trialflow.Begin{})
	w.tries(trialflow.Run{Source: profile.ByBuy})
	if told := w.tries(trialflow.Consent{Source: profile.ByBuy, Amount: "3"}); told.Refused != trialflow.RefusedAmount {
		t.Errorf("another amount is refused as %q", told.Refused)
	}
	w.tries(trialflow.Stop{Source: profile.ByBuy})
	if n := len(w.vendor.Orders(vendorLogin)); n != 0 {
		t.Errorf("%d orders were paid", n)
	}
}

// TestTrialsOfTwoLogins: while something that a trial has added may still come into the cart, the
// trial of another login of the account adds nothing.
func TestTrialsOfTwoLogins(t *testing.T) {
	t.Parallel()
	w := newWorldWith(t, sandbox.Config{}, func(c *Config) { c.Owners = []int64{anna, boris} })
	w.login(anna)
	w.vendor.AddUser("boris@example.com", vendorPassword, vendorLogin)
	w.say(boris, "/login boris@example.com "+vendorPassword)
	w.vendor.Inject(sandbox.Fault{Kind: sandbox.Drop, Func: "v2.instances.order.param", Match: map[string]string{"sok": "ok"}})
	w.consents(profile.ByCart, "")
	lost, adds := w.clock.Now(), carriedOut(w.vendor, "v2.instances.order.param")
	his := chat.Key{Chat: boris, User: boris}
	for _, effect := range []conversation.Effect{trialflow.Begin{}, trialflow.Run{Source: profile.ByCart}, trialflow.Consent{Source: profile.ByCart}} {
		if _, err := w.program.Engine.Trial(t.Context(), his, effect); err != nil {
			t.Fatal(err)
		}
		w.settle()
	}
	for {
		if n := carriedOut(w.vendor, "v2.instances.order.param"); n > adds && w.clock.Now().Sub(lost) < 2*time.Minute {
			t.Fatal("he has added while what she has added may come")
		}
		told, err := w.program.Engine.TrialNow(t.Context(), his, "")
		if err != nil {
			t.Fatal(err)
		}
		if told.Record.Running == nil {
			if o := told.Record.Done[profile.ByCart]; o.How != trial.Done {
				t.Errorf("his ended %s: %+v", o.How, o.Failure)
			}
			break
		}
		w.pass(5 * time.Second)
	}
	w.ends(profile.ByCart)
}

// TestTrialOfAnOlderCopy: an experiment that an older copy of the store has under way is begun
// anew by a person, and not gone on with.
func TestTrialOfAnOlderCopy(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{})
	w.login(anna)
	w.tries(trialflow.Begin{})
	w.tries(trialflow.Run{Source: profile.ByCart})
	w.stopBot()
	older := w.copied()
	w.start()
	w.until(w.chats.Polling)
	w.tries(trialflow.Consent{Source: profile.ByCart})
	w.ends(profile.ByCart)
	w.stopBot()
	w.putBack(older)
	sent := carriedOut(w.vendor, "v2.instances.order.param")
	w.start()
	w.until(w.chats.Polling)
	if o := w.ends(profile.ByCart); o.How != trial.Lost || o.Failure.Code != trial.CodeRestored || carriedOut(w.vendor, "v2.instances.order.param") != sent {
		t.Errorf("in an older copy it ended %s: %+v", o.How, o.Failure)
	}
	w.cleanCart(profile.ByCart)
}

// TestServerOfAForgottenTrial: a server that a trial has bought is told of, though the store is
// a copy that knows of no trial.
func TestServerOfAForgottenTrial(t *testing.T) {
	t.Parallel()
	w := newWorldWith(t, sandbox.Config{}, func(c *Config) { c.Owners = []int64{anna} })
	w.login(anna)
	w.stopBot()
	older := w.copied()
	w.start()
	w.until(w.chats.Polling)
	w.consents(profile.ByBuy, "")
	for w.stands().Running.Stage != trial.Buying || len(w.vendor.Services(vendorLogin)) == 0 {
		w.pass(time.Second)
	}
	w.stopBot()
	w.putBack(older)
	w.start()
	w.until(w.chats.Polling)
	w.say(anna, "/trial")
	if name := w.vendor.Services(vendorLogin)[0].Name; !strings.Contains(w.last(anna).Text, "left a server behind") || !strings.Contains(w.last(anna).Text, name) {
		t.Errorf("nobody is told of %s: %s", name, w.last(anna).Text)
	}
}

// TestLogoutDuringATrial: whoever forgets an account is told before that a trial still needs it.
func TestLogoutDuringATrial(t *testing.T) {
	t.Parallel()
	w := newWorldWith(t, sandbox.Config{}, func(c *Config) { c.Owners = []int64{anna} })
	w.login(anna)
	told := func() bool {
		t.Helper()
		w.say(anna, "/logout")
		text := w.last(anna).Text
		if !strings.Contains(text, "Forget the account") {
			t.Fatalf("it is not asked: %s", text)
		}
		w.say(anna, "/start")
		return strings.Contains(text, "A /trial with this account isn't finished")
	}
	w.tries(trialflow.Begin{})
	w.tries(trialflow.Run{Source: profile.ByBuy})
	if told() {
		t.Error("of an experiment that is only asked about")
	}
	w.tries(trialflow.Stop{Source: profile.ByBuy})
	w.consents(profile.ByBuy, "")
	if !told() {
		t.Error("an experiment under way is not named")
	}
	for w.stands().Running.Stage != trial.Deleting {
		w.pass(time.Second)
	}
	if !told() {
		t.Error("a server that is to be deleted is not named")
	}
	w.ends(profile.ByBuy)
	if told() {
		t.Error("of an experiment that has ended")
	}
	w.consents(profile.BySession, "")
	if !told() {
		t.Error("the idle hour under way is not named")
	}
}

// TestTrialOfARefusedPassword: a password that the vendor refuses is tried once at each opening of
// a trial and never by itself, for after a few tries the vendor locks the account.
func TestTrialOfARefusedPassword(t *testing.T) {
	t.Parallel()
	w := newWorldWith(t, sandbox.Config{}, func(c *Config) { c.Owners = []int64{anna} })
	w.login(anna)
	w.vendor.SetPassword(vendorLogin, "Another1")
	w.vendor.ExpireSessions(vendorLogin)
	const refused = "Zomro no longer accepts the password. Log in with the new one: /login"
	logins := w.called("auth")
	tried := func(by string) {
		t.Helper()
		for range 6 {
			w.pass(20 * time.Second)
		}
		if n := w.called("auth") - logins; n != 1 {
			t.Errorf("%s tries %d logins, not one", by, n)
		}
		logins = w.called("auth")
	}
	w.say(anna, "/trial")
	tried("/trial")
	w.wantSaid(anna, refused)
	w.tap(anna, "🔄 Refresh")
	tried("the button")
	w.tap(anna, "▫️ Reading")
	w.wantSaid(anna, "Reading", refused)
	w.tries(trialflow.Run{Source: profile.ByRead})
	tried("an experiment")
	if o := w.stands().Done[profile.ByRead]; o.How != trial.Failed {
		t.Errorf("an experiment is begun: %+v", o)
	}

	w.vendor.SetPassword(vendorLogin, vendorPassword)
	w.tap(anna, "🔄 Refresh")
	if w.stands().Around.Denied() {
		t.Error("once the password is accepted, the account is not read")
	}
}

// TestTrialOfAButton: once the vendor is known to add nothing without the button, every
// experiment sends it.
func TestTrialOfAButton(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{})
	w.login(anna)
	w.vendor.SetFact(profile.Button, profile.Needed)
	w.consents(profile.ByCart, "")
	if got := taught(w.ends(profile.ByCart)); got[profile.Button] != profile.Needed {
		t.Fatalf("the cart taught %v", got)
	}
	w.consents(profile.ByCount, "")
	if o := w.ends(profile.ByCount); o.How != trial.Done || taught(o)[profile.Rows] != profile.Each {
		t.Errorf("it ended %s: %+v, %v", o.How, o.Failure, taught(o))
	}
	w.cleanCart(profile.ByCount)
}

// TestServerBesideAPurchase: what a payment of the whole cart has bought beside the purchase of
// an experiment is explained where costs are, and told in the record, with what it has cost and
// that it was deleted.
func TestServerBesideAPurchase(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{Facts: sandbox.Facts{profile.ConfirmScope: profile.WholeCart}})
	w.login(anna)
	w.consents(profile.ByTwo, "")
	o := w.ends(profile.ByTwo)
	if o.How != trial.Done || len(o.Servers) != 2 || !o.Servers[1].Gone || o.Servers[1].Cost == nil || o.Servers[0].Cost != nil {
		t.Fatalf("two ended %s: %+v, %+v", o.How, o.Servers, o.Failure)
	}
	second := o.Servers[1]
	w.pass(time.Hour)
	w.say(anna, "/costs")
	text := w.last(anna).Text
	for _, s := range o.Servers {
		if !strings.Contains(text, s.Name+", deleted on 23 Nov 2026: €") {
			t.Errorf("the costs of %s are not told as those of a deleted server:\n%s", s.Name, text)
		}
	}
	if strings.Contains(text, "“"+second.Name+"”") || strings.Contains(text, "❓") {
		t.Errorf("what it has cost is not explained:\n%s", text)
	}
	w.say(anna, "/audit")
	w.wantSaid(anna, second.Name+" (ID "+second.ID+") was paid for, too: "+"€"+second.Cost.Cart.Amount.StringFixed(2)+" by the cart. It is deleted.")
	w.tap(anna, "Older ›")
	w.wantSaid(anna, "a terminal on the bot's machine\nagreed to the experiment “Two plans, one payment”")
}

// TestTrialWaitsForAPurchase: what was agreed to while a purchase has the account says that it
// waits, and goes on after it.
func TestTrialWaitsForAPurchase(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{})
	w.login(anna)
	w.tries(trialflow.Begin{})
	w.tries(trialflow.Run{Source: profile.ByCart})
	w.say(anna, shortOrder)
	w.say(anna, "/confirm")
	told := w.tries(trialflow.Consent{Source: profile.ByCart})
	if run := told.Record.Running; run == nil || run.Stage != trial.Queued {
		t.Fatalf("it does not wait for the purchase: %+v, %+v", run, told.Record.Done[profile.ByCart].Failure)
	}
	if o := w.ends(profile.ByCart); o.How != trial.Done {
		t.Errorf("it ended %s: %+v", o.How, o.Failure)
	}
	w.wantSold(anna)
}
