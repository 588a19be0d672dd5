package bill

import (
	"cmp"
	"slices"
	"strings"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/purchase"
	"zomrobot/zomro"
)

// mark is how far a step of a purchase is.
type mark int

const (
	markTodo mark = iota
	markNow
	markDone
	markStopped // it stopped here, and nothing came of the step
	markUnclear // it is not known what came of the step
)

// milestones are the stages of a purchase that is on its way, in order, with
// the step of the checklist that each is at.
var milestones = []struct {
	stage Stage
	step  int
}{
	{StageQueued, stepNone},
	{StageAdding, stepCart},
	{StageInCart, stepPromo},
	{StagePromo, stepPromo},
	{StagePricing, stepPrice},
	{StagePaying, stepPay},
	{StageSettling, stepPay},
	{StagePaid, stepFind},
	{StageActivating, stepActive},
	{StageActive, stepEnd},
}

// The steps of the checklist, in order.
const (
	stepNone = iota - 1
	stepCart
	stepPromo
	stepPrice
	stepPay
	stepFind
	stepActive
	stepEnd
)

// stepTitle is a step of the checklist in words: as what is to be done as long as it is not
// done.
func stepTitle(step int, m mark, p Purchase) chat.Phrase {
	switch step {
	case stepCart:
		if m == markDone && p.LineItem != "" {
			return chat.Say("progress.cart_item", "Item", chat.Arg{Code: p.LineItem})
		}
		return chat.Say("progress.cart")
	case stepPromo:
		return chat.Say("progress.promo", "Code", chat.Arg{Code: p.Promo})
	case stepPrice:
		if saved, ok := p.saved(); ok {
			return chat.Say("progress.price_saved", "Was", *p.Full, "Is", *p.Price, "Saved", saved)
		}
		if p.Price != nil && p.Stage != StageAwaiting { // it is being looked at again
			return chat.Say("progress.price_is", "Price", *p.Price)
		}
		if p.Unpriced {
			return chat.Say("progress.price_unread")
		}
		return chat.Say("progress.price")
	case stepPay:
		return chat.Say("progress.pay")
	case stepFind:
		if on := p.PaysOn; on != nil {
			return chat.Say("pays_on.step", "Next", chat.Arg{Day: &on.Next})
		}
		if m == markDone && len(p.Services) > 0 {
			return chat.Say("progress.found")
		}
		return chat.Say("progress.find")
	default:
		return chat.Say("progress.active")
	}
}

// callStep is the step that a call belongs to.
func callStep(call purchase.Call) int {
	switch call {
	case purchase.CallAdd:
		return stepCart
	case purchase.CallPromo:
		return stepPromo
	case purchase.CallConfirm:
		return stepPay
	default:
		return stepNone
	}
}

// marks returns how far each step of the checklist is.
func (p Purchase) marks() [stepEnd]mark {
	var marks [stepEnd]mark
	at := stepNone
	for _, m := range milestones {
		if m.stage == p.Stage {
			at = m.step
		}
	}
	underWay := slices.ContainsFunc(milestones, func(m struct {
		stage Stage
		step  int
	},
	) bool {
		return m.stage == p.Stage
	})
	if underWay {
		for step := range marks {
			switch {
			case step < at:
				marks[step] = markDone
			case step == at:
				marks[step] = markNow
			}
		}
		return marks
	}
	// On the side branches only what is certain counts as done.
	reached := stepCart
	switch {
	case p.Charged == purchase.WasCharged:
		reached = stepFind
	case p.Stage == StageAwaiting && p.LineItem != "":
		reached = stepPromo
	case p.Price != nil:
		reached = stepPay
	case p.LineItem != "":
		reached = stepPrice
	}
	for step := range min(reached, stepEnd) {
		marks[step] = markDone
	}
	stopped := max(reached, callStep(p.Call))
	switch p.Stage {
	case StageFailed, StageVanished, StageOrdered:
		marks[stopped] = markStopped
	case StageUnknown:
		if call := callStep(p.Call); call != stepNone {
			stopped = call
		}
		marks[stopped] = markUnclear
	default:
	}
	return marks
}

// checklist shows the steps of a purchase.
func (p Purchase) checklist() []chat.Phrase {
	var lines []chat.Phrase
	for step, m := range p.marks() {
		if step == stepPromo && p.Promo == "" || step == stepActive && p.PaysOn != nil {
			continue
		}
		title := stepTitle(step, m, p)
		switch m {
		case markDone:
			lines = append(lines, chat.Say("progress.mark_done", "Step", title))
		case markNow:
			lines = append(lines, chat.Say("progress.mark_now", "Step", title))
		case markStopped:
			lines = append(lines, chat.Say("progress.mark_stopped", "Step", title))
		case markUnclear:
			lines = append(lines, chat.Say("progress.mark_unclear", "Step", title))
		default:
			lines = append(lines, chat.Say("progress.mark_todo", "Step", title))
		}
	}
	return lines
}

