package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"zomrobot/locales"
	"zomrobot/purchase"
	"zomrobot/storage"
	"zomrobot/team"
	"zomrobot/telegram/emulator"
	"zomrobot/zomro"
	"zomrobot/zomro/profile"
	"zomrobot/zomro/sandbox"
)

// How much chance there is in TestAnythingMayHappenToATeam.
const (
	randomTeams     = "2"
	randomTeamSteps = 40
)

// TestAnythingMayHappenToATeam drives a team of three at random through orders,
// votes, settings, departures, faults, prices and restarts, and then holds every
// payment that the vendor has against what the test itself saw agreed and
// approved: no purchase goes beyond a limit or without its approvals.
func TestAnythingMayHappenToATeam(t *testing.T) {
	t.Parallel()
	checkRandomly(t, randomTeams, func(r *rapid.T) {
		w := newTeamWorld(t, r)
		steps, names := w.steps()
		for range stepsOf(randomTeamSteps) {
			w.remember()
			steps[rapid.SampledFrom(names).Draw(r, "step")]()
			w.noted()
			w.look()
		}
		w.comeToAnEnd()
		w.holds()
	})
}

// teamWorld is a team to which anything may happen, and what the test knows of
// it by having done it.
type teamWorld struct {
	*observer

	rule   team.Rule
	limits team.Limits
	roles  map[int64]team.Role
	status map[int64]team.Status
	bound  string // login of the account that pays; "": none

	keepsCodes bool // a code stays with the cart of its account when its row has left it

	wanted  map[string]*wanted // by the name of the server
	names   map[string]string  // of the server, by the id of the purchase
	seen    []teamButton
	known   map[string]bool // data of seen
	settled int             // moments so far: agreements and votes have one each
}

// teamButton is a button that was once in the group.
type teamButton struct {
	message     int
	label, data string
}

// wanted is an order that somebody asked for.
type wanted struct {
	by    int64
	id    string // of the purchase; "": none was opened
	login string // of the account that was bound when it was confirmed
	promo string
	terms int // the highest number of terms that a button to approve had
	deals []deal
	votes []ballot
}

// deal is what the requester agreed to, and what the team said then.
type deal struct {
	moment int
	at     time.Time
	total  *decimal.Decimal // nil: whatever it costs
	priced bool             // the price was agreed to, and not just that it goes on
	terms  int              // number of the last terms before
	rule   team.Rule
	limits team.Limits
	paid   map[string]bool // the purchases that were known to be paid
}

// ballot is an approval whose giver was allowed to give it.
type ballot struct {
	moment, terms int
	by            int64
	total         *decimal.Decimal
	own           bool
}

func newTeamWorld(t *testing.T, r *rapid.T) *teamWorld {
	dir, err := os.MkdirTemp(t.TempDir(), "team")
	if err != nil {
		t.Fatal(err)
	}
	texts, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	w := &teamWorld{
		observer: newObserver(r, texts, vendorLogin, borisLogin), roles: map[int64]team.Role{}, wanted: map[string]*wanted{}, names: map[string]string{}, known: map[string]bool{},
		status: map[int64]team.Status{anna: team.StatusCreator, carol: team.StatusMember, dave: team.StatusAdministrator},
		bound:  vendorLogin,
	}
	facts := someFacts(r)
	w.keepsCodes = facts[profile.PromoKept] == profile.Kept
	w.world = newWorldOf(caseTB{TB: t, r: r, dir: dir}, sandbox.Config{ActivationDelay: time.Minute, Facts: facts},
		func(p *Program) {
			p.vendorOptions = []zomro.Option{zomro.WithSleep(noPause)}
			w.watch(p)
		})
	w.vendor.AddAccount(borisLogin, vendorPassword, eur(1000))
	w.vendor.AddKey(borisLogin, "laptop", demoKey)
	w.vendor.SetBalance(vendorLogin, eur(1000))
	w.login(anna)
	w.say(anna, "/login")
	w.tap(anna, "Login and password")
	w.say(anna, borisLogin)
	w.say(anna, vendorPassword)
	w.newGroup(teamPeople)
	w.makeTeam(anna)
	for _, person := range teamPeople[1:] {
		w.sayIn(person, teamChat, "/team") // now the owner can give them roles
	}
	// Where it begins is drawn, so that every rule and limit meets orders soon.
	w.setRule()
	w.setRule()
	w.setLimit()
	if rapid.Bool().Draw(r, "the second account") {
		w.bind(borisLogin)
	}
	w.remember()
	return w
}

