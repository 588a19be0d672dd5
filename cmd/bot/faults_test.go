package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/conversation"
	"zomrobot/locales"
	"zomrobot/purchase"
	"zomrobot/telegram/emulator"
	"zomrobot/zomro"
	"zomrobot/zomro/sandbox"
)

// faultsPage is the table that TestFaults holds.
const faultsPage = "../../docs/faults.md"

// faultsHead is what stands above the table.
const faultsHead = `# What a person sees when a call fails

Every fault of the wire at every call of a purchase, in both languages. The table is made by the test that holds it: ` + "`go test ./cmd/bot -run Faults -rewrite`" + `. Each row is an order that was really made, of one server with the promo code WELCOME10, through the bot and against the sandbox; faults with the same outcome share a row, which was made in Russian with the first of them.

- A writing call is hit once. A reading call is hit again and again until the bot asks something; a documented error too.
- Questions are answered as by somebody who looks into the vendor's panel: whether it was bought is told as it is, and otherwise it is tried again, with the promo code left out if it was refused.
- "What the person saw" is every message about the purchase that is sent as a new one; ` + "`→`" + ` stands between them, 🔁 for the same once more. Left out are buttons, the card, which is edited in place, and what is the same in every row: the call's name, what happens next. N stands for numbers that differ, (…) for the vendor's own words.
- "Ended" is the state of the purchase, "orders" how often the vendor took money for it.

In every row it is checked that no more was taken than was agreed, and as much as the vendor's orders say; that there is at most one order; that what was bought is reported with its line item; that nothing was reported as bought that was not; and that "nothing was charged" was never said after the money was gone.
`

// callPoint is a call of a purchase that a fault can hit.
type callPoint struct {
	name   string
	title  string
	fn     string
	match  map[string]string
	nth    int
	writes bool
	giveUp bool // the promo code is wrong, and the purchase is given up
}

var callPoints = []callPoint{
	{name: "first cart", title: "`cart`, the first look", fn: "cart", match: map[string]string{"clicked_button": ""}},
	{name: "balance", title: "`dashboard.info`, the balance", fn: "dashboard.info"},
	{name: "add", title: "`v2.instances.order.param`, into the cart", fn: "v2.instances.order.param", match: map[string]string{"sok": "ok"}, writes: true},
	{name: "promo", title: "`cart`, the promo code", fn: "cart", match: map[string]string{"clicked_button": "apply_promocode"}, writes: true},
	{name: "services", title: "`instances`, before paying", fn: "instances"},
	{name: "last cart", title: "`cart`, the price before paying", fn: "cart", match: map[string]string{"clicked_button": ""}, nth: 3},
	{name: "confirm", title: "`cartorder.create.confirm`, the payment", fn: "cartorder.create.confirm", writes: true},
	{name: "following", title: "`instances`, after paying", fn: "instances", nth: 2},
	{name: "remove", title: "`cart`, the removal when the order is given up", fn: "cart", match: map[string]string{"clicked_button": "delete"}, writes: true, giveUp: true},
}

// wireFault is a fault as the table names it.
type wireFault struct {
	name    string
	fault   sandbox.Fault
	limits  bool // the client's time limits are short
	writing bool // it makes a difference only to a writing call
}

// longer than the short time limits of the client.
const forEver = time.Hour

