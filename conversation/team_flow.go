package conversation

import (
	"encoding/json"

	"zomrobot/chat"
)

// The places of a team.
const (
	PlaceTeam        Place = "team"
	PlaceTeamAccount Place = "team_account"
	PlaceTeamRule    Place = "team_rule"
	PlaceTeamAbove   Place = "team_above" // above which amount orders need approvals
	PlaceTeamLimits  Place = "team_limits"
	PlaceTeamLimit   Place = "team_limit"
	PlaceTeamRoles   Place = "team_roles"
	PlaceTeamRole    Place = "team_role"
	PlaceTeamHand    Place = "team_hand" // whether to hand the team over
	PlaceBind        Place = "bind"      // in private: which account pays for a team
	PlaceBindName    Place = "bind_name"
)

// TeamFlow is the flow of a group that orders together.
func TeamFlow() Flow {
	return Flow{
		name: "team",
		places: []spot{
			{name: PlaceTeam, ask: askTeam, press: pressTeam, looks: true},
			{name: PlaceTeamAccount, parent: PlaceTeam, ask: askTeamAccount, press: pressTeamAccount, looks: true},
			{name: PlaceTeamRule, parent: PlaceTeam, ask: askTeamRule, press: pressTeamRule, looks: true},
			{name: PlaceTeamAbove, parent: PlaceTeamRule, ask: askTeamAbove, text: textTeamAbove, typed: true},
			{name: PlaceTeamLimits, parent: PlaceTeam, ask: askTeamLimits, press: pressTeamLimits, looks: true},
			{name: PlaceTeamLimit, parent: PlaceTeamLimits, ask: askTeamLimit, press: pressTeamLimit, text: textTeamLimit, typed: true},
			{name: PlaceTeamRoles, parent: PlaceTeam, ask: askTeamRoles, press: pressTeamRoles, looks: true},
			{name: PlaceTeamRole, parent: PlaceTeamRoles, ask: askTeamRole, press: pressTeamRole},
			{name: PlaceTeamHand, parent: PlaceTeamRole, ask: askTeamHand, press: pressTeamHand},
			{name: PlaceBind, ask: askBind, press: pressBind, returns: true},
			{name: PlaceBindName, parent: PlaceBind, ask: askBindName, press: pressBindName, text: textBindName, returns: true},
		},
		commands: []commandSpec{
			{name: "team", menu: 15, private: true, group: true, run: func(t *turn, _ call) { t.team() }},
		},
		buttons: map[string]func(*turn, data, int){
			kindTeam: func(t *turn, d data, message int) { t.payOn(d, message) },
		},
		thaw: func(place Place, stored map[string]json.RawMessage) (State, error) {
			if place == PlaceBind || place == PlaceBindName {
				return Thaw[Bind](stored)
			}
			return Thaw[TeamCard](stored)
		},
		take: func(t *turn, e chat.Event) {
			switch e := e.(type) {
			case TeamChanged:
				t.teamChanged(e)
			case TeamMoved:
				t.teamMoved()
			case LinkMade:
				t.accountLinkMade(e)
			case LinkOpened:
				t.accountLinkOpened(e)
			case Checked:
				if change := e.Check.Change; change != nil {
					t.checkedChange(*change, e)
				}
			}
		},
	}
}

// ListsPeople reports whether the card names people by their place in a list.
func (c *TeamCard) ListsPeople(p Place) bool { return p == PlaceTeamRoles }
