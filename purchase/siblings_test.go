package purchase_test

import (
	"slices"
	"testing"
	"time"

	"zomrobot/purchase"
	"zomrobot/zomro"
	"zomrobot/zomro/profile"
)

// pricedBeside reads what stands before paying, the cart being as answered.
func (w *walk) pricedBeside(a purchase.Answered) {
	w.t.Helper()
	w.answer(purchase.CallServices, purchase.Answered{})
	w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("20")})
	w.answer(purchase.CallCharges, purchase.Answered{})
	w.answer(purchase.CallOrders, purchase.Answered{})
	w.answer(purchase.CallCart, a)
}

// TestSiblings: of two purchases in one cart none is paid beside the other, unless a confirm
// is known to pay one row. Who goes first waits; the other makes room, and begins anew.
func TestSiblings(t *testing.T) {
	both := cart("14", ours("5"), foreign)
	ahead, behind := purchase.Siblings{Ahead: []string{"900"}}, purchase.Siblings{Behind: []string{"900"}}
	known := purchase.Started{Vendor: purchase.Vendor{Confirm: profile.Row}}
	inCart := func(t *testing.T, started purchase.Started) *walk {
		t.Helper()
		w := drafted(t, "")
		w.do(started)
		w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
		w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("20")})
		w.answer(purchase.CallAdd, purchase.Answered{LineItem: "1818"})
		return w
	}
	t.Run("goes first where one row is paid", func(t *testing.T) {
		w := inCart(t, known)
		w.pricedBeside(purchase.Answered{Cart: both, Siblings: behind})
		w.is(purchase.StatePriced, purchase.NotCharged)
	})
	t.Run("waits where one row is paid, and reads everything again", func(t *testing.T) {
		w := inCart(t, known)
		w.pricedBeside(purchase.Answered{Cart: both, Siblings: ahead})
		w.is(purchase.StatePricing, purchase.NotCharged)
		w.price(cart("5", ours("5")))
		w.is(purchase.StatePriced, purchase.NotCharged)
	})
	for _, scope := range []profile.Answer{"", profile.WholeCart} {
		started := purchase.Started{Vendor: purchase.Vendor{Confirm: scope}}
		t.Run("goes first once the other has made room "+string(scope), func(t *testing.T) {
			w := inCart(t, started)
			for range 3 {
				w.pricedBeside(purchase.Answered{Cart: both, Siblings: behind})
				w.is(purchase.StatePricing, purchase.NotCharged)
			}
			w.price(cart("5", ours("5")))
			w.is(purchase.StatePriced, purchase.NotCharged)
		})
		t.Run("waits for a row that stays, but not for ever "+string(scope), func(t *testing.T) {
			w := inCart(t, started)
			for w.r.Question == nil {
				w.pricedBeside(purchase.Answered{Cart: both, Siblings: behind})
				if w.r.State != purchase.StatePricing || w.at.Sub(start) > time.Hour {
					t.Fatalf("%s, after %s", w.r.State, w.at.Sub(start))
				}
			}
			w.asks(purchase.AskForeign)
			if q := w.r.Question; !slices.Equal(q.Choices, []purchase.Choice{purchase.ChooseAgain, purchase.ChooseGiveUp}) || len(q.Items) != 1 || q.Items[0].ID != "900" {
				t.Fatalf("asks %+v", q)
			}
			w.decide(purchase.ChooseAgain)
			w.pricedBeside(purchase.Answered{Cart: cart("5", ours("5"))})
			w.is(purchase.StatePriced, purchase.NotCharged)
		})
		t.Run("makes room "+string(scope), func(t *testing.T) {
			w := inCart(t, started)
			w.pricedBeside(purchase.Answered{Cart: both, Siblings: ahead})
			w.is(purchase.StateCancelling, purchase.NotCharged)
			if w.r.Shown() != purchase.StateChecking || !w.r.MayAddAgain() {
				t.Fatalf("it is shown as %s", w.r.Shown())
			}
			w.answer(purchase.CallCart, purchase.Answered{Cart: both, Siblings: ahead})
			w.answer(purchase.CallRemove, purchase.Answered{})
			w.answer(purchase.CallCart, purchase.Answered{Cart: cart("9", foreign), Siblings: ahead})
			w.nobodyPaid()
			w.is(purchase.StateChecking, purchase.NotCharged)
			w.answer(purchase.CallCart, purchase.Answered{Cart: cart("9", foreign), Siblings: ahead})
			w.is(purchase.StateChecking, purchase.NotCharged)
			// The other has paid meanwhile: what the balance has lost is not ours.
			w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
			w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("11")})
			w.answer(purchase.CallAdd, purchase.Answered{LineItem: "1819"})
			w.is(purchase.StateInCart, purchase.NotCharged)
		})
	}
	room := func(t *testing.T) *walk {
		t.Helper()
		w := inCart(t, purchase.Started{})
		w.pricedBeside(purchase.Answered{Cart: both, Siblings: ahead})
		w.answer(purchase.CallCart, purchase.Answered{Cart: both, Siblings: ahead})
		return w
	}
	t.Run("whose row cannot be taken out ends", func(t *testing.T) {
		w := room(t)
		for w.r.State == purchase.StateCancelling {
			if w.at.Sub(start) > time.Hour {
				t.Fatal("it is taken out for ever")
			}
			w.fail(purchase.CallRemove, zomro.Refused)
			w.answer(purchase.CallCart, purchase.Answered{Cart: both, Siblings: ahead})
		}
		w.is(purchase.StateCancelled, purchase.NotCharged)
		if !w.r.ItemLeft || w.r.Failure == nil || w.r.Failure.Code != purchase.CodeBeside {
			t.Fatalf("left in the cart: %v, for %+v", w.r.ItemLeft, w.r.Failure)
		}
	})
	t.Run("that is given up meanwhile ends", func(t *testing.T) {
		w := room(t)
		w.do(purchase.Cancelled{})
		w.answer(purchase.CallRemove, purchase.Answered{})
		w.answer(purchase.CallCart, purchase.Answered{Cart: cart("9", foreign), Siblings: ahead})
		w.nobodyPaid()
		w.is(purchase.StateCancelled, purchase.NotCharged)
	})
	out := func(t *testing.T) *walk {
		t.Helper()
		w := room(t)
		w.answer(purchase.CallRemove, purchase.Answered{})
		w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
		w.answer(purchase.CallServices, purchase.Answered{})
		w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("11")})
		w.is(purchase.StateCancelling, purchase.NotCharged)
		return w
	}
	t.Run("while the other pays begins anew once nothing of its own can come", func(t *testing.T) {
		w := out(t)
		was := w.at
		w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{service("8", "web-2", zomro.StatusOpening)}})
		if w.at.Sub(was) < 2*time.Minute {
			t.Errorf("it has looked after %s", w.at.Sub(was))
		}
		w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("11")})
		w.is(purchase.StateChecking, purchase.NotCharged)
	})
	t.Run("that was paid with the other is not bought again", func(t *testing.T) {
		w := out(t)
		w.answer(purchase.CallServices, purchase.Answered{Services: []zomro.Service{service("8", web, zomro.StatusOpening)}})
		w.is(purchase.StateUnknown, purchase.MaybeCharged)
	})
	t.Run("in an older copy is looked for", func(t *testing.T) {
		w := room(t)
		w.do(purchase.Restored{})
		w.is(purchase.StateUnknown, purchase.MaybeCharged)
	})
	t.Run("adds nothing beside the other", func(t *testing.T) {
		w := drafted(t, "")
		w.do(purchase.Started{})
		for range 3 {
			w.answer(purchase.CallCart, purchase.Answered{Cart: cart("9", foreign), Siblings: behind})
			w.is(purchase.StateChecking, purchase.NotCharged)
		}
		for w.r.Question == nil { // not for ever
			w.answer(purchase.CallCart, purchase.Answered{Cart: cart("9", foreign), Siblings: behind})
		}
		w.asks(purchase.AskForeign)
		if slices.Contains(w.r.Question.Choices, purchase.ChooseAnyway) {
			t.Errorf("offers %v", w.r.Question.Choices)
		}
	})
	adding := purchase.Siblings{Adding: true}
	t.Run("waits for the name of a row that another may just have put there", func(t *testing.T) {
		w := drafted(t, "")
		w.do(purchase.Started{})
		w.answer(purchase.CallCart, purchase.Answered{Cart: cart("9", foreign), Siblings: adding})
		w.is(purchase.StateChecking, purchase.NotCharged)
		w.answer(purchase.CallCart, purchase.Answered{Cart: cart("9", foreign)})
		w.asks(purchase.AskForeign) // nobody's: the other has added something else

		w = inCart(t, purchase.Started{})
		w.pricedBeside(purchase.Answered{Cart: both, Siblings: adding})
		w.is(purchase.StatePricing, purchase.NotCharged)
		w.price(cart("5", ours("5")))
		w.is(purchase.StatePriced, purchase.NotCharged)
	})
	t.Run("goes on beside another that has put nothing there yet", func(t *testing.T) {
		w := inCart(t, purchase.Started{})
		w.pricedBeside(purchase.Answered{Cart: cart("5", ours("5")), Siblings: adding})
		w.is(purchase.StatePriced, purchase.NotCharged)
	})
}

