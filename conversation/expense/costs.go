package expense

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"zomrobot/chat"
	"zomrobot/conversation"
)

// How much a card says of a month.
const (
	mostShares  = 15
	mostStrange = 6
	mostEarlier = 5

	mostCurrencies = 4 // in a sum: the picture's caption has to hold six of them
)

// Costs is what the card of a month is made from.
type Costs struct {
	Account string                `json:"account,omitempty"` // "": the default one
	List    []Row                 `json:"list,omitempty"`    // the newest first
	From    time.Time             `json:"from,omitzero"`     // the first day of which all charges are there; zero: all that there are
	At      time.Time             `json:"at,omitzero"`       // when they were read
	Loaded  bool                  `json:"loaded,omitempty"`
	Trouble *conversation.Problem `json:"trouble,omitempty"`
	Back    int                   `json:"back,omitempty"`  // how many months back the card is
	Drawn   string                `json:"drawn,omitempty"` // the currency of the picture; "": the one of most charges
}

// Stored names the form of its state in the store.
func (c *Costs) Stored() string { return "costs" }

// Clone returns a copy.
func (c *Costs) Clone() conversation.State {
	is := *c
	return &is
}

// Lists are the lists that are kept apart.
func (c *Costs) Lists() map[string]any { return map[string]any{"costs": &c.List} }

// Meaning is what the meaning of the card's buttons depends on.
func (c *Costs) Meaning() string {
	return fmt.Sprint(c.Account, c.Loaded, c.Trouble != nil, c.Back, c.At, c.Drawn)
}

// month is the first day of the month that lies so far back.
func (c *Costs) month(back int) time.Time { return firstOf(c.At).AddDate(0, -back, 0) }

// monthOf adds up the charges of the month that lies so far back.
func (c *Costs) monthOf(back int) month { return monthOf(c.month(back), c.month(0), c.List) }

// oldest is how far the oldest month lies back of which a charge is known.
func (c *Costs) oldest() int {
	oldest := 0
	for _, row := range c.List {
		for oldest+1 < Months && !row.Day.IsZero() && row.Day.Before(c.month(oldest)) {
			oldest++
		}
	}
	return oldest
}

// costs shows what the account has been charged.
func costs(t *conversation.Turn) {
	switch {
	case !t.Dialogue.Key.Private():
		t.Hint(chat.Say("costs.private"))
		return
	case t.Dialogue.Account == "":
		t.Tell(chat.Say("keys.login_first"), "login")
		return
	}
	open(t, "")
	t.AsNew = true
}

func open(t *conversation.Turn, account string) {
	t.Ask(PlaceCosts, &Costs{Account: account})
	t.Do(LoadCosts{Account: account})
}

// costsLoaded takes the charges that the card waits for.
func costsLoaded(t *conversation.Turn, e CostsLoaded) {
	c := costsOf(t.Dialogue)
	if c == nil || c.Loaded || c.Account != e.Account {
		return
	}
	c.List, c.From, c.At, c.Loaded, c.Trouble = e.Rows, e.From, t.Now.UTC(), e.Problem == nil, e.Problem
	t.Show = true
}

func askCosts(v *conversation.View) {
	c := costsOf(v.Dialogue)
	if !c.Loaded {
		v.Line(chat.Say("costs.title"))
		v.Waiting(c.Loaded, c.Trouble)
		v.AccountSwitch(c.Account)
		return
	}
	m := c.monthOf(c.Back)
	v.Line(chat.Say("costs.title_month", "Month", monthName(m.first)))
	sayMonth(v, m, c.Back == 0)
	sayStrange(v, m)
	sayEarlier(v, c)
	sayMissing(v, c, m)
	var turn []chat.Button
	if c.Back > 0 {
		turn = append(turn, v.Button(chat.Say("button.newer"), conversation.VerbNewer))
	}
	if c.Back < c.oldest() {
		turn = append(turn, v.Button(chat.Say("button.older"), conversation.VerbOlder))
	}
	if len(turn) > 0 {
		v.Row(turn...)
	}
	below := []chat.Button{v.Button(chat.Say("button.reload"), conversation.VerbReload)}
	if len(c.List) > 0 {
		below = append(below, v.Button(chat.Say("button.csv"), conversation.VerbTable))
	}
	if len(currencies(c.List)) > 0 {
		below = append(below, v.Button(chat.Say("button.chart"), conversation.VerbChart))
	}
	v.Row(below...)
	v.AccountSwitch(c.Account)
}

// sayMonth says what a month cost, and each server in it.
func sayMonth(v *conversation.View, m month, running bool) {
	switch {
	case len(m.total) == 0 && m.unread == 0:
		v.Line(chat.Say("costs.none"))
		return
	case running:
		v.Line(chat.Say("costs.total_so_far", "Total", m.total.said()))
	default:
		v.Line(chat.Say("costs.total", "Total", m.total.said()))
	}
	if len(m.tax) > 0 {
		v.Line(chat.Say("costs.tax", "Tax", m.tax.said()))
	}
	shares := slices.DeleteFunc(slices.Clone(m.shares), func(s share) bool { return s.storage })
	if len(m.shares) > 0 {
		v.Gap()
	}
	for i, s := range shares {
		if i == mostShares {
			v.Line(chat.Say("costs.more_servers", "Count", len(shares)-mostShares))
			break
		}
		if gone := s.gone; !gone.IsZero() {
			v.Line(chat.Say("costs.server_deleted", "Name", called(s.name), "Sum", s.sum.said(), "Day", chat.Arg{Day: &gone}))
			continue
		}
		v.Line(chat.Say("costs.server", "Name", called(s.name), "Sum", s.sum.said()))
	}
	if m.stored > 0 {
		v.Line(chat.Say("costs.stored", "Count", m.stored, "Sum", m.storage.said()))
	}
}

