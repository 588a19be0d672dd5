package account

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"zomrobot/storage"
	"zomrobot/zomro"
)

// Account is one of a person's accounts at the vendor, as it is kept (sealed by
// the store like everything).
type Account struct {
	ID       string    `json:"id"` // of the vendor's user: what purchases are serialised by
	Name     string    `json:"name"`
	Nick     string    `json:"nick,omitempty"`     // given by the person; "": Name
	Username string    `json:"username,omitempty"` // "": only a session token was given
	Password string    `json:"password,omitempty"`
	Session  string    `json:"session"`
	Since    time.Time `json:"since"` // of the session, a whole second
	// Traces are those of the newest passwords of servers that were sent to the vendor.
	Traces []zomro.Trace `json:"traces,omitempty"`
	Lost   bool          `json:"lost,omitempty"` // the session died and could not be renewed; the person was told
}

// renewAfter is how long a session may lie idle before it is renewed at its
// next use: the vendor forgets it after an idle hour [g].
const renewAfter = 45 * time.Minute

// Connected are a person's accounts, the oldest first. The first is the default
// when no other is.
type Connected struct {
	List    []Account `json:"accounts"`
	Default string    `json:"default,omitempty"` // its ID
}

// UnmarshalJSON also reads the form of a single account, which was kept when a
// person could have only one.
func (as *Connected) UnmarshalJSON(text []byte) error {
	var one Account
	if err := json.Unmarshal(text, &one); err != nil {
		return err
	}
	if one.ID != "" {
		*as = Connected{List: []Account{one}, Default: one.ID}
		return nil
	}
	type plain Connected
	return json.Unmarshal(text, (*plain)(as))
}

// Index returns the place of an account in the list, -1 when it is not there;
// "" is the default one.
func (as Connected) Index(id string) int {
	if id == "" {
		id = as.Default
	}
	return slices.IndexFunc(as.List, func(a Account) bool { return a.ID == id })
}

// Put adds an account; one of the same vendor's user is replaced, and keeps its
// nickname. A name that another account has gets a number.
func (as *Connected) Put(a Account) {
	if i := as.Index(a.ID); i >= 0 {
		a.Nick, a.Traces = as.List[i].Nick, as.List[i].Traces
		as.List[i] = a
		return
	}
	taken := func(nick string) bool {
		return slices.ContainsFunc(as.List, func(other Account) bool { return strings.EqualFold(other.Shown(), nick) })
	}
	for n := 2; taken(a.Shown()); n++ {
		a.Nick = fmt.Sprintf("%s (%d)", a.Name, n)
	}
	as.List = append(as.List, a)
	if as.Index("") < 0 {
		as.Default = a.ID
	}
}

// mostTraces is how many server passwords an account keeps traces of.
const mostTraces = 20

// KeepTrace lets a person's account recognise a server password that is about to be sent
// to the vendor, should an error quote it later.
func KeepTrace(tx storage.Tx, user int64, id string, password zomro.Secret) error {
	as, err := In(tx, user)
	if err != nil {
		return err
	}
	i := as.Index(id)
	if i < 0 {
		return nil // nothing is sent
	}
	a := &as.List[i]
	a.Traces = append(a.Traces, zomro.NewTrace(password))
	a.Traces = a.Traces[max(0, len(a.Traces)-mostTraces):]
	return as.Save(tx, user)
}

// Remove removes an account; the oldest of the others becomes the default when
// it was.
func (as *Connected) Remove(id string) {
	as.List = slices.DeleteFunc(as.List, func(a Account) bool { return a.ID == id })
	if as.Index("") < 0 && len(as.List) > 0 {
		as.Default = as.List[0].ID
	}
}

// In are the accounts of a person. Those that cannot be read are lost: the person has none, and
// logs in again.
func In(tx storage.Tx, user int64) (Connected, error) {
	as, _, err := storage.Get[Connected](tx, Key(user))
	return readable(as, err)
}

// Of is [In] in a transaction of its own.
func Of(ctx context.Context, store storage.Store, user int64) (Connected, error) {
	as, _, err := storage.Read[Connected](ctx, store, Key(user))
	return readable(as, err)
}

func readable(as Connected, err error) (Connected, error) {
	if storage.Damaged(err) {
		return Connected{}, nil
	}
	return as, err
}

// Save keeps the accounts of a person, or that there are none.
func (as Connected) Save(tx storage.Tx, user int64) error {
	if len(as.List) == 0 {
		return tx.Delete(Key(user))
	}
	return storage.Put(tx, Key(user), as)
}

// Shown is how an account is called.
func (a Account) Shown() string { return cmp.Or(a.Nick, a.Name) }

// Prefix begins the keys under which accounts are kept, by the person's id.
const Prefix = "account/"

// Key is where the accounts of a person are kept.
func Key(user int64) string { return Prefix + strconv.FormatInt(user, 10) }
