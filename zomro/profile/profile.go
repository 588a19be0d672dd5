package profile

import (
	"maps"
	"slices"
	"time"
)

// Version is that of the form in which a [Profile] is kept.
const Version = 1

// State is how well a fact is known.
type State string

// The states of a fact.
const (
	Open      State = "open"      // it was not seen yet, or was seen in two ways, or on another build of the panel
	Confirmed State = "confirmed" // it was seen as it is taken for granted
	Refuted   State = "refuted"   // it was seen otherwise
)

// Known is what is known of a fact.
type Known struct {
	Answer Answer    `json:"answer"`
	Word   string    `json:"word,omitempty"`  // with [Other], and of [PoorError]: the type of the error; the vendor's own word
	Build  string    `json:"build,omitempty"` // the panel's, when it was seen
	From   Source    `json:"from,omitempty"`  // the experiment that showed it; "": a purchase
	First  time.Time `json:"first"`
	Last   time.Time `json:"last"`
	Times  int       `json:"times"` // how often it was seen so
}

// Profile is what is known of the vendor. The zero value knows nothing.
type Profile struct {
	Version int            `json:"version"`
	Facts   map[Name]Known `json:"facts,omitempty"`
	Doubts  map[Name]Doubt `json:"doubts,omitempty"` // facts that are open again
}

// Doubt says why a fact that was known is open again.
type Doubt struct {
	Why   Why       `json:"why"`
	Was   Known     `json:"was"`             // what was known before
	Saw   Answer    `json:"saw,omitempty"`   // what was seen instead; "": nothing yet
	Build string    `json:"build,omitempty"` // the panel's, when that was seen
	At    time.Time `json:"at"`
}

// Why is why a fact is open again.
type Why string

// Why facts are open again.
const (
	Contradicted Why = "contradicted" // it was seen otherwise than before
	NewBuild     Why = "new-build"    // the panel is another build
)

// Lesson is one thing that was seen.
type Lesson struct {
	Fact   Name   `json:"fact"`
	Answer Answer `json:"answer"`
	Word   string `json:"word,omitempty"` // see [Known].Word
}

// Seen says when and where lessons were seen.
type Seen struct {
	At    time.Time
	Build string // the panel's; "": not known
	From  Source // the experiment; "": a purchase
}

// State returns how well a fact is known.
func (p Profile) State(name Name) State {
	k, known := p.Facts[name]
	f, there := Find(name)
	switch {
	case !known || !there:
		return Open
	case slices.Contains(f.Expects, k.Answer):
		return Confirmed
	default:
		return Refuted
	}
}

// Answer returns what is known of a fact; "": it is open.
func (p Profile) Answer(name Name) Answer { return p.Facts[name].Answer }

// Change is a fact that is known, or known otherwise, since a lesson.
type Change struct {
	Fact Name
	Was  State
	Is   State
	Why  Why // of one that is open again
}

// Learn returns the profile with lessons taken in, and what has changed by them. p stays
// as it is. A lesson that is not in the table is left out.
//
// A fact that was open is known by one lesson. One that is seen otherwise than it is known,
// or on another build, is open until it was seen twice in a row in the new way: what a
// vendor does in two ways is relied upon in neither.
func (p Profile) Learn(lessons []Lesson, seen Seen) (Profile, []Change) {
	next := p.clone()
	var changes []Change
	for _, l := range lessons {
		f, there := Find(l.Fact)
		if !there || !slices.Contains(f.Answers, l.Answer) {
			continue
		}
		was := next.State(l.Fact)
		next.learn(l, seen)
		if is := next.State(l.Fact); is != was {
			changes = append(changes, Change{Fact: l.Fact, Was: was, Is: is, Why: next.Doubts[l.Fact].Why})
		}
	}
	return next, changes
}

func (p *Profile) learn(l Lesson, seen Seen) {
	news := Known{
		Answer: l.Answer, Word: l.Word, Build: seen.Build, From: seen.From,
		First: seen.At, Last: seen.At, Times: 1,
	}
	known, is := p.Facts[l.Fact]
	doubt, doubted := p.Doubts[l.Fact]
	moved := seen.Build != "" && known.Build != "" && seen.Build != known.Build
	switch {
	case is && known.Answer == l.Answer && known.Word == l.Word && !moved:
		known.Last, known.Times = seen.At, known.Times+1
		if known.Build == "" {
			known.Build = seen.Build
		}
		p.Facts[l.Fact] = known
	case is:
		why := Contradicted
		if moved {
			why = NewBuild
		}
		delete(p.Facts, l.Fact)
		p.Doubts[l.Fact] = Doubt{Why: why, Was: known, Saw: l.Answer, Build: seen.Build, At: seen.At}
	case doubted && doubt.Saw != l.Answer:
		doubt.Saw, doubt.Build, doubt.At = l.Answer, seen.Build, seen.At
		p.Doubts[l.Fact] = doubt
	default: // for the first time, or for the second in a row after a doubt
		p.Facts[l.Fact] = news
		delete(p.Doubts, l.Fact)
	}
}

// Met returns the profile after an answer of a function was seen on a build of the panel:
// what was learned of that function on another is open again.
func (p Profile) Met(function, build string, at time.Time) (Profile, []Change) {
	next := p.clone()
	var changes []Change
	for _, f := range Table {
		known, is := next.Facts[f.Name]
		if !is || f.Func != function || build == "" || known.Build == "" || known.Build == build {
			continue
		}
		was := next.State(f.Name)
		delete(next.Facts, f.Name)
		next.Doubts[f.Name] = Doubt{Why: NewBuild, Was: known, Build: build, At: at}
		changes = append(changes, Change{Fact: f.Name, Was: was, Is: Open, Why: NewBuild})
	}
	return next, changes
}

func (p Profile) clone() Profile {
	next := Profile{Version: Version, Facts: maps.Clone(p.Facts), Doubts: maps.Clone(p.Doubts)}
	if next.Facts == nil {
		next.Facts = map[Name]Known{}
	}
	if next.Doubts == nil {
		next.Doubts = map[Name]Doubt{}
	}
	return next
}