// stageText says how far a purchase is.
func (p Purchase) stageText() chat.Phrase {
	if said, ok := p.paysOnStage(); ok {
		return said
	}
	switch p.Stage {
	case StageAwaiting:
		return chat.Say("purchase.awaiting", "Given", len(p.Approval.Votes), "Needed", p.Approval.Needed)
	case StageQueued:
		if p.Place < 1 {
			return chat.Say("purchase.queued_first")
		}
		if p.Counting {
			return chat.Say("purchase.queued_counting")
		}
		if p.Blocked {
			return chat.Say("purchase.queued_blocked", "Count", p.Place)
		}
		return chat.Say("purchase.queued", "Count", p.Place)
	case StageAdding:
		return chat.Say("purchase.adding")
	case StageInCart:
		return chat.Say("purchase.in_cart")
	case StagePromo:
		return chat.Say("purchase.promo")
	case StagePricing:
		return chat.Say("purchase.pricing")
	case StagePaying:
		return chat.Say("purchase.paying")
	case StageSettling:
		return chat.Say("purchase.settling")
	case StageOrdered:
		return chat.Say("purchase.ordered")
	case StagePaid:
		return chat.Say("purchase.paid")
	case StageActivating:
		if p.Gone.All() {
			return p.goneText()
		}
		if n := len(p.Services); n > 1 {
			return chat.Say("purchase.activating_all", "Count", n)
		}
		return chat.Say("purchase.activating")
	case StageActive:
		n := len(p.there())
		switch {
		case p.Gone.All():
			return p.goneText()
		case n > 1 || p.Gone.Any():
			return chat.Say("purchase.active_all", "Count", n)
		}
		return chat.Say("purchase.active")
	case StageCancelling:
		return chat.Say("purchase.cancelling")
	case StageCancelled:
		return chat.Say("purchase.cancelled")
	case StageFailed:
		return chat.Say("purchase.failed")
	case StageVanished:
		return chat.Say("purchase.vanished")
	default:
		if p.Charged == purchase.NotCharged {
			return chat.Say("purchase.unknown_cart")
		}
		return chat.Say("purchase.unknown")
	}
}

// goneText says that servers of it were deleted through the bot, or are not listed any more.
func (p Purchase) goneText() chat.Phrase {
	deleted := chat.Say("purchase.deleted_all", "Count", p.Gone.Count, "At", p.Gone.At)
	missing := chat.Say("purchase.missing_all", "Count", p.Gone.Missing, "At", p.Gone.Since)
	switch {
	case p.Gone.Count > 0 && p.Gone.Missing > 0:
		return chat.Say("purchase.gone_all", "Deleted", deleted, "Missing", missing)
	case p.Gone.Missing == 1:
		return chat.Say("purchase.missing", "At", p.Gone.Since)
	case p.Gone.Missing > 0:
		return missing
	case p.Gone.Count == 1:
		return chat.Say("purchase.deleted", "At", p.Gone.At)
	default:
		return deleted
	}
}

// missingText says what is not known of servers that are not listed any more.
func (p Purchase) missingText() []chat.Phrase {
	if p.Gone.Missing == 0 {
		return nil
	}
	return []chat.Phrase{chat.Say("purchase.missing_costs")}
}

// chargedText says whether money was taken.
func (p Purchase) chargedText() chat.Phrase {
	switch p.Charged {
	case purchase.WasCharged:
		switch {
		case p.Stage.underWay() && p.Taken != nil:
			return chat.Say("charged.partly", "Taken", *p.Taken, "Count", p.Bought)
		case p.Stage.underWay():
			return chat.Say("charged.partly_unread", "Count", p.Bought)
		}
		return chat.Say("charged.yes")
	case purchase.MaybeCharged:
		switch {
		case p.Unsent && p.Stage.Ended():
			return chat.Say("pays_on.changed")
		case p.Unsent:
			return chat.Say("pays_on.unsent")
		case p.Stage.Ended():
			return chat.Say("charged.unknown_ended")
		default:
			return chat.Say("charged.unknown")
		}
	default:
		return chat.Say("charged.no")
	}
}

// surplusText warns of more servers than were ordered.
func (p Purchase) surplusText() []chat.Phrase {
	if !p.Surplus {
		return nil
	}
	return []chat.Phrase{chat.Say("purchase.surplus", "Count", len(p.Services))}
}

