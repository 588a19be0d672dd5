package team_test

import (
	"reflect"
	"testing"
	"time"

	"zomrobot/team"
	"zomrobot/zomro"
)

func TestWhoMayApprove(t *testing.T) {
	const member, admin = team.StatusMember, team.StatusAdministrator
	for _, c := range []struct {
		name      string
		rule      team.Rule
		by        int64
		status    team.Status
		requester int64
		want      bool
	}{
		{"an approver", team.Rule{}, approver, member, buyer, true},
		{"the owner", team.Rule{}, owner, member, buyer, true},
		{"an administrator", team.Rule{}, plain, admin, buyer, true},
		{"an administrator who is a buyer here", team.Rule{}, buyer, admin, plain, false},
		{"a member", team.Rule{}, plain, member, buyer, false},
		{"a viewer", team.Rule{}, viewer, admin, buyer, false},
		{"an approver who left", team.Rule{}, approver, team.StatusLeft, buyer, false},
		{"the owner, kicked", team.Rule{}, owner, team.StatusKicked, buyer, false},
		{"nobody", team.Rule{}, 0, admin, buyer, false},
		{"their own", team.Rule{}, approver, member, approver, false},
		{"the owner's own", team.Rule{}, owner, member, owner, false},
		{"their own, allowed", team.Rule{Own: true}, approver, member, approver, true},
		{"their own, allowed, of a buyer", team.Rule{Own: true}, buyer, member, buyer, false},
		{"only the owner", team.Rule{By: team.RoleOwner}, approver, admin, buyer, false},
		{"only the owner, who does", team.Rule{By: team.RoleOwner}, owner, member, buyer, true},
		{"only the owner, their own", team.Rule{By: team.RoleOwner}, owner, member, owner, false},
		{"from buyers on, which is no rule", team.Rule{By: team.RoleBuyer}, buyer, member, plain, false},
		{"from approvers on", team.Rule{By: team.RoleApprover}, approver, member, plain, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := group()
			g.Rule = c.rule
			if got := g.MayApprove(c.by, c.status, c.requester); got != c.want {
				t.Errorf("may approve: %v", got)
			}
		})
	}
}

func TestLives(t *testing.T) {
	for expires, want := range map[time.Duration]time.Duration{0: 24 * time.Hour, -time.Hour: 24 * time.Hour, time.Hour: time.Hour} {
		if got := (team.Rule{Expires: expires}).Lives(); got != want {
			t.Errorf("%v lives %v, want %v", expires, got, want)
		}
	}
}

