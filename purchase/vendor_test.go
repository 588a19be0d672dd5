package purchase_test

import (
	"slices"
	"testing"

	"zomrobot/purchase"
	"zomrobot/zomro"
	"zomrobot/zomro/profile"
)

// begun leads a purchase to its add, with what is known of the vendor.
func begun(t *testing.T, known purchase.Vendor, change func(*purchase.Opening)) *walk {
	t.Helper()
	o := opening("")
	if change != nil {
		change(&o)
	}
	w := &walk{t: t, r: purchase.New(o, start), at: start}
	w.do(purchase.Started{Vendor: known})
	return w
}

func (w *walk) added(answer purchase.Answered) {
	w.t.Helper()
	w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
	w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("20")})
	w.answer(purchase.CallAdd, answer)
}

// teaches checks what a purchase has shown of a fact; "": nothing.
func (w *walk) teaches(fact profile.Name, want profile.Answer) {
	w.t.Helper()
	var got profile.Answer
	if i := slices.IndexFunc(w.r.Lessons, func(l profile.Lesson) bool { return l.Fact == fact }); i >= 0 {
		got = w.r.Lessons[i].Answer
	}
	if got != want {
		w.t.Errorf("%s: taught %q, want %q", fact, got, want)
	}
}

// TestPurchaseTeaches: what one purchase shows of the vendor, and when it is told.
func TestPurchaseTeaches(t *testing.T) {
	w := begun(t, purchase.Vendor{}, func(o *purchase.Opening) { o.Order.ServerName = "" })
	w.added(purchase.Answered{LineItem: "1818"})
	name := w.r.Order.ServerName
	row := ours("5")
	row.Elid = "51818"
	w.price(cart("6", row))
	w.asks(purchase.AskPrice) // the total is more than was agreed
	w.decide(purchase.ChooseAccept)
	w.price(cart("6", row))
	w.teaches(profile.LineItem, profile.ID)
	w.teaches(profile.Button, profile.Unneeded)
	w.teaches(profile.CartTotal, profile.WithTax)
	w.teaches(profile.ListedInCart, profile.Unlisted)
	before := w.r
	w.answer(purchase.CallConfirm, purchase.Answered{Says: profile.Service})
	w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{service("2", name, zomro.StatusOpening)}})
	w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("20")})
	w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
	w.answer(purchase.CallCharges, purchase.Answered{})
	w.answer(purchase.CallOrders, purchase.Answered{})
	if lessons := purchase.Taught(before, w.r); len(lessons) > 0 {
		t.Errorf("told before it is paid: %v", lessons)
	}
	charge := zomro.Charge{ID: "c", Name: name, Amount: ptr(eur("7"))}
	w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{service("2", name, zomro.StatusOpening)}})
	w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("13")})
	w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
	w.answer(purchase.CallCharges, purchase.Answered{Charges: []zomro.Charge{charge}})
	w.answer(purchase.CallOrders, purchase.Answered{})
	w.is(purchase.StatePaid, purchase.WasCharged)
	for fact, want := range map[profile.Name]profile.Answer{
		profile.ConfirmAnswer: profile.Service, profile.ListedWhen: profile.AtOnce, profile.BalanceWhen: profile.Later,
		profile.ChargeWhen: profile.Later, profile.RowAfter: profile.Dropped, profile.ServerName: profile.Kept,
		profile.Taken: profile.More, profile.ConfirmScope: "",
	} {
		w.teaches(fact, want)
	}
	if lessons := purchase.Taught(before, w.r); len(lessons) != len(w.r.Lessons) || len(purchase.Taught(w.r, w.r)) > 0 {
		t.Errorf("told %v of %v", lessons, w.r.Lessons)
	}
	for _, l := range w.r.Lessons {
		if f, ok := profile.Find(l.Fact); !ok || !slices.Contains(f.Answers, l.Answer) {
			t.Errorf("%v is not in the table", l)
		}
	}
}

// TestOneChargeMoreIsNoSurcharge: a balance that fell by more than the total says nothing of
// the vendor when the charges do not say the same.
func TestOneChargeMoreIsNoSurcharge(t *testing.T) {
	w := begun(t, purchase.Vendor{}, nil)
	w.added(purchase.Answered{LineItem: "1818"})
	w.price(cart("5", ours("5")))
	w.answer(purchase.CallConfirm, purchase.Answered{})
	w.look(balance("13"), cart("0"), service("2", web, zomro.StatusOpening))
	w.is(purchase.StatePaid, purchase.WasCharged)
	w.teaches(profile.Taken, "")
}

