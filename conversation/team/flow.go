package team

import (
	"encoding/json"

	"zomrobot/chat"
	"zomrobot/conversation"
)

// The places of a team.
const (
	PlaceTeam        conversation.Place = "team"
	PlaceTeamAccount conversation.Place = "team_account"
	PlaceTeamRule    conversation.Place = "team_rule"
	PlaceTeamAbove   conversation.Place = "team_above" // the amount above which orders need approvals
	PlaceTeamLimits  conversation.Place = "team_limits"
	PlaceTeamLimit   conversation.Place = "team_limit"
	PlaceTeamRoles   conversation.Place = "team_roles"
	PlaceTeamRole    conversation.Place = "team_role"
	PlaceTeamHand    conversation.Place = "team_hand" // whether to hand the team over
	PlaceBind        conversation.Place = "bind"      // in private: which account pays for a team
	PlaceBindName    conversation.Place = "bind_name"
)

// Flow is the flow of a group that orders together.
func Flow() conversation.Flow {
	return conversation.Flow{
		Name: "team",
		Places: []conversation.Spot{
			{Name: PlaceTeam, Ask: askTeam, Press: pressTeam, Looks: true},
			{Name: PlaceTeamAccount, Parent: PlaceTeam, Ask: askTeamAccount, Press: pressTeamAccount, Looks: true},
			{Name: PlaceTeamRule, Parent: PlaceTeam, Ask: askTeamRule, Press: pressTeamRule, Looks: true},
			{Name: PlaceTeamAbove, Parent: PlaceTeamRule, Ask: askTeamAbove, Text: textTeamAbove, Agrees: true, Typed: chat.Say("field.amount")},
			{Name: PlaceTeamLimits, Parent: PlaceTeam, Ask: askTeamLimits, Press: pressTeamLimits, Looks: true},
			{Name: PlaceTeamLimit, Parent: PlaceTeamLimits, Ask: askTeamLimit, Press: pressTeamLimit, Text: textTeamLimit, Agrees: true, Typed: chat.Say("field.amount")},
			{Name: PlaceTeamRoles, Parent: PlaceTeam, Ask: askTeamRoles, Press: pressTeamRoles, Looks: true},
			{Name: PlaceTeamRole, Parent: PlaceTeamRoles, Ask: askTeamRole, Press: pressTeamRole},
			{Name: PlaceTeamHand, Parent: PlaceTeamRole, Ask: askTeamHand, Press: pressTeamHand},
			{Name: PlaceBind, Ask: askBind, Press: pressBind, Returns: true},
			{Name: PlaceBindName, Parent: PlaceBind, Ask: askBindName, Press: pressBindName, Text: textBindName, Agrees: true, Returns: true},
		},
		Commands: []conversation.CommandSpec{
			{Name: "team", Topic: conversation.TopicTeam, Menu: 17, Private: true, Group: true, Run: func(t *conversation.Turn, _ conversation.Call) { showTeam(t) }},
		},
		Buttons: map[string]func(*conversation.Turn, conversation.Data, int){
			conversation.KindTeam: func(t *conversation.Turn, d conversation.Data, message int) { payOn(t, d, message) },
		},
		Thaw: func(place conversation.Place, stored map[string]json.RawMessage) (conversation.State, error) {
			if place == PlaceBind || place == PlaceBindName {
				return conversation.Thaw[Bind](stored)
			}
			return conversation.Thaw[Card](stored)
		},
		Take: func(t *conversation.Turn, e chat.Event) {
			switch e := e.(type) {
			case Changed:
				teamChanged(t, e)
			case Moved:
				teamMoved(t)
			case conversation.LinkMade:
				accountLinkMade(t, e)
			case conversation.LinkOpened:
				accountLinkOpened(t, e)
			case conversation.Checked:
				if change := e.Check.Change; change != nil {
					checkedChange(t, *change, e)
				}
			}
		},
	}
}

// ListsPeople reports whether the card names people by their place in a list.
func (c *Card) ListsPeople(p conversation.Place) bool { return p == PlaceTeamRoles }
