package purchase_test

import (
	"cmp"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/purchase"
	"zomrobot/zomro"
)

// facts are all that evidence about a call can say, by the columns of the
// document's tables.
var facts = map[purchase.Call]map[string][]string{
	purchase.CallAdd:   {"added": {"none", "one", "other", "not_known"}},
	purchase.CallPromo: {"item": {"in_cart", "gone", "not_known"}, "total": {"lower", "same", "higher", "not_known"}},
	purchase.CallConfirm: {
		"services": {"none", "ours", "unpaid", "other", "not_known"},
		"balance":  {"same", "dropped", "other", "free", "not_known"},
		"item":     {"in_cart", "some", "gone", "not_known"},
		"charges":  {"none", "new", "not_known"},
		"orders":   {"none", "new", "ours", "not_known"},
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
		names := columns[:len(columns)-2] // the verdict, and what the row is for
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
				case "charges":
					e.Charges = purchase.ChargesFact(fact[i])
				case "orders":
					e.Orders = purchase.OrdersFact(fact[i])
				default:
					t.Fatalf("%s: column %q", call, name)
				}
			}
			for i, row := range rows {
				fits := true
				for j, cell := range row[:len(names)] {
					fits = fits && (cell == "any" || slices.Contains(strings.Split(cell, " or "), fact[j]))
				}
				if !fits {
					continue
				}
				used[i] = true
				if got, want := purchase.Judge(e), purchase.Finding(row[len(names)]); got != want {
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
// confirm of one server for 5 EUR, with service 1 and 20 EUR before it.
func TestConfirmFacts(t *testing.T) {
	launching, active := service("2", web, zomro.StatusOpening), service("2", web, zomro.StatusActive)
	unpaid := service("2", web, zomro.StatusOrdered)
	credit := &zomro.Balance{Real: eur("15"), Credit: ptr(eur("1"))}
	rouble := &zomro.Balance{Real: zomro.Money{Amount: eur("15").Amount, Currency: "RUB"}}
	charge := []zomro.Charge{{ID: "77", Name: web}}
	theirs := []zomro.Charge{{ID: "78", Name: "mail", Amount: ptr(eur("5"))}}
	order := []zomro.UnpaidOrder{{Item: "2"}}
	rows := func(ids ...string) *zomro.Cart {
		c := cart("")
		for _, id := range ids {
			c.Items = append(c.Items, zomro.CartItem{ID: id, Name: "Essential", Cost: ptr(eur("5"))})
		}
		c.Total = ptr(eur("5"))
		c.Total.Amount = c.Total.Amount.Mul(decimal.NewFromInt(int64(len(ids))))
		return c
	}
	for name, c := range map[string]struct {
		count    int
		rows     int    // of the cart; 1 unless told
		price    string // "5" unless told
		before   []zomro.Service
		cart     *zomro.Cart
		services []zomro.Service
		balance  *zomro.Balance
		charges  []zomro.Charge
		orders   []zomro.UnpaidOrder
		want     string // services, balance, item, charges, orders and the verdict
	}{
		"bought":                   {cart: cart("0"), services: []zomro.Service{launching}, balance: balance("15"), want: "ours dropped gone none none done"},
		"bought, taxed":            {cart: cart("0"), services: []zomro.Service{launching}, balance: balance("13.95"), want: "ours dropped gone none none done"},
		"bought, the cart is old":  {cart: cart("5", ours("5")), services: []zomro.Service{launching}, balance: balance("15"), want: "ours dropped in_cart none none done"},
		"bought, no cart":          {services: []zomro.Service{active}, balance: balance("15"), want: "ours dropped not_known none none done"},
		"bought, free":             {price: "0", cart: cart("0"), services: []zomro.Service{launching}, balance: balance("20"), want: "ours free gone none none done"},
		"the cart said free":       {price: "0", cart: cart("0", ours("0")), balance: balance("14"), want: "none dropped in_cart none none unclear"},
		"not bought":               {cart: cart("5", ours("5")), balance: balance("20"), want: "none same in_cart none none not_done"},
		"not bought, free":         {price: "0", cart: cart("0", ours("0")), balance: balance("20"), want: "none free in_cart none none not_done"},
		"id is elid":               {cart: cart("5", zomro.CartItem{ID: "7", Elid: "1818"}), balance: balance("20"), want: "none same in_cart none none not_done"},
		"charged for another":      {cart: cart("5", ours("5")), services: []zomro.Service{launching}, balance: balance("15"), charges: theirs, want: "ours same in_cart new none unclear"},
		"paid, and another's day":  {cart: cart("0"), services: []zomro.Service{launching}, balance: balance("10"), charges: theirs, want: "ours dropped gone new none done"},
		"paid, and to be paid":     {cart: cart("0"), services: []zomro.Service{launching}, balance: balance("15"), orders: order, want: "ours dropped gone none ours unclear"},
		"a charge":                 {cart: cart("5", ours("5")), balance: balance("20"), charges: charge, want: "none same in_cart new none unclear"},
		"an unpaid order":          {cart: cart("5", ours("5")), balance: balance("20"), orders: order, want: "none same in_cart none new unclear"},
		"ordered, not paid":        {cart: cart("0"), services: []zomro.Service{unpaid}, balance: balance("20"), orders: order, want: "unpaid same gone none ours ordered"},
		"ordered, not listed":      {cart: cart("0"), services: []zomro.Service{unpaid}, balance: balance("20"), want: "unpaid same gone none none unclear"},
		"ordered, and charged":     {cart: cart("0"), services: []zomro.Service{unpaid}, balance: balance("15"), orders: order, want: "unpaid dropped gone none ours unclear"},
		"ordered before, paid now": {before: []zomro.Service{unpaid}, cart: cart("0"), services: []zomro.Service{launching}, balance: balance("15"), want: "ours dropped gone none none done"},
		"ordered before, no more":  {before: []zomro.Service{unpaid}, cart: cart("5", ours("5")), services: []zomro.Service{unpaid}, balance: balance("20"), want: "none same in_cart none none not_done"},
		"not listed yet":           {cart: cart("0"), balance: balance("15"), want: "none dropped gone none none unclear"},
		"the balance lags":         {cart: cart("0"), services: []zomro.Service{launching}, balance: balance("20"), want: "ours same gone none none unclear"},
		"newest is not ours":       {cart: cart("0"), services: []zomro.Service{service("2", "mail", zomro.StatusOpening)}, balance: balance("15"), want: "other dropped gone none none unclear"},
		"the name is lost":         {cart: cart("0"), services: []zomro.Service{service("2", "", zomro.StatusOpening)}, balance: balance("15"), want: "other dropped gone none none unclear"},
		"the name is changed":      {cart: cart("0"), services: []zomro.Service{service("2", "WEB-A7K42.example", zomro.StatusOpening)}, balance: balance("15"), want: "ours dropped gone none none done"},
		"namesakes":                {cart: cart("0"), services: []zomro.Service{launching, service("3", web, zomro.StatusOpening)}, balance: balance("15"), want: "other dropped gone none none unclear"},
		"ours among others":        {cart: cart("0"), services: []zomro.Service{launching, service("3", "mail", zomro.StatusOpening)}, balance: balance("15"), want: "ours dropped gone none none done"},
		"one of two":               {count: 2, cart: cart("0"), services: []zomro.Service{launching}, balance: balance("15"), want: "other dropped gone none none unclear"},
		"two of two":               {count: 2, cart: cart("0"), services: []zomro.Service{launching, service("3", web, zomro.StatusOrdered)}, balance: balance("15"), want: "other dropped gone none none unclear"},
		"dropped by less":          {cart: cart("0"), services: []zomro.Service{launching}, balance: balance("19.5"), want: "ours other gone none none unclear"},
		"topped up":                {cart: cart("5", ours("5")), balance: balance("30"), want: "none other in_cart none none unclear"},
		"daily charge":             {cart: cart("5", ours("5")), balance: balance("19.9"), want: "none other in_cart none none unclear"},
		"credit appeared":          {cart: cart("0"), services: []zomro.Service{launching}, balance: credit, want: "ours not_known gone none none unclear"},
		"another currency":         {cart: cart("0"), services: []zomro.Service{launching}, balance: rouble, want: "ours not_known gone none none unclear"},
		"nothing readable":         {want: "none not_known not_known none none unclear"},

		"one row of two":          {count: 2, rows: 2, cart: rows("1819"), services: []zomro.Service{launching}, balance: balance("15"), want: "ours dropped some none none done"},
		"both rows at once":       {count: 2, rows: 2, cart: rows(), services: []zomro.Service{launching, service("3", web, zomro.StatusOpening)}, balance: balance("10"), want: "ours dropped gone none none done"},
		"both, one is seen":       {count: 2, rows: 2, cart: rows(), services: []zomro.Service{launching}, balance: balance("10"), want: "other dropped gone none none unclear"},
		"one row, paid for two":   {count: 2, rows: 2, cart: rows("1819"), services: []zomro.Service{launching}, balance: balance("10"), want: "ours other some none none unclear"},
		"two rows, none is paid":  {count: 2, rows: 2, cart: rows("1818", "1819"), balance: balance("20"), want: "none same in_cart none none not_done"},
		"two rows, the other one": {count: 2, rows: 2, cart: rows("1818"), balance: balance("20"), want: "none same some none none unclear"},
	} {
		t.Run(name, func(t *testing.T) {
			o := opening("")
			o.Order.Count = c.count
			price := cmp.Or(c.price, "5")
			priced := cart(price, ours(price))
			if c.rows == 2 {
				o.Quote.Total, priced = eur("10"), rows("1818", "1819")
			}
			old := append([]zomro.Service{service("1", "mail", zomro.StatusActive)}, c.before...)
			w := walk{t: t, r: purchase.New(o, start), at: start}
			w.toPaying(priced, old...)
			w.answer(purchase.CallConfirm, purchase.Answered{Failure: &purchase.Failure{Kind: zomro.Unknown}})
			w.answer(purchase.CallServices, purchase.Answered{Services: append(old[:1:1], c.services...)})
			w.answer(purchase.CallBalance, purchase.Answered{Balance: c.balance})
			if w.r.State == purchase.StateUnknown {
				w.answer(purchase.CallCart, purchase.Answered{Cart: c.cart})
				w.answer(purchase.CallCharges, purchase.Answered{Charges: c.charges})
				w.answer(purchase.CallOrders, purchase.Answered{Orders: c.orders})
			}
			e := w.r.Evidence
			got := strings.Join([]string{string(e.Services), string(e.Balance), string(e.Item), string(e.Charges), string(e.Orders), string(e.Verdict)}, " ")
			if got != c.want {
				t.Errorf("evidence: %s, want %s", got, c.want)
			}
			done := w.r.State == purchase.StatePaid || w.r.State == purchase.StatePricing
			if strings.HasPrefix(c.want, "ours free") { // a charge can come later
				done = true
			}
			if done != strings.HasSuffix(c.want, " done") {
				t.Errorf("state %s after %s", w.r.State, c.want)
			}
		})
	}
}

// TestSeveralRows: an order of three servers is three rows of the cart. Each is
// paid by itself, unless one confirm turns out to have paid more.
func TestSeveralRows(t *testing.T) {
	three := func(ids ...string) *zomro.Cart {
		c := cart("")
		for _, id := range ids {
			c.Items = append(c.Items, zomro.CartItem{ID: "9" + id, Elid: id, Name: "Essential", Cost: ptr(eur("5"))})
		}
		return c
	}
	paying := func(t *testing.T) *walk {
		o := opening("")
		o.Order.Count, o.Quote.Total = 3, eur("15")
		w := &walk{t: t, r: purchase.New(o, start), at: start}
		c := three("1818", "1819", "1820")
		c.Total = ptr(eur("15"))
		w.toPaying(c)
		if !slices.Equal(w.r.More, []string{"1819", "1820"}) {
			t.Fatalf("more %v", w.r.More)
		}
		return w
	}
	one, two := service("2", web, zomro.StatusOpening), service("3", web, zomro.StatusOpening)
	again := func(w *walk, amount, total string, services []zomro.Service, ids ...string) {
		c := three(ids...)
		c.Total = ptr(eur(total))
		w.answer(purchase.CallServices, purchase.Answered{Services: services})
		w.answer(purchase.CallBalance, purchase.Answered{Balance: balance(amount)})
		w.answer(purchase.CallCharges, purchase.Answered{})
		w.answer(purchase.CallOrders, purchase.Answered{})
		w.answer(purchase.CallCart, purchase.Answered{Cart: c})
		w.is(purchase.StatePriced, purchase.WasCharged)
	}
	first := func(t *testing.T) *walk {
		w := paying(t)
		w.answer(purchase.CallConfirm, purchase.Answered{})
		w.look(balance("15"), three("1819", "1820"), one)
		again(w, "15", "10", []zomro.Service{one}, "1819", "1820")
		return w
	}
	t.Run("one by one, the last two at once", func(t *testing.T) {
		w := first(t)
		if w.r.LineItem != "1819" || w.r.Bought != 1 || w.r.Taken.Amount.String() != "5" {
			t.Fatalf("next %s, bought %d, taken %v", w.r.LineItem, w.r.Bought, w.r.Taken)
		}
		w.answer(purchase.CallConfirm, purchase.Answered{})
		w.look(balance("5"), three(), one, two, service("4", web, zomro.StatusOpening))
		w.is(purchase.StatePaid, purchase.WasCharged)
		if w.r.Bought != 3 || w.r.Taken.Amount.String() != "15" || len(w.r.Services) != 3 {
			t.Errorf("bought %d, taken %v, services %v", w.r.Bought, w.r.Taken, w.r.Services)
		}
	})
	t.Run("given up before they were seen", func(t *testing.T) {
		o := opening("")
		o.Order.Count, o.Quote.Total = 3, eur("15")
		w := &walk{t: t, r: purchase.New(o, start), at: start}
		w.toInCart()
		w.do(purchase.Cancelled{})
		for _, left := range [][]string{{"1818", "1819", "1820"}, {"1819", "1820"}, {"1820"}} {
			w.answer(purchase.CallCart, purchase.Answered{Cart: three(left...)})
			if w.call(purchase.CallRemove); w.r.CartRow != "9"+left[0] {
				t.Fatalf("%s is taken out of %v", w.r.CartRow, left)
			}
			w.do(purchase.Answered{Call: purchase.CallRemove})
		}
		w.answer(purchase.CallCart, purchase.Answered{Cart: three()})
		w.nobodyPaid()
		if w.is(purchase.StateCancelled, purchase.NotCharged); w.r.ItemLeft {
			t.Error("an item is said to be left")
		}
	})
	t.Run("given up beside a row that may be ours", func(t *testing.T) {
		for name, left := range map[string]bool{"Essential × 2": true, "Domain": false} {
			o := opening("")
			o.Order.Count, o.Quote.Total = 3, eur("15")
			w := &walk{t: t, r: purchase.New(o, start), at: start}
			w.toInCart()
			w.do(purchase.Cancelled{})
			other := zomro.CartItem{ID: "1900", Name: name, Cost: ptr(eur("10"))}
			w.answer(purchase.CallCart, purchase.Answered{Cart: cart("15", ours("5"), other)})
			w.answer(purchase.CallRemove, purchase.Answered{})
			w.answer(purchase.CallCart, purchase.Answered{Cart: cart("10", other)})
			w.nobodyPaid()
			if w.is(purchase.StateCancelled, purchase.NotCharged); w.r.ItemLeft != left {
				t.Errorf("%s: an item is said to be left: %v", name, w.r.ItemLeft)
			}
		}
	})
	t.Run("given up after the first", func(t *testing.T) {
		w := first(t)
		w.do(purchase.Cancelled{})
		w.answer(purchase.CallCart, purchase.Answered{Cart: three("1819", "1820")})
		w.answer(purchase.CallRemove, purchase.Answered{})
		w.answer(purchase.CallCart, purchase.Answered{Cart: three("1820")})
		w.answer(purchase.CallRemove, purchase.Answered{})
		w.answer(purchase.CallCart, purchase.Answered{Cart: three()})
		w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{one}})
		w.is(purchase.StatePaid, purchase.WasCharged) // what was bought is followed
		one.Status = zomro.StatusActive
		w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{one}})
		w.is(purchase.StateActive, purchase.WasCharged)
	})
	t.Run("another one turns out to have been paid", func(t *testing.T) {
		w := first(t)
		w.at = w.at.Add(time.Hour) // held up
		w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{one, two}})
		w.is(purchase.StateUnknown, purchase.WasCharged)
	})
	t.Run("rows that are not alike are others'", func(t *testing.T) {
		o := opening("")
		o.Order.Count = 2
		w := walk{t: t, r: purchase.New(o, start), at: start}
		w.toInCart()
		c := three("1818", "1819")
		c.Items[1].Cost = ptr(eur("6"))
		w.price(c)
		w.asks(purchase.AskForeign)
	})
}

