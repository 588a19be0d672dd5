package conversation

import (
	"cmp"
	"fmt"
	"slices"

	"zomrobot/chat"
	"zomrobot/zomro"
)

// Namesakes reports whether two servers have the same name, to somebody who reads or
// types it.
func Namesakes(a, b string) bool { return chat.Fold(a) == chat.Fold(b) }

// IsTwin reports whether another server of the list has the same name, or this one a
// name that nobody can type.
func IsTwin(s zomro.Service, list []zomro.Service) bool {
	return chat.Typed(s.Name) == "" || slices.ContainsFunc(list, func(other zomro.Service) bool { return other.ID != s.ID && Namesakes(other.Name, s.Name) })
}

// Distinct is how a server is named among those of a list: by its name, and by its
// id and address too when another has the same name.
func Distinct(s zomro.Service, list []zomro.Service) string {
	if !IsTwin(s, list) {
		return s.Name
	}
	return fmt.Sprintf("%s (%s)", s.Name, Which(s.ID, cmp.Or(s.IPv4, s.IPv6)))
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
	const head, tail = 12, 54 // "… (#12345678, 2001:db8:…)"
	runes := []rune(name)
	if len(runes) <= head+tail {
		return name
	}
	return string(runes[:head]) + "…" + string(runes[len(runes)-tail:])
}

// IsTwinCopy reports whether another copy of the list has the same name, as those of a
// schedule do.
func IsTwinCopy(one zomro.Copy, list []zomro.Copy) bool {
	return one.Name != "" && slices.ContainsFunc(list, func(other zomro.Copy) bool {
		return other.ID != one.ID && Namesakes(other.Name, one.Name)
	})
}

// DistinctCopy is how a copy is named among those of a list; one may have no name.
func DistinctCopy(one zomro.Copy, list []zomro.Copy) string {
	if IsTwinCopy(one, list) {
		return one.Name + " (#" + one.ID + ")"
	}
	return cmp.Or(one.Name, "#"+one.ID)
}
