package team

import (
	"maps"
	"strconv"
	"time"
)

// Team is a group, or a topic of a forum, that orders together.
type Team struct {
	ID      string           `json:"id"`
	Title   string           `json:"title"`
	Chat    int64            `json:"chat"`
	Thread  int              `json:"thread,omitempty"`
	Owner   int64            `json:"owner,omitempty"`   // 0: nobody now; the next administrator who asks becomes the owner
	Account *Account         `json:"account,omitempty"` // nil: none is bound
	Roles   map[int64]Role   `json:"roles,omitempty"`   // given by the owner: RoleApprover, RoleBuyer or RoleViewer; others have theirs from Telegram
	Names   map[int64]string `json:"names,omitempty"`   // of people seen in the group
	Rule    Rule             `json:"rule"`
	Limits  Limits           `json:"limits"`
	Made    time.Time        `json:"made"`
	// Revision grows by one each time the team is saved.
	Revision int `json:"revision"`
}

// Account is the vendor account that pays for a team's orders.
type Account struct {
	Holder int64  `json:"holder"` // the person whose account it is
	ID     string `json:"id"`     // the vendor's
	Nick   string `json:"nick"`   // all that the group sees of it
	// Currency is that of its balance; "": not known.
	Currency string `json:"currency,omitempty"`
}

// New returns a team made at the time now, without an account, a rule or limits.
func New(id, title string, chat int64, thread int, owner int64, now time.Time) Team {
	return Team{ID: id, Title: title, Chat: chat, Thread: thread, Owner: owner, Made: now.UTC(), Revision: 1}
}

// Role returns what the person is in the team, by their current status at Telegram.
// Whoever is not in the group has no role, whatever was given to them; an owner who
// comes back is the owner again.
func (t Team) Role(user int64, s Status) Role {
	switch {
	case user == 0, !s.Present():
		return RoleNone
	case user == t.Owner:
		return RoleOwner
	}
	switch given := t.Roles[user]; given {
	case RoleApprover, RoleBuyer, RoleViewer:
		return given
	default: // none, or one that cannot be given
	}
	if s == StatusCreator || s == StatusAdministrator {
		return RoleApprover
	}
	return RoleBuyer
}

// WithRole returns the team in which the person has the role; RoleNone takes
// back what was given, so that Telegram's status counts again.
func (t Team) WithRole(user int64, r Role) Team {
	t.Roles = with(t.Roles, user, r)
	return t
}

// WithName returns the team in which the person has that name; "" forgets the name.
func (t Team) WithName(user int64, name string) Team {
	t.Names = with(t.Names, user, name)
	return t
}

// with returns a new map in which the person has the value; the zero value
// removes them.
func with[V comparable](of map[int64]V, user int64, value V) map[int64]V {
	changed := maps.Clone(of)
	if changed == nil {
		changed = map[int64]V{}
	}
	var none V
	if value == none {
		delete(changed, user)
	} else {
		changed[user] = value
	}
	return changed
}

// Name returns how a person is called.
func (t Team) Name(user int64) string {
	if name := t.Names[user]; name != "" {
		return name
	}
	return strconv.FormatInt(user, 10)
}