var teamPeople = []int64{anna, carol, dave}

func (w *teamWorld) steps() (steps map[string]func(), names []string) {
	steps = map[string]func(){}
	for _, s := range []struct {
		name   string
		likely int
		step   func()
	}{
		{"buy", 6, w.buy},
		{"confirm", 3, func() {
			w.pressAny("a confirm", "", func(b teamButton) bool { return confirms(b.label) })
		}},
		{"approve any", 3, func() {
			w.pressAny("an approval", "", func(b teamButton) bool { return strings.HasSuffix(b.data, ":approve") })
		}},
		{"approve what waits", 10, w.approve},
		{"reject", 1, w.reject},
		{"any button", 3, func() { w.pressAny("any button", "", func(teamButton) bool { return true }) }},
		{"cancel", 1, w.cancel},
		{"answer", 7, w.answer},
		{"rule", 3, w.setRule},
		{"limit", 3, w.setLimit},
		{"refuse", 1, w.setRefuse},
		{"role", 3, w.setRole},
		{"account", 2, w.setAccount},
		{"status", 3, w.setStatus},
		{"fault", 2, w.injectFault},
		{"faults end", 2, w.endFaults},
		{"buy astray", 5, w.buyAstray},
		{"wrong answer", 2, func() { w.answerWrongly("confirm", "add") }},
		{"behaviour", 2, w.behave},
		{"panel", 1, w.panelStep},
		{"well again", 2, w.wellAgain},
		{"time", 4, func() { w.pass(rapid.SampledFrom(someTimes).Draw(w.r, "time")) }},
		{"restart", 1, func() { w.restart(); w.settle() }},
		{"price", 6, w.setPrice},
		{"foreign item", 1, func() { w.vendor.PutForeignItem(w.payer()) }},
		{"empty cart", 2, func() { w.vendor.EmptyCart(w.payer()) }},
	} {
		steps[s.name] = s.step
		names = append(names, slices.Repeat([]string{s.name}, s.likely)...)
	}
	return steps, names
}

var someTimes = []time.Duration{5 * time.Second, 30 * time.Second, 2 * time.Minute, time.Hour, 12 * time.Hour, 25 * time.Hour, 7 * 24 * time.Hour}

func (w *teamWorld) someone() int64 { return rapid.SampledFrom(teamPeople).Draw(w.r, "person") }

// present reports whether the person is in the group.
func (w *teamWorld) present(person int64) bool { return w.status[person] != team.StatusLeft }

// role is what a person is in the team, by what the test has done.
func (w *teamWorld) role(person int64) team.Role {
	switch {
	case !w.present(person):
		return team.RoleNone
	case person == anna:
		return team.RoleOwner
	case w.roles[person] != team.RoleNone:
		return w.roles[person]
	case w.status[person] == team.StatusAdministrator:
		return team.RoleApprover
	default:
		return team.RoleBuyer
	}
}

// remember remembers the buttons that are in the group.
func (w *teamWorld) remember() {
	for _, m := range w.chats.Messages(teamChat) {
		for _, b := range slices.Concat(m.Keyboard...) {
			if b.Data == "" || m.Deleted || w.known[b.Data] {
				continue
			}
			w.known[b.Data] = true
			w.seen = append(w.seen, teamButton{m.ID, b.Label, b.Data})
		}
	}
}

