package purchase

import (
	"errors"
	"time"

	"zomrobot/zomro"
)

// ErrNoMove is returned by Step for an event that its state does not allow.
var ErrNoMove = errors.New("purchase: no such move")

// Call is one call to the vendor that a purchase makes.
type Call string

// The calls of a purchase.
const (
	CallServices Call = "services" // reads the list of services
	CallBalance  Call = "balance"  // reads the balance
	CallCart     Call = "cart"     // reads the cart
	CallAdd      Call = "add"      // writes: puts the order into the cart
	CallPromo    Call = "promo"    // writes: applies the promo code
	CallConfirm  Call = "confirm"  // writes: pays from the balance
	CallRemove   Call = "remove"   // writes: takes our line item out of the cart
	CallEmpty    Call = "empty"    // writes: empties the cart
)

// Event is something that happened to a purchase.
type Event interface{ event() }

// Started: it is this purchase's turn at its account.
type Started struct{}

// Calling: the call is about to be made.
type Calling struct{ Call Call }

// Answered: the call came back. Exactly one of the results is set, as the call
// has one, or Failure.
type Answered struct {
	Call     Call
	Failure  *Failure
	LineItem string          // CallAdd
	Cart     *zomro.Cart     // CallCart
	Services []zomro.Service // CallServices
	Balance  *zomro.Balance  // CallBalance
}

// Failure is an error of the vendor's client, as kept in the journal.
type Failure struct {
	Kind    zomro.Kind        `json:"kind"`
	Code    string            `json:"code,omitempty"`
	Object  string            `json:"object,omitempty"`
	Message string            `json:"message,omitempty"`
	Params  map[string]string `json:"params,omitempty"`
}

// Decided: a person answered the question of this revision.
type Decided struct {
	Revision int
	Choice   Choice
	Code     string // ChooseOtherPromo: the new code
}

// Restarted: the program was started; a call that was under way is lost.
type Restarted struct{}

// Tick: the time that Wait asked for has come.
type Tick struct{}

func (Started) event()   {}
func (Calling) event()   {}
func (Answered) event()  {}
func (Decided) event()   {}
func (Restarted) event() {}
func (Tick) event()      {}

// ActionKind is what the caller does next.
type ActionKind string

// The kinds of action.
const (
	Queue ActionKind = "queue" // wait for its turn at the account, then Started
	Do    ActionKind = "do"    // make Action.Call
	Ask   ActionKind = "ask"   // a person must decide
	Wait  ActionKind = "wait"  // until Action.Until, then Tick
	End   ActionKind = "end"   // nothing more will happen
)

// Action is what Next says.
type Action struct {
	Kind  ActionKind
	Call  Call
	Until time.Time
}

// Quote is what the person agreed to pay.
type Quote struct {
	Total  zomro.Money  `json:"total"` // charged now, tax excluded
	Price  zomro.Money  `json:"price"` // of the plan for one period, one server
	Period zomro.Period `json:"period"`
}

// Choice is a person's answer to a question.
type Choice string

// The answers; which of them a question takes is in [Question].Choices.
const (
	ChooseWithoutPromo Choice = "without_promo" // go on without the code
	ChooseOtherPromo   Choice = "other_promo"   // with another code, in Decided.Code
	ChooseAccept       Choice = "accept"        // pay the new price
	ChooseAgain        Choice = "again"         // look, or try, again
	ChooseEmptyCart    Choice = "empty_cart"    // empty the cart, then go on
	ChooseAnyway       Choice = "anyway"        // go on although something else is in the cart, without a promo code
	ChooseGiveUp       Choice = "give_up"       // cancel; before paying the item is taken out of the cart
	ChooseBought       Choice = "bought"        // it was bought
	ChooseNotBought    Choice = "not_bought"    // it was not
)

// QuestionKind is what a question is about.
type QuestionKind string

// The questions of a purchase.
const (
	AskPromo   QuestionKind = "promo"   // the promo code was refused
	AskPrice   QuestionKind = "price"   // the total is higher than agreed, or cannot be read
	AskForeign QuestionKind = "foreign" // something else is in the cart
	AskGone    QuestionKind = "gone"    // our line item left the cart before it was paid
	AskFunds   QuestionKind = "funds"   // the balance is too small
	AskLogin   QuestionKind = "login"   // the session was lost and could not be renewed
	AskTrouble QuestionKind = "trouble" // a reading call keeps failing; nothing was done since
	AskUnknown QuestionKind = "unknown" // it is not known what became of a writing call
)

// Question is what a person has to decide before the purchase goes on.
type Question struct {
	Kind    QuestionKind     `json:"kind"`
	Choices []Choice         `json:"choices"`
	Was     *zomro.Money     `json:"was,omitempty"`   // AskPrice: agreed. AskFunds: needed
	Now     *zomro.Money     `json:"now,omitempty"`   // AskPrice: the cart's total, nil: unreadable. AskFunds: what there is
	Items   []zomro.CartItem `json:"items,omitempty"` // AskForeign
}
