package main

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"zomrobot/audit"
	"zomrobot/locales"
	"zomrobot/purchase"
	"zomrobot/telegram/emulator"
	"zomrobot/zomro"
	"zomrobot/zomro/sandbox"
)

// How much chance there is in TestAnythingMayHappen: so many worlds, unless
// -rapid.checks is given, with so many steps each.
const (
	randomWorlds = "4"
	randomSteps  = 40
)

// TestAnythingMayHappen drives two people, one vendor account or two, faults,
// restarts and prices at random through the whole product, lets everything come
// to its end, and then looks at the money, the journal, the chats and the
// books.
func TestAnythingMayHappen(t *testing.T) {
	t.Parallel()
	texts, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	checkRandomly(t, randomWorlds, func(r *rapid.T) {
		w := newRandomWorld(t, r, texts)
		steps, names := w.steps()
		for range stepsOf(randomSteps) {
			steps[rapid.SampledFrom(names).Draw(r, "step")](r)
			w.alone()
			w.look()
		}
		w.comeToAnEnd()
		w.holds()
	})
}

// randomly is held by the test whose number of worlds the flag of rapid has, which all read.
var randomly sync.Mutex

// checkRandomly checks a property in so many worlds, unless -rapid.checks says in
// how many. One test does that at a time.
func checkRandomly(t *testing.T, worlds string, property func(*rapid.T)) {
	switch {
	case raced:
		worlds = "1"
	case testing.Short():
		worlds = "2"
	}
	randomly.Lock()
	defer randomly.Unlock()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "rapid.checks" })
	if checks := flag.Lookup("rapid.checks"); !given {
		before := checks.Value.String()
		if err := checks.Value.Set(worlds); err != nil {
			t.Fatal(err)
		}
		defer func() { _ = checks.Value.Set(before) }()
	}
	rapid.Check(t, property)
}

// stepsOf is how many of so many steps a random world has: with the race detector, which finds its
// races early or not at all, half of them.
func stepsOf(steps int) int {
	if raced {
		return steps / 2
	}
	return steps
}

// caseTB lets one case of a property test stand for a test.
type caseTB struct {
	testing.TB
	r   *rapid.T
	dir string
}

func (c caseTB) Helper() {}

func (c caseTB) Cleanup(f func()) { c.r.Cleanup(f) }

func (c caseTB) Error(args ...any) { c.r.Error(args...) }

func (c caseTB) Errorf(f string, args ...any) { c.r.Errorf(f, args...) }

func (c caseTB) Fatal(args ...any) { c.r.Fatal(args...) }

func (c caseTB) Fatalf(f string, args ...any) { c.r.Fatalf(f, args...) }

func (c caseTB) Log(args ...any) { c.r.Log(args...) }

func (c caseTB) Failed() bool { return c.r.Failed() }

func (c caseTB) TempDir() string { return c.dir }

// button is a button that was once in a chat.
type button struct {
	message int
	data    string
}

// randomWorld is a world in which anything may happen.
type randomWorld struct {
	*observer
	texts     *locales.Catalog
	users     map[int64]string           // of the vendor, by person
	ordered   int                        // servers' names that were given
	asked     map[string]int             // how often a purchase was answered for honestly
	putIn     map[string]decimal.Decimal // the money that was there or came, by account
	priceless map[string]bool            // purchases that a person let go on without a known price
}

const borisLogin = "boris@example.com"

var people = []int64{anna, boris}