var wireFaults = []wireFault{
	{name: "held past the time limit, not done", fault: sandbox.Fault{Kind: sandbox.Hold, Delay: forEver}, limits: true},
	{name: "held past the time limit, then done", fault: sandbox.Fault{Kind: sandbox.Late}, limits: true, writing: true},
	{name: "done, answer held past the time limit", fault: sandbox.Fault{Kind: sandbox.Hold, Delay: forEver, Effect: true}, limits: true, writing: true},
	{name: "connection cut before", fault: sandbox.Fault{Kind: sandbox.Drop}},
	{name: "connection cut after", fault: sandbox.Fault{Kind: sandbox.Drop, Effect: true}, writing: true},
	{name: "cut in the body", fault: sandbox.Fault{Kind: sandbox.CutBody}},
	{name: "truncated JSON", fault: sandbox.Fault{Kind: sandbox.TruncatedJSON}},
	{name: "HTML, not done", fault: sandbox.Fault{Kind: sandbox.HTML}},
	{name: "HTML, done", fault: sandbox.Fault{Kind: sandbox.HTML, Effect: true}, writing: true},
	{name: "empty body", fault: sandbox.Fault{Kind: sandbox.Empty, Effect: true}},
	{name: "429", fault: sandbox.Fault{Kind: sandbox.Status, Status: 429, RetryAfter: "2"}},
	{name: "500", fault: sandbox.Fault{Kind: sandbox.Status, Status: 500}},
	{name: "502, not done", fault: sandbox.Fault{Kind: sandbox.Status, Status: 502}},
	{name: "502, done", fault: sandbox.Fault{Kind: sandbox.Status, Status: 502, Effect: true}, writing: true},
	{name: "10 MB", fault: sandbox.Fault{Kind: sandbox.Huge}},
	{name: "one record as an object", fault: sandbox.Fault{Kind: sandbox.SingleRow}},
	{name: "wrong types", fault: sandbox.Fault{Kind: sandbox.WrongTypes}},
	{name: "`auth`", fault: documented("auth", "", "Authorization required")},
	{name: "`access`", fault: documented("access", "", "Insufficient privileges to perform")},
	{name: "`missed`", fault: documented("missed", "", "The item does not exist")},
	{name: "`promocode_not_use`", fault: documented("promocode_not_use", "", "Promo code can not be applied")},
	{name: "`value`", fault: documented("value", "order_count", "Invalid value")},
	{name: "`exists`", fault: documented("exists", "", "It exists already")},
	{name: "`pricelist_min_order`", fault: documented("pricelist_min_order", "", "Too few ordered")},
	{name: "`insufficient_funds`", fault: documented("insufficient_funds", "", "Insufficient funds to complete the operation. Required amount 8.64. Your current balance: 1.00, credit limit 0.00 EUR")},
	{name: "`exception`", fault: documented("exception", "", "Internal error")},
	{name: "a request in process", fault: documented("", "runningoperation", "Request in process, please wait")},
}

func documented(kind, object, text string) sandbox.Fault {
	return sandbox.Fault{Kind: sandbox.Reply, ErrorType: kind, ErrorObject: object, ErrorText: text}
}

// at is the fault at a call.
func (f wireFault) at(c callPoint) sandbox.Fault {
	fault := f.fault
	fault.Func, fault.Match, fault.Nth = c.fn, c.match, c.nth
	if !c.writes || fault.Kind == sandbox.Reply {
		fault.Times = -1
	}
	return fault
}

// faultResult is a cell of the table.
type faultResult struct {
	saw    string
	ended  string
	orders int
}

