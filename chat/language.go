package chat

import "zomrobot/locales"

// LanguageOf returns the language in which to answer an event of someone who
// has no dialogue.
func LanguageOf(e Event) string {
	from, _ := PersonOf(e)
	return locales.Match(from.Lang)
}
