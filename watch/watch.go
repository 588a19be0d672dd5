// Package watch remembers of a person's servers what tells news from what was so before: a
// server that ran, and does not any more, though the bot was not asked for what may stop
// it; one that has used up its traffic, or nearly; and one that the vendor does not list any
// more.
//
// What is remembered changes only when a server does: a look at servers that all run as
// they did leaves the record as it was.
package watch

import (
	"maps"
	"slices"
	"strings"
	"time"

	"zomrobot/zomro"
)

// Record is what is remembered of the servers of an account, by their ids: of each that was
// listed in the last day, or bought, and for [Kept] that it is missing. Nothing is known of a
// server that is not in it: one that is first seen stopped is no news.
type Record map[string]Server

// Server is what is remembered of a server.
type Server struct {
	Standing Standing  `json:"is,omitempty"`    // "": nothing is known
	At       time.Time `json:"at,omitzero"`     // with [Seems] and [Doubt]: of the look; with [Asked]: until when it may still be stopped
	Former   time.Time `json:"former,omitzero"` // with [Asked]: until when, by what was asked for before the last thing
	Away     time.Time `json:"away,omitzero"`   // since when it is not listed, or on its way out
	Noted    bool      `json:"noted,omitempty"` // that it is missing is noted where that is told
	Bound    int       `json:"bound,omitempty"` // of its traffic, of which the person was told: one of [Bounds]
	Other    int       `json:"other,omitempty"` // what looks find instead of Bound
	Since    time.Time `json:"since,omitzero"`  // when the first of them began that found it; zero: two agree, or none did
}

// Standing is how a server stands as far as news go.
type Standing string

// The standings of servers.
const (
	Seems Standing = "seems" // the last look found it running, the first one to do so
	Up    Standing = "up"    // two looks found it running, and so did the last one
	Doubt Standing = "doubt" // it ran, and the last look found it down
	Down  Standing = "down"  // so did a second one; nobody was told
	Asked Standing = "asked" // the bot was asked for what may stop it; it was not seen running after that
)

// Apart is how far apart the two looks are at least that have to agree: one odd answer is
// no news.
const Apart = 2 * time.Minute

// Long is for how long it is remembered how a server ran that is away, and for how long it
// may still be stopped by what the bot was asked for when nobody knows what came of that.
const Long = 24 * time.Hour

// Vanished is how far apart the first and the last look are at least that do not list a
// server which is missing.
const Vanished = time.Hour

// Kept is for how long it is remembered that a server is missing: one that is listed again
// by then is not.
const Kept = 7 * 24 * time.Hour

// Why says how a server is that does not run.
type Why string

// Why a server does not run.
const (
	Stopped   Why = "stopped"
	Broken    Why = "error"     // the vendor shows an error state
	Suspended Why = "suspended" // by the vendor, though not for want of money
)

// News is a server that does not run any more.
type News struct {
	Server string // its id
	Why    Why
}

// Missing is a server that is not listed any more.
type Missing struct {
	Server string    `json:"server"` // its id
	Since  time.Time `json:"since"`  // the first look that did not list it, or showed it on its way out
}

// Bounds are how much of a server's traffic is news once it is used, in percent.
var Bounds = []int{100, 80}

// Traffic is a server that has used so much of its traffic.
type Traffic struct {
	Server string // its id
	Bound  int    // of [Bounds]
}

// Look returns what is remembered after a look that found these servers and began at this
// time. How one ran that is not listed, or on its way out, is remembered for [Long]: lists
// that came empty by mistake make nothing forgotten.
func (r Record) Look(services []zomro.Service, began time.Time) Record {
	after := make(Record, len(services))
	for _, s := range services {
		if was, known := r[s.ID]; known || !leaving(s) {
			after[s.ID] = was.after(s, began)
		}
	}
	for id, was := range r {
		if _, listed := after[id]; !listed {
			after[id] = was.unsettled().away(began)
		}
	}
	for id, s := range after {
		switch {
		case s.Away.IsZero() || began.Sub(s.Away) < Long:
		case s.Noted && began.Sub(s.Away) >= Kept:
			delete(after, id)
		default:
			after[id] = Server{Away: s.Away, Noted: s.Noted}
		}
	}
	return after
}

