package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"zomrobot/locales"
	"zomrobot/purchase"
	"zomrobot/zomro"
	"zomrobot/zomro/profile"
	"zomrobot/zomro/sandbox"
)

// latest is how long after its confirm the vendor may still do, and show, anything;
// the bot must learn all of it: it waits a little longer.
const latest = 140 * time.Second

// observer stands between the bot and the vendor, and holds what is said of
// purchases against what the vendor has, at every moment. Which order is whose it
// knows by the name of the server, so that no two purchases may have the same.
type observer struct {
	*world
	r      *rapid.T
	logins []string               // of the vendor's accounts, one of each
	told   map[string][2][]string // by language: what denies a payment, and what tells of one

	faults []*sandbox.Injection
	frozen bool // some cart is, or was, an old one

	lied    map[string]bool // purchases about which a person said what is not so
	dearer  map[string]bool // for which the vendor takes, or may take, more than its cart has said
	panel   map[string]bool // that were paid in the vendor's panel
	denials []statement
	read    int          // the bot's calls to the chats that were looked at
	saying  atomic.Int32 // calls to the chats that are on their way

	mu       sync.Mutex
	confirms []confirmed
	wrong    []string
	paysCart bool           // a confirm has, or may have, paid the whole cart
	payment  map[string]int // by line item: the confirm that took the money, in confirms
}

// confirmed is a confirm that was sent to the vendor.
type confirmed struct {
	id    string // of the purchase
	item  string
	at    time.Time
	calls int // of the bot to the chats before
}

// statement is a text that the bot has sent, of a purchase.
type statement struct {
	call     int
	id, text string
}

func newObserver(r *rapid.T, texts *locales.Catalog, logins ...string) *observer {
	w := &observer{
		r: r, logins: logins, told: map[string][2][]string{}, lied: map[string]bool{},
		dearer: map[string]bool{}, panel: map[string]bool{}, payment: map[string]int{},
	}
	for _, lang := range []string{"en", "ru"} {
		said := func(keys ...string) (all []string) {
			for _, key := range keys {
				text, err := texts.Text(lang, key, map[string]string{"Item": "\x00", "Taken": "\x00"}, nil)
				if err != nil {
					r.Fatal(err)
				}
				before, _, _ := strings.Cut(text, "\x00")
				all = append(all, before)
			}
			return all
		}
		w.told[lang] = [2][]string{
			said("charged.no", "news.failed_next"),
			said("news.paid", "purchase.paid", "purchase.activating", "purchase.active", "purchase.vanished", "charged.yes", "charged.taken"),
		}
	}
	return w
}

// watch has the observer stand before the vendor of a program.
func (w *observer) watch(p *Program) {
	next := &http.Transport{DisableKeepAlives: true}
	chats := &http.Transport{}
	p.chatTransport = roundTrip(func(r *http.Request) (*http.Response, error) {
		if !strings.HasSuffix(r.URL.Path, "/getUpdates") { // which waits
			w.saying.Add(1)
			defer w.saying.Add(-1)
		}
		return chats.RoundTrip(r)
	})
	p.vendorClient = &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		if form := formOf(r.Header.Get("Content-Type"), body); form("func") == "cartorder.create.confirm" {
			return w.confirm(p, form("elid"), func() (*http.Response, error) { return next.RoundTrip(r) })
		}
		return next.RoundTrip(r)
	})}
}