// TestMoreThanAgreed: what was taken is read from the balance.
func TestMoreThanAgreed(t *testing.T) {
	w := drafted(t, "")
	w.toPaying(cart("5", ours("5")))
	w.answer(purchase.CallConfirm, purchase.Answered{})
	w.look(balance("13.95"), nil, service("2", web, zomro.StatusOpening))
	w.is(purchase.StatePaid, purchase.WasCharged)
	if w.r.Taken.Amount.String() != "6.05" || !w.r.MoreThanAgreed() {
		t.Errorf("taken %v, more than agreed: %v", w.r.Taken, w.r.MoreThanAgreed())
	}
}

// TestOrderedNotPaid follows an order for which the vendor has taken nothing.
func TestOrderedNotPaid(t *testing.T) {
	unpaid := service("2", web, zomro.StatusOrdered)
	ordered := func(t *testing.T) *walk {
		w := drafted(t, "")
		w.toPaying(cart("5", ours("5")))
		w.answer(purchase.CallConfirm, purchase.Answered{})
		w.until(func() {
			w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{unpaid}})
			w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("20")})
			w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
			w.answer(purchase.CallCharges, purchase.Answered{})
			w.answer(purchase.CallOrders, purchase.Answered{Orders: []zomro.UnpaidOrder{{Item: "2"}}})
		})
		w.is(purchase.StateOrdered, purchase.NotCharged)
		if purchase.Holds(w.r) {
			t.Error("it holds the cart")
		}
		return w
	}
	t.Run("paid in the panel", func(t *testing.T) {
		w := ordered(t)
		w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{unpaid}})
		w.is(purchase.StateOrdered, purchase.NotCharged)
		w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{service("2", web, zomro.StatusOpening)}})
		w.is(purchase.StatePaid, purchase.WasCharged)
	})
	gone := func(w *walk, orders []zomro.UnpaidOrder, amount string) {
		w.answer(purchase.CallServices, purchase.Answered{})
		w.answer(purchase.CallOrders, purchase.Answered{Orders: orders})
		if orders == nil {
			w.answer(purchase.CallBalance, purchase.Answered{Balance: balance(amount)})
		}
	}
	t.Run("deleted in the panel", func(t *testing.T) {
		w := ordered(t)
		for range 2 { // one look can be wrong
			gone(w, nil, "20")
			w.is(purchase.StateOrdered, purchase.NotCharged)
		}
		gone(w, nil, "20")
		w.is(purchase.StateCancelled, purchase.NotCharged)
	})
	t.Run("not listed, and still to be paid", func(t *testing.T) {
		w := ordered(t)
		for range 9 {
			gone(w, []zomro.UnpaidOrder{{Item: "2"}}, "")
			w.is(purchase.StateOrdered, purchase.NotCharged)
		}
	})
	t.Run("paid and deleted between two looks", func(t *testing.T) {
		w := ordered(t)
		for range 3 {
			gone(w, nil, "15")
		}
		w.is(purchase.StateFailed, purchase.WasCharged)
	})
	t.Run("nobody pays", func(t *testing.T) {
		w := ordered(t)
		for !w.r.State.Ended() {
			w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{unpaid}})
		}
		w.is(purchase.StateFailed, purchase.MaybeCharged)
	})
	t.Run("cannot be cancelled", func(t *testing.T) {
		w := ordered(t)
		if _, err := purchase.Step(w.r, purchase.Cancelled{}, w.at); !errors.Is(err, purchase.ErrTooLate) {
			t.Errorf("cancelled: %v", err)
		}
	})
}

