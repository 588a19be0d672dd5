package conversation

import (
	"slices"
	"strings"
	"time"

	"zomrobot/chat"
	"zomrobot/locales"
)

// Areas are the time zones that are offered by name.
var Areas = locales.Zones

// Area is the time zone of a name in the IANA database; false: there is none.
func Area(name string) (*time.Location, bool) { return locales.Area(name) }

// AreasAt returns the indices of the areas whose clocks show the same now as those of a
// zone.
func AreasAt(now time.Time, zone *time.Location) (found []int) {
	for i, a := range Areas {
		if area, known := Area(a.Name); known && Clock(now.In(area)) == Clock(now.In(zone)) {
			found = append(found, i)
		}
	}
	return found
}

// AreasNamed returns the indices of the areas that a text names: the one that is called
// so, else those in whose words it is found.
func AreasNamed(text string) []int {
	word := chat.Fold(strings.TrimSpace(text))
	if i := slices.IndexFunc(Areas, func(a locales.Zone) bool {
		return word == chat.Fold(a.Name) || word == chat.Fold(a.En) || word == chat.Fold(a.Ru)
	}); i >= 0 {
		return []int{i}
	}
	return Filter(text, len(Areas), func(i int) string {
		a := Areas[i]
		return strings.Join([]string{a.Name, a.En, a.Ru, a.Also}, " ")
	})
}

// placeOf is what the zone of a name is called in a language.
func placeOf(name, lang string) string {
	for _, a := range Areas {
		if a.Name == name {
			return a.In(lang)
		}
	}
	return name
}

// ZoneOf is the time zone that is always that many minutes east of UTC.
func ZoneOf(minutes int) *time.Location {
	if minutes == 0 {
		return time.UTC
	}
	return time.FixedZone("", minutes*60)
}

// OffsetName is "UTC" or "UTC+03:00".
func OffsetName(minutes int) string {
	if minutes == 0 {
		return "UTC"
	}
	return time.Time{}.In(ZoneOf(minutes)).Format("UTC-07:00")
}

// Clock is what a clock shows.
func Clock(local time.Time) string { return local.Format("15:04") }