// buy orders, and mostly confirms.
func (w *teamWorld) buy() {
	person := w.someone()
	if !w.present(person) {
		return
	}
	name := fmt.Sprintf("s-%d", len(w.wanted)+1)
	promo := rapid.SampledFrom([]string{"", "", "WELCOME10", "NOSUCH"}).Draw(w.r, "promo")
	line := strings.Replace(teamOrderLine, "web-1", name, 1)
	line = strings.Replace(line, "order_count=1", "order_count="+strconv.Itoa(rapid.IntRange(1, 2).Draw(w.r, "count")), 1)
	if promo != "" {
		line += " promocode=" + promo
	}
	w.wanted[name] = &wanted{by: person, promo: promo}
	w.sayIn(person, teamChat, line)
	w.remember()
	if rapid.IntRange(0, 5).Draw(w.r, "confirms") > 0 {
		for _, m := range slices.Backward(w.chats.Messages(teamChat)) {
			for _, b := range slices.Concat(m.Keyboard...) {
				if confirms(b.Label) && strings.Contains(m.Text, name) && !m.Deleted {
					w.tapAs(person, teamButton{m.ID, b.Label, b.Data})
					return
				}
			}
		}
	}
}

// buyAstray is buy from a vendor that goes astray, and waits for the outcome.
func (w *teamWorld) buyAstray() {
	w.answerAll()
	w.astray()
	w.buy()
	for range 2 {
		for range 3 { // who may not does nothing by it
			w.approve()
		}
		w.look()
		w.minutes()
		w.answer()
	}
}

// pressAny has somebody press a button of a kind, of whatever age and whosever.
func (w *teamWorld) pressAny(kind, of string, ok func(teamButton) bool) {
	var all []teamButton
	for _, b := range w.seen {
		// What changes the team is pressed where the test knows what it does.
		if ok(b) && (strings.HasPrefix(b.data, "p1:") || confirms(b.label)) && strings.Contains(b.data, of) && !lies(b.data) {
			all = append(all, b)
		}
	}
	if len(all) > 0 {
		w.tapAs(w.someone(), rapid.SampledFrom(all).Draw(w.r, kind))
	}
}

// lies reports whether a button says what became of a payment: the test answers
// that by what the vendor has.
func lies(data string) bool { return strings.Contains(data, "bought") }

// approve has some of the team approve what has waited the shortest.
func (w *teamWorld) approve() {
	first := rapid.IntRange(0, len(teamPeople)-1).Draw(w.r, "who is first")
	for i := range rapid.IntRange(1, len(teamPeople)).Draw(w.r, "how many") {
		if b, ok := w.waiting(); ok {
			w.tapAs(teamPeople[(first+i)%len(teamPeople)], b)
		}
	}
}

// reject has somebody reject something, and say no reason if they are asked for one.
func (w *teamWorld) reject() {
	w.pressAny("a rejection", "", func(b teamButton) bool { return strings.HasSuffix(b.data, ":reject") })
	const label = "Reject without a reason"
	for _, m := range slices.Backward(w.chats.Messages(teamChat)) {
		if b, ok := m.Button(label); ok && !m.Deleted {
			for _, person := range teamPeople {
				w.tapAs(person, teamButton{message: m.ID, label: label, data: b.Data})
			}
			return
		}
	}
}

// waiting is the button to approve that is the newest in the group.
func (w *teamWorld) waiting() (teamButton, bool) {
	for _, m := range slices.Backward(w.chats.Messages(teamChat)) {
		for _, b := range slices.Concat(m.Keyboard...) {
			if strings.HasSuffix(b.Data, ":approve") && !m.Deleted {
				return teamButton{m.ID, b.Label, b.Data}, true
			}
		}
	}
	return teamButton{}, false
}

func (w *teamWorld) cancel() {
	id := w.somePurchase()
	if id != "" {
		w.pressAny("a cancel", ":"+id+":", func(b teamButton) bool { return strings.Contains(b.data, ":cancel") })
	}
}

func (w *teamWorld) somePurchase() string {
	if len(w.names) == 0 {
		return ""
	}
	ids := slices.Collect(func(yield func(string) bool) {
		for id := range w.names {
			if !yield(id) {
				return
			}
		}
	})
	slices.SortFunc(ids, func(a, b string) int { return cmp.Compare(w.names[a], w.names[b]) })
	return rapid.SampledFrom(ids).Draw(w.r, "purchase")
}

// asking are the purchases that ask something.
func (w *teamWorld) asking() []journalled {
	var all []journalled
	for _, p := range w.purchases() {
		if p.Record.Question != nil {
			all = append(all, p)
		}
	}
	slices.SortFunc(all, func(a, b journalled) int { return strings.Compare(w.names[a.Record.ID], w.names[b.Record.ID]) })
	return all
}

