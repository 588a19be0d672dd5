package bill

import (
	"cmp"
	"slices"
	"strings"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/purchase"
	"zomrobot/zomro"
	"zomrobot/zomro/profile"
)

// StaleChoice tells a person that their answer to a purchase came too late.
func StaleChoice() chat.Phrase { return chat.Say("toast.choice_stale") }

// TooLate tells a person that a purchase can no longer be cancelled.
func TooLate() chat.Phrase { return chat.Say("toast.too_late") }

// NotApprover tells a person that their role does not let them approve orders.
func NotApprover() chat.Phrase { return chat.Say("toast.not_approver") }

// OwnOrder tells a person that they cannot approve an order of their own.
func OwnOrder() chat.Phrase { return chat.Say("toast.own_order") }

// NotBuyer tells a person that their role no longer lets them order.
func NotBuyer() chat.Phrase { return chat.Say("problem.not_allowed") }

// AccountGone tells a person that the account of a purchase no longer pays for the
// team.
func AccountGone() chat.Phrase { return chat.Say("toast.account_gone") }

// OverLimit tells a person that a new price is above a limit of the team.
func OverLimit() chat.Phrase { return chat.Say("toast.over_limit") }

// Approved tells a person that their approval counts.
func Approved() chat.Phrase { return chat.Say("toast.approved") }

// ApprovedAlready tells a person that their approval counts already, and that
// somebody else's is awaited.
func ApprovedAlready() chat.Phrase { return chat.Say("toast.approved_already") }

// Rejected tells a person that their rejection counts.
func Rejected() chat.Phrase { return chat.Say("toast.rejected") }

// questionText says what a person is asked about a purchase, and what they need
// to know to answer.
func (p Purchase) questionText() []chat.Phrase {
	lines := p.askedText()
	if kind := p.Question.Kind; p.Problem != nil && kind != purchase.AskUnknown && kind != purchase.AskLogin && kind != purchase.AskPromo {
		lines = append(lines, conversation.ProblemText(*p.Problem))
	}
	if p.Call != "" {
		lines = append(lines, p.atCall())
	}
	if p.doubted() {
		lines = append(lines, chat.Say("question.who_answers"))
	}
	return append(lines, p.chargedText())
}

// askedText is the question itself.
func (p Purchase) askedText() []chat.Phrase {
	switch p.Question.Kind {
	case purchase.AskPromo:
		return p.promoText()
	case purchase.AskPrice:
		if p.PaysOn != nil && p.Question.Was == nil {
			return p.paysOnPrice()
		}
		return append([]chat.Phrase{p.priceText()}, p.taxText()...)
	case purchase.AskSurcharge:
		return []chat.Phrase{p.surchargeText()}
	case purchase.AskForeign:
		return p.foreignText()
	case purchase.AskItem:
		return p.misnamedText()
	case purchase.AskPhone:
		return []chat.Phrase{chat.Say("question.phone")}
	case purchase.AskFunds:
		return []chat.Phrase{p.fundsText()}
	case purchase.AskLogin:
		return p.loginText()
	case purchase.AskTrouble:
		return p.troubleText()
	default:
		return p.unknownText()
	}
}

// priceText says that the price is not the one that was agreed, or not known.
func (p Purchase) priceText() chat.Phrase {
	q := p.Question
	switch {
	case q.Was != nil && q.Now != nil:
		if p.Order.Carts {
			return chat.Say("question.price", "Was", *q.Was, "Now", *q.Now)
		}
		return chat.Say("question.price", "Was", chat.Say("purchase.untaxed", "Price", *q.Was), "Now", *q.Now)
	case p.Bought > 0 && p.Price != nil:
		return chat.Say("question.price_part", "Price", *p.Price)
	default:
		return chat.Say("question.price_unreadable")
	}
}

// taxText names the tax where the cart adds one.
func (p Purchase) taxText() []chat.Phrase {
	if p.Question.Tax == nil {
		return nil
	}
	return []chat.Phrase{chat.Say("question.price_tax", "Tax", *p.Question.Tax)}
}

