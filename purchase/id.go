package purchase

import "strings"

// symbols are the digits and letters of an id: the 32 of Crockford's base 32,
// in which no letter can be taken for a digit.
const symbols = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// NewID makes an id of the form "A7K-42" from five random bytes. There are 2²⁵
// of them: whoever opens a purchase makes sure that its id is not taken.
func NewID(random [5]byte) string {
	var id [6]byte
	for i, b := range random {
		at := i
		if i >= 3 {
			at++
		}
		id[at] = symbols[b%byte(len(symbols))]
	}
	id[3] = '-'
	return string(id[:])
}

// OwnName is the name of a server that is ordered without one: it carries the
// purchase's id, so that the server can be recognised.
func OwnName(id string) string { return "vps-" + mark(id) }

// Named returns the name that the order is sent with, if that carries the
// purchase's id; else "".
func Named(r Record) string {
	if r.owned() {
		return r.Order.ServerName
	}
	return ""
}

// mark is the id within a server's name: "a7k42".
func mark(id string) string { return strings.ToLower(strings.ReplaceAll(id, "-", "")) }

// marked returns a name with the id added to it, cut to the length that a name may
// have [F].
func marked(name, id string) string {
	runes := []rune(name)
	const longest = 100
	if most := longest - len(mark(id)) - 1; len(runes) > most {
		runes = runes[:most]
	}
	return strings.TrimSpace(string(runes)) + "-" + mark(id)
}
