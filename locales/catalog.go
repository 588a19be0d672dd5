// Package locales holds what the bot says, in each of its languages: messages,
// plural forms, and the way in which numbers, money and time are written.
//
// The messages of a language are in the file of its code, embedded in the program: a flat map
// from a message's id to its text, or to its plural forms ("one", "few",
// "many", "other"). Placeholders are template fields, {{.Name}}; a message with
// plural forms is chosen by its {{.Count}}. The beginning of an id says what
// the text is: "button.", "toast." and "command." are plain, all others are
// Telegram's HTML.
//
// # Caveats
//
// Nothing is escaped here. Whoever sends a message as HTML escapes its arguments.
package locales

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"

	"golang.org/x/text/feature/plural"
	tag "golang.org/x/text/language"
)

// plain are the beginnings of the ids of messages without markup.
var plain = []string{"button.", "toast.", "command.", "field."}

// Plain reports whether the message of this id is plain text. All others are
// Telegram's HTML.
func Plain(key string) bool {
	for _, prefix := range plain {
		if strings.HasPrefix(key, prefix) {
			return true
		}
	}
	return false
}

// Catalog looks up messages. It does not change after [Load] and is safe for
// concurrent use.
type Catalog struct {
	messages map[string]map[string]any // by language and id: a string, or a map of them by plural form
}

// Load returns the embedded messages, read once for the whole program. It fails
// only when they are not well formed.
func Load() (*Catalog, error) { return loaded() }

var loaded = sync.OnceValues(func() (*Catalog, error) {
	c := &Catalog{messages: make(map[string]map[string]any)}
	for _, lang := range Languages() {
		name := lang + ".json"
		text, err := files.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("locales: read %s: %w", name, err)
		}
		var messages map[string]any
		if err := json.Unmarshal(text, &messages); err != nil {
			return nil, fmt.Errorf("locales: parse %s: %w", name, err)
		}
		c.messages[lang] = messages
	}
	return c, nil
})

// Text returns the message of an id with its placeholders filled in. A count
// chooses the plural form; it is not filled in by itself: args have it as "Count",
// written as it should be read.
//
// It fails for an id that does not exist and for a placeholder without an argument.
// The text is then the best available, which may be "".
func (c *Catalog) Text(lang, key string, args map[string]string, count *int) (string, error) {
	l := match(lang)
	text, err := l.form(c.messages[l.code][key], count)
	if err == nil {
		text, err = fill(text, args)
	}
	if err != nil {
		return text, fmt.Errorf("locales: message %q in %q: %w", key, lang, err)
	}
	return text, nil
}

// form returns the text of a message, of its plural forms the one for a count.
func (l *language) form(message any, count *int) (string, error) {
	switch message := message.(type) {
	case string:
		return message, nil
	case map[string]any:
		name := "other"
		if count != nil {
			name = l.plural(*count)
		}
		if text, ok := message[name].(string); ok {
			return text, nil
		}
		return "", fmt.Errorf("there is no form %q", name)
	default:
		return "", errors.New("there is none")
	}
}

// pluralForms are the names that CLDR gives to plural forms.
var pluralForms = map[plural.Form]string{
	plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many", plural.Other: "other",
}

// plural names the plural form of a message for a count.
func (l *language) plural(count int) string {
	whole := max(count, -count) % 10_000_000 // what is above makes no difference
	return pluralForms[plural.Cardinal.MatchPlural(tag.Make(l.code), whole, 0, 0, 0, 0)]
}

// fill puts the arguments in the place of the placeholders.
func fill(text string, args map[string]string) (string, error) {
	var (
		filled  strings.Builder
		missing error
	)
	before, rest, found := strings.Cut(text, "{{.")
	for found {
		name, after, _ := strings.Cut(rest, "}}")
		value, given := args[name]
		if !given {
			missing = fmt.Errorf("there is no %s to fill in", name)
		}
		filled.WriteString(before)
		filled.WriteString(value)
		before, rest, found = strings.Cut(after, "{{.")
	}
	filled.WriteString(before)
	return filled.String(), missing
}

// Join lists parts as a sentence does: "a, b and c". An empty list is "".
func (c *Catalog) Join(lang string, parts []string) string {
	if len(parts) == 0 {
		return ""
	}
	last := len(parts) - 1
	if last == 0 {
		return parts[0]
	}
	return strings.Join(parts[:last], ", ") + match(lang).and + parts[last]
}