func newRandomWorld(t *testing.T, r *rapid.T, texts *locales.Catalog) *randomWorld {
	dir, err := os.MkdirTemp(t.TempDir(), "world")
	if err != nil {
		t.Fatal(err)
	}
	w := &randomWorld{
		observer: newObserver(r, texts, vendorLogin, borisLogin),
		texts:    texts, users: map[int64]string{anna: vendorLogin, boris: borisLogin},
		putIn:     map[string]decimal.Decimal{vendorLogin: decimal.NewFromInt(100), borisLogin: decimal.NewFromInt(50)},
		priceless: map[string]bool{}, asked: map[string]int{},
	}
	w.world = newWorldOf(caseTB{TB: t, r: r, dir: dir}, sandbox.Config{
		ActivationDelay: time.Minute,
		Facts:           someFacts(r),
	}, func(p *Program) {
		p.vendorOptions = []zomro.Option{zomro.WithSleep(noPause)}
		w.watch(p)
	})
	switch rapid.SampledFrom([]string{"his own", "hers", "his own login to hers"}).Draw(r, "Boris's account") {
	case "his own":
		w.vendor.AddAccount(borisLogin, vendorPassword, eur(50))
	case "hers":
		w.users[boris] = vendorLogin
		w.one()
	default:
		w.vendor.AddUser(borisLogin, vendorPassword, vendorLogin)
		w.one()
	}
	for _, person := range people {
		w.say(person, "/login")
		w.tap(person, words["login and password"][person])
		w.say(person, w.users[person])
		w.say(person, vendorPassword)
	}
	return w
}

// one leaves it at one account.
func (w *randomWorld) one() {
	w.logins = []string{vendorLogin}
	delete(w.putIn, borisLogin)
}

// steps are what may happen, by name, and the names, each as often as it shall
// be likely.
func (w *randomWorld) steps() (steps map[string]func(*rapid.T), names []string) {
	steps = map[string]func(*rapid.T){}
	for _, s := range []struct {
		name   string
		likely int
		step   func(*rapid.T)
	}{
		{"buy", 3, w.buy},
		{"order", 1, w.order},
		{"confirm", 2, w.confirm},
		{"old button", 2, w.oldButton},
		{"cancel", 1, w.cancelPurchase},
		{"answer", 3, w.answerAny},
		{"answer honestly", 5, w.answerHonestly},
		{"fault", 3, func(*rapid.T) { w.injectFault() }},
		{"faults end", 1, func(*rapid.T) { w.endFaults() }},
		{"buy astray", 7, w.buyAstray},
		{"wrong answer", 2, func(*rapid.T) { w.answerWrongly("confirm", "add") }},
		{"behaviour", 2, func(*rapid.T) { w.behave() }},
		{"panel", 1, func(*rapid.T) { w.panelStep() }},
		{"well again", 2, func(*rapid.T) { w.wellAgain() }},
		{"time", 6, w.passTime},
		{"restart", 2, func(*rapid.T) { w.restart(); w.settle() }},
		{"price", 2, w.changePrice},
		{"foreign item", 1, w.foreignItem},
		{"empty cart", 1, w.emptyCart},
		{"sessions expire", 1, w.expireSessions},
		{"balance", 1, w.changeBalance},
	} {
		steps[s.name] = s.step
		names = append(names, slices.Repeat([]string{s.name}, s.likely)...)
	}
	return steps, names
}

func (w *randomWorld) someone(r *rapid.T) int64 { return rapid.SampledFrom(people).Draw(r, "person") }

func (w *randomWorld) account(r *rapid.T) string {
	return rapid.SampledFrom(w.logins).Draw(r, "account")
}

func (w *randomWorld) order(r *rapid.T) { w.orderBy(r, w.someone(r)) }

// buy orders and confirms.
func (w *randomWorld) buy(r *rapid.T) {
	person := w.someone(r)
	w.orderBy(r, person)
	w.say(person, "/confirm")
}

// buyAstray is buy from a vendor that goes astray, and waits for what comes of it.
func (w *randomWorld) buyAstray(r *rapid.T) {
	w.answerAll()
	for _, login := range w.logins {
		w.setBalance(login, 100)
	}
	w.astray()
	w.buy(r)
	w.look()
	for _, p := range w.questions() {
		if !inDoubt(p.Record) {
			w.decide(p, w.honestly(p.Record, false))
		}
	}
	w.look()
	w.minutes()
}

