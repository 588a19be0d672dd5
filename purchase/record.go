package purchase

import (
	"slices"
	"time"

	"zomrobot/zomro"
	"zomrobot/zomro/profile"
)

// State is how far a purchase is.
type State string

// The states of a purchase; docs/purchase.md has the diagram of their moves.
const (
	StateAwaiting     State = "awaiting"      // waits for the approvals of its terms
	StateDrafted      State = "drafted"       // agreed to; waits for its turn at the account
	StateChecking     State = "checking"      // the cart and the balance are looked at
	StateAdding       State = "adding"        // CallAdd is under way
	StateInCart       State = "in_cart"       // LineItem is known
	StatePromoting    State = "promoting"     // CallPromo is under way
	StatePromoApplied State = "promo_applied" // the code was accepted
	StatePromoRefused State = "promo_refused" // it was not; a person is asked
	StatePricing      State = "pricing"       // what is about to be paid is checked
	StatePriced       State = "priced"        // the price is what was agreed; paying is next
	StatePaying       State = "paying"        // CallConfirm is under way
	StateSettling     State = "settling"      // CallConfirm was answered; its outcome is looked for
	StateOrdered      State = "ordered"       // the vendor has the order and has taken nothing for it; it is paid in the panel, or not
	StatePaid         State = "paid"          // paid; the service is looked for
	StateActivating   State = "activating"    // the service was found and is not active yet
	StateActive       State = "active"        // the end: every server is active
	StateCancelling   State = "cancelling"    // given up; our item is taken out of the cart
	StateCancelled    State = "cancelled"     // the end: given up before paying
	StateFailed       State = "failed"        // the end: the order was refused; or it was paid and the service never became active
	StateVanished     State = "vanished"      // the end: paid, but no service was found in the time for it
	StateUnknown      State = "unknown"       // it is not known whether UnknownOf was carried out
)

// States returns all states, in the order in which a purchase passes them.
func States() []State {
	return []State{
		StateAwaiting, StateDrafted, StateChecking, StateAdding, StateInCart, StatePromoting, StatePromoApplied,
		StatePromoRefused, StatePricing, StatePriced, StatePaying, StateSettling, StateOrdered, StatePaid, StateActivating,
		StateActive, StateCancelling, StateCancelled, StateFailed, StateVanished, StateUnknown,
	}
}

// Ended reports whether nothing more will happen in the state.
func (s State) Ended() bool {
	switch s {
	case StateActive, StateCancelled, StateFailed, StateVanished:
		return true
	default:
		return false
	}
}

// Quote is what the person agreed to pay.
type Quote struct {
	Total  zomro.Money  `json:"total"` // charged now; an accepted new price takes its place
	Price  zomro.Money  `json:"price"` // of the plan for one period, one server
	Period zomro.Period `json:"period"`
	Carts  bool         `json:"carts,omitempty"` // Total is as carts say it; else it is by the price list, tax excluded
}

// Opening is what a purchase is opened with.
type Opening struct {
	ID      string      // from [NewID]
	Draft   string      // the draft that it comes from; a draft opens one purchase
	Account string      // the vendor account that pays
	Order   zomro.Order // its Password is never kept

	// Prolong says that a server is paid on, and nothing ordered: then Order, Promo and
	// Quote are empty. Its price is agreed to once the cart has told it.
	Prolong *Prolongation

	Promo string // empty: none
	Quote Quote

	Neighbours *Neighbours // rows that may stand in the cart beside it; nil: none

	// Approval says what others have to say about the purchase: Needed,
	// Requester, Name, Own and Lives count. nil: it is a purchase of one person.
	// Needed 0: a team's purchase that needs no approval now, though new terms may.
	Approval *Approval

	// How the list of services will name the plan ("Cloud Essential") and the
	// datacenter ("Netherlands-3 [Cloud]"). Empty: not known.
	PlanTitle      string
	DatacenterName string
}

