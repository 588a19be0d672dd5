package purchase

import (
	"cmp"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/zomro"
)

// Choice is a person's answer to a question.
type Choice string

// The answers; which of them a question takes is in [Question].Choices.
const (
	ChooseWithoutPromo Choice = "without_promo" // go on without the code
	ChooseOtherPromo   Choice = "other_promo"   // with another code, in Decided.Code
	ChooseAccept       Choice = "accept"        // pay the new price
	ChooseAgain        Choice = "again"         // look, or try, again
	ChooseEmptyCart    Choice = "empty_cart"    // empty the cart, then go on
	ChooseAnyway       Choice = "anyway"        // AskForeign: go on with what else is in the cart, without a promo code. AskItem: it is what was ordered. AskTrouble: go on without reading the cart
	ChooseGiveUp       Choice = "give_up"       // cancel; before paying the item is taken out of the cart
	ChooseBought       Choice = "bought"        // it was bought
	ChooseNotBought    Choice = "not_bought"    // it was not
)

// Answers that no question asks for.
const (
	ChooseApprove Choice = "approve" // for a purchase that waits for approvals: they name the number of its terms instead of a revision
	ChooseReject  Choice = "reject"
	ChooseCancel  Choice = "cancel" // for every purchase that is not being paid yet
)

// GivesUp reports whether the answer ends a purchase, where that is possible.
func (c Choice) GivesUp() bool { return c == ChooseCancel || c == ChooseGiveUp || c == ChooseReject }

// newTerms reports whether the answer changes what is bought at what price.
func (c Choice) newTerms() bool {
	switch c {
	case ChooseAccept, ChooseWithoutPromo, ChooseOtherPromo, ChooseAnyway:
		return true
	default:
		return false
	}
}

// QuestionKind is what a question is about.
type QuestionKind string

// The questions of a purchase.
const (
	AskPromo     QuestionKind = "promo"     // the promo code was refused, or cannot be seen to be accepted; with Was and Now: it was accepted, and lowered nothing
	AskPrice     QuestionKind = "price"     // the total is higher than agreed, in another currency, or cannot be read
	AskSurcharge QuestionKind = "surcharge" // the vendor is known to take more than its cart says
	AskForeign   QuestionKind = "foreign"   // something else is in the cart
	AskItem      QuestionKind = "item"      // the cart calls our items by another name than what was ordered
	AskPhone     QuestionKind = "phone"     // the vendor wants the account's phone verified before it sells
	AskFunds     QuestionKind = "funds"     // the balance is too small
	AskLogin     QuestionKind = "login"     // the session was lost and could not be renewed
	AskTrouble   QuestionKind = "trouble"   // Record.FailedCall did not succeed, and what can be seen says that it did nothing
	AskUnknown   QuestionKind = "unknown"   // it is not known what became of a writing call; Record.Evidence is what was found
)

// Question is what a person has to decide before the purchase goes on.
type Question struct {
	Kind    QuestionKind     `json:"kind"`
	Choices []Choice         `json:"choices"`
	Was     *zomro.Money     `json:"was,omitempty"`    // AskPrice and AskSurcharge: agreed. AskFunds: needed. AskPromo: before the code; nil: it was not accepted
	Now     *zomro.Money     `json:"now,omitempty"`    // AskPrice, AskSurcharge and AskPromo: the cart's total, nil: unreadable. AskFunds: what there is, nil: not known
	Items   []zomro.CartItem `json:"items,omitempty"`  // AskForeign, AskItem
	Since   time.Time        `json:"since,omitzero"`   // when it was first asked; zero: by a version that did not keep it
	Expires time.Time        `json:"expires,omitzero"` // unanswered until then, the purchase is given up; zero: never
	Again   time.Time        `json:"again,omitzero"`   // unanswered until then, the bot looks again; zero: only when somebody says so
	Number  int              `json:"number,omitempty"` // the revision with which it was first asked: what an answer names
}