// TestGoesBefore: of two purchases exactly one goes first.
func TestGoesBefore(t *testing.T) {
	later := start.Add(time.Minute)
	inOrder := []purchase.Record{
		{ID: "D", Opened: later, Confirms: 1},
		{ID: "E", Opened: later, Prolong: &purchase.Prolongation{}, Added: true},
		{ID: "A", Opened: start, State: purchase.StatePaying, Confirms: 1}, // which can be held back
		{ID: "B", Opened: start},
		{ID: "0", Opened: later},
	}
	for i, a := range inOrder {
		for j, b := range inOrder {
			if got := a.GoesBefore(b); got != (i < j) {
				t.Errorf("%s before %s: %v", a.ID, b.ID, got)
			}
		}
	}
}

// TestUnseenByEachOther: two logins that do not know yet whether they have one cart do not add
// and pay at the same time.
func TestUnseenByEachOther(t *testing.T) {
	at := func(seconds int) time.Time { return start.Add(time.Duration(seconds) * time.Second) }
	paying := purchase.Record{ID: "A", Account: "1", State: purchase.StatePaying, LineItem: "7", AddedAt: at(10), CartAsked: at(20), Confirms: 1, Sent: at(21)}
	adding := purchase.Record{ID: "B", Account: "2", State: purchase.StateAdding, CartAsked: at(9)}
	added := adding
	added.State, added.LineItem, added.AddedAt = purchase.StateInCart, "8", at(20)
	lost := adding
	lost.State, lost.UnknownOf, lost.Since, lost.CartAsked = purchase.StateUnknown, purchase.CallAdd, at(12), at(30)
	lost.Siblings.Behind = []string{"7"}
	change := func(r purchase.Record, how func(*purchase.Record)) purchase.Record {
		how(&r)
		return r
	}
	adds := change(adding, func(r *purchase.Record) { r.ID, r.Account = "A", "1" })
	looked := func(seconds int) func(*purchase.Record) {
		return func(r *purchase.Record) { r.CartAsked = at(seconds) }
	}
	has := func(eur string) func(*purchase.Record) {
		return func(r *purchase.Record) { r.Balance = balance(eur) }
	}
	for name, c := range map[string]struct {
		r, other purchase.Record
		call     purchase.Call
		want     bool
	}{
		"paying, the other adds":             {paying, adding, purchase.CallAdd, true},
		"paying, the other saw its cart":     {paying, change(adding, func(r *purchase.Record) { r.CartAsked = at(11) }), purchase.CallAdd, false},
		"paying, one login":                  {paying, change(adding, func(r *purchase.Record) { r.Account = "1" }), purchase.CallAdd, false},
		"paying for its own row alone":       {change(paying, func(r *purchase.Record) { r.Vendor.Confirm = profile.Row }), adding, purchase.CallAdd, false},
		"paid":                               {change(paying, func(r *purchase.Record) { r.State = purchase.StatePaid }), adding, purchase.CallAdd, false},
		"adding, the other pays":             {adding, paying, purchase.CallConfirm, true},
		"adding, the other pays one row":     {adding, change(paying, func(r *purchase.Record) { r.Vendor.Confirm = profile.Row }), purchase.CallConfirm, false},
		"adding, has seen its cart":          {change(adding, func(r *purchase.Record) { r.CartAsked = at(11) }), paying, purchase.CallConfirm, false},
		"added since the look":               {added, paying, purchase.CallConfirm, true},
		"added before the look":              {change(added, func(r *purchase.Record) { r.AddedAt = at(19) }), paying, purchase.CallConfirm, false},
		"added since the look, looked again": {change(added, func(r *purchase.Record) { r.CartAsked = at(20) }), paying, purchase.CallConfirm, false},
		"an add was lost":                    {lost, paying, purchase.CallConfirm, true},
		"an add was lost long ago":           {change(lost, func(r *purchase.Record) { r.Since = at(-600) }), paying, purchase.CallConfirm, false},
		"makes room": {change(added, func(r *purchase.Record) {
			r.State, r.CartAsked, r.Siblings.Ahead = purchase.StateCancelling, at(30), []string{"7"}
		}), paying, purchase.CallConfirm, true},
		"makes room for another": {change(added, func(r *purchase.Record) {
			r.State, r.CartAsked, r.Siblings.Ahead = purchase.StateCancelling, at(30), []string{"6"}
		}), paying, purchase.CallConfirm, false},
		"both add":                              {adding, adds, purchase.CallAdd, true},
		"both add, the other way round":         {adds, adding, purchase.CallAdd, true},
		"both add, of one login":                {adding, change(adds, func(r *purchase.Record) { r.Account = "2" }), purchase.CallAdd, false},
		"both add, of one balance":              {change(adding, has("20")), change(adds, has("20")), purchase.CallAdd, true},
		"both add, of other balances":           {change(adding, has("20")), change(adds, has("21")), purchase.CallAdd, false},
		"checks, the other adds":                {change(adding, func(r *purchase.Record) { r.State = purchase.StateChecking }), adds, purchase.CallAdd, false},
		"added since the look, before it adds":  {added, change(adds, looked(20)), purchase.CallAdd, true},
		"added before the look, before it adds": {added, change(adds, looked(21)), purchase.CallAdd, false},
		"an add was lost, the other adds":       {lost, change(adds, looked(161)), purchase.CallAdd, true},
		"an add was lost, and is over":          {lost, change(adds, looked(162)), purchase.CallAdd, false},
	} {
		if got := c.r.Impedes(c.other, c.call); got != c.want {
			t.Errorf("%s: impedes %v", name, got)
		}
	}
}

