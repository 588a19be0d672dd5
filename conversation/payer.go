package conversation

import (
	"slices"
	"strings"

	"zomrobot/chat"
	"zomrobot/team"
)

// AccountTeam is a team that an account pays for.
type AccountTeam struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

// ReleaseAccount ends that an account of the person pays for a team. It is theirs:
// nobody else is asked. Answered by AccountReleased.
type ReleaseAccount struct {
	Team    string `json:"team"`              // its id
	Account string `json:"account,omitempty"` // its ID; "": whichever of theirs pays
}

// AccountReleased answers ReleaseAccount.
type AccountReleased struct {
	Team    string
	Title   string // of the team
	Refused bool   // none of their accounts pays for it
}

func (AccountReleased) Event() {}

// PayOn asks whose account pays for a team, in private, whether it shall go on
// paying, for somebody else owns the team now.
func PayOn(id, title, owner, account string) chat.Screen {
	name := strings.ReplaceAll(id, ":", "_")
	return chat.Screen{
		Lines: []chat.Phrase{chat.Say("payer.asked", "Team", title, "Who", owner, "Account", account)},
		Rows: [][]chat.Button{
			{{Label: chat.Say("button.payer_keep"), Data: kindTeam + ":" + verbKeep + ":" + name}},
			{{Label: chat.Say("button.payer_drop"), Data: kindTeam + ":" + verbDrop + ":" + name, Style: chat.Danger}},
		},
	}
}

// AccountTaken is news for a group: whose account it was has taken it back.
func AccountTaken(nick, who string) chat.Screen {
	return chat.Screen{Lines: []chat.Phrase{chat.Say("team.account_taken", "Account", nick, "Who", who)}, Rows: [][]chat.Button{{commandButton("team")}}}
}

// payOn takes the answer to PayOn, whose message goes: what was decided is said in one
// without those buttons.
func (t *turn) payOn(d data, message int) {
	switch id := strings.ReplaceAll(d.id, "_", ":"); {
	case !t.d.Key.Private():
		t.answer(chat.Say("toast.unknown"))
	case d.verb == verbKeep:
		t.do(Delete{Message: message})
		t.tell(chat.Say("payer.kept"), "accounts")
	case d.verb == verbDrop:
		t.do(Delete{Message: message})
		t.do(ReleaseAccount{Team: id})
	default:
		t.answer(chat.Say("toast.unknown"))
	}
}

// accountReleased says that an account does not pay for a team any more.
func (t *turn) accountReleased(e AccountReleased) {
	said := chat.Say("payer.dropped", "Team", e.Title)
	if e.Refused {
		said = chat.Say("payer.gone")
	}
	if accountsOf(t.d) == nil {
		t.tell(said, "accounts")
		return
	}
	a := accountsOf(t.d)
	a.States = slices.Clone(a.States)
	for i, state := range a.States {
		a.States[i].Teams = slices.DeleteFunc(slices.Clone(state.Teams), func(tm AccountTeam) bool { return tm.ID == e.Team })
	}
	t.note(said)
	t.show = true
}

// askTeamHand asks whether to hand the team over, and says what passes on.
func askTeamHand(v *view) {
	if v.d.Team == nil {
		return
	}
	tm, user := v.d.Team.Team, cardOf(v.d).User
	v.line(chat.Say("ask.team_hand", "Who", tm.Name(user)))
	switch a := tm.Account; {
	case a == nil:
		v.line(chat.Say("team.no_account"))
	case a.Holder == user:
		v.line(chat.Say("ask.team_hand_theirs", "Account", a.Nick))
	default:
		v.line(chat.Say("ask.team_hand_account", "Account", a.Nick, "Holder", tm.Name(a.Holder)))
	}
	yes := v.button(chat.Say("button.team_hand_yes", "Who", short(tm.Name(user))), verbYes)
	yes.Style = chat.Danger
	v.row(yes)
}

func pressTeamHand(t *turn, verb string, _ int) bool {
	if verb != verbYes || !t.d.owns() {
		return false
	}
	t.changeTeam(team.Change{Owner: cardOf(t.d).User})
	t.d.Aside.Place = PlaceTeam
	return true
}
