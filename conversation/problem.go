package conversation

import (
	"zomrobot/team"
	"zomrobot/zomro"
)

// Codes of a [Problem] of our own.
const (
	// CodeNoPassword says that the root password is not kept any more and must
	// be given again.
	CodeNoPassword = "no_password"
	// CodeNoAccount says that the person has connected no account of the vendor.
	CodeNoAccount = "no_account"
	// CodeNoTeam says that the group is no team, or not any more.
	CodeNoTeam = "no_team"
	// CodeNotAllowed says that the person's role does not allow it.
	CodeNotAllowed = "not_allowed"
	// CodeNotAdmin says that it takes an administrator of the group.
	CodeNotAdmin = "not_admin"
	// CodeNotChecked says that Telegram did not tell what the person is in the
	// group.
	CodeNotChecked = "not_checked"
	// CodeOverLimit says that the order is above a limit of the team. Object is
	// the [team.Limit].
	CodeOverLimit = "over_limit"
	// CodeLedger says that it is not known for certain what the team has spent.
	CodeLedger = "ledger"
)

// CodeHeld is the code of a [Problem] of our own: nothing that costs money may
// be done now. Object is the [HeldBy], Message the owner's reason.
const CodeHeld = "held"

// Codes of a [Problem] of a purchase: why it is not known whether it is paid.
const (
	codeRestored = "restored"
	codeGone     = "gone"
)

// isDenied reports whether logging in again may help.
func isDenied(p Problem) bool {
	return p.Kind == zomro.Denied && p.Code != zomro.CodeBlockedAddress
}

// said reports whether there is more to tell than that an answer was lost.
func (p Problem) said() bool { return p.Message != "" || p.Code != "" }

// problemText says what went wrong, and what can be done.
func problemText(p Problem) Phrase {
	switch p.Object {
	case "badpassword":
		return Say("problem.badpassword")
	case "badip":
		return Say("problem.badip")
	case "blocklogon":
		return Say("problem.blocklogon")
	case "blockgeoip":
		return Say("problem.blockgeoip")
	case "blocked_ip":
		return Say("problem.blocked_ip")
	}
	switch p.Code {
	case CodeNoPassword:
		return Say("problem.no_password")
	case CodeNoAccount:
		return Say("problem.no_account")
	case CodeNoTeam:
		return Say("problem.no_team")
	case codeRestored:
		return Say("problem.restored")
	case codeGone:
		return Say("problem.gone")
	case CodeNotAllowed:
		return Say("problem.not_allowed")
	case CodeNotAdmin:
		return Say("problem.not_admin")
	case CodeNotChecked:
		return Say("problem.not_checked")
	case CodeOverLimit:
		return Say("problem.over_limit", "Limit", limitName(team.Limit(p.Object)))
	case CodeLedger:
		return LedgerDamaged()
	case CodeHeld:
		return heldProblem(p)
	case zomro.CodeBlockedAddress:
		return Say("problem.blocked_address")
	case zomro.CodeSecondFactor:
		return Say("problem.totp")
	}
	switch {
	case p.Kind == zomro.Refused && p.Withheld && p.Code != "":
		return Say("problem.refused_withheld", "Code", Arg{Code: p.Code})
	case p.Kind == zomro.Refused && p.Withheld:
		return Say("problem.refused_unsaid")
	case p.Kind == zomro.Refused && p.Message != "":
		return Say("problem.refused_says", "Message", p.Message)
	case p.Kind == zomro.Refused:
		return Say("problem.refused")
	case p.Kind == zomro.Denied:
		return Say("problem.denied")
	case p.Kind == zomro.Transient:
		return Say("problem.transient")
	case p.Kind == zomro.Unreadable:
		return Say("problem.unreadable")
	case p.Kind == zomro.Unknown && p.Message != "":
		return Say("problem.unknown_says", "Message", p.Message)
	case p.Kind == zomro.Unknown && p.Code != "":
		return Say("problem.unknown_code", "Code", Arg{Code: p.Code})
	case p.Kind == zomro.Unknown:
		return Say("problem.unknown")
	default:
		return Say("problem.ours")
	}
}
