package conversation

import (
	"maps"
	"slices"
)

// Places returns every place of the table, in alphabetical order.
func Places() []Place { return slices.Sorted(maps.Keys(places)) }

// Steps returns the places that are steps of an order, in order.
func Steps() []Place { return slices.Clone(steps) }

// TakesText reports whether a place takes typed text.
func TakesText(p Place) bool { return places[p].text != nil || places[p].secret != nil }