// answer has the requester answer what a purchase asks.
func (w *teamWorld) answer() {
	for _, p := range w.asking() {
		choices := slices.DeleteFunc(slices.Clone(p.Record.Question.Choices), func(c purchase.Choice) bool { return lies(string(c)) })
		w.answerWith(p, string(rapid.SampledFrom(choices).Draw(w.r, "choice")))
		return
	}
}

// answerWith presses the button of a choice, and reports whether it is there.
func (w *teamWorld) answerWith(p journalled, choice string) bool {
	data := fmt.Sprintf(":%s:%d:%s", p.Record.ID, p.Record.Question.Number, choice)
	for _, m := range slices.Backward(w.chats.Messages(teamChat)) {
		for _, b := range slices.Concat(m.Keyboard...) {
			_, rest, ok := strings.Cut(b.Data, data) // the owner may press it, too, if it ends so: ".0"
			if ok && (rest == "" || strings.HasPrefix(rest, ":") || strings.HasPrefix(rest, ".")) && !m.Deleted {
				by := p.Owner.User
				if !w.present(by) && lies(choice) {
					by = anna // then the owner may say what became of a payment
				}
				w.tapAs(by, teamButton{m.ID, b.Label, b.Data})
				return true
			}
		}
	}
	return false
}

// tapAs has a person press a button, perhaps twice, perhaps with the bot stopped
// right after it, and notes what that means by the team as it is now.
func (w *teamWorld) tapAs(person int64, b teamButton) {
	now := w.clock.Now()
	before := w.purchases()
	w.remember()
	w.vote(person, b)
	taps := rapid.IntRange(1, 2).Draw(w.r, "taps")
	stops := rapid.IntRange(0, 7).Draw(w.r, "stops") == 0
	for range taps {
		if w.present(person) {
			if _, err := w.chats.TapData(person, teamChat, b.message, b.data); err != nil {
				w.t.Fatal(err)
			}
		} else if _, err := w.chats.Forge(json.RawMessage(`{"callback_query":` + pressJSON(person, peopleNames[person], teamChat, b.message, b.data) + `}`)); err != nil {
			w.t.Fatal(err)
		}
	}
	if stops {
		w.restart()
	}
	w.settle()
	w.agree(person, b, before, now)
	w.remember()
}

// vote notes an approval, if the person may give it.
func (w *teamWorld) vote(person int64, b teamButton) {
	parts := strings.Split(b.data, ":")
	if len(parts) < 4 || parts[3] != "approve" {
		return
	}
	o := w.wanted[w.names[parts[1]]]
	terms, err := strconv.Atoi(parts[2])
	if err != nil || o == nil {
		w.t.Fatalf("nothing of the test's is approved by the button %q", b.data)
	}
	role := w.role(person)
	allowed := role == team.RoleOwner || role == team.RoleApprover && w.rule.By != team.RoleOwner
	if !allowed || person == o.by && !w.rule.Own {
		return
	}
	w.settled++
	o.votes = append(o.votes, ballot{moment: w.settled, terms: terms, by: person, total: priceOn(b.label), own: person == o.by})
}

// agree notes what a press has agreed to: a purchase was opened by it, or has
// other terms since.
func (w *teamWorld) agree(person int64, b teamButton, before map[string]journalled, at time.Time) {
	w.settled++
	for id, p := range w.purchases() {
		was, there := before[id]
		if there && p.Record.Approval.Terms == was.Record.Approval.Terms {
			continue
		}
		d := deal{moment: w.settled, at: at, total: priceOn(b.label), priced: true, rule: w.rule, limits: w.limits, paid: map[string]bool{}}
		for other, p := range before {
			d.paid[other] = p.Record.Charged() == purchase.WasCharged
		}
		o := w.wanted[p.Record.Order.ServerName]
		switch {
		case o == nil || o.by != person || p.Owner.User != person:
			w.t.Fatalf("%d pressed %q, and %s of %d was agreed", person, b.label, id, p.Owner.User)
		case !w.role(person).May(team.RightOrder):
			w.t.Fatalf("%d, who is %q, agreed to %s by %q", person, w.role(person), id, b.label)
		case !there:
			o.id, o.login, w.names[id] = id, w.bound, p.Record.Order.ServerName
		default:
			if last := o.deals[len(o.deals)-1]; !strings.Contains(b.data, ":accept") {
				d.total, d.priced = last.total, false
			}
			if strings.Contains(b.data, ":without_promo") || strings.Contains(b.data, ":anyway") {
				o.promo = ""
			}
			if w.bound != o.login {
				w.t.Fatalf("%s was agreed to again, but its account does not pay for the team any more", id)
			}
		}
		d.terms = o.terms
		o.deals = append(o.deals, d)
	}
}

