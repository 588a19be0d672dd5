package conversation

import (
	"slices"
	"strings"

	"zomrobot/zomro"
)

// StaleChoice tells a person that their answer to a purchase came too late.
func StaleChoice() Phrase { return Say("toast.choice_stale") }

// TooLate tells a person that a purchase cannot be cancelled any more.
func TooLate() Phrase { return Say("toast.too_late") }

// NotApprover tells a person that their role does not let them approve orders.
func NotApprover() Phrase { return Say("toast.not_approver") }

// OwnOrder tells a person that they cannot approve an order of their own.
func OwnOrder() Phrase { return Say("toast.own_order") }

// NotBuyer tells a person that their role does not let them order any more.
func NotBuyer() Phrase { return Say("problem.not_allowed") }

// AccountGone tells a person that the account of a purchase does not pay for the
// team any more.
func AccountGone() Phrase { return Say("toast.account_gone") }

// OverLimit tells a person that a new price is above a limit of the team.
func OverLimit() Phrase { return Say("toast.over_limit") }

// LedgerDamaged tells a person that it is not known what their team has spent.
func LedgerDamaged() Phrase { return Say("problem.ledger") }

// Approved tells a person that their approval counts.
func Approved() Phrase { return Say("toast.approved") }

// ApprovedAlready tells a person that their approval counts already, and that
// the one of somebody else is waited for.
func ApprovedAlready() Phrase { return Say("toast.approved_already") }

// Rejected tells a person that their rejection counts.
func Rejected() Phrase { return Say("toast.rejected") }

// questionText says what a person is asked about a purchase.
func (p Purchase) questionText() []Phrase {
	q := p.Question
	var lines []Phrase
	switch q.Kind {
	case AskPromo:
		lines = append(lines, p.promoText()...)
	case AskPrice:
		switch {
		case q.Was != nil && q.Now != nil:
			lines = append(lines, Say("question.price", "Was", *q.Was, "Now", *q.Now))
		case p.Bought > 0 && p.Price != nil:
			lines = append(lines, Say("question.price_part", "Price", *p.Price))
		default:
			lines = append(lines, Say("question.price_unreadable"))
		}
	case AskForeign:
		lines = append(lines, Say("question.foreign"))
		for _, item := range q.Items {
			lines = append(lines, Say("question.item", "Item", firstText(item.Name, item.ID, item.Elid)))
		}
		if q.Others > 0 {
			lines = append(lines, Say("question.foreign_others", "Count", q.Others))
		}
		if q.Earlier > 0 {
			lines = append(lines, Say("question.foreign_earlier", "Count", q.Earlier))
		}
		lines = append(lines, Say("question.foreign_means"))
	case AskItem:
		lines = append(lines, Say("question.misnamed"))
		for _, item := range q.Items {
			lines = append(lines, Say("question.item", "Item", strings.Join(slices.DeleteFunc([]string{item.Name, item.Period}, func(text string) bool { return text == "" }), ", ")))
		}
		lines = append(lines, Say("question.misnamed_means"))
	case AskPhone:
		lines = append(lines, Say("question.phone"))
	case AskFunds:
		switch {
		case q.Was != nil && q.Now != nil && missing(*q.Was, *q.Now).Amount.IsPositive():
			lines = append(lines, Say("question.funds", "Need", *q.Was, "Have", *q.Now, "Missing", missing(*q.Was, *q.Now)))
		case q.Was != nil:
			lines = append(lines, Say("question.funds_need", "Need", *q.Was))
		default:
			lines = append(lines, Say("question.funds_low"))
		}
	case AskLogin:
		lines = append(lines, p.loginText()...)
	case AskTrouble:
		lines = append(lines, Say("question.trouble"))
		if slices.Contains(q.Choices, ChooseAnyway) {
			lines = append(lines, Say("question.blind"))
			if p.Promo != "" && !p.Promoted {
				lines = append(lines, Say("question.blind_promo", "Code", Arg{Code: p.Promo}))
			}
		}
	default:
		lines = append(lines, Say("question.unknown"))
		lines = append(lines, q.Evidence...)
		means := Say("question.unknown_means")
		if !slices.Contains(q.Choices, ChooseBought) { // it is about the cart, not about money
			means = Say("question.unknown_cart_means")
		}
		lines = append(lines, means)
	}
	if p.Problem != nil && q.Kind != AskUnknown && q.Kind != AskLogin && q.Kind != AskPromo {
		lines = append(lines, problemText(*p.Problem))
	}
	if p.Call != "" {
		lines = append(lines, Say("purchase.call", "Call", Arg{Code: p.Call}))
	}
	if p.doubted() {
		lines = append(lines, Say("question.who_answers"))
	}
	return append(lines, p.chargedText())
}

