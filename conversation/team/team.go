package team

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/team"
	"zomrobot/zomro"
)

// Card is what the cards of a team are made from.
type Card struct {
	Link  string     `json:"link,omitempty"`  // leads into the private chat, where the account is chosen
	Limit team.Limit `json:"limit,omitempty"` // the limit being set
	User  int64      `json:"user,omitempty"`  // the person whose role is being set
	Page  int        `json:"page,omitempty"`
}

// Stored names the form of its state in the store.
func (c *Card) Stored() string { return "team" }

// Clone returns a copy.
func (c *Card) Clone() conversation.State {
	is := *c
	return &is
}

// Meaning is what the meaning of the card's buttons depends on.
func (c *Card) Meaning() string {
	return fmt.Sprint(c.Limit, c.User, c.Page)
}

// showTeam shows the team, or makes one.
func showTeam(t *conversation.Turn) {
	switch {
	case t.Dialogue.Key.Private():
		t.Notify(chat.Screen{Lines: []chat.Phrase{chat.Say("team.private")}, Rows: [][]chat.Button{{{Label: chat.Say("button.add_to_group"), AddToGroup: true}}}})
	case t.Dialogue.Team == nil:
		changeTeam(t, team.Change{Make: true})
	default:
		t.Ask(PlaceTeam, &Card{})
		t.AsNew = true
	}
}

// changeTeam has the person's right checked, then the team changed.
func changeTeam(t *conversation.Turn, change team.Change) {
	t.Do(conversation.Check{Change: &conversation.ChangeTeam{Change: change}})
}

// AccountBound is news for a group: the account of this name pays for it.
func AccountBound(nick, who string) chat.Screen {
	return chat.Screen{Lines: []chat.Phrase{chat.Say("team.bound", "Account", nick, "Who", who)}, Rows: [][]chat.Button{{conversation.CommandButton("order")}}}
}

// AccountLeft is news for a group: the person who connected the account has left.
func AccountLeft(nick, who string) chat.Phrase {
	return chat.Say("team.account_left", "Account", nick, "Who", who)
}

// OwnerChanged is news for a group: who owns its team now.
func OwnerChanged(who string) chat.Screen {
	return chat.Screen{Lines: []chat.Phrase{chat.Say("team.owner_now", "Who", who)}, Rows: [][]chat.Button{{conversation.CommandButton("team")}}}
}

// OwnerLeft is news for a group: its team's owner has left; heir is who owns it
// now, "" nobody.
func OwnerLeft(who, heir string) chat.Phrase {
	if heir == "" {
		return chat.Say("team.owner_left_none", "Who", who)
	}
	return chat.Say("team.owner_left", "Who", who, "Heir", heir)
}

// teamMoved shows the card of a team that was changed elsewhere.
func teamMoved(t *conversation.Turn) {
	if cardOf(t.Dialogue) != nil {
		t.Dialogue.Aside.Place = PlaceTeam
		cardOf(t.Dialogue).Link = ""
		t.Show = true
	}
}

// teamChanged takes what became of a change.
func teamChanged(t *conversation.Turn, e Changed) {
	if t.Dialogue.Key.Private() {
		accountBound(t, e)
		return
	}
	if e.Refused != "" {
		if cardOf(t.Dialogue) != nil {
			t.Note(conversation.ProblemText(conversation.Problem{Code: e.Refused}))
			t.Show = true
			return
		}
		t.Hint(conversation.ProblemText(conversation.Problem{Code: e.Refused}))
		return
	}
	t.Dialogue.Join(e.State)
	switch {
	case e.Made:
		t.Ask(PlaceTeam, &Card{})
		t.Note(chat.Say("team.made"))
		t.AsNew = true
	case cardOf(t.Dialogue) != nil:
		if e.Bound {
			t.Dialogue.Aside.Place, cardOf(t.Dialogue).Link = PlaceTeam, ""
		}
		t.Show = true
	}
}

