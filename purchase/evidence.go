package purchase

import (
	"time"

	"zomrobot/zomro"
)

// Verdict is what evidence says about a call whose outcome is not known.
type Verdict string

// The verdicts.
const (
	Done    Verdict = "done"
	NotDone Verdict = "not_done"
	Unclear Verdict = "unclear"
)

// ItemFact is what the cart says about our line item.
type ItemFact string

// Where our line item is.
const (
	ItemInCart   ItemFact = "in_cart"
	ItemGone     ItemFact = "gone"
	ItemNotKnown ItemFact = "not_known" // the cart cannot be read, or the line item has no id yet
)

// AddedFact is what the cart says about an item that may be ours and whose id
// is not known.
type AddedFact string

// What is in the cart that was not there before adding.
const (
	AddedNone     AddedFact = "none"
	AddedOne      AddedFact = "one"       // one item with one id, which costs what was agreed if it says what it costs
	AddedOther    AddedFact = "other"     // several items, one with two ids, one with another price, or the cart could not be read before adding
	AddedNotKnown AddedFact = "not_known" // the cart cannot be read
)

// TotalFact is what our item costs now against before the promo call.
type TotalFact string

// How the price moved.
const (
	TotalLower    TotalFact = "lower"
	TotalSame     TotalFact = "same"
	TotalHigher   TotalFact = "higher"
	TotalNotKnown TotalFact = "not_known" // one of the two cannot be read, or they are in two currencies
)

// ServicesFact is what the list of services says against the snapshot.
type ServicesFact string

// Which services are new.
const (
	ServicesNone     ServicesFact = "none"      // there is no new one
	ServicesOurs     ServicesFact = "ours"      // as many new ones as were ordered have the name given in the order; without a name, these are all the new ones and plan and datacenter are ours
	ServicesOther    ServicesFact = "other"     // there are new ones, and it is not certain that they are ours
	ServicesNotKnown ServicesFact = "not_known" // the list cannot be read, or there is no snapshot
)

// BalanceFact is what the balance says against the snapshot.
type BalanceFact string

// How the balance moved.
const (
	BalanceSame     BalanceFact = "same"
	BalanceDropped  BalanceFact = "dropped"   // by the price at least; by anything if the price is not known
	BalanceOther    BalanceFact = "other"     // by less than the price, or it grew
	BalanceFree     BalanceFact = "free"      // there is nothing to pay: it tells nothing
	BalanceNotKnown BalanceFact = "not_known" // one of the two cannot be read, or they cannot be compared
)

// Evidence is what was found out about a call whose outcome is not known: the
// facts that [Judge] judges by, and what they were taken from, to be shown.
type Evidence struct {
	Of      Call      `json:"of"`
	At      time.Time `json:"at"`                // of the last look
	Verdict Verdict   `json:"verdict,omitempty"` // of the last whole look
	InARow  int       `json:"inARow,omitempty"`  // whole looks in a row with this verdict

	Added    AddedFact    `json:"added,omitempty"`    // CallAdd
	Item     ItemFact     `json:"item,omitempty"`     // CallPromo, CallConfirm
	Total    TotalFact    `json:"total,omitempty"`    // CallPromo
	Services ServicesFact `json:"services,omitempty"` // CallConfirm
	Balance  BalanceFact  `json:"balance,omitempty"`  // CallConfirm

	Cart *zomro.Cart     `json:"cart,omitempty"` // as read; nil: it could not be
	New  []zomro.Service `json:"new,omitempty"`  // services that were not there before; without a snapshot, those that can be ours
	Was  *zomro.Money    `json:"was,omitempty"`  // spendable, before
	Now  *zomro.Money    `json:"now,omitempty"`  // spendable, at the last look
}

