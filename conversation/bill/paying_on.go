package bill

import (
	"slices"
	"strings"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/purchase"
)

// What is said otherwise of a server that is paid on than of an order.

// quoted reports whether a price was agreed to.
func (p Purchase) quoted() bool { return p.Order.Total.Currency != "" }

// paysOnStage says how far it is, where an order's words do not fit; false: they do.
func (p Purchase) paysOnStage() (chat.Phrase, bool) {
	if p.PaysOn == nil {
		return chat.Phrase{}, false
	}
	next := chat.Arg{Day: &p.PaysOn.Next}
	switch p.Stage {
	case StagePaid:
		return chat.Say("pays_on.paid", "Next", next), true
	case StageActive:
		return chat.Say("pays_on.done", "Next", next), true
	case StageVanished:
		return chat.Say("pays_on.vanished", "Next", next), true
	case StageCancelling:
		return chat.Say("pays_on.undoing"), true
	case StageFailed:
		return chat.Say("pays_on.failed"), true
	default:
		return chat.Phrase{}, false
	}
}

// priceLine says what was agreed to be paid; false: nothing yet.
func (p Purchase) priceLine() (chat.Phrase, bool) {
	switch {
	case p.Stage == StageAwaiting: // what needs agreement is said below
		return chat.Phrase{}, false
	case !p.quoted() && (p.unpaid() || p.Question != nil || p.Price != nil || p.Charged == purchase.WasCharged):
		return chat.Phrase{}, false
	case !p.quoted():
		return chat.Say("pays_on.price_later"), true
	}
	line := chat.Say("purchase.agreed", "Total", p.Order.Total)
	if p.unpaid() {
		line = chat.Say("purchase.price", "Total", p.Order.Total)
	}
	if !p.Order.Carts {
		line = chat.Say("purchase.untaxed", "Price", line)
	}
	return line, true
}

// paysOnPrice asks whether to pay what the cart says.
func (p Purchase) paysOnPrice() []chat.Phrase {
	q := p.Question
	if q.Now == nil {
		return []chat.Phrase{chat.Say("pays_on.price_unread")}
	}
	lines := []chat.Phrase{chat.Say("pays_on.price", "Price", *q.Now, "Period", conversation.LengthOf(p.PaysOn.Period))}
	lines = append(lines, p.taxText()...)
	for _, item := range q.Items {
		if item.Name != "" {
			lines = append(lines, chat.Say("pays_on.row", "Item", strings.Join(slices.DeleteFunc([]string{item.Name, item.Period}, func(text string) bool { return text == "" }), ", ")))
		}
	}
	if p.Balance != nil {
		if have := p.Balance.Spendable(); have.Currency == q.Now.Currency && have.Amount.LessThan(q.Now.Amount) {
			lines = append(lines, chat.Say("review.balance", "Balance", have), chat.Say("review.low_balance"))
		}
	}
	return append(lines, chat.Say("pays_on.price_means"))
}

// toServer leads to the card of the server that is paid on; in a group there is none.
func (p Purchase) toServer() [][]chat.Button {
	if !p.Owner.Private() {
		return nil
	}
	return [][]chat.Button{{conversation.ToServer(p.PaysOn.Server, p.PaysOn.Name)}}
}
