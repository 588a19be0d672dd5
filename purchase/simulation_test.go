package purchase_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"zomrobot/purchase"
	"zomrobot/zomro"
)

// vendor is a small account at the vendor: what a call really does to it, apart
// from what is told about it.
type vendor struct {
	items    []zomro.CartItem
	services []zomro.Service
	balance  decimal.Decimal
	price    decimal.Decimal // of our item
	discount bool
	next     int
	ours     map[string]bool // ids of items that our add made
	charges  []decimal.Decimal
	late     []func() // calls whose answer was lost, not carried out yet
	foreign  bool     // the cart is shown in a shape that nobody understands
}

// carryOut does what the call asks for.
func (v *vendor) carryOut(call purchase.Call, r purchase.Record) purchase.Answered {
	a := purchase.Answered{Call: call}
	refuse := func(code string) purchase.Answered {
		a.Failure = &purchase.Failure{Kind: zomro.Refused, Code: code}
		return a
	}
	switch call {
	case purchase.CallCart:
		if v.foreign {
			a.Failure = &purchase.Failure{Kind: zomro.Unreadable}
			return a
		}
		a.Cart = v.cart()
	case purchase.CallServices:
		a.Services = append([]zomro.Service(nil), v.services...)
	case purchase.CallBalance:
		a.Balance = &zomro.Balance{Real: zomro.Money{Amount: v.balance, Currency: "EUR"}}
	case purchase.CallAdd:
		v.next++
		a.LineItem = fmt.Sprint(v.next)
		v.ours[a.LineItem] = true
		v.items = append(v.items, zomro.CartItem{ID: a.LineItem, Name: "Essential"})
	case purchase.CallPromo:
		if r.Promo != "GOOD" {
			return refuse("missed")
		}
		v.discount = true
	case purchase.CallConfirm:
		for i, item := range v.items {
			if item.ID != r.LineItem {
				continue
			}
			cost := v.cost()
			if v.balance.LessThan(cost) {
				return refuse("funds")
			}
			v.balance = v.balance.Sub(cost)
			v.charges = append(v.charges, cost)
			v.items = append(append([]zomro.CartItem(nil), v.items[:i]...), v.items[i+1:]...)
			v.next++
			v.services = append(v.services, service(fmt.Sprint(v.next), "web", zomro.StatusOpening))
			return a
		}
		return refuse("missed")
	case purchase.CallRemove:
		for i, item := range v.items {
			if item.ID == r.CartRow {
				v.items = append(append([]zomro.CartItem(nil), v.items[:i]...), v.items[i+1:]...)
				return a
			}
		}
		return refuse("missed")
	case purchase.CallEmpty:
		v.items = nil
	}
	return a
}

func (v *vendor) cost() decimal.Decimal {
	if v.discount {
		return v.price.Div(decimal.NewFromInt(2))
	}
	return v.price
}

func (v *vendor) cart() *zomro.Cart {
	c := &zomro.Cart{}
	total := decimal.Zero
	for _, item := range v.items {
		cost := zomro.Money{Amount: decimal.NewFromInt(9), Currency: "EUR"}
		if v.ours[item.ID] {
			cost.Amount = v.cost()
		}
		item.Cost = &cost
		total = total.Add(cost.Amount)
		c.Items = append(c.Items, item)
	}
	c.Total = &zomro.Money{Amount: total, Currency: "EUR"}
	return c
}

// settle carries out what was late.
func (v *vendor) settle() {
	late := v.late
	v.late = nil
	for _, f := range late {
		f()
	}
}

// run is a purchase against the vendor, as the caller of the package leads it,
// with faults, and a person who answers.
type run struct {
	*rapid.T
	v      *vendor
	r      purchase.Record
	at     time.Time
	faults bool
	spared bool // faults begin with the confirm
	brave  bool // the person agrees to whatever lets it go on
	busy   int  // actions since the last wait or question

	settled map[string]int // how unknown outcomes became known

	lostConfirm bool // the outcome of the last confirm is unknown
	agreed      decimal.Decimal
	unlimited   bool                           // the person agreed to pay without the price being read
	unread      bool                           // the last look at the cart was in vain
	consents    map[purchase.QuestionKind]bool // answers to go on without the cart, and without its price

	needed int            // votes that the terms need
	voted  map[int64]bool // who has voted for them
}