// surchargeText says that more may be taken than the cart says.
func (p Purchase) surchargeText() chat.Phrase {
	if now := p.Question.Now; now != nil {
		return chat.Say("question.surcharge", "Now", *now)
	}
	return chat.Say("question.price_unreadable")
}

// foreignText lists what else is in the cart.
func (p Purchase) foreignText() []chat.Phrase {
	q := p.Question
	lines := []chat.Phrase{chat.Say("question.foreign")}
	for _, item := range q.Items {
		lines = append(lines, chat.Say("question.item", "Item", cmp.Or(item.Name, item.ID, item.Elid, "?")))
	}
	if q.Others > 0 {
		lines = append(lines, chat.Say("question.foreign_others", "Count", q.Others))
	}
	if q.Earlier > 0 {
		lines = append(lines, chat.Say("question.foreign_earlier", "Count", q.Earlier))
	}
	if q.Left > 0 {
		lines = append(lines, chat.Say("question.foreign_left", "Count", q.Left))
	}
	if q.Tried > 0 {
		lines = append(lines, chat.Say("question.foreign_tried", "Count", q.Tried))
	}
	if q.Unpaid {
		return append(lines, chat.Say("question.foreign_unpaid"))
	}
	if p.Promo != "" {
		return append(lines, chat.Say("question.foreign_means_promo"))
	}
	switch q.Scope {
	case profile.WholeCart:
		return append(lines, chat.Say("question.foreign_whole"))
	case profile.Row:
		return append(lines, chat.Say("question.foreign_row"))
	default:
		return append(lines, chat.Say("question.foreign_means"))
	}
}

// misnamedText lists what the cart calls our items.
func (p Purchase) misnamedText() []chat.Phrase {
	lines := []chat.Phrase{chat.Say("question.misnamed")}
	for _, item := range p.Question.Items {
		lines = append(lines, chat.Say("question.item", "Item", strings.Join(slices.DeleteFunc([]string{item.Name, item.Period}, func(text string) bool { return text == "" }), ", ")))
	}
	return append(lines, chat.Say("question.misnamed_means"))
}

// fundsText says what the balance lacks, as far as that is known.
func (p Purchase) fundsText() chat.Phrase {
	q := p.Question
	switch {
	case q.Was != nil && !p.Owner.Private():
		return chat.Say("question.funds_team", "Need", *q.Was)
	case q.Was != nil && q.Now != nil && conversation.Missing(*q.Was, *q.Now).Amount.IsPositive():
		return chat.Say("question.funds", "Need", *q.Was, "Have", *q.Now, "Missing", conversation.Missing(*q.Was, *q.Now))
	case q.Was != nil:
		return chat.Say("question.funds_need", "Need", *q.Was)
	default:
		return chat.Say("question.funds_low")
	}
}

// troubleText says that a call has failed, and what going on without it means
// where that is offered.
func (p Purchase) troubleText() []chat.Phrase {
	lines := []chat.Phrase{chat.Say("question.trouble")}
	if !slices.Contains(p.Question.Choices, purchase.ChooseAnyway) {
		return lines
	}
	lines = append(lines, chat.Say("question.blind"))
	if p.Promo != "" && !p.Promoted {
		lines = append(lines, chat.Say("question.blind_promo", "Code", chat.Arg{Code: p.Promo}))
	}
	return lines
}

// unknownText says what is known of a call whose outcome is not.
func (p Purchase) unknownText() []chat.Phrase {
	lines := append([]chat.Phrase{chat.Say("question.unknown")}, p.Question.Evidence...)
	if !slices.Contains(p.Question.Choices, purchase.ChooseBought) { // it is about the cart, not about money
		return append(lines, chat.Say("question.unknown_cart_means"))
	}
	return append(lines, chat.Say("question.unknown_means"))
}

// loginText says why the vendor does not let the purchase's account in.
func (p Purchase) loginText() []chat.Phrase {
	if p.Problem == nil && p.Owner.Private() {
		return []chat.Phrase{chat.Say("question.login")}
	}
	if p.Problem == nil {
		return []chat.Phrase{chat.Say("question.login_team")}
	}
	why := conversation.ProblemText(*p.Problem)
	switch {
	case p.Problem.Code == zomro.CodeBlockedAddress:
		return []chat.Phrase{chat.Say("question.blocked")}
	case !p.Owner.Private():
		return []chat.Phrase{chat.Say("question.login_team")}
	case why.Key == "problem.denied", p.Problem.Kind != zomro.Denied:
		return []chat.Phrase{chat.Say("question.login")}
	default:
		return []chat.Phrase{chat.Say("question.login"), why}
	}
}

