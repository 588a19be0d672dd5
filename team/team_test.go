package team_test

import (
	"encoding/json"
	"maps"
	"reflect"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/team"
	"zomrobot/zomro"
)

// Of the people in the tests 1 is the owner, and 2 to 5 have been given roles.
const (
	owner, approver, buyer, viewer, strange = 1, 2, 3, 4, 5
	plain                                   = 9
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func eur(amount string) zomro.Money {
	return zomro.Money{Amount: decimal.RequireFromString(amount), Currency: "EUR"}
}

func usd(amount string) zomro.Money {
	return zomro.Money{Amount: decimal.RequireFromString(amount), Currency: "USD"}
}

func ptr[T any](v T) *T { return &v }

// group is a team in which everybody's role is known.
func group() team.Team {
	return team.New("-100:7", "Ops", -100, 7, owner, noon).
		WithRole(approver, team.RoleApprover).WithRole(buyer, team.RoleBuyer).WithRole(viewer, team.RoleViewer).
		WithRole(strange, team.RoleOwner)
}

func TestDeeds(t *testing.T) {
	deeds := []team.Right{team.RightManage, team.RightApprove, team.RightAudit, team.RightOrder, team.RightLook, "another", ""}
	for role, want := range map[team.Role]string{
		team.RoleOwner:    "yyyyynn",
		team.RoleApprover: "nyyyynn",
		team.RoleBuyer:    "nnnyynn",
		team.RoleViewer:   "nnnnynn",
		team.RoleNone:     "nnnnnnn",
		"another":         "nnnnnnn",
	} {
		got := ""
		for _, deed := range deeds {
			if role.May(deed) {
				got += "y"
			} else {
				got += "n"
			}
		}
		if got != want {
			t.Errorf("%q may %s of %v, want %s", role, got, deeds, want)
		}
	}
}

// TestRoles is the table of what somebody is in the team, by what was given and by
// what Telegram says.
func TestRoles(t *testing.T) {
	statuses := []team.Status{
		team.StatusCreator, team.StatusAdministrator, team.StatusMember, team.StatusRestricted,
		team.StatusLeft, team.StatusKicked, "", "Creator", "another",
	}
	for user, want := range map[int64][]team.Role{
		owner:    {team.RoleOwner, team.RoleOwner, team.RoleOwner, team.RoleOwner},
		approver: {team.RoleApprover, team.RoleApprover, team.RoleApprover, team.RoleApprover},
		buyer:    {team.RoleBuyer, team.RoleBuyer, team.RoleBuyer, team.RoleBuyer},
		viewer:   {team.RoleViewer, team.RoleViewer, team.RoleViewer, team.RoleViewer},
		strange:  {team.RoleApprover, team.RoleApprover, team.RoleBuyer, team.RoleBuyer}, // nobody is given the team
		plain:    {team.RoleApprover, team.RoleApprover, team.RoleBuyer, team.RoleBuyer},
		0:        {},
	} {
		for i, status := range statuses {
			role := team.RoleNone
			if i < len(want) {
				role = want[i]
			}
			if got := group().Role(user, status); got != role {
				t.Errorf("%d, %q: %q, want %q", user, status, got, role)
			}
		}
	}
	ownerless := group()
	ownerless.Owner = 0
	for user, want := range map[int64]team.Role{0: team.RoleNone, owner: team.RoleApprover} {
		if got := ownerless.Role(user, team.StatusCreator); got != want {
			t.Errorf("without an owner, %d is %q, want %q", user, got, want)
		}
	}
}

func TestPresence(t *testing.T) {
	for status, want := range map[team.Status]bool{
		team.StatusCreator: true, team.StatusAdministrator: true, team.StatusMember: true, team.StatusRestricted: true,
		team.StatusLeft: false, team.StatusKicked: false, "": false, "another": false,
	} {
		if status.Present() != want {
			t.Errorf("%q is present: %v", status, !want)
		}
	}
}

// TestTeamIsAValue: what changes a team leaves the old one alone, and what is
// kept is what is read back.
func TestTeamIsAValue(t *testing.T) {
	before := group()
	roles := maps.Clone(before.Roles)
	after := before.WithRole(buyer, team.RoleNone).WithRole(plain, team.RoleViewer).WithName(plain, "Zoe").WithName(buyer, "Cy").WithName(buyer, "")
	if !maps.Equal(before.Roles, roles) || before.Names != nil {
		t.Errorf("the old team has changed: %+v", before)
	}
	if _, given := after.Roles[buyer]; given || after.Roles[plain] != team.RoleViewer || !maps.Equal(after.Names, map[int64]string{plain: "Zoe"}) {
		t.Errorf("the new team: %+v", after)
	}
	if got := after.Role(buyer, team.StatusAdministrator); got != team.RoleApprover {
		t.Errorf("without a role of their own an administrator is %q", got)
	}
	after.Account = &team.Account{Holder: owner, ID: "7", Nick: "work"}
	after.Rule = team.Rule{Needed: 2, Above: ptr(eur("10")), By: team.RoleOwner, Own: true, Expires: time.Hour}
	after.Limits = team.Limits{Purchase: ptr(eur("50")), PersonDay: ptr(eur("60.5")), TeamMonth: ptr(eur("500")), Refuse: true}
	written, err := json.Marshal(after)
	if err != nil {
		t.Fatal(err)
	}
	var read team.Team
	if err := json.Unmarshal(written, &read); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(read, after) {
		t.Errorf("written %+v\nread %+v", after, read)
	}
}
