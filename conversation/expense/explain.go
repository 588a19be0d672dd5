package expense

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"zomrobot/conversation"
	"zomrobot/zomro"
)

// By is what explains a charge.
type By string

// What explains one; the zero value is nothing that is known.
const (
	ByPurchase By = "purchase" // an order that was made here
	ByResize   By = "resize"   // a larger plan that was asked for here
	ByTrial    By = "trial"    // a server that an experiment of a trial has paid for beside its purchase
	ByServer   By = "server"   // the price of a server that is, or was, known
	ByStorage  By = "storage"  // a copy of a server, or an image, that is, or was, known: only likely
)

// Reason is something that money is known to be taken for.
type Reason struct {
	By     By
	Of     string   // the purchase's id, "" for one of somebody else's; else how the server is called
	ID     string   // of the server; "": of several, or not known
	Names  []string // under which the vendor may list it
	Listed []string // ids of the charges that are known to be for it

	Day   time.Time     // when it was taken, to a day; zero: at any time
	Sums  []zomro.Money // what is taken at once
	Most  int           // how many charges it explains at most by their sums; 0: any number
	Parts bool          // less may be taken than the sums: a part of a day
	Gone  time.Time     // of a server: when it was deleted through the bot; zero: it was not
}

// Row is a charge, and what explains it.
type Row struct {
	ID     string       `json:"id"`
	Day    time.Time    `json:"day,omitzero"` // zero: it cannot be read
	Name   string       `json:"name"`         // what the vendor lists it under
	Server string       `json:"server,omitempty"`
	Amount *zomro.Money `json:"amount,omitempty"` // nil: it cannot be read
	Tax    *zomro.Money `json:"tax,omitempty"`    // nil: not told
	By     By           `json:"by,omitempty"`
	Of     string       `json:"of,omitempty"`  // which purchase or server it is
	Gone   time.Time    `json:"gone,omitzero"` // when Server was deleted through the bot; zero: it was not
}

// Explain finds out which server each charge is for and what explains it: a charge that
// was listed for a purchase; else one whose name, day and amount are those of a purchase
// or of a larger plan; else one whose name and amount are those of a server. The name has
// to be a server's own, or hold its id, and a name that several have names none of them.
// What is left may be for a copy, see [stores].
// What nothing explains may have any cause: only what the bot knows is looked at.
func Explain(charges []zomro.Charge, reasons []Reason) []Row {
	used := make([]int, len(reasons))
	rows := make([]Row, 0, len(charges))
	for _, c := range charges {
		row := Row{ID: c.ID, Day: c.Day(), Name: c.Name, Amount: c.Amount, Tax: c.Tax}
		row.Server, row.Gone = serverOf(c, reasons)
		i := explains(c, reasons, used)
		if i < 0 {
			i = stores(c, reasons)
		}
		if i >= 0 {
			used[i]++
			row.By, row.Of = reasons[i].By, reasons[i].Of
		}
		rows = append(rows, row)
	}
	return rows
}

// explains is which of the reasons explains a charge; -1: none. used is how many charges
// each has explained.
func explains(c zomro.Charge, reasons []Reason, used []int) int {
	if i := slices.IndexFunc(reasons, func(r Reason) bool { return slices.Contains(r.Listed, c.ID) }); i >= 0 {
		return i
	}
	at := -1
	for i, r := range reasons {
		if r.By == ByStorage || r.Most > 0 && used[i] >= r.Most || !r.Day.IsZero() && !r.near(c) || !r.names(c.Name) || !r.costs(c) {
			continue
		}
		if !r.Day.IsZero() {
			return i // it says more than the price of a server
		}
		if at < 0 {
			at = i
		}
	}
	return at
}

// stores is the copy that a charge is likely for; -1: none. How the vendor lists what the
// copies cost is not known: it is one whose name or id the charge holds, else one that costs
// as much a day, unless the charge is listed as a server's.
func stores(c zomro.Charge, reasons []Reason) int {
	if slices.ContainsFunc(reasons, func(r Reason) bool { return r.By == ByServer && r.names(c.Name) }) {
		return -1
	}
	stored := func(is func(Reason) bool) int {
		return slices.IndexFunc(reasons, func(r Reason) bool { return r.By == ByStorage && is(r) })
	}
	if i := stored(func(r Reason) bool { return r.within(c.Name) }); i >= 0 {
		return i
	}
	return stored(func(r Reason) bool { return r.costs(c) })
}

