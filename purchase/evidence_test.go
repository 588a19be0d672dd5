package purchase_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"zomrobot/purchase"
	"zomrobot/zomro"
)

// facts are all that evidence about a call can say, by the columns of the
// document's tables.
var facts = map[purchase.Call]map[string][]string{
	purchase.CallAdd:   {"added": {"none", "one", "other", "not_known"}},
	purchase.CallPromo: {"item": {"in_cart", "gone", "not_known"}, "total": {"lower", "same", "higher", "not_known"}},
	purchase.CallConfirm: {
		"item":     {"in_cart", "gone", "not_known"},
		"services": {"none", "ours", "other", "not_known"},
		"balance":  {"same", "dropped", "other", "free", "not_known"},
	},
}

// table reads the table below a heading of docs/purchase.md: its columns and
// its rows.
func table(t *testing.T, heading string) (columns []string, rows [][]string) {
	t.Helper()
	b, err := os.ReadFile(document)
	if err != nil {
		t.Fatalf("the tables: %v", err)
	}
	_, after, ok := strings.Cut(string(b), "\n### "+heading+"\n\n")
	if !ok {
		t.Fatalf("%s has no table %q", document, heading)
	}
	for line := range strings.Lines(after) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "|") {
			break
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		rows = append(rows, cells)
	}
	if len(rows) < 3 {
		t.Fatalf("%s: table %q has no rows", document, heading)
	}
	return rows[0], rows[2:]
}

// TestJudge holds Judge to the tables of docs/purchase.md, for every
// combination of facts.
func TestJudge(t *testing.T) {
	for call, values := range facts {
		columns, rows := table(t, string(call))
		names := columns[:len(columns)-1]
		if len(names) != len(values) {
			t.Fatalf("%s: columns %v", call, names)
		}
		used := make([]bool, len(rows))
		var try func(fact []string)
		try = func(fact []string) {
			if len(fact) < len(names) {
				for _, v := range values[names[len(fact)]] {
					try(append(slices.Clone(fact), v))
				}
				return
			}
			e := purchase.Evidence{Of: call}
			for i, name := range names {
				switch name {
				case "added":
					e.Added = purchase.AddedFact(fact[i])
				case "item":
					e.Item = purchase.ItemFact(fact[i])
				case "total":
					e.Total = purchase.TotalFact(fact[i])
				case "services":
					e.Services = purchase.ServicesFact(fact[i])
				case "balance":
					e.Balance = purchase.BalanceFact(fact[i])
				default:
					t.Fatalf("%s: column %q", call, name)
				}
			}
			for i, row := range rows {
				fits := true
				for j, cell := range row[:len(names)] {
					fits = fits && (cell == "any" || cell == fact[j])
				}
				if !fits {
					continue
				}
				used[i] = true
				if got, want := purchase.Judge(e), purchase.Verdict(row[len(names)]); got != want {
					t.Errorf("%s %v: %s, the table says %s", call, fact, got, want)
				}
				return
			}
			t.Errorf("%s %v: no row fits", call, fact)
		}
		try(nil)
		for i, row := range rows {
			if !used[i] {
				t.Errorf("%s: row %v fits nothing", call, row)
			}
		}
	}
	for _, call := range []purchase.Call{purchase.CallCart, purchase.CallRemove, ""} {
		if got := purchase.Judge(purchase.Evidence{Of: call, Item: purchase.ItemGone, Services: purchase.ServicesOurs, Balance: purchase.BalanceDropped}); got != purchase.Unclear {
			t.Errorf("%q: %s", call, got)
		}
	}
}