func (w *randomWorld) orderBy(r *rapid.T, person int64) {
	w.ordered++ // the observer knows them by it
	line := fmt.Sprintf("/order datacenter=17 pricelist=%s order_period=%s instances_os=Ubuntu 22.04 servername=%s order_count=%d backups_schedule=off use_ssh_key=off password=%s",
		rapid.SampledFrom([]string{"9100", "9102"}).Draw(r, "plan"),
		rapid.SampledFrom([]string{"-50", "1", "3"}).Draw(r, "period"),
		fmt.Sprintf("web-%d", w.ordered),
		rapid.IntRange(1, 3).Draw(r, "count"), rootPassword)
	if strings.Contains(line, "9102") {
		line += " addon_91021=301"
	} else {
		line += " addon_91001=301"
	}
	if code := rapid.SampledFrom([]string{"", "", "WELCOME10", "MINUS2", "NOSUCH"}).Draw(r, "promo"); code != "" {
		line += " promocode=" + code
	}
	w.say(person, line)
}

func (w *randomWorld) confirm(r *rapid.T) {
	person := w.someone(r)
	if rapid.Bool().Draw(r, "by command") {
		w.say(person, "/confirm")
		return
	}
	taps := rapid.IntRange(1, 2).Draw(r, "taps")
	for _, b := range slices.Backward(w.buttons(person)) {
		if strings.Contains(b.data, ":confirm") {
			for range taps {
				w.press(person, b.message, b.data)
			}
			break
		}
	}
	w.settle()
}

// buttons are those that a person sees now, the oldest first.
func (w *randomWorld) buttons(person int64) []button {
	var all []button
	for _, m := range w.chats.Messages(person) {
		for _, b := range slices.Concat(m.Keyboard...) {
			if b.Data != "" && !m.Deleted {
				all = append(all, button{m.ID, b.Data})
			}
		}
	}
	return all
}

// oldButton presses any button that is somewhere in the chat, whatever its age,
// or one of the other person's.
func (w *randomWorld) oldButton(r *rapid.T) {
	person := w.someone(r)
	all := w.buttons(rapid.SampledFrom(people).Draw(r, "whose button"))
	all = slices.DeleteFunc(all, func(b button) bool {
		return strings.Contains(b.data, "logout") || strings.Contains(b.data, ":bought") || strings.Contains(b.data, "not_bought") || strings.Contains(b.data, "accept") || strings.Contains(b.data, "anyway")
	})
	mine := slices.DeleteFunc(w.chats.Messages(person), func(m emulator.Message) bool { return !m.Bot })
	if len(all) == 0 || len(mine) == 0 {
		return
	}
	b := rapid.SampledFrom(all).Draw(r, "button")
	w.press(person, rapid.SampledFrom(mine).Draw(r, "message").ID, b.data)
	w.settle()
}

func (w *randomWorld) cancelPurchase(r *rapid.T) {
	person := w.someone(r)
	for _, b := range slices.Backward(w.buttons(person)) {
		if strings.HasPrefix(b.data, "p1:") && strings.HasSuffix(b.data, ":cancel") {
			w.press(person, b.message, b.data)
			break
		}
	}
	w.settle()
}

// questions are the purchases that ask something, by id.
func (w *randomWorld) questions() []journalled {
	var asking []journalled
	for _, p := range w.purchases() {
		if p.Record.Question != nil {
			asking = append(asking, p)
		}
	}
	slices.SortFunc(asking, func(a, b journalled) int { return strings.Compare(a.Record.ID, b.Record.ID) })
	return asking
}

func (w *randomWorld) answerAny(r *rapid.T) {
	for _, p := range w.questions() {
		w.decide(p, rapid.SampledFrom(p.Record.Question.Choices).Draw(r, "choice"))
		return
	}
}

func (w *randomWorld) answerHonestly(*rapid.T) {
	for _, p := range w.questions() {
		w.decide(p, w.honestly(p.Record, false))
		return
	}
}