// TestFaults makes an order for every fault at every call, in both languages where
// the outcomes differ, and compares what people saw with docs/faults.md.
func TestFaults(t *testing.T) {
	texts, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	results := map[string]faultResult{}
	name := func(c callPoint, f wireFault, lang string) string { return c.name + "/" + f.name + "/" + lang }
	cell := func(t *testing.T, lang string, person int64, c callPoint, f wireFault) {
		t.Run(name(c, f, lang), func(t *testing.T) {
			t.Parallel()
			result := newFaultCell(t, texts, lang, person, c, f).run()
			mu.Lock()
			defer mu.Unlock()
			results[name(c, f, lang)] = result
		})
	}
	whole := t.Run("en", func(t *testing.T) {
		for _, c := range callPoints {
			for _, f := range wireFaults {
				if !f.writing || c.writes {
					cell(t, "en", anna, c, f)
				}
			}
		}
	})
	of := func(c callPoint, f wireFault, lang string) (faultResult, bool) {
		r, ok := results[name(c, f, lang)]
		return r, ok
	}
	whole = t.Run("ru", func(t *testing.T) {
		for _, c := range callPoints {
			for _, row := range faultRows(c, of) {
				cell(t, "ru", boris, c, row[0])
			}
		}
	}) && whole
	for _, c := range callPoints {
		for _, row := range faultRows(c, of) {
			en, _ := of(c, row[0], "en")
			ru, ran := of(c, row[0], "ru")
			whole = whole && ran
			if ran && (ru.ended != en.ended || ru.orders != en.orders) {
				t.Errorf("%s, %s: in Russian it ended %s with %d orders, in English %s with %d", c.name, row[0].name, ru.ended, ru.orders, en.ended, en.orders)
			}
		}
		whole = whole && len(faultRows(c, of)) > 0
	}
	if !whole {
		return // cells failed, or only some of them were to be run
	}
	page := faultsTable(of)
	if flag.Lookup("rewrite").Value.String() == "true" {
		if err := os.WriteFile(faultsPage, []byte(page), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	held, err := os.ReadFile(faultsPage)
	if err != nil {
		t.Fatal(err)
	}
	if string(held) != page {
		t.Errorf("%s does not hold what was seen; renew it with -rewrite and read what has changed.\n%s", faultsPage, firstDifference(string(held), page))
	}
}

// firstDifference is the first line in which two texts differ.
func firstDifference(want, got string) string {
	wants, gots := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i, line := range gots {
		if i >= len(wants) || wants[i] != line {
			return fmt.Sprintf("line %d is now\n%s\nand was\n%s", i+1, line, strings.Join(wants[min(i, len(wants)):min(i+1, len(wants))], ""))
		}
	}
	return "lines are missing"
}

// faultRows are the faults at a call, those with the same outcome together.
func faultRows(c callPoint, of func(callPoint, wireFault, string) (faultResult, bool)) [][]wireFault {
	var rows [][]wireFault
	at := map[faultResult]int{}
	for _, f := range wireFaults {
		r, ran := of(c, f, "en")
		if !ran {
			continue
		}
		i, ok := at[r]
		if !ok {
			i = len(rows)
			at[r] = i
			rows = append(rows, nil)
		}
		rows[i] = append(rows[i], f)
	}
	return rows
}

// faultsTable writes the page.
func faultsTable(of func(callPoint, wireFault, string) (faultResult, bool)) string {
	var b strings.Builder
	b.WriteString(faultsHead)
	for _, c := range callPoints {
		fmt.Fprintf(&b, "\n## %s\n\n| fault | what the person saw | in Russian | ended | orders |\n|---|---|---|---|---|\n", c.title)
		for _, row := range faultRows(c, of) {
			var names []string
			for _, f := range row {
				names = append(names, f.name)
			}
			en, _ := of(c, row[0], "en")
			ru, _ := of(c, row[0], "ru")
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %d |\n", strings.Join(names, "; "), en.saw, ru.saw, en.ended, en.orders)
		}
	}
	return b.String()
}

// faultCell is an order that a fault hits.
type faultCell struct {
	*world
	texts  *locales.Catalog
	lang   string
	person int64
	point  callPoint
	fault  wireFault
	begun  int // the newest message when the order was confirmed

	mu    sync.Mutex
	asked int // the newest message when the payment was asked of the vendor; 0: never
}

func newFaultCell(t *testing.T, texts *locales.Catalog, lang string, person int64, point callPoint, fault wireFault) *faultCell {
	c := &faultCell{texts: texts, lang: lang, person: person, point: point, fault: fault}
	options := []zomro.Option{zomro.WithSleep(noPause)}
	if fault.limits {
		options = append(options, zomro.WithReadTimeout(200*time.Millisecond), zomro.WithWriteTimeout(time.Second))
	}
	c.world = newWorldOf(t, sandbox.Config{ActivationDelay: time.Minute}, func(p *Program) {
		p.vendorClient = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		p.vendorClient.Transport = c.watch(p.vendorClient.Transport)
		p.vendorOptions = options
	})
	return c
}

// noPause takes the place of the client's pauses.
func noPause(ctx context.Context, _ time.Duration) error { return ctx.Err() }

// roundTrip is an [http.RoundTripper].
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// watch notes what was last said before the payment was asked of the vendor.
func (c *faultCell) watch(next http.RoundTripper) http.RoundTripper {
	return roundTrip(func(r *http.Request) (*http.Response, error) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		if bytes.Contains(body, []byte("cartorder.create.confirm")) {
			newest := c.newestID()
			c.mu.Lock()
			c.asked = newest
			c.mu.Unlock()
		}
		return next.RoundTrip(r)
	})
}

func (c *faultCell) newestID() int {
	newest := 0
	for _, m := range c.chats.Messages(c.person) {
		newest = max(newest, m.ID)
	}
	return newest
}

func (c *faultCell) text(key string, args ...string) string {
	c.t.Helper()
	values := map[string]string{}
	for i := 0; i+1 < len(args); i += 2 {
		values[args[i]] = args[i+1]
	}
	text, err := c.texts.Text(c.lang, key, values, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	return text
}

// journalled is a purchase as the engine keeps it.
type journalled struct {
	Record purchase.Record  `json:"record"`
	Owner  conversation.Key `json:"owner"`
}

// purchases are those of the journal, by their ids.
func (w *world) purchases() map[string]journalled {
	w.t.Helper()
	found := map[string]journalled{}
	err := w.program.Store.Scan(w.t.Context(), "purchase/", "", func(key string, value []byte) (bool, error) {
		var p journalled
		err := json.Unmarshal(value, &p)
		found[strings.TrimPrefix(key, "purchase/")] = p
		return true, err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return found
}

// record is the only purchase.
func (c *faultCell) record() purchase.Record {
	c.t.Helper()
	all := c.purchases()
	if len(all) != 1 {
		c.t.Fatalf("%d purchases, want one:\n%s", len(all), c.chats.Transcript(c.person))
	}
	for _, p := range all {
		return p.Record
	}
	return purchase.Record{}
}

// run makes the order, lets time pass and answers until it has ended.
func (c *faultCell) run() faultResult {
	c.login(c.person)
	code := "WELCOME10"
	if c.point.giveUp {
		code = "NOSUCH"
	}
	c.say(c.person, orderLine+" promocode="+code)
	agreed := c.agreed()
	fault := c.vendor.Inject(c.fault.at(c.point))
	c.begun = c.newestID()
	c.say(c.person, "/confirm")
	// Longer than any pause of the bot before it asks or gives up looking.
	pauses := []time.Duration{
		2 * time.Second, 5 * time.Second, 15 * time.Second, 30 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute,
		10 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 24 * time.Hour,
	}
	answers := map[purchase.QuestionKind]int{}
	for step := 0; ; {
		r := c.record()
		if c.fault.fault.Kind == sandbox.Late {
			fault.Release() // the client has gone by now
		}
		if r.State.Ended() {
			break
		}
		if q := r.Question; q != nil {
			if !c.point.giveUp {
				fault.Remove()
			}
			answers[q.Kind]++
			if c.point.giveUp && fault.Hits() == 0 {
				c.begun = c.newestID()
			}
			c.answer(r, c.honest(*q, answers[q.Kind]))
			step = 0
			continue
		}
		if step == len(pauses) {
			c.t.Fatalf("it has not come to an end in state %s:\n%s", r.State, c.chats.Transcript(c.person))
		}
		if step == len(pauses)/2 {
			fault.Remove()
		}
		c.pass(pauses[step])
		step++
	}
	if fault.Hits() == 0 {
		c.t.Error("no call was hit")
	}
	c.check(agreed)
	return faultResult{saw: c.saw(), ended: string(c.record().State), orders: len(c.vendor.Orders(vendorLogin))}
}

// agreed is what the review card says that it costs.
func (c *faultCell) agreed() decimal.Decimal {
	c.t.Helper()
	for _, m := range slices.Backward(c.chats.Messages(c.person)) {
		for _, b := range slices.Concat(m.Keyboard...) {
			if strings.HasPrefix(b.Label, "✅") {
				digits := strings.Map(func(r rune) rune {
					switch {
					case r >= '0' && r <= '9':
						return r
					case r == '.' || r == ',':
						return '.'
					default:
						return -1
					}
				}, b.Label)
				amount, err := decimal.NewFromString(digits)
				if err != nil {
					c.t.Fatalf("the price on %q: %v", b.Label, err)
				}
				return amount
			}
		}
	}
	c.t.Fatalf("nothing is to be confirmed:\n%s", c.chats.Transcript(c.person))
	return decimal.Zero
}

// honest is what somebody answers who has looked into the vendor's panel. What
// was tried again in vain is given up.
func (c *faultCell) honest(q purchase.Question, times int) purchase.Choice {
	has := func(choice purchase.Choice) bool { return slices.Contains(q.Choices, choice) }
	switch {
	case c.point.giveUp:
		return purchase.ChooseGiveUp
	case has(purchase.ChooseBought) && len(c.vendor.Orders(vendorLogin)) > 0:
		return purchase.ChooseBought
	case has(purchase.ChooseNotBought):
		return purchase.ChooseNotBought
	case has(purchase.ChooseWithoutPromo):
		return purchase.ChooseWithoutPromo
	case has(purchase.ChooseAgain) && times <= 2:
		return purchase.ChooseAgain
	default:
		return purchase.ChooseGiveUp
	}
}

// answer taps the button of a choice.
func (c *faultCell) answer(r purchase.Record, choice purchase.Choice) {
	c.t.Helper()
	data := fmt.Sprintf(":%s:%d:%s", r.ID, r.Revision, choice)
	for _, m := range slices.Backward(c.chats.Messages(c.person)) {
		for _, b := range slices.Concat(m.Keyboard...) {
			if strings.HasSuffix(b.Data, data) && !m.Deleted {
				c.press(c.person, m.ID, b.Data)
				c.settle()
				return
			}
		}
	}
	c.t.Fatalf("no button answers %s with %s:\n%s", r.Question.Kind, choice, c.chats.Transcript(c.person))
}

// news are the messages about the purchase that are not its card.
func (c *faultCell) news() []emulator.Message {
	title := c.text("purchase.title", "ID", c.record().ID)
	card, _, _ := strings.Cut(c.text("purchase.agreed", "Total", "\x00"), "\x00")
	var news []emulator.Message
	for _, m := range c.chats.Messages(c.person) {
		if m.Bot && !m.Deleted && m.ID > c.begun && strings.HasPrefix(m.HTML, title) && !strings.Contains(m.HTML, card) {
			news = append(news, m)
		}
	}
	return news
}

// check holds what must be true whatever fails.
func (c *faultCell) check(agreed decimal.Decimal) {
	orders, taken := c.vendor.Orders(vendorLogin), decimal.Zero
	for _, order := range orders {
		taken = taken.Add(order.Amount.Amount)
	}
	bad := func(format string, args ...any) {
		c.t.Errorf("%s:\n%s", fmt.Sprintf(format, args...), c.chats.Transcript(c.person))
	}
	if gone := eur(100).Amount.Sub(c.vendor.Balance(vendorLogin).Amount); !gone.Equal(taken) {
		bad("%s is gone, the orders cost %s", gone, taken)
	}
	if taken.GreaterThan(agreed) {
		bad("%s was taken, %s was agreed", taken, agreed)
	}
	if len(orders) > 1 {
		bad("%d orders", len(orders))
	}
	told := func(part string) bool {
		return slices.ContainsFunc(c.news(), func(m emulator.Message) bool { return strings.Contains(m.Text, part) })
	}
	paid := c.text("news.paid", "Item", "")
	active := c.text("purchase.active")
	for _, order := range orders {
		if !told(paid + order.LineItem) {
			bad("nobody was told that line item %s was bought", order.LineItem)
		}
		if !told(active) {
			bad("nobody was told that what was bought is active")
		}
	}
	if len(orders) == 0 && (told(paid) || told(active)) {
		bad("nothing was bought, and it was said that it was")
	}
	c.mu.Lock()
	asked := c.asked
	c.mu.Unlock()
	for _, m := range c.chats.Messages(c.person) {
		if len(orders) > 0 && m.ID > asked && strings.Contains(m.Text, c.text("charged.no")) {
			bad("after it was paid it was said: %s", m.Text)
		}
	}
	last := c.news()[len(c.news())-1].Text
	if len(orders) == 0 && !strings.Contains(last, c.text("charged.no")) && !strings.Contains(last, c.text("charged.unknown")) {
		bad("nothing was bought, and the last word does not say so")
	}
	if left := c.vendor.Cart(vendorLogin); len(left) > 0 && !strings.Contains(last, c.text("purchase.item_left")) {
		bad("%d items are left in the cart, and the last word does not say so", len(left))
	}
}

// Numbers that differ from run to run.
var number = regexp.MustCompile(`\b\d{4,}\b|203\.0\.113\.\d+|2001:db8::\w+`)

// saw is what the person saw, as a cell of the table.
func (c *faultCell) saw() string {
	call, _, _ := strings.Cut(c.text("purchase.call", "Call", "\x00"), "\x00")
	plain := strings.NewReplacer("<b>", "", "</b>", "", "<code>", "", "</code>", "")
	needless := []string{plain.Replace(call), c.text("news.paid_next"), c.text("news.unknown_next")}
	var parts []string
	before := ""
	for _, m := range c.news() {
		_, text, _ := strings.Cut(m.Text, "\n")
		text, _, _ = strings.Cut(text, "\n\n") // the addresses of the server
		lines := slices.DeleteFunc(strings.Split(strings.TrimSpace(text), "\n"), func(line string) bool {
			return slices.ContainsFunc(needless, func(start string) bool { return strings.HasPrefix(line, start) })
		})
		text = number.ReplaceAllString(strings.Join(lines, " "), "N")
		if said := c.fault.fault.ErrorText; said != "" {
			text = strings.ReplaceAll(text, said, "(…)")
		}
		text = strings.NewReplacer("|", "\\|", "<", "&lt;").Replace(text)
		if text == before {
			parts = append(parts, "🔁")
			continue
		}
		parts, before = append(parts, text), text
	}
	return strings.Join(parts, "<br>→ ")
}