// within reports whether a text holds the id or a name of what this is about, as words of
// its own.
func (r Reason) within(text string) bool {
	text = strings.ToLower(text)
	for _, name := range append([]string{r.ID}, r.Names...) {
		if name = strings.ToLower(name); name != "" && regexp.MustCompile(`(^|[^\pL\pN._-])`+regexp.QuoteMeta(name)+`($|[^\pL\pN._-])`).MatchString(text) {
			return true
		}
	}
	return false
}

// OfCopies are what copies and images cost a day.
func OfCopies(copies []zomro.Copy) []Reason {
	var reasons []Reason
	for _, one := range copies {
		r := Reason{By: ByStorage, Of: conversation.DistinctCopy(one, copies), ID: one.ID, Names: []string{one.Name}}
		if one.Cost != nil && one.Cost.Amount.Sign() > 0 {
			r.Sums = []zomro.Money{*one.Cost}
		}
		reasons = append(reasons, r)
	}
	return reasons
}

// serverOf is the server that a charge names, and when it was deleted; "": none, or several.
func serverOf(c zomro.Charge, reasons []Reason) (name string, gone time.Time) {
	id := ""
	for _, r := range reasons {
		if r.By != ByServer || !r.names(c.Name) {
			continue
		}
		if id != "" && id != r.ID {
			return "", time.Time{}
		}
		id, name = r.ID, r.Of
		if r.Gone.After(gone) {
			gone = r.Gone
		}
	}
	return name, gone
}

// numbers are those that may be the id of a server.
var numbers = regexp.MustCompile(`[0-9]{5,}`)

// names reports whether a text of the vendor's names what this is about.
func (r Reason) names(text string) bool {
	if r.ID != "" && slices.Contains(numbers.FindAllString(text, -1), r.ID) {
		return true
	}
	return slices.ContainsFunc(r.Names, func(name string) bool { return name != "" && strings.EqualFold(name, text) })
}

// near reports whether a charge is from the day, or from the one before or after it: the
// vendor's days may begin at another hour.
func (r Reason) near(c zomro.Charge) bool {
	const day = 24 * time.Hour
	at := c.Day()
	return !at.IsZero() && at.Sub(r.Day.UTC().Truncate(day)).Abs() <= day
}

// costs reports whether what was charged, with its tax or without, is one of the sums.
func (r Reason) costs(c zomro.Charge) bool {
	if c.Amount == nil {
		return false
	}
	amounts := []zomro.Money{*c.Amount}
	if c.Tax != nil && c.Tax.Currency == c.Amount.Currency {
		amounts = append(amounts, zomro.Money{Amount: c.Amount.Amount.Sub(c.Tax.Amount), Currency: c.Amount.Currency})
	}
	return slices.ContainsFunc(amounts, func(amount zomro.Money) bool {
		return slices.ContainsFunc(r.Sums, func(sum zomro.Money) bool {
			return amount.Currency == sum.Currency &&
				(amount.Amount.Equal(sum.Amount) || r.Parts && amount.Amount.Sign() > 0 && amount.Amount.LessThan(sum.Amount))
		})
	})
}

// OfServers are the prices of servers: what is taken for one at a time, of one that is
// billed by the day also a part of it.
func OfServers(services []zomro.Service) []Reason {
	var reasons []Reason
	for _, s := range services {
		r := Reason{By: ByServer, Of: conversation.Distinct(s, services), ID: s.ID, Names: []string{s.Name, s.ServerName}}
		if cost, period, ok := s.Price(); ok && cost.Amount.Sign() > 0 {
			r.Sums, r.Parts = []zomro.Money{cost}, period == zomro.Day
		}
		reasons = append(reasons, r)
	}
	return reasons
}