// heldBack is the answer of a call that was announced and is impeded by another purchase.
func heldBack() *purchase.Failure {
	return &purchase.Failure{Kind: zomro.Transient, Unsent: true, Code: purchase.CodeBeside}
}

// TestHeldBackWaits: to be held back is no failure. It waits as long as others in the cart are
// waited for, without a word; then a person is asked.
func TestHeldBackWaits(t *testing.T) {
	for _, call := range []purchase.Call{purchase.CallAdd, purchase.CallConfirm} {
		t.Run(string(call), func(t *testing.T) {
			w := drafted(t, "")
			w.do(purchase.Started{})
			held := func() { // reads everything anew, and is held back
				t.Helper()
				if call == purchase.CallAdd {
					w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
					w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("20")})
				} else {
					w.price(cart("5", ours("5")))
				}
				w.call(call)
				if !w.r.MayAddAgain() {
					t.Fatal("its password is dropped before it has called")
				}
				w.do(purchase.Answered{Call: call, Failure: heldBack()})
			}
			if call == purchase.CallConfirm {
				w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
				w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("20")})
				w.answer(purchase.CallAdd, purchase.Answered{LineItem: "1818"})
			}
			for range 20 {
				held()
				if w.r.Question != nil || w.r.Failure != nil || w.r.Charged() != purchase.NotCharged || w.r.Confirms != 0 || !w.r.MayAddAgain() {
					t.Fatalf("held back, it is %s", text(t, w.r))
				}
			}
			for w.r.Question == nil {
				if held(); w.at.Sub(start) > time.Hour {
					t.Fatal("it waits for ever")
				}
			}
			if w.at.Sub(start) < 30*time.Minute {
				t.Errorf("somebody is asked after %s", w.at.Sub(start))
			}
			w.asks(purchase.AskTrouble)
			w.decide(purchase.ChooseAgain)
			held()
			if w.r.Question != nil {
				t.Errorf("asks again at once: %+v", w.r.Question)
			}
			if call == purchase.CallAdd {
				w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
				w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("20")})
				w.answer(purchase.CallAdd, purchase.Answered{LineItem: "1818"})
			}
			w.price(cart("5", ours("5")))
			w.answer(purchase.CallConfirm, purchase.Answered{})
			if w.is(purchase.StateSettling, purchase.MaybeCharged); w.r.MayAddAgain() || !w.r.Impeded.IsZero() {
				t.Errorf("after its payment it may add again, or waits: %s", text(t, w.r))
			}
		})
	}
}