// TestTakenIsLearnedAtTheLastLook: a surcharge that comes after the payment counts, and that
// there is none is believed only once it is looked for no more.
func TestTakenIsLearnedAtTheLastLook(t *testing.T) {
	five, tax := ptr(eur("5")), ptr(eur("1.05"))
	price := zomro.Charge{ID: "1", Name: web, Amount: five}
	alone, taxed := []zomro.Charge{price}, []zomro.Charge{price, {ID: "2", Name: web, Amount: tax}}
	for name, c := range map[string]struct {
		balance    string         // at the first look after the payment
		soon, last []zomro.Charge // then, and at the last look
		unread     bool           // the last one
		want       profile.Answer
	}{
		"nothing more":                 {"15", alone, alone, false, profile.Total},
		"nothing more, no charges":     {"15", nil, nil, false, profile.Total},
		"tax soon after":               {"13.95", alone, taxed, false, profile.More},
		"tax a minute after":           {"15", alone, taxed, false, profile.More},
		"something soon after":         {"14", alone, alone, false, ""},
		"the last look cannot be made": {"15", alone, alone, true, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := begun(t, purchase.Vendor{}, nil)
			w.added(purchase.Answered{LineItem: "1818"})
			w.price(cart("5", ours("5")))
			w.answer(purchase.CallConfirm, purchase.Answered{})
			server := service("2", web, zomro.StatusOpening)
			w.look(balance("15"), cart("0"), server)
			w.is(purchase.StatePaid, purchase.WasCharged)
			var told []profile.Lesson
			for w.r.Closing != nil {
				was, charges := w.r, c.soon
				if w.r.Closing.Last {
					charges = c.last
				}
				a := purchase.Answered{Call: purchase.Next(w.r, w.at).Call, Services: []zomro.Service{server}, Balance: balance(c.balance), Charges: charges}
				if c.unread && w.r.Closing.Last && a.Call == purchase.CallCharges {
					a = purchase.Answered{Call: a.Call, Failure: &purchase.Failure{Kind: zomro.Refused}}
				}
				w.answer(a.Call, a)
				told = append(told, purchase.Taught(was, w.r)...)
			}
			w.teaches(profile.Taken, c.want)
			if n := len(told); n > 1 || n == 0 != (c.want == "") {
				t.Errorf("told %v", told)
			}
		})
	}
}

func TestKnownLineItem(t *testing.T) {
	row := zomro.CartItem{ID: "51818", Elid: "1818", Name: "Essential", Cost: ptr(eur("5"))}
	for known, want := range map[profile.Answer]string{"": "", profile.Both: "", profile.ID: "51818", profile.Elid: "1818"} {
		w := begun(t, purchase.Vendor{LineItem: known}, nil)
		w.added(purchase.Answered{Failure: &purchase.Failure{Kind: zomro.Unknown}})
		w.until(func() { w.answer(purchase.CallCart, purchase.Answered{Cart: cart("5", row)}) })
		if w.r.LineItem != want || (want == "") != (w.r.Question != nil) {
			t.Errorf("known %q: line item %q, question %v", known, w.r.LineItem, w.r.Question)
		}
		if want != "" {
			w.price(cart("5", row))
			w.teaches(profile.LineItem, "") // it was found, and not named
		}
	}
}

func TestKnownConfirm(t *testing.T) {
	anyway := []purchase.Choice{purchase.ChooseAnyway, purchase.ChooseEmptyCart, purchase.ChooseAgain, purchase.ChooseGiveUp}
	for _, c := range []struct {
		known   profile.Answer
		promo   string
		choices []purchase.Choice
	}{
		{"", "", anyway},
		{profile.Row, "", anyway}, // what it did until now is no promise
		{profile.WholeCart, "", anyway[1:]},
		{profile.Row, "CODE", anyway[1:]},
	} {
		w := begun(t, purchase.Vendor{Confirm: c.known}, func(o *purchase.Opening) { o.Promo = c.promo })
		w.answer(purchase.CallCart, purchase.Answered{Cart: cart("9", foreign)})
		if q := w.r.Question; q == nil || !slices.Equal(q.Choices, c.choices) {
			t.Errorf("%+v: %+v", c, q)
		}
	}
	late := zomro.CartItem{ID: "901", Name: "Domain", Cost: ptr(eur("1"))}
	for name, c := range map[string]struct {
		balance string
		cart    *zomro.Cart
		other   bool // a server of others is new, too
		scope   profile.Answer
	}{
		"all others stand there still":         {"15", cart("10", foreign, late), false, profile.Row},
		"as ours does: the cart is an old one": {"15", cart("15", ours("5"), foreign, late), false, ""},
		"one has gone":                         {"15", cart("1", late), false, ""},
		"all have gone":                        {"15", cart("0"), false, ""},
		"all have gone, and were charged":      {"5", cart("0"), false, profile.WholeCart},
		"all have gone, and one is a server":   {"5", cart("0"), true, profile.WholeCart},
	} {
		t.Run(name, func(t *testing.T) {
			w := begun(t, purchase.Vendor{Confirm: profile.Row}, func(o *purchase.Opening) { o.Order.ServerName = "" })
			w.answer(purchase.CallCart, purchase.Answered{Cart: cart("9", foreign)})
			w.decide(purchase.ChooseAnyway)
			w.answer(purchase.CallCart, purchase.Answered{Cart: cart("9", foreign)})
			w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("20")})
			w.answer(purchase.CallAdd, purchase.Answered{LineItem: "1818"})
			w.price(cart("15", ours("5"), foreign, late))
			w.asks(purchase.AskForeign)
			if len(w.r.Question.Items) != 1 || w.r.Question.Items[0].ID != "901" {
				t.Errorf("asked about %v", w.r.Question.Items)
			}
			w.decide(purchase.ChooseAnyway)
			w.price(cart("15", ours("5"), foreign, late))
			w.answer(purchase.CallConfirm, purchase.Answered{})
			services := []zomro.Service{service("2", w.r.Order.ServerName, zomro.StatusOpening)}
			if c.other {
				services = append(services, service("3", "db", zomro.StatusOpening))
			}
			w.look(balance(c.balance), c.cart, services...)
			w.is(purchase.StatePaid, purchase.WasCharged)
			w.teaches(profile.ConfirmScope, c.scope)
		})
	}
}