// accountBound says in private whether the account pays for the team now.
func accountBound(t *conversation.Turn, e Changed) {
	if bindOf(t.Dialogue) == nil {
		return
	}
	t.Show = true
	title := bindOf(t.Dialogue).Title
	if e.Refused != "" {
		t.Dialogue.Aside.Note = []chat.Phrase{conversation.ProblemText(conversation.Problem{Code: e.Refused})}
		return
	}
	t.Leave(chat.Say("bind.done", "Team", title))
}

func askTeam(v *conversation.View) {
	state := v.Dialogue.Team
	if state == nil {
		v.Line(chat.Say("problem.no_team"))
		return
	}
	tm := state.Team
	v.Line(chat.Say("team.title", "Team", tm.Title))
	v.Line(accountText(*state))
	if tm.Owner != 0 {
		v.Line(chat.Say("team.owner", "Who", tm.Name(tm.Owner)))
	} else {
		v.Line(chat.Say("team.no_owner"))
	}
	v.Gap()
	v.Line(ruleText(tm.Rule)...)
	v.Gap()
	v.Line(limitsText(v)...)
	v.Gap()
	v.Line(chat.Say("team.roles_default"))
	for _, user := range slices.Sorted(maps.Keys(tm.Roles)) {
		v.Line(chat.Say("team.role_line", "Who", tm.Name(user), "Role", roleName(tm.Roles[user])))
	}
	switch {
	case v.Dialogue.Owns():
		v.Row(v.Button(chat.Say("button.team_account"), conversation.VerbAccount), v.Button(chat.Say("button.team_rule"), conversation.VerbRule))
		v.Row(v.Button(chat.Say("button.team_limits"), conversation.VerbLimits), v.Button(chat.Say("button.team_roles"), conversation.VerbRoles))
	case tm.Owner == 0:
		v.Row(v.Button(chat.Say("button.team_own"), conversation.VerbOwn))
	}
}

// accountText says which account pays for a team, if any.
func accountText(state conversation.TeamState) chat.Phrase {
	a := state.Team.Account
	switch {
	case a == nil:
		return chat.Say("team.no_account")
	case state.Out:
		return chat.Say("team.account_out", "Account", a.Nick, "Who", state.Team.Name(a.Holder))
	default:
		return chat.Say("team.account", "Account", a.Nick, "Who", state.Team.Name(a.Holder))
	}
}

func pressTeam(t *conversation.Turn, verb string, _ int) bool {
	switch {
	case t.Dialogue.Team == nil:
		return false
	case verb == conversation.VerbOwn && t.Dialogue.Team.Team.Owner == 0:
		changeTeam(t, team.Change{Owner: t.Dialogue.Key.User})
		return true
	case !t.Dialogue.Owns():
		return false
	}
	to, ok := map[string]conversation.Place{conversation.VerbAccount: PlaceTeamAccount, conversation.VerbRule: PlaceTeamRule, conversation.VerbLimits: PlaceTeamLimits, conversation.VerbRoles: PlaceTeamRoles}[verb]
	if !ok {
		return false
	}
	t.Dialogue.Aside.Place = to
	if to == PlaceTeamAccount {
		cardOf(t.Dialogue).Link = ""
		t.Do(conversation.MakeLink{Purpose: conversation.LinkAccount})
	}
	return true
}

// ruleText says which orders need approvals.
func ruleText(r team.Rule) []chat.Phrase {
	if r.Needed == 0 {
		return []chat.Phrase{chat.Say("team.rule_none")}
	}
	var lines []chat.Phrase
	if r.Above != nil {
		lines = append(lines, chat.Say("team.rule_above", "Count", r.Needed, "Above", *r.Above))
	} else {
		lines = append(lines, chat.Say("team.rule", "Count", r.Needed))
	}
	if r.By == team.RoleOwner {
		lines = append(lines, chat.Say("team.by_owner"))
	} else {
		lines = append(lines, chat.Say("team.by_approver"))
	}
	if r.Own {
		lines = append(lines, chat.Say("team.own_yes"))
	} else {
		lines = append(lines, chat.Say("team.own_no"))
	}
	return append(lines, chat.Say("team.expires", "Count", int(r.Lives()/time.Hour)))
}

// limits are the limits of a team in the order in which they are shown.
var limits = []team.Limit{team.LimitPurchase, team.LimitPersonDay, team.LimitPersonMonth, team.LimitTeamMonth}

