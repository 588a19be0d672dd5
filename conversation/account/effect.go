package account

import (
	"strconv"

	"zomrobot/conversation"
	"zomrobot/watch"
)

// CheckLogin tries credentials against the vendor and keeps them when they work.
// The secret is in the attempt's slot; it is dropped in any case. Username empty:
// the secret is a session token. Answered by LoginChecked.
type CheckLogin struct {
	Username string `json:"username,omitempty"`
	Attempt  int    `json:"attempt,omitempty"` // of the dialogue, from 1 on; 0: from a version that did not count them
}

// Slot is where the secret of the attempt is kept. Each attempt has its own: one
// that was cancelled may still be on its way when the next begins.
func (c CheckLogin) Slot() string {
	if c.Attempt == 0 {
		return conversation.SlotLogin
	}
	return conversation.SlotLogin + "-" + strconv.Itoa(c.Attempt)
}

// Forget forgets an account's credentials and ends its session. Answered by LoggedOut.
type Forget struct {
	Account string `json:"account,omitempty"` // "": the default one
}

// ChangeAccount names an account, or makes it the default one.
type ChangeAccount struct {
	Account string `json:"account"`
	Nick    string `json:"nick,omitempty"`    // "": it stays
	Default bool   `json:"default,omitempty"` // false: it stays what it is
}

// LoadAccounts asks the vendor for the state of each of the person's accounts.
// Answered by AccountsLoaded. Brief: only the journal is read, for the open
// purchases.
type LoadAccounts struct {
	Brief bool `json:"brief,omitempty"`
}

// LoadMatters asks the journal and, by reading calls, the vendor for what the
// person may have to be reminded of. Answered by MattersLoaded.
type LoadMatters struct {
	Servers bool `json:"servers,omitempty"` // only the lists of servers are read
	Second  bool `json:"second,omitempty"`  // to bear out what the look before found
}

// ServersTold has it remembered that the person was told of servers that do not run, and
// of traffic that was used.
type ServersTold struct {
	Account string
	Servers []string // the ids of those that do not run
	Traffic []watch.Traffic
}

// NoteMissing has the purchases of an account's servers say which of them the vendor does
// not list any more.
type NoteMissing struct {
	Account string          `json:"account"`
	Missing []watch.Missing `json:"missing,omitempty"`
	Back    []string        `json:"back,omitempty"` // the ids of those that were missing and are listed again
}

// LoadKeys asks the vendor for the SSH keys of the account. Answered by
// KeysLoaded.
type LoadKeys struct {
	Account string `json:"account,omitempty"` // "": the default one
}

// AddKey adds a public SSH key to the account. One that is there already is not
// added again. Answered by KeyAdded.
type AddKey struct {
	Account string `json:"account,omitempty"` // "": the default one
	Name    string `json:"name"`
	Line    string `json:"line"` // as in authorized_keys
}

// ChangeKey gives an SSH key of the account another name, or deletes it. The vendor is
// asked once, and only if the key is still as the person saw it. Answered by KeyChanged.
type ChangeKey struct {
	Account string `json:"account,omitempty"` // "": the default one
	Key     KeyRow `json:"key"`               // as the person saw it
	Name    string `json:"name,omitempty"`    // what it is to be called; "": it is deleted

	Others []string `json:"others,omitempty"` // the ids of the account's other keys, as the person saw them
}

func (ChangeAccount) Effect() {}

func (CheckLogin) Effect() {}

func (Forget) Effect() {}

func (LoadAccounts) Effect() {}

func (LoadMatters) Effect() {}

func (ServersTold) Effect() {}

func (NoteMissing) Effect() {}

func (LoadKeys) Effect() {}

func (AddKey) Effect() {}

func (ChangeKey) Effect() {}

// Commits marks an effect that destroys something, or spends.
func (ChangeKey) Commits() {}
