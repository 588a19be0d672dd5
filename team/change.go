package team

import (
	"errors"
)

// Change is one change to a team. Exactly one field is set.
type Change struct {
	Make   bool     `json:"make,omitempty"` // the group, or its topic, becomes a team
	Rule   *Rule    `json:"rule,omitempty"`
	Limits *Limits  `json:"limits,omitempty"`
	Give   *Give    `json:"give,omitempty"`
	Owner  int64    `json:"owner,omitempty"` // who is to own it
	Bind   *Binding `json:"bind,omitempty"`
	Unbind bool     `json:"unbind,omitempty"`
}

// Give gives a person a role; RoleNone: the one that Telegram says.
type Give struct {
	User int64 `json:"user"`
	Role Role  `json:"role"`
}

// Binding makes one of a person's accounts pay for a team.
type Binding struct {
	Account  string `json:"account"`            // the vendor's id of it
	Nick     string `json:"nick"`               // all that the group sees of it
	Currency string `json:"currency,omitempty"` // of its balance; "": not known
}

// Why a change is refused.
var (
	ErrNotAdmin   = errors.New("team: it takes an administrator of the group")
	ErrNotAllowed = errors.New("team: the person's role does not allow it")
)

// Apply returns the team after a change by a person, whose current status at Telegram is
// given. It returns [ErrNotAdmin] or [ErrNotAllowed] when they may not; the team is then
// what it was. A new team comes from [New]; Apply only checks whether it may be made.
func (t Team) Apply(c Change, who int64, status Status) (Team, error) {
	admin := status == StatusCreator || status == StatusAdministrator
	orphan := t.Owner == 0
	switch {
	case (c.Make || c.Owner != 0 && orphan) && !admin:
		return t, ErrNotAdmin
	case c.Make:
		return t, nil
	case c.Owner == who && orphan:
		t.Owner = who
		return t, nil
	case !t.Role(who, status).May(RightManage):
		return t, ErrNotAllowed
	}
	switch {
	case c.Rule != nil:
		t.Rule = *c.Rule
	case c.Limits != nil:
		t.Limits = *c.Limits
	case c.Give != nil && c.Give.User != t.Owner:
		t = t.WithRole(c.Give.User, c.Give.Role)
	case c.Owner != 0:
		t = t.WithRole(c.Owner, RoleNone)
		t.Owner = c.Owner
	case c.Unbind:
		t.Account = nil
	case c.Bind != nil:
		t.Account = &Account{Holder: who, ID: c.Bind.Account, Nick: c.Bind.Nick, Currency: c.Bind.Currency}
	}
	return t, nil
}

// Member is a person who can inherit a team.
type Member struct {
	ID   int64
	Name string
}

// Leave returns the team after a person has left its group: their role and name are
// gone, their account pays no more, and if they owned the team, it passes on to the
// first heir who is somebody else, or to nobody if there is none.
func (t Team) Leave(user int64, heirs []Member) Team {
	t = t.WithRole(user, RoleNone).WithName(user, "")
	if t.Account != nil && t.Account.Holder == user {
		t.Account = nil
	}
	if t.Owner != user {
		return t
	}
	t.Owner = 0
	for _, heir := range heirs {
		if heir.ID != user && heir.ID != 0 {
			t.Owner = heir.ID
			return t.WithRole(heir.ID, RoleNone).WithName(heir.ID, heir.Name)
		}
	}
	return t
}