// limitsText says what the limits are, and what is spent and left of them.
func limitsText(v *conversation.View) []chat.Phrase {
	tm := v.Dialogue.Team.Team
	var lines []chat.Phrase
	for _, limit := range limits {
		most := tm.Limits.Of(limit)
		if most == nil {
			continue
		}
		if limit == team.LimitPurchase {
			lines = append(lines, chat.Say("team.limit_purchase", "Most", *most))
			continue
		}
		used := v.Dialogue.Team.Ledger.Used(limit, v.Dialogue.Key.User, most.Currency, "", v.Dialogue.Told)
		left := zomro.Money{Amount: decimal.Max(decimal.Zero, most.Amount.Sub(used.Amount)), Currency: most.Currency}
		lines = append(lines, chat.Say("team."+string(limit), "Most", *most, "Used", used, "Left", left))
	}
	if len(lines) == 0 {
		lines = append(lines, chat.Say("team.no_limits"))
		for _, spent := range v.Dialogue.Team.Ledger.Month(v.Dialogue.Told) {
			lines = append(lines, chat.Say("team.spent", "Spent", spent))
		}
		return lines
	}
	if tm.Limits.Refuse {
		return append(lines, chat.Say("team.over_refused"))
	}
	return append(lines, chat.Say("team.over_approved"))
}

func roleName(r team.Role) chat.Phrase {
	if r == team.RoleNone {
		return chat.Say("role.telegram")
	}
	return chat.Say("role." + string(r))
}

func askTeamAccount(v *conversation.View) {
	if v.Dialogue.Team != nil && v.Dialogue.Team.Team.Account != nil {
		v.Line(accountText(*v.Dialogue.Team))
	}
	v.Line(chat.Say("ask.team_account"))
	if code := cardOf(v.Dialogue).Link; code != "" {
		v.Row(chat.Button{Label: chat.Say("button.open_private"), Start: code, Style: chat.Primary})
	}
	if v.Dialogue.Team != nil && v.Dialogue.Team.Team.Account != nil {
		unbind := v.Button(chat.Say("button.team_unbind"), conversation.VerbDrop)
		unbind.Style = chat.Danger
		v.Row(unbind)
	}
}

func pressTeamAccount(t *conversation.Turn, verb string, _ int) bool {
	if verb != conversation.VerbDrop || !t.Dialogue.Owns() {
		return false
	}
	changeTeam(t, team.Change{Unbind: true})
	return true
}

// The choices of a rule that are offered as buttons.
var (
	mostApprovals = 3
	ruleHours     = []int{1, 8, 24, 72}
)

func askTeamRule(v *conversation.View) {
	if v.Dialogue.Team == nil {
		return
	}
	r := v.Dialogue.Team.Team.Rule
	v.Line(chat.Say("ask.team_rule"))
	v.Gap()
	v.Line(ruleText(r)...)
	needed := []chat.Button{v.Option(chat.Say("button.approvals_none"), r.Needed == 0, conversation.VerbPick, 0)}
	for n := 1; n <= mostApprovals; n++ {
		needed = append(needed, v.Option(chat.Say("button.approvals", "Count", n), r.Needed == n, conversation.VerbPick, n))
	}
	v.Grid(2, needed)
	if r.Needed == 0 {
		return
	}
	v.Row(v.Option(chat.Say("button.above_all"), r.Above == nil, conversation.VerbAll), v.Option(chat.Say("button.above_some"), r.Above != nil, conversation.VerbAbove))
	v.Row(
		v.Option(chat.Say("button.by_approver"), r.By != team.RoleOwner, conversation.VerbBy, 0),
		v.Option(chat.Say("button.by_owner"), r.By == team.RoleOwner, conversation.VerbBy, 1),
	)
	v.Row(
		v.Option(chat.Say("button.own_no"), !r.Own, conversation.VerbSelf, 0),
		v.Option(chat.Say("button.own_yes"), r.Own, conversation.VerbSelf, 1),
	)
	var hours []chat.Button
	for _, h := range ruleHours {
		hours = append(hours, v.Option(chat.Say("button.hours", "Hours", h), r.Lives() == time.Duration(h)*time.Hour, conversation.VerbHours, h))
	}
	v.Grid(4, hours)
}

