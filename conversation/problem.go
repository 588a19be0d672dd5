package conversation

import (
	"regexp"

	"zomrobot/chat"
	"zomrobot/job"
	"zomrobot/purchase"
	"zomrobot/team"
	"zomrobot/zomro"
)

// Codes of a [Problem] of our own.
const (
	// CodeNoPassword says that the root password is no longer kept and must be
	// given again.
	CodeNoPassword = "no_password"
	// CodeNoAccount says that the person has connected no account of the vendor.
	CodeNoAccount = "no_account"
	// CodeNoTeamAccount says that no account of the vendor is connected to the team, or not
	// that one any more.
	CodeNoTeamAccount = "no_team_account"
	// CodeNoTeam says that the group is not a team, or no longer one.
	CodeNoTeam = "no_team"
	// CodeNotAllowed says that the person's role does not allow it.
	CodeNotAllowed = "not_allowed"
	// CodeNotAdmin says that it takes an administrator of the group.
	CodeNotAdmin = "not_admin"
	// CodeNotChecked says that Telegram did not tell what the person is in the
	// group.
	CodeNotChecked = "not_checked"
	// CodeNotThere says that the account no longer shows what was to be done something
	// with, or not as it has to be.
	CodeNotThere = "not_there"
	// CodeRenewOff says that servers are not renewed from this chat.
	CodeRenewOff = "renew_off"
	// CodeWasAtWork says that nothing was done because of another operation on the server,
	// which is over.
	CodeWasAtWork = "was_at_work"
	// CodeHolderLogin says that whoever connected the account has to log in again.
	CodeHolderLogin = "holder_login"
	// CodeHolderOut says that whoever connected the account of the team has logged out of it.
	// Message is how they are called.
	CodeHolderOut = "holder_out"
	// CodeSuspended says that the vendor allows nothing of it with a server that it has
	// suspended.
	CodeSuspended = "suspended"
	// CodePriceMoved says that something has another price than the person saw.
	CodePriceMoved = "price_moved"
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

// plainCode is what the vendor's types of errors look like.
var plainCode = regexp.MustCompile(`^[a-z_]{1,40}$`)

// Withhold returns the problem as a group is told of it: without the vendor's own
// words, for no words are known that certainly say nothing about the account.
func (p *Problem) Withhold() *Problem {
	if p == nil {
		return p
	}
	if key := ProblemText(*p).Key; key == "problem.badpassword" || key == "problem.denied" {
		return &Problem{Kind: p.Kind, Code: CodeHolderLogin} // who reads it has neither the password nor the session
	}
	if p.Message == "" {
		return p
	}
	told := *p
	told.Message, told.Withheld = "", true
	if !plainCode.MatchString(told.Code) {
		told.Code = ""
	}
	return &told
}

// IsDenied reports whether logging in again may help.
func IsDenied(p Problem) bool {
	return p.Kind == zomro.Denied && p.Code != zomro.CodeBlockedAddress
}

// ProblemText says what went wrong, and what can be done.
func ProblemText(p Problem) chat.Phrase {
	switch p.Object {
	case "badpassword":
		return chat.Say("problem.badpassword")
	case "badip":
		return chat.Say("problem.badip")
	case "blocklogon":
		return chat.Say("problem.blocklogon")
	case "blockgeoip":
		return chat.Say("problem.blockgeoip")
	case "blocked_ip":
		return chat.Say("problem.blocked_ip")
	case zomro.ObjectAtWork:
		return chat.Say("problem.at_work")
	}
	switch p.Code {
	case CodeNoPassword:
		return chat.Say("problem.no_password")
	case CodeNoAccount:
		return chat.Say("problem.no_account")
	case CodeNoTeamAccount:
		return chat.Say("servers.no_account")
	case CodeNoTeam:
		return chat.Say("problem.no_team")
	case codeRestored:
		return chat.Say("problem.restored")
	case codeGone:
		return chat.Say("problem.gone")
	case purchase.CodeTakenOut:
		return chat.Say("problem.taken_out")
	case purchase.CodeNoServer:
		return chat.Say("problem.no_server")
	case purchase.CodePaidOn:
		if p.Object != "" {
			return chat.Say("problem.paid_on_by", "Purchase", p.Object)
		}
		return chat.Say("problem.paid_on")
	case purchase.CodeNoRow:
		return chat.Say("problem.no_row")
	case purchase.CodeDaily:
		return chat.Say("problem.daily")
	case purchase.CodeOtherPeriod:
		return chat.Say("problem.other_period")
	case purchase.CodeCharged:
		return chat.Say("problem.charged")
	case purchase.CodeOddDay:
		return chat.Say("problem.odd_day")
	case purchase.CodeDearer:
		return chat.Say("problem.dearer")
	case purchase.CodeBeside:
		return chat.Say("problem.beside")
	case purchase.CodeMoneyMoved:
		return chat.Say("problem.money_moved")
	case CodeNotAllowed:
		return chat.Say("problem.not_allowed")
	case CodeNotAdmin:
		return chat.Say("problem.not_admin")
	case CodeNotChecked:
		return chat.Say("problem.not_checked")
	case CodeNotThere:
		return chat.Say("problem.not_there")
	case CodeRenewOff:
		return chat.Say("problem.renew_off")
	case CodeWasAtWork:
		return chat.Say("problem.was_at_work")
	case CodeHolderLogin:
		return chat.Say("problem.holder_login")
	case CodeHolderOut:
		return chat.Say("problem.holder_out", "Who", p.Message)
	case CodeSuspended:
		return chat.Say("problem.suspended")
	case job.CodeGivenUp:
		return chat.Say("problem.given_up")
	case job.CodeUnseen:
		return chat.Say("problem.unseen")
	case job.CodeDecided:
		return chat.Say("problem.decided", "Plan", p.Object)
	case CodePriceMoved:
		return chat.Say("problem.price_moved")
	case CodeOverLimit:
		return chat.Say("problem.over_limit", "Limit", LimitName(team.Limit(p.Object)))
	case CodeLedger:
		return LedgerDamaged()
	case CodeHeld:
		return heldProblem(p)
	case zomro.CodeBlockedAddress:
		return chat.Say("problem.blocked_address")
	case zomro.CodeSecondFactor:
		return chat.Say("problem.totp")
	case zomro.CodeKeyTaken:
		return chat.Say("problem.key_taken")
	case zomro.CodeKeyBad:
		return chat.Say("problem.key_bad")
	}
	switch {
	case p.Kind == zomro.Refused && p.Withheld && p.Code != "":
		return chat.Say("problem.refused_withheld", "Code", chat.Arg{Code: p.Code})
	case p.Kind == zomro.Refused && p.Withheld:
		return chat.Say("problem.refused_unsaid")
	case p.Kind == zomro.Refused && p.Message != "":
		return chat.Say("problem.refused_says", "Message", p.Message)
	case p.Kind == zomro.Refused:
		return chat.Say("problem.refused")
	case p.Kind == zomro.Denied:
		return chat.Say("problem.denied")
	case p.Kind == zomro.Transient:
		return chat.Say("problem.transient")
	case p.Kind == zomro.Unreadable:
		return chat.Say("problem.unreadable")
	case p.Kind == zomro.Unknown && p.Message != "":
		return chat.Say("problem.unknown_says", "Message", p.Message)
	case p.Kind == zomro.Unknown && p.Code != "":
		return chat.Say("problem.unknown_code", "Code", chat.Arg{Code: p.Code})
	case p.Kind == zomro.Unknown:
		return chat.Say("problem.unknown")
	default:
		return chat.Say("problem.ours")
	}
}

// LedgerDamaged tells a person that it is not known what their team has spent.
func LedgerDamaged() chat.Phrase { return chat.Say("problem.ledger") }

// LimitName is a limit of a team in words.
func LimitName(l team.Limit) chat.Phrase { return chat.Say("limit." + string(l)) }
