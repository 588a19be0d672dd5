package emulator

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The lengths that Telegram allows, in characters, after the markup is taken out
// (Bot API, sendMessage and sendDocument).
const (
	maxText    = 4096
	maxCaption = 1024
	maxRaw     = 1 << 15 // bytes, markup included (Client.cpp, get_formatted_text)
)

// entity is a MessageEntity: Offset and Length count UTF-16 code units.
type entity struct {
	Type     string   `json:"type"`
	Offset   int      `json:"offset"`
	Length   int      `json:"length"`
	URL      string   `json:"url,omitempty"`
	Language string   `json:"language,omitempty"`
	User     wireUser `json:"user,omitzero"`              // of a text_mention
	Unix     int64    `json:"unix_time,omitempty"`        // of a date_time
	Format   string   `json:"date_time_format,omitempty"` // likewise
}

func (e entity) end() int { return e.Offset + e.Length }

// The entities that the bot may set, from the outside to the inside where several
// hold the same text; those that Telegram finds by itself are ignored when they are
// given (Client.cpp, get_text_entity_type).
var (
	settable = []string{
		"blockquote", "expandable_blockquote", "bold", "italic", "underline", "strikethrough",
		"spoiler", "text_link", "date_time", "code", "pre",
	}
	found = []string{
		"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bank_card_number",
	}
)

// units counts UTF-16 code units.
func units(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n
}

// sortEntities puts outer entities before inner ones.
func sortEntities(es []entity) {
	slices.SortStableFunc(es, func(a, b entity) int {
		return cmp.Or(
			cmp.Compare(a.Offset, b.Offset), cmp.Compare(b.Length, a.Length),
			cmp.Compare(slices.Index(settable, a.Type), slices.Index(settable, b.Type)),
		)
	})
}

// clean keeps text as Telegram keeps it: without spaces and newlines at its ends
// (at the beginning only up to the first entity), control characters as spaces.
func clean(text string, es []entity) (string, []entity) {
	text = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' {
			return ' '
		}
		return r
	}, text)
	text = strings.TrimRight(text, " \n")
	first := units(text)
	for _, e := range es {
		first = min(first, e.Offset)
	}
	lead := min(len(text)-len(strings.TrimLeft(text, " \n")), first)
	text = text[lead:]
	size := units(text)
	var kept []entity
	for _, e := range es {
		e.Offset -= lead
		e.Length = min(e.Length, size-e.Offset)
		if e.Length > 0 {
			kept = append(kept, e)
		}
	}
	return text, kept
}

// blank tells whether text shows nothing.
func blank(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool {
		return !unicode.IsSpace(r) && !unicode.Is(unicode.Cf, r) && r != '\u2800' && r != '\u3164'
	}) < 0
}

var (
	commandForm = regexp.MustCompile(`/[a-zA-Z0-9_]{1,64}(?:@[a-zA-Z0-9_]{3,32})?`)
	mentionForm = regexp.MustCompile(`@[a-zA-Z0-9_]{3,32}`)
	urlForm     = regexp.MustCompile(`https?://[^\s<>"]+[^\s<>".,;:!?)]`)
)

// detect adds the entities that Telegram finds by itself: commands, mentions and
// links, not inside code or an explicit link.
func detect(text string, es []entity) []entity {
	quiet := func(at, end int) bool {
		return slices.ContainsFunc(es, func(e entity) bool {
			return at < e.end() && e.Offset < end && (e.Type == "code" || e.Type == "pre" || e.Type == "text_link" || e.Type == "url")
		})
	}
	for _, kind := range []struct {
		name string
		form *regexp.Regexp
	}{{"url", urlForm}, {"bot_command", commandForm}, {"mention", mentionForm}} {
		for _, at := range kind.form.FindAllStringIndex(text, -1) {
			if kind.name != "url" && !standsAlone(text, at[0], at[1]) {
				continue
			}
			e := entity{Type: kind.name, Offset: units(text[:at[0]]), Length: units(text[at[0]:at[1]])}
			if !quiet(e.Offset, e.end()) {
				es = append(es, e)
			}
		}
	}
	sortEntities(es)
	return es
}