// TestNames: a server without a name gets one of ours, and a name that a server
// of the account has is made another.
func TestNames(t *testing.T) {
	named := func(t *testing.T, name string, taken bool, services ...zomro.Service) string {
		o := opening("")
		o.Order.ServerName = name
		w := walk{t: t, r: purchase.New(o, start), at: start}
		w.do(purchase.Started{})
		if name != "" {
			w.answer(purchase.CallServices, purchase.Answered{Services: services, Taken: taken})
		}
		w.call(purchase.CallCart)
		return w.r.Order.ServerName
	}
	mail := service("1", "Mail", zomro.StatusActive)
	long := strings.Repeat("я", 100)
	for _, c := range []struct{ got, want string }{
		{named(t, "", false), "vps-a7k42"},
		{named(t, "web", false, mail), "web"},
		{named(t, "web", true, mail), "web-a7k42"},
		{named(t, "mail", false, mail), "mail-a7k42"},
		{named(t, long, false, service("1", long, zomro.StatusActive)), strings.Repeat("я", 94) + "-a7k42"},
	} {
		if c.got != c.want {
			t.Errorf("named %q, want %q", c.got, c.want)
		}
	}
}

// TestServersOfOtherPurchases: what another purchase has bought is said to be its own and
// never followed as ours; it is no fact, so that it proves neither a payment nor that
// there was none.
func TestServersOfOtherPurchases(t *testing.T) {
	theirs, nameless := service("8", "web-2", zomro.StatusActive), service("9", "", zomro.StatusActive)
	mine := service("7", "vps-a7k42", zomro.StatusActive)
	for name, c := range map[string]struct {
		services []zomro.Service
		sold     []purchase.Sold
		buyer    string
		found    int // once a person says that it was bought
	}{
		"another's alone":             {[]zomro.Service{theirs}, []purchase.Sold{{Service: "8", Purchase: "AAA-12"}}, "AAA-12", 0},
		"another's beside one":        {[]zomro.Service{theirs, nameless}, []purchase.Sold{{Service: "8", Purchase: "AAA-12"}}, "AAA-12", 1},
		"nobody's that is known":      {[]zomro.Service{theirs}, nil, "", 1},
		"of our name, whoever has it": {[]zomro.Service{mine, theirs, nameless}, []purchase.Sold{{Service: "7", Purchase: "AAA-12"}}, "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			w := drafted(t, "")
			w.toPaying(cart("5", ours("5")))
			w.fail(purchase.CallConfirm, zomro.Unknown)
			verdicts := map[purchase.Finding]bool{}
			w.until(func() {
				w.answer(purchase.CallServices, purchase.Answered{Services: c.services, Sold: c.sold})
				w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("20")})
				w.answer(purchase.CallCart, purchase.Answered{Cart: cart("5", ours("5"))})
				w.answer(purchase.CallCharges, purchase.Answered{})
				w.answer(purchase.CallOrders, purchase.Answered{})
				verdicts[w.r.Evidence.Verdict] = true
			})
			w.asks(purchase.AskUnknown)
			e := *w.r.Evidence
			if got := e.Buyer(c.services[0]); got != c.buyer || len(e.New) != len(c.services) {
				t.Errorf("%q has %v, want %q", got, e.New, c.buyer)
			}
			if len(verdicts) != 1 || !verdicts[purchase.Unclear] {
				t.Errorf("the verdicts are %v", verdicts)
			}
			w.decide(purchase.ChooseBought)
			if len(w.r.Services) != c.found || c.found > 0 && c.buyer != "" && w.r.Services[0].ID != "9" {
				t.Errorf("%v are followed", w.r.Services)
			}
		})
	}
}

