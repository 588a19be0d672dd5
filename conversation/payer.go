package conversation

import (
	"slices"
	"strings"
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

func (AccountReleased) event() {}

// PayOn asks whose account pays for a team, in private, whether it shall go on
// paying, for somebody else owns the team now.
func PayOn(id, title, owner, account string) Screen {
	name := strings.ReplaceAll(id, ":", "_")
	return Screen{
		Lines: []Phrase{Say("payer.asked", "Team", title, "Who", owner, "Account", account)},
		Rows: [][]Button{
			{{Label: Say("button.payer_keep"), Data: kindTeam + ":" + verbKeep + ":" + name}},
			{{Label: Say("button.payer_drop"), Data: kindTeam + ":" + verbDrop + ":" + name, Style: Danger}},
		},
	}
}

// AccountTaken is news for a group: whose account it was has taken it back.
func AccountTaken(nick, who string) Screen {
	return Screen{Lines: []Phrase{Say("team.account_taken", "Account", nick, "Who", who)}, Rows: [][]Button{{commandButton("team")}}}
}

// payOn takes the answer to PayOn, whose message goes: what was decided is said in one
// without those buttons.
func (t *turn) payOn(d data, message int) {
	switch id := strings.ReplaceAll(d.id, "_", ":"); {
	case !t.d.Key.Private():
		t.answer(Say("toast.unknown"))
	case d.verb == verbKeep:
		t.do(Delete{Message: message})
		t.tell(Say("payer.kept"), "accounts")
	case d.verb == verbDrop:
		t.do(Delete{Message: message})
		t.do(ReleaseAccount{Team: id})
	default:
		t.answer(Say("toast.unknown"))
	}
}

// accountReleased says that an account does not pay for a team any more.
func (t *turn) accountReleased(e AccountReleased) {
	said := Say("payer.dropped", "Team", e.Title)
	if e.Refused {
		said = Say("payer.gone")
	}
	if t.d.Aside == nil || t.d.Aside.Accounts == nil {
		t.tell(said, "accounts")
		return
	}
	a := t.d.Aside.Accounts
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
	tm, user := v.d.Team.Team, v.d.Aside.Team.User
	v.line(Say("ask.team_hand", "Who", tm.Name(user)))
	switch a := tm.Account; {
	case a == nil:
		v.line(Say("team.no_account"))
	case a.Holder == user:
		v.line(Say("ask.team_hand_theirs", "Account", a.Nick))
	default:
		v.line(Say("ask.team_hand_account", "Account", a.Nick, "Holder", tm.Name(a.Holder)))
	}
	yes := v.button(Say("button.team_hand_yes", "Who", short(tm.Name(user))), verbYes)
	yes.Style = Danger
	v.row(yes)
}

func pressTeamHand(t *turn, verb string, _ int) bool {
	if verb != verbYes || !t.d.owns() {
		return false
	}
	t.changeTeam(ChangeTeam{Owner: t.d.Aside.Team.User})
	t.d.Aside.Place = PlaceTeam
	return true
}