// standsAlone tells whether a command or a mention touches no letter, digit, "_", "/", "<" or
// ">": "мой/promo" is not a command.
func standsAlone(text string, start, end int) bool {
	touches := func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("_/<>", r)
	}
	before, n := utf8.DecodeLastRuneInString(text[:start])
	if n > 0 && touches(before) {
		return false
	}
	after, n := utf8.DecodeRuneInString(text[end:])
	return n == 0 || !touches(after)
}

// mentions makes links to tg://user?id= mentions of people, of whom the bot must know;
// of others only the text is left.
func (s *Server) mentions(es []entity) []entity {
	var out []entity
	for _, e := range es {
		if id, ok := strings.CutPrefix(e.URL, "tg://user?id="); ok && e.Type == "text_link" {
			n, _ := strconv.ParseInt(id, 10, 64)
			if s.findPerson(n) == nil {
				continue
			}
			e.Type, e.URL, e.User = "text_mention", "", s.wireUser(n)
		}
		out = append(out, e)
	}
	return out
}

// moments leaves out the moments that cannot be shown, or stand where Telegram takes none:
// only the looks of a text may be around one (Bot API, formatting options). What the
// server says of them is not known, so it is the emulator's own complaint.
func (s *Server) moments(es []entity) []entity {
	var out []entity
	for _, e := range es {
		within := slices.ContainsFunc(es, func(other entity) bool {
			return slices.Contains([]string{"text_link", "code", "pre"}, other.Type) && e.Offset < other.end() && other.Offset < e.end()
		})
		switch {
		case e.Type == "date_time" && (e.Unix < 0 || !momentForm.MatchString(e.Format)):
			s.violate("the moment at %d cannot be read", e.Offset)
		case e.Type == "date_time" && within:
			s.violate("the moment at %d stands within a link or code", e.Offset)
		default:
			out = append(out, e)
		}
	}
	return out
}

// parsed is a text with its entities as a request gives it.
type parsed struct {
	text     string
	entities []entity
}

// parseText reads a text by its parse_mode, or by explicit entities.
func (s *Server) parseText(a args, textField, entitiesField string) (parsed, error) {
	text := strings.ReplaceAll(a.get(textField), "\r", "")
	if len(text) > maxRaw {
		return parsed{}, badRequest("text is too long")
	}
	switch mode := strings.ToLower(a.get("parse_mode")); mode {
	case "html":
		plain, es, err := parseHTML(text)
		if err != nil {
			return parsed{}, badRequest("can't parse entities: %v", err)
		}
		return parsed{plain, s.mentions(s.moments(es))}, nil
	case "", "none":
	case "markdown", "markdownv2":
		s.violate("parse_mode %q is not supported here: use HTML", a.get("parse_mode"))
		return parsed{}, badRequest("unsupported parse_mode")
	default:
		return parsed{}, badRequest("unsupported parse_mode")
	}
	var given []entity
	if err := a.json(entitiesField, &given); err != nil {
		// A list that cannot be read is taken for an empty one (Client.cpp, get_input_entities).
		s.violate("%s cannot be read", entitiesField)
		given = nil
	}
	size := units(text)
	var kept []entity
	for _, e := range given {
		switch {
		case slices.Contains(found, e.Type):
		case !slices.Contains(settable, e.Type):
			return parsed{}, badRequest("can't parse MessageEntity: Unsupported type specified")
		case e.Offset < 0 || e.Length <= 0 || e.end() > size:
			s.violate("the entity %s at %d of length %d does not fit its text", e.Type, e.Offset, e.Length)
		default:
			kept = append(kept, e)
		}
	}
	kept = s.moments(kept)
	sortEntities(kept)
	return parsed{text, kept}, nil
}
