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
	t.aside(Aside{Place: PlaceBind, Bind: &b})
	t.anew = true
}

func askBind(v *view) {
	b := v.d.Aside.Bind
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
	t.d.Aside.Bind.Account = t.d.Accounts[n].ID
	t.d.Aside.Place = PlaceBindName
	return true
}

// bindName is what an account is called in a group when its owner does not want
// to think of a name: the login may be an address of theirs.
const bindName = "Zomro"

func askBindName(v *view) {
	v.line(chat.Say("ask.bind_name", "Team", v.d.Aside.Bind.Title))
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
	b := t.d.Aside.Bind
	t.do(Check{Chat: b.From.Chat, Change: &ChangeTeam{Team: b.Team, Change: team.Change{Bind: &team.Binding{Account: b.Account, Nick: nick}}}})
	t.note(chat.Say("team.asking"))
}