// sayStrange says what nothing explains.
func sayStrange(v *conversation.View, m month) {
	if len(m.strange) == 0 {
		return
	}
	v.Gap()
	v.Line(chat.Say("costs.strange", "Count", len(m.strange)))
	for i, row := range m.strange {
		if i == mostStrange {
			v.Line(chat.Say("costs.more_strange", "Count", len(m.strange)-mostStrange))
			break
		}
		cost := chat.Say("costs.unreadable")
		if row.Amount != nil {
			cost = sum{*row.Amount}.said()
		}
		day := row.Day
		v.Line(chat.Say("costs.strange_row", "Day", chat.Arg{Day: &day}, "Sum", cost, "Name", called(row.Name), "ID", chat.Arg{Code: row.ID}))
	}
	v.Line(chat.Say("costs.strange_means"))
}

// sayEarlier says what the months before cost.
func sayEarlier(v *conversation.View, c *Costs) {
	oldest := c.oldest()
	if c.Back >= oldest {
		return
	}
	v.Gap()
	for back := c.Back + 1; back <= min(oldest, c.Back+mostEarlier); back++ {
		m := c.monthOf(back)
		key := "costs.earlier"
		if !whole(m.first, c.From) {
			key = "costs.earlier_part"
		}
		v.Line(chat.Say(key, "Month", monthName(m.first), "Total", m.total.said()))
	}
}

// sayMissing says which charges are not in the numbers.
func sayMissing(v *conversation.View, c *Costs, m month) {
	undated := 0
	for _, row := range c.List {
		if row.Day.IsZero() {
			undated++
		}
	}
	cut := !whole(c.month(c.oldest()), c.From)
	if m.unread == 0 && undated == 0 && !cut {
		return
	}
	v.Gap()
	if cut {
		from := c.From
		v.Line(chat.Say("costs.cut", "Day", chat.Arg{Day: &from}))
	}
	if m.unread > 0 {
		v.Line(chat.Say("costs.unread", "Count", m.unread))
	}
	if undated > 0 {
		v.Line(chat.Say("costs.undated", "Count", undated))
	}
}

// monthName is a month in words.
func monthName(first time.Time) chat.Phrase {
	return chat.Say("month."+strconv.Itoa(int(first.Month())), "Year", strconv.Itoa(first.Year()))
}

// said is a sum in words.
func (s sum) said() chat.Phrase {
	switch len(s) {
	case 0:
		return chat.Say("costs.nothing")
	case 1:
		return chat.Say("costs.sum", "Sum", s[0])
	}
	var each []chat.Phrase
	for _, m := range s[:min(len(s), mostCurrencies)] {
		each = append(each, chat.Say("costs.sum", "Sum", m))
	}
	said := chat.Say("costs.sums", "Sums", each)
	if more := len(s) - mostCurrencies; more > 0 {
		return chat.Say("costs.more_sums", "Sums", said, "Count", more)
	}
	return said
}

// called is a name under which something is listed; it may have none.
func called(name string) chat.Phrase {
	if chat.Readable(name) == "" {
		return chat.Say("costs.no_name")
	}
	return chat.Say("costs.bar", "Name", conversation.Short(name))
}

func pressCosts(t *conversation.Turn, verb string, n int) bool {
	c := costsOf(t.Dialogue)
	if id, ok := t.Switched(verb, n); ok {
		open(t, id)
		return true
	}
	switch {
	case verb == conversation.VerbAgain && c.Trouble != nil, verb == conversation.VerbReload && c.Loaded:
		c.Loaded, c.Trouble = false, nil
		t.Do(LoadCosts{Account: c.Account})
	case verb == conversation.VerbOlder && c.Loaded && c.Back < c.oldest():
		c.Back++
	case verb == conversation.VerbNewer && c.Loaded && c.Back > 0:
		c.Back--
	case verb == conversation.VerbTable && c.Loaded && len(c.List) > 0:
		t.Do(SendCosts{Rows: c.List, At: c.At})
	case verb == conversation.VerbChart && c.Loaded && len(currencies(c.List)) > 0:
		t.Dialogue.Aside.Place = PlaceChart
	default:
		return false
	}
	return true
}

// FileCaption describes a file of charges: how many there are, and when they were read.
func FileCaption(rows int, at time.Time) chat.Phrase {
	return chat.Say("costs.file", "Count", rows, "At", at)
}

// costsOf returns the state of the card of costs; nil: the card is about something else.
func costsOf(d conversation.Dialogue) *Costs {
	state, _ := conversation.StateOf[Costs](d)
	return state
}