// requester is who wants to buy, of a team that does not let them vote.
const requester = 7

// chance draws from the upper end, so that what is simplest is that nothing
// happens.
func (s *run) chance(percent int, what string) bool {
	return s.faults && rapid.IntRange(0, 99).Draw(s.T, what) >= 100-percent
}

// step moves the record and holds what is true of every move.
func (s *run) step(e purchase.Event) {
	next, err := purchase.Step(s.r, e, s.at)
	if err != nil {
		s.Fatalf("%s: %T: %v", s.r.State, e, err)
	}
	// What is kept is what is read back: it decides the same from then on.
	written, err := json.Marshal(next)
	if err != nil {
		s.Fatalf("marshal: %v", err)
	}
	var read purchase.Record
	if err := json.Unmarshal(written, &read); err != nil {
		s.Fatalf("unmarshal: %v", err)
	}
	again, err := json.Marshal(read)
	if err != nil || string(again) != string(written) {
		s.Fatalf("the record changes on its way through the store (%v):\n%s\n%s", err, written, again)
	}
	if next.Revision != s.r.Revision && next.Revision != s.r.Revision+1 {
		s.Fatalf("revision %d → %d", s.r.Revision, next.Revision)
	}
	if s.r.State == purchase.StateUnknown && read.State != purchase.StateUnknown {
		s.settled[fmt.Sprintf("%s %T → %s", s.r.UnknownOf, e, read.State)]++
	}
	if e := read.Evidence; s.lostConfirm && read.State == purchase.StatePricing {
		if e == nil || e.Of != purchase.CallConfirm || e.Verdict != purchase.NotDone {
			s.Fatalf("after a lost confirm it goes on without evidence: %+v", e)
		}
		s.lostConfirm = false
	}
	s.r = read
}

// perform makes a call, with a fault now and then.
func (s *run) perform(call purchase.Call) {
	if call == purchase.CallConfirm {
		if s.lostConfirm {
			s.Fatalf("confirm again without evidence")
		}
		s.agreed = s.r.Quote.Total.Amount
		s.unlimited = s.r.CartTotal == nil
		if s.unread && (s.r.MaybePaid || !s.consents[purchase.AskTrouble] || !s.consents[purchase.AskPrice]) {
			s.Fatalf("confirm without a look at the cart: maybe paid %v, agreed to %v", s.r.MaybePaid, s.consents)
		}
	}
	if binding := call == purchase.CallAdd || call == purchase.CallPromo || call == purchase.CallConfirm; binding && len(s.voted) < s.needed {
		s.Fatalf("%s with the votes of %v, of %d", call, s.voted, s.needed)
	}
	s.step(purchase.Calling{Call: call})
	// A person cancels while the call is under way.
	if s.chance(3, "cancels meanwhile") {
		s.cancel()
	}
	asked := s.r
	fail := func(kind zomro.Kind) {
		s.step(purchase.Answered{Call: call, Failure: &purchase.Failure{Kind: kind}})
	}
	lost := func() {
		s.lostConfirm = s.lostConfirm || call == purchase.CallConfirm
		if rapid.Bool().Draw(s.T, "restarted") {
			s.step(purchase.Restarted{})
		} else if call.Writes() {
			fail(zomro.Unknown)
		} else {
			fail(zomro.Transient)
		}
	}
	if call == purchase.CallConfirm {
		s.faults = s.faults || s.spared
	}
	if s.chance(30, "fault") || call == purchase.CallConfirm && s.chance(80, "fault of confirm") {
		switch rapid.SampledFrom([]string{"before", "after", "late", "denied", "transient", "refused", "unreadable"}).Draw(s.T, "kind") {
		case "before":
			lost()
			return
		case "after":
			s.v.carryOut(call, asked)
			lost()
			return
		case "late":
			if call.Writes() {
				s.v.late = append(s.v.late, func() { s.v.carryOut(call, asked) })
			}
			lost()
			return
		case "denied":
			fail(zomro.Denied)
			return
		case "transient":
			fail(zomro.Transient)
			return
		case "refused":
			fail(zomro.Refused)
			return
		default:
			if !call.Writes() {
				s.unread = s.unread || call == purchase.CallCart
				fail(zomro.Unreadable)
				return
			}
		}
	}
	a := s.v.carryOut(call, asked)
	if call == purchase.CallCart {
		s.unread = a.Failure != nil
	}
	if call == purchase.CallConfirm && a.Failure != nil && a.Failure.Code == "missed" {
		s.lostConfirm = true
	}
	s.step(a)
}

