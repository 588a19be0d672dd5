package conversation

import (
	"fmt"
	"slices"
	"strings"

	"zomrobot/chat"
	"zomrobot/zomro"
)

// AccountState is what is known of an account beside that.
type AccountState struct {
	ID       string         `json:"id"`
	Phone    bool           `json:"phone,omitempty"`    // the vendor sells to it only once its phone number was verified
	Balance  *zomro.Balance `json:"balance,omitempty"`  // nil: not known
	Daily    *zomro.Money   `json:"daily,omitempty"`    // what all services cost a day; nil: not every price is known
	Reserved []zomro.Money  `json:"reserved,omitempty"` // agreed totals of the purchases that are not paid
	Open     []string       `json:"open,omitempty"`     // ids of the purchases that are not at their end
	Teams    []AccountTeam  `json:"teams,omitempty"`    // which it pays for
	Problem  *Problem       `json:"problem,omitempty"`  // the account cannot be used
}

// Accounts is what the card of the accounts is made from, and that of /logout.
type Accounts struct {
	Chosen   string         `json:"chosen,omitempty"`   // the ID of the account whose card it is
	Choosing bool           `json:"choosing,omitempty"` // at PlaceLogout: it is asked for
	Brief    bool           `json:"brief,omitempty"`    // only the journal was asked
	Loaded   bool           `json:"loaded,omitempty"`
	Trouble  *Problem       `json:"trouble,omitempty"`
	States   []AccountState `json:"states,omitempty"`
}

// Stored names the form of its state in the store.
func (a *Accounts) Stored() string { return "accounts" }

// Clone returns a copy.
func (a *Accounts) Clone() State {
	is := *a
	return &is
}

// Meaning is what the meaning of the card's buttons hangs on.
func (a *Accounts) Meaning() string {
	return fmt.Sprint(a.Chosen, a.Choosing, a.Loaded, a.Trouble != nil, a.state(a.Chosen).Teams)
}

// state returns what is known of an account; "" is the only one.
func (a *Accounts) state(id string) AccountState {
	i := slices.IndexFunc(a.States, func(s AccountState) bool { return s.ID == id })
	if i < 0 {
		return AccountState{ID: id}
	}
	return a.States[i]
}

// DailyCost adds up what services cost a day, a month having 365/12 days;
// false: there are none, or not every price can be read.
func DailyCost(services []zomro.Service) (zomro.Money, bool) {
	var all spending
	for _, s := range services {
		if s.Status != zomro.StatusDeleted {
			all.add(s)
		}
	}
	return all.day, all.count > 0 && !all.unread
}

// accounts shows the person's accounts.
func (t *turn) accounts() {
	switch {
	case !t.d.Key.Private():
		t.tell(chat.Say("accounts.private"))
		return
	case len(t.d.Accounts) == 0:
		t.tell(chat.Say("accounts.none"), "login")
		return
	}
	t.aside(PlaceAccounts, &Accounts{})
	t.do(LoadAccounts{})
	t.anew = true
}

// accountsLoaded takes the state of the accounts that the card waits for.
func (t *turn) accountsLoaded(e AccountsLoaded) {
	if accountsOf(t.d) == nil {
		return
	}
	a := accountsOf(t.d)
	if a.Loaded || a.Brief != e.Brief {
		return
	}
	a.Loaded, a.Trouble, a.States = e.Problem == nil, e.Problem, e.Accounts
	t.show = true
}

func askAccounts(v *view) {
	a := accountsOf(v.d)
	v.line(chat.Say("accounts.title"))
	if v.waiting(a.Loaded, a.Trouble) {
		return
	}
	low := false
	for i, known := range v.d.Accounts {
		v.gap()
		v.account(known, a.state(known.ID))
		v.row(v.button(plain(known.Nick), verbPick, i))
		low = low || a.state(known.ID).Balance != nil
	}
	if low {
		v.row(topUpButton())
	}
	v.row(v.button(chat.Say("button.reload_accounts"), verbReload), addAccountButton())
}

// account says what is known of an account.
func (v *view) account(known Account, state AccountState) {
	key := "accounts.line"
	if known.Default {
		key = "accounts.line_default"
	}
	v.line(chat.Say(key, "Nick", known.Nick))
	if known.Nick != known.Login {
		v.line(chat.Say("accounts.login", "Login", known.Login))
	}
	v.line(state.text(known))
	if state.Phone {
		v.line(chat.Say("login.phone"))
	}
	if state.Balance != nil {
		v.line(chat.Say("accounts.balance", "Balance", state.Balance.Spendable()))
	}
	for _, sum := range sums(state.Reserved) {
		v.line(chat.Say("accounts.reserved", "Reserved", sum))
	}
	if days, ok := state.daysLeft(); ok {
		v.line(chat.Say("accounts.days", "Count", days, "Daily", *state.Daily))
	}
	for _, tm := range state.Teams {
		v.line(chat.Say("accounts.team", "Team", tm.Title))
	}
}

// text says whether an account can be used, and if not, what helps.
func (s AccountState) text(known Account) chat.Phrase {
	p := s.Problem
	switch {
	case p == nil && known.Renews:
		return chat.Say("accounts.valid")
	case p == nil:
		return chat.Say("accounts.valid_token")
	case p.Object == "badpassword":
		return chat.Say("accounts.refused")
	case p.Object == "badip" || p.Code == zomro.CodeBlockedAddress:
		return chat.Say("accounts.ip", "Why", problemText(*p))
	case problemText(*p).Key == "problem.denied":
		return chat.Say("accounts.expired")
	default:
		return chat.Say("accounts.unknown", "Why", problemText(*p))
	}
}

