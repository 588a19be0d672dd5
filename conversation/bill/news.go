package bill

import (
	"cmp"
	"slices"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/purchase"
	"zomrobot/zomro"
)

// PurchaseNews makes the message that is sent when a purchase has come from one stage to
// another that a person must notice; false: it is not worth interrupting anybody for, the
// card says it. What is asked has no news: its card comes as a new message.
func PurchaseNews(from Stage, p Purchase) (chat.Screen, bool) {
	s := chat.Screen{Lines: p.newsTitle()}
	if p.Held != nil {
		s.Lines = append(s.Lines, p.outcome()...)
		s.Rows = p.rows()
		return s, true
	}
	switch p.Stage {
	case StagePaid:
		if !from.troubled() && !p.MoreThanAgreed && !p.Surplus && !p.Unclear {
			return chat.Screen{}, false // as it was agreed, and what comes of it is told next
		}
		s.Lines = append(s.Lines, chat.Say("news.paid", "Item", chat.Arg{Code: p.LineItem}))
		s.Lines = append(s.Lines, p.takenText()...)
		if saved, ok := p.saved(); ok {
			s.Lines = append(s.Lines, chat.Say("news.price_saved", "Code", chat.Arg{Code: p.Promo}, "Was", *p.Full, "Is", *p.Price, "Saved", saved))
		}
		if !p.allActive() && p.PaysOn == nil {
			s.Lines = append(s.Lines, chat.Say("news.paid_next"))
		}
	case StageActive:
		s.Lines = append(s.Lines, p.stageText())
		if p.PaysOn != nil {
			s.Lines = append(append(s.Lines, p.takenText()...), p.leftText()...)
			s.Rows = p.toServer()
			break
		}
		s.Lines = append(s.Lines, p.surplusText()...)
		s.Lines = append(append(s.Lines, p.missingText()...), p.addresses()...)
		s.Rows = p.activeRows()
	case StageOrdered:
		s.Lines = append(s.Lines, p.outcome()...)
		s.Rows = p.rows()
	case StageCancelled:
		if why := p.unapproved(); len(why) > 0 { // the card has the rest
			s.Lines = append(append(s.Lines, p.stageText()), why...)
			return s, true
		}
		s.Lines = append(s.Lines, p.outcome()...)
		s.Rows = p.afterwards()
	case StageFailed:
		s.Lines = append(s.Lines, p.outcome()...)
		s.Lines = append(s.Lines, p.next())
		s.Rows = p.afterwards()
	case StageUnknown:
		if p.Charged == purchase.NotCharged || p.Call == purchase.CallAdd {
			return chat.Screen{}, false // of an add or a code: its outcome is seen in a moment, and costs nothing
		}
		s.Lines = append(s.Lines, p.outcome()...)
		s.Lines = append(s.Lines, p.next())
	case StageVanished:
		s.Lines = append(s.Lines, p.outcome()...)
		s.Lines = append(s.Lines, p.next())
	default:
		return chat.Screen{}, false
	}
	return s, true
}

// newsTitle names the purchase, and the server that is paid on.
func (p Purchase) newsTitle() []chat.Phrase {
	lines := p.title()
	if p.PaysOn != nil {
		lines = append(lines, conversation.PaysOnLines(*p.PaysOn)[0])
	}
	return lines
}

// troubled reports whether a person was told in a message that it is not known, or not
// certain, whether something is paid.
func (s Stage) troubled() bool {
	switch s {
	case StageOrdered, StageUnknown, StageVanished:
		return true
	default:
		return false
	}
}

// allActive reports whether all servers are seen to be active; the news of that comes
// next.
func (p Purchase) allActive() bool {
	return len(p.Services) > 0 && !slices.ContainsFunc(p.Services, func(s zomro.Service) bool { return s.Status != zomro.StatusActive })
}

// AsPlanned reports whether a purchase has come to an end of which there is nothing to say but
// that it has: its servers are there for what was agreed to, or it was given up unpaid.
func AsPlanned(p Purchase) bool {
	switch {
	case p.Held != nil || p.Question != nil || p.Problem != nil || p.ItemLeft:
		return false
	case p.Stage == StageActive:
		return !p.MoreThanAgreed && !p.Surplus && !p.Unclear && !p.Unseen
	default:
		return p.Stage == StageCancelled && p.Charged == purchase.NotCharged
	}
}

// TakenNews makes the message that more was taken for a purchase than was agreed to,
// if that was seen only after the purchase was said to be paid.
func TakenNews(p Purchase) chat.Screen {
	return chat.Screen{Lines: append(append(p.newsTitle(), p.takenText()...), p.surplusText()...)}
}

// MissingNews makes the message that servers of a purchase which is not active yet are not
// listed any more.
func MissingNews(p Purchase) chat.Screen {
	return chat.Screen{Lines: append(append(p.newsTitle(), p.goneText()), p.missingText()...)}
}

// afterwards are the buttons of a purchase that came to nothing.
func (p Purchase) afterwards() [][]chat.Button {
	if p.PaysOn != nil {
		return p.toServer()
	}
	return [][]chat.Button{{conversation.CommandButton("order")}}
}

// next says what to do after a purchase that did not end well.
func (p Purchase) next() chat.Phrase {
	switch {
	case p.Stage == StageUnknown:
		return chat.Say("news.unknown_next")
	case p.PaysOn != nil && p.Charged == purchase.NotCharged && p.Problem != nil && p.Problem.Code == purchase.CodePaidOn:
		return chat.Say("pays_on.still_longer") // and nobody is asked to pay it a second time
	case p.PaysOn != nil && p.Charged == purchase.NotCharged:
		return chat.Say("pays_on.in_panel")
	case p.PaysOn != nil:
		return chat.Say("pays_on.look_in_panel")
	case p.Stage == StageVanished:
		return chat.Say("news.vanished_next")
	case p.Charged == purchase.NotCharged:
		return chat.Say("news.failed_next")
	default:
		return chat.Say("news.failed_charged_next")
	}
}

