package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/chat"
	"zomrobot/locales"
	"zomrobot/purchase"
	"zomrobot/telegram/emulator"
	"zomrobot/zomro/profile"
	"zomrobot/zomro/sandbox"
)

// faultsPage is the table that TestFaults holds.
const faultsPage = "../../docs/faults.md"

// faultsHead is what stands above the table.
const faultsHead = `# What a person sees when a call fails, or is answered wrongly

Faults of the wire, and a vendor that does something else than it answers, at every call of a purchase, in both languages. The table is made by the test that holds it: ` + "`go test ./cmd/bot -run Faults -rewrite`" + `. Each row is an order that was really made, of one server with the promo code WELCOME10, through the bot and against the sandbox, or in two sections a server that was paid on for a month; faults with the same outcome share a row. In Russian one was made for each text that was seen in English, with the first fault that it was seen with.

- A writing call is hit once. A reading call is hit again and again until the bot asks something; a documented error too, and only the first one meets all faults, the others one of each kind. "Done" and "not done" are about what the vendor did, whatever it answered; where a fault does not say so, nothing was done.
- Questions are answered as by somebody who looks into the vendor's panel: whether it was bought is told as it is, and otherwise it is tried again, with the promo code left out if it was refused.
- "What the person saw" is every message about the purchase that is sent as a new one, and of a card that asks something the question; ` + "`→`" + ` stands between them, 🔁 for the same once more. Left out are buttons, the card as it is edited in place, and what is the same in every row: the call's name, what happens next. N stands for numbers that differ, (…) for the vendor's own words.
- "Ended" is the state of the purchase, "orders" how often the vendor took money for it.

Every message and every edit of the card is compared with what the vendor has done when it is sent: nothing says "paid" of what was not, or "nothing was charged" of what was, or of what was asked for less than 150 seconds before; an amount that is said is what was taken, and if that is more than was agreed, both are said. In the end it is checked in every row that there is at most one order, that no more was taken than was agreed (but where the vendor takes more than its cart says), that the card names the line item of what was bought, and that an item that is left in the cart is told of.
`

// reach are the calls that a fault is tried at.
type reach int

const (
	onFirst reach = 1 << iota // the first call that reads: all that can happen to one
	onRead                    // the others: a fault of each kind
	onAdd
	onPromo
	onConfirm
	onRemove
	onPaysOn // both calls of a server that is paid on: a fault of each kind

	onBuy   = onAdd | onConfirm
	onWrite = onBuy | onPromo | onRemove
)

// callPoint is a call of a purchase that a fault can hit.
type callPoint struct {
	name   string
	title  string
	fn     string
	match  map[string]string
	nth    int
	on     reach
	giveUp bool // the promo code is wrong, and the purchase is given up
	paysOn bool // a server that is there is paid on for a month
}

func (c callPoint) writes() bool { return c.on&(onWrite|onPaysOn) != 0 }

var callPoints = []callPoint{
	{name: "names", title: "`instances`, whether the name is free", fn: "instances", on: onRead},
	{name: "first cart", title: "`cart`, the first look", fn: "cart", match: map[string]string{"clicked_button": ""}, on: onFirst},
	{name: "balance", title: "`dashboard.info`, the balance", fn: "dashboard.info", on: onRead},
	{name: "add", title: "`v2.instances.order.param`, into the cart", fn: "v2.instances.order.param", match: map[string]string{"sok": "ok"}, on: onAdd},
	{name: "promo", title: "`cart`, the promo code", fn: "cart", match: map[string]string{"clicked_button": "apply_promocode"}, on: onPromo},
	{name: "services", title: "`instances`, before paying", fn: "instances", nth: 2, on: onRead},
	{name: "charges", title: "`expense`, the charges before paying", fn: "expense", on: onRead},
	{name: "orders", title: "`order`, the unpaid orders before paying", fn: "order", on: onRead},
	{name: "last cart", title: "`cart`, the price before paying", fn: "cart", match: map[string]string{"clicked_button": ""}, nth: 3, on: onRead},
	{name: "confirm", title: "`cartorder.create.confirm`, the payment", fn: "cartorder.create.confirm", on: onConfirm},
	{name: "proof services", title: "`instances`, whether it is paid", fn: "instances", nth: 3, on: onRead},
	{name: "proof balance", title: "`dashboard.info`, whether it is paid", fn: "dashboard.info", nth: 3, on: onRead},
	{name: "following", title: "`instances`, after paying", fn: "instances", nth: 4, on: onRead},
	{name: "remove", title: "`cart`, the removal when the order is given up", fn: "cart", match: map[string]string{"clicked_button": "delete"}, on: onRemove, giveUp: true},
	{name: "prolong", title: "`service.prolong`, a server that is paid on into the cart", fn: "service.prolong", match: map[string]string{"sok": "ok"}, on: onPaysOn, paysOn: true},
	{name: "prolong confirm", title: "`cartorder.create.confirm`, the payment for it", fn: "cartorder.create.confirm", on: onPaysOn, paysOn: true},
}

