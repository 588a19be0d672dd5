package trial

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"zomrobot/chat"
	"zomrobot/zomro"
	"zomrobot/zomro/profile"
)

var begin = time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)

func eur(text string) zomro.Money {
	return zomro.Money{Amount: decimal.RequireFromString(text), Currency: "EUR"}
}

// ways are how a vendor behaves.
type ways struct {
	mute       bool   // no cart says what all in it costs
	suffix     string // what the vendor adds to the name of a server
	idIsElid   bool   // of a row
	lineIsElid bool   // the line item is the elid of the row
	lineOther  bool   // it is neither
	removeElid bool   // a row is taken out by its elid
	button     bool   // an add needs the button
	oneRow     bool   // an order is one row
	tax        bool   // in the cart's total
	pays       bool   // a confirm buys without money
	whole      bool   // a confirm pays the whole cart
	unpaid     bool   // a refused confirm leaves an unpaid order
	promoRow   bool   // a code is applied to a row
	keeps      bool   // a code outlives the rows
	more       bool   // the first plan is taken for twice
	stranger   bool   // somebody else orders meanwhile
	other      bool   // a confirm pays the other row
	cheaper    bool   // what is bought costs half of what the price list says
}

// world is a vendor and the engine as a trial sees them.
type world struct {
	ways
	t        interface{ Fatalf(string, ...any) }
	now      time.Time
	r        Record
	cart     []zomro.CartItem
	balance  zomro.Balance
	services []zomro.Service
	charges  []string
	orders   []string
	promo    bool
	next     int
	bought   []string // servers that a confirm of the trial's own bought
	theirs   []string // rows that the person has put into the cart

	purchased []string // rows that an open purchase names

	calls     []Call
	answer    func(Call) (failure *Failure, does bool) // nil: all succeed
	hidden    func() bool                              // whether the cart shows nothing; nil: never
	purchases int
	deleted   []string
}

var goods = []Goods{
	{Plan: "1", Title: "Small", Datacenter: "17", Image: "i", Period: zomro.Day, Price: eur("0.30")},
	{Plan: "2", Title: "Large", Datacenter: "17", Image: "i", Period: zomro.Day, Price: eur("0.50")},
	{Plan: "3", Title: "Huge", Datacenter: "17", Image: "i", Period: zomro.Year, Price: eur("900")},
}

func newWorld(t interface{ Fatalf(string, ...any) }, w ways) *world {
	credit := eur("0")
	return &world{
		ways: w, t: t, now: begin, next: 100,
		balance:  zomro.Balance{Real: eur("100"), Credit: &credit},
		services: []zomro.Service{{ID: "1", Name: "old", ServerName: "old", Status: zomro.StatusActive}},
		r:        New("trial-1-7", chat.Key{Chat: 1, User: 1}, "7", "home", begin),
	}
}

func (w *world) try(e Event) error {
	was := w.r
	before := fmt.Sprintf("%+v", was)
	is, err := Step(w.r, e, w.now)
	if fmt.Sprintf("%+v", was) != before {
		w.t.Fatalf("%T changed the record that it was given", e)
	}
	if again, err2 := Step(was, e, w.now); !reflect.DeepEqual(is, again) || !errors.Is(err2, err) {
		w.t.Fatalf("%T made twice came to two things", e)
	}
	if err == nil {
		w.r = is
	}
	return err
}

func (w *world) do(e Event) {
	if err := w.try(e); err != nil {
		w.t.Fatalf("%T at %+v: %v", e, w.r.Running, err)
	}
}

func (w *world) id() string { w.next++; return strconv.Itoa(w.next) }

func (w *world) around() *Around {
	return &Around{
		At: w.now, Balance: &w.balance, Cart: append([]zomro.CartItem{}, w.cart...),
		First: &goods[0], Second: &goods[1], Dear: &goods[2], Renews: true,
	}
}

// add puts an order into the cart.
func (w *world) add(g Goods, count int) string {
	rows := count
	if w.oneRow {
		rows = 1
	}
	line := ""
	for range rows {
		cost := g.Price
		cost.Amount = cost.Amount.Mul(decimal.NewFromInt(int64(count / rows)))
		row := zomro.CartItem{ID: w.id(), Name: "Cloud " + g.Title, Period: "day", Cost: &cost}
		if row.Elid = row.ID; !w.idIsElid {
			row.Elid = w.id()
		}
		if line == "" {
			if line = row.ID; w.lineIsElid {
				line = row.Elid
			}
		}
		w.cart = append(w.cart, row)
	}
	if w.lineOther {
		return w.id()
	}
	return line
}

func (w *world) shown() *zomro.Cart {
	if w.hidden != nil && w.hidden() {
		return &zomro.Cart{Items: []zomro.CartItem{}}
	}
	c := zomro.Cart{Items: append([]zomro.CartItem{}, w.cart...)}
	total := eur("0")
	for i := range c.Items {
		cost := *c.Items[i].Cost
		if w.promo && (!w.promoRow || i == 0) {
			cost.Amount = cost.Amount.Div(decimal.NewFromInt(2))
		}
		c.Items[i].Cost = &cost
		total.Amount = total.Amount.Add(cost.Amount)
	}
	if w.tax {
		total.Amount = total.Amount.Mul(decimal.RequireFromString("1.2"))
	}
	if len(c.Items) > 0 {
		c.Total = &total
		if w.mute {
			c.Total = nil
		}
	}
	return &c
}

// carry has the vendor carry out a call.
func (w *world) carry(a Action) Answered {
	run := w.r.run(a.Source)
	answer := Answered{Source: a.Source, Call: a.Call}
	refused := func(code string) { answer.Failure = &Failure{Kind: zomro.Unknown, Code: code, Heard: true} }
	switch a.Call {
	case CallAround:
		answer.Around = w.around()
	case CallSurvey:
		answer.Lessons = []profile.Lesson{{Fact: profile.OrderForm, Answer: profile.AsRead}}
	case CallServices:
		answer.Services = slices.Clone(w.services)
	case CallBalance:
		b := w.balance
		answer.Balance = &b
	case CallCart:
		answer.Cart, answer.Theirs, answer.Asked = w.shown(), w.purchased, w.now
	case CallCharges:
		answer.Charges = slices.Clone(w.charges)
	case CallOrders:
		answer.Orders = slices.Clone(w.orders)
	case CallAddBad:
		refused("value")
	case CallAdd, CallAddTwo, CallAddSecond, CallAddButton:
		g, count := run.Goods[0], 1
		if a.Call == CallAddSecond {
			g = run.Goods[1]
		}
		if a.Call == CallAddTwo {
			count = 2
		}
		if w.button && a.Call != CallAddButton {
			refused("")
			answer.Failure.Message = "the form again"
		} else {
			answer.Line = w.add(g, count)
		}
	case CallBadPromo:
		refused("missed")
	case CallPromo:
		if len(w.cart) == 0 || w.promo {
			refused("promocode_not_use")
		} else {
			w.promo = true
		}
	case CallRemove, CallRemoveBy:
		by := func(row zomro.CartItem) bool {
			return a.Call == CallRemove && row.ID == a.Row.ID && !w.removeElid || a.Call == CallRemoveBy && row.Elid == a.Row.Elid && w.removeElid
		}
		if i := slices.IndexFunc(w.cart, by); i >= 0 && slices.Contains(w.theirs, w.cart[i].ID) {
			w.t.Fatalf("a row of the person's was taken out: %+v", w.cart[i])
		}
		w.cart = slices.DeleteFunc(w.cart, by)
		if len(w.cart) == 0 && !w.keeps {
			w.promo = false
		}
	case CallConfirm:
		w.confirm(a)
		refused("not_enough_money")
		if w.unpaid {
			w.orders = append(w.orders, w.id())
		}
	default:
	}
	return answer
}

