package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"
)

// Naming is what becomes of the name that a server was ordered with.
type Naming string

// What may become of a server's name. What the vendor does with the name of an
// order of several servers is not known.
const (
	NamesKept     Naming = ""         // every server has it
	NamesDropped  Naming = "dropped"  // no server has one
	NamesNumbered Naming = "numbered" // each of several servers has it with "-1", "-2", … appended
)

// Behaviour is what the vendor might do other than what is hoped for: none of it is
// known, and all of it is possible. The zero value is what is hoped for.
type Behaviour struct {
	// RowPerServer makes an order of several servers put as many rows into the
	// cart, each with ids of its own; the answer names the first [i].
	RowPerServer bool `json:"rowPerServer"`
	// RowsHaveOneID makes the rows of the cart show no number except that of the
	// line item.
	RowsHaveOneID bool `json:"rowsHaveOneID"`
	// ConfirmPaysCart has a confirm of one row pay every row of the cart.
	ConfirmPaysCart bool `json:"confirmPaysCart"`
	// SurchargePercent is taken at the confirm on top of what the cart says, as a
	// tax might be.
	SurchargePercent decimal.Decimal `json:"surchargePercent"`
	// SurchargeAfter has the surcharge taken this many seconds after the confirm, as
	// a separate charge.
	SurchargeAfter int `json:"surchargeAfter"`
	// TotalIsZero has the cart's total say 0, whatever its rows say.
	TotalIsZero bool `json:"totalIsZero"`
	// ConfirmDoesNotPay has a confirm order without paying: the servers are
	// "Ordered" and in the list of unpaid orders [F].
	ConfirmDoesNotPay bool `json:"confirmDoesNotPay"`
	// ListedInCart has servers listed as "Ordered" as long as their row is in the
	// cart: BILLmanager makes a service when it is added [g].
	ListedInCart bool `json:"listedInCart"`
	// Names is what becomes of a server's name.
	Names Naming `json:"names"`
	// PhoneUnverified has whoami say that the phone needs to be verified [F].
	PhoneUnverified bool `json:"phoneUnverified"`
	// RowsNeedPhone marks the rows of the cart as payable only with a verified
	// phone [F]. A confirm pays them anyway.
	RowsNeedPhone bool `json:"rowsNeedPhone"`
	// RowsMisnamed makes the cart give its rows names that nobody has ordered.
	RowsMisnamed bool `json:"rowsMisnamed"`
	// Prolonging is what becomes of a server that is to be paid on.
	Prolonging Prolonging `json:"prolonging"`
	// RenewalIgnored has the form of a server take autoprolong and change nothing: that
	// of a cloud server may not know it.
	RenewalIgnored bool `json:"renewalIgnored"`
	// BooksClosed refuses expense and order with "access", as to a user without the
	// right.
	BooksClosed bool `json:"booksClosed"`
	// Beside is what becomes of calls of one session that are made at the same time.
	// They are only if they take time: see [Config].Latency.
	Beside Beside `json:"beside"`
}

// check reports what is wrong with a behaviour.
func (b Behaviour) check() error {
	switch {
	case b.Names != NamesKept && b.Names != NamesDropped && b.Names != NamesNumbered:
		return fmt.Errorf("sandbox: behaviour: unknown names %q", b.Names)
	case !slices.Contains(prolongings, b.Prolonging):
		return fmt.Errorf("sandbox: behaviour: unknown prolonging %q", b.Prolonging)
	case !slices.Contains(besides, b.Beside):
		return fmt.Errorf("sandbox: behaviour: unknown beside %q", b.Beside)
	case b.SurchargePercent.IsNegative():
		return fmt.Errorf("sandbox: behaviour: a surcharge of %s percent", b.SurchargePercent)
	case b.SurchargeAfter < 0:
		return fmt.Errorf("sandbox: behaviour: a surcharge after %d seconds", b.SurchargeAfter)
	}
	return nil
}

// Behave makes the vendor behave that way. It panics if there is no such way.
func (s *Sandbox) Behave(b Behaviour) {
	if err := b.check(); err != nil {
		panic(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle(s.config.Now())
	s.behaviour = b
}

// Behaviour returns how the vendor behaves.
func (s *Sandbox) Behaviour() Behaviour {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.behaviour
}

// changed returns the behaviour with what a JSON object says of it; the rest
// stays.
func (b Behaviour) changed(changes json.RawMessage) (Behaviour, error) {
	decoder := json.NewDecoder(bytes.NewReader(changes))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&b); err != nil {
		return b, fmt.Errorf("sandbox: read behaviour: %w", err)
	}
	return b, b.check()
}

// serverName is the name that a server gets; number is which of several it is,
// from 1, and 0 for a single one.
func (b Behaviour) serverName(ordered string, number int) string {
	switch {
	case b.Names == NamesDropped || ordered == "":
		return ""
	case b.Names == NamesNumbered && number > 0:
		return fmt.Sprintf("%s-%d", ordered, number)
	}
	return ordered
}
