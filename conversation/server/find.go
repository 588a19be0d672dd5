package server

import (
	"slices"
	"strings"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/zomro"
)

// leastOfState is how many letters of a word of a server's state are typed at least: fewer
// are part of a name.
const leastOfState = 3

// find returns the indices of the servers that fit a search: each of its words occurs in
// what is known of the server, or is one of those that say its state in any language.
func find(search string, list []zomro.Service) []int {
	words := strings.Fields(chat.Fold(search))
	var found []int
	for i, s := range list {
		known := chat.Fold(serverText(s))
		var state []string
		fits := func(word string) bool {
			if strings.Contains(known, word) || strings.Contains(word, ":") && strings.Contains(chat.Fold(s.IPv6), word) {
				return true
			}
			if state == nil {
				state = stateWords(s)
			}
			return slices.ContainsFunc(state, func(of string) bool { return saysState(word, of) })
		}
		if !slices.ContainsFunc(words, func(word string) bool { return !fits(word) }) {
			found = append(found, i)
		}
	}
	return found
}

// serverText is everything that can be searched in a server, but for its state, and for
// its long address: that is full of letters, and "db" is meant for a name.
func serverText(s zomro.Service) string {
	return strings.Join([]string{s.ID, s.Name, s.Plan, s.Datacenter, s.Image, s.IPv4}, " ")
}

// stateWords are the words of a server's state, in every language and the vendor's own.
func stateWords(s zomro.Service) []string {
	said := append(conversation.Wordings(serverState(s)), s.PowerState)
	if s.PowerState == "" {
		said = append(said, s.StatusText)
	}
	return strings.Fields(chat.Fold(strings.Join(said, " ")))
}

// saysState reports whether a typed word is a word of a state: its beginning, or the same
// with another ending, as Russian words have them.
func saysState(word, of string) bool {
	const stem, ending = 6, 3 // letters: what is the same at least, and what may differ at most
	typed, known := []rune(word), []rune(of)
	same := 0
	for same < min(len(typed), len(known)) && typed[same] == known[same] {
		same++
	}
	return same == len(typed) && same >= leastOfState || same >= stem && len(known)-same <= ending
}

// listServers asks for the servers of the account, or for those that fit the words of the
// command.
func listServers(t *conversation.Turn, c conversation.Call) {
	search := conversation.Clip(c.Args)
	servers(t, &Servers{Search: search, Direct: search != ""})
}

// searched is what the list shows of the servers, and the bounds of its page among them.
func (s *Servers) searched() (found []int, from, to int) {
	found = find(s.Search, s.List)
	from, to = conversation.PageOf(s.Page, len(found))
	return found, from, to
}
