package conversation

import "zomrobot/zomro"

// Codes of a [Problem] of our own.
const (
	// CodeNoPassword says that the root password is not kept any more and must
	// be given again.
	CodeNoPassword = "no_password"
	// CodeNoAccount says that the person has connected no account of the vendor.
	CodeNoAccount = "no_account"
)

// CodeHeld is the code of a [Problem] of our own: nothing that costs money may
// be done now. Object is the [HeldBy], Message the owner's reason.
const CodeHeld = "held"

// isDenied reports whether logging in again may help.
func isDenied(p Problem) bool {
	return p.Kind == zomro.Denied && p.Code != zomro.CodeBlockedAddress
}

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
	case CodeHeld:
		return heldProblem(p)
	case zomro.CodeBlockedAddress:
		return Say("problem.blocked_address")
	case zomro.CodeSecondFactor:
		return Say("problem.totp")
	}
	switch {
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
	case p.Kind == zomro.Unknown:
		return Say("problem.unknown")
	default:
		return Say("problem.ours")
	}
}