// TestVerdicts is the table of what a rule and limits say about an order of the
// buyer, who has reserved 10 EUR and spent 20 today; somebody else has spent 30
// this month.
func TestVerdicts(t *testing.T) {
	ledger := team.Ledger{}.
		Reserve("A", buyer, eur("10"), noon.AddDate(0, 0, -3)).
		Reserve("B", buyer, eur("20"), noon).Spend("B", eur("20"), noon).
		Reserve("C", approver, eur("30"), noon).Spend("C", eur("30"), noon.AddDate(0, 0, -2))
	needs := func(n int, over ...team.Limit) team.Ruling { return team.Ruling{Needed: n, Over: over} }
	none := team.Ruling{}
	for _, c := range []struct {
		name   string
		rule   team.Rule
		limits team.Limits
		total  *zomro.Money
		want   team.Ruling
	}{
		{"no rule", team.Rule{}, team.Limits{}, ptr(eur("99")), none},
		{"no rule, price not known", team.Rule{}, team.Limits{}, nil, none},
		{"two", team.Rule{Needed: 2}, team.Limits{}, ptr(eur("0")), needs(2)},
		{"less than none", team.Rule{Needed: -1}, team.Limits{}, ptr(eur("1")), none},
		{"above an amount, at it", team.Rule{Needed: 2, Above: ptr(eur("5"))}, team.Limits{}, ptr(eur("5.00")), none},
		{"above an amount, over it", team.Rule{Needed: 2, Above: ptr(eur("5"))}, team.Limits{}, ptr(eur("5.01")), needs(2)},
		{"above an amount, not known", team.Rule{Needed: 2, Above: ptr(eur("5"))}, team.Limits{}, nil, needs(2)},
		{"above an amount, another currency", team.Rule{Needed: 2, Above: ptr(eur("5"))}, team.Limits{}, ptr(usd("1")), needs(2)},
		{"above an amount, below nothing", team.Rule{Needed: 2, Above: ptr(eur("5"))}, team.Limits{}, ptr(eur("-1")), needs(2)},
		{"a purchase, at it", team.Rule{}, team.Limits{Purchase: ptr(eur("5"))}, ptr(eur("5")), none},
		{"a purchase, over it", team.Rule{}, team.Limits{Purchase: ptr(eur("5"))}, ptr(eur("5.01")), needs(1, team.LimitPurchase)},
		{"a purchase, not known", team.Rule{}, team.Limits{Purchase: ptr(eur("5"))}, nil, needs(1, team.LimitPurchase)},
		{"a purchase, another currency", team.Rule{}, team.Limits{Purchase: ptr(eur("5"))}, ptr(usd("1")), needs(1, team.LimitPurchase)},
		{"a purchase, below nothing", team.Rule{}, team.Limits{Purchase: ptr(eur("5"))}, ptr(eur("-1")), needs(1, team.LimitPurchase)},
		{"a day, at it", team.Rule{}, team.Limits{PersonDay: ptr(eur("35"))}, ptr(eur("5")), none},
		{"a day, over it", team.Rule{}, team.Limits{PersonDay: ptr(eur("35"))}, ptr(eur("5.01")), needs(1, team.LimitPersonDay)},
		{"a month of a person, over it", team.Rule{}, team.Limits{PersonMonth: ptr(eur("34"))}, ptr(eur("5")), needs(1, team.LimitPersonMonth)},
		{"a month of all, at it", team.Rule{}, team.Limits{TeamMonth: ptr(eur("65"))}, ptr(eur("5")), none},
		{"a month of all, over it", team.Rule{}, team.Limits{TeamMonth: ptr(eur("64.99"))}, ptr(eur("5")), needs(1, team.LimitTeamMonth)},
		{"a limit in another currency than what was spent", team.Rule{}, team.Limits{TeamMonth: ptr(usd("900"))}, ptr(usd("5")), needs(1, team.LimitTeamMonth)},
		{"over several, two needed anyway", team.Rule{Needed: 2}, team.Limits{Purchase: ptr(eur("1")), PersonDay: ptr(eur("99")), TeamMonth: ptr(eur("1"))}, ptr(eur("5")), needs(2, team.LimitPurchase, team.LimitTeamMonth)},
		{"refused", team.Rule{}, team.Limits{Purchase: ptr(eur("1")), Refuse: true}, ptr(eur("5")), team.Ruling{Refused: true, Over: []team.Limit{team.LimitPurchase}}},
		{"refused, not known", team.Rule{}, team.Limits{PersonMonth: ptr(eur("999")), Refuse: true}, nil, team.Ruling{Refused: true, Over: []team.Limit{team.LimitPersonMonth}}},
		{"not refused below", team.Rule{Needed: 1}, team.Limits{Purchase: ptr(eur("9")), Refuse: true}, ptr(eur("5")), needs(1)},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := group()
			g.Rule, g.Limits = c.rule, c.limits
			if got := g.Judge(ledger, "NEW", buyer, c.total, noon); !reflect.DeepEqual(got, c.want) {
				t.Errorf("%+v, want %+v", got, c.want)
			}
		})
	}
	t.Run("its own reservation is left out", func(t *testing.T) {
		g := group()
		g.Limits.PersonDay = ptr(eur("30"))
		if got := g.Judge(ledger, "A", buyer, ptr(eur("10")), noon); len(got.Over) != 0 {
			t.Errorf("over %v", got.Over)
		}
	})
}