// confirm notes what is so when a confirm is sent: whose it is, and that no other
// purchase of the account is about to pay, or may have.
func (w *observer) confirm(p *Program, item string, send func() (*http.Response, error)) (*http.Response, error) {
	c := confirmed{item: item, at: w.clock.Now(), calls: len(w.chats.Calls()) + int(w.saying.Load())}
	behaviour := w.vendor.Behaviour()
	all, err := journal(p)
	w.mu.Lock()
	if err != nil {
		w.wrong = append(w.wrong, err.Error())
	}
	dear := w.frozen || behaviour.TotalIsZero || behaviour.Facts[profile.ConfirmScope] == profile.WholeCart || behaviour.Facts[profile.Taken] == profile.More
	account := ""
	for id, e := range all {
		if e.Record.State == purchase.StatePaying && e.Record.LineItem == item {
			c.id, account = id, e.Record.Account
			w.dearer[id] = w.dearer[id] || dear
		}
	}
	if c.id == "" {
		w.wrong = append(w.wrong, fmt.Sprintf("item %s is confirmed, and no purchase has announced it", item))
	}
	for id, e := range all {
		if id != c.id && e.Record.Account == account && inDoubt(e.Record) {
			w.wrong = append(w.wrong, fmt.Sprintf("purchase %s is confirmed while %s, which is %s, may be too", c.id, id, e.Record.State))
		}
	}
	n := len(w.confirms)
	w.confirms = append(w.confirms, c)
	w.mu.Unlock()
	answer, failed := send()
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, login := range w.logins {
		for _, o := range w.vendor.Orders(login) {
			if _, known := w.payment[o.LineItem]; !known && (o.LineItem == item || behaviour.Facts[profile.ConfirmScope] == profile.WholeCart) {
				w.payment[o.LineItem] = n
			}
		}
	}
	return answer, failed
}

// inDoubt reports whether a confirm of the purchase may be carried out or may have
// been.
func inDoubt(r purchase.Record) bool {
	return r.State == purchase.StatePaying || r.State == purchase.StateSettling || r.State == purchase.StateUnknown && r.UnknownOf == purchase.CallConfirm
}

// journal reads the purchases from a program's store.
func journal(p *Program) (map[string]journalled, error) {
	found := map[string]journalled{}
	err := p.Store.Scan(context.Background(), "purchase/", "", func(key string, value []byte) (bool, error) {
		var e journalled
		err := json.Unmarshal(value, &e)
		found[strings.TrimPrefix(key, "purchase/")] = e
		return true, err
	})
	return found, err
}

// server is the name that an order's servers were ordered with.
func server(o sandbox.Order) string {
	for _, f := range o.Fields {
		if f.Name == "servername" {
			return f.Value
		}
	}
	return ""
}

// orders are what the vendor was paid for by a purchase, and what it has not been
// paid for yet.
func (w *observer) orders(r purchase.Record) (paid, unpaid []sandbox.Order) {
	others := func(o sandbox.Order) bool { return server(o) != r.Order.ServerName }
	for _, login := range w.logins {
		paid = append(paid, slices.DeleteFunc(w.vendor.Orders(login), others)...)
		unpaid = append(unpaid, slices.DeleteFunc(w.vendor.Unpaid(login), others)...)
	}
	return paid, unpaid
}

// bought reports whether the vendor took money for the purchase. What it has and
// was not paid for is settled in its panel first, as by somebody who looks.
func (w *observer) bought(r purchase.Record) bool {
	_, unpaid := w.orders(r)
	for _, o := range unpaid {
		w.settleInPanel(o, true)
	}
	paid, _ := w.orders(r)
	return len(paid) > 0
}

// settleInPanel pays what was ordered and not paid, or takes it back.
func (w *observer) settleInPanel(o sandbox.Order, pay bool) {
	for _, login := range w.logins {
		if pay && w.vendor.PayOrder(login, o.Services[0]) {
			w.panel[o.LineItem] = true
			return
		}
		w.vendor.CancelOrder(login, o.Services[0])
	}
}

// look holds what must be true at every moment.
func (w *observer) look() {
	all := w.purchases()
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, wrong := range w.wrong {
		w.t.Errorf("%s", wrong)
	}
	w.listen(all)
	for id, e := range all {
		paid, unpaid := w.orders(e.Record)
		w.once(e.Record, paid, unpaid)
		first, own := w.paidBy(id, paid)
		for _, d := range w.denials {
			if d.id == id && own && d.call >= first.calls && !w.lied[id] {
				w.t.Errorf("item %s was confirmed before it was said: %s", first.item, d.text)
			}
		}
	}
	if w.t.Failed() {
		w.t.Fatalf("this is false:\n%s", w.transcripts())
	}
}