// Judge says what the facts mean. Its tables are in docs/purchase.md. What is
// not certain is Unclear; that a service is the newest is no fact at all.
func Judge(e Evidence) Verdict {
	switch e.Of {
	case CallAdd:
		switch e.Added {
		case AddedOne:
			return Done
		case AddedNone:
			return NotDone
		default:
			return Unclear
		}
	case CallPromo:
		switch {
		case e.Item == ItemInCart && e.Total == TotalLower:
			return Done
		case e.Item == ItemInCart && e.Total == TotalSame:
			return NotDone
		default:
			return Unclear
		}
	case CallConfirm:
		switch {
		case e.Item == ItemGone && e.Services == ServicesOurs &&
			(e.Balance == BalanceDropped || e.Balance == BalanceFree):
			return Done
		case e.Item == ItemInCart && e.Services == ServicesNone &&
			(e.Balance == BalanceSame || e.Balance == BalanceFree):
			return NotDone
		default:
			return Unclear
		}
	default:
		return Unclear
	}
}

// certain is how many looks in a row must say NotDone before it is believed: a
// call can be carried out late. With the pauses before them they take a minute.
const certain = 5

// looks are the pauses between two looks at the evidence; after the last one a
// person is asked.
var looks = []time.Duration{
	5 * time.Second, 10 * time.Second, 20 * time.Second, 30 * time.Second,
	time.Minute, 2 * time.Minute, 5 * time.Minute,
}

// reconcile gathers evidence: the cart, and for a confirm the services and the
// balance. What cannot be read is a fact that is not known.
func (r *Record) reconcile(a Answered, now time.Time) {
	if a.Failure != nil && a.Failure.Kind == zomro.Denied {
		r.fail(a.Call, *a.Failure)
		r.ask(Question{Kind: AskLogin, Choices: r.doubts()}, now)
		return
	}
	e := Evidence{Of: r.UnknownOf}
	if r.Evidence != nil {
		e = *r.Evidence
	}
	e.At = now
	switch a.Call {
	case CallCart:
		r.seeCart(&e, a.Cart)
		r.Due = CallServices
	case CallServices:
		r.seeServices(&e, a)
		r.Due = CallBalance
	default:
		r.seeBalance(&e, a.Balance)
		r.Due = ""
	}
	r.Evidence = &e
	if r.UnknownOf != CallConfirm || r.Due == "" {
		r.judge(e, now)
	}
}

// doubts are the answers to a question about an unknown outcome.
func (r *Record) doubts() []Choice {
	if r.UnknownOf == CallConfirm {
		return []Choice{ChooseBought, ChooseNotBought, ChooseAgain}
	}
	return []Choice{ChooseAgain, ChooseGiveUp}
}

func (r *Record) seeCart(e *Evidence, cart *zomro.Cart) {
	e.Cart = cart
	e.Added, e.Item, e.Total = "", "", ""
	if r.UnknownOf == CallAdd {
		e.Added = r.added(cart)
		return
	}
	e.Item = ItemNotKnown
	var item *zomro.CartItem
	if cart != nil && r.LineItem != "" {
		if item, _ = r.mine(*cart); item != nil {
			e.Item = ItemInCart
		} else {
			e.Item = ItemGone
		}
	}
	if r.UnknownOf != CallPromo {
		return
	}
	e.Total = TotalNotKnown
	if item == nil || r.CartTotal == nil {
		return
	}
	cost := price(*cart, *item)
	if cost == nil || cost.Currency != r.CartTotal.Currency {
		return
	}
	switch was := r.CartTotal.Amount; {
	case cost.Amount.LessThan(was):
		e.Total = TotalLower
	case cost.Amount.GreaterThan(was):
		e.Total = TotalHigher
	default:
		e.Total = TotalSame
	}
}

// added looks for the item that a lost CallAdd may have put into the cart.
func (r *Record) added(cart *zomro.Cart) AddedFact {
	if cart == nil {
		return AddedNotKnown
	}
	items := r.foreign(cart.Items)
	switch {
	case len(items) == 0:
		return AddedNone
	case len(items) > 1, r.Blind: // what is there may have been there before
		return AddedOther
	}
	item, quote := items[0], r.Quote.Total
	// Which of a row's two ids is the line item is not known [g].
	if item.ID != "" && item.Elid != "" && item.ID != item.Elid || key(item) == "" {
		return AddedOther
	}
	if item.Cost != nil && (item.Cost.Currency != quote.Currency || !item.Cost.Amount.Equal(quote.Amount)) {
		return AddedOther
	}
	return AddedOne
}

