package conversation

import (
	"cmp"
	"slices"
	"time"

	"zomrobot/locales"
)

// Matter is something that a person is told without being asked: at most once a day, or,
// of [OfServers], when it is seen.
type Matter string

// The matters that a person can turn off.
const (
	MatterUnpaid  Matter = "unpaid"  // a server is about to be deleted: it is not paid for
	MatterBalance Matter = "balance" // a balance does not last for three days
	MatterCart    Matter = "cart"    // an item of a purchase lies in the vendor's cart
	MatterDraft   Matter = "draft"   // an order was begun and abandoned

	MatterStopped Matter = "stopped" // a server does not run any more, though the bot was not asked to stop it
	MatterTraffic Matter = "traffic" // a server has used up its traffic, or nearly

	// MatterApproval is asked at once, whenever an order of a team waits for the person.
	MatterApproval Matter = "approval"
)

// Matters are those that are looked for once a day, in the order in which they are told.
var Matters = []Matter{MatterStopped, MatterUnpaid, MatterTraffic, MatterBalance, MatterCart, MatterDraft}

// OfServers are those that the list of servers alone tells. It is read more often, for
// people who have servers: see [Between].
var OfServers = []Matter{MatterStopped, MatterUnpaid, MatterTraffic}

// Settable are all of them, in the order in which they are listed. Buttons in chats have
// their places in it: a new one comes at the end.
var Settable = []Matter{MatterUnpaid, MatterBalance, MatterCart, MatterDraft, MatterApproval, MatterStopped, MatterTraffic}

// The hours of the person's day between which they are reminded.
const (
	FirstHour   = 9
	LastHour    = 21 // from this hour on, none
	defaultHour = 10
)

// How far apart reminders are, and how long after what they remind of.
const (
	Apart   = 20 * time.Hour // two reminders of a matter are at least this far apart
	Soonest = time.Hour      // and two of what is told when it is seen
	Rests   = 6 * time.Hour  // what was left for this long is reminded of
	spread  = 30             // minutes after the hour over which reminders are spread
)

// When the servers of somebody who has some are looked at, during their day.
const (
	Between = 30 * time.Minute // from one look to the next
	Again   = 5 * time.Minute  // after a look that found what a second one has to bear out
	tooLate = 10 * time.Minute // a look that is so late waits for its next time: all would be made at once after a stop
)

// Reminders is what a person wants to be reminded of, and when they were. The
// zero value is that of somebody who has chosen nothing.
type Reminders struct {
	Off    []Matter             `json:"off,omitempty"`    // not wanted
	Area   string               `json:"area,omitempty"`   // the person's time zone in the IANA database: "Europe/Berlin"; "": only Zone is told
	Zone   *int                 `json:"zone,omitempty"`   // minutes east of UTC when it was told; nil: not told, taken from the language
	Hour   int                  `json:"hour,omitempty"`   // of the person's day; 0: the default one
	Next   time.Time            `json:"next,omitzero"`    // when the next look is due; zero: never
	Looked time.Time            `json:"looked,omitzero"`  // when it last was
	Watch  time.Time            `json:"watch,omitzero"`   // when the next look at the servers is due; zero: there is nothing to look at
	Second bool                 `json:"second,omitempty"` // that look is to bear out what the one before found
	Said   map[Matter]time.Time `json:"said,omitempty"`   // when the person was last reminded of each
}

// Location is the person's time zone. One without a name, and one whose rules this
// machine does not have, stays as far from UTC as it was when it was told.
func (r Reminders) Location(lang string) *time.Location {
	if area, known := Area(r.Area); known {
		return area
	}
	if r.Zone != nil {
		return ZoneOf(*r.Zone)
	}
	home, _ := Area(locales.Home(lang))
	return cmp.Or(home, time.UTC)
}

// Named is what the person's time zone is called: by its place, by its name in the IANA
// database, or "UTC+03:00".
func (r Reminders) Named(lang string) string {
	switch {
	case r.Area != "":
		return placeOf(r.Area, lang)
	case r.Zone != nil:
		return OffsetName(*r.Zone)
	default:
		return placeOf(locales.Home(lang), lang)
	}
}

