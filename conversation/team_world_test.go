package conversation_test

import (
	"time"

	"zomrobot/conversation"
	"zomrobot/conversation/bill"
	orderflow "zomrobot/conversation/order"
	teamflow "zomrobot/conversation/team"
	"zomrobot/team"
	"zomrobot/zomro"
)

// linkCode is the code of every link that is made.
const linkCode = "c0de-0f_a-link"

// madePassword is the password that is made for an order in a group.
var madePassword = zomro.NewSecret("Made7-for-the-group")

// The links lead from the dialogue in the group into the private chat.
var (
	bindLink = conversation.LinkOpened{Purpose: conversation.LinkAccount, From: group, Team: "-1001:7", Title: "Backend"}
	handLink = conversation.LinkOpened{Purpose: conversation.LinkPassword, From: group, Draft: "a draft", Team: "-1001:7", Title: "Backend"}
)

// withRules has a team want approvals, and set every limit.
func withRules(tm *team.Team) {
	above, day, month, all := euro("5.00"), euro("20.00"), euro("100.00"), euro("300.00")
	tm.Rule = team.Rule{Needed: 2, Above: &above, Expires: 8 * time.Hour}
	tm.Limits = team.Limits{Purchase: &day, PersonDay: &day, PersonMonth: &month, TeamMonth: &all}
}

// respondTeam answers an effect of a team as Telegram and the engine would;
// false: it is none.
func (k *talk) respondTeam(e conversation.Effect) bool {
	k.t.Helper()
	switch e := e.(type) {
	case conversation.Check:
		checked := conversation.Checked{Check: e, Status: k.status, Failed: k.status == ""}
		if e.Act != nil || e.Open != nil && e.Open.Prolong != nil {
			checked.Holder = 42
		}
		k.step(checked)
	case conversation.Decide:
		if !e.Begins {
			return false
		}
		k.step(bill.ReasonWanted{Purchase: e.Purchase, Terms: e.Revision})
	case conversation.ChangeTeam:
		k.step(k.changeTeam(e))
	case conversation.MakeLink:
		k.step(conversation.LinkMade{Purpose: e.Purpose, Draft: e.Draft, Code: linkCode})
	case conversation.OpenLink:
		if k.shared == nil {
			k.step(k.link)
			break
		}
		opened := *k.shared
		opened.Unique = e.Unique
		k.step(opened)
	case orderflow.ShareOrder:
		k.step(orderflow.ShareMade{Code: linkCode, Promo: e.Promo})
	case orderflow.SharePromo:
		k.step(orderflow.ShareMade{Code: e.Code, Promo: "SUMMER10", WithPromo: true})
	case orderflow.HandPassword:
		handed := orderflow.PasswordHanded{}
		if e.Value.IsZero() {
			k.secrets = append(k.secrets, madePassword.Reveal())
			handed.Made = madePassword
		}
		k.step(handed)
	default:
		return false
	}
	return true
}

// changeTeam changes the team, as the engine does.
func (k *talk) changeTeam(c conversation.ChangeTeam) teamflow.Changed {
	changed := teamflow.Changed{Made: c.Make && k.team == nil, Bound: c.Bind != nil || c.Unbind}
	if k.d.Key.Private() {
		if !c.Status.Present() {
			changed.Refused = conversation.CodeNotAllowed
		}
		return changed
	}
	state, who := conversation.TeamState{}, k.d.Key.User
	if k.team != nil {
		state = *k.team
	}
	tm := &state.Team
	admin := c.Status == team.StatusCreator || c.Status == team.StatusAdministrator
	switch {
	case k.team == nil && !c.Make:
		changed.Refused = conversation.CodeNoTeam
	case k.team != nil && c.Make:
	case (c.Make || c.Owner != 0 && tm.Owner == 0) && !admin:
		changed.Refused = conversation.CodeNotAdmin
	case c.Make:
		*tm = team.New("-1001:7", k.title(), k.d.Key.Chat, k.d.Key.Thread, who, k.now).WithName(who, k.d.Name)
	case c.Owner == who && tm.Owner == 0:
		tm.Owner = who
	case !tm.Role(who, c.Status).May(team.RightManage):
		changed.Refused = conversation.CodeNotAllowed
	case c.Rule != nil:
		tm.Rule = *c.Rule
	case c.Limits != nil:
		tm.Limits = *c.Limits
	case c.Give != nil:
		*tm = tm.WithRole(c.Give.User, c.Give.Role)
	case c.Owner != 0:
		*tm = tm.WithRole(c.Owner, team.RoleNone)
		tm.Owner = c.Owner
	case c.Unbind:
		tm.Account = nil
	}
	if changed.Refused == "" {
		k.team, changed.State = &state, &state
	}
	return changed
}