func pressTeamRule(t *conversation.Turn, verb string, n int) bool {
	if !t.Dialogue.Owns() {
		return false
	}
	r := t.Dialogue.Team.Team.Rule
	switch {
	case verb == conversation.VerbPick && n >= 0 && n <= mostApprovals:
		r.Needed = n
	case verb == conversation.VerbAll:
		r.Above = nil
	case verb == conversation.VerbAbove:
		t.Dialogue.Aside.Place = PlaceTeamAbove
		return true
	case verb == conversation.VerbBy && n == 1:
		r.By = team.RoleOwner
	case verb == conversation.VerbBy && n == 0:
		r.By = team.RoleApprover
	case verb == conversation.VerbSelf && (n == 0 || n == 1):
		r.Own = n == 1
	case verb == conversation.VerbHours && slices.Contains(ruleHours, n):
		r.Expires = time.Duration(n) * time.Hour
	default:
		return false
	}
	changeTeam(t, team.Change{Rule: &r})
	return true
}

func askTeamAbove(v *conversation.View) {
	v.Line(chat.Say("ask.team_above", "Currency", currency(v.Dialogue)))
}

func textTeamAbove(t *conversation.Turn, text string) {
	amount, ok := ownAmount(t, text)
	if !ok {
		return
	}
	r := t.Dialogue.Team.Team.Rule
	r.Above = &amount
	t.Dialogue.Aside.Place = PlaceTeamRule
	changeTeam(t, team.Change{Rule: &r})
}

func askTeamLimits(v *conversation.View) {
	if v.Dialogue.Team == nil {
		return
	}
	v.Line(chat.Say("ask.team_limits"))
	v.Gap()
	v.Line(limitsText(v)...)
	for i, limit := range limits {
		if most := v.Dialogue.Team.Team.Limits.Of(limit); most != nil {
			v.Row(v.Button(chat.Say("button.limit_set", "Limit", conversation.LimitName(limit), "Most", *most), conversation.VerbPick, i))
		} else {
			v.Row(v.Button(chat.Say("button.limit_none", "Limit", conversation.LimitName(limit)), conversation.VerbPick, i))
		}
	}
	refuse := v.Dialogue.Team.Team.Limits.Refuse
	v.Row(v.Option(chat.Say("button.over_approved"), !refuse, conversation.VerbOff), v.Option(chat.Say("button.over_refused"), refuse, conversation.VerbOn))
}

func pressTeamLimits(t *conversation.Turn, verb string, n int) bool {
	if !t.Dialogue.Owns() {
		return false
	}
	l := t.Dialogue.Team.Team.Limits
	switch {
	case verb == conversation.VerbPick && n >= 0 && n < len(limits):
		t.Dialogue.Aside.Place, cardOf(t.Dialogue).Limit = PlaceTeamLimit, limits[n]
		return true
	case verb == conversation.VerbOff:
		l.Refuse = false
	case verb == conversation.VerbOn:
		l.Refuse = true
	default:
		return false
	}
	changeTeam(t, team.Change{Limits: &l})
	return true
}

func askTeamLimit(v *conversation.View) {
	v.Line(chat.Say("ask.team_limit", "Limit", conversation.LimitName(cardOf(v.Dialogue).Limit), "Currency", currency(v.Dialogue)))
	v.Row(v.Button(chat.Say("button.no_limit"), conversation.VerbDrop))
}

func pressTeamLimit(t *conversation.Turn, verb string, _ int) bool {
	if verb != conversation.VerbDrop || !t.Dialogue.Owns() {
		return false
	}
	limit(t, nil)
	return true
}

func textTeamLimit(t *conversation.Turn, text string) {
	amount, ok := ownAmount(t, text)
	if !ok {
		return
	}
	limit(t, &amount)
}

// limit sets the limit being asked for.
func limit(t *conversation.Turn, most *zomro.Money) {
	l := t.Dialogue.Team.Team.Limits.With(cardOf(t.Dialogue).Limit, most)
	t.Dialogue.Aside.Place = PlaceTeamLimits
	changeTeam(t, team.Change{Limits: &l})
}

