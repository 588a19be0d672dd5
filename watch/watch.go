// Package watch remembers of a person's servers what tells news from what was so before: a
// server that ran, and does not any more, though the bot was not asked for what may stop
// it; and one that has used up its traffic, or nearly.
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

// Record is what is remembered of the servers of an account, by their ids. Nothing is known
// of a server that is not in it: one that is first seen stopped is no news.
type Record map[string]Server

// Server is what is remembered of a server.
type Server struct {
	Standing Standing  `json:"is,omitempty"`    // "": nothing is known
	At       time.Time `json:"at,omitzero"`     // of the look with [Doubt], of the call with [Asked]
	Missing  bool      `json:"gone,omitempty"`  // the last look did not list it
	Bound    int       `json:"bound,omitempty"` // of its traffic, of which the person was told: one of [Bounds]
}

// Standing is how a server stands as far as news go.
type Standing string

// The standings of servers.
const (
	Up    Standing = "up"    // it ran when it was last seen
	Doubt Standing = "doubt" // it ran, and the last look found it down
	Down  Standing = "down"  // so did a second one; nobody was told
	Asked Standing = "asked" // the bot was asked for what may stop it; it was not seen running since
)

// Apart is how far apart the two looks are at least that have to agree: one odd answer is
// no news.
const Apart = 2 * time.Minute

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

// Bounds are how much of a server's traffic is news once it is used, in percent.
var Bounds = []int{100, 80}

// Traffic is a server that has used so much of its traffic.
type Traffic struct {
	Server string // its id
	Bound  int    // of [Bounds]
}

// Look returns what is remembered after a look that found these servers and began at this
// time. One that is missing is remembered until it is missing again: a list that came
// empty by mistake makes nothing forgotten.
func (r Record) Look(services []zomro.Service, began time.Time) Record {
	after := make(Record, len(services))
	for _, s := range services {
		is := r[s.ID].after(s, began)
		if is.Bound = r[s.ID].Bound; s.PaidTraffic > 0 {
			is.Bound = min(is.Bound, boundOf(s)) // what begins anew is told anew
		}
		if is != (Server{}) {
			after[s.ID] = is
		}
	}
	for id, was := range r {
		listed := slices.ContainsFunc(services, func(s zomro.Service) bool { return s.ID == id })
		if listed || was.Missing {
			continue
		}
		was = was.unsettled()
		was.Missing = true
		after[id] = was
	}
	return after
}

// after is what is remembered of a server that was looked at.
func (s Server) after(now zomro.Service, began time.Time) Server {
	seen, why := seenOf(now, began)
	asked := s.Standing == Asked && !began.After(s.At) // the look began before it was asked
	switch {
	case seen == excused:
		return Server{}
	case seen == runs && !asked:
		return Server{Standing: Up}
	case why != "" && s.Standing == Up:
		return Server{Standing: Doubt, At: began}
	case why != "" && s.Standing == Doubt && began.Sub(s.At) >= Apart:
		return Server{Standing: Down}
	case why == "":
		s = s.unsettled()
	}
	s.Missing = false
	return s
}

// unsettled is what is remembered of a server that a look does not tell anything of: two
// others have to agree that it is down.
func (s Server) unsettled() Server {
	if s.Standing == Doubt || s.Standing == Down {
		return Server{Standing: Up}
	}
	return s
}

// Ask notes that the vendor is asked for what may stop a server.
func (r Record) Ask(server string, at time.Time) Record {
	after := maps.Clone(r)
	if after == nil {
		after = Record{}
	}
	after[server] = Server{Standing: Asked, At: at, Bound: r[server].Bound}
	return after
}

// Told notes that the person was told of servers that are down: they are told again only
// once those have run meanwhile.
func (r Record) Told(servers []string) Record {
	after := maps.Clone(r)
	for _, id := range servers {
		if bound := r[id].Bound; bound > 0 {
			after[id] = Server{Bound: bound}
		} else {
			delete(after, id)
		}
	}
	return after
}

// TrafficTold notes that the person was told how much traffic servers have used.
func (r Record) TrafficTold(told []Traffic) Record {
	after := maps.Clone(r)
	if after == nil {
		after = Record{}
	}
	for _, t := range told {
		is := after[t.Server]
		is.Bound = t.Bound
		after[t.Server] = is
	}
	return after
}

// Traffic are the servers that have used more of their traffic than the person was told of.
func (r Record) Traffic(services []zomro.Service, now time.Time) []Traffic {
	var news []Traffic
	for _, s := range services {
		if seen, _ := seenOf(s, now); seen == excused {
			continue // there are greater worries
		}
		if bound := boundOf(s); bound > r[s.ID].Bound {
			news = append(news, Traffic{Server: s.ID, Bound: bound})
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
		if s.Standing == Doubt {
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
	case s.Status == zomro.StatusDeleted || s.Closing() || s.Unpaid(now):
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
