package conversation

import (
	"strings"

	"zomrobot/chat"
	"zomrobot/team"
)

// Bind is the choice, in private, of the account that pays for a team.
type Bind struct {
	Team    string   `json:"team"`              // its id
	Title   string   `json:"title"`             // of the group
	From    chat.Key `json:"from"`              // the dialogue in the group
	Account string   `json:"account,omitempty"` // the ID of the chosen one
}

// bind asks which account pays for a team.
func (t *turn) bind(b Bind) {
	t.aside(PlaceBind, &b)
	t.anew = true
}

func askBind(v *view) {
	b := bindOf(v.d)
	if len(v.d.Accounts) == 0 {
		v.line(chat.Say("bind.login_first", "Team", b.Title))
		v.row(commandButton("login"))
		return
	}
	v.line(chat.Say("ask.bind", "Team", b.Title))
	for i, a := range v.d.Accounts {
		v.row(v.button(plain(a.Nick), verbPick, i))
	}
	v.row(addAccountButton())
}

func pressBind(t *turn, verb string, n int) bool {
	if verb != verbPick || n < 0 || n >= len(t.d.Accounts) {
		return false
	}
	bindOf(t.d).Account = t.d.Accounts[n].ID
	t.d.Aside.Place = PlaceBindName
	return true
}

// bindName is what an account is called in a group when its owner does not want
// to think of a name: the login may be an address of theirs.
const bindName = "Zomro"

func askBindName(v *view) {
	v.line(chat.Say("ask.bind_name", "Team", bindOf(v.d).Title))
	v.row(v.button(plain(bindName), verbPick))
}

func pressBindName(t *turn, verb string, _ int) bool {
	if verb != verbPick {
		return false
	}
	t.bindAs(bindName)
	return true
}

func textBindName(t *turn, text string) {
	const most = 32
	nick := strings.Join(strings.Fields(text), " ")
	if nick == "" || len([]rune(nick)) > most {
		t.note(chat.Say("wrong.account_name"))
		return
	}
	t.bindAs(nick)
}

// bindAs binds the chosen account to the team under a name.
func (t *turn) bindAs(nick string) {
	b := bindOf(t.d)
	t.do(Check{Chat: b.From.Chat, Change: &ChangeTeam{Team: b.Team, Change: team.Change{Bind: &team.Binding{Account: b.Account, Nick: nick}}}})
	t.note(chat.Say("team.asking"))
}

// Stored names the form of its state in the store.
func (b *Bind) Stored() string { return "bind" }

// Meaning is nothing: its buttons always mean the same.
func (b *Bind) Meaning() string { return "" }

// Clone returns a copy.
func (b *Bind) Clone() State {
	is := *b
	return &is
}

// accountLinkMade shows the link on the card that waits for it.
func (t *turn) accountLinkMade(e LinkMade) {
	if card := cardOf(t.d); e.Purpose == LinkAccount && card != nil {
		card.Link = e.Code
		t.show = true
	}
}

// accountLinkOpened asks in private which account pays.
func (t *turn) accountLinkOpened(e LinkOpened) {
	if !e.Refused && e.Purpose == LinkAccount {
		t.bind(Bind{Team: e.Team, Title: e.Title, From: e.From})
	}
}

// bindOf returns the state of the cards of this kind; nil: the card is about something else.
func bindOf(d Dialogue) *Bind {
	state, _ := stateOf[Bind](d)
	return state
}
