package team

// Role is what a person is in a team.
type Role string

// The roles.
const (
	RoleOwner    Role = "owner"    // everything; there is at most one
	RoleApprover Role = "approver" // orders, approves and sees the record
	RoleBuyer    Role = "buyer"    // orders
	RoleViewer   Role = "viewer"   // only looks
	RoleNone     Role = ""         // not of the team
)

// Right is something that a person does in a team.
type Right string

// The rights.
const (
	RightOrder   Right = "order"   // assemble an order and ask for it
	RightApprove Right = "approve" // vote on somebody's order
	RightOperate Right = "operate" // start, stop, reboot and rename the servers that the team has bought
	RightAudit   Right = "audit"   // read and export the record of what was done
	RightManage  Right = "manage"  // change the account, the roles, the rule and the limits
	RightLook    Right = "look"    // see the team, its orders and what they cost
)

// May reports whether the role has the right.
func (r Role) May(d Right) bool {
	switch d {
	case RightManage:
		return r == RoleOwner
	case RightApprove, RightAudit, RightOperate:
		return r == RoleOwner || r == RoleApprover
	case RightOrder:
		return r == RoleOwner || r == RoleApprover || r == RoleBuyer
	case RightLook:
		return r == RoleOwner || r == RoleApprover || r == RoleBuyer || r == RoleViewer
	default:
		return false
	}
}

// Status is what a person is in a group, in Telegram's words. Any other word
// counts as StatusLeft.
type Status string

// The statuses. Telegram also says "restricted" of people who are restricted but
// not in the group: for them the caller says StatusLeft.
const (
	StatusCreator       Status = "creator"
	StatusAdministrator Status = "administrator"
	StatusMember        Status = "member"
	StatusRestricted    Status = "restricted"
	StatusLeft          Status = "left"
	StatusKicked        Status = "kicked"
)

// Present reports whether somebody with the status is in the group.
func (s Status) Present() bool {
	switch s {
	case StatusCreator, StatusAdministrator, StatusMember, StatusRestricted:
		return true
	default:
		return false
	}
}