// confirm checks that a confirm of the trial's own cannot be paid.
func (w *world) confirm(a Action) {
	run := w.r.run(a.Source)
	have := w.balance.Spendable().Amount
	if run.Source != profile.ByPoor && run.Source != profile.ByBuy || run.Source == profile.ByBuy && run.Line == "" {
		w.t.Fatalf("%s made a confirm of its own", run.Source)
	}
	if run.Source == profile.ByBuy && (run.Paid == nil || have.Mul(decimal.NewFromInt(2)).GreaterThan(run.Paid.Amount)) {
		w.t.Fatalf("a confirm with %s for what has cost %v", have, run.Paid)
	}
	if have.Mul(decimal.NewFromInt(2)).GreaterThan(run.Goods[0].Price.Amount) {
		w.t.Fatalf("a confirm with %s for %s", have, run.Goods[0].Price.Amount)
	}
	if own := w.own(); len(own) > 1 || run.Source == profile.ByBuy && len(own) > 0 {
		w.t.Fatalf("a confirm beside %+v", w.cart)
	}
	if w.pays {
		id := w.id()
		w.services = append(w.services, zomro.Service{ID: id, Name: "x", Status: zomro.StatusActive})
		w.bought = append(w.bought, id)
		w.cart = nil
	}
}

// buy is the ordinary purchase.
func (w *world) buy(run *Run) Bought {
	w.purchases++
	if !run.Typed || run.Cost == nil {
		w.t.Fatalf("a purchase was opened and nothing typed")
	}
	id := w.id()
	paid := run.Goods[0].Price
	if w.cheaper {
		paid.Amount = paid.Amount.Div(decimal.NewFromInt(2))
	}
	if w.other {
		name, row := run.ServerName(1), zomro.CartItem{ID: w.id(), Name: run.Goods[0].Title, Cost: &run.Goods[0].Price}
		w.cart = []zomro.CartItem{row}
		w.services = append(w.services, zomro.Service{ID: id, Name: name, ServerName: name, Status: zomro.StatusActive})
		w.balance.Real.Amount = w.balance.Real.Amount.Sub(run.Goods[1].Price.Amount)
		return Bought{Line: row.ID, Active: true, Paid: &paid, Charged: &paid, Servers: []Server{{ID: id, Name: name}}}
	}
	if w.stranger {
		w.services = append(w.services, zomro.Service{ID: w.id(), Name: "web", Status: zomro.StatusActive})
	}
	if w.more {
		w.balance.Real.Amount = w.balance.Real.Amount.Sub(paid.Amount)
	}
	w.balance.Real.Amount = w.balance.Real.Amount.Sub(paid.Amount)
	w.services = append(w.services, zomro.Service{ID: id, Name: "first", ServerName: "first", Status: zomro.StatusActive})
	if own := w.own(); w.whole && len(own) > 0 {
		for range own {
			name := run.ServerName(1) + w.suffix
			w.services = append(w.services, zomro.Service{ID: w.id(), Name: name, ServerName: name, Status: zomro.StatusActive})
			w.balance.Real.Amount = w.balance.Real.Amount.Sub(run.Goods[1].Price.Amount)
		}
		w.cart = slices.DeleteFunc(w.cart, func(row zomro.CartItem) bool { return !slices.Contains(w.theirs, row.ID) })
	}
	return Bought{Line: w.id(), Active: true, Paid: &paid, Charged: &paid, Servers: []Server{{ID: id, Name: "first"}}}
}

// step does what comes next; false: it waits for a person.
func (w *world) step() bool {
	a := Next(w.r, w.now)
	switch a.Kind {
	case Rest:
		return false
	case Wait:
		if !a.Until.After(w.now) {
			w.t.Fatalf("waits for a time that has come: %+v", a)
		}
		w.now = a.Until
		w.do(Tick{})
	case Place:
		w.do(Placed{})
	case Do:
		w.call(a)
	case Buy:
		w.do(Begun{Purchase: "P"})
	case Follow:
		w.now = w.now.Add(polls)
		w.do(w.buy(w.r.Running))
	case Delete:
		w.do(Deletes{Server: a.Server.ID, Job: "J"})
	case Watch:
		w.now = w.now.Add(polls)
		w.deleted = append(w.deleted, a.Server.ID)
		w.services = slices.DeleteFunc(w.services, func(s zomro.Service) bool { return s.ID == a.Server.ID })
		w.do(Deleted{Server: a.Server.ID, Certain: true})
	}
	return true
}

func (w *world) call(a Action) {
	if a.Call.Announced() {
		w.do(Calling{Source: a.Source, Call: a.Call})
	}
	w.calls = append(w.calls, a.Call)
	w.now = w.now.Add(time.Second)
	var answer Answered
	if failure, does := w.reply(a.Call); failure != nil {
		if does {
			w.carry(a)
		}
		answer = Answered{Source: a.Source, Call: a.Call, Failure: failure}
	} else {
		answer = w.carry(a)
	}
	w.do(answer)
}

func (w *world) reply(c Call) (*Failure, bool) {
	if w.answer == nil {
		return nil, true
	}
	return w.answer(c)
}

// run carries an experiment out to its end, or until the person has to do something.
func (w *world) run() {
	for range 2000 {
		if !w.step() {
			return
		}
	}
	w.t.Fatalf("no end: %+v", w.r.Running)
}

// TestDeniedIsNotTriedAgain: a login that the vendor refuses is not tried again by itself, and no
// experiment can be begun until the account was read.
func TestDeniedIsNotTriedAgain(t *testing.T) {
	denied := func(Call) (*Failure, bool) {
		return &Failure{Kind: zomro.Denied, Code: zomro.CodeAuth, Object: "badpassword"}, false
	}
	w := newWorld(t, ways{})
	w.answer = denied
	w.do(LookAround{})
	w.run()
	if !slices.Equal(w.calls, []Call{CallAround}) || w.r.Refresh || !w.r.Around.Denied() || w.r.Around.Failure.Object != "badpassword" {
		t.Fatalf("%v were called, and then it is %+v", w.calls, w.r.Around)
	}
	for _, o := range w.r.Offers() {
		if o.Why != WhyDenied {
			t.Errorf("%s is not offered for %q", o.Source, o.Why)
		}
	}
	for _, source := range Experiments() { // it is refused only as an experiment is prepared
		w := newWorld(t, ways{})
		w.do(LookAround{})
		w.run()
		w.answer, w.calls = denied, nil
		w.do(Chosen{Source: source})
		w.run()
		if o := w.r.Done[source]; o.How != Failed || o.Failure == nil || o.Failure.Object != "badpassword" || len(w.calls) != 1 {
			t.Errorf("%s after %v: %+v", source, w.calls, o)
		}
	}
	w.answer = nil
	w.do(LookAround{})
	w.run()
	if w.r.Around.Denied() || w.r.Offers()[0].Why != "" {
		t.Errorf("once it is let in: %+v", w.r.Offers()[0])
	}
}

func (w *world) consent(s profile.Source, code string) {
	w.do(LookAround{})
	w.run()
	w.do(Chosen{Source: s, Code: code})
	w.run()
	run := w.r.run(s)
	if run == nil || run.Stage != Consenting {
		w.t.Fatalf("%s is not offered: %+v", s, w.r.Done[s])
	}
	typed := ""
	if run.Cost != nil {
		typed = run.Cost.Amount.String() + " " + run.Cost.Currency
	}
	w.do(Agreed{Source: s, Typed: typed})
}

func lessonsOf(o Outcome) map[profile.Name]profile.Answer {
	found := map[profile.Name]profile.Answer{}
	for _, l := range o.Lessons {
		found[l.Fact] = l.Answer
	}
	return found
}

