package conversation

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"zomrobot/team"
)

// TeamState is what a dialogue in a group knows of its team: how it stood at the
// last turn. Decisions are made on the team as it stands at the time.
type TeamState struct {
	Team   team.Team   `json:"team"`
	Ledger team.Ledger `json:"ledger"`
	Out    bool        `json:"out,omitempty"` // whoever connected its account has logged out of it
}

// ChangeTeam changes a team, on behalf of the person. Answered by TeamChanged.
type ChangeTeam struct {
	Team   string      `json:"team,omitempty"`   // its id; "": the team here
	Status team.Status `json:"status,omitempty"` // of the person, as Telegram has just said

	team.Change
}

// Join takes over what the team of the dialogue's group is now; nil: there is none.
// Its account is the only one that can pay there.
func (d *Dialogue) Join(state *TeamState) {
	before, people := d.Team, d.People()
	d.Team = state
	// Buttons of the team's cards mean what they meant when they were shown:
	// people are named there by their place in a list.
	if a := d.Aside; a != nil {
		of, ok := a.Flow.(ofTeam)
		if ok && ((before == nil) != (state == nil) || of.ListsPeople(a.Place) && !slices.Equal(people, d.People())) {
			d.Rev++
		}
	}
	var accounts []Account
	if state != nil && state.Team.Account != nil {
		a := state.Team.Account
		accounts = []Account{{ID: a.ID, Nick: a.Nick, Default: true}}
	}
	d.Know(accounts)
}

// ofTeam is the state of a card of the team.
type ofTeam interface {
	// ListsPeople reports whether the card names people by their place in a list.
	ListsPeople(Place) bool
}

// Owns reports whether the person owns the team here.
func (d Dialogue) Owns() bool { return d.Team != nil && d.Team.Team.Owner == d.Key.User }

// People returns the people of the team who can be given a role; the owner is left
// out.
func (d Dialogue) People() []int64 {
	if d.Team == nil {
		return nil
	}
	known := map[int64]bool{}
	for user := range d.Team.Team.Names {
		known[user] = true
	}
	for user := range d.Team.Team.Roles {
		known[user] = true
	}
	delete(known, d.Team.Team.Owner)
	return slices.SortedFunc(maps.Keys(known), func(a, b int64) int {
		// People may have the same name.
		return cmp.Or(strings.Compare(d.Team.Team.Name(a), d.Team.Team.Name(b)), cmp.Compare(a, b))
	})
}
