package conversation

import (
	"maps"
	"slices"
	"strings"

	"zomrobot/chat"
	"zomrobot/zomro"
)

// Places returns every place of the table, in alphabetical order.
func (m *Machine) Places() []Place { return slices.Sorted(maps.Keys(m.places)) }

// Steps returns the places that are steps of an order, in order.
func (m *Machine) Steps() []Place { return slices.Clone(m.steps) }

// TakesText reports whether a place takes typed text.
func (m *Machine) TakesText(p Place) bool {
	return m.places[p].text != nil || m.places[p].secret != nil
}

// Amount reads an amount of money as the questions of a team do.
func Amount(d Dialogue, text string) (zomro.Money, bool) { return d.amount(text) }

// OwnerSuffix ends the data of a button in a group.
func OwnerSuffix(key chat.Key) string { return ownerSuffix(key) }

// Parsed is a button's data, taken apart.
type Parsed struct {
	Kind, ID, Verb string
	Rev, N         int
	Owner          int64
}

// ParseData takes a button's data apart; false: it is none of ours.
func ParseData(s string) (Parsed, bool) {
	d, ok := parseData(s)
	return Parsed{Kind: d.kind, ID: d.id, Verb: d.verb, Rev: d.rev, N: d.n, Owner: d.owner}, ok
}

// Wish is what a search asks of a plan, to be compared.
type Wish struct {
	CPU, Memory, Disk             float64
	MostCPU, MostMemory, MostDisk float64
	Words                         string
}

// ReadWish reads a search.
func ReadWish(search string) Wish {
	w := parseWish(search)
	return Wish{
		CPU: w.cpu.least, Memory: w.memory.least, Disk: w.disk.least, Words: strings.Join(w.words, " "),
		MostCPU: w.cpu.most, MostMemory: w.memory.most, MostDisk: w.disk.most,
	}
}

// Typed makes a text plain.
func Typed(text string) string { return chat.Typed(text) }
