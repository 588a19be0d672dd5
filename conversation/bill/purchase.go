package bill

import (
	"time"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/purchase"
	"zomrobot/zomro"
	"zomrobot/zomro/profile"
)

// ShowPurchases sends the state of the person's open purchases, each as its
// own card, as a new message (/status).
type ShowPurchases struct{}

func (ShowPurchases) Effect() {}

// Purchase is what a person sees of a purchase. The journal's record is not
// known here; the engine fills this in from it, and [RenderPurchase] makes the
// card of it. A purchase has one card, edited in place while it moves; what
// must be noticed comes as a new message.
type Purchase struct {
	ID       string                 // "A7K-42"
	Owner    chat.Key               // whose it is, and where
	Revision int                    // of the record: a button of an older one is stale
	Stage    Stage                  // how far it is
	Order    conversation.Agreed    // what was agreed to
	PaysOn   *purchase.Prolongation // the server that is paid on; nil: servers are ordered
	Promo    string                 // the code asked for; "" none
	Promoted bool                   // the code was accepted
	LineItem string                 // "" not yet
	Full     *zomro.Money           // what the cart said before the promo code; nil: not yet, or unreadable
	Price    *zomro.Money           // what the cart said; nil: not yet, or unreadable
	Balance  *zomro.Balance         // as it was last read; nil: not known
	Unpriced bool                   // the person agreed to pay a price that cannot be read
	Place    int                    // with StageQueued: purchases of the account before it
	Services []zomro.Service        // once found, with their newest known states
	ItemLeft bool                   // at an end, or paid on: the item is, or may be, still in the cart; it can be removed in the vendor's panel
	Astray   []zomro.CartItem       // with ItemLeft: what has gone from the cart when ours was to be taken out; empty ones: not told what
	Since    time.Time              // when the stage was reached
	Question *Question              // set: a person must decide
	Problem  *conversation.Problem  // why it stopped
	Call     purchase.Call          // with Problem: the call it stopped at
	Held     *conversation.Held     // set: it may not go on for now
	Crowded  bool                   // it waits until other orders have left the cart
	Impeded  bool                   // it waits until another order, perhaps of the same cart, has got further
	Charged  purchase.Charged       // whether money moved
	Unsent   bool                   // with PaysOn: no payment was sent
	Seen     []chat.Phrase          // with Unsent, at its end: what has changed at the account
	Blocked  bool                   // the purchase before it waits for an answer from whoever ordered that one
	Counting bool                   // the purchase before it is paid, and what it cost is looked at once more
	Unclear  bool                   // more may be paid than Bought says
	Unseen   bool                   // what was taken could not be checked again
	Taken    *zomro.Money           // what the balance has lost for it; nil: nothing yet, or not known
	Charges  []zomro.Charge         // the vendor's rows of it, as far as they are known
	Bought   int                    // servers that are known to be paid
	Surplus  bool                   // more servers are there than were ordered
	Named    string                 // the name at the vendor, if it is not the one that was given
	Approval *Approval              // nil: a purchase of one person; never with StageAwaiting

	Deleted map[string]time.Time // of Services, by id, those that were deleted through the bot, and when
	Missing map[string]time.Time // likewise, those that the vendor does not list any more, and since when; zero: it is listed again
	Gone    conversation.Deleted // both, counted

	MoreThanAgreed bool     // more was taken than was agreed to
	Withheld       bool     // with it: how much is told to the account's holder alone
	ApprovedBy     []string // with it, of a team: who had approved what was agreed to
}

// Stage is how far a purchase is, as a person needs to know it.
type Stage string

// The stages of a purchase.
const (
	StageAwaiting   Stage = "awaiting"   // waits for the approvals of others
	StageQueued     Stage = "queued"     // waits for another purchase of the account
	StageAdding     Stage = "adding"     // is being put into the cart
	StageInCart     Stage = "in_cart"    // has a line item
	StagePromo      Stage = "promo"      // the promo code is being applied
	StagePricing    Stage = "pricing"    // the cart's total is compared with what was agreed
	StagePaying     Stage = "paying"     // is being paid
	StageSettling   Stage = "settling"   // the vendor has answered; whether it is paid is looked for
	StageOrdered    Stage = "ordered"    // the vendor has the order and has taken nothing for it
	StagePaid       Stage = "paid"       // paid; the service is looked for
	StageActivating Stage = "activating" // the service was found and is not active yet
	StageActive     Stage = "active"
	StageCancelling Stage = "cancelling" // given up; our item is being taken out of the cart
	StageCancelled  Stage = "cancelled"
	StageFailed     Stage = "failed"
	StageUnknown    Stage = "unknown"  // it is not known whether the last call was carried out
	StageVanished   Stage = "vanished" // paid, but no service was found in the time for it
)

// StageOf returns the stage that a person is told for a state of the journal.
func StageOf(s purchase.State) Stage {
	switch s {
	case purchase.StateAwaiting:
		return StageAwaiting
	case purchase.StateDrafted:
		return StageQueued
	case purchase.StateChecking, purchase.StateAdding:
		return StageAdding
	case purchase.StateInCart:
		return StageInCart
	case purchase.StatePromoting, purchase.StatePromoRefused:
		return StagePromo
	case purchase.StatePromoApplied, purchase.StatePricing, purchase.StatePriced:
		return StagePricing
	case purchase.StatePaying:
		return StagePaying
	case purchase.StateSettling:
		return StageSettling
	case purchase.StateOrdered:
		return StageOrdered
	case purchase.StatePaid:
		return StagePaid
	case purchase.StateActivating:
		return StageActivating
	case purchase.StateActive:
		return StageActive
	case purchase.StateCancelling:
		return StageCancelling
	case purchase.StateCancelled:
		return StageCancelled
	case purchase.StateFailed:
		return StageFailed
	case purchase.StateVanished:
		return StageVanished
	default: // StateUnknown
		return StageUnknown
	}
}

// Ended reports whether nothing more will happen.
func (s Stage) Ended() bool {
	switch s {
	case StageActive, StageCancelled, StageFailed, StageVanished:
		return true
	default:
		return false
	}
}

// underWay reports whether something of the order is still unpaid, or the bot is
// looking whether it is.
func (s Stage) underWay() bool {
	switch s {
	case StageAwaiting, StagePricing, StagePaying, StageSettling, StageUnknown, StageCancelling:
		return true
	default:
		return false
	}
}

// Question is what a person is asked about a purchase.
type Question struct {
	Kind     purchase.QuestionKind
	Choices  []purchase.Choice // what can be answered, in order
	Was      *zomro.Money      // AskPrice: what was agreed. AskFunds: what is needed. AskPromo: the price before the code
	Now      *zomro.Money      // AskPrice, AskSurcharge and AskPromo: what the cart says; nil: it cannot be read. AskFunds: what there is
	Tax      *zomro.Money      // AskPrice: what of Now the cart adds to what its rows say; nil: nothing, or that is not known
	Items    []zomro.CartItem  // AskForeign: what else is in the cart. AskItem: what the cart calls ours
	Unpaid   bool              // AskForeign: they are of another purchase that is not paid yet
	Earlier  int               // AskForeign: how many of them may come from an earlier attempt of this purchase
	Left     int               // AskForeign: how many of them purchases that have ended have left there
	Tried    int               // AskForeign: how many of them trials have
	Scope    profile.Answer    // AskForeign: what a confirm is known to pay; "": that is not known
	Others   int               // AskForeign, in place of Items: how many they are
	Evidence []chat.Phrase     // AskUnknown: what was found, in words
}