// TestConfirmFacts holds which facts are taken from what is read after a lost
// confirm of "web" for 5 EUR, with service 1 and 20 EUR before it.
func TestConfirmFacts(t *testing.T) {
	web := service("2", "web", zomro.StatusOpening)
	unnamed := service("2", "", zomro.StatusOpening)
	credit := &zomro.Balance{Real: eur("15"), Credit: ptr(eur("1"))}
	rouble := &zomro.Balance{Real: zomro.Money{Amount: eur("15").Amount, Currency: "RUB"}}
	for name, c := range map[string]struct {
		nameless, untitled bool
		count              int
		price              string // "5" unless told
		cart               *zomro.Cart
		services           []zomro.Service
		balance            *zomro.Balance
		want               string
	}{
		"bought":             {cart: cart("0"), services: []zomro.Service{web}, balance: balance("15"), want: "gone ours dropped done"},
		"bought, taxed":      {cart: cart("0"), services: []zomro.Service{web}, balance: balance("13.95"), want: "gone ours dropped done"},
		"bought, free":       {price: "0", cart: cart("0"), services: []zomro.Service{web}, balance: balance("20"), want: "gone ours free done"},
		"not bought":         {cart: cart("5", ours("5")), balance: balance("20"), want: "in_cart none same not_done"},
		"not bought, free":   {price: "0", cart: cart("0", ours("0")), balance: balance("20"), want: "in_cart none free not_done"},
		"id is elid":         {cart: cart("5", zomro.CartItem{ID: "7", Elid: "1818"}), balance: balance("20"), want: "in_cart none same not_done"},
		"not listed yet":     {cart: cart("0"), balance: balance("15"), want: "gone none dropped unclear"},
		"newest is not ours": {cart: cart("0"), services: []zomro.Service{service("2", "mail", zomro.StatusOpening)}, balance: balance("15"), want: "gone other dropped unclear"},
		"namesakes":          {cart: cart("0"), services: []zomro.Service{web, service("3", "web", zomro.StatusOpening)}, balance: balance("15"), want: "gone other dropped unclear"},
		"ours among others":  {cart: cart("0"), services: []zomro.Service{web, service("3", "mail", zomro.StatusOpening)}, balance: balance("15"), want: "gone ours dropped done"},
		"one of two":         {count: 2, cart: cart("0"), services: []zomro.Service{web}, balance: balance("15"), want: "gone other dropped unclear"},
		"dropped by less":    {cart: cart("0"), services: []zomro.Service{web}, balance: balance("19.5"), want: "gone ours other unclear"},
		"topped up":          {cart: cart("5", ours("5")), balance: balance("30"), want: "in_cart none other unclear"},
		"daily charge":       {cart: cart("5", ours("5")), balance: balance("19.9"), want: "in_cart none other unclear"},
		"credit appeared":    {cart: cart("0"), services: []zomro.Service{web}, balance: credit, want: "gone ours not_known unclear"},
		"another currency":   {cart: cart("0"), services: []zomro.Service{web}, balance: rouble, want: "gone ours not_known unclear"},
		"nothing readable":   {want: "not_known none not_known unclear"},
		"nameless":           {nameless: true, cart: cart("0"), services: []zomro.Service{unnamed}, balance: balance("15"), want: "gone ours dropped done"},
		"nameless, untitled": {nameless: true, untitled: true, cart: cart("0"), services: []zomro.Service{unnamed}, balance: balance("15"), want: "gone other dropped unclear"},
		"nameless, two new":  {nameless: true, cart: cart("0"), services: []zomro.Service{unnamed, {ID: "3", Plan: "Other"}}, balance: balance("15"), want: "gone other dropped unclear"},
		"nameless, no plan":  {nameless: true, cart: cart("0"), services: []zomro.Service{{ID: "2", Datacenter: "Netherlands-3 [Cloud]"}}, balance: balance("15"), want: "gone other dropped unclear"},
	} {
		t.Run(name, func(t *testing.T) {
			o := opening("")
			if c.nameless {
				o.Order.ServerName = ""
			}
			if c.untitled {
				o.PlanTitle, o.DatacenterName = "", ""
			}
			o.Order.Count = c.count
			price := c.price
			if price == "" {
				price = "5"
			}
			old := service("1", "web", zomro.StatusActive) // an older namesake proves nothing
			w := walk{t: t, r: purchase.New(o, start), at: start}
			w.toPaying(cart(price, ours(price)), old)
			w.answer(purchase.CallConfirm, purchase.Answered{Failure: &purchase.Failure{Kind: zomro.Unknown}})
			w.answer(purchase.CallCart, purchase.Answered{Cart: c.cart})
			w.answer(purchase.CallServices, purchase.Answered{Services: append([]zomro.Service{old}, c.services...)})
			w.answer(purchase.CallBalance, purchase.Answered{Balance: c.balance})
			e := w.r.Evidence
			got := strings.Join([]string{string(e.Item), string(e.Services), string(e.Balance), string(e.Verdict)}, " ")
			if got != c.want {
				t.Errorf("evidence: %s, want %s", got, c.want)
			}
			if done := w.r.State == purchase.StatePaid; done != strings.HasSuffix(c.want, " done") {
				t.Errorf("state %s after %s", w.r.State, c.want)
			}
		})
	}
}

// TestAddedFacts holds what a cart says about a lost add, beside an item that
// was accepted before.
func TestAddedFacts(t *testing.T) {
	known := zomro.CartItem{ID: "900", Cost: ptr(eur("9"))}
	for name, c := range map[string]struct {
		cart *zomro.Cart
		want purchase.AddedFact
	}{
		"nothing new":    {cart("9", known), purchase.AddedNone},
		"one":            {cart("14", known, ours("5")), purchase.AddedOne},
		"one, no price":  {cart("14", known, ours("")), purchase.AddedOne},
		"one, same ids":  {cart("14", known, zomro.CartItem{ID: "1818", Elid: "1818"}), purchase.AddedOne},
		"one, only elid": {cart("14", known, zomro.CartItem{Elid: "1818"}), purchase.AddedOne},
		"two ids":        {cart("14", known, zomro.CartItem{ID: "1818", Elid: "44"}), purchase.AddedOther},
		"no id":          {cart("14", known, zomro.CartItem{}), purchase.AddedOther},
		"another price":  {cart("14", known, ours("6")), purchase.AddedOther},
		"two":            {cart("14", known, ours("5"), zomro.CartItem{ID: "1819"}), purchase.AddedOther},
		"unreadable":     {nil, purchase.AddedNotKnown},
	} {
		t.Run(name, func(t *testing.T) {
			w := walk{t: t, r: purchase.New(opening(""), start), at: start}
			w.do(purchase.Started{})
			w.answer(purchase.CallCart, purchase.Answered{Cart: cart("9", known)})
			w.decide(purchase.ChooseAnyway)
			w.answer(purchase.CallCart, purchase.Answered{Cart: cart("9", known)})
			w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("20")})
			w.answer(purchase.CallAdd, purchase.Answered{Failure: &purchase.Failure{Kind: zomro.Unknown}})
			w.answer(purchase.CallCart, purchase.Answered{Cart: c.cart})
			if got := w.r.Evidence.Added; got != c.want {
				t.Errorf("added: %s, want %s", got, c.want)
			}
			if c.want == purchase.AddedOne && (w.r.State != purchase.StateInCart || w.r.LineItem != "1818") {
				t.Errorf("%s with line item %q", w.r.State, w.r.LineItem)
			}
		})
	}
}
