package emulator

import (
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// tagEntity is the entity that each tag of Telegram's HTML makes
// (MessageEntity.cpp, parse_html). span must be a spoiler; code and pre also make
// one of each other.
var tagEntity = map[string]string{
	"b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
	"s": "strikethrough", "strike": "strikethrough", "del": "strikethrough",
	"tg-spoiler": "spoiler", "span": "spoiler", "code": "code", "pre": "pre",
	"blockquote": "blockquote", "a": "text_link", "tg-time": "date_time",
}

// momentForm is what the format of a moment may be: relative, or day of the week, date
// and time, each short or long where it has two letters (Bot API 9.5).
var momentForm = regexp.MustCompile(`^(r|w?[dD]?[tT]?)$`)

type openTag struct {
	name     string
	argument string // href, language, "expandable", or the format of a moment
	unix     string // of a moment
	offset   int    // UTF-16, in the text without tags
	begin    int    // bytes, in the text without tags
}

// htmlParser reads Telegram's HTML once from left to right. Offsets in its errors
// count bytes of the source, those of entities UTF-16 units of the result.
type htmlParser struct {
	src      string
	pos      int
	out      strings.Builder
	units    int
	open     []openTag
	entities []entity
}

// parseHTML takes the markup out of a text and returns it as entities. Its errors
// are in the words of the real server.
func parseHTML(src string) (string, []entity, error) {
	p := &htmlParser{src: src}
	for p.pos < len(p.src) {
		switch c := p.src[p.pos]; {
		case c == '<' && strings.HasPrefix(p.src[p.pos:], "</"):
			if err := p.endTag(); err != nil {
				return "", nil, err
			}
		case c == '<':
			if err := p.startTag(); err != nil {
				return "", nil, err
			}
		case c == '&':
			p.write(p.reference())
		default:
			r, n := utf8.DecodeRuneInString(p.src[p.pos:])
			p.pos += n
			p.write(r)
		}
	}
	if n := len(p.open); n > 0 {
		return "", nil, fmt.Errorf("Can't find end tag corresponding to start tag %q", p.open[n-1].name) //nolint:revive,staticcheck // the server's words
	}
	sortEntities(p.entities)
	for i := range p.entities {
		if p.entities[i].Type == "code" {
			p.entities[i].Language = "" // only a pre has one
		}
	}
	return p.out.String(), p.entities, nil
}

func (p *htmlParser) write(r rune) {
	p.out.WriteRune(r)
	p.units++
	if r > 0xFFFF {
		p.units++
	}
}

// reference reads a character reference, or the bare ampersand when it is none that
// Telegram knows: lt, gt, amp, quot and numbers.
func (p *htmlParser) reference() rune {
	r, n := decodeReference(p.src[p.pos:])
	p.pos += n
	return r
}

// decodeReference reads the reference at the beginning of s, which is "&", and
// tells how many bytes it takes; the semicolon may be missing.
func decodeReference(s string) (rune, int) {
	end := 1
	var r rune
	if strings.HasPrefix(s, "&#") {
		digits, base := "0123456789", 10
		end = 2
		if strings.HasPrefix(s, "&#x") {
			digits, base, end = "0123456789abcdefABCDEF", 16, 3
		}
		start := end
		for end < len(s) && strings.IndexByte(digits, s[end]) >= 0 {
			end++
		}
		n, err := strconv.ParseUint(s[start:end], base, 32)
		if err != nil || n == 0 || n >= 0x10FFFF || end >= 10 {
			return '&', 1
		}
		r = rune(n)
	} else {
		for end < len(s) && isLetter(s[end]) {
			end++
		}
		known, ok := map[string]rune{"lt": '<', "gt": '>', "amp": '&', "quot": '"'}[s[1:end]]
		if !ok {
			return '&', 1
		}
		r = known
	}
	if end < len(s) && s[end] == ';' {
		end++
	}
	return r, end
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func isSpace(c byte) bool {
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == 0 || c == '\v'
}

// at returns the byte at the position, 0 at the end.
func (p *htmlParser) at() byte {
	if p.pos < len(p.src) {
		return p.src[p.pos]
	}
	return 0
}

func (p *htmlParser) skipSpace() {
	for p.pos < len(p.src) && isSpace(p.src[p.pos]) {
		p.pos++
	}
}

// word reads up to a space, ">" or the end.
func (p *htmlParser) word() string {
	start := p.pos
	for p.pos < len(p.src) && !isSpace(p.src[p.pos]) && p.src[p.pos] != '>' {
		p.pos++
	}
	return p.src[start:p.pos]
}

func (p *htmlParser) startTag() error {
	begin := p.pos
	p.pos++
	name := strings.ToLower(p.word())
	if p.at() == 0 {
		return fmt.Errorf("Unclosed start tag at byte offset %d", begin) //nolint:revive,staticcheck // the server's words
	}
	if _, ok := tagEntity[name]; !ok {
		return fmt.Errorf("Unsupported start tag %q at byte offset %d", name, begin) //nolint:revive,staticcheck // the server's words
	}
	tag := openTag{name: name, offset: p.units, begin: p.out.Len()}
	for p.at() != '>' {
		p.skipSpace()
		if p.at() == '>' {
			break
		}
		attribute, value, err := p.attribute(name, begin)
		if err != nil {
			return err
		}
		switch {
		case name == "a" && attribute == "href":
			tag.argument = value
		case name == "tg-time" && attribute == "unix":
			tag.unix = value
		case name == "tg-time" && attribute == "format":
			tag.argument = value
		case name == "code" && attribute == "class" && strings.HasPrefix(value, "language-"):
			tag.argument = strings.TrimPrefix(value, "language-")
		case name == "span" && attribute == "class", name == "blockquote" && attribute == "expandable":
			tag.argument = attribute + " " + value
		}
	}
	p.pos++
	if name == "span" && tag.argument != "class tg-spoiler" {
		return fmt.Errorf("Tag \"span\" must have class \"tg-spoiler\" at byte offset %d", begin) //nolint:revive,staticcheck // the server's words
	}
	p.open = append(p.open, tag)
	return nil
}

// attribute reads one attribute with its value, which may be missing.
func (p *htmlParser) attribute(tag string, begin int) (name, value string, err error) {
	start := p.pos
	for p.pos < len(p.src) && !isSpace(p.src[p.pos]) && strings.IndexByte(`=>/"'`, p.src[p.pos]) < 0 {
		p.pos++
	}
	name = p.src[start:p.pos]
	if name == "" {
		return "", "", fmt.Errorf("Empty attribute name in the tag %q at byte offset %d", tag, begin) //nolint:revive,staticcheck // the server's words
	}
	unclosed := fmt.Errorf("Unclosed start tag %q at byte offset %d", tag, begin) //nolint:revive,staticcheck // the server's words
	p.skipSpace()
	if p.at() != '=' {
		if p.at() == 0 {
			return "", "", unclosed
		}
		return name, "", nil
	}
	p.pos++
	p.skipSpace()
	quote := p.at()
	switch quote {
	case 0:
		return "", "", unclosed
	case '"', '\'':
		p.pos++
		var b strings.Builder
		for p.pos < len(p.src) && p.src[p.pos] != quote {
			if p.src[p.pos] == '&' {
				b.WriteRune(p.reference())
				continue
			}
			b.WriteByte(p.src[p.pos])
			p.pos++
		}
		if p.pos < len(p.src) {
			p.pos++
		}
		value = b.String()
	default:
		from := p.pos
		for c := p.at(); isLetter(c) || c >= '0' && c <= '9' || c == '.' || c == '-'; c = p.at() {
			p.pos++
		}
		value = strings.ToLower(p.src[from:p.pos])
		if c := p.at(); !isSpace(c) && c != '>' {
			return "", "", fmt.Errorf("Unexpected end of name token at byte offset %d", from) //nolint:revive,staticcheck // the server's words
		}
	}
	if p.at() == 0 {
		return "", "", fmt.Errorf("Unclosed start tag at byte offset %d", begin) //nolint:revive,staticcheck // the server's words
	}
	return name, value, nil
}

func (p *htmlParser) endTag() error {
	begin := p.pos
	if len(p.open) == 0 {
		return fmt.Errorf("Unexpected end tag at byte offset %d", begin) //nolint:revive,staticcheck // the server's words
	}
	p.pos += len("</")
	name := strings.ToLower(p.word())
	p.skipSpace()
	if p.at() != '>' {
		return fmt.Errorf("Unclosed end tag at byte offset %d", begin) //nolint:revive,staticcheck // the server's words
	}
	p.pos++
	tag := p.open[len(p.open)-1]
	if name != "" && name != tag.name {
		return fmt.Errorf("Unmatched end tag at byte offset %d, expected \"</%s>\", found \"</%s>\"", begin, tag.name, name) //nolint:revive,staticcheck // the server's words
	}
	p.open = p.open[:len(p.open)-1]
	if p.units > tag.offset {
		p.close(tag)
	}
	return nil
}

// close adds the entity of a tag that holds text.
func (p *htmlParser) close(tag openTag) {
	e := entity{Type: tagEntity[tag.name], Offset: tag.offset, Length: p.units - tag.offset}
	switch tag.name {
	case "a":
		link := tag.argument
		if link == "" {
			link = p.out.String()[tag.begin:]
		}
		if e.URL = checkLink(link); e.URL == "" {
			return // a link to nowhere is plain text
		}
	case "tg-time":
		at, err := strconv.ParseInt(tag.unix, 10, 64)
		if err != nil {
			at = -1 // see Server.moments
		}
		e.Unix, e.Format = at, tag.argument
	case "blockquote":
		if tag.argument != "" {
			e.Type = "expandable_blockquote"
		}
	case "code", "pre":
		// A code with a language and a pre around the same text are one pre with a
		// language, whichever is outside.
		if n := len(p.entities); n > 0 {
			inner := &p.entities[n-1]
			if inner.Offset == e.Offset && inner.Length == e.Length && inner.Type != e.Type {
				if tag.name == "pre" && inner.Type == "code" && inner.Language != "" {
					inner.Type = "pre"
					return
				}
				if tag.name == "code" && inner.Type == "pre" && tag.argument != "" {
					inner.Language = tag.argument
					return
				}
			}
		}
		e.Language = tag.argument
	}
	p.entities = append(p.entities, e)
}

// checkLink returns a link as Telegram keeps it, or nothing when it is none: http
// is added to a bare domain.
func checkLink(link string) string {
	link = strings.TrimSpace(link)
	if !strings.Contains(link, "://") {
		link = "http://" + link
	}
	u, err := url.Parse(link)
	if err != nil {
		return ""
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https":
		host := u.Hostname()
		if !strings.Contains(strings.Trim(host, "."), ".") && !loopback(host) {
			return ""
		}
		return u.String()
	case "tg", "ton", "tonsite":
		return link
	default:
		return ""
	}
}