func (r *Record) seeServices(e *Evidence, a Answered) {
	e.Services, e.New = ServicesNotKnown, nil
	if a.Failure != nil {
		return
	}
	if r.Before == nil {
		e.New = r.ours(a.Services) // to be shown; it proves nothing
		return
	}
	e.New = r.unseen(a.Services)
	ours := r.ours(e.New)
	switch named := r.Order.ServerName != ""; {
	case len(e.New) == 0:
		e.Services = ServicesNone
	case len(ours) != r.count(),
		!named && len(e.New) != len(ours),
		!named && (r.PlanTitle == "" || r.DatacenterName == ""):
		e.Services = ServicesOther
	default:
		e.Services = ServicesOurs
	}
}

func (r *Record) seeBalance(e *Evidence, balance *zomro.Balance) {
	e.Balance, e.Was, e.Now = BalanceNotKnown, nil, nil
	if balance != nil {
		now := balance.Spendable()
		e.Now = &now
	}
	if r.Before != nil && r.Before.Balance != nil {
		was := r.Before.Balance.Spendable()
		e.Was = &was
	}
	if r.CartTotal != nil && r.CartTotal.Amount.IsZero() {
		e.Balance = BalanceFree
		return
	}
	if e.Was == nil || e.Now == nil || e.Was.Currency != e.Now.Currency ||
		(balance.Credit == nil) != (r.Before.Balance.Credit == nil) {
		return
	}
	drop := e.Was.Amount.Sub(e.Now.Amount)
	short := r.CartTotal != nil && r.CartTotal.Currency == e.Was.Currency && drop.LessThan(r.CartTotal.Amount)
	switch {
	case drop.IsZero():
		e.Balance = BalanceSame
	case drop.IsNegative(), short:
		e.Balance = BalanceOther
	default:
		e.Balance = BalanceDropped
	}
}

// judge ends a look: it believes the verdict, plans another look, or asks.
func (r *Record) judge(e Evidence, now time.Time) {
	verdict := Judge(e)
	if verdict != e.Verdict {
		e.InARow = 0
	}
	e.Verdict = verdict
	e.InARow++
	r.Evidence = &e
	r.Attempts++
	switch {
	case verdict == Done:
		r.wasDone(e, now)
	case verdict == NotDone && e.InARow >= certain:
		r.wasNotDone(e, now)
	case r.Attempts <= len(looks):
		r.Due, r.NextAt = CallCart, now.Add(looks[r.Attempts-1])
	case r.UnknownOf == CallPromo:
		r.wasNotDone(e, now) // harmless: the price decides
	default:
		r.Due = ""
		r.ask(Question{Kind: AskUnknown, Choices: r.doubts()}, now)
	}
}

// wasDone goes on after the call that turned out to be carried out.
func (r *Record) wasDone(e Evidence, now time.Time) {
	call := r.UnknownOf
	r.UnknownOf, r.Attempts = "", 0
	switch call {
	case CallAdd:
		r.LineItem = key(r.foreign(e.Cart.Items)[0])
		r.move(StateInCart, now)
	case CallPromo:
		r.promoted(now)
	default:
		r.paid(now)
	}
}

// wasNotDone stops before the call that was not carried out: only a person
// repeats it.
func (r *Record) wasNotDone(e Evidence, now time.Time) {
	call := r.UnknownOf
	r.UnknownOf, r.Attempts = "", 0
	switch call {
	case CallAdd:
		r.move(StateChecking, now)
	case CallPromo:
		if e.Item == ItemGone {
			r.move(StateInCart, now)
			r.askGone(now)
			return
		}
		r.askPromo(now)
		return
	default:
		r.move(StatePricing, now)
	}
	r.ask(Question{Kind: AskTrouble, Choices: []Choice{ChooseAgain, ChooseGiveUp}}, now)
}
