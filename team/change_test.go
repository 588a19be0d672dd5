package team_test

import (
	"errors"
	"testing"
	"time"

	"zomrobot/team"
)

// TestApply is the table of who may change what.
func TestApply(t *testing.T) {
	const owner, other = 1, 2
	made := team.New("-1", "Ops", -1, 0, owner, time.Unix(0, 0))
	orphan := made
	orphan.Owner = 0
	rule := team.Rule{Needed: 1}
	for _, test := range []struct {
		name   string
		of     team.Team
		change team.Change
		who    int64
		status team.Status
		want   error
	}{
		{"a member makes a team", team.Team{}, team.Change{Make: true}, other, team.StatusMember, team.ErrNotAdmin},
		{"an administrator makes a team", team.Team{}, team.Change{Make: true}, other, team.StatusAdministrator, nil},
		{"a member takes an orphan", orphan, team.Change{Owner: other}, other, team.StatusMember, team.ErrNotAdmin},
		{"an administrator takes an orphan", orphan, team.Change{Owner: other}, other, team.StatusAdministrator, nil},
		{"an administrator gives an orphan away", orphan, team.Change{Owner: owner}, other, team.StatusAdministrator, team.ErrNotAllowed},
		{"the owner changes the rule", made, team.Change{Rule: &rule}, owner, team.StatusMember, nil},
		{"an administrator changes the rule", made, team.Change{Rule: &rule}, other, team.StatusAdministrator, team.ErrNotAllowed},
		{"an owner who has left changes the rule", made, team.Change{Rule: &rule}, owner, team.StatusLeft, team.ErrNotAllowed},
		{"the owner binds an account", made, team.Change{Bind: &team.Binding{Account: "7", Nick: "Zomro"}}, owner, team.StatusMember, nil},
		{"the owner hands the team over", made, team.Change{Owner: other}, owner, team.StatusCreator, nil},
	} {
		is, err := test.of.Apply(test.change, test.who, test.status)
		if !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", test.name, err, test.want)
		}
		if err == nil && test.change.Owner != 0 && is.Owner != test.change.Owner {
			t.Errorf("%s: %d owns it", test.name, is.Owner)
		}
		if err == nil && test.change.Bind != nil && (is.Account == nil || is.Account.Holder != test.who) {
			t.Errorf("%s: %+v pays", test.name, is.Account)
		}
	}
}

// TestLeave: what somebody had goes with them, and what they owned passes on.
func TestLeave(t *testing.T) {
	const owner, other = 1, 2
	tm := team.New("-1", "Ops", -1, 0, owner, time.Unix(0, 0)).WithName(owner, "Anna").WithRole(other, team.RoleViewer)
	tm.Account = &team.Account{Holder: owner, ID: "7", Nick: "Zomro"}
	if is := tm.Leave(other, nil); is.Owner != owner || is.Account == nil || is.Roles[other] != "" {
		t.Errorf("after a member has left: %+v", is)
	}
	is := tm.Leave(owner, []team.Member{{ID: owner, Name: "Anna"}, {ID: other, Name: "Boris"}})
	if is.Owner != other || is.Account != nil || is.Names[owner] != "" || is.Names[other] != "Boris" || is.Roles[other] != "" {
		t.Errorf("after the owner has left: %+v", is)
	}
	if is := tm.Leave(owner, nil); is.Owner != 0 {
		t.Errorf("%d inherits", is.Owner)
	}
}
