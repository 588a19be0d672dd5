package wording

import (
	"slices"
	"strings"

	"zomrobot/zomro"
)

// Wish is what a text says about an order. A field that is zero was not spoken of.
type Wish struct {
	CPU, Memory, Disk Bounds // cores, GB, GB
	Price             Price
	Cheapest          bool
	Features          []string // of a plan, as catalogues write them: "amd", "dedicated"
	Places            []Place  // any of them will do
	System            System
	Period            zomro.Period
	Never             string // a period that nobody sells, as it was written
	Count             int
	Promo, Name       string
	Backups           Backups
	Access            Access

	text    string
	parts   []part
	another bool // it tells to do something else than order
	server  bool // it names what is ordered: a server
}

// Bounds are the least and the most that is wanted; 0: any.
type Bounds struct{ Least, Most float64 }

// Hold reports whether a number is within them.
func (b Bounds) Hold(n float64) bool { return n >= b.Least && (b.Most == 0 || n <= b.Most) }

// Price is the most that a period may cost.
type Price struct {
	Most     float64
	Currency string // "": that of the catalogue
	Period   zomro.Period
}

// Place is where the server is wanted.
type Place struct {
	Code   string // of the country, "de"; "eu": anywhere in Europe
	Number string // of its datacenters, "1"; "": any
	City   string // as it was written, when a city was named; a catalogue names countries
}

// System is an operating system.
type System struct {
	Family  string // "ubuntu"; "linux" for any but Windows
	Version string // "24.04", or how it begins; "": any
}

// Backups is whether a backup schedule is wanted.
type Backups string

// What is said of backups.
const (
	BackupsOff   Backups = "off"
	BackupsOn    Backups = "on"
	BackupsDaily Backups = "daily"
)

// Access is how one wants to log in.
type Access string

// The ways to log in.
const (
	AccessKey      Access = "key"
	AccessPassword Access = "password"
)

// Kind is what a part of a text is about.
type Kind string

// What parts of a text are about.
const (
	Plan    Kind = "plan"  // its size, its price, its kind
	Cheap   Kind = "cheap" // that it be cheap, and no more
	Where   Kind = "place"
	What    Kind = "system"
	Long    Kind = "period"
	Many    Kind = "count"
	Code    Kind = "promo"
	Called  Kind = "name"
	Copies  Kind = "backups"
	Login   Kind = "access"
	Nothing Kind = "nothing" // it asks for nothing
	Beside  Kind = "beside"  // an amount of what no order asks for: traffic, a port
	Left    Kind = "left"    // not understood
	Hidden  Kind = "hidden"  // it stands where a password would, and is not repeated
)

// part is a word of a text, or a few that are one.
type part struct {
	from, to int
	of       Kind
}

// About returns the words of a text that are about any of these, as they were written:
// those that stand together in one piece.
func (w Wish) About(kinds ...Kind) []string {
	var pieces []string
	end := -1
	for i, p := range w.parts {
		if !slices.Contains(kinds, p.of) {
			continue
		}
		if end == i-1 && end >= 0 {
			pieces[len(pieces)-1] += w.text[w.parts[end].to:p.to]
		} else {
			pieces = append(pieces, w.text[p.from:p.to])
		}
		end = i
	}
	return pieces
}

// Words are the words of a text about any of these, one by one.
func (w Wish) Words(kinds ...Kind) []string {
	var words []string
	for _, p := range w.parts {
		if slices.Contains(kinds, p.of) {
			words = append(words, w.text[p.from:p.to])
		}
	}
	return words
}

// Text is what was read, without what is hidden. It reads the same.
func (w Wish) Text() string {
	text := w.text
	for _, p := range slices.Backward(w.parts) {
		if p.of == Hidden {
			text = text[:p.from] + "…" + text[p.to:]
		}
	}
	return text
}

// Empty reports whether nothing of an order was understood.
func (w Wish) Empty() bool { return len(w.kinds()) == 0 }

// Size reports whether it says how large a plan is.
func (w Wish) Size() bool {
	return w.CPU != Bounds{} || w.Memory != Bounds{} || w.Disk != Bounds{}
}

// Clear reports whether a text that nobody has asked for is clearly an order: it names a
// size, two things of one, or one thing and a server, and not much besides.
func (w Wish) Clear() bool {
	const least, share = 2, 2
	left, said, things := 0, 0, len(w.things())
	if w.server {
		said, things = 1, things+min(things, 1)
	}
	for _, p := range w.parts {
		switch p.of {
		case Left, Hidden, Beside:
			left++
		case Nothing:
		default:
			said++
		}
	}
	return !w.another && (w.Size() || things >= least) && share*left <= said
}

// Likely reports whether a text that nobody has asked for may be an order: something of
// one was understood, and nothing else is told to be done.
func (w Wish) Likely() bool { return !w.another && len(w.things()) > 0 }

// things are the kinds of a text that make it an order.
func (w Wish) things() []Kind {
	return slices.DeleteFunc(w.kinds(), func(of Kind) bool { return !slices.Contains([]Kind{Plan, Cheap, Where, What, Long, Many}, of) })
}

// kinds are the things of an order that were understood.
func (w Wish) kinds() []Kind {
	var kinds []Kind
	for _, p := range w.parts {
		switch p.of {
		case Left, Hidden, Beside, Nothing:
		default:
			if !slices.Contains(kinds, p.of) {
				kinds = append(kinds, p.of)
			}
		}
	}
	return kinds
}

// feature notes a feature of a plan.
func (w *Wish) feature(name string) {
	for word := range strings.FieldsSeq(name) {
		if !slices.Contains(w.Features, word) {
			w.Features = append(w.Features, word)
		}
	}
}