// TestExperiments is the table of how a vendor behaves, and what each experiment learns.
func TestExperiments(t *testing.T) {
	type lessons = map[profile.Name]profile.Answer
	poor := func(w *world) { w.balance.Real = eur("0.10") }
	for _, test := range []struct {
		name   string
		source profile.Source
		code   string
		ways   ways
		set    func(*world)
		how    How
		want   lessons
	}{
		{"cart", profile.ByCart, "", ways{}, nil, Done, lessons{
			profile.BadField: profile.Value, profile.Button: profile.Unneeded, profile.LineItem: profile.ID, profile.CartTotal: profile.Sum,
			profile.CartFields: profile.AsRead, profile.ListedInCart: profile.Unlisted, profile.RemoveBy: profile.ID,
		}},
		{"cart, another vendor", profile.ByCart, "", ways{lineIsElid: true, removeElid: true, button: true, tax: true}, nil, Done, lessons{
			profile.BadField: profile.Value, profile.Button: profile.Needed, profile.LineItem: profile.Elid, profile.CartTotal: profile.WithTax,
			profile.CartFields: profile.AsRead, profile.ListedInCart: profile.Unlisted, profile.RemoveBy: profile.Elid,
		}},
		{"cart, one id", profile.ByCart, "", ways{idIsElid: true}, nil, Done, lessons{
			profile.BadField: profile.Value, profile.Button: profile.Unneeded, profile.LineItem: profile.Both, profile.CartTotal: profile.Sum,
			profile.CartFields: profile.AsRead, profile.ListedInCart: profile.Unlisted, profile.RemoveBy: profile.ID,
		}},
		{"count", profile.ByCount, "", ways{}, nil, Done, lessons{profile.Rows: profile.Each, profile.CartFields: profile.AsRead, profile.CartTotal: profile.Sum}},
		{"count, one row", profile.ByCount, "", ways{oneRow: true}, nil, Done, lessons{profile.Rows: profile.One, profile.CartFields: profile.AsRead, profile.CartTotal: profile.Sum}},
		{"promo", profile.ByPromo, "", ways{}, nil, Done, lessons{profile.PromoUnknown: profile.Missed, profile.CartFields: profile.AsRead, profile.CartTotal: profile.Sum}},
		{"promo of one's own", profile.ByPromo, "MINE", ways{}, nil, Done, lessons{
			profile.PromoNoCart: profile.NotUsable, profile.PromoUnknown: profile.Missed, profile.PromoScope: profile.WholeCart,
			profile.PromoTwice: profile.NotUsable, profile.PromoKept: profile.Dropped, profile.CartFields: profile.AsRead, profile.CartTotal: profile.Sum,
		}},
		{"promo by row, kept", profile.ByPromo, "MINE", ways{promoRow: true, keeps: true, removeElid: true}, nil, Done, lessons{
			profile.PromoNoCart: profile.NotUsable, profile.PromoUnknown: profile.Missed, profile.PromoScope: profile.Row,
			profile.PromoTwice: profile.NotUsable, profile.PromoKept: profile.Kept, profile.CartFields: profile.AsRead, profile.CartTotal: profile.Sum,
		}},
		{"poor", profile.ByPoor, "", ways{}, nil, Done, lessons{
			profile.PoorError: profile.NotEnough, profile.PoorLeft: profile.None, profile.CartFields: profile.AsRead, profile.CartTotal: profile.Sum,
		}},
		{"poor, an order is left", profile.ByPoor, "", ways{unpaid: true, lineIsElid: true}, nil, Done, lessons{
			profile.PoorError: profile.NotEnough, profile.PoorLeft: profile.Unpaid, profile.CartFields: profile.AsRead, profile.CartTotal: profile.Sum,
		}},
		{"poor, and bought", profile.ByPoor, "", ways{pays: true}, nil, Alarm, lessons{profile.CartFields: profile.AsRead, profile.CartTotal: profile.Sum}},
		{"buy", profile.ByBuy, "", ways{}, nil, Done, lessons{}},
		{"buy, and once more", profile.ByBuy, "", ways{}, func(w *world) { w.balance.Real = eur("0.40") }, Done, lessons{profile.ConfirmAgain: profile.NotEnough}},
		{"two", profile.ByTwo, "", ways{}, nil, Done, lessons{profile.CartFields: profile.AsRead, profile.CartTotal: profile.Sum, profile.ConfirmScope: profile.Row}},
		{"two, both", profile.ByTwo, "", ways{whole: true}, nil, Done, lessons{profile.CartFields: profile.AsRead, profile.CartTotal: profile.Sum, profile.ConfirmScope: profile.WholeCart}},
		{"two, both, names changed", profile.ByTwo, "", ways{whole: true, suffix: "-1"}, nil, Done, lessons{profile.CartFields: profile.AsRead, profile.CartTotal: profile.Sum, profile.ConfirmScope: profile.WholeCart}},
		{"two, both, and more is taken", profile.ByTwo, "", ways{whole: true, more: true}, nil, Failed, lessons{profile.CartFields: profile.AsRead, profile.CartTotal: profile.Sum, profile.ConfirmScope: profile.WholeCart}},
		{"two, the other", profile.ByTwo, "", ways{other: true}, nil, Done, lessons{profile.CartFields: profile.AsRead, profile.CartTotal: profile.Sum}},
		{"session", profile.BySession, "", ways{}, nil, Done, lessons{profile.SessionIdle: profile.Alive}},
		{"session, ended", profile.BySession, "", ways{}, func(w *world) {
			w.answer = func(c Call) (*Failure, bool) {
				if c == CallKeep {
					return &Failure{Kind: zomro.Denied, Code: "access"}, false
				}
				return nil, true
			}
		}, Done, lessons{profile.SessionIdle: profile.Ended}},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t, test.ways)
			if test.set != nil {
				test.set(w)
			}
			if test.source == profile.ByPoor {
				poor(w)
			}
			w.consent(test.source, test.code)
			w.run()
			o := w.r.Done[test.source]
			if o.How != test.how || !reflect.DeepEqual(lessonsOf(o), test.want) {
				t.Errorf("it ended %s and learned\n%v, want %s and\n%v\n%v %+v", o.How, lessonsOf(o), test.how, test.want, w.calls, o.Failure)
			}
			if len(w.cart) > 0 || len(o.Left) > 0 || w.r.Running != nil {
				t.Errorf("in the cart is %+v, said to be left is %+v", w.cart, o.Left)
			}
			if (test.how == Done || test.ways.more) && len(w.services) != 1 {
				t.Errorf("not all that was bought is deleted: %+v", w.services)
			}
		})
	}
}

// TestMoreIsTaken: what was taken beyond the amount that was typed is told, and asked for the next
// time; not if it may have gone for a server of somebody else.
func TestMoreIsTaken(t *testing.T) {
	t.Parallel()
	for _, stranger := range []bool{false, true} {
		w := newWorld(t, ways{whole: true, more: true, stranger: stranger})
		w.consent(profile.ByTwo, "")
		w.run()
		o := w.r.Done[profile.ByTwo]
		if o.How != Failed || o.Failure == nil || o.Failure.Code != CodeTaken || o.Lost == nil || within(o.Lost, *o.Typed) {
			t.Fatalf("it ended %s, %+v: %v of %v was taken", o.How, o.Failure, o.Lost, o.Typed)
		}
		if stranger != (len(o.Unasked) == 1) || stranger == w.r.Taxed() {
			t.Errorf("servers that nobody ordered: %+v; the next time more is asked for: %v", o.Unasked, w.r.Taxed())
		}
		if stranger {
			continue
		}
		taken := *o.Lost
		w.consent(profile.ByTwo, "")
		w.run()
		if o := w.r.Done[profile.ByTwo]; o.How != Done || !within(&taken, *o.Typed) {
			t.Errorf("the second time it ended %s, with %v typed: %+v", o.How, o.Typed, o.Failure)
		}
	}
}

// TestReadWithAPanel: a row that the person puts into the panel's cart is seen, or is not.
func TestReadWithAPanel(t *testing.T) {
	for shared, want := range map[bool]profile.Answer{true: profile.Shared, false: profile.Apart} {
		w := newWorld(t, ways{})
		w.consent(profile.ByRead, "")
		w.run()
		if w.r.Running == nil || w.r.Running.Stage != Panel || w.r.Holds() {
			t.Fatalf("it does not ask for a plan in the panel: %+v", w.r.Running)
		}
		if shared {
			w.add(goods[1], 1)
		}
		w.do(PutIn{})
		w.run()
		if got := lessonsOf(w.r.Done[profile.ByRead])[profile.PanelCart]; got != want {
			t.Errorf("the panel's cart is %q, want %q", got, want)
		}
		if shared != (len(w.cart) == 1) {
			t.Errorf("the person's row is not left alone: %+v", w.cart)
		}
	}
}

