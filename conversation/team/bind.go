package team

import (
	"strings"

	"zomrobot/chat"
	"zomrobot/conversation"
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
func bind(t *conversation.Turn, b Bind) {
	t.Ask(PlaceBind, &b)
	t.AsNew = true
}

func askBind(v *conversation.View) {
	b := bindOf(v.Dialogue)
	if len(v.Dialogue.Accounts) == 0 {
		v.Line(chat.Say("bind.login_first", "Team", b.Title))
		v.Row(conversation.CommandButton("login"))
		return
	}
	v.Line(chat.Say("ask.bind", "Team", b.Title))
	for i, a := range v.Dialogue.Accounts {
		v.Row(v.Button(conversation.Plain(a.Nick), conversation.VerbPick, i))
	}
	v.Row(conversation.AddAccountButton())
}

func pressBind(t *conversation.Turn, verb string, n int) bool {
	if verb != conversation.VerbPick || n < 0 || n >= len(t.Dialogue.Accounts) {
		return false
	}
	bindOf(t.Dialogue).Account = t.Dialogue.Accounts[n].ID
	t.Dialogue.Aside.Place = PlaceBindName
	return true
}

// bindName is what an account is called in a group when its owner gives no name:
// the login may be their address.
const bindName = "Zomro"

func askBindName(v *conversation.View) {
	v.Line(chat.Say("ask.bind_name", "Team", bindOf(v.Dialogue).Title))
	v.Row(v.Button(conversation.Plain(bindName), conversation.VerbPick))
}

func pressBindName(t *conversation.Turn, verb string, _ int) bool {
	if verb != conversation.VerbPick {
		return false
	}
	bindAs(t, bindName)
	return true
}

func textBindName(t *conversation.Turn, text string) {
	const most = 32
	nick := strings.Join(strings.Fields(text), " ")
	if nick == "" || len([]rune(nick)) > most {
		t.Note(chat.Say("wrong.account_name"))
		return
	}
	bindAs(t, nick)
}

// bindAs binds the chosen account to the team under a name.
func bindAs(t *conversation.Turn, nick string) {
	b := bindOf(t.Dialogue)
	t.Do(conversation.Check{Chat: b.From.Chat, Change: &conversation.ChangeTeam{Team: b.Team, Change: team.Change{Bind: &team.Binding{Account: b.Account, Nick: nick}}}})
	t.Note(chat.Say("team.asking"))
}

// Stored names the form of its state in the store.
func (b *Bind) Stored() string { return "bind" }

// Meaning is empty: its buttons always mean the same.
func (b *Bind) Meaning() string { return "" }

// Clone returns a copy.
func (b *Bind) Clone() conversation.State {
	is := *b
	return &is
}

// accountLinkMade shows the link on the card that waits for it.
func accountLinkMade(t *conversation.Turn, e conversation.LinkMade) {
	if card := cardOf(t.Dialogue); e.Purpose == conversation.LinkAccount && card != nil {
		card.Link = e.Code
		t.Show = true
	}
}

// accountLinkOpened asks in private which account pays.
func accountLinkOpened(t *conversation.Turn, e conversation.LinkOpened) {
	if !e.Refused && e.Purpose == conversation.LinkAccount {
		bind(t, Bind{Team: e.Team, Title: e.Title, From: e.From})
	}
}

// bindOf returns the state of the cards of this kind; nil: the card is about something else.
func bindOf(d conversation.Dialogue) *Bind {
	state, _ := conversation.StateOf[Bind](d)
	return state
}