// TestPhoneCheck: what the vendor does not sell before the phone is verified is
// not paid.
func TestPhoneCheck(t *testing.T) {
	w := drafted(t, "")
	w.toInCart()
	row := ours("5")
	row.PhoneCheck = true
	w.price(cart("5", row))
	w.asks(purchase.AskPhone)
	w.decide(purchase.ChooseAgain)
	w.price(cart("5", ours("5")))
	w.is(purchase.StatePriced, purchase.NotCharged)
}

// TestItemCalledOtherwise: a row that is ours by the answer of the add and says that it
// is something else is not paid before a person has said so.
func TestItemCalledOtherwise(t *testing.T) {
	for name, asked := range map[string]bool{"Essential": false, "": false, "Cloud ESSENTIAL | NL-3": false, "Virtual server": true} {
		t.Run(name, func(t *testing.T) {
			w := drafted(t, "")
			w.toInCart()
			row := ours("5")
			row.Name = name
			w.price(cart("5", row))
			if asked {
				w.asks(purchase.AskItem)
				w.decide(purchase.ChooseAnyway)
				w.price(cart("5", row))
			}
			w.is(purchase.StatePriced, purchase.NotCharged)
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
		"one, same ids":  {cart("14", known, zomro.CartItem{ID: "1818", Elid: "1818", Name: "Essential | NL-3"}), purchase.AddedOne},
		"one, only elid": {cart("14", known, zomro.CartItem{Elid: "1818", Name: "essential"}), purchase.AddedOne},
		"of others":      {cart("14", known, zomro.CartItem{ID: "1818", Name: "Domain", Cost: ptr(eur("3"))}), purchase.AddedOther},
		"nameless":       {cart("14", known, zomro.CartItem{ID: "1818"}), purchase.AddedOther},
		"two ids":        {cart("14", known, zomro.CartItem{ID: "1818", Elid: "44"}), purchase.AddedOther},
		"no id":          {cart("14", known, zomro.CartItem{}), purchase.AddedOther},
		"cheaper":        {cart("13", known, ours("4")), purchase.AddedOne},
		"dearer":         {cart("14", known, ours("6")), purchase.AddedOther},
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

// TestTakenLater: what is taken after the payment was seen is counted, as far as it can
// be told.
func TestTakenLater(t *testing.T) {
	paid := func(t *testing.T) *walk {
		w := drafted(t, "")
		w.toPaying(cart("5", ours("5")), service("1", "mail", zomro.StatusActive))
		w.answer(purchase.CallConfirm, purchase.Answered{})
		w.look(balance("15"), cart("0"), service("1", "mail", zomro.StatusActive), service("2", web, zomro.StatusOpening))
		w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{service("2", web, zomro.StatusActive)}})
		w.is(purchase.StateActive, purchase.WasCharged)
		return w
	}
	row := func(id, name, amount string) zomro.Charge {
		return zomro.Charge{ID: id, Name: name, Amount: ptr(eur(amount))}
	}
	for name, c := range map[string]struct {
		balance       string // 0: it cannot be read
		charges, last []zomro.Charge
		taken         string
		away          time.Duration // the bot is not there
		unseen        bool
		twice         bool // it is looked at once more
	}{
		"another new server, as the list names it": {"10", []zomro.Charge{row("7", web, "5"), row("8", "db", "5")}, nil, "5", 0, false, false},
		"nothing":                         {"15", []zomro.Charge{row("7", web, "5")}, nil, "5", 0, false, false},
		"a tax of its own":                {"13.95", nil, nil, "6.05", 0, false, true},
		"a tax that the list names":       {"13.95", []zomro.Charge{row("7", web, "5"), row("8", web, "1.05")}, nil, "6.05", 0, false, false},
		"another server's day":            {"14.6", []zomro.Charge{row("7", web, "5"), row("8", "mail", "0.4")}, nil, "5", 0, false, false},
		"both":                            {"13.55", []zomro.Charge{row("8", "mail", "0.4")}, nil, "6.05", 0, false, true},
		"a second sale":                   {"10", []zomro.Charge{row("7", web, "5"), row("8", web, "5")}, nil, "10", 0, false, false},
		"only the list says":              {"", []zomro.Charge{row("7", web, "5"), row("8", web, "1.05")}, nil, "6.05", 0, true, false},
		"the list says it later":          {"15", []zomro.Charge{row("7", web, "5")}, []zomro.Charge{row("7", web, "5"), row("8", web, "1.05")}, "6.05", 0, false, false},
		"money came in":                   {"25", nil, nil, "5", 0, true, false},
		"a day later, that is no tax":     {"3", nil, nil, "5", 24 * time.Hour, true, false},
		"a day later, the list tells":     {"3", []zomro.Charge{row("7", web, "5"), row("8", web, "1.05")}, nil, "6.05", 24 * time.Hour, true, false},
		"a part is listed":                {"15", []zomro.Charge{row("8", web, "1.05")}, nil, "5", 0, false, false},
		"an amount that cannot be read":   {"15", []zomro.Charge{{ID: "7", Name: web}, row("8", web, "9")}, nil, "5", 0, false, false},
		"the list is in another currency": {"15", []zomro.Charge{{ID: "7", Name: web, Amount: &zomro.Money{Amount: eur("9").Amount, Currency: "USD"}}}, nil, "5", 0, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := paid(t)
			w.at = w.at.Add(c.away)
			mail, web2 := service("1", "mail", zomro.StatusActive), service("2", web, zomro.StatusActive)
			other := service("7", "db", zomro.StatusOpening)
			w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{mail, web2, other}})
			if c.balance == "" {
				for range 5 {
					w.fail(purchase.CallBalance, zomro.Transient)
				}
			} else {
				w.answer(purchase.CallBalance, purchase.Answered{Balance: balance(c.balance)})
			}
			w.answer(purchase.CallCharges, purchase.Answered{Charges: c.charges})
			if c.twice {
				w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{mail, web2, other}})
				w.answer(purchase.CallBalance, purchase.Answered{Balance: balance(c.balance)})
				w.answer(purchase.CallCharges, purchase.Answered{Charges: c.charges})
			}
			if purchase.Holds(w.r) {
				t.Error("the account is not free after the look")
			}
			if w.r.Unseen != c.unseen {
				t.Errorf("looked at in vain: %v", w.r.Unseen)
			}
			if c.away == 0 {
				w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{mail, web2}})
				w.answer(purchase.CallCharges, purchase.Answered{Charges: c.last})
			}
			if a := purchase.Next(w.r, w.at); a.Kind != purchase.End || w.r.Taken.Amount.String() != c.taken {
				t.Errorf("next %+v, taken %v, want %s", a, w.r.Taken, c.taken)
			}
		})
	}
	price, tax := row("7", web, "5"), row("8", web, "1.05")
	alone, taxed := []zomro.Charge{price}, []zomro.Charge{price, tax}
	for name, c := range map[string]struct {
		now     string // the balance when the payment is seen, and the charges after it
		charges []zomro.Charge
		later   []string         // the balance at the next looks, of which the last one repeats
		soon    [][]zomro.Charge // and the charges; none: as before
		first   string           // what counts as taken before them
		taken   string
		unseen  bool
	}{
		"the list says it before the balance":         {"15", taxed, []string{"13.95"}, nil, "6.05", "6.05", false},
		"and the balance has lost more":               {"15", taxed, []string{"13.75"}, nil, "6.05", "6.25", false},
		"the balance is an old one":                   {"20", alone, []string{"15"}, nil, "5", "5", false},
		"a balance that was misread":                  {"0", alone, []string{"15"}, nil, "5", "5", false},
		"a balance that is misread later":             {"15", alone, []string{"0", "15"}, nil, "5", "5", false},
		"a balance that falls each time":              {"15", alone, []string{"14", "13", "12"}, nil, "5", "8", false},
		"a tax that is on no list":                    {"13.95", alone, []string{"13.95"}, nil, "5", "6.05", false},
		"a tax that is on no list, and comes later":   {"15", alone, []string{"13.95"}, nil, "5", "6.05", false},
		"a tax that is on the list":                   {"13.95", taxed, []string{"13.95"}, nil, "6.05", "6.05", false},
		"a balance that was misread, and no list":     {"0", nil, []string{"15"}, nil, "20", "5", false},
		"a tax, no list, and money that came in":      {"13.95", nil, []string{"25"}, nil, "6.05", "6.05", true},
		"a tax, and what was paid in for it, no list": {"13.95", nil, []string{"14"}, nil, "6.05", "6.05", true},
		"a charge that gets another id":               {"15", alone, []string{"15"}, [][]zomro.Charge{{row("9", web, "5")}}, "5", "5", false},
		"and another one each time":                   {"15", alone, []string{"15"}, [][]zomro.Charge{{row("9", web, "5")}, {row("10", web, "5")}}, "5", "5", false},
		"and a second sale":                           {"15", alone, []string{"10"}, [][]zomro.Charge{{row("9", web, "5"), row("10", web, "5")}}, "5", "10", false},
		"a charge whose amount was misread":           {"15", []zomro.Charge{row("7", web, "50")}, []string{"15"}, [][]zomro.Charge{alone}, "50", "5", false},
		"a list that is empty for once":               {"15", taxed, []string{"13.95"}, [][]zomro.Charge{{}}, "6.05", "6.05", false},
	} {
		t.Run(name, func(t *testing.T) {
			w := drafted(t, "")
			w.toPaying(cart("5", ours("5")))
			w.answer(purchase.CallConfirm, purchase.Answered{})
			servers := []zomro.Service{service("2", web, zomro.StatusActive)}
			charged := func(charges []zomro.Charge) {
				if charges == nil {
					w.fail(purchase.CallCharges, zomro.Refused)
				} else {
					w.answer(purchase.CallCharges, purchase.Answered{Charges: charges})
				}
			}
			for w.r.PaidAt.IsZero() && w.r.Question == nil {
				w.answer(purchase.CallServices, purchase.Answered{Services: servers})
				w.answer(purchase.CallBalance, purchase.Answered{Balance: balance(c.now)})
				w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
				charged(c.charges)
				w.answer(purchase.CallOrders, purchase.Answered{})
			}
			if w.r.Question != nil {
				w.decide(purchase.ChooseBought)
			}
			w.answer(purchase.CallServices, purchase.Answered{Services: servers})
			w.is(purchase.StateActive, purchase.WasCharged)
			if got := w.r.Taken.Amount.String(); got != c.first {
				t.Errorf("at first %s, want %s", got, c.first)
			}
			charges := c.charges
			for n := 0; w.r.Closing != nil; n++ {
				last := w.r.Closing.Last
				w.answer(purchase.CallServices, purchase.Answered{Services: servers})
				if !last {
					w.answer(purchase.CallBalance, purchase.Answered{Balance: balance(c.later[min(n, len(c.later)-1)])})
				}
				if n < len(c.soon) {
					charges = c.soon[n]
				}
				charged(charges)
			}
			if got := w.r.Taken.Amount.String(); got != c.taken || w.r.Unseen != c.unseen {
				t.Errorf("in the end %s, unseen %v, want %s, %v", got, w.r.Unseen, c.taken, c.unseen)
			}
		})
	}
	for name, c := range map[string]struct {
		balance string                  // when the payment is seen
		later   string                  // and afterwards
		charges []zomro.Charge          // afterwards, look after look; the last one repeats
		servers map[int][]zomro.Service // of the rival, from that look on
		taken   string
		unseen  bool
	}{
		"had paid before, and the balance told it late": {"10", "10", alone, nil, "5", true},
		"pays afterwards":                      {"15", "10", alone, nil, "5", true},
		"pays afterwards, and it is listed":    {"15", "10", append(alone, row("8", "db", "5")), map[int][]zomro.Service{1: {service("7", "db", zomro.StatusOpening)}}, "5", false},
		"pays afterwards, a tax is charged":    {"15", "8.95", taxed, nil, "6.05", true},
		"had paid before, and a tax is listed": {"8.95", "8.95", taxed, nil, "6.05", true},
		"pays nothing":                         {"15", "15", alone, nil, "5", false},
		"pays afterwards, without a list":      {"15", "10", nil, nil, "5", true},
		"had paid before, without a list":      {"10", "10", nil, nil, "5", true},
	} {
		t.Run("a rival "+name, func(t *testing.T) {
			w := drafted(t, "")
			w.toPaying(cart("5", ours("5")))
			w.answer(purchase.CallConfirm, purchase.Answered{})
			servers := []zomro.Service{service("2", web, zomro.StatusActive)}
			w.answer(purchase.CallServices, purchase.Answered{Services: servers})
			w.answer(purchase.CallBalance, purchase.Answered{Balance: balance(c.balance), Rival: true})
			w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
			w.answer(purchase.CallCharges, purchase.Answered{Charges: []zomro.Charge{}})
			w.answer(purchase.CallOrders, purchase.Answered{})
			w.is(purchase.StatePaid, purchase.WasCharged)
			if got := w.r.Taken.Amount.String(); got != "5" {
				t.Errorf("at first %s", got)
			}
			w.answer(purchase.CallServices, purchase.Answered{Services: servers})
			for n := 0; w.r.Closing != nil; n++ {
				last := w.r.Closing.Last
				w.answer(purchase.CallServices, purchase.Answered{Services: append(servers, c.servers[n]...)})
				if !last {
					w.answer(purchase.CallBalance, purchase.Answered{Balance: balance(c.later), Rival: true})
				}
				if c.charges == nil {
					w.fail(purchase.CallCharges, zomro.Refused)
				} else {
					w.answer(purchase.CallCharges, purchase.Answered{Charges: c.charges})
				}
			}
			if got := w.r.Taken.Amount.String(); got != c.taken || w.r.Unseen != c.unseen {
				t.Errorf("in the end %s, unseen %v, want %s, %v", got, w.r.Unseen, c.taken, c.unseen)
			}
		})
	}
	t.Run("a second server that is seen later", func(t *testing.T) {
		w := drafted(t, "")
		w.toPaying(cart("5", ours("5")))
		w.answer(purchase.CallConfirm, purchase.Answered{})
		one, two := service("2", web, zomro.StatusOpening), service("3", web, zomro.StatusOpening)
		w.look(balance("15"), cart("0"), one)
		w.at = w.at.Add(time.Hour)
		w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{one}})
		w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("15")})
		w.answer(purchase.CallCharges, purchase.Answered{Charges: []zomro.Charge{row("7", web, "5")}})
		w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{one, two}})
		w.answer(purchase.CallCharges, purchase.Answered{Charges: []zomro.Charge{row("7", web, "5"), row("8", web, "5")}})
		if w.r.Taken.Amount.String() != "10" {
			t.Errorf("taken %v", w.r.Taken)
		}
	})
	t.Run("between two items of an order", func(t *testing.T) {
		o := opening("")
		o.Order.Count = 2
		w := &walk{t: t, r: purchase.New(o, start), at: start}
		w.toInCart()
		two := &zomro.Cart{Items: []zomro.CartItem{ours("5"), {ID: "91819", Elid: "1819", Name: "Essential", Cost: ptr(eur("5"))}}, Total: ptr(eur("10"))}
		w.r.Quote.Total = eur("20")
		w.price(two)
		w.answer(purchase.CallConfirm, purchase.Answered{})
		left := &zomro.Cart{Items: two.Items[1:], Total: ptr(eur("5"))}
		w.look(balance("15"), left, service("2", web, zomro.StatusOpening))
		w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{service("2", web, zomro.StatusOpening)}})
		w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("14")})
		w.answer(purchase.CallCharges, purchase.Answered{})
		if w.r.Taken.Amount.String() != "5" {
			t.Errorf("what one look has seen counts: %v", w.r.Taken)
		}
		w.answer(purchase.CallOrders, purchase.Answered{})
		w.answer(purchase.CallCart, purchase.Answered{Cart: left})
		w.answer(purchase.CallConfirm, purchase.Answered{})
		w.look(balance("9"), cart("0"), service("2", web, zomro.StatusOpening), service("3", web, zomro.StatusOpening))
		if w.r.Taken.Amount.String() != "11" || w.r.Unseen {
			t.Errorf("taken %v, unseen %v", w.r.Taken, w.r.Unseen)
		}
	})
}

