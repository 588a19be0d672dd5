package account

import (
	"slices"

	"zomrobot/chat"
	"zomrobot/conversation"
)

// accountReleased says that an account no longer pays for a team.
func accountReleased(t *conversation.Turn, e Released) {
	said := chat.Say("payer.dropped", "Team", e.Title)
	if e.Refused {
		said = chat.Say("payer.gone")
	}
	if accountsOf(t.Dialogue) == nil {
		t.Tell(said, "accounts")
		return
	}
	a := accountsOf(t.Dialogue)
	a.States = slices.Clone(a.States)
	for i, state := range a.States {
		a.States[i].Teams = slices.DeleteFunc(slices.Clone(state.Teams), func(tm PaidTeam) bool { return tm.ID == e.Team })
	}
	t.Note(said)
	t.Show = true
}
