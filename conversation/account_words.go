package conversation

import (
	"slices"
	"strings"

	"zomrobot/chat"
)

// Account is one of the person's accounts at the vendor, as the dialogue knows it.
type Account struct {
	ID      string `json:"id"`
	Nick    string `json:"nick"`  // no two are the same
	Login   string `json:"login"` // or the owner's name, when only a token was given
	Renews  bool   `json:"renews,omitempty"`
	Default bool   `json:"default,omitempty"`
	Lost    bool   `json:"lost,omitempty"` // the session died, and the person has to log in again
}

// Know takes which accounts the person has connected. Buttons that name an
// account by its place in the list are out of date when it changes.
func (d *Dialogue) Know(accounts []Account) {
	same := slices.EqualFunc(d.Accounts, accounts, func(a, b Account) bool { return a.ID == b.ID })
	if !same {
		d.Rev++
	}
	d.Accounts, d.Account = accounts, ""
	if slices.ContainsFunc(accounts, func(a Account) bool { return !a.Lost }) {
		d.Account = d.accountOf("").Nick
	}
}

// accountOf returns an account; "" is the default one. One that is not known
// has no name.
func (d Dialogue) accountOf(id string) Account {
	for _, a := range d.Accounts {
		if a.ID == id || id == "" && a.Default {
			return a
		}
	}
	return Account{ID: id}
}

// payer returns the account that pays for the draft.
func (d Dialogue) payer() Account {
	if d.Draft == nil {
		return d.accountOf("")
	}
	return d.accountOf(d.Draft.Account)
}

// nicks returns how the accounts are called.
func (d Dialogue) nicks() string {
	var nicks []string
	for _, a := range d.Accounts {
		nicks = append(nicks, a.Nick)
	}
	return strings.Join(nicks, ", ")
}

// accountSwitch adds the buttons that show the same of another account.
func (v *view) accountSwitch(shown string) {
	if len(v.d.Accounts) < 2 {
		return
	}
	for i, a := range v.d.Accounts {
		v.row(v.option(chat.Say("button.account_of", "Account", short(a.Nick)), a.ID == v.d.accountOf(shown).ID, verbAccount, i))
	}
}

// switched returns the account that a button of accountSwitch names; false: it
// names none.
func (t *turn) switched(verb string, n int) (string, bool) {
	if verb != verbAccount || len(t.d.Accounts) < 2 || n < 0 || n >= len(t.d.Accounts) {
		return "", false
	}
	return t.d.Accounts[n].ID, true
}

// draftGoes reports whether the draft ends with an account: it pays for it, or
// is the only one.
func (d Dialogue) draftGoes(id string) bool {
	return len(d.Accounts) <= 1 || d.Draft != nil && d.payer().ID == id
}