// TestOffers is the table of what keeps experiments from being offered.
func TestOffers(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*Around)
		want   map[profile.Source]Why
	}{
		{"all is well", func(*Around) {}, map[profile.Source]Why{profile.ByPoor: WhyRich}},
		{"a row in the cart", func(a *Around) { a.Cart = []zomro.CartItem{{ID: "1"}} }, map[profile.Source]Why{
			profile.ByCart: WhyCart, profile.ByCount: WhyCart, profile.ByPromo: WhyCart, profile.ByPoor: WhyCart, profile.ByBuy: WhyCart, profile.ByTwo: WhyCart,
		}},
		{"stopped", func(a *Around) { a.Halted = true }, map[profile.Source]Why{
			profile.ByCart: WhyHalted, profile.ByCount: WhyHalted, profile.ByPromo: WhyHalted, profile.ByPoor: WhyHalted, profile.ByBuy: WhyHalted, profile.ByTwo: WhyHalted,
		}},
		{"no credit told", func(a *Around) { a.Balance = &zomro.Balance{Real: eur("0.1")} }, map[profile.Source]Why{
			profile.ByPoor: WhyBalance, profile.ByBuy: WhyPoor, profile.ByTwo: WhyPoor,
		}},
		{"little money", func(a *Around) { credit := eur("0"); a.Balance = &zomro.Balance{Real: eur("0.3"), Credit: &credit} }, map[profile.Source]Why{
			profile.ByTwo: WhyPoor,
		}},
		{"a session alone", func(a *Around) { a.Renews = false }, map[profile.Source]Why{profile.BySession: WhyLogin, profile.ByPoor: WhyRich}},
		{"no plan", func(a *Around) { a.First, a.Second, a.Dear = nil, nil, nil }, map[profile.Source]Why{
			profile.ByCart: WhyGoods, profile.ByCount: WhyGoods, profile.ByPromo: WhyGoods, profile.ByPoor: WhyRich, profile.ByBuy: WhyGoods, profile.ByTwo: WhyGoods,
		}},
	} {
		w := newWorld(t, ways{})
		w.balance.Real = eur("1000")
		a := w.around()
		test.change(a)
		r := w.r
		r.Around = a
		a.First, a.Second, a.Dear = r.reckoned(a.First), r.reckoned(a.Second), r.reckoned(a.Dear)
		got := map[profile.Source]Why{}
		for _, o := range r.Offers() {
			if o.Why != "" {
				got[o.Source] = o.Why
			}
		}
		if !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}

func TestSameAmount(t *testing.T) {
	for typed, want := range map[string]bool{
		"0.31": true, " 0,31 eur.": true, "€0.31": true,
		"": false, "0.3": false, "31": false, "0.310": false, "0.31 USD": false, "€": false,
	} {
		if got := SameAmount(typed, eur("0.31")); got != want {
			t.Errorf("%q is 0.31 EUR: %v, want %v", typed, got, want)
		}
	}
}

func TestAnotherAmountBuysNothing(t *testing.T) {
	w := newWorld(t, ways{})
	w.do(LookAround{})
	w.run()
	w.do(Chosen{Source: profile.ByBuy})
	w.run()
	for _, typed := range []string{"", "0.31", "30"} {
		if err := w.try(Agreed{Source: profile.ByBuy, Typed: typed}); !errors.Is(err, ErrAmount) {
			t.Errorf("%q was taken: %v", typed, err)
		}
	}
	if w.run(); w.purchases != 0 {
		t.Error("something was bought")
	}
}

// until makes steps up to a call.
func (w *world) until(c Call) Action {
	for range 500 {
		a := Next(w.r, w.now)
		if a.Kind == Do && a.Call == c {
			return a
		}
		if !w.step() {
			break
		}
	}
	w.t.Fatalf("it does not come to %s: %+v", c, w.r.Running)
	return Action{}
}

// TestAddThatComesLate: a row whose add was lost is taken out also where it comes after the
// first looks at the cart.
func TestAddThatComesLate(t *testing.T) {
	w := newWorld(t, ways{})
	w.consent(profile.ByCart, "")
	a := w.until(CallAdd)
	w.do(Calling{Source: a.Source, Call: a.Call})
	w.do(Resumed{})
	for i := 0; w.r.Running != nil; i++ {
		if w.step(); w.now.Sub(w.r.Running.orBegun(w.now)) > time.Minute && w.next == 100 {
			w.add(goods[0], 1)
		}
		if i > 500 {
			t.Fatal("no end")
		}
	}
	if w.next == 100 || len(w.cart) > 0 || w.r.Done[profile.ByCart].How != Lost {
		t.Errorf("in the cart is %+v; it ended %s", w.cart, w.r.Done[profile.ByCart].How)
	}
}

// orBegun is when an announced call was, or a time when there is no run.
func (run *Run) orBegun(at time.Time) time.Time {
	if run == nil {
		return at
	}
	return run.Sent
}

// TestConfirmUnderWay: what a confirm did is looked for also when the program ended meanwhile.
func TestConfirmUnderWay(t *testing.T) {
	for _, bought := range []bool{true, false} {
		w := newWorld(t, ways{pays: bought})
		w.balance.Real = eur("0.10")
		w.consent(profile.ByPoor, "")
		a := w.until(CallConfirm)
		w.do(Calling{Source: a.Source, Call: a.Call})
		w.carry(a)
		w.do(Resumed{})
		w.run()
		o := w.r.Done[profile.ByPoor]
		if alarmed := o.How == Alarm && slices.Contains(o.Saw, SignService); alarmed != bought || len(w.cart) > 0 {
			t.Errorf("bought: %v; it ended %s, for %v, with %+v in the cart", bought, o.How, o.Saw, w.cart)
		}
		if got := lessonsOf(o)[profile.PoorError]; got != "" {
			t.Errorf("it learned %q of an answer that it did not get", got)
		}
	}
}

// TestTrialOfAnyVendor: whatever the vendor answers, wherever the program ends and whatever
// the person does, nothing is bought that was not typed, no confirm is made that could be
// paid, no row is taken out that the person has put in, and at the end none of the trial's
// rows is in the cart, or it says so.
func TestTrialOfAnyVendor(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		flag := func(name string) bool { return rapid.Bool().Draw(t, name) }
		w := newWorld(t, ways{
			idIsElid: flag("idIsElid"), lineIsElid: flag("lineIsElid"), lineOther: flag("lineOther"), removeElid: flag("removeElid"), button: flag("button"), oneRow: flag("oneRow"),
			tax: flag("tax"), whole: flag("whole"), unpaid: flag("unpaid"), promoRow: flag("promoRow"), keeps: flag("keeps"), cheaper: flag("cheaper"),
		})
		w.balance.Real = eur(rapid.SampledFrom([]string{"0", "0.1", "0.31", "0.4", "3", "449", "5000"}).Draw(t, "balance"))
		failures := rapid.SampledFrom([]int{0, 1, 3, 10}).Draw(t, "failures")
		w.answer = func(Call) (*Failure, bool) {
			if rapid.IntRange(0, 99).Draw(t, "fails") >= failures {
				return nil, true
			}
			f := rapid.SampledFrom([]Failure{
				{Kind: zomro.Unknown},
				{Kind: zomro.Unknown, Code: "value"},
				{Kind: zomro.Transient, Unsent: true},
				{Kind: zomro.Transient},
				{Kind: zomro.Denied, Code: "auth"},
				{Kind: zomro.Unreadable},
				{Kind: zomro.Refused, Code: "missed"},
			}).Draw(t, "failure")
			return &f, !f.Unsent && f.Kind == zomro.Unknown && flag("does")
		}
		source := rapid.SampledFrom(Experiments()).Draw(t, "source")
		w.do(LookAround{})
		w.run()
		if w.try(Chosen{Source: source, Code: rapid.SampledFrom([]string{"", "MINE"}).Draw(t, "code")}) != nil {
			return
		}
		w.run()
		run := w.r.run(source)
		if run == nil || run.Stage != Consenting {
			return
		}
		typed := ""
		if run.Cost != nil {
			typed = run.Cost.Amount.String()
		}
		w.do(Agreed{Source: source, Typed: typed})
		crashes := rapid.SampledFrom([]int{0, 5, 20}).Draw(t, "crashes")
		for i := 0; w.r.run(source) != nil; i++ {
			if i > 3000 {
				t.Fatalf("no end: %+v", w.r.run(source))
			}
			if i > 300 {
				w.answer, crashes = nil, 0
			}
			switch n := rapid.IntRange(0, 99).Draw(t, "happens"); {
			case n < crashes/2 && i <= 300:
				w.crash(t)
			case n < crashes:
				_ = w.try(Resumed{Older: flag("older")})
			case n == 98 && i <= 300:
				_ = w.try(Stop{Source: source})
			case n == 97 && i <= 300:
				w.putFor(rapid.SampledFrom(goods).Draw(t, "theirs"), "month", eur(rapid.SampledFrom([]string{"0.30", "0.60", "4"}).Draw(t, "price")))
			case n == 99:
				_ = w.try(Tick{})
			default:
				if !w.step() {
					_ = w.try(LeftOut{})
				}
			}
		}
		o := w.r.Done[source]
		if len(w.own()) > 0 && len(o.Left) == 0 && !o.Blind {
			t.Fatalf("%s ended %s, and left %+v without saying so", source, o.How, w.cart)
		}
		if w.r.Holds() {
			t.Fatal("it keeps its place")
		}
		if o.How != Alarm && o.Failure == nil && len(o.Saw) == 0 && len(w.services) != 1 {
			t.Fatalf("it ended %s, and there is %+v", o.How, w.services)
		}
	})
}