// once holds that no purchase has more than was agreed to. What one confirm has
// paid of more than its row is the vendor's.
func (w *observer) once(r purchase.Record, paid, unpaid []sandbox.Order) {
	servers, by := 0, map[int]bool{}
	for _, o := range slices.Concat(paid, unpaid) {
		servers += len(o.Services)
		if n, known := w.payment[o.LineItem]; known {
			by[n] = true
		} else {
			by[-1-servers] = true
		}
	}
	// What was given up of an order was ordered all the same: a person can say that a row was not
	// bought which was.
	if ordered := max(1, r.Order.Count, r.Ordered); servers > ordered && len(by) > 1 {
		w.t.Errorf("purchase %s of %d servers has %d: paid %+v, not paid %+v", r.ID, ordered, servers, paid, unpaid)
	}
}

// paidBy is the first confirm that took money for a purchase; false: none did, or
// it was that of another purchase.
func (w *observer) paidBy(id string, paid []sandbox.Order) (first confirmed, own bool) {
	for _, o := range paid {
		if w.panel[o.LineItem] {
			continue
		}
		n, known := w.payment[o.LineItem]
		if !known { // it came later
			n = slices.IndexFunc(w.confirms, func(c confirmed) bool {
				return (c.item == o.LineItem || w.paysCart) && !o.Time.Before(c.at) && o.Time.Sub(c.at) <= latest
			})
			if n < 0 {
				w.t.Errorf("item %s was paid, and never confirmed", o.LineItem)
				continue
			}
			w.payment[o.LineItem] = n
		}
		c := w.confirms[n]
		if c.id != id {
			continue
		}
		if !own || c.calls < first.calls {
			first, own = c, true
		}
	}
	return first, own
}

// onItsWay reports whether a confirm of the purchase that was sent before that call
// to the chats is still to be carried out.
func (w *observer) onItsWay(r purchase.Record, call int) bool {
	sent := slices.ContainsFunc(w.confirms, func(c confirmed) bool { return c.item == r.LineItem && c.calls <= call })
	return sent && slices.ContainsFunc(w.vendor.Calls(), func(c sandbox.Call) bool {
		return c.Fault == sandbox.Later && c.Func == "cartorder.create.confirm" && c.Field("elid") == r.LineItem &&
			!c.Done && w.clock.Now().Sub(c.Time) < laterThan[len(laterThan)-1]
	})
}

// laterThan is how late the vendor does what it was asked to.
var laterThan = []time.Duration{5 * time.Second, 30 * time.Second, 75 * time.Second}

// listen takes in what was said since the last look, and holds that nothing was
// said to be paid that is not.
func (w *observer) listen(all map[string]journalled) {
	calls := w.chats.Calls()
	for n, call := range calls[w.read:] {
		text := call.Params["text"]
		for id, e := range all {
			if !strings.Contains(text, id+"</b>") {
				continue
			}
			for _, says := range w.told {
				if containsAny(text, says[0]) {
					w.denials = append(w.denials, statement{w.read + n, id, text})
					if w.onItsWay(e.Record, w.read+n) && !w.lied[id] {
						w.t.Errorf("its payment was on its way, and it was said: %s", text)
					}
				}
				if paid, _ := w.orders(e.Record); len(paid) == 0 && containsAny(text, says[1]) && !w.lied[id] {
					w.t.Errorf("it is not paid, and it was said: %s", text)
				}
			}
		}
	}
	w.read = len(calls)
}

func (w *observer) transcripts() string {
	var b strings.Builder
	for _, chat := range []int64{anna, boris, teamChat} {
		b.WriteString(w.chats.Transcript(chat))
	}
	return b.String()
}