// loginText says why the vendor does not let the purchase's account in.
func (p Purchase) loginText() []Phrase {
	if p.Problem == nil && p.Owner.Private() {
		return []Phrase{Say("question.login")}
	}
	if p.Problem == nil {
		return []Phrase{Say("question.login_team")}
	}
	why := problemText(*p.Problem)
	switch {
	case p.Problem.Code == zomro.CodeBlockedAddress:
		return []Phrase{Say("question.blocked")}
	case !p.Owner.Private():
		return []Phrase{Say("question.login_team")}
	case why.Key == "problem.denied", p.Problem.Kind != zomro.Denied:
		return []Phrase{Say("question.login")}
	default:
		return []Phrase{Say("question.login"), why}
	}
}

// promoText says what became of the promo code.
func (p Purchase) promoText() []Phrase {
	code := Arg{Code: p.Promo}
	if q := p.Question; q.Was != nil && q.Now != nil {
		return []Phrase{Say("question.promo_useless", "Code", code, "Was", *q.Was, "Now", *q.Now)}
	}
	if p.Problem != nil && p.Problem.Kind == zomro.Unknown {
		return []Phrase{Say("question.promo_unknown", "Code", code)}
	}
	lines := []Phrase{Say("question.promo", "Code", code)}
	if p.Problem != nil {
		lines = append(lines, promoProblem(*p.Problem))
	}
	return lines
}

// promoProblem says why a promo code was refused.
func promoProblem(p Problem) Phrase {
	switch p.Code {
	case zomro.CodeMissed:
		return Say("problem.promo_missed")
	case zomro.CodePromoNotUsed:
		return Say("problem.promo_not_used")
	default:
		return problemText(p)
	}
}

// saved returns what the promo code takes off the price, once the cart has
// shown it.
func (p Purchase) saved() (zomro.Money, bool) {
	if !p.Promoted || p.Full == nil || p.Price == nil || p.Full.Currency != p.Price.Currency {
		return zomro.Money{}, false
	}
	saved := zomro.Money{Amount: p.Full.Amount.Sub(p.Price.Amount), Currency: p.Price.Currency}
	return saved, saved.Amount.IsPositive()
}

// missing is how much more is needed than there is.
func missing(need, have zomro.Money) zomro.Money {
	return zomro.Money{Amount: need.Amount.Sub(have.Amount), Currency: need.Currency}
}

// firstText returns the first of texts that is not empty.
func firstText(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return "?"
}

// questionRows are the answers that a question takes.
func (p Purchase) questionRows() [][]Button {
	var rows [][]Button
	if p.Question.Kind == AskLogin && p.Owner.Private() && (p.Problem == nil || p.Problem.Code != zomro.CodeBlockedAddress) {
		rows = append(rows, []Button{commandButton("login")})
	}
	if p.Question.Kind == AskFunds || p.Question.Kind == AskPhone {
		rows = append(rows, []Button{topUpButton()})
	}
	for _, choice := range p.Question.Choices {
		b := Button{Label: p.choiceLabel(choice), Data: purchaseData(p, string(choice))}
		if p.doubted() {
			b.Data = settleData(p, choice)
		}
		switch choice {
		case ChooseAccept:
			b.Style = Success
		case ChooseGiveUp, ChooseEmptyCart, ChooseCancel:
			b.Style = Danger
		default:
		}
		rows = append(rows, []Button{b})
	}
	return rows
}

// choiceLabel is an answer on a button.
func (p Purchase) choiceLabel(choice Choice) Phrase {
	switch choice {
	case ChooseWithoutPromo:
		return Say("button.choose_without_promo")
	case ChooseOtherPromo:
		return Say("button.choose_other_promo")
	case ChooseAccept:
		if now := p.Question.Now; now != nil {
			return Say("button.choose_accept", "Price", *now)
		}
		return Say("button.choose_accept_unread")
	case ChooseAgain:
		return Say("button.again")
	case ChooseEmptyCart:
		return Say("button.choose_empty_cart")
	case ChooseAnyway:
		switch p.Question.Kind {
		case AskTrouble:
			return Say("button.choose_blind")
		case AskItem:
			return Say("button.choose_item")
		default:
			return Say("button.choose_anyway")
		}
	case ChooseBought:
		return Say("button.choose_bought")
	case ChooseNotBought:
		return Say("button.choose_not_bought")
	default:
		return Say("button.purchase_cancel")
	}
}
