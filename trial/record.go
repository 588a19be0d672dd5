package trial

import (
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/chat"
	"zomrobot/zomro"
	"zomrobot/zomro/profile"
)

// Stage is how far an experiment is.
type Stage string

// The stages of an experiment.
const (
	Preparing  Stage = "preparing"  // what it depends on is read
	Consenting Stage = "consenting" // the person is asked
	Queued     Stage = "queued"     // waits for its place at the account, which no purchase has meanwhile
	Working    Stage = "working"    // its calls are made
	Panel      Stage = "panel"      // the person is to put a plan into the panel's cart
	Looking    Stage = "looking"    // what a confirm did is looked for, several times
	Buying     Stage = "buying"     // an ordinary purchase goes on
	Deleting   Stage = "deleting"   // an ordinary job deletes what was bought
	Cleaning   Stage = "cleaning"   // its own rows are taken out of the cart
)

// How says how an experiment ended.
type How string

// The ways in which experiments end.
const (
	Done    How = "done"
	Stopped How = "stopped" // by the person
	Failed  How = "failed"  // Outcome.Failure says why
	Lost    How = "lost"    // a call was under way when the program ended, or the store is an older copy; it can be begun again
	Alarm   How = "alarm"   // something suggests that something was bought that nobody meant to buy: Outcome.Saw
)

// Record is the trial of an account as it is kept. It is a value: [Step] returns a new one.
// It holds no secret.
type Record struct {
	ID          string    `json:"id"`
	Owner       chat.Key  `json:"owner"`       // whose card it is, in private
	Account     string    `json:"account"`     // the vendor's account, one of the owner's
	AccountName string    `json:"accountName"` // as it is shown
	Opened      time.Time `json:"opened"`
	Revision    int       `json:"revision"`
	Ended       time.Time `json:"ended,omitzero"` // the person has closed it; it can be taken up again
	Due         time.Time `json:"due,omitzero"`   // when it wants a tick; zero: never

	Refresh bool                       `json:"refresh,omitempty"` // the account is looked at anew
	Tries   int                        `json:"tries,omitempty"`   // looks at it in a row that failed
	NextAt  time.Time                  `json:"nextAt,omitzero"`   // it is not looked at before
	Rate    *decimal.Decimal           `json:"rate,omitempty"`    // how many times of its rows a cart's total was at most, when one was last seen: 1.2 with 20 % tax; nil: none was
	Dearer  *decimal.Decimal           `json:"dearer,omitempty"`  // how many times of the price list a row of the cart was, when one was last compared; nil: it was not more
	Around  *Around                    `json:"around,omitempty"`  // what the account showed when it was last looked at; nil: not yet
	Running *Run                       `json:"running,omitempty"` // the experiment under way
	AddedBy time.Time                  `json:"addedBy,omitzero"`  // all that its calls put into the cart is there by then; zero: they put nothing there
	Idle    *Run                       `json:"idle,omitempty"`    // the one of the session, which goes on beside others
	Done    map[profile.Source]Outcome `json:"done,omitempty"`    // the last end of each

	Taken *decimal.Decimal `json:"taken,omitempty"` // how many times of what was asked for was taken, when more was; nil: it was not

	Beside []Server `json:"beside,omitempty"` // of all experiments: what was paid for beside their purchases
}

// Around is what conditions and prices of experiments rest on.
type Around struct {
	At      time.Time        `json:"at"`
	Balance *zomro.Balance   `json:"balance,omitempty"` // nil: it could not be read
	Cart    []zomro.CartItem `json:"cart"`              // nil: it could not be read
	First   *Goods           `json:"first,omitempty"`   // the cheapest plan by the day; nil: there is none
	Second  *Goods           `json:"second,omitempty"`  // the second cheapest
	Dear    *Goods           `json:"dear,omitempty"`    // one that costs at least twice of what can be spent
	Left    []Server         `json:"left,omitempty"`    // servers that a trial of the account has left behind
	Others  bool             `json:"others,omitempty"`  // a purchase of the account is open
	Halted  bool             `json:"halted,omitempty"`  // purchases are stopped
	Renews  bool             `json:"renews,omitempty"`  // the login is kept: the bot can log in anew
	Failure *Failure         `json:"failure,omitempty"` // the first thing that could not be read
}

// Goods is something that can be ordered.
type Goods struct {
	Plan           string       `json:"plan"`
	Title          string       `json:"title"` // "Essential Intel"
	Datacenter     string       `json:"datacenter"`
	DatacenterName string       `json:"datacenterName"`
	Image          string       `json:"image"` // no Windows
	ImageLabel     string       `json:"imageLabel"`
	Period         zomro.Period `json:"period"`
	Price          zomro.Money  `json:"price"` // of one server for the period, as the price list says it
	Most           zomro.Money  `json:"most"`  // what the cart may say for it: with the tax that one was seen to add
}