// Record is the journal of one purchase. It is a value: [Step] returns a new
// one and leaves the old one, with all that it points to, as it was. It holds
// no secret.
type Record struct {
	ID      string      `json:"id"`
	Draft   string      `json:"draft"`
	Account string      `json:"account"`
	Order   zomro.Order `json:"order"`

	Prolong *Prolongation `json:"prolong,omitempty"` // nil: servers are ordered

	PlanTitle      string    `json:"planTitle,omitempty"`
	DatacenterName string    `json:"datacenterName,omitempty"`
	Promo          string    `json:"promo,omitempty"`        // the code asked for; empty once the person goes on without
	PromoApplied   bool      `json:"promoApplied,omitempty"` // it was accepted; what it saved is CartTotal against Full
	Quote          Quote     `json:"quote"`
	Approval       *Approval `json:"approval,omitempty"` // nil: a purchase of one person

	State    State     `json:"state"`
	Revision int       `json:"revision"`           // grows by one with each move
	Opened   time.Time `json:"opened"`             // when it was drafted
	Since    time.Time `json:"since"`              // when State was reached
	InFlight Call      `json:"inFlight,omitempty"` // what may be on the wire
	Due      Call      `json:"due,omitempty"`      // what is called next
	Question *Question `json:"question,omitempty"` // what a person has to decide first
	Pending  *Question `json:"pending,omitempty"`  // the question that is open while the bot looks again without an answer

	Attempts int       `json:"attempts,omitempty"` // tries, looks or rounds made so far, as the state counts them
	Asked    int       `json:"asked,omitempty"`    // how often the question was asked again without an answer
	NextAt   time.Time `json:"nextAt,omitzero"`    // Due is not called before
	Until    time.Time `json:"until,omitzero"`     // once paid: when following ends

	Balance    *zomro.Balance `json:"balance,omitempty"`    // as last read
	Checked    bool           `json:"checked,omitempty"`    // the order's name was compared with those of the account's servers
	Beside     []string       `json:"beside,omitempty"`     // items of others in the cart that are known and accepted
	Neighbours *Neighbours    `json:"neighbours,omitempty"` // rows that may stand beside ours; nil: none was said to
	Siblings   Siblings       `json:"siblings,omitzero"`    // as the last look at the cart found them
	Crowded    time.Time      `json:"crowded,omitzero"`     // since when it waits for siblings
	Impeded    time.Time      `json:"impeded,omitzero"`     // since when another purchase holds back what it announces
	CartAsked  time.Time      `json:"cartAsked,omitzero"`   // when the last look at the cart was begun
	CartAt     time.Time      `json:"cartAt,omitzero"`      // when the cart was last found in order or, with Blind, could not be read
	CartAmiss  bool           `json:"cartAmiss,omitempty"`  // the cart, when it could last be read, was not in order
	Misnamed   []string       `json:"misnamed,omitempty"`   // what the cart calls our items, and the person accepts
	Blind      bool           `json:"blind,omitempty"`      // the person goes on although the cart cannot be read
	CartTotal  *zomro.Money   `json:"cartTotal,omitempty"`  // what the cart said that our unpaid items cost; nil: not yet, or unreadable
	RowsCost   *zomro.Money   `json:"rowsCost,omitempty"`   // what its rows say that they cost; nil: not yet, or unreadable
	Full       *zomro.Money   `json:"full,omitempty"`       // what it said just before the promo call; nil: not yet, or unreadable
	Unpriced   bool           `json:"unpriced,omitempty"`   // the person accepts that the price cannot be read
	Added      bool           `json:"added,omitempty"`      // an add was announced that may have been carried out
	AddLost    bool           `json:"addLost,omitempty"`    // what became of an add was not known: there may be a row of it that is not LineItem
	AddedAt    time.Time      `json:"addedAt,omitzero"`     // when LineItem became known; zero: it is not, or a former version wrote this
	LineItem   string         `json:"lineItem,omitempty"`   // what CallConfirm pays
	More       []string       `json:"more,omitempty"`       // further line items of the order that are not paid, each for as many servers
	Found      bool           `json:"found,omitempty"`      // LineItem was found in the cart; no answer has named it
	CartRow    string         `json:"cartRow,omitempty"`    // the cart row that CallRemove takes out
	CartElid   string         `json:"cartElid,omitempty"`   // its other id
	Before     *Snapshot      `json:"before,omitempty"`     // just before paying
	Earlier    *Snapshot      `json:"earlier,omitempty"`    // before a confirm that was found not to be carried out; what it may have taken anyway is seen by comparison
	Sent       time.Time      `json:"sent,omitzero"`        // when the last CallConfirm was announced; zero: none was

	Confirms int          `json:"confirms,omitempty"` // how many were announced, and may have been sent
	Bought   int          `json:"bought,omitempty"`   // servers that are known to be paid
	Ordered  int          `json:"ordered,omitempty"`  // servers that were ordered, when the rest was given up: Order.Count is Bought then
	Taken    *zomro.Money `json:"taken,omitempty"`    // what the balance has lost for them; nil: nothing yet, or not known

	Failure    *Failure `json:"failure,omitempty"` // why FailedCall did not succeed
	FailedCall Call     `json:"failedCall,omitempty"`

	UnknownOf Call      `json:"unknownOf,omitempty"` // StateUnknown: the call whose outcome is not known
	Evidence  *Evidence `json:"evidence,omitempty"`  // what the last complete look found out about it
	Look      *Evidence `json:"look,omitempty"`      // what the look under way has found
	MaybePaid bool      `json:"maybePaid,omitempty"` // it may have been paid; nothing but evidence ends the doubt

	GivenUp  bool    `json:"givenUp,omitempty"`  // a person, or the time, wants it cancelled
	ByWord   bool    `json:"byWord,omitempty"`   // a person said that it was not bought
	Removal  Removal `json:"removal,omitempty"`  // what became of CallRemove
	Unsure   bool    `json:"unsure,omitempty"`   // of a row that has gone since: it need not have gone by CallRemove
	ItemLeft bool    `json:"itemLeft,omitempty"` // at an end, or paid on: our item is, or may be, still in the cart

	Standing []zomro.CartItem `json:"standing,omitempty"` // rows of others in the cart before CallRemove
	Astray   []zomro.CartItem `json:"astray,omitempty"`   // those of them that were gone after it, while ours stood there still

	PaidAt   time.Time       `json:"paidAt,omitzero"`    // when it was known that it is paid
	Unclear  bool            `json:"unclear,omitempty"`  // more may be paid than Bought says, but that is not known
	Unseen   bool            `json:"unseen,omitempty"`   // the money could not be looked at again: Taken is what it was at the payment
	Closing  *Closing        `json:"closing,omitempty"`  // the next look at its money; nil: there is none
	Counted  *Counted        `json:"counted,omitempty"`  // how far Taken and Charges count
	Charges  []zomro.Charge  `json:"charges,omitempty"`  // that name our servers, as the vendor lists them
	Missing  int             `json:"missing,omitempty"`  // looks in a row that found our servers deleted, or gone
	Services []zomro.Service `json:"services,omitempty"` // found; more than ordered when namesakes were opened meanwhile

	Vendor     Vendor           `json:"vendor,omitzero"`      // what was known of the vendor when it began
	Surcharged bool             `json:"surcharged,omitempty"` // the person accepts that more may be taken than the cart says
	Said       profile.Answer   `json:"said,omitempty"`       // what the answer to the last CallConfirm seemed to say
	First      *First           `json:"first,omitempty"`      // nil: the first look after the confirm was not made at once, or is to come
	Lessons    []profile.Lesson `json:"lessons,omitempty"`    // what was seen of the vendor
}