func (s *run) cancel() {
	if next, err := purchase.Step(s.r, purchase.Cancelled{}, s.at); err == nil {
		s.r = next
	}
}

// decide answers the question: truly when it is about what happened.
func (s *run) decide() {
	q := s.r.Question
	if !s.faults && !s.spared {
		for _, c := range q.Choices {
			if c == purchase.ChooseGiveUp {
				s.step(purchase.Decided{Revision: s.r.Revision, Choice: c})
				return
			}
		}
	}
	choice := rapid.SampledFrom(q.Choices).Draw(s.T, "choice")
	if choice == purchase.ChooseBought || choice == purchase.ChooseNotBought || !s.faults && !s.spared {
		choice = purchase.ChooseNotBought
		if len(s.v.charges) > 0 {
			choice = purchase.ChooseBought
		}
		s.lostConfirm = false
	}
	for _, c := range q.Choices {
		if s.brave && (c == purchase.ChooseAnyway || c == purchase.ChooseAccept) {
			choice = c
		}
	}
	if choice == purchase.ChooseAnyway && q.Kind == purchase.AskTrouble || choice == purchase.ChooseAccept && q.Now == nil {
		s.consents[q.Kind] = true
	}
	code := rapid.SampledFrom([]string{"GOOD", "BAD"}).Draw(s.T, "code")
	needed := rapid.SampledFrom([]int{0, 0, 1, 2}).Draw(s.T, "needed")
	if s.r.Approval != nil && slices.Contains(renewing, choice) {
		s.needed, s.voted = needed, map[int64]bool{}
	}
	s.step(purchase.Decided{Revision: s.r.Revision, Choice: choice, Code: code, Needed: needed})
}

// vote has others say what they think of the terms, and others of older terms.
func (s *run) vote() {
	terms, by := s.r.Approval.Terms, rapid.Int64Range(requester-2, requester+2).Draw(s.T, "by")
	if !s.faults && !s.spared || s.chance(5, "rejects") {
		s.step(purchase.Rejected{By: by, Name: "Boris", Terms: terms})
		return
	}
	if s.chance(20, "an older button") {
		terms--
	}
	vote := purchase.Approved{By: by, Name: "Boris", Terms: terms}
	if _, err := purchase.Step(s.r, vote, s.at); err != nil {
		if terms == s.r.Approval.Terms && by != requester && !s.voted[by] || !errors.Is(err, purchase.ErrNoMove) {
			s.Fatalf("vote %+v, voted %v: %v", vote, s.voted, err)
		}
		return
	}
	if terms != s.r.Approval.Terms || by == requester || s.voted[by] {
		s.Fatalf("vote %+v counts, voted %v", vote, s.voted)
	}
	s.voted[by] = true
	s.step(vote)
}

// world lets something happen that is none of ours.
func (s *run) world() {
	switch rapid.SampledFrom([]string{"foreign", "cleared", "charge", "top-up", "price", "late", "service", "activate", "restart", "cancel", "shape"}).Draw(s.T, "world") {
	case "foreign":
		s.v.next++
		s.v.items = append(s.v.items, zomro.CartItem{ID: fmt.Sprint(s.v.next), Name: "Domain"})
	case "cleared":
		s.v.items = nil
	case "charge":
		s.v.balance = s.v.balance.Sub(decimal.RequireFromString("0.13"))
	case "top-up":
		s.v.balance = s.v.balance.Add(decimal.NewFromInt(10))
	case "price":
		// A call that is carried out late pays the price of then, which nobody
		// can look at before.
		if len(s.v.late) == 0 && s.r.State != purchase.StatePriced {
			s.v.price = decimal.NewFromInt(int64(rapid.IntRange(4, 7).Draw(s.T, "price")))
		}
	case "late":
		s.v.settle()
	case "service":
		s.v.next++
		s.v.services = append(s.v.services, service(fmt.Sprint(s.v.next), "mail", zomro.StatusActive))
	case "activate":
		for i := range s.v.services {
			s.v.services[i].Status = zomro.StatusActive
		}
	case "restart":
		s.step(purchase.Restarted{})
	case "shape":
		s.v.foreign = !s.v.foreign
	case "cancel":
		s.cancel()
	}
}