// takenText says how much the balance has lost, and whether that is more than was
// agreed to.
func (p Purchase) takenText() []chat.Phrase {
	lines := p.amountText()
	if p.Unseen {
		lines = append(lines, chat.Say("charged.unseen"))
	}
	if p.Unclear {
		lines = append(lines, chat.Say("charged.unclear"))
	}
	return lines
}

// amountText is takenText without what is not known.
func (p Purchase) amountText() []chat.Phrase {
	switch {
	case p.Withheld:
		return []chat.Phrase{chat.Say("charged.more_withheld", "Agreed", p.Order.Total)}
	case p.Taken == nil && p.Price == nil:
		return []chat.Phrase{chat.Say("charged.not_read")}
	case p.Taken == nil:
		return []chat.Phrase{chat.Say("charged.not_read_cart", "Price", *p.Price)}
	case !p.MoreThanAgreed:
		return append([]chat.Phrase{chat.Say("charged.taken", "Taken", *p.Taken)}, p.chargesText()...)
	}
	more := chat.Say("charged.more", "Taken", *p.Taken, "Agreed", p.Order.Total)
	if p.PaysOn != nil { // which was charged for other things before, too
		more = chat.Say("pays_on.more", "Taken", *p.Taken, "Agreed", p.Order.Total)
	}
	lines := append([]chat.Phrase{more}, p.chargesText()...)
	if len(p.ApprovedBy) > 0 {
		lines = append(lines, chat.Say("charged.more_approved", "Names", strings.Join(p.ApprovedBy, ", ")))
	}
	return lines
}

// chargesText tells the vendor's rows where they say something other than the
// balance.
func (p Purchase) chargesText() []chat.Phrase {
	sum := zomro.Money{Currency: p.Taken.Currency}
	for _, c := range p.Charges {
		if c.Amount == nil || c.Amount.Currency != sum.Currency {
			return nil
		}
		sum.Amount = sum.Amount.Add(c.Amount.Amount)
	}
	if len(p.Charges) == 0 || sum.Amount.Equal(p.Taken.Amount) && !p.MoreThanAgreed {
		return nil
	}
	return []chat.Phrase{chat.Say("charged.rows", "Sum", sum)}
}

// title names a purchase, and in a group who orders.
func (p Purchase) title() []chat.Phrase {
	lines := []chat.Phrase{chat.Say("purchase.title", "ID", p.ID)}
	if p.Approval != nil && p.Approval.Requester != "" {
		lines = append(lines, chat.Say("approval.requester", "Name", p.Approval.Requester))
	}
	return lines
}

// RenderPurchase makes the card of a purchase: what was ordered, how far it
// is, and what a person is asked.
func RenderPurchase(p Purchase) chat.Screen {
	s := chat.Screen{Lines: p.title()}
	s.Lines = append(s.Lines, p.Order.Lines...)
	if p.Named != "" && !p.unpaid() { // instead of the name that was agreed to, or of how it is made
		s.Lines = slices.DeleteFunc(s.Lines, func(l chat.Phrase) bool { return l.Key == "chosen.name" || l.Key == "chosen.name_own" })
		s.Lines = append(s.Lines, chat.Say("purchase.named", "Name", chat.Arg{Code: p.Named}))
	}
	if price, ok := p.priceLine(); ok {
		s.Lines = append(s.Lines, price)
	}
	s.Lines = append(s.Lines, chat.Phrase{})
	s.Lines = append(s.Lines, p.checklist()...)
	s.Lines = append(s.Lines, chat.Phrase{})
	if p.Question != nil {
		s.Lines = append(s.Lines, p.questionText()...)
		s.Rows = p.questionRows()
		return s
	}
	if p.Stage != StageAwaiting {
		s.Lines = append(s.Lines, p.votes()...)
	}
	s.Lines = append(s.Lines, p.outcome()...)
	s.Rows = p.rows()
	return s
}

// unpaid reports whether a purchase has ended and nothing was paid for it: nobody holds to
// its price, and there is no server.
func (p Purchase) unpaid() bool { return p.Stage.Ended() && p.Charged == purchase.NotCharged }

