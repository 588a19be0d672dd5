package team

import (
	"strings"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/team"
)

// PayOn asks the person whose account pays for a team, in private, whether it shall
// go on paying, now that somebody else owns the team.
func PayOn(id, title, owner, account string) chat.Screen {
	name := strings.ReplaceAll(id, ":", "_")
	return chat.Screen{
		Lines: []chat.Phrase{chat.Say("payer.asked", "Team", title, "Who", owner, "Account", account)},
		Rows: [][]chat.Button{
			{{Label: chat.Say("button.payer_keep"), Data: conversation.KindTeam + ":" + conversation.VerbKeep + ":" + name}},
			{{Label: chat.Say("button.payer_drop"), Data: conversation.KindTeam + ":" + conversation.VerbDrop + ":" + name, Style: chat.Danger}},
		},
	}
}

// AccountTaken is news for a group: the holder of its account has taken the account
// back.
func AccountTaken(nick, who string) chat.Screen {
	return chat.Screen{Lines: []chat.Phrase{chat.Say("team.account_taken", "Account", nick, "Who", who)}, Rows: [][]chat.Button{{conversation.CommandButton("team")}}}
}

// payOn takes the answer to PayOn, whose message is removed: the decision is told in
// one without those buttons.
func payOn(t *conversation.Turn, d conversation.Data, message int) {
	switch id := strings.ReplaceAll(d.ID, "_", ":"); {
	case !t.Dialogue.Key.Private():
		t.Answer(chat.Say("toast.unknown"))
	case d.Verb == conversation.VerbKeep:
		t.Do(conversation.Delete{Message: message})
		t.Tell(chat.Say("payer.kept"), "accounts")
	case d.Verb == conversation.VerbDrop:
		t.Do(conversation.Delete{Message: message})
		t.Do(conversation.ReleaseAccount{Team: id})
	default:
		t.Answer(chat.Say("toast.unknown"))
	}
}

// askTeamHand asks whether to hand the team over, and says what passes on.
func askTeamHand(v *conversation.View) {
	if v.Dialogue.Team == nil {
		return
	}
	tm, user := v.Dialogue.Team.Team, cardOf(v.Dialogue).User
	v.Line(chat.Say("ask.team_hand", "Who", tm.Name(user)))
	switch a := tm.Account; {
	case a == nil:
		v.Line(chat.Say("team.no_account"))
	case a.Holder == user:
		v.Line(chat.Say("ask.team_hand_theirs", "Account", a.Nick))
	default:
		v.Line(chat.Say("ask.team_hand_account", "Account", a.Nick, "Holder", tm.Name(a.Holder)))
	}
	yes := v.Button(chat.Say("button.team_hand_yes", "Who", conversation.Short(tm.Name(user))), conversation.VerbYes)
	yes.Style = chat.Danger
	v.Row(yes)
}

func pressTeamHand(t *conversation.Turn, verb string, _ int) bool {
	if verb != conversation.VerbYes || !t.Dialogue.Owns() {
		return false
	}
	changeTeam(t, team.Change{Owner: cardOf(t.Dialogue).User})
	t.Dialogue.Aside.Place = PlaceTeam
	return true
}