// decide presses the button of a choice, and notes what it means.
func (w *randomWorld) decide(p journalled, choice purchase.Choice) {
	r, person := p.Record, p.Owner.User
	switch choice {
	case purchase.ChooseBought:
		w.lied[r.ID] = w.lied[r.ID] || !w.bought(r)
	case purchase.ChooseNotBought:
		w.lied[r.ID] = w.lied[r.ID] || w.bought(r)
	case purchase.ChooseAccept, purchase.ChooseAnyway:
		w.priceless[r.ID] = w.priceless[r.ID] || r.Question.Now == nil
	default:
	}
	data := fmt.Sprintf(":%s:%d:%s", r.ID, r.Question.Number, choice)
	for _, b := range slices.Backward(w.buttons(person)) {
		if strings.HasSuffix(b.data, data) {
			w.press(person, b.message, b.data)
			w.settle()
			return
		}
	}
	w.t.Fatalf("%d cannot answer %s of purchase %s with %s:\n%s", person, r.Question.Kind, r.ID, choice, w.chats.Transcript(person))
}

// honestly is what somebody answers who has looked into the vendor's panel.
func (w *randomWorld) honestly(r purchase.Record, tired bool) purchase.Choice {
	has := func(choice purchase.Choice) bool { return slices.Contains(r.Question.Choices, choice) }
	switch {
	case has(purchase.ChooseBought) && w.bought(r):
		return purchase.ChooseBought
	case has(purchase.ChooseNotBought):
		return purchase.ChooseNotBought
	case has(purchase.ChooseWithoutPromo):
		return purchase.ChooseWithoutPromo
	case isTax(*r.Question):
		return purchase.ChooseAccept
	case has(purchase.ChooseAgain) && !tired:
		return purchase.ChooseAgain
	default:
		return purchase.ChooseGiveUp
	}
}

func (w *randomWorld) passTime(r *rapid.T) {
	w.pass(rapid.SampledFrom([]time.Duration{
		2 * time.Second, 5 * time.Second, 15 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute, time.Hour, 25 * time.Hour,
	}).Draw(r, "time"))
}

func (w *randomWorld) changePrice(r *rapid.T) {
	amount := decimal.New(int64(rapid.IntRange(10, 900).Draw(r, "cents")), -2)
	w.vendor.SetPrice(rapid.SampledFrom([]string{"9100", "9102"}).Draw(r, "plan"),
		rapid.SampledFrom([]zomro.Period{zomro.Day, zomro.Month, zomro.Quarter}).Draw(r, "period"), zomro.Money{Amount: amount, Currency: "EUR"})
	w.unsure()
}

func (w *randomWorld) foreignItem(r *rapid.T) {
	w.vendor.PutForeignItem(w.account(r))
}

func (w *randomWorld) emptyCart(r *rapid.T) { w.vendor.EmptyCart(w.account(r)) }

func (w *randomWorld) expireSessions(r *rapid.T) { w.vendor.ExpireSessions(w.account(r)) }

func (w *randomWorld) changeBalance(r *rapid.T) {
	w.setBalance(w.account(r), int64(rapid.IntRange(0, 100).Draw(r, "balance")))
}

func (w *randomWorld) setBalance(login string, amount int64) {
	w.vendor.SetBalance(login, eur(amount))
	w.putIn[login] = decimal.NewFromInt(amount).Add(taken(w.vendor.Orders(login)))
}

// taken is what orders cost.
func taken(orders []sandbox.Order) decimal.Decimal {
	sum := decimal.Zero
	for _, o := range orders {
		sum = sum.Add(o.Amount.Amount)
	}
	return sum
}

// alone holds that no two purchases are at one account's cart.
func (w *randomWorld) alone() {
	at := map[string]string{}
	for id, p := range w.purchases() {
		if !purchase.Holds(p.Record) {
			continue
		}
		if other := at[p.Record.Account]; other != "" {
			w.t.Fatalf("purchases %s and %s are at the cart of account %s together", id, other, p.Record.Account)
		}
		at[p.Record.Account] = id
	}
}