// TestChargeOfAnotherIsListedLate: what was taken for another server at the moment of the payment is
// no part of what ours has cost once the charges tell so, in whichever look they do.
func TestChargeOfAnotherIsListedLate(t *testing.T) {
	charge := func(id, name, amount string) zomro.Charge {
		return zomro.Charge{ID: id, Name: name, Amount: ptr(eur(amount))}
	}
	all := []zomro.Charge{charge("7", web, "5"), charge("8", "mail", "1.4")}
	for name, c := range map[string]struct {
		looks  [][]zomro.Charge
		taken  string
		unseen bool
	}{
		"in the next look":       {[][]zomro.Charge{all, all}, "5", true},
		"in the last look":       {[][]zomro.Charge{{}, all}, "5", true},
		"never":                  {[][]zomro.Charge{{}, {}}, "6.4", false},
		"ours alone":             {[][]zomro.Charge{{}, all[:1]}, "6.4", false},
		"with a tax on ours":     {[][]zomro.Charge{{}, append(all, charge("9", web, "1"))}, "6.4", false},
		"of one that is new":     {[][]zomro.Charge{{}, {charge("7", web, "5"), charge("8", "db", "1.4")}}, "5", true},
		"with something of both": {[][]zomro.Charge{{}, append(all, charge("9", web, "1.4"))}, "6.4", false},
	} {
		t.Run(name, func(t *testing.T) {
			w := drafted(t, "")
			mail, server := service("1", "mail", zomro.StatusActive), service("2", web, zomro.StatusActive)
			w.toPaying(cart("5", ours("5")), mail)
			w.answer(purchase.CallConfirm, purchase.Answered{})
			w.look(balance("13.6"), cart("0"), mail, server, service("3", "db", zomro.StatusOpening)) // which is deleted at once
			w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{mail, server}})
			if got := w.r.Taken.Amount.String(); got != "6.4" {
				t.Errorf("at first %s", got)
			}
			for n := 0; w.r.Closing != nil; n++ {
				last := w.r.Closing.Last
				w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{mail, server}})
				if !last {
					w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("13.6")})
				}
				w.answer(purchase.CallCharges, purchase.Answered{Charges: c.looks[min(n, len(c.looks)-1)]})
			}
			if got := w.r.Taken.Amount.String(); got != c.taken || w.r.Unseen != c.unseen {
				t.Errorf("in the end %s, unseen %v, want %s, %v", got, w.r.Unseen, c.taken, c.unseen)
			}
		})
	}
}