// TestComesBackFirst: of two that hold each other back one comes back before the other.
func TestComesBackFirst(t *testing.T) {
	back := func(first bool) time.Duration {
		w := drafted(t, "")
		w.do(purchase.Started{})
		w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
		w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("20")})
		w.answer(purchase.CallAdd, purchase.Answered{First: first, Failure: heldBack()})
		return w.r.NextAt.Sub(w.at)
	}
	if first, other := back(true), back(false); first <= 0 || other < 3*first {
		t.Errorf("the first comes back after %s, the other after %s", first, other)
	}
}

// TestEndedBeforeItsPayment: a payment that was announced when the program ended counts as
// sent. If it was not, it is paid without another add, for which there is no password any more.
func TestEndedBeforeItsPayment(t *testing.T) {
	w := drafted(t, "")
	w.toPaying(cart("5", ours("5")))
	w.call(purchase.CallConfirm)
	w.do(purchase.Restarted{})
	if w.is(purchase.StateUnknown, purchase.MaybeCharged); w.r.MayAddAgain() {
		t.Error("it may add again")
	}
	w.until(func() { w.look(balance("20"), cart("5", ours("5"))) })
	w.asks(purchase.AskTrouble)
	w.decide(purchase.ChooseAgain)
	w.pricedBeside(purchase.Answered{Cart: cart("14", ours("5"), foreign), Siblings: purchase.Siblings{Ahead: []string{foreign.ID}}})
	w.is(purchase.StatePricing, purchase.NotCharged) // it makes no room
	w.price(cart("5", ours("5")))
	w.answer(purchase.CallConfirm, purchase.Answered{})
	w.is(purchase.StateSettling, purchase.MaybeCharged)
}