// wireFault is a fault as the table names it.
type wireFault struct {
	name   string
	on     reach
	fault  sandbox.Fault                                 // no kind: the calls are answered as ever
	limits bool                                          // the client's time limit comes when a call is held
	behave func(v *sandbox.Sandbox)                      // the vendor is another from the confirmation on
	panel  func(v *sandbox.Sandbox, service string) bool // what is done in the panel with what is ordered and not paid
	more   bool                                          // more is taken than the cart says
}

// longer than the client's time limits.
const forEver = time.Hour

const (
	lateBy = 75 * time.Second // within the time that a payment is waited for
	soonBy = time.Second      // within the time that a refused add is
)

// wireFaults are tried in this order.
var wireFaults = slices.Concat([]wireFault{
	{name: "held past the time limit, not done", on: onFirst | onRead | onWrite, fault: sandbox.Fault{Kind: sandbox.Hold, Delay: forEver}, limits: true},
	{name: "held past the time limit, then done", on: onWrite, fault: sandbox.Fault{Kind: sandbox.Late}, limits: true},
	{name: "done, answer held past the time limit", on: onWrite, fault: sandbox.Fault{Kind: sandbox.Hold, Delay: forEver, Effect: true}, limits: true},
	{name: "connection cut before", on: onFirst | onWrite | onPaysOn, fault: sandbox.Fault{Kind: sandbox.Drop}},
	{name: "connection cut after", on: onWrite | onPaysOn, fault: sandbox.Fault{Kind: sandbox.Drop, Effect: true}},
	{name: "cut in the body", on: onFirst | onBuy, fault: sandbox.Fault{Kind: sandbox.CutBody}},
	{name: "truncated JSON", on: onFirst | onRead | onWrite, fault: sandbox.Fault{Kind: sandbox.TruncatedJSON}},
	{name: "HTML, not done", on: onFirst | onBuy | onPaysOn, fault: sandbox.Fault{Kind: sandbox.HTML}},
	{name: "HTML, done", on: onBuy | onPaysOn, fault: sandbox.Fault{Kind: sandbox.HTML, Effect: true}},
	{name: "empty body", on: onFirst | onBuy, fault: sandbox.Fault{Kind: sandbox.Empty, Effect: true}},
	{name: "429", on: onFirst | onBuy, fault: sandbox.Fault{Kind: sandbox.Status, Status: 429, RetryAfter: "2"}},
	{name: "500", on: onBuy, fault: sandbox.Fault{Kind: sandbox.Status, Status: 500}},
	{name: "502, not done", on: onFirst | onRead | onWrite, fault: sandbox.Fault{Kind: sandbox.Status, Status: 502}},
	{name: "502, done", on: onWrite, fault: sandbox.Fault{Kind: sandbox.Status, Status: 502, Effect: true}},
	{name: "10 MB", on: onFirst | onConfirm, fault: sandbox.Fault{Kind: sandbox.Huge}},
	{name: "one record as an object", on: onFirst | onRead | onWrite, fault: sandbox.Fault{Kind: sandbox.SingleRow}},
	{name: "wrong types", on: onFirst | onRead | onWrite, fault: sandbox.Fault{Kind: sandbox.WrongTypes}},
	{name: "403", on: onFirst | onRead | onWrite, fault: sandbox.Fault{Kind: sandbox.Status, Status: 403}},
	{name: "460", on: onConfirm, fault: sandbox.Fault{Kind: sandbox.Status, Status: 460}},
	{name: "`auth`", on: onFirst | onRead | onWrite | onPaysOn, fault: documented("auth", "", "Authorization required")},
	{name: "`access`", on: onFirst | onRead | onWrite, fault: documented("access", "", "Insufficient privileges to perform")},
	{name: "`missed`", on: onWrite, fault: documented("missed", "", "The item does not exist")},
	{name: "`promocode_not_use`", on: onAdd | onPromo, fault: documented("promocode_not_use", "", "Promo code can not be applied")},
	{name: "`value`", on: onFirst | onWrite | onPaysOn, fault: documented("value", "order_count", "Invalid value")},
	{name: "`exists`", on: onAdd | onPromo, fault: documented("exists", "", "It exists already")},
	{name: "`pricelist_min_order`", on: onAdd, fault: documented("pricelist_min_order", "", "Too few ordered")},
	{name: "`insufficient_funds`", on: onAdd | onConfirm, fault: fundsFault},
	{name: "`exception`", on: onFirst | onWrite, fault: documented("exception", "", "Internal error")},
	{name: "a request in process", on: onFirst | onBuy | onPaysOn, fault: documented("", "runningoperation", "Request in process, please wait")},
}, wrongAnswers)