// TestChargeOfBeforeIsListedLate: a charge for another server that is listed after the payment, and
// whose amount the balance had lost before, does not hide that ours was paid.
func TestChargeOfBeforeIsListedLate(t *testing.T) {
	for name, c := range map[string]struct {
		balance string
		ours    string // what is charged for ours; "": nothing yet
		done    bool
	}{
		"all is there":             {"15", "5", true},
		"ours is not charged yet":  {"15", "", false},
		"another amount is lost":   {"14.9", "5", false},
		"another one is charged":   {"15", "4.9", false},
		"both were lost after all": {"13.6", "5", true},
	} {
		t.Run(name, func(t *testing.T) {
			w := drafted(t, "")
			mail, server := service("1", "mail", zomro.StatusActive), service("2", web, zomro.StatusOpening)
			w.toPaying(cart("5", ours("5")), mail)
			w.answer(purchase.CallConfirm, purchase.Answered{})
			charges := []zomro.Charge{{ID: "8", Name: "mail", Amount: ptr(eur("1.4"))}}
			if c.ours != "" {
				charges = append(charges, zomro.Charge{ID: "7", Name: web, Amount: ptr(eur(c.ours))})
			}
			w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{mail, server}})
			w.answer(purchase.CallBalance, purchase.Answered{Balance: balance(c.balance)})
			w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
			w.answer(purchase.CallCharges, purchase.Answered{Charges: charges})
			w.answer(purchase.CallOrders, purchase.Answered{})
			if done := w.r.State == purchase.StatePaid; done != c.done || done && w.r.Taken.Amount.String() != "5" {
				t.Errorf("%s, taken %v", w.r.State, w.r.Taken)
			}
		})
	}
}

