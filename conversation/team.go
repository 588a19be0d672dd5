package conversation

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/chat"
	"zomrobot/team"
	"zomrobot/zomro"
)

// TeamChanged answers ChangeTeam.
type TeamChanged struct {
	Refused string     // why nothing was changed: a code of [Problem]; "": it was changed
	State   *TeamState // as it is now; nil: there is no team
	Made    bool
	Bound   bool
}

// TeamMoved tells a dialogue in a group that its team was changed elsewhere.
type TeamMoved struct{}

func (TeamChanged) Event() {}

func (TeamMoved) Event() {}

// TeamCard is what the cards of a team are made from.
type TeamCard struct {
	Link  string     `json:"link,omitempty"`  // into the private chat, where the account is chosen
	Limit team.Limit `json:"limit,omitempty"` // the one that is being set
	User  int64      `json:"user,omitempty"`  // whose role is being set
	Page  int        `json:"page,omitempty"`
}

// Stored names the form of its state in the store.
func (c *TeamCard) Stored() string { return "team" }

// Clone returns a copy.
func (c *TeamCard) Clone() State {
	is := *c
	return &is
}

// Meaning is what the meaning of the card's buttons hangs on.
func (c *TeamCard) Meaning() string {
	return fmt.Sprint(c.Limit, c.User, c.Page)
}

// team shows the team, or makes one.
func (t *turn) team() {
	switch {
	case t.d.Key.Private():
		t.notify(chat.Screen{Lines: []chat.Phrase{chat.Say("team.private")}, Rows: [][]chat.Button{{{Label: chat.Say("button.add_to_group"), AddToGroup: true}}}})
	case t.d.Team == nil:
		t.changeTeam(team.Change{Make: true})
	default:
		t.aside(PlaceTeam, &TeamCard{})
		t.anew = true
	}
}

// changeTeam has the person's right looked at, then the team changed.
func (t *turn) changeTeam(change team.Change) { t.do(Check{Change: &ChangeTeam{Change: change}}) }

// AccountBound is news for a group: the account of a name pays for it.
func AccountBound(nick, who string) chat.Screen {
	return chat.Screen{Lines: []chat.Phrase{chat.Say("team.bound", "Account", nick, "Who", who)}, Rows: [][]chat.Button{{commandButton("order")}}}
}

// AccountLeft is news for a group: who connected the account has left.
func AccountLeft(nick, who string) chat.Phrase {
	return chat.Say("team.account_left", "Account", nick, "Who", who)
}