// mostServices is how many of an order's servers a message lists at most.
const mostServices = 10

// addresses says where the servers are and how to log in to them.
func (p Purchase) addresses() []chat.Phrase {
	var lines []chat.Phrase
	for _, s := range p.Services[:min(len(p.Services), mostServices)] {
		if at, deleted := p.Deleted[s.ID]; deleted {
			lines = append(lines, chat.Phrase{}, chat.Say("service.deleted", "Name", serviceName(s), "ID", s.ID, "At", at))
			continue
		}
		if since := p.Missing[s.ID]; !since.IsZero() {
			lines = append(lines, chat.Phrase{}, chat.Say("service.missing", "Name", serviceName(s), "ID", s.ID, "At", since))
			continue
		}
		lines = append(lines, serviceLines(s)...)
	}
	if more := len(p.Services) - mostServices; more > 0 {
		lines = append(lines, chat.Say("service.more", "Count", more))
	}
	return lines
}

func serviceName(s zomro.Service) string { return cmp.Or(s.ServerName, s.Name, s.ID, "?") }

func serviceLines(s zomro.Service) []chat.Phrase {
	lines := []chat.Phrase{{}, chat.Say("service.name", "Name", serviceName(s), "ID", s.ID)}
	if s.IPv4 != "" {
		lines = append(lines, chat.Say("service.ipv4", "Address", chat.Arg{Code: s.IPv4}))
	}
	if s.IPv6 != "" {
		lines = append(lines, chat.Say("service.ipv6", "Address", chat.Arg{Code: s.IPv6}))
	}
	switch line, ok := conversation.SSHLine(s); {
	case ok:
		lines = append(lines, chat.Say("service.ssh", "Command", chat.Arg{Code: line}))
	case s.IPv4 == "" && s.IPv6 == "":
		lines = append(lines, chat.Say("service.no_address"))
	default:
		lines = append(lines, chat.Say("service.windows", "User", chat.Arg{Code: "Administrator"}))
	}
	return lines
}

// there are those of its servers that are not known to be gone.
func (p Purchase) there() []zomro.Service {
	return slices.DeleteFunc(slices.Clone(p.Services), p.gone)
}

// gone reports whether a server of it was deleted, or is not listed any more.
func (p Purchase) gone(s zomro.Service) bool {
	return !p.Deleted[s.ID].IsZero() || !p.Missing[s.ID].IsZero()
}

// activeRows are the buttons of a purchase whose servers are there: for each server that
// the message lists its address and the line that logs in to it, and what can be done
// next.
func (p Purchase) activeRows() [][]chat.Button {
	var rows [][]chat.Button
	for _, s := range p.Services[:min(len(p.Services), mostServices)] {
		if p.gone(s) {
			continue
		}
		address := cmp.Or(s.IPv4, s.IPv6)
		if address == "" {
			continue
		}
		label, line := chat.Say("button.copy_address"), chat.Say("button.copy_ssh")
		if len(p.Services) > 1 {
			label, line = chat.Say("button.copy_one", "Address", address), chat.Say("button.copy_one_ssh")
		}
		row := []chat.Button{{Label: label, Copy: address}}
		if command, ok := conversation.SSHLine(s); ok {
			row = append(row, chat.Button{Label: line, Copy: command})
		}
		rows = append(rows, row)
	}
	there, next := p.there(), []chat.Button{p.againButton()}
	switch {
	case !p.Owner.Private(): // whose account it is does not show a group its servers
	case p.Gone.All():
	case len(there) == 1:
		next = append(next, conversation.ServerButton(there[0].ID))
	default:
		next = append(next, conversation.CommandButton("servers"))
	}
	return append(rows, next)
}

// againButton orders the same once more.
func (p Purchase) againButton() chat.Button {
	return chat.Button{Label: chat.Say("button.order_again"), Data: purchaseData(p, conversation.ChoiceRepeat)}
}

// shareButton makes a link to what was ordered.
func (p Purchase) shareButton() chat.Button {
	return chat.Button{Label: chat.Say("button.share"), Data: purchaseData(p, conversation.ChoiceShare)}
}

// Elsewhere is what a person sees in private of their purchase in a group, whose card, with
// what can be pressed, is there. title is the group's.
func Elsewhere(p Purchase, title string) chat.Screen {
	s := RenderPurchase(p)
	s.Rows = nil
	s.Lines = append([]chat.Phrase{chat.Say("purchase.in_group", "Group", title), {}}, s.Lines...)
	return s
}

// UnderWayIn says in private how far a purchase in a group is.
func UnderWayIn(p Purchase, title string) chat.Phrase {
	return chat.Say("status.in_group", "ID", p.ID, "Stage", p.Gone.Stage(chat.Say("orders.stage."+string(p.Stage))), "Group", title)
}

// NoPurchases says that there is no open purchase to show: none of the person's, or none
// in this group.
func NoPurchases(in chat.Key) chat.Screen {
	none := chat.Say("status.nothing")
	if !in.Private() {
		none = chat.Say("status.nothing_here")
	}
	return chat.Screen{Lines: []chat.Phrase{none}, Rows: [][]chat.Button{{conversation.CommandButton("order")}}}
}

// SecretStays asks a person to delete a message that the bot may not delete.
func SecretStays() chat.Screen {
	return chat.Screen{Lines: []chat.Phrase{chat.Say("secret.stays")}}
}