// wrongAnswers are those of a vendor that does something else than it answers.
var wrongAnswers = []wireFault{
	{name: "`value`, done", on: onWrite | onPaysOn, fault: done(documented("value", "order_count", "Invalid value"))},
	{name: "`file`", on: onConfirm, fault: documented("file", "remove", "Internal error")},
	{name: "`file`, done", on: onAdd | onConfirm, fault: done(documented("file", "remove", "Internal error"))},
	{name: "`date`", on: onConfirm, fault: documented("date", "strptime", "Invalid date")},
	{name: "`date`, done", on: onConfirm, fault: done(documented("date", "strptime", "Invalid date"))},
	{name: "`missed`, done", on: onAdd | onConfirm, fault: done(documented("missed", "", "The item does not exist"))},
	{name: "`access`, done", on: onAdd | onConfirm, fault: done(documented("access", "", "Insufficient privileges to perform"))},
	{name: "`auth`, done", on: onAdd | onConfirm, fault: done(documented("auth", "", "Authorization required"))},
	{name: "`auth`, done, and the session ends", on: onConfirm, fault: sandbox.Fault{Kind: sandbox.Reply, ErrorType: "auth", ErrorText: "Authorization required", Effect: true, Expire: true}},
	{name: "connection cut after, and the session ends; the cart stays as it was", on: onConfirm, fault: sandbox.Fault{Kind: sandbox.Drop, Effect: true, Expire: true}, behave: staleCart},
	{name: "`insufficient_funds`, done", on: onConfirm, fault: done(fundsFault)},
	{name: "403, done", on: onAdd | onConfirm, fault: sandbox.Fault{Kind: sandbox.Status, Status: 403, Effect: true}},
	{name: "460, done", on: onConfirm, fault: sandbox.Fault{Kind: sandbox.Status, Status: 460, Effect: true}},
	{name: "ok, not done", on: onWrite | onPaysOn, fault: sandbox.Fault{Kind: sandbox.Pretend}},
	{name: "`func=payment.add`, not done", on: onConfirm, fault: sandbox.Fault{Kind: sandbox.Pretend, Shape: sandbox.PaymentShape}},
	{name: "`func=payment.add`, done", on: onConfirm, fault: sandbox.Fault{Kind: sandbox.Pretend, Shape: sandbox.PaymentShape, Effect: true}},
	{name: "an address, not done", on: onConfirm, fault: sandbox.Fault{Kind: sandbox.Pretend, Shape: sandbox.AddressShape}},
	{name: "an address, done", on: onConfirm, fault: sandbox.Fault{Kind: sandbox.Pretend, Shape: sandbox.AddressShape, Effect: true}},
	{name: "its own form, not done", on: onAdd | onConfirm, fault: sandbox.Fault{Kind: sandbox.Pretend, Shape: sandbox.FormShape}},
	{name: "its own form, done", on: onAdd | onConfirm, fault: sandbox.Fault{Kind: sandbox.Pretend, Shape: sandbox.FormShape, Effect: true}},
	{name: "an empty document, not done", on: onAdd | onPromo | onConfirm, fault: sandbox.Fault{Kind: sandbox.Pretend, Shape: sandbox.EmptyShape}},
	{name: "an empty document, done", on: onAdd | onConfirm, fault: sandbox.Fault{Kind: sandbox.Pretend, Shape: sandbox.EmptyShape, Effect: true}},
	{name: "connection cut, done 1 s later", on: onAdd, fault: sandbox.Fault{Kind: sandbox.Later, Delay: soonBy}},
	{name: "`value`, done 1 s later", on: onAdd, fault: sandbox.Fault{Kind: sandbox.Later, Delay: soonBy, ErrorType: "value", ErrorText: "Invalid value"}},
	{name: "connection cut, done 75 s later", on: onConfirm, fault: sandbox.Fault{Kind: sandbox.Later, Delay: lateBy}},
	{name: "connection cut, done 75 s later; the cart stays as it was", on: onConfirm, fault: sandbox.Fault{Kind: sandbox.Later, Delay: lateBy}, behave: staleCart},
	{name: "`value`, done 75 s later", on: onConfirm, fault: sandbox.Fault{Kind: sandbox.Later, Delay: lateBy, ErrorType: "value", ErrorText: "Invalid value"}},
	{name: "ok, done 75 s later", on: onConfirm, fault: sandbox.Fault{Kind: sandbox.Later, Delay: lateBy, Shape: sandbox.OKShape}},
	{name: "the cart stays as it was, done", on: onConfirm, behave: staleCart},
	{name: "the cart stays as it was, `value`, done", on: onConfirm, behave: staleCart, fault: done(documented("value", "elid", "Invalid value"))},
	{name: "the cart stays as it was, `value`", on: onConfirm, behave: staleCart, fault: documented("value", "elid", "Invalid value")},
	{name: "21 % more is taken", on: onConfirm, more: true, behave: behaving(sandbox.Behaviour{Facts: sandbox.Facts{profile.Taken: profile.More}})},
	{name: "21 % more is taken, connection cut after", on: onConfirm, more: true, behave: behaving(sandbox.Behaviour{Facts: sandbox.Facts{profile.Taken: profile.More}}), fault: sandbox.Fault{Kind: sandbox.Drop, Effect: true}},
	{name: "the cart's total is 0, the money is taken", on: onConfirm, behave: behaving(sandbox.Behaviour{TotalIsZero: true})},
	{name: "the balance lags by 40 s", on: onConfirm, behave: behaving(sandbox.Behaviour{Facts: sandbox.Facts{profile.BalanceWhen: profile.Later}})},
	{name: "ordered and not paid, then paid in the panel", on: onConfirm, behave: behaving(sandbox.Behaviour{ConfirmDoesNotPay: true}), panel: payInPanel},
	{name: "ordered and not paid, then deleted in the panel", on: onConfirm, behave: behaving(sandbox.Behaviour{ConfirmDoesNotPay: true}), panel: deleteInPanel},
	{name: "ordered and not paid, connection cut after; then paid in the panel", on: onConfirm, behave: behaving(sandbox.Behaviour{ConfirmDoesNotPay: true}), panel: payInPanel, fault: sandbox.Fault{Kind: sandbox.Drop, Effect: true}},
}