// turn does what is to be done next; it reports whether the end is reached.
func (s *run) turn() bool {
	if s.chance(10, "something happens") {
		s.world()
	}
	action := purchase.Next(s.r, s.at)
	s.busy++
	if s.busy > 25 {
		s.Fatalf("%s: no wait, question or end in sight", s.r.State)
	}
	switch action.Kind {
	case purchase.Queue:
		s.step(purchase.Started{})
	case purchase.Do:
		s.perform(action.Call)
	case purchase.Ask:
		s.busy = 0
		if s.chance(10, "nobody answers") && !action.Until.IsZero() {
			s.at = action.Until
			s.step(purchase.Tick{})
			break
		}
		s.at = s.at.Add(time.Minute)
		if s.r.State == purchase.StateAwaiting {
			s.vote()
		} else {
			s.decide()
		}
	case purchase.Wait:
		s.busy = 0
		if action.Until.IsZero() {
			s.Fatalf("%s: waits for %s, which is not under way", s.r.State, action.Call)
		}
		s.at = action.Until
		s.step(purchase.Tick{})
	case purchase.End:
		return true
	}
	return false
}

// TestSimulation leads purchases through faults at every point.
func TestSimulation(t *testing.T) {
	ends, settled := map[string]int{}, map[string]int{}
	blind, approved := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		promo := rapid.SampledFrom([]string{"", "GOOD", "BAD"}).Draw(t, "promo")
		s := &run{
			T: t, at: start, settled: settled, spared: rapid.Bool().Draw(t, "faults begin with the confirm"),
			v: &vendor{
				balance: decimal.NewFromInt(20), price: decimal.NewFromInt(5), ours: map[string]bool{}, next: 100,
				foreign: rapid.IntRange(0, 2).Draw(t, "the cart's shape") == 2,
			},
			r:        purchase.New(opening(promo), start),
			consents: map[purchase.QuestionKind]bool{},
		}
		if votes := rapid.IntRange(-1, 2).Draw(t, "votes needed"); votes >= 0 {
			s.r = purchase.New(forTeam(opening(promo), votes), start)
			s.needed, s.voted = votes, map[int64]bool{}
		}
		s.faults, s.brave = !s.spared, s.v.foreign
		s.v.services = []zomro.Service{service("1", "old", zomro.StatusActive)}
		turns := 0
		for ; turns < 120 && !s.turn(); turns++ {
		}
		// Then all goes well, and the person wants no more of it.
		s.faults, s.spared = false, false
		s.v.settle()
		for i := range s.v.services {
			s.v.services[i].Status = zomro.StatusActive
		}
		for turns = 0; !s.turn(); turns++ {
			if turns > 400 {
				t.Fatalf("no end of it: %s", s.r.State)
			}
		}
		s.v.settle()
		charged := s.r.Charged()
		switch {
		case len(s.v.charges) > 1:
			t.Fatalf("paid %d times", len(s.v.charges))
		case len(s.v.charges) == 1 && charged == purchase.NotCharged:
			t.Fatalf("%s and said not to be charged, and it was", s.r.State)
		case len(s.v.charges) == 0 && charged == purchase.WasCharged:
			t.Fatalf("%s and said to be charged, and it was not", s.r.State)
		case len(s.v.charges) == 1 && !s.unlimited && s.v.charges[0].GreaterThan(s.agreed):
			t.Fatalf("paid %v, agreed %v", s.v.charges[0], s.agreed)
		}
		if len(s.v.charges) == 1 && s.unlimited {
			blind++
		}
		ends[fmt.Sprint(s.r.State, ", charged ", charged)]++
		if a := s.r.Approval; a != nil && s.r.State == purchase.StateActive && len(a.Votes) > 0 {
			approved++
		}
	})
	t.Log(ends, settled, blind, approved)
	if blind == 0 {
		t.Error("nothing was bought without a look at the cart")
	}
	if approved == 0 {
		t.Error("nothing was bought that others had approved")
	}
	for _, end := range []string{"active, charged yes", "cancelled, charged no"} {
		if ends[end] == 0 {
			t.Errorf("no purchase ended as %s", end)
		}
	}
}