// unsure has a purchase whose outcome is not known cost what it may.
func (w *observer) unsure() {
	all := w.purchases()
	w.mu.Lock()
	defer w.mu.Unlock()
	for id, e := range all {
		if e.Record.Charged() == purchase.MaybeCharged {
			w.dearer[id] = true
		}
	}
}

// someRows is what a vendor makes of an order of several servers: no one knows which.
var someRows = rapid.SampledFrom([]profile.Answer{profile.One, profile.Each})

// noSale are answers of which nothing comes but questions, whoever orders.
var noSale = sandbox.Facts{
	profile.LineItem: profile.Other, profile.RemoveBy: profile.Other, profile.Rows: profile.Other, profile.CartTotal: profile.Other,
	profile.Button: profile.Needed,
}

// someFacts is what may be true of a vendor, of all that a purchase can show: each fact is as
// expected, or otherwise. What an observer has to know of it is drawn in [observer.behave].
func someFacts(r *rapid.T) sandbox.Facts {
	facts := sandbox.Facts{}
	for _, f := range profile.Table {
		switch {
		case f.By == profile.ByRead, f.By == profile.ByNobody:
		case f.Name == profile.Taken, f.Name == profile.ConfirmScope, f.Name == profile.ServerName:
		default:
			answers := slices.DeleteFunc(slices.Clone(f.Answers), func(a profile.Answer) bool { return noSale[f.Name] == a })
			facts[f.Name] = rapid.SampledFrom(append(answers, f.Expects...)).Draw(r, string(f.Name))
		}
	}
	return facts
}

// Errors that a vendor may answer with, whatever it has done.
var wrongErrors = []sandbox.Fault{
	documented("value", "order_count", "Invalid value"),
	documented("file", "remove", "File not found"),
	documented("date", "strptime", "Invalid date"),
	documented("exception", "", "Internal error"),
	documented("missed", "", "The item does not exist"),
	documented("insufficient_funds", "", "Insufficient funds to complete the operation. Required amount 8.64. Your current balance: 1.00, credit limit 0.00 EUR"),
	documented("access", "", "Insufficient privileges to perform"),
	documented("auth", "", "Authorization required"),
	documented("", "runningoperation", "Request in process, please wait"),
}

// astray has the vendor go astray at the next confirm, and takes away what would
// keep it from coming.
func (w *observer) astray() {
	if rapid.Bool().Draw(w.r, "well before") {
		w.wellAgain()
	}
	for _, login := range w.logins {
		w.vendor.EmptyCart(login)
	}
	if rapid.IntRange(0, 3).Draw(w.r, "answers well") > 0 {
		w.answerWrongly("confirm")
	}
	if rapid.Bool().Draw(w.r, "old cart") {
		w.frozen = true
		for _, login := range w.logins {
			w.vendor.FreezeCartAtConfirm(login, 5*time.Minute)
		}
	}
	if rapid.Bool().Draw(w.r, "behaves") {
		w.behave()
	}
}

// minutes lets time pass in small steps, as long as it is not known what came of a
// confirm.
func (w *observer) minutes() {
	for range 7 {
		doubted := false
		for _, e := range w.purchases() {
			doubted = doubted || inDoubt(e.Record) && e.Record.Question == nil
		}
		if !doubted {
			return
		}
		w.pass(rapid.SampledFrom([]time.Duration{3 * time.Second, 3 * time.Second, 10 * time.Second, 40 * time.Second}).Draw(w.r, "a while"))
		w.look()
	}
}