// noted takes in which terms the buttons that are shown are for.
func (w *teamWorld) noted() {
	w.remember()
	for _, b := range w.seen {
		parts := strings.Split(b.data, ":")
		if len(parts) < 4 || parts[3] != "approve" {
			continue
		}
		if terms, err := strconv.Atoi(parts[2]); err == nil {
			if o := w.wanted[w.names[parts[1]]]; o != nil {
				o.terms = max(o.terms, terms)
			}
		}
	}
}

// priceOn is the price on a button; nil: there is none.
func priceOn(label string) *decimal.Decimal {
	_, price, ok := strings.Cut(label, "€")
	if !ok {
		return nil
	}
	amount, err := decimal.NewFromString(price)
	if err != nil {
		return nil
	}
	return &amount
}

// settings has the owner open a card of the team's settings and press its
// buttons.
func (w *teamWorld) settings(labels ...string) {
	w.sayIn(anna, teamChat, "/team")
	for _, label := range labels {
		w.tapIn(anna, teamChat, label, "")
	}
}

// write has the owner answer what the bot has asked them last.
func (w *teamWorld) write(text string) {
	for _, m := range slices.Backward(w.chats.Messages(teamChat)) {
		if m.AsksReply && !m.Deleted {
			if _, err := w.chats.Reply(anna, teamChat, m.ID, text); err != nil {
				w.t.Fatal(err)
			}
			w.settle()
			return
		}
	}
	w.t.Fatalf("nothing is asked:\n%s", w.chats.Transcript(teamChat))
}

// setRule changes how many approvals are needed and, if any are, something else
// of the rule.
func (w *teamWorld) setRule() {
	rule := w.rule
	rule.Needed = rapid.SampledFrom([]int{0, 1, 1, 2}).Draw(w.r, "approvals")
	press := []string{"✅ Approvals"}
	if rule.Needed != w.rule.Needed { // what is chosen has a mark, and is not pressed
		press = append(press, []string{"Not needed", "1 approval", "2 approvals"}[rule.Needed])
	}
	above := ""
	if rule.Needed > 0 {
		switch of := rapid.IntRange(0, 3).Draw(w.r, "of the rule"); {
		case of == 0 && rule.Above == nil:
			amount := int64(rapid.IntRange(2, 12).Draw(w.r, "above"))
			rule.Above, above = money(amount), strconv.FormatInt(amount, 10)
			press = append(press, "Above an amount")
		case of == 0:
			rule.Above = nil
			press = append(press, "Every order")
		case of == 1:
			rule.Own = !rule.Own
			press = append(press, map[bool]string{true: "Own orders: self", false: "Own orders: others"}[rule.Own])
		case of == 2 && rule.By != team.RoleOwner:
			rule.By = team.RoleOwner
			press = append(press, "By the owner")
		case of == 2:
			rule.By = team.RoleApprover
			press = append(press, "By approvers")
		}
	}
	w.settings(press...)
	if above != "" {
		w.write(above)
	}
	w.rule = rule
}

func money(amount int64) *zomro.Money {
	m := eur(amount)
	return &m
}