// TestNeighbours: rows that a purchase was opened to stand beside are not asked about, whatever
// is known of what a confirm pays; it is given up when they, or the whole cart, cost more than
// was agreed to, and what else is there is asked about.
func TestNeighbours(t *testing.T) {
	opened := func(c zomro.Cart) *walk {
		w := begun(t, purchase.Vendor{Confirm: profile.WholeCart}, func(o *purchase.Opening) {
			o.Neighbours = &purchase.Neighbours{Items: []string{"77"}, Each: eur("9"), Most: eur("14")}
		})
		w.answer(purchase.CallCart, purchase.Answered{Cart: &c})
		return w
	}
	second := zomro.CartItem{ID: "77", Name: "Cloud Essential", Cost: ptr(eur("9"))}
	dearer := second
	dearer.Cost = ptr(eur("9.01"))
	unsaid := second
	unsaid.Cost = nil
	for name, c := range map[string]struct {
		total string
		row   zomro.CartItem
		state purchase.State
	}{
		"as agreed":          {"14", second, purchase.StatePriced},
		"cheaper":            {"13", second, purchase.StatePriced},
		"with tax":           {"14.01", second, purchase.StateCancelling},
		"no total":           {"", second, purchase.StateCancelling},
		"a dearer neighbour": {"14", dearer, purchase.StateCancelling},
		"one without a cost": {"14", unsaid, purchase.StateCancelling},
	} {
		w := opened(*cart("9", second))
		w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("20")})
		w.answer(purchase.CallAdd, purchase.Answered{LineItem: "1818"})
		w.price(cart(c.total, ours("5"), c.row))
		if w.r.State != c.state || w.r.Question != nil {
			t.Errorf("%s: %s, %+v", name, w.r.State, w.r.Question)
		}
	}
	if w := opened(*cart("9.01", dearer)); w.r.State != purchase.StateCancelled || w.r.Failure.Code != purchase.CodeDearer {
		t.Errorf("before adding: %s, %+v", w.r.State, w.r.Failure)
	}
	for name, s := range map[string]purchase.Siblings{"ahead": {Ahead: []string{foreign.ID}}, "behind": {Behind: []string{foreign.ID}}} {
		w := begun(t, purchase.Vendor{}, func(o *purchase.Opening) {
			o.Neighbours = &purchase.Neighbours{Items: []string{"77"}, Each: eur("9"), Most: eur("14")}
		})
		w.answer(purchase.CallCart, purchase.Answered{Cart: cart("18", second, foreign), Siblings: s})
		if w.r.State != purchase.StateCancelled || w.r.Failure.Code != purchase.CodeBeside {
			t.Errorf("beside another purchase's row that goes %s: %s, %+v", name, w.r.State, w.r.Failure)
		}
	}
	w := opened(*cart("18", second, foreign))
	w.asks(purchase.AskForeign)
	if q := w.r.Question; len(q.Items) != 1 || q.Items[0].ID != foreign.ID || !slices.Equal(q.Choices, []purchase.Choice{purchase.ChooseAgain, purchase.ChooseGiveUp}) {
		t.Errorf("it asks %+v", q)
	}
}