// after is what is remembered of a server that was looked at.
func (s Server) after(now zomro.Service, began time.Time) Server {
	s = s.counted(now, began)
	if leaving(now) {
		s = s.away(began)
	} else {
		s.Away = time.Time{}
	}
	seen, why := seenOf(now, began)
	switch {
	case seen == runs && s.Standing == Asked && held(s.At, began): // what was asked for is still to come
	case seen == runs && (s.Standing == "" || s.Standing == Asked):
		s.Standing, s.At, s.Former = Seems, began, time.Time{}
	case seen == runs && s.Standing == Seems && !apart(began, s.At): // the same look as it were
	case seen == runs:
		s.Standing, s.At = Up, time.Time{}
	case why != "" && s.Standing == Seems:
		s.Standing, s.At = "", time.Time{}
	case why != "" && s.Standing == Up:
		s.Standing, s.At = Doubt, began
	case why != "" && s.Standing == Doubt && apart(began, s.At):
		s.Standing, s.At = Down, time.Time{}
	case why == "":
		s = s.unsettled()
	}
	return s
}

// counted takes how much of its traffic a server has used. More than was told of, and less,
// is believed when two looks show it; and none at all is what an answer that tells nothing
// is read as.
func (s Server) counted(now zomro.Service, began time.Time) Server {
	bound := boundOf(now)
	more := bound > s.Bound
	switch {
	case now.PaidTraffic <= 0 || now.UsedTraffic <= 0: // it is not told
	case bound == s.Bound:
		s.Other, s.Since = 0, time.Time{}
	case s.reached() && more: // the person is to be told
	case s.Since.IsZero() || more != (s.Other > s.Bound):
		s.Other, s.Since = bound, began
	case !apart(began, s.Since): // the same look as it were
	case more:
		s.Other, s.Since = min(s.Other, bound), time.Time{}
	default:
		s.Bound, s.Other, s.Since = max(s.Other, bound), 0, time.Time{} // what begins anew is told anew
	}
	return s
}

// reached reports whether two looks agree that more traffic was used than the person was told of.
func (s Server) reached() bool { return s.Since.IsZero() && s.Other > s.Bound }

// unsettled is what is remembered of a server that a look does not tell anything of: two
// others have to agree that it is down, or that it runs.
func (s Server) unsettled() Server {
	switch s.Standing {
	case Doubt, Down:
		s.Standing, s.At = Up, time.Time{}
	case Seems:
		s.Standing, s.At = "", time.Time{}
	case Up, Asked:
	}
	return s
}

// away is what is remembered of a server that is away at least since a look. What lies ahead
// was noted by a clock that was set back.
func (s Server) away(began time.Time) Server {
	if s.Away.IsZero() || s.Away.After(began) {
		s.Away = began
	}
	return s
}

// held reports whether a look says nothing of a server that may still be stopped until then.
// What lies further ahead than [Long] was noted by a clock that was set back.
func held(until, began time.Time) bool {
	ahead := until.Sub(began)
	return 0 <= ahead && ahead <= Long
}

// apart reports whether two looks are so far apart that they have to agree. A clock that was
// set back leaves looks of the future, and they are others all the same.
func apart(one, other time.Time) bool { return one.Sub(other).Abs() >= Apart }

// leaving reports whether a server is on its way out.
func leaving(s zomro.Service) bool { return s.Status == zomro.StatusDeleted || s.Closing() }

// Watched reports whether there are servers to look at: any that are not away for [Long].
func (r Record) Watched(now time.Time) bool {
	for _, s := range r {
		if s.Away.IsZero() || now.Sub(s.Away) < Long {
			return true
		}
	}
	return false
}

// Expect notes that the account has these servers, listed or not yet.
func (r Record) Expect(servers []string) Record {
	for _, id := range servers {
		r = r.with(id, func(s *Server) { s.Away, s.Noted = time.Time{}, false })
	}
	return r
}

// Missing are the servers that are missing since [Vanished] at least, by two looks, of which
// that is not noted. One that is being deleted is still there.
func (r Record) Missing(services []zomro.Service, now time.Time) []Missing {
	var news []Missing
	for _, id := range slices.Sorted(maps.Keys(r)) {
		s := r[id]
		closing := slices.ContainsFunc(services, func(s zomro.Service) bool { return s.ID == id && s.Closing() })
		if !s.Noted && !s.Away.IsZero() && now.Sub(s.Away) >= Vanished && !closing {
			news = append(news, Missing{Server: id, Since: s.Away})
		}
	}
	return news
}

// Back are the servers that are listed again, of which it is noted that they are missing.
func (r Record) Back() []string {
	var back []string
	for _, id := range slices.Sorted(maps.Keys(r)) {
		if s := r[id]; s.Noted && s.Away.IsZero() {
			back = append(back, id)
		}
	}
	return back
}

// Note notes which servers are noted as missing, and which are not any more.
func (r Record) Note(missing []Missing, back []string) Record {
	for _, m := range missing {
		r = r.with(m.Server, func(s *Server) { s.Noted = true })
	}
	for _, id := range back {
		r = r.with(id, func(s *Server) { s.Noted = false })
	}
	return r
}