// Run is an experiment under way.
type Run struct {
	Source profile.Source `json:"source"`
	Tag    string         `json:"tag,omitempty"` // of its trial, in the names of its servers
	Stage  Stage          `json:"stage"`
	Begun  time.Time      `json:"begun"`
	Since  time.Time      `json:"since"`           // when the stage was reached
	Code   string         `json:"code,omitempty"`  // the person's own promo code; "": they have none
	Goods  []Goods        `json:"goods,omitempty"` // what it puts into the cart, or buys
	Cost   *zomro.Money   `json:"cost,omitempty"`  // what it can cost at most; nil: nothing
	Typed  bool           `json:"typed,omitempty"` // the person has typed Cost

	Terminal bool `json:"terminal,omitempty"` // it was begun in a terminal, which shows it

	Todo     []Move    `json:"todo,omitempty"`     // what is called next, in this order
	InFlight Call      `json:"inFlight,omitempty"` // what may be on the wire
	Sent     time.Time `json:"sent,omitzero"`      // when a call was last announced
	NextAt   time.Time `json:"nextAt,omitzero"`    // nothing is called before
	Tries    int       `json:"tries,omitempty"`    // in a row that failed, or as the stage counts them
	Removals int       `json:"removals,omitempty"` // how often a row was taken out since the stage was reached

	Before *Sight          `json:"before,omitempty"` // before it wrote
	Now    Sight           `json:"now,omitzero"`     // as last seen
	Asked  time.Time       `json:"asked,omitzero"`   // when the look was begun that Now.Cart is of
	Beside time.Time       `json:"beside,omitzero"`  // since when purchases of other logins hold back what it announces; zero: none does
	Looks  int             `json:"looks,omitempty"`  // more of them at what is not believed at once
	Missed bool            `json:"missed,omitempty"` // the person's own code was unknown while the cart was empty
	Added  int             `json:"added,omitempty"`  // rows that its calls may have put into the cart
	Unsure bool            `json:"unsure,omitempty"` // the answer to such a call was lost: it may still be carried out
	Lines  []string        `json:"lines,omitempty"`  // the line items that answers named
	Of     []int           `json:"of,omitempty"`     // which of Goods each of Lines is
	Shown  []string        `json:"shown,omitempty"`  // those of Lines that the cart has shown
	Model  *zomro.CartItem `json:"model,omitempty"`  // the first row that an answer named, as the cart showed it
	Owed   []int           `json:"owed,omitempty"`   // of which Goods rows may still come: each was added, and no look has shown it yet
	Kin    []string        `json:"kin,omitempty"`    // rows that no answer named, and that are certainly its own all the same
	Late   bool            `json:"late,omitempty"`   // one of these was shown later than the row that was named
	Theirs []string        `json:"theirs,omitempty"` // rows of open purchases, when the cart was last seen
	Older  bool            `json:"older,omitempty"`  // the store is an older copy: what it has put in since is not known

	Taken  string `json:"taken,omitempty"`  // the id of the row that was taken out last
	ByElid bool   `json:"byElid,omitempty"` // by its elid

	Plain *Sight       `json:"plain,omitempty"` // the cart before a promo code
	Saved *zomro.Money `json:"saved,omitempty"` // its total with the code, where that is less

	Stood     *Sight       `json:"stood,omitempty"`    // just before its own confirm
	Second    *Cost        `json:"second,omitempty"`   // what the cart said for its own row, which is not to be paid
	Line      string       `json:"line,omitempty"`     // what a purchase has paid
	Paid      *zomro.Money `json:"paid,omitempty"`     // what that has cost, the least that is known
	Confirmed time.Time    `json:"confirmed,omitzero"` // when its own confirm was announced; zero: it made none
	Reply     *Failure     `json:"reply,omitempty"`    // the answer to it, where it was an error
	Replied   bool         `json:"replied,omitempty"`  // it was answered
	Saw       []Sign       `json:"saw,omitempty"`      // what suggests that something was bought

	Purchase string       `json:"purchase,omitempty"`
	Servers  []Server     `json:"servers,omitempty"` // what was bought, and is to be deleted
	Charged  *zomro.Money `json:"charged,omitempty"` // what its purchase has cost, as far as that was seen
	Lost     *zomro.Money `json:"lost,omitempty"`    // what the balance has lost that it was not to
	Unasked  []Server     `json:"unasked,omitempty"` // servers that are there since a confirm of its own, or that nothing was paid for
	Apart    bool         `json:"apart,omitempty"`   // it has given its place up, and takes it again before its next call

	Unknown bool             `json:"unknown,omitempty"` // whether it has paid, since this copy of the store was taken
	Blind   bool             `json:"blind,omitempty"`   // the cart could not be looked at to the end
	Unheard bool             `json:"unheard,omitempty"` // who is asked is no owner any more: nothing is waited for of them
	Asks    bool             `json:"asks,omitempty"`    // cleaning: the person is asked to empty the cart in the panel
	Ending  How              `json:"ending,omitempty"`  // how it ends once the cart is clean; "": it is not at its end yet
	Lessons []profile.Lesson `json:"lessons,omitempty"`
	Failure *Failure         `json:"failure,omitempty"`
}