// answerAll answers what is asked as somebody does who has looked into the vendor's
// panel.
func (w *randomWorld) answerAll() {
	for range 40 {
		asking := w.questions()
		if len(asking) == 0 {
			return
		}
		id := asking[0].Record.ID
		w.asked[id]++
		w.decide(asking[0], w.honestly(asking[0].Record, w.asked[id] > 2))
	}
	w.t.Fatalf("it is asked and asked: %v", w.asked)
}

// comeToAnEnd takes away what is in the way, lets eight days pass and answers
// what is asked. A pass of time is one step of a purchase, or a few, however long it is,
// and those of an account wait for each other: the days pass anew as long as one more
// purchase comes to its end by it.
func (w *randomWorld) comeToAnEnd() {
	w.wellAgain()
	for _, login := range w.logins {
		w.setBalance(login, 1000)
		for _, o := range w.vendor.Unpaid(login) {
			w.settleInPanel(o, true)
		}
	}
	w.answerAll()
	for before := w.open(); ; {
		w.daysPass()
		left := w.open()
		if left == 0 || left >= before {
			return
		}
		before = left
	}
}

// open is how many purchases have not come to their end.
func (w *randomWorld) open() (n int) {
	for _, p := range w.purchases() {
		if !p.Record.State.Ended() {
			n++
		}
	}
	return n
}

// daysPass lets eight days pass, in ever longer steps, and answers what is asked.
func (w *randomWorld) daysPass() {
	for _, pause := range []time.Duration{
		5 * time.Second, 15 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, time.Hour,
		12 * time.Hour, 24 * time.Hour, 24 * time.Hour, 48 * time.Hour, 48 * time.Hour, 48 * time.Hour,
	} {
		for range 4 { // those who wait for each other go on one after the other
			w.pass(pause / 4)
			w.look()
			w.answerAll()
		}
	}
}