// next is when something happens even if nobody answers; zero: never.
func (q *Question) next() time.Time {
	if q.Again.IsZero() || !q.Expires.IsZero() && q.Expires.Before(q.Again) {
		return q.Expires
	}
	return q.Again
}

// patience is how long a question waits before the purchase is given up, and how long one
// of a renewal does, which others of the account wait for and which is asked for again at
// once.
const (
	patience        = 24 * time.Hour
	renewalPatience = 15 * time.Minute
)

// again are the pauses after which the bot looks again even if nobody answers,
// where the answer can come by itself: a session is renewed, a payment is seen. The
// last one repeats.
var again = []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour}

// ask puts a question. Only a question about money that may have been paid waits
// for ever. While approvals are awaited nothing is asked: whoever gives the last
// one answers for all that is known then.
func (r *Record) ask(q Question, now time.Time) {
	if r.State == StateAwaiting {
		return
	}
	was := r.Pending
	same := was != nil && was.Kind == q.Kind
	switch {
	case r.State == StateUnknown && r.UnknownOf == CallConfirm:
	case same:
		q.Expires = was.Expires
	case r.Prolong != nil:
		q.Expires = now.Add(renewalPatience)
	default:
		q.Expires = now.Add(patience)
	}
	if same {
		q.Number, q.Since = was.Number, was.Since
	} else {
		q.Since, r.Asked = now, 0
	}
	if q.Kind == AskLogin || q.Kind == AskUnknown && r.UnknownOf == CallConfirm {
		q.Again = now.Add(again[min(r.Asked, len(again)-1)])
		r.Asked++
	}
	r.Question, r.Pending = &q, nil
}

// Open returns the question that somebody has to answer, also while the bot looks again without
// an answer; nil: none is open.
func (r Record) Open() *Question { return cmp.Or(r.Question, r.Pending) }

// lookAgain does again, without an answer, what the open question stopped. The
// question stays to be seen, and is asked again under its number.
func (r *Record) lookAgain(now time.Time) {
	q := *r.Question
	if r.State != StateUnknown { // there one more look is enough to ask again
		r.Attempts = 0
	}
	r.move(r.State, now)
	r.Pending = &q
}

// decided carries out a person's answer.
func (r *Record) decided(d Decided, now time.Time) error {
	q := r.Question
	if q == nil && r.InFlight == "" {
		q = r.Pending
	}
	if q == nil || d.Revision != cmp.Or(q.Number, r.Revision) || !has(q.Choices, d.Choice) {
		return ErrNoMove
	}
	if d.Choice == ChooseOtherPromo && d.Code == "" {
		return ErrNoMove
	}
	// In the unknown state the lost call is still what stopped the purchase.
	if r.State != StateUnknown {
		r.Failure, r.FailedCall = nil, ""
	}
	r.Attempts = 0
	if d.Choice.newTerms() {
		r.renew(d.Needed)
	}
	switch d.Choice {
	case ChooseAgain:
		r.move(r.State, now)
	case ChooseGiveUp:
		r.giveUp(now)
	case ChooseAccept:
		// The cart is read once more before it is paid: what was accepted
		// may be hours old.
		switch {
		case q.Kind == AskSurcharge:
			r.Surcharged = true
		case q.Now == nil:
			r.Unpriced = true
		default:
			r.Unpriced, r.Quote.Total, r.Quote.Carts = false, *q.Now, true
		}
		r.move(StatePricing, now)
	case ChooseAnyway:
		switch q.Kind {
		case AskForeign:
			r.Beside, r.CartAmiss = join(r.Beside, keys(q.Items)), false
		case AskItem:
			r.CartAmiss = false
			for _, item := range q.Items {
				r.Misnamed = join(r.Misnamed, []string{item.Name})
			}
		default:
			// The price is another matter, and asked about when it is due.
			r.Blind, r.Unpriced = true, false
		}
		r.move(r.State, now)
	case ChooseEmptyCart:
		r.move(StateChecking, now)
		r.Due = CallEmpty
	case ChooseWithoutPromo:
		r.Promo, r.PromoApplied = "", false
		r.move(StateInCart, now)
	case ChooseOtherPromo:
		r.Promo, r.PromoApplied = d.Code, false
		r.move(StateInCart, now)
	case ChooseBought:
		r.boughtByWord(now)
	case ChooseNotBought:
		if e := r.Evidence; e != nil && e.Services == ServicesNone && (e.Balance == BalanceSame || e.Balance == BalanceFree) &&
			e.Charges == ChargesNone && e.Orders == OrdersNone && !r.mayComeLate(now) && e.At.Sub(r.Sent) >= late {
			r.MaybePaid = false // all that was seen since it cannot come any more says so, too
		}
		r.contradicted(now)
		r.UnknownOf, r.ByWord = "", true
		r.giveUp(now)
	default:
		return ErrNoMove
	}
	return nil
}

