package account

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/watch"
	"zomrobot/zomro"
)

// reminder makes the message about a matter; false: there is nothing to say.
func reminder(t *conversation.Turn, m conversation.Matter, e MattersLoaded) (chat.Screen, bool) {
	var s chat.Screen
	switch m {
	case conversation.MatterStopped:
		s = stoppedReminder(e.Accounts)
	case conversation.MatterUnpaid:
		s = unpaidReminder(e.Accounts, t.Now)
	case conversation.MatterTraffic:
		s = trafficReminder(e.Accounts)
	case conversation.MatterBalance:
		s = balanceReminder(e.Accounts, t.Now)
	case conversation.MatterCart:
		s = cartReminder(e.Items, t.Now)
	case conversation.MatterDraft:
		s = draftReminder(t, e.GroupDrafts)
	case conversation.MatterApproval: // it is asked at once
	}
	if len(s.Lines) == 0 {
		return chat.Screen{}, false
	}
	s.Rows = append(s.Rows, []chat.Button{{Label: chat.Say("button.no_reminders"), Data: conversation.KindReminder + ":" + string(m)}})
	return s, true
}

// mostCards is how many of the servers that a message is about have a button each.
const mostCards = 5

// stoppedReminder lists the servers that do not run any more.
func stoppedReminder(accounts []OfAccount) chat.Screen {
	var s chat.Screen
	var start string // one that can be started
	count, stopped := 0, 0
	for _, a := range accounts {
		for _, server := range a.Services {
			i := slices.IndexFunc(a.News, func(n watch.News) bool { return n.Server == server.ID })
			if i < 0 {
				continue
			}
			name := conversation.Distinct(server, a.Services)
			s.Lines = append(s.Lines, stoppedLine(name, server, a.News[i].Why))
			if count++; count <= mostCards {
				s.Rows = append(s.Rows, []chat.Button{conversation.ToServer(server.ID, name)})
			}
			if a.News[i].Why == watch.Stopped {
				stopped, start = stopped+1, server.ID
			}
		}
	}
	if count == 0 {
		return chat.Screen{}
	}
	s.Lines = append([]chat.Phrase{chat.Say("reminder.stopped", "Count", count)}, s.Lines...)
	if stopped > 0 {
		s.Lines = append(s.Lines, chat.Say("reminder.stopped_means"))
	}
	switch {
	case stopped == 1 && count == 1:
		s.Rows = append([][]chat.Button{{conversation.StartServer(start)}}, s.Rows...)
	case count > mostCards:
		s.Rows = append(s.Rows, []chat.Button{conversation.CommandButton("servers")})
	}
	return s
}

func stoppedLine(name string, server zomro.Service, why watch.Why) chat.Phrase {
	switch why {
	case watch.Broken:
		return chat.Say("reminder.stopped_error", "Server", name, "Plan", server.Plan)
	case watch.Suspended:
		return chat.Say("reminder.stopped_suspended", "Server", name, "Plan", server.Plan, "State", server.StatusText)
	default:
		return chat.Say("reminder.stopped_server", "Server", name, "Plan", server.Plan)
	}
}

// trafficReminder lists the servers whose traffic is used up, or nearly.
func trafficReminder(accounts []OfAccount) chat.Screen {
	var s chat.Screen
	count := 0
	for _, a := range accounts {
		for _, server := range a.Services {
			i := slices.IndexFunc(a.Traffic, func(t watch.Traffic) bool { return t.Server == server.ID })
			if i < 0 {
				continue
			}
			name := conversation.Distinct(server, a.Services)
			if a.Traffic[i].Bound < 100 {
				s.Lines = append(s.Lines, chat.Say("reminder.traffic_nearly", "Server", name,
					"Used", chat.BytesOf(server.UsedTraffic), "Paid", chat.BytesOf(server.PaidTraffic), "Percent", int(server.UsedTraffic*100/server.PaidTraffic)))
			} else {
				s.Lines = append(s.Lines, chat.Say("reminder.traffic_out", "Server", name, "Paid", chat.BytesOf(server.PaidTraffic)))
			}
			if count++; count <= mostCards {
				s.Rows = append(s.Rows, []chat.Button{conversation.ToServer(server.ID, name)})
			}
		}
	}
	if count == 0 {
		return chat.Screen{}
	}
	s.Lines = append([]chat.Phrase{chat.Say("reminder.traffic")}, append(s.Lines, chat.Say("reminder.traffic_means"))...)
	if count > mostCards {
		s.Rows = append(s.Rows, []chat.Button{conversation.CommandButton("servers")})
	}
	return s
}

// unpaidReminder lists the servers that the vendor will delete.
func unpaidReminder(accounts []OfAccount, now time.Time) chat.Screen {
	var s chat.Screen
	for _, a := range accounts {
		for _, server := range a.Services {
			if !server.Unpaid(now) {
				continue
			}
			if from, ok := server.DeletedFrom(); ok {
				paid := server.PaidUntil
				s.Lines = append(s.Lines, chat.Say("reminder.unpaid_server", "Server", conversation.Distinct(server, a.Services), "Plan", server.Plan, "Paid", chat.Arg{Day: &paid}, "Deleted", chat.Arg{Day: &from}))
			} else {
				s.Lines = append(s.Lines, chat.Say("reminder.unpaid_unknown", "Server", conversation.Distinct(server, a.Services), "Plan", server.Plan))
			}
		}
	}
	if len(s.Lines) == 0 {
		return s
	}
	s.Lines = append([]chat.Phrase{chat.Say("reminder.unpaid")}, append(s.Lines, chat.Say("reminder.unpaid_terms"))...)
	s.Rows = [][]chat.Button{{conversation.TopUpButton()}, {conversation.CommandButton("servers")}}
	return s
}