// TestBalanceTellsAnothersChargeLate: what was charged for another server before paying, and the
// balance loses only afterwards, is not told as taken for ours.
func TestBalanceTellsAnothersChargeLate(t *testing.T) {
	for charged, unseen := range map[string]bool{"1.4": true, "1.3": false} {
		w := drafted(t, "")
		mail, server := service("1", "mail", zomro.StatusActive), service("2", web, zomro.StatusActive)
		before := zomro.Charge{ID: "6", Name: "mail", Amount: ptr(eur(charged))}
		w.toInCart()
		w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{mail}})
		w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("20")})
		w.answer(purchase.CallCharges, purchase.Answered{Charges: []zomro.Charge{before}})
		w.answer(purchase.CallOrders, purchase.Answered{})
		w.answer(purchase.CallCart, purchase.Answered{Cart: cart("5", ours("5"))})
		w.answer(purchase.CallConfirm, purchase.Answered{})
		all := []zomro.Charge{before, {ID: "7", Name: web, Amount: ptr(eur("5"))}}
		w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{mail, server}})
		w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("13.6")})
		w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
		w.answer(purchase.CallCharges, purchase.Answered{Charges: all})
		w.answer(purchase.CallOrders, purchase.Answered{})
		w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{mail, server}})
		for w.r.Closing != nil {
			last := w.r.Closing.Last
			w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{mail, server}})
			if !last {
				w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("13.6")})
			}
			w.answer(purchase.CallCharges, purchase.Answered{Charges: all})
		}
		if want := map[bool]string{true: "5", false: "6.4"}[unseen]; w.r.Taken.Amount.String() != want || w.r.Unseen != unseen {
			t.Errorf("with %s charged before: taken %v, unseen %v", charged, w.r.Taken, w.r.Unseen)
		}
	}
}

// TestRivalBetweenRows: what a rival may have taken when the first item was paid is not counted when
// the second one is, though by then the rival is long over.
func TestRivalBetweenRows(t *testing.T) {
	o := opening("")
	o.Order.Count = 2
	w := &walk{t: t, r: purchase.New(o, start), at: start}
	w.toInCart()
	two := &zomro.Cart{Items: []zomro.CartItem{ours("5"), {ID: "91819", Elid: "1819", Name: "Essential", Cost: ptr(eur("5"))}}, Total: ptr(eur("10"))}
	w.r.Quote.Total = eur("20")
	w.price(two)
	w.answer(purchase.CallConfirm, purchase.Answered{})
	left := &zomro.Cart{Items: two.Items[1:], Total: ptr(eur("5"))}
	one, second := service("2", web, zomro.StatusOpening), service("3", web, zomro.StatusOpening)
	look := func(b string, c *zomro.Cart, rival bool, services ...zomro.Service) {
		w.answer(purchase.CallServices, purchase.Answered{Services: services})
		w.answer(purchase.CallBalance, purchase.Answered{Balance: balance(b), Rival: rival})
		w.answer(purchase.CallCart, purchase.Answered{Cart: c})
		w.answer(purchase.CallCharges, purchase.Answered{})
		w.answer(purchase.CallOrders, purchase.Answered{})
	}
	look("12", left, true, one) // 3 of the 8 are the rival's
	w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{one}})
	w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("12")})
	w.answer(purchase.CallCharges, purchase.Answered{})
	w.answer(purchase.CallOrders, purchase.Answered{})
	w.answer(purchase.CallCart, purchase.Answered{Cart: left})
	w.answer(purchase.CallConfirm, purchase.Answered{})
	look("7", cart("0"), false, one, second)
	w.is(purchase.StatePaid, purchase.WasCharged)
	if w.r.Taken.Amount.String() != "10" || !w.r.Unseen {
		t.Errorf("taken %v, unseen %v", w.r.Taken, w.r.Unseen)
	}
}

// TestLastLookThatFails: the last look is tried again; if it shows nothing, that is said.
func TestLastLookThatFails(t *testing.T) {
	for _, fails := range []int{1, 99} {
		w := drafted(t, "")
		w.toPaying(cart("5", ours("5")))
		w.answer(purchase.CallConfirm, purchase.Answered{})
		servers := []zomro.Service{service("2", web, zomro.StatusActive)}
		w.look(balance("15"), cart("0"), servers...)
		w.answer(purchase.CallServices, purchase.Answered{Services: servers})
		charge := zomro.Charge{ID: "7", Name: web, Amount: ptr(eur("5"))}
		for n := 0; w.r.Closing != nil; {
			last := w.r.Closing.Last
			if w.r.Closing.Due == purchase.CallServices {
				w.answer(purchase.CallServices, purchase.Answered{Services: servers})
			}
			switch {
			case !last:
				w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("15")})
				w.answer(purchase.CallCharges, purchase.Answered{Charges: []zomro.Charge{charge}})
			case n < fails:
				n++
				w.fail(purchase.CallCharges, zomro.Denied)
			default:
				w.answer(purchase.CallCharges, purchase.Answered{Charges: []zomro.Charge{charge, {ID: "8", Name: web, Amount: ptr(eur("1"))}}})
			}
		}
		if want := map[int]string{1: "6", 99: "5"}[fails]; w.r.Taken.Amount.String() != want || w.r.Unseen != (fails > 1) {
			t.Errorf("after %d failures taken %v, unseen %v", fails, w.r.Taken, w.r.Unseen)
		}
	}
}

// TestAllWasBoughtByWord: a person says that it was bought, and the balance and the servers say that
// it was all of it, whatever an old cart shows: nothing of it is paid again, or counted twice.
func TestAllWasBoughtByWord(t *testing.T) {
	for name, c := range map[string]struct {
		balance string
		bought  int
		state   purchase.State
	}{
		"all":       {"10", 2, purchase.StatePaid},
		"only part": {"15", 1, purchase.StatePricing},
	} {
		t.Run(name, func(t *testing.T) {
			o := opening("")
			o.Order.Count = 2
			w := &walk{t: t, r: purchase.New(o, start), at: start}
			w.toInCart()
			two := &zomro.Cart{Items: []zomro.CartItem{ours("5"), {ID: "91819", Elid: "1819", Name: "Essential", Cost: ptr(eur("5"))}}, Total: ptr(eur("10"))}
			w.r.Quote.Total = eur("20")
			w.price(two)
			w.fail(purchase.CallConfirm, zomro.Unknown)
			w.until(func() {
				w.look(balance(c.balance), two, service("2", web, zomro.StatusActive), service("3", web, zomro.StatusActive))
			})
			w.decide(purchase.ChooseBought)
			if w.r.Bought != c.bought || w.r.State != c.state {
				t.Errorf("%d are bought, %s", w.r.Bought, w.r.State)
			}
			if c.bought == 2 && w.r.Taken.Amount.String() != "10" {
				t.Errorf("taken %v", w.r.Taken)
			}
		})
	}
}

// TestSurplusIsMoreThanWasOrdered: what a person has said of a row, wrongly, makes no server one
// that nobody ordered.
func TestSurplusIsMoreThanWasOrdered(t *testing.T) {
	o := opening("")
	o.Order.Count = 2
	w := &walk{t: t, r: purchase.New(o, start), at: start}
	w.toInCart()
	two := &zomro.Cart{Items: []zomro.CartItem{ours("5"), {ID: "91819", Elid: "1819", Name: "Essential", Cost: ptr(eur("5"))}}, Total: ptr(eur("10"))}
	w.r.Quote.Total = eur("20")
	w.price(two)
	w.answer(purchase.CallConfirm, purchase.Answered{})
	left := &zomro.Cart{Items: two.Items[1:], Total: ptr(eur("5"))}
	one, other, third := service("2", web, zomro.StatusActive), service("3", web, zomro.StatusActive), service("4", web, zomro.StatusActive)
	w.look(balance("15"), left, one)
	w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{one}})
	w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("15")})
	w.answer(purchase.CallCharges, purchase.Answered{})
	w.answer(purchase.CallOrders, purchase.Answered{})
	w.answer(purchase.CallCart, purchase.Answered{Cart: left})
	w.fail(purchase.CallConfirm, zomro.Unknown)
	w.until(func() { w.look(balance("15"), cart("0"), one, other) })
	w.decide(purchase.ChooseNotBought)
	for w.r.State == purchase.StateCancelling {
		w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
	}
	w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{one, other}})
	if len(w.r.Services) != 2 || w.r.Surplus() || w.r.Bought != 1 {
		t.Errorf("%d of 2 are paid, %d are there, surplus %v", w.r.Bought, len(w.r.Services), w.r.Surplus())
	}
	if w.r.Services = append(w.r.Services, third); !w.r.Surplus() {
		t.Error("three of two are no surplus")
	}
}

