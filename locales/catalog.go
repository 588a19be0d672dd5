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
	"fmt"
	"strings"
	"sync"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/nicksnyder/go-i18n/v2/i18n/template"
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
	localizers map[string]*i18n.Localizer
	parser     template.Parser
}

// Load returns the embedded messages, read once for the whole program. It fails
// only when they are not well formed.
func Load() (*Catalog, error) { return loaded() }

var loaded = sync.OnceValues(func() (*Catalog, error) {
	bundle := i18n.NewBundle(tag.English)
	c := &Catalog{
		localizers: make(map[string]*i18n.Localizer),
		parser:     &template.TextParser{Option: "missingkey=error"},
	}
	for _, lang := range Languages() {
		name := lang + ".json"
		text, err := files.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("locales: read %s: %w", name, err)
		}
		if _, err := bundle.ParseMessageFileBytes(text, name); err != nil {
			return nil, fmt.Errorf("locales: parse %s: %w", name, err)
		}
	}
	for _, lang := range Languages() {
		c.localizers[lang] = i18n.NewLocalizer(bundle, lang)
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
	config := &i18n.LocalizeConfig{MessageID: key, TemplateData: args, TemplateParser: c.parser}
	if count != nil {
		config.PluralCount = *count
	}
	text, err := c.localizers[Match(lang)].Localize(config)
	if err != nil {
		return text, fmt.Errorf("locales: message %q in %q: %w", key, lang, err)
	}
	return text, nil
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