// Server is something that was bought.
type Server struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Job  string `json:"job,omitempty"` // that deletes it; "": none yet
	Gone bool   `json:"gone,omitempty"`
	Kept bool   `json:"kept,omitempty"` // the job has ended without having deleted it for certain

	Missing bool `json:"missing,omitempty"` // it was not listed any more, in an older copy of the store, and nothing was done about it

	Cost *Cost `json:"cost,omitempty"` // of one that was paid for beside the purchase; nil: the purchase has bought it
}

// Cost is what is known of the price of a server that no purchase has bought.
type Cost struct {
	Cart zomro.Money  `json:"cart"`          // what the cart said, with nothing else in it
	Row  *zomro.Money `json:"row,omitempty"` // what its row said; nil: that could not be read
	Seen time.Time    `json:"seen"`          // when the server was seen
}

// Sight is what the account showed.
type Sight struct {
	At       time.Time        `json:"at"`
	Services []zomro.Service  `json:"services"` // nil: not read
	Balance  *zomro.Balance   `json:"balance,omitempty"`
	Cart     []zomro.CartItem `json:"cart"` // nil: not read
	Total    *zomro.Money     `json:"total,omitempty"`
	Charges  []string         `json:"charges"` // ids; nil: not read
	Orders   []string         `json:"orders"`  // items that are ordered and not paid; nil: not read
}

// Failure is why something did not succeed.
type Failure struct {
	Kind    zomro.Kind `json:"kind,omitempty"`
	Unsent  bool       `json:"unsent,omitempty"` // the call certainly was not sent
	Heard   bool       `json:"heard,omitempty"`  // it was answered: what it can do it has done
	Code    string     `json:"code,omitempty"`   // zomro.Error.Code, or one of the codes of this package
	Object  string     `json:"object,omitempty"`
	Message string     `json:"message,omitempty"` // the vendor's own words, if it said any
	Money   bool       `json:"money,omitempty"`   // it names an amount, or says that there is too little
}

// denied reports whether the vendor did not let the account in: each try more is a login more, and
// after a few the vendor locks the account. nil: nothing failed.
func (f *Failure) denied() bool { return f != nil && f.Kind == zomro.Denied }

// Codes of a [Failure] of our own.
const (
	CodeRestarted = "restarted" // the program ended while a call was under way
	CodeRestored  = "restored"  // the store is an older copy
	CodeAccount   = "account"   // the account is not connected any more
	CodeHalted    = "halted"    // purchases were stopped
	CodeChanged   = "changed"   // a condition of the experiment does not hold any more
	CodePurchase  = "purchase"  // the purchase did not come to what it was for
	CodeLate      = "late"      // what was paid is not active yet, and is not waited for any more
	CodeForeign   = "foreign"   // something else is in the cart
	CodeBeside    = "beside"    // a purchase of another login, perhaps in the same cart, was in the way all the time
	CodePrice     = "price"     // the cart says more than was agreed to
	CodeUnpriced  = "unpriced"  // the cart does not say what it costs
	CodeTaken     = "taken"     // more was taken than was agreed to
	CodeNoRow     = "no-row"    // what was added is not seen in the cart
)

// Outcome is how an experiment ended.
type Outcome struct {
	Source   profile.Source   `json:"source"`
	How      How              `json:"how"`
	At       time.Time        `json:"at"`
	Lessons  []profile.Lesson `json:"lessons,omitempty"`
	Failure  *Failure         `json:"failure,omitempty"`
	Saw      []Sign           `json:"saw,omitempty"`     // with Alarm
	Left     []zomro.CartItem `json:"left,omitempty"`    // rows in the cart that may be its own: it could not take them out
	Blind    bool             `json:"blind,omitempty"`   // the cart could not be looked at to the end
	Others   []zomro.CartItem `json:"others,omitempty"`  // rows in the cart that are not its own
	Servers  []Server         `json:"servers,omitempty"` // what was bought
	Unasked  []Server         `json:"unasked,omitempty"` // with Alarm: servers that may have been bought unasked
	Lost     *zomro.Money     `json:"lost,omitempty"`    // with Alarm: what the balance has lost; nil: nothing, or that was not seen
	Charged  *zomro.Money     `json:"charged,omitempty"` // what its purchase has cost; nil: that is not known
	Typed    *zomro.Money     `json:"typed,omitempty"`   // the amount to which the person has agreed; nil: to none
	Purchase string           `json:"purchase,omitempty"`
	Terminal bool             `json:"terminal,omitempty"` // it was begun in a terminal
	Unbegun  bool             `json:"unbegun,omitempty"`  // the person did not agree to it
	Unknown  bool             `json:"unknown,omitempty"`  // whether it has paid is not known: the store is an older copy
}

// Sign is something that suggests that something was bought.
type Sign string

// The signs.
const (
	SignService Sign = "service" // a server that was not there before
	SignBalance Sign = "balance" // there is less on the balance
	SignCharge  Sign = "charge"  // a charge that was not there before
	SignRow     Sign = "row"     // the row has left the cart, and no unpaid order is there in its place
	SignUnseen  Sign = "unseen"  // services, balance or cart could not be read
)

// New returns the trial of an account.
func New(id string, owner chat.Key, account, name string, now time.Time) Record {
	return Record{ID: id, Owner: owner, Account: account, AccountName: name, Opened: now.UTC(), Revision: 1}
}