// text is a text of the bot in a person's language.
func (w *randomWorld) text(person int64, key string, args map[string]string) string {
	text, err := w.texts.Text(map[int64]string{anna: "en", boris: "ru"}[person], key, args, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return text
}

// holds is what must be true at the end.
func (w *randomWorld) holds() {
	all := w.purchases()
	byName := map[string]string{}
	for id, p := range all {
		r := p.Record
		if !r.State.Ended() {
			w.t.Errorf("purchase %s is left in state %s, question %v", id, r.State, r.Question)
		}
		w.audited(p)
		byName[r.Order.ServerName] = id
		paid, _ := w.orders(r)
		if sum := taken(paid); sum.GreaterThan(r.Quote.Total.Amount) && !w.priceless[id] && !w.dearer[id] {
			w.t.Errorf("purchase %s: %s was taken, %s was agreed", id, sum, r.Quote.Total.Amount)
		}
	}
	for _, login := range w.logins {
		orders := w.vendor.Orders(login)
		if gone := w.putIn[login].Sub(w.vendor.Balance(login).Amount); !gone.Equal(taken(orders)) {
			w.t.Errorf("%s is gone from %s, the orders cost %s", gone, login, taken(orders))
		}
		for _, o := range orders {
			if byName[server(o)] == "" && !w.paysCart {
				w.t.Errorf("line item %s of %s was paid, and no purchase wanted it", o.LineItem, login)
			}
		}
	}
	for _, login := range slices.Compact([]string{w.users[anna], w.users[boris]}) {
		w.calledByRecord(login, all)
	}
	for id, p := range all {
		w.toldInTheEnd(id, p)
	}
	w.booksHold()
	w.t.Logf("%d purchases, %d confirms, %d orders", len(all), len(w.confirms), len(w.payment))
}

// toldInTheEnd holds that the owner of a purchase was told the truth about it.
func (w *randomWorld) toldInTheEnd(id string, p journalled) {
	if w.lied[id] {
		return
	}
	person, bought := p.Owner.User, w.bought(p.Record)
	var news, cards []string // of the purchase; what was agreed, or its price, is only on its card
	isCard := func(html string) bool {
		return slices.ContainsFunc([]string{"purchase.agreed", "purchase.price"}, func(key string) bool {
			priced, _, _ := strings.Cut(w.text(person, key, map[string]string{"Total": "\x00"}), "\x00")
			return strings.Contains(html, "\n"+priced)
		})
	}
	title := w.text(person, "purchase.title", map[string]string{"ID": id})
	for _, m := range w.chats.Messages(person) {
		switch {
		case !m.Bot || m.Deleted || !strings.HasPrefix(m.HTML, title):
		case isCard(m.HTML):
			cards = append(cards, m.Text)
		default:
			news = append(news, m.Text)
		}
	}
	said := func(in []string, part string) bool {
		return slices.ContainsFunc(in, func(text string) bool { return strings.Contains(text, part) })
	}
	paid := w.text(person, "progress.mark_done", map[string]string{"Step": w.text(person, "progress.pay", nil)})
	if item := w.text(person, "progress.cart_item", map[string]string{"Item": p.Record.LineItem}); bought && (!said(cards, paid) || !said(cards, item)) {
		w.t.Errorf("%d was not told that purchase %s was paid, line item %s:\n%s", person, id, p.Record.LineItem, w.chats.Transcript(person))
	}
	if !bought && (said(cards, paid) || said(news, w.text(person, "purchase.active", nil))) {
		w.t.Errorf("%d was told that purchase %s was bought:\n%s", person, id, w.chats.Transcript(person))
	}
	if len(news) == 0 {
		w.t.Errorf("%d was told nothing of purchase %s:\n%s", person, id, w.chats.Transcript(person))
		return
	}
	last := news[len(news)-1]
	if no := w.text(person, "charged.no", nil); bought && strings.Contains(last, no) {
		w.t.Errorf("%d was told last of purchase %s, which was paid: %s", person, id, last)
	}
}

// recorded are the lines of a purchase in its book.
func (w *randomWorld) recorded(p journalled) []audit.Line {
	return slices.DeleteFunc(w.book(fmt.Sprintf("user/%d", p.Owner.User)), func(l audit.Line) bool { return l.Purchase != p.Record.ID })
}

// audited holds that the book tells the whole story of a purchase.
func (w *randomWorld) audited(p journalled) {
	r, lines := p.Record, w.recorded(p)
	if len(lines) != r.Revision || lines[0].Event != "opened" || lines[len(lines)-1].State != string(r.State) {
		w.t.Errorf("of purchase %s, %s in revision %d, the book has these lines: %+v", r.ID, r.State, r.Revision, lines)
	}
}

// calledByRecord holds that every writing call that the vendor carried out was
// written down before.
func (w *randomWorld) calledByRecord(login string, all map[string]journalled) {
	announced := map[purchase.Call]int{}
	for _, p := range all {
		if w.users[p.Owner.User] != login {
			continue
		}
		for _, line := range w.recorded(p) {
			if deed, _ := line.Read(); line.Event == "called" {
				announced[purchase.Call(deed.(audit.Called).Call)]++
			}
		}
	}
	made := map[purchase.Call]int{}
	for _, c := range w.vendor.Calls() {
		if c.Login != login || !c.Done {
			continue
		}
		switch {
		case c.Func == "v2.instances.order.param" && c.Field("sok") == "ok":
			made[purchase.CallAdd]++
		case c.Func == "cart" && c.Field("clicked_button") == "apply_promocode":
			made[purchase.CallPromo]++
		case c.Func == "cart" && c.Field("clicked_button") == "delete":
			made[purchase.CallRemove]++
		case c.Func == "cart.empty":
			made[purchase.CallEmpty]++
		case c.Func == "cartorder.create.confirm":
			made[purchase.CallConfirm]++
		}
	}
	for call, n := range made {
		if n > announced[call] {
			w.t.Errorf("%d calls %s of %s were made, %d were written down", n, call, login, announced[call])
		}
	}
}