// Removal is what became of taking our item out of the cart.
type Removal string

// The outcomes of a removal; the zero value is none yet.
const (
	RemovalDone   Removal = "done"   // the vendor said so
	RemovalFailed Removal = "failed" // it said no, or did not answer

	// RemovalRepeated: the vendor said so of one that was not the first; which of them it was is
	// not known.
	RemovalRepeated Removal = "repeated"
)

// Snapshot is what was there before paying: what evidence is compared with.
type Snapshot struct {
	At       time.Time      `json:"at"`
	Services []Seen         `json:"services,omitempty"`
	Balance  *zomro.Balance `json:"balance,omitempty"` // nil: could not be read
	Cart     []string       `json:"cart,omitempty"`    // the rows
	Charges  []string       `json:"charges"`           // ids of the newest; nil: could not be read
	Orders   []string       `json:"orders"`            // items ordered and not paid; nil: could not be read
}

// Seen is a service of a [Snapshot].
type Seen struct {
	ID     string       `json:"id"`
	Name   string       `json:"name"`
	Status zomro.Status `json:"status,omitempty"`
}

// has reports whether the service was there, and not merely ordered: the vendor may
// list what is in the cart, or is not paid.
func (s *Snapshot) has(id string) bool {
	return s != nil && slices.ContainsFunc(s.Services, func(seen Seen) bool {
		return seen.ID == id && seen.Status != zomro.StatusOrdered
	})
}