// balanceReminder names the accounts whose balance does not last.
func balanceReminder(accounts []OfAccount, now time.Time) chat.Screen {
	var s chat.Screen
	for _, a := range accounts {
		need, renewals, short := a.short(now)
		if !short {
			continue
		}
		s.Lines = append(s.Lines, chat.Say("reminder.balance_account", "Account", a.Nick, "Balance", a.Balance.Spendable(), "Need", need))
		for _, server := range renewals {
			paid := server.PaidUntil
			from, _ := server.DeletedFrom() // known: the end of the paid period is
			s.Lines = append(s.Lines, chat.Say("reminder.renewal", "Server", conversation.Distinct(server, a.Services), "Date", chat.Arg{Day: &paid}, "Deleted", chat.Arg{Day: &from}))
		}
		for _, sum := range sums(a.Reserved) {
			s.Lines = append(s.Lines, chat.Say("accounts.reserved", "Reserved", sum))
		}
	}
	if len(s.Lines) == 0 {
		return s
	}
	s.Lines = append([]chat.Phrase{chat.Say("reminder.balance")}, s.Lines...)
	s.Rows = [][]chat.Button{{conversation.TopUpButton()}, {conversation.CommandButton("accounts"), conversation.CommandButton("servers")}}
	return s
}

// enoughFor is how many days a balance has to last.
const enoughFor = 3

// short reports whether what there is to spend, beside what open purchases
// take, is less than the servers cost in the next days, as far as that can be
// told: a day's price for each of them, a period's for a server whose paid
// period ends in them, and the days' part of it where the end of the paid
// period is not told.
func (a OfAccount) short(now time.Time) (need zomro.Money, renewals []zomro.Service, short bool) {
	have := left(a.Balance, a.Reserved)
	need.Currency = have.Currency
	days := decimal.NewFromInt(enoughFor)
	until := now.AddDate(0, 0, enoughFor)
	for _, s := range a.Services {
		cost, period, ok := s.Price()
		if !ok || cost.Currency != have.Currency || s.Status == zomro.StatusDeleted || s.Closing() || s.Unpaid(now) {
			continue
		}
		switch {
		case period == zomro.Day:
			need.Amount = need.Amount.Add(cost.Amount.Mul(days))
		case s.PaidUntil.IsZero():
			need.Amount = need.Amount.Add(cost.Amount.Mul(days).Div(zomro.DaysPerMonth.Mul(decimal.NewFromInt(period.Months()))).Round(2))
		case s.PaidUntil.Before(until):
			need.Amount = need.Amount.Add(cost.Amount)
			renewals = append(renewals, s)
		}
	}
	return need, renewals, have.Amount.LessThan(need.Amount)
}

// cartReminder names the purchases whose items lie in the cart.
func cartReminder(items []CartMatter, now time.Time) chat.Screen {
	s := chat.Screen{Lines: []chat.Phrase{chat.Say("reminder.cart")}}
	waiting, lost := false, false
	for _, item := range items {
		switch {
		case now.Sub(item.Since) < conversation.Rests:
		case item.Ended:
			lost = true
			s.Lines = append(s.Lines, chat.Say("reminder.cart_left", "ID", item.Purchase))
		default:
			waiting = true
			s.Lines = append(s.Lines, chat.Say("reminder.cart_waiting", "ID", item.Purchase))
		}
	}
	if waiting {
		s.Rows = append(s.Rows, []chat.Button{conversation.CommandButton("status")})
	}
	if lost {
		s.Rows = append(s.Rows, []chat.Button{{Label: chat.Say("button.panel"), URL: conversation.PanelURL}})
	}
	if !waiting && !lost {
		return chat.Screen{}
	}
	return s
}

// draftReminder says that an order was left, here or in groups.
func draftReminder(t *conversation.Turn, groups []time.Time) chat.Screen {
	s := chat.Screen{Lines: []chat.Phrase{chat.Say("reminder.draft")}}
	zone := t.Dialogue.Reminders.Location(t.Dialogue.Language())
	if dr := t.Dialogue.Draft; dr != nil && !t.Machine.Spot(dr.Place).Closed && !dr.Empty() && t.Now.Sub(dr.Touched) >= conversation.Rests {
		s.Lines = append(s.Lines, t.Machine.Chosen(dr)...)
		s.Lines = append(s.Lines, chat.Say("reminder.draft_until", "Until", dr.Touched.Add(conversation.DraftLives).In(zone)))
		s.Rows = [][]chat.Button{{conversation.CommandButton("continue")}}
	}
	resting := 0
	for _, touched := range groups {
		if t.Now.Sub(touched) >= conversation.Rests {
			resting++
		}
	}
	if resting > 0 {
		s.Lines = append(s.Lines, chat.Say("reminder.draft_groups", "Count", resting))
	}
	if len(s.Lines) == 1 {
		return chat.Screen{}
	}
	return s
}
