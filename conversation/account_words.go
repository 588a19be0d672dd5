package conversation

import (
	"slices"
	"strings"

	"zomrobot/chat"
	"zomrobot/zomro"
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

// Know takes over which accounts the person has connected. Buttons that name an
// account by its place in the list are out of date when it changes.
func (d *Dialogue) Know(accounts []Account) {
	same := slices.EqualFunc(d.Accounts, accounts, func(a, b Account) bool { return a.ID == b.ID })
	if !same {
		d.Rev++
	}
	d.Accounts, d.Account = accounts, ""
	if slices.ContainsFunc(accounts, func(a Account) bool { return !a.Lost }) {
		d.Account = d.AccountOf("").Nick
	}
}

// AccountOf returns an account; "" is the default one. One that is not known
// has no name.
func (d Dialogue) AccountOf(id string) Account {
	for _, a := range d.Accounts {
		if a.ID == id || id == "" && a.Default {
			return a
		}
	}
	return Account{ID: id}
}

// Payer returns the account that pays for the draft.
func (d Dialogue) Payer() Account {
	if d.Draft == nil {
		return d.AccountOf("")
	}
	return d.AccountOf(d.Draft.Account)
}

// Nicks returns how the accounts are called.
func (d Dialogue) Nicks() string {
	var nicks []string
	for _, a := range d.Accounts {
		nicks = append(nicks, a.Nick)
	}
	return strings.Join(nicks, ", ")
}

// AccountProblem says why an account cannot be used, and what helps.
func AccountProblem(p Problem) chat.Phrase {
	switch {
	case p.Object == "badpassword":
		return chat.Say("accounts.refused")
	case p.Object == "badip" || p.Code == zomro.CodeBlockedAddress:
		return chat.Say("accounts.ip", "Why", ProblemText(p))
	case ProblemText(p).Key == "problem.denied":
		return chat.Say("accounts.expired")
	default:
		return chat.Say("accounts.unknown", "Why", ProblemText(p))
	}
}

// AccountSwitch adds the buttons that show the same of another account.
func (v *View) AccountSwitch(shown string) {
	if len(v.Dialogue.Accounts) < 2 {
		return
	}
	for i, a := range v.Dialogue.Accounts {
		v.Row(v.Option(chat.Say("button.account_of", "Account", Short(a.Nick)), a.ID == v.Dialogue.AccountOf(shown).ID, VerbAccount, i))
	}
}

// Switched returns the account that a button of AccountSwitch names; false: it
// names none.
func (t *Turn) Switched(verb string, n int) (string, bool) {
	if verb != VerbAccount || len(t.Dialogue.Accounts) < 2 || n < 0 || n >= len(t.Dialogue.Accounts) {
		return "", false
	}
	return t.Dialogue.Accounts[n].ID, true
}

// DraftGoes reports whether the draft ends when an account goes: the account pays
// for it, or is the only one.
func (d Dialogue) DraftGoes(id string) bool {
	return len(d.Accounts) <= 1 || d.Draft != nil && d.Payer().ID == id
}
