package account

import (
	"fmt"
	"slices"
	"strings"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/zomro"
)

// State is what else is known of an account.
type State struct {
	ID       string                `json:"id"`
	Phone    bool                  `json:"phone,omitempty"`    // the vendor sells to it only once its phone number is verified
	Balance  *zomro.Balance        `json:"balance,omitempty"`  // nil: not known
	Daily    *zomro.Money          `json:"daily,omitempty"`    // what the services cost a day whose price is known; nil: that of none is
	Unread   int                   `json:"unread,omitempty"`   // services whose price is not
	Reserved []zomro.Money         `json:"reserved,omitempty"` // agreed totals of the purchases that are not paid
	Open     []string              `json:"open,omitempty"`     // ids of the purchases that are not at their end
	Trial    bool                  `json:"trial,omitempty"`    // a trial has something to finish with it
	Teams    []PaidTeam            `json:"teams,omitempty"`    // which it pays for
	Problem  *conversation.Problem `json:"problem,omitempty"`  // the account cannot be used
}

// Accounts is what the card of the accounts is made from, and that of /logout.
type Accounts struct {
	Chosen   string                `json:"chosen,omitempty"`   // the ID of the account whose card it is
	Choosing bool                  `json:"choosing,omitempty"` // at PlaceLogout: it is asked for
	Brief    bool                  `json:"brief,omitempty"`    // only the journal was read
	Loaded   bool                  `json:"loaded,omitempty"`
	Trouble  *conversation.Problem `json:"trouble,omitempty"`
	States   []State               `json:"states,omitempty"`
}

// Stored names the form of its state in the store.
func (a *Accounts) Stored() string { return "accounts" }

// Clone returns a copy.
func (a *Accounts) Clone() conversation.State {
	is := *a
	return &is
}

// Lists are the lists that are kept apart.
func (a *Accounts) Lists() map[string]any { return map[string]any{"accounts": &a.States} }

// Meaning is what the meaning of the card's buttons depends on.
func (a *Accounts) Meaning() string {
	return fmt.Sprint(a.Chosen, a.Choosing, a.Loaded, a.Trouble != nil, a.state(a.Chosen).Teams)
}

// state returns what is known of an account; "" is the only one.
func (a *Accounts) state(id string) State {
	i := slices.IndexFunc(a.States, func(s State) bool { return s.ID == id })
	if i < 0 {
		return State{ID: id}
	}
	return a.States[i]
}

// accounts shows the person's accounts.
func accounts(t *conversation.Turn) {
	switch {
	case !t.Dialogue.Key.Private():
		t.Hint(chat.Say("accounts.private"))
		return
	case len(t.Dialogue.Accounts) == 0:
		t.Tell(chat.Say("accounts.none"), "login")
		return
	}
	t.Ask(PlaceAccounts, &Accounts{})
	t.Do(LoadAccounts{})
	t.AsNew = true
}

// accountsLoaded takes the state of the accounts that the card waits for.
func accountsLoaded(t *conversation.Turn, e AccountsLoaded) {
	if accountsOf(t.Dialogue) == nil {
		return
	}
	a := accountsOf(t.Dialogue)
	if a.Loaded || a.Brief != e.Brief {
		return
	}
	a.Loaded, a.Trouble, a.States = e.Problem == nil, e.Problem, e.Accounts
	t.Show = true
}

func askAccounts(v *conversation.View) {
	a := accountsOf(v.Dialogue)
	v.Line(chat.Say("accounts.title"))
	if v.Waiting(a.Loaded, a.Trouble) {
		return
	}
	low := false
	for i, known := range v.Dialogue.Accounts {
		v.Gap()
		account(v, known, a.state(known.ID))
		v.Row(v.Button(conversation.Plain(known.Nick), conversation.VerbPick, i))
		low = low || a.state(known.ID).Balance != nil
	}
	if low {
		v.Row(conversation.TopUpButton())
	}
	v.Row(v.Button(chat.Say("button.reload_accounts"), conversation.VerbReload), conversation.AddAccountButton())
}

// account says what is known of an account.
func account(v *conversation.View, known conversation.Account, state State) {
	key := "accounts.line"
	if known.Default {
		key = "accounts.line_default"
	}
	v.Line(chat.Say(key, "Nick", known.Nick))
	if known.Nick != known.Login {
		v.Line(chat.Say("accounts.login", "Login", known.Login))
	}
	v.Line(state.text(known))
	if state.Phone {
		v.Line(chat.Say("login.phone"))
	}
	if state.Balance != nil {
		v.Line(chat.Say("accounts.balance", "Balance", state.Balance.Spendable()))
	}
	for _, sum := range sums(state.Reserved) {
		v.Line(chat.Say("accounts.reserved", "Reserved", sum))
	}
	if days, ok := state.DaysLeft(); ok {
		v.Line(chat.Say("accounts.days", "Count", days, "Daily", *state.Daily))
		if state.Unread > 0 {
			v.Line(chat.Say("services.unread", "Count", state.Unread))
		}
	}
	for _, tm := range state.Teams {
		v.Line(chat.Say("accounts.team", "Team", tm.Title))
	}
}

// text says whether an account can be used, and if not, what helps.
func (s State) text(known conversation.Account) chat.Phrase {
	p := s.Problem
	switch {
	case p == nil && known.Renews:
		return chat.Say("accounts.valid")
	case p == nil:
		return chat.Say("accounts.valid_token")
	default:
		return conversation.AccountProblem(*p)
	}
}