// TestLostAddBesideRowsThatWereLeft: a row that something else is known to have put into the cart
// is not taken for that of an add whose answer was lost.
func TestLostAddBesideRowsThatWereLeft(t *testing.T) {
	for name, siblings := range map[string]purchase.Siblings{
		"by nobody that is known": {},
		"by another purchase":     {Left: []string{"1818"}},
		"by a trial":              {Tried: []string{"1818"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := drafted(t, "")
			w.do(purchase.Started{})
			w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
			w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("20")})
			w.fail(purchase.CallAdd, zomro.Unknown)
			row := ours("5")
			row.Elid = ""
			for range 3 {
				if w.r.State == purchase.StateUnknown {
					w.answer(purchase.CallCart, purchase.Answered{Cart: cart("5", row), Siblings: siblings})
				}
			}
			if taken := w.r.LineItem != ""; taken != (name == "by nobody that is known") {
				t.Errorf("the row is taken for its own: %v, it is %s", taken, w.r.State)
			}
		})
	}
}

// TestBesideATrial: a trial of another login and a purchase do not add and pay at the same time
// while they may have one cart.
func TestBesideATrial(t *testing.T) {
	at := func(seconds int) time.Time { return start.Add(time.Duration(seconds) * time.Second) }
	paying := purchase.Record{ID: "A", Account: "1", State: purchase.StatePaying, LineItem: "7", AddedAt: at(10), CartAsked: at(20), Confirms: 1, Sent: at(21)}
	adding := purchase.Record{ID: "B", Account: "1", State: purchase.StateAdding, CartAsked: at(20)}
	added := adding
	added.State, added.LineItem, added.AddedAt = purchase.StateInCart, "7", at(30)
	adds := purchase.Trial{Account: "2", Looked: at(5), Adding: true}
	has := purchase.Trial{Account: "2", Looked: at(15), Rows: []string{"8"}, AddedBy: at(10)}
	pays := has
	pays.Paying, pays.Looked = true, at(25)
	change := func(r purchase.Record, how func(*purchase.Record)) purchase.Record {
		how(&r)
		return r
	}
	tried := func(r purchase.Trial, how func(*purchase.Trial)) purchase.Trial {
		how(&r)
		return r
	}
	saw := func(r *purchase.Record) { r.Beside = []string{"8"} }
	row := func(r *purchase.Record) { r.Vendor.Confirm = profile.Row }
	for name, c := range map[string]struct {
		r         purchase.Record
		t         purchase.Trial
		call      purchase.Call
		purchases bool // the purchase is kept back
		trials    bool // the trial is
	}{
		"it pays, the trial adds":               {paying, adds, purchase.CallConfirm, true, false},
		"it pays one row":                       {change(paying, row), adds, purchase.CallConfirm, false, false},
		"one account":                           {paying, tried(adds, func(t *purchase.Trial) { t.Account = "1" }), purchase.CallConfirm, false, false},
		"the trial has added since the look":    {paying, tried(adds, func(t *purchase.Trial) { t.Adding, t.AddedBy = false, at(20) }), purchase.CallConfirm, true, false},
		"it has looked since":                   {paying, tried(adds, func(t *purchase.Trial) { t.Adding, t.AddedBy = false, at(19) }), purchase.CallConfirm, false, false},
		"the trial has not seen its row":        {paying, tried(adds, func(t *purchase.Trial) { t.Looked = at(11) }), purchase.CallConfirm, false, false},
		"the trial has seen its row":            {paying, tried(adds, func(t *purchase.Trial) { t.Looked, t.Saw = at(11), []string{"7"} }), purchase.CallConfirm, true, false},
		"the trial adds, it pays":               {paying, adds, purchase.CallAdd, false, true},
		"the trial adds, it settles":            {change(paying, func(r *purchase.Record) { r.State = purchase.StateSettling }), adds, purchase.CallAdd, false, true},
		"the trial adds, that is not known":     {change(paying, func(r *purchase.Record) { r.State, r.UnknownOf = purchase.StateUnknown, purchase.CallConfirm }), adds, purchase.CallAdd, false, true},
		"the trial adds, it is paid":            {change(paying, func(r *purchase.Record) { r.State = purchase.StatePaid }), adds, purchase.CallAdd, false, false},
		"the trial adds, it pays one row":       {change(paying, row), adds, purchase.CallAdd, false, false},
		"the trial adds, and knows the cart":    {paying, tried(adds, func(t *purchase.Trial) { t.Looked = at(11) }), purchase.CallAdd, false, false},
		"it adds, the trial pays, not seen yet": {change(adding, func(r *purchase.Record) { r.CartAsked = at(10) }), pays, purchase.CallAdd, true, false},
		"it adds, the trial pays, unseen":       {adding, pays, purchase.CallAdd, false, false},
		"it adds, the trial pays, seen":         {change(adding, saw), pays, purchase.CallAdd, true, false},
		"it adds, the trial pays, blind":        {change(adding, func(r *purchase.Record) { r.Blind = true }), pays, purchase.CallAdd, true, false},
		"it adds, the trial pays with no row":   {adding, tried(pays, func(t *purchase.Trial) { t.Rows = nil }), purchase.CallAdd, true, false},
		"it adds, the trial looks for it":       {change(adding, saw), tried(pays, func(t *purchase.Trial) { t.Paying, t.Doubts = false, true }), purchase.CallAdd, true, false},
		"it adds, the trial only has a row":     {change(adding, saw), has, purchase.CallAdd, false, false},
		"the trial pays, it adds":               {change(adding, saw), pays, purchase.CallConfirm, false, true},
		"the trial pays, it adds elsewhere":     {adding, pays, purchase.CallConfirm, false, false},
		"the trial pays, it has added":          {change(added, saw), pays, purchase.CallConfirm, false, true},
		"the trial pays, it added before":       {change(change(added, saw), func(r *purchase.Record) { r.AddedAt = at(24) }), pays, purchase.CallConfirm, false, false},
		"the trial pays, it has ended":          {change(change(added, saw), func(r *purchase.Record) { r.State = purchase.StateCancelled }), pays, purchase.CallConfirm, false, false},
	} {
		purchases, trials := c.t.Impedes(c.r, c.call), c.r.ImpedesTrial(c.t, c.call)
		if purchases != c.purchases || trials != c.trials {
			t.Errorf("%s: the purchase is kept back %v, the trial %v", name, purchases, trials)
		}
	}
}

