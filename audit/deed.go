package audit

import (
	"encoding/json"
	"fmt"
	"time"

	"zomrobot/zomro"
)

// Event is what a line tells of. None holds a secret. The name in brackets is the
// line's event.
type Event interface{ event() string }

// Opened (opened): somebody agreed to an order.
type Opened struct {
	Account    string      `json:"account"` // the vendor's account that pays
	Order      zomro.Order `json:"order"`
	Plan       string      `json:"plan,omitempty"`       // in words
	Datacenter string      `json:"datacenter,omitempty"` // in words
	Promo      string      `json:"promo,omitempty"`      // the code

	Prolong *Prolonged `json:"prolong,omitempty"` // instead of the order
}

// Prolonged is a server that is paid on.
type Prolonged struct {
	Server string       `json:"server"` // its id
	Name   string       `json:"name"`
	Period zomro.Period `json:"period"`
	Until  time.Time    `json:"until"` // the day until which it is paid
	Next   time.Time    `json:"next"`  // and that until which the vendor says that it will be
}

// Called (called): a call to the vendor is about to be made.
type Called struct {
	Call string `json:"call"`
}

// Answered (answered): a call to the vendor came back, or its answer was lost.
type Answered struct {
	Call     string       `json:"call"`
	LineItem string       `json:"lineItem,omitempty"` // what was put into the cart
	Items    []string     `json:"items,omitempty"`    // ids of what is in the cart
	Total    *zomro.Money `json:"total,omitempty"`    // of the cart
	Balance  *zomro.Money `json:"balance,omitempty"`  // what the account can spend
	Services []string     `json:"services,omitempty"` // ids of the account's servers
	Failure  *Failure     `json:"failure,omitempty"`  // nil: the vendor did it
}

// Failure is why a call did not succeed, as the vendor's client tells it: without
// credentials.
type Failure struct {
	Kind    zomro.Kind `json:"kind"`
	Code    string     `json:"code,omitempty"`
	Object  string     `json:"object,omitempty"`
	Message string     `json:"message,omitempty"`
}

// Decided (decided): somebody answered a question of a purchase.
type Decided struct {
	Question string       `json:"question"`
	Choice   string       `json:"choice"`
	Code     string       `json:"code,omitempty"`  // the new promo code
	Price    *zomro.Money `json:"price,omitempty"` // what the question told of the price; nil: nothing
	Items    []string     `json:"items,omitempty"` // what the question told of the cart: what its rows are called
}

// Cancelled (cancelled): somebody wants a purchase to be given up.
type Cancelled struct{}

// Approved (approved): somebody approved the terms of a purchase.
type Approved struct {
	Terms int `json:"terms"` // which terms of the purchase
}

// Rejected (rejected): somebody refused the terms of a purchase.
type Rejected struct {
	Terms  int    `json:"terms"`
	Reason string `json:"reason,omitempty"` // in the person's words
}

// The settings of a team that can be changed.
const (
	SettingTeam    = "team"
	SettingRule    = "rule"
	SettingLimits  = "limits"
	SettingRole    = "role"
	SettingOwner   = "owner"
	SettingAccount = "account"
)

// Changed (changed): a setting was changed.
type Changed struct {
	Setting string `json:"setting"`
	Of      int64  `json:"of,omitempty"` // the person whose setting it is
	Was     string `json:"was,omitempty"`
	Is      string `json:"is,omitempty"`
}

// StepOpened is the first step of what is done with a server.
const StepOpened = "opened"

// Acted (acted): something that is done with a server got further.
type Acted struct {
	Step    string   `json:"step"` // StepOpened, "called", "answered", …
	Account string   `json:"account"`
	Server  string   `json:"server"` // its id
	Name    string   `json:"name"`   // as it is shown
	Deed    string   `json:"deed"`
	NewName string   `json:"newName,omitempty"`
	Plan    string   `json:"plan,omitempty"`
	Image   string   `json:"image,omitempty"`
	Label   string   `json:"label,omitempty"`  // of the plan or the image, in words
	Unsure  bool     `json:"unsure,omitempty"` // the answer was lost
	Failure *Failure `json:"failure,omitempty"`
}

// The steps of an experiment of a trial.
const (
	StepAgreed   = "agreed" // somebody has agreed to it
	StepCalled   = "called"
	StepAnswered = "answered"
	StepEnded    = "ended" // the line's state says how
)

// Tried (tried): an experiment of a trial of the vendor got further.
type Tried struct {
	Step       string       `json:"step"` // StepAgreed, StepCalled, StepAnswered or StepEnded
	Account    string       `json:"account"`
	Experiment string       `json:"experiment"`
	Call       string       `json:"call,omitempty"`
	Most       *zomro.Money `json:"most,omitempty"` // with StepAgreed: what it can cost, as it was typed; nil: nothing
	Failure    *Failure     `json:"failure,omitempty"`

	Beside []Beside `json:"beside,omitempty"` // with StepEnded: what was paid for beside the purchase
}

// Beside is a server that an experiment has paid for and that no purchase has bought.
type Beside struct {
	Server  string      `json:"server"` // its id
	Name    string      `json:"name"`
	Cost    zomro.Money `json:"cost"`             // as the cart said it
	Deleted bool        `json:"deleted,omitzero"` // it was seen to be gone
}

// Moved (moved): something else moved a purchase.
type Moved struct {
	By string `json:"by"` // "started", "restarted", "restored", "required", "tick"
}

func (Opened) event() string { return "opened" }

func (Called) event() string { return "called" }

func (Answered) event() string { return "answered" }

func (Decided) event() string { return "decided" }

func (Cancelled) event() string { return "cancelled" }

func (Approved) event() string { return "approved" }

func (Rejected) event() string { return "rejected" }

func (Changed) event() string { return "changed" }

func (Acted) event() string { return "acted" }

func (Tried) event() string { return "tried" }

func (Moved) event() string { return "moved" }

// events read a deed by the name of its event.
var events = map[string]func([]byte) (Event, error){
	"opened":    read[Opened],
	"called":    read[Called],
	"answered":  read[Answered],
	"decided":   read[Decided],
	"cancelled": read[Cancelled],
	"approved":  read[Approved],
	"rejected":  read[Rejected],
	"changed":   read[Changed],
	"acted":     read[Acted],
	"tried":     read[Tried],
	"moved":     read[Moved],
	"ledger":    read[Ledger],
}

func read[T Event](text []byte) (Event, error) {
	var deed T
	if err := json.Unmarshal(text, &deed); err != nil {
		return nil, fmt.Errorf("read %s: %w", deed.event(), err)
	}
	return deed, nil
}
