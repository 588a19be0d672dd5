package locales

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"text/template/parse"
	"unicode"
	"unicode/utf16"
)

// forms are the plural forms that CLDR has for a language.
var forms = map[string][]string{
	"en": {"one", "other"},
	"ru": {"few", "many", "one", "other"},
}

// message is an entry of a language's file: a text is under "".
type message map[string]string

// messages reads a language's file apart from the code under test.
func messages(t *testing.T, lang string) map[string]message {
	t.Helper()
	text, err := files.ReadFile(lang + ".json")
	if err != nil {
		t.Fatal(err)
	}
	raw := make(map[string]json.RawMessage)
	if err := json.Unmarshal(text, &raw); err != nil {
		t.Fatal(err)
	}
	all := make(map[string]message, len(raw))
	for key, value := range raw {
		m := message{}
		if value[0] == '"' {
			var s string
			err = json.Unmarshal(value, &s)
			m[""] = s
		} else {
			err = json.Unmarshal(value, &m)
		}
		if err != nil {
			t.Errorf("%s %s: neither a text nor plural forms: %v", lang, key, err)
			continue
		}
		all[key] = m
	}
	return all
}

// each runs a check on every text of every message.
func each(t *testing.T, check func(t *testing.T, lang, key, form, text string)) {
	t.Helper()
	for lang := range forms {
		for key, m := range messages(t, lang) {
			for form, text := range m {
				name := strings.TrimSuffix(lang+" "+key+" "+form, " ")
				t.Run(name, func(t *testing.T) { check(t, lang, key, form, text) })
			}
		}
	}
}

func TestSameMessagesInBothLanguages(t *testing.T) {
	en, ru := messages(t, "en"), messages(t, "ru")
	for key := range en {
		if _, ok := ru[key]; !ok {
			t.Errorf("%s is not in Russian", key)
		}
	}
	for key := range ru {
		if _, ok := en[key]; !ok {
			t.Errorf("%s is not in English", key)
		}
	}
	if len(en) == 0 {
		t.Error("no messages")
	}
}

// TestNoMessageTwice: JSON takes the last of two equal keys without a word.
func TestNoMessageTwice(t *testing.T) {
	for lang := range forms {
		text, err := files.ReadFile(lang + ".json")
		if err != nil {
			t.Fatal(err)
		}
		seen, depth, isKey := map[string]bool{}, 0, true
		for decoder := json.NewDecoder(bytes.NewReader(text)); ; {
			token, err := decoder.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			switch token {
			case json.Delim('{'):
				depth++
				isKey = true
				continue
			case json.Delim('}'):
				depth--
				isKey = true
				continue
			}
			if key, ok := token.(string); ok && depth == 1 && isKey {
				if seen[key] {
					t.Errorf("%s: %s is there twice", lang, key)
				}
				seen[key] = true
			}
			isKey = !isKey
		}
	}
}

func TestPluralForms(t *testing.T) {
	for lang, want := range forms {
		for key, m := range messages(t, lang) {
			if _, single := m[""]; single {
				continue
			}
			if got := slices.Sorted(maps.Keys(m)); !slices.Equal(got, want) {
				t.Errorf("%s %s has the forms %q, want %q", lang, key, got, want)
			}
		}
	}
}

// TestPluralFormIsChosenByCount asks the catalogue for every plural message
// with counts that differ in their form.
func TestPluralFormIsChosenByCount(t *testing.T) {
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]map[int]string{
		"en": {0: "other", 1: "one", 2: "other", 21: "other"},
		"ru": {0: "many", 1: "one", 2: "few", 5: "many", 11: "many", 21: "one", 22: "few", 111: "many"},
	}
	for lang, byCount := range counts {
		for key, m := range messages(t, lang) {
			if _, single := m[""]; single {
				continue
			}
			for n, form := range byCount {
				args := map[string]string{}
				for _, name := range placeholders(t, m["other"]) {
					args[name] = "x"
				}
				args["Count"] = strconv.Itoa(n)
				want := m[form]
				for name, value := range args {
					want = strings.ReplaceAll(want, "{{."+name+"}}", value)
				}
				if got, err := c.Text(lang, key, args, &n); err != nil || got != want {
					t.Errorf("%s %s with %d = %q, %v; want %q", lang, key, n, got, err, want)
				}
			}
		}
	}
}

func TestSamePlaceholdersInBothLanguages(t *testing.T) {
	en, ru := messages(t, "en"), messages(t, "ru")
	for key, m := range en {
		_, single := m[""]
		if _, russianSingle := ru[key][""]; single != russianSingle {
			t.Errorf("%s has plural forms in one language only", key)
		}
		want := arguments(t, m)
		for _, other := range []message{m, ru[key]} {
			for form, text := range other {
				if got := arguments(t, message{form: text}); !slices.Equal(got, want) {
					t.Errorf("%s: %q has the placeholders %q, want %q", key, text, got, want)
				}
			}
		}
	}
}

