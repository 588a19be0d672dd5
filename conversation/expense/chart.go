package expense

import (
	"slices"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/zomro"
)

const (
	chartMonths  = 6
	chartServers = 4 // that have a colour of their own
	mostDrawn    = 8 // currencies that can be chosen
)

// currencies are those of the charges that are of a known day, the one of most charges
// first, and no more than can be chosen.
func currencies(rows []Row) []string {
	var found []string
	count := map[string]int{}
	for _, row := range rows {
		if row.Amount == nil || row.Day.IsZero() {
			continue
		}
		if count[row.Amount.Currency]++; count[row.Amount.Currency] == 1 {
			found = append(found, row.Amount.Currency)
		}
	}
	slices.SortStableFunc(found, func(a, b string) int { return count[b] - count[a] })
	return found[:min(len(found), mostDrawn)]
}

// in is what a sum has in a currency.
func (s sum) in(currency string) float64 {
	for _, m := range s {
		if m.Currency == currency {
			return m.Amount.InexactFloat64()
		}
	}
	return 0
}

// drawn is the currency that the picture shows; "": there is none.
func (c *Costs) drawn() string {
	all := currencies(c.List)
	if len(all) == 0 || slices.Contains(all, c.Drawn) {
		return c.Drawn
	}
	return all[0]
}

// askChart shows the last months as bars, and says what each cost.
func askChart(v *conversation.View) {
	c := costsOf(v.Dialogue)
	currency := c.drawn()
	var months []month
	for back := min(c.oldest(), chartMonths-1); back >= 0; back-- {
		months = append(months, c.monthOf(back))
	}
	bars := barsOf(months, currency)
	v.Picture(chat.Picture{Title: chat.Say("costs.chart"), Empty: chat.Say("costs.nothing"), Unit: chat.Unit(currency), Bars: &bars})
	v.Line(chat.Say("costs.title"))
	for _, m := range months {
		key := "costs.earlier"
		if !whole(m.first, c.From) {
			key = "costs.earlier_part"
		}
		v.Line(chat.Say(key, "Month", monthName(m.first), "Total", m.total.said()))
	}
	if all := currencies(c.List); len(all) > 1 {
		var choices []chat.Button
		for i, of := range all {
			choices = append(choices, v.Option(conversation.Plain(of), of == currency, conversation.VerbPick, i))
		}
		v.Grid(mostDrawn/2, choices)
	}
	v.Row(v.Theme())
}

// barsOf are the servers that cost most in the months, each by itself, and the others
// together.
func barsOf(months []month, currency string) chat.Bars {
	bars := chat.Bars{Stacked: true}
	all := month{}
	for _, m := range months {
		bars.Months = append(bars.Months, m.first)
		for _, s := range m.shares {
			amount := zomro.Money{Currency: currency}
			for _, part := range s.sum {
				if part.Currency == currency {
					amount = part
				}
			}
			all.share(s.owner, s.gone, amount)
		}
	}
	slices.SortStableFunc(all.shares, func(a, b share) int { return dearer(b.sum, a.sum) })
	others := make([]float64, len(months))
	for i, s := range all.shares {
		values := make([]float64, len(months))
		for n, m := range months {
			values[n] = m.of(s.owner, currency)
		}
		if i < chartServers || len(all.shares) == chartServers+1 {
			name := called(s.name)
			if s.storage {
				name = chat.Say("costs.stored_bar")
			}
			bars.Series = append(bars.Series, chat.BarSeries{Name: name, Values: values})
			continue
		}
		for n := range others {
			others[n] += values[n]
		}
	}
	if len(all.shares) > chartServers+1 {
		bars.Series = append(bars.Series, chat.BarSeries{Name: chat.Say("costs.others"), Values: others})
	}
	return bars
}

// of is what a server cost in the month, in a currency.
func (m month) of(whose owner, currency string) float64 {
	for _, s := range m.shares {
		if s.owner == whose {
			return s.sum.in(currency)
		}
	}
	return 0
}

func pressChart(t *conversation.Turn, verb string, n int) bool {
	c := costsOf(t.Dialogue)
	all := currencies(c.List)
	switch {
	case verb == conversation.VerbTheme:
		t.ChangeTheme()
	case verb == conversation.VerbPick && n >= 0 && n < len(all):
		c.Drawn = all[n]
	default:
		return false
	}
	return true
}