func (w *teamWorld) setLimit() {
	limit := rapid.SampledFrom(team.AllLimits()).Draw(w.r, "limit")
	name := map[team.Limit]string{
		team.LimitPurchase: "Single purchase", team.LimitPersonDay: "Per person per day",
		team.LimitPersonMonth: "Per person per month", team.LimitTeamMonth: "Whole team per month",
	}[limit]
	amount := int64(rapid.IntRange(4, 30).Draw(w.r, "most"))
	if amount > 25 {
		w.settings("💶 Limits", name, "No limit")
		w.limits = w.limits.With(limit, nil)
		return
	}
	w.settings("💶 Limits", name)
	w.write(strconv.FormatInt(amount, 10))
	w.limits = w.limits.With(limit, money(amount))
}

func (w *teamWorld) setRefuse() {
	w.limits.Refuse = !w.limits.Refuse
	w.settings("💶 Limits", map[bool]string{true: "Above: refused", false: "Above: approval"}[w.limits.Refuse])
}

func (w *teamWorld) setRole() {
	person := rapid.SampledFrom(teamPeople[1:]).Draw(w.r, "whose role")
	if !w.present(person) {
		return
	}
	role := rapid.SampledFrom([]team.Role{team.RoleNone, team.RoleApprover, team.RoleBuyer, team.RoleViewer}).Draw(w.r, "role")
	if role == w.roles[person] {
		return
	}
	w.settings("👤 Roles", peopleNames[person], map[team.Role]string{
		team.RoleNone: "as in Telegram", team.RoleApprover: "approver", team.RoleBuyer: "buyer", team.RoleViewer: "viewer",
	}[role])
	w.roles[person] = role
}

// setAccount has another account of the owner's pay, or none.
func (w *teamWorld) setAccount() {
	if w.bound != "" && rapid.Bool().Draw(w.r, "none") {
		w.settings("🔑 Account", "Disconnect")
		w.bound = ""
		return
	}
	w.bind(rapid.SampledFrom([]string{vendorLogin, borisLogin}).Draw(w.r, "account"))
}

// payer is the login of the account that pays, or would pay.
func (w *teamWorld) payer() string { return cmp.Or(w.bound, vendorLogin) }

// bind has an account of the owner's pay.
func (w *teamWorld) bind(login string) {
	w.settings("🔑 Account")
	w.openLinkIn(anna, teamChat, "🔒 Open the private chat")
	w.tap(anna, login)
	w.tap(anna, "Zomro")
	w.bound = login
}

// setStatus has somebody promoted or demoted, leave or come back.
func (w *teamWorld) setStatus() {
	person := rapid.SampledFrom(teamPeople[1:]).Draw(w.r, "whose status")
	var err error
	switch was := w.status[person]; {
	case was == team.StatusLeft:
		w.status[person] = team.StatusMember
		err = w.chats.Join(person, teamChat, person)
	case rapid.Bool().Draw(w.r, "leaves"):
		w.status[person] = team.StatusLeft
		delete(w.roles, person)
		err = w.chats.Leave(person, teamChat)
	case was == team.StatusAdministrator:
		w.status[person] = team.StatusMember
		err = w.chats.Demote(anna, teamChat, person)
	default:
		w.status[person] = team.StatusAdministrator
		err = w.chats.Promote(anna, teamChat, person, emulator.Rights{})
	}
	if err != nil {
		w.t.Fatal(err)
	}
	w.settle()
	if w.present(person) {
		w.sayIn(person, teamChat, "/team") // the bot knows them again
	}
}

func (w *teamWorld) setPrice() {
	amount := decimal.New(int64(rapid.IntRange(200, 900).Draw(w.r, "cents")), -2)
	w.vendor.SetPrice("9102", zomro.Month, zomro.Money{Amount: amount, Currency: "EUR"})
	w.unsure()
}

// comeToAnEnd takes away what is in the way, answers what is asked and lets a
// week pass.
func (w *teamWorld) comeToAnEnd() {
	w.wellAgain()
	for _, login := range w.logins {
		w.vendor.EmptyCart(login)
		for _, o := range w.vendor.Unpaid(login) {
			w.settleInPanel(o, true)
		}
	}
	for _, pause := range []time.Duration{0, time.Minute, 5 * time.Minute, time.Hour, 25 * time.Hour, 25 * time.Hour, 25 * time.Hour, 72 * time.Hour, 72 * time.Hour} {
		w.pass(pause)
		w.look()
		w.answerAll()
	}
	// One purchase after the other is looked for because it left the cart, or is
	// given up because it may not be paid.
	for i := range 100 {
		if !slices.ContainsFunc(slices.Collect(maps.Values(w.purchases())), func(p journalled) bool { return !p.Record.State.Ended() }) {
			return
		}
		w.pass(time.Minute)
		if i%10 == 9 {
			w.pass(25 * time.Hour)
		}
		w.answerAll()
	}
}