// arguments are the placeholders of a message. One with plural forms takes
// Count, whether a form says it or not.
func arguments(t *testing.T, m message) []string {
	t.Helper()
	var names []string
	for form, text := range m {
		names = append(names, placeholders(t, text)...)
		if form != "" {
			names = append(names, "Count")
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// placeholders are the fields of a text. Anything else of the template
// language is a failure.
func placeholders(t *testing.T, text string) []string {
	t.Helper()
	trees, err := parse.Parse("text", text, "{{", "}}")
	if err != nil {
		t.Errorf("%q is not a template: %v", text, err)
		return nil
	}
	var names []string
	tree := trees["text"]
	if tree == nil || tree.Root == nil {
		return nil
	}
	for _, node := range tree.Root.Nodes {
		switch node := node.(type) {
		case *parse.TextNode:
		case *parse.ActionNode:
			field := regexp.MustCompile(`^\{\{\.([A-Z][A-Za-z]*)\}\}$`).FindStringSubmatch(node.String())
			if field == nil {
				t.Errorf("%q: %s is more than a placeholder", text, node)
				continue
			}
			names = append(names, field[1])
		default:
			t.Errorf("%q: %s is more than a placeholder", text, node)
		}
	}
	return names
}

func TestWordsAreOfTheLanguage(t *testing.T) {
	// The name of a language is written in that language wherever it stands.
	ownName := map[string]bool{"button.russian": true, "button.english": true, "button.language.ru": true, "button.language.en": true}
	cyrillic := func(s string) bool {
		return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) })
	}
	hasRussian := false
	each(t, func(t *testing.T, lang, key, _, text string) {
		if lang == "en" && cyrillic(text) && !ownName[key] {
			t.Errorf("Cyrillic in English: %q", text)
		}
		words := regexp.MustCompile(`\{\{[^}]*\}\}|<[^>]*>|[A-Z]{2,}`).ReplaceAllString(text, " ")
		if lang == "ru" && !cyrillic(words) && regexp.MustCompile(`[a-z]{3,} [a-z]{2,} [a-z]{2,}`).MatchString(words) {
			t.Errorf("English in Russian: %q", text)
		}
		hasRussian = hasRussian || lang == "ru" && cyrillic(text)
	})
	if !hasRussian {
		t.Error("no Cyrillic in Russian")
	}
}

func TestTextsAreTidy(t *testing.T) {
	each(t, func(t *testing.T, _, key, _, text string) {
		if text == "" || strings.TrimSpace(text) != text {
			t.Errorf("empty, or spaces at its ends: %q", text)
		}
		if strings.Contains(text, "  ") {
			t.Errorf("two spaces: %q", text)
		}
		limit := map[string]int{
			"toast": 200, "command": 256, "button": 64, // as Telegram has them; a longer label is cut by clients
			"command.bot_description": 512, "command.bot_short_description": 120,
		}
		prefix, _, _ := strings.Cut(key, ".")
		n, ok := limit[key]
		if !ok {
			n, ok = limit[prefix]
		}
		if size := len(utf16.Encode([]rune(text))); ok && size > n {
			t.Errorf("%d characters, at most %d: %q", size, n, text)
		}
	})
}

func TestMarkup(t *testing.T) {
	each(t, func(t *testing.T, _, key, _, text string) {
		if Plain(key) {
			if strings.ContainsAny(text, "<>") || regexp.MustCompile(`&[a-z#]`).MatchString(text) {
				t.Errorf("markup in a plain text: %q", text)
			}
			return
		}
		if err := wellFormed(text); err != nil {
			t.Errorf("%v: %q", err, text)
		}
	})
}

// wellFormed checks a text against the part of Telegram's HTML that the
// messages may use.
func wellFormed(text string) error {
	var open []string
	allowed := []string{"b", "i", "u", "s", "code", "pre", "tg-spoiler", "blockquote", "a"}
	rest := text
	for {
		before, after, found := strings.Cut(rest, "<")
		if strings.Contains(before, ">") {
			return fmt.Errorf("a > outside of a tag")
		}
		if bare := regexp.MustCompile(`&(amp|lt|gt|quot|#\d+);`).ReplaceAllString(before, ""); strings.Contains(bare, "&") {
			return fmt.Errorf("an & that begins no entity")
		}
		if !found {
			break
		}
		tag, tail, closed := strings.Cut(after, ">")
		if !closed {
			return fmt.Errorf("a < that begins no tag")
		}
		rest = tail
		if name, ends := strings.CutPrefix(tag, "/"); ends {
			if len(open) == 0 || open[len(open)-1] != name {
				return fmt.Errorf("</%s> closes nothing", name)
			}
			open = open[:len(open)-1]
			continue
		}
		name, attributes, _ := strings.Cut(tag, " ")
		if !slices.Contains(allowed, name) {
			return fmt.Errorf("<%s> is not allowed", name)
		}
		want := `^$`
		if name == "a" {
			want = `^href="(https://[^"<>\s]+|\{\{\.[A-Za-z]+\}\})"$`
		}
		if !regexp.MustCompile(want).MatchString(attributes) {
			return fmt.Errorf("<%s> has wrong attributes", tag)
		}
		open = append(open, name)
	}
	if len(open) > 0 {
		return fmt.Errorf("<%s> is not closed", open[len(open)-1])
	}
	return nil
}

func TestWellFormed(t *testing.T) {
	for text, want := range map[string]bool{
		"":                                  true,
		"a <b>b</b> &amp; <i>c</i>":         true,
		`<a href="https://zomro.com">z</a>`: true,
		`<a href="{{.Link}}">z</a>`:         true,
		"<b>a":                              false,
		"a</b>":                             false,
		"<b><i>a</b></i>":                   false,
		"<h1>a</h1>":                        false,
		"a < b":                             false,
		"a > b":                             false,
		"a & b":                             false,
		"<a>z</a>":                          false,
		`<b class="x">z</b>`:                false,
	} {
		if err := wellFormed(text); (err == nil) != want {
			t.Errorf("%q: %v", text, err)
		}
	}
}