// crash ends the program in the middle of what comes next.
func (w *world) crash(t *rapid.T) {
	a := Next(w.r, w.now)
	if a.Kind != Do || !a.Call.Announced() {
		_ = w.try(Resumed{})
		return
	}
	if w.try(Calling{Source: a.Source, Call: a.Call}) != nil {
		return
	}
	if rapid.Bool().Draw(t, "made") {
		w.carry(a)
	}
	w.now = w.now.Add(time.Duration(rapid.IntRange(0, 300).Draw(t, "away")) * time.Second)
	w.do(Resumed{Older: rapid.IntRange(0, 3).Draw(t, "older") == 0})
}

// put has the person put something like it into the panel's cart.
func (w *world) put(g Goods) { w.putFor(g, "day", g.Price) }

// putFor has them put it in for a period.
func (w *world) putFor(g Goods, period string, cost zomro.Money) {
	row := zomro.CartItem{ID: w.id(), Elid: w.id(), Name: "Cloud " + g.Title, Period: period, Cost: &cost}
	w.cart, w.theirs = append(w.cart, row), append(w.theirs, row.ID)
}

// own are the rows of the cart that the person has not put there.
func (w *world) own() []zomro.CartItem {
	return slices.DeleteFunc(slices.Clone(w.cart), func(row zomro.CartItem) bool { return slices.Contains(w.theirs, row.ID) })
}

// TestOlderCopyTakesNothingOut: in an older copy of the store only what an answer named in it
// is taken out, at its place in the queue, and what may be the trial's own is named.
func TestOlderCopyTakesNothingOut(t *testing.T) {
	t.Parallel()
	for _, agreed := range []bool{false, true} {
		w := newWorld(t, ways{})
		w.do(LookAround{})
		w.run()
		w.do(Chosen{Source: profile.ByCount})
		w.run()
		if agreed {
			w.do(Agreed{Source: profile.ByCount})
			w.until(CallCart)
			for len(w.r.Running.Lines) == 0 && w.step() {
			}
		}
		w.put(goods[0])
		w.putFor(goods[0], "month", eur("4"))
		w.do(Resumed{Older: true})
		if a := Next(w.r, w.now); agreed == (a.Kind == Place) {
			t.Errorf("agreed %v: what comes next is %+v", agreed, a)
		}
		w.run()
		o, left := w.r.Done[profile.ByCount], map[bool]int{false: 2, true: 3}[agreed]
		if o.How != Lost || len(w.cart) != left || len(o.Left) != left || slices.Contains(w.calls, CallRemove) != agreed {
			t.Errorf("agreed %v: it ended %s and names %+v; the cart is %+v", agreed, o.How, o.Left, w.cart)
		}
	}
}

// TestRowThatNoAnswerNamed is the table of what becomes of rows when an answer was lost, or
// names no row: only one that can be nothing else is taken out, once, and others are named.
func TestRowThatNoAnswerNamed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		ways   ways
		lost   bool // the answer to the add
		does   bool // it was carried out
		theirs func(*world)
		left   int // rows that are named as perhaps its own
		stays  int // in the cart
	}{
		"its own alone":               {lost: true, does: true},
		"none, and one by the month":  {lost: true, theirs: func(w *world) { w.putFor(goods[0], "month", eur("0.30")) }, left: 1, stays: 1},
		"none, and a dearer one":      {lost: true, theirs: func(w *world) { w.putFor(goods[0], "day", eur("0.31")) }, left: 1, stays: 1},
		"one beside it by the month":  {lost: true, does: true, theirs: func(w *world) { w.putFor(goods[0], "month", eur("0.30")) }, stays: 1},
		"one beside it just like it":  {lost: true, does: true, theirs: func(w *world) { w.put(goods[0]) }, left: 2, stays: 2},
		"another name, its own alone": {ways: ways{lineOther: true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, c.ways)
			w.answer = func(call Call) (*Failure, bool) {
				if call != CallAdd {
					return nil, true
				}
				if c.theirs != nil {
					defer c.theirs(w)
				}
				if c.lost {
					return &Failure{Kind: zomro.Unknown}, c.does
				}
				return nil, true
			}
			w.consent(profile.ByCart, "")
			w.run()
			if o := w.r.Done[profile.ByCart]; len(w.cart) != c.stays || len(o.Left) != c.left {
				t.Errorf("the cart is %+v, %+v are named", w.cart, o.Left)
			}
		})
	}
}

// TestOnceIsEnough: a row that no answer named is taken out once; what comes then is the person's.
func TestOnceIsEnough(t *testing.T) {
	t.Parallel()
	w := newWorld(t, ways{lineOther: true})
	w.consent(profile.ByCart, "")
	for w.r.Running.Stage != Cleaning && w.step() {
	}
	w.put(goods[0])
	w.run()
	if o := w.r.Done[profile.ByCart]; len(w.cart) != 1 || len(o.Others) != 1 || len(o.Left) > 0 {
		t.Errorf("the cart is %+v, it ended with %+v", w.cart, o)
	}
}

// TestRowsOfPurchases: a row that an open purchase names is never taken out, whatever named it.
func TestRowsOfPurchases(t *testing.T) {
	t.Parallel()
	w := newWorld(t, ways{})
	w.consent(profile.ByCart, "")
	for len(w.r.Running.Lines) == 0 && w.step() {
	}
	w.purchased = w.r.Running.Lines
	w.run()
	if o := w.r.Done[profile.ByCart]; len(w.cart) != 1 || len(o.Left) > 0 || len(o.Others) != 1 {
		t.Errorf("the cart is %+v, it ended with %+v", w.cart, o)
	}
}

// TestRowsOfTheBotAreNotThePersons: a row that an open purchase or an earlier experiment has put
// into the cart does not show that what the person puts into the panel's is in it.
func TestRowsOfTheBotAreNotThePersons(t *testing.T) {
	t.Parallel()
	row := zomro.CartItem{ID: "77", Name: "Cloud Birch", Period: "day", Cost: &goods[0].Price}
	for name, c := range map[string]struct {
		of   func(*world)
		want profile.Answer
	}{
		"the person's":             {func(*world) {}, profile.Shared},
		"of an open purchase":      {func(w *world) { w.purchased = []string{row.ID} }, profile.Apart},
		"of an earlier experiment": {func(w *world) { w.r.Done = map[profile.Source]Outcome{profile.ByCart: {Left: []zomro.CartItem{row}}} }, profile.Apart},
	} {
		w := newWorld(t, ways{})
		c.of(w)
		w.consent(profile.ByRead, "")
		w.run()
		w.cart = append(w.cart, row)
		w.do(PutIn{})
		w.run()
		if got := lessonsOf(w.r.Done[profile.ByRead])[profile.PanelCart]; got != c.want {
			t.Errorf("%s: the panel's cart is %q", name, got)
		}
	}
}