// answerAll answers what is asked as somebody does who has looked into the vendor's
// panel.
func (w *teamWorld) answerAll() {
	for range 20 {
		answered := false
		for _, p := range w.asking() {
			answered = answered || w.answerWith(p, w.honestly(p))
		}
		if !answered {
			return
		}
	}
}

// honestly is what somebody answers who has looked into the vendor's panel.
func (w *teamWorld) honestly(p journalled) string {
	choices := p.Record.Question.Choices
	if !slices.ContainsFunc(choices, func(c purchase.Choice) bool { return lies(string(c)) }) {
		return "give_up"
	}
	if w.bought(p.Record) {
		return "bought"
	}
	return "not_bought"
}

// sale is an order that the vendor was paid for, and the test's word on it.
type sale struct {
	sandbox.Order
	name, login string
	*wanted
	last, price deal // the last agreement before it, and the last on a price
}

// sales are all that the vendor was paid for, each server or row of an order with
// the others of it, in the order of their agreements. Left out is what a confirm of
// another purchase has paid, as a vendor may that pays the whole cart.
func (w *teamWorld) sales() []sale {
	all := map[string]*sale{}
	for _, login := range w.logins {
		for _, o := range w.vendor.Orders(login) {
			name := server(o)
			if n, known := w.payment[o.LineItem]; known && w.paysCart && w.names[w.confirms[n].id] != name {
				continue
			}
			if s := all[name]; s != nil {
				s.Amount.Amount = s.Amount.Amount.Add(o.Amount.Amount)
				continue
			}
			s := &sale{Order: o, login: login, name: name, wanted: w.wanted[name]}
			if s.wanted == nil || len(s.deals) == 0 {
				w.t.Fatalf("%q was paid, and nobody has confirmed it", s.name)
			}
			for _, d := range s.deals {
				if s.last = d; d.priced {
					s.price = d
				}
			}
			all[name] = s
		}
	}
	var list []sale
	for _, s := range all {
		list = append(list, *s)
	}
	slices.SortFunc(list, func(a, b sale) int { return cmp.Compare(a.price.moment, b.price.moment) })
	return list
}

// agreed is the part of a sale that was agreed to: what the vendor took beyond what
// its cart said is nobody's here.
func (w *teamWorld) agreed(s sale) decimal.Decimal {
	if w.dearer[s.id] && s.last.total != nil {
		return decimal.Min(s.Amount.Amount, *s.last.total)
	}
	return s.Amount.Amount
}

// kept reports whether the code of a sale is one that the vendor keeps in the cart of the account,
// since another purchase of it had that code. Its price was agreed to as the cart said it.
func (w *teamWorld) kept(s sale) bool {
	return w.keepsCodes && slices.ContainsFunc(slices.Collect(maps.Values(w.wanted)), func(other *wanted) bool {
		return other != s.wanted && other.login == s.wanted.login && other.promo == s.Promo
	})
}