// TestAcceptedNameIsOfThatNameAlone: what was accepted of what the cart calls a row does
// not hold for another name.
func TestAcceptedNameIsOfThatNameAlone(t *testing.T) {
	w := drafted(t, "")
	w.toInCart()
	oak, pine := ours("5"), ours("5")
	oak.Name, pine.Name = "Oak", "Pine GPU"
	w.price(cart("5", oak))
	w.asks(purchase.AskItem)
	w.decide(purchase.ChooseAnyway)
	w.price(cart("5", pine))
	w.asks(purchase.AskItem)
	w.decide(purchase.ChooseAnyway)
	w.price(cart("5", pine))
	w.is(purchase.StatePriced, purchase.NotCharged)
}

// twoRows is an order of two servers that has become two rows of the cart; left is the
// cart once the first is paid.
func twoRows(t *testing.T) (w *walk, both, left *zomro.Cart) {
	o := opening("")
	o.Order.Count = 2
	w = &walk{t: t, r: purchase.New(o, start), at: start}
	w.r.Quote.Total = eur("10")
	w.toInCart()
	second := zomro.CartItem{ID: "91819", Elid: "1819", Name: "Essential", Cost: ptr(eur("5"))}
	both = &zomro.Cart{Items: []zomro.CartItem{ours("5"), second}, Total: ptr(eur("10"))}
	left = &zomro.Cart{Items: []zomro.CartItem{second}, Total: ptr(eur("5"))}
	return w, both, left
}

// TestNoWordAgainstWhatIsSeen: when one item of an order is paid, a person's "no" to the
// next does not take back what the balance has lost.
func TestNoWordAgainstWhatIsSeen(t *testing.T) {
	w, both, left := twoRows(t)
	one, nameless := service("2", web, zomro.StatusActive), service("3", "", zomro.StatusOpening)
	w.price(both)
	w.answer(purchase.CallConfirm, purchase.Answered{})
	w.look(balance("15"), left, one)
	w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{one}})
	w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("15")})
	w.answer(purchase.CallCharges, purchase.Answered{})
	w.answer(purchase.CallOrders, purchase.Answered{})
	w.answer(purchase.CallCart, purchase.Answered{Cart: left})
	w.answer(purchase.CallConfirm, purchase.Answered{})
	w.until(func() { w.look(balance("10"), cart("0"), one, nameless) })
	w.asks(purchase.AskUnknown)
	w.decide(purchase.ChooseNotBought)
	for w.r.State == purchase.StateCancelling {
		switch purchase.Next(w.r, w.at).Call {
		case purchase.CallCart:
			w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
		case purchase.CallServices:
			w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{one, nameless}})
		default:
			w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("10")})
		}
	}
	if w.r.PaidAt.IsZero() || w.r.Taken.Amount.String() != "10" || !w.r.Unclear {
		t.Errorf("paid at %v, taken %v, unclear %v", w.r.PaidAt, w.r.Taken, w.r.Unclear)
	}
}

// TestUnpricedRest: where it is not known what the paid part of an order has cost, a
// person's consent lets the rest be paid, once.
func TestUnpricedRest(t *testing.T) {
	w, both, left := twoRows(t)
	one := service("2", web, zomro.StatusActive)
	blind := func(c *zomro.Cart, services ...zomro.Service) {
		w.answer(purchase.CallServices, purchase.Answered{Services: services})
		w.answer(purchase.CallBalance, purchase.Answered{Failure: &purchase.Failure{Kind: zomro.Refused}})
		w.answer(purchase.CallCharges, purchase.Answered{Failure: &purchase.Failure{Kind: zomro.Refused}})
		w.answer(purchase.CallOrders, purchase.Answered{Failure: &purchase.Failure{Kind: zomro.Refused}})
		w.answer(purchase.CallCart, purchase.Answered{Cart: c})
	}
	blind(both)
	w.answer(purchase.CallConfirm, purchase.Answered{})
	for w.r.Question == nil {
		w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{one}})
		w.answer(purchase.CallBalance, purchase.Answered{Failure: &purchase.Failure{Kind: zomro.Refused}})
		w.answer(purchase.CallCart, purchase.Answered{Cart: left})
		w.answer(purchase.CallCharges, purchase.Answered{Failure: &purchase.Failure{Kind: zomro.Refused}})
		w.answer(purchase.CallOrders, purchase.Answered{Failure: &purchase.Failure{Kind: zomro.Refused}})
	}
	w.decide(purchase.ChooseBought)
	blind(left, one)
	w.asks(purchase.AskPrice)
	w.decide(purchase.ChooseAccept)
	blind(left, one)
	if a := purchase.Next(w.r, w.at); a.Call != purchase.CallConfirm || a.Kind != purchase.Do {
		t.Errorf("next %+v, %+v", a, w.r.Question)
	}
}

// TestAddedIdThatWasThere: a line item that was in the cart before is not ours, whatever
// the add answers.
func TestAddedIdThatWasThere(t *testing.T) {
	w := drafted(t, "")
	w.do(purchase.Started{})
	there := zomro.CartItem{ID: "900", Elid: "1999", Name: "Domain", Cost: ptr(eur("9"))}
	w.answer(purchase.CallCart, purchase.Answered{Cart: cart("9", there)})
	w.decide(purchase.ChooseAnyway)
	w.answer(purchase.CallCart, purchase.Answered{Cart: cart("9", there)})
	w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("20")})
	w.answer(purchase.CallAdd, purchase.Answered{LineItem: "1999"})
	w.is(purchase.StateUnknown, purchase.NotCharged)
	w.answer(purchase.CallCart, purchase.Answered{Cart: cart("14", there, ours("5"))})
	if w.r.LineItem == "1999" {
		t.Error("a row of others is taken for ours")
	}
}

// TestAddThatSells: an add that was answered by an error and has taken the price is not
// sent again without a person.
func TestAddThatSells(t *testing.T) {
	w := drafted(t, "")
	w.do(purchase.Started{})
	w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
	w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("20")})
	w.answer(purchase.CallAdd, purchase.Answered{Failure: &purchase.Failure{Kind: zomro.Unknown, Code: "internal"}})
	for w.r.Question == nil {
		w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
	}
	w.asks(purchase.AskTrouble)
	w.decide(purchase.ChooseAgain)
	w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
	w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("15")})
	w.is(purchase.StateUnknown, purchase.MaybeCharged)
	w.until(func() { w.look(balance("15"), cart("0"), service("2", web, zomro.StatusActive)) })
	w.asks(purchase.AskUnknown)
}

// TestNoWordOnAnOldLook: a look from a time when the payment could still come late says
// nothing of it, however long ago that was when a person says no.
func TestNoWordOnAnOldLook(t *testing.T) {
	w := &walk{t: t, r: purchase.New(opening(""), start), at: start}
	w.toPaying(cart("5", ours("5")))
	w.answer(purchase.CallConfirm, purchase.Answered{Failure: &purchase.Failure{Kind: zomro.Unknown}})
	w.look(balance("20"), cart("5", ours("5")))
	w.fail(purchase.CallServices, zomro.Denied)
	w.at = w.at.Add(time.Hour)
	w.decide(purchase.ChooseNotBought)
	if got := w.r.Charged(); got != purchase.MaybeCharged {
		t.Errorf("it is told as %s", got)
	}
}