// promoText says what became of the promo code.
func (p Purchase) promoText() []chat.Phrase {
	code := chat.Arg{Code: p.Promo}
	if q := p.Question; q.Was != nil && q.Now != nil {
		return []chat.Phrase{chat.Say("question.promo_useless", "Code", code, "Was", *q.Was, "Now", *q.Now)}
	}
	if p.Problem != nil && p.Problem.Kind == zomro.Unknown {
		return []chat.Phrase{chat.Say("question.promo_unknown", "Code", code)}
	}
	lines := []chat.Phrase{chat.Say("question.promo", "Code", code)}
	if p.Problem != nil {
		lines = append(lines, promoProblem(*p.Problem))
	}
	return lines
}

// promoProblem says why a promo code was refused.
func promoProblem(p conversation.Problem) chat.Phrase {
	switch p.Code {
	case zomro.CodeMissed:
		return chat.Say("problem.promo_missed")
	case zomro.CodePromoNotUsed:
		return chat.Say("problem.promo_not_used")
	default:
		return conversation.ProblemText(p)
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

// questionRows are the answers that a question takes.
func (p Purchase) questionRows() [][]chat.Button {
	var rows [][]chat.Button
	if p.Question.Kind == purchase.AskLogin && p.Owner.Private() && (p.Problem == nil || p.Problem.Code != zomro.CodeBlockedAddress) {
		rows = append(rows, []chat.Button{conversation.CommandButton("login")})
	}
	if p.Owner.Private() && (p.Question.Kind == purchase.AskFunds || p.Question.Kind == purchase.AskPhone) {
		rows = append(rows, []chat.Button{conversation.TopUpButton()})
	}
	for _, choice := range p.Question.Choices {
		b := chat.Button{Label: p.choiceLabel(choice), Data: purchaseData(p, string(choice))}
		if p.doubted() {
			b.Data = settleData(p, choice)
		}
		switch choice {
		case purchase.ChooseAccept:
			b.Style = chat.Success
		case purchase.ChooseGiveUp, purchase.ChooseEmptyCart, purchase.ChooseCancel:
			b.Style = chat.Danger
		default:
		}
		rows = append(rows, []chat.Button{b})
	}
	return rows
}

// choiceLabel is an answer on a button.
func (p Purchase) choiceLabel(choice purchase.Choice) chat.Phrase {
	switch choice {
	case purchase.ChooseWithoutPromo:
		return chat.Say("button.choose_without_promo")
	case purchase.ChooseOtherPromo:
		return chat.Say("button.choose_other_promo")
	case purchase.ChooseAccept:
		if now := p.Question.Now; now != nil && p.Question.Kind == purchase.AskSurcharge {
			return chat.Say("button.choose_surcharge", "Price", *now)
		} else if now != nil {
			return chat.Say("button.choose_accept", "Price", *now)
		}
		return chat.Say("button.choose_accept_unread")
	case purchase.ChooseAgain:
		return chat.Say("button.again")
	case purchase.ChooseEmptyCart:
		return chat.Say("button.choose_empty_cart")
	case purchase.ChooseAnyway:
		return p.anywayLabel()
	case purchase.ChooseBought:
		return chat.Say("button.choose_bought")
	case purchase.ChooseNotBought:
		return chat.Say("button.choose_not_bought")
	default:
		return chat.Say("button.purchase_cancel")
	}
}

// anywayLabel is how to go on in spite of what the question says.
func (p Purchase) anywayLabel() chat.Phrase {
	switch {
	case p.Question.Kind == purchase.AskTrouble:
		return chat.Say("button.choose_blind")
	case p.Question.Kind == purchase.AskItem:
		return chat.Say("button.choose_item")
	case p.Promo == "":
		return chat.Say("button.choose_beside")
	default:
		return chat.Say("button.choose_anyway")
	}
}