// TestMayHave: a new server is another purchase's by what that has found, or by the name that it
// has ordered, once it may have paid.
func TestMayHave(t *testing.T) {
	old, hers, other := service("1", "mail", zomro.StatusActive), service("2", web, zomro.StatusOpening), service("3", "db", zomro.StatusOpening)
	paying := drafted(t, "")
	paying.toPaying(cart("5", ours("5")), old)
	if paying.r.MayHave(hers) {
		t.Error("it has a server before it pays")
	}
	paying.answer(purchase.CallConfirm, purchase.Answered{})
	for s, want := range map[*zomro.Service]bool{&old: false, &hers: true, &other: false} {
		if paying.r.MayHave(*s) != want {
			t.Errorf("while it pays, %s %s: %v", s.ID, s.ServerName, !want)
		}
	}
	found := paying.r
	found.Services = []zomro.Service{other}
	if !found.MayHave(other) {
		t.Error("it does not have what it has found")
	}
	ended := paying.r
	ended.State, ended.MaybePaid = purchase.StateCancelled, false
	if ended.MayHave(hers) {
		t.Error("it has a server, and has paid nothing")
	}
}

// TestTwoTrials: of two trials by two logins none adds or pays while the other does.
func TestTwoTrials(t *testing.T) {
	at := func(seconds int) time.Time { return start.Add(time.Duration(seconds) * time.Second) }
	rests := purchase.Trial{Account: "1", Looked: at(10)}
	for name, c := range map[string]struct {
		first   purchase.Trial
		impedes bool
	}{
		"it rests":                   {purchase.Trial{Account: "2", Looked: at(20)}, false},
		"it adds":                    {purchase.Trial{Account: "2", Adding: true}, true},
		"what it added may come":     {purchase.Trial{Account: "2", AddedBy: at(11)}, true},
		"what it added has come":     {purchase.Trial{Account: "2", AddedBy: at(9)}, false},
		"it pays":                    {purchase.Trial{Account: "2", Paying: true}, true},
		"it looks for what was paid": {purchase.Trial{Account: "2", Doubts: true}, true},
		"it is of the same login":    {purchase.Trial{Account: "1", Adding: true}, false},
	} {
		for _, call := range []purchase.Call{purchase.CallAdd, purchase.CallConfirm} {
			if got := c.first.ImpedesTrial(rests, call); got != c.impedes {
				t.Errorf("%s, %s: %v", name, call, got)
			}
		}
		if c.first.ImpedesTrial(rests, purchase.CallCart) {
			t.Errorf("%s: it keeps another from reading", name)
		}
	}
}