// expired gives up a purchase whose question nobody answers.
func (r *Record) expired(now time.Time) error {
	if r.State == StateAwaiting && !now.Before(r.Approval.Until) {
		r.lapsed(now)
		return nil
	}
	q := r.Question
	switch {
	case q == nil:
		return errStill
	case !q.Expires.IsZero() && !now.Before(q.Expires):
		r.giveUp(now)
	case !q.Again.IsZero() && !now.Before(q.Again):
		r.lookAgain(now)
	default:
		return errStill
	}
	return nil
}

// contradicted keeps what speaks against a person's word that an item was not bought
// when others of the order were: what the balance has lost counts as taken, and the
// card still says that it is not known what for.
func (r *Record) contradicted(now time.Time) {
	e := r.Evidence
	if !r.MaybePaid || r.Bought == 0 || e == nil {
		return
	}
	r.Unclear = true
	others, known := decimal.Zero, false
	if e.Balance != BalanceNotKnown && e.Was != nil && e.Now != nil && e.Was.Currency == e.Now.Currency {
		others, known = r.takenForOthers(e.NewCharges, e.Claimed, e.New, e.Was.Currency)
	}
	switch {
	case r.Taken == nil:
	case known && r.Taken.Currency == e.Was.Currency:
		if lost := e.Was.Amount.Sub(e.Now.Amount).Sub(others); lost.IsPositive() {
			r.Taken = &zomro.Money{Amount: r.Taken.Amount.Add(lost), Currency: r.Taken.Currency}
		}
	case r.share(1) != nil && r.share(1).Currency == r.Taken.Currency: // rather too much than too little
		r.Taken = &zomro.Money{Amount: r.Taken.Amount.Add(r.share(1).Amount), Currency: r.Taken.Currency}
	}
	r.counted(*e, now)
	r.believeCharges()
}

// boughtByWord: a person says that it was bought. With several line items that
// means those that have left the cart, or else the one that was about to be paid; or all of them,
// if the balance has lost what they cost and as many servers are there: the cart can be an old one.
// The new servers that the evidence shows, without those of other purchases, are
// taken for those that were ordered if they are as many as there must be.
func (r *Record) boughtByWord(now time.Time) {
	e := Evidence{Balance: BalanceNotKnown}
	if r.Evidence != nil {
		e = *r.Evidence
	}
	items := r.items()
	switch e.Item {
	case ItemGone:
		e.Rows = len(items)
	case ItemSome:
		mine, _ := r.mine(*e.Cart)
		e.Rows = len(items) - len(mine)
	default:
		e.Rows = 1
		all := e
		all.Rows = len(items)
		if r.weighBalance(&all); all.Balance == BalanceDropped && len(e.unsold()) == r.each()*all.Rows {
			e.Rows = all.Rows
		}
	}
	var fresh []zomro.Service
	if unsold := e.unsold(); len(unsold) == r.each()*e.Rows {
		fresh = unsold
	}
	r.Services = merge(r.Services, fresh) // their charges are ours
	r.weighBalance(&e)
	r.bought(e, fresh, now)
}