// answerWrongly has the vendor answer one of these calls with something other than
// what it does.
func (w *observer) answerWrongly(points ...string) {
	fault := sandbox.Fault{Kind: sandbox.Reply}
	shapes := []sandbox.AnswerShape{sandbox.OKShape, sandbox.OKShape, sandbox.OKShape, sandbox.PaymentShape, sandbox.AddressShape, sandbox.FormShape, sandbox.EmptyShape}
	switch rapid.SampledFrom([]string{"an error", "an error", "no error", "done", "late", "late"}).Draw(w.r, "answers") {
	case "an error":
		fault = rapid.SampledFrom(wrongErrors).Draw(w.r, "error")
		fault.Effect, fault.Expire = true, rapid.Bool().Draw(w.r, "and the session ends")
	case "no error":
		fault.Kind, fault.Shape = sandbox.Pretend, rapid.SampledFrom(shapes).Draw(w.r, "shape")
	case "done":
		fault.Kind, fault.Effect, fault.Shape = sandbox.Pretend, true, rapid.SampledFrom(shapes).Draw(w.r, "shape")
	default:
		switch rapid.IntRange(0, 3).Draw(w.r, "meanwhile") {
		case 0:
			fault = rapid.SampledFrom(wrongErrors).Draw(w.r, "error")
		case 1:
			fault.Shape = rapid.SampledFrom(shapes).Draw(w.r, "shape")
		case 2:
			fault.Status = 502
		}
		fault.Kind = sandbox.Later
		fault.Delay = rapid.SampledFrom(laterThan).Draw(w.r, "so late")
	}
	point := rapid.SampledFrom(points).Draw(w.r, "call")
	for _, c := range callPoints {
		if c.name == point {
			fault.Func, fault.Match = c.fn, c.match
		}
	}
	fault.Times = rapid.IntRange(1, 2).Draw(w.r, "times")
	w.faults = append(w.faults, w.vendor.Inject(fault))
}

// behave has the vendor do something other than what is hoped for.
func (w *observer) behave() {
	b := w.vendor.Behaviour()
	if b.Facts == nil {
		b.Facts = sandbox.Facts{}
	}
	set := func(name profile.Name, answer profile.Answer) { b.Facts[name] = answer }
	turn := func(name profile.Name, answer profile.Answer) {
		if b.Facts[name] == answer {
			answer = ""
		}
		set(name, answer)
	}
	switch rapid.SampledFrom([]string{
		"old cart", "old cart", "old balance", "empty list", "surcharge", "rows", "pays the cart", "unpaid", "names", "books", "zero", "listed",
	}).Draw(w.r, "behaves") {
	case "old cart":
		w.frozen = true
		freeze := rapid.SampledFrom([]func(string, time.Duration){w.vendor.FreezeCart, w.vendor.FreezeCartAtConfirm}).Draw(w.r, "from when")
		freeze(rapid.SampledFrom(w.logins).Draw(w.r, "whose cart"),
			rapid.SampledFrom([]time.Duration{30 * time.Second, 3 * time.Minute, time.Hour}).Draw(w.r, "so long"))
	case "old balance":
		b.LaterBy = rapid.SampledFrom([]int{0, 10, 60}).Draw(w.r, "so old, seconds")
		set(profile.BalanceWhen, profile.AtOnce)
		if b.LaterBy > 0 {
			set(profile.BalanceWhen, profile.Later)
		}
	case "empty list":
		w.faults = append(w.faults, w.vendor.Inject(sandbox.Fault{Kind: sandbox.EmptyList, Func: "instances", Times: rapid.IntRange(1, 2).Draw(w.r, "times")}))
	case "surcharge":
		turn(profile.Taken, profile.More)
		b.SurchargeAfter = rapid.SampledFrom([]int{0, 5, 25}).Draw(w.r, "surcharge after, seconds")
	case "rows":
		set(profile.Rows, someRows.Draw(w.r, "rows"))
	case "pays the cart":
		turn(profile.ConfirmScope, profile.WholeCart)
		w.mu.Lock()
		w.paysCart = true
		w.mu.Unlock()
	case "unpaid":
		b.ConfirmDoesNotPay = !b.ConfirmDoesNotPay
	case "names":
		set(profile.ServerName, rapid.SampledFrom([]profile.Answer{profile.Kept, profile.Dropped, profile.Changed}).Draw(w.r, "names"))
	case "books":
		b.BooksClosed = !b.BooksClosed
	case "zero":
		b.TotalIsZero = !b.TotalIsZero
	default:
		turn(profile.ListedInCart, profile.Listed)
	}
	w.vendor.Behave(b)
	w.unsure()
}

