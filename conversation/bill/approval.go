package bill

import (
	"time"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/purchase"
	"zomrobot/team"
	"zomrobot/zomro"
)

// Approval is what a person sees of the approvals of a team's purchase.
type Approval struct {
	Needed     int            // approvals that the terms need; 0: none
	Terms      int            // number of the terms: a button of older ones is stale
	Total      *zomro.Money   // what was agreed to be paid; nil: whatever the cart costs, for its price cannot be read
	Blind      bool           // the cart cannot be read, and the purchase goes on without it
	Over       []team.Limit   // the limits of the team that it is above
	Beside     bool           // it is paid although something else is in the cart
	Misnamed   []string       // what the cart calls it, if that is not what was ordered
	Votes      []ApprovalVote // for the terms, in order
	Until      time.Time      // when the purchase is given up if it lacks approvals
	Voided     bool           // other terms were approved, or waited for it, before these
	Expired    bool           // the approvals did not come in time
	RejectedBy string         // who said no; "" nobody
	Reason     string         // why, in their words; "" they did not say
	Requester  string         // who wants to buy; "" not known
	NoAccount  bool           // the account that would have paid no longer pays for the team
	Approvers  []chat.Person  // who was asked and has not voted
}

// ApprovalVote is one person's approval.
type ApprovalVote struct {
	Name string
	At   time.Time
}

// PurchaseApproved makes the message that is sent when a purchase has got the
// last approval that it needed.
func PurchaseApproved(p Purchase) chat.Screen {
	s := chat.Screen{Lines: append(p.title(), chat.Say("approval.approved"))}
	s.Lines = append(s.Lines, p.votes()...)
	return s
}

// approvalText says what needs approval, who has given it, and how long the bot
// waits for the others.
func (p Purchase) approvalText() []chat.Phrase {
	a := p.Approval
	lines := p.terms()
	lines = append(lines, chat.Phrase{}, p.stageText())
	if a.NoAccount {
		lines = append(lines, chat.Say("approval.no_account"))
	}
	if a.Voided {
		lines = append(lines, chat.Say("approval.voided"))
	}
	lines = append(lines, p.votes()...)
	if len(a.Approvers) > 0 {
		var who []chat.Phrase
		for _, person := range a.Approvers {
			who = append(who, chat.Say("approval.person", "Who", person))
		}
		lines = append(lines, chat.Say("approval.asked", "Who", who))
	}
	lines = append(lines, chat.Say("approval.until", "Until", a.Until))
	return append(lines, p.chargedText())
}

// terms says what an approval is for, besides what was ordered.
func (p Purchase) terms() []chat.Phrase {
	a := p.Approval
	var lines []chat.Phrase
	switch {
	case p.PaysOn != nil: // its price is the total, and it takes no code
	case p.Promo != "":
		lines = append(lines, p.periodPrice(), chat.Say("chosen.promo", "Code", chat.Arg{Code: p.Promo}))
	default:
		lines = append(lines, p.periodPrice(), chat.Say("approval.no_promo"))
	}
	if a.Total != nil {
		total := chat.Say("approval.total", "Total", *a.Total)
		if !p.Order.Carts {
			total = chat.Say("purchase.untaxed", "Price", total)
		}
		lines = append(lines, total)
	} else {
		lines = append(lines, chat.Say("approval.total_unread"))
	}
	for _, limit := range a.Over {
		lines = append(lines, chat.Say("review.over_limit", "Limit", conversation.LimitName(limit)))
	}
	if a.Blind {
		lines = append(lines, chat.Say("approval.blind"))
	}
	for _, name := range a.Misnamed {
		lines = append(lines, chat.Say("approval.misnamed", "Name", name))
	}
	if a.Beside {
		lines = append(lines, chat.Say("approval.beside"))
	}
	return lines
}

// periodPrice is what the plan costs for a period.
func (p Purchase) periodPrice() chat.Phrase {
	return chat.Say("review.price", "Price", p.Order.Price, "Period", conversation.PeriodName(p.Order.Period))
}

// votes says who has approved, and when.
func (p Purchase) votes() []chat.Phrase {
	if p.Approval == nil {
		return nil
	}
	var lines []chat.Phrase
	for _, v := range p.Approval.Votes {
		lines = append(lines, chat.Say("approval.vote", "Name", v.Name, "At", v.At))
	}
	return lines
}

// unapproved says why a purchase ended without approval.
func (p Purchase) unapproved() []chat.Phrase {
	switch a := p.Approval; {
	case a == nil:
		return nil
	case a.RejectedBy != "":
		lines := []chat.Phrase{chat.Say("approval.rejected", "Name", a.RejectedBy)}
		if a.Reason != "" {
			lines = append(lines, chat.Say("approval.reason", "Reason", a.Reason))
		}
		return lines
	case a.Expired:
		return []chat.Phrase{chat.Say("approval.expired", "Given", len(a.Votes), "Needed", a.Needed)}
	default:
		return nil
	}
}

// ApprovalRequest makes the private message to somebody who may approve a team's
// purchase: what it is, and how it stands. team is how the group is called; voted: they
// have approved it.
func ApprovalRequest(p Purchase, team string, voted bool) chat.Screen {
	head := chat.Say("approval.request", "Team", team)
	if voted || p.Stage != StageAwaiting {
		head = chat.Say("approval.request_was", "Team", team)
	}
	s := chat.Screen{Lines: append([]chat.Phrase{head, {}}, p.title()...)}
	s.Lines = append(append(s.Lines, p.Order.Lines...), chat.Phrase{})
	switch p.Stage {
	case StageAwaiting:
		s.Lines = append(s.Lines, p.approvalText()...)
		if !voted {
			s.Rows = append(p.voteRows(), []chat.Button{{
				Label: chat.Say("button.no_requests"), Data: conversation.KindReminder + ":" + string(conversation.MatterApproval),
			}})
		}
	case StageCancelling, StageCancelled:
		s.Lines = append(append(s.Lines, p.stageText()), p.unapproved()...)
	default:
		s.Lines = append(append(s.Lines, chat.Say("approval.approved")), p.votes()...)
	}
	return s
}

// rejected reports whether somebody said no to it.
func (p Purchase) rejected() bool { return p.Approval != nil && p.Approval.RejectedBy != "" }

// reworkRow begins a new order like the one that was rejected, for whoever asked for it.
func (p Purchase) reworkRow() []chat.Button {
	return []chat.Button{{Label: chat.Say("button.rework"), Data: purchaseData(p, conversation.ChoiceRework), Style: chat.Primary}}
}

// approvalRows are the buttons of those who may approve, and the requester's.
func (p Purchase) approvalRows() [][]chat.Button {
	return append(p.voteRows(), []chat.Button{p.cancelButton()})
}

// voteRows are the buttons of those who may approve.
func (p Purchase) voteRows() [][]chat.Button {
	approve := chat.Button{Label: chat.Say("button.choose_approve_unread"), Data: approvalData(p, purchase.ChooseApprove), Style: chat.Success}
	if total := p.Approval.Total; total != nil {
		approve.Label = chat.Say("button.choose_approve", "Price", *total)
	}
	reject := chat.Button{Label: chat.Say("button.choose_reject"), Data: approvalData(p, purchase.ChooseReject), Style: chat.Danger}
	return [][]chat.Button{{approve}, {reject}}
}