func askTeamRoles(v *conversation.View) {
	if v.Dialogue.Team == nil {
		return
	}
	v.Line(chat.Say("ask.team_roles"), chat.Say("team.roles_default"))
	people := v.Dialogue.People()
	page := cardOf(v.Dialogue).Page
	from, to := conversation.PageOf(page, len(people))
	for i := from; i < to; i++ {
		role := roleName(v.Dialogue.Team.Team.Roles[people[i]])
		v.Row(v.Button(chat.Say("button.person_role", "Who", conversation.Short(v.Dialogue.Team.Team.Name(people[i])), "Role", role), conversation.VerbPick, i))
	}
	v.Pages(page, len(people), false)
	if len(people) == 0 {
		v.Line(chat.Say("team.nobody"))
	}
}

func pressTeamRoles(t *conversation.Turn, verb string, n int) bool {
	if !t.Dialogue.Owns() {
		return false
	}
	people := t.Dialogue.People()
	switch {
	case verb == conversation.VerbPage:
		cardOf(t.Dialogue).Page = n
	case verb == conversation.VerbPick && n >= 0 && n < len(people):
		t.Dialogue.Aside.Place, cardOf(t.Dialogue).User = PlaceTeamRole, people[n]
	default:
		return false
	}
	return true
}

// given are the roles that an owner can give, in the order of the buttons.
var given = []team.Role{team.RoleNone, team.RoleApprover, team.RoleBuyer, team.RoleViewer}

func askTeamRole(v *conversation.View) {
	if v.Dialogue.Team == nil {
		return
	}
	user := cardOf(v.Dialogue).User
	v.Line(chat.Say("ask.team_role", "Who", v.Dialogue.Team.Team.Name(user)))
	for i, role := range given {
		v.Row(v.Option(chat.Say("button.role", "Role", roleName(role)), v.Dialogue.Team.Team.Roles[user] == role, conversation.VerbPick, i))
	}
	own := v.Button(chat.Say("button.make_owner"), conversation.VerbOwn)
	own.Style = chat.Danger
	v.Row(own)
}

func pressTeamRole(t *conversation.Turn, verb string, n int) bool {
	user := cardOf(t.Dialogue).User
	switch {
	case !t.Dialogue.Owns():
		return false
	case verb == conversation.VerbPick && n >= 0 && n < len(given):
		changeTeam(t, team.Change{Give: &team.Give{User: user, Role: given[n]}})
		t.Dialogue.Aside.Place = PlaceTeamRoles
	case verb == conversation.VerbOwn:
		t.Dialogue.Aside.Place = PlaceTeamHand
	default:
		return false
	}
	return true
}

// currency is that of the team's account; "": not known.
func currency(d conversation.Dialogue) string {
	if d.Team == nil || d.Team.Team.Account == nil || d.Team.Team.Account.Currency == "" {
		return defaultCurrency
	}
	return d.Team.Team.Account.Currency
}

// defaultCurrency is that of the vendor's own prices [A].
const defaultCurrency = "EUR"

// ownAmount reads an amount that the owner has typed; false: it is not one, or they
// are no longer the owner; the person is told which.
func ownAmount(t *conversation.Turn, text string) (zomro.Money, bool) {
	amount, ok := zomro.TypedMoney(text, currency(t.Dialogue))
	switch {
	case !t.Dialogue.Owns():
		t.Note(chat.Say("problem.not_allowed"))
		return amount, false
	case !ok:
		t.Note(chat.Say("wrong.amount", "Currency", currency(t.Dialogue)))
	}
	return amount, ok
}

func checkedChange(t *conversation.Turn, change conversation.ChangeTeam, e conversation.Checked) {
	if e.Failed {
		teamChanged(t, Changed{Refused: conversation.CodeNotChecked})
		return
	}
	change.Status = e.Status
	t.Do(change)
}

// cardOf returns the state of the cards of this kind; nil: the card is about something else.
func cardOf(d conversation.Dialogue) *Card {
	state, _ := conversation.StateOf[Card](d)
	return state
}