// TestRowsOfThePersonStay: what the person puts into the panel's cart meanwhile is not taken
// for the experiment's own, though it is the same plan; it is said.
func TestRowsOfThePersonStay(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		of      profile.Source
		ways    ways
		balance string
		after   Call  // once it was made
		stage   Stage // and this is reached; "": at once
		plan    Goods // that the person puts in
	}{
		"beside an unpaid order":      {profile.ByPoor, ways{unpaid: true}, "1", CallConfirm, Looking, goods[2]},
		"after the cart was paid":     {profile.ByTwo, ways{whole: true}, "100", CallAddSecond, Cleaning, goods[1]},
		"beside one row for two":      {profile.ByCount, ways{oneRow: true}, "100", CallAddTwo, "", goods[0]},
		"beside a row that was named": {profile.ByCart, ways{}, "100", CallServices, "", goods[0]},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, c.ways)
			w.balance.Real = eur(c.balance)
			w.consent(c.of, "")
			for ready := false; !ready; {
				if !w.step() || w.r.run(c.of) == nil {
					t.Fatal("it is over before the person could do anything")
				}
				ready = slices.Contains(w.calls, c.after) && (c.stage == "" || w.r.run(c.of).Stage == c.stage)
			}
			if c.of == profile.ByPoor {
				w.cart = nil // it became the unpaid order
			}
			w.put(c.plan)
			w.run()
			if w.r.Running != nil && w.r.Running.Asks {
				w.do(Stop{Source: c.of})
				w.run()
			}
			o := w.r.Done[c.of]
			if len(w.cart) == 0 || len(o.Others) != 1 || o.Others[0].ID != w.theirs[0] {
				t.Errorf("%s: the cart is %+v, it was said of %+v", o.How, w.cart, o.Others)
			}
			for _, l := range o.Lessons {
				if l.Fact == profile.Rows && l.Answer != profile.One {
					t.Errorf("a row of the person's taught %+v", l)
				}
			}
		})
	}
}

// TestDearerThanTyped: the second of two plans does not stay in the cart when the cart says
// that it costs more than was typed.
func TestDearerThanTyped(t *testing.T) {
	t.Parallel()
	for name, w := range map[string]ways{"tax": {tax: true}, "price": {}} {
		w := newWorld(t, w)
		w.consent(profile.ByTwo, "")
		for w.r.Running != nil && len(w.r.Running.Lines) == 0 && w.step() {
		}
		if name == "price" {
			cost := eur("0.51")
			w.cart[0].Cost = &cost
		}
		w.run()
		if o := w.r.Done[profile.ByTwo]; o.How != Failed || o.Failure.Code != CodePrice || w.purchases > 0 || len(w.cart) > 0 {
			t.Errorf("%s: %+v, %d purchases, cart %+v", name, o, w.purchases, w.cart)
		}
	}
}

// TestDearerRow: where the cart's row is dearer than the price list, the true amount is asked
// for next; where the cart says no total, that is said instead.
func TestDearerRow(t *testing.T) {
	t.Parallel()
	second := func(w *world, change func(row *zomro.CartItem)) {
		t.Helper()
		w.consent(profile.ByTwo, "")
		for w.r.Running != nil && len(w.r.Running.Lines) == 0 && w.step() {
		}
		change(&w.cart[0])
		w.run()
	}
	w := newWorld(t, ways{})
	dearer := func(row *zomro.CartItem) {
		row.Cost = &zomro.Money{Amount: row.Cost.Amount.Mul(decimal.NewFromInt(2)), Currency: row.Cost.Currency}
	}
	second(w, dearer)
	asked := *w.r.Done[profile.ByTwo].Typed
	if o := w.r.Done[profile.ByTwo]; o.How != Failed || o.Failure.Code != CodePrice || w.r.Dearer == nil {
		t.Fatalf("%+v", o)
	}
	second(w, dearer)
	if o := w.r.Done[profile.ByTwo]; o.Failure != nil && o.Failure.Code == CodePrice || !o.Typed.Amount.Equal(asked.Amount.Mul(decimal.NewFromInt(2))) {
		t.Errorf("asked for %v, then for %v: %+v", asked.Amount, o.Typed.Amount, o.Failure)
	}
	w = newWorld(t, ways{mute: true})
	second(w, func(*zomro.CartItem) {})
	if o := w.r.Done[profile.ByTwo]; o.How != Failed || o.Failure.Code != CodeUnpriced || w.purchases > 0 || len(w.cart) > 0 {
		t.Errorf("%+v, %d purchases, cart %+v", o, w.purchases, w.cart)
	}
}

// TestAmountWithTax: once a cart was seen to add tax, the amount to be typed has it, and no
// more than what a cart with all of it says, to the cent that rounding may hide.
func TestAmountWithTax(t *testing.T) {
	t.Parallel()
	for _, first := range []profile.Source{profile.ByCart, profile.ByTwo} {
		w := newWorld(t, ways{tax: true})
		w.consent(first, "")
		w.run()
		w.do(Chosen{Source: profile.ByTwo})
		w.run()
		cost := *w.r.Running.Cost
		if low, high := decimal.RequireFromString("0.96"), decimal.RequireFromString("1.00"); cost.Amount.LessThan(low) || cost.Amount.GreaterThan(high) {
			t.Errorf("after %s the amount for 0.30 and 0.50 is %s", first, cost.Amount)
		}
		w.do(Agreed{Source: profile.ByTwo, Typed: cost.Amount.String()})
		w.run()
		if o := w.r.Done[profile.ByTwo]; o.How != Done || w.purchases != 1 || lessonsOf(o)[profile.CartTotal] != profile.WithTax {
			t.Errorf("after %s: %+v, %d purchases", first, o, w.purchases)
		}
		w.tax = false // it is seen that there is none any more
		w.consent(profile.ByCart, "")
		w.run()
		if o := w.r.Offers(); !slices.ContainsFunc(o, func(o Offer) bool { return o.Cost != nil && o.Cost.Amount.Equal(decimal.RequireFromString("0.80")) }) {
			t.Errorf("without tax again: %+v", o)
		}
	}
}

// TestAnAlarmNamesWhatWasBought: what a confirm has bought that could not be paid is looked for
// as long as a payment is, though the alarm is certain before, and is named with what it has
// cost; and a sign that is gone again is told, too.
func TestAnAlarmNamesWhatWasBought(t *testing.T) {
	t.Parallel()
	w := newWorld(t, ways{})
	w.balance.Real = eur("5")
	w.consent(profile.ByPoor, "")
	for w.r.Running.Stage != Looking && w.step() {
	}
	hidden := w.cart
	w.cart, w.balance.Real = nil, eur("3")
	for w.r.Running.Ending == "" && w.step() {
	}
	if run := w.r.Running; run.Stage != Looking || run.Ending != Alarm {
		t.Fatalf("at the first sign it is %+v", run)
	}
	w.cart = hidden
	w.services = append(w.services,
		zomro.Service{ID: "8", Name: "in the cart", Status: zomro.StatusOrdered},
		zomro.Service{ID: "9", Name: "x", ServerName: "unasked", Status: zomro.StatusActive})
	w.run()
	o := w.r.Done[profile.ByPoor]
	if o.How != Alarm || o.Lost == nil || !o.Lost.Amount.Equal(eur("2").Amount) || !reflect.DeepEqual(o.Unasked, []Server{{ID: "9", Name: "unasked"}}) {
		t.Errorf("it ended %s: %+v, lost %v", o.How, o.Unasked, o.Lost)
	}
	if !reflect.DeepEqual(o.Saw, []Sign{SignBalance, SignRow, SignService}) || len(w.deleted) > 0 {
		t.Errorf("it saw %v, deleted %v", o.Saw, w.deleted)
	}
}

