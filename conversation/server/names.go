package server

import (
	"unicode/utf16"

	"zomrobot/chat"
)

// How much of a message names of servers may take: Telegram takes 4096 UTF-16 code units,
// and there is more to say.
const (
	roomForNames  room = 3400
	roomForChosen room = 600 // beside a page of the list
)

// What stands around a text, at the most: with a name a mark, a space, a comma or the end
// of the line, with others the words of the messages.
const (
	aroundName   = 4
	aroundReason = 40
	aroundGroup  = 90
)

// room is what is left of a message for names, in UTF-16 code units.
type room int

// takes reports whether a text still fits, with what stands around it, and takes its room
// if so.
func (r *room) takes(text string, around room) bool {
	need := room(len(utf16.Encode([]rune(text)))) + around
	if need > *r {
		return false
	}
	*r -= need
	return true
}

// listed names things in a sentence, as many as fit; the others are counted.
func (r *room) listed(names []string) []chat.Phrase {
	var list []chat.Phrase
	for i, name := range names {
		if !r.takes(name, aroundName) {
			return append(list, chat.Say("several.rest", "Count", len(names)-i))
		}
		list = append(list, chat.Say("server.part", "Text", name))
	}
	return list
}