// Ask notes that the vendor is asked for what may stop a server: that the server runs tells
// nothing then until it is known what came of that, or for [Long].
func (r Record) Ask(server string, at time.Time) Record {
	return r.with(server, func(s *Server) {
		if s.Standing == Asked && held(s.At, at) {
			s.Former = s.At
		}
		s.Standing, s.At = Asked, at.Add(Long)
	})
}

// Settle notes that it is known what came of what the vendor was asked for last: whether the
// server runs is seen from now on, unless what was asked for before may still stop it.
func (r Record) Settle(server string, now time.Time) Record {
	return r.with(server, func(s *Server) {
		if s.Standing != Asked || !now.Before(s.At) {
			return
		}
		s.At = now
		if held(s.Former, now) {
			s.At = s.Former
		}
	})
}

// Ran notes that what the vendor was asked for has ended with a look that shows a server: of
// one that runs, that it goes down is news from now on, unless it may still be stopped.
func (r Record) Ran(shown zomro.Service, now time.Time) Record {
	is := r[shown.ID]
	seen, _ := seenOf(shown, now)
	if seen != runs || is.Standing == Asked && now.Before(is.At) && held(is.At, now) {
		return r
	}
	return r.with(shown.ID, func(s *Server) { s.Standing, s.At, s.Former = Up, time.Time{}, time.Time{} })
}

// Told notes that the person was told of servers that are down: they are told again only
// once those have run meanwhile.
func (r Record) Told(servers []string) Record {
	for _, id := range servers {
		r = r.with(id, func(s *Server) { s.Standing, s.At = "", time.Time{} })
	}
	return r
}

// TrafficTold notes that the person was told how much traffic servers have used.
func (r Record) TrafficTold(told []Traffic) Record {
	for _, t := range told {
		r = r.with(t.Server, func(s *Server) { s.Bound, s.Other, s.Since = t.Bound, 0, time.Time{} })
	}
	return r
}

// with is the record with a change of a server.
func (r Record) with(server string, change func(*Server)) Record {
	after := maps.Clone(r)
	if after == nil {
		after = Record{}
	}
	is := after[server]
	change(&is)
	after[server] = is
	return after
}

// Traffic are the servers that have used more of their traffic than the person was told of.
func (r Record) Traffic(services []zomro.Service, now time.Time) []Traffic {
	var news []Traffic
	for _, s := range services {
		if seen, _ := seenOf(s, now); seen == excused {
			continue // there are greater worries
		}
		if is := r[s.ID]; is.reached() && boundOf(s) >= is.Other {
			news = append(news, Traffic{Server: s.ID, Bound: is.Other})
		}
	}
	return news
}

// boundOf is the highest of [Bounds] that a server's traffic has reached; 0: none, or how
// much is paid for is not told.
func boundOf(s zomro.Service) int {
	for _, bound := range Bounds {
		if s.PaidTraffic > 0 && s.UsedTraffic*100 >= s.PaidTraffic*int64(bound) {
			return bound
		}
	}
	return 0
}

// News are the servers that do not run any more, of which the person was not told.
func (r Record) News(services []zomro.Service, now time.Time) []News {
	var news []News
	for _, s := range services {
		if _, why := seenOf(s, now); why != "" && r[s.ID].Standing == Down {
			news = append(news, News{Server: s.ID, Why: why})
		}
	}
	return news
}

// Doubts reports whether a second look is wanted soon.
func (r Record) Doubts() bool {
	for _, s := range r {
		if s.Standing == Doubt || s.Standing == Seems || !s.Since.IsZero() {
			return true
		}
	}
	return false
}

// seen is what a row of the vendor's list shows.
type seen int

const (
	unclear seen = iota // nothing that can be relied on, or what ends by itself
	runs
	isDown
	excused // it is down for what is told elsewhere, or on its way out
)

// seenOf says what a row shows. What is not known to be running or down is unclear: rescue
// mode, a size to be decided, a word that nobody has documented.
func seenOf(s zomro.Service, now time.Time) (seen, Why) {
	known := s.Status == zomro.StatusActive || s.Status == zomro.StatusSuspended
	switch {
	case leaving(s) || s.Unpaid(now):
		return excused, ""
	case s.InWork() || !known:
		return unclear, ""
	case s.PowerState == zomro.PowerError:
		return isDown, Broken
	case strings.HasPrefix(s.Code, "3_"):
		return isDown, Suspended
	case s.PowerState == zomro.PowerStopped:
		return isDown, Stopped
	case s.PowerState == zomro.PowerActive && s.Status == zomro.StatusActive:
		return runs, ""
	default:
		return unclear, ""
	}
}
