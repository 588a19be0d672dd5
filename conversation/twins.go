package conversation

import (
	"cmp"
	"fmt"
	"slices"

	"zomrobot/chat"
	"zomrobot/zomro"
)

// longestName is how many characters of a name are shown, the most that the vendor's cabinet
// takes [F].
const longestName = 100

// Named is somebody's name for a thing as it is shown: what is longer than any that can be
// given is cut.
func Named(name string) string { return chat.Cut(chat.Readable(name), longestName) }

// Typable reports whether a name is shown as it is, so that it can be typed.
func Typable(name string) bool {
	return chat.Typed(chat.Readable(name)) != "" && Named(name) == chat.Readable(name)
}

// Namesakes reports whether two servers have the same name, to somebody who reads or
// types it.
func Namesakes(a, b string) bool { return chat.Fold(chat.Readable(a)) == chat.Fold(chat.Readable(b)) }

// IsTwin reports whether another server of the list has the same name, or this one a
// name that nobody can type.
func IsTwin(s zomro.Service, list []zomro.Service) bool {
	return !Typable(s.Name) || slices.ContainsFunc(list, func(other zomro.Service) bool { return other.ID != s.ID && Namesakes(other.Name, s.Name) })
}

// Distinct is how a server is named among those of a list: by its name, and by its
// id and address too when another has the same name.
func Distinct(s zomro.Service, list []zomro.Service) string {
	if !IsTwin(s, list) {
		return s.Name
	}
	return fmt.Sprintf("%s (%s)", Named(s.Name), Which(s.ID, cmp.Or(s.IPv4, s.IPv6)))
}

// Which tells a server from others of the same name: "#51, 203.0.113.7".
func Which(id, address string) string {
	if address == "" {
		return "#" + id
	}
	return "#" + id + ", " + address
}

// ShortName fits the name of a server into a button. What is cut is its middle:
// what tells it from others is at its end.
func ShortName(name string) string {
	const first, last = 12, 54 // "… (#12345678, 2001:db8:…)"
	return chat.CutMiddle(chat.Readable(name), first, last)
}

// IsTwinCopy reports whether another copy of the list has the same name, as those of a
// schedule do.
func IsTwinCopy(one zomro.Copy, list []zomro.Copy) bool {
	return one.Name != "" && (!Typable(one.Name) || slices.ContainsFunc(list, func(other zomro.Copy) bool {
		return other.ID != one.ID && Namesakes(other.Name, one.Name)
	}))
}

// DistinctCopy is how a copy is named among those of a list; one may have no name that can
// be seen.
func DistinctCopy(one zomro.Copy, list []zomro.Copy) string {
	name := Named(one.Name)
	switch {
	case name == "":
		return "#" + one.ID
	case IsTwinCopy(one, list):
		return name + " (#" + one.ID + ")"
	default:
		return name
	}
}