var fundsFault = documented("insufficient_funds", "", "Insufficient funds to complete the operation. Required amount 8.64. Your current balance: 1.00, credit limit 0.00 EUR")

func documented(kind, object, text string) sandbox.Fault {
	return sandbox.Fault{Kind: sandbox.Reply, ErrorType: kind, ErrorObject: object, ErrorText: text}
}

// done has the work done anyway.
func done(fault sandbox.Fault) sandbox.Fault {
	fault.Effect = true
	return fault
}

func behaving(b sandbox.Behaviour) func(*sandbox.Sandbox) {
	return func(v *sandbox.Sandbox) { v.Behave(b) }
}

func staleCart(v *sandbox.Sandbox) { v.FreezeCartAtConfirm(vendorLogin, sandbox.Never) }

func payInPanel(v *sandbox.Sandbox, service string) bool { return v.PayOrder(vendorLogin, service) }

func deleteInPanel(v *sandbox.Sandbox, service string) bool {
	return v.CancelOrder(vendorLogin, service)
}

// at is the fault at a call.
func (f wireFault) at(c callPoint) sandbox.Fault {
	fault := f.fault
	fault.Func, fault.Match, fault.Nth = c.fn, c.match, c.nth
	lies := fault.Effect || fault.Expire
	if !c.writes() || fault.Kind == sandbox.Reply && !lies {
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

// TestFaults makes an order for every fault at every call, in Russian once for each text that
// was seen in English, and compares what people saw with docs/faults.md. Of all faults with the
// same row there it takes one, unless the whole table is asked for, and each fault at least
// at one call.
func TestFaults(t *testing.T) {
	t.Parallel()
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
	of := func(c callPoint, f wireFault, lang string) (faultResult, bool) {
		r, ok := results[name(c, f, lang)]
		return r, ok
	}
	if !whole() {
		sample := faultSample(heldFaults(t), thinned(t))
		t.Run("sample", func(t *testing.T) {
			for i, s := range sample {
				if testing.Short() && i%thinTo > 0 {
					continue
				}
				cell(t, s.lang, map[string]int64{"en": anna, "ru": boris}[s.lang], s.call, s.fault)
			}
		})
		for _, s := range sample {
			if got, ran := of(s.call, s.fault, s.lang); ran && got != s.held {
				t.Errorf("%s, %s, %s: %s has\n%+v\nand seen was\n%+v", s.call.name, s.fault.name, s.lang, faultsPage, s.held, got)
			}
		}
		return
	}
	whole := t.Run("en", func(t *testing.T) {
		for _, f := range wireFaults {
			for _, c := range callPoints {
				if f.on&c.on != 0 {
					cell(t, "en", anna, c, f)
				}
			}
		}
	})
	russian := seenFirst(of)
	whole = t.Run("ru", func(t *testing.T) {
		for _, at := range russian {
			cell(t, "ru", boris, at.call, at.fault)
		}
	}) && whole
	for _, at := range russian {
		en, _ := of(at.call, at.fault, "en")
		ru, ran := of(at.call, at.fault, "ru")
		whole = whole && ran
		if ran && (ru.ended != en.ended || ru.orders != en.orders) {
			t.Errorf("%s, %s: in Russian it ended %s with %d orders, in English %s with %d", at.call.name, at.fault.name, ru.ended, ru.orders, en.ended, en.orders)
		}
	}
	for _, c := range callPoints {
		whole = whole && len(faultRows(c, of)) > 0
	}
	if !whole {
		return // cells failed, or only some of them were to be run
	}
	holdFaults(t, "", faultsTable(of))
}

// heldRow is a row of the page: what was seen with each of some faults at a call.
type heldRow struct {
	faults []wireFault
	en, ru faultResult
}

// heldFaults reads the page, by the names of the calls. It fails unless each fault is in one
// row of each call that it can hit, and in no other.
func heldFaults(t *testing.T) map[string][]heldRow {
	t.Helper()
	page, err := os.ReadFile(faultsPage)
	if err != nil {
		t.Fatal(err)
	}
	longer := slices.SortedStableFunc(slices.Values(wireFaults), func(a, b wireFault) int { return len(b.name) - len(a.name) })
	rows := map[string][]heldRow{}
	for _, c := range callPoints {
		_, section, _ := strings.Cut(string(page), "\n## "+c.title+"\n")
		section, _, _ = strings.Cut(section, "\n## ")
		want := slices.DeleteFunc(slices.Clone(wireFaults), func(f wireFault) bool { return f.on&c.on == 0 })
		var have []string
		for line := range strings.Lines(section) {
			fields := strings.Split(strings.Trim(line, "| \n"), " | ")
			if len(fields) != 5 || fields[0] == "fault" {
				continue
			}
			orders, err := strconv.Atoi(fields[4])
			if err != nil {
				t.Fatalf("%s: %q: %v", faultsPage, line, err)
			}
			row := heldRow{en: faultResult{fields[1], fields[3], orders}, ru: faultResult{fields[2], fields[3], orders}}
			for rest := fields[0]; rest != ""; {
				i := slices.IndexFunc(longer, func(f wireFault) bool { return rest == f.name || strings.HasPrefix(rest, f.name+"; ") })
				if i < 0 {
					t.Fatalf("%s: at %s there is no fault %q", faultsPage, c.name, rest)
				}
				row.faults = append(row.faults, longer[i])
				have = append(have, longer[i].name)
				rest = strings.TrimPrefix(strings.TrimPrefix(rest, longer[i].name), "; ")
			}
			rows[c.name] = append(rows[c.name], row)
		}
		var names []string
		for _, f := range want {
			names = append(names, f.name)
		}
		slices.Sort(names)
		slices.Sort(have)
		if !slices.Equal(names, have) {
			t.Errorf("at %s %s has the faults\n%q\nand there are\n%q", c.name, faultsPage, have, names)
		}
	}
	return rows
}

// sampledFault is a fault at a call that is tried, and what the page has of it.
type sampledFault struct {
	faultAt
	lang string
	held faultResult
}

// faultSample is the first fault of each row of the page, where the row is the first with its text
// in English and in Russian by turns, and each fault that is first in none at one call. Few: each
// fault once, in English.
func faultSample(rows map[string][]heldRow, few bool) []sampledFault {
	var sample []sampledFault
	texts, tried := map[string]bool{}, map[string]bool{}
	for _, c := range callPoints {
		for _, row := range rows[c.name] {
			at := faultAt{c, row.faults[0]}
			if few && tried[at.fault.name] {
				continue
			}
			tried[at.fault.name] = true
			s := sampledFault{at, "en", row.en}
			if !few && !texts[row.en.saw] { // the page has its Russian from here
				texts[row.en.saw] = true
				if len(texts)%2 == 0 {
					s = sampledFault{at, "ru", row.ru}
				}
			}
			sample = append(sample, s)
		}
	}
	for _, c := range callPoints {
		for _, row := range rows[c.name] {
			for _, f := range row.faults {
				if !tried[f.name] {
					tried[f.name] = true
					sample = append(sample, sampledFault{faultAt{c, f}, "en", row.en})
				}
			}
		}
	}
	return sample
}

// faultsFile keeps the tests apart that hold the parts of the page.
var faultsFile sync.Mutex

// holdFaults fails unless a part of the page is what was seen: the one with a heading, or
// what stands before it.
func holdFaults(t *testing.T, heading, part string) {
	t.Helper()
	faultsFile.Lock()
	defer faultsFile.Unlock()
	held, err := os.ReadFile(faultsPage)
	if err != nil {
		t.Fatal(err)
	}
	second, _, _ := strings.Cut(deedsHead, "\n")
	first, rest, _ := strings.Cut(string(held), "\n"+second)
	parts := map[string]string{"": first, second: second + rest}
	if rewriting() {
		parts[heading] = part
		if err := os.WriteFile(faultsPage, []byte(parts[""]+"\n"+parts[second]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if parts[heading] != part {
		t.Errorf("%s does not hold what was seen; renew it with -rewrite and read what has changed.\n%s", faultsPage, firstDifference(parts[heading], part))
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

// faultAt is a fault at a call.
type faultAt struct {
	call  callPoint
	fault wireFault
}

// seenFirst are the faults that an order was made with, the first of each text that was seen in
// English, by that text.
func seenFirst(of func(callPoint, wireFault, string) (faultResult, bool)) map[string]faultAt {
	first := map[string]faultAt{}
	for _, c := range callPoints {
		for _, row := range faultRows(c, of) {
			en, _ := of(c, row[0], "en")
			if _, seen := first[en.saw]; !seen {
				first[en.saw] = faultAt{c, row[0]}
			}
		}
	}
	return first
}

// faultsTable writes the page.
func faultsTable(of func(callPoint, wireFault, string) (faultResult, bool)) string {
	russian := seenFirst(of)
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
			at := russian[en.saw]
			ru, _ := of(at.call, at.fault, "ru")
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %d |\n", strings.Join(names, "; "), en.saw, ru.saw, en.ended, en.orders)
		}
	}
	return b.String()
}

// faultCell is an order that a fault hits.
type faultCell struct {
	*world
	witness *witness
	texts   *locales.Catalog
	lang    string
	person  int64
	point   callPoint
	fault   wireFault
	from    foreignVendor
	count   int                     // of servers that are ordered
	kinds   []purchase.QuestionKind // of what was asked, each once
	begun   int                     // the newest message when the order was confirmed
	asked   []emulator.Message      // cards that were answered, each as the question that it asked
}

func newFaultCell(t *testing.T, texts *locales.Catalog, lang string, person int64, point callPoint, fault wireFault) *faultCell {
	return newForeignCell(t, texts, lang, person, point, fault, foreignVendor{})
}

// newForeignCell is newFaultCell with another vendor.
func newForeignCell(t *testing.T, texts *locales.Catalog, lang string, person int64, point callPoint, fault wireFault, from foreignVendor) *faultCell {
	c := &faultCell{texts: texts, lang: lang, person: person, point: point, fault: fault, from: from, count: max(from.count, 1)}
	c.world, c.witness = newWitnessed(t, texts, lang, sandbox.Config{ActivationDelay: time.Minute, Facts: from.facts})
	return c
}

// noPause takes the place of the client's pauses.
func noPause(ctx context.Context, _ time.Duration) error { return ctx.Err() }

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
	Record purchase.Record `json:"record"`
	Owner  chat.Key        `json:"owner"`
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
	agreed, confirm := c.asks()
	c.witness.agree(agreed)
	if c.from.first != nil {
		c.from.first(c.vendor)
	}
	if c.fault.behave != nil {
		c.fault.behave(c.vendor)
	}
	fault, had := c.inject(), c.vendor.Balance(vendorLogin).Amount
	c.begun = c.newestID()
	confirm()
	// Longer than any pause of the bot before it asks or gives up looking.
	pauses := []time.Duration{
		2 * time.Second, 3 * time.Second, 5 * time.Second, 10 * time.Second, 30 * time.Second, 50 * time.Second, time.Minute, 5 * time.Minute,
		10 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 24 * time.Hour,
	}
	answers := map[purchase.QuestionKind]int{}
	for step := 0; ; {
		r := c.record()
		if c.fault.fault.Kind == sandbox.Late {
			fault.Release() // the client has gone by now
			if fault.Hits() > 0 {
				<-fault.Over()
			}
		}
		if r.State.Ended() {
			break
		}
		if q := r.Question; q != nil {
			if !c.point.giveUp && (!c.point.paysOn && c.from.name == "" || fault.Hits() > 0) {
				fault.Remove()
			}
			answers[q.Kind]++
			if !slices.Contains(c.kinds, q.Kind) {
				c.kinds = append(c.kinds, q.Kind)
			}
			if (c.point.giveUp || c.point.paysOn) && fault.Hits() == 0 {
				c.begun = c.newestID()
			}
			choice := c.honest(r, answers[q.Kind])
			if choice == purchase.ChooseAccept && q.Kind == purchase.AskPrice && q.Now != nil && !c.point.paysOn {
				agreed = q.Now.Amount
				c.witness.agree(agreed)
			}
			c.answer(r, choice)
			step = 0
			continue
		}
		if r.State == purchase.StateOrdered && c.fault.panel != nil && step > 0 {
			c.fault.panel(c.vendor, r.Services[0].ID)
			step = 0
		}
		if c.from.name != "" && step == len(pauses) && len(pauses) < 20 {
			pauses = append(pauses, 7*24*time.Hour) // as long as it is followed
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
	if c.fault.fault.Kind != "" && fault.Hits() == 0 && c.from.name == "" {
		c.t.Error("no call was hit")
	}
	c.check(agreed, had)
	return faultResult{saw: c.saw(), ended: string(c.record().State), orders: len(c.vendor.Orders(vendorLogin))}
}

// asks has the person ask for the purchase, up to the step that confirms it.
func (c *faultCell) asks() (agreed decimal.Decimal, confirm func()) {
	if c.point.paysOn {
		s := &scene{c.world, c.witness, c.person}
		s.vendor.SetFact(profile.LineItem, profile.Both)
		s.asksToProlong()
		return eurs(prolongCost).Amount, func() { s.press("button.prolong_yes") }
	}
	code := "WELCOME10"
	if c.point.giveUp {
		code = "NOSUCH"
	}
	c.say(c.person, strings.Replace(orderLine, "order_count=1", fmt.Sprintf("order_count=%d", c.count), 1)+" promocode="+code)
	return c.agreed(), func() { c.say(c.person, "/confirm") }
}

// inject puts the fault in place; one that is none hits nothing.
func (c *faultCell) inject() *sandbox.Injection {
	fault := c.fault.at(c.point)
	if fault.Kind == "" {
		fault.Kind, fault.Func = sandbox.Drop, "none"
	}
	injection := c.vendor.Inject(fault)
	if c.fault.limits {
		c.witness.limit(injection)
	}
	return injection
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
func (c *faultCell) honest(r purchase.Record, times int) purchase.Choice {
	q := *r.Question
	paid := slices.ContainsFunc(c.vendor.Orders(vendorLogin), func(o sandbox.Order) bool { return o.LineItem == r.LineItem })
	has := func(choice purchase.Choice) bool { return slices.Contains(q.Choices, choice) }
	switch {
	case c.point.giveUp && has(purchase.ChooseGiveUp):
		return purchase.ChooseGiveUp
	case q.Kind == purchase.AskLogin && times == 1:
		return purchase.ChooseAgain
	case c.point.paysOn && has(purchase.ChooseAccept):
		return purchase.ChooseAccept
	case c.from.name != "" && has(purchase.ChooseAccept):
		return purchase.ChooseAccept
	case has(purchase.ChooseBought) && paid:
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
				if m.ID > c.begun {
					title, _, _ := strings.Cut(m.Text, "\n")
					m.Text = title + "\n" + belowSteps(m.Text)
					m.First = m.Text
					c.asked = append(c.asked, m)
				}
				c.press(c.person, m.ID, b.Data)
				c.settle()
				return
			}
		}
	}
	c.t.Fatalf("no button answers %s with %s:\n%s", r.Question.Kind, choice, c.chats.Transcript(c.person))
}

// news are the messages about the purchase that are not its card, and what was asked in
// cards that came as new messages.
func (c *faultCell) news() []emulator.Message {
	news := slices.Clone(c.asked)
	for _, m := range c.about() {
		if m.ID > c.begun && !c.isCard(m) {
			news = append(news, m)
		}
	}
	slices.SortStableFunc(news, func(a, b emulator.Message) int { return a.ID - b.ID })
	return news
}

// about are the messages about the purchase that are in the chat.
func (c *faultCell) about() []emulator.Message {
	title := c.text("purchase.title", "ID", c.record().ID)
	return slices.DeleteFunc(c.chats.Messages(c.person), func(m emulator.Message) bool {
		return !m.Bot || m.Deleted || !strings.HasPrefix(m.HTML, title)
	})
}

// isCard reports whether a message about the purchase is its card.
func (c *faultCell) isCard(m emulator.Message) bool {
	return slices.ContainsFunc([]string{"purchase.agreed", "purchase.price"}, func(key string) bool {
		priced, _, _ := strings.Cut(c.text(key, "Total", "\x00"), "\x00")
		return strings.Contains(m.HTML, "\n"+priced)
	})
}

// belowSteps is what the card of a purchase says below the order and its steps.
func belowSteps(text string) string {
	_, text, _ = strings.Cut(text, "\n\n")
	_, text, _ = strings.Cut(text, "\n\n")
	return text
}

// check holds what must be true in the end, whatever fails; what must be true at
// any time the witness holds.
func (c *faultCell) check(agreed, had decimal.Decimal) {
	orders, taken, servers := c.vendor.Orders(vendorLogin), decimal.Zero, 0
	for _, order := range orders {
		taken, servers = taken.Add(order.Amount.Amount), servers+len(order.Services)
	}
	bad := func(format string, args ...any) {
		c.t.Errorf("%s:\n%s", fmt.Sprintf(format, args...), c.chats.Transcript(c.person))
	}
	if gone := had.Sub(c.vendor.Balance(vendorLogin).Amount); !gone.Equal(taken) {
		bad("%s is gone, the orders cost %s", gone, taken)
	}
	if c.point.paysOn {
		c.checkPaidOn(bad)
	}
	if taken.GreaterThan(agreed) != ((c.fault.more || c.from.more) && servers == c.count) {
		bad("%s was taken, %s was agreed", taken, agreed)
	}
	if servers > c.count {
		bad("%d servers in %d orders", servers, len(orders))
	}
	told := func(part string) bool {
		return slices.ContainsFunc(c.news(), func(m emulator.Message) bool { return strings.Contains(m.Text, part) })
	}
	active := c.text("purchase.active")
	if servers > 1 {
		active = c.witness.say("purchase.active_all", "Count", strconv.Itoa(servers))
	}
	if c.record().State == purchase.StateVanished {
		active = c.text("purchase.vanished")
	}
	if c.point.paysOn {
		active = c.witness.opening("pays_on.done", "Next")
	}
	for _, order := range orders {
		bought := c.text("progress.cart_item", "Item", order.LineItem)
		if c.count == 1 && !slices.ContainsFunc(c.about(), func(m emulator.Message) bool { return c.isCard(m) && strings.Contains(m.Text, bought) }) {
			bad("no card says that line item %s was bought", order.LineItem)
		}
		if !told(active) {
			bad("nobody was told that what was bought is active")
		}
	}
	last := c.news()[len(c.news())-1].Text
	if len(orders) == 0 && !strings.Contains(last, c.text("charged.no")) && !strings.Contains(last, c.text("charged.unknown")) &&
		(c.from.name == "" || !strings.Contains(last, c.text("charged.unknown_ended"))) {
		bad("nothing was bought, and the last word does not say so")
	}
	if left := c.vendor.Cart(vendorLogin); len(left) > 0 && !strings.Contains(last, c.text("purchase.item_left")) {
		bad("%d items are left in the cart, and the last word does not say so", len(left))
	}
	if c.t.Failed() && testing.Verbose() {
		c.t.Log(c.chats.Transcript(c.person))
	}
}

// checkPaidOn holds what must be true of a server that was to be paid on.
func (c *faultCell) checkPaidOn(bad func(format string, args ...any)) {
	server, times := c.vendor.Services(vendorLogin)[0], len(c.vendor.Orders(vendorLogin))
	if got, want := c.vendor.PaidUntil(vendorLogin, server.ID), server.Created.AddDate(0, 1+times, 0); !got.Equal(want) {
		bad("it is paid until %s, and was paid on %d times", got, times)
	}
	if sent := carriedOut(c.vendor, "service.prolong"); sent != 1 {
		bad("it was put into the cart %d times", sent)
	}
}

// Numbers that differ from run to run.
var number = regexp.MustCompile(`\b\d{4,}\b|203\.0\.113\.\d+|2001:db8::\w+`)

// saw is what the person saw, as a cell of the table.
func (c *faultCell) saw() string {
	call, _, _ := strings.Cut(c.text("purchase.at", "Step", "\x00"), "\x00")
	plain := strings.NewReplacer("<b>", "", "</b>", "", "<code>", "", "</code>", "")
	needless := []string{plain.Replace(call), c.text("news.paid_next"), c.text("news.unknown_next")}
	var parts []string
	before := ""
	for _, m := range c.news() {
		_, text, _ := strings.Cut(m.First, "\n")
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
