package conversation

import (
	"maps"
	"slices"
)

// Places returns every place of the table, in alphabetical order.
func (m *Machine) Places() []Place { return slices.Sorted(maps.Keys(m.places)) }

// TakesText reports whether a place takes typed text.
func (m *Machine) TakesText(p Place) bool {
	return m.places[p].Text != nil || m.places[p].Secret != nil
}
