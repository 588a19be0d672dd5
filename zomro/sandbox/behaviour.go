package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"zomrobot/zomro/profile"
)

// Behaviour is what the vendor might do other than what is hoped for: none of it is
// known, and all of it is possible. The zero value is what is hoped for.
type Behaviour struct {
	// Facts is what is true of what nobody has published. It goes before
	// [Config].Facts.
	Facts Facts `json:"facts,omitempty"`
	// LaterBy is for how many seconds what has changed does not show, or what is gone
	// does, where a fact says that it is later, or kept; 0: 40.
	LaterBy int `json:"laterBy"`
	// Build is what each answer says of the panel's build, in $features [R]; "": as in
	// the captures.
	Build string `json:"build"`
	// SurchargeAfter has what is taken on top of the cart's total ([profile.Taken]) taken
	// this many seconds after the confirm, as a separate charge.
	SurchargeAfter int `json:"surchargeAfter"`
	// TotalIsZero has the cart's total say 0, whatever its rows say.
	TotalIsZero bool `json:"totalIsZero"`
	// ConfirmDoesNotPay has a confirm order without paying: the servers are
	// "Ordered" and in the list of unpaid orders [F].
	ConfirmDoesNotPay bool `json:"confirmDoesNotPay"`
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
	case !slices.Contains(prolongings, b.Prolonging):
		return fmt.Errorf("sandbox: behaviour: unknown prolonging %q", b.Prolonging)
	case !slices.Contains(besides, b.Beside):
		return fmt.Errorf("sandbox: behaviour: unknown beside %q", b.Beside)
	case b.SurchargeAfter < 0 || b.LaterBy < 0:
		return fmt.Errorf("sandbox: behaviour: after %d or %d seconds", b.SurchargeAfter, b.LaterBy)
	}
	return b.Facts.check()
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
	s.behaviour.Facts = b.Facts.said()
}

// Behaviour returns how the vendor behaves.
func (s *Sandbox) Behaviour() Behaviour {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.behaviour
	b.Facts = maps.Clone(b.Facts)
	return b
}

// changed returns the behaviour with what a JSON object says of it; the rest
// stays, also of its facts, of which it takes those back that it says "" of.
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
func (s *Sandbox) serverName(ordered string, number int) string {
	switch name := s.answer(profile.ServerName); {
	case name == profile.Dropped || ordered == "":
		return ""
	case name == profile.Changed:
		return fmt.Sprintf("%s-%d", ordered, max(number, 1))
	}
	return ordered
}