// OwnerChanged is news for a group: who owns its team now.
func OwnerChanged(who string) chat.Screen {
	return chat.Screen{Lines: []chat.Phrase{chat.Say("team.owner_now", "Who", who)}, Rows: [][]chat.Button{{commandButton("team")}}}
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
func (t *turn) teamMoved() {
	if cardOf(t.d) != nil {
		t.d.Aside.Place = PlaceTeam
		cardOf(t.d).Link = ""
		t.show = true
	}
}

// teamChanged takes what became of a change.
func (t *turn) teamChanged(e TeamChanged) {
	if t.d.Key.Private() {
		t.accountBound(e)
		return
	}
	if e.Refused != "" {
		if cardOf(t.d) != nil {
			t.note(problemText(Problem{Code: e.Refused}))
			t.show = true
			return
		}
		t.tell(problemText(Problem{Code: e.Refused}))
		return
	}
	t.d.Join(e.State)
	switch {
	case e.Made:
		t.aside(PlaceTeam, &TeamCard{})
		t.note(chat.Say("team.made"))
		t.anew = true
	case cardOf(t.d) != nil:
		if e.Bound {
			t.d.Aside.Place, cardOf(t.d).Link = PlaceTeam, ""
		}
		t.show = true
	}
}

// accountBound says in private whether the account pays for the team now.
func (t *turn) accountBound(e TeamChanged) {
	if bindOf(t.d) == nil {
		return
	}
	t.show = true
	title := bindOf(t.d).Title
	if e.Refused != "" {
		t.d.Aside.Note = []chat.Phrase{problemText(Problem{Code: e.Refused})}
		return
	}
	t.leaveAside(chat.Say("bind.done", "Team", title))
}

func askTeam(v *view) {
	state := v.d.Team
	if state == nil {
		v.line(chat.Say("problem.no_team"))
		return
	}
	tm := state.Team
	v.line(chat.Say("team.title", "Team", tm.Title))
	if a := tm.Account; a != nil {
		v.line(chat.Say("team.account", "Account", a.Nick, "Who", tm.Name(a.Holder)))
	} else {
		v.line(chat.Say("team.no_account"))
	}
	if tm.Owner != 0 {
		v.line(chat.Say("team.owner", "Who", tm.Name(tm.Owner)))
	} else {
		v.line(chat.Say("team.no_owner"))
	}
	v.gap()
	v.line(ruleText(tm.Rule)...)
	v.gap()
	v.line(v.limitsText()...)
	v.gap()
	v.line(chat.Say("team.roles_default"))
	for _, user := range slices.Sorted(maps.Keys(tm.Roles)) {
		v.line(chat.Say("team.role_line", "Who", tm.Name(user), "Role", roleName(tm.Roles[user])))
	}
	switch {
	case v.d.owns():
		v.row(v.button(chat.Say("button.team_account"), verbAccount), v.button(chat.Say("button.team_rule"), verbRule))
		v.row(v.button(chat.Say("button.team_limits"), verbLimits), v.button(chat.Say("button.team_roles"), verbRoles))
	case tm.Owner == 0:
		v.row(v.button(chat.Say("button.team_own"), verbOwn))
	}
}

func pressTeam(t *turn, verb string, _ int) bool {
	switch {
	case t.d.Team == nil:
		return false
	case verb == verbOwn && t.d.Team.Team.Owner == 0:
		t.changeTeam(team.Change{Owner: t.d.Key.User})
		return true
	case !t.d.owns():
		return false
	}
	to, ok := map[string]Place{verbAccount: PlaceTeamAccount, verbRule: PlaceTeamRule, verbLimits: PlaceTeamLimits, verbRoles: PlaceTeamRoles}[verb]
	if !ok {
		return false
	}
	t.d.Aside.Place = to
	if to == PlaceTeamAccount {
		cardOf(t.d).Link = ""
		t.do(MakeLink{Purpose: LinkAccount})
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
func (v *view) limitsText() []chat.Phrase {
	tm := v.d.Team.Team
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
		used := v.d.Team.Ledger.Used(limit, v.d.Key.User, most.Currency, "", v.d.Told)
		left := zomro.Money{Amount: decimal.Max(decimal.Zero, most.Amount.Sub(used.Amount)), Currency: most.Currency}
		lines = append(lines, chat.Say("team."+string(limit), "Most", *most, "Used", used, "Left", left))
	}
	if len(lines) == 0 {
		lines = append(lines, chat.Say("team.no_limits"))
		for _, spent := range v.d.Team.Ledger.Month(v.d.Told) {
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

func askTeamAccount(v *view) {
	if v.d.Team != nil && v.d.Team.Team.Account != nil {
		v.line(chat.Say("team.account", "Account", v.d.Team.Team.Account.Nick, "Who", v.d.Team.Team.Name(v.d.Team.Team.Account.Holder)))
	}
	v.line(chat.Say("ask.team_account"))
	if code := cardOf(v.d).Link; code != "" {
		v.row(chat.Button{Label: chat.Say("button.open_private"), Start: code, Style: chat.Primary})
	}
	if v.d.Team != nil && v.d.Team.Team.Account != nil {
		unbind := v.button(chat.Say("button.team_unbind"), verbDrop)
		unbind.Style = chat.Danger
		v.row(unbind)
	}
}

func pressTeamAccount(t *turn, verb string, _ int) bool {
	if verb != verbDrop || !t.d.owns() {
		return false
	}
	t.changeTeam(team.Change{Unbind: true})
	return true
}

// The choices of a rule that are offered as buttons.
var (
	mostApprovals = 3
	ruleHours     = []int{1, 8, 24, 72}
)

func askTeamRule(v *view) {
	if v.d.Team == nil {
		return
	}
	r := v.d.Team.Team.Rule
	v.line(chat.Say("ask.team_rule"))
	v.gap()
	v.line(ruleText(r)...)
	needed := []chat.Button{v.option(chat.Say("button.approvals_none"), r.Needed == 0, verbPick, 0)}
	for n := 1; n <= mostApprovals; n++ {
		needed = append(needed, v.option(chat.Say("button.approvals", "Count", n), r.Needed == n, verbPick, n))
	}
	v.grid(2, needed)
	if r.Needed == 0 {
		return
	}
	v.row(v.option(chat.Say("button.above_all"), r.Above == nil, verbAll), v.option(chat.Say("button.above_some"), r.Above != nil, verbAbove))
	v.row(
		v.option(chat.Say("button.by_approver"), r.By != team.RoleOwner, verbBy, 0),
		v.option(chat.Say("button.by_owner"), r.By == team.RoleOwner, verbBy, 1),
	)
	v.row(
		v.option(chat.Say("button.own_no"), !r.Own, verbSelf, 0),
		v.option(chat.Say("button.own_yes"), r.Own, verbSelf, 1),
	)
	var hours []chat.Button
	for _, h := range ruleHours {
		hours = append(hours, v.option(chat.Say("button.hours", "Hours", h), r.Lives() == time.Duration(h)*time.Hour, verbHours, h))
	}
	v.grid(4, hours)
}

func pressTeamRule(t *turn, verb string, n int) bool {
	if !t.d.owns() {
		return false
	}
	r := t.d.Team.Team.Rule
	switch {
	case verb == verbPick && n >= 0 && n <= mostApprovals:
		r.Needed = n
	case verb == verbAll:
		r.Above = nil
	case verb == verbAbove:
		t.d.Aside.Place = PlaceTeamAbove
		return true
	case verb == verbBy && n == 1:
		r.By = team.RoleOwner
	case verb == verbBy && n == 0:
		r.By = team.RoleApprover
	case verb == verbSelf && (n == 0 || n == 1):
		r.Own = n == 1
	case verb == verbHours && slices.Contains(ruleHours, n):
		r.Expires = time.Duration(n) * time.Hour
	default:
		return false
	}
	t.changeTeam(team.Change{Rule: &r})
	return true
}

func askTeamAbove(v *view) { v.line(chat.Say("ask.team_above", "Currency", v.d.currency())) }

func textTeamAbove(t *turn, text string) {
	amount, ok := t.ownAmount(text)
	if !ok {
		return
	}
	r := t.d.Team.Team.Rule
	r.Above = &amount
	t.d.Aside.Place = PlaceTeamRule
	t.changeTeam(team.Change{Rule: &r})
}

func askTeamLimits(v *view) {
	if v.d.Team == nil {
		return
	}
	v.line(chat.Say("ask.team_limits"))
	v.gap()
	v.line(v.limitsText()...)
	for i, limit := range limits {
		if most := v.d.Team.Team.Limits.Of(limit); most != nil {
			v.row(v.button(chat.Say("button.limit_set", "Limit", limitName(limit), "Most", *most), verbPick, i))
		} else {
			v.row(v.button(chat.Say("button.limit_none", "Limit", limitName(limit)), verbPick, i))
		}
	}
	refuse := v.d.Team.Team.Limits.Refuse
	v.row(v.option(chat.Say("button.over_approved"), !refuse, verbOff), v.option(chat.Say("button.over_refused"), refuse, verbOn))
}

func pressTeamLimits(t *turn, verb string, n int) bool {
	if !t.d.owns() {
		return false
	}
	l := t.d.Team.Team.Limits
	switch {
	case verb == verbPick && n >= 0 && n < len(limits):
		t.d.Aside.Place, cardOf(t.d).Limit = PlaceTeamLimit, limits[n]
		return true
	case verb == verbOff:
		l.Refuse = false
	case verb == verbOn:
		l.Refuse = true
	default:
		return false
	}
	t.changeTeam(team.Change{Limits: &l})
	return true
}

func askTeamLimit(v *view) {
	v.line(chat.Say("ask.team_limit", "Limit", limitName(cardOf(v.d).Limit), "Currency", v.d.currency()))
	v.row(v.button(chat.Say("button.no_limit"), verbDrop))
}

func pressTeamLimit(t *turn, verb string, _ int) bool {
	if verb != verbDrop || !t.d.owns() {
		return false
	}
	t.limit(nil)
	return true
}

func textTeamLimit(t *turn, text string) {
	amount, ok := t.ownAmount(text)
	if !ok {
		return
	}
	t.limit(&amount)
}

// limit sets the limit that is asked for.
func (t *turn) limit(most *zomro.Money) {
	l := t.d.Team.Team.Limits.With(cardOf(t.d).Limit, most)
	t.d.Aside.Place = PlaceTeamLimits
	t.changeTeam(team.Change{Limits: &l})
}

func askTeamRoles(v *view) {
	if v.d.Team == nil {
		return
	}
	v.line(chat.Say("ask.team_roles"), chat.Say("team.roles_default"))
	people := v.d.people()
	page := cardOf(v.d).Page
	from, to := pageOf(page, len(people))
	for i := from; i < to; i++ {
		role := roleName(v.d.Team.Team.Roles[people[i]])
		v.row(v.button(chat.Say("button.person_role", "Who", short(v.d.Team.Team.Name(people[i])), "Role", role), verbPick, i))
	}
	v.pages(page, len(people), false)
	if len(people) == 0 {
		v.line(chat.Say("team.nobody"))
	}
}

func pressTeamRoles(t *turn, verb string, n int) bool {
	if !t.d.owns() {
		return false
	}
	people := t.d.people()
	switch {
	case verb == verbPage:
		cardOf(t.d).Page = n
	case verb == verbPick && n >= 0 && n < len(people):
		t.d.Aside.Place, cardOf(t.d).User = PlaceTeamRole, people[n]
	default:
		return false
	}
	return true
}

// given are the roles that an owner can give, in the order of the buttons.
var given = []team.Role{team.RoleNone, team.RoleApprover, team.RoleBuyer, team.RoleViewer}

func askTeamRole(v *view) {
	if v.d.Team == nil {
		return
	}
	user := cardOf(v.d).User
	v.line(chat.Say("ask.team_role", "Who", v.d.Team.Team.Name(user)))
	for i, role := range given {
		v.row(v.option(chat.Say("button.role", "Role", roleName(role)), v.d.Team.Team.Roles[user] == role, verbPick, i))
	}
	own := v.button(chat.Say("button.make_owner"), verbOwn)
	own.Style = chat.Danger
	v.row(own)
}

func pressTeamRole(t *turn, verb string, n int) bool {
	user := cardOf(t.d).User
	switch {
	case !t.d.owns():
		return false
	case verb == verbPick && n >= 0 && n < len(given):
		t.changeTeam(team.Change{Give: &team.Give{User: user, Role: given[n]}})
		t.d.Aside.Place = PlaceTeamRoles
	case verb == verbOwn:
		t.d.Aside.Place = PlaceTeamHand
	default:
		return false
	}
	return true
}

// currency is that of the team's account; "": not known.
func (d Dialogue) currency() string {
	if d.Team == nil || d.Team.Team.Account == nil || d.Team.Team.Account.Currency == "" {
		return defaultCurrency
	}
	return d.Team.Team.Account.Currency
}

// defaultCurrency is that of the vendor's own prices [A].
const defaultCurrency = "EUR"

// plainAmount is an amount as people write one: with at most two places, and no
// more than anybody spends.
var plainAmount = regexp.MustCompile(`^[0-9]{1,9}(\.[0-9]{1,2})?$`)

// ownAmount reads an amount that the owner has typed; false: it is none, or they
// are not the owner any more, as is said.
func (t *turn) ownAmount(text string) (zomro.Money, bool) {
	amount, ok := t.d.amount(text)
	switch {
	case !t.d.owns():
		t.note(chat.Say("problem.not_allowed"))
		return amount, false
	case !ok:
		t.note(chat.Say("wrong.amount", "Currency", t.d.currency()))
	}
	return amount, ok
}

// amount reads an amount of money in the currency of the team's account.
func (d Dialogue) amount(text string) (zomro.Money, bool) {
	text = strings.ToUpper(strings.TrimSpace(text))
	sign := d.currency()
	if sign == defaultCurrency && strings.Contains(text, "€") {
		sign = "€"
	}
	if rest, ok := strings.CutSuffix(text, sign); ok {
		text = rest
	} else {
		text = strings.TrimPrefix(text, sign)
	}
	text = strings.Replace(strings.TrimSpace(text), ",", ".", 1)
	if !plainAmount.MatchString(text) {
		return zomro.Money{}, false
	}
	amount, err := decimal.NewFromString(text)
	return zomro.Money{Amount: amount, Currency: d.currency()}, err == nil
}

func (t *turn) checkedChange(change ChangeTeam, e Checked) {
	if e.Failed {
		t.teamChanged(TeamChanged{Refused: CodeNotChecked})
		return
	}
	change.Status = e.Status
	t.do(change)
}

// cardOf returns the state of the cards of this kind; nil: the card is about something else.
func cardOf(d Dialogue) *TeamCard {
	state, _ := stateOf[TeamCard](d)
	return state
}