// TestWhatItHasCost: what its purchase has cost is told as the purchase says it, whatever the
// balance has lost meanwhile.
func TestWhatItHasCost(t *testing.T) {
	t.Parallel()
	for source, want := range map[profile.Source]string{profile.ByBuy: "0.30", profile.ByTwo: "0.30"} {
		w := newWorld(t, ways{whole: true})
		w.consent(source, "")
		w.run()
		if o := w.r.Done[source]; o.How != Done || o.Charged == nil || !o.Charged.Amount.Equal(eur(want).Amount) {
			t.Errorf("%s ended %s and cost %v, want %s", source, o.How, o.Charged, want)
		}
	}
}

// TestLeftBehind: what a trial of the account has ordered is known by its name, whatever the
// record knows of it.
func TestLeftBehind(t *testing.T) {
	t.Parallel()
	w := newWorld(t, ways{})
	w.consent(profile.ByTwo, "")
	run := w.r.Running
	earlier, other := *run, *run
	earlier.Begun, other.Tag = begin.Add(-48*time.Hour), tag("trial-2-7")
	w.r.Done = map[profile.Source]Outcome{profile.ByBuy: {Servers: []Server{{ID: "5", Gone: true}, {ID: "6", Kept: true}}}}
	active := func(id, name string) zomro.Service {
		return zomro.Service{ID: id, ServerName: name, Status: zomro.StatusActive}
	}
	deleted := active("4", earlier.ServerName(0))
	deleted.Status = zomro.StatusDeleted
	got := w.r.LeftBehind([]zomro.Service{
		active("1", "web"), active("2", run.ServerName(1)), active("3", other.ServerName(0)), deleted, active("5", earlier.ServerName(0)),
		active("6", earlier.ServerName(0)), active("7", earlier.ServerName(1)+"-a7k42"), active("8", "trial-1"),
	})
	if want := []Server{{ID: "6", Name: earlier.ServerName(0)}, {ID: "7", Name: earlier.ServerName(1) + "-a7k42"}}; !reflect.DeepEqual(got, want) {
		t.Errorf("left behind is %+v, want %+v", got, want)
	}
}

// TestNothingIsAskedForOnceMore: what was just bought is not asked for again where half of it
// could be paid.
func TestNothingIsAskedForOnceMore(t *testing.T) {
	t.Parallel()
	w := newWorld(t, ways{cheaper: true, pays: true})
	w.balance.Real = eur("0.30")
	w.consent(profile.ByBuy, "")
	w.run()
	if o := w.r.Done[profile.ByBuy]; o.How != Done || len(w.bought) > 0 || slices.Contains(w.calls, CallConfirm) {
		t.Errorf("%+v, bought %v", o, w.bought)
	}
}

// follows carries an experiment out until it waits for its purchase.
func (w *world) follows() {
	for range 100 {
		if Next(w.r, w.now).Kind == Follow {
			return
		}
		if !w.step() {
			break
		}
	}
	w.t.Fatalf("it does not wait for a purchase: %+v", w.r.Running)
}

// TestPlaceWhileNothingIsInTheCart: while a trial waits for what it has paid, and for its
// deletion, it keeps no place at the account, and takes it again for what it has to call.
func TestPlaceWhileNothingIsInTheCart(t *testing.T) {
	t.Parallel()
	w := newWorld(t, ways{})
	w.balance.Real = eur("0.40")
	w.consent(profile.ByBuy, "")
	if w.follows(); !w.r.Holds() {
		t.Fatal("it has no place while its purchase has the cart")
	}
	if w.do(Freed{}); w.r.Holds() {
		t.Error("it keeps its place while its server becomes active")
	}
	w.do(w.buy(w.r.Running))
	if a := Next(w.r, w.now); a.Kind != Place || !w.r.Holds() {
		t.Errorf("it goes on without its place: %+v", a)
	}
	for w.r.Running != nil && w.r.Running.Stage != Deleting && w.step() {
	}
	if w.r.Running == nil || w.r.Holds() || !slices.Contains(w.calls, CallConfirm) {
		t.Errorf("it keeps its place while a server is deleted: %+v", w.r.Running)
	}
	if w.run(); w.r.Done[profile.ByBuy].How != Done || len(w.deleted) != 1 {
		t.Errorf("%+v, deleted %v", w.r.Done[profile.ByBuy], w.deleted)
	}

	// Its own row beside what was paid keeps the place, until it is taken out.
	w = newWorld(t, ways{})
	w.consent(profile.ByTwo, "")
	w.follows()
	if err := w.try(Freed{}); !errors.Is(err, ErrStale) || !w.r.Holds() {
		t.Errorf("it leaves its own row to others: %v", err)
	}
	w.do(w.buy(w.r.Running))
	for w.r.Running != nil && w.r.Running.Stage != Deleting && w.step() {
	}
	if w.r.Running == nil || len(w.cart) > 0 || len(w.deleted) > 0 {
		t.Errorf("it deletes with %+v in the cart", w.cart)
	}
}

// TestPaidAndNotActive: what was paid is waited for so long, and not at all after a stop; it
// is said then.
func TestPaidAndNotActive(t *testing.T) {
	t.Parallel()
	w := newWorld(t, ways{})
	w.consent(profile.ByBuy, "")
	w.follows()
	w.do(Freed{})
	if run := w.r.Running; !run.WaitsFor(w.now, w.now.Add(active-1)) || run.WaitsFor(w.now, w.now.Add(active)) {
		t.Error("it does not wait for as long as it says")
	}
	w.do(Stop{Source: profile.ByBuy})
	if w.r.Running.WaitsFor(w.now, w.now) {
		t.Error("a stop does not end the waiting")
	}
	bought := w.buy(w.r.Running)
	bought.Late, bought.Active, bought.Servers = true, false, nil
	server := w.services[len(w.services)-1]
	server.ServerName, server.Status = w.r.Running.ServerName(0), zomro.StatusOpening
	w.services = w.services[:len(w.services)-1]
	w.do(bought)
	look := func() {
		t.Helper()
		for asked := len(w.calls); len(w.calls) == asked; {
			if !w.step() {
				t.Fatalf("it does not look: %+v", w.r.Running)
			}
		}
	}
	for w.r.Running.Stage != Deleting {
		w.step()
	}
	start, at := w.r, w.now

	// It is not listed, then it is opened, then it can be deleted; a job finds it busy again.
	if look(); !w.r.Running.Opening() || w.r.Holds() {
		t.Errorf("it does not wait for the server to be listed: %+v", w.r.Running)
	}
	w.services = append(w.services, server)
	if look(); !w.r.Running.Opening() || len(w.r.Running.Servers) != 1 {
		t.Errorf("it does not wait for the server to be opened: %+v", w.r.Running)
	}
	w.services[len(w.services)-1].Status = zomro.StatusActive
	look()
	w.do(Deletes{Server: server.ID, Job: "J"})
	w.do(Deleted{Server: server.ID, Busy: true})
	if !w.r.Running.Opening() {
		t.Errorf("what is busy is not waited for: %+v", w.r.Running)
	}
	w.run()
	if o := w.r.Done[profile.ByBuy]; o.How != Stopped || o.Failure == nil || o.Failure.Code != CodeLate || len(o.Servers) != 1 || !o.Servers[0].Gone || len(w.deleted) != 1 {
		t.Errorf("%+v", o)
	}

	// It is not waited for for ever, also where nothing can be read, nor after another stop.
	for name, ends := range map[string]func(){
		"for ever": func() {
			for w.r.Running != nil {
				w.step()
			}
		},
		"unread": func() {
			w.answer = func(Call) (*Failure, bool) { return &Failure{Kind: zomro.Transient}, false }
			for w.r.Running != nil {
				w.step()
			}
			w.answer = nil
		},
		"a stop": func() { w.do(Stop{Source: profile.ByBuy}) },
	} {
		w.r, w.now, w.services = start, at, []zomro.Service{server}
		w.services[0].Status = zomro.StatusOpening
		look()
		ends()
		if o := w.r.Done[profile.ByBuy]; w.r.Running != nil || len(o.Servers) != 1 || o.Servers[0].Gone || !o.Servers[0].Kept {
			t.Errorf("%s: %+v", name, o)
		}
	}
}

