package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"zomrobot/zomro/sandbox"
)

// errorsPage is the table that TestErrors holds.
const errorsPage = "testdata/errors.txt"

// errorCase is a documented error of a function of the vendor that orders use.
type errorCase struct {
	fn    string
	match map[string]string
	name  string
	fault sandbox.Fault
	meet  func(w *world, person int64, fault func()) // leads to the call; fault puts the error in its way
}

// at is the fault of the case, at every call of the function.
func (c errorCase) at() sandbox.Fault {
	fault := c.fault
	fault.Func, fault.Match, fault.Times = c.fn, c.match, -1
	return fault
}

// errorCases are the errors that each function is documented with. Faults that
// are not documented are in docs/faults.md.
func errorCases() []errorCase {
	// What every function may answer.
	common := map[string]sandbox.Fault{
		"1 auth":     documented("auth", "", "Authorization required"),
		"2 access":   documented("access", "", "Insufficient privileges to perform"),
		"3 HTTP 403": {Kind: sandbox.Status, Status: 403},
		"4 HTTP 460": {Kind: sandbox.Status, Status: 460},
	}
	var cases []errorCase
	add := func(fn string, match map[string]string, meet func(*world, int64, func()), more map[string]sandbox.Fault) {
		for _, list := range []map[string]sandbox.Fault{common, more} {
			for _, name := range slices.Sorted(maps.Keys(list)) {
				cases = append(cases, errorCase{fn, match, name, list[name], meet})
			}
		}
	}
	missed := documented("missed", "", "The item does not exist")
	add("auth", nil, meetLogin, map[string]sandbox.Fault{
		"auth badpassword":   documented("auth", "badpassword", "Incorrect login or password"),
		"auth badip":         documented("auth", "badip", "Access from this IP denied"),
		"auth blocklogon":    documented("auth", "blocklogon", "Your account has been blocked"),
		"auth blockgeoip":    documented("auth", "blockgeoip", "Your account has been blocked"),
		"auth blocked_ip":    documented("auth", "blocked_ip", "The limit has been exceeded"),
		"auth socialrequest": documented("auth", "socialrequest", "Log in with the social network"),
	})
	add("whoami", nil, meetLogin, nil)
	add("v2.instances.order.pricelist", nil, meetCatalogue, map[string]sandbox.Fault{"missed": missed})
	add("v2.instances.order.param", map[string]string{"sok": ""}, meetForm, map[string]sandbox.Fault{
		"missed": missed, "value": documented("value", "datacenter", "Invalid value"),
	})
	add("cart", map[string]string{"clicked_button": ""}, meetPurchase, map[string]sandbox.Fault{"missed": missed})
	add("dashboard.info", nil, meetPurchase, nil)
	add("v2.instances.order.param", map[string]string{"sok": "ok"}, meetPurchase, map[string]sandbox.Fault{
		"missed": missed, "value": documented("value", "order_count", "Invalid value"),
		"exists": documented("exists", "servername", "It exists already"), "pricelist_min_order": documented("pricelist_min_order", "", "Too few ordered"),
	})
	add("cart", map[string]string{"clicked_button": "apply_promocode"}, meetPurchase, map[string]sandbox.Fault{
		"missed":            documented("missed", "promocode", "Invalid promo code"),
		"promocode_not_use": documented("promocode_not_use", "", "Promo code can not be applied"),
	})
	add("instances", nil, meetPurchase, map[string]sandbox.Fault{"missed": missed})
	add("expense", nil, meetPurchase, nil)
	add("order", nil, meetPurchase, nil)
	add("cartorder.create.confirm", nil, meetPurchase, map[string]sandbox.Fault{
		"missed":                         missed,
		"insufficient funds":             documented("", "", "insufficient funds to complete the operation. Required amount 8.64. Your current balance: 1.00, credit limit 0.00 EUR"),
		"insufficient funds, in Russian": documented("", "", "\u041d\u0435\u0434\u043e\u0441\u0442\u0430\u0442\u043e\u0447\u043d\u043e \u0441\u0440\u0435\u0434\u0441\u0442\u0432"),
		"value":                          documented("value", "elid", "You are trying to access the 'Payment confirmation' step that is currently not available"),
	})
	add("cart", map[string]string{"clicked_button": "delete"}, meetRemoval, map[string]sandbox.Fault{"missed": missed})
	return cases
}

func meetLogin(w *world, person int64, fault func()) {
	fault()
	w.login(person)
}

func meetCatalogue(w *world, person int64, fault func()) {
	w.login(person)
	fault()
	w.say(person, "/order")
}