// OfDay is the hour of the person's day at which they are reminded.
func (r Reminders) OfDay() int {
	if r.Hour < FirstHour || r.Hour >= LastHour {
		return defaultHour
	}
	return r.Hour
}

// After returns the next time after now at which the bot looks for what to remind
// the person of.
func (r Reminders) After(now time.Time, lang string, user int64) time.Time {
	local := now.In(r.Location(lang))
	at := time.Date(local.Year(), local.Month(), local.Day(), r.OfDay(), int(user%spread), 0, 0, local.Location())
	if !at.After(now) {
		at = at.AddDate(0, 0, 1)
	}
	return at.UTC()
}

// WatchAfter returns the next time after now at which the bot looks at the person's
// servers: twice an hour of their day, each person at minutes and seconds of their own,
// and never right after another look.
func (r Reminders) WatchAfter(now time.Time, lang string, user int64) time.Time {
	return r.WatchFrom(now.Add(Between/2), lang, user)
}

// WatchFrom is WatchAfter with nothing having been looked at: by day, within [Between].
func (r Reminders) WatchFrom(now time.Time, lang string, user int64) time.Time {
	local := now.In(r.Location(lang))
	at := func(day time.Time, hour int) time.Time {
		return time.Date(day.Year(), day.Month(), day.Day(), hour, int(user%spread), int(user/spread%60), 0, day.Location())
	}
	next := at(local, local.Hour())
	for !next.After(now) {
		next = next.Add(Between)
	}
	switch hour := next.In(local.Location()).Hour(); {
	case hour < FirstHour:
		next = at(local, FirstHour)
	case hour >= LastHour:
		next = at(local.AddDate(0, 0, 1), FirstHour)
	}
	return next.UTC()
}

// MadeUp returns when the look of the day that is due is made: now, or, when it is late, each
// person's at a second of their own of the next minutes, for after a stop those of all are.
func (r Reminders) MadeUp(now time.Time, lang string, user int64) time.Time {
	const seconds = int64(tooLate / time.Second)
	later := now.Add(time.Duration(1+user%(seconds-1)) * time.Second)
	if now.Sub(r.Next) < tooLate || !r.Awake(later, lang) {
		return now
	}
	return later
}

// Rested reports whether the last look of the day was long enough ago for another one.
func (r Reminders) Rested(now time.Time) bool { return longAgo(r.Looked, now, Apart) }

// longAgo reports whether a time is so long ago. One that lies as far ahead was noted by a
// clock that was set back, and holds nothing off.
func longAgo(at, now time.Time, apart time.Duration) bool { return now.Sub(at).Abs() >= apart }

// Astray reports whether a look is planned for later than any is: by a clock that was set back.
func (r Reminders) Astray(now time.Time) bool {
	const latest = 2 * 24 * time.Hour
	return r.Next.Sub(now) > latest || r.Watch.Sub(now) > latest
}

// Late reports whether the look at the servers that is due is not made any more.
func (r Reminders) Late(now time.Time) bool { return now.Sub(r.Watch) >= tooLate }

// Awake reports whether it is daytime where the person is.
func (r Reminders) Awake(now time.Time, lang string) bool {
	hour := now.In(r.Location(lang)).Hour()
	return FirstHour <= hour && hour < LastHour
}

// Allow reports whether the person may be reminded of a matter now: they want to
// be, it is daytime where they are, and they have not been reminded of it too lately.
func (r Reminders) Allow(m Matter, now time.Time, lang string) bool {
	return r.Wants(m) && r.Awake(now, lang) && longAgo(r.Said[m], now, m.apart())
}

// apart is how far apart two messages about a matter are at least.
func (m Matter) apart() time.Duration {
	if m == MatterStopped || m == MatterTraffic {
		return Soonest
	}
	return Apart
}

// Wants reports whether the person has not turned a matter off.
func (r Reminders) Wants(m Matter) bool { return !slices.Contains(r.Off, m) }

// Turn switches the reminders of a matter on or off.
func (r *Reminders) Turn(m Matter, on bool) {
	r.Off = slices.DeleteFunc(r.Off, func(off Matter) bool { return off == m })
	if !on {
		r.Off = append(r.Off, m)
	}
	if len(r.Off) == 0 {
		r.Off = nil // as it is read
	}
}
