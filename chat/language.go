package chat

import (
	"strings"
)

// The languages of the dialogue.
const (
	English = "en"
	Russian = "ru"
)

// Languages returns the languages of the dialogue.
func Languages() []string { return []string{English, Russian} }

// LanguageOf returns the language in which to answer an event of someone who
// has no dialogue, "en" or "ru".
func LanguageOf(e Event) string {
	if from, ok := PersonOf(e); ok {
		return Spoken(from.Lang)
	}
	return English
}

// Spoken returns the language of ours that fits Telegram's language code.
func Spoken(code string) string {
	if primary, _, _ := strings.Cut(strings.ToLower(code), "-"); primary == Russian {
		return Russian
	}
	return English
}