func meetForm(w *world, person int64, fault func()) {
	meetCatalogue(w, person, fault)
	w.tap(person, words["choose"][person])
	w.tap(person, "🇳🇱 Netherlands-3")
	w.say(person, "birch")
	w.tap(person, map[int64]string{anna: "1 CPU · 2.5 GB · €5.76 · Birch Intel", boris: "1 CPU · 2,5 ГБ · 5,76\u00a0€ · Birch Intel"}[person])
}

// meetPurchase confirms an order with a promo code.
func meetPurchase(w *world, person int64, fault func()) {
	w.login(person)
	w.say(person, shortOrder+" promocode=WELCOME10")
	fault()
	w.say(person, "/confirm")
}

// meetRemoval gives an order up that stands in the cart.
func meetRemoval(w *world, person int64, fault func()) {
	w.login(person)
	w.say(person, shortOrder+" promocode=NOSUCH")
	w.say(person, "/confirm")
	fault()
	w.tap(person, map[int64]string{anna: "Cancel purchase", boris: "Отменить покупку"}[person])
}

// said is what a person reads after the error: the newest message, without its
// buttons; of a purchase also the next one, once its evidence is there.
func (c errorCase) said(t *testing.T, person int64) string {
	w := newWorld(t, sandbox.Config{ActivationDelay: time.Hour})
	c.meet(w, person, func() { w.vendor.Inject(c.at()) })
	text := w.newest(person)
	for _, pause := range []time.Duration{2 * time.Second, 3 * time.Second, 5 * time.Second, 10 * time.Second, 30 * time.Second, 50 * time.Second, time.Minute} {
		if len(w.purchases()) > 0 {
			w.pass(pause)
		}
	}
	if later := w.newest(person); later != text {
		text += "    …\n" + later
	}
	return text
}

// newest is the newest message; of a card what stands below the order and its
// steps.
func (w *world) newest(person int64) string {
	last, ok := w.chats.Last(person)
	if !ok {
		w.t.Fatal("nothing was said")
	}
	text := purchaseID.ReplaceAllString(last.Text, "AAA-01")
	if strings.Contains(text, map[int64]string{anna: "Agreed: ", boris: "Подтверждено: "}[person]) {
		text = belowSteps(text)
	}
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.TrimRight(line, "\n"); line != "" {
			lines = append(lines, "    "+line)
		}
	}
	return strings.Join(lines, "\n") + "\n"
}

// TestErrors meets every documented error of every function that orders use, through the
// whole bot, and holds what the person reads to testdata/errors.txt: in both languages, or each in
// one of them if tables are not whole.
func TestErrors(t *testing.T) {
	t.Parallel()
	cases := errorCases()
	held := heldErrors(t)
	title := func(c errorCase) string {
		with := ""
		for name, value := range c.match {
			if value != "" {
				with = " " + name + "=" + value
			}
		}
		return c.fn + with + ": " + strings.TrimLeft(c.name, "1234 ")
	}
	var mu sync.Mutex
	found := map[string]map[int64]string{}
	thin := thinned(t)
	all := t.Run("all", func(t *testing.T) {
		for i, c := range cases {
			for j, person := range []int64{anna, boris} {
				if thin && (2*i+j)%thinTo > 0 || !whole() && (i+j)%2 > 0 {
					continue
				}
				t.Run(fmt.Sprintf("%s/%d", title(c), person), func(t *testing.T) {
					t.Parallel()
					text := c.said(t, person)
					mu.Lock()
					defer mu.Unlock()
					if found[title(c)] == nil {
						found[title(c)] = map[int64]string{}
					}
					found[title(c)][person] = text
				})
			}
		}
	})
	if rewriting() {
		if all && len(found) == len(cases) {
			var page strings.Builder
			for _, c := range cases {
				of := found[title(c)]
				fmt.Fprintf(&page, "%s\n  en\n%s  ru\n%s\n", title(c), of[anna], of[boris])
			}
			write(t, errorsPage, []byte(page.String()))
		}
		return
	}
	for title, texts := range found {
		for person, text := range texts {
			if is := held[title][person]; is != text {
				t.Errorf("%s, %d: %s has\n%sand read was\n%s", title, person, errorsPage, is, text)
			}
		}
	}
	if len(held) != len(cases) {
		t.Errorf("%s has %d errors of %d; renew it with -rewrite", errorsPage, len(held), len(cases))
	}
}

// heldErrors reads the page: what a person reads, by the title of the error.
func heldErrors(t *testing.T) map[string]map[int64]string {
	t.Helper()
	held := map[string]map[int64]string{}
	for section := range strings.SplitSeq(string(read(t, errorsPage)), "\n\n") {
		title, texts, _ := strings.Cut(strings.TrimRight(section, "\n")+"\n", "\n  en\n")
		if en, ru, ok := strings.Cut(texts, "  ru\n"); ok {
			held[title] = map[int64]string{anna: en, boris: ru}
		}
	}
	return held
}