// Charged is what is known about the money of a purchase.
type Charged string

// What is known about the money.
const (
	NotCharged   Charged = "no"
	WasCharged   Charged = "yes"
	MaybeCharged Charged = "unknown"
)

// New returns the record of a purchase that a person agreed to at the time now.
func New(o Opening, now time.Time) Record {
	now = now.UTC()
	o.Order.Password = zomro.Secret{}
	if o.Order.ServerName == "" && o.Prolong == nil {
		o.Order.ServerName = OwnName(o.ID)
	}
	o.Order.Addons = slices.Clone(o.Order.Addons)
	r := Record{
		ID: o.ID, Draft: o.Draft, Account: o.Account,
		Order: o.Order, Prolong: o.Prolong, PlanTitle: o.PlanTitle, DatacenterName: o.DatacenterName,
		Promo: o.Promo, Quote: o.Quote, Neighbours: o.Neighbours,
		Revision: 1, Opened: now,
	}
	if a := o.Approval; a != nil {
		r.Approval = &Approval{Needed: a.Needed, Requester: a.Requester, Name: a.Name, Own: a.Own, Lives: a.Lives, Terms: 1}
	}
	r.move(StateDrafted, now)
	return r
}

// Holds reports whether the purchase occupies its account's cart: no other purchase
// of the account may be started meanwhile. It does from Started until it is paid,
// cancelled or failed and its money was looked at once more, and as long as an
// outcome is unknown; while it waits for approvals, only with an item in the cart.
func Holds(r Record) bool {
	if r.holdsForMoney() {
		return true
	}
	switch r.State {
	case StateAwaiting:
		return r.LineItem != ""
	case StateDrafted, StateOrdered, StatePaid, StateActivating:
		return false
	default:
		return !r.State.Ended()
	}
}

// Counting reports whether the purchase keeps its account only until what it cost was looked
// at once more: nothing else of it stands in the way of the next one.
func Counting(r Record) bool {
	if !r.holdsForMoney() {
		return false
	}
	r.Closing = nil
	return !Holds(r)
}

// Charged returns what is known about the money.
func (r Record) Charged() Charged {
	switch {
	case !r.PaidAt.IsZero(), r.Bought > 0:
		return WasCharged
	case r.State == StatePaying, r.MaybePaid, r.unsent() && !r.State.Ended():
		return MaybeCharged
	default:
		return NotCharged
	}
}

// MoreThanAgreed reports whether more was taken than was agreed to: tax, or
// what the vendor's cart did not say.
func (r Record) MoreThanAgreed() bool {
	return r.Taken != nil && r.Quoted() &&
		(r.Taken.Currency != r.Quote.Total.Currency || r.Taken.Amount.GreaterThan(r.Quote.Total.Amount))
}

// items are our line items that are not paid.
func (r *Record) items() []string {
	if r.LineItem == "" {
		return nil
	}
	return append([]string{r.LineItem}, r.More...)
}

// move puts the record at the beginning of a state. Attempts stay: a state may be
// entered again to repeat what failed. On the way to paying, terms that are not
// approved wait for approval first.
func (r *Record) move(state State, now time.Time) {
	if state.towardsPaying() && r.unapproved() {
		r.await(state, now)
		state = StateAwaiting
	}
	if r.State != state {
		r.State, r.Since = state, now
	}
	r.Due, r.NextAt, r.Question, r.Pending = r.first(), time.Time{}, nil, nil
}

// first is the call with which the state begins.
func (r *Record) first() Call {
	switch r.State {
	case StateChecking:
		if !r.Checked && !r.owned() {
			return CallServices
		}
		return CallCart
	case StateUnknown:
		if r.UnknownOf == CallConfirm {
			return CallServices
		}
		return CallCart
	case StateCancelling:
		return CallCart
	case StateInCart:
		if r.Promo != "" {
			return CallCart
		}
		return CallServices
	case StatePromoApplied, StatePricing, StateSettling, StateOrdered, StatePaid, StateActivating:
		return CallServices
	case StatePriced:
		return CallConfirm
	default: // a call is under way, a person is asked, or it is the end
		return ""
	}
}