// TestEarlierAddIsRemembered: an add that was held back, or not sent, says nothing of an earlier
// one that may have been carried out: what that has cost is seen, and its row is said to be left.
func TestEarlierAddIsRemembered(t *testing.T) {
	for name, f := range map[string]*purchase.Failure{"held back": heldBack(), "not sent": {Kind: zomro.Transient, Unsent: true}} {
		again := func(t *testing.T) *walk {
			t.Helper()
			w := drafted(t, "")
			w.do(purchase.Started{})
			read := func() {
				w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
				w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("20")})
			}
			read()
			w.fail(purchase.CallAdd, zomro.Unknown)
			w.until(func() { w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")}) })
			w.asks(purchase.AskTrouble)
			w.decide(purchase.ChooseAgain)
			read()
			w.answer(purchase.CallAdd, purchase.Answered{Failure: f})
			w.is(purchase.StateChecking, purchase.NotCharged)
			return w
		}
		t.Run(name+", it is sold", func(t *testing.T) {
			w := again(t)
			w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
			w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("15")})
			w.is(purchase.StateUnknown, purchase.MaybeCharged)
		})
		t.Run(name+", it cannot be sent", func(t *testing.T) {
			w := again(t)
			w.answer(purchase.CallCart, purchase.Answered{Cart: cart("0")})
			w.answer(purchase.CallBalance, purchase.Answered{Balance: balance("20")})
			w.answer(purchase.CallAdd, purchase.Answered{Failure: &purchase.Failure{Kind: zomro.Refused, Unsent: true}})
			if w.is(purchase.StateFailed, purchase.NotCharged); !w.r.ItemLeft {
				t.Error("it does not say that a row may be left")
			}
		})
		t.Run(name+", it is cancelled", func(t *testing.T) {
			w := again(t)
			w.do(purchase.Cancelled{})
			if w.is(purchase.StateCancelled, purchase.NotCharged); !w.r.ItemLeft {
				t.Error("it does not say that a row may be left")
			}
		})
	}
}

// TestKilledWhileItMakesRoom: a removal that was announced when the program ended is made, if the
// row is there still; then it begins anew.
func TestKilledWhileItMakesRoom(t *testing.T) {
	ahead := purchase.Siblings{Ahead: []string{"900"}}
	both := purchase.Answered{Cart: cart("14", ours("5"), foreign), Siblings: ahead}
	w := drafted(t, "")
	w.toInCart()
	w.pricedBeside(both)
	w.answer(purchase.CallCart, both)
	w.call(purchase.CallRemove)
	w.do(purchase.Restarted{})
	w.answer(purchase.CallCart, both)
	w.answer(purchase.CallRemove, purchase.Answered{})
	w.answer(purchase.CallCart, purchase.Answered{Cart: cart("9", foreign), Siblings: ahead})
	w.nobodyPaid()
	w.is(purchase.StateChecking, purchase.NotCharged)
}