// DaysLeft is how many whole days the balance lasts at what the services cost now,
// once the open purchases have taken their share; false: that cannot be told.
func (s State) DaysLeft() (int, bool) {
	if s.Balance == nil || s.Daily == nil || s.Daily.Amount.Sign() <= 0 {
		return 0, false
	}
	have := left(*s.Balance, s.Reserved)
	if have.Currency != s.Daily.Currency {
		return 0, false
	}
	return max(0, int(have.Amount.Div(s.Daily.Amount).Floor().IntPart())), true
}

// left is what there is to spend apart from what is reserved.
func left(balance zomro.Balance, reserved []zomro.Money) zomro.Money {
	have := balance.Spendable()
	for _, sum := range reserved {
		if sum.Currency == have.Currency {
			have.Amount = have.Amount.Sub(sum.Amount)
		}
	}
	return have
}

// sums adds up money, each currency separately, in the order in which they first
// occur.
func sums(all []zomro.Money) []zomro.Money {
	var sums []zomro.Money
	for _, m := range all {
		i := slices.IndexFunc(sums, func(s zomro.Money) bool { return s.Currency == m.Currency })
		if i < 0 {
			sums = append(sums, m)
			continue
		}
		sums[i].Amount = sums[i].Amount.Add(m.Amount)
	}
	return sums
}

func pressAccounts(t *conversation.Turn, verb string, n int) bool {
	a := accountsOf(t.Dialogue)
	switch {
	case verb == conversation.VerbReload && a.Loaded, verb == conversation.VerbAgain && a.Trouble != nil:
		a.Loaded, a.Trouble = false, nil
		t.Do(LoadAccounts{})
	case verb == conversation.VerbPick && a.Loaded && n >= 0 && n < len(t.Dialogue.Accounts):
		a.Chosen = t.Dialogue.Accounts[n].ID
		t.Dialogue.Aside.Place = PlaceAccount
	default:
		return false
	}
	return true
}

func askAccount(v *conversation.View) {
	a := accountsOf(v.Dialogue)
	known := v.Dialogue.AccountOf(a.Chosen)
	account(v, known, a.state(a.Chosen))
	if !known.Default {
		v.Row(v.Button(chat.Say("button.account_default"), conversation.VerbDefault))
	}
	for i, tm := range a.state(a.Chosen).Teams {
		drop := v.Button(chat.Say("button.account_team_drop", "Team", conversation.Short(tm.Title)), conversation.VerbDrop, i)
		drop.Style = chat.Danger
		v.Row(drop)
	}
	forget := v.Button(chat.Say("button.logout"), conversation.VerbLogout)
	forget.Style = chat.Danger
	v.Row(v.Button(chat.Say("button.account_rename"), conversation.VerbRename), forget)
}

func pressAccount(t *conversation.Turn, verb string, n int) bool {
	a := accountsOf(t.Dialogue)
	switch verb {
	case conversation.VerbDrop:
		teams := a.state(a.Chosen).Teams
		if n < 0 || n >= len(teams) {
			return false
		}
		t.Do(conversation.ReleaseAccount{Team: teams[n].ID, Account: a.Chosen})
	case conversation.VerbDefault:
		changeAccount(t, ChangeAccount{Account: a.Chosen, Default: true})
		t.Note(chat.Say("accounts.is_default", "Account", t.Dialogue.AccountOf(a.Chosen).Nick))
	case conversation.VerbRename:
		t.Dialogue.Aside.Place = PlaceAccountName
	case conversation.VerbLogout:
		askForget(t, a.Chosen)
	default:
		return false
	}
	return true
}

func askAccountName(v *conversation.View) {
	v.Line(chat.Say("ask.account_name", "Account", v.Dialogue.AccountOf(accountsOf(v.Dialogue).Chosen).Nick))
}

// textAccountName takes a new name of an account; no two have the same.
func textAccountName(t *conversation.Turn, text string) {
	const most = 32
	chosen := accountsOf(t.Dialogue).Chosen
	nick := strings.Join(strings.Fields(text), " ")
	taken := slices.ContainsFunc(t.Dialogue.Accounts, func(a conversation.Account) bool { return a.ID != chosen && strings.EqualFold(a.Nick, nick) })
	switch {
	case nick == "" || len([]rune(nick)) > most:
		t.Note(chat.Say("wrong.account_name"))
	case taken:
		t.Note(chat.Say("wrong.account_name_taken", "Name", nick))
	default:
		changeAccount(t, ChangeAccount{Account: chosen, Nick: nick})
		t.Dialogue.Aside.Place = PlaceAccount
	}
}

// changeAccount changes an account in the store, and here.
func changeAccount(t *conversation.Turn, change ChangeAccount) {
	for i := range t.Dialogue.Accounts {
		a := &t.Dialogue.Accounts[i]
		if a.ID == change.Account && change.Nick != "" {
			a.Nick = change.Nick
		}
		if change.Default {
			a.Default = a.ID == change.Account
		}
	}
	t.Dialogue.Know(t.Dialogue.Accounts)
	t.Do(change)
}

// accountsOf returns the state of the cards of this kind; nil: the card is about something else.
func accountsOf(d conversation.Dialogue) *Accounts {
	state, _ := conversation.StateOf[Accounts](d)
	return state
}