// outcome says where a purchase that asks nothing stands.
func (p Purchase) outcome() []chat.Phrase {
	if p.Stage == StageAwaiting {
		return p.approvalText()
	}
	lines := []chat.Phrase{p.stageText()}
	if p.Crowded && p.Charged == purchase.NotCharged {
		lines = []chat.Phrase{chat.Say("purchase.crowded")}
	} else if p.Impeded && p.Charged == purchase.NotCharged {
		lines = []chat.Phrase{chat.Say("purchase.impeded")}
	}
	if p.Held != nil {
		lines = append(text(*p.Held, p.Owner.Private()), p.chargedText())
	}
	if p.Held == nil && p.Bought > 0 && p.Stage.underWay() && p.Stage != StageUnknown {
		lines = append(lines, p.chargedText()) // of several rows some are paid
	}
	switch p.Stage {
	case StageSettling:
		if p.Problem != nil {
			lines = append(lines, conversation.ProblemText(*p.Problem), chat.Say("purchase.settling_refused"))
		}
	case StageOrdered:
		lines = append(lines, p.chargedText(), chat.Say("purchase.ordered_next"))
	case StagePaid, StageActivating:
		lines = append(lines, p.takenText()...)
		lines = append(lines, p.surplusText()...)
		lines = append(lines, p.leftText()...)
		lines = append(append(lines, p.missingText()...), chat.Say("purchase.follow"))
	case StageActive:
		lines = append(lines, p.takenText()...)
		lines = append(lines, p.leftText()...)
		if p.PaysOn != nil {
			break
		}
		lines = append(lines, p.surplusText()...)
		lines = append(append(lines, p.missingText()...), p.addresses()...)
	case StageFailed, StageCancelled, StageVanished, StageUnknown:
		lines = append(lines, p.stopped()...)
	default:
	}
	return lines
}

// stopped says why a purchase stopped, and whether money moved.
func (p Purchase) stopped() []chat.Phrase {
	lines := p.unapproved()
	if p.Problem != nil {
		lines = append(lines, conversation.ProblemText(*p.Problem))
	}
	if p.Call != "" {
		lines = append(lines, p.atCall())
	}
	lines = append(append(lines, p.chargedText()), p.Seen...)
	if p.Gone.Any() {
		lines = append(append(lines, p.goneText()), p.missingText()...)
	}
	return append(lines, p.leftText()...)
}

// leftText says that something of it may be in the cart still, and what has gone instead.
func (p Purchase) leftText() []chat.Phrase {
	if !p.ItemLeft {
		return nil
	}
	if len(p.Astray) == 0 {
		return []chat.Phrase{chat.Say("purchase.item_left")}
	}
	lines, unnamed := []chat.Phrase{chat.Say("purchase.astray")}, 0
	for _, item := range p.Astray {
		if name := cmp.Or(item.Name, item.ID, item.Elid); name != "" {
			lines = append(lines, chat.Say("question.item", "Item", name))
		} else {
			unnamed++
		}
	}
	if unnamed > 0 {
		lines = append(lines, chat.Say("question.foreign_others", "Count", unnamed))
	}
	return append(lines, chat.Say("purchase.astray_next"))
}

// atCall names the step at which a purchase stands by its call. The call's own name is
// in the record of what was done.
func (p Purchase) atCall() chat.Phrase {
	return chat.Say("purchase.at", "Step", chat.Say("purchase.at."+string(p.Call)))
}

// cancelButton gives the purchase up.
func (p Purchase) cancelButton() chat.Button {
	return chat.Button{Label: chat.Say("button.purchase_cancel"), Data: purchaseData(p, string(purchase.ChooseCancel)), Style: chat.Danger}
}

// offButton stands where a purchase could be given up while it cannot be.
func (p Purchase) offButton() chat.Button {
	return chat.Button{Label: chat.Say("button.purchase_cancel"), Off: true}
}

// rows are the buttons of a purchase that asks nothing.
func (p Purchase) rows() [][]chat.Button {
	switch p.Stage {
	case StageAdding, StagePricing:
		if p.Held != nil && p.Held.By.Own() {
			return p.heldRows()
		}
		return [][]chat.Button{{p.cancelButton()}}
	case StageAwaiting:
		return p.approvalRows()
	case StageQueued, StageInCart, StagePromo:
		return [][]chat.Button{{p.cancelButton()}}
	case StagePaying, StageCancelling:
		return [][]chat.Button{{p.offButton()}}
	case StageOrdered:
		look := []chat.Button{{Label: chat.Say("button.refresh"), Data: purchaseData(p, conversation.ChoiceStatus)}}
		if !p.Owner.Private() {
			return [][]chat.Button{look}
		}
		return [][]chat.Button{{conversation.TopUpButton()}, look}
	case StageSettling, StagePaid, StageActivating, StageUnknown:
		return [][]chat.Button{{{Label: chat.Say("button.refresh"), Data: purchaseData(p, conversation.ChoiceStatus)}}}
	case StageActive:
		if p.PaysOn != nil {
			return p.toServer()
		}
		return append(p.activeRows(), []chat.Button{p.shareButton()})
	default:
		switch {
		case p.PaysOn != nil:
			return p.toServer()
		case p.Stage == StageCancelled && p.rejected():
			return [][]chat.Button{p.reworkRow()}
		case p.unpaid():
			return [][]chat.Button{{p.againButton(), p.shareButton()}}
		default:
			return nil
		}
	}
}