// holds is what must be true at the end.
func (w *teamWorld) holds() {
	for id, p := range w.purchases() {
		if !p.Record.State.Ended() {
			w.t.Errorf("purchase %s is left in state %s, question %v", id, p.Record.State, p.Record.Question)
		}
	}
	sales := w.sales()
	for i, s := range sales {
		if s.login != s.wanted.login {
			w.t.Errorf("%s was paid from %s; the team's account was %q", s.name, s.login, s.wanted.login)
		}
		if s.last.total != nil && w.agreed(s).GreaterThan(*s.last.total) {
			w.t.Errorf("%s: %s was taken, %s was agreed", s.name, s.Amount.Amount, s.last.total)
		}
		if s.Promo != "" && s.Promo != s.promo && !w.kept(s) {
			w.t.Errorf("%s was paid with the code %q, %q was agreed", s.name, s.Promo, s.promo)
		}
		if over := w.over(s, sales[:i]); over != "" && s.price.limits.Refuse {
			w.t.Errorf("%s of %d for %s is above the limit %s, which refuses: %+v", s.name, s.by, s.Amount.Amount, over, s.price.limits.Of(over))
		}
		if got, needed := len(s.approvers()), w.needed(s, sales[:i]); got < needed {
			w.t.Errorf("%s of %d for %s was paid with %d approvals, it needed %d: %+v", s.name, s.by, s.Amount.Amount, got, needed, s.votes)
		}
	}
	w.ledgerHolds(sales)
	w.booksHold()
	w.t.Logf("%d purchases, %d confirms, %d orders", len(w.names), len(w.confirms), len(w.payment))
	if w.t.Failed() {
		w.t.Log(w.chats.Transcript(teamChat))
	}
}

// approvers are the people who have approved the last terms of a sale.
func (s sale) approvers() map[int64]bool {
	by := map[int64]bool{}
	for _, v := range s.votes {
		same := v.total == nil && s.last.total == nil || v.total != nil && s.last.total != nil && v.total.Equal(*s.last.total)
		if v.moment > s.last.moment && v.terms > s.last.terms && same {
			by[v.by] = true
		}
	}
	return by
}

// needed is how many approvals a sale needed at least.
func (w *teamWorld) needed(s sale, before []sale) int {
	needed, above := 0, s.last.rule.Above
	if above == nil || s.last.total == nil || s.last.total.GreaterThan(above.Amount) {
		needed = s.last.rule.Needed
	}
	if !s.price.limits.Refuse && s.last.moment == s.price.moment && w.over(s, before) != "" {
		needed = max(needed, 1)
	}
	return needed
}

// over is a limit that a sale was above when its price was agreed, with what
// was agreed before and paid in its day or month, or later; "": none.
func (w *teamWorld) over(s sale, before []sale) team.Limit {
	at := s.price.at.UTC()
	day, month := at.Truncate(24*time.Hour), time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, time.UTC)
	for _, limit := range team.AllLimits() {
		most := s.price.limits.Of(limit)
		if most == nil {
			continue
		}
		sum := w.agreed(s)
		for _, other := range before {
			from := month
			if limit == team.LimitPersonDay {
				from = day
			}
			counts := limit == team.LimitTeamMonth || other.by == s.by
			if limit != team.LimitPurchase && counts && !other.Time.Before(from) && other.price.total != nil {
				if s.price.paid[other.id] {
					sum = sum.Add(other.Amount.Amount)
				} else {
					sum = sum.Add(w.agreed(other)) // what it really costs was not known
				}
			}
		}
		if sum.GreaterThan(most.Amount) {
			return limit
		}
	}
	return ""
}

// ledgerHolds holds that the team's ledger has spent what the vendor took in
// this month and the last, and nothing still set aside.
func (w *teamWorld) ledgerHolds(sales []sale) {
	ledger, _, err := storage.Read[team.Ledger](w.t.Context(), w.program.Store, "ledger/"+strconv.FormatInt(teamChat, 10))
	if err != nil {
		w.t.Fatal(err)
	}
	kept := map[string]team.Expense{}
	for _, e := range ledger.Expenses {
		kept[e.Purchase] = e
		if !e.Spent {
			w.t.Errorf("%s is set aside for purchase %s, which has ended", e.Amount.Amount, e.Purchase)
		}
	}
	all, now := w.purchases(), w.clock.Now().UTC()
	last := time.Date(now.Year(), now.Month()-1, 1, 0, 0, 0, 0, time.UTC) // what was spent before is not kept
	for _, s := range sales {
		took := s.Amount.Amount
		if all[s.id].Record.Taken == nil { // a person's word, or the panel: what was taken is not known
			took = w.agreed(s)
		}
		if e, ok := kept[s.id]; !s.Time.Before(last) && s.last.total != nil && (!ok || e.Amount.Amount.LessThan(took) || e.Who != s.by) {
			w.t.Errorf("%s was paid for purchase %s of %d, the ledger has %+v", s.Amount.Amount, s.id, s.by, e)
		}
	}
}