// panelStep has somebody settle in the vendor's panel what was ordered and not
// paid.
func (w *observer) panelStep() {
	for _, login := range w.logins {
		if unpaid := w.vendor.Unpaid(login); len(unpaid) > 0 {
			w.settleInPanel(unpaid[0], rapid.Bool().Draw(w.r, "pays"))
			return
		}
	}
}

// wellAgain has the vendor do what it answers.
func (w *observer) wellAgain() {
	w.endFaults()
	w.vendor.Behave(sandbox.Behaviour{})
	for _, login := range w.logins {
		w.vendor.ThawCart(login)
	}
}

// injectFault has something go wrong with a call, on the wire or by an error.
func (w *observer) injectFault() {
	// What only the vendor's behaviour makes, or time, is drawn elsewhere.
	quick := slices.DeleteFunc(slices.Clone(wireFaults), func(f wireFault) bool {
		return f.limits || f.fault.Kind == "" || f.fault.Kind == sandbox.Later || f.fault.Kind == sandbox.Pretend
	})
	point := rapid.SampledFrom(callPoints).Draw(w.r, "call")
	point.nth = 0
	fault := rapid.SampledFrom(quick).Draw(w.r, "fault").at(point)
	if fault.Times < 0 {
		fault.Times = rapid.IntRange(1, 8).Draw(w.r, "times")
	}
	w.faults = append(w.faults, w.vendor.Inject(fault))
}

func (w *observer) endFaults() {
	for _, f := range w.faults {
		f.Remove()
	}
	w.faults = nil
}

// TestWitnessCanFail forges what the vendor has of a purchase of two servers.
func TestWitnessCanFail(t *testing.T) {
	order := func(item string, servers int) sandbox.Order {
		return sandbox.Order{LineItem: item, Services: make([]string, servers)}
	}
	r := purchase.Record{ID: "A7K-42", Order: zomro.Order{Count: 2}}
	for name, c := range map[string]struct {
		paid, unpaid []sandbox.Order
		payment      map[string]int
		fails        bool
	}{
		"as agreed":            {paid: []sandbox.Order{order("1", 2)}, payment: map[string]int{"1": 0}},
		"two rows":             {paid: []sandbox.Order{order("1", 1), order("2", 1)}, payment: map[string]int{"1": 0, "2": 1}},
		"the whole cart":       {paid: []sandbox.Order{order("1", 2), order("2", 2)}, payment: map[string]int{"1": 0, "2": 0}},
		"twice":                {paid: []sandbox.Order{order("1", 2), order("2", 2)}, payment: map[string]int{"1": 0, "2": 1}, fails: true},
		"once, and not paid":   {paid: []sandbox.Order{order("1", 2)}, unpaid: []sandbox.Order{order("2", 2)}, payment: map[string]int{"1": 0}, fails: true},
		"twice, and not known": {paid: []sandbox.Order{order("1", 2), order("2", 2)}, payment: map[string]int{}, fails: true},
	} {
		t.Run(name, func(t *testing.T) {
			failed := false
			w := &observer{world: &world{t: noted{t, &failed}}, payment: c.payment}
			w.once(r, c.paid, c.unpaid)
			if failed != c.fails {
				t.Errorf("failed %v, want %v", failed, c.fails)
			}
		})
	}
}

// noted lets an error be noted instead of failing the test.
type noted struct {
	testing.TB
	failed *bool
}

func (n noted) Errorf(string, ...any) { *n.failed = true }