func TestKnownSurcharge(t *testing.T) {
	w := begun(t, purchase.Vendor{Taken: profile.More}, nil)
	w.added(purchase.Answered{LineItem: "1818"})
	w.price(cart("6", ours("6")))
	w.asks(purchase.AskPrice) // first what the cart says itself
	w.decide(purchase.ChooseAccept)
	w.price(cart("6", ours("6")))
	w.asks(purchase.AskSurcharge)
	w.decide(purchase.ChooseAccept)
	w.price(cart("6", ours("6")))
	w.is(purchase.StatePriced, purchase.NotCharged)
	if w.r.Quote.Total.Amount.String() != "6" || w.r.Unpriced {
		t.Errorf("agreed to %v, unpriced %v", w.r.Quote.Total, w.r.Unpriced)
	}
	w = begun(t, purchase.Vendor{Taken: profile.More}, nil)
	w.added(purchase.Answered{LineItem: "1818"})
	w.price(cart("5", ours("5")))
	w.asks(purchase.AskSurcharge)
	w.decide(purchase.ChooseGiveUp)
	w.is(purchase.StateCancelling, purchase.NotCharged)
}

// TestKnownRows: that an order was one row does not make rows foreign that are what was ordered.
func TestKnownRows(t *testing.T) {
	second := zomro.CartItem{ID: "1819", Name: "Essential", Cost: ptr(eur("5"))}
	for _, known := range []profile.Answer{"", profile.Each, profile.One} {
		seen := profile.Profile{Facts: map[profile.Name]profile.Known{profile.Rows: {Answer: known}}}
		w := begun(t, purchase.KnownOf(seen), func(o *purchase.Opening) { o.Order.Count, o.Quote.Total = 2, eur("10") })
		w.added(purchase.Answered{LineItem: "1818"})
		w.price(cart("10", ours("5"), second))
		if w.r.Question != nil {
			t.Errorf("known %q: %+v", known, w.r.Question)
		}
		w.teaches(profile.Rows, profile.Each)
	}
}

// TestPoor: an error that does not speak of money is none for want of it.
func TestPoor(t *testing.T) {
	for code, asks := range map[string]purchase.QuestionKind{
		"operation_failed": purchase.AskTrouble,
		"not_enough_money": purchase.AskFunds,
	} {
		w := begun(t, purchase.Vendor{}, nil)
		w.added(purchase.Answered{LineItem: "1818"})
		w.price(cart("5", ours("5")))
		w.answer(purchase.CallConfirm, purchase.Answered{Failure: &purchase.Failure{Kind: zomro.Unknown, Code: code}})
		w.until(func() { w.look(balance("20"), cart("5", ours("5"))) })
		w.asks(asks)
	}
}

func TestKnownRemoval(t *testing.T) {
	row := zomro.CartItem{ID: "51818", Elid: "1818", Name: "Essential", Cost: ptr(eur("5"))}
	for known, want := range map[profile.Answer]string{"": "", profile.ID: "", profile.Elid: "1818"} {
		w := begun(t, purchase.Vendor{RemoveBy: known}, nil)
		w.added(purchase.Answered{LineItem: "1818"})
		w.do(purchase.Cancelled{})
		w.answer(purchase.CallCart, purchase.Answered{Cart: cart("5", row)})
		if got := w.r.ByElid(); got != want || w.r.CartRow != "51818" {
			t.Errorf("known %q: removed by %q, row %q", known, got, w.r.CartRow)
		}
		w.answer(purchase.CallRemove, purchase.Answered{})
		w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
		if want == "" {
			w.teaches(profile.RemoveBy, profile.ID)
		} else {
			w.teaches(profile.RemoveBy, profile.Elid)
		}
	}
}

// TestMoneyIsLookedAtWhenTheClockGoesBack: a purchase that is paid by a clock that was ahead
// does not keep its account until that time comes.
func TestMoneyIsLookedAtWhenTheClockGoesBack(t *testing.T) {
	w := begun(t, purchase.Vendor{}, nil)
	w.added(purchase.Answered{LineItem: "1818"})
	w.price(cart("5", ours("5")))
	w.answer(purchase.CallConfirm, purchase.Answered{})
	w.look(balance("15"), cart("0"), service("2", web, zomro.StatusActive))
	w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{service("2", web, zomro.StatusActive)}})
	if a := purchase.Next(w.r, w.at); a.Kind != purchase.Wait || !purchase.Holds(w.r) {
		t.Fatalf("the money is looked at at once: %+v", a)
	}
	w.at = w.at.AddDate(0, 0, -100)
	if a := purchase.Next(w.r, w.at); a.Kind != purchase.Do {
		t.Fatalf("after the clock went back: %+v", a)
	}
	w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{service("2", web, zomro.StatusActive)}})
	w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("15")})
	w.answer(purchase.CallCharges, purchase.Answered{})
	if purchase.Holds(w.r) {
		t.Error("the account is kept")
	}
}