// daysLeft is for how many whole days the balance lasts at what the services
// cost now, when the open purchases have taken theirs; false: that cannot be told.
func (s AccountState) daysLeft() (int, bool) {
	if s.Balance == nil || s.Daily == nil || s.Daily.Amount.Sign() <= 0 {
		return 0, false
	}
	have := left(*s.Balance, s.Reserved)
	if have.Currency != s.Daily.Currency {
		return 0, false
	}
	return max(0, int(have.Amount.Div(s.Daily.Amount).Floor().IntPart())), true
}

// left is what there is to spend beside what is reserved.
func left(balance zomro.Balance, reserved []zomro.Money) zomro.Money {
	have := balance.Spendable()
	for _, sum := range reserved {
		if sum.Currency == have.Currency {
			have.Amount = have.Amount.Sub(sum.Amount)
		}
	}
	return have
}

// sums adds up money, each currency by itself, in the order of the first of each.
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

func pressAccounts(t *turn, verb string, n int) bool {
	a := accountsOf(t.d)
	switch {
	case verb == verbReload && a.Loaded, verb == verbAgain && a.Trouble != nil:
		a.Loaded, a.Trouble = false, nil
		t.do(LoadAccounts{})
	case verb == verbPick && a.Loaded && n >= 0 && n < len(t.d.Accounts):
		a.Chosen = t.d.Accounts[n].ID
		t.d.Aside.Place = PlaceAccount
	default:
		return false
	}
	return true
}

func askAccount(v *view) {
	a := accountsOf(v.d)
	known := v.d.accountOf(a.Chosen)
	v.account(known, a.state(a.Chosen))
	if !known.Default {
		v.row(v.button(chat.Say("button.account_default"), verbDefault))
	}
	for i, tm := range a.state(a.Chosen).Teams {
		drop := v.button(chat.Say("button.account_team_drop", "Team", short(tm.Title)), verbDrop, i)
		drop.Style = chat.Danger
		v.row(drop)
	}
	forget := v.button(chat.Say("button.logout"), verbLogout)
	forget.Style = chat.Danger
	v.row(v.button(chat.Say("button.account_rename"), verbRename), forget)
}

func pressAccount(t *turn, verb string, n int) bool {
	a := accountsOf(t.d)
	switch verb {
	case verbDrop:
		teams := a.state(a.Chosen).Teams
		if n < 0 || n >= len(teams) {
			return false
		}
		t.do(ReleaseAccount{Team: teams[n].ID, Account: a.Chosen})
	case verbDefault:
		t.changeAccount(ChangeAccount{Account: a.Chosen, Default: true})
		t.note(chat.Say("accounts.is_default", "Account", t.d.accountOf(a.Chosen).Nick))
	case verbRename:
		t.d.Aside.Place = PlaceAccountName
	case verbLogout:
		t.askForget(a.Chosen)
	default:
		return false
	}
	return true
}

func askAccountName(v *view) {
	v.line(chat.Say("ask.account_name", "Account", v.d.accountOf(accountsOf(v.d).Chosen).Nick))
}

// textAccountName takes a new name of an account; no two have the same.
func textAccountName(t *turn, text string) {
	const most = 32
	chosen := accountsOf(t.d).Chosen
	nick := strings.Join(strings.Fields(text), " ")
	taken := slices.ContainsFunc(t.d.Accounts, func(a Account) bool { return a.ID != chosen && strings.EqualFold(a.Nick, nick) })
	switch {
	case nick == "" || len([]rune(nick)) > most:
		t.note(chat.Say("wrong.account_name"))
	case taken:
		t.note(chat.Say("wrong.account_name_taken", "Name", nick))
	default:
		t.changeAccount(ChangeAccount{Account: chosen, Nick: nick})
		t.d.Aside.Place = PlaceAccount
	}
}

// changeAccount changes an account where it is kept, and here.
func (t *turn) changeAccount(change ChangeAccount) {
	for i := range t.d.Accounts {
		a := &t.d.Accounts[i]
		if a.ID == change.Account && change.Nick != "" {
			a.Nick = change.Nick
		}
		if change.Default {
			a.Default = a.ID == change.Account
		}
	}
	t.d.Know(t.d.Accounts)
	t.do(change)
}

func askPayer(v *view) {
	v.line(chat.Say("ask.payer"))
	for i, a := range v.d.Accounts {
		v.row(v.option(plain(a.Nick), a.ID == v.d.payer().ID, verbPick, i))
	}
}

// pressPayer chooses the account that pays. Its order form has keys and images
// of its own: what was chosen of another's is dropped.
func pressPayer(t *turn, verb string, n int) bool {
	if verb != verbPick || n < 0 || n >= len(t.d.Accounts) {
		return false
	}
	dr := t.d.Draft
	if chosen := t.d.Accounts[n].ID; chosen != t.d.payer().ID {
		if dr.Access.Kind == AccessKey {
			t.note(chat.Say("note.dropped", "What", []chat.Phrase{chat.Say("part.key", "Key", dr.Access.Key.Name)}))
			dr.Access = Access{}
		}
		dr.Account, dr.Form, dr.Balance, dr.NewKey = chosen, nil, nil, ""
	}
	t.goTo(PlaceReview)
	return true
}

// accountsOf returns the state of the cards of this kind; nil: the card is about something else.
func accountsOf(d Dialogue) *Accounts {
	state, _ := stateOf[Accounts](d)
	return state
}