// TestRowsThatAreShownLate: a row that an answer named and the cart does not show yet is
// waited for, and taken out; where it is never shown, that is said.
func TestRowsThatAreShownLate(t *testing.T) {
	t.Parallel()
	for _, of := range []profile.Source{profile.ByCart, profile.ByCount, profile.ByPromo, profile.ByPoor, profile.ByTwo} {
		for _, ever := range []bool{true, false} {
			w := newWorld(t, ways{})
			if of == profile.ByPoor {
				w.balance.Real = eur("1")
			}
			w.hidden = func() bool { return !ever || w.next > 100 && w.now.Sub(w.r.Running.Begun) < time.Minute }
			w.consent(of, "")
			w.run()
			o := w.r.Done[of]
			if ever == (len(w.cart) > 0) || ever == o.Blind || o.How != Failed || o.Failure.Code != CodeNoRow {
				t.Errorf("%s, shown %v: %+v, in the cart is %+v", of, ever, o, w.cart)
			}
		}
	}
}

// TestGoneWithRows: when the account goes while a row of its own may be in the cart, it says so.
func TestGoneWithRows(t *testing.T) {
	t.Parallel()
	w := newWorld(t, ways{})
	w.consent(profile.ByCount, "")
	a := w.until(CallAddTwo)
	w.do(Calling{Source: a.Source, Call: a.Call})
	w.do(Gone{})
	if o := w.r.Done[profile.ByCount]; !o.Blind || w.r.Holds() {
		t.Errorf("%+v", o)
	}
}

// TestPaidSinceTheCopy: an experiment that an older copy of the store has not begun yet, and
// that may have paid since, does not say that it has not.
func TestPaidSinceTheCopy(t *testing.T) {
	t.Parallel()
	for of, unknown := range map[profile.Source]bool{profile.ByBuy: true, profile.ByTwo: true, profile.ByPoor: true, profile.ByCart: false} {
		w := newWorld(t, ways{})
		if of == profile.ByPoor {
			w.balance.Real = eur("1")
		}
		w.do(LookAround{})
		w.run()
		w.do(Chosen{Source: of})
		w.run()
		w.do(Resumed{Older: true})
		w.run()
		if o := w.r.Done[of]; o.How != Lost || o.Unknown != unknown {
			t.Errorf("%s: %+v", of, o)
		}
	}
	w := newWorld(t, ways{})
	w.balance.Real = eur("0.40")
	w.consent(profile.ByBuy, "")
	w.follows()
	w.do(w.buy(w.r.Running)) // and is about to look whether it can be asked for once more
	w.do(Resumed{Older: true})
	w.run()
	if o := w.r.Done[profile.ByBuy]; o.How != Alarm {
		t.Errorf("after its purchase: %+v", o)
	}
}

// TestDeletedSinceTheCopy: of a server that was bought by an older copy of the store, and
// deleted since, it is said that it is not listed, and nothing is done.
func TestDeletedSinceTheCopy(t *testing.T) {
	t.Parallel()
	for _, of := range []profile.Source{profile.ByBuy, profile.ByTwo} {
		for _, there := range []bool{true, false} {
			w := newWorld(t, ways{})
			w.consent(of, "")
			w.follows()
			bought := w.buy(w.r.Running)
			if of == profile.ByBuy { // the copy was made when it was about to delete it
				w.do(bought)
				for w.r.Running.Stage != Deleting && w.step() {
				}
			}
			w.do(Resumed{Older: true})
			if !there {
				w.services, w.cart = w.services[:1], nil
			}
			if of == profile.ByTwo {
				w.do(bought)
			}
			w.run()
			o := w.r.Done[of]
			if len(o.Servers) != 1 || o.Servers[0].Missing == there || o.Servers[0].Gone != there || there != (len(w.deleted) == 1) {
				t.Errorf("%s, there %v: %+v, deleted %v", of, there, o.Servers, w.deleted)
			}
		}
	}
}

// TestNamesOfTwoTrials: servers of trials that begin in the same second have names of their own.
func TestNamesOfTwoTrials(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, id := range []string{"trial-1-7", "trial-2-7"} {
		w := newWorld(t, ways{})
		w.r.ID = id
		w.do(LookAround{})
		w.run()
		w.do(Chosen{Source: profile.ByTwo})
		names[w.r.Running.ServerName(0)], names[w.r.Running.ServerName(1)] = true, true
	}
	if len(names) != 4 {
		t.Errorf("they are called %v", names)
	}
}

// TestRowsThatAreShownLateTeachNothing: the cart is looked at more than once before it is
// believed that a row is not there.
func TestRowsThatAreShownLateTeachNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, ways{})
	w.consent(profile.ByRead, "")
	w.run()
	put := w.now
	w.add(goods[1], 1)
	w.hidden = func() bool { return w.now.Sub(put) < 15*time.Second }
	w.do(PutIn{})
	w.run()
	if got := lessonsOf(w.r.Done[profile.ByRead])[profile.PanelCart]; got != profile.Shared {
		t.Errorf("the panel's cart is %q", got)
	}

	w = newWorld(t, ways{})
	w.consent(profile.ByCount, "")
	for len(w.r.Running.Lines) == 0 && w.step() {
	}
	second, put := w.cart[1], w.now
	w.cart = w.cart[:1]
	for w.now.Sub(put) < 90*time.Second && w.step() {
	}
	w.cart = append(w.cart, second)
	w.run()
	if got := lessonsOf(w.r.Done[profile.ByCount])[profile.Rows]; got != "" || len(w.cart) > 0 {
		t.Errorf("an order of two is %q, and in the cart is %+v", got, w.cart)
	}
}

// TestCodeThatNobodyHas: a code that is unknown while the cart is empty says something of the
// cart only where it is known beside a row.
func TestCodeThatNobodyHas(t *testing.T) {
	t.Parallel()
	for exists, want := range map[bool]profile.Answer{true: profile.Missed, false: ""} {
		w := newWorld(t, ways{})
		w.answer = func(c Call) (*Failure, bool) {
			if c == CallPromo && (!exists || len(w.cart) == 0) {
				return &Failure{Kind: zomro.Refused, Code: zomro.CodeMissed, Heard: true}, false
			}
			return nil, true
		}
		w.consent(profile.ByPromo, "MINE")
		w.run()
		if got := lessonsOf(w.r.Done[profile.ByPromo])[profile.PromoNoCart]; got != want {
			t.Errorf("exists %v: it learned %q", exists, got)
		}
	}
}

// TestNobodyIsAsked: who is no owner any more is not waited for; what is left is said.
func TestNobodyIsAsked(t *testing.T) {
	t.Parallel()
	for _, asked := range []bool{true, false} {
		w := newWorld(t, ways{})
		w.answer = func(c Call) (*Failure, bool) {
			if c.Cleans() {
				return &Failure{Kind: zomro.Refused, Code: "value", Heard: true}, false
			}
			return nil, true
		}
		w.consent(profile.ByCount, "")
		for w.r.Running != nil && (w.r.Running.Stage != Cleaning || asked && !w.r.Running.Asks) && w.step() {
		}
		w.do(Resumed{Unheard: true})
		w.run()
		if o := w.r.Done[profile.ByCount]; len(o.Left) != 2 || w.r.Running != nil {
			t.Errorf("asked %v: %+v, %+v", asked, o, w.r.Running)
		}
	}
}

// TestForgottenWhileTwoArePaidFor: an account that is forgotten while one of two plans is paid
// for ends in an alarm, for the other one may have been paid, too.
func TestForgottenWhileTwoArePaidFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t, ways{whole: true})
	w.consent(profile.ByTwo, "")
	for w.r.Running.Purchase == "" && w.step() {
	}
	w.do(Gone{})
	if o := w.r.Done[profile.ByTwo]; o.How != Alarm || !reflect.DeepEqual(o.Saw, []Sign{SignUnseen}) {
		t.Errorf("it ended %s: %v", o.How, o.Saw)
	}
}
